"""Identifiers: UUIDv7 (RFC 9562), so that ids sort by the time they were made."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator

from diwi_desktop.model.clock import Clock

RandomBits = Callable[[int], int]
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_AT_ONCE = 256  # ids of a series that are made together
# The first random byte begins with the variant of the standard: the bits 10.
_VARIANT = bytes(0x80 | byte & 0x3F for byte in range(256))


class Ids:
    """Makes UUIDv7 texts, ever increasing within a series, and from call to call of `new`.

    `randbits` can be a seeded generator for the demo.
    """

    def __init__(self, clock: Clock, randbits: RandomBits | None = None) -> None:
        self._clock = clock
        self._randbits = randbits
        self._last = 0

    def new(self) -> str:
        """A new id in the usual 36-character lower-case form."""
        return next(self.series())

    def series(self) -> Iterator[str]:
        """Ids without end, for many at once: the clock is looked at only now, and the ids count up from there."""
        self._last = max(self._last, (int(self._clock.now().timestamp() * 1000) << 12) - 1)
        count = 1  # a series of which only one is asked is the most usual
        while True:
            yield from self._some(count)
            count = _AT_ONCE if self._randbits is None else 1

    def _some(self, most: int) -> list[str]:
        """The next ids, at most so many and all of one millisecond."""
        first = self._last + 1
        # The 12 bits after the milliseconds count up, so ids made in one millisecond keep their order.
        count = min(most, 4096 - (first & 0xFFF))
        self._last += count
        random = os.urandom(8 * count) if self._randbits is None else self._randbits(62).to_bytes(8, "big")
        some = bytearray(random)
        some[::8] = some[::8].translate(_VARIANT)
        bits = some.hex()
        head = f"{first >> 28:08x}-{first >> 12 & 0xFFFF:04x}-7"
        return [
            f"{head}{number:03x}-{bits[at : at + 4]}-{bits[at + 4 : at + 16]}"
            for number, at in zip(range(first & 0xFFF, 4096), range(0, 16 * count, 16), strict=False)
        ]


def is_id(text: str) -> bool:
    """Whether a text is a UUID in its usual form."""
    return _UUID.fullmatch(text) is not None
