"""Edits of a plan area: what they keep (area, corners, neighbours) and what they refuse."""

import math

import numpy as np
import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st
from shapely import LineString, MultiPolygon, Polygon

from diwi_desktop.geo import edit, shape
from diwi_desktop.geo.edit import InvalidEdit, VertexRef

X, Y = 104_000.0, 503_000.0


def at(*points: tuple[float, float]) -> MultiPolygon:
    return shape.normalise(Polygon([(X + x, Y + y) for x, y in points]))[0]


def box(x0: float, y0: float, x1: float, y1: float) -> MultiPolygon:
    return at((x0, y0), (x1, y0), (x1, y1), (x0, y1))


def line(*points: tuple[float, float]) -> LineString:
    return LineString([(X + x, Y + y) for x, y in points])


def corners(area: MultiPolygon) -> set[tuple[float, float]]:
    return {(round(x - X, 3), round(y - Y, 3)) for x, y in shapely.get_coordinates(area).tolist()}


SQUARE = box(0, 0, 100, 100)
WITH_HOLE = shape.normalise(SQUARE.difference(box(40, 40, 60, 60)))[0]


class TestUnion:
    def test_neighbouring_parcels_become_one_area(self) -> None:
        together = edit.union([SQUARE, box(100, 0, 150, 100)])
        assert len(together.geoms) == 1
        assert together.area == 15_000

    def test_parcels_apart_stay_two_parts(self) -> None:
        assert len(edit.union([SQUARE, box(200, 0, 250, 100)]).geoms) == 2

    def test_a_gap_of_four_millimetres_is_closed_and_the_corners_stay(self) -> None:
        left = SQUARE
        right = box(100.004, 10, 150, 90)
        together = edit.union([left, right])
        assert len(together.geoms) == 1
        assert corners(left) <= corners(together) | {(100, 0), (100, 100)}
        assert corners(right) <= corners(together)
        assert together.area == pytest.approx(left.area + right.area + 0.004 * 80, abs=0.01)
        assert not together.geoms[0].interiors

    def test_a_wedge_shaped_gap_is_closed_where_it_is_narrow(self) -> None:
        left = SQUARE
        right = at((100, 0), (150, 0), (150, 100), (100.004, 100))
        together = edit.union([left, right])
        assert len(together.geoms) == 1
        assert together.area == pytest.approx(15_000, abs=0.1)
        assert {(0, 0), (150, 0), (150, 100), (0, 100)} <= corners(together)

    def test_a_wide_gap_stays(self) -> None:
        together = edit.union([SQUARE, box(100.02, 0, 150, 100)])
        assert len(together.geoms) == 2
        assert together.area == pytest.approx(10_000 + 49.98 * 100, abs=0.001)

    def test_a_thread_of_a_hole_is_filled_but_a_real_hole_stays(self) -> None:
        thread = shape.normalise(SQUARE.difference(box(20, 20, 80, 20.003)))[0]
        assert not edit.union([thread, box(100, 0, 110, 100)]).geoms[0].interiors
        assert edit.union([WITH_HOLE, box(100, 0, 110, 100)]).geoms[0].interiors

    def test_a_sharp_corner_keeps_its_point(self) -> None:
        needle = at((100, 0), (400, 1), (100, 2))
        together = edit.union([SQUARE, needle])
        assert (400, 1) in corners(together)
        assert together.area == pytest.approx(SQUARE.area + needle.area, abs=0.01)

    def test_nothing_is_no_area(self) -> None:
        with pytest.raises(InvalidEdit) as caught:
            edit.union([])
        assert caught.value.code == "edit_empty"

    def test_adding_a_first_parcel(self) -> None:
        assert edit.add(None, SQUARE).area == 10_000

    def test_many_parcels_of_one_grid_give_one_rectangle(self) -> None:
        parcels = [box(10 * i, 10 * j, 10 * i + 10, 10 * j + 10) for i in range(12) for j in range(12)]
        assert edit.union(parcels).area == 14_400
        assert len(edit.union(parcels).geoms[0].interiors) == 0


class TestSubtract:
    def test_a_parcel_goes(self) -> None:
        rest = edit.subtract(edit.union([SQUARE, box(100, 0, 150, 100)]), box(100, 0, 150, 100))
        assert rest.area == 10_000

    def test_adding_and_removing_a_parcel_gives_the_old_area_back(self) -> None:
        parcel = box(100, 30, 150, 70)
        assert edit.subtract(edit.add(SQUARE, parcel), parcel).symmetric_difference(SQUARE).area < 1e-6

    def test_a_thread_that_would_be_left_goes_too(self) -> None:
        rest = edit.subtract(edit.union([SQUARE, box(200, 0, 300, 100)]), box(200.003, -1, 301, 101))
        assert len(rest.geoms) == 1

    def test_nothing_left_is_refused(self) -> None:
        with pytest.raises(InvalidEdit) as caught:
            edit.subtract(SQUARE, box(-1, -1, 101, 101))
        assert caught.value.code == "edit_empty"

    def test_beside_the_area_is_refused(self) -> None:
        with pytest.raises(InvalidEdit) as caught:
            edit.subtract(SQUARE, box(100, 0, 150, 100))
        assert caught.value.code == "edit_nothing_there"


