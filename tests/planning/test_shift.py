"""Moving one thing, and on request what follows it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diwi_desktop.model.codes import MilestoneState, Mutation
from diwi_desktop.model.derive import homes_per_year
from diwi_desktop.model.plan import Block, Delivery, Milestone, Plan
from diwi_desktop.planning.shift import Move, moved_plan, preview, shift, step

S = MilestoneState


def a_plan() -> Plan:
    return Plan(
        id="p",
        name="De Hoek",
        start_date=date(2024, 1, 1),
        end_date=date(2030, 12, 31),
        milestones=[
            Milestone("PHASE_4_DESIGN", date(2025, 1, 1), S.REALIZED, id="design"),
            Milestone("BOUWRIJP", date(2027, 1, 1), S.PLANNED, id="before"),
            Milestone("VERGUNNING_VERLEEND", date(2027, 3, 1), S.PLANNED, id="permit"),
            Milestone("GROND_VERWORVEN", date(2027, 6, 1), S.ABORTED, id="aborted"),
            Milestone("START_SANERING", date(2027, 7, 1), S.REALIZED, id="done"),
            Milestone("START_BOUW", date(2027, 9, 1), S.FORECAST, id="build"),
        ],
        blocks=[
            Block("A", number=24, deliveries=[Delivery(date(2028, 10, 1), 24, id="a")], id="A"),
            Block(
                "Sloop",
                mutation=Mutation.DEMOLITION,
                number=12,
                deliveries=[Delivery(date(2027, 12, 1), 12, id="gone")],
                id="B",
            ),
        ],
    )


def dates(moves: list[Move]) -> dict[str, date]:
    return {move.entity: move.new for move in moves}


def test_alone_only_that_day_changes() -> None:
    moves = shift(a_plan(), "permit", date(2027, 7, 1), follow=False)
    assert moves == [Move("milestone", "permit", "date", date(2027, 3, 1), date(2027, 7, 1))]


def test_what_follows_moves_by_the_same_number_of_days() -> None:
    moves = shift(a_plan(), "permit", date(2027, 7, 1), follow=True)  # 122 days
    assert dates(moves) == {
        "permit": date(2027, 7, 1),
        "build": date(2028, 1, 1),
        "gone": date(2028, 4, 1),
        "a": date(2029, 1, 31),
        "p": date(2031, 5, 2),
    }
    assert {m.kind for m in moves if m.entity == "p"} == {"project"}


def test_realised_and_aborted_stay_unless_they_are_the_ones_dragged() -> None:
    found = dates(shift(a_plan(), "permit", date(2028, 1, 1), follow=True))
    assert not {"aborted", "done", "design", "before"} & found.keys()
    assert dates(shift(a_plan(), "done", date(2027, 7, 2), follow=True)).keys() == {"done", "build", "gone", "a", "p"}


def test_earlier_takes_the_end_along_too() -> None:
    found = dates(shift(a_plan(), "build", date(2027, 8, 1), follow=True))
    assert found["p"] == date(2030, 11, 30)
    assert found["a"] == date(2028, 8, 31)


def test_the_end_date_never_lies_before_what_must_still_happen() -> None:
    plan = a_plan()
    plan.end_date = date(2028, 11, 1)
    assert dates(shift(plan, "a", date(2028, 12, 1), follow=False)) == {"a": date(2028, 12, 1), "p": date(2028, 12, 1)}
    assert "p" not in dates(shift(plan, "a", date(2028, 10, 31), follow=False))


def test_an_aborted_step_far_away_does_not_pull_the_end_date() -> None:
    plan = a_plan()
    plan.milestones.append(Milestone("WOONRIJP", date(2040, 1, 1), S.ABORTED, id="far"))
    assert dates(shift(plan, "permit", date(2027, 3, 2), follow=True))["p"] == date(2031, 1, 1)


def test_the_same_day_is_no_move() -> None:
    assert shift(a_plan(), "permit", date(2027, 3, 1), follow=True) == []


def test_an_unknown_item_is_an_error() -> None:
    with pytest.raises(KeyError):
        shift(a_plan(), "nobody", date(2027, 3, 1), follow=True)


def test_the_preview_says_homes_per_year_and_leaves_the_plan_alone() -> None:
    plan = a_plan()
    moves = shift(plan, "permit", date(2027, 7, 1), follow=True)
    assert homes_per_year(plan.blocks) == {2027: (0, 12), 2028: (24, 0)}
    assert preview(plan, moves) == {2028: (0, 12), 2029: (24, 0)}
    after = moved_plan(plan, moves)
    assert after.end_date == date(2031, 5, 2)
    assert next(m.date for m in after.milestones if m.id == "build") == date(2028, 1, 1)
    assert homes_per_year(plan.blocks) == {2027: (0, 12), 2028: (24, 0)}
    assert plan.end_date == date(2030, 12, 31)


def test_arrow_steps_keep_the_day_of_the_month_where_they_can() -> None:
    assert step(date(2027, 1, 31), months=1) == date(2027, 2, 28)
    assert step(date(2027, 12, 31), days=1) == date(2028, 1, 1)
    assert step(date(2027, 3, 31), months=-1, days=1) == date(2027, 3, 1)


days = st.dates(date(2020, 1, 1), date(2035, 1, 1))
plans = st.builds(
    lambda rows, end: Plan(
        id="p",
        name="x",
        start_date=date(2019, 1, 1),
        end_date=end,
        milestones=[Milestone("BOUWRIJP", day, state, id=str(n)) for n, (day, state) in enumerate(rows)],
    ),
    st.lists(st.tuples(days, st.sampled_from(list(S))), min_size=1, max_size=12),
    days,
)


@given(plans, st.data(), st.integers(1, 2000))
def test_moving_on_keeps_the_order_of_all_that_is_open(plan: Plan, data: st.DataObject, by: int) -> None:
    moved = data.draw(st.sampled_from(plan.milestones))
    after = moved_plan(plan, shift(plan, moved.id, moved.date + timedelta(days=by), follow=True))
    new = {m.id: m.date for m in after.milestones}
    still = [m for m in plan.milestones if m.state in (S.PLANNED, S.FORECAST)]
    for one in still:
        for other in still:
            if one.date < other.date:
                assert new[one.id] < new[other.id]
    for m in plan.milestones:
        if m.id != moved.id and m.state in (S.REALIZED, S.ABORTED):
            assert new[m.id] == m.date


@given(plans, st.data(), st.integers(1, 2000))
def test_moving_back_keeps_the_order_and_distances_of_what_moves(plan: Plan, data: st.DataObject, by: int) -> None:
    moved = data.draw(st.sampled_from(plan.milestones))
    moves = shift(plan, moved.id, moved.date - timedelta(days=by), follow=True)
    shifts = {(m.new - m.old).days for m in moves if m.kind == "milestone"}
    assert shifts == {-by}


@given(plans, st.data(), st.integers(-2000, 2000))
def test_there_and_back_is_where_it_was_when_nothing_follows(plan: Plan, data: st.DataObject, by: int) -> None:
    moved = data.draw(st.sampled_from(plan.milestones))
    there = moved_plan(plan, shift(plan, moved.id, moved.date + timedelta(days=by), follow=False))
    back = moved_plan(there, shift(there, moved.id, moved.date, follow=False))
    assert [(m.id, m.date) for m in back.milestones] == [(m.id, m.date) for m in plan.milestones]
