"""The tools, worked with a real mouse and real keys."""

import math
from collections.abc import Callable
from dataclasses import replace

import pytest
import shapely
from PySide6.QtCore import QPointF, QRect, Qt

from tests.gui.map.conftest import SOUTH, WEST, Desk, designation, parcel, plan

ALT, SHIFT, CTRL = (
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
)
Key = Qt.Key


def take(desk: Desk, plan: str, key: str) -> None:
    """Choose a plan with the mouse and take up a tool with its key."""
    shape = desk.plans[plan].geometry
    assert shape is not None
    middle = shape.representative_point()
    desk.click(middle.x, middle.y)
    assert desk.canvas.plan_in_hand is desk.plans[plan]
    desk.keys(key)


class TestSelect:
    def test_a_click_chooses_the_plan_under_it(self, desk: Desk) -> None:
        with desk.qtbot.waitSignal(desk.canvas.plan_clicked) as signal:
            desk.click(WEST + 70, SOUTH + 20)
        assert signal.args == ["B"]

    def test_a_click_beside_all_plans_says_so(self, desk: Desk) -> None:
        desk.canvas.select(["A"])
        with desk.qtbot.waitSignal(desk.canvas.plan_clicked) as signal:
            desk.click(WEST + 30, SOUTH + 45)
        assert signal.args == [""]
        assert desk.canvas.plan_in_hand is None

    def test_ctrl_click_adds_to_the_selection(self, desk: Desk) -> None:
        with desk.qtbot.waitSignal(desk.canvas.plan_toggled) as signal:
            desk.click(WEST + 70, SOUTH + 20, CTRL)
        assert signal.args == ["B"]

    def test_what_a_click_will_do_is_said_before_it(self, desk: Desk) -> None:
        desk.move(WEST + 70, SOUTH + 20)
        assert desk.hints[-1] == "Klik om plan Plan B te kiezen."

    def test_of_two_plans_the_smaller_is_hit(self, make_desk) -> None:
        from tests.gui.map.conftest import plan

        desk = make_desk(plan("klein", 1), plan("groot", 0, 1, 2))
        assert desk.canvas.plan_at(*desk.canvas.view.to_screen(WEST + 30, SOUTH + 20)).id == "klein"


