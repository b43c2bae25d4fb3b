"""The project table as of random past days against the table of now."""

from __future__ import annotations

import random
import statistics
from datetime import timedelta

from bench.register import TODAY, open_register, register
from bench.result import Result, median
from diwi_desktop.store import queries


def measure() -> list[Result]:
    rng = random.Random(5)
    with open_register(register()) as store:
        now, then = [], []
        for _ in range(7):
            moment = store.moment(TODAY - timedelta(days=rng.randrange(1, 700)))
            then.append(median(lambda m=moment: queries.project_rows(store, m), 1))  # type: ignore[misc]  # default binds
            now.append(median(lambda: queries.project_rows(store), 1))
    return [Result("table as of a random past day", statistics.median(then), statistics.median(now), 3)]
