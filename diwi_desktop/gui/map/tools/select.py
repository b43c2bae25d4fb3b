"""Moving the map and choosing a plan: what the map does when nothing else is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QCursor, QPainter
from PySide6.QtWidgets import QApplication

from diwi_desktop.gui.map.scene import PlanShape
from diwi_desktop.gui.map.tools.base import Pointer, Tool

if TYPE_CHECKING:
    from diwi_desktop.gui.map.canvas import MapCanvas


class SelectTool(Tool):
    """Click a plan to choose it, drag to move the map."""

    name = "select"
    icon = "cursor-default-outline"
    key = "V"
    shape = Qt.CursorShape.ArrowCursor
    edits = False

    @property
    def title(self) -> str:
        return self.tr("Kiezen")

    @property
    def tip(self) -> str:
        return self.tr("Een plan kiezen, of de kaart verschuiven door te slepen")

    def __init__(self, canvas: MapCanvas) -> None:
        super().__init__(canvas)
        self._from: QPointF | None = None
        self._dragging = False
        self.hovered: PlanShape | None = None

    def hint(self) -> str:
        if self.hovered is not None:
            return self.tr("Klik om plan {name} te kiezen.").format(name=self.hovered.label)
        return self.tr("Klik op een plan om het te kiezen; sleep om de kaart te verschuiven.")

    def cursor(self) -> QCursor:
        if self._dragging:
            return QCursor(Qt.CursorShape.ClosedHandCursor)
        return QCursor(Qt.CursorShape.PointingHandCursor if self.hovered else Qt.CursorShape.ArrowCursor)

    def stop(self) -> None:
        self.hovered = None
        self._from = None
        self._dragging = False

    def refreshed(self) -> None:
        self.hovered = None

    def moved(self, pointer: Pointer) -> None:
        plan = self.canvas.plan_at(pointer.px, pointer.py)
        if plan != self.hovered:
            self.hovered = plan
            self.canvas.tool_updated()

    def pressed(self, pointer: Pointer) -> None:
        self._from = QPointF(pointer.px, pointer.py)
        self._dragging = False

    def dragged(self, pointer: Pointer) -> None:
        if self._from is None:
            return
        to = QPointF(pointer.px, pointer.py)
        if not self._dragging and (to - self._from).manhattanLength() < QApplication.startDragDistance():
            return
        if not self._dragging:
            self._dragging = True
            self.canvas.tool_updated()
        self.canvas.pan(to.x() - self._from.x(), to.y() - self._from.y())
        self._from = to

    def released(self, pointer: Pointer) -> None:
        was_click = self._from is not None and not self._dragging
        self._from = None
        if self._dragging:
            self._dragging = False
            self.canvas.tool_updated()
        if was_click:
            self.canvas.click_plan(
                self.canvas.plan_at(pointer.px, pointer.py),
                add=pointer.has(Qt.KeyboardModifier.ControlModifier),
            )

    def paint_areas(self, painter: QPainter) -> None:
        if self.hovered is not None and self.hovered.geometry is not None:
            self.canvas.overlay.hovered(painter, self.hovered.geometry)
