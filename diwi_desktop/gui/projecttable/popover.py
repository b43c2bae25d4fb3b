"""The filter of one column, in a small window under its header; what is set holds at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from diwi_desktop.gui import enter, theme
from diwi_desktop.gui.projecttable.columns import Column, ColumnKind
from diwi_desktop.gui.projecttable.filters import EMPTY, AnyOf, Between, Contains, Filter
from diwi_desktop.gui.projecttable.ordering import fold
from diwi_desktop.model.notation import format_date, format_number, parse_date, parse_number
from diwi_desktop.model.values import BadValue

_SEARCH_FROM = 9  # so many choices get a search field
_MOST_SHOWN = 10


class FilterPopover(QFrame):
    """Edits the filter of a column. `changed` carries the new filter, None for no filter."""

    changed = Signal(object)

    def __init__(self, column: Column, now: Filter | None, counts: dict[str, int], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("Popover")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName(self.tr("Filter op {0}").format(column.title))
        title = QLabel(column.title)
        title.setProperty("role", "heading")
        clear = QPushButton(self.tr("Wis filter"))
        clear.setProperty("role", "link")
        clear.clicked.connect(self._clear)
        top = QHBoxLayout()
        top.addWidget(title, 1)
        top.addWidget(clear)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[theme.space(3)] * 4)
        layout.setSpacing(theme.space(2))
        layout.addLayout(top)
        self.editor: _Editor = _editor(column, now, counts)
        self.editor.changed.connect(self.changed)
        layout.addWidget(self.editor)
        self.setMinimumWidth(theme.space(64))
        self.setFocusProxy(self.editor)

    def open_at(self, point: QPoint) -> None:
        """Show with the top left corner at a global point, moved so that it stays on the screen."""
        self.adjustSize()
        room = self.screen().availableGeometry()
        x = max(room.left(), min(point.x(), room.right() - self.width()))
        y = max(room.top(), min(point.y(), room.bottom() - self.height()))
        self.move(x, y)
        self.show()
        self.editor.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if enter.presses(event):
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.close()
        else:
            super().keyPressEvent(event)

    def _clear(self) -> None:
        self.changed.emit(None)
        self.close()


class _Editor(QWidget):
    """Common to the three ways of filtering."""

    changed = Signal(object)


class _TextEditor(_Editor):
    def __init__(self, now: Filter | None) -> None:
        super().__init__()
        self.field = QLineEdit(now.text if isinstance(now, Contains) else "")
        self.field.setPlaceholderText(self.tr("Bevat…"))
        self.field.setClearButtonEnabled(True)
        self.field.setAccessibleName(self.tr("Bevat"))
        self.field.textChanged.connect(self._typed)
        _fill(self, self.field)
        self.setFocusProxy(self.field)

    def _typed(self, text: str) -> None:
        self.changed.emit(Contains(text.strip()) if text.strip() else None)


class _ChoiceEditor(_Editor):
    def __init__(self, column: Column, now: Filter | None, counts: dict[str, int]) -> None:
        super().__init__()
        ticked = now.keys if isinstance(now, AnyOf) else frozenset()
        self.list = QListWidget()
        self.list.setAccessibleName(column.title)
        known = {key: label for key, label in column.labels.items() if key in counts or key in ticked}
        if EMPTY in counts or EMPTY in ticked:
            known[EMPTY] = self.tr("(leeg)")
        for key, label in known.items():
            item = QListWidgetItem(f"{label}  ({format_number(counts.get(key, 0))})")
            item.setData(Qt.ItemDataRole.UserRole, key)
            item.setFlags(Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
            item.setCheckState(Qt.CheckState.Checked if key in ticked else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        rows = min(_MOST_SHOWN, max(1, self.list.count()))
        self.list.setFixedHeight(rows * max(theme.space(6), self.list.sizeHintForRow(0)) + theme.space(1))
        self.list.setCurrentRow(0)
        self.list.itemChanged.connect(self._ticked)
        self.list.itemClicked.connect(self._clicked)
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Zoek in de lijst…"))
        self.search.textChanged.connect(self._narrow)
        self.search.setVisible(self.list.count() >= _SEARCH_FROM)
        self._boxed = False
        _fill(self, self.search, self.list)
        self.setFocusProxy(self.search if self.search.isVisibleTo(self) else self.list)

    def _ticked(self, _: QListWidgetItem) -> None:
        self._boxed = True
        items = [self.list.item(row) for row in range(self.list.count())]
        keys = [i.data(Qt.ItemDataRole.UserRole) for i in items if i.checkState() is Qt.CheckState.Checked]
        self.changed.emit(AnyOf(frozenset(keys)) if keys else None)

    def _clicked(self, item: QListWidgetItem) -> None:
        """A click on the words ticks too; a click on the box has already done so."""
        if not self._boxed:
            on = item.checkState() is Qt.CheckState.Checked
            item.setCheckState(Qt.CheckState.Unchecked if on else Qt.CheckState.Checked)
        self._boxed = False

    def _narrow(self, text: str) -> None:
        for row in range(self.list.count()):
            item = self.list.item(row)
            item.setHidden(fold(text) not in fold(item.text()))


class _RangeEditor(_Editor):
    def __init__(
        self, now: Filter | None, read: Callable[[str], Any], write: Callable[[Any], str], example: str
    ) -> None:
        super().__init__()
        self._read = read
        bounds = now if isinstance(now, Between) else Between()
        self.low, self.high = QLineEdit(), QLineEdit()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(theme.space(2))
        for row, (name, field, value) in enumerate(
            ((self.tr("Vanaf"), self.low, bounds.low), (self.tr("Tot en met"), self.high, bounds.high))
        ):
            label = QLabel(name)
            label.setBuddy(field)
            field.setText("" if value is None else write(value))
            field.setPlaceholderText(example)
            field.setAccessibleName(name)
            field.textChanged.connect(self._typed)
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1)
        self.setFocusProxy(self.low)

    def _typed(self) -> None:
        found = []
        for field in (self.low, self.high):
            text, value, wrong = field.text().strip(), None, False
            if text:
                try:
                    value = self._read(text)
                except BadValue:
                    wrong = True
            if bool(field.property("wrong")) != wrong:
                field.setProperty("wrong", wrong)
                field.style().polish(field)
            if wrong:
                return
            found.append(value)
        self.changed.emit(None if found == [None, None] else Between(*found))


def _fill(widget: QWidget, *parts: QWidget) -> None:
    layout = QVBoxLayout(widget)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(theme.space(2))
    for part in parts:
        layout.addWidget(part)


def _editor(column: Column, now: Filter | None, counts: dict[str, int]) -> _Editor:
    if column.kind is ColumnKind.CHOICE:
        return _ChoiceEditor(column, now, counts)
    if column.kind is ColumnKind.DATE:
        return _RangeEditor(now, lambda text: parse_date(text).isoformat(), format_date, "31-12-2026")
    if column.numeric:
        return _RangeEditor(now, parse_number, format_number, "0")
    return _TextEditor(now)
