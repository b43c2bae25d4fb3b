"""Filters on columns.

Each says of a column's value whether it may stay, and describes itself in a few words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from diwi_desktop.gui.language import translate
from diwi_desktop.gui.projecttable.columns import Column
from diwi_desktop.gui.projecttable.ordering import fold
from diwi_desktop.model.notation import format_date, format_number

EMPTY = ""  # the key of "nothing filled in" among choices
_SHOWN_CHOICES = 2


class Filter(Protocol):
    """What the table asks of a filter. `value` is as Column.value gives it."""

    def matches(self, value: Any) -> bool: ...

    def describe(self, column: Column) -> str: ...


@dataclass(frozen=True, slots=True)
class Contains:
    """Text in which every word occurs, whatever the capitals and accents."""

    text: str

    def matches(self, value: Any) -> bool:
        folded = fold(str(value or ""))
        return all(word in folded for word in fold(self.text).split())

    def describe(self, column: Column) -> str:
        return translate("ProjectFilters", "{0}: “{1}”").format(column.title, self.text)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One of the ticked choices; the empty key stands for "nothing filled in"."""

    keys: frozenset[str]

    def matches(self, value: Any) -> bool:
        return bool(self.keys.intersection(value)) if value else EMPTY in self.keys

    def describe(self, column: Column) -> str:
        return translate("ProjectFilters", "{0}: {1}").format(column.title, self._words(column.labels))

    def _words(self, labels: Mapping[str, str]) -> str:
        ordered = [key for key in labels if key in self.keys] + [k for k in sorted(self.keys) if k not in labels]
        words = [labels.get(key, translate("ProjectFilters", "(leeg)") if key == EMPTY else key) for key in ordered]
        if len(words) > _SHOWN_CHOICES:
            return translate("ProjectFilters", "{0} en {1} andere").format(words[0], len(words) - 1)
        return translate("ProjectFilters", " of ").join(words)


@dataclass(frozen=True, slots=True)
class Between:
    """A number or an ISO date from `low` up to and including `high`.

    Either may be open. Ranges match by overlap.
    """

    low: Any = None
    high: Any = None

    def matches(self, value: Any) -> bool:
        if value is None:
            return False
        first, last = value if isinstance(value, (list, tuple)) else (value, value)
        if self.high is not None and first > self.high:
            return False
        return self.low is None or last is None or last >= self.low

    def describe(self, column: Column) -> str:
        low, high = (_bound(b) for b in (self.low, self.high))
        if self.low is None:
            return translate("ProjectFilters", "{0}: t/m {1}").format(column.title, high)
        if self.high is None:
            return translate("ProjectFilters", "{0}: vanaf {1}").format(column.title, low)
        return translate("ProjectFilters", "{0}: {1} t/m {2}").format(column.title, low, high)


def _bound(value: Any) -> str:
    if value is None:
        return ""
    return format_date(value) if isinstance(value, str) else format_number(value)
