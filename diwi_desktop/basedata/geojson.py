"""Reading parcels and buildings as GeoJSON: answers of PDOK's WFS (camelCase) and OGC API (snake_case)."""

from __future__ import annotations

import json
from collections.abc import Collection
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from diwi_desktop.basedata.layer import READ_STEPS, Layer, Points, ReadError, ShapeBuilder, Watch, damaged, plain
from diwi_desktop.geo.crs import CoordinateError, Crs, parse_crs

_BATCH = 2_000


def read_geojson(path: Path, attributes: Collection[str], watch: Watch) -> Layer:
    """The features of a FeatureCollection with these attributes (plain names).

    Without a `crs` member (or JSON-FG's `coordRefSys`) coordinates are longitude and latitude, as RFC 7946
    has it; files in RD that forget to say so are recognised later, by their values. Raises ReadError and
    Cancelled.
    """
    watch.step(0.0)
    collection = _load(path)
    watch.step(0.3, end=READ_STEPS)
    features = collection["features"]
    wanted = frozenset(attributes)
    columns: dict[str, list[Any]] = {name: [None] * len(features) for name in wanted}
    keys: dict[str, str] = {}  # property name to plain name
    shapes = ShapeBuilder()
    for number, feature in enumerate(features):
        if number % _BATCH == 0:
            watch.step(0.3 + 0.7 * number / len(features), end=READ_STEPS)
        if not isinstance(feature, dict):
            shapes.add_unreadable()
            continue
        properties = feature.get("properties")
        for name, value in properties.items() if isinstance(properties, dict) else ():
            key = keys.get(name)
            if key is None:
                key = keys.setdefault(name, plain(name))
            if key in wanted and not isinstance(value, dict | list):
                columns[key][number] = value
        _add_geometry(shapes, feature.get("geometry"))
    geometry, unreadable = shapes.build()
    used = {name: column for name, column in columns.items() if any(v is not None for v in column)}
    return Layer(used, geometry, _crs_of(collection), "GeoJSON", unreadable=unreadable)


def _load(path: Path) -> dict[str, Any]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
        collection = json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise damaged(f" (regel {error.lineno})", f" (line {error.lineno})") from error
    except RecursionError as error:
        raise ReadError(
            "Het bestand is te diep genest om een register te zijn; haal het opnieuw op bij de bron.",
            "The file is nested too deep to be a register; fetch it again from its source.",
            code="file_too_deep",
        ) from error
    except ValueError as error:  # not UTF-8, NaN, or a number of thousands of digits
        raise damaged() from error
    if isinstance(collection, dict) and collection.get("type") == "Feature":
        collection = {**collection, "features": [collection]}
    if not isinstance(collection, dict) or not isinstance(collection.get("features"), list):
        raise ReadError(
            "Het bestand is geen GeoJSON met objecten; kies een bestand van PDOK.",
            "The file is not GeoJSON with features; choose a file from PDOK.",
            code="file_unknown",
        )
    return collection


def _refuse_constant(name: str) -> Any:
    raise ValueError(name)  # NaN and Infinity are no JSON


def _crs_of(collection: dict[str, Any]) -> Crs:
    member = collection.get("crs")
    name: Any = None
    if isinstance(member, dict):
        properties = member.get("properties")
        name = properties.get("name") if isinstance(properties, dict) else "?"
    elif member is not None:
        name = "?"
    if name is None:
        name = collection.get("coordRefSys")
    if name is None:
        return Crs.LONLAT
    try:
        return parse_crs(str(name))
    except CoordinateError as error:
        raise ReadError(error.nl, error.en, code=error.code) from error


def _add_geometry(shapes: ShapeBuilder, value: Any) -> None:
    """Add a GeoJSON geometry: polygons are kept, null is none, anything else is unreadable."""
    if value is None:
        shapes.add(())
        return
    kind = value.get("type") if isinstance(value, dict) else None
    coordinates = value.get("coordinates") if isinstance(value, dict) else None
    try:
        if kind == "Polygon" and isinstance(coordinates, list):
            shapes.add([_rings(coordinates)] if coordinates else ())
        elif kind == "MultiPolygon" and isinstance(coordinates, list):
            shapes.add([_rings(polygon) for polygon in coordinates])
        else:
            shapes.add_unreadable()
    except (ValueError, TypeError, OverflowError):
        shapes.add_unreadable()


def _rings(polygon: Any) -> list[Points]:
    if not isinstance(polygon, list):
        raise TypeError("a polygon is a list of rings")
    return [_ring(ring) for ring in polygon]


def _ring(ring: Any) -> Points:
    """The points of a ring. Texts, nulls and booleans are not taken for numbers: ValueError or TypeError."""
    if not set(map(type, chain.from_iterable(ring))) <= {int, float}:
        raise TypeError("a ring is a list of positions of numbers")
    return np.array(ring, dtype=np.float64)
