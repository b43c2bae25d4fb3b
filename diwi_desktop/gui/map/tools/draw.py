"""Vlak tekenen: a new polygon, point by point, snapped to parcels and plans."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QPainter

from diwi_desktop.gui.map.tools.area import AreaTool, change, sentence, square_metres
from diwi_desktop.gui.map.tools.base import Pointer
from diwi_desktop.model.finding import UserError

if TYPE_CHECKING:
    from shapely import MultiPolygon
    from shapely.geometry.base import BaseGeometry

    from diwi_desktop.gui.map.canvas import MapCanvas

_CLOSE_PX = 10.0


class SketchTool(AreaTool):
    """Collects points: a click sets one, Backspace takes the last away, Enter or a double click finishes."""

    snaps = True
    crosshair = True

    def __init__(self, canvas: MapCanvas) -> None:
        super().__init__(canvas)
        self.points: list[tuple[float, float]] = []
        self.end: tuple[float, float] | None = None

    def stop(self) -> None:
        super().stop()
        self.points = []
        self.end = None

    def reset(self) -> None:
        super().reset()
        self.points = []
        self.end = None

    def sketching(self) -> bool:
        return bool(self.points)

    def moved(self, pointer: Pointer) -> None:
        self.end = self.points[0] if self.closes(pointer) else pointer.at
        if self.points:
            self.sketched()

    def dragged(self, pointer: Pointer) -> None:
        self.moved(pointer)

    def pressed(self, pointer: Pointer) -> None:
        if self.closes(pointer):
            self.finish(closed=True)
            return
        if not self.points or math.dist(self.points[-1], pointer.at) > 1e-3:
            self.points.append(pointer.at)
        else:
            self.finish(closed=False)
            return
        self.end = pointer.at
        self.sketched()
        self.canvas.tool_updated()

    def double_clicked(self, pointer: Pointer) -> None:
        # The first press of the two has set the last point.
        self.finish(closed=False)

    def key_pressed(self, event: QKeyEvent) -> bool:
        if event.key() != Qt.Key.Key_Backspace or not self.points:
            return False
        self.points.pop()
        self.sketched()
        self.canvas.tool_updated()
        return True

    def confirm(self) -> None:
        self.finish(closed=False)

    def cancel(self) -> bool:
        if not self.sketching():
            return False
        self.reset()
        return True

    def closes(self, pointer: Pointer) -> bool:
        """Whether the pointer is on the first point, so that a click closes the sketch."""
        if len(self.points) < 3:
            return False
        first = self.canvas.view.to_screen(*self.points[0])
        return math.dist(first, (pointer.px, pointer.py)) <= _CLOSE_PX

    def sketched(self) -> None:
        """The points changed, or where the next one would come."""

    def finish(self, *, closed: bool) -> None:
        """The last point is set; `closed` when the user went back to the first."""

    def paint_sketch(self, painter: QPainter) -> None:
        """The points and the line through them to the pointer."""
        overlay = self.canvas.overlay
        if not self.points:
            return
        end = [self.end] if self.end is not None and self.end != self.points[-1] else []
        overlay.line(painter, [*self.points, *end])
        for x, y in self.points:
            overlay.corner(painter, x, y)
        if self.end == self.points[0] and len(self.points) > 2:
            overlay.corner(painter, *self.points[0], strong=True)


class DrawTool(SketchTool):
    """A new area; with an area in hand the drawn one is added to it."""

    name = "draw"
    icon = "shape-polygon-plus"
    key = "T"

    @property
    def title(self) -> str:
        return self.tr("Vlak tekenen")

    @property
    def tip(self) -> str:
        return self.tr("Een nieuw vlak tekenen, hoek voor hoek")

    def __init__(self, canvas: MapCanvas) -> None:
        super().__init__(canvas)
        self._drawn: MultiPolygon | None = None

    def hint(self) -> str:
        if not self.points:
            added = self.base is not None
            return (
                self.tr("Klik de hoeken van het vlak; het komt bij het plangebied.")
                if added
                else self.tr("Klik de hoeken van het nieuwe plangebied.")
            )
        if len(self.points) < 3:
            return self.tr("Klik de volgende hoek; Backspace haalt de laatste weg, Esc stopt.")
        return self.tr("Enter of dubbelklik maakt het vlak af; Backspace haalt de laatste hoek weg.")

    def can_confirm(self) -> bool:
        return len(self.points) >= 3

    def replaces_plan(self) -> bool:
        return False

    def sketched(self) -> None:
        """Look what the sketch overlaps; while it crosses itself there is nothing to say yet."""
        from diwi_desktop.geo import edit

        corners = [*self.points]
        if self.end is not None and self.end not in corners:
            corners.append(self.end)
        self._drawn = None
        if len(corners) >= 3:
            try:
                self._drawn = edit.draw(corners)
            except UserError:
                self._drawn = None
        self.set_draft(self.base, self._drawn)

    def reset(self) -> None:
        super().reset()
        self._drawn = None

    def sketch(self) -> BaseGeometry | None:
        return self._drawn

    def finish(self, *, closed: bool) -> None:
        from diwi_desktop.geo import edit

        try:
            drawn = edit.draw(self.points)
            draft = edit.add(self.base, drawn)
        except UserError as error:
            self.canvas.say(sentence(error))
            return
        self.points = []
        self.end = None
        self._drawn = None
        self.set_draft(draft)
        self.propose("Vlak tekenen")
        self.canvas.tool_updated()

    def area_lines(self) -> list[str]:
        if self._drawn is None:
            return []
        text = square_metres(self._drawn.area)
        if self.base is not None:
            text += f"  ({change(self._drawn.union(self.base).area - self.base.area)})"
        return [text]

    def paint_areas(self, painter: QPainter) -> None:
        if self._drawn is not None:
            self.canvas.overlay.draft(painter, self._drawn)
        self.paint_overlaps(painter)

    def paint(self, painter: QPainter) -> None:
        super().paint(painter)
        self.paint_sketch(painter)
