"""Labels that never overlap and never blink.

For every plan label the zoom is worked out once from which on it stands free of all labels before it in rank
(the "active ranges" of Been, Daiches and Yap, Dynamic Map Labeling, IEEE TVCG 12(5), 2006). Whether a label
shows then depends on the zoom alone: panning changes nothing, and zooming in only ever adds labels.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPixmap

from diwi_desktop.geo.ragged import Floats, Ints, Ragged
from diwi_desktop.gui.map.view import View

_GAP_PX = 4.0
_FROM_PX = 22.0  # a plan smaller than this on screen carries no label


@dataclass(frozen=True)
class PlacedLabels:
    """Labels with their anchors (n, 2) in RD, sizes (n, 2) in window pixels, and the largest metres per pixel
    at which each one shows (n,).
    """

    texts: Sequence[str]
    anchors: Floats
    sizes: Floats
    shows_to: Floats

    def on_screen(self, view: View) -> tuple[Floats, npt.NDArray[np.bool_]]:
        """Where the labels stand in the window (n, 2), and which of them show and are in view (n,)."""
        places = on_screen(view, self.anchors)
        half = self.sizes / 2
        size = np.array([view.width, view.height]) / view.dpr
        inside = ((places + half > 0) & (places - half < size)).all(axis=1)
        return places, inside & (self.shows_to >= view.metres_per_pixel)


def place(
    texts: Sequence[str], anchors: Floats, sizes: Floats, extents: Floats, rank: Floats | None = None
) -> PlacedLabels:
    """Work out from which zoom on each label shows.

    `extents` (n,) is the size in metres of what is labelled: larger goes first, unless `rank` (n,) says
    otherwise; ties go to the earlier one.
    """
    count = len(texts)
    key = extents if rank is None else rank
    order = np.argsort(-key, kind="stable")
    shows_to = np.zeros(count)
    own = extents / _FROM_PX
    placed_at = np.empty((count, 2))
    placed_size = np.empty((count, 2))
    placed_to = np.empty(count)
    for done, index in enumerate(order):
        # Two boxes stand free of each other once the metres per pixel fall below this.
        away = np.abs(placed_at[:done] - anchors[index])
        need = (placed_size[:done] + sizes[index]) / 2 + _GAP_PX
        free = (away / need).max(axis=1)
        # A label in my way counts only where it shows itself while we would still collide.
        bars = free[placed_to[:done] > free]
        # Of those that bar me, all have to be out of the way.
        shows_to[index] = min(own[index], bars.min()) if len(bars) else own[index]
        placed_at[done], placed_size[done], placed_to[done] = anchors[index], sizes[index], shows_to[index]
    return PlacedLabels(texts, anchors, sizes, shows_to)


class LabelPainter:
    """Draws texts with a halo; each is drawn once and kept as a picture."""

    _KEPT = 3_000

    def __init__(self, font: QFont, text: QColor, halo: QColor, dpr: float) -> None:
        self.font = font
        self._metrics = QFontMetricsF(font)
        self._text = text
        self._halo = halo
        self._dpr = dpr
        self._pictures: dict[str, QPixmap] = {}

    def size(self, text: str) -> tuple[float, float]:
        """Width and height in window pixels, halo included."""
        lines = text.split("\n")
        width = max(self._metrics.horizontalAdvance(line) for line in lines)
        return width + 6, self._metrics.height() * len(lines) + 2

    def draw(self, painter: QPainter, x: float, y: float, text: str) -> None:
        """Draw centred on a point of the window."""
        picture = self._pictures.get(text)
        if picture is None:
            if len(self._pictures) >= self._KEPT:
                self._pictures.clear()
            picture = self._pictures[text] = self._picture(text)
        size = picture.deviceIndependentSize()
        # On whole device pixels, else the letters blur.
        left = round((x - size.width() / 2) * self._dpr) / self._dpr
        top = round((y - size.height() / 2) * self._dpr) / self._dpr
        painter.drawPixmap(QPointF(left, top), picture)

    def _picture(self, text: str) -> QPixmap:
        width, height = self.size(text)
        picture = QPixmap(round(width * self._dpr) + 1, round(height * self._dpr) + 1)
        picture.setDevicePixelRatio(self._dpr)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        lines = text.split("\n")
        shape = QPainterPath()
        baselines = []
        for number, line in enumerate(lines):
            left = (width - self._metrics.horizontalAdvance(line)) / 2
            baseline = 1 + self._metrics.ascent() + number * self._metrics.height()
            baselines.append(QPointF(left, baseline))
            shape.addText(QPointF(left, baseline), self.font, line)
        halo = QPen(self._halo, 3.2)
        halo.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.strokePath(shape, halo)
        painter.setFont(self.font)
        painter.setPen(self._text)
        for at, line in zip(baselines, lines, strict=True):
            painter.drawText(at, line)
        painter.end()
        return picture


class ParcelNumbers:
    """The numbers of the parcels, each from the zoom on at which it fits inside its parcel.

    Where a number stands and from when on depends on the parcel alone, so it is worked out once, when the
    parcel first comes in view at a zoom that could show it.
    """

    _MOST = 1_500  # more parcels in view than this means that no number would be readable

    def __init__(self, shapes: Ragged, labels: Sequence[str]) -> None:
        self._shapes = shapes
        self._labels = labels
        count = len(shapes)
        self._anchors = np.full((count, 2), np.nan)
        self._clear = np.zeros(count)  # metres from the anchor to the boundary
        self._known = np.zeros(count, dtype=bool)

    def may_show(self, metres_per_pixel: float) -> bool:
        """Whether numbers can be readable at this zoom at all."""
        return bool(len(self._labels)) and metres_per_pixel < 1.0

    def visible(
        self, view: View, size: Callable[[str], tuple[float, float]], taken: Floats
    ) -> Iterator[tuple[float, float, str]]:
        """(x, y, text) in the window, of numbers that fit and stay clear of the boxes `taken` (m, 4)."""
        near = self._shapes.touching(*view.bounds)
        if len(near) > self._MOST:
            return
        self._learn(near[~self._known[near]])
        places = on_screen(view, self._anchors[near])
        for index, (x, y) in zip(near.tolist(), places.tolist(), strict=True):
            text = short_number(self._labels[index])
            width, height = size(text)
            if math.hypot(width, height) / 2 * view.metres_per_pixel > self._clear[index]:
                continue
            box = np.array([x - width / 2, y - height / 2, x + width / 2, y + height / 2])
            if len(taken) and ((taken[:, :2] < box[2:]) & (taken[:, 2:] > box[:2])).all(axis=1).any():
                continue
            yield x, y, text

    def _learn(self, new: Ints) -> None:
        if not len(new):
            return
        shapes = self._shapes.geometries(new)
        centre = shapely.centroid(shapes)
        points = np.where(shapely.contains(shapes, centre), centre, shapely.point_on_surface(shapes))
        points = np.where(shapely.is_empty(points), shapely.Point(0, 0), points)
        self._anchors[new] = shapely.get_coordinates(points)
        self._clear[new] = np.nan_to_num(shapely.distance(points, shapely.boundary(shapes)))
        self._known[new] = True


def short_number(designation: str) -> str:
    """What a cadastral map shows of a designation: "2298" of "OTL02-B-2298"."""
    return designation.rsplit("-", 1)[-1]


def on_screen(view: View, points: Floats) -> Floats:
    """RD points (n, 2) as points of the window."""
    cell = view.metres_per_pixel
    xmin, _, _, ymax = view.bounds
    return np.column_stack([(points[:, 0] - xmin) / cell, (ymax - points[:, 1]) / cell])
