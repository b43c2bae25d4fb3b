"""The server with its own accounts: nobody gets in but by signing in."""

from __future__ import annotations

import pytest
from fastapi import Request

from diwi_desktop.server.accounts import sessions
from diwi_desktop.server.accounts.passwords import Passwords
from diwi_desktop.server.session import Session
from tests.server.accounts.signing import Someone, activated
from tests.server.harness import Register, Server


@pytest.fixture(autouse=True)
def _own_accounts(request: pytest.FixtureRequest) -> None:
    """The accounts' own authentication beside the seam; cheap hashes, the real costs have a test of their own."""
    if "server" in request.fixturenames:
        server: Server = request.getfixturevalue("server")

        def authenticate(request: Request) -> Session:
            token = request.headers.get("authorization", "").removeprefix("Bearer ")
            return server.authenticate(request) if token in server.sessions else sessions.authenticate(request)

        server.app.state.authenticate = authenticate
        server.app.state.accounts.passwords = Passwords(memory_kib=64, rounds=1)


@pytest.fixture
def anna(register: Register) -> Someone:
    """A main user with an account, not signed in yet."""
    return activated(register, register.person("Anna", "UserPlus"))


@pytest.fixture
def admin(register: Register) -> Someone:
    """The administrator of the register, signed in."""
    return activated(register, register.admin).sign_in()
