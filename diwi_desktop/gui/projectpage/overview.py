"""The first tab: one screen that answers "how is this plan?"."""

from __future__ import annotations

import html
from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from diwi_desktop.gui import theme
from diwi_desktop.gui.fields.form import Card
from diwi_desktop.gui.fields.words import code_label, homes, sentence, signed
from diwi_desktop.gui.language import translate
from diwi_desktop.gui.links import LinkLabel
from diwi_desktop.gui.projectpage.chart import HomesChart
from diwi_desktop.gui.projectpage.contour import ContourView
from diwi_desktop.gui.projectpage.data import PageData
from diwi_desktop.gui.tabbing import put_behind
from diwi_desktop.model.codes import ProjectStatus
from diwi_desktop.model.finding import Finding, Severity
from diwi_desktop.model.notation import format_date, format_number

FINDINGS_SHOWN = 3
NARROW = 800  # pixels at the normal text size
_WHOLE = ("next", "period")  # facts that say nothing when they are cut: on two lines where one is too short


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
        self._grid.setColumnStretch(1, 1)
        self.facts.box.addLayout(self._grid)
        self.facts.box.addStretch(1)
        self._values: dict[str, tuple[QLabel, Fact]] = {}
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
        self.list = LinkLabel()
        self.list.setWordWrap(True)
        self.list.setTextFormat(Qt.TextFormat.RichText)
        self.list.linkActivated.connect(self._finding)
        self.signals.box.addWidget(self.list)
        self.signals.box.addStretch(1)
        self.side = QWidget()
        right = QVBoxLayout(self.side)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(8)
        right.addWidget(self.place, 3)
        right.addWidget(self.signals, 2)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(8)
        self._row = row
        row.addWidget(self.facts, 5)
        row.addWidget(self.homes, 6)
        row.addWidget(self.side, 4)
        for card in (self.facts, self.homes, self.place, self.signals):
            card.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._dressed()
        theme.current().changed.connect(self._dressed)

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

    def _fact(self, key: str, name: str, *parts: tuple[str, str]) -> None:
        """One line of (words, link) parts, a link being empty for plain words; no parts hide the line."""
        if key not in self._values:
            label, text = QLabel(name), Fact(wraps=key in _WHOLE)
            label.setProperty("role", "muted")
            text.linkActivated.connect(self._link)
            row = len(self._values)
            above = list(self._values.values())[-1][1] if self._values else self.facts
            self._grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(text, row, 1, Qt.AlignmentFlag.AlignTop)
            put_behind(above, [text])
            self._values[key] = (label, text)
        label, text = self._values[key]
        text.show_parts(name, parts)

    def _show_facts(self, data: PageData) -> None:
        plan = data.plan
        nothing = self.tr("niet ingevuld")
        coming = data.next_milestone()
        if coming is None:
            self._fact("next", self.tr("Volgende stap"), (self.tr("geen stap gepland"), ""))
        else:
            words = f"{format_date(coming.date)} {code_label('milestone_type', coming.type)}"
            self._fact("next", self.tr("Volgende stap"), (words, f"milestone:{coming.id}"))
        self._fact("phase", self.tr("Fase"), (code_label("phase", data.phase) or nothing, ""))
        self._fact("status", self.tr("Planstatus"), (code_label("plan_status", data.status) or nothing, ""))
        period = (
            self.tr("%1 t/m %2").replace("%1", format_date(plan.start_date)).replace("%2", format_date(plan.end_date))
        )
        self._fact("period", self.tr("Looptijd"), (period, ""))
        names = [data.options[key].name for key in (*plan.districts, *plan.neighbourhoods) if key in data.options]
        if plan.municipality in data.options:
            names.insert(0, data.options[plan.municipality or ""].name)
        self._fact("where", self.tr("Waar"), (", ".join(names) or nothing, ""))
        self._fact("writers", self.tr("Mag schrijven"), (", ".join(data.writers) or nothing, ""))
        types = ", ".join(code_label("plan_type", key) for key in plan.plan_types)
        self._fact("types", self.tr("Plantype"), (types or nothing, ""))
        self._fact("mother", self.tr("Moederplan"), *_link_parts([data.mother] if data.mother else []))
        self._fact("daughters", self.tr("Deelplannen"), *_link_parts(data.daughters))
        leader = plan.project_leader
        self._fact("leader", self.tr("Projectleider"), *([(leader, "")] if leader else []))
        self._fact("code", self.tr("Code"), (plan.code, ""))
        number = plan.source_id
        self._fact("source", self.tr("Importnummer"), *([(number, "")] if number else []))
        secrecy = code_label("confidentiality", plan.confidentiality)
        self._fact("secrecy", self.tr("Vertrouwelijk"), (secrecy, ""))
        self._fit_facts()

    def minimumSizeHint(self) -> QSize:
        # The facts give way, so they must not keep the panel from becoming small.
        return QSize(300, 140)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_sides()

    def _dressed(self) -> None:
        self._grid.setColumnMinimumWidth(0, theme.scaled(96))
        self._fit_sides()
        for _, text in self._values.values():
            text.refit()

    def _fit_sides(self) -> None:
        # In a small panel the map stands beside it and the header counts the findings: facts and chart remain.
        narrow = self.width() < theme.scaled(NARROW)
        self.side.setVisible(not narrow)
        self._row.setStretch(0, 7 if narrow else 5)
        self._fit_facts()

    def _fit_facts(self) -> None:
        """As many facts as there is room for, the first ones first."""
        line = self.fontMetrics().height() + 2 + self._grid.verticalSpacing()
        room = max(3, (self.height() - 16 - 34) // line)
        for label, text in self._values.values():
            shown = text.filled and room > 0
            room -= shown * text.lines(self._room())
            label.setVisible(shown)
            text.setVisible(shown)

    def _room(self) -> int:
        """The width of a value as the layout will make it."""
        shares = [self._row.stretch(place) for place in range(2 if self.side.isHidden() else 3)]
        cards = self.width() - 24 - 8 * (len(shares) - 1)
        margins = self.facts.box.contentsMargins()
        card = cards * shares[0] // sum(shares) - margins.left() - margins.right()
        return card - self._grid.columnMinimumWidth(0) - self._grid.horizontalSpacing()

    def _link(self, target: str) -> None:
        kind, _, entity = target.partition(":")
        (self.project_chosen if kind == "project" else self.milestone_chosen).emit(entity)

    # ---------------------------------------------------------------------------------------------------------- homes

    def _show_homes(self, data: PageData) -> None:
        self.chart.show_years(data.years(), data.moment.on.year)
        built, gone = data.undated()
        words = []
        if data.state is ProjectStatus.TERMINATED:
            words.append(self.tr("Afgebroken: telt in geen totaal mee"))
            built = gone = 0  # what is not delivered needs no date
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
            nothing = self.tr("Niets aan de hand")
            self.list.setText(f'<span style="color:{tokens["good"]}">{nothing}</span>')
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


def totals_words(built: int, demolished: int) -> str:
    """Bouw, sloop and netto in plain words."""
    words = translate("Overview", "Bouw %1, sloop %2, netto %3")
    for mark, number in (("%1", format_number(built)), ("%2", format_number(demolished))):
        words = words.replace(mark, number)
    return words.replace("%3", signed(built - demolished))


def totals_text(built: int, demolished: int, *, short: bool = False) -> str:
    """Bouw, sloop and netto in one line of rich text; `short` as a sum: +76 −58 = +18."""
    tokens = theme.tokens()
    if short:
        gone = f' <span style="color:{tokens["bad"]}">{signed(-demolished)}</span> =' if demolished else ""
        net = f" <b>{signed(built - demolished)}</b>" if demolished else ""
        return f'<span style="font-weight:{400 if demolished else 600}">{signed(built)}</span>{gone}{net}'
    parts = (
        (translate("Overview", "Bouw"), format_number(built), "text"),
        (translate("Overview", "Sloop"), format_number(demolished), "bad" if demolished else "text"),
        (translate("Overview", "Netto"), signed(built - demolished), "text"),
    )
    return "&nbsp;&nbsp; ".join(
        f'<span style="color:{tokens["muted"]}">{name}</span> '
        f'<span style="color:{tokens[token]};font-weight:600">{number}</span>'
        for name, number, token in parts
    )


def _link_parts(projects: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name, f"project:{project}") for project, name in projects]


