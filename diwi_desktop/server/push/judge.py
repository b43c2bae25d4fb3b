"""What becomes of each change: known before, allowed, fitting, and how it meets the head of its field."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

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
from diwi_desktop.server.push.intake import PLAIN, Intake, KindIntake, check_definition, unknown
from diwi_desktop.server.push.outcome import Other, Outcome
from diwi_desktop.server.push.state import LEVELS, Known, Ownership, Scope, own_field
from diwi_desktop.server.push.tree import Tree

_MOST_N = 2**31 - 1
_BLOCK = 200  # changes that are judged before the database hears of them
_ACT_KINDS = frozenset(kind.value for kind in ActKind)
# Kinds of which a change may alter who sees or may do what.
_RIGHTS_KINDS = frozenset({"writer", "group_member", "user_group", "person"})
# Kinds whose rights depend on more than the project.
_SPECIAL = frozenset({"project", "writer", "document"})
_SCOPE_KINDS = {"project": "project", "document": "document", "person": "person"}


class Judge(Outcome):
    """Goes through a push change by change. Pure: what it needs is in `known`, what it decides is written by others."""

    def __init__(self, viewer: Viewer, known: Known, intake: Intake) -> None:
        super().__init__(known)
        self._viewer, self._intake = viewer, intake
        self._act = ""
        self._tree = Tree(known, self._base, self._sees)
        self._moments: dict[str, str] = {}  # of the projects that the present act deletes or brings back
        # Projects of which whatever hangs under them may be changed, and those that are so in the present act only.
        self._free: set[str] = set()
        self._lent: set[str] = set()
        self._parents: dict[str, str] = {}  # what things may be made under, in the present act so far; its project

    def act(self, act: WireAct) -> Iterator[None]:
        """Judge the changes of one act that have not been judged before; a pause whenever there are lines to write."""
        if act.id != self._act:
            self._act = act.id
            self._free -= self._lent
            self._lent.clear()
        part = self.seq + 1
        stranger = act.id in self.known.strangers or act.kind not in _ACT_KINDS
        done, answers, result = self.known.done, self.known.answers, self._results[act.id]
        before = bool(done or answers)
        deletions = [change for change in act.changes if change.field == DELETED]
        self._tree.begin(act, deletions)
        self._moments = self._deleting(deletions)
        self._parents.clear()
        for change in act.changes:
            n = change.n
            if n in result:
                continue
            if before and ((name := (act.id, n)) in done or name in answers):
                result[n] = done.get(name) or self._under(change, name)
            elif stranger or n > _MOST_N:
                self._refuse(act, change, unknown("unknown_act"))
            elif not (self._edit(act, change, part) if change.field else self._make(act, change, part)):
                self._change(act, change, part)
                self._parents.clear()
            if len(self.lines) >= _BLOCK:
                yield
        moments, self._moments = self._moments, {}
        for project in moments:
            self._owners(project)
        if self.seq >= part:
            self.parts[part] = act

    # -- the short way: what nearly all changes are, of which there is nothing to say but their sequence ---------------

    def _edit(self, act: WireAct, change: WireChange, part: int) -> bool:
        """Apply an edit of the head of a plain field by who may change all of its project; whether it is that."""
        head, kind = self.known.heads.get(change.entity), self._intake.plain.get(change.kind)
        if head is None or kind is None or head.kind != change.kind:
            return False
        key, value, project = change.field, change.new, head.project
        convert = kind.plain.get(key)
        if convert is None or value is None or project is None:
            return False
        if project not in self._free and not self._frees(project):
            return False
        try:
            value = convert(value)
        except BadValue:
            return False
        if value is None or value != change.new or value == head.values.get(key) or DELETED in head.values:
            return False
        if head.seqs.get(key, head.created) != (self._base(change) if change.after else change.base):
            return False
        self._edited(act, change, value, head, project, part)
        return True

    def _make(self, act: WireAct, change: WireChange, part: int) -> bool:
        """Apply the making of something plain under what is there, by who may change all of its project; likewise."""
        kind, known, values = self._intake.plain.get(change.kind), self.known, change.new
        if kind is None or type(values) is not dict or change.entity in known.heads:
            return False
        above = values.get(kind.parent_key)
        if type(above) is not str or known.kinds.get(above) != kind.parent:
            return False
        project = self._parents.get(above)
        if project is None:
            project = known.projects.get(above)
            if project is None or not self._frees(project) or self._tree.has_lost_its_place(kind.kind, values, project):
                return False
            self._parents[above] = project
        if not kind.pointing.keys().isdisjoint(values):
            return False
        try:
            new = kind.creation(values)
        except BadValue:
            return False
        if new != values or DELETED in new:
            return False
        self._creation(act, change, new, project, project, part)
        return True

    # -- the long way --------------------------------------------------------------------------------------------------

    def _change(self, act: WireAct, change: WireChange, part: int) -> None:
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
        verdict = self._decide(act, change, kind, new, head)
        if verdict.result in (APPLIED, MERGED):
            self._apply(act, change, verdict, head, project, scope, part)
            if verdict.result == MERGED and verdict.value != change.new:
                # The author never saw what came of it, so what he did after it was not made on it.
                self._results[act.id][change.n] = 0
            if verdict.value != change.new:
                self.others.append(Other(act, change, Answer(change.n, MERGED, self.seq, verdict.value), scope))
            return None
        if verdict.result == CONFLICT:
            self._hold(change, new)
        elif change.field == "confidentiality" and self._base(change) == verdict.seq:
            self._release(change.entity)
        field_ = kind.fields.get(change.field)
        blind = verdict.result == SAME and field_ is not None and field_.merge is Merge.FREE and verdict.value != new
        self._results[act.id][change.n] = (
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
        if kind not in _SPECIAL and self._frees(project):
            return None
        access = self._access(project)
        if access is None:
            return refusal(self._viewer, kind, change.entity, change.field, change.new, access=_HIDDEN)
        if kind == "document" and head is not None:
            access = document_access(access, self._level(change.entity))
        return refusal(self._viewer, kind, change.entity, change.field, change.new, access=access)

    def _frees(self, project: str) -> bool:
        """Whether the author may change whatever hangs under a project; remembered when he may."""
        if project in self._free:
            return True
        access = self.known.access(project)
        if access is not None and edits(self._viewer, access):
            self._free.add(project)
            return True
        access = self._access(project)
        if access is not None and edits(self._viewer, access):
            self._free.add(project)
            self._lent.add(project)
            return True
        return False

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
        found = self._results[act].get(name[1]) if act in self._results else 0
        return found or self.known.done.get(name) or self.known.met.get(name) or change.base

    def _under(self, change: WireChange, name: tuple[str, int]) -> int:
        """What lies under a change that was answered before: nothing its author saw, unless it was refused."""
        return 0 if name in self.known.met or name in self.known.merged else self._base(change)

    def _decide(self, act: WireAct, change: WireChange, kind: KindIntake, new: Any, head: Head | None) -> Verdict:
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
            both = self._came_with_parcels(change.entity, base)
            both = both and any(one.kind == contours.PARCELS for one in act.changes)
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
        self._free.discard(scope.scope)
        self.rights_changed = True

    # -- the three ends ---------------------------------------------------------------------------------------------

    def _refuse(
        self, act: WireAct, change: WireChange, error: BadValue, head: Head | None = None, scope: str | None = None
    ) -> None:
        seq = head.seq(change.field) if head is not None and scope is not None else 0
        value = head.values.get(change.field) if head is not None and scope is not None and change.field else None
        answer = Answer(change.n, INVALID, seq, value, code=error.code, nl=error.nl[:500], en=error.en[:500])
        self._results[act.id][change.n] = self._base(change)
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
        self._results[act.id][change.n] = self._base(change)
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
        if head is None:
            head = self._creation(act, change, verdict.value, project, scope, part)
            if change.kind in _SCOPE_KINDS:
                self._new_scope(change, verdict.value, project)
        else:
            self._edited(act, change, verdict.value, head, scope, part)
        if scope not in self.known.scopes:
            self.known.scopes[scope] = Scope(scope, "fixed", made=True)
        if change.kind not in PLAIN:
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

    def _deleting(self, deletions: list[WireChange]) -> dict[str, str]:
        """The projects that an act deletes or brings back, with the moment at which they go or went."""
        changes = [one for one in deletions if one.kind == "project"]
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
