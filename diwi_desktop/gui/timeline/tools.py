"""What stands above a timeline: buttons, and one line of words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QToolButton, QWidget

from diwi_desktop.gui import theme

_ICON = 18


def tool_button(icon: str, text: str, tip: str, do: Callable[[], Any] | None, words: bool = False) -> QToolButton:
    """A button with an icon, its words beside it when `words`, and a tip that names the key."""
    made = QToolButton()
    made.setIcon(theme.icon(icon))
    made.setIconSize(QSize(_ICON, _ICON))
    made.setText(text)
    made.setToolTip(tip)
    made.setAccessibleName(tip)
    if words:
        made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    if do is not None:
        made.clicked.connect(lambda _checked=False: do())
    return made


class Words(QLabel):
    """One line of words, shortened where there is no room for it; whole as a tool tip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        painter.end()
