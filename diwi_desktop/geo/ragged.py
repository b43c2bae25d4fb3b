"""Polygons as a few flat arrays: what drawing and snapping read, and what worker processes can share.

One hundred thousand parcels are one array of vertices and three arrays of offsets (the layout of GeoArrow and
of `shapely.to_ragged_array`): a fifth of the memory of as many geometry objects, and sliceable without a
loop.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

# Packing goes in chunks: each call into GEOS keeps Python's lock, and the window may not wait for it.
_CHUNK = 2_000


@dataclass(frozen=True)
class Ragged:
    """`n` (multi)polygons in RD metres.

    `xy` (v, 2) holds all vertices, each ring closed. Ring r is `xy[ring[r]:ring[r + 1]]`; part p owns rings
    `part[p]:part[p + 1]`, the first of which is its shell; feature f owns parts `feature[f]:feature[f + 1]`.
    `bounds` (n, 4) holds xmin, ymin, xmax, ymax; an empty feature has NaN there.
    """

    xy: Floats
    ring: Ints
    part: Ints
    feature: Ints
    bounds: Floats

    def __len__(self) -> int:
        return len(self.feature) - 1

    def rings_of(self, index: int) -> tuple[int, int]:
        """The first ring of feature `index` and the one past its last."""
        return int(self.part[self.feature[index]]), int(self.part[self.feature[index + 1]])

    def extent(self) -> tuple[float, float, float, float] | None:
        """xmin, ymin, xmax, ymax of everything in metres, or None without any feature."""
        if not len(self) or np.isnan(self.bounds).all():
            return None
        low, high = np.nanmin(self.bounds, axis=0), np.nanmax(self.bounds, axis=0)
        return float(low[0]), float(low[1]), float(high[2]), float(high[3])

    def touching(self, xmin: float, ymin: float, xmax: float, ymax: float) -> Ints:
        """The indices of the features whose bounding box meets the given box, ascending."""
        box = self.bounds
        hit = (box[:, 0] <= xmax) & (box[:, 2] >= xmin) & (box[:, 1] <= ymax) & (box[:, 3] >= ymin)
        return np.flatnonzero(hit)

    def contains(self, index: int, x: float, y: float) -> bool:
        """Whether the point lies in feature `index` (even-odd over all its rings; on the border either
        way).
        """
        first, last = self.rings_of(index)
        start, end = int(self.ring[first]), int(self.ring[last])
        p, q = self.xy[start : end - 1], self.xy[start + 1 : end]
        # The step from the end of one ring to the start of the next is no edge.
        edge = np.ones(len(p), dtype=bool)
        edge[self.ring[first + 1 : last] - start - 1] = False
        spans = edge & ((p[:, 1] > y) != (q[:, 1] > y))
        p, q = p[spans], q[spans]
        at = p[:, 0] + (y - p[:, 1]) * (q[:, 0] - p[:, 0]) / (q[:, 1] - p[:, 1])
        return bool(np.count_nonzero(at > x) % 2)

    def geometry(self, index: int) -> BaseGeometry:
        """Feature `index` as a shapely MultiPolygon."""
        made: BaseGeometry = self.geometries(np.array([index], dtype=np.int64))[0]
        return made

    def geometries(self, index: Ints) -> npt.NDArray[np.object_]:
        """The features `index` (m,) as shapely MultiPolygons (m,)."""
        parts = self.feature[index], self.feature[index + 1]
        rings = self.part[parts[0]], self.part[parts[1]]
        vertices = self.ring[rings[0]], self.ring[rings[1]]
        xy = self.xy[ranges(*vertices)]
        ring_ids, part_ids = ranges(*rings), ranges(*parts)
        offsets = (
            np.append(0, np.cumsum(self.ring[ring_ids + 1] - self.ring[ring_ids])),
            np.append(0, np.cumsum(self.part[part_ids + 1] - self.part[part_ids])),
            np.append(0, np.cumsum(parts[1] - parts[0])),
        )
        made = shapely.from_ragged_array(shapely.GeometryType.MULTIPOLYGON, xy, offsets)
        return np.asarray(made, dtype=object)


def ranges(first: Ints, last: Ints) -> Ints:
    """The numbers first[0]..last[0] - 1, first[1]..last[1] - 1, and so on in one array."""
    length = last - first
    total = int(length.sum())
    if not total:
        return np.zeros(0, dtype=np.int64)
    out = np.ones(total, dtype=np.int64)
    kept = length > 0
    first, length = first[kept], length[kept]
    at = np.cumsum(length)[:-1]
    out[0] = first[0]
    out[at] = first[1:] - (first[:-1] + length[:-1] - 1)
    return np.cumsum(out)


def empty() -> Ragged:
    """No features."""
    zero = np.zeros(1, dtype=np.int64)
    return Ragged(np.zeros((0, 2)), zero, zero, zero, np.zeros((0, 4)))


def pack(geometries: Sequence[Any] | npt.NDArray[Any]) -> Ragged:
    """Shapely polygons and multipolygons, or their (E)WKB as bytes, as a `Ragged`; a missing one becomes
    empty.

    Heights are dropped. Raises shapely.errors.GEOSException for bytes that are no WKB and ValueError for
    other kinds of geometry than (multi)polygons.
    """
    if not len(geometries):
        return empty()
    pieces = [_pack_chunk(geometries[at : at + _CHUNK]) for at in range(0, len(geometries), _CHUNK)]
    if len(pieces) == 1:
        return pieces[0]
    return Ragged(
        _stacked([piece.xy for piece in pieces]),
        _chain([piece.ring for piece in pieces]),
        _chain([piece.part for piece in pieces]),
        _chain([piece.feature for piece in pieces]),
        _stacked([piece.bounds for piece in pieces]),
    )


def _pack_chunk(chunk: Sequence[Any] | npt.NDArray[Any]) -> Ragged:
    some = next((item for item in chunk if item is not None), None)
    wkb = isinstance(some, (bytes, bytearray, memoryview))
    geoms = shapely.from_wkb(chunk) if wkb else np.asarray(chunk, dtype=object)
    geoms = np.where(shapely.is_missing(geoms), shapely.MultiPolygon(), geoms)
    kinds = shapely.get_type_id(geoms)
    if not np.isin(kinds, (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)).all():
        raise ValueError("only polygons and multipolygons can be packed")
    parts, part_owner = shapely.get_parts(geoms, return_index=True)
    filled = ~shapely.is_empty(parts)
    parts, part_owner = parts[filled], part_owner[filled]
    rings, ring_owner = shapely.get_rings(parts, return_index=True)
    xy, vertex_owner = shapely.get_coordinates(rings, return_index=True)
    return Ragged(
        xy,
        _offsets(vertex_owner, len(rings)),
        _offsets(ring_owner, len(parts)),
        _offsets(part_owner, len(geoms)),
        shapely.bounds(geoms),
    )


def _offsets(owner: npt.NDArray[Any], count: int) -> Ints:
    """Where the items of each of `count` owners begin, when they stand in order of owner; one more than
    `count`.
    """
    out = np.zeros(count + 1, dtype=np.int64)
    np.cumsum(np.bincount(owner, minlength=count), out=out[1:])
    return out


def _stacked(pieces: list[Floats]) -> Floats:
    """Arrays of rows as one, copied piece by piece: for the window's sake, as in chunks above."""
    out = np.empty((sum(len(piece) for piece in pieces), pieces[0].shape[1]))
    at = 0
    for piece in pieces:
        out[at : at + len(piece)] = piece
        at += len(piece)
    return out


def _chain(offsets: list[Ints]) -> Ints:
    """Offset arrays of consecutive pieces as one."""
    out, base = [np.zeros(1, dtype=np.int64)], 0
    for piece in offsets:
        out.append(piece[1:] + base)
        base += int(piece[-1])
    return np.concatenate(out)
