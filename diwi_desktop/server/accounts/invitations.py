"""Invitations: a link that works once, within a week, with which somebody chooses his password and second factor.

An invitation is the first way in: it comes from one register and opens that one only. Who already has an account keeps
it by proving so (`join`). A link to choose another password for an account that is there is something else, which only
an administrator gives (`Purpose`): it asks for the second factor there is, or, where that is lost too, makes both anew;
then the account loses the other registers until those invite again, because otherwise the administrator of one
municipality, who may hand the link over, could take the account of a colleague at another.
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
from diwi_desktop.server.accounts.account import (
    PASSWORD,
    Account,
    about,
    allow,
    checked,
    find,
    make,
    new_recovery_codes,
    prove,
    release,
    use_code,
    ways_in,
)
from diwi_desktop.server.accounts.base import (
    AccountKnown,
    Accounts,
    HasAccess,
    InvitationGone,
    SignInFailed,
    TooManyTries,
    digest,
    normal_email,
)
from diwi_desktop.server.accounts.purpose import Purpose
from diwi_desktop.server.audit import Action, Actor, Result

_SECRET_BYTES = 32
_HOUR, _BETWEEN = timedelta(hours=1), timedelta(minutes=1)  # between two messages to one person, at least


@dataclass(frozen=True, slots=True)
class Invitation:
    """What is handed over: the token is shown once."""

    token: str
    email: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Started:
    """What an invited person sees first. `known`: there is an account already, which is kept by proving so.

    `secret` and `address` are empty where the second factor stays as it is.
    """

    purpose: Purpose
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
    purpose: Purpose
    sure: bool


def link(public_url: str, token: str) -> str:
    """What an invited person opens or pastes; what comes after the # never goes to a server or its log."""
    return f"{public_url.rstrip('/')}/#uitnodiging={token}"


def give(
    accounts: Accounts,
    connection: Connection[Any],
    register: str,
    person: str,
    by: str | None,
    now: datetime,
    *,
    purpose: Purpose = Purpose.INVITATION,
    sure: bool = False,
) -> Invitation:
    """A link in place of earlier ones of the same person; `sure`: it reaches the person and nobody else.

    Raises LookupError when there is no such person (any more, or he is locked), HasAccess for an invitation to who does
    not need one.
    """
    row = connection.execute(
        "SELECT email FROM membership WHERE register = %s AND person = %s AND state <> %s AND email <> ''",
        (register, person, PersonState.LOCKED),
    ).fetchone()
    if row is None:
        raise LookupError(person)
    if purpose is Purpose.INVITATION and ways_in(connection, register, person):
        raise HasAccess
    connection.execute(
        "UPDATE invitation SET used_at = %s, totp = NULL WHERE register = %s AND person = %s AND used_at IS NULL",
        (now, register, person),
    )
    token = secrets.token_urlsafe(_SECRET_BYTES)
    expires = now + timedelta(days=accounts.settings.invitation_days)
    connection.execute(
        "INSERT INTO invitation (hash, register, person, email, made_at, made_by, expires_at, purpose, sure)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (digest(token), register, person, row[0], now, UUID(by) if by else None, expires, purpose.value, sure),
    )
    return Invitation(token, row[0], expires)


def withdraw(connection: Connection[Any], token: str, now: datetime) -> None:
    """A link that reached nobody."""
    connection.execute("UPDATE invitation SET used_at = %s, totp = NULL WHERE hash = %s", (now, digest(token)))


def check_pace(accounts: Accounts, connection: Connection[Any], register: str, person: str, now: datetime) -> None:
    """That the server is not used to fill other people's mailboxes. Raises TooManyTries."""
    row = connection.execute(
        "SELECT max(made_at) FILTER (WHERE person = %s), count(*), min(made_at) FROM invitation"
        " WHERE register = %s AND made_at > %s",
        (person, register, now - _HOUR),
    ).fetchone()
    last, count, first = row or (None, 0, now)
    if last is not None and now - last < _BETWEEN:
        raise TooManyTries(_BETWEEN - (now - last))
    if count >= accounts.settings.mails_per_hour:
        raise TooManyTries(_HOUR - (now - first))


_HOLDS = """
SELECT i.hash, i.register::text, i.person::text, i.email, i.totp, m.name, r.name, i.purpose, i.sure
FROM invitation i JOIN register r ON r.id = i.register
JOIN membership m ON m.register = i.register AND m.person = i.person AND m.email = i.email AND m.state <> %s
WHERE i.hash = %s AND i.used_at IS NULL AND i.expires_at > %s FOR UPDATE OF i
"""


def _held(connection: Connection[Any], token: str, now: datetime) -> _Open:
    row = connection.execute(_HOLDS, (PersonState.LOCKED, digest(token), now)).fetchone()
    if row is None:
        raise InvitationGone
    key, register, person, email, totp, name, register_name, purpose, sure = row
    return _Open(key, register, person, email, totp, name, register_name, Purpose(purpose), sure)


def start(accounts: Accounts, token: str) -> Started:
    """What to show; the secret of the second factor stays the same until the invitation is used.

    Raises InvitationGone.
    """
    now = accounts.clock.now()
    with accounts.transaction() as connection:
        held = _held(connection, token, now)
        account = find(connection, held.email)
        secret = address = ""
        if held.purpose is not Purpose.FIRST_FACTOR:
            secret = _new_secret(accounts, connection, held)
            address = secondfactor.address(secret, held.email, f"DIWI {held.register_name}")
    return Started(
        held.purpose, held.email, held.name, held.register, held.register_name, secret, address, _is_known(account)
    )


