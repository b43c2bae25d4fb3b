"""Kills laptops and servers at random points, and looks at what they leave behind.

Run as `python -m tests.proof.kill_farm KIND ROUNDS SEED` with a line of JSON on standard input; prints a line of JSON.
KIND is `laptop` (a child process that edits and synchronises is killed with SIGKILL), `server` (the server process is)
or `database` (its connections are cut by pg_terminate_backend). POSIX only.
"""

from __future__ import annotations

import json
import os
import random
import select
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import psycopg

from diwi_desktop.model.clock import FixedClock
from diwi_desktop.server.session import Session
from diwi_desktop.store import Device
from tests.proof import checks
from tests.proof.checks import Diary
from tests.proof.laptop import StoreLaptop
from tests.proof.machine import SHARED, new_id, project_values, square
from tests.proof.serving import ServerProcess
from tests.proof.world import START, Ground
from tests.waiting import until

LONGEST = 0.25  # seconds into the work at which the blow falls at the latest
TAGS = ("BCD", "FGH")


class Farm:
    """Two laptops and a server on one register."""

    def __init__(self, given: dict[str, Any], seed: int) -> None:
        self.given = given
        self.rng = random.Random(seed)
        self.count = seed * 1_000_000
        self.folder = Path(given["folder"])
        self.diary = Diary()
        self.ground = Ground(given["url"], given["register"], given["people"])
        sessions = {token: Session(**session) for token, session in given["sessions"].items()}
        self.server = ServerProcess(given["url"], self.folder / "server", sessions)
        self.wrong: list[str] = []

    def laptop(self, n: int) -> StoreLaptop:
        """Open the store of laptop n; a connection of its own to the server."""
        one = self.given["laptops"][n]
        wire = httpx.Client(base_url=self.server.address, headers={"Accept-Encoding": "gzip"}, timeout=20)
        return StoreLaptop(
            self.folder / f"laptop{n}.diwi", wire, self.given["register"], one["token"],
            device=Device(one["device"], TAGS[n]), person=one["person"], clock=FixedClock(START), diary=self.diary,
            synchronous=True,
        )  # fmt: skip

    def edit(self, laptop: StoreLaptop) -> None:
        """Something that a user does: mostly to what is shared."""
        self.count += 1
        n, rng = self.count, self.rng
        held = laptop.held()
        kind = rng.choice(("project", "text", "text", "number", "contour", "block", "delete", "undo"))
        blocks = sorted(id for id, (k, v) in held.items() if k == "houseblock" and "deleted_at" not in v)
        areas = sorted(id for id, (k, v) in held.items() if k == "plan_area" and "deleted_at" not in v)
        if kind == "project":
            level = rng.choice(("INTERNAL_CIVIL", "INTERNAL_COUNCIL"))
            values = project_values(f"merk{n}z", level)
            laptop.change("project", new_id(n), "", values)
        elif kind == "text":
            laptop.change("project", SHARED, rng.choice(("name", "description")), f"merk{n}z")
        elif kind == "number" and blocks:
            laptop.change("houseblock", rng.choice(blocks), "number", n % 1_000_000)
        elif kind == "contour" and areas:
            laptop.change("plan_area", rng.choice(areas), "geometry", square(n))
        elif kind == "block":
            part = {"project_id": SHARED, "name": f"merk{n}z", "mutation": "CONSTRUCTION", "number": n % 1_000}
            laptop.change("houseblock", new_id(n), "", part)
        elif kind == "delete" and len(blocks) > 3:
            laptop.change("houseblock", rng.choice(blocks), "deleted_at", True)
        elif kind == "undo":
            laptop.undo()

    def look(self, laptop: StoreLaptop, when: str) -> None:
        """The store is sound, synchronises, and then has exactly what it may have."""
        self.wrong += [f"{when}: {line}" for line in laptop.sound()]
        if not laptop.sync():
            self.wrong.append(f"{when}: {laptop.outcome}")
            return
        refused = checks.refused_creations(self.diary, laptop) | self.refused(laptop)
        found = checks.differences(laptop, self.ground.visible(laptop.person), refused)
        self.wrong += [f"{when}: {line}" for line in found[:5]]

    def refused(self, laptop: StoreLaptop) -> set[str]:
        """Entities that were made here by a process that is gone, and that the server did not take."""
        rows = laptop.store.read_whole().execute(
            "SELECT entity FROM change WHERE field = '' AND result IN ('denied', 'invalid', 'conflict')"
        )
        return {entity for (entity,) in rows}

    def close(self) -> None:
        self.wrong += checks.projection(self.ground)
        self.server.stop()
        self.ground.close()


# -- laptops ----------------------------------------------------------------------------------------------------------


