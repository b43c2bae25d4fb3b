"""Drawing one tile: parcels, buildings and plans into an image. Runs in the worker processes and in the
window.

Measured: filling without smoothing and stroking with it, in paths of some two hundred features, is an order
of magnitude faster than smoothed fills; features of a few pixels are set as pixels instead of drawn. Paths
are built from numpy arrays by writing the bytes that QDataStream reads.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QByteArray, QDataStream, QIODevice, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen

from diwi_desktop.geo.ragged import Floats, Ints, Ragged, ranges
from diwi_desktop.gui.map.spec import FabricSpec, PaintSpec, Rgba
from diwi_desktop.gui.map.view import ORIGIN_X, ORIGIN_Y, TILE, TileKey, resolution, tile_bounds

FORMAT = QImage.Format.Format_ARGB32_Premultiplied
OPAQUE = QImage.Format.Format_RGB32

_BATCH = 200
_MARGIN_PX = 6
_LARGE_PX = 60  # from this size on screen a feature has an outline, whatever the others are
_ELEMENT = np.dtype([("kind", ">i4"), ("x", ">f8"), ("y", ">f8")])
_TAIL = np.array([0, 0], dtype=">i4").tobytes()  # start of the open subpath; odd-even fill


@dataclass(frozen=True)
class Layer:
    """Features with, for plans, the index of their colour and of their dash pattern (n,) each."""

    shapes: Ragged
    colour: npt.NDArray[np.uint8] | None = None
    dash: npt.NDArray[np.uint8] | None = None
    typical_size: float = 0.0


def typical_size(shapes: Ragged) -> float:
    """The median side of the features' boxes, in metres (of an oblong: the side of the square of the same
    area).
    """
    if not len(shapes):
        return 0.0
    box = shapes.bounds
    sides = np.sqrt((box[:, 2] - box[:, 0]) * (box[:, 3] - box[:, 1]))
    sides = sides[np.isfinite(sides)]
    return float(np.median(sides)) if len(sides) else 0.0


def paint_tile(image: QImage, key: TileKey, layers: Mapping[str, Layer], spec: PaintSpec) -> None:
    """Draw tile `key` into `image` (TILE x TILE, 32 bits): the ground where nothing lies, or transparent when
    the tile goes over a base map.

    Order: parcel and building faces, plan faces, parcel and building lines, plan outlines; so that parcel
    lines stay readable through a plan.
    """
    image.fill(QColor(Qt.GlobalColor.transparent) if spec.over_picture else QColor(*spec.ground))
    cell = resolution(key[0])
    margin = _MARGIN_PX * cell * spec.dpr
    xmin, ymin, xmax, ymax = tile_bounds(key)
    box = (xmin - margin, ymin - margin, xmax + margin, ymax + margin)

    fabrics: list[tuple[_Cut, FabricSpec]] = []
    for name, fabric in (("parcels", spec.parcel), ("buildings", spec.building)):
        layer = layers.get(name)
        if fabric is not None and layer is not None and len(layer.shapes):
            fabrics.append((_cut(layer, key, box), fabric))
    plans = layers.get("plans")
    for cut, fabric in fabrics:
        _fabric_faces(image, cut, fabric, spec.dpr)
    painter = QPainter(image)
    try:
        plan_cut = _cut(plans, key, box) if spec.plans and plans is not None and len(plans.shapes) else None
        if plan_cut is not None:
            _plan_faces(painter, plan_cut, spec)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for cut, fabric in fabrics:
            _fabric_lines(painter, cut, fabric, spec)
        if plan_cut is not None:
            _plan_lines(painter, plan_cut, spec)
    finally:
        painter.end()


@dataclass(frozen=True)
class _Cut:
    """The features of a layer that meet a tile, and how to bring them to its pixels."""

    layer: Layer
    index: Ints
    size_px: Floats
    boxes_px: Floats
    origin: tuple[float, float]
    cell: float

    def larger_than(self, pixels: float) -> Ints:
        return self.index[self.size_px >= pixels]

    def paths(self, index: Ints) -> Iterator[QPainterPath]:
        """The features `index` as paths of at most _BATCH features each, in pixels of the tile."""
        shapes = self.layer.shapes
        for at in range(0, len(index), _BATCH):
            yield self._path(shapes, index[at : at + _BATCH])

    def _path(self, shapes: Ragged, index: Ints) -> QPainterPath:
        first_ring = shapes.part[shapes.feature[index]]
        last_ring = shapes.part[shapes.feature[index + 1]]
        first, last = shapes.ring[first_ring], shapes.ring[last_ring]
        xy = shapes.xy[ranges(first, last)]
        starts = shapes.ring[ranges(first_ring, last_ring)]
        shift = np.concatenate(([0], np.cumsum(last - first)[:-1])) - first
        starts = starts + np.repeat(shift, last_ring - first_ring)
        return to_path((xy[:, 0] - self.origin[0]) / self.cell, (self.origin[1] - xy[:, 1]) / self.cell, starts)


def _cut(layer: Layer, key: TileKey, box: tuple[float, float, float, float]) -> _Cut:
    index = layer.shapes.touching(*box)
    level, column, row = key
    cell = resolution(level)
    origin = (ORIGIN_X + column * TILE * cell, ORIGIN_Y - row * TILE * cell)
    bounds = layer.shapes.bounds[index]
    boxes = np.empty_like(bounds)
    boxes[:, 0] = (bounds[:, 0] - origin[0]) / cell
    boxes[:, 2] = (bounds[:, 2] - origin[0]) / cell
    boxes[:, 1] = (origin[1] - bounds[:, 3]) / cell
    boxes[:, 3] = (origin[1] - bounds[:, 1]) / cell
    size = np.maximum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1])
    return _Cut(layer, index, size, boxes, origin, cell)


def _fabric_faces(image: QImage, cut: _Cut, fabric: FabricSpec, dpr: float) -> None:
    if not fabric.fill[3]:
        return
    small = cut.size_px < fabric.splat_px * dpr
    if small.any():
        _splat(image, cut.boxes_px[small], fabric.fill)
    painter = QPainter(image)
    for path in cut.paths(cut.index[~small]):
        painter.fillPath(path, QColor(*fabric.fill))
    painter.end()


def _fabric_lines(painter: QPainter, cut: _Cut, fabric: FabricSpec, spec: PaintSpec) -> None:
    """Outlines, fainter the smaller the features are; among small ones the large ones still stand out."""
    span = fabric.line_to_px - fabric.line_from_px
    typical = (cut.layer.typical_size / cut.cell / spec.dpr - fabric.line_from_px) / span
    large = cut.size_px >= _LARGE_PX * spec.dpr
    drawn = cut.size_px >= fabric.splat_px * spec.dpr
    for reach, index in ((typical, cut.index[drawn & ~large]), (max(typical, 0.35), cut.index[large])):
        if reach <= 0:
            continue
        red, green, blue, alpha = fabric.line
        pen = QPen(QColor(red, green, blue, round(alpha * min(1.0, 0.25 + 0.75 * reach))))
        pen.setWidthF(fabric.line_width * spec.dpr * min(1.0, 0.6 + 0.4 * reach))
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for path in cut.paths(index):
            painter.drawPath(path)


def _plan_faces(painter: QPainter, cut: _Cut, spec: PaintSpec) -> None:
    for colour, _, index in _plan_groups(cut, spec, by_dash=False):
        for path in cut.paths(index):
            painter.fillPath(path, QColor(*spec.plan_fill[colour]))


def _plan_lines(painter: QPainter, cut: _Cut, spec: PaintSpec) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, dash, index in _plan_groups(cut, spec, by_dash=True):
        pen = QPen(QColor(*spec.plan_line[colour]))
        pen.setWidthF(spec.line_width * spec.dpr)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        if spec.dashes[dash]:
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            pen.setDashPattern(list(spec.dashes[dash]))
        painter.setPen(pen)
        for path in cut.paths(index):
            painter.drawPath(path)
    colours = cut.layer.colour
    if colours is None:
        return
    # A plan smaller than a fingertip of pixels is a dot, so that it is seen at all from afar.
    tiny = cut.size_px < spec.dot_below_px * spec.dpr
    radius = spec.dot_radius * spec.dpr
    for box, colour in zip(cut.boxes_px[tiny], colours[cut.index[tiny]], strict=True):
        painter.setPen(QPen(QColor(*spec.plan_line[colour]), spec.dpr))
        painter.setBrush(_opaque(spec.plan_fill[colour]))
        painter.drawEllipse(QPointF((box[0] + box[2]) / 2, (box[1] + box[3]) / 2), radius, radius)


def _plan_groups(cut: _Cut, spec: PaintSpec, *, by_dash: bool) -> Iterator[tuple[int, int, Ints]]:
    """(colour, dash, features) of the plans that are more than a dot."""
    colours, dashes = cut.layer.colour, cut.layer.dash
    if colours is None or dashes is None:
        return
    index = cut.larger_than(spec.dot_below_px * spec.dpr)
    kind = colours[index].astype(np.int64) * 8 + (dashes[index] if by_dash else 0)
    for value in np.unique(kind):
        yield int(value) // 8, int(value) % 8, index[kind == value]


def _opaque(colour: Rgba) -> QColor:
    return QColor(*colour[:3])


def _splat(image: QImage, boxes: Floats, fill: Rgba) -> None:
    """Set the pixels under small boxes (n, 4: left, top, right, bottom in pixels) at once."""
    low = np.floor(boxes[:, :2]).astype(np.int64)
    high = np.floor(boxes[:, 2:]).astype(np.int64)
    reach = int((high - low).max()) + 1
    mask = np.zeros((TILE, TILE), dtype=bool)
    for dy in range(reach):
        for dx in range(reach):
            column, row = low[:, 0] + dx, low[:, 1] + dy
            set_ = (column <= high[:, 0]) & (row <= high[:, 1])
            set_ &= (column >= 0) & (column < TILE) & (row >= 0) & (row < TILE)
            mask[row[set_], column[set_]] = True
    pixels = np.frombuffer(image.bits(), dtype=np.uint32).reshape(TILE, -1)[:, :TILE]
    alpha = fill[3]
    red, green, blue = (part * alpha // 255 for part in fill[:3])
    pixels[mask] = (alpha << 24) | (red << 16) | (green << 8) | blue


def to_path(x: Floats, y: Floats, starts: Ints) -> QPainterPath:
    """Points (n,) as one path; a new ring begins at each position in `starts`, the first of which is 0."""
    elements = np.empty(len(x), dtype=_ELEMENT)
    elements["kind"] = 1
    elements["kind"][starts] = 0
    elements["x"] = x
    elements["y"] = y
    data = QByteArray(np.array([len(x)], dtype=">i4").tobytes() + elements.tobytes() + _TAIL)
    stream = QDataStream(data, QIODevice.OpenModeFlag.ReadOnly)
    path = QPainterPath()
    stream >> path  # type: ignore[operator]  # PySide6 offers the operator, its stubs do not
    return path
