"""The small window in which one milestone or delivery is edited or made: kept with Enter, left with Esc."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QCloseEvent, QFont, QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from diwi_desktop.gui import enter, theme
from diwi_desktop.gui.fields.base import Input
from diwi_desktop.gui.fields.controls import Combo
from diwi_desktop.gui.fields.editing import Editing
from diwi_desktop.gui.fields.factory import make_input
from diwi_desktop.gui.fields.message import MessageLine
from diwi_desktop.gui.fields.words import code_label, label
from diwi_desktop.gui.language import language
from diwi_desktop.model.codelists import Code, code_list
from diwi_desktop.model.finding import Finding
from diwi_desktop.model.values import BadValue, finding_of

# The fields of each kind, in order; the type of a milestone is chosen when it is made.
FIELDS = {"milestone": ("date", "state", "guard", "note"), "delivery": ("date", "number", "state")}


class TypeChooser(Combo):
    """The milestone types: the starts of phases, the plan statuses, and the other milestones by phase."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        model = QStandardItemModel(self)
        for heading, codes in self._groups():
            title = QStandardItem(heading)
            title.setFlags(Qt.ItemFlag.NoItemFlags)
            font = QFont(theme.font("small", bold=True))
            title.setFont(font)
            model.appendRow(title)
            for code in codes:
                entry = QStandardItem("   " + code.label(language()))
                entry.setData(code.key, Qt.ItemDataRole.UserRole)
                entry.setToolTip(code.label(language()))
                model.appendRow(entry)
        self.setModel(model)
        self.setCurrentIndex(-1)

    def _groups(self) -> list[tuple[str, list[Code]]]:
        codes = code_list("milestone_type").codes
        by_lane = {name: [c for c in codes if c.extra["lane"] == name] for name in ("phase", "status")}
        groups = [(self.tr("Fasen"), by_lane["phase"]), (self.tr("Planstatus"), by_lane["status"])]
        others = [c for c in codes if c.extra["lane"] == "milestone"]
        for phase in dict.fromkeys(c.extra.get("phase", "") for c in others):
            name = self.tr("Fase {0}").format(code_label("phase", phase)) if phase else self.tr("Overig")
            groups.append((name, [c for c in others if c.extra.get("phase", "") == phase]))
        return groups

    def choose(self, key: str) -> None:
        self.setCurrentIndex(self.findData(key))


class ItemEditor(QFrame):
    """Edits the values of one item. `kept` carries the values that were changed (all of them for a new one)."""

    kept = Signal(dict)
    delete_wanted = Signal()
    closed = Signal(object)  # this editor

    def __init__(
        self,
        kind: str,
        title: str,
        values: Mapping[str, Any],
        editing: Editing,
        parent: QWidget,
        *,
        new: bool = False,
        preset: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("Popover")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName(title)
        self._kind, self._new, self._old = kind, new, dict(values)
        self._catalogue = editing.catalogue
        heading = QLabel(title)
        heading.setProperty("role", "title")
        heading.setWordWrap(True)
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.space(3))
        grid.setVerticalSpacing(theme.space(2))
        grid.setColumnStretch(1, 1)
        self.type: TypeChooser | None = None
        if new:
            self.type = TypeChooser()
            self._row(grid, self._catalogue.field(kind, "type").label(language()), self.type)
            self.type.installEventFilter(self)
        self.inputs: dict[str, Input] = {}
        for key in FIELDS[kind]:
            field = self._catalogue.field(kind, key)
            made = make_input(field, editing)
            made.show_value(values.get(key))
            if preset and key in preset:
                made.show_value(preset[key])
            made.control().installEventFilter(self)
            self.inputs[key] = made
            self._row(grid, label(field), made)
        self.message = MessageLine()
        self.keep_button = QPushButton(self.tr("Toevoegen") if new else self.tr("Bewaren"))
        self.keep_button.setProperty("role", "primary")
        self.keep_button.setToolTip(self.tr("Enter"))
        self.keep_button.clicked.connect(self.keep)
        leave = QPushButton(self.tr("Annuleren"))
        leave.setToolTip(self.tr("Esc"))
        leave.clicked.connect(self.close)
        buttons = QHBoxLayout()
        if not new:
            remove = QPushButton(self.tr("Verwijderen"))
            remove.setProperty("role", "link")
            remove.clicked.connect(self._remove)
            buttons.addWidget(remove)
        buttons.addStretch(1)
        buttons.addWidget(leave)
        buttons.addWidget(self.keep_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[theme.space(4)] * 4)
        column.setSpacing(theme.space(3))
        column.addWidget(heading)
        column.addLayout(grid)
        column.addWidget(self.message)
        column.addLayout(buttons)
        self.setFixedWidth(theme.space(96))

    @staticmethod
    def _row(grid: QGridLayout, name: str, control: QWidget) -> None:
        text = QLabel(name)
        text.setProperty("role", "muted")
        text.setBuddy(control)
        inner = control.control() if isinstance(control, Input) else control
        inner.setAccessibleName(name)
        row = grid.rowCount()
        grid.addWidget(text, row, 0)
        grid.addWidget(control, row, 1)

    def open_at(self, point: QPoint) -> None:
        """Show with the top middle at a global point, moved so that it stays on the screen."""
        self.adjustSize()
        room = self.screen().availableGeometry()
        x = max(room.left(), min(point.x() - self.width() // 2, room.right() - self.width()))
        y = max(room.top(), min(point.y(), room.bottom() - self.height()))
        self.move(x, y)
        self.show()
        first: QWidget = self.type if self.type is not None else self.inputs["date"].control()
        first.setFocus(Qt.FocusReason.PopupFocusReason)
        if self.type is None:
            self.inputs["date"].select_all()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.keep()
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.close()
                return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        elif enter.presses(event):
            return
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.keep()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.closed.emit(self)

    def keep(self) -> None:
        """Hand over what was changed; a value that cannot be read is said so and stays."""
        changed: dict[str, Any] = {}
        found: list[Finding] = []
        if self.type is not None:
            changed["type"] = self.type.currentData()
            if not changed["type"]:
                found.append(self._missing("type"))
        for key, made in self.inputs.items():
            try:
                value = made.value()
            except BadValue as error:
                found.append(finding_of(made.field, "", made.draft(), error))
                continue
            if value is None and made.field.mandatory:
                found.append(self._missing(key))
            elif self._new or value != self._old.get(key):
                changed[key] = value
        if found:
            self.show_findings(found)
            return
        self.kept.emit(changed)

    def show_findings(self, findings: list[Finding]) -> None:
        """Say why it was not kept, and go to the field."""
        self.message.show_findings(findings)
        self.adjustSize()
        where = self.inputs.get(findings[0].field)
        if where is not None:
            where.control().setFocus()

    def _missing(self, key: str) -> Finding:
        field = self._catalogue.field(self._kind, key)
        error = BadValue("mandatory", f"vul een waarde in bij {field.nl}.", f"give a value for {field.en}.")
        return finding_of(field, "", None, error)

    def _remove(self) -> None:
        self.close()
        self.delete_wanted.emit()
