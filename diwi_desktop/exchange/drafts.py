"""What an import file says, in a neutral form: one draft per project, before rules and before the store.

Readers (Excel, GeoJSON) fill drafts, `exchange.intake` checks them, `exchange.imports` makes plans of them and stores
those. A draft keeps what a `Plan` has no place for: numbers of unknown type, the project status, and where in the file
everything stood.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from diwi_desktop.model.codes import (
    Confidentiality,
    MilestoneBasis,
    MilestoneState,
    OwnershipType,
    Phase,
    PlanStatus,
    PlanType,
    ProjectStatus,
)
from diwi_desktop.model.derive import LAPSED, phase_type, status_type
from diwi_desktop.model.plan import Block, Delivery, Milestone, Ownership, Plan, PlanArea, Range


@dataclass(slots=True)
class Price:
    """A number of homes of one price: a price class, an amount in euro cents, or neither (price unknown)."""

    number: int
    option: str | None = None
    amount: Range[int] | None = None


@dataclass(slots=True)
class BlockDraft:
    """One block of a project. `block` lacks ownership rows until `finish`.

    `owners` and `prices` hold what the file gives per ownership type; `shares` the totals per option list. `bad` names
    the groups in which a cell was unreadable, so that a wrong total is not reported on top of it.
    """

    block: Block
    row: int
    diwi_id: str = ""
    has_number: bool = True
    owners: dict[OwnershipType, int] = field(default_factory=dict)
    owner_unknown: int = 0
    prices: dict[OwnershipType, list[Price]] = field(default_factory=dict)
    type_unknown: int = 0
    shares: dict[str, int] = field(default_factory=dict)
    sizes: list[Range[float]] = field(default_factory=list)
    bad: set[str] = field(default_factory=set)
    labels: Mapping[str, str] = field(default_factory=dict)
    deliveries_defaulted: bool = False  # the file gave none: the end of the project stands in for them

    def where(self, group: str) -> str:
        """The column of a group of cells, for findings."""
        return self.labels.get(group, "")


@dataclass(slots=True)
class Draft:
    """One project of an import file.

    `row` is the row in Excel or the number of the feature. `labels` says which column or path each part came from;
    `bad` names the parts that could not be read. `lenient` marks data that another DIWI exported: its totals may stay
    below the number of homes, because the part that is unknown is left out there. `status_of_then`: GeoJSON files say
    ACTIVE for a project that had not ended on the day of writing, so later on that status is a doubt, not an error.
    """

    row: int
    source_id: str | None = None
    diwi_id: str = ""
    name: str = ""
    start: date | None = None
    end: date | None = None
    status: ProjectStatus | None = None
    confidentiality: Confidentiality | None = None
    plan_types: list[PlanType] = field(default_factory=list)
    priority: tuple[str, str] | None = None
    municipality_roles: list[str] = field(default_factory=list)
    municipality: str | None = None
    districts: list[str] = field(default_factory=list)
    neighbourhoods: list[str] = field(default_factory=list)
    location: dict[str, str] = field(default_factory=dict)  # the texts as given, known options or not
    owners: list[str] = field(default_factory=list)
    phases: dict[Phase, date] = field(default_factory=dict)
    statuses: dict[PlanStatus, date] = field(default_factory=dict)
    own: dict[str, Any] = field(default_factory=dict)
    blocks: list[BlockDraft] = field(default_factory=list)
    area: bytes | None = None  # MultiPolygon, EWKB, RD New
    bad: set[str] = field(default_factory=set)
    labels: Mapping[str, str] = field(default_factory=dict)
    lenient: bool = False
    status_of_then: bool = False

    def where(self, part: str) -> str:
        """The column or path of a part, for findings."""
        return self.labels.get(part, "")

    def plan(self, today: date) -> Plan:
        """The plan that this draft describes. The draft must have passed the rules.

        Dated steps up to today have happened, later ones are planned; a project that was broken off has lapsed on its
        end date.
        """
        if self.start is None or self.end is None:
            raise ValueError("a draft without dates cannot become a plan")
        lapsed = self.status is ProjectStatus.TERMINATED
        return Plan(
            name=self.name,
            start_date=self.start,
            end_date=self.end,
            source_id=self.source_id,
            confidentiality=self.confidentiality or Confidentiality.INTERNAL_CIVIL,
            plan_types=list(self.plan_types),
            priority=self.priority,
            municipality_roles=list(self.municipality_roles),
            municipality=self.municipality,
            districts=list(self.districts),
            neighbourhoods=list(self.neighbourhoods),
            own=dict(self.own),
            milestones=self._milestones(today, self.end if lapsed else None),
            blocks=[_finished(draft, self.end, today, lapsed=lapsed) for draft in self.blocks],
            areas=[] if self.area is None else [PlanArea(self.area)],
        )

    def _milestones(self, today: date, lapsed_on: date | None) -> list[Milestone]:
        steps = [(phase_type(phase), day) for phase, day in self.phases.items()]
        steps += [(status_type(status), day) for status, day in self.statuses.items()]
        if lapsed_on is not None:
            steps.append((LAPSED, lapsed_on))
        return [
            Milestone(
                kind,
                day,
                MilestoneState.REALIZED if day <= today else MilestoneState.PLANNED,
                MilestoneBasis.IMPORT,
            )
            for kind, day in steps
        ]


def _finished(draft: BlockDraft, end: date, today: date, *, lapsed: bool) -> Block:
    """The block with ownership rows and with deliveries: those of the file, else all homes on the end date.

    Homes to be delivered on or after the day a project was broken off are not delivered: those deliveries are aborted.
    """
    block = draft.block
    if not block.deliveries and block.number:
        draft.deliveries_defaulted = True
        block.deliveries = [Delivery(end, block.number)]
    for delivery in block.deliveries:
        if lapsed and delivery.date >= end:
            delivery.state = MilestoneState.ABORTED
        else:
            delivery.state = MilestoneState.REALIZED if delivery.date < today else MilestoneState.PLANNED
    block.ownerships = [row for kind in OwnershipType for row in _ownerships(draft, kind)]
    return block


def _ownerships(draft: BlockDraft, kind: OwnershipType) -> list[Ownership]:
    prices = draft.prices.get(kind)
    if not prices:
        number = draft.owners.get(kind, 0)
        return [Ownership(kind, number)] if number else []
    if kind is OwnershipType.BUY:
        return [Ownership(kind, p.number, price=p.amount, price_option=p.option) for p in prices]
    return [Ownership(kind, p.number, rent=p.amount, rent_option=p.option) for p in prices]
