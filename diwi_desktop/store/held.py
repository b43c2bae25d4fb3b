"""The rows that received changes are about: read when they are first needed, changed in memory, written at the end.

A log of years changes the same row many times; only what it is in the end goes into its table.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from operator import itemgetter
from typing import Any

from diwi_desktop.changes.change import DELETED
from diwi_desktop.model.catalogue import OWN_PREFIX, Catalogue, FieldType, Kind
from diwi_desktop.store import fit, schema
from diwi_desktop.store.apply import Tables, wkb
from diwi_desktop.store.driver import Connection
from diwi_desktop.store.syncstate import Confirmed

Key = tuple[str, str]  # kind, entity
MOST_ROWS = 60_000  # some 100 MB; with more they are written, and read again when they are needed again
MOST_BYTES = 20_000_000  # of contours, which are held in three ways


class Row:
    """An entity as it is now: `values` in log shape without empty ones, `columns` as its table has them.

    `since` is the log position from which it is so, `last` the highest sequence of the server that is known of it.
    """

    __slots__ = ("columns", "fresh", "last", "project", "since", "touched", "values")

    def __init__(self, values: dict[str, Any], columns: list[Any], since: int, last: int, *, fresh: bool) -> None:
        self.values, self.columns, self.since, self.last, self.fresh = values, columns, since, last, fresh
        self.project: str | None = None
        self.touched = False


class Form:
    """How values of one kind go into its table."""

    def __init__(self, kind: Kind, shape: Callable[[Any], str]) -> None:
        """`shape` checks a contour; it raises for one that SpatiaLite must not get."""
        self._shape = shape
        self.geometry = kind.geometry.key if kind.geometry else None
        names = schema.all_columns(kind)
        self.seq_place = names.index("seq_from")
        self._own_place = names.index("own") if kind.kind in schema.OWN_KINDS else None
        # By field: its place, what tells whether a value fits, what makes its column of a value.
        self._cells: dict[str, tuple[int, fit.Fits, Callable[[Any], Any] | None]] = {
            f.key: (names.index(f.key), fit.fits(f), wkb if f.type is FieldType.GEOMETRY else schema.converter(f))
            for f in kind.fields
            if not f.own
        }
        self._cells[DELETED] = names.index(DELETED), fit.is_moment, None

    def sound(self, field: str, value: Any) -> Any:
        """A value as it is kept. Raises ValueError for one that cannot be a value of the field."""
        if value is None:
            return None
        cell = self._cells.get(field)
        good = cell[1] if cell else fit.is_own if field.startswith(OWN_PREFIX) else fit.is_anything
        if not good(value):
            raise ValueError(field)
        return self._shape(value) if field == self.geometry else value

    def put(self, row: Row, field: str, value: Any) -> bool:
        """Give a field a value that is `sound`. False for a field that this version of the program does not know."""
        cell = self._cells.get(field)
        if cell is None and not field.startswith(OWN_PREFIX):
            return False
        if value is None:
            row.values.pop(field, None)
        else:
            row.values[field] = value
        if cell is not None:
            place, _, convert = cell
            row.columns[place] = value if convert is None or value is None else convert(value)
        elif self._own_place is not None:
            own = {key.removeprefix(OWN_PREFIX): v for key, v in row.values.items() if key.startswith(OWN_PREFIX)}
            row.columns[self._own_place] = schema.encode(own) if own else None
        return True


class Held:
    """The rows by kind and entity. Who changes one says so with `touch` first."""

    def __init__(
        self, connection: Connection, tables: Tables, catalogue: Catalogue, shape: Callable[[Any], str]
    ) -> None:
        self._connection, self._tables = connection, tables
        self.forms = {kind.kind: Form(kind, shape) for kind in catalogue.kinds}
        self.rows: dict[Key, Row] = {}
        self._past: dict[str, list[list[Any]]] = {}
        self._bytes = 0

    def load(self, wanted: Mapping[str, Iterable[str]]) -> None:
        """Have those rows at hand that there are of these entities by kind."""
        listed: list[str] = []
        for kind, entities in wanted.items():
            absent = [entity for entity in entities if (kind, entity) not in self.rows]
            listed += absent
            make = self._tables.parameters(kind)
            for entity, (values, since) in self._tables.present(self._connection, kind, absent).items():
                self.rows[kind, entity] = Row(values, make(entity, values, since), since, 0, fresh=False)
                self._weigh(kind, values)
        rows = self._connection.execute(
            "SELECT kind, entity, seq FROM sync_entity WHERE entity IN (SELECT value FROM json_each(?))",
            (json.dumps(listed),),
        )
        for kind, entity, seq in rows:
            if (kind, entity) in self.rows:
                self.rows[kind, entity].last = seq

    def make(self, kind: str, entity: str, values: dict[str, Any], seq: int) -> Row:
        """A new entity, from a log position on."""
        columns = self._tables.parameters(kind)(entity, values, seq)
        row = self.rows[kind, entity] = Row(values, columns, seq, 0, fresh=True)
        row.touched = True
        self._weigh(kind, values)
        return row

    def touch(self, kind: str, row: Row, seq: int) -> None:
        """The row gets other values from a log position on; what it was is kept."""
        self._past.setdefault(kind, []).append([*row.columns, seq])
        row.since = row.columns[self.forms[kind].seq_place] = seq
        row.touched = True
        self._weigh(kind, row.values)

    def _weigh(self, kind: str, values: Mapping[str, Any]) -> None:
        geometry = self.forms[kind].geometry
        if geometry is not None:
            self._bytes += len(values.get(geometry) or "")

    def keep_past(self) -> None:
        """Write what rows were."""
        for kind, rows in self._past.items():
            self._tables.insert_past(self._connection, kind, rows)
        self._past.clear()

    @property
    def full(self) -> bool:
        """Whether it is time to `write`."""
        return len(self.rows) > MOST_ROWS or self._bytes > MOST_BYTES

    def write(self, confirmed: Confirmed) -> None:
        """Write what rows are, and forget them. `confirmed` is told of the last change of each."""
        self.keep_past()
        made: dict[str, list[list[Any]]] = {}
        changed: dict[str, list[list[Any]]] = {}
        for (kind, entity), row in self.rows.items():
            if row.touched:
                (made if row.fresh else changed).setdefault(kind, []).append(row.columns)
                confirmed.seen(kind, entity, row.project, row.last)
        for kind, rows in made.items():
            self._tables.insert_many(self._connection, kind, sorted(rows, key=itemgetter(0)))
        for kind, rows in changed.items():
            self._tables.set_many(self._connection, kind, rows)
        self.rows.clear()
        self._bytes = 0
