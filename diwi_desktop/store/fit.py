"""Whether a value that another program sent has the shape of its field, so that it can be kept and shown.

Only the shape: what is allowed was decided where the change was made, perhaps by a later version of the catalogue.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from diwi_desktop.model.catalogue import Field, FieldType

Fits = Callable[[Any], bool]
_LARGEST = 2**63  # beyond it SQLite has no whole numbers
_DEEPEST = 50  # lists in lists; every reader of JSON has its own limit, far beyond this
# What could steer a terminal or end a text for other programs, and half of a surrogate pair (as in model.values).
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def fits(field: Field) -> Fits:
    """What tells of a value, not None, whether it has the shape of a field."""
    return _FITS[field.type]


def is_own(value: Any) -> bool:
    """Whether it can be the value of an own field, of whatever type: one word or number, or a list of them."""
    return all(map(_is_plain, value)) if type(value) is list else _is_plain(value)


def is_anything(value: Any) -> bool:
    """JSON, or the value of a field that only a later version of the program knows."""
    return _is_shallow(value, _DEEPEST)


def is_moment(value: Any) -> bool:
    """A date with a time."""
    try:
        datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return False
    return True


def _is_shallow(value: Any, depth: int) -> bool:
    if type(value) is dict:
        value = list(value.values())
    if type(value) is list:
        return depth > 0 and all(_is_shallow(one, depth - 1) for one in value)
    return type(value) is not int or _is_whole(value)


def _is_text(value: Any) -> bool:
    return type(value) is str and (value.isprintable() or not _CONTROL.search(value))


def _is_boolean(value: Any) -> bool:
    return type(value) is bool


def _is_whole(value: Any) -> bool:
    return type(value) is int and -_LARGEST <= value < _LARGEST


def _is_number(value: Any) -> bool:
    return type(value) is float or _is_whole(value)  # JSON has no NaN, and the decoder takes no number without bounds


def _is_plain(value: Any) -> bool:
    return value is None or type(value) is bool or _is_text(value) or _is_number(value)


@lru_cache(maxsize=100_000)
def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _is_date(value: Any) -> bool:
    return type(value) is str and _is_day(value)


def _is_list(value: Any) -> bool:
    return type(value) is list and all(map(_is_text, value))


def _is_ordinal(value: Any) -> bool:
    return _is_list(value) and len(value) == 2


def _is_range(value: Any) -> bool:
    return (
        type(value) is list and len(value) == 2 and _is_number(value[0]) and (value[1] is None or _is_number(value[1]))
    )


_FITS: dict[FieldType, Fits] = {
    FieldType.TEXT: _is_text,
    FieldType.LONGTEXT: _is_text,
    FieldType.COLOR: _is_text,
    FieldType.INTEGER: _is_whole,
    FieldType.NUMBER: _is_number,
    FieldType.BOOLEAN: _is_boolean,
    FieldType.DATE: _is_date,
    FieldType.CODE: _is_text,
    FieldType.CODES: _is_list,
    FieldType.OPTION: _is_text,
    FieldType.OPTIONS: _is_list,
    FieldType.ORDINAL: _is_ordinal,
    FieldType.RANGE_MONEY: _is_range,
    FieldType.RANGE_NUMBER: _is_range,
    FieldType.REFERENCE: _is_text,
    FieldType.GEOMETRY: _is_text,
    FieldType.JSON: is_anything,
}
