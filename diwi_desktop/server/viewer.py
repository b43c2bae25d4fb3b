"""Who the session's person is in his register, as the log says now."""

from __future__ import annotations

from typing import Any

from psycopg import Connection

from diwi_desktop.changes.messages import Person
from diwi_desktop.model.codes import PersonState, UserRole
from diwi_desktop.model.rights import Viewer
from diwi_desktop.server.problems import NoAccess
from diwi_desktop.server.session import Session

_PERSON = """
SELECT p.values->>'name', p.values->>'email', coalesce(p.values->>'role', 'User'),
       coalesce(p.values->>'state', 'UITGENODIGD'),
       ARRAY(SELECT m.values->>'user_group_id' FROM diwi.entity m
             JOIN diwi.entity g ON g.register = m.register AND g.id = (m.values->>'user_group_id')::uuid
             WHERE m.register = p.register AND m.kind = 'group_member' AND m.project IS NULL AND NOT m.deleted
               AND m.values->>'person' = p.id::text AND NOT g.deleted ORDER BY 1)
FROM diwi.entity p WHERE p.register = %s AND p.id = %s AND p.kind = 'person' AND NOT p.deleted
"""


def person_of(connection: Connection[Any], session: Session) -> Person:
    """The person as clients are told. Raises NoAccess when he is gone, locked or not active yet."""
    row = connection.execute(_PERSON, (session.register, session.person)).fetchone()
    if row is None or row[3] != PersonState.ACTIVE:
        raise NoAccess
    name, email, role, state, groups = row
    return Person(session.person, name or email or "", email or "", role, state, groups)


def as_viewer(person: Person) -> Viewer:
    return Viewer(person.person, UserRole(person.role), frozenset(person.groups), PersonState(person.state))


def viewer_of(connection: Connection[Any], session: Session) -> Viewer:
    """For `model.rights`. Raises NoAccess as `person_of`."""
    return as_viewer(person_of(connection, session))
