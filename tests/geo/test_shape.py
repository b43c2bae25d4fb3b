"""The kept form of a shape: what is repaired by name, what is refused, and that the form is stable."""

import math

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import GeometryCollection, LineString, MultiPolygon, Point, Polygon

from diwi_desktop.geo import shape
from diwi_desktop.geo.shape import ShapeError

X, Y = 104_000.0, 503_000.0


def at(*points: tuple[float, float]) -> Polygon:
    return Polygon([(X + x, Y + y) for x, y in points])


SQUARE = at((0, 0), (100, 0), (100, 100), (0, 100))
#: A square with a knot of one square metre in its upper edge.
TAIL = at((0, 0), (100, 0), (100, 100), (98, 100), (99, 101), (99, 99), (97, 100), (0, 100))


def with_y(y: float) -> Polygon:
    points = shapely.get_coordinates(SQUARE)
    points[1, 1] = y
    return shapely.set_coordinates(shapely.from_wkb(shapely.to_wkb(SQUARE)), points)


def assert_kept_form(result: MultiPolygon) -> None:
    assert isinstance(result, MultiPolygon)
    assert result.is_valid
    assert not result.is_empty
    assert not result.has_z
    points = shapely.get_coordinates(result)
    assert (points == np.round(points, 3)).all()
    for part in result.geoms:
        assert part.exterior.is_ccw
        assert not any(ring.is_ccw for ring in part.interiors)


def test_a_clean_polygon_becomes_a_multipolygon_counter_clockwise() -> None:
    clockwise = Polygon(SQUARE.exterior.coords[::-1])
    result, repairs = shape.normalise(clockwise)
    assert_kept_form(result)
    assert repairs == []
    assert shape.area_m2(result) == 10_000


def test_holes_turn_clockwise() -> None:
    hole = [(X + x, Y + y) for x, y in ((40, 40), (60, 40), (60, 60), (40, 60))]
    result, _ = shape.normalise(Polygon(SQUARE.exterior.coords, [hole]))
    assert_kept_form(result)
    assert shape.area_m2(result) == 9_600


def test_heights_and_repeated_points_go_and_coordinates_are_millimetres() -> None:
    raw = Polygon([(X, Y, 1), (X, Y, 1), (X + 10.00049, Y, 1), (X + 10, Y + 10, 2)])
    result, repairs = shape.normalise(raw)
    assert_kept_form(result)
    assert repairs == []
    assert set(shapely.get_coordinates(result)[:, 0]) == {X, X + 10.0}


def test_a_small_self_crossing_is_repaired_by_name() -> None:
    tail = TAIL
    assert not tail.is_valid
    result, repairs = shape.normalise(tail)
    assert_kept_form(result)
    assert [r.code for r in repairs] == ["self_crossing_repaired"]
    assert "kruist zichzelf" in repairs[0].nl
    assert repairs[0].area_change == pytest.approx(result.area - tail.area)


def test_a_bow_tie_is_refused_because_nobody_knows_what_was_meant() -> None:
    with pytest.raises(ShapeError) as caught:
        shape.normalise(at((0, 0), (100, 100), (100, 0), (0, 90)))
    assert caught.value.code == "shape_unclear"
    assert "oppervlakte" in caught.value.nl


def test_parts_that_share_an_edge_are_merged_without_loss() -> None:
    result, repairs = shape.normalise(MultiPolygon([SQUARE, shapely.affinity.translate(SQUARE, 100, 0)]))
    assert_kept_form(result)
    assert len(result.geoms) == 1
    assert shape.area_m2(result) == 20_000
    assert len(repairs) == 1


def test_overlapping_parts_are_refused_when_the_overlap_counts() -> None:
    with pytest.raises(ShapeError) as caught:
        shape.normalise(MultiPolygon([SQUARE, shapely.affinity.translate(SQUARE, 50, 0)]))
    assert caught.value.code == "shape_unclear"


@pytest.mark.parametrize(
    ("geometry", "code"),
    [
        (None, "shape_empty"),
        (Polygon(), "shape_empty"),
        (MultiPolygon(), "shape_empty"),
        (Point(X, Y), "shape_not_polygon"),
        (LineString([(X, Y), (X + 1, Y)]), "shape_not_polygon"),
        (GeometryCollection([Point(X, Y)]), "shape_not_polygon"),
        (with_y(math.nan), "shape_not_finite"),
        (with_y(math.inf), "shape_not_finite"),
        (at((0, 0), (10, 0), (10, 0.0001), (0, 0.0001)), "shape_collapsed"),
    ],
)
def test_refused(geometry, code: str) -> None:
    with pytest.raises(ShapeError) as caught:
        shape.normalise(geometry)
    assert caught.value.code == code
    assert caught.value.nl.endswith(".")
    assert caught.value.en.endswith(".")


