"""What each command of `diwi-server` does."""

from __future__ import annotations

import argparse
import getpass
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg import Connection, errors, sql
from pydantic import ValidationError

from diwi_desktop.changes.change import ActKind
from diwi_desktop.model.clock import Clock, local_day
from diwi_desktop.model.codes import PersonState, UserRole
from diwi_desktop.model.finding import UserError
from diwi_desktop.server import acts, audit, migrations, registers
from diwi_desktop.server.accounts import mail, people, vault
from diwi_desktop.server.accounts.base import Accounts, HasAccess, normal_email
from diwi_desktop.server.accounts.handing import Handed, hand
from diwi_desktop.server.accounts.vault import Key
from diwi_desktop.server.audit import Action, Actor, Result
from diwi_desktop.server.db import Database
from diwi_desktop.server.ops import backup, doctor, maintenance, serving
from diwi_desktop.server.ops.doctor import Weight
from diwi_desktop.server.problems import NotFound
from diwi_desktop.server.push.state import Intakes
from diwi_desktop.server.settings import FILE_VARIABLE, SETTINGS_FILE, Settings

_WEIGHTS = {
    Weight.GOOD: {"nl": "goed", "en": "good"},
    Weight.DOUBTFUL: {"nl": "let op", "en": "mind"},
    Weight.WRONG: {"nl": "fout", "en": "wrong"},
}


def run(chosen: argparse.Namespace, clock: Clock) -> int:
    """One command; its exit status. Raises UserError, Problem, psycopg.Error and OSError."""
    work = Work(_settings(), clock, chosen.lang)
    name = f"{chosen.command} {chosen.what}" if "what" in chosen else chosen.command
    return _COMMANDS[name](work, chosen)


def _settings() -> Settings:
    try:
        return Settings()
    except ValidationError as error:
        # Of settings that do not go together the message begins with the name of one.
        found = {str((one["loc"] or [one["msg"].partition(", ")[2].partition(":")[0]])[0]) for one in error.errors()}
        names = ", ".join(sorted(found))
        raise UserError(
            f"Een instelling is niet goed: {names}.", f"A setting is not right: {names}.", code="settings"
        ) from error
    except ValueError as error:  # not TOML
        raise UserError(
            f"Het instellingenbestand is niet te lezen: {error}.", f"The settings file cannot be read: {error}."
        ) from error


@dataclass(frozen=True)
class Work:
    """What commands have at hand; the database under the login that owns the tables."""

    settings: Settings
    clock: Clock
    lang: str

    @property
    def url(self) -> str:
        return self.settings.owner_url or self.settings.database_url

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def say(self, nl: str, en: str) -> None:
        sys.stdout.write(f"{nl if self.lang == 'nl' else en}\n")

    @contextmanager
    def accounts(self) -> Iterator[Accounts]:
        """The accounts, on an open database. Raises UserError when the database is not at this version."""
        with psycopg.connect(self.url) as connection:
            found = connection.execute("SELECT to_regclass('diwi.account') IS NOT NULL").fetchone()
        if found is None or not found[0]:
            raise UserError(
                "De database is nog leeg; begin met diwi-server init.",
                "The database is still empty; begin with diwi-server init.",
            )
        settings = self.settings.model_copy(update={"database_url": self.url, "connections": 2})
        database = Database(settings)
        database.open()
        try:
            yield Accounts(database, settings, self.clock)
        finally:
            database.close()

    def actor(self, register: str | None = None) -> Actor:
        return Actor(f"diwi-server {getpass.getuser()}", register=register)


# -- setting up -----------------------------------------------------------------------------------------------------


def _init(work: Work, chosen: argparse.Namespace) -> int:
    settings = work.settings
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not vault.given(settings.key_path) and not settings.key_path.exists():
        vault.write(settings.key_path, (Key.new(),))
    _upgrade_to_head(work)
    if chosen.login:
        _let_in(work, chosen.login)
    return _add_register(work, chosen)


def _upgrade_to_head(work: Work) -> None:
    try:
        migrations.upgrade(work.url)
    except Exception as error:
        cause = error.__cause__
        if isinstance(cause, psycopg.Error):  # SQLAlchemy's wrapping says less
            raise cause from error
        raise


