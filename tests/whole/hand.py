"""A user at the window: every move is a real mouse or key event, and every deliberate one is counted.

One action is a click, a drag, a shortcut or key of meaning (Enter, arrow), or one text typed whole.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QCursor, QKeySequence, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QCompleter,
    QDialog,
    QFileDialog,
    QLineEdit,
    QMenu,
    QTabBar,
    QTabWidget,
    QTreeView,
    QWidget,
)
from pytestqt.qtbot import QtBot

from diwi_desktop.gui import jobs
from diwi_desktop.gui.map.canvas import MapCanvas
from diwi_desktop.gui.timeline.panel import PROJECT, PlanningPanel
from diwi_desktop.gui.timeline.widget import TimelineWidget
from diwi_desktop.gui.workspace import MainWindow
from diwi_desktop.store import Store

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier
PATIENCE_MS = 20_000
_DRAG_STEPS = 8
_BLINK_MS = 20
_BLINKS = 500


@dataclass
class Hand:
    """The user's hand and eyes. `actions` says in words what was done, in order."""

    qtbot: QtBot
    window: MainWindow
    shots: Path
    actions: list[str] = field(default_factory=list)
    _looks: int = 0

    # -- what a user waits for --------------------------------------------------------------------------------------

    def wait(self, until: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(until, timeout=PATIENCE_MS)

    def settle(self) -> None:
        """Wait until nothing runs and the map, when in sight, is drawn."""
        canvas = self.canvas
        self.wait(lambda: jobs.busy() == 0 and (not canvas.isVisible() or canvas.is_settled()))
        QApplication.processEvents()

    def look(self, name: str) -> Path:
        """Keep what is on the screen now."""
        self._looks += 1
        top = QApplication.activeModalWidget() or QApplication.activeWindow() or self.window
        path = self.shots / f"{self._looks:02d}-{name}.png"
        top.grab().save(str(path))
        return path

    # -- what is in sight -------------------------------------------------------------------------------------------

    @property
    def store(self) -> Store:
        return self.window.state.store

    @property
    def canvas(self) -> MapCanvas:
        found = self.window.map.canvas
        assert isinstance(found, MapCanvas)
        return found

    @property
    def timeline(self) -> TimelineWidget:
        """The timeline of the project in hand, in the panel of its own."""
        panel = self.window.panels["planning"].content
        assert isinstance(panel, PlanningPanel)
        assert panel.page == PROJECT
        return panel.project

    def on_map(self, x: float, y: float) -> QPoint:
        """The pixel of the map on an RD point."""
        return QPointF(*self.canvas.view.to_screen(x, y)).toPoint()

    def _stay_active(self) -> None:
        """A window manager gives the keys to the window beneath one that closed; the screenless platform does not."""
        if QApplication.activeWindow() is None:
            shown = [w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible()]
            beneath = QApplication.activeModalWidget() or (shown[-1] if shown else self.window)
            beneath.activateWindow()
            QApplication.processEvents()

    @property
    def focus(self) -> QWidget:
        """What gets the keys now."""
        self._stay_active()
        popup = QApplication.activePopupWidget()
        candidates: tuple[QWidget | None, ...] = (QApplication.focusWidget(), QApplication.activeWindow())
        if popup is not None:
            candidates = (popup.focusWidget(), popup)
        found = next((widget for widget in candidates if widget is not None), None)
        assert found is not None, "no window is active"
        return found

    # -- the mouse --------------------------------------------------------------------------------------------------

    def _reach(self, widget: QWidget, place: QPoint) -> None:
        """A user can only click what is in sight, enabled and not covered."""
        assert widget.isVisible(), f"{_name(widget)} is not in sight"
        assert widget.isEnabled(), f"{_name(widget)} is off"
        top = widget.window()
        self._stay_active()
        under = top.childAt(widget.mapTo(top, place)) or top
        assert under is widget or widget.isAncestorOf(under), f"{widget} is covered by {under}"

    def _move(self, widget: QWidget, place: QPointF, held: bool = False, keys: Qt.KeyboardModifier = NONE) -> None:
        down = LEFT if held else Qt.MouseButton.NoButton
        spot = QPointF(widget.mapToGlobal(place.toPoint()))
        event = QMouseEvent(QEvent.Type.MouseMove, place, spot, Qt.MouseButton.NoButton, down, keys)
        QApplication.sendEvent(widget, event)

    def _say(self, text: str) -> None:
        self.actions.append(text)

    def click(
        self, widget: QWidget, place: QPoint | None = None, keys: Qt.KeyboardModifier = NONE, *, words: str = ""
    ) -> None:
        spot = place if place is not None else widget.rect().center()
        self._reach(widget, spot)
        self._say(words or f"klik {_name(widget)}")
        QCursor.setPos(widget.mapToGlobal(spot))
        QApplication.processEvents()
        self._move(widget, QPointF(spot))
        QTest.mouseClick(widget, LEFT, keys, spot)
        QApplication.processEvents()

    @contextmanager
    def dragging(self, widget: QWidget, start: QPoint, end: QPoint, *, shift: bool = False) -> Iterator[None]:
        """A drag before the end of which the body of the `with` looks around."""
        keys = Qt.KeyboardModifier.ShiftModifier if shift else NONE
        self._reach(widget, start)
        self._say(f"sleep op {_name(widget)}")
        self._move(widget, QPointF(start))
        QTest.mousePress(widget, LEFT, keys, start)
        for step in range(1, _DRAG_STEPS + 1):
            self._move(widget, QPointF(start) + QPointF(end - start) * step / _DRAG_STEPS, True, keys)
        QApplication.processEvents()
        yield
        QTest.mouseRelease(widget, LEFT, keys, end)
        QApplication.processEvents()

    # -- the keyboard -----------------------------------------------------------------------------------------------

    def press(self, keys: str) -> None:
        """A key or shortcut as it stands in a menu: "Ctrl+K", "Return", "P"."""
        self._say(keys)
        sequence: Any = QKeySequence(keys)  # its annotations lack the index
        combination = sequence[0]
        QTest.keyClick(self.focus, combination.key(), combination.keyboardModifiers())
        QApplication.processEvents()

    def type(self, text: str) -> None:
        """A text where the cursor stands."""
        self._say(f"typ '{text}'")
        QTest.keyClicks(self.focus, text)
        QApplication.processEvents()

    # -- what takes more than one of these ----------------------------------------------------------------------------

    def find(self, text: str) -> None:
        """Ctrl+K, what is looked for, Enter."""
        self.press("Ctrl+K")
        self.type(text)
        self.press("Return")
        field = self.window.search
        self.wait(lambda: not field.text())
        self.settle()

    def pick(self, view: QAbstractItemView, text: str, *, column: int = 0) -> QModelIndex:
        """Click the line of a list that reads so."""
        index = row_of(view, text, column)
        view.scrollTo(index)
        QApplication.processEvents()
        self.click(view.viewport(), view.visualRect(index).center(), words=f"klik '{text}'")
        return index

    def choose_from_popup(self, text: str) -> None:
        """Click an entry of the list that stands open."""
        self.wait(lambda: QApplication.activePopupWidget() is not None)
        popup = QApplication.activePopupWidget()
        assert popup is not None
        if isinstance(popup, QMenu):
            action = next(a for a in popup.actions() if plain(a.text()) == text)
            self.click(popup, popup.actionGeometry(action).center(), words=f"klik '{text}'")
            return
        view = popup.findChild(QAbstractItemView)
        assert view is not None
        self.pick(view, text)

    def menu(self, title: str, *entries: str) -> None:
        """A menu of the window and an entry in it."""
        bar = self.window.menuBar()
        head = next(a for a in bar.actions() if plain(a.text()) == title)
        self.click(bar, bar.actionGeometry(head).center(), words=f"menu {title}")
        for entry in entries:
            self.choose_from_popup(entry)

    def tab(self, tabs: QTabWidget | QTabBar, text: str) -> None:
        """Click a tab."""
        bar = tabs.tabBar() if isinstance(tabs, QTabWidget) else tabs
        place = next(n for n in range(bar.count()) if bar.tabText(n).startswith(text))
        self.click(bar, bar.tabRect(place).center(), words=f"tab {text}")

    @contextmanager
    def answering(self, path: Path) -> Iterator[None]:
        """The body opens a file dialog; in it the path is typed and Enter pressed.

        The dialog is the system's and not under test, and the screenless platform is slow to give it the keys: the two
        actions are tried until it closes. One that stays open is cancelled, and the test fails for want of the file.
        """
        self.actions += [f"typ '{path.name}'", "Return"]
        blinks = itertools.count()

        def answer() -> None:
            shown = [w for w in QApplication.topLevelWidgets() if isinstance(w, QFileDialog) and w.isVisible()]
            name = shown[-1].findChild(QLineEdit, "fileNameEdit") if shown else None
            if name is None:
                return
            blink = next(blinks)
            if blink > _BLINKS:
                shown[-1].reject()
            elif not name.hasFocus():
                shown[-1].activateWindow()
                name.setFocus()
            elif blink % 10 == 1:
                name.setCompleter(cast("QCompleter", None))  # it would offer names in a popup
                name.selectAll()
                QTest.keyClicks(name, str(path))
                QTest.keyClick(name, Qt.Key.Key_Return)

        timer = QTimer()
        timer.timeout.connect(answer)
        timer.start(_BLINK_MS)
        try:
            yield
        finally:
            timer.stop()


def plain(text: str) -> str:
    """The words of a menu entry."""
    return text.replace("&", "").rstrip("…").rstrip(".")


def row_of(view: QAbstractItemView, text: str, column: int = 0) -> QModelIndex:
    """The line of a list or tree that begins with a text; AssertionError names what there is instead."""
    model = view.model()
    seen = []
    todo = [model.index(row, column) for row in range(model.rowCount())]
    while todo:
        index = todo.pop(0)
        words = str(index.data() or "").strip()
        if words == text:
            return index
        seen.append(words)
        if isinstance(view, QTreeView):
            inner = index.siblingAtColumn(0)
            todo += [model.index(row, column, inner) for row in range(model.rowCount(inner))]
    raise AssertionError(f"'{text}' is not in the list: {seen}")


def _name(widget: QWidget) -> str:
    text = getattr(widget, "text", None)
    return str(text() if callable(text) else "") or widget.accessibleName() or widget.objectName()
