"""Applying what a server sends as one consistent cut: all of it or nothing, whenever the program is stopped.

Pages are staged in the table `incoming` as they come. The last one makes the cut whole; then one transaction forgets
what must be forgotten, appends what is new, moves the cursor and empties the stage.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec

from diwi_desktop.changes.messages import PullReply, SnapshotReply, WireAct
from diwi_desktop.model.clock import stamp
from diwi_desktop.model.work import Progress, without_collector
from diwi_desktop.store import lines, outbox, purge, schema, syncstate
from diwi_desktop.store.driver import Connection
from diwi_desktop.store.landing import Landing, bad_message, info_of, moment_of
from diwi_desktop.store.lines import Line
from diwi_desktop.store.purge import Waiting
from diwi_desktop.store.rebase import put_back

if TYPE_CHECKING:
    from diwi_desktop.store.store import Store

_BATCH = 20_000  # changes that are appended at once
_PAGE = msgspec.json.Decoder(PullReply)
_MUCH = 20_000  # changes at once, above which indexes are better made afterwards


@dataclass(frozen=True, slots=True)
class Landed:
    """What a cut brought. `missing` and `agrees` (the digests) say whether something must be fetched whole."""

    changes: int = 0
    purged: int = 0
    missing: frozenset[str] = frozenset()
    agrees: bool = True
    projects: frozenset[str] = field(default=frozenset(), repr=False)


# -- pages ------------------------------------------------------------------------------------------------------------


def stage(store: Store, reply: PullReply) -> None:
    """Keep a page until its cut is whole. Raises StoreError."""
    body = zlib.compress(msgspec.json.encode(reply), 1)
    with store.transaction() as connection:
        connection.execute(
            "INSERT INTO incoming (page, body) SELECT coalesce(max(page), 0) + 1, ? FROM incoming", (body,)
        )


def staged(store: Store) -> PullReply | None:
    """The last page that was kept, to go on after an interruption; None when there is none."""
    with store.inside() as connection:
        row = connection.execute("SELECT body FROM incoming WHERE page > 0 ORDER BY page DESC LIMIT 1").fetchone()
    if row is None:
        return None
    try:
        return _PAGE.decode(zlib.decompress(row[0]))
    except (zlib.error, msgspec.MsgspecError):
        return None


def apply_cut(store: Store, last: PullReply) -> Landed:
    """Apply the staged pages and the last one. Raises StoreError; then nothing has changed."""
    with store.transaction() as connection:
        rows = connection.execute("SELECT body FROM incoming WHERE page > 0 ORDER BY page").fetchall()
        try:
            pages = [_PAGE.decode(zlib.decompress(row[0])) for row in rows]
        except (zlib.error, msgspec.MsgspecError) as error:
            raise bad_message() from error
        pages.append(last)
        gone = [scope for page in pages for scope in page.purge]
        whole = {scope for page in pages for scope in page.whole} - set(gone)
        cut = _Cut(store, connection)
        cut.purge(gone)
        if syncstate.get(connection, "afresh"):
            cut.replace_all()
        cut.land((act for page in pages for act in page.acts), whole)
        landed = cut.finish(last.digest)
        _move_on(store, connection, last)
        connection.execute("DELETE FROM incoming")
    cut.announce()
    return landed


def _move_on(store: Store, connection: Connection, reply: PullReply | SnapshotReply) -> None:
    now = store.clock.now()
    words = {"cursor": reply.cursor, "have": "[]", "last_full_at": stamp(now), "afresh": ""}
    try:
        skew = now - moment_of(reply.server_time) if reply.server_time else timedelta()
        if reply.lease_until:
            # By this laptop's own clock: one of the two may be years off, and the lease is as long all the same.
            words["lease_until"] = stamp(moment_of(reply.lease_until) + skew)
    except (ValueError, OverflowError) as error:
        raise bad_message() from error
    words["skew"] = str(round(skew.total_seconds()))
    words["seen_at"] = stamp(now)
    if isinstance(reply, PullReply):
        words["epoch"] = str(reply.epoch)
    syncstate.put(connection, words)
    if reply.viewer is not None:
        syncstate.put_viewer(connection, reply.viewer)


# -- a snapshot -------------------------------------------------------------------------------------------------------


def stage_piece(store: Store, snapshot: SnapshotReply, at: int, body: bytes) -> None:
    """Keep a piece of a snapshot's file that begins at byte `at`. Pieces of another snapshot are forgotten."""
    with store.transaction() as connection:
        if syncstate.get(connection, "snapshot") != str(snapshot.id):
            connection.execute("DELETE FROM incoming")
            syncstate.put(
                connection, {"snapshot": str(snapshot.id), "snapshot_reply": msgspec.json.encode(snapshot).decode()}
            )
        connection.execute("INSERT OR REPLACE INTO incoming (page, body) VALUES (?, ?)", (-1 - at, body))


