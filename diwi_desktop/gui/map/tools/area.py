"""What the drawing tools share: an area in the making, its size, its change and what it overlaps."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from PySide6.QtGui import QPainter

from diwi_desktop.gui.language import language
from diwi_desktop.gui.map.scene import AreaProposal, PlanShape
from diwi_desktop.gui.map.tools.base import Pointer, Tool
from diwi_desktop.model.finding import UserError
from diwi_desktop.model.notation import format_number

if TYPE_CHECKING:
    from shapely import MultiPolygon
    from shapely.geometry.base import BaseGeometry

    from diwi_desktop.gui.map.canvas import MapCanvas

_DRAWN_OVERLAPS = 20
# Of how many proposals the answers may still be under way while the user goes on.
_ECHOES = 8


def square_metres(area: float) -> str:
    """An area in words: "2.310 m\u00b2"."""
    return f"{format_number(round(area))} m\u00b2"


def change(area: float) -> str:
    """A change in area, with its sign: "+450 m\u00b2"."""
    return ("+" if round(area) > 0 else "") + square_metres(area)


def sentence(error: UserError) -> str:
    """What went wrong, in the language of the window."""
    return error.en if language() == "en" else error.nl


class AreaTool(Tool):
    """A tool that makes an area out of the one in hand. `draft` is what would be proposed now, `base` what
    the plan has; both None without an area.
    """

    def __init__(self, canvas: MapCanvas) -> None:
        super().__init__(canvas)
        self.base: MultiPolygon | None = None
        self.draft: MultiPolygon | None = None
        self.problem = ""
        self._plan: str | None = None
        self._before: deque[MultiPolygon | None] = deque(maxlen=_ECHOES)
        self._overlaps: list[tuple[PlanShape, float, BaseGeometry]] = []

    def start(self) -> None:
        self.reset()

    def stop(self) -> None:
        self._plan = None
        self.base = None
        self.problem = ""
        self.set_draft(None)

    def refreshed(self) -> None:
        hand = self.canvas.plan_in_hand
        same = self._plan == (hand.id if hand is not None else None)
        if self.sketching() and same and self._is_known(hand):
            # Something else on the map changed, perhaps by a colleague: what is being drawn stays.
            self.set_draft(self.draft, self.sketch())
        else:
            self.reset()

    def reset(self) -> None:
        """Begin again from what the plan has."""
        hand = self.canvas.plan_in_hand
        self._plan = hand.id if hand is not None else None
        self.base = hand.geometry if hand is not None else None
        self._before.clear()
        self.problem = ""
        self.set_draft(self.base)

    def sketching(self) -> bool:
        """Whether the user is in the middle of something that is not yet proposed."""
        return self.changed()

    def sketch(self) -> BaseGeometry | None:
        """What is drawn beside the draft."""
        return None

    def _is_known(self, hand: PlanShape | None) -> bool:
        """Whether the plan is as this tool left it, or as it was before a proposal that the window is still
        storing.
        """
        geometry = hand.geometry if hand is not None else None
        for known in (self.base, *self._before):
            if geometry is None or known is None:
                if geometry is known:
                    return True
            elif geometry is known or geometry.equals(known):
                return True
        return False

    def set_draft(self, draft: MultiPolygon | None, sketch: BaseGeometry | None = None) -> None:
        """Take a new area as the one in the making, and see what it (or the `sketch` of it) overlaps."""
        self.draft = draft
        looked = sketch if sketch is not None else draft
        self._overlaps = []
        if looked is None or looked.is_empty or looked is self.base:
            return
        from diwi_desktop.geo import edit

        near = self.canvas.other_plans(looked.bounds)
        shapes = [plan.geometry for plan in near]
        for index, m2 in edit.overlaps(shapes, looked)[:_DRAWN_OVERLAPS]:
            plan = near[index]
            if plan.geometry is not None:
                self._overlaps.append((plan, m2, plan.geometry.intersection(looked)))

    def changed(self) -> bool:
        """Whether the draft differs from what the plan has."""
        if self.draft is None or self.base is None:
            return self.draft is not self.base
        return self.draft is not self.base and not self.draft.equals(self.base)

    def can_confirm(self) -> bool:
        return self.draft is not None and self.changed()

    def propose(self, act: str, parcels: frozenset[str] | None = None) -> None:
        """Hand the draft to the window, with the name of the act (Dutch, as it is kept in the log)."""
        if self.draft is None:
            return
        hand = self.canvas.plan_in_hand
        draft = self.draft
        # The window answers with set_plans, which brings `refreshed`; until then this is what the plan has.
        self._before.append(self.base)
        self.base = draft
        self.canvas.propose(AreaProposal(hand.id if hand is not None else None, draft, act, parcels))

    def area_lines(self) -> list[str]:
        """The area, and by how much it changes."""
        if self.draft is None:
            return []
        text = square_metres(self.draft.area)
        before = self.base.area if self.base is not None else 0.0
        difference = self.draft.area - before
        if self.base is not None and round(difference):
            text += f"  ({change(difference)})"
        return [text]

    def readout(self, pointer: Pointer) -> list[str]:
        return self.area_lines()

    def alarm(self) -> str:
        if self.problem:
            return self.problem
        if not self._overlaps:
            return ""
        plan, m2, _ = self._overlaps[0]
        text = self.tr("Overlapt {name}: {area}").format(name=plan.label, area=square_metres(m2))
        if len(self._overlaps) > 1:
            text += self.tr(" en nog {count}").format(count=len(self._overlaps) - 1)
        return text

    def description(self) -> str:
        return ". ".join(line for line in (*self.area_lines(), self.alarm()) if line)

    def replaces_plan(self) -> bool:
        return self.draft is not None

    def paint_areas(self, painter: QPainter) -> None:
        if self.draft is not None:
            self.canvas.overlay.draft(painter, self.draft, wrong=bool(self.problem))
        self.paint_overlaps(painter)

    def paint_overlaps(self, painter: QPainter) -> None:
        """Hatched: what lies in other plans as well."""
        for _, _, shared in self._overlaps:
            self.canvas.overlay.overlapping(painter, shared)

    def paint(self, painter: QPainter) -> None:
        """How much lies in other plans."""
        for _, m2, shared in self._overlaps:
            place = shared.representative_point()
            self.canvas.overlay.tag(painter, place.x, place.y, square_metres(m2))
