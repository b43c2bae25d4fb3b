"""Editing in the small window, adding, realising and deleting."""

from collections.abc import Iterator
from datetime import date

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from diwi_desktop.gui.timeline.editor import ItemEditor
from diwi_desktop.model.codelists import code_list
from diwi_desktop.model.codes import MilestoneBasis, MilestoneState
from diwi_desktop.model.plan import Milestone
from tests.gui.timeline.conftest import Desk
from tests.stores import TODAY

KEY = Qt.Key
S = MilestoneState


@pytest.fixture(autouse=True)
def _closed(desk: Desk) -> Iterator[None]:
    yield
    if desk.widget.editor is not None:
        desk.widget.editor.close()


def milestone(desk: Desk, kind: str) -> Milestone:
    return next(m for m in desk.plan.milestones if m.type == kind)


def opened(desk: Desk) -> ItemEditor:
    editor = desk.widget.editor
    assert editor is not None
    assert editor.isVisible()
    return editor


def type_in(qtbot: QtBot, editor: ItemEditor, key: str, text: str) -> None:
    control = editor.inputs[key].control()
    control.selectAll()
    qtbot.keyClicks(control, text)


def test_a_double_click_edits_date_state_guard_and_note_as_one_act(desk: Desk, qtbot: QtBot) -> None:
    at = desk.canvas.place_of(desk.id("VERGUNNING_VERLEEND"))
    qtbot.mouseDClick(desk.canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    editor = opened(desk)
    seq = desk.store.seq
    type_in(qtbot, editor, "date", "15-4-2027")
    editor.inputs["state"].set_draft(S.PLANNED.value)
    type_in(qtbot, editor, "guard", "Noor")
    type_in(qtbot, editor, "note", "Na beroep")
    qtbot.keyClick(editor.inputs["note"].control(), KEY.Key_Return)
    found = milestone(desk, "VERGUNNING_VERLEEND")
    assert (found.date, found.state, found.guard, found.note) == (date(2027, 4, 15), S.PLANNED, "Noor", "Na beroep")
    assert found.basis is MilestoneBasis.HAND
    assert desk.store.seq == seq + 1
    assert desk.store.undo_name == "Mijlpaal wijzigen: Omgevingsvergunning verleend"
    assert desk.widget.editor is None
    assert desk.canvas.hasFocus()


@pytest.mark.parametrize("key", [KEY.Key_Return, KEY.Key_F2])
def test_keys_open_it_and_escape_leaves_without_a_change(desk: Desk, qtbot: QtBot, key: Qt.Key) -> None:
    desk.canvas.select(desk.id("START_BOUW"))
    seq = desk.store.seq
    desk.key(key)
    editor = opened(desk)
    type_in(qtbot, editor, "date", "1-1-2030")
    qtbot.keyClick(editor.inputs["date"].control(), KEY.Key_Escape)
    assert desk.widget.editor is None
    assert desk.store.seq == seq


def test_a_date_that_is_none_is_said_and_kept_on_the_screen(desk: Desk, qtbot: QtBot) -> None:
    desk.canvas.select(desk.id("START_BOUW"))
    desk.key(KEY.Key_F2)
    editor = opened(desk)
    type_in(qtbot, editor, "date", "31-2-2027")
    qtbot.keyClick(editor.inputs["date"].control(), KEY.Key_Return)
    assert opened(desk) is editor
    assert editor.message.isVisible()
    assert "geen datum" in editor.message.text.text()
    type_in(qtbot, editor, "date", "28-2-2028")
    editor.keep_button.click()
    assert desk.date("START_BOUW") == date(2028, 2, 28)


def test_g_says_it_is_realised_on_its_day_or_today(desk: Desk, qtbot: QtBot) -> None:
    desk.canvas.select(desk.id("ARCHITECT_BEKEND"))
    desk.key(KEY.Key_G)
    qtbot.keyClick(opened(desk).inputs["date"].control(), KEY.Key_Return)
    assert (milestone(desk, "ARCHITECT_BEKEND").state, desk.date("ARCHITECT_BEKEND")) == (
        S.REALIZED,
        date(2026, 10, 1),
    )
    desk.canvas.select(desk.id("VERGUNNING_VERLEEND"))
    desk.key(KEY.Key_G)
    qtbot.keyClick(opened(desk).inputs["date"].control(), KEY.Key_Return)
    found = milestone(desk, "VERGUNNING_VERLEEND")
    assert (found.state, found.date, found.basis) == (S.REALIZED, TODAY, MilestoneBasis.HAND)


def test_the_menu_realises_at_once(desk: Desk) -> None:
    item = desk.canvas.item(desk.id("ARCHITECT_BEKEND"))
    menu = desk.widget.menu_for(item, item.date)
    actions = {action.text(): action for action in menu.actions() if action.text()}
    assert {"Gerealiseerd op 01-10-2026", "Gerealiseerd op 21-11-2026", "Gerealiseerd op…"} <= actions.keys()
    actions["Gerealiseerd op 01-10-2026"].trigger()
    assert milestone(desk, "ARCHITECT_BEKEND").state is S.REALIZED
    assert desk.store.undo_name == "Gerealiseerd op 01-10-2026: Architect bekend"
    menu.close()


def test_insert_adds_a_milestone_of_a_chosen_type(desk: Desk, qtbot: QtBot) -> None:
    desk.canvas.select(desk.id("START_BOUW"))
    desk.key(KEY.Key_Insert)
    editor = opened(desk)
    assert editor.type is not None
    editor.keep()
    assert "Mijlpaal" in editor.message.text.text()
    editor.type.choose("BOUWRIJP")
    assert editor.type.currentText().strip() == "Locatie bouwrijp"
    type_in(qtbot, editor, "date", "1-9-2027")
    qtbot.keyClick(editor.inputs["date"].control(), KEY.Key_Return)
    found = milestone(desk, "BOUWRIJP")
    assert (found.date, found.state, found.basis) == (date(2027, 9, 1), S.PLANNED, MilestoneBasis.HAND)
    assert desk.canvas.selected.id == found.id
    assert desk.store.undo_name == "Mijlpaal toevoegen: Locatie bouwrijp"
    desk.store.undo()
    assert not [m for m in desk.plan.milestones if m.type == "BOUWRIJP"]


def test_every_type_can_be_chosen_once_and_headings_cannot(desk: Desk) -> None:
    desk.widget.add(TODAY)
    chooser = opened(desk).type
    keys = [chooser.itemData(n) for n in range(chooser.count())]
    assert sorted(key for key in keys if key) == sorted(code_list("milestone_type").by_key)
    for n, key in enumerate(keys):
        assert bool(chooser.model().item(n).flags() & Qt.ItemFlag.ItemIsEnabled) is bool(key)


def test_a_double_click_on_empty_space_adds_on_that_day(desk: Desk, qtbot: QtBot) -> None:
    at = QPoint(desk.canvas.width() - 20, round(desk.canvas.lanes_box.bottom()) - 3)
    qtbot.mouseDClick(desk.canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    assert opened(desk).inputs["date"].value() == desk.canvas.scale.date(at.x()).isoformat()


def test_delete_takes_it_away_and_undo_brings_it_back(desk: Desk) -> None:
    start = desk.id("START_BOUW")
    desk.canvas.select(start)
    desk.key(KEY.Key_Delete)
    assert desk.canvas.item(start) is None
    assert desk.store.undo_name == "Mijlpaal verwijderen: Start bouw woningen"
    desk.store.undo()
    QApplication.processEvents()
    assert desk.canvas.item(start) is not None


def test_a_delivery_has_its_number_too(desk: Desk, qtbot: QtBot) -> None:
    first = desk.plan.blocks[0].deliveries[0]
    desk.widget.edit(first.id)
    editor = opened(desk)
    assert list(editor.inputs) == ["date", "number", "state"]
    type_in(qtbot, editor, "number", "30")  # with the other 24 more than the block has
    qtbot.keyClick(editor.inputs["number"].control(), KEY.Key_Return)
    assert editor.message.isVisible()
    type_in(qtbot, editor, "number", "20")
    qtbot.keyClick(editor.inputs["number"].control(), KEY.Key_Return)
    assert desk.plan.blocks[0].deliveries[0].number == 20
