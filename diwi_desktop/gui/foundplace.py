"""Where a parcel or an address is that was looked for: outlined or ringed on the map, with its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from diwi_desktop.gui.map.canvas import MapCanvas

_RING = 9.0  # radius in pixels
_GAP = 6.0  # pixels between the place and its name


class FoundPlace(QWidget):
    """Lies over the map and lets the mouse through. It goes when something else gets the attention: a plan, a tool."""

    def __init__(self, canvas: MapCanvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._place: BaseGeometry | None = None
        self.words = ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        canvas.installEventFilter(self)
        canvas.view_changed.connect(self.update)
        canvas.plan_clicked.connect(self.forget)
        canvas.tool_changed.connect(self.forget)

    def mark(self, place: BaseGeometry, words: str) -> None:
        """Point out an area or a point in RD."""
        self._place, self.words = place, words
        self.setAccessibleName(words)
        self.setGeometry(self._canvas.rect())
        self.show()
        self.update()

    def forget(self, *_: object) -> None:
        """Nothing is pointed out any more."""
        self._place, self.words = None, ""
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self._canvas.rect())
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._place is None:
            return
        overlay = self._canvas.overlay
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._place.geom_type == "Point":
            middle = overlay.point(self._place.x, self._place.y)
            box = QRectF(middle - QPointF(_RING, _RING), middle + QPointF(_RING, _RING))
            painter.setBrush(overlay.style.colour("accent", 0.25))
            for ink, width in ((overlay.style.colour("map_halo", 0.9), 6.0), (overlay.style.colour("accent"), 2.5)):
                painter.setPen(QPen(ink, width))
                painter.drawEllipse(box)
        else:
            overlay.hovered(painter, self._place)
            overlay.chosen(painter, self._place)
            box = overlay.path(self._place).boundingRect()
        if not box.intersects(QRectF(self.rect())):
            return
        metrics = QFontMetricsF(overlay.font)
        plate = QRectF(0, 0, metrics.horizontalAdvance(self.words) + 16, metrics.height() + 10)
        plate.moveCenter(box.center())
        plate.moveBottom(max(box.top() - _GAP, plate.height()))
        overlay.plate(painter, plate, [self.words])
