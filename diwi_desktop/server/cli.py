"""`diwi-server`: setting up, serving, people, back-ups and a doctor. Exit status: 0 done, 1 not well, 2 wrong use."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from diwi_desktop.model.clock import Clock, SystemClock
from diwi_desktop.model.codes import UserRole
from diwi_desktop.model.finding import UserError

DONE, NOT_WELL, WRONG_USE, INTERRUPTED = 0, 1, 2, 130

_DESCRIPTION = "De gedeelde server van DIWI Desktop. / The shared server of DIWI Desktop."
_ROLES = [role.value for role in UserRole]


class _Parser(argparse.ArgumentParser):
    """argparse with a Dutch start of its complaint, as the desktop's command has."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        sys.stderr.write(f"{self.prog}: verkeerd gebruik: {message}\n")
        sys.exit(WRONG_USE)


def parser() -> argparse.ArgumentParser:
    """All commands and their options."""
    top = _Parser(prog="diwi-server", description=_DESCRIPTION)
    top.add_argument("--lang", choices=("nl", "en"), default="nl", help="taal van de meldingen (nl)")
    top.add_argument("--settings", metavar="BESTAND", type=Path, help="instellingen (/etc/diwi-server/settings.toml)")
    commands = top.add_subparsers(dest="command", metavar="OPDRACHT", required=True, parser_class=_Parser)

    def command(name: str, text: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=text, description=text)

    init = command("init", "maak database, sleutels, eerste gemeente en eerste beheerder; toont de uitnodiging")
    _register(init)
    init.add_argument("--login", metavar="NAAM", help="geef deze inlognaam van PostgreSQL de rechten van de server")

    serve = command("serve", "start de server")
    serve.add_argument("--host", default="127.0.0.1", help="adres om op te luisteren (127.0.0.1)")
    serve.add_argument("--port", type=_port, default=8000, help="poort (8000)")
    serve.add_argument("--workers", type=_count, default=1, help="aantal processen (1)")

    command("upgrade", "breng de database naar deze versie")

    register = command("register", "gemeenten op deze server").add_subparsers(
        dest="what", metavar="WAT", required=True, parser_class=_Parser
    )
    _register(register.add_parser("add", help="voeg een gemeente met een beheerder toe; toont de uitnodiging"))
    register.add_parser("list", help="toon de gemeenten")

    user = command("user", "mensen van een gemeente").add_subparsers(
        dest="what", metavar="WAT", required=True, parser_class=_Parser
    )
    add = user.add_parser("add", help="voeg iemand toe en nodig hem uit")
    _person(add)
    add.add_argument("--name", metavar="NAAM", default="", help="voor- en achternaam")
    add.add_argument("--role", choices=_ROLES, default=UserRole.USER.value, help="rol (User)")
    for name, text in {
        "invite": "geef een nieuwe uitnodiging, aan wie nog geen toegang heeft",
        "lock": "sluit iemand meteen buiten",
        "unlock": "laat iemand weer toe",
    }.items():
        _person(user.add_parser(name, help=text))
    reset = user.add_parser("reset", help="laat iemand met toegang opnieuw kiezen, na verlies; meldt hem overal af")
    _person(reset)
    reset.add_argument(
        "--of", choices=("password", "second-factor", "identity"), default="password",
        help="wachtwoord; ook de tweede stap; of de identiteit bij eenmalig aanmelden (password)",
    )  # fmt: skip
    listing = user.add_parser("list", help="toon de mensen")
    listing.add_argument("--register", metavar="CODE", required=True, help="code van de gemeente")

    backup = command("backup", "maak een reservekopie in een nieuwe map")
    backup.add_argument("folder", metavar="MAP", type=Path, help="waarin de nieuwe map komt")
    restore = command("restore", "zet een reservekopie terug; laptops sturen daarna wat ontbreekt")
    restore.add_argument("folder", metavar="MAP", type=Path, help="de reservekopie")
    restore.add_argument("--replace", action="store_true", help="in plaats van wat in de database staat")
    command("new-key", "toon een nieuwe sleutel, voor een kluis; er wordt niets bewaard")
    keys = command("rotate-keys", "maak een nieuwe sleutel en versleutel alles opnieuw")
    which = keys.add_mutually_exclusive_group()
    which.add_argument("--forget-old", action="store_true", help="gooi de oude sleutels weg; reservekopieën vragen ze")
    which.add_argument("--given", action="store_true", help="de nieuwe sleutel staat al vooraan in het sleutelbestand")
    try_mail = command("try-mail", "verstuur een proefbericht met de ingestelde mailserver")
    try_mail.add_argument("email", metavar="ADRES", help="e-mailadres")
    lines = command("audit", "schrijf het auditlogboek uit als JSON, een regel per gebeurtenis")
    lines.add_argument("--after", metavar="NUMMER", type=int, default=0, help="alleen wat na dit nummer kwam (0)")
    command("maintain", "ruim op wat verlopen is (dagelijks)")
    command("doctor", "controleer of alles goed staat")
    return top


