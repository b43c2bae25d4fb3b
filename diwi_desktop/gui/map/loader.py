"""Work beside the window's thread whose result comes back to it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from PySide6.QtCore import QObject, Signal

from diwi_desktop.gui import heavy


class _Mail(QObject):
    # Apart from the loader, so that a job that ends after the loader still has something to tell.
    done = Signal(str, int, object)


class Loader(QObject):
    """Runs jobs one after another; a job that was followed by another of the same name gives no result."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="map-loader", initializer=heavy.load)
        self._mail = _Mail()
        self._mail.done.connect(self._deliver)
        self._closed = False
        self._serial = 0
        self._open: dict[str, tuple[int, Callable[[Any], None]]] = {}

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
        job = self._pool.submit(work)
        tell = self._mail.done.emit
        job.add_done_callback(lambda done: None if done.cancelled() else tell(name, serial, done))

    def forget(self, name: str) -> None:
        """The result of the job of this name is not wanted any more."""
        self._open.pop(name, None)

    def shutdown(self) -> None:
        """Drop the results, without waiting for the job at hand. Idempotent."""
        self._closed = True
        self._open.clear()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _deliver(self, name: str, serial: int, job: Future[Any]) -> None:
        wanted = self._open.get(name)
        if wanted is not None and wanted[0] == serial:
            del self._open[name]
            wanted[1](job.result())
