"""The data side of the map: layers, tiles and labels. Made when there is something to show, as it brings in
numpy.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QPoint, QRectF, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPixmap

from diwi_desktop.geo.snap import Snap, nearest
from diwi_desktop.gui.map.cache import TileCache
from diwi_desktop.gui.map.fabric import Delivery, Fabric, unpack
from diwi_desktop.gui.map.labels import LabelPainter, ParcelNumbers, PlacedLabels
from diwi_desktop.gui.map.loader import Loader
from diwi_desktop.gui.map.plans import Change, PlanSet
from diwi_desktop.gui.map.pool import TilePool
from diwi_desktop.gui.map.scene import BaseLayer, PlanShape
from diwi_desktop.gui.map.style import MapStyle
from diwi_desktop.gui.map.view import TILE, Bounds, TileKey, View

if TYPE_CHECKING:
    from diwi_desktop.gui.map.pictures import PictureLayer

PARCELS, BUILDINGS, PLANS = "parcels", "buildings", "plans"

# Up to so many plans are prepared, and their labels placed, at once; more would be felt.
_AT_ONCE = 400


@dataclass(frozen=True)
class Found:
    """A place to snap to, and of what: "parcel" or "plan"."""

    snap: Snap
    owner: str


class MapEngine(QObject):
    """Holds what is on the map and draws it. `changed` asks for a repaint; `base_ready` tells that parcels
    and buildings are in place, `plans_ready` that the plans are.
    """

    changed = Signal()
    base_ready = Signal()
    plans_ready = Signal()

    def __init__(self, style: MapStyle, font: QFont, workers: int | None, parent: QObject) -> None:
        super().__init__(parent)
        self.parcels = unpack(BaseLayer(), snapping=False)
        self.plans = PlanSet()
        self._cache = TileCache()
        self._pool = TilePool(workers, self)
        self._pool.tile_ready.connect(self._keep)
        self._loader = Loader(self)
        self._by = "phase"
        self._shown = {PARCELS: True, BUILDINGS: True, PLANS: True}
        self._labels_shown = True
        self._picture: PictureLayer | None = None
        self._style = style
        self._font = font
        self._dpr = 1.0
        self._behind = False
        self._left_out: str | None = None
        self._labels: PlacedLabels | None = None
        self._numbers = ParcelNumbers(self.parcels)
        self._make_painters()
        self._restyle()

    # What is shown

    def set_base(self, parcels: BaseLayer, buildings: BaseLayer) -> None:
        """Replace parcels and buildings; they appear when they are unpacked."""
        self._pool.prepare(len(parcels.shapes) + len(buildings.shapes))
        new = Delivery(parcels), Delivery(buildings)
        self._loader.run(
            "base",
            lambda: (new[0].unpack(snapping=True), new[1].unpack(snapping=False)),
            lambda both: self._take_base(*both),
        )

    def set_plans(self, plans: Sequence[PlanShape]) -> None:
        """Replace the plans; only what changed is drawn again. Many plans are prepared in the background."""
        old, by = self.plans, self._by
        if len(plans) <= _AT_ONCE:
            self._loader.forget("plans")
            self._take_plans(Change(plans, old, by))
        else:
            self._loader.run("plans", lambda: Change(plans, old, by), self._take_plans)

    def set_style_by(self, by: str) -> None:
        """Colour plans by "phase" or "status"."""
        self._by = by
        self._restyle()
        self._pool.set_layer(PLANS, self.plans.layer(by))
        self._stale(None)
        self.changed.emit()

    def set_style(self, style: MapStyle, font: QFont, dpr: float) -> None:
        """Change colours, font or the fineness of the screen: everything is drawn anew."""
        other_letters = font != self._font
        self._style, self._font, self._dpr = style, font, dpr
        if other_letters:
            self._make_painters()
        else:
            self._colour_painters()
        if self._picture is not None:
            self._picture.restyle(style)
        self._restyle()
        self._pool.invalidate(None)
        self._cache.clear()
        if other_letters:
            self._place_labels()
        self.changed.emit()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw, and nothing on its way."""
        return not (len(self.parcels.shapes) or len(self.plans.drawn) or self._loader.busy)

    @property
    def loading(self) -> bool:
        """Whether parcels and buildings are being unpacked."""
        return self._loader.runs("base")

    def show_layer(self, name: str, visible: bool) -> None:
        """Show or hide "parcels", "buildings", "plans" or "labels"."""
        if name == "labels":
            self._labels_shown = visible
        else:
            self._shown[name] = visible
            self._restyle()
            self._stale(None)
        self.changed.emit()

    def set_picture(self, picture: "PictureLayer | None") -> None:
        """Lay a base map under the tiles, or take it away. The one before is ended."""
        if self._picture is not None:
            self._picture.shutdown()
            self._picture.deleteLater()
        self._picture = picture
        if picture is not None:
            picture.setParent(self)
            picture.changed.connect(self.changed)
        self._restyle()
        self._pool.invalidate(None)
        self._cache.clear()
        self.changed.emit()

    def extent(self) -> Bounds | None:
        """The box around everything."""
        boxes = [box for box in (self.parcels.shapes.extent(), self.plans.shapes.extent()) if box is not None]
        if not boxes:
            return None
        low, high = np.min(boxes, axis=0), np.max(boxes, axis=0)
        return float(low[0]), float(low[1]), float(high[2]), float(high[3])

    @property
    def busy(self) -> bool:
        """Whether something is still being unpacked or drawn."""
        return self._loader.busy or self._pool.working

    def complete(self, view: View) -> bool:
        """Whether the view shows everything it should."""
        return not self._loader.busy and not self._behind and not self._cache.missing(view.tiles())

    def shutdown(self) -> None:
        """End workers and jobs. Idempotent."""
        self._loader.shutdown()
        self._pool.shutdown()
        if self._picture is not None:
            self._picture.shutdown()

    # Finding

    def leave_out_of_snapping(self, plan_id: str | None) -> None:
        """This plan (None: no plan) is not snapped to."""
        if self._left_out is not None and (plan := self.plans.by_id.get(self._left_out)) is not None:
            self.plans.snapping.put(plan.id, plan.geometry)
        if plan_id is not None:
            self.plans.snapping.put(plan_id, None)
        self._left_out = plan_id

    def snap(self, x: float, y: float, reach: float) -> Found | None:
        """The corner or boundary of a parcel or plan within `reach` metres."""
        parcel = self.parcels.snapping.snap(x, y, reach) if self.parcels.snapping is not None else None
        plan = self.plans.snapping.snap(x, y, reach) if self._shown[PLANS] else None
        best = nearest(parcel, plan)
        if best is None:
            return None
        return Found(best, "parcel" if best is parcel else "plan")

    # Drawing

    def wish(self, view: View) -> None:
        """Ask for the tiles that the view needs, and after those for the ring around it."""
        keys = view.tiles()
        self._cache.make_room_for(len(keys))
        self._pool.request(self._cache.missing(keys), self._cache.missing(_ring(keys)))
        if self._picture is not None:
            self._picture.wish(keys)

    def draw_tiles(self, painter: QPainter, view: View) -> None:
        """Draw what there is, with other levels standing in where a tile is still to come."""
        painter.save()
        painter.scale(1 / view.dpr, 1 / view.dpr)
        for key in view.tiles():
            left, top = key[1] * TILE - view.left, key[2] * TILE - view.top
            if self._picture is not None:
                self._picture.draw(painter, key, left, top)
            tile = self._cache.get(key)
            if tile is not None:
                painter.drawPixmap(QPoint(left, top), tile.picture)
                continue
            area = QRectF(left, top, TILE, TILE)
            if self._picture is None:
                painter.fillRect(area, self._style.colour("map_ground"))
            for picture, target, source in self._cache.stand_ins(key):
                painter.drawPixmap(target.translated(left, top), picture, source)
        painter.restore()

    def draw_labels(self, painter: QPainter, view: View, without: PlanShape | None = None) -> None:
        """Draw plan names (not that of `without`) and, close by, parcel numbers where they leave room."""
        if not self._labels_shown:
            return
        painters = (self._label_painter, self._number_painter)
        for labeller in painters:
            labeller.start_frame()
        taken = self._draw_plan_labels(painter, view, without) if self._shown[PLANS] else np.zeros((0, 4))
        if self._shown[PARCELS] and self._numbers.may_show(view.metres_per_pixel):
            for x, y, text in self._numbers.visible(view, self._number_painter.size, taken):
                self._number_painter.draw(painter, x, y, text)
        self._behind = any(labeller.behind for labeller in painters)
        if self._behind:
            QTimer.singleShot(0, self, self.changed.emit)

    def _draw_plan_labels(self, painter: QPainter, view: View, without: PlanShape | None) -> "np.ndarray":
        labels = self._labels
        if labels is None or not len(labels.texts):
            return np.zeros((0, 4))
        places, shown = labels.on_screen(view)
        if without is not None:
            shown &= labels.owners != without.id
        for index in np.flatnonzero(shown).tolist():
            self._label_painter.draw(painter, places[index, 0], places[index, 1], labels.texts[index])
        half = labels.sizes[shown] / 2
        return np.hstack([places[shown] - half, places[shown] + half])

    # Within

    def _take_base(self, parcels: Fabric, buildings: Fabric) -> None:
        self.parcels = parcels
        self._numbers = ParcelNumbers(parcels)
        self._pool.set_layer(PARCELS, parcels.layer)
        self._pool.set_layer(BUILDINGS, buildings.layer)
        self._stale(None)
        self.base_ready.emit()
        self.changed.emit()

    def _take_plans(self, change: Change) -> None:
        self.plans = change.plans
        self._left_out = None  # the new set leaves nothing out yet
        self._pool.set_layer(PLANS, change.layer if change.by == self._by else change.plans.layer(self._by))
        if change.where is None:
            self._stale(None)
        else:
            for bounds in change.where:
                self._stale(self._with_outline(bounds))
        # Where they are still being placed, that is for the same labels.
        if not (change.labels_stay and (self._labels is not None or self._loader.runs("labels"))):
            self._place_labels()
        self.plans_ready.emit()
        self.changed.emit()

    def _keep(self, key: TileKey, image: QImage, fresh: bool) -> None:
        self._cache.put(key, QPixmap.fromImage(image), fresh=fresh)
        self.changed.emit()

    def _stale(self, bounds: Bounds | None) -> None:
        self._pool.invalidate(bounds)
        self._cache.stale(bounds)

    def _with_outline(self, bounds: Bounds) -> Bounds:
        # A dot or a broad outline reaches beyond the plan itself; at the coarsest level by this much.
        reach = 0.02 * max(bounds[2] - bounds[0], bounds[3] - bounds[1]) + 5
        return bounds[0] - reach, bounds[1] - reach, bounds[2] + reach, bounds[3] + reach

    def _make_painters(self) -> None:
        text, number, halo = self._label_colours()
        bold = QFont(self._font)
        bold.setWeight(QFont.Weight.DemiBold)
        self._label_painter = LabelPainter(bold, text, halo, self._dpr)
        small = QFont(self._font)
        small.setPixelSize(max(9, round(self._font.pixelSize() * 0.85)))
        self._number_painter = LabelPainter(small, number, halo, self._dpr)

    def _colour_painters(self) -> None:
        """Other colours leave every label as large as it was, and where it was."""
        text, number, halo = self._label_colours()
        self._label_painter = self._label_painter.in_colours(text, halo, self._dpr)
        self._number_painter = self._number_painter.in_colours(number, halo, self._dpr)

    def _label_colours(self) -> tuple[QColor, QColor, QColor]:
        """Of names, of parcel numbers, and of the halo around both."""
        style = self._style
        return style.colour("text"), style.colour("map_label"), style.colour("map_halo", 0.9)

    def _restyle(self) -> None:
        self._pool.set_spec(
            self._style.paint_spec(
                self._by,
                parcels=self._shown[PARCELS],
                buildings=self._shown[BUILDINGS],
                plans=self._shown[PLANS],
                picture=self._picture is not None,
                photo=self._picture is not None and self._picture.source.photo,
                dpr=self._dpr,
            )
        )

    def _place_labels(self) -> None:
        plans, size = self.plans, self._label_painter.size
        if len(plans.drawn) <= _AT_ONCE:
            self._loader.forget("labels")
            self._labels = plans.labelled(size)
            return
        sizes = [size(plan.label) for plan in plans.drawn]
        self._loader.run("labels", lambda: plans.labelled_with(sizes), self._take_labels)

    def _take_labels(self, labels: PlacedLabels) -> None:
        self._labels = labels
        self.changed.emit()


def _ring(keys: Iterable[TileKey]) -> list[TileKey]:
    """The tiles just outside a block of tiles."""
    block = set(keys)
    level = next(iter(block))[0]
    columns = [key[1] for key in block]
    rows = [key[2] for key in block]
    return [
        (level, column, row)
        for row in range(min(rows) - 1, max(rows) + 2)
        for column in range(min(columns) - 1, max(columns) + 2)
        if (level, column, row) not in block
    ]
