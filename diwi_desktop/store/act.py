"""An act under construction: what the user does as one thing, collected before it is stored."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from diwi_desktop.changes.change import DELETED, ActKind
from diwi_desktop.model.catalogue import Catalogue, Field, FieldType, Kind
from diwi_desktop.model.finding import Cancelled, Refused
from diwi_desktop.model.values import LARGEST, BadValue, converter, finding_of
from diwi_desktop.store.driver import Connection

Progress = Callable[[int, int], None]
CancelCheck = Callable[[], bool]


class Act:
    """Collects creations and settings per entity, in order. `seq` is its place in the log once stored."""

    def __init__(self, name: str, kind: ActKind, catalogue: Catalogue, new_id: Callable[[], str]) -> None:
        self.name = name.encode(errors="replace").decode()  # names of files may hold what is no text
        self.kind = kind
        self.id = new_id()
        self.seq: int | None = None
        # Writes base data in the same transaction; only basedata.layers sets it.
        self.before: Callable[[Connection], None] | None = None
        self._catalogue = catalogue
        self._new_id = new_id
        self._forms: dict[str, _Form] = {}
        self._rows: dict[tuple[str, str], dict[str, Any]] = {}  # whole rows of what is made, else what is set
        self._there: set[tuple[str, str]] = set()  # what is not made by this act
        self._deleted: dict[tuple[str, str], None] = {}

    def create(self, kind: str, values: Mapping[str, Any], id: str | None = None) -> str:
        """Make an entity; fields not given get their default. Returns its id. Raises Refused for a bad value."""
        entity = id or self._new_id()
        form = self._forms.get(kind)
        if form is None:
            form = self._forms[kind] = _Form(self._catalogue.kind(kind))
        made = (kind, entity)
        self._rows[made] = form.filled(entity, values)
        if self._there:
            self._there.discard(made)
        return entity

    def set(self, kind: str, entity: str, field: str, value: Any) -> None:
        """Set one field.

        Raises Refused for a value that does not fit the field or a field that is only given when the entity is made,
        KeyError for an unknown field.
        """
        if field == DELETED:
            self.put(kind, entity, field, value)
            return
        description = self._catalogue.field(kind, field)
        checked = _checked(description, entity, value)
        if description.fixed and ((kind, entity) in self._there or (kind, entity) not in self._rows):
            nl, en = "dit staat vast en is niet te wijzigen.", "this is fixed and cannot be changed."
            raise Refused([finding_of(description, entity, value, BadValue("fixed_field", nl, en))])
        self.put(kind, entity, field, checked)

    def put(self, kind: str, entity: str, field: str, value: Any) -> None:
        """Set a value that is in log shape already and known to be good (undo, synchronisation)."""
        key = (kind, entity)
        row = self._rows.get(key)
        if row is None:
            self._rows[key] = {field: value}
            self._there.add(key)
        elif value is None and key not in self._there:
            row.pop(field, None)
        else:
            row[field] = value

    def delete(self, kind: str, entity: str) -> None:
        """Mark an entity as deleted; what hangs under it goes with it (the store adds it)."""
        self._deleted[kind, entity] = None

    @property
    def size(self) -> int:
        """How many entities the act writes, for progress."""
        return len(self._rows) + len(self._deleted)

    def pending(self) -> Iterator[tuple[str, str, dict[str, Any], bool]]:
        """(kind, entity, values, created) in the order of the act; values of what is created are never None."""
        for (kind, entity), values in self._rows.items():
            yield kind, entity, values, (kind, entity) not in self._there

    def deletions(self) -> list[tuple[str, str]]:
        return list(self._deleted)

    @staticmethod
    def check_cancelled(cancelled: CancelCheck) -> None:
        """Raises Cancelled when the user has asked for it."""
        if cancelled():
            raise Cancelled


class _Form:
    """A kind of entity prepared for making many: its first values, and what checks each field."""

    def __init__(self, kind: Kind) -> None:
        self._fields = kind.by_key
        self._defaults = {f.key: f.default for f in kind.fields if f.default is not None}
        self._converters = {f.key: _quick(f) for f in kind.fields}

    def filled(self, entity: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """The row in log shape, without empty values. Raises Refused, KeyError for an unknown field."""
        row = self._defaults.copy()
        converters = self._converters
        for key, value in values.items():
            convert = converters[key]
            if value is not None:
                try:
                    value = convert(value)
                except BadValue as error:
                    raise Refused([finding_of(self._fields[key], entity, values[key], error)]) from error
                except TypeError:  # what cannot be looked up, such as a list where a code belongs
                    value = _checked(self._fields[key], entity, value)
                if value is not None:
                    row[key] = value
                    continue
            row.pop(key, None)
        return row


class _Memory(dict[Any, Any]):
    """What a converter made of each value: in an import the same dates, codes and ids come back by the thousand."""

    def __init__(self, convert: Callable[[Any], Any]) -> None:
        super().__init__()
        self._convert = convert

    def __missing__(self, value: Any) -> Any:
        made = self[value] = self._convert(value)
        return made


# Types whose value is a text afterwards, so that no two values that are equal to Python (1, 1.0, True) become one.
_REMEMBERED = frozenset({FieldType.CODE, FieldType.DATE, FieldType.OPTION, FieldType.REFERENCE})


def _quick(field: Field) -> Callable[[Any], Any]:
    """The field's converter, for many values."""
    convert = _converter(field)
    if field.type in _REMEMBERED:
        return _Memory(convert).__getitem__
    if field.type is not FieldType.INTEGER:
        return convert
    low = -LARGEST if field.minimum is None else max(field.minimum, -LARGEST)
    high = LARGEST if field.maximum is None else min(field.maximum, LARGEST)
    return lambda value: value if type(value) is int and low <= value <= high else convert(value)


def _checked(field: Field, entity: str, value: Any) -> Any:
    """The value in log shape. Raises Refused."""
    try:
        return None if value is None else _converter(field)(value)
    except BadValue as error:
        raise Refused([finding_of(field, entity, value, error)]) from error


def _converter(field: Field) -> Callable[[Any], Any]:
    convert = converter(field)
    return (lambda value: _sound(convert(value))) if field.type is FieldType.GEOMETRY else convert


def _sound(geometry: str) -> str:
    """An area (EWKB in hexadecimal) that SpatiaLite can take; a broken one would bring the program down with it."""
    from diwi_desktop.geo.shape import ShapeError, checked_ewkb

    try:
        return checked_ewkb(geometry)
    except ShapeError as error:
        raise BadValue(error.code, error.nl, error.en) from error
