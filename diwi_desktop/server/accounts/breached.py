"""Passwords that have leaked elsewhere, from a file on this machine: no password or part of one leaves it.

The file is the list of Have I Been Pwned, ordered by hash: lines of a SHA-1 in hexadecimal, a colon and a count, as its
downloader writes them (tens of gigabytes; a cut by count does as well, as long as the order stays).
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

_LINE = 40  # characters of a hash
_MARGIN = 64  # bytes; no line is longer


def known(path: Path, password: str) -> bool:
    """Whether the password is in the file. Raises OSError; ValueError when the file is no such list."""
    wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    with path.open("rb") as file:
        low, high = 0, os.fstat(file.fileno()).st_size
        while low < high:
            middle = (low + high) // 2
            file.seek(max(0, middle - _MARGIN))
            before = file.read(middle - max(0, middle - _MARGIN))
            start = max(0, middle - _MARGIN) + before.rfind(b"\n") + 1 if b"\n" in before or middle > _MARGIN else 0
            file.seek(start)
            line = file.readline(2 * _MARGIN)
            found = line[:_LINE].upper()
            if len(found) < _LINE or line[_LINE : _LINE + 1] not in (b":", b"\n", b"\r"):
                raise ValueError(path)
            if found == wanted:
                return True
            if found < wanted:
                low = start + len(line)
            else:
                high = start
    return False