def work(farm: Farm, out: int) -> None:
    """Edit and synchronise without end; say the id of every act that was stored."""
    laptop = farm.laptop(0)
    os.write(out, b"start\n")
    while True:
        for _ in range(farm.rng.randrange(1, 4)):
            before = laptop.store.seq
            farm.edit(laptop)
            if laptop.store.seq > before:
                id = laptop.store.read_whole().execute("SELECT id FROM act ORDER BY seq DESC LIMIT 1").fetchone()[0]
                os.write(out, f"{id}\n".encode())
        laptop.sync()


def killed_laptop(farm: Farm, round_: int) -> list[str]:
    """One round in a child process; the acts that it said were stored."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        try:
            farm.rng = random.Random(f"{farm.given['register']}/{round_}")
            farm.count += 1_000 * (round_ + 1)
            work(farm, write)
        finally:
            os._exit(1)
    os.close(write)
    said = b""
    while b"start\n" not in said:
        more = os.read(read, 10_000)
        if not more:
            raise RuntimeError("the laptop did not start")
        said += more
    last = time.monotonic() + farm.rng.random() * LONGEST
    while (left := last - time.monotonic()) > 0:
        if select.select([read], [], [], left)[0]:
            said += os.read(read, 10_000)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    while part := os.read(read, 10_000):
        said += part
    os.close(read)
    return said.decode().split("\n")[1:-1]


def laptops(farm: Farm, rounds: int) -> dict[str, Any]:
    """Kill a laptop `rounds` times, while another works on the same plans."""
    with_acts = cut = 0
    other = farm.laptop(1)
    for number in range(rounds):
        stored = killed_laptop(farm, number)
        with_acts += bool(stored)
        farm.edit(other)
        if not other.sync():
            farm.wrong.append(f"round {number}: {other.outcome}")
        laptop = farm.laptop(0)
        cut += bool(laptop.waits())
        known = {id for (id,) in laptop.store.read_whole().execute("SELECT id FROM act")}
        gone = [id for id in stored if id not in known]
        if gone:
            farm.wrong.append(f"round {number}: acts that were stored are gone: {gone}")
        farm.look(laptop, f"round {number}")
        laptop.close()
        if farm.wrong:
            break
    farm.look(other, "at the end")
    other.close()
    return {"rounds": rounds, "with_acts": with_acts, "in_the_middle": cut}


# -- servers ----------------------------------------------------------------------------------------------------------


def servers(farm: Farm, rounds: int, blow: Callable[[Farm], None]) -> dict[str, Any]:
    """Strike `rounds` times while two laptops synchronise; then all must be equal."""
    struck = 0
    both = [farm.laptop(0), farm.laptop(1)]
    for laptop in both:
        laptop.runner._sleep = lambda _: come_back(farm)
    for number in range(rounds):
        for laptop in both:
            for _ in range(farm.rng.randrange(1, 12)):
                farm.edit(laptop)
            timer = threading.Timer(farm.rng.random() * LONGEST / 2, blow, (farm,))
            timer.start()
            laptop.sync()
            timer.join()
            struck += 1
        if not farm.server.running:
            farm.server.start()
        for laptop in both:
            farm.look(laptop, f"round {number}")
        if farm.wrong:
            break
    for laptop in both:
        farm.look(laptop, "at the end")
    farm.wrong += checks.all_of(farm.ground, farm.diary, both)
    for laptop in both:
        laptop.close()
    return {"rounds": rounds, "struck": struck, "log": len(farm.ground.log())}


def come_back(farm: Farm) -> None:
    """What an administrator's service manager does; connections to the database come back in their own time.

    A blow may strike meanwhile: then the next pause sees to it.
    """
    if not farm.server.running:
        farm.server.start()
    until(lambda: not farm.server.running or farm.server.ready)


def kill_server(farm: Farm) -> None:
    farm.server.kill()


def cut_database(farm: Farm) -> None:
    """End whatever the server is doing in the database, a transaction or not."""
    with psycopg.connect(farm.ground.url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(a.pid) FROM pg_stat_activity a WHERE a.datname = current_database()"
            " AND a.pid <> pg_backend_pid() AND a.pid <> %s",
            (farm.ground.connection.info.backend_pid,),
        )


def main(kind: str, rounds: int, seed: int, given: dict[str, Any]) -> dict[str, Any]:
    farm = Farm(given, seed)
    try:
        if kind == "laptop":
            result = laptops(farm, rounds)
        else:
            result = servers(farm, rounds, {"server": kill_server, "database": cut_database}[kind])
    finally:
        farm.close()
    return result | {"wrong": farm.wrong[:20]}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), json.loads(sys.stdin.readline()))))
