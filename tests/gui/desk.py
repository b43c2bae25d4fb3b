"""A small register with one well-filled project, for tests of the window."""

from datetime import UTC, date, datetime
from pathlib import Path

import shapely

from diwi_desktop.gui.state import AppState
from diwi_desktop.model.clock import FixedClock
from diwi_desktop.model.codes import Confidentiality, MilestoneState, Mutation, OwnershipType, PlanType
from diwi_desktop.model.plan import (
    Block,
    Delivery,
    Milestone,
    Municipality,
    Ownership,
    ParcelLink,
    Plan,
    PlanArea,
    Range,
    Share,
    Writer,
)
from diwi_desktop.store import Device, Store, queries
from diwi_desktop.store.plans import write_plan

TODAY = date(2026, 6, 15)


def new_store(folder: Path) -> Store:
    """An empty register of Heemskerk on 15-06-2026."""
    return Store.create(
        folder / "heemskerk.diwi",
        municipality=Municipality("0396", "Heemskerk", "Noord-Holland", "Zuid-Kennemerland/IJmond", "HMK"),
        author="j.jansen",
        clock=FixedClock(datetime(2026, 6, 15, 8, 0, tzinfo=UTC)),
        device=Device("device-1", "1"),
    )


def option(store: Store, list_name: str, name: str) -> str:
    """The id of an option by its name."""
    return next(o.id for o in queries.option_list(store, list_name) if o.name == name)


def square(x: float, y: float, side: float) -> bytes:
    """A square plan area in RD as EWKB."""
    shape = shapely.MultiPolygon([shapely.box(x, y, x + side, y + side * 0.7)])
    return shapely.to_wkb(shapely.set_srid(shape, 28992), include_srid=True)


def fill(store: Store) -> tuple[str, str]:
    """People, price classes, lists, own fields and two projects. Returns the ids of mother and sub-plan."""
    with store.act("Beheer") as act:
        person = act.create("person", {"name": "Jan Jansen", "email": "j.jansen@heemskerk.example", "state": "ACTIEF"})
        act.create("person", {"name": "Noor de Wit", "email": "n.dewit@heemskerk.example"})
        cheap = act.create("option", {"list": "priceRangeBuy", "name": "Betaalbaar", "bounds": [0, 40_500_000]})
        act.create("option", {"list": "priceRangeBuy", "name": "Duur", "bounds": [40_500_001, None]})
        social = act.create("option", {"list": "priceRangeRent", "name": "Sociale huur", "bounds": [0, 93_100]})
        district = act.create("option", {"list": "district", "name": "Broekpolder"})
        act.create("option", {"list": "district", "name": "Centrum"})
        buurt = act.create("option", {"list": "neighbourhood", "name": "De Vlotter"})
        act.create("own_field", {"object": "project", "name": "Accounthouder", "type": "TEXT"})
        act.create("own_field", {"object": "project", "name": "Aardgasvrij", "type": "BOOLEAN", "mandatory": True})
        act.create("own_field", {"object": "houseblock", "name": "Parkeernorm", "type": "NUMERIC", "minimum": 0})
    plan = Plan(
        name="De Hoek",
        start_date=date(2024, 3, 1),
        end_date=date(2030, 12, 31),
        confidentiality=Confidentiality.INTERNAL_COUNCIL,
        plan_types=[PlanType.VERDICHTING],
        description="Herontwikkeling van de hoek Marquettelaan en Rijksstraatweg met een plein aan het water.",
        project_leader="N. de Wit",
        municipality=option(store, "municipality", "Heemskerk"),
        districts=[district],
        neighbourhoods=[buurt],
        priority=(option(store, "priority", "Hoog"), option(store, "priority", "Middel")),
        blocks=[
            Block(
                name="Appartementen",
                number=48,
                multi_family=48,
                ground_formal=36,
                size=Range(55.0, 85.0),
                deliveries=[Delivery(date(2027, 9, 1), 24), Delivery(date(2028, 6, 1), 24)],
                ownerships=[
                    Ownership(OwnershipType.RENT_CORPORATION, 20, rent_option=social),
                    Ownership(OwnershipType.BUY, 16, price=Range(32_500_000, 39_500_000)),
                ],
                shares=[
                    Share(option(store, "targetGroup", "Ouderen"), 12),
                    Share(option(store, "targetGroup", "Jongeren"), 10),
                    Share(option(store, "physicalAppearance", "Portiekflat"), 48),
                ],
            ),
            Block(
                name="Rijwoningen",
                number=18,
                single_family=18,
                deliveries=[Delivery(date(2028, 6, 1), 18)],
                ownerships=[Ownership(OwnershipType.BUY, 18, price_option=cheap)],
            ),
            Block(
                name="Sloop portiekflats",
                mutation=Mutation.DEMOLITION,
                number=12,
                deliveries=[Delivery(date(2026, 10, 1), 12)],
            ),
        ],
        milestones=[
            Milestone("PHASE_1_CONCEPT", date(2024, 3, 1), MilestoneState.REALIZED),
            Milestone("PHASE_2_INITIATIVE", date(2024, 9, 1), MilestoneState.REALIZED),
            Milestone("PHASE_4_DESIGN", date(2025, 11, 1), MilestoneState.REALIZED),
            Milestone("STATUS_3_IN_VOORBEREIDING", date(2025, 2, 1), MilestoneState.REALIZED),
            Milestone("PHASE_5_PREPARATION", date(2026, 11, 1)),
            Milestone("STATUS_2A_VASTGESTELD", date(2026, 12, 15), guard="Noor", note="Raadsbesluit"),
            Milestone("PHASE_6_REALIZATION", date(2027, 2, 1)),
            Milestone("PHASE_7_AFTERCARE", date(2029, 1, 1), MilestoneState.FORECAST),
        ],
        areas=[PlanArea(square(104_500, 503_200, 120))],
        parcels=[ParcelLink("HMK00-B-2298"), ParcelLink("HMK00-B-2301")],
        writers=[Writer(person)],
    )
    with store.act("Project maken") as act:
        mother = write_plan(act, plan)
    with store.act("Deelplan maken") as act:
        daughter = write_plan(
            act,
            Plan(name="De Hoek, fase 2", start_date=date(2026, 1, 1), end_date=date(2032, 1, 1), parent=mother),
        )
    return mother, daughter


def open_state(store: Store, *selection: str) -> AppState:
    """The state of a window on a store."""
    state = AppState(store)
    state.select(selection)
    return state
