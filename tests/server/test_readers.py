"""Programs that read PostGIS themselves, as QGIS does, with the login that docs/reading.md describes."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import psycopg
import pytest
import shapely

from tests import qgis
from tests.server.harness import Register
from tests.server.test_ogc import SQUARE, logins, plan, serve

__all__ = ["logins", "serve"]

# Every relation that a session may select from, as the dialog of QGIS lists them.
_READABLE = """
SELECT format('%s.%s', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'v', 'm', 'p', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
  AND has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT')
"""
_OF_POSTGIS = {"public.spatial_ref_sys", "public.geometry_columns", "public.geography_columns"}


def test_a_reader_sees_its_three_views_and_nothing_else(register: Register, logins: Any) -> None:
    plan(register.laptop(), "De Open Hoek", "PUBLIC")
    with psycopg.connect(logins("0999", "public"), autocommit=True) as reader:
        readable = {row[0] for row in reader.execute(_READABLE)}
        assert readable - _OF_POSTGIS == {"diwi.projects_public", "diwi.plan_areas_public", "diwi.totals_public"}
        layers = reader.execute("SELECT f_table_name, srid, type FROM geometry_columns").fetchall()
        assert ("plan_areas_public", 28992, "MULTIPOLYGON") in layers
        functions = reader.execute(
            "SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
            " WHERE n.nspname = 'diwi' AND p.prosecdef AND has_function_privilege(p.oid, 'EXECUTE')"
        ).fetchall()
        assert functions == []


def test_ogrinfo_reads_the_layer(register: Register, logins: Any) -> None:
    """GDAL is what QGIS and most other readers stand on."""
    program = shutil.which("ogrinfo")
    formats = subprocess.run([program, "--formats"], capture_output=True, text=True, check=False) if program else None
    if formats is None or "PostgreSQL -vector-" not in formats.stdout:
        pytest.skip("ogrinfo with the PostgreSQL driver (package gdal-bin) is not here")
    plan(register.laptop(), "De Open Hoek", "PUBLIC")
    plan(register.laptop(name="Piet"), "Het Geheim", "INTERNAL_CIVIL")
    parts = psycopg.conninfo.conninfo_to_dict(logins("0999", "public"))
    source = f"PG:dbname={parts['dbname']} host={parts['host']} user={parts['user']} schemas=diwi"
    command = [str(program), "-ro", "-al", source, "plan_areas_public"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    for text in ("Feature Count: 1", "Geometry: Multi Polygon", 'ID["EPSG",28992]', "De Open Hoek"):
        assert text in done.stdout, done.stdout + done.stderr
    assert "Geheim" not in done.stdout


def test_qgis_reads_the_layer(register: Register, logins: Any, tmp_path: Path) -> None:
    """As PostGIS layer with the login of docs/reading.md: every contour of its level, and nothing to change."""
    plan(register.laptop(), "De Open Hoek", "PUBLIC")
    plan(register.laptop(name="Piet"), "Het Geheim", "INTERNAL_CIVIL")
    parts = psycopg.conninfo.conninfo_to_dict(logins("0999", "public"))
    source = f"dbname='{parts['dbname']}' host='{parts['host']}' user='{parts['user']}'"
    layer = f"{source} key='plan_area_id' estimatedmetadata=true srid=28992 type=MultiPolygon table=\"diwi\"."
    areas, above = qgis.opened(
        tmp_path,
        (f'{layer}"plan_areas_public" (geom)', "postgres"),
        (f'{layer}"plan_areas_internal_civil" (geom)', "postgres"),
    )
    assert (areas["valid"], areas["crs"], areas["editable"]) == (True, "EPSG:28992", False)
    ((geometry, values),) = areas["features"]
    assert shapely.from_wkb(geometry).equals(SQUARE)
    assert dict(zip(areas["fields"], values, strict=True))["name"] == "De Open Hoek"
    assert not above["valid"]


@pytest.mark.slow
def test_qgis_reads_the_ogc_api(register: Register, logins: Any, serve: Any, tmp_path: Path) -> None:
    plan(register.laptop(), "De Open Hoek", "PUBLIC")
    api = serve(logins("0999", "public"), "public")
    source = f"url='{str(api.base_url).rstrip('/')}' typename='plan-areas' pageSize='100'"
    (areas,) = qgis.opened(tmp_path, (source, "OAPIF"))
    assert areas["valid"]
    ((_, values),) = areas["features"]
    assert dict(zip(areas["fields"], values, strict=True))["name"] == "De Open Hoek"
