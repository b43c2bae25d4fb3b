"""What the window says of the synchronisation, through the real server: offline and back, signing in, a lease."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from diwi_desktop.gui import jobs
from diwi_desktop.gui.app import Desk as Windows
from diwi_desktop.gui.sync.connect import ConnectDialog
from diwi_desktop.gui.sync.leasescreen import LeaseScreen
from diwi_desktop.gui.workspace import MainWindow
from diwi_desktop.store import plans, syncstate
from diwi_desktop.store.driver import StoreError
from diwi_desktop.sync import connect as connecting
from diwi_desktop.sync import engine
from diwi_desktop.sync import session as sessions
from diwi_desktop.sync.account import Methods
from diwi_desktop.sync.problem import Obstacle, Problem
from tests.gui.sync.conftest import Session, started_by
from tests.sync.real import Desk

pytestmark = pytest.mark.qt_log_ignore("does not support raise", "grabbing the keyboard", "propagateSizeHints")

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "FIRST_WAIT", 0.0)


def said(qtbot: QtBot, window: MainWindow, words: str) -> None:
    qtbot.waitUntil(lambda: window.status_line.server.text() == words, timeout=10_000)


def put(desk: Desk, kind: str, entity: str, **values: Any) -> None:
    with desk.store.act("Wijzigen") as act:
        for field, value in values.items():
            act.set(kind, entity, field, value)


def test_a_lost_network_is_said_in_words_and_mends(qtbot: QtBot, opened: Any, two: tuple[Desk, Desk, str]) -> None:
    _, bram, project = two
    window, session = opened(bram)
    button = window.status_line.server
    said(qtbot, window, "bijgewerkt")
    put(bram, "project", project, name="De Punt")
    said(qtbot, window, "1 wijziging wacht")
    session.wire.trouble = Obstacle.OFFLINE
    qtbot.keyClick(window, Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: button.text().startswith("offline sinds "), timeout=10_000)
    assert button.text().endswith("· 1 wijziging wacht")
    assert button.accessibleName() == button.text()
    assert "Laatste volledige synchronisatie 21-11-2026" in button.toolTip()
    session.wire.trouble = None
    qtbot.mouseClick(window.top_bar.sync, LEFT)
    said(qtbot, window, "bijgewerkt")


def test_signed_out_asks_to_sign_in(qtbot: QtBot, opened: Any, two: tuple[Desk, Desk, str]) -> None:
    window, session = opened(two[1])
    session.wire.trouble = Obstacle.SIGNED_OUT
    window.commands["sync"].trigger()
    said(qtbot, window, "niet aangemeld")
    window.commands["sync"].trigger()
    qtbot.waitUntil(lambda: any(one.isVisible() for one in window.findChildren(ConnectDialog)))
    [dialog] = window.findChildren(ConnectDialog)
    assert dialog.windowTitle() == "Aanmelden bij de server"
    dialog.reject()


def test_the_menu_says_and_offers(qtbot: QtBot, opened: Any, two: tuple[Desk, Desk, str]) -> None:
    window, _ = opened(two[1])
    said(qtbot, window, "bijgewerkt")
    menu = window.status_line.server.menu()
    menu.aboutToShow.emit()
    words = [action.text() for action in menu.actions() if action.text()]
    assert words[0] == "Server: diwi.test"
    assert words[1].startswith("Laatste volledige synchronisatie")
    assert words[-5:] == ["Nu synchroniseren", "Conflicten (0)", "Niet geaccepteerd (0)", "Apparaten…", "Afmelden"]


def test_what_comes_in_leaves_the_field_at_hand_alone(qtbot: QtBot, opened: Any, two: tuple[Desk, Desk, str]) -> None:
    anna, bram, project = two
    window, _ = opened(bram)
    window.state.select([project])
    window.show_panel("page")
    window.page.jump("project.name")
    editor = window.page.details.form.editors["name"]
    field = editor.input.control()
    qtbot.waitUntil(lambda: jobs.busy() == 0)
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "De Bocht van Bram")
    field.setCursorPosition(5)
    put(anna, "project", project, name="De Hoek van Anna", project_leader="A. de Vries")
    anna.sync()
    window.link.sync_now()
    qtbot.waitUntil(lambda: plans.plan(bram.store, project).name == "De Hoek van Anna", timeout=10_000)
    qtbot.waitUntil(lambda: window.page.header.name.toolTip() == "De Hoek van Anna")
    assert (field.text(), field.cursorPosition()) == ("De Bocht van Bram", 5)
    assert window.focusWidget() is field
    qtbot.waitUntil(lambda: "Zojuist gewijzigd door Anna: De Hoek van Anna" in editor.message.text.text())
    # The row stands out, the line at the bottom says it, and the page says what else is new.
    qtbot.waitUntil(lambda: "Zojuist gewijzigd door Anna" in window.status_line.currentMessage())
    model = window.table.model
    place = model.place_of(project)
    assert model.data(model.index(place, 0), Qt.ItemDataRole.ToolTipRole) == "Zojuist gewijzigd door Anna"
    assert window.page.since.words.toolTip().startswith("Gewijzigd sinds u keek, door Anna: ")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == "De Hoek van Anna"


def test_conflicts_are_the_first_that_is_said(qtbot: QtBot, opened: Any, two: tuple[Desk, Desk, str]) -> None:
    anna, bram, project = two
    window, _ = opened(bram)
    said(qtbot, window, "bijgewerkt")
    for one, name, leader in ((anna, "De Bocht", "Anna"), (bram, "De Punt", "Bram")):
        put(one, "project", project, name=name, project_leader=leader)
    anna.sync()
    qtbot.keyClick(window, Qt.Key.Key_F9)
    said(qtbot, window, "2 conflicten")
    words = (
        "2 conflicten: kies per veld welke versie blijft (Ctrl+9) \N{MIDDLE DOT} Zojuist gewijzigd door Anna: De Bocht"
    )
    qtbot.waitUntil(lambda: window.status_line.currentMessage() == words)


@pytest.fixture
def ended(two: tuple[Desk, Desk, str]) -> Desk:
    """Bram, who stayed away for longer than he may."""
    bram = two[1]
    bram.store.clock.moment += timedelta(days=15)  # type: ignore[attr-defined]  # a FixedClock
    assert bram.store.lease_ended
    return bram


def test_the_end_of_the_lease_is_one_sentence_and_one_button(
    qtbot: QtBot, qapp: QApplication, ended: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = Session(ended)
    session.wire.trouble = Obstacle.OFFLINE
    started_by(monkeypatch, session)
    windows = Windows(qapp)
    windows.show(ended.store)
    screen = windows.waiting
    assert isinstance(screen, LeaseScreen)
    assert windows.window is None
    assert screen.words.text() == (
        "Dit bestand is te lang niet gesynchroniseerd; verbind met de server om verder te werken."
    )
    qtbot.mouseClick(screen.button, LEFT)
    qtbot.waitUntil(lambda: "niet te bereiken" in screen.state.text(), timeout=10_000)
    session.wire.trouble = None
    ended.register.server.clock.moment += timedelta(days=15)
    qtbot.keyClick(screen.button, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: windows.window is not None and windows.window.is_ready, timeout=20_000)
    window = windows.window
    assert window is not None
    assert window.table.model.total_count == 1
    window.close()
    assert jobs.stop_all()


SHUT_OUT = (
    "U heeft geen toegang meer tot dit register; vraag een beheerder. Wat u nog niet had verstuurd, blijft bewaard."
)


class Closing:
    def close(self) -> None:
        """There is no socket."""


def whole(label: QLabel) -> bool:
    """Whether all lines of it are in sight."""
    return label.height() >= label.heightForWidth(label.width())


def test_who_is_locked_out_reads_so_and_sees_nothing(
    qtbot: QtBot, qapp: QApplication, two: tuple[Desk, Desk, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    bram, project = two[1], two[2]
    session = Session(bram)
    started_by(monkeypatch, session)
    windows = Windows(qapp)
    windows.show(bram.store)
    first = windows.window
    assert first is not None
    qtbot.waitUntil(lambda: first.is_ready, timeout=20_000)
    put(bram, "project", project, name="De Punt")
    session.wire.trouble, session.wire.said = Obstacle.NO_ACCESS, "403 no-access"
    first.link.sync_now()
    qtbot.waitUntil(lambda: windows.window is None and windows.waiting is not None, timeout=10_000)
    screen = windows.waiting
    assert isinstance(screen, LeaseScreen)
    assert (screen.words.text(), screen.state.isVisible()) == (SHUT_OUT, False)
    with pytest.raises(StoreError):
        plans.plans(bram.store)
    session.wire.trouble = Obstacle.SIGNED_OUT
    screen.link.sync_now()
    qtbot.waitUntil(lambda: screen.state.isVisible() and screen.button.text() == "Aanmelden", timeout=10_000)
    assert screen.words.text() == SHUT_OUT
    qtbot.waitUntil(lambda: whole(screen.words) and whole(screen.state))
    session.wire.trouble = None  # let in again
    screen.link.sync_now()
    qtbot.waitUntil(lambda: windows.window is not None and windows.window.is_ready, timeout=20_000)
    assert plans.plan(bram.store, project).name == "De Punt"
    windows.window.close()
    assert jobs.stop_all()


def test_a_sign_in_that_is_told_no_access_closes_the_register(
    qtbot: QtBot, opened: Any, two: tuple[Desk, Desk, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    bram = two[1]
    with bram.store.transaction() as connection:
        who = json.loads(syncstate.get(connection, "viewer"))
        syncstate.put(connection, {"viewer": json.dumps({**who, "email": "bram@diwi.test"})})

    class Known:
        url, email, device, warning, wire = "https://diwi.test", "bram@diwi.test", bram.store.device, None, Closing()

        def methods(self) -> Methods:
            return Methods(True)

    def refused(*_: object) -> None:
        raise Problem(Obstacle.NO_ACCESS, detail="403 no-access")

    monkeypatch.setattr(sessions, "account_at", lambda *_: Known())
    monkeypatch.setattr(connecting, "sign_in", refused)
    window, _ = opened(bram)
    said(qtbot, window, "bijgewerkt")
    window.together.sign_in()
    [dialog] = window.findChildren(ConnectDialog)
    qtbot.waitUntil(dialog.password.isVisible)
    qtbot.keyClicks(dialog.password, "een goed wachtwoord")
    qtbot.keyClicks(dialog.code, "123456")
    with qtbot.waitSignal(window.lease_ended, timeout=10_000):
        qtbot.keyClick(dialog.code, Qt.Key.Key_Return)
    assert dialog.problem.text() == SHUT_OUT
    assert bram.store.lease_ended
    dialog.reject()
