"""A synchronisation with nothing to do: how often it goes to the server and what passes over the wire."""

from __future__ import annotations

import tempfile
from pathlib import Path

from bench.result import Result
from bench.sync_world import DEVICE, Author, client, grow, in_process, served
from diwi_desktop.store import Device
from tests.proof.checks import Diary
from tests.proof.faults import FaultProxy, Faults
from tests.proof.laptop import StoreLaptop

LAPTOP = Device("cccccccc-cccc-4ccc-8ccc-cccccccccccc", "BNC")


class _Counting(FaultProxy):
    """Counts what passes, heads included."""

    def __init__(self, behind: int) -> None:
        self.rounds = self.octets = 0
        super().__init__(behind, Faults())

    def __enter__(self) -> _Counting:
        return self

    def passed(self, message: bytes, *, request: bool) -> None:
        self.rounds += request
        self.octets += len(message)


def measure() -> list[Result]:
    with in_process() as (stage, world), tempfile.TemporaryDirectory() as folder:
        author = Author()
        wire = client(stage.transport, world.token("anna", DEVICE))
        grow(wire, world.register, author, projects=500, blocks=10, changes=20_000)
        token = world.token("anna", LAPTOP.id)
        with served(world) as (url, _), _Counting(int(url.rpartition(":")[2])) as proxy:
            laptop = StoreLaptop(
                Path(folder) / "a.diwi", client(None, token, proxy.url), world.register, token, device=LAPTOP,
                person="anna", clock=world.clock, diary=Diary(),
            )  # fmt: skip
            assert laptop.sync(), laptop.outcome
            proxy.rounds = proxy.octets = 0
            assert laptop.sync(), laptop.outcome
            laptop.close()
        return [
            Result("a sync with nothing to do: round trips", proxy.rounds, 0, 3, "x"),
            Result("a sync with nothing to do: bytes both ways", proxy.octets, 0, 10_000, "B"),
        ]
