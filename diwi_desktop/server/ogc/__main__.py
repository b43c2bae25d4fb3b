"""`python -m diwi_desktop.server.ogc`: serves the OGC API Features of one register at one level.

The login in DIWI_OGC_DATABASE_URL decides which register; it must have been let in by
`SELECT diwi.let_read('<login>', '<municipality code>', '<level>')`. Above `public` the address belongs behind the
sign-in of a proxy: this API itself asks nobody who he is.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import psycopg

from diwi_desktop.server.middleware import Surroundings
from diwi_desktop.server.ogc.configuration import LEVELS, configuration
from diwi_desktop.server.ogc.provider import DATABASE_VARIABLE


def parser() -> argparse.ArgumentParser:
    """All options."""
    made = argparse.ArgumentParser(prog="python -m diwi_desktop.server.ogc", description=__doc__.splitlines()[0])
    made.add_argument("--level", choices=LEVELS, default="public", help="plans of this level and opener (public)")
    made.add_argument("--name", default="de gemeente", help="name of the municipality, for the titles")
    made.add_argument("--host", default="127.0.0.1")
    made.add_argument("--port", type=int, default=5000)
    made.add_argument("--url", default="", help="where others reach it, without /v1 (http://HOST:PORT)")
    return made


def main(argv: Sequence[str] | None = None) -> int:
    """Serves until it is told to stop; exit status 1 when the login may not read the level, 2 for wrong use."""
    wanted = parser()
    chosen = wanted.parse_args(argv)
    if DATABASE_VARIABLE not in os.environ:
        wanted.error(f"{DATABASE_VARIABLE} is not set")
    trouble = _trouble(os.environ[DATABASE_VARIABLE], chosen.level)
    if trouble:
        print(trouble, file=sys.stderr)
        return 1
    url = chosen.url or f"http://{chosen.host}:{chosen.port}"
    config = configuration(chosen.level, name=chosen.name, url=url, host=chosen.host, port=chosen.port)
    # uvicorn passes the signal on when it has stopped; the folder has to go then too.
    signal.signal(signal.SIGTERM, lambda _signal, _frame: sys.exit(0))
    with tempfile.TemporaryDirectory(prefix="diwi-ogc-") as folder:
        _serve(config, Path(folder), chosen.host, chosen.port)
    return 0


def _trouble(url: str, level: str) -> str:
    """Why the login cannot serve the level; empty when it can, and reads nothing besides."""
    try:
        with psycopg.connect(url) as connection:
            row = connection.execute(
                "SELECT has_table_privilege(format('diwi.plan_areas_%%s', %s::text), 'SELECT'),"
                " has_table_privilege('diwi.change_log', 'SELECT')",
                (level,),
            ).fetchone()
    except psycopg.OperationalError:
        return "The database does not answer, or does not let this login in."
    except psycopg.errors.UndefinedTable:
        return "This database has no views of DIWI; diwi-server upgrade makes them."
    except psycopg.errors.InsufficientPrivilege:
        row = None
    if row is None or not row[0]:
        return f"This login may not read the level {level}; see diwi.let_read."
    return "This login may read more than the views; give the API a login of its own." if row[1] else ""


def _serve(config: dict[str, object], folder: Path, host: str, port: int) -> None:
    """pygeoapi finds its configuration and its description of itself in files; JSON is YAML too."""
    path, description = folder / "config.yml", folder / "openapi.yml"
    path.write_text(json.dumps(config), encoding="utf-8")
    os.environ["PYGEOAPI_CONFIG"], os.environ["PYGEOAPI_OPENAPI"] = str(path), str(description)
    os.environ.setdefault("DIWI_DATA_DIR", str(folder))  # the RD grid, where there is no home to keep it
    from pygeoapi.openapi import generate_openapi_document

    description.write_text(generate_openapi_document(path, "yaml"), encoding="utf-8")
    import uvicorn
    from pygeoapi.starlette_app import APP

    APP.debug = False  # a traceback is nobody's business
    APP.add_middleware(Surroundings)  # whose headers keep pygeoapi's pages from loading scripts from elsewhere
    uvicorn.run(APP, host=host, port=port, access_log=False, server_header=False, log_level="warning")


if __name__ == "__main__":
    sys.exit(main())
