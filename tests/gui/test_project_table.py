"""The project table under the hands of a user: mouse, keyboard, and what the rest of the window does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from diwi_desktop.gui import jobs, settings, theme
from diwi_desktop.gui.projecttable.chooser import ColumnChooser
from diwi_desktop.gui.projecttable.filters import Contains
from diwi_desktop.gui.projecttable.panel import ProjectTable
from diwi_desktop.gui.projecttable.popover import FilterPopover
from diwi_desktop.gui.state import AppState
from diwi_desktop.model.clock import FixedClock
from diwi_desktop.store import Store
from tests.gui.registers import make_register

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = make_register(tmp_path / "register.diwi", 60)
    yield made
    made.close()


@pytest.fixture
def table(qtbot: QtBot, state: AppState) -> ProjectTable:
    made = ProjectTable(state)
    made.resize(1000, 500)
    qtbot.addWidget(made)
    made.show()
    return made


def logical(table: ProjectTable, key: str) -> int:
    return [c.key for c in table.model.columns].index(key)


def click_header(qtbot: QtBot, table: ProjectTable, key: str, *, shift: bool = False) -> None:
    header = table.view.header
    number = logical(table, key)
    point = QPoint(header.sectionViewportPosition(number) + 20, header.height() // 2)
    modifier = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
    qtbot.mouseClick(header.viewport(), LEFT, modifier, point)


def click_row(qtbot: QtBot, table: ProjectTable, place: int, *, ctrl: bool = False) -> None:
    point = table.view.visualRect(table.model.index(place, logical(table, "name"))).center()
    modifier = Qt.KeyboardModifier.ControlModifier if ctrl else Qt.KeyboardModifier.NoModifier
    qtbot.mouseClick(table.view.viewport(), LEFT, modifier, point)


def popover(table: ProjectTable) -> FilterPopover:
    return next(p for p in table.findChildren(FilterPopover) if p.isVisible())


def test_it_shows_all_projects_with_their_number_and_totals(table: ProjectTable) -> None:
    assert table.count_text == "60 / 60"
    homes = sum(row.built for row in table.model.shown)
    assert table.totals.text("built") == f"{homes:,}".replace(",", ".")
    gone = sum(row.demolished for row in table.model.shown)
    assert table.totals.text("homes") == f"+{homes:,} / \N{MINUS SIGN}{gone:,}".replace(",", ".")
    assert "60 projecten" in table.totals.accessibleName()


def test_a_click_selects_everywhere_and_ctrl_adds(qtbot: QtBot, table: ProjectTable, state: AppState) -> None:
    click_row(qtbot, table, 2)
    assert state.selection == [table.model.id_at(2)]
    click_row(qtbot, table, 4, ctrl=True)
    assert state.selection == [table.model.id_at(4), table.model.id_at(2)], "the row in hand comes first"


def test_arrows_walk_and_enter_opens(qtbot: QtBot, table: ProjectTable, state: AppState) -> None:
    asked: list[tuple[str, object]] = []
    state.requested.connect(lambda command, args: asked.append((command, args)))
    click_row(qtbot, table, 0)
    qtbot.keyClick(table.view, Qt.Key.Key_Down)
    project = table.model.id_at(1)
    assert state.selection == [project]
    qtbot.keyClick(table.view, Qt.Key.Key_Return)
    assert asked == [("zoom_to_project", (project,)), ("show_panel", ("page",))]


def test_a_selection_made_elsewhere_is_shown_and_in_sight(table: ProjectTable, state: AppState) -> None:
    last = table.model.id_at(59)
    state.select([last])
    rows = table.view.selectionModel().selectedRows()
    assert [index.row() for index in rows] == [59]
    assert table.view.viewport().rect().intersects(table.view.visualRect(rows[0]))


def test_a_project_that_is_made_and_selected_comes_into_sight(
    qtbot: QtBot, table: ProjectTable, state: AppState
) -> None:
    table.resize(1000, 260)
    with state.store.act("Nieuw project") as act:
        project = act.create(
            "project", {"name": "Zzz nieuw", "start_date": date(2026, 1, 1), "end_date": date(2030, 1, 1)}
        )
    state.select([project])
    qtbot.waitUntil(lambda: table.model.place_of(project) is not None)
    row = table.view.visualRect(table.model.index(table.model.place_of(project) or 0, 0))
    assert table.view.viewport().rect().contains(row.center())


def test_header_clicks_sort_and_shift_adds(qtbot: QtBot, table: ProjectTable, state: AppState) -> None:
    click_row(qtbot, table, 3)
    chosen = state.selection
    click_header(qtbot, table, "phase")
    click_header(qtbot, table, "homes", shift=True)
    click_header(qtbot, table, "homes", shift=True)
    assert table.model.sorting == [("phase", False), ("homes", True)]
    shown = [(r.phase, -r.built) for r in table.model.shown]
    assert shown == sorted(shown)
    assert state.selection == chosen, "sorting keeps the selection"


def test_other_colours_leave_the_order_alone(qtbot: QtBot, qapp: QApplication, table: ProjectTable) -> None:
    click_header(qtbot, table, "phase")
    table.remember_now()
    click_header(qtbot, table, "homes")  # not yet written down
    before = [row.id for row in table.model.shown]
    with qtbot.assertNotEmitted(table.model.modelReset):
        theme.apply(qapp, "dark")
        theme.apply(qapp, "light")
    assert table.model.sorting == [("homes", False)]
    assert [row.id for row in table.model.shown] == before


def test_the_funnel_filters_by_ticking(qtbot: QtBot, table: ProjectTable) -> None:
    header = table.view.header
    spot = header.funnel_rect(logical(table, "phase")).center()
    qtbot.mouseClick(header.viewport(), LEFT, pos=spot)
    listed = popover(table).editor.list  # type: ignore[attr-defined]  # the editor of a choice
    item = next(listed.item(n) for n in range(listed.count()) if listed.item(n).text().startswith("4 Ontwerp"))
    qtbot.mouseClick(listed.viewport(), LEFT, pos=listed.visualItemRect(item).center())
    assert {row.phase for row in table.model.shown} == {"_4_DESIGN"}
    assert list(table.chips.chips) == ["phase"]
    assert table.count_text == f"{len(table.model.shown)} / 60"
    assert table.model.sorting == [("name", False)], "the funnel does not sort"


def test_filters_combine_and_a_chip_takes_one_away(qtbot: QtBot, table: ProjectTable) -> None:
    table.edit_filter("name")
    field = popover(table).findChild(QLineEdit)
    qtbot.keyClicks(field, "plan 1")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert not [p for p in table.findChildren(FilterPopover) if p.isVisible()]
    table.edit_filter("built")
    low, _ = popover(table).findChildren(QLineEdit)
    qtbot.keyClicks(low, "30")
    both = len(table.model.shown)
    assert all("1" in row.name and row.built >= 30 for row in table.model.shown)
    popover(table).close()
    cross = table.chips.chips["name"].findChildren(type(table.columns_button))[1]
    qtbot.mouseClick(cross, LEFT)
    assert len(table.model.shown) > both
    assert list(table.model.filters) == ["built"]


def test_a_wrong_number_is_marked_and_filters_nothing(qtbot: QtBot, table: ProjectTable) -> None:
    table.edit_filter("built")
    low, _ = popover(table).findChildren(QLineEdit)
    qtbot.keyClicks(low, "veel")
    assert low.property("wrong") is True
    assert table.model.filters == {}


def test_no_match_offers_to_clear(qtbot: QtBot, table: ProjectTable) -> None:
    table.edit_filter("name")
    qtbot.keyClicks(popover(table).findChild(QLineEdit), "bestaat niet")
    popover(table).close()
    assert table.no_match.isVisible()
    qtbot.mouseClick(table.no_match.buttons[0], LEFT)
    assert table.count_text == "60 / 60"
    assert table.view.isVisible()


def test_columns_are_chosen_and_remembered(qtbot: QtBot, table: ProjectTable, state: AppState) -> None:
    qtbot.mouseClick(table.columns_button, LEFT)
    chooser = next(c for c in table.findChildren(ColumnChooser) if c.isVisible())
    qtbot.keyClicks(chooser.search, "projectleider")
    item = next(chooser.list.item(n) for n in range(chooser.list.count()) if not chooser.list.item(n).isHidden())
    assert item.text() == "Projectleider"
    item.setCheckState(Qt.CheckState.Checked)
    assert "project_leader" in {c.key for c in table.visible_columns()}
    chooser.close()
    table.show_column("first_delivery", False)
    table.view.header.resizeSection(logical(table, "name"), 234)
    click_header(qtbot, table, "homes")
    table.remember_now()
    again = ProjectTable(state)
    qtbot.addWidget(again)
    assert [c.key for c in again.visible_columns()] == [c.key for c in table.visible_columns()]
    assert again.view.header.sectionSize(logical(again, "name")) == 234
    assert again.model.sorting == [("homes", False)]
    again.usual_columns()
    assert [c.key for c in again.visible_columns()][:4] == ["name", "phase", "plan_status", "homes"]
    assert "project_leader" not in {c.key for c in again.visible_columns()}


@pytest.mark.parametrize("width", [524, 664])
def test_name_phase_status_and_homes_are_in_sight(qtbot: QtBot, table: ProjectTable, width: int) -> None:
    table.resize(width, 500)
    qtbot.waitUntil(lambda: table.view.viewport().width() <= width)
    header = table.view.header
    end = header.sectionViewportPosition(logical(table, "homes")) + header.sectionSize(logical(table, "homes"))
    assert end <= table.view.viewport().width()
    assert header.sectionSize(logical(table, "name")) >= 144


def test_a_column_made_wider_stays_so(qtbot: QtBot, table: ProjectTable) -> None:
    table.view.header.resizeSection(logical(table, "name"), 301)
    table.resize(700, 500)
    qtbot.waitUntil(lambda: table.view.viewport().width() <= 700)
    assert table.view.header.sectionSize(logical(table, "name")) == 301


def test_damaged_settings_do_not_disturb(qtbot: QtBot, state: AppState) -> None:
    settings.set_value("table/projects", '{"columns": [7]}')
    made = ProjectTable(state)
    qtbot.addWidget(made)
    assert [c.key for c in made.visible_columns()][:2] == ["name", "phase"]


def test_ctrl_c_copies_the_selected_rows(qtbot: QtBot, table: ProjectTable) -> None:
    click_row(qtbot, table, 0)
    click_row(qtbot, table, 1, ctrl=True)
    qtbot.keyClick(table.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QGuiApplication.clipboard().text().split("\n")
    assert len(lines) == 3
    assert lines[0].split("\t")[:2] == ["Naam", "Fase"]
    assert [line.split("\t")[0] for line in lines[1:]] == [row.name for row in table.model.shown[:2]]


def test_an_edit_elsewhere_arrives_and_disturbs_nothing(qtbot: QtBot, table: ProjectTable, state: AppState) -> None:
    state.select([table.model.id_at(40)])
    scrolled = table.view.verticalScrollBar().value()
    project = table.model.id_at(45)
    with state.store.act("Projectleider wijzigen") as act:
        act.set("project", project, "project_leader", "Sam de Wit")
    leader = logical(table, "project_leader")
    qtbot.waitUntil(lambda: table.model.data(table.model.index(45, leader)) == "Sam de Wit")
    assert state.selection == [table.model.id_at(40)]
    assert table.view.verticalScrollBar().value() == scrolled


def test_a_new_project_and_a_deleted_one_arrive(qtbot: QtBot, table: ProjectTable, state: AppState) -> None:
    gone = table.model.id_at(0)
    state.select([table.model.id_at(5)])
    kept = state.selection
    with state.store.act("Ruilen") as act:
        act.delete("project", gone)
        act.create("project", {"name": "Aa nieuw", "start_date": "2026-01-01", "end_date": "2030-01-01"})
    qtbot.waitUntil(lambda: table.model.shown[0].name == "Aa nieuw")
    assert table.model.place_of(gone) is None
    assert state.selection == kept
    assert [table.model.id_at(i.row()) for i in table.view.selectionModel().selectedRows()] == kept


def test_the_selected_row_goes_where_an_edit_puts_it_and_stays_selected(
    qtbot: QtBot, table: ProjectTable, state: AppState
) -> None:
    project = table.model.id_at(5)
    click_row(qtbot, table, 5)
    model = table.view.selectionModel()
    scrolled = table.view.verticalScrollBar().value()

    def rename(name: str) -> None:
        with state.store.act("Naam wijzigen") as act:
            act.set("project", project, "name", name)
        qtbot.waitUntil(lambda: table.model.row_of(project).name == name)  # type: ignore[union-attr]  # it is there

    def selected() -> list[str]:
        return [table.model.id_at(index.row()) for index in model.selectedRows()]

    rename("Zzz helemaal achteraan")
    assert table.model.place_of(project) == len(table.model.shown) - 1
    assert selected() == state.selection == [project]
    assert model.currentIndex().row() == table.model.place_of(project)
    assert table.view.verticalScrollBar().value() == scrolled
    table.model.set_filter("name", Contains("achteraan"))
    rename("Ergens anders")
    assert not table.model.shown
    assert state.selection == [project], "what is filtered out stays selected elsewhere"
    rename("Weer achteraan")
    assert selected() == state.selection == [project]


def test_an_act_that_changes_no_project_reads_nothing(table: ProjectTable, state: AppState) -> None:
    with state.store.act("Persoon toevoegen") as act:
        act.create("person", {"name": "Jan", "email": "jan@example.nl"})
    QApplication.processEvents()
    assert jobs.busy() == 0


def test_a_new_own_field_becomes_a_column(qtbot: QtBot, table: ProjectTable, state: AppState) -> None:
    with state.store.act("Eigen veld") as act:
        act.create("own_field", {"object": "project", "name": "Gasvrij", "type": "BOOLEAN"})
    qtbot.waitUntil(lambda: "Gasvrij" in {c.title for c in table.model.columns})
    assert [c.key for c in table.visible_columns()][:2] == ["name", "phase"]


def test_an_empty_register_teaches(qtbot: QtBot, tmp_path: Path) -> None:
    with make_register(tmp_path / "empty.diwi", 0) as empty:
        state = AppState(empty)
        table = ProjectTable(state)
        qtbot.addWidget(table)
        table.show()
        asked: list[str] = []
        state.requested.connect(lambda command, _: asked.append(command))
        assert table.no_projects.isVisible()
        words = [b.text() for b in table.no_projects.findChildren(QPushButton)]
        assert words == ["Importeer het DIWI-Excelbestand", "Nieuw project", "Open het voorbeeld"]
        for button in table.no_projects.buttons:
            qtbot.mouseClick(button, LEFT)
        assert asked == ["import", "new_project", "open_demo"]
        state.close()


def test_a_past_day_shows_the_projects_of_then(qtbot: QtBot, table: ProjectTable, state: AppState) -> None:
    store = state.store
    assert isinstance(store.clock, FixedClock)
    then = store.clock.today()
    store.clock.moment = store.clock.moment.replace(year=2027)
    with store.act("Naam wijzigen") as act:
        act.set("project", table.model.id_at(0), "name", "Zzz anders")
    qtbot.waitUntil(lambda: table.model.shown[-1].name == "Zzz anders")
    state.set_moment(then)
    qtbot.waitUntil(lambda: table.model.shown[-1].name != "Zzz anders")
    state.set_moment(None)
    qtbot.waitUntil(lambda: table.model.shown[-1].name == "Zzz anders")
