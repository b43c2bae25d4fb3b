"""The line at the bottom.

What was stored when, where it is, and what Ctrl+Z would take back.
"""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QStatusBar, QToolButton, QWidget

from diwi_desktop.changes.change import ActInfo
from diwi_desktop.gui import theme
from diwi_desktop.gui.actnames import act_name
from diwi_desktop.gui.state import AppState
from diwi_desktop.gui.sync.link import Link
from diwi_desktop.gui.sync.status import SyncButton
from diwi_desktop.gui.tabbing import Part
from diwi_desktop.model.clock import DUTCH_TIME
from diwi_desktop.model.notation import format_date
from diwi_desktop.store import queries

_SAY_MS = 6000


class StatusLine(Part, QStatusBar):
    """Kept up to date by itself; `say` shows a passing message."""

    def __init__(self, state: AppState, link: Link, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.begin_stops()
        self._state = state
        self.setSizeGripEnabled(False)
        self.saved, self.server, self.undo = QLabel(), SyncButton(state, link), QToolButton()
        theme.words_beside(self.undo)
        self.undo.setIcon(theme.icon("undo", "muted"))
        self.undo.setAutoRaise(True)
        self.undo.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.undo.clicked.connect(lambda: state.request("undo"))
        self.saved.setContentsMargins(theme.space(2), 0, theme.space(2), 0)
        self.addWidget(self.saved)
        self.addWidget(self.server)
        self.addPermanentWidget(self.undo)
        state.store_changed.connect(self._stored)
        state.moment_changed.connect(self._refresh)
        state.undo_changed.connect(self._refresh)
        acts = queries.acts(state.store, limit=1)
        self._last = acts[0].made_at if acts else None
        self._refresh()

    def say(self, text: str) -> None:
        """Show a message for a few seconds."""
        self.showMessage(text, _SAY_MS)

    def _stored(self, info: ActInfo) -> None:
        self._last = info.made_at
        self._refresh()

    def _refresh(self, *_: object) -> None:
        if self._state.read_only:
            self.saved.setText(self.tr("alleen lezen"))
        elif self._last is not None:
            self.saved.setText(self.tr("opgeslagen {0}").format(self._when(self._last)))
        name = None if self._state.read_only else self._state.undo_name
        self.undo.setVisible(name is not None)
        if name is not None:
            self.undo.setText(self.tr("Ctrl+Z: {0}").format(act_name(name)))

    def _when(self, stamp: str) -> str:
        at = datetime.fromisoformat(stamp).astimezone(DUTCH_TIME)
        if at.date() == self._state.store.clock.today():
            return f"{at:%H:%M}"
        return f"{format_date(at.date())} {at:%H:%M}"
