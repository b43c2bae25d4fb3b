"""The local store: one way in. An act's changes go into the log and into the tables in one transaction."""

from __future__ import annotations

import errno
import json
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from operator import itemgetter
from pathlib import Path
from typing import Any

from diwi_desktop.changes import undo as undoing
from diwi_desktop.changes.change import DELETED, REFUSED, ActInfo, ActKind, Change
from diwi_desktop.model import rights
from diwi_desktop.model.catalogue import Catalogue, catalogue
from diwi_desktop.model.clock import Clock, SystemClock, end_of_day
from diwi_desktop.model.finding import Refused, UserError
from diwi_desktop.model.ids import Ids
from diwi_desktop.model.moment import Moment
from diwi_desktop.model.plan import Municipality
from diwi_desktop.model.rights import SOLE, Right, Viewer
from diwi_desktop.store import cipher, driver, guard, permission, schema, sight, syncstate
from diwi_desktop.store.act import Act, CancelCheck, Progress
from diwi_desktop.store.apply import Tables
from diwi_desktop.store.batch import Batch
from diwi_desktop.store.device import Device
from diwi_desktop.store.driver import Connection, StoreError, store_error
from diwi_desktop.store.lease import Lease
from diwi_desktop.store.lock import StoreLock
from diwi_desktop.store.own import own_fields_of
from diwi_desktop.store.seed import first_options
from diwi_desktop.store.writer import Writer

Listener = Callable[[ActInfo], None]
# How far back undo reaches after a restart, in acts.
UNDO_DEPTH = 2_000


class UndoConflict(UserError):
    """Undo or redo would overwrite what another act has changed since."""

    code = "undo_conflict"