def staged_snapshot(store: Store) -> tuple[SnapshotReply, int] | None:
    """The snapshot that was being fetched and how many bytes of it are here; None when there is none."""
    with store.inside() as connection:
        text = syncstate.get(connection, "snapshot_reply")
        if not text:
            return None
        done = connection.execute("SELECT coalesce(sum(length(body)), 0) FROM incoming WHERE page < 0").fetchone()[0]
    return msgspec.json.decode(text, type=SnapshotReply), int(done)


def unstage_snapshot(store: Store) -> None:
    """Forget a snapshot that was being fetched."""
    with store.transaction() as connection:
        connection.execute("DELETE FROM incoming")
        syncstate.forget(connection, ("snapshot", "snapshot_reply"))


def apply_snapshot(store: Store, snapshot: SnapshotReply, progress: Progress | None = None) -> Landed:
    """Replace all that travels by the staged snapshot; own changes that wait stay, on top of it.

    Raises StoreError (bad_message) when the file is not what was promised; then nothing has changed.
    """
    with store.transaction() as connection:
        if not lines.is_whole(connection, snapshot):
            raise bad_message()
        cut = _Cut(store, connection)
        cut.replace_all()
        with without_collector(), schema.without_indexes(connection, of_log=snapshot.changes > _MUCH):
            try:
                cut.land(lines.acts_of(connection, snapshot), frozenset(), progress, snapshot.changes)
            except ValueError as error:
                raise bad_message() from error
        landed = cut.finish(snapshot.digest)
        _move_on(store, connection, snapshot)
        connection.execute("DELETE FROM incoming")
        syncstate.forget(connection, ("snapshot", "snapshot_reply"))
    cut.announce()
    return landed


# -- whole scopes -----------------------------------------------------------------------------------------------------


def apply_scopes(store: Store, scopes: Sequence[str], gone: Sequence[str], acts: Iterable[WireAct]) -> Landed:
    """Repair: replace these scopes by what the server has of them, forget those that are gone, and count it."""
    with store.transaction() as connection:
        cut = _Cut(store, connection)
        cut.purge(gone)
        cut.replace(set(scopes))
        cut.land(acts, frozenset())
        landed = cut.finish("")
        incidents = int(syncstate.get(connection, "incidents", "0")) + 1
        syncstate.put(connection, {"incidents": str(incidents)})
    cut.announce()
    return landed


