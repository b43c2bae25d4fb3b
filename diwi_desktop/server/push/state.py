"""What a push has to know of the register: fetched in a few queries before the first change is judged."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import msgspec
from psycopg import Connection, Cursor

from diwi_desktop.changes.change import DELETED
from diwi_desktop.changes.merge import MERGED, SAME, Head
from diwi_desktop.changes.messages import Push
from diwi_desktop.model.catalogue import OwnField, catalogue
from diwi_desktop.model.codes import Confidentiality, OwnFieldType
from diwi_desktop.model.rights import Access, address_key, scope_of
from diwi_desktop.server.problems import NoAccess
from diwi_desktop.server.push import below
from diwi_desktop.server.push.below import Below
from diwi_desktop.server.push.intake import Intake
from diwi_desktop.server.session import Session

# A push looks up rows by their keys in tables that may be large. LATERAL with LIMIT makes it key by key, whatever the
# planner thinks of tables that were filled a moment ago and that it knows no figures of yet.
_NO_SCANS = "SELECT " + ", ".join(
    f"set_config('enable_{way}', 'off', true)" for way in ("hashjoin", "mergejoin", "material", "bitmapscan", "memoize")
)
_HEADS = """
SELECT e.* FROM unnest(%s::uuid[]) AS u(id) CROSS JOIN LATERAL (
    SELECT id::text, kind, project::text, values::text, seqs::text, created, last, ctid::text FROM entity
    WHERE register = %s AND id = u.id LIMIT 1) e
"""
_KINDS = """
SELECT e.* FROM unnest(%s::uuid[]) AS u(id) CROSS JOIN LATERAL (
    SELECT id::text, kind, project::text, deleted, CASE WHEN kind = 'option' THEN values->>'list' END
    FROM entity WHERE register = %s AND id = u.id LIMIT 1) e
"""
_SCOPES = """
SELECT s.* FROM unnest(%s::text[]) AS u(scope) CROSS JOIN LATERAL (
    SELECT scope, kind, project::text, level, hold, CASE WHEN owners <> '{}' THEN owners::text[] END, digest, deleted,
        ctid::text FROM scope
    WHERE register = %s AND scope = u.scope LIMIT 1) s
"""
_ACTS = """
SELECT u.id::text, a.person FROM unnest(%s::uuid[]) AS u(id) CROSS JOIN LATERAL (
    SELECT person::text FROM act WHERE register = %s AND id = u.id LIMIT 1) a
"""
_DONE = """
SELECT u.id::text, l.n, l.seq FROM unnest(%s::uuid[]) AS u(id) CROSS JOIN LATERAL (
    SELECT n, seq FROM change_log WHERE register = %s AND act = u.id OFFSET 0) l
"""
_VERDICTS = """
SELECT u.id::text, v.* FROM unnest(%s::uuid[]) AS u(id) CROSS JOIN LATERAL (
    SELECT n, answer, scope, result, seq, person::text FROM verdict WHERE register = %s AND act = u.id OFFSET 0) v
"""
# What was applied and what was the same; the result of what became something else than was sent is told too.
_AFTERS = """
SELECT u.act::text, u.n, coalesce(l.seq, v.seq), v.result FROM unnest(%s::uuid[], %s::int[]) AS u(act, n)
LEFT JOIN LATERAL (SELECT seq FROM change_log WHERE register = %s AND act = u.act AND n = u.n LIMIT 1) l ON true
LEFT JOIN LATERAL (SELECT seq, result FROM verdict WHERE register = %s AND act = u.act AND n = u.n LIMIT 1) v ON true
WHERE l.seq IS NOT NULL OR v.seq IS NOT NULL
"""
_WRITERS = """
SELECT w.project::text, w.id::text, w.values->>'person', w.values->>'user_group', w.values->>'deleted_at',
    p.values->>'deleted_at'
