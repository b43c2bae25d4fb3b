"""Many plans are prepared beside the window; what did not change is not worked out again."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from diwi_desktop.gui.map import engine as engine_module
from diwi_desktop.gui.map.plans import Change, PlanSet
from diwi_desktop.gui.map.scene import PlanShape
from tests.gui.map.conftest import Desk, plan


def test_many_plans_come_later_and_the_last_ones_win(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(qtbot, [plan("A", 0)])
    monkeypatch.setattr(engine_module, "_AT_ONCE", 1)
    desk.canvas.set_plans([plan("A", 0), plan("B", 4)])
    desk.canvas.set_plans([plan("A", 0), plan("C", 5)])
    engine = desk.canvas.drawing.engine
    assert set(engine.plans.by_id) == {"A"}
    qtbot.waitUntil(lambda: set(engine.plans.by_id) == {"A", "C"})
    qtbot.waitUntil(desk.canvas.is_settled)
    # Fewer again, at once; what was still to come is not waited for.
    desk.canvas.set_plans([plan("A", 0), plan("D", 5), plan("E", 7)])
    desk.canvas.set_plans([plan("A", 0)])
    assert set(engine.plans.by_id) == {"A"}
    qtbot.waitUntil(desk.canvas.is_settled)
    assert set(engine.plans.by_id) == {"A"}


def test_a_change_tells_where_the_picture_differs_and_keeps_the_other_anchors() -> None:
    a, b = plan("A", 0), plan("B", 4)
    old = PlanSet([a, b])
    moved = plan("B", 6)
    change = Change([a, moved], old, "phase")
    assert change.where is not None
    assert sorted(change.where) == sorted([b.geometry.bounds, moved.geometry.bounds])
    fresh = PlanSet([a, moved])
    assert change.plans.anchors.tolist() == fresh.anchors.tolist()
    assert Change([a, b], old, "phase").where == []


def test_plans_are_drawn_in_the_same_order_however_they_came() -> None:
    a, b, c = plan("A", 0), plan("B", 4), plan("C", 6)
    assert [p.id for p in PlanSet([c, a, b]).drawn] == [p.id for p in PlanSet([a, b, c]).drawn]


def test_labels_stay_until_a_name_a_place_or_a_size_changes() -> None:
    plans = PlanSet([plan("A", 0), plan("B", 4)])

    def stay(*others: PlanShape) -> bool:
        return Change(others, plans, "phase").labels_stay

    assert stay(plan("A", 0, status="soft"), plan("B", 4))
    assert not stay(plan("A", 0, label="Anders"), plan("B", 4))
    assert not stay(plan("A", 0), plan("B", 5))
    assert not stay(plan("A", 0), plan("C", 4))
    assert not stay(plan("A", 0))
