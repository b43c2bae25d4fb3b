"""Fifty laptops that synchronise twenty edits each at the same moment.

What is measured is the server: each laptop pushes and pulls over a connection of its own as a laptop does; what a
laptop does with the answer is left out, because fifty laptops do not share two processors.
"""

from __future__ import annotations

import statistics
import threading
import time

import msgspec

from bench.result import Result
from bench.sync_world import DEVICE, Author, body, client, grow, in_process, post, served
from diwi_desktop.changes.messages import SCHEMA, PullReply, PullRequest, Push, PushReply, WireAct

LAPTOPS, EDITS, ROUNDS = 50, 20, 5


def measure() -> list[Result]:
    with in_process() as (stage, world):
        author = Author()
        grow(client(stage.transport, world.token("anna", DEVICE)), world.register, author, projects=500, blocks=10,
             changes=20_000)  # fmt: skip
        devices = [f"eeeeeeee-eeee-4eee-8eee-{number:012d}" for number in range(LAPTOPS)]
        tokens = [world.token("anna", device) for device in devices]
        taken: list[float] = []
        troubles: list[BaseException] = []
        with served(world) as (url, _):
            wires = [client(None, token, url) for token in tokens]
            first = body(PullRequest(SCHEMA, limit=20_000))
            cursors = []
            for wire in wires:
                pulled = msgspec.json.decode(post(wire, world.register, "pulls", first), type=PullReply)
                cursors.append(pulled.cursor)
            for _ in range(ROUNDS):
                every = author.edits(LAPTOPS * EDITS, fields=1)
                together = threading.Barrier(LAPTOPS)

                def one(number: int, every: list[WireAct] = every, together: threading.Barrier = together) -> None:
                    acts = every[number * EDITS : (number + 1) * EDITS]
                    data = body(Push(SCHEMA, acts))
                    together.wait()
                    start = time.perf_counter()
                    try:
                        answer = post(wires[number], world.register, "pushes", data)
                        reply = msgspec.json.decode(answer, type=PushReply)
                        have = [(reply.first, reply.last)] if reply.first else []
                        request = body(PullRequest(SCHEMA, cursors[number], have=have))
                        pull = msgspec.json.decode(
                            post(wires[number], world.register, "pulls", request), type=PullReply
                        )
                        taken.append(time.perf_counter() - start)
                        cursors[number] = pull.cursor
                        author.learn(acts, reply)
                    except (RuntimeError, OSError, msgspec.MsgspecError) as error:
                        troubles.append(error)

                threads = [threading.Thread(target=one, args=(number,)) for number in range(LAPTOPS)]
                for thread in threads:
                    thread.start()
                for thread in threads:
                    thread.join()
            for wire in wires:
                wire.close()
        if troubles:
            raise RuntimeError(f"{len(troubles)} of {LAPTOPS * ROUNDS} failed: {troubles[0]}")
        return [
            Result(
                "50 laptops sync 20 edits each at once: 95th percentile", statistics.quantiles(taken, n=20)[-1], 0, 2
            ),
            Result("  half of them within (information)", statistics.median(taken), 0, float("inf")),
        ]