def _let_in(work: Work, login: str) -> None:
    with psycopg.connect(work.url) as connection:
        if connection.execute("SELECT FROM pg_roles WHERE rolname = %s", (login,)).fetchone() is None:
            raise UserError(
                f"PostgreSQL kent geen inlognaam {login}; maak haar met createuser {login}.",
                f"PostgreSQL knows no login {login}; make it with createuser {login}.",
            )
        name = sql.Identifier(login)
        connection.execute(sql.SQL("GRANT diwi_app, diwi_accounts TO {}").format(name))
        connection.execute(sql.SQL("GRANT USAGE ON SCHEMA diwi TO {}").format(name))
        connection.execute(sql.SQL("GRANT SELECT ON diwi.migration TO {}").format(name))


def _upgrade(work: Work, _chosen: argparse.Namespace) -> int:
    _upgrade_to_head(work)
    work.say("De database heeft deze versie.", "The database has this version.")
    return 0


def _add_register(work: Work, chosen: argparse.Namespace) -> int:
    with work.accounts() as accounts:
        try:
            register = registers.create(accounts.database, code=chosen.code, name=chosen.name)
        except errors.UniqueViolation:
            raise UserError(
                f"Er is al een gemeente met code {chosen.code}.", f"There is a municipality {chosen.code} already."
            ) from None
        work.say(f"Gemeente {chosen.name}: {register}", f"Municipality {chosen.name}: {register}")
        _add_person(work, accounts, register, chosen.email, chosen.admin, UserRole.ADMIN.value)
    return 0


def _list_registers(work: Work, _chosen: argparse.Namespace) -> int:
    with work.accounts() as accounts, accounts.transaction() as connection:
        for id, code, name in connection.execute("SELECT id, code, name FROM register ORDER BY code").fetchall():
            sys.stdout.write(f"{code}  {id}  {name}\n")
    return 0


def _serve(work: Work, chosen: argparse.Namespace) -> int:
    serving.run(work.settings, chosen.host, chosen.port, chosen.workers)
    return 0


# -- people ---------------------------------------------------------------------------------------------------------


def _register_of(accounts: Accounts, code: str) -> str:
    with accounts.transaction() as connection:
        row = connection.execute("SELECT id::text FROM register WHERE code = %s", (code,)).fetchone()
    if row is None:
        raise UserError(f"Er is geen gemeente met code {code}.", f"There is no municipality {code}.")
    return str(row[0])


def _person_of(accounts: Accounts, register: str, email: str) -> str:
    with accounts.transaction() as connection:
        row = connection.execute(
            "SELECT person::text FROM membership WHERE register = %s AND email = %s", (register, normal_email(email))
        ).fetchone()
    if row is None:
        raise UserError(f"Niemand heeft hier het adres {email}.", f"Nobody has the address {email} here.")
    return str(row[0])


def _add_user(work: Work, chosen: argparse.Namespace) -> int:
    with work.accounts() as accounts:
        register = _register_of(accounts, chosen.register)
        _add_person(work, accounts, register, chosen.email, chosen.name, chosen.role)
    return 0


def _add_person(work: Work, accounts: Accounts, register: str, email: str, name: str, role: str) -> None:
    with accounts.transaction() as connection:
        known = "SELECT 1 FROM membership WHERE register = %s AND email = %s"
        if connection.execute(known, (register, normal_email(email))).fetchone() is not None:
            raise UserError(f"Iemand heeft hier al het adres {email}.", f"Somebody has the address {email} here.")
    try:
        person = registers.add_person(
            accounts.database, register, name=name or email, email=email, role=role, state=PersonState.INVITED.value,
            now=work.now,
        )  # fmt: skip
    except ValueError as error:
        raise UserError(f"Dit kan niet: {error}.", f"This is not possible: {error}.") from error
    with accounts.transaction() as connection:
        audit.record(connection, work.actor(register), Action.RIGHTS, f"person {person} made", at=work.now)
    _give_invitation(work, accounts, register, person)


def _invite(work: Work, chosen: argparse.Namespace) -> int:
    with work.accounts() as accounts:
        register = _register_of(accounts, chosen.register)
        _give_invitation(work, accounts, register, _person_of(accounts, register, chosen.email))
    return 0


