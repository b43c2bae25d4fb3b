"""What was decided goes into the log and into what follows from it, a few statements for a whole push."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection, Copy

from diwi_desktop.changes.digest import mark
from diwi_desktop.changes.merge import MERGED
from diwi_desktop.changes.messages import WireAct
from diwi_desktop.server.push.intake import is_moment
from diwi_desktop.server.push.judge import NULL, Judge, Other, Touched
from diwi_desktop.server.push.state import Scope, array
from diwi_desktop.server.session import Session

_encode = msgspec.json.encode
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")

# Straight into the register's part of the log, in which `register` has a default.
LOG = "seq, part, act, n, kind, entity, project, scope, field, old, new, base, after"
_INSERT_ENTITIES = """
INSERT INTO entity (register, id, kind, project, scope, values, seqs, created, last, deleted)
SELECT register, entity, kind, project, scope, new, '{}', seq, seq, new ? 'deleted_at' FROM change_log
WHERE register = %s AND seq > %s AND field = ''
"""
# Rows are found key by key as in `state`, and then by where they are.
_UPDATE_ENTITIES = """
UPDATE entity e SET values = e.values || s.values, seqs = e.seqs || s.seqs, last = s.last, deleted = s.deleted
FROM (SELECT g.*, t.ctid AS place FROM stage_entity g
      CROSS JOIN LATERAL (SELECT ctid FROM entity WHERE register = %s AND id = g.id LIMIT 1) t OFFSET 0) s
WHERE e.ctid = s.place
"""
_SCOPES = """
INSERT INTO scope AS s (register, scope, kind, project, level, owners, hold, digest, mark, deleted)
SELECT %s, scope, kind, project, level, owners::uuid[], hold, digest, mark, deleted
FROM jsonb_to_recordset(%s::jsonb) AS r(scope text, kind text, project uuid, level smallint, owners text,
    hold smallint, digest bigint, mark bigint, deleted boolean)
ON CONFLICT (register, scope) DO UPDATE SET level = excluded.level, owners = excluded.owners, hold = excluded.hold,
    digest = excluded.digest, mark = excluded.mark, deleted = excluded.deleted
"""
_VERDICTS = """
INSERT INTO verdict (register, act, n, person, result, scope, seq, answer, change, received_at)
SELECT %s, act, n, %s, result, scope, seq, answer, change, %s
FROM jsonb_to_recordset(%s::jsonb) AS r(act uuid, n bigint, result text, scope text, seq bigint, answer text,
    change text)
"""
_ACTS = """
INSERT INTO act (register, first_seq, id, name, kind, undoes, author, person, device, made_at, received_at)
SELECT %s, first_seq, id, coalesce(name, ''), kind, undoes, %s, %s, %s, made_at, %s FROM stage_act
"""
_SHAPES = """
INSERT INTO plan_area_shape (register, id, project, geom)
SELECT %s, id, project, geom::geometry FROM jsonb_to_recordset(%s::jsonb) AS r(id uuid, project uuid, geom text)
ON CONFLICT (register, id) DO UPDATE SET geom = excluded.geom
"""


def stage(connection: Connection[Any], register: str, judge: Judge, acts: list[WireAct], now: datetime) -> None:
    """Judge all acts, and send what is applied to the log meanwhile: the database writes along.

    What follows from it goes to the staging tables.
    """
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY {part_of(register)} ({LOG}) FROM STDIN (NULL '{NULL}')".encode()) as copy:
            for act in acts:
                for _ in judge.act(act):
                    _send(copy, judge.lines)
            _send(copy, judge.lines)
        if judge.parts:
            with cursor.copy("COPY stage_act FROM STDIN (NULL '')") as copy:
                _send(copy, [_act(part, act, now) for part, act in judge.parts.items()])
        edited = [_entity(entity, one) for entity, one in judge.touched.items() if one.fields]
        if edited:
            with cursor.copy("COPY stage_entity FROM STDIN") as copy:
                _send(copy, edited)


def part_of(register: str) -> str:
    """The table with a register's part of the log. It can be added to, by COPY too; it is read through `change_log`."""
    return f"diwi.change_log_{UUID(register).hex}"


