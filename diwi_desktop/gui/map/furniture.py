"""Scale bar, coordinates and attribution along the lower edge of the map."""

import math
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen

from diwi_desktop.gui.map.style import MapStyle

_MARGIN = 12.0
_PADDING = 6.0
_HEIGHT = 24.0
_LONGEST = 140.0


@dataclass(frozen=True)
class ScaleBar:
    """A round length in metres and how long it is on screen."""

    metres: float
    pixels: float

    @property
    def text(self) -> str:
        """The length in words: "50 m", "2 km"."""
        if self.metres >= 1000:
            return f"{self.metres / 1000:g} km".replace(".", ",")
        return f"{self.metres:g} m".replace(".", ",")


def scale_bar(metres_per_pixel: float, longest: float = _LONGEST) -> ScaleBar:
    """The longest bar of 1, 2 or 5 times a power of ten metres that is at most `longest` pixels."""
    most = metres_per_pixel * longest
    power = 10 ** math.floor(math.log10(most))
    step = next(step for step in (5, 2, 1) if step * power <= most)
    return ScaleBar(step * power, step * power / metres_per_pixel)


def rd_text(x: float, y: float) -> str:
    """RD coordinates in whole metres: "RD 104 512, 503 220"."""
    return f"RD {_grouped(x)}, {_grouped(y)}"


def _grouped(value: float) -> str:
    # Narrow spaces: those as wide as a digit look like gaps.
    return f"{round(value):,}".replace(",", "\u202f").replace("-", "\u2212")


def draw_furniture(
    painter: QPainter,
    size: tuple[float, float],
    style: MapStyle,
    font: QFont,
    metres_per_pixel: float,
    place: tuple[float, float] | None,
    attribution: str,
) -> None:
    """Draw along the lower edge, from the right: coordinates, scale bar, attribution; the last above
    the others where there is no room beside them.
    """
    width, height = size
    metrics = QFontMetricsF(font)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(font)
    bar = scale_bar(metres_per_pixel)
    coordinates = rd_text(*place) if place is not None else ""
    text_width = metrics.horizontalAdvance(rd_text(888_888, 888_888)) + 1
    bar_text = metrics.horizontalAdvance(bar.text) + 1
    right = width - _MARGIN
    box = QRectF(0, 0, 2 * _PADDING + text_width + 16 + bar_text + 8 + bar.pixels, _HEIGHT)
    box.moveBottomRight(QPointF(right, height - _MARGIN))
    _plate(painter, box, style)
    painter.setPen(style.colour("text"))
    where = QRectF(box.right() - _PADDING - text_width, box.top(), text_width, box.height())
    painter.drawText(where, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, coordinates)
    bar_right = where.left() - 16
    _bar(painter, QPointF(bar_right, box.center().y()), bar, style, bar_text)
    if attribution:
        wanted = metrics.horizontalAdvance(attribution) + 1 + 2 * _PADDING
        beside = wanted <= box.left() - 8 - _MARGIN
        text = QRectF(0, 0, min(wanted, width - 2 * _MARGIN), _HEIGHT)
        text.moveBottomRight(QPointF(box.left() - 8, box.bottom()) if beside else QPointF(right, box.top() - 8))
        attribution = metrics.elidedText(attribution, Qt.TextElideMode.ElideRight, text.width() - 2 * _PADDING)
        _plate(painter, text, style)
        painter.setPen(style.colour("muted"))
        painter.drawText(text, Qt.AlignmentFlag.AlignCenter, attribution)
    painter.restore()


def _plate(painter: QPainter, box: QRectF, style: MapStyle) -> None:
    painter.setPen(QPen(style.colour("line"), 1))
    painter.setBrush(style.colour("surface", 0.92))
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)


def _bar(painter: QPainter, right_middle: QPointF, bar: ScaleBar, style: MapStyle, text_width: float) -> None:
    """The bar, ending left of its length in words."""
    line_right = right_middle.x() - text_width - 8
    line_left = round(line_right - bar.pixels) + 0.5
    y = round(right_middle.y() + 3) + 0.5
    painter.setPen(QPen(style.colour("text"), 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    for line in (
        QLineF(line_left, y, line_right, y),
        QLineF(line_left, y - 6, line_left, y + 0.75),
        QLineF(line_right, y - 6, line_right, y + 0.75),
        QLineF((line_left + line_right) / 2, y - 3, (line_left + line_right) / 2, y),
    ):
        painter.drawLine(line)
    text = QRectF(line_right + 8, right_middle.y() - 12, text_width, 24)
    painter.drawText(text, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, bar.text)
