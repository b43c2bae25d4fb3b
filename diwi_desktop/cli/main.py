"""Reading the command line and turning the outcome into an exit status: 0 done, 1 the data has errors, 2 wrong use."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from diwi_desktop.cli import devices, inviting, missing, output, syncing
from diwi_desktop.cli.output import WrongUse
from diwi_desktop.cli.parser import WRONG_USE, Parser
from diwi_desktop.model.clock import Clock, SystemClock
from diwi_desktop.model.finding import Cancelled, UserError

DONE, ERRORS, INTERRUPTED = 0, 1, 130

DESCRIPTION = "DIWI Desktop: woningbouwplannen op de kaart, in de tijd en naar de provincie, ook zonder netwerk."
WINDOW_HELP = (
    "Zonder opdracht opent het venster: diwi [STORE]. Zonder STORE met het register dat het laatst open was, en anders "
    "met de voorbeeldgemeente."
)


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="diwi", description=DESCRIPTION, epilog=WINDOW_HELP)
    commands = parser.add_subparsers(dest="command", metavar="OPDRACHT", required=True, parser_class=Parser)

    def command(name: str, text: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=text, description=text)
        made.add_argument("store", metavar="STORE", type=Path, help="het bestand van de gemeente")
        if name not in ("demo", "init"):  # which make a store of their own
            names = ["--user"] if name == "import" else ["--user", "--as"]
            made.add_argument(*names, dest="user", metavar="E-MAIL", help="werk als deze persoon (anders DIWI_USER)")
        return made

    demo = command("demo", "maak een voorbeeldgemeente")
    demo.add_argument("--projects", metavar="N", type=_positive, default=250, help="aantal projecten (250)")
    demo.add_argument("--parcels", metavar="N", type=_positive, default=20_000, help="aantal percelen (20000)")
    demo.add_argument("--seed", metavar="N", type=int, default=1, help="hetzelfde getal geeft dezelfde gemeente (1)")

    init = command("init", "maak een leeg bestand voor een gemeente")
    init.add_argument("--municipality-code", metavar="CODE", required=True, help="vier cijfers, bijvoorbeeld 0396")
    init.add_argument("--municipality", metavar="NAAM", required=True)
    init.add_argument("--province", metavar="NAAM", required=True)
    init.add_argument("--region", metavar="NAAM", default="")

    reading = command("import", "lees een bestand in: alles of niets")
    reading.add_argument("file", metavar="BESTAND", type=Path)
    reading.add_argument(
        "--as", dest="kind", choices=("excel", "geojson", "parcels", "buildings"), help="soort bestand"
    )
    reading.add_argument("--on-existing", choices=("skip", "update"), default="skip",
                         help="bekende projecten overslaan of bijwerken")  # fmt: skip
    reading.add_argument(missing.OPTION, metavar="NAAM=SOORT", nargs="?", const="", action="append", default=[],
                         help="maak eigen velden en keuzes die het bestand noemt en die er nog niet zijn, met een "
                         "soort die bij de waarden past; met NAAM=SOORT alleen dat veld, in de soort "
                         f"{', '.join(missing.WORDS)} (mag vaker, ook naast {missing.OPTION} zonder naam)")  # fmt: skip
    _json(reading)

    projects = command("projects", "toon de projecten")
    _as_of(projects)
    _json(projects)

    show = command("show", "toon alles van één project")
    _project(show)
    _as_of(show)
    _json(show)

    change = command("set", "wijzig één veld")
    _project(change)
    change.add_argument("field", metavar="VELD", help="naam van het veld, zoals name, einddatum of 'Blok A/aantal'")
    change.add_argument("value", metavar="WAARDE", help="zoals getypt in het formulier; '' maakt leeg")

    check = command("check", "controleer de plannen")
    check.add_argument("--for", dest="profile", metavar="PROFIEL", help="volgens de regels van een provincie")
    _json(check)

    export = command("export", "schrijf het bestand voor een provincie")
    export.add_argument("--to", dest="profile", metavar="PROFIEL", required=True, help="bijvoorbeeld zuid-holland")
    export.add_argument("--out", metavar="BESTAND", type=Path, required=True)
    export.add_argument("--date", metavar="DATUM", help="peildatum (vandaag)")
    export.add_argument("--min-confidentiality", metavar="NIVEAU", help="laagste vertrouwelijkheid die meegaat")
    export.add_argument("--mapping", metavar="BESTAND", type=Path, help="koppeling van eigen velden (JSON)")
    export.add_argument("--leave-out-faulty", action="store_true", help="laat projecten met fouten weg")
    _json(export)

    history = command("history", "toon wie wat wanneer wijzigde")
    history.add_argument("project", metavar="PROJECT", nargs="?", help="als bij show")
    _json(history)

    command("verify", "vergelijk de tabellen met het logboek")
    syncing.add_arguments(command)
    devices.add_arguments(command)
    inviting.add_arguments(command, commands.add_parser)
    _users(command("users", "toon en beheer personen, rollen en groepen"))
    return parser


def _users(parser: argparse.ArgumentParser) -> None:
    _json(parser)
    actions = parser.add_subparsers(dest="action", metavar="WAT", parser_class=Parser)

    def action(name: str, text: str, *, person: bool = True) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = actions.add_parser(name, help=text, description=text)
        if person:
            made.add_argument("email", metavar="E-MAIL")
        return made

    add = action("add", "nodig iemand uit")
    add.add_argument("--name", metavar="NAAM")
    add.add_argument("--role", metavar="ROL", default="User", help="zoals User, UserPlus of External (User)")
    action("role", "geef iemand een andere rol").add_argument("role", metavar="ROL")
    action("lock", "neem iemand de toegang af")
    action("unlock", "geef wie uitgenodigd of geblokkeerd is toegang")
    action("remove", "verwijder iemand; projecten moeten eerst overgedragen zijn")
    group = action("group", "maak een groep of wijzig de leden", person=False)
    group.add_argument("name", metavar="GROEP")
    group.add_argument("--add", metavar="E-MAIL", action="append", default=[], help="nieuw lid")
    group.add_argument("--remove", metavar="E-MAIL", action="append", default=[], help="geen lid meer")
    group.add_argument("--delete", action="store_true", help="verwijder de groep")
    over = action("handover", "draag alle projecten van iemand of een groep over", person=False)
    over.add_argument("leaving", metavar="VAN", help="e-mailadres of groep")
    over.add_argument("to", metavar="AAN", help="e-mailadres of groep")
    over.add_argument("--lock", action="store_true", help="neem meteen de toegang af")
    syncing.signing_in(over)


def _json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="uitvoer als JSON")


def _as_of(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--as-of", metavar="DATUM", help="zoals bekend op deze dag, bijvoorbeeld 01-10-2026")


def _project(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", metavar="PROJECT", help="naam, code, id of het nummer in het ingelezen bestand")


def _positive(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError
    return number


def main(argv: Sequence[str] | None = None, *, clock: Clock | None = None) -> int:
    """Do one command and return the exit status. `clock` is for tests and demonstrations."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    clock = clock or SystemClock()
    output.prepare()
    if not arguments or (not arguments[0].startswith("-") and len(arguments) == 1 and arguments[0] not in COMMANDS):
        return _guarded(lambda: _window(arguments), as_json=False)
    if arguments == ["--version"]:
        from diwi_desktop import __version__

        output.say(f"diwi {__version__}")
        return DONE
    try:
        chosen = _parser().parse_args(missing.separated(arguments))
    except SystemExit as stop:  # argparse has said why
        return stop.code if isinstance(stop.code, int) else WRONG_USE
    from diwi_desktop.cli import commands
    from diwi_desktop.sync.encryption import use_key_store

    use_key_store()
    function = commands.COMMANDS[chosen.command]
    return _guarded(
        lambda: function(chosen, clock),
        as_json=getattr(chosen, "json", False),
        in_steps=chosen.command in _WITH_SERVER,
    )


