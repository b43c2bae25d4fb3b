"""The import dialog: choose a file, see what will happen, mend what is missing, import, go to the result."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QKeySequence,
    QShortcut,
    QStandardItem,
    QStandardItemModel,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFrame,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QStackedWidget,
    QTableView,
    QWidget,
)

from diwi_desktop.gui import enter, folders, theme
from diwi_desktop.gui.fields.words import sentence
from diwi_desktop.gui.jobs import error_text, run_job
from diwi_desktop.gui.rowhover import RowHover
from diwi_desktop.gui.state import AppState
from diwi_desktop.gui.wizards import forms, importwords
from diwi_desktop.gui.wizards.importfindings import PROJECT, SENTENCE, FindingsFilter, FindingsModel
from diwi_desktop.gui.wizards.importmissing import CreateRow
from diwi_desktop.model.finding import Finding, Severity, UserError
from diwi_desktop.model.notation import format_number

if TYPE_CHECKING:
    from diwi_desktop.exchange.imports import ImportResult
    from diwi_desktop.exchange.preview import Preview

_KINDS = ("excel", "geojson", "parcels", "buildings")
ROW_HEIGHT = 24
_NO_LIMIT = 16_777_215  # QWIDGETSIZE_MAX


class ImportDialog(QDialog):
    """Nothing is stored until "Importeren" is pressed, and then all of the file or nothing."""

    def __init__(self, state: AppState, parent: QWidget | None = None, path: Path | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._path: Path | None = None
        self._preview: Preview | None = None
        self._result: ImportResult | None = None
        self.setAcceptDrops(True)
        self.resize(1040, 620)
        self._form = forms.load("import", self)
        self.setWindowTitle(self._form.windowTitle())
        self._find_parts()
        self._dress()
        self._connect()
        self._show_choose()
        if path is not None:
            self.set_file(path)

    # --------------------------------------------------------------------------------------------------------- making

    def _find_parts(self) -> None:
        form = self._form
        self.pages = forms.child(form, QStackedWidget, "pages")
        self.file_name = forms.child(form, QLabel, "fileName")
        self.kind = forms.child(form, QComboBox, "kind")
        self.other = forms.child(form, QPushButton, "other")
        self.choose = forms.child(form, QPushButton, "choose")
        self.problem = forms.child(form, QLabel, "problem")
        self.look_title = forms.child(form, QLabel, "lookTitle")
        self.look_text = forms.child(form, QLabel, "lookText")
        self.skip = forms.child(form, QRadioButton, "skip")
        self.update_existing = forms.child(form, QRadioButton, "update")
        self.done_title = forms.child(form, QLabel, "doneTitle")
        self.done_text = forms.child(form, QLabel, "doneText")
        self.show_map = forms.child(form, QPushButton, "showMap")
        self.show_projects = forms.child(form, QPushButton, "showProjects")
        self.findings_box = forms.child(form, QWidget, "findings")
        self.findings_title = forms.child(form, QLabel, "findingsTitle")
        self.filter = forms.child(form, QLineEdit, "filter")
        self.errors_only = forms.child(form, QCheckBox, "errorsOnly")
        self.copy = forms.child(form, QPushButton, "copy")
        self.table = forms.child(form, QTableView, "table")
        RowHover(self.table)
        self.whole = forms.child(form, QLabel, "whole")
        self.projects = forms.child(form, QTableView, "projects")
        RowHover(self.projects)
        self.mending = CreateRow(form, self)
        self.buttons = forms.child(form, QDialogButtonBox, "buttons")

    def _dress(self) -> None:
        for label, role in (
            (self.file_name, "title"),
            (self.look_title, "title"),
            (self.done_title, "title"),
            (self.problem, "bad"),
            (self.findings_title, "heading"),
            (forms.child(self._form, QLabel, "dropText"), "title"),
            (forms.child(self._form, QLabel, "kinds"), "muted"),
        ):
            forms.set_role(label, role)
        forms.set_role(forms.child(self._form, QFrame, "drop"), "card")
        icon = theme.icon("file-upload-outline", "muted").pixmap(48, 48)
        forms.child(self._form, QLabel, "dropIcon").setPixmap(icon)
        self.choose.setIcon(theme.icon("folder-open-outline", "on_accent"))
        forms.set_role(self.choose, "primary")
        for button in (self.other, self.copy, self.show_map, self.show_projects):
            button.setAutoDefault(False)
        self.copy.setIcon(theme.icon("content-copy"))
        self.show_map.setIcon(theme.icon("map-search-outline"))
        self.show_projects.setIcon(theme.icon("format-list-bulleted"))
        names = {
            "excel": self.tr("DIWI-Excel"),
            "geojson": self.tr("DIWI-GeoJSON"),
            "parcels": self.tr("Kadastrale percelen"),
            "buildings": self.tr("Panden"),
        }
        for key in _KINDS:
            self.kind.addItem(names[key], key)
        self._model = FindingsModel(self)
        self._proxy = FindingsFilter(self)
        self._proxy.setSourceModel(self._model)
        self.table.setModel(self._proxy)
        self.table.setSortingEnabled(True)
        self.table.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setShowGrid(False)
        self.table.setWordWrap(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.table.setTabKeyNavigation(False)
        for column, width in ((0, 52), (PROJECT, 150), (2, 140), (3, 110), (5, 150)):
            self.table.setColumnWidth(column, width)
        self.table.horizontalHeader().setSectionResizeMode(SENTENCE, QHeaderView.ResizeMode.Stretch)
        self._projects_model = QStandardItemModel(0, 5, self)
        self._projects_model.setHorizontalHeaderLabels(
            [self.tr("Project"), self.tr("Wat"), self.tr("Blokken"), self.tr("Bouw"), self.tr("Sloop")]
        )
        self.projects.setModel(self._projects_model)
        self.projects.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.projects.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.projects.setShowGrid(False)
        self.projects.setWordWrap(False)
        self.projects.setTabKeyNavigation(False)
        self.projects.verticalHeader().hide()
        self.projects.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.projects.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.projects.horizontalHeader().setHighlightSections(False)
        self.projects.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.go = self.buttons.addButton(self.tr("Importeren"), QDialogButtonBox.ButtonRole.AcceptRole)
        theme.main_button(self.go)
        self.again = self.buttons.addButton(self.tr("Opnieuw proberen"), QDialogButtonBox.ButtonRole.ActionRole)
        self.again.setToolTip(self.tr("Lees het bestand opnieuw, bijvoorbeeld nadat u het in Excel hebt verbeterd"))
        self.leave = self.buttons.addButton(self.tr("Annuleren"), QDialogButtonBox.ButtonRole.RejectRole)

    def _connect(self) -> None:
        self.choose.clicked.connect(self.ask_file)
        self.other.clicked.connect(self.ask_file)
        self.update_existing.toggled.connect(lambda _on: self._warn())
        self.kind.activated.connect(lambda _row: self._look(self.kind.currentData()))
        self.go.clicked.connect(self.start)
        self.again.clicked.connect(lambda: self._look(self.kind.currentData()))
        self.leave.clicked.connect(self.reject)
        self.filter.textChanged.connect(self._narrow)
        self.errors_only.toggled.connect(self._narrow)
        self.copy.clicked.connect(self.copy_findings)
        self.mending.asked.connect(self._create)
        self.table.selectionModel().currentChanged.connect(lambda _now, _before: self._offer())
        self.show_map.clicked.connect(self._to_map)
        self.show_projects.clicked.connect(self._to_projects)
        copy_key = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self.table)
        copy_key.setContext(Qt.ShortcutContext.WidgetShortcut)
        copy_key.activated.connect(self.copy_findings)

    # ------------------------------------------------------------------------------------------------- choosing a file

    def ask_file(self) -> None:
        """Let the user choose a file."""
        folder = str(folders.start(folders.IMPORTS))
        wanted = self.tr(
            "Alle bruikbare bestanden (*.xlsx *.xlsm *.geojson *.json *.gml *.xml *.gpkg);;Alle bestanden (*)"
        )
        name, _ = QFileDialog.getOpenFileName(self, self.tr("Bestand om te importeren"), folder, wanted)
        if name:
            folders.remember(folders.IMPORTS, Path(name))
            self.set_file(Path(name))

    def set_file(self, path: Path) -> None:
        """Look at a file and show what importing it would do."""
        self._path = path
        self.file_name.setText(path.name)
        self.file_name.setToolTip(str(path))
        self._look(None)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._dropped(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = self._dropped(event)
        if path is not None:
            event.acceptProposedAction()
            self.set_file(path)

    @staticmethod
    def _dropped(event: QDropEvent) -> Path | None:
        urls = event.mimeData().urls()
        return Path(urls[0].toLocalFile()) if len(urls) == 1 and urls[0].isLocalFile() else None

    # --------------------------------------------------------------------------------------------------------- working

    def _look(self, kind: str | None) -> None:
        path = self._path
        if path is None:
            return

        def work(progress: Callable[..., None], cancelled: Callable[[], bool]) -> Preview:
            from diwi_desktop.exchange.preview import look

            return look(self._state.store, path, kind, progress, cancelled)

        self._busy(True)
        run_job(self, self.tr("Bestand bekijken"), work, self._looked, self._unreadable, lambda: self._busy(False))

    def _looked(self, preview: Preview) -> None:
        self._busy(False)
        self._preview = preview
        self.kind.setCurrentIndex(self.kind.findData(preview.kind))
        if preview.refused:
            self._show_errors(preview.findings)
        else:
            self._show_look(preview)

    def _unreadable(self, error: Exception) -> None:
        self._busy(False)
        self._show_choose()
        self.problem.setText(error_text(error))
        self.problem.show()

    def start(self) -> None:
        """Import the file."""
        path, preview = self._path, self._preview
        if path is None or preview is None or self._state.read_only:
            return
        choice = "update" if self.update_existing.isChecked() else "skip"

        def work(progress: Callable[..., None], cancelled: Callable[[], bool]) -> ImportResult:
            from diwi_desktop.exchange.imports import import_file

            return import_file(self._state.store, path, preview.kind, choice, progress, cancelled)

        self._busy(True)
        run_job(self, self.tr("Importeren"), work, self._imported, self._failed, lambda: self._busy(False))

    def _imported(self, result: ImportResult) -> None:
        self._busy(False)
        self._result = result
        self._show_done(result)

    def _failed(self, error: Exception) -> None:
        self._busy(False)
        found = error.findings if isinstance(error, UserError) else []
        self._show_errors(found or [Finding("import_failed", Severity.ERROR, error_text(error), error_text(error))])

    def _busy(self, on: bool) -> None:
        for widget in (self.go, self.again, self.other, self.kind, self.choose, self.mending.one, self.mending.all):
            widget.setEnabled(not on)

    # ---------------------------------------------------------------------------------------------------------- showing

    def _page(self, name: str, *, findings: bool, go: bool, again: bool) -> None:
        page = forms.child(self._form, QWidget, name)
        chosen = name != "choosePage"
        self.pages.setCurrentWidget(page)
        self.pages.show()
        self.findings_box.setVisible(findings)
        # The list of findings takes the room; above it only what is needed.
        small = findings and name == "donePage"
        self.pages.setMaximumHeight(page.sizeHint().height() if small else _NO_LIMIT)
        for widget in (self.file_name, self.other):
            widget.setVisible(chosen)
        self.kind.setVisible(chosen and name != "donePage")
        self.go.setVisible(go)
        self.again.setVisible(again)
        self.problem.hide()
        done = name == "donePage"
        self.leave.setText(self.tr("Sluiten") if done else self.tr("Annuleren"))

    def _show_choose(self) -> None:
        self._page("choosePage", findings=False, go=False, again=False)
        self.choose.setFocus()

    def _show_look(self, preview: Preview) -> None:
        self.look_title.setText(importwords.title(preview))
        self.look_text.setText(importwords.text(preview))
        self._list_projects(preview)
        known = any(project.fate.value != "new" for project in preview.projects)
        for choice in (self.skip, self.update_existing):
            choice.setVisible(known)
        self._warn()
        self.go.setEnabled(not self._state.read_only and bool(preview.layer or preview.projects))
        self.go.setDefault(True)
        self.go.setFocus()

    def _warn(self) -> None:
        """What is told of the file, by what is chosen for projects that are there already."""
        preview = self._preview
        if preview is None:
            return
        updating = self.update_existing.isChecked() and not self.update_existing.isHidden()
        self._page("lookPage", findings=False, go=True, again=False)
        self._tell([*preview.findings, *(preview.when_updating if updating else [])])

    def _tell(self, findings: list[Finding]) -> None:
        """The list of findings below a page that stands, if there are any."""
        self.findings_box.setVisible(bool(findings))
        if findings:
            found = _gathered(findings)
            self._list(found, forms.counted(len(found), self.tr("1 melding"), self.tr("%1 meldingen")))

    def _list_projects(self, preview: Preview) -> None:
        self.projects.setVisible(bool(preview.projects))
        self._projects_model.setRowCount(0)
        for project in preview.projects:
            numbers = (project.blocks, project.built, project.demolished)
            row = [QStandardItem(project.name), QStandardItem(importwords.fate(project.fate))]
            for number in numbers:
                item = QStandardItem(format_number(number) if number else "")
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                row.append(item)
            self._projects_model.appendRow(row)
        self.projects.resizeColumnToContents(1)
        for column in (2, 3, 4):
            header = self._projects_model.horizontalHeaderItem(column)
            header.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.projects.setColumnWidth(column, max(88, self.projects.horizontalHeader().sectionSizeHint(column)))

    def _show_errors(self, findings: list[Finding]) -> None:
        self._page("lookPage", findings=True, go=False, again=True)
        self.pages.hide()
        errors = sum(f.severity is not Severity.WARNING for f in findings)
        title = forms.counted(errors, self.tr("1 fout"), self.tr("%1 fouten"))
        self._list(_gathered(findings), self.tr("%1; er is niets ingelezen.").replace("%1", title))
        self.table.setFocus()

    def _show_done(self, result: ImportResult) -> None:
        self._page("donePage", findings=bool(result.findings), go=False, again=False)
        title, text = importwords.done(result)
        self.done_title.setText(title)
        self.done_text.setText(text)
        self.done_text.setVisible(bool(text))
        self._tell(result.findings)
        self.show_projects.setVisible(bool(self._projects()))
        self.show_map.setFocus()

    def _list(self, findings: list[Finding], title: str) -> None:
        self.findings_title.setText(title)
        self._model.show_findings(findings)
        self.table.setColumnHidden(PROJECT, not any(f.project_name for f in findings))
        mixed = {f.severity is Severity.WARNING for f in findings} == {True, False}
        self.errors_only.setVisible(mixed)
        self._narrow()
        if self._proxy.rowCount():
            self.table.setCurrentIndex(self._proxy.index(0, 0))
        self._offer()

    def _narrow(self) -> None:
        self._proxy.narrow(self.filter.text(), self.errors_only.isChecked() and not self.errors_only.isHidden())

    # ---------------------------------------------------------------------------------------------- mending what misses

    def _chosen(self) -> Finding | None:
        index = self.table.currentIndex()
        return self._model.findings[self._proxy.mapToSource(index).row()] if index.isValid() else None

    def _offer(self) -> None:
        """What the chosen finding says in full, and what of all of them can be made."""
        chosen = self._chosen()
        self.whole.setText(sentence(chosen) if chosen is not None else "")
        can = not self._state.read_only and self._result is None
        self.mending.offer(self._model.findings, chosen, can=can)

    def _create(self, findings: list[Finding]) -> None:
        from diwi_desktop.exchange.missing import create_missing

        try:
            create_missing(self._state.store, findings)
        except UserError as error:
            self.findings_title.setText(sentence(error))
            return
        self._look(self.kind.currentData())

    # ------------------------------------------------------------------------------------------------------------ going

    def copy_findings(self) -> None:
        """Put the lines shown on the clipboard, with their headers, as Excel takes them."""
        rows = sorted({index.row() for index in self.table.selectionModel().selectedRows()})
        if len(rows) < 2:
            rows = list(range(self._proxy.rowCount()))
        columns = range(self._proxy.columnCount())
        lines = [[str(self._model.headerData(c, Qt.Orientation.Horizontal)) for c in columns]]
        lines += [[str(self._proxy.index(row, c).data() or "") for c in columns] for row in rows]
        QGuiApplication.clipboard().setText("\n".join("\t".join(cells) for cells in lines))

    def _projects(self) -> list[str]:
        result = self._result
        return [] if result is None else [*result.created, *result.updated] or [*result.unchanged, *result.skipped]

    def _to_map(self) -> None:
        projects = self._projects()
        self.accept()
        self._state.select(projects)
        self._state.request("show_panel", "map")
        if projects:
            self._state.request("zoom_to_project", projects[0])

    def _to_projects(self) -> None:
        self.accept()
        self._state.select(self._projects())
        self._state.request("show_panel", "projects")

    def keyPressEvent(self, event: Any) -> None:
        # Enter in the filter line must not press a button.
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.filter.hasFocus():
            return
        if enter.presses(event):
            return
        super().keyPressEvent(event)


def _gathered(findings: list[Finding]) -> list[Finding]:
    from diwi_desktop.exchange.messages import gathered

    return gathered(findings)
