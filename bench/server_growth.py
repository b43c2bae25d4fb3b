"""Push and pull of the same size on a server with ten times the log."""

from __future__ import annotations

import statistics
import time

import msgspec

from bench.result import Result
from bench.sync_world import DEVICE, Author, body, client, grow, in_process, post, send
from diwi_desktop.changes.messages import SCHEMA, PullReply, PullRequest

SMALL, LARGE, CHANGES, TIMES = 30_000, 300_000, 1_000, 15
OTHER = "ffffffff-ffff-4fff-8fff-ffffffffffff"


def measure() -> list[Result]:
    with in_process() as (stage, world):
        wire = client(stage.transport, world.token("anna", DEVICE))
        other = client(stage.transport, world.token("anna", OTHER))
        author = Author()
        grow(wire, world.register, author, projects=400, blocks=10, changes=SMALL)
        pushes, pulls = [], []
        for more in (0, LARGE - SMALL):
            while more > 0:
                send(wire, world.register, author, author.edits(5_000))
                more -= 5_000
            world.connection.execute("ANALYZE")
            # Where the other laptop stands; the first pull of so many changes would be a snapshot.
            reply = post(other, world.register, "snapshots", body_empty())
            cursor = msgspec.json.decode(reply)["cursor"]
            push, pull = [], []
            for _ in range(TIMES):
                push.append(send(wire, world.register, author, author.edits(CHANGES)))
                request = body(PullRequest(SCHEMA, cursor))
                start = time.perf_counter()
                answer = post(other, world.register, "pulls", request)
                pull.append(time.perf_counter() - start)
                found = msgspec.json.decode(answer, type=PullReply)
                assert sum(len(act.changes) for act in found.acts) == CHANGES
                cursor = found.cursor
            pushes.append(statistics.median(push))
            pulls.append(statistics.median(pull))
        return [
            Result("push of 1,000 changes with 10x the log", pushes[1], pushes[0], 1.3),
            Result("pull of 1,000 changes with 10x the log", pulls[1], pulls[0], 1.3),
        ]


def body_empty() -> bytes:
    """A request without anything to say."""
    import gzip

    return gzip.compress(b"{}")
