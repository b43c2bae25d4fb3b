"""When a device does not hold what it should: which scopes differ, and those anew."""

from __future__ import annotations

from typing import Any

from psycopg import Connection

from diwi_desktop.changes import digest
from diwi_desktop.changes.messages import DigestReply, DigestRequest, ScopeRequest
from diwi_desktop.server import cursor as cursors
from diwi_desktop.server import log, viewer, views, visibility
from diwi_desktop.server.db import Database
from diwi_desktop.server.session import Session
from diwi_desktop.server.views import View

_LAST = """
SELECT scope, entity::text, max(seq) FROM change_log
WHERE register = %s AND scope = ANY(%s) AND seq <= %s GROUP BY scope, entity
"""
_ACTS = f"""
SELECT l.seq, l.part, {log.HEAD}, {log.CHANGE} FROM diwi.change_log l
WHERE l.register = %s AND l.scope = ANY(%s) AND l.seq <= %s ORDER BY l.seq
"""


def compare(database: Database, session: Session, request: DigestRequest) -> DigestReply:
    """What of the device's scopes differs from the server's at its cursor. Raises CursorUnknown, Restored, NoAccess."""
    with database.transaction(session.register, snapshot=True) as connection:
        view, seen = _where(connection, session, request.cursor)
        given = set(views.scopes_of(connection, session.register, view.hash)) & seen
        ours = _digests(connection, session.register, given, view.seq)
        refetch = [
            one for one in sorted(given) if ours.get(one, digest.text(0)) != request.scopes.get(one, digest.text(0))
        ]
        return DigestReply(refetch, sorted(request.scopes.keys() - seen))


def scope_log(database: Database, session: Session, request: ScopeRequest) -> bytes:
    """The whole log of some scopes up to the cursor, of what the user may see. Raises as `compare`."""
    with database.transaction(session.register, snapshot=True) as connection:
        view, seen = _where(connection, session, request.cursor)
        given = set(views.scopes_of(connection, session.register, view.hash)) & seen
        wanted = sorted(given & set(request.scopes))
        rows = connection.execute(_ACTS, (session.register, wanted, view.seq)).fetchall()
        return f'{{"acts": [{",".join(log.page(rows).acts)}]}}'.encode()


def _where(connection: Connection[Any], session: Session, cursor: str) -> tuple[View, set[str]]:
    """The view record of a cursor, and what the user sees now."""
    who = viewer.viewer_of(connection, session)
    register = views.register_of(connection, session.register)
    view = views.at(connection, session, register, cursors.parse(cursor))
    return view, set(visibility.visible(connection, session.register, who).scopes)


def _digests(connection: Connection[Any], register: str, scopes: set[str], seq: int) -> dict[str, str]:
    """The digest of each scope as it was at a sequence: the kept one, unless something came after."""
    rows = connection.execute(
        "SELECT s.scope, s.digest FROM scope s WHERE s.register = %s AND s.scope = ANY(%s)", (register, list(scopes))
    )
    found = {scope: number & (1 << 64) - 1 for scope, number in rows}
    later = connection.execute(
        "SELECT DISTINCT scope FROM change_log WHERE register = %s AND seq > %s AND scope = ANY(%s)",
        (register, seq, list(scopes)),
    ).fetchall()
    if later:
        changed = [row[0] for row in later]
        found.update(dict.fromkeys(changed, 0))
        for scope, entity, last in connection.execute(_LAST, (register, changed, seq)):
            found[scope] ^= digest.mark(entity, last)
    return {scope: digest.text(number) for scope, number in found.items()}
