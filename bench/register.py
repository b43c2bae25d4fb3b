"""A large register for the benchmarks: projects x blocks with all their parts, made once per run."""

from __future__ import annotations

import random
import tempfile
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

from diwi_desktop.model.clock import FixedClock
from diwi_desktop.model.codes import Confidentiality, MilestoneState, OwnershipType, Phase, PlanStatus, PlanType
from diwi_desktop.model.derive import phase_type, status_type
from diwi_desktop.model.plan import Block, Delivery, Milestone, Municipality, Ownership, Plan, Range
from diwi_desktop.store import Device, Store
from diwi_desktop.store.plans import write_plan

TODAY = date(2026, 11, 21)
_FOLDER = tempfile.TemporaryDirectory(prefix="diwi-bench-", ignore_cleanup_errors=True)


def register(projects: int = 5_000, blocks: int = 10) -> Path:
    """A store, made once per run: see `_made`."""
    return _made(projects, blocks)


@cache
def _made(projects: int, blocks: int) -> Path:
    """A store with that many projects and blocks, entered over two years in 50 acts, then edited 2,000 times."""
    path = Path(_FOLDER.name) / f"{projects}x{blocks}.diwi"
    rng = random.Random(projects)
    clock = FixedClock(datetime(2024, 11, 1, tzinfo=UTC))
    place = Municipality("0999", "Duinwijk", "Zuid-Holland", "Rijnmond", "DNW")
    with Store.create(path, municipality=place, author="bench", clock=clock, device=Device("bench", "BNC")) as store:
        ids: list[str] = []
        for start in range(0, projects, max(projects // 50, 1)):
            clock.moment += timedelta(days=7)
            with store.act("Import", kind="import") as act:
                numbers = range(start, min(start + max(projects // 50, 1), projects))
                ids += [write_plan(act, _plan(rng, number, blocks)) for number in numbers]
        for number in range(2_000):
            clock.moment += timedelta(hours=8)
            with store.act("Naam wijzigen") as act:
                act.set("project", rng.choice(ids), "name", f"Gewijzigd {number}")
    return path


def open_register(path: Path, *, read_only: bool = True) -> Store:
    return Store.open(
        path, author="bench", clock=FixedClock.on(TODAY), device=Device("bench", "BNC"), read_only=read_only
    )


def _plan(rng: random.Random, number: int, blocks: int) -> Plan:
    start = date(2018, 1, 1) + timedelta(days=rng.randrange(3000))
    done = rng.randrange(1, 7)
    plan = Plan(
        name=f"Plan {number}",
        start_date=start,
        end_date=start + timedelta(days=4000),
        confidentiality=rng.choice(list(Confidentiality)[4:]),
        plan_types=[rng.choice(list(PlanType))],
    )
    for i, phase in enumerate(Phase):
        day = start + timedelta(days=i * 400)
        state = MilestoneState.REALIZED if i < done and day <= TODAY else MilestoneState.PLANNED
        plan.milestones.append(Milestone(phase_type(phase), day, state))
    plan.milestones.append(Milestone(status_type(rng.choice(list(PlanStatus)[2:])), start, MilestoneState.REALIZED))
    for i in range(blocks):
        homes = rng.randrange(4, 60)
        first = rng.randrange(homes + 1)
        year = rng.randrange(2024, 2033)
        plan.blocks.append(
            Block(
                f"Blok {i}",
                number=homes,
                single_family=first,
                multi_family=homes - first,
                deliveries=[Delivery(date(year, 6, 1), first), Delivery(date(year + 1, 6, 1), homes - first)],
                ownerships=[
                    Ownership(OwnershipType.BUY, first, price=Range(31_000_000, 31_000_000)),
                    Ownership(OwnershipType.RENT_CORPORATION, homes - first, rent=Range(70_000, 70_000)),
                ],
            )
        )
    return plan
