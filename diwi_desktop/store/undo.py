"""Taking an act of the log back: an act that sets what it changed to what was there before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from diwi_desktop.changes import undo
from diwi_desktop.changes.change import REFUSED, ActInfo
from diwi_desktop.model.finding import UserError
from diwi_desktop.store import log
from diwi_desktop.store.driver import Connection

if TYPE_CHECKING:
    from diwi_desktop.store.act import Act
    from diwi_desktop.store.apply import Tables


class UndoConflict(UserError):
    """Undo or redo would overwrite what another act has changed since."""

    code = "undo_conflict"


def take_back(act: Act, target: ActInfo, connection: Connection, tables: Tables, made_at: str, *, force: bool) -> None:
    """Put into `act` what takes `target` back; what `target` made becomes deleted at `made_at`.

    Raises UndoConflict when a value has since been changed by another act, unless `force`.
    """
    done = [change for change in log.changes_of(connection, target.seq) if change.result not in REFUSED]
    settings = list(undo.inverse(done, made_at))
    if not force:
        now: dict[tuple[str, str], dict[str, Any]] = {}
        for kind, entity, field, expected, value in settings:
            key = (kind, entity)
            if key not in now:
                now[key] = tables.row(connection, kind, entity) or {}
            if now[key].get(field) != expected:
                raise UndoConflict(
                    f"'{target.name}' is niet ongedaan gemaakt: de waarde is daarna door een ander gewijzigd.",
                    f"'{target.name}' was not undone: somebody else changed the value since.",
                )
            now[key][field] = value  # an act may have set a value twice: made and deleted again
    for kind, entity, field, _, value in settings:
        act.put(kind, entity, field, value)
