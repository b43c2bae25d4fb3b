"""The converters of `model.values`, with a short cut for values that are as they should be already: nearly all of them.

Whatever the short cut does not know for certain goes to the converter itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from diwi_desktop.model.catalogue import Field, FieldType
from diwi_desktop.model.values import LARGEST, LONGEST, converter

Convert = Callable[[Any], Any]

# Types of which a text either fits or not, whatever came before, and of which few different ones occur.
_REMEMBERED = frozenset({FieldType.CODE, FieldType.OPTION, FieldType.REFERENCE, FieldType.DATE, FieldType.COLOR})
_MOST = 10_000


def quick(field: Field) -> Convert:
    """As `values.converter`: the same results, the same BadValue."""
    check = converter(field)
    if field.type is FieldType.INTEGER:
        return _integer(field, check)
    if field.type in (FieldType.TEXT, FieldType.LONGTEXT) and not field.pattern:
        return _text(check)
    if field.type in _REMEMBERED:
        return _remembered(check)
    return check


def _integer(field: Field, check: Convert) -> Convert:
    low = -LARGEST if field.minimum is None else max(field.minimum, -LARGEST)
    high = LARGEST if field.maximum is None else min(field.maximum, LARGEST)

    def convert(value: Any) -> Any:
        return value if type(value) is int and low <= value <= high else check(value)

    return convert


def _text(check: Convert) -> Convert:
    def convert(value: Any) -> Any:
        # Printable means: no line ends, no signs without width, no half characters, no space but the ordinary one.
        if type(value) is str and 0 < len(value) <= LONGEST and value[0] != " " != value[-1] and value.isprintable():
            return value
        return check(value)

    return convert


def _remembered(check: Convert) -> Convert:
    known: dict[str, Any] = {}

    def convert(value: Any) -> Any:
        if type(value) is not str:
            return check(value)
        result = known.get(value)
        if result is not None:
            return result
        result = check(value)
        if len(known) < _MOST:
            known[value] = result
        return result

    return convert
