"""Moving with mouse and keys: a preview first, then one act, and undo as before."""

from datetime import date, timedelta
from unittest.mock import Mock

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from diwi_desktop.gui.timeline.canvas import QUIET_MS
from diwi_desktop.model.codes import MilestoneBasis
from diwi_desktop.model.derive import homes_per_year
from diwi_desktop.model.finding import UserError
from diwi_desktop.model.plan import Delivery
from tests.gui.timeline.conftest import Desk
from tests.stores import TODAY, Later

SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
KEY = Qt.Key


def test_the_permit_slips_four_months_and_what_follows_moves_along(desk: Desk) -> None:
    permit = desk.id("VERGUNNING_VERLEEND")
    before = desk.plan
    at = desk.canvas.place_of(permit)
    by = desk.pixels(122)
    desk.press(at)
    desk.move(at + by / 2, SHIFT)
    desk.move(at + by, SHIFT)
    draft = desk.canvas.draft
    assert draft is not None
    assert draft.follow
    days = draft.days
    assert abs(days - 122) <= 1 + 1 / desk.canvas.scale.per_day
    assert draft.to == date(2027, 3, 1) + timedelta(days=days)
    # Live, before the mouse is let go: 24 homes slip from 2028 to 2029.
    assert draft.changed == {2028: ((24, 0), (0, 0)), 2029: ((24, 0), (48, 0))}
    assert "2028: 24 → 0" in desk.widget.hint.text()
    assert "2029: 24 → 48" in desk.widget.hint.text()
    assert "4 andere schuiven mee" in desk.widget.hint.text()
    assert desk.plan == before

    desk.release(at + by, SHIFT)
    move = timedelta(days=days)
    assert desk.date("VERGUNNING_VERLEEND") == date(2027, 3, 1) + move
    assert desk.date("PHASE_6_REALIZATION") == date(2027, 9, 1) + move
    assert desk.date("START_BOUW") == date(2027, 9, 15) + move
    assert desk.date("STATUS_2A_VASTGESTELD") == date(2027, 2, 15)
    assert desk.date("GROND_VERWORVEN") == date(2027, 8, 1)
    assert desk.deliveries() == [date(2026, 2, 1), date(2028, 10, 1) + move, date(2029, 6, 1) + move]
    assert desk.plan.end_date == date(2030, 12, 31) + move
    assert homes_per_year(desk.plan.blocks) == {2026: (0, 12), 2029: (48, 0)}
    assert desk.store.undo_name == "Mijlpaal verplaatsen: Omgevingsvergunning verleend"
    # A day chosen by hand no longer comes from lead times.
    bases = {m.type: m.basis for m in desk.plan.milestones}
    assert bases["VERGUNNING_VERLEEND"] is MilestoneBasis.HAND
    assert bases["PHASE_6_REALIZATION"] is MilestoneBasis.LEAD_TIME

    desk.store.undo()
    assert desk.plan == before
    QApplication.processEvents()
    assert desk.canvas.item(permit).date == date(2027, 3, 1)


def test_without_shift_nothing_follows_and_shift_may_come_on_the_way(desk: Desk) -> None:
    permit = desk.id("VERGUNNING_VERLEEND")
    at = desk.canvas.place_of(permit)
    desk.press(at)
    desk.move(at + desk.pixels(60))
    assert not desk.canvas.draft.follow
    assert "Shift: wat volgt schuift mee" in desk.widget.hint.text()
    desk.key(KEY.Key_Shift, SHIFT)
    desk.move(at + desk.pixels(60), SHIFT)
    assert desk.canvas.draft.follow
    desk.move(at + desk.pixels(60))
    desk.release(at + desk.pixels(60))
    assert desk.date("START_BOUW") == date(2027, 9, 15)
    assert desk.date("VERGUNNING_VERLEEND") > date(2027, 4, 20)


def test_escape_leaves_everything_as_it_was(desk: Desk) -> None:
    before, seq = desk.plan, desk.store.seq
    at = desk.canvas.place_of(desk.id("START_BOUW"))
    desk.press(at)
    desk.move(at + desk.pixels(90), SHIFT)
    assert desk.canvas.draft is not None
    desk.key(KEY.Key_Escape)
    assert desk.canvas.draft is None
    desk.release(at + desk.pixels(90))
    assert (desk.plan, desk.store.seq) == (before, seq)


