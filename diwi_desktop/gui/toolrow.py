"""A row of tools above a panel: icon and word, and only the icon where the panel is too narrow for the words."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QToolButton, QWidget

from diwi_desktop.gui import theme

_WORDS = Qt.ToolButtonStyle.ToolButtonTextBesideIcon
_SIGN = Qt.ToolButtonStyle.ToolButtonIconOnly
_NARROWEST = 160
_FRAME = 18  # padding and edges of a button


class ToolRow(QWidget):
    """Give it buttons with `add_tool` or `add`, and other widgets with `put`. A tooltip has the word and key of a
    button, where it shows none.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wordy: list[QToolButton] = []
        self._least: dict[QWidget, int] = {}  # widths of those that take what the others leave
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(theme.space(1), 2, theme.space(1), 2)
        self._row.setSpacing(2)
        self._row.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)

    def add(self, button: QToolButton, *, words: bool = True) -> None:
        """Put a button at the end; without `words` it is an icon at any width."""
        theme.words_beside(button, on=words)
        self._row.addWidget(button)
        if words:
            self._wordy.append(button)

    def add_tool(self, sign: str, words: str, key: str, do: Callable[..., None] | None = None) -> QToolButton:
        """Put a new button at the end: its icon, its words, the key that does the same, and what it does."""
        button = QToolButton(self)
        button.setIcon(theme.icon(sign))
        button.setText(words)
        button.setToolTip(f"{words.rstrip('…')} ({key})")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if do is not None:
            button.clicked.connect(do)
        self.add(button)
        return button

    def put(self, widget: QWidget, *, stretch: int = 0, least: int | None = None, first: bool = False) -> None:
        """Put something that is no tool at the end, or first. It has its own width always; with `least` it has what
        is left, and words of buttons go before it has less than that.
        """
        self._row.insertWidget(0 if first else self._row.count(), widget, stretch)
        if least is not None:
            self._least[widget] = least

    def need(self, widget: QWidget, least: int) -> None:
        """From now on words of buttons go before this widget, which takes what is left, has less than that."""
        if self._least.get(widget) != least:
            self._least[widget] = least
            self._fit()

    def add_space(self, pixels: int) -> None:
        """Keep room open between what is before it and what follows."""
        self._row.addSpacing(pixels)

    def add_stretch(self) -> None:
        """What follows stands at the right."""
        self._row.addStretch(1)

    def minimumSizeHint(self) -> QSize:
        return QSize(_NARROWEST, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        # A button came or went, or the text has another size.
        if event.type() is QEvent.Type.LayoutRequest:
            self._fit()
        return done

    def _fit(self) -> None:
        """Take the words away from the end of the row until the rest fits."""
        shown = [button for button in self._wordy if not button.isHidden()]
        items = [item for place in range(self._row.count()) if (item := self._row.itemAt(place)) is not None]
        others = [item.widget() for item in items]
        rest = [w for w in others if w is not None and w not in self._wordy and not w.isHidden()]
        open_room = sum(item.minimumSize().width() for item in items if item.spacerItem() is not None)
        margins = self._row.contentsMargins()
        gaps = self._row.spacing() * max(0, len(shown) + len(rest) - 1) + margins.left() + margins.right()
        room = self.width() - gaps - open_room - sum(self._least.get(w, w.sizeHint().width()) for w in rest)
        widths = [(_width(button, _WORDS), _width(button, _SIGN)) for button in shown]
        plain = len(shown)
        while plain and sum(w[0] for w in widths[:plain]) + sum(w[1] for w in widths[plain:]) > room:
            plain -= 1
        for place, button in enumerate(shown):
            _dress(button, words=place < plain)


def _width(button: QToolButton, style: Qt.ToolButtonStyle) -> int:
    """How wide a button would be, without anyone being told that it changed."""
    metrics = button.fontMetrics()
    icon = button.iconSize().height()
    if style is _SIGN:
        return icon + _FRAME
    return icon + _FRAME + 2 * theme.GAP + metrics.horizontalAdvance(button.text()) + metrics.horizontalAdvance("x")


def _dress(button: QToolButton, *, words: bool) -> None:
    if (button.toolButtonStyle() is _WORDS) is not words:
        theme.words_beside(button, on=words)
