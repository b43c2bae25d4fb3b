"""From the log to the tables. The only code that writes to the tables of entities."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from typing import Any

from diwi_desktop.changes.change import DELETED
from diwi_desktop.model.catalogue import OWN_PREFIX, Catalogue, FieldType, Kind
from diwi_desktop.store import schema
from diwi_desktop.store.asof import source
from diwi_desktop.store.driver import Connection
from diwi_desktop.store.schema import quoted

_ROWS = 100  # to a statement; with more the statement itself costs more than it saves


class Place:
    """Where a kind of entity stands: itself a project, in a project, part of what is in a project, or outside."""

    def __init__(self, catalogue: Catalogue, kind: Kind) -> None:
        self.kind = kind
        self.mandatory = frozenset(f.key for f in kind.fields if f.mandatory)
        self.is_project = kind.kind == "project"
        self.in_project = kind.parent == "project"
        self.has_parts = bool(catalogue.children(kind.kind))
        # Of parts of what is in a project: the key to what they are part of, and how to find its project.
        grand = kind.parent and catalogue.kind(kind.parent).parent == "project"
        self.parent_key = kind.parent_key if grand else ""
        self.project_of = f"SELECT project_id FROM {quoted(kind.parent)} WHERE id = ?"


class Tables:
    """Prepared SQL per kind for making and changing rows."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._sql = {kind.kind: _Sql(kind) for kind in catalogue.kinds}
        self._places = {kind.kind: Place(catalogue, kind) for kind in catalogue.kinds}

    def place(self, kind: str) -> Place:
        """Where a kind stands in the register."""
        return self._places[kind]

    def row(self, connection: Connection, kind: str, entity: str) -> dict[str, Any] | None:
        """The present values of an entity in log shape, own fields as `own:<id>`; None when there is no such entity."""
        sql = self._sql[kind]
        found = connection.execute(sql.select, (entity,)).fetchone()
        return None if found is None else sql.to_log(found)

    def rows(
        self, connection: Connection, kind: str, where: str, given: Mapping[str, Any], seq: int | None
    ) -> list[dict[str, Any]]:
        """Rows in log shape with their `id`, as known at a log position (None: now), in the order of their ids.

        `where` is SQL with named parameters from `given`.
        """
        sql = self._sql[kind]
        found = connection.execute(
            f"SELECT {sql.read} FROM {source(kind, seq)} WHERE {where} ORDER BY id", {**given, "seq": seq}
        )
        return [{"id": row[0], **sql.to_log(row)} for row in found]

    def insert(self, connection: Connection, kind: str, entity: str, values: Mapping[str, Any], seq: int) -> None:
        """A new row."""
        sql = self._sql[kind]
        connection.execute(sql.insert, sql.parameters(entity, values, seq))

    def parameters(self, kind: str) -> Callable[[str, Mapping[str, Any], int], list[Any]]:
        """What makes a new row as `insert_many` takes it, from the id, the values in log shape and the log position."""
        return self._sql[kind].parameters

    def insert_many(self, connection: Connection, kind: str, rows: Sequence[Sequence[Any]]) -> None:
        """New rows of one kind, made with `parameters`."""
        insert_rows(connection, self._sql[kind].insert_head, self._sql[kind].slots, rows)

    def update(self, connection: Connection, kind: str, entity: str, values: Mapping[str, Any], seq: int) -> None:
        """Keep the present row as past and set all values anew; `values` is the whole row in log shape.

        What the same act wrote before was never true at any log position, and so is not kept.
        """
        sql = self._sql[kind]
        connection.execute(sql.keep, (seq, entity, seq))
        connection.execute(sql.update, (*sql.parameters(entity, values, seq)[1:], entity))

    def present(
        self, connection: Connection, kind: str, entities: Sequence[str]
    ) -> dict[str, tuple[dict[str, Any], int]]:
        """The present values of many entities in log shape, without empty ones, and since which log position."""
        sql = self._sql[kind]
        found = connection.execute(
            f"SELECT {sql.read} FROM {quoted(kind)} WHERE id IN (SELECT value FROM json_each(?))",
            (schema.encode(list(entities)),),
        )
        values = ((row, sql.to_log(row)) for row in found)
        return {
            row[0]: ({key: value for key, value in of_row.items() if value is not None}, row[sql.seq_place])
            for row, of_row in values
        }

    def insert_past(self, connection: Connection, kind: str, rows: list[list[Any]]) -> None:
        """Past rows of one kind: `parameters` and the log position up to which they were true."""
        sql = self._sql[kind]
        connection.executemany(f"{sql.past_head}{sql.slots[:-1]}, ?)", rows)

    def set_many(self, connection: Connection, kind: str, rows: list[list[Any]]) -> None:
        """Whole new values, made with `parameters`, for rows that are there. What was is kept by `insert_past`."""
        sql = self._sql[kind]
        connection.executemany(sql.update, [(*row[1:], row[0]) for row in rows])


