"""The window shows what its user sees, and says why something may not be done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from diwi_desktop.gui import jobs, mappanel, settings
from diwi_desktop.gui.app import Desk
from diwi_desktop.gui.dialogs.choose_user import ChooseUserDialog
from diwi_desktop.gui.dialogs.hand_over import HandOverDialog
from diwi_desktop.gui.fields.base import Input
from diwi_desktop.gui.fields.choice import ChoicePopup
from diwi_desktop.gui.map.canvas import MapCanvas
from diwi_desktop.gui.projectpage.page import Tab
from diwi_desktop.gui.workspace import MainWindow
from diwi_desktop.model.codes import Confidentiality, PersonState, UserRole
from diwi_desktop.model.plan import Writer
from diwi_desktop.store import Store, people, plans, queries
from tests.gui.conftest import OpenWindow
from tests.stores import add, de_hoek, new_store

pytestmark = pytest.mark.qt_log_ignore("does not support raise", "grabbing the keyboard", "propagateSizeHints")

LEFT = Qt.MouseButton.LeftButton
NOT_YOURS = "U kunt dit project bekijken; alleen een eigenaar of een hoofdgebruiker kan het wijzigen."


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A person in every role; a project of the user, one of another, one private and one of a group."""
    with new_store(tmp_path / "register.diwi") as made:
        with made.act("Mensen") as act:
            for role in UserRole:
                act.create("person", {"name": role.value, "email": f"{role.value}@x.nl".lower(), "role": role,
                                      "state": PersonState.ACTIVE})  # fmt: skip
            act.create("person", {"name": "Ander", "email": "ander@x.nl", "state": PersonState.ACTIVE})
            act.create("person", {"name": "Nieuw", "email": "nieuw@x.nl"})
            group = act.create("user_group", {"name": "Team"})
        user, other = (people.find_person(made, name).id for name in ("User", "Ander"))
        for name, level, owner in (
            ("Eigen", Confidentiality.INTERNAL_CIVIL, Writer(user)),
            ("Van ander", Confidentiality.INTERNAL_CIVIL, Writer(other)),
            ("Geheim", Confidentiality.PRIVATE, Writer(other)),
            ("Samen", Confidentiality.PUBLIC, Writer(None, group)),
        ):
            add(made, replace(de_hoek(), name=name, confidentiality=level, writers=[owner]))
        yield made


def project(store: Store, name: str) -> str:
    return str(store.read_whole().execute("SELECT id FROM project WHERE name = ?", (name,)).fetchone()[0])


def open_as(open_window: OpenWindow, store: Store, name: str) -> MainWindow:
    store.act_as(people.find_person(store, name).id)
    return open_window(store)


def chosen(qtbot: QtBot, window: MainWindow, name: str) -> None:
    window.state.select([project(window.state.store, name)])
    qtbot.waitUntil(lambda: jobs.busy() == 0)
    QApplication.processEvents()


def names(window: MainWindow) -> list[str]:
    return [row.name for row in window.table.model.shown]


def test_a_user_edits_his_own_and_looks_at_the_others(qtbot: QtBot, open_window: OpenWindow, store: Store) -> None:
    window = open_as(open_window, store, "User")
    assert names(window) == ["Eigen", "Samen", "Van ander"]
    assert window.top_bar.user.isVisible()
    assert window.top_bar.user.text() == "User"
    assert set(window.map.plans) == {project(store, p) for p in ("Eigen", "Samen", "Van ander")}
    chosen(qtbot, window, "Eigen")
    window.page.show_tab(Tab.DETAILS)
    field = window.page.details.form.editors["description"].input.control()
    assert not field.isReadOnly()
    assert window.page.header.locked.isHidden()
    assert window.commands["delete_project"].isEnabled()
    assert window.map.canvas.toolbox["contour"].name == "contour"
    chosen(qtbot, window, "Van ander")
    assert window.page.header.locked.toolTip() == NOT_YOURS
    name = window.page.details.form.editors["name"].input.control()
    assert isinstance(name, QLineEdit)
    assert name.isReadOnly()
    assert name.toolTip() == NOT_YOURS
    qtbot.keyClicks(name, "X")
    qtbot.keyClick(name, Qt.Key.Key_Return)
    assert plans.plan(store, project(store, "Van ander")).name == "Van ander"
    for command in ("delete_project", "tool_contour", "tool_draw"):
        assert not window.commands[command].isEnabled()
        assert "eigenaar" in window.commands[command].toolTip()
    for action in window.map.canvas.toolbox.tools:
        assert action.isEnabled() is (action.data() == "select")
    assert not window.commands["import"].isEnabled()
    assert (
        window.commands["import"].toolTip() == "Met uw rol kunt u geen bestanden inlezen; vraag het een hoofdgebruiker."
    )
    assert window.commands["new_project"].isEnabled()
    window.show_panel("planning")
    QApplication.processEvents()


