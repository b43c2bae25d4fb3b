"""Store files: making a new one, which is there whole or not at all, and opening one that is there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from diwi_desktop.store import cipher, driver, handed, remains, schema
from diwi_desktop.store.driver import Connection, StoreError, store_error, translated
from diwi_desktop.store.lock import StoreLock


def check_free(path: Path) -> None:
    """Whether a store can be made here. Raises StoreError (store_exists, folder_missing)."""
    if path.exists():
        raise _exists_already(path)
    if not path.parent.is_dir():
        raise store_error("folder_missing")


@contextmanager
def made_whole(path: Path) -> Iterator[Path]:
    """A file with empty tables to fill; it becomes `path` when the block ends well.

    Raises StoreError (store_exists, folder_missing, disk_full, store_read_only).
    """
    check_free(path)
    partial = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with StoreLock(path):  # of two that make the same store at once, one is refused
            if path.exists():
                raise _exists_already(path)
            make_tables(partial)
            yield partial
            put_in_place(partial, path)
    except OSError as error:
        raise driver.file_error(error) from error
    finally:
        with suppress(StoreError):
            discard(partial)


def put_in_place(partial: Path, path: Path) -> None:
    """A file that is finished gets its name, and has all of it when the power fails.

    Raises StoreError (disk_full, store_read_only).
    """
    try:
        with partial.open("rb+") as handle:
            os.fsync(handle.fileno())
        partial.replace(path)
    except OSError as error:
        raise driver.file_error(error) from error


def discard(partial: Path) -> None:
    """Remove an unfinished file with all that stands beside it. Raises StoreError (store_read_only)."""
    try:
        for rest in ("", "-wal", "-shm", "-journal", ".lock"):
            partial.with_name(partial.name + rest).unlink(missing_ok=True)
    except OSError as error:
        raise driver.file_error(error) from error


def make_tables(path: Path) -> None:
    """A new file with empty tables. Raises StoreError."""
    with translated():
        connection = driver.module().connect(driver.plain(path), isolation_level=None)
        try:
            driver.load_spatialite(connection)
            connection.execute("PRAGMA synchronous=OFF")  # the file counts only once it is renamed
            connection.execute("PRAGMA journal_mode=MEMORY")
            schema.create_tables(connection)
        finally:
            connection.close()


def check_file(path: Path, *, read_only: bool) -> None:
    """Whether there is a store to open. Raises StoreError (store_missing, store_unreadable, not_a_store,
    store_read_only).
    """
    remains.put_back(path)
    if not path.is_file():
        raise store_error("store_missing")
    try:
        with path.open("rb") as handle:
            head = handle.read(16)
    except OSError as error:
        raise store_error("store_unreadable") from error
    if head != cipher.PLAIN_HEAD and not cipher.salt_of(path):
        raise store_error("not_a_store")
    if not read_only and not os.access(path, os.W_OK):
        raise store_error("store_read_only")


@contextmanager
def opened(path: Path, *, read_only: bool) -> Iterator[tuple[Connection, StoreLock | None]]:
    """The store's own connection, of this version, and the lock of who writes; both let go when the block fails."""
    lock = None if read_only else StoreLock(path)
    connection = None
    try:
        with translated():
            connection = driver.connect(path, read_only=read_only)
            version = schema.check_version(connection)
            if read_only and version < schema.VERSION:
                raise store_error("store_read_only")
            if not read_only:
                schema.migrate(connection, path)
                handed.take_back(path)
            yield connection, lock
    except BaseException:
        if connection is not None:
            connection.close()
        if lock is not None:
            lock.release()
        raise


def _exists_already(path: Path) -> StoreError:
    return StoreError(
        f"Het bestand {path.name} bestaat al; kies een andere naam.",
        f"The file {path.name} already exists; choose another name.",
        code="store_exists",
    )
