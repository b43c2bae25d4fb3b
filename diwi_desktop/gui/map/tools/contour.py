"""Contour slepen: dragging the corners and edges of the plan in hand, snapped to parcels and other plans."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QCursor, QKeyEvent, QPainter

from diwi_desktop.gui.map.tools.area import AreaTool, sentence
from diwi_desktop.gui.map.tools.base import Pointer
from diwi_desktop.model.finding import UserError

if TYPE_CHECKING:
    import numpy as np
    from shapely import MultiPolygon

    from diwi_desktop.geo.edit import VertexRef
    from diwi_desktop.gui.map.canvas import MapCanvas

_CORNER_PX = 10.0
_EDGE_PX = 7.0
_STEP_M, _BIG_STEP_M = 0.1, 1.0
_KEY_SNAP_M = 5.0
_MANY = 400  # more handles than this in view would hide the area

_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}


@dataclass(frozen=True)
class Handle:
    """A corner, or an edge by its first corner, with the point of it that is held (RD)."""

    kind: Literal["corner", "edge"]
    ref: VertexRef
    at: tuple[float, float]


class ContourTool(AreaTool):
    """Every finished drag is one proposal. Alt suspends snapping; an edge moves square to itself, with Shift
    freely.
    """

    name = "contour"
    icon = "vector-polygon"
    key = "C"
    snaps = True
    needs_area = True
    crosshair = True

    @property
    def title(self) -> str:
        return self.tr("Contour slepen")

    @property
    def tip(self) -> str:
        return self.tr("Hoekpunten en grenzen van het plangebied verslepen")

    def __init__(self, canvas: MapCanvas) -> None:
        super().__init__(canvas)
        self.hovered: Handle | None = None
        self.selected: VertexRef | None = None
        self._held: Handle | None = None
        self._by_keys = False

    def hint(self) -> str:
        if self._held is not None:
            return self.tr("Laat los om vast te leggen; Alt laat niet aanhaken, Esc zet terug.")
        if self._by_keys:
            return self.tr("Pijltjes verschuiven 10 cm (Shift: 1 m), S haakt aan, Enter legt vast, Esc zet terug.")
        if self.hovered is not None and self.hovered.kind == "corner":
            return self.tr("Sleep het hoekpunt; Delete haalt het weg.")
        if self.hovered is not None:
            return self.tr("Sleep de grens; dubbelklik voegt een hoekpunt toe.")
        return self.tr("Sleep een hoekpunt of grens; Tab gaat langs de hoekpunten, Esc stopt.")

    def cursor(self) -> QCursor:
        if self._held is not None or self.hovered is not None:
            return QCursor(Qt.CursorShape.SizeAllCursor)
        return QCursor(Qt.CursorShape.ArrowCursor)

    def sketching(self) -> bool:
        return self._held is not None or self._by_keys

    def reset(self) -> None:
        super().reset()
        self._held = None
        self.hovered = None
        self._by_keys = False
        if self.selected is not None and self._place(self.selected) is None:
            self.selected = None

    def stop(self) -> None:
        super().stop()
        self.hovered = self._held = self.selected = None
        self._by_keys = False

    # ----------------------------------------------------------------------------------------------- the
    # mouse

    def moved(self, pointer: Pointer) -> None:
        hovered = self._handle_at(pointer.raw_x, pointer.raw_y)
        if hovered != self.hovered:
            self.hovered = hovered
            self.canvas.tool_updated()

    def pressed(self, pointer: Pointer) -> None:
        if self._by_keys:
            self._commit_keys()
        self._held = self._handle_at(pointer.raw_x, pointer.raw_y)
        self.selected = self._held.ref if self._held is not None and self._held.kind == "corner" else None
        self.canvas.tool_updated()

    def dragged(self, pointer: Pointer) -> None:
        held = self._held
        if held is None or self.base is None:
            return
        from diwi_desktop.geo import edit

        base = self.base
        if held.kind == "corner":
            self._try(lambda: edit.move_vertex(base, held.ref, pointer.at))
        else:
            dx, dy = self._edge_shift(held, pointer)
            self._try(lambda: edit.move_edge(base, held.ref, dx, dy))

    def released(self, pointer: Pointer) -> None:
        held, self._held = self._held, None
        if held is None:
            return
        if self.problem:
            # What cannot be stays as it was; the sentence has been on screen all the while.
            self.canvas.say(self.problem)
            self.problem = ""
            self.set_draft(self.base)
        elif self.changed():
            self.selected = self._found_again(pointer.at) if held.kind == "corner" else None
            self.propose("Contour slepen")
        self.moved(pointer)

    def double_clicked(self, pointer: Pointer) -> None:
        held = self._handle_at(pointer.raw_x, pointer.raw_y)
        if held is not None and held.kind == "edge":
            self._insert(held.ref, pointer.at if pointer.found is not None else held.at)

    # -------------------------------------------------------------------------------------------- the
    # keyboard

    def wants_tab(self) -> bool:
        return self.base is not None

    def key_pressed(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            self._step(-1 if key is Qt.Key.Key_Backtab else 1)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._delete()
        elif self.selected is None:
            return False
        elif key in _ARROWS:
            self._nudge(_ARROWS[key], bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif key is Qt.Key.Key_S:
            self._snap_selected()
        elif key is Qt.Key.Key_Insert:
            self._insert_after_selected()
        else:
            return False
        return True

    def can_confirm(self) -> bool:
        return self._by_keys and not self.problem and self.changed()

    def confirm(self) -> None:
        self._commit_keys()

    def cancel(self) -> bool:
        if not self.sketching():
            return False
        self.reset()
        return True

    def _step(self, direction: int) -> None:
        """The next corner, in the order of the outline."""
        if self._by_keys:
            self._commit_keys()
        if self.draft is None:
            return
        refs = self._vertices()[1]
        order = [self._ref(row) for row in refs]
        at = order.index(self.selected) if self.selected in order else (-1 if direction > 0 else 0)
        self.selected = order[(at + direction) % len(order)]
        place = self._place(self.selected)
        if place is not None:
            self.canvas.reveal(*place)
        self.canvas.tool_updated()

    def _nudge(self, direction: tuple[int, int], big: bool) -> None:
        place = self._place(self.selected)
        if place is None:
            return
        step = _BIG_STEP_M if big else _STEP_M
        self._put_selected((place[0] + direction[0] * step, place[1] + direction[1] * step))

    def _snap_selected(self) -> None:
        place = self._place(self.selected)
        found = self.canvas.snap_near(*place, _KEY_SNAP_M) if place is not None else None
        if found is None:
            self.canvas.say(self.tr("Binnen 5 m ligt geen hoek of grens om aan te haken."))
            return
        self._put_selected((found.snap.x, found.snap.y))
        self.canvas.hint_changed.emit(self.canvas.found_text(found))

    def _put_selected(self, to: tuple[float, float]) -> None:
        """Move the selected corner in the draft; confirmed later, so that ten taps are one act."""
        from diwi_desktop.geo import edit

        draft, ref = self.draft, self.selected
        if draft is None or ref is None:
            return
        if self._try(lambda: edit.move_vertex(draft, ref, to)):
            self._by_keys = True
            self.selected = self._found_again(to)
        self.canvas.tool_updated()

    def _commit_keys(self) -> None:
        self._by_keys = False
        place = self._place(self.selected)
        if self.changed():
            self.propose("Contour slepen")
        self.selected = self._found_again(place) if place is not None else None

    # ---------------------------------------------------------------------------------------------- corners

    def _insert(self, ref: VertexRef, at: tuple[float, float]) -> None:
        from diwi_desktop.geo import edit

        base = self.base
        if base is not None and self._try(lambda: edit.insert_vertex(base, ref, at)):
            self.propose("Hoekpunt toevoegen")
            self.selected = self._found_again(at)

    def _insert_after_selected(self) -> None:
        from diwi_desktop.geo import edit

        if self._by_keys:
            self._commit_keys()
        if self.base is not None and self.selected is not None:
            (ax, ay), (bx, by) = edit.edge(self.base, self.selected)
            self._insert(self.selected, ((ax + bx) / 2, (ay + by) / 2))

    def _delete(self) -> None:
        from diwi_desktop.geo import edit

        hovered = self.hovered.ref if self.hovered is not None and self.hovered.kind == "corner" else None
        base, ref = self.base, self.selected or hovered
        if base is None or ref is None:
            self.canvas.say(self.tr("Wijs eerst een hoekpunt aan."))
            return
        self.selected = self.hovered = None
        if self._try(lambda: edit.delete_vertex(base, ref)):
            self.propose("Hoekpunt verwijderen")
        else:
            self.canvas.say(self.problem)
            self.problem = ""
            self.set_draft(self.base)

    def _try(self, make: Callable[[], MultiPolygon]) -> bool:
        """Take what `make` gives as the draft, or note why it cannot be."""
        try:
            draft = make()
        except UserError as error:
            self.problem = sentence(error)
            return False
        self.problem = ""
        self.set_draft(draft)
        return True

    # ------------------------------------------------------------------------------------------------ looks

    def paint(self, painter: QPainter) -> None:
        super().paint(painter)
        if self.draft is None:
            return
        overlay = self.canvas.overlay
        xmin, ymin, xmax, ymax = self.canvas.view.bounds
        places = self._vertices()[0]
        inside = (places[:, 0] > xmin) & (places[:, 0] < xmax) & (places[:, 1] > ymin) & (places[:, 1] < ymax)
        if inside.sum() <= _MANY:
            for x, y in places[inside].tolist():
                overlay.corner(painter, x, y)
        if self.hovered is not None and self._held is None and self.base is not None:
            self._paint_hovered(painter)
        place = self._place(self.selected)
        if place is not None:
            overlay.corner(painter, *place, strong=True)

    def _paint_hovered(self, painter: QPainter) -> None:
        from diwi_desktop.geo import edit

        overlay = self.canvas.overlay
        if self.hovered is None or self.base is None:
            return
        if self.hovered.kind == "corner":
            overlay.corner(painter, *self.hovered.at, strong=True)
        else:
            overlay.edge(painter, *edit.edge(self.base, self.hovered.ref))

    def readout(self, pointer: Pointer) -> list[str]:
        return self.area_lines() if self._held is not None or self._by_keys else []

    def description(self) -> str:
        place = self._place(self.selected)
        if place is None:
            return super().description()
        words = self.tr("Hoekpunt op RD {x}, {y}").format(x=f"{place[0]:.1f}", y=f"{place[1]:.1f}")
        return ". ".join([words, super().description()])

    # ---------------------------------------------------------------------------------------------- finding

    def _vertices(self) -> tuple[np.ndarray, np.ndarray]:
        from shapely import MultiPolygon

        from diwi_desktop.geo import edit

        return edit.vertices(self.draft if self.draft is not None else MultiPolygon())

    @staticmethod
    def _ref(row: np.ndarray) -> VertexRef:
        from diwi_desktop.geo.edit import VertexRef

        return VertexRef(int(row[0]), int(row[1]), int(row[2]))

    def _place(self, ref: VertexRef | None) -> tuple[float, float] | None:
        from diwi_desktop.geo import edit

        if ref is None or self.draft is None:
            return None
        try:
            return edit.vertex(self.draft, ref)
        except edit.InvalidEdit:
            return None

    def _found_again(self, at: tuple[float, float]) -> VertexRef | None:
        from diwi_desktop.geo import edit

        return edit.find_vertex(self.draft, *at) if self.draft is not None else None

    def _handle_at(self, x: float, y: float) -> Handle | None:
        """The corner or edge of the plan under an RD point."""
        if self.base is None:
            return None
        import numpy as np

        from diwi_desktop.geo import edit

        scale = self.canvas.view.metres_per_pixel
        places, refs = edit.vertices(self.base)
        away = np.hypot(places[:, 0] - x, places[:, 1] - y)
        corner = int(np.argmin(away))
        if away[corner] <= _CORNER_PX * scale:
            at = (float(places[corner, 0]), float(places[corner, 1]))
            return Handle("corner", self._ref(refs[corner]), at)
        # The next corner in the same ring; after the last one comes the first.
        turns = np.append((refs[1:, :2] != refs[:-1, :2]).any(axis=1), True)
        firsts = np.append(0, np.flatnonzero(turns)[:-1] + 1)
        following = np.arange(1, len(places) + 1)
        following[turns] = firsts
        along = places[following] - places
        length2 = np.maximum((along**2).sum(axis=1), 1e-12)
        share = np.clip((((x, y) - places) * along).sum(axis=1) / length2, 0, 1)
        feet = places + along * share[:, None]
        away = np.hypot(feet[:, 0] - x, feet[:, 1] - y)
        nearest = int(np.argmin(away))
        if away[nearest] > _EDGE_PX * scale:
            return None
        return Handle("edge", self._ref(refs[nearest]), (float(feet[nearest, 0]), float(feet[nearest, 1])))

    def _edge_shift(self, held: Handle, pointer: Pointer) -> tuple[float, float]:
        """How far the held edge moves: square to itself, so that its neighbours keep their direction at right
        angles.
        """
        from diwi_desktop.geo import edit

        dx, dy = pointer.x - held.at[0], pointer.y - held.at[1]
        if pointer.has(Qt.KeyboardModifier.ShiftModifier) or self.base is None:
            return dx, dy
        (ax, ay), (bx, by) = edit.edge(self.base, held.ref)
        length = max(1e-9, ((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5)
        nx, ny = -(by - ay) / length, (bx - ax) / length
        out = dx * nx + dy * ny
        return nx * out, ny * out
