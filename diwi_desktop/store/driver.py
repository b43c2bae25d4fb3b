"""The one place that knows about SQLite drivers, SpatiaLite and connection settings.

The standard `sqlite3` where it can load extensions, else a drop-in with the same API (`pysqlite3`, `sqlean`).
Seen to fail, and so never used: the KNN virtual table, InitSpatialMetaData inside a transaction, reprojection inside
SpatiaLite, STRICT on tables with geometry, trusted_schema=OFF.
"""

from __future__ import annotations

import errno
import importlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from diwi_desktop.model.finding import UserError
from diwi_desktop.store import cipher

if TYPE_CHECKING:
    import sqlite3
    from sqlite3 import Connection, Row
else:
    Connection = Row = Any

__all__ = ["Connection", "Row", "StoreError", "connect", "load_spatialite", "module", "plain", "translate"]

APPLICATION_ID = 0x44495749  # "DIWI"
BUSY_MS = 5_000


class StoreError(UserError):
    """Something outside the user's data: locked, full, read-only, damaged, too new. Nothing was changed."""


@cache
def module() -> Any:
    """The sqlite module in use. Raises StoreError (no_driver) when none can load extensions."""
    if cipher.wanted():
        return cipher.module()
    for name in ("sqlite3", "pysqlite3", "sqlean"):
        try:
            found = importlib.import_module(name)
        except ImportError:
            continue
        if hasattr(found.Connection, "enable_load_extension"):
            return found
    raise StoreError(
        "Deze Python kan SpatiaLite niet laden; start het programma met ./dev run.",
        "This Python cannot load SpatiaLite; start the program with ./dev run.",
        code="no_driver",
    )


def _candidates() -> Iterator[str]:
    """Where mod_spatialite may be: environment, program folder, system, common installs on Windows and macOS."""
    if chosen := os.environ.get("DIWI_SPATIALITE"):
        yield chosen
    bundle = Path(getattr(sys, "_MEIPASS", Path(sys.executable).parent)) / "spatialite"
    if bundle.is_dir():
        yield str(bundle / "mod_spatialite")
    yield "mod_spatialite"
    import ctypes.util  # seldom needed, and slow to load

    if found := ctypes.util.find_library("mod_spatialite"):
        yield found
    for folder in ("C:/OSGeo4W/bin", "C:/Program Files/QGIS/bin", "/opt/homebrew/lib", "/usr/local/lib"):
        if Path(folder).is_dir():
            yield str(Path(folder) / "mod_spatialite")


def load_spatialite(connection: Connection) -> None:
    """Load SpatiaLite into a connection. Raises StoreError (no_spatialite)."""
    connection.enable_load_extension(True)
    try:
        for path in _candidates():
            try:
                connection.load_extension(path)
            except module().OperationalError:
                continue
            return
    finally:
        connection.enable_load_extension(False)
    raise StoreError(
        "De uitbreiding SpatiaLite ontbreekt; installeer mod_spatialite (Debian: libsqlite3-mod-spatialite).",
        "The SpatiaLite extension is missing; install mod_spatialite (Debian: libsqlite3-mod-spatialite).",
        code="no_spatialite",
    )


_held: list[Connection] = []  # the library goes with the last connection that has it


def fetch_spatialite() -> None:
    """Have SpatiaLite in memory by the time that the first store is opened; for a thread beside the start.

    Asked for in SQL it is read without Python's lock. What goes wrong here is told when a store is opened.
    """
    with suppress(UserError):
        lite = module()
        connection = lite.connect(":memory:", check_same_thread=False)
        try:
            connection.enable_load_extension(True)
            connection.execute("SELECT load_extension(?)", (next(_candidates()),))
            connection.enable_load_extension(False)
            _held.append(connection)
        except lite.Error:  # another candidate may do, which is for who opens a store to find out
            connection.close()


def connect(path: Path | str, *, read_only: bool = False, spatial: bool = True) -> Connection:
    """Open a connection in autocommit mode with the settings of the store.

    Raises StoreError. The writing connection waits for every commit to reach the disk (synchronous=FULL).
    """
    key = cipher.key_of(Path(path))
    lite = module()
    if key is not None and lite is not cipher.module():
        cipher.want()
        raise cipher.restart()
    connection: sqlite3.Connection | None = None
    try:
        if read_only:
            connection = _reader(lite, Path(path), key)
        else:
            connection = lite.connect(plain(path), isolation_level=None, check_same_thread=False)
            if key is not None:
                cipher.unlock(connection, key)
        connection.execute(f"PRAGMA busy_timeout={BUSY_MS}")
        if spatial:
            load_spatialite(connection)
        if not read_only:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("PRAGMA foreign_keys=ON")
        # A large import goes through the log without being copied on at once; that can wait until nobody does.
        connection.execute("PRAGMA wal_autocheckpoint=4000")
        connection.execute("PRAGMA temp_store=MEMORY")
        connection.execute("PRAGMA cache_size=-65536")
    except BaseException as error:
        if connection is not None:
            connection.close()  # a file that stays open cannot be removed on Windows
        if isinstance(error, lite.Error):
            raise translate(error) from error
        raise
    return connection


def in_memory() -> Connection:
    """A database that no file has. Raises StoreError."""
    lite = module()
    connection: Connection = lite.connect(":memory:", isolation_level=None)
    try:
        load_spatialite(connection)
        connection.execute("PRAGMA temp_store=MEMORY")
    except BaseException as error:
        connection.close()
        if isinstance(error, lite.Error):
            raise translate(error) from error
        raise
    return connection


