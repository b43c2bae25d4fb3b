"""What others have put under something that is to be deleted, and that whoever deletes it never saw."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from psycopg import Connection

from diwi_desktop.changes.change import DELETED, change_id
from diwi_desktop.changes.merge import Head
from diwi_desktop.changes.messages import Push
from diwi_desktop.model.catalogue import catalogue
from diwi_desktop.server.session import Session

# The key with which a kind points at what it hangs under.
PARENT_KEYS = {kind.kind: kind.parent_key for kind in catalogue().kinds if kind.parent}
_PARENTS = {kind.kind: [child.kind for child in catalogue().children(kind.kind)] for kind in catalogue().kinds}
# What lives and was changed after a sequence, and last by which change of another device.
_UNSEEN = """
SELECT e.id, e.kind, e.project, e.above, c.seq FROM ({found}) e CROSS JOIN LATERAL (
    SELECT max(l.seq) AS seq FROM change_log l JOIN act a ON a.register = l.register AND a.first_seq = l.part
    WHERE l.register = %(register)s AND l.scope = e.scope AND l.entity = e.id::uuid AND l.seq > e.seen
        AND a.device <> %(device)s OFFSET 0) c
WHERE c.seq IS NOT NULL
"""
_ROW = "id::text, kind, project::text, scope, values->>(%(keys)s::jsonb->>kind) AS above"
_IN_PROJECTS = f"""
SELECT r.*, u.seen FROM unnest(%(where)s::uuid[], %(seen)s::bigint[]) AS u(project, seen) CROSS JOIN LATERAL (
    SELECT {_ROW} FROM entity
    WHERE register = %(register)s AND project = u.project AND last > u.seen AND NOT deleted OFFSET 0) r
"""
_OUTSIDE = f"""
SELECT r.*, u.seen FROM unnest(%(where)s::text[], %(seen)s::bigint[]) AS u(kind, seen) CROSS JOIN LATERAL (
    SELECT {_ROW} FROM entity
    WHERE register = %(register)s AND kind = u.kind AND project IS NULL AND last > u.seen AND NOT deleted OFFSET 0) r
"""


class Below(NamedTuple):
    """An entity that lives. `above` is what it hangs under, `seq` that of the last change by another device."""

    entity: str
    kind: str
    project: str | None
    above: str | None
    seq: int


def fetch(connection: Connection[Any], session: Session, push: Push, heads: Mapping[str, Head]) -> list[Below]:
    """All that may be meant, of all deletions of a push that say up to where their author knew what was there."""
    projects: dict[str, int] = {}
    kinds: dict[str, int] = {}
    for act in push.acts if push.seen else ():
        for change in act.changes:
            seen = push.seen.get(change_id(act.id, change.n))
            head = heads.get(change.entity)
            if seen is None or head is None or change.field != DELETED or not change.new:
                continue
            if head.project is not None and _PARENTS.get(head.kind):
                projects[head.project] = min(seen, projects.get(head.project, seen))
            elif head.project is None:
                for child in _PARENTS.get(head.kind, ()):
                    kinds[child] = min(seen, kinds.get(child, seen))
    found: list[Below] = []
    for query, given in ((_IN_PROJECTS, projects), (_OUTSIDE, kinds)):
        if given:
            rows = connection.execute(
                _UNSEEN.replace("{found}", query).encode(),
                {
                    "register": session.register,
                    "device": session.device,
                    "keys": json.dumps(PARENT_KEYS),
                    "where": list(given),
                    "seen": list(given.values()),
                },
            )
            found += [Below(*row) for row in rows]
    return found
