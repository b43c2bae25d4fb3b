"""All projects against time, to read: phases, homes delivered, today, and homes per year under them."""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollBar, QStackedLayout, QToolTip, QVBoxLayout, QWidget

from diwi_desktop.gui import jobs, theme
from diwi_desktop.gui.fields.controls import Combo
from diwi_desktop.gui.fields.words import code_label, homes, signed
from diwi_desktop.gui.jobs import Job
from diwi_desktop.gui.state import AppState
from diwi_desktop.gui.timeline import ink
from diwi_desktop.gui.timeline.axis import Axis, axis_height
from diwi_desktop.gui.timeline.homes import Strip, Years
from diwi_desktop.gui.timeline.items import year_words
from diwi_desktop.gui.timeline.scale import Scale
from diwi_desktop.gui.timeline.tools import Words, tool_button
from diwi_desktop.model.codes import MilestoneState, Phase
from diwi_desktop.model.derive import Step, homes_per_year, lane, live_deliveries, phase_on
from diwi_desktop.model.moment import Moment
from diwi_desktop.model.notation import format_date, format_number
from diwi_desktop.model.plan import Plan
from diwi_desktop.store import ActInfo, Store, plans

_FEW = 8  # so many changed projects are read at once; more go to a worker
_STEP = 1.4
_WHEEL = 1.0015
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft

Delivered = tuple[date, int, MilestoneState]


@dataclass(frozen=True, slots=True)
class Line:
    """One project: its phases, its deliveries (day, homes, state) and what follows from them."""

    id: str
    name: str
    code: str
    phase: Phase | None
    steps: tuple[Step, ...]
    start: date
    end: date
    deliveries: tuple[Delivered, ...]
    years: Years
    net: int

    @property
    def first_delivery(self) -> date:
        return self.deliveries[0][0] if self.deliveries else date.max


def line_of(plan: Plan, moment: Moment) -> Line:
    """A plan as one line. Deliveries of one day and state are added up."""
    added: dict[tuple[date, MilestoneState], int] = {}
    for block in plan.blocks:
        for d in live_deliveries(block):
            key = (d.date, d.state)
            added[key] = added.get(key, 0) + block.sign * d.number
    return Line(
        id=plan.id,
        name=plan.name,
        code=plan.code,
        phase=phase_on(plan.milestones, moment.on, moment.today),
        steps=tuple(lane(plan.milestones, "phase")),
        start=plan.start_date,
        end=plan.end_date,
        deliveries=tuple(sorted((day, number, state) for (day, state), number in added.items())),
        years=homes_per_year(plan.blocks),
        net=plan.net,
    )


def read(store: Store, moment: Moment, ids: Sequence[str] | None = None) -> list[Line]:
    """The lines of all projects, or of some."""
    found = plans.plans(store, moment, ids)
    found.reverse()
    lines = []
    while found:
        # One by one: letting go of 5,000 plans at once would keep the window waiting for Python's lock.
        lines.append(line_of(found.pop(), moment))
    return lines


def total(lines: Iterable[Line], so_far: Years | None = None, sign: int = 1) -> Years:
    """(built, demolished) per year over all lines, added to (or with sign -1 taken from) `so_far`."""
    found: dict[int, tuple[int, int]] = dict(so_far or {})
    for line in lines:
        for year, (built, gone) in line.years.items():
            before = found.get(year, (0, 0))
            found[year] = (before[0] + sign * built, before[1] + sign * gone)
    return {year: pair for year, pair in sorted(found.items()) if pair != (0, 0)}


class Portfolio(NamedTuple):
    """The lines by name, and their homes per year."""

    lines: list[Line]
    years: Years

    def changed(self, ids: Collection[str], new: Iterable[Line]) -> Portfolio:
        """With other lines in the place of those of the projects `ids`."""
        gone = [line for line in self.lines if line.id in ids]
        kept = [line for line in self.lines if line.id not in ids] if gone else list(self.lines)
        new = list(new)
        for line in new:
            insort(kept, line, key=_by_name)
        return Portfolio(kept, total(new, total(gone, self.years, -1)))


def _by_name(line: Line) -> tuple[str, str]:
    return line.name.casefold(), line.id


