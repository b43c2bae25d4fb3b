"""Documents of a project: attach, open, remove; their bytes stay in the store and travel apart from the log."""

from __future__ import annotations

import mimetypes
import re
import shutil
import stat
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from diwi_desktop.model import filekinds
from diwi_desktop.model.finding import UserError
from diwi_desktop.store import blobs, handed, syncstate
from diwi_desktop.store.blobs import FileTrouble

if TYPE_CHECKING:
    from diwi_desktop.store import Store

_LONGEST = 120  # signs of a file's name
# What Windows does not take in a name, and what could hide the real one.
_BAD = re.compile('[\x00-\x1f\x7f<>:"/\\\\|?*\u200b-\u200f\u202a-\u202e\u2066-\u2069]')
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
# Opened by a double click these run; they are opened as text, under a name that says so. Programs are not taken in any
# more (`filekinds`), but a document may have been renamed, or be older than that.
_RUNS = filekinds.PROGRAMS | frozenset(".htm .html .svg .url .xhtml .docm .xlsm .pptm .dotm .xltm".split())


def attach(store: Store, project: str, path: Path, values: Mapping[str, Any] | None = None) -> str:
    """Attach a file to a project in one act; returns the id of the document.

    `values` are fields of the document (kind, date, confidentiality, note, name). Raises FileTrouble (file_too_large
    above 100 MB, file_unreadable, file_empty), WrongKind, Refused, StoreError.
    """
    name = safe_name(path.name)
    head = blobs.beginning(path, filekinds.HEAD)
    for called in {name, str((values or {}).get("name") or name)}:
        filekinds.check(called, head)
    media = mimetypes.guess_type(name)[0] or "application/octet-stream"
    # Held until the document is there: a synchronisation that came between would forget a file that no document has.
    with store.inside():
        sha256, size = blobs.take_in(store, path)
        with store.act("Document toevoegen") as act:
            return act.create(
                "document",
                {
                    "name": name,
                    **(values or {}),
                    "project_id": project,
                    "sha256": sha256,
                    "size": size,
                    "media_type": media,
                },
            )


def remove(store: Store, document: str) -> None:
    """Remove a document in one act; undoing it brings it back."""
    with store.act("Document verwijderen") as act:
        act.delete("document", document)


def state_of(store: Store, document: str) -> str:
    """One of the states of `store.blobs`: up, here, down, away, lost."""
    sha256 = _row(store, document)[1]
    with store.inside() as connection:
        blob = blobs.find(connection, sha256)
    return blobs.AWAY if blob is None else blob.state


@dataclass(frozen=True, slots=True)
class FileState:
    """Where a document's file is: a state of `store.blobs`, how much of it is there (0 to 1), kept on this laptop."""

    state: str
    share: float
    pinned: bool


def states(store: Store, project: str) -> dict[str, FileState]:
    """The files of a project's documents by document. Without a server a file is simply here."""
    with store.inside() as connection:
        connected = bool(syncstate.get(connection, "register"))
        found = blobs.of_project(connection, project)
    result = {}
    for document, blob, kept in found:
        state = blobs.AWAY if blob is None else blob.state
        if state == blobs.UP and not connected:
            state = blobs.HERE
        share = 0.0 if blob is None or not blob.size else min(1.0, blob.done / blob.size)
        result[document] = FileState(state, share, kept)
    return result


def pinned_project(store: Store, project: str) -> bool:
    """Whether all documents of a project are kept on this laptop, new ones included."""
    with store.inside() as connection:
        return blobs.pinned(connection, "", project)


def fetch(store: Store, document: str) -> None:
    """Have its file fetched by the next synchronisation."""
    blobs.follow_documents(store)
    blobs.want(store, _row(store, document)[1])


def pin(store: Store, id: str, *, on: bool) -> None:
    """'Beschikbaar offline' for a document, or for all of a project (by its id), new ones included."""
    blobs.follow_documents(store)
    blobs.pin(store, id, on=on)


