"""Natural order.

"Plan 2" comes before "Plan 10", capitals and accents do not count, empty values come last.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any, Generic, TypeVar

T = TypeVar("T")
NaturalKey = tuple[tuple[int, int, str], ...]

_PARTS = re.compile(r"(\d+)")


def fold(text: str) -> str:
    """Text without capitals and accents, for comparing."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


@lru_cache(maxsize=65_536)
def natural(text: str) -> NaturalKey:
    """A sort key in which digits count as numbers, however many there are."""
    return tuple(_number(p) if p.isdecimal() else (1, 0, p) for p in _PARTS.split(fold(text)) if p)


def _number(digits: str) -> tuple[int, int, str]:
    """Numbers as their length and their digits: Python refuses to read one of more than 4,300 digits."""
    plain = "".join(str(unicodedata.decimal(digit)) for digit in digits).lstrip("0")
    return (0, len(plain), plain)


class Order(Generic[T]):
    """Rows by several keys, the first key counting most; (key, descending) pairs. A key of None comes last, ascending
    or descending; `tie` decides between equals, always ascending, and leaves no two rows equal.
    """

    def __init__(self, keys: Sequence[tuple[Callable[[T], Any], bool]], tie: Callable[[T], Any]) -> None:
        self._keys, self._tie = keys, tie

    def arranged(self, rows: Iterable[T]) -> list[T]:
        """The rows in order."""
        result = sorted(rows, key=self._tie)
        for key, descending in reversed(self._keys):
            keyed = [(key(row), row) for row in result]
            known = [pair for pair in keyed if pair[0] is not None]
            known.sort(key=lambda pair: pair[0], reverse=descending)
            result = [row for _, row in known] + [row for value, row in keyed if value is None]
        return result

    def place(self, rows: Sequence[T], row: T) -> int:
        """Where a row belongs among rows that are in order: looks at a few of them only."""
        return bisect_left(rows, 0, key=lambda other: self._compared(other, row))

    def _compared(self, one: T, other: T) -> int:
        """Below 0 when `one` comes before `other`, above 0 when it comes after it."""
        for key, descending in self._keys:
            mine, yours = key(one), key(other)
            if mine is None or yours is None:
                if mine is not yours:
                    return 1 if mine is None else -1
            elif mine != yours:
                return -1 if (mine < yours) != descending else 1
        mine, yours = self._tie(one), self._tie(other)
        return (mine > yours) - (mine < yours)
