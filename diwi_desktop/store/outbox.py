"""What waits to be sent: own changes in the order of the local log, in pieces, with what each was made on.

Nothing is kept apart for it: base and after follow from the log. Walking a field's changes in local order, the highest
confirmed sequence so far is the base; the last own change since that was not answered yet is `after`. The making of an
entity counts for all its fields, and the deletion of an entity is made on all of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from msgspec import Raw

from diwi_desktop.changes.change import CREATED, DELETED, LOCAL, change_id
from diwi_desktop.changes.messages import MOST_BYTES, MOST_CHANGES, SCHEMA, Push, WireAct, WireChange
from diwi_desktop.store import seen, syncstate
from diwi_desktop.store.driver import Connection
from diwi_desktop.store.syncstate import WAITING

if TYPE_CHECKING:
    from diwi_desktop.store.store import Store

_AROUND = 160  # bytes that a change takes beside its values, about
_LOG = (
    "SELECT act_seq, n, entity, field, server_seq, result, base_seq FROM change"
    " WHERE entity IN (SELECT value FROM json_each(?))"
)
Place = tuple[int, int]  # act_seq, n


@dataclass(frozen=True, slots=True)
class Piece:
    """A push and, per act of it, where its changes stand in the log. `waiting`: changes that waited, these included.

    `old` and `new` of the changes are JSON as it stands in the log (`msgspec.Raw`), so that nothing is decoded only to
    be encoded again.
    """

    push: Push
    places: list[list[Place]]
    waiting: int

    @property
    def size(self) -> int:
        """How many changes it has."""
        return sum(map(len, self.places))


def count(store: Store) -> int:
    """How many own changes wait for the server."""
    with store.inside() as connection:
        return syncstate.waiting(connection)


def take(store: Store, *, most: int = MOST_CHANGES, most_bytes: int = MOST_BYTES) -> Piece | None:
    """The first piece of what waits, whole acts where they fit; None when nothing waits. Changes nothing."""
    with store.inside() as connection:
        rows = connection.execute(
            "SELECT act_seq, n, kind, entity, project, field, old, new, base_seq, after"
            f" FROM change WHERE {WAITING} ORDER BY act_seq, n LIMIT ?",
            (most + 1,),
        ).fetchall()
        if not rows:
            return None
        chosen = _fitting(rows, most, most_bytes)
        bases = bases_of(connection, [row for row in chosen if row[8] is None])
        return _piece(connection, chosen, bases, syncstate.waiting(connection))


def _fitting(rows: list[tuple[Any, ...]], most: int, most_bytes: int) -> list[tuple[Any, ...]]:
    """The rows of as many whole acts as fit; of the first act as much as fits when all of it does not."""
    sizes = accumulate(_AROUND + len(row[6] or "") + len(row[7] or "") for row in rows[:most])
    end = max(1, sum(size <= most_bytes for size in sizes))
    if end < len(rows):
        cut = rows[end][0]
        whole = end
        while whole and rows[whole - 1][0] == cut:
            whole -= 1
        end = whole or end
    return rows[:end]


def bases_of(connection: Connection, rows: Iterable[Sequence[Any]]) -> dict[Place, tuple[int, str | None]]:
    """(base, after) of waiting changes, by their place. `rows` begin with act_seq, n, kind, entity, project, field."""
    wanted = {(row[0], row[1]): row for row in rows}
    made = {row[3] for row in wanted.values() if row[5] == CREATED}
    # What is deleted is made on all fields; of the rest only the fields that are changed matter, and the making.
    gone = {row[3] for row in wanted.values() if row[5] == DELETED} - made
    kept = {row[3] for row in wanted.values()} - made - gone
    names_of = {row[5] for row in wanted.values()} | {CREATED}
    log: list[Sequence[Any]] = [
        (row[0], row[1], row[3], row[5], None, None, None) for row in wanted.values() if row[3] in made
    ]
    log += connection.execute(_LOG, (json.dumps(list(gone)),)).fetchall()
    given = (json.dumps(list(kept)), json.dumps(list(names_of)))
    log += connection.execute(f"{_LOG} AND field IN (SELECT value FROM json_each(?))", given).fetchall()
    log.sort(key=itemgetter(0, 1))
    fields = _Fields()
    found: dict[Place, tuple[int, str | None]] = {}
    names = dict(
        connection.execute(
            "SELECT seq, id FROM act WHERE seq IN (SELECT value FROM json_each(?))",
            (json.dumps(list({row[0] for row in log if row[4] is None and row[5] is None})),),
        ).fetchall()
    )
    for act_seq, n, entity, field, server_seq, result, base_seq in log:
        if server_seq is None and result is None:
            place = (act_seq, n)
            if place in wanted:
                found[place] = fields.base(entity, field)
            fields.wait(entity, field, change_id(names[act_seq], n), base_seq)
        elif result is None or result == "same":
            fields.confirm(entity, field, server_seq)
        elif result == LOCAL and base_seq is not None:
            fields.confirm(entity, field, base_seq)
    return found


class _Fields:
    """Per field, and per entity as a whole: the highest confirmed sequence so far and the own change that waits."""

    def __init__(self) -> None:
        self._fields: dict[tuple[str, str], tuple[int, str | None]] = {}
        self._entities: dict[str, tuple[int, str | None]] = {}

    def base(self, entity: str, field: str) -> tuple[int, str | None]:
        if field == CREATED:
            return 0, None
        if field == DELETED:
            return self._entities.get(entity, (0, None))
        found = self._fields.get((entity, field))
        return found or self._fields.get((entity, CREATED), (0, None))

    def wait(self, entity: str, field: str, name: str, fixed: int | None) -> None:
        """`fixed`: the base that the waiting change was given when it was put back on what came whole."""
        base = self._fields.get((entity, field), (0, None)) if field == DELETED else self.base(entity, field)
        self._fields[entity, field] = (base[0] if fixed is None else fixed, name)
        self._entities[entity] = (self._entities.get(entity, (0, None))[0], name)

    def confirm(self, entity: str, field: str, seq: int) -> None:
        if seq > self._fields.get((entity, field), (0, None))[0]:
            self._fields[entity, field] = (seq, None)
        newest, name = self._entities.get(entity, (0, None))
        self._entities[entity] = (max(seq, newest), name)


def _piece(
    connection: Connection, rows: list[tuple[Any, ...]], bases: dict[Place, tuple[int, str | None]], waiting: int
) -> Piece:
    heads = {
        row[0]: row[1:]
        for row in connection.execute(
            "SELECT a.seq, a.id, a.name, a.kind, a.device, a.made_at, u.id FROM act a LEFT JOIN act u"
            " ON u.seq = a.undoes WHERE a.seq IN (SELECT value FROM json_each(?))",
            (json.dumps(list({row[0] for row in rows})),),
        )
    }
    known = seen.seen_of(connection, [row for row in rows if row[8] is None])
    acts: list[WireAct] = []
    places: list[list[Place]] = []
    told: dict[str, int] = {}
    last = None
    for act_seq, n, kind, entity, project, field, old, new, base_seq, after in rows:
        if act_seq != last:
            last = act_seq
            id, name, act_kind, device, made_at, undoes = heads[act_seq]
            acts.append(WireAct(id, name[:500], act_kind, device, made_at.replace("+00:00", "Z"), [], undoes))
            places.append([])
        if base_seq is None:
            base, after = bases[act_seq, n]
        else:
            base = base_seq
        if field == DELETED:
            name = change_id(acts[-1].id, n)
            upto = seen.kept(connection, name) if base_seq is not None else known.get((act_seq, n))
            if upto is not None:
                told[name] = upto
        acts[-1].changes.append(WireChange(n, kind, entity, project, field, _raw(old), _raw(new), base, after))
        places[-1].append((act_seq, n))
    return Piece(Push(SCHEMA, acts, told, syncstate.get(connection, "cursor")), places, waiting)


def _raw(text: str | None) -> Raw | None:
    return None if text is None else Raw(text.encode())
