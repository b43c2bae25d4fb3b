"""A new project: a name, a start date and a phase; lead times fill in the milestones."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QDialogButtonBox, QLabel, QLineEdit, QPushButton, QWidget

from diwi_desktop.gui import jobs, theme
from diwi_desktop.gui.dialogs.forms import FormDialog
from diwi_desktop.gui.language import language
from diwi_desktop.gui.state import AppState
from diwi_desktop.model.codelists import code_list
from diwi_desktop.model.codes import Phase
from diwi_desktop.model.finding import UserError
from diwi_desktop.model.notation import format_date, format_number, parse_date
from diwi_desktop.model.values import BadValue
from diwi_desktop.store import queries


class NewProjectDialog(FormDialog):
    """`created` carries the id of the project. `mother` makes it a sub-plan."""

    created = Signal(str)

    def __init__(self, state: AppState, parent: QWidget | None = None, mother: str | None = None) -> None:
        super().__init__("forms/new_project.ui", parent)
        self._state = state
        self._mother = mother
        self.name = self.part(QLineEdit, "name")
        self.start = self.part(QLineEdit, "start")
        self.phase = self.part(QComboBox, "phase")
        self.outlook = self.part(QLabel, "outlook")
        self.problem = self.part(QLabel, "problem")
        self.buttons = self.part(QDialogButtonBox, "buttons")
        if mother is not None:
            named = queries.entity(state.store, "project", mother) or {}
            self.setWindowTitle(self.tr("Nieuw deelplan van %1").replace("%1", str(named.get("name", ""))))
        for code in code_list("phase").codes:
            self.phase.addItem(code.label(language()), code.key)
        self.phase.setCurrentIndex(self.phase.findData(Phase.INITIATIVE.value))
        self.start.setText(format_date(state.store.clock.today()))
        self.problem.setProperty("role", "bad")
        self.problem.hide()
        self.outlook.setProperty("role", "muted")
        self.ok: QPushButton = self.buttons.addButton(self.tr("Project maken"), QDialogButtonBox.ButtonRole.AcceptRole)
        theme.main_button(self.ok)
        self.buttons.addButton(self.tr("Annuleren"), QDialogButtonBox.ButtonRole.RejectRole)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.start.textChanged.connect(self._look_ahead)
        self.phase.currentIndexChanged.connect(self._look_ahead)
        self.name.textChanged.connect(self.problem.hide)
        self.name.setFocus()
        self._look_ahead()

    def accept(self) -> None:
        """Make the project; a problem is said in the dialog, which stays open."""
        from diwi_desktop.planning.new_project import create_project

        if not self.name.text().strip():
            self._say(self.tr("Geef het project een naam."), self.name)
            return
        day = self._day()
        if day is None:
            self._say(self.tr("Dit is geen datum; typ bijvoorbeeld 31-12-2026."), self.start)
            return
        phase = Phase(self.phase.currentData())
        try:
            project = create_project(self._state.store, self.name.text().strip(), day, phase, parent=self._mother)
        except UserError as error:
            self._say(jobs.error_text(error), self.name)
            return
        super().accept()
        self.created.emit(project)

    def _day(self) -> date | None:
        try:
            return parse_date(self.start.text())
        except BadValue:
            return None

    def _say(self, text: str, field: QLineEdit) -> None:
        self.problem.setText(text)
        self.problem.show()
        self.grow()
        field.setFocus()
        field.selectAll()

    def _look_ahead(self, *_: object) -> None:
        """What the lead times make of it."""
        from diwi_desktop.planning.lead_times import expected_delivery, expected_milestones, table_on

        day = self._day()
        if day is None:
            self.outlook.setText("")
            return
        today = self._state.store.clock.today()
        table, phase = table_on(today), Phase(self.phase.currentData())
        steps = expected_milestones(day, phase, today, table)
        self.outlook.setText(
            self.tr("{0} mijlpalen volgens gemiddelde doorlooptijden, oplevering rond {1}. Alles is later te wijzigen.")
            .format(format_number(len(steps)), expected_delivery(day, phase, table).year)
        )  # fmt: skip
