"""The commands of synchronisation: sync, login, connect, conflicts."""

from __future__ import annotations

import getpass
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from diwi_desktop.cli import output
from diwi_desktop.cli.output import WrongUse
from diwi_desktop.cli.who import author
from diwi_desktop.model.clock import Clock
from diwi_desktop.model.finding import UserError

if TYPE_CHECKING:
    from diwi_desktop.store import Store
    from diwi_desktop.store.device import Device
    from diwi_desktop.sync.account import Account, Register
    from diwi_desktop.sync.runner import Outcome, Runner
    from diwi_desktop.sync.status import Status

NAMES = ("sync", "login", "connect", "conflicts")
DONE, ERRORS = 0, 1


def add_arguments(command: Callable[[str, str], ArgumentParser]) -> None:
    """Enter the commands; `command(name, text)` makes one that begins with STORE."""
    sync = command("sync", "synchroniseer met de server")
    signing_in(sync)
    sync.add_argument("--json", action="store_true", help="uitvoer als JSON")

    login = command("login", "meld u aan bij de server van een bestand, of bij een adres")
    signing_in(login)
    login.add_argument("--logout", action="store_true", help="meld u juist af")

    connect = command("connect", "verbind een bestand met een server; een nieuw bestand wordt daar opgehaald")
    connect.add_argument("url", metavar="ADRES", help="bijvoorbeeld https://diwi.voorbeeld.nl")
    connect.add_argument("--register", metavar="NAAM", default="", help="naam of code van de gemeente op de server")
    connect.add_argument("--encrypted", action="store_true", help="versleutel het bestand op deze computer")
    signing_in(connect)
    connect.add_argument("--json", action="store_true", help="uitvoer als JSON")

    conflicts = command("conflicts", "toon conflicten en wat niet geaccepteerd is, of handel ze af")
    conflicts.add_argument(
        "--settle",
        nargs="+",
        metavar=("mine|theirs", "ID"),
        help="neem mijn waarde, of laat die van de server; zonder ID voor alle conflicten",
    )
    conflicts.add_argument("--json", action="store_true", help="uitvoer als JSON")


def signing_in(parser: ArgumentParser) -> None:
    parser.add_argument("--email", metavar="ADRES", default="", help="uw account; anders het laatst gebruikte")
    parser.add_argument("--browser", action="store_true", help="meld u aan in de browser")
    parser.add_argument(
        "--password-stdin", action="store_true", help="lees wachtwoord en code van de invoer, elk op een regel"
    )


# -- the commands -----------------------------------------------------------------------------------------------------


def sync(arguments: Namespace, clock: Clock) -> int:
    """diwi sync: one synchronisation; status 1 when it did not end well or something has to be looked at."""
    from diwi_desktop.sync.session import Session

    with _opened(arguments.store, clock) as store, closing(Session(store, arguments.email)) as session:
        make_sure(session.account, arguments, store)
        return _synchronise(store, session.runner(), arguments.json)


def login(arguments: Namespace, clock: Clock) -> int:
    """diwi login: sign in, so that later synchronisations need nobody; or out."""
    from diwi_desktop.store.device import Device
    from diwi_desktop.sync import session

    if arguments.store.is_file():
        with _opened(arguments.store, clock) as store:
            return _login(session.Session(store, arguments.email).account, arguments, store)
    url = _typed_url(str(arguments.store))
    return _login(session.account_at(url, arguments.email, Device.of_this_machine()), arguments)


def _login(account: Account, arguments: Namespace, store: Store | None = None) -> int:
    with account.wire:
        if arguments.logout:
            account.sign_out()
            output.say("Afgemeld.")
            return DONE
        registers = _sign_in(account, arguments, store)
    output.say(f"Aangemeld als {account.email}.")
    for one in registers:
        output.say(f"  {one.name} ({one.code}), als {one.role}")
    return DONE


