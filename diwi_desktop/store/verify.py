"""Checking a store: rebuild every table from the log alone and compare, and SQLite's own integrity check."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any

from diwi_desktop.changes.change import CREATED, change_id
from diwi_desktop.store import driver, schema
from diwi_desktop.store.apply import Tables
from diwi_desktop.store.driver import Connection
from diwi_desktop.store.schema import all_columns, quoted

if TYPE_CHECKING:
    from diwi_desktop.store.store import Store

# How many differences to describe; the count is always given.
SHOWN = 20


def verify(store: Store) -> list[str]:
    """What is wrong, in Dutch sentences; an empty list for a sound store.

    Replays the log into fresh tables (in memory) and compares present and past of every kind, then runs
    SQLite's integrity check and compares the spatial indexes with their tables. Raises StoreError.
    """
    with store.snapshot(whole=True) as connection:
        return _problems(store, connection)


def _problems(store: Store, connection: Connection) -> list[str]:
    problems: list[str] = []
    for (line,) in connection.execute("PRAGMA integrity_check"):
        if line != "ok":
            problems.append(f"Het bestand is beschadigd: {line}")
    if problems:
        return problems[:SHOWN]
    # In memory: a file would be a plain copy of an encrypted store, and stay when the computer stops.
    fresh = driver.in_memory()
    try:
        schema.create_tables(fresh)
        problems += _replay(connection, fresh, store.tables)
        for kind in store.catalogue.kinds:
            names = all_columns(kind)
            for table, columns in ((kind.kind, names), (f"{kind.kind}_past", [*names, "seq_to"])):
                geometry = kind.geometry.key if kind.geometry else None
                problems += _compare(connection, fresh, table, columns, geometry)
    finally:
        fresh.close()
    for table in ("plan_area", "parcel", "building"):
        problems += _index(connection, table)
    return problems


def _replay(log: Connection, fresh: Connection, tables: Tables) -> Iterator[str]:
    """Apply the whole log to the fresh tables."""
    rows = log.execute(
        "SELECT c.act_seq, c.kind, c.entity, c.field, c.old, c.new, a.id, c.n"
        " FROM change c JOIN act a ON a.seq = c.act_seq ORDER BY c.act_seq, c.n"
    )
    fresh.execute("BEGIN")
    for (seq, kind, entity), changes in groupby(rows, key=lambda r: r[:3]):
        row: dict[str, Any] = {}
        for _, _, _, field, old, new, act, n in changes:
            value = None if new is None else json.loads(new)
            if field == CREATED:
                tables.insert(fresh, kind, entity, value or {}, seq)
                continue
            if not row:
                row = tables.row(fresh, kind, entity) or {}
            if row.get(field) != (None if old is None else json.loads(old)):
                yield f"Wijziging {change_id(act, n)} in het logboek sluit niet aan op de vorige waarde."
            row[field] = value
        if row:
            tables.update(fresh, kind, entity, row, seq)
    fresh.execute("COMMIT")


def _compare(
    store: Connection, fresh: Connection, table: str, columns: list[str], geometry: str | None
) -> Iterator[str]:
    read = ", ".join(f"AsBinary({quoted(c)})" if c == geometry else quoted(c) for c in columns)
    query = f"SELECT {read} FROM {quoted(table)} ORDER BY id, seq_from"
    found, wanted = store.execute(query), fresh.execute(query)
    different = 0
    example = ""
    while True:
        left, right = found.fetchone(), wanted.fetchone()
        if left is None and right is None:
            break
        if left != right:
            different += 1
            example = example or str((left or right)[0])
    if different:
        yield f"Tabel {table} wijkt op {different} plaatsen af van het logboek (bijvoorbeeld {example})."


def _index(connection: Connection, table: str) -> Iterator[str]:
    """Every row with a geometry has its entry in the R*Tree, and nothing else has."""
    index = quoted(f"idx_{table}_geometry")
    lost = connection.execute(
        f"SELECT count(*) FROM {quoted(table)} t WHERE t.geometry IS NOT NULL"
        f" AND t.ROWID NOT IN (SELECT pkid FROM {index})"
    ).fetchone()[0]
    loose = connection.execute(
        f"SELECT count(*) FROM {index} WHERE pkid NOT IN (SELECT ROWID FROM {quoted(table)} WHERE geometry IS NOT NULL)"
    ).fetchone()[0]
    if lost or loose:
        yield f"De kaartindex van {table} klopt niet ({lost} ontbreken, {loose} te veel)."
