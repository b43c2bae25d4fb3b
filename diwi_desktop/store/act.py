"""An act under construction: what the user does as one thing, collected before it is stored."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from diwi_desktop.changes.change import DELETED, ActKind
from diwi_desktop.model.catalogue import Catalogue, Field, FieldType, Kind
from diwi_desktop.model.finding import Cancelled, Refused
from diwi_desktop.model.values import BadValue, converter, finding_of
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
        self._created: dict[tuple[str, str], dict[str, Any]] = {}
        self._set: dict[tuple[str, str], dict[str, Any]] = {}
        self._order: dict[tuple[str, str], None] = {}
        self._deleted: dict[tuple[str, str], None] = {}

    def create(self, kind: str, values: Mapping[str, Any], id: str | None = None) -> str:
        """Make an entity; fields not given get their default. Returns its id. Raises Refused for a bad value."""
        entity = id or self._new_id()
        form = self._forms.get(kind)
        if form is None:
            form = self._forms[kind] = _Form(self._catalogue.kind(kind))
        row = form.filled(entity, values)
        made = (kind, entity)
        self._created[made] = row
        self._order[made] = None
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
        if (kind, entity) not in self._created and description.fixed:
            nl, en = "dit staat vast en is niet te wijzigen.", "this is fixed and cannot be changed."
            raise Refused([finding_of(description, entity, value, BadValue("fixed_field", nl, en))])
        self.put(kind, entity, field, checked)

    def put(self, kind: str, entity: str, field: str, value: Any) -> None:
        """Set a value that is in log shape already and known to be good (undo, synchronisation)."""
        key = (kind, entity)
        self._order[key] = None
        row = self._created.get(key)
        if row is None:
            self._set.setdefault(key, {})[field] = value
        elif value is None:
            row.pop(field, None)
        else:
            row[field] = value

    def delete(self, kind: str, entity: str) -> None:
        """Mark an entity as deleted; what hangs under it goes with it (the store adds it)."""
        self._deleted[kind, entity] = None

    @property
    def size(self) -> int:
        """How many entities the act writes, for progress."""
        return len(self._order) + len(self._deleted)

    def pending(self) -> Iterator[tuple[str, str, dict[str, Any], bool]]:
        """(kind, entity, values, created) in the order of the act; values of what is created are never None."""
        for key in self._order:
            if key in self._created:
                yield *key, self._created[key], True
            else:
                yield *key, self._set[key], False

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
        self._converters = {f.key: _converter(f) for f in kind.fields}

    def filled(self, entity: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """The row in log shape, without empty values. Raises Refused, KeyError for an unknown field."""
        row = self._defaults.copy()
        for key, value in values.items():
            convert = self._converters[key]
            if value is not None:
                try:
                    value = convert(value)
                except BadValue as error:
                    raise Refused([finding_of(self._fields[key], entity, values[key], error)]) from error
            if value is not None:
                row[key] = value
            elif key in row:
                del row[key]
        return row


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
