"""Writing records as the GeoJSON in RD that provinces exchange: with a `crs` member, one feature per line.

The bytes depend on the records only, so the same submission is the same file.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from diwi_desktop.exchange.provinces.engine import Record

_CRS = {"type": "name", "properties": {"name": "EPSG:28992"}}
_DECIMALS = 3  # millimetres, as the store keeps them

Coordinates = list[list[list[tuple[float, float]]]]


def contour(areas: Sequence[bytes]) -> Coordinates | None:
    """The contours of one plan (EWKB) as the coordinates of one MultiPolygon in RD, exactly as drawn; None without any.

    Contours that overlap or touch are merged, so that the MultiPolygon is valid. Exterior rings run counter-clockwise.
    """
    import shapely

    if not areas:
        return None
    shape = shapely.from_wkb(areas[0])
    if len(areas) > 1:
        shape = shapely.union_all(shapely.from_wkb(list(areas)), grid_size=10**-_DECIMALS)
    shape = shapely.orient_polygons(shape)
    # Parts in a fixed order, whatever the order in which they were drawn.
    polygons = sorted(shapely.get_parts(shape), key=lambda part: part.bounds) if len(areas) > 1 else shape.geoms
    return [[_ring(part.exterior), *(_ring(hole) for hole in part.interiors)] for part in polygons]


def _ring(ring: Any) -> list[tuple[float, float]]:
    import shapely

    return [(x, y) for x, y in shapely.get_coordinates(ring).round(_DECIMALS).tolist()]


def write(records: Sequence[Record]) -> Iterator[bytes]:
    """The file in pieces: the head, one piece per record, the end."""
    dump = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode
    yield f'{{"type":"FeatureCollection","crs":{dump(_CRS)},"features":['.encode()
    for index, record in enumerate(records):
        coordinates = contour(record.areas)
        geometry = None if coordinates is None else {"type": "MultiPolygon", "coordinates": coordinates}
        feature = {"type": "Feature", "properties": record.properties, "geometry": geometry}
        yield ((",\n" if index else "\n") + dump(feature)).encode()
    yield b"\n]}\n"
