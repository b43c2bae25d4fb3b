"""The panel with the history of the register, or of the selected project.

Who changed what, when, in sentences.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from diwi_desktop.gui import jobs, theme
from diwi_desktop.gui.language import translate
from diwi_desktop.gui.projectpage.history import Line, line_of
from diwi_desktop.gui.projecttable.ordering import fold
from diwi_desktop.gui.referencedate import date_in_words
from diwi_desktop.gui.state import AppState
from diwi_desktop.gui.tabbing import Entered
from diwi_desktop.gui.toggle import Toggle
from diwi_desktop.model.clock import DUTCH_TIME
from diwi_desktop.store import Store, queries
from diwi_desktop.store.queries import HistoryEntry

PAGE = 1500
REST_MS = 150
_AT_ONCE = 300  # acts whose lines are made in one turn of the event loop
_SHOWN_AT_ONCE = 40  # changes of one act shown; an import has thousands

_ENTRY = int(Qt.ItemDataRole.UserRole)


class _Row(NamedTuple):
    """One change: the entry, its sentence, the name of its project, and all of it to search in."""

    entry: HistoryEntry
    line: Line
    project: str
    folded: str


class _Found(NamedTuple):
    """What was read: the changes, latest first, and the projects that are there."""

    rows: list[_Row]
    known: frozenset[str]


def _read(store: Store, project: str | None, limit: int, before: int | None) -> _Found:
    entries = queries.history(store, project=project, limit=limit, before=before)
    options = queries.options(store)
    names = _names(store, "project", {entry.project for entry in entries if entry.project})
    parts = _names(store, "houseblock", {entry.entity for entry in entries if entry.kind == "houseblock"})
    gone = translate("HistoryPanel", "verwijderd project")
    rows = []
    for entry in entries:
        line = line_of(entry, store.catalogue, options, parts)
        name = names.get(entry.project, gone) if entry.project else ""
        text = fold(f"{line.act} {line.what} {line.who} {line.when} {name}")
        rows.append(_Row(entry, line, name, text))
    return _Found(rows, frozenset(names))


def _names(store: Store, kind: str, ids: Collection[str]) -> dict[str, str]:
    return {row["id"]: row["name"] for row in queries.entities(store, kind, ids=list(ids))}


class HistoryPanel(Entered, QWidget):
    """Acts, latest first, each with what it changed; a past day can be shown in the whole window."""

    def __init__(self, state: AppState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._limit = PAGE
        self._job: jobs.Job | None = None
        self._stale = True
        self._found: _Found | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REST_MS)
        self._timer.timeout.connect(self.refresh)
        self._to_come: list[list[_Row]] = []  # the last first
        self._filling = QTimer(self)
        self._filling.setSingleShot(True)
        self._filling.timeout.connect(self._show_some)
        self._build()
        state.store_changed.connect(self._changed)
        state.moment_changed.connect(self._changed)
        state.selection_changed.connect(lambda _: self._changed() if self.only_selected.isChecked() else None)

    def entrance(self) -> QWidget:
        return self.tree

    def _build(self) -> None:
        self.only_selected = Toggle(self.tr("Alleen gekozen project"))
        self.only_selected.toggled.connect(self._changed)
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(self.tr("Zoeken…"))
        self.filter.setAccessibleName(self.tr("Zoek in de historie"))
        self.filter.setClearButtonEnabled(True)
        self.filter.setMaximumWidth(theme.space(80))
        self.filter.textChanged.connect(self._show)
        self.view_day = QPushButton(self.tr("Bekijk deze dag"))
        self.view_day.setIcon(theme.icon("calendar-clock-outline"))
        self.view_day.setToolTip(self.tr("Het hele venster tonen zoals het aan het eind van deze dag was"))
        self.view_day.setEnabled(False)
        self.view_day.clicked.connect(self._view_day)
        row = QHBoxLayout()
        row.setContentsMargins(theme.space(2), theme.space(1), theme.space(2), theme.space(1))
        row.setSpacing(theme.space(1))
        row.addWidget(self.filter, 1)
        row.addWidget(self.only_selected)
        row.addStretch(1)
        row.addWidget(self.view_day)
        self.tree = QTreeWidget()
        self.tree.setAccessibleName(self.tr("Historie"))
        self.tree.setColumnCount(4)
        titles = (self.tr("Wat er veranderde"), self.tr("Project"), self.tr("Wie"), self.tr("Wanneer"))
        self.tree.setHeaderLabels(list(titles))
        self.tree.setUniformRowHeights(True)
        self.tree.setIndentation(theme.space(4))
        self.tree.header().setStretchLastSection(False)
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column, width in ((1, 40), (2, 28), (3, 36)):
            self.tree.header().resizeSection(column, theme.space(width))
        self.tree.currentItemChanged.connect(self._pointed)
        self.tree.itemDoubleClicked.connect(lambda item, _: self._open(item))
        self.more = QPushButton(self.tr("Oudere wijzigingen tonen"))
        self.more.setProperty("role", "link")
        self.more.clicked.connect(self._show_more)
        self.none = QLabel(self.tr("Nog geen wijzigingen."))
        self.none.setProperty("role", "muted")
        self.none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        below = QVBoxLayout(self)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(0)
        below.addLayout(row)
        below.addWidget(self.tree, 1)
        below.addWidget(self.none)
        below.addWidget(self.more)

    # -- reading
    # ------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read the log again, beside the window."""
        self._timer.stop()
        if self._job is not None:
            self._stale = True
            return
        self._stale = False
        store, limit, moment = self._state.store, self._limit, self._state.moment
        project = self._state.project if self.only_selected.isChecked() else None
        before = None if moment.seq is None else moment.seq + 1
        self._job = jobs.run_quietly(
            lambda p, c: _read(store, project, limit, before), self._loaded, self._failed, self
        )

    def _changed(self, *_: object) -> None:
        self._stale = True
        if self.isVisible():
            self._timer.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        """What is not in sight is read when it comes in sight again; a window that closes reads no more."""
        super().hideEvent(event)
        if self._timer.isActive():
            self._timer.stop()
            self._stale = True

    def _loaded(self, found: _Found) -> None:
        self._job = None
        self._found = found
        self._show()
        if self._stale:
            self.refresh()

    def _failed(self, error: Exception) -> None:
        self._job = None
        jobs.show_error(self, error)

    def _show_more(self) -> None:
        self._limit *= 4
        self.refresh()

    # -- showing
    # ------------------------------------------------------------------------------------------------

    def _show(self, *_: object) -> None:
        """Make the lines, the first at once and the rest in turns of the event loop."""
        if self._found is None:
            return
        words = fold(self.filter.text()).split()
        groups: dict[int, list[_Row]] = {}
        for row in self._found.rows:
            if all(word in row.folded for word in words):
                groups.setdefault(row.entry.seq, []).append(row)
        self.tree.clear()
        self._to_come = list(groups.values())
        self._to_come.reverse()
        self._show_some()
        self.none.setVisible(not groups)
        self.tree.setVisible(bool(groups))
        self.more.setVisible(len(self._found.rows) == self._limit)

    def _show_some(self) -> None:
        some = [self._item(self._to_come.pop()) for _ in range(min(_AT_ONCE, len(self._to_come)))]
        self.tree.addTopLevelItems(some)
        if self._to_come:
            self._filling.start()
        else:
            self._filling.stop()

    def _item(self, rows: Sequence[_Row]) -> QTreeWidgetItem:
        entry, line = rows[0].entry, rows[0].line
        projects = {row.project for row in rows if row.project}
        several = self.tr("{0} projecten").format(len(projects)) if len(projects) > 1 else ""
        single = len(rows) == 1
        text = f"{line.act}:  {line.what}" if single else f"{line.act}  ({len(rows)})"
        item = QTreeWidgetItem([text, several or next(iter(projects), ""), line.who, line.when])
        item.setData(0, _ENTRY, entry)
        item.setToolTip(0, text)
        if not single:
            for below in rows[:_SHOWN_AT_ONCE]:
                child = QTreeWidgetItem([below.line.what, below.project, "", ""])
                child.setData(0, _ENTRY, below.entry)
                child.setToolTip(0, below.line.what)
                item.addChild(child)
            rest = len(rows) - _SHOWN_AT_ONCE
            if rest > 0:
                item.addChild(QTreeWidgetItem([self.tr("… en nog {0} wijzigingen").format(rest)]))
        return item

    def _pointed(self, item: QTreeWidgetItem | None) -> None:
        entry = item.data(0, _ENTRY) if item is not None else None
        self.view_day.setEnabled(entry is not None)
        day = self._day_of(item)
        self.view_day.setText(
            self.tr("Bekijk deze dag") if day is None else self.tr("Bekijk {0}").format(date_in_words(day))
        )

    def _open(self, item: QTreeWidgetItem) -> None:
        entry = item.data(0, _ENTRY)
        if isinstance(entry, HistoryEntry) and entry.project and self._found and entry.project in self._found.known:
            self._state.select([entry.project])
            self._state.request("zoom_to_project", entry.project)

    def _day_of(self, item: QTreeWidgetItem | None) -> date | None:
        entry = item.data(0, _ENTRY) if item is not None else None
        if not isinstance(entry, HistoryEntry):
            return None
        return datetime.fromisoformat(entry.made_at).astimezone(DUTCH_TIME).date()

    def _view_day(self) -> None:
        self._state.set_moment(self._day_of(self.tree.currentItem()))
