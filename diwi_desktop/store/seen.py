"""Up to where this laptop knew what others had put under something, when its user deleted that.

It follows from the log: what came from others stands in it before the deletion. When the log is made anew under a
deletion that waits, what it was is kept apart (`keep`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from diwi_desktop.changes.change import DELETED
from diwi_desktop.model.catalogue import catalogue
from diwi_desktop.store import syncstate
from diwi_desktop.store.driver import Connection

Place = tuple[int, int]  # act_seq, n

_BELOW = {kind.kind: [child.kind for child in catalogue().children(kind.kind)] for kind in catalogue().kinds}
# The highest sequence of what each act of another device brought, in the order of the log.
_CAME = """
SELECT c.act_seq, max(c.server_seq) FROM change c JOIN act a ON a.seq = c.act_seq
WHERE {where} AND c.server_seq IS NOT NULL AND a.device <> (SELECT device FROM act WHERE seq = ?)
GROUP BY c.act_seq ORDER BY c.act_seq
"""


def seen_of(connection: Connection, rows: Iterable[Sequence[Any]]) -> dict[Place, int]:
    """The highest sequence of others that was known, by place, of those waiting changes that delete what has parts.

    `rows` begin with act_seq, n, kind, entity, project, field, old, new.
    """
    wanted: dict[tuple[str, str], list[Place]] = {}
    for act_seq, n, kind, _, project, field, _, new, *_ in rows:
        if field == DELETED and new is not None and _BELOW.get(kind):
            wanted.setdefault((project or "", "" if project else kind), []).append((act_seq, n))
    found: dict[Place, int] = {}
    for (project, kind), places in wanted.items():
        where = "c.project = ?" if project else "c.kind IN (SELECT value FROM json_each(?))"
        given = project or json.dumps([kind, *_BELOW[kind]])
        came = connection.execute(_CAME.replace("{where}", where), (given, places[0][0])).fetchall()
        for place in places:
            found[place] = max((seq for act_seq, seq in came if act_seq < place[0]), default=0)
    return found


def keep(connection: Connection, name: str, seen: int) -> None:
    """Remember it of a deletion, by name, that is put back on a log that was made anew."""
    syncstate.put(connection, {_key(name): str(seen)})


def kept(connection: Connection, name: str) -> int | None:
    """What was remembered, None for nothing."""
    word = syncstate.get(connection, _key(name))
    return int(word) if word else None


def forget(connection: Connection, names: Iterable[str]) -> None:
    """These were answered."""
    syncstate.forget(connection, map(_key, names))


def _key(name: str) -> str:
    return f"seen/{name}"
