"""Single sign-on as tests do it: somebody signs in at the provider, and the server is handed what it said."""

from __future__ import annotations

import httpx

from diwi_desktop.server import registers
from diwi_desktop.sync import signin
from tests.server.accounts.signing import a_device
from tests.server.harness import Register, Server
from tests.server.oidc_provider.running import Browser


def add(register: Register, email: str, role: str = "User", state: str = "UITGENODIGD") -> str:
    """A person of the register with this address; the id."""
    return registers.add_person(register.server.app.state.database, register.id, name=email.partition("@")[0],
                                email=email, role=role, state=state, now=register.server.clock.now())  # fmt: skip


def identity(issuer: str, login: str, client_id: str = "diwi-rs", *, again: bool = False) -> signin.Identity:
    """What the provider says of who signs in there; `again`: anew, and when."""
    browser = Browser(login)
    try:
        return signin.sign_in(issuer, client_id, open_browser=browser.open, patience=30, again=again)
    finally:
        browser.close()


def hand_in(server: Server, who: signin.Identity, nonce: str = "") -> httpx.Response:
    """Ask the server for a session with what the provider said."""
    body = {"id_token": who.id_token, "nonce": nonce or who.nonce, "device": a_device()}
    return server.client.post("/v1/sessions/oidc", json=body)


def enter(server: Server, response: httpx.Response) -> httpx.Response:
    """Who one is, with the session that was given."""
    assert response.status_code == 201, response.text
    headers = {"Authorization": f"Bearer {response.json()['access_token']}"}
    return server.client.get("/v1/me", headers=headers)
