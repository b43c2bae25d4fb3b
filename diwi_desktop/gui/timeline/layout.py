"""Where everything stands: lanes, rows, marks and labels, so that no label ever lies over another."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF

from diwi_desktop.gui.timeline.items import Item, Lane
from diwi_desktop.gui.timeline.scale import Scale
from diwi_desktop.model.notation import format_number

Measure = Callable[[str], float]  # the width of a text in pixels
Elide = Callable[[str, float], str]  # a text made to fit

MARK = 13.0  # the width of a mark
GAP = 5.0  # between a mark and its label, and between neighbours
_GRIP = 24  # the least width that can be grabbed
_LEAST_LABEL = 32.0
_LEAST_BAR = 5.0
# So many rows of labels are used before labels are shortened: with room, and without.
_ROWS = {Lane.PHASE: 1, Lane.STATUS: 2, Lane.MILESTONE: 4, Lane.DELIVERY: 3}
_FEWER_ROWS = {Lane.PHASE: 1, Lane.STATUS: 1, Lane.MILESTONE: 4, Lane.DELIVERY: 3}
_COMPACT_ROWS = {Lane.PHASE: 1, Lane.STATUS: 1, Lane.MILESTONE: 3, Lane.DELIVERY: 2}


@dataclass(slots=True)
class Placed:
    """An item in its place. `y` of `shape` and `text_box` counts from the top of the first lane."""

    item: Item
    row: int
    shape: QRectF
    text: str = ""
    text_box: QRectF = field(default_factory=QRectF)
    bar: bool = False


@dataclass(frozen=True, slots=True)
class LaneBox:
    lane: Lane
    top: float
    height: float


@dataclass(slots=True)
class Layout:
    lanes: list[LaneBox]
    placed: list[Placed]
    height: float

    def find(self, id: str | None) -> Placed | None:
        return next((p for p in self.placed if p.item.id == id), None)

    def at(self, place: QPointF) -> Placed | None:
        """The item under a place, which counts from the top of the first lane: marks before bars, the topmost first."""
        best: Placed | None = None
        for p in self.placed:
            grip = p.shape
            if grip.width() < _GRIP and not p.bar:
                grip = grip.adjusted(-(_GRIP - grip.width()) / 4, -3, (_GRIP - grip.width()) / 4, 3)
            if (grip.contains(place) or p.text_box.contains(place)) and (best is None or best.bar):
                best = p
        return best

    def rows(self) -> dict[Lane, int]:
        """How many rows each lane has."""
        found = {box.lane: 1 for box in self.lanes}
        for p in self.placed:
            found[p.item.lane] = max(found[p.item.lane], p.row + 1)
        return found


@dataclass(frozen=True, slots=True)
class Sizes:
    """`row` is the height of a row, `pad` the air above and below a lane; `rows` how many a lane has by rights."""

    row: float
    pad: float
    rows: Mapping[Lane, int]


def row_sizes(metrics: QFontMetricsF) -> tuple[Sizes, ...]:
    """The sizes for a font, roomy to tight; the first with which all lanes fit is the one to use."""
    line = metrics.height()
    tight = [Sizes(line + 5, 3, rows) for rows in (_ROWS, _FEWER_ROWS, _COMPACT_ROWS)]
    return Sizes(line + 8, 4, _ROWS), *tight


def lay_out(
    items: Sequence[Item],
    scale: Scale,
    sizes: Sizes,
    measure: Measure,
    elide: Elide,
    hidden: Collection[Lane] = (),
    least_rows: Mapping[Lane, int] | None = None,
) -> Layout:
    """Place the items. `least_rows` keeps lanes from growing and shrinking while something is dragged."""
    lanes: list[LaneBox] = []
    placed: list[Placed] = []
    top = 0.0
    for lane in Lane:
        if lane in hidden:
            continue
        own = [item for item in items if item.lane is lane]
        packer = _Packer(scale, sizes, measure, elide, sizes.rows[lane])
        found = packer.pack(own)
        rows = max([1, (least_rows or {}).get(lane, 1), *(p.row + 1 for p in found)])
        height = rows * sizes.row + 2 * sizes.pad
        for p in found:
            p.shape.translate(0, top + sizes.pad + p.row * sizes.row)
            p.text_box.translate(0, top + sizes.pad + p.row * sizes.row)
        lanes.append(LaneBox(lane, top, height))
        placed += found
        top += height
    return Layout(lanes, placed, top)


class _Packer:
    """Puts the items of one lane in rows. Items come in order of date."""

    def __init__(self, scale: Scale, sizes: Sizes, measure: Measure, elide: Elide, rows: int) -> None:
        self._scale, self._sizes, self._measure, self._elide, self._most = scale, sizes, measure, elide, rows
        self._rows: list[Placed] = []  # the last one of each row

    def pack(self, items: Sequence[Item]) -> list[Placed]:
        bars = [item for item in items if item.lane is Lane.PHASE and item.end is not None]
        found = [self._bar(item) for item in bars]
        first = 1 if bars else 0
        made = [self._mark(item) for item in items if item not in bars]
        for p in sorted(made, key=lambda p: p.shape.left()):
            p.row = self._row_for(p)
            if p.row == len(self._rows):
                self._rows.append(p)
            self._rows[p.row] = p
            found.append(p)
        for p in found[len(bars) :]:
            p.row += first
        return found

    def _bar(self, item: Item) -> Placed:
        left = self._scale.x(item.date)
        right = max(left + _LEAST_BAR, self._scale.x(item.end or item.date))
        shape = QRectF(left, 1, right - left, self._sizes.row - 2)
        seen = shape.intersected(QRectF(self._scale.left, 0, self._scale.width, self._sizes.row))
        box = seen.adjusted(6, 0, -4, 0)
        text = item.label if self._measure(item.label) <= box.width() else self._shortened(item, box.width())
        return Placed(item, 0, shape, text, box, bar=True)

    def _mark(self, item: Item) -> Placed:
        at, size = self._scale.x(item.date), self._sizes
        if item.lane is Lane.DELIVERY:
            # The homes of a delivery are ready at the right side of its box.
            wide = self._measure(format_number(item.number)) + 12
            shape = QRectF(at - wide, 2, wide, size.row - 4)
        else:
            shape = QRectF(at - MARK / 2, (size.row - MARK) / 2, MARK, MARK)
        made = Placed(item, 0, shape, item.label)
        made.text_box = QRectF(shape.right() + GAP, 0, self._measure(item.label) + 1, size.row)
        if shape.left() < self._scale.right < made.text_box.right():
            self._shorten(made, self._scale.right - 2)
        return made

    def _row_for(self, new: Placed) -> int:
        """The first row with room; else the one whose last label can best be shortened; else a new one."""
        left = new.shape.left() - GAP
        for row, last in enumerate(self._rows):
            if max(last.shape.right(), last.text_box.right()) <= left:
                return row
        if len(self._rows) < self._most:
            return len(self._rows)
        free = [row for row, last in enumerate(self._rows) if last.shape.right() <= left]
        if not free:
            return len(self._rows)
        best = min(free, key=lambda row: self._rows[row].text_box.right())
        self._shorten(self._rows[best], left)
        return best

    def _shorten(self, p: Placed, right: float) -> None:
        room = right - p.text_box.left()
        p.text = self._shortened(p.item, room)
        p.text_box.setWidth(max(0.0, min(room, self._measure(p.text) + 1)) if p.text else 0.0)

    def _shortened(self, item: Item, room: float) -> str:
        if item.short and self._measure(item.short) <= room:
            long = self._elide(item.label, room)
            # Three letters of the long name say less than the short one.
            return long if len(long) > len(item.short) + 6 else item.short
        return self._elide(item.label, room) if room >= _LEAST_LABEL else ""
