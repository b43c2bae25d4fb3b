"""The canvas: moving about, what is drawn where, themes, the panel."""

import threading
from collections.abc import Callable

import pytest
import shapely
import shiboken6
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from diwi_desktop.gui import theme
from diwi_desktop.gui.map.canvas import MapCanvas
from diwi_desktop.gui.map.pool import TilePool
from diwi_desktop.gui.map.scene import BaseLayer, PlanShape
from diwi_desktop.gui.map.style import map_style
from tests.gui.map.conftest import SOUTH, WEST, Desk, parcel, plan

Key = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier


def colour(desk: Desk, x: float, y: float) -> QColor:
    """What is drawn on an RD point."""
    desk.settle()
    return desk.canvas.grab().toImage().pixelColor(desk.at(x, y))


def far(a: QColor, b: QColor) -> int:
    return abs(a.red() - b.red()) + abs(a.green() - b.green()) + abs(a.blue() - b.blue())


class TestMoving:
    def test_a_drag_takes_the_map_along(self, desk: Desk) -> None:
        before = desk.canvas.view
        desk.drag((WEST + 30, SOUTH + 45), (WEST + 80, SOUTH + 60))
        moved = desk.canvas.view
        scale = before.metres_per_pixel
        assert moved.centre[0] == pytest.approx(before.centre[0] - 50, abs=2 * scale)
        assert moved.centre[1] == pytest.approx(before.centre[1] - 15, abs=2 * scale)

    def test_a_drag_is_no_click(self, desk: Desk) -> None:
        desk.drag((WEST + 70, SOUTH + 20), (WEST + 90, SOUTH + 20))
        assert desk.canvas.plan_in_hand is None

    def test_the_wheel_zooms_about_the_pointer(self, desk: Desk) -> None:
        place = QPointF(200, 150)
        under = desk.canvas.view.to_world(place.x(), place.y())
        desk.wheel(place, 2)
        assert desk.canvas.view.metres_per_pixel == pytest.approx(0.5 * desk_scale(desk, -4), rel=0.01)
        assert desk.canvas.view.to_screen(*under) == pytest.approx((200, 150), abs=1)

    def test_small_turns_of_a_fine_wheel_add_up(self, desk: Desk) -> None:
        level = desk.canvas.view.level
        for _ in range(4):
            desk.wheel(QPointF(400, 300), 0.125)
        assert desk.canvas.view.level == level + 1

    def test_space_drags_whatever_the_tool(self, desk: Desk) -> None:
        desk.canvas.start_tool("draw")
        before = desk.canvas.view
        desk.qtbot.keyPress(desk.canvas, Key.Key_Space)
        desk.drag((WEST + 30, SOUTH + 45), (WEST + 80, SOUTH + 45))
        desk.qtbot.keyRelease(desk.canvas, Key.Key_Space)
        assert desk.canvas.view.left < before.left
        assert desk.canvas.tool.points == []

    def test_the_middle_button_drags_too(self, desk: Desk) -> None:
        before = desk.canvas.view
        desk.qtbot.mousePress(desk.canvas, Qt.MouseButton.MiddleButton, pos=QPoint(300, 300))
        desk.move_px(QPointF(340, 310))
        desk.qtbot.mouseRelease(desk.canvas, Qt.MouseButton.MiddleButton, pos=QPoint(340, 310))
        assert (desk.canvas.view.left, desk.canvas.view.top) == (before.left - 40, before.top - 10)

    def test_arrows_pan_and_plus_and_minus_zoom(self, desk: Desk) -> None:
        desk.canvas.setFocus()
        before = desk.canvas.view
        desk.keys(Key.Key_Right)
        assert desk.canvas.view.left == before.left + 80
        desk.keys(Key.Key_Up, modifier=SHIFT)
        assert desk.canvas.view.top == before.top - 320
        desk.keys(Key.Key_Plus)
        assert desk.canvas.view.level == before.level + 2
        desk.keys(Key.Key_Minus)
        assert desk.canvas.view.level == before.level

    def test_enter_chooses_the_plan_under_the_crosshair(self, desk: Desk) -> None:
        desk.canvas.zoom_to((WEST + 60, SOUTH, WEST + 80, SOUTH + 40))
        desk.canvas.setFocus()
        desk.keys(Key.Key_Right, Key.Key_Left, Key.Key_Return)
        assert desk.canvas.plan_in_hand.id == "B"

    def test_home_shows_everything(self, desk: Desk) -> None:
        desk.canvas.setFocus()
        desk.canvas.zoom(20)
        desk.keys(Key.Key_Home)
        xmin, ymin, xmax, ymax = desk.canvas.view.bounds
        assert xmin < WEST
        assert ymin < SOUTH
        assert xmax > WEST + 200
        assert ymax > SOUTH + 90

    def test_zooming_to_a_plan_before_the_window_is_shown(self, qtbot: QtBot) -> None:
        canvas = MapCanvas(workers=0)
        qtbot.addWidget(canvas)
        canvas.set_plans([plan("A", 0, 1)])
        canvas.zoom_to(plan("A", 0, 1).geometry)
        canvas.resize(500, 400)
        canvas.show()
        qtbot.waitUntil(canvas.is_settled)
        xmin, ymin, xmax, ymax = canvas.view.bounds
        assert xmin < WEST < WEST + 40 < xmax
        assert ymin < SOUTH < SOUTH + 40 < ymax
        assert xmax - xmin < 120

    def test_the_place_of_the_pointer_is_told(self, desk: Desk) -> None:
        with desk.qtbot.waitSignal(desk.canvas.cursor_moved) as signal:
            desk.move(WEST + 30, SOUTH + 45)
        assert signal.args == pytest.approx([WEST + 30, SOUTH + 45], abs=1)


