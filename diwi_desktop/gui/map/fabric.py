"""Parcels or buildings, unpacked for drawing, hitting and snapping."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import shapely

from diwi_desktop.geo.boxes import BoxGrid
from diwi_desktop.geo.ragged import Ragged, pack
from diwi_desktop.geo.snap import SnapIndex
from diwi_desktop.gui.map.paint import Layer, typical_size
from diwi_desktop.gui.map.scene import BaseLayer

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry


@dataclass(frozen=True)
class Fabric:
    """Features with their names and an index for snapping (None when nothing snaps to them)."""

    layer: Layer
    labels: Sequence[str]
    snapping: SnapIndex | None
    boxes: BoxGrid

    @property
    def shapes(self) -> Ragged:
        """The features."""
        return self.layer.shapes

    @cached_property
    def _places(self) -> dict[str, int]:
        return {label: index for index, label in enumerate(self.labels)}

    def find(self, label: str) -> int | None:
        """The feature with this name."""
        return self._places.get(label)

    def at(self, x: float, y: float) -> int | None:
        """The smallest feature at an RD point."""
        hits = [index for index in self.boxes.near(x, y, x, y).tolist() if self.shapes.contains(index, x, y)]
        if len(hits) < 2:
            return hits[0] if hits else None
        box = self.shapes.bounds
        return min(hits, key=lambda index: float(np.prod(box[index, 2:] - box[index, :2])))

    def crossed_by(self, line: Sequence[tuple[float, float]]) -> list[int]:
        """The features that a line of RD points touches, in the order in which they are stored."""
        if len(line) < 2:
            hit = self.at(*line[0]) if line else None
            return [] if hit is None else [hit]
        path = shapely.LineString(line)
        near = self.boxes.near(*path.bounds)
        found: list[int] = near[shapely.intersects(self.shapes.geometries(near), path)].tolist()
        return found

    def within(self, area: "BaseGeometry", share: float = 0.98) -> list[int]:
        """The features of which at least `share` of the surface lies in `area`."""
        near = self.boxes.near(*area.bounds)
        geometries = self.shapes.geometries(near)
        shapely.prepare(area)
        whole = shapely.covers(area, geometries) & ~shapely.is_empty(geometries)
        # Cutting is slow: only what sticks out a little is weighed.
        doubtful = np.flatnonzero(~whole & shapely.contains(area, shapely.point_on_surface(geometries)))
        weighed = shapely.area(shapely.intersection(geometries[doubtful], area))
        whole[doubtful] = weighed >= share * shapely.area(geometries[doubtful])
        found: list[int] = near[whole].tolist()
        return found


class Delivery:
    """The shapes of a layer on their way into a `Fabric`, let go of bit by bit.

    Freeing 100,000 geometries at once keeps Python's lock for 60 ms. This holds them in a list of its own, so
    that whoever made the layer can drop it in no time.
    """

    _BIT = 1_000

    def __init__(self, base: BaseLayer) -> None:
        self._shapes = list(base.shapes)
        self._labels = base.labels

    def unpack(self, *, snapping: bool) -> Fabric:
        """Make the `Fabric`; once only. Takes up to a second for a large town: called off the window's
        thread.
        """
        shapes = pack(self._shapes)
        while self._shapes:
            del self._shapes[-self._BIT :]
        boxes = BoxGrid(shapes.bounds)
        index = SnapIndex(shapes, self._labels, boxes) if snapping else None
        fabric = Fabric(Layer(shapes, typical_size=typical_size(shapes)), self._labels, index, boxes)
        fabric.find("")  # so that the names are looked up in a dictionary made here
        return fabric


def unpack(base: BaseLayer, *, snapping: bool) -> Fabric:
    """A layer as a `Fabric`, at once."""
    return Delivery(base).unpack(snapping=snapping)
