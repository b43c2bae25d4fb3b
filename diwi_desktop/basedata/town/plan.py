"""A finished lay-out: lots, streets and quarters, and the bend that makes land of it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from diwi_desktop.basedata.partition import Face, Floats, Partition
from diwi_desktop.basedata.town.styles import Style


@dataclass(slots=True)
class Street:
    """A street: its theme for naming and whether houses are numbered along it."""

    quarter: int
    rank: int  # 0 main road, 1 road between quarters, 2 street, 3 path, alley or railway
    name: str = ""


@dataclass(slots=True)
class Lot:
    """One parcel of the plan."""

    face: Face
    kind: str  # erf, straat, water, akker, park
    quarter: int
    style: Style | None = None
    dwelling: str = ""  # what to build: a Style.dwelling, or flat, facility; "" for nothing
    front: int = -1  # line of the street it faces
    setback: float = 0.0
    building_depth: float = 0.0
    year: int = 0
    street: int = -1  # when the parcel is a street itself
    common: bool = False  # a main road or canal, which belongs to no quarter of its own
    position: int = 0  # place in its row: even and odd semis lean to each other


@dataclass(slots=True)
class Quarter:
    """A neighbourhood (buurt): where it is and how it was built."""

    x: float
    y: float
    style: Style
    rural: bool = False


@dataclass
class TownPlan:
    """The finished plan."""

    ground: Partition
    radius: float
    lots: list[Lot] = field(default_factory=list)
    streets: list[Street] = field(default_factory=list)
    quarters: list[Quarter] = field(default_factory=list)
    street_of_line: dict[int, int] = field(default_factory=dict)
    side_of_line: dict[int, int] = field(default_factory=dict)

    def outside(self, x: float, y: float) -> float:
        """How far a point lies outside the built-up area; negative inside."""
        r = self.radius
        distances = []
        for cx, cy, reach in ((0.0, 0.0, 0.975 * r), (1.3 * r, 0.75 * r, 0.22 * r)):
            angle = math.atan2(y - cy, x - cx)
            wave = 1 + 0.1 * math.sin(3 * angle + 0.6) + 0.07 * math.sin(5 * angle + 2.0)
            distances.append(math.hypot(x - cx, y - cy) - reach * wave)
        return min(distances)


def bend_of(radius: float) -> Callable[[Floats, Floats], tuple[Floats, Floats]]:
    """The bend that turns the straight plan into land: long waves, a short one, and a twist in two quarters.

    The slopes stay well below one, so that no face is ever turned inside out.
    """

    def bend(x: Floats, y: Floats) -> tuple[Floats, Floats]:
        for cx, cy, reach, angle in ((0.55, 0.5, 0.34, 0.55), (-0.5, -0.45, 0.3, -0.5), (0.1, -0.05, 0.2, 0.35)):
            rx, ry = x - cx * radius, y - cy * radius
            turn = angle * np.exp(-(rx**2 + ry**2) / (2 * (reach * radius) ** 2))
            cos, sin = np.cos(turn), np.sin(turn)
            x, y = cx * radius + rx * cos - ry * sin, cy * radius + rx * sin + ry * cos
        u = x + 85 * np.sin(y / 420 + 0.7) + 9 * np.sin(y / 95 + x / 300)
        v = y + 75 * np.sin(x / 460 + 2.1) + 8 * np.sin(x / 105 - y / 280 + 1.0)
        return 0.978 * u - 0.208 * v, 0.208 * u + 0.978 * v  # turned by 12 degrees

    return bend
