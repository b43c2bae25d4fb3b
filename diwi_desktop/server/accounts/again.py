"""Proving oneself again: who only sits at a laptop that is signed in ends no session elsewhere (ASVS 7.5.2).

One factor is enough: the password, or a sign-in at the provider of the last minutes. The provider has to tell when that
was (`auth_time`, which is asked for with `max_age=0`, OpenID Connect Core 3.1.2.1): a token can be fresh without it.
"""

from __future__ import annotations

from datetime import timedelta

from diwi_desktop.server import audit
from diwi_desktop.server.accounts import sessions, tries
from diwi_desktop.server.accounts.account import find
from diwi_desktop.server.accounts.base import Accounts, SignInFailed
from diwi_desktop.server.accounts.oidc import SKEW, BadToken, Provider, use_up
from diwi_desktop.server.accounts.sessions import SignedIn
from diwi_desktop.server.audit import Action, Result
from diwi_desktop.server.problems import NotFound, Problem

RECENT = timedelta(minutes=5)


class ProveAgain(Problem):
    """403: to end a session elsewhere one proves who one is."""

    status, code, title = 403, "prove-again", "Prove who you are to end a session elsewhere"

    def __init__(self) -> None:
        super().__init__(
            nl="Geef uw wachtwoord of meld u opnieuw aan om een andere computer af te melden.",
            en="Give your password or sign in again to sign out another computer.",
        )


def by_password(accounts: Accounts, signed: SignedIn, password: str) -> None:
    """Raises SignInFailed, after the same work whether there is a password or not, and TooManyTries."""
    now, place = accounts.clock.now(), audit.origin.get()
    with accounts.transaction() as connection:
        may_count = tries.begin(connection, signed.email, place, now)
        account = find(connection, signed.email)
    fits = accounts.passwords.fits(account.password if account else None, password)
    if account is None or account.id != signed.account or account.password is None or not (fits and may_count):
        raise SignInFailed
    with accounts.transaction() as connection:
        tries.succeeded(connection, signed.email, place, now)


def by_provider(accounts: Accounts, provider: Provider | None, signed: SignedIn, token: str, nonce: str) -> None:
    """Raises SignInFailed; NotFound (no single sign-on here) and Busy."""
    if provider is None:
        raise NotFound
    now = accounts.clock.now()
    try:
        identity = provider.identity(token, nonce, now)
        if identity.signed_in_at is None or identity.signed_in_at + RECENT + SKEW <= now:
            raise BadToken("auth_time")
        with accounts.transaction() as connection:
            use_up(connection, token, identity, now)
            row = connection.execute(
                "SELECT account::text FROM account_identity WHERE issuer = %s AND subject = %s",
                (identity.issuer, identity.subject),
            ).fetchone()
    except BadToken as error:
        raise SignInFailed from error
    if row is None or row[0] != signed.account:
        raise SignInFailed


def end_device(
    accounts: Accounts,
    provider: Provider | None,
    signed: SignedIn,
    session: str,
    *,
    password: str = "",
    id_token: str = "",
    nonce: str = "",
) -> None:
    """Ends a session of the account: this one as it is, another one only for who proves who he is.

    Raises ProveAgain, SignInFailed, TooManyTries, Busy, and NotFound when there is no such session.
    """
    now = accounts.clock.now()
    try:
        if session == signed.session:
            pass  # signing out here needs nothing
        elif password:
            by_password(accounts, signed, password)
        elif id_token:
            by_provider(accounts, provider, signed, id_token, nonce)
        else:
            raise ProveAgain
    except SignInFailed:
        with accounts.transaction() as connection:
            audit.record(connection, signed.actor, Action.DEVICE_ENDED, f"session {session}", Result.FAILED, at=now)
        raise
    with accounts.transaction() as connection:
        if not sessions.end(connection, signed.account, session, "ended by its owner", now):
            raise NotFound
        audit.record(connection, signed.actor, Action.DEVICE_ENDED, f"session {session}", at=now)
