"""An act under construction: what the user does as one thing, collected before it is stored."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from diwi_desktop.changes.change import DELETED, ActKind
from diwi_desktop.model.catalogue import Catalogue, Field, FieldType, Kind
from diwi_desktop.model.finding import Cancelled, Refused
from diwi_desktop.model.values import LARGEST, BadValue, converter, finding_of
from diwi_desktop.model.work import CancelCheck
from diwi_desktop.store.batch import REMEMBERED, Batch, BatchForm, Memory
from diwi_desktop.store.driver import Connection


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
        self._batch_forms: dict[str, BatchForm] = {}
        self._shared: dict[FieldType, Memory] = {}
        self._batches: list[tuple[int, Batch]] = []  # each after so many of the rows

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

    def create_many(
        self, kind: str, columns: Mapping[str, Sequence[Any]], ids: Sequence[str | None] | None = None
    ) -> list[str]:
        """Make many entities of one kind from columns of values by field; the same as `create` for each, but quick.

        At least one column, all of the same length; None is an empty value, and in `ids` a new id. Returns their ids.
        Raises Refused for the first that has a bad value, KeyError for an unknown field.
        """
        count = len(next(iter(columns.values())))
        new_id = self._new_id
        made = [new_id() for _ in range(count)] if ids is None else [id or new_id() for id in ids]
        description = self._catalogue.kind(kind)
        if description.parent and description.geometry is None and not (ids and self._has_any(kind, made)):
            form = self._batch_forms.get(kind)
            if form is None:
                form = self._batch_forms[kind] = BatchForm(description, self._shared)
            try:
                self._batches.append((len(self._rows), form.batch(made, columns)))
            except (BadValue, TypeError):
                pass  # one by one it is found which
            else:
                if ids is None and (known := self._shared.get(FieldType.REFERENCE)) is not None:
                    known.update(zip(made, made, strict=True))  # parts may point at them
                return made
        for entity, *values in zip(made, *columns.values(), strict=True):
            self.create(kind, dict(zip(columns, values, strict=True)), entity)
        return made

    def _has_any(self, kind: str, ids: Sequence[str]) -> bool:
        """Whether any of these entities is in the act already, or twice among them."""
        known = {id for id in ids if (kind, id) in self._rows}
        known.update(id for _, batch in self._batches if batch.kind == kind for id in batch.ids)
        return len(set(ids)) < len(ids) or not known.isdisjoint(ids)

    def _take_apart(self) -> None:
        """Make batches rows like the others, because one of them may be changed."""
        rows = {(kind, entity): values for kind, entity, values, _ in self.pending()}
        self._batches.clear()
        self._rows = rows

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
        if self._batches:
            self._take_apart()
        if description.fixed and ((kind, entity) in self._there or (kind, entity) not in self._rows):
            nl, en = "dit staat vast en is niet te wijzigen.", "this is fixed and cannot be changed."
            raise Refused([finding_of(description, entity, value, BadValue("fixed_field", nl, en))])
        self.put(kind, entity, field, checked)

    def put(self, kind: str, entity: str, field: str, value: Any) -> None:
        """Set a value that is in log shape already and known to be good (undo, synchronisation)."""
        if self._batches:
            self._take_apart()
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
        if self._batches:
            self._take_apart()
        self._deleted[kind, entity] = None

    @property
    def size(self) -> int:
        """How many entities the act writes, for progress."""
        return len(self._rows) + sum(len(batch.ids) for _, batch in self._batches) + len(self._deleted)

    def pending(self) -> Iterator[tuple[str, str, dict[str, Any], bool]]:
        """(kind, entity, values, created) in the order of the act; values of what is created are never None."""
        for step in self.steps():
            if isinstance(step, Batch):
                yield from ((step.kind, entity, values, True) for entity, values in step.rows())
            else:
                yield step

    def steps(self) -> Iterator[tuple[str, str, dict[str, Any], bool] | Batch]:
        """`pending` with what was made by `create_many` still together."""
        batches = iter([*self._batches, (-1, None)])
        at, batch = next(batches)
        for done, ((kind, entity), values) in enumerate(self._rows.items()):
            while at == done and batch is not None:
                yield batch
                at, batch = next(batches)
            yield kind, entity, values, (kind, entity) not in self._there
        while batch is not None:
            yield batch
            at, batch = next(batches)

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


def _quick(field: Field) -> Callable[[Any], Any]:
    """The field's converter, for many values."""
    convert = _converter(field)
    if field.type in REMEMBERED:
        return Memory(convert).__getitem__
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
