"""Does a value that came in fit its field? By the shared converters, prepared once per catalogue."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import import_module
from typing import Any

import msgspec

from diwi_desktop.changes.change import DELETED
from diwi_desktop.geo.shape import ShapeError, checked_ewkb
from diwi_desktop.model.catalogue import Catalogue, Field, FieldType, Kind
from diwi_desktop.model.checks import check_own_field
from diwi_desktop.model.rights import LOCAL_KINDS
from diwi_desktop.model.values import BadValue, converter
from diwi_desktop.server.push.quick import quick

Convert = Callable[[Any], Any]

# The parser of `re` itself, which knows best what a pattern says.
_parser: Any = import_module("re._parser")
_constants: Any = import_module("re._constants")

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)")
_OPTIONS = {FieldType.OPTION, FieldType.OPTIONS, FieldType.ORDINAL}
_MANY_REPEATS = 100


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

    def creation(self, values: Any) -> dict[str, Any]:
        """The first values of an entity in log shape, without empty ones. Raises BadValue."""
        if type(values) is not dict:
            raise unknown("not_values")
        made: dict[str, Any] = {}
        convert = self.convert
        for key, value in values.items():
            if value is None:
                continue
            if key == DELETED:
                made[key] = moment(value)
                continue
            check = convert.get(key)
            if check is None:
                raise unknown("unknown_field")
            value = check(value)
            if value is not None:
                made[key] = value
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
    """All kinds that travel."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._kinds = {kind.kind: KindIntake(kind) for kind in catalogue.kinds if kind.kind not in LOCAL_KINDS}

    def get(self, kind: str) -> KindIntake | None:
        return self._kinds.get(kind)


def moment(value: Any) -> str:
    """When something was deleted. Raises BadValue."""
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        raise BadValue("not_moment", "Dit is geen tijdstip.", "This is not a moment.")
    return value


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
        # PostgreSQL's JSON has no character zero.
        if b"\\u0000" in msgspec.json.encode(result).replace(b"\\\\", b""):
            raise BadValue(
                "control_character", "er staat een onzichtbaar teken in.", "it holds an invisible character."
            )
        return result

    return convert


def harmless(pattern: str) -> bool:
    """Whether no text can keep a regular expression busy for long: no repeats within or after repeats without bound.

    A municipality writes patterns itself, and one that takes for ever would stop the server for all of them. The
    laptops check the others.
    """
    try:
        parsed = _parser.parse(pattern)
    except (re.error, OverflowError, RecursionError):
        return False
    return _repeats(parsed, within=False) <= 1


def _repeats(parsed: Any, *, within: bool) -> int:
    """How many repeats with no low bound there are; one within another counts as many, a back reference too."""
    count = 0
    for operation, argument in parsed:
        if operation in (_constants.MAX_REPEAT, _constants.MIN_REPEAT):
            _, most, inner = argument
            wide = most == _constants.MAXREPEAT or most > _MANY_REPEATS
            if wide and within:
                return _MANY_REPEATS
            count += int(wide) + _repeats(inner, within=wide or within)
        elif operation in (_constants.GROUPREF, _constants.GROUPREF_EXISTS):
            return _MANY_REPEATS
        elif operation is _constants.SUBPATTERN:
            count += _repeats(argument[-1], within=within)
        elif operation is _constants.BRANCH:
            count += sum(_repeats(branch, within=within) for branch in argument[1])
        elif operation in (_constants.ASSERT, _constants.ASSERT_NOT):
            count += _repeats(argument[1], within=within)
    return count
