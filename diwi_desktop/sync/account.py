"""The user's session at a server: an access token in memory, good for minutes, and a refresh token in the key store.

Every use of the refresh token gives another; the old one is good until the new pair is used, so that an answer that is
lost locks nobody out.
"""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from diwi_desktop.model.finding import Finding, UserError
from diwi_desktop.store.device import Device
from diwi_desktop.sync.credentials import Credentials, refresh_name
from diwi_desktop.sync.problem import Obstacle, Problem
from diwi_desktop.sync.transport import TYPE, ask, document, problem_of

if TYPE_CHECKING:
    import httpx

    from diwi_desktop.sync.signin import Identity

_JSON = {"Content-Type": "application/json"}
# Refresh tokens by name, without a key store: there they live as long as the program.
_unkept: dict[str, str] = {}
_EARLY = 30.0  # seconds before its end at which an access token is renewed


@dataclass(frozen=True, slots=True)
class Register:
    """A register that the account may reach; `person` is who it is there."""

    id: str
    code: str
    name: str
    person: str
    person_name: str
    role: str
    open: bool


@dataclass(frozen=True, slots=True)
class Methods:
    """How one can sign in; `issuer`, `client_id` and `scopes` are of the single sign-on, empty without."""

    password: bool
    issuer: str = ""
    client_id: str = ""
    scopes: str = ""


class TagTaken(UserError):
    """Another laptop has the three letters of this one."""

    code = "tag_taken"


class SignInRefused(UserError):
    """The server does not take who signs in. `code`: sign_in_failed, too_many_tries, prove_again."""


_NOT_PROVED = {
    "sign-in-failed": (
        "Dat bewijst niet dat u het bent: het wachtwoord klopt niet, of uw organisatie meldde geen nieuwe aanmelding.",
        "That does not prove who you are: the password is not right, or your organisation told of no new sign-in.",
    ),
    "prove-again": (
        "Geef uw wachtwoord of meld u opnieuw aan om een andere computer af te melden.",
        "Give your password or sign in again to sign out another computer.",
    ),
}
_REFUSALS = {
    "sign-in-failed": (
        "E-mailadres, wachtwoord of code klopt niet; vul ze opnieuw in, met een nieuwe code.",
        "E-mail address, password or code is not right; enter them again, with a new code.",
    ),
    "too-many-tries": (
        "Te veel pogingen om aan te melden; wacht een paar minuten en probeer het opnieuw.",
        "Too many attempts to sign in; wait a few minutes and try again.",
    ),
}


