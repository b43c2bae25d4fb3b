"""The bar over the window while the submission wizard is out of the way: what is still wrong, and the way back."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLabel, QMainWindow, QPushButton, QToolBar

from diwi_desktop.gui import noticebar, theme
from diwi_desktop.gui.sign import Sign


class BackBar(QToolBar):
    """`back_wanted` is a press of its button."""

    back_wanted = Signal()

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self.setObjectName("BackBar")
        self.setWindowTitle(self.tr("Aanleveren"))
        self.words = QLabel()
        self.back = QPushButton(theme.icon("arrow-left"), self.tr("Terug naar aanleveren"))
        key = QKeySequence("Ctrl+E").toString(QKeySequence.SequenceFormat.NativeText)
        self.back.setToolTip(self.tr("Terug naar aanleveren ({0})").format(key))
        self.back.clicked.connect(self.back_wanted)
        noticebar.lay_out(self, Sign("send-outline", "accent", 18), self.words, self.back)
        window.addToolBarBreak(Qt.ToolBarArea.TopToolBarArea)
        window.addToolBar(Qt.ToolBarArea.TopToolBarArea, self)

    def show_words(self, text: str) -> None:
        """What is still wrong."""
        self.words.setText(text)
        self.back.setAccessibleDescription(text)

    def leave(self) -> None:
        """Give the window its room back."""
        window = self.parentWidget()
        if isinstance(window, QMainWindow):
            window.removeToolBarBreak(self)
            window.removeToolBar(self)
        self.deleteLater()
