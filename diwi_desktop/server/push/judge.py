"""What becomes of each change: known before, allowed, fitting, and how it meets the head of its field."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec

from diwi_desktop.changes import merge
from diwi_desktop.changes.change import CREATED, DELETED, ActKind
from diwi_desktop.changes.merge import APPLIED, CONFLICT, DENIED, INVALID, MERGED, SAME, Head, Verdict
from diwi_desktop.changes.messages import Answer, WireAct, WireChange
from diwi_desktop.model.catalogue import Field, Merge, catalogue
from diwi_desktop.model.codes import Confidentiality, PersonState, UserRole
from diwi_desktop.model.finding import Finding
from diwi_desktop.model.rights import (
    Access,
    Viewer,
    address_key,
    address_taken,
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
from diwi_desktop.server.push.groups import group_of
from diwi_desktop.server.push.intake import Intake, KindIntake, check_definition, unknown
from diwi_desktop.server.push.state import LEVELS, Known, Ownership, Scope, own_field
from diwi_desktop.server.push.tree import Tree

_MOST_N = 2**31 - 1
_BLOCK = 500  # changes that are judged before the database hears of them
NULL = "~"  # in a row for COPY: no JSON, no id, and of no use as a name of a change
_encode = msgspec.json.encode
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_ACT_KINDS = frozenset(kind.value for kind in ActKind)
# Kinds of which a change may alter who sees or may do what.
_RIGHTS_KINDS = frozenset({"writer", "group_member", "user_group", "person"})
# Kinds whose rights depend on more than the project.
_SPECIAL = frozenset({"project", "writer", "document"})
# Kinds of which a change brings nothing else about.
_PLAIN = frozenset(kind.kind for kind in catalogue().kinds) - _RIGHTS_KINDS - {
    "project", "document", "plan_area", "own_field"
}  # fmt: skip
_SCOPE_KINDS = {"project": "project", "document": "document", "person": "person"}


@dataclass(slots=True)
class Touched:
    """An entity that this push writes, its last sequence before (0: it was not there) and which fields it changes."""

    head: Head
    scope: str
    before: int
    fields: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Other:
    """A change that was not simply applied. `met`: what it ran into, when that is not the head of its own field."""

    act: WireAct
    change: WireChange
    answer: Answer
    scope: str | None
    blind: bool = False  # a merge that came to the same as the head, which its author had not seen
    met: int = 0


class Judge:
    """Goes through a push change by change. Pure: what it needs is in `known`, what it decides is written by others.

    `lines` are the changes that are applied, as rows of the log (`write.LOG`); who writes them may take some out.
    """

    def __init__(self, viewer: Viewer, known: Known, intake: Intake) -> None:
        self._viewer = viewer
        self.known, self._intake = known, intake
        self._act = ""
        self._tree = Tree(known, self._base, self._sees)
        self._moments: dict[str, str] = {}  # of the projects that the present act deletes or brings back
        self._free: dict[str, bool] = {}  # projects of which whatever hangs under them may be changed
        self._result: dict[tuple[str, int], int] = {}  # of this push: what a change got, met, or was refused on
        self._applied: dict[tuple[str, int], int] = {}
        self.seq = known.register.seq
        self.lines: list[str] = []
        self.parts: dict[int, WireAct] = {}  # by first sequence: what came of each act in this push
        self.others: list[Other] = []
        self.touched: dict[str, Touched] = {}
        self.made = 0  # entities
        self.scopes: dict[str, Scope] = {}  # to be written
        self.shapes: dict[str, tuple[str, str | None]] = {}  # plan area: project, contour
        self.rights_changed = False
        self.fields_changed = False

    def act(self, act: WireAct) -> Iterator[None]:
        """Judge the changes of one act that have not been judged before; a pause whenever there are lines to write."""
        if act.id != self._act:
            self._act = act.id
            self._free.clear()
        part = self.seq + 1
        stranger = act.id in self.known.strangers or act.kind not in _ACT_KINDS
        done, answers, result = self.known.done, self.known.answers, self._result
        parcels = any(change.kind == contours.PARCELS for change in act.changes)
        self._tree.begin(act)
        self._moments = self._deleting(act)
        for change in act.changes:
            name = act.id, change.n
            if name in result:
                continue
            if name in done or name in answers:
                result[name] = done.get(name) or self._under(change, name)
                continue
            if stranger or change.n > _MOST_N:
                self._refuse(act, change, unknown("unknown_act"))
                continue
            self._change(act, change, part, parcels)
            if len(self.lines) >= _BLOCK:
                yield
        moments, self._moments = self._moments, {}
        for project in moments:
            self._owners(project)
        if self.seq >= part:
            self.parts[part] = act

    def seqs(self, act: WireAct) -> list[int]:
        """The sequences of the changes of an act, in the order sent; 0 for what was not applied."""
        id, applied, done = act.id, self._applied, self.known.done
        if not done:
            return [applied.get((id, change.n), 0) for change in act.changes]
        return [applied.get((id, change.n)) or done.get((id, change.n), 0) for change in act.changes]

    def _change(self, act: WireAct, change: WireChange, part: int, parcels: bool) -> None:
        kind = self._intake.get(change.kind)
        if kind is None:
            return self._refuse(act, change, unknown("unknown_kind"))
        made = change.field == CREATED
        head = self.known.heads.get(change.entity)
        if head is not None:
            if head.kind != change.kind:
                return self._unknown(act, change, kind, unknown("unknown_entity"))
            project = head.project
        elif not made:
            return self._unknown(act, change, kind, unknown("unknown_entity"))
        else:
            try:
                project = self._new_project(kind, change)
            except BadValue as error:
                return self._unknown(act, change, kind, error)
        scope = scope_of(change.kind, change.entity, project)
        finding = self._refusal(change, head, project)
        if finding is not None:
            return self._deny(act, change, finding, head, scope)
        try:
            new = kind.creation(change.new) if made else kind.value(change.field, change.new)
            self._check(kind, change, new, head)
            if head is None and DELETED not in new and self._tree.has_lost_its_place(change.kind, new, project):
                raise _NO_PLACE
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
        field_ = kind.fields.get(change.field)
        blind = verdict.result == SAME and field_ is not None and field_.merge is Merge.FREE and verdict.value != new
        self._result[act.id, change.n] = (
            self._base(change) if verdict.result == CONFLICT else 0 if blind else verdict.seq
        )
        answer = Answer(change.n, verdict.result, verdict.seq, verdict.value)
        deletion = head.seq(DELETED) if head is not None and head.deleted and verdict.result == CONFLICT else 0
        self.others.append(Other(act, change, answer, scope, blind, deletion))
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
            role = state = None
            if kind == "person" and head is not None:
                role = UserRole(head.values.get("role") or UserRole.USER)
                state = PersonState(head.values.get("state") or PersonState.INVITED)
            closed = kind == "group_member" and group_of(change, head) in self.known.closed
            return refusal(
                self._viewer, kind, change.entity, change.field, change.new, role=role, state=state, closed=closed
            )
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
        if self.known.scopes[project].made or self.known.makers.get(project) == self._act:
            # Who makes a project owns it until the act ends; then its own rows say who does.
            return Access(access.level, access.owners | {self._viewer.person})
        return access

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
        if kind.kind == "person":
            self._own_address(change, new, head)
        if change.field == CREATED:
            for key in kind.pointing.keys() & new.keys():
                self._exist(kind, key, new[key])
            return
        if change.field in kind.pointing:
            self._exist(kind, change.field, new)
        if kind.kind == "own_field" and head is not None and change.field != DELETED:
            check_definition({**head.values, change.field: new})

    def _own_address(self, change: WireChange, new: Any, head: Head | None) -> None:
        """Nobody gets the e-mail address of another person of the register. Raises BadValue."""
        address = None
        if change.field == CREATED:
            address = None if DELETED in new else new.get("email")
        elif change.field == "email" and head is not None and not head.deleted:
            address = new
        elif change.field == DELETED and new is None and head is not None:
            address = head.values.get("email")
        if address and self.known.addresses.get(address_key(address), change.entity) != change.entity:
            finding = address_taken(change.entity)
            raise BadValue(finding.code, finding.nl, finding.en)

    def _exist(self, kind: KindIntake, key: str, value: Any) -> None:
        field_ = kind.fields[key]
        for one, wanted in kind.references(key, value):
            if self.known.kinds.get(one) != wanted or not self._may_point(field_, wanted, one):
                raise BadValue(
                    "unknown_option" if wanted == "option" else "unknown_reference",
                    f"{field_.nl}: deze keuze bestaat niet.",
                    f"{field_.en}: this choice does not exist.",
                )

    def _may_point(self, field_: Field, kind: str, entity: str) -> bool:
        """Whether a value may point at what is there: an option of its list, and nothing that its author cannot see.

        Otherwise the answer would tell him which ids exist.
        """
        if kind == "option":
            head = self.known.heads.get(entity)
            listed = head.values.get("list") if head is not None else self.known.lists.get(entity)
            return listed in field_.list.split("|")
        return self._sees(kind, entity, entity if kind == "project" else None)

    # -- how it meets the head --------------------------------------------------------------------------------------

    def _base(self, change: WireChange) -> int:
        """The sequence it was made on: that of the author's own earlier change, or what that was refused on."""
        if not change.after:
            return change.base
        act, _, n = change.after.partition("/")
        if not (n.isascii() and n.isdecimal()) or len(n) > 9:
            return change.base
        name = act, int(n)
        if name in self.known.merged:
            return change.base
        return self._result.get(name) or self.known.done.get(name) or self.known.met.get(name) or change.base

    def _under(self, change: WireChange, name: tuple[str, int]) -> int:
        """What lies under a change that was answered before: nothing its author saw, unless it was refused."""
        return 0 if name in self.known.met or name in self.known.merged else self._base(change)

    def _decide(self, change: WireChange, kind: KindIntake, new: Any, head: Head | None, parcels: bool) -> Verdict:
        if change.field == DELETED and head is not None:
            if new and head.deleted:
                return Verdict(SAME, head.values[DELETED], head.seq(DELETED))  # the first time stays
            lost = head.deleted and self._tree.has_lost_its_place(change.kind, head.values, head.project)
            if change.entity in self._tree.kept if new else lost:
                return Verdict(CONFLICT, head.values.get(DELETED), head.seq(DELETED))
        base = self._base(change)
        if change.field == DELETED and new and head is not None and head.last > change.base:
            base = change.base if self._tree.unseen(change, base) else head.last
        field_ = kind.fields.get(change.field)

        def merged_contour(old: Any, mine: Any, theirs: Any) -> str | None:
            both = parcels and self._came_with_parcels(change.entity, base)
            return contours.merge(old, mine, theirs, parcels=both)

        verdict = merge.decide(field_, change.field, change.old, new, base, head, merged_contour)
        if verdict.result == MERGED and field_ is not None and head is not None:
            try:
                value = kind.value(change.field, verdict.value)
            except BadValue:  # two sentences do not fit on one line: people decide
                return Verdict(CONFLICT, head.values.get(change.field), head.seq(change.field))
            return Verdict(MERGED, value, verdict.seq)
        return verdict

    def _came_with_parcels(self, entity: str, base: int) -> bool:
        """Whether every act that changed this contour since a sequence changed parcels of its project too."""
        theirs = [one for one in self.known.since.get(entity, ()) if one.field == "geometry" and one.seq > base]
        return bool(theirs) and all(one.parcels for one in theirs)

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
        self._result[act.id, change.n] = self._base(change)
        self.others.append(Other(act, change, answer, scope))

    def _unknown(self, act: WireAct, change: WireChange, kind: KindIntake, error: BadValue) -> None:
        """What is not there is refused as what is hidden: nobody learns from the answer which of the two it is."""
        root: KindIntake | None = kind
        while root is not None and root.kind != "project":
            root = self._intake.get(root.parent) if root.parent else None
        access = None if root is None else _HIDDEN
        finding = refusal(self._viewer, change.kind, change.entity, change.field, change.new, access=access)
        if finding is None:
            self._refuse(act, change, error)
        else:
            self._deny(act, change, finding, None, "")

    def _deny(self, act: WireAct, change: WireChange, finding: Finding, head: Head | None, scope: str) -> None:
        answer = Answer(change.n, DENIED, code=finding.code, nl=finding.nl, en=finding.en)
        if head is not None and change.field and self._sees(change.kind, change.entity, head.project):
            answer = Answer(
                change.n, DENIED, head.seq(change.field), head.values.get(change.field),
                code=finding.code, nl=finding.nl, en=finding.en,
            )  # fmt: skip
        self._result[act.id, change.n] = self._base(change)
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
        name = act.id, change.n
        self._result[name] = self._applied[name] = seq
        entity, key, value = change.entity, change.field, verdict.value
        new = NULL if value is None else _encode(value).decode()
        known = self.known
        if head is None:
            old, base = NULL, 0
            head = known.heads[entity] = Head(change.kind, project, value, {}, seq, seq)
            known.kinds[entity] = change.kind
            known.projects[entity] = project
            self.touched[entity] = Touched(head, scope, 0)
            self.made += 1
            if change.kind in _SCOPE_KINDS:
                self._new_scope(change, value, project)
        else:
            touched = self.touched.get(entity)
            if touched is None:
                touched = self.touched[entity] = Touched(head, scope, head.last)
            was, base = head.values.get(key), head.seq(key)
            old = NULL if was is None else _encode(was).decode()
            head.values[key] = value
            head.seqs[key] = head.last = seq
            touched.fields.append(key)
        after = _CONTROL.sub("", change.after) if change.after else NULL
        self.lines.append(
            f"{seq}\t{part}\t{act.id}\t{change.n}\t{change.kind}\t{entity}\t{project or NULL}\t{scope}\t"
            f"{key}\t{old}\t{new}\t{base}\t{after}"
        )
        if scope not in known.scopes:
            known.scopes[scope] = Scope(scope, "fixed", made=True)
        if change.kind not in _PLAIN:
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
            given = (head.values.get("person"), head.values.get("user_group"))
            row = Ownership(frozenset(one for one in given if one), head.values.get(DELETED))
            self.known.writers.setdefault(project, {})[change.entity] = row
            self._owners(project)
        elif kind == "plan_area" and project is not None and key in (CREATED, "geometry", DELETED):
            contour = None if head.deleted else head.values.get("geometry")
            self.shapes[change.entity] = (project, contour)
        elif kind == "own_field":
            self._own_fields()
        elif kind == "person":
            self._address(change.entity, head)
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
            if kind == "project":
                self._gone(change.entity, head.values.get(DELETED))

    def _gone(self, project: str, moment: str | None) -> None:
        if moment is None:
            self.known.deleted_at.pop(project, None)
        else:
            self.known.deleted_at[project] = moment
        self._owners(project)

    def _deleting(self, act: WireAct) -> dict[str, str]:
        """The projects that an act deletes or brings back, with the moment at which they go or went."""
        changes = [one for one in act.changes if one.kind == "project" and one.field == DELETED]
        found = {one.entity: one.new or self.known.deleted_at.get(one.entity) for one in changes}
        return {project: moment for project, moment in found.items() if isinstance(moment, str)}

    def _owners(self, project: str) -> None:
        """Those of a deleted project are those of when it was deleted, as `store.permission` has it: who could see it
        can still bring it back. In the act that does either, their rows may go before it or come after it.
        """
        living = None, self.known.deleted_at.get(project), self._moments.get(project)
        rows = self.known.writers.get(project, {}).values()
        owners = frozenset().union(*(row.owners for row in rows if row.deleted_at in living))
        scope = self.known.scopes.get(project)
        if scope is not None and owners != scope.owners:
            scope.owners = owners
            self._rights_of(scope)

    def _address(self, person: str, head: Head) -> None:
        """Whose e-mail address is whose, for what follows in this push."""
        addresses = self.known.addresses
        for one in [address for address, whose in addresses.items() if whose == person]:
            del addresses[one]
        email = head.values.get("email")
        if email and not head.deleted:
            addresses[address_key(email)] = person

    def _own_fields(self) -> None:
        """The definitions have changed: what follows in this push is judged by the new ones."""
        self.fields_changed = True
        for entity, head in self.known.heads.items():
            if head.kind == "own_field":
                self.known.own_fields[entity] = own_field(entity, head.values)
        self._intake = Intake(catalogue().with_own_fields(self.known.own_fields.values()))


_NO_PLACE = BadValue(
    "parent_deleted",
    "Waar dit onder hangt is intussen verwijderd; zet dat terug en bied dit opnieuw aan.",
    "What this belongs to was deleted meanwhile; bring that back and offer this again.",
)
# A project that this server does not know: nobody sees it.
_HIDDEN = Access(Confidentiality.PRIVATE)
