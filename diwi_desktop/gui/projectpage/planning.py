"""The tab with the timeline and, under it, the milestones as a table."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from diwi_desktop.gui.fields.controls import Segments
from diwi_desktop.gui.fields.editing import Editing
from diwi_desktop.gui.fields.table import EntityTable
from diwi_desktop.gui.fields.tablemodel import Column, Row
from diwi_desktop.gui.projectpage.data import PageData, row_of
from diwi_desktop.gui.state import AppState
from diwi_desktop.gui.tabbing import put_behind
from diwi_desktop.model.codelists import code_list
from diwi_desktop.model.codes import MilestoneBasis

BOTH = 400  # pixels of height from which timeline and table fit under each other


def basis_along(row: Row, key: str, value: Any) -> Row:
    """A date or state given by hand is no longer one from lead times."""
    by_hand = MilestoneBasis.HAND.value
    return {"basis": by_hand} if key in ("date", "type") and row.get("basis") != by_hand else {}


class Planning(QWidget):
    """The timeline is made when the tab is first shown: drawing it needs packages that start-up does not."""

    def __init__(self, state: AppState, editing: Editing, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._data: PageData | None = None
        self.timeline: QWidget | None = None
        columns = (
            Column("type"),
            Column("date", width=100),
            Column("state", width=108),
            Column("guard", width=110),
            Column("note", width=200),
            Column("basis", width=116, read_only=True),
        )
        self.table = EntityTable("milestone", columns, editing, fit=False)
        self.table.model.along = basis_along
        self.table.settled.connect(self._reload)
        self.choice = Segments([self.tr("Tijdlijn"), self.tr("Tabel")])
        self.choice.check(0)
        self.choice.group.idClicked.connect(lambda _place: self._arrange())
        self._bar = QWidget()
        row = QHBoxLayout(self._bar)
        row.setContentsMargins(12, 4, 12, 0)
        row.addWidget(self.choice)
        row.addStretch(1)
        self._below = QWidget()
        box = QVBoxLayout(self._below)
        box.setContentsMargins(12, 4, 12, 4)
        box.addWidget(self.table)
        self._split = QSplitter(Qt.Orientation.Vertical)
        self._split.setChildrenCollapsible(False)
        self._split.addWidget(self._below)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._bar)
        whole.addWidget(self._split, 1)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.timeline is None:
            from diwi_desktop.gui.timeline import TimelineWidget

            self.timeline = TimelineWidget(self._state)
            self._split.insertWidget(0, self.timeline)
            table = self.table
            put_behind(self.timeline.canvas, [table.grid, table.message.text, table.add_button, table.delete_button])
            self._split.setStretchFactor(0, 3)
            self._split.setStretchFactor(1, 2)
            self._split.setSizes([3 * self.height() // 5, 2 * self.height() // 5])
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Both where there is room for both; else the one that is chosen."""
        low = self.height() < BOTH
        self._bar.setVisible(low)
        table = self.choice.checked() == 1
        if self.timeline is not None:
            self.timeline.setVisible(not low or not table)
        self._below.setVisible(not low or table)
        for column, least in ((3, 700), (5, 860)):
            self.table.grid.setColumnHidden(column, self.width() < least)

    def show_data(self, data: PageData) -> None:
        """Show the milestones of a project in order of date."""
        self._data = data
        order = code_list("milestone_type").by_key
        rows = sorted(data.plan.milestones, key=lambda m: (m.date, order[m.type].order, m.id))
        self.table.load(data.plan.id, [row_of(m) for m in rows], data.in_rows("milestone"), data.read_only)

    def _reload(self) -> None:
        if self._data is not None:
            self.show_data(self._data)

    def focus(self, entity: str, key: str) -> bool:
        """Go to a field of a milestone."""
        self.choice.check(1)
        self._arrange()
        if not self.table.focus(entity, key):
            self.table.grid.setFocus()
        return True
