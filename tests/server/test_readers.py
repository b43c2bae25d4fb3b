"""Programs that read PostGIS themselves, as QGIS does, with the login that docs/reading.md describes."""

from __future__ import annotations

import shutil
import subprocess
from typing import Any

import psycopg
import pytest

from tests.server.harness import Register
from tests.server.test_ogc import logins, plan

__all__ = ["logins"]

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
