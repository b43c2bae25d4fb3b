"""Reading GML as a stream: the cadastral map v3 to v5, the buildings beside it, BAG extracts and WFS answers.

One pass of expat that knows no namespaces, so that versions differ as little as they do in fact. Document
types and entities are refused: a register's file has none, and they are the way to make a reader fetch
files or fill the memory.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.parsers import expat

import numpy as np

from diwi_desktop.basedata.layer import READ_STEPS, Layer, Points, ReadError, ShapeBuilder, Watch, damaged, plain
from diwi_desktop.geo.crs import CoordinateError, Crs, parse_crs

_CHUNK = 1 << 20
_DEEPEST = 64
_POLYGONS = frozenset(("Polygon", "PolygonPatch", "Rectangle"))
_POINTS = frozenset(("posList", "pos", "coordinates"))
_ARCS = frozenset(("Arc", "ArcString", "Circle"))
_ARC_ERROR = 0.002  # metres that a chord may lie beside its arc


class UnsafeXml(ReadError):
    """XML with a document type or entities."""

    code = "file_unsafe"


def read_gml(path: Path, features: Collection[str], attributes: Collection[str], watch: Watch) -> Layer:
    """The features with these element names (plain), with these attributes (plain names).

    An attribute is known by its own name and by that of the property around it and its own: `waarde` in
    `kadastraleGrootte` is `kadastralegroottewaarde`, as in PDOK's flat formats. Raises ReadError and
    Cancelled.
    """
    reader = _Reader(frozenset(features), frozenset(attributes))
    size = max(path.stat().st_size, 1)
    parser = _parser(reader)
    done = 0
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                parser.Parse(chunk, False)
                done += len(chunk)
                watch.step(done / size, end=READ_STEPS)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise damaged(f" (regel {error.lineno})", f" (line {error.lineno})") from error
    return reader.layer()


def element_names(head: bytes) -> set[str]:
    """The plain names of the elements in the first bytes of an XML file; what follows a fault is left out.

    Raises UnsafeXml for a document type.
    """
    names: set[str] = set()
    parser = expat.ParserCreate()
    _forbid(parser)
    parser.StartElementHandler = lambda name, _attributes: names.add(plain(_local(name)))
    try:
        parser.Parse(head, False)
    except expat.ExpatError:
        return names
    return names


@lru_cache(maxsize=4096)
def _local(name: str) -> str:
    return name.rsplit(":", 1)[-1]


def _forbid(parser: expat.XMLParserType) -> None:
    def refuse(*_: Any) -> Any:
        raise UnsafeXml(
            "Het bestand bevat een documenttype of entiteiten en wordt daarom niet gelezen; haal het op bij PDOK.",
            "The file contains a document type or entities and is therefore not read; fetch it from PDOK.",
        )

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.UnparsedEntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = refuse


def _parser(reader: _Reader) -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.buffer_size = 1 << 16
    _forbid(parser)
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    return parser


class _Reader:
    """The state of one pass: where we are, and the feature being read."""

    def __init__(self, features: frozenset[str], attributes: frozenset[str]) -> None:
        self._features = features
        self._attributes = attributes
        self._path: list[str] = []
        self._feature_depth = 0  # 0 outside a feature
        self._values: dict[str, str] = {}
        self._text: list[str] | None = None
        self._shapes = ShapeBuilder()
        self._columns: dict[str, list[Any]] = {name: [] for name in attributes}
        self._systems: set[str] = set()
        self._default_system = ""
        self._system = ""
        self._dimension = 2
        # The geometry of the feature being read.
        self._property = ""
        self._polygons: list[list[Points]] = []
        self._rings: list[Points] | None = None
        self._ring: list[Points] | None = None
        self._broken = False

    # --- what expat calls -----------------------------------------------------------------------------------

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = _local(name)
        self._path.append(local)
        self._text = None
        depth = len(self._path)
        if depth > _DEEPEST:
            raise ReadError(
                "Het bestand is te diep genest om een register te zijn; haal het opnieuw op bij de bron.",
                "The file is nested too deep to be a register; fetch it again from its source.",
                code="file_too_deep",
            )
        if depth == self._feature_depth + 1:
            self._system = ""  # each property of a feature names the system of its own geometry
        if attributes:
            self._geometry_attributes(attributes)
        if self._feature_depth == 0:
            if plain(local) in self._features and depth > 1:
                self._begin()
            return
        if self._rings is not None:
            if local in ("LinearRing", "Ring"):
                self._ring = []
            elif local in _POINTS:
                self._text = []
        elif local in _POLYGONS:
            owner = self._path[self._feature_depth]
            if self._property in ("", owner):
                self._property = owner
                self._rings = []
                if self._system:
                    self._systems.add(self._system)
        else:
            self._text = []

    def text(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def end(self, name: str) -> None:
        local = self._path.pop()
        if self._feature_depth == 0:
            return
        text, self._text = self._text, None
        if len(self._path) < self._feature_depth:
            self._finish()
        elif self._rings is not None:
            self._end_in_polygon(local, text)
        elif text is not None:
            self._attribute(local, "".join(text).strip())

    # --- a feature ------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        self._feature_depth = len(self._path)
        self._values = {}
        self._dimension = 2
        self._property = ""
        self._polygons = []
        self._rings = self._ring = None
        self._broken = False

    def _finish(self) -> None:
        self._feature_depth = 0
        for name, column in self._columns.items():
            column.append(self._values.get(name))
        if self._broken:
            self._shapes.add_unreadable()
        else:
            self._shapes.add(self._polygons)

    def _attribute(self, local: str, value: str) -> None:
        if not value:
            return
        key = plain(local)
        if key in self._attributes:
            self._values.setdefault(key, value)
        # The property around it: in GML names of properties start with a small letter, of objects with a
        # capital.
        around = next((n for n in reversed(self._path[self._feature_depth :]) if n[:1].islower()), "")
        key = plain(around + local)
        if key in self._attributes:
            self._values.setdefault(key, value)

    def _geometry_attributes(self, attributes: dict[str, str]) -> None:
        system = attributes.get("srsName")
        if system:
            if self._feature_depth:
                self._system = system
            else:
                self._default_system = system
        dimension = attributes.get("srsDimension")
        if dimension and self._feature_depth:
            self._dimension = 3 if dimension.strip() == "3" else 2

    def _end_in_polygon(self, local: str, text: list[str] | None) -> None:
        rings = self._rings
        if rings is None:
            return
        if local in _POINTS and text is not None:
            self._add_points(local, "".join(text))
        elif local in ("LinearRing", "Ring"):
            if self._ring:
                rings.append(np.vstack(self._ring))
            else:
                self._broken = True
            self._ring = None
        elif local in _POLYGONS:
            if rings:
                self._polygons.append(rings)
            self._rings = None

    def _add_points(self, local: str, text: str) -> None:
        if self._ring is None:
            return
        try:
            points = self._numbers(local, text)
        except ValueError:
            self._broken = True
            return
        if self._path[-1] in _ARCS:
            points = linearise(points)
        if self._ring and len(points) and (self._ring[-1][-1] == points[0]).all():
            points = points[1:]  # the next part of the ring starts where the last one ended
        if len(points):
            self._ring.append(points)

    def _numbers(self, local: str, text: str) -> Points:
        """Points (n, 2) from the text of a posList, pos or coordinates element. ValueError when it is no
        such thing.
        """
        if local == "coordinates":  # GML 2: x,y x,y
            dimension = text.split(maxsplit=1)[0].count(",") + 1 if text.strip() else 2
            values = np.array(text.replace(",", " ").split(), dtype=np.float64)
        else:
            values = np.array(text.split(), dtype=np.float64)
            dimension = len(values) if local == "pos" else self._dimension
        if dimension not in (2, 3):
            raise ValueError("points have two or three coordinates")
        return values.reshape(-1, dimension)[:, :2]

    def layer(self) -> Layer:
        geometry, unreadable = self._shapes.build()
        used = {name: column for name, column in self._columns.items() if any(v is not None for v in column)}
        return Layer(used, geometry, self._crs(), "GML", unreadable=unreadable)

    def _crs(self) -> Crs:
        named = self._systems or ({self._default_system} if self._default_system else set())
        try:
            systems = {parse_crs(name, authority_axes=True) for name in named}
        except CoordinateError as error:
            raise ReadError(error.nl, error.en, code=error.code) from error
        if len(systems) > 1:
            raise ReadError(
                "Het bestand gebruikt verschillende coördinatenstelsels door elkaar; lever het aan in RD (EPSG:28992).",
                "The file mixes coordinate systems; supply it in RD (EPSG:28992).",
                code="crs_mixed",
            )
        # The buildings of the cadastral map name no system at all; everything in it is RD.
        return systems.pop() if systems else Crs.RD


def linearise(points: Points) -> Points:
    """The points of an Arc, ArcString or Circle (start, middle, end, middle, end ...) as a line within 2 mm
    of it.
    """
    if len(points) < 3:
        return points
    arcs = [_arc(points[i], points[i + 1], points[i + 2]) for i in range(0, len(points) - 2, 2)]
    return np.vstack([points[:1], *arcs])


def _arc(start: Points, middle: Points, end: Points) -> Points:
    """The points of one arc after its start."""
    (ax, ay), (bx, by), (cx, cy) = middle - start, end - start, end - middle
    cross = ax * by - ay * bx
    closed = math.hypot(bx, by) < 1e-9
    if not closed and abs(cross) < 1e-9 * max(math.hypot(cx, cy), 1e-9):
        return np.array([middle, end])  # three points on a line
    if closed:  # a circle, given by a point and the one opposite
        centre_x, centre_y = ax / 2, ay / 2
    else:
        a2, b2 = ax * ax + ay * ay, bx * bx + by * by
        centre_x, centre_y = (by * a2 - ay * b2) / (2 * cross), (ax * b2 - bx * a2) / (2 * cross)
    radius = math.hypot(centre_x, centre_y)
    begin = math.atan2(-centre_y, -centre_x)
    sweep = 2 * math.pi if closed else (math.atan2(by - centre_y, bx - centre_x) - begin) % (2 * math.pi)
    via = (math.atan2(ay - centre_y, ax - centre_x) - begin) % (2 * math.pi)
    if via > sweep:
        sweep -= 2 * math.pi
    step = 2 * math.acos(max(1 - _ARC_ERROR / max(radius, _ARC_ERROR), -1.0))
    count = min(max(math.ceil(abs(sweep) / step), 2), 720)
    angles = begin + sweep * np.arange(1, count + 1) / count
    around = np.column_stack([centre_x + radius * np.cos(angles), centre_y + radius * np.sin(angles)])
    around[-1] = (bx, by)
    return around + start
