"""Work off the GUI thread: `run_job` with progress and cancel, `run_quietly` for short reading.

`run_beside` is for asking a server, which may take a minute: nobody waits for it.

Errors are never lost: a UserError is one sentence in a dialog, anything else is our own bug, which is logged
(without plan content) and said in a dialog.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer, Signal

from diwi_desktop.gui import heavy, memory
from diwi_desktop.gui.language import language, translate
from diwi_desktop.gui.post import Address, Errand
from diwi_desktop.model.finding import Cancelled, UserError

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

    from PySide6.QtWidgets import QMessageBox, QWidget

# progress(done, total=1.0, text=""): total 0 means "no idea how much".
Progress = Callable[..., None]
IsCancelled = Callable[[], bool]
Work = Callable[[Progress, IsCancelled], Any]

SHOW_AFTER_MS = 300
PATIENCE_S = 10.0
_WORKERS = 2
_ROUNDS = 10
# How long a thread keeps Python's lock when another asks for it, in seconds. Qt calls back into Python dozens of times
# for one painting, and for each the window asks for the lock again: with two workers at it, 40 times take 520 ms at
# Python's own 5 ms, and 33 ms at this (measured).
_HAND_OVER_S = 0.0002

log = logging.getLogger("diwi.gui")
_running: set[Job] = set()
_said: set[QMessageBox] = set()  # errors that are shown without a window, which would keep them


@cache
def _pool(name: str) -> ThreadPoolExecutor:
    """Threads that stay, because the store keeps a connection per thread. Long work never keeps short reading
    waiting.

    They are Python's threads: a thread of Qt's would forget its connection between two jobs.
    """
    from concurrent.futures import ThreadPoolExecutor

    sys.setswitchinterval(_HAND_OVER_S)
    return ThreadPoolExecutor(_WORKERS, thread_name_prefix=f"diwi-{name}", initializer=heavy.load)


class Job(QObject):
    """One running piece of work. `finished` comes after the outcome was handled, whatever it was."""

    progressed = Signal(float, str)
    stopping = Signal()
    finished = Signal()

    def __init__(
        self,
        parent: QWidget | None,
        work: Work,
        on_done: Callable[[Any], None] | None,
        on_error: Callable[[Exception], None] | None,
        on_cancel: Callable[[], None] | None,
    ) -> None:
        super().__init__()
        self._window = parent
        self._on_done, self._on_error, self._on_cancel = on_done, on_error, on_cancel
        self._stop = threading.Event()
        self.silent = False
        self.future: Future[None] | None = None  # of work that a closing store has to wait for
        self.dialog: QWidget | None = None  # without a window it has no parent that keeps it
        if parent is not None:
            parent.destroyed.connect(self.drop)
        self._told = Address(self.progressed.emit)
        self._errand = Errand(partial(_work, work, partial(_progress, self._told), self._stop), self._on_ended)

    def start(self, pool: str) -> None:
        """Begin in one of the pools, "long" or "quick"."""
        _running.add(self)
        self.future = _pool(pool).submit(self._errand.run)

    def start_beside(self) -> None:
        """Begin on a thread of its own, which keeps no other work waiting and holds nobody who leaves."""
        _running.add(self)
        threading.Thread(target=self._errand.run, name="diwi-beside", daemon=True).start()

    def cancel(self) -> None:
        """Ask the work to stop; it ends at its next look at `cancelled()`, or sooner by who hears `stopping`."""
        self._stop.set()
        self.stopping.emit()

    def drop(self, *_: object) -> None:
        """Cancel, and do not tell anybody about the outcome any more. So it goes when the parent is no more."""
        self.silent = True
        self._stop.set()
        if self.future is None:  # nobody waits for a server
            _running.discard(self)

    def is_elsewhere(self, window: QWidget) -> bool:
        """Whether this is work for another window than that one."""
        place = None if self.silent else self._window
        if place is None:
            return False
        while place is not None and place is not window:
            place = place.parentWidget()
        return place is None

    @property
    def cancelled(self) -> bool:
        return self._stop.is_set()

    def wait(self, seconds: float = PATIENCE_S) -> bool:
        """Wait for the work to end, without handling events. False when it did not end in time."""
        from concurrent.futures import wait

        return self.future is None or not wait([self.future], seconds).not_done

    def _on_ended(self, result: Any, error: Exception | None) -> None:
        _running.discard(self)
        self._told.close()
        try:
            self._tell(result, error)
        finally:
            memory.settle()  # what a job read stays for long
            self.finished.emit()

    def _tell(self, result: Any, error: Exception | None) -> None:
        if error is not None and not isinstance(error, (UserError, Cancelled)):
            log_bug(error)
        if self.silent:
            return
        if error is None:
            if self._on_done is not None:
                self._on_done(result)
        elif isinstance(error, Cancelled):
            if self._on_cancel is not None:
                self._on_cancel()
        elif self._on_error is not None:
            self._on_error(error)
        else:
            show_error(self._window, error)


# What a thread runs of a job, without the job: see `post`.


def _work(work: Work, progress: Progress, stop: threading.Event) -> Any:
    if stop.is_set():
        raise Cancelled
    return work(progress, stop.is_set)


def _progress(told: Address, done: float, total: float = 1.0, text: str = "") -> None:
    told(-1.0 if total <= 0 else max(0.0, min(1.0, done / total)), text)


def run_job(
    parent: QWidget | None,
    title: str,
    function: Work,
    on_done: Callable[[Any], None] | None = None,
    on_error: Callable[[Exception], None] | None = None,
    on_cancel: Callable[[], None] | None = None,
    *,
    beside: bool = False,
) -> Job:
    """Run `function(progress, cancelled)` in a thread, with a dialog that shows progress and can cancel.

    `beside`: it asks a server, see `run_beside`.

    `progress(done, total=1.0, text="")` may be called as often as wanted; `cancelled()` says whether to stop,
    by raising Cancelled. The callbacks run in the GUI thread. Without `on_error` an error is shown as
    `show_error` does. The dialog only appears when the work takes longer than a blink.
    """
    from diwi_desktop.gui.jobdialog import ProgressDialog

    job = Job(parent, function, on_done, on_error, on_cancel)
    dialog = job.dialog = ProgressDialog(parent, title, job)
    timer = QTimer(dialog)
    timer.setSingleShot(True)
    timer.timeout.connect(dialog.open)
    job.finished.connect(timer.stop)
    timer.start(SHOW_AFTER_MS)
    if beside:
        job.start_beside()
    else:
        job.start("long")
    return job


def run_beside(
    function: Work,
    on_done: Callable[[Any], None] | None = None,
    on_error: Callable[[Exception], None] | None = None,
    parent: QWidget | None = None,
) -> Job:
    """As `run_quietly`, for asking a server: the window closes without waiting for its answer."""
    job = Job(parent, function, on_done, on_error, None)
    job.start_beside()
    return job


def run_quietly(
    function: Work,
    on_done: Callable[[Any], None] | None = None,
    on_error: Callable[[Exception], None] | None = None,
    parent: QWidget | None = None,
) -> Job:
    """As `run_job` without a dialog, for reading that takes tens of milliseconds."""
    job = Job(parent, function, on_done, on_error, None)
    job.start("quick")
    return job


def stop_all(window: QWidget | None = None) -> bool:
    """Cancel whatever runs and wait for it; when a window closes, what runs for another one goes on. False when
    something does not end.

    Handling the outcomes may start another job, which is stopped too: it would read a store that is about to close.
    """
    for _ in range(_ROUNDS):
        for job in _stoppable(window):
            job.drop()
        left = [job for job in _stoppable(window) if not job.wait()]
        QCoreApplication.processEvents()
        if left or not _stoppable(window):
            break
    return not left and not _stoppable(window)


def leave(window: QWidget) -> list[Future[None]]:
    """Cancel what runs for a window that closes, without waiting for it; what still runs, for who closes its store."""
    left = _stoppable(window)
    for job in left:
        job.drop()
    return [job.future for job in left if job.future is not None]


def _stoppable(window: QWidget | None) -> list[Job]:
    return [job for job in list(_running) if window is None or not job.is_elsewhere(window)]


def busy() -> int:
    """How many jobs run."""
    return len(_running)


def working_for(window: QWidget) -> bool:
    """Whether this window is still to hear of a job, servers aside."""
    return any(job.future is not None and not job.silent and not job.is_elsewhere(window) for job in _running)


def error_text(error: Exception) -> str:
    """The sentence of an error in the language of the window; for our own bugs a general one."""
    if isinstance(error, UserError):
        return error.en if language() == "en" else error.nl
    return translate("Jobs", "Er ging iets mis in het programma. Er is niets half opgeslagen. U kunt verder werken.")


def show_error(parent: QWidget | None, error: Exception) -> None:
    """Say an error in one sentence, without blocking the event loop."""
    from PySide6.QtWidgets import QApplication, QMessageBox

    from diwi_desktop.gui.jobdialog import ProgressDialog

    active = QApplication.activeWindow()
    # The dialog of the work that failed is about to go.
    box = QMessageBox(parent if parent is not None or isinstance(active, ProgressDialog) else active)
    if box.parent() is None:
        _said.add(box)
        box.finished.connect(lambda _: _said.discard(box))
    bug = not isinstance(error, UserError)
    box.setIcon(QMessageBox.Icon.Critical if bug else QMessageBox.Icon.Warning)
    box.setWindowTitle(translate("Jobs", "Fout in het programma") if bug else translate("Jobs", "Dat lukt niet"))
    box.setText(error_text(error))
    if bug:
        box.setInformativeText(translate("Jobs", "Soort fout: {0}").format(type(error).__name__))
    box.setStandardButtons(QMessageBox.StandardButton.Ok)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.open()


def log_bug(error: BaseException) -> None:
    """Log where a bug happened.

    Its type and the lines of code. Its message may hold plan content and stays out.
    """
    import traceback

    lines = "".join(traceback.format_tb(error.__traceback__))
    log.error("%s\n%s", type(error).__name__, lines)
