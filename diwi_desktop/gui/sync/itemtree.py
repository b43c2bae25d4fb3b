"""Items of the inbox as a tree: a line per project, under it a line per field; one or many can be chosen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from diwi_desktop.gui import theme
from diwi_desktop.gui.sync.inbox_items import Entry
from diwi_desktop.model.notation import format_number

_ENTRY = int(Qt.ItemDataRole.UserRole)
_PROJECT = _ENTRY + 1
_FITS = 10  # letters that any column has room for
_AT_ONCE = 1000  # lines in all; the others come once these are settled, or are settled with their project


class ItemTree(QTreeWidget):
    """`pointed` carries the entry under the cursor, or None, when the user or a new reading moved it there.

    `opened` carries an entry that was double-clicked, or Enter pressed on.
    """

    pointed = Signal(object)
    opened = Signal(object)
    copy_wanted = Signal()

    def __init__(
        self,
        columns: Sequence[tuple[str, float]],
        texts: Callable[[Entry], Sequence[str]],
        parent: QWidget | None = None,
    ) -> None:
        """`columns` are titles with widths in pixels, or as a share of the whole when less than one; 0 for what takes
        the room that is left. `texts` are a line's cells.
        """
        super().__init__(parent)
        self._shares = {place: width for place, (_, width) in enumerate(columns) if 0 < width < 1}
        self._ends = _EndsWithDots(self)
        self.setItemDelegateForColumn(0, self._ends)
        self._texts = texts
        self._entries: list[Entry] = []
        self._in_hand: set[str] = set()
        self.keys: Mapping[int, Callable[[], None]] = {}
        self.room_for: Mapping[int, int] = {}  # columns with the width of the whole from which on they are there
        self.setColumnCount(len(columns))
        self.setHeaderLabels([title for title, _ in columns])
        self.setUniformRowHeights(True)
        self.setIndentation(theme.space(4))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setAllColumnsShowFocus(True)
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionsMovable(False)
        header.setMinimumSectionSize(60)
        for place, (_, width) in enumerate(columns):
            if width >= 1:
                header.resizeSection(place, round(width))
            mode = QHeaderView.ResizeMode.Interactive if width else QHeaderView.ResizeMode.Stretch
            header.setSectionResizeMode(place, mode)
        self.currentItemChanged.connect(lambda item, _: self.pointed.emit(self._entry(item)))
        self.itemDoubleClicked.connect(lambda item, _: self._open(item))

    @property
    def entries(self) -> Sequence[Entry]:
        """All that is shown, newest first."""
        return self._entries

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Replace the lines. What was chosen stays chosen, and nothing else; where all of it went, the next line takes
        its place.

        A project that was folded stays folded, and what was in sight stays where it was.
        """
        self._in_hand.clear()
        if list(entries) == self._entries:
            return
        chosen = {entry.item.id for entry in self.chosen()}
        current, cursor = self.current(), self.currentItem()
        project: Any = cursor.data(0, _PROJECT) if cursor is not None else None
        place = self._entries.index(current) if current is not None and current in self._entries else 0
        tops = [group for n in range(self.topLevelItemCount()) if (group := self.topLevelItem(n)) is not None]
        scrolled = self.verticalScrollBar().value()
        closed = {group.data(0, _PROJECT) for group in tops if not group.isExpanded()}
        whole = {group.data(0, _PROJECT) for group in tops if group.isSelected()}
        self._entries = _in_groups(entries)
        self.blockSignals(True)
        self.clear()
        lines: dict[str, QTreeWidgetItem] = {}
        heads: dict[str, QTreeWidgetItem] = {}
        groups: dict[str, list[Entry]] = {}
        for entry in self._entries:
            groups.setdefault(_group(entry), []).append(entry)
        for key, some in groups.items():
            group = heads[key] = QTreeWidgetItem([f"{some[0].project}  ({format_number(len(some))})"])
            face = self.font()
            face.setBold(True)
            group.setFont(0, face)
            self.addTopLevelItem(group)
            group.setFirstColumnSpanned(True)
            for entry in some[: _AT_ONCE - len(lines)]:
                lines[entry.item.id] = line = self._line(entry)
                group.addChild(line)
            if group.childCount() < len(some):
                rest = self.tr("… en nog %1").replace("%1", format_number(len(some) - group.childCount()))
                group.addChild(QTreeWidgetItem([rest]))
            group.setData(0, _PROJECT, key)
            group.setExpanded(key not in closed)
        # With what came in it since, a project is not what was chosen: then its lines are.
        kept = {key for key in whole & heads.keys() if all(entry.item.id in chosen for entry in groups[key])}
        for key in kept:
            heads[key].setSelected(True)
        for id in chosen & lines.keys() - {entry.item.id for key in kept for entry in groups[key]}:
            lines[id].setSelected(True)
        self._point_again(heads.get(project), lines, current, place)
        self.executeDelayedItemsLayout()
        self.verticalScrollBar().setValue(scrolled)
        at = self.currentItem()
        above = at.parent() if at is not None else None
        if at is not None and above is not None and above.isExpanded():
            self.scrollToItem(at)  # which would open a folded project
        self.blockSignals(False)
        self.pointed.emit(self.current())

    def _point_again(
        self, head: QTreeWidgetItem | None, lines: Mapping[str, QTreeWidgetItem], current: Entry | None, place: int
    ) -> None:
        """Put the cursor back on the line of a project, on that of an entry, or on what is in its place now; which is
        chosen only when nothing is.
        """
        line = head
        if line is None and self._entries:
            known = current is not None and current.item.id in lines
            there = current if known and current is not None else self._entries[min(place, len(self._entries) - 1)]
            line = lines.get(there.item.id)
        if line is not None:
            flag = QItemSelectionModel.SelectionFlag
            self.setCurrentItem(line, 0, flag.NoUpdate if self.selectedItems() else flag.ClearAndSelect | flag.Rows)

    def current(self) -> Entry | None:
        """The entry under the cursor."""
        return self._entry(self.currentItem())

    def point_at(self, wanted: Callable[[Entry], bool]) -> None:
        """Put the cursor on the first line that is wanted, and the keyboard with it."""
        for top in range(self.topLevelItemCount()):
            group = self.topLevelItem(top)
            lines = [group.child(n) for n in range(group.childCount())] if group is not None else []
            line = next((one for one in lines if (entry := self._entry(one)) is not None and wanted(entry)), None)
            if line is not None:
                self.setFocus()
                self.setCurrentItem(line)
                return

    def chosen(self) -> list[Entry]:
        """The entries of the chosen lines; a project stands for all that is under it."""
        found: dict[str, Entry] = {}
        for line in self.selectedItems():
            entry = self._entry(line)
            under = [entry] if entry is not None else self._under(line)
            found.update((one.item.id, one) for one in under)
        return list(found.values())

    def free(self) -> list[Entry]:
        """The chosen entries that are not in hand."""
        return [entry for entry in self.chosen() if entry.item.id not in self._in_hand]

    def take(self, ids: Iterable[str]) -> None:
        """These are in hand until they have been read anew: a key or button pressed twice does it once."""
        self._in_hand.update(ids)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for column, width in self.room_for.items():
            self.setColumnHidden(column, self.width() < width)
        for column, share in self._shares.items():
            title = self.header().sectionSizeHint(column)
            self.header().resizeSection(column, max(title, round(self.viewport().width() * share)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        do = self.keys.get(event.key()) if event.modifiers() == Qt.KeyboardModifier.NoModifier else None
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_wanted.emit()
        elif do is not None:
            do()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.currentItem())
        else:
            super().keyPressEvent(event)

    def _open(self, line: QTreeWidgetItem | None) -> None:
        entry = self._entry(line)
        if entry is not None:
            self.opened.emit(entry)

    def _under(self, group: QTreeWidgetItem) -> list[Entry]:
        """All of a project, also what has no line."""
        project = group.data(0, _PROJECT)
        return [] if project is None else [entry for entry in self._entries if _group(entry) == project]

    def _line(self, entry: Entry) -> QTreeWidgetItem:
        texts = list(self._texts(entry))
        line = QTreeWidgetItem([" ".join(text.split()) for text in texts])
        for place, text in enumerate(texts):
            if len(text) > _FITS:
                line.setToolTip(place, text)
        line.setData(0, _ENTRY, entry)
        return line

    @staticmethod
    def _entry(line: QTreeWidgetItem | None) -> Entry | None:
        found = line.data(0, _ENTRY) if line is not None else None
        return found if isinstance(found, Entry) else None


class _EndsWithDots(QStyledItemDelegate):
    """What does not fit loses its end: names of fields are known by how they begin."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        super().initStyleOption(option, index)
        option.textElideMode = Qt.TextElideMode.ElideRight


def _group(entry: Entry) -> str:
    """What an entry stands under: its project, which may get another name and need not be the only one of that name."""
    return entry.item.project or entry.project


def _in_groups(entries: Sequence[Entry]) -> list[Entry]:
    """In the order of the lines: the project with the newest first, in it the newest first."""
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(_group(entry), []).append(entry)
    return [entry for some in groups.values() for entry in some]
