"""Long work: how it says how far it is, how it hears that it must stop, and what is put off meanwhile."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager

#: Called now and then with what is done and what there is to do.
Progress = Callable[[int, int], None]
#: Asked now and then; work that gets a yes raises `finding.Cancelled` and leaves nothing half done.
CancelCheck = Callable[[], bool]


@contextmanager
def without_collector() -> Iterator[None]:
    """Put off Python's search for reference cycles, for work that makes very many objects that stay.

    It would go through them all, again and again, and find none: a tenth to a fifth of the time. May be nested.
    """
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()
