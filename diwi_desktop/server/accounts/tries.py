"""Counting wrong tries. A try is counted before the password is looked at, so that many at once do not slip through."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from psycopg import Connection

from diwi_desktop.server.accounts.backoff import MOST_FAILURES, ORIGIN_MEMORY, PER_ACCOUNT, PER_ORIGIN, Policy
from diwi_desktop.server.accounts.base import TooManyTries, digest


def begin(connection: Connection[Any], email: str, origin: str, now: datetime) -> bool:
    """Counts a try; whether the password may count at all (not after too many wrong ones in a row).

    Raises TooManyTries when the account or the place on the network has to wait; then nothing is counted.
    """
    failures = {}
    for key, policy in sorted({_of_account(email): PER_ACCOUNT, _of_origin(origin): PER_ORIGIN}.items()):
        failures[key] = _count(connection, key, policy, now)
    return failures[_of_account(email)] <= MOST_FAILURES


def succeeded(connection: Connection[Any], email: str, origin: str, now: datetime) -> None:
    """Takes back the try that was right: for the account all of them, for the place on the network this one."""
    forget(connection, email)
    connection.execute(
        "UPDATE throttle SET failures = greatest(failures - 1, 0), until = %s WHERE key = %s", (now, _of_origin(origin))
    )


def forget(connection: Connection[Any], email: str) -> None:
    """An administrator gave a new chance."""
    connection.execute("DELETE FROM throttle WHERE key = %s", (_of_account(email),))


def _count(connection: Connection[Any], key: bytes, policy: Policy, now: datetime) -> int:
    connection.execute(
        "INSERT INTO throttle (key, failures, last_at, until) VALUES (%s, 0, %s, %s) ON CONFLICT DO NOTHING",
        (key, now, now),
    )
    row = connection.execute("SELECT failures, last_at, until FROM throttle WHERE key = %s FOR UPDATE", (key,))
    failures, last_at, until = row.fetchone() or (0, now, now)
    if until > now:
        raise TooManyTries(until - now)
    if policy is PER_ORIGIN and last_at < now - ORIGIN_MEMORY:
        failures = 0
    connection.execute(
        "UPDATE throttle SET failures = %s, last_at = %s, until = %s WHERE key = %s",
        (failures + 1, now, now + policy.wait(failures + 1), key),
    )
    return int(failures) + 1


def _of_account(email: str) -> bytes:
    return digest(f"account {email}")


def _of_origin(origin: str) -> bytes:
    return digest(f"origin {origin}")
