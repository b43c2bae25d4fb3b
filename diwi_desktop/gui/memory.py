"""When Python looks for garbage: never in the middle of work.

A full collection looks at every object there is and stops all threads meanwhile: 300 to 700 ms with 5,000 projects,
for nothing, because rows, plans and findings hold no cycles and go when nobody has them any more. So only the young
objects are collected by themselves, what was read is set aside, and the rest is looked at in a quiet moment.
"""

from __future__ import annotations

import gc
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

_YOUNG = 2_000  # new objects before the youngest are looked at
_MIDDLE = 10
_NEVER = 1_000_000_000
_QUIET_MS = 60_000


def settle() -> None:
    """Leave what exists now out of later collections; no more work than joining two lists."""
    gc.freeze()


def release() -> None:
    """Look at everything once, what was set aside too: for when a register is closed and its window goes."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def start(owner: QObject, busy: Callable[[], int]) -> None:
    """Collect from now on as said above, for as long as `owner` lives; never fully while `busy()`."""
    settle()
    gc.set_threshold(_YOUNG, _MIDDLE, _NEVER)
    gc.enable()
    timer = QTimer(owner)
    timer.timeout.connect(lambda: None if busy() else gc.collect())
    timer.start(_QUIET_MS)
