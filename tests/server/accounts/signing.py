"""People with an account: invited, activated and signed in, the way they do it themselves."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pyotp
from fastapi import Request

from diwi_desktop.server.accounts import invitations, sessions
from diwi_desktop.server.accounts.passwords import Passwords
from diwi_desktop.server.accounts.purpose import Purpose
from diwi_desktop.server.session import Session
from tests.server.harness import Register, Server

PASSWORD = "paars fietsen lantaarn"


_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"


def a_device(tag: str = "", name: str = "Laptop") -> dict[str, str]:
    id = uuid4()
    drawn = "".join(_LETTERS[id.int >> shift & 15] for shift in (0, 8, 16))
    return {"id": str(id), "tag": tag or drawn, "name": name}


def sign_in_for_real(server: Server) -> None:
    """The accounts' own authentication beside the seam; cheap hashes, the real costs have a test of their own."""

    def authenticate(request: Request) -> Session:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        return server.authenticate(request) if token in server.sessions else sessions.authenticate(request)

    server.app.state.authenticate = authenticate
    server.app.state.accounts.passwords = Passwords(memory_kib=64, rounds=1)


@dataclass
class Someone:
    """A person with an account. `code()` is a code of the app that was not used before."""

    server: Server
    email: str
    person: str
    secret: str = ""
    recovery: list[str] = field(default_factory=list)
    password: str = PASSWORD
    device: dict[str, str] = field(default_factory=a_device)
    tokens: dict[str, Any] = field(default_factory=dict)

    def code(self) -> str:
        """Half a minute later, so that it is a new one."""
        self.server.clock.moment += timedelta(seconds=31)
        return str(pyotp.TOTP(self.secret).at(self.server.clock.moment))

    def try_sign_in(self, **other: Any) -> httpx.Response:
        body = {"email": self.email, "password": self.password, "device": self.device, **other}
        if "code" not in body:
            body["code"] = self.code()
        return self.server.client.post("/v1/sessions", json=body)

    def sign_in(self, **other: Any) -> Someone:
        response = self.try_sign_in(**other)
        assert response.status_code == 201, response.text
        self.tokens = response.json()
        return self

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.tokens['access_token']}"}
        return self.server.client.request(method, path, headers=headers, **more)

    def refresh(self, token: str | None = None, device: str | None = None) -> httpx.Response:
        body = {"refresh_token": token or self.tokens["refresh_token"], "device": device or self.device["id"]}
        return self.server.client.post("/v1/sessions/refresh", json=body)


def invitation(register: Register, person: str, *, sure: bool = True, purpose: str = "invitation") -> str:
    """The token of a new link, given by the server itself; `sure`: as who runs it does, or its post."""
    accounts = register.server.app.state.accounts
    with accounts.transaction() as connection:
        given = invitations.give(
            accounts, connection, register.id, person, None, accounts.clock.now(), sure=sure, purpose=Purpose(purpose)
        )
        return given.token


def activated(register: Register, person: str, token: str = "", password: str = PASSWORD) -> Someone:
    """The person with an account, by an invitation."""
    server = register.server
    token = token or invitation(register, person)
    started = server.client.post("/v1/activations", json={"token": token})
    assert started.status_code == 200, started.text
    someone = Someone(server, started.json()["email"], person, started.json()["totp_secret"], password=password)
    body = {"token": token, "password": password, "code": someone.code()}
    done = server.client.post("/v1/activations/confirmations", json=body)
    assert done.status_code == 201, done.text
    someone.recovery = done.json()["recovery_codes"]
    return someone


def problem(response: httpx.Response) -> str:
    """The code of the problem that an answer is."""
    assert response.headers["content-type"] == "application/problem+json", response.text
    return str(response.json()["type"]).removeprefix("urn:diwi:problem:")