def _send(copy: Copy, lines: list[str]) -> None:
    # The word for NULL has no backslash, so one pass doubles all backslashes of the JSON.
    if lines:
        copy.write(("\n".join(lines) + "\n").replace("\\", "\\\\"))
        lines.clear()


def write(connection: Connection[Any], session: Session, author: str, judge: Judge, now: datetime) -> None:
    """Everything of one push beside the log, in the transaction that holds the register."""
    id = session.register
    with connection.pipeline():  # the database works while the rest is put together
        if judge.parts:
            if judge.made:
                connection.execute(_INSERT_ENTITIES, (id, judge.known.register.seq))
            connection.execute(_UPDATE_ENTITIES, (id,))
            connection.execute(_ACTS, (id, author, session.person, session.device, now))
            _digests(judge)
        if judge.scopes:
            connection.execute(_SCOPES, (id, _encode([_scope(one) for one in judge.scopes.values()]).decode()))
        if judge.shapes:
            _shapes(connection, id, judge)
        # Under the name of somebody else's act nothing is kept: it would be taken for his.
        kept = [_verdict(one) for one in judge.others if one.act.id not in judge.known.strangers]
        if kept:
            others = _encode(kept).decode()
            connection.execute(_VERDICTS, (id, session.person, now, others))
        if judge.parts or judge.rights_changed:
            connection.execute(
                "UPDATE register SET seq = %s, epoch = epoch + %s,"
                " fields_seq = CASE WHEN %s THEN %s ELSE fields_seq END WHERE id = %s",
                (judge.seq, int(judge.rights_changed), judge.fields_changed, judge.seq, id),
            )


def _digests(judge: Judge) -> None:
    """Follow the digest of every scope in which something happened."""
    for entity, one in judge.touched.items():
        scope = judge.scopes[one.scope] = judge.known.scopes[one.scope]
        if one.before:
            scope.digest ^= _signed(mark(entity, one.before))
        scope.digest ^= _signed(mark(entity, one.head.last))


def _signed(number: int) -> int:
    """64 bits as PostgreSQL's bigint has them."""
    return number - (1 << 64) if number >> 63 else number


def unsigned(number: int) -> int:
    return number & (1 << 64) - 1


def _scope(one: Scope) -> dict[str, Any]:
    return {
        "scope": one.scope,
        "kind": one.kind,
        "project": one.project,
        "level": one.level,
        "owners": array(sorted(one.owners)),
        "hold": one.hold,
        "digest": one.digest,
        "mark": _signed(mark(one.scope, unsigned(one.digest))) if one.digest else 0,
        "deleted": one.deleted,
    }


def _verdict(one: Other) -> dict[str, Any]:
    return {
        "act": one.act.id,
        "n": one.change.n,
        "result": MERGED if one.blind else one.answer.result,
        "scope": one.scope,
        "seq": one.met or one.answer.seq,
        "answer": _encode(one.answer).decode(),
        "change": _encode(one.change).decode(),
    }


def _entity(entity: str, one: Touched) -> str:
    head = one.head
    values = _encode({key: head.values[key] for key in one.fields}).decode()
    seqs = _encode({key: head.seqs[key] for key in one.fields}).decode()
    return f"{entity}\t{values}\t{seqs}\t{head.last}\t{head.deleted}"


def _act(part: int, act: WireAct, now: datetime) -> str:
    made_at = act.made_at if act.made_at.endswith("Z") and is_moment(act.made_at) else stamp(now)
    return f"{part}\t{act.id}\t{_CONTROL.sub(' ', act.name)}\t{act.kind}\t{act.undoes or ''}\t{made_at}"


def stamp(moment: datetime) -> str:
    """UTC with a Z, to the microsecond."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _shapes(connection: Connection[Any], id: str, judge: Judge) -> None:
    kept = [{"id": key, "project": project, "geom": geom} for key, (project, geom) in judge.shapes.items() if geom]
    gone = [key for key, (_, geom) in judge.shapes.items() if not geom]
    if gone:
        connection.execute(
            "DELETE FROM plan_area_shape WHERE register = %s AND id = ANY(%s::uuid[])", (id, array(gone))
        )
    if kept:
        connection.execute(_SHAPES, (id, _encode(kept).decode()))
