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
from diwi_desktop.sync.problem import Obstacle, Problem
from diwi_desktop.sync.transport import TYPE, ask, client, document, problem_of

if TYPE_CHECKING:
    import httpx

    from diwi_desktop.sync.account import Account

_MARK = "#uitnodiging="
_JSON = {"Content-Type": "application/json"}


class InvitationTrouble(UserError):
    """`code`: bad_link, invitation_gone, sign_in_failed, bad_password, account_known; has_access, no_access_yet,
    mail_failed, too_many_tries, no_access, not_given."""

    code = "bad_link"


@dataclass(frozen=True, slots=True)
class Given:
    """A link that was given. Who has it chooses the password, so it goes to that person only.

    `link` is empty when the server sent it to him by post.
    """

    email: str
    link: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Received:
    """An invitation as its receiver sees it: `secret` and `address` (otpauth) are for the app on his phone.

    `known`: he has an account at this server already, and joins with that. `purpose`: invitation, or what an
    administrator has him choose anew: `password` (the second factor stays; secret and address are empty) or
    `second-factor` (both).
    """

    url: str
    token: str
    email: str
    name: str
    register_name: str
    secret: str
    address: str
    known: bool
    purpose: str = "invitation"

    @property
    def keeps_factor(self) -> bool:
        """Whether the second factor stays as it is, and a code of that, or a recovery code, is asked."""
        return self.purpose == "password"


def give(account: Account, register: str, person: str) -> Given:
    """Invite a person of a register who cannot sign in; earlier links stop working.

    Raises InvitationTrouble (has_access, mail_failed, too_many_tries, not_given), Problem.
    """
    return _given(_told(account, f"/v1/registers/{register}/people/{person}/invitations", {}))


def reset(account: Account, register: str, person: str, what: str) -> Given | None:
    """Have somebody choose anew what he lost; he is signed out everywhere. What only an administrator may.

    `what`: `password`, `second-factor` (and the password), or `identity` at the single sign-on, for which there is no
    link. Who has never signed in is invited.

    Raises InvitationTrouble (no_access_yet, no_access, mail_failed, too_many_tries, not_given), Problem.
    """
    try:
        found = _told(account, f"/v1/registers/{register}/people/{person}/resets", {"what": what}).get("invitation")
    except InvitationTrouble as trouble:
        if trouble.code == "no_access_yet" and what != "identity":
            return give(account, register, person)  # active in the list, and never signed in: there is nothing to lose
        raise
    return _given(found) if isinstance(found, dict) else None


def _told(account: Account, path: str, body: dict[str, Any]) -> dict[str, Any]:
    return account.ordered(path, body, InvitationTrouble, invalid="not_given")


def _given(found: dict[str, Any]) -> Given:
    try:
        return Given(str(found["email"]), str(found["link"] or ""), datetime.fromisoformat(str(found["expires_at"])))
    except (KeyError, ValueError) as error:
        raise Problem(Obstacle.OFFLINE, detail="the answer is no invitation") from error


def is_link(text: str) -> bool:
    """Whether this is the link of an invitation, rather than the address of a server."""
    return _MARK in text


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
        purpose=str(found.get("purpose", "invitation")),
    )


def use(received: Received, password: str, code: str, *, existing: bool = False) -> list[str]:
    """Choose a password and take the second factor into use; the recovery codes, which are shown this once.

    `existing`: join with the password and a code of the account that is there, which stays as it is; no codes then.
    Raises InvitationTrouble (invitation_gone, sign_in_failed, bad_password, account_known), Problem.
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
    if kind == "account-known":
        raise InvitationTrouble(str(found.get("nl", "")), str(found.get("en", "")), code="account_known")
    errors = [one for one in found.get("errors", []) if isinstance(one, dict) and one.get("nl")]
    if kind == "invalid" and errors:
        raise InvitationTrouble(
            " ".join(str(one["nl"]) for one in errors),
            " ".join(str(one.get("detail", "")) for one in errors),
            code="bad_password",
        )
    raise problem_of(answer)
