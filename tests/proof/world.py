"""A register on the real server with its people, and what may be seen of it, worked out here a second time.

The server decides in SQL who sees what; `World.visible` decides it again in Python, from the entities and
`model.rights` alone, so that a mistake in either is a difference.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import psycopg
from fastapi import FastAPI, Request

from diwi_desktop.changes.change import DELETED
from diwi_desktop.changes.messages import WireChange
from diwi_desktop.model import rights
from diwi_desktop.model.clock import FixedClock
from diwi_desktop.model.codes import Confidentiality, PersonState, UserRole
from diwi_desktop.model.rights import Access, Viewer
from diwi_desktop.server import registers
from diwi_desktop.server.app import create_app
from diwi_desktop.server.problems import SignedOut
from diwi_desktop.server.session import Session
from diwi_desktop.server.settings import Settings

START = datetime(2026, 11, 21, 12, tzinfo=UTC)
LEVELS = list(Confidentiality)


@dataclass(frozen=True, slots=True)
class Entity:
    """An entity as the server has it."""

    id: str
    kind: str
    project: str | None
    scope: str
    values: dict[str, Any]
    created: int
    last: int
    deleted: bool


@dataclass(frozen=True, slots=True)
class Applied:
    """A change in the server's log."""

    seq: int
    act: str
    n: int
    kind: str
    entity: str
    scope: str
    field: str
    old: Any
    new: Any
    device: str

    @property
    def name(self) -> str:
        return f"{self.act}/{self.n}"


@dataclass
class Ground:
    """A register as it stands in the database `url`, looked at past everything."""

    url: str
    register: str
    people: dict[str, str] = field(default_factory=dict)  # ids by short name

    def __post_init__(self) -> None:
        self.connection = psycopg.connect(self.url, autocommit=True, options="-c search_path=diwi,public")

    def close(self) -> None:
        self.connection.close()

    def query(self, sql: str, *given: Any) -> list[tuple[Any, ...]]:
        """Straight from the database, past everything; `%(r)s` is the register."""
        return self.connection.execute(
            sql.encode(), {"r": self.register, **{f"p{i}": v for i, v in enumerate(given)}}
        ).fetchall()

    def entities(self) -> dict[str, Entity]:
        rows = self.query(
            "SELECT id::text, kind, project::text, scope, values::text, created, last, deleted FROM entity"
            " WHERE register = %(r)s"
        )
        return {r[0]: Entity(r[0], r[1], r[2], r[3], json.loads(r[4]), *r[5:]) for r in rows}

    def log(self) -> list[Applied]:
        rows = self.query(
            "SELECT l.seq, l.act::text, l.n, l.kind, l.entity::text, l.scope, l.field, l.old::text, l.new::text,"
            " a.device::text FROM change_log l JOIN act a ON a.register = l.register AND a.first_seq = l.part"
            " WHERE l.register = %(r)s ORDER BY l.seq"
        )
        return [Applied(r[0], r[1], r[2], r[3], r[4], r[5], r[6], _load(r[7]), _load(r[8]), r[9]) for r in rows]

    def verdicts(self) -> dict[str, tuple[str, int, str | None]]:
        """Result, the sequence it met, and the scope, of whatever was not simply applied."""
        rows = self.query("SELECT act::text, n, result, seq, scope FROM verdict WHERE register = %(r)s")
        return {f"{act}/{n}": (result, seq, scope) for act, n, result, seq, scope in rows}

    def holds(self) -> dict[str, int]:
        rows = self.query("SELECT scope, hold FROM scope WHERE register = %(r)s AND hold IS NOT NULL")
        return dict(rows)

    def viewer(self, person: str, entities: Mapping[str, Entity]) -> Viewer | None:
        """None for somebody who may not come in."""
        id = self.people.get(person, person)
        found = entities.get(id)
        if found is None or found.deleted or found.values.get("state") != PersonState.ACTIVE:
            return None
        groups = {
            str(one.values["user_group_id"])
            for one in entities.values()
            if one.kind == "group_member" and not one.deleted and one.values.get("person") == id
        }
        groups = {group for group in groups if group in entities and not entities[group].deleted}
        return Viewer(id, UserRole(found.values.get("role") or "User"), frozenset(groups))

    def visible(self, person: str, entities: Mapping[str, Entity] | None = None) -> dict[str, Entity]:
        """All entities that the person may have on his laptop."""
        entities = self.entities() if entities is None else entities
        viewer = self.viewer(person, entities)
        if viewer is None:
            return {}
        holds = self.holds()
        access = {one.id: _access(one, entities, holds) for one in entities.values() if one.kind == "project"}
        return {one.id: one for one in entities.values() if _sees(viewer, one, access, holds)}


