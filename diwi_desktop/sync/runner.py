"""One synchronisation: performs what the engine asks, on the caller's thread, never on the window's."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from diwi_desktop.changes import digest as digests
from diwi_desktop.changes.messages import (
    SCHEMA,
    DigestReply,
    DigestRequest,
    PullReply,
    PullRequest,
    Push,
    PushReply,
    ScopeReply,
    ScopeRequest,
    SnapshotReply,
    WireAct,
)
from diwi_desktop.model.finding import UserError
from diwi_desktop.model.work import CancelCheck
from diwi_desktop.store import lease, lines, outbox, receive, syncstate, verdicts
from diwi_desktop.store.driver import StoreError
from diwi_desktop.store.syncstate import Standing
from diwi_desktop.sync import engine, shutout
from diwi_desktop.sync.engine import Do, End, Event, Phase, State, Wait
from diwi_desktop.sync.files import FileQueue, FileServer
from diwi_desktop.sync.problem import Obstacle, Problem, local

if TYPE_CHECKING:
    from diwi_desktop.store import Store

PAGE = 5_000  # changes
MOST_SCOPES = 200  # in one request for whole scopes

Progress = Callable[[State], None]
Sleep = Callable[[float], None]


class SyncServer(FileServer, Protocol):
    """What a synchronisation needs of a server; `transport.Server` is one over HTTP."""

    def sign_in(self, *, renew: bool = False) -> None: ...
    def push(self, push: Push) -> PushReply: ...
    def pull(self, request: PullRequest) -> PullReply: ...
    def snapshot(self) -> SnapshotReply: ...
    def snapshot_piece(self, snapshot: str, at: int, size: int) -> bytes: ...
    def digests(self, request: DigestRequest) -> DigestReply: ...
    def scope_logs(self, request: ScopeRequest) -> ScopeReply: ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a synchronisation ended. `problem` is None when all went well, or it was cancelled."""

    sent: int = 0
    received: int = 0
    files: int = 0
    purged: int = 0
    repaired: int = 0
    cancelled: bool = False
    problem: Problem | None = None


@dataclass(slots=True)
class _Count:
    sent: int = 0
    received: int = 0
    files: int = 0
    purged: int = 0
    repaired: int = 0
    refetch: list[str] = field(default_factory=list)
    purge: list[str] = field(default_factory=list)
    missing: set[str] = field(default_factory=set)


