"""Acts that the server makes itself: the first person of a register, an activation, a lock, a handover.

They go through the same judge and the same log as what laptops push, so every laptop gets them, and the history tells.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

from psycopg import Connection

from diwi_desktop.changes.change import ActKind
from diwi_desktop.changes.messages import SCHEMA as MESSAGES
from diwi_desktop.changes.messages import Push, WireAct, WireChange
from diwi_desktop.model.rights import SOLE
from diwi_desktop.server.db import Database
from diwi_desktop.server.problems import Invalid
from diwi_desktop.server.push.state import Intakes, begin
from diwi_desktop.server.push.take import within
from diwi_desktop.server.push.write import stamp
from diwi_desktop.server.registers import SERVER
from diwi_desktop.server.session import Session

Change = tuple[str, str, str | None, str, Any]  # kind, entity, project, field, new
Makes = Callable[[Connection[Any]], list[Change]]


def server_session(register: str, person: str, name: str) -> Session:
    """A session for what the server does in the name of a person."""
    return Session(account="", person=person, register=register, device=SERVER, name=name)


def apply(
    database: Database,
    intakes: Intakes,
    session: Session,
    name: str,
    make: Makes,
    now: datetime,
    *,
    kind: ActKind = ActKind.SYSTEM,
    then: Callable[[Connection[Any], int], None] | None = None,
) -> int:
    """One act of changes that are allowed already; how many were applied.

    `make` says what to change, under the lock of the register, so that nothing happens in between; `then` is called in
    the same transaction with how many changes there were. Raises Invalid when a value does not fit, and Busy.
    """
    with database.transaction(session.register) as connection:
        register = begin(connection, session.register)
        changes = make(connection)
        push = Push(MESSAGES, [_act(session, name, kind, _with_bases(connection, session.register, changes), now)])
        intake = intakes.of(connection, session.register, register.fields_seq)
        (done,) = within(connection, session, session.name, SOLE, push, intake, register, now).acts
        refused = [answer for answer in done.others if answer.result != "same"]
        if refused:
            raise Invalid(errors=[{"detail": answer.en, "code": answer.code, "nl": answer.nl} for answer in refused])
        applied = sum(seq > 0 for seq in done.seqs)
        if then is not None:
            then(connection, applied)
    return applied


def _with_bases(connection: Connection[Any], register: str, changes: list[Change]) -> list[tuple[Change, Any, int]]:
    """Each change with the value it is made on and the sequence of that."""
    known = {}
    if changes:
        rows = connection.execute(
            "SELECT id::text, values, seqs, created FROM entity WHERE register = %s AND id = ANY(%s::uuid[])",
            (register, [change[1] for change in changes]),
        )
        known = {id: (values, seqs, created) for id, values, seqs, created in rows}
    based = []
    for change in changes:
        values, seqs, created = known.get(change[1], ({}, {}, 0))
        based.append((change, values.get(change[3]), seqs.get(change[3], created)))
    return based


def _act(session: Session, name: str, kind: ActKind, changes: list[tuple[Change, Any, int]], now: datetime) -> WireAct:
    wire = [
        WireChange(n, what, entity, project, field, old, new, base)
        for n, ((what, entity, project, field, new), old, base) in enumerate(changes)
    ]
    return WireAct(str(uuid4()), name, kind.value, session.device, stamp(now), wire)
