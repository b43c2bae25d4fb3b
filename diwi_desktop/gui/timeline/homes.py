"""Homes per year under the time axis: built up, demolished down, and what a move would change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from diwi_desktop.gui import theme
from diwi_desktop.gui.timeline import ink
from diwi_desktop.gui.timeline.scale import Scale
from diwi_desktop.model.notation import format_number

Years = Mapping[int, tuple[int, int]]  # (built, demolished) per year
_WIDEST = 30.0
_NONE = (0, 0)


def changed_years(before: Years, after: Years) -> dict[int, tuple[tuple[int, int], tuple[int, int]]]:
    """The years that differ, with (built, demolished) before and after."""
    years = sorted({*before, *after})
    pairs = {year: (before.get(year, _NONE), after.get(year, _NONE)) for year in years}
    return {year: pair for year, pair in pairs.items() if pair[0] != pair[1]}


class Strip:
    """The bars of the years in view. `after` is how it would be; equal to `before` when nothing is being moved."""

    def __init__(self, before: Years, after: Years, scale: Scale, box: QRectF) -> None:
        self._before, self._after, self._scale, self._box = before, after, scale, box
        self._years = sorted({*before, *after})

    def paint(self, painter: QPainter) -> None:
        small, bold = theme.font("small"), theme.font("small", bold=True)
        metrics = QFontMetricsF(bold)
        line = metrics.height()
        pairs = [*self._before.values(), *self._after.values()]
        most = max((built for built, _ in pairs), default=0)
        least = max((gone for _, gone in pairs), default=0)
        room = self._box.height() - line * ((1 if most else 0) + (1 if least else 0)) - 6
        per_home = max(0.0, room) / max(1, most + least)
        zero = self._box.top() + 3 + (line if most else 0) + most * per_home
        painter.setPen(QPen(theme.colour("strong_line"), 1))
        painter.drawLine(QLineF(self._box.left(), zero, self._box.right(), zero))
        busy = {1: self._box.left(), -1: self._box.left()}
        for year in self._years:
            left, right = self._scale.x(date(year, 1, 1)), self._scale.x(date(year + 1, 1, 1))
            if right < self._box.left() or left > self._box.right():
                continue
            middle = (left + right) / 2
            wide = max(3.0, min(_WIDEST, (right - left) * 0.6))
            for sign, place, token in ((1, 0, "accent"), (-1, 1, "bad")):
                before, after = self._before.get(year, _NONE)[place], self._after.get(year, _NONE)[place]
                if not before and not after:
                    continue
                self._bar(painter, middle, wide, zero, sign * before * per_home, sign * after * per_home, token)
                text = self._text(sign, before, after)
                painter.setFont(small if before == after else bold)
                width = metrics.horizontalAdvance(text)
                at = zero - max(before, after) * per_home - line if sign > 0 else zero + max(before, after) * per_home
                if middle - width / 2 < busy[sign] and before != after:
                    text = format_number(sign * after)
                    width = metrics.horizontalAdvance(text)
                if middle - width / 2 >= busy[sign]:
                    painter.setPen(theme.colour("text" if before == after and sign > 0 else token))
                    painter.drawText(QRectF(middle - width, at, 2 * width, line), Qt.AlignmentFlag.AlignCenter, text)
                    busy[sign] = middle + width / 2 + 3

    @staticmethod
    def _text(sign: int, before: int, after: int) -> str:
        if before == after:
            return format_number(sign * after)
        return f"{format_number(sign * before)} → {format_number(sign * after)}"

    @staticmethod
    def _bar(
        painter: QPainter, middle: float, wide: float, zero: float, before: float, after: float, token: str
    ) -> None:
        """Up is positive: heights in pixels. What was, is a dashed outline."""
        colour = theme.colour(token)
        if after:  # up is built, down is demolished
            painter.setPen(Qt.PenStyle.NoPen if after > 0 else QPen(colour, 1))
            painter.setBrush(colour if after > 0 else ink.hatch(colour))
            painter.drawRect(QRectF(middle - wide / 2, zero - after, wide, after).normalized())
        if before != after and before:
            pen = QPen(theme.colour("muted"), 1)
            pen.setDashPattern([2, 2])
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(middle - wide / 2, zero - before, wide, before).normalized())
