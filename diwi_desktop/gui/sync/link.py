"""The window's end of the synchronisation: an agent on its own thread, its status as a signal in the GUI thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from diwi_desktop.store import syncstate

if TYPE_CHECKING:
    from diwi_desktop.store import Store
    from diwi_desktop.sync.agent import Agent
    from diwi_desktop.sync.session import Session
    from diwi_desktop.sync.status import Status

MakeSession = Callable[["Store"], "Session"]


class Link(QObject):
    """One per window. `changed` carries a Status; `session` is None for a store without a server.

    Nothing of the network is loaded for a store that has no server.
    """

    changed = Signal(object)
    # Emitted on the agent's thread; Qt queues it into this object's thread.
    _told = Signal(object)

    def __init__(self, store: Store, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._agent: Agent | None = None
        self.session: Session | None = None
        self._status: Status | None = None
        self._told.connect(self._tell)

    @property
    def connected(self) -> bool:
        """Whether the store belongs to a register on a server."""
        with self._store.inside() as connection:
            return bool(syncstate.get(connection, "register"))

    @property
    def host(self) -> str:
        """The server's name as people know it; empty without a server."""
        from urllib.parse import urlsplit

        with self._store.inside() as connection:
            return urlsplit(syncstate.get(connection, "url")).hostname or ""

    @property
    def status(self) -> Status:
        """How things stand; the agent's last word while there is one."""
        if self._status is None:
            from diwi_desktop.sync.status import look

            self._status = look(self._store)
        return self._status

    def start(self, make: MakeSession | None = None, *, automatic: bool = True) -> None:
        """Begin to synchronise by itself, if the store has a server and may be written."""
        if self._agent is not None or self._store.read_only or not self.connected:
            return
        from diwi_desktop.sync.agent import Agent
        from diwi_desktop.sync.session import Session

        self.session = (make or Session)(self._store)
        self._agent = Agent(self._store, self.session.runner, automatic=automatic)
        self._agent.subscribe(self._told.emit)
        self._tell(self._agent.status)

    def sync_now(self) -> None:
        """Synchronise at once."""
        if self._agent is not None:
            self._agent.sync_now()

    def cancel(self) -> None:
        """Stop the synchronisation that is under way; what was done stays."""
        if self._agent is not None:
            self._agent.cancel()

    def close(self) -> None:
        """End; must come before the store closes."""
        agent, self._agent = self._agent, None
        if agent is not None:
            if self.session is not None:
                self.session.close()
            agent.close()
        self.session = None

    def _tell(self, status: Any) -> None:
        if self._agent is not None:
            self._status = status
            self.changed.emit(status)
