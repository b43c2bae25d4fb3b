"""Dividing whole homes in proportion, so that every row and every total agrees."""

from __future__ import annotations

from collections.abc import Sequence


def apportion(total: int, weights: Sequence[int]) -> list[int]:
    """Divide `total` over `weights` by largest remainder; ties go to the earliest place.

    All weights zero counts as equal weights. Exact (integers only). Raises ValueError for an empty list of weights, a
    negative total or a negative weight.
    """
    if not weights or total < 0 or min(weights) < 0:
        raise ValueError("apportion needs a total >= 0 and weights >= 0")
    whole = sum(weights)
    if whole == 0:
        return apportion(total, [1] * len(weights))
    shares = [total * weight // whole for weight in weights]
    remainders = [total * weight % whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda i: (-remainders[i], i))
    for i in order[: total - sum(shares)]:
        shares[i] += 1
    return shares


def apportion_table(rows: Sequence[int], columns: Sequence[int]) -> list[list[int]]:
    """Divide every row over the columns in proportion, so that rows and columns both add up.

    `rows` are the totals per row, `columns` the totals per column; both have the same sum N. Every cell is the exact
    share row * column / N rounded down or up (controlled rounding, which always exists for a table of two dimensions).
    Deterministic: the largest remainders are rounded up first, ties in reading order, and an earlier choice is moved
    only when the totals ask for it. Raises ValueError when the sums differ or a total is negative.
    """
    total = sum(rows)
    if total != sum(columns) or min([*rows, *columns], default=0) < 0:
        raise ValueError("the rows and the columns must have the same sum, without negative totals")
    if total == 0:
        return [[0] * len(columns) for _ in rows]
    cells = [[row * column // total for column in columns] for row in rows]
    row_left = [row - sum(line) for row, line in zip(rows, cells, strict=True)]
    column_left = [column - sum(line[j] for line in cells) for j, column in enumerate(columns)]
    loose = {
        (i, j): row * column % total
        for i, row in enumerate(rows)
        for j, column in enumerate(columns)
        if row * column % total
    }
    raised: set[tuple[int, int]] = set()
    for i, j in sorted(loose, key=lambda cell: (-loose[cell], cell)):
        if row_left[i] and column_left[j]:
            raised.add((i, j))
            row_left[i] -= 1
            column_left[j] -= 1
    for i, left in enumerate(row_left):
        for _ in range(left):
            _augment(i, loose, raised, column_left)
    for i, j in raised:
        cells[i][j] += 1
    return cells


def _augment(
    start: int, loose: dict[tuple[int, int], int], raised: set[tuple[int, int]], column_left: list[int]
) -> None:
    """Round one more cell of row `start` up, moving earlier choices along an alternating path (bipartite matching)."""
    came: dict[int, tuple[int, int]] = {}  # column -> (row it was reached from, column that row gave up or -1)
    queue: list[tuple[int, int]] = [(start, -1)]
    for row, given in queue:
        for i, j in sorted(loose, key=lambda cell: (-loose[cell], cell)):
            if i != row or j in came or (i, j) in raised:
                continue
            came[j] = (row, given)
            if column_left[j]:
                column_left[j] -= 1
                _flip(j, came, raised)
                return
            queue.extend((other, j) for other, column in sorted(raised) if column == j)
    raise AssertionError("controlled rounding always exists")


def _flip(column: int, came: dict[int, tuple[int, int]], raised: set[tuple[int, int]]) -> None:
    while True:
        row, given = came[column]
        raised.add((row, column))
        if given < 0:
            return
        raised.discard((row, given))
        column = given
