"""Knippen: dividing the area in hand along a line, or cutting a drawn shape out of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QCursor, QPainter

from diwi_desktop.gui.map.tools.area import sentence, square_metres
from diwi_desktop.gui.map.tools.base import Pointer
from diwi_desktop.gui.map.tools.draw import SketchTool
from diwi_desktop.model.finding import UserError

if TYPE_CHECKING:
    from shapely import Polygon

    from diwi_desktop.gui.map.canvas import MapCanvas


class CutTool(SketchTool):
    """First the line, then the choice: what goes is hatched, a click on a piece keeps it or lets it go, Enter
    cuts.
    """

    name = "cut"
    icon = "content-cut"
    key = "K"
    needs_area = True

    @property
    def title(self) -> str:
        return self.tr("Knippen")

    @property
    def tip(self) -> str:
        return self.tr("Een stuk van het plangebied afknippen met een lijn of een vlak")

    def __init__(self, canvas: MapCanvas) -> None:
        super().__init__(canvas)
        self.pieces: list[Polygon] = []
        self.dropped: set[int] = set()
        self._hovered: int | None = None

    def hint(self) -> str:
        if self.pieces:
            return self.tr("Gearceerd gaat eraf; klik op een stuk om het te houden of los te laten, Enter knipt.")
        if not self.points:
            return self.tr("Klik het begin van de snijlijn, buiten het plangebied.")
        if len(self.points) < 3:
            return self.tr("Klik verder; Enter of dubbelklik sluit de lijn af.")
        return self.tr("Enter of dubbelklik sluit de lijn af; klik op het eerste punt voor een vlak.")

    def cursor(self) -> QCursor:
        return QCursor(Qt.CursorShape.PointingHandCursor if self.pieces else Qt.CursorShape.CrossCursor)

    def stop(self) -> None:
        super().stop()
        self._forget()

    def sketching(self) -> bool:
        return bool(self.points or self.pieces)

    def reset(self) -> None:
        super().reset()
        self._forget()

    def moved(self, pointer: Pointer) -> None:
        if not self.pieces:
            super().moved(pointer)
            return
        hovered = self._piece_at(pointer.raw_x, pointer.raw_y)
        if hovered != self._hovered:
            self._hovered = hovered
            self.canvas.tool_updated()

    def pressed(self, pointer: Pointer) -> None:
        if not self.pieces:
            super().pressed(pointer)
            return
        piece = self._piece_at(pointer.raw_x, pointer.raw_y)
        if piece is not None:
            self.dropped ^= {piece}
            self._weigh()

    def double_clicked(self, pointer: Pointer) -> None:
        if not self.pieces:
            super().double_clicked(pointer)

    def can_confirm(self) -> bool:
        if self.pieces:
            return bool(self.dropped) and len(self.dropped) < len(self.pieces)
        return len(self.points) >= 2

    def confirm(self) -> None:
        if self.pieces:
            self._cut()
        else:
            self.finish(closed=False)

    def finish(self, *, closed: bool) -> None:
        """The line is complete: show the pieces, all but the largest to be cut off."""
        import shapely

        from diwi_desktop.geo import edit

        if self.base is None or len(self.points) < 2:
            return
        try:
            if closed:
                shape = edit.draw(self.points)
                inside = _polygons(shapely.intersection(self.base, shape))
                pieces = [*edit.subtract(self.base, shape).geoms, *inside]
                dropped = set(range(len(pieces) - len(inside), len(pieces)))
            else:
                pieces = edit.cut(self.base, shapely.LineString(self.points))
                dropped = set(range(1, len(pieces)))
        except UserError as error:
            self.reset()
            self.canvas.tool_updated()
            self.canvas.say(sentence(error))
            return
        self.pieces = pieces
        self.dropped = dropped
        self._weigh()

    def replaces_plan(self) -> bool:
        return bool(self.pieces)

    def readout(self, pointer: Pointer) -> list[str]:
        if not self.pieces:
            return []
        lines = self.area_lines()
        if self._hovered is not None:
            size = square_metres(self.pieces[self._hovered].area)
            words = (
                self.tr("klik houdt dit stuk: {size}")
                if self._hovered in self.dropped
                else self.tr("klik laat dit stuk los: {size}")
            )
            lines.insert(0, words.format(size=size))
        return lines

    def description(self) -> str:
        if not self.pieces:
            return ""
        words = self.tr("{kept} stukken blijven, {dropped} gaan eraf").format(
            kept=len(self.pieces) - len(self.dropped), dropped=len(self.dropped)
        )
        return ". ".join([words, super().description()])

    def paint_areas(self, painter: QPainter) -> None:
        overlay = self.canvas.overlay
        if self.pieces and self.draft is not None:
            overlay.draft(painter, self.draft)
        for index, piece in enumerate(self.pieces):
            if index in self.dropped:
                overlay.taken(painter, piece)

    def paint(self, painter: QPainter) -> None:
        overlay = self.canvas.overlay
        if not self.pieces:
            self.paint_sketch(painter)
        for index, piece in enumerate(self.pieces):
            place = piece.representative_point()
            colour = "warn" if index in self.dropped else "accent"
            overlay.tag(painter, place.x, place.y, square_metres(piece.area), colour)

    def _weigh(self) -> None:
        """Make the draft of the pieces that stay."""
        from diwi_desktop.geo import edit

        kept = [piece for index, piece in enumerate(self.pieces) if index not in self.dropped]
        self.set_draft(edit.union(kept) if kept else None)
        self.canvas.tool_updated()

    def _cut(self) -> None:
        """Take off what is let go. Subtracting keeps every corner of what stays where it is."""
        from diwi_desktop.geo import edit

        if self.base is None:
            return
        try:
            draft = edit.subtract(self.base, *[self.pieces[index] for index in sorted(self.dropped)])
        except UserError as error:
            self.canvas.say(sentence(error))
            return
        self._forget()
        self.points = []
        self.set_draft(draft)
        self.propose("Knippen")

    def _piece_at(self, x: float, y: float) -> int | None:
        import shapely

        point = shapely.Point(x, y)
        return next((index for index, piece in enumerate(self.pieces) if piece.covers(point)), None)

    def _forget(self) -> None:
        self.pieces = []
        self.dropped = set()
        self._hovered = None


def _polygons(geometry: object) -> list[Polygon]:
    import shapely

    parts = shapely.get_parts(geometry)
    return [part for part in parts if shapely.get_type_id(part) == shapely.GeometryType.POLYGON and part.area > 0]
