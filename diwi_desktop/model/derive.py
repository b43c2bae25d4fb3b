"""What follows from a plan on a day: phase, planning status, project status, homes per year.

Nothing here is stored: a phase on a date follows from the dated milestones with their states.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from diwi_desktop.model.apportion import apportion
from diwi_desktop.model.codelists import Code, code_list
from diwi_desktop.model.codes import HARD_STATUSES, MilestoneState, Phase, PlanStatus, ProjectStatus

if TYPE_CHECKING:
    from diwi_desktop.model.plan import Block, Delivery, Milestone, Plan

LAPSED = "VERVALLEN"


@cache
def _types() -> dict[str, Code]:
    return dict(code_list("milestone_type").by_key)


@cache
def milestone_rank() -> dict[str, tuple[int, int, str]]:
    """Per milestone type: lane (0 phase, 1 status, 2 other), order in the list, and the phase or status it starts."""
    lanes = {"phase": 0, "status": 1}
    return {
        key: (lanes.get(code.extra["lane"], 2), code.order, code.extra.get("value", ""))
        for key, code in _types().items()
    }


@cache
def phase_type(phase: Phase) -> str:
    """The milestone type that starts a phase."""
    return f"PHASE{phase.value}"


@cache
def status_type(status: PlanStatus) -> str:
    """The milestone type that starts a plan status."""
    return f"STATUS{status.value}"


def counts(state: MilestoneState, day: date, on: date, today: date) -> bool:
    """Whether a milestone has effect on the day `on`.

    A realised one has, from its date. A planned or forecast one has only when its date is still to come today and
    `on` lies on or after it: a planned step whose day has gone by without being realised did not happen. An aborted one
    never has.
    """
    if state is MilestoneState.ABORTED or day > on:
        return False
    return state is MilestoneState.REALIZED or day > today


@dataclass(frozen=True, slots=True)
class Step:
    """A period of a lane: from `start` until the next step (None: open end)."""

    value: str
    start: date
    end: date | None
    milestone: Milestone


def lane(milestones: Iterable[Milestone], name: str) -> list[Step]:
    """The steps of the lane "phase" or "status" in order of date, aborted ones left out.

    On equal dates the one further in the list of codes comes last and so rules.
    """
    types = _types()
    found = [m for m in milestones if m.state is not MilestoneState.ABORTED and types[m.type].extra["lane"] == name]
    found.sort(key=lambda m: (m.date, types[m.type].order))
    ends: list[date | None] = [*(m.date for m in found[1:]), None]
    return [Step(types[m.type].extra["value"], m.date, end, m) for m, end in zip(found, ends, strict=False)]


def _on(milestones: Iterable[Milestone], name: str, on: date, today: date) -> str | None:
    types = _types()
    best: tuple[date, int] | None = None
    value: str | None = None
    for m in milestones:
        code = types[m.type]
        if code.extra["lane"] == name and counts(m.state, m.date, on, today):
            rank = (m.date, code.order)
            if best is None or rank >= best:
                best, value = rank, code.extra["value"]
    return value


def phase_on(milestones: Iterable[Milestone], on: date, today: date) -> Phase | None:
    """The project phase on a day; None before the first phase has started."""
    value = _on(milestones, "phase", on, today)
    return None if value is None else Phase(value)


def status_on(milestones: Iterable[Milestone], on: date, today: date) -> PlanStatus | None:
    """The planning status on a day; None before the first one holds."""
    value = _on(milestones, "status", on, today)
    return None if value is None else PlanStatus(value)


def is_hard(status: PlanStatus | None) -> bool:
    """Hard plans are those adopted or irrevocable (1A, 1B, 2A, 2B)."""
    return status in HARD_STATUSES


def project_status(plan: Plan, on: date) -> ProjectStatus:
    """New before the start date, terminated once the milestone VERVALLEN is realised, realised after the end date."""
    for m in plan.milestones:
        if m.type == LAPSED and m.state is MilestoneState.REALIZED and m.date <= on:
            return ProjectStatus.TERMINATED
    if on < plan.start_date:
        return ProjectStatus.NEW
    return ProjectStatus.REALIZED if plan.end_date < on else ProjectStatus.ACTIVE


def live_deliveries(block: Block) -> list[Delivery]:
    """The deliveries that are not aborted, by date."""
    return sorted((d for d in block.deliveries if d.state is not MilestoneState.ABORTED), key=lambda d: (d.date, d.id))


def per_year(block: Block) -> dict[int, int]:
    """Homes of a block per delivery year; the years add up to the number of the block.

    Deliveries are dated numbers. Where they do not add up to the number of the block, the number is divided over their
    years in proportion, by largest remainder (ties: earliest year). No deliveries: an empty dict.
    """
    weights: dict[int, int] = {}
    for d in live_deliveries(block):
        weights[d.date.year] = weights.get(d.date.year, 0) + d.number
    if not weights:
        return {}
    years = sorted(weights)
    if sum(weights.values()) == block.number:
        return {year: weights[year] for year in years}
    return dict(zip(years, apportion(block.number, [weights[year] for year in years]), strict=True))


def homes_per_year(blocks: Sequence[Block]) -> dict[int, tuple[int, int]]:
    """(built, demolished) per delivery year, ascending, over all blocks."""
    found: dict[int, list[int]] = {}
    for block in blocks:
        for year, number in per_year(block).items():
            pair = found.setdefault(year, [0, 0])
            pair[0 if block.sign > 0 else 1] += number
    return {year: (found[year][0], found[year][1]) for year in sorted(found)}
