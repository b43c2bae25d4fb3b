"""Phases, statuses and homes per year follow from dated milestones and deliveries."""

from __future__ import annotations

from datetime import date

import pytest

from diwi_desktop.model.codes import MilestoneState, Mutation, Phase, PlanStatus, ProjectStatus
from diwi_desktop.model.derive import (
    homes_per_year,
    is_hard,
    lane,
    per_year,
    phase_on,
    phase_type,
    project_status,
    status_on,
    status_type,
)
from diwi_desktop.model.plan import Block, Delivery, Milestone, Plan

R, G, V, X = MilestoneState.REALIZED, MilestoneState.PLANNED, MilestoneState.FORECAST, MilestoneState.ABORTED
TODAY = date(2026, 11, 21)


def phase(which: Phase, day: date, state: MilestoneState = R) -> Milestone:
    return Milestone(phase_type(which), day, state)


PHASES = [
    phase(Phase.INITIATIVE, date(2024, 1, 1)),
    phase(Phase.DEFINITION, date(2025, 1, 1)),
    phase(Phase.DESIGN, date(2026, 6, 1), G),  # overdue: its day has gone by
    phase(Phase.PREPARATION, date(2028, 1, 1), V),
    phase(Phase.REALIZATION, date(2027, 1, 1), X),
]


@pytest.mark.parametrize(
    ("on", "wanted"),
    [
        (date(2023, 12, 31), None),
        (date(2024, 1, 1), Phase.INITIATIVE),
        (date(2025, 1, 1), Phase.DEFINITION),
        (TODAY, Phase.DEFINITION),  # design was planned but never reached
        (date(2027, 6, 1), Phase.DEFINITION),  # aborted ones never count
        (date(2028, 1, 1), Phase.PREPARATION),  # a forecast counts from its day on
    ],
)
def test_the_phase_on_a_day(on: date, wanted: Phase | None) -> None:
    assert phase_on(PHASES, on, TODAY) == wanted


def test_the_further_one_rules_on_the_same_day() -> None:
    both = [Milestone(status_type(PlanStatus.S2A), TODAY, R), Milestone(status_type(PlanStatus.S3), TODAY, R)]
    assert status_on(both, TODAY, TODAY) is PlanStatus.S2A
    assert phase_on(both, TODAY, TODAY) is None


def test_a_lane_has_periods_in_order() -> None:
    steps = lane(PHASES, "phase")
    assert [(s.value, s.start, s.end) for s in steps] == [
        ("_2_INITIATIVE", date(2024, 1, 1), date(2025, 1, 1)),
        ("_3_DEFINITION", date(2025, 1, 1), date(2026, 6, 1)),
        ("_4_DESIGN", date(2026, 6, 1), date(2028, 1, 1)),
        ("_5_PREPARATION", date(2028, 1, 1), None),
    ]


def test_hard_plans() -> None:
    assert [s.value[:3] for s in PlanStatus if is_hard(s)] == ["_2A", "_2B", "_1A", "_1B"]
    assert not is_hard(None)


def test_project_status() -> None:
    plan = Plan("X", date(2025, 1, 1), date(2027, 1, 1))
    assert project_status(plan, date(2024, 12, 31)) is ProjectStatus.NEW
    assert project_status(plan, date(2027, 1, 1)) is ProjectStatus.ACTIVE
    assert project_status(plan, date(2027, 1, 2)) is ProjectStatus.REALIZED
    plan.milestones = [Milestone("VERVALLEN", date(2026, 1, 1), R)]
    assert project_status(plan, date(2026, 1, 1)) is ProjectStatus.TERMINATED
    plan.milestones[0].state = G
    assert project_status(plan, date(2026, 1, 1)) is ProjectStatus.ACTIVE


def test_homes_per_year_follow_the_deliveries() -> None:
    block = Block("A", number=10, deliveries=[Delivery(date(2028, 5, 1), 6), Delivery(date(2030, 5, 1), 4)])
    assert per_year(block) == {2028: 6, 2030: 4}
    block.deliveries[1].state = X
    assert per_year(block) == {2028: 10}
    assert per_year(Block("B", number=10)) == {}


def test_deliveries_that_do_not_add_up_divide_the_number_in_proportion() -> None:
    block = Block("A", number=10, deliveries=[Delivery(date(2028, 5, 1), 1), Delivery(date(2029, 5, 1), 2)])
    assert per_year(block) == {2028: 3, 2029: 7}  # 10/3 and 20/3


def test_demolition_is_counted_apart() -> None:
    built = Block("A", number=5, deliveries=[Delivery(date(2028, 1, 1), 5)])
    gone = Block("S", Mutation.DEMOLITION, 3, deliveries=[Delivery(date(2028, 1, 1), 1), Delivery(date(2027, 1, 1), 2)])
    assert homes_per_year([built, gone]) == {2027: (0, 2), 2028: (5, 1)}
