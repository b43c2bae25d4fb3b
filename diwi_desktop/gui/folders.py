"""Where the dialogs for files begin: per purpose in the folder used last, else in the user's documents."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStandardPaths

from diwi_desktop.gui import settings

REGISTERS, IMPORTS, DELIVERIES, DOCUMENTS = "registers", "imports", "deliveries", "documents"


def start(purpose: str) -> Path:
    """The folder to begin in; one that is gone is forgotten."""
    used = str(settings.value(_key(purpose), "") or "")
    if used and Path(used).is_dir():
        return Path(used)
    documents = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
    return documents if documents.is_dir() else Path.home()


def remember(purpose: str, file: Path) -> None:
    """Begin in the folder of this file the next time."""
    settings.set_value(_key(purpose), str(file.resolve().parent))


def _key(purpose: str) -> str:
    return f"folders/{purpose}"
