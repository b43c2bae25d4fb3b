"""The window without a screen: waiting until it has come to rest, and one harmless message kept quiet."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import (
    QDeadlineTimer,
    QEventLoop,
    QMessageLogContext,
    QSettings,
    QTimer,
    QtMsgType,
    qInstallMessageHandler,
)
from PySide6.QtWidgets import QApplication

PATIENCE_MS = 60_000
_LOOK_MS = 5
# Qt's screenless platform says this of every window with a smallest size; it means nothing there.
_HARMLESS = "This plugin does not support propagateSizeHints()"


def keep_quiet() -> None:
    """Have Qt's messages go to stderr as ever, but for the harmless one."""

    def tell(_kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
        if text != _HARMLESS:
            print(text, file=sys.stderr)

    qInstallMessageHandler(tell)


def own_settings(folder: Path) -> None:
    """Keep the settings of this process in a folder: a tour must not rearrange the user's own window."""
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    for kind in (QSettings.Format.NativeFormat, QSettings.Format.IniFormat):
        QSettings.setPath(kind, QSettings.Scope.UserScope, str(folder))


def wait(until: Callable[[], bool], patience: int = PATIENCE_MS) -> None:
    """Run the event loop until something is true. Raises TimeoutError after `patience` milliseconds."""
    if not _run(until, patience):
        raise TimeoutError("the window does not come to rest")


def idle(milliseconds: int) -> None:
    """Run the event loop for a while."""
    _run(lambda: False, milliseconds)


def _run(until: Callable[[], bool], milliseconds: int) -> bool:
    """Whether it was true in time.

    Asleep between two events, as a window is: asking all the time keeps Python's lock from the threads that read,
    which want it back at each of half a million rows.
    """
    deadline, wake = QDeadlineTimer(milliseconds), QTimer()
    wake.start(_LOOK_MS)
    while not (found := until()) and not deadline.hasExpired():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    return found
