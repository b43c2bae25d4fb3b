"""One push from request to reply."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import msgspec
from psycopg import Connection
from psycopg.errors import UniqueViolation

from diwi_desktop.changes.merge import CONFLICT, DENIED, SAME
from diwi_desktop.changes.messages import MOST_CHANGES, ActAnswer, Answer, Push, PushReply
from diwi_desktop.model.rights import SOLE, Right, Viewer, may
from diwi_desktop.server import audit, viewer, views, visibility
from diwi_desktop.server import cursor as cursors
from diwi_desktop.server.db import Database
from diwi_desktop.server.problems import Busy, TooLarge
from diwi_desktop.server.push import groups
from diwi_desktop.server.push.intake import Intake
from diwi_desktop.server.push.judge import Judge
from diwi_desktop.server.push.outcome import Other
from diwi_desktop.server.push.state import Intakes, Known, Register, array, begin, exist, fetch
from diwi_desktop.server.push.write import stage, write
from diwi_desktop.server.session import Session


class Presumed(Exception):
    """Something that was taken to be new is there already."""


_answer = msgspec.json.Decoder(Answer)
_turns: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)


@contextmanager
def _turn(register: str, seconds: float) -> Iterator[None]:
    """One push to a register at a time: the database would let the others wait too, each with a connection that
    somebody who pulls could use. Raises Busy.
    """
    lock = _turns[register]
    if not lock.acquire(timeout=seconds):
        raise Busy
    try:
        yield
    finally:
        lock.release()


def run(database: Database, intakes: Intakes, session: Session, push: Push, now: datetime) -> PushReply:
    """Take a push in. Raises TooLarge, NoAccess, Restored, CursorUnknown and Busy."""
    if sum(len(act.changes) for act in push.acts) > MOST_CHANGES:
        raise TooLarge(f"A push holds at most {MOST_CHANGES} changes.")
    with _turn(session.register, database.wait):
        try:
            return _run(database, intakes, session, push, now, presume=True)
        except (Presumed, UniqueViolation):
            return _run(database, intakes, session, push, now, presume=False)


def _run(
    database: Database, intakes: Intakes, session: Session, push: Push, now: datetime, *, presume: bool
) -> PushReply:
    with database.transaction(session.register) as connection:
        register = begin(connection, session.register)
        if push.cursor:
            views.check(views.register_of(connection, session.register), cursors.parse(push.cursor))
        person = viewer.person_of(connection, session)
        intake = intakes.of(connection, session.register, register.fields_seq)
        who = viewer.as_viewer(person)
        return within(connection, session, person.name, who, push, intake, register, now, presume=presume, audited=True)


def run_as_server(database: Database, session: Session, push: Push, now: datetime) -> PushReply:
    """The same for what the server does itself, which no rights of users bind."""
    with database.transaction(session.register) as connection:
        register = begin(connection, session.register)
        intake = Intakes().of(connection, session.register, register.fields_seq)
        return within(connection, session, session.name, SOLE, push, intake, register, now)


def within(
    connection: Connection[Any],
    session: Session,
    author: str,
    who: Viewer,
    push: Push,
    intake: Intake,
    register: Register,
    now: datetime,
    *,
    presume: bool = False,
    audited: bool = False,
) -> PushReply:
    """A push within a transaction that has the register (`state.begin`). Nothing of it raises.

    `presume` as with `state.fetch`: when that was not true it raises Presumed or UniqueViolation, and is to be done
    anew. `audited`: the audit log tells of it.
    """
    known = fetch(connection, session, push, intake, register, free=may(who, Right.EDIT_ALL), presume=presume)
    _hide(connection, session.register, who, known)
    known.closed = groups.closed(connection, session.register, who, push, known)
    judge = Judge(who, known, intake)
    follows = stage(connection, session, author, judge, push.acts, now)
    refused = known.presumed - judge.touched.keys()
    if refused and exist(connection, session.register, refused):
        raise Presumed
    _name_heads(connection, session.register, judge)
    earlier = _earlier(connection, session, who, push, known)
    with connection.pipeline():  # the database works while the answer is put together
        check = write(connection, session, judge, follows, now)
        reply = _reply(push, judge, earlier)
        if audited:
            audit.record_push(connection, session, push, reply, at=now)
    check()
    return reply


def _hide(connection: Connection[Any], register: str, who: Viewer, known: Known) -> None:
    """Of other people's acts only what the author may see was there before: the rest tells how much they changed."""
    if not known.strangers:
        return
    rows = connection.execute(
        "SELECT act::text, n, scope FROM change_log WHERE register = %s AND act = ANY(%s::uuid[])",
        (register, array(known.strangers)),
    ).fetchall()
    seen = visibility.among(connection, register, who, {scope for *_, scope in rows})
    for act, n, scope in rows:
        if scope not in seen:
            known.done.pop((act, n), None)


def _name_heads(connection: Connection[Any], register: str, judge: Judge) -> None:
    """Whose the heads are that changes ran into, and when they were made."""
    met = {_met(one) for one in judge.others} - {0}
    if not met:
        return
    rows = connection.execute(
        "SELECT l.seq, a.author, a.made_at FROM change_log l"
        " JOIN act a ON a.register = l.register AND a.first_seq = l.part"
        " WHERE l.register = %s AND l.seq = ANY(%s::bigint[])",
        (register, array(map(str, met))),
    )
    whose = {seq: (author, made_at) for seq, author, made_at in rows}
    judge.others = [_named(one, whose) for one in judge.others]


def _met(one: Other) -> int:
    """The sequence of what its author is told of: a deletion, or the head of the field; 0 for nothing."""
    return (one.met or one.answer.seq) if one.answer.result in (CONFLICT, SAME, DENIED) else 0


def _named(one: Other, whose: dict[int, tuple[str, str]]) -> Other:
    found = whose.get(_met(one))
    if found is not None:
        one.answer = msgspec.structs.replace(one.answer, author=found[0], made_at=found[1])
    return one


def _earlier(
    connection: Connection[Any], session: Session, who: Viewer, push: Push, known: Known
) -> dict[str, list[Answer]]:
    """The answers that were given before, without what the author may not see any more."""
    acts = {act.id for act in push.acts} - known.strangers
    asked = {(act.id, change.n) for act in push.acts for change in act.changes}
    found = {name: given for name, given in known.answers.items() if name in asked and name[0] in acts}
    if not found:
        return {}
    scopes = {scope for _, scope in found.values() if scope is not None}
    seen = visibility.among(connection, session.register, who, scopes)
    answers: dict[str, list[Answer]] = {}
    for (act, _), (text, scope) in found.items():
        answer = _answer.decode(text)
        if scope is not None and scope not in seen:
            answer = Answer(answer.n, answer.result, code=answer.code, nl=answer.nl, en=answer.en)
        answers.setdefault(act, []).append(answer)
    return answers


def _reply(push: Push, judge: Judge, earlier: dict[str, list[Answer]]) -> PushReply:
    others: dict[str, list[Answer]] = dict(earlier)
    for one in judge.others:
        others.setdefault(one.act.id, []).append(one.answer)
    first = judge.known.register.seq + 1
    acts = []
    for act in push.acts:
        answers = others.get(act.id, [])
        if answers:
            sent = {change.n for change in act.changes}
            answers = [answer for answer in answers if answer.n in sent]
        acts.append(ActAnswer(act.id, judge.seqs(act), sorted(answers, key=_by_n)))
    return PushReply(acts, first if judge.parts else 0, judge.seq if judge.parts else 0, judge.seq)


def _by_n(answer: Answer) -> int:
    return answer.n
