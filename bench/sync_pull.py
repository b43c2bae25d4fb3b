"""A pull of 10,000 changes into a store against bare inserts of the same rows, with the same indexes, by sqlite3."""

from __future__ import annotations

import gc
import shutil
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import msgspec

from bench.result import Result
from bench.sync_world import DEVICE, Author, body, client, grow, in_process, post, send
from diwi_desktop.changes.messages import SCHEMA, PullReply, PullRequest
from diwi_desktop.store import Device, Store, driver, receive, syncstate
from diwi_desktop.store.schema import quoted
from tests.proof.checks import Diary
from tests.proof.laptop import StoreLaptop

CHANGES = 10_000
TIMES = 5
LAPTOP = Device("bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb", "BNC")
Rows = list[tuple[str, str, list[tuple[Any, ...]]]]  # table, slots, rows


def measure() -> list[Result]:
    results = []
    with in_process() as (stage, world), tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        wire = client(stage.transport, world.token("anna", DEVICE))
        author = Author()
        grow(wire, world.register, author, projects=500, blocks=10, changes=20_000)
        for what in ("edits in 2,000 acts", "400 new projects"):
            before = folder / f"{what}.diwi"
            mine = world.token("anna", LAPTOP.id)
            laptop = StoreLaptop(
                before, client(stage.transport, mine), world.register, mine, device=LAPTOP, person="anna",
                clock=world.clock, diary=Diary(), synchronous=True,
            )  # fmt: skip
            assert laptop.sync(), laptop.outcome
            cursor = syncstate.get(laptop.store.read_whole(), "cursor")
            laptop.close()
            acts = author.edits(CHANGES) if what.startswith("edits") else author.import_(CHANGES // 25, 24)
            send(wire, world.register, author, acts)
            request = PullRequest(SCHEMA, cursor, limit=20_000)
            answer = post(client(stage.transport, mine), world.register, "pulls", body(request))
            results.append(_compare(what, before, answer))
    return results


def _compare(what: str, before: Path, answer: bytes) -> Result:
    ours, bare = [], []
    for _ in range(TIMES):
        copy = before.with_suffix(".copy")
        shutil.copy(before, copy)
        with Store.open(copy, author="bench", device=LAPTOP) as store:
            gc.collect()
            start = time.perf_counter()
            landed = receive.apply_cut(store, msgspec.json.decode(answer, type=PullReply))
            ours.append(time.perf_counter() - start)
            assert landed.agrees
            assert landed.changes == CHANGES, (what, landed)
            rows = _written(before, store)
        copy.unlink()
        shutil.copy(before, copy)
        bare.append(_inserted(copy, rows))
        copy.unlink()
    return Result(f"pull of 10,000 changes: {what}", statistics.median(ours), statistics.median(bare), 3)


def _written(before: Path, store: Store) -> Rows:
    """The rows that the pull wrote, table by table."""
    connection = store.read_whole()
    connection.execute("ATTACH ? AS was", (str(before),))
    tables = ["act", "change", "sync_entity"]
    for kind in store.catalogue.kinds:
        tables += [kind.kind, f"{kind.kind}_past"]
    found: Rows = []
    for table in tables:
        names = [row[1] for row in connection.execute(f"PRAGMA table_info({quoted(table)})")]
        listed = ", ".join(quoted(name) for name in names)
        rows = connection.execute(
            f"SELECT {listed} FROM main.{quoted(table)} EXCEPT SELECT {listed} FROM was.{quoted(table)}"
        ).fetchall()
        if rows:
            found.append((f"{quoted(table)} ({listed})", ", ".join("?" * len(names)), rows))
    connection.execute("DETACH was")
    return found


def _inserted(path: Path, rows: Rows) -> float:
    """Seconds to insert (or replace) the rows in one transaction."""
    connection = driver.connect(path)
    try:
        gc.collect()
        start = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        for table, slots, some in rows:
            connection.executemany(f"INSERT OR REPLACE INTO {table} VALUES ({slots})", some)
        connection.execute("COMMIT")
        return time.perf_counter() - start
    finally:
        connection.close()
