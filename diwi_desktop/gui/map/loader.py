"""Work beside the window's thread whose result comes back to it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from PySide6.QtCore import QObject

from diwi_desktop.gui import heavy
from diwi_desktop.gui.post import Errand


class Loader(QObject):
    """Runs jobs one after another; a job that was followed by another of the same name gives no result."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="map-loader", initializer=heavy.load)
        self._closed = False
        self._serial = 0
        self._open: dict[str, tuple[int, Callable[[Any], None]]] = {}
        self._errands: dict[int, Errand] = {}

    @property
    def busy(self) -> bool:
        """Whether results are still to come."""
        return bool(self._open)

    def runs(self, name: str) -> bool:
        """Whether the result of a job of this name is still to come."""
        return name in self._open

    def run(self, name: str, work: Callable[[], Any], then: Callable[[Any], None]) -> None:
        """Do `work` beside the window and hand its result to `then` in the window's thread. An exception in
        `work` is raised there as well.
        """
        if self._closed:
            return
        self._serial += 1
        serial = self._serial
        self._open[name] = (serial, then)
        errand = self._errands[serial] = Errand(work, partial(self._deliver, name, serial))
        self._pool.submit(errand.run)

    def forget(self, name: str) -> None:
        """The result of the job of this name is not wanted any more."""
        self._open.pop(name, None)

    def shutdown(self) -> None:
        """Drop the results, without waiting for the job at hand. Idempotent."""
        self._closed = True
        self._open.clear()
        for errand in self._errands.values():
            errand.drop()
        self._errands.clear()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _deliver(self, name: str, serial: int, result: Any, error: Exception | None) -> None:
        del self._errands[serial]
        wanted = self._open.get(name)
        if wanted is not None and wanted[0] == serial:
            del self._open[name]
            if error is not None:
                raise error
            wanted[1](result)