def _give_invitation(work: Work, accounts: Accounts, register: str, person: str) -> None:
    def record(connection: Connection[Any], result: Result) -> None:
        audit.record(connection, work.actor(register), Action.INVITE, f"person {person}", result, at=work.now)

    try:
        handed = hand(accounts, register, person, None, work.now, record, sure=True)
    except LookupError:
        raise UserError(
            "Deze persoon is geblokkeerd; geef hem eerst vrij.", "This person is locked; unlock him first."
        ) from None
    except HasAccess:
        raise UserError(
            "Deze persoon heeft al toegang; met diwi-server user reset kiest hij opnieuw.",
            "This person has access already; with diwi-server user reset he chooses anew.",
        ) from None
    _show(work, handed)


def _show(work: Work, handed: Handed) -> None:
    until = local_day(handed.expires_at).strftime("%d-%m-%Y")
    if handed.mailed:
        work.say(
            f"Verstuurd naar {handed.email}; de link is eenmalig en geldig tot {until}.",
            f"Sent to {handed.email}; the link works once, until {until}.",
        )
        return
    work.say(
        f"Uitnodiging voor {handed.email}, eenmalig en geldig tot {until}:\n{handed.link}",
        f"Invitation for {handed.email}, works once, until {until}:\n{handed.link}",
    )


def _reset(work: Work, chosen: argparse.Namespace) -> int:
    with work.accounts() as accounts:
        register = _register_of(accounts, chosen.register)
        person = _person_of(accounts, register, chosen.email)
        what = people.Reset(chosen.of)
        try:
            handed = people.let_reset(accounts, work.actor(register), register, person, what, work.now, sure=True)
        except NotFound:
            raise UserError(
                "Deze persoon is geblokkeerd; geef hem eerst vrij.", "This person is locked; unlock him first."
            ) from None
    if handed is not None:
        _show(work, handed)
    else:
        work.say(
            f"Losgemaakt. Wie zich bij de aanbieder aanmeldt met het adres {chosen.email}, krijgt de toegang.",
            f"Set loose. Who signs in at the provider with the address {chosen.email} gets the access.",
        )
    return 0


def _audit(work: Work, chosen: argparse.Namespace) -> int:
    with psycopg.connect(work.url, autocommit=True) as connection:
        for line in audit.after(connection, chosen.after):
            sys.stdout.write(json.dumps(line) + "\n")
    return 0


def _try_mail(work: Work, chosen: argparse.Namespace) -> int:
    if not work.settings.mails:
        raise UserError("Er is geen mailserver ingesteld (smtp_host).", "No mail server is set (smtp_host).")
    text = "Proef: deze server kan berichten versturen.\n\nTrial: this server can send mail.\n"
    mail.send(work.settings, mail.Letter(chosen.email, "DIWI Desktop: proef / trial", text), work.now)
    work.say(f"Verstuurd naar {chosen.email}.", f"Sent to {chosen.email}.")
    return 0


def _set_locked(work: Work, chosen: argparse.Namespace) -> int:
    locked = chosen.what == "lock"
    with work.accounts() as accounts:
        register = _register_of(accounts, chosen.register)
        person = _person_of(accounts, register, chosen.email)
        state = PersonState.LOCKED if locked else PersonState.ACTIVE
        session = acts.server_session(register, registers.SERVER, "diwi-server")
        name = people.LOCKED if locked else people.UNLOCKED
        change: acts.Change = ("person", person, None, "state", state.value)
        acts.apply(accounts.database, Intakes(), session, name, lambda _: [change], work.now, kind=ActKind.SYSTEM)
        with accounts.transaction() as connection:
            action = Action.LOCK if locked else Action.UNLOCK
            audit.record(connection, work.actor(register), action, f"person {person}", at=work.now)
            if locked:
                people.end_what_opens_nothing(connection, register, person, work.now)
    work.say(
        f"{chosen.email} is {'geblokkeerd' if locked else 'vrijgegeven'}.",
        f"{chosen.email} is {'locked' if locked else 'unlocked'}.",
    )
    return 0


def _list_users(work: Work, chosen: argparse.Namespace) -> int:
    with work.accounts() as accounts:
        register = _register_of(accounts, chosen.register)
        with accounts.transaction() as connection:
            rows = connection.execute(
                "SELECT email, role, state, name FROM membership WHERE register = %s ORDER BY email", (register,)
            ).fetchall()
    for email, role, state, name in rows:
        sys.stdout.write(f"{email:40} {role:10} {state:12} {name}\n")
    return 0


