"""Parcels to draw a plan area of, with the corner that a vertex is dragged to; read with nothing but an XML parser."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

import shapely

from tests.basedata.samples import gml_v5, write_text

Point = tuple[float, float]


@dataclass(frozen=True)
class Ground:
    """`parcels` are chosen; the vertex `grip` of their union, with its neighbours, goes to `corner` of `target`."""

    path: Path
    prefix: str
    parcels: tuple[int, int, int]
    inside: tuple[Point, Point, Point]  # a place in each of them
    grip: Point
    before: Point
    after: Point
    target: int
    corner: Point

    @property
    def designations(self) -> list[str]:
        return [f"{self.prefix}{number}" for number in self.parcels]

    @property
    def area(self) -> float:
        """The union in m2: the parcels do not overlap, so it is the sum of their areas by Gauss's formula."""
        rings = read_rings(self.path)
        return sum(abs(area(rings[number])) for number in self.parcels)

    @property
    def area_dragged(self) -> float:
        """After the drag the triangle at the old place of the vertex makes way for that at the new place."""
        return self.area - area([self.before, self.grip, self.after]) + area([self.before, self.corner, self.after])


def area(ring: Sequence[Point]) -> float:
    """The area of a ring by Gauss's formula, in m2; positive counter-clockwise."""
    # From its first point, so that large coordinates lose no digits.
    x, y = ring[0]
    local = [(px - x, py - y) for px, py in ring]
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in zip(local, [*local[1:], local[0]], strict=True)) / 2


def read_rings(path: Path) -> dict[int, list[Point]]:
    """The outer ring of every parcel of a GML file by its number."""
    found = {}
    for member in ET.parse(path).getroot():
        number = next(int(e.text or "") for e in member.iter() if e.tag.endswith("}perceelnummer"))
        text = next(e.text or "" for e in member.iter() if e.tag.endswith("}posList"))
        numbers = [float(part) for part in text.split()]
        found[number] = list(zip(numbers[::2], numbers[1::2], strict=True))
    return found


def otterlo(path: Path) -> Ground:
    """Real parcels. The corner of 2318 lies beyond the street side of 2298."""
    return Ground(
        path, "OTL02-B-", (2298, 2299, 2300),
        ((181195.0, 456710.0), (181199.5, 456717.5), (181208.0, 456732.0)),
        grip=(181182.346, 456712.174), before=(181186.952, 456719.878), after=(181196.546, 456703.704),
        target=2318, corner=(181177.190, 456702.640),
    )  # fmt: skip


_X, _Y = 104_000.0, 503_000.0
# Four neighbours along a bent street; no three corners of their union are in one line.
_OWN: dict[int, list[Point]] = {
    100: [(0, 0), (20, -1), (20, 40), (0, 38)],
    101: [(20, -1), (40, -1.5), (40, 43), (20, 40)],
    102: [(40, -1.5), (60, 0), (60, 44), (40, 43)],
    103: [(60, 0), (80, 2), (80.125, 40.25), (60, 44)],
    104: [(80, 2), (140, 5), (140, 60), (80.125, 40.25)],
}


def own(folder: Path) -> Ground:
    """Parcels of our own, for a checkout without the real ones."""
    rows = [
        (f"1234567{number}", number, shapely.Polygon([(_X + x, _Y + y) for x, y in ring]))
        for number, ring in _OWN.items()
    ]
    path = write_text(folder / "percelen.gml", gml_v5(rows))

    def at(x: float, y: float) -> Point:
        return _X + x, _Y + y

    return Ground(
        path, "HKK00-B-", (100, 101, 102), (at(10, 20), at(30, 20), at(50, 20)),
        grip=at(60, 44), before=at(60, 0), after=at(40, 43), target=103, corner=at(80.125, 40.25),
    )  # fmt: skip