class TestParcels:
    def test_clicks_add_parcels_and_enter_proposes_them(self, desk: Desk) -> None:
        take(desk, "A", "p")
        desk.click(WEST + 50, SOUTH + 20)
        desk.click(WEST + 30, SOUTH + 70)
        assert not desk.proposals
        desk.keys(Key.Key_Return)
        (proposal,) = desk.proposals
        assert proposal.plan == "A"
        assert proposal.act == "Percelen kiezen"
        assert proposal.parcels == {designation(0), designation(1), designation(2), designation(1, 1)}
        assert proposal.geometry.area == pytest.approx(4 * 800)

    def test_a_second_click_takes_the_parcel_out_again(self, desk: Desk) -> None:
        take(desk, "A", "p")
        desk.click(WEST + 30, SOUTH + 20)
        desk.keys(Key.Key_Return)
        assert desk.proposals[-1].parcels == {designation(0)}
        assert desk.proposals[-1].geometry.equals(parcel(0))

    def test_the_running_area_and_its_change_are_shown(self, desk: Desk) -> None:
        take(desk, "A", "p")
        desk.click(WEST + 110, SOUTH + 20)
        desk.move(WEST + 130, SOUTH + 20)
        pointer = desk.canvas.pointing.pointer
        assert desk.canvas.tool.readout(pointer) == [
            f"perceel {designation(6)}: +800 m²",
            "3 percelen, 2.400 m²  (+800 m²)",
        ]

    def test_a_sweep_adds_everything_it_touches(self, desk: Desk) -> None:
        take(desk, "A", "p")
        desk.drag((WEST + 45, SOUTH + 20), (WEST + 45, SOUTH + 60), (WEST + 75, SOUTH + 60))
        desk.keys(Key.Key_Return)
        assert desk.proposals[-1].parcels == {
            designation(0),
            designation(1),
            designation(2),
            designation(2, 1),
            designation(3, 1),
        }

    def test_a_sweep_with_shift_takes_away(self, desk: Desk) -> None:
        take(desk, "A", "p")
        desk.drag((WEST + 30, SOUTH + 20), (WEST + 70, SOUTH + 20), modifier=SHIFT)
        desk.keys(Key.Key_Return)
        assert desk.proposals[-1].parcels == {designation(0)}

    def test_overlap_with_another_plan_is_told_in_square_metres(self, desk: Desk) -> None:
        take(desk, "A", "p")
        desk.click(WEST + 70, SOUTH + 20)
        assert desk.canvas.tool.alarm() == "Overlapt Plan B: 800 m²"

    def test_escape_drops_the_choice_and_then_leaves(self, desk: Desk) -> None:
        take(desk, "A", "p")
        desk.click(WEST + 50, SOUTH + 20)
        desk.keys(Key.Key_Escape)
        assert desk.canvas.tool.name == "parcels"
        assert not desk.canvas.tool.can_confirm()
        desk.keys(Key.Key_Escape)
        assert desk.canvas.tool.name == "select"
        assert not desk.proposals

    def test_without_a_plan_the_area_is_for_a_new_one(self, desk: Desk) -> None:
        desk.canvas.setFocus()
        desk.keys("p")
        desk.click(WEST + 110, SOUTH + 20)
        desk.keys(Key.Key_Return)
        assert desk.proposals[-1].plan is None
        assert desk.proposals[-1].parcels == {designation(5)}

    def test_the_last_parcel_can_be_taken_out_but_not_confirmed(self, desk: Desk) -> None:
        take(desk, "B", "p")
        desk.click(WEST + 70, SOUTH + 20)
        desk.keys(Key.Key_Return)
        assert not desk.proposals
        desk.click(WEST + 90, SOUTH + 20)
        desk.keys(Key.Key_Return)
        assert desk.proposals[-1].parcels == {designation(4)}

    def test_by_keyboard_alone(self, desk: Desk) -> None:
        desk.canvas.select(["A"])
        desk.canvas.setFocus()
        desk.keys("p")
        # The crosshair starts in the middle; up across the street, then Enter is a click.
        middle = desk.canvas.view.to_world(400, 300)
        desk.keys(Key.Key_Up, modifier=SHIFT)
        desk.keys(*[Key.Key_Up] * 3)
        place = desk.canvas.pointing.crosshair
        x, y = desk.canvas.view.to_world(place.x(), place.y())
        assert (x, y) == (
            pytest.approx(middle[0]),
            pytest.approx(middle[1] + 44 * desk.canvas.view.metres_per_pixel),
        )
        desk.keys(Key.Key_Return)
        assert not desk.proposals
        desk.keys(Key.Key_Return, modifier=CTRL)
        (proposal,) = desk.proposals
        wanted = next(
            designation(column, row)
            for row in (0, 1)
            for column in range(10)
            if parcel(column, row).contains(shapely.Point(x, y))
        )
        assert proposal.parcels == {designation(0), designation(1), wanted}


