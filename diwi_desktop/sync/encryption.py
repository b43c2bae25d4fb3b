"""A store that is encrypted on the laptop: SQLCipher through the drop-in driver, its key in the system's key store."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from diwi_desktop.model.finding import Cancelled, UserError
from diwi_desktop.store import cipher, driver, remains
from diwi_desktop.store.lock import StoreLock
from diwi_desktop.sync.credentials import Credentials, store_key_name

Progress = Callable[[float], None]
CancelCheck = Callable[[], bool]


def use_key_store(credentials: Credentials | None = None) -> None:
    """Have encrypted stores opened with keys from the key store of the system. Called once, when a program starts."""

    def key_of(salt: str) -> str | None:
        return (credentials or Credentials()).read(store_key_name(salt))

    cipher.keys = key_of


def is_encrypted(path: Path) -> bool:
    """Whether a file is a store that only opens with a key."""
    return bool(cipher.salt_of(path))


def check(credentials: Credentials | None = None) -> Credentials:
    """The key store, when stores can be encrypted here. Raises CipherTrouble (no_cipher), UserError (no_key_store)."""
    credentials = credentials or Credentials()
    if not credentials.usable:
        raise UserError(
            "Deze computer heeft geen veilige sleutelbewaarplaats; het bestand kan niet versleuteld worden.",
            "This computer has no safe key store; the file cannot be encrypted.",
            code="no_key_store",
        )
    cipher.module()
    return credentials


def encrypt(
    path: Path,
    credentials: Credentials | None = None,
    *,
    progress: Progress | None = None,
    cancelled: CancelCheck = lambda: False,
) -> None:
    """Encrypt a store that is closed. The plain file goes only after the encrypted one was read back whole; plain
    copies of before a step of the file format go with it.

    A program that began without encrypted stores opens it after a restart. `progress` gets the share that is done.
    Raises StoreError (store_locked, disk_full, store_read_only), CipherTrouble (no_cipher), UserError (no_key_store),
    Cancelled; then the store is as it was.
    """
    credentials = check(credentials)
    target = path.with_name(f"{path.name}.versleuteld")
    key = secrets.token_hex(32)
    with StoreLock(path):
        try:
            remains.put_back(path)
            remains.remove(path)
            target.unlink(missing_ok=True)
            salt = cipher.export(path, target, key, progress or _silent, cancelled)
            if cancelled():
                raise Cancelled
            credentials.keep(store_key_name(salt), key)
            cipher.want()
            _swap(path, target)
        except cipher.module().Error as error:
            if cancelled():
                raise Cancelled from error
            raise driver.translate(error) from error
        finally:
            target.unlink(missing_ok=True)


def encrypt_new(
    path: Path,
    credentials: Credentials | None = None,
    *,
    progress: Progress | None = None,
    cancelled: CancelCheck = lambda: False,
) -> None:
    """The same for a store that was just fetched to be encrypted: where that does not come about it is not there.

    Raises what `encrypt` does.
    """
    try:
        encrypt(path, credentials, progress=progress, cancelled=cancelled)
    except BaseException:  # Cancelled too, and the keyboard
        if path.exists():
            remains.overwrite(path)
        remains.remove(path)
        raise


def _silent(_share: float) -> None:
    """Nobody asked."""


def _swap(path: Path, target: Path) -> None:
    """Put the encrypted file in place of the plain one, and leave nothing of that.

    At every moment there is a store under its own name, whenever the computer stops, or one that gets it back.
    """
    plain = path.with_name(f"{path.name}.open")
    try:
        with target.open("rb+") as handle:
            os.fsync(handle.fileno())
        plain.unlink(missing_ok=True)
        try:
            os.link(path, plain)
        except OSError:  # a file system without links: for a moment it has that other name only
            path.replace(plain)
        try:
            target.replace(path)
        except OSError:
            remains.put_back(path)
            raise
        remains.overwrite(plain)
        for rest in ("-wal", "-shm", "-journal"):
            path.with_name(path.name + rest).unlink(missing_ok=True)
        remains.remove(path)
    except OSError as error:
        raise driver.file_error(error) from error
