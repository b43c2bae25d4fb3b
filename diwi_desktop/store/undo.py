"""Taking an act of the log back: an act that sets what it changed to what was there before."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from diwi_desktop.changes import undo
from diwi_desktop.changes.change import CREATED, DELETED, REFUSED, ActInfo, ActKind
from diwi_desktop.model import rights
from diwi_desktop.model.finding import Refused, UserError
from diwi_desktop.store import log, syncstate
from diwi_desktop.store.driver import Connection

if TYPE_CHECKING:
    from diwi_desktop.store.act import Act
    from diwi_desktop.store.apply import Tables


class UndoConflict(UserError):
    """Undo or redo would overwrite what another act has changed since."""

    code = "undo_conflict"


def take_back(act: Act, target: ActInfo, connection: Connection, tables: Tables, made_at: str, *, force: bool) -> None:
    """Put into `act` what takes `target` back; what `target` made becomes deleted at `made_at`.

    Raises UndoConflict when a value has since been changed by another act, unless `force`; Refused, with `force` too,
    when somebody whom `target` entered has been let in since.
    """
    done = [change for change in log.changes_of(connection, target.seq) if change.result not in REFUSED]
    settings = list(undo.inverse(done, made_at))
    if act.kind is ActKind.UNDO:
        gone = [entity for kind, entity, field, _, value in settings if (kind, field) == ("person", DELETED) and value]
        let_in = [rights.already_let_in(person) for person in gone if _let_in(person, connection, tables)]
        if let_in:
            raise Refused(let_in)
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


def _let_in(person: str, connection: Connection, tables: Tables) -> bool:
    """Whether somebody was invited since he was entered, or has another state than he was entered with."""
    now = tables.row(connection, "person", person) or {}
    made = connection.execute(
        "SELECT new FROM change WHERE kind = 'person' AND entity = ? AND field = ?", (person, CREATED)
    ).fetchone()
    first = json.loads(made[0]).get("state") if made else None
    return now.get("state") != first or syncstate.was_invited(connection, person)
