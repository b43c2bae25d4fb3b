"""The window: map, project table, project page, timeline and wizards (Qt)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path


def run(path: Path | None = None, arguments: Sequence[str] = (), on_usable: Callable[[], object] | None = None) -> int:
    """Open the window on a register (None: the last one used, or the demo) and stay until it closes.

    Returns the exit status. `on_usable` is called once the window is painted and can be used, for measuring.
    """
    import gc

    # Loading makes a hundred thousand objects that all stay: looking for garbage among them is time lost.
    gc.disable()
    from diwi_desktop.gui import app

    return app.run(path, arguments, on_usable)
