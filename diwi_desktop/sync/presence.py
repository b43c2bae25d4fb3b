"""Who else is at which project, and telling the others where this user is: a courtesy, which never gets in the way."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from diwi_desktop.model.finding import UserError
from diwi_desktop.sync.problem import Obstacle, Problem

EVERY = 40.0  # seconds; the server keeps what is said for two minutes


class Places(Protocol):
    """The part of `transport.Server` that is used."""

    def say_presence(self, project: str | None, *, editing: bool) -> None: ...
    def presences(self) -> list[dict[str, Any]]: ...


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody else at a project. `since` is ISO text."""

    project: str
    person: str
    name: str
    since: str
    editing: bool


Listener = Callable[[list[Other]], None]


class Presence:
    """Owns its thread, on which `listener` is called with who is where; with nobody when that cannot be known."""

    def __init__(self, server: Places, listener: Listener, *, every: float = EVERY) -> None:
        self._server, self._listener, self._every = server, listener, every
        self._condition = threading.Condition()
        self._project: str | None = None
        self._editing = False
        self._asked = False
        self._closing = False
        self._thread = threading.Thread(target=self._work, name="presence", daemon=True)
        self._thread.start()

    def at(self, project: str | None, *, editing: bool = False) -> None:
        """This user is at a project now, or (None) at none."""
        with self._condition:
            if (project, editing) != (self._project, self._editing):
                self._project, self._editing, self._asked = project, editing, True
                self._condition.notify()

    def close(self) -> None:
        """Stop; nothing is waited for, and the listener hears no more."""
        with self._condition:
            self._closing = True
            self._condition.notify()

    def _work(self) -> None:
        while True:
            with self._condition:
                self._condition.wait_for(lambda: self._asked or self._closing, self._every)
                self._asked = False
                project, editing = self._project, self._editing
                if self._closing:
                    return
            found = self._ask(project, editing)
            if not self._closing:
                self._listener(found)

    def _ask(self, project: str | None, editing: bool) -> list[Other]:
        try:
            self._say(project, editing)
            found = self._server.presences()
        except UserError:  # no network, signed out, a key store that is locked
            return []
        return [
            Other(str(one["project"]), str(one["person"]), str(one["name"]), str(one["since"]), one["editing"] is True)
            for one in found
        ]

    def _say(self, project: str | None, editing: bool) -> None:
        try:
            self._server.say_presence(project, editing=editing)
        except Problem as problem:
            if problem.obstacle is not Obstacle.NOT_FOUND:  # a project that the server does not have yet
                raise
            self._server.say_presence(None, editing=False)
