"""Figures that a province asks for and that follow from a plan. Nothing here is typed in or stored."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from diwi_desktop.exchange.provinces.register import Register
from diwi_desktop.exchange.provinces.years import Counted
from diwi_desktop.model.codes import MilestoneState
from diwi_desktop.model.derive import LAPSED, counts, lane, phase_on, status_on
from diwi_desktop.model.plan import Plan

FINISHED = "FINISHED"


@dataclass(slots=True)
class Case:
    """One plan in hand, with what was counted of its blocks."""

    plan: Plan
    register: Register
    counted: Counted

    @property
    def day(self) -> date:
        """The reference date."""
        return self.register.moment.on

    @property
    def today(self) -> date:
        return self.register.moment.today


Figure = Callable[[Case, Mapping[str, Any]], Any]


def phase(case: Case, params: Mapping[str, Any]) -> str | None:
    """The phase on the reference date; FINISHED when the project ended before it. A project that has yet to start has
    the phase it starts in."""
    if case.plan.end_date < case.day:
        return FINISHED
    found = phase_on(case.plan.milestones, case.day, case.today)
    return found.value if found is not None else _first(case, "phase")


def plan_status(case: Case, params: Mapping[str, Any]) -> str | None:
    """The plan status on the reference date; for a project that has yet to start the one it starts with."""
    found = status_on(case.plan.milestones, case.day, case.today)
    return found.value if found is not None else _first(case, "status")


def _first(case: Case, name: str) -> str | None:
    if case.plan.start_date <= case.day:
        return None
    steps = lane(case.plan.milestones, name)
    return steps[0].value if steps else None


def _first_date(case: Case, name: str, values: list[str]) -> date | None:
    """The first day that one of the values starts: realised, or still to come. A planned day that went by is none."""
    for step in lane(case.plan.milestones, name):
        mark = step.milestone
        if step.value in values and counts(mark.state, mark.date, date.max, case.today):
            return step.start
    return None


def first_phase(case: Case, params: Mapping[str, Any]) -> date | None:
    """The first day of one of the phases `values`."""
    return _first_date(case, "phase", params["values"])


def first_status(case: Case, params: Mapping[str, Any]) -> date | None:
    """The first day of one of the plan statuses `values`."""
    return _first_date(case, "status", params["values"])


def first_delivery_year(case: Case, params: Mapping[str, Any]) -> int | None:
    """The first year in which homes are delivered or demolished."""
    return min(case.counted.years, default=None)


def last_delivery_year(case: Case, params: Mapping[str, Any]) -> int | None:
    """The last year in which homes are delivered or demolished."""
    return max(case.counted.years, default=None)


def start_year(case: Case, params: Mapping[str, Any]) -> int:
    """The year in which the project starts."""
    return case.plan.start_date.year


def project_id(case: Case, params: Mapping[str, Any]) -> str:
    """The id of the project."""
    return case.plan.id


def reference_date(case: Case, params: Mapping[str, Any]) -> date:
    """The day the figures hold on."""
    return case.day


def net_homes(case: Case, params: Mapping[str, Any]) -> int:
    """Homes of the ownership types `ownership` in the price classes `classes`: construction minus demolition."""
    classes = set(params["classes"])
    return sum(
        sign * number
        for sign, kind, price, number in case.counted.owned
        if kind in params["ownership"] and price in classes
    )


def lapsed(plan: Plan, day: date) -> bool:
    """Whether the plan was given up on or before a day."""
    return any(m.type == LAPSED and m.state is MilestoneState.REALIZED and m.date <= day for m in plan.milestones)


FIGURES: dict[str, Figure] = {
    f.__name__: f
    for f in (
        phase,
        plan_status,
        first_phase,
        first_status,
        first_delivery_year,
        last_delivery_year,
        start_year,
        project_id,
        reference_date,
        net_homes,
    )
}
