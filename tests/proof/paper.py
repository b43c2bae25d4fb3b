"""A second client, written from the description of the protocol and nothing else: no SQL, no files, all in memory.

It exists to find out whether the protocol itself is right, quickly, and to show that another client can be written. A
laptop keeps the last confirmed state (`shadow`) and its own changes that wait; what its user sees is the one laid over
the other.
"""

from __future__ import annotations

import copy
import gzip
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
import msgspec

from diwi_desktop.changes import digest
from diwi_desktop.changes.messages import (
    SCHEMA,
    ActAnswer,
    Answer,
    DigestReply,
    DigestRequest,
    PullReply,
    PullRequest,
    Push,
    PushReply,
    ScopeReply,
    ScopeRequest,
    WireAct,
    WireChange,
)
from diwi_desktop.model.catalogue import catalogue
from diwi_desktop.model.rights import scope_of

DELETED = "deleted_at"


@dataclass
class Row:
    """A confirmed entity: values and the sequence of each field, of its making and of the last change to it."""

    kind: str
    project: str | None
    values: dict[str, Any]
    created: int
    seqs: dict[str, int] = field(default_factory=dict)

    @property
    def last(self) -> int:
        return max(self.seqs.values(), default=self.created)

    def seq(self, key: str) -> int:
        return self.last if key == DELETED else self.seqs.get(key, self.created)


class Lost(Exception):
    """The network failed; what was begun is tried again later."""


