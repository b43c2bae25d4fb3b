"""The drawing of all projects against time: what is in view, and what mouse and keys do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from diwi_desktop.gui import theme
from diwi_desktop.gui.fields.words import code_label, homes, signed
from diwi_desktop.gui.timeline.axis import axis_height
from diwi_desktop.gui.timeline.homes import Years
from diwi_desktop.gui.timeline.items import year_words
from diwi_desktop.gui.timeline.portfolio.lines import Line
from diwi_desktop.gui.timeline.portfolio.picture import PortfolioPicture
from diwi_desktop.gui.timeline.scale import PER_UNIT, STEP, Scale

_SHIFT = Qt.KeyboardModifier.ShiftModifier


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
        self._fitted = True
        self._pressed: QPointF | None = None
        self._last = QPointF()
        self._panned = False
        self._hover = -1
        theme.current().changed.connect(self.update)

    # ------------------------------------------------------------------------------------------------------- content

    def show_lines(self, lines: list[Line], years: Years, today: date, today_word: str) -> None:
        """Show lines in the given order and their homes per year; a view that the user chose stays as it is."""
        self.lines, self.today, self.today_word = lines, today, today_word
        self._years = years
        self._places = {line.id: place for place, line in enumerate(lines)}
        if self._fitted:
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
        """Most of what there is in view, until the user zooms or pans: outliers of more than a few years wait at the
        sides.
        """
        self._fitted = True
        starts = sorted(line.start for line in self.lines) or [self.today]
        ends = sorted(line.end for line in self.lines) or [self.today + timedelta(days=365)]
        first = starts[len(starts) // 50]
        last = ends[-1 - len(ends) // 50]
        self._set_scale(Scale.fit(min(first, self.today), max(last, self.today), self.gutter, self._room()))

    def _room(self) -> float:
        return max(50.0, self.width() - self.gutter)

    def zoom(self, factor: float, about: float | None = None) -> None:
        self._fitted = False
        self._set_scale(self.scale.zoomed(factor, self.scale.left + self.scale.width / 2 if about is None else about))

    def pan(self, pixels: float) -> None:
        self._fitted = False
        self._set_scale(self.scale.panned(pixels))

    def zoom_in(self) -> None:
        self.zoom(STEP)

    def zoom_out(self) -> None:
        self.zoom(1 / STEP)

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
        if line.given_up:
            parts.append(self.tr("afgebroken, telt niet mee"))
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
                self.pan(at.x() - self._last.x())
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
            self.zoom(PER_UNIT**turn, event.position().x())
        elif event.modifiers() & _SHIFT or event.angleDelta().x():
            self.pan(turn / 2)
        elif event.position().x() < self.scale.left:
            self.scroll_to(self.scrolled - turn / 120 * 3 * self.row)
        else:
            self.zoom(PER_UNIT**turn, event.position().x())
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
            self.pan(60 if key == Qt.Key.Key_Left else -60)
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
        if self._fitted:
            self.fit()
        self.scroll_to(self.scrolled)

    def paintEvent(self, _event: QPaintEvent) -> None:
        picture = PortfolioPicture(
            rect=QRectF(self.rect()),
            rows_box=self.rows_box,
            row=self.row,
            scale=self.scale,
            scrolled=self.scrolled,
            lines=self.lines,
            years=self._years,
            strip_name=self.tr("woningen per jaar, alle projecten"),
            today=self.today,
            today_word=self.today_word,
            selected=self.selected,
            current=self.current,
            hover=self._hover,
            focus=self.hasFocus(),
        )
        self.painted_rows = len(picture.in_view)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        try:
            picture.paint(painter)
        finally:
            painter.end()  # a painter left open ends the program, whatever went wrong
