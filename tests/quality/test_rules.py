"""Each rule on one plan: a faultless plan gives nothing; one change gives exactly that rule's finding."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from diwi_desktop.model.catalogue import OwnField, catalogue
from diwi_desktop.model.codes import (
    Confidentiality,
    MilestoneState,
    OptionList,
    OwnershipType,
    OwnFieldType,
    Phase,
    PlanStatus,
    PlanType,
)
from diwi_desktop.model.derive import LAPSED, phase_type, status_type
from diwi_desktop.model.finding import Severity
from diwi_desktop.model.moment import Moment
from diwi_desktop.model.plan import (
    Block,
    Delivery,
    Milestone,
    Municipality,
    Option,
    Ownership,
    Plan,
    PlanArea,
    Range,
)
from diwi_desktop.quality import Context, findings
from diwi_desktop.quality.rule import PLAN_RULES

TODAY = date(2026, 11, 1)
OWN = [
    OwnField("leader", "project", "Opdrachtgever", OwnFieldType.TEXT, mandatory=True),
    OwnField("free", "project", "Toelichting", OwnFieldType.TEXT),
    OwnField("wish", "houseblock", "Woonmilieu", OwnFieldType.TEXT, mandatory=True),
    OwnField("off", "project", "Oud", OwnFieldType.TEXT, mandatory=True, disabled=True),
]
CONTEXT = Context(
    options={
        "m": Option("m", OptionList.MUNICIPALITY, "Duinwijk"),
        "bare": Option("bare", OptionList.PRICE_BUY, "Betaalbaar"),
        "full": Option("full", OptionList.PRICE_BUY, "Duur", bounds=Range(60_000_000, None)),
    },
    catalogue=catalogue().with_own_fields(OWN),
    moment=Moment(None, TODAY, TODAY),
    municipality=Municipality("0999", "Duinwijk", "Zuid-Holland"),
)
DONE, PLANNED = MilestoneState.REALIZED, MilestoneState.PLANNED


def step(kind: str, day: date, state: MilestoneState = PLANNED) -> Milestone:
    return Milestone(kind, day, state, id=f"{kind}@{day}")


def faultless() -> Plan:
    return Plan(
        name="Aan de Vaart",
        id="p1",
        code="DWK-2025-BCD-001",
        start_date=date(2025, 1, 1),
        end_date=date(2031, 12, 31),
        confidentiality=Confidentiality.PUBLIC,
        plan_types=[PlanType.VERDICHTING],
        municipality="m",
        districts=["d"],
        neighbourhoods=["n"],
        plan_id="NL.IMRO.0999.BP00012-VG01",
        plan_id_kind="IMRO",
        own={"leader": "Woonstichting De Duinen"},
        areas=[PlanArea(b"", "a1")],
        milestones=[
            step(phase_type(Phase.CONCEPT), date(2025, 1, 1), DONE),
            step(phase_type(Phase.DESIGN), date(2026, 1, 1), DONE),
            step(phase_type(Phase.REALIZATION), date(2027, 3, 1)),
            step(phase_type(Phase.AFTERCARE), date(2030, 1, 1)),
            step(status_type(PlanStatus.S3), date(2025, 6, 1), DONE),
            step(status_type(PlanStatus.S2A), date(2027, 1, 1)),
        ],
        blocks=[
            Block(
                "Blok A",
                number=30,
                id="b1",
                start_date=date(2025, 1, 1),
                size=Range(70.0, 95.0),
                own={"wish": "Dorps"},
                deliveries=[
                    Delivery(date(2028, 6, 1), 10, id="d1"),
                    Delivery(date(2029, 6, 1), 20, id="d2"),
                    Delivery(date(2020, 1, 1), 30, MilestoneState.ABORTED, id="d3"),
                ],
                ownerships=[
                    Ownership(OwnershipType.BUY, 20, price=Range(30_000_000, 39_000_000), id="o1"),
                    Ownership(OwnershipType.RENT_LANDLORD, 5, rent=Range(0, 110_000), id="o2"),
                    Ownership(OwnershipType.RENT_LANDLORD, 5, rent=Range(110_000, None), id="o3"),
                ],
            )
        ],
    )


def test_a_faultless_plan_has_no_findings() -> None:
    assert findings(faultless(), CONTEXT) == []


def set_plan(**values: Any) -> Callable[[Plan], None]:
    def change(plan: Plan) -> None:
        for key, value in values.items():
            setattr(plan, key, value)

    return change


def set_block(**values: Any) -> Callable[[Plan], None]:
    def change(plan: Plan) -> None:
        for key, value in values.items():
            setattr(plan.blocks[0], key, value)

    return change


def add_step(kind: str, day: date, state: MilestoneState = PLANNED) -> Callable[[Plan], None]:
    return lambda plan: plan.milestones.append(step(kind, day, state))


def move(number: int, **values: Any) -> Callable[[Plan], None]:
    """Change a milestone: 0 concept, 1 design, 2 realisation, 3 aftercare, 4 status 3, 5 status 2A."""

    def change(plan: Plan) -> None:
        plan.milestones[number] = replace(plan.milestones[number], **values)

    return change


def both(*changes: Callable[[Plan], None]) -> Callable[[Plan], None]:
    def change(plan: Plan) -> None:
        for each in changes:
            each(plan)

    return change


def delivery(day: date, number: int = 30, state: MilestoneState = PLANNED) -> Callable[[Plan], None]:
    return set_block(deliveries=[Delivery(day, number, state, id="d9")])


def owned(price: Range[int] | None = None, rent: Range[int] | None = None) -> Callable[[Plan], None]:
    kind = OwnershipType.RENT_CORPORATION if rent else OwnershipType.BUY
    return set_block(ownerships=[Ownership(kind, 1, price=price, rent=rent, id="o9")])


def in_class(option: str) -> Callable[[Plan], None]:
    rows = [(4, "o8"), (3, "o9")]
    return set_block(ownerships=[Ownership(OwnershipType.BUY, n, price_option=option, id=key) for n, key in rows])


HARD = both(
    move(5, date=date(2026, 2, 1), state=DONE),
    add_step(status_type(PlanStatus.S1A), date(2026, 8, 1), DONE),
)

# code, what breaks the rule, where the finding points, what it says (a part)
BROKEN: list[tuple[str, Callable[[Plan], None], tuple[str, str, str], str]] = [
    ("field_missing", set_plan(municipality=None, districts=[], neighbourhoods=[]), ("project", "p1", "municipality"),
     "Gemeente is niet ingevuld."),
    ("field_missing", set_plan(own={}), ("project", "p1", "own:leader"), "Opdrachtgever is niet ingevuld."),
    ("field_missing", set_block(own={"wish": ""}), ("houseblock", "b1", "own:wish"), "Woonmilieu is niet ingevuld bij"),
    ("plan_type_missing", set_plan(plan_types=[]), ("project", "p1", "plan_types"), "niet gekozen"),
    ("plan_type_several", set_plan(plan_types=[PlanType.VERDICHTING, PlanType.HERSTRUCTURERING]),
     ("project", "p1", "plan_types"), "2 plantypen gekozen (Verdichting, Herstructurering)"),
    ("expansion_too_small",
     both(set_plan(plan_types=[PlanType.UITBREIDING_UITLEG]), set_block(number=11, ownerships=[]),
          delivery(date(2029, 1, 1), 11)), ("project", "p1", "plan_types"), "bouwt 11 woningen"),
    ("expansion_too_large", set_plan(plan_types=[PlanType.UITBREIDING_OVERIG]), ("project", "p1", "plan_types"),
     "bouwt 30 woningen"),
    ("neighbourhood_without_district", set_plan(districts=[]), ("project", "p1", "districts"), "maar geen wijk"),
    ("plan_id_form", set_plan(plan_id="NL.IMRO.999.BP1"), ("project", "p1", "plan_id"), "'NL.IMRO.999.BP1' is geen"),
    ("plan_id_municipality", set_plan(plan_id="NL.IMRO.0141.BP00041-0401"), ("project", "p1", "plan_id"),
     "is van gemeente 0141, niet van Duinwijk (0999)"),
    ("plan_id_missing", both(HARD, set_plan(plan_id=None)), ("project", "p1", "plan_id"), "plan is onherroepelijk"),
    ("phase_missing", lambda plan: plan.milestones.__delitem__(slice(0, 2)), ("milestone", "p1", "date"),
     "geen fase"),
    ("plan_status_missing", lambda plan: plan.milestones.__delitem__(4), ("milestone", "p1", "date"), "ontbreekt"),
    ("phase_order", add_step(phase_type(Phase.PREPARATION), date(2028, 1, 1)),
     ("milestone", "PHASE_5_PREPARATION@2028-01-01", "date"),
     "'Start voorbereiding' op 01-01-2028 komt na 'Start realisatie' op 01-03-2027"),
    ("plan_status_order", add_step(status_type(PlanStatus.S4A), date(2027, 2, 1)),
     ("milestone", "STATUS_4A_OPGENOMEN_IN_VISIE@2027-02-01", "date"), "maar hoort ervoor"),
    ("phase_without_hard_status", both(move(2, date=date(2026, 10, 1), state=DONE)), ("milestone", "p1", "date"),
     "De fase is 6 Realisatie, maar de planstatus is nog zacht: 3 In voorbereiding."),
    ("municipal_status_late",
     both(move(4, type=status_type(PlanStatus.S5A))), ("milestone", "p1", "date"), "5A Ambtelijk met locatie past"),
    ("hard_plan_confidential", both(HARD, set_plan(confidentiality=Confidentiality.EXTERNAL_REGIONAL)),
     ("project", "p1", "confidentiality"), "'Extern woonregio'"),
    ("milestone_overdue", add_step("ANTERIEURE_OVEREENKOMST", date(2026, 10, 31)),
     ("milestone", "ANTERIEURE_OVEREENKOMST@2026-10-31", "date"), "is 1 dag te laat"),
    ("milestone_realised_in_future", add_step("BOUWRIJP", date(2026, 11, 2), DONE),
     ("milestone", "BOUWRIJP@2026-11-02", "state"), "02-11-2026 moet nog komen"),
    ("milestone_outside_project", add_step("FINANCIEEL_AFGEROND", date(2032, 1, 1)),
     ("milestone", "FINANCIEEL_AFGEROND@2032-01-01", "date"), "buiten de looptijd (01-01-2025 tot en met 31-12-2031)"),
    ("milestone_twice", both(add_step("START_BOUW", date(2027, 3, 1)), add_step("START_BOUW", date(2027, 5, 1))),
     ("milestone", "START_BOUW@2027-05-01", "type"), "'Start bouw woningen' staat 2 keer"),
    ("no_blocks", set_plan(blocks=[]), ("houseblock", "p1", "name"), "geen woningblok"),
    ("block_without_delivery", set_block(deliveries=[]), ("houseblock", "b1", "number"), "'Blok A' (30 woningen)"),
    ("deliveries_below_number", delivery(date(2028, 6, 1), 29), ("delivery", "d9", "number"), "29 van de 30"),
    ("delivery_outside_project", both(move(3, date=date(2031, 12, 31), state=MilestoneState.ABORTED),
                                      delivery(date(2032, 1, 1))), ("delivery", "d9", "date"), "01-01-2032 ligt"),
    ("delivery_before_realisation", delivery(date(2027, 2, 28)), ("delivery", "d9", "date"), "(01-03-2027)"),
    ("delivery_after_aftercare", delivery(date(2030, 1, 2)), ("delivery", "d9", "date"), "na de start van de nazorg"),
    ("delivery_overdue", both(move(2, state=MilestoneState.ABORTED), delivery(date(2026, 10, 2))),
     ("delivery", "d9", "date"), "is 30 dagen te laat"),
    ("delivery_realised_in_future", delivery(date(2028, 1, 1), 30, DONE), ("delivery", "d9", "state"),
     "op gerealiseerd"),
    ("block_start_outside_project", set_block(start_date=date(2024, 12, 31)), ("houseblock", "b1", "start_date"),
     "31-12-2024"),
    ("unlikely_price", owned(price=Range(300_000, 300_000)), ("ownership", "o9", "price"), "koopprijs € 3.000 is"),
    ("unlikely_price", owned(rent=Range(10_000_000, None)), ("ownership", "o9", "rent"), "huurbedrag € 100.000 is"),
    ("price_class_without_bounds", in_class("bare"), ("option", "bare", "bounds"), "; 7 woningen tellen als prijs onb"),
    ("ownership_without_homes", set_block(ownerships=[Ownership(OwnershipType.BUY, 0, id="o9")]),
     ("ownership", "o9", "number"), "de regel Koopwoning telt geen woningen"),
    ("unlikely_size", set_block(size=Range(70.0, 9500.0)), ("houseblock", "b1", "size"), "9.500 m²"),
    ("no_plan_area", set_plan(areas=[]), ("plan_area", "p1", "geometry"), "nog niet getekend"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "change", "place", "words"), BROKEN, ids=[row[0] for row in BROKEN])
def test_each_rule_finds_what_it_is_for(
    code: str, change: Callable[[Plan], None], place: tuple[str, str, str], words: str
) -> None:
    plan = faultless()
    change(plan)
    found = findings(plan, CONTEXT)
    assert [f.code for f in found] == [code]
    (finding,) = found
    assert words in finding.nl
    assert (finding.kind, finding.entity, finding.field) == place
    assert finding.field in CONTEXT.catalogue.kind(finding.kind).by_key
    assert (finding.project, finding.project_name) == ("p1", "Aan de Vaart")
    assert finding.nl.endswith(".")
    assert finding.en.endswith(".")
    assert finding.nl != finding.en
    assert finding.source


def test_district_without_municipality_comes_with_the_missing_municipality() -> None:
    plan = faultless()
    plan.municipality = None
    assert [f.code for f in findings(plan, CONTEXT)] == ["field_missing", "district_without_municipality"]


def test_every_rule_is_tested() -> None:
    assert {row[0] for row in BROKEN} | {"district_without_municipality"} == {rule.code for rule in PLAN_RULES}
    assert all(rule.severity is not Severity.REFUSAL for rule in PLAN_RULES)


# What looks like a fault but is none.
FINE: list[tuple[str, Callable[[Plan], None]]] = [
    ("twelve homes on new land", both(set_plan(plan_types=[PlanType.UITBREIDING_UITLEG]))),
    ("eleven homes of other expansion", both(set_plan(plan_types=[PlanType.UITBREIDING_OVERIG]),
                                            set_block(number=11, ownerships=[]), delivery(date(2029, 1, 1), 11))),
    ("an id of the Environment Act", set_plan(plan_id="/akn/nl/act/gm0999/26/1", plan_id_kind="OMGEVINGSWET")),
    ("a province may plan on municipal ground", set_plan(plan_id="NL.IMRO.9928.PIP1-VG01")),
    ("a hard plan that is public", HARD),
    ("an aborted step may lie anywhere and twice", both(add_step("BOUWRIJP", date(1990, 1, 1), MilestoneState.ABORTED),
                                                      add_step("BOUWRIJP", date(2027, 1, 1)))),
    ("realised today", add_step("BOUWRIJP", TODAY, DONE)),
    ("planned today", add_step("BOUWRIJP", TODAY)),
    ("elaboration follows adoption", add_step(status_type(PlanStatus.S2B), date(2027, 2, 1))),
    ("5B has no location yet", both(set_plan(areas=[], blocks=deepcopy(faultless().blocks)),
                                    lambda plan: plan.milestones.__setitem__(
                                        1, step(phase_type(Phase.INITIATIVE), date(2026, 1, 1), DONE)),
                                    move(4, type=status_type(PlanStatus.S5B)))),
    ("a price class with a lower bound only", in_class("full")),
    ("a price class that is gone", in_class("gone")),
    ("delivered on the first day of realisation", delivery(date(2027, 3, 1))),
    ("an empty block needs no delivery", set_block(number=0, ownerships=[], deliveries=[])),
    ("a project that has yet to start needs no phase", both(set_plan(start_date=date(2026, 12, 1), milestones=[]),
                                                           set_block(start_date=None))),
]  # fmt: skip


@pytest.mark.parametrize(("why", "change"), FINE, ids=[why for why, _ in FINE])
def test_what_only_looks_wrong_is_left_alone(why: str, change: Callable[[Plan], None]) -> None:
    plan = faultless()
    change(plan)
    assert [f.nl for f in findings(plan, CONTEXT)] == []


def test_a_lapsed_plan_is_left_alone() -> None:
    plan = faultless()
    plan.blocks.clear()
    plan.areas.clear()
    plan.milestones.append(step(LAPSED, date(2026, 10, 1), DONE))
    assert findings(plan, CONTEXT) == []


def test_the_past_is_judged_by_what_was_today_then() -> None:
    plan = faultless()
    plan.milestones.append(step("ANTERIEURE_OVEREENKOMST", date(2026, 10, 31)))
    then = date(2026, 10, 30)
    assert findings(plan, replace(CONTEXT, moment=Moment(4, then, then))) == []
    ahead = replace(CONTEXT, moment=Moment(None, date(2029, 1, 1), TODAY))
    assert [f.code for f in findings(plan, ahead)] == ["milestone_overdue"]
