"""The one form in which a plan area, parcel or building outline is kept.

That is: a valid MultiPolygon in RD New, 2D, coordinates on a grid of 1 mm, exterior rings counter-clockwise
and holes clockwise (the right-hand rule of RFC 7946), no repeated points. Whatever comes in is brought to
that form or refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

from diwi_desktop.model.finding import UserError

SRID = 28992
GRID = 0.001  # metres

#: A repair may change the area by this share at most; beyond it nobody can know what was meant.
MAX_AREA_CHANGE = 0.01

_POLYGON, _MULTIPOLYGON, _COLLECTION = 3, 6, 7


class ShapeError(UserError):
    """A geometry that cannot become a plan area.

    `code` is one of shape_empty, shape_not_polygon, shape_not_finite, shape_collapsed, shape_unclear,
    shape_unreadable.
    """

    code = "shape_unreadable"


@dataclass(frozen=True)
class Repair:
    """What was changed to make a shape valid, in two languages; `area_change` in m2 (after minus before).

    `code` is one of self_crossing_repaired, parts_merged, holes_repaired, ring_repaired, other_parts_dropped,
    slivers_dropped.
    """

    code: str
    nl: str
    en: str
    area_change: float = 0.0


_EMPTY = (
    "Het vlak is leeg; teken of lever een vlak met oppervlakte.",
    "The area is empty; draw or supply one with a surface.",
)
_NOT_POLYGON = (
    "De geometrie is geen vlak maar een punt of lijn; alleen vlakken worden opgeslagen.",
    "The geometry is a point or line, not an area; only areas are stored.",
)
_NOT_FINITE = (
    "Een coördinaat van het vlak is geen getal; herstel het bestand bij de bron.",
    "A coordinate of the area is not a number; mend the file at its source.",
)
_COLLAPSED = (
    "Van het vlak blijft op de millimeter nauwkeurig niets over.",
    "Nothing of the area is left at millimetre precision.",
)

# GEOS says in words what is wrong; the first part of its sentence decides what the repair is called.
_REASONS: dict[str, tuple[str, str, str]] = {
    "Self-intersection": (
        "self_crossing_repaired",
        "De grens van het vlak kruist zichzelf",
        "The outline crosses itself",
    ),
    "Ring Self-intersection": (
        "ring_repaired",
        "De grens van het vlak raakt zichzelf",
        "The outline touches itself",
    ),
    "Hole lies outside shell": (
        "holes_repaired",
        "Een gat ligt buiten het vlak",
        "A hole lies outside the area",
    ),
    "Nested holes": ("holes_repaired", "Een gat ligt in een ander gat", "A hole lies inside another hole"),
    "Interior is disconnected": (
        "holes_repaired",
        "Een gat verdeelt het vlak in stukken",
        "A hole divides the area",
    ),
    "Nested shells": (
        "parts_merged",
        "Een deel van het vlak ligt in een ander deel",
        "A part lies inside another part",
    ),
    "Duplicate Rings": ("parts_merged", "Een deel van het vlak komt dubbel voor", "A part occurs twice"),
    "Too few points": (
        "ring_repaired",
        "Een ring van het vlak heeft te weinig punten",
        "A ring has too few points",
    ),
}
_OTHER_REASON = ("ring_repaired", "De grens van het vlak is ongeldig", "The outline is invalid")


def decimal(value: float, digits: int = 1) -> str:
    """A number as Dutch text: 1.234,5 with a real minus sign."""
    text = f"{abs(value):,.{digits}f}".replace(",", " ").replace(".", ",").replace(" ", ".")
    return f"−{text}" if value < 0 and text.strip("0.,") else text


def normalise(geometry: BaseGeometry | None) -> tuple[MultiPolygon, list[Repair]]:
    """Bring one geometry in RD to the kept form, saying what had to be repaired.

    Idempotent: a shape that came out of here goes through unchanged, vertex by vertex. Heights are dropped
    and coordinates rounded to 1 mm without a word. Raises ShapeError for what is empty, not a polygon, not
    finite, or so broken that mending it would change the area by more than `MAX_AREA_CHANGE`.
    """
    if geometry is None or geometry.is_empty:
        raise ShapeError(*_EMPTY, code="shape_empty")
    if not np.isfinite(shapely.get_coordinates(geometry)).all():
        raise ShapeError(*_NOT_FINITE, code="shape_not_finite")
    repairs: list[Repair] = []
    geometry = shapely.force_2d(_polygons_of(geometry, repairs))
    if not shapely.is_valid(geometry):
        geometry = _mend(geometry, repairs)
    if not _on_grid(geometry):
        geometry = _round_reporting(geometry, repairs)
    return _finish(shapely.remove_repeated_points(geometry, 0.0)), repairs


def normalise_many(
    geometries: NDArray[np.object_],
) -> tuple[NDArray[np.object_], list[tuple[int, Repair]], list[tuple[int, ShapeError]]]:
    """`normalise` for an array: the shapes (None where refused), the repairs and the refusals by index.

    Shapes that are already valid polygons on the millimetre grid, which is what the registers deliver, are
    handled all at once; only the others one by one.
    """
    result: NDArray[np.object_] = np.full(len(geometries), None, dtype=object)
    kinds = shapely.get_type_id(geometries)
    candidates = np.flatnonzero(((kinds == _POLYGON) | (kinds == _MULTIPOLYGON)) & ~shapely.is_empty(geometries))
    flat = shapely.force_2d(geometries[candidates])
    good = shapely.is_valid(flat)
    coarse = good & ~_on_grid_many(flat)
    flat[coarse] = _rounded(flat[coarse])
    good[coarse] = shapely.is_valid(flat[coarse])
    result[candidates[good]] = _finish_many(shapely.remove_repeated_points(flat[good], 0.0))
    repairs: list[tuple[int, Repair]] = []
    refusals: list[tuple[int, ShapeError]] = []
    for index in np.flatnonzero(shapely.is_missing(result)):
        try:
            result[index], done = normalise(geometries[index])
        except ShapeError as error:
            refusals.append((int(index), error))
        else:
            repairs.extend((int(index), repair) for repair in done)
    return result, repairs, refusals


def _polygons_of(geometry: BaseGeometry, repairs: list[Repair]) -> BaseGeometry:
    """The polygon or multipolygon in a geometry; points and lines beside polygons are dropped with a
    repair.
    """
    if shapely.get_type_id(geometry) in (_POLYGON, _MULTIPOLYGON):
        return geometry
    leaves = [geometry]
    while any(shapely.get_type_id(leaf) >= 4 for leaf in leaves):
        leaves = [part for leaf in leaves for part in shapely.get_parts(leaf)]
    polygons = [leaf for leaf in leaves if shapely.get_type_id(leaf) == _POLYGON and not leaf.is_empty]
    if not polygons:
        raise ShapeError(*_NOT_POLYGON, code="shape_not_polygon")
    if len(polygons) < len(leaves):
        repairs.append(
            Repair(
                "other_parts_dropped",
                "Punten en lijnen naast het vlak zijn weggelaten.",
                "Points and lines beside the area have been left out.",
            )
        )
    return MultiPolygon(polygons)


def _mend(geometry: BaseGeometry, repairs: list[Repair]) -> BaseGeometry:
    """Make an invalid polygon or multipolygon valid, within the bounds of what is certain."""
    before = float(shapely.area(geometry))
    code, nl, en = _reason(geometry)
    geometry = _valid(geometry)
    change = float(shapely.area(geometry)) - before
    if geometry.is_empty or abs(change) > MAX_AREA_CHANGE * before:
        raise ShapeError(
            f"{nl} en herstellen zou de oppervlakte met {decimal(change)} m² veranderen; teken het vlak opnieuw.",
            f"{en} and mending it would change the area by {change:,.1f} m²; draw the area again.",
            code="shape_unclear",
        )
    repairs.append(
        Repair(
            code,
            f"{nl} en is hersteld; de oppervlakte verandert {decimal(change, 2)} m².",
            f"{en} and has been mended; the area changes by {change:,.2f} m².",
            change,
        )
    )
    return geometry


def _round_reporting(geometry: BaseGeometry, repairs: list[Repair]) -> BaseGeometry:
    """`_round`, with a repair when that made parts of the area vanish."""
    simple = _rounded(geometry)
    if shapely.is_valid(simple):
        return simple
    rounded = _round(geometry)
    if rounded.is_empty:
        raise ShapeError(*_COLLAPSED, code="shape_collapsed")
    if int(shapely.get_num_geometries(rounded)) < int(shapely.get_num_geometries(geometry)):
        repairs.append(
            Repair(
                "slivers_dropped",
                "Delen van het vlak die smaller waren dan een millimeter zijn weggelaten.",
                "Parts of the area narrower than a millimetre have been left out.",
                float(shapely.area(rounded) - shapely.area(geometry)),
            )
        )
    return rounded


def _reason(geometry: BaseGeometry) -> tuple[str, str, str]:
    text = str(shapely.is_valid_reason(geometry)).split("[")[0].strip()
    return _REASONS.get(text, _OTHER_REASON)


def _only_polygons(geometry: BaseGeometry) -> BaseGeometry:
    """What is left of a GEOS result when its points and lines are taken out."""
    if shapely.get_type_id(geometry) in (_POLYGON, _MULTIPOLYGON):
        return geometry
    parts = shapely.get_parts(geometry)
    flat = shapely.get_parts(parts)
    return MultiPolygon(list(flat[shapely.get_type_id(flat) == _POLYGON]))


def _valid(geometry: BaseGeometry) -> BaseGeometry:
    return _only_polygons(shapely.make_valid(geometry, method="structure", keep_collapsed=False))


def _rounded(geometry: Any) -> Any:
    """A geometry, or an array of them, with each point on its own rounded: quick, but not always valid."""
    return shapely.transform(geometry, lambda points: np.round(points, 3))


def _round(geometry: BaseGeometry) -> BaseGeometry:
    """A valid geometry on the millimetre grid, without the grid attached, which GEOS would apply later on."""
    for _ in range(3):  # rounding may make rings touch, and mending that may need rounding again
        geometry = _only_polygons(shapely.set_precision(geometry, GRID, mode="valid_output"))
        geometry = _rounded(shapely.set_precision(geometry, 0.0))
        if geometry.is_empty or shapely.is_valid(geometry):
            return geometry
        geometry = _valid(geometry)
    raise ShapeError(*_COLLAPSED, code="shape_collapsed")


def _on_grid(geometry: BaseGeometry) -> bool:
    points = shapely.get_coordinates(geometry)
    return bool(np.array_equal(points, np.round(points, 3)))


def _on_grid_many(geometries: NDArray[np.object_]) -> NDArray[np.bool_]:
    points, index = shapely.get_coordinates(geometries, return_index=True)
    on_grid = np.ones(len(geometries), dtype=bool)
    # NaN differs from itself: off the grid
    on_grid[index[(points != np.round(points, 3)).any(axis=1)]] = False
    return on_grid


def _finish(geometry: BaseGeometry) -> MultiPolygon:
    oriented = shapely.orient_polygons(geometry, exterior_cw=False)
    return oriented if isinstance(oriented, MultiPolygon) else MultiPolygon([oriented])


def _finish_many(geometries: NDArray[np.object_]) -> NDArray[np.object_]:
    oriented: NDArray[np.object_] = shapely.orient_polygons(geometries, exterior_cw=False)
    single = np.flatnonzero(shapely.get_type_id(oriented) == _POLYGON)
    if len(single):
        oriented[single] = shapely.multipolygons(oriented[single], indices=np.arange(len(single)))
    return oriented


def area_m2(geometry: BaseGeometry) -> float:
    """The area in square metres of the RD plane (at most 0.02% off the ellipsoid: the scale of RD)."""
    return float(shapely.area(geometry))


def same_shape(first: BaseGeometry, second: BaseGeometry) -> bool:
    """Whether two normalised shapes are the same area, whatever vertex or part their rings start with."""
    return bool(shapely.equals_exact(shapely.normalize(first), shapely.normalize(second), tolerance=0.0))


def to_ewkb(geometry: BaseGeometry) -> bytes:
    """A normalised shape as little-endian EWKB with SRID 28992, the form of the change log.

    Raises ShapeError when it is not a MultiPolygon.
    """
    if not isinstance(geometry, MultiPolygon) or geometry.is_empty:
        raise ShapeError(*(_NOT_POLYGON if not geometry.is_empty else _EMPTY), code="shape_not_polygon")
    return bytes(shapely.to_wkb(shapely.set_srid(geometry, SRID), byte_order=1, include_srid=True, flavor="extended"))


def to_ewkb_hex(geometry: BaseGeometry) -> str:
    """`to_ewkb` as hexadecimal text, as it stands in JSON."""
    return to_ewkb(geometry).hex()


def from_ewkb(data: bytes | str) -> MultiPolygon:
    """A shape from (hexadecimal) EWKB, or plain WKB taken to be in RD.

    Raises ShapeError when the bytes cannot be read, are in another system or hold no MultiPolygon.
    """
    try:
        geometry = shapely.from_wkb(data)
    except (shapely.GEOSException, TypeError, ValueError) as error:
        raise ShapeError("Het opgeslagen vlak is onleesbaar.", "The stored area cannot be read.") from error
    srid = int(shapely.get_srid(geometry))
    if not isinstance(geometry, MultiPolygon) or geometry.is_empty or srid not in (0, SRID):
        raise ShapeError(
            "Het opgeslagen vlak is geen vlak in RD.",
            "The stored area is not an area in RD.",
            code="shape_not_polygon",
        )
    return geometry


def checked_ewkb(text: str) -> str:
    """Hexadecimal EWKB of an area in the kept form, written anew.

    Raises ShapeError when it is unreadable, holds no area, is invalid or has a coordinate that is no number.
    """
    geometry = from_ewkb(text)
    if not np.isfinite(shapely.get_coordinates(geometry)).all():
        raise ShapeError(*_NOT_FINITE, code="shape_not_finite")
    if not shapely.is_valid(geometry):
        _, nl, en = _reason(geometry)
        raise ShapeError(f"{nl}; teken het vlak opnieuw.", f"{en}; draw the area again.", code="shape_unclear")
    return to_ewkb_hex(geometry)
