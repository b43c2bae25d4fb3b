"""Changes as a laptop makes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from diwi_desktop.changes.messages import WireChange
from tests.server.harness import Laptop


@dataclass
class Made:
    """A project that a laptop made: its id and the changes that make it, with its owner."""

    id: str
    changes: list[WireChange]


def project(laptop: Laptop, *, owner: str | None = "", start: int = 0, **values: Any) -> Made:
    """A project with a writer row: the laptop's own person, another one, or nobody (None)."""
    id = laptop.new_id()
    first = {
        "name": "De Hoek", "start_date": "2024-01-15", "end_date": "2030-12-31", "color": "#FF5733",
        "confidentiality": "INTERNAL_CIVIL", **values,
    }  # fmt: skip
    changes = [made("project", id, id, first, n=start)]
    if owner is not None:
        row = {"project_id": id, "person": owner or laptop.session.person}
        changes.append(made("writer", laptop.new_id(), id, row, n=start + 1))
    return Made(id, changes)


def made(kind: str, entity: str, project: str | None, values: dict[str, Any], *, n: int = 0) -> WireChange:
    """A new entity."""
    return WireChange(n, kind, entity, project, "", None, values)


def changed(
    kind: str, entity: str, project: str | None, field: str, old: Any, new: Any, *, base: int = 0, n: int = 0,
    after: str | None = None,
) -> WireChange:  # fmt: skip
    return WireChange(n, kind, entity, project, field, old, new, base, after)