FROM entity w JOIN entity p ON p.register = w.register AND p.id = w.project
WHERE w.register = %s AND w.project = ANY(%s::uuid[]) AND w.kind = 'writer'
"""
_MAKERS = """
SELECT u.id::text, l.act FROM unnest(%s::uuid[]) AS u(id)
CROSS JOIN LATERAL (SELECT created FROM entity WHERE register = %s AND id = u.id LIMIT 1) e
CROSS JOIN LATERAL (SELECT act::text FROM change_log WHERE register = %s AND seq = e.created LIMIT 1) l
"""
_SINCE = """
SELECT u.id::text, c.* FROM unnest(%s::uuid[], %s::text[], %s::bigint[]) AS u(id, scope, base) CROSS JOIN LATERAL (
    SELECT l.seq, l.field,
        (SELECT a.device = %s FROM act a WHERE a.register = l.register AND a.first_seq = l.part LIMIT 1),
        l.field = 'geometry' AND EXISTS (
            SELECT FROM change_log p WHERE p.register = l.register AND p.act = l.act AND p.project = l.project
                AND p.kind = 'parcel_link')
    FROM change_log l
    WHERE l.register = %s AND l.scope = u.scope AND l.entity = u.id AND l.seq > u.base OFFSET 0) c
"""
_NAME = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/([0-9]{1,9})")
_decode = msgspec.json.decode
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

LEVELS = list(Confidentiality)  # by rank: LEVELS[rank - 1]


def array(texts: Iterable[str]) -> str:
    """Ids as a literal of a PostgreSQL array; quicker than having each adapted."""
    return "{" + ",".join(texts) + "}"


@dataclass(slots=True)
class Scope:
    """A row of `scope`, followed through the push."""

    scope: str
    kind: str
    project: str | None = None
    level: int | None = None
    hold: int | None = None
    owners: frozenset[str] = frozenset()
    digest: int = 0
    deleted: bool = False
    place: str = ""  # of its row, as long as this transaction has the register
    made: bool = False  # by this push

    @property
    def rank(self) -> int | None:
        """The level that holds: the stricter one while people disagree."""
        if self.hold is None or self.level is None:
            return self.level if self.hold is None else self.hold
        return min(self.level, self.hold)


@dataclass(frozen=True, slots=True)
class Ownership:
    """A row of who owns a project, living or deleted."""

    owners: frozenset[str]
    deleted_at: str | None = None


@dataclass(slots=True)
class Register:
    seq: int
    epoch: int
    fields_seq: int


class Since(NamedTuple):
    """A change of an entity after the sequence that somebody made a change of his own on."""

    seq: int
    field: str
    own: bool  # by the same device
    parcels: bool  # in an act that changed parcels of the project too


@dataclass(slots=True)
class Known:
    """Everything at hand while changes are judged."""

    register: Register
    heads: dict[str, Head] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)  # of the rows of entities, as of scopes
    presumed: set[str] = field(default_factory=set)  # entities that were not looked up: this push makes them
    kinds: dict[str, str] = field(default_factory=dict)  # of what is pointed at
    projects: dict[str, str | None] = field(default_factory=dict)  # of parents
    lists: dict[str, str] = field(default_factory=dict)  # of options that are pointed at
    gone: set[str] = field(default_factory=set)  # of what is pointed at, that which is deleted
    scopes: dict[str, Scope] = field(default_factory=dict)
    writers: dict[str, dict[str, Ownership]] = field(default_factory=dict)  # by project and row
    deleted_at: dict[str, str] = field(default_factory=dict)  # the projects with owners that are deleted
    done: dict[tuple[str, int], int] = field(default_factory=dict)  # sequences of changes applied before
    answers: dict[tuple[str, int], tuple[str, str | None]] = field(default_factory=dict)  # given before; scope
    met: dict[tuple[str, int], int] = field(default_factory=dict)  # the heads that changes were the same as
    merged: set[tuple[str, int]] = field(default_factory=set)  # applied before as something else than was sent
    strangers: set[str] = field(default_factory=set)  # acts of other people
    makers: dict[str, str] = field(default_factory=dict)  # the acts that made the projects without owners
    since: dict[str, list[Since]] = field(default_factory=dict)  # by entity, where it matters who did what
    seen: Mapping[str, int] = field(default_factory=dict)  # as the push says
    below: list[Below] = field(default_factory=list)  # what others put under what is to be deleted
    own_fields: dict[str, OwnField] = field(default_factory=dict)  # filled when the push changes them
    closed: frozenset[str] = frozenset()  # groups that own something private, and not the viewer
    addresses: dict[str, str] = field(default_factory=dict)  # e-mail address, person; filled when people change

    def access(self, project: str) -> Access | None:
        scope = self.scopes.get(project)
        if scope is None or scope.rank is None:
            return None
        return Access(LEVELS[scope.rank - 1], scope.owners)


def begin(connection: Connection[Any], register: str) -> Register:
    """Take the register's row: pushes to one register come one after another. Raises NoAccess when it is not there."""
    connection.execute(_NO_SCANS)
    row = connection.execute(
        "SELECT seq, epoch, fields_seq FROM register WHERE id = %s FOR NO KEY UPDATE", (register,)
    ).fetchone()
    if row is None:
        raise NoAccess
    return Register(*row)


