"""Not too many requests from one place on the network: a bucket that fills up again by the clock."""

from __future__ import annotations

import threading
from collections import OrderedDict

_MOST_PLACES = 10_000


class Buckets:
    """`per_minute` requests a minute for each place, a tenth of a minute's worth at once at least; safe for threads."""

    def __init__(self, per_minute: int) -> None:
        self._rate = per_minute / 60
        self._size = max(10.0, per_minute / 6)
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()  # place: tokens, at
        self._lock = threading.Lock()

    def wait(self, place: str, now: float) -> float:
        """0 when the request may be done, else after how many seconds the next one may; `now` in seconds."""
        with self._lock:
            left, at = self._left.pop(place, (self._size, now))
            left = min(self._size, left + (now - at) * self._rate)
            allowed = left >= 1
            self._left[place] = (left - 1 if allowed else left, now)
            if len(self._left) > _MOST_PLACES:
                self._left.popitem(last=False)
            return 0.0 if allowed else (1 - left) / self._rate
