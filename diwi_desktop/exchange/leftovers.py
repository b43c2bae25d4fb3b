"""What a killed export leaves beside its file: swept at the next export into the same folder.

An export is written to `.NAME.PID.part` and then renamed; meanwhile the file that was there is kept as
`.NAME.PID.before`. Both names are hidden and hold the number of the process, so that only what is ours and of a process
that is no more is touched.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
import time
from collections.abc import Container
from contextlib import suppress
from pathlib import Path

_OURS = re.compile(r"\.(?P<name>.+)\.(?P<process>[1-9][0-9]{0,9})\.(?P<what>part|before)")
_LONG_AGO = 3_600.0  # seconds; no export takes that long


def part_of(path: Path) -> Path:
    """Where an export is written before it gets its name."""
    return path.with_name(f".{path.name}.{os.getpid()}.part")


def sweep(folder: Path, recorded: Container[str]) -> None:
    """Remove what processes that are no more have left in a folder. What cannot be removed stays.

    A file that was replaced by an export that was never recorded comes back; `recorded` holds the SHA-256 of those that
    were.
    """
    with suppress(OSError):
        for left in list(folder.iterdir()):
            found = _OURS.fullmatch(left.name)
            if found is None or not left.is_file() or left.is_symlink() or _at_work(int(found["process"]), left):
                continue
            with suppress(OSError):
                if found["what"] == "before" and _unrecorded(folder / found["name"], left, recorded):
                    left.replace(folder / found["name"])
                else:
                    left.unlink()


def _unrecorded(target: Path, before: Path, recorded: Container[str]) -> bool:
    """Whether a file is there no more, or is another than it was by an export that nobody knows of."""
    return not target.exists() or not (target.samefile(before) or _sha256(target) in recorded)


def _at_work(process: int, left: Path) -> bool:
    """Whether the process that made a file may still be at work on it."""
    if sys.platform == "win32":  # asking after a process by its number would end it there
        return time.time() - left.stat().st_mtime < _LONG_AGO
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):  # of somebody else, so it is there
        return True
    return True


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
