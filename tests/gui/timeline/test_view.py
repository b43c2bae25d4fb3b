"""What is in view: scale and its limits, lanes, labels that never overlap, walking along with keys."""

from collections.abc import Callable
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from diwi_desktop.gui import theme
from diwi_desktop.gui.timeline import TimelineWidget
from diwi_desktop.gui.timeline.items import Lane, items_of, tooltip, words
from diwi_desktop.gui.timeline.layout import Layout, Sizes, lay_out
from diwi_desktop.gui.timeline.scale import MOST_PER_DAY, WIDEST_YEARS, YEAR_DAYS, Scale, Unit, cells, units
from diwi_desktop.model.codes import MilestoneBasis, MilestoneState
from diwi_desktop.model.plan import Milestone, Plan
from tests.gui.timeline.conftest import Desk, a_plan
from tests.stores import TODAY, add

KEY = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier


def test_the_wheel_zooms_about_the_pointer_from_decades_to_weeks(desk: Desk, wheel: Callable[..., None]) -> None:
    at = QPoint(500, 200)
    day = desk.canvas.scale.date(at.x())
    wheel(desk.canvas, at, 1)
    assert abs((desk.canvas.scale.date(at.x()) - day).days) <= 1
    for _ in range(60):
        wheel(desk.canvas, at, 1)
    assert desk.canvas.scale.per_day == MOST_PER_DAY
    assert units(desk.canvas.scale) == (Unit.MONTH, Unit.WEEK)
    assert abs((desk.canvas.scale.date(at.x()) - day).days) <= 1
    for _ in range(120):
        wheel(desk.canvas, at, -1)
    years = desk.canvas.scale.width / desk.canvas.scale.per_day / YEAR_DAYS
    assert years == pytest.approx(WIDEST_YEARS)
    assert units(desk.canvas.scale)[0].years > 1


def test_keys_and_buttons_zoom_pan_and_fit(desk: Desk, wheel: Callable[..., None]) -> None:
    whole = desk.canvas.scale
    desk.key(KEY.Key_Plus)
    assert desk.canvas.scale.per_day > whole.per_day
    desk.key(KEY.Key_Minus)
    assert desk.canvas.scale.per_day == pytest.approx(whole.per_day)
    desk.key(KEY.Key_Right)
    assert desk.canvas.scale.first > whole.first
    wheel(desk.canvas, QPoint(500, 200), 2, SHIFT)
    assert desk.canvas.scale.per_day == pytest.approx(whole.per_day)
    desk.widget.in_button.click()
    desk.widget.fit_button.click()
    assert desk.canvas.scale == whole
    for item in desk.canvas.items:
        assert whole.left <= whole.x(item.date) <= whole.right
    desk.key(KEY.Key_PageDown)
    desk.key(KEY.Key_PageDown)
    desk.key(KEY.Key_Home)
    assert desk.canvas.scale.left <= desk.canvas.scale.x(TODAY) <= desk.canvas.scale.right


def test_everything_stays_in_view_in_another_size_until_the_user_zooms(desk: Desk) -> None:
    desk.widget.resize(700, 300)
    QApplication.processEvents()
    scale = desk.canvas.scale
    assert all(scale.left <= scale.x(item.date) <= scale.right for item in desk.canvas.items)
    desk.canvas.zoom(2)
    per_day = desk.canvas.scale.per_day
    desk.widget.resize(1000, 300)
    QApplication.processEvents()
    assert desk.canvas.scale.per_day == per_day


def test_tab_and_arrows_walk_along_the_items_by_lane_and_date(desk: Desk) -> None:
    order = [item.id for item in desk.canvas.order()]
    assert [desk.canvas.item(id).lane for id in order] == sorted(
        (desk.canvas.item(id).lane for id in order), key=list(Lane).index
    )
    desk.canvas.select(None)
    seen = []
    for n in range(len(order)):
        desk.key(KEY.Key_Tab if n % 2 else KEY.Key_Down)
        seen.append(desk.canvas.selected.id)
    assert seen == order
    desk.key(KEY.Key_Up)
    assert desk.canvas.selected.id == order[-2]
    desk.key(KEY.Key_Backtab, SHIFT)
    assert desk.canvas.selected.id == order[-3]
    desk.canvas.select(order[-1])
    desk.key(KEY.Key_Tab)
    assert desk.canvas.selected is None
    assert not desk.canvas.hasFocus()


