"""The connections that read: for each thread one that shows what the viewer sees, and one that shows everything."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from diwi_desktop.model.rights import Viewer
from diwi_desktop.store import driver, sight
from diwi_desktop.store.driver import Connection


class Readers:
    """Of one opened store; may be used from any thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._mutex = threading.Lock()
        self._local = threading.local()
        self._all: list[Connection] = []
        self._generation = 0

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
        """Close them all; who asks again gets a new one."""
        with self._mutex:
            for connection in self._all:
                connection.close()
            self._all.clear()
            self._generation += 1

    def _of_thread(self, name: str) -> Connection:
        local = self._local
        if getattr(local, "generation", None) != self._generation:
            local.generation, local.sight, local.connections = self._generation, 0, {}
        found: Connection | None = local.connections.get(name)
        if found is None:
            found = driver.connect(self._path, read_only=True)
            with self._mutex:
                self._all.append(found)
            local.connections[name] = found
        return found


@contextmanager
def at_rest(connection: Connection) -> Iterator[Connection]:
    """A reading connection kept at one state of the store. May be nested."""
    if connection.in_transaction:
        yield connection
        return
    connection.execute("BEGIN")
    try:
        yield connection
    finally:
        connection.execute("ROLLBACK")
