"""One act kept: what it changes is written, checked against rights and rules, and told of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diwi_desktop.changes.change import DELETED, ActInfo, ActKind
from diwi_desktop.model.catalogue import Catalogue
from diwi_desktop.model.finding import Refused
from diwi_desktop.model.work import CancelCheck, Progress
from diwi_desktop.store import guard, log, permission, schema
from diwi_desktop.store.act import Act
from diwi_desktop.store.batch import Batch
from diwi_desktop.store.driver import Connection
from diwi_desktop.store.writer import Writer

if TYPE_CHECKING:
    from diwi_desktop.store.store import Store


def write_act(
    store: Store,
    connection: Connection,
    act: Act,
    undoes: int | None,
    progress: Progress | None,
    cancelled: CancelCheck | None,
) -> ActInfo | None:
    """Put an act into the log and the tables, inside the transaction that the store has begun; None without changes.

    `undoes` is the number of the act that it takes back. Raises Refused, Cancelled and the errors of SQLite.
    """
    permission.add_maker(act, store.viewer)
    made_at, known_at = log.times(connection, store.clock.now())
    cursor = connection.execute(
        "INSERT INTO act (id, name, kind, undoes, author, device, made_at, known_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (act.id, act.name, act.kind.value, undoes, store.author, store.device.id, made_at, known_at),
    )
    seq = int(cursor.lastrowid or 0)
    if act.before is not None:
        act.before(connection)
    writer = Writer(store, connection, act, seq)
    total, done, looked = act.size, 0, -1
    for step in act.steps():
        if cancelled is not None and done // 50 != looked:
            act.check_cancelled(cancelled)
        if progress is not None and done // 50 != looked and done // 50 % 4 == 0:
            progress(done, total)
        looked = done // 50
        if isinstance(step, Batch):
            writer.make_many(step)
            done += len(step.ids)
            continue
        kind, entity, values, created = step
        if created:
            writer.make(kind, entity, values)
        else:
            writer.change(kind, entity, values)
        done += 1
    writer.flush()
    for kind, entity in act.deletions():
        for below in _with_descendants(connection, store.catalogue, kind, entity):
            writer.change(*below, {DELETED: made_at})
    writer.flush()
    if not writer.changed and not writer.batches:
        return None
    taking_back = act.kind in (ActKind.UNDO, ActKind.REDO)
    refusals = permission.refusals(
        connection, store.viewer, seq, writer.changed, writer.batches, taking_back=taking_back
    ) or guard.refusals(
        connection,
        store.catalogue,
        writer.changed,
        writer.made,
        writer.batches,
        taking_back=taking_back,
        viewer=store.viewer,
    )
    if refusals:
        raise Refused(refusals)
    if cancelled is not None:
        act.check_cancelled(cancelled)
    return ActInfo(
        seq, act.id, act.name, act.kind, store.author, store.device.id, made_at, undoes,
        writer.entities, frozenset(writer.projects),
    )  # fmt: skip


def _with_descendants(connection: Connection, cat: Catalogue, kind: str, entity: str) -> list[tuple[str, str]]:
    """The entity and everything that hangs under it and is not deleted yet."""
    found = [(kind, entity)]
    for child in cat.children(kind):
        rows = connection.execute(
            f"SELECT id FROM {schema.quoted(child.kind)} WHERE {child.parent_key} = ? AND deleted_at IS NULL",
            (entity,),
        ).fetchall()
        for (below,) in rows:
            found += _with_descendants(connection, cat, child.kind, below)
    return found
