"""Finding the corner or boundary under the pointer among hundreds of thousands of parcels, in RD metres.

A grid over the boxes of the features gives the few that are near; their vertices and edges are then measured
with numpy. Measured at 400,000 parcels: 0.2 ms at the 99th percentile, where a tree of all edges takes 8.5 s
to build and 1 GB. The grid does not change, so features that were edited since are kept beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from shapely.geometry.base import BaseGeometry

from diwi_desktop.geo.boxes import BoxGrid
from diwi_desktop.geo.ragged import Floats, Ints, Ragged, pack, ranges

# Distances closer than this are the same: two parcels share their boundary, and rounding may not choose
# between them.
_SAME = 1e-7


@dataclass(frozen=True)
class Snap:
    """A place to snap to: the exact point in RD, what it is, the label of the feature it belongs to, and how
    far it lies from where was asked, in metres.
    """

    kind: Literal["corner", "edge"]
    x: float
    y: float
    label: str
    distance: float


class SnapIndex:
    """Corners and edges of a set of (multi)polygons.

    Answers are the same for the same features in the same order: of corners (or edges) equally near, that of
    the feature that was given first wins; features edited later count as given last.
    """

    def __init__(self, shapes: Ragged, labels: Sequence[str] = (), boxes: BoxGrid | None = None) -> None:
        """`labels` belong to the features of `shapes` one by one; missing ones are empty. `boxes` is the grid
        over their bounds, when the caller has one.
        """
        self._base = _Features(shapes, labels, boxes)
        self._hidden: set[int] = set()
        self._edited: dict[str, BaseGeometry] = {}
        self._overlay: _Features | None = None

    @classmethod
    def of(cls, geometries: Sequence[Any] | npt.NDArray[Any], labels: Sequence[str] = ()) -> "SnapIndex":
        """From shapely polygons or WKB; raises as `ragged.pack`."""
        return cls(pack(geometries), labels)

    def __len__(self) -> int:
        return len(self._base.shapes) - len(self._hidden) + len(self._edited)

    def put(self, label: str, geometry: BaseGeometry | None) -> None:
        """Replace the features with this label by one geometry, or take them away with None; cheap."""
        self._hidden.update(self._base.labelled(label))
        self._edited.pop(label, None)
        if geometry is not None:
            self._edited[label] = geometry
        self._overlay = _Features(pack(list(self._edited.values())), list(self._edited)) if self._edited else None

    def snap(self, x: float, y: float, tolerance: float) -> Snap | None:
        """The nearest corner within `tolerance` metres of (x, y), else the nearest point of an edge, else
        None.
        """
        found = [self._base.snap(x, y, tolerance, self._hidden)]
        if self._overlay is not None:
            found.append(self._overlay.snap(x, y, tolerance, set()))
        return nearest(*found)


def nearest(*found: Snap | None) -> Snap | None:
    """The best of several answers for one place: corners before edges, then the nearest, then the first."""
    best: Snap | None = None
    for snap in found:
        if snap is None:
            continue
        sharper = best is None or (snap.kind == "corner" and best.kind == "edge")
        nearer = best is not None and snap.kind == best.kind and snap.distance < best.distance - _SAME
        if sharper or nearer:
            best = snap
    return best


class _Features:
    """Features with their labels and a grid over their boxes."""

    def __init__(self, shapes: Ragged, labels: Sequence[str], boxes: BoxGrid | None = None) -> None:
        self.shapes = shapes
        self._labels = labels
        self._grid = boxes or BoxGrid(shapes.bounds)

    def labelled(self, label: str) -> list[int]:
        return [index for index, known in enumerate(self._labels) if known == label]

    def snap(self, x: float, y: float, tolerance: float, hidden: set[int]) -> Snap | None:
        near = self._grid.near(x - tolerance, y - tolerance, x + tolerance, y + tolerance)
        if hidden:
            near = near[[index not in hidden for index in near.tolist()]]
        if not len(near):
            return None
        points, owner = self._vertices(near)
        away = points - (x, y)
        distance = np.hypot(away[:, 0], away[:, 1])
        best = _first_least(distance)
        if distance[best] <= tolerance:
            return self._made("corner", points[best], int(owner[best]), float(distance[best]))
        return self._edge(points, owner, x, y, tolerance)

    def _edge(self, points: Floats, owner: Ints, x: float, y: float, tolerance: float) -> Snap | None:
        # A closed ring ends where it starts; the step to the next ring is no edge.
        real = self._is_edge(owner, points)
        start, along = points[:-1][real], np.diff(points, axis=0)[real]
        length2 = np.maximum((along**2).sum(axis=1), 1e-18)
        share = (((x, y) - start) * along).sum(axis=1) / length2
        foot = start + along * np.clip(share, 0.0, 1.0)[:, None]
        distance = np.hypot(foot[:, 0] - x, foot[:, 1] - y)
        if not len(distance):
            return None
        best = _first_least(distance)
        if distance[best] > tolerance:
            return None
        return self._made("edge", foot[best], int(owner[:-1][real][best]), float(distance[best]))

    def _vertices(self, near: Ints) -> tuple[Floats, Ints]:
        """All vertices of the features `near`, and for each the ring it belongs to."""
        shapes = self.shapes
        first, last = shapes.part[shapes.feature[near]], shapes.part[shapes.feature[near + 1]]
        rings = ranges(first, last)
        start, end = shapes.ring[rings], shapes.ring[rings + 1]
        return shapes.xy[ranges(start, end)], np.repeat(rings, end - start)

    @staticmethod
    def _is_edge(owner: Ints, points: Floats) -> npt.NDArray[np.bool_]:
        moves = (points[:-1] != points[1:]).any(axis=1)
        return np.asarray((owner[:-1] == owner[1:]) & moves, dtype=np.bool_)

    def _made(self, kind: Literal["corner", "edge"], at: Floats, ring: int, distance: float) -> Snap:
        shapes = self.shapes
        part = int(np.searchsorted(shapes.part, ring, side="right")) - 1
        feature = int(np.searchsorted(shapes.feature, part, side="right")) - 1
        label = self._labels[feature] if feature < len(self._labels) else ""
        return Snap(kind, float(at[0]), float(at[1]), label, distance)


def _first_least(distance: Floats) -> int:
    """The first position whose distance is the least, rounding apart."""
    return int(np.argmax(distance <= distance.min() + _SAME))
