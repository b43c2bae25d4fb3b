"""What a device must get, forget and get anew, by comparing what it was last given with what its user sees now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
from psycopg import Connection, errors

from diwi_desktop.changes import digest
from diwi_desktop.changes.messages import MOST_CHANGES, PullReply, PullRequest
from diwi_desktop.server import cursor as cursors
from diwi_desktop.server import log, viewer, views, visibility
from diwi_desktop.server.cursor import Cursor
from diwi_desktop.server.db import Database
from diwi_desktop.server.problems import Busy, PageUnknown
from diwi_desktop.server.push.write import stamp
from diwi_desktop.server.session import Session
from diwi_desktop.server.settings import Settings
from diwi_desktop.server.views import Register, View

_TRIES = 3
_MOST_RANGES = 200  # of what a device has already; what it gets twice it knows by its name
_MANY_SCOPES = 500  # becoming visible at once: a snapshot is quicker

# The changes of a pull: in what the device has those after `old`, in what comes whole those from the first on.
_CHANGES = f"""
SELECT l.seq, l.part, {log.HEAD}, {log.CHANGE} FROM (
    SELECT * FROM (
        SELECT * FROM diwi.change_log WHERE register = %(register)s AND seq > greatest(%(old)s, %(after)s)
            AND seq <= %(target)s AND NOT scope = ANY(%(whole)s) AND NOT scope = ANY(%(lost)s)
            AND scope IN (SELECT unnest(scopes) FROM diwi.view_set
                          WHERE register = %(register)s AND hash = %(hash)s)
            {{have}} ORDER BY seq LIMIT %(limit)s
    ) held
    UNION ALL
    SELECT * FROM (
        SELECT * FROM diwi.change_log WHERE register = %(register)s AND seq > %(after)s AND seq <= %(target)s
            AND scope = ANY(%(whole)s) AND NOT scope = ANY(%(lost)s) ORDER BY seq LIMIT %(limit)s
    ) fresh
) l ORDER BY l.seq LIMIT %(limit)s
"""
_HAVE = (
    "AND NOT EXISTS (SELECT FROM unnest(%(firsts)s::bigint[], %(lasts)s::bigint[]) AS h(first, last)"
    " WHERE seq BETWEEN h.first AND h.last)"
)
_PUSHED = """
SELECT DISTINCT l.scope, bool_or(l.field = '' AND l.entity::text = l.scope) OVER (PARTITION BY l.scope)
FROM diwi.act a JOIN diwi.change_log l ON l.register = a.register AND l.act = a.id AND l.part = a.first_seq
WHERE a.register = %s AND a.device = %s AND a.person = %s AND a.first_seq > %s
"""


@dataclass(frozen=True, slots=True)
class _Asked:
    session: Session
    request: PullRequest
    settings: Settings
    now: datetime


def run(database: Database, settings: Settings, session: Session, request: PullRequest, now: datetime) -> bytes:
    """One page of a pull, as JSON. Raises NoAccess, CursorUnknown, Restored, PageUnknown and Busy."""
    asked = _Asked(session, request, settings, now)
    for _ in range(_TRIES):
        try:
            with database.transaction(session.register, snapshot=True) as connection:
                return msgspec.json.encode(_page(connection, asked))
        except Busy as error:  # another pull of this device wrote its record at the same moment
            if not isinstance(error.__cause__, (errors.SerializationFailure, errors.UniqueViolation)):
                raise
    raise Busy


def lease(settings: Settings, now: datetime) -> str:
    """Until when a laptop may show what it has."""
    return stamp(now + timedelta(days=settings.lease_days))


def _page(connection: Connection[Any], asked: _Asked) -> dict[str, Any]:
    person = viewer.person_of(connection, asked.session)
    who = viewer.as_viewer(person)
    register = views.register_of(connection, asked.session.register)
    seen = visibility.visible(connection, asked.session.register, who)
    purge: list[str] = []
    if asked.request.page:
        view, after = _continued(connection, asked, register)
    else:
        started = _begin(connection, asked, register, seen)
        if started is None:
            return _message(asked, register, person, snapshot=True)
        (view, purge), after = started, 0
    lost: list[str] = []
    if asked.request.page:
        current = set(seen.scopes)
        lost = [one for one in views.scopes_of(connection, asked.session.register, view.hash) if one not in current]
    found, more = _changes(connection, asked, view, after, lost)
    return _message(
        asked,
        register,
        person,
        view=view,
        more=more,
        page=f"{view.number}.{found.last}" if more else "",
        acts=[msgspec.Raw(act.encode()) for act in found.acts],
        purge=purge,
        whole=[] if asked.request.page else view.whole,
    )


def _begin(
    connection: Connection[Any], asked: _Asked, register: Register, seen: visibility.Visible
) -> tuple[View, list[str]] | None:
    """A new pull: its record and what has to be purged. None when a snapshot is better."""
    session, now = asked.session, set(seen.scopes)
    hash_ = views.hash_of(seen.scopes)
    if asked.request.cursor:
        cursor = cursors.parse(asked.request.cursor)
        given = views.at(connection, session, register, cursor)
        keep, old_seq = given.number, given.seq
        known = seen.scopes if given.hash == hash_ else views.scopes_of(connection, session.register, given.hash)
        held = set(known)
        for scope, made in _pushed(connection, session, old_seq):
            if made:
                held.add(scope)  # the device has it from its first change on
            elif scope not in held and scope not in now:
                held.add(scope)  # something of it may be there: it has to go
        whole = sorted(now - held)
        purge = sorted(held - now)
        if len(whole) > _MANY_SCOPES or _count(connection, session, old_seq, whole) > asked.settings.snapshot_above:
            return None
    else:
        keep, old_seq, whole, purge = 0, 0, seen.scopes, []
        if register.seq > asked.settings.snapshot_above or len(whole) > _MANY_SCOPES:
            return None
    number = views.next_number(connection, session)
    view = View(number, register.seq, hash_, old_seq, whole, digest.text(seen.digest))
    views.record(connection, session, view, seen.scopes, keep)
    return view, purge


def _continued(connection: Connection[Any], asked: _Asked, register: Register) -> tuple[View, int]:
    number, _, after = asked.request.page.partition(".")
    page = cursors.parse(f"{register.incarnation}.{number}.{after}")
    if asked.request.cursor:
        views.check(register, cursors.parse(asked.request.cursor))
    view = views.of(connection, asked.session, page.view)
    if view is None:
        raise PageUnknown
    return view, page.seq


def _pushed(connection: Connection[Any], session: Session, after: int) -> list[tuple[str, bool]]:
    """The scopes in which this device itself made changes since, in this person's hands, and whether it made the scope.

    As with its records (`views.holder`): who says that a device is his hears nothing of what others made on it.
    """
    return connection.execute(_PUSHED, (session.register, session.device, session.person, after)).fetchall()


def _count(connection: Connection[Any], session: Session, old_seq: int, whole: list[str]) -> int:
    """At most how many changes a pull would bring."""
    row = connection.execute(
        "SELECT (SELECT seq FROM register WHERE id = %s) - %s"
        " + (SELECT count(*) FROM change_log WHERE register = %s AND scope = ANY(%s))",
        (session.register, old_seq, session.register, whole),
    ).fetchone()
    return int(row[0]) if row is not None else 0


def _changes(
    connection: Connection[Any], asked: _Asked, view: View, after: int, lost: list[str]
) -> tuple[log.Page, bool]:
    """The acts of a page, whole ones, and whether there is more."""
    limit, have = asked.request.limit, asked.request.have[-_MOST_RANGES:]
    given = {
        "register": asked.session.register,
        "old": view.old_seq,
        "after": after,
        "target": view.seq,
        "whole": view.whole,
        "lost": lost,
        "hash": view.hash,
        "limit": limit + 1,
        "firsts": [first for first, _ in have],
        "lasts": [last for _, last in have],
    }
    query = _CHANGES.replace("{have}", _HAVE if have else "")
    rows = connection.execute(query, given).fetchall()
    if len(rows) <= limit:
        return log.page(rows), False
    cut = rows[limit][1]  # the part that the first change too many is of
    kept = [row for row in rows if row[1] != cut]
    if not kept:  # an act larger than a page: as a whole it is the page
        given |= {"target": cut + MOST_CHANGES, "limit": MOST_CHANGES}
        kept = [row for row in connection.execute(query, given).fetchall() if row[1] == cut]
    found = log.page(kept)
    return found, found.last < view.seq


def _message(
    asked: _Asked,
    register: Register,
    person: Any,
    *,
    view: View | None = None,
    more: bool = False,
    snapshot: bool = False,
    **filled: Any,
) -> dict[str, Any]:
    """A PullReply; its acts are JSON already, so it is put together by hand."""
    reply = PullReply(
        seq=view.seq if view else register.seq,
        cursor=str(Cursor(register.incarnation, view.number, view.seq)) if view else "",
        more=more,
        snapshot=snapshot,
        digest=view.digest if view and not more else "",
        lease_until=lease(asked.settings, asked.now),
        server_time=stamp(asked.now),
        epoch=register.epoch,
        viewer=person,
    )
    return msgspec.structs.asdict(reply) | filled
