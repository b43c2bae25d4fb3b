"""Push and pull of the same size on two servers of which one has ten times the log, in turns.

In turns, because what else the machine does would otherwise count for one of them only.
"""

from __future__ import annotations

import gzip
import statistics
import time
from contextlib import ExitStack

import httpx
import msgspec

from bench.result import Result
from bench.sync_world import DEVICE, Author, body, client, grow, in_process, post, send
from diwi_desktop.changes.messages import SCHEMA, PullReply, PullRequest

SMALL, LARGE, CHANGES, TIMES = 30_000, 300_000, 1_000, 21
OTHER = "ffffffff-ffff-4fff-8fff-ffffffffffff"


class _Side:
    """A server with a log of some size, a laptop that pushes and another that pulls."""

    def __init__(self, stack: ExitStack, log: int) -> None:
        stage, world = stack.enter_context(in_process())
        self._register = world.register
        self._wire: httpx.Client = client(stage.transport, world.token("anna", DEVICE))
        self._other: httpx.Client = client(stage.transport, world.token("anna", OTHER))
        self._author = Author()
        grow(self._wire, self._register, self._author, projects=400, blocks=10, changes=log)
        world.connection.execute("ANALYZE")
        # Where the other laptop stands; the first pull of so many changes would be a snapshot.
        reply = post(self._other, self._register, "snapshots", gzip.compress(b"{}"))
        self._cursor = msgspec.json.decode(reply)["cursor"]
        self.push: list[float] = []
        self.pull: list[float] = []

    def measure(self) -> None:
        self.push.append(send(self._wire, self._register, self._author, self._author.edits(CHANGES)))
        request = body(PullRequest(SCHEMA, self._cursor))
        start = time.perf_counter()
        answer = post(self._other, self._register, "pulls", request)
        self.pull.append(time.perf_counter() - start)
        found = msgspec.json.decode(answer, type=PullReply)
        assert sum(len(act.changes) for act in found.acts) == CHANGES
        self._cursor = found.cursor


def measure() -> list[Result]:
    with ExitStack() as stack:
        small, large = _Side(stack, SMALL), _Side(stack, LARGE)
        for _ in range(TIMES):
            small.measure()
            large.measure()
        middle = statistics.median
        return [
            Result("push of 1,000 changes with 10x the log", middle(large.push), middle(small.push), 1.3),
            Result("pull of 1,000 changes with 10x the log", middle(large.pull), middle(small.pull), 1.3),
        ]
