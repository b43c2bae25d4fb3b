"""The mouse on the timeline: choosing, dragging along the axis, panning and zooming."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt, QTimer
from PySide6.QtGui import QContextMenuEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QToolTip

from diwi_desktop.gui.timeline.scale import PER_UNIT
from diwi_desktop.planning.shift import step

if TYPE_CHECKING:
    from diwi_desktop.gui.timeline.canvas import TimelineCanvas

_EDGE_MS, _EDGE = 40, 16  # at the edge of the view, a drag pans on by so many pixels so often
_SHIFT = Qt.KeyboardModifier.ShiftModifier


class _Grab(Enum):
    NONE = 0
    PRESSED = 1  # on an item, not yet moved
    ITEM = 2
    SPACE = 3


class Pointing:
    """What the mouse holds and what it is over. `hover` is the id of an item."""

    def __init__(self, canvas: TimelineCanvas) -> None:
        self._canvas = canvas
        self.hover: str | None = None
        self._grab = _Grab.NONE
        self._pressed = QPointF()
        self._last = QPointF()
        self._grip = 0.0  # days from the date of an item to where it was grabbed
        self._follow = False
        self._edge = QTimer(canvas)
        self._edge.setInterval(_EDGE_MS)
        self._edge.timeout.connect(self._drag_on)

    @property
    def idle(self) -> bool:
        """Whether the mouse holds nothing."""
        return self._grab is _Grab.NONE

    @property
    def dragging(self) -> bool:
        """Whether an item moves along with the pointer."""
        return self._grab is _Grab.ITEM

    def let_go(self) -> None:
        """Hold nothing any more."""
        self._grab = _Grab.NONE

    def drag(self, *, follow: bool) -> None:
        """Go on with a drag where it is, with or without what comes after it."""
        self._drag(self._last, follow=follow)

    def press(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        canvas = self._canvas
        canvas.finish()
        self._pressed = self._last = event.position()
        found = canvas.placed_at(event.position())
        self._grab = _Grab.SPACE if found is None else _Grab.PRESSED
        QToolTip.hideText()
        if found is None:
            canvas.select(None)
            canvas.setCursor(Qt.CursorShape.ClosedHandCursor)
        else:
            # Not `select`: bringing it into view would move it away under the pointer.
            canvas.take(found.item.id)

    def move(self, event: QMouseEvent) -> None:
        canvas, at = self._canvas, event.position()
        if self._grab is _Grab.SPACE:
            canvas.pan(at.x() - self._last.x())
            canvas.scroll_to(canvas.scrolled - (at.y() - self._last.y()))
        elif self._grab is _Grab.PRESSED and self._far_enough(at):
            self._grabbed()
        if self._grab is _Grab.ITEM:
            self._last = at
            self._drag(at, follow=bool(event.modifiers() & _SHIFT))
        if self._grab is _Grab.NONE:
            found = canvas.placed_at(at)
            self._set_hover(found.item.id if found else None)
        self._last = at

    def release(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            dragged, self._grab = self._grab is _Grab.ITEM, _Grab.NONE
            self._canvas.setCursor(Qt.CursorShape.ArrowCursor)
            if dragged:
                self._drag(event.position(), follow=bool(event.modifiers() & _SHIFT))
                self._canvas.finish()

    def double_click(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        self._grab = _Grab.NONE
        canvas = self._canvas
        found = canvas.placed_at(event.position())
        if found is not None:
            canvas.edit_wanted.emit(found.item.id)
        elif event.position().x() >= canvas.scale.left:
            canvas.add_wanted.emit(canvas.scale.date(event.position().x()))

    def wheel(self, event: QWheelEvent) -> None:
        turn = event.angleDelta().y() or event.angleDelta().x()
        if event.modifiers() & _SHIFT or event.angleDelta().x():
            self._canvas.pan(turn / 2)
        else:
            self._canvas.zoom(PER_UNIT**turn, event.position().x())

    def context_menu(self, event: QContextMenuEvent) -> None:
        canvas = self._canvas
        canvas.finish()
        at = QPointF(event.pos())
        item, place = canvas.selected, event.globalPos()
        if event.reason() is QContextMenuEvent.Reason.Mouse:
            found = canvas.placed_at(at)
            canvas.select(found.item.id if found else None)
            item = canvas.selected
        elif item is not None:
            place = canvas.mapToGlobal(canvas.place_of(item.id))
        day = item.date if item else canvas.scale.date(max(at.x(), canvas.scale.left))
        canvas.menu_wanted.emit(item, day, place)

    def leave(self) -> None:
        self._set_hover(None)

    def _set_hover(self, id: str | None) -> None:
        if id != self.hover:
            self.hover = id
            movable = id and not self._canvas.read_only
            self._canvas.setCursor(Qt.CursorShape.SizeHorCursor if movable else Qt.CursorShape.ArrowCursor)
            self._canvas.update()

    def _grabbed(self) -> None:
        """From here on the item moves along with the pointer."""
        canvas, item = self._canvas, self._canvas.selected
        self._grab = _Grab.NONE if canvas.read_only or item is None else _Grab.ITEM
        if canvas.read_only:
            canvas.refused.emit()
        elif item is not None:
            self._grip = canvas.scale.day(self._pressed.x()) - item.date.toordinal()

    def _far_enough(self, at: QPointF) -> bool:
        return (at - self._pressed).manhattanLength() >= QApplication.startDragDistance()

    def _drag(self, at: QPointF, *, follow: bool) -> None:
        canvas, item = self._canvas, self._canvas.selected
        if item is None:
            return
        self._follow = follow
        days = round(canvas.scale.day(at.x()) - self._grip) - item.date.toordinal()
        canvas.start_move(item.id, step(item.date, days=days), follow=follow)
        if not canvas.scale.left + _EDGE <= at.x() <= canvas.scale.right - _EDGE:
            self._edge.start()
        else:
            self._edge.stop()

    def _drag_on(self) -> None:
        """Pan while something is held at the edge of the view."""
        if self._grab is not _Grab.ITEM:
            self._edge.stop()
            return
        self._canvas.pan(_EDGE if self._last.x() < self._canvas.scale.left + _EDGE else -_EDGE)
        self._drag(self._last, follow=self._follow)