@pytest.mark.parametrize(
    ("name", "seen"),
    [("UserPlus", ["Eigen", "Samen", "Van ander"]), ("Council", ["Samen"]), ("Admin", []), ("External", []),
     ("Ander", ["Eigen", "Geheim", "Samen", "Van ander"])],
)  # fmt: skip
def test_everybody_gets_the_list_of_his_rights(
    open_window: OpenWindow, store: Store, name: str, seen: list[str]
) -> None:
    window = open_as(open_window, store, name)
    assert names(window) == seen
    assert set(window.map.plans) == {project(store, p) for p in seen}
    assert {row.id for row in queries.project_rows(store)} == {project(store, p) for p in seen}


def page_of_nothing(window: MainWindow) -> tuple[str, list[str]]:
    """The heading that stands in the place of the table, and the buttons under it."""
    page = window.table.no_projects
    assert page.isVisible()
    heading = next(label for label in page.findChildren(QLabel) if label.property("role") == "title")
    return heading.text(), [button.text() for button in page.buttons]


def test_who_runs_the_register_is_led_to_the_people(qtbot: QtBot, open_window: OpenWindow, store: Store) -> None:
    window = open_as(open_window, store, "Admin")
    assert page_of_nothing(window) == ("Als beheerder ziet u geen projecten", ["Naar Beheer"])
    window.state.set_moment(date(2001, 1, 1))
    qtbot.waitUntil(lambda: jobs.busy() == 0)
    assert window.table.no_projects.isVisible(), "on no day are there any for this role"
    window.state.set_moment(None)
    qtbot.waitUntil(lambda: jobs.busy() == 0)
    qtbot.mouseClick(window.table.no_projects.buttons[0], LEFT)
    assert window.docks.panels["admin"].in_sight
    qtbot.waitUntil(window.admin.people.isVisible)
    assert window.admin.chooser.currentItem().text() == "Personen"
    assert window.admin.people.table.add_button.isEnabled()
    window.show_panel("page")
    assert not [button for button in window.page.findChildren(QPushButton) if button.isVisible()]
    assert "Importeer" not in window.map.canvas._nothing_to_see()


def test_who_was_just_entered_stays_in_sight(qtbot: QtBot, open_window: OpenWindow, store: Store) -> None:
    """In a low panel the card that comes under the table takes the room where the new row stood."""
    window = open_as(open_window, store, "Admin")
    window.resize(1280, 720)
    window.show_panel("admin")
    qtbot.waitUntil(window.admin.people.isVisible)
    qtbot.waitUntil(lambda: jobs.busy() == 0)
    table = window.admin.people.table
    qtbot.mouseClick(table.add_button, LEFT)
    for text, key in (("Tess", Qt.Key.Key_Tab), ("tess@x.nl", Qt.Key.Key_Return)):
        edit = next(one for one in table.grid.findChildren(Input) if not one.property("closing")).control()
        qtbot.keyClicks(edit, text)
        qtbot.keyClick(edit, key)
    qtbot.waitUntil(lambda: window.admin.people.deeds.itemAt(0).widget().text() == "Tess")
    QApplication.processEvents()
    index = table.grid.currentIndex()
    assert table.model.rows[index.row()]["name"] == "Tess"
    qtbot.waitUntil(lambda: table.grid.viewport().rect().contains(table.grid.visualRect(index).center()))


@pytest.mark.parametrize(
    ("name", "expected"),
    [("External", ("Nog geen projecten voor u", [])), ("Council", ("Nog geen projecten voor u", [])),
     ("User", ("Nog geen projecten", ["Nieuw project"])),
     ("UserPlus", ("Nog geen projecten", ["Importeer het DIWI-Excelbestand", "Nieuw project"])),
     ("Nieuw", ("U ziet geen projecten", []))],
)  # fmt: skip
def test_an_empty_list_offers_what_the_role_may(
    open_window: OpenWindow, store: Store, name: str, expected: tuple[str, list[str]]
) -> None:
    with store.act("Leeg") as act:
        for one in ("Eigen", "Van ander", "Geheim", "Samen"):
            act.delete("project", project(store, one))
    window = open_as(open_window, store, name)
    assert page_of_nothing(window) == expected
    window.show_panel("admin")
    admin = window.admin.chooser.currentItem().text()
    assert admin == "Eigen velden"


def test_beheer_says_what_a_role_may_not(qtbot: QtBot, open_window: OpenWindow, store: Store) -> None:
    window = open_as(open_window, store, "User")
    window.show_panel("admin")
    admin = window.admin
    for page in (admin.lists, admin.own_fields, admin.people, admin.groups, admin.municipality):
        admin.show_page(page)
        page.refresh()
        assert page.read_only
        assert page.refusal.text().startswith("Met uw rol kunt u ")
    assert not admin.people.table.add_button.isEnabled()
    assert not admin.people.hand_over.isEnabled()


