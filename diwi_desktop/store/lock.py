"""One program at a time writes to a store: a lock that the operating system frees when the process dies."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import TracebackType

from diwi_desktop.store.driver import store_error


class StoreLock:
    """Holds `<store>.lock` next to the store. Raises StoreError (store_locked, store_read_only) on taking it."""

    def __init__(self, store: Path) -> None:
        store = store.resolve()  # the same store under another name has the same lock
        self._path = store.with_name(store.name + ".lock")
        try:
            self._handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise store_error("store_read_only") from error
        try:
            _lock(self._handle)
        except OSError as error:
            os.close(self._handle)
            raise store_error("store_locked") from error

    def release(self) -> None:
        """Free the lock. The file stays: removing it would race with another program that just opened it."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1

    def __enter__(self) -> StoreLock:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
