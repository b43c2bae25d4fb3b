"""Handing over what somebody owns, to a person or a group, on leaving too."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from diwi_desktop.gui import jobs, theme
from diwi_desktop.gui.state import AppState
from diwi_desktop.model import rights
from diwi_desktop.model.codes import PersonState
from diwi_desktop.model.finding import UserError
from diwi_desktop.store import people, queries


class HandOverDialog(QDialog):
    """One act: all projects of `leaving` go to who is chosen."""

    def __init__(self, state: AppState, leaving: str, name: str, person: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state, self._leaving = state, leaving
        self.setWindowTitle(self.tr("Projecten overdragen"))
        self.setMinimumWidth(theme.space(105))
        words = QLabel(self._question(name))
        words.setWordWrap(True)
        self.to = QComboBox()
        self.to.setAccessibleName(self.tr("Nieuwe eigenaar"))
        words.setBuddy(self.to)
        for text, id in self._heirs():
            self.to.addItem(text, id)
        self.lock = QCheckBox(self.tr("%1 vertrekt: uit alle groepen en geen toegang meer").replace("%1", name))
        self.lock.setVisible(person and leaving != state.store.person)
        self.problem = QLabel()
        self.problem.setWordWrap(True)
        self.problem.setProperty("role", "bad")
        self.problem.hide()
        buttons = QDialogButtonBox()
        self.ok = buttons.addButton(self.tr("Overdragen"), QDialogButtonBox.ButtonRole.AcceptRole)
        theme.main_button(self.ok)
        buttons.addButton(self.tr("Annuleren"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.to.currentIndexChanged.connect(lambda _place: self.ok.setEnabled(bool(self.to.currentData())))
        self.ok.setEnabled(False)
        box = QVBoxLayout(self)
        box.setContentsMargins(*[theme.space(4)] * 4)
        box.setSpacing(theme.space(3))
        for widget in (words, self.to, self.lock, self.problem, buttons):
            box.addWidget(widget)
        self.to.setFocus(Qt.FocusReason.OtherFocusReason)

    def _question(self, name: str) -> str:
        number = len(people.owners(self._state.store).get(self._leaving, ()))
        if number == 1:
            return self.tr("%1 is eigenaar van 1 project. Wie wordt de nieuwe eigenaar?").replace("%1", name)
        words = self.tr("%1 is eigenaar van %2 projecten. Wie wordt de nieuwe eigenaar?")
        return words.replace("%1", name).replace("%2", str(number))

    def _heirs(self) -> list[tuple[str, str]]:
        """What can be chosen, as words and id; the first is no choice."""
        store, leaving = self._state.store, self._leaving
        words = self.tr("%1 (groep)")
        groups = [(words.replace("%1", group.name), group.id) for group in people.groups(store) if group.id != leaving]
        able = [
            (one.name or one.email, one.id)
            for one in queries.people(store)
            if one.id != leaving and rights.can_own(one.role) and one.state is not PersonState.LOCKED
        ]
        return [(self.tr("Kies een persoon of groep"), ""), *groups, *able]

    def accept(self) -> None:
        """Do it; why it cannot be is said in the dialog, which stays open."""
        try:
            number = people.hand_over(
                self._state.store, self._leaving, str(self.to.currentData()), lock=self.lock.isChecked()
            )
        except UserError as error:
            self._say(jobs.error_text(error))
            return
        self._handed_over(number)

    def _say(self, text: str) -> None:
        self.problem.setText(text)
        self.problem.show()
        QTimer.singleShot(0, self, self.adjustSize)  # once what is shown now has its place

    def _handed_over(self, number: int) -> None:
        super().accept()
        words = self.tr("1 project overgedragen") if number == 1 else self.tr("%1 projecten overgedragen")
        self._state.request("say", words.replace("%1", str(number)))
