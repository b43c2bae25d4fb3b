"""The rows of the table of documents: what the catalogue knows of them, and where their files are, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import Qt

from diwi_desktop.gui import theme
from diwi_desktop.gui.fields.tablemodel import Column, EntityModel, Index, Row
from diwi_desktop.gui.language import translate
from diwi_desktop.model.catalogue import Field, FieldType
from diwi_desktop.model.finding import Finding
from diwi_desktop.model.notation import format_number
from diwi_desktop.store import blobs
from diwi_desktop.sync.documents import FileState

PLACE, OFFLINE, SIZE, NAME = "place", "offline", "size", "name"
KB, MB = 1_000, 1_000_000
_SIGNS = {
    blobs.HERE: ("laptop", "muted"),
    blobs.UP: ("cloud-upload-outline", "warn"),
    blobs.DOWN: ("cloud-download-outline", "warn"),
    blobs.AWAY: ("cloud-outline", "muted"),
    blobs.LOST: ("file-alert-outline", "bad"),
}


def size_words(size: int) -> str:
    """340 kB, 1,2 MB; at least 1 kB."""
    if size < MB:
        return f"{format_number(max(1, round(size / KB)))} kB"
    return f"{format_number(round(size / MB, 1))} MB"


def place_words(file: FileState | None) -> str:
    """Where the file of a document is."""
    if file is None:
        return ""
    if file.state in (blobs.UP, blobs.DOWN):
        words = (
            translate("Documents", "nog te verzenden")
            if file.state == blobs.UP
            else translate("Documents", "wordt opgehaald")
        )
        return f"{words}, {round(100 * file.share)} %" if file.share else words
    return {
        blobs.HERE: translate("Documents", "op deze computer"),
        blobs.AWAY: translate("Documents", "op de server"),
        blobs.LOST: translate("Documents", "ontbreekt"),
    }[file.state]


class DocumentModel(EntityModel):
    """Documents with two columns of their own: where the file is, and whether it is kept on this laptop."""

    files: Mapping[str, FileState] = {}
    pin: Callable[[str, bool], None]

    def described(self, key: str) -> Field:
        if key == PLACE:
            return Field(self.kind, key, FieldType.TEXT, "Waar", "Where", readonly=True)
        if key == OFFLINE:
            return Field(self.kind, key, FieldType.BOOLEAN, "Offline", "Offline",
                         help_nl="Op deze computer bewaren, zodat u het zonder netwerk kunt openen.",
                         help_en="Keep it on this computer, so that you can open it without a network.")  # fmt: skip
        return super().described(key)

    def show_files(self, files: Mapping[str, FileState]) -> None:
        """Show where the files are now."""
        if files == self.files:
            return
        self.files = files
        for row in self.rows:
            file = files.get(row["id"])
            row[OFFLINE] = bool(file and file.pinned)
        if self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, len(self.columns) - 1))

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        if index.isValid() and self.columns[index.column()].field == OFFLINE and not self.editing.read_only:
            return flags | Qt.ItemFlag.ItemIsUserCheckable  # also for who may only look at the project
        return flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if index.isValid() and self.columns[index.column()].field == PLACE:
            file = self.files.get(self.rows[index.row()]["id"])
            if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
                return place_words(file)
            if role == Qt.ItemDataRole.DecorationRole and file is not None:
                return theme.icon(*_SIGNS[file.state])
        if index.isValid() and role == Qt.ItemDataRole.ForegroundRole and self._as_project(index):
            return theme.colour("muted")
        return super().data(index, role)

    def store_value(self, row: Row, field: Field, value: Any) -> list[Finding]:
        if field.key != OFFLINE:
            return super().store_value(row, field, value)
        row[OFFLINE] = value
        self.pin(row["id"], value)
        return []

    def _as_project(self, index: Index) -> bool:
        row = self.rows[index.row()]
        return self.columns[index.column()].field == "confidentiality" and row.get("confidentiality") is None

    def _text(self, row: Row, field: Field, draft: tuple[Any, list[Finding]] | None) -> str:
        if field.key == SIZE:
            return size_words(int(row.get(SIZE) or 0))
        if field.key == "confidentiality" and row.get(field.key) is None and draft is None:
            return self.tr("als het project")
        return super()._text(row, field, draft)


def columns(*, connected: bool) -> tuple[Column, ...]:
    """The columns; without a server there is one place for a file."""
    keep = (Column(OFFLINE, width=64, check=True),) if connected else ()
    return (
        Column(NAME, width=180),
        Column("kind", width=112),
        Column("date", width=98),
        Column(PLACE, width=204, read_only=True),
        Column(SIZE, width=72, read_only=True),
        *keep,
        Column("confidentiality", width=140),
        Column("note", width=220),
    )
