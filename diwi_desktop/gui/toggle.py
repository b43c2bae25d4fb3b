"""A button that stays in: a box before its words says whether it is on, so that colour is not all that tells."""

from __future__ import annotations

from PySide6.QtWidgets import QToolButton, QWidget

from diwi_desktop.gui import theme


class Toggle(QToolButton):
    """A choice that is on or off."""

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(words)
        self.setCheckable(True)
        self.setProperty("role", "toggle")
        theme.words_beside(self)
        self.toggled.connect(self._mark)
        self._mark(False)

    def _mark(self, on: bool) -> None:
        self.setIcon(theme.icon("checkbox-marked-outline" if on else "checkbox-blank-outline"))
