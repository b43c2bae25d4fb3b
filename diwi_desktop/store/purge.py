"""Forgetting what may no longer be here: rows, what they were, the log, the inbox, files. Nothing of it stays behind.

`secure_delete` overwrites what is removed; `wipe` afterwards empties the write-ahead log, which held it too. That it is
still to be done is kept in the store, for when somebody reads at that moment, or the program ends before it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from diwi_desktop.model.catalogue import Catalogue
from diwi_desktop.model.rights import LOCAL_KINDS, scope_of
from diwi_desktop.store import handed, inbox, remains, syncstate
from diwi_desktop.store.driver import BUSY_MS, Connection
from diwi_desktop.store.schema import quoted
from diwi_desktop.store.seen import seen_of
from diwi_desktop.store.syncstate import WAITING

if TYPE_CHECKING:
    from diwi_desktop.store.store import Store

Key = tuple[str, str]
Bases = Callable[[Connection, Sequence[Sequence[Any]]], Mapping[tuple[int, int], tuple[int, str | None]]]
_UNWIPED = "unwiped"
_PATIENCE_MS = 100  # for readers: whoever wants to store something waits as long
_FIXED = ("register", "people", "exchange")
# What an act is called of which a part may no longer be here: its own name may hold the name of a plan or of a file.
SPANNING = "Projecten wijzigen"


@dataclass(frozen=True, slots=True)
class Waiting:
    """An own change that waits, with what it was made on, lifted out of the log for a while."""

    act: tuple[Any, ...]  # seq, id, name, kind, undoes, author, device, made_at
    n: int
    kind: str
    entity: str
    project: str | None
    field: str
    old: str | None
    new: str | None
    base: int
    after: str | None
    seen: int | None = None  # of a deletion of what has parts: see `store.seen`


def entities_of(connection: Connection, catalogue: Catalogue, scopes: Iterable[str]) -> dict[str, set[str]]:
    """What this store has of some scopes, by kind: a project with all that hangs under it, documents included."""
    wanted = set(scopes)
    ids = wanted - set(_FIXED)
    found: dict[str, set[str]] = {}
    rows = connection.execute(
        "SELECT DISTINCT kind, entity FROM change WHERE project IN (SELECT value FROM json_each(:ids))"
        " OR entity IN (SELECT value FROM json_each(:ids))",
        {"ids": json.dumps(sorted(ids))},
    )
    for kind, entity in rows:
        found.setdefault(kind, set()).add(entity)
    outside = {k.kind for k in catalogue.kinds if _outside(catalogue, k.kind)}
    for kind in outside - {"person"}:
        if scope_of(kind, "", None) in wanted:
            rows = connection.execute("SELECT DISTINCT entity FROM change WHERE kind = ?", (kind,))
            found.setdefault(kind, set()).update(row[0] for row in rows)
    return {kind: entities for kind, entities in found.items() if entities}


def everything(connection: Connection) -> dict[str, set[str]]:
    """All that travels, by kind."""
    found: dict[str, set[str]] = {}
    for kind, entity in connection.execute("SELECT DISTINCT kind, entity FROM change"):
        if kind not in LOCAL_KINDS:
            found.setdefault(kind, set()).add(entity)
    return found


def lifted(connection: Connection, entities: dict[str, set[str]], bases: Bases) -> list[Waiting]:
    """The own changes to these entities that wait, in local order. `bases` is `outbox.bases_of`."""
    listed = json.dumps([entity for group in entities.values() for entity in group])
    rows = connection.execute(
        "SELECT act_seq, n, kind, entity, project, field, old, new, base_seq, after FROM change"
        f" WHERE {WAITING} AND entity IN (SELECT value FROM json_each(?)) ORDER BY act_seq, n",
        (listed,),
    ).fetchall()
    if not rows:
        return []
    fresh = [row for row in rows if row[8] is None]
    found, known = bases(connection, fresh), seen_of(connection, fresh)
    acts = {
        row[0]: row
        for row in connection.execute(
            "SELECT seq, id, name, kind, undoes, author, device, made_at FROM act"
            " WHERE seq IN (SELECT value FROM json_each(?))",
            (json.dumps(list({row[0] for row in rows})),),
        )
    }
    waiting = []
    for act_seq, n, kind, entity, project, field, old, new, base, after in rows:
        seen = known.get((act_seq, n))
        if base is None:
            base, after = found[act_seq, n]
        waiting.append(Waiting(acts[act_seq], n, kind, entity, project, field, old, new, base, after, seen))
    return waiting


def forget(connection: Connection, entities: dict[str, set[str]]) -> None:
    """Remove entities with all that tells of them; `forget_blobs` their files. Acts of which nothing is left go too."""
    connection.execute("PRAGMA secure_delete=ON")
    syncstate.put(connection, {_UNWIPED: "1"})
    listed = json.dumps([entity for group in entities.values() for entity in group])
    for kind, group in entities.items():
        ids = json.dumps(list(group))
        for table in (kind, f"{kind}_past"):
            connection.execute(f"DELETE FROM {quoted(table)} WHERE id IN (SELECT value FROM json_each(?))", (ids,))
    acts = json.dumps(
        [
            row[0]
            for row in connection.execute(
                "SELECT DISTINCT act_seq FROM change WHERE entity IN (SELECT value FROM json_each(?))", (listed,)
            )
        ]
    )
    connection.execute("DELETE FROM change WHERE entity IN (SELECT value FROM json_each(?))", (listed,))
    empty = [
        row[0]
        for row in connection.execute(
            "SELECT seq FROM act WHERE seq IN (SELECT value FROM json_each(?))"
            " AND NOT EXISTS (SELECT 1 FROM change WHERE act_seq = seq)",
            (acts,),
        )
    ]
    gone = json.dumps(empty)
    connection.execute("UPDATE act SET undoes = NULL WHERE undoes IN (SELECT value FROM json_each(?))", (gone,))
    connection.execute("DELETE FROM act WHERE seq IN (SELECT value FROM json_each(?))", (gone,))
    syncstate.forget_entities(connection, (entity for group in entities.values() for entity in group))


def forget_blobs(connection: Connection) -> None:
    """Remove the files that no document points at."""
    unused = (
        "SELECT sha256 FROM blob WHERE sha256 NOT IN (SELECT sha256 FROM document WHERE sha256 IS NOT NULL"
        " UNION SELECT sha256 FROM document_past WHERE sha256 IS NOT NULL)"
    )
    connection.execute(f"DELETE FROM blob_part WHERE sha256 IN ({unused})")
    connection.execute(f"DELETE FROM blob WHERE sha256 IN ({unused})")


def purge(store: Store, connection: Connection, scopes: Iterable[str], bases: Bases, now: str) -> set[Key]:
    """Forget whole scopes; own work on them that was not accepted yet goes to the drawer with its text.

    Returns what was forgotten.
    """
    entities = entities_of(connection, store.catalogue, scopes)
    if not entities:
        return set()
    for change in lifted(connection, entities, bases):
        inbox.drop(connection, change.act[1], change, now)
    inbox.forget_entities(connection, {entity for group in entities.values() for entity in group})
    acts = _acts_of(connection, entities)
    forget(connection, entities)
    connection.execute(
        "UPDATE act SET name = ? WHERE id IN (SELECT value FROM json_each(?))", (SPANNING, json.dumps(acts))
    )
    return {(kind, entity) for kind, group in entities.items() for entity in group}


def _acts_of(connection: Connection, entities: Mapping[str, set[str]]) -> list[str]:
    """The ids of the acts that did something to these entities."""
    listed = json.dumps([entity for group in entities.values() for entity in group])
    rows = connection.execute(
        "SELECT DISTINCT a.id FROM change c JOIN act a ON a.seq = c.act_seq"
        " WHERE c.entity IN (SELECT value FROM json_each(?))",
        (listed,),
    )
    return [id for (id,) in rows]


def wipe(store: Store) -> None:
    """What is still to be done after a purge: empty the write-ahead log, where removed pages still stand; and remove
    older copies of the file, and of documents what was opened of those that are gone.

    Readers that are busy delay it until the next synchronisation.
    """
    with store.inside() as connection:
        if syncstate.get(connection, _UNWIPED):
            connection.execute(f"PRAGMA busy_timeout={_PATIENCE_MS}")
            try:
                busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            finally:
                connection.execute(f"PRAGMA busy_timeout={BUSY_MS}")
            if not busy:
                syncstate.forget(connection, (_UNWIPED,))
    remains.remove(store.path)
    handed.take_back(store.path, lambda document: _is_here(store, document))


def _is_here(store: Store, document: str) -> bool:
    return store.read().execute("SELECT 1 FROM document WHERE id = ?", (document,)).fetchone() is not None


def _outside(catalogue: Catalogue, kind: str) -> bool:
    """Whether entities of a kind belong to no project, and travel."""
    at = kind
    while catalogue.kind(at).parent:
        at = catalogue.kind(at).parent
    return at != "project" and kind not in LOCAL_KINDS