# -- keeping it well ------------------------------------------------------------------------------------------------


def _backup(work: Work, chosen: argparse.Namespace) -> int:
    made = backup.make(work.url, work.settings.data_dir, chosen.folder, work.now)
    work.say(
        f"Reservekopie gemaakt: {made}. Bewaar het sleutelbestand {work.settings.key_path} apart.",
        f"Back-up made: {made}. Keep the key file {work.settings.key_path} elsewhere.",
    )
    return 0


def _restore(work: Work, chosen: argparse.Namespace) -> int:
    done = backup.restore(work.url, work.settings.data_dir, chosen.folder, replace=chosen.replace)
    with work.accounts() as accounts, accounts.transaction() as connection:
        audit.record(connection, work.actor(), Action.MAINTENANCE, f"restored {done.made_at}", at=work.now)
    work.say(
        f"Teruggezet: {done.registers} gemeenten van {done.made_at}. Iedereen meldt zich opnieuw aan, en laptops sturen"
        " wat zij sindsdien hadden verzonden nog eens. Controleer wie sindsdien is geblokkeerd.",
        f"Restored: {done.registers} municipalities of {done.made_at}. Everybody signs in again, and laptops send what"
        " they had sent since once more. Check who was locked since.",
    )
    return 0


def _new_key(_work: Work, _chosen: argparse.Namespace) -> int:
    sys.stdout.write(Key.new().line)
    return 0


def _rotate(work: Work, chosen: argparse.Namespace) -> int:
    path = work.settings.key_path
    fresh = vault.read(path)
    if not chosen.given:
        fresh = vault.write(path, (Key.new(), *fresh.keys))
    with psycopg.connect(work.url) as connection:
        count = maintenance.seal_anew(connection, fresh)
        audit.record(connection, work.actor(), Action.MAINTENANCE, "keys rotated", count=count, at=work.now)
    if chosen.forget_old:
        vault.write(path, fresh.keys[:1])
    if chosen.given:
        work.say(
            f"Onder de eerste sleutel {'is 1 geheim' if count == 1 else f'zijn {count} geheimen'} opnieuw versleuteld.",
            f"{count} secrets were encrypted anew under the first key.",
        )
        return 0
    work.say(
        f"Er is een nieuwe sleutel; {'1 geheim is' if count == 1 else f'{count} geheimen zijn'} ermee versleuteld."
        " Herstart de server.",
        f"There is a new key; {count} secrets are under it. Restart the server.",
    )
    return 0


def _maintain(work: Work, _chosen: argparse.Namespace) -> int:
    gone = maintenance.clean(work.settings, work.now)
    total = sum(gone.values())
    parts = maintenance.sweep(work.settings, work.now)
    work.say(
        f"Opgeruimd: {total} verlopen regels en {parts} half verstuurde bestanden.",
        f"Removed {total} rows that had expired and {parts} files that were sent half-way.",
    )
    return 0


def _doctor(work: Work, _chosen: argparse.Namespace) -> int:
    file = Path(os.environ.get(FILE_VARIABLE, SETTINGS_FILE))
    found = doctor.examine(work.settings, work.now, settings_file=file)
    for one in found:
        weight = _WEIGHTS[one.weight][work.lang]
        sys.stdout.write(f"{weight:7} {one.name:16} {one.nl if work.lang == 'nl' else one.en}\n")
    return 1 if any(one.weight is Weight.WRONG for one in found) else 0


_COMMANDS: dict[str, Callable[[Work, argparse.Namespace], int]] = {
    "init": _init,
    "serve": _serve,
    "upgrade": _upgrade,
    "register add": _add_register,
    "register list": _list_registers,
    "user add": _add_user,
    "user invite": _invite,
    "user reset": _reset,
    "user lock": _set_locked,
    "user unlock": _set_locked,
    "user list": _list_users,
    "try-mail": _try_mail,
    "audit": _audit,
    "backup": _backup,
    "restore": _restore,
    "new-key": _new_key,
    "rotate-keys": _rotate,
    "maintain": _maintain,
    "doctor": _doctor,
}
