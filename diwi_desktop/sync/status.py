"""Where the synchronisation stands, in words with counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from diwi_desktop.model.clock import DUTCH_TIME
from diwi_desktop.model.finding import UserError
from diwi_desktop.store import inbox, syncstate

if TYPE_CHECKING:
    from diwi_desktop.store import Store

MOST_SKEW = 300  # seconds that a clock may be off before the user hears of it; it never decides anything


class State(StrEnum):
    """What weighs most. In this order, but for BUSY, which is shown while it lasts."""

    NOT_CONNECTED = "not_connected"
    LEASE_ENDED = "lease_ended"
    PROBLEM = "problem"
    SIGN_IN = "sign_in"
    BUSY = "busy"
    OFFLINE = "offline"
    CONFLICTS = "conflicts"
    NOT_ACCEPTED = "not_accepted"
    WAITING = "waiting"
    UP_TO_DATE = "up_to_date"


@dataclass(frozen=True, slots=True)
class Running:
    """What a runner or agent adds to what the store knows. `offline_since`: ISO in UTC."""

    busy: bool = False
    done: int = 0
    total: int = 0
    offline_since: str = ""
    sign_in: bool = False
    problem: UserError | None = None


@dataclass(frozen=True, slots=True)
class Status:
    """All counts are of what is in the store now; times are ISO texts in UTC."""

    state: State
    waiting: int = 0
    files: int = 0
    conflicts: int = 0
    not_accepted: int = 0
    done: int = 0
    total: int = 0
    last_full_at: str = ""
    offline_since: str = ""
    problem: UserError | None = None
    skew: int = 0
    incidents: int = 0
    lease_until: str = ""

    def words(self, language: str = "nl") -> str:
        """The line in the status bar: what weighs most first, then the other counts."""
        return " · ".join(_parts(self, 1 if language == "en" else 0))

    def last_full(self, language: str = "nl") -> str:
        """'laatste volledige synchronisatie 22-11-2026 14:05'; empty before the first."""
        if not self.last_full_at:
            return ""
        head = "last full synchronisation" if language == "en" else "laatste volledige synchronisatie"
        return f"{head} {moment(self.last_full_at)}"

    def skew_warning(self, language: str = "nl") -> str:
        """A sentence when this computer's clock is off; empty otherwise."""
        if abs(self.skew) <= MOST_SKEW:
            return ""
        minutes = round(abs(self.skew) / 60)
        if language == "en":
            way = "ahead of" if self.skew > 0 else "behind"
            return f"The clock of this computer is {minutes} minutes {way} the server's; set it right."
        way = "voor" if self.skew > 0 else "achter"
        return f"De klok van deze computer loopt {minutes} minuten {way} op die van de server; zet hem goed."


def look(store: Store, running: Running | None = None) -> Status:
    """How things stand now. Quick enough for every act."""
    with store.inside() as connection:
        standing = syncstate.standing(connection)
        if standing is None:
            return Status(State.NOT_CONNECTED)
        waiting = syncstate.waiting(connection)
        files = int(connection.execute("SELECT count(*) FROM blob WHERE state IN ('up', 'down')").fetchone()[0])
    # As its user sees it, not as the file has it; a closed store shows nothing.
    conflicts, refused = (0, 0) if store.lease_ended else inbox.counts(store.read())
    running = running or Running()
    return Status(
        _state(running, waiting + files, conflicts, refused, ended=store.lease_ended),
        waiting,
        files,
        conflicts,
        refused,
        running.done,
        running.total,
        standing.last_full_at,
        running.offline_since,
        running.problem,
        standing.skew,
        standing.incidents,
        standing.lease_until,
    )


def _state(running: Running, waiting: int, conflicts: int, refused: int, *, ended: bool) -> State:
    choices = (
        (running.busy, State.BUSY),
        (ended, State.LEASE_ENDED),
        (running.problem is not None, State.PROBLEM),
        (running.sign_in, State.SIGN_IN),
        (bool(running.offline_since), State.OFFLINE),
        (conflicts > 0, State.CONFLICTS),
        (refused > 0, State.NOT_ACCEPTED),
        (waiting > 0, State.WAITING),
    )
    return next((state for holds, state in choices if holds), State.UP_TO_DATE)


_FIXED = {
    State.NOT_CONNECTED: ("niet verbonden met een server", "not connected to a server"),
    State.LEASE_ENDED: (
        "verbind met de server om verder te werken",
        "connect to the server to go on working",
    ),
    State.SIGN_IN: ("niet aangemeld", "not signed in"),
    State.UP_TO_DATE: ("bijgewerkt", "up to date"),
}


def _parts(status: Status, language: int) -> list[str]:
    parts: list[str] = []
    if status.state in _FIXED:
        parts.append(_FIXED[status.state][language])
    elif status.state is State.BUSY:
        of = ("bezig", "busy")[language]
        word = ("van", "of")[language]
        parts.append(
            f"{of} ({_number(status.done, language)} {word} {_number(status.total, language)})" if status.total else of
        )
    elif status.state is State.OFFLINE:
        parts.append(f"offline {('sinds', 'since')[language]} {moment(status.offline_since)}")
    elif status.state is State.PROBLEM and status.problem is not None:
        parts.append((status.problem.nl, status.problem.en)[language])
    counts = (
        (status.waiting, ("wijziging wacht", "wijzigingen wachten"), ("change waiting", "changes waiting")),
        (status.files, ("bestand wacht", "bestanden wachten"), ("file waiting", "files waiting")),
        (status.conflicts, ("conflict", "conflicten"), ("conflict", "conflicts")),
        (status.not_accepted, ("niet geaccepteerd", "niet geaccepteerd"), ("not accepted", "not accepted")),
    )
    for count, *words in counts:
        if count:
            parts.append(f"{_number(count, language)} {words[language][0 if count == 1 else 1]}")
    return parts


def moment(text: str) -> str:
    """31-12-2026 14:05, in Dutch time."""
    at = datetime.fromisoformat(text)
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return at.astimezone(DUTCH_TIME).strftime("%d-%m-%Y %H:%M")


def _number(value: int, language: int) -> str:
    text = f"{value:,}"
    return text if language else text.replace(",", ".")
