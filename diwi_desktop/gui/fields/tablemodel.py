"""The rows of a table that is edited in place: values by the catalogue, drafts that could not be stored, new rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from diwi_desktop.gui import theme
from diwi_desktop.gui.fields.editing import Editing
from diwi_desktop.gui.fields.line import NUMBERS
from diwi_desktop.gui.fields.words import change_name, label, sentence, shown
from diwi_desktop.gui.language import language
from diwi_desktop.model.catalogue import Field, FieldType
from diwi_desktop.model.finding import Finding, Severity
from diwi_desktop.model.notation import euro_range
from diwi_desktop.model.values import BadValue, finding_of

Row = dict[str, Any]
Index = QModelIndex | QPersistentModelIndex
NEW = ""  # the id of a row that is not stored yet
_ROOT = QModelIndex()


@dataclass(frozen=True)
class Column:
    """A column of the table. `field` is a key of the catalogue, or says per row which key it is."""

    field: str | Callable[[Row], str]
    title: str = ""
    width: int = 0  # pixels at the normal text size; 0 takes the room there is
    read_only: bool = False
    texts: Mapping[str, str] | None = None  # shorter words for codes
    check: bool = False  # yes or no as a box to tick

    def key(self, row: Row) -> str:
        return self.field if isinstance(self.field, str) else self.field(row)


class EntityModel(QAbstractTableModel):
    """Rows in log shape with their `id`. What could not be stored stays in the cell as a draft, with the reason."""

    edited = Signal()  # a value, stored or being typed, changed

    def __init__(self, kind: str, columns: Sequence[Column], editing: Editing, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.kind, self.columns, self.editing = kind, list(columns), editing
        self.parent_id = ""
        self.rows: list[Row] = []
        self.read_only = False
        self.drafts: dict[tuple[str, str], tuple[Any, list[Finding]]] = {}
        self.findings: dict[tuple[str, str], list[Finding]] = {}
        self.live: dict[tuple[str, str], Any] = {}  # what is being typed now, by (row id, key)
        self.defaults: Callable[[], Row] = dict
        self.needs: tuple[str, ...] = ()  # what a new row needs beside the mandatory fields before it is stored
        # Values that change along with a value, such as a rent that goes when a home becomes owner-occupied.
        self.along: Callable[[Row, str, Any], Row] = lambda _row, _key, _value: {}
        self.locked: Callable[[Row, str], bool] = lambda _row, _key: False
        # What refuses a value beside the field itself, such as a name that is taken.
        self.refuse: Callable[[Row, str, Any], Finding | None] = lambda _row, _key, _value: None

    # ------------------------------------------------------------------------------------------------------- contents

    def load(
        self, parent: str, rows: Sequence[Row], findings: Mapping[tuple[str, str], list[Finding]], read_only: bool
    ) -> None:
        """Show the rows of a parent. The unstored row and drafts stay when it is the same parent."""
        same = parent == self.parent_id
        fresh = [row for row in self.rows if row["id"] == NEW] if same and not read_only else []
        wanted = [*rows, *fresh]
        self.read_only, self.findings = read_only, dict(findings)
        ids = {row["id"] for row in wanted}
        self.drafts = {key: value for key, value in self.drafts.items() if same and key[0] in ids}
        self.live.clear()
        if same and [r["id"] for r in wanted] == [r["id"] for r in self.rows]:
            self.rows = [dict(row) for row in wanted]
            if self.rows:
                self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, len(self.columns) - 1))
        else:
            self.beginResetModel()
            self.parent_id, self.rows = parent, [dict(row) for row in wanted]
            self.endResetModel()
        self.edited.emit()

    def field(self, index: Index) -> Field:
        """The field of a cell."""
        return self.described(self.columns[index.column()].key(self.rows[index.row()]))

    def described(self, key: str) -> Field:
        """What the catalogue says of a key; a subclass may know more keys."""
        return self.editing.catalogue.field(self.kind, key)

    def value(self, row: Row, key: str) -> Any:
        """The value of a cell as it is being typed, else as stored."""
        return self.live.get((row["id"], key), row.get(key))

    def set_live(self, index: Index, value: Any) -> None:
        """Tell what is being typed in a cell, so that sums can follow."""
        self.live[self.rows[index.row()]["id"], self.field(index).key] = value
        self.edited.emit()

    def problem(self, index: Index) -> list[Finding]:
        """What is wrong with a cell: the reason it could not be stored, else its findings."""
        if not index.isValid():
            return []
        key = (self.rows[index.row()]["id"], self.field(index).key)
        return self.drafts[key][1] if key in self.drafts else self.findings.get(key, [])

    # ----------------------------------------------------------------------------------------------------------- Qt

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        column = self.columns[section]
        field = None
        if isinstance(column.field, str):
            field = self.described(column.field)
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title or (label(field) if field else "")
        if role == Qt.ItemDataRole.ToolTipRole and field is not None:
            return field.help(language())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _align(field)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        if not index.isValid() or self.read_only or self.columns[index.column()].read_only:
            return flags
        row, field = self.rows[index.row()], self.field(index)
        if field.readonly or (field.fixed and row["id"] != NEW) or self.locked(row, field.key):
            return flags
        if self.columns[index.column()].check:
            return flags | Qt.ItemFlag.ItemIsUserCheckable
        return flags | Qt.ItemFlag.ItemIsEditable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, field = self.rows[index.row()], self.field(index)
        key = (row["id"], field.key)
        draft = self.drafts.get(key)
        if self.columns[index.column()].check and role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.CheckStateRole):
            if role == Qt.ItemDataRole.DisplayRole:
                return None
            return Qt.CheckState.Checked if row.get(field.key) else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.DisplayRole:
            short = self.columns[index.column()].texts
            if short is not None and draft is None and row.get(field.key) in short:
                return short[row[field.key]]
            return self._text(row, field, draft)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _align(field)
        if role in (Qt.ItemDataRole.ForegroundRole, Qt.ItemDataRole.DecorationRole):
            return self._look(index, role)
        if role == Qt.ItemDataRole.ToolTipRole:
            found = self.problem(index)
            return sentence(found[0]) if found else self._text(row, field, draft)
        return None

    def _look(self, index: Index, role: int) -> Any:
        found = self.problem(index)
        if role == Qt.ItemDataRole.DecorationRole:
            if not found:
                return None
            warning = all(f.severity is Severity.WARNING for f in found)
            return theme.icon("alert-outline" if warning else "alert-circle-outline", "warn" if warning else "bad")
        row, field = self.rows[index.row()], self.field(index)
        if (row["id"], field.key) in self.drafts:
            return theme.colour("bad")
        return theme.colour("muted") if row["id"] == NEW and row.get(field.key) is None else None

    def _text(self, row: Row, field: Field, draft: tuple[Any, list[Finding]] | None) -> str:
        if draft is not None and isinstance(draft[0], str) and field.type is not FieldType.CODE:
            return draft[0]
        value = row.get(field.key)
        if value is None and row["id"] == NEW and field.mandatory:
            return self.tr("%1…").replace("%1", label(field))
        if field.type is FieldType.REFERENCE and value is not None:
            return dict(self.editing.choices(field, [value])).get(value, "")
        if value is not None and field.type is FieldType.RANGE_MONEY:
            return euro_range(value, language())  # the heading of the column has the sign
        return shown(field, value, self.editing.options())

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """A box that was ticked. Other values come in through `commit`."""
        if role != Qt.ItemDataRole.CheckStateRole or not self.flags(index) & Qt.ItemFlag.ItemIsUserCheckable:
            return False
        on = Qt.CheckState(value) is Qt.CheckState.Checked
        return self.commit(index, on, lambda: on)

    # ------------------------------------------------------------------------------------------------------- editing

    def add_row(self) -> int:
        """Add a row that is stored as soon as everything that must be filled in is. Returns its place."""
        for place, row in enumerate(self.rows):
            if row["id"] == NEW:
                return place
        place = len(self.rows)
        kind = self.editing.catalogue.kind(self.kind)
        fresh = {f.key: f.default for f in kind.fields if f.default is not None}
        self.beginInsertRows(QModelIndex(), place, place)
        self.rows.append({**fresh, **self.defaults(), "id": NEW})
        self.endInsertRows()
        return place

    def commit(self, index: Index, text: Any, read: Callable[[], Any]) -> bool:
        """Store what was typed in a cell; `read` gives the value or raises BadValue. False when it stays a draft."""
        row, field = self.rows[index.row()], self.field(index)
        key = (row["id"], field.key)
        self.live.pop(key, None)
        try:
            value = read()
            if value is None and field.mandatory:
                raise BadValue("mandatory", "dit moet ingevuld zijn.", "this must be filled in.")
        except BadValue as error:
            if row["id"] == NEW and error.code == "mandatory":
                return self._done(key, [])
            return self._done(key, [finding_of(field, row["id"], text, error)], text)
        if value == row.get(field.key):
            return self._done(key, [])
        refusal = self.refuse(row, field.key, value)
        if refusal is not None:
            return self._done(key, [refusal], text)
        if row["id"] == NEW:
            return self._commit_new(row, field, value, text)
        return self._done(key, self.store_value(row, field, value), text)

    def store_value(self, row: Row, field: Field, value: Any) -> list[Finding]:
        """Store one value of a stored row, as one act. Returns why it was refused."""
        changes = {field.key: value, **self.along(row, field.key, value)}

        def edit(act: Any) -> None:
            for name, new in changes.items():
                act.set(self.kind, row["id"], name, new)

        found = self.editing.apply(change_name(field), edit)
        if not found:
            row.update(changes)
        return found

    def _commit_new(self, row: Row, field: Field, value: Any, text: Any) -> bool:
        row.update({field.key: value, **self.along(row, field.key, value)})
        kind = self.editing.catalogue.kind(self.kind)
        mandatory = [f.key for f in kind.fields if f.mandatory and f.key != kind.parent_key]
        if any(row.get(key) is None for key in (*mandatory, *self.needs)):
            return self._done((NEW, field.key), [])
        values = {key: item for key, item in row.items() if key in kind.by_key and item is not None}
        if kind.parent_key:
            values[kind.parent_key] = self.parent_id
        made: list[str] = []
        found = self.editing.apply(f"{kind.nl} toevoegen", lambda act: made.append(act.create(self.kind, values)))
        if not found:
            row["id"] = made[0]
            self.drafts = {key: draft for key, draft in self.drafts.items() if key[0] != NEW}
            return self._done((row["id"], field.key), [])
        return self._done((NEW, field.key), found, text)

    def _done(self, key: tuple[str, str], found: list[Finding], text: Any = None) -> bool:
        if found:
            self.drafts[key] = (text, found)
        else:
            self.drafts.pop(key, None)
        if self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, len(self.columns) - 1))
        self.edited.emit()
        return not found

    def restore(self, index: Index) -> bool:
        """Drop the draft of a cell; False when there is none."""
        if not index.isValid():
            return False
        key = (self.rows[index.row()]["id"], self.field(index).key)
        if key not in self.drafts:
            return False
        self._done(key, [])
        return True

    def remove(self, places: Sequence[int]) -> list[Finding]:
        """Delete rows, as one act; the unstored row just goes. Returns why it was refused."""
        found: list[Finding] = []
        stored = [self.rows[place]["id"] for place in places if self.rows[place]["id"] != NEW]
        for place in sorted(places, reverse=True):
            if self.rows[place]["id"] == NEW:
                self.beginRemoveRows(QModelIndex(), place, place)
                del self.rows[place]
                self.endRemoveRows()
        self.drafts = {key: draft for key, draft in self.drafts.items() if key[0] != NEW}
        if stored:
            kind = self.editing.catalogue.kind(self.kind)
            name = (
                f"{kind.nl} verwijderen" if len(stored) == 1 else f"{len(stored)} {kind.plural_nl.lower()} verwijderen"
            )

            def edit(act: Any) -> None:
                for entity in stored:
                    act.delete(self.kind, entity)

            found = self.editing.apply(name, edit)
        self.edited.emit()
        return found


def _align(field: Field | None) -> Qt.AlignmentFlag:
    right = field is not None and field.type in NUMBERS
    return Qt.AlignmentFlag.AlignVCenter | (Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft)
