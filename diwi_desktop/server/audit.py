"""The audit log: action, object, result, origin, actor and time (BIO2 8.15.01).

Append-only by database privilege. It has ids and counts, never the content of plans, and nothing that helps to break in
(BIO2 8.15.02): no passwords, codes or tokens.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from psycopg import Connection
from psycopg.rows import dict_row

from diwi_desktop.changes.messages import Push, PushReply
from diwi_desktop.server.session import Session


class Action(StrEnum):
    """What is written down."""

    SIGN_IN = "sign-in"
    SIGN_OUT = "sign-out"
    REUSE = "refresh-reuse"
    ACTIVATE = "activate"
    CREDENTIALS = "credentials-change"
    DEVICE_ENDED = "device-ended"
    INVITE = "invite"
    RESET = "sign-in-reset"
    LOCK = "lock"
    UNLOCK = "unlock"
    HANDOVER = "handover"
    RIGHTS = "rights-change"
    PUSH = "push"
    PULL = "pull"
    SNAPSHOT = "snapshot"
    EXPORT = "export"
    DOCUMENT = "document-download"
    READ_AUDIT = "audit-read"
    DENIED = "denied"
    MAINTENANCE = "maintenance"


class Result(StrEnum):
    DONE = "done"
    FAILED = "failed"
    DENIED = "denied"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it, where there is no session of a register. `name` is a name, an e-mail address or a command."""

    name: str = ""
    account: str | None = None
    register: str | None = None
    person: str | None = None
    device: str | None = None


# The place on the network of the present request; the middleware of `ops` sets it.
origin: ContextVar[str] = ContextVar("diwi_origin", default="")

# Changes of these fields give or take rights, or decide who somebody is (BIO2 5.18.01); "" is the making. A change of
# a level that two people disagree on holds the stricter one meanwhile, so that it did not come through is told too.
_RIGHTS = {
    "person": frozenset({"", "role", "state", "email", "deleted_at"}),
    "group_member": frozenset({"", "person", "user_group_id", "deleted_at"}),
    "writer": frozenset({"", "person", "user_group", "deleted_at"}),
    "user_group": frozenset({"deleted_at"}),
    "project": frozenset({"confidentiality"}),
    "document": frozenset({"confidentiality"}),
}
# What became of a change that was not simply taken; what was the same already changed nothing.
_OUTCOMES = {"merged": "done", "denied": "denied", "conflict": "failed", "invalid": "failed"}
_LONGEST = 200

_INSERT = """
INSERT INTO diwi.audit (at, register, account, person, device, actor, origin, action, object, result, count)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
_PAGE = """
SELECT id, at, actor, person, device, origin, action, object, result, count FROM diwi.audit
WHERE register = %s AND (%s::bigint IS NULL OR id < %s) AND at >= coalesce(%s, '-infinity'::timestamptz)
  AND (%s::text IS NULL OR action = %s)
ORDER BY id DESC LIMIT %s
"""


def record(
    connection: Connection[Any],
    session: Session | Actor,
    action: Action,
    about: str = "",
    result: Result = Result.DONE,
    *,
    count: int | None = None,
    at: datetime | None = None,
) -> None:
    """One line, in the transaction of what it tells of: one of the register's or of the accounts'.

    `about` is the object: an id, or a kind and an id, never a value of a plan.
    """
    connection.execute(_INSERT, _row(session, action, about, result, count, at))


def _row(
    session: Session | Actor, action: Action, about: str, result: Result, count: int | None, at: datetime | None
) -> tuple[Any, ...]:
    return (
        at or datetime.now(UTC),
        session.register or None,
        session.account or None,
        session.person or None,
        session.device or None,
        session.name[:_LONGEST],
        origin.get(),
        action.value,
        about[:_LONGEST],
        result.value,
        count,
    )


def record_push(
    connection: Connection[Any], session: Session, push: Push, reply: PushReply, *, at: datetime | None = None
) -> None:
    """A push: one line for the whole, one for each change of rights whatever became of it, one if anything was denied.

    What is sent again after its answer got lost, and was not taken the first time, is written down again.
    """
    denied = 0
    rows = []
    answers = {answer.act: answer for answer in reply.acts}
    for act in push.acts:
        answer = answers.get(act.id)
        if answer is None:
            continue
        others = {other.n: other.result for other in answer.others}
        denied += sum(result == "denied" for result in others.values())
        for change, seq in zip(act.changes, answer.seqs, strict=False):
            decisive = _RIGHTS.get(change.kind)
            if decisive is None or change.field not in decisive:
                continue
            fresh = bool(seq) and reply.first <= seq <= reply.last
            outcome = "done" if fresh else _OUTCOMES.get(others.get(change.n, ""), "") if not seq else ""
            if outcome:
                where = f"{change.kind} {change.entity} {change.field or 'made'}"
                rows.append(_row(session, Action.RIGHTS, where, Result(outcome), None, at))
    taken = reply.last - reply.first + 1 if reply.first else 0
    rows.append(_row(session, Action.PUSH, "", Result.DONE, taken, at))
    if denied:
        rows.append(_row(session, Action.DENIED, "push", Result.DENIED, denied, at))
    with connection.cursor() as cursor:
        cursor.executemany(_INSERT, rows)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line as it is read back."""

    id: int
    at: datetime
    actor: str
    person: str | None
    device: str | None
    origin: str
    action: str
    object: str
    result: str
    count: int | None


def entries(
    connection: Connection[Any],
    register: str,
    *,
    before: int | None = None,
    since: datetime | None = None,
    action: str | None = None,
    limit: int = 100,
) -> list[Entry]:
    """The newest lines of a register, or those before a line that was read; within the register's own transaction."""
    rows = connection.execute(_PAGE, (register, before, before, since, action, action, limit)).fetchall()
    return [
        Entry(number, at, actor, _text(person), _text(device), *rest)
        for number, at, actor, person, device, *rest in rows
    ]


_AFTER = """
SELECT id, at, register::text, account::text, person::text, device::text, actor, origin, action, object, result, count
FROM diwi.audit WHERE id > %s AND id <= %s ORDER BY id
"""


def after(connection: Connection[Any], line: int) -> Iterator[dict[str, Any]]:
    """The lines of all registers and of the accounts that came after one, to send on; as the owner of the tables.

    Waits for whoever is writing: a line whose number was given before another's may be stored after it, and who goes on
    from the last number would never see it. Raises psycopg.errors.LockNotAvailable after ten seconds.
    """
    with connection.transaction():
        connection.execute("SET LOCAL lock_timeout = '10s'")
        connection.execute("LOCK TABLE diwi.audit IN SHARE MODE")
        last = connection.execute("SELECT coalesce(max(id), 0) FROM diwi.audit").fetchone()
    with connection.cursor(row_factory=dict_row) as cursor:
        for row in cursor.stream(_AFTER, (line, last[0] if last else 0)):
            yield {**row, "at": row["at"].astimezone(UTC).isoformat()}


def expire(connection: Connection[Any], now: datetime, keep_days: int) -> int:
    """Removes what is older than the retention; how many lines. Only the owner of the tables can."""
    done = connection.execute("DELETE FROM diwi.audit WHERE at < %s", (now - timedelta(days=keep_days),))
    return done.rowcount


def _text(value: object) -> str | None:
    return None if value is None else str(value)
