"""Where a worker process begins. Imports nothing heavy, so that it steps aside before it works."""

from __future__ import annotations

import contextlib
import os
import sys
from multiprocessing.connection import Connection

_BELOW_NORMAL = 0x4000
_NICER = 10


def begin(pipe: Connection, tiles: str) -> None:
    """Leave the processor to the window when both want it, and then draw; see `worker.serve`."""
    _step_aside()
    from diwi_desktop.gui.map.worker import serve

    serve(pipe, tiles)


def _step_aside() -> None:
    if sys.platform == "win32":
        import ctypes

        kernel = ctypes.windll.kernel32
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), _BELOW_NORMAL)
    else:
        with contextlib.suppress(OSError):  # a container may forbid it; drawing goes on at normal priority
            os.nice(_NICER)
