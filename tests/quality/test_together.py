"""Rules over all plans: doubles, outliers and overlap, each with a case for and against."""

from dataclasses import replace
from datetime import date

import shapely
from shapely import MultiPolygon

from diwi_desktop.model.codes import MilestoneState, Mutation
from diwi_desktop.model.derive import LAPSED
from diwi_desktop.model.finding import Finding, Severity
from diwi_desktop.model.plan import Block, Milestone, Plan, PlanArea
from diwi_desktop.quality.rule import REGISTER_RULES, Outline
from diwi_desktop.quality.together import Usual, overlaps, takes_part
from tests.quality.test_rules import CONTEXT


def square(x: float, y: float, side: float) -> bytes:
    shape = shapely.set_srid(MultiPolygon([shapely.box(x, y, x + side, y + side)]), 28992)
    return shapely.to_wkb(shape, include_srid=True)


def plan(number: int, homes: int = 50, *squares: tuple[float, float, float], parent: str | None = None) -> Plan:
    return Plan(
        name=f"Plan {number}",
        id=f"p{number}",
        code=f"DWK-{number:03}",
        start_date=date(2025, 1, 1),
        end_date=date(2030, 1, 1),
        parent=parent,
        blocks=[Block("Blok A", number=homes, id=f"b{number}")] if homes else [],
        areas=[PlanArea(square(*corner), f"a{number}") for corner in squares],
    )


def register_findings(plans: list[Plan]) -> list[Finding]:
    """What is doubtful about plans in each other's company."""
    live = [Outline.of(one) for one in plans if takes_part(one, CONTEXT)]
    return [rule.finding(one, hit) for rule, how in REGISTER_RULES.items() for one, hit in how.function(live, CONTEXT)]


def codes(plans: list[Plan]) -> list[tuple[str, str]]:
    return [(f.project, f.code) for f in register_findings(plans)]


def test_plans_that_differ_have_no_findings() -> None:
    assert codes([plan(1), plan(2), plan(3)]) == []


def test_the_same_name_in_another_case_is_found_on_both() -> None:
    plans = [plan(1), replace(plan(2), name="PLAN  1"), plan(3)]
    assert codes(plans) == [("p1", "duplicate_name"), ("p2", "duplicate_name")]
    finding = register_findings(plans)[0]
    assert finding.nl == "De naam 'Plan 1' komt 2 keer voor (ook bij DWK-002)."


def test_the_same_code_is_an_error() -> None:
    plans = [plan(1), replace(plan(2), code="DWK-001"), replace(plan(3), code=""), replace(plan(4), code="")]
    assert codes(plans) == [("p1", "duplicate_code"), ("p2", "duplicate_code")]
    assert register_findings(plans)[0].severity is Severity.ERROR


def test_two_thousand_homes_where_fifty_are_usual() -> None:
    usual = [plan(n, homes) for n, homes in enumerate([12, 18, 24, 30, 36, 48, 50, 52, 60, 75, 90, 120, 160, 240])]
    assert codes(usual) == []
    (finding,) = register_findings([*usual, plan(99, 2000)])
    assert (finding.code, finding.entity, finding.field, finding.value) == ("unlikely_number", "b99", "number", 2000)
    assert finding.nl == "Blok 'Blok A' telt 2.000 woningen; rond de 52 is gebruikelijk."


def test_demolition_is_compared_with_demolition() -> None:
    usual = [plan(n, 400) for n in range(20)]
    odd = plan(99)
    odd.blocks = [Block("Sloop", Mutation.DEMOLITION, 4000)]
    assert codes([*usual, odd]) == []


def test_few_or_equal_numbers_say_little() -> None:
    assert Usual.of([50] * 11) is None
    same = Usual.of([50] * 20)
    assert same is not None
    assert not same.too_high(100)
    assert same.too_high(1000)


def test_too_many_homes_on_a_small_area() -> None:
    usual = [plan(n, 40, (n * 1000, 0, 100.0)) for n in range(15)]
    assert codes(usual) == []
    (finding,) = register_findings([*usual, plan(99, 40, (99_000, 0, 10.0))])
    assert finding.code == "unlikely_density"
    assert finding.nl == "40 woningen op 100 m² is 4.000 per hectare; rond de 40 is gebruikelijk."


def test_overlap_is_told_to_both_plans_in_square_metres() -> None:
    plans = [plan(1, 0, (0, 0, 100)), plan(2, 0, (90, 0, 100)), plan(3, 0, (185, 0, 100)), plan(4, 0, (500, 0, 10))]
    assert overlaps([Outline.of(plan) for plan in plans]) == {
        "p1": {"p2": 1000},
        "p2": {"p1": 1000, "p3": 500},
        "p3": {"p2": 500},
    }
    found = register_findings(plans)
    assert [(f.project, f.code) for f in found] == [(f"p{n}", "plans_overlap") for n in (1, 2, 3)]
    assert found[1].nl == "Het plangebied overlapt 1.000 m² met 'Plan 1', 500 m² met 'Plan 3'."
    assert (found[1].kind, found[1].entity, found[1].value) == ("plan_area", "a2", 1500)


def test_neighbours_slivers_and_family_do_not_overlap() -> None:
    beside = [plan(1, 0, (0, 0, 100)), plan(2, 0, (100, 0, 100)), plan(3, 0, (199.999, 0, 100))]
    assert codes(beside) == []
    mother = [plan(1, 0, (0, 0, 100)), plan(2, 0, (10, 10, 20), parent="p1")]
    assert codes(mother) == []
    assert codes([plan(1)]) == []


def test_a_lapsed_plan_takes_no_part() -> None:
    plans = [plan(1, 0, (0, 0, 100)), plan(2, 0, (50, 0, 100))]
    assert len(codes(plans)) == 2
    plans[1].milestones = [Milestone(LAPSED, date(2026, 1, 1), MilestoneState.REALIZED)]
    assert codes(plans) == []


def test_every_rule_is_tested() -> None:
    assert {rule.code for rule in REGISTER_RULES} == {
        "duplicate_name", "duplicate_code", "unlikely_number", "unlikely_density", "plans_overlap",
    }  # fmt: skip
