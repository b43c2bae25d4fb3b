"""What is painted over the tiles of the map: selection, labels, tool, pointer, and the furniture at the sides."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from diwi_desktop.gui import theme
from diwi_desktop.gui.map import compare
from diwi_desktop.gui.map.furniture import draw_furniture

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from diwi_desktop.gui.map.canvas import MapCanvas
    from diwi_desktop.gui.map.engine import MapEngine


def paint_work(painter: QPainter, canvas: MapCanvas, engine: MapEngine) -> None:
    """What is selected and what is being drawn."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _selection(painter, canvas, engine)
    if canvas.contours is not None:
        compare.paint(painter, canvas.overlay, canvas.contours)
    canvas.tool.paint_areas(painter)
    # What is being made carries its own words.
    engine.draw_labels(painter, canvas.view, canvas.plan_in_hand if canvas.tool.replaces_plan() else None)
    _spots(painter, canvas, engine)
    canvas.tool.paint(painter)
    _pointer(painter, canvas)


def paint_furniture(painter: QPainter, canvas: MapCanvas) -> None:
    """Scale, coordinates and sources, and a frame for who came here by keyboard."""
    pointer = canvas.pointing.pointer
    draw_furniture(
        painter,
        (canvas.width(), canvas.height()),
        canvas.map_style,
        theme.font("small"),
        canvas.view.metres_per_pixel,
        canvas.view.centre if pointer is None else pointer.at,
        canvas.attribution,
    )
    if canvas.framed:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(canvas.map_style.colour("accent"), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(canvas.rect()).adjusted(1, 1, -1, -1))


def paint_words(painter: QPainter, canvas: MapCanvas, words: str) -> None:
    """A sentence in the middle of a map on which there is nothing to see."""
    painter.setFont(theme.font("large"))
    painter.setPen(canvas.map_style.colour("muted"))
    painter.drawText(QRectF(canvas.rect()), Qt.AlignmentFlag.AlignCenter, words)


def _selected(canvas: MapCanvas, engine: MapEngine) -> Iterator[tuple[BaseGeometry, bool]]:
    """The areas of the selected plans, and whether each is that of the plan in hand, which comes last; it is left out
    while a tool or a comparison shows it.
    """
    for plan_id in reversed(canvas.selection):
        plan = engine.plans.by_id.get(plan_id)
        if plan is None or plan.geometry is None:
            continue
        in_hand = plan_id == canvas.selection[0]
        if not in_hand or not (canvas.tool.replaces_plan() or canvas.contours is not None):
            yield plan.geometry, in_hand


def _selection(painter: QPainter, canvas: MapCanvas, engine: MapEngine) -> None:
    for area, in_hand in _selected(canvas, engine):
        if in_hand:
            canvas.overlay.in_hand(painter, area)
        else:
            canvas.overlay.chosen(painter, area)


def _spots(painter: QPainter, canvas: MapCanvas, engine: MapEngine) -> None:
    """Seen from afar the name of another plan would cover a small one that is selected."""
    for area, _ in _selected(canvas, engine):
        canvas.overlay.spot(painter, area)


def _pointer(painter: QPainter, canvas: MapCanvas) -> None:
    pointer, overlay = canvas.pointing.pointer, canvas.overlay
    if canvas.pointing.crosshair is not None:
        overlay.crosshair(painter, canvas.pointing.crosshair)
    if pointer is None:
        return
    if pointer.found is not None:
        snap = pointer.found.snap
        overlay.snap_mark(painter, snap.x, snap.y, snap.kind)
    readout = canvas.tool.readout(pointer)
    if pointer.found is not None:
        readout = [canvas.found_text(pointer.found), *readout]
    overlay.readout(painter, QPointF(pointer.px, pointer.py), readout, alarm=canvas.notice or canvas.tool.alarm())
