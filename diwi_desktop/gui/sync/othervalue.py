"""A conflict settled by a value that neither of the two had."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QVBoxLayout, QWidget

from diwi_desktop.changes.change import DELETED
from diwi_desktop.gui import theme
from diwi_desktop.gui.fields.editing import Editing
from diwi_desktop.gui.fields.factory import make_input
from diwi_desktop.gui.fields.words import label, sentence
from diwi_desktop.gui.state import AppState
from diwi_desktop.gui.sync.inbox_items import Entry
from diwi_desktop.model.catalogue import FieldType
from diwi_desktop.model.finding import Finding
from diwi_desktop.model.values import BadValue

_UNTYPED = (FieldType.GEOMETRY, FieldType.JSON)


def can_type(entry: Entry) -> bool:
    """Whether a value for this conflict can be typed or chosen."""
    field = entry.field
    return field is not None and field.key != DELETED and field.type not in _UNTYPED and not field.readonly


class OtherValueDialog(QDialog):
    """Shows both versions and asks for a third. `given` carries the value in log shape, in a tuple of one."""

    given = Signal(object)

    def __init__(self, entry: Entry, state: AppState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        if entry.field is None:
            raise ValueError(entry.what)
        self._field = entry.field
        self.setWindowTitle(self.tr("Andere waarde"))
        self.setMinimumWidth(420)
        title = QLabel(f"{entry.project}: {entry.what}")
        title.setProperty("role", "title")
        title.setWordWrap(True)
        self.input = make_input(entry.field, Editing(state, self), self)
        self.input.show_value(entry.item.theirs)
        self.input.control().setAccessibleName(label(entry.field))
        self.wrong = QLabel()
        self.wrong.setProperty("role", "bad")
        self.wrong.setWordWrap(True)
        self.wrong.hide()
        form = QFormLayout()
        form.setHorizontalSpacing(theme.space(3))
        for words, value in ((self.tr("Mijn versie"), entry.mine), (self.tr("Hun versie"), entry.theirs)):
            shown = QLabel(value)
            shown.setWordWrap(True)
            form.addRow(words, shown)
        form.addRow(self.tr("Wordt"), self.input)
        buttons = QDialogButtonBox()
        self.use = buttons.addButton(self.tr("Gebruik deze waarde"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(self.tr("Annuleren"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        theme.main_button(self.use)
        box = QVBoxLayout(self)
        box.setSpacing(theme.space(3))
        box.addWidget(title)
        box.addLayout(form)
        box.addWidget(self.wrong)
        box.addWidget(buttons)
        self.input.setFocus()
        self.input.select_all()

    def accept(self) -> None:
        """Give the value, unless it cannot be read."""
        try:
            value = self.input.value()
            if value is None and self._field.mandatory:
                raise BadValue("mandatory", "dit moet ingevuld zijn.", "this must be filled in.")
        except BadValue as error:
            self._refuse(error)
            return
        self.given.emit((value,))
        super().accept()

    def _refuse(self, error: BadValue | Finding) -> None:
        self.wrong.setText(sentence(error))
        self.wrong.show()
        self.input.setFocus()