def _new_secret(accounts: Accounts, connection: Connection[Any], held: _Open) -> str:
    if held.totp is not None:
        return accounts.vault.open(held.totp, held.hash.hex())
    secret = secondfactor.new_secret()
    connection.execute(
        "UPDATE invitation SET totp = %s WHERE hash = %s", (accounts.vault.seal(secret, held.hash.hex()), held.hash)
    )
    return secret


def _is_known(account: Account | None) -> bool:
    return account is not None and account.active and account.password is not None


def finish(accounts: Accounts, token: str, password: str, code: str) -> Activated:
    """Chooses the password and takes the second factor into use; every session there was ends.

    `code` is one of the secret that `start` gave; where the second factor stays, one of that or a recovery code. Raises
    InvitationGone, Invalid (the password), SignInFailed (the code), TooManyTries, and AccountKnown where somebody has
    an account already and nothing shows that it is he who asks.
    """
    now = accounts.clock.now()
    with accounts.transaction() as connection:
        held = _held(connection, token, now)
    checked(accounts, password, [held.email, held.name, held.register_name])
    if held.purpose is Purpose.FIRST_FACTOR:
        return _another_password(accounts, token, password, code, now)
    with accounts.transaction() as connection:
        held = _held(connection, token, now)
        if held.totp is None:
            raise SignInFailed
        secret = accounts.vault.open(held.totp, held.hash.hex())
        step = secondfactor.matching_step(secret, code, now, 0)
        if step is None:
            raise SignInFailed
        account = make(connection, held.email, now)
        if _is_known(account) and held.purpose is Purpose.INVITATION and not held.sure:
            raise AccountKnown
        sealed = accounts.vault.seal(secret, about(account.id))
        connection.execute(
            "UPDATE account SET password = %s, totp = %s, totp_next = NULL, totp_step = %s, active = true,"
            " password_at = %s WHERE id = %s",
            (accounts.passwords.hashed(password), sealed, step, now, account.id),
        )
        _close_elsewhere(connection, account, held, now)
        sessions.end_all(connection, account.id, "new credentials", now)
        tries.forget(connection, held.email)
        codes = new_recovery_codes(connection, account.id)
        _use(connection, held, account.id, now)
    return Activated(held.register, held.person, held.email, codes)


def _close_elsewhere(connection: Connection[Any], account: Account, held: _Open, now: datetime) -> None:
    """New credentials that one register had somebody choose open no other; each of those is told in its log."""
    rows = connection.execute(
        "DELETE FROM account_access WHERE account = %s AND method = %s RETURNING register::text, person::text",
        (account.id, PASSWORD),
    ).fetchall()
    for register, person in rows:
        if register != held.register:
            actor = Actor("diwi-server", register=register, person=person)
            audit.record(connection, actor, Action.CREDENTIALS, f"person {person} closed", at=now)


def _another_password(accounts: Accounts, token: str, password: str, code: str, now: datetime) -> Activated:
    """Only the password: the second factor stays, and shows that it is not who gave or found the link."""
    place = audit.origin.get()
    with accounts.transaction() as connection:
        held = _held(connection, token, now)
        may_count = tries.begin(connection, held.email, place, now)
    hashed = accounts.passwords.hashed(password)
    with accounts.transaction() as connection:
        held = _held(connection, token, now)
        id = ways_in(connection, held.register, held.person).get(PASSWORD)
        if id is None:
            raise InvitationGone
        account = make(connection, held.email, now)
        if may_count and account.id == id and use_code(accounts, connection, account, code, now):
            tries.succeeded(connection, held.email, place, now)
            connection.execute(
                "UPDATE account SET password = %s, password_at = %s WHERE id = %s", (hashed, now, account.id)
            )
            sessions.end_all(connection, account.id, "new credentials", now)
            _use(connection, held, account.id, now)
            return Activated(held.register, held.person, held.email, [])
        actor = Actor(held.email, account=id, register=held.register, person=held.person)
        audit.record(connection, actor, Action.CREDENTIALS, "password", Result.FAILED, at=now)
    raise SignInFailed


def join(accounts: Accounts, token: str, password: str, code: str) -> Activated:
    """Opens the register of the invitation to the account that the invited person already has.

    Raises InvitationGone, SignInFailed and TooManyTries.
    """
    now = accounts.clock.now()
    with accounts.transaction() as connection:
        held = _held(connection, token, now)
        if held.purpose is not Purpose.INVITATION:
            raise InvitationGone
        email = held.email
    account = prove(accounts, email, password, code, now)
    with accounts.transaction() as connection:
        held = _held(connection, token, now)
        _use(connection, held, account.id, now)
    return Activated(held.register, held.person, normal_email(held.email), [])


def _use(connection: Connection[Any], held: _Open, account: str, now: datetime) -> None:
    connection.execute("UPDATE invitation SET used_at = %s, totp = NULL WHERE hash = %s", (now, held.hash))
    # Who came in as this person under an earlier address does so no more.
    release(connection, held.register, held.person, "another account", now, but=account)
    allow(connection, account, held.register, held.person, PASSWORD, now)
    actor = Actor(held.email, account=account, register=held.register, person=held.person)
    action = Action.ACTIVATE if held.purpose is Purpose.INVITATION else Action.CREDENTIALS
    what = "" if held.purpose is Purpose.INVITATION else f" {held.purpose.value}"
    audit.record(connection, actor, action, f"person {held.person}{what}", at=now)
