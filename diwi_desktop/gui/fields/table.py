"""A table of entities that can be edited in place: columns from the catalogue, one act per edit, a row to add with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import (
    QModelIndex,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from diwi_desktop.gui import theme
from diwi_desktop.gui.fields.cells import CellDelegate
from diwi_desktop.gui.fields.editing import Editing
from diwi_desktop.gui.fields.grid import ROW_HEIGHT, Grid, TotalsBar
from diwi_desktop.gui.fields.message import MessageLine
from diwi_desktop.gui.fields.tablemodel import NEW, Column, EntityModel, Row
from diwi_desktop.gui.fields.words import with_label
from diwi_desktop.gui.language import language
from diwi_desktop.model.finding import Finding

_LEAST = 120  # pixels of a column without a width
_DATES = ("date", "start_date")
_SIGN_AND_EDGES = 42  # pixels: a sign of 16, and what is beside it and around the text


class EntityTable(QWidget):
    """A table of entities with buttons to add and delete, totals, and the reason of a refused edit under it."""

    row_chosen = Signal(str)
    settled = Signal()  # the last edit has ended and the rows may be sorted anew

    def __init__(
        self,
        kind: str,
        columns: Sequence[Column],
        editing: Editing,
        parent: QWidget | None = None,
        *,
        fit: bool = True,
        totals: bool = False,
        can_add: bool = True,
        can_delete: bool = True,
        model: EntityModel | None = None,
    ) -> None:
        super().__init__(parent)
        self._fit = fit
        self._sorted: list[str] = []
        self._scale = theme.current().scale
        self._headed = False  # whether the columns were made as wide as their headings
        described = editing.catalogue.kind(kind)
        self.model = model or EntityModel(kind, columns, editing, self)
        self.grid = Grid(self)
        self.grid.setModel(self.model)
        delegate = CellDelegate(editing, self.grid)
        delegate.closeEditor.connect(lambda: QTimer.singleShot(0, self, self._edit_ended))
        self.grid.setItemDelegate(delegate)
        self.grid.setAccessibleName(described.plural_en if language() == "en" else described.plural_nl)
        self.grid.setObjectName(f"table.{kind}")
        header = self.grid.horizontalHeader()
        for place, column in enumerate(columns):
            if column.width:
                self.grid.setColumnWidth(place, theme.scaled(column.width))
            mode = QHeaderView.ResizeMode.Interactive if column.width else QHeaderView.ResizeMode.Stretch
            header.setSectionResizeMode(place, mode)
        self.totals = TotalsBar(self.grid, self) if totals else None
        self.message = MessageLine(self)
        self.add_button = QPushButton(theme.icon("plus"), with_label(self.tr("%1 toevoegen"), _name(described)), self)
        self.add_button.setProperty("role", "link")
        self.add_button.setToolTip(self.tr("Toevoegen (Insert in de tabel)"))
        self.add_button.clicked.connect(self.add)
        if not can_add:
            self.add_button.hide()
        self._can_delete = can_delete
        self.delete_button = QToolButton(self)
        self.delete_button.setIcon(theme.icon("delete-outline"))
        self.delete_button.setText(self.tr("Verwijderen"))
        theme.words_beside(self.delete_button)
        self.delete_button.setToolTip(self.tr("Verwijder de gekozen rij (Delete)"))
        self.delete_button.clicked.connect(self.delete)
        self.buttons = QHBoxLayout()
        self.buttons.setContentsMargins(0, 0, 0, 0)
        self.buttons.setSpacing(4)
        self.buttons.addWidget(self.add_button)
        self.buttons.addStretch(1)
        self.buttons.addWidget(self.delete_button)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.grid)
        if self.totals is not None:
            box.addWidget(self.totals)
        box.addWidget(self.message)
        box.addLayout(self.buttons)
        theme.current().changed.connect(self._dressed)
        self.grid.delete_wanted.connect(self.delete)
        self.grid.add_wanted.connect(self.add)
        self.grid.selectionModel().currentChanged.connect(self._current)
        self.model.edited.connect(self._edited)
        self.model.modelReset.connect(self._resize)
        self.model.rowsInserted.connect(self._resize)
        self.model.rowsRemoved.connect(self._resize)
        self.message.fix_wanted.connect(editing.fix)
        self._resize()

    def load(
        self, parent: str, rows: Sequence[Row], findings: Mapping[tuple[str, str], list[Finding]], read_only: bool
    ) -> None:
        """Show the rows (log shape, with `id`) under a parent; `findings` by (row id, field key)."""
        here = self.grid.currentIndex()
        chosen = self.model.rows[here.row()]["id"] if here.isValid() else ""
        looked_at = here.isValid() and self.grid.viewport().rect().contains(self.grid.visualRect(here).center())
        self._sorted = [row["id"] for row in rows]
        if self.editing and parent == self.model.parent_id:
            # Rows change places only after the cell that is being edited has been left.
            places = {row["id"]: place for place, row in enumerate(self.model.rows)}
            rows = sorted(rows, key=lambda row: places.get(row["id"], len(places)))
        self.model.load(parent, rows, findings, read_only)
        self._make_room(findings)
        self.add_button.setEnabled(not read_only)
        if chosen and not self.grid.currentIndex().isValid():
            self.choose(chosen, here.column())
        self._buttons()
        self._resize()
        if looked_at:
            # Sorted anew it may stand elsewhere, in a table that has another height once all is in its place.
            QTimer.singleShot(0, self, self._keep_in_sight)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._spread()

    def _spread(self) -> None:
        """Columns without a width take what the others leave, but never less than their heading needs: the user
        scrolls then. The others begin no narrower than their heading either.
        """
        header = self.grid.horizontalHeader()
        if not self._headed:
            self._headed = True
            for place, column in enumerate(self.model.columns):
                if column.width and self.grid.columnWidth(place) < header.sectionSizeHint(place):
                    self.grid.setColumnWidth(place, header.sectionSizeHint(place))
        flowing = [place for place, column in enumerate(self.model.columns) if not column.width]
        others = sum(self.grid.columnWidth(p) for p in range(self.model.columnCount()) if p not in flowing)
        least = {place: max(_LEAST, header.sectionSizeHint(place)) for place in flowing}
        spare = self.grid.viewport().width() - others >= sum(least.values())
        for place in flowing:
            header.setSectionResizeMode(
                place, QHeaderView.ResizeMode.Stretch if spare else QHeaderView.ResizeMode.Interactive
            )
            if not spare:
                self.grid.setColumnWidth(place, least[place])

    def _dressed(self) -> None:
        """At another text size the columns begin anew; other colours leave them as someone made them."""
        if self._scale == theme.current().scale:
            return
        self._scale, self._headed = theme.current().scale, False
        for place, column in enumerate(self.model.columns):
            if column.width:
                self.grid.setColumnWidth(place, theme.scaled(column.width))
        self._spread()
        self._resize()

    def _make_room(self, findings: Mapping[tuple[str, str], list[Finding]]) -> None:
        """A date stays whole beside the sign that something is wrong with it: it is what that is about."""
        room = self.grid.fontMetrics().horizontalAdvance("30-12-2026") + _SIGN_AND_EDGES
        signed = {key for row in self.model.rows for key in _DATES if (row["id"], key) in findings}
        for place, column in enumerate(self.model.columns):
            if column.width and column.field in signed and self.grid.columnWidth(place) < room:
                self.grid.setColumnWidth(place, room)

    @property
    def editing(self) -> bool:
        """Whether a cell is being edited."""
        return self.grid.state() is QAbstractItemView.State.EditingState

    def _keep_in_sight(self) -> None:
        index = self.grid.currentIndex()
        if index.isValid():
            self.grid.scrollTo(index)

    def _edit_ended(self) -> None:
        if not self.editing and [row["id"] for row in self.model.rows if row["id"] != NEW] != self._sorted:
            self.settled.emit()

    def choose(self, entity: str, column: int = 0) -> bool:
        """Make a row the current one; False when it is not there."""
        for place, row in enumerate(self.model.rows):
            if row["id"] == entity:
                self.grid.setCurrentIndex(self.model.index(place, column))
                return True
        return False

    def focus(self, entity: str, key: str) -> bool:
        """Go to the cell of a field; False when it is not there."""
        for place, row in enumerate(self.model.rows):
            if row["id"] == entity:
                keys = [column.key(row) for column in self.model.columns]
                self.grid.setFocus()
                self.grid.setCurrentIndex(self.model.index(place, keys.index(key) if key in keys else 0))
                return True
        return False

    def chosen(self) -> str:
        """The id of the current row, or an empty text."""
        index = self.grid.currentIndex()
        return self.model.rows[index.row()]["id"] if index.isValid() else ""

    def add(self) -> None:
        """Start a new row and edit its first empty cell."""
        if self.model.read_only:
            return
        place = self.model.add_row()
        row = self.model.rows[place]
        keys = [column.key(row) for column in self.model.columns]
        empty = [i for i, key in enumerate(keys) if row.get(key) is None and not self.model.columns[i].read_only]
        index = self.model.index(place, empty[0] if empty else 0)
        self.grid.setFocus()
        self.grid.setCurrentIndex(index)
        self.grid.scrollTo(index)
        self.grid.edit(index)

    def delete(self) -> None:
        """Delete the chosen rows."""
        places = sorted({index.row() for index in self.grid.selectionModel().selectedRows()})
        fresh = all(self.model.rows[place]["id"] == NEW for place in places)
        if places and not self.model.read_only and (self._can_delete or fresh):
            found = self.model.remove(places)
            if found:
                self.message.show_findings(found)

    def _current(self, index: QModelIndex, _before: QModelIndex) -> None:
        self._buttons()
        self._show_problem()
        if index.isValid():
            self.row_chosen.emit(self.model.rows[index.row()]["id"])

    def _edited(self) -> None:
        self._show_problem()
        self._buttons()

    def _show_problem(self) -> None:
        found = self.model.problem(self.grid.currentIndex())
        if not found:
            found = [f for _, problem in self.model.drafts.values() for f in problem]
        if not found:
            found = [f for listed in self.model.findings.values() for f in listed]
        self.message.show_findings(found, self.model.editing.fix_label)

    def _buttons(self) -> None:
        self.delete_button.setHidden(self.model.read_only or not self._can_delete)
        self.delete_button.setEnabled(self.grid.currentIndex().isValid() and not self.model.read_only)

    def _resize(self) -> None:
        if self._fit:
            rows = max(1, self.model.rowCount())
            height = self.grid.horizontalHeader().sizeHint().height() + rows * ROW_HEIGHT + 2
            self.grid.setFixedHeight(height)
            self.grid.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
            self.updateGeometry()


def _name(kind: Any) -> str:
    return str(kind.label(language()))
