"""What stands where there is nothing to show: a sign, what that means, and what would come here."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from diwi_desktop.gui import theme

_SIGN = 32
_WIDTH = 90  # steps


class Empty(QWidget):
    """One line, and one in smaller type that explains."""

    def __init__(self, sign: str, words: str, more: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sign, self._picture = sign, QLabel(self)
        self._dress()
        theme.current().changed.connect(self._dress)
        self.words = QLabel(words, self)
        small = QLabel(more, self)
        small.setProperty("role", "small")
        box = QVBoxLayout(self)
        box.setAlignment(Qt.AlignmentFlag.AlignCenter)
        box.setSpacing(theme.space(1))
        box.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignHCenter)
        for label in (self.words, small):
            label.setWordWrap(True)
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setFixedWidth(theme.space(_WIDTH))
            box.addWidget(label, 0, Qt.AlignmentFlag.AlignHCenter)

    def _dress(self) -> None:
        self._picture.setPixmap(theme.icon(self._sign, "muted").pixmap(QSize(_SIGN, _SIGN)))
