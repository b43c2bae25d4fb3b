"""The thread that synchronises by itself: what it does when it is left."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from diwi_desktop.store import StoreError, syncstate
from diwi_desktop.sync import agent as agents
from diwi_desktop.sync.problem import Obstacle, Problem
from diwi_desktop.sync.runner import Outcome
from diwi_desktop.sync.status import Status
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


class Faulty:
    """A runner with a mistake in it."""

    plan = "De Hoek"

    def run(self, *_: object) -> Outcome:
        raise KeyError(self.plan)

    def wake(self) -> None:
        """Does not hear."""


@pytest.mark.allow_error_log
def test_a_mistake_of_the_program_is_told_and_it_goes_on(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Not "busy" for ever; what was at hand does not go to the log."""
    store = new_store(tmp_path / "a.diwi")
    with store.transaction() as connection:
        syncstate.put(connection, {"register": "00000000-0000-4000-8000-000000000001", "url": "https://diwi.test"})
    told, well = threading.Event(), threading.Event()
    runners: list[Any] = [Faulty(), Slow()]
    agent = agents.Agent(store, lambda: runners.pop(0), automatic=False)

    def hear(status: Status) -> None:
        if status.problem is not None and status.problem.code == "sync_fault":
            told.set()
        elif told.is_set() and agent.outcome == Outcome():
            well.set()

    agent.subscribe(hear)
    runners[1].go.set()
    agent.sync_now()
    assert told.wait(30)
    assert "KeyError" in caplog.text
    assert "De Hoek" not in caplog.text
    agent.sync_now()
    assert well.wait(30)
    agent.close()
    store.close()


def test_it_goes_on_trying_after_a_week_without_a_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pauses double, but not for ever: there is no such number after a thousand times."""
    enough, tries = threading.Event(), 0

    class Offline:
        def run(self, *_: object) -> Outcome:
            nonlocal tries
            tries += 1
            if tries > 1_100:
                enough.set()
            return Outcome(problem=Problem(Obstacle.OFFLINE))

        def wake(self) -> None:
            """Never asleep."""

    monkeypatch.setattr(agents, "LONGEST", 0.0)
    store = new_store(tmp_path / "a.diwi")
    runner: Any = Offline()
    agent = agents.Agent(store, lambda: runner)
    assert enough.wait(60), f"it stopped after {tries}"
    assert not agent.ended
    agent.close()
    store.close()


def test_a_store_that_cannot_be_read_is_told_too(tmp_path: Path) -> None:
    store = new_store(tmp_path / "a.diwi")
    with store.transaction() as connection:
        syncstate.put(connection, {"register": "00000000-0000-4000-8000-000000000001", "url": "https://diwi.test"})
    told = threading.Event()

    def make() -> Any:
        raise StoreError("De schijf is vol.", "The disk is full.", code="disk_full")

    agent = agents.Agent(store, make, automatic=False)
    agent.subscribe(lambda status: told.set() if status.problem and status.problem.code == "disk_full" else None)
    agent.sync_now()
    assert told.wait(30)
    agent.close()
    store.close()
