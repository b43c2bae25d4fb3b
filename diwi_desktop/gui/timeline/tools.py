"""What stands above a timeline: buttons, and one line of words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QToolButton, QWidget

from diwi_desktop.gui import theme

_ICON = 18
HINT = 130  # pixels for the words above a timeline, before any for those of buttons
LEAST = 100  # pixels under which words above a timeline say nothing


def tool_button(icon: str, text: str, tip: str, do: Callable[[], Any] | None, words: bool = False) -> QToolButton:
    """A button with an icon, its words beside it when `words`, and a tip that names the key."""
    made = QToolButton()
    made.setIcon(theme.icon(icon))
    made.setIconSize(QSize(_ICON, _ICON))
    made.setText(text)
    made.setToolTip(tip)
    made.setAccessibleName(tip)
    if words:
        theme.words_beside(made)
    if do is not None:
        made.clicked.connect(lambda _checked=False: do())
    return made


class Words(QLabel):
    """Words on one line, on two where there is no room for that, and then shortened; whole as a tool tip. Nothing is
    written where there is no room for more than a word or two.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def lines(self) -> list[str]:
        """What is written, line by line."""
        metrics, room = self.fontMetrics(), self.width()
        if room < min(LEAST, metrics.horizontalAdvance(self.text())):
            return []
        first, rest = self.text(), ""
        while metrics.horizontalAdvance(first) > room and " " in first:
            first, _, last = first.rpartition(" ")
            rest = f"{last} {rest}".rstrip()
        written = [first.rstrip(" ·"), rest.lstrip(" ·")] if rest else [first]
        return [metrics.elidedText(line, Qt.TextElideMode.ElideRight, room) for line in written]

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        lines = self.lines()
        if not lines:
            painter.end()
            return
        height = min(self.fontMetrics().height(), self.height() // len(lines))
        top = (self.height() - height * len(lines)) // 2
        for place, line in enumerate(lines):
            band = QRect(0, top + place * height, self.width(), height)
            painter.drawText(band, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, line)
        painter.end()
