"""What was decided goes into the log and into what follows from it, a few statements for a whole push."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from psycopg import Connection, Copy

from diwi_desktop.changes.digest import mark, marks
from diwi_desktop.changes.merge import MERGED
from diwi_desktop.changes.messages import WireAct
from diwi_desktop.server.push.intake import is_moment
from diwi_desktop.server.push.judge import Judge
from diwi_desktop.server.push.outcome import CONTROL, NULL, Other, Touched, encode
from diwi_desktop.server.push.state import Scope, array
from diwi_desktop.server.session import Session

_SEPARATOR = "\x01"  # in texts without signs that control

# Straight into the register's part of the log, in which `register` has a default.
LOG = "seq, part, act, n, kind, entity, project, scope, field, old, new, base, after"
_INSERT_ENTITIES = """
INSERT INTO entity (register, id, kind, project, scope, values, seqs, created, last, deleted)
SELECT register, entity, kind, project, scope, new, '{}', seq, seq, new ? 'deleted_at' FROM change_log
WHERE register = %s AND seq > %s AND field = ''
"""
_EDITED = """
UPDATE entity e SET values = e.values || s.values::jsonb, seqs = e.seqs || s.seqs::jsonb, last = s.last,
    deleted = s.deleted
FROM {rows} WHERE e.ctid = s.place
"""
_ROWS = "unnest(%s::{key}[], string_to_array(%s, %s), string_to_array(%s, %s), %s::bigint[], %s::boolean[])"
# What was read is found where it was: nobody else changes rows of a register whose row is locked. What the planner
# thinks of tables that it knows no figures of must not make it look anywhere else.
_WAYS = ("seqscan", "indexscan", "indexonlyscan")
_BY_PLACE, _BY_KEY = (
    "SELECT " + ", ".join(f"set_config('enable_{way}', '{how}', true)" for way in _WAYS) for how in ("off", "on")
)
_UPDATE_ENTITIES = _EDITED.format(rows=f"{_ROWS.format(key='tid')} AS s(place, values, seqs, last, deleted)")
# What this push made is found key by key, as in `state`.
_UPDATE_MADE = _EDITED.format(
    rows=f"""(SELECT g.*, t.ctid AS place FROM {_ROWS.format(key="uuid")} AS g(id, values, seqs, last, deleted)
    CROSS JOIN LATERAL (SELECT ctid FROM entity WHERE register = %s AND id = g.id LIMIT 1) t OFFSET 0) s"""
)
_DIGESTS = """
UPDATE scope s SET digest = d.digest, mark = d.mark
FROM unnest(%s::tid[], %s::bigint[], %s::bigint[]) AS d(place, digest, mark) WHERE s.ctid = d.place
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
SELECT %s, first_seq, id, coalesce(name, ''), kind, undoes, %s, %s, %s, made_at, %s
FROM unnest(%s::bigint[], %s::uuid[], string_to_array(%s, %s), %s::text[], %s::uuid[], %s::text[])
    AS a(first_seq, id, name, kind, undoes, made_at)
"""
_SHAPES = """
INSERT INTO plan_area_shape (register, id, project, geom)
SELECT %s, id, project, geom::geometry FROM jsonb_to_recordset(%s::jsonb) AS r(id uuid, project uuid, geom text)
ON CONFLICT (register, id) DO UPDATE SET geom = excluded.geom
"""


class Statement(NamedTuple):
    """What goes to the database, and how many rows it has to concern."""

    query: str
    given: tuple[Any, ...]
    rows: int | None = None


def stage(
    connection: Connection[Any], session: Session, author: str, judge: Judge, acts: list[WireAct], now: datetime
) -> list[Statement]:
    """Judge all acts, and send what is applied to the log meanwhile: the database writes along.

    While it still does, what follows from the log is put together, for `write`.
    """
    into = f"COPY {part_of(session.register)} ({LOG}) FROM STDIN (NULL '{NULL}')".encode()
    with connection.cursor() as cursor, cursor.copy(into) as copy:
        for act in acts:
            for _ in judge.act(act):
                _send(copy, judge.lines)
        _send(copy, judge.lines)
        return _following(session, author, judge, now)


def part_of(register: str) -> str:
    """The table with a register's part of the log. It can be added to, by COPY too; it is read through `change_log`."""
    return f"diwi.change_log_{UUID(register).hex}"


def _send(copy: Copy, lines: list[str]) -> None:
    # The word for NULL has no backslash, so one pass doubles all backslashes of the JSON.
    if lines:
        copy.write(("\n".join(lines) + "\n").replace("\\", "\\\\"))
        lines.clear()


def _following(session: Session, author: str, judge: Judge, now: datetime) -> list[Statement]:
    """What follows from the changes in the log: entities, acts, scopes and contours."""
    id = session.register
    follows: list[Statement] = []
    if judge.parts:
        follows += _entities(id, judge)
        follows.append(_acts(session, author, judge, now))
    if judge.scopes:
        scopes = encode([_scope(one) for one in judge.scopes.values()]).decode()
        follows.append(Statement(_SCOPES, (id, scopes), len(judge.scopes)))
    if judge.shapes:
        follows += _shapes(id, judge)
    return follows


