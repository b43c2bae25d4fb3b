"""The homes of one block divided over categories: a number per category, the rest is "onbekend" by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from diwi_desktop.gui import theme
from diwi_desktop.gui.fields.editing import Editing
from diwi_desktop.gui.fields.editor import FieldEditor, Setter
from diwi_desktop.gui.fields.form import Card
from diwi_desktop.model.catalogue import Field
from diwi_desktop.model.finding import Finding
from diwi_desktop.model.notation import format_number


class ShareBar(QWidget):
    """How large a part of the block a number is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._part = 0.0
        self._look = "accent"
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)

    def show_part(self, part: float, look: str = "accent") -> None:
        """`part` of 1; more is drawn as full."""
        self._part, self._look = max(0.0, min(1.0, part)), look
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(56, 20)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        lane = QRectF(0, self.height() / 2 - 3, self.width(), 6)
        painter.setBrush(theme.colour("sunken"))
        painter.drawRoundedRect(lane, 3, 3)
        if self._part > 0:
            painter.setBrush(theme.colour(self._look))
            painter.drawRoundedRect(QRectF(lane.left(), lane.top(), max(6.0, lane.width() * self._part), 6), 3, 3)


@dataclass(frozen=True)
class Part:
    """One line of a division: the field that is typed, and how its value is stored (None: as a field of the block)."""

    field: Field
    setter: Setter | None = None


class Division(Card):
    """A card with a line per category and the rest under it, kept up to date while typing."""

    typed = Signal()

    def __init__(self, title: str, editing: Editing, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self._editing = editing
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(3)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnMinimumWidth(2, 56)
        self.box.addLayout(self._grid)
        self.box.addStretch(1)
        self.editors: dict[str, FieldEditor] = {}
        self._bars: dict[str, ShareBar] = {}
        self._fields: list[Field] = []
        self._number = 0
        self.rest_name, self.rest = QLabel(self.tr("Onbekend"), self), QLabel(self)
        self.rest_bar = ShareBar(self)
        self.rest.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.rest.setContentsMargins(0, 0, 9, 0)

    def show_parts(
        self,
        block: str,
        number: int,
        parts: Sequence[Part],
        values: dict[str, int | None],
        findings: dict[str, list[Finding]],
        read_only: bool,
    ) -> None:
        """Show the division of a block of `number` homes; values and findings by the key of a part's field."""
        fields = [part.field for part in parts]
        if fields != self._fields:
            self._make(parts)
        self._number = number
        for key, editor in self.editors.items():
            editor.load(block, values.get(key), findings.get(key, ()), read_only)
        self._follow()

    def _make(self, parts: Sequence[Part]) -> None:
        for editor in self.editors.values():
            for widget in (editor.label, editor.body, editor.message):
                widget.deleteLater()
            editor.deleteLater()
        for bar in self._bars.values():
            bar.deleteLater()
        self.editors, self._bars, self._fields = {}, {}, [part.field for part in parts]
        row = 0
        for part in parts:
            editor = FieldEditor(part.field, self._editing, self, setter=part.setter, width=72)
            editor.help.hide()
            editor.body.hide()  # only the number stands in the grid; the card says what is counted
            editor.changed.connect(self._typed)
            editor.stored.connect(self._typed)
            editor.message.fix_wanted.connect(self._editing.fix)
            bar = ShareBar(self)
            self._grid.addWidget(editor.label, row, 0)
            self._grid.addWidget(editor.input, row, 1)
            self._grid.addWidget(bar, row, 2)
            self._grid.addWidget(editor.message, row + 1, 0, 1, 3)
            self.editors[part.field.key], self._bars[part.field.key] = editor, bar
            row += 2
        self._grid.addWidget(self.rest_name, row, 0)
        self._grid.addWidget(self.rest, row, 1)
        self._grid.addWidget(self.rest_bar, row, 2)

    def stops(self) -> list[QWidget]:
        """Where the Tab key goes in it, in order."""
        return [stop for editor in self.editors.values() for stop in (editor.input, editor.message.text)]

    def set_number(self, number: int) -> None:
        """The number of the block, also while it is being typed."""
        self._number = number
        self._follow()

    def _typed(self) -> None:
        self._follow()
        self.typed.emit()

    def left_over(self) -> int:
        """The rest, below zero when too many are divided."""
        return self._number - sum(editor.current() or 0 for editor in self.editors.values())

    def _follow(self) -> None:
        whole = max(1, self._number)
        for key, editor in self.editors.items():
            self._bars[key].show_part((editor.current() or 0) / whole)
        rest = self.left_over()
        wrong = rest < 0
        self.rest_name.setText(self.tr("Te veel") if wrong else self.tr("Onbekend"))
        self.rest.setText(format_number(abs(rest)))
        for label in (self.rest_name, self.rest):
            role = "bad" if wrong else "muted"
            if label.property("role") != role:
                label.setProperty("role", role)
                label.style().unpolish(label)
                label.style().polish(label)
        self.rest_bar.show_part(abs(rest) / whole, "bad" if wrong else "strong_line")
