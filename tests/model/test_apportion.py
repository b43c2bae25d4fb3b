"""Dividing whole homes: every row and every total agrees."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diwi_desktop.model.apportion import apportion, apportion_table

weights = st.lists(st.integers(0, 10_000), min_size=1, max_size=8)


def test_largest_remainder_by_hand() -> None:
    # 10 over 1:1:1 is 3 1/3 each; the one left goes to the first. 7 over 5:3:2 is 3.5, 2.1, 1.4.
    assert apportion(10, [1, 1, 1]) == [4, 3, 3]
    assert apportion(7, [5, 3, 2]) == [4, 2, 1]
    assert apportion(3, [0, 0]) == [2, 1]
    assert apportion(0, [4, 4]) == [0, 0]


@pytest.mark.parametrize(("total", "given_weights"), [(1, []), (-1, [1]), (1, [1, -1])])
def test_nonsense_is_refused(total: int, given_weights: list[int]) -> None:
    with pytest.raises(ValueError, match="apportion"):
        apportion(total, given_weights)


@given(st.integers(0, 10_000), weights)
def test_shares_add_up_and_are_near_the_exact_ones(total: int, given_weights: list[int]) -> None:
    shares = apportion(total, given_weights)
    assert sum(shares) == total
    whole = sum(given_weights) or len(given_weights)
    for share, weight in zip(shares, given_weights, strict=True):
        exact = total * (weight if sum(given_weights) else 1) / whole
        assert abs(share - exact) < 1


def test_a_table_by_hand() -> None:
    # A block of 3 homes, 2 single and 1 multi, delivered 2 in the first and 1 in the second year. Exact: 4/3, 2/3 and
    # 2/3, 1/3. Floors 1, 0, 0, 0; the largest remainders are the two of 2/3.
    assert apportion_table([2, 1], [2, 1]) == [[1, 1], [1, 0]]
    assert apportion_table([0, 0], [0, 0]) == [[0, 0], [0, 0]]


@st.composite
def margins(draw: st.DrawFn) -> tuple[list[int], list[int]]:
    rows = draw(st.lists(st.integers(0, 60), min_size=1, max_size=6))
    columns = apportion(sum(rows), draw(st.lists(st.integers(0, 50), min_size=1, max_size=6)))
    return rows, columns


@given(margins())
def test_rows_and_columns_both_add_up(given_margins: tuple[list[int], list[int]]) -> None:
    rows, columns = given_margins
    table = apportion_table(rows, columns)
    assert [sum(line) for line in table] == rows
    assert [sum(line[j] for line in table) for j in range(len(columns))] == columns
    for i, row in enumerate(rows):
        for j, column in enumerate(columns):
            exact = row * column / (sum(rows) or 1)
            assert abs(table[i][j] - exact) < 1


def test_a_table_with_different_sums_is_refused() -> None:
    with pytest.raises(ValueError, match="same sum"):
        apportion_table([1, 2], [1, 1])
