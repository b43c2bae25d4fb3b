"""Homes per year as bars: built above the line, demolished under it. Every bar can be clicked."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from diwi_desktop.gui import theme
from diwi_desktop.gui.fields.words import signed
from diwi_desktop.model.notation import format_number

WIDEST = 44
NARROWEST = 10


class HomesChart(QWidget):
    """Direct labels at the bars; arrow keys walk along the years, Enter opens one."""

    year_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._years: dict[int, tuple[int, int]] = {}
        self._bars: dict[int, QRectF] = {}
        self._current: int | None = None
        self._hover: int | None = None
        self._today = 0
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.current().changed.connect(self.update)

    def show_years(self, years: Mapping[int, tuple[int, int]], today: int) -> None:
        """Show (built, demolished) per year; `today` is the year that is marked."""
        first, last = (min(years), max(years)) if years else (0, -1)
        self._years = {year: years.get(year, (0, 0)) for year in range(first, last + 1)}
        self._today = today
        if self._current not in self._years:
            self._current = None
        self.setAccessibleName(self.tr("Woningen per jaar"))
        parts = [
            self.tr("%1: bouw %2, sloop %3")
            .replace("%1", str(year))
            .replace("%2", format_number(built))
            .replace("%3", format_number(gone))
            for year, (built, gone) in self._years.items()
        ]
        self.setAccessibleDescription("; ".join(parts) or self.tr("Nog geen opleveringen"))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(360, 170)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 110)

    # ------------------------------------------------------------------------------------------------------- drawing

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        small = theme.font("small")
        painter.setFont(small)
        metrics = QFontMetrics(small)
        if not self._years:
            painter.setPen(theme.colour("muted"))
            words = self.tr("Nog geen opleveringen. Voeg bij Programma een oplevering toe.")
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, words)
            return
        line = metrics.height() + 2
        most = max(built for built, _ in self._years.values())
        least = max(gone for _, gone in self._years.values())
        top, bottom = line, self.height() - line - 2
        room = bottom - top - (line if least else 0)
        scale = room / max(1, most + least)
        zero = top + most * scale
        step = min(WIDEST * 2.0, self.width() / len(self._years))
        wide = max(NARROWEST, min(WIDEST, step * 0.62))
        start = (self.width() - step * len(self._years)) / 2
        self._bars = {}
        for place, (year, (built, gone)) in enumerate(self._years.items()):
            middle = start + step * (place + 0.5)
            self._bars[year] = QRectF(middle - step / 2, 0, step, self.height())
            self._year(painter, year, middle, bottom, line, metrics, step)
            self._bar(painter, year, QRectF(middle - wide / 2, zero - built * scale, wide, built * scale), "accent")
            self._bar(painter, year, QRectF(middle - wide / 2, zero, wide, gone * scale), "")
            self._labels(painter, middle, zero, built, gone, scale, line, metrics, step)
        painter.setPen(QPen(theme.colour("strong_line"), 1))
        painter.drawLine(QPointF(start, zero), QPointF(start + step * len(self._years), zero))

    def _year(
        self, painter: QPainter, year: int, middle: float, bottom: float, line: int, metrics: QFontMetrics, step: float
    ) -> None:
        if year == self._current and self.hasFocus():
            painter.setPen(QPen(theme.colour("accent"), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self._bars[year].adjusted(1, 1, -1, -1), 4, 4)
        text = str(year) if step > metrics.horizontalAdvance("2026") + 4 else f"'{year % 100:02d}"
        font = QFont(painter.font())
        font.setBold(year == self._today)
        painter.setFont(font)
        painter.setPen(theme.colour("text" if year == self._today else "muted"))
        place = QRectF(middle - step, bottom, 2 * step, line)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)
        font.setBold(False)
        painter.setFont(font)

    def _bar(self, painter: QPainter, year: int, bar: QRectF, token: str) -> None:
        if bar.height() <= 0:
            return
        if token:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("accent_hover" if year == self._hover else token))
        else:  # demolition is hatched, so that it stays apart without colour
            painter.setPen(QPen(theme.colour("bad"), 1))
            painter.setBrush(QBrush(theme.colour("bad"), Qt.BrushStyle.BDiagPattern))
        painter.drawRect(bar)

    def _labels(
        self,
        painter: QPainter,
        middle: float,
        zero: float,
        built: int,
        gone: int,
        scale: float,
        line: int,
        metrics: QFontMetrics,
        step: float,
    ) -> None:
        for number, y, token in ((built, zero - built * scale - line, "text"), (-gone, zero + gone * scale, "bad")):
            text = format_number(number)
            if number and metrics.horizontalAdvance(text) <= step + 6:
                painter.setPen(theme.colour(token))
                painter.drawText(QRectF(middle - step, y, 2 * step, line), Qt.AlignmentFlag.AlignCenter, text)

    # -------------------------------------------------------------------------------------------------- mouse and keys

    def year_at(self, x: float) -> int | None:
        """The year whose bar stands at this place."""
        return next((year for year, box in self._bars.items() if box.left() <= x < box.right()), None)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        found = self.year_at(event.position().x())
        if found != self._hover:
            self._hover = found
            self.setCursor(Qt.CursorShape.PointingHandCursor if found else Qt.CursorShape.ArrowCursor)
            self.update()
        if found is not None:
            QToolTip.showText(event.globalPosition().toPoint(), self._tip(found), self)

    def _tip(self, year: int) -> str:
        built, gone = self._years[year]
        text = self.tr("%1: bouw %2, sloop %3, netto %4")
        for mark, word in (("%1", str(year)), ("%2", format_number(built)), ("%3", format_number(gone))):
            text = text.replace(mark, word)
        return text.replace("%4", signed(built - gone))

    def leaveEvent(self, event: object) -> None:
        self._hover = None
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        found = self.year_at(event.position().x())
        if event.button() is Qt.MouseButton.LeftButton and found is not None:
            self._current = found
            self.year_chosen.emit(found)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        years = list(self._years)
        if event.key() in steps and years:
            at = years.index(self._current) + steps[Qt.Key(event.key())] if self._current in years else 0
            self._current = years[max(0, min(len(years) - 1, at))]
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._current is not None:
            self.year_chosen.emit(self._current)
        else:
            super().keyPressEvent(event)
