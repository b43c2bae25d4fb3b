"""Choosing among very many gives what choosing the plain way gives."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from diwi_desktop.demo.spots import FreeList, Nearest


@given(
    order=st.permutations(range(1500)).map(lambda found: found[:1300]),
    taken=st.lists(st.integers(0, 1499), max_size=400),
    place=st.integers(0, 10_000),
)
def test_the_free_ones_in_their_order(order: list[int], taken: list[int], place: int) -> None:
    free = FreeList(np.array(order, dtype=np.int64), 1500)
    free.take(taken[:200])
    free.take(taken[100:])
    left = [parcel for parcel in order if parcel not in set(taken)]
    assert len(free) == len(left)
    assert free[place % len(left)] == left[place % len(left)]


def test_a_list_of_nothing_is_empty() -> None:
    free = FreeList(np.array([], dtype=np.int64), 10)
    free.take([1, 2])
    assert len(free) == 0


def test_all_can_be_taken() -> None:
    free = FreeList(np.arange(1024), 1024)
    free.take(list(range(1024)))
    assert len(free) == 0


@given(
    points=st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=200),
    spot=st.tuples(st.integers(-3_000, 3_000), st.integers(-3_000, 3_000)),
    count=st.integers(1, 80),
)
def test_the_nearest_points_as_sorting_all_gives_them(
    points: list[tuple[int, int]], spot: tuple[int, int], count: int
) -> None:
    # On a coarse grid, so that many lie equally near: those come in their own order.
    x, y = (np.array(values, dtype=float) * 25 for values in zip(*points, strict=True))
    expected = np.argsort(np.hypot(x - spot[0], y - spot[1]), kind="stable")[:count].tolist()
    assert Nearest(x, y)(*spot, count) == expected
