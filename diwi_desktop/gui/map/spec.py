"""The look of a tile as plain values: what travels to the worker processes."""

from dataclasses import dataclass

Rgba = tuple[int, int, int, int]


@dataclass(frozen=True)
class FabricSpec:
    """How parcels or buildings are drawn; sizes in window pixels (see maps/style.toml)."""

    fill: Rgba
    line: Rgba
    splat_px: float
    line_from_px: float
    line_to_px: float
    line_width: float


@dataclass(frozen=True)
class PaintSpec:
    """Everything a tile's look depends on besides the data. Plan colours are indexed by phase 0..7 (8:
    given up) or by status.
    """

    parcel: FabricSpec | None
    building: FabricSpec | None
    plans: bool
    plan_fill: tuple[Rgba, ...]
    plan_line: tuple[Rgba, ...]
    dashes: tuple[tuple[float, ...], ...]
    line_width: float
    dot_below_px: float
    dot_radius: float
    ground: Rgba
    dpr: float
    over_picture: bool
