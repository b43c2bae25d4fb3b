"""Pictures of connecting and of the state of the synchronisation, made without a server."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from diwi_desktop.gui.workspace import MainWindow
    from diwi_desktop.store import Store

    Take = Callable[..., None]

_URL = "https://diwi.duinwijk.nl"
_REGISTER = "01a1c000-0000-7000-8000-000000000999"


def pictures(window: MainWindow, take: Take) -> None:
    """The status line with what opens from it, the three steps of connecting, and the end of the offline term."""
    _connecting(window, take)
    _invited(window, take)
    store = window.state.store
    _connect(store)
    try:
        _status(window, take)
        _lease(store, take)
    finally:
        _disconnect(window)


def _invited(window: MainWindow, take: Take) -> None:
    """The second step of using an invitation; the secret is that of no account."""
    from urllib.parse import quote

    from diwi_desktop.gui.sync.activate import ActivateDialog
    from diwi_desktop.sync.invitations import Received

    secret, email = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "anna@duinwijk.example.org"
    issuer = quote("DIWI Duinwijk")
    address = f"otpauth://totp/{issuer}:{email}?secret={secret}&issuer={issuer}"
    dialog = ActivateDialog(window)
    dialog.show()
    dialog.show_received(Received(_URL, "-", email, "Anna de Vries", "Duinwijk", secret, address, known=False))
    take("sync-invitation", dialog)
    dialog.close()


def _connect(store: Store) -> None:
    from diwi_desktop.store import syncstate

    now = store.clock.now().astimezone(UTC)
    with store.transaction() as connection:
        syncstate.put(connection, {
            "url": _URL, "register": _REGISTER, "cursor": "1", "last_full_at": (now - timedelta(minutes=4)).isoformat(),
        })  # fmt: skip


def _disconnect(window: MainWindow) -> None:
    from diwi_desktop.store import syncstate
    from diwi_desktop.sync.status import State, Status

    with window.state.store.transaction() as connection:
        syncstate.forget(connection, ("url", "register", "cursor", "last_full_at"))
    window.link.look_again()
    window.link.changed.emit(Status(State.NOT_CONNECTED))


def _status(window: MainWindow, take: Take) -> None:
    """The window in the middle of a working day, with the menu of the status line open."""
    from diwi_desktop.sync.presence import Other
    from diwi_desktop.sync.status import State, Status

    now = window.state.store.clock.now().astimezone(UTC)
    last = (now - timedelta(minutes=4)).isoformat()
    until = (now + timedelta(days=14)).isoformat()
    window.show_panel("page")
    window.link.look_again()
    window.link.changed.emit(Status(State.WAITING, waiting=3, files=1, last_full_at=last, lease_until=until))
    project = window.state.project or ""
    since = (now - timedelta(minutes=12)).isoformat()
    window.page.show_others([Other(project, "noor", "Noor de Wit", since, editing=True)])
    window.page.since.words.show_text(_since())
    window.page.since.show()
    button = window.status_line.server
    menu = button.menu()
    menu.aboutToShow.emit()
    menu.adjustSize()
    take("sync-status", _together(window, menu, button))
    menu.hide()
    window.link.changed.emit(Status(State.BUSY, waiting=280, done=120, total=400, last_full_at=last, lease_until=until))
    take("sync-busy")
    window.page.show_others([])
    window.page.since.hide()


def _since() -> str:
    from diwi_desktop.gui.language import translate

    return translate("SinceBanner", "Gewijzigd sinds u keek, door {0}: {1}").format("Noor de Wit", "Einddatum")


def _together(window: MainWindow, menu: QWidget, button: QWidget) -> QWidget:
    """Window and menu in one picture: a menu is a window of its own."""
    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QLabel

    from diwi_desktop.gui import headless

    headless.idle(400)
    picture = window.grab()
    at = button.mapTo(window, QPoint(0, 0)) - QPoint(0, menu.sizeHint().height())
    painter = QPainter(picture)
    painter.drawPixmap(at, menu.grab())
    painter.end()
    shown = QLabel()
    shown.setPixmap(picture)
    shown.resize(window.size())
    return shown


def _connecting(window: MainWindow, take: Take) -> None:
    from diwi_desktop.gui.sync.connect import ConnectDialog
    from diwi_desktop.sync.account import Methods, Register

    dialog = ConnectDialog(window.state.store, window)
    dialog.url.setText(_URL)
    dialog.show()
    take("sync-connect-1", dialog)
    dialog.show_account(_URL, "noor.dewit@duinwijk.nl", Methods(True, "https://login.duinwijk.nl", "diwi"))
    take("sync-connect-2", dialog)
    dialog.show_registers([Register(_REGISTER, "0999", "Duinwijk", "", "Noor de Wit", "UserPlus", True)])
    dialog.path.setText("/home/noor/Documenten/duinwijk.diwi")
    take("sync-connect", dialog)
    dialog.close()


def _lease(store: Store, take: Take) -> None:
    from diwi_desktop.gui.sync.leasescreen import LeaseScreen

    screen = LeaseScreen(store)
    screen.show()
    take("sync-lease", screen)
    screen.close()


def users(window: MainWindow, take: Take) -> None:
    """People with their roles and groups, in a large panel."""
    window.apply_preset("overview")
    window.show_panel("admin")
    for name in ("map", "projects"):
        window.panels[name].hide()
    window.admin.show_page(window.admin.people)
    take("admin-users")
