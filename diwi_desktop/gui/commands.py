"""Everything the window can do, as actions with a name, an icon and a key.

Menus and the search palette read them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

from diwi_desktop.gui import theme


class Commands(QObject):
    """The actions of one window by name, in the order in which they were made."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._actions: dict[str, QAction] = {}

    def add(
        self,
        name: str,
        text: str,
        do: Callable[[], object],
        *,
        icon: str = "",
        key: str = "",
        also: str = "",
        tip: str = "",
        checkable: bool = False,
    ) -> QAction:
        """Make an action. Its tooltip names the key; the key works in the whole window, as does `also`, for who is used
        to that one.
        """
        action = QAction(text, self)
        action.setObjectName(name)
        if icon:
            action.setIcon(theme.icon(icon))
        if key:
            action.setShortcuts([QKeySequence(one) for one in (key, also) if one])
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        action.setCheckable(checkable)
        words = tip or text.rstrip("…")
        shown = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        action.setProperty("tip", f"{words} ({shown})" if shown else words)
        action.setToolTip(action.property("tip"))
        action.triggered.connect(lambda _=False: do())
        self._actions[name] = action
        self._window.addAction(action)
        return action

    def allow(self, name: str, possible: bool, refusal: str = "") -> None:
        """Let an action be possible or not; `refusal` is why the user may not do it, which its tooltip then says."""
        action = self._actions[name]
        tip = action.property("tip")
        action.setEnabled(possible and not refusal)
        action.setToolTip(refusal or tip)
        action.setStatusTip(refusal)

    def why_not(self, event: QKeyEvent) -> str:
        """Why a key does nothing now, in one sentence; empty when it has no command, or one without a reason."""
        pressed = QKeySequence(event.keyCombination())
        for action in self:
            if not action.isEnabled() and any(key == pressed for key in action.shortcuts()):
                return action.statusTip()
        return ""

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def __iter__(self) -> Iterator[QAction]:
        return iter(self._actions.values())