def test_the_user_is_chosen_and_remembered(
    qtbot: QtBot, qapp: QApplication, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mappanel, "MapCanvas", lambda: MapCanvas(workers=0))
    path = store.path
    store.close()
    desk = Desk(qapp)
    assert desk.open(path)
    first = desk.window
    assert first is not None
    qtbot.waitUntil(lambda: first.is_ready and jobs.busy() == 0, timeout=20_000)
    first.commands["choose_user"].trigger()
    dialog = first.findChild(ChooseUserDialog)
    entries = {dialog.list.item(i).text(): dialog.list.item(i) for i in range(dialog.list.count())}
    assert not dialog.ok.isEnabled()
    assert not entries["Nieuw  –  Gebruiker, uit te nodigen"].flags() & Qt.ItemFlag.ItemIsEnabled
    dialog.list.setCurrentItem(entries["Council  –  Raadslid"])
    qtbot.mouseClick(dialog.ok, LEFT)
    second = desk.window
    assert second is not None
    assert second is not first
    qtbot.waitUntil(lambda: second.is_ready and jobs.busy() == 0, timeout=20_000)
    assert names(second) == ["Samen"]
    assert second.state.store.author == "Council"
    council = second.state.store.person
    assert settings.user_of(path) == council
    # A role that changes shows another register at once.
    second.state.store.act_as(None)
    with second.state.store.act("Rol") as act:
        act.set("person", council, "role", UserRole.USER)
    desk._work_as(council)
    third = desk.window
    assert third is not None
    qtbot.waitUntil(lambda: third.is_ready and jobs.busy() == 0, timeout=20_000)
    assert names(third) == ["Eigen", "Samen", "Van ander"]
    third.close()
    third.state.store.close()
    again = Desk(qapp)
    assert again.open(path)
    assert again.window is not None
    assert again.window.state.store.person == council
    again.window.close()
    jobs.stop_all()
    again.window.state.store.close()


def test_groups_are_owners_too(qtbot: QtBot, open_window: OpenWindow, store: Store) -> None:
    window = open_as(open_window, store, "UserPlus")
    chosen(qtbot, window, "Samen")
    window.page.show_tab(Tab.DETAILS)
    assert window.page.data.writers == ["Team"]
    writers = window.page.details.writers
    writers.input.open()
    popup = next(p for p in window.findChildren(ChoicePopup) if p.isVisible())
    offered = [text for _, text in window.page.details._owners(writers.field, [])]
    assert offered[0] == "Team (groep)"
    assert not {"Admin", "Council", "Management"} & set(offered)
    popup.close()
    found = window.page.details._set_writers(
        project(store, "Samen"), [people.groups(store)[0].id, people.find_person(store, "Ander").id]
    )
    assert found == []
    plan = plans.plan(store, project(store, "Samen"))
    assert {w.owner for w in plan.writers} == {people.groups(store)[0].id, people.find_person(store, "Ander").id}


def test_a_warning_before_a_user_takes_away_his_own_right(qtbot: QtBot, open_window: OpenWindow, store: Store) -> None:
    window = open_as(open_window, store, "User")
    chosen(qtbot, window, "Eigen")
    window.page.show_tab(Tab.DETAILS)
    details = window.page.details
    editor = details.writers
    editor.input.show_value([people.find_person(store, "Ander").id])
    editor._edited()
    assert not editor.store()
    assert "zelf niet meer wijzigen" in editor.message.text.text()
    assert "Toch wijzigen" in editor.message.text.text()
    assert window.page.data.writers == ["User"]
    editor.message._link("fix")
    QApplication.processEvents()
    window.page.refresh()
    assert window.page.data.writers == ["Ander"]
    assert window.page.header.locked.toolTip() == NOT_YOURS


def test_people_and_groups_in_beheer(qtbot: QtBot, open_window: OpenWindow, store: Store) -> None:
    window = open_window(store)
    window.resize(1600, 1400)
    window.show_panel("admin")
    admin = window.admin
    admin.show_page(admin.people)
    QApplication.processEvents()
    table = admin.people.table
    rows = {row["name"]: row for row in table.model.rows}
    assert (rows["Ander"]["projects"], rows["Council"]["projects"]) == (2, 0)
    table.choose(rows["Council"]["id"])
    assert not admin.people.hand_over.isEnabled()
    table.choose(rows["Ander"]["id"])
    assert "Eigenaar van 2 projecten: Geheim, Van ander." in admin.people.projects.text()
    qtbot.mouseClick(admin.people.hand_over, LEFT)
    dialog = admin.findChild(HandOverDialog)
    assert not dialog.ok.isEnabled()
    dialog.to.setCurrentIndex(dialog.to.findText("Team (groep)"))
    dialog.lock.setChecked(True)
    qtbot.mouseClick(dialog.ok, LEFT)
    assert plans.plan(store, project(store, "Geheim")).writers[0].user_group
    assert people.find_person(store, "Ander").state is PersonState.LOCKED
    admin.show_page(admin.groups)
    page = admin.groups
    assert [(row["name"], row["projects"], row["members"]) for row in page.table.model.rows] == [("Team", 3, 0)]
    assert page._set_members(page.table.model.rows[0]["id"], [rows["User"]["id"]]) == []
    page.refresh()
    assert page.table.model.rows[0]["members"] == 1
    page.table.choose(page.table.model.rows[0]["id"])
    page.delete()
    assert "draag de projecten eerst over" in page.table.message.text.text()
    assert len(people.groups(store)) == 1
    assert not [d for d in window.findChildren(QDialog) if d.isVisible()]
