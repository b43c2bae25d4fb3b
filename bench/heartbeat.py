"""Watching a window for moments in which it stands still, and for faults that nobody would hear of."""

from __future__ import annotations

import collections
import faulthandler
import logging
import re
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

BAR_MS = 100.0
PATIENCE_MS = 180_000
_BEAT_MS = 5
_CALM_MS = 20
_CALMS = 25  # together longer than any timer that waits for the user to pause
_LATE_S = 0.06


@dataclass(frozen=True, slots=True)
class Stall:
    """The longest gap of one act, in ms, with the processor time that the window took within it and how often it waited
    (0 where the system does not tell); and the most processor time in any gap of the act.
    """

    act: str
    wall: float
    cpu: float
    waits: int
    most_cpu: float

    def __str__(self) -> str:
        told = "" if self.wall <= BAR_MS else "OVER"
        figures = f"{self.wall:>11.0f} ms {self.cpu:>6.0f} ms {self.waits:>6} {self.most_cpu:>7.0f} ms"
        return f"{self.act:<34} {figures}   {told}"


class Faults(logging.Handler):
    """What goes wrong where nobody would hear of it: in slots, threads and jobs. A context."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self._heard: list[str] = []
        self._hooks = sys.excepthook, threading.excepthook

    def __enter__(self) -> Faults:
        sys.excepthook = lambda kind, error, trace: self._hear(f"{kind.__name__}: {error}", kind, error, trace)
        threading.excepthook = lambda told: self._hear(f"{told.exc_type.__name__}: {told.exc_value}", *told[:3])
        logging.getLogger("diwi").addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger("diwi").removeHandler(self)
        sys.excepthook, threading.excepthook = self._hooks

    def emit(self, record: logging.LogRecord) -> None:
        self._heard.append(record.getMessage())

    @property
    def heard(self) -> bool:
        return bool(self._heard)

    def check(self) -> None:
        """Raise RuntimeError when something went wrong, or when the window says so in a message."""
        from PySide6.QtWidgets import QApplication, QMessageBox

        boxes = [w for w in QApplication.topLevelWidgets() if isinstance(w, QMessageBox) and w.isVisible()]
        if heard := [*self._heard, *(f"{box.text()} {box.informativeText()}" for box in boxes)]:
            raise RuntimeError("\n".join(heard))

    def _hear(self, words: str, kind: Any, error: Any, trace: Any) -> None:
        self._heard.append(words)
        traceback.print_exception(kind, error, trace)


class _Gap(NamedTuple):
    """Between two beats, in ms."""

    wall: float = 0.0
    cpu: float = 0.0
    waits: int = 0


class Heart:
    """Beats in the event loop of the window and keeps the longest gap; a context, as it may have a watching thread."""

    def __init__(self, faults: Faults, *, where: bool) -> None:
        from PySide6.QtCore import Qt, QTimer

        self._faults = faults
        self.stalls: list[Stall] = []
        self._seen: collections.Counter[str] = collections.Counter()
        self._places: collections.Counter[str] = collections.Counter()
        self._where = where
        self._thread = threading.get_ident()
        self._over = threading.Event()
        self._last, self._cpu, self._waits = _clocks()
        self._longest, self._most_cpu = _Gap(), 0.0
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)

    def __enter__(self) -> Heart:
        self._timer.start(_BEAT_MS)
        if self._where:
            threading.Thread(target=self._watch, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._timer.stop()

    def restart(self) -> None:
        """Forget what was seen so far."""
        self._places.clear()
        self._seen.clear()
        self._longest, self._most_cpu = _Gap(), 0.0
        self._last, self._cpu, self._waits = _clocks()

    def act(self, name: str, do: Callable[[], object], awaits: Callable[[], list[str]]) -> None:
        """Do one act, wait until it has come to rest, and note the longest gap."""
        self.restart()
        try:
            do()
            self._rest(awaits)
            self._faults.check()
        except Exception as error:
            error.add_note(f"in the act: {name}")
            raise
        gap = self._longest
        self.stalls.append(Stall(name, gap.wall, gap.cpu, gap.waits, self._most_cpu))
        if self._where:
            told = [f"      {count:>3} x {place}" for place, count in self._places.most_common(4)]
            print(self.stalls[-1], *told, sep="\n", flush=True)

    def _rest(self, awaits: Callable[[], list[str]]) -> None:
        """Wait until nothing has been going on for a while, or something went wrong.

        The while is counted in turns: in one long turn of a busy machine no timer ends.
        """
        from diwi_desktop.gui import headless

        def over() -> bool:
            return self._faults.heard or not awaits()

        calm = 0
        while calm < _CALMS and not self._faults.heard:
            headless.idle(_CALM_MS)
            calm += 1
            if awaits():
                calm = 0
                try:
                    headless.wait(over, PATIENCE_MS)
                except TimeoutError as error:
                    faulthandler.dump_traceback(all_threads=True)
                    raise TimeoutError(f"the window waits for {', '.join(awaits()) or 'nothing any more'}") from error

    def _beat(self) -> None:
        now, cpu, waits = _clocks()
        gap = _Gap((now - self._last) * 1e3, (cpu - self._cpu) * 1e3, waits - self._waits)
        self._most_cpu = max(self._most_cpu, gap.cpu)
        if gap.wall > self._longest.wall:
            self._longest = gap
            if gap.wall > _LATE_S * 1e3:
                self._places = collections.Counter(self._seen)
        self._seen.clear()
        self._last, self._cpu, self._waits = _clocks()

    def _watch(self) -> None:
        """In a thread of its own: where the window stands while a beat is overdue.

        Told by faulthandler, which holds on to nothing: a frame kept here would keep its painters open.
        """
        with tempfile.TemporaryFile() as told:
            while not self._over.wait(0.004):
                if time.perf_counter() - self._last < 0.02:
                    continue
                told.seek(0)
                told.truncate()
                faulthandler.dump_traceback(told, all_threads=True)
                told.seek(0)
                self._seen[_place(told.read().decode(), self._thread)] += 1


def _clocks() -> tuple[float, float, int]:
    """Wall and processor time of this thread in seconds, and how often it gave the processor away to wait."""
    return time.perf_counter(), time.thread_time(), _waits()


if sys.platform == "linux":
    import resource

    def _waits() -> int:
        return resource.getrusage(resource.RUSAGE_THREAD).ru_nvcsw

else:

    def _waits() -> int:
        return 0


def _place(dump: str, thread: int) -> str:
    """The innermost lines of ours in which a thread stands."""
    mine = next(part for part in dump.split("\n\n") if int(part.split()[1 + part.startswith("Current")], 16) == thread)
    lines = re.findall(r'File "(.*?)", line (\d+) in (\S+)', mine)
    ours = [f"{Path(f).name}:{n} {what}" for f, n, what in lines if "diwi_desktop" in f and "headless" not in f]
    return " < ".join(ours[:6]) or "Qt"
