"""Which scopes a viewer sees, in SQL, by the facts of `model.rights`. Everything that leaves the server passes here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from psycopg import Connection

from diwi_desktop.model.rights import (
    EXCHANGE,
    PEOPLE,
    REGISTER,
    Right,
    Viewer,
    may,
    owning_ids,
    sees_scope,
    visible_levels,
)

# `s` is a scope, `p` the project of a document. A document is never less confidential than its project, and its own
# stricter level binds all but the owners of the project.
CONDITION = """
CASE s.kind
    WHEN 'project' THEN least(s.level, s.hold) = ANY(%(levels)s::smallint[]) OR s.owners && %(owning)s::uuid[]
    WHEN 'document' THEN least(s.level, s.hold, p.level, p.hold) = ANY(%(levels)s::smallint[])
        OR p.owners && %(owning)s::uuid[]
    WHEN 'person' THEN %(people)s OR s.scope = %(person)s
    ELSE s.scope = ANY(%(fixed)s::text[])
END
"""
FROM = """
FROM diwi.scope s
LEFT JOIN diwi.scope p ON s.kind = 'document' AND p.register = s.register AND p.scope = s.project::text
WHERE s.register = %(register)s
"""


def parameters(register: str, viewer: Viewer) -> dict[str, Any]:
    """What CONDITION asks for."""
    return {
        "register": register,
        "levels": [level.rank for level in visible_levels(viewer)],
        "owning": "{" + ",".join(sorted(owning_ids(viewer))) + "}",
        "people": may(viewer, Right.VIEW_GROUPS),
        "person": viewer.person,
        "fixed": [scope for scope in (REGISTER, PEOPLE, EXCHANGE) if sees_scope(viewer, scope)],
    }


@dataclass(frozen=True, slots=True)
class Visible:
    """The scopes a viewer sees, and the digest of all of them."""

    scopes: list[str]
    digest: int


def visible(connection: Connection[Any], register: str, viewer: Viewer) -> Visible:
    """All that the viewer sees now, in the order of their names."""
    row = connection.execute(
        "SELECT coalesce(array_agg(s.scope ORDER BY s.scope), '{}'), coalesce(bit_xor(s.mark), 0)"
        f"{FROM} AND ({CONDITION})",
        parameters(register, viewer),
    ).fetchone()
    scopes, digest = row if row is not None else ([], 0)
    return Visible(scopes, digest & (1 << 64) - 1)


def among(connection: Connection[Any], register: str, viewer: Viewer, scopes: Iterable[str]) -> set[str]:
    """Those of some scopes that the viewer sees."""
    wanted = list(scopes)
    if not wanted:
        return set()
    rows = connection.execute(
        f"SELECT s.scope {FROM} AND s.scope = ANY(%(wanted)s) AND ({CONDITION})",
        {**parameters(register, viewer), "wanted": wanted},
    )
    return {row[0] for row in rows}
