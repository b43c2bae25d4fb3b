"""The first fetch as one file: all that a viewer sees, as lines, streamed from the database to disk.

Laptops that see the same share a file for some hours; what came after it they pull. Making one is much work and takes
room: nobody can have that done over and over, and a register keeps few.
"""

from __future__ import annotations

import gzip
import threading
import time
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from psycopg import Connection

from diwi_desktop.changes import digest
from diwi_desktop.changes.messages import Person, SnapshotReply
from diwi_desktop.server import log, pull, viewer, views, visibility
from diwi_desktop.server.cursor import Cursor
from diwi_desktop.server.db import Database
from diwi_desktop.server.problems import Busy, CursorUnknown, NotFound
from diwi_desktop.server.push.write import stamp
from diwi_desktop.server.session import Session
from diwi_desktop.server.settings import Settings
from diwi_desktop.server.views import Register, View
from diwi_desktop.server.visibility import Visible

_LEVEL = 3  # of compression: a third of the size at a fraction of the time of the usual 9
_BUFFER = 1 << 20
_AT_ONCE = 2  # that are being made, of all registers together
_MOST_MADE, _WITHIN = 6, timedelta(hours=1)  # for one person, on however many devices
_MOST_KEPT = 20  # of one register; each is of a viewer who sees something else
_LEFT_BEHIND = 3600  # seconds after which a file that the register does not know is of nobody

# In the order of the index of the log: sorted afterwards all of it would stand on the disk of the database first.
_IN_ORDER = "SELECT set_config('enable_sort', 'off', true), set_config('enable_bitmapscan', 'off', true)"
# CASE keeps the planner from looking the scopes up one by one.
_ROWS = f"""
COPY (
    SELECT l.seq, l.part, {log.HEAD}, {log.CHANGE} FROM diwi.change_log l
    WHERE l.register = current_setting('diwi.register')::uuid AND l.seq <= (
            SELECT seq FROM diwi.register WHERE id = current_setting('diwi.register')::uuid)
        AND CASE WHEN l.scope IN (SELECT unnest(scopes) FROM diwi.view_set
            WHERE register = current_setting('diwi.register')::uuid
              AND hash = decode(current_setting('diwi.hash'), 'hex')) THEN true END
    ORDER BY l.seq
) TO STDOUT
"""

_building: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
_places = threading.BoundedSemaphore(_AT_ONCE)
_made: dict[tuple[str, str], list[datetime]] = {}  # when, by register and person


@dataclass(frozen=True, slots=True)
class _Kept:
    """A file that is there: what the reply needs of its row."""

    id: str
    seq: int
    size: int
    sha256: str
    acts: int
    changes: int
    digest: str


def folder(settings: Settings, register: str) -> Path:
    return settings.data_dir / "snapshots" / str(UUID(register))


def make(database: Database, settings: Settings, session: Session, now: datetime) -> SnapshotReply:
    """A snapshot for this device: one that is there already or a new one.

    Raises Busy while others are being made, and when this person had too many made of late.
    """
    found = _reused(database, settings, session, now)
    if found is not None:
        return found
    lock = _building[session.register]
    if not lock.acquire(blocking=False):
        raise Busy("A snapshot is being made; ask again in a moment.")
    try:
        found = _reused(database, settings, session, now)
        if found is not None:
            return found
        if not _places.acquire(blocking=False):
            raise Busy("Snapshots are being made; ask again in a moment.")
        try:
            _count(session, now)
            return _built(database, settings, session, now)
        finally:
            _places.release()
    finally:
        lock.release()


def _count(session: Session, now: datetime) -> None:
    """One more is made for a person: whoever changes what he sees again and again gets a new one each time."""
    for who, times in list(_made.items()):
        late = [at for at in times if at > now - _WITHIN]
        if late:
            _made[who] = late
        else:
            _made.pop(who, None)
    mine = _made.setdefault((session.register, session.person), [])
    if len(mine) >= _MOST_MADE:
        wait = mine[0] + _WITHIN - now
        raise Busy("Too many snapshots were made for you; ask again later.", retry_after=wait.total_seconds())
    mine.append(now)


def _reused(database: Database, settings: Settings, session: Session, now: datetime) -> SnapshotReply | None:
    with database.transaction(session.register, snapshot=True) as connection:
        person = viewer.person_of(connection, session)
        register = views.register_of(connection, session.register)
        seen = visibility.visible(connection, session.register, viewer.as_viewer(person))
        row = connection.execute(
            "SELECT id::text, seq, size, sha256, acts, changes, digest FROM snapshot WHERE register = %s AND hash = %s"
            " AND incarnation = %s AND expires_at > %s AND seq >= %s ORDER BY seq DESC LIMIT 1",
            (
                session.register,
                views.hash_of(seen.scopes),
                register.incarnation,
                now + timedelta(hours=settings.snapshot_hours / 2),
                register.seq - settings.snapshot_above,
            ),
        ).fetchone()
        if row is None or not (folder(settings, session.register) / f"{row[0]}.gz").exists():
            return None
        return _given(connection, settings, session, register, seen, person, _Kept(*row), now)


