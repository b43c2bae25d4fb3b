"""A project in the middle of its planning, with its timeline on the screen."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from diwi_desktop.gui import theme
from diwi_desktop.gui.state import AppState
from diwi_desktop.gui.timeline import TimelineWidget
from diwi_desktop.model.codes import MilestoneBasis, MilestoneState, Mutation
from diwi_desktop.model.plan import Block, Delivery, Milestone, Plan
from diwi_desktop.store import Store, plans
from tests.stores import add, new_store

LEAD = MilestoneBasis.LEAD_TIME
S = MilestoneState


def a_plan(name: str = "De Hoek") -> Plan:
    """A plan on 21-11-2026: in design, the permit four months from the new year."""
    return Plan(
        name=name,
        start_date=date(2024, 1, 15),
        end_date=date(2030, 12, 31),
        milestones=[
            Milestone("PHASE_2_INITIATIVE", date(2024, 1, 15), S.REALIZED),
            Milestone("PHASE_4_DESIGN", date(2025, 6, 1), S.REALIZED),
            Milestone("PHASE_5_PREPARATION", date(2027, 2, 1)),
            Milestone("PHASE_6_REALIZATION", date(2027, 9, 1), S.FORECAST, LEAD),
            Milestone("STATUS_4A_OPGENOMEN_IN_VISIE", date(2024, 6, 1), S.REALIZED),
            Milestone("STATUS_2A_VASTGESTELD", date(2027, 2, 15)),
            Milestone("PRINCIPEAKKOORD", date(2024, 9, 1), S.REALIZED),
            Milestone("ARCHITECT_BEKEND", date(2026, 10, 1)),
            Milestone("GROND_VERWORVEN", date(2027, 8, 1), S.ABORTED),
            Milestone("VERGUNNING_VERLEEND", date(2027, 3, 1), S.FORECAST, LEAD),
            Milestone("START_BOUW", date(2027, 9, 15), note="Na de bouwvak"),
        ],
        blocks=[
            Block(
                "Appartementen",
                number=48,
                start_date=date(2027, 9, 15),
                deliveries=[Delivery(date(2028, 10, 1), 24), Delivery(date(2029, 6, 1), 24)],
            ),
            Block(
                "Sloop flats",
                mutation=Mutation.DEMOLITION,
                number=12,
                deliveries=[Delivery(date(2026, 2, 1), 12, S.REALIZED)],
            ),
        ],
    )


@pytest.fixture(autouse=True)
def _dressed(qapp: QApplication) -> Iterator[None]:
    theme.apply(qapp, "light")
    yield
    theme.apply(qapp, "light")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = new_store(tmp_path / "a.diwi")
    yield made
    made.close()


class Desk:
    """The timeline as a user has it."""

    def __init__(self, qtbot: QtBot, store: Store) -> None:
        self.qtbot, self.store = qtbot, store
        self.project = add(store, a_plan())
        self.state = AppState(store)
        self.state.select([self.project])
        self.widget = TimelineWidget(self.state)
        qtbot.addWidget(self.widget)
        self.widget.resize(1100, 400)
        self.widget.show()
        qtbot.waitExposed(self.widget)
        self.canvas = self.widget.canvas
        self.canvas.setFocus()

    @property
    def plan(self) -> Plan:
        """As it is stored."""
        return plans.plan(self.store, self.project)

    def id(self, kind: str) -> str:
        return next(m.id for m in self.plan.milestones if m.type == kind)

    def date(self, kind: str) -> date:
        return next(m.date for m in self.plan.milestones if m.type == kind)

    def deliveries(self) -> list[date]:
        return sorted(d.date for block in self.plan.blocks for d in block.deliveries)

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.keyClick(self.canvas, key, modifier)

    def press(self, at: QPoint, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.mousePress(self.canvas, Qt.MouseButton.LeftButton, modifier, at)

    def move(self, at: QPoint, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Move with the button down; the test library leaves out button and modifiers."""
        place = QPointF(at)
        event = QMouseEvent(
            QEvent.Type.MouseMove,
            place,
            self.canvas.mapToGlobal(place),
            Qt.MouseButton.NoButton,
            Qt.MouseButton.LeftButton,
            modifier,
        )
        QApplication.sendEvent(self.canvas, event)

    def release(self, at: QPoint, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.mouseRelease(self.canvas, Qt.MouseButton.LeftButton, modifier, at)

    def pixels(self, days: int) -> QPoint:
        return QPoint(round(days * self.canvas.scale.per_day), 0)


@pytest.fixture
def desk(qtbot: QtBot, store: Store) -> Iterator[Desk]:
    made = Desk(qtbot, store)
    yield made
    made.widget.close()
    made.state.close()


@pytest.fixture
def wheel() -> Callable[..., None]:
    def turn(
        widget: QWidget, at: QPoint, notches: int, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> None:
        event = QWheelEvent(
            QPointF(at),
            widget.mapToGlobal(QPointF(at)),
            QPoint(),
            QPoint(0, 120 * notches),
            Qt.MouseButton.NoButton,
            modifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(widget, event)

    return turn
