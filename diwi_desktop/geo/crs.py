"""RD New (EPSG:28992) and lon/lat, with the RDNAPTRANS2018 grid; and the checks that a coordinate is what
it says.

Lon/lat here is always ETRS89 (EPSG:4258), which GeoJSON calls WGS84: Dutch practice takes the two as equal.
The route EPSG:28992 <-> EPSG:4326 of PROJ never uses the grid and is up to 0.23 m off, so nothing in this
program takes it. The transformation is spelled out as a pipeline and therefore cannot fall back silently on
one without the grid.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray

from diwi_desktop import assets
from diwi_desktop.geo import rdgrid
from diwi_desktop.model.finding import UserError

if TYPE_CHECKING:
    from pyproj import Transformer

Geometries = NDArray[np.object_]

# Where a Dutch plan can lie, metres in RD and degrees in ETRS89. The 3,898 onshore validation points of
# NSGI span x 14,805 to 282,626 and y 306,887 to 614,549; the box is a little wider. x and y ranges do not
# overlap, nor do lon and lat, so an exchanged pair of axes is never a valid pair.
RD_BOX = (0.0, 300_000.0, 290_000.0, 630_000.0)
LONLAT_BOX = (3.0, 50.6, 7.5, 53.8)

_EARTH_RADIUS = 6_378_137.0  # of EPSG:3857
_MERCATOR_BOX = (330_000.0, 6_540_000.0, 840_000.0, 7_140_000.0)

_RD = (
    "+proj=sterea +lat_0=52.156160555555555 +lon_0=5.387638888888889 +k=0.9999079 +x_0=155000 +y_0=463000 +ellps=bessel"
)
_TO_LONLAT = (
    f"+proj=pipeline +step +inv {_RD} +step +proj=hgridshift +grids={rdgrid.GRID_NAME} "
    "+step +proj=unitconvert +xy_in=rad +xy_out=deg"
)


class Crs(StrEnum):
    """The coordinate systems that a file may be in."""

    RD = "EPSG:28992"
    LONLAT = "EPSG:4258"  # longitude first: GeoJSON, GeoPackage, CRS84
    LATLON = "EPSG:4258 lat-lon"  # latitude first: GML with an EPSG urn
    WEB_MERCATOR = "EPSG:3857"


class CoordinateError(UserError):
    """Coordinates that cannot be what the file says they are.

    `code` is one of crs_unknown, coordinate_not_finite, axis_order, lonlat_as_rd, rd_as_lonlat, wrong_crs
    (another mix-up of systems), outside_netherlands.
    """

    code = "outside_netherlands"


_NOT_FINITE = (
    "Een coördinaat is geen getal; herstel het bestand bij de bron.",
    "A coordinate is not a number; mend the file at its source.",
)
_AXIS_ORDER = (
    "De assen zijn verwisseld: x en y staan op elkaars plaats.",
    "The axes are swapped: x and y are in each other's place.",
)
_OUTSIDE = (
    "De coördinaten liggen buiten Nederland; controleer het coördinatenstelsel van het bestand.",
    "The coordinates lie outside the Netherlands; check the coordinate system of the file.",
)
_NAMES = {
    Crs.RD: ("RD-meters", "RD metres"),
    Crs.LONLAT: ("lengte- en breedtegraden", "longitudes and latitudes"),
    Crs.LATLON: ("lengte- en breedtegraden", "longitudes and latitudes"),
    Crs.WEB_MERCATOR: ("Web-Mercatormeters", "Web Mercator metres"),
}


def sentence(code: str, source: Crs = Crs.RD, real: Crs | None = None) -> tuple[str, str]:
    """The Dutch and the English sentence of a verdict of `diagnose`; KeyError for an unknown code."""
    if code in ("lonlat_as_rd", "rd_as_lonlat", "wrong_crs") and real is not None:
        is_nl, is_en = _NAMES[real]
        says_nl, says_en = _NAMES[source]
        return (
            f"De coördinaten zijn {is_nl}, maar het bestand zegt {says_nl}.",
            f"The coordinates are {is_en}, but the file says {says_en}.",
        )
    return {
        "coordinate_not_finite": _NOT_FINITE,
        "axis_order": _AXIS_ORDER,
        "outside_netherlands": _OUTSIDE,
    }[code]


def parse_crs(text: str, *, authority_axes: bool = False) -> Crs:
    """The coordinate system named by `text`: `EPSG:28992`, an OGC urn or an opengis.net address, in any case.

    With `authority_axes` (GML), a urn or address of EPSG:4326 or 4258 means latitude first; in GeoJSON and
    GeoPackage longitude always comes first. Raises CoordinateError `crs_unknown` for any other system.
    """
    name = text.strip()
    code = re.split(r"[:/#]", name)[-1].upper()
    if "EPSG" in name.upper():
        if code in ("28992", "7415"):  # 7415 is RD with NAP heights
            return Crs.RD
        if code in ("4326", "4258", "4979", "4937"):  # the last two have heights too
            formal = name.lower().startswith(("urn:", "http"))
            return Crs.LATLON if authority_axes and formal else Crs.LONLAT
        if code in ("3857", "900913"):
            return Crs.WEB_MERCATOR
    elif code in ("CRS84", "CRS84H"):
        return Crs.LONLAT
    elif authority_axes and code == "28992":  # the cadastral map v4 writes the bare number
        return Crs.RD
    name = name[:60].encode(errors="replace").decode()  # a file may write half a character
    raise CoordinateError(
        f"Het coördinatenstelsel “{name}” wordt niet ondersteund; lever het bestand aan in RD (EPSG:28992).",
        f"The coordinate system “{name}” is not supported; supply the file in RD (EPSG:28992).",
        code="crs_unknown",
    )


_data_dir_lock = Lock()


@lru_cache(maxsize=1)
def _pipeline() -> Transformer:
    """The transformation from RD to lon/lat; its inverse goes the other way. Raises GridError or OSError."""
    with _data_dir_lock:
        folder = assets.user_data_dir() / "proj"
        rdgrid.ensure_grid(folder)
        import pyproj  # here, because start-up without a map does not need it

        pyproj.datadir.append_data_dir(str(folder))
        return pyproj.Transformer.from_pipeline(_TO_LONLAT)


def _transform(points: NDArray[np.float64], *, inverse: bool) -> NDArray[np.float64]:
    from pyproj.enums import TransformDirection

    direction = TransformDirection.INVERSE if inverse else TransformDirection.FORWARD
    x, y = _pipeline().transform(points[:, 0], points[:, 1], direction=direction)
    return np.column_stack([x, y])


def points_to_lonlat(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """RD metres (n, 2) as longitude and latitude in degrees (n, 2); inf outside the grid (50-56 N, 2-8 E)."""
    return _transform(np.asarray(points, dtype=np.float64).reshape(-1, 2), inverse=False)


def points_to_rd(points: NDArray[np.float64], source: Crs = Crs.LONLAT) -> NDArray[np.float64]:
    """Points (n, 2) in `source` as RD metres (n, 2), without any check; inf outside the grid."""
    points = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    if source is Crs.RD:
        return points
    if source is Crs.LATLON:
        points = points[:, ::-1]
    elif source is Crs.WEB_MERCATOR:
        points = _mercator_to_lonlat(points)
    return _transform(points, inverse=True)


def _mercator_to_lonlat(points: NDArray[np.float64]) -> NDArray[np.float64]:
    lonlat = points / _EARTH_RADIUS
    lonlat[:, 1] = np.arctan(np.sinh(lonlat[:, 1]))
    return np.degrees(lonlat)


_BOXES = {
    Crs.RD: RD_BOX,
    Crs.LONLAT: LONLAT_BOX,
    Crs.LATLON: (LONLAT_BOX[1], LONLAT_BOX[0], LONLAT_BOX[3], LONLAT_BOX[2]),
    Crs.WEB_MERCATOR: _MERCATOR_BOX,
}


def _inside(bounds: NDArray[np.float64], box: tuple[float, float, float, float]) -> NDArray[np.bool_]:
    """Which bounds (n, 4) lie inside the box; not a number is outside."""
    lower = (bounds[:, 0] >= box[0]) & (bounds[:, 1] >= box[1])
    upper = (bounds[:, 2] <= box[2]) & (bounds[:, 3] <= box[3])
    return np.asarray(lower & upper)


@dataclass(frozen=True)
class Verdicts:
    """What the coordinates of each geometry turned out to be, one entry per geometry.

    `code` is "" when they are as labelled; `crs` is the system to read them in, None when they cannot be
    placed; `swapped` says that the axes have to be exchanged first.
    """

    source: Crs
    code: list[str]
    crs: list[Crs | None]
    swapped: NDArray[np.bool_]

    def sentence(self, index: int) -> tuple[str, str]:
        """The Dutch and the English sentence about geometry `index`, whose code may not be empty."""
        return sentence(self.code[index], self.source, self.crs[index])


def diagnose(geometries: Geometries, source: Crs) -> Verdicts:
    """Compare the bounds of each geometry with what `source` allows in the Netherlands.

    An empty geometry passes: that is for `shape.normalise` to refuse. A wrong label or axis order is
    recognised with certainty, because the boxes of RD, lon/lat and Web Mercator, and their mirror images,
    have no point in common.
    """
    bounds = shapely.bounds(geometries)
    code = np.full(len(geometries), "outside_netherlands", dtype=object)
    crs = np.full(len(geometries), None, dtype=object)
    swapped = np.zeros(len(geometries), dtype=bool)
    unsettled = np.ones(len(geometries), dtype=bool)

    def settle(mask: NDArray[np.bool_], verdict: str, real: Crs | None, *, swap: bool = False) -> None:
        mask = mask & unsettled
        code[mask], crs[mask], swapped[mask] = verdict, real, swap
        unsettled[mask] = False

    settle(_not_finite(geometries), "coordinate_not_finite", None)
    settle(shapely.is_empty(geometries) | shapely.is_missing(geometries), "", source)
    settle(_inside(bounds, _BOXES[source]), "", source)
    settle(_inside(bounds, _mirrored(_BOXES[source])), "axis_order", source, swap=True)
    for real in (Crs.RD, Crs.LONLAT, Crs.WEB_MERCATOR):
        verdict = _mix_up(source, real)
        settle(_inside(bounds, _BOXES[real]), verdict, real)
        settle(_inside(bounds, _mirrored(_BOXES[real])), verdict, real, swap=True)
    return Verdicts(source, code.tolist(), crs.tolist(), swapped)


def _mix_up(source: Crs, real: Crs) -> str:
    if source is Crs.RD and real is Crs.LONLAT:
        return "lonlat_as_rd"
    if source in (Crs.LONLAT, Crs.LATLON) and real is Crs.RD:
        return "rd_as_lonlat"
    return "wrong_crs"


def _mirrored(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    return box[1], box[0], box[3], box[2]


def _not_finite(geometries: Geometries) -> NDArray[np.bool_]:
    coordinates, index = shapely.get_coordinates(geometries, return_index=True)
    bad = np.zeros(len(geometries), dtype=bool)
    bad[index[~np.isfinite(coordinates).all(axis=1)]] = True
    return bad


def place(geometries: Geometries, source: Crs) -> tuple[Geometries, Verdicts]:
    """The geometries in RD, heights dropped, with a verdict each: for importers that repair and report.

    What is recognisably mislabelled or swapped is read as what it is, with the verdict saying so; what
    cannot be placed in the Netherlands becomes None. Raises GridError or OSError when the grid cannot be
    made.
    """
    geometries = shapely.force_2d(np.atleast_1d(np.asarray(geometries, dtype=object)))
    verdicts = diagnose(geometries, source)
    systems = np.array(verdicts.crs, dtype=object)
    placed: Geometries = np.full(len(geometries), None, dtype=object)
    for real in Crs:
        for swap in (False, True):
            mask = (systems == real) & (verdicts.swapped == swap)
            if mask.any():
                placed[mask] = _read_as(geometries[mask], real, swap)
    return placed, verdicts


def _read_as(geometries: Geometries, crs: Crs, swap: bool) -> Geometries:
    if crs is Crs.RD and not swap:
        return geometries
    result: Geometries = shapely.transform(
        geometries, lambda points: points_to_rd(points[:, ::-1] if swap else points, crs)
    )
    return result


def to_lonlat(geometry: Any) -> Any:
    """A geometry, or an array of them, from RD to ETRS89 longitude/latitude in degrees, as GeoJSON wants it.

    Raises CoordinateError when a geometry does not lie in the Netherlands.
    """
    verdicts = diagnose(np.atleast_1d(np.asarray(geometry, dtype=object)), Crs.RD)
    for index, code in enumerate(verdicts.code):
        if code:
            raise CoordinateError(*verdicts.sentence(index), code=code)
    return shapely.transform(geometry, points_to_lonlat)
