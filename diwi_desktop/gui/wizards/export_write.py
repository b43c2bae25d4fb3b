"""Page 5 of the submission wizard: where the file goes, and what was recorded."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QFrame, QLabel, QLineEdit, QPushButton, QWidget

from diwi_desktop.exchange.provinces import ExportResult
from diwi_desktop.gui import folders, theme
from diwi_desktop.gui.language import language
from diwi_desktop.gui.wizards.export_session import Session
from diwi_desktop.gui.wizards.forms import child, load
from diwi_desktop.model.notation import format_date, format_number


class WritePage(QWidget):
    """The last look, the file, and the record. `changed` says that writing may have become possible."""

    changed = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.result: ExportResult | None = None
        form = load("export_write", self)
        self.summary = child(form, QLabel, "summary")
        self.left_out = child(form, QLabel, "leftOut")
        self.path = child(form, QLineEdit, "path")
        self.browse = child(form, QPushButton, "browse")
        self.path_hint = child(form, QLabel, "pathHint")
        self.card = child(form, QFrame, "result")
        self.done = child(form, QLabel, "done")
        self.record = child(form, QLabel, "record")
        self.open_folder = child(form, QPushButton, "openFolder")
        self.browse.setIcon(theme.icon("folder-open-outline"))
        self.open_folder.setIcon(theme.icon("folder-open-outline"))
        self.browse.clicked.connect(self._browse)
        self.open_folder.clicked.connect(self._open_folder)
        self.path.textChanged.connect(self._path_changed)
        session.checked.connect(self.refresh)
        self.card.hide()

    def enter(self) -> None:
        """The page comes in sight: propose a file that follows the choice, unless one was chosen."""
        if not self.path.isModified():
            self.path.setText(str(folders.start(folders.DELIVERIES) / self._session.file_name()))
        self.refresh()

    @property
    def out(self) -> Path | None:
        """The file to write; None when the path cannot be one."""
        text = self.path.text().strip()
        path = Path(text)
        return path if text and path.name and path.parent.is_dir() and not path.is_dir() else None

    def refresh(self) -> None:
        """The last look at what goes."""
        prepared = self._session.prepared
        if prepared is None:
            return
        words = self.tr("%1 projecten naar %2, peildatum %3.")
        receiver = prepared.profile.label(language())
        values = (format_number(len(prepared.faultless)), receiver, format_date(self._session.day))
        for place, value in enumerate(values, start=1):
            words = words.replace(f"%{place}", value)
        self.summary.setText(words)
        out = [record.name for record in prepared.records if record.left_out or record.faulty]
        self.left_out.setVisible(bool(out))
        names = ", ".join(out[:8]) + ("…" if len(out) > 8 else "")
        self.left_out.setText(self.tr("Gaat niet mee (%1): %2.").replace("%1", str(len(out))).replace("%2", names))
        self._path_changed()

    def _path_changed(self) -> None:
        path = self.out
        if path is None:
            hint = self.tr("Deze map bestaat niet; kies een andere.")
        elif self.result is not None and self.result.path == path:
            hint = ""
        elif path.exists():
            hint = self.tr("Dit bestand bestaat al en wordt vervangen.")
        else:
            hint = self.tr("Het bestand en het verslag komen er samen, of geen van beide.")
        self.path_hint.setText(hint)
        self.changed.emit()

    def _browse(self) -> None:
        dialog = QFileDialog(self, self.tr("Bestand voor de provincie"), self.path.text())
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(f"*{self._session.profile.suffix}")
        dialog.fileSelected.connect(self._chosen)
        dialog.open()

    def _chosen(self, name: str) -> None:
        self.path.setText(name)
        self.path.setModified(True)

    def show_result(self, result: ExportResult) -> None:
        """The file is there and recorded."""
        self.result = result
        folders.remember(folders.DELIVERIES, result.path)
        words = self.tr("Het bestand is geschreven: %1 projecten in %2")
        self.done.setText(words.replace("%1", format_number(len(result.projects))).replace("%2", result.path.name))
        lines = [
            str(result.path),
            self.tr("Peildatum %1, logpositie %2, door %3")
            .replace("%1", format_date(result.reference_date))
            .replace("%2", format_number(result.log_seq))
            .replace("%3", self._session.state.store.author),
            f"SHA-256 {result.sha256}",
        ]
        if result.left_out:
            lines.append(
                self.tr("%1 projecten weggelaten; ze staan in het verslag.").replace("%1", str(len(result.left_out)))
            )
        self.record.setText("\n".join(lines))
        self.card.show()
        self._path_changed()

    def _open_folder(self) -> None:
        if self.result is None:
            return
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.result.path.parent))):
            self.path_hint.setText(self.tr("Er is geen programma dat de map kan tonen; het bestand staat er wel."))
