"""Where the Tab key goes in the window: along what is in sight, from the top left to the status line.

Qt goes in the order in which things were made, which is not that of the screen, and into panels behind a tab as well,
where keys would change what nobody sees.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QMainWindow, QStatusBar, QToolBar, QWidget

from diwi_desktop.gui.panels import Panel

_COLUMN = 40  # pixels; panels that begin this close to each other stand in one column
_TAB, _BACK = Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason


def step(window: QMainWindow, *, forward: bool) -> bool:
    """Give the keyboard to the next (or previous) stop, round and round. False when there is none."""
    chain = _chain(window)
    parts = {id(widget): _part(widget, window) for widget in chain if _is_stop(widget)}
    stops = [widget for widget in chain if _in_sight(parts.get(id(widget)))]
    if not stops:
        return False
    # Sorting keeps the order of the chain inside each part.
    stops.sort(key=lambda widget: _place(parts[id(widget)] or window, window))
    focused = QApplication.focusWidget()
    if focused in stops:
        at = stops.index(focused) + (1 if forward else -1)
    else:
        at = _beside(focused, stops, chain, forward=forward)
    stops[at % len(stops)].setFocus(_TAB if forward else _BACK)
    return True


def _chain(window: QMainWindow) -> list[QWidget]:
    found: list[QWidget] = []
    widget = window.nextInFocusChain()
    while widget is not None and widget is not window:
        found.append(widget)
        widget = widget.nextInFocusChain()
    return found


def _is_stop(widget: QWidget) -> bool:
    return bool(
        widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.isVisible()
        and widget.isEnabled()
        and widget.focusProxy() is None
    )


def _part(widget: QWidget, window: QMainWindow) -> QWidget | None:
    """The bar or panel of the window that a widget stands in; None for one in a window of its own."""
    at: QWidget | None = widget
    while at is not None and at.parentWidget() is not window:
        at = None if at.isWindow() else at.parentWidget()
    return None if at is None or at.isWindow() else at


def _in_sight(part: QWidget | None) -> bool:
    return part is not None and (part.in_sight if isinstance(part, Panel) else not part.visibleRegion().isEmpty())


def _place(part: QWidget, window: QMainWindow) -> tuple[int, int, int]:
    """Bars first, from the top; then the columns of panels from left to right; the status line last."""
    corner = part.mapTo(window, QPoint(0, 0)) if part is not window else QPoint(0, 0)
    if isinstance(part, QStatusBar):
        return 2, 0, 0
    if isinstance(part, QToolBar):
        return 0, corner.y(), corner.x()
    return 1, corner.x() // _COLUMN, corner.y()


def _beside(focused: QWidget | None, stops: list[QWidget], chain: list[QWidget], *, forward: bool) -> int:
    """The place of the stop after (or before) a widget that is none itself, such as one chosen with the mouse."""
    if focused in chain:
        at = chain.index(focused)
        order = chain[at:] if forward else chain[at::-1]
        for widget in order:
            if widget in stops:
                return stops.index(widget)
    return 0 if forward else len(stops) - 1