class _Cut:
    """One cut inside its transaction."""

    def __init__(self, store: Store, connection: Connection) -> None:
        self._store, self._connection = store, connection
        self._now = stamp(store.clock.now())
        self._waiting: list[Waiting] = []
        self._empty = connection.execute("SELECT 1 FROM sync_entity LIMIT 1").fetchone() is None
        self._gone: set[tuple[str, str]] = set()
        self._refetch: set[str] = set()
        self._landing: Landing | None = None
        self._seq = 0
        self._touched: set[tuple[str, str]] = set()
        self._projects: set[str] = set()

    def purge(self, scopes: Sequence[str]) -> None:
        if scopes:
            self._gone |= purge.purge(self._store, self._connection, scopes, outbox.bases_of, self._now)

    def replace(self, scopes: set[str]) -> None:
        """Forget what is here of scopes that come whole; own changes that wait are put back afterwards."""
        self._lift(purge.entities_of(self._connection, self._store.catalogue, scopes))

    def replace_all(self) -> None:
        self._lift(purge.everything(self._connection))
        self._empty = True

    def _lift(self, entities: dict[str, set[str]]) -> None:
        if entities:
            self._waiting += purge.lifted(self._connection, entities, outbox.bases_of)
            purge.forget(self._connection, entities)
            self._touched |= {(kind, entity) for kind, group in entities.items() for entity in group}

    def land(
        self,
        acts: Iterable[WireAct | Line],
        whole: set[str] | frozenset[str],
        progress: Progress | None = None,
        total: int = 0,
    ) -> None:
        if whole and not self._empty:
            acts = list(acts)
            self._clear(acts, whole)
        self._landing = landing = Landing(self._store, self._connection, empty=self._empty)
        batch: list[WireAct | Line] = []
        size = 0
        for act in acts:
            batch.append(act)
            size += len(act.changes)
            if size >= _BATCH:
                landing.land(batch)
                batch, size = [], 0
                if progress is not None:
                    progress(landing.changes, total)
        landing.land(batch)
        landing.write()

    def _clear(self, acts: Iterable[WireAct | Line], scopes: set[str] | frozenset[str]) -> None:
        """Scopes came into sight: what is here of them goes first, unless all of it is among what came.

        What this laptop pushed itself since the last pull need not be among it, as the request said that it has that;
        then a scope that holds something strange besides is fetched apart.
        """
        standing = syncstate.standing(self._connection)
        have = standing.have if standing else ()
        came = {(act.id, change.n) for act in acts for change in act.changes}
        entities = purge.entities_of(self._connection, self._store.catalogue, scopes)
        rows = self._connection.execute(
            "SELECT a.id, c.n, c.server_seq FROM change c JOIN act a ON a.seq = c.act_seq"
            " WHERE c.server_seq IS NOT NULL AND coalesce(c.result, '') NOT IN ('same', 'merged')"
            " AND c.entity IN (SELECT value FROM json_each(?))",
            (json.dumps([entity for group in entities.values() for entity in group]),),
        )
        absent = [row[2] for row in rows if row[:2] not in came]
        held = [seq for seq in absent if any(low <= seq <= high for low, high in have)]
        if len(held) == len(absent):
            return
        if held:
            self._refetch |= scopes
        else:
            self.replace(set(scopes))

    def finish(self, digest: str) -> Landed:
        landing = self._landing or Landing(self._store, self._connection)
        self._seq = landing.finish()
        if self._waiting:
            self._seq = put_back(self._store, self._connection, self._waiting, self._now)
        purge.forget_blobs(self._connection)
        self._touched |= landing.touched | self._gone
        self._projects = landing.projects | {entity for kind, entity in self._touched if kind == "project"}
        agrees = not digest or digest == syncstate.whole_digest(self._connection)
        return Landed(
            landing.changes,
            len(self._gone),
            frozenset(landing.missing | self._refetch),
            agrees,
            frozenset(self._projects),
        )

    def announce(self) -> None:
        """After the transaction: tell the listeners, and wipe what was forgotten."""
        self._store.follow_server()
        try:  # the copies beside it too: the server has it all, they would outlive the rights on it
            purge.wipe(self._store)
        finally:  # the next synchronisation wipes what a full disk kept, but would not tell of this one
            if self._touched or self._projects or self._waiting:
                self._store.arrived(info_of(self._store, self._seq, self._touched, self._projects))


# -- a server that was set back ---------------------------------------------------------------------------------------


def set_back(store: Store, seq: int) -> int:
    """The server's history ends at `seq`, earlier than it did: own changes above it wait again.

    What others had made above it is no longer the server's; who made it sends it again. Pulling starts anew. Returns
    how many own changes wait again.
    """
    with store.transaction() as connection:
        connection.execute("UPDATE change SET base_seq = NULL WHERE result = 'local' AND base_seq > ?", (seq,))
        again = connection.execute(
            "UPDATE change SET server_seq = NULL, result = NULL, base_seq = NULL, after = NULL WHERE server_seq > ?"
            " AND act_seq IN (SELECT seq FROM act WHERE device = ?)",
            (seq, store.device.id),
        ).rowcount
        connection.execute(
            "UPDATE change SET server_seq = NULL, result = 'local', base_seq = NULL WHERE server_seq > ?", (seq,)
        )
        connection.execute("DELETE FROM incoming")
        syncstate.forget(connection, ("snapshot", "snapshot_reply"))
        syncstate.put(connection, {"cursor": "", "have": "[]", "afresh": "1"})
        syncstate.recount(connection)
    return int(again)


def new_cursor(store: Store) -> None:
    """The server no longer knows our cursor: pulling starts anew, with a snapshot. What waits stays."""
    with store.transaction() as connection:
        connection.execute("DELETE FROM incoming")
        syncstate.put(connection, {"cursor": "", "afresh": "1"})
