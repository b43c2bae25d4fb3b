"""Layouts whose height follows from their width: cards in as many columns as fit, and widgets on a shelf."""

from __future__ import annotations

from PySide6.QtCore import QMargins, QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayoutItem, QWidget

from diwi_desktop.gui import theme
from diwi_desktop.gui.flowing import Flowing


class Columns(Flowing):
    """Children keep their order; they fill the columns so that the highest column is as low as can be.

    `minimum` is the least width of a column in pixels at the normal text size.
    """

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        minimum: int = 340,
        gap: int = 8,
        most: int = 4,
        margins: QMargins | None = None,
    ) -> None:
        super().__init__(parent)
        self._minimum, self._gap, self._most = minimum, gap, most
        self.setContentsMargins(QMargins(12, 12, 12, 12) if margins is None else margins)

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation.Horizontal

    def minimumSize(self) -> QSize:
        margins = self.contentsMargins()
        return QSize(theme.scaled(min(self._minimum, 280)) + margins.left() + margins.right(), 60)

    def sizeHint(self) -> QSize:
        width = 2 * theme.scaled(self._minimum) + self._gap
        return QSize(width, self.heightForWidth(width))

    def columns_for(self, width: int) -> int:
        """How many columns fit in a width."""
        room = width - self.contentsMargins().left() - self.contentsMargins().right() + self._gap
        shown = sum(not item.isEmpty() for item in self._items)
        return max(1, min(self._most, shown or 1, room // (theme.scaled(self._minimum) + self._gap)))

    def _arrange(self, rect: QRect, *, apply: bool) -> int:
        margins = self.contentsMargins()
        inner = rect.marginsRemoved(margins)
        number = self.columns_for(rect.width())
        each = (inner.width() - self._gap * (number - 1)) // number
        items = [item for item in self._items if not item.isEmpty()]
        heights = [self.height_of(item, each) for item in items]
        places = _split(heights, number, self._gap)
        tallest = 0
        tops = [0] * number
        for item, height, column in zip(items, heights, places, strict=True):
            if apply:
                place = inner.topLeft() + QPoint(column * (each + self._gap), tops[column])
                item.setGeometry(QRect(place, QSize(each, height)))
            tops[column] += height + self._gap
            tallest = max(tallest, tops[column] - self._gap)
        return tallest + margins.top() + margins.bottom()

    @staticmethod
    def height_of(item: QLayoutItem, width: int) -> int:
        """The height an item needs at a width."""
        widget = item.widget()
        if widget is not None and widget.hasHeightForWidth():
            # Not the item's own word: Qt may have kept that from before a message came in the widget.
            return max(widget.heightForWidth(width), item.minimumSize().height())
        return item.sizeHint().height()


def _split(heights: list[int], columns: int, gap: int) -> list[int]:
    """The column of each card, in order, with the lowest possible tallest column."""
    if not heights:
        return []
    low, high = max(heights), sum(heights) + gap * len(heights)
    while low < high:
        middle = (low + high) // 2
        if max(_fill(heights, middle, gap)) < columns:
            high = middle
        else:
            low = middle + 1
    return _fill(heights, low, gap)


def _fill(heights: list[int], limit: int, gap: int) -> list[int]:
    found, column, used = [], 0, 0
    for height in heights:
        if used and used + gap + height > limit:
            column, used = column + 1, 0
        used += height + (gap if used else 0)
        found.append(column)
    return found


class Shelf(Flowing):
    """Widgets next to each other, each at least so wide, the rest divided by weight; what does not fit goes below."""

    def __init__(self, parent: QWidget | None = None, *, gap: int = 8) -> None:
        super().__init__(parent)
        self._room: list[tuple[int, int]] = []
        self._gap = gap
        self.setContentsMargins(QMargins(0, 0, 0, 0))

    def add(self, widget: QWidget, minimum: int, weight: int = 1) -> None:
        """Put a widget at the end: `minimum` pixels wide at least at the normal text size, `weight` its share of the
        rest.
        """
        self._room.append((minimum, weight))
        self.addWidget(widget)

    def takeAt(self, index: int) -> QLayoutItem | None:  # type: ignore[override]  # None past the end, as Qt wants
        if 0 <= index < len(self._items):
            del self._room[index]
        return super().takeAt(index)

    def minimumSize(self) -> QSize:
        return QSize(max((theme.scaled(least) for least, _ in self._room), default=0), 40)

    def sizeHint(self) -> QSize:
        width = sum(theme.scaled(least) for least, _ in self._room) + self._gap * len(self._room)
        return QSize(width, self.heightForWidth(width))

    def _arrange(self, rect: QRect, *, apply: bool) -> int:
        top = rect.top()
        for row in self._rows(rect.width()):
            least = [theme.scaled(self._room[i][0]) for i in row]
            left_over = rect.width() - sum(least) - self._gap * (len(row) - 1)
            weights = [self._room[i][1] for i in row]
            if not any(weights):
                weights = [1] * len(row)
            each = max(0, left_over) // sum(weights)
            widths = [low + each * weight for low, weight in zip(least, weights, strict=True)]
            widths = [min(width, rect.width()) for width in widths]
            height = max(Columns.height_of(self._items[i], width) for i, width in zip(row, widths, strict=True))
            left = rect.left()
            for i, width in zip(row, widths, strict=True):
                if apply:
                    self._items[i].setGeometry(QRect(left, top, width, height))
                left += width + self._gap
            top += height + self._gap
        return max(0, top - self._gap - rect.top())

    def _rows(self, width: int) -> list[list[int]]:
        rows: list[list[int]] = []
        used = 0
        for i, item in enumerate(self._items):
            if item.isEmpty():
                continue
            minimum = theme.scaled(self._room[i][0])
            if not rows or used + self._gap + minimum > width:
                rows.append([])
                used = -self._gap
            rows[-1].append(i)
            used += self._gap + minimum
        return rows