def fetch(
    connection: Connection[Any],
    session: Session,
    push: Push,
    intake: Intake,
    register: Register,
    *,
    free: bool,
    presume: bool = False,
) -> Known:
    """The heads of what is changed, what they hang under and point at, the rights on it and earlier answers.

    `free`: the user may change whatever he sees, so it does not matter who made what. `presume`: what is made by an act
    that nobody has sent before is taken to be new without looking, which has to turn out true (`take.within`).
    """
    id = session.register
    known = Known(register, seen=push.seen)
    entities, known.presumed = _named(push, presume)
    acts = {act.id for act in push.acts}
    with connection.pipeline():  # the database looks up while the push is gone through
        there = connection.execute(_ACTS, (array(acts), id))
        verdicts = connection.execute(_VERDICTS, (array(acts), id))
        heads = connection.execute(_HEADS, (array(entities), id)) if entities else None
        pointed, kinds = _pointed(push, intake)
        again = _answers(connection, id, session.person, there, verdicts, known)
        _afters(connection, id, acts, push, known)
        rows = heads.fetchall() if heads is not None else []
        if again and known.presumed:
            rows += _look_again(connection, id, again, push, known, entities)
        for entity, kind, project, *_ in rows:
            known.kinds[entity] = kind
            known.projects[entity] = project
        _kinds(connection, id, pointed - entities - known.presumed, known)
        scopes = _scopes(connection, id, known, entities | pointed)
        for entity, kind, project, values, seqs, created, last, place in rows:
            known.heads[entity] = Head(kind, project, _decode(values), _decode(seqs), created, last)
            known.places[entity] = place
        above = _above_what_comes_back(push, intake, known) - pointed - entities - known.presumed
        known.below = below.fetch(connection, session, push, known.heads)
        documents = {one.entity for one in known.below if one.kind == "document"} - pointed - entities
        _keep(known, scopes)
        if above or documents:
            _kinds(connection, id, above | documents, known)
            _keep(known, _scopes(connection, id, known, above | documents))
        _since(connection, session, push, known)
        if "writer" in kinds or ("project" in kinds and _deletes_projects(push)):
            _writers(connection, id, known)
        if "person" in kinds:
            people = connection.execute("SELECT email, person::text FROM membership WHERE register = %s", (id,))
            known.addresses = {address_key(email): person for email, person in people}
        if "own_field" in kinds:
            known.own_fields = {one.id: one for one in own_fields(connection, id)}
        if not free:
            _makers(connection, id, known)
    return known


def exist(connection: Connection[Any], id: str, entities: Iterable[str]) -> bool:
    """Whether any of these is there."""
    return connection.execute(_KINDS, (array(entities), id)).fetchone() is not None


