"""The short ways of a push - plain changes, and what is made taken to be new - come to what the long way comes to."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from msgspec import structs

from diwi_desktop.changes.messages import PushReply, WireAct, WireChange
from diwi_desktop.model.ids import Ids
from diwi_desktop.server import registers
from diwi_desktop.server.push import take
from diwi_desktop.server.push.judge import Judge
from diwi_desktop.server.session import Session
from tests.server.harness import Laptop, Register, Server
from tests.server.making import changed, made, project

ROLES = {"UserPlus": UUID(int=1 << 80 | 1), "User": UUID(int=1 << 80 | 2), "Management": UUID(int=1 << 80 | 3)}
VALUES: dict[str, list[Any]] = {
    "name": ["Blok A", "Blok B", " Blok C ", "", None, "a\x00b", 5],
    "number": [1, 24, 48, -1, 2.5, "veel", None, True],
    "note": ["Hoek", "Hoek\nKade", "Hoek\nPunt", "Kade\nPunt", None, "x" * 40_000],
    "mutation": ["CONSTRUCTION", "DEMOLITION", "GEHEIM", None],
    "start_date": ["2026-01-15", "2026-02-30", None],
    "eigenaardig": [1],
}
# All that follows from pushes, but for what has another id or another time in every register.
_TABLES = (
    """SELECT seq, part, act, n, kind, entity, project, scope, field, old, new, base, after FROM diwi.change_log
       WHERE register = %s AND kind <> 'person' ORDER BY seq""",
    """SELECT id, kind, project, scope, values, seqs, created, last, deleted FROM diwi.entity
       WHERE register = %s AND kind <> 'person' ORDER BY id""",
    """SELECT scope, kind, project, level, owners, hold, digest, mark, deleted FROM diwi.scope
       WHERE register = %s ORDER BY scope""",
    """SELECT first_seq, id, name, kind, undoes, person, device, made_at FROM diwi.act
       WHERE register = %s AND kind <> 'system' ORDER BY first_seq""",
    """SELECT act, n, person, result, scope, seq, answer, change FROM diwi.verdict
       WHERE register = %s ORDER BY act, n""",
    "SELECT seq, epoch FROM diwi.register WHERE id = %s",
    "SELECT action, object, result, count FROM diwi.audit WHERE register = %s ORDER BY id",
)


class Both:
    """The same pushes to two registers with the same people: short in the one, long in the other."""

    def __init__(self, server: Server) -> None:
        self.laptops: dict[str, list[Laptop]] = {role: [] for role in ROLES}
        self.registers = []
        for code in ("0997", "0998"):
            id = registers.create(server.app.state.database, code=code, name="Duinwijk")
            people = [
                made("person", str(person), None, {"name": role, "email": f"{role}@{code}.nl", "role": role,
                                                   "state": "ACTIEF"}, n=n)
                for n, (role, person) in enumerate(ROLES.items())
            ]  # fmt: skip
            registers.change(server.app.state.database, id, people, "Mensen", server.clock.now())
            register = Register(server, id, Ids(server.clock), "")
            self.registers.append(register)
            for role, person in ROLES.items():
                session = Session(str(uuid4()), str(person), id, str(person), role)
                self.laptops[role].append(Laptop(register, session, server.sign_in(session)))

    def push(self, role: str, *acts: WireAct) -> PushReply:
        """The answer, which is the same of both."""
        short, long = self.laptops[role]
        answer = short.push(*acts)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Judge, "_edit", lambda *_: False)
            patch.setattr(Judge, "_make", lambda *_: False)
            patch.setattr(take, "_run", _looking(take._run))
            for one, other in zip(answer.acts, long.push(*acts).acts, strict=True):
                assert one.seqs == other.seqs
                assert one.others == other.others
        return answer

    def tables(self) -> list[list[Any]]:
        """What is in the tables, of the one register and of the other."""
        found = []
        for register in self.registers:
            rows: list[Any] = []
            for statement in _TABLES:
                rows.append(register.server.sql(statement, register.id))
            found.append(rows)
        return found


def _looking(run: Callable[..., PushReply]) -> Callable[..., PushReply]:
    return lambda *given, presume: run(*given, presume=False)


class Chance:
    """Acts of all kinds upon what this has made before."""

    def __init__(self, both: Both, seed: int) -> None:
        self.both, self.rng = both, random.Random(seed)
        self.blocks: list[tuple[str, str]] = []  # block, its project
        self.projects: list[str] = []
        self.heads: dict[tuple[str, str], int] = {}
        self.sent: list[WireAct] = []

    def go(self) -> None:
        role = self.rng.choice(list(ROLES))
        acts = [self._act(role) for _ in range(self.rng.randint(1, 4))]
        if self.sent and self.rng.random() < 0.3:
            acts.insert(0, self.rng.choice(self.sent))
        self.sent += acts
        for act, answer in zip(acts, self.both.push(role, *acts).acts, strict=True):
            for change, seq in zip(act.changes, answer.seqs, strict=True):
                if seq:
                    self.heads[change.entity, change.field] = seq

    def _act(self, role: str) -> WireAct:
        laptop = self.both.laptops[role][0]
        changes = [self._change(laptop) for _ in range(self.rng.randint(1, 6))]
        if not self.projects or self.rng.random() < 0.2:
            one = project(laptop, owner=self.rng.choice(["", None]))
            self.projects.append(one.id)
            changes = [*one.changes, *changes]
        numbered = [structs.replace(change, n=n) for n, change in enumerate(changes)]
        act = laptop.act(*numbered, kind=self.rng.choice(["user", "import", "user", "raar"]))
        last: dict[tuple[str, str], str] = {}
        for n, change in enumerate(numbered):
            after = last.get((change.entity, change.field))
            if after and self.rng.random() < 0.7:
                numbered[n] = structs.replace(change, after=after)
            last[change.entity, change.field] = f"{act.id}/{n}"
        return WireAct(act.id, act.name, act.kind, act.device, act.made_at, numbered)

    def _change(self, laptop: Laptop) -> WireChange:
        what = self.rng.random()
        if what < 0.35 or not self.blocks:
            return self._new_block(laptop)
        block, above = self.rng.choice(self.blocks)
        if what < 0.45:
            field, new = "deleted_at", self.rng.choice(["2026-11-21T11:00:00.000000Z", None])
            base = max((seq for (entity, _), seq in self.heads.items() if entity == block), default=0)
            return changed("houseblock", block, above, field, None, new, base=base)
        field = self.rng.choice(list(VALUES))
        base = self.heads.get((block, field), self.heads.get((block, ""), 0))
        base = max(base - (self.rng.random() < 0.2), 0)
        kind = self.rng.choice(["houseblock"] * 9 + ["milestone"])
        return changed(kind, block, above, field, None, self.rng.choice(VALUES[field]), base=base)

    def _new_block(self, laptop: Laptop) -> WireChange:
        above = self.rng.choice([*self.projects, laptop.new_id()])
        again = self.blocks and self.rng.random() < 0.2
        block = self.rng.choice(self.blocks)[0] if again else laptop.new_id()
        if not again:
            self.blocks.append((block, above))
        values = {"project_id": above, "name": "Blok", "mutation": "CONSTRUCTION", "number": 12}
        for key in self.rng.sample(list(VALUES), self.rng.choice([0, 0, 1, 2])):
            values[key] = self.rng.choice(VALUES[key])
        return made(self.rng.choice(["houseblock"] * 9 + ["milestone"]), block, above, values)


@pytest.mark.parametrize("seed", range(4))
def test_both_ways_come_to_the_same(server: Server, seed: int) -> None:
    chance = Chance(Both(server), seed)
    for _ in range(25):
        chance.go()
    one, other = chance.both.tables()
    assert one == other
    assert one[4], "nothing was refused"


@pytest.mark.parametrize("above", ["the project", "nothing"])
def test_what_is_made_and_is_there_already_stays_as_it_is(register: Register, above: str) -> None:
    """It is taken to be new, which turns out false: when it is written, or when it was refused as new."""
    jan, an = register.laptop(), register.laptop(name="An")
    plan, block = project(jan), jan.new_id()
    values = {"project_id": plan.id, "name": "Blok A", "mutation": "CONSTRUCTION", "number": 12}
    jan.push(*plan.changes, made("houseblock", block, plan.id, values, n=2))
    other = {**values, "name": "Blok B", "project_id": plan.id if above == "the project" else an.new_id()}
    new = an.new_id()
    reply = an.push(made("houseblock", block, plan.id, other), made("houseblock", new, plan.id, values, n=1))
    assert [(one.n, one.result, one.value) for one in reply.acts[0].others] == [(0, "same", values)]
    assert reply.acts[0].seqs == [0, reply.first]
    rows = register.server.sql("SELECT values->>'name' FROM diwi.entity WHERE id IN (%s, %s)", block, new)
    assert rows == [("Blok A",), ("Blok A",)]
