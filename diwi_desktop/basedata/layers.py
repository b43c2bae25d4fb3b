"""Base data in the store: parcels, buildings and addresses.

They are copies of national registers, not edits of users, so they do not go through the change log object
by object. Each load is one act with a `base_layer` entity (what was read, how many, from where), in the
same transaction as the objects themselves. See docs/decisions/0003-base-data.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely

from diwi_desktop.basedata.records import AddressTable, BuildingTable, ParcelTable
from diwi_desktop.model.finding import Cancelled
from diwi_desktop.model.work import CancelCheck, Progress
from diwi_desktop.store import queries
from diwi_desktop.store.driver import Connection
from diwi_desktop.store.schema import SRID
from diwi_desktop.store.store import Store

_BATCH = 2_000
_NAMES = {"parcels": "Percelen inlezen", "buildings": "Panden inlezen", "addresses": "Adressen inlezen"}


def write_parcels(
    store: Store,
    table: ParcelTable,
    *,
    source: str = "",
    progress: Progress | None = None,
    cancelled: CancelCheck | None = None,
) -> int:
    """Add parcels; those with a known cadastral id (or, without one, designation) are replaced. Returns the
    count.

    All or nothing. Geometries are MultiPolygons in RD New. Raises Cancelled, StoreError.
    """
    ids = [local or designation for local, designation in zip(table.lokaal_id, table.designation, strict=True)]
    rows = zip(
        ids, table.designation, table.municipality_code, table.section, table.number, table.registered_area,
        _wkb(table.geometry), strict=True,
    )  # fmt: skip
    sql = (
        "INSERT INTO parcel (local_id, designation, municipality_code, section, number, registered_area, geometry)"
        f" VALUES (?, ?, ?, ?, ?, ?, GeomFromWKB(?, {SRID})) ON CONFLICT (local_id) DO UPDATE SET"
        " designation = excluded.designation, municipality_code = excluded.municipality_code,"
        " section = excluded.section, number = excluded.number, registered_area = excluded.registered_area,"
        " geometry = excluded.geometry"
    )
    return _load(store, "parcels", sql, rows, len(table), source, progress, cancelled)


def write_buildings(
    store: Store,
    table: BuildingTable,
    *,
    source: str = "",
    progress: Progress | None = None,
    cancelled: CancelCheck | None = None,
) -> int:
    """Add buildings; those with a known identification are replaced. As `write_parcels`."""
    rows = zip(
        table.identificatie,
        table.bouwjaar,
        table.status,
        table.gebruiksdoel,
        _wkb(table.geometry),
        strict=True,
    )
    sql = (
        "INSERT INTO building (identification, year, status, purpose, geometry)"
        f" VALUES (?, ?, ?, ?, GeomFromWKB(?, {SRID})) ON CONFLICT (identification) DO UPDATE SET"
        " year = excluded.year, status = excluded.status, purpose = excluded.purpose, geometry = excluded.geometry"
    )
    return _load(store, "buildings", sql, rows, len(table), source, progress, cancelled)


def write_addresses(
    store: Store,
    table: AddressTable,
    *,
    source: str = "",
    progress: Progress | None = None,
    cancelled: CancelCheck | None = None,
) -> int:
    """Add addresses with their point in RD New. As `write_parcels`."""
    rows = zip(table.text, table.postcode, map(float, table.x), map(float, table.y), strict=True)
    sql = "INSERT INTO address (text, postcode, x, y) VALUES (?, ?, ?, ?)"
    return _load(store, "addresses", sql, rows, len(table), source, progress, cancelled)


def parcels(store: Store) -> ParcelTable:
    """All parcels of the store, by cadastral id."""
    rows = (
        store.read()
        .execute(
            "SELECT designation, municipality_code, section, number, local_id, registered_area, AsBinary(geometry)"
            " FROM parcel ORDER BY id"
        )
        .fetchall()
    )
    if not rows:
        return ParcelTable()
    columns: list[Any] = [list(column) for column in zip(*rows, strict=True)]
    a, b, c, d, e, f, geometry = columns
    return ParcelTable(a, b, c, d, e, f, shapely.from_wkb(geometry))


def buildings(store: Store) -> BuildingTable:
    """All buildings of the store."""
    rows = (
        store.read()
        .execute("SELECT identification, year, status, purpose, AsBinary(geometry) FROM building ORDER BY id")
        .fetchall()
    )
    if not rows:
        return BuildingTable()
    columns: list[Any] = [list(column) for column in zip(*rows, strict=True)]
    a, b, c, d, geometry = columns
    return BuildingTable(a, b, c, d, shapely.from_wkb(geometry))


def parcel_by_designation(store: Store, designation: str) -> tuple[str, str, shapely.Geometry] | None:
    """(designation, cadastral id, geometry in RD) of a parcel; None when the store has no such parcel."""
    row = (
        store.read()
        .execute(
            "SELECT designation, local_id, AsBinary(geometry) FROM parcel WHERE designation = ?",
            (designation,),
        )
        .fetchone()
    )
    return None if row is None else (row[0], row[1], shapely.from_wkb(row[2]))


def counts(store: Store) -> dict[str, int]:
    """How many parcels, buildings and addresses the store has."""
    found = (
        store.read()
        .execute(
            "SELECT (SELECT count(*) FROM parcel), (SELECT count(*) FROM building), (SELECT count(*) FROM address)"
        )
        .fetchone()
    )
    return dict(zip(_NAMES, found, strict=True))


def _wkb(geometries: Any) -> Any:
    return shapely.to_wkb(np.asarray(geometries, dtype=object), byte_order=1, include_srid=False)


def _load(
    store: Store,
    layer: str,
    sql: str,
    rows: Iterator[tuple[Any, ...]],
    total: int,
    source: str,
    progress: Progress | None,
    cancelled: CancelCheck | None,
) -> int:
    """Write the rows and the base_layer entity in one act."""
    digest = hashlib.sha256()
    listed = list(rows)
    for row in listed:
        digest.update(repr(row).encode())

    def write(connection: Connection) -> None:
        for start in range(0, total, _BATCH):
            if cancelled is not None and cancelled():
                raise Cancelled
            connection.executemany(sql, listed[start : start + _BATCH])
            if progress is not None:
                progress(min(start + _BATCH, total), total)

    existing = next((row for row in queries.entities(store, "base_layer") if row["layer"] == layer), None)
    source = source.encode(errors="replace").decode()  # names of files may hold what is no text
    values = {"source": source, "count": total, "sha256": digest.hexdigest()}
    with store.act(_NAMES[layer], kind="system") as act:
        act.before = write
        if existing is None:
            act.create("base_layer", {"layer": layer, **values})
        else:
            for key, value in values.items():
                act.set("base_layer", existing["id"], key, value)
    return total
