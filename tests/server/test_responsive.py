"""A message that takes its time holds up nobody else: whatever is done with megabytes is done on threads."""

from __future__ import annotations

import gzip
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from diwi_desktop.changes.messages import MOST_BYTES
from diwi_desktop.server import wire
from tests.server.harness import Laptop, Register

MESSAGES = {
    "/digests": {"cursor": "x", "scopes": {}},
    "/scope-logs": {"cursor": "x", "scopes": []},
    "/pulls": {"schema": 2, "cursor": "", "limit": 10},
    "/pushes": {"schema": 2, "acts": []},
}


class Held:
    """A step of the server that stands still until it is let go."""

    def __init__(self, step: Any) -> None:
        self._step = step
        self.reached, self.go = threading.Event(), threading.Event()

    def __call__(self, *given: Any) -> Any:
        self.reached.set()
        assert self.go.wait(20)
        return self._step(*given)


@pytest.fixture
def laptop(register: Register) -> Laptop:
    return register.laptop()


@pytest.mark.parametrize("step", ["decode", "_unpacked", "reply"])
@pytest.mark.parametrize("path", list(MESSAGES))
def test_others_are_answered_meanwhile(laptop: Laptop, monkeypatch: pytest.MonkeyPatch, path: str, step: str) -> None:
    cursor = laptop.pull().cursor
    name = "push" if (path, step) == ("/pushes", "decode") else step
    held = Held(getattr(wire, name))
    monkeypatch.setattr(wire, name, held)
    body = gzip.compress(json.dumps({**MESSAGES[path], "cursor": cursor}).encode())
    with ThreadPoolExecutor(2) as pool:
        slow = pool.submit(laptop.ask, "POST", path, content=body, headers={"Content-Encoding": "gzip"})
        assert held.reached.wait(20)
        quick = pool.submit(laptop.register.server.client.get, "/health/live")
        try:
            assert quick.result(10).status_code == 200
            assert not slow.done()
        finally:
            held.go.set()
        assert slow.result(20).status_code == 200


def test_names_of_scopes_are_not_megabytes(laptop: Laptop) -> None:
    cursor = laptop.pull().cursor
    few = {"cursor": cursor, "scopes": ["x" * 36] * 200}
    assert laptop.ask("POST", "/scope-logs", content=json.dumps(few).encode()).status_code == 200
    for body, more in (
        (json.dumps({**few, "more": "x" * 100_000}).encode(), {}),
        (gzip.compress(json.dumps({**few, "more": "x" * 100_000}).encode()), {"Content-Encoding": "gzip"}),
    ):
        assert laptop.ask("POST", "/scope-logs", content=body, headers=more).status_code == 413


@pytest.mark.parametrize("path", list(MESSAGES))
def test_what_unpacks_to_more_than_fits_is_refused(laptop: Laptop, path: str) -> None:
    bomb = gzip.compress(b" " * (MOST_BYTES + 1))
    assert len(bomb) < 10_000
    assert laptop.ask("POST", path, content=bomb, headers={"Content-Encoding": "gzip"}).status_code == 413
