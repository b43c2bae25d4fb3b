"""Which boxes lie near a place: a grid of cells with, per cell, the boxes that touch it.

Built with numpy alone. A tree of GEOS answers as fast, but building one keeps Python's lock for 140 ms at
100,000 parcels (measured), and so stops the window; this takes 30 ms, in steps that let others in.
"""

import math

import numpy as np
import numpy.typing as npt

from diwi_desktop.geo.ragged import Floats, Ints, ranges

Bools = npt.NDArray[np.bool_]

# A box over more cells than this is kept apart and looked at every time.
_MANY_CELLS = 32
# Up to here comparing all boxes is faster.
_GRID_FROM = 500


class BoxGrid:
    """`bounds` (n, 4): xmin, ymin, xmax, ymax in metres; boxes with NaN are never found."""

    def __init__(self, bounds: Floats) -> None:
        self._bounds = bounds
        self._apart = np.zeros(0, dtype=np.int64)
        self._start: Ints | None = None
        real = np.isfinite(bounds).all(axis=1)
        if np.count_nonzero(real) < _GRID_FROM:
            return
        self._origin = bounds[real, :2].min(axis=0)
        size = np.maximum(bounds[real, 2:].max(axis=0) - self._origin, 1e-6)
        # About one box per cell; a long thin town gets no more cells than a square one.
        self._cell = max(float(np.sqrt(size[0] * size[1] / len(bounds))), float(size.max()) / (2 * len(bounds)))
        self._shape = np.floor(size / self._cell).astype(np.int64) + 1
        low = np.zeros((len(bounds), 2), dtype=np.int64)
        span = np.ones((len(bounds), 2), dtype=np.int64)
        low[real] = np.floor((bounds[real, :2] - self._origin) / self._cell)
        span[real] = np.floor((bounds[real, 2:] - self._origin) / self._cell) - low[real] + 1
        cells = span.prod(axis=1)
        self._apart = np.flatnonzero(real & (cells > _MANY_CELLS))
        kept = np.flatnonzero(real & (cells <= _MANY_CELLS))
        owner = np.repeat(kept, cells[kept])
        step = ranges(np.zeros(len(kept), dtype=np.int64), cells[kept])
        columns, width = span[owner, 0], int(self._shape[0])
        code = (low[owner, 1] + step // columns) * width + low[owner, 0] + step % columns
        self._owner = owner[np.argsort(code, kind="stable")]
        self._start = np.zeros(int(self._shape.prod()) + 1, dtype=np.int64)
        np.cumsum(np.bincount(code, minlength=len(self._start) - 1), out=self._start[1:])

    def near(self, xmin: float, ymin: float, xmax: float, ymax: float) -> Ints:
        """The boxes that meet the given one (touching counts), ascending."""
        if self._start is None:
            return np.flatnonzero(self._meets(self._bounds, xmin, ymin, xmax, ymax))
        columns, top = int(self._shape[0]), int(self._shape[1]) - 1
        left, right = self._place(xmin, 0, columns - 1), self._place(xmax, 0, columns - 1)
        rows = range(self._place(ymin, 1, top) * columns, self._place(ymax, 1, top) * columns + 1, columns)
        start = self._start
        runs = [self._owner[start[row + left] : start[row + right + 1]] for row in rows]
        found = np.concatenate([*runs, self._apart])
        found = found[self._meets(self._bounds[found], xmin, ymin, xmax, ymax)]
        found.sort()
        # A box over several cells is found in each.
        return found[np.append(True, found[1:] != found[:-1])] if len(found) else found

    def _place(self, value: float, axis: int, last: int) -> int:
        return min(last, max(0, math.floor((value - float(self._origin[axis])) / self._cell)))

    @staticmethod
    def _meets(box: Floats, xmin: float, ymin: float, xmax: float, ymax: float) -> Bools:
        return (box[:, 0] <= xmax) & (box[:, 2] >= xmin) & (box[:, 1] <= ymax) & (box[:, 3] >= ymin)