def test_a_selected_item_comes_into_view(desk: Desk) -> None:
    last = desk.canvas.order()[-1]
    for _ in range(12):
        desk.canvas.zoom(2, desk.canvas.scale.left)
    desk.canvas.select(last.id)
    assert desk.canvas.scale.left <= desk.canvas.scale.x(last.date) <= desk.canvas.scale.right


def test_a_lane_can_be_hidden(desk: Desk) -> None:
    desk.canvas.select(desk.id("START_BOUW"))
    desk.widget._lane_actions[Lane.MILESTONE].trigger()
    assert desk.canvas.selected is None
    assert Lane.MILESTONE not in {item.lane for item in desk.canvas.order()}
    with pytest.raises(KeyError):
        desk.canvas.place_of(desk.id("START_BOUW"))
    desk.widget._lane_actions[Lane.MILESTONE].trigger()
    assert desk.canvas.place_of(desk.id("START_BOUW"))


def test_hidden_lanes_stay_hidden_the_next_time(qtbot: QtBot, desk: Desk) -> None:
    for lane in (Lane.MILESTONE, Lane.STATUS):
        desk.widget._lane_actions[lane].trigger()
    again = TimelineWidget(desk.state)
    qtbot.addWidget(again)
    assert again.canvas.hidden == {Lane.MILESTONE, Lane.STATUS}
    assert not again._lane_actions[Lane.STATUS].isChecked()
    again._lane_actions[Lane.STATUS].trigger()
    again._lane_actions[Lane.MILESTONE].trigger()
    last = TimelineWidget(desk.state)
    qtbot.addWidget(last)
    assert last.canvas.hidden == set()


def test_another_project_and_changes_elsewhere_are_shown(desk: Desk) -> None:
    other = add(desk.store, Plan("Leeg", date(2026, 1, 1), date(2028, 1, 1)))
    desk.state.select([other])
    assert desk.canvas.items == []
    assert desk.canvas.accessibleName() == "Tijdlijn van Leeg"
    desk.state.select([])
    assert desk.widget.plan is None
    desk.state.select([desk.project])
    view = desk.canvas.scale
    with desk.store.act("Elders") as act:
        act.set("milestone", desk.id("START_BOUW"), "date", date(2027, 12, 1))
    desk.qtbot.waitUntil(lambda: desk.canvas.item(desk.id("START_BOUW")).date == date(2027, 12, 1))
    assert desk.canvas.scale == view


def test_a_place_is_said_in_words(desk: Desk) -> None:
    scale, below = desk.canvas.scale, desk.canvas.height() - 8
    assert desk.canvas.words_at(QPointF(scale.x(date(2028, 6, 1)), below)) == (
        "2028: 24 woningen gebouwd, 0 gesloopt, netto +24"
    )
    assert desk.canvas.words_at(QPointF(scale.x(date(2025, 6, 1)), below)) == ""
    at = desk.canvas.place_of(desk.id("START_BOUW")).toPointF()
    assert desk.canvas.words_at(at) == "Start bouw woningen, gepland, 15 september 2027\nNa de bouwvak"


def test_a_low_window_scrolls_its_lanes(desk: Desk) -> None:
    desk.widget.resize(420, 200)
    QApplication.processEvents()
    assert desk.canvas.overflow > 0
    assert desk.widget._bar.isVisible()
    last = desk.canvas.order()[-1]
    desk.canvas.select(last.id)
    assert desk.canvas.lanes_box.contains(desk.canvas.place_of(last.id).toPointF())


@pytest.mark.parametrize("name", theme.NAMES)
@pytest.mark.parametrize("zoom", [0.01, 0.5, 1.0, 4.0, 100.0])
def test_it_paints_in_every_theme_at_every_zoom(desk: Desk, qapp: QApplication, name: str, zoom: float) -> None:
    theme.apply(qapp, name, 1.3)
    desk.canvas.zoom(zoom)
    desk.canvas.select(desk.id("VERGUNNING_VERLEEND"))
    desk.canvas.start_move(desk.id("VERGUNNING_VERLEEND"), date(2027, 7, 1), follow=True)
    picture = desk.widget.grab().toImage()
    assert len({picture.pixel(x, y) for x in range(0, 1100, 7) for y in range(0, 400, 7)}) > 3
    desk.canvas.cancel()


