"""Connections to PostgreSQL: each transaction is that of one register, under the role that row-level security binds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from psycopg import Connection, IsolationLevel, errors
from psycopg_pool import ConnectionPool, PoolTimeout

from diwi_desktop.server.problems import Busy
from diwi_desktop.server.settings import Settings

RUNTIME_ROLE = "diwi_app"

Row = tuple[Any, ...]


class Database:
    """A pool of connections. `transaction` is the only way to the tables of a register."""

    def __init__(self, settings: Settings) -> None:
        self.wait = settings.lock_seconds  # how long anybody waits for another
        self._pool: ConnectionPool[Connection[Row]] = ConnectionPool(
            settings.database_url,
            min_size=1,
            max_size=settings.connections,
            timeout=settings.lock_seconds,
            kwargs={"options": "-c search_path=diwi,public -c timezone=UTC -c jit=off"},
            open=False,
        )

    def open(self) -> None:
        self._pool.open()

    def close(self) -> None:
        self._pool.close()

    def figures(self) -> dict[str, int]:
        """What the pool says of itself: `requests_waiting`, `pool_size` and more."""
        return self._pool.get_stats()

    @contextmanager
    def transaction(self, register: str, *, snapshot: bool = False) -> Iterator[Connection[Row]]:
        """A transaction that can only reach this register. `snapshot`: it sees one moment (REPEATABLE READ).

        Raises Busy when no connection comes free or another holds the register for too long.
        """
        try:
            with self._pool.connection() as connection:
                # A reused connection keeps it, so it is set each time.
                connection.isolation_level = IsolationLevel.REPEATABLE_READ if snapshot else None
                with connection.transaction():
                    connection.execute(
                        "SELECT set_config('role', %s, true), set_config('diwi.register', %s, true),"
                        " set_config('lock_timeout', %s, true)",
                        (RUNTIME_ROLE, str(UUID(register)), f"{int(self.wait * 1000)}ms"),
                    )
                    yield connection
        except (PoolTimeout, errors.LockNotAvailable, errors.DeadlockDetected, errors.SerializationFailure) as error:
            raise Busy from error

    @contextmanager
    def anywhere(self) -> Iterator[Connection[Row]]:
        """A transaction outside any register, under the server's own login: accounts, sessions, maintenance."""
        try:
            with self._pool.connection() as connection:
                connection.isolation_level = None
                with connection.transaction():
                    yield connection
        except PoolTimeout as error:
            raise Busy from error