def desk_scale(desk: Desk, steps: int) -> float:
    return desk.canvas.view.metres_per_pixel * 2 ** (-steps / 4)


class TestDrawing:
    def test_parcels_buildings_and_plans_lie_where_they_should(self, desk: Desk) -> None:
        style = map_style(theme.tokens("light"))
        desk.canvas.show_layer("labels", False)
        assert far(colour(desk, WEST + 110, SOUTH + 12), style.colour("map_land")) < 6
        assert far(colour(desk, WEST + 30, SOUTH + 45), style.colour("map_ground")) < 6
        assert far(colour(desk, WEST + 70, SOUTH + 10), style.colour("map_land")) > 40
        assert far(colour(desk, WEST + 8, SOUTH + 8), colour(desk, WEST + 30, SOUTH + 8)) > 20

    def test_a_layer_can_be_hidden(self, desk: Desk) -> None:
        style = map_style(theme.tokens("light"))
        desk.canvas.show_layer("labels", False)
        desk.canvas.show_layer("plans", False)
        assert far(colour(desk, WEST + 70, SOUTH + 10), style.colour("map_land")) < 6
        desk.canvas.show_layer("parcels", False)
        assert far(colour(desk, WEST + 70, SOUTH + 10), style.colour("map_ground")) < 6

    def test_colour_by_phase_and_by_status(self, desk: Desk) -> None:
        desk.canvas.show_layer("labels", False)
        by_phase = colour(desk, WEST + 70, SOUTH + 10)
        desk.canvas.set_style_by("status")
        assert far(by_phase, colour(desk, WEST + 70, SOUTH + 10)) > 30
        with pytest.raises(ValueError, match="colour"):
            desk.canvas.set_style_by("colour")

    def test_a_changed_plan_is_drawn_anew(self, desk: Desk) -> None:
        desk.canvas.show_layer("labels", False)
        before = colour(desk, WEST + 70, SOUTH + 10)
        desk.canvas.set_plans([plan("A", 0, 1), plan("B", 5, phase="_6_REALIZATION")])
        assert far(before, colour(desk, WEST + 70, SOUTH + 10)) > 30
        assert far(before, colour(desk, WEST + 110, SOUTH + 10)) < 60

    def test_the_plan_in_hand_stands_out(self, desk: Desk) -> None:
        edge = (WEST + 40, SOUTH + 20)
        before = colour(desk, *edge)
        desk.canvas.select(["A"])
        accent = map_style(theme.tokens("light")).colour("accent")
        assert far(colour(desk, *edge), accent) < 40 < far(before, accent)

    @pytest.mark.parametrize("name", theme.NAMES)
    def test_every_theme_has_a_map(self, desk: Desk, name: str) -> None:
        desk.canvas.set_theme(theme.tokens(name))
        desk.canvas.show_layer("labels", False)
        style = map_style(theme.tokens(name))
        assert style.name == name
        assert far(colour(desk, WEST + 30, SOUTH + 45), style.colour("map_ground")) < 6

    def test_a_plan_far_away_is_still_a_dot(self, desk: Desk) -> None:
        desk.canvas.show_layer("labels", False)
        desk.canvas.zoom_to((WEST - 9000, SOUTH - 9000, WEST + 9000, SOUTH + 9000))
        ground = map_style(theme.tokens("light")).colour("map_ground")
        assert far(colour(desk, WEST + 70, SOUTH + 20), ground) > 60

    def test_a_plan_without_an_area_is_no_trouble(self, desk: Desk) -> None:
        desk.canvas.set_plans([PlanShape("leeg", None, "Zonder gebied")])
        desk.canvas.select(["leeg"])
        desk.settle()
        assert desk.canvas.plan_in_hand.id == "leeg"
        assert not desk.canvas.start_tool("contour")
        assert desk.canvas.start_tool("parcels")

    def test_an_empty_map_shows(self, qtbot: QtBot) -> None:
        canvas = MapCanvas(workers=0)
        qtbot.addWidget(canvas)
        canvas.resize(400, 300)
        canvas.show()
        assert canvas.is_settled()
        ground = map_style(theme.tokens("light")).colour("map_ground")
        assert far(canvas.grab().toImage().pixelColor(200, 100), ground) < 6

    def test_tiles_stand_in_while_zooming(self, desk: Desk) -> None:
        desk.canvas.show_layer("labels", False)
        desk.settle()
        land = map_style(theme.tokens("light")).colour("map_land")
        place = desk.at(WEST + 110, SOUTH + 12)
        desk.wheel(QPointF(place), 2)
        # Not a turn of the event loop has passed: what is seen comes from the level before.
        assert not desk.canvas.is_settled()
        assert far(desk.canvas.grab().toImage().pixelColor(place), land) < 12

    def test_names_say_which_source(self, desk: Desk) -> None:
        desk.canvas.set_base(BaseLayer([parcel(0)], ["OTL02-B-1"], "Kadaster"), BaseLayer([], (), "Kadaster"))
        assert desk.canvas.attribution == "Kadaster"

    def test_a_selected_plan_seen_from_afar_stands_above_the_name_of_another(
        self, make_desk: Callable[..., Desk]
    ) -> None:
        middle = WEST + 500, SOUTH + 500
        large = shapely.box(middle[0] - 500, middle[1] - 500, middle[0] + 500, middle[1] + 500)
        small = shapely.box(middle[0] - 4, middle[1] - 4, middle[0] + 4, middle[1] + 4)
        made = make_desk(
            plan("A", 0, geometry=shapely.MultiPolygon([large]), label="Groot plan met een lange naam"),
            plan("B", 0, geometry=shapely.MultiPolygon([small])),
        )
        made.canvas.zoom_to((middle[0] - 1500, middle[1] - 1500, middle[0] + 1500, middle[1] + 1500))
        accent = made.canvas.map_style.colour("accent")
        assert far(colour(made, *middle), accent) > 60
        made.canvas.select(["B"])
        assert far(colour(made, *middle), accent) < 20
        made.settle()
        ring = made.at(*middle) - QPoint(7, 0)
        assert far(made.canvas.grab().toImage().pixelColor(ring), accent) < 60
        made.canvas.select(["A"])
        assert far(colour(made, *middle), accent) > 60


