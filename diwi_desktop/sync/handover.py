"""Handing over on leaving, by the server: an administrator's laptop has no projects, and so not who owns them.

Where the projects are, `store.people.hand_over` does it; `store.people.asks_server` tells which of the two.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from diwi_desktop.model import rights
from diwi_desktop.model.codes import PersonState
from diwi_desktop.model.finding import Refused, UserError
from diwi_desktop.store import people, queries
from diwi_desktop.sync.problem import Obstacle, Problem

if TYPE_CHECKING:
    from diwi_desktop.store import Store
    from diwi_desktop.store.queries import Person
    from diwi_desktop.sync.account import Account


class HandoverTrouble(UserError):
    """`code`: not_an_owner, of_group; of a Problem its own code: sync_offline, sync_busy, sync_signed_out, ..."""

    code = "not_an_owner"


# Nothing is sent later here, as it is of a synchronisation: who hands over has to ask again.
_SENTENCES = {
    Obstacle.OFFLINE: (
        "De server antwoordt niet en die draagt de projecten over; probeer het opnieuw als er verbinding is.",
        "The server does not answer, and it hands the projects over; try again when there is a connection.",
    ),
    Obstacle.BUSY: (
        "De server is bezet of heeft een storing; probeer het straks opnieuw.",
        "The server is busy or has a fault; try again in a while.",
    ),
    Obstacle.SIGNED_OUT: (
        "U bent niet aangemeld bij de server en die draagt de projecten over; meld u aan en probeer het opnieuw.",
        "You are not signed in to the server, and it hands the projects over; sign in and try again.",
    ),
    Obstacle.NO_ACCESS: (
        "U mag op de server geen projecten overdragen; dat doet een beheerder.",
        "You may not hand over projects on the server; an administrator does that.",
    ),
    Obstacle.NOT_FOUND: (
        "De server kent deze persoon nog niet; synchroniseer en probeer het opnieuw.",
        "The server does not know this person yet; synchronise and try again.",
    ),
}


def heirs(store: Store, leaving: str) -> list[Person]:
    """Who the server takes for a new owner, by name."""
    return [
        one
        for one in queries.people(store)
        if one.id != leaving and rights.can_own(one.role) and one.state is PersonState.ACTIVE
    ]


def by_server(store: Store, account: Account, register: str, leaving: str, to: str, *, lock: bool = False) -> int:
    """Let `to` own what `leaving` owns, both ids of persons; returns how many projects.

    `lock`: after that also end the person's membership of groups and his access, as an act of this store, which goes
    with the next synchronisation. It is looked at beforehand whether that may be. Who was only just entered must have
    been synchronised. Raises HandoverTrouble, Refused, Problem.
    """
    known = {person.id: person for person in queries.people(store)}
    if leaving not in known or to not in known:
        raise HandoverTrouble(
            "De server draagt over van persoon aan persoon; laat een hoofdgebruiker overdragen wat van of aan een groep"
            " gaat.",
            "The server hands over from person to person; have a main user hand over what goes from or to a group.",
            code="of_group",
        )
    if lock:
        person = known[leaving]
        refusal = rights.refusal(
            store.viewer, "person", leaving, "state", PersonState.LOCKED.value, role=person.role, state=person.state
        )
        if refusal is not None:
            raise Refused([refusal])
    number = _asked(account, register, leaving, to)
    if lock:
        people.end_access(store, leaving)
    return number


def _asked(account: Account, register: str, leaving: str, to: str) -> int:
    path = f"/v1/registers/{register}/people/{leaving}/handovers"
    try:
        found = account.ordered(path, {"to": to}, HandoverTrouble, invalid="not_an_owner")
    except Problem as problem:
        if problem.obstacle not in _SENTENCES:
            raise
        raise HandoverTrouble(*_SENTENCES[problem.obstacle], code=problem.code) from problem
    number = found.get("projects")
    if not isinstance(number, int):
        raise Problem(Obstacle.OFFLINE, detail="the answer is no handover")
    return number
