"""A plan as a whole: a project with everything under it, as rules, imports, exports and screens work with it.

Dates are dates, money is whole euro cents, areas m2, geometry EWKB bytes (RD New, EPSG:28992). Option values are ids of
`option` entities. `store.plans.plans` reads Plans; `store.plans.write_plan` turns one into changes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from diwi_desktop.model.codes import (
    Confidentiality,
    MilestoneBasis,
    MilestoneState,
    Mutation,
    OwnershipType,
    PlanType,
)
from diwi_desktop.model.options import Municipality, Option, Range

__all__ = [
    "Block", "Delivery", "Milestone", "Municipality", "Option", "Ownership", "ParcelLink", "Plan", "PlanArea", "Range",
    "Share", "Writer",
]  # fmt: skip


@dataclass(slots=True)
class Delivery:
    """A number of homes finished on one day."""

    date: date
    number: int
    state: MilestoneState = MilestoneState.PLANNED
    id: str = ""


@dataclass(slots=True)
class Ownership:
    """A number of homes of one ownership type and price. Money in euro cents, rents per month."""

    type: OwnershipType
    number: int
    price: Range[int] | None = None
    price_option: str | None = None
    rent: Range[int] | None = None
    rent_option: str | None = None
    id: str = ""


@dataclass(slots=True)
class Share:
    """A number of homes for one option of the lists targetGroup or physicalAppearance."""

    option: str
    number: int
    id: str = ""


@dataclass(slots=True)
class Block:
    """A house block: homes built or demolished under one name."""

    name: str
    mutation: Mutation = Mutation.CONSTRUCTION
    number: int = 0
    start_date: date | None = None
    programming: bool | None = None
    size: Range[float] | None = None
    single_family: int | None = None
    multi_family: int | None = None
    ground_formal: int | None = None
    ground_intention: int | None = None
    ground_none: int | None = None
    temporary: int | None = None
    step_free: int | None = None
    clustered: int | None = None
    care_suitable: int | None = None
    student: int | None = None
    note: str | None = None
    deliveries: list[Delivery] = field(default_factory=list)
    ownerships: list[Ownership] = field(default_factory=list)
    shares: list[Share] = field(default_factory=list)
    own: dict[str, Any] = field(default_factory=dict)  # own field id -> value in log shape
    id: str = ""

    @property
    def sign(self) -> int:
        """+1 for construction, -1 for demolition."""
        return 1 if self.mutation is Mutation.CONSTRUCTION else -1


@dataclass(slots=True)
class Milestone:
    """A dated step. `type` is a key of the code list milestone_type."""

    type: str
    date: date
    state: MilestoneState = MilestoneState.PLANNED
    basis: MilestoneBasis = MilestoneBasis.HAND
    note: str | None = None
    guard: str | None = None
    id: str = ""


@dataclass(slots=True)
class ParcelLink:
    designation: str
    local_id: str | None = None
    id: str = ""


@dataclass(slots=True)
class Writer:
    """An owner of the plan: a person or a group."""

    person: str | None = None
    user_group: str | None = None
    id: str = ""

    @property
    def owner(self) -> str:
        """The id of whichever it is."""
        return self.person or self.user_group or ""


@dataclass(slots=True)
class PlanArea:
    """The contour of a plan: a MultiPolygon in RD New as EWKB."""

    geometry: bytes
    id: str = ""


@dataclass(slots=True)
class Plan:
    """A project with everything under it. `ordinal` values such as priority are (lowest id, highest id)."""

    name: str
    start_date: date
    end_date: date
    id: str = ""
    code: str = ""
    parent: str | None = None
    color: str = "#FF5733"
    confidentiality: Confidentiality = Confidentiality.INTERNAL_CIVIL
    plan_types: list[PlanType] = field(default_factory=list)
    description: str | None = None
    priority: tuple[str, str] | None = None
    municipality_roles: list[str] = field(default_factory=list)
    project_leader: str | None = None
    municipality: str | None = None
    districts: list[str] = field(default_factory=list)
    neighbourhoods: list[str] = field(default_factory=list)
    plan_id: str | None = None
    plan_id_kind: str | None = None
    source_id: str | None = None
    blocks: list[Block] = field(default_factory=list)
    milestones: list[Milestone] = field(default_factory=list)
    areas: list[PlanArea] = field(default_factory=list)
    parcels: list[ParcelLink] = field(default_factory=list)
    writers: list[Writer] = field(default_factory=list)
    own: dict[str, Any] = field(default_factory=dict)

    @property
    def built(self) -> int:
        """Gross homes built."""
        return sum(b.number for b in self.blocks if b.mutation is Mutation.CONSTRUCTION)

    @property
    def demolished(self) -> int:
        return sum(b.number for b in self.blocks if b.mutation is Mutation.DEMOLITION)

    @property
    def net(self) -> int:
        return self.built - self.demolished
