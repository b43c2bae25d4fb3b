"""The planning tab: the timeline and the milestones as a table."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from diwi_desktop.gui.fields.base import Input
from diwi_desktop.gui.fields.choice import ChoicePopup
from diwi_desktop.gui.fields.table import EntityTable
from diwi_desktop.gui.projectpage import ProjectPage
from diwi_desktop.gui.projectpage.page import Tab
from diwi_desktop.gui.projectpage.planning import basis_along
from diwi_desktop.quality.check import check_plan
from diwi_desktop.store import Store, queries

pytestmark = pytest.mark.qt_log_ignore("does not support raise", "grabbing the keyboard", "propagateSizeHints")


@pytest.fixture
def table(page: ProjectPage) -> EntityTable:
    page.show_tab(Tab.PLANNING)
    return page.planning.table


def row_of(table: EntityTable, kind: str) -> int:
    return next(place for place, row in enumerate(table.model.rows) if row["type"] == kind)


def test_the_timeline_is_made_when_first_shown(page: ProjectPage, table: EntityTable) -> None:
    assert page.planning.timeline is not None
    assert page.planning.timeline.isVisible()
    assert [row["date"] for row in table.model.rows] == sorted(row["date"] for row in table.model.rows)


def test_a_date_typed_in_the_table_is_one_act(qtbot, table: EntityTable, store: Store, projects) -> None:
    place = row_of(table, "PHASE_6_REALIZATION")
    grid, before = table.grid, store.seq
    grid.setFocus()
    grid.setCurrentIndex(table.model.index(place, 1))
    qtbot.keyClicks(grid, "1")  # typing starts editing
    edit = next(w for w in grid.findChildren(Input) if not w.property("closing")).control()
    edit.selectAll()
    qtbot.keyClicks(edit, "15032024")
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert store.seq == before + 1
    assert store.undo_name == "Datum wijzigen"
    qtbot.waitUntil(lambda: row_of(table, "PHASE_6_REALIZATION") == 1)
    store.undo()
    qtbot.waitUntil(lambda: row_of(table, "PHASE_6_REALIZATION") == place)


def test_a_milestone_is_added_by_keyboard(qtbot, table: EntityTable, store: Store, projects) -> None:
    table.grid.setFocus()
    qtbot.keyClick(table.grid, Qt.Key.Key_Insert)
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), ChoicePopup))
    popup = QApplication.activePopupWidget()
    assert isinstance(popup, ChoicePopup)
    qtbot.keyClicks(popup.filter, "principe")
    qtbot.keyClick(popup.filter, Qt.Key.Key_Return)
    place = len(table.model.rows) - 1
    assert table.model.rows[place]["type"] == "PRINCIPEAKKOORD"
    table.grid.setCurrentIndex(table.model.index(place, 1))
    qtbot.keyClick(table.grid, Qt.Key.Key_F2)
    edit = next(w for w in table.grid.findChildren(Input) if not w.property("closing")).control()
    qtbot.keyClicks(edit, "01-05-2026")
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    made = [m for m in queries.entities(store, "milestone", projects[0]) if m["type"] == "PRINCIPEAKKOORD"]
    assert [(m["date"], m["state"], m["basis"]) for m in made] == [("2026-05-01", "GEPLAND", "HAND")]
    assert store.undo_name == "Mijlpaal toevoegen"


def test_a_milestone_is_deleted_with_the_mouse(qtbot, table: EntityTable, store: Store, projects) -> None:
    place = table.grid.visualRect(table.model.index(0, 0)).center()
    qtbot.mouseClick(table.grid.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseClick(table.delete_button, Qt.MouseButton.LeftButton)
    kinds = [m["type"] for m in queries.entities(store, "milestone", projects[0])]
    assert "PHASE_1_CONCEPT" not in kinds
    assert store.undo_name == "Mijlpaal verwijderen"


def test_an_overdue_milestone_is_mended(page: ProjectPage, table: EntityTable, store: Store, projects) -> None:
    late = next(m for m in queries.entities(store, "milestone", projects[0]) if m["type"] == "STATUS_2A_VASTGESTELD")
    with store.act("Te laat") as act:
        act.set("milestone", late["id"], "date", "2026-05-01")
    finding = next(f for f in check_plan(store, projects[0]) if f.code == "milestone_overdue")
    assert page.jump(finding)
    assert table.chosen() == late["id"]
    assert "Is gerealiseerd" in table.message.text.text()
    table.message.text.linkActivated.emit("fix")
    row = queries.entity(store, "milestone", late["id"])
    assert row is not None
    assert row["state"] == "GEREALISEERD"


def test_the_next_step_leads_to_its_milestone(page: ProjectPage) -> None:
    page.overview._values["next"][1].linkActivated.emit(f"milestone:{page.data.next_milestone().id}")
    assert page.tabs.currentIndex() == Tab.PLANNING
    row = page.planning.table.model.rows[page.planning.table.grid.currentIndex().row()]
    assert row["type"] == "PHASE_5_PREPARATION"


def test_a_date_by_hand_is_no_longer_from_lead_times() -> None:
    row = {"id": "a", "basis": "DOORLOOPTIJD"}
    assert basis_along(row, "date", "2026-01-01") == {"basis": "HAND"}
    assert basis_along(row, "note", "x") == {}
    assert basis_along({"id": "a", "basis": "HAND"}, "date", "2026-01-01") == {}
