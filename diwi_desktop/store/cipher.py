"""Encrypted stores: SQLCipher through the drop-in driver `sqlcipher3`.

An encrypted file begins with 16 random bytes, its salt. They name the key, so that the file may be moved and renamed.
Where keys come from is for the program to say (`keys`); the store knows no key store.

SpatiaLite keeps one table of SQLite's functions for the whole process, so one process uses one driver: SQLCipher, which
opens plain stores too, on a laptop that has an encrypted store (`wanted`), and Python's own everywhere else.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from diwi_desktop import assets
from diwi_desktop.model.finding import UserError

if TYPE_CHECKING:
    from diwi_desktop.store.driver import Connection

PLAIN_HEAD = b"SQLite format 3\x00"
_PAGE = 4096
_SALT = 16
_MARK = "encrypted-stores"
_EVERY = 2_000  # steps of SQLite between two looks at whether to go on: a fraction of a millisecond
_WRITTEN = 0.7  # the share of the work that is done when the copy is written and not yet read back


def _no_keys(salt: str) -> str | None:
    return None


#: Gives the key (64 hexadecimal digits) for a salt (in hexadecimal), None when there is none here.
keys: Callable[[str], str | None] = _no_keys
_known: dict[str, str] = {}


class CipherTrouble(UserError):
    """An encrypted store that cannot be opened or made. `code`: no_cipher, no_key, cipher_restart."""


def wanted() -> bool:
    """Whether this laptop has an encrypted store, and so this process begins with the driver for those."""
    try:
        return (assets.user_data_dir() / _MARK).exists()
    except OSError:
        return False


def want() -> None:
    """From the next start on. Raises OSError."""
    (assets.user_data_dir() / _MARK).touch()


def restart() -> CipherTrouble:
    """This process began with the other driver."""
    return CipherTrouble(
        "Dit bestand is versleuteld; sluit het programma en open het bestand opnieuw.",
        "This file is encrypted; close the program and open the file again.",
        code="cipher_restart",
    )


@cache
def module() -> Any:
    """The driver. Raises CipherTrouble (no_cipher)."""
    try:
        return importlib.import_module("sqlcipher3.dbapi2")
    except ImportError as error:
        raise CipherTrouble(
            "Dit programma kan geen versleutelde bestanden openen; installeer sqlcipher3.",
            "This program cannot open encrypted files; install sqlcipher3.",
            code="no_cipher",
        ) from error


def salt_of(path: Path) -> str:
    """The salt of an encrypted file in hexadecimal; empty for a plain store, and for what is no store at all."""
    try:
        size = path.stat().st_size
        with path.open("rb") as handle:
            head = handle.read(_SALT)
    except OSError:
        return ""
    if size < _PAGE or size % _PAGE or head == PLAIN_HEAD or head.isascii():
        return ""
    return head.hex()


def key_of(path: Path) -> str | None:
    """The key of an encrypted file, None for a plain one. Raises CipherTrouble (no_key)."""
    salt = salt_of(path)
    if not salt:
        return None
    if salt not in _known:
        key = keys(salt)
        if key is None:
            raise CipherTrouble(
                "Dit bestand is versleuteld en de sleutel staat niet op deze computer; haal het register opnieuw op.",
                "This file is encrypted and its key is not on this computer; fetch the register anew.",
                code="no_key",
            )
        _known[salt] = key
    return _known[salt]


def unlock(connection: Connection, key: str, salt: str = "") -> None:
    """Give a fresh connection its key, and for a new file its salt."""
    if not all(c in "0123456789abcdef" for c in key + salt):
        raise ValueError("a key is hexadecimal")
    connection.execute(f"PRAGMA key = \"x'{key}{salt}'\"")


def export(
    source: Path,
    target: Path,
    key: str,
    progress: Callable[[float], None] = lambda _share: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> str:
    """Write a plain store encrypted; returns the salt. The copy is read back whole before this returns.

    Raises an SQLite error (that it was interrupted, once `cancelled`), ValueError when the copy is not the same.
    """
    lite = module()

    def look() -> int:
        """Called by SQLite in the middle of its work; anything but 0 ends that."""
        done = target.stat().st_size / max(1, source.stat().st_size) if target.exists() else 0.0
        progress(min(1.0, done) * _WRITTEN)
        return int(cancelled())

    connection = lite.connect(str(source.absolute()), isolation_level=None)
    connection.set_progress_handler(look, _EVERY)
    try:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute(f"ATTACH DATABASE ? AS encrypted KEY \"x'{key}'\"", (str(target.absolute()),))
        connection.execute("SELECT sqlcipher_export('encrypted')")
        for pragma in ("application_id", "user_version"):
            value = connection.execute(f"PRAGMA main.{pragma}").fetchone()[0]
            connection.execute(f"PRAGMA encrypted.{pragma} = {int(value)}")
        counts = _counts(connection, "main")
        connection.execute("DETACH DATABASE encrypted")
    finally:
        connection.close()
    check = lite.connect(str(target.absolute()), isolation_level=None)
    check.set_progress_handler(lambda: int(cancelled()), _EVERY)
    try:
        unlock(check, key)
        sound = [row[0] for row in check.execute("PRAGMA integrity_check")] == ["ok"]
        if not sound or list(check.execute("PRAGMA cipher_integrity_check")) or _counts(check, "main") != counts:
            raise ValueError("the encrypted copy is not the same")
    finally:
        check.close()
    return salt_of(target)


def _counts(connection: Connection, schema: str) -> list[tuple[str, int]]:
    names = [
        row[0]
        for row in connection.execute(
            f"SELECT name FROM {schema}.sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
            " ORDER BY name"
        )
    ]
    return [(n, connection.execute(f'SELECT count(*) FROM {schema}."{n}"').fetchone()[0]) for n in names]
