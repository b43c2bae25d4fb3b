"""What the store refuses: the rules of model.checks on what an act touched, and references to nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from diwi_desktop.model.catalogue import Catalogue, Field, FieldType
from diwi_desktop.model.checks import (
    check_block,
    check_own_field,
    check_project,
    duplicate_refusal,
    loop_refusal,
)
from diwi_desktop.model.finding import Finding, Severity
from diwi_desktop.store import plans, schema
from diwi_desktop.store.driver import Connection

_PROJECT = frozenset({"name", "start_date", "end_date"})
_BLOCK_PARTS = ("delivery", "ownership", "share")
_POINTING = {FieldType.OPTION, FieldType.OPTIONS, FieldType.ORDINAL, FieldType.REFERENCE}
# Fields of a block that no rule of model.checks looks at.
_FREE_BLOCK = frozenset({"note", "programming", "size", "start_date", "deleted_at"})


# Per kind the field that holds a name, and the field within whose values it occurs once ("": in the whole register).
_UNIQUE = {"option": ("name", "list"), "own_field": ("name", "object"), "person": ("email", "")}


def refusals(
    connection: Connection,
    catalogue: Catalogue,
    entities: Iterable[tuple[str, str]],
    fields: Mapping[tuple[str, str], set[str]],
    created: Mapping[tuple[str, str], Mapping[str, Any]],
) -> list[Finding]:
    """All refusals that the touched entities give, inside the transaction that wrote them.

    `created` holds the values, in log shape, of the entities that the act made.
    """
    known: set[tuple[str, str]] = set()
    pointing = {kind.kind: {f.key for f in kind.fields if f.type in _POINTING} for kind in catalogue.kinds}
    blocks: dict[str, None] = {}
    parts: dict[str, list[str]] = {}
    found: list[Finding] = []
    for kind, entity in entities:
        changed = fields[kind, entity]
        if kind == "project" and changed & _PROJECT:
            found += _project(connection, entity)
        elif kind == "houseblock" and changed - _FREE_BLOCK:
            blocks[entity] = None
        elif kind in _BLOCK_PARTS:
            parts.setdefault(kind, []).append(entity)
        if kind == "project" and "parent" in changed:
            found += _loop(connection, entity)
        if kind in _UNIQUE:
            found += _double(connection, kind, entity, changed)
        if kind == "own_field":
            found += _own_field(connection, entity)
        for key in changed & pointing[kind]:
            field = catalogue.field(kind, key)
            ids = _listed(created[kind, entity].get(key)) if (kind, entity) in created else None
            found += _dangling(connection, field, entity, ids, known)
    for kind, ids in parts.items():
        rows = connection.execute(
            f"SELECT DISTINCT houseblock_id FROM {schema.quoted(kind)} WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(ids),),
        )
        blocks.update((row[0], None) for row in rows)
    if blocks:
        options = plans.read_options(connection, None)
        for block in plans.read_blocks(connection, None, list(blocks)):
            found += check_block(block, options)
    return found


def _project(connection: Connection, entity: str) -> list[Finding]:
    row = connection.execute(
        "SELECT name, start_date, end_date FROM project WHERE id = ? AND deleted_at IS NULL", (entity,)
    ).fetchone()
    return [] if row is None else check_project(dict(zip(("name", "start_date", "end_date"), row, strict=True)), entity)


def _loop(connection: Connection, entity: str) -> list[Finding]:
    """Whether a project has come to lie under itself."""
    name = ""
    at: str | None = entity
    seen: set[str] = set()
    while at is not None and at not in seen:
        seen.add(at)
        row = connection.execute("SELECT parent, name FROM project WHERE id = ?", (at,)).fetchone()
        at, name = (row[0], name or row[1]) if row else (None, name)
    return [] if at is None else [loop_refusal(entity, name)]


def _double(connection: Connection, kind: str, entity: str, changed: set[str]) -> list[Finding]:
    """Names that another entity in use has already, whatever the case and spaces."""
    field, within = _UNIQUE[kind]
    if not changed & {field, within, "deleted_at"}:
        return []
    columns = f"{schema.quoted(field)}, {schema.quoted(within) if within else 'NULL'}"
    row = connection.execute(
        f"SELECT {columns} FROM {schema.quoted(kind)} WHERE id = ? AND deleted_at IS NULL", (entity,)
    ).fetchone()
    if row is None:
        return []
    others = connection.execute(
        f"SELECT {schema.quoted(field)} FROM {schema.quoted(kind)} WHERE id <> ? AND deleted_at IS NULL"
        + (f" AND {schema.quoted(within)} = ?" if within else ""),
        (entity, row[1]) if within else (entity,),
    )
    taken = any(_same(other) == _same(row[0]) for (other,) in others)
    return [duplicate_refusal(kind, field, entity, row[0])] if taken else []


def _same(text: str) -> str:
    return " ".join(text.split()).casefold()


def _own_field(connection: Connection, entity: str) -> list[Finding]:
    keys = ("minimum", "maximum", "pattern")
    row = connection.execute(f"SELECT {', '.join(keys)} FROM own_field WHERE id = ?", (entity,)).fetchone()
    return check_own_field(dict(zip(keys, row, strict=True)), entity)


def _dangling(
    connection: Connection, field: Field, entity: str, ids: list[str] | None, known: set[tuple[str, str]]
) -> list[Finding]:
    """References to entities that do not exist, options of another list, and ranks in the wrong order.

    `ids` is what the field of an entity made just now holds, None when it is to be looked up. `known` gathers what
    was seen to exist, by table (for options: list) and id.
    """
    new = ids is not None
    wanted = _ids(connection, field.kind, entity, field) if ids is None else ids
    found = []
    for one in wanted:
        place = (field.target or field.list, one)
        if place in known:
            continue
        if not _exists(connection, field.kind, entity, field, one):
            found.append(_unknown(field, entity, one))
        elif new:  # a deleted entity may point at what is deleted, so its finding it there says little
            known.add(place)
    if field.type is FieldType.ORDINAL and wanted and _level(connection, wanted[0]) > _level(connection, wanted[1]):
        found.append(_order(field, entity, wanted))
    return found


def _listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value] if value else []


def _exists(connection: Connection, kind: str, entity: str, field: Field, wanted: str) -> bool:
    """Whether what is pointed at is there: not deleted, unless this entity itself is; an option in its own list."""
    if field.target:
        row = connection.execute(
            f"SELECT 1 FROM {schema.quoted(field.target)} WHERE id = :wanted AND (deleted_at IS NULL OR EXISTS"
            f" (SELECT 1 FROM {schema.quoted(kind)} WHERE id = :entity AND deleted_at IS NOT NULL))",
            {"wanted": wanted, "entity": entity},
        ).fetchone()
        return row is not None
    row = connection.execute("SELECT list FROM option WHERE id = ?", (wanted,)).fetchone()
    return row is not None and row[0] in field.list.split("|")


def _level(connection: Connection, option: str) -> int:
    row = connection.execute("SELECT coalesce(level, 0) FROM option WHERE id = ?", (option,)).fetchone()
    return int(row[0]) if row else 0


def _ids(connection: Connection, kind: str, entity: str, field: Field) -> list[str]:
    column = "own" if field.own else field.key
    row = connection.execute(
        f"SELECT {schema.quoted(column)} FROM {schema.quoted(kind)} WHERE id = ?", (entity,)
    ).fetchone()
    value: Any = row[0] if row else None
    if value is None:
        return []
    if field.own:
        value = json.loads(value).get(field.key.partition(":")[2])
    elif field.type in schema.JSON_TYPES:
        value = json.loads(value)
    return _listed(value)


def _unknown(field: Field, entity: str, wanted: str) -> Finding:
    return Finding(
        "unknown_reference",
        Severity.REFUSAL,
        f"{field.nl}: deze keuze bestaat niet (meer).",
        f"{field.en}: this choice does not exist (any more).",
        field.kind,
        entity,
        field.key,
        wanted,
    )


def _order(field: Field, entity: str, wanted: list[str]) -> Finding:
    return Finding(
        "range_order",
        Severity.REFUSAL,
        f"{field.nl}: de hoogste rang staat voorop.",
        f"{field.en}: the highest rank comes first.",
        field.kind,
        entity,
        field.key,
        wanted[0],
    )
