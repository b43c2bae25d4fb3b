"""The command devices: where one is signed in, and signing out a computer that was lost."""

from __future__ import annotations

import getpass
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from contextlib import closing
from typing import TYPE_CHECKING, Any

from diwi_desktop.cli import output
from diwi_desktop.cli.output import WrongUse
from diwi_desktop.cli.who import author
from diwi_desktop.model.clock import Clock

if TYPE_CHECKING:
    from diwi_desktop.sync.account import Account

NAMES = ("devices",)
DONE = 0


def add_arguments(command: Callable[[str, str], ArgumentParser]) -> None:
    """Enter the command; `command(name, text)` makes one that begins with STORE."""
    made = command("devices", "toon waar u bij de server bent aangemeld, of meld een computer af")
    made.add_argument("--end", metavar="LETTERS", help="meld de computer met deze drie letters af")
    made.add_argument("--email", metavar="ADRES", default="", help="uw account; anders het laatst gebruikte")
    made.add_argument("--password-stdin", action="store_true", help="lees uw wachtwoord van de invoer")
    made.add_argument("--json", action="store_true", help="uitvoer als JSON")


def devices(arguments: Namespace, clock: Clock) -> int:
    """diwi devices: the list, or the end of a session; of another computer only for who proves who he is."""
    from diwi_desktop.store import Store
    from diwi_desktop.sync.session import Session

    with (
        Store.open(arguments.store, author=author(), clock=clock) as store,
        closing(Session(store, arguments.email)) as session,
    ):
        found = session.account.devices()
        if arguments.end:
            _end(session.account, found, arguments)
            return DONE
    if arguments.json:
        output.print_json({"devices": found})
    else:
        _show(found)
    return DONE


def _show(found: list[dict[str, Any]]) -> None:
    from diwi_desktop.sync.status import moment

    rows = [
        [one["tag"], one["name"], moment(one["last_at"]), "deze computer" if one["current"] else "aangemeld"]
        for one in found
    ]
    for line in output.table(["letters", "computer", "laatst gezien", "stand"], rows):
        output.say(line)


def _end(account: Account, found: list[dict[str, Any]], arguments: Namespace) -> None:
    from diwi_desktop.sync.connect import prove_in_browser

    chosen = next((one for one in found if one["tag"] == arguments.end.upper()), None)
    if chosen is None:
        raise WrongUse(
            f"U bent niet aangemeld op een computer met de letters {arguments.end}.",
            f"You are not signed in on a computer with the letters {arguments.end}.",
        )
    if chosen["current"]:
        account.sign_out()
    elif any(one["current"] and one["method"] == "password" for one in found):
        account.end_device(chosen["id"], password=_password(arguments))
    else:
        output.complain("Meld u aan in de browser die is geopend.")
        account.end_device(chosen["id"], identity=prove_in_browser(account))
    output.say(f"Afgemeld: {chosen['name']} ({chosen['tag']}).")


def _password(arguments: Namespace) -> str:
    if arguments.password_stdin:
        return sys.stdin.readline().rstrip("\n")
    if not sys.stdin.isatty():
        raise WrongUse("Geef uw wachtwoord met --password-stdin.", "Give your password with --password-stdin.")
    return getpass.getpass("Wachtwoord: ")


COMMANDS: dict[str, Callable[[Namespace, Clock], int]] = {"devices": devices}