def _built(database: Database, settings: Settings, session: Session, now: datetime) -> SnapshotReply:
    place = folder(settings, session.register)
    place.mkdir(parents=True, exist_ok=True)
    id = str(uuid4())
    path = place / f"{id}.gz"
    try:
        with database.transaction(session.register, snapshot=True) as connection:
            _sweep(connection, place, session.register, now)
            person = viewer.person_of(connection, session)
            register = views.register_of(connection, session.register)
            seen = visibility.visible(connection, session.register, viewer.as_viewer(person))
            hash_ = views.hash_of(seen.scopes)
            views.keep_set(connection, session.register, hash_, seen.scopes)
            connection.execute("SELECT set_config('diwi.hash', %s, true)", (hash_.hex(),))
            connection.execute(_IN_ORDER)
            acts, changes = _write(connection, path)
            kept = _Kept(id, register.seq, path.stat().st_size, _sum(path), acts, changes, digest.text(seen.digest))
            connection.execute(
                "INSERT INTO snapshot (register, id, hash, seq, incarnation, size, sha256, acts, changes, digest,"
                " expires_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
                (session.register, id, hash_, kept.seq, register.incarnation, kept.size, kept.sha256, acts, changes,
                 kept.digest, now + timedelta(hours=settings.snapshot_hours)),
            )  # fmt: skip
            return _given(connection, settings, session, register, seen, person, kept, now)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _given(
    connection: Connection[Any],
    settings: Settings,
    session: Session,
    register: Register,
    seen: Visible,
    person: Person,
    kept: _Kept,
    now: datetime,
) -> SnapshotReply:
    """Note that this device is given the snapshot; its first pull goes on from there."""
    number = views.next_number(connection, session)
    view = View(number, kept.seq, views.hash_of(seen.scopes), kept.seq, [], kept.digest)
    views.record(connection, session, view, seen.scopes, 0)
    return SnapshotReply(
        id=kept.id,
        size=kept.size,
        sha256=kept.sha256,
        seq=kept.seq,
        cursor=str(Cursor(register.incarnation, number, kept.seq)),
        acts=kept.acts,
        changes=kept.changes,
        digest=kept.digest,
        lease_until=pull.lease(settings, now),
        viewer=person,
        server_time=stamp(now),
    )


def _write(connection: Connection[Any], path: Path) -> tuple[int, int]:
    """The lines, one act each; how many acts and changes. Memory holds one act at a time."""
    number = changes = 0
    with (
        gzip.open(path, "wb", _LEVEL) as packed,
        connection.cursor() as cursor,
        cursor.copy(_ROWS) as rows,
    ):
        waiting = bytearray()
        for act, count, _ in log.acts(_row(bytes(row)) for row in rows):
            waiting += act.encode() + b"\n"
            number += 1
            changes += count
            if len(waiting) > _BUFFER:
                packed.write(waiting)
                waiting.clear()
        packed.write(waiting)
    return number, changes


def _row(line: bytes) -> log.Row:
    """A row of COPY: tabs between, backslashes doubled; JSON has neither tabs nor line ends in it."""
    seq, part, head, change = line.rstrip(b"\n").replace(b"\\\\", b"\\").decode().split("\t")
    return int(seq), int(part), None if head == "\\N" else head, change


def _sum(path: Path) -> str:
    total = sha256()
    with path.open("rb") as file:
        while piece := file.read(_BUFFER):
            total.update(piece)
    return total.hexdigest()


def _sweep(connection: Connection[Any], place: Path, register: str, now: datetime) -> None:
    """Make room for one more: away with what nobody fetches any more, the oldest of too many, what a crash left."""
    kept = connection.execute(
        "SELECT id::text FROM snapshot WHERE register = %s AND expires_at > %s ORDER BY expires_at DESC LIMIT %s",
        (register, now, _MOST_KEPT - 1),
    ).fetchall()
    ids = [id for (id,) in kept]
    rows = connection.execute(
        "DELETE FROM snapshot WHERE register = %s AND id <> ALL(%s::uuid[]) RETURNING id::text", (register, ids)
    ).fetchall()
    for (id,) in rows:
        (place / f"{id}.gz").unlink(missing_ok=True)
    for path in place.glob("*.gz"):
        if path.stem not in ids and path.stat().st_mtime < time.time() - _LEFT_BEHIND:
            path.unlink(missing_ok=True)


def file(database: Database, settings: Settings, session: Session, id: str) -> Path:
    """The file of a snapshot that this device may have: everything in it is still visible to its user.

    Raises NotFound, and CursorUnknown when something in it may not be seen any more.
    """
    with database.transaction(session.register) as connection:
        who = viewer.viewer_of(connection, session)
        row = connection.execute(
            "SELECT f.hash FROM snapshot f WHERE f.register = %s AND f.id = %s AND EXISTS (SELECT FROM device_view d"
            " WHERE d.register = f.register AND d.hash = f.hash AND d.device = %s)",
            (session.register, id, views.holder(session)),
        ).fetchone()
        if row is None:
            raise NotFound
        scopes = views.scopes_of(connection, session.register, bytes(row[0]))
        if not set(visibility.visible(connection, session.register, who).scopes).issuperset(scopes):
            raise CursorUnknown
    path = folder(settings, session.register) / f"{UUID(id)}.gz"
    if not path.exists():
        raise NotFound
    return path
