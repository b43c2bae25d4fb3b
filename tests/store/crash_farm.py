"""Kills a process that edits and imports at random points, and looks at the store it leaves behind.

Run as `python -m tests.store.crash_farm STORE ROUNDS SEED`. Prints one line of JSON: rounds,
how many of them had confirmed acts, and whatever was wrong. POSIX only (fork and SIGKILL); on Windows the test
starts a new process per round instead.
"""

from __future__ import annotations

import json
import os
import random
import select
import signal
import sys
import time
from pathlib import Path

from diwi_desktop.store.plans import write_plan
from diwi_desktop.store.verify import verify
from tests.stores import de_hoek, new_store, reopen, square

LONGEST = 0.03  # seconds into the work at which the kill comes at the latest


def work(path: Path, out: int, seed: int, importing: bool) -> None:
    """Edit or import without end; report the log position after every act that was stored."""
    rng = random.Random(seed)
    with reopen(path) as store:
        os.write(out, b"start\n")
        while True:
            if importing:
                with store.act("Excel ingelezen", kind="import") as act:
                    for _ in range(40):
                        write_plan(act, de_hoek())
                os.write(out, f"{act.seq}\n".encode())
            with store.act("Nieuw project") as act:
                project = write_plan(act, de_hoek())
            os.write(out, f"{act.seq}\n".encode())
            with store.act("Contour slepen") as act:
                act.set("project", project, "name", f"Plan {rng.random()}")
                act.create("plan_area", {"project_id": project, "geometry": square(rng.randint(0, 9) + 107_000.0)})
            os.write(out, f"{act.seq}\n".encode())
            store.undo()


def killed_round(path: Path, seed: int, importing: bool) -> int:
    """One round in a child process; returns the last log position that the child confirmed."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        try:
            work(path, write, seed, importing)
        finally:
            os._exit(1)
    os.close(write)
    said = b""
    while b"start\n" not in said:
        said += os.read(read, 1000)
    until = time.monotonic() + random.Random(seed).random() * LONGEST
    while (left := until - time.monotonic()) > 0:
        if select.select([read], [], [], left)[0]:
            said += os.read(read, 1000)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    while part := os.read(read, 1000):
        said += part
    os.close(read)
    confirmed = said.decode().split("\n")[1:-1]
    return int(confirmed[-1]) if confirmed else 0


def main(path: Path, rounds: int, seed: int) -> dict[str, object]:
    """Kill `rounds` times; every time the store must open, verify, and still have all confirmed acts."""
    new_store(path).close()
    wrong: list[str] = []
    confirmed_acts = 0
    acts = 0
    for number in range(rounds):
        confirmed = killed_round(path, seed * 100_000 + number, importing=number % 2 == 1)
        confirmed_acts += bool(confirmed)
        with reopen(path) as store:
            if store.seq < confirmed:
                wrong.append(f"round {number}: act {confirmed} was confirmed but is gone")
            wrong += [f"round {number}: {line}" for line in verify(store)]
            acts = store.seq
            if acts > 400:
                store.close()
                for file in path.parent.glob(path.name + "*"):
                    file.unlink()
                new_store(path).close()
    return {"rounds": rounds, "with_confirmed": confirmed_acts, "acts": acts, "wrong": wrong}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))
