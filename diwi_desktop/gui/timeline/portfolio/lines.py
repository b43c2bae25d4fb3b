"""Projects as lines against time, and their homes per year; knows no widget."""

from __future__ import annotations

from bisect import insort
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from diwi_desktop.gui.timeline.homes import Years
from diwi_desktop.model.codes import MilestoneState, Phase, ProjectStatus
from diwi_desktop.model.derive import Step, homes_per_year, lane, live_deliveries, phase_on, project_status
from diwi_desktop.model.moment import Moment
from diwi_desktop.model.plan import Plan
from diwi_desktop.store import Store, plans

Delivered = tuple[date, int, MilestoneState]


@dataclass(frozen=True, slots=True)
class Line:
    """One project: its phases, its deliveries (day, homes, state) and what follows from them.

    `given_up` says that it lapsed: it is drawn, and its homes per year are in no total.
    """

    id: str
    name: str
    code: str
    phase: Phase | None
    steps: tuple[Step, ...]
    start: date
    end: date
    deliveries: tuple[Delivered, ...]
    years: Years
    net: int
    given_up: bool = False

    @property
    def first_delivery(self) -> date:
        return self.deliveries[0][0] if self.deliveries else date.max


def line_of(plan: Plan, moment: Moment) -> Line:
    """A plan as one line. Deliveries of one day and state are added up."""
    added: dict[tuple[date, MilestoneState], int] = {}
    for block in plan.blocks:
        for d in live_deliveries(block):
            key = (d.date, d.state)
            added[key] = added.get(key, 0) + block.sign * d.number
    return Line(
        id=plan.id,
        name=plan.name,
        code=plan.code,
        phase=phase_on(plan.milestones, moment.on, moment.today),
        steps=tuple(lane(plan.milestones, "phase")),
        start=plan.start_date,
        end=plan.end_date,
        deliveries=tuple(sorted((day, number, state) for (day, state), number in added.items())),
        years=homes_per_year(plan.blocks),
        net=plan.net,
        given_up=project_status(plan, moment.on) is ProjectStatus.TERMINATED,
    )


def read(store: Store, moment: Moment, ids: Sequence[str] | None = None) -> list[Line]:
    """The lines of all projects, or of some."""
    found = plans.plans(store, moment, ids)
    found.reverse()
    lines = []
    while found:
        # One by one: letting go of 5,000 plans at once would keep the window waiting for Python's lock.
        lines.append(line_of(found.pop(), moment))
    return lines


def total(lines: Iterable[Line], so_far: Years | None = None, sign: int = 1) -> Years:
    """(built, demolished) per year over all lines that are not given up, added to (or with sign -1 taken from)
    `so_far`.
    """
    found: dict[int, tuple[int, int]] = dict(so_far or {})
    for line in lines:
        if line.given_up:
            continue
        for year, (built, gone) in line.years.items():
            before = found.get(year, (0, 0))
            found[year] = (before[0] + sign * built, before[1] + sign * gone)
    return {year: pair for year, pair in sorted(found.items()) if pair != (0, 0)}


class Portfolio(NamedTuple):
    """The lines by name, and their homes per year."""

    lines: list[Line]
    years: Years

    def changed(self, ids: Collection[str], new: Iterable[Line]) -> Portfolio:
        """With other lines in the place of those of the projects `ids`."""
        gone = [line for line in self.lines if line.id in ids]
        kept = [line for line in self.lines if line.id not in ids] if gone else list(self.lines)
        new = list(new)
        for line in new:
            insort(kept, line, key=_by_name)
        return Portfolio(kept, total(new, total(gone, self.years, -1)))


def _by_name(line: Line) -> tuple[str, str]:
    return line.name.casefold(), line.id


def read_all(store: Store, moment: Moment) -> Portfolio:
    """All projects as of a moment; may be called from any thread."""
    lines = read(store, moment)
    return Portfolio(lines, total(lines))