def test_a_click_selects_and_changes_nothing(desk: Desk) -> None:
    seq = desk.store.seq
    at = desk.canvas.place_of(desk.id("START_BOUW"))
    desk.press(at)
    desk.move(at + QPoint(2, 0))
    desk.release(at + QPoint(2, 0))
    assert desk.canvas.selected.title == "Start bouw woningen"
    assert desk.store.seq == seq
    assert desk.widget.hint.text() == "Start bouw woningen, gepland, 15 september 2027"
    assert desk.canvas.accessibleDescription() == "Start bouw woningen, gepland, 15 september 2027"
    assert desk.canvas.accessibleName() == "Tijdlijn van De Hoek"


def test_a_delivery_is_dragged_as_well(desk: Desk) -> None:
    first: Delivery = desk.plan.blocks[0].deliveries[0]
    at = desk.canvas.place_of(first.id)
    desk.press(at)
    desk.move(at + desk.pixels(150))
    assert 2029 in desk.canvas.draft.changed
    desk.release(at + desk.pixels(150))
    assert desk.store.undo_name == "Oplevering verplaatsen: Appartementen"
    assert homes_per_year(desk.plan.blocks)[2029] == (48, 0)


def test_dragging_empty_space_pans(desk: Desk) -> None:
    seq, first = desk.store.seq, desk.canvas.scale.first
    at = QPoint(desk.canvas.width() - 20, round(desk.canvas.lanes_box.bottom()) - 3)
    assert desk.canvas.placed_at(at.toPointF()) is None
    desk.press(at)
    desk.move(at - QPoint(100, 0))
    desk.release(at - QPoint(100, 0))
    assert desk.canvas.scale.first > first
    assert desk.store.seq == seq


def test_held_at_the_edge_the_view_moves_on(desk: Desk, qtbot: QtBot) -> None:
    at = desk.canvas.place_of(desk.id("START_BOUW"))
    edge = QPoint(desk.canvas.width() - 4, at.y())
    first = desk.canvas.scale.first
    desk.press(at)
    desk.move(edge)
    there = desk.canvas.draft.to
    qtbot.waitUntil(lambda: desk.canvas.draft.to > there + timedelta(days=60))
    assert desk.canvas.scale.first > first
    # Still under the pointer.
    assert abs(desk.canvas.scale.x(desk.canvas.draft.to) - edge.x()) < 8
    to = desk.canvas.draft.to
    desk.key(KEY.Key_Escape)
    assert desk.canvas.draft is None
    assert to > there


def test_a_change_elsewhere_does_not_break_a_series(desk: Desk, qtbot: QtBot) -> None:
    desk.canvas.select(desk.id("START_BOUW"))
    desk.key(KEY.Key_Right, CTRL)
    with desk.store.act("Elders") as act:
        act.set("milestone", desk.id("STATUS_2A_VASTGESTELD"), "note", "Raad")
    QApplication.processEvents()
    assert desk.canvas.draft.to == date(2027, 10, 15)
    desk.key(KEY.Key_Right)
    desk.key(KEY.Key_Return)
    assert desk.date("START_BOUW") == date(2027, 10, 16)


def test_a_series_of_arrow_keys_is_one_act(desk: Desk, qtbot: QtBot) -> None:
    desk.canvas.select(desk.id("START_BOUW"))
    seq = desk.store.seq
    for _ in range(3):
        desk.key(KEY.Key_Right)
    desk.key(KEY.Key_Right, CTRL)
    desk.key(KEY.Key_Left)
    assert desk.store.seq == seq
    assert desk.canvas.draft.to == date(2027, 10, 17)
    assert desk.canvas.accessibleDescription() == "Start bouw woningen, gepland, 17 oktober 2027"
    desk.key(KEY.Key_Return)
    assert desk.store.seq == seq + 1
    assert desk.date("START_BOUW") == date(2027, 10, 17)
    assert desk.deliveries()[1] == date(2028, 10, 1)
    desk.store.undo()
    assert desk.date("START_BOUW") == date(2027, 9, 15)


