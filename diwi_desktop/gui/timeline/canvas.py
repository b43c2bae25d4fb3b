"""The timeline itself: lanes of one plan against the axis, moved by mouse (`pointing`) and `keys`.

It knows no store: it asks.
"""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from diwi_desktop.gui import theme
from diwi_desktop.gui.timeline import keys
from diwi_desktop.gui.timeline.axis import axis_height
from diwi_desktop.gui.timeline.draft import Draft
from diwi_desktop.gui.timeline.fitting import arrange, whole
from diwi_desktop.gui.timeline.items import Item, Lane, items_of, tooltip, words, year_words
from diwi_desktop.gui.timeline.layout import Layout, Placed
from diwi_desktop.gui.timeline.picture import Picture
from diwi_desktop.gui.timeline.pointing import Pointing
from diwi_desktop.gui.timeline.scale import STEP, Scale
from diwi_desktop.model.derive import homes_per_year
from diwi_desktop.model.plan import Plan
from diwi_desktop.planning.shift import step

QUIET_MS = 600  # after so long without a key, a series of moves is done


class TimelineCanvas(QWidget):
    """Shows a plan. `moved` carries a Draft to store; the others ask for what the canvas does not do itself."""

    moved = Signal(object)
    edit_wanted = Signal(str)
    realise_wanted = Signal(str)
    delete_wanted = Signal(str)
    add_wanted = Signal(object)  # the day
    menu_wanted = Signal(object, object, QPoint)  # item or None, day, global place
    draft_changed = Signal(object)  # Draft or None
    selection_changed = Signal(object)  # Item or None
    refused = Signal()  # a change was tried while reading only
    view_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.plan: Plan | None = None
        self.today = date(2000, 1, 1)
        self.today_word = ""
        self.read_only = False
        self.hidden: frozenset[Lane] = frozenset()
        self.scale = Scale.fit(self.today, self.today, 0, 100)
        self.items: list[Item] = []
        self.draft: Draft | None = None
        self.scrolled = 0.0
        self._selected: str | None = None
        self._layout = Layout([], [], 0)
        self._before: Layout | None = None
        self._fitted = True
        self.pointing = Pointing(self)
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.setInterval(QUIET_MS)
        self._quiet.timeout.connect(self.finish)
        theme.current().changed.connect(self._refresh)

    # ------------------------------------------------------------------------------------------------------- content

    def show_plan(self, plan: Plan | None, today: date, today_word: str, *, read_only: bool) -> None:
        """Show a plan as it is; another plan than before is shown whole."""
        other = (plan.id if plan else None) != (self.plan.id if self.plan else None)
        draft = self.draft
        self._end_move()
        self.plan, self.today, self.today_word, self.read_only = plan, today, today_word, read_only
        self.items = items_of(plan, today) if plan else []
        if self.item(self._selected) is None:
            self._selected = None
        if other:
            self.scrolled = 0.0
            self.fit()
        self._arrange()
        self.selection_changed.emit(self.selected)
        if draft is not None and not other and not read_only:
            # The plan changed elsewhere: go on with the move on what it is now.
            self.start_move(draft.item, draft.to, follow=draft.follow)
            if self.pointing.idle:
                self._quiet.start()

    def item(self, id: str | None) -> Item | None:
        """The item as it stands in the plan, without the move in the making."""
        return next((i for i in self.items if i.id == id), None)

    @property
    def selected(self) -> Item | None:
        return self.item(self._selected)

    def select(self, id: str | None) -> None:
        """Select an item and bring it into view."""
        if id != self._selected:
            self.finish()
            self._selected = id if self.item(id) else None
            self.selection_changed.emit(self.selected)
        item = self.selected
        if item is not None:
            self.show_day(item.date)
            self._show_row(item.id)
        self.update()

    def take(self, id: str) -> None:
        """Select an item that is in view, and leave the view as it is."""
        if id != self._selected:
            self._selected = id
            self.selection_changed.emit(self.selected)
            self.update()

    def set_hidden(self, lanes: frozenset[Lane]) -> None:
        """Leave lanes out."""
        self.hidden = lanes
        if self.selected is not None and self.selected.lane in lanes:
            self.select(None)
        self._arrange()

    # ---------------------------------------------------------------------------------------------------------- view

    @property
    def gutter(self) -> float:
        """The room for the names of the lanes."""
        metrics = QFontMetricsF(theme.font("small"))
        return max(metrics.horizontalAdvance(name) for name in self.lane_names().values()) + 20

    def lane_names(self) -> dict[Lane, str]:
        return {
            Lane.PHASE: self.tr("fase"),
            Lane.STATUS: self.tr("planstatus"),
            Lane.MILESTONE: self.tr("mijlpalen"),
            Lane.DELIVERY: self.tr("oplevering"),
        }

    @property
    def strip_height(self) -> float:
        """The room for homes per year: more when the widget is high, none when it is very low."""
        least = 54.0 if self.height() >= 240 else 46.0
        return min(110.0, max(least, self.height() * 0.2)) if self.height() >= 150 else 0.0

    @property
    def lanes_box(self) -> QRectF:
        """Where the lanes are seen."""
        top = axis_height()
        return QRectF(0, top, self.width(), max(0.0, self.height() - top - self.strip_height))

    @property
    def overflow(self) -> int:
        """How many pixels of the lanes do not fit."""
        return max(0, round(self._layout.height - self.lanes_box.height()))

    def fit(self) -> None:
        """Everything in view; it stays so when the widget gets another size, until the user zooms or pans."""
        self._fitted = True
        left, width = self.gutter, max(50.0, self.width() - self.gutter)
        if self.plan is None:
            self._set_scale(Scale.fit(self.today.replace(month=1, day=1), step(self.today, months=60), left, width))
            return
        self._set_scale(whole(self.plan, self.items, left, width))

    def zoom(self, factor: float, about: float | None = None) -> None:
        """Zoom about a place; without one about the selected item, else about the middle."""
        if about is None:
            item = self.selected
            about = self.scale.x(item.date) if item else 0.0
            if not self.scale.left <= about <= self.scale.right:
                about = self.scale.left + self.scale.width / 2
        self._fitted = False
        self._set_scale(self.scale.zoomed(factor, about))

    def zoom_in(self) -> None:
        self.zoom(STEP)

    def zoom_out(self) -> None:
        self.zoom(1 / STEP)

    def pan(self, pixels: float) -> None:
        self._fitted = False
        self._set_scale(self.scale.panned(pixels))

    def show_day(self, day: date) -> None:
        """Pan as little as needed to have a day in view."""
        shown = self.scale.showing(day)
        if shown != self.scale:
            self._fitted = False
            self._set_scale(shown)

    def scroll_to(self, top: float) -> None:
        """Scroll the lanes, in pixels from their top."""
        self.scrolled = float(min(max(0, round(top)), self.overflow))
        self.view_changed.emit()
        self.update()

    def _show_row(self, id: str) -> None:
        found = self._layout.find(id)
        if found is not None:
            room = self.lanes_box.height()
            if found.shape.top() < self.scrolled or found.shape.bottom() + 4 > self.scrolled + room:
                self.scroll_to(found.shape.center().y() - room / 2)

    def _set_scale(self, scale: Scale) -> None:
        if scale != self.scale:
            self.scale = scale
            self._arrange()

    def _refresh(self) -> None:
        self.scale = self.scale.placed(self.gutter, self.width() - self.gutter)
        if self._fitted:
            self.fit()
        self._arrange()

    def _arrange(self) -> None:
        """Lay out anew."""
        draft = self.draft
        moved = None if draft is None else lambda: items_of(draft.after, self.today)
        self._layout, self._before = arrange(self.items, self.scale, self.lanes_box.height(), self.hidden, moved)
        self.scrolled = min(self.scrolled, float(self.overflow))
        self.view_changed.emit()
        self.update()

    # -------------------------------------------------------------------------------------------------------- moving

    def start_move(self, id: str, to: date, *, follow: bool) -> None:
        """Show what would happen if an item went to a day; `finish` keeps it, `cancel` does not."""
        if self.plan is None or self.item(id) is None:
            return
        self.draft = Draft(self.plan, id, to, follow)
        self._arrange()
        self.draft_changed.emit(self.draft)

    def finish(self) -> None:
        """Keep the move in the making, if there is one."""
        draft = self.draft
        if draft is None:
            return
        self._end_move()
        if draft.moves:
            self.moved.emit(draft)

    def cancel(self) -> None:
        """Leave everything as it was."""
        self.pointing.let_go()
        self._end_move()
        self._arrange()

    def _end_move(self) -> None:
        self._quiet.stop()
        if self.draft is not None:
            self.draft = None
            self._arrange()
            self.draft_changed.emit(None)

    def nudge(self, sign: int, *, months: bool, follow: bool) -> None:
        """Move the selected item a day or a month on or back; a quick series of these is one move."""
        item = self.selected
        if item is None:
            return
        if self.read_only:
            self.refused.emit()
            return
        day = self.draft.to if self.draft is not None else item.date
        to = step(day, months=sign) if months else step(day, days=sign)
        self.start_move(item.id, to, follow=follow)
        self.show_day(to)
        self._quiet.start()

    # ------------------------------------------------------------------------------------------------ what is where

    def placed_at(self, at: QPointF) -> Placed | None:
        """The item under a place: marks before bars, the topmost first."""
        if not self.lanes_box.contains(at) or at.x() < self.scale.left:
            return None
        return self._layout.at(QPointF(at.x(), at.y() - self.lanes_box.top() + self.scrolled))

    def place_of(self, id: str) -> QPoint:
        """The middle of the mark of an item, in this widget. KeyError when it is not shown."""
        found = self._layout.find(id)
        if found is None:
            raise KeyError(id)
        seen = found.shape
        if found.bar:
            seen = seen.intersected(QRectF(self.scale.left, 0, self.scale.width, self._layout.height))
        return QPointF(seen.center().x(), seen.center().y() + self.lanes_box.top() - self.scrolled).toPoint()

    def words_at(self, at: QPointF) -> str:
        """What there is to say about a place: the item, or the homes of a year; empty for nothing."""
        found = self.placed_at(at)
        if found is not None:
            return tooltip(found.item)
        if self.plan is not None and at.y() > self.lanes_box.bottom() and at.x() >= self.scale.left:
            year = self.scale.date(at.x()).year
            pair = homes_per_year(self.plan.blocks).get(year)
            return year_words(year, *pair) if pair else ""
        return ""

    # ------------------------------------------------------------------------------------------------ mouse and keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.pointing.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.pointing.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.pointing.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.pointing.double_click(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.pointing.wheel(event)
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.pointing.context_menu(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.pointing.leave()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            text = self.words_at(QPointF(event.pos()))
            if text and self.pointing.idle:
                QToolTip.showText(event.globalPos(), text, self)
            else:
                QToolTip.hideText()
                event.ignore()
            return True
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.ShortcutOverride:
            # Undo in the middle of a series of keys takes back that series: it must be an act by then.
            if event.matches(QKeySequence.StandardKey.Undo):
                self.finish()
            elif keys.owns(self, event):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not keys.press(self, event):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if not keys.release(self, event):
            super().keyReleaseEvent(event)

    def order(self) -> list[Item]:
        """The items in the order in which keys walk along them."""
        return [item for item in self.items if item.lane not in self.hidden]

    def step_selection(self, sign: int) -> bool:
        """Select the next or previous item; False at the end."""
        ids = [item.id for item in self.order()]
        if not ids:
            return False
        outside = -1 if sign > 0 else len(ids)
        at = (ids.index(self._selected) if self._selected in ids else outside) + sign
        if not 0 <= at < len(ids):
            return False
        self.select(ids[at])
        return True

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab walks along the items first, then leaves."""
        if self.step_selection(1 if forward else -1):
            return True
        self.select(None)
        return super().focusNextPrevChild(forward)

    def focusInEvent(self, event: QFocusEvent) -> None:
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self._selected = None
            self.step_selection(1 if event.reason() is Qt.FocusReason.TabFocusReason else -1)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.finish()
        self.update()

    # ------------------------------------------------------------------------------------------------------- painting

    def sizeHint(self) -> QSize:
        return QSize(900, 330)

    def minimumSizeHint(self) -> QSize:
        return QSize(280, 120)

    def resizeEvent(self, _event: QResizeEvent) -> None:
        self._refresh()

    def paintEvent(self, _event: QPaintEvent) -> None:
        before = homes_per_year(self.plan.blocks) if self.plan else {}
        picture = Picture(
            rect=QRectF(self.rect()),
            scale=self.scale,
            layout=self._layout,
            ghosts=self._before,
            lanes_box=self.lanes_box,
            scrolled=self.scrolled,
            names=self.lane_names(),
            strip_names=(self.tr("woningen"), self.tr("per jaar")),
            today=self.today,
            today_word=self.today_word,
            before=before,
            after=self.draft.years if self.draft else before,
            draft=self.draft,
            selected=self._selected,
            hover=self.pointing.hover,
            focus=self.hasFocus(),
        )
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        try:
            picture.paint(painter)
        finally:
            painter.end()  # a painter left open ends the program, whatever went wrong

    def describe(self) -> str:
        """The selected item in words, as it would be after the move in the making."""
        item = self.selected
        if item is not None and self.draft is not None:
            item = next((i for i in items_of(self.draft.after, self.today) if i.id == item.id), item)
        return words(item) if item else ""
