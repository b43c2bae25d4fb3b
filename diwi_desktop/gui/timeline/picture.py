"""Paints one state of the timeline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen

from diwi_desktop.gui import theme
from diwi_desktop.gui.timeline import ink
from diwi_desktop.gui.timeline.axis import Axis, axis_height
from diwi_desktop.gui.timeline.draft import Draft
from diwi_desktop.gui.timeline.homes import Strip, Years
from diwi_desktop.gui.timeline.items import Item, Lane, day_in_words
from diwi_desktop.gui.timeline.layout import Layout, Placed
from diwi_desktop.gui.timeline.scale import Scale
from diwi_desktop.model.codes import MilestoneState
from diwi_desktop.model.notation import format_number

_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_CORNER = 3.0


@dataclass
class Picture:
    """All that is to be seen. `ghosts` is the layout before the move in the making."""

    rect: QRectF
    scale: Scale
    layout: Layout
    ghosts: Layout | None
    lanes_box: QRectF
    scrolled: float
    names: dict[Lane, str]
    strip_names: tuple[str, str]
    today: date
    today_word: str
    before: Years
    after: Years
    draft: Draft | None
    selected: str | None
    hover: str | None
    focus: bool

    def paint(self, painter: QPainter) -> None:
        """Paint the whole widget."""
        painter.fillRect(self.rect, theme.colour("surface"))
        axis = Axis(self.scale, self.today, self.today_word)
        gutter = QRectF(0, 0, self.scale.left, self.rect.height())
        painter.fillRect(gutter, theme.colour("raised"))
        painter.fillRect(QRectF(0, 0, self.rect.width(), axis_height()), theme.colour("raised"))
        painter.save()
        painter.setClipRect(self.rect.adjusted(self.scale.left, 0, 0, 0))
        axis.grid(painter, axis_height() / 2, self.rect.height())
        axis.paint(painter)
        axis.today(painter, self.rect.height())
        painter.restore()
        self._lanes(painter)
        self._strip(painter)
        self._lines(painter)
        self._bubble(painter)

    # --------------------------------------------------------------------------------------------------------- lanes

    def _lanes(self, painter: QPainter) -> None:
        box = self.lanes_box
        painter.save()
        painter.setClipRect(box)
        painter.translate(0, box.top() - self.scrolled)
        painter.setFont(theme.font("small"))
        row = QFontMetricsF(painter.font()).height() + 4
        for lane in self.layout.lanes:
            painter.setPen(theme.colour("muted"))
            place = QRectF(10, lane.top + 4, self.scale.left - 14, row)
            painter.drawText(place, _LEFT, self.names[lane.lane])
            painter.setPen(QPen(theme.colour("line"), 1))
            bottom = round(lane.top + lane.height) + 0.5
            painter.drawLine(QLineF(0, bottom, self.rect.width(), bottom))
        painter.setClipRect(QRectF(self.scale.left, self.scrolled, self.scale.width, box.height()))
        self._spread(painter)
        self._ghosts(painter)
        for p in self.layout.placed:
            if p.bar:
                self._one(painter, p)
        for p in self.layout.placed:
            if not p.bar:
                self._one(painter, p)
        painter.restore()

    def _one(self, painter: QPainter, p: Placed) -> None:
        if p.shape.right() < self.scale.left - 4 and p.text_box.right() < self.scale.left:
            return
        if p.shape.left() > self.scale.right + 4 and not p.bar:
            return
        if p.item.lane is Lane.STATUS and p.item.end is not None:
            self._tail(painter, p)
        if p.item.id in (self.selected, self.hover):
            self._mark_chosen(painter, p)
        ground = self._shape(painter, p)
        self._label(painter, p, ground)

    def _colour(self, item: Item) -> QColor:
        if item.lane is Lane.PHASE:
            return theme.phase_colour(item.value or None)
        if item.number < 0:
            return theme.colour("bad")
        return theme.colour("accent" if item.lane is Lane.DELIVERY else "muted")

    def _shape(self, painter: QPainter, p: Placed) -> QColor:
        """Draw bar or mark; returns the ground on which a label in it stands."""
        item, state = p.item, p.item.state
        colour = self._colour(item)
        ink.dress(painter, state, colour)
        surface = theme.colour("surface")
        ground = {
            MilestoneState.REALIZED: colour,
            MilestoneState.PLANNED: ink.mixed(surface, colour, 0.16),
        }.get(state, surface)
        if p.bar:
            painter.drawRoundedRect(p.shape.adjusted(0.75, 0.5, -0.75, -0.5), _CORNER, _CORNER)
        elif item.lane is Lane.DELIVERY:
            self._delivery(painter, p, ground)
        elif item.lane is Lane.STATUS:
            painter.drawEllipse(p.shape.adjusted(1, 1, -1, -1))
        elif item.lane is Lane.PHASE:
            painter.drawRoundedRect(p.shape.adjusted(1, 1, -1, -1), 2, 2)
        else:
            ink.diamond(painter, p.shape)
        if state is MilestoneState.ABORTED:
            ink.strike(painter, p.shape)
        if item.overdue and not p.bar and item.lane is not Lane.DELIVERY:
            self._overdue(painter, p)
        return ground

    def _delivery(self, painter: QPainter, p: Placed, ground: QColor) -> None:
        painter.drawRoundedRect(p.shape, 2, 2)
        if p.item.number < 0 and p.item.state is not MilestoneState.ABORTED:
            light = ink.mixed(theme.colour("surface"), theme.colour("bad"), 0.35)
            painter.setPen(Qt.PenStyle.NoPen)
            if p.item.state is not MilestoneState.REALIZED:
                painter.setBrush(ink.hatch(light))
                painter.drawRoundedRect(p.shape.adjusted(1, 1, -1, -1), 2, 2)
        painter.setFont(theme.font("small", bold=True))
        painter.setPen(self._text_colour(p.item, ground))
        seen = p.shape.intersected(QRectF(self.scale.left, p.shape.top(), self.scale.width, p.shape.height()))
        painter.drawText(seen, Qt.AlignmentFlag.AlignCenter, format_number(p.item.number))

    @staticmethod
    def _text_colour(item: Item, ground: QColor) -> QColor:
        if item.state is MilestoneState.REALIZED:
            return theme.text_on(ground)
        return theme.colour("muted" if item.state is MilestoneState.ABORTED else "text")

    @staticmethod
    def _overdue(painter: QPainter, p: Placed) -> None:
        """An exclamation mark in a mark whose planned day has gone by; bars have it before their name."""
        painter.setFont(theme.font("small", bold=True))
        painter.setPen(theme.colour("warn"))
        painter.drawText(p.shape.adjusted(-2, -2, 2, 2), Qt.AlignmentFlag.AlignCenter, "!")

    def _label(self, painter: QPainter, p: Placed, ground: QColor) -> None:
        if not p.text:
            return
        font = theme.font("small")
        font.setStrikeOut(p.item.state is MilestoneState.ABORTED)
        painter.setFont(font)
        if p.bar:
            painter.setPen(self._text_colour(p.item, ground))
        else:
            aborted = p.item.state is MilestoneState.ABORTED
            painter.setPen(theme.colour("muted" if aborted else "text"))
        painter.drawText(p.text_box, _LEFT, p.text)

    def _tail(self, painter: QPainter, p: Placed) -> None:
        """How long a plan status holds: a thin line under its label."""
        pen = QPen(ink.edge_of(theme.colour("muted")), 1.5)
        if p.item.state is MilestoneState.FORECAST:
            pen.setDashPattern([2.2, 1.8])
        painter.setPen(pen)
        y = p.text_box.bottom() - 0.5
        left = p.shape.center().x()
        right = self.scale.x(p.item.end or p.item.date)
        painter.drawLine(QLineF(left, p.shape.bottom() - 1, left, y))
        painter.drawLine(QLineF(left, y, right, y))

    def _mark_chosen(self, painter: QPainter, p: Placed) -> None:
        around = p.shape.adjusted(-3, -3, 3, 3) if not p.bar else p.shape.adjusted(-1.5, -1.5, 1.5, 1.5)
        if not p.bar and p.text:
            around = around.united(p.text_box.adjusted(0, 2, 2, -2))
        chosen = p.item.id == self.selected
        painter.setBrush(theme.colour("chosen" if chosen else "hover"))
        painter.setPen(QPen(theme.colour("accent"), 2 if self.focus else 1) if chosen else Qt.PenStyle.NoPen)
        painter.drawRoundedRect(around, 4, 4)

    def _spread(self, painter: QPainter) -> None:
        """How early or late the selected item may be by the spread of its lead time: a light band."""
        p = self.layout.find(self.selected)
        if p is None or p.item.spread is None:
            return
        low, high = (self.scale.x(day) for day in p.item.spread)
        lane = next(box for box in self.layout.lanes if box.lane is p.item.lane)
        band = QRectF(low, lane.top + 1, high - low, lane.height - 2)
        wash = theme.colour("accent")
        wash.setAlphaF(0.12)
        painter.fillRect(band, wash)
        painter.setPen(QPen(theme.colour("accent"), 1, Qt.PenStyle.DotLine))
        painter.drawLine(band.topLeft(), band.bottomLeft())
        painter.drawLine(band.topRight(), band.bottomRight())

    # -------------------------------------------------------------------------------------------------------- moving

    def _ghosts(self, painter: QPainter) -> None:
        """What moves, where it was."""
        if self.ghosts is None or self.draft is None:
            return
        painter.save()
        painter.setOpacity(0.3)
        for move in self.draft.moves:
            p = self.ghosts.find(move.entity)
            if p is not None:
                if p.bar:
                    ink.dress(painter, p.item.state, self._colour(p.item))
                    painter.setBrush(Qt.BrushStyle.NoBrush)
                    painter.drawRoundedRect(p.shape, _CORNER, _CORNER)
                else:
                    self._shape(painter, p)
        painter.restore()

    def _lines(self, painter: QPainter) -> None:
        """The day something is being moved to, through all lanes."""
        if self.draft is None:
            return
        x = round(self.scale.x(self.draft.to)) + 0.5
        if x < self.scale.left:
            return
        pen = QPen(theme.colour("accent"), 1)
        pen.setDashPattern([4, 3])
        painter.setPen(pen)
        painter.drawLine(QLineF(x, axis_height(), x, self.rect.height()))

    def _bubble(self, painter: QPainter) -> None:
        """The date while something is being moved, in the axis above it."""
        if self.draft is None:
            return
        days = self.draft.days
        text = day_in_words(self.draft.to)
        if days:
            text += f"  {'+' if days > 0 else ''}{format_number(days)} d"
        font = theme.font("small", bold=True)
        wide = QFontMetricsF(font).horizontalAdvance(text) + 16
        high = axis_height() / 2 + 2
        left = self.scale.x(self.draft.to) - wide / 2
        left = min(max(left, self.scale.left + 2), self.scale.right - wide - 2)
        box = QRectF(left, axis_height() - high - 1, wide, high)
        path = QPainterPath()
        path.addRoundedRect(box, 4, 4)
        painter.fillPath(path, theme.colour("text"))
        painter.setFont(font)
        painter.setPen(theme.colour("surface"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    # --------------------------------------------------------------------------------------------------------- strip

    def _strip(self, painter: QPainter) -> None:
        top = self.lanes_box.bottom()
        box = QRectF(self.scale.left, top, self.scale.width, self.rect.height() - top)
        if box.height() < 20:
            return
        painter.fillRect(QRectF(0, top, self.scale.left, box.height()), theme.colour("raised"))
        painter.setPen(QPen(theme.colour("strong_line"), 1))
        painter.drawLine(QPointF(0, round(top) + 0.5), QPointF(self.rect.width(), round(top) + 0.5))
        painter.setFont(theme.font("small"))
        line = QFontMetricsF(painter.font()).height()
        painter.setPen(theme.colour("muted"))
        for n, name in enumerate(self.strip_names):
            painter.drawText(QRectF(10, top + 6 + n * line, self.scale.left - 12, line), _LEFT, name)
        painter.save()
        painter.setClipRect(box)
        Strip(self.before, self.after, self.scale, box).paint(painter)
        painter.restore()