class TestCut:
    def test_a_line_across_gives_two_pieces_largest_first(self) -> None:
        pieces = edit.cut(SQUARE, line((30, -5), (30, 105)))
        assert [piece.area for piece in pieces] == [7_000, 3_000]

    def test_a_corner_is_split_off(self) -> None:
        pieces = edit.cut(SQUARE, line((80, -5), (105, 30)))
        assert sum(piece.area for piece in pieces) == pytest.approx(10_000, abs=0.01)

    def test_a_line_over_a_hole_gives_two_pieces(self) -> None:
        assert [p.area for p in edit.cut(WITH_HOLE, line((50, -5), (50, 105)))] == [4_800, 4_800]

    def test_a_line_to_a_hole_divides_nothing(self) -> None:
        with pytest.raises(InvalidEdit) as caught:
            edit.cut(WITH_HOLE, line((50, -5), (50, 50)))
        assert caught.value.code == "edit_line_misses"

    def test_a_line_that_ends_inside_divides_nothing(self) -> None:
        with pytest.raises(InvalidEdit):
            edit.cut(SQUARE, line((50, -5), (50, 50)))

    def test_a_line_beside_the_area_divides_nothing(self) -> None:
        with pytest.raises(InvalidEdit):
            edit.cut(SQUARE, line((200, 0), (200, 100)))

    def test_an_untouched_part_is_a_piece_of_its_own(self) -> None:
        two = edit.union([SQUARE, box(200, 0, 210, 10)])
        assert [p.area for p in edit.cut(two, line((50, -5), (50, 105)))] == [5_000, 5_000, 100]

    @given(
        st.tuples(st.floats(-50, -1), st.floats(-50, 150)),
        st.tuples(st.floats(101, 150), st.floats(-50, 150)),
        st.lists(st.tuples(st.floats(1, 99), st.floats(1, 99)), max_size=3),
    )
    def test_a_cut_keeps_the_area_and_the_pieces_fit(self, start, end, between) -> None:
        for area in (SQUARE, WITH_HOLE):
            cutter = line(start, *between, end)
            try:
                pieces = edit.cut(area, cutter)
            except InvalidEdit:
                continue
            length = area.length + cutter.length
            assert sum(piece.area for piece in pieces) == pytest.approx(area.area, abs=0.001 * length)
            for i, first in enumerate(pieces):
                for second in pieces[i + 1 :]:
                    assert first.intersection(second).area == 0
            assert edit.union(pieces).symmetric_difference(area).area < 0.002 * length


