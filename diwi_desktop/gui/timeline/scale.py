"""Days and pixels: where a day stands, and which units the axis names at this zoom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum
from typing import TypeAlias

from diwi_desktop.planning.lead_times import add_months

Day: TypeAlias = date  # the type, where a method is called date

YEAR_DAYS = 365.2425
WIDEST_YEARS = 60  # the most that fits in the view
MOST_PER_DAY = 24.0  # pixels; a week is then 168 wide
STEP = 1.4  # zoom per press of + or −
PER_UNIT = 1.0015  # zoom per unit of the wheel; one notch is 120
_EARLIEST, _LATEST = date(1900, 1, 1).toordinal(), date(2200, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Scale:
    """`first` is the day (as an ordinal with a fraction) at `left`; `per_day` and `width` are pixels."""

    first: float
    per_day: float
    left: float
    width: float

    @classmethod
    def fit(cls, first: date, last: date, left: float, width: float) -> Scale:
        """The whole span in view, with some air on both sides."""
        width = max(1.0, width)
        days = max(28, (last - first).days)
        air = days * 0.04
        return cls(first.toordinal() - air, width / (days + 4 * air), left, width)._limited()

    @property
    def last(self) -> float:
        return self.first + self.width / self.per_day

    @property
    def right(self) -> float:
        return self.left + self.width

    def x(self, day: date) -> float:
        """The place where a day begins."""
        return self.left + (day.toordinal() - self.first) * self.per_day

    def day(self, x: float) -> float:
        """The day at a place, as an ordinal with a fraction."""
        return self.first + (x - self.left) / self.per_day

    def date(self, x: float) -> date:
        """The day at a place."""
        return date.fromordinal(int(self.first + (x - self.left) / self.per_day))

    def zoomed(self, factor: float, about: float) -> Scale:
        """Zoomed about a place, within the limits: from decades to weeks."""
        per_day = min(MOST_PER_DAY, max(self.width / (WIDEST_YEARS * YEAR_DAYS), self.per_day * factor))
        at = self.first + (about - self.left) / self.per_day
        return replace(self, first=at - (about - self.left) / per_day, per_day=per_day)._limited()

    def panned(self, pixels: float) -> Scale:
        """Moved so that what stood at x stands at x + pixels."""
        return replace(self, first=self.first - pixels / self.per_day)._limited()

    def placed(self, left: float, width: float) -> Scale:
        """The same first day and zoom in another room."""
        return replace(self, left=left, width=max(1.0, width))._limited()

    def showing(self, day: Day, margin: float = 40.0) -> Scale:
        """Panned as little as needed to have a day in view."""
        x = self.x(day)
        if x < self.left + margin:
            return self.panned(self.left + margin - x)
        if x > self.right - margin:
            return self.panned(self.right - margin - x)
        return self

    def _limited(self) -> Scale:
        per_day = min(MOST_PER_DAY, max(self.width / (WIDEST_YEARS * YEAR_DAYS), self.per_day))
        first = min(max(self.first, float(_EARLIEST)), _LATEST - self.width / per_day)
        return replace(self, per_day=per_day, first=first)


class Unit(Enum):
    """A unit of the axis, with its usual length in days and the least room for its label in pixels."""

    WEEK = (7, 34)
    MONTH = (30.4, 30)
    QUARTER = (91.3, 26)
    YEAR = (YEAR_DAYS, 36)
    TWO_YEARS = (2 * YEAR_DAYS, 36)
    FIVE_YEARS = (5 * YEAR_DAYS, 36)
    TEN_YEARS = (10 * YEAR_DAYS, 36)

    @property
    def years(self) -> int:
        """How many years it is; 0 for less than a year."""
        return {Unit.YEAR: 1, Unit.TWO_YEARS: 2, Unit.FIVE_YEARS: 5, Unit.TEN_YEARS: 10}.get(self, 0)


@dataclass(frozen=True, slots=True)
class Cell:
    """A stretch of the axis: `start` up to but without `end`."""

    unit: Unit
    start: date
    end: date


def units(scale: Scale, text: float = 1.0) -> tuple[Unit, Unit | None]:
    """The unit of the upper row of the axis and that of the lower; `text` is how much larger text is than normal."""
    smallest = next((u for u in Unit if u.value[0] * scale.per_day >= u.value[1] * text), Unit.TEN_YEARS)
    if smallest is Unit.WEEK:
        return Unit.MONTH, smallest
    return (smallest, None) if smallest.years else (Unit.YEAR, smallest)


def cells(scale: Scale, unit: Unit) -> Iterator[Cell]:
    """The cells of a unit that are in view, the first and last perhaps in part."""
    first = date.fromordinal(int(scale.first))
    last = date.fromordinal(int(scale.last) + 1)
    start = _floor(first, unit)
    while start < last:
        end = _next(start, unit)
        yield Cell(unit, start, end)
        start = end


def _floor(day: date, unit: Unit) -> date:
    if unit is Unit.WEEK:
        return day - timedelta(days=day.weekday())
    if unit is Unit.MONTH:
        return day.replace(day=1)
    if unit is Unit.QUARTER:
        return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    return date(day.year // unit.years * unit.years, 1, 1)


def _next(start: date, unit: Unit) -> date:
    if unit is Unit.WEEK:
        return start + timedelta(days=7)
    return add_months(start, {Unit.MONTH: 1, Unit.QUARTER: 3}.get(unit, 12 * unit.years))
