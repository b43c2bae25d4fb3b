"""The timeline itself: lanes of one plan against the axis, moved by mouse and keys. It knows no store: it asks."""

from __future__ import annotations

from datetime import date
from enum import Enum

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, QTimer, Signal, SignalInstance
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
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from diwi_desktop.gui import theme
from diwi_desktop.gui.timeline.axis import axis_height
from diwi_desktop.gui.timeline.draft import Draft
from diwi_desktop.gui.timeline.items import Item, Lane, items_of, tooltip, words, year_words
from diwi_desktop.gui.timeline.layout import Layout, Placed, Sizes, lay_out, row_sizes
from diwi_desktop.gui.timeline.picture import Picture
from diwi_desktop.gui.timeline.scale import Scale
from diwi_desktop.model.derive import homes_per_year
from diwi_desktop.model.plan import Plan
from diwi_desktop.planning.shift import step

QUIET_MS = 600  # after so long without a key, a series of moves is done
_EDGE_MS, _EDGE = 40, 16  # at the edge of the view, a drag pans on by so many pixels so often
_GRIP = 24  # the least width that can be grabbed
_WHEEL = 1.0015  # zoom per unit of the wheel; one notch is 120
_STEP = 1.4  # zoom per press of + or −
_SHIFT, _CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
_OWN_KEYS = frozenset(
    {Qt.Key.Key_Delete, Qt.Key.Key_Insert, Qt.Key.Key_F2, Qt.Key.Key_G, Qt.Key.Key_0, Qt.Key.Key_Home}
    | {Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus, Qt.Key.Key_Underscore}
)


