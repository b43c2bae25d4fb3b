"""The connections that read: for each thread one that shows what the viewer sees, and one that shows everything."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from sys import getrefcount
from weakref import WeakSet

from diwi_desktop.model.rights import Viewer
from diwi_desktop.store import driver, sight
from diwi_desktop.store.driver import Connection, store_error


class _OfThread:
    """What one thread reads through, by name; it goes with the thread."""

    def __init__(self) -> None:
        self.connections: dict[str, Connection] = {}
        self.idle: dict[str, int] = {}  # `holders` of one that nobody reads from
        self.sight = 0  # that the one with views shows

    def holders(self, name: str) -> int:
        """Who reads from a connection holds it, by a cursor or by the call itself, and so is counted here."""
        return getrefcount(self.connections[name])

    def let_go(self, *, own: bool) -> None:
        """Close what nobody reads from: SQLite's module does not survive that another thread closes what it reads from.
        `own`: asked by the thread itself, which may keep one at rest, and reads from no other at this moment.
        """
        for name in tuple(self.connections):
            busy = self.connections[name].in_transaction if own else self.holders(name) > self.idle.get(name, 0)
            if not busy:
                self.connections.pop(name).close()

    def __del__(self) -> None:
        self.let_go(own=False)


class Readers:
    """Of one opened store; may be used from any thread.

    Once they are closed there are no more: one that nobody closes would keep the file, and read on in a store that its
    user has left. Raises StoreError (store_closed) to who asks then.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._mutex = threading.Lock()
        self._local = threading.local()
        self._all: WeakSet[_OfThread] = WeakSet()
        self._closed = False

    def seeing(self, version: int, viewer: Viewer) -> Connection:
        """This thread's connection as the viewer sees the store; `version` is another whenever the viewer is."""
        own = self._own()
        connection = self._connection(own, "connection")
        if own.sight != version and not connection.in_transaction:
            sight.show(connection, viewer)
            own.sight = version
        return connection

    def whole(self) -> Connection:
        """This thread's connection that shows everything."""
        return self._connection(self._own(), "whole")

    def close(self) -> None:
        """Close them all. One from which another thread reads closes when that asks for the next, or ends."""
        here = self._own()
        with self._mutex:
            self._closed = True
            for one in self._all:
                one.let_go(own=one is here)

    @contextmanager
    def at_rest(self, connection: Connection) -> Iterator[Connection]:
        """One of this thread's, kept at one state of the store: to its end, also when they are closed meanwhile. May be
        nested.
        """
        if connection.in_transaction:
            yield connection
            return
        connection.execute("BEGIN")
        try:
            yield connection
        finally:
            connection.execute("ROLLBACK")
            if self._closed:
                self._leave(self._own())

    def _own(self) -> _OfThread:
        try:
            own: _OfThread = self._local.own
        except AttributeError:
            own = self._local.own = _OfThread()
            with self._mutex:
                self._all.add(own)
        return own

    def _connection(self, own: _OfThread, name: str) -> Connection:
        if name not in own.connections and not self._closed:
            own.connections[name] = driver.connect(self._path, read_only=True)
            own.idle[name] = own.holders(name)
        found = own.connections.get(name)
        if found is None or self._closed:  # in this order: once it is taken, `close` sees that it is held
            self._leave(own)
            raise store_error("store_closed")
        return found

    def _leave(self, own: _OfThread) -> None:
        with self._mutex:
            own.let_go(own=True)
