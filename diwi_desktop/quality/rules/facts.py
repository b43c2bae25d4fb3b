"""What several rules ask of a plan."""

from __future__ import annotations

from datetime import date

from diwi_desktop.model.codes import MilestoneState, Phase, PlanStatus
from diwi_desktop.model.derive import phase_on, phase_type, status_on
from diwi_desktop.model.plan import Milestone, Plan
from diwi_desktop.quality.rule import Context


def phase_of(plan: Plan, context: Context) -> Phase | None:
    return phase_on(plan.milestones, context.moment.on, context.moment.today)


def status_of(plan: Plan, context: Context) -> PlanStatus | None:
    return status_on(plan.milestones, context.moment.on, context.moment.today)


def live_milestones(plan: Plan) -> list[Milestone]:
    return [m for m in plan.milestones if m.state is not MilestoneState.ABORTED]


def start_of(plan: Plan, phase: Phase) -> date | None:
    """The first day of a phase as far as it is known."""
    days = [m.date for m in live_milestones(plan) if m.type == phase_type(phase)]
    return min(days) if days else None
