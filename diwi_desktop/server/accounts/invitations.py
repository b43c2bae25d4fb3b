"""Invitations: a link that works once, within a week, with which somebody chooses his password and second factor.

An invitation comes from one register and opens that one only. Who already has an account keeps it by proving so; who
chooses a new password instead loses the other registers until those invite again, because otherwise the administrator
of one municipality, who hands the link over, could take the account of a colleague at another.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg import Connection

from diwi_desktop.model.codes import PersonState
from diwi_desktop.server import audit
from diwi_desktop.server.accounts import secondfactor, sessions, tries
from diwi_desktop.server.accounts.account import PASSWORD, about, allow, checked, find, make, new_recovery_codes, prove
from diwi_desktop.server.accounts.base import Accounts, InvitationGone, SignInFailed, digest, normal_email
from diwi_desktop.server.audit import Action, Actor

_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Invitation:
    """What is handed over: the token is shown once."""

    token: str
    email: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Started:
    """What an invited person sees first. `known`: there is an account already, which can be kept."""

    email: str
    name: str
    register: str
    register_name: str
    secret: str
    address: str
    known: bool


@dataclass(frozen=True, slots=True)
class Activated:
    """`codes`: the recovery codes, shown once; none when an account that existed was kept."""

    register: str
    person: str
    email: str
    codes: list[str]


@dataclass(frozen=True, slots=True)
class _Open:
    """An invitation that still holds."""

    hash: bytes
    register: str
    person: str
    email: str
    totp: str | None
    name: str
    register_name: str


def link(public_url: str, token: str) -> str:
    """What an invited person opens or pastes; what comes after the # never goes to a server or its log."""
    return f"{public_url.rstrip('/')}/#uitnodiging={token}"


def give(
    accounts: Accounts, connection: Connection[Any], register: str, person: str, by: str | None, now: datetime
) -> Invitation:
    """An invitation in place of earlier ones of the same person. Raises LookupError when there is no such person."""
    row = connection.execute(
        "SELECT email FROM membership WHERE register = %s AND person = %s AND state <> %s AND email <> ''",
        (register, person, PersonState.LOCKED),
    ).fetchone()
    if row is None:
        raise LookupError(person)
    connection.execute(
        "DELETE FROM invitation WHERE register = %s AND person = %s AND used_at IS NULL", (register, person)
    )
    token = secrets.token_urlsafe(_SECRET_BYTES)
    expires = now + timedelta(days=accounts.settings.invitation_days)
    connection.execute(
        "INSERT INTO invitation (hash, register, person, email, made_at, made_by, expires_at)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s)",
        (digest(token), register, person, row[0], now, UUID(by) if by else None, expires),
    )
    return Invitation(token, row[0], expires)


_HOLDS = """
SELECT i.hash, i.register::text, i.person::text, i.email, i.totp, m.name, r.name
FROM invitation i JOIN register r ON r.id = i.register
JOIN membership m ON m.register = i.register AND m.person = i.person AND m.email = i.email AND m.state <> %s
WHERE i.hash = %s AND i.used_at IS NULL AND i.expires_at > %s FOR UPDATE OF i
"""


def _held(connection: Connection[Any], token: str, now: datetime) -> _Open:
    row = connection.execute(_HOLDS, (PersonState.LOCKED, digest(token), now)).fetchone()
    if row is None:
        raise InvitationGone
    return _Open(*row)


def start(accounts: Accounts, token: str) -> Started:
    """What to show; the secret of the second factor stays the same until the invitation is used.

    Raises InvitationGone.
    """
    now = accounts.clock.now()
    with accounts.transaction() as connection:
        held = _held(connection, token, now)
        if held.totp is None:
            secret = secondfactor.new_secret()
            connection.execute(
                "UPDATE invitation SET totp = %s WHERE hash = %s",
                (accounts.vault.seal(secret, held.hash.hex()), held.hash),
            )
        else:
            secret = accounts.vault.open(held.totp, held.hash.hex())
        account = find(connection, held.email)
    known = account is not None and account.active and account.password is not None
    address = secondfactor.address(secret, held.email, f"DIWI {held.register_name}")
    return Started(held.email, held.name, held.register, held.register_name, secret, address, known)


def finish(accounts: Accounts, token: str, password: str, code: str) -> Activated:
    """Chooses the password and takes the second factor into use; every session there was ends.

    `code` is one of the secret that `start` gave. Raises InvitationGone, Invalid (the password) and SignInFailed (the
    code).
    """
    now = accounts.clock.now()
    with accounts.transaction() as connection:
        held = _held(connection, token, now)
        checked(password, [held.email, held.name, held.register_name])
        if held.totp is None:
            raise SignInFailed
        secret = accounts.vault.open(held.totp, held.hash.hex())
        step = secondfactor.matching_step(secret, code, now, 0)
        if step is None:
            raise SignInFailed
        account = make(connection, held.email, now)
        sealed = accounts.vault.seal(secret, about(account.id))
        connection.execute(
            "UPDATE account SET password = %s, totp = %s, totp_next = NULL, totp_step = %s, active = true,"
            " password_at = %s WHERE id = %s",
            (accounts.passwords.hashed(password), sealed, step, now, account.id),
        )
        connection.execute("DELETE FROM account_access WHERE account = %s AND method = %s", (account.id, PASSWORD))
        sessions.end_all(connection, account.id, "new credentials", now)
        tries.forget(connection, held.email)
        codes = new_recovery_codes(connection, account.id)
        _use(connection, held, account.id, now)
    return Activated(held.register, held.person, held.email, codes)


def join(accounts: Accounts, token: str, password: str, code: str) -> Activated:
    """Opens the register of the invitation to the account that the invited person already has.

    Raises InvitationGone, SignInFailed and TooManyTries.
    """
    now = accounts.clock.now()
    with accounts.transaction() as connection:
        email = _held(connection, token, now).email
    account = prove(accounts, email, password, code, now)
    with accounts.transaction() as connection:
        held = _held(connection, token, now)
        _use(connection, held, account.id, now)
    return Activated(held.register, held.person, normal_email(held.email), [])


def _use(connection: Connection[Any], held: _Open, account: str, now: datetime) -> None:
    connection.execute("UPDATE invitation SET used_at = %s, totp = NULL WHERE hash = %s", (now, held.hash))
    allow(connection, account, held.register, held.person, PASSWORD, now)
    actor = Actor(held.email, account=account, register=held.register, person=held.person)
    audit.record(connection, actor, Action.ACTIVATE, f"person {held.person}", at=now)
