"""What stands in the place of the table when there is nothing to show: what can be done about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from diwi_desktop.gui import theme
from diwi_desktop.gui.sign import Sign
from diwi_desktop.gui.tabbing import Part


class EmptyState(Part, QWidget):
    """An icon, a sentence and buttons.

    `actions` are (words, icon, what to do), the first being the obvious one.
    """

    def __init__(
        self, icon: str, title: str, text: str, actions: Sequence[tuple[str, str, Callable[[], object]]]
    ) -> None:
        super().__init__()
        self.begin_stops()
        picture = Sign(icon, "strong_line", 40)
        heading, words = QLabel(title), QLabel(text)
        heading.setProperty("role", "title")
        words.setProperty("role", "muted")
        words.setWordWrap(True)
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.buttons: list[QPushButton] = []
        layout = QVBoxLayout(self)
        layout.setSpacing(theme.space(2))
        layout.addStretch(2)
        for label in (picture, heading):
            layout.addWidget(label, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(words)
        layout.addSpacing(theme.space(2))
        for n, (name, sign, act) in enumerate(actions):
            button = QPushButton(name)
            button.setIcon(theme.icon(sign, "text" if n else "on_accent"))
            if n == 0:
                button.setProperty("role", "primary")
            button.clicked.connect(lambda _=False, do=act: do())
            layout.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
            self.buttons.append(button)
        widest = max((button.sizeHint().width() for button in self.buttons), default=0)
        for button in self.buttons:
            button.setFixedWidth(max(theme.space(64), widest))
        layout.addStretch(3)
