"""Paints the planning of all projects: only the rows in view."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from diwi_desktop.gui import theme
from diwi_desktop.gui.fields.words import code_label, signed
from diwi_desktop.gui.timeline import ink
from diwi_desktop.gui.timeline.axis import Axis, axis_height
from diwi_desktop.gui.timeline.homes import Strip, Years
from diwi_desktop.gui.timeline.portfolio.lines import Delivered, Line
from diwi_desktop.gui.timeline.scale import Scale
from diwi_desktop.model.codes import MilestoneState
from diwi_desktop.model.derive import Step

_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


@dataclass
class PortfolioPicture:
    """All that is to be seen. `row` is the height of a row, `hover` the place in the order of the row under the mouse,
    `strip_name` what stands beside the homes per year.
    """

    rect: QRectF
    rows_box: QRectF
    row: float
    scale: Scale
    scrolled: float
    lines: list[Line]
    years: Years
    strip_name: str
    today: date
    today_word: str
    selected: frozenset[str]
    current: str | None
    hover: int
    focus: bool

    @property
    def in_view(self) -> range:
        """The places in the order of the rows in view."""
        first = int(self.scrolled // self.row)
        return range(first, min(len(self.lines), int((self.scrolled + self.rows_box.height()) // self.row) + 1))

    def paint(self, painter: QPainter) -> None:
        """Paint the whole widget."""
        axis = Axis(self.scale, self.today, self.today_word)
        painter.fillRect(self.rect, theme.colour("surface"))
        painter.fillRect(QRectF(0, 0, self.rect.width(), axis_height()), theme.colour("raised"))
        painter.save()
        painter.setClipRect(self.rows_box)
        for n in self.in_view:
            self._ground(painter, n)
        painter.restore()
        painter.save()
        painter.setClipRect(self.rect.adjusted(self.scale.left, 0, 0, 0))
        axis.grid(painter, axis_height() / 2, self.rect.height())
        axis.paint(painter)
        axis.today(painter, self.rect.height())
        painter.restore()
        painter.save()
        painter.setClipRect(self.rows_box)
        for n in self.in_view:
            self._names(painter, n)
        painter.setClipRect(self.rows_box.adjusted(self.scale.left, 0, 0, 0))
        for n in self.in_view:
            self._bars(painter, n)
        painter.restore()
        self._strip(painter)

    def _top(self, n: int) -> float:
        return self.rows_box.top() + n * self.row - self.scrolled

    def _ground(self, painter: QPainter, n: int) -> None:
        box = QRectF(0, self._top(n), self.rect.width(), self.row)
        chosen = self.lines[n].id in self.selected
        if chosen or n == self.hover:
            painter.fillRect(box, theme.colour("chosen" if chosen else "hover"))
        if self.lines[n].id == self.current and self.focus:
            painter.fillRect(QRectF(0, box.top(), 3, box.height()), theme.colour("accent"))
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.drawLine(QLineF(0, round(box.bottom()) + 0.5, self.rect.width(), round(box.bottom()) + 0.5))

    def _names(self, painter: QPainter, n: int) -> None:
        line, top, half = self.lines[n], self._top(n) + 3, (self.row - 6) / 2
        font = theme.font("small")
        font.setStrikeOut(line.given_up)
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        number = signed(line.net)
        wide = metrics.horizontalAdvance(number)
        room = self.scale.left - 22
        painter.setPen(theme.colour("muted" if line.given_up else "text"))
        painter.drawText(
            QRectF(10, top, room, half), _LEFT, metrics.elidedText(line.name, Qt.TextElideMode.ElideRight, room)
        )
        painter.setPen(theme.colour("muted"))
        code = metrics.elidedText(line.code, Qt.TextElideMode.ElideRight, room - wide - 8)
        painter.drawText(QRectF(10, top + half, room, half), _LEFT, code)
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(QRectF(10, top + half, room, half), right, number)

    def _bars(self, painter: QPainter, n: int) -> None:
        line, top, half = self.lines[n], self._top(n) + 4, (self.row - 8) / 2
        font = theme.font("small")
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        for step in line.steps:
            self._phase(painter, metrics, line, step, QRectF(0, top, 0, half))
        for group, text in self._groups(line, metrics):
            for day, number, state in group:
                ink.dress(painter, state, theme.colour("accent" if number >= 0 else "bad"))
                painter.drawRect(QRectF(self.scale.x(day) - 3, top + half + half / 2 - 3, 6, 6))
            painter.setPen(theme.colour("text"))
            left = self.scale.x(group[-1][0]) + 6
            painter.drawText(QRectF(left, top + half, metrics.horizontalAdvance(text) + 2, half), _LEFT, text)

    def _groups(self, line: Line, metrics: QFontMetricsF) -> list[tuple[list[Delivered], str]]:
        """The deliveries in view, those too close together for a label each as one, with their labels."""
        found: list[tuple[list[Delivered], str]] = []
        busy = self.scale.left - 20
        for delivered in line.deliveries:
            x = self.scale.x(delivered[0])
            if not self.scale.left - 20 <= x <= self.scale.right + 20:
                continue
            group = [delivered]
            if found and x - 5 < busy:
                group = [*found.pop()[0], delivered]
            built = sum(number for _, number, _ in group if number > 0)
            gone = sum(number for _, number, _ in group if number < 0)
            text = " ".join(signed(number) for number in (gone, built) if number) or "0"
            busy = x + 6 + metrics.horizontalAdvance(text) + 4
            found.append((group, text))
        return found

    def _phase(self, painter: QPainter, metrics: QFontMetricsF, line: Line, step: Step, place: QRectF) -> None:
        left = self.scale.x(step.start)
        right = max(left + 3, self.scale.x(step.end or max(line.end, step.start)))
        if right < self.scale.left or left > self.scale.right:
            return
        # Dashes of a bar much longer than the view cost time and are never seen.
        near = QRectF(self.scale.left - 20, place.top(), self.scale.width + 40, place.height())
        box = QRectF(left, place.top(), right - left, place.height()).intersected(near)
        colour = theme.phase_colour(step.value)
        ink.dress(painter, step.milestone.state, colour)
        painter.drawRoundedRect(box.adjusted(0.75, 0.75, -0.75, -0.75), 2, 2)
        seen = box.intersected(QRectF(self.scale.left, box.top(), self.scale.width, box.height())).adjusted(4, 0, -2, 0)
        label = code_label("phase", step.value)
        text = next((t for t in (label, label[:1]) if metrics.horizontalAdvance(t) <= seen.width()), "")
        done = step.milestone.state is MilestoneState.REALIZED
        painter.setPen(theme.text_on(colour) if done else theme.colour("text"))
        painter.drawText(seen, _LEFT, text)

    def _strip(self, painter: QPainter) -> None:
        top = self.rows_box.bottom()
        box = QRectF(self.scale.left, top, self.scale.width, self.rect.height() - top)
        if box.height() < 20:
            return
        painter.fillRect(QRectF(0, top, self.rect.width(), box.height()), theme.colour("raised"))
        painter.setPen(QPen(theme.colour("strong_line"), 1))
        painter.drawLine(QLineF(0, round(top) + 0.5, self.rect.width(), round(top) + 0.5))
        painter.setPen(theme.colour("muted"))
        painter.setFont(theme.font("small"))
        painter.drawText(
            QRectF(10, top + 6, self.scale.left - 16, 40),
            Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap,
            self.strip_name,
        )
        painter.save()
        painter.setClipRect(box)
        Strip(self.years, self.years, self.scale, box).paint(painter)
        painter.restore()
