"""Reading the log of a store: acts, their changes, and when they were known."""

from __future__ import annotations

import json
from collections.abc import Set
from datetime import date, datetime, timedelta
from typing import Any

from diwi_desktop.changes.change import REFUSED, ActInfo, ActKind, Change
from diwi_desktop.model.clock import end_of_day, stamp
from diwi_desktop.store.driver import Connection

# How far back undo reaches after a restart, in acts.
UNDO_DEPTH = 2_000


def last_known_on(connection: Connection, day: date) -> int:
    """The number of the last act that was known at the end of a day; 0 for none."""
    last = stamp(end_of_day(day))
    found = connection.execute("SELECT max(seq) FROM main.act WHERE known_at <= ?", (last,)).fetchone()[0]
    return int(found or 0)


def times(connection: Connection, now: datetime) -> tuple[str, str]:
    """When an act is done, by this clock, and when it is known, which never comes before the last act."""
    made_at = stamp(now)
    last = connection.execute("SELECT known_at FROM act ORDER BY seq DESC LIMIT 1").fetchone()
    if last is not None and last[0] >= made_at:
        return made_at, stamp(datetime.fromisoformat(last[0]) + timedelta(microseconds=1))
    return made_at, made_at


def changes_of(connection: Connection, seq: int) -> list[Change]:
    """The changes of an act, as far as the connection shows them, in the order in which they were made."""
    rows = connection.execute(
        "SELECT n, kind, entity, field, old, new, project, base_seq, after, server_seq, result"
        " FROM change WHERE act_seq = ? ORDER BY n",
        (seq,),
    )
    return [Change(r[0], r[1], r[2], r[3], _load(r[4]), _load(r[5]), r[6], r[7], r[8], r[9], r[10]) for r in rows]


def recent_acts(connection: Connection, device: str, authors: Set[str] | None) -> list[ActInfo]:
    """The last acts, for undo: those of some authors, or (None) of everybody.

    With a server only this laptop's own, of which the server did not refuse all.
    """
    rows = connection.execute(
        "SELECT seq, id, name, kind, author, device, made_at, undoes FROM act WHERE"
        " NOT EXISTS (SELECT 1 FROM sync WHERE key = 'register') OR device = ? AND EXISTS (SELECT 1 FROM change"
        " WHERE act_seq = seq AND coalesce(result, '') NOT IN (SELECT value FROM json_each(?)))"
        " ORDER BY seq DESC LIMIT ?",
        (device, json.dumps(sorted(REFUSED)), UNDO_DEPTH),
    ).fetchall()
    acts = [ActInfo(r[0], r[1], r[2], ActKind(r[3]), r[4], r[5], r[6], r[7]) for r in reversed(rows)]
    return [act for act in acts if authors is None or act.author in authors]


def _load(text: str | None) -> Any:
    return None if text is None else json.loads(text)
