"""Files of documents: kept by their hash, taken in by pieces, given to who sees the document. Nothing is opened."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from psycopg import Connection

from diwi_desktop.model.rights import Access, document_access, edits, sees
from diwi_desktop.server import viewer
from diwi_desktop.server.db import Database
from diwi_desktop.server.problems import Busy, Invalid, NoAccess, NoRoom, NotFound, RangeUnknown, TooLarge
from diwi_desktop.server.push.state import LEVELS
from diwi_desktop.server.session import Session
from diwi_desktop.server.settings import Settings

_BUFFER = 1 << 20

_DOCUMENTS = """
SELECT (e.values->>'size')::bigint, least(p.level, p.hold), p.owners::text[], least(s.level, s.hold)
FROM entity e
JOIN scope s ON s.register = e.register AND s.scope = e.scope
JOIN scope p ON p.register = e.register AND p.scope = e.project::text
WHERE e.register = %s AND e.sha256 = %s
"""


@dataclass(frozen=True, slots=True)
class Blob:
    """What is there of a file: `offset` bytes of `size`; `path` when it is complete."""

    size: int
    offset: int
    path: Path | None


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes that come at a place in a file of a size."""

    start: int
    total: int
    data: bytes


def look(database: Database, settings: Settings, session: Session, hash_: str) -> Blob:
    """How much there is of a file. Raises NotFound for a document that the user does not see."""
    size = _allowed(database, session, hash_, to_write=False)[0]
    place = _place(settings, session.register, hash_)
    if place.exists():
        return Blob(size, size, place)
    part = _part(place)
    return Blob(size, part.stat().st_size if part.exists() else 0, None)


def take(database: Database, settings: Settings, session: Session, hash_: str, piece: Piece) -> Blob:
    """Add a piece. What is there already may come again; the last piece completes the file if its hash is right.

    Raises NotFound and NoAccess, TooLarge, RangeUnknown (with the offset) for a piece that does not follow what is
    there, Invalid when the whole does not have the hash (all of it is then forgotten), NoRoom and Busy.
    """
    sizes = _allowed(database, session, hash_, to_write=True)
    size = piece.total if piece.total in sizes else sizes[0]
    if size > settings.largest_document:
        raise TooLarge(f"A document has at most {settings.largest_document} bytes.")
    if piece.total != size:
        raise Invalid(errors=[{"detail": f"the document has {size} bytes", "header": "Content-Range"}])
    place = _place(settings, session.register, hash_)
    if place.exists():
        return Blob(size, size, place)
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        with _alone(_part(place)) as file:
            offset = _append(file, piece)
            if offset == size:
                _complete(file, place, hash_)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise NoRoom from error
        raise
    if offset == size:
        _note(database, session, hash_, size)
    return Blob(size, offset, place if offset == size else None)


def _append(file: int, piece: Piece) -> int:
    there = os.fstat(file).st_size
    if piece.start > there or piece.start + len(piece.data) > piece.total:
        raise RangeUnknown(headers={"Upload-Offset": str(there)})
    fresh = piece.data[there - piece.start :]
    os.lseek(file, there, os.SEEK_SET)
    while fresh:
        fresh = fresh[os.write(file, fresh) :]
    os.fsync(file)
    return os.fstat(file).st_size


def _complete(file: int, place: Path, hash_: str) -> None:
    total = sha256()
    os.lseek(file, 0, os.SEEK_SET)
    while data := os.read(file, _BUFFER):
        total.update(data)
    part = _part(place)
    if total.hexdigest() != hash_:
        part.unlink()
        raise Invalid(errors=[{"detail": "what came does not have this hash; send it again from the start"}])
    part.replace(place)


@contextmanager
def _alone(part: Path) -> Iterator[int]:
    """The unfinished file, for one request at a time. Raises Busy."""
    file = os.open(part, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield file
    except BlockingIOError as error:
        raise Busy("Another device is sending this document.") from error
    finally:
        os.close(file)


def _place(settings: Settings, register: str, hash_: str) -> Path:
    return settings.data_dir / "documents" / str(UUID(register)) / hash_[:2] / hash_


def _part(place: Path) -> Path:
    return place.with_name(place.name + ".part")


def _allowed(database: Database, session: Session, hash_: str, *, to_write: bool) -> list[int]:
    """The sizes that documents with this hash say they have, of those that the user may read, or also write.

    Several: who has the size wrong must not keep others from sending the file.
    """
    with database.transaction(session.register) as connection:
        who = viewer.viewer_of(connection, session)
        found = list(_accesses(connection, session.register, hash_))
    seen = [(size, access) for size, access in found if sees(who, access)]
    if not seen:
        raise NotFound
    allowed = [size for size, access in seen if not to_write or edits(who, access)]
    if not allowed:
        raise NoAccess
    return allowed


def _accesses(connection: Connection[Any], register: str, hash_: str) -> Iterator[tuple[int, Access]]:
    for size, project, owners, own in connection.execute(_DOCUMENTS, (register, hash_)):
        access = Access(LEVELS[project - 1], frozenset(owners))
        yield size, document_access(access, None if own is None else LEVELS[own - 1])


def _note(database: Database, session: Session, hash_: str, size: int) -> None:
    with database.transaction(session.register) as connection:
        connection.execute(
            "INSERT INTO blob (register, sha256, size, complete, person) VALUES (%s, %s, %s, true, %s)"
            " ON CONFLICT (register, sha256) DO UPDATE SET complete = true",
            (session.register, hash_, size, session.person),
        )
