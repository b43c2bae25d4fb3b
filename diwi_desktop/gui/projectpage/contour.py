"""The contour of a plan, small: its shape, its size, a scale bar."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from diwi_desktop.gui import theme

STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 5000)


class ContourView(QWidget):
    """Draws areas (EWKB in RD) north up. A click asks for the big map."""

    clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._paths: list[QPainterPath] = []
        self._known: list[bytes] = []
        self._bounds = QRectF()
        self._colour = QColor()
        self.area = 0.0  # m2
        self.setMinimumSize(120, 48)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.current().changed.connect(self.update)

    def show_areas(self, areas: Sequence[bytes], colour: QColor) -> None:
        """Show the areas of one plan."""
        self._colour = colour
        if list(areas) != self._known:
            self._known = list(areas)
            self._paths, self._bounds, self.area = _paths(areas)
        self.setAccessibleName(
            self.tr("Contour van het plan") if self._paths else self.tr("Dit plan is nog niet ingetekend")
        )
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(180, 130)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.clicked.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.setBrush(theme.colour("sunken"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        if not self._paths:
            painter.setPen(theme.colour("muted"))
            words = self.tr("Nog niet ingetekend op de kaart")
            place = self.rect().adjusted(8, 8, -8, -8)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, words)
            return
        room = QRectF(self.rect()).adjusted(12, 12, -12, -24)
        scale = min(room.width() / max(1.0, self._bounds.width()), room.height() / max(1.0, self._bounds.height()))
        painter.save()
        painter.translate(room.center())
        painter.scale(scale, -scale)
        painter.translate(-self._bounds.center())
        fill = QColor(self._colour)
        fill.setAlphaF(0.45)
        painter.setBrush(fill)
        pen = QPen(theme.colour("text"), 1.5)
        pen.setCosmetic(True)
        painter.setPen(pen)
        for path in self._paths:
            painter.drawPath(path)
        painter.restore()
        self._scale_bar(painter, scale)

    def _scale_bar(self, painter: QPainter, scale: float) -> None:
        metres = max((step for step in STEPS if step * scale <= 70), default=STEPS[0])
        wide = metres * scale
        y = self.height() - 8.5
        painter.setPen(QPen(theme.colour("muted"), 1.5))
        painter.drawLine(QPointF(10, y), QPointF(10 + wide, y))
        painter.drawLine(QPointF(10, y - 3), QPointF(10, y))
        painter.drawLine(QPointF(10 + wide, y - 3), QPointF(10 + wide, y))
        painter.setFont(theme.font("small"))
        text = f"{metres} m" if metres < 1000 else f"{metres // 1000} km"
        painter.drawText(QPointF(16 + wide, self.height() - 6), text)


def _paths(areas: Sequence[bytes]) -> tuple[list[QPainterPath], QRectF, float]:
    """Painter paths in RD, their bounds and their area in m2."""
    import shapely

    found = []
    bounds = QRectF()
    size = 0.0
    for geometry in shapely.from_wkb(list(areas)):
        size += float(shapely.area(geometry))
        path = QPainterPath()
        path.setFillRule(Qt.FillRule.OddEvenFill)
        for polygon in shapely.get_parts(geometry):
            for ring in shapely.get_rings(polygon):
                points = shapely.get_coordinates(ring)
                path.addPolygon(QPolygonF([QPointF(float(x), float(y)) for x, y in points]))
                path.closeSubpath()
        found.append(path)
        bounds = bounds.united(path.boundingRect())
    return found, bounds, size
