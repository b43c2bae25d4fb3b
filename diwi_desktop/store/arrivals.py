"""What others changed, as it came from the server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from diwi_desktop.changes.change import ActKind

if TYPE_CHECKING:
    from diwi_desktop.store.store import Store


@dataclass(frozen=True, slots=True)
class Arrived:
    """One change by somebody else. `made_at` is ISO text, `field` empty for something new."""

    seq: int
    author: str
    made_at: str
    project: str | None
    kind: str
    entity: str
    field: str


def since(store: Store, seq: int, *, project: str | None = None, limit: int = 500) -> list[Arrived]:
    """What others changed after a log position, of all projects or of one, latest first; only what the viewer sees."""
    rows = store.read().execute(
        "SELECT a.seq, a.author, a.made_at, c.project, c.kind, c.entity, c.field"
        " FROM change c JOIN act a ON a.seq = c.act_seq"
        " WHERE c.act_seq > :seq AND (:project IS NULL OR c.project = :project)"
        " AND a.device <> :device AND a.author <> :author AND a.kind <> :sync"
        " ORDER BY c.act_seq DESC, c.n LIMIT :limit",
        {
            "seq": seq, "project": project, "device": store.device.id, "author": store.author,
            "sync": ActKind.SYNC.value, "limit": limit,
        },
    )  # fmt: skip
    return [Arrived(*row) for row in rows]
