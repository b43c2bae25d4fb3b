"""How a state looks: filled is realised, outlined planned, dashed expected, struck through aborted."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPolygonF

from diwi_desktop.gui import theme
from diwi_desktop.model.codes import MilestoneState

_SEEN = 3.0  # least contrast of a line with what it is drawn on (WCAG 2.2, 1.4.11)
_TINT = 0.16


def edge_of(colour: QColor) -> QColor:
    """The colour of an outline: the given one, moved towards the text colour until it can be seen."""
    return QColor.fromRgba(_edge(colour.rgba(), theme.current().name))


@lru_cache(maxsize=64)
def _edge(colour: int, _theme: str) -> int:
    surface, text, found = theme.colour("surface"), theme.colour("text"), QColor.fromRgba(colour)
    part = 0.0
    while theme.contrast(found, surface) < _SEEN and part < 1:
        part += 0.1
        found = mixed(QColor.fromRgba(colour), text, part)
    return found.rgba()


def mixed(one: QColor, other: QColor, part: float) -> QColor:
    """`part` of the other colour in the first."""
    rest = 1 - part
    return QColor.fromRgbF(
        one.redF() * rest + other.redF() * part,
        one.greenF() * rest + other.greenF() * part,
        one.blueF() * rest + other.blueF() * part,
    )


def dress(painter: QPainter, state: MilestoneState, colour: QColor) -> None:
    """Set pen and brush for a shape in a state."""
    pen = QPen(edge_of(colour), 1.5)
    if state is MilestoneState.REALIZED:
        painter.setBrush(colour)
        pen.setWidthF(1.0)
    elif state is MilestoneState.PLANNED:
        painter.setBrush(mixed(theme.colour("surface"), colour, _TINT))
    else:
        painter.setBrush(theme.colour("surface"))
        if state is MilestoneState.FORECAST:
            pen.setDashPattern([2.2, 1.8])
        else:
            pen.setColor(theme.colour("strong_line"))
            pen.setWidthF(1.0)
    painter.setPen(pen)


def diamond(painter: QPainter, box: QRectF) -> None:
    """A mark of a milestone."""
    c, r = box.center(), box.width() / 2
    corners = [QPointF(c.x() + r * x, c.y() + r * y) for x, y in ((0, -1), (1, 0), (0, 1), (-1, 0))]
    painter.drawPolygon(QPolygonF(corners))


def strike(painter: QPainter, box: QRectF) -> None:
    """A line through what is aborted."""
    painter.setPen(QPen(theme.colour("text"), 1.5))
    painter.drawLine(QLineF(box.left() - 2, box.bottom() + 1, box.right() + 2, box.top() - 1))


def hatch(colour: QColor) -> QBrush:
    """Demolition is hatched, so that it stays apart without colour."""
    return QBrush(colour, Qt.BrushStyle.BDiagPattern)
