"""Does a value that came in fit its field? By the shared converters, prepared once per catalogue."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from importlib import import_module
from typing import Any

import msgspec

from diwi_desktop.changes.change import DELETED
from diwi_desktop.geo.shape import ShapeError, checked_ewkb
from diwi_desktop.model.catalogue import Catalogue, Field, FieldType, Kind, catalogue
from diwi_desktop.model.checks import check_own_field
from diwi_desktop.model.rights import LOCAL_KINDS
from diwi_desktop.model.values import BadValue, converter
from diwi_desktop.server.push.quick import quick

Convert = Callable[[Any], Any]

# The parser of `re` itself, which knows best what a pattern says.
_parser: Any = import_module("re._parser")
_constants: Any = import_module("re._constants")

# Kinds of which a change brings nothing about but itself: no rights, no scope, no contour, no other fields.
PLAIN = frozenset(kind.kind for kind in catalogue().kinds) - {
    "writer", "group_member", "user_group", "person", "project", "document", "plan_area", "own_field"
}  # fmt: skip
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.ASCII)
_OPTIONS = {FieldType.OPTION, FieldType.OPTIONS, FieldType.ORDINAL}
# Ways to try a text of this length on a pattern, at most; and how deep JSON may be.
_MANY_SIGNS, _MANY_WAYS = 1_000, 100_000
_DEEPEST = 50


def unknown(code: str) -> BadValue:
    """Why a change is about nothing that the server knows."""
    return BadValue(
        code,
        "De server kent dit onderdeel of veld niet.",
        "The server does not know this part or field.",
    )


def missing(field: Field) -> BadValue:
    return BadValue("mandatory", f"{field.nl} moet ingevuld zijn.", f"{field.en} must be filled in.")


class KindIntake:
    """The fields of one kind as they come in."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind.kind
        self.parent = kind.parent
        self.parent_key = kind.parent_key
        self.fields = kind.by_key
        self.convert: dict[str, Convert] = {field.key: _convert(field) for field in kind.fields}
        self._mandatory = {f.key: f for f in kind.fields if f.mandatory}
        # Fields that point at another entity, and of which kind that is.
        self.pointing = {
            f.key: f.target or "option"
            for f in kind.fields
            if f.type in _OPTIONS or (f.type is FieldType.REFERENCE and f.key != kind.parent_key)
        }
        # Fields of which a value that converts to one is all there is to look at.
        fixed = {f.key for f in kind.fields if f.fixed}
        plain = self.convert.keys() - self.pointing.keys() - fixed if kind.kind in PLAIN else frozenset()
        self.plain: dict[str, Convert] = {key: self.convert[key] for key in plain}

    def creation(self, values: Any) -> dict[str, Any]:
        """The first values of an entity in log shape, without empty ones. Raises BadValue."""
        if type(values) is not dict:
            raise unknown("not_values")
        made: dict[str, Any] = {}
        convert = self.convert
        for key, value in values.items():
            if value is None:
                continue
            check = convert.get(key)
            if check is not None:
                value = check(value)
                if value is not None:
                    made[key] = value
            elif key == DELETED:
                made[key] = moment(value)
            else:
                raise unknown("unknown_field")
        if not self._mandatory.keys() <= made.keys():
            raise missing(next(field for key, field in self._mandatory.items() if key not in made))
        if self.kind == "own_field":
            check_definition(made)
        return made

    def value(self, key: str, value: Any) -> Any:
        """A new value of one field in log shape. Raises BadValue."""
        if key == DELETED:
            return None if value is None else moment(value)
        check = self.convert.get(key)
        if check is None:
            raise unknown("unknown_field")
        result = None if value is None else check(value)
        if result is None and key in self._mandatory:
            raise missing(self._mandatory[key])
        if self.fields[key].fixed:
            raise BadValue("fixed_field", "Dit wordt na het maken niet meer gewijzigd.", "This does not change.")
        return result

    def references(self, key: str, value: Any) -> Iterator[tuple[str, str]]:
        """(id, kind it must be of) of whatever a value points at."""
        kind = self.pointing[key]
        for one in value if isinstance(value, list) else (value,):
            if isinstance(one, str) and one:
                yield one, kind


