"""Synchronising by itself: a thread that runs a runner every few minutes, soon after an act, and when asked."""

from __future__ import annotations

import logging
import threading
import time
import traceback
from collections.abc import Callable
from datetime import UTC
from random import Random
from types import TracebackType
from typing import TYPE_CHECKING

from diwi_desktop.changes.change import ActInfo, ActKind
from diwi_desktop.model.finding import UserError
from diwi_desktop.store.driver import StoreError
from diwi_desktop.sync.engine import State
from diwi_desktop.sync.problem import Obstacle, Problem, local
from diwi_desktop.sync.runner import Outcome, Runner
from diwi_desktop.sync.status import Running, Status, look

if TYPE_CHECKING:
    from diwi_desktop.store import Store

EVERY = 180.0  # seconds between two synchronisations when nothing happens
SOON = 5.0  # seconds after an act of the user
AFTER_TROUBLE = 30.0  # seconds after one that did not succeed, doubling up to LONGEST
LONGEST = 900.0
_MOST_DOUBLINGS = 30  # a week without a network fails a thousand times, and no number is as large as that many give
PATIENCE = 3.0  # seconds that closing waits for the thread: a name that is being looked up cannot be interrupted

Listener = Callable[[Status], None]
log = logging.getLogger("diwi.sync")


class _Trouble:
    """Takes what a synchronisation raises: the file that cannot be read, or a mistake of ours, which is logged.

    A thread that ended by it would leave everybody thinking that it is still busy.
    """

    def __init__(self) -> None:
        self.problem = Problem(Obstacle.FAULT)

    def __enter__(self) -> None:
        """Nothing yet."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if isinstance(error, UserError):
            self.problem = local(error)
        elif isinstance(error, Exception):  # its message may hold plan content and stays out
            log.error("%s\n%s", type(error).__name__, "".join(traceback.format_tb(trace)))
        return isinstance(error, Exception)


class Agent:
    """Owns its thread. `make_runner` is called on that thread, once, and again after a mistake of ours; listeners are
    called on it too. `automatic` False leaves only `sync_now`.
    """

    def __init__(self, store: Store, make_runner: Callable[[], Runner], *, automatic: bool = True) -> None:
        self._store, self._make = store, make_runner
        self._automatic = automatic
        self._listeners: list[Listener] = []
        self._condition = threading.Condition()
        self._due: float | None = time.monotonic() if automatic else None
        self._closing = False
        self._cancel = threading.Event()
        self._running = Running()
        self._runner: Runner | None = None
        self._failures = 0
        self.outcome: Outcome | None = None
        self._unsubscribe = store.subscribe(self._acted)
        self._thread = threading.Thread(target=self._work, name="synchronisation", daemon=True)
        self._thread.start()

    @property
    def status(self) -> Status:
        """How things stand now."""
        return look(self._store, self._running)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Have `listener` called, on the agent's thread, whenever the status may have changed."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def sync_now(self) -> None:
        """Synchronise at once; ends a pause of one that is under way."""
        with self._condition:
            self._due = time.monotonic()
            self._condition.notify()
        self._wake()

    def cancel(self) -> None:
        """Stop the one that is under way as soon as its present step is done. What was done stays."""
        self._cancel.set()
        self._wake()

    def _wake(self) -> None:
        runner = self._runner  # taken once: its thread lets go of it after a mistake
        if runner is not None:
            runner.wake()

    def leave(self) -> None:
        """Stop, without waiting for the thread; nobody hears of what it does after that. `close` comes all the same."""
        with self._condition:
            if self._closing:
                return
            self._closing = True
            self._condition.notify()
        self.cancel()
        self._listeners.clear()
        self._unsubscribe()

    @property
    def ended(self) -> bool:
        """Whether the thread does nothing any more."""
        return not self._thread.is_alive()

    def close(self) -> None:
        """Stop, and wait for the thread, but no longer than PATIENCE."""
        self.leave()
        self._thread.join(PATIENCE)

    def _acted(self, info: ActInfo) -> None:
        if info.kind is ActKind.SYNC:
            return
        with self._condition:
            soon = time.monotonic() + SOON
            if self._automatic and not self._failures:
                self._due = soon if self._due is None else min(self._due, soon)
                self._condition.notify()
        self._tell()

    def _work(self) -> None:
        while self._wait():
            self._cancel.clear()
            self._show(Running(busy=True, offline_since=self._running.offline_since))
            outcome = self.outcome = self._run()
            self._ended(outcome)

    def _run(self) -> Outcome:
        trouble = _Trouble()
        with trouble:
            runner = self._runner = self._runner or self._make()
            return runner.run(self._progress, lambda: self._cancel.is_set() or self._closing)
        self._runner = None
        return Outcome(problem=trouble.problem)

    def _wait(self) -> bool:
        with self._condition:
            while not self._closing:
                if self._due is not None and self._due <= time.monotonic():
                    self._due = None
                    return True
                self._condition.wait(None if self._due is None else max(0.0, self._due - time.monotonic()))
        return False

    def _progress(self, state: State) -> None:
        stuck = Problem(Obstacle.STUCK) if state.stuck else None
        self._show(
            Running(
                busy=state.running,
                done=state.done,
                total=state.total,
                offline_since=self._running.offline_since,
                problem=stuck,
            )
        )

    def _ended(self, outcome: Outcome) -> None:
        problem = outcome.problem
        away = problem is not None and problem.obstacle in (Obstacle.OFFLINE, Obstacle.BUSY)
        since = ""
        if away:
            since = self._running.offline_since or self._store.clock.now().astimezone(UTC).isoformat()
        signed_out = problem is not None and problem.obstacle is Obstacle.SIGNED_OUT
        self._failures = self._failures + 1 if problem is not None else 0
        if self._automatic and not signed_out:
            pause = EVERY
            if problem is not None:
                doubled = 2.0 ** min(self._failures - 1, _MOST_DOUBLINGS)
                pause = min(LONGEST, AFTER_TROUBLE * doubled) * (0.5 + Random().random() / 2)
            with self._condition:
                if self._due is None:
                    self._due = time.monotonic() + pause
        self._show(Running(offline_since=since, sign_in=signed_out, problem=None if away or signed_out else problem))

    def _show(self, running: Running) -> None:
        self._running = running
        self._tell()

    def _tell(self) -> None:
        if self._closing:  # nobody hears it, and the store may be gone
            return
        try:
            status = self.status
        except StoreError:  # the store is being closed
            return
        for listener in list(self._listeners):
            listener(status)
