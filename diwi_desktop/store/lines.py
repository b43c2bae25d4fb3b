"""The staged file of a snapshot, act by act. Nothing is believed unseen, and no more is held than an act."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from msgspec import MsgspecError, Raw, Struct, json

from diwi_desktop.changes.messages import Natural, SnapshotReply, Text, Word
from diwi_desktop.store.driver import Connection

LARGEST = 4_000_000_000  # bytes of a file
_UNPACKED = 4_000_000  # bytes that are unpacked at once
_LONGEST_LINE = 256_000_000  # bytes of one act; an import of a whole register is some tens of megabytes


class LineChange(Struct, array_like=True, frozen=True):
    """A `messages.WireChange` of a long log: who lands it looks at the ids himself, and has no need of `old`."""

    n: Natural
    kind: Word
    entity: str
    project: str | None
    field: Word
    old: Raw
    new: Any
    base: Natural = 0
    after: Word | None = None
    seq: Natural = 0


class Line(Struct, frozen=True):
    """A `messages.WireAct` with such changes."""

    id: str
    name: Text
    kind: Word
    device: str
    made_at: Word
    changes: list[LineChange]
    undoes: str | None = None
    author: Text = ""
    received: Word = ""


_LINE = json.Decoder(Line)


def is_whole(connection: Connection, snapshot: SnapshotReply) -> bool:
    """Whether the staged file is the one that was promised."""
    found, size = sha256(), 0
    for piece in _pieces(connection):
        found.update(piece)
        size += len(piece)
    return size == snapshot.size and found.hexdigest() == snapshot.sha256


def acts_of(connection: Connection, snapshot: SnapshotReply) -> Iterator[Line]:
    """The acts of the staged file. Raises ValueError for what is no snapshot, or not as long as was promised."""
    rest = b""
    acts = changes = 0
    try:
        for text in _unpacked(connection):
            *lines, rest = (rest + text).split(b"\n")
            if len(rest) > _LONGEST_LINE:
                raise ValueError("a line without end")
            for line in lines:
                if line:
                    act = _LINE.decode(line)
                    acts, changes = acts + 1, changes + len(act.changes)
                    if acts > snapshot.acts or changes > snapshot.changes:
                        raise ValueError("more than was promised")
                    yield act
    except (zlib.error, MsgspecError, RecursionError) as error:
        raise ValueError("not a snapshot") from error
    if acts != snapshot.acts or changes != snapshot.changes:
        raise ValueError("less than was promised")


def _pieces(connection: Connection) -> Iterator[bytes]:
    for (page,) in connection.execute("SELECT page FROM incoming WHERE page < 0 ORDER BY page DESC").fetchall():
        yield connection.execute("SELECT body FROM incoming WHERE page = ?", (page,)).fetchone()[0]


def _unpacked(connection: Connection) -> Iterator[bytes]:
    """The text, at most `_UNPACKED` bytes at a time: a small file may stand for a very large text. Ends a last line."""
    unpack = zlib.decompressobj(31)
    for piece in _pieces(connection):
        text = unpack.decompress(piece, _UNPACKED)
        while text:
            yield text
            text = unpack.decompress(unpack.unconsumed_tail, _UNPACKED)
    yield unpack.flush() + b"\n"
