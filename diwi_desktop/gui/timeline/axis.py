"""The time axis: two rows of units, the lines under them, and where today is."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from diwi_desktop.gui import theme
from diwi_desktop.gui.language import language
from diwi_desktop.gui.timeline.items import month_name
from diwi_desktop.gui.timeline.scale import Cell, Scale, Unit, cells, units

_STRONG = 3.0


def axis_height() -> float:
    """Two rows of small text."""
    return 2 * (theme.size("small") + 7)


def unit_names(cell: Cell) -> list[str]:
    """What an axis cell may be called, longest first."""
    start = cell.start
    if cell.unit is Unit.WEEK:
        week = start.isocalendar().week
        return [f"week {week}", f"wk {week}", str(week)]
    if cell.unit is Unit.MONTH:
        name, short = month_name(start, "MMMM"), month_name(start, "MMM")
        return [f"{name} {start.year}", name, short, short[:1]]
    if cell.unit is Unit.QUARTER:
        quarter = (start.month + 2) // 3
        return [f"{'Q' if language() == 'en' else 'K'}{quarter}", str(quarter)]
    return [str(start.year)]


def names_that_fit(found: list[Cell], room: float, metrics: QFontMetricsF, skip: int = 0) -> list[str]:
    """One way of naming for a whole row: the longest with which every name fits; empty texts when none does."""
    for names in zip(*(unit_names(cell)[skip:] for cell in found), strict=True):
        if all(metrics.horizontalAdvance(name) <= room for name in names):
            return list(names)
    return [""] * len(found)


class Axis:
    """Paints the axis at the top and the grid through the lanes."""

    def __init__(self, scale: Scale, today: date, today_word: str) -> None:
        self._scale = scale
        self._today = today
        self._word = today_word
        self._upper, self._lower = units(scale, theme.size("small") / 12)

    def grid(self, painter: QPainter, top: float, bottom: float) -> None:
        """Lines where the units begin, the larger ones stronger."""
        for unit, strength in ((self._lower, 0.45), (self._upper, 1.0)):
            if unit is None:
                continue
            ink = theme.colour("line")
            # Lines as dark as text (high contrast) would run through the words.
            strong = theme.contrast(ink, theme.colour("surface")) > _STRONG
            ink.setAlphaF(strength * 0.2 if strong else strength)
            painter.setPen(QPen(ink, 1))
            for cell in cells(self._scale, unit):
                x = round(self._scale.x(cell.start)) + 0.5
                if x >= self._scale.left:
                    painter.drawLine(QLineF(x, top, x, bottom))

    def chip(self, metrics: QFontMetricsF) -> QRectF | None:
        """The place of the word at the today line; None when today is out of view."""
        x = self._scale.x(self._today)
        if not self._scale.left <= x <= self._scale.right:
            return None
        wide, high = metrics.horizontalAdvance(self._word) + 10, axis_height() / 2
        left = min(max(x - wide / 2, self._scale.left), self._scale.right - wide)
        return QRectF(left, high, wide, high - 1)

    def paint(self, painter: QPainter) -> None:
        """The rows of units; a label under the today chip is left out."""
        font = theme.font("small")
        metrics = QFontMetricsF(font)
        high = axis_height() / 2
        chip = self.chip(metrics)
        painter.setFont(theme.font("small", bold=True))
        painter.setPen(theme.colour("text"))
        bold = QFontMetricsF(painter.font())
        for cell in cells(self._scale, self._upper):
            box = self._seen(cell, 0, high).adjusted(4, 0, -2, 0)
            text = next((n for n in unit_names(cell) if bold.horizontalAdvance(n) <= box.width()), "")
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        painter.setFont(font)
        painter.setPen(theme.colour("muted"))
        if self._lower is None:
            return
        found = list(cells(self._scale, self._lower))
        skip = 1 if self._lower is Unit.MONTH else 0  # the year stands above the months already
        least = min(self._whole(cell, 0, 1).width() for cell in found) - 4
        for cell, text in zip(found, names_that_fit(found, least, metrics, skip), strict=True):
            box = self._whole(cell, high, high)
            wide = metrics.horizontalAdvance(text)
            inner = QRectF(box.center().x() - wide / 2, high, wide, high)
            covered = chip is not None and inner.adjusted(-3, 0, 3, 0).intersects(chip)
            if not covered and inner.left() >= self._scale.left and inner.right() <= self._scale.right:
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def today(self, painter: QPainter, bottom: float) -> None:
        """The today line with its word in a chip."""
        font = theme.font("small", bold=True)
        chip = self.chip(QFontMetricsF(font))
        if chip is None:
            return
        x = round(self._scale.x(self._today)) + 0.5
        painter.setPen(QPen(theme.colour("accent"), 1.5))
        painter.drawLine(QPointF(x, chip.bottom()), QPointF(x, bottom))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("accent"))
        painter.drawRoundedRect(chip, 3, 3)
        painter.setFont(font)
        painter.setPen(theme.colour("on_accent"))
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, self._word)

    def _whole(self, cell: Cell, top: float, high: float) -> QRectF:
        left = self._scale.x(cell.start)
        return QRectF(left, top, self._scale.x(cell.end) - left, high)

    def _seen(self, cell: Cell, top: float, high: float) -> QRectF:
        return self._whole(cell, top, high).intersected(QRectF(self._scale.left, top, self._scale.width, high))