def write(
    connection: Connection[Any], session: Session, judge: Judge, follows: list[Statement], now: datetime
) -> Callable[[], None]:
    """Everything of one push beside the log, in the transaction that holds the register and within a pipeline.

    What is returned is to be called after that: it raises RuntimeError when something was not where it was read.
    """
    done = [(connection.execute(one.query.encode(), one.given), one.rows) for one in follows]
    # Under the name of somebody else's act nothing is kept: it would be taken for his.
    kept = [_verdict(one) for one in judge.others if one.act.id not in judge.known.strangers]
    if kept:
        others = encode(kept).decode()
        connection.execute(_VERDICTS, (session.register, session.person, now, others))
    if judge.parts or judge.rights_changed:
        connection.execute(
            "UPDATE register SET seq = %s, epoch = epoch + %s,"
            " fields_seq = CASE WHEN %s THEN %s ELSE fields_seq END WHERE id = %s",
            (judge.seq, int(judge.rights_changed), judge.fields_changed, judge.seq, session.register),
        )

    def check() -> None:
        for cursor, rows in done:
            if rows is not None and cursor.rowcount != rows:
                raise RuntimeError(f"{cursor.rowcount} rows instead of {rows}")

    return check


def _entities(id: str, judge: Judge) -> Iterator[Statement]:
    """The entities that were there, with the digests of their scopes, and those that this push made."""
    places = judge.known.places
    edited = [(entity, one) for entity, one in judge.touched.items() if one.fields]
    there = [(places[entity], one) for entity, one in edited if entity in places]
    made = [(entity, one) for entity, one in edited if entity not in places]
    digests = _digests(judge)
    yield Statement(_BY_PLACE, ())
    if there:
        yield Statement(_UPDATE_ENTITIES, _rows(there), len(there))
    if digests:
        yield Statement(_DIGESTS, _marks(digests), len(digests))
    yield Statement(_BY_KEY, ())
    if judge.made:
        yield Statement(_INSERT_ENTITIES, (id, judge.known.register.seq), judge.made)
    if made:
        yield Statement(_UPDATE_MADE, (*_rows(made), id), len(made))


def _rows(edited: list[tuple[str, Touched]]) -> tuple[str, ...]:
    """Key, values, sequences, last sequence and whether deleted; JSON holds no character that separates here."""
    heads = [(one.head, one.fields) for _, one in edited]
    return (
        _quoted(key for key, _ in edited),
        _SEPARATOR.join(encode({key: head.values[key] for key in fields}).decode() for head, fields in heads),
        _SEPARATOR,
        _SEPARATOR.join(encode({key: head.seqs[key] for key in fields}).decode() for head, fields in heads),
        _SEPARATOR,
        array(str(head.last) for head, _ in heads),
        array("t" if head.deleted else "f" for head, _ in heads),
    )


def _quoted(texts: Iterable[str]) -> str:
    """As `array`, of what may hold a comma."""
    return '{"' + '","'.join(texts) + '"}'


def _acts(session: Session, author: str, judge: Judge, now: datetime) -> Statement:
    acts = judge.parts.values()
    given = (
        array(map(str, judge.parts)),
        array(act.id for act in acts),
        _SEPARATOR.join(CONTROL.sub(" ", act.name) for act in acts),
        _SEPARATOR,
        array(act.kind for act in acts),
        array(act.undoes or "NULL" for act in acts),
        array(_made_at(act, now) for act in acts),
    )
    return Statement(_ACTS, (session.register, author, session.person, session.device, now, *given), len(acts))


def _made_at(act: WireAct, now: datetime) -> str:
    return act.made_at if act.made_at.endswith("Z") and is_moment(act.made_at) else stamp(now)


def _digests(judge: Judge) -> list[Scope]:
    """Follow the digest of every scope in which something happened. Those of which nothing else changes."""
    moved: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    for entity, one in judge.touched.items():
        if one.before:
            moved[one.scope].append((entity, one.before))
        moved[one.scope].append((entity, one.head.last))
    changed = {key: judge.known.scopes[key] for key in moved}
    for key, scope in changed.items():
        scope.digest ^= _signed(marks(moved[key]))
    judge.scopes |= {key: scope for key, scope in changed.items() if scope.made}
    return [scope for key, scope in changed.items() if key not in judge.scopes]


def _marks(scopes: list[Scope]) -> tuple[str, str, str]:
    """Places of scopes, their digests, and those as they go into the digest of the whole."""
    return (
        _quoted(scope.place for scope in scopes),
        array(str(scope.digest) for scope in scopes),
        array(str(_mark(scope)) for scope in scopes),
    )


def _signed(number: int) -> int:
    """64 bits as PostgreSQL's bigint has them."""
    return number - (1 << 64) if number >> 63 else number


def unsigned(number: int) -> int:
    return number & (1 << 64) - 1


def _mark(one: Scope) -> int:
    """As the digest of a scope goes into the digest of the whole."""
    return _signed(mark(one.scope, unsigned(one.digest))) if one.digest else 0


def _scope(one: Scope) -> dict[str, Any]:
    return {
        "scope": one.scope,
        "kind": one.kind,
        "project": one.project,
        "level": one.level,
        "owners": array(sorted(one.owners)),
        "hold": one.hold,
        "digest": one.digest,
        "mark": _mark(one),
        "deleted": one.deleted,
    }


def _verdict(one: Other) -> dict[str, Any]:
    return {
        "act": one.act.id,
        "n": one.change.n,
        "result": MERGED if one.blind else one.answer.result,
        "scope": one.scope,
        "seq": one.met or one.answer.seq,
        "answer": encode(one.answer).decode(),
        "change": encode(one.change).decode(),
    }


def stamp(moment: datetime) -> str:
    """UTC with a Z, to the microsecond."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _shapes(id: str, judge: Judge) -> Iterator[Statement]:
    kept = [{"id": key, "project": project, "geom": geom} for key, (project, geom) in judge.shapes.items() if geom]
    gone = [key for key, (_, geom) in judge.shapes.items() if not geom]
    if gone:
        yield Statement("DELETE FROM plan_area_shape WHERE register = %s AND id = ANY(%s::uuid[])", (id, array(gone)))
    if kept:
        yield Statement(_SHAPES, (id, encode(kept).decode()), len(kept))
