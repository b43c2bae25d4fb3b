"""The queue of files, apart from that of changes: sent from where the server is, fetched from where the laptop is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from diwi_desktop.store import blobs
from diwi_desktop.store.blobs import Blob
from diwi_desktop.sync.problem import Obstacle, Problem

if TYPE_CHECKING:
    from diwi_desktop.store import Store


class FileServer(Protocol):
    """What the queue needs of a server."""

    def file_offset(self, sha256: str) -> int: ...
    def send_file(self, sha256: str, at: int, total: int, body: bytes) -> None: ...
    def file_piece(self, sha256: str, at: int, size: int) -> bytes: ...


class FileQueue:
    """Moves files piece by piece, so that it can be cancelled after every one of them."""

    def __init__(self, store: Store, server: FileServer) -> None:
        self._store, self._server = store, server
        self._asked: set[str] = set()

    def move(self) -> tuple[int, int, int]:
        """One piece: (bytes moved, files that became whole, files left). Raises Problem."""
        blobs.follow_documents(self._store)
        blob, count = blobs.next_to_move(self._store)
        if blob is None:
            return 0, 0, 0
        try:
            moved, whole = self._send(blob) if blob.state == blobs.UP else self._fetch(blob)
        except Problem as problem:
            if problem.obstacle is Obstacle.NOT_FOUND or problem.obstacle is Obstacle.NO_ACCESS:
                self._give_up(blob)
                return 0, 0, count - 1
            if problem.obstacle is Obstacle.RANGE:
                self._asked.discard(blob.sha256)
            raise
        return moved, int(whole), count - int(whole)

    def _send(self, blob: Blob) -> tuple[int, bool]:
        if blob.sha256 not in self._asked:
            at = self._server.file_offset(blob.sha256)
            self._asked.add(blob.sha256)
            blobs.mark(self._store, blob.sha256, blobs.HERE if at >= blob.size else blobs.UP, at)
            if at >= blob.size:
                return 0, True
        else:
            at = blob.done
        with self._store.inside() as connection:
            body = blobs.read(connection, blob.sha256, at, blobs.PART)
        self._server.send_file(blob.sha256, at, blob.size, body)
        done = at + len(body)
        blobs.mark(self._store, blob.sha256, blobs.HERE if done >= blob.size else blobs.UP, done)
        return len(body), done >= blob.size

    def _fetch(self, blob: Blob) -> tuple[int, bool]:
        body = self._server.file_piece(blob.sha256, blob.done, blob.size)
        blobs.add(self._store, blob.sha256, blob.done, body)
        if blob.done + len(body) < blob.size:
            return len(body), False
        if not blobs.finish(self._store, blob.sha256):
            raise Problem(Obstacle.OFFLINE, detail="a file came damaged")
        return len(body), True

    def _give_up(self, blob: Blob) -> None:
        """The server does not have it, or does not take it: the row says so, and the others go on."""
        blobs.mark(self._store, blob.sha256, blobs.LOST if blob.state == blobs.DOWN else blobs.HERE)
