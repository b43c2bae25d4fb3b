"""Loads Designer forms from ui/ into a dialog."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from diwi_desktop import assets

T = TypeVar("T", bound=QObject)


class FormDialog(QDialog):
    """A dialog whose content is a Designer form. `part` finds a widget of the form by its object name."""

    def __init__(self, form: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        # Importing QtUiTools costs start-up time that the first paint does not need.
        from PySide6.QtUiTools import QUiLoader

        content = QUiLoader().load(str(assets.ui_file(form)), self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(content)
        self.form = content
        self.setWindowTitle(content.windowTitle())

    def grow(self) -> None:
        """Give a sentence that has just come the room it needs; nothing else is squeezed for it."""
        layout = self.layout()
        needed = layout.totalHeightForWidth(self.width()) if layout is not None else 0
        if needed > self.height():
            self.resize(self.width(), needed)

    def part(self, kind: type[T], name: str) -> T:
        """A widget of the form. Raises KeyError when the form has none of that name and kind."""
        found = self.form.findChild(kind, name)
        if found is None:
            raise KeyError(name)
        return found
