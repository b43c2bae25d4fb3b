"""In whose name to work in a register without a server: to see what that person sees and may do what he may."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from diwi_desktop.gui import theme
from diwi_desktop.gui.fields.words import code_label
from diwi_desktop.gui.state import AppState
from diwi_desktop.model.codes import PersonState
from diwi_desktop.store import people

_WHO = Qt.ItemDataRole.UserRole


class ChooseUserDialog(QDialog):
    """`chosen` carries the id of a person, or None for everything."""

    chosen = Signal(object)

    def __init__(self, state: AppState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Werken als"))
        self.resize(theme.space(140), theme.space(115))
        self._state = state
        words = QLabel(
            self.tr(
                "U ziet en kunt daarna wat deze persoon ziet en kan, en zijn naam staat bij wat u wijzigt. Zo is na te"
                " gaan wat ieders rol betekent. Wie het bestand heeft, kan altijd kiezen."
            )
        )
        words.setWordWrap(True)
        words.setProperty("role", "muted")
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Personen"))
        self.list.setIconSize(QSize(18, 18))
        self._fill()
        self.buttons = QDialogButtonBox()
        self.ok = self.buttons.addButton(self.tr("Zo werken"), QDialogButtonBox.ButtonRole.AcceptRole)
        theme.main_button(self.ok)
        self.buttons.addButton(self.tr("Annuleren"), QDialogButtonBox.ButtonRole.RejectRole)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.list.itemActivated.connect(lambda _item: self.accept())
        self.list.currentItemChanged.connect(lambda *_: self._enable())
        self._enable()
        box = QVBoxLayout(self)
        box.setSpacing(theme.space(2))
        box.addWidget(words)
        box.addWidget(self.list, 1)
        box.addWidget(self.buttons)
        self.list.setFocus()

    def _fill(self) -> None:
        """Everybody, also whom the present user does not see: who has the file may choose."""
        store = self._state.store
        self._add("", self.tr("Niemand: alles zien en alles kunnen"), "eye-outline", True, store.person is None)
        for person in people.everybody(store):
            active = person.state is PersonState.ACTIVE
            role = code_label("user_role", person.role)
            if not active:
                role = f"{role}, {code_label('person_state', person.state).lower()}"
            self._add(
                person.id,
                f"{person.name or person.email}  –  {role}",
                "account-outline" if active else "account-off-outline",
                active,
                person.id == store.person,
            )

    def _add(self, id: str, text: str, icon: str, possible: bool, now: bool) -> None:
        item = QListWidgetItem(theme.icon(icon, "text" if possible else "muted"), text)
        item.setData(_WHO, id)
        item.setSizeHint(QSize(10, 30))
        if not possible:
            item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEnabled)
            item.setToolTip(self.tr("Geef deze persoon eerst toegang bij Beheer, Personen."))
        self.list.addItem(item)
        if now and possible:
            self.list.setCurrentItem(item)

    def _enable(self) -> None:
        item = self.list.currentItem()
        self.ok.setEnabled(item is not None and item.data(_WHO) != (self._state.store.person or ""))

    def accept(self) -> None:
        """Say who was chosen."""
        if not self.ok.isEnabled():
            return
        who = str(self.list.currentItem().data(_WHO))
        super().accept()
        self.chosen.emit(who or None)
