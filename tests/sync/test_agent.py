"""The thread that synchronises by itself: what it does when it is left."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from diwi_desktop.store import syncstate
from diwi_desktop.sync import agent as agents
from diwi_desktop.sync.runner import Outcome
from tests.stores import new_store


class Slow:
    """A runner whose synchronisation ends when the test lets it."""

    def __init__(self) -> None:
        self.busy, self.go = threading.Event(), threading.Event()

    def run(self, *_: object) -> Outcome:
        self.busy.set()
        assert self.go.wait(60)
        return Outcome()

    def wake(self) -> None:
        """Does not hear."""


def test_an_agent_that_was_left_looks_at_the_store_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The store may be closed by then, and nobody would hear how things stand."""
    store = new_store(tmp_path / "a.diwi")
    with store.transaction() as connection:
        syncstate.put(connection, {"register": "00000000-0000-4000-8000-000000000001", "url": "https://diwi.test"})
    looks: list[Any] = []
    real = agents.look
    monkeypatch.setattr(agents, "look", lambda *given: looks.append(given) or real(*given))
    runner: Any = Slow()
    agent = agents.Agent(store, lambda: runner)
    assert runner.busy.wait(30)
    assert looks
    agent.leave()
    store.close()
    looks.clear()
    runner.go.set()
    agent.close()
    assert agent.ended
    assert looks == []
