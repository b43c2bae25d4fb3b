"""What administrators do with people, besides the changes of persons and roles that travel as ordinary acts."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from psycopg import Connection

from diwi_desktop.changes.change import CREATED, DELETED, ActKind
from diwi_desktop.model.codes import PersonState, UserRole
from diwi_desktop.model.rights import RIGHTS, Right, may, refusal
from diwi_desktop.server import acts, audit
from diwi_desktop.server.accounts import invitations, sessions
from diwi_desktop.server.accounts.base import Accounts
from diwi_desktop.server.accounts.invitations import Invitation
from diwi_desktop.server.acts import Change
from diwi_desktop.server.audit import Action, Result
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


def _role(connection: Connection[Any], register: str, person: str) -> UserRole:
    """The role of a person of the register. Raises NotFound."""
    row = connection.execute(
        "SELECT role FROM membership WHERE register = %s AND person = %s", (register, person)
    ).fetchone()
    if row is None:
        raise NotFound
    return UserRole(row[0])


def _allowed_to_change(database: Database, session: Session, person: str, action: Action) -> None:
    """Whether the session may decide on somebody's access. Raises NotFound and NoAccess, which is written down."""
    with database.transaction(session.register) as connection:
        viewer = viewer_of(connection, session)
        why = None
        if not may(viewer, Right.EDIT_USERS):
            why = "no_right"
        else:
            role = _role(connection, session.register, person)
            found = refusal(viewer, "person", person, "state", PersonState.ACTIVE.value, role=role)
            why = found.code if found else None
        if why is not None:
            audit.record(connection, session, action, f"person {person}", Result.DENIED)
    if why is not None:
        raise NoAccess(reason=why)


def invite(accounts: Accounts, session: Session, person: str) -> Invitation:
    """A new invitation: the first one, or a new chance for who has lost his password or phone.

    Not for oneself, and for an administrator only by an administrator. Raises NoAccess and NotFound.
    """
    now = accounts.clock.now()
    _allowed_to_change(accounts.database, session, person, Action.INVITE)
    try:
        with accounts.transaction() as connection:
            given = invitations.give(accounts, connection, session.register, person, session.person, now)
            audit.record(connection, session, Action.INVITE, f"person {person}", at=now)
    except LookupError:
        raise NotFound from None
    return given


def set_locked(accounts: Accounts, intakes: Intakes, session: Session, person: str, locked: bool) -> None:
    """Locks somebody out of the register, or lets him in again. Raises NoAccess and NotFound.

    A lock works at once: each request looks at the person's state. Sessions that open no other register end.
    """
    now = accounts.clock.now()
    action = Action.LOCK if locked else Action.UNLOCK
    _allowed_to_change(accounts.database, session, person, action)
    state = PersonState.LOCKED if locked else PersonState.ACTIVE
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
            sessions.end_all(connection, account, "locked", now)


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
            _role(connection, session.register, person)
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
