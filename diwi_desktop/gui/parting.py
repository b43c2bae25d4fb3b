"""Taking apart a window that was closed, in turns of the event loop.

Qt ends a window of 1,700 widgets in one go, and where something is read meanwhile, it waits for Python's lock at each
of them: half a second. And what the parts of a window know of each other goes round in circles, with all that was read:
half a million objects with 5,000 projects, which nothing but a look at all objects there are would find, in another
half second. So part after part is ended while nothing is read, and forgets what it knew.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget
from shiboken6 import delete, isValid

_PAUSE_MS = 20


class Parting(QObject):
    """Ends `parts` in that order, while `busy()` says 0. Lives until they are gone."""

    def __init__(self, parts: Iterable[QWidget], busy: Callable[[], int], owner: QObject) -> None:
        super().__init__(owner)
        self._parts = deque(parts)
        self._busy = busy
        for part in self._parts:
            for timer in part.findChildren(QTimer):
                timer.stop()  # what it had still wanted to read may be closed by now
        self._turn = QTimer(self)
        self._turn.timeout.connect(self._next)
        self._turn.start(_PAUSE_MS)

    def _next(self) -> None:
        if self._busy():
            return
        part = self._parts.popleft()
        if isValid(part):
            _end(part)
        if not self._parts:
            self._turn.stop()
            self.deleteLater()


def _end(part: QWidget) -> None:
    known: list[QObject] = [part, *part.findChildren(QObject)]
    delete(part)
    for one in known:
        vars(one).clear()