class TestVertices:
    def test_every_vertex_has_an_address(self) -> None:
        points, refs = edit.vertices(WITH_HOLE)
        assert points.shape == (8, 2)
        assert refs[-1].tolist() == [0, 1, 3]
        for point, (part, ring, index) in zip(points, refs.tolist(), strict=True):
            assert edit.vertex(WITH_HOLE, VertexRef(part, ring, index)) == tuple(point)

    def test_a_moved_corner_lands_on_the_millimetre_and_keeps_its_address(self) -> None:
        ref = edit.find_vertex(SQUARE, X + 100, Y + 100)
        assert ref is not None
        moved = edit.move_vertex(SQUARE, ref, (X + 110.12345, Y + 120))
        assert edit.vertex(moved, ref) == (X + 110.123, Y + 120)

    def test_crossing_is_refused_not_mended(self) -> None:
        ref = edit.find_vertex(SQUARE, X + 100, Y + 100)
        assert ref is not None
        with pytest.raises(InvalidEdit) as caught:
            edit.move_vertex(SQUARE, ref, (X + 50, Y - 20))
        assert caught.value.code == "edit_crosses"

    def test_a_hole_may_not_leave_its_area(self) -> None:
        with pytest.raises(InvalidEdit):
            edit.move_vertex(WITH_HOLE, VertexRef(0, 1, 0), (X + 200, Y + 50))

    @pytest.mark.parametrize("to", [(math.nan, Y), (X, math.inf)])
    def test_no_number_is_refused(self, to: tuple[float, float]) -> None:
        with pytest.raises(InvalidEdit):
            edit.move_vertex(SQUARE, VertexRef(0, 0, 0), to)

    @pytest.mark.parametrize("ref", [VertexRef(1, 0, 0), VertexRef(0, 1, 0), VertexRef(0, 0, 4), VertexRef(0, 0, -1)])
    def test_an_address_that_does_not_exist(self, ref: VertexRef) -> None:
        with pytest.raises(InvalidEdit) as caught:
            edit.vertex(SQUARE, ref)
        assert caught.value.code == "edit_no_such_vertex"

    def test_moving_an_edge_moves_both_its_ends(self) -> None:
        points, _ = edit.vertices(SQUARE)
        index = next(i for i in range(4) if {p[0] for p in edit.edge(SQUARE, VertexRef(0, 0, i))} == {X + 100})
        assert edit.move_edge(SQUARE, VertexRef(0, 0, index), 25, 0).area == 12_500
        assert len(points) == 4

    def test_inserting_and_deleting_a_corner(self) -> None:
        more = edit.insert_vertex(SQUARE, VertexRef(0, 0, 0), edit.vertex(SQUARE, VertexRef(0, 0, 0)))
        assert shape.same_shape(more, SQUARE)  # a corner on a corner is no corner
        (x0, y0), (x1, y1) = edit.edge(SQUARE, VertexRef(0, 0, 3))
        more = edit.insert_vertex(SQUARE, VertexRef(0, 0, 3), ((x0 + x1) / 2, (y0 + y1) / 2))
        assert len(edit.vertices(more)[0]) == 5
        assert edit.vertex(more, VertexRef(0, 0, 4)) == ((x0 + x1) / 2, (y0 + y1) / 2)
        assert shape.same_shape(edit.delete_vertex(more, VertexRef(0, 0, 4)), SQUARE)

    def test_a_triangle_keeps_its_corners(self) -> None:
        with pytest.raises(InvalidEdit) as caught:
            edit.delete_vertex(at((0, 0), (10, 0), (0, 10)), VertexRef(0, 0, 0))
        assert caught.value.code == "edit_too_few_points"

    def test_a_triangular_hole_or_part_goes_with_its_corner(self) -> None:
        holed = shape.normalise(SQUARE.difference(at((40, 40), (60, 40), (50, 60))))[0]
        assert edit.delete_vertex(holed, VertexRef(0, 1, 0)).area == 10_000
        two = MultiPolygon([SQUARE.geoms[0], at((200, 0), (210, 0), (200, 10)).geoms[0]])
        assert shape.same_shape(edit.delete_vertex(two, VertexRef(1, 0, 0)), SQUARE)

    @given(st.integers(0, 7), st.floats(-30, 30), st.floats(-30, 30))
    def test_moving_back_undoes_a_move(self, number: int, dx: float, dy: float) -> None:
        points, refs = edit.vertices(WITH_HOLE)
        ref = VertexRef(*refs[number].tolist())
        x, y = points[number]
        to = (round(x + dx, 3), round(y + dy, 3))
        try:
            moved = edit.move_vertex(WITH_HOLE, ref, to)
        except InvalidEdit:
            return
        found = edit.find_vertex(moved, *to)
        assume(found is not None and len(edit.vertices(moved)[0]) == 8)
        assert found is not None
        back = edit.move_vertex(moved, found, (float(x), float(y)))
        assert shape.same_shape(back, WITH_HOLE)

    @given(st.integers(0, 3), st.floats(-300, 300), st.floats(-300, 300))
    def test_an_edit_is_either_the_kept_form_or_refused(self, index: int, dx: float, dy: float) -> None:
        try:
            moved = edit.move_edge(SQUARE, VertexRef(0, 0, index), dx, dy)
        except InvalidEdit:
            return
        assert moved.is_valid
        assert shapely.equals_exact(shape.normalise(moved)[0], moved, tolerance=0)


class TestDraw:
    def test_clicked_corners_become_an_area(self) -> None:
        drawn = edit.draw([(X, Y), (X, Y + 10), (X + 10, Y + 10), (X + 10, Y), (X, Y)])
        assert drawn.area == 100
        assert drawn.geoms[0].exterior.is_ccw

    @pytest.mark.parametrize("points", [[], [(X, Y)], [(X, Y), (X + 1, Y)], [(X, Y), (X + 1, Y), (X, Y)]])
    def test_two_corners_are_no_area(self, points) -> None:
        with pytest.raises(InvalidEdit) as caught:
            edit.draw(points)
        assert caught.value.code == "edit_too_few_points"

    def test_a_knot_is_refused(self) -> None:
        with pytest.raises(InvalidEdit):
            edit.draw([(X, Y), (X + 10, Y + 10), (X + 10, Y), (X, Y + 10)])


class TestOverlaps:
    def test_largest_first_and_slivers_ignored(self) -> None:
        areas = np.array(
            [box(99.995, 0, 150, 100), box(90, 0, 95, 100), None, box(50, 50, 60, 60), box(300, 0, 310, 9)]
        )
        assert edit.overlaps(areas, SQUARE) == [(1, 500.0), (3, 100.0)]

    def test_less_can_be_asked(self) -> None:
        found = edit.overlaps([box(99.995, 0, 150, 100)], SQUARE, ignore_below=0.1)
        assert [index for index, _ in found] == [0]
        assert found[0][1] == pytest.approx(0.5, abs=0.01)

    def test_none_at_all(self) -> None:
        assert edit.overlaps([], SQUARE) == []


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=12, unique=True))
def test_the_union_of_parcels_of_a_grid_has_their_summed_area(cells) -> None:
    parcels = [box(10 * i, 10 * j, 10 * i + 10, 10 * j + 10) for i, j in cells]
    together = edit.union(parcels)
    assert together.area == pytest.approx(100 * len(cells))
    assert corners(together) <= {corner for parcel in parcels for corner in corners(parcel)}
