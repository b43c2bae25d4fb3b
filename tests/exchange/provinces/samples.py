"""A small register and projects for the tests of the province export."""

from __future__ import annotations

from datetime import date

import shapely

from diwi_desktop.exchange.provinces import Engine, FieldMapping, Mappings, Record, Register, profile
from diwi_desktop.geo.shape import to_ewkb
from diwi_desktop.model.catalogue import OwnField, catalogue
from diwi_desktop.model.codes import Confidentiality, MilestoneState, Mutation, OwnFieldType, PlanType
from diwi_desktop.model.moment import Moment
from diwi_desktop.model.plan import Block, Delivery, Milestone, Municipality, Option, Plan, PlanArea, Range

TODAY = date(2026, 11, 21)
PZH = profile("zuid-holland")
DONE, PLANNED = MilestoneState.REALIZED, MilestoneState.PLANNED

CLIENT, LIST, STUDENTS, FLEX, BOTTLENECKS, REMARK, DEGREE = (f"own-{n}" for n in range(1, 8))
OWN = [
    OwnField(CLIENT, "project", "Opdrachtgever", OwnFieldType.CATEGORY),
    OwnField(LIST, "project", "Categorie planlijst", OwnFieldType.CATEGORY, single=False),
    OwnField(STUDENTS, "project", "Aantal studentenwoningen", OwnFieldType.NUMERIC),
    OwnField(FLEX, "project", "Flexwoningen", OwnFieldType.BOOLEAN),
    OwnField(BOTTLENECKS, "project", "Knelpunten", OwnFieldType.CATEGORY, single=False),
    OwnField(REMARK, "project", "Opmerkingen basis", OwnFieldType.TEXT),
    OwnField(DEGREE, "project", "Klimaatadaptief", OwnFieldType.ORDINAL),
]
_OPTIONS = [
    Option("town", "municipality", "Duinwijk"),
    Option("c-town", CLIENT, "De gemeente"),
    Option("c-corp", CLIENT, "Woningcorporatie"),
    Option("l-1a", LIST, "1a harde plannen, in voorbereiding of in uitvoering"),
    Option("l-1b", LIST, "1b kansrijke plannen"),
    Option("b-noise", BOTTLENECKS, "Lawaai"),
    Option("b-power", BOTTLENECKS, "Netcongestie"),
    Option("b-park", BOTTLENECKS, "Parkeren"),
    Option("d-1", DEGREE, "Nee", 1),
    Option("d-2", DEGREE, "Ja, ruime aandacht", 2),
    Option("p-cheap", "priceRangeBuy", "Goedkoop", bounds=Range(0, 28_000_000)),
    Option("p-wide", "priceRangeBuy", "Van alles", bounds=Range(20_000_000, 45_000_000)),
    Option("p-dear", "priceRangeBuy", "Duur", bounds=Range(60_000_000, None)),
    Option("p-off", "priceRangeBuy", "Oud", bounds=Range(0, 10_000_000), disabled=True),
]


def register(on: date = TODAY, today: date = TODAY, options: list[Option] | None = None) -> Register:
    """Duinwijk in Zuid-Holland with seven own fields."""
    return Register(
        Municipality("0999", "Duinwijk", "Zuid-Holland", "Rijnmond", "DNW"),
        {option.id: option for option in (options or _OPTIONS)},
        catalogue().with_own_fields(OWN),
        Moment(None, on, today),
    )


def mapping(**changes: FieldMapping | None) -> Mappings:
    """The mandatory fields mapped; `changes` add, replace or (None) remove."""
    found: dict[str, FieldMapping | None] = {
        "opdrachtgever_type": FieldMapping(
            "opdrachtgever_type", f"own:{CLIENT}", {"c-town": ("Gemeente",), "c-corp": ("Woningcorporatie",)}
        ),
        "ph_text1": FieldMapping("ph_text1", f"own:{LIST}"),
        "ph_short2": FieldMapping("ph_short2", "houseblock.student", constant="0"),
        **changes,
    }
    return {target: item for target, item in found.items() if item is not None}


def square(x: float = 107_000.0, y: float = 499_000.0, side: float = 100.0) -> bytes:
    """A square in RD as EWKB."""
    return to_ewkb(shapely.MultiPolygon([shapely.box(x, y, x + side, y + side)]))


def plan(*blocks: Block, **changes: object) -> Plan:
    """A project that the province accepts as it is."""
    found = Plan(
        id="0190aaaa-0000-7000-8000-000000000001",
        name="De Hoek",
        start_date=date(2024, 1, 15),
        end_date=date(2030, 12, 31),
        confidentiality=Confidentiality.EXTERNAL_GOVERNMENTAL,
        plan_types=[PlanType.VERDICHTING],
        municipality="town",
        blocks=list(blocks),
        milestones=[
            Milestone("PHASE_2_INITIATIVE", date(2024, 1, 15), DONE),
            Milestone("PHASE_4_DESIGN", date(2026, 2, 1), DONE),
            Milestone("PHASE_6_REALIZATION", date(2027, 9, 1), PLANNED),
            Milestone("STATUS_3_IN_VOORBEREIDING", date(2024, 6, 1), DONE),
            Milestone("STATUS_1A_ONHERROEPELIJK", date(2027, 3, 1), PLANNED),
        ],
        areas=[PlanArea(square())],
        own={CLIENT: ["c-town"], LIST: ["l-1b"]},
    )
    for key, value in changes.items():
        setattr(found, key, value)
    return found


def block(number: int, *deliveries: tuple[date, int] | Delivery, **values: object) -> Block:
    """A construction block; deliveries as (date, number) are planned."""
    made = [d if isinstance(d, Delivery) else Delivery(*d) for d in deliveries]
    return Block("Blok A", number=number, deliveries=made, id="block-a", **values)


def demolition(number: int, *deliveries: tuple[date, int] | Delivery, **values: object) -> Block:
    """A demolition block."""
    found = block(number, *deliveries, **values)
    found.name, found.id, found.mutation = "Sloop", "block-d", Mutation.DEMOLITION
    return found


def evaluate(found: Plan, *, mapped: Mappings | None = None, reg: Register | None = None) -> Record:
    """The record of one plan."""
    return Engine(PZH, reg or register(), mapping() if mapped is None else mapped).evaluate(found)


def filled(row: dict[str, object]) -> dict[str, object]:
    """The cells of a year row that hold homes."""
    return {key: value for key, value in row.items() if key != "jaartal" and value not in (0, "Ja", "Nee")}
