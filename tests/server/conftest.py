"""A server on a database of its own for each test: in-process (`server`) or on a real socket too (`live_server`)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from diwi_desktop.model.clock import FixedClock
from diwi_desktop.model.ids import Ids
from diwi_desktop.server import registers
from diwi_desktop.server.session import Session
from diwi_desktop.server.settings import Settings
from tests import postgres
from tests.server.harness import NOON, Register, Server, on_socket, running


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[postgres.Cluster]:
    """PostgreSQL, one for all workers of this test session."""
    base = tmp_path_factory.getbasetemp()
    alone = worker_id == "master"
    with postgres.shared(base if alone else base.parent, os.getpid() if alone else os.getppid()) as running:
        yield running


@pytest.fixture
def database_url(cluster: postgres.Cluster) -> Iterator[str]:
    """A fresh database with all migrations."""
    with cluster.database(f"t{uuid4().hex[:20]}") as url:
        yield url


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOON)


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(database_url=database_url, data_dir=tmp_path / "server-data", connections=8)


@pytest.fixture
def server(settings: Settings, clock: FixedClock) -> Iterator[Server]:
    """In-process; `server.client` asks it."""
    with running(settings, clock) as made:
        yield made


@pytest.fixture
def live_server(server: Server) -> Iterator[Server]:
    """The server on a real socket too; `server.url` is its address."""
    with on_socket(server) as url:
        server.address = url
        yield server


@pytest.fixture
def make_register(server: Server) -> Any:
    """make_register(code="0999", name="Duinwijk") -> Register"""

    def make(code: str = "0999", name: str = "Duinwijk") -> Register:
        id = registers.create(server.app.state.database, code=code, name=name)
        admin = registers.add_person(
            server.app.state.database, id, name="Beheer", email=f"beheer@{code}.nl", role="Admin", state="ACTIEF",
            now=server.clock.now(),
        )  # fmt: skip
        return Register(server, id, Ids(server.clock), admin)

    return make


@pytest.fixture
def register(make_register: Any) -> Register:
    """One register, Duinwijk."""
    made: Register = make_register()
    return made


@pytest.fixture
def make_session(server: Server) -> Any:
    """make_session(register, person) -> token for `Authorization: Bearer`"""

    def make(register: Register, person: str, name: str = "") -> str:
        return server.sign_in(Session(str(uuid4()), person, register.id, str(uuid4()), name))

    return make
