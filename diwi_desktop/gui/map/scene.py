"""What the window gives the map to show, and what the map gives back. Geometry in RD metres."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy.typing as npt
    from shapely import MultiPolygon


@dataclass(frozen=True)
class BaseLayer:
    """Parcels or buildings: shapely polygons or their WKB as bytes, and for each its name (a parcel's
    designation; empty for buildings). Cheap to make: the canvas unpacks it in the background.
    """

    shapes: "Sequence[Any] | npt.NDArray[Any]" = ()
    labels: Sequence[str] = ()
    attribution: str = ""


@dataclass(frozen=True)
class PlanShape:
    """A plan on the map.

    `phase` is "1" to "7" or a phase key such as `_3_DEFINITION`, or None; `status` is "hard", "soft", "lapsed" (given
    up) or None; `parcels` are the designations it was formed of, as far as known. `geometry` may be None for a plan
    without area.
    """

    id: str
    geometry: "MultiPolygon | None"
    label: str
    phase: str | None = None
    status: str | None = None
    parcels: frozenset[str] = field(default_factory=frozenset)

    @property
    def phase_index(self) -> int:
        """1 to 7, 0 when no phase is known, 8 for a plan that was given up: it is in none."""
        if self.status == "lapsed":
            return 8
        digits = (self.phase or "").lstrip("_")[:1]
        return int(digits) if digits.isdigit() and 1 <= int(digits) <= 7 else 0

    @property
    def status_index(self) -> int:
        """0 hard, 1 soft, 2 unknown, 3 given up: an index in style.STATUSES."""
        return {"hard": 0, "soft": 1, "lapsed": 3}.get(self.status or "", 2)


@dataclass(frozen=True)
class AreaProposal:
    """A plan area as the user made it with a tool; the window stores it as one act.

    `plan` is the plan in hand, or None for a new one. `act` is the Dutch name of the act ("Contour slepen").
    `parcels` are all parcels the area consists of, or None when the tool does not say (drawing and dragging).
    """

    plan: str | None
    geometry: "MultiPolygon"
    act: str
    parcels: frozenset[str] | None = None