class TestContour:
    def test_a_dragged_corner_lands_exactly_on_a_parcel_corner(self, desk: Desk) -> None:
        take(desk, "A", "c")
        # Let go a metre and a half beside the corner of parcel 2 across the street.
        desk.drag((WEST + 40, SOUTH + 40), (WEST + 58, SOUTH + 45), (WEST + 61, SOUTH + 50.8))
        (proposal,) = desk.proposals
        assert proposal.act == "Contour slepen"
        corners = shapely.get_coordinates(proposal.geometry)
        assert np_has(corners, (WEST + 60, SOUTH + 50))
        assert not np_has(corners, (WEST + 40, SOUTH + 40))

    def test_the_snap_is_said_in_words(self, desk: Desk) -> None:
        take(desk, "A", "c")
        desk.press(WEST + 40, SOUTH + 40)
        desk.move_px(QPointF(desk.at(WEST + 50, SOUTH + 45)), held=True)
        desk.move_px(QPointF(desk.at(WEST + 60.5, SOUTH + 50.5)), held=True)
        found = desk.canvas.pointing.pointer.found
        assert desk.canvas.found_text(found) == f"hoek perceel {designation(2, 1)}"
        desk.move_px(QPointF(desk.at(WEST + 70.5, SOUTH + 50.5)), held=True)
        assert desk.canvas.found_text(desk.canvas.pointing.pointer.found) == f"grens perceel {designation(3, 1)}"

    def test_another_plan_is_snapped_to_where_no_parcel_is(self, make_desk) -> None:
        from tests.gui.map.conftest import plan

        island = shapely.MultiPolygon([shapely.box(WEST - 6, SOUTH + 60, WEST - 3, SOUTH + 70)])
        desk = make_desk(plan("A", 0), plan("C", 5, geometry=island, label="Eiland"))
        take(desk, "A", "c")
        desk.drag((WEST, SOUTH + 40), (WEST - 5, SOUTH + 58), (WEST - 5.6, SOUTH + 59.6))
        assert np_has(shapely.get_coordinates(desk.proposals[-1].geometry), (WEST - 6, SOUTH + 60))

    def test_alt_suspends_snapping(self, desk: Desk) -> None:
        take(desk, "A", "c")
        desk.drag((WEST + 40, SOUTH + 40), (WEST + 58, SOUTH + 45), (WEST + 60.6, SOUTH + 50.6), modifier=ALT)
        corners = shapely.get_coordinates(desk.proposals[-1].geometry)
        assert not np_has(corners, (WEST + 60, SOUTH + 50))
        assert min(math.dist(c, (WEST + 60.6, SOUTH + 50.6)) for c in corners.tolist()) < 0.3

    def test_an_edge_moves_square_to_itself_onto_the_next_border(self, desk: Desk) -> None:
        take(desk, "A", "c")
        desk.drag((WEST + 40, SOUTH + 15), (WEST + 50, SOUTH + 20), (WEST + 60.4, SOUTH + 24))
        assert desk.proposals[-1].geometry.equals(shapely.box(WEST, SOUTH, WEST + 60, SOUTH + 40))

    def test_each_finished_drag_is_one_proposal_on_the_new_shape(self, desk: Desk) -> None:
        take(desk, "A", "c")
        desk.drag((WEST + 40, SOUTH + 15), (WEST + 60.4, SOUTH + 24))
        desk.drag((WEST + 60, SOUTH + 40), (WEST + 60.4, SOUTH + 49.6))
        assert [proposal.act for proposal in desk.proposals] == ["Contour slepen"] * 2
        assert np_has(shapely.get_coordinates(desk.proposals[-1].geometry), (WEST + 60, SOUTH + 50))

    def test_a_double_click_on_an_edge_makes_a_corner(self, desk: Desk) -> None:
        take(desk, "A", "c")
        before = len(shapely.get_coordinates(desk.plans["A"].geometry))
        desk.double_click(WEST + 40, SOUTH + 17)
        assert desk.proposals[-1].act == "Hoekpunt toevoegen"
        assert len(shapely.get_coordinates(desk.proposals[-1].geometry)) == before + 1
        assert desk.proposals[-1].geometry.area == pytest.approx(1600, abs=1)

    def test_delete_removes_the_corner_under_the_pointer(self, desk: Desk) -> None:
        take(desk, "A", "c")
        desk.move(WEST + 40, SOUTH + 40)
        desk.keys(Key.Key_Delete)
        assert desk.proposals[-1].act == "Hoekpunt verwijderen"
        assert not np_has(shapely.get_coordinates(desk.proposals[-1].geometry), (WEST + 40, SOUTH + 40))

    def test_a_crossing_outline_is_refused_and_put_back(self, desk: Desk) -> None:
        take(desk, "A", "c")
        desk.drag((WEST + 40, SOUTH + 40), (WEST + 5, SOUTH - 6), modifier=ALT)
        assert not desk.proposals
        assert "kruist" in " ".join(desk.hints)
        assert desk.canvas.tool.draft.equals(desk.plans["A"].geometry)

    def test_a_drag_can_be_dropped_with_escape(self, desk: Desk) -> None:
        take(desk, "A", "c")
        desk.press(WEST + 40, SOUTH + 40)
        desk.move_px(QPointF(desk.at(WEST + 50, SOUTH + 45)), held=True)
        desk.keys(Key.Key_Escape)
        desk.qtbot.mouseRelease(desk.canvas, Qt.MouseButton.LeftButton, pos=desk.at(WEST + 50, SOUTH + 45))
        assert not desk.proposals
        assert desk.canvas.tool.name == "contour"

    def test_by_keyboard_alone(self, desk: Desk) -> None:
        desk.canvas.select(["A"])
        desk.canvas.setFocus()
        desk.keys("c")
        desk.keys(Key.Key_Tab, Key.Key_Tab, Key.Key_Backtab)
        tool = desk.canvas.tool
        x, y = tool._place(tool.selected)
        away = (1 if x > WEST + 20 else -1, 1 if y > SOUTH + 20 else -1)
        desk.keys(Key.Key_Right if away[0] > 0 else Key.Key_Left, modifier=SHIFT)
        desk.keys(*[Key.Key_Up if away[1] > 0 else Key.Key_Down] * 3)
        assert not desk.proposals
        desk.keys(Key.Key_Return)
        (proposal,) = desk.proposals
        assert np_has(shapely.get_coordinates(proposal.geometry), (x + away[0], y + 0.3 * away[1]))

    def test_s_snaps_the_chosen_corner(self, desk: Desk) -> None:
        desk.canvas.select(["A"])
        desk.canvas.setFocus()
        desk.keys("c", Key.Key_Tab)
        tool = desk.canvas.tool
        x, y = tool._place(tool.selected)
        away = Key.Key_Right if x > WEST + 20 else Key.Key_Left
        desk.keys(away, modifier=SHIFT)
        desk.keys("s")
        assert tool._place(tool.selected) == (x, y)
        desk.keys(Key.Key_Return)
        assert not desk.proposals

    def test_ten_taps_are_one_act_and_stepping_on_keeps_them(self, desk: Desk) -> None:
        desk.canvas.select(["A"])
        desk.canvas.setFocus()
        desk.keys("c", Key.Key_Tab)
        tool = desk.canvas.tool
        x, _ = tool._place(tool.selected)
        desk.keys(*[Key.Key_Right if x > WEST + 20 else Key.Key_Left] * 10)
        desk.keys(Key.Key_Tab)
        assert len(desk.proposals) == 1
        assert np_has(
            shapely.get_coordinates(desk.proposals[0].geometry), (x + (1 if x > WEST + 20 else -1), SOUTH)
        ) or np_has(shapely.get_coordinates(desk.proposals[0].geometry), (x + (1 if x > WEST + 20 else -1), SOUTH + 40))


