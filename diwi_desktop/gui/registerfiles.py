"""Files of the window: registers, imports, the empty template, and submitting."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from diwi_desktop.gui import folders, jobs
from diwi_desktop.model.finding import UserError
from diwi_desktop.store import queries

if TYPE_CHECKING:
    from diwi_desktop.gui.wizards.export import ExportWizard
    from diwi_desktop.gui.workspace import MainWindow


class RegisterFiles(QObject):
    """One per window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._state = window, window.state
        self._wizard: ExportWizard | None = None

    def new(self) -> None:
        """Make a register for a municipality and open it."""
        from diwi_desktop.gui.dialogs.new_register import NewRegisterDialog

        dialog = NewRegisterDialog(folders.start(folders.REGISTERS), self._window)
        dialog.created.connect(self._chosen)
        self._window.open_dialog(dialog)

    def ask_open(self) -> None:
        """Choose a register to open."""
        from PySide6.QtWidgets import QFileDialog

        dialog = QFileDialog(self._window, self.tr("Register openen"), str(folders.start(folders.REGISTERS)))
        dialog.setNameFilters([self.tr("DIWI-register (*.diwi *.sqlite)"), self.tr("Alle bestanden (*)")])
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self._chosen(Path(name)))
        dialog.open()

    def _chosen(self, path: Path) -> None:
        folders.remember(folders.REGISTERS, path)
        self.open_path(path)

    def open_path(self, path: Path) -> None:
        """Go on with another register."""
        self._window.register_asked.emit(path)

    def open_demo(self) -> None:
        """Go on with the demo municipality."""
        self._window.register_asked.emit(None)

    def ask_encrypt(self) -> None:
        """Encrypt the file of this register, after saying what that means. Why it cannot be is one sentence."""
        path = self._state.store.path

        def work(_progress: jobs.Progress, _cancelled: jobs.IsCancelled) -> bool:
            from diwi_desktop.sync import encryption

            encryption.check()
            return encryption.is_encrypted(path)

        jobs.run_quietly(work, self._explain_encrypting, parent=self._window)

    def _explain_encrypting(self, encrypted: bool) -> None:
        if encrypted:
            self._window.status_line.say(self.tr("Dit bestand is al versleuteld."))
            return
        from PySide6.QtWidgets import QMessageBox

        kept = self.tr("Raakt die sleutel kwijt, dan is het register er nog op de server.")
        if not self._window.link.connected:
            kept = self.tr("Raakt die sleutel kwijt, dan is het register niet te openen: het staat nergens anders.")
        box = QMessageBox(self._window)
        box.setObjectName("EncryptBox")
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle(self.tr("Versleutelen"))
        box.setText(self.tr("Het bestand {0} op deze computer versleutelen?").format(self._state.store.path.name))
        box.setInformativeText(
            self.tr(
                "Het is dan alleen met dit programma te openen, op deze computer en onder uw eigen aanmelding; met QGIS"
                " niet. De sleutel staat in de sleutelbewaarplaats van deze computer. {0}"
            ).format(kept)
        )
        go = box.addButton(self.tr("Versleutelen"), QMessageBox.ButtonRole.AcceptRole)
        go.clicked.connect(self._window.encryption_asked)
        box.setDefaultButton(box.addButton(self.tr("Annuleren"), QMessageBox.ButtonRole.RejectRole))
        self._window.open_dialog(box)

    def ask_import(self) -> None:
        """Import a file: the Excel template, GeoJSON, parcels or buildings."""
        if self._window.permits.refused("import"):
            return
        from diwi_desktop.gui.wizards.importing import ImportDialog

        self._window.open_dialog(ImportDialog(self._state, self._window))

    def ask_template(self) -> None:
        """Choose where to write an empty Excel template with the municipality's own lists and fields."""
        from PySide6.QtWidgets import QFileDialog

        name = queries.municipality(self._state.store).name
        folder = str(folders.start(folders.IMPORTS))
        dialog = QFileDialog(self._window, self.tr("Leeg Excel-sjabloon opslaan"), folder)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(self.tr("Excel (*.xlsx)"))
        dialog.setDefaultSuffix("xlsx")
        dialog.selectFile(f"DIWI {name}.xlsx")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda chosen: self.write_template(Path(chosen)))
        dialog.open()

    def write_template(self, path: Path) -> None:
        """Write the empty Excel template beside the window's work; the status line says when it is there."""
        store, status_line = self._state.store, self._window.status_line

        def work(_progress: jobs.Progress, _cancelled: jobs.IsCancelled) -> None:
            from diwi_desktop.exchange.excel.template import write_template

            try:
                write_template(store, path)
            except OSError as error:
                raise UserError(
                    f"Het sjabloon kan niet worden opgeslagen in {path.name}; sluit het of kies een andere map.",
                    f"The template cannot be saved as {path.name}; close the file or choose another folder.",
                    code="template_file",
                ) from error

        said = self.tr("Het sjabloon staat in {0}").format(path.name)
        jobs.run_job(self._window, self.tr("Het sjabloon wordt gemaakt…"), work, lambda _: status_line.say(said))

    def submit(self) -> None:
        """Submit to the province."""
        if self._window.permits.refused("submit"):
            return
        from diwi_desktop.gui.wizards.export import ExportWizard

        if self._wizard is not None:
            self._wizard.come_back()
            return
        self._wizard = ExportWizard(self._state, self._window)
        self._wizard.finished.connect(self._submitted)
        self._wizard.show()  # beside the window, in which one goes on working

    def _submitted(self) -> None:
        self._wizard = None

    def stop_submitting(self) -> None:
        """The window closes: the wizard, which may be out of sight, is busy with this register no more."""
        if self._wizard is not None:
            self._wizard.reject()
