"""pygeoapi's way to a view: features with their contour in RD New, or in longitude and latitude by the official grid.

Where the database is says the environment (DIWI_OGC_DATABASE_URL), so that the configuration holds no secret.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

import shapely
from psycopg import Connection, sql
from psycopg.rows import DictRow, dict_row
from psycopg_pool import ConnectionPool
from pygeoapi.provider.base import (
    BaseProvider,
    ProviderInvalidQueryError,
    ProviderItemNotFoundError,
    SchemaType,
)

from diwi_desktop.geo.crs import to_lonlat

DATABASE_VARIABLE = "DIWI_OGC_DATABASE_URL"
RD = "http://www.opengis.net/def/crs/EPSG/0/28992"
LONLAT = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_SCHEMA = "diwi"
_GEOMETRY = "geom"
_RD_DIGITS, _LONLAT_DIGITS = 3, 9  # millimetres, and about a tenth of that
_CONNECTIONS = 4
# What PostgreSQL calls a type, as JSON Schema has it; everything else is a string.
_TYPES = {
    "int4": {"type": "integer"},
    "int8": {"type": "integer"},
    "numeric": {"type": "number"},
    "float8": {"type": "number"},
    "bool": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
}

Fields = dict[str, dict[str, str]]


class ViewProvider(BaseProvider):  # type: ignore[misc]  # pygeoapi ships no annotations
    """Reads one view. pygeoapi makes one for every request, so what lasts is kept by the module.

    Of the definition: `data` is the name of the view, `id_field` a column of type uuid.
    """

    def __init__(self, provider_def: dict[str, Any]) -> None:
        super().__init__(provider_def)
        self._view = sql.Identifier(_SCHEMA, self.data)
        self._id = sql.Identifier(self.id_field)
        types = _columns(self.data)
        self._has_geometry = _GEOMETRY in types
        self._fields = {name: _TYPES.get(kind, {"type": "string"}) for name, kind in types.items() if name != _GEOMETRY}

    def get_fields(self) -> Fields:
        return dict(self._fields)

    def get_schema(self, schema_type: SchemaType = SchemaType.item) -> tuple[str, dict[str, Any]]:
        """The media type and the JSON schema of an item."""
        shape = {"geometry": {"format": "geometry-multipolygon", "x-ogc-role": "primary-geometry"}}
        properties = {**self._fields, **(shape if self._has_geometry else {})}
        return "application/schema+json", {"type": "object", "properties": properties}

    def query(
        self,
        offset: int = 0,
        limit: int = 10,
        resulttype: str = "results",
        bbox: Sequence[float] = (),
        properties: Iterable[tuple[str, str]] = (),
        sortby: Iterable[Mapping[str, str]] = (),
        select_properties: Sequence[str] = (),
        skip_geometry: bool = False,
        q: str | None = None,
        filterq: Any = None,
        crs_transform_spec: Any = None,
        **_other: Any,
    ) -> dict[str, Any]:
        """A page of features and how many there are in all. `bbox` is in RD. Raises ProviderInvalidQueryError."""
        if filterq is not None or q is not None:
            raise ProviderInvalidQueryError("this collection takes bbox and properties, no filter")
        where, given = self._where(bbox, properties)
        with _pool().connection() as connection:
            counted = connection.execute(
                sql.SQL("SELECT count(*) AS n FROM {} WHERE {}").format(self._view, where), given
            ).fetchone()
            page: list[DictRow] = []
            if resulttype != "hits":
                page = self._rows(connection, where, given, sortby, limit, offset)
        columns = select_properties or list(self._fields)
        found = [self._feature(row, columns, crs_transform_spec, skip=skip_geometry) for row in page]
        return {
            "type": "FeatureCollection",
            "features": found,
            "numberMatched": counted["n"] if counted else 0,
            "numberReturned": len(found),
        }

    def get(self, identifier: str, crs_transform_spec: Any = None, **_other: Any) -> dict[str, Any]:
        """One feature. Raises ProviderItemNotFoundError."""
        try:
            id = UUID(str(identifier))
        except ValueError as error:
            raise ProviderItemNotFoundError(f"no item {identifier!r}") from error
        where = sql.SQL("{} = %(id)s").format(self._id)
        with _pool().connection() as connection:
            rows = self._rows(connection, where, {"id": id}, (), 1, 0)
        if not rows:
            raise ProviderItemNotFoundError(f"no item {id}")
        return self._feature(rows[0], list(self._fields), crs_transform_spec, skip=False)

    # -- underneath -------------------------------------------------------------------------------------------------

    def _where(
        self, bbox: Sequence[float], properties: Iterable[tuple[str, str]]
    ) -> tuple[sql.Composable, dict[str, Any]]:
        parts: list[sql.Composable] = [sql.SQL("true")]
        given: dict[str, Any] = {}
        for number, (name, value) in enumerate(properties):
            if name not in self._fields:
                raise ProviderInvalidQueryError(f"no property {name!r}")
            parts.append(sql.SQL("{}::text = {}").format(sql.Identifier(name), sql.Placeholder(f"p{number}")))
            given[f"p{number}"] = str(value)
        if bbox and self._has_geometry:  # features without a place lie in every box
            given["box"] = [float(one) for one in (bbox if len(bbox) == 4 else (*bbox[:2], *bbox[3:5]))]
            box = "ST_Intersects(geom, ST_MakeEnvelope({}, 28992))".format(
                ", ".join(f"(%(box)s::float8[])[{n}]" for n in range(1, 5))
            )
            parts.append(sql.SQL(box))
        return sql.SQL(" AND ").join(parts), given

    def _rows(
        self,
        connection: Connection[DictRow],
        where: sql.Composable,
        given: Mapping[str, Any],
        sortby: Iterable[Mapping[str, str]],
        limit: int,
        offset: int,
    ) -> list[DictRow]:
        order = [
            sql.SQL("{} DESC" if one["order"] == "-" else "{}").format(sql.Identifier(one["property"]))
            for one in sortby
            if one["property"] in self._fields
        ]
        columns = [sql.Identifier(name) for name in self._fields]
        if self._has_geometry:
            columns_sql = sql.SQL("{}, ST_AsBinary({}) AS {}").format(
                sql.SQL(", ").join(columns), sql.Identifier(_GEOMETRY), sql.Identifier(_GEOMETRY)
            )
        else:
            columns_sql = sql.SQL(", ").join(columns)
        query = sql.SQL("SELECT {} FROM {} WHERE {} ORDER BY {} LIMIT %(limit)s OFFSET %(offset)s").format(
            columns_sql, self._view, where, sql.SQL(", ").join([*order, self._id])
        )
        return connection.execute(query, {**given, "limit": limit, "offset": offset}).fetchall()

    def _feature(self, row: DictRow, columns: Sequence[str], crs: Any, *, skip: bool) -> dict[str, Any]:
        shape = row.get(_GEOMETRY)
        return {
            "type": "Feature",
            "id": str(row[self.id_field]),
            "properties": {
                name: _plain(row[name]) for name in columns if name in self._fields and name != self.id_field
            },
            "geometry": None if shape is None or skip else _geometry(shape, crs),
        }


def _geometry(wkb: bytes, crs: Any) -> dict[str, Any]:
    """GeoJSON of a contour in RD; `crs` says where to transform it to, None: leave it."""
    shape, digits = shapely.from_wkb(wkb), _RD_DIGITS
    target = RD if crs is None else crs.target_crs_uri
    if target != RD:
        shape, digits = to_lonlat(shape), _LONLAT_DIGITS
    found: dict[str, Any] = shapely.geometry.mapping(shapely.transform(shape, lambda points: points.round(digits)))
    return found


def _plain(value: Any) -> Any:
    """A value as JSON has it; a sum of whole numbers is a whole number."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return str(value) if isinstance(value, UUID) else value


@cache
def _pool() -> ConnectionPool[Connection[DictRow]]:
    """Opened by the first request; connections that break are made anew."""
    return ConnectionPool(
        os.environ[DATABASE_VARIABLE],
        min_size=0,
        max_size=_CONNECTIONS,
        kwargs={"row_factory": dict_row, "options": "-c default_transaction_read_only=on -c statement_timeout=30s"},
        check=ConnectionPool.check_connection,
        open=True,
    )


@cache
def _columns(view: str) -> dict[str, str]:
    """The columns of a view that the login may read, with the names of their types."""
    with _pool().connection() as connection:
        rows = connection.execute(
            "SELECT a.attname AS name, t.typname AS type FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid"
            " WHERE a.attrelid = to_regclass(%s) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum",
            (f"{_SCHEMA}.{view}",),
        )
        return {row["name"]: row["type"] for row in rows}
