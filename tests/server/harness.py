"""A server in the test's own process, and laptops without a store that talk to it."""

from __future__ import annotations

import socket
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx
import msgspec
import psycopg
import uvicorn
from anyio.from_thread import BlockingPortal, start_blocking_portal
from fastapi import FastAPI, Request

from diwi_desktop.changes.messages import SCHEMA, PullReply, PullRequest, Push, PushReply, WireAct, WireChange
from diwi_desktop.model.clock import FixedClock
from diwi_desktop.model.ids import Ids
from diwi_desktop.server import registers
from diwi_desktop.server.app import create_app
from diwi_desktop.server.problems import SignedOut
from diwi_desktop.server.session import Session
from diwi_desktop.server.settings import Settings

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


class Client:
    """Asks an application without a socket in between; safe to use from many threads."""

    def __init__(self, portal: BlockingPortal, app: FastAPI) -> None:
        self._portal = portal
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        self._client = httpx.AsyncClient(transport=transport, base_url="https://diwi.test")

    def request(self, method: str, path: str, **more: Any) -> httpx.Response:
        async def ask() -> httpx.Response:
            return await self._client.request(method, path, **more)

        return self._portal.call(ask)

    @contextmanager
    def stream(self, method: str, path: str, **more: Any) -> Iterator[httpx.Response]:
        """The same for who reads the answer as it comes; here it is there at once."""
        yield self.request(method, path, **more)

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self.request("GET", path, **more)

    def post(self, path: str, **more: Any) -> httpx.Response:
        return self.request("POST", path, **more)


@contextmanager
def running(settings: Settings, clock: FixedClock) -> Iterator[Server]:
    """A server that takes sessions from `Server.sign_in`."""
    app = create_app(settings, clock=clock)
    with ExitStack() as stack:
        portal = stack.enter_context(start_blocking_portal())
        stack.enter_context(portal.wrap_async_context_manager(app.router.lifespan_context(app)))
        server = Server(app, Client(portal, app), settings.database_url, clock)
        app.state.authenticate = server.authenticate
        yield server


class _Telling(uvicorn.Server):
    """Sets `up` when it serves."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()


@contextmanager
def on_socket(server: Server) -> Iterator[str]:
    """The same server on a real socket; its address."""
    # Only of a socket that says it is TCP does asyncio switch off the waiting for more to send (40 ms an answer).
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    config = uvicorn.Config(server.app, lifespan="off", log_level="warning", access_log=False)
    serving = _Telling(config)
    thread = threading.Thread(target=serving.run, args=([listener],), name="server", daemon=True)
    thread.start()
    assert serving.up.wait(30), "the server did not start"
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        serving.should_exit = True
        thread.join(10)
        listener.close()


@dataclass
class Server:
    """A server with a seam for sessions: `Authorization: Bearer <token>` is the session that `sign_in` gave it for."""

    app: FastAPI
    client: Client
    database_url: str
    clock: FixedClock
    sessions: dict[str, Session] = field(default_factory=dict)
    address: str = ""

    def authenticate(self, request: Request) -> Session:
        kind, _, name = request.headers.get("authorization", "").partition(" ")
        if kind != "Bearer" or name not in self.sessions:
            raise SignedOut
        return self.sessions[name]

    def sign_in(self, session: Session) -> str:
        """A token for a session."""
        token = uuid4().hex
        self.sessions[token] = session
        return token

    @property
    def url(self) -> str:
        """The address of a real socket on which it answers; there as long as the test lasts."""
        assert self.address, "ask for the fixture `live_server`"
        return self.address

    def sql(self, statement: str, *given: Any) -> list[tuple[Any, ...]]:
        """A statement as the owner of the database, past all fences."""
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            done = connection.execute(statement.encode(), given)
            return done.fetchall() if done.description else []


@dataclass
class Register:
    """A register on the server, with its people."""

    server: Server
    id: str
    ids: Ids
    admin: str
    people: Counter[str] = field(default_factory=Counter)

    def person(self, name: str = "Jan", role: str = "UserPlus", state: str = "ACTIEF") -> str:
        """A person in the register, made by the server itself; his id. Everybody has an address of his own."""
        self.people[name] += 1
        again = self.people[name] if self.people[name] > 1 else ""
        return registers.add_person(
            self.server.app.state.database, self.id, name=name, email=f"{name.lower()}{again}@{self.id[-6:]}.nl",
            role=role, state=state, now=self.server.clock.now(),
        )  # fmt: skip

    def laptop(self, person: str | None = None, *, role: str = "UserPlus", name: str = "Jan") -> Laptop:
        """A device on which a person (a new one of this role without `person`) is signed in."""
        who = person or self.person(name, role)
        session = Session(str(uuid4()), who, self.id, str(uuid4()), name)
        return Laptop(self, session, self.server.sign_in(session))


@dataclass
class Laptop:
    """A client without a store: sends messages and returns what comes back."""

    register: Register
    session: Session
    token: str
    cursor: str = ""

    def new_id(self) -> str:
        return self.register.ids.new()

    def ask(self, method: str, path: str, **more: Any) -> Any:
        """A request under this register, signed in; httpx's response."""
        headers = {"Authorization": f"Bearer {self.token}", **more.pop("headers", {})}
        return self.register.server.client.request(
            method, f"/v1/registers/{self.register.id}{path}", headers=headers, **more
        )

    def send(self, path: str, message: Any) -> Any:
        return self.ask("POST", path, content=msgspec.json.encode(message))

    def act(self, *changes: WireChange, name: str = "Wijzigen", kind: str = "user", id: str = "") -> WireAct:
        return WireAct(
            id or self.new_id(), name, kind, self.session.device, "2026-11-21T11:00:00.000000Z", list(changes)
        )

    def push(self, *acts: WireAct | WireChange) -> PushReply:
        """Acts, or loose changes as one act."""
        loose = [one for one in acts if isinstance(one, WireChange)]
        whole = [one for one in acts if isinstance(one, WireAct)] + ([self.act(*loose)] if loose else [])
        response = self.send("/pushes", Push(SCHEMA, whole))
        assert response.status_code == 200, response.text
        return msgspec.json.decode(response.content, type=PushReply)

    def pull(self, *, limit: int = 5000, have: list[tuple[int, int]] | None = None) -> PullReply:
        """All pages of a pull as one; the cursor moves on."""
        request = PullRequest(SCHEMA, self.cursor, "", have or [], limit)
        acts, purge, whole = [], [], []
        while True:
            response = self.send("/pulls", request)
            assert response.status_code == 200, response.text
            page = msgspec.json.decode(response.content, type=PullReply)
            acts += page.acts
            purge += page.purge
            whole += page.whole
            if not page.more:
                break
            request = msgspec.structs.replace(request, page=page.page)
        if not page.snapshot:
            self.cursor = page.cursor
        return msgspec.structs.replace(page, acts=acts, purge=purge, whole=whole)
