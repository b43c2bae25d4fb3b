"""How a link gets to the person it is for: by post, or, where the server sends none, by who asked for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import Connection

from diwi_desktop.server.accounts import invitations, mail
from diwi_desktop.server.accounts.base import Accounts
from diwi_desktop.server.accounts.purpose import Purpose
from diwi_desktop.server.audit import Result
from diwi_desktop.server.problems import Problem

Record = Callable[[Connection[Any], Result], None]


@dataclass(frozen=True, slots=True)
class Handed:
    """`token` and `link` are shown once, to who asked; empty when the link went by post and he does not get it."""

    email: str
    expires_at: datetime
    token: str = ""
    link: str = ""

    @property
    def mailed(self) -> bool:
        return not self.link


def hand(
    accounts: Accounts,
    register: str,
    person: str,
    by: str | None,
    now: datetime,
    record: Record,
    *,
    purpose: Purpose = Purpose.INVITATION,
    sure: bool = False,
) -> Handed:
    """Makes a link and sends it, or gives it back; `record` writes the lines of the audit log.

    `sure`: who asks runs the server, and hands it over himself when there is no post. Raises LookupError (no such
    person), HasAccess, TooManyTries, NoMailAddress and MailFailed; then no link holds.
    """
    mails = accounts.settings.mails
    with accounts.transaction() as connection:
        if mails:
            invitations.check_pace(accounts, connection, register, person, now)
        given = invitations.give(accounts, connection, register, person, by, now, purpose=purpose, sure=sure or mails)
        row = connection.execute("SELECT name FROM register WHERE id = %s", (register,)).fetchone()
        record(connection, Result.DONE)
    link = invitations.link(accounts.settings.public_url, given.token)
    if not mails:
        return Handed(given.email, given.expires_at, given.token, link)
    try:
        place = row[0] if row else ""
        mail.send(accounts.settings, mail.letter(given.email, place, link, purpose, given.expires_at), now)
    except Problem:
        with accounts.transaction() as connection:
            invitations.withdraw(connection, given.token, now)
            record(connection, Result.FAILED)
        raise
    return Handed(given.email, given.expires_at)
