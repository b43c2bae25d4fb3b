"""The commands of invitations: invite, for who manages people, and activate, for who was invited."""

from __future__ import annotations

import getpass
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable

from diwi_desktop.cli import output, syncing
from diwi_desktop.model.clock import DUTCH_TIME, Clock
from diwi_desktop.model.finding import UserError

NAMES = ("invite", "activate")
DONE = 0


def add_arguments(command: Callable[[str, str], ArgumentParser], bare: Callable[..., ArgumentParser]) -> None:
    """Enter the commands; `command` makes one that begins with STORE, `bare` one that does not."""
    invite = command("invite", "geef iemand van het register een uitnodiging om zich aan te melden bij de server")
    invite.add_argument("person", metavar="PERSOON", help="e-mailadres, of de naam als die één keer voorkomt")
    syncing.signing_in(invite)
    invite.add_argument("--json", action="store_true", help="uitvoer als JSON")

    text = "gebruik een uitnodiging: kies een wachtwoord en neem de tweestapsaanmelding in gebruik"
    activate = bare("activate", help=text, description=text)
    activate.add_argument("link", metavar="LINK", help="de link van de uitnodiging")
    activate.add_argument(
        "--existing", action="store_true", help="met wachtwoord en code van uw bestaande account op deze server"
    )
    activate.add_argument(
        "--password-stdin", action="store_true", help="lees wachtwoord en code van de invoer, elk op een regel"
    )


def invite(arguments: Namespace, clock: Clock) -> int:
    """diwi invite: a link for a person of the register; earlier ones stop working."""
    from diwi_desktop.cli.commands import author
    from diwi_desktop.store import Store
    from diwi_desktop.store.people import find_person
    from diwi_desktop.sync import invitations
    from diwi_desktop.sync.session import Session

    with Store.open(arguments.store, author=author(), clock=clock, read_only=True) as store:
        person = find_person(store, arguments.person).id
        session = Session(store, arguments.email)
        try:
            syncing.make_sure(session.account, arguments)
            given = invitations.give(session.account, session.register, person)
        finally:
            session.close()
    until = given.until.astimezone(DUTCH_TIME).strftime("%d-%m-%Y %H:%M")
    if arguments.json:
        output.print_json({"email": given.email, "link": given.link, "until": given.until.isoformat()})
    else:
        output.say(f"Uitnodiging voor {given.email}, eenmalig en geldig tot {until}; geef de link aan niemand anders:")
        output.say(given.link)
    return DONE


def activate(arguments: Namespace, _clock: Clock) -> int:
    """diwi activate: what the receiver of an invitation does once."""
    from diwi_desktop.sync import invitations, known

    received = invitations.look(arguments.link)
    output.say(f"Uitnodiging voor {received.name} ({received.email}) bij {received.register_name}.")
    if received.known and not arguments.existing:
        output.say("U heeft al een account op deze server; met --existing gebruikt u dat. Anders begint het opnieuw.")
    if not arguments.existing:
        output.say("Zet dit in de app voor tweestapsaanmelding op uw telefoon:")
        output.say(f"  sleutel: {received.secret}")
        output.say(f"  adres:   {received.address}")
    password = _password(arguments)
    code = sys.stdin.readline().strip() if arguments.password_stdin else input("Code die de app nu toont: ").strip()
    codes = invitations.use(received, password, code, existing=arguments.existing)
    known.remember(received.url, received.email)
    output.say(f"Klaar. Haal het register op met: diwi connect STORE {received.url}")
    if codes:
        output.say("Bewaar deze herstelcodes op papier; elk vervangt één keer uw telefoon:")
        for one in codes:
            output.say(f"  {one}")
    return DONE


def _password(arguments: Namespace) -> str:
    if arguments.password_stdin:
        return sys.stdin.readline().rstrip("\n")
    password = getpass.getpass("Wachtwoord: ")
    if not arguments.existing and getpass.getpass("Nog eens: ") != password:
        raise UserError("De twee wachtwoorden zijn niet gelijk.", "The two passwords differ.", code="bad_password")
    return password


COMMANDS: dict[str, Callable[[Namespace, Clock], int]] = {"invite": invite, "activate": activate}
