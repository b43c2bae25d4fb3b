"""Where the Tab key goes in the window: from part to part in the order of the screen, along what is in sight.

Qt goes along all widgets of a window in the order in which they were made, which is not that of the screen, and into
panels behind a tab as well, where keys would change what nobody sees. Here Qt itself walks inside one part at a time:
Python never looks at the widgets between, of which it would hold what Qt throws away.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

if TYPE_CHECKING:
    _Base = QWidget
else:
    _Base = object


class Part(_Base):
    """For a bar or panel of the window: its stops of the Tab key. Call `begin_stops` before anything is put in it."""

    _front: QWidget

    def begin_stops(self) -> None:
        """Mark where the stops of this part begin: none comes before what is made first."""
        self._front = QWidget(self)
        self._front.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._front.setGeometry(0, 0, 0, 0)
        self._front.show()

    def next_stop(self, *, forward: bool) -> bool:
        """Give the keyboard to the next (or previous) stop in this part. False past its last, where none has it."""
        flags = self.windowFlags()
        self._front.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        # In a window inside a window Qt goes round and round, and so comes by the front after the last.
        self.overrideWindowFlags(Qt.WindowType.SubWindow)
        try:
            super().focusNextPrevChild(forward)
        finally:
            self.overrideWindowFlags(flags)
            self._front.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return not self._front.hasFocus()

    def first_stop(self, *, forward: bool) -> bool:
        """Give the keyboard to the first stop in this part; going backwards, to the last. False when it has none."""
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        self._front.setFocus(reason)
        return self.next_stop(forward=forward)


class Entered(_Base):
    """For what hands the keyboard to something in it. With a focus proxy Tab would, passing by what is before it."""

    def entrance(self) -> QWidget:
        """What takes the keyboard."""
        raise NotImplementedError

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        self.entrance().setFocus(reason)


def put_behind(front: QWidget, stops: Sequence[QWidget]) -> None:
    """Make `stops`, which were made later, the first ones behind `front`, which need not be one itself."""
    proxies = [(stop, proxy) for stop in stops if (proxy := stop.focusProxy()) is not None]
    inside = dict(proxies)
    order = [front, *(widget for stop in stops for widget in (stop, inside.get(stop)) if widget is not None)]
    # What takes no keys itself, or hands them on, Qt leaves where it is.
    for stop, _ in proxies:
        stop.setFocusProxy(None)  # type: ignore[arg-type]  # the stub does not know that None takes it away
    policies = [(widget, widget.focusPolicy()) for widget in order]
    for widget, _ in policies:
        widget.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    for before, after in pairwise(order):
        QWidget.setTabOrder(before, after)
    for widget, policy in policies:
        widget.setFocusPolicy(policy)
    for stop, proxy in proxies:
        stop.setFocusProxy(proxy)


def step(parts: Sequence[Part], *, forward: bool) -> bool:
    """Give the keyboard to the next (or previous) stop along `parts`, round and round. False when they have none."""
    focused = QApplication.focusWidget()
    at = next((n for n, part in enumerate(parts) if focused is not None and part.isAncestorOf(focused)), None)
    if at is not None and parts[at].next_stop(forward=forward):
        return True
    if forward:
        following = range(0 if at is None else at + 1, len(parts))
        others = [*following, *range(following.start)]
    else:
        before = range(len(parts) if at is None else at)
        others = [*reversed(before), *reversed(range(before.stop, len(parts)))]
    return any(parts[n].first_stop(forward=forward) for n in others)
