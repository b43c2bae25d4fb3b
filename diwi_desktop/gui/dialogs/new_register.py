"""A new register: which municipality it is for, and where the file stands."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QDialogButtonBox, QFileDialog, QLabel, QLineEdit, QPushButton, QWidget

from diwi_desktop.gui import jobs, settings, theme
from diwi_desktop.gui.dialogs.forms import FormDialog
from diwi_desktop.model.finding import UserError
from diwi_desktop.model.plan import Municipality
from diwi_desktop.store import Store

PROVINCES = (
    "Drenthe",
    "Flevoland",
    "Fryslân",
    "Gelderland",
    "Groningen",
    "Limburg",
    "Noord-Brabant",
    "Noord-Holland",
    "Overijssel",
    "Utrecht",
    "Zeeland",
    "Zuid-Holland",
)
SUFFIX = ".diwi"


class NewRegisterDialog(FormDialog):
    """`created` carries the path of the new file, which is closed again."""

    created = Signal(object)

    def __init__(self, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__("forms/new_register.ui", parent)
        self.name = self.part(QLineEdit, "name")
        self.code = self.part(QLineEdit, "code")
        self.province = self.part(QComboBox, "province")
        self.region = self.part(QLineEdit, "region")
        self.path = self.part(QLineEdit, "path")
        self.problem = self.part(QLabel, "problem")
        self.problem.setProperty("role", "bad")
        self.problem.hide()
        self._folder = folder
        self._own_path = False
        self.province.addItems(PROVINCES)
        self.province.setCurrentText("Zuid-Holland")
        self.name.textChanged.connect(self._suggest)
        self.path.textEdited.connect(self._typed_path)
        self.part(QPushButton, "browse").clicked.connect(self._browse)
        buttons = self.part(QDialogButtonBox, "buttons")
        make = buttons.addButton(self.tr("Register maken"), QDialogButtonBox.ButtonRole.AcceptRole)
        theme.main_button(make)
        buttons.addButton(self.tr("Annuleren"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self._suggest()
        self.name.setFocus()

    def accept(self) -> None:
        """Make the file; a problem is said in the dialog, which stays open."""
        name, code, path = self.name.text().strip(), self.code.text().strip(), self.path.text().strip()
        if not name:
            self._say(self.tr("Vul de naam van de gemeente in."), self.name)
        elif len(code) != 4 or not code.isdecimal():
            self._say(self.tr("De gemeentecode heeft vier cijfers, bijvoorbeeld 0396."), self.code)
        elif not path:
            self._say(self.tr("Kies waar het bestand komt te staan."), self.path)
        else:
            self._make(Municipality(code, name, self.province.currentText(), self.region.text().strip()), Path(path))

    def _make(self, municipality: Municipality, path: Path) -> None:
        try:
            Store.create(path, municipality=municipality, author=settings.author()).close()
        except UserError as error:
            self._say(jobs.error_text(error), self.path)
            return
        super().accept()
        self.created.emit(path)

    def _say(self, text: str, field: QLineEdit) -> None:
        self.problem.setText(text)
        self.problem.show()
        self.grow()
        field.setFocus()

    def _typed_path(self) -> None:
        self._own_path = True

    def _suggest(self) -> None:
        self.problem.hide()
        if not self._own_path:
            stem = "".join(c for c in self.name.text().strip().lower() if c.isalnum() or c in "-_") or "register"
            self.path.setText(str(self._folder / f"{stem}{SUFFIX}"))

    def _browse(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(
            self, self.tr("Waar komt het register te staan"), self.path.text(), f"DIWI (*{SUFFIX})"
        )
        if chosen:
            self._own_path = True
            self.path.setText(chosen if chosen.endswith(SUFFIX) else chosen + SUFFIX)