class Store:
    """A municipality's register in one SpatiaLite file.

    One connection writes (guarded by a lock, usable from any thread); every thread reads through a read-only
    connection of its own. All errors of the surroundings are StoreErrors.
    """

    def __init__(
        self,
        path: Path,
        connection: Connection,
        lock: StoreLock | None,
        *,
        author: str,
        clock: Clock,
        device: Device,
        ids: Ids | None,
    ) -> None:
        self.path = path
        self.author = author
        self.clock = clock
        self.device = device
        self.ids = ids or Ids(clock)
        self._connection = connection
        self._lock = lock
        self._mutex = threading.RLock()
        self._local = threading.local()
        self._readers: list[Connection] = []
        self._listeners: list[Listener] = []
        self._generation = 0
        self._account = author
        self._viewer = SOLE
        self._sight = 0  # counts what the viewer was, so that every thread's connection shows what he sees now
        self._refresh_catalogue()
        self._undo, self._redo = undoing.stacks(self._recent_acts())
        self._lease = Lease(connection, clock)
        if lock is not None:
            self._lease.remember(connection)
        self.follow_server()

    # -- opening and closing ------------------------------------------------------------------------------------

    @classmethod
    def create(
        cls,
        path: Path | str,
        *,
        municipality: Municipality,
        author: str,
        clock: Clock | None = None,
        device: Device | None = None,
        ids: Ids | None = None,
    ) -> Store:
        """Make a new store with the municipality and the fixed option lists.

        The file appears whole or not at all. Raises StoreError (store_exists, folder_missing, disk_full,
        store_read_only) and Refused for a municipality that does not fit.
        """
        path = Path(path)
        cls.check_free(path)
        partial = path.with_name(f"{path.name}.{os.getpid()}.part")
        try:
            with StoreLock(path):  # of two that make the same store at once, one is refused
                if path.exists():
                    raise _exists_already(path)
                _make_tables(partial)
                with cls.open(partial, author=author, clock=clock, device=device, ids=ids) as store:
                    store._first_act(municipality)
                with partial.open("rb+") as handle:
                    os.fsync(handle.fileno())
                partial.replace(path)
        except OSError as error:
            raise store_error("disk_full" if error.errno == errno.ENOSPC else "store_read_only") from error
        finally:
            for rest in ("", "-wal", "-shm", "-journal", ".lock"):
                partial.with_name(partial.name + rest).unlink(missing_ok=True)
        return cls.open(path, author=author, clock=clock, device=device, ids=ids)

    @classmethod
    def empty(
        cls,
        path: Path | str,
        *,
        author: str,
        clock: Clock | None = None,
        device: Device | None = None,
        ids: Ids | None = None,
    ) -> Store:
        """Make a store in which nothing was done yet, not even the municipality: a server will fill it.

        Raises StoreError as `create`.
        """
        path = Path(path)
        cls.check_free(path)
        try:
            _make_tables(path)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return cls.open(path, author=author, clock=clock, device=device, ids=ids)

    @staticmethod
    def check_free(path: Path) -> None:
        """Whether a store can be made here. Raises StoreError (store_exists, folder_missing)."""
        if path.exists():
            raise _exists_already(path)
        if not path.parent.is_dir():
            raise store_error("folder_missing")

    def _first_act(self, municipality: Municipality) -> None:
        with self.act("Gemeente aanmaken", kind="system") as act:
            act.create(
                "municipality",
                {
                    "code": municipality.code,
                    "name": municipality.name,
                    "province": municipality.province,
                    "region": municipality.region,
                    "prefix": municipality.prefix or prefix_of(municipality.name),
                },
            )
            first_options(act, municipality.name)

    @classmethod
    def open(
        cls,
        path: Path | str,
        *,
        author: str,
        clock: Clock | None = None,
        device: Device | None = None,
        ids: Ids | None = None,
        read_only: bool = False,
    ) -> Store:
        """Open a store; an older one is first brought up to date, after a backup copy.

        Raises StoreError: store_missing, not_a_store, store_damaged, store_newer, store_locked, store_read_only,
        store_unreadable, no_data_folder.
        """
        path = Path(path)
        if not path.is_file():
            raise store_error("store_missing")
        _check_header(path)
        if not read_only and not os.access(path, os.W_OK):
            raise store_error("store_read_only")
        device = device or (Device.new() if read_only else _this_device())
        lock = None if read_only else StoreLock(path)
        connection = None
        try:
            with _translated():
                connection = driver.connect(path, read_only=read_only)
                version = schema.check_version(connection)
                if read_only and version < schema.VERSION:
                    raise store_error("store_read_only")
                if not read_only:
                    schema.migrate(connection, path)
                return cls(
                    path,
                    connection,
                    lock,
                    author=author,
                    clock=clock or SystemClock(),
                    device=device,
                    ids=ids,
                )
        except BaseException:
            if connection is not None:
                connection.close()
            if lock is not None:
                lock.release()
            raise

    def close(self) -> None:
        """Close all connections and free the lock. Closing twice does no harm."""
        with self._mutex:
            for reader in self._readers:
                reader.close()
            self._readers.clear()
            self._generation += 1
            self._connection.close()
            if self._lock is not None:
                self._lock.release()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def read_only(self) -> bool:
        """Whether the store was opened for reading only."""
        return self._lock is None

    # -- reading ------------------------------------------------------------------------------------------------

    def read(self) -> Connection:
        """This thread's read-only connection. It shows what the viewer sees.

        Raises StoreError, lease_ended when the laptop stayed away from its server for too long.
        """
        self._lease.check()
        connection = self._reader("connection")
        if self._local.sight != self._sight and not connection.in_transaction:
            version, viewer = self._sight, self._viewer
            sight.show(connection, viewer)
            self._local.sight = version
        return connection

    def read_whole(self) -> Connection:
        """This thread's read-only connection that shows everything: for verifying and sending, never for people."""
        return self._reader("whole")

    def _reader(self, name: str) -> Connection:
        local = self._local
        if getattr(local, "generation", None) != self._generation:
            local.generation, local.sight, local.connections = self._generation, 0, {}
        found: Connection | None = local.connections.get(name)
        if found is None:
            found = driver.connect(self.path, read_only=True)
            with self._mutex:
                self._readers.append(found)
            local.connections[name] = found
        return found

    @contextmanager
    def snapshot(self, *, whole: bool = False) -> Iterator[Connection]:
        """This thread's reading connection, kept at one state of the store for all queries within. May be nested.

        What is stored meanwhile, by this thread too, is seen afterwards. `whole`: the connection of `read_whole`.
        """
        connection = self.read_whole() if whole else self.read()
        if connection.in_transaction:
            yield connection
            return
        connection.execute("BEGIN")
        try:
            yield connection
        finally:
            connection.execute("ROLLBACK")

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue with the municipality's own fields."""
        return self._catalogue

    @property
    def seq(self) -> int:
        """The log position: the number of the last act."""
        return int(self.read().execute("SELECT coalesce(max(seq), 0) FROM main.act").fetchone()[0])

    def moment(self, as_of: date | None = None) -> Moment:
        """Now, or a past day as it was known at the end of that day, or a day to come as known now."""
        today = self.clock.today()
        if as_of is None or as_of == today:
            return Moment(None, today, today)
        if as_of > today:
            return Moment(None, as_of, today)
        last = _stamp(end_of_day(as_of))
        found = self.read().execute("SELECT max(seq) FROM main.act WHERE known_at <= ?", (last,)).fetchone()[0]
        return Moment(int(found or 0), as_of, as_of)

    # -- who works here -----------------------------------------------------------------------------------------

    @property
    def viewer(self) -> Viewer:
        """Who looks and acts: the sole user, unless somebody was chosen; his role and groups are the register's."""
        return self._viewer

    @property
    def person(self) -> str | None:
        """The id of the chosen person; None for the sole user."""
        return None if self._viewer.sole else self._viewer.person

    @property
    def lease_ended(self) -> bool:
        """Whether nothing may be shown before the next synchronisation."""
        return self._lease.ended

    def follow_server(self) -> None:
        """In a store with a server, its user is who the server takes him for, and the lease is the server's."""
        with self._mutex:
            self._lease.renew(self._connection)
            standing = syncstate.standing(self._connection)
            if standing is not None and standing.person and standing.person != self.person:
                self._viewer = sight.viewer_of(self._connection, standing.person)
                self.author = standing.name or standing.email or self._account
                self._sight += 1

    def act_as(self, person: str | None) -> None:
        """Let a person of the register work here, or (None) the sole user, who sees and may do everything.

        From now on every query of every thread shows what he sees and every act is checked with his rights; his name
        stands with what he does, and undo takes back only that. Raises UserError: unknown_person, and signed_in in a
        store with a server, whose user is who signed in.
        """
        with self._mutex:
            standing = syncstate.standing(self._connection)
            if standing is not None and standing.person and person != standing.person:
                raise UserError(
                    "Dit register hoort bij een server; u werkt met het account waarmee u bent aangemeld.",
                    "This register belongs to a server; you work with the account you signed in with.",
                    code="signed_in",
                )
            if person is None:
                self._viewer, self.author = SOLE, self._account
            else:
                self.author = sight.name_of(self._connection, person)
                self._viewer = sight.viewer_of(self._connection, person)
            self._sight += 1
            self._undo, self._redo = undoing.stacks(self._recent_acts())

    def require(self, right: Right) -> None:
        """Raises Refused when the viewer's role does not give the right."""
        lacking = rights.lacking(self._viewer, right)
        if lacking is not None:
            raise Refused([lacking])

    def _look_again(self, info: ActInfo) -> None:
        """After an act on people or groups: what the viewer may, holds from the next question on."""
        if self.person is None or all(kind not in sight.DECISIVE for kind, _ in info.entities):
            return
        found = sight.viewer_of(self._connection, self.person)
        if found != self._viewer:
            self._viewer = found
            self._sight += 1

    # -- writing ------------------------------------------------------------------------------------------------

    @contextmanager
    def act(
        self,
        name: str,
        *,
        kind: str = "user",
        progress: Progress | None = None,
        cancelled: CancelCheck | None = None,
    ) -> Iterator[Act]:
        """Collect changes; they are stored together when the block ends well, and not at all otherwise.

        Raises Refused when a rule refuses the result, Cancelled when `cancelled` says so, StoreError.
        """
        act = Act(name, ActKind(kind), self._catalogue, self.ids.series().__next__)
        yield act
        info = self._commit(act, None, progress, cancelled)
        act.seq = None if info is None else info.seq

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """The writing connection inside a transaction, for what is no act: synchronisation and documents.

        All of it is stored or nothing. Raises StoreError.
        """
        if self.read_only:
            raise store_error("store_read_only")
        with self._mutex, _translated():
            connection = self._connection
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    @contextmanager
    def inside(self) -> Iterator[Connection]:
        """The store's own connection, to read what no screen asks for: no lease and no viewer stands before it.

        What is stored by other threads waits until the block ends, so it should be short. Raises StoreError.
        """
        with self._mutex, _translated():
            yield self._connection

    def arrived(self, info: ActInfo) -> None:
        """Tell the listeners what a transaction brought that was no act of this store's own."""
        with self._mutex:
            if "own_field" in map(itemgetter(0), info.entities):
                self._refresh_catalogue()
            self._look_again(info)
            self._undo, self._redo = undoing.stacks(self._recent_acts())
        for listener in list(self._listeners):
            listener(info)

    def _commit(
        self,
        act: Act,
        undoes: int | None,
        progress: Progress | None = None,
        cancelled: CancelCheck | None = None,
    ) -> ActInfo | None:
        if self.read_only:
            raise store_error("store_read_only")
        with self._mutex, _translated():
            connection = self._connection
            connection.execute("BEGIN IMMEDIATE")
            try:
                info = self._store(connection, act, undoes, progress, cancelled)
                connection.execute("COMMIT" if info else "ROLLBACK")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
            if info is None:
                return None
            if "own_field" in map(itemgetter(0), info.entities):
                self._refresh_catalogue()
            self._look_again(info)
            undoing.push(self._undo, self._redo, info)
        for listener in list(self._listeners):
            listener(info)
        return info

    def _store(
        self,
        connection: Connection,
        act: Act,
        undoes: int | None,
        progress: Progress | None,
        cancelled: CancelCheck | None,
    ) -> ActInfo | None:
        permission.add_maker(act, self._viewer)
        made_at, known_at = self._times(connection)
        cursor = connection.execute(
            "INSERT INTO act (id, name, kind, undoes, author, device, made_at, known_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (act.id, act.name, act.kind.value, undoes, self.author, self.device.id, made_at, known_at),
        )
        seq = int(cursor.lastrowid or 0)
        if act.before is not None:
            act.before(connection)
        writer = Writer(self, connection, act, seq)
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
            for below in _with_descendants(connection, self._catalogue, kind, entity):
                writer.change(*below, {DELETED: made_at})
        writer.flush()
        if not writer.changed and not writer.batches:
            return None
        taking_back = act.kind in (ActKind.UNDO, ActKind.REDO)
        refusals = permission.refusals(
            connection, self._viewer, seq, writer.changed, writer.batches, taking_back=taking_back
        ) or guard.refusals(
            connection,
            self._catalogue,
            writer.changed,
            writer.made,
            writer.batches,
            taking_back=taking_back,
            viewer=self._viewer,
        )
        if refusals:
            raise Refused(refusals)
        if cancelled is not None:
            act.check_cancelled(cancelled)
        return ActInfo(
            seq, act.id, act.name, act.kind, self.author, self.device.id, made_at, undoes,
            writer.entities, frozenset(writer.projects),
        )  # fmt: skip

    def _times(self, connection: Connection) -> tuple[str, str]:
        """When an act is done, by this clock, and when it is known, which never comes before the last act."""
        now = _stamp(self.clock.now())
        last = connection.execute("SELECT known_at FROM act ORDER BY seq DESC LIMIT 1").fetchone()
        if last is not None and last[0] >= now:
            return now, _stamp(datetime.fromisoformat(last[0]) + timedelta(microseconds=1))
        return now, now

    # -- undo ---------------------------------------------------------------------------------------------------

    @property
    def undo_name(self) -> str | None:
        """The name of the act that undo would take back."""
        return self._undo[-1].name if self._undo else None

    @property
    def redo_name(self) -> str | None:
        return self._redo[-1].name if self._redo else None

    def undo(self, *, force: bool = False) -> ActInfo | None:
        """Take the last act back by an inverse act. None when there is nothing to undo.

        Raises UndoConflict when a value has since been changed by another act, unless `force`.
        """
        return self._invert(self._undo, ActKind.UNDO, force)

    def redo(self, *, force: bool = False) -> ActInfo | None:
        """Take the last undo back. Raises UndoConflict as `undo` does."""
        return self._invert(self._redo, ActKind.REDO, force)

    def _invert(self, stack: list[ActInfo], kind: ActKind, force: bool) -> ActInfo | None:
        with self._mutex:
            if not stack:
                return None
            target = stack[-1]
            act = Act(target.name, kind, self._catalogue, self.ids.new)
            made_at = _stamp(self.clock.now())
            done = [change for change in self._changes(self._connection, target.seq) if change.result not in REFUSED]
            settings = list(undoing.inverse(done, made_at))
            tables = Tables(self._catalogue)
            if not force:
                now: dict[tuple[str, str], dict[str, Any]] = {}
                for entity_kind, entity, field, expected, value in settings:
                    key = (entity_kind, entity)
                    if key not in now:
                        now[key] = tables.row(self._connection, entity_kind, entity) or {}
                    if now[key].get(field) != expected:
                        raise UndoConflict(
                            f"'{target.name}' is niet ongedaan gemaakt: de waarde is daarna door een ander gewijzigd.",
                            f"'{target.name}' was not undone: somebody else changed the value since.",
                        )
                    now[key][field] = value  # an act may have set a value twice: made and deleted again
            for entity_kind, entity, field, _, value in settings:
                act.put(entity_kind, entity, field, value)
            return self._commit(act, target.seq)

    # -- the log ------------------------------------------------------------------------------------------------

    def changes_of(self, seq: int) -> list[Change]:
        """The changes of an act, as far as the viewer sees them, in the order in which they were made."""
        return self._changes(self.read(), seq)

    @staticmethod
    def _changes(connection: Connection, seq: int) -> list[Change]:
        rows = connection.execute(
            "SELECT n, kind, entity, field, old, new, project, base_seq, after, server_seq, result"
            " FROM change WHERE act_seq = ? ORDER BY n",
            (seq,),
        )
        return [Change(r[0], r[1], r[2], r[3], _load(r[4]), _load(r[5]), r[6], r[7], r[8], r[9], r[10]) for r in rows]

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Have `listener` called after every act, in the thread that made it. Returns a function that ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def _recent_acts(self) -> list[ActInfo]:
        """The last acts, for undo. With a server only this laptop's own, of which the server did not refuse all."""
        rows = self._connection.execute(
            "SELECT seq, id, name, kind, author, device, made_at, undoes FROM act WHERE"
            " NOT EXISTS (SELECT 1 FROM sync WHERE key = 'register') OR device = ? AND EXISTS (SELECT 1 FROM change"
            " WHERE act_seq = seq AND coalesce(result, '') NOT IN (SELECT value FROM json_each(?)))"
            " ORDER BY seq DESC LIMIT ?",
            (self.device.id, json.dumps(sorted(REFUSED)), UNDO_DEPTH),
        ).fetchall()
        acts = [ActInfo(r[0], r[1], r[2], ActKind(r[3]), r[4], r[5], r[6], r[7]) for r in reversed(rows)]
        mine = {self.author}
        if syncstate.standing(self._connection) is not None:
            mine.add(self._account)  # before the server gave him a name, his acts had that of his account
        return [act for act in acts if self.person is None or act.author in mine]

    def _refresh_catalogue(self) -> None:
        self._catalogue = catalogue().with_own_fields(own_fields_of(self._connection, None))
        self.tables = Tables(self._catalogue)


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