class Runner:
    """Synchronises one store with one server.

    `seed` makes the pauses repeatable; `now` gives seconds that only grow; `sleep` waits, cut short by `wake`.
    """

    def __init__(
        self,
        store: Store,
        server: SyncServer,
        *,
        seed: int = 0,
        now: Callable[[], float] = time.monotonic,
        sleep: Sleep | None = None,
    ) -> None:
        self._store, self._server = store, server
        self._now = now
        self._awake = threading.Event()
        self._sleep = sleep or self._doze
        self._files = FileQueue(store, server)
        self._count = _Count()
        self._problem: Problem | None = None
        self._page, self._scopes = PAGE, MOST_SCOPES  # at once; fewer when an answer was too large
        self.state = State(seed=seed)

    def wake(self) -> None:
        """End a pause at once: the user asks, or wants to stop."""
        self._awake.set()

    def run(self, progress: Progress | None = None, cancelled: CancelCheck = lambda: False) -> Outcome:
        """One whole synchronisation. Problems come in the outcome; only a bug raises.

        `progress` is called with the engine's state after every step; `cancelled` is asked between steps.
        """
        self._count, self._problem = _Count(), None
        self._awake.clear()
        standing = self._standing()
        with self._store.inside() as connection:
            waiting = syncstate.waiting(connection)
        event: Event = engine.Started(self._now(), bool(standing.cursor) and not standing.afresh, waiting)
        stopped = False
        while True:
            self.state, _ = engine.step(self.state, engine.Tick(self._now()))
            self.state, effects = engine.step(self.state, event)
            if progress is not None:
                progress(self.state)
            effect = effects[0]
            if isinstance(effect, End):
                return self._outcome(effect, stopped)
            if cancelled():
                stopped = True
                event = engine.Cancelled(self._now())
            elif isinstance(effect, Wait):
                self._sleep(effect.seconds)
                event = engine.Woken(self._now())
            else:
                event = self._perform(effect)

    def _outcome(self, end: End, stopped: bool) -> Outcome:
        count = self._count
        problem = None
        if end.obstacle is not None:
            same = self._problem is not None and self._problem.obstacle is end.obstacle
            problem = self._problem if same else Problem(end.obstacle)
        return Outcome(count.sent, count.received, count.files, count.purged, count.repaired, stopped, problem)

    def _doze(self, seconds: float) -> None:
        self._awake.wait(seconds)
        self._awake.clear()

    def _perform(self, effect: Do) -> Event:
        try:
            return _WORK[effect.phase](self, effect)
        except Problem as problem:
            self._problem = problem
            if shutout.is_proven(problem) and effect.phase in _OF_THE_PERSON:
                lease.end(self._store)
            return engine.Failed(self._now(), problem.obstacle, problem.retry_after, problem.seq)
        except (StoreError, UserError) as error:
            if error.code == "program_too_old":
                self._problem = Problem(Obstacle.TOO_OLD)
                return engine.Failed(self._now(), Obstacle.TOO_OLD)
            self._problem = local(error)
            return engine.Failed(self._now(), Obstacle.LOCAL)

    def _standing(self) -> Standing:
        with self._store.inside() as connection:
            found = syncstate.standing(connection)
        if found is None:
            raise not_connected()
        return found

    # -- the work of each phase -------------------------------------------------------------------------------------

    def _sign_in(self, effect: Do) -> Event:
        self._server.sign_in(renew=effect.renew)
        return engine.SignedIn(self._now())

    def _push(self, effect: Do) -> Event:
        piece = outbox.take(self._store, most=effect.most)
        if piece is None:
            return engine.Sent(self._now(), 0, 0)
        reply = self._server.push(piece.push)
        moved = verdicts.apply(self._store, piece, reply)
        self._count.sent += moved
        return engine.Sent(self._now(), moved, outbox.count(self._store))

    def _pull(self, effect: Do) -> Event:
        standing = self._standing()
        if receive.staged_snapshot(self._store) is not None:
            return engine.TooMuch(self._now())
        last = receive.staged(self._store)
        have = [] if standing.afresh else list(standing.have)
        request = PullRequest(SCHEMA, standing.cursor, last.page if last else "", have, self._page)
        try:
            reply = self._server.pull(request)
        except Problem as problem:
            if problem.obstacle is not Obstacle.ANSWER_TOO_LARGE or self._page == 1:
                raise
            self._page = max(1, self._page // 8)  # thousands of contours with very many points
            return engine.Paged(self._now())
        self._page = min(PAGE, self._page * 2)
        if reply.snapshot:
            return engine.TooMuch(self._now())
        if reply.more:
            receive.stage(self._store, reply)
            return engine.Paged(self._now(), sum(len(act.changes) for act in reply.acts))
        return self._cut(receive.apply_cut(self._store, reply))

    def _cut(self, landed: receive.Landed) -> Event:
        self._count.received += landed.changes
        self._count.purged += landed.purged
        self._count.missing |= landed.missing
        return engine.Cut(self._now(), landed.agrees and not landed.missing, landed.changes)

    def _order(self, effect: Do) -> Event:
        held = receive.staged_snapshot(self._store)
        if held is None:
            snapshot = self._server.snapshot()
            if snapshot.size > lines.LARGEST:
                raise Problem(Obstacle.ANSWER_TOO_LARGE, detail=f"a snapshot of {snapshot.size} bytes")
            receive.stage_piece(self._store, snapshot, 0, b"")
            held = snapshot, 0
        return engine.Fetched(self._now(), held[1], held[0].size)

    def _fetch(self, effect: Do) -> Event:
        held = receive.staged_snapshot(self._store)
        if held is None:
            raise Problem(Obstacle.RANGE)
        snapshot, done = held
        try:
            piece = self._server.snapshot_piece(snapshot.id, done, snapshot.size)
        except Problem as problem:
            if problem.obstacle is Obstacle.NOT_FOUND:  # it was kept for some hours only
                raise Problem(Obstacle.RANGE) from problem
            raise
        receive.stage_piece(self._store, snapshot, done, piece)
        return engine.Fetched(self._now(), done + len(piece), snapshot.size)

    def _land(self, effect: Do) -> Event:
        held = receive.staged_snapshot(self._store)
        if held is None:
            raise Problem(Obstacle.RANGE)
        try:
            return self._cut(receive.apply_snapshot(self._store, held[0]))
        except StoreError as error:
            if error.code == "bad_message":
                receive.unstage_snapshot(self._store)
            raise

    def _compare(self, effect: Do) -> Event:
        standing = self._standing()
        with self._store.inside() as connection:
            scopes = {
                scope: digests.text(value) for scope, value in syncstate.scope_digests(connection).items() if value
            }
        reply = self._server.digests(DigestRequest(standing.cursor, scopes))
        self._count.refetch = sorted({*reply.refetch, *self._count.missing})
        self._count.purge = list(reply.purge)
        self._count.missing.clear()
        return engine.Compared(self._now(), bool(self._count.refetch or reply.purge))

    def _repair(self, effect: Do) -> Event:
        some, rest = self._count.refetch[: self._scopes], self._count.refetch[self._scopes :]
        acts: list[WireAct] = []
        if some:
            try:
                acts = self._server.scope_logs(ScopeRequest(self._standing().cursor, some)).acts
            except Problem as problem:
                if problem.obstacle is not Obstacle.ANSWER_TOO_LARGE or len(some) == 1:
                    raise
                self._scopes = len(some) // 2
                return engine.Repaired(self._now(), more=True)
        landed = receive.apply_scopes(self._store, some, self._count.purge, acts)
        self._count.refetch, self._count.purge = rest, []
        self._count.received += landed.changes
        self._count.purged += landed.purged
        self._count.repaired += len(some)
        return engine.Repaired(self._now(), bool(rest))

    def _move_file(self, effect: Do) -> Event:
        moved, whole, left = self._files.move()
        self._count.files += whole
        return engine.Moved(self._now(), left, moved)

    def _set_back(self, effect: Do) -> Event:
        return engine.Reset(self._now(), receive.set_back(self._store, effect.seq))

    def _new_cursor(self, effect: Do) -> Event:
        receive.new_cursor(self._store)
        return engine.Reset(self._now(), outbox.count(self._store))

    def _new_pull(self, effect: Do) -> Event:
        receive.unstage_snapshot(self._store)
        return engine.Reset(self._now())


# Where no-access is about the person, and not about one thing that he asked for.
_OF_THE_PERSON = (Phase.SIGN_IN, Phase.PUSH, Phase.PULL)
_WORK: dict[Phase, Callable[[Runner, Do], Event]] = {
    Phase.SIGN_IN: Runner._sign_in,
    Phase.PUSH: Runner._push,
    Phase.PULL: Runner._pull,
    Phase.ORDER: Runner._order,
    Phase.FETCH: Runner._fetch,
    Phase.LAND: Runner._land,
    Phase.COMPARE: Runner._compare,
    Phase.REPAIR: Runner._repair,
    Phase.FILES: Runner._move_file,
    Phase.SET_BACK: Runner._set_back,
    Phase.NEW_CURSOR: Runner._new_cursor,
    Phase.NEW_PULL: Runner._new_pull,
}


def not_connected() -> UserError:
    """For a store without a server."""
    return UserError(
        "Dit bestand is niet met een server verbonden. Doe dat eerst met 'diwi connect', of in het venster met "
        "'Verbinden met server'.",
        "This file is not connected to a server. Do that first with 'diwi connect', or in the window with 'Connect to "
        "server'.",
        code="not_connected",
    )
