"""A server with a register of any size for the benchmarks of the synchronisation, on a PostgreSQL of their own."""

from __future__ import annotations

import gzip
import os
import random
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import msgspec
import psycopg

from diwi_desktop.changes.messages import SCHEMA, Push, PushReply, WireAct, WireChange
from diwi_desktop.model.codes import UserRole
from diwi_desktop.server.ops import serving
from tests.postgres import Cluster
from tests.proof.serving import ServerProcess
from tests.proof.world import START, InProcess, Stage, World, stage

DEVICE = "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa"
PIECE = 5_000  # changes in a push
MADE_AT = START.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@contextmanager
def database() -> Iterator[str]:
    """The address of a fresh database on a cluster that lives as long as this."""
    cluster = Cluster.start(os.getpid())
    try:
        with cluster.database("bench") as url:
            yield url
    finally:
        cluster.stop()


@contextmanager
def in_process() -> Iterator[tuple[Stage, World]]:
    """A server in this process, and a register with a main user called `anna`."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="diwi-bench-server-")))
        made = stack.enter_context(stage(stack.enter_context(database()), folder, connections=60))
        serving.settle()  # as a process that serves does
        world = made.world()
        stack.callback(world.close)
        world.add_people({"anna": UserRole.USER_PLUS})
        town = {"code": "0999", "name": "Duinwijk", "prefix": "DNW", "province": "Zuid-Holland"}
        world.seed([WireChange(0, "municipality", str(UUID(int=1)), None, "", None, town)])
        yield made, world


@contextmanager
def served(world: World) -> Iterator[tuple[str, int]]:
    """The same register behind a server process of its own; its address and the id of that process."""
    with (
        tempfile.TemporaryDirectory() as folder,
        ServerProcess(world.url, Path(folder), world.state.sessions) as server,
    ):
        yield server.address, server.pid


def client(transport: InProcess | None, token: str, url: str = "http://diwi") -> httpx.Client:
    headers = {"Authorization": f"Bearer {token}", "Accept-Encoding": "gzip"}
    return httpx.Client(transport=transport, base_url=url, headers=headers, timeout=120)


def body(message: msgspec.Struct) -> bytes:
    return gzip.compress(msgspec.json.encode(message), 1, mtime=0)


def post(wire: httpx.Client, register: str, where: str, data: bytes) -> bytes:
    """The answer to a message. Raises RuntimeError when it is no success."""
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    answer = wire.post(f"/v1/registers/{register}/{where}", content=data, headers=headers)
    if answer.status_code != 200:
        raise RuntimeError(f"{answer.status_code} {answer.text[:500]}")
    return answer.content


def cpu(connection: psycopg.Connection[Any]) -> float:
    """Seconds of processor time that this process and the database's sessions have had so far."""
    pids = connection.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database()").fetchall()
    return time.process_time() + sum(of_process(pid) for (pid,) in pids)


def of_process(pid: int) -> float:
    """Seconds of processor time that a process has had so far, all of its threads."""
    spent = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(one.read_text(encoding="ascii").split()[0]) for one in spent) / 1e9


class Author:
    """Makes acts as laptops send them: every id is new, every change is made on the present head."""

    def __init__(self, seed: int = 1) -> None:
        self._rng = random.Random(seed)
        self._count = 0
        self._number = 1_000
        self.blocks: list[tuple[str, str]] = []  # block, its project
        self.seqs: dict[str, dict[str, int]] = {}  # of each block: the sequence of each field

    def id(self) -> str:
        self._count += 1
        return str(UUID(int=(self._rng.getrandbits(60) << 64) | 0x8000_0000_0000_0000 | self._count))

    def act(self, changes: list[WireChange], kind: str = "user") -> WireAct:
        return WireAct(self.id(), "Wijziging", kind, DEVICE, MADE_AT, changes)

    def import_(self, projects: int, blocks: int) -> list[WireAct]:
        """New projects with blocks, an act for each project."""
        return [self._project(number, blocks) for number in range(projects)]

    def _project(self, number: int, blocks: int) -> WireAct:
        project = self.id()
        values = {
            "name": f"Plan {number} aan de Dijkgraaf", "code": f"DNW-2026-BNC-{self._count}", "color": "#3366AA",
            "start_date": "2026-01-15", "end_date": "2033-06-30", "confidentiality": "INTERNAL_CIVIL",
            "project_leader": "J. Jansen",
        }  # fmt: skip
        changes = [WireChange(0, "project", project, project, "", None, values)]
        for n in range(1, blocks + 1):
            block = self.id()
            parts = {
                "project_id": project, "name": f"Blok {n}", "mutation": "CONSTRUCTION", "number": 24,
                "single_family": 10, "multi_family": 14, "ground_formal": 24,
            }  # fmt: skip
            changes.append(WireChange(n, "houseblock", block, project, "", None, parts))
            self.blocks.append((block, project))
        return self.act(changes, "import")

    def edits(self, count: int, fields: int = 5) -> list[WireAct]:
        """Edits of as many different blocks as it takes, `fields` to an act."""
        acts = []
        for block, project in self._rng.sample(self.blocks, count // fields):
            changes = []
            for n, key in enumerate(("number", "single_family", "multi_family", "ground_formal", "note")[:fields]):
                self._number += 1  # no value twice: setting what is there already is no change
                new = f"Opmerking {self._number}" if key == "note" else self._number
                known = self.seqs[block]
                changes.append(WireChange(n, "houseblock", block, project, key, None, new, known.get(key, known[""])))
            acts.append(self.act(changes))
        return acts

    def learn(self, acts: list[WireAct], reply: PushReply) -> None:
        """Take the sequences of a push over. Raises RuntimeError when something was not applied."""
        for act, answer in zip(acts, reply.acts, strict=True):
            if answer.others:
                raise RuntimeError(f"not applied: {answer.others[:3]}")
            for change, seq in zip(act.changes, answer.seqs, strict=True):
                if change.kind == "houseblock":
                    self.seqs.setdefault(change.entity, {})[change.field] = seq


def pieces(acts: list[WireAct]) -> Iterator[list[WireAct]]:
    """As many whole acts at a time as a push holds."""
    some: list[WireAct] = []
    size = 0
    for act in acts:
        if some and size + len(act.changes) > PIECE:
            yield some
            some, size = [], 0
        some.append(act)
        size += len(act.changes)
    if some:
        yield some


def send(wire: httpx.Client, register: str, author: Author, acts: list[WireAct]) -> float:
    """Push acts; the seconds that took, without making the messages."""
    taken = 0.0
    for some in pieces(acts):
        data = body(Push(SCHEMA, some))
        start = time.perf_counter()
        answer = post(wire, register, "pushes", data)
        taken += time.perf_counter() - start
        author.learn(some, msgspec.json.decode(answer, type=PushReply))
    return taken


def grow(wire: httpx.Client, register: str, author: Author, *, projects: int, blocks: int, changes: int) -> None:
    """Fill a register with projects and blocks, and edit until its log has so many changes."""
    made = author.import_(projects, blocks)
    send(wire, register, author, made)
    left = changes - sum(len(act.changes) for act in made)
    while left > 0:
        count = min(left, PIECE, 5 * len(author.blocks))
        send(wire, register, author, author.edits(count))
        left -= count