class TestDraw:
    def test_a_new_area_snapped_point_by_point(self, desk: Desk) -> None:
        desk.canvas.setFocus()
        desk.keys("t")
        for x, y in ((80.4, 0.3), (119.7, -0.4), (120.2, 39.8), (79.8, 40.3)):
            desk.click(WEST + x, SOUTH + y)
        desk.keys(Key.Key_Return)
        (proposal,) = desk.proposals
        assert proposal.act == "Vlak tekenen"
        assert proposal.plan is None
        assert proposal.parcels is None
        assert proposal.geometry.equals(shapely.box(WEST + 80, SOUTH, WEST + 120, SOUTH + 40))

    def test_with_an_area_in_hand_it_is_added(self, desk: Desk) -> None:
        take(desk, "A", "t")
        for x, y in ((40, 0), (60, 0), (60, 40), (40, 40)):
            desk.click(WEST + x, SOUTH + y)
        desk.keys(Key.Key_Return)
        assert desk.proposals[-1].plan == "A"
        assert desk.proposals[-1].geometry.equals(shapely.box(WEST, SOUTH, WEST + 60, SOUTH + 40))

    def test_a_double_click_finishes(self, desk: Desk) -> None:
        desk.canvas.setFocus()
        desk.keys("t")
        desk.click(WEST + 80, SOUTH)
        desk.click(WEST + 100, SOUTH)
        desk.double_click(WEST + 100, SOUTH + 40)
        assert len(desk.proposals) == 1
        assert desk.proposals[0].geometry.area == pytest.approx(400)

    def test_a_click_on_the_first_point_finishes(self, desk: Desk) -> None:
        desk.canvas.setFocus()
        desk.keys("t")
        for x, y in ((80, 0), (100, 0), (100, 40), (80, 0)):
            desk.click(WEST + x, SOUTH + y)
        assert desk.proposals[-1].geometry.area == pytest.approx(400)

    def test_backspace_takes_the_last_point_away(self, desk: Desk) -> None:
        desk.canvas.setFocus()
        desk.keys("t")
        for x, y in ((80, 0), (100, 0), (120, 40)):
            desk.click(WEST + x, SOUTH + y)
        desk.keys(Key.Key_Backspace)
        desk.click(WEST + 100, SOUTH + 40)
        desk.keys(Key.Key_Return)
        assert desk.proposals[-1].geometry.area == pytest.approx(400)

    def test_overlap_is_shown_while_drawing(self, desk: Desk) -> None:
        desk.canvas.setFocus()
        desk.keys("t")
        for x, y in ((40, 0), (80, 0), (80, 40)):
            desk.click(WEST + x, SOUTH + y)
        desk.move(WEST + 40, SOUTH + 40)
        assert desk.canvas.tool.alarm() == "Overlapt Plan B: 800 m²"

    def test_a_crossing_shape_is_refused_with_the_reason(self, desk: Desk) -> None:
        desk.canvas.setFocus()
        desk.keys("t")
        for x, y in ((80, 0), (120, 40), (120, 0), (80, 40)):
            desk.click(WEST + x, SOUTH + y)
        desk.keys(Key.Key_Return)
        assert not desk.proposals
        assert "kruist" in desk.hints[-1]
        assert len(desk.canvas.tool.points) == 4

    def test_two_points_are_no_area(self, desk: Desk) -> None:
        desk.canvas.setFocus()
        desk.keys("t")
        desk.click(WEST + 80, SOUTH)
        desk.click(WEST + 100, SOUTH)
        desk.keys(Key.Key_Return)
        assert not desk.proposals

    def test_escape_drops_the_points(self, desk: Desk) -> None:
        desk.canvas.setFocus()
        desk.keys("t")
        desk.click(WEST + 80, SOUTH)
        desk.keys(Key.Key_Escape)
        assert desk.canvas.tool.points == []
        desk.keys(Key.Key_Escape)
        assert desk.canvas.tool.name == "select"

    def test_by_keyboard_alone(self, desk: Desk) -> None:
        desk.canvas.setFocus()
        desk.keys("t")
        desk.keys(Key.Key_Return)  # no crosshair yet, nothing to confirm
        desk.keys(*[Key.Key_Right] * 2)
        desk.keys(Key.Key_Return)
        desk.keys(*[Key.Key_Right] * 4, modifier=SHIFT)
        desk.keys(Key.Key_Return)
        desk.keys(*[Key.Key_Down] * 3, modifier=SHIFT)
        desk.keys(Key.Key_Return)
        assert len(desk.canvas.tool.points) == 3
        desk.keys(Key.Key_Return)  # again at the same place finishes, as a double click does
        assert len(desk.proposals) == 1


