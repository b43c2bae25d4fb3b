"""What has to be thrown away now and then: what has expired, uploads left half-way, answers that nobody waits for any
more, old lines of the audit log.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import psycopg
from psycopg import Connection

from diwi_desktop.server import audit
from diwi_desktop.server.accounts.account import about
from diwi_desktop.server.accounts.backoff import MOST_FAILURES
from diwi_desktop.server.accounts.vault import Vault
from diwi_desktop.server.audit import Action, Actor
from diwi_desktop.server.settings import Settings

_KEEP_ENDED = timedelta(days=90)
# Answers to pushes: beside the longest that anybody stays signed in. A laptop that asks for one later still gets one:
# what was applied stands in the log, and what was not is judged anew. What was merged stays, as the log does: a change
# that was made on top of one was made without having seen what came of it.
_KEEP_ANSWERS = timedelta(days=365)
_KEEP_PARTS = timedelta(days=30)
_MAINTAINER = Actor("diwi-server")

_EXPIRED = {
    "access_token": "until <= %(now)s",
    "refresh_token": "until <= %(now)s",
    "used_token": "until <= %(now)s",
    "invitation": "expires_at <= %(long_ago)s",
    "session": "ended_at <= %(long_ago)s OR last_at <= %(unused)s",
    "verdict": "received_at <= %(answered)s AND result <> 'merged'",
    "throttle": f"last_at <= %(yesterday)s AND failures <= {MOST_FAILURES}",
}


def clean(settings: Settings, now: datetime) -> dict[str, int]:
    """Removes what has expired; how many rows per table. Needs the owner of the tables. Raises psycopg.Error."""
    times = {
        "now": now,
        "long_ago": now - _KEEP_ENDED,
        "unused": now - timedelta(days=settings.session_days) - _KEEP_ENDED,
        "answered": now - timedelta(days=settings.session_days) - _KEEP_ANSWERS,
        "yesterday": now - timedelta(days=1),
    }
    with psycopg.connect(settings.owner_url or settings.database_url) as connection:
        gone = {
            table: connection.execute(f"DELETE FROM diwi.{table} WHERE {which}".encode(), times).rowcount
            for table, which in _EXPIRED.items()
        }
        gone["audit"] = audit.expire(connection, now, settings.audit_days)
        if gone["audit"]:
            audit.record(connection, _MAINTAINER, Action.MAINTENANCE, "audit expired", count=gone["audit"], at=now)
    return gone


def sweep(settings: Settings, now: datetime) -> int:
    """Removes uploads to which nothing was added for a month; how many. A laptop that goes on begins anew.

    Raises OSError.
    """
    gone = 0
    for part in (settings.data_dir / "documents").glob("*/*/*.part"):
        if part.stat().st_mtime < (now - _KEEP_PARTS).timestamp():
            part.unlink(missing_ok=True)
            gone += 1
    return gone


def seal_anew(connection: Connection[Any], vault: Vault) -> int:
    """Puts every secret under the first key; how many there were. Raises KeyTrouble."""
    done = 0
    for column in ("totp", "totp_next"):
        rows = connection.execute(
            f"SELECT id::text, {column} FROM diwi.account WHERE {column} IS NOT NULL FOR UPDATE".encode()
        ).fetchall()
        for account, sealed in rows:
            if not vault.is_current(sealed):
                fresh = vault.seal(vault.open(sealed, about(account)), about(account))
                connection.execute(f"UPDATE diwi.account SET {column} = %s WHERE id = %s".encode(), (fresh, account))
                done += 1
    rows = connection.execute("SELECT hash, totp FROM diwi.invitation WHERE totp IS NOT NULL FOR UPDATE").fetchall()
    for hash_, sealed in rows:
        if not vault.is_current(sealed):
            fresh = vault.seal(vault.open(sealed, hash_.hex()), hash_.hex())
            connection.execute("UPDATE diwi.invitation SET totp = %s WHERE hash = %s", (fresh, hash_))
            done += 1
    return done
