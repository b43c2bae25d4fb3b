"""All projects against time: read, chosen with mouse and keys, quick with many."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from diwi_desktop.gui import jobs
from diwi_desktop.gui.state import AppState
from diwi_desktop.gui.timeline import PlanningPanel, PortfolioTimeline
from diwi_desktop.gui.timeline.panel import ALL, PROJECT
from diwi_desktop.gui.timeline.portfolio.lines import line_of, total
from diwi_desktop.model.codes import MilestoneState
from diwi_desktop.model.derive import LAPSED
from diwi_desktop.model.moment import Moment
from diwi_desktop.model.plan import Milestone
from diwi_desktop.store.plans import write_plan
from tests.gui.timeline.conftest import a_plan
from tests.stores import TODAY, add, new_store

KEY = Qt.Key
MANY = 300


@pytest.fixture
def portfolio(qtbot: QtBot, tmp_path: Path) -> Iterator[PortfolioTimeline]:
    store = new_store(tmp_path / "a.diwi")
    with store.act("Veel") as act:
        for n in range(MANY):
            write_plan(act, a_plan(f"Plan {n:03}"))
    state = AppState(store)
    widget = PortfolioTimeline(state)
    qtbot.addWidget(widget)
    widget.resize(1000, 500)
    widget.show()
    qtbot.waitUntil(lambda: len(widget.lines) == MANY)
    yield widget
    widget.close()
    assert jobs.stop_all()
    state.close()
    store.close()


def test_only_the_rows_in_view_are_painted(portfolio: PortfolioTimeline) -> None:
    portfolio.grab()
    assert 0 < portfolio.canvas.painted_rows < 20
    portfolio.canvas.scroll_to(10_000_000)
    portfolio.grab()
    assert 0 < portfolio.canvas.painted_rows < 20


def test_a_click_selects_the_project(portfolio: PortfolioTimeline, qtbot: QtBot) -> None:
    at = QPoint(400, round(portfolio.canvas.rows_box.top() + 2.5 * portfolio.canvas.row))
    qtbot.mouseClick(portfolio.canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    assert portfolio._state.selection == [portfolio.lines[2].id]


def test_keys_walk_and_keep_the_row_in_view(portfolio: PortfolioTimeline, qtbot: QtBot) -> None:
    state, canvas = portfolio._state, portfolio.canvas
    opened: list[object] = []
    state.register("show_panel", opened.append)
    qtbot.keyClick(canvas, KEY.Key_Down)
    qtbot.keyClick(canvas, KEY.Key_Down)
    assert state.project == portfolio.lines[1].id
    qtbot.keyClick(canvas, KEY.Key_End)
    assert state.project == portfolio.lines[-1].id
    assert canvas.scrolled == canvas.overflow
    qtbot.keyClick(canvas, KEY.Key_PageUp)
    qtbot.keyClick(canvas, KEY.Key_Home)
    assert state.project == portfolio.lines[0].id
    assert canvas.scrolled == 0
    assert canvas.accessibleDescription().startswith(
        "Plan 000, fase 4 Ontwerp, netto 36 woningen, oplevering 2026: −12"
    )
    qtbot.keyClick(canvas, KEY.Key_Return)
    assert opened == ["page"]


def test_a_selection_made_elsewhere_comes_into_view(portfolio: PortfolioTimeline) -> None:
    portfolio._state.select([portfolio.lines[150].id])
    top = 150 * portfolio.canvas.row - portfolio.canvas.scrolled
    assert 0 <= top <= portfolio.canvas.rows_box.height()


def test_a_change_shows_at_its_project(portfolio: PortfolioTimeline, qtbot: QtBot) -> None:
    line, store = portfolio.lines[3], portfolio._state.store
    with store.act("Naam") as act:
        act.set("project", line.id, "name", "Plan 000a")
    qtbot.waitUntil(lambda: portfolio.lines[1].name == "Plan 000a")
    assert len(portfolio.lines) == MANY
    with store.act("Weg") as act:
        act.delete("project", line.id)
    qtbot.waitUntil(lambda: len(portfolio.lines) == MANY - 1)


def test_zoom_by_wheel_and_order_by_delivery(
    portfolio: PortfolioTimeline, qtbot: QtBot, wheel: Callable[..., None]
) -> None:
    before = portfolio.canvas.scale.per_day
    wheel(portfolio.canvas, QPoint(600, 200), 3)
    assert portfolio.canvas.scale.per_day > before
    wheel(portfolio.canvas, QPoint(20, 200), -2)
    assert portfolio.canvas.scrolled > 0
    portfolio.order.setCurrentIndex(2)
    firsts = [line.first_delivery for line in portfolio.lines]
    assert firsts == sorted(firsts)


def test_all_projects_fill_the_view_at_every_width_until_someone_chooses_another(
    portfolio: PortfolioTimeline, qtbot: QtBot, wheel: Callable[..., None]
) -> None:
    canvas = portfolio.canvas

    def filled() -> float:
        """How much of the view lies before the last day of any project."""
        return (
            (max(line.end for line in canvas.lines).toordinal() - canvas.scale.first)
            * canvas.scale.per_day
            / (canvas.scale.width)
        )

    assert 0.8 < filled() <= 1
    for width in (420, 1300):
        portfolio.resize(width, 500)
        qtbot.waitUntil(lambda w=width: canvas.width() > w - 40)
        assert 0.8 < filled() <= 1
    wheel(canvas, QPoint(600, 200), -3)
    chosen = canvas.scale
    portfolio.resize(1000, 500)
    qtbot.waitUntil(lambda: canvas.width() < 1010)
    assert (canvas.scale.first, canvas.scale.per_day) == (chosen.first, chosen.per_day)
    qtbot.keyClick(canvas, KEY.Key_0)
    assert 0.8 < filled() <= 1
    qtbot.keyClick(canvas, KEY.Key_Left)
    panned = canvas.scale.first
    portfolio.resize(1300, 500)
    qtbot.waitUntil(lambda: canvas.width() > 1200)
    assert canvas.scale.first == panned


def test_a_past_day_is_shown_as_it_was(portfolio: PortfolioTimeline, qtbot: QtBot) -> None:
    portfolio._state.set_moment(date(2026, 11, 1))
    qtbot.waitUntil(lambda: portfolio.lines == [])
    portfolio._state.set_moment(None)
    qtbot.waitUntil(lambda: len(portfolio.lines) == MANY)


def test_the_panel_switches_between_one_and_all(qtbot: QtBot, tmp_path: Path) -> None:
    store = new_store(tmp_path / "b.diwi")
    add(store, a_plan("Plan A"))
    second = add(store, a_plan("Plan B"))
    state = AppState(store)
    panel = PlanningPanel(state)
    qtbot.addWidget(panel)
    panel.resize(900, 400)
    panel.show()
    qtbot.waitExposed(panel)
    assert panel.page == ALL
    qtbot.waitUntil(lambda: len(panel.all.lines) == 2)
    at = QPoint(400, round(panel.all.canvas.rows_box.top() + 1.5 * panel.all.canvas.row))
    qtbot.mouseDClick(panel.all.canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    assert (panel.page, state.selection) == (PROJECT, [second])
    assert panel.project.plan.name == "Plan B"
    button = panel._switches[0].buttons()[ALL]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert panel.page == ALL
    assert panel._switches[1].checked() == ALL
    panel.close()
    assert jobs.stop_all()
    state.close()
    store.close()


def test_a_line_by_hand() -> None:
    plan = a_plan()
    line = line_of(plan, Moment(None, TODAY, TODAY))
    assert [(d, n, s) for d, n, s in line.deliveries] == [
        (date(2026, 2, 1), -12, MilestoneState.REALIZED),
        (date(2028, 10, 1), 24, MilestoneState.PLANNED),
        (date(2029, 6, 1), 24, MilestoneState.PLANNED),
    ]
    assert [step.value[1] for step in line.steps] == ["2", "4", "5", "6"]
    assert line.phase == "_4_DESIGN"
    assert total([line, line]) == {2026: (0, 24), 2028: (48, 0), 2029: (48, 0)}


def test_what_was_given_up_is_drawn_and_counts_in_no_year(portfolio: PortfolioTimeline, qtbot: QtBot) -> None:
    plan = a_plan()
    before = total([line_of(plan, Moment(None, TODAY, TODAY))])
    plan.milestones.append(Milestone(LAPSED, date(2026, 1, 1), MilestoneState.REALIZED))
    lapsed = line_of(plan, Moment(None, TODAY, TODAY))
    assert lapsed.given_up
    assert total([lapsed]) == {}
    assert total([lapsed], before, -1) == before
    counted = portfolio.hint.text()
    store = portfolio._state.store
    with store.act("Afblazen") as act:
        act.create(
            "milestone",
            {"project_id": portfolio.lines[0].id, "type": LAPSED, "date": "2026-01-01", "state": "GEREALISEERD"},
        )
    qtbot.waitUntil(lambda: portfolio.lines[0].given_up)
    assert portfolio.hint.text() != counted
    assert portfolio.hint.text().endswith("; 1 afgebroken, niet meegeteld")
    assert "afgebroken" in portfolio.canvas.words(portfolio.lines[0])
