"""Beheer: own fields, lists, price classes, people, the municipality."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit

from diwi_desktop.gui import theme
from diwi_desktop.gui.admin import AdminPanel
from diwi_desktop.gui.admin.unique import class_findings, same, taken
from diwi_desktop.gui.fields.base import Input
from diwi_desktop.gui.fields.choice import ChoicePopup
from diwi_desktop.gui.fields.code import CodeInput
from diwi_desktop.gui.fields.table import EntityTable
from diwi_desktop.model.plan import Option, Range
from diwi_desktop.store import Store, people, queries
from tests.gui import desk

pytestmark = pytest.mark.qt_log_ignore("does not support raise", "grabbing the keyboard", "propagateSizeHints")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with desk.new_store(tmp_path) as made:
        desk.fill(made)
        yield made


@pytest.fixture
def panel(qtbot, qapp: QApplication, store: Store) -> Iterator[AdminPanel]:
    theme.apply(qapp, "light")
    state = desk.open_state(store)
    made = AdminPanel(state)
    qtbot.addWidget(made)
    made.resize(1100, 700)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    yield made
    state.close()


def place(table: EntityTable, name: str, key: str = "name") -> int:
    return next(i for i, row in enumerate(table.model.rows) if row.get(key) == name)


def editor(table: EntityTable) -> Input:
    return next(w for w in table.grid.findChildren(Input) if not w.property("closing"))


def type_in(qtbot, table: EntityTable, row: int, column: int, text: str) -> None:
    table.grid.setFocus()
    table.grid.setCurrentIndex(table.model.index(row, column))
    qtbot.keyClick(table.grid, Qt.Key.Key_F2)
    edit = editor(table).control()
    assert isinstance(edit, QLineEdit)
    edit.selectAll()
    qtbot.keyClicks(edit, text)
    qtbot.keyClick(edit, Qt.Key.Key_Return)


def tick(qtbot, table: EntityTable, row: int, column: int) -> None:
    rect = table.grid.visualRect(table.model.index(row, column))
    where = rect.topLeft()
    where.setX(rect.left() + 14)
    where.setY(rect.center().y())
    qtbot.mouseClick(table.grid.viewport(), Qt.MouseButton.LeftButton, pos=where)


# --- own fields ------------------------------------------------------------------------------------------------------


def test_an_own_field_is_added_row_by_row(qtbot, panel: AdminPanel, store: Store) -> None:
    table = panel.own_fields.table
    qtbot.mouseClick(table.add_button, Qt.MouseButton.LeftButton)
    edit = editor(table).control()
    qtbot.keyClicks(edit, "Bouwer")
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    row = len(table.model.rows) - 1
    for column, key in ((1, "project"), (2, "TEXT")):
        table.grid.setCurrentIndex(table.model.index(row, column))
        qtbot.keyClick(table.grid, Qt.Key.Key_F2)
        found = editor(table)
        assert isinstance(found, CodeInput)
        found.combo.hidePopup()
        found.combo.setCurrentIndex(found.combo.findData(key))
        qtbot.keyClick(found.combo, Qt.Key.Key_Return)
    made = next(f for f in queries.own_fields(store) if f.name == "Bouwer")
    assert (made.object, made.type.value, made.mandatory) == ("project", "TEXT", False)
    assert store.undo_name == "Eigen veld toevoegen"
    assert f"own:{made.id}" in store.catalogue.kind("project").by_key


def test_object_and_type_are_fixed_afterwards(panel: AdminPanel) -> None:
    model = panel.own_fields.table.model
    assert not model.flags(model.index(0, 1)) & Qt.ItemFlag.ItemIsEditable
    assert not model.flags(model.index(0, 2)) & Qt.ItemFlag.ItemIsEditable
    assert model.flags(model.index(0, 0)) & Qt.ItemFlag.ItemIsEditable


def test_a_field_is_renamed_and_made_mandatory(qtbot, panel: AdminPanel, store: Store) -> None:
    table = panel.own_fields.table
    row = place(table, "Accounthouder")
    type_in(qtbot, table, row, 0, "Accountmanager")
    qtbot.waitUntil(lambda: any(r["name"] == "Accountmanager" for r in table.model.rows))
    tick(qtbot, table, place(table, "Accountmanager"), 3)
    made = next(f for f in queries.own_fields(store) if f.name == "Accountmanager")
    assert made.mandatory
    assert store.undo_name == "Verplicht wijzigen"


def test_a_field_is_switched_off_by_keyboard(qtbot, panel: AdminPanel, store: Store) -> None:
    table = panel.own_fields.table
    table.grid.setFocus()
    table.grid.setCurrentIndex(table.model.index(place(table, "Aardgasvrij"), 4))
    qtbot.keyClick(table.grid, Qt.Key.Key_Space)
    assert next(f for f in queries.own_fields(store) if f.name == "Aardgasvrij").disabled


@pytest.mark.parametrize(
    ("name", "words"),
    [("AARDGASVRIJ", "al een eigen veld 'Aardgasvrij'"), ("projectnaam", "al een vast veld 'Projectnaam'")],
)
def test_a_name_that_is_taken_is_refused(qtbot, panel: AdminPanel, store: Store, name: str, words: str) -> None:
    table = panel.own_fields.table
    before = store.seq
    type_in(qtbot, table, place(table, "Accounthouder"), 0, name)
    assert store.seq == before
    assert words in table.message.text.accessibleName()
    assert str(table.model.index(place(table, "Accounthouder"), 0).data()) == name
    qtbot.keyClick(table.grid, Qt.Key.Key_Escape)
    assert not table.message.isVisible()


def test_limits_belong_to_the_chosen_field(qtbot, panel: AdminPanel, store: Store) -> None:
    table = panel.own_fields.table
    table.choose(queries.own_fields(store)[2].id)
    assert "Parkeernorm" in panel.own_fields.detail.heading.text()
    form = next(form for form in panel.own_fields.limits.values() if form.isVisible())
    assert set(form.editors) == {"minimum", "maximum"}
    edit = form.editors["maximum"].input.control()
    edit.setFocus()
    qtbot.keyClicks(edit, "2,5")
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert next(f for f in queries.own_fields(store) if f.name == "Parkeernorm").maximum == 2.5


def test_choices_of_a_ranked_field(qtbot, panel: AdminPanel, store: Store) -> None:
    with store.act("Rang") as act:
        own = act.create("own_field", {"object": "project", "name": "Kansrijkheid", "type": "ORDINAL"})
    table = panel.own_fields.table
    qtbot.waitUntil(lambda: any(row["id"] == own for row in table.model.rows))
    table.choose(own)
    ranked = panel.own_fields.ranked
    assert ranked.isVisible()
    for level, name in ((1, "Zeker"), (2, "Misschien")):
        qtbot.mouseClick(ranked.add_button, Qt.MouseButton.LeftButton)
        qtbot.keyClicks(editor(ranked).control(), name)
        qtbot.keyClick(editor(ranked).control(), Qt.Key.Key_Return)
        assert [(o.level, o.name) for o in queries.option_list(store, own)][-1] == (level, name)
        qtbot.waitUntil(lambda n=level: len([r for r in ranked.model.rows if r["id"]]) == n)


# --- lists -----------------------------------------------------------------------------------------------------------


def test_options_are_added_and_duplicates_refused(qtbot, panel: AdminPanel, store: Store) -> None:
    panel.show_page(panel.lists)
    table = panel.lists.table
    qtbot.mouseClick(table.add_button, Qt.MouseButton.LeftButton)
    qtbot.keyClicks(editor(table).control(), "Oosterwijk")
    qtbot.keyClick(editor(table).control(), Qt.Key.Key_Return)
    assert "Oosterwijk" in [o.name for o in queries.option_list(store, "district")]
    before = store.seq
    qtbot.waitUntil(lambda: all(row["id"] for row in table.model.rows))
    qtbot.mouseClick(table.add_button, Qt.MouseButton.LeftButton)
    qtbot.keyClicks(editor(table).control(), " centrum ")
    qtbot.keyClick(editor(table).control(), Qt.Key.Key_Return)
    assert store.seq == before
    assert "al een keuze 'Centrum'" in table.message.text.accessibleName()


def test_an_option_is_switched_off_not_deleted(qtbot, panel: AdminPanel, store: Store) -> None:
    panel.show_page(panel.lists)
    table = panel.lists.table
    table.grid.setFocus()
    table.grid.setCurrentIndex(table.model.index(place(table, "Broekpolder"), 0))
    qtbot.keyClick(table.grid, Qt.Key.Key_Delete)
    assert store.undo_name == "Keuze 'Broekpolder' uitzetten"
    assert "Broekpolder" not in [o.name for o in queries.option_list(store, "district")]
    assert any(o.name == "Broekpolder" for o in queries.options(store).values())


def test_every_list_can_be_chosen(qtbot, panel: AdminPanel) -> None:
    panel.show_page(panel.lists)
    chooser = panel.lists.chooser
    names = []
    for row in range(chooser.count()):
        item = chooser.item(row)
        qtbot.mouseClick(chooser.viewport(), Qt.MouseButton.LeftButton, pos=chooser.visualItemRect(item).center())
        assert panel.lists.table.isVisible()
        names.append((panel.lists.current(), panel.lists.table.model.rowCount()))
    assert ("targetGroup", 6) in names
    assert ("priority", 3) in names
    assert panel.lists.table is panel.lists.ranked


# --- price classes ---------------------------------------------------------------------------------------------------


def test_price_classes_have_bounds_of_their_own(qtbot, panel: AdminPanel, store: Store) -> None:
    panel.show_page(panel.prices)
    table = panel.prices.buy
    rows = [[table.model.index(row, column).data() for column in range(3)] for row in range(2)]
    assert rows == [["Betaalbaar", "0", "405.000"], ["Duur", "405.000,01", "en meer"]]
    assert not table.message.isVisible()
    type_in(qtbot, table, 0, 2, "390000")
    assert store.undo_name == "Grenzen van 'Betaalbaar' wijzigen"
    found = next(o for o in queries.option_list(store, "priceRangeBuy") if o.name == "Betaalbaar")
    assert found.bounds == Range(0, 39_000_000)
    qtbot.waitUntil(lambda: "zit een gat: € 390.000 tot € 405.000,01" in table.message.text.accessibleName())


def test_a_narrow_panel_has_room_for_one_table_of_classes(qtbot, panel: AdminPanel, store: Store) -> None:
    panel.show_page(panel.prices)
    prices = panel.prices
    assert prices.buy.isVisible()
    assert prices.rent.isVisible()
    assert not prices.tabs.isVisible()
    panel.resize(640, 400)
    QApplication.processEvents()
    assert prices.buy.isVisible()
    assert not prices.rent.isVisible()
    assert prices.buy.grid.columnWidth(0) >= 120
    assert [prices.tabs.tabText(place) for place in range(2)] == ["Koop", "Huur per maand"]
    qtbot.mouseClick(prices.tabs, Qt.MouseButton.LeftButton, pos=prices.tabs.tabRect(1).center())
    assert prices.rent.isVisible()
    assert not prices.buy.isVisible()
    assert prices.focus_class(prices.buy.model.rows[1]["id"])
    assert prices.buy.isVisible()
    assert prices.buy.grid.hasFocus()
    panel.resize(1100, 700)
    QApplication.processEvents()
    assert prices.rent.isVisible()


def test_an_empty_list_of_groups_says_what_it_is_for_however_low(qtbot, panel: AdminPanel, store: Store) -> None:
    panel.show_page(panel.groups)
    assert panel.groups.table.model.rows == []
    panel.resize(640, 300)
    QApplication.processEvents()
    assert panel.groups.explanation.isVisible()
    with store.act("Groep") as act:
        act.create("user_group", {"name": "Team Wonen"})
    qtbot.waitUntil(lambda: len(panel.groups.table.model.rows) == 1)
    assert not panel.groups.explanation.isVisible()


def test_a_new_class_starts_above_the_highest(qtbot, panel: AdminPanel, store: Store) -> None:
    panel.show_page(panel.prices)
    table = panel.prices.rent
    qtbot.mouseClick(table.add_button, Qt.MouseButton.LeftButton)
    qtbot.keyClicks(editor(table).control(), "Middenhuur")
    qtbot.keyClick(editor(table).control(), Qt.Key.Key_Return)
    found = next(o for o in queries.option_list(store, "priceRangeRent") if o.name == "Middenhuur")
    assert found.bounds == Range(93_101, None)


def test_an_upper_bound_below_the_lower_is_refused(qtbot, panel: AdminPanel, store: Store) -> None:
    panel.show_page(panel.prices)
    before = store.seq
    type_in(qtbot, panel.prices.buy, 1, 2, "100")
    assert store.seq == before
    assert "De bovengrens ligt onder de ondergrens." in panel.prices.buy.message.text.accessibleName()


BARE = Option("N", "priceRangeBuy", "N")


def option(name: str, low: int, high: int | None, disabled: bool = False) -> Option:
    return Option(name, "priceRangeBuy", name, bounds=Range(low, high), disabled=disabled)


@pytest.mark.parametrize(
    ("classes", "codes"),
    [
        ([option("A", 0, 100), option("B", 101, None)], []),
        ([option("A", 0, 100), option("B", 100, None)], []),
        ([option("A", 0, None), option("B", 100, 200)], ["price_class_overlap"]),
        ([option("A", 0, 100), option("B", 99, None)], ["price_class_overlap"]),
        ([option("A", 0, 100), option("B", 150, None)], ["price_class_gap"]),
        ([option("A", 0, 100), option("X", 50, 60, disabled=True), option("B", 101, None)], []),
        ([option("B", 101, None), option("A", 0, 100)], []),
        ([option("A", 0, 100), BARE, option("B", 101, None)], ["price_class_without_bounds"]),
        ([replace(BARE, disabled=True)], []),
    ],
)
def test_gaps_and_overlaps(classes: list[Option], codes: list[str]) -> None:
    assert [finding.code for finding in class_findings(classes)] == codes


# --- people and municipality -----------------------------------------------------------------------------------------


def test_people_with_role_and_state(qtbot, panel: AdminPanel, store: Store) -> None:
    panel.show_page(panel.people)
    table = panel.people.table
    row = place(table, "Noor de Wit")
    assert table.model.index(row, 3).data() == "Uit te nodigen"
    type_in(qtbot, table, row, 1, "geen adres")
    assert "niet de juiste vorm" in table.message.text.accessibleName()
    qtbot.keyClick(table.grid, Qt.Key.Key_Escape)
    before = store.seq
    type_in(qtbot, table, row, 1, "J.Jansen@heemskerk.example")
    assert store.seq == before
    assert "Er is al een persoon" in table.message.text.accessibleName()


def test_who_cannot_know_how_many_projects_somebody_has_sees_no_number(
    panel: AdminPanel, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel.show_page(panel.people)
    table = panel.people.table
    row = place(table, "Noor de Wit")
    assert table.model.index(row, 4).data() == "0"
    table.grid.setCurrentIndex(table.model.index(row, 0))
    monkeypatch.setattr(people, "owners_are_here", lambda _store: False)
    panel.people.refresh()
    assert table.model.index(row, 4).data() in ("", None)
    assert "een beheerder krijgt geen projecten" in panel.people.projects.text()
    assert panel.people.hand_over.isEnabled(), "the server knows whose they are, and hands them over"
    assert panel.people.hand_over.toolTip() == "De server draagt over wat deze persoon heeft."
    with store.act("Groep") as act:
        act.create("user_group", {"name": "Wonen"})
    panel.show_page(panel.groups)
    assert not panel.groups.hand_over.isEnabled()
    assert panel.groups.hand_over.toolTip().startswith("Wat een groep heeft, draagt een hoofdgebruiker over")


def test_without_groups_one_is_told_where_to_make_them(qtbot, panel: AdminPanel, store: Store) -> None:
    panel.show_page(panel.people)
    face = panel.people.groups.input.face
    qtbot.mouseClick(face, Qt.MouseButton.LeftButton)
    popup = panel.findChild(ChoicePopup)
    item = popup.list.model().index(0, 0)
    assert item.data() == "Nog geen groepen; maak ze onder Groepen."
    before = store.seq
    qtbot.mouseClick(popup.list.viewport(), Qt.MouseButton.LeftButton, pos=popup.list.visualRect(item).center())
    qtbot.keyClick(popup.list, Qt.Key.Key_Space)
    qtbot.keyClick(popup.list, Qt.Key.Key_Return)
    assert store.seq == before
    assert panel.people.groups.input.chosen() == []


def test_who_may_write_is_blocked_instead_of_deleted(qtbot, panel: AdminPanel, store: Store) -> None:
    panel.show_page(panel.people)
    table = panel.people.table
    for name in ("Jan Jansen", "Noor de Wit"):
        table.grid.setFocus()
        table.grid.setCurrentIndex(table.model.index(place(table, name), 0))
        qtbot.keyClick(table.grid, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: table.model.rowCount() == 1)
    assert [(p.name, p.state.value) for p in queries.people(store)] == [("Jan Jansen", "GEBLOKKEERD")]


def test_facts_of_the_municipality(qtbot, panel: AdminPanel, store: Store) -> None:
    panel.show_page(panel.municipality)
    form = panel.municipality.form
    edit = form.editors["prefix"].input.control()
    edit.setFocus()
    edit.selectAll()
    qtbot.keyClicks(edit, "hk1")
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert queries.municipality(store).prefix == "HMK"
    assert form.editors["prefix"].message.isVisible()
    edit.selectAll()
    qtbot.keyClicks(edit, "HKB")
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert queries.municipality(store).prefix == "HKB"


def test_a_past_day_is_read_only(qtbot, panel: AdminPanel, store: Store) -> None:
    store.clock.moment = store.clock.moment.replace(month=8)
    panel._state.set_moment(desk.TODAY)
    model = panel.own_fields.table.model
    qtbot.waitUntil(lambda: model.read_only)
    assert not model.flags(model.index(0, 0)) & Qt.ItemFlag.ItemIsEditable
    assert not panel.own_fields.table.add_button.isEnabled()


def test_names_are_compared_loosely() -> None:
    assert same("  De   Hoek ") == same("de hoek")
    row = {"id": "1", "name": "A"}
    others = [row, {"id": "2", "name": "B", "disabled": True}]
    assert taken("option", "name", row, "a", others, ("keuze", "choice")) is None
    found = taken("option", "name", row, "b", others, ("keuze", "choice"))
    assert found is not None
    assert "(uitgezet)" in found.nl
