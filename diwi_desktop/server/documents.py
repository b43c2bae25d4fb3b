"""Files of documents: kept by their hash, taken in by pieces, given to who sees the document. Nothing is interpreted;
of a whole file the first bytes are compared with what its name says (`model.filekinds`).
"""

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

from diwi_desktop.model import filekinds
from diwi_desktop.model.rights import Access, Viewer, document_access, edits, sees
from diwi_desktop.server import scan, viewer
from diwi_desktop.server.db import Database
from diwi_desktop.server.problems import Busy, Invalid, NoAccess, NoRoom, NotFound, RangeUnknown, TooLarge
from diwi_desktop.server.push.state import LEVELS
from diwi_desktop.server.session import Session
from diwi_desktop.server.settings import Settings

_BUFFER = 1 << 20

_DOCUMENTS = """
SELECT e.id::text, coalesce(e.values->>'name', ''), (e.values->>'size')::bigint,
    EXISTS (SELECT FROM possession o WHERE o.register = e.register AND o.document = e.id AND o.sha256 = e.sha256),
    least(p.level, p.hold), p.owners::text[], least(s.level, s.hold)
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


@dataclass(frozen=True, slots=True)
class _Row:
    """A document with the hash in question. `has`: its file came for it, from somebody who had all of it."""

    id: str
    name: str
    size: int
    has: bool
    editable: bool


def look(database: Database, settings: Settings, session: Session, hash_: str, *, sending: bool = False) -> Blob:
    """How much there is of a file. `sending`: not all of it as long as a document of the user's waits for it.

    Raises NotFound for a document that the user does not see.
    """
    rows = _allowed(database, session, hash_, to_write=False)
    place = _place(settings, session.register, hash_)
    there = next((row for row in rows if row.has), None)
    waits = sending and any(row.editable and not row.has for row in rows)
    if there is not None and place.exists() and not waits:
        return Blob(there.size, there.size, place)
    part = _part(place, session)
    return Blob(rows[0].size, part.stat().st_size if part.exists() else 0, None)


def take(database: Database, settings: Settings, session: Session, hash_: str, piece: Piece) -> Blob:
    """Add a piece. What is there already may come again; the last piece completes the file if its hash is right.

    A file that is there for another document has to be sent again: that is how its sender shows that he has it. Raises
    NotFound and NoAccess, TooLarge, RangeUnknown (with the offset) for a piece that does not follow what is there,
    Invalid when the whole does not have the hash (all of it is then forgotten), NotTaken when it is not what the names
    of its documents say, or a virus scanner is set and finds something, NoRoom and Busy.
    """
    rows = _allowed(database, session, hash_, to_write=True)
    size = piece.total if piece.total in {row.size for row in rows} else rows[0].size
    if size > settings.largest_document:
        raise TooLarge(f"A document has at most {settings.largest_document} bytes.")
    if piece.total != size:
        raise Invalid(errors=[{"detail": f"the document has {size} bytes", "header": "Content-Range"}])
    place = _place(settings, session.register, hash_)
    missing = [row for row in rows if row.size == size and not row.has]
    if place.exists() and not missing:
        return Blob(size, size, place)
    place.parent.mkdir(parents=True, exist_ok=True)
    part = _part(place, session)
    try:
        with _alone(part) as file:
            offset = _append(file, piece)
            if offset == size:
                fitting = _complete(file, part, place, hash_, missing, settings.clamd)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise NoRoom from error
        raise
    if offset == size:
        _note(database, session, hash_, size, fitting)
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


def _complete(file: int, part: Path, place: Path, hash_: str, missing: list[_Row], scanner: str) -> list[str]:
    """Keeps a file that is whole; the documents among `missing` whose file it is. Raises Invalid, NotTaken, Busy."""
    total = sha256()
    os.lseek(file, 0, os.SEEK_SET)
    while data := os.read(file, _BUFFER):
        total.update(data)
    if total.hexdigest() != hash_:
        part.unlink()
        raise Invalid(errors=[{"detail": "what came does not have this hash; send it again from the start"}])
    try:
        fitting = _fitting(os.pread(file, filekinds.HEAD, 0), missing)
        if scanner:
            scan.check(scanner, file)
    except scan.NotTaken:
        part.unlink()
        raise
    part.replace(place)
    return fitting


def _fitting(head: bytes, rows: list[_Row]) -> list[str]:
    """The documents whose name says what this file is. Raises NotTaken when it fits none of them."""
    found, refused = [], None
    for row in rows:
        try:
            filekinds.check(row.name, head)
        except filekinds.WrongKind as error:
            refused = error
        else:
            found.append(row.id)
    if refused is not None and not found:
        raise scan.NotTaken(nl=refused.nl, en=refused.en)
    return found


@contextmanager
def _alone(part: Path) -> Iterator[int]:
    """The unfinished file, for one request at a time. Raises Busy."""
    file = os.open(part, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not _is_there(file, part):  # finished by another request meanwhile: it is the file that people fetch now
            raise Busy("Another device has sent this document.")
        yield file
    except BlockingIOError as error:
        raise Busy("Another device is sending this document.") from error
    finally:
        os.close(file)


def _is_there(file: int, part: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file), part.stat())
    except FileNotFoundError:
        return False


def _place(settings: Settings, register: str, hash_: str) -> Path:
    return settings.data_dir / "documents" / str(UUID(register)) / hash_[:2] / hash_


def _part(place: Path, session: Session) -> Path:
    """What came of it from one person: nobody's garbage gets into another's upload."""
    return place.with_name(f"{place.name}.{UUID(session.person)}.part")


def _allowed(database: Database, session: Session, hash_: str, *, to_write: bool) -> list[_Row]:
    """The documents with this hash that the user may read, or also write.

    Several: who has the size wrong must not keep others from sending the file.
    """
    with database.transaction(session.register) as connection:
        who = viewer.viewer_of(connection, session)
        seen = list(_rows(connection, session.register, hash_, who))
    if not seen:
        raise NotFound
    allowed = [row for row in seen if not to_write or row.editable]
    if not allowed:
        raise NoAccess
    return allowed


def _rows(connection: Connection[Any], register: str, hash_: str, who: Viewer) -> Iterator[_Row]:
    """Those that the viewer sees."""
    for id, name, size, has, project, owners, own in connection.execute(_DOCUMENTS, (register, hash_)):
        plan = Access(LEVELS[project - 1], frozenset(owners))
        access = document_access(plan, None if own is None else LEVELS[own - 1])
        if sees(who, access):
            yield _Row(id, name, size, has, edits(who, access))


def _note(database: Database, session: Session, hash_: str, size: int, documents: list[str]) -> None:
    with database.transaction(session.register) as connection:
        connection.execute(
            "INSERT INTO blob (register, sha256, size, complete, person) VALUES (%s, %s, %s, true, %s)"
            " ON CONFLICT (register, sha256) DO UPDATE SET complete = true",
            (session.register, hash_, size, session.person),
        )
        connection.execute(
            "INSERT INTO possession (register, document, sha256, person)"
            " SELECT %s, unnest(%s::uuid[]), %s, %s ON CONFLICT DO NOTHING",
            (session.register, documents, hash_, session.person),
        )
