"""The rail at the left: the parts of the work, each an icon with its word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolBar, QToolButton, QWidget

from diwi_desktop.gui import theme
from diwi_desktop.gui.tabbing import Part
from diwi_desktop.model.notation import format_number

_WIDTH = 84
_MOST = 1000


class _Part(QToolButton):
    """A button with a number at the corner of its icon."""

    def __init__(self) -> None:
        super().__init__()
        self._count = 0

    def set_count(self, count: int) -> None:
        self._count = count
        self.setAccessibleName(f"{self.text()} {count}" if count else self.text())
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._count:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font("small", bold=True))
        text = format_number(self._count) if self._count < _MOST else f"{_MOST - 1}+"
        width = painter.fontMetrics().horizontalAdvance(text) + theme.space(2)
        box = QRect(min(self.width() // 2 + 3, self.width() - width - 3), 3, width, theme.space(4))
        painter.setPen(theme.colour("bad"))
        painter.setBrush(theme.colour("bad_soft"))
        painter.drawRoundedRect(box, theme.space(2), theme.space(2))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        painter.end()


class NavRail(Part, QToolBar):
    """A button per part; a part in sight is marked. `chosen` carries the name of the part."""

    chosen = Signal(str)

    def __init__(self, items: Sequence[tuple[str, str, str, str]], parent: QWidget) -> None:
        """`items` are (name, word, icon, key)."""
        super().__init__(parent)
        self.begin_stops()
        self.setObjectName("NavRail")
        self.setWindowTitle(self.tr("Onderdelen"))
        self.setMovable(False)
        self.setFloatable(False)
        self.setOrientation(Qt.Orientation.Vertical)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.buttons: dict[str, _Part] = {}
        for name, word, sign, key in items:
            if name == "admin":
                self._stretch()
            button = _Part()
            button.setText(word)
            button.setIcon(theme.icon(sign))
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
            button.setCheckable(True)
            button.setToolTip(f"{word} ({key})" if key else word)
            button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(lambda _=False, part=name: self._clicked(part))
            self.addWidget(button)
            self.buttons[name] = button
        self._shown: Mapping[str, bool] = {}
        self._fit()
        theme.current().changed.connect(self._fit)

    def _fit(self) -> None:
        """As wide as the words need at the text size in use."""
        for button in self.buttons.values():
            button.setFixedWidth(round(_WIDTH * theme.current().scale))

    def show_state(self, shown: Mapping[str, bool]) -> None:
        """Mark the parts that are in sight."""
        self._shown = dict(shown)
        for name, button in self.buttons.items():
            button.setChecked(self._shown.get(name, False))

    def set_count(self, name: str, count: int) -> None:
        """A number at an icon, such as the number of findings; nothing for 0."""
        self.buttons[name].set_count(count)

    def _clicked(self, name: str) -> None:
        # The window decides what is in sight; the button only shows it.
        self.show_state(self._shown)
        self.chosen.emit(name)

    def _stretch(self) -> None:
        room = QWidget()
        room.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.addWidget(room)
