"""When Python looks for garbage: in the window's thread, and never in the middle of work.

By itself Python looks for it in whichever thread makes the next object. Another thread than the window's would then
destroy Qt objects, and the program would end, see `post`. And a full collection looks at every object there is and
stops all threads meanwhile: 300 to 700 ms with 5,000 projects, for nothing, because rows, plans and findings hold no
cycles and go when nobody has them any more. So only the young objects are looked at, every second, what was read is set
aside, and the rest is looked at in a quiet moment.
"""

from __future__ import annotations

import gc
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

_YOUNG = 1  # generations younger than this and this one itself
_YOUNG_MS = 1_000
_ALL_MS = 60_000


def settle() -> None:
    """Leave what exists now out of later collections; no more work than joining two lists."""
    gc.freeze()


def start(owner: QObject, busy: Callable[[], int]) -> None:
    """Collect from now on as said above, for as long as `owner` lives, which is in the window's thread; never while
    `busy()`, when there are many young objects that stay.
    """
    gc.disable()
    settle()
    for generation, pause in ((_YOUNG, _YOUNG_MS), (2, _ALL_MS)):
        timer = QTimer(owner)
        timer.timeout.connect(lambda generation=generation: None if busy() else gc.collect(generation))
        timer.start(pause)
