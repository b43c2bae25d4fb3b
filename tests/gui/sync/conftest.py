"""The real server for tests of the window: in the test's own process, on PostgreSQL, with accounts to sign in with."""

from collections.abc import Callable

import pytest

from diwi_desktop.sync import session as sessions_here
from diwi_desktop.sync.credentials import Credentials
from tests.server.accounts.signing import Someone, activated
from tests.server.conftest import (
    clock,
    cluster,
    database_url,
    live_server,
    make_register,
    make_session,
    register,
    server,
    settings,
)
from tests.server.harness import Register, Server
from tests.sync.test_encryption import Memory

__all__ = [
    "clock",
    "cluster",
    "database_url",
    "live_server",
    "make_register",
    "make_session",
    "register",
    "server",
    "settings",
]

Accounts = Callable[..., Someone]


@pytest.fixture(autouse=True)
def _no_key_store(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of a test comes in the key store of whoever runs it."""
    monkeypatch.setattr(sessions_here, "Credentials", lambda: Credentials(Memory()))


@pytest.fixture
def accounts(server: Server, register: Register) -> Accounts:
    """accounts(name, role): a person with an account at the server, who signs in with password and code."""
    from fastapi import Request

    from diwi_desktop.server.accounts import sessions
    from diwi_desktop.server.accounts.passwords import Passwords
    from diwi_desktop.server.session import Session

    def authenticate(request: Request) -> Session:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        return server.authenticate(request) if token in server.sessions else sessions.authenticate(request)

    server.app.state.authenticate = authenticate
    server.app.state.accounts.passwords = Passwords(memory_kib=64, rounds=1)

    def make(name: str, role: str = "UserPlus") -> Someone:
        return activated(register, register.person(name, role))

    return make
