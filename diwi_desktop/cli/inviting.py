"""The commands of invitations: invite and reset, for who manages people, and activate, for who got a link."""

from __future__ import annotations

import getpass
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from typing import TYPE_CHECKING

from diwi_desktop.cli import output, syncing
from diwi_desktop.cli.who import author
from diwi_desktop.model.clock import DUTCH_TIME, Clock
from diwi_desktop.model.finding import UserError

if TYPE_CHECKING:
    from diwi_desktop.sync.invitations import Given
    from diwi_desktop.sync.session import Session

NAMES = ("invite", "reset-access", "activate")
DONE = 0


def add_arguments(command: Callable[[str, str], ArgumentParser], bare: Callable[..., ArgumentParser]) -> None:
    """Enter the commands; `command` makes one that begins with STORE, `bare` one that does not."""
    invite = command("invite", "geef iemand van het register een uitnodiging om zich aan te melden bij de server")
    invite.add_argument("person", metavar="PERSOON", help="e-mailadres, of de naam als die één keer voorkomt")
    syncing.signing_in(invite)
    invite.add_argument("--json", action="store_true", help="uitvoer als JSON")

    reset = command("reset-access", "laat iemand opnieuw kiezen wat hij kwijt is; hij wordt overal afgemeld")
    reset.add_argument("person", metavar="PERSOON", help="e-mailadres, of de naam als die één keer voorkomt")
    reset.add_argument(
        "--of", choices=("password", "second-factor", "identity"), default="password",
        help="wachtwoord; ook de tweede stap; of de identiteit bij eenmalig aanmelden (password)",
    )  # fmt: skip
    syncing.signing_in(reset)
    reset.add_argument("--json", action="store_true", help="uitvoer als JSON")

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
    given = _asked(arguments, clock, lambda session, person: session.invite(person))
    if given is not None:
        _show(arguments, given)
    return DONE


def reset(arguments: Namespace, clock: Clock) -> int:
    """diwi reset-access: what an administrator does for who lost his password, phone or identity."""
    given = _asked(arguments, clock, lambda session, person: session.reset(person, arguments.of))
    if given is not None:
        _show(arguments, given)
    elif arguments.json:
        output.print_json({})
    else:
        output.say("Losgemaakt: wie zich met het adres van deze persoon bij de aanbieder aanmeldt, krijgt de toegang.")
    return DONE


def _asked(arguments: Namespace, clock: Clock, ask: Callable[[Session, str], Given | None]) -> Given | None:
    """What the server answers. The store is opened for writing: it remembers who was invited, whom undo then leaves."""
    from diwi_desktop.store import Store
    from diwi_desktop.store.people import find_person
    from diwi_desktop.sync.session import Session

    with Store.open(arguments.store, author=author(), clock=clock) as store:
        person = find_person(store, arguments.person).id
        session = Session(store, arguments.email)
        try:
            syncing.make_sure(session.account, arguments, store)
            return ask(session, person)
        finally:
            session.close()


def _show(arguments: Namespace, given: Given) -> None:
    until = given.until.astimezone(DUTCH_TIME).strftime("%d-%m-%Y %H:%M")
    if arguments.json:
        output.print_json({"email": given.email, "link": given.link, "until": given.until.isoformat()})
    elif not given.link:
        output.say(f"Verstuurd naar {given.email}; de link is eenmalig en geldig tot {until}.")
    else:
        output.say(f"Uitnodiging voor {given.email}, eenmalig en geldig tot {until}; geef de link aan niemand anders:")
        output.say(given.link)


def activate(arguments: Namespace, _clock: Clock) -> int:
    """diwi activate: what the receiver of an invitation does once."""
    from diwi_desktop.sync import invitations, known

    received = invitations.look(arguments.link)
    what = "Uitnodiging" if received.purpose == "invitation" else "Nieuw wachtwoord"
    output.say(f"{what} voor {received.name} ({received.email}) bij {received.register_name}.")
    if received.known and received.purpose == "invitation" and not arguments.existing:
        output.say("U heeft al een account op deze server; gebruik dat met --existing.")
    if received.keeps_factor:
        output.say("Uw tweede stap blijft: gebruik de app die u al heeft, of een herstelcode.")
    elif not arguments.existing:
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


COMMANDS: dict[str, Callable[[Namespace, Clock], int]] = {
    "invite": invite,
    "reset-access": reset,
    "activate": activate,
}
