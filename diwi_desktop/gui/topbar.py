"""The bar at the top.

Whose register this is, the search field, the reference date, and the state in words.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolBar, QWidget

from diwi_desktop.gui import theme
from diwi_desktop.gui.referencedate import ReferenceDateButton
from diwi_desktop.gui.search import SearchField
from diwi_desktop.gui.sign import Sign
from diwi_desktop.gui.state import AppState
from diwi_desktop.store import queries


class TopBar(QToolBar):
    """Fixed above the panels."""

    def __init__(self, state: AppState, search: SearchField, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("TopBar")
        self.setWindowTitle(self.tr("Bovenbalk"))
        self.setMovable(False)
        self.setFloatable(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.app_name, self.municipality, self.server = QLabel("DIWI"), QLabel(), QLabel()
        self.app_name.setObjectName("AppName")
        self.municipality.setObjectName("MunicipalityName")
        self.municipality.setText(queries.municipality(state.store).name)
        self.server.setProperty("role", "muted")
        self.server.setText(self.tr("Op deze computer"))
        self.server.setToolTip(self.tr("Er is geen server ingesteld. Alles staat op deze computer."))
        sign = Sign("laptop", "muted")
        sign.setToolTip(self.server.toolTip())
        self.date_button = ReferenceDateButton(state)
        inside = QWidget()
        inside.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(inside)
        row.setContentsMargins(theme.space(3), theme.space(1), theme.space(3), theme.space(1))
        row.setSpacing(theme.space(2))
        row.addWidget(self.app_name)
        row.addWidget(self.municipality)
        row.addSpacing(theme.space(4))
        row.addStretch(1)
        row.addWidget(search, 6)
        row.addStretch(1)
        row.addSpacing(theme.space(4))
        row.addWidget(self.date_button)
        row.addWidget(sign)
        row.addWidget(self.server)
        self.addWidget(inside)