class Fact(LinkLabel):
    """A value on one line, shortened to the room there is, with links in it where there are. One that `wraps` takes a
    second line before it is shortened.
    """

    def __init__(self, *, wraps: bool = False) -> None:
        super().__init__()
        self._parts: tuple[tuple[str, str], ...] = ()
        self._wraps = wraps
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    @property
    def filled(self) -> bool:
        """Whether there is anything to show."""
        return bool(self._parts)

    def show_parts(self, name: str, parts: tuple[tuple[str, str], ...]) -> None:
        """Show (words, link) parts after each other."""
        self._parts = parts
        whole = ", ".join(words for words, _ in parts)
        self.setToolTip(whole)
        self.setAccessibleName(f"{name}: {whole}")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if any(link for _, link in parts) else Qt.FocusPolicy.NoFocus)
        self.refit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.refit()

    def sizeHint(self) -> QSize:
        return QSize(120, self.fontMetrics().height() * self.lines(self.width()) + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def hasHeightForWidth(self) -> bool:
        return False  # the words are fitted to the height, not the other way round

    def lines(self, width: int) -> int:
        """How many lines the value takes at this width."""
        words = ", ".join(words for words, _ in self._parts)
        return 2 if self._wraps and self.fontMetrics().horizontalAdvance(words) > width else 1

    def refit(self) -> None:
        """Shorten the words to the room there is now."""
        left = self.width()
        two = self.lines(left) == 2
        shown: list[str] = []
        metrics = self.fontMetrics()
        for words, link in self._parts:
            text = metrics.elidedText(words, Qt.TextElideMode.ElideRight, max(0, left))
            if two and not shown:
                text = _on_two_lines(words, metrics, left)
            left -= metrics.horizontalAdvance(text + ", ")
            if text in ("", "…"):
                break
            colour = theme.tokens()["accent"]
            plain = html.escape(text).replace("\n", "<br>")
            shown.append(f'<a href="{link}" style="color:{colour}">{plain}</a>' if link else plain)
        text = ", ".join(shown)
        if self.text() != text:
            self.setText(text)
        self.updateGeometry()


def _on_two_lines(words: str, metrics: QFontMetrics, width: int) -> str:
    """Words broken once, where the first line is full; what the second has no room for goes."""
    first, rest = words, ""
    while metrics.horizontalAdvance(first) > width and " " in first:
        first, _, last = first.rpartition(" ")
        rest = f"{last} {rest}".rstrip()
    lines = [first, rest] if rest else [first]
    return "\n".join(metrics.elidedText(line, Qt.TextElideMode.ElideRight, max(0, width)) for line in lines)
