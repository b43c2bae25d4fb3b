"""Mouse, wheel and keys on the map: where the user points, and what of it is for the tool."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent

from diwi_desktop.gui.map.tools.base import Pointer

if TYPE_CHECKING:
    from diwi_desktop.gui.map.canvas import MapCanvas

_WHEEL_STEP = 60  # eighths of a degree per zoom step: two steps (a factor 1.41) per notch
_PAN_PX = 80
_CROSS_PX, _CROSS_FAST_PX = 4, 32
_SNAP_PX = 10
_SNAP_MOST_M = 25.0

_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Pointing:
    """Belongs to one canvas, which passes its events on.

    `pointer` is where the user points (None when he is not on the map), `crosshair` the pointer of those who
    work with the keyboard, `space` whether the space bar is down, so that dragging moves the map.
    """

    def __init__(self, canvas: MapCanvas) -> None:
        self.pointer: Pointer | None = None
        self.crosshair: QPointF | None = None
        self.space = False
        self._canvas = canvas
        self._last: QPointF | None = None
        self._grip: QPointF | None = None
        self._pressed = False
        self._turned = 0

    def let_go(self, *, keep_crosshair: bool) -> None:
        """Another tool is taken up: nothing is being dragged any more."""
        self._pressed = False
        self._grip = None
        if not keep_crosshair:
            self.crosshair = None

    def dress(self) -> None:
        """Give the mouse pointer the shape that the tool wants, unless the map itself is being dragged."""
        if self._grip is None:
            self._canvas.setCursor(self._canvas.tool.cursor())

    def _point(self, place: QPointF, modifiers: Qt.KeyboardModifier) -> Pointer:
        raw = self._canvas.view.to_world(place.x(), place.y())
        found = None
        snapping = self._canvas.tool.snaps and not modifiers & Qt.KeyboardModifier.AltModifier
        if snapping:
            reach = min(_SNAP_PX * self._canvas.view.metres_per_pixel, _SNAP_MOST_M)
            found = self._canvas.snap_near(*raw, reach)
        x, y = (found.snap.x, found.snap.y) if found is not None else raw
        return Pointer(x, y, *raw, place.x(), place.y(), found, modifiers)

    def _move_to(self, place: QPointF, modifiers: Qt.KeyboardModifier) -> Pointer:
        pointer = self.pointer = self._point(place, modifiers)
        self._canvas.cursor_moved.emit(pointer.x, pointer.y)
        if self._pressed:
            self._canvas.tool.dragged(pointer)
        else:
            self._canvas.tool.moved(pointer)
        self._canvas.update()
        return pointer

    def again(self, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """The map moved under the pointer, or a modifier key changed."""
        place = self.crosshair or self._last
        if place is not None and not self._pressed:
            self._move_to(place, modifiers)

    def press(self, event: QMouseEvent) -> None:
        """A button went down: the left one is for the tool, with space or the middle one the map is taken
        along.
        """
        place = event.position()
        middle = event.button() == Qt.MouseButton.MiddleButton
        if middle or (event.button() == Qt.MouseButton.LeftButton and self.space):
            self._grip = place
            self._canvas.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif event.button() == Qt.MouseButton.LeftButton:
            self.crosshair = None
            pointer = self._move_to(place, event.modifiers())
            self._pressed = True
            self._canvas.tool.pressed(pointer)
            self._canvas.update()

    def move(self, event: QMouseEvent) -> None:
        """The mouse moved."""
        place = event.position()
        self._last = place
        if self._grip is not None:
            self._canvas.pan(place.x() - self._grip.x(), place.y() - self._grip.y())
            self._grip = place
            return
        self.crosshair = None
        self._move_to(place, event.modifiers())

    def release(self, event: QMouseEvent) -> None:
        """A button went up."""
        if self._grip is not None:
            self._grip = None
            self.dress()
        elif event.button() == Qt.MouseButton.LeftButton and self._pressed:
            self._pressed = False
            pointer = self.pointer = self._point(event.position(), event.modifiers())
            self._canvas.tool.released(pointer)
            self._canvas.update()

    def double_click(self, event: QMouseEvent) -> None:
        """The second press of a double click."""
        if event.button() == Qt.MouseButton.LeftButton and self._grip is None and not self.space:
            self._canvas.tool.double_clicked(self._move_to(event.position(), event.modifiers()))
            self._canvas.update()

    def wheel(self, event: QWheelEvent) -> None:
        """Zoom about the pointer; small turns of a fine wheel add up."""
        self._turned += event.angleDelta().y()
        steps = int(self._turned / _WHEEL_STEP)
        self._turned -= steps * _WHEEL_STEP
        if steps:
            self._canvas.zoom(steps, event.position())

    def leave(self) -> None:
        """The mouse left the map."""
        self._last = None
        if self.crosshair is None and not self._pressed:
            self.pointer = None
            self._canvas.update()

    def key_up(self, event: QKeyEvent) -> None:
        """A key went up."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.space = False
            self.dress()
        elif event.key() == Qt.Key.Key_Alt:
            self.again()

    def key(self, event: QKeyEvent) -> bool:
        """A key that the tool had no use for went down; whether the map used it."""
        key, modifiers = Qt.Key(event.key()), event.modifiers()
        if key in _ARROWS:
            self._arrow(_ARROWS[key], modifiers)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self._canvas.zoom(2)
        elif key in (Qt.Key.Key_Minus, Qt.Key.Key_Underscore):
            self._canvas.zoom(-2)
        elif key == Qt.Key.Key_Home:
            self._canvas.zoom_to_all()
        elif key in _ENTER:
            self._enter(modifiers)
        elif key == Qt.Key.Key_Escape:
            self._canvas.cancel()
        elif key == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self.space = True
                self._canvas.setCursor(Qt.CursorShape.OpenHandCursor)
        elif key == Qt.Key.Key_Alt:
            self.again(Qt.KeyboardModifier.AltModifier)
        else:
            return False
        return True

    def _arrow(self, direction: tuple[int, int], modifiers: Qt.KeyboardModifier) -> None:
        """Move the crosshair of a drawing tool; else the map, under a crosshair in the middle."""
        fast = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        middle = QPointF(self._canvas.width() / 2, self._canvas.height() / 2)
        if not self._canvas.tool.crosshair:
            step = _PAN_PX * (4 if fast else 1)
            self.crosshair = middle
            self._canvas.pan(-direction[0] * step, -direction[1] * step)
            return
        step = _CROSS_FAST_PX if fast else _CROSS_PX
        place = (self.crosshair or self._last or middle) + QPointF(*direction) * step
        inside = QRectF(self._canvas.rect()).adjusted(24, 24, -24, -24)
        if not inside.contains(place):
            back = QPointF(
                min(max(place.x(), inside.left()), inside.right()),
                min(max(place.y(), inside.top()), inside.bottom()),
            )
            away = back - place
            place = back
            self.crosshair = place
            self._canvas.pan(away.x(), away.y())
        self.crosshair = place
        self._move_to(place, modifiers & ~Qt.KeyboardModifier.ShiftModifier)

    def _enter(self, modifiers: Qt.KeyboardModifier) -> None:
        """At the crosshair Enter clicks; without it, or with Ctrl, it confirms."""
        if self.crosshair is None or modifiers & Qt.KeyboardModifier.ControlModifier:
            self._canvas.confirm()
            return
        pointer = self._move_to(self.crosshair, modifiers)
        self._canvas.tool.pressed(pointer)
        self._canvas.tool.released(pointer)
        self._canvas.tool_updated()
