"""The tables of a store, made from the catalogue, and the steps from one version of the file to the next.

For every kind of entity there are two tables: `<kind>` with what is true now and `<kind>_past` with what was true from
log position `seq_from` up to (not including) `seq_to`. Both are projections of the change log.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from diwi_desktop.model.catalogue import Catalogue, Field, FieldType, Kind, catalogue
from diwi_desktop.store import driver, steps
from diwi_desktop.store.driver import Connection, StoreError, store_error

VERSION = 2
OWN_KINDS = ("project", "houseblock")  # kinds that carry own fields, in a column `own` (JSON)
SRID = 28992

_COLUMN = {
    FieldType.INTEGER: "INTEGER",
    FieldType.BOOLEAN: "INTEGER",
    FieldType.NUMBER: "REAL",
    FieldType.GEOMETRY: "BLOB",
}
JSON_TYPES = frozenset(
    {
        FieldType.CODES,
        FieldType.OPTIONS,
        FieldType.ORDINAL,
        FieldType.RANGE_MONEY,
        FieldType.RANGE_NUMBER,
        FieldType.JSON,
    }
)

# `n` counts the changes of an act from 0. An act from a server may come in parts, each with a place of its own.
# `made_at` is when it was done, by the clock of who did it, and is shown; `known_at` is when the register knew it. It
# never goes back with `seq`, and looking back goes by it.
LOG = """
CREATE TABLE act (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL,
    part INTEGER NOT NULL DEFAULT 0,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    undoes INTEGER REFERENCES act(seq),
    author TEXT NOT NULL,
    device TEXT NOT NULL,
    made_at TEXT NOT NULL,
    known_at TEXT NOT NULL,
    UNIQUE (id, part)
);
CREATE INDEX act_known_at ON act(known_at);
CREATE TABLE change (
    act_seq INTEGER NOT NULL REFERENCES act(seq),
    n INTEGER NOT NULL,
    kind TEXT NOT NULL,
    entity TEXT NOT NULL,
    project TEXT,
    field TEXT NOT NULL,
    old TEXT,
    new TEXT,
    base_seq INTEGER,
    after TEXT,
    server_seq INTEGER,
    result TEXT,
    PRIMARY KEY (act_seq, n)
) WITHOUT ROWID;
CREATE INDEX change_entity ON change(entity, field);
CREATE INDEX change_project ON change(project);
CREATE INDEX change_waiting ON change(act_seq) WHERE server_seq IS NULL AND result IS NULL;
"""

# What the synchronisation keeps beside the log: where it stands (`sync`), the last confirmed change of every entity
# (for digests), pages that came in but are not a whole cut yet, own changes that people must look at, and files.
SYNC = """
CREATE TABLE sync (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE sync_entity (
    entity TEXT NOT NULL PRIMARY KEY, kind TEXT NOT NULL, scope TEXT NOT NULL, seq INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX sync_entity_scope ON sync_entity(scope);
CREATE TABLE incoming (page INTEGER PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE inbox (
    act TEXT NOT NULL,
    n INTEGER NOT NULL,
    result TEXT NOT NULL,
    kind TEXT NOT NULL,
    entity TEXT NOT NULL,
    project TEXT,
    field TEXT NOT NULL,
    base TEXT,
    mine TEXT,
    theirs TEXT,
    theirs_author TEXT NOT NULL,
    theirs_at TEXT NOT NULL,
    head_seq INTEGER NOT NULL,
    code TEXT NOT NULL,
    nl TEXT NOT NULL,
    en TEXT NOT NULL,
    arrived_at TEXT NOT NULL,
    settled_at TEXT,
    settled_by TEXT,
    PRIMARY KEY (act, n)
) WITHOUT ROWID;
CREATE TABLE blob (
    sha256 TEXT NOT NULL PRIMARY KEY,
    size INTEGER NOT NULL,
    state TEXT NOT NULL,
    done INTEGER NOT NULL,
    since TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE blob_part (
    sha256 TEXT NOT NULL, at INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (sha256, at)
);
"""

BASE = """
CREATE TABLE parcel (
    id INTEGER PRIMARY KEY,
    local_id TEXT UNIQUE,
    designation TEXT NOT NULL,
    municipality_code TEXT,
    section TEXT,
    number INTEGER,
    registered_area REAL
);
CREATE INDEX parcel_designation ON parcel(designation);
CREATE TABLE building (
    id INTEGER PRIMARY KEY,
    identification TEXT NOT NULL UNIQUE,
    year INTEGER,
    status TEXT,
    purpose TEXT
);
CREATE TABLE address (
    id INTEGER PRIMARY KEY,
    text TEXT NOT NULL,
    postcode TEXT,
    x REAL NOT NULL,
    y REAL NOT NULL
);
CREATE INDEX address_text ON address(text COLLATE NOCASE);
"""

# What QGIS and ogrinfo show besides the tables: the plan areas with name and code.
PLAN_VIEW = """
CREATE VIEW plan AS
SELECT a.ROWID AS ROWID, p.code AS code, p.name AS name, p.confidentiality AS confidentiality,
       p.start_date AS start_date, p.end_date AS end_date, a.geometry AS geometry
FROM plan_area a JOIN project p ON p.id = a.project_id
WHERE a.deleted_at IS NULL AND p.deleted_at IS NULL
"""


def quoted(name: str) -> str:
    """An identifier for SQL. Only names from the catalogue come here, never text of a user."""
    return f'"{name}"'


def columns(kind: Kind) -> list[str]:
    """The columns of a kind's table in order, without the geometry that SpatiaLite adds itself."""
    plain = [f.key for f in kind.fields if not f.own and f.type is not FieldType.GEOMETRY]
    own = ["own"] if kind.kind in OWN_KINDS else []
    return ["id", *plain, *own, "deleted_at", "seq_from"]


def all_columns(kind: Kind) -> list[str]:
    """`columns` and the geometry column, if any, at the end."""
    return columns(kind) + ([kind.geometry.key] if kind.geometry else [])


def _encoder() -> Callable[[Any], str]:
    """What makes JSON of a value: compact, keys sorted, so that a table rebuilt from the log is the same text.

    JSONEncoder makes its inner encoder anew for every value, which costs more than the value itself; the log has one
    for every entity, so here it is made once. Pythons without the inner encoder take the outer one.
    """
    outer = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    make = getattr(json.encoder, "c_make_encoder", None)
    if make is None:
        return outer.encode
    # circular references, default, strings, indent, separators, sort_keys, skipkeys, allow_nan
    chunks = make(None, outer.default, json.encoder.encode_basestring, None, ":", ",", True, False, True)
    return lambda value: "".join(chunks(value, 0))


encode = _encoder()


# Types whose values a quicker encoder writes just so; of fractions it writes other exponents (1e-7 for 1e-07).
_EXACT = frozenset(FieldType) - {FieldType.NUMBER, FieldType.RANGE_NUMBER, FieldType.JSON}


def row_encoder(kind: Kind) -> Callable[[Any], str]:
    """`encode` for many rows of one kind."""
    if kind.kind in OWN_KINDS or not _EXACT.issuperset(f.type for f in kind.fields):
        return encode
    import msgspec  # only work in bulk needs it

    quick = msgspec.json.Encoder(order="sorted").encode
    return lambda values: quick(values).decode()


def converter(field: Field) -> Callable[[Any], Any] | None:
    """What turns a value in log shape, not None, into its column's; None when that is the same thing.

    Geometry goes its own way, see apply.py.
    """
    if field.type in JSON_TYPES:
        return encode
    return int if field.type is FieldType.BOOLEAN else None


def from_column(field: Field, value: Any) -> Any:
    """A column value in log shape (geometry goes its own way, see apply.py)."""
    if value is None:
        return None
    if field.type in JSON_TYPES:
        return json.loads(value)
    return bool(value) if field.type is FieldType.BOOLEAN else value


def _table(kind: Kind, past: bool) -> str:
    lines = ["id TEXT NOT NULL" + ("" if past else " PRIMARY KEY")]
    for f in kind.fields:
        if f.type is FieldType.GEOMETRY:
            if past:
                lines.append(f"{quoted(f.key)} BLOB")
        else:
            lines.append(f"{quoted(f.key)} {_COLUMN.get(f.type, 'TEXT')}")
    if kind.kind in OWN_KINDS:
        lines.append("own TEXT")
    lines += ["deleted_at TEXT", "seq_from INTEGER NOT NULL"]
    name = kind.kind
    if past:
        lines += ["seq_to INTEGER NOT NULL", "PRIMARY KEY (id, seq_from)"]
        name += "_past"
    return f"CREATE TABLE {quoted(name)} ({', '.join(lines)})" + (" WITHOUT ROWID" if past else "")


def create_tables(connection: Connection, cat: Catalogue | None = None) -> None:
    """Make all tables in an empty database. Must not run inside a transaction (SpatiaLite's own demand)."""
    # Only the coordinate systems that a Dutch file needs: the full list makes every store 6 MB larger.
    if connection.execute("SELECT InitSpatialMetaData(1, 'NONE')").fetchone()[0] != 1:
        connection.execute("CREATE TABLE probe (a)")  # SpatiaLite keeps the reason to itself; SQLite tells: disk full
        raise _no_layers()
    for srid in (SRID, 4258, 4326):
        connection.execute("SELECT InsertEpsgSrid(?)", (srid,))
    connection.execute("BEGIN")
    _run(connection, LOG)
    _run(connection, SYNC)
    for kind in (cat or catalogue()).kinds:
        connection.execute(_table(kind, past=False))
        connection.execute(_table(kind, past=True))
        if kind.parent:
            for name in (kind.kind, f"{kind.kind}_past"):
                connection.execute(f"CREATE INDEX {name}_parent ON {quoted(name)}({kind.parent_key})")
        if kind.geometry:
            _geometry(connection, kind.kind, kind.geometry.key)
    connection.execute("CREATE INDEX option_list ON option(list)")
    _run(connection, BASE)
    _geometry(connection, "parcel", "geometry")
    _geometry(connection, "building", "geometry")
    connection.execute(PLAN_VIEW)
    connection.execute(
        "INSERT INTO views_geometry_columns"
        " (view_name, view_geometry, view_rowid, f_table_name, f_geometry_column, read_only)"
        " VALUES ('plan', 'geometry', 'rowid', 'plan_area', 'geometry', 1)"
    )
    connection.execute(f"PRAGMA application_id={driver.APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version={VERSION}")
    connection.execute("COMMIT")


def _run(connection: Connection, script: str) -> None:
    """Run statements one by one: executescript would commit the transaction around it."""
    for statement in script.split(";"):
        if statement.strip():
            connection.execute(statement)


def _geometry(connection: Connection, table: str, column: str) -> None:
    made = connection.execute(
        "SELECT AddGeometryColumn(?, ?, ?, 'MULTIPOLYGON', 'XY')", (table, column, SRID)
    ).fetchone()[0]
    indexed = connection.execute("SELECT CreateSpatialIndex(?, ?)", (table, column)).fetchone()[0]
    if not (made and indexed):
        raise _no_layers()


def _no_layers() -> StoreError:
    return StoreError(
        "SpatiaLite kon de kaartlagen niet aanmaken.",
        "SpatiaLite could not make the map layers.",
        code="no_spatialite",
    )


@contextmanager
def without_indexes(connection: Connection, *, of_log: bool) -> Iterator[None]:
    """Without the indexes that are not keys while very much is added, inside a transaction: made afterwards in one go
    they cost half. With `of_log` False nothing is done.
    """
    statements: list[tuple[str, str]] = []
    if of_log:
        statements = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name IN ('act', 'change', 'sync_entity')"
            " AND sql IS NOT NULL ORDER BY rowid"
        ).fetchall()
    for name, _ in statements:
        connection.execute(f"DROP INDEX {quoted(name)}")
    yield
    for _, statement in statements:
        connection.execute(statement)


# The steps forward: STEPS[n] brings a store of version n to n + 1. Version 1 is the first that was released.
STEPS: dict[int, Callable[[Connection], None]] = {1: steps.working_together}


def check_version(connection: Connection) -> int:
    """The version of an opened file. Raises StoreError (not_a_store, store_newer)."""
    if connection.execute("PRAGMA application_id").fetchone()[0] != driver.APPLICATION_ID:
        raise store_error("not_a_store")
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > VERSION:
        raise StoreError(
            "Dit bestand is gemaakt met een nieuwere versie van DIWI; werk het programma eerst bij.",
            "This file was made by a newer version of DIWI; update the program first.",
            code="store_newer",
        )
    return version


def backup(connection: Connection, target: Path) -> None:
    """Copy the whole store with SQLite's backup API (a file copy would miss the -wal file).

    Raises StoreError (disk_full, store_read_only).
    """
    partial = target.with_name(target.name + ".part")
    try:
        copy = driver.sibling(connection, partial)
        try:
            connection.backup(copy)
        finally:
            copy.close()
        partial.replace(target)
    except driver.module().Error as error:
        partial.unlink(missing_ok=True)
        raise driver.translate(error) from error
    except OSError as error:  # a copy of before, that another program has open
        partial.unlink(missing_ok=True)
        raise driver.file_error(error) from error


def migrate(connection: Connection, path: Path) -> list[Path]:
    """Bring an older store to VERSION, each step in a transaction after a backup copy. Returns the copies made."""
    copies = []
    version = check_version(connection)
    while version < VERSION:
        copy = path.with_name(f"{path.stem}.versie-{version}{path.suffix}")
        backup(connection, copy)
        copies.append(copy)
        connection.execute("BEGIN IMMEDIATE")
        try:
            STEPS[version](connection)
            connection.execute(f"PRAGMA user_version={version + 1}")
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:  # a full disk has ended it already
                connection.execute("ROLLBACK")
            raise
        version += 1
    return copies
