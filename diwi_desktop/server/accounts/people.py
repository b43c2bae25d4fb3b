"""What administrators do with people, besides the changes of persons and roles that travel as ordinary acts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import uuid4

from psycopg import Connection

from diwi_desktop.changes.change import CREATED, DELETED, ActKind
from diwi_desktop.model.codes import PersonState, UserRole
from diwi_desktop.model.finding import Finding
from diwi_desktop.model.rights import RIGHTS, Right, Viewer, invites, lacking, may, refusal, reset_refusal
from diwi_desktop.server import acts, audit
from diwi_desktop.server.accounts import sessions, tries
from diwi_desktop.server.accounts.account import OIDC, PASSWORD, is_anothers, release, ways_in
from diwi_desktop.server.accounts.base import Accounts, NoAccessYet
from diwi_desktop.server.accounts.handing import Handed, hand
from diwi_desktop.server.accounts.purpose import Purpose
from diwi_desktop.server.acts import Change
from diwi_desktop.server.audit import Action, Actor, Result
from diwi_desktop.server.db import Database
from diwi_desktop.server.problems import NoAccess, NotFound, Problem
from diwi_desktop.server.push.state import Intakes
from diwi_desktop.server.session import Session
from diwi_desktop.server.viewer import viewer_of

_ACTIVATED = "Toegang geactiveerd"
LOCKED = "Persoon geblokkeerd"
UNLOCKED = "Persoon vrijgegeven"
_HANDED_OVER = "Eigendom overgedragen"


class NotAPerson(Problem):
    """400: the one to hand over to is not somebody who can own projects here."""

    status, code, title = 400, "invalid", "This person cannot own projects"

    def __init__(self) -> None:
        super().__init__(
            nl="Deze persoon kan geen eigenaar zijn; kies een actieve gebruiker met een rol die dat mag.",
            en="This person cannot be an owner; choose an active user whose role allows it.",
        )


# -- what the viewer may ------------------------------------------------------------------------------------------


def _standing(connection: Connection[Any], register: str, person: str) -> tuple[UserRole, PersonState]:
    """Role and state of a person of the register. Raises NotFound."""
    row = connection.execute(
        "SELECT role, state FROM membership WHERE register = %s AND person = %s", (register, person)
    ).fetchone()
    if row is None:
        raise NotFound
    return UserRole(row[0]), PersonState(row[1])


Why = Callable[[Viewer, UserRole, PersonState], Finding | None]


def _allowed(database: Database, session: Session, person: str, action: Action, why_not: Why) -> None:
    """Whether the session may decide on somebody's access. Raises NotFound and NoAccess, which is written down."""
    with database.transaction(session.register) as connection:
        viewer = viewer_of(connection, session)
        why = lacking(viewer, Right.EDIT_USERS)
        if why is None:
            why = why_not(viewer, *_standing(connection, session.register, person))
        if why is not None:
            audit.record(connection, session, action, f"person {person}", Result.DENIED)
    if why is not None:
        raise NoAccess(reason=why.code, nl=why.nl, en=why.en)


def invite(accounts: Accounts, session: Session, person: str) -> Handed:
    """A new invitation, for who cannot sign in. It goes to the person himself where the server sends post.

    Not for oneself; for an administrator, and for who is or was active, only by an administrator. Raises NoAccess,
    NotFound and what `handing.hand` does.
    """
    now = accounts.clock.now()
    with accounts.transaction() as connection:
        known = is_anothers(connection, None, session.register, person)

    def why_not(viewer: Viewer, role: UserRole, state: PersonState) -> Finding | None:
        return invites(viewer, person, role, state, known=known)

    _allowed(accounts.database, session, person, Action.INVITE, why_not)

    def record(connection: Connection[Any], result: Result) -> None:
        audit.record(connection, session, Action.INVITE, f"person {person}", result, at=now)

    try:
        return hand(accounts, session.register, person, session.person, now, record)
    except LookupError:
        raise NotFound from None


class Reset(StrEnum):
    """What of somebody's way of signing in is lost, or is somebody else's."""

    FIRST_FACTOR = "password"
    SECOND_FACTOR = "second-factor"
    IDENTITY = "identity"  # who he is at the provider of single sign-on


def reset(accounts: Accounts, session: Session, person: str, what: Reset) -> Handed | None:
    """Lets somebody choose his password anew, or his second factor too, or be bound to another identity.

    Only an administrator, and not for himself. All sessions of the person's account end at once. A link for the person,
    None for an identity: there the next sign-in by the provider with the person's address binds anew. Raises NoAccess,
    NotFound, NoAccessYet and what `handing.hand` does.
    """
    now = accounts.clock.now()
    _allowed(
        accounts.database, session, person, Action.RESET,
        lambda viewer, _role, _state: reset_refusal(viewer, person),
    )  # fmt: skip
    return let_reset(accounts, session, session.register, person, what, now)


def let_reset(
    accounts: Accounts,
    who: Session | Actor,
    register: str,
    person: str,
    what: Reset,
    now: datetime,
    *,
    sure: bool = False,
) -> Handed | None:
    """The same for who may. Raises NotFound, NoAccessYet and what `handing.hand` does."""

    def record(connection: Connection[Any], result: Result) -> None:
        audit.record(connection, who, Action.RESET, f"person {person} {what.value}", result, at=now)

    method = OIDC if what is Reset.IDENTITY else PASSWORD
    with accounts.transaction() as connection:
        _standing(connection, register, person)
        account = ways_in(connection, register, person).get(method)
        if account is None:
            raise NoAccessYet
        if what is Reset.IDENTITY:
            connection.execute(
                "UPDATE invitation SET used_at = %s WHERE register = %s AND person = %s AND used_at IS NULL",
                (now, register, person),
            )
            release(connection, register, person, "reset", now)
            record(connection, Result.DONE)
            return None
    try:
        handed = hand(accounts, register, person, who.person, now, record, purpose=Purpose(what.value), sure=sure)
    except LookupError:
        raise NotFound from None
    with accounts.transaction() as connection:
        sessions.end_all(connection, account, "reset", now)
        tries.forget(connection, handed.email)
    return handed


