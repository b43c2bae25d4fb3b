"""What several rules ask of a plan."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from diwi_desktop.model.codes import MilestoneState, Phase, PlanStatus
from diwi_desktop.model.derive import live_deliveries, phase_on, phase_type, status_on
from diwi_desktop.model.plan import Block, Delivery, Milestone, Plan
from diwi_desktop.quality.rule import Context, Hit


def phase_of(plan: Plan, context: Context) -> Phase | None:
    return phase_on(plan.milestones, context.moment.on, context.moment.today)


def status_of(plan: Plan, context: Context) -> PlanStatus | None:
    return status_on(plan.milestones, context.moment.on, context.moment.today)


def live_milestones(plan: Plan) -> list[Milestone]:
    return [m for m in plan.milestones if m.state is not MilestoneState.ABORTED]


def deliveries_of(plan: Plan) -> Iterator[tuple[Block, Delivery]]:
    """Every delivery that still counts, with its house block."""
    return ((block, delivery) for block in plan.blocks for delivery in live_deliveries(block))


def late(part: Milestone | Delivery, context: Context) -> int:
    """How many days ago it should have been realised; 0 when it was, or its day is still to come."""
    return 0 if part.state is MilestoneState.REALIZED else max(0, (context.moment.today - part.date).days)


def too_early(part: Milestone | Delivery, context: Context) -> bool:
    """Realised, says its state, on a day that is still to come."""
    return part.state is MilestoneState.REALIZED and part.date > context.moment.today


def in_period(plan: Plan, day: date) -> bool:
    """Whether the project runs on that day."""
    return plan.start_date <= day <= plan.end_date


def dated_hit(part: Milestone | Delivery, nl: str, en: str) -> Hit:
    """A hit that is about the date of a milestone or a delivery."""
    return Hit(nl, en, part.date.isoformat(), entity=part.id)


def start_of(plan: Plan, phase: Phase) -> date | None:
    """The first day of a phase as far as it is known."""
    days = [m.date for m in live_milestones(plan) if m.type == phase_type(phase)]
    return min(days) if days else None