def connect(arguments: Namespace, clock: Clock) -> int:
    """diwi connect: bring a store to an empty register, or fetch a register as a new store."""
    from diwi_desktop.store.device import Device
    from diwi_desktop.sync import encryption, session

    url = _typed_url(arguments.url)
    account = session.account_at(url, arguments.email, Device.of_this_machine())
    encrypt = encryption.encrypt if arguments.store.exists() else encryption.encrypt_new
    if arguments.encrypted:
        encryption.check()  # before anything is fetched
    with account.wire:
        status = _joined(arguments, clock, account, url)
    if arguments.encrypted and not encryption.is_encrypted(arguments.store):
        encrypt(arguments.store)
        output.complain("Het bestand is versleuteld; de sleutel staat in de sleutelbewaarplaats van deze computer.")
    return status


def _joined(arguments: Namespace, clock: Clock, account: Account, url: str) -> int:
    from diwi_desktop.sync import connect as connecting
    from diwi_desktop.sync.runner import Runner
    from diwi_desktop.sync.session import server_of

    registers = account.registers() if account.signed_in else _sign_in(account, arguments)
    chosen = connecting.choose(registers, arguments.register)
    server = server_of(account, chosen.id)
    path = arguments.store
    if path.exists():
        with _opened(path, clock, account.device) as store:
            connecting.connect(store, url, chosen.id, server, role=chosen.role)
            return _synchronise(store, Runner(store, server), arguments.json)
    bar = output.Bar("ophalen")
    outcome = connecting.clone(
        path, url, chosen.id, server, author=author(), device=account.device, clock=clock,
        progress=lambda state: bar(state.done, state.total),
    )  # fmt: skip
    if outcome.problem is not None:
        raise outcome.problem
    with _opened(path, clock, account.device) as store:
        return _report(store, outcome, arguments.json)


def conflicts(arguments: Namespace, clock: Clock) -> int:
    """diwi conflicts: what has to be looked at; status 1 as long as there is something."""
    from diwi_desktop.store import inbox

    choice, *items = arguments.settle or [""]
    if choice not in ("", inbox.MINE, inbox.THEIRS):
        raise WrongUse("Kies na --settle 'mine' of 'theirs'.", "Choose 'mine' or 'theirs' after --settle.")
    with _opened(arguments.store, clock) as store:
        if choice:
            inbox.settle(store, items or [item.id for item in inbox.conflicts(store)], choice)
        met, refused = inbox.conflicts(store), inbox.not_accepted(store)
        if arguments.json:
            output.print_json({"conflicts": [_json(i) for i in met], "not_accepted": [_json(i) for i in refused]})
        else:
            _show(store, met, refused)
    return ERRORS if met or refused else DONE


COMMANDS: dict[str, Callable[[Namespace, Clock], int]] = {
    "sync": sync,
    "login": login,
    "connect": connect,
    "conflicts": conflicts,
}


# -- what they share --------------------------------------------------------------------------------------------------


def _opened(path: Path, clock: Clock, device: Device | None = None) -> Store:
    from diwi_desktop.store import Store

    return Store.open(path, author=author(), clock=clock, device=device)


def _typed_url(text: str) -> str:
    from diwi_desktop.sync.known import server_url

    try:
        return server_url(text)
    except UserError as error:
        raise WrongUse(error.nl, error.en) from error


def make_sure(account: Account, arguments: Namespace, store: Store) -> None:
    """Sign in where the user asks for it, or where it is needed and there is somebody to ask."""
    if arguments.password_stdin or arguments.browser or (not account.signed_in and sys.stdin.isatty()):
        _sign_in(account, arguments, store)


def _sign_in(account: Account, arguments: Namespace, store: Store | None = None) -> list[Register]:
    """`store`: the one that is signed in for; it is closed to its user when the server says he has no access."""
    from diwi_desktop.sync import known

    registers = _registers(account, arguments, store)
    known.remember(account.url, account.email)
    if account.warning is not None:
        output.complain(account.warning.nl)
    return registers