def _make_tables(path: Path) -> None:
    """A new file with empty tables. Raises StoreError."""
    with _translated():
        connection = driver.module().connect(driver.plain(path), isolation_level=None)
        try:
            driver.load_spatialite(connection)
            connection.execute("PRAGMA synchronous=OFF")  # the file counts only once it is renamed
            connection.execute("PRAGMA journal_mode=MEMORY")
            schema.create_tables(connection)
        finally:
            connection.close()


def _this_device() -> Device:
    try:
        return Device.of_this_machine()
    except OSError as error:
        raise store_error("no_data_folder") from error


def _exists_already(path: Path) -> StoreError:
    return StoreError(
        f"Het bestand {path.name} bestaat al; kies een andere naam.",
        f"The file {path.name} already exists; choose another name.",
        code="store_exists",
    )


def prefix_of(name: str) -> str:
    """Three capitals of a municipality's name for its project codes: the first consonants, filled up with X."""
    letters = [c for c in name.upper() if c.isascii() and c.isalpha()]
    first = letters[:1] + [c for c in letters[1:] if c not in "AEIOUY"]
    return "".join([*first, "X", "X", "X"][:3])


def _load(text: str | None) -> Any:
    return None if text is None else json.loads(text)


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _check_header(path: Path) -> None:
    try:
        with path.open("rb") as handle:
            head = handle.read(16)
    except OSError as error:
        raise store_error("store_unreadable") from error
    if head != cipher.PLAIN_HEAD and not cipher.salt_of(path):
        raise store_error("not_a_store")


@contextmanager
def _translated() -> Iterator[None]:
    """Errors of SQLite that the surroundings are to blame for become StoreErrors."""
    try:
        yield
    except driver.module().Error as error:
        found = driver.translate(error)
        if found is error:
            raise
        raise found from error
