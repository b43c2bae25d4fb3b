"""Which laptop this is. Kept outside the store, so that a copied store does not make two laptops the same device."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from diwi_desktop import assets
from diwi_desktop.model.ids import is_id
from diwi_desktop.store.driver import store_error

# Consonants only: no words, no digits that look like letters. 20^3 = 8000 tags; the server settles the rare
# double when a laptop connects for the first time (ARCHITECTURE.md, Project codes).
TAG_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"


@dataclass(frozen=True, slots=True)
class Device:
    """`tag`: three letters that make the project codes of this laptop different from those of any other."""

    id: str
    tag: str

    @classmethod
    def new(cls) -> Device:
        import secrets  # once in the life of a laptop, and slow to load
        import uuid

        return cls(str(uuid.uuid4()), "".join(secrets.choice(TAG_LETTERS) for _ in range(3)))

    @classmethod
    def of_this_machine(cls, folder: Path | None = None) -> Device:
        """Read from the user's data folder; made and kept there the first time. Raises StoreError (no_data_folder)."""
        with _kept_in(folder) as path:
            try:
                data = json.loads(path.read_text(encoding="utf-8"))
                found = cls(data["id"].lower(), data["tag"])
                if not is_id(found.id) or len(found.tag) != 3 or not set(found.tag) <= set(TAG_LETTERS):
                    raise ValueError(found)
            except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):  # none, or not as we wrote it
                found = cls.new()
                found._keep(path)
            return found

    def retagged(self, folder: Path | None = None) -> Device:
        """This laptop with other letters, kept from now on: those it had are another's.

        Raises StoreError (no_data_folder).
        """
        device = Device(self.id, Device.new().tag)
        with _kept_in(folder) as path:
            device._keep(path)
        return device

    def _keep(self, path: Path) -> None:
        partial = path.with_name(f"{path.name}.{os.getpid()}")
        try:
            partial.write_text(json.dumps({"id": self.id, "tag": self.tag}), encoding="utf-8")
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)


@contextmanager
def _kept_in(folder: Path | None) -> Iterator[Path]:
    """The file that tells which laptop this is. Raises StoreError (no_data_folder) when it cannot be used."""
    try:
        yield (folder or assets.user_data_dir()) / "device.json"
    except OSError as error:
        raise store_error("no_data_folder") from error
