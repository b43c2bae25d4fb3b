"""Choosing among very many: free parcels by their place in an order, and the addresses nearest to a point."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

_BLOCK = 512
_FIRST_REACH = 100.0  # metres; doubled until enough is found


class FreeList:
    """Parcels in a fixed order, of which some are taken as time goes on.

    Taking one and finding the one at a place among those left take the same time however many there are, near enough:
    the free ones are counted by blocks.
    """

    def __init__(self, order: NDArray[np.int64], parcels: int) -> None:
        self._order = order
        self._place = np.full(parcels, -1, dtype=np.int64)
        self._place[order] = np.arange(len(order))
        self._free = np.ones(len(order), dtype=bool)
        starts = np.arange(0, len(order), _BLOCK)
        self._counts = np.minimum(len(order) - starts, _BLOCK)

    def __len__(self) -> int:
        return int(self._counts.sum())

    def __getitem__(self, place: int) -> int:
        """The parcel at a place among the free ones, counted from 0."""
        ends = np.cumsum(self._counts)
        block = int(np.searchsorted(ends, place, side="right"))
        before = int(ends[block - 1]) if block else 0
        start = block * _BLOCK
        within = np.flatnonzero(self._free[start : start + _BLOCK])[place - before]
        return int(self._order[start + within])

    def take(self, parcels: list[int]) -> None:
        """Parcels that are no longer free; those of another list, or taken already, do no harm."""
        for place in self._place[parcels].tolist():
            if place >= 0 and self._free[place]:
                self._free[place] = False
                self._counts[place // _BLOCK] -= 1


class Nearest:
    """Points in RD, and which of them lie nearest to a spot."""

    def __init__(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> None:
        self._x, self._y = x, y
        self._tree = shapely.STRtree(shapely.points(x, y))

    def __call__(self, x: float, y: float, count: int) -> list[int]:
        """The rows of the nearest points, nearest first; equally near ones in their own order."""
        wanted = min(count, len(self._x))
        reach, spot = _FIRST_REACH, shapely.Point(x, y)
        found = self._tree.query(spot, predicate="dwithin", distance=reach)
        while len(found) < wanted:
            reach *= 2
            found = self._tree.query(spot, predicate="dwithin", distance=reach)
        rows = np.sort(found)
        order = np.argsort(np.hypot(self._x[rows] - x, self._y[rows] - y), kind="stable")
        nearest: list[int] = rows[order][:count].tolist()
        return nearest
