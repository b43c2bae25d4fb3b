"""The bar at the top.

Whose register this is, the search field, the reference date, and the state in words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSizePolicy, QToolBar, QToolButton, QWidget

from diwi_desktop.gui import theme
from diwi_desktop.gui.fields.words import code_label, sentence
from diwi_desktop.gui.menulines import add_line
from diwi_desktop.gui.referencedate import ReferenceDateButton
from diwi_desktop.gui.search import SearchField
from diwi_desktop.gui.sign import Sign
from diwi_desktop.gui.state import AppState
from diwi_desktop.gui.sync.link import Link
from diwi_desktop.gui.tabbing import Part
from diwi_desktop.model import rights
from diwi_desktop.store import queries

if TYPE_CHECKING:
    from diwi_desktop.sync.status import Status


class TopBar(Part, QToolBar):
    """Fixed above the panels."""

    def __init__(self, state: AppState, link: Link, search: SearchField, parent: QWidget) -> None:
        super().__init__(parent)
        self.begin_stops()
        self._link, self._busy = link, False
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
        self.user = UserButton(state, link)
        self.sign = Sign("laptop", "muted")
        self.sync = QToolButton()
        theme.words_beside(self.sync)
        self.sync.setIcon(theme.icon("sync"))
        self.sync.setText(self.tr("Synchroniseren"))
        self.sync.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keyboard where it is
        self.sync.clicked.connect(lambda: state.request("stop_sync" if self._busy else "sync"))
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
        row.addWidget(self.sync)
        row.addWidget(self.sign)
        row.addWidget(self.server)
        self.addWidget(inside)
        link.changed.connect(self._follow)
        self._follow(None)  # in its place by now: shown before, a widget would be a window of its own

    def _follow(self, status: Status | None) -> None:
        """Where the register stands, and what the button does."""
        link = self._link
        self.sync.setVisible(link.connected)
        self.sign.setVisible(not link.connected)
        self.server.setVisible(not link.connected)
        self.server.setText(self.tr("Op deze computer"))
        tip = self.tr("Er is geen server ingesteld. Alles staat op deze computer.")
        for widget in (self.server, self.sign):
            widget.setToolTip(tip)
        self._busy = status is not None and status.state.value == "busy"
        self.sync.setText(self.tr("Stoppen") if self._busy else self.tr("Synchroniseren"))
        self.sync.setIcon(theme.icon("stop" if self._busy else "sync"))
        self.sync.setToolTip(
            self.tr("Stop met synchroniseren; wat al klaar is, blijft")
            if self._busy
            else self.tr("Synchroniseren met {0} (F9)").format(link.host)
        )
        self.sync.setAccessibleName(self.sync.toolTip())


class UserButton(QToolButton):
    """In whose name the window works; out of sight while nobody was chosen.

    Of a register with a server a click shows the account, of another one whom else to work as.
    """

    def __init__(self, state: AppState, link: Link) -> None:
        super().__init__()
        self._state, self._link = state, link
        self.setObjectName("UserButton")
        theme.words_beside(self)
        self.setIcon(theme.icon("account-outline"))
        self.setAutoRaise(True)
        viewer = state.store.viewer
        if viewer.sole:
            self.hide()
        else:
            self._name, self._role = state.store.author, code_label("user_role", viewer.role)
            self.setText(self._name)
            if link.connected:
                words = self.tr("U bent {0}, {1}. Klik voor uw account.")
            else:
                words = self.tr("U werkt als {0}, {1}. Klik om als een ander te werken.")
            refusal = rights.no_access(viewer)
            self.setToolTip(words.format(self._name, self._role) if refusal is None else sentence(refusal))
            self.setAccessibleName(self.toolTip())
        self.clicked.connect(self._open)

    def _open(self) -> None:
        if not self._link.connected:
            self._state.request("choose_user")
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setAccessibleName(self.tr("Uw account"))
        add_line(menu, f"{self._name}, {self._role}")
        email = next((one.email for one in queries.people(self._state.store) if one.id == self._state.store.person), "")
        if email:
            add_line(menu, email)
        add_line(menu, self.tr("Server: {0}").format(self._link.host))
        menu.addSeparator()
        signed_in = self._link.session is not None and not self._link.signed_out
        offers = [(self.tr("Aanmelden…"), "sign_in")]
        if signed_in:
            offers = [(self.tr("Apparaten…"), "devices"), (self.tr("Afmelden"), "sign_out")]
        for words, command in offers:
            menu.addAction(words).triggered.connect(lambda _=False, do=command: self._state.request(do))
        menu.popup(self.mapToGlobal(QPoint(0, self.height())))