def _registers(account: Account, arguments: Namespace, store: Store | None) -> list[Register]:
    from diwi_desktop.store.driver import store_error
    from diwi_desktop.sync import shutout
    from diwi_desktop.sync.connect import sign_in, sign_in_in_browser
    from diwi_desktop.sync.problem import Problem

    if arguments.browser:
        registers = sign_in_in_browser(account)
    else:
        asked = sys.stdin.isatty() and not arguments.password_stdin
        if not account.email and asked:
            account.email = input("E-mailadres: ").strip()
        if not account.email:
            raise WrongUse("Geef uw account met --email.", "Give your account with --email.")
        if not asked and not arguments.password_stdin:
            raise WrongUse(
                "Geef wachtwoord en code met --password-stdin, of gebruik --browser.",
                "Give password and code with --password-stdin, or use --browser.",
            )
        account.methods()  # before a password goes to an address that is no server's
        password = getpass.getpass("Wachtwoord: ") if asked else sys.stdin.readline().rstrip("\n")
        code = input("Code van uw app: ").strip() if asked else sys.stdin.readline().strip()
        try:
            registers = sign_in(account, password, code)
        except Problem as problem:
            if store is not None and shutout.at_sign_in(store, account.email, problem):
                raise store_error("shut_out") from problem
            raise
    return registers


def _synchronise(store: Store, runner: Runner, as_json: bool) -> int:
    bar = output.Bar("synchroniseren")
    outcome = runner.run(lambda state: bar(state.done, state.total))
    if outcome.problem is not None and not as_json:
        raise outcome.problem
    return _report(store, outcome, as_json)


def _report(store: Store, outcome: Outcome, as_json: bool) -> int:
    from diwi_desktop.sync.status import Running, look

    status = look(store, Running(problem=outcome.problem))
    if as_json:
        output.print_json(_status_json(status, outcome))
    else:
        output.say(status.words())
        for line in (status.last_full(), status.skew_warning()):
            if line:
                output.say(line)
    return ERRORS if outcome.problem or status.conflicts or status.not_accepted else DONE


def _status_json(status: Status, outcome: Outcome) -> dict[str, Any]:
    return {
        "state": status.state.value,
        "words": status.words(),
        "sent": outcome.sent,
        "received": outcome.received,
        "files": outcome.files,
        "purged": outcome.purged,
        "waiting": status.waiting,
        "conflicts": status.conflicts,
        "not_accepted": status.not_accepted,
        "incidents": status.incidents,
        "clock_skew": status.skew,
        "last_full_at": status.last_full_at or None,
        "lease_until": status.lease_until or None,
        "problem": None if outcome.problem is None else {"code": outcome.problem.code, "message": outcome.problem.nl},
    }


def _json(item: Any) -> dict[str, Any]:
    names = (
        "id", "result", "kind", "entity", "project", "field", "base", "mine", "theirs", "theirs_author", "theirs_at",
        "code", "nl", "en", "act_name", "made_at", "arrived_at",
    )  # fmt: skip
    since = [{name: getattr(one, name) for name in ("kind", "entity", "field", "author", "at")} for one in item.since]
    return {name: getattr(item, name) for name in names} | {"since": since, "with_it": len(item.below)}


def _show(store: Store, met: list[Any], refused: list[Any]) -> None:
    if met:
        rows = [[i.id, _place(store, i), *_versions(store, i), i.theirs_author or "?"] for i in met]
        for line in output.table(["id", "waar", "was", "mijn waarde", "op de server", "door"], rows):
            output.say(line)
    if refused:
        for line in output.table(
            ["id", "waar", "mijn waarde", "niet geaccepteerd omdat"],
            [[i.id, _place(store, i), _short(i.mine), i.nl] for i in refused],
        ):
            output.say(line)
    more = output.count(len(met), "conflict", "conflicten")
    output.say(f"{more}, {len(refused)} niet geaccepteerd")


def _place(store: Store, item: Any) -> str:
    kind = store.catalogue.by_kind.get(item.kind)
    if kind is None:
        return str(item.kind)
    field = kind.by_key.get(item.field)
    what = field.nl if field else ("verwijderd" if item.field else "nieuw")
    return f"{kind.nl}: {what}"


def _versions(store: Store, item: Any) -> list[str]:
    """What it was, mine and theirs; of a deletion what others did to what was to go."""
    from diwi_desktop.changes.change import DELETED

    if item.field != DELETED or item.mine is None or item.theirs is not None:
        return [_short(value) for value in (item.base, item.mine, item.theirs)]
    done = list(dict.fromkeys(_place(store, one) for one in item.since))
    more = f", met {len(item.below)} onderdelen" if item.below else ""
    return ["", f"verwijderd{more}", "; ".join(done) or "ongewijzigd"]


def _short(value: Any) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= 40 else text[:39] + "…"