def pinned(store: Store, document: str) -> bool:
    """Whether it is kept on this laptop, by itself or with its project."""
    with store.inside() as connection:
        return blobs.pinned(connection, document, _row(store, document)[2])


def open_copy(store: Store, document: str, folder: Path | None = None) -> Path:
    """Write the file to a folder of its own (without `folder` one that `store.handed` looks after) for another program
    to open; read-only.

    The name is made safe, and a file that would run on a double click gets '.txt' behind it. Raises FileTrouble
    (file_away: wanted by the next synchronisation from now on; file_lost; file_unwritable when there is no room),
    StoreError.
    """
    name, sha256, _ = _row(store, document)
    try:
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
        target = handed.make_place(store.path, document) if folder is None else Path(tempfile.mkdtemp(dir=folder))
        try:
            path = target / _harmless(safe_name(name))
            _write(store, document, sha256, path)
            path.chmod(stat.S_IRUSR)
        except BaseException:
            shutil.rmtree(target, ignore_errors=True)
            raise
    except OSError as error:
        raise FileTrouble(
            f"Van {name} kan geen kopie worden gemaakt om te openen; maak ruimte op de schijf.",
            f"No copy of {name} can be made to open; make room on the disk.",
            code="file_unwritable",
        ) from error
    return path


def save_copy(store: Store, document: str, path: Path) -> None:
    """Write the file to a place of the user's choice, all or nothing.

    Raises FileTrouble (as `open_copy`; file_unwritable when there is no room or it is in use), StoreError.
    """
    sha256 = _row(store, document)[1]
    partial = path.with_name(f"{path.name}.{store.ids.new()}.part")
    try:
        try:
            _write(store, document, sha256, partial)
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise FileTrouble(
            f"Het bestand kan niet worden opgeslagen als {path.name}; kies een andere map of naam.",
            f"The file cannot be saved as {path.name}; choose another folder or name.",
            code="file_unwritable",
        ) from error


def _write(store: Store, document: str, sha256: str, path: Path) -> None:
    """Write the file to a new one. The store is held, so that it cannot go in the middle. Raises FileTrouble, OSError,
    StoreError.
    """
    with store.inside() as connection:
        blob = blobs.find(connection, sha256)
        if blob is None or not blob.here:
            raise _absent(store, document, blob.state if blob else blobs.AWAY)
        with path.open("xb") as out:
            for part in blobs.parts(connection, sha256):
                out.write(part)


def safe_name(name: str) -> str:
    """A file name that every system takes and that lies in no other folder."""
    text = _BAD.sub("_", name).strip(" .")
    if not text or _RESERVED.fullmatch(text):
        text = f"_{text}"
    stem, dot, end = text.rpartition(".")
    if dot and len(end) <= 10:
        return f"{stem[: _LONGEST - len(end) - 1]}.{end}"
    return text[:_LONGEST]


def _harmless(name: str) -> str:
    return f"{name}.txt" if Path(name).suffix.lower() in _RUNS else name


def _row(store: Store, document: str) -> tuple[str, str, str]:
    row = store.read().execute("SELECT name, sha256, project_id FROM document WHERE id = ?", (document,)).fetchone()
    if row is None or not row[1]:
        raise UserError("Dit document bestaat niet meer.", "This document no longer exists.", code="unknown_entity")
    return str(row[0]), str(row[1]), str(row[2])


def _absent(store: Store, document: str, state: str) -> FileTrouble:
    if state == blobs.LOST:
        return FileTrouble(
            "Het bestand is er niet, ook niet op de server; vraag wie het toevoegde het opnieuw toe te voegen.",
            "The file is missing, on the server too; ask who added it to add it again.",
            code="file_lost",
        )
    fetch(store, document)
    return FileTrouble(
        "Het bestand staat nog niet op deze computer; het wordt bij de volgende synchronisatie opgehaald.",
        "The file is not on this computer yet; the next synchronisation fetches it.",
        code="file_away",
    )
