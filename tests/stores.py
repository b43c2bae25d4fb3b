"""Stores for tests: a small register with one project, on a fixed day and a fixed device."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import shapely

from diwi_desktop.geo.shape import to_ewkb
from diwi_desktop.model.clock import FixedClock
from diwi_desktop.model.codes import MilestoneState, OwnershipType
from diwi_desktop.model.plan import Block, Delivery, Milestone, Municipality, Ownership, Plan, PlanArea, Range
from diwi_desktop.store import Device, Store
from diwi_desktop.store.plans import write_plan

TODAY = date(2026, 11, 21)
DEVICE = Device("11111111-1111-4111-8111-111111111111", "KTB")
DUINWIJK = Municipality("0999", "Duinwijk", "Zuid-Holland", "Rijnmond", "DNW")


def new_store(path: Path, clock: FixedClock | None = None, device: Device = DEVICE, author: str = "j.jansen") -> Store:
    """A fresh store of Duinwijk on TODAY."""
    return Store.create(path, municipality=DUINWIJK, author=author, clock=clock or FixedClock.on(TODAY), device=device)


def reopen(path: Path, clock: FixedClock | None = None) -> Store:
    return Store.open(path, author="j.jansen", clock=clock or FixedClock.on(TODAY), device=DEVICE)


def square(x: float = 107_000.0, y: float = 499_000.0, side: float = 100.0) -> bytes:
    """A square in RD New as EWKB, lower left corner at (x, y), metres."""
    return to_ewkb(shapely.MultiPolygon([shapely.box(x, y, x + side, y + side)]))


def de_hoek() -> Plan:
    """A plan with one block of 48 homes delivered over two years."""
    return Plan(
        name="De Hoek",
        start_date=date(2024, 1, 15),
        end_date=date(2030, 12, 31),
        blocks=[
            Block(
                "Blok A",
                number=48,
                single_family=20,
                multi_family=28,
                deliveries=[Delivery(date(2028, 6, 1), 24), Delivery(date(2029, 6, 1), 24)],
                ownerships=[Ownership(OwnershipType.BUY, 30, price=Range(35_000_000, 35_000_000))],
            )
        ],
        milestones=[
            Milestone("PHASE_2_INITIATIVE", date(2024, 1, 15), MilestoneState.REALIZED),
            Milestone("PHASE_3_DEFINITION", date(2025, 3, 1), MilestoneState.REALIZED),
            Milestone("PHASE_4_DESIGN", date(2027, 2, 1), MilestoneState.PLANNED),
            Milestone("STATUS_4A_OPGENOMEN_IN_VISIE", date(2024, 6, 1), MilestoneState.REALIZED),
        ],
        areas=[PlanArea(square())],
    )


def add(store: Store, plan: Plan, name: str = "Nieuw project") -> str:
    """Write a plan in one act; returns the project id."""
    with store.act(name) as act:
        return write_plan(act, plan)


@dataclass
class Later:
    """Moves a clock on, for looking back."""

    clock: FixedClock

    def to(self, day: date, hour: int = 10) -> None:
        self.clock.moment = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
