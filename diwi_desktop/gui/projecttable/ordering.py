"""Natural order.

"Plan 2" comes before "Plan 10", capitals and accents do not count, empty values come last.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, TypeVar

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


def multi_sorted(
    rows: Sequence[T], keys: Sequence[tuple[Callable[[T], Any], bool]], tie: Callable[[T], Any]
) -> list[T]:
    """Rows by several keys, the first key counting most; (key, descending) pairs. A key of None sorts last,
    ascending or descending; `tie` decides between equals, always ascending.
    """
    result = sorted(rows, key=tie)
    for key, descending in reversed(keys):
        keyed = [(key(row), row) for row in result]
        known = [pair for pair in keyed if pair[0] is not None]
        known.sort(key=lambda pair: pair[0], reverse=descending)
        result = [row for _, row in known] + [row for value, row in keyed if value is None]
    return result
