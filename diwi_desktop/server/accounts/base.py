"""What all of the accounts' code needs at hand, and what it says when something is refused."""

from __future__ import annotations

import hashlib
import math
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Any

from psycopg import Connection

from diwi_desktop.model.clock import Clock
from diwi_desktop.server.accounts import vault
from diwi_desktop.server.accounts.passwords import Passwords
from diwi_desktop.server.accounts.vault import Key, Vault
from diwi_desktop.server.db import Database
from diwi_desktop.server.problems import Problem
from diwi_desktop.server.settings import Settings

ACCOUNTS_ROLE = "diwi_accounts"


@dataclass
class Accounts:
    """`transaction` reaches accounts, sessions and memberships, and no plan."""

    database: Database
    settings: Settings
    clock: Clock
    passwords: Passwords = field(default_factory=Passwords)

    def longest(self, method: str) -> timedelta:
        """How long a session lasts at most, however often it is renewed, by how it began."""
        settings = self.settings
        days = settings.session_days
        return timedelta(days=min(days, settings.oidc_session_days) if method == "oidc" else days)

    @contextmanager
    def transaction(self) -> Iterator[Connection[Any]]:
        """A transaction under the accounts' own role. Raises Busy."""
        with self.database.anywhere() as connection:
            connection.execute(f"SET LOCAL ROLE {ACCOUNTS_ROLE}")
            yield connection

    @cached_property
    def vault(self) -> Vault:
        """The keys of secrets at rest; made when there is no key file, none is given and nothing needs an older key.

        Raises KeyTrouble.
        """
        path = self.settings.key_path
        if not vault.given(path) and not path.exists():
            with self.transaction() as connection:
                sealed = "SELECT 1 FROM account WHERE totp IS NOT NULL UNION ALL SELECT 1 FROM invitation"
                if connection.execute(f"{sealed} WHERE totp IS NOT NULL LIMIT 1").fetchone() is None:
                    return vault.write(path, (Key.new(),))
        return vault.read(path)


class SignInFailed(Problem):
    """401: whatever was wrong - no such account, wrong password, wrong code - is said with the same words."""

    status, code, title = 401, "sign-in-failed", "E-mail address, password or code is not right"

    def __init__(self) -> None:
        super().__init__(
            nl="E-mailadres, wachtwoord of code klopt niet.", en="The e-mail address, password or code is not right."
        )


class TooManyTries(Problem):
    """429: wait a while. Said for addresses without an account too."""

    status, code, title = 429, "too-many-tries", "Too many tries; wait a moment"

    def __init__(self, wait: timedelta) -> None:
        seconds = max(1, math.ceil(wait.total_seconds()))
        super().__init__(
            headers={"Retry-After": str(seconds)},
            nl=f"Er is te vaak geprobeerd; probeer het over {seconds} seconden opnieuw.",
            en=f"There were too many tries; try again in {seconds} seconds.",
        )


class TagTaken(Problem):
    """409: another laptop of this municipality already has these three letters; draw others."""

    status, code, title = 409, "tag-taken", "Another device has these letters"


class InvitationGone(Problem):
    """410: an invitation that was never given, was used, withdrawn or has expired."""

    status, code, title = 410, "invitation-gone", "This invitation does not hold any more"

    def __init__(self) -> None:
        super().__init__(
            nl="Deze uitnodiging is gebruikt of verlopen; vraag de beheerder om een nieuwe.",
            en="This invitation was used or has expired; ask the administrator for a new one.",
        )


class HasAccess(Problem):
    """409: who can sign in already is not invited; an administrator may reset what he has lost."""

    status, code, title = 409, "has-access", "This person can sign in already"

    def __init__(self) -> None:
        super().__init__(
            nl="Deze persoon heeft al toegang. Is het wachtwoord of de telefoon kwijt, dan kan een beheerder de toegang"
            " herstellen.",
            en="This person has access already. When the password or the phone is lost, an administrator can reset the"
            " access.",
        )


class NoAccessYet(Problem):
    """409: there is nothing to reset."""

    status, code, title = 409, "no-access-yet", "This person cannot sign in like that yet"

    def __init__(self) -> None:
        super().__init__(
            nl="Deze persoon meldt zich hier niet zo aan; geef een uitnodiging.",
            en="This person does not sign in here like that; give an invitation.",
        )


class AccountKnown(Problem):
    """409: an account that is there is not replaced by an invitation that came through somebody else's hands."""

    status, code, title = 409, "account-known", "There is an account with this address already"

    def __init__(self) -> None:
        super().__init__(
            nl="Met dit e-mailadres is er al een account op deze server; gebruik het wachtwoord en de code daarvan."
            " Bent u die kwijt, vraag dan wie de server beheert om een uitnodiging.",
            en="There is an account with this e-mail address on this server already; use its password and code. When"
            " those are lost, ask who runs the server for an invitation.",
        )


def normal_email(email: str) -> str:
    """An e-mail address as it is compared: the way the database folds it in `membership`."""
    return unicodedata.normalize("NFKC", email.strip()).lower()


def digest(token: str) -> bytes:
    """What is kept of a token: those have 256 random bits, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).digest()
