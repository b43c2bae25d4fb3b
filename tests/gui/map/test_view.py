"""The view: what stays where when the map moves."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diwi_desktop.gui.map.furniture import rd_text, scale_bar
from diwi_desktop.gui.map.view import (
    MAX_LEVEL,
    MIN_LEVEL,
    TILE,
    View,
    resolution,
    tile_bounds,
)

views = st.builds(
    lambda level, x, y, dpr: View(level, 0, 0, round(1600 * dpr), round(1000 * dpr), dpr).centred(x, y),
    st.integers(MIN_LEVEL, MAX_LEVEL),
    st.floats(10_000, 280_000),
    st.floats(306_000, 620_000),
    st.sampled_from([1.0, 1.25, 1.5, 2.0]),
)


@given(views, st.floats(0, 1600), st.floats(0, 1000))
def test_there_and_back(view: View, px: float, py: float) -> None:
    assert view.to_screen(*view.to_world(px, py)) == pytest.approx((px, py), abs=1e-3)


@given(views, st.integers(-12, 12), st.floats(0, 1600), st.floats(0, 1000))
def test_zooming_keeps_the_place_under_the_pointer(view: View, steps: int, px: float, py: float) -> None:
    before = view.to_world(px, py)
    after = view.zoomed(steps, px, py)
    assert MIN_LEVEL <= after.level <= MAX_LEVEL
    back = after.to_screen(*before)
    # The corner is on a whole pixel, so half a pixel is the most it can move.
    assert math.dist(back, (px, py)) <= 0.75


@given(views, st.integers(-500, 500), st.integers(-500, 500))
def test_panning_moves_by_whole_pixels(view: View, dx: int, dy: int) -> None:
    place = view.centre
    moved = view.panned(dx, dy).to_screen(*place)
    before = view.to_screen(*place)
    assert (moved[0] - before[0], moved[1] - before[1]) == pytest.approx((dx, dy), abs=0.51)


@given(views)
def test_the_tiles_cover_the_view(view: View) -> None:
    keys = view.tiles()
    boxes = [tile_bounds(key) for key in keys]
    xmin, ymin, xmax, ymax = view.bounds
    assert min(box[0] for box in boxes) <= xmin + 1e-6
    assert min(box[1] for box in boxes) <= ymin + 1e-6
    assert max(box[2] for box in boxes) >= xmax - 1e-6
    assert max(box[3] for box in boxes) >= ymax - 1e-6
    columns, rows = {key[1] for key in keys}, {key[2] for key in keys}
    assert len(keys) == len(columns) * len(rows)
    side = TILE * resolution(view.level)
    assert all(box[2] - box[0] == pytest.approx(side) for box in boxes)


@given(views, st.floats(1, 50_000), st.floats(1, 50_000))
def test_fitting_shows_everything_as_large_as_it_can(view: View, width: float, height: float) -> None:
    x, y = view.centre
    bounds = (x - width / 2, y - height / 2, x + width / 2, y + height / 2)
    fitted = view.fitting(bounds)
    shown = fitted.bounds
    assert shown[0] <= bounds[0]
    assert shown[1] <= bounds[1]
    assert shown[2] >= bounds[2]
    assert shown[3] >= bounds[3]
    finer = resolution(fitted.level + 1)
    assert fitted.level == MAX_LEVEL or (width > finer * view.width * 0.88 or height > finer * view.height * 0.88)


def test_resizing_keeps_the_middle() -> None:
    view = View(48, 0, 0, 800, 600).centred(104_500, 503_000)
    assert view.resized(1600, 1000, 1.0).centre == pytest.approx((104_500, 503_000), abs=1)


def test_a_zoom_level_of_the_base_map_is_a_level_of_ours() -> None:
    # NetherlandsRDNewQuad: 3440.64 m at zoom 0, 0.84 m at zoom 12.
    assert resolution(4 * 12) == pytest.approx(0.84)


@pytest.mark.parametrize(
    ("metres_per_pixel", "metres", "text"),
    [(0.02, 2, "2 m"), (0.5, 50, "50 m"), (1.0, 100, "100 m"), (8.0, 1000, "1 km"), (0.003, 0.2, "0,2 m")],
)
def test_the_scale_bar_is_a_round_length(metres_per_pixel: float, metres: float, text: str) -> None:
    bar = scale_bar(metres_per_pixel)
    assert bar.metres == pytest.approx(metres)
    assert bar.pixels <= 140
    assert bar.pixels == pytest.approx(metres / metres_per_pixel)
    assert bar.text == text


def test_coordinates_in_words() -> None:
    assert rd_text(104512.4, 503219.6) == "RD 104\u202f512, 503\u202f220"
