"""The first synchronisation of a laptop with a large register: time, and memory on either side.

Run as `python -m bench.sync_first STORE URL REGISTER TOKEN` it is that laptop, in a process of its own.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.result import Result
from bench.sync_world import DEVICE, Author, client, cpu, grow, in_process, of_process, served
from diwi_desktop.model.clock import SystemClock
from diwi_desktop.store import Device
from tests.proof.checks import Diary
from tests.proof.laptop import StoreLaptop

PROJECTS, BLOCKS, LOG = 5_000, 10, 500_000
LAPTOP = Device("dddddddd-dddd-4ddd-8ddd-dddddddddddd", "BNC")


def measure() -> list[Result]:
    with in_process() as (stage, world), tempfile.TemporaryDirectory() as folder:
        wire = client(stage.transport, world.token("anna", DEVICE))
        author = Author()
        grow(wire, world.register, author, projects=PROJECTS, blocks=BLOCKS, changes=LOG)
        token = world.token("anna", LAPTOP.id)
        with served(world) as (url, server):
            before = cpu(world.connection) + of_process(server)
            said = subprocess.run(
                [sys.executable, "-m", "bench.sync_first", f"{folder}/a.diwi", url, world.register, token],
                capture_output=True, text=True, check=True,
            )  # fmt: skip
            server_memory = peak(server)
            served_in = cpu(world.connection) + of_process(server) - before
        found = json.loads(said.stdout.splitlines()[-1])
        assert found["changes"] >= LOG, found
        return [
            Result("first sync of 5,000 projects, 50,000 blocks, 500,000 changes", found["seconds"], 0, 30),
            Result("  processor time of the laptop's process (information)", found["spent"], 0, math.inf),
            Result("  processor time of the server and its database (information)", served_in, 0, math.inf),
            Result("  memory of the laptop's process at most", found["memory"], 0, 500, "MB"),
            Result("  memory of the server's process at most", server_memory, 0, 500, "MB"),
        ]


def peak(pid: int) -> float:
    """The most memory a process ever had, in MB."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"the system does not say what process {pid} uses")


def laptop(path: str, url: str, register: str, token: str) -> None:
    """Synchronise a new store, and say how that went."""
    one = StoreLaptop(
        Path(path), client(None, token, url), register, token, device=LAPTOP, person="anna", clock=SystemClock(),
        diary=Diary(), synchronous=True,
    )  # fmt: skip
    start, spent = time.perf_counter(), time.process_time()
    outcome = one.runner.run()
    seconds, spent = time.perf_counter() - start, time.process_time() - spent
    assert outcome.problem is None, outcome
    changes = one.store.read_whole().execute("SELECT count(*) FROM change").fetchone()[0]
    memory = peak(os.getpid())
    one.close()
    print(json.dumps({"seconds": seconds, "spent": spent, "changes": changes, "memory": memory}))


if __name__ == "__main__":
    laptop(*sys.argv[1:])
