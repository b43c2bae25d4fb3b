"""Inviting somebody and being invited, with mouse and keys against the real server."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyotp
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMenu, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from diwi_desktop.gui import jobs
from diwi_desktop.gui.admin.people import PeoplePage
from diwi_desktop.gui.fields.choice import ChoicePopup
from diwi_desktop.gui.sync.activate import ActivateDialog
from diwi_desktop.gui.sync.devices import DevicesDialog
from diwi_desktop.gui.sync.invite import InviteDialog
from diwi_desktop.gui.workspace import MainWindow
from diwi_desktop.model.clock import FixedClock
from diwi_desktop.server import registers
from diwi_desktop.store import people
from diwi_desktop.sync.account import Account
from diwi_desktop.sync.credentials import Credentials
from diwi_desktop.sync.transport import client
from tests.gui.conftest import OpenWindow
from tests.gui.sync.conftest import Accounts, Session
from tests.gui.sync.test_connect import dialog_of, page
from tests.server.accounts.signing import Someone, invitation
from tests.server.harness import Register, Server
from tests.stores import new_store
from tests.sync.real import Desk
from tests.sync.test_encryption import Memory

pytestmark = pytest.mark.qt_log_ignore("does not support raise", "grabbing the keyboard", "propagateSizeHints")

LEFT = Qt.MouseButton.LeftButton
PASSWORD = "paars fietsen lantaarn"


def shown(qtbot: QtBot, window: MainWindow, kind: type) -> Any:
    """The dialog of a kind that is open."""
    found: list[Any] = []

    def there() -> bool:
        found[:] = [one for one in window.findChildren(kind) if one.isVisible()]
        return bool(found)

    qtbot.waitUntil(there, timeout=10_000)
    return found[0]


def link_of(register: Register, person: str, **more: Any) -> str:
    return f"{register.server.url}/#uitnodiging={invitation(register, person, **more)}"


def code_of(server: Server, secret: str) -> str:
    return str(pyotp.TOTP(secret.replace(" ", "")).at(server.clock.now()))


def step(qtbot: QtBot, dialog: ActivateDialog, number: int) -> None:
    qtbot.waitUntil(lambda: dialog.pages.currentIndex() == number and dialog.next.text() != "Even geduld…")


@pytest.fixture
def window(open_window: OpenWindow, tmp_path: Path, clock: FixedClock) -> MainWindow:
    return open_window(new_store(tmp_path / "leeg.diwi", clock))


# -- being invited -----------------------------------------------------------------------------------------------------


def test_a_new_colleague_gets_from_his_link_to_the_register(
    qtbot: QtBot, window: MainWindow, live_server: Server, register: Register, accounts: Accounts, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    accounts("Bram")  # which sets the server up for signing in
    anna = register.person("Anna", "User", state="UITGENODIGD")
    window.commands["invitation"].trigger()
    dialog: ActivateDialog = shown(qtbot, window, ActivateDialog)
    qtbot.keyClicks(dialog.link, link_of(register, anna))
    qtbot.keyClick(dialog.link, Qt.Key.Key_Return)
    step(qtbot, dialog, 1)
    words = dialog.part(type(dialog.problem), "chooseWords").text()
    assert words.startswith("Uitnodiging voor Anna (anna@")
    assert words.endswith("bij Duinwijk.")
    assert re.fullmatch(r"([A-Z2-7]{4} )*[A-Z2-7]{1,4}", dialog.secret.text())
    assert len(dialog.square.rows) >= 33
    assert dialog.square.isVisible()
    whole = dialog.secret.fontMetrics().horizontalAdvance(dialog.secret.text())
    assert dialog.secret.width() > whole, "a key to type over is seen whole"
    assert dialog.password.placeholderText() == "ten minste 12 tekens"
    secret = dialog.secret.text()

    qtbot.keyClicks(dialog.password, PASSWORD)
    qtbot.keyClick(dialog.password, Qt.Key.Key_Tab)
    qtbot.keyClicks(dialog.again, PASSWORD)
    qtbot.keyClick(dialog.again, Qt.Key.Key_Tab)
    qtbot.keyClicks(dialog.code, code_of(live_server, secret))
    qtbot.keyClick(dialog.code, Qt.Key.Key_Return)
    step(qtbot, dialog, 2)
    codes = dialog.codes.toPlainText().split()
    assert len(codes) == 10
    assert not dialog.next.isEnabled()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible(), "the codes are not thrown away by a key"
    assert dialog.problem.text() == "Bewaar eerst de herstelcodes; ze worden niet nog eens getoond."
    qtbot.mouseClick(dialog.part(QPushButton, "copyCodes"), LEFT)
    assert QGuiApplication.clipboard().text().split() == codes
    kept = tmp_path / "codes.txt"
    with monkeypatch.context() as watched:  # nobody else reads along before it is his alone
        chmod, sizes = Path.chmod, []
        watched.setattr(Path, "chmod", lambda self, mode: (sizes.append(self.stat().st_size), chmod(self, mode)))
        dialog.save_codes(kept)
    assert sizes == [0]
    assert codes[9] in kept.read_text(encoding="utf-8")
    assert kept.stat().st_mode & 0o077 == 0
    qtbot.keyClick(dialog.kept, Qt.Key.Key_Space)
    qtbot.mouseClick(dialog.next, LEFT)

    connect = dialog_of(qtbot, window)
    page(qtbot, connect, 1)
    assert connect.email.text().startswith("anna@")
    assert connect.password.text() == PASSWORD
    assert connect.problem.text() == "Wacht tot uw app een nieuwe code toont en vul die in."
    anna_here = Someone(live_server, connect.email.text(), anna, secret.replace(" ", ""))
    qtbot.keyClicks(connect.code, anna_here.code())
    qtbot.keyClick(connect.code, Qt.Key.Key_Return)
    page(qtbot, connect, 2)
    assert connect.register.currentText() == "Duinwijk (0999)"
    assert connect.password.text() == ""


def test_what_is_wrong_is_said_in_the_dialog(
    qtbot: QtBot, window: MainWindow, live_server: Server, register: Register, accounts: Accounts
) -> None:
    accounts("Bram")
    anna = register.person("Anna", "User", state="UITGENODIGD")
    window.commands["connect"].trigger()
    connect = dialog_of(qtbot, window)
    qtbot.mouseClick(connect.invited, LEFT)
    dialog: ActivateDialog = shown(qtbot, window, ActivateDialog)

    def said(words: str) -> None:
        qtbot.waitUntil(lambda: dialog.problem.text() == words and dialog.next.isEnabled(), timeout=10_000)

    def tried(link: str) -> None:
        dialog.link.setText(link)
        qtbot.mouseClick(dialog.next, LEFT)

    tried("https://diwi.voorbeeld.nl")
    said("Dit is geen link van een uitnodiging; kopieer hem helemaal.")
    tried("http://127.0.0.1:9/#uitnodiging=abc")
    said("De server van deze uitnodiging antwoordt niet; controleer de link en het netwerk.")
    tried(f"{live_server.url}/#uitnodiging=nooit-gegeven")
    said("Deze uitnodiging geldt niet meer; vraag de beheerder om een nieuwe.")
    tried(link_of(register, anna))
    step(qtbot, dialog, 1)

    def confirm(password: str, again: str, code: str) -> None:
        for field, text in ((dialog.password, password), (dialog.again, again), (dialog.code, code)):
            field.setText(text)
        qtbot.mouseClick(dialog.next, LEFT)

    confirm("", "", "")
    said("Vul een wachtwoord in.")
    confirm(PASSWORD, PASSWORD + "!", "123456")
    said("De twee wachtwoorden zijn niet gelijk.")
    confirm(PASSWORD, PASSWORD, "")
    said("Vul de code in die de app nu toont.")
    confirm(PASSWORD, PASSWORD, "000000")
    said("De code of het wachtwoord klopt niet; gebruik de code die de app nu toont.")
    confirm("kort", "kort", code_of(live_server, dialog.secret.text()))
    qtbot.waitUntil(lambda: "ten minste 12 tekens" in dialog.problem.text(), timeout=10_000)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_who_has_an_account_proves_so_and_a_link_in_the_address_field_is_known(
    qtbot: QtBot, window: MainWindow, live_server: Server, accounts: Accounts, make_register: Callable[..., Register]
) -> None:
    anna = accounts("Anna", "User")
    other = make_register(code="0998", name="Heemstee")
    there = registers.add_person(
        live_server.app.state.database, other.id, name="Anna", email=anna.email, role="User", state="UITGENODIGD",
        now=live_server.clock.now(),
    )  # fmt: skip
    window.commands["connect"].trigger()
    connect = dialog_of(qtbot, window)
    connect.url.setText(link_of(other, there, sure=False))
    qtbot.keyClick(connect.url, Qt.Key.Key_Return)
    dialog: ActivateDialog = shown(qtbot, window, ActivateDialog)
    step(qtbot, dialog, 1)
    assert not dialog.again.isVisible()
    assert not dialog.square.isVisible()
    qtbot.keyClicks(dialog.password, anna.password)
    qtbot.keyClicks(dialog.code, anna.code())
    qtbot.keyClick(dialog.code, Qt.Key.Key_Return)
    page(qtbot, connect, 1)
    assert connect.email.text() == anna.email


def test_another_password_with_the_phone_that_is_there(
    qtbot: QtBot, window: MainWindow, live_server: Server, register: Register, accounts: Accounts
) -> None:
    anna = accounts("Anna", "User")
    window.together.use_invitation()
    dialog: ActivateDialog = shown(qtbot, window, ActivateDialog)
    dialog.link.setText(link_of(register, anna.person, purpose="password"))
    qtbot.mouseClick(dialog.next, LEFT)
    step(qtbot, dialog, 1)
    assert dialog.part(type(dialog.problem), "chooseWords").text().startswith("Kies opnieuw een wachtwoord, Anna")
    assert not dialog.square.isVisible()
    for field in (dialog.password, dialog.again):
        qtbot.keyClicks(field, "groene kano paraplu")
    qtbot.keyClicks(dialog.code, anna.code())
    qtbot.keyClick(dialog.code, Qt.Key.Key_Return)
    connect = dialog_of(qtbot, window)
    page(qtbot, connect, 1)
    assert connect.password.text() == "groene kano paraplu"
    qtbot.keyClicks(connect.code, anna.code())
    qtbot.keyClick(connect.code, Qt.Key.Key_Return)
    page(qtbot, connect, 2)


# -- inviting ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def beheer(
    qtbot: QtBot, open_window: OpenWindow, live_server: Server, register: Register, accounts: Accounts, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[tuple[MainWindow, Desk]]:  # fmt: skip
    """The window of an administrator who is connected and signed in, with a page of people that is shown."""
    from tests.gui.sync.conftest import started_by

    first = Desk(register, tmp_path / "bram.diwi", register.person("Bram"), "BRM", filled=True)
    first.sync()
    first.store.close()
    admin = accounts("Petra", "Admin")
    desk = Desk(register, tmp_path / "petra.diwi", admin.person, "PTR")
    desk.sync()
    wire = client(live_server.url)
    account = Account(wire, live_server.url, admin.email, desk.store.device, Credentials(Memory()))
    account.sign_in(admin.password, admin.code())
    session: Any = Session(desk)
    session.account, session.register = account, register.id
    started_by(monkeypatch, session)
    window = open_window(desk.store)
    qtbot.waitUntil(lambda: window.link.running)
    window.show_panel("admin")
    window.admin.show_page(window.admin.people)
    yield window, desk
    wire.close()


def choose(qtbot: QtBot, window: MainWindow, name: str) -> PeoplePage:
    page: PeoplePage = window.admin.people
    place = next(n for n, row in enumerate(page.table.model.rows) if row["name"] == name)
    grid = page.table.grid
    where = grid.visualRect(page.table.model.index(place, 0)).center()
    qtbot.mouseClick(grid.viewport(), LEFT, pos=where)
    return page


def test_a_person_just_entered_is_invited_and_the_link_can_be_handed_over(
    qtbot: QtBot, beheer: tuple[MainWindow, Desk], live_server: Server
) -> None:
    window, desk = beheer
    with desk.store.act("Persoon toevoegen") as act:
        act.create("person", {"name": "Nieuw", "email": "nieuw@duinwijk.nl", "role": "User", "state": "UITGENODIGD"})
        act.create("user_group", {"name": "Wonen"})
    qtbot.waitUntil(lambda: any(row["name"] == "Nieuw" for row in window.admin.people.table.model.rows))
    page = choose(qtbot, window, "Nieuw")
    assert page.invite.text() == "Uitnodigen…"
    # Groups are given on the same card.
    [group] = people.groups(desk.store)
    person = next(row["id"] for row in page.table.model.rows if row["name"] == "Nieuw")
    qtbot.mouseClick(page.groups.input.face, LEFT)
    popup = next(w for w in QApplication.topLevelWidgets() if isinstance(w, ChoicePopup) and w.isVisible())
    qtbot.keyClicks(popup.filter, group.name)
    qtbot.keyClick(popup.filter, Qt.Key.Key_Return)
    assert person in people.groups(desk.store)[0].members
    assert desk.store.undo_name == "Groepen van Nieuw wijzigen"

    qtbot.mouseClick(page.invite, LEFT)
    dialog: InviteDialog = shown(qtbot, window, InviteDialog)
    assert not any(choice.isVisible() for choice in dialog.choices.values())
    qtbot.mouseClick(dialog.go, LEFT)  # the server does not know him yet, and is told first
    qtbot.waitUntil(dialog.given.isVisible, timeout=20_000)
    assert "#uitnodiging=" in dialog.given.text()
    assert dialog.outcome.text().startswith("Geef deze link alleen aan nieuw@duinwijk.nl zelf")
    qtbot.mouseClick(dialog.copy, LEFT)
    assert QGuiApplication.clipboard().text() == dialog.given.text()
    assert dialog.message().startswith("mailto:nieuw%40duinwijk.nl?subject=Uitnodiging")
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.given.text() == ""

    # From now on Ctrl+Z does not take him away: the groups go back, the person stays.
    desk.store.undo()
    assert desk.store.undo_name == "Persoon toevoegen"
    window.commands["undo"].trigger()
    box: QMessageBox = shown(qtbot, window, QMessageBox)
    assert "verdwijnt niet door ongedaan maken" in box.text() + box.informativeText()
    box.reject()
    assert "Nieuw" in {one.name for one in people.everybody(desk.store)}


def test_where_the_server_sends_post_the_window_says_so(
    qtbot: QtBot, beheer: tuple[MainWindow, Desk], register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    from diwi_desktop.sync import invitations
    from diwi_desktop.sync.invitations import Given

    window, desk = beheer
    register.person("Anna", "User", state="UITGENODIGD")
    desk.sync()
    qtbot.waitUntil(lambda: any(row["name"] == "Anna" for row in window.admin.people.table.model.rows))
    monkeypatch.setattr(invitations, "give", lambda *_: Given("anna@x.nl", "", register.server.clock.now()))
    qtbot.mouseClick(choose(qtbot, window, "Anna").invite, LEFT)
    dialog: InviteDialog = shown(qtbot, window, InviteDialog)
    qtbot.mouseClick(dialog.go, LEFT)
    qtbot.waitUntil(dialog.outcome.isVisible)
    words = "Er is een bericht gestuurd naar anna@x.nl. De link daarin geldt tot 21 november 2026."
    assert dialog.outcome.text() == words
    assert not dialog.given.isVisible()


def test_who_lost_something_chooses_it_anew(qtbot: QtBot, beheer: tuple[MainWindow, Desk], accounts: Accounts) -> None:
    window, desk = beheer
    anna = accounts("Anna", "User").sign_in()
    desk.sync()
    qtbot.waitUntil(lambda: any(row["name"] == "Anna" for row in window.admin.people.table.model.rows))
    page = choose(qtbot, window, "Anna")
    assert page.invite.text() == "Toegang herstellen…"
    qtbot.mouseClick(page.invite, LEFT)
    dialog: InviteDialog = shown(qtbot, window, InviteDialog)
    choice = dialog.choices["second-factor"]
    qtbot.mouseClick(choice, LEFT, pos=QPoint(9, choice.height() // 2))
    qtbot.mouseClick(dialog.go, LEFT)
    qtbot.waitUntil(dialog.given.isVisible, timeout=10_000)
    qtbot.waitUntil(lambda: dialog.height() >= dialog.layout().heightForWidth(dialog.width()))
    for part in (dialog.words, dialog.outcome):
        assert part.height() >= part.heightForWidth(part.width()), "its sentences are seen whole"
    assert anna.ask("GET", "/v1/me").status_code == 401, "signed out everywhere"
    assert not choose(qtbot, window, "Petra").invite.isEnabled()
    assert "niet voor zichzelf" in window.admin.people.invite.toolTip()


def test_the_name_above_shows_the_account_of_a_connected_register(
    qtbot: QtBot, beheer: tuple[MainWindow, Desk]
) -> None:
    window, _ = beheer
    button = window.top_bar.user
    assert button.toolTip() == "U bent Petra, Beheerder. Klik voor uw account."
    asked: list[str] = []
    window.state.requested.connect(lambda command, _args: asked.append(command))
    qtbot.mouseClick(button, LEFT)
    menu = button.findChild(QMenu)
    lines = [action.text() for action in menu.actions() if not action.isSeparator()]
    assert lines[0] == "Petra, Beheerder"
    assert lines[1].startswith("petra@")
    assert lines[3:] == ["Apparaten…", "Afmelden"]
    devices = next(action for action in menu.actions() if action.text() == "Apparaten…")
    qtbot.mouseClick(menu, LEFT, pos=menu.actionGeometry(devices).center())
    assert asked == ["devices"]
    dialog: DevicesDialog = shown(qtbot, window, DevicesDialog)
    qtbot.waitUntil(lambda: dialog.list.topLevelItemCount() > 0 and jobs.busy() == 0)
    dialog.reject()
    assert not window.commands["choose_user"].isEnabled()


def test_without_a_server_nobody_is_invited(qtbot: QtBot, window: MainWindow) -> None:
    with window.state.store.act("Persoon") as act:
        act.create("person", {"name": "Anna", "email": "a@x.nl", "role": "User", "state": "UITGENODIGD"})
    window.show_panel("admin")
    window.admin.show_page(window.admin.people)
    qtbot.waitUntil(lambda: bool(window.admin.people.table.model.rows))
    page = choose(qtbot, window, "Anna")
    assert not page.invite.isEnabled()
    assert page.invite.toolTip() == "Dat kan als dit register met een server is verbonden."
