"""Identifiers: UUIDv7 (RFC 9562), so that ids sort by the time they were made."""

from __future__ import annotations

import os
import re
from array import array
from collections.abc import Callable, Iterator

from diwi_desktop.model.clock import Clock

RandomBits = Callable[[int], int]
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class _SystemBits:
    """At most 64 random bits of the system per call. Fetched many at once: each time anew costs more than the id."""

    def __init__(self) -> None:
        self._left = array("Q")

    def __call__(self, count: int) -> int:
        if not self._left:
            self._left.frombytes(os.urandom(256 * self._left.itemsize))
        return self._left.pop() >> (64 - count)


class Ids:
    """Makes UUIDv7 texts, ever increasing within one instance. `randbits` can be a seeded generator for the demo."""

    def __init__(self, clock: Clock, randbits: RandomBits | None = None) -> None:
        self._clock = clock
        self._randbits = randbits or _SystemBits()
        self._last = 0

    def new(self) -> str:
        """A new id in the usual 36-character lower-case form."""
        return next(self.series())

    def series(self) -> Iterator[str]:
        """Ids without end, for many at once: the clock is looked at only now, and the ids count up from there."""
        self._last = max(self._last, (int(self._clock.now().timestamp() * 1000) << 12) - 1)
        randbits, head, known = self._randbits, "", -1
        while True:
            # The 12 bits after the milliseconds count up, so ids made in one millisecond keep their order.
            last = self._last = self._last + 1
            if last >> 12 != known:
                known = last >> 12
                head = f"{known >> 16:08x}-{known & 0xFFFF:04x}-7"
            low = f"{0x8000000000000000 | randbits(62):016x}"
            yield f"{head}{last & 0xFFF:03x}-{low[:4]}-{low[4:]}"


def is_id(text: str) -> bool:
    """Whether a text is a UUID in its usual form."""
    return _UUID.fullmatch(text) is not None