def test_a_flat_ring_is_refused() -> None:
    with pytest.raises(ShapeError):
        shape.normalise(at((0, 0), (10, 0), (20, 0)))


def test_lines_beside_polygons_are_left_out_by_name() -> None:
    mixed = GeometryCollection([SQUARE, LineString([(X, Y), (X + 1, Y)]), MultiPolygon([])])
    result, repairs = shape.normalise(mixed)
    assert_kept_form(result)
    assert [r.code for r in repairs] == ["other_parts_dropped"]


def test_a_part_thinner_than_a_millimetre_is_left_out_by_name() -> None:
    thread = at((200, 0), (210, 0), (210, 0.0002), (200, 0.0002))
    result, repairs = shape.normalise(MultiPolygon([SQUARE, thread]))
    assert len(result.geoms) == 1
    assert [r.code for r in repairs] == ["slivers_dropped"]


coordinate = st.floats(-200, 200, allow_nan=False).map(lambda v: round(v, 5))
ring = st.lists(st.tuples(coordinate, coordinate), min_size=3, max_size=12)


@given(st.lists(ring, min_size=1, max_size=3))
def test_normalising_twice_changes_nothing(rings) -> None:
    raw = MultiPolygon([at(*points) for points in rings])
    try:
        once, _ = shape.normalise(raw)
    except ShapeError:
        return
    assert_kept_form(once)
    twice, repairs = shape.normalise(once)
    assert repairs == []
    assert shapely.equals_exact(once, twice, tolerance=0)
    again = shape.from_ewkb(shape.to_ewkb(once))
    assert shapely.equals_exact(once, again, tolerance=0)


@given(ring, st.integers(0, 11))
def test_same_shape_ignores_where_a_ring_starts(points, start: int) -> None:
    raw = at(*points)
    if not raw.is_valid:
        return
    first, _ = shape.normalise(raw)
    shifted = list(first.geoms[0].exterior.coords)[:-1]
    start %= len(shifted)
    second = MultiPolygon([Polygon(shifted[start:] + shifted[:start])])
    assert shape.same_shape(first, second)
    assert not shape.same_shape(first, shapely.affinity.translate(first, 0.001, 0))


def test_many_is_the_same_as_one_by_one() -> None:
    off_grid = at((0, 0), (10.00049, 0), (0, 10))
    several = np.array([SQUARE, TAIL, None, Point(X, Y), MultiPolygon([SQUARE]), off_grid, Polygon()], dtype=object)
    result, repairs, refusals = shape.normalise_many(several)
    assert [(i, r.code) for i, r in repairs] == [(1, "self_crossing_repaired")]
    assert [(i, e.code) for i, e in refusals] == [
        (2, "shape_empty"),
        (3, "shape_not_polygon"),
        (6, "shape_empty"),
    ]
    for index in (0, 1, 4, 5):
        assert shapely.equals_exact(result[index], shape.normalise(several[index])[0], tolerance=0)


def test_many_takes_nothing() -> None:
    result, repairs, refusals = shape.normalise_many(np.empty(0, dtype=object))
    assert (len(result), repairs, refusals) == (0, [], [])


def test_ewkb_says_rd() -> None:
    data = shape.to_ewkb(shape.normalise(SQUARE)[0])
    # byte order 1, type MultiPolygon (6) with the SRID flag, SRID 28992 = 0x7140
    assert data[:9].hex() == "01" + "06000020" + "40710000"
    assert shape.from_ewkb(data.hex()).area == 10_000
    assert shape.to_ewkb_hex(shape.from_ewkb(data)) == data.hex()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"rubbish",
        "zz",
        bytes(shapely.to_wkb(Point(1, 2))),
        bytes(shapely.to_wkb(shapely.set_srid(MultiPolygon([SQUARE]), 4326), include_srid=True)),
    ],
)
def test_other_bytes_are_refused(data: bytes | str) -> None:
    with pytest.raises(ShapeError):
        shape.from_ewkb(data)


@pytest.mark.parametrize("geometry", [SQUARE, MultiPolygon(), Point(1, 2)])
def test_only_a_filled_multipolygon_is_written(geometry) -> None:
    with pytest.raises(ShapeError):
        shape.to_ewkb(geometry)


def test_dutch_numbers() -> None:
    assert shape.decimal(1234.5) == "1.234,5"
    assert shape.decimal(-0.04) == "0,0"
    assert shape.decimal(-2.25, 2) == "−2,25"
