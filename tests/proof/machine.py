"""The state machine of the design against real code: what three laptops and an administrator can do to one register.

`Machine` knows what can be done and what must hold; which client it drives is up to `laptops()` of a subclass. Each run
is a new register on one server.
"""

from __future__ import annotations

import json
from contextlib import ExitStack
from typing import Any, ClassVar

import httpx
import shapely
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from diwi_desktop.changes.change import DELETED
from diwi_desktop.changes.messages import WireChange
from diwi_desktop.geo.shape import to_ewkb_hex
from diwi_desktop.model.codes import Confidentiality, PersonState, UserRole
from tests.proof import checks
from tests.proof.checks import Diary, Note
from tests.proof.faults import Fault, Faults, FaultTransport
from tests.proof.paper import Lost, PaperLaptop, below, project_of
from tests.proof.world import Stage, World

DEVICES = [f"{n}{n}{n}{n}{n}{n}{n}{n}-{n}{n}{n}{n}-4{n}{n}{n}-8{n}{n}{n}-{str(n) * 12}" for n in (1, 2, 3)]
PEOPLE = {"anna": UserRole.USER_PLUS, "bram": UserRole.USER, "carla": UserRole.COUNCIL}
WHO = ("anna", "bram", "anna")  # whose the laptops are
LEVELS = (Confidentiality.PRIVATE, Confidentiality.INTERNAL_CIVIL, Confidentiality.INTERNAL_COUNCIL)
ROLES = (UserRole.USER_PLUS, UserRole.USER, UserRole.COUNCIL, UserRole.EXTERNAL)
TEXTS = {"project": ("name", "project_leader", "description"), "houseblock": ("name", "note"), "milestone": ("note",)}
PARTS = ("houseblock", "milestone", "plan_area", "document", "writer", "delivery")

laptop_ = st.integers(0, 2)
which = st.integers(0, 3) | st.integers(0, 20)  # mostly what is there from the start: that is where people meet
faults_ = st.none() | st.sampled_from(list(Fault))
SHARED = "00000000-0000-4000-8000-00000000000a"


def new_id(n: int) -> str:
    """Ids in a fixed order, so that a run can be had again."""
    return f"{n:08x}-0000-4000-9000-000000000000"


