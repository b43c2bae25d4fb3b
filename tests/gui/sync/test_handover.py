"""Handing over by the server from Beheer, with mouse and keys: an administrator's laptop has no projects."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from diwi_desktop.gui import jobs
from diwi_desktop.gui.sync.handover import ServerHandOverDialog
from diwi_desktop.gui.workspace import MainWindow
from diwi_desktop.model.codes import Confidentiality, PersonState
from diwi_desktop.model.plan import Writer
from diwi_desktop.store import people
from diwi_desktop.sync.account import Account
from diwi_desktop.sync.credentials import Credentials
from diwi_desktop.sync.transport import client
from tests.gui.conftest import OpenWindow
from tests.gui.sync.conftest import Accounts, Session, started_by
from tests.gui.sync.test_invitations import choose, shown
from tests.server.accounts.signing import Someone
from tests.server.harness import Register, Server
from tests.stores import add, de_hoek
from tests.sync.real import Desk, MakeDesk
from tests.sync.test_encryption import Memory

pytestmark = pytest.mark.qt_log_ignore("does not support raise", "grabbing the keyboard", "propagateSizeHints")

LEFT = Qt.MouseButton.LeftButton


@dataclass
class Beheer:
    """The window of Petra, who looks after people; Anna has two projects and Bram none."""

    window: MainWindow
    register: Register
    anna: Desk
    bram: Desk
    petra: Desk
    session: Any
    said: list[str]
    accounts: Accounts

    def owners(self) -> set[str]:
        rows = self.register.server.sql(
            "SELECT values->>'person' FROM diwi.entity WHERE kind = 'writer' AND NOT deleted"
        )
        return {row[0] for row in rows}

    def account_of(self, who: Someone) -> Account:
        server = self.register.server
        account = Account(client(server.url), server.url, who.email, self.petra.store.device, Credentials(Memory()))
        account.sign_in(who.password, who.code())
        return account

    def dialog(self, qtbot: QtBot, name: str) -> ServerHandOverDialog:
        page = choose(qtbot, self.window, name)
        qtbot.mouseClick(page.hand_over, LEFT)
        found: ServerHandOverDialog = shown(qtbot, self.window, ServerHandOverDialog)
        return found


@pytest.fixture
def beheer(
    qtbot: QtBot, open_window: OpenWindow, live_server: Server, register: Register, accounts: Accounts, desk: MakeDesk,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Beheer]:  # fmt: skip
    anna, bram = desk("Anna", filled=True), desk("Bram", "User")
    anna.sync()
    for name, level in (("De Hoek", Confidentiality.EXTERNAL_REGIONAL), ("Stil", Confidentiality.PRIVATE)):
        add(anna.store, replace(de_hoek(), name=name, confidentiality=level, writers=[Writer(anna.person)]))
    anna.sync()
    someone = accounts("Petra", "Admin")
    petra = desk("Ptr", person=someone.person)
    petra.sync()
    session: Any = Session(petra)
    session.register = register.id
    started_by(monkeypatch, session)
    window = open_window(petra.store)
    qtbot.waitUntil(lambda: window.link.running)
    window.show_panel("admin")
    window.admin.show_page(window.admin.people)
    qtbot.waitUntil(lambda: any(row["name"] == "Anna" for row in window.admin.people.table.model.rows))
    said: list[str] = []
    window.state.requested.connect(lambda command, args: said.append(args[0]) if command == "say" else None)
    made = Beheer(window, register, anna, bram, petra, session, said, accounts)
    session.account = made.account_of(someone)
    yield made
    session.account.wire.close()


def pick(qtbot: QtBot, dialog: ServerHandOverDialog, name: str) -> None:
    """As with the keys: the list has the keyboard, and takes the letters of a name."""
    assert dialog.focusWidget() is dialog.to
    qtbot.keyClicks(dialog.to, name)
    assert dialog.to.currentText() == name


def problem(qtbot: QtBot, dialog: ServerHandOverDialog) -> str:
    qtbot.waitUntil(lambda: dialog.ok.isEnabled() and dialog.problem.isVisible(), timeout=10_000)
    return dialog.problem.text()


def test_an_administrator_hands_over_what_he_does_not_see(qtbot: QtBot, beheer: Beheer) -> None:
    dialog = beheer.dialog(qtbot, "Anna")
    assert beheer.window.admin.people.hand_over.toolTip() == "De server draagt over wat deze persoon heeft."
    assert not dialog.ok.isEnabled()
    offered = [dialog.to.itemText(place) for place in range(dialog.to.count())]
    assert offered[0] == "Kies een persoon"
    assert "Bram" in offered
    assert not {"Anna", "Petra"} & set(offered)
    pick(qtbot, dialog, "Bram")
    qtbot.keyClick(dialog.lock, Qt.Key.Key_Space)
    assert dialog.lock.isChecked()
    qtbot.mouseClick(dialog.ok, LEFT)
    qtbot.waitUntil(lambda: "2 projecten overgedragen" in beheer.said, timeout=20_000)
    assert beheer.owners() == {beheer.bram.person}
    assert people.find_person(beheer.petra.store, "Anna").state is PersonState.LOCKED

    def locked() -> bool:
        found = beheer.register.server.sql("SELECT state FROM diwi.membership WHERE person = %s", beheer.anna.person)
        return bool(found == [("GEBLOKKEERD",)])

    qtbot.waitUntil(locked, timeout=20_000)  # the window synchronises by itself
    model = beheer.window.admin.people.table.model
    qtbot.waitUntil(lambda: [row["state"] for row in model.rows if row["name"] == "Anna"] == ["GEBLOKKEERD"])
    beheer.bram.sync()


def test_who_was_only_just_entered_is_sent_first(qtbot: QtBot, beheer: Beheer) -> None:
    with beheer.petra.store.act("Persoon") as act:
        tess = act.create("person", {"name": "Tess", "email": "tess@x.nl", "role": "User", "state": "ACTIEF"})
    dialog = beheer.dialog(qtbot, "Anna")
    pick(qtbot, dialog, "Tess")
    qtbot.keyClick(dialog.to, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "2 projecten overgedragen" in beheer.said, timeout=20_000)
    assert beheer.owners() == {tess}
    assert people.find_person(beheer.petra.store, "Anna").state is PersonState.ACTIVE


def test_why_it_cannot_be_is_said_in_the_dialog(qtbot: QtBot, beheer: Beheer) -> None:
    dialog = beheer.dialog(qtbot, "Anna")
    pick(qtbot, dialog, "Bram")
    signed_in = beheer.session.account
    beheer.session.account = beheer.account_of(beheer.accounts("Wim", "User"))
    qtbot.mouseClick(dialog.ok, LEFT)
    assert problem(qtbot, dialog) == "U mag op de server geen projecten overdragen; dat doet een beheerder."
    assert dialog.focusWidget() is dialog.ok
    beheer.session.account.wire.close()
    beheer.session.account = signed_in
    signed_in.wire.close()
    qtbot.keyClick(dialog.ok, Qt.Key.Key_Return)
    assert not dialog.problem.isVisible()
    assert problem(qtbot, dialog).startswith("De server antwoordt niet en die draagt de projecten over")
    signed_in.sign_out()
    qtbot.keyClick(dialog.ok, Qt.Key.Key_Return)
    assert not dialog.problem.isVisible()
    assert problem(qtbot, dialog).startswith("U bent niet aangemeld bij de server")
    said = dialog.problem
    qtbot.waitUntil(lambda: said.height() >= said.heightForWidth(said.width()))  # it is seen whole
    assert dialog.to.currentText() == "Bram"
    assert beheer.owners() == {beheer.anna.person}
    assert beheer.said == []
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


@pytest.mark.parametrize(("works", "by"), [(True, "button"), (False, "button"), (True, "cross")])
def test_what_was_asked_is_told_after_the_dialog_was_left(
    qtbot: QtBot, beheer: Beheer, monkeypatch: pytest.MonkeyPatch, works: bool, by: str
) -> None:
    asked, go_on = threading.Event(), threading.Event()
    ordered = beheer.session.account.ordered

    def slowly(*arguments: Any, **named: Any) -> Any:
        asked.set()
        assert go_on.wait(20)
        return ordered(*arguments, **named)

    monkeypatch.setattr(beheer.session.account, "ordered", slowly)
    dialog = beheer.dialog(qtbot, "Anna")
    pick(qtbot, dialog, "Bram")
    qtbot.mouseClick(dialog.ok, LEFT)
    qtbot.waitUntil(asked.is_set)
    assert dialog.ok.text() == "Even geduld…"
    assert not dialog.ok.isEnabled()
    if by == "cross":
        dialog.close()
    else:
        leave = next(b for b in dialog.findChildren(QPushButton) if b.text() == "Annuleren")
        qtbot.mouseClick(leave, LEFT)
    assert not dialog.isVisible()
    if not works:
        beheer.session.account.wire.close()
    with qtbot.waitSignal(dialog.destroyed, timeout=20_000):
        go_on.set()
    [words] = beheer.said
    assert words == "2 projecten overgedragen" if works else words.startswith("De server antwoordt niet")
    assert beheer.owners() == {beheer.bram.person if works else beheer.anna.person}
    qtbot.waitUntil(lambda: jobs.busy() == 0)


def test_what_a_group_has_is_for_a_main_user(qtbot: QtBot, beheer: Beheer) -> None:
    with beheer.petra.store.act("Groep") as act:
        act.create("user_group", {"name": "Wonen"})
    page = beheer.window.admin.groups
    beheer.window.admin.show_page(page)
    qtbot.waitUntil(lambda: bool(page.table.model.rows))
    page.table.choose(page.table.model.rows[0]["id"])
    assert not page.hand_over.isEnabled()
    assert page.hand_over.toolTip().startswith("Wat een groep heeft, draagt een hoofdgebruiker over")
