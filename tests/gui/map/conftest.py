"""A small town to draw in: a street of parcels with known corners, and a stand-in for the window."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
import shapely
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shapely import MultiPolygon, Polygon

from diwi_desktop.gui.map.canvas import MapCanvas
from diwi_desktop.gui.map.scene import AreaProposal, BaseLayer, PlanShape

# Two rows of ten parcels of 20 by 40 metres on either side of a street of 10 metres.
WEST, SOUTH = 104_000.0, 503_000.0


def parcel(column: int, row: int = 0) -> Polygon:
    x, y = WEST + 20 * column, SOUTH + 50 * row
    return shapely.box(x, y, x + 20, y + 40)


def designation(column: int, row: int = 0) -> str:
    return f"OTL02-B-{100 + 10 * row + column}"


PARCELS = [(column, row) for row in (0, 1) for column in range(10)]


def plan(plan_id: str, *columns: int, row: int = 0, **more: object) -> PlanShape:
    area = shapely.union_all([parcel(column, row) for column in columns])
    multi = area if isinstance(area, MultiPolygon) else MultiPolygon([area])
    made = PlanShape(
        plan_id, multi, f"Plan {plan_id}", "_3_DEFINITION", "hard", frozenset(designation(c, row) for c in columns)
    )
    return replace(made, **more)


class Desk:
    """The canvas with what a window does for it: proposals are stored, clicks select."""

    def __init__(self, qtbot: QtBot, plans: list[PlanShape], *, workers: int = 0) -> None:
        self.qtbot = qtbot
        self.canvas = MapCanvas(workers=workers)
        qtbot.addWidget(self.canvas)
        self.proposals: list[AreaProposal] = []
        self.hints: list[str] = []
        self.plans = {plan.id: plan for plan in plans}
        self.canvas.area_proposed.connect(self._store)
        self.canvas.plan_clicked.connect(lambda plan_id: self.canvas.select([plan_id] if plan_id else []))
        self.canvas.hint_changed.connect(self.hints.append)
        self.canvas.resize(800, 600)
        self.canvas.show()
        with qtbot.waitSignal(self.canvas.base_ready):
            self.canvas.set_base(
                BaseLayer([parcel(*place) for place in PARCELS], [designation(*place) for place in PARCELS]),
                BaseLayer([shapely.box(WEST + 4, SOUTH + 4, WEST + 14, SOUTH + 14)]),
            )
        self.canvas.set_plans(list(self.plans.values()))
        self.canvas.zoom_to((WEST - 10, SOUTH - 10, WEST + 130, SOUTH + 100))
        self.settle()

    def _store(self, proposal: AreaProposal) -> None:
        self.proposals.append(proposal)
        key = proposal.plan or "nieuw"
        old = self.plans.get(key, PlanShape(key, None, "Nieuw plan"))
        parcels = old.parcels if proposal.parcels is None else proposal.parcels
        self.plans[key] = replace(old, geometry=proposal.geometry, parcels=parcels)
        self.canvas.set_plans(list(self.plans.values()))

    def settle(self) -> None:
        self.qtbot.waitUntil(self.canvas.is_settled)

    def at(self, x: float, y: float) -> QPoint:
        """The pixel of the window on an RD point."""
        return QPointF(*self.canvas.view.to_screen(x, y)).toPoint()

    def click(self, x: float, y: float, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.move(x, y)
        self.qtbot.mouseClick(self.canvas, Qt.MouseButton.LeftButton, modifier, self.at(x, y))

    def double_click(self, x: float, y: float) -> None:
        """As a hand does it: press, release, double click, release."""
        self.click(x, y)
        self.qtbot.mouseDClick(self.canvas, Qt.MouseButton.LeftButton, pos=self.at(x, y))

    def move(self, x: float, y: float) -> None:
        self.move_px(QPointF(self.at(x, y)))

    def move_px(self, place: QPointF, held: bool = False, modifier: Qt.KeyboardModifier | None = None) -> None:
        button = Qt.MouseButton.LeftButton if held else Qt.MouseButton.NoButton
        event = QMouseEvent(
            QEvent.Type.MouseMove,
            place,
            QPointF(self.canvas.mapToGlobal(place.toPoint())),
            Qt.MouseButton.NoButton,
            button,
            modifier or Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(self.canvas, event)

    def drag(self, *way: tuple[float, float], modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press at the first RD point, move in steps through the others, release at the last."""
        self.move(*way[0])
        self.press(*way[0], modifier)
        last = QPointF(self.at(*way[0]))
        for stop in way[1:]:
            to = QPointF(self.at(*stop))
            for step in range(1, 9):
                self.move_px(last + (to - last) * step / 8, held=True, modifier=modifier)
            last = to
        self.qtbot.mouseRelease(self.canvas, Qt.MouseButton.LeftButton, modifier, last.toPoint())

    def press(self, x: float, y: float, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.mousePress(self.canvas, Qt.MouseButton.LeftButton, modifier, self.at(x, y))

    def keys(self, *keys: Qt.Key | str, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        for key in keys:
            self.qtbot.keyClick(self.canvas, key, modifier)

    def wheel(self, place: QPointF, notches: float) -> None:
        event = QWheelEvent(
            place,
            QPointF(self.canvas.mapToGlobal(place.toPoint())),
            QPoint(),
            QPoint(0, round(120 * notches)),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(self.canvas, event)


@pytest.fixture
def make_desk(qtbot: QtBot) -> Iterator[Callable[..., Desk]]:
    """Desks that are cleared at the end."""
    made: list[Desk] = []

    def make(*plans: PlanShape, workers: int = 0) -> Desk:
        desk = Desk(qtbot, list(plans), workers=workers)
        made.append(desk)
        return desk

    yield make
    for desk in made:
        desk.canvas.shutdown()


@pytest.fixture
def desk(make_desk: Callable[..., Desk]) -> Desk:
    """Plan A on parcels 0 and 1 below the street, plan B on parcel 3."""
    return make_desk(plan("A", 0, 1), plan("B", 3, phase="_6_REALIZATION", status="soft"))
