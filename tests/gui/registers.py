"""Small registers for the tests of the window."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from diwi_desktop.model.clock import FixedClock
from diwi_desktop.model.codes import Confidentiality, MilestoneState, Mutation, PlanType
from diwi_desktop.model.plan import Block, Delivery, Milestone, Municipality, Plan, PlanArea
from diwi_desktop.store import Device, Store
from diwi_desktop.store.plans import write_plan

TODAY = date(2026, 11, 21)
HEEMSKERK = Municipality("0396", "Heemskerk", "Noord-Holland", "IJmond", "HMK")

_PHASES = (
    "PHASE_1_CONCEPT",
    "PHASE_2_INITIATIVE",
    "PHASE_3_DEFINITION",
    "PHASE_4_DESIGN",
    "PHASE_5_PREPARATION",
    "PHASE_6_REALIZATION",
    "PHASE_7_AFTERCARE",
)
_STATUSES = (
    "STATUS_4A_OPGENOMEN_IN_VISIE",
    "STATUS_3_IN_VOORBEREIDING",
    "STATUS_2A_VASTGESTELD",
    "STATUS_1A_ONHERROEPELIJK",
)
_NAMES = (
    "De Hoek",
    "Bloemenveld",
    "Oosterzij",
    "Het Lage Land",
    "Waterakkers",
    "Slotpark",
    "Érica",
    "Plan 10",
    "Plan 2",
)


def square(x: float, y: float, side: float) -> bytes:
    """A square plan area with its lower left corner at (x, y) in RD, as EWKB."""
    import shapely

    from diwi_desktop.geo.shape import to_ewkb

    return to_ewkb(shapely.MultiPolygon([shapely.box(x, y, x + side, y + side)]))


def make_plan(n: int) -> Plan:
    """The n-th plan of the test register."""
    start = date(2020 + n % 6, 1 + n % 12, 1)
    reached = n % 7
    steps = [
        Milestone(
            kind, date(2021 + place, 3, 1), MilestoneState.REALIZED if place <= reached else MilestoneState.PLANNED
        )
        if place <= reached
        else Milestone(kind, date(2027 + place, 3, 1))
        for place, kind in enumerate(_PHASES)
    ]
    if n % 5:
        steps.append(Milestone(_STATUSES[n % 4], date(2024, 5, 1), MilestoneState.REALIZED))
    homes = 12 * (n % 9) + 4
    blocks = [Block("Blok A", number=homes, deliveries=[Delivery(date(2028 + n % 4, 6, 30), homes)])]
    if n % 4 == 0:
        blocks.append(Block("Sloop", Mutation.DEMOLITION, number=5, deliveries=[Delivery(date(2027, 9, 1), 5)]))
    name = _NAMES[n] if n < len(_NAMES) else f"Plan {n}"
    return Plan(
        name,
        start,
        date(2035, 12, 31),
        confidentiality=list(Confidentiality)[n % 7],
        plan_types=[list(PlanType)[n % 6]],
        project_leader=("J. Jansen", "F. de Boer", None)[n % 3],
        blocks=blocks,
        milestones=steps,
        areas=[PlanArea(square(104_000 + 60 * (n % 20), 502_000 + 60 * (n // 20), 50))] if n % 6 else [],
    )


def make_register(path: Path, plans: int = 9, clock: FixedClock | None = None) -> Store:
    """A register with so many plans, each its own act."""
    store = Store.create(
        path,
        municipality=HEEMSKERK,
        author="j.jansen",
        clock=clock or FixedClock.on(TODAY),
        device=Device("test", "TST"),
    )
    with store.act("Proef vullen", kind="system") as act:
        for n in range(plans):
            write_plan(act, make_plan(n))
    return store
