"""Moving a milestone or delivery, and on request what follows it, with the effect on homes per year."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import date, timedelta

from diwi_desktop.model.codes import MilestoneState
from diwi_desktop.model.derive import homes_per_year
from diwi_desktop.model.plan import Plan
from diwi_desktop.planning.lead_times import add_months
from diwi_desktop.store.act import Act

# What has happened, or will not happen, does not move along.
_FIXED = frozenset({MilestoneState.REALIZED, MilestoneState.ABORTED})


@dataclass(frozen=True, slots=True)
class Move:
    """A date that changes: the date of a milestone or delivery, or the end date of the project."""

    kind: str
    entity: str
    field: str
    old: date
    new: date


@dataclass(frozen=True, slots=True)
class _Dated:
    kind: str
    id: str
    date: date
    fixed: bool
    aborted: bool


def shift(plan: Plan, moved: str, to: date, *, follow: bool) -> list[Move]:
    """The moves when the milestone or delivery with id `moved` goes to the day `to`.

    With `follow`, everything on or after its old date that is still open moves by the same number of days, and so does
    the end date of the project. Without, only that one date changes, and the end date only as far as needed to stay
    behind it. Raises KeyError for an unknown id.
    """
    items = {item.id: item for item in _dated(plan)}
    chosen = items[moved]
    days = to - chosen.date
    if not days:
        return []
    moves = [Move(chosen.kind, chosen.id, "date", chosen.date, to)]
    if follow:
        moves += [
            Move(item.kind, item.id, "date", item.date, item.date + days)
            for item in items.values()
            if item.id != moved and not item.fixed and item.date >= chosen.date
        ]
    new_dates = {move.entity: move.new for move in moves}
    last = max(new_dates.get(item.id, item.date) for item in items.values() if item.id == moved or not item.aborted)
    end = plan.end_date
    if follow and end >= chosen.date:
        end = max(end + days, last)
    elif to > end:
        end = to
    if end != plan.end_date and end > plan.start_date:
        moves.append(Move("project", plan.id, "end_date", plan.end_date, end))
    return sorted(moves, key=lambda move: (move.old, move.kind, move.entity))


def moved_plan(plan: Plan, moves: Sequence[Move]) -> Plan:
    """The plan as it would be after the moves; the given one stays as it is."""
    new = {(move.kind, move.entity): move.new for move in moves}
    blocks = []
    for block in plan.blocks:
        changed = copy(block)
        changed.deliveries = [replace(d, date=new.get(("delivery", d.id), d.date)) for d in block.deliveries]
        blocks.append(changed)
    return replace(
        plan,
        end_date=new.get(("project", plan.id), plan.end_date),
        milestones=[replace(m, date=new.get(("milestone", m.id), m.date)) for m in plan.milestones],
        blocks=blocks,
    )


def preview(plan: Plan, moves: Sequence[Move]) -> dict[int, tuple[int, int]]:
    """(built, demolished) per year as it would be after the moves."""
    return homes_per_year(moved_plan(plan, moves).blocks)


def apply(act: Act, moves: Sequence[Move]) -> None:
    """Put the moves into an act."""
    for move in moves:
        act.set(move.kind, move.entity, move.field, move.new)


def step(day: date, *, days: int = 0, months: int = 0) -> date:
    """A day moved by arrow keys: days, or months with the day of the month kept where it can."""
    return add_months(day, months) + timedelta(days=days)


def _dated(plan: Plan) -> Iterator[_Dated]:
    for m in plan.milestones:
        yield _Dated("milestone", m.id, m.date, m.state in _FIXED, m.state is MilestoneState.ABORTED)
    for block in plan.blocks:
        for d in block.deliveries:
            yield _Dated("delivery", d.id, d.date, d.state in _FIXED, d.state is MilestoneState.ABORTED)