class TestCut:
    def test_the_smaller_side_goes_and_enter_cuts(self, desk: Desk) -> None:
        take(desk, "A", "k")
        desk.click(WEST + 20, SOUTH - 6)
        desk.click(WEST + 27, SOUTH + 46)
        desk.keys(Key.Key_Return)
        tool = desk.canvas.tool
        assert len(tool.pieces) == 2
        assert not desk.proposals
        desk.keys(Key.Key_Return)
        (proposal,) = desk.proposals
        assert proposal.act == "Knippen"
        assert 800 < proposal.geometry.area < 1200

    def test_a_click_turns_the_choice_round(self, desk: Desk) -> None:
        take(desk, "A", "k")
        desk.click(WEST + 20, SOUTH - 6)
        desk.click(WEST + 27, SOUTH + 46)
        desk.keys(Key.Key_Return)
        left, right = (WEST + 10, SOUTH + 20), (WEST + 35, SOUTH + 20)
        desk.click(*left)
        desk.click(*right)
        desk.keys(Key.Key_Return)
        kept = desk.proposals[-1].geometry
        assert kept.area < 800
        assert kept.contains(shapely.Point(right))
        assert not kept.contains(shapely.Point(left))

    def test_everything_cannot_go(self, desk: Desk) -> None:
        take(desk, "A", "k")
        desk.click(WEST + 20, SOUTH - 6)
        desk.double_click(WEST + 20, SOUTH + 46)
        tool = desk.canvas.tool
        for piece in list(tool.pieces):
            point = piece.representative_point()
            if tool.pieces.index(piece) not in tool.dropped:
                desk.click(point.x, point.y)
        desk.keys(Key.Key_Return)
        assert not desk.proposals

    def test_a_drawn_shape_is_cut_out(self, desk: Desk) -> None:
        take(desk, "A", "k")
        desk.canvas.zoom_to((WEST - 5, SOUTH - 5, WEST + 45, SOUTH + 45))
        for x, y in ((10, 10), (30, 10), (30, 30), (10, 30), (10, 10)):
            desk.drag((WEST + x, SOUTH + y), (WEST + x, SOUTH + y), modifier=ALT)
        desk.keys(Key.Key_Return)
        cut = desk.proposals[-1].geometry
        assert len(cut.geoms[0].interiors) == 1
        assert cut.area == pytest.approx(1600 - 400, abs=15)

    def test_a_line_that_misses_says_so(self, desk: Desk) -> None:
        take(desk, "A", "k")
        desk.click(WEST + 5, SOUTH + 10)
        desk.click(WEST + 15, SOUTH + 10)
        desk.keys(Key.Key_Return)
        assert desk.hints[-1].startswith("De snijlijn deelt het plangebied niet")
        # It stays until the user does something else.
        desk.move(WEST + 30, SOUTH + 45)
        assert desk.hints[-1].startswith("De snijlijn deelt het plangebied niet")
        desk.click(WEST + 20, SOUTH - 6)
        assert desk.hints[-1] == "Klik verder; Enter of dubbelklik sluit de lijn af."

    def test_escape_returns_to_the_line_and_then_leaves(self, desk: Desk) -> None:
        take(desk, "A", "k")
        desk.click(WEST + 20, SOUTH - 6)
        desk.double_click(WEST + 20, SOUTH + 46)
        desk.keys(Key.Key_Escape)
        assert desk.canvas.tool.pieces == []
        desk.keys(Key.Key_Escape)
        assert desk.canvas.tool.name == "select"
        assert not desk.proposals


