"""The bar at the top.

Whose register this is, the search field, the reference date, and the state in words.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolBar, QToolButton, QWidget

from diwi_desktop.gui import theme
from diwi_desktop.gui.fields.words import code_label, sentence
from diwi_desktop.gui.language import translate
from diwi_desktop.gui.referencedate import ReferenceDateButton
from diwi_desktop.gui.search import SearchField
from diwi_desktop.gui.sign import Sign
from diwi_desktop.gui.state import AppState
from diwi_desktop.model import rights
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
        self.user = _user_button(state)
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
        row.addWidget(self.user)
        row.addWidget(sign)
        row.addWidget(self.server)
        self.addWidget(inside)


def _user_button(state: AppState) -> QToolButton:
    """In whose name the window works; out of sight while nobody was chosen."""
    button = QToolButton()
    button.setObjectName("UserButton")
    theme.words_beside(button)
    button.setIcon(theme.icon("account-outline"))
    button.setAutoRaise(True)
    viewer = state.store.viewer
    button.setVisible(not viewer.sole)
    if not viewer.sole:
        name, role = state.store.author, code_label("user_role", viewer.role)
        button.setText(name)
        tip = translate("TopBar", "U werkt als {0}, {1}. Klik om als een ander te werken.").format(name, role)
        refusal = rights.no_access(viewer)
        button.setToolTip(tip if refusal is None else sentence(refusal))
        button.setAccessibleName(button.toolTip())
    button.clicked.connect(lambda: state.request("choose_user"))
    return button
