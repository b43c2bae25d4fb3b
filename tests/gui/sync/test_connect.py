"""Connecting a store with a server and signing in again, as a user does it: the real window and the real server."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from diwi_desktop.gui import jobs
from diwi_desktop.gui.sync.connect import ConnectDialog
from diwi_desktop.gui.workspace import MainWindow
from diwi_desktop.model.clock import FixedClock
from diwi_desktop.store import Store, plans
from tests.gui.conftest import OpenWindow
from tests.gui.sync.conftest import Accounts
from tests.gui.sync.silent import SilentServer
from tests.server.accounts.signing import Someone
from tests.server.harness import Server
from tests.stores import add, de_hoek, new_store

pytestmark = pytest.mark.qt_log_ignore("does not support raise", "grabbing the keyboard", "propagateSizeHints")

LEFT = Qt.MouseButton.LeftButton
ENTER = Qt.Key.Key_Return


def dialog_of(qtbot: QtBot, window: MainWindow) -> ConnectDialog:
    """The dialog that is open."""
    found: list[ConnectDialog] = []

    def there() -> bool:
        found[:] = [one for one in window.findChildren(ConnectDialog) if one.isVisible()]
        return bool(found)

    qtbot.waitUntil(there)
    return found[0]


def page(qtbot: QtBot, dialog: ConnectDialog, number: int) -> None:
    qtbot.waitUntil(lambda: dialog.pages.currentIndex() == number and dialog.next.isEnabled(), timeout=10_000)


def sign_in(qtbot: QtBot, dialog: ConnectDialog, someone: Someone) -> None:
    """Fill in the account with the keyboard alone."""
    dialog.email.clear()
    dialog.email.setFocus()
    qtbot.keyClicks(dialog.email, someone.email)
    qtbot.keyClick(dialog.email, Qt.Key.Key_Tab)
    qtbot.keyClicks(dialog.password, someone.password)
    qtbot.keyClick(dialog.password, Qt.Key.Key_Tab)
    qtbot.keyClicks(dialog.code, someone.code())
    qtbot.keyClick(dialog.code, ENTER)


@pytest.fixture
def filled(clock: FixedClock, tmp_path: Path) -> Store:
    store = new_store(tmp_path / "mijn.diwi", clock)
    add(store, de_hoek())
    return store


def test_a_whole_store_goes_up_and_comes_down_elsewhere(
    qtbot: QtBot, open_window: OpenWindow, live_server: Server, accounts: Accounts, filled: Store, clock: FixedClock,
    tmp_path: Path,
) -> None:  # fmt: skip
    anna, bram = accounts("Anna"), accounts("Bram", "User")
    window = open_window(filled)
    assert window.status_line.server.text() == "alleen op deze computer"
    assert not window.top_bar.sync.isVisible()
    asked: list[object] = []
    window.user_asked.connect(asked.append)

    window.commands["connect"].trigger()
    dialog = dialog_of(qtbot, window)
    qtbot.keyClicks(dialog.url, live_server.url)
    qtbot.keyClick(dialog.url, ENTER)
    page(qtbot, dialog, 1)
    assert dialog.email.hasFocus() or not dialog.isActiveWindow()
    sign_in(qtbot, dialog, anna)
    page(qtbot, dialog, 2)
    assert dialog.register.currentText() == "Duinwijk (0999)"
    assert dialog.path.text().endswith("duinwijk.diwi")
    qtbot.mouseClick(dialog.bring, LEFT, pos=QPoint(9, dialog.bring.height() // 2))
    assert not dialog.path.isEnabled()
    qtbot.keyClick(dialog, ENTER)
    qtbot.waitUntil(lambda: window.status_line.server.text() == "bijgewerkt", timeout=20_000)
    assert window.top_bar.sync.isVisible()
    assert window.top_bar.sync.toolTip() == "Synchroniseren met 127.0.0.1 (F9)"
    assert "Laatste volledige synchronisatie" in window.status_line.server.toolTip()
    # From now on its user is who signed in; the window is asked to begin anew as that person.
    assert (filled.author, filled.person) == ("Anna", anna.person)
    assert asked == [anna.person]

    other = new_store(tmp_path / "leeg.diwi", clock)
    second = open_window(other)
    fetched: list[Path] = []
    second.register_asked.connect(fetched.append)
    second.commands["connect"].trigger()
    dialog = dialog_of(qtbot, second)
    qtbot.keyClicks(dialog.url, live_server.url)
    qtbot.mouseClick(dialog.next, LEFT)
    page(qtbot, dialog, 1)
    sign_in(qtbot, dialog, bram)
    page(qtbot, dialog, 2)
    path = Path(dialog.path.text())
    qtbot.mouseClick(dialog.next, LEFT)
    qtbot.waitUntil(lambda: fetched == [path], timeout=20_000)
    with Store.open(path, author="x", clock=clock) as store:
        assert [plan.name for plan in plans.plans(store)] == ["De Hoek"]
        assert (store.author, store.person) == ("Bram", bram.person)


def test_what_goes_wrong_is_one_sentence(
    qtbot: QtBot, open_window: OpenWindow, live_server: Server, accounts: Accounts, filled: Store
) -> None:
    anna = accounts("Anna")
    window = open_window(filled)
    window.commands["connect"].trigger()
    dialog = dialog_of(qtbot, window)
    qtbot.keyClicks(dialog.url, "http://diwi.voorbeeld.nl")
    qtbot.keyClick(dialog.url, ENTER)
    assert dialog.problem.text() == "Dit is geen adres van een server; het begint met https://."
    dialog.url.clear()
    qtbot.keyClicks(dialog.url, "http://127.0.0.1:9")
    qtbot.keyClick(dialog.url, ENTER)
    assert dialog.next.text() == "Even geduld…"
    qtbot.waitUntil(dialog.next.isEnabled)
    assert dialog.problem.text() == "Op dit adres antwoordt geen DIWI-server; controleer het adres en het netwerk."
    dialog.url.clear()
    qtbot.keyClicks(dialog.url, live_server.url)
    qtbot.keyClick(dialog.url, ENTER)
    page(qtbot, dialog, 1)
    assert not dialog.problem.isVisible()
    qtbot.mouseClick(dialog.next, LEFT)
    assert dialog.problem.text() == "Vul uw e-mailadres en wachtwoord in."
    anna.password = "verkeerd verkeerd verkeerd"
    sign_in(qtbot, dialog, anna)
    qtbot.waitUntil(lambda: dialog.problem.isVisible() and dialog.next.isEnabled())
    assert dialog.problem.text().startswith("E-mailadres, wachtwoord of code klopt niet")
    assert dialog.next.text() == "Aanmelden"
    qtbot.mouseClick(dialog.back, LEFT)
    assert dialog.pages.currentIndex() == 0
    assert dialog.url.text() == live_server.url
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not window.link.connected


def test_a_server_that_never_answers_holds_nobody(
    qtbot: QtBot, open_window: OpenWindow, silent: SilentServer, filled: Store
) -> None:
    window = open_window(filled)
    window.commands["connect"].trigger()
    dialog = dialog_of(qtbot, window)
    qtbot.keyClicks(dialog.url, silent.url)
    qtbot.keyClick(dialog.url, ENTER)
    QApplication.processEvents()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not window.findChildren(ConnectDialog))
    window.commands["connect"].trigger()
    dialog = dialog_of(qtbot, window)
    qtbot.keyClicks(dialog.url, silent.url)
    qtbot.keyClick(dialog.url, ENTER)
    window.close()
    assert not window.isVisible()
    qtbot.waitUntil(lambda: jobs.busy() == 0)
