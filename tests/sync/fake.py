"""A server in memory for tests of the client: the rules of the protocol, without rights of roles, tables or a network.

What is withheld from whom is set by hand: `hidden[person]` holds scopes.
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256

import msgspec

from diwi_desktop.changes import digest as digests
from diwi_desktop.changes import merge
from diwi_desktop.changes.change import CREATED
from diwi_desktop.changes.merge import Head
from diwi_desktop.changes.messages import (
    ActAnswer,
    Answer,
    DigestReply,
    DigestRequest,
    Person,
    PullReply,
    PullRequest,
    Push,
    PushReply,
    ScopeReply,
    ScopeRequest,
    SnapshotReply,
    WireAct,
    WireChange,
)
from diwi_desktop.model.catalogue import catalogue
from diwi_desktop.model.clock import Clock
from diwi_desktop.model.codes import PersonState, UserRole
from diwi_desktop.model.rights import scope_of

ROLE, STATE = UserRole.USER_PLUS.value, PersonState.ACTIVE.value
FIXED = {"register", "people", "exchange"}


@dataclass
class Row:
    seq: int
    act: WireAct
    change: WireChange
    scope: str


@dataclass
class FakeServer:
    """`people` maps a person's id to his name. `deny`: kinds of which every change is denied."""

    clock: Clock
    people: dict[str, str] = field(default_factory=dict)
    hidden: dict[str, set[str]] = field(default_factory=dict)
    deny: set[str] = field(default_factory=set)
    seq: int = 0
    log: list[Row] = field(default_factory=list)
    heads: dict[str, Head] = field(default_factory=dict)
    last: dict[str, int] = field(default_factory=dict)
    answers: dict[tuple[str, int], Answer] = field(default_factory=dict)
    done: dict[tuple[str, int], int] = field(default_factory=dict)
    met: dict[tuple[str, int], int] = field(default_factory=dict)
    views: dict[str, tuple[int, set[str]]] = field(default_factory=dict)
    most: int = 10**9  # more changes than this in one pull come as a snapshot
    files: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Everybody is a person of the register, a main user."""
        made = [
            WireChange(
                n, "person", id, None, CREATED, None,
                {"name": name, "email": f"{name.lower()}@duinwijk.nl", "role": ROLE, "state": STATE},
            )
            for n, (id, name) in enumerate(self.people.items())
        ]  # fmt: skip
        if made:
            id, maker = "00000000-0000-4000-8000-00000000aaaa", next(iter(self.people))
            moment = self.clock.now().isoformat().replace("+00:00", "Z")
            self.push(maker, msgspec.json.encode(Push(2, [WireAct(id, "Gebruikers", "system", id, moment, made)])))

    # -- push -------------------------------------------------------------------------------------------------------

    def push(self, person: str, body: bytes) -> PushReply:
        push = msgspec.json.decode(body, type=Push)
        first = self.seq + 1
        before = dict(self.last)
        acts = [self._act(person, act, before) for act in push.acts]
        took = self.seq >= first
        return PushReply(acts, first if took else 0, self.seq if took else 0, self.seq)

    def _act(self, person: str, act: WireAct, before: dict[str, int]) -> ActAnswer:
        named = msgspec.structs.replace(
            act, author=self.people[person], received=self.clock.now().isoformat().replace("+00:00", "Z"), changes=[]
        )
        for change in act.changes:
            if (act.id, change.n) not in self.done and (act.id, change.n) not in self.answers:
                self._change(person, named, change, before)
        names = [(act.id, change.n) for change in act.changes]
        return ActAnswer(
            act.id, [self.done.get(n, 0) for n in names], [self.answers[n] for n in names if n in self.answers]
        )

    def _change(self, person: str, act: WireAct, change: WireChange, before: dict[str, int]) -> None:
        name = (act.id, change.n)
        scope = scope_of(change.kind, change.entity, change.project)
        hidden = scope in self.hidden.get(person, ()) or change.project in self.hidden.get(person, ())
        head = self.heads.get(change.entity)
        if hidden or change.kind in self.deny:
            known = Answer(change.n, "denied", code="no_right", nl="Geen recht.", en="No right.")
            if head is not None and change.field and not hidden:
                known = msgspec.structs.replace(known, seq=head.seq(change.field), value=head.values.get(change.field))
            self.answers[name] = known
            return
        base = change.base
        if change.after:
            id, _, n = change.after.partition("/")
            base = self.done.get((id, int(n))) or self.met.get((id, int(n))) or base
            if self.answers.get((id, int(n))) and self.answers[id, int(n)].result == "merged":
                base = change.base
            if change.field == "deleted_at":
                base = max(base, change.base)
        at = head
        if head is not None and change.field == "deleted_at":
            at = Head(head.kind, head.project, head.values, head.seqs, head.created, before.get(change.entity, 0))
        fields = catalogue().kind(change.kind).by_key
        verdict = merge.decide(fields.get(change.field), change.field, change.old, change.new, base, at)
        if verdict.result in ("applied", "merged"):
            self.seq += 1
            self.done[name] = self.last[change.entity] = self.seq
            if head is None:
                self.heads[change.entity] = Head(
                    change.kind, change.project, dict(verdict.value), {}, self.seq, self.seq
                )
            else:
                head.values[change.field], head.seqs[change.field], head.last = verdict.value, self.seq, self.seq
            kept = msgspec.structs.replace(change, new=verdict.value, seq=self.seq)
            self.log.append(Row(self.seq, act, kept, scope))
            if verdict.result == "merged":
                self.answers[name] = Answer(change.n, "merged", self.seq, verdict.value)
            return
        self.met[name] = verdict.seq if verdict.result == "same" else 0
        by = next((row for row in self.log if row.seq == verdict.seq), None)
        self.answers[name] = Answer(
            change.n, verdict.result, verdict.seq, verdict.value,
            by.act.author if by else "", by.act.received if by else "",
        )  # fmt: skip

    # -- pull -------------------------------------------------------------------------------------------------------

    def visible(self, person: str) -> set[str]:
        gone = self.hidden.get(person, set())
        found = {row.scope for row in self.log if row.change.project not in gone} | FIXED
        return found - gone

    def pull(self, person: str, device: str, request: PullRequest) -> PullReply:
        now = self.visible(person)
        since, had = self.views.get(request.cursor, (0, set()))
        cursor = f"{device}.{len(self.views)}"
        held = set(had)
        for row in self.log:  # what the device brought itself is there, or may be
            if row.act.device == device and row.seq > since and had:
                made = row.change.field == CREATED and row.change.entity == row.scope
                if made or row.scope not in now:
                    held.add(row.scope)
        rows = [
            row
            for row in self.log
            if row.scope in now
            and (
                row.scope not in held
                or (row.seq > since and not any(low <= row.seq <= high for low, high in request.have))
            )
        ]
        start = int(request.page or 0)
        page = rows[start : start + request.limit]
        more = start + request.limit < len(rows)
        if len(rows) > self.most:
            return PullReply(self.seq, request.cursor, False, snapshot=True)
        if not more:
            self.views[cursor] = (self.seq, now)
        return PullReply(
            seq=self.seq,
            cursor="" if more else cursor,
            more=more,
            page=str(start + request.limit) if more else "",
            acts=wire(page),
            purge=[] if more else sorted(held - now),
            whole=[] if more else sorted({row.scope for row in rows if row.scope not in held}),
            digest="" if more else self.digest(person),
            lease_until=(self.clock.now() + timedelta(days=14)).isoformat().replace("+00:00", "Z"),
            server_time=self.clock.now().isoformat().replace("+00:00", "Z"),
            viewer=Person(person, self.people[person], "", ROLE, STATE, []),
        )

    def scope_digests(self, person: str) -> dict[str, int]:
        scopes = self.visible(person)
        found: dict[str, int] = {}
        of = {row.change.entity: row.scope for row in self.log}
        for entity, seq in self.last.items():
            if of[entity] in scopes:
                found[of[entity]] = found.get(of[entity], 0) ^ digests.mark(entity, seq)
        return found

    def digest(self, person: str) -> str:
        return digests.text(digests.whole(self.scope_digests(person).items()))

    def digests(self, person: str, request: DigestRequest) -> DigestReply:
        ours = {scope: digests.text(value) for scope, value in self.scope_digests(person).items() if value}
        differ = [scope for scope, value in ours.items() if request.scopes.get(scope) != value]
        return DigestReply(sorted(differ), sorted(set(request.scopes) - set(ours)))

    def scope_logs(self, person: str, request: ScopeRequest) -> ScopeReply:
        wanted = set(request.scopes) & self.visible(person)
        return ScopeReply(wire([row for row in self.log if row.scope in wanted]))

    def snapshot(self, person: str, device: str) -> SnapshotReply:
        now = self.visible(person)
        rows = [row for row in self.log if row.scope in now]
        acts = wire(rows)
        body = gzip.compress(b"\n".join(msgspec.json.encode(act) for act in acts), mtime=0)
        cursor = f"{device}.{len(self.views)}"
        self.views[cursor] = (self.seq, now)
        id = f"00000000-0000-4000-8000-{len(self.files):012d}"
        self.files[id] = body
        return SnapshotReply(
            id, len(body), sha256(body).hexdigest(), self.seq, cursor, len(acts), len(rows), self.digest(person),
            (self.clock.now() + timedelta(days=14)).isoformat(),
            Person(person, self.people[person], "", ROLE, STATE, []),
        )  # fmt: skip

    def restore(self, seq: int) -> None:
        """As after a restore of an older backup."""
        rows = [row for row in self.log if row.seq <= seq]
        self.log, self.heads, self.last = [], {}, {}
        self.answers, self.done, self.met, self.views = {}, {}, {}, {}
        for row in rows:
            change = row.change
            self.log.append(row)
            self.done[row.act.id, change.n] = self.last[change.entity] = row.seq
            if change.field == CREATED:
                self.heads[change.entity] = Head(change.kind, change.project, dict(change.new), {}, row.seq, row.seq)
            else:
                head = self.heads[change.entity]
                head.values[change.field], head.seqs[change.field], head.last = change.new, row.seq, row.seq
        self.seq = seq


def wire(rows: list[Row]) -> list[WireAct]:
    acts: list[WireAct] = []
    for row in rows:
        if not acts or acts[-1].id != row.act.id:
            acts.append(msgspec.structs.replace(row.act, changes=[]))
        acts[-1].changes.append(row.change)
    return acts


__all__ = ["FakeServer", "wire"]
