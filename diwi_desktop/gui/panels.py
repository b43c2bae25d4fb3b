"""Panels: dock widgets with a quiet title bar, which gives way to the tab when panels share a place."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QDockWidget,
    QHBoxLayout,
    QLabel,
    QLayout,
    QMainWindow,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from diwi_desktop.gui import enter, theme
from diwi_desktop.gui.tabbing import Entered, Part

_SIGN = 14
_MARK = 2  # pixels high


class PanelTitle(QWidget):
    """The name of a panel, a count, and buttons to float and hide it.

    Most title bars are never seen, as their panels stand in tabs, so what is on them is made at first sight.
    """

    def __init__(self, dock: Panel) -> None:
        super().__init__(dock)
        self.setObjectName("PanelTitle")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        # A height that is fixed is not asked for in Python, thousands of times, whenever panels are laid out.
        self.setFixedHeight(theme.space(7))
        self._dock = dock
        self._count = ""
        self.count: QLabel | None = None

    def set_count(self, text: str) -> None:
        """What stands at the right, such as "38 / 250"."""
        self._count = text
        if self.count is not None:
            self.count.setText(text)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.count is None:
            self.count = QLabel(self._count)
            self.count.setProperty("role", "small")
            self._build(self.count)

    def _build(self, count: QLabel) -> None:
        dock = self._dock
        name = QLabel(dock.heading)
        name.setProperty("role", "heading")
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.space(2), 1, theme.space(1), 1)
        row.setSpacing(theme.space(1))
        row.addWidget(name)
        row.addStretch(1)
        row.addWidget(count)
        row.addSpacing(theme.space(1))
        for sign, words, do in (
            ("dock-window", self.tr("Los venster of weer vast"), lambda: dock.setFloating(not dock.isFloating())),
            ("close", self.tr("Paneel verbergen"), dock.close),
        ):
            button = QToolButton()
            button.setIcon(theme.icon(sign, "muted"))
            button.setIconSize(QSize(_SIGN, _SIGN))
            button.setToolTip(words)
            button.setAccessibleName(f"{words}: {dock.heading}")
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(do)
            row.addWidget(button)


class _Mark(QWidget):
    """A line along the top of a panel, in sight while the keyboard is in it."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(_MARK)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.on = False

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.on:
            painter = QPainter(self)
            painter.fillRect(event.rect(), theme.colour("accent"))
            painter.end()


class _Holder(QWidget):
    """Keeps the place of a panel's content, which comes later than the panel itself."""

    def __init__(self, least: QSize) -> None:
        super().__init__()
        self.setObjectName("PanelBody")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumSize(least)
        self._column = QVBoxLayout(self)
        self._column.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.mark = _Mark()
        self._column.addWidget(self.mark)
        self.content: QWidget | None = None

    def fill(self, content: QWidget) -> None:
        self._column.addWidget(content, 1)
        self.content = content


class Panel(Part, QDockWidget):
    """A panel of the window.

    `name` is how layouts and commands know it; its content is set once, when first needed.
    """

    def __init__(self, name: str, title: str, icon: str, window: QMainWindow) -> None:
        super().__init__(title, window)
        self.begin_stops()
        self.name = name
        self.heading = title
        self.icon_name = icon
        self.in_sight = False
        self.visibilityChanged.connect(self._seen)
        self.setObjectName(name)
        self.setAllowedAreas(Qt.DockWidgetArea.AllDockWidgetAreas)
        self.title = PanelTitle(self)
        self._no_title: QWidget | None = None
        self._holder = _Holder(QSize(theme.space(50), theme.space(30)))
        self.setWidget(self._holder)
        self.setTitleBarWidget(self.title)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not enter.presses(event):  # a panel may be a window of its own
            super().keyPressEvent(event)

    def _seen(self, visible: bool) -> None:
        """Not in sight when hidden, or behind another tab."""
        self.in_sight = visible
        focused = QApplication.focusWidget()
        if focused is not None and not visible and self.isAncestorOf(focused) and not self.window().isMinimized():
            focused.clearFocus()  # keys would go on changing what nobody sees

    @property
    def content(self) -> QWidget:
        """What was put in the panel. RuntimeError when nothing has been."""
        content = self._holder.content
        if content is None:
            raise RuntimeError(self.name)
        return content

    @property
    def place(self) -> QWidget:
        """What the content is made in: a tree of widgets that changes parent is dressed anew."""
        return self._holder

    def fill(self, content: QWidget) -> QWidget:
        """Put the content in its place; returns it."""
        self._holder.fill(content)
        return content

    @property
    def has_focus(self) -> bool:
        """Whether the keyboard is at something in it."""
        focused = QApplication.focusWidget()
        return focused is not None and self.isAncestorOf(focused)

    def follow_focus(self) -> None:
        """Show whether the keyboard is in it."""
        mark, on = self._holder.mark, self.has_focus
        if mark.on is not on:
            mark.on = on
            mark.update()

    @property
    def marked(self) -> bool:
        """Whether it shows that the keyboard is in it."""
        return self._holder.mark.on

    def enter(self) -> None:
        """Take the keyboard: what the content says, or the first thing in it that keys can do something with."""
        if isinstance(self.content, Entered):
            self.content.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if not self.has_focus and not self.first_stop(forward=True):
            # Nothing to do here yet, and a key to leave by.
            QWidget.setFocus(self.content, Qt.FocusReason.ShortcutFocusReason)

    def set_count(self, text: str) -> None:
        """A count beside the name, such as "38 / 250"; also in the tab."""
        self.title.set_count(text)
        self.setWindowTitle(f"{self.heading}  {text}" if text else self.heading)
        self.title.setAccessibleName(self.windowTitle())

    def follow_tabs(self, tabbed: bool) -> None:
        """A panel that shares its place is named by its tab; its own title bar goes."""
        wanted: QWidget = self.title
        if tabbed and not self.isFloating():
            if self._no_title is None:
                self._no_title = QWidget(self)
                self._no_title.setFixedHeight(0)
            wanted = self._no_title
        if self.titleBarWidget() is not wanted:
            self.setTitleBarWidget(wanted)
            self.title.setVisible(wanted is self.title)
