"""Who is looking at or working on which project now. Kept two minutes; laptops say it again while it lasts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from diwi_desktop.server import viewer, visibility
from diwi_desktop.server.db import Database
from diwi_desktop.server.problems import NotFound
from diwi_desktop.server.session import Session

KEPT = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Presence:
    """`since` is when he came to this project."""

    project: str
    person: str
    name: str
    since: datetime
    editing: bool


def tell(database: Database, session: Session, project: str | None, editing: bool, now: datetime) -> None:
    """Note where a device is; None for nowhere. Raises NotFound for a project that its user does not see."""
    with database.transaction(session.register) as connection:
        person = viewer.person_of(connection, session)
        if project is None:
            connection.execute(
                "DELETE FROM presence WHERE register = %s AND device = %s", (session.register, session.device)
            )
            return
        if not visibility.among(connection, session.register, viewer.as_viewer(person), [project]):
            raise NotFound
        connection.execute(
            "INSERT INTO presence AS p (register, device, project, person, name, editing, since, seen)"
            " VALUES (%(register)s, %(device)s, %(project)s, %(person)s, %(name)s, %(editing)s, %(now)s, %(now)s)"
            " ON CONFLICT (register, device) DO UPDATE SET project = excluded.project, person = excluded.person,"
            " name = excluded.name, editing = excluded.editing, seen = excluded.seen, since = CASE"
            " WHEN p.project = excluded.project AND p.seen > %(now)s - %(kept)s THEN p.since ELSE excluded.since END",
            {"register": session.register, "device": session.device, "project": project, "person": session.person,
             "name": person.name, "editing": editing, "now": now, "kept": KEPT},
        )  # fmt: skip


def others(database: Database, session: Session, now: datetime) -> list[Presence]:
    """Where the other devices are, of the projects that the user sees."""
    with database.transaction(session.register) as connection:
        who = viewer.viewer_of(connection, session)
        rows = connection.execute(
            "SELECT project::text, person::text, name, since, editing FROM presence"
            " WHERE register = %s AND device <> %s AND seen > %s ORDER BY since",
            (session.register, session.device, now - KEPT),
        ).fetchall()
        seen = visibility.among(connection, session.register, who, {row[0] for row in rows})
        connection.execute("DELETE FROM presence WHERE register = %s AND seen <= %s", (session.register, now - KEPT))
    return [Presence(*row) for row in rows if row[0] in seen]