_WITH_SERVER = frozenset({"users", *syncing.NAMES, *devices.NAMES, *inviting.NAMES})
#: The words that are commands; anything else in their place is a store to open.
COMMANDS = frozenset(
    {
        "demo",
        "init",
        "import",
        "projects",
        "show",
        "set",
        "check",
        "export",
        "history",
        "verify",
        *_WITH_SERVER,
    }
)


def _guarded(work: Callable[[], int], *, as_json: bool, in_steps: bool = False) -> int:
    """Do the work; what the user can mend becomes one sentence, never a traceback. `in_steps`: what was done stays when
    it is cut off, here or at the server.
    """
    try:
        status = work()
        sys.stdout.flush()
        return status
    except UserError as error:
        wrong = isinstance(error, WrongUse) or error.code in _WRONG_USE_CODES
        if as_json and not wrong:
            found = output.findings_json(error.findings)
            output.print_json({**found, "errors": found["errors"] or [_error_json(error)]})
        elif len(error.findings) > 1 or any(f.row is not None for f in error.findings):
            output.print_findings(error.findings)
        output.complain(error.nl)
        return WRONG_USE if wrong else ERRORS
    except (KeyboardInterrupt, Cancelled):
        stays = "wat al gedaan was, blijft" if in_steps else "er is niets gewijzigd"
        output.complain(f"Afgebroken; {stays}.")
        return INTERRUPTED
    except BrokenPipeError:  # the reader, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE


# Errors of the surroundings that come from what was typed: no such file, no such project.
_WRONG_USE_CODES = frozenset(
    {
        "store_missing",
        "store_exists",
        "folder_missing",
        "unknown_project",
        "ambiguous_project",
        "unknown_profile",
        "unknown_person",
        "ambiguous_person",
    }
)


def _error_json(error: UserError) -> dict[str, object]:
    return {"code": error.code, "row": None, "column": "", "value": None, "message": error.nl, "message_en": error.en}


def _window(arguments: Sequence[str]) -> int:
    """Open the window on the named store; without one on the last one used, and else on the demo municipality."""
    path = Path(arguments[0]) if arguments else None
    if path is not None and not path.is_file():
        raise WrongUse(
            f"Er is geen opdracht en geen bestand '{path}'; diwi --help toont de opdrachten.",
            f"There is no command and no file '{path}'; diwi --help lists the commands.",
        )
    from diwi_desktop import gui
    from diwi_desktop.sync.encryption import use_key_store

    use_key_store()
    return gui.run(path)
