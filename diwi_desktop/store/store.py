"""The local store: one way in. An act's changes go into the log and into the tables in one transaction."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

from diwi_desktop.changes import undo as undoing
from diwi_desktop.changes.change import ActInfo, ActKind, Change
from diwi_desktop.model import rights
from diwi_desktop.model.catalogue import Catalogue, catalogue
from diwi_desktop.model.clock import Clock, SystemClock, stamp
from diwi_desktop.model.finding import Refused, UserError
from diwi_desktop.model.ids import Ids
from diwi_desktop.model.moment import Moment
from diwi_desktop.model.rights import SOLE, Right, Viewer
from diwi_desktop.model.work import CancelCheck, Progress
from diwi_desktop.store import log, opening, sight, syncstate
from diwi_desktop.store.device import Device
from diwi_desktop.store.driver import Connection, StoreError, store_error, translated
from diwi_desktop.store.lease import Lease
from diwi_desktop.store.lock import StoreLock
from diwi_desktop.store.own import own_fields_of
from diwi_desktop.store.readers import Readers

# What writes is loaded with the first act: a window that opens only reads.
if TYPE_CHECKING:
    from diwi_desktop.model.options import Municipality
    from diwi_desktop.store.act import Act
    from diwi_desktop.store.apply import Tables

Listener = Callable[[ActInfo], None]


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
        self._readers = Readers(path)
        self._data_version = 0
        self._listeners: list[Listener] = []
        self._account = author
        self._viewer = SOLE
        self._sight = 0  # counts what the viewer was, so that every thread's connection shows what he sees now
        self._tables: Tables | None = None
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
        from diwi_desktop.store.seed import first_act

        path = Path(path)
        with (
            opening.made_whole(path) as partial,
            cls.open(partial, author=author, clock=clock, device=device, ids=ids) as store,
        ):
            first_act(store, municipality)
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
        opening.check_free(path)
        try:
            opening.make_tables(path)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return cls.open(path, author=author, clock=clock, device=device, ids=ids)

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
        opening.check_file(path, read_only=read_only)
        device = device or (Device.new() if read_only else Device.of_this_machine())
        with opening.opened(path, read_only=read_only) as (connection, lock):
            return cls(path, connection, lock, author=author, clock=clock or SystemClock(), device=device, ids=ids)

    def close(self) -> None:
        """Close all connections and free the lock. Closing twice does no harm."""
        with self._mutex:
            self._readers.close()
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
        """This thread's read-only connection. It shows what the viewer sees, by the rights that he has now.

        Raises StoreError: lease_ended when the laptop stayed away from its server for too long, shut_out when that lets
        its user in no more.
        """
        if self.read_only:
            self._follow_writer()
        self._lease.check()
        return self._readers.seeing(self._sight, self._viewer)

    def read_whole(self) -> Connection:
        """This thread's read-only connection that shows everything: for verifying and sending, never for people."""
        return self._readers.whole()

    def snapshot(self, *, whole: bool = False) -> AbstractContextManager[Connection]:
        """This thread's reading connection, kept at one state of the store for all queries within. May be nested.

        What is stored meanwhile, by this thread too, is seen afterwards. `whole`: the connection of `read_whole`.
        """
        return self._readers.at_rest(self.read_whole() if whole else self.read())

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
        return Moment(log.last_known_on(self.read(), as_of), as_of, as_of)

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

    @property
    def lease_error(self) -> StoreError:
        """Why, once it has ended: shut_out or lease_ended."""
        return self._lease.error

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
        if any(kind in sight.DECISIVE for kind, _ in info.entities):
            self._see_anew()

    def _follow_writer(self) -> None:
        """Another process writes the file that is only read here, and may have brought other rights."""
        with self._mutex, translated():
            version = int(self._connection.execute("PRAGMA data_version").fetchone()[0])
            if version == self._data_version:
                return
            self._data_version = version
            self.follow_server()
            self._see_anew()

    def _see_anew(self) -> None:
        if self.person is None:
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
        from diwi_desktop.store.act import Act

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
        with self._mutex, translated():
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
        with self._mutex, translated():
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
        from diwi_desktop.store.commit import write_act

        if self.read_only:
            raise store_error("store_read_only")
        with self._mutex, translated():
            connection = self._connection
            connection.execute("BEGIN IMMEDIATE")
            try:
                info = write_act(self, connection, act, undoes, progress, cancelled)
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
        from diwi_desktop.store.act import Act
        from diwi_desktop.store.undo import take_back

        with self._mutex:
            if not stack:
                return None
            target = stack[-1]
            act = Act(target.name, kind, self._catalogue, self.ids.new)
            made_at = stamp(self.clock.now())
            take_back(act, target, self._connection, self.tables, made_at, force=force)
            return self._commit(act, target.seq)

    # -- the log ------------------------------------------------------------------------------------------------

    def changes_of(self, seq: int) -> list[Change]:
        """The changes of an act, as far as the viewer sees them, in the order in which they were made."""
        return log.changes_of(self.read(), seq)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Have `listener` called after every act, in the thread that made it. Returns a function that ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def _recent_acts(self) -> list[ActInfo]:
        """The last acts that undo may take back: of the person who works here, or of everybody."""
        mine = {self.author}
        if syncstate.standing(self._connection) is not None:
            mine.add(self._account)  # before the server gave him a name, his acts had that of his account
        return log.recent_acts(self._connection, self.device.id, None if self.person is None else mine)

    def _refresh_catalogue(self) -> None:
        self._catalogue = catalogue().with_own_fields(own_fields_of(self._connection, None))
        self._tables = None

    @property
    def tables(self) -> Tables:
        """What writes rows of this catalogue, made when it is first asked for."""
        from diwi_desktop.store.apply import Tables

        found = self._tables
        if found is None:
            found = self._tables = Tables(self._catalogue)
        return found
