"""Expected milestones from average lead times: dated data under resources/lead_times/, with source and spread."""

from __future__ import annotations

import calendar
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from diwi_desktop import assets
from diwi_desktop.model.codes import MilestoneBasis, MilestoneState, Phase
from diwi_desktop.model.derive import phase_type
from diwi_desktop.model.plan import Milestone

START = "START"


@dataclass(frozen=True, slots=True)
class Span:
    """Months between the step `after` and the step `type`; `low` and `high` are the spread (quartiles where known).

    `assumption` is true where no published figure exists; `source` says (in Dutch) where the number comes from.
    """

    type: str
    after: str
    months: int
    low: int
    high: int
    source: str
    assumption: bool = False


@dataclass(frozen=True, slots=True)
class LeadTimes:
    """One dated table of lead times. Every span comes after the one it counts from."""

    valid_from: date
    nl: str
    en: str
    steps: tuple[Span, ...]
    end: Span


@cache
def tables() -> tuple[LeadTimes, ...]:
    """All tables, oldest first."""
    found = [
        _read(tomllib.loads(path.read_text(encoding="utf-8"))) for path in assets.resource("lead_times").glob("*.toml")
    ]
    return tuple(sorted(found, key=lambda table: table.valid_from))


def table_on(day: date) -> LeadTimes:
    """The table in force on a day; before the first one, the first."""
    known = [table for table in tables() if table.valid_from <= day]
    return known[-1] if known else tables()[0]


def expected_milestones(start: date, phase: Phase, today: date, table: LeadTimes | None = None) -> list[Milestone]:
    """The milestones of a project that starts on `start` in `phase`, in order of date.

    The first is the start of that phase itself: realised when `start` is not after `today`, planned otherwise, and
    given by hand. Those after it are forecasts from lead times (`table`, or the one in force on `today`). Steps of
    earlier phases are left out.
    """
    table = table or table_on(today)
    dates = _dates(start, phase, table)
    first = phase_type(phase)
    found = []
    for kind, day in dates.items():
        if kind == first:
            state = MilestoneState.REALIZED if day <= today else MilestoneState.PLANNED
            found.append(Milestone(kind, day, state, MilestoneBasis.HAND))
        else:
            found.append(Milestone(kind, day, MilestoneState.FORECAST, MilestoneBasis.LEAD_TIME))
    return sorted(found, key=lambda m: m.date)


def expected_end(start: date, phase: Phase, table: LeadTimes) -> date:
    """The expected end date of such a project."""
    return add_months(_dates(start, phase, table)[table.end.after], table.end.months)


def expected_delivery(start: date, phase: Phase, table: LeadTimes) -> date:
    """The day by which the last homes are expected: the start of aftercare, or the end for a project already there."""
    return _dates(start, phase, table).get(phase_type(Phase.AFTERCARE), start)


def span_of(kind: str, table: LeadTimes) -> Span | None:
    """The span that gives the date of a milestone type; None when lead times do not give it."""
    return next((step for step in table.steps if step.type == kind), None)


def add_months(day: date, months: int) -> date:
    """The same day some months later, or the last day of a shorter month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _dates(start: date, phase: Phase, table: LeadTimes) -> dict[str, date]:
    """Dates by milestone type, counted from the start of the phase; whatever only precedes that phase is left out.

    What counts from an earlier step than the chosen phase is placed as if that step had been on time, but never before
    `start`. Months are added up before they become a date, so that a short month on the way leaves no trace.
    """
    months: dict[str, int] = {START: 0}
    for step in table.steps:
        months[step.type] = months[step.after] + step.months
    del months[START]
    first = phase_type(phase)
    begin = list(months).index(first)
    return {kind: add_months(start, max(0, after - months[first])) for kind, after in list(months.items())[begin:]}


def _read(data: dict[str, Any]) -> LeadTimes:
    return LeadTimes(
        valid_from=data["valid_from"],
        nl=data["nl"],
        en=data["en"],
        steps=tuple(Span(**row) for row in data["step"]),
        end=Span(type="END", **data["end"]),
    )