def square(n: int) -> str:
    """A contour of its own for every number."""
    x, y = 100_000.0 + 250 * (n % 200), 450_000.0 + 250 * (n // 200)
    return to_ewkb_hex(shapely.MultiPolygon([shapely.box(x, y, x + 100, y + 100)]))


def shared() -> list[WireChange]:
    """A project that everybody knows, with a block and a contour."""
    project = project_values("merk0z", Confidentiality.INTERNAL_CIVIL)
    block = {"project_id": SHARED, "name": "Blok A", "mutation": "CONSTRUCTION", "number": 10, "note": "een\ntwee"}
    area = {"project_id": SHARED, "geometry": square(0)}
    town = {"code": "0999", "name": "Duinwijk", "prefix": "DNW", "province": "Zuid-Holland"}
    return [
        WireChange(4, "municipality", SHARED[:-1] + "d", None, "", None, town),
        WireChange(1, "project", SHARED, SHARED, "", None, {**project, "description": "een\ntwee"}),
        WireChange(2, "houseblock", SHARED[:-1] + "b", SHARED, "", None, block),
        WireChange(3, "plan_area", SHARED[:-1] + "c", SHARED, "", None, area),
    ]


def project_values(name: str, level: str) -> dict[str, Any]:
    return {
        "name": name,
        "start_date": "2026-01-01",
        "end_date": "2030-01-01",
        "color": "#112233",
        "confidentiality": str(level),
    }


class Machine(RuleBasedStateMachine):
    """Subclasses give the world and the laptops."""

    world: World
    laptops: list[Any]
    transports: list[FaultTransport]  # of each laptop

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.diary = Diary()
        self.count = 0
        self.trouble = ""  # why the last synchronisation did not come to an end

    # -- given by subclasses ----------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Make the world and the laptops."""
        raise NotImplementedError

    def change(self, i: int, kind: str, entity: str, key: str, value: Any, project: str | None) -> None:
        """One change as an act of laptop i; `key` is empty for a new entity. May be refused."""
        raise NotImplementedError

    def synchronise(self, i: int, pieces: int = 0) -> bool:
        """Whether it came to an end."""
        raise NotImplementedError

    def forbidden(self, i: int) -> list[str]:
        """What a laptop has after a completed synchronisation and may not have."""
        laptop = self.laptops[i]
        allowed = self.world.visible(laptop.person)
        return [f"{laptop.name} still has {kind} {id}" for id, kind in self.confirmed(i).items() if id not in allowed]

    def confirmed(self, i: int) -> dict[str, str]:
        """Kind by id of what the laptop has from the server."""
        raise NotImplementedError

    def repairs(self) -> list[str]:
        """Laptops whose digests did not agree: repaired since, but there was something to repair."""
        raise NotImplementedError

    # -- what can be done -------------------------------------------------------------------------------------------

    @initialize()
    def start(self) -> None:
        self.begin()
        self.group = new_id(self._new())
        self.world.seed([WireChange(0, "user_group", self.group, None, "", None, {"name": "Team Noord"}), *shared()])
        self.faults = [Faults() for _ in self.laptops]
        for i in range(len(self.laptops)):
            self.synchronise(i)

    def _new(self) -> int:
        self.count += 1
        return self.count

    def _pick(self, i: int, n: int, *kinds: str) -> tuple[str, str, dict[str, Any]] | None:
        """One of the entities that laptop i sees and that is not deleted."""
        held = self.laptops[i].held()
        there = sorted(id for id, (kind, values) in held.items() if kind in kinds and not values.get(DELETED))
        if not there:
            return None
        id = there[n % len(there)]
        return id, held[id][0], dict(held[id][1])

    @rule(i=laptop_, level=st.sampled_from(LEVELS))
    def make_project(self, i: int, level: Confidentiality) -> None:
        n, id = self._new(), new_id(self._new())
        self.change(i, "project", id, "", project_values(f"merk{n}z", level), id)

    @rule(i=laptop_, p=which, kind=st.sampled_from(PARTS), owner=st.sampled_from(["anna", "bram", "carla", "group"]))
    def make_part(self, i: int, p: int, kind: str, owner: str) -> None:
        found = self._pick(i, p, "houseblock" if kind == "delivery" else "project")
        if found is None:
            return
        n, project = self._new(), project_of(self.laptops[i].held(), found[0])
        values: dict[str, Any] = {"project_id": project}
        if kind == "delivery":
            values = {"houseblock_id": found[0], "date": "2027-01-01", "number": 1, "state": "GEPLAND"}
        elif kind == "houseblock":
            values |= {"name": f"merk{n}z", "mutation": "CONSTRUCTION", "number": n}
        elif kind == "milestone":
            values |= {"type": "PHASE_3_DEFINITION", "date": "2027-01-01", "state": "GEPLAND", "note": f"merk{n}z"}
        elif kind == "plan_area":
            values |= {"geometry": square(n)}
        elif kind == "document":
            values |= {"name": f"merk{n}z", "kind": "OVERIG", "sha256": f"{n:064x}", "size": n}
        elif owner == "group":
            values |= {"user_group": self.group}
        else:
            values |= {"person": self.world.people[owner]}
        self.change(i, kind, new_id(self._new()), "", values, project)

    @rule(i=laptop_, p=which, f=st.integers(0, 2), lines=st.booleans())
    def edit_text(self, i: int, p: int, f: int, lines: bool) -> None:
        found = self._pick(i, p, *TEXTS)
        if found is None:
            return
        id, kind, values = found
        key = TEXTS[kind][f % len(TEXTS[kind])]
        text = f"merk{self._new()}z"
        if key in ("note", "description") and kind != "milestone" and lines and values.get(key):
            text = f"{values[key]}\n{text}"
        self.change(i, kind, id, key, text, project_of(self.laptops[i].held(), id))

    @rule(i=laptop_, p=which, level=st.sampled_from(LEVELS))
    def edit_level(self, i: int, p: int, level: Confidentiality) -> None:
        found = self._pick(i, p, "project", "document")
        if found is not None:
            id, kind, _ = found
            self.change(i, kind, id, "confidentiality", level.value, project_of(self.laptops[i].held(), id))

    @rule(i=laptop_, p=which)
    def edit_number_or_contour(self, i: int, p: int) -> None:
        found = self._pick(i, p, "houseblock", "plan_area")
        if found is not None:
            id, kind, values = found
            n = self._new()
            key, value = ("number", n) if kind == "houseblock" else ("geometry", square(n))
            self.change(i, kind, id, key, value, values["project_id"])

    @rule(i=laptop_, p=which, kind=st.sampled_from([*PARTS, "project", "project"]))
    def delete(self, i: int, p: int, kind: str) -> None:
        found = self._pick(i, p, kind)
        if found is not None:
            id, kind, _ = found
            self.change(i, kind, id, DELETED, "2026-11-21T12:00:00Z", project_of(self.laptops[i].held(), id))

    @rule(
        i=laptop_, j=laptop_, p=which, kind=st.sampled_from(PARTS), what=st.sampled_from(["project", "houseblock"]),
        first=st.booleans(),
    )  # fmt: skip
    def delete_what_another_works_in(self, i: int, j: int, p: int, kind: str, what: str, first: bool) -> None:
        """One puts something in what the other deletes, neither knowing; either may be first at the server."""
        self.make_part(i, p, kind, "anna")
        self.delete(j, p, what)
        for laptop in (i, j) if first else (j, i):
            self._sync(laptop, [])

    # -- what an administrator elsewhere does -----------------------------------------------------------------------

    @rule(
        who=st.sampled_from(["anna", "bram"]),
        what=st.sampled_from([*ROLES, PersonState.LOCKED, PersonState.ACTIVE, PersonState.ACTIVE, True, False]),
    )
    def administer(self, who: str, what: UserRole | PersonState | bool) -> None:
        """Another role, locked or let in again, in the group or out of it."""
        if isinstance(what, bool):
            self._member(who, what)
            return
        person = self.world.people[who]
        key = "role" if isinstance(what, UserRole) else "state"
        if self.world.entities()[person].values[key] != what.value:
            self._set_person(person, key, what.value)

    def _set_person(self, person: str, key: str, value: str) -> None:
        base = self._seq(person, key)
        self.world.seed([WireChange(0, "person", person, None, key, None, value, base)], "Beheer")

    def _seq(self, entity: str, key: str) -> int:
        seqs, created, last = self.world.query(
            "SELECT seqs::text, created, last FROM entity WHERE register = %(r)s AND id = %(p0)s", entity
        )[0]
        return int(last) if key == DELETED else int(json.loads(seqs).get(key, created))

    def _member(self, who: str, member: bool) -> None:
        person = self.world.people[who]
        there = [
            one.id
            for one in self.world.entities().values()
            if one.kind == "group_member" and one.values["person"] == person and not one.deleted
        ]
        if member and not there:
            values = {"user_group_id": self.group, "person": person}
            self.world.seed([WireChange(0, "group_member", new_id(self._new()), None, "", None, values)], "Beheer")
        elif there and not member:
            base = self._seq(there[0], DELETED)
            gone = WireChange(0, "group_member", there[0], None, DELETED, None, "2026-11-21T12:00:00Z", base)
            self.world.seed([gone], "Beheer")

    # -- the network ------------------------------------------------------------------------------------------------

    @rule(i=laptop_)
    def sync_well(self, i: int) -> None:
        self._sync(i, [])

    @rule(i=laptop_, plan=st.lists(faults_, min_size=1, max_size=3), n=st.integers(0, 1))
    def sync_badly(self, i: int, plan: list[Fault | None], n: int) -> None:
        self._sync(i, plan, n)

    @rule(i=laptop_, at=st.integers(0, 2), p=which, f=st.integers(0, 2), lines=st.booleans())
    def sync_while_typing(self, i: int, at: int, p: int, f: int, lines: bool) -> None:
        """The user goes on while answers are on their way."""
        self.transports[i].meanwhile = [None] * at + [lambda: self.edit_text(i, p, f, lines)]
        self._sync(i, [])
        self.transports[i].meanwhile.clear()

    def _sync(self, i: int, plan: list[Fault | None], pieces: int = 0) -> None:
        faults = self.faults[i]
        faults.plan = list(plan)
        before = len(faults.happened)
        ended = self.synchronise(i, pieces)
        faults.plan = []
        let_in = self.world.viewer(self.laptops[i].person, self.world.entities()) is not None
        if not ended and let_in and len(faults.happened) == before:
            raise AssertionError(f"{self.laptops[i].name} could not synchronise in fair weather: {self.trouble}")
        if ended:
            found = self.forbidden(i)
            assert not found, found

    def teardown(self) -> None:
        try:
            if hasattr(self, "faults"):
                for _ in range(3):
                    for i in range(len(self.laptops)):
                        self._sync(i, [])
                found = checks.all_of(self.world, self.diary, self.laptops) + self.repairs()
                assert not found, "\n".join(found)
        finally:
            self.stack.close()


class _Paper(PaperLaptop):
    """A paper laptop as the checks know laptops."""

    def __init__(self, client: httpx.Client, register: str, device: str, name: str, person: str) -> None:
        super().__init__(client, register, device)
        self.name, self.person = name, person

    def told(self) -> set[str]:
        return {name for name, fate in self.fates().items() if fate in ("conflict", "denied", "invalid")} | self.dropped

    def waits(self) -> set[str]:
        return {f"{act.id}/{change.n}" for act in self.waiting for change in act.changes}


class PaperMachine(Machine):
    """The rules of the protocol alone, with a client in memory: hundreds of runs in the time of one with files."""

    stage: ClassVar[Stage]

    def begin(self) -> None:
        self.world = self.stage.world()
        self.stack.callback(self.world.close)
        self.world.add_people(PEOPLE)
        self.laptops = []
        self.transports = []
        for n, (device, person) in enumerate(zip(DEVICES, WHO, strict=True)):
            bad = FaultTransport(self.stage.transport, Faults())
            self.transports.append(bad)
            token = self.world.token(person, device)
            client = httpx.Client(transport=bad, base_url="http://diwi", headers={"Authorization": f"Bearer {token}"})
            self.laptops.append(_Paper(client, self.world.register, device, f"laptop {n} of {person}", person))

    def synchronise(self, i: int, pieces: int = 0) -> bool:
        self.transports[i].faults = self.faults[i]
        try:
            self.laptops[i].sync(pieces)
        except Lost as error:
            self.trouble = str(error)
            return False
        return True

    def change(self, i: int, kind: str, entity: str, key: str, value: Any, project: str | None) -> None:
        laptop = self.laptops[i]
        held = laptop.held()
        if key == DELETED:
            for id, name in laptop.delete(entity, value).items():
                whole, below_ = dict(held[id][1]), frozenset(below(held, id))
                note = Note(laptop.name, laptop.device, held[id][0], id, key, None, value, whole, below_)
                self.diary.write(name, note)
            return
        old = held[entity][1].get(key) if key else None
        if old != value:
            name = laptop.edit(kind, entity, key, value, project)
            self.diary.write(name, Note(laptop.name, laptop.device, kind, entity, key, old, value))

    def repairs(self) -> list[str]:
        return [f"{one.name}: digests differed {one.refetched} times" for one in self.laptops if one.refetched]

    def confirmed(self, i: int) -> dict[str, str]:
        return {id: row.kind for id, row in self.laptops[i].shadow.items()}


def profile(examples: int, steps: int, *, shrink: bool = True) -> settings:
    """Hypothesis settings for a machine; the same examples every time unless more are asked for."""
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
        database=None,
        print_blob=False,
        phases=[Phase.explicit, Phase.generate, *([Phase.shrink] if shrink else [])],
        report_multiple_bugs=False,
    )