def set_locked(accounts: Accounts, intakes: Intakes, session: Session, person: str, locked: bool) -> None:
    """Locks somebody out of the register, or lets him in again. Raises NoAccess and NotFound.

    A lock works at once: each request looks at the person's state. Sessions that open no other register end.
    """
    now = accounts.clock.now()
    action = Action.LOCK if locked else Action.UNLOCK
    state = PersonState.LOCKED if locked else PersonState.ACTIVE

    def why_not(viewer: Viewer, role: UserRole, was: PersonState) -> Finding | None:
        return refusal(viewer, "person", person, "state", state.value, role=role, state=was)

    _allowed(accounts.database, session, person, action, why_not)
    change: Change = ("person", person, None, "state", state.value)
    acts.apply(
        accounts.database,
        intakes,
        session,
        LOCKED if locked else UNLOCKED,
        lambda _connection: [change],
        now,
        kind=ActKind.USER,
        then=lambda connection, _count: audit.record(connection, session, action, f"person {person}", at=now),
    )
    if locked:
        with accounts.transaction() as connection:
            end_what_opens_nothing(connection, session.register, person, now)


def end_what_opens_nothing(connection: Connection[Any], register: str, person: str, now: datetime) -> None:
    """Ends the sessions of accounts that opened the register as this person and open no other; drops invitations."""
    connection.execute(
        "DELETE FROM invitation WHERE register = %s AND person = %s AND used_at IS NULL", (register, person)
    )
    found = connection.execute(
        "SELECT DISTINCT account::text, method FROM account_access WHERE register = %s AND person = %s",
        (register, person),
    ).fetchall()
    for account, method in found:
        if not sessions.reachable(sessions.memberships(connection, account, method)):
            sessions.end_locked(connection, account, now)


def activate(accounts: Accounts, intakes: Intakes, register: str, person: str) -> None:
    """Makes an invited person active, by an act of his own."""
    now = accounts.clock.now()

    def make(connection: Connection[Any]) -> list[Change]:
        row = connection.execute(
            "SELECT state FROM membership WHERE register = %s AND person = %s", (register, person)
        ).fetchone()
        invited = row is not None and row[0] == PersonState.INVITED
        return [("person", person, None, "state", PersonState.ACTIVE.value)] if invited else []

    with accounts.database.transaction(register) as connection:
        name = connection.execute(
            "SELECT coalesce(nullif(name, ''), email) FROM membership WHERE register = %s AND person = %s",
            (register, person),
        ).fetchone()
    if name is None:
        raise NotFound
    acts.apply(accounts.database, intakes, acts.server_session(register, person, name[0]), _ACTIVATED, make, now)


# -- leaving --------------------------------------------------------------------------------------------------------

_OWNED = """
SELECT w.id::text, w.project::text,
       EXISTS (SELECT FROM entity o WHERE o.register = w.register AND o.kind = 'writer' AND o.project = w.project
               AND NOT o.deleted AND o.values->>'person' = %(to)s)
FROM entity w JOIN entity p ON p.register = w.register AND p.id = w.project AND NOT p.deleted
WHERE w.register = %(register)s AND w.kind = 'writer' AND NOT w.deleted AND w.values->>'person' = %(from)s
ORDER BY w.project, w.id
"""


def hand_over(accounts: Accounts, intakes: Intakes, session: Session, person: str, to: str) -> int:
    """Everything a person owns himself goes to another, as one act; how many projects.

    Needs the right to change owners, not sight of the projects. Raises NoAccess, NotFound and NotAPerson.
    """
    now = accounts.clock.now()
    database = accounts.database
    with database.transaction(session.register) as connection:
        allowed = may(viewer_of(connection, session), Right.CHANGE_OWNER)
        if not allowed:
            audit.record(connection, session, Action.HANDOVER, f"person {person}", Result.DENIED, at=now)
        else:
            _standing(connection, session.register, person)
            _check_heir(connection, session.register, person, to)
    if not allowed:
        raise NoAccess
    projects: set[str] = set()

    def make(connection: Connection[Any]) -> list[Change]:
        rows = connection.execute(_OWNED, {"register": session.register, "from": person, "to": to}).fetchall()
        changes: list[Change] = []
        for writer, project, has_already in rows:
            if not has_already and project not in projects:
                first = {"project_id": project, "person": to}
                changes.append(("writer", str(uuid4()), project, CREATED, first))
            changes.append(("writer", writer, project, DELETED, now.strftime("%Y-%m-%dT%H:%M:%S.%fZ")))
            projects.add(project)
        return changes

    def then(connection: Connection[Any], _count: int) -> None:
        about = f"person {person} to {to}"
        audit.record(connection, session, Action.HANDOVER, about, count=len(projects), at=now)

    acts.apply(database, intakes, session, _HANDED_OVER, make, now, kind=ActKind.USER, then=then)
    return len(projects)


def _check_heir(connection: Connection[Any], register: str, person: str, to: str) -> None:
    row = connection.execute(
        "SELECT role, state FROM membership WHERE register = %s AND person = %s", (register, to)
    ).fetchone()
    if row is None or to == person or row[1] != PersonState.ACTIVE or not _can_own(UserRole(row[0])):
        raise NotAPerson


def _can_own(role: UserRole) -> bool:
    return Right.CAN_OWN in RIGHTS[role]
