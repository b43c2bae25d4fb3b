"""The connections that read: for each thread one that shows what the viewer sees, and one that shows everything."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from diwi_desktop.model.rights import Viewer
from diwi_desktop.store import driver, sight
from diwi_desktop.store.driver import Connection, store_error


class Readers:
    """Of one opened store; may be used from any thread.

    Once they are closed there are no more: one that nobody closes would keep the file, and read on in a store that its
    user has left. Raises StoreError (store_closed) to who asks then.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._mutex = threading.Lock()
        self._local = threading.local()
        self._all: list[Connection] = []
        self._resting: set[Connection] = set()
        self._closed = False

    def seeing(self, version: int, viewer: Viewer) -> Connection:
        """This thread's connection as the viewer sees the store; `version` is another whenever the viewer is."""
        connection = self._of_thread("connection")
        if self._local.sight != version and not connection.in_transaction:
            sight.show(connection, viewer)
            self._local.sight = version
        return connection

    def whole(self) -> Connection:
        """This thread's connection that shows everything."""
        return self._of_thread("whole")

    def close(self) -> None:
        """Close them all; one that is kept at rest closes at the end of that, for SQLite's module does not survive that
        another thread closes what it reads from.
        """
        with self._mutex:
            self._closed = True
            for connection in self._all:
                if connection not in self._resting:
                    connection.close()
            self._all.clear()

    @contextmanager
    def at_rest(self, connection: Connection) -> Iterator[Connection]:
        """One of these, kept at one state of the store. May be nested."""
        if connection.in_transaction:
            yield connection
            return
        with self._mutex:
            self._be_open()
            self._resting.add(connection)
        try:
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                connection.execute("ROLLBACK")
        finally:
            with self._mutex:
                self._resting.discard(connection)
                if self._closed:
                    connection.close()

    def _of_thread(self, name: str) -> Connection:
        local = self._local
        if not hasattr(local, "connections"):
            local.sight, local.connections = 0, {}
        found: Connection | None = None if self._closed else local.connections.get(name)
        if found is None:
            found = local.connections[name] = self._another()
        return found

    def _another(self) -> Connection:
        self._be_open()
        made = driver.connect(self._path, read_only=True)
        with self._mutex:
            if not self._closed:
                self._all.append(made)
                return made
        made.close()  # the store was closed while it was made
        raise store_error("store_closed")

    def _be_open(self) -> None:
        if self._closed:
            raise store_error("store_closed")
