"""A table of entities that can be edited in place: columns from the catalogue, one act per edit, a row to add with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from diwi_desktop.gui import theme
from diwi_desktop.gui.fields.base import Input
from diwi_desktop.gui.fields.choice import ChoiceInput, CodeInput
from diwi_desktop.gui.fields.editing import Editing
from diwi_desktop.gui.fields.factory import make_input
from diwi_desktop.gui.fields.line import NUMBERS, DateInput
from diwi_desktop.gui.fields.message import MessageLine
from diwi_desktop.gui.fields.words import change_name, label, sentence, shown, with_label
from diwi_desktop.gui.language import language
from diwi_desktop.model.catalogue import Field, FieldType
from diwi_desktop.model.finding import Finding, Severity
from diwi_desktop.model.notation import euro_range
from diwi_desktop.model.values import BadValue, finding_of

Row = dict[str, Any]
Index = QModelIndex | QPersistentModelIndex
NEW = ""  # the id of a row that is not stored yet
ROW_HEIGHT = 26
_ROOT = QModelIndex()


@dataclass(frozen=True)
class Column:
    """A column of the table. `field` is a key of the catalogue, or says per row which key it is."""

    field: str | Callable[[Row], str]
    title: str = ""
    width: int = 0  # pixels; 0 takes the room there is
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


class CellDelegate(QStyledItemDelegate):
    """Edits a cell with the input of its field. Enter and leaving store, Esc restores, Tab goes to the next cell."""

    def __init__(self, editing: Editing, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editing = editing
        self._open: dict[Input, QPersistentModelIndex] = {}

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        field = self.field_of(index)
        editor = make_input(field, self._editing)
        editor.setParent(parent)
        editor.setAutoFillBackground(True)
        editor.control().setAccessibleName(label(field))
        editor.setObjectName(f"cell.{field.kind}.{field.key}")
        self._open[editor] = QPersistentModelIndex(index)
        editor.left.connect(lambda: self._close(editor, QAbstractItemDelegate.EndEditHint.NoHint))
        editor.cancelled.connect(lambda: self._cancel(editor))
        editor.edited.connect(lambda: self._live(editor))
        editor.control().installEventFilter(self)
        editor.destroyed.connect(lambda: self._open.pop(editor, None))
        if isinstance(editor, ChoiceInput):
            editor.created.connect(lambda name: self._create(editor, name))
            QTimer.singleShot(0, editor, editor.open)
        elif isinstance(editor, CodeInput):
            QTimer.singleShot(0, editor.combo, editor.combo.showPopup)
        return editor

    def field_of(self, index: Index) -> Field:
        """The field of a cell."""
        model = index.model()
        if not isinstance(model, EntityModel):
            raise TypeError("this delegate edits an EntityModel")
        return model.field(index)

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        model = index.model()
        if not isinstance(editor, Input) or not isinstance(model, EntityModel) or editor.property("filled"):
            return
        editor.setProperty("filled", True)  # a refresh of the table must not overwrite what is being typed
        row, field = model.rows[index.row()], model.field(index)
        editor.show_value(row.get(field.key))
        draft = model.drafts.get((row["id"], field.key))
        if draft is not None:
            editor.set_draft(draft[0])
        editor.select_all()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        if isinstance(editor, Input) and isinstance(model, EntityModel):
            model.commit(index, editor.draft(), editor.value)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        rect = option.rect
        wanted = editor.sizeHint().height()
        if isinstance(editor, DateInput):
            rect = rect.adjusted(0, 0, max(0, 136 - rect.width()), 0)
        more = max(0, (wanted - rect.height()) // 2)
        editor.setGeometry(rect.adjusted(0, -more, 0, more))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            editor: QObject | None = watched
            while editor is not None and not isinstance(editor, Input):
                editor = editor.parent()
            if isinstance(editor, Input) and event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
                hint = QAbstractItemDelegate.EndEditHint
                self._close(editor, hint.EditNextItem if event.key() == Qt.Key.Key_Tab else hint.EditPreviousItem)
                return True
            return False
        # Not the rules of Qt: the container of an input never has the keyboard; its control says when it is left.
        return False

    def _close(self, editor: Input, hint: QAbstractItemDelegate.EndEditHint) -> None:
        if editor.property("closing"):
            return
        editor.setProperty("closing", True)
        self.commitData.emit(editor)
        self.closeEditor.emit(editor, hint)

    def _cancel(self, editor: Input) -> None:
        editor.setProperty("closing", True)
        index = self._open.get(editor)
        if index is not None and index.isValid():
            model = index.model()
            if isinstance(model, EntityModel):
                model.live.clear()
                if not model.restore(index):
                    model.edited.emit()
        self.closeEditor.emit(editor, QAbstractItemDelegate.EndEditHint.NoHint)

    def _live(self, editor: Input) -> None:
        index = self._open.get(editor)
        if index is None or not index.isValid():
            return
        model = index.model()
        if isinstance(model, EntityModel):
            try:
                value = editor.value()
            except BadValue:
                value = None
            model.set_live(index, value)

    def _create(self, editor: ChoiceInput, name: str) -> None:
        index = self._open.get(editor)
        if index is None or not index.isValid():
            return
        model, field = index.model(), self.field_of(index)
        if isinstance(model, EntityModel):
            self._editing.add_option(field, model.rows[index.row()]["id"], name, editor.chosen())
        editor.setProperty("closing", True)
        self.closeEditor.emit(editor, QAbstractItemDelegate.EndEditHint.NoHint)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(super().sizeHint(option, index).width(), ROW_HEIGHT)


class Grid(QTableView):
    """A table view with the keys of this program: Enter or F2 edits, Delete deletes, Ctrl+C copies."""

    delete_wanted = Signal()
    add_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.verticalHeader().setMinimumSectionSize(ROW_HEIGHT)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setSectionsClickable(False)
        self.horizontalHeader().setMinimumSectionSize(40)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.SelectedClicked
        )
        self.setTabKeyNavigation(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() == Qt.Key.Key_Delete:
            self.delete_wanted.emit()
        elif event.key() == Qt.Key.Key_Insert:
            self.add_wanted.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.edit(self.currentIndex())
        elif event.key() == Qt.Key.Key_Escape and self._restore():
            return
        else:
            super().keyPressEvent(event)

    def _restore(self) -> bool:
        model = self.model()
        return isinstance(model, EntityModel) and model.restore(self.currentIndex())

    def copy(self) -> None:
        """Put the selected rows with their headers on the clipboard, as Excel takes them."""
        model = self.model()
        rows = sorted({index.row() for index in self.selectedIndexes()})
        shown_columns = [c for c in range(model.columnCount()) if not self.isColumnHidden(c)]
        lines = [[str(model.headerData(c, Qt.Orientation.Horizontal) or "") for c in shown_columns]]
        lines += [[str(model.index(r, c).data() or "") for c in shown_columns] for r in rows]
        QGuiApplication.clipboard().setText("\n".join("\t".join(line) for line in lines))


class TotalsBar(QWidget):
    """A row of totals that keeps in line with the columns of a table above it."""

    def __init__(self, grid: QTableView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = grid
        self._texts: dict[int, tuple[str, str]] = {}
        self.setFixedHeight(ROW_HEIGHT)
        header = grid.horizontalHeader()
        header.sectionResized.connect(self.update)
        header.geometriesChanged.connect(self.update)
        grid.horizontalScrollBar().valueChanged.connect(self.update)

    def show_totals(self, texts: Mapping[int, tuple[str, str]]) -> None:
        """Texts by column, each with the token of its colour."""
        self._texts = dict(texts)
        self.setAccessibleName("; ".join(text for text, _ in self._texts.values() if text))
        self.update()

    def text(self, column: int) -> str:
        """What stands under a column."""
        return self._texts.get(column, ("", ""))[0]

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("raised"))
        painter.setPen(theme.colour("strong_line"))
        painter.drawLine(0, 0, self.width(), 0)
        painter.setFont(theme.font(bold=True))
        model = self._grid.model()
        for column, (text, token) in self._texts.items():
            left = self._grid.columnViewportPosition(column) + self._grid.viewport().x()
            width = self._grid.columnWidth(column)
            align = model.headerData(column, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole)
            right = bool(align is not None and align & Qt.AlignmentFlag.AlignRight)
            wide = width - 12
            if not right:
                wide = self.width() - left - 12  # words may run on into empty columns
                following = [c for c in self._texts if c > column]
                if following:
                    wide = self._grid.columnViewportPosition(min(following)) - left - 12
            painter.setPen(theme.colour(token))
            flag = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
            painter.drawText(left + 6, 0, wide, self.height(), flag | Qt.AlignmentFlag.AlignVCenter, text)


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
                self.grid.setColumnWidth(place, column.width)
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
        self.delete_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
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
        self._sorted = [row["id"] for row in rows]
        if self.editing and parent == self.model.parent_id:
            # Rows change places only after the cell that is being edited has been left.
            places = {row["id"]: place for place, row in enumerate(self.model.rows)}
            rows = sorted(rows, key=lambda row: places.get(row["id"], len(places)))
        self.model.load(parent, rows, findings, read_only)
        self.add_button.setEnabled(not read_only)
        if chosen and not self.grid.currentIndex().isValid():
            self.choose(chosen, here.column())
        self._buttons()
        self._resize()

    @property
    def editing(self) -> bool:
        """Whether a cell is being edited."""
        return self.grid.state() is QAbstractItemView.State.EditingState

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
