"""Edits of a plan area, as the map tools make them: pure functions from shape to shape, in RD metres.

Every function takes normalised shapes (see `shape`) and gives one back. A vertex is addressed by part, ring
(0 is the outline, 1 and up are holes) and index in that ring (the closing point does not count); an edge by
the vertex it starts at. An edit that would leave an invalid shape raises `InvalidEdit` and changes nothing;
it is never repaired in silence, because what the user sees under his pointer must be what he gets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LinearRing, LineString, MultiPolygon, Polygon, STRtree
from shapely.geometry.base import BaseGeometry

from diwi_desktop.geo import shape
from diwi_desktop.model.finding import UserError

#: Gaps between parcels narrower than this are faults of drawing, not land (metres).
SLIVER_WIDTH = 0.005
#: Overlap below this is a fault of drawing too (m2).
SLIVER_AREA = 1.0

Areas = Sequence[BaseGeometry] | NDArray[np.object_]


class InvalidEdit(UserError):
    """An edit that would leave no valid area.

    `code` is one of edit_empty, edit_crosses, edit_too_few_points, edit_no_such_vertex, edit_line_misses,
    edit_nothing_there.
    """

    code = "edit_crosses"


@dataclass(frozen=True, order=True, slots=True)
class VertexRef:
    """A vertex of a MultiPolygon, or the edge that starts there."""

    part: int
    ring: int
    index: int


_NOTHING_LEFT = (
    "Er blijft niets van het plangebied over; verwijder het plangebied zelf als dat de bedoeling is.",
    "Nothing of the plan area is left; delete the plan area itself if that is what you want.",
)
_CROSSES = (
    "Zo kruist of raakt de grens zichzelf; verplaats het punt naar een andere plek.",
    "The outline would cross or touch itself; move the point somewhere else.",
)
_TOO_FEW = (
    "Een vlak heeft ten minste drie hoekpunten nodig; dit punt kan niet weg.",
    "An area needs at least three corners; this point cannot be removed.",
)
_NO_VERTEX = ("Dit hoekpunt bestaat niet (meer).", "This corner does not exist (any more).")
_LINE_MISSES = (
    "De snijlijn deelt het plangebied niet; begin en eindig de lijn buiten het vlak.",
    "The line does not divide the plan area; start and end the line outside it.",
)
_NO_OVERLAP = (
    "De getekende vorm raakt het plangebied niet.",
    "The drawn shape does not touch the plan area.",
)


# --- parcels and areas --------------------------------------------------------------------------------------


def union(areas: Areas) -> MultiPolygon:
    """The areas as one, with gaps narrower than `SLIVER_WIDTH` between them closed.

    Corners of the areas stay where they are to the millimetre: only the gap is filled. Raises InvalidEdit
    when there is no area at all.
    """
    shapes = [area for area in areas if area is not None and not area.is_empty]
    if not shapes:
        raise InvalidEdit(*_NOTHING_LEFT, code="edit_empty")
    if len(shapes) == 1:
        return shape.normalise(shapes[0])[0]
    merged = shape.normalise(shapely.union_all(shapes, grid_size=shape.GRID))[0]
    return _close_gaps(merged)


def add(area: MultiPolygon | None, *others: BaseGeometry) -> MultiPolygon:
    """The area with parcels or drawn polygons added; `area` may be None for a first one. InvalidEdit as
    `union`.
    """
    return union([*([area] if area is not None else []), *others])


def subtract(area: MultiPolygon, *others: BaseGeometry) -> MultiPolygon:
    """The area without parcels or drawn polygons; slivers narrower than `SLIVER_WIDTH` that would stay go
    too.

    Raises InvalidEdit when nothing of the area is left, and when the others do not overlap it.
    """
    taken = shapely.union_all(list(others), grid_size=shape.GRID)
    rest = shapely.difference(area, taken, grid_size=shape.GRID)
    if shapely.area(area) - shapely.area(rest) < shape.GRID:
        raise InvalidEdit(*_NO_OVERLAP, code="edit_nothing_there")
    kept = _without_sliver_parts(rest)
    if kept.is_empty:
        raise InvalidEdit(*_NOTHING_LEFT, code="edit_empty")
    return shape.normalise(kept)[0]


def cut(area: MultiPolygon, line: LineString) -> list[Polygon]:
    """The pieces into which a line divides the area, largest first; parts the line leaves alone are pieces
    as well.

    Neighbouring pieces share their boundary to the millimetre. Loose ends of the line inside the area do
    nothing. Raises InvalidEdit when the line divides nothing.
    """
    network = shapely.union_all([area.boundary, line], grid_size=shape.GRID)
    faces = shapely.get_parts(shapely.polygonize([network]))
    inside = faces[shapely.contains_properly(area, shapely.point_on_surface(faces))]
    pieces = [piece for face in inside for piece in shape.normalise(face)[0].geoms]
    if len(pieces) <= len(area.geoms):
        raise InvalidEdit(*_LINE_MISSES, code="edit_line_misses")
    return sorted(pieces, key=lambda piece: (-piece.area, piece.bounds))


def overlaps(areas: Areas, area: BaseGeometry, *, ignore_below: float = SLIVER_AREA) -> list[tuple[int, float]]:
    """Which of `areas` overlap `area`, as (index, m2), largest first; less than `ignore_below` m2 does not
    count.

    The areas have to be valid; missing ones are skipped.
    """
    candidates = np.asarray(areas, dtype=object)
    near = STRtree(candidates).query(area, predicate="intersects") if len(candidates) else np.empty(0, dtype=int)
    shared = shapely.area(shapely.intersection(candidates[near], area))
    found = [(int(i), float(m2)) for i, m2 in zip(near, shared, strict=True) if m2 >= ignore_below]
    return sorted(found, key=lambda entry: (-entry[1], entry[0]))


def _close_gaps(merged: MultiPolygon) -> MultiPolygon:
    """Fill holes and inlets narrower than `SLIVER_WIDTH`, leaving every original corner in its place."""
    reach = SLIVER_WIDTH / 2
    merged = MultiPolygon([_without_sliver_holes(part, reach) for part in merged.geoms])
    grown = merged.buffer(reach, join_style="mitre", mitre_limit=10.0)
    closed = grown.buffer(-reach, join_style="mitre", mitre_limit=10.0)
    # On the millimetre grid the hairs that buffering leaves along the outline vanish; what is left is a gap.
    found = shapely.get_parts(shapely.difference(closed, merged, grid_size=shape.GRID))
    gaps = [gap for gap in found if gap.area > shape.GRID**2]
    if not gaps:
        return shape.normalise(merged)[0]
    # On one grid the sides of a gap and of its surroundings run through the same points, so nothing stays
    # open.
    filled = shapely.union_all([merged, *gaps], grid_size=shape.GRID)
    corners = STRtree(shapely.points(shapely.get_coordinates(merged)))
    parts = [_restore_corners(part, corners) for part in shapely.get_parts(filled)]
    return shape.normalise(shapely.union_all(parts, grid_size=shape.GRID))[0]


def _without_sliver_holes(part: Polygon, reach: float) -> Polygon:
    holes = [ring for ring in part.interiors if not Polygon(ring).buffer(-reach).is_empty]
    return Polygon(part.exterior, holes) if len(holes) < len(part.interiors) else part


def _restore_corners(part: Polygon, corners: STRtree) -> Polygon:
    """Undo what filling did to the outline: points beside an original corner return to it, others go."""

    def restored(ring: LinearRing) -> NDArray[np.float64]:
        points = shapely.get_coordinates(ring)[:-1]
        mine, nearest = corners.query_nearest(shapely.points(points), max_distance=2 * shape.GRID, all_matches=False)
        original = np.zeros(len(points), dtype=bool)
        original[mine] = True
        points[mine] = shapely.get_coordinates(corners.geometries[nearest])
        before, after = np.roll(points, 1, axis=0), np.roll(points, -1, axis=0)
        bend = shapely.distance(shapely.points(points), shapely.linestrings(np.stack([before, after], axis=1)))
        kept: NDArray[np.float64] = points[original | (bend > 2 * shape.GRID)]
        return kept if len(kept) >= 3 else points

    return Polygon(restored(part.exterior), [restored(ring) for ring in part.interiors])


def _without_sliver_parts(geometry: BaseGeometry) -> BaseGeometry:
    parts = [part for part in shapely.get_parts(geometry) if isinstance(part, Polygon)]
    wide = [part for part in parts if not part.buffer(-SLIVER_WIDTH / 2).is_empty]
    return MultiPolygon(wide)


# --- vertices and edges -------------------------------------------------------------------------------------


def vertices(area: MultiPolygon) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """All vertices of an area: coordinates (n, 2) and the matching (part, ring, index) triples (n, 3)."""
    coordinates: list[NDArray[np.float64]] = []
    refs: list[NDArray[np.int64]] = []
    for part, polygon in enumerate(area.geoms):
        for ring, points in enumerate(_rings(polygon)):
            coordinates.append(points)
            count = len(points)
            refs.append(np.column_stack([np.full(count, part), np.full(count, ring), np.arange(count)]))
    return np.vstack(coordinates), np.vstack(refs)


def vertex(area: MultiPolygon, ref: VertexRef) -> tuple[float, float]:
    """The coordinates of a vertex. Raises InvalidEdit when there is no such vertex."""
    x, y = _ring_at(area, ref)[ref.index]
    return float(x), float(y)


def edge(area: MultiPolygon, ref: VertexRef) -> tuple[tuple[float, float], tuple[float, float]]:
    """Both ends of the edge that starts at vertex `ref`. Raises InvalidEdit when there is no such edge."""
    points = _ring_at(area, ref)
    first, second = points[ref.index], points[(ref.index + 1) % len(points)]
    return (float(first[0]), float(first[1])), (float(second[0]), float(second[1]))


def move_vertex(area: MultiPolygon, ref: VertexRef, to: tuple[float, float]) -> MultiPolygon:
    """The area with one corner at `to`. Raises InvalidEdit when the outline would cross or touch itself."""
    points = _ring_at(area, ref).copy()
    points[ref.index] = to
    return _with_ring(area, ref, points)


def move_edge(area: MultiPolygon, ref: VertexRef, dx: float, dy: float) -> MultiPolygon:
    """The area with the edge that starts at `ref` shifted by (dx, dy). Raises InvalidEdit like
    `move_vertex`.
    """
    points = _ring_at(area, ref).copy()
    points[[ref.index, (ref.index + 1) % len(points)]] += (dx, dy)
    return _with_ring(area, ref, points)


def insert_vertex(area: MultiPolygon, ref: VertexRef, at: tuple[float, float]) -> MultiPolygon:
    """The area with a corner `at` in the edge that starts at `ref`; it becomes vertex `ref.index + 1` of
    the ring.

    Raises InvalidEdit when the outline would cross itself.
    """
    points = np.insert(_ring_at(area, ref), ref.index + 1, at, axis=0)
    return _with_ring(area, ref, points)


def delete_vertex(area: MultiPolygon, ref: VertexRef) -> MultiPolygon:
    """The area without one corner. Taking a corner from a triangular hole or part removes that hole or part.

    Raises InvalidEdit when it is the last part that would go, or when the outline would cross itself.
    """
    points = np.delete(_ring_at(area, ref), ref.index, axis=0)
    if len(points) >= 3:
        return _with_ring(area, ref, points)
    parts = list(area.geoms)
    if ref.ring > 0:
        holes = [ring for number, ring in enumerate(parts[ref.part].interiors, start=1) if number != ref.ring]
        parts[ref.part] = Polygon(parts[ref.part].exterior, holes)
    elif len(parts) > 1:
        del parts[ref.part]
    else:
        raise InvalidEdit(*_TOO_FEW, code="edit_too_few_points")
    return shape.normalise(MultiPolygon(parts))[0]


def find_vertex(area: MultiPolygon, x: float, y: float) -> VertexRef | None:
    """The vertex at (x, y) to the millimetre, for finding a corner again in the area that an edit gave
    back.
    """
    coordinates, refs = vertices(area)
    hits = np.flatnonzero((np.abs(coordinates - (x, y)) <= shape.GRID * 0.75).all(axis=1))
    return VertexRef(*(int(n) for n in refs[hits[0]])) if len(hits) else None


def draw(points: Sequence[tuple[float, float]] | NDArray[np.float64]) -> MultiPolygon:
    """A new area from the corners that the user clicked, in order. Raises InvalidEdit when that is no
    simple shape.
    """
    corners = np.round(np.asarray(points, dtype=np.float64).reshape(-1, 2), 3)
    if len(corners) > 1 and (corners[0] == corners[-1]).all():
        corners = corners[:-1]
    if not np.isfinite(corners).all():
        raise InvalidEdit(*_CROSSES)
    return _checked([Polygon(corners)] if len(corners) >= 3 else [])


def _rings(polygon: Polygon) -> list[NDArray[np.float64]]:
    return [shapely.get_coordinates(ring)[:-1] for ring in (polygon.exterior, *polygon.interiors)]


def _ring_at(area: MultiPolygon, ref: VertexRef) -> NDArray[np.float64]:
    parts = area.geoms
    if 0 <= ref.part < len(parts) and 0 <= ref.ring <= len(parts[ref.part].interiors):
        points = _rings(parts[ref.part])[ref.ring]
        if 0 <= ref.index < len(points):
            return points
    raise InvalidEdit(*_NO_VERTEX, code="edit_no_such_vertex")


def _with_ring(area: MultiPolygon, ref: VertexRef, points: NDArray[np.float64]) -> MultiPolygon:
    if not np.isfinite(points).all():
        raise InvalidEdit(*_CROSSES)
    parts = list(area.geoms)
    rings = _rings(parts[ref.part])
    rings[ref.ring] = np.round(points, 3)
    parts[ref.part] = Polygon(rings[0], rings[1:])
    return _checked(parts)


def _checked(parts: list[Polygon]) -> MultiPolygon:
    """The parts as a normalised area, refused (not mended) when they are no valid area as they stand."""
    if not parts:
        raise InvalidEdit(*_TOO_FEW, code="edit_too_few_points")
    edited = MultiPolygon(parts)
    if not shapely.is_valid(edited):
        raise InvalidEdit(*_CROSSES)
    return shape.normalise(edited)[0]
