"""The tab with the documents of a project: add, open, save elsewhere, remove, and say what they are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QUrl
from PySide6.QtGui import (
    QDesktopServices,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QFileDialog, QHeaderView, QLabel, QMessageBox, QStackedWidget, QVBoxLayout, QWidget

from diwi_desktop.gui import folders, jobs, theme
from diwi_desktop.gui.documents.model import NAME, PLACE, SIZE, DocumentModel, columns
from diwi_desktop.gui.fields.editing import Editing
from diwi_desktop.gui.fields.table import EntityTable
from diwi_desktop.gui.sync.empty import Empty
from diwi_desktop.gui.tabbing import Entered
from diwi_desktop.gui.toggle import Toggle
from diwi_desktop.gui.toolrow import ToolRow
from diwi_desktop.model.finding import UserError
from diwi_desktop.store import queries, syncstate
from diwi_desktop.store.blobs import LARGEST
from diwi_desktop.sync import documents

if TYPE_CHECKING:
    from diwi_desktop.gui.projectpage.data import PageData

_OPENS = (NAME, SIZE, PLACE)  # columns in which a double click opens the file rather than edits the cell
_TOLD = 12  # lines that fit a message; when there are more files, all are under its details
Refusal = tuple[str, UserError]  # the name of a file, and why it was not added


class Documents(Entered, QWidget):
    """What it shows comes by `show_data`; where the files are it reads again on `state.request("refresh_files")`."""

    def __init__(self, editing: Editing, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editing, self._state = editing, editing.state
        self._project, self._read_only, self._wanted = "", False, ""
        with self._state.store.inside() as connection:
            connected = bool(syncstate.get(connection, "register"))
        made = columns(connected=connected)
        self.model = DocumentModel("document", made, editing, self)
        self.model.pin = self._pin
        self.table = EntityTable(
            "document", made, editing, fit=False, can_add=False, can_delete=False, model=self.model
        )
        self.table.grid.add_wanted.disconnect()
        self.table.grid.add_wanted.connect(self.add)
        self.table.grid.delete_wanted.connect(self.remove)
        self.table.grid.installEventFilter(self)
        self.table.grid.viewport().installEventFilter(self)
        self.table.grid.selectionModel().selectionChanged.connect(self._refresh)
        self.row = ToolRow()
        self.add_button = self.row.add_tool("file-plus-outline", self.tr("Toevoegen…"), "Insert", self.add)
        self.open_button = self.row.add_tool("open-in-app", self.tr("Openen"), "Enter", self.open)
        self.save_button = self.row.add_tool("content-save-outline", self.tr("Opslaan als…"), "Ctrl+S", self.save_as)
        self.remove_button = self.row.add_tool("delete-outline", self.tr("Verwijderen"), "Delete", self.remove)
        self.row.add_stretch()
        self.keep = Toggle(self.tr("Alles offline beschikbaar"))
        self.keep.setToolTip(
            self.tr("Alle documenten van dit project op deze computer bewaren, ook die er nog bij komen")
        )
        self.keep.clicked.connect(lambda on: self._pin(self._project, on))
        self.row.add(self.keep)
        self.keep.setVisible(connected)
        self._connected = connected
        self.limits = QLabel(
            self.tr("Een bestand mag hoogstens %1 MB groot zijn; sleep bestanden hierheen of kies Toevoegen.").replace(
                "%1", str(LARGEST // 1_000_000)
            )
        )
        self.limits.setProperty("role", "small")
        self.limits.setContentsMargins(theme.space(2), 2, theme.space(2), theme.space(1))
        self.limits.setWordWrap(True)
        self.none = Empty(
            "file-document-multiple-outline",
            self.tr("Er zijn nog geen documenten bij dit project."),
            self.tr("Sleep een bestand hierheen of kies Toevoegen: een overeenkomst, een tekening, een besluit."),
        )
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.none)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.space(1), 0, theme.space(1), 0)
        column.setSpacing(0)
        column.addWidget(self.row)
        column.addWidget(self._stack, 1)
        column.addWidget(self.limits)
        self.setAcceptDrops(True)
        self._veil = _Veil(self.tr("Laat los om toe te voegen"), self)
        self._state.requested.connect(lambda command, _args: self._look() if command == "refresh_files" else None)

    def entrance(self) -> QWidget:
        return self.table.grid

    # -- showing
    # ------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Name and note share what room there is; where there is none to spare, the table scrolls sideways."""
        super().resizeEvent(event)
        header, modes = self.table.grid.horizontalHeader(), QHeaderView.ResizeMode
        spare = self.width() >= sum(column.width for column in self.model.columns) + theme.space(6)
        for place, column in enumerate(self.model.columns):
            if column.field in (NAME, "note"):
                header.setSectionResizeMode(place, modes.Stretch if spare else modes.Interactive)
                if not spare:
                    header.resizeSection(place, column.width)

    def show_data(self, data: PageData) -> None:
        """Show the documents of a project, as they were at the moment shown."""
        self._project, self._read_only = data.plan.id, data.read_only
        rows = queries.entities(self._state.store, "document", data.plan.id, data.moment)
        rows.sort(key=lambda row: (row.get("date") or "", row["id"]), reverse=True)
        files = documents.states(self._state.store, data.plan.id)
        for row in rows:
            row["offline"] = row["id"] in files and files[row["id"]].pinned
        self.model.files = files
        self.table.load(data.plan.id, rows, data.in_rows("document"), data.read_only)
        if self._wanted and self.table.choose(self._wanted):
            self._wanted = ""
        elif rows and not self.table.grid.currentIndex().isValid():
            self.table.choose(rows[0]["id"])
        self._stack.setCurrentIndex(0 if rows else 1)
        self.keep.setChecked(self._connected and documents.pinned_project(self._state.store, data.plan.id))
        self._refresh()

    def _look(self) -> None:
        """Where the files are may have changed, and nothing else."""
        if self._project and self.isVisible():
            self.model.show_files(documents.states(self._state.store, self._project))

    def _refresh(self, *_: object) -> None:
        chosen = bool(self.table.chosen())
        self.add_button.setEnabled(not self._read_only and not self._state.past)
        self.add_button.setToolTip(self._editing.locked or self.tr("Toevoegen (Insert)"))
        self.remove_button.setEnabled(chosen and not self._read_only)
        for button in (self.open_button, self.save_button):
            button.setEnabled(chosen)
        self.keep.setEnabled(not self._state.read_only)

    def focus(self, entity: str, key: str) -> bool:
        """Go to a field of a document; False when it is not there."""
        return self.table.focus(entity, key)

    # -- adding
    # -------------------------------------------------------------------------------------------------

    def add(self, *_: object) -> None:
        """Choose files to add."""
        if not self.add_button.isEnabled():
            return
        dialog = QFileDialog(self, self.tr("Document toevoegen"), str(folders.start(folders.DOCUMENTS)))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(self._chosen)
        dialog.open()

    def _chosen(self, names: Sequence[str]) -> None:
        folders.remember(folders.DOCUMENTS, Path(names[0]))
        self.attach([Path(name) for name in names])

    def attach(self, paths: Sequence[Path]) -> None:
        """Add files beside the window; each is an act of its own, so one that cannot be read does not stop the rest."""
        store, project = self._state.store, self._project

        def work(progress: jobs.Progress, cancelled: jobs.IsCancelled) -> tuple[list[str], list[Refusal]]:
            made: list[str] = []
            wrong: list[Refusal] = []
            for place, path in enumerate(paths):
                progress(place, len(paths), path.name)
                if cancelled():
                    break
                try:
                    made.append(documents.attach(store, project, path))
                except UserError as error:
                    wrong.append((path.name, error))
            return made, wrong

        jobs.run_job(self, self.tr("Documenten toevoegen"), work, self._attached)

    def _attached(self, outcome: tuple[list[str], list[Refusal]]) -> None:
        made, wrong = outcome
        if made:
            self._wanted = made[-1]
            words = self.tr("1 document toegevoegd. Ctrl+Z maakt dit ongedaan.")
            if len(made) > 1:
                words = self.tr("%1 documenten toegevoegd.").replace("%1", str(len(made)))
            self._state.request("say", words)
            self._state.request("refresh_page")
            self.table.grid.setFocus()
        if wrong:
            self._tell_refused(wrong)

    def _tell_refused(self, wrong: list[Refusal]) -> None:
        """One message with every file that was not added, and why."""
        lines = [f"{name}: {jobs.error_text(error)}" for name, error in wrong]
        head = self.tr("1 bestand is niet toegevoegd:")
        if len(wrong) > 1:
            head = self.tr("%1 bestanden zijn niet toegevoegd:").replace("%1", str(len(wrong)))
        box = QMessageBox(self)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle(self.tr("Documenten toevoegen"))
        box.setTextFormat(Qt.TextFormat.PlainText)  # a file may be called anything
        if len(lines) > _TOLD:
            box.setDetailedText("\n".join(lines))
            lines[_TOLD:] = ["…"]
        box.setText("\n".join([head, "", *lines]))
        box.setStandardButtons(QMessageBox.StandardButton.Ok)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files from this computer may be let go here."""
        if self.add_button.isEnabled() and _files(event):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self._veil.cover(self.rect())

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._veil.hide()
        event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        self._veil.hide()
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.attach(_files(event))

    # -- what can be done with one
    # -----------------------------------------------------------------------------------

    def open(self, *_: object) -> None:
        """Open the chosen document in the program that the computer has for it."""
        chosen, store = self.table.chosen(), self._state.store
        if chosen:
            jobs.run_job(
                self,
                self.tr("Document openen"),
                lambda p, c: documents.open_copy(store, chosen),
                self._opened,
                self._failed,
            )

    def _opened(self, path: Path) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            words = self.tr("Er is geen programma dat %1 kan openen; kies Opslaan als.").replace("%1", path.name)
            self._state.request("say", words)

    def save_as(self, *_: object) -> None:
        """Choose where to save the chosen document."""
        chosen = self.table.chosen()
        if not chosen:
            return
        name = next((str(row[NAME]) for row in self.model.rows if row["id"] == chosen), "")
        dialog = QFileDialog(self, self.tr("Document opslaan als"), str(folders.start(folders.DOCUMENTS)))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile(documents.safe_name(name))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda path: self.save(chosen, Path(path)))
        dialog.open()

    def save(self, document: str, path: Path) -> None:
        """Save a document's file beside the window."""
        store, words = self._state.store, self.tr("Opgeslagen als %1.").replace("%1", path.name)
        jobs.run_job(
            self,
            self.tr("Document opslaan als"),
            lambda p, c: documents.save_copy(store, document, path),
            lambda _: self._say(words),
            self._failed,
        )

    def _say(self, words: str) -> None:
        self._state.request("say", words)

    def remove(self, *_: object) -> None:
        """Remove the chosen documents as one act; Ctrl+Z brings them back."""
        if self._read_only:
            return
        places = sorted({index.row() for index in self.table.grid.selectionModel().selectedRows()})
        names = [str(self.model.rows[place][NAME]) for place in places]
        if not names:
            return
        found = self.model.remove(places)
        if found:
            self.table.message.show_findings(found)
            return
        what = names[0] if len(names) == 1 else self.tr("%1 documenten").replace("%1", str(len(names)))
        self._state.request("say", self.tr("%1 verwijderd. Ctrl+Z maakt dit ongedaan.").replace("%1", what))

    def _pin(self, id: str, on: bool) -> None:
        """Keep a document, or all of the project, on this laptop; or let go of it."""
        store = self._state.store
        jobs.run_quietly(lambda p, c: documents.pin(store, id, on=on), lambda _: self._look(), self._failed, self)

    def _failed(self, error: Exception) -> None:
        self._look()
        jobs.show_error(self, error)

    # -- keys and mouse
    # -----------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter opens, as a double click does where there is nothing to edit."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress and not self.table.editing:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.open()
                return True
            if event.key() == Qt.Key.Key_S and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
                self.save_as()
                return True
        if isinstance(event, QMouseEvent) and event.type() is QEvent.Type.MouseButtonDblClick:
            index = self.table.grid.indexAt(event.position().toPoint())
            if index.isValid() and self.model.columns[index.column()].field in _OPENS:
                self.open()
                return True
        return False


class _Veil(QWidget):
    """Lies over the tab while files hang above it."""

    def __init__(self, words: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._words = words
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def cover(self, rect: Any) -> None:
        self.setGeometry(rect)
        self.raise_()
        self.show()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = theme.colour("surface")
        ground.setAlphaF(0.9)
        painter.setPen(QPen(theme.colour("accent"), 2, Qt.PenStyle.DashLine))
        painter.setBrush(ground)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(6, 6, -6, -6), 6, 6)
        painter.setFont(theme.font("large"))
        painter.setPen(theme.colour("text"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._words)
        painter.end()


def _files(event: QDropEvent) -> list[Path]:
    """The files that are carried; folders and what is not on this computer are none."""
    paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    return [path for path in paths if path.is_file()]
