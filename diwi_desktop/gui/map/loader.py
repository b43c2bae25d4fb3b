"""Work beside the window's thread whose result comes back to it."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal


class _Mail(QObject):
    done = Signal(str, int, object, object)


class _Job(QRunnable):
    def __init__(self, mail: _Mail, name: str, serial: int, work: Callable[[], Any]) -> None:
        super().__init__()
        self._mail = mail
        self._name = name
        self._serial = serial
        self._work = work

    def run(self) -> None:
        try:
            result, error = self._work(), None
        except Exception as problem:  # noqa: BLE001
            result, error = None, problem
        self._mail.done.emit(self._name, self._serial, result, error)


class Loader(QObject):
    """Runs jobs one after another; a job that was followed by another of the same name gives no result."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._mail = _Mail()
        self._mail.done.connect(self._deliver)
        self._serial = 0
        self._open: dict[str, tuple[int, Callable[[Any], None]]] = {}

    @property
    def busy(self) -> bool:
        """Whether results are still to come."""
        return bool(self._open)

    def run(self, name: str, work: Callable[[], Any], then: Callable[[Any], None]) -> None:
        """Do `work` beside the window and hand its result to `then` in the window's thread. An exception in
        `work` is raised there as well.
        """
        self._serial += 1
        self._open[name] = (self._serial, then)
        self._pool.start(_Job(self._mail, name, self._serial, work))

    def shutdown(self) -> None:
        """Wait for the job at hand and drop the results."""
        self._open.clear()
        self._pool.clear()
        self._pool.waitForDone()

    def _deliver(self, name: str, serial: int, result: Any, error: Exception | None) -> None:
        wanted = self._open.get(name)
        if wanted is None or wanted[0] != serial:
            return
        del self._open[name]
        if error is not None:
            raise error
        wanted[1](result)
