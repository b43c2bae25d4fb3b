"""The panel 'Conflicten': what people must look at after a synchronisation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from diwi_desktop.gui import jobs
from diwi_desktop.gui.followpanel import FollowPanel
from diwi_desktop.gui.state import AppState
from diwi_desktop.gui.sync import inbox_items
from diwi_desktop.gui.sync.conflicts import ConflictsView
from diwi_desktop.gui.sync.inbox_items import Found
from diwi_desktop.gui.sync.refused import RefusedView
from diwi_desktop.gui.tabbing import Entered
from diwi_desktop.model.notation import format_number

if TYPE_CHECKING:
    from diwi_desktop.sync.status import Status


class InboxPanel(Entered, FollowPanel):
    """Conflicts, and behind a second tab what was not accepted. `counted` carries how many there are of each.

    It reads again after every act, and on `state.request("refresh_inbox")`: a synchronisation asks for that, as what it
    brings need not be an act. The panel reads when it is not in sight too, for the counts.
    """

    counted = Signal(int, int)

    def __init__(self, state: AppState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._job: jobs.Job | None = None
        self.tabs = QTabWidget(self)
        self.tabs.setDocumentMode(True)
        place = self.tabs.findChild(QStackedWidget)
        self.conflicts = ConflictsView(state, place)
        self.refused = RefusedView(state, place)
        self.tabs.addTab(self.conflicts, "")
        self.tabs.addTab(self.refused, "")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.tabs)
        state.store_changed.connect(self.changed)
        state.requested.connect(lambda command, _args: self.changed() if command == "refresh_inbox" else None)
        self._show(Found())
        self._rest.start(0)

    def entrance(self) -> QWidget:
        return self.tabs.currentWidget()

    def changed(self, *_: object) -> None:
        """There may be more or less to look at."""
        self._stale = True
        if not self.window().isHidden():
            self._rest.start(0)

    def follow(self, status: Status) -> None:
        """Read again when a synchronisation brought more or less to look at."""
        if (status.conflicts, status.not_accepted) != self._counts:
            self.changed()

    def read(self) -> None:
        """Read the inbox beside the window."""
        if self._job is not None:
            self._stale = True
            return
        store = self._state.store
        self._job = jobs.run_quietly(lambda p, c: inbox_items.read(store), self._loaded, self._failed, self)

    def _loaded(self, found: Found) -> None:
        self._job = None
        self._show(found)
        self.refresh_if_stale()

    def _failed(self, error: Exception) -> None:
        self._job = None
        jobs.show_error(self, error)

    def _show(self, found: Found) -> None:
        conflicts, refused = len(found.conflicts), len(found.refused)
        self.tabs.setTabText(0, _counted(self.tr("Conflicten"), conflicts))
        self.tabs.setTabText(1, _counted(self.tr("Niet geaccepteerd"), refused))
        self.conflicts.show_entries(found.conflicts)
        self.refused.show_entries(found.refused)
        if not self.isVisible() and refused and not conflicts:
            self.tabs.setCurrentIndex(1)
        self._counts = (conflicts, refused)
        self.counted.emit(conflicts, refused)

    def show_refused(self) -> None:
        """Bring what was not accepted in front."""
        self.tabs.setCurrentWidget(self.refused)
        self.refused.setFocus()

    def show_conflicts(self) -> None:
        """Bring the conflicts in front."""
        self.tabs.setCurrentWidget(self.conflicts)
        self.conflicts.setFocus()


def _counted(words: str, count: int) -> str:
    return f"{words} ({format_number(count)})" if count else words
