"""What a viewer sees of a store: on a reading connection, views hide the rest from every query.

A view in the connection's own `temp` schema comes before the table of the same name, so no query, count, join or look
at the past can go round it, and a store without a chosen user has no views and pays nothing. Who may see a project
follows from its *present* level and owners, in its history too.
"""

from __future__ import annotations

from diwi_desktop.model import rights
from diwi_desktop.model.catalogue import Kind, catalogue
from diwi_desktop.model.codes import PersonState, UserRole
from diwi_desktop.model.finding import UserError
from diwi_desktop.model.rights import Viewer
from diwi_desktop.store.driver import Connection
from diwi_desktop.store.schema import quoted

# The kinds that decide what the viewer may.
DECISIVE = frozenset({"person", "user_group", "group_member"})
_NAMES = "SELECT name FROM temp.sqlite_master WHERE type = ?"
# The owner of a deleted project is who owned it when it was deleted: its rows go with it, at the same moment.
_OWNED = """
SELECT w.project_id AS id FROM main.writer w JOIN main.project p ON p.id = w.project_id
WHERE (w.person IN (SELECT id FROM temp.viewer_id) OR w.user_group IN (SELECT id FROM temp.viewer_id))
  AND (w.deleted_at IS NULL OR w.deleted_at = p.deleted_at)
"""
_SEEN = """
SELECT id FROM main.project WHERE confidentiality IN ({levels}) UNION ALL SELECT id FROM temp.owned_project
"""
_SEEN_DOCUMENT = """
SELECT d.id FROM main.document d JOIN main.project p ON p.id = d.project_id
WHERE (p.confidentiality IN ({levels}) AND (d.confidentiality IS NULL OR d.confidentiality IN ({levels})))
   OR d.project_id IN (SELECT id FROM temp.owned_project)
"""


def viewer_of(connection: Connection, person: str) -> Viewer:
    """The person as a viewer, by the register as it is now. One who is not there, or no more, sees nothing."""
    row = connection.execute(
        "SELECT role, state FROM main.person WHERE id = ? AND deleted_at IS NULL", (person,)
    ).fetchone()
    if row is None:
        return Viewer(person, UserRole.EXTERNAL, state=PersonState.LOCKED)
    groups = connection.execute(
        "SELECT m.user_group_id FROM main.group_member m JOIN main.user_group g ON g.id = m.user_group_id"
        " WHERE m.person = ? AND m.deleted_at IS NULL AND g.deleted_at IS NULL",
        (person,),
    )
    return Viewer(person, UserRole(row[0]), frozenset(g for (g,) in groups), PersonState(row[1]))


def name_of(connection: Connection, person: str) -> str:
    """The name, else the e-mail address, of a person. Raises UserError (unknown_person)."""
    row = connection.execute(
        "SELECT coalesce(nullif(name, ''), email) FROM main.person WHERE id = ? AND deleted_at IS NULL", (person,)
    ).fetchone()
    if row is None:
        raise UserError("Deze persoon staat niet in het register.", "This person is not in the register.",
                        code="unknown_person")  # fmt: skip
    return str(row[0])


def show(connection: Connection, viewer: Viewer) -> None:
    """From now on this reading connection shows what the viewer sees."""
    for type_ in ("view", "table"):
        for (name,) in connection.execute(_NAMES, (type_,)).fetchall():
            connection.execute(f"DROP {type_} temp.{quoted(name)}")
    if viewer.sole:
        return
    connection.execute("CREATE TEMP TABLE viewer_id (id TEXT NOT NULL PRIMARY KEY) WITHOUT ROWID")
    connection.executemany("INSERT INTO viewer_id VALUES (?)", [(id,) for id in rights.owning_ids(viewer)])
    connection.execute("CREATE TEMP TABLE viewer_self (id TEXT NOT NULL PRIMARY KEY) WITHOUT ROWID")
    connection.execute("INSERT INTO viewer_self VALUES (?)", (viewer.person,))
    for name, sql in _views(viewer):
        connection.execute(f"CREATE TEMP VIEW {quoted(name)} AS {sql}")


def _views(viewer: Viewer) -> list[tuple[str, str]]:
    """(name, select) of every view, those that others lean on first."""
    levels = ", ".join(f"'{level.value}'" for level in sorted(rights.visible_levels(viewer)))
    found = [
        ("owned_project", _OWNED),
        ("seen_project", _SEEN.format(levels=levels)),
        ("seen_document", _SEEN_DOCUMENT.format(levels=levels)),
    ]
    always: list[str] = []  # kinds of which the log shows everything
    for kind in catalogue().kinds:
        condition = _condition(kind, viewer)
        if condition is None:
            always.append(kind.kind)
            continue
        found += [
            (name, f"SELECT * FROM main.{quoted(name)} WHERE {condition}") for name in (kind.kind, f"{kind.kind}_past")
        ]
    outside = ", ".join(f"'{kind}'" for kind in always)
    log = (
        "CASE WHEN kind = 'document' THEN entity IN (SELECT id FROM temp.seen_document)"
        " WHEN project IS NOT NULL THEN project IN (SELECT id FROM temp.seen_project)"
        f" ELSE kind IN ({outside}) OR entity IN (SELECT id FROM temp.viewer_self) END"
    )
    found.append(("change", f"SELECT * FROM main.change WHERE {log}"))
    # An act is seen when something of what it did is.
    found.append(("act", "SELECT * FROM main.act a WHERE EXISTS (SELECT 1 FROM temp.change c WHERE c.act_seq = a.seq)"))
    return found


def _condition(kind: Kind, viewer: Viewer) -> str | None:
    """Which rows of a kind are seen; None for all. The plus: SQLite tests rows by it and does not search along it."""
    if kind.kind == "project":
        return "+id IN (SELECT id FROM temp.seen_project)"
    if kind.kind == "document":
        return "+id IN (SELECT id FROM temp.seen_document)"
    if kind.parent == "project":
        return "+project_id IN (SELECT id FROM temp.seen_project)"
    if kind.parent and catalogue().kind(kind.parent).parent == "project":
        above = f"SELECT id FROM main.{quoted(kind.parent)} WHERE project_id IN (SELECT id FROM temp.seen_project)"
        return f"+{kind.parent_key} IN ({above})"
    if kind.kind == "municipality":
        return None  # whose register it is stands on the file
    if kind.kind == "person":
        everybody = rights.sees_person(viewer, "")
        return None if everybody else "+id IN (SELECT id FROM temp.viewer_self)"
    if kind.kind in rights.LOCAL_KINDS or rights.sees_scope(viewer, rights.scope_of(kind.kind, "", None)):
        return None
    return "0"
