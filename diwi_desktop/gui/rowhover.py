"""The row under the pointer lights up whole; Qt itself lights one cell of a table."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect
from PySide6.QtGui import QMouseEvent, QPainter
from PySide6.QtWidgets import QTableView

from diwi_desktop.gui import theme


class RowHover(QObject):
    """Paints the row under the pointer before the table paints its cells; lives as long as its table."""

    def __init__(self, table: QTableView) -> None:
        super().__init__(table)
        self._table = table
        self._at: QPoint | None = None
        table.viewport().setMouseTracking(True)
        table.viewport().installEventFilter(self)
        # What scrolls by comes under a pointer that stands still.
        table.verticalScrollBar().valueChanged.connect(lambda _value: table.viewport().update())

    @property
    def row(self) -> int:
        """The row that is lit, or -1."""
        return -1 if self._at is None else self._table.rowAt(self._at.y())

    def eventFilter(self, _viewport: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.Paint:
            self._paint()
        elif kind == QEvent.Type.MouseMove and isinstance(event, QMouseEvent):
            self._move(event.position().toPoint())
        elif kind == QEvent.Type.Leave:
            self._move(None)
        return False

    def _move(self, at: QPoint | None) -> None:
        before = self._rect()
        self._at = at
        if self._rect() != before:
            self._table.viewport().update(before)
            self._table.viewport().update(self._rect())

    def _rect(self) -> QRect:
        row, table = self.row, self._table
        if row < 0:
            return QRect()
        width = min(table.viewport().width(), table.horizontalHeader().length())
        return QRect(0, table.rowViewportPosition(row), width, table.rowHeight(row))

    def _paint(self) -> None:
        rect = self._rect()
        if not rect.isEmpty():
            painter = QPainter(self._table.viewport())
            painter.fillRect(rect, theme.colour("hover"))
            painter.end()