def sibling(connection: Connection, path: Path) -> Connection:
    """A new file beside an open store, encrypted with the same key if that is. Raises an SQLite error."""
    store = Path(connection.execute("PRAGMA database_list").fetchone()[2])
    key = cipher.key_of(store)
    found: Connection = module().connect(plain(path), isolation_level=None)
    try:
        if key is not None:
            cipher.unlock(found, key, cipher.salt_of(store))
    except BaseException:
        found.close()
        raise
    return found


def _reader(lite: Any, path: Path, key: str | None) -> Connection:
    """A connection that only reads. Raises an SQLite error.

    A file in WAL mode needs a second file beside it, even to read; on a disc, stick or share where nothing may be
    written it is opened as a file that nobody changes. Not when somebody works on it: then its -wal file is there.
    """
    address = f"{path.resolve().as_uri()}?mode=ro"
    try:
        return _opened(lite, address, key)
    except lite.OperationalError:
        wal = path.resolve().with_name(path.resolve().name + "-wal")
        if not path.is_file() or wal.exists() or os.access(wal.parent, os.W_OK):
            raise
    return _opened(lite, address + "&immutable=1", key)


def _opened(lite: Any, address: str, key: str | None) -> Connection:
    connection: Connection = lite.connect(address, uri=True, isolation_level=None, check_same_thread=False)
    try:
        if key is not None:
            cipher.unlock(connection, key)
        connection.execute(f"PRAGMA busy_timeout={BUSY_MS}")
        connection.execute("PRAGMA schema_version")  # opening alone does not look at the file
    except BaseException:
        connection.close()
        raise
    return connection


def plain(path: Path | str) -> str:
    """A path that SQLite takes for a file, also when it is called ':memory:' or 'file:x'."""
    return str(Path(path).absolute())


_SENTENCES: dict[str, tuple[str, str]] = {
    "disk_full": (
        "De schijf is vol; maak ruimte en probeer het opnieuw. Er is niets verloren gegaan.",
        "The disk is full; make room and try again. Nothing was lost.",
    ),
    "store_locked": (
        "Het bestand is al in gebruik, in een ander venster van DIWI Desktop of een ander programma; sluit dat eerst.",
        "The file is already in use, in another window of DIWI Desktop or another program; close that first.",
    ),
    "store_read_only": (
        "Het bestand mag alleen gelezen worden; maak een kopie op een plek waar u mag schrijven.",
        "The file may only be read; make a copy in a place where you may write.",
    ),
    "store_unreadable": (
        "Het bestand mag niet gelezen worden; vraag de beheerder om leesrechten.",
        "The file may not be read; ask the administrator for the right to read it.",
    ),
    "no_data_folder": (
        "De map met gegevens van dit programma is niet te gebruiken; controleer of u daar mag schrijven.",
        "The data folder of this program cannot be used; check that you may write there.",
    ),
    "store_damaged": (
        "Het bestand is beschadigd en is niet aangeraakt; zet de laatste reservekopie terug.",
        "The file is damaged and was not touched; put back the latest backup.",
    ),
    "not_a_store": (
        "Dit is geen DIWI-bestand; kies een ander bestand.",
        "This is not a DIWI file; choose another file.",
    ),
    "folder_missing": (
        "De map voor dit bestand bestaat niet; controleer de naam van de map.",
        "The folder for this file does not exist; check the name of the folder.",
    ),
    "lease_ended": (
        "Dit bestand is te lang niet gesynchroniseerd; verbind met de server om verder te werken.",
        "This file was not synchronised for too long; connect to the server to go on working.",
    ),
    "shut_out": (
        (
            "U heeft geen toegang meer tot dit register; vraag een beheerder."
            " Wat u nog niet had verstuurd, blijft bewaard."
        ),
        "You no longer have access to this register; ask an administrator. What you had not sent yet is kept.",
    ),
    "store_closed": (
        "Het bestand is al gesloten; open het opnieuw.",
        "The file was closed already; open it again.",
    ),
    "store_missing": (
        "Het bestand bestaat niet; controleer de naam en de map.",
        "The file does not exist; check the name and the folder.",
    ),
}


def store_error(code: str) -> StoreError:
    """The StoreError with this code."""
    nl, en = _SENTENCES[code]
    return StoreError(nl, en, code=code)


def file_error(error: OSError) -> StoreError:
    """Why a store could not be written as a file."""
    return store_error("disk_full" if error.errno == errno.ENOSPC else "store_read_only")


def translate(error: Exception) -> Exception:
    """An SQLite error as a StoreError where the surroundings are to blame; the error itself where we are."""
    text = str(error).lower()
    if "disk is full" in text or "disk i/o" in text:
        return store_error("disk_full")
    if "locked" in text or "busy" in text:
        return store_error("store_locked")
    if "readonly" in text or "read-only" in text:
        return store_error("store_read_only")
    if "not a database" in text:
        return store_error("not_a_store")
    if "malformed" in text or "corrupt" in text or "too big" in text:  # SQLite 3.37 says "too big" of a torn file
        return store_error("store_damaged")
    if "closed database" in text:  # by the window, while a synchronisation still waited for its server
        return store_error("store_closed")
    if "unable to open" in text:
        return store_error("store_missing")
    return error


@contextmanager
def translated() -> Iterator[None]:
    """Errors of SQLite that the surroundings are to blame for become StoreErrors."""
    try:
        yield
    except module().Error as error:
        found = translate(error)
        if found is error:
            raise
        raise found from error
