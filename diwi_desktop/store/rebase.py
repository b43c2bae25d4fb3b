"""Own changes that wait, put back on top of what came whole. They keep their names and what they were made on."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import groupby
from typing import TYPE_CHECKING, Any

from diwi_desktop.changes.change import CREATED
from diwi_desktop.store import inbox
from diwi_desktop.store.apply import insert_rows
from diwi_desktop.store.driver import Connection
from diwi_desktop.store.landing import insert_acts, last_known, last_place, next_known
from diwi_desktop.store.purge import Waiting
from diwi_desktop.store.schema import encode

if TYPE_CHECKING:
    from diwi_desktop.store.store import Store

_LOG = "INSERT INTO change (act_seq, n, kind, entity, project, field, old, new, base_seq, after) VALUES "


def put_back(store: Store, connection: Connection, waiting: Iterable[Waiting], now: str) -> int:
    """Append them to the log, each act as a part of its own. Returns the last log position.

    What the server turned out to have already is left out; what has nothing to stand on goes to the drawer.
    """
    seq = last_place(connection)
    known = last_known(connection)
    moved: dict[int, int] = {}
    for act, changes in groupby(sorted(waiting, key=lambda one: (one.act[0], one.n)), key=lambda one: one.act):
        before, id, name, kind, undoes, author, device, made_at = act
        log = _changes(store, connection, id, list(changes), seq + 1, now)
        if not log:
            continue
        seq += 1
        known = next_known(known, now)
        part = connection.execute("SELECT coalesce(max(part), -1) + 1 FROM act WHERE id = ?", (id,)).fetchone()[0]
        undone = moved.get(undoes, undoes)
        there = connection.execute("SELECT 1 FROM act WHERE seq = ?", (undone,)).fetchone()
        insert_acts(
            connection, [(seq, id, part, name, kind, undone if there else None, author, device, made_at, known)]
        )
        insert_rows(connection, _LOG, "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", log)
        moved[before] = seq
    return seq


def _changes(
    store: Store, connection: Connection, act: str, changes: list[Waiting], seq: int, now: str
) -> list[tuple[Any, ...]]:
    tables = store.tables
    log: list[tuple[Any, ...]] = []
    for one in changes:
        there = connection.execute(
            "SELECT 1 FROM change c JOIN act a ON a.seq = c.act_seq WHERE a.id = ? AND c.n = ?", (act, one.n)
        ).fetchone()
        if there is not None:
            continue
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
        dumped = None if old is None else encode(old)
        log.append((seq, one.n, one.kind, one.entity, one.project, one.field, dumped, one.new, one.base, one.after))
    return log
