"""Percelen kiezen: a plan area as the union of parcels, by clicking them or sweeping over them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QApplication

from diwi_desktop.gui.map.tools.area import AreaTool, change, sentence
from diwi_desktop.gui.map.tools.base import Pointer
from diwi_desktop.model.finding import UserError

if TYPE_CHECKING:
    from diwi_desktop.gui.map.canvas import MapCanvas

_SWEEP_STEP_PX = 4


class ParcelTool(AreaTool):
    """A click adds or takes away a parcel; dragging adds all parcels under the way, with Shift it takes them
    away.
    """

    name = "parcels"
    icon = "vector-square-plus"
    key = "P"
    shape = Qt.CursorShape.PointingHandCursor
    crosshair = True
    needs_parcels = True

    @property
    def title(self) -> str:
        return self.tr("Percelen kiezen")

    @property
    def tip(self) -> str:
        return self.tr("Het plangebied samenstellen uit percelen: klik ze aan of sleep eroverheen")

    def __init__(self, canvas: MapCanvas) -> None:
        super().__init__(canvas)
        self.chosen: set[int] = set()
        self._known: set[int] = set()
        self._hovered: int | None = None
        self._way: list[QPointF] = []
        self._swept: list[int] = []
        self._sweeping = False
        self._removing = False

    def missing(self) -> str:
        if not self.canvas.has_parcels:
            return self.tr("Er zijn nog geen percelen; importeer eerst de kadastrale kaart.")
        return ""

    def hint(self) -> str:
        if self._sweeping:
            return self.tr("Laat los om {count} percelen te kiezen.").format(count=len(self._swept))
        if self._hovered is not None:
            name = self.canvas.parcels.labels[self._hovered]
            if self._hovered in self.chosen:
                return self.tr("Klik om perceel {name} eruit te halen.").format(name=name)
            return self.tr("Klik om perceel {name} toe te voegen.").format(name=name)
        if self.changed():
            return self.tr("Enter legt de keuze vast, Esc laat haar los.")
        return self.tr("Klik percelen aan of sleep eroverheen (Shift: eruit halen); Enter legt vast.")

    def reset(self) -> None:
        super().reset()
        self._known = self._parcels_of_plan()
        self.chosen = set(self._known)
        self._drop_sweep()
        self._hovered = None

    def stop(self) -> None:
        super().stop()
        self.chosen = set()
        self._known = set()
        self._hovered = None
        self._drop_sweep()

    def cancel(self) -> bool:
        if not self.sketching():
            return False
        self.reset()
        return True

    def confirm(self) -> None:
        labels = self.canvas.parcels.labels
        self._known = set(self.chosen)
        self.propose("Percelen kiezen", frozenset(labels[index] for index in self.chosen))

    def moved(self, pointer: Pointer) -> None:
        hit = self.canvas.parcels.at(pointer.raw_x, pointer.raw_y)
        if hit != self._hovered:
            self._hovered = hit
            self.canvas.tool_updated()

    def pressed(self, pointer: Pointer) -> None:
        self._way = [QPointF(pointer.px, pointer.py)]
        self._swept = []
        self._sweeping = False
        self._removing = pointer.has(Qt.KeyboardModifier.ShiftModifier)

    def dragged(self, pointer: Pointer) -> None:
        if not self._way:
            return
        place, last = QPointF(pointer.px, pointer.py), self._way[-1]
        step = _SWEEP_STEP_PX if self._sweeping else QApplication.startDragDistance()
        if (place - last).manhattanLength() < step:
            return
        self._sweeping = True
        self._way.append(place)
        world = [self.canvas.view.to_world(at.x(), at.y()) for at in (last, place)]
        for index in self.canvas.parcels.crossed_by(world):
            if index not in self._swept and (index in self.chosen) == self._removing:
                self._swept.append(index)
        self._hovered = None
        self.canvas.tool_updated()

    def released(self, pointer: Pointer) -> None:
        swept, sweeping, removing = self._swept, self._sweeping, self._removing
        self._drop_sweep()
        if sweeping:
            self._choose(swept, take_away=removing)
        else:
            hit = self.canvas.parcels.at(pointer.raw_x, pointer.raw_y)
            if hit is not None:
                self._choose([hit], take_away=hit in self.chosen)
        self.canvas.tool_updated()

    def readout(self, pointer: Pointer) -> list[str]:
        lines = []
        if self._sweeping:
            verb = self.tr("{count} percelen eruit") if self._removing else self.tr("{count} percelen erbij")
            lines.append(verb.format(count=len(self._swept)))
        elif self._hovered is not None:
            size = self.canvas.parcels.shapes.geometry(self._hovered).area
            sign = -size if self._hovered in self.chosen else size
            lines.append(
                self.tr("perceel {name}: {change}").format(
                    name=self.canvas.parcels.labels[self._hovered], change=change(sign)
                )
            )
        if self.chosen or self.draft is not None:
            count = len(self.chosen)
            words = self.tr("1 perceel") if count == 1 else self.tr("{count} percelen").format(count=count)
            lines.append(", ".join([words, *self.area_lines()]))
        return lines

    def description(self) -> str:
        words = self.tr("{count} percelen gekozen").format(count=len(self.chosen))
        return ". ".join([words, super().description()])

    def paint_areas(self, painter: QPainter) -> None:
        super().paint_areas(painter)
        overlay, shapes = self.canvas.overlay, self.canvas.parcels.shapes
        if self._sweeping and self._swept:
            import numpy as np
            import shapely

            all_of_them = shapely.geometrycollections(shapes.geometries(np.array(self._swept)))
            (overlay.taken if self._removing else overlay.added)(painter, all_of_them)
        elif self._hovered is not None and not self._sweeping:
            parcel = shapes.geometry(self._hovered)
            (overlay.taken if self._hovered in self.chosen else overlay.added)(painter, parcel)

    def paint(self, painter: QPainter) -> None:
        super().paint(painter)
        if self._sweeping:
            way = [self.canvas.view.to_world(at.x(), at.y()) for at in self._way]
            self.canvas.overlay.line(painter, way)

    def _choose(self, parcels: Iterable[int], *, take_away: bool) -> None:
        """Add parcels to the draft or take them out, and nothing else of it: what was refined by hand
        stays.
        """
        from diwi_desktop.geo import edit

        wanted = list(parcels)
        shapes = [self.canvas.parcels.shapes.geometry(index) for index in wanted]
        if not shapes:
            return
        left = self.chosen - set(wanted) if take_away else self.chosen | set(wanted)
        self.problem = ""
        try:
            if not take_away:
                draft = edit.add(self.draft, *shapes)
            elif self.draft is not None:
                draft = edit.subtract(self.draft, *shapes)
            else:
                return
        except UserError as error:
            if not take_away or left:
                self.problem = sentence(error)
                return
            # The last parcel is out: there is no area now, which can be built up again but not confirmed.
            draft = None
        self.chosen = left
        self.set_draft(draft)

    def changed(self) -> bool:
        return self.chosen != self._known

    def sketching(self) -> bool:
        return self._sweeping or self.changed()

    def _parcels_of_plan(self) -> set[int]:
        hand = self.canvas.plan_in_hand
        if hand is None or hand.geometry is None:
            return set()
        fabric = self.canvas.parcels
        known = {index for label in hand.parcels if (index := fabric.find(label)) is not None}
        return known or set(fabric.within(hand.geometry))

    def _drop_sweep(self) -> None:
        self._way = []
        self._swept = []
        self._sweeping = False
