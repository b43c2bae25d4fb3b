"""What is cut off on the screen: words of buttons, labels and headings that have less room than they need."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QToolButton,
    QWidget,
)

from diwi_desktop.gui.projectpage.header import Elided
from diwi_desktop.gui.projectpage.overview import Fact
from diwi_desktop.gui.timeline.tools import Words

_SHORTEN_THEMSELVES = (Elided, Fact, Words)  # and have the whole in a tool tip
_SLACK = 1  # pixels


def cut(root: QWidget) -> set[str]:
    """The words in a window that are not wholly there. What a user scrolls to is not cut."""
    shown = (w for w in (root, *root.findChildren(QWidget)) if w.isVisible() and not w.visibleRegion().isEmpty())
    return {words for widget in shown for words in _cut(widget)}


def _cut(widget: QWidget) -> Iterator[str]:
    if isinstance(widget, QHeaderView):
        yield from _headings(widget)
    elif isinstance(widget, QToolButton):
        if widget.toolButtonStyle() is Qt.ToolButtonStyle.ToolButtonTextUnderIcon:
            if widget.fontMetrics().horizontalAdvance(widget.text()) > widget.width():
                yield f"button {widget.text()}"
            return
        wordless = widget.toolButtonStyle() is Qt.ToolButtonStyle.ToolButtonIconOnly and not widget.icon().isNull()
        if widget.text() and not wordless and _narrow(widget):
            yield f"button {widget.text()}"
    elif isinstance(widget, QAbstractButton):
        if widget.text() and _narrow(widget):
            yield f"button {widget.text()}"
    elif isinstance(widget, QComboBox):
        room = (
            widget.sizeHint().width() - _widest(widget) + widget.fontMetrics().horizontalAdvance(widget.currentText())
        )
        if not widget.isEditable() and widget.width() < room - _SLACK:
            yield f"choice {widget.currentText()}"
    elif isinstance(widget, QLineEdit):
        room = widget.width() - 2 * widget.fontMetrics().horizontalAdvance("x")
        if not widget.text() and widget.fontMetrics().horizontalAdvance(widget.placeholderText()) > room:
            yield f"placeholder {widget.placeholderText()}"
    elif isinstance(widget, QLabel) and widget.text() and not isinstance(widget, _SHORTEN_THEMSELVES):
        low = widget.hasHeightForWidth() and widget.height() < widget.heightForWidth(widget.width()) - _SLACK
        if low or _breaks_a_word(widget) or (not widget.wordWrap() and _narrow(widget)):
            yield f"label {widget.text()}"


def _breaks_a_word(label: QLabel) -> bool:
    """Whether one word of a label that goes over several lines is longer than a line."""
    if not label.wordWrap() or "<" in label.text():
        return False
    longest = max((label.fontMetrics().horizontalAdvance(word) for word in label.text().split()), default=0)
    return longest > label.contentsRect().width() + _SLACK


def _widest(box: QComboBox) -> int:
    return max((box.fontMetrics().horizontalAdvance(box.itemText(n)) for n in range(box.count())), default=0)


def _narrow(widget: QWidget) -> bool:
    """Whether a widget is smaller than its words, or stands partly outside what holds it."""
    if widget.width() < widget.sizeHint().width() - _SLACK:
        return True
    place = QRect(0, 0, widget.width(), widget.height())
    holder = widget.parentWidget()
    inside = widget
    while holder is not None and not inside.isWindow():
        place.translate(inside.pos())
        if isinstance(holder.parentWidget(), QAbstractScrollArea):
            return False
        if place.left() < -_SLACK or place.right() > holder.width() + _SLACK:
            return True
        inside, holder = holder, holder.parentWidget()
    return False


def _headings(header: QHeaderView) -> Iterator[str]:
    model = header.model()
    if model is None or header.orientation() is not Qt.Orientation.Horizontal:
        return
    for place in range(header.count()):
        words = str(model.headerData(place, Qt.Orientation.Horizontal, Qt.ItemDataRole.DisplayRole) or "")
        if words and not header.isSectionHidden(place):
            # The padding of a heading, and nothing for the mark of the order, which shortens the words where it must.
            needed = header.fontMetrics().horizontalAdvance(words) + 12
            if header.sectionSize(place) < needed:
                yield f"heading {words}"
