"""The housing programme: blocks, divisions, prices, deliveries - typed in place, one act each, sums while typing."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QStyle, QStyleOptionViewItem

from diwi_desktop.gui import theme
from diwi_desktop.gui.fields.base import Input
from diwi_desktop.gui.fields.table import EntityTable
from diwi_desktop.gui.projectpage import ProjectPage
from diwi_desktop.gui.projectpage.block import prices_along
from diwi_desktop.gui.projectpage.matrix import View
from diwi_desktop.gui.projectpage.page import Tab
from diwi_desktop.gui.projectpage.programme import Programme, copy_name, next_name
from diwi_desktop.store import Store, queries
from diwi_desktop.store.plans import plan

pytestmark = pytest.mark.qt_log_ignore("does not support raise", "grabbing the keyboard", "propagateSizeHints")


@pytest.fixture
def programme(page: ProjectPage) -> Programme:
    page.show_tab(Tab.PROGRAMME)
    return page.programme


def column(table: EntityTable, key: str, row: int = 0) -> int:
    return [c.key(table.model.rows[row]) for c in table.model.columns].index(key)


def cell(qtbot, table: EntityTable, row: int, key: str) -> QLineEdit:
    """Open a cell with F2 and give its line edit."""
    table.grid.setFocus()
    table.grid.setCurrentIndex(table.model.index(row, column(table, key, row)))
    qtbot.keyClick(table.grid, Qt.Key.Key_F2)
    editor = next(w for w in table.grid.findChildren(Input) if not w.property("closing"))
    control = editor.control()
    assert isinstance(control, QLineEdit)
    return control


def type_in(qtbot, table: EntityTable, row: int, key: str, text: str) -> None:
    edit = cell(qtbot, table, row, key)
    edit.selectAll()
    qtbot.keyClicks(edit, text)
    qtbot.keyClick(edit, Qt.Key.Key_Return)


def shown(table: EntityTable, row: int, key: str) -> str:
    return str(table.model.index(row, column(table, key, row)).data())


def test_blocks_with_totals_per_year(programme: Programme) -> None:
    matrix = programme.matrix
    assert [shown(matrix, r, "name") for r in range(3)] == ["Appartementen", "Rijwoningen", "Sloop portiekflats"]
    assert [shown(matrix, r, "number") for r in range(3)] == ["48", "18", "−12"]
    assert shown(matrix, 0, "year:2027") == "24"
    assert matrix.totals is not None
    assert matrix.totals.text(column(matrix, "year:2028")) == "42"
    assert matrix.totals.text(column(matrix, "year:2026")) == "−12"
    assert matrix.totals.text(column(matrix, "number")) == "54"


@pytest.mark.parametrize(
    ("view", "key", "rest"),
    [(View.HOUSE_TYPE, "multi_family", ""), (View.GROUND, "ground_formal", "12"), (View.TARGET, "", "26")],
)
def test_unknown_fills_itself(programme: Programme, view: View, key: str, rest: str) -> None:
    programme.show_view(view)
    assert shown(programme.matrix, 0, "rest") == rest
    if key:
        assert shown(programme.matrix, 0, key) in ("48", "36")


def test_the_view_is_chosen_with_the_mouse(qtbot, programme: Programme) -> None:
    button = programme.views.buttons()[list(View).index(View.OWNERSHIP)]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert shown(programme.matrix, 0, "type:HUURWONING_WONINGCORPORATIE") == "20"
    assert shown(programme.matrix, 0, "type:KOOPWONING") == "16"
    assert shown(programme.matrix, 0, "rest") == "12"


def test_a_number_typed_in_the_matrix_is_one_act(qtbot, programme: Programme, store: Store, projects) -> None:
    programme.show_view(View.GROUND)
    before = store.seq
    edit = cell(qtbot, programme.matrix, 0, "ground_none")
    qtbot.keyClicks(edit, "7")
    assert shown(programme.matrix, 0, "rest") == "5", "the rest follows the typing"
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert store.seq == before + 1
    assert plan(store, projects[0]).blocks[0].ground_none == 7


def test_too_many_is_shown_while_typing_and_refused(qtbot, programme: Programme, store: Store, projects) -> None:
    programme.show_view(View.GROUND)
    edit = cell(qtbot, programme.matrix, 0, "ground_none")
    qtbot.keyClicks(edit, "20")
    assert shown(programme.matrix, 0, "rest") == "8 te veel"
    before = store.seq
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert store.seq == before
    assert "meer dan de 48 van het blok" in programme.matrix.message.text.text()
    assert shown(programme.matrix, 0, "ground_none") == "20", "what was typed stays"
    qtbot.keyClick(programme.matrix.grid, Qt.Key.Key_Escape)
    assert shown(programme.matrix, 0, "ground_none") == ""
    assert not programme.matrix.message.isVisible()


def test_shares_are_made_changed_and_taken_away(qtbot, programme: Programme, store: Store, projects) -> None:
    programme.show_view(View.TARGET)
    student = next(o for o in queries.option_list(store, "targetGroup") if o.name == "Student")

    def number() -> int | None:
        return next((s.number for s in plan(store, projects[0]).blocks[1].shares if s.option == student.id), None)

    for text, stored in (("6", 6), ("4", 4), ("0", None)):
        type_in(qtbot, programme.matrix, 1, f"share:{student.id}", text)
        assert number() == stored
        qtbot.waitUntil(lambda: not programme.matrix.editing)
        qtbot.wait(10)
    store.undo()
    assert number() == 4


def test_a_new_block_is_named_at_once(qtbot, page: ProjectPage, programme: Programme, store: Store, projects) -> None:
    qtbot.mouseClick(programme.matrix.add_button, Qt.MouseButton.LeftButton)
    name = programme.detail.form.editors["name"].input.control()
    qtbot.waitUntil(name.hasFocus)
    assert store.undo_name == "Woningblok toevoegen"
    qtbot.keyClicks(name, "Hofje")
    qtbot.keyClick(name, Qt.Key.Key_Tab)
    number = programme.detail.form.editors["number"].input.control()
    number.setFocus()
    number.selectAll()
    qtbot.keyClicks(number, "48")
    assert ">114<" in page.totals.text(), "the totals beside the tabs follow the typing"
    qtbot.keyClick(number, Qt.Key.Key_Return)
    made = plan(store, projects[0]).blocks[-1]
    assert (made.name, made.number) == ("Hofje", 48)


def test_a_block_is_copied_with_all_that_belongs_to_it(qtbot, programme: Programme, store: Store, projects) -> None:
    before = store.seq
    qtbot.mouseClick(programme.copy_button, Qt.MouseButton.LeftButton)
    assert store.seq == before + 1
    blocks = plan(store, projects[0]).blocks
    first, copy = blocks[0], blocks[-1]
    assert copy.name == "Appartementen (kopie)"
    assert (copy.number, copy.multi_family, copy.size) == (first.number, first.multi_family, first.size)
    assert [(d.date, d.number) for d in copy.deliveries] == [(d.date, d.number) for d in first.deliveries]
    assert [(o.type, o.number, o.price) for o in copy.ownerships] == [
        (o.type, o.number, o.price) for o in first.ownerships
    ]
    assert len(copy.shares) == len(first.shares)
    store.undo()
    assert len(plan(store, projects[0]).blocks) == 3


def test_delete_key_deletes_and_undo_brings_back(qtbot, programme: Programme, store: Store, projects) -> None:
    grid = programme.matrix.grid
    grid.setFocus()
    grid.setCurrentIndex(programme.model.index(1, 0))
    qtbot.keyClick(grid, Qt.Key.Key_Delete)
    assert [b.name for b in plan(store, projects[0]).blocks] == ["Appartementen", "Sloop portiekflats"]
    qtbot.waitUntil(lambda: programme.model.rowCount() == 2)
    store.undo()
    qtbot.waitUntil(lambda: programme.model.rowCount() == 3)
    assert plan(store, projects[0]).blocks[1].deliveries


def test_choosing_a_row_shows_that_block(qtbot, programme: Programme) -> None:
    grid = programme.matrix.grid
    place = grid.visualRect(programme.model.index(1, 0)).center()
    qtbot.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert programme.detail.form.editors["name"].input.draft() == "Rijwoningen"
    assert programme.detail.deliveries.model.rows[0]["number"] == 18


# --- deliveries ------------------------------------------------------------------------------------------------------


def test_a_delivery_takes_the_number_that_is_left(qtbot, programme: Programme, store: Store, projects) -> None:
    table = programme.detail.deliveries
    type_in(qtbot, table, 0, "number", "10")
    assert table.totals is not None
    qtbot.waitUntil(lambda: table.totals is not None and table.totals.text(2) == "nog 14 te plannen")
    qtbot.mouseClick(table.add_button, Qt.MouseButton.LeftButton)
    edit = next(w for w in table.grid.findChildren(Input) if not w.property("closing")).control()
    qtbot.keyClicks(edit, "01-03-2029")
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    deliveries = plan(store, projects[0]).blocks[0].deliveries
    assert max((str(d.date), d.number) for d in deliveries) == ("2029-03-01", 14)
    assert store.undo_name == "Oplevering toevoegen"
    qtbot.waitUntil(lambda: table.totals is not None and table.totals.text(1) == "48")
    qtbot.waitUntil(lambda: "2029: 14 woningen" in programme.detail.years.text())


def test_a_new_row_waits_until_it_is_complete(qtbot, programme: Programme, store: Store) -> None:
    table = programme.detail.deliveries
    before = store.seq
    table.grid.setFocus()
    qtbot.keyClick(table.grid, Qt.Key.Key_Insert)
    edit = next(w for w in table.grid.findChildren(Input) if not w.property("closing")).control()
    qtbot.keyClicks(edit, "01-03-2029")
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert store.seq == before, "no number yet: nothing to store"
    assert table.model.rows[-1]["date"] == "2029-03-01"
    qtbot.keyClick(table.grid, Qt.Key.Key_Delete)
    assert table.model.rowCount() == 2
    assert store.seq == before


def test_too_many_delivered_is_said_where_it_is(qtbot, programme: Programme, store: Store) -> None:
    table = programme.detail.deliveries
    before = store.seq
    type_in(qtbot, table, 1, "number", "30")
    assert store.seq == before
    assert table.totals is not None
    assert "meer dan de 48 van het blok" in table.message.text.text()


def test_deliveries_keep_their_place_until_the_cell_is_left(qtbot, programme: Programme, store: Store) -> None:
    table = programme.detail.deliveries
    edit = cell(qtbot, table, 0, "date")
    edit.selectAll()
    qtbot.keyClicks(edit, "01-01-2030")
    qtbot.keyClick(edit, Qt.Key.Key_Tab)
    qtbot.wait(20)
    assert table.editing, "Tab went on to the next cell"
    assert table.model.rows[0]["date"] == "2030-01-01"
    editor = next(w for w in table.grid.findChildren(Input) if not w.property("closing"))
    qtbot.keyClick(editor.control(), Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: table.model.rows[1]["date"] == "2030-01-01")


# --- ownership and divisions of one block ------------------------------------------------------------


def test_price_of_a_row_follows_its_type(programme: Programme, store: Store) -> None:
    table = programme.detail.ownership
    assert shown(table, 0, "rent_option") == "Sociale huur"
    assert table.model.index(1, 3).data() == "325.000 – 395.000"
    assert table.totals is not None
    assert (table.totals.text(1), table.totals.text(2)) == ("36", "12 onbekend")


@pytest.mark.parametrize(
    ("row", "key", "value", "gone"),
    [
        ({"type": "KOOPWONING", "price": [1, 1]}, "type", "HUURWONING_WONINGCORPORATIE", {"price": None}),
        ({"type": "HUURWONING_WONINGCORPORATIE", "rent_option": "x"}, "type", "KOOPWONING", {"rent_option": None}),
        ({"type": "KOOPWONING", "price": [1, 1]}, "price_option", "x", {"price": None}),
        ({"type": "KOOPWONING", "price": [1, 1]}, "number", 3, {}),
        ({"type": "KOOPWONING"}, "price", [1, 1], {}),
    ],
)
def test_one_way_of_pricing(row: dict, key: str, value: object, gone: dict) -> None:
    assert prices_along({"id": "a", **row}, key, value) == gone


def test_a_price_is_typed_in_the_table(qtbot, programme: Programme, store: Store, projects) -> None:
    type_in(qtbot, programme.detail.ownership, 1, "price", "410000-")
    owned = plan(store, projects[0]).blocks[0].ownerships[1]
    assert owned.price is not None
    assert tuple(owned.price) == (41_000_000, None)


def test_a_division_card_follows_the_typing(qtbot, programme: Programme, store: Store, projects) -> None:
    card = programme.detail.divisions[View.GROUND]
    orphans = [label.text() for label in card.findChildren(QLabel) if label.isVisibleTo(card) and not label.pos().y()]
    assert "woningen" not in orphans, "the unit has no place in a division, so it is not shown at its corner"
    edit = card.editors["ground_none"].input.control()
    edit.setFocus()
    qtbot.keyClicks(edit, "5")
    assert card.left_over() == 7
    qtbot.keyClicks(edit, "0")
    assert card.left_over() == -38
    assert card.rest_name.text() == "Te veel"
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert "meer dan de 48" in card.editors["ground_none"].message.text.text()
    assert plan(store, projects[0]).blocks[0].ground_none is None
    qtbot.keyClick(edit, Qt.Key.Key_Escape)
    assert card.left_over() == 12


def test_a_smaller_block_shows_what_no_longer_fits(qtbot, programme: Programme, store: Store, projects) -> None:
    number = programme.detail.form.editors["number"].input.control()
    number.setFocus()
    number.selectAll()
    qtbot.keyClicks(number, "40")
    assert programme.detail.divisions[View.HOUSE_TYPE].left_over() == -8
    qtbot.keyClick(number, Qt.Key.Key_Return)
    assert plan(store, projects[0]).blocks[0].number == 48
    assert programme.detail.form.editors["number"].message.isVisible()


def test_names_of_new_and_copied_blocks() -> None:
    assert next_name([]) == "Blok 1"
    assert next_name(["Blok 2", "Hofje", "Blok 10"]) == "Blok 11"
    assert copy_name("A", ["A"]) == "A (kopie)"
    assert copy_name("A (kopie)", ["A", "A (kopie)"]) == "A (kopie 2)"


def test_a_small_panel_shows_blocks_or_one_block(qtbot, page: ProjectPage, programme: Programme) -> None:
    page.resize(686, 264)
    qtbot.waitUntil(programme.choice.isVisible)
    assert programme.matrix.isVisible()
    assert not programme.detail.isVisible()
    assert programme.view_list.isVisible()
    qtbot.mouseClick(programme.choice.buttons()[1], Qt.MouseButton.LeftButton)
    assert programme.detail.isVisible()
    assert not programme.matrix.isVisible()
    page.resize(1200, 900)
    qtbot.waitUntil(programme.matrix.isVisible)
    assert programme.detail.isVisible()
    assert not programme.choice.isVisible()


def test_a_jump_brings_the_block_in_view_in_a_small_panel(page: ProjectPage, programme: Programme, projects) -> None:
    page.resize(686, 264)
    block = page.data.plan.blocks[1]
    assert programme.focus("houseblock", block.id, "number")
    assert programme.detail.isVisible()
    assert programme.detail.form.editors["number"].input.control().hasFocus()


@pytest.mark.parametrize("scale", [1.0, 1.3])
def test_a_date_stays_whole_beside_the_sign_that_it_is_doubtful(
    qtbot, qapp: QApplication, programme: Programme, store: Store, scale: float
) -> None:
    theme.apply(qapp, "light", scale)
    grid = programme.detail.deliveries.grid
    delivery = programme.detail.deliveries.model.rows[0]["id"]
    with store.act("Wijzigen") as act:
        act.set("delivery", delivery, "date", "2019-12-30")
    qtbot.waitUntil(lambda: grid.model().index(0, 0).data(Qt.ItemDataRole.DecorationRole) is not None)
    option = QStyleOptionViewItem()
    option.initFrom(grid)
    option.rect = grid.visualRect(grid.model().index(0, 0))
    grid.itemDelegate().initStyleOption(option, grid.model().index(0, 0))
    room = grid.style().subElementRect(QStyle.SubElement.SE_ItemViewItemText, option, grid)
    assert room.width() >= grid.fontMetrics().horizontalAdvance("30-12-2019") + 4