def test_items_in_words() -> None:
    plan = a_plan()
    for n, m in enumerate(plan.milestones):
        m.id = str(n)
    found = {item.title: item for item in items_of(plan, TODAY)}
    permit = found["Omgevingsvergunning verleend"]
    assert words(permit) == "Omgevingsvergunning verleend, voorspeld, 1 maart 2027"
    assert permit.spread == (date(2026, 9, 1), date(2027, 11, 1))  # 12 months, 6 to 20
    assert "12 maanden (spreiding 6 tot 20), dus van 1 september 2026 tot 1 november 2027" in tooltip(permit)
    assert "Bron: aanname" in tooltip(permit)
    assert words(found["Architect bekend"]).endswith("gepland, 1 oktober 2026, datum voorbij")
    assert found["Grond verworven"].state is MilestoneState.ABORTED
    assert found["Grond verworven"].spread is None
    assert tooltip(found["Start bouw woningen"]).endswith("\nNa de bouwvak")
    assert words(found["Sloop flats, sloop van 12 woningen"]).endswith("gerealiseerd, 1 februari 2026")
    design = found["Start ontwerp"]
    assert (design.label, design.end) == ("4 Ontwerp", date(2027, 2, 1))
    assert found["Start realisatie"].end == plan.end_date


def test_units_cover_the_view_without_gaps() -> None:
    for per_day in (0.05, 0.11, 0.3, 1.2, 6.0, 24.0):
        scale = Scale.fit(date(2027, 1, 1), date(2028, 1, 1), 80, 900).zoomed(1e-6, 500)
        scale = scale.zoomed(per_day / scale.per_day, 500)
        for unit in (u for u in units(scale) if u is not None):
            found = list(cells(scale, unit))
            assert scale.x(found[0].start) <= scale.left
            assert scale.x(found[-1].end) >= scale.right
            assert all(one.end == other.start for one, other in pairwise(found))


def test_weeks_start_on_monday() -> None:
    scale = Scale.fit(date(2026, 12, 20), date(2027, 1, 20), 0, 900)
    for cell in cells(scale, Unit.WEEK):
        assert cell.start.weekday() == 0
        assert (cell.end - cell.start).days == 7


rows = st.lists(
    st.tuples(
        st.sampled_from(
            "PHASE_3_DEFINITION PHASE_4_DESIGN STATUS_2A_VASTGESTELD STATUS_3_IN_VOORBEREIDING"
            " START_BOUW VERGUNNING_VERLEEND ANTERIEURE_OVEREENKOMST BOUWRIJP".split()
        ),
        st.dates(date(2022, 1, 1), date(2032, 1, 1)),
        st.sampled_from(list(MilestoneState)),
    ),
    max_size=25,
)


def _no_overlap(found: Layout) -> None:
    marks = [p for p in found.placed if not p.bar]
    boxes = [(p, p.shape.united(p.text_box) if p.text else p.shape) for p in marks]
    for n, (one, box) in enumerate(boxes):
        for other, second in boxes[n + 1 :]:
            assert not box.adjusted(0.1, 0.1, -0.1, -0.1).intersects(second), (one.item.title, other.item.title)


@given(rows, st.floats(0.05, 24.0))
def test_labels_never_overlap(found: list[tuple[str, date, MilestoneState]], per_day: float) -> None:
    plan = Plan("x", date(2021, 1, 1), date(2033, 1, 1), id="p")
    plan.milestones = [
        Milestone(kind, day, state, MilestoneBasis.HAND, id=str(n)) for n, (kind, day, state) in enumerate(found)
    ]
    scale = Scale.fit(date(2021, 1, 1), date(2033, 1, 1), 80, 900)
    scale = scale.zoomed(per_day / scale.per_day, 400)

    def measure(text: str) -> float:
        return 7.0 * len(text)

    def elide(text: str, room: float) -> str:
        return text if measure(text) <= room else text[: max(0, int(room / 7) - 1)] + "…"

    _no_overlap(lay_out(items_of(plan, TODAY), scale, Sizes(20, 4, dict.fromkeys(Lane, 3)), measure, elide))
