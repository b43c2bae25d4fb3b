"""A lone icon as a widget; follows the theme."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from diwi_desktop.gui import theme


class Sign(QWidget):
    """An icon of the set in a token's colour, `side` pixels wide and high. Not for clicking."""

    def __init__(self, name: str, ink: str = "text", side: int = 16, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = theme.icon(name, ink)
        self._side = side
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        theme.current().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(self._side, self._side)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._icon.paint(painter, self.rect())
        painter.end()