class PaperLaptop:
    """One device of one person."""

    def __init__(self, client: httpx.Client, register: str, device: str) -> None:
        self.client, self.register, self.device = client, register, device
        self.shadow: dict[str, Row] = {}
        self.waiting: list[WireAct] = []
        self._fates: dict[str, str] = {}
        self.saw: dict[str, Any] = {}  # what the author saw of a field when he changed it, by change
        self.cursor = ""
        self.have: list[tuple[int, int]] = []
        self.pulled = 0  # up to where everything that may be seen is here
        self.seen: dict[str, int] = {}  # the same, when something was deleted with all that hangs under it
        self.dropped: set[str] = set()  # waiting changes of what had to be forgotten
        self.refetched = 0
        self.confirmed: dict[str, int] = {}  # sequences of own changes that the server took over

    # -- what the user sees and does --------------------------------------------------------------------------------

    def held(self) -> dict[str, tuple[str, dict[str, Any]]]:
        """Kind and values of every entity, as the user sees them."""
        found = {id: (row.kind, dict(row.values)) for id, row in self.shadow.items()}
        for act in self.waiting:
            for change in act.changes:
                if not change.field:
                    found[change.entity] = change.kind, dict(change.new)
                elif change.entity in found:
                    _set(found[change.entity][1], change.field, change.new)
        return found

    def fates(self) -> dict[str, str]:
        """What became of each change that was answered."""
        return self._fates

    def edit(self, kind: str, entity: str, key: str, value: Any, project: str | None) -> str:
        """One change as an act; `key` is empty for a new entity. Returns the name of the change."""
        return self.do([(kind, entity, key, value, project)])[0]

    def delete(self, entity: str, moment: str) -> dict[str, str]:
        """Delete an entity with all that hangs under it, as one act. Returns the names of the changes, by entity."""
        held = self.held()
        gone = [entity, *below(held, entity)]
        changes = [(held[id][0], id, DELETED, moment, project_of(held, id)) for id in gone]
        names = dict(zip(gone, self.do(changes), strict=True))
        self.seen |= dict.fromkeys(names.values(), self.pulled)
        return names

    def do(self, changes: list[tuple[str, str, str, Any, str | None]]) -> list[str]:
        """One act of changes: kind, entity, key, value, project. Returns their names."""
        held = self.held()
        act = WireAct(str(uuid4()), "Wijziging", "user", self.device, "2026-11-21T12:00:00.000000Z", [])
        names = []
        for n, (kind, entity, key, value, project) in enumerate(changes):
            old = held.get(entity, (kind, {}))[1].get(key) if key else None
            base, after = self._made_on(entity, key)
            act.changes.append(WireChange(n, kind, entity, project, key, old, value, base, after))
            names.append(f"{act.id}/{n}")
            self.saw[names[-1]] = old
        self.waiting.append(act)
        return names

    def _made_on(self, entity: str, key: str) -> tuple[int, str | None]:
        """The sequence of what the author saw confirmed, and his own earlier change that waits."""
        row = self.shadow.get(entity)
        base = row.seq(key) if row and key else 0
        after = None
        for act in self.waiting:
            for change in act.changes:
                if change.entity == entity and key and change.field in (key, ""):
                    after = f"{act.id}/{change.n}"
        return base, after

    # -- synchronising ----------------------------------------------------------------------------------------------

    def sync(self, pieces: int = 0) -> None:
        """Push what waits (at most `pieces` acts, 0: all) and pull. Raises Lost."""
        sent = self.waiting[:pieces] if pieces else list(self.waiting)
        if sent:
            names = {f"{act.id}/{change.n}" for act in sent for change in act.changes}
            seen = {name: seq for name, seq in self.seen.items() if name in names}
            reply = self._post("pushes", Push(SCHEMA, sent, seen), PushReply)
            for act, answer in zip(sent, reply.acts, strict=True):
                self._answered(act, answer)
            self.waiting = self.waiting[len(sent) :]
            if reply.first:
                self.have.append((reply.first, reply.last))
        self._pull()

    def _answered(self, act: WireAct, answer: ActAnswer) -> None:
        others = {other.n: other for other in answer.others}
        for change, seq in zip(act.changes, answer.seqs, strict=True):
            other = others.get(change.n, Answer(change.n, "applied", seq, change.new))
            name = f"{act.id}/{change.n}"
            self._fates[name] = other.result
            if other.result in ("conflict", "denied", "invalid"):
                self._rebase(name, change)
            if seq:
                self.confirmed[name] = seq
                self._confirm(replace_(change, other.value if other.result == "merged" else change.new, seq))
            elif other.seq and change.field and change.entity in self.shadow:
                row = self.shadow[change.entity]
                _set(row.values, change.field, other.value)
                row.seqs[change.field] = max(row.seqs.get(change.field, 0), other.seq)

    def _rebase(self, name: str, refused: WireChange) -> None:
        """What was made on a change that was refused, was made on what that was made on."""
        for act in self.waiting:
            for n, change in enumerate(act.changes):
                if change.after == name:
                    act.changes[n] = msgspec.structs.replace(change, base=refused.base, after=refused.after)

    def _confirm(self, change: WireChange) -> None:
        """A change at a sequence. What an earlier one says of a field that is further already is old news."""
        row = self.shadow.get(change.entity)
        if not change.field:
            if row is None:
                self.shadow[change.entity] = Row(change.kind, change.project, dict(change.new), change.seq)
        elif row is not None and change.seq > row.seqs.get(change.field, 0):
            _set(row.values, change.field, change.new)
            row.seqs[change.field] = change.seq

    def _pull(self) -> None:
        pages: list[PullReply] = []
        while not pages or pages[-1].more:
            page = pages[-1].page if pages else ""
            request = PullRequest(SCHEMA, self.cursor, page, self.have, limit=50)
            try:
                pages.append(self._post("pulls", request, PullReply))
            except Restored as restored:
                self._restored(restored.seq)
                pages.clear()
        for scope in pages[0].purge:
            self._forget(scope, waiting=True)
        for scope in pages[0].whole:
            self._forget(scope)
        for reply in pages:
            self._take(reply.acts)
        self.cursor, self.have, self.pulled = pages[-1].cursor, [], pages[-1].seq
        if digest.text(digest.whole(self._digests().items())) != pages[-1].digest:
            self._repair()

    def _take(self, acts: list[WireAct]) -> None:
        for act in acts:
            for change in act.changes:
                self._confirm(change)

    def _forget(self, scope: str, waiting: bool = False) -> None:
        for id, row in list(self.shadow.items()):
            if scope_of(row.kind, id, row.project) == scope or (waiting and row.project == scope):
                del self.shadow[id]
        if waiting:  # what the user typed and may not send any more
            for act in self.waiting:
                gone = [c for c in act.changes if scope in (scope_of(c.kind, c.entity, c.project), c.project)]
                self.dropped |= {f"{act.id}/{change.n}" for change in gone}
                act.changes[:] = [change for change in act.changes if change not in gone]
            self.waiting = [act for act in self.waiting if act.changes]

    def _digests(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for id, row in self.shadow.items():
            scope = scope_of(row.kind, id, row.project)
            found[scope] = found.get(scope, 0) ^ digest.mark(id, row.last)
        return found

    def _repair(self) -> None:
        self.refetched += 1
        mine = {scope: digest.text(value) for scope, value in self._digests().items()}
        told = self._post("digests", DigestRequest(self.cursor, mine), DigestReply)
        for scope in told.purge + told.refetch:
            self._forget(scope)
        if told.refetch:
            self._take(self._post("scope-logs", ScopeRequest(self.cursor, told.refetch), ScopeReply).acts)

    def _restored(self, seq: int) -> None:
        """The server was set back: begin anew, and send again what it has lost. Only a real store keeps that log."""
        self.cursor, self.have = "", []
        self.shadow = {id: row for id, row in self.shadow.items() if row.created <= seq}

    def _post(self, where: str, message: msgspec.Struct, kind: type[Any]) -> Any:
        body = gzip.compress(msgspec.json.encode(message), 1)
        address = f"/v1/registers/{self.register}/{where}"
        headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
        try:
            response = self.client.post(address, content=body, headers=headers)
            if response.status_code == 409 and "restored" in response.text:
                raise Restored(response.json()["seq"])
            if response.status_code == 410 and where == "pulls":
                self.cursor = ""
            if response.status_code != 200:
                raise Lost(f"{response.status_code} {response.text}")
            return msgspec.json.decode(response.content, type=kind)
        except (httpx.HTTPError, msgspec.DecodeError) as error:
            raise Lost(str(error)) from error

    # -- for the machine --------------------------------------------------------------------------------------------

    def copy(self) -> dict[str, Any]:
        """What a copy of its disk would hold."""
        kept = {key: value for key, value in vars(self).items() if key != "client"}
        return copy.deepcopy(kept)


Held = Mapping[str, tuple[str, Mapping[str, Any]]]  # kind and values, by id


def project_of(held: Held, entity: str) -> str | None:
    """The project that an entity hangs under, itself for a project."""
    kind, values = held[entity]
    if kind == "project":
        return entity
    above = str(values.get(catalogue().kind(kind).parent_key)) if catalogue().kind(kind).parent else ""
    return project_of(held, above) if above in held else None


def below(held: Held, entity: str) -> list[str]:
    """All that hangs under an entity and is not deleted, itself not."""
    keys = {child.kind: child.parent_key for child in catalogue().children(held[entity][0])}
    found = []
    for id, (kind, values) in held.items():
        if kind in keys and values.get(keys[kind]) == entity and not values.get(DELETED):
            found += [id, *below(held, id)]
    return found


class Restored(Exception):
    """The register was restored from an older back-up; `seq` is the last sequence that survived."""

    def __init__(self, seq: int) -> None:
        super().__init__(str(seq))
        self.seq = seq


def replace_(change: WireChange, value: Any, seq: int) -> WireChange:
    return msgspec.structs.replace(change, new=value, seq=seq)


def _set(values: dict[str, Any], key: str, value: Any) -> None:
    if value is None:
        values.pop(key, None)
    else:
        values[key] = value
