"""The panel with the submissions made.

What went to which province, when, by whom, from which position of the log.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from diwi_desktop.changes.change import ActInfo
from diwi_desktop.gui import jobs, theme
from diwi_desktop.gui.fields.words import code_label
from diwi_desktop.gui.language import language
from diwi_desktop.gui.projecttable.empty import EmptyState
from diwi_desktop.gui.state import AppState
from diwi_desktop.gui.tabbing import Entered
from diwi_desktop.model.clock import DUTCH_TIME
from diwi_desktop.model.notation import format_date, format_number
from diwi_desktop.store import queries

_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_NUMBERS = (4, 5, 7)
_PROJECTS = int(Qt.ItemDataRole.UserRole)


class SubmissionsPanel(Entered, QWidget):
    """The records of submissions, latest first, and the way to a new one."""

    def __init__(self, state: AppState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.new = QPushButton(self.tr("Nieuwe aanlevering…"))
        self.new.setIcon(theme.icon("send-outline", "on_accent"))
        self.new.setProperty("role", "primary")
        self.new.clicked.connect(lambda: state.request("submit"))
        row = QHBoxLayout()
        row.setContentsMargins(theme.space(2), theme.space(1), theme.space(2), theme.space(1))
        row.addStretch(1)
        row.addWidget(self.new)
        self.tree = QTreeWidget()
        self.tree.setAccessibleName(self.tr("Aanleveringen"))
        self.tree.setRootIsDecorated(False)
        self.tree.setUniformRowHeights(True)
        self.tree.setHeaderLabels(
            [
                self.tr("Gemaakt"),
                self.tr("Door"),
                self.tr("Aan"),
                self.tr("Peildatum"),
                self.tr("Projecten"),
                self.tr("Weggelaten"),
                self.tr("Vertrouwelijkheid vanaf"),
                self.tr("Logpositie"),
                self.tr("Bestand"),
            ]
        )
        self.tree.header().setStretchLastSection(True)
        theme.current().changed.connect(self._fit)
        for column in _NUMBERS:
            self.tree.headerItem().setTextAlignment(column, _RIGHT)
        self.tree.itemDoubleClicked.connect(self._open)
        self.tree.itemActivated.connect(self._open)
        none = EmptyState(
            "send-clock-outline",
            self.tr("Nog niets aangeleverd"),
            self.tr("Van elke aanlevering aan de provincie staat hier wat er is gestuurd, wanneer en door wie."),
            ((self.tr("Nieuwe aanlevering…"), "send-outline", lambda: state.request("submit")),),
        )
        self._pages = QStackedWidget()
        self._list = QWidget()
        below = QVBoxLayout(self._list)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(0)
        below.addLayout(row)
        below.addWidget(self.tree, 1)
        self._pages.addWidget(self._list)
        self._pages.addWidget(none)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._pages)
        state.store_changed.connect(self._stored)
        self.refresh()

    def entrance(self) -> QWidget:
        return self.tree

    def _stored(self, info: ActInfo) -> None:
        if any(kind == "submission" for kind, _ in info.entities):
            self.refresh()

    def refresh(self) -> None:
        """Read the records again; there are a handful a year."""
        self.tree.clear()
        rows = queries.submissions(self._state.store)
        for row in rows:
            item = QTreeWidgetItem(self._texts(row))
            for column in _NUMBERS:
                item.setTextAlignment(column, _RIGHT)
            item.setData(0, _PROJECTS, list(row["projects"] or []))
            item.setToolTip(8, f"{row['file_name']}\nSHA-256 {row['sha256']}")
            self.tree.addTopLevelItem(item)
        self._fit()
        self._pages.setCurrentIndex(0 if rows else 1)

    def _fit(self) -> None:
        """Every column as wide as its words, the file takes the rest."""
        for column in range(self.tree.columnCount() - 1):
            self.tree.resizeColumnToContents(column)
            self.tree.setColumnWidth(column, self.tree.columnWidth(column) + theme.space(3))

    def _texts(self, row: dict[str, Any]) -> list[str]:
        at = datetime.fromisoformat(row["made_at"]).astimezone(DUTCH_TIME)
        return [
            f"{at:%d-%m-%Y %H:%M}",
            row["author"],
            self._profile(row["profile"]),
            format_date(row["reference_date"]),
            format_number(len(row["projects"] or [])),
            format_number(len(row["left_out"] or [])),
            code_label("confidentiality", row["min_confidentiality"]),
            format_number(row["log_seq"] or 0),
            row["file_name"] or "",
        ]

    def _profile(self, key: str) -> str:
        from diwi_desktop.exchange.provinces import profiles

        found = {p.key: p for p in profiles()}
        return found[key].label(language()) if key in found else key

    def _open(self, item: QTreeWidgetItem) -> None:
        """The projects of a submission are selected."""
        projects, store, moment = item.data(0, _PROJECTS), self._state.store, self._state.moment

        def there(_progress: jobs.Progress, _cancelled: jobs.IsCancelled) -> list[str]:
            known = {row["id"] for row in queries.entities(store, "project", moment=moment, ids=projects)}
            return [project for project in projects if project in known]

        jobs.run_quietly(there, self._state.select, parent=self)
