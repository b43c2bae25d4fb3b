"""An account: signing in with password and code, and changing those."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from psycopg import Connection

from diwi_desktop.model.finding import Finding
from diwi_desktop.server import audit
from diwi_desktop.server.accounts import passwords, secondfactor, sessions, tries
from diwi_desktop.server.accounts.base import Accounts, SignInFailed, TagTaken, normal_email
from diwi_desktop.server.accounts.sessions import Device, SignedIn, Tokens
from diwi_desktop.server.audit import Action, Actor, Result
from diwi_desktop.server.problems import Invalid, NoAccess

PASSWORD, OIDC = "password", "oidc"


@dataclass(frozen=True, slots=True)
class Account:
    """A row of `account`; `password` is a hash and `totp` is sealed."""

    id: str
    email: str
    password: str | None
    totp: str | None
    totp_step: int
    active: bool


_COLUMNS = "id::text, email, password, totp, totp_step, active"


def find(connection: Connection[Any], email: str, *, lock: bool = False) -> Account | None:
    """The account of an e-mail address, held for the rest of the transaction when `lock`."""
    query = f"SELECT {_COLUMNS} FROM account WHERE email = %s{' FOR UPDATE' if lock else ''}"
    row = connection.execute(query, (email,)).fetchone()
    return Account(*row) if row else None


def make(connection: Connection[Any], email: str, now: datetime) -> Account:
    """The account of an e-mail address, made when there is none; held for the rest of the transaction."""
    connection.execute(
        "INSERT INTO account (id, email, made_at) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING", (uuid4(), email, now)
    )
    found = find(connection, email, lock=True)
    if found is None:
        raise LookupError(email)
    return found


def about(account: str) -> str:
    """What ties the sealed secret of a second factor to its account."""
    return f"totp of {account}"


# -- proving who one is ---------------------------------------------------------------------------------------------


def prove(accounts: Accounts, email: str, password: str, code: str, now: datetime) -> Account:
    """The account that a password and a code belong to, of which the code is now used.

    Raises SignInFailed, after the same work, whatever was wrong; TooManyTries when one has to wait.
    """
    email = normal_email(email)
    place = audit.origin.get()
    with accounts.transaction() as connection:
        may_count = tries.begin(connection, email, place, now)
        account = find(connection, email)
    fits = accounts.passwords.fits(account.password if account else None, password)
    with accounts.transaction() as connection:
        account = find(connection, email, lock=True)
        right = may_count and fits and account is not None and account.active and account.password is not None
        if account is not None and right and use_code(accounts, connection, account, code, now):
            tries.succeeded(connection, email, place, now)
            if account.password and accounts.passwords.is_old(account.password):
                connection.execute(
                    "UPDATE account SET password = %s WHERE id = %s", (accounts.passwords.hashed(password), account.id)
                )
            return account
        actor = Actor(email, account=account.id if account else None)
        audit.record(connection, actor, Action.SIGN_IN, "password", Result.FAILED, at=now)
    raise SignInFailed


def use_code(accounts: Accounts, connection: Connection[Any], account: Account, code: str, now: datetime) -> bool:
    """Uses up a time-based or a recovery code; whether it was one."""
    recovery = secondfactor.recovery_hash(code)
    if recovery is not None:
        used = connection.execute(
            "UPDATE recovery_code SET used_at = %s WHERE account = %s AND hash = %s AND used_at IS NULL",
            (now, account.id, recovery),
        )
        return used.rowcount == 1
    if account.totp is None:
        return False
    secret = accounts.vault.open(account.totp, about(account.id))
    step = secondfactor.matching_step(secret, code, now, account.totp_step)
    if step is None:
        return False
    connection.execute("UPDATE account SET totp_step = %s WHERE id = %s", (step, account.id))
    return True


def sign_in(accounts: Accounts, email: str, password: str, code: str, device: Device) -> tuple[str, Account, Tokens]:
    """A session for who has the password and the code; its id, the account and the tokens.

    Raises SignInFailed, TooManyTries, NoAccess (a locked person, who did prove who he is) and TagTaken.
    """
    now = accounts.clock.now()
    account = prove(accounts, email, password, code, now)
    return begin(accounts, account, PASSWORD, device, now)


def begin(
    accounts: Accounts, account: Account, method: str, device: Device, now: datetime
) -> tuple[str, Account, Tokens]:
    """The session of who has proved who he is. Raises NoAccess and TagTaken, and writes those down too."""
    actor = Actor(account.email, account=account.id, device=device.id)
    try:
        with accounts.transaction() as connection:
            session, tokens = sessions.begin(accounts, connection, account.id, method, device, now)
            audit.record(connection, actor, Action.SIGN_IN, method, at=now)
    except (NoAccess, TagTaken) as problem:
        with accounts.transaction() as connection:
            audit.record(connection, actor, Action.SIGN_IN, f"{method} {problem.code}", Result.DENIED, at=now)
        raise
    return session, account, tokens


# -- changing it ----------------------------------------------------------------------------------------------------


def checked(accounts: Accounts, password: str, about_owner: list[str]) -> None:
    """Raises Invalid with everything that is wrong with a new password."""
    found = passwords.refusals(password, about_owner, accounts.settings.breached_passwords)
    if found:
        raise refused(found)


def refused(findings: list[Finding]) -> Invalid:
    """The problem that says what is wrong, in both languages."""
    return Invalid(
        errors=[{"detail": f.en, "code": f.code, "nl": f.nl, "en": f.en, "field": f.field} for f in findings]
    )


def change_password(accounts: Accounts, signed: SignedIn, current: str, code: str, new: str) -> None:
    """Sets a new password and ends the other sessions of the account. Raises SignInFailed, TooManyTries, Invalid."""
    now = accounts.clock.now()
    checked(accounts, new, [signed.email])
    account = prove(accounts, signed.email, current, code, now)
    hashed = accounts.passwords.hashed(new)
    with accounts.transaction() as connection:
        connection.execute(
            "UPDATE account SET password = %s, password_at = %s WHERE id = %s", (hashed, now, account.id)
        )
        sessions.end_all(connection, account.id, "password changed", now, but=signed.session)
        audit.record(connection, signed.actor, Action.CREDENTIALS, "password", at=now)


def begin_second_factor(accounts: Accounts, signed: SignedIn, password: str, code: str) -> str:
    """A new secret, which counts once a code of it was given (`finish_second_factor`)."""
    account = prove(accounts, signed.email, password, code, accounts.clock.now())
    secret = secondfactor.new_secret()
    with accounts.transaction() as connection:
        sealed = accounts.vault.seal(secret, about(account.id))
        connection.execute("UPDATE account SET totp_next = %s WHERE id = %s", (sealed, account.id))
    return secret


def finish_second_factor(accounts: Accounts, signed: SignedIn, code: str) -> list[str]:
    """Takes the new secret into use; the new recovery codes, to be shown once.

    Raises SignInFailed, and TooManyTries: who has a session only cannot guess the code of what its owner began.
    """
    now, place = accounts.clock.now(), audit.origin.get()
    with accounts.transaction() as connection:
        may_count = tries.begin(connection, signed.email, place, now)
    with accounts.transaction() as connection:
        row = connection.execute("SELECT totp_next FROM account WHERE id = %s FOR UPDATE", (signed.account,)).fetchone()
        sealed = row[0] if row else None
        step = None
        if sealed is not None and may_count:
            secret = accounts.vault.open(sealed, about(signed.account))
            step = secondfactor.matching_step(secret, code, now, 0)
        if step is None:
            raise SignInFailed
        tries.succeeded(connection, signed.email, place, now)
        connection.execute(
            "UPDATE account SET totp = totp_next, totp_next = NULL, totp_step = %s WHERE id = %s",
            (step, signed.account),
        )
        codes = new_recovery_codes(connection, signed.account)
        audit.record(connection, signed.actor, Action.CREDENTIALS, "second factor", at=now)
    return codes


def new_recovery_codes(connection: Connection[Any], account: str) -> list[str]:
    """Fresh recovery codes in place of all older ones."""
    codes = secondfactor.new_recovery_codes()
    connection.execute("DELETE FROM recovery_code WHERE account = %s", (account,))
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO recovery_code (account, hash) VALUES (%s, %s)",
            [(account, secondfactor.recovery_hash(code)) for code in codes],
        )
    return codes


def allow(connection: Connection[Any], account: str, register: str, person: str, method: str, now: datetime) -> None:
    """Opens a register to an account, as a person that nobody else opens it as, for one way of signing in."""
    connection.execute(
        "INSERT INTO account_access (account, register, person, method, granted_at) VALUES (%s, %s, %s, %s, %s)"
        " ON CONFLICT (account, register, method) DO UPDATE SET person = excluded.person,"
        " granted_at = excluded.granted_at WHERE account_access.person <> excluded.person",
        (account, register, person, method, now),
    )


def is_anothers(connection: Connection[Any], account: str | None, register: str, person: str) -> bool:
    """Whether another account (any, for None) came in as this person, in whatever way.

    Then he is not to be had by an address alone.
    """
    row = connection.execute(
        "SELECT 1 FROM account_access WHERE register = %s AND person = %s"
        " AND account IS DISTINCT FROM %s::uuid LIMIT 1",
        (register, person, account),
    ).fetchone()
    return row is not None


def comes_in(connection: Connection[Any], account: str, register: str, method: str, *, but: str = "") -> str | None:
    """As whom, who is still in the register, the account comes in there; `but` does not count."""
    row = connection.execute(
        "SELECT x.person::text FROM account_access x"
        " JOIN membership m ON m.register = x.register AND m.person = x.person"
        " WHERE x.account = %s AND x.register = %s AND x.method = %s AND x.person::text <> %s",
        (account, register, method, but),
    ).fetchone()
    return None if row is None else str(row[0])


# Who comes in as a person now: by a password only under the address that he still has.
_LIVE = """
SELECT a.id::text, x.method FROM account_access x JOIN account a ON a.id = x.account
JOIN membership m ON m.register = x.register AND m.person = x.person
WHERE x.register = %s AND x.person = %s AND a.active
  AND (x.method = 'oidc' OR (a.email = m.email AND a.password IS NOT NULL))
"""


def ways_in(connection: Connection[Any], register: str, person: str) -> dict[str, str]:
    """The ways of signing in that a person has, each with the account that uses it."""
    return {method: account for account, method in connection.execute(_LIVE, (register, person)).fetchall()}


def release(
    connection: Connection[Any], register: str, person: str, why: str, now: datetime, *, but: str | None = None
) -> int:
    """Takes a person away from the accounts (all, or all but one) that came in as him; how many sessions ended.

    Where an account opens no other register by single sign-on, its tie to the provider's subject goes too, so that the
    next one that the provider vouches for can take its place.
    """
    rows = connection.execute(
        "DELETE FROM account_access WHERE register = %s AND person = %s AND account IS DISTINCT FROM %s::uuid"
        " RETURNING account::text",
        (register, person, but),
    ).fetchall()
    ended = 0
    for account in sorted({account for (account,) in rows}):
        connection.execute(
            "DELETE FROM account_identity WHERE account = %s AND NOT EXISTS"
            " (SELECT FROM account_access WHERE account = %s AND method = %s)",
            (account, account, OIDC),
        )
        ended += sessions.end_all(connection, account, why, now)
    return ended
