"""A push of 10,000 changes against a bare psycopg COPY of the same rows of the log into one table like it."""

from __future__ import annotations

import math
import statistics
import time
from functools import partial
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from bench.result import Result
from bench.sync_world import DEVICE, Author, client, cpu, grow, in_process, send

CHANGES = 10_000
TIMES = 5
_COLUMNS = "register, seq, part, act, n, kind, entity, project, scope, field, old, new, base, after"


def measure() -> list[Result]:
    with in_process() as (stage, world), psycopg.connect(world.url, autocommit=True) as bare:
        wire = client(stage.transport, world.token("anna", DEVICE))
        author = Author()
        grow(wire, world.register, author, projects=500, blocks=10, changes=20_000)
        results = []
        for what, acts in (
            ("edits in 2,000 acts", partial(author.edits, CHANGES)),
            ("1,000 new projects", partial(author.import_, CHANGES // 10, 9)),
        ):
            ours, rows, text = [], [], []
            cpu_ours, cpu_rows = [], []
            for _ in range(TIMES):
                some = acts()
                before = cpu(bare)
                ours.append(send(wire, world.register, author, some))
                cpu_ours.append(cpu(bare) - before)
                wall, spent = _copy(bare, world.register, as_text=False)
                rows.append(wall)
                cpu_rows.append(spent)
                text.append(_copy(bare, world.register, as_text=True)[0])
            middle = statistics.median
            results += [
                Result(f"push of 10,000 changes: {what}", middle(ours), middle(rows), 3),
                Result("  processor time of both sides, client too (information)", middle(cpu_ours),
                       middle(cpu_rows), math.inf),
                Result("  against COPY of a text made before (information)", middle(ours), middle(text), math.inf),
            ]  # fmt: skip
    return results


def _copy(bare: psycopg.Connection[Any], register: str, *, as_text: bool) -> tuple[float, float]:
    """Seconds, and seconds of processor time, to COPY the last rows of the log into a table like it, indexes too.

    With psycopg's own rows from Python values, or `as_text` as one text that was made before.
    """
    bare.execute("DROP TABLE IF EXISTS bare")
    bare.execute("CREATE TABLE bare (LIKE diwi.change_log INCLUDING INDEXES)")
    query = f"SELECT {_COLUMNS} FROM diwi.change_log WHERE register = '{register}' ORDER BY seq DESC LIMIT {CHANGES}"
    into = f"COPY bare ({_COLUMNS}) FROM STDIN".encode()
    if as_text:
        with bare.cursor() as cursor, cursor.copy(f"COPY ({query}) TO STDOUT".encode()) as out:
            block = b"".join(bytes(part) for part in out)
        before, start = cpu(bare), time.perf_counter()
        with bare.transaction(), bare.cursor() as cursor, cursor.copy(into) as copy:
            copy.write(block)
        return time.perf_counter() - start, cpu(bare) - before
    found = bare.execute(query.encode()).fetchall()
    rows = [(*row[:10], _json(row[10]), _json(row[11]), *row[12:]) for row in found]
    before, start = cpu(bare), time.perf_counter()
    with bare.transaction(), bare.cursor() as cursor, cursor.copy(into) as copy:
        for row in rows:
            copy.write_row(row)
    return time.perf_counter() - start, cpu(bare) - before


def _json(value: Any) -> Jsonb | None:
    return None if value is None else Jsonb(value)