class Account:
    """One account at one server, from one device. Thread-safe.

    `wire` is an httpx client for the server (`transport.client`). `email` may be empty until the sign-in.
    """

    def __init__(
        self,
        wire: httpx.Client,
        url: str,
        email: str,
        device: Device,
        credentials: Credentials,
        *,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.url, self.email, self.device = url.rstrip("/"), email, device
        self.wire = wire
        self._credentials = credentials
        self._now = now
        self._mutex = threading.Lock()
        self._access = ""
        self._until = 0.0

    # -- signing in and out -----------------------------------------------------------------------------------------

    def methods(self) -> Methods:
        """How one can sign in at this server. Raises Problem (NO_SERVER when something else answers there)."""
        answer = ask(self.wire, "GET", "/v1/sign-in-methods")
        if answer.status_code == 429 or answer.status_code >= 500:
            raise problem_of(answer)
        try:
            found = document(answer)
        except Problem:
            found = {}
        if "password" not in found:
            raise Problem(Obstacle.NO_SERVER, detail=str(answer.status_code))
        single = found.get("oidc") or {}
        return Methods(
            bool(found.get("password")), *(str(single.get(k, "")) for k in ("issuer", "client_id", "scopes"))
        )

    def sign_in(self, password: str, code: str) -> list[Register]:
        """With password and a code of the second factor. Raises Problem, TagTaken (draw other letters, once more)."""
        body = {"email": self.email, "password": password, "code": code, "device": self._device()}
        return self._begun(self._post("/v1/sessions", body))

    def sign_in_with(self, identity: Identity) -> list[Register]:
        """With what the browser gave, see `signin.sign_in`. Raises Problem, TagTaken."""
        body = {"id_token": identity.id_token, "nonce": identity.nonce, "device": self._device()}
        return self._begun(self._post("/v1/sessions/oidc", body))

    def sign_out(self) -> None:
        """End the session here and, when it can be reached, at the server."""
        try:
            if self.signed_in:
                headers = {"Authorization": f"Bearer {self.access()}"}
                ask(self.wire, "DELETE", "/v1/sessions/current", headers=headers)
        except Problem as problem:
            if problem.obstacle not in (Obstacle.OFFLINE, Obstacle.BUSY, Obstacle.SIGNED_OUT):
                raise
        finally:
            with self._mutex:
                self._forget()

    @property
    def warning(self) -> Finding | None:
        """What to tell who signs in here: that this computer cannot keep the sign-in."""
        return self._credentials.warning

    @property
    def signed_in(self) -> bool:
        """Whether there is something to go on with without the user."""
        return bool(self._access) or self._kept() is not None

    def registers(self) -> list[Register]:
        """The registers the account may reach. Raises Problem."""
        return _registers(self._get("/v1/me", self.access()))

    def devices(self) -> list[dict[str, Any]]:
        """Where the account is signed in: id, name, tag, times, and the method it was done with. Raises Problem."""
        found = self._get("/v1/devices", self.access()).get("devices", [])
        return [dict(one) for one in found]

    def end_device(self, id: str, *, password: str = "", identity: Identity | None = None) -> None:
        """Sign out on a computer; on another than this only with the password, or what the browser has just given.

        Raises Problem, and SignInRefused (sign_in_failed, prove_again, too_many_tries).
        """
        body = {"password": password} if password else {}
        if identity is not None:
            body = {"id_token": identity.id_token, "nonce": identity.nonce}
        headers = {"Authorization": f"Bearer {self.access()}", **_JSON}
        answer = ask(self.wire, "POST", f"/v1/devices/{id}/endings", json.dumps(body).encode(), headers)
        if not answer.is_success:
            _refuse(answer, {**_REFUSALS, **_NOT_PROVED})
            raise problem_of(answer)

    def audit_entries(self, register: str, before: int | None = None) -> dict[str, Any]:
        """A page of the audit log of a register, newest first: `entries` and `next`, the `before` of the page after.

        Raises Problem (NO_ACCESS for who may not read it).
        """
        older = "" if before is None else f"?before={before}"
        return self._get(f"/v1/registers/{register}/audit-entries{older}", self.access())

    def ordered(self, path: str, body: Mapping[str, Any], trouble: type[UserError], *, invalid: str) -> dict[str, Any]:
        """What the server answers when it has done something with a person, as who manages people asks.

        Raises `trouble` when the server says in its own words why not, with its code, which is `invalid` for what can
        not be; Problem for the rest.
        """
        headers = {"Authorization": f"Bearer {self.access()}", **_JSON}
        answer = ask(self.wire, "POST", path, json.dumps(body).encode() if body else b"", headers)
        if answer.is_success:
            return document(answer)
        found = document(answer) if "json" in answer.headers.get("Content-Type", "") else {}
        if found.get("nl") and found.get("en"):
            code = str(found.get("type", "")).removeprefix(TYPE).replace("-", "_")
            raise trouble(str(found["nl"]), str(found["en"]), code=invalid if code == "invalid" else code)
        raise problem_of(answer)

    # -- tokens -----------------------------------------------------------------------------------------------------

    def access(self, *, renewed: bool = False) -> str:
        """An access token that is good for a while. Raises Problem (SIGNED_OUT, OFFLINE, BUSY)."""
        with self._mutex:
            if renewed or not self._access or self._now() > self._until - _EARLY:
                self._renew()
            return self._access

    def _renew(self) -> None:
        refresh = self._kept()
        if refresh is None:
            raise Problem(Obstacle.SIGNED_OUT)
        try:
            self._keep(self._post("/v1/sessions/refresh", {"refresh_token": refresh, "device": self.device.id}))
        except Problem as problem:
            if problem.obstacle is Obstacle.SIGNED_OUT:
                self._forget()
            raise

    def _begun(self, found: Mapping[str, Any]) -> list[Register]:
        with self._mutex:
            me = found.get("me", {})
            self.email = str(me.get("email") or self.email)
            self._keep(found)
        return _registers(me)

    def _keep(self, found: Mapping[str, Any]) -> None:
        try:
            access, refresh = str(found["access_token"]), str(found["refresh_token"])
            until = datetime.fromisoformat(str(found["access_until"]))
        except (KeyError, ValueError) as error:
            raise Problem(Obstacle.OFFLINE, detail="the answer is no session") from error
        name = refresh_name(self.url, self.email)
        if not self._credentials.keep(name, refresh):
            _unkept[name] = refresh
        self._access = access
        seconds = (until - datetime.now(until.tzinfo)).total_seconds()
        # A clock that is off must not make every token look old; the server says so when one is.
        self._until = self._now() + (seconds if 0 < seconds < 3600 else 300)

    def _kept(self) -> str | None:
        name = refresh_name(self.url, self.email)
        return _unkept.get(name) or self._credentials.read(name)

    def _forget(self) -> None:
        self._access, self._until = "", 0.0
        name = refresh_name(self.url, self.email)
        _unkept.pop(name, None)
        self._credentials.forget(name)

    # -- underneath -------------------------------------------------------------------------------------------------

    def _device(self) -> dict[str, str]:
        return {"id": self.device.id, "tag": self.device.tag, "name": socket.gethostname()[:100]}

    def _post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        answer = ask(self.wire, "POST", path, json.dumps(body).encode(), _JSON)
        if not answer.is_success:
            _refuse(answer, _REFUSALS)
            if answer.status_code == 409 and "tag-taken" in answer.text:
                raise TagTaken(
                    "Een andere laptop heeft al deze drie letters; er worden andere gekozen.",
                    "Another laptop already has these three letters; others are drawn.",
                )
            raise problem_of(answer)
        return document(answer)

    def _get(self, path: str, token: str) -> dict[str, Any]:
        answer = ask(self.wire, "GET", path, headers={"Authorization": f"Bearer {token}"} if token else {})
        if not answer.is_success:
            raise problem_of(answer)
        return document(answer)


def _refuse(answer: httpx.Response, sentences: Mapping[str, tuple[str, str]]) -> None:
    """Raises SignInRefused when the server does not take who one says to be."""
    for word, (nl, en) in sentences.items():
        if answer.status_code in (401, 403, 429) and f"{TYPE}{word}" in answer.text:
            raise SignInRefused(nl, en, code=word.replace("-", "_"))


def _registers(me: Mapping[str, Any]) -> list[Register]:
    return [
        Register(
            id=str(one.get("id", "")),
            code=str(one.get("code", "")),
            name=str(one.get("name", "")),
            person=str(one.get("person", "")),
            person_name=str(one.get("person_name", "")),
            role=str(one.get("role", "")),
            open=bool(one.get("open")),
        )
        for one in me.get("registers", [])
    ]
