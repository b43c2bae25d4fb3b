"""Ten clients in processes of their own, random edits of all kinds, a bad network, for as long as is asked.

Run as `python -m tests.proof.soak SECONDS SEED` with a line of JSON on standard input, or with `client N` before it for
one of the clients; each prints one line of JSON. In the end the network is good, and all must be equal.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx

from diwi_desktop.model.clock import FixedClock
from diwi_desktop.model.finding import Refused, UserError
from diwi_desktop.server.session import Session
from diwi_desktop.store import Device, blobs
from diwi_desktop.sync import documents
from tests.proof import checks
from tests.proof.checks import Diary, Note
from tests.proof.faults import AT_ANY_BYTE, FaultProxy, Faults
from tests.proof.laptop import StoreLaptop
from tests.proof.machine import project_values, square
from tests.proof.serving import ServerProcess
from tests.proof.world import START, Ground

RATE = 0.08  # of the requests something happens to
LETTERS = "BCDFGHJKLM"
PARTS = ("houseblock", "milestone", "plan_area", "document", "writer")
LEVELS = ("INTERNAL_CIVIL", "INTERNAL_CIVIL", "INTERNAL_MANAGEMENT", "INTERNAL_COUNCIL", "PRIVATE")


class Client:
    """One laptop."""

    def __init__(self, number: int, seed: int, given: dict[str, Any], port: int) -> None:
        self.number, self.given = number, given
        self.rng = random.Random(f"{seed}/{number}")
        self.folder = Path(given["folder"])
        one = given["laptops"][number]
        self.faults = Faults(random.Random(f"{seed}/{number}/net"), RATE, AT_ANY_BYTE)
        self.proxy = FaultProxy(port, self.faults)
        self.diary = Diary()
        wire = httpx.Client(base_url=self.proxy.url, headers={"Accept-Encoding": "gzip"}, timeout=30)
        tag = f"{LETTERS[number]}{LETTERS[number]}Z"
        self.laptop = StoreLaptop(
            self.folder / f"laptop{number}.diwi", wire, given["register"], one["token"],
            device=Device(one["device"], tag), person=one["person"], clock=FixedClock(START), diary=self.diary,
        )  # fmt: skip
        self.count = 0

    def run(self, seconds: float) -> dict[str, Any]:
        """Work, then say how it went."""
        begun = time.monotonic()
        done = troubles = 0
        while time.monotonic() < begun + seconds:
            for _ in range(self.rng.randrange(1, 6)):
                done += self.edit()
            if self.rng.random() < 0.7:
                troubles += not self.laptop.sync()
        with self.faults.none():
            waits = [self.laptop.sync() for _ in range(2)]
        return {
            "edits": done, "cut": troubles,
            "seconds": round(time.monotonic() - begun, 1),
            "faults": len(self.faults.happened), "ended_well": all(waits),
            "outcome": repr(self.laptop.outcome) if not all(waits) else "",
        }  # fmt: skip

    def _new(self) -> int:
        self.count += 1
        return self.number * 10_000_000 + self.count

    def edit(self) -> bool:
        """One act; whether the store took it."""
        laptop, rng, n = self.laptop, self.rng, self._new()
        held = laptop.held()
        live = {id: (kind, values) for id, (kind, values) in held.items() if "deleted_at" not in values}

        def one(*kinds: str) -> tuple[str, str, dict[str, Any]]:
            there = sorted(id for id, (kind, _) in live.items() if kind in kinds)
            id = rng.choice(there) if there else ""
            return (id, *live[id]) if there else ("", "", {})

        what = rng.choices(
            ("project", "part", "text", "level", "number", "contour", "delete", "undo", "redo", "settle", "document"),
            (2, 4, 10, 2, 4, 4, 2, 2, 1, 2, 2),
        )[0]
        if what == "project" or not live:
            return laptop.change("project", _id(n), "", project_values(f"merk{n}z", rng.choice(LEVELS)))
        if what == "part":
            return self._part(n, one("project"))
        if what == "text":
            return self._set(one("project", "houseblock", "milestone"), f"merk{n}z")
        if what == "level":
            found = one("project", "document")
            return bool(found[0]) and laptop.change(found[1], found[0], "confidentiality", rng.choice(LEVELS))
        if what == "number":
            found = one("houseblock")
            return bool(found[0]) and laptop.change("houseblock", found[0], "number", n % 100_000)
        if what == "contour":
            found = one("plan_area")
            return bool(found[0]) and laptop.change("plan_area", found[0], "geometry", square(n))
        if what == "delete":
            found = one("project") if rng.random() < 0.1 else one(*PARTS)
            return bool(found[0]) and laptop.change(found[1], found[0], "deleted_at", True)
        if what == "document":
            return self._document(n, one("project"))
        if what == "settle":
            return laptop.settle(mine=rng.random() < 0.5)
        return laptop.undo(redo=what == "redo")

    def _part(self, n: int, found: tuple[str, str, dict[str, Any]]) -> bool:
        if not found[0]:
            return False
        kind = self.rng.choice(("houseblock", "milestone", "plan_area", "writer"))
        values: dict[str, Any] = {"project_id": found[0]}
        if kind == "houseblock":
            values |= {"name": f"merk{n}z", "mutation": "CONSTRUCTION", "number": 10}
        elif kind == "milestone":
            values |= {"type": "PHASE_3_DEFINITION", "date": "2027-01-01", "state": "GEPLAND", "note": f"merk{n}z"}
        elif kind == "plan_area":
            values |= {"geometry": square(n)}
        else:
            values |= {"person": self.rng.choice(sorted(self.given["people"].values()))}
        return self.laptop.change(kind, _id(n), "", values)

    def _set(self, found: tuple[str, str, dict[str, Any]], text: str) -> bool:
        if not found[0]:
            return False
        id, kind, values = found
        key = self.rng.choice({"project": ["name", "description"], "houseblock": ["name", "note"]}.get(kind, ["note"]))
        if key in ("description", "note") and kind != "milestone" and values.get(key) and self.rng.random() < 0.5:
            text = f"{values[key]}\n{text}"[-2_000:]
        return self.laptop.change(kind, id, key, text)

    def _document(self, n: int, found: tuple[str, str, dict[str, Any]]) -> bool:
        if not found[0]:
            return False
        path = self.folder / f"stuk{n}.txt"
        path.write_bytes(f"merk{n}z ".encode() * self.rng.randrange(1, 40_000))
        before = self.laptop.store.seq
        try:
            documents.attach(self.laptop.store, found[0], path)
        except (Refused, UserError):  # no right, or the project has gone
            return False
        finally:
            path.unlink()
        self.laptop._note(before + 1, {})
        return True


def _id(n: int) -> str:
    return f"{n:08x}-1111-4000-9000-000000000000"


def client(number: int, seconds: float, seed: int, given: dict[str, Any]) -> dict[str, Any]:
    if hasattr(os, "nice"):
        os.nice(10)  # ten at once would starve the tests beside them
    one = Client(number, seed, given, given["port"])
    try:
        result = one.run(seconds)
        notes = {name: vars_of(note) for name, note in one.diary.notes.items()}
        (one.folder / f"diary{number}.json").write_text(json.dumps(notes), encoding="utf-8")
        (one.folder / f"fates{number}.json").write_text(
            json.dumps([one.laptop.fates(), sorted(one.laptop.told())]), encoding="utf-8"
        )
        return result
    finally:
        one.laptop.close()
        one.proxy.close()


def vars_of(note: Note) -> list[Any]:
    return [
        note.laptop, note.device, note.kind, note.entity, note.field, note.old, note.new, note.whole,
        None if note.below is None else sorted(note.below),
    ]  # fmt: skip


def main(seconds: float, seed: int, given: dict[str, Any]) -> dict[str, Any]:
    """Start the server and the clients, wait, and look."""
    sessions = {token: Session(**session) for token, session in given["sessions"].items()}
    wrong: list[str] = []
    with ServerProcess(given["url"], Path(given["folder"]) / "server", sessions) as server:
        given["port"] = server.port
        running = []
        for number in range(len(given["laptops"])):
            command = [sys.executable, "-m", "tests.proof.soak", "client", str(number), str(seconds), str(seed)]
            process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            assert process.stdin is not None
            process.stdin.write(json.dumps(given) + "\n")
            process.stdin.close()
            running.append(process)
        found = []
        for number, process in enumerate(running):
            assert process.stdout is not None
            said = process.stdout.read()
            process.stdout.close()
            if process.wait() != 0:
                wrong.append(f"client {number} ended with {process.returncode}")
                continue
            found.append(json.loads(said.splitlines()[-1]))
        wrong += [f"a client could not synchronise: {one['outcome']}" for one in found if not one["ended_well"]]
        ground = Ground(given["url"], given["register"], given["people"])
        try:
            wrong += look(given, server.port, ground)
            log, verdicts = len(ground.log()), ground.verdicts()
        finally:
            ground.close()
    results: dict[str, int] = {}
    for result, _, _ in verdicts.values():
        results[result] = results.get(result, 0) + 1
    return {
        "clients": len(found), "seconds": max((one["seconds"] for one in found), default=0),
        "edits": sum(one["edits"] for one in found),
        "faults": sum(one["faults"] for one in found), "cut": sum(one["cut"] for one in found), "log": log,
        "answers": results, "wrong": wrong[:20],
    }  # fmt: skip


def look(given: dict[str, Any], port: int, ground: Ground) -> list[str]:
    """All laptops once more, in fair weather: everything equal, nothing lost, files too."""
    given["port"] = port
    clients = [Client(number, 0, given, port) for number in range(len(given["laptops"]))]
    diary = Diary()
    folder = Path(given["folder"])
    for one in clients:
        one.faults.on = False
        notes = json.loads((folder / f"diary{one.number}.json").read_text(encoding="utf-8"))
        for name, note in notes.items():
            diary.write(name, Note(*note))
        fates, told = json.loads((folder / f"fates{one.number}.json").read_text(encoding="utf-8"))
        one.laptop._fates, one.laptop._told = fates, set(told)
    try:
        for _ in range(2):
            for one in clients:
                one.laptop.sync()
        wrong = checks.all_of(ground, diary, [one.laptop for one in clients])
        for one in clients:
            wrong += one.laptop.sound()
            wrong += files(one.laptop)
        return wrong
    finally:
        for one in clients:
            one.laptop.close()
            one.proxy.close()


def files(laptop: StoreLaptop) -> list[str]:
    """What is there of files is what their hash says."""
    found = []
    connection = laptop.store.read_whole()
    for (sha256,) in connection.execute("SELECT sha256 FROM blob WHERE state = ?", (blobs.HERE,)).fetchall():
        content = b"".join(blobs.parts(connection, sha256))
        if hashlib.sha256(content).hexdigest() != sha256:
            found.append(f"{laptop.name}: a file is damaged")
    if blobs.next_to_move(laptop.store)[0] is not None:
        found.append(f"{laptop.name}: a file still waits")
    return found


if __name__ == "__main__":
    told = json.loads(sys.stdin.readline())
    if sys.argv[1] == "client":
        print(json.dumps(client(int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4]), told)))
    else:
        print(json.dumps(main(float(sys.argv[1]), int(sys.argv[2]), told)))
