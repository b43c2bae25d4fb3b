"""The tab with the timeline and, under it, the milestones as a table."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from diwi_desktop.gui.fields.editing import Editing
from diwi_desktop.gui.fields.table import Column, EntityTable, Row
from diwi_desktop.gui.projectpage.data import PageData, row_of
from diwi_desktop.gui.state import AppState
from diwi_desktop.model.codelists import code_list
from diwi_desktop.model.codes import MilestoneBasis


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
            Column("date", width=112),
            Column("state", width=112),
            Column("guard", width=140),
            Column("note", width=220),
            Column("basis", width=120, read_only=True),
        )
        self.table = EntityTable("milestone", columns, editing, fit=False)
        self.table.model.along = basis_along
        self.table.settled.connect(self._reload)
        below = QWidget()
        box = QVBoxLayout(below)
        box.setContentsMargins(12, 0, 12, 4)
        box.addWidget(self.table)
        self._split = QSplitter(Qt.Orientation.Vertical)
        self._split.setChildrenCollapsible(True)
        self._split.addWidget(below)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._split)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.timeline is None:
            from diwi_desktop.gui.timeline import TimelineWidget

            self.timeline = TimelineWidget(self._state)
            self._split.insertWidget(0, self.timeline)
            self._split.setStretchFactor(0, 3)
            self._split.setStretchFactor(1, 2)
            self._split.setSizes([3 * self.height() // 5, 2 * self.height() // 5])

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
        if not self.table.focus(entity, key):
            self.table.grid.setFocus()
        return True
