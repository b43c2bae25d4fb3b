"""How another thread tells the window something.

Whoever lets go of the last reference to a Qt object destroys it, there and then. Another thread that did so would
destroy it while Qt is at work on it in the window's thread, and the program would end. So a thread holds nothing of Qt
but an `Address`, which knows no receiver, and hands its work back with what came of it. For the same reason
garbage is only looked for in the window's thread, see `memory`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from functools import cache
from typing import Any

from PySide6.QtCore import QObject, Signal

Receiver = Callable[..., object]


class Address:
    """What another thread calls: the receiver is called with the same arguments, in the window's thread, in the order
    of sending. Made in the window's thread. From there the receiver is called at once.
    """

    __slots__ = ("__weakref__", "_office")

    def __init__(self, receiver: Receiver) -> None:
        self._office = _office()
        self._office.known[self] = receiver

    def __call__(self, *letter: Any) -> None:
        self._office.came.emit(self, letter)

    def close(self) -> None:
        """The receiver hears no more, also of what was sent before. In the window's thread; idempotent."""
        self._office.known.pop(self, None)


class Errand:
    """Work for another thread. `then(result, error)` is called in the window's thread; one of both is None. The work
    itself comes back too: it may hold the last reference to something of Qt.
    """

    def __init__(self, work: Callable[[], Any], then: Callable[[Any, Exception | None], None]) -> None:
        self._work = [work]
        self._heard = True

        def came(outcome: list[Any]) -> None:
            self._tell.close()
            result, error, _ = outcome
            outcome.clear()  # the thread may still hold the list
            if self._heard:
                then(result, error)

        self._tell = Address(came)

    def run(self) -> None:
        """In the other thread, once."""
        try:
            work = self._work.pop()
        except IndexError:  # dropped before it began
            return
        outcome: list[Any] = [None, None, work]

        def keep(_: type[BaseException] | None, raised: BaseException | None, __: object) -> bool:
            outcome[1] = raised
            return True

        with contextlib.ExitStack() as stack:
            stack.push(keep)
            outcome[0] = work()
        del work
        self._tell(outcome)

    def drop(self) -> None:
        """Nobody hears of it any more; when it has not begun, it never will. In the window's thread."""
        self._heard = False
        with contextlib.suppress(IndexError):
            self._work.pop()
            self._tell.close()


class _Office(QObject):
    """Belongs to the window's thread, and stays as long as the program."""

    came = Signal(object, object)

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[Address, Receiver] = {}
        self.came.connect(self._deliver)

    def _deliver(self, address: Address, letter: tuple[Any, ...]) -> None:
        receiver = self.known.get(address)
        if receiver is not None:
            receiver(*letter)


@cache
def _office() -> _Office:
    return _Office()
