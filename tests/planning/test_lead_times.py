"""Expected milestones from lead times: worked out by hand, for every phase, with source and spread."""

from datetime import date

import pytest

from diwi_desktop.model.codelists import code_list
from diwi_desktop.model.codes import MilestoneBasis, MilestoneState, Phase
from diwi_desktop.model.derive import phase_type
from diwi_desktop.planning.lead_times import (
    START,
    add_months,
    expected_delivery,
    expected_end,
    expected_milestones,
    span_of,
    table_on,
    tables,
)

TODAY = date(2026, 11, 21)
TABLE = table_on(TODAY)


def dates(start: date, phase: Phase) -> dict[str, date]:
    return {m.type: m.date for m in expected_milestones(start, phase, TODAY)}


def test_a_project_from_its_first_idea_by_hand() -> None:
    # Months from the start: initiative 6, agreement 6+9, definition 6+12, letter of intent 18+6, design 18+18,
    # status 3 36+6, agreement 36+12, preparation 36+30, permit asked 66+6, 2A 66, 1A 66+6, permit 66+12,
    # realisation 66+18, building 84, aftercare 78+23.
    assert dates(date(2027, 1, 15), Phase.CONCEPT) == {
        "PHASE_1_CONCEPT": date(2027, 1, 15),
        "PHASE_2_INITIATIVE": date(2027, 7, 15),
        "PRINCIPEAKKOORD": date(2028, 4, 15),
        "PHASE_3_DEFINITION": date(2028, 7, 15),
        "INTENTIEOVEREENKOMST": date(2029, 1, 15),
        "PHASE_4_DESIGN": date(2030, 1, 15),
        "STATUS_3_IN_VOORBEREIDING": date(2030, 7, 15),
        "ANTERIEURE_OVEREENKOMST": date(2031, 1, 15),
        "PHASE_5_PREPARATION": date(2032, 7, 15),
        "STATUS_2A_VASTGESTELD": date(2032, 7, 15),
        "VERGUNNING_AANGEVRAAGD": date(2033, 1, 15),
        "STATUS_1A_ONHERROEPELIJK": date(2033, 1, 15),
        "VERGUNNING_VERLEEND": date(2033, 7, 15),
        "PHASE_6_REALIZATION": date(2034, 1, 15),
        "START_BOUW": date(2034, 1, 15),
        "PHASE_7_AFTERCARE": date(2035, 6, 15),
    }
    assert expected_delivery(date(2027, 1, 15), Phase.CONCEPT, TABLE) == date(2035, 6, 15)
    assert expected_end(date(2027, 1, 15), Phase.CONCEPT, TABLE) == date(2035, 9, 15)


def test_a_project_that_starts_with_building() -> None:
    # The permit would have come 6 months before; from it 23 months to aftercare, so 17 from the start.
    assert dates(date(2026, 3, 1), Phase.REALIZATION) == {
        "PHASE_6_REALIZATION": date(2026, 3, 1),
        "START_BOUW": date(2026, 3, 1),
        "PHASE_7_AFTERCARE": date(2027, 8, 1),
    }


@pytest.mark.parametrize("phase", list(Phase))
def test_every_phase_starts_on_its_day_and_runs_to_aftercare(phase: Phase) -> None:
    start = date(2026, 2, 1)
    found = expected_milestones(start, phase, TODAY)
    order = list(Phase)
    assert found[0].date == start
    assert {m.type for m in found} >= {phase_type(p) for p in order[order.index(phase) :]}
    assert not {m.type for m in found} & {phase_type(p) for p in order[: order.index(phase)]}
    assert [m.date for m in found] == sorted(m.date for m in found)
    for m in found:
        first = m.type == phase_type(phase)
        assert m.state is (MilestoneState.REALIZED if first else MilestoneState.FORECAST)
        assert m.basis is (MilestoneBasis.HAND if first else MilestoneBasis.LEAD_TIME)
    assert expected_end(start, phase, TABLE) > max(m.date for m in found)


def test_a_start_still_to_come_is_planned_today_is_realised() -> None:
    def first(start: date) -> MilestoneState:
        return expected_milestones(start, Phase.INITIATIVE, TODAY)[0].state

    assert first(TODAY) is MilestoneState.REALIZED
    assert first(date(2026, 11, 22)) is MilestoneState.PLANNED


def test_the_last_day_of_a_month_stays_so_without_drift() -> None:
    found = dates(date(2026, 8, 31), Phase.CONCEPT)
    assert found["PHASE_2_INITIATIVE"] == date(2027, 2, 28)
    # 15 months after the start, by way of that February: the 30th of November, not the 28th.
    assert found["PRINCIPEAKKOORD"] == date(2027, 11, 30)
    assert found["PHASE_3_DEFINITION"] == date(2028, 2, 29)
    assert found["PHASE_4_DESIGN"] == date(2029, 8, 31)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2027, 3, 31), -1, date(2027, 2, 28)),
        (date(2027, 12, 15), 1, date(2028, 1, 15)),
        (date(2027, 1, 15), -1, date(2026, 12, 15)),
        (date(2027, 5, 31), 0, date(2027, 5, 31)),
    ],
)
def test_months_end_where_the_month_ends(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


def test_the_tables_are_whole() -> None:
    known = code_list("milestone_type").by_key
    for table in tables():
        seen = {START}
        for span in table.steps:
            assert span.after in seen
            assert span.type in known
            assert span.low <= span.months <= span.high
            assert span.source
            # Where no figure is published, that is said in the sentence the user sees.
            assert span.assumption is span.source.startswith("aanname") or span.type == "PHASE_1_CONCEPT"
            seen.add(span.type)
        assert table.end.after in seen
        assert {phase_type(p) for p in Phase} <= seen


def test_the_one_published_span_is_not_an_assumption() -> None:
    span = span_of("PHASE_7_AFTERCARE", TABLE)
    assert span is not None
    assert (span.after, span.low, span.months, span.high) == ("VERGUNNING_VERLEEND", 16, 23, 35)
    assert span.source.startswith("CBS")
    assert not span.assumption
    assert span_of("BOUWRIJP", TABLE) is None


def test_the_first_table_serves_for_days_before_it() -> None:
    assert table_on(date(1999, 1, 1)) is tables()[0]
    assert table_on(date(2099, 1, 1)) is tables()[-1]