class TestMeanwhile:
    """The map is refreshed while something is being drawn: by a sync, an import, another panel."""

    def test_points_stay_when_another_plan_changes(self, desk: Desk) -> None:
        desk.canvas.setFocus()
        desk.keys("t")
        for x, y in ((40, 0), (80, 0), (80, 40)):
            desk.click(WEST + x, SOUTH + y)
        desk.move(WEST + 40, SOUTH + 40)
        desk.plans.pop("B")
        desk.canvas.set_plans(list(desk.plans.values()))
        assert len(desk.canvas.tool.points) == 3
        assert desk.canvas.tool.alarm() == ""
        desk.click(WEST + 40, SOUTH + 40)
        desk.keys(Key.Key_Return)
        assert desk.proposals[-1].geometry.area == pytest.approx(1600)

    def test_chosen_parcels_stay_when_another_plan_changes(self, desk: Desk) -> None:
        take(desk, "A", "p")
        desk.click(WEST + 50, SOUTH + 20)
        desk.plans.pop("B")
        desk.canvas.set_plans(list(desk.plans.values()))
        assert len(desk.canvas.tool.chosen) == 3

    def test_a_sketch_on_a_plan_that_changed_itself_starts_again(self, desk: Desk) -> None:
        from tests.gui.map.conftest import plan

        take(desk, "A", "p")
        desk.click(WEST + 50, SOUTH + 20)
        desk.plans["A"] = plan("A", 0)
        desk.canvas.set_plans(list(desk.plans.values()))
        assert desk.canvas.tool.chosen == {0}
        assert not desk.canvas.tool.can_confirm()

    def test_a_late_answer_does_not_break_the_next_drag(self, desk: Desk) -> None:
        take(desk, "A", "c")
        old = list(desk.plans.values())
        desk.drag((WEST + 40, SOUTH + 15), (WEST + 60.4, SOUTH + 24))
        desk.press(WEST + 60, SOUTH + 40)
        desk.move_px(QPointF(desk.at(WEST + 60, SOUTH + 46)), held=True)
        desk.canvas.tool._before.append(old[0].geometry)
        desk.canvas.set_plans(old)
        desk.move_px(QPointF(desk.at(WEST + 60.3, SOUTH + 49.7)), held=True)
        desk.qtbot.mouseRelease(desk.canvas, Qt.MouseButton.LeftButton, pos=desk.at(WEST + 60.3, SOUTH + 49.7))
        assert np_has(shapely.get_coordinates(desk.proposals[-1].geometry), (WEST + 60, SOUTH + 50))

    def test_a_refused_proposal_shows_the_plan_as_it_is(self, desk: Desk) -> None:
        desk.canvas.area_proposed.disconnect()
        desk.canvas.area_proposed.connect(lambda _: desk.canvas.set_plans(list(desk.plans.values())))
        take(desk, "A", "c")
        desk.drag((WEST + 40, SOUTH + 40), (WEST + 61, SOUTH + 50.8))
        assert desk.canvas.tool.draft.equals(desk.plans["A"].geometry)


