"""Own changes that wait, put back on top of what came whole. They keep their names and what they were made on.

Of a field that another changed meanwhile, what its author saw comes back first, as a change of this laptop only: the
server compares his edit with that, and the log stays one that can be replayed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import groupby
from typing import TYPE_CHECKING, Any

from diwi_desktop.changes.change import CREATED, DELETED, change_id
from diwi_desktop.store import inbox, seen
from diwi_desktop.store.apply import insert_rows
from diwi_desktop.store.driver import Connection
from diwi_desktop.store.landing import Corrections, insert_acts, last_known, last_place, next_known
from diwi_desktop.store.purge import Waiting
from diwi_desktop.store.schema import encode

if TYPE_CHECKING:
    from diwi_desktop.store.store import Store

_LOG = "INSERT INTO change (act_seq, n, kind, entity, project, field, old, new, base_seq, after) VALUES "


def put_back(store: Store, connection: Connection, waiting: Iterable[Waiting], now: str) -> int:
    """Append them to the log, each act as a part of its own. Returns the last log position.

    What the server turned out to have already is left out; what has nothing to stand on goes to the drawer.
    """
    there = [one for one in sorted(waiting, key=lambda one: (one.act[0], one.n)) if not _came(connection, one)]
    _show_what_was_seen(store, connection, there)
    seq = last_place(connection)
    known = last_known(connection)
    moved: dict[int, int] = {}
    for act, changes in groupby(there, key=lambda one: one.act):
        before, id, name, kind, undoes, author, device, made_at = act
        log = _changes(store, connection, id, list(changes), seq + 1, now)
        if not log:
            continue
        seq += 1
        known = next_known(known, now)
        part = connection.execute("SELECT coalesce(max(part), -1) + 1 FROM act WHERE id = ?", (id,)).fetchone()[0]
        undone = moved.get(undoes, undoes)
        undone = undone if connection.execute("SELECT 1 FROM act WHERE seq = ?", (undone,)).fetchone() else None
        insert_acts(connection, [(seq, id, part, name, kind, undone, author, device, made_at, known)])
        insert_rows(connection, _LOG, "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", log)
        moved[before] = seq
    return seq


def _came(connection: Connection, one: Waiting) -> bool:
    """Whether the server turned out to have a change already."""
    found = connection.execute(
        "SELECT 1 FROM change c JOIN act a ON a.seq = c.act_seq WHERE a.id = ? AND c.n = ?", (one.act[1], one.n)
    )
    return found.fetchone() is not None


def _show_what_was_seen(store: Store, connection: Connection, waiting: Iterable[Waiting]) -> None:
    """Set the fields that wait to what they were to their author."""
    shown = Corrections(store, connection)
    done: set[tuple[str, str]] = set()
    for one in waiting:
        if one.field not in (CREATED, DELETED) and (one.entity, one.field) not in done:
            done.add((one.entity, one.field))
            shown.set(one.kind, one.entity, one.field, None if one.old is None else json.loads(one.old), None)
    shown.write()


def _changes(
    store: Store, connection: Connection, act: str, changes: list[Waiting], seq: int, now: str
) -> list[tuple[Any, ...]]:
    tables = store.tables
    log: list[tuple[Any, ...]] = []
    for one in changes:
        row = tables.row(connection, one.kind, one.entity)
        new = None if one.new is None else json.loads(one.new)
        old = None
        if one.field == CREATED and row is None:
            tables.insert(connection, one.kind, one.entity, new or {}, seq)
        elif one.field == CREATED or row is None:
            inbox.drop(connection, act, one, now)
            continue
        else:
            old = row.get(one.field)
            tables.update(connection, one.kind, one.entity, {**row, one.field: new}, seq)
        if one.seen is not None:
            seen.keep(connection, change_id(act, one.n), one.seen)
        dumped = None if old is None else encode(old)
        log.append((seq, one.n, one.kind, one.entity, one.project, one.field, dumped, one.new, one.base, one.after))
    return log
