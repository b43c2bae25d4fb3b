"""Copies that the program itself made beside a store, and that must not outlive what they are copies of.

Before a step of the file format a store is copied (`schema.migrate`); while it is encrypted its plain file stands aside
for a moment (`sync.encryption`). See decision 13.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path

from diwi_desktop.store.driver import StoreError
from diwi_desktop.store.lock import StoreLock

_ASIDE = ".open"  # behind the name of a plain file of which an encrypted one takes the place
_REST = r"(\.part)?(-wal|-shm|-journal)?"


def of(path: Path) -> list[Path]:
    """The copies that stand beside a store now."""
    stem, suffix, name = (re.escape(part) for part in (path.stem, path.suffix, path.name))
    ours = re.compile(rf"({stem}\.versie-\d+{suffix}|{name}{re.escape(_ASIDE)}|{name}\.versleuteld){_REST}")
    try:
        return sorted(one for one in path.parent.iterdir() if ours.fullmatch(one.name) and one.is_file())
    except OSError:
        return []


def put_back(path: Path) -> None:
    """A store that stands aside while there is none under its own name is no copy: it gets its name back."""
    aside = path.with_name(f"{path.name}{_ASIDE}")
    if aside.is_file() and not path.exists():
        with suppress(OSError):
            aside.replace(path)


def remove(path: Path) -> None:
    """Overwrite and remove them. One that cannot be removed now, because another program has it, goes next time."""
    for one in of(path):
        with suppress(OSError, StoreError):
            whole = one.with_name(re.sub(f"{_REST}$", "", one.name))
            if whole.with_name(f"{whole.name}.lock").exists():  # somebody opened it as a store, and may have it open
                StoreLock(whole).release()
            overwrite(one)


def overwrite(path: Path) -> None:
    """Before it is removed, so that it is not simply found again. A disk that copies on writing keeps it even so.

    What has another name too is only removed under this one: it may be the store itself. Raises OSError.
    """
    if not path.is_symlink() and path.stat().st_nlink == 1:
        with path.open("rb+") as handle:
            left = path.stat().st_size
            while left > 0:
                left -= handle.write(b"\0" * min(left, 1_000_000))
            handle.flush()
            os.fsync(handle.fileno())
    path.unlink()