class TestMoments:
    def test_a_past_day_refuses_tools_in_a_sentence(self, desk: Desk) -> None:
        desk.canvas.select(["A"])
        desk.canvas.set_read_only(True)
        for name in ("parcels", "contour", "draw", "cut"):
            assert not desk.canvas.start_tool(name)
            assert desk.hints[-1] == (
                "De kaart staat op een eerdere dag en is alleen om te lezen; ga naar vandaag om te tekenen."
            )
        assert desk.canvas.start_tool("select")

    def test_turning_to_a_past_day_puts_the_tool_away(self, desk: Desk) -> None:
        take(desk, "A", "c")
        desk.canvas.set_read_only(True)
        assert desk.canvas.tool.name == "select"

    def test_tools_for_an_area_need_one(self, desk: Desk) -> None:
        assert not desk.canvas.start_tool("contour")
        assert desk.hints[-1] == "Kies eerst een plan met een plangebied."
        visible = {a.data() for a in desk.canvas.toolbox.tools if a.isVisible()}
        assert visible == {"select", "parcels", "draw"}
        desk.canvas.select(["A"])
        visible = {a.data() for a in desk.canvas.toolbox.tools if a.isVisible()}
        assert visible == {"select", "parcels", "contour", "draw", "cut"}

    def test_without_parcels_there_are_none_to_choose(self, qtbot) -> None:
        from diwi_desktop.gui.map.canvas import MapCanvas

        canvas = MapCanvas(workers=0)
        qtbot.addWidget(canvas)
        said = []
        canvas.hint_changed.connect(said.append)
        assert not canvas.start_tool("parcels")
        assert said[-1] == "Er zijn nog geen percelen; importeer eerst de kadastrale kaart."

    def test_losing_the_plan_puts_the_tool_away(self, desk: Desk) -> None:
        take(desk, "A", "c")
        desk.canvas.select([])
        assert desk.canvas.tool.name == "select"

    def test_every_action_has_icon_word_and_key(self, desk: Desk) -> None:
        for action in desk.canvas.toolbox.tools:
            assert action.text()
            assert not action.icon().isNull()
            assert action.shortcut().toString() in action.toolTip()

    def test_the_map_describes_itself(self, desk: Desk) -> None:
        take(desk, "A", "p")
        desk.click(WEST + 50, SOUTH + 20)
        desk.qtbot.waitUntil(lambda: "Percelen kiezen" in desk.canvas.accessibleDescription())
        assert "3 percelen gekozen" in desk.canvas.accessibleDescription()


def np_has(corners, point) -> bool:
    """Whether a corner lies on the point to the millimetre."""
    return min(math.dist(corner, point) for corner in corners.tolist()) <= 0.001


@pytest.mark.parametrize("key", ["v", "p", "c"])
def test_names_stand_above_the_outline_of_the_plan_in_hand(make_desk: Callable[..., Desk], key: str) -> None:
    long = replace(plan("B", 2, 3, 4), label="Een naam die veel langer is dan het plan zelf breed is op de kaart")
    desk = make_desk(plan("A", 0, 1), long)
    desk.canvas.select(["B"])
    desk.settle()
    before = desk.canvas.grab().toImage()
    take(desk, "A", key)
    desk.move(WEST + 150, SOUTH + 45)
    desk.settle()
    after = desk.canvas.grab().toImage()
    middle = desk.at(WEST + 70, SOUTH + 20)
    ratio = before.devicePixelRatio()
    box = QRect(middle.x() - 230, middle.y() - 9, 460, 18)
    ink = [
        (x, y)
        for x in range(round(box.left() * ratio), round(box.right() * ratio))
        for y in range(round(box.top() * ratio), round(box.bottom() * ratio))
        if before.pixelColor(x, y).lightnessF() < 0.2
    ]
    assert len(ink) > 300, "there is a name"
    lost = [at for at in ink if after.pixelColor(*at).lightnessF() > 0.35]
    assert not lost
