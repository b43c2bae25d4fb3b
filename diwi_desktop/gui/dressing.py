"""Other colours or another text size for a window that is in use, without a moment in which it stands still.

Qt dresses every widget there is in one go, also the nine in ten that are not in sight: a quarter of a second. Here
what is in sight changes in a few turns of the event loop, without being painted in between: undressed, dressed, what
paints itself told, and shown. The rest is dressed a few milliseconds at a time.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator
from functools import cache

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from diwi_desktop.gui import theme

_BITE_S = 0.01
_OVER = object()
_POLISHED = Qt.WidgetAttribute.WA_WState_Polished
_OWN_STYLE = Qt.WidgetAttribute.WA_SetStyle


class Dressing(QObject):
    """One per application."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._wanted: tuple[str, float] | None = None
        self._applying: Iterator[None] | None = None
        self._covered: list[QWidget] = []
        self._later: deque[QWidget] = deque()
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.setInterval(0)
        self._turn.timeout.connect(self._next)

    @property
    def busy(self) -> bool:
        """Whether something is still to be dressed."""
        return self._turn.isActive()

    def change(self, name: str, scale: float) -> None:
        """Dress the application in a theme. KeyError for an unknown one."""
        theme.tokens(name)
        if self._wanted is None:
            self._undress()
        self._wanted, self._applying = (name, scale), None
        self._turn.start()

    def _undress(self) -> None:
        """The first turn: without a style sheet, which is not seen, as nothing is painted until the last."""
        for widget in self._app.allWidgets():
            if widget.isVisible():
                if widget.isWindow():
                    widget.setUpdatesEnabled(False)
                    self._covered.append(widget)
            elif widget.testAttribute(_POLISHED) and not widget.testAttribute(_OWN_STYLE):
                # Qt passes by what it has not dressed before, and does not tell what has a style of its own.
                widget.setAttribute(_POLISHED, False)
                widget.setAttribute(_OWN_STYLE)
                self._later.append(widget)
        self._app.setStyleSheet("")

    def _next(self) -> None:
        if self._wanted is not None:
            self._applying, self._wanted = theme.applying(self._app, *self._wanted), None
        if self._applying is not None:
            if next(self._applying, _OVER) is _OVER:
                self._applying = None
        elif self._covered:
            self._uncover()
        else:
            self._dress_some()
        if self._applying is not None or self._covered or self._later:
            self._turn.start()

    def _uncover(self) -> None:
        covered, self._covered = self._covered, []
        for window in covered:
            if isValid(window):
                window.setUpdatesEnabled(True)
                # What was waiting to be painted when this was covered is all Qt waits for from then on, and the
                # request for it went by unanswered.
                QApplication.postEvent(window, QEvent(QEvent.Type.UpdateRequest))

    def _dress_some(self) -> None:
        style, until = self._app.style(), time.perf_counter() + _BITE_S
        while self._later and time.perf_counter() < until:
            widget = self._later.popleft()
            if isValid(widget):
                widget.setAttribute(_OWN_STYLE, False)
                style.unpolish(widget)
                style.polish(widget)
                widget.setAttribute(_POLISHED)
                QApplication.sendEvent(widget, QEvent(QEvent.Type.StyleChange))


@cache
def dressing(app: QApplication) -> Dressing:
    """The one of an application."""
    return Dressing(app)
