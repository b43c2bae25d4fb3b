"""Copies of documents that other programs opened: each in a folder of its own in the user's data folder.

They go when the store is opened the next time, and at once when the document is one that may no longer be here. One
that another program holds, which Windows does not let go of, goes the next time.
"""

from __future__ import annotations

import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from diwi_desktop import assets
from diwi_desktop.store import remains

_ID = 36  # letters of the id of a document, with which the name of its folder begins


def make_place(store: Path, document: str) -> Path:
    """A new folder for one copy, for nobody but this user. Raises OSError."""
    import tempfile

    folder = _folder(store)
    folder.mkdir(mode=stat.S_IRWXU, parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix=f"{document}-", dir=folder))


def take_back(store: Path, stays: Callable[[str], bool] = lambda document: False) -> None:
    """Overwrite and remove the copies of documents that do not stay."""
    with suppress(OSError):
        if not _all().exists():  # most of the time: nothing has to be loaded for that
            return
        folder = _folder(store)
        for place in folder.iterdir():
            if not stays(place.name[:_ID]):
                _remove(place)
        folder.rmdir()
        _all().rmdir()


def _remove(place: Path) -> None:
    import shutil

    with suppress(OSError):
        for copy in place.iterdir():
            copy.chmod(stat.S_IRUSR | stat.S_IWUSR)
            remains.overwrite(copy)
    shutil.rmtree(place, ignore_errors=True)


def _all() -> Path:
    """Those of all stores. Raises OSError."""
    return assets.user_data_dir() / "geopend"


def _folder(store: Path) -> Path:
    """Of one store, wherever it was opened from. Raises OSError."""
    import hashlib

    return _all() / hashlib.sha256(str(store.resolve()).encode()).hexdigest()[:24]
