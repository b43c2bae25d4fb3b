"""The outside of a GeoJSON file: JSON of a sane size, its coordinate system, and geometries as plan areas."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from diwi_desktop.exchange.messages import Report, Unreadable
from diwi_desktop.geo import shape
from diwi_desktop.geo.crs import CoordinateError, Crs, parse_crs, place
from diwi_desktop.model.finding import Severity

LARGEST_FILE = 300 * 2**20
_NAMES = {
    Crs.RD: ("RD", "RD"),
    Crs.LONLAT: ("lengte- en breedtegraden", "longitude and latitude"),
    Crs.LATLON: ("breedte- en lengtegraden", "latitude and longitude"),
    Crs.WEB_MERCATOR: ("Web Mercator", "Web Mercator"),
}


def load(path: Path) -> dict[str, Any]:
    """A FeatureCollection (a lone Feature is wrapped). Decimals stay exact. Raises Unreadable."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise Unreadable(
                f"Het bestand is te groot (hoogstens {LARGEST_FILE // 2**20} MB).",
                f"The file is too large ({LARGEST_FILE // 2**20} MB at most).",
            )
        text = path.read_bytes().decode("utf-8-sig")
        data = json.loads(text, parse_float=Decimal, parse_constant=_no_constant)
    except OSError as error:
        raise Unreadable(
            f"Het bestand kan niet worden geopend: {error.strerror or error}.",
            f"The file cannot be opened: {error.strerror or error}.",
        ) from error
    except json.JSONDecodeError as error:
        raise Unreadable(
            f"Het bestand is geen geldige JSON: fout in regel {error.lineno}.",
            f"The file is not valid JSON: error in line {error.lineno}.",
        ) from error
    except (ValueError, RecursionError) as error:  # not UTF-8, impossible numbers, endless nesting
        raise Unreadable("Het bestand is geen geldige JSON.", "The file is not valid JSON.") from error
    if isinstance(data, dict) and data.get("type") == "Feature":
        data = {"type": "FeatureCollection", "features": [data], "crs": data.get("crs")}
    if not isinstance(data, dict) or not isinstance(data.get("features"), list):
        raise Unreadable(
            "Dit is geen GeoJSON met een lijst van objecten (FeatureCollection).",
            "This is not GeoJSON with a list of features (FeatureCollection).",
        )
    return data


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def crs_of(data: dict[str, Any]) -> Crs:
    """The coordinate system of a collection: its `crs` member, else longitude and latitude (RFC 7946).

    Raises CoordinateError crs_unknown.
    """
    member = data.get("crs")
    if member is None:
        return Crs.LONLAT
    properties = member.get("properties") if isinstance(member, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    return parse_crs(name if isinstance(name, str) else "?")


def geometry_of(value: Any) -> BaseGeometry | None:
    """The geometry of a GeoJSON object; None for null. Raises ValueError when it is none."""
    if value is None:
        return None
    try:
        geometry = shapely.from_geojson(json.dumps(value, default=float))
    except (shapely.GEOSException, TypeError, ValueError, RecursionError, OverflowError) as error:
        raise ValueError(str(error)) from error
    if geometry is None:
        raise ValueError("no geometry")
    return geometry


def areas(features: list[dict[str, Any]], data: dict[str, Any], names: list[str], report: Report) -> list[bytes | None]:
    """The plan area of each feature as EWKB in RD; None where there is none. Doubts and repairs are reported."""
    geometries: list[BaseGeometry | None] = []
    for number, feature in enumerate(features, start=1):
        try:
            geometries.append(geometry_of(feature.get("geometry")))
        except ValueError:
            geometries.append(None)
            report.add(
                "feature_error",
                row=number,
                column="geometry",
                project=names[number - 1],
                hint_nl="de geometrie is onleesbaar.",
                hint_en="its geometry cannot be read.",
            )
    given = [index for index, geometry in enumerate(geometries) if geometry is not None]
    result: list[bytes | None] = [None] * len(features)
    if not given:
        return result
    try:
        source = crs_of(data)
    except CoordinateError as error:
        report.say(error.code, Severity.ERROR, error.nl, error.en, column="crs")
        return result
    column = np.empty(len(given), dtype=object)
    column[:] = [geometries[index] for index in given]
    placed, verdicts = place(column, source)
    for position, index in enumerate(given):
        row, name = index + 1, names[index]
        if verdicts.code[position]:
            nl, en = verdicts.sentence(position)
            real = verdicts.crs[position]
            if real is None:
                report.say(verdicts.code[position], Severity.ERROR, nl, en, row=row, column="geometry", project=name)
                continue
            swapped_nl, swapped_en = (
                (", met de assen verwisseld", ", axes swapped") if verdicts.swapped[position] else ("", "")
            )
            report.say(
                verdicts.code[position],
                Severity.WARNING,
                f"{nl} Het vlak is gelezen als {_NAMES[real][0]}{swapped_nl}; controleer het op de kaart.",
                f"{en} The area was read as {_NAMES[real][1]}{swapped_en}; check it on the map.",
                row=row,
                column="geometry",
                project=name,
            )
        result[index] = _kept(placed[position], row, name, report)
    return result


def _kept(geometry: BaseGeometry | None, row: int, name: str, report: Report) -> bytes | None:
    try:
        kept, repairs = shape.normalise(geometry)
    except shape.ShapeError as error:
        report.say(error.code, Severity.ERROR, error.nl, error.en, row=row, column="geometry", project=name)
        return None
    for repair in repairs:
        report.say(repair.code, Severity.WARNING, repair.nl, repair.en, row=row, column="geometry", project=name)
    return shape.to_ewkb(kept)
