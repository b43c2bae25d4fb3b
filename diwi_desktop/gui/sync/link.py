"""The window's end of the synchronisation: an agent on its own thread, its status as a signal in the GUI thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from PySide6.QtCore import QObject, QTimer, Signal

from diwi_desktop.gui.post import Address
from diwi_desktop.store import syncstate

if TYPE_CHECKING:
    from diwi_desktop.store import Store
    from diwi_desktop.sync.account import Account
    from diwi_desktop.sync.agent import Agent
    from diwi_desktop.sync.presence import Other, Presence
    from diwi_desktop.sync.problem import Problem
    from diwi_desktop.sync.session import Session
    from diwi_desktop.sync.status import Status

MakeSession = Callable[["Store"], "Session"]
_LOOK_MS = 20_000  # how often is looked whether the lease has ended


class Link(QObject):
    """One per window. `session` is None for a store without a server.

    `changed` carries a Status, `others` who else is where (a list of Other), `lease_ended` comes once, when nothing may
    be shown any more. Nothing of the network is loaded for a store that has no server, and no question here waits for
    a synchronisation that is writing.
    """

    changed = Signal(object)
    others = Signal(object)
    lease_ended = Signal()

    def __init__(self, store: Store, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._agent: Agent | None = None
        self._presence: Presence | None = None
        self.session: Session | None = None
        self._status: Status | None = None
        self._ended = store.lease_ended
        self._told: list[Address] = []  # where agent and presence send to, from their threads
        self._clock = QTimer(self)
        self._clock.setInterval(_LOOK_MS)
        self._clock.timeout.connect(self.look_at_lease)
        self.look_again()

    def look_again(self) -> None:
        """Read which server the store belongs to; it may have got one."""
        with self._store.inside() as connection:
            standing = syncstate.standing(connection)
        self._register, self._url = ("", "") if standing is None else (standing.register, standing.url)

    @property
    def connected(self) -> bool:
        """Whether the store belongs to a register on a server."""
        return bool(self._register)

    @property
    def running(self) -> bool:
        """Whether it synchronises, by itself or when asked."""
        return self._agent is not None

    @property
    def problem(self) -> Problem | None:
        """What stood in the way of the last synchronisation; None when it went well, or is under way."""
        outcome = self._agent.outcome if self._agent is not None else None
        return outcome.problem if outcome is not None else None

    @property
    def signed_out(self) -> bool:
        """Whether the user has to sign in before anything can be synchronised."""
        return self.problem is not None and self.problem.code == "sync_signed_out"

    @property
    def host(self) -> str:
        """The server's name as people know it; empty without a server."""
        return urlsplit(self._url).hostname or ""

    @property
    def status(self) -> Status:
        """How things stand; the agent's last word while there is one."""
        if self._status is None:
            from diwi_desktop.sync.status import look

            self._status = look(self._store)
        return self._status

    def start(self, make: MakeSession | None = None, *, account: Account | None = None, automatic: bool = True) -> None:
        """Begin to synchronise by itself, if the store has a server and may be written.

        `account`: one that has just signed in.
        """
        self.look_again()
        if self._agent is not None or self._store.read_only or not self.connected:
            return
        from diwi_desktop.sync.agent import Agent
        from diwi_desktop.sync.presence import Presence
        from diwi_desktop.sync.session import Session

        self.session = make(self._store) if make else Session(self._store, account=account)
        self._agent = Agent(self._store, self.session.runner, automatic=automatic)
        told, met = self._told = [Address(self._tell), Address(self._meet)]
        self._agent.subscribe(told)
        self._presence = Presence(self.session.server, met)
        self._clock.start()
        self._tell(self._agent.status)

    def sync_now(self) -> None:
        """Synchronise at once."""
        if self._agent is not None:
            self._agent.sync_now()

    def cancel(self) -> None:
        """Stop the synchronisation that is under way; what was done stays."""
        if self._agent is not None:
            self._agent.cancel()

    def at(self, project: str | None, *, editing: bool = False) -> None:
        """Tell the others which project is in hand, and whether it is being edited."""
        if self._presence is not None:
            self._presence.at(project, editing=editing)

    def close(self) -> None:
        """End, and wait for what is under way, but not for the server; must come before the store closes."""
        agent = self.leave()
        if agent is not None:
            agent.close()

    def leave(self) -> Agent | None:
        """End without waiting; the agent that may still be ending, whose `close` must come before the store closes."""
        self._clock.stop()
        for address in self._told:
            address.close()
        agent, self._agent = self._agent, None
        presence, self._presence = self._presence, None
        session, self.session = self.session, None
        if presence is not None:
            presence.close()
        if agent is not None:
            agent.leave()
        if session is not None:
            session.close()
        self._status = None
        return agent

    def look_at_lease(self) -> None:
        """Say so when the lease has ended since."""
        ended, self._ended = self._ended, self._store.lease_ended
        if self._ended and not ended:
            self.lease_ended.emit()

    def _tell(self, status: Any) -> None:
        if self._agent is not None:
            self._status = status
            self.changed.emit(status)
            self.look_at_lease()

    def _meet(self, others: list[Other]) -> None:
        if self._presence is not None:
            self.others.emit(others)
