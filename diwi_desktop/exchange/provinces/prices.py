"""Price bounds as dated data (resources/prices/): which class of a province an amount is in. Amounts in cents."""

from __future__ import annotations

import tomllib
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from diwi_desktop import assets
from diwi_desktop.model.plan import Range


@dataclass(frozen=True, slots=True)
class Scale:
    """Classes from cheap to dear. `bounds[i]` lies between class i and class i + 1.

    `lower`: an amount on a bound belongs to the class above it; otherwise to the class below.
    """

    classes: tuple[str, ...]
    bounds: tuple[int, ...]
    lower: bool

    def of(self, amount: int) -> str:
        """The class of one amount in cents."""
        find = bisect_right if self.lower else bisect_left
        return self.classes[find(self.bounds, amount)]

    def span(self, found: Range[int]) -> tuple[str, str]:
        """The cheapest and the dearest class of an amount or a range; one without upper end goes up to the dearest.

        A bound is written as the end of one range and the start of the next ("280.000-390.000", "390.000-600.000"), so
        the end of a range that lies on a bound is not part of it.
        """
        low, high = found.low, found.high
        if high is None:
            return self.of(low), self.classes[-1]
        if low < high:
            low, high = (low, high - 1) if self.lower else (low + 1, high)
        return self.of(low), self.of(high)

    def bounds_of(self, name: str) -> Range[int]:
        """The amounts of a class, from its lower to its upper bound. ValueError for an unknown one."""
        place = self.classes.index(name)
        ends = (0, *self.bounds, None)
        return Range(ends[place] or 0, ends[place + 1])

    def between(self, first: str, last: str) -> tuple[str, ...]:
        """These classes and all between them, from cheap to dear."""
        return self.classes[self.classes.index(first) : self.classes.index(last) + 1]


@dataclass(frozen=True, slots=True)
class Period:
    """Bounds that hold from `valid_from` up to and including `valid_until` (None: without end)."""

    valid_from: date | None
    valid_until: date | None
    buy: Scale
    rent: Scale
    source: str

    def holds(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )


@dataclass(frozen=True, slots=True)
class PriceTable:
    """The price classes of one receiver. `by_delivery`: the last delivery of a block chooses the period, else the
    reference date does."""

    key: str
    by_delivery: bool
    periods: tuple[Period, ...]

    def on(self, day: date) -> Period:
        """The bounds of a day: the first period that holds, else the nearest one (oldest or newest)."""
        for period in self.periods:
            if period.holds(day):
                return period
        first = self.periods[0]
        return first if first.valid_from is not None and day < first.valid_from else self.periods[-1]


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _scale(rows: list[dict[str, Any]], bound: str) -> Scale:
    bounds = [int(row["from"]) for row in rows]
    if bounds != sorted(bounds) or bound not in ("lower", "upper"):
        raise ValueError("price classes run from cheap to dear, with bound = lower or upper")
    return Scale(tuple(row["class"] for row in rows), tuple(bounds[1:]), bound == "lower")


@cache
def price_table(name: str) -> PriceTable:
    """Read resources/prices/<name>.toml. Raises FileNotFoundError, and ValueError for bounds out of order."""
    data = tomllib.loads(assets.resource("prices", f"{name}.toml").read_text(encoding="utf-8"))
    periods = tuple(
        Period(
            _day(row["valid_from"]),
            _day(row["valid_until"]),
            _scale(row["buy"], row["bound"]),
            _scale(row["rent"], row["bound"]),
            row["source"],
        )
        for row in data["period"]
    )
    if data["decided_by"] not in ("reference_date", "delivery"):
        raise ValueError("decided_by is reference_date or delivery")
    return PriceTable(data["key"], data["decided_by"] == "delivery", periods)
