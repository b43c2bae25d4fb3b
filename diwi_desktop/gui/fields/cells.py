"""Editing in the cell of a table: the same input as in a form."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QObject,
    QPersistentModelIndex,
    QSize,
    Qt,
    QTimer,
)
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from diwi_desktop.gui.fields.base import Input
from diwi_desktop.gui.fields.choice import ChoiceInput
from diwi_desktop.gui.fields.code import CodeInput
from diwi_desktop.gui.fields.editing import Editing
from diwi_desktop.gui.fields.factory import make_input
from diwi_desktop.gui.fields.grid import ROW_HEIGHT
from diwi_desktop.gui.fields.line import DateInput
from diwi_desktop.gui.fields.tablemodel import EntityModel, Index
from diwi_desktop.gui.fields.words import label
from diwi_desktop.model.catalogue import Field
from diwi_desktop.model.values import BadValue


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