def _named(push: Push, presume: bool) -> tuple[set[str], set[str]]:
    """The entities of a push: those to look up, and those that it makes before it does anything else with them."""
    if not presume:
        return {change.entity for act in push.acts for change in act.changes}, set()
    old: set[str] = set()
    new: set[str] = set()
    for act in push.acts:
        for change in act.changes:
            if change.field:
                if change.entity not in new:
                    old.add(change.entity)
            elif change.entity not in old:
                new.add(change.entity)
    return old, new


def _pointed(push: Push, intake: Intake) -> tuple[set[str], set[str]]:
    """The ids that changes point at, and the kinds of what is changed."""
    pointed: set[str] = set()
    kinds: set[str] = set()
    kind = None
    for act in push.acts:
        for change in act.changes:
            if kind is None or kind.kind != change.kind:
                kinds.add(change.kind)
                kind = intake.get(change.kind)
                if kind is None:
                    continue
            new = change.new
            if change.field:
                if change.field in kind.pointing:
                    pointed.update(one for one, _ in kind.references(change.field, new))
            elif type(new) is dict:
                if kind.parent:
                    pointed.add(str(new.get(kind.parent_key)))
                if not kind.pointing.keys().isdisjoint(new):
                    for key in kind.pointing.keys() & new.keys():
                        pointed.update(one for one, _ in kind.references(key, new[key]))
    return {one for one in pointed if _ID.fullmatch(one)}, kinds


def _look_again(
    connection: Connection[Any], id: str, again: set[str], push: Push, known: Known, entities: set[str]
) -> list[tuple[Any, ...]]:
    """The heads of what acts make that were sent before: of those it is likely that it is there."""
    there = {change.entity for act in push.acts if act.id in again for change in act.changes} & known.presumed
    known.presumed -= there
    entities |= there
    return connection.execute(_HEADS, (array(there), id)).fetchall() if there else []


def _above_what_comes_back(push: Push, intake: Intake, known: Known) -> set[str]:
    """What the entities hang under of which the deletion is undone."""
    found: set[str] = set()
    for act in push.acts:
        for change in act.changes:
            head = known.heads.get(change.entity) if change.field == DELETED and not change.new else None
            kind = intake.get(head.kind) if head is not None else None
            if head is not None and kind is not None and kind.parent:
                found.add(str(head.values.get(kind.parent_key)))
    return {one for one in found if _ID.fullmatch(one)}


def _answers(
    connection: Connection[Any], id: str, person: str, there: Cursor[Any], verdicts: Cursor[Any], known: Known
) -> set[str]:
    """What became of these acts before; the ids of those of which something did."""
    whose = dict(there.fetchall())
    known.strangers = {act for act, author in whose.items() if author != person}
    again = set(whose)
    for act, n, answer, scope, result, seq, author in verdicts.fetchall():
        again.add(act)
        known.answers[act, n] = (answer, scope)
        if result == SAME:
            known.met[act, n] = seq
        elif result == MERGED:
            known.merged.add((act, n))
        if author != person:
            known.strangers.add(act)
    if whose:
        rows = connection.execute(_DONE, (array(whose), id))
        known.done = {(act, n): seq for act, n, seq in rows}
    return again


def _afters(connection: Connection[Any], id: str, sent: set[str], push: Push, known: Known) -> None:
    """Earlier changes that were not pushed together with those that were made on them."""
    names = {change.after for act in push.acts for change in act.changes if change.after}
    pairs = [match.groups() for match in map(_NAME.fullmatch, names) if match is not None and match[1] not in sent]
    if pairs:
        given = (array(act for act, _ in pairs), array(n for _, n in pairs), id)
        for act, n, seq, result in connection.execute(_AFTERS, (*given, id)):
            if result in (None, SAME):
                known.met[act, n] = seq


def _kinds(connection: Connection[Any], id: str, entities: set[str], known: Known) -> None:
    if not entities:
        return
    rows = connection.execute(_KINDS, (array(entities), id))
    for entity, kind, project, deleted, listed in rows:
        known.kinds[entity] = kind
        known.projects[entity] = project
        if listed is not None:
            known.lists[entity] = listed
        if deleted:
            known.gone.add(entity)


