"""The keys on the timeline: everything the mouse can do, and more."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, SignalInstance
from PySide6.QtGui import QKeyEvent

if TYPE_CHECKING:
    from diwi_desktop.gui.timeline.canvas import TimelineCanvas

_SHIFT, _CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
_OWN = frozenset(
    {Qt.Key.Key_Delete, Qt.Key.Key_Insert, Qt.Key.Key_F2, Qt.Key.Key_G, Qt.Key.Key_0, Qt.Key.Key_Home}
    | {Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus, Qt.Key.Key_Underscore}
)


def owns(canvas: TimelineCanvas, event: QKeyEvent) -> bool:
    """Whether a key is for the timeline even where the window has a shortcut on it."""
    if event.key() == Qt.Key.Key_Escape:
        return canvas.draft is not None or canvas.selected is not None
    return event.key() in _OWN and not event.modifiers() & (_CTRL | Qt.KeyboardModifier.AltModifier)


def press(canvas: TimelineCanvas, event: QKeyEvent) -> bool:
    """Do what a key asks for; False when it means nothing here."""
    key, item = event.key(), canvas.selected
    if canvas.pointing.dragging and key == Qt.Key.Key_Shift:
        canvas.pointing.drag(follow=True)
    elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
        _sideways(canvas, event, 1 if key == Qt.Key.Key_Right else -1)
    elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
        canvas.step_selection(1 if key == Qt.Key.Key_Down else -1)
    elif key == Qt.Key.Key_Escape and (canvas.draft is not None or item is not None):
        _escape(canvas)
    elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2):
        _enter(canvas, key)
    elif key == Qt.Key.Key_Insert:
        _ask(canvas, canvas.add_wanted, item.date if item else _middle(canvas))
    elif key == Qt.Key.Key_Delete and item is not None:
        _ask(canvas, canvas.delete_wanted, item.id)
    elif key == Qt.Key.Key_G and item is not None:
        _ask(canvas, canvas.realise_wanted, item.id)
    else:
        return _look(canvas, key)
    return True


def release(canvas: TimelineCanvas, event: QKeyEvent) -> bool:
    """Shift let go in the middle of a drag; False for anything else."""
    if canvas.pointing.dragging and event.key() == Qt.Key.Key_Shift:
        canvas.pointing.drag(follow=False)
        return True
    return False


def _look(canvas: TimelineCanvas, key: int) -> bool:
    """Zoom and pan."""
    if key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
        canvas.zoom_in()
    elif key in (Qt.Key.Key_Minus, Qt.Key.Key_Underscore):
        canvas.zoom_out()
    elif key == Qt.Key.Key_0:
        canvas.fit()
    elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
        canvas.pan(canvas.scale.width / 2 * (1 if key == Qt.Key.Key_PageUp else -1))
    elif key == Qt.Key.Key_Home:
        canvas.show_day(canvas.today)
    else:
        return False
    return True


def _sideways(canvas: TimelineCanvas, event: QKeyEvent, sign: int) -> None:
    if canvas.selected is None:
        canvas.pan(-sign * 60)
    else:
        canvas.nudge(sign, months=bool(event.modifiers() & _CTRL), follow=bool(event.modifiers() & _SHIFT))


def _escape(canvas: TimelineCanvas) -> None:
    if canvas.draft is not None:
        canvas.cancel()
    else:
        canvas.select(None)


def _enter(canvas: TimelineCanvas, key: int) -> None:
    if canvas.draft is not None and key != Qt.Key.Key_F2:
        canvas.finish()
    elif canvas.selected is not None:
        canvas.finish()
        canvas.edit_wanted.emit(canvas.selected.id)


def _ask(canvas: TimelineCanvas, signal: SignalInstance, what: object) -> None:
    canvas.finish()
    if canvas.read_only:
        canvas.refused.emit()
    else:
        signal.emit(what)


def _middle(canvas: TimelineCanvas) -> date:
    """Today when it is in view, else the day in the middle."""
    scale = canvas.scale
    if scale.left <= scale.x(canvas.today) <= scale.right:
        return canvas.today
    return scale.date(scale.left + scale.width / 2)
