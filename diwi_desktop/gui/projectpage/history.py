"""The tab with what happened to the project, in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QSortFilterProxyModel, Qt
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from diwi_desktop.gui import theme
from diwi_desktop.gui.actnames import act_name
from diwi_desktop.gui.fields.grid import Grid
from diwi_desktop.gui.fields.tablemodel import Index
from diwi_desktop.gui.fields.words import code_label, label, shown
from diwi_desktop.gui.language import language, translate
from diwi_desktop.gui.projectpage.data import PageData
from diwi_desktop.gui.state import AppState
from diwi_desktop.model.catalogue import Catalogue, FieldType
from diwi_desktop.model.clock import DUTCH_TIME
from diwi_desktop.model.plan import Option
from diwi_desktop.store import queries
from diwi_desktop.store.queries import HistoryEntry

PAGE = 400
LONGEST = 60
DELETED = "deleted_at"
_ROOT = QModelIndex()


@dataclass(frozen=True)
class Line:
    """One sentence of the history."""

    seq: int
    when: str
    who: str
    act: str
    what: str


class HistoryModel(QAbstractTableModel):
    """When, who, which act, what changed."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.lines: list[Line] = []

    def show_lines(self, lines: list[Line]) -> None:
        """Replace all lines."""
        self.beginResetModel()
        self.lines = lines
        self.endResetModel()

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else 4

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (self.tr("Wanneer"), self.tr("Wie"), self.tr("Handeling"), self.tr("Wat er veranderde"))[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line = self.lines[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            # An act with several changes is named once.
            above = self.lines[index.row() - 1] if index.row() else None
            if role == Qt.ItemDataRole.DisplayRole and above and above.seq == line.seq and index.column() < 3:
                return ""
            return (line.when, line.who, line.act, line.what)[index.column()]
        if role == Qt.ItemDataRole.ForegroundRole and index.column() < 2:
            return theme.colour("muted")
        return None


class History(QWidget):
    """The history of one project, with a filter on words."""

    def __init__(self, state: AppState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._project = ""
        self._limit = PAGE
        self._seen: tuple[str, int, int] | None = None
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(self.tr("Zoek in de historie"))
        self.filter.setAccessibleName(self.tr("Zoek in de historie"))
        self.filter.setClearButtonEnabled(True)
        self.filter.setMaximumWidth(420)
        self.count = QLabel()
        self.count.setProperty("role", "muted")
        self.model = HistoryModel(self)
        self._proxy = QSortFilterProxyModel(self)
        self._proxy.setSourceModel(self.model)
        self._proxy.setFilterKeyColumn(-1)
        self._proxy.setFilterRole(Qt.ItemDataRole.ToolTipRole)
        self._proxy.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.filter.textChanged.connect(self._filtered)
        self.grid = Grid()
        self.grid.setModel(self._proxy)
        self.grid.setAccessibleName(self.tr("Historie van dit project"))
        for column, width in enumerate((136, 110, 210)):
            self.grid.setColumnWidth(column, width)
        self.grid.horizontalHeader().setSectionResizeMode(3, QHeaderView.ResizeMode.Stretch)
        self.more = QPushButton(self.tr("Oudere wijzigingen tonen"))
        self.more.setProperty("role", "link")
        self.more.clicked.connect(self._show_more)
        row = QHBoxLayout()
        row.addWidget(self.filter, 1)
        row.addWidget(self.count)
        row.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 8, 12, 4)
        box.setSpacing(4)
        box.addLayout(row)
        box.addWidget(self.grid, 1)
        box.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)

    def show_data(self, data: PageData) -> None:
        """Show the history of a project; of a past moment what was known then."""
        if data.plan.id != self._project:
            self._project, self._limit = data.plan.id, PAGE
        last = data.moment.seq if data.moment.seq is not None else self._state.store.seq
        if self._seen == (self._project, last, self._limit):
            return
        self._seen = (self._project, last, self._limit)
        entries = queries.history(self._state.store, project=self._project, limit=self._limit, before=last + 1)
        names = _names(data)
        catalogue = self._state.store.catalogue
        self.model.show_lines([line_of(entry, catalogue, data.options, names) for entry in entries])
        self.more.setVisible(len(entries) == self._limit)
        self._filtered(self.filter.text())

    def _show_more(self) -> None:
        self._limit *= 4
        self._seen = None
        self._state.request("refresh_page")

    def _filtered(self, text: str) -> None:
        self._proxy.setFilterFixedString(text.strip())
        shown_rows = self._proxy.rowCount()
        words = self.tr("1 wijziging") if shown_rows == 1 else self.tr("%1 wijzigingen").replace("%1", str(shown_rows))
        self.count.setText(words)


def _names(data: PageData) -> dict[str, str]:
    """Names of the parts of the project by id, for the sentences."""
    found = {block.id: block.name for block in data.plan.blocks}
    for block in data.plan.blocks:
        for parts in (block.deliveries, block.ownerships, block.shares):
            found.update((part.id, block.name) for part in parts)
    found.update((m.id, code_label("milestone_type", m.type)) for m in data.plan.milestones)
    return found


def line_of(entry: HistoryEntry, catalogue: Catalogue, options: Mapping[str, Option], names: Mapping[str, str]) -> Line:
    """One change as a sentence."""
    moment = datetime.fromisoformat(entry.made_at).astimezone(DUTCH_TIME)
    return Line(
        entry.seq,
        f"{moment:%d-%m-%Y %H:%M}",
        entry.author,
        _act_name(entry),
        sentence_of(entry, catalogue, options, names),
    )


def _act_name(entry: HistoryEntry) -> str:
    if entry.act_kind == "undo":
        return translate("History", "Ongedaan: %1").replace("%1", act_name(entry.act_name))
    if entry.act_kind == "redo":
        return translate("History", "Opnieuw: %1").replace("%1", act_name(entry.act_name))
    return act_name(entry.act_name)


def sentence_of(
    entry: HistoryEntry, catalogue: Catalogue, options: Mapping[str, Option], names: Mapping[str, str]
) -> str:
    """What one change did, for instance: Blok A, Aantal: 24 werd 48."""
    kind = catalogue.kind(entry.kind)
    where = names.get(entry.entity, "")
    subject = kind.label(language()) if entry.kind != "project" else ""
    subject = f"{subject} '{where}'" if where and subject else subject
    if entry.field == "":
        if entry.kind in ("houseblock", "milestone"):
            subject = kind.label(language())  # its name comes with its first values
        name = _first_words(entry, catalogue, options)
        made = translate("History", "%1 gemaakt").replace("%1", subject or kind.label(language()))
        return f"{made}: {name}" if name else made
    if entry.field == DELETED:
        text = translate("History", "%1 verwijderd") if entry.new else translate("History", "%1 teruggezet")
        return text.replace("%1", subject or kind.label(language()))
    if entry.field not in kind.by_key:
        field_name, old, new = entry.field, str(entry.old or ""), str(entry.new or "")
    else:
        field = kind.field(entry.field)
        field_name = label(field)
        if field.type is FieldType.GEOMETRY:
            return translate("History", "%1 gewijzigd").replace("%1", field_name)
        old, new = (_short(shown(field, value, options)) for value in (entry.old, entry.new))
    head = f"{subject}, {field_name}" if subject else field_name
    if not old:
        return f"{head}: {new}"
    if not new:
        return translate("History", "%1: leeggemaakt (was %2)").replace("%1", head).replace("%2", old)
    return f"{head}: {old} \N{RIGHTWARDS ARROW} {new}"


def _first_words(entry: HistoryEntry, catalogue: Catalogue, options: Mapping[str, Option]) -> str:
    """The values that tell a new part apart."""
    first = entry.new if isinstance(entry.new, dict) else {}
    kind = catalogue.kind(entry.kind)
    keys = ("name", "type", "option", "date", "number", "designation", "state")
    found = [
        shown(kind.field(key), first[key], options) for key in keys if key in kind.by_key and first.get(key) is not None
    ]
    return _short(", ".join(text for text in found if text))


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"