def read_all(store: Store, moment: Moment) -> Portfolio:
    """All projects as of a moment; may be called from any thread."""
    lines = read(store, moment)
    return Portfolio(lines, total(lines))


class PortfolioCanvas(QWidget):
    """Paints the rows in view. `chosen` carries the id of a project, `opened` too when it is to be shown in full."""

    chosen = Signal(str)
    opened = Signal(str)
    view_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.lines: list[Line] = []
        self.selected: frozenset[str] = frozenset()
        self.current: str | None = None
        self.today = date(2000, 1, 1)
        self.today_word = ""
        self.scale = Scale.fit(self.today, self.today, 0, 100)
        self.scrolled = 0.0
        self.painted_rows = 0
        self._years: Years = {}
        self._places: dict[str, int] = {}
        self._fitted = False
        self._pressed: QPointF | None = None
        self._last = QPointF()
        self._panned = False
        self._hover = -1
        theme.current().changed.connect(self.update)

    # ------------------------------------------------------------------------------------------------------- content

    def show_lines(self, lines: list[Line], years: Years, today: date, today_word: str) -> None:
        """Show lines in the given order and their homes per year; the view stays as it is."""
        self.lines, self.today, self.today_word = lines, today, today_word
        self._years = years
        self._places = {line.id: place for place, line in enumerate(lines)}
        if not self._fitted and lines:
            self._fitted = True
            self.fit()
        self.scroll_to(self.scrolled)
        self._describe()

    def set_selection(self, ids: Sequence[str]) -> None:
        """Mark projects; the first comes into view."""
        self.selected = frozenset(ids)
        self.current = ids[0] if ids else None
        self._show_current()
        self._describe()
        self.update()

    @property
    def row(self) -> float:
        """The height of a row."""
        return 2.0 * QFontMetricsF(theme.font("small")).height() + 8

    @property
    def gutter(self) -> float:
        return min(260.0, max(120.0, self.width() * 0.22))

    @property
    def strip_height(self) -> float:
        return 90.0 if self.height() >= 260 else 0.0

    @property
    def rows_box(self) -> QRectF:
        """Where the rows are seen."""
        top = axis_height()
        return QRectF(0, top, self.width(), max(0.0, self.height() - top - self.strip_height))

    @property
    def overflow(self) -> int:
        return max(0, round(len(self.lines) * self.row - self.rows_box.height()))

    def fit(self) -> None:
        """Most of what there is in view: outliers of more than a few years wait at the sides."""
        starts = sorted(line.start for line in self.lines) or [self.today]
        ends = sorted(line.end for line in self.lines) or [self.today + timedelta(days=365)]
        first = starts[len(starts) // 50]
        last = ends[-1 - len(ends) // 50]
        self._set_scale(Scale.fit(min(first, self.today), max(last, self.today), self.gutter, self._room()))

    def _room(self) -> float:
        return max(50.0, self.width() - self.gutter)

    def zoom(self, factor: float, about: float | None = None) -> None:
        self._set_scale(self.scale.zoomed(factor, self.scale.left + self.scale.width / 2 if about is None else about))

    def zoom_in(self) -> None:
        self.zoom(_STEP)

    def zoom_out(self) -> None:
        self.zoom(1 / _STEP)

    def scroll_to(self, top: float) -> None:
        """Scroll the rows, in pixels."""
        self.scrolled = float(min(max(0, round(top)), self.overflow))
        self.view_changed.emit()
        self.update()

    def _set_scale(self, scale: Scale) -> None:
        self.scale = scale
        self.update()

    def _index(self) -> int:
        return -1 if self.current is None else self._places.get(self.current, -1)

    def _show_current(self) -> None:
        at = self._index()
        if at >= 0:
            top, room = at * self.row, self.rows_box.height()
            if top < self.scrolled:
                self.scroll_to(top)
            elif top + self.row > self.scrolled + room:
                self.scroll_to(top + self.row - room)

    def _describe(self) -> None:
        at = self._index()
        self.setAccessibleDescription(self.words(self.lines[at]) if at >= 0 else "")

    def words(self, line: Line) -> str:
        """A line in words."""
        parts = [line.name]
        if line.phase is not None:
            parts.append(self.tr("fase {0}").format(code_label("phase", line.phase)))
        parts.append(self.tr("netto {0}").format(homes(line.net)))
        years = [f"{year}: {signed(built - gone)}" for year, (built, gone) in line.years.items()]
        if years:
            parts.append(self.tr("oplevering {0}").format("; ".join(years)))
        return ", ".join(parts)

    # -------------------------------------------------------------------------------------------------- mouse and keys

    def line_at(self, at: QPointF) -> int:
        """The place in the order of the line under a point; -1 for none."""
        if not self.rows_box.contains(at):
            return -1
        found = int((at.y() - self.rows_box.top() + self.scrolled) // self.row)
        return found if 0 <= found < len(self.lines) else -1

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._pressed = self._last = event.position()
            self._panned = False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        if self._pressed is not None:
            if self._panned or (at - self._pressed).manhattanLength() > 6:
                self._panned = True
                self._set_scale(self.scale.panned(at.x() - self._last.x()))
                self.scroll_to(self.scrolled - (at.y() - self._last.y()))
        elif (hover := self.line_at(at)) != self._hover:
            self._hover = hover
            self.update()
        self._last = at

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        if event.button() is Qt.MouseButton.LeftButton and pressed is not None and not self._panned:
            found = self.line_at(event.position())
            if found >= 0:
                self.chosen.emit(self.lines[found].id)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        found = self.line_at(event.position())
        if found >= 0:
            self.opened.emit(self.lines[found].id)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turn = event.angleDelta().y() or event.angleDelta().x()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(_WHEEL**turn, event.position().x())
        elif event.modifiers() & _SHIFT or event.angleDelta().x():
            self._set_scale(self.scale.panned(turn / 2))
        elif event.position().x() < self.scale.left:
            self.scroll_to(self.scrolled - turn / 120 * 3 * self.row)
        else:
            self.zoom(_WHEEL**turn, event.position().x())
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = -1
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, page = event.key(), max(1, int(self.rows_box.height() // self.row) - 1)
        last = len(self.lines) - 1
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -page, Qt.Key.Key_PageDown: page}
        if key in steps and self.lines:
            at = self._index()
            self._choose(max(0, min(last, at + steps[Qt.Key(key)])) if at >= 0 else 0)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End) and self.lines:
            self._choose(0 if key == Qt.Key.Key_Home else last)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._set_scale(self.scale.panned(60 if key == Qt.Key.Key_Left else -60))
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_in()
        elif key in (Qt.Key.Key_Minus, Qt.Key.Key_Underscore):
            self.zoom_out()
        elif key == Qt.Key.Key_0:
            self.fit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current is not None:
            self.opened.emit(self.current)
        else:
            super().keyPressEvent(event)

    def _choose(self, at: int) -> None:
        self.chosen.emit(self.lines[at].id)

    def words_at(self, at: QPointF) -> str:
        """What there is to say about a place: the project, or the homes of a year; empty for nothing."""
        found = self.line_at(at)
        if found >= 0:
            return self.words(self.lines[found])
        year = self.scale.date(at.x()).year
        if at.y() > self.rows_box.bottom() and at.x() >= self.scale.left and year in self._years:
            return year_words(year, *self._years[year])
        return ""

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            text = self.words_at(QPointF(event.pos()))
            if text:
                QToolTip.showText(event.globalPos(), text, self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    # ------------------------------------------------------------------------------------------------------- painting

    def sizeHint(self) -> QSize:
        return QSize(1000, 600)

    def minimumSizeHint(self) -> QSize:
        return QSize(320, 160)

    def resizeEvent(self, _event: QResizeEvent) -> None:
        self.scale = self.scale.placed(self.gutter, self._room())
        self.scroll_to(self.scrolled)

    def paintEvent(self, _event: QPaintEvent) -> None:
        axis = Axis(self.scale, self.today, self.today_word)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        try:
            self._paint(painter, axis)
        finally:
            painter.end()  # a painter left open ends the program, whatever went wrong

    def _paint(self, painter: QPainter, axis: Axis) -> None:
        whole = QRectF(self.rect())
        painter.fillRect(whole, theme.colour("surface"))
        painter.fillRect(QRectF(0, 0, whole.width(), axis_height()), theme.colour("raised"))
        painter.save()
        painter.setClipRect(self.rows_box)
        first = int(self.scrolled // self.row)
        last = min(len(self.lines), int((self.scrolled + self.rows_box.height()) // self.row) + 1)
        self.painted_rows = last - first
        for n in range(first, last):
            self._ground(painter, n)
        painter.restore()
        painter.save()
        painter.setClipRect(whole.adjusted(self.scale.left, 0, 0, 0))
        axis.grid(painter, axis_height() / 2, whole.height())
        axis.paint(painter)
        axis.today(painter, whole.height())
        painter.restore()
        painter.save()
        painter.setClipRect(self.rows_box)
        for n in range(first, last):
            self._names(painter, n)
        painter.setClipRect(self.rows_box.adjusted(self.scale.left, 0, 0, 0))
        for n in range(first, last):
            self._bars(painter, n)
        painter.restore()
        self._totals(painter)

    def _top(self, n: int) -> float:
        return self.rows_box.top() + n * self.row - self.scrolled

    def _ground(self, painter: QPainter, n: int) -> None:
        box = QRectF(0, self._top(n), self.width(), self.row)
        chosen = self.lines[n].id in self.selected
        if chosen or n == self._hover:
            painter.fillRect(box, theme.colour("chosen" if chosen else "hover"))
        if self.lines[n].id == self.current and self.hasFocus():
            painter.fillRect(QRectF(0, box.top(), 3, box.height()), theme.colour("accent"))
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.drawLine(QLineF(0, round(box.bottom()) + 0.5, self.width(), round(box.bottom()) + 0.5))

    def _names(self, painter: QPainter, n: int) -> None:
        line, top, half = self.lines[n], self._top(n) + 3, (self.row - 6) / 2
        painter.setFont(theme.font("small"))
        metrics = QFontMetricsF(painter.font())
        number = signed(line.net)
        wide = metrics.horizontalAdvance(number)
        room = self.scale.left - 22
        painter.setPen(theme.colour("text"))
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

    def _totals(self, painter: QPainter) -> None:
        top = self.rows_box.bottom()
        box = QRectF(self.scale.left, top, self.scale.width, self.height() - top)
        if box.height() < 20:
            return
        painter.fillRect(QRectF(0, top, self.width(), box.height()), theme.colour("raised"))
        painter.setPen(QPen(theme.colour("strong_line"), 1))
        painter.drawLine(QLineF(0, round(top) + 0.5, self.width(), round(top) + 0.5))
        painter.setPen(theme.colour("muted"))
        painter.setFont(theme.font("small"))
        painter.drawText(
            QRectF(10, top + 6, self.scale.left - 16, 40),
            Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap,
            self.tr("woningen per jaar, alle projecten"),
        )
        painter.save()
        painter.setClipRect(box)
        Strip(self._years, self._years, self.scale, box).paint(painter)
        painter.restore()


class PortfolioTimeline(QWidget):
    """The planning of all projects, at the moment of the window.

    A double click or Enter selects the project and calls `open_project`; without one the project page comes forward.
    """

    def __init__(
        self, state: AppState, parent: QWidget | None = None, *, open_project: Callable[[], None] | None = None
    ) -> None:
        super().__init__(parent)
        self._state = state
        self._open_project = open_project
        self._portfolio = Portfolio([], {})
        self._stale = True
        self._job: Job | None = None
        self.canvas = PortfolioCanvas()
        self.canvas.setAccessibleName(self.tr("Planning van alle projecten"))
        self.hint = Words()
        self.hint.setProperty("role", "small")
        self.order = Combo()
        self.order.setAccessibleName(self.tr("Volgorde"))
        for key, text in (
            ("name", self.tr("Op naam")),
            ("phase", self.tr("Op fase")),
            ("delivery", self.tr("Op eerste oplevering")),
        ):
            self.order.addItem(text, key)
        self.order.setMinimumWidth(theme.space(45))
        self.order.currentIndexChanged.connect(self._arrange)
        self._empty = QLabel(self.tr("Nog geen projecten. Importeer een bestand of maak een nieuw project."))
        self._empty.setProperty("role", "muted")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._bar = QScrollBar(Qt.Orientation.Vertical)
        self._bar.valueChanged.connect(self._scrolled)
        drawing = QWidget()
        side = QHBoxLayout(drawing)
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(0)
        side.addWidget(self.canvas, 1)
        side.addWidget(self._bar)
        self._pages = QStackedLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.tools = self._tools()
        column.addLayout(self.tools)
        column.addLayout(self._pages, 1)
        # Only now: in a layout that belongs to no widget the first page would be a window of its own for a moment.
        self._pages.addWidget(drawing)
        self._pages.addWidget(self._empty)
        self.setFocusProxy(self.canvas)
        self.canvas.chosen.connect(lambda id: state.select([id]))
        self.canvas.opened.connect(self._open)
        self.canvas.view_changed.connect(self._sync_bar)
        state.selection_changed.connect(self._select)
        state.moment_changed.connect(self._mark_stale)
        state.store_changed.connect(self._stored)

    def _tools(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(theme.space(2), theme.space(1), theme.space(2), theme.space(1))
        row.setSpacing(theme.space(1))
        row.addWidget(self.order)
        row.addSpacing(theme.space(2))
        row.addWidget(self.hint, 1)
        row.addSpacing(theme.space(2))
        row.addWidget(tool_button("minus", "", self.tr("Uitzoomen (−)"), self.canvas.zoom_out))
        row.addWidget(tool_button("plus", "", self.tr("Inzoomen (+)"), self.canvas.zoom_in))
        row.addWidget(
            tool_button(
                "fit-to-page-outline",
                self.tr("Alles passend"),
                self.tr("Alle projecten in beeld (0)"),
                self.canvas.fit,
                True,
            )
        )
        return row

    @property
    def lines(self) -> list[Line]:
        """The projects in the order shown."""
        return self.canvas.lines

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self.reload()

    def reload(self) -> None:
        """Read all projects again, in a worker."""
        if self._job is not None:
            self._stale = True
            return
        self._stale = False
        store, moment = self._state.store, self._state.moment
        self._job = jobs.run_quietly(lambda _p, _c: read_all(store, moment), self._loaded, self._failed, self)

    def _loaded(self, portfolio: Portfolio) -> None:
        self._job = None
        self._portfolio = portfolio
        self._arrange()
        if self._stale:
            self.reload()

    def _failed(self, error: Exception) -> None:
        self._job = None
        jobs.show_error(self, error)

    def _mark_stale(self) -> None:
        self._stale = True
        if self.isVisible():
            self.reload()

    def _stored(self, info: ActInfo) -> None:
        if not info.projects:
            return
        if self._stale or self._job is not None or not self.isVisible() or len(info.projects) > _FEW:
            self._mark_stale()
            return
        new = read(self._state.store, self._state.moment, sorted(info.projects))
        self._portfolio = self._portfolio.changed(info.projects, new)
        self._arrange()

    def _arrange(self) -> None:
        lines, years = self._portfolio
        if self.order.currentData() == "phase":
            lines = sorted(lines, key=lambda line: (line.phase or "", line.first_delivery))
        elif self.order.currentData() == "delivery":
            lines = sorted(lines, key=lambda line: line.first_delivery)
        on = self._state.moment.on
        word = format_date(on) if self._state.past else self.tr("vandaag")
        self.canvas.show_lines(lines, years, on, word)
        self._pages.setCurrentIndex(0 if lines else 1)
        built = sum(built for built, _ in years.values())
        gone = sum(gone for _, gone in years.values())
        text = self.tr("{0} projecten, {1} opgeleverd of gepland, sloop {2}")
        self.hint.setText(text.format(format_number(len(lines)), homes(built), format_number(gone)))
        self._select(self._state.selection)

    def _select(self, ids: list[str]) -> None:
        self.canvas.set_selection(ids)

    def _open(self, id: str) -> None:
        self._state.select([id])
        if self._open_project is not None:
            self._open_project()
        else:
            self._state.request("show_panel", "page")

    def _scrolled(self, value: int) -> None:
        if round(self.canvas.scrolled) != value:
            self.canvas.scroll_to(value)

    def _sync_bar(self) -> None:
        over = self.canvas.overflow
        self._bar.setVisible(over > 0)
        self._bar.setRange(0, over)
        self._bar.setSingleStep(round(self.canvas.row))
        self._bar.setPageStep(max(1, round(self.canvas.rows_box.height())))
        self._bar.setValue(round(self.canvas.scrolled))