def insert_rows(connection: Connection, head: str, slots: str, rows: Sequence[Sequence[Any]]) -> None:
    """Insert many rows: `head` up to VALUES, `slots` the place of one row. Some rows to a statement are far cheaper."""
    whole = len(rows) // _ROWS * _ROWS
    if whole:
        statement = head + ",".join([slots] * _ROWS)
        for start in range(0, whole, _ROWS):
            connection.execute(statement, list(chain.from_iterable(rows[start : start + _ROWS])))
    connection.executemany(head + slots, rows[whole:])


class _Sql:
    def __init__(self, kind: Kind) -> None:
        self.plain = [f for f in kind.fields if not f.own and f.type is not FieldType.GEOMETRY]
        self.keys = [f.key for f in self.plain]
        converters = [(place, schema.converter(f)) for place, f in enumerate(self.plain, start=1)]
        self.converters = [(place, convert) for place, convert in converters if convert is not None]
        self.has_own = kind.kind in schema.OWN_KINDS
        table = quoted(kind.kind)
        names = schema.all_columns(kind)
        # Plain WKB both ways: SpatiaLite's own EWKB turns a MultiPolygon of one part into a Polygon.
        self.geometry = geometry = kind.geometry.key if kind.geometry else None
        slots = [f"GeomFromWKB(?, {schema.SRID})" if n == geometry else "?" for n in names]
        read = [f"AsBinary({quoted(n)})" if n == geometry else quoted(n) for n in names]
        listed = ", ".join(quoted(n) for n in names)
        self.read = ", ".join(read)
        self.select = f"SELECT {self.read} FROM {table} WHERE id = ?"
        self.insert_head = f"INSERT INTO {table} ({listed}) VALUES "
        self.slots = f"({', '.join(slots)})"
        self.insert = self.insert_head + self.slots
        pairs = ", ".join(f"{quoted(n)} = {slot}" for n, slot in zip(names[1:], slots[1:], strict=True))
        self.update = f"UPDATE {table} SET {pairs} WHERE id = ?"
        past = quoted(kind.kind + "_past")
        self.seq_place = names.index("seq_from")
        self.past_head = f"INSERT INTO {past} ({listed}, seq_to) VALUES "
        self.keep = (
            f"INSERT INTO {past} ({listed}, seq_to) SELECT {listed}, ? FROM {table} WHERE id = ? AND seq_from < ?"
        )

    def to_log(self, row: tuple[Any, ...]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for f, value in zip(self.plain, row[1:], strict=False):
            values[f.key] = schema.from_column(f, value)
        at = 1 + len(self.plain)
        if self.has_own:
            for key, value in json.loads(row[at] or "{}").items():
                values[OWN_PREFIX + key] = value
            at += 1
        values[DELETED] = row[at]
        if self.geometry:
            values[self.geometry] = ewkb(row[at + 2]).hex() if row[at + 2] else None
        return values

    def parameters(self, entity: str, values: Mapping[str, Any], seq: int) -> list[Any]:
        result: list[Any] = [entity, *map(values.get, self.keys)]
        for place, convert in self.converters:
            if (value := result[place]) is not None:
                result[place] = convert(value)
        if self.has_own:
            own = {
                key.removeprefix(OWN_PREFIX): value
                for key, value in values.items()
                if key.startswith(OWN_PREFIX) and value is not None
            }
            result.append(schema.encode(own) if own else None)
        result += [values.get(DELETED), seq]
        if self.geometry:
            geometry = values.get(self.geometry)
            result.append(wkb(geometry) if geometry else None)
        return result


# A MultiPolygon in EWKB with SRID 28992 and in plain WKB, little endian: the heads differ, the rest is the same.
_EWKB_HEAD = bytes.fromhex("010600002040710000")
_WKB_HEAD = bytes.fromhex("0106000000")


def ewkb(plain: bytes) -> bytes:
    """EWKB (SRID 28992) of a MultiPolygon in plain little-endian WKB."""
    return _EWKB_HEAD + bytes(plain)[len(_WKB_HEAD) :]


def wkb(geometry: str) -> bytes:
    """Plain WKB of a MultiPolygon given as EWKB in hexadecimal."""
    return _WKB_HEAD + bytes.fromhex(geometry)[len(_EWKB_HEAD) :]
