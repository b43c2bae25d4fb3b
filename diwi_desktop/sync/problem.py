"""What can stand in the way of a synchronisation, each in one Dutch and one English sentence."""

from __future__ import annotations

from enum import StrEnum

from diwi_desktop.model.finding import UserError


class Obstacle(StrEnum):
    """What kind of problem it is, and so what the engine does with it."""

    OFFLINE = "offline"  # no answer, or half of one
    BUSY = "busy"  # the server asks to come back later, or stumbled
    SIGNED_OUT = "signed_out"
    TOO_OLD = "schema_too_old"
    TOO_NEW = "schema_too_new"
    CURSOR_UNKNOWN = "cursor_unknown"
    PAGE_UNKNOWN = "page_unknown"
    RESTORED = "restored"
    NO_ACCESS = "no_access"
    NOT_FOUND = "not_found"
    NO_SERVER = "no_server"  # something else answers at this address
    TOO_LARGE = "too_large"
    ANSWER_TOO_LARGE = "answer_too_large"
    INVALID = "invalid"
    RANGE = "range"
    STUCK = "stuck"
    DIFFERENT = "different"
    LOCAL = "local"  # of this laptop: disk full, file locked
    FAULT = "fault"  # of this program


_SENTENCES: dict[Obstacle, tuple[str, str]] = {
    Obstacle.OFFLINE: (
        "De server is niet te bereiken; u kunt doorwerken, alles wordt later verstuurd.",
        "The server cannot be reached; you can go on working, everything is sent later.",
    ),
    Obstacle.BUSY: (
        "De server is bezet of heeft een storing; het wordt vanzelf opnieuw geprobeerd.",
        "The server is busy or has a fault; it is tried again by itself.",
    ),
    Obstacle.SIGNED_OUT: (
        "U bent niet aangemeld bij de server; meld u aan om te synchroniseren.",
        "You are not signed in to the server; sign in to synchronise.",
    ),
    Obstacle.TOO_OLD: (
        "Dit programma is te oud voor de server; werk het bij. Uw werk blijft bewaard.",
        "This program is too old for the server; update it. Your work is kept.",
    ),
    Obstacle.TOO_NEW: (
        "De server is ouder dan dit programma; de beheerder moet de server bijwerken.",
        "The server is older than this program; the administrator has to update the server.",
    ),
    Obstacle.NO_ACCESS: (
        "U heeft geen toegang tot dit register op de server; vraag het de beheerder.",
        "You have no access to this register on the server; ask the administrator.",
    ),
    Obstacle.NOT_FOUND: (
        "De server kent dit niet; controleer het adres en het register.",
        "The server does not know this; check the address and the register.",
    ),
    Obstacle.NO_SERVER: (
        "Op dit adres staat geen DIWI-server; controleer het adres.",
        "There is no DIWI server at this address; check the address.",
    ),
    Obstacle.TOO_LARGE: (
        "Eén wijziging is te groot voor de server; meld dit aan de beheerder.",
        "One change is too large for the server; tell the administrator.",
    ),
    Obstacle.ANSWER_TOO_LARGE: (
        "De server stuurt meer dan dit programma aanneemt; er is niets overgenomen. Meld dit aan de beheerder.",
        "The server sends more than this program takes; nothing was taken over. Tell the administrator.",
    ),
    Obstacle.INVALID: (
        "De server begrijpt het bericht niet; meld dit aan de beheerder. Uw werk blijft bewaard.",
        "The server does not understand the message; tell the administrator. Your work is kept.",
    ),
    Obstacle.STUCK: (
        "Er wachten wijzigingen en er beweegt niets; controleer de verbinding of meld dit aan de beheerder.",
        "Changes are waiting and nothing moves; check the connection or tell the administrator.",
    ),
    Obstacle.FAULT: (
        "Het programma maakte een fout bij het synchroniseren; meld dit aan de beheerder. Uw werk blijft bewaard.",
        "The program made a mistake while synchronising; tell the administrator. Your work is kept.",
    ),
    Obstacle.DIFFERENT: (
        "Dit bestand en de server verschillen en dat herstelt niet vanzelf; meld dit aan de beheerder.",
        "This file and the server differ and that does not mend by itself; tell the administrator.",
    ),
}


class Problem(UserError):
    """Raised by the transport. `retry_after` in seconds when the server said so; `seq` of a server that was set back.

    `detail` is what the server said itself, for the log of the program, without plan content.
    """

    def __init__(self, obstacle: Obstacle, *, retry_after: float | None = None, seq: int = 0, detail: str = "") -> None:
        nl, en = _SENTENCES.get(obstacle, _SENTENCES[Obstacle.INVALID])
        super().__init__(nl, en, code=f"sync_{obstacle.value}")
        self.obstacle, self.retry_after, self.seq, self.detail = obstacle, retry_after, seq, detail


def local(error: UserError) -> Problem:
    """A problem of this laptop, in its own words."""
    found = Problem(Obstacle.LOCAL)
    found.nl, found.en, found.code = error.nl, error.en, error.code
    return found
