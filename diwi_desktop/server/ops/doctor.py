"""Is this server set up well? Each check is one line: good, doubtful or wrong, with what to do about it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psycopg import Connection
from psycopg.conninfo import conninfo_to_dict

from diwi_desktop.model.finding import UserError
from diwi_desktop.server import migrations
from diwi_desktop.server.accounts import vault
from diwi_desktop.server.settings import Settings

_OLDEST_POSTGRESQL = 150_000
_LEAST_FREE, _LEAST_PART = 2_000_000_000, 0.1  # bytes, and part of the disk
_MOST_SECONDS_APART = 5
_MOST_OVERDUE = 100_000  # expired tokens that wait for `diwi-server maintain`
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

# What the roles of the server may never do, or its log would be worth nothing.
_FORBIDDEN = [
    (role, table, right)
    for role in ("diwi_app", "diwi_accounts")
    for table in ("change_log", "act", "audit")
    for right in ("UPDATE", "DELETE", "TRUNCATE")
] + [("diwi_accounts", table, "SELECT") for table in ("entity", "change_log", "plan_area_shape")]

# Parts of the log that the runtime role may do more with than add to, or add to outside their register.
_OPEN_PARTS = """
SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'diwi'::regnamespace AND c.relispartition AND c.relkind = 'r'
    AND (has_table_privilege('diwi_app', c.oid, 'SELECT, UPDATE, DELETE, TRUNCATE')
         OR has_table_privilege('diwi_accounts', c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE')
         OR NOT EXISTS (SELECT FROM pg_trigger t
                        WHERE t.tgrelid = c.oid AND t.tgname = 'own_register' AND t.tgenabled = 'O'))
"""


class Weight(StrEnum):
    GOOD = "good"
    DOUBTFUL = "doubtful"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Check:
    """The outcome of one check, in both languages."""

    name: str
    weight: Weight
    nl: str
    en: str


def good(name: str, nl: str, en: str) -> Check:
    return Check(name, Weight.GOOD, nl, en)


def doubtful(name: str, nl: str, en: str) -> Check:
    return Check(name, Weight.DOUBTFUL, nl, en)


def wrong(name: str, nl: str, en: str) -> Check:
    return Check(name, Weight.WRONG, nl, en)


def examine(settings: Settings, now: datetime, *, settings_file: Path | None = None) -> list[Check]:
    """All checks; those of the database only as far as it answers."""
    found = [*_files(settings, settings_file), *_keys(settings), *_passwords(settings), *_disk(settings),
             *_address(settings)]  # fmt: skip
    try:
        with psycopg.connect(settings.owner_url or settings.database_url, connect_timeout=5) as connection:
            found += _database(connection, settings, now)
    except psycopg.OperationalError:
        found.append(
            wrong(
                "database",
                "De database antwoordt niet; klopt database_url en draait PostgreSQL?",
                "The database does not answer; is database_url right and does PostgreSQL run?",
            )
        )
    return found


# -- this machine ---------------------------------------------------------------------------------------------------


def _files(settings: Settings, settings_file: Path | None) -> Iterator[Check]:
    folder = settings.data_dir
    if not folder.is_dir():
        yield wrong("data_dir", f"De map {folder} is er niet.", f"The folder {folder} is not there.")
    elif not os.access(folder, os.W_OK):
        yield wrong("data_dir", f"In de map {folder} mag niet worden geschreven.", f"Cannot write in {folder}.")
    elif _open_to_others(folder):
        yield wrong(
            "data_dir",
            f"De map {folder} is voor anderen te lezen; geef haar rechten 700.",
            f"Others can read the folder {folder}; give it mode 700.",
        )
    else:
        yield good("data_dir", f"De map {folder} is goed.", f"The folder {folder} is good.")
    if settings_file is not None and settings_file.is_file() and settings_file.stat().st_mode & 0o007:
        yield wrong(
            "settings",
            f"Iedereen kan {settings_file} lezen; geef het rechten 640.",
            f"Everybody can read {settings_file}; give it mode 640.",
        )


def _open_to_others(path: Path) -> bool:
    return os.name != "nt" and bool(path.stat().st_mode & 0o077)


def _keys(settings: Settings) -> Iterator[Check]:
    try:
        count = len(vault.read(settings.key_path).keys)
        if count == 1:
            yield good("keys", "Er is 1 sleutel; die versleutelt.", "There is 1 key; it encrypts.")
        else:
            yield good("keys", f"Er zijn {count} sleutels; de eerste versleutelt.", f"There are {count} keys.")
    except UserError as error:
        yield wrong("keys", error.nl, error.en)


def _passwords(settings: Settings) -> Iterator[Check]:
    """A password that never changes is a worse proof than a user of the system or a certificate (ASVS 13.2.1)."""
    for name, url in (("database_url", settings.database_url), ("owner_url", settings.owner_url)):
        if conninfo_to_dict(url).get("password"):
            yield doubtful(
                name,
                f"In {name} staat een wachtwoord; het kan zonder (docs/beheer-server.md, Zonder wachtwoord).",
                f"There is a password in {name}; it can do without (docs/beheer-server.md, Zonder wachtwoord).",
            )


def _disk(settings: Settings) -> Iterator[Check]:
    if not settings.data_dir.is_dir():
        return
    usage = shutil.disk_usage(settings.data_dir)
    free = f"{usage.free / 1e9:.1f}"
    if usage.free < _LEAST_FREE or usage.free < _LEAST_PART * usage.total:
        yield doubtful("disk", f"Er is nog maar {free} GB vrij.", f"Only {free} GB is free.")
    else:
        yield good("disk", f"Er is {free} GB vrij.", f"{free} GB is free.")


def _address(settings: Settings) -> Iterator[Check]:
    parts = urlsplit(settings.public_url)
    if parts.scheme != "https" and parts.hostname not in _LOOPBACK:
        yield wrong(
            "public_url",
            "public_url is geen https-adres; wachtwoorden zouden leesbaar over het netwerk gaan.",
            "public_url is no https address; passwords would cross the network in the clear.",
        )
    elif parts.scheme == "https" and not settings.trusted_proxies:
        yield doubtful(
            "trusted_proxies",
            "Er is een https-adres maar geen trusted_proxies; dan telt het adres van de proxy als dat van iedereen.",
            "There is an https address but no trusted_proxies; everybody then has the proxy's address.",
        )
    else:
        yield good("public_url", f"Het adres is {settings.public_url}.", f"The address is {settings.public_url}.")
    if bool(settings.oidc_issuer) != bool(settings.oidc_client_id):
        yield wrong(
            "oidc",
            "oidc_issuer en oidc_client_id horen samen te zijn ingevuld.",
            "oidc_issuer and oidc_client_id belong together.",
        )
    elif not settings.oidc_issuer and not settings.password_sign_in:
        yield wrong("oidc", "Niemand kan zich aanmelden: geen wachtwoord en geen oidc.", "Nobody can sign in.")


# -- the database ---------------------------------------------------------------------------------------------------


def _database(connection: Connection[Any], settings: Settings, now: datetime) -> Iterator[Check]:
    version = connection.info.server_version
    name = f"PostgreSQL {version // 10_000}.{version % 10_000}"
    if version < _OLDEST_POSTGRESQL:
        yield wrong("postgresql", f"{name} is te oud; nodig is 15 of nieuwer.", f"{name} is too old; 15 is needed.")
    else:
        yield good("postgresql", f"{name}.", f"{name}.")
    if _one(connection, "SELECT count(*) FROM pg_extension WHERE extname = 'postgis'"):
        yield good("postgis", "PostGIS is er.", "PostGIS is there.")
    else:
        yield wrong("postgis", "PostGIS ontbreekt in deze database.", "PostGIS is missing from this database.")
    yield from _version(connection)
    yield from _clock(connection, now)
    if not _private(connection):
        yield wrong(
            "database_tls",
            "De verbinding met de database gaat onversleuteld over het net; zet sslmode=verify-full in database_url.",
            "The connection to the database crosses the network in the clear; put sslmode=verify-full in database_url.",
        )
    for setting in ("fsync", "full_page_writes"):
        if _one(connection, "SELECT current_setting(%s)", setting) != "on":
            yield wrong(setting, f"{setting} staat uit: stroomuitval kan gegevens kosten.",
                        f"{setting} is off: a power cut can cost data.")  # fmt: skip
    most = int(str(_one(connection, "SELECT current_setting('max_connections')")))
    if most < settings.connections + 10:
        yield doubtful("connections", f"max_connections ({most}) is krap voor {settings.connections} verbindingen.",
                       f"max_connections ({most}) is tight for {settings.connections} connections.")  # fmt: skip


def _version(connection: Connection[Any]) -> Iterator[Check]:
    newest = migrations.revisions()[-1]
    if _one(connection, "SELECT to_regclass('diwi.migration') IS NOT NULL"):
        revision = _one(connection, "SELECT version_num FROM diwi.migration")
    else:
        revision = None
    if revision != newest:
        yield wrong("upgrade", f"De database staat op {revision}, nodig is {newest}: diwi-server upgrade.",
                    f"The database is at {revision}, {newest} is needed: diwi-server upgrade.")  # fmt: skip
        return
    yield good("upgrade", f"De database heeft stap {newest}.", f"The database has step {newest}.")
    yield from _rights(connection)
    overdue = _one(connection, "SELECT count(*) FROM diwi.access_token WHERE until < now()")
    if int(str(overdue)) > _MOST_OVERDUE:
        yield doubtful("maintain", "Het dagelijks onderhoud loopt niet: diwi-server maintain.",
                       "The daily maintenance does not run: diwi-server maintain.")  # fmt: skip


def _rights(connection: Connection[Any]) -> Iterator[Check]:
    allowed = [
        f"{role} {right} {table}"
        for role, table, right in _FORBIDDEN
        if _one(connection, "SELECT has_table_privilege(%s, %s, %s)", role, f"diwi.{table}", right)
    ]
    open_tables = connection.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'diwi'::regnamespace AND relkind IN ('r', 'p')"
        " AND NOT relispartition AND NOT relrowsecurity AND relname NOT IN ('migration', 'reader')"
    ).fetchall()
    allowed += [f"row level security {table}" for (table,) in open_tables]
    allowed += [f"part of the log {table}" for (table,) in connection.execute(_OPEN_PARTS).fetchall()]
    if allowed:
        some = ", ".join(allowed[:4])
        yield wrong("rights", f"De rechten in de database kloppen niet: {some}.", f"Rights are not right: {some}.")
    else:
        yield good("rights", "Het logboek kan alleen groeien; elke tabel is per gemeente afgeschermd.",
                   "The log can only grow; every table is fenced by municipality.")  # fmt: skip


def _clock(connection: Connection[Any], now: datetime) -> Iterator[Check]:
    theirs = _one(connection, "SELECT clock_timestamp()")
    apart = abs((theirs - now).total_seconds()) if isinstance(theirs, datetime) else 0.0
    if apart > _MOST_SECONDS_APART:
        yield doubtful("clock", f"De klok van de database loopt {apart:.0f} s anders dan die van deze machine.",
                       f"The database's clock is {apart:.0f} s apart from this machine's.")  # fmt: skip
    else:
        yield good("clock", "De klokken lopen gelijk.", "The clocks agree.")


def _private(connection: Connection[Any]) -> bool:
    """Whether nobody on the network can read along: encrypted, or on this machine."""
    host = connection.info.host
    return connection.pgconn.ssl_in_use or host.startswith("/") or host in ("", *_LOOPBACK)


def _one(connection: Connection[Any], query: str, *given: Any) -> object:
    row = connection.execute(query.encode(), given).fetchone()
    return row[0] if row else None
