"""After a synchronisation: conflicts it brought, and projects others have changed, for a word at the bottom and a mark
in the table.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from diwi_desktop.changes.change import ActInfo, ActKind
from diwi_desktop.gui import jobs
from diwi_desktop.gui.state import AppState
from diwi_desktop.model.notation import format_number
from diwi_desktop.store import queries

if TYPE_CHECKING:
    from diwi_desktop.store.arrivals import Arrived
    from diwi_desktop.sync.status import Status

MARK_MS = 20_000
_MOST = 500  # changes; more than that is a first synchronisation, of which single projects say nothing


class Arrivals(QObject):
    """`arrived` carries the names of those who changed a project, by its id; and nothing again after a while. `said` is
    what came in words, new conflicts first.
    """

    arrived = Signal(dict)
    said = Signal(str)

    def __init__(self, state: AppState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._last = state.store.seq
        self._marks: dict[str, str] = {}
        self._news = ""
        self._conflicts: int | None = None  # as far as known
        self._new_conflicts = False
        self._over = QTimer(self)
        self._over.setSingleShot(True)
        self._over.setInterval(MARK_MS)
        self._over.timeout.connect(self._forget)
        state.store_changed.connect(self._stored)

    def _stored(self, info: ActInfo) -> None:
        last, self._last = self._last, max(self._last, info.seq)
        if info.kind is ActKind.SYNC and info.projects:
            from diwi_desktop.store.arrivals import since

            store = self._state.store

            def work(_progress: jobs.Progress, _cancelled: jobs.IsCancelled) -> tuple[list[Arrived], dict[str, str]]:
                found = since(store, last, limit=_MOST)
                ids = list({one.project for one in found if one.project})
                rows = queries.entities(store, "project", ids=ids) if len(found) < _MOST else []
                return found, {row["id"]: row["name"] for row in rows}

            jobs.run_quietly(work, lambda result: self._show(*result))

    def _show(self, found: Sequence[Arrived], names: dict[str, str]) -> None:
        if not names:
            return
        fresh: dict[str, str] = {}
        for one in found:
            if one.project in names:
                fresh.setdefault(one.project, one.author)
        self._marks |= fresh
        self._over.start()
        self.arrived.emit(dict(self._marks))
        project, author = next(iter(fresh.items()))
        words = self.tr("Zojuist gewijzigd door {0}: {1}").format(author, names[project])
        more = len(fresh) - 1
        self._news = words + (self.tr(" en nog {0}").format(more) if more else "")
        self._say()

    def follow(self, status: Status) -> None:
        """Say so when a synchronisation brought conflicts."""
        busy = status.state.value == "busy"
        if self._conflicts is None or (status.conflicts < self._conflicts and not busy):
            self._conflicts = status.conflicts
        elif status.conflicts > self._conflicts and not busy:
            self._conflicts = status.conflicts
            self._new_conflicts = True
            self._over.start()
            self._say()

    def _say(self) -> None:
        """Conflicts first: they are the only ones of which something is asked."""
        parts = [self._news] if self._news else []
        if self._new_conflicts and self._conflicts:
            words = self.tr("1 conflict: kies welke versie blijft (Ctrl+9)")
            if self._conflicts > 1:
                words = self.tr("{0} conflicten: kies per veld welke versie blijft (Ctrl+9)")
            parts.insert(0, words.format(format_number(self._conflicts)))
        self.said.emit(" \N{MIDDLE DOT} ".join(parts))

    def _forget(self) -> None:
        self._marks = {}
        self._news, self._new_conflicts = "", False
        self.arrived.emit({})
