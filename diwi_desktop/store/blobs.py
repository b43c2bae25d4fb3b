"""The bytes of documents in the store: known by their SHA-256, in parts of 1 MB, so that nothing is held whole.

States of a file: `up` (waits to be sent, `done` bytes of it are at the server), `here` (`done` is all of it when the
server has it too, which may not have taken it), `down` (wanted; `done` bytes of it are here), `away` (at the server,
not fetched), `lost` (the server does not have it either).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from diwi_desktop.model.clock import stamp
from diwi_desktop.model.finding import UserError
from diwi_desktop.store import syncstate
from diwi_desktop.store.driver import Connection

if TYPE_CHECKING:
    from diwi_desktop.store.store import Store

PART = 1_000_000
LARGEST = 100_000_000
UP, HERE, DOWN, AWAY, LOST = "up", "here", "down", "away", "lost"
_PIN = "pin/"


@dataclass(frozen=True, slots=True)
class Blob:
    """`size` and `done` in bytes."""

    sha256: str
    size: int
    state: str
    done: int

    @property
    def here(self) -> bool:
        """Whether all of it can be opened without a network."""
        return self.state in (UP, HERE)


class FileTrouble(UserError):
    """A file that cannot be taken in or opened. `code`: file_too_large, file_unreadable, file_empty, file_away."""


def take_in(store: Store, path: Path) -> tuple[str, int]:
    """Keep a file's bytes, hashed while they are read; (sha256, size). No document points at it yet: hold the store
    (`inside`) until one does, or a synchronisation forgets it.

    All or nothing. Raises FileTrouble, StoreError.
    """
    try:
        with path.open("rb") as source:
            return _keep(store, source)
    except OSError as error:
        raise _unreadable() from error


def beginning(path: Path, size: int) -> bytes:
    """The first bytes of a file, at most `size`. Raises FileTrouble (file_unreadable, file_empty)."""
    try:
        with path.open("rb") as source:
            head = source.read(size)
    except OSError as error:
        raise _unreadable() from error
    if not head:
        raise _empty()
    return head


def _keep(store: Store, source: BinaryIO) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with store.transaction() as connection:
        # The name is known only at the end; until then the parts have one of their own.
        name = f"new {store.ids.new()}"
        while part := source.read(PART):
            digest.update(part)
            size += len(part)
            if size > LARGEST:
                raise FileTrouble(
                    "Het bestand is groter dan 100 MB; maak het kleiner of bewaar het ergens anders.",
                    "The file is larger than 100 MB; make it smaller or keep it elsewhere.",
                    code="file_too_large",
                )
            connection.execute(
                "INSERT INTO blob_part (sha256, at, body) VALUES (?, ?, ?)", (name, size - len(part), part)
            )
        if not size:
            raise _empty()
        sha256 = digest.hexdigest()
        known = find(connection, sha256)
        if known is not None and known.here:
            connection.execute("DELETE FROM blob_part WHERE sha256 = ?", (name,))
            return sha256, size
        connection.execute("DELETE FROM blob_part WHERE sha256 = ?", (sha256,))
        connection.execute("UPDATE blob_part SET sha256 = ? WHERE sha256 = ?", (sha256, name))
        state, done = (HERE, size) if known is not None and known.state in (AWAY, DOWN) else (UP, 0)
        connection.execute(
            "INSERT OR REPLACE INTO blob (sha256, size, state, done, since) VALUES (?, ?, ?, ?, ?)",
            (sha256, size, state, done, _now(store)),
        )
    return sha256, size


def _unreadable() -> FileTrouble:
    return FileTrouble(
        "Het bestand is niet te lezen; controleer of het er nog is en of u het mag openen.",
        "The file cannot be read; check that it is still there and that you may open it.",
        code="file_unreadable",
    )


def _empty() -> FileTrouble:
    return FileTrouble("Het bestand is leeg.", "The file is empty.", code="file_empty")


def find(connection: Connection, sha256: str) -> Blob | None:
    row = connection.execute("SELECT sha256, size, state, done FROM blob WHERE sha256 = ?", (sha256,)).fetchone()
    return None if row is None else Blob(*row)


def parts(connection: Connection, sha256: str) -> Iterator[bytes]:
    """The bytes of a file in order, in parts."""
    places = connection.execute("SELECT at FROM blob_part WHERE sha256 = ? ORDER BY at", (sha256,)).fetchall()
    for (at,) in places:
        yield connection.execute("SELECT body FROM blob_part WHERE sha256 = ? AND at = ?", (sha256, at)).fetchone()[0]


def read(connection: Connection, sha256: str, at: int, size: int) -> bytes:
    """Bytes from `at` on, at most `size`."""
    found = b""
    for start, body in connection.execute(
        "SELECT at, body FROM blob_part WHERE sha256 = ? AND at > ? AND at < ? ORDER BY at",
        (sha256, at - PART, at + size),
    ):
        found += body[max(0, at - start) : at + size - start]
    return found


def add(store: Store, sha256: str, at: int, body: bytes) -> None:
    """Bytes of a file that is being fetched, which follow what is here."""
    with store.transaction() as connection:
        blob = find(connection, sha256)
        if blob is None or blob.state != DOWN or blob.done != at:
            return
        connection.execute("INSERT OR REPLACE INTO blob_part (sha256, at, body) VALUES (?, ?, ?)", (sha256, at, body))
        connection.execute("UPDATE blob SET done = ? WHERE sha256 = ?", (at + len(body), sha256))


def finish(store: Store, sha256: str) -> bool:
    """A fetched file is whole: check it. False, and everything of it gone, when it is not what it should be."""
    digest = hashlib.sha256()
    with store.transaction() as connection:
        for part in parts(connection, sha256):
            digest.update(part)
        right = digest.hexdigest() == sha256
        if right:
            connection.execute("UPDATE blob SET state = ? WHERE sha256 = ?", (HERE, sha256))
        else:
            connection.execute("DELETE FROM blob_part WHERE sha256 = ?", (sha256,))
            connection.execute("UPDATE blob SET done = 0 WHERE sha256 = ?", (sha256,))
    return right


def mark(store: Store, sha256: str, state: str, done: int = 0) -> None:
    """Set the state of a file."""
    with store.transaction() as connection:
        connection.execute("UPDATE blob SET state = ?, done = ? WHERE sha256 = ?", (state, done, sha256))


def follow_documents(store: Store) -> None:
    """A file for every document that points at one; those that are wanted offline are to be fetched."""
    with store.inside() as connection:
        unknown = connection.execute(
            "SELECT DISTINCT sha256, size FROM document WHERE deleted_at IS NULL AND sha256 IS NOT NULL"
            " AND sha256 NOT IN (SELECT sha256 FROM blob)"
        ).fetchall()
        wanted = [row[0] for row in connection.execute(
            "SELECT DISTINCT d.sha256 FROM document d JOIN blob b ON b.sha256 = d.sha256 JOIN sync s"
            " ON s.key IN (? || d.id, ? || d.project_id) WHERE b.state = ? AND d.deleted_at IS NULL",
            (_PIN, _PIN, AWAY),
        )]  # fmt: skip
    if not unknown and not wanted:
        return
    with store.transaction() as connection:
        now = _now(store)
        connection.executemany(
            "INSERT OR IGNORE INTO blob (sha256, size, state, done, since) VALUES (?, ?, ?, 0, ?)",
            [(sha256, size or 0, AWAY, now) for sha256, size in unknown],
        )
        connection.executemany("UPDATE blob SET state = ?, done = 0 WHERE sha256 = ?", [(DOWN, one) for one in wanted])
    if unknown:
        follow_documents(store)


def want(store: Store, sha256: str) -> None:
    """Have a file fetched by the next synchronisation."""
    with store.transaction() as connection:
        connection.execute(
            "UPDATE blob SET state = ?, done = 0 WHERE sha256 = ? AND state IN (?, ?)", (DOWN, sha256, AWAY, LOST)
        )


def pin(store: Store, id: str, *, on: bool) -> None:
    """Keep a document, or all of a project (by its id), on this laptop; or let go of it, once it is at the server."""
    with store.transaction() as connection:
        if on:
            syncstate.put(connection, {_PIN + id: "1"})
        else:
            syncstate.forget(connection, (_PIN + id,))
            files = (
                "SELECT sha256 FROM blob WHERE state = 'here' AND done >= size AND sha256 IN"
                " (SELECT sha256 FROM document WHERE id = ? OR project_id = ?)"
            )
            connection.execute(f"DELETE FROM blob_part WHERE sha256 IN ({files})", (id, id))
            connection.execute(f"UPDATE blob SET state = 'away', done = 0 WHERE sha256 IN ({files})", (id, id))
    follow_documents(store)


def pinned(connection: Connection, document: str, project: str) -> bool:
    return bool(syncstate.get(connection, _PIN + document) or syncstate.get(connection, _PIN + project))


def of_project(connection: Connection, project: str) -> list[tuple[str, Blob | None, bool]]:
    """(document, its file, whether it is kept here) of the documents of a project; None while no file is known."""
    rows = connection.execute(
        "SELECT d.id, b.sha256, b.size, b.state, b.done, EXISTS (SELECT 1 FROM sync s WHERE s.key IN (?1 || d.id,"
        " ?1 || d.project_id)) FROM document d LEFT JOIN blob b ON b.sha256 = d.sha256"
        " WHERE d.project_id = ?2 AND d.deleted_at IS NULL",
        (_PIN, project),
    )
    return [(row[0], Blob(*row[1:5]) if row[1] else None, bool(row[5])) for row in rows]


def next_to_move(store: Store) -> tuple[Blob | None, int]:
    """The file to send or fetch now, sending first, and how many there are.

    A file goes up once the server has a document that points at it.
    """
    with store.inside() as connection:
        rows = connection.execute(
            "SELECT sha256, size, state, done FROM blob WHERE state = 'down' OR state = 'up' AND sha256 IN"
            " (SELECT d.sha256 FROM document d JOIN sync_entity s ON s.entity = d.id WHERE d.deleted_at IS NULL)"
            " ORDER BY state DESC, since, sha256"
        ).fetchall()
    return (Blob(*rows[0]) if rows else None), len(rows)


def _now(store: Store) -> str:
    return stamp(store.clock.now())