def test_a_series_of_keys_ends_by_itself(desk: Desk, qtbot: QtBot) -> None:
    desk.canvas.select(desk.id("START_BOUW"))
    desk.key(KEY.Key_Right, SHIFT)
    assert desk.canvas.draft.follow
    qtbot.waitUntil(lambda: desk.date("START_BOUW") == date(2027, 9, 16), timeout=QUIET_MS * 8)
    assert desk.deliveries()[1:] == [date(2028, 10, 2), date(2029, 6, 2)]


def test_leaving_the_timeline_ends_the_series(desk: Desk, qtbot: QtBot) -> None:
    other = QWidget(desk.widget)
    other.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    other.show()
    desk.canvas.select(desk.id("START_BOUW"))
    desk.key(KEY.Key_Right)
    other.setFocus()
    assert desk.date("START_BOUW") == date(2027, 9, 16)


def test_escape_takes_a_series_back_and_then_the_selection(desk: Desk) -> None:
    desk.canvas.select(desk.id("START_BOUW"))
    seq = desk.store.seq
    desk.key(KEY.Key_Right, CTRL)
    desk.key(KEY.Key_Escape)
    assert desk.canvas.draft is None
    assert desk.canvas.selected is not None
    desk.key(KEY.Key_Escape)
    assert desk.canvas.selected is None
    assert desk.store.seq == seq


def test_there_and_back_is_no_act(desk: Desk) -> None:
    desk.canvas.select(desk.id("START_BOUW"))
    seq = desk.store.seq
    desk.key(KEY.Key_Right)
    desk.key(KEY.Key_Left)
    desk.key(KEY.Key_Return)
    assert desk.store.seq == seq


def test_a_refused_move_is_said_and_changes_nothing(desk: Desk) -> None:
    desk.store.act = Mock(side_effect=UserError("De schijf is vol.", "The disk is full.", code="disk_full"))
    desk.canvas.select(desk.id("START_BOUW"))
    desk.key(KEY.Key_Right)
    desk.key(KEY.Key_Return)
    assert desk.widget.hint.text() == "De schijf is vol."
    assert desk.canvas.selected.date == date(2027, 9, 15)


def test_undo_in_the_middle_of_a_series_finds_an_act(desk: Desk, qtbot: QtBot) -> None:
    undo = QAction("Ongedaan maken", desk.widget)
    undo.setShortcut(QKeySequence.StandardKey.Undo)
    undo.triggered.connect(lambda _checked: desk.store.undo())
    desk.widget.addAction(undo)
    before, seq = desk.plan, desk.store.seq
    desk.canvas.select(desk.id("START_BOUW"))
    desk.key(KEY.Key_Right, CTRL)
    desk.key(KEY.Key_Z, CTRL)
    assert desk.store.seq == seq + 2
    assert desk.plan == before


def _nothing_moves(desk: Desk, said: str) -> None:
    seq = desk.store.seq
    at = desk.canvas.place_of(desk.id("START_BOUW"))
    desk.press(at)
    desk.move(at + desk.pixels(90))
    assert desk.canvas.draft is None
    assert said in desk.widget.hint.text()
    desk.release(at + desk.pixels(90))
    for key in (KEY.Key_Right, KEY.Key_Delete, KEY.Key_Insert, KEY.Key_G, KEY.Key_F2):
        desk.widget.hint.clear()
        desk.key(key)
        assert said in desk.widget.hint.text()
    assert desk.canvas.draft is None
    assert desk.widget.editor is None
    assert desk.store.seq == seq
    assert not desk.widget.add_button.isEnabled()
    menu = desk.widget.menu_for(desk.canvas.selected, TODAY)
    assert [a.text() for a in menu.actions() if a.text() and a.isEnabled()] == ["Alles passend"]
    menu.close()


def test_a_past_day_is_read_only_and_says_so(desk: Desk) -> None:
    Later(desk.store.clock).to(date(2026, 12, 24))
    desk.state.set_moment(date(2026, 12, 1))
    assert desk.canvas.today_word == "01-12-2026"
    _nothing_moves(desk, "U bekijkt een eerdere dag")
    desk.state.set_moment(date(2026, 11, 1))  # the project was not there yet
    assert desk.widget.plan is None
    desk.state.set_moment(None)
    assert desk.widget.add_button.isEnabled()


def test_a_store_opened_for_reading_is_read_only(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(desk.store), "read_only", True)
    desk.widget.reload()
    _nothing_moves(desk, "alleen om te lezen")
