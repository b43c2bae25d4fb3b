"""Drawing above the tiles: the plan in hand, sketches, the snap marker, readouts. In points of the window."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF

from diwi_desktop.gui.map.style import MapStyle
from diwi_desktop.gui.map.view import View

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

_CORNER = 4.5
_LEAD = 14.0  # from the pointer to its readout


class Overlay:
    """Knows the view, the style and the font of the moment, so that tools need not."""

    def __init__(self, view: View, style: MapStyle, font: QFont) -> None:
        self.view = view
        self.style = style
        self.font = font

    # Shapes

    def path(self, geometry: BaseGeometry) -> QPainterPath:
        """An area in RD as a path in the window."""
        import numpy as np
        import shapely

        from diwi_desktop.gui.map.labels import on_screen
        from diwi_desktop.gui.map.paint import to_path

        rings = shapely.get_rings(shapely.get_parts(shapely.get_parts(geometry)))
        xy, owner = shapely.get_coordinates(rings, return_index=True)
        if not len(xy):
            return QPainterPath()
        places = on_screen(self.view, xy)
        starts = np.flatnonzero(np.diff(owner, prepend=-1))
        return to_path(places[:, 0], places[:, 1], starts)

    def point(self, x: float, y: float) -> QPointF:
        """An RD point in the window."""
        return QPointF(*self.view.to_screen(x, y))

    def in_hand(self, painter: QPainter, geometry: BaseGeometry) -> None:
        """The plan in hand: strong, so that it is found at a glance."""
        path = self.path(geometry)
        self._outline(painter, path, self.style.colour("map_halo", 0.9), 6)
        painter.fillPath(path, self.style.colour("accent", 0.14))
        self._outline(painter, path, self.style.colour("accent"), 2.6)

    def chosen(self, painter: QPainter, geometry: BaseGeometry) -> None:
        """A plan that is selected beside the one in hand."""
        path = self.path(geometry)
        self._outline(painter, path, self.style.colour("map_halo", 0.8), 4.5)
        self._outline(painter, path, self.style.colour("accent"), 1.8)

    def spot(self, painter: QPainter, geometry: BaseGeometry) -> None:
        """A ring around a selected plan that is no more than a dot at this zoom; larger ones have their outline."""
        x0, y0, x1, y1 = geometry.bounds
        plan = self.style.sheet["plan"]
        if max(x1 - x0, y1 - y0) / self.view.metres_per_pixel >= plan["dot_below_px"]:
            return
        place, radius = self.point((x0 + x1) / 2, (y0 + y1) / 2), plan["dot_radius"]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.style.colour("map_halo"))
        painter.drawEllipse(place, radius + 6, radius + 6)
        painter.setBrush(self.style.colour("accent"))
        painter.drawEllipse(place, radius, radius)
        painter.setPen(QPen(self.style.colour("accent"), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(place, radius + 3.5, radius + 3.5)

    def hovered(self, painter: QPainter, geometry: BaseGeometry) -> None:
        """What a click would choose."""
        path = self.path(geometry)
        painter.fillPath(path, self.style.colour("accent", 0.10))
        self._outline(painter, path, self.style.colour("accent", 0.8), 1.6)

    def draft(self, painter: QPainter, geometry: BaseGeometry, *, wrong: bool = False) -> None:
        """An area being made."""
        colour = "bad" if wrong else "accent"
        path = self.path(geometry)
        painter.fillPath(path, self.style.colour(colour, 0.16))
        self._outline(painter, path, self.style.colour("map_halo", 0.9), 4.5)
        self._outline(painter, path, self.style.colour(colour), 2.2)

    def added(self, painter: QPainter, geometry: BaseGeometry) -> None:
        """What would be added."""
        path = self.path(geometry)
        painter.fillPath(path, self.style.colour("good", 0.22))
        self._outline(painter, path, self.style.colour("good"), 1.8)

    def taken(self, painter: QPainter, geometry: BaseGeometry) -> None:
        """What would be taken away: hatched, so that it differs by more than its colour."""
        self._hatched(painter, geometry, "warn", Qt.BrushStyle.FDiagPattern)

    def overlapping(self, painter: QPainter, geometry: BaseGeometry) -> None:
        """What overlaps another plan."""
        self._hatched(painter, geometry, "bad", Qt.BrushStyle.BDiagPattern)

    def line(self, painter: QPainter, points: Sequence[tuple[float, float]]) -> None:
        """A line being drawn through RD points."""
        places = QPolygonF([self.point(*at) for at in points])
        for colour, width in ((self.style.colour("map_halo", 0.9), 4.5), (self.style.colour("accent"), 2.0)):
            painter.setPen(QPen(colour, width))
            painter.drawPolyline(places)

    def edge(self, painter: QPainter, first: tuple[float, float], second: tuple[float, float]) -> None:
        """An edge that would be dragged."""
        painter.setPen(QPen(self.style.colour("accent"), 5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLine(self.point(*first), self.point(*second))

    def corner(self, painter: QPainter, x: float, y: float, *, strong: bool = False) -> None:
        """A vertex of what is being edited."""
        place = self.point(x, y)
        size = _CORNER + (2.0 if strong else 0.0)
        painter.setPen(QPen(self.style.colour("accent"), 2.0 if strong else 1.5))
        painter.setBrush(self.style.colour("accent") if strong else self.style.colour("surface"))
        painter.drawRect(QRectF(place.x() - size / 2 - 0.5, place.y() - size / 2 - 0.5, size + 1, size + 1))

    # Marks and words

    def snap_mark(self, painter: QPainter, x: float, y: float, kind: str) -> None:
        """A square for a corner, a cross for a boundary."""
        place = self.point(x, y)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((self.style.colour("map_halo", 0.95), 4.5), (self.style.colour("bad"), 2.0)):
            painter.setPen(QPen(colour, width))
            if kind == "corner":
                painter.drawRect(QRectF(place.x() - 6, place.y() - 6, 12, 12))
            else:
                painter.drawLine(place + QPointF(-6, -6), place + QPointF(6, 6))
                painter.drawLine(place + QPointF(-6, 6), place + QPointF(6, -6))

    def crosshair(self, painter: QPainter, place: QPointF) -> None:
        """The pointer of those who work with the keyboard."""
        for colour, width in ((self.style.colour("map_halo"), 4.0), (self.style.colour("text"), 1.6)):
            painter.setPen(QPen(colour, width))
            for direction in (QPointF(1, 0), QPointF(-1, 0), QPointF(0, 1), QPointF(0, -1)):
                painter.drawLine(place + direction * 4, place + direction * 16)

    def readout(self, painter: QPainter, place: QPointF, lines: Sequence[str], *, alarm: str = "") -> None:
        """Words beside a point of the window, kept inside it; `alarm` is a line in the colour of what is
        wrong.
        """
        texts = [*lines, *([alarm] if alarm else [])]
        if not texts:
            return
        metrics = QFontMetricsF(self.font)
        width = max(metrics.horizontalAdvance(text) for text in texts) + 16
        height = metrics.height() * len(texts) + 10
        area_width, area_height = self.view.width / self.view.dpr, self.view.height / self.view.dpr
        left = place.x() + _LEAD if place.x() + _LEAD + width < area_width - 4 else place.x() - _LEAD - width
        top = place.y() + _LEAD if place.y() + _LEAD + height < area_height - 44 else place.y() - _LEAD - height
        self.plate(painter, QRectF(round(left), round(top), width, height), texts, alarm)

    def plate(self, painter: QPainter, box: QRectF, texts: Sequence[str], alarm: str = "") -> None:
        """Lines of text on a small plate."""
        metrics = QFontMetricsF(self.font)
        painter.setPen(QPen(self.style.colour("line"), 1))
        painter.setBrush(self.style.colour("surface", 0.96))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setFont(self.font)
        y = box.top() + 5 + metrics.ascent()
        for text in texts:
            painter.setPen(self.style.colour("bad" if text == alarm else "text"))
            painter.drawText(QPointF(box.left() + 8, y), text)
            y += metrics.height()

    def tag(self, painter: QPainter, x: float, y: float, text: str, colour: str = "bad") -> None:
        """A short text on an RD point, in a colour, on a plate."""
        metrics = QFontMetricsF(self.font)
        place = self.point(x, y)
        box = QRectF(0, 0, metrics.horizontalAdvance(text) + 10, metrics.height() + 4)
        box.moveCenter(place)
        painter.setPen(QPen(self.style.colour(colour), 1))
        painter.setBrush(self.style.colour("surface", 0.95))
        painter.drawRoundedRect(box, 3, 3)
        painter.setFont(self.font)
        painter.setPen(self.style.colour(colour))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _hatched(self, painter: QPainter, geometry: BaseGeometry, colour: str, pattern: Qt.BrushStyle) -> None:
        path = self.path(geometry)
        painter.fillPath(path, self.style.colour(colour, 0.22))
        painter.fillPath(path, QBrush(self.style.colour(colour, 0.75), pattern))
        self._outline(painter, path, self.style.colour(colour), 1.8)

    @staticmethod
    def _outline(painter: QPainter, path: QPainterPath, colour: QColor, width: float) -> None:
        pen = QPen(colour, width)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.strokePath(path, pen)
