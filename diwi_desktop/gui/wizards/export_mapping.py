"""Page 2 of the submission wizard: which own field and which own option is which of the province."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from diwi_desktop.exchange.provinces import FieldMapping, OutputField, check_mapping
from diwi_desktop.exchange.provinces.mapping import NOTHING, candidates, is_choice, suggest_options
from diwi_desktop.exchange.provinces.register import Register, source_of
from diwi_desktop.gui import theme
from diwi_desktop.gui.fields.controls import Combo
from diwi_desktop.gui.fields.words import label, sentence
from diwi_desktop.gui.language import language
from diwi_desktop.gui.wizards.export_session import Session
from diwi_desktop.gui.wizards.forms import child, load, set_role
from diwi_desktop.model.catalogue import Field
from diwi_desktop.model.finding import Finding, Severity

_TARGET = int(Qt.ItemDataRole.UserRole)
_LEAST_OPTIONS = 3
_FIELD, _SOURCE, _STATE = 0, 1, 2
_NOTHING = "-"  # a combo box shows an entry with empty data as no choice


class MappingPage(QWidget):
    """The fields of the province on the left, where one of them comes from on the right."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._register: Register = session.register
        self._busy = False
        self._shown = ""
        self._rows: dict[str, QTreeWidgetItem] = {}
        form = load("export_mapping", self)
        self.fields = child(form, QTreeWidget, "fields")
        self.propose = child(form, QPushButton, "propose")
        self.target = child(form, QLabel, "target")
        self.asked = child(form, QLabel, "asked")
        self.source = child(form, Combo, "source")
        self.constant_choice = child(form, Combo, "constantChoice")
        self.constant_text = child(form, QLineEdit, "constantText")
        self.constant_label = child(form, QLabel, "constantLabel")
        self.options_label = child(form, QLabel, "optionsLabel")
        self.options = child(form, QTableWidget, "options")
        self.problem = child(form, QLabel, "problem")
        self._build()
        session.mapping_changed.connect(self.refresh)
        self.refresh()

    def _build(self) -> None:
        tree = self.fields
        tree.setHeaderLabels([self.tr("Veld van de provincie"), self.tr("Komt uit"), self.tr("Stand")])
        tree.header().setStretchLastSection(False)
        tree.header().setSectionResizeMode(_FIELD, QHeaderView.ResizeMode.Stretch)
        tree.header().resizeSection(_SOURCE, theme.space(44))
        tree.header().resizeSection(_STATE, theme.space(36))
        tree.currentItemChanged.connect(lambda *_: self._show_detail())
        self.propose.setIcon(theme.icon("lightbulb-outline"))
        self.propose.clicked.connect(self._session.propose)
        self.source.activated.connect(lambda _: self._source_chosen())
        self.constant_choice.activated.connect(lambda _: self._constant_given(self.constant_choice.currentText()))
        self.constant_text.editingFinished.connect(lambda: self._constant_given(self.constant_text.text()))
        options = self.options
        options.setColumnCount(2)
        options.setHorizontalHeaderLabels([self.tr("Eigen keuze"), self.tr("Provincie")])
        options.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        options.horizontalHeader().resizeSection(0, theme.space(34))
        options.horizontalHeader().setHighlightSections(False)
        options.verticalHeader().hide()
        options.verticalHeader().setDefaultSectionSize(theme.size("normal") + theme.space(6))
        options.setShowGrid(False)
        options.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        options.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        options.setTabKeyNavigation(False)

    # -- showing --------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the mapping of the session."""
        self._register = self._session.register
        chosen = self._shown
        wrong = self._wrong()
        self.fields.blockSignals(True)
        targets = self._session.profile.mapped
        if [item.name for item in targets] != list(self._rows):
            self.fields.clear()
            self._rows = {target.name: QTreeWidgetItem([self._name(target), "", ""]) for target in targets}
            for name, row in self._rows.items():
                row.setData(_FIELD, _TARGET, name)
                row.setToolTip(_FIELD, name)
            self.fields.addTopLevelItems(list(self._rows.values()))
        for target in targets:
            self._fill_row(self._rows[target.name], target, wrong.get(target.name, []))
        self.fields.blockSignals(False)
        self.select(chosen or self._first())

    def _wrong(self) -> dict[str, list[Finding]]:
        found: dict[str, list[Finding]] = {}
        for finding in check_mapping(self._session.profile, self._session.mapping, self._register):
            found.setdefault(finding.field, []).append(finding)
        return found

    def _fill_row(self, row: QTreeWidgetItem, target: OutputField, wrong: list[Finding]) -> None:
        item = self._item(target)
        source = self._register.source(item.source) if item.source else None
        fixed = f"'{item.constant}'" if item.constant else ""
        row.setText(_SOURCE, label(source) if source else fixed)
        if any(f.severity is not Severity.WARNING for f in wrong):
            words, icon, ink = self.tr("Nog doen"), "alert-circle-outline", "bad"
        elif wrong:
            words, icon, ink = self.tr("Keuzes nakijken"), "alert-outline", "warn"
        elif target.name in self._session.proposed:
            words, icon, ink = self.tr("Voorstel"), "lightbulb-outline", "accent"
        elif item.empty:
            words, icon, ink = self.tr("Niet ingevuld"), "minus", "muted"
        else:
            words, icon, ink = self.tr("Gekoppeld"), "check", "good"
        row.setText(_STATE, words)
        row.setIcon(_STATE, theme.icon(icon, ink))

    @staticmethod
    def _name(target: OutputField) -> str:
        return f"{target.label(language())} *" if target.mandatory else target.label(language())

    def _item(self, target: OutputField) -> FieldMapping:
        return self._session.mapping.get(target.name, FieldMapping(target.name))

    def _first(self) -> str:
        """The first field that still has to be done, else the first."""
        wrong = self._wrong()
        return next((name for name in self._rows if name in wrong), next(iter(self._rows)))

    def select(self, name: str) -> None:
        """Show one field of the province."""
        row = self._rows.get(name)
        if row is None:
            row = next(iter(self._rows.values()))
        self.fields.blockSignals(True)  # or the detail would be made twice
        self.fields.setCurrentItem(row)
        self.fields.blockSignals(False)
        self._show_detail()

    @property
    def current(self) -> OutputField:
        """The field of the province that is shown."""
        return self._session.profile.field(self._shown)

    def _show_detail(self) -> None:
        row = self.fields.currentItem()
        if self._busy or row is None:
            return
        self._busy = True
        self._shown = str(row.data(_FIELD, _TARGET))
        target = self.current
        item = self._item(target)
        self.target.setText(self._name(target))
        self.asked.setText(self._asked(target))
        self.source.clear()
        self.source.addItem(self.tr("Niet gekoppeld"), "")
        for field in candidates(target, self._register):
            self.source.addItem(self._candidate(field), source_of(field))
        if item.source and self.source.findData(item.source) < 0:
            self.source.addItem(self.tr("(veld bestaat niet meer)"), item.source)
        self.source.setCurrentIndex(max(0, self.source.findData(item.source)))
        self._show_constant(target, item.constant)
        self._show_options(target, item)
        wrong = self._wrong().get(target.name, [])
        errors = [f for f in wrong if f.severity is not Severity.WARNING] or wrong
        self.problem.setText(sentence(errors[0]) if errors else "")
        self.problem.setVisible(bool(errors))
        set_role(self.problem, "bad" if any(f.severity is not Severity.WARNING for f in wrong) else "warn")
        locked = self._session.state.store.read_only
        self.propose.setEnabled(not locked)
        for widget in (self.source, self.constant_choice, self.constant_text, self.options):
            widget.setEnabled(not locked)
        self._busy = False

    def _show_constant(self, target: OutputField, value: str) -> None:
        """A list to choose the fixed value from where the province has one, else a line to type it."""
        choice = self.constant_choice
        choice.clear()
        for code in dict.fromkeys(["", *target.codes, value]):
            choice.addItem(code, code)
        choice.setCurrentIndex(choice.findData(value))
        self.constant_text.setText(value)
        choice.setVisible(bool(target.codes))
        self.constant_text.setVisible(not target.codes)
        self.constant_label.setBuddy(choice if target.codes else self.constant_text)

    def _asked(self, target: OutputField) -> str:
        if target.type == "list":
            kind = self.tr("een of meer keuzes")
        elif target.codes:
            kind = self.tr("een keuze uit %1").replace("%1", str(len(target.codes)))
        elif "numeric" in target.accepts:
            kind = self.tr("een getal")
        else:
            kind = self.tr("een tekst")
        need = self.tr("verplicht") if target.mandatory else self.tr("mag leeg blijven")
        return f"{target.name}: {kind}, {need}"

    def _candidate(self, field: Field) -> str:
        if field.own:
            return self.tr("%1 (eigen veld)").replace("%1", label(field))
        if field.kind == "houseblock":
            return self.tr("%1 (woningblokken samen)").replace("%1", label(field))
        return label(field)

    def _show_options(self, target: OutputField, item: FieldMapping) -> None:
        source = self._register.source(item.source) if item.source else None
        wanted = source is not None and is_choice(target, source)
        self.options.setVisible(wanted)
        self.options_label.setVisible(wanted)
        self.options.setRowCount(0)
        if source is None or not wanted:
            return
        pairs = self._register.choices(source)
        self.options.setRowCount(len(pairs))
        for place, (key, name) in enumerate(pairs):
            self.options.setItem(place, 0, QTableWidgetItem(name))
            cell = QWidget()
            box = QHBoxLayout(cell)
            box.setContentsMargins(theme.space(1), theme.space(1), theme.space(2), theme.space(1))
            box.addWidget(self._option_box(target, item, key, name))
            self.options.setCellWidget(place, 1, cell)
        self._fit_options(len(pairs))

    def _fit_options(self, count: int) -> None:
        """As high as its rows, of which a few are in sight however small the window is."""
        head, row = self.options.horizontalHeader().sizeHint().height(), self.options.verticalHeader()
        frame = 2 * self.options.frameWidth()
        self.options.setMinimumHeight(head + frame + min(count, _LEAST_OPTIONS) * row.defaultSectionSize())
        self.options.setMaximumHeight(head + frame + count * row.defaultSectionSize())

    def _option_box(self, target: OutputField, item: FieldMapping, key: str, name: str) -> Combo:
        box = Combo()
        box.setAccessibleName(self.tr("Keuze van de provincie voor '%1'").replace("%1", name))
        box.addItem(self.tr("Kies…"), None)
        for code in target.codes:
            box.addItem(code, code)
        box.addItem(self.tr("Niets doorgeven"), _NOTHING)
        given = item.label(key, name, target.codes)
        if given is not None:
            box.setCurrentIndex(max(0, box.findData(_NOTHING if given == NOTHING else given)))
        box.activated.connect(lambda _: self._option_chosen(target, key, box.currentData()))
        return box

    # -- editing --------------------------------------------------------------------------------------------------

    def _source_chosen(self) -> None:
        target, text = self.current, self.source.currentData()
        source = self._register.source(text) if text else None
        options = suggest_options(target, source, self._register) if source is not None else {}
        self._put(replace(self._item(target), source=text, options=options))

    def _constant_given(self, text: str) -> None:
        if not self._busy:
            self._put(replace(self._item(self.current), constant=text.strip()))

    def _option_chosen(self, target: OutputField, key: str, code: str | None) -> None:
        options = dict(self._item(target).options)
        options.pop(key, None)
        if code is not None:
            options[key] = (NOTHING if code == _NOTHING else code,)
        self._put(replace(self._item(target), options=options))

    def _put(self, item: FieldMapping) -> None:
        if item != self._session.mapping.get(item.target, FieldMapping(item.target)):
            self._session.put_mapping(item)
