"""Labels that never overlap and never blink.

For every plan label the zoom is worked out once from which on it stands free of all labels before it in rank
(the "active ranges" of Been, Daiches and Yap, Dynamic Map Labeling, IEEE TVCG 12(5), 2006). Whether a label
shows then depends on the zoom alone: panning changes nothing, and zooming in only ever adds labels.
"""

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPixmap

from diwi_desktop.geo.ragged import Floats, Ints
from diwi_desktop.gui.map.fabric import Fabric
from diwi_desktop.gui.map.view import View

_GAP_PX = 4.0
_NUMBERED_PX = 64.0
_FROM_PX = 22.0  # a plan smaller than this on screen carries no label


@dataclass(frozen=True)
class PlacedLabels:
    """Labels by the id of their plan, with their anchors (n, 2) in RD, sizes (n, 2) in window pixels, and the
    largest metres per pixel at which each one shows (n,).
    """

    owners: npt.NDArray[np.str_]
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
    owners: Sequence[str],
    texts: Sequence[str],
    anchors: Floats,
    sizes: Floats,
    extents: Floats,
    rank: Floats | None = None,
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
    return PlacedLabels(np.array(owners, dtype=np.str_), texts, anchors, sizes, shows_to)


class LabelPainter:
    """Draws texts with a halo; each is made once and kept as a picture.

    Making pictures is the slow part, so a frame makes them for a few milliseconds only; `behind` tells that
    more are to come in the next one.
    """

    _KEPT = 3_000
    _PATIENCE_S = 0.004
    _AROUND = tuple((dx, dy) for dx in (-1.5, 0, 1.5) for dy in (-1.5, 0, 1.5) if dx or dy)

    def __init__(self, font: QFont, text: QColor, halo: QColor, dpr: float) -> None:
        self.behind = False
        self._font = font
        self._metrics = QFontMetricsF(font)
        self._text = text
        self._halo = halo
        self._dpr = dpr
        self._pictures: dict[str, tuple[QPixmap, float, float]] = {}
        self._sizes: dict[str, tuple[float, float]] = {}
        self._until = 0.0

    def in_colours(self, text: QColor, halo: QColor, dpr: float) -> "LabelPainter":
        """The same letters in other colours or on another screen; what was measured stays so."""
        made = LabelPainter(self._font, text, halo, dpr)
        made._sizes = self._sizes
        return made

    def size(self, text: str) -> tuple[float, float]:
        """Width and height in window pixels, halo included."""
        known = self._sizes.get(text)
        if known is None:
            known = self._metrics.horizontalAdvance(text) + 6, self._metrics.height() + 2
            self._sizes[text] = known
        return known

    def start_frame(self) -> None:
        """A new frame begins."""
        self.behind = False
        self._until = time.perf_counter() + self._PATIENCE_S

    def draw(self, painter: QPainter, x: float, y: float, text: str) -> None:
        """Draw centred on a point of the window."""
        known = self._pictures.get(text)
        if known is None:
            if time.perf_counter() > self._until:
                self.behind = True
                return
            if len(self._pictures) >= self._KEPT:
                self._pictures.clear()
            known = self._pictures[text] = self._picture(text)
        picture, half_width, half_height = known
        # On whole device pixels, else the letters blur.
        left = round((x - half_width) * self._dpr) / self._dpr
        top = round((y - half_height) * self._dpr) / self._dpr
        painter.drawPixmap(QPointF(left, top), picture)

    def _picture(self, text: str) -> tuple[QPixmap, float, float]:
        width, height = self.size(text)
        picture = QPixmap(math.ceil(width * self._dpr), math.ceil(height * self._dpr))
        picture.setDevicePixelRatio(self._dpr)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setFont(self._font)
        start = QPointF(3, 1 + self._metrics.ascent())
        painter.setPen(self._halo)
        # Eight shifted copies make the same halo as a stroked outline in a tenth of the time.
        for dx, dy in self._AROUND:
            painter.drawText(start + QPointF(dx, dy), text)
        painter.setPen(self._text)
        painter.drawText(start, text)
        painter.end()
        return picture, width / 2, height / 2


class ParcelNumbers:
    """The numbers of the parcels, each from the zoom on at which it fits inside its parcel.

    Where a number stands and from when on depends on the parcel alone, so it is worked out once, when the
    parcel first comes in view at a zoom that could show it.
    """

    _MOST = 1_500  # more parcels in view than this means that no number would be readable

    def __init__(self, parcels: Fabric) -> None:
        self._shapes = parcels.shapes
        self._boxes = parcels.boxes
        self._labels = parcels.labels
        self._typical = parcels.layer.typical_size
        count = len(parcels.shapes)
        self._anchors = np.full((count, 2), np.nan)
        self._clear = np.zeros(count)  # metres from the anchor to the boundary
        self._known = np.zeros(count, dtype=bool)

    def may_show(self, metres_per_pixel: float) -> bool:
        """Whether most parcels are large enough on screen; numbers in only the odd large one would puzzle."""
        return bool(len(self._labels)) and self._typical >= _NUMBERED_PX * metres_per_pixel

    def visible(
        self, view: View, size: Callable[[str], tuple[float, float]], taken: Floats
    ) -> Iterator[tuple[float, float, str]]:
        """(x, y, text) in the window, of numbers that fit and stay clear of the boxes `taken` (m, 4)."""
        near = self._boxes.near(*view.bounds)
        if len(near) > self._MOST:
            return
        self._learn(near[~self._known[near]])
        # The shortest number decides which parcels are worth measuring.
        width, height = size("1")
        near = near[math.hypot(width, height) / 2 * view.metres_per_pixel <= self._clear[near]]
        if not len(near):
            return
        texts = [short_number(self._labels[index]) for index in near.tolist()]
        half = np.array([size(text) for text in texts]) / 2
        places = on_screen(view, self._anchors[near])
        shown = np.hypot(half[:, 0], half[:, 1]) * view.metres_per_pixel <= self._clear[near]
        low, high = places - half, places + half
        for box in taken:
            shown &= ~((low < box[2:]) & (high > box[:2])).all(axis=1)
        for index in np.flatnonzero(shown).tolist():
            yield *places[index].tolist(), texts[index]

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
