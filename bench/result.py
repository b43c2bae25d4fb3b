"""What a benchmark gives: a figure, what it was held against, and the bar."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Result:
    """`value` and `base` in `unit`; the bar is on value / base, or on value alone when base is 0.

    A figure that is given as information only has an infinite bar.
    """

    what: str
    value: float
    base: float
    bar: float
    unit: str = "s"
    against: str = ""

    @property
    def figure(self) -> float:
        return self.value / self.base if self.base else self.value

    @property
    def met(self) -> bool:
        return self.figure <= self.bar


def median(work: Callable[[], object], times: int) -> float:
    """The median wall time of a few runs, in seconds, with the garbage collector run before each."""
    taken = []
    for _ in range(times):
        gc.collect()
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def paired(work: Callable[[], object], base: Callable[[], object], times: int) -> tuple[float, float]:
    """Medians of two pieces of work, run in turns so that a busy machine touches both alike."""
    one, other = [], []
    for _ in range(times):
        one.append(median(work, 1))
        other.append(median(base, 1))
    return statistics.median(one), statistics.median(other)
