"""Invitations, at both ends: giving one to a person of the register, and using the one that was received.

An invitation is a link, `https://server/#uitnodiging=<token>`; what stands behind the `#` never reaches a log.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from diwi_desktop.model.finding import UserError
from diwi_desktop.sync.known import server_url
from diwi_desktop.sync.transport import TYPE, ask, client, document, problem_of

if TYPE_CHECKING:
    import httpx

    from diwi_desktop.sync.account import Account

_MARK = "#uitnodiging="
_JSON = {"Content-Type": "application/json"}


class InvitationTrouble(UserError):
    """`code`: bad_link, invitation_gone, sign_in_failed, bad_password."""

    code = "bad_link"


@dataclass(frozen=True, slots=True)
class Given:
    """An invitation that was given. Who has the link chooses the password, so it goes to that person only."""

    email: str
    link: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Received:
    """An invitation as its receiver sees it: `secret` and `address` (otpauth) are for the app on his phone.

    `known`: he has an account at this server already, and may join with that.
    """

    url: str
    token: str
    email: str
    name: str
    register_name: str
    secret: str
    address: str
    known: bool


def give(account: Account, register: str, person: str) -> Given:
    """Invite a person of a register, or give him a new chance; earlier links stop working. Raises Problem."""
    path = f"/v1/registers/{register}/people/{person}/invitations"
    answer = ask(account.wire, "POST", path, headers={"Authorization": f"Bearer {account.access()}"})
    if not answer.is_success:
        raise problem_of(answer)
    found = document(answer)
    return Given(str(found["email"]), str(found["link"]), datetime.fromisoformat(str(found["expires_at"])))


def look(link: str) -> Received:
    """What an invitation is for. Raises InvitationTrouble (bad_link, invitation_gone), UserError (bad_url), Problem."""
    address, mark, token = link.strip().partition(_MARK)
    if not mark or not token:
        raise InvitationTrouble(
            "Dit is geen link van een uitnodiging; kopieer hem helemaal.",
            "This is not the link of an invitation; copy all of it.",
        )
    url = server_url(address)
    with client(url) as wire:
        found = _asked(wire, "/v1/activations", {"token": token})
    return Received(
        url,
        token,
        email=str(found.get("email", "")),
        name=str(found.get("name", "")),
        register_name=str(found.get("register_name", "")),
        secret=str(found.get("totp_secret", "")),
        address=str(found.get("totp_address", "")),
        known=bool(found.get("known")),
    )


def use(received: Received, password: str, code: str, *, existing: bool = False) -> list[str]:
    """Choose a password and take the second factor into use; the recovery codes, which are shown this once.

    `existing`: join with the password and a code of the account that is there, which stays as it is; no codes then.
    Raises InvitationTrouble (invitation_gone, sign_in_failed, bad_password), Problem.
    """
    body = {"token": received.token, "password": password, "code": code, "existing": existing}
    with client(received.url) as wire:
        found = _asked(wire, "/v1/activations/confirmations", body)
    return [str(one) for one in found.get("recovery_codes", [])]


def _asked(wire: httpx.Client, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = ask(wire, "POST", path, json.dumps(body).encode(), _JSON)
    if answer.is_success:
        return document(answer)
    found = document(answer) if "json" in answer.headers.get("Content-Type", "") else {}
    kind = str(found.get("type", "")).removeprefix(TYPE)
    if kind == "invitation-gone":
        raise InvitationTrouble(
            "Deze uitnodiging geldt niet meer; vraag de beheerder om een nieuwe.",
            "This invitation does not hold any more; ask the administrator for another.",
            code="invitation_gone",
        )
    if kind == "sign-in-failed":
        raise InvitationTrouble(
            "De code of het wachtwoord klopt niet; gebruik de code die de app nu toont.",
            "The code or the password is not right; use the code that the app shows now.",
            code="sign_in_failed",
        )
    errors = [one for one in found.get("errors", []) if isinstance(one, dict) and one.get("nl")]
    if kind == "invalid" and errors:
        raise InvitationTrouble(
            " ".join(str(one["nl"]) for one in errors),
            " ".join(str(one.get("detail", "")) for one in errors),
            code="bad_password",
        )
    raise problem_of(answer)
