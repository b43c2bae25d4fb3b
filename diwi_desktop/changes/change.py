"""A change of one field, or the making of one entity, and the act it belongs to."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

CREATED = ""  # the field of a change that makes an entity; its `new` holds all first values
DELETED = "deleted_at"


class ActKind(StrEnum):
    """Where an act comes from. Only USER and IMPORT acts can be undone; UNDO and REDO name the act they are about.

    A SYNC act sets fields to the server's value after a refusal; it never travels.
    """

    USER = "user"
    IMPORT = "import"
    SYSTEM = "system"
    UNDO = "undo"
    REDO = "redo"
    SYNC = "sync"


UNDOABLE = frozenset({ActKind.USER, ActKind.IMPORT})
# The result of a change that stays on this laptop, and the results of those that the server did not take over.
LOCAL = "local"
REFUSED = frozenset({"conflict", "denied", "invalid"})


@dataclass(frozen=True, slots=True)
class Change:
    """`old` and `new` are in log shape (JSON; geometry as EWKB in hexadecimal).

    `n` counts the changes of an act from 0. To the outside a change is known by its act's id and `n`: `change_id`.
    `base_seq`, `after`, `server_seq` and `result` belong to the synchronisation and are empty offline.
    """

    n: int
    kind: str
    entity: str
    field: str
    old: Any
    new: Any
    project: str | None = None
    base_seq: int | None = None
    after: str | None = None
    server_seq: int | None = None
    result: str | None = None


def change_id(act: str, n: int) -> str:
    """How a change is named outside its act."""
    return f"{act}/{n}"


@dataclass(frozen=True, slots=True)
class ActInfo:
    """An act as it stands in the log. `entities` and `projects` are what it touched."""

    seq: int
    id: str
    name: str
    kind: ActKind
    author: str
    device: str
    made_at: str
    undoes: int | None = None
    entities: frozenset[tuple[str, str]] = field(default=frozenset(), compare=False)
    projects: frozenset[str] = field(default=frozenset(), compare=False)
