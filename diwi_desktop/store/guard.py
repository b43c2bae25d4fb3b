"""What the store refuses: the rules of model.checks on what an act touched, and references to nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from diwi_desktop.model.catalogue import Catalogue, Field, FieldType
from diwi_desktop.model.checks import check_block, check_project
from diwi_desktop.model.finding import Finding, Severity
from diwi_desktop.store import plans, schema
from diwi_desktop.store.driver import Connection

_PROJECT = frozenset({"name", "start_date", "end_date"})
_BLOCK_PARTS = ("delivery", "ownership", "share")
_POINTING = {FieldType.OPTION, FieldType.OPTIONS, FieldType.ORDINAL, FieldType.REFERENCE}
# Fields of a block that no rule of model.checks looks at.
_FREE_BLOCK = frozenset({"note", "programming", "size", "start_date", "deleted_at"})


def refusals(
    connection: Connection,
    catalogue: Catalogue,
    entities: Iterable[tuple[str, str]],
    fields: Mapping[tuple[str, str], set[str]],
) -> list[Finding]:
    """All refusals that the touched entities give, inside the transaction that wrote them."""
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
        found += _dangling(connection, catalogue, kind, entity, changed)
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


def _dangling(connection: Connection, catalogue: Catalogue, kind: str, entity: str, changed: set[str]) -> list[Finding]:
    """References to options or entities that do not exist."""
    found = []
    for key in changed:
        field = catalogue.kind(kind).by_key.get(key)
        if field is None or field.type not in _POINTING:
            continue
        for wanted in _ids(connection, kind, entity, field):
            table = field.target or "option"
            if not connection.execute(f"SELECT 1 FROM {schema.quoted(table)} WHERE id = ?", (wanted,)).fetchone():
                found.append(_unknown(field, entity, wanted))
    return found


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
    return value if isinstance(value, list) else [value] if value else []


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
