"""A dialog with a list that is read from the server: an explanation, the list, what went wrong, and one thing to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QPushButton, QTreeWidget, QVBoxLayout, QWidget

from diwi_desktop.gui import jobs, theme
from diwi_desktop.gui.wizards.forms import set_role

T = TypeVar("T")


class ServerList(QDialog):
    """`button` stands beside "Sluiten"; what it does is the dialog's own."""

    def __init__(
        self, title: str, explanation: str, heads: Iterable[str], button: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        words = QLabel(explanation)
        words.setWordWrap(True)
        words.setProperty("role", "muted")
        self.list = QTreeWidget()
        self.list.setAccessibleName(title)
        self.list.setHeaderLabels(list(heads))
        self.list.setRootIsDecorated(False)
        self.problem = QLabel()
        self.problem.setWordWrap(True)
        self.problem.setProperty("role", "bad")
        self.problem.hide()
        self.button = QPushButton(button)
        self.button.setEnabled(False)
        buttons = QDialogButtonBox()
        buttons.addButton(self.button, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(self.tr("Sluiten"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        self.box = QVBoxLayout(self)
        self.box.setSpacing(theme.space(2))
        for widget in (words, self.list, self.problem, buttons):
            self.box.addWidget(widget)

    def ask(self, what: Callable[[], T], done: Callable[[T], object]) -> None:
        """Ask the server beside the window; an answer takes away what went wrong before it."""

        def answered(found: T) -> None:
            self.problem.hide()
            done(found)

        jobs.run_beside(lambda _p, _c: what(), answered, self.failed, parent=self)

    def failed(self, error: Exception) -> None:
        """Say why there was no answer."""
        set_role(self.problem, "bad")
        self.problem.setText(jobs.error_text(error))
        self.problem.show()

    def tell(self, text: str) -> None:
        """Say what goes on, in the place where it is said what went wrong."""
        set_role(self.problem, "muted")
        self.problem.setText(text)
        self.problem.show()
