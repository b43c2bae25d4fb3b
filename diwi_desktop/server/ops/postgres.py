"""PostgreSQL's own programs, for back-ups. The password never stands in a command, where everybody can read it."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from diwi_desktop.model.finding import UserError

_VARIABLES = {
    "host": "PGHOST",
    "hostaddr": "PGHOSTADDR",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "passfile": "PGPASSFILE",
    "options": "PGOPTIONS",
}


def program(name: str) -> str:
    """The path of one of PostgreSQL's programs, the newest there is. Raises UserError."""
    installed = [
        (int(path.parents[1].name), path)
        for path in Path("/usr/lib/postgresql").glob(f"*/bin/{name}")
        if re.fullmatch(r"\d+", path.parents[1].name)
    ]
    found = str(max(installed)[1]) if installed else shutil.which(name)
    if found is None:
        raise UserError(
            f"Het programma {name} van PostgreSQL ontbreekt; installeer postgresql-client.",
            f"PostgreSQL's program {name} is missing; install postgresql-client.",
            code="no_postgresql",
        )
    return found


def surroundings(url: str) -> dict[str, str]:
    """The environment in which PostgreSQL's programs find the database of an address."""
    given = {key: str(value) for key, value in conninfo_to_dict(url).items() if value is not None}
    return {**os.environ, **{_VARIABLES[key]: value for key, value in given.items() if key in _VARIABLES}}