def _register(made: argparse.ArgumentParser) -> None:
    made.add_argument("--code", required=True, help="gemeentecode, vier cijfers")
    made.add_argument("--name", metavar="NAAM", required=True, help="naam van de gemeente")
    made.add_argument("--email", metavar="ADRES", required=True, help="e-mailadres van de eerste beheerder")
    made.add_argument("--admin", metavar="NAAM", default="", help="naam van de eerste beheerder")


def _person(made: argparse.ArgumentParser) -> None:
    made.add_argument("email", metavar="ADRES", help="e-mailadres")
    made.add_argument("--register", metavar="CODE", required=True, help="code van de gemeente")


def _port(text: str) -> int:
    number = int(text)
    if not 0 < number < 1 << 16:
        raise ValueError
    return number


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def main(argv: Sequence[str] | None = None, *, clock: Clock | None = None) -> int:
    """Do one command and return the exit status."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments == ["--version"]:
        from diwi_desktop import __version__

        sys.stdout.write(f"diwi-server {__version__}\n")
        return DONE
    try:
        chosen = parser().parse_args(arguments)
    except SystemExit as stop:  # argparse has said why
        return stop.code if isinstance(stop.code, int) else WRONG_USE
    if chosen.settings is not None:
        from diwi_desktop.server.settings import FILE_VARIABLE

        if not chosen.settings.is_file():
            return _complain(
                UserError(f"Er is geen bestand {chosen.settings}.", f"There is no file {chosen.settings}."), chosen.lang
            )
        os.environ[FILE_VARIABLE] = str(chosen.settings)
    return _guarded(lambda: _run(chosen, clock or SystemClock()), chosen.lang)


def _run(chosen: argparse.Namespace, clock: Clock) -> int:
    from diwi_desktop.server.ops import commands

    return commands.run(chosen, clock)


def _guarded(work: Callable[[], int], lang: str) -> int:
    """Do the work; what the administrator can mend becomes one sentence, never a traceback."""
    import psycopg

    from diwi_desktop.server.problems import Problem

    try:
        return work()
    except UserError as error:
        return _complain(error, lang)
    except psycopg.OperationalError:
        nl = "De database antwoordt niet; klopt database_url en draait PostgreSQL?"
        en = "The database does not answer; is database_url right and does PostgreSQL run?"
        return _complain(UserError(nl, en), lang)
    except psycopg.errors.InsufficientPrivilege:
        nl = "De inlognaam mag dit niet in de database; stel owner_url in op de eigenaar van de tabellen."
        en = "The login may not do this in the database; set owner_url to the owner of the tables."
        return _complain(UserError(nl, en), lang)
    except Problem as error:
        nl, en = (error.members.get(language, error) for language in ("nl", "en"))
        return _complain(UserError(f"Dat kan niet: {nl}", f"That is not possible: {en}"), lang)
    except OSError as error:
        what = f"{error.filename or ''}: {error.strerror or error}".lstrip(": ")
        return _complain(UserError(f"Lezen of schrijven lukt niet: {what}", f"Reading or writing failed: {what}"), lang)
    except KeyboardInterrupt:
        return INTERRUPTED


def _complain(error: UserError, lang: str) -> int:
    sys.stderr.write(f"diwi-server: {error.nl if lang == 'nl' else error.en}\n")
    return NOT_WELL


if __name__ == "__main__":
    sys.exit(main())
