"""View records: what a device was last given, so that a pull can tell it what has come, what has gone, what is new."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid5

from psycopg import Connection

from diwi_desktop.server.cursor import Cursor
from diwi_desktop.server.problems import CursorUnknown, NoAccess, Restored
from diwi_desktop.server.session import Session

_BEGUN = 2  # pulls that may be under way beside the one that begins


@dataclass(frozen=True, slots=True)
class Register:
    """A register at the moment of a transaction. `restored_seq` is the last sequence that survived a restore."""

    seq: int
    epoch: int
    incarnation: str
    restored_seq: int | None


@dataclass(frozen=True, slots=True)
class View:
    """What a device has after a pull: everything up to `seq` in the scopes whose hash this is.

    `old_seq` and `whole` say which changes that pull gives; `digest` is that of what the device then has.
    """

    number: int
    seq: int
    hash: bytes
    old_seq: int
    whole: list[str]
    digest: str


def holder(session: Session) -> UUID:
    """Under what name records are kept: of a device in one person's hands.

    Ids of devices travel with acts, so they are no secret; who signs in with another's id gets records of his own.
    """
    return uuid5(UUID(session.device), session.person)


def register_of(connection: Connection[Any], id: str) -> Register:
    """Raises NoAccess when there is no such register."""
    row = connection.execute(
        "SELECT seq, epoch, incarnation::text, restored_seq FROM register WHERE id = %s", (id,)
    ).fetchone()
    if row is None:
        raise NoAccess
    return Register(*row)


def check(register: Register, cursor: Cursor) -> None:
    """Raises Restored for a cursor of an earlier life of the register, CursorUnknown for one of no life at all."""
    if cursor.incarnation != register.incarnation:
        raise Restored(seq=register.restored_seq or 0)
    if cursor.seq > register.seq:
        raise CursorUnknown


def of(connection: Connection[Any], session: Session, number: int) -> View | None:
    """The record of one of the last pulls of this device."""
    row = connection.execute(
        "SELECT view, seq, hash, old_seq, whole, digest FROM device_view"
        " WHERE register = %s AND device = %s AND view = %s",
        (session.register, holder(session), number),
    ).fetchone()
    return None if row is None else View(row[0], row[1], bytes(row[2]), *row[3:])


def at(connection: Connection[Any], session: Session, register: Register, cursor: Cursor) -> View:
    """The record that a cursor names. Raises Restored and CursorUnknown."""
    check(register, cursor)
    view = of(connection, session, cursor.view)
    if view is None or view.seq != cursor.seq:
        raise CursorUnknown
    return view


def hash_of(scopes: Iterable[str]) -> bytes:
    """Of scopes in the order of their names."""
    return sha256("\n".join(scopes).encode()).digest()


def scopes_of(connection: Connection[Any], register: str, hash_: bytes) -> list[str]:
    row = connection.execute(
        "SELECT scopes FROM view_set WHERE register = %s AND hash = %s", (register, hash_)
    ).fetchone()
    return row[0] if row is not None else []


def keep_set(connection: Connection[Any], register: str, hash_: bytes, scopes: list[str]) -> None:
    """Note a set of scopes, unless it is there: it is large, and mostly the same as before."""
    there = connection.execute("SELECT FROM view_set WHERE register = %s AND hash = %s", (register, hash_))
    if there.fetchone() is None:
        connection.execute(
            "INSERT INTO view_set (register, hash, scopes) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
            (register, hash_, scopes),
        )


def record(connection: Connection[Any], session: Session, view: View, scopes: list[str], keep: int) -> None:
    """Note a pull that has begun, beside the one that the device has confirmed (`keep`); forget those before it.

    Of those after it the last few stay: a copy of an old request that a network delivers late names an older one than
    the device has by then.
    """
    keep_set(connection, session.register, view.hash, scopes)
    gone = connection.execute(
        "DELETE FROM device_view WHERE register = %(register)s AND device = %(device)s AND (view < %(keep)s"
        " OR view > %(keep)s AND view NOT IN (SELECT view FROM device_view WHERE register = %(register)s"
        " AND device = %(device)s ORDER BY view DESC LIMIT %(begun)s)) RETURNING hash",
        {"register": session.register, "device": holder(session), "keep": keep, "begun": _BEGUN},
    ).fetchall()
    connection.execute(
        "INSERT INTO device_view (register, device, view, seq, hash, old_seq, whole, digest)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
        (session.register, holder(session), view.number, view.seq, view.hash, view.old_seq, view.whole, view.digest),
    )
    unused = [row[0] for row in gone if bytes(row[0]) != view.hash]
    if unused:
        connection.execute(
            "DELETE FROM view_set v WHERE v.register = %s AND v.hash = ANY(%s) AND NOT EXISTS"
            " (SELECT FROM device_view d WHERE d.register = v.register AND d.hash = v.hash)"
            " AND NOT EXISTS (SELECT FROM snapshot f WHERE f.register = v.register AND f.hash = v.hash)",
            (session.register, unused),
        )


def next_number(connection: Connection[Any], session: Session) -> int:
    """A number that no pull of this device has had: it grows with time, also when all records are gone."""
    row = connection.execute(
        "SELECT greatest(coalesce(max(view), 0) + 1, (extract(epoch FROM clock_timestamp()) * 1000)::bigint)"
        " FROM device_view WHERE register = %s AND device = %s",
        (session.register, holder(session)),
    ).fetchone()
    return int(row[0]) if row is not None else 1
