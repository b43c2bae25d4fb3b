"""What becomes of each change: known before, allowed, fitting, and how it meets the head of its field."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from psycopg import Connection

from diwi_desktop.changes import merge
from diwi_desktop.changes.change import CREATED, DELETED, ActKind
from diwi_desktop.changes.merge import APPLIED, CONFLICT, DENIED, INVALID, MERGED, SAME, Head, Verdict
from diwi_desktop.changes.messages import Answer, WireAct, WireChange
from diwi_desktop.model.catalogue import catalogue
from diwi_desktop.model.codes import Confidentiality, UserRole
from diwi_desktop.model.finding import Finding
from diwi_desktop.model.rights import (
    Access,
    Viewer,
    document_access,
    edits,
    refusal,
    scope_of,
    sees,
    sees_person,
    sees_scope,
)
from diwi_desktop.model.values import BadValue
from diwi_desktop.server.push import contours
from diwi_desktop.server.push.intake import Intake, KindIntake, check_definition, unknown
from diwi_desktop.server.push.state import LEVELS, Known, Scope, makers, own_field, own_fields
from diwi_desktop.server.session import Session

_ACT_KINDS = frozenset(kind.value for kind in ActKind)
# Kinds of which a change may alter who sees or may do what.
_RIGHTS_KINDS = frozenset({"writer", "group_member", "user_group", "person"})
# Kinds whose rights depend on more than the project.
_SPECIAL = frozenset({"project", "writer", "document"})
_SCOPE_KINDS = {"project": "project", "document": "document", "person": "person"}


@dataclass(slots=True)
class Touched:
    """An entity that this push writes: what is new of it, and its last sequence before."""

    head: Head
    scope: str
    before: int
    made: bool
    values: dict[str, Any] = field(default_factory=dict)
    seqs: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class LogRow:
    """A change that is applied."""

    act: WireAct
    change: WireChange
    seq: int
    part: int
    project: str | None
    scope: str
    old: Any
    new: Any
    base: int


@dataclass(slots=True)
class Other:
    """A change that was not simply applied."""

    act: WireAct
    change: WireChange
    answer: Answer
    scope: str | None


class Judge:
    """Goes through a push change by change; what it decides is written afterwards, all at once."""

    def __init__(self, connection: Connection[Any], session: Session, viewer: Viewer, known: Known, intake: Intake):
        self._connection, self._session, self._viewer = connection, session, viewer
        self.known, self._intake = known, intake
        self._act = ""
        self._makers: dict[str, str] | None = None
        self._applied: dict[tuple[str, int], int] | None = None
        self._free: dict[str, bool] = {}  # projects of which whatever hangs under them may be changed
        self._result: dict[tuple[str, int], int] = {}  # of this push: the sequence a change got or met
        self.seq = known.register.seq
        self.rows: list[LogRow] = []
        self.others: list[Other] = []
        self.touched: dict[str, Touched] = {}
        self.scopes: dict[str, Scope] = {}  # to be written
        self.shapes: dict[str, tuple[str, str | None]] = {}  # plan area: project, contour
        self.rights_changed = False
        self.fields_changed = False

    def act(self, act: WireAct) -> None:
        """Judge the changes of one act that have not been judged before."""
        if act.id != self._act:
            self._act = act.id
            self._free.clear()
        part = self.seq + 1
        stranger = act.id in self.known.strangers or act.kind not in _ACT_KINDS
        done, answers = self.known.done, self.known.answers
        parcels = any(change.kind == contours.PARCELS for change in act.changes)
        for change in act.changes:
            name = act.id, change.n
            if name in self._result:
                continue
            if name in done or name in answers:
                self._result[name] = done.get(name, 0)
                continue
            if stranger:
                self._refuse(act, change, unknown("unknown_act"))
                continue
            self._change(act, change, part, parcels)

    def seqs(self, act: WireAct) -> list[int]:
        """The sequences of the changes of an act, in the order sent; 0 for what was not applied."""
        applied = {(row.act.id, row.change.n): row.seq for row in self.rows} if self._applied is None else self._applied
        self._applied = applied
        return [applied.get((act.id, c.n)) or self.known.done.get((act.id, c.n), 0) for c in act.changes]

    def _change(self, act: WireAct, change: WireChange, part: int, parcels: bool) -> None:
        kind = self._intake.get(change.kind)
        if kind is None:
            return self._refuse(act, change, unknown("unknown_kind"))
        made = change.field == CREATED
        head = self.known.heads.get(change.entity)
        if head is not None:
            if head.kind != change.kind:
                return self._refuse(act, change, unknown("unknown_entity"))
            project = head.project
        elif not made:
            return self._refuse(act, change, unknown("unknown_entity"))
        else:
            try:
                project = self._new_project(kind, change)
            except BadValue as error:
                return self._refuse(act, change, error)
        scope = scope_of(change.kind, change.entity, project)
        finding = self._refusal(change, head, project)
        if finding is not None:
            return self._deny(act, change, finding, head, scope)
        try:
            new = kind.creation(change.new) if made else kind.value(change.field, change.new)
            self._check(kind, change, new, head)
        except BadValue as error:
            return self._refuse(act, change, error, head, scope)
        verdict = self._decide(change, kind, new, head, parcels)
        if verdict.result in (APPLIED, MERGED):
            self._apply(act, change, verdict, head, project, scope, part)
            if verdict.result == MERGED and verdict.value != change.new:
                # The author never saw what came of it, so what he did after it was not made on it.
                self._result[act.id, change.n] = 0
            if verdict.value != change.new:
                self.others.append(Other(act, change, Answer(change.n, MERGED, self.seq, verdict.value), scope))
            return None
        if verdict.result == CONFLICT:
            self._hold(change, new)
        elif change.field == "confidentiality" and self._base(change) == verdict.seq:
            self._release(change.entity)
        self._result[act.id, change.n] = verdict.seq if verdict.result == SAME else 0
        self.others.append(Other(act, change, Answer(change.n, verdict.result, verdict.seq, verdict.value), scope))
        return None

    # -- where a change belongs and who may make it ------------------------------------------------------------------

    def _new_project(self, kind: KindIntake, change: WireChange) -> str | None:
        """The project of a new entity, itself for a project, None outside projects.

        Raises BadValue when what it hangs under is not there.
        """
        if kind.kind == "project":
            return change.entity
        if not kind.parent:
            return None
        above = change.new.get(kind.parent_key) if isinstance(change.new, dict) else None
        if not isinstance(above, str) or self.known.kinds.get(above) != kind.parent:
            raise unknown("unknown_parent")
        return self.known.projects.get(above)

    def _refusal(self, change: WireChange, head: Head | None, project: str | None) -> Finding | None:
        kind = change.kind
        if project is None or (kind == "project" and head is None):
            role = None
            if kind == "person" and head is not None:
                role = UserRole(head.values.get("role") or UserRole.USER)
            return refusal(self._viewer, kind, change.entity, change.field, change.new, role=role)
        if kind not in _SPECIAL:
            free = self._free.get(project)
            if free is None:
                access = self._access(project)
                free = self._free[project] = access is not None and edits(self._viewer, access)
            if free:
                return None
        access = self._access(project)
        if access is None:
            return refusal(self._viewer, kind, change.entity, change.field, change.new, access=_HIDDEN)
        if kind == "document" and head is not None:
            access = document_access(access, self._level(change.entity))
        return refusal(self._viewer, kind, change.entity, change.field, change.new, access=access)

    def _access(self, project: str) -> Access | None:
        access = self.known.access(project)
        if access is None or (access.owners and not self.known.scopes[project].made):
            return access
        if self.known.scopes[project].made or self._maker(project) == self._act:
            # Who makes a project owns it until the act ends; then its own rows say who does.
            return Access(access.level, access.owners | {self._viewer.person})
        return access

    def _maker(self, project: str) -> str | None:
        """The act that made a project without owners: an act may come in several pushes."""
        if self._makers is None:
            bare = [one.scope for one in self.known.scopes.values() if one.kind == "project" and not one.owners]
            self._makers = makers(self._connection, self._session.register, bare)
        return self._makers.get(project)

    def _level(self, document: str) -> Confidentiality | None:
        scope = self.known.scopes.get(document)
        return None if scope is None or scope.rank is None else LEVELS[scope.rank - 1]

    def _sees(self, kind: str, entity: str, project: str | None) -> bool:
        if project is None:
            return (
                sees_person(self._viewer, entity)
                if kind == "person"
                else sees_scope(self._viewer, scope_of(kind, entity, None))
            )
        access = self._access(project)
        if access is not None and kind == "document":
            access = document_access(access, self._level(entity))
        return access is not None and sees(self._viewer, access)

    # -- whether it fits --------------------------------------------------------------------------------------------

    def _check(self, kind: KindIntake, change: WireChange, new: Any, head: Head | None) -> None:
        """References to what is not there, and definitions that do not hold together. Raises BadValue."""
        if change.field == CREATED:
            for key in kind.pointing.keys() & new.keys():
                self._exist(kind, key, new[key])
            return
        if change.field in kind.pointing:
            self._exist(kind, change.field, new)
        if kind.kind == "own_field" and head is not None and change.field != DELETED:
            check_definition({**head.values, change.field: new})

    def _exist(self, kind: KindIntake, key: str, value: Any) -> None:
        for one, wanted in kind.references(key, value):
            if self.known.kinds.get(one) != wanted:
                raise BadValue(
                    "unknown_option" if wanted == "option" else "unknown_reference",
                    f"{kind.fields[key].nl}: deze keuze bestaat niet.",
                    f"{kind.fields[key].en}: this choice does not exist.",
                )

    # -- how it meets the head --------------------------------------------------------------------------------------

    def _base(self, change: WireChange) -> int:
        """The sequence it was made on: that of the author's own earlier change, if that was applied."""
        if not change.after:
            return change.base
        act, _, n = change.after.partition("/")
        if not n.isdecimal() or len(n) > 9:
            return change.base
        name = act, int(n)
        if name in self.known.merged:
            return change.base
        return self._result.get(name) or self.known.done.get(name) or self.known.met.get(name) or change.base

    def _decide(self, change: WireChange, kind: KindIntake, new: Any, head: Head | None, parcels: bool) -> Verdict:
        if change.field == DELETED and new and head is not None and head.deleted:
            return Verdict(SAME, head.values[DELETED], head.seq(DELETED))  # the first time stays
        base = self._base(change)
        if change.field == DELETED and new and head is not None and head.last > change.base:
            base = change.base if self._unseen(change, base) else head.last
        field_ = kind.fields.get(change.field)

        def merged_contour(old: Any, mine: Any, theirs: Any) -> str | None:
            both = parcels and contours.came_with_parcels(self._connection, self._session.register, change.entity, base)
            return contours.merge(old, mine, theirs, parcels=both)

        verdict = merge.decide(field_, change.field, change.old, new, base, head, merged_contour)
        if verdict.result == MERGED and field_ is not None and head is not None:
            try:
                value = kind.value(change.field, verdict.value)
            except BadValue:  # two sentences do not fit on one line: people decide
                return Verdict(CONFLICT, head.values.get(change.field), head.seq(change.field))
            return Verdict(MERGED, value, verdict.seq)
        return verdict

    def _unseen(self, change: WireChange, after: int) -> bool:
        """Whether an entity that is to be deleted has changes, from before this push, that its author never saw.

        `after` is the sequence of his own last change to it: what his device did up to there he knows.
        """
        touched = self.touched.get(change.entity)
        before = self.known.heads[change.entity].last if touched is None else touched.before
        if before <= change.base:
            return False
        row = self._connection.execute(
            "SELECT EXISTS (SELECT FROM change_log l JOIN act a ON a.register = l.register AND a.first_seq = l.part"
            " JOIN entity e ON e.register = l.register AND e.id = l.entity AND e.scope = l.scope"
            " WHERE l.register = %s AND l.entity = %s AND l.seq > %s AND (a.device <> %s OR l.seq > %s))",
            (self._session.register, change.entity, change.base, self._session.device, after),
        ).fetchone()
        return row is not None and bool(row[0])

    def _hold(self, change: WireChange, wanted: Any) -> None:
        """While people disagree on who may know, the stricter level holds."""
        scope = self.known.scopes.get(change.entity)
        if change.field != "confidentiality" or scope is None or wanted is None:
            return
        rank = Confidentiality(wanted).rank
        if rank < (scope.rank or len(LEVELS) + 1):
            scope.hold = rank
            self._rights_of(scope)

    def _release(self, entity: str) -> None:
        scope = self.known.scopes.get(entity)
        if scope is not None and scope.hold is not None:
            scope.hold = None
            self._rights_of(scope)

    def _rights_of(self, scope: Scope) -> None:
        self.scopes[scope.scope] = scope
        self._free.pop(scope.scope, None)
        self.rights_changed = True

    # -- the three ends ---------------------------------------------------------------------------------------------

    def _refuse(
        self, act: WireAct, change: WireChange, error: BadValue, head: Head | None = None, scope: str | None = None
    ) -> None:
        seq = head.seq(change.field) if head is not None and scope is not None else 0
        value = head.values.get(change.field) if head is not None and scope is not None and change.field else None
        answer = Answer(change.n, INVALID, seq, value, code=error.code, nl=error.nl[:500], en=error.en[:500])
        self._result[act.id, change.n] = 0
        self.others.append(Other(act, change, answer, scope))

    def _deny(self, act: WireAct, change: WireChange, finding: Finding, head: Head | None, scope: str) -> None:
        answer = Answer(change.n, DENIED, code=finding.code, nl=finding.nl, en=finding.en)
        if head is not None and change.field and self._sees(change.kind, change.entity, head.project):
            answer = Answer(
                change.n, DENIED, head.seq(change.field), head.values.get(change.field),
                code=finding.code, nl=finding.nl, en=finding.en,
            )  # fmt: skip
        self._result[act.id, change.n] = 0
        self.others.append(Other(act, change, answer, scope))

    def _apply(
        self,
        act: WireAct,
        change: WireChange,
        verdict: Verdict,
        head: Head | None,
        project: str | None,
        scope: str,
        part: int,
    ) -> None:
        self.seq = seq = self.seq + 1
        self._result[act.id, change.n] = seq
        entity, key, value = change.entity, change.field, verdict.value
        if head is None:
            head = Head(change.kind, project, value, {}, seq, seq)
            self.known.heads[entity] = head
            self.known.kinds[entity] = change.kind
            self.known.projects[entity] = project
            self.touched[entity] = Touched(head, scope, 0, True)
            self.rows.append(LogRow(act, change, seq, part, project, scope, None, dict(value), 0))
            if change.kind in _SCOPE_KINDS:
                self._new_scope(change, value, project)
        else:
            touched = self.touched.get(entity)
            if touched is None:
                touched = self.touched[entity] = Touched(head, scope, head.last, False)
            old, base = head.values.get(key), head.seq(key)
            head.values[key] = touched.values[key] = value
            head.seqs[key] = touched.seqs[key] = seq
            head.last = seq
            self.rows.append(LogRow(act, change, seq, part, project, scope, old, value, base))
        if scope not in self.known.scopes:
            self.known.scopes[scope] = Scope(scope, "fixed", made=True)
        self._follow(change, head, project)

    def _new_scope(self, change: WireChange, values: dict[str, Any], project: str | None) -> None:
        level = values.get("confidentiality")
        if change.kind == "project" and level is None:
            level = Confidentiality.INTERNAL_CIVIL
        self.known.scopes[change.entity] = Scope(
            change.entity,
            _SCOPE_KINDS[change.kind],
            project,
            None if level is None else Confidentiality(level).rank,
            made=True,
        )

    def _follow(self, change: WireChange, head: Head, project: str | None) -> None:
        """What else an applied change brings about: rights, contours, own fields."""
        kind, key = change.kind, change.field
        if kind == "writer" and project is not None:
            self._owners(change.entity, head, project)
        elif kind == "plan_area" and project is not None and key in (CREATED, "geometry", DELETED):
            contour = None if head.deleted else head.values.get("geometry")
            self.shapes[change.entity] = (project, contour)
        elif kind == "own_field":
            self._own_fields()
        if kind in _RIGHTS_KINDS:
            self.rights_changed = True
        if kind in ("project", "document") and key == "confidentiality":
            scope = self.known.scopes[change.entity]
            level = head.values.get(key)
            scope.level = None if level is None else Confidentiality(level).rank
            scope.hold = None
            self._rights_of(scope)
        if key == DELETED and kind in _SCOPE_KINDS:
            scope = self.known.scopes[change.entity]
            scope.deleted = head.deleted
            self.scopes[scope.scope] = scope

    def _owners(self, writer: str, head: Head, project: str) -> None:
        rows = self.known.writers.setdefault(project, {})
        given = (head.values.get("person"), head.values.get("user_group"))
        rows[writer] = frozenset() if head.deleted else frozenset(one for one in given if one)
        scope = self.known.scopes[project]
        scope.owners = frozenset().union(*rows.values())
        self._rights_of(scope)

    def _own_fields(self) -> None:
        """The definitions have changed: what follows in this push is judged by the new ones."""
        self.fields_changed = True
        found = [
            own_field(entity, head.values) for entity, head in self.known.heads.items() if head.kind == "own_field"
        ]
        given = {one.id for one in found}
        kept = [one for one in own_fields(self._connection, self._session.register) if one.id not in given]
        self._intake = Intake(catalogue().with_own_fields(kept + found))


# A project that this server does not know: nobody sees it.
_HIDDEN = Access(Confidentiality.PRIVATE)
