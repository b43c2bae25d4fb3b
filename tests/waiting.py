"""Waiting for what another process does, of which it tells nobody: the one place where a test sleeps."""

from __future__ import annotations

import time
from collections.abc import Callable


def until(what: Callable[[], object], patience: float = 60, every: float = 0.02) -> None:
    """Ask `what` again and again until it is so; fails when it is not within `patience` seconds."""
    end = time.monotonic() + patience
    while not what():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(every)
