"""The server with its own accounts: nobody gets in but by signing in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from diwi_desktop.server.accounts.oidc import Provider
from tests.server.accounts.signing import Someone, activated, sign_in_for_real
from tests.server.harness import Register, Server
from tests.server.oidc_provider.running import provider


@pytest.fixture(autouse=True)
def _own_accounts(request: pytest.FixtureRequest) -> None:
    if "server" in request.fixturenames:
        sign_in_for_real(request.getfixturevalue("server"))


@pytest.fixture
def anna(register: Register) -> Someone:
    """A main user with an account, not signed in yet."""
    return activated(register, register.person("Anna", "UserPlus"))


@pytest.fixture
def admin(register: Register) -> Someone:
    """The administrator of the register, signed in."""
    return activated(register, register.admin).sign_in()


@pytest.fixture(scope="module")
def issuer(people: dict[str, dict[str, Any]]) -> Iterator[str]:
    """A real provider of single sign-on, which knows the `people` of the test's module."""
    with provider(people) as running:
        yield running


@pytest.fixture
def single(server: Server, issuer: str) -> Server:
    """The server with single sign-on, at the time that the provider's clock says."""
    server.clock.moment = datetime.now(UTC)
    server.app.state.provider = Provider(issuer, "diwi-rs")
    return server
