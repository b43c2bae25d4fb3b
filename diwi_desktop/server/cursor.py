"""Where a device is: `<incarnation>.<view>.<seq>`, as it travels."""

from __future__ import annotations

from typing import NamedTuple

from diwi_desktop.server.problems import CursorUnknown

_LONGEST = 19  # digits of a bigint


class Cursor(NamedTuple):
    """`incarnation` is the register's life, `view` what the device was given, `seq` up to where."""

    incarnation: str
    view: int
    seq: int

    def __str__(self) -> str:
        return f"{self.incarnation}.{self.view}.{self.seq}"


def parse(text: str) -> Cursor:
    """Raises CursorUnknown for what the server never wrote."""
    parts = text.split(".")
    if len(parts) != 3 or not all(_number(part) for part in parts[1:]):
        raise CursorUnknown
    return Cursor(parts[0], int(parts[1]), int(parts[2]))


def _number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < _LONGEST
