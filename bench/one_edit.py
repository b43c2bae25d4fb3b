"""One durable edit of a field against a bare durable SQLite commit of one row."""

from __future__ import annotations

import shutil
import statistics
import tempfile
import time
from pathlib import Path

from bench.register import open_register, register
from bench.result import Result
from diwi_desktop.store import driver, queries

TIMES = 400


def measure() -> list[Result]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "edit.diwi"
        shutil.copy(register(500), path)
        bare = driver.module().connect(str(Path(folder) / "bare.db"), isolation_level=None)
        bare.execute("PRAGMA journal_mode=WAL")
        bare.execute("PRAGMA synchronous=FULL")
        bare.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)")
        ours: list[float] = []
        theirs: list[float] = []
        with open_register(path, read_only=False) as store:
            ids = [row.id for row in queries.project_rows(store)]
            for number in range(TIMES):
                start = time.perf_counter()
                with store.act("Naam wijzigen") as act:
                    act.set("project", ids[number % len(ids)], "name", f"Naam {number}")
                middle = time.perf_counter()
                bare.execute("BEGIN IMMEDIATE")
                bare.execute("INSERT INTO t (v) VALUES (?)", (f"Naam {number}",))
                bare.execute("COMMIT")
                theirs.append(time.perf_counter() - middle)
                ours.append(middle - start)
        bare.close()
    return [Result("one edit, durable", statistics.median(ours) * 1e3, statistics.median(theirs) * 1e3, 5, "ms")]
