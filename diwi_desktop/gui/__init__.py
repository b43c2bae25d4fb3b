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
    _import_plainly()
    _fetch_libraries()
    from diwi_desktop.gui import app

    return app.run(path, arguments, on_usable)


def _import_plainly() -> None:
    """Have modules imported without PySide reading the source of each.

    PySide puts a hook in the place of `__import__`, which looks in every module for `from __feature__ import`. This
    program has none, and a hundred modules take a twentieth of the time it needs to start.
    """
    import builtins
    import importlib

    importlib.import_module("PySide6.QtCore")  # puts the hook there
    plain = getattr(builtins, "__orig_import__", None)
    if plain is not None:
        builtins.__import__ = plain


def _fetch_libraries() -> None:
    """Read the libraries of Qt, and beside what follows those of SpatiaLite."""
    import importlib
    import threading

    from diwi_desktop.store import driver

    importlib.import_module("PySide6.QtWidgets")  # two that read libraries at once would wait for each other
    threading.Thread(target=driver.fetch_spatialite, name="diwi-fetch", daemon=True).start()
