"""The first tab: one screen that answers "how is this plan?"."""

from __future__ import annotations

import html
from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from diwi_desktop.gui import theme
from diwi_desktop.gui.fields.form import Card
from diwi_desktop.gui.fields.words import code_label, homes, sentence, signed
from diwi_desktop.gui.projectpage.chart import HomesChart
from diwi_desktop.gui.projectpage.contour import ContourView
from diwi_desktop.gui.projectpage.data import PageData
from diwi_desktop.model.finding import Finding, Severity
from diwi_desktop.model.notation import format_date, format_number

FINDINGS_SHOWN = 3
NAMES_SHOWN = 3


class Overview(QWidget):
    """Facts, homes per year, contour and findings next to each other."""

    finding_chosen = Signal(object)  # Finding
    project_chosen = Signal(str)
    year_chosen = Signal(int)
    milestone_chosen = Signal(str)
    map_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._findings: list[Finding] = []
        self.facts = Card(self.tr("In het kort"))
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(3)
        self._grid.setColumnMinimumWidth(0, 96)
        self._grid.setColumnStretch(1, 1)
        self.facts.box.addLayout(self._grid)
        self.facts.box.addStretch(1)
        self._values: dict[str, tuple[QLabel, QLabel]] = {}
        self.homes = Card(self.tr("Woningen per jaar"))
        self.chart = HomesChart()
        self.chart.year_chosen.connect(self.year_chosen)
        self.homes.box.addWidget(self.chart, 1)
        self.undated = QLabel()
        self.undated.setProperty("role", "small")
        self.homes.box.addWidget(self.undated)
        self.place = Card(self.tr("Plangebied"))
        self.contour = ContourView()
        self.contour.clicked.connect(self.map_wanted)
        self.contour.setToolTip(self.tr("Toon dit plan op de kaart"))
        self.area = QLabel()
        self.area.setProperty("role", "small")
        self.place.box.addWidget(self.contour, 1)
        self.place.box.addWidget(self.area)
        self.signals = Card(self.tr("Signalen"))
        self.list = QLabel()
        self.list.setWordWrap(True)
        self.list.setTextFormat(Qt.TextFormat.RichText)
        self.list.setTextInteractionFlags(
            Qt.TextInteractionFlag.LinksAccessibleByMouse | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        self.list.linkActivated.connect(self._finding)
        self.signals.box.addWidget(self.list)
        self.signals.box.addStretch(1)
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addWidget(self.place, 3)
        right.addWidget(self.signals, 2)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(8)
        row.addWidget(self.facts, 5)
        row.addWidget(self.homes, 6)
        row.addLayout(right, 4)
        for card in (self.facts, self.homes, self.place, self.signals):
            card.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_data(self, data: PageData) -> None:
        """Show a project."""
        self._show_facts(data)
        self._show_homes(data)
        self.contour.show_areas([area.geometry for area in data.plan.areas], QColor(data.plan.color))
        self.area.setText(
            self.tr("%1 m²").replace("%1", format_number(round(self.contour.area))) if data.plan.areas else ""
        )
        self.area.setVisible(bool(data.plan.areas))
        self._show_findings(data.findings)

    # ---------------------------------------------------------------------------------------------------------- facts

    def _fact(self, key: str, name: str, value: str) -> None:
        """One line; an empty value hides it. `value` is rich text."""
        if key not in self._values:
            label, text = QLabel(name), QLabel()
            label.setProperty("role", "muted")
            text.setWordWrap(True)
            text.setTextFormat(Qt.TextFormat.RichText)
            text.setTextInteractionFlags(
                Qt.TextInteractionFlag.LinksAccessibleByMouse | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
            )
            text.setAccessibleName(name)
            text.linkActivated.connect(self._link)
            row = len(self._values)
            self._grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(text, row, 1, Qt.AlignmentFlag.AlignTop)
            self._values[key] = (label, text)
        label, text = self._values[key]
        text.setText(value)
        label.setVisible(bool(value))
        text.setVisible(bool(value))

    def _show_facts(self, data: PageData) -> None:
        plan = data.plan
        nothing = f'<span style="color:{theme.tokens()["muted"]}">{self.tr("niet ingevuld")}</span>'
        coming = data.next_milestone()
        step = ""
        if coming is not None:
            words = f"{format_date(coming.date)}  {code_label('milestone_type', coming.type)}"
            step = _anchor(f"milestone:{coming.id}", words)
        self._fact("next", self.tr("Volgende stap"), step or self.tr("geen stap gepland"))
        period = f"{format_date(plan.start_date)} {self.tr('t/m')} {format_date(plan.end_date)}"
        self._fact("period", self.tr("Looptijd"), period)
        self._fact("phase", self.tr("Fase"), html.escape(code_label("phase", data.phase)) or nothing)
        self._fact("status", self.tr("Planstatus"), html.escape(code_label("plan_status", data.status)) or nothing)
        types = ", ".join(code_label("plan_type", key) for key in plan.plan_types)
        self._fact("types", self.tr("Plantype"), html.escape(types) or nothing)
        names = [data.options[key].name for key in (*plan.districts, *plan.neighbourhoods) if key in data.options]
        if plan.municipality in data.options:
            names.insert(0, data.options[plan.municipality or ""].name)
        self._fact("where", self.tr("Waar"), html.escape(", ".join(names)) or nothing)
        self._fact("leader", self.tr("Projectleider"), html.escape(plan.project_leader or ""))
        writers = _some(data.writers)
        self._fact("writers", self.tr("Mag schrijven"), html.escape(writers) or nothing)
        mother = _anchor(f"project:{data.mother[0]}", data.mother[1]) if data.mother else ""
        self._fact("mother", self.tr("Moederplan"), mother)
        links = [_anchor(f"project:{id_}", name) for id_, name in data.daughters[:NAMES_SHOWN]]
        more = len(data.daughters) - len(links)
        if more > 0:
            links.append(self.tr("en nog %1").replace("%1", str(more)))
        self._fact("daughters", self.tr("Deelplannen"), ", ".join(links))

    def _link(self, target: str) -> None:
        kind, _, entity = target.partition(":")
        (self.project_chosen if kind == "project" else self.milestone_chosen).emit(entity)

    # ---------------------------------------------------------------------------------------------------------- homes

    def _show_homes(self, data: PageData) -> None:
        self.chart.show_years(data.years(), data.moment.on.year)
        built, gone = data.undated()
        words = []
        if built:
            words.append(self.tr("%1 zonder opleverdatum").replace("%1", homes(built)))
        if gone:
            words.append(self.tr("%1 sloop zonder datum").replace("%1", homes(gone)))
        self.undated.setText(", ".join(words))
        self.undated.setVisible(bool(words))

    # ------------------------------------------------------------------------------------------------------- findings

    def _show_findings(self, findings: Sequence[Finding]) -> None:
        self._findings = list(findings)
        tokens = theme.tokens()
        if not findings:
            self.list.setText(f'<span style="color:{tokens["good"]}">{self.tr("Niets aan de hand")}</span>')
            return
        lines = []
        for place, finding in enumerate(findings[:FINDINGS_SHOWN]):
            token = "warn" if finding.severity is Severity.WARNING else "bad"
            style = f"color:{tokens[token]};text-decoration:none"
            lines.append(f'<a href="{place}" style="{style}">• {html.escape(sentence(finding))}</a>')
        more = len(findings) - len(lines)
        if more > 0:
            lines.append(self.tr("en nog %1, zie de knop rechtsboven").replace("%1", str(more)))
        self.list.setText("<br>".join(lines))

    def _finding(self, place: str) -> None:
        self.finding_chosen.emit(self._findings[int(place)])


def totals_text(built: int, demolished: int) -> str:
    """Bouw, sloop and netto in one line of rich text."""
    tokens = theme.tokens()
    parts = (
        (_tr("Bouw"), format_number(built), "text"),
        (_tr("Sloop"), format_number(demolished), "bad" if demolished else "text"),
        (_tr("Netto"), signed(built - demolished), "text"),
    )
    return "&nbsp;&nbsp; ".join(
        f'<span style="color:{tokens["muted"]}">{name}</span> '
        f'<span style="color:{tokens[token]};font-weight:600">{number}</span>'
        for name, number, token in parts
    )


def _anchor(target: str, words: str) -> str:
    return f'<a href="{target}" style="color:{theme.tokens()["accent"]}">{html.escape(words)}</a>'


def _some(names: Sequence[str]) -> str:
    if len(names) <= NAMES_SHOWN:
        return ", ".join(names)
    more = _tr("en nog %1").replace("%1", str(len(names) - NAMES_SHOWN))
    return f"{', '.join(names[:NAMES_SHOWN])} {more}"


def _tr(text: str) -> str:
    return QCoreApplication.translate("Overview", text)