@dataclass
class World(Ground):
    """A new register of `app`. People are known by a short name; everything a person does, he does on a device."""

    app: FastAPI = field(kw_only=True)
    register: str = field(default_factory=lambda: str(uuid4()))

    def __post_init__(self) -> None:
        super().__post_init__()
        self.connection.execute(
            "INSERT INTO register (id, code, name) VALUES (%s, %s, %s)", (self.register, self.register[:8], "Duinwijk")
        )
        self.state = self.app.state
        self.clock: FixedClock = self.state.clock

    def token(self, person: str, device: str, register: str = "") -> str:
        """What lets a device in as a person (by short name or id)."""
        token = f"{device}:{person}:{register or self.register}"
        id = self.people.get(person, person)
        self.state.sessions[token] = Session(str(uuid4()), id, register or self.register, device, person)
        return token

    # -- what is there from the start -------------------------------------------------------------------------------

    def seed(self, changes: list[WireChange], name: str = "Gemeente aanmaken") -> None:
        """Changes that nobody needs a right for. Raises ValueError."""
        registers.change(self.state.database, self.register, changes, name, self.clock.now())

    def add_people(self, roles: Mapping[str, UserRole]) -> None:
        """People with these roles, who all work already."""
        changes = []
        for n, (name, role) in enumerate(roles.items()):
            self.people[name] = str(uuid4())
            values = {
                "name": name.capitalize(),
                "email": f"{name}@duinwijk.nl",
                "role": role.value,
                "state": PersonState.ACTIVE.value,
            }
            changes.append(WireChange(n, "person", self.people[name], None, "", None, values))
        self.seed(changes, "Mensen")


def authenticate(request: Request) -> Session:
    found: Session | None = request.app.state.sessions.get(request.headers.get("Authorization", "")[7:])
    if found is None:
        raise SignedOut
    return found


def _access(project: Entity, entities: Mapping[str, Entity], holds: Mapping[str, int]) -> Access:
    level = Confidentiality(project.values.get("confidentiality") or Confidentiality.INTERNAL_CIVIL)
    owners = {
        str(owner)
        for one in entities.values()
        if one.kind == "writer"
        and one.project == project.id
        # of a deleted project: those of when it was deleted
        and one.values.get(DELETED) in (None, project.values.get(DELETED))
        for owner in (one.values.get("person"), one.values.get("user_group"))
        if owner
    }
    return Access(_held(level, project.id, holds) or level, frozenset(owners))


def _held(level: Confidentiality | None, scope: str, holds: Mapping[str, int]) -> Confidentiality | None:
    if scope not in holds:
        return level
    return LEVELS[min(holds[scope], level.rank if level else len(LEVELS)) - 1]


def _sees(viewer: Viewer, one: Entity, access: Mapping[str, Access], holds: Mapping[str, int]) -> bool:
    if one.kind == "document" and one.project:
        own = one.values.get("confidentiality")
        level = _held(Confidentiality(own) if own else None, one.id, holds)
        return rights.sees(viewer, rights.document_access(access[one.project], level))
    if one.project:
        return rights.sees(viewer, access[one.project])
    if one.kind == "person":
        return rights.sees_person(viewer, one.id)
    return rights.sees_scope(viewer, one.scope)


def _load(text: str | None) -> Any:
    return None if text is None else json.loads(text)


class InProcess(httpx.BaseTransport):
    """A synchronous transport to an application in this process: its event loop runs in a thread of its own."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app
        self._transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._life: AbstractAsyncContextManager[Any] = app.router.lifespan_context(app)
        self._run(self._life.__aenter__())

    def _run(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(120)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        answer: tuple[int, httpx.Headers, bytes] = self._run(self._ask(request))
        return httpx.Response(answer[0], headers=answer[1], stream=httpx.ByteStream(answer[2]))

    async def _ask(self, request: httpx.Request) -> tuple[int, httpx.Headers, bytes]:
        response = await self._transport.handle_async_request(request)
        assert isinstance(response.stream, httpx.AsyncByteStream)
        return response.status_code, response.headers, b"".join([part async for part in response.stream])

    def close(self) -> None:
        if self._loop.is_closed():
            return
        self._run(self._life.__aexit__(None, None, None))
        self._run(self._loop.shutdown_default_executor())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()


@dataclass(frozen=True, slots=True)
class Stage:
    """A running server that has no registers yet."""

    url: str
    folder: Path
    app: FastAPI
    transport: InProcess

    def world(self) -> World:
        """A new register on it."""
        return World(self.url, app=self.app)

    def client(self, token: str) -> httpx.Client:
        """A client that shows this token, if any; closing it leaves the server alone."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.Client(transport=_Kept(self.transport), base_url="http://diwi", headers=headers)


class _Kept(httpx.BaseTransport):
    """A transport that is not closed with its client."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._inner.handle_request(request)


@contextmanager
def stage(url: str, folder: Path, **options: Any) -> Iterator[Stage]:
    """A server on a database, in this process, with sessions as `World.token` gives them."""
    clock = FixedClock(START)
    app = create_app(
        Settings(database_url=url, data_dir=folder, **{"requests_per_minute": 1_000_000_000, **options}), clock=clock
    )
    app.state.sessions = {}
    app.state.authenticate = authenticate
    transport = InProcess(app)
    try:
        yield Stage(url, folder, app, transport)
    finally:
        transport.close()