class TestPanel:
    def test_l_unfolds_the_panel(self, desk: Desk) -> None:
        desk.canvas.setFocus()
        assert not desk.canvas.panel.body.isVisible()
        desk.keys("l")
        assert desk.canvas.panel.body.isVisible()
        assert desk.canvas.rect().contains(desk.canvas.panel.geometry())
        desk.keys("l")
        assert not desk.canvas.panel.body.isVisible()

    def test_a_box_hides_a_layer(self, desk: Desk) -> None:
        desk.canvas.panel.fold.click()
        from PySide6.QtWidgets import QCheckBox

        style = map_style(theme.tokens("light"))
        desk.canvas.panel.findChild(QCheckBox, "labels").click()
        desk.canvas.panel.findChild(QCheckBox, "plans").click()
        assert far(colour(desk, WEST + 70, SOUTH + 10), style.colour("map_land")) < 6

    def test_the_legend_follows_what_colours_mean(self, desk: Desk) -> None:
        panel = desk.canvas.panel
        panel.fold.click()
        tall = panel.legend.sizeHint().height()
        assert any("Definitie" in words for *_, words in panel.legend._rows())
        from PySide6.QtWidgets import QRadioButton

        panel.findChild(QRadioButton, "status").click()
        assert desk.canvas.style_by == "status"
        assert panel.legend.sizeHint().height() < tall
        assert not any("Definitie" in words for *_, words in panel.legend._rows())

    @pytest.mark.parametrize("height", [220, 600])
    def test_why_a_base_map_does_not_come_is_in_sight_in_a_low_map_too(self, desk: Desk, height: int) -> None:
        canvas, trouble = desk.canvas, desk.canvas.panel.trouble
        canvas.resize(640, height)
        canvas.setFocus()
        desk.keys("l")
        canvas.panel.set_trouble("De kaartdienst is niet bereikbaar; wat eerder is opgehaald blijft zichtbaar.")
        desk.qtbot.waitUntil(lambda: trouble.visibleRegion().boundingRect() == trouble.rect())
        assert trouble.height() >= trouble.heightForWidth(trouble.width())
        assert canvas.rect().contains(canvas.panel.geometry())
        canvas.panel.set_trouble("")
        assert not trouble.isVisible()

    def test_a_click_on_the_panel_is_no_click_on_the_map(self, desk: Desk) -> None:
        panel = desk.canvas.panel
        panel.fold.click()
        with desk.qtbot.assertNotEmitted(desk.canvas.plan_clicked):
            desk.qtbot.mouseClick(panel, Qt.MouseButton.LeftButton, pos=QPoint(panel.width() - 3, 3))


