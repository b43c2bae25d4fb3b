"""Reading parcels and buildings from a GeoPackage, by way of GDAL (pyogrio)."""

from __future__ import annotations

import sqlite3
import warnings
from collections.abc import Collection
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from diwi_desktop.basedata.layer import READ_STEPS, Geometries, Layer, ReadError, Watch, damaged, plain
from diwi_desktop.geo.crs import CoordinateError, Crs, parse_crs

MAGIC = b"SQLite format 3\x00"
_BATCH = 20_000


def tables(path: Path) -> dict[str, set[str]]:
    """The feature tables of a GeoPackage with the plain names of their columns. Raises ReadError when it is
    none.
    """
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            names = connection.execute(
                "SELECT table_name FROM gpkg_contents WHERE data_type = 'features' ORDER BY table_name"
            ).fetchall()
            return {
                name: {plain(row[1]) for row in connection.execute("SELECT * FROM pragma_table_info(?)", (name,))}
                for (name,) in names
            }
    except sqlite3.Error as error:
        raise damaged(" of is geen GeoPackage", " or is not a GeoPackage") from error


def read_geopackage(path: Path, layers: Collection[str], attributes: Collection[str], watch: Watch) -> Layer:
    """The first of the named tables that the file has, with these attributes (plain names).

    Raises ReadError and Cancelled.
    """
    import pyogrio.errors

    watch.step(0.0)
    table = next(name for name in tables(path) if name in layers)
    try:
        # GDAL warns when a file's name does not end in .gpkg; its content decides
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            return _read(path, table, attributes, watch)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.FeatureError) as error:
        raise damaged() from error


def _read(path: Path, table: str, attributes: Collection[str], watch: Watch) -> Layer:
    import pyogrio.raw

    info = pyogrio.read_info(path, layer=table)
    fields = [name for name in info["fields"].tolist() if plain(name) in attributes]
    total = int(info["features"])
    parts: list[Geometries] = []
    values: list[list[Any]] = [[] for _ in fields]
    done = 0
    while done < total:
        watch.step(done / total, end=READ_STEPS)
        _, _, geometry, columns = pyogrio.raw.read(
            path, layer=table, columns=fields, skip_features=done, max_features=_BATCH, force_2d=True
        )
        if not len(geometry):
            break
        parts.append(shapely.from_wkb(geometry, on_invalid="ignore"))
        for collected, column in zip(values, columns, strict=True):
            collected.extend(_plain_values(column))
        done += len(geometry)
    shapes: Geometries = np.concatenate(parts) if parts else np.empty(0, dtype=object)
    used = {plain(name): column for name, column in zip(fields, values, strict=True)}
    return Layer(used, shapes, _crs_of(info["crs"]), "GeoPackage")


def _plain_values(column: Any) -> list[Any]:
    """A column of GDAL as Python values, with None for what is missing (GDAL gives NaN for numbers)."""
    values: list[Any] = column.tolist()
    if column.dtype.kind == "f":
        return [None if value != value else value for value in values]
    return values


def _crs_of(name: str | None) -> Crs:
    if not name:
        # PDOK always says; a file of one's own that says nothing is most likely RD, and values tell
        return Crs.RD
    try:
        return parse_crs(name)
    except CoordinateError as error:
        # A system that GDAL has no number for comes as a page of WKT; only its name is of use.
        if "Amersfoort / RD New" in name:
            return Crs.RD
        raise ReadError(error.nl, error.en, code=error.code) from error
