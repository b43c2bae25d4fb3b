"""A register ready to deliver to Zuid-Holland, with three faults, for the tests of the submission wizard."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import shapely

from diwi_desktop.geo.shape import to_ewkb
from diwi_desktop.model.clock import FixedClock
from diwi_desktop.model.codes import Confidentiality, MilestoneState, OwnershipType, PlanType
from diwi_desktop.model.plan import Block, Delivery, Milestone, Municipality, Ownership, Plan, PlanArea, Range
from diwi_desktop.store import Device, Store, queries
from diwi_desktop.store.plans import write_plan

TODAY = date(2026, 11, 21)
CLIENTS = ("Gemeente", "Woningcorporatie", "Ontwikkelaar")
LISTS = ("1a harde plannen, in voorbereiding of in uitvoering", "1b kansrijke plannen", "2 reserveplannen")
GOOD = ("De Hoek", "Kadeplein", "Molenwerf 2", "Molenwerf 10", "Stationsstraat", "Tuinzicht")


def new_register(folder: Path) -> Store:
    """An empty register of Duinwijk on 21-11-2026."""
    return Store.create(
        folder / "duinwijk.diwi",
        municipality=Municipality("0999", "Duinwijk", "Zuid-Holland", "Rijnmond", "DNW"),
        author="j.jansen",
        clock=FixedClock.on(TODAY),
        device=Device("device-1", "1"),
    )


def fill(store: Store) -> dict[str, str]:
    """Own fields and projects: faultless ones, three with one fault each, and three that never go. Ids by name."""
    with store.act("Eigen velden") as act:
        client = act.create("own_field", {"object": "project", "name": "Opdrachtgever", "type": "CATEGORY"})
        plan_list = act.create("own_field", {"object": "project", "name": "Categorie planlijst", "type": "CATEGORY"})
        clients = [act.create("option", {"list": client, "name": name}) for name in CLIENTS]
        lists = [act.create("option", {"list": plan_list, "name": name}) for name in LISTS]
    town = queries.option_list(store, "municipality")[0].id
    found: dict[str, str] = {}

    def add(name: str, place: int, **changes: object) -> None:
        plan = _plan(name, place, town)
        plan.own = {client: [clients[place % 2]], plan_list: [lists[place % 3]]}
        for key, value in changes.items():
            setattr(plan, key, value)
        with store.act("Project maken") as act:
            found[name] = write_plan(act, plan)

    for place, name in enumerate(GOOD):
        add(name, place)
    add("Zonder woonplaats", 7, municipality=None)
    add("Zonder plantype", 8, plan_types=[])
    add("Zonder opdrachtgever", 9, own={plan_list: [lists[0]]})
    add("Geheim plan", 10, confidentiality=Confidentiality.INTERNAL_CIVIL)
    add("Ambtelijk idee", 11, milestones=[_step("STATUS_5A_AMBTELIJK_MET_LOCATIE", date(2025, 1, 1))])
    add("Afgeblazen", 12, milestones=[*_plan("x", 0, town).milestones, _step("VERVALLEN", date(2026, 2, 1))])
    return found


def _step(kind: str, day: date, state: MilestoneState = MilestoneState.REALIZED) -> Milestone:
    return Milestone(kind, day, state)


def _plan(name: str, place: int, town: str) -> Plan:
    homes = 24 + 6 * place
    x, y = 80_000 + 350 * (place % 4), 440_000 + 300 * (place // 4)
    shape = shapely.MultiPolygon([shapely.Polygon([(x, y), (x + 180, y + 20), (x + 150, y + 160), (x - 20, y + 120)])])
    return Plan(
        name=name,
        start_date=date(2024, 1, 15),
        end_date=date(2031, 12, 31),
        confidentiality=Confidentiality.EXTERNAL_GOVERNMENTAL if place % 3 else Confidentiality.PUBLIC,
        plan_types=[list(PlanType)[place % 6]],
        municipality=town,
        blocks=[
            Block(
                "Blok A",
                number=homes,
                multi_family=homes - 10,
                single_family=10,
                student=place,
                deliveries=[Delivery(date(2028, 6, 1), homes // 2), Delivery(date(2029, 6, 1), homes - homes // 2)],
                ownerships=[
                    Ownership(OwnershipType.BUY, 12, price=Range(35_000_000, 38_000_000)),
                    Ownership(OwnershipType.RENT_CORPORATION, 10, rent=Range(85_000, 85_000)),
                ],
            )
        ],
        milestones=[
            _step("PHASE_4_DESIGN", date(2025, 2, 1)),
            _step("PHASE_6_REALIZATION", date(2027, 9, 1), MilestoneState.PLANNED),
            _step("STATUS_3_IN_VOORBEREIDING", date(2024, 6, 1)),
        ],
        areas=[PlanArea(to_ewkb(shape))],
    )
