"""What fits: a scale with the whole plan in view, and lanes laid out as roomily as there is height for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF

from diwi_desktop.gui import theme
from diwi_desktop.gui.timeline.items import Item, Lane
from diwi_desktop.gui.timeline.layout import Layout, Sizes, lay_out, row_sizes
from diwi_desktop.gui.timeline.scale import Scale
from diwi_desktop.model.plan import Plan


def whole(plan: Plan, items: Sequence[Item], left: float, width: float) -> Scale:
    """The scale with all of a plan in view, labels included, in `width` pixels from `left`."""
    days = [plan.start_date, plan.end_date, *(item.date for item in items)]
    first, last = min(days), max(days)
    scale = Scale.fit(first, last, left, width)
    # Labels stand to the right of their marks: give the last ones room, within reason.
    measure = QFontMetricsF(theme.font("small")).horizontalAdvance
    labels = [(item.date, measure(item.label) + 16) for item in items if item.lane is not Lane.PHASE]
    room = width
    for _ in range(3):
        over = max((scale.x(day) + wide - scale.right for day, wide in labels), default=0.0)
        if over <= 0:
            break
        room = max(room - over, width * 0.75)
        scale = Scale.fit(first, last, left, room).placed(left, width)
    return scale


def arrange(
    items: list[Item],
    scale: Scale,
    height: float,
    hidden: Collection[Lane],
    moved: Callable[[], list[Item]] | None,
) -> tuple[Layout, Layout | None]:
    """Lay out within a height in pixels, tighter and with shorter labels when the lanes would not fit.

    With a move in the making, `moved` gives the items as they would be: the layout is theirs then, and the second one
    that of the items where they were.
    """
    before = Layout([], [], 0)
    for sizes in row_sizes(QFontMetricsF(theme.font("small"))):
        before = _lay_out(items, scale, sizes, hidden)
        if before.height <= height:
            break
    if moved is None:
        return before, None
    rows = before.rows()
    after = _lay_out(moved(), scale, sizes, hidden, rows)
    most = {lane: max(n, rows.get(lane, 1)) for lane, n in after.rows().items()}
    return after, _lay_out(items, scale, sizes, hidden, most)


def _lay_out(
    items: list[Item],
    scale: Scale,
    sizes: Sizes,
    hidden: Collection[Lane],
    least_rows: dict[Lane, int] | None = None,
) -> Layout:
    metrics = QFontMetricsF(theme.font("small"))

    def elide(text: str, room: float) -> str:
        return metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)

    return lay_out(items, scale, sizes, metrics.horizontalAdvance, elide, hidden, least_rows)
