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
# Each row is looked up by itself: a page reads a few rows and must not pay for the whole register.
# The owner of a deleted project is who owned it when it was deleted: its rows go with it, at the same moment.
_OWNED = (
    "EXISTS (SELECT 1 FROM main.writer w WHERE w.project_id = p.id AND (w.person IN (SELECT id FROM temp.viewer_id)"
    " OR w.user_group IN (SELECT id FROM temp.viewer_id)) AND (w.deleted_at IS NULL OR w.deleted_at = p.deleted_at))"
)
INBOX_OWNER = "inbox_of"  # the word in `sync` that says whose the inbox is
# Items of the inbox that tell nothing of what anybody else did.
ONLY_OWN_TEXT = "base IS NULL AND theirs IS NULL"
# What somebody typed and the server did not take is for him alone, and for him always; see `store.inbox`.
_INBOX = (
    f"CASE WHEN {ONLY_OWN_TEXT} THEN NOT EXISTS (SELECT 1 FROM main.sync WHERE key = '{INBOX_OWNER}'"
    " AND value NOT IN (SELECT id FROM temp.viewer_self)) ELSE {log} END"
)
_PROJECT = "SELECT 1 FROM main.project p WHERE p.id = {id} AND ({may})"
_BELOW = "SELECT 1 FROM main.{parent} b JOIN main.project p ON p.id = b.project_id WHERE b.id = {id} AND ({may})"
_DOCUMENT = "SELECT 1 FROM main.document d JOIN main.project p ON p.id = d.project_id WHERE d.id = {id} AND ({may})"


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
    terms = _Terms(viewer)
    found: list[tuple[str, str]] = []
    always: list[str] = []  # kinds of which the log shows everything
    for kind in catalogue().kinds:
        condition = _condition(kind, viewer, terms)
        if condition is None:
            always.append(kind.kind)
            continue
        found += [
            (name, f"SELECT * FROM main.{quoted(name)} x WHERE {condition}")
            for name in (kind.kind, f"{kind.kind}_past")
        ]
    outside = ", ".join(f"'{kind}'" for kind in always)
    log = (
        f"CASE WHEN x.kind = 'document' THEN {terms.document('x.entity')}"
        f" WHEN x.project IS NOT NULL THEN {terms.project('x.project')}"
        f" ELSE x.kind IN ({outside}) OR x.entity IN (SELECT id FROM temp.viewer_self) END"
    )
    found.append(("change", f"SELECT * FROM main.change x WHERE {log}"))
    found.append(("inbox", f"SELECT * FROM main.inbox x WHERE {_INBOX.format(log=log)}"))
    # An act is seen when something of what it did is.
    found.append(("act", "SELECT * FROM main.act a WHERE EXISTS (SELECT 1 FROM temp.change c WHERE c.act_seq = a.seq)"))
    return found


class _Terms:
    """The conditions in SQL for what the viewer sees; each takes the expression for an id."""

    def __init__(self, viewer: Viewer) -> None:
        levels = ", ".join(f"'{level.value}'" for level in sorted(rights.visible_levels(viewer)))
        owned = _OWNED if rights.owning_ids(viewer) else "0"
        self._project = f"p.confidentiality IN ({levels}) OR {owned}"
        self._document = (
            f"p.confidentiality IN ({levels}) AND coalesce(d.confidentiality, p.confidentiality) IN ({levels})"
            f" OR {owned}"
        )

    def project(self, id: str) -> str:
        return f"EXISTS ({_PROJECT.format(id=id, may=self._project)})"

    def below(self, parent: str, id: str) -> str:
        """What hangs under something under a project."""
        return f"EXISTS ({_BELOW.format(parent=quoted(parent), id=id, may=self._project)})"

    def document(self, id: str) -> str:
        return f"EXISTS ({_DOCUMENT.format(id=id, may=self._document)})"


def _condition(kind: Kind, viewer: Viewer, terms: _Terms) -> str | None:
    """Which rows x of a kind are seen; None for all."""
    if kind.kind == "project":
        return terms.project("x.id")
    if kind.kind == "document":
        return terms.document("x.id")
    if kind.parent == "project":
        return terms.project("x.project_id")
    if kind.parent and catalogue().kind(kind.parent).parent == "project":
        return terms.below(kind.parent, f"x.{kind.parent_key}")
    if kind.kind == "municipality":
        return None  # whose register it is stands on the file
    if kind.kind == "person":
        everybody = rights.sees_person(viewer, "")
        return None if everybody else "x.id IN (SELECT id FROM temp.viewer_self)"
    if kind.kind in rights.LOCAL_KINDS or rights.sees_scope(viewer, rights.scope_of(kind.kind, "", None)):
        return None
    return "0"