class Intake:
    """All kinds that travel, and those of them that are plain."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._kinds = {kind.kind: KindIntake(kind) for kind in catalogue.kinds if kind.kind not in LOCAL_KINDS}
        self.plain = {kind: one for kind, one in self._kinds.items() if kind in PLAIN}

    def get(self, kind: str) -> KindIntake | None:
        return self._kinds.get(kind)


def moment(value: Any) -> str:
    """When something was deleted. Raises BadValue."""
    if not isinstance(value, str) or not is_moment(value):
        raise BadValue("not_moment", "Dit is geen tijdstip.", "This is not a moment.")
    return value


def is_moment(text: str) -> bool:
    """Whether this is a time that every side can read; one that none can would stop all who are sent it."""
    if _MOMENT.fullmatch(text):
        with suppress(ValueError):  # 30 February
            return 1900 <= datetime.fromisoformat(text).year <= 2200
    return False


def check_definition(values: dict[str, Any]) -> None:
    """The rules on an own field, whose own definition later judges values. Raises BadValue."""
    for finding in check_own_field(values, ""):
        raise BadValue(finding.code, finding.nl, finding.en)


def _convert(field: Field) -> Convert:
    if field.type is FieldType.GEOMETRY:
        return _geometry(converter(field))
    if field.type is FieldType.JSON:
        return _json(converter(field))
    if field.own and field.pattern and not harmless(field.pattern):
        field = replace(field, pattern="")
    return quick(field)


def _geometry(check: Convert) -> Convert:
    def convert(value: Any) -> str:
        text: str = check(value)
        try:
            return checked_ewkb(text)
        except ShapeError as error:
            raise BadValue(error.code, error.nl, error.en) from None

    return convert


def _json(check: Convert) -> Convert:
    def convert(value: Any) -> Any:
        result = check(value)
        if _too_deep(result, _DEEPEST):
            raise BadValue("too_deep", "dit is te diep genest.", "this is nested too deeply.")
        # PostgreSQL's JSON has no character zero.
        if b"\\u0000" in msgspec.json.encode(result).replace(b"\\\\", b""):
            raise BadValue(
                "control_character", "er staat een onzichtbaar teken in.", "it holds an invisible character."
            )
        return result

    return convert


def _too_deep(value: Any, left: int) -> bool:
    if isinstance(value, dict):
        value = list(value.values())
    return isinstance(value, list) and (not left or any(_too_deep(one, left - 1) for one in value))


def harmless(pattern: str) -> bool:
    """Whether no text can keep a regular expression busy for long: there are few ways to fit it on a text.

    A municipality writes patterns itself, and one that takes for ever would stop the server for all of them. The
    laptops check the others.
    """
    try:
        parsed = _parser.parse(pattern)
        return _ways(parsed) <= _MANY_WAYS
    except (re.error, OverflowError, RecursionError):
        return False


def _ways(parsed: Any) -> int:
    """In how many ways a pattern may be tried on a text: choices and repeats multiply. Too many are _MANY_WAYS + 1."""
    ways = 1
    for operation, argument in parsed:
        ways = min(ways * _ways_of(operation, argument), _MANY_WAYS + 1)
    return ways


def _ways_of(operation: Any, argument: Any) -> int:
    if operation in _SINGLE:
        return 1
    if operation in (_constants.MAX_REPEAT, _constants.MIN_REPEAT):
        least, most, inner = int(argument[0]), int(argument[1]), argument[2]
        most = min(most, max(least, _MANY_SIGNS))
        if most > 1 and inner.getwidth()[0] == 0:
            return _MANY_WAYS + 1  # no text ends it
        ways: int = _ways(inner) ** min(most, 17)  # two ways, seventeen times, are too many already
        return min((most - least + 1) * ways, _MANY_WAYS + 1)
    if operation is _constants.SUBPATTERN:
        return _ways(argument[-1])
    if operation is _constants.BRANCH:
        return sum(map(_ways, argument[1]))
    if operation in (_constants.ASSERT, _constants.ASSERT_NOT):
        return _ways(argument[1])
    return _MANY_WAYS + 1  # back references, and what a later Python knows


# What stands for one sign, or for a place.
_SINGLE = frozenset(
    {_constants.LITERAL, _constants.NOT_LITERAL, _constants.ANY, _constants.IN, _constants.AT, _constants.CATEGORY}
)
