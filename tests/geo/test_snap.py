"""Snapping: against brute force, and the rules that brute force does not show."""

import math
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import MultiPolygon, Polygon

from diwi_desktop.basedata.readers import read_parcels
from diwi_desktop.geo.boxes import BoxGrid
from diwi_desktop.geo.ragged import pack
from diwi_desktop.geo.snap import Snap, SnapIndex, nearest
from tests.realdata import real_data

UNIT = shapely.box(100, 100, 110, 110)


def street(count: int) -> list[Polygon]:
    """A row of oblong parcels of 10 by 30 metres that share their boundaries."""
    return [shapely.box(x * 10, 0, x * 10 + 10, 30) for x in range(count)]


@st.composite
def fabrics(draw: st.DrawFn) -> list[MultiPolygon]:
    """Quarrelsome polygons: shared borders, holes, several parts, tiny and huge ones, on a coarse grid of
    values.
    """
    shapes = []
    for _ in range(draw(st.integers(1, 8))):
        parts = []
        for _ in range(draw(st.integers(1, 2))):
            x, y = draw(st.integers(0, 60)), draw(st.integers(0, 60))
            width, height = draw(st.integers(3, 40)), draw(st.integers(3, 40))
            box = shapely.box(x, y, x + width, y + height)
            if draw(st.booleans()):
                box = Polygon(box.exterior, [[(x + 1, y + 1), (x + 2, y + 1), (x + 2, y + 2), (x + 1, y + 2)]])
            parts.append(box)
        if len(parts) == 2 and parts[0].intersects(parts[1]):
            parts = parts[:1]
        shapes.append(MultiPolygon(parts))
    return shapes


def brute(shapes: list[MultiPolygon], x: float, y: float, tolerance: float) -> Snap | None:
    """The same answer, one vertex and one edge at a time."""
    best: tuple[float, str, float, float, str] | None = None
    for kind in ("corner", "edge"):
        for number, shape in enumerate(shapes):
            for part in shape.geoms:
                for ring in (part.exterior, *part.interiors):
                    points = list(ring.coords)
                    for (ax, ay), (bx, by) in pairwise(points):
                        if kind == "corner":
                            fx, fy = ax, ay
                        else:
                            dx, dy = bx - ax, by - ay
                            share = ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)
                            share = min(1.0, max(0.0, share))
                            fx, fy = ax + share * dx, ay + share * dy
                        distance = math.hypot(fx - x, fy - y)
                        if distance <= tolerance and (best is None or distance < best[0] - 1e-7):
                            best = (distance, kind, fx, fy, str(number))
        if best is not None:
            distance, found, fx, fy, label = best
            return Snap("corner" if found == "corner" else "edge", fx, fy, label, distance)
    return None


@given(fabrics(), st.floats(-5, 105), st.floats(-5, 105), st.floats(0.1, 12))
def test_same_as_brute_force(shapes: list[MultiPolygon], x: float, y: float, tolerance: float) -> None:
    found = SnapIndex.of(shapes, [str(n) for n in range(len(shapes))]).snap(x, y, tolerance)
    wanted = brute(shapes, x, y, tolerance)
    assert (found is None) == (wanted is None)
    if found is not None and wanted is not None:
        assert found.kind == wanted.kind
        assert found.distance == pytest.approx(wanted.distance, abs=1e-6)
        assert math.hypot(found.x - x, found.y - y) == pytest.approx(found.distance, abs=1e-9)


@given(st.integers(0, 2999), st.floats(0, 30), st.floats(0.05, 3))
def test_the_grid_gives_what_plain_boxes_give(number: int, y: float, tolerance: float) -> None:
    found = _LARGE.snap(number * 10 + 0.4, y, tolerance)
    few = SnapIndex.of(street(3000)[max(0, number - 2) : number + 3], [""] * 5).snap(number * 10 + 0.4, y, tolerance)
    assert (found is None) == (few is None)
    if found is not None and few is not None:
        assert (found.kind, found.x, found.y) == (few.kind, few.x, few.y)


_LARGE = SnapIndex.of(street(3000), [f"P{n}" for n in range(3000)])


def test_a_corner_wins_from_a_nearer_edge() -> None:
    found = SnapIndex.of([UNIT], ["A"]).snap(101.5, 100.1, 2.0)
    assert found is not None
    assert (found.kind, found.x, found.y, found.label) == ("corner", 100.0, 100.0, "A")


def test_an_edge_where_no_corner_is_near() -> None:
    found = SnapIndex.of([UNIT], ["A"]).snap(105.0, 99.5, 2.0)
    assert found is not None
    assert (found.kind, found.x, found.y) == ("edge", 105.0, 100.0)


def test_nothing_beyond_the_tolerance_and_nothing_in_the_middle() -> None:
    index = SnapIndex.of([UNIT], ["A"])
    assert index.snap(105.0, 97.9, 2.0) is None
    assert index.snap(105.0, 105.0, 2.0) is None


def test_of_a_shared_corner_the_first_parcel_gives_the_name() -> None:
    index = SnapIndex.of(street(4), ["A", "B", "C", "D"])
    found = index.snap(20.1, 0.1, 1.0)
    assert found is not None
    assert found.label == "B"
    edge = index.snap(20.1, 15.0, 1.0)
    assert edge is not None
    assert (edge.label, edge.x) == ("B", 20.0)


