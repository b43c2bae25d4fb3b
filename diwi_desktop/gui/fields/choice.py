"""Inputs that choose one or more from a list that can be searched: the municipality's options, people, groups."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QSize, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListView,
    QPushButton,
    QStyle,
    QVBoxLayout,
    QWidget,
)

from diwi_desktop.gui import theme
from diwi_desktop.gui.fields.base import Input
from diwi_desktop.gui.fields.code import Choices
from diwi_desktop.gui.fields.controls import draw_field, line_height
from diwi_desktop.model.catalogue import LIST_TYPES, Field
from diwi_desktop.model.values import to_log

_VALUE = Qt.ItemDataRole.UserRole


class _ChoiceFace(QWidget):
    """What a list of choices looks like when closed: the chosen ones, a caret, the frame of a line edit."""

    pressed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.text = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def set_text(self, text: str) -> None:
        self.text = text
        self.setToolTip(text)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, line_height())

    def minimumSizeHint(self) -> QSize:
        return QSize(60, line_height())

    def mousePressEvent(self, event: Any) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.isEnabled():
            self.pressed.emit()

    def paintEvent(self, _event: Any) -> None:
        draw_field(self, self.text, wrong=bool(self.property("wrong")))


class ChoicePopup(QFrame):
    """A list to choose from, with a filter line and, where allowed, a new choice from what was typed."""

    done = Signal(list)  # the chosen values
    created = Signal(str)  # the name of a new choice

    def __init__(
        self,
        entries: Sequence[tuple[str, str]],
        chosen: Sequence[str],
        *,
        many: bool,
        can_add: bool,
        can_clear: bool,
        none: str = "",
        parent: QWidget,
    ) -> None:
        """`none` says what to do when there is nothing to choose."""
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("choicePopup")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._many, self._can_add = many, can_add
        self._before = list(chosen)
        self._settled = False
        self._model = QStandardItemModel(self)
        if can_clear and not many:
            self._add("", self.tr("Geen keuze"), chosen)
        for value, text in entries:
            self._add(value, text, chosen)
        if not entries and not can_add:
            self._explain(none or self.tr("Nog niets om te kiezen"))
        self._filtered = QSortFilterProxyModel(self)
        self._filtered.setSourceModel(self._model)
        self._filtered.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.filter = QLineEdit(self)
        self.filter.setPlaceholderText(self.tr("Zoek of typ een nieuwe keuze") if can_add else self.tr("Zoek"))
        self.filter.setAccessibleName(self.filter.placeholderText())
        self.filter.textChanged.connect(self._filter)
        self.filter.installEventFilter(self)
        self.filter.setHidden(not can_add and self._model.rowCount() <= 8)
        self.list = QListView(self)
        self.list.setModel(self._filtered)
        self.list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setUniformItemSizes(True)
        self.list.clicked.connect(self._clicked)
        self.list.installEventFilter(self)
        self.add = QPushButton(self)
        self.add.setIcon(theme.icon("plus"))
        self.add.setAutoDefault(False)
        self.add.setFlat(True)
        self.add.hide()
        self.add.clicked.connect(self._create)
        box = QVBoxLayout(self)
        box.setContentsMargins(4, 4, 4, 4)
        box.setSpacing(4)
        for widget in (self.filter, self.list, self.add):
            box.addWidget(widget)
        self._size()

    def _add(self, value: str, text: str, chosen: Sequence[str]) -> None:
        item = QStandardItem(text)
        item.setData(value, _VALUE)
        item.setToolTip(text)
        if self._many:
            item.setCheckable(True)
            item.setCheckState(Qt.CheckState.Checked if value in chosen else Qt.CheckState.Unchecked)
        self._model.appendRow(item)

    def _explain(self, text: str) -> None:
        """A line to read, that cannot be chosen."""
        item = QStandardItem(text)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        item.setForeground(theme.colour("muted"))
        item.setToolTip(text)
        self._model.appendRow(item)

    def _size(self) -> None:
        rows = max(2, min(12, self._model.rowCount()))
        self.list.setFixedHeight(rows * max(22, self.list.sizeHintForRow(0)) + 4)

    def open_under(self, face: QWidget) -> None:
        """Show the list under a widget, at least as wide."""
        width = max(face.width(), min(420, self.list.sizeHintForColumn(0) + 48))
        self.setFixedWidth(max(180, width))
        self.adjustSize()
        place = face.mapToGlobal(face.rect().bottomLeft())
        screen = face.screen().availableGeometry()
        if place.y() + self.height() > screen.bottom():
            place = face.mapToGlobal(face.rect().topLeft())
            place.setY(max(screen.top(), place.y() - self.height()))
        place.setX(max(screen.left(), min(place.x(), screen.right() - self.width())))
        self.move(place)
        self.show()
        chosen = [i for i in range(self._model.rowCount()) if self._model.item(i).data(_VALUE) in self._before]
        first = self._filtered.mapFromSource(self._model.index(chosen[0] if chosen else 0, 0))
        self.list.setCurrentIndex(first)
        first_in = self.filter if not self.filter.isHidden() else self.list
        first_in.setFocus(Qt.FocusReason.PopupFocusReason)  # the field under it has not been left

    def chosen(self) -> list[str]:
        """The values that are ticked."""
        items = [self._model.item(row) for row in range(self._model.rowCount())]
        return [item.data(_VALUE) for item in items if item.checkState() is Qt.CheckState.Checked]

    def _filter(self, text: str) -> None:
        self._filtered.setFilterFixedString(text.strip())
        self.list.setCurrentIndex(self._filtered.index(0, 0))
        names = [self._model.item(row).text().casefold() for row in range(self._model.rowCount())]
        new = bool(text.strip()) and self._can_add and text.strip().casefold() not in names
        self.add.setVisible(new)
        self.add.setText(self.tr("'%1' toevoegen").replace("%1", text.strip()))
        self.adjustSize()

    def _clicked(self, index: Any) -> None:
        item = self._model.itemFromIndex(self._filtered.mapToSource(index))
        if not self._many:
            self._finish([item.data(_VALUE)] if item.data(_VALUE) else [])
        elif not self._box_hit:
            # A click on the words ticks too; one on the box itself has already done so.
            item.setCheckState(
                Qt.CheckState.Unchecked if item.checkState() is Qt.CheckState.Checked else Qt.CheckState.Checked
            )

    @property
    def _box_hit(self) -> bool:
        place = self.list.viewport().mapFromGlobal(self.cursor().pos())
        return place.x() < self.style().pixelMetric(QStyle.PixelMetric.PM_IndicatorWidth) + 6

    def _create(self) -> None:
        self._settled = True
        name = self.filter.text().strip()
        self.close()
        self.created.emit(name)

    def _finish(self, values: list[str]) -> None:
        self._settled = True
        self.close()
        self.done.emit(values)

    def closeEvent(self, event: Any) -> None:
        # A click beside the list of several choices keeps what was ticked.
        if not self._settled and self._many:
            self._settled = True
            self.done.emit(self.chosen())
        super().closeEvent(event)

    def eventFilter(self, watched: Any, event: QEvent) -> bool:
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._popup_key(watched, event)
        return super().eventFilter(watched, event)

    def _popup_key(self, watched: Any, event: QKeyEvent) -> bool:
        key = event.key()
        index = self.list.currentIndex()
        if key == Qt.Key.Key_Escape:
            self._settled = True
            self.close()
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter()
            return True
        if watched is self.filter and key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            step = 1 if key == Qt.Key.Key_Down else -1
            row = max(0, min(self._filtered.rowCount() - 1, index.row() + step))
            self.list.setCurrentIndex(self._filtered.index(row, 0))
            return True
        if watched is self.filter and key == Qt.Key.Key_Space and self._many and not self.filter.text():
            self._toggle(index)
            return True
        return False

    def _toggle(self, index: Any) -> None:
        item = self._model.itemFromIndex(self._filtered.mapToSource(index))
        if item is not None and item.isEnabled():
            on = item.checkState() is Qt.CheckState.Checked
            item.setCheckState(Qt.CheckState.Unchecked if on else Qt.CheckState.Checked)

    def _enter(self) -> None:
        index = self.list.currentIndex()
        if not self.add.isHidden() and not index.isValid():
            self._create()
        elif self._many:
            if self.filter.text() and index.isValid():
                self._toggle(index)
            self._finish(self.chosen())
        elif index.isValid():
            value = index.data(_VALUE)
            self._finish([value] if value else [])


class ChoiceInput(Input):
    """One or several choices from a list that can be long; a new choice can be made on the spot."""

    created = Signal(str)  # a name that is not in the list yet

    def __init__(
        self,
        field: Field,
        choices: Choices,
        *,
        names: Choices | None = None,
        can_add: bool = False,
        none: str = "",
        parent: QWidget | None = None,
    ) -> None:
        """`names` gives the labels of what is chosen, where `choices` would read too much; `none` says what to do when
        there is nothing to choose.
        """
        super().__init__(field, parent)
        self._choices = choices
        self._names = names or choices
        self._can_add, self._none = can_add, none
        self._many = field.type in LIST_TYPES and not (field.own and field.single)
        self._chosen: list[str] = []
        self.face = _ChoiceFace(self)
        self.face.pressed.connect(self.open)
        self._adopt(self.face, 1)

    def open(self) -> None:
        """Show the list."""
        if not self.face.isEnabled():
            return
        popup = ChoicePopup(
            self._choices(self.field, self._chosen),
            self._chosen,
            many=self._many,
            can_add=self._can_add,
            can_clear=not self.field.mandatory,
            none=self._none,
            parent=self,
        )
        popup.done.connect(self._done)
        popup.created.connect(self._created)
        self.face.setFocus(Qt.FocusReason.PopupFocusReason)
        popup.open_under(self.face)

    def _done(self, values: list[str]) -> None:
        self.face.setFocus(Qt.FocusReason.PopupFocusReason)
        if set(values) != set(self._chosen):
            self._show(values)
            self.edited.emit()
            self.left.emit()

    def _created(self, name: str) -> None:
        self.face.setFocus(Qt.FocusReason.PopupFocusReason)
        self.created.emit(name)

    def chosen(self) -> list[str]:
        """The chosen values."""
        return list(self._chosen)

    def _show(self, values: Sequence[str]) -> None:
        self._chosen = list(values)
        names = dict(self._names(self.field, self._chosen)) if values else {}
        order = {value: place for place, value in enumerate(names)}
        shown = sorted(self._chosen, key=lambda value: order.get(value, len(order)))
        self.face.set_text(", ".join(names.get(value, "?") for value in shown))

    def value(self) -> Any:
        if self.field.type in LIST_TYPES:
            return to_log(self.field, self._chosen)
        return to_log(self.field, self._chosen[0] if self._chosen else None)

    def show_value(self, value: Any) -> None:
        self._show([] if not value else [value] if isinstance(value, str) else value)

    def draft(self) -> Any:
        return list(self._chosen)

    def set_draft(self, draft: Any) -> None:
        self._show(draft)

    def set_read_only(self, on: bool) -> None:
        self.face.setEnabled(not on)

    def _key(self, event: QKeyEvent) -> bool:
        opens = event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F4) or (
            event.key() == Qt.Key.Key_Down
        )
        if opens:
            self.open()
            return True
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and not self.field.mandatory:
            self._done([])
            return True
        return super()._key(event)
