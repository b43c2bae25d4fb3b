"""The header.

A click sorts (with Shift by one more column), the funnel filters, a right click offers the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QIcon, QMouseEvent, QPainter
from PySide6.QtWidgets import QHeaderView, QWidget

from diwi_desktop.gui import theme
from diwi_desktop.gui.projecttable.model import ProjectTableModel

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent

_SIGN = 14  # side of the funnel and the arrow
_GAP = 4
_EDGE = 5  # so close to the edge a press resizes


class ProjectHeader(QHeaderView):
    """Draws the sort arrow with its rank, and a funnel that opens the filter of the column."""

    filter_asked = Signal(int)  # logical column
    menu_asked = Signal(int, QPoint)  # logical column, global point

    def __init__(self, model: ProjectTableModel, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._model = model
        self._hovered = -1
        self._pressed: QPoint | None = None
        self.setSectionsMovable(True)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setStretchLastSection(False)
        self.setMinimumSectionSize(48)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        model.arranged.connect(self._rearranged)

    def funnel_rect(self, logical: int) -> QRect:
        """Where the funnel of a column stands, in coordinates of the viewport."""
        left = self.sectionViewportPosition(logical)
        right = left + self.sectionSize(logical) - _GAP - 1
        return QRect(right - _SIGN, (self.height() - _SIGN) // 2, _SIGN, _SIGN)

    def sizeHint(self) -> QSize:
        """Only the height counts; measuring all titles for the width would take longer than drawing them."""
        return QSize(0, theme.size("small") + 4 * _GAP)

    def paintSection(self, painter: QPainter, rect: QRect, logical: int) -> None:
        if not rect.isValid() or logical >= len(self._model.columns):
            return
        column = self._model.columns[logical]
        hovered = logical == self._hovered
        painter.save()
        if hovered:
            painter.fillRect(rect, theme.colour("hover"))
        painter.setPen(theme.colour("line"))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.drawLine(rect.topRight(), rect.bottomRight())
        inner = rect.adjusted(2 * _GAP, 0, -2 * _GAP, 0)
        if hovered or column.key in self._model.filters:
            filtered = column.key in self._model.filters
            name, ink = ("filter", "accent") if filtered else ("filter-outline", "muted")
            theme.icon(name, ink).paint(painter, self.funnel_rect(logical))
            inner.setRight(self.funnel_rect(logical).left() - _GAP)
        inner = self._paint_arrow(painter, inner, column.key)
        painter.setPen(theme.colour("text" if hovered else "muted"))
        painter.setFont(theme.font("small", bold=True))
        side = Qt.AlignmentFlag.AlignRight if column.numeric else Qt.AlignmentFlag.AlignLeft
        text = painter.fontMetrics().elidedText(column.title, Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, side | Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()

    def _paint_arrow(self, painter: QPainter, inner: QRect, key: str) -> QRect:
        """Draw the direction of sorting at the right; returns what is left for the title."""
        ranks = [name for name, _ in self._model.sorting]
        if key not in ranks:
            return inner
        rank = ranks.index(key)
        sign = QRect(inner.right() - _SIGN + 2, (self.height() - _SIGN) // 2, _SIGN, _SIGN)
        name = "arrow-down" if self._model.sorting[rank][1] else "arrow-up"
        theme.icon(name, "accent").paint(painter, sign, Qt.AlignmentFlag.AlignCenter, QIcon.Mode.Normal)
        left = sign.left()
        if len(ranks) > 1:
            painter.setPen(theme.colour("accent"))
            painter.setFont(theme.font("small", bold=True))
            digits = QRect(left - 9, 0, 9, self.height())
            painter.drawText(digits, Qt.AlignmentFlag.AlignCenter, str(rank + 1))
            left -= 9
        return QRect(inner.left(), inner.top(), left - _GAP - inner.left(), inner.height())

    def _rearranged(self) -> None:
        # Asking for the viewport makes PySide load every kind of widget, so that waits until there is one to see.
        if self.isVisible():
            self.viewport().update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self.logicalIndexAt(event.position().toPoint()))
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(-1)
        super().leaveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        point, pressed = event.position().toPoint(), self._pressed
        self._pressed = None
        if event.button() is not Qt.MouseButton.LeftButton or pressed is None:
            return
        logical = self.logicalIndexAt(point)
        if logical < 0 or (point - pressed).manhattanLength() > 3 or self._at_edge(point, logical):
            return
        if self.funnel_rect(logical).adjusted(-3, -3, 3, 3).contains(point):
            self.filter_asked.emit(logical)
        else:
            add = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._model.sort_by(self._model.columns[logical].key, add=add)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        logical = self.logicalIndexAt(event.pos())
        if logical >= 0:
            self.menu_asked.emit(logical, event.globalPos())

    def _at_edge(self, point: QPoint, logical: int) -> bool:
        left = self.sectionViewportPosition(logical)
        return point.x() - left < _EDGE or left + self.sectionSize(logical) - point.x() < _EDGE

    def _hover(self, logical: int) -> None:
        if logical != self._hovered:
            self._hovered = logical
            self.viewport().update()
