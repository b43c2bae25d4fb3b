"""Identifiers: UUIDv7 (RFC 9562), so that ids sort by the time they were made."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable

from diwi_desktop.model.clock import Clock

RandomBits = Callable[[int], int]
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class Ids:
    """Makes UUIDv7 texts, ever increasing within one instance. `randbits` can be a seeded generator for the demo."""

    def __init__(self, clock: Clock, randbits: RandomBits = secrets.randbits) -> None:
        self._clock = clock
        self._randbits = randbits
        self._last = 0

    def new(self) -> str:
        """A new id in the usual 36-character lower-case form."""
        stamp = int(self._clock.now().timestamp() * 1000) << 12
        # The 12 bits after the milliseconds count up, so ids made in one millisecond keep their order.
        self._last = max(self._last + 1, stamp)
        time, low = f"{self._last >> 12:012x}", f"{(0b10 << 62) | self._randbits(62):016x}"
        return f"{time[:8]}-{time[8:]}-7{self._last & 0xFFF:03x}-{low[:4]}-{low[4:]}"


def is_id(text: str) -> bool:
    """Whether a text is a UUID in its usual form."""
    return _UUID.fullmatch(text) is not None
