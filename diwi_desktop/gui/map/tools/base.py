"""What a map tool is. A tool draws on the map and proposes a new plan area; it stores nothing itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QCursor, QKeyEvent, QPainter

if TYPE_CHECKING:
    from diwi_desktop.gui.map.canvas import MapCanvas
    from diwi_desktop.gui.map.engine import Found


@dataclass(frozen=True)
class Pointer:
    """Where the user points: (x, y) in RD after snapping, (raw_x, raw_y) without, (px, py) in the window."""

    x: float
    y: float
    raw_x: float
    raw_y: float
    px: float
    py: float
    found: Found | None
    modifiers: Qt.KeyboardModifier

    @property
    def at(self) -> tuple[float, float]:
        """The RD point, snapped."""
        return self.x, self.y

    def has(self, modifier: Qt.KeyboardModifier) -> bool:
        """Whether a modifier key is down."""
        return bool(self.modifiers & modifier)


class Tool(QObject):
    """The base of all tools.

    `snaps` tells whether the canvas looks for a place to snap to; `crosshair` whether the arrow keys move a
    crosshair instead of the map. The canvas calls the methods below; a tool that has no use for one leaves
    it.
    """

    name = ""
    icon = ""
    key = ""
    snaps = False
    crosshair = False
    shape = Qt.CursorShape.CrossCursor
    needs_area = False  # only with a plan in hand that has an area
    needs_parcels = False
    edits = True  # refused while the map is read-only

    def __init__(self, canvas: MapCanvas) -> None:
        super().__init__(canvas)
        self.canvas = canvas

    @property
    def title(self) -> str:
        """The word in the toolbar."""
        raise NotImplementedError

    @property
    def tip(self) -> str:
        """What the tool does, in one sentence."""
        raise NotImplementedError

    def hint(self) -> str:
        """What the next click or key will do."""
        raise NotImplementedError

    def cursor(self) -> QCursor:
        """The pointer over the map."""
        return QCursor(self.shape)

    def missing(self) -> str:
        """Why the tool cannot start now, in a sentence; empty when it can."""
        return ""

    def start(self) -> None:
        """The tool is taken up."""

    def stop(self) -> None:
        """The tool is put away; a sketch that was not confirmed is gone."""

    def refreshed(self) -> None:
        """The plans or parcels on the map were replaced, or another plan is in hand."""

    def moved(self, pointer: Pointer) -> None:
        """The pointer or the crosshair moved."""

    def pressed(self, pointer: Pointer) -> None:
        """The left button went down, or Enter at the crosshair."""

    def dragged(self, pointer: Pointer) -> None:
        """The pointer moved with the left button down."""

    def released(self, pointer: Pointer) -> None:
        """The left button went up, or Enter at the crosshair right after `pressed`."""

    def double_clicked(self, pointer: Pointer) -> None:
        """The second press of a double click, instead of `pressed`."""

    def key_pressed(self, event: QKeyEvent) -> bool:
        """Whether the tool used the key."""
        return False

    def can_confirm(self) -> bool:
        """Whether there is something to confirm."""
        return False

    def confirm(self) -> None:
        """Propose what was drawn."""

    def cancel(self) -> bool:
        """Drop what was drawn so far; False when there was nothing, so that the tool is left."""
        return False

    def wants_tab(self) -> bool:
        """Whether Tab steps through the tool's vertices now, rather than to the next part of the window."""
        return False

    def replaces_plan(self) -> bool:
        """Whether the tool draws the plan in hand itself."""
        return False

    def readout(self, pointer: Pointer) -> list[str]:
        """Lines of text beside the pointer."""
        return []

    def alarm(self) -> str:
        """What is wrong with the sketch, in a few words; empty when nothing is."""
        return ""

    def paint_areas(self, painter: QPainter) -> None:
        """Draw above the map and under the names on it, in points of the window."""

    def paint(self, painter: QPainter) -> None:
        """Draw above all on the map, in points of the window."""

    def description(self) -> str:
        """What is drawn so far, in words, for a screen reader and the line above the map."""
        return ""
