"""Many new parts of one kind, column by column: what an import or the demo makes by the thousand.

The same values come back all the time (dates, numbers of homes, codes, prices), so each is converted and written as
JSON once, and a whole column is looked up in one go.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from diwi_desktop.changes.change import CREATED
from diwi_desktop.model.catalogue import OWN_PREFIX, Field, FieldType, Kind
from diwi_desktop.model.values import LARGEST, converter
from diwi_desktop.store import schema
from diwi_desktop.store.driver import Connection

ROWS = 100  # to a statement; with more the statement itself costs more than it saves
Column = Sequence[Any]
Convert = Callable[[Any], Any]


class Memory(dict[Any, Any]):
    """What a function made of each value; a plain look-up from the second time on."""

    def __init__(self, make: Convert) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, value: Any) -> Any:
        made = self[value] = self._make(value)
        return made


# Types of which two values that are equal to Python (1, 1.0, True) become the same text.
REMEMBERED = frozenset({FieldType.CODE, FieldType.DATE, FieldType.OPTION, FieldType.REFERENCE})
# In columns these too: texts are no numbers, and whole numbers and truth values are told apart by their types first.
_LOOKED_UP = REMEMBERED | {
    FieldType.TEXT, FieldType.LONGTEXT, FieldType.INTEGER, FieldType.BOOLEAN, FieldType.RANGE_MONEY,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Batch:
    """New entities of one kind. `columns` has values in log shape by field; amounts of money are pairs (low, high)."""

    kind: str
    ids: list[str]
    columns: Mapping[str, Column]

    def rows(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """The entities one by one: id and values as `Act.create` keeps them."""
        for entity, *values in zip(self.ids, *self.columns.values(), strict=True):
            row = zip(self.columns, values, strict=True)
            yield entity, {k: list(v) if isinstance(v, tuple) else v for k, v in row if v is not None}


class BatchForm:
    """Makes batches of one kind, which hangs under another and has no geometry.

    `shared` keeps what is remembered for all kinds together: the ids of blocks come back in all their parts.
    """

    def __init__(self, kind: Kind, shared: dict[FieldType, Memory]) -> None:
        self._kind = kind
        self._shared = shared
        self._defaults = {f.key: f.default for f in kind.fields if f.default is not None}
        self._converters: dict[str, Convert] = {}

    def batch(self, ids: list[str], columns: Mapping[str, Column]) -> Batch:
        """The entities with these values by field. Raises BadValue or TypeError, and KeyError for an unknown field."""
        found = {key: self._converter(key)(column) for key, column in columns.items()}
        found |= {key: [value] * len(ids) for key, value in self._defaults.items() if key not in found}
        return Batch(self._kind.kind, ids, found)

    def _converter(self, key: str) -> Convert:
        made = self._converters.get(key)
        if made is None:
            made = self._converters[key] = _column_converter(self._kind.by_key[key], self._shared)
        return made


def _column_converter(field: Field, shared: dict[FieldType, Memory]) -> Convert:
    """What turns a column of values into log shape. Raises BadValue, TypeError."""
    convert = _unless_none(converter(field))
    if field.type in (FieldType.INTEGER, FieldType.BOOLEAN):
        return lambda column: column if _as_it_is(field, column) else list(map(convert, column))
    if field.type is FieldType.RANGE_MONEY:
        pairs = Memory(_unless_none(lambda value: tuple(convert(value))))
        return lambda column: list(map(pairs.__getitem__, column))
    if field.type in _LOOKED_UP:
        known = Memory(convert)
        if field.type is FieldType.REFERENCE:
            known = shared.setdefault(field.type, known)
        return lambda column: list(map(known.__getitem__, column))
    return lambda column: list(map(convert, column))


def _unless_none(convert: Convert) -> Convert:
    return lambda value: None if value is None else convert(value)


def _as_it_is(field: Field, column: Column) -> bool:
    """Whether whole numbers or truth values are in log shape already: of the very type, and within the bounds."""
    kinds = set(map(type, column)) - {type(None)}
    if field.type is FieldType.BOOLEAN or not kinds:
        return kinds <= {bool}
    if kinds != {int}:
        return False
    there = [value for value in column if value is not None]
    low = -LARGEST if field.minimum is None else max(field.minimum, -LARGEST)
    high = LARGEST if field.maximum is None else min(field.maximum, LARGEST)
    return bool(low <= min(there) and max(there) <= high)


class BatchWriter:
    """Writes batches of one kind into its table and into the log."""

    def __init__(self, kind: Kind) -> None:
        self._fields = kind.by_key
        self._texts: dict[str, Convert] = {}
        self._keys = [f.key for f in kind.fields if not f.own]
        self._stored: dict[str, Convert] = {}
        for field in kind.fields:
            convert = schema.converter(field)
            if convert is not None:
                self._stored[field.key] = _looked_up(field, _unless_none(convert))
        self._has_own = kind.kind in schema.OWN_KINDS

    def write(self, connection: Connection, batch: Batch, projects: Column, seq: int, first: int) -> None:
        """Insert the entities, each with its project; `first` is the number of the first of them among the changes."""
        columns: dict[str, Iterable[Any]] = {"id": batch.ids}
        for key in self._keys:
            column = batch.columns.get(key)
            if column is not None and column.count(None) < len(column):  # what is not given is empty anyhow
                stored = self._stored.get(key)
                columns[key] = map(stored, column) if stored else column
        if self._has_own and (own := _own(batch)) is not None:
            columns["own"] = own
        names, slots = ", ".join(map(schema.quoted, columns)), ", ".join("?" * len(columns))
        table = schema.quoted(batch.kind)
        _insert(connection, f"INSERT INTO {table} ({names}, seq_from) VALUES ", f"({slots}, {seq:d})", columns.values())
        # What is the same in every row stands in the statement.
        log = "INSERT INTO change (act_seq, n, kind, entity, project, field, new) VALUES "
        numbers = range(first, first + len(batch.ids))
        slots = f"({seq:d}, ?, '{batch.kind}', ?, ?, '{CREATED}', ?)"
        _insert(connection, log, slots, (numbers, batch.ids, projects, self.texts(batch)))

    def texts(self, batch: Batch) -> list[str]:
        """The values of each entity as `schema.encode` writes them."""
        parts = [map(self._text(key), column) for key, column in sorted(batch.columns.items())]
        return ["{" + text[1:] + "}" for text in map("".join, zip(*parts, strict=True))]

    def _text(self, key: str) -> Convert:
        """What makes JSON of a value with its key, after a comma; nothing of no value."""
        found = self._texts.get(key)
        if found is None:
            head = f",{schema.encode(key)}:"
            encode: Callable[[Any], str] = schema.encode
            if self._fields[key].type is FieldType.REFERENCE:
                encode = '"{}"'.format  # an id, in which nothing has to be escaped

            def text(value: Any) -> str:
                return "" if value is None else head + encode(value)

            found = self._texts[key] = _looked_up(self._fields[key], text)
        return found


def _insert(connection: Connection, head: str, slots: str, columns: Collection[Iterable[Any]]) -> None:
    """Insert rows from columns: `head` up to VALUES, `slots` the place of one row."""
    values = list(chain.from_iterable(zip(*columns, strict=True)))
    width = len(columns)
    step = ROWS * width
    whole = len(values) // step * step
    if whole:
        statement = head + ",".join([slots] * ROWS)
        for start in range(0, whole, step):
            connection.execute(statement, values[start : start + step])
    rest = range(whole, len(values), width)
    connection.executemany(head + slots, [values[start : start + width] for start in rest])


def _looked_up(field: Field, convert: Convert) -> Convert:
    """The function, with a memory where the values of the field can be looked up."""
    return Memory(convert).__getitem__ if field.type in _LOOKED_UP and not field.own else convert


def _own(batch: Batch) -> list[str | None] | None:
    """The column of own fields; None when there are none."""
    own = {key.removeprefix(OWN_PREFIX): c for key, c in batch.columns.items() if key.startswith(OWN_PREFIX)}
    if not own:
        return None
    rows = ({k: v for k, v in zip(own, row, strict=True) if v is not None} for row in zip(*own.values(), strict=True))
    return [schema.encode(row) if row else None for row in rows]
