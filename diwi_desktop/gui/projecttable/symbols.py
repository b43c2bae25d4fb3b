"""Small signs in front of words.

A square in the colour of a phase, a solid or dashed ring for the plan status.
"""

from __future__ import annotations

from functools import cache, lru_cache

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPen, QPixmap

from diwi_desktop.gui import theme
from diwi_desktop.model.codes import Confidentiality, PlanStatus
from diwi_desktop.model.derive import is_hard
from diwi_desktop.store.queries import ProjectRow

SIDE = 12
_FINE = 3  # drawn finer than shown, for screens with a high resolution


def of_cell(column: str, row: ProjectRow) -> QIcon | None:
    """The sign of a cell, for the columns that have one."""
    if column == "phase" and row.phase:
        return phase(row.phase)
    if column == "plan_status":
        return plan_status(row.plan_status)
    if column == "confidentiality" and row.confidentiality == Confidentiality.PRIVATE:
        return _lock()
    return None


def phase(key: str | None) -> QIcon:
    """A square in the colour of a phase; hollow when there is none."""
    return _phase(key, theme.current().name)


def plan_status(key: str | None) -> QIcon:
    """Hard plans a solid ring, soft ones a dashed ring, none an empty place.

    As the map draws their outlines.
    """
    kind = "none" if key is None else "hard" if is_hard(PlanStatus(key)) else "soft"
    return _status(kind, theme.current().name)


@cache
def _lock() -> QIcon:
    """Private: with the word beside it."""
    return theme.icon("lock")


@lru_cache(maxsize=64)
def _phase(key: str | None, _theme: str) -> QIcon:
    picture, painter = _canvas()
    ink = theme.phase_colour(key)
    painter.setPen(QPen(ink.darker(125), 1))
    painter.setBrush(ink if key else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(1.5, 1.5, SIDE - 3, SIDE - 3), 2, 2)
    painter.end()
    return _icon(picture)


@lru_cache(maxsize=16)
def _status(kind: str, _theme: str) -> QIcon:
    picture, painter = _canvas()
    if kind != "none":
        pen = QPen(theme.colour("good" if kind == "hard" else "warn"), 2)
        if kind == "soft":
            pen.setDashPattern([1.6, 1.25])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(2, 2, SIDE - 4, SIDE - 4), 2, 2)
    painter.end()
    return _icon(picture)


def _icon(picture: QPixmap) -> QIcon:
    """The same picture in a selected row: tinting it would make it another phase."""
    made = QIcon(picture)
    made.addPixmap(picture, QIcon.Mode.Selected)
    return made


def _canvas() -> tuple[QPixmap, QPainter]:
    picture = QPixmap(SIDE * _FINE, SIDE * _FINE)
    picture.setDevicePixelRatio(_FINE)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    return picture, painter
