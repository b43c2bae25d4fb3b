"""`./dev server`: PostgreSQL, the server and two connected laptops on this machine, until Ctrl+C."""

from __future__ import annotations

import argparse
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from diwi_desktop.model.finding import UserError
from diwi_desktop.store import queries
from diwi_desktop.trial import round as rounds
from diwi_desktop.trial.cluster import Cluster
from diwi_desktop.trial.laptops import Laptop, program
from diwi_desktop.trial.people import People
from diwi_desktop.trial.serving import ADMIN, FILLER, Server, ServerTrouble

DONE, FAILED, WRONG_USE = 0, 1, 2
# Who works on the two laptops; both may change every plan that they see.
LAPTOPS = {"laptop-marloes": "m.verhagen@duinwijk.example.org", "laptop-jeroen": "j.deboer@duinwijk.example.org"}
# Others to sign in as: one who changes his own plans only, and some who see less and less.
OTHERS = {
    "s.kuipers@duinwijk.example.org": "User",
    "wethouder@duinwijk.example.org": "Management",
    "griffie@duinwijk.example.org": "Council",
    "projecten@duinzicht.example.org": "External",
}
_PATIENCE = 60.0  # seconds for another trial to stop


def main(argv: Sequence[str] | None = None) -> int:
    """Does what was asked; the exit status."""
    parser = argparse.ArgumentParser(prog="./dev server", description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--headless", action="store_true", help="a scripted round instead of windows")
    parser.add_argument("--once", action="store_true", help="with --headless: stop after the round")
    parser.add_argument("--projects", type=int, default=60, help="plans in the demo municipality (60)")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--stop", action="store_true", help="stop the trial that runs")
    what.add_argument("--reset", action="store_true", help="throw everything away and begin anew")
    what.add_argument("--codes", action="store_true", help="show the people, their passwords and the codes of now")
    chosen = parser.parse_args(argv)
    signal.signal(signal.SIGTERM, _interrupt)
    folder: Path = chosen.folder.resolve()
    try:
        if chosen.codes:
            return _show_codes(folder)
        if chosen.stop or chosen.reset:
            _stop(folder)
        if chosen.stop:
            say("Gestopt.")
            return DONE
        if chosen.reset:
            Cluster(folder).remove()
            shutil.rmtree(folder, ignore_errors=True)
        with _alone(folder):
            return _run(folder, chosen)
    except UserError as error:
        print(f"dev: {error.nl}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        return DONE


def say(text: str = "") -> None:
    print(text, flush=True)


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


# -- one at a time --------------------------------------------------------------------------------------------------


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """The folder is ours while this lasts; the file says whose. Raises UserError when it is another's."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "running").open("a+", encoding="ascii") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UserError(
                "De proef draait al; ./dev server --stop stopt hem.",
                "The trial is running already; ./dev server --stop stops it.",
            ) from None
        handle.truncate(0)
        handle.write(str(os.getpid()))
        handle.flush()
        yield


def _stop(folder: Path) -> None:
    """Ends the trial that runs there, and what one that was killed left behind. Raises UserError."""
    path = folder / "running"
    until = time.monotonic() + _PATIENCE
    asked = False
    while path.exists():
        with path.open("a+", encoding="ascii") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                handle.seek(0)
                text = handle.read()
        if not asked and text.isdecimal():
            os.kill(int(text), signal.SIGTERM)
            asked = True
        if time.monotonic() > until:
            raise UserError("De proef stopt niet.", "The trial does not stop.")
        time.sleep(0.1)
    Cluster(folder).stop()


# -- the trial ------------------------------------------------------------------------------------------------------


def _run(folder: Path, chosen: argparse.Namespace) -> int:
    say("PostgreSQL starten ...")
    cluster = Cluster(folder)
    cluster.start()
    with ExitStack() as stack:
        stack.callback(cluster.stop)
        server = Server(folder, cluster)
        people = People(folder / "people.json")
        stack.callback(people.keep)  # which codes were used, however it ends
        if not server.is_filled:
            say("Register Duinwijk maken ...")
            links = server.make()
            see = stack.enter_context(server.serving())
            _fill(folder, server, people, links, chosen.projects)
        else:
            see = stack.enter_context(server.serving())
        laptops = [Laptop(folder / name, people[email]) for name, email in LAPTOPS.items()]
        _connect(laptops, server.url)
        people.keep()
        _explain(server, people, laptops, windows=not chosen.headless)
        if chosen.headless:
            _round(laptops, server.url)
            people.keep()
        windows = [] if chosen.headless else [stack.enter_context(_window(laptop)) for laptop in laptops]
        if not chosen.once:
            say(
                "Alles draait. Ctrl+C stopt alles; wat er staat, blijft voor de volgende keer (--reset begint opnieuw)."
            )
            _wait(windows, see)
    return DONE


def _fill(folder: Path, server: Server, people: People, links: dict[str, str], projects: int) -> None:
    """The demo municipality goes to the server as a first laptop would bring it; then its people come in."""
    from diwi_desktop.demo import make_demo

    for email, link in links.items():
        people.activate(link, FILLER[2] if email == FILLER[0] else ADMIN[2])
    first = Laptop(folder / "eerste-vulling", people[FILLER[0]])
    first.folder.mkdir(parents=True, exist_ok=True)
    say(f"Voorbeeldgemeente maken ({projects} plannen) ...")
    make_demo(first.store, projects=projects, parcels=4_000)
    say("Voorbeeldgemeente naar de server brengen ...")
    with first.signed_in(server.url) as session:
        outcome = session.bring()
        with session.opened() as store:
            ids = {one.email: one.id for one in queries.people(store)}
    say(f"   {outcome.sent} wijzigingen verstuurd.")
    say("De beheerder nodigt mensen uit ...")
    with Laptop(folder / "beheer", people[ADMIN[0]]).signed_in(server.url) as session:
        for email, role in {**dict.fromkeys(LAPTOPS.values(), "UserPlus"), **OTHERS}.items():
            people.activate(session.invite(ids[email]), role)


def _connect(laptops: list[Laptop], url: str) -> None:
    """A store from the server for each laptop that has none yet."""
    for laptop in laptops:
        if not laptop.store.exists():
            say(f"{laptop.folder.name}: register ophalen ...")
            with laptop.signed_in(url) as session:
                outcome = session.fetch()
            say(f"   {outcome.received} wijzigingen ontvangen.")


def _explain(server: Server, people: People, laptops: list[Laptop], *, windows: bool) -> None:
    say()
    say(f"De server draait op {server.url} (beschrijving: {server.url}/v1/openapi.json).")
    say()
    for line in people.table():
        say(f"  {line}")
    say()
    say("Een code werkt één keer en een halve minuut; ./dev server --codes toont de code van dat moment.")
    say()
    if windows:
        names = " en ".join(laptop.someone.name for laptop in laptops)
        say(f"Er gaan twee vensters open, van {names}. Vraagt een venster om aan te melden: wachtwoord en code staan")
        say("hierboven. Wijzig in beide hetzelfde veld en synchroniseer, dan is er een conflict op te lossen.")
        say("Anderen kunnen op een eigen laptop meedoen, of met de opdrachtregel:")
        say(f"  DIWI_DATA_DIR={laptops[0].folder.parent / 'laptop-sanne'} {program()} connect sanne.diwi {server.url}")
    else:
        say("Zo werkt u op de twee laptops; sync vraagt wachtwoord en code:")
        for laptop in laptops:
            say(f"  export DIWI_DATA_DIR={laptop.folder}    # u bent nu {laptop.someone.name}")
            for command in ("projects", "sync", "conflicts"):
                say(f"  {program()} {command} {laptop.store}")
    say()


def _round(laptops: list[Laptop], url: str) -> None:
    say("Een ronde op twee laptops:")
    with laptops[0].signed_in(url) as one, laptops[1].signed_in(url) as other:
        rounds.play(one, other, say)
    say()


@contextmanager
def _window(laptop: Laptop) -> Iterator[subprocess.Popen[bytes]]:
    process = laptop.open_window()
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def _wait(windows: list[subprocess.Popen[bytes]], see: Callable[[], None]) -> None:
    """Until Ctrl+C, or until all windows are closed. When the server dies, which `see` raises, the windows go on as
    laptops do without a network; without windows there is nothing to wait for.
    """
    told = False
    while not windows or any(window.poll() is None for window in windows):
        try:
            see()
        except ServerTrouble as trouble:
            if not windows:
                raise
            if not told:
                say(f"{trouble.nl} De vensters werken door; wat u wijzigt, wacht op de server.")
            told = True
        time.sleep(0.5)


def _show_codes(folder: Path) -> int:
    people = People(folder / "people.json")
    if not len(people):
        raise UserError(
            "Er is nog geen proef; begin met ./dev server.", "There is no trial yet; begin with ./dev server."
        )
    for line in people.table():
        say(line)
    say()
    for someone in people:
        say(f"{someone.name}: {someone.address}")
    return DONE


if __name__ == "__main__":
    sys.exit(main())