def test_no_edge_between_two_rings() -> None:
    ring = Polygon(shapely.box(0, 0, 30, 30).exterior, [shapely.box(20, 20, 25, 25).exterior])
    # Between the last point of the shell (0, 0) and the first of the hole nothing is drawn.
    assert SnapIndex.of([ring]).snap(10.0, 10.0, 4.0) is None


def test_an_edited_feature_replaces_the_old_one() -> None:
    index = SnapIndex.of([UNIT, shapely.box(200, 200, 210, 210)], ["A", "B"])
    index.put("A", shapely.box(150, 150, 160, 160))
    assert index.snap(100.0, 100.0, 1.0) is None
    moved = index.snap(150.2, 150.0, 1.0)
    assert moved is not None
    assert moved.label == "A"
    assert len(index) == 2


def test_a_removed_feature_is_found_no_more_and_can_come_back() -> None:
    index = SnapIndex.of([UNIT], ["A"])
    index.put("A", None)
    assert index.snap(100.0, 100.0, 1.0) is None
    assert len(index) == 0
    index.put("A", UNIT)
    assert index.snap(100.0, 100.0, 1.0) is not None


def test_no_features_and_missing_ones() -> None:
    assert SnapIndex.of([]).snap(0, 0, 5) is None
    index = SnapIndex.of(np.array([None, UNIT, MultiPolygon()], dtype=object), ["leeg", "A", "ook leeg"])
    found = index.snap(100.0, 100.0, 1.0)
    assert found is not None
    assert found.label == "A"


def test_from_wkb() -> None:
    found = SnapIndex.of([shapely.to_wkb(UNIT)], ["A"]).snap(110.2, 110.2, 1.0)
    assert found is not None
    assert (found.x, found.y) == (110.0, 110.0)


def test_the_nearest_of_two_sources() -> None:
    corner, near, far = Snap("corner", 0, 0, "A", 2.0), Snap("edge", 0, 0, "B", 0.1), Snap("corner", 0, 0, "C", 3.0)
    assert nearest(near, corner) is corner
    assert nearest(far, corner) is corner
    assert nearest(None, near) is near
    assert nearest(None, None) is None


def test_points_cannot_be_packed() -> None:
    with pytest.raises(ValueError, match="polygons"):
        pack([shapely.Point(0, 0)])


@given(fabrics())
def test_packing_loses_nothing(shapes: list[MultiPolygon]) -> None:
    packed = pack(shapes)
    back = packed.geometries(np.arange(len(shapes)))
    assert all(shapely.equals_exact(a, b) for a, b in zip(back, shapes, strict=True))
    twice = pack([*shapes, None, *shapes])
    assert shapely.equals_exact(twice.geometry(len(shapes) + 1), shapes[0])
    assert twice.geometry(len(shapes)).is_empty


@given(fabrics(), st.floats(0, 100), st.floats(0, 100))
def test_contains_as_shapely_does(shapes: list[MultiPolygon], x: float, y: float) -> None:
    packed = pack(shapes)
    for index, shape in enumerate(shapes):
        if shape.boundary.distance(shapely.Point(x, y)) > 1e-9:
            assert packed.contains(index, x, y) == shape.contains(shapely.Point(x, y))


@given(
    st.lists(
        st.tuples(st.floats(0, 900), st.floats(0, 900), st.floats(0, 40), st.floats(0, 40)), min_size=1, max_size=40
    ),
    st.floats(-50, 1000),
    st.floats(-50, 1000),
    st.floats(0, 400),
)
def test_a_grid_of_boxes_finds_what_comparing_all_finds(
    boxes: list[tuple[float, float, float, float]], x: float, y: float, side: float
) -> None:
    few = np.array([(a, b, a + c, b + d) for a, b, c, d in boxes])
    # Many enough for a grid, with one over everything, one of NaN and many in one heap.
    bounds = np.vstack([few, [[0, 0, 1000, 1000]], np.full((1, 4), np.nan), np.repeat(few, 25, axis=0), _SCATTERED])
    found = BoxGrid(bounds).near(x, y, x + side, y + side)
    meets = (bounds[:, 0] <= x + side) & (bounds[:, 2] >= x) & (bounds[:, 1] <= y + side) & (bounds[:, 3] >= y)
    assert found.tolist() == np.flatnonzero(meets).tolist()


_CORNERS = np.random.default_rng(5).uniform(0, 1000, (600, 2))
_SCATTERED = np.hstack([_CORNERS, _CORNERS + np.random.default_rng(6).uniform(0, 30, (600, 2))])


def test_every_corner_of_real_parcels_is_found() -> None:
    table, _ = read_parcels(real_data("brk_v5_perceel_otterlo.gml"))
    index = SnapIndex.of(table.geometry, table.designation)
    for x, y in shapely.get_coordinates(table.geometry).tolist():
        found = index.snap(x + 0.02, y - 0.01, 0.05)
        assert found is not None
        assert found.kind == "corner"
        assert math.hypot(found.x - x, found.y - y) < 0.05
