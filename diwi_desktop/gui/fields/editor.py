"""One field on the screen: label, input, unit, help, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from diwi_desktop.gui import theme
from diwi_desktop.gui.fields.base import Input
from diwi_desktop.gui.fields.choice import ChoiceInput
from diwi_desktop.gui.fields.controls import HelpMark
from diwi_desktop.gui.fields.editing import Editing
from diwi_desktop.gui.fields.factory import make_input
from diwi_desktop.gui.fields.line import fixed_width
from diwi_desktop.gui.fields.message import MessageLine
from diwi_desktop.gui.fields.words import help_text, label, unit
from diwi_desktop.model.catalogue import Field
from diwi_desktop.model.finding import Finding, Severity
from diwi_desktop.model.values import BadValue, finding_of

Setter = Callable[[str, Any], list[Finding]]


class FieldEditor(QObject):
    """Ties a field of one entity to its widgets. Stores a changed value when the field is left, as one act.

    What cannot be stored stays in the field with the reason under it, also when another entity is shown in between:
    the form keeps `pending` drafts. Esc puts the stored value back.
    """

    stored = Signal()
    changed = Signal()  # the draft changed
    left_wrong = Signal(object)  # list[Finding]

    def __init__(
        self,
        field: Field,
        editing: Editing,
        parent: QWidget,
        *,
        setter: Setter | None = None,
        made: Input | None = None,
        width: int | None = None,
    ) -> None:
        """`setter` stores a value in another way than by setting the field; `made` is an input made by the caller;
        `width` is that of the input in pixels at the normal text size, where it is not that of the field's type.
        """
        super().__init__(parent)
        self.field = field
        self._width = fixed_width(field) if width is None else width
        self._setter: Setter = setter or (lambda entity, value: editing.set(field, entity, value))
        self.editing = editing
        self.entity = ""
        self._value: Any = None
        self._findings: list[Finding] = []
        self._problem: list[Finding] = []
        self._meanwhile: list[Finding] = []  # another changed the field while it was being edited
        self._dirty = False
        self._busy = False
        # Everything gets its place in the tree at once: a change of parent makes Qt dress the widget anew.
        self.body = QWidget(parent)
        self.input: Input = made or make_input(field, editing, self.body)
        self.input.setObjectName(f"{field.kind}.{field.key}")
        self.label = QLabel(label(field), parent)
        self.label.setBuddy(self.input)
        self.label.setWordWrap(True)
        self.message = MessageLine(parent)
        self.help = HelpMark(parent)
        self._lay_out()
        self._describe()
        self.input.edited.connect(self._edited)
        self.input.left.connect(self.store)
        self.input.cancelled.connect(self.restore)
        self.input.control().installEventFilter(self)
        if isinstance(self.input, ChoiceInput):
            self.input.created.connect(self._create_option)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self.body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        if self._width is None:
            row.addWidget(self.input, 1)
        else:
            self._fit()
            theme.current().changed.connect(self._fit)
            row.addWidget(self.input)
            if self.field.unit and self.field.section != "special":
                beside = QLabel(unit(self.field), self.body)
                beside.setProperty("role", "muted")
                row.addWidget(beside)
            row.addStretch(1)
        self.help.clicked.connect(self.toggle_help)
        self.body.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def _fit(self) -> None:
        if self._width is not None:
            self.input.setFixedWidth(theme.scaled(self._width))

    def _describe(self) -> None:
        """Words for the screen reader and the tooltip; also after a rename of an own field."""
        name, text = label(self.field), help_text(self.field)
        self.label.setText(f"{name} *" if self.field.mandatory else name)
        control = self.input.control()
        control.setAccessibleName(f"{name} ({unit(self.field)})" if self.field.unit else name)
        control.setAccessibleDescription(text)
        self.help.setHidden(not text)
        self.help.setToolTip(text)
        self.help.setAccessibleName(self.tr("Uitleg bij %1").replace("%1", name))
        self.help.setAccessibleDescription(text)
        self.label.setToolTip(text)

    # ------------------------------------------------------------------------------------------------------- showing

    def load(self, entity: str, value: Any, findings: Sequence[Finding], read_only: bool) -> None:
        """Show the stored value of an entity. A draft of the same entity stays as it is."""
        other = entity != self.entity
        self.entity, self._findings = entity, list(findings)
        if other:
            self._problem, self._dirty = [], False
        if other or not self._dirty:
            self._value, self._meanwhile = value, []
            self.input.show_value(value)
        elif value != self._value:
            self._value = value
            self._meanwhile = self.editing.changed_meanwhile(self.field, entity, value)
        self.input.set_read_only(read_only or self.field.readonly)
        self.input.control().setToolTip(self.editing.locked if read_only else "")
        self._show_message()

    def current(self) -> Any:
        """The draft in log shape as far as it can be read, for sums that follow the typing; None when it cannot."""
        try:
            return self.input.value()
        except BadValue:
            return None

    @property
    def pending(self) -> tuple[Any, list[Finding]] | None:
        """The draft that could not be stored and why; None when there is none."""
        return (self.input.draft(), self._problem) if self._dirty else None

    def set_pending(self, pending: tuple[Any, list[Finding]]) -> None:
        """Put a draft back that could not be stored earlier."""
        self.input.set_draft(pending[0])
        self._dirty, self._problem = True, pending[1]
        self._show_message()

    def _show_message(self) -> None:
        found = self._problem or [*self._meanwhile, *self._findings]
        self.message.show_findings(found, self.editing.fix_label)
        wrong = any(f.severity is not Severity.WARNING for f in found)
        control = self.input.control()
        if bool(control.property("wrong")) != wrong:
            control.setProperty("wrong", wrong)
            control.style().unpolish(control)
            control.style().polish(control)

    def toggle_help(self) -> None:
        """Show or hide the help text under the field."""
        text = help_text(self.field)
        if self.message.why.isVisible() and self.message.why.text() == text:
            self.message.why.hide()
            self._show_message()
        elif text:
            self.message.show()
            self.message.why.setText(text)
            self.message.why.show()

    # ------------------------------------------------------------------------------------------------------- editing

    def _edited(self) -> None:
        self._dirty = True
        if self._problem:
            self._problem = []
            self._show_message()
        self.changed.emit()

    def restore(self) -> None:
        """Put the stored value back."""
        self._dirty, self._problem, self._meanwhile = False, [], []
        self.input.show_value(self._value)
        self.input.select_all()
        self._show_message()
        self.changed.emit()

    def store(self) -> bool:
        """Store the draft when it differs from what is stored. False when it could not be."""
        if self._busy or not self._dirty or not self.entity:
            return not self._problem
        try:
            value = self.input.value()
        except BadValue as error:
            return self._wrong([finding_of(self.field, self.entity, self.input.draft(), error)])
        if value == self._value:
            self._dirty, self._problem, self._meanwhile = False, [], []
            self.input.show_value(self._value)
            self._show_message()
            return True
        if self.field.mandatory and value is None:
            empty = BadValue("mandatory", "dit moet ingevuld zijn.", "this must be filled in.")
            return self._wrong([finding_of(self.field, self.entity, None, empty)])
        return self._keep(value)

    def _keep(self, value: Any) -> bool:
        self._busy = True  # storing may move the focus, which would store again
        try:
            found = self._setter(self.entity, value)
        finally:
            self._busy = False
        if found:
            return self._wrong(found)
        self._dirty, self._problem, self._meanwhile = False, [], []
        self._value = value
        self.input.show_value(self._value)
        self._show_message()
        self.stored.emit()
        return True

    def _wrong(self, found: list[Finding]) -> bool:
        self._dirty, self._problem = True, found
        self._show_message()
        self.left_wrong.emit(found)
        return False

    def _create_option(self, name: str) -> None:
        chosen = self.input.chosen() if isinstance(self.input, ChoiceInput) else []
        found = self.editing.add_option(self.field, self.entity, name, chosen)
        if found:
            self._wrong(found)
            return
        self._dirty, self._problem = False, []
        self._show_message()
        self.stored.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_F1:
            self.toggle_help()
            return True
        return super().eventFilter(watched, event)

    def focus(self) -> None:
        """Give the input the keyboard."""
        self.input.control().setFocus(Qt.FocusReason.OtherFocusReason)
        self.input.select_all()
