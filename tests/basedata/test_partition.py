"""Dividing land by lines: whatever the cuts and the bend, neighbours share their boundary and nothing is
lost.
"""

import math

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from diwi_desktop.basedata.partition import Face, Partition

BORDER = [(0.0, 0.0), (400.0, -30.0), (520.0, 210.0), (180.0, 420.0), (-60.0, 180.0)]


def bend(x, y):
    return x + 12 * np.sin(y / 60), y + 10 * np.sin(x / 55 + 1)


def straight(x, y):
    return x, y


def divide(cuts) -> tuple[Partition, list[Face]]:
    """Cut faces by strips; a cut that would leave a piece of centimetres is passed over, as a planner
    would.
    """
    ground = Partition()
    faces = [ground.start(BORDER)]
    for which, x, y, angle, width in cuts:
        face = faces[which % len(faces)]
        left, strip, right, _, _ = ground.band(face, x, y, math.cos(angle), math.sin(angle), width)
        pieces = [piece for piece in (left, strip, right) if piece is not None]
        if all(shapely.minimum_clearance(outline(ground, piece)) > 0.5 for piece in pieces):
            faces.remove(face)
            faces += pieces
    return ground, faces


def outline(ground: Partition, face: Face) -> shapely.Polygon:
    return shapely.Polygon([(ground.x[node], ground.y[node]) for node in face.nodes])


def test_one_cut_gives_two_halves_that_share_an_edge() -> None:
    ground = Partition()
    square = ground.start([(0, 0), (10, 0), (10, 10), (0, 10)])
    left, right = ground.split(square, ground.line(4, 0, 0, 1))
    assert left is not None
    assert right is not None
    assert (ground.area(left), ground.area(right)) == (40, 60)
    polygons, _ = ground.polygons([left, right], straight)
    assert shapely.get_num_coordinates(polygons).tolist() == [5, 5]
    assert shapely.intersection(*polygons).length == 10


def test_a_line_beside_a_face_leaves_it_whole() -> None:
    ground = Partition()
    square = ground.start([(0, 0), (10, 0), (10, 10), (0, 10)])
    assert ground.split(square, ground.line(20, 0, 0, 1)) == (square, None)
    assert ground.split(square, ground.line(-20, 0, 0, 1)) == (None, square)


def test_a_corner_of_one_is_a_corner_of_its_neighbour_across_the_line() -> None:
    ground = Partition()
    land = ground.start([(0, 0), (20, 0), (20, 10), (0, 10)])
    west, east = ground.split(land, ground.line(10, 0, 0, 1))
    assert west is not None
    assert east is not None
    south, north = ground.split(east, ground.line(10, 6, -1, 0))
    assert south is not None
    assert north is not None
    polygons, _ = ground.polygons([west, south, north], bend)
    assert shapely.get_num_coordinates(polygons[0]) == 6  # the corner at (10, 6) is in it
    assert shapely.coverage_is_valid(polygons)


@given(
    st.lists(
        st.tuples(
            st.integers(0, 50),
            st.floats(-50, 500),
            st.floats(-30, 400),
            st.floats(0, math.pi),
            st.floats(3, 30),
        ),
        max_size=14,
    )
)
def test_no_gap_and_no_overlap_whatever_the_cuts(cuts) -> None:
    ground, faces = divide(cuts)
    polygons, _ = ground.polygons(faces, straight)
    assert shapely.is_valid(polygons).all()
    assert shapely.coverage_is_valid(polygons)
    assert sum(ground.area(face) for face in faces) == pytest.approx(shapely.Polygon(BORDER).area)


def test_a_bent_division_is_a_valid_coverage() -> None:
    cuts = [(i, 60 + 37 * i % 300, 40 + 53 * i % 260, 0.3 + 1.1 * i, 6.0) for i in range(25)]
    ground, faces = divide(cuts)
    polygons, points = ground.polygons(faces, bend)
    assert len(faces) > 15
    assert shapely.is_valid(polygons).all()
    assert shapely.coverage_is_valid(polygons)
    known = set(map(tuple, points.tolist()))
    assert known >= set(map(tuple, shapely.get_coordinates(polygons).tolist()))