def large_town() -> list[shapely.Polygon]:
    """Enough parcels for the map to ask for help."""
    corners = [(WEST + 8 * x, SOUTH + 8 * y) for x in range(70) for y in range(70)]
    return [shapely.box(x, y, x + 8, y + 8) for x, y in corners]


def with_workers(desk: Desk) -> TilePool:
    """Show a large town and wait for the processes."""
    town = large_town()
    with desk.qtbot.waitSignal(desk.canvas.base_ready):
        desk.canvas.set_base(BaseLayer(town, [f"A-{n}" for n in range(len(town))]), BaseLayer())
    pool = desk.canvas.drawing.made._pool
    desk.qtbot.waitUntil(lambda: pool.crew_ready, timeout=20_000)
    return pool


class TestWorkers:
    def test_processes_draw_what_the_window_would_draw(self, make_desk: Callable[..., Desk]) -> None:
        pictures = []
        for workers in (0, 1):
            desk = make_desk(plan("A", 0, 1), workers=workers)
            if workers:
                with_workers(desk)
                # Every tile again, this time by the workers.
                desk.canvas.set_theme(theme.tokens("light"))
            else:
                with desk.qtbot.waitSignal(desk.canvas.base_ready):
                    town = large_town()
                    desk.canvas.set_base(BaseLayer(town, [f"A-{n}" for n in range(len(town))]), BaseLayer())
            desk.canvas.zoom_to((WEST, SOUTH, WEST + 560, SOUTH + 560))
            desk.qtbot.waitUntil(desk.canvas.is_settled, timeout=20_000)
            pictures.append(desk.canvas.grab().toImage())
        assert pictures[0] == pictures[1]

    def test_plans_that_change_quickly_end_up_right(self, make_desk: Callable[..., Desk]) -> None:
        desk = make_desk(plan("A", 0), workers=2)
        with_workers(desk)
        desk.canvas.show_layer("labels", False)
        desk.canvas.zoom_to((WEST - 10, SOUTH - 10, WEST + 130, SOUTH + 100))
        for column in (1, 2, 3, 4, 5, 6, 5, 4, 3):
            desk.canvas.set_plans([plan("A", column)])
        desk.qtbot.waitUntil(desk.canvas.is_settled, timeout=20_000)
        inside, outside = colour(desk, WEST + 70, SOUTH + 34), colour(desk, WEST + 90, SOUTH + 34)
        assert far(inside, outside) > 30
        assert far(outside, map_style(theme.tokens("light")).colour("map_land")) < 12

    def test_a_killed_process_does_not_stop_the_map(self, make_desk: Callable[..., Desk]) -> None:
        desk = make_desk(plan("A", 0), workers=1)
        pool = with_workers(desk)
        (process,) = pool.crew.processes
        process.kill()
        desk.qtbot.waitUntil(lambda: pool.crew is None)
        desk.canvas.zoom(6)
        desk.settle()

    def test_of_two_processes_one_may_die(self, make_desk: Callable[..., Desk]) -> None:
        desk = make_desk(plan("A", 0), workers=2)
        pool = with_workers(desk)
        crew = pool.crew
        crew.processes[0].kill()
        desk.qtbot.waitUntil(lambda: len(crew.processes) == 1)
        desk.canvas.set_theme(theme.tokens("dark"))
        desk.qtbot.waitUntil(desk.canvas.is_settled, timeout=20_000)
        assert pool.crew is crew

    def test_closing_ends_the_processes(self, make_desk: Callable[..., Desk]) -> None:
        desk = make_desk(workers=2)
        pool = with_workers(desk)
        crew, processes = pool.crew, pool.crew.processes
        desk.canvas.close()
        crew.join()
        assert all(process.exitcode == 0 for process in processes)
        # A second time does no harm, nor does moving a closed map.
        desk.canvas.shutdown()
        desk.canvas.zoom(2)
        desk.canvas.set_base(BaseLayer(), BaseLayer())
        desk.canvas.set_plans([plan("A", 3)])

    def test_who_closes_the_map_does_not_wait_for_them(
        self, make_desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        desk = make_desk(workers=1)
        crew = with_workers(desk).crew
        go = threading.Event()
        dismiss = crew._dismiss
        monkeypatch.setattr(crew, "_dismiss", lambda: (go.wait(), dismiss()))
        desk.canvas.close()  # would never come back
        assert crew.processes
        go.set()
        crew.join()
        assert not crew.processes

    def test_deleting_the_map_ends_them_too(self, make_desk: Callable[..., Desk], qtbot: QtBot) -> None:
        desk = make_desk(workers=1)
        pool = with_workers(desk)
        crew, processes = pool.crew, pool.crew.processes
        shiboken6.delete(desk.canvas.drawing.made)
        crew.join()
        assert all(process.exitcode == 0 for process in processes)
        desk.canvas.drawing.made = None