class _Grab(Enum):
    NONE = 0
    PRESSED = 1  # on an item, not yet moved
    ITEM = 2
    SPACE = 3


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
        self._hover: str | None = None
        self._layout = Layout([], [], 0)
        self._before: Layout | None = None
        self._fitted = True
        self._grab = _Grab.NONE
        self._pressed = QPointF()
        self._last = QPointF()
        self._grip = 0.0  # days from the date of an item to where it was grabbed
        self._follow = False
        self._edge = QTimer(self)
        self._edge.setInterval(_EDGE_MS)
        self._edge.timeout.connect(self._drag_on)
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
        self._end_move(None)
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
            if self._grab is _Grab.NONE:
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
        days = [self.plan.start_date, self.plan.end_date, *(item.date for item in self.items)]
        first, last = min(days), max(days)
        scale = Scale.fit(first, last, left, width)
        # Labels stand to the right of their marks: give the last ones room, within reason.
        measure = QFontMetricsF(theme.font("small")).horizontalAdvance
        labels = [(item.date, measure(item.label) + 16) for item in self.items if item.lane is not Lane.PHASE]
        room = width
        for _ in range(3):
            over = max((scale.x(day) + wide - scale.right for day, wide in labels), default=0.0)
            if over <= 0:
                break
            room = max(room - over, width * 0.75)
            scale = Scale.fit(first, last, left, room).placed(left, width)
        self._set_scale(scale)

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
        self.zoom(_STEP)

    def zoom_out(self) -> None:
        self.zoom(1 / _STEP)

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
        """Lay out anew, tighter and with shorter labels when the lanes would not fit."""
        before = Layout([], [], 0)
        for sizes in row_sizes(QFontMetricsF(theme.font("small"))):
            before = self._lay_out(self.items, sizes)
            if before.height <= self.lanes_box.height():
                break
        self._before, self._layout = None, before
        if self.draft is not None:
            rows = before.rows()
            self._layout = self._lay_out(items_of(self.draft.after, self.today), sizes, rows)
            most = {lane: max(n, rows.get(lane, 1)) for lane, n in self._layout.rows().items()}
            self._before = self._lay_out(self.items, sizes, most)
        self.scrolled = min(self.scrolled, float(self.overflow))
        self.view_changed.emit()
        self.update()

    def _lay_out(self, items: list[Item], sizes: Sizes, least_rows: dict[Lane, int] | None = None) -> Layout:
        metrics = QFontMetricsF(theme.font("small"))

        def elide(text: str, room: float) -> str:
            return metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)

        return lay_out(items, self.scale, sizes, metrics.horizontalAdvance, elide, self.hidden, least_rows)

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
        self._end_move(None)
        if draft.moves:
            self.moved.emit(draft)

    def cancel(self) -> None:
        """Leave everything as it was."""
        self._grab = _Grab.NONE
        self._end_move(None)
        self._arrange()

    def _end_move(self, draft: Draft | None) -> None:
        self._quiet.stop()
        if self.draft is not draft:
            self.draft = draft
            self._arrange()
            self.draft_changed.emit(draft)

    def _nudge(self, event: QKeyEvent, sign: int) -> None:
        item = self.selected
        if item is None:
            self.pan(-sign * 60)
            return
        if self.read_only:
            self.refused.emit()
            return
        day = self.draft.to if self.draft is not None else item.date
        follow = bool(event.modifiers() & _SHIFT)
        to = step(day, months=sign) if event.modifiers() & _CTRL else step(day, days=sign)
        self.start_move(item.id, to, follow=follow)
        self.show_day(to)
        self._quiet.start()

    # ---------------------------------------------------------------------------------------------------------- mouse

    def placed_at(self, at: QPointF) -> Placed | None:
        """The item under a place: marks before bars, the topmost first."""
        if not self.lanes_box.contains(at) or at.x() < self.scale.left:
            return None
        place = QPointF(at.x(), at.y() - self.lanes_box.top() + self.scrolled)
        best: Placed | None = None
        for p in self._layout.placed:
            grip = p.shape
            if grip.width() < _GRIP and not p.bar:
                grip = grip.adjusted(-(_GRIP - grip.width()) / 4, -3, (_GRIP - grip.width()) / 4, 3)
            if (grip.contains(place) or p.text_box.contains(place)) and (best is None or best.bar):
                best = p
        return best

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

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        self.finish()
        self._pressed = self._last = event.position()
        found = self.placed_at(event.position())
        self._grab = _Grab.SPACE if found is None else _Grab.PRESSED
        QToolTip.hideText()
        if found is None:
            self.select(None)
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif found.item.id != self._selected:
            # Not `select`: bringing it into view would move it away under the pointer.
            self._selected = found.item.id
            self.selection_changed.emit(self.selected)
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        if self._grab is _Grab.SPACE:
            self.pan(at.x() - self._last.x())
            self.scroll_to(self.scrolled - (at.y() - self._last.y()))
        elif self._grab is _Grab.PRESSED and self._far_enough(at):
            self._grabbed()
        if self._grab is _Grab.ITEM:
            self._last = at
            self._drag(at, follow=bool(event.modifiers() & _SHIFT))
        if self._grab is _Grab.NONE:
            found = self.placed_at(at)
            self._set_hover(found.item.id if found else None)
        self._last = at

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            dragged, self._grab = self._grab is _Grab.ITEM, _Grab.NONE
            self.setCursor(Qt.CursorShape.ArrowCursor)
            if dragged:
                self._drag(event.position(), follow=bool(event.modifiers() & _SHIFT))
                self.finish()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        self._grab = _Grab.NONE
        found = self.placed_at(event.position())
        if found is not None:
            self.edit_wanted.emit(found.item.id)
        elif event.position().x() >= self.scale.left:
            self.add_wanted.emit(self.scale.date(event.position().x()))

    def _grabbed(self) -> None:
        """From here on the item moves along with the pointer."""
        item = self.selected
        self._grab = _Grab.NONE if self.read_only or item is None else _Grab.ITEM
        if self.read_only:
            self.refused.emit()
        elif item is not None:
            self._grip = self.scale.day(self._pressed.x()) - item.date.toordinal()

    def _far_enough(self, at: QPointF) -> bool:
        return (at - self._pressed).manhattanLength() >= QApplication.startDragDistance()

    def _drag(self, at: QPointF, *, follow: bool) -> None:
        item = self.selected
        if item is None:
            return
        self._follow = follow
        days = round(self.scale.day(at.x()) - self._grip) - item.date.toordinal()
        self.start_move(item.id, step(item.date, days=days), follow=follow)
        if not self.scale.left + _EDGE <= at.x() <= self.scale.right - _EDGE:
            self._edge.start()
        else:
            self._edge.stop()

    def _drag_on(self) -> None:
        """Pan while something is held at the edge of the view."""
        if self._grab is not _Grab.ITEM:
            self._edge.stop()
            return
        self.pan(_EDGE if self._last.x() < self.scale.left + _EDGE else -_EDGE)
        self._drag(self._last, follow=self._follow)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turn = event.angleDelta().y() or event.angleDelta().x()
        if event.modifiers() & _SHIFT or event.angleDelta().x():
            self.pan(turn / 2)
        else:
            self.zoom(_WHEEL**turn, event.position().x())
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.finish()
        at = QPointF(event.pos())
        item, place = self.selected, event.globalPos()
        if event.reason() is QContextMenuEvent.Reason.Mouse:
            found = self.placed_at(at)
            self.select(found.item.id if found else None)
            item = self.selected
        elif item is not None:
            place = self.mapToGlobal(self.place_of(item.id))
        day = item.date if item else self.scale.date(max(at.x(), self.scale.left))
        self.menu_wanted.emit(item, day, place)

    def leaveEvent(self, event: QEvent) -> None:
        self._set_hover(None)

    def _set_hover(self, id: str | None) -> None:
        if id != self._hover:
            self._hover = id
            self.setCursor(Qt.CursorShape.SizeHorCursor if id and not self.read_only else Qt.CursorShape.ArrowCursor)
            self.update()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            text = self.words_at(QPointF(event.pos()))
            if text and self._grab is _Grab.NONE:
                QToolTip.showText(event.globalPos(), text, self)
            else:
                QToolTip.hideText()
                event.ignore()
            return True
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.ShortcutOverride:
            # Undo in the middle of a series of keys takes back that series: it must be an act by then.
            if event.matches(QKeySequence.StandardKey.Undo):
                self.finish()
            elif self._owns(event):
                event.accept()
                return True
        return super().event(event)

    # ----------------------------------------------------------------------------------------------------------- keys

    def _owns(self, event: QKeyEvent) -> bool:
        """Whether a key is for the timeline even where the window has a shortcut on it."""
        if event.key() == Qt.Key.Key_Escape:
            return self.draft is not None or self.selected is not None
        return event.key() in _OWN_KEYS and not event.modifiers() & (_CTRL | Qt.KeyboardModifier.AltModifier)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, item = event.key(), self.selected
        if self._grab is _Grab.ITEM and key == Qt.Key.Key_Shift:
            self._drag(self._last, follow=True)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._nudge(event, 1 if key == Qt.Key.Key_Right else -1)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.step_selection(1 if key == Qt.Key.Key_Down else -1)
        elif key == Qt.Key.Key_Escape and (self.draft is not None or item is not None):
            self._escape()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2):
            self._enter(key)
        elif key == Qt.Key.Key_Insert:
            self._ask(self.add_wanted, item.date if item else self._middle())
        elif key == Qt.Key.Key_Delete and item is not None:
            self._ask(self.delete_wanted, item.id)
        elif key == Qt.Key.Key_G and item is not None:
            self._ask(self.realise_wanted, item.id)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_in()
        elif key in (Qt.Key.Key_Minus, Qt.Key.Key_Underscore):
            self.zoom_out()
        elif key == Qt.Key.Key_0:
            self.fit()
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.pan(self.scale.width / 2 * (1 if key == Qt.Key.Key_PageUp else -1))
        elif key == Qt.Key.Key_Home:
            self.show_day(self.today)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if self._grab is _Grab.ITEM and event.key() == Qt.Key.Key_Shift:
            self._drag(self._last, follow=False)
        else:
            super().keyReleaseEvent(event)

    def _escape(self) -> None:
        if self.draft is not None:
            self.cancel()
        else:
            self.select(None)

    def _enter(self, key: int) -> None:
        if self.draft is not None and key != Qt.Key.Key_F2:
            self.finish()
        elif self.selected is not None:
            self.finish()
            self.edit_wanted.emit(self.selected.id)

    def _ask(self, signal: SignalInstance, what: object) -> None:
        self.finish()
        if self.read_only:
            self.refused.emit()
        else:
            signal.emit(what)

    def _middle(self) -> date:
        in_view = self.scale.x(self.today)
        if self.scale.left <= in_view <= self.scale.right:
            return self.today
        return self.scale.date(self.scale.left + self.scale.width / 2)

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
            hover=self._hover,
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