def _scopes(connection: Connection[Any], id: str, known: Known, entities: set[str]) -> Cursor[Any]:
    """Asks for the scopes that whatever is known is of, and for those that these are themselves; see `_keep`."""
    wanted = {project for project in known.projects.values() if project} | {"register", "people", "exchange"}
    wanted |= {one for one in entities if known.kinds.get(one) in ("document", "person", "project")}
    return connection.execute(_SCOPES, (array(wanted - known.scopes.keys()), id))


def _keep(known: Known, scopes: Cursor[Any]) -> None:
    for scope, kind, project, level, hold, owners, digest, deleted, place in scopes:
        known.scopes[scope] = Scope(scope, kind, project, level, hold, frozenset(owners or ()), digest, deleted, place)


def _deletes_projects(push: Push) -> bool:
    """Or brings them back: it changes which rows say who owns them."""
    return any(change.kind == "project" and change.field == DELETED for act in push.acts for change in act.changes)


def _writers(connection: Connection[Any], id: str, known: Known) -> None:
    """The owners of the projects in this push, row by row: taking one row away must not take what another gives."""
    projects = [scope.scope for scope in known.scopes.values() if scope.kind == "project"]
    for project, writer, person, group, deleted_at, gone in connection.execute(_WRITERS, (id, array(projects))):
        owners = frozenset(one for one in (person, group) if one)
        known.writers.setdefault(project, {})[writer] = Ownership(owners, deleted_at)
        if gone is not None:
            known.deleted_at[project] = gone


def _makers(connection: Connection[Any], id: str, known: Known) -> None:
    """The acts that made the projects without owners: an act may come in several pushes."""
    bare = [one.scope for one in known.scopes.values() if one.kind == "project" and not one.owners]
    if bare:
        known.makers = dict(connection.execute(_MAKERS, (array(bare), id, id)).fetchall())


def _since(connection: Connection[Any], session: Session, push: Push, known: Known) -> None:
    """What happened to contours and to what is to be deleted since their author saw them."""
    bases: dict[str, int] = {}
    for act in push.acts:
        for change in act.changes:
            if change.field == "geometry" or (change.field == DELETED and change.new):
                head = known.heads.get(change.entity)
                if head is not None and head.last > change.base:
                    bases[change.entity] = min(change.base, bases.get(change.entity, change.base))
    if not bases:
        return
    scopes = [scope_of(known.heads[one].kind, one, known.heads[one].project) for one in bases]
    given = (array(bases), array(scopes), array(map(str, bases.values())), session.device, session.register)
    for entity, *since in connection.execute(_SINCE, given):
        known.since.setdefault(entity, []).append(Since(*since))


def own_fields(connection: Connection[Any], id: str) -> list[OwnField]:
    """The municipality's own fields, deleted ones too: undo may bring their values back."""
    rows = connection.execute(
        "SELECT id::text, values::text FROM entity WHERE register = %s AND kind = 'own_field' AND project IS NULL",
        (id,),
    )
    return [own_field(entity, _decode(values)) for entity, values in rows]


def own_field(entity: str, values: dict[str, Any]) -> OwnField:
    return OwnField(
        id=entity,
        object=values["object"],
        name=values["name"],
        type=OwnFieldType(values["type"]),
        mandatory=bool(values.get("mandatory")),
        single=values.get("single") is not False,
        help=values.get("help") or "",
        minimum=values.get("minimum"),
        maximum=values.get("maximum"),
        pattern=values.get("pattern") or "",
        disabled=bool(values.get("disabled")),
    )


class Intakes:
    """The intake of each register, made anew only when its own fields have changed."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[int, Intake]] = {}

    def of(self, connection: Connection[Any], id: str, fields_seq: int) -> Intake:
        kept = self._kept.get(id)
        if kept is None or kept[0] != fields_seq:
            kept = fields_seq, Intake(catalogue().with_own_fields(own_fields(connection, id)))
            self._kept[id] = kept
        return kept[1]
