"""Whether the viewer may do what an act did, and the rules about owners: model.rights with the facts of the store.

The access that counts is that of before the act, which is still in the past of the tables. The act's own part of the
log says what it did.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from diwi_desktop.changes.change import CREATED, DELETED, UNDOABLE
from diwi_desktop.model import rights
from diwi_desktop.model.codes import Confidentiality, PersonState, UserRole
from diwi_desktop.model.finding import Finding
from diwi_desktop.model.rights import Access, Right, Viewer
from diwi_desktop.store.act import Act
from diwi_desktop.store.asof import source
from diwi_desktop.store.batch import Batch
from diwi_desktop.store.driver import Connection

# Kinds of which a rule looks at the values.
_TELLING = ("project", "document", "person", "group_member")


def add_maker(act: Act, viewer: Viewer) -> None:
    """Who makes a project is among its owners (P5, P6, P11).

    Only where somebody who may edit all gives it other owners, as an import does, he need not be; of a private
    project he always is.
    """
    if viewer.sole or act.kind not in UNDOABLE:
        return
    made: dict[str, bool] = {}
    owners: dict[str, set[str]] = {}
    for kind, entity, values, created in act.pending():
        if created and kind == "project":
            made[entity] = values.get("confidentiality") == Confidentiality.PRIVATE
        elif created and kind == "writer":
            owners.setdefault(values["project_id"], set()).add(values.get("person") or values.get("user_group") or "")
    for project, private in made.items():
        given = owners.get(project, set())
        enough = bool(given) and not private and rights.may(viewer, Right.EDIT_ALL)
        if not enough and not viewer.ids & given:
            act.create("writer", {"project_id": project, "person": viewer.person})


def access_of(connection: Connection, projects: Collection[str] | None, seq: int | None) -> dict[str, Access]:
    """Level and owners of projects (None: all) at a log position (None: now), by id; deleted ones too.

    The owners of a deleted project are those of when it was deleted. Reads what the connection shows.
    """
    given = {"seq": seq, "ids": None if projects is None else json.dumps(list(projects))}
    some = "" if projects is None else " WHERE {} IN (SELECT value FROM json_each(:ids))"
    owners: dict[str, set[str]] = {}
    for project, person, group in connection.execute(
        f"SELECT w.project_id, w.person, w.user_group FROM {source('writer', seq)} w"
        f" JOIN {source('project', seq)} p ON p.id = w.project_id AND (w.deleted_at IS NULL OR"
        f" w.deleted_at = p.deleted_at){some.format('w.project_id')}",
        given,
    ):
        owners.setdefault(project, set()).add(person or group)
    rows = connection.execute(
        f"SELECT id, confidentiality FROM {source('project', seq)}{some.format('id')}",
        given,
    )
    return {id: Access(Confidentiality(level), frozenset(owners.get(id, ()))) for id, level in rows}


def refusals(
    connection: Connection,
    viewer: Viewer,
    seq: int,
    changed: Mapping[tuple[str, str], Collection[str]],
    batches: Iterable[Batch] = (),
    *,
    taking_back: bool,
) -> list[Finding]:
    """Why the act at this log position may not be, inside the transaction that wrote it. One of each sort.

    `changed` has the fields that got a value, by entity; `batches` what was made besides. `taking_back`: undo and redo,
    which may bring back a time without owners.
    """
    found: list[Finding] = []
    if not viewer.sole:
        log = _log(connection, seq)
        touched = {line.project for line in log if line.project}
        before = access_of(connection, touched, seq - 1)
        found += _rights(connection, viewer, seq, log, before)
        if not found:
            after = access_of(connection, touched, None)
            found += _ownership(connection, viewer, before, after, taking_back)
    if not found:
        kinds = {kind for kind, _ in changed} | {batch.kind for batch in batches}
        if "writer" in kinds and not taking_back:
            found += _cannot_own(connection, seq)
        if kinds & {"person", "user_group"}:
            found += _still_owners(connection, changed)
    return list({finding.code: finding for finding in reversed(found)}.values())[::-1]


@dataclass(frozen=True, slots=True)
class _Line:
    kind: str
    entity: str
    project: str | None
    field: str
    new: Any


def _log(connection: Connection, seq: int) -> list[_Line]:
    """What the act did; values only of the kinds whose rules look at them."""
    rows = connection.execute(
        "SELECT kind, entity, project, field, CASE WHEN kind IN (SELECT value FROM json_each(?)) THEN new END"
        " FROM change WHERE act_seq = ? ORDER BY n",
        (json.dumps(_TELLING), seq),
    )
    return [_Line(r[0], r[1], r[2], r[3], None if r[4] is None else json.loads(r[4])) for r in rows]


def _rights(
    connection: Connection, viewer: Viewer, seq: int, log: Iterable[_Line], before: Mapping[str, Access]
) -> list[Finding]:
    found: list[Finding] = []
    past = _Past(connection, seq - 1)
    for line in log:
        access = before.get(line.project) if line.project else None
        if access is None and line.project and line.kind != "project":
            continue  # part of a project that the act made
        if access is not None and line.kind == "document":
            access = rights.document_access(access, past.level(line))
        role, state = past.standing(line.entity) if line.kind == "person" else (None, None)
        closed = line.kind == "group_member" and past.closed(line, viewer)
        refusal = rights.refusal(
            viewer, line.kind, line.entity, line.field, line.new, access=access, role=role, state=state, closed=closed
        )
        if refusal is not None:
            found.append(refusal)
    return found


class _Past:
    """Documents and people as they were before the act."""

    def __init__(self, connection: Connection, seq: int) -> None:
        self._connection, self._seq = connection, seq

    def level(self, line: _Line) -> Confidentiality | None:
        """The level of a document; of a new one, that which it gets."""
        row = self._row("document", "confidentiality", line.entity)
        level = line.new.get("confidentiality") if row is None and line.field == CREATED else row and row[0]
        return Confidentiality(level) if level else None

    def standing(self, person: str) -> tuple[UserRole | None, PersonState | None]:
        """Role and state of a person; None for one who was not there."""
        row = self._row("person", "role, state", person)
        return (None, None) if row is None else (UserRole(row[0]), PersonState(row[1]))

    def closed(self, line: _Line, viewer: Viewer) -> bool:
        """Whether the group of a membership owned something private that the viewer did not own."""
        row = self._row("group_member", "user_group_id", line.entity)
        group = row[0] if row is not None else line.new.get("user_group_id") if line.field == CREATED else None
        given = {"seq": self._seq, "group": group, "mine": json.dumps(sorted(viewer.ids))}
        writer, project, document = (source(kind, self._seq) for kind in ("writer", "project", "document"))
        found = self._connection.execute(
            f"SELECT 1 FROM {writer} w JOIN {project} p ON p.id = w.project_id AND p.deleted_at IS NULL"
            f" WHERE w.user_group = :group AND w.deleted_at IS NULL"
            f" AND (p.confidentiality = '{Confidentiality.PRIVATE.value}' OR EXISTS (SELECT 1 FROM {document} d"
            f"  WHERE d.project_id = p.id AND d.deleted_at IS NULL"
            f"  AND d.confidentiality = '{Confidentiality.PRIVATE.value}'))"
            f" AND NOT EXISTS (SELECT 1 FROM {writer} o WHERE o.project_id = p.id AND o.deleted_at IS NULL"
            "  AND coalesce(o.person, o.user_group) IN (SELECT value FROM json_each(:mine))) LIMIT 1",
            given,
        )
        return found.fetchone() is not None

    def _row(self, kind: str, columns: str, id: str) -> tuple[Any, ...] | None:
        found: tuple[Any, ...] | None = self._connection.execute(
            f"SELECT {columns} FROM {source(kind, self._seq)} WHERE id = :id", {"seq": self._seq, "id": id}
        ).fetchone()
        return found


def _ownership(
    connection: Connection,
    viewer: Viewer,
    before: Mapping[str, Access],
    after: Mapping[str, Access],
    taking_back: bool,
) -> list[Finding]:
    """No project loses its last owner, and nobody takes his own name off a private project (U2)."""
    deleted = _deleted(connection, after)
    found: list[Finding] = []
    for project, access in after.items():
        if project in deleted:
            continue
        was = before.get(project)
        if was is not None and was.owners and not access.owners and not taking_back:
            found.append(rights.owner_missing(project))
        if (
            access.level is Confidentiality.PRIVATE
            and was is not None
            and rights.owns(viewer, was)
            and not rights.owns(viewer, access)
        ):
            found.append(rights.own_private(project))
    return found


def _deleted(connection: Connection, projects: Iterable[str]) -> set[str]:
    rows = connection.execute(
        "SELECT id FROM project WHERE deleted_at IS NOT NULL AND id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(projects)),),
    )
    return {id for (id,) in rows}


_NO_OWNERS = [role.value for role in UserRole if not rights.can_own(role)]


def _cannot_own(connection: Connection, seq: int) -> list[Finding]:
    """New owners in a role that owns no projects, by themselves or in a group (P8)."""
    rows = connection.execute(
        "SELECT w.id, coalesce(nullif(p.name, ''), p.email), g.name FROM writer w"
        " LEFT JOIN user_group g ON g.id = w.user_group"
        " LEFT JOIN group_member m ON m.user_group_id = w.user_group AND m.deleted_at IS NULL"
        " JOIN person p ON p.id = coalesce(w.person, m.person) AND p.deleted_at IS NULL"
        " WHERE w.seq_from = ? AND w.deleted_at IS NULL AND p.role IN (SELECT value FROM json_each(?))"
        " ORDER BY w.id, p.id LIMIT 1",
        (seq, json.dumps(_NO_OWNERS)),
    )
    return [rights.owner_cannot_own(writer, name, group) for writer, name, group in rows]


def _still_owners(connection: Connection, changed: Mapping[tuple[str, str], Collection[str]]) -> list[Finding]:
    """People and groups that are removed while projects are theirs."""
    found: list[Finding] = []
    for (kind, entity), fields in changed.items():
        if kind in ("person", "user_group") and DELETED in fields:
            row = connection.execute(
                f"SELECT 1 FROM {kind} o JOIN writer w ON w.{kind} = o.id AND w.deleted_at IS NULL"
                " JOIN project p ON p.id = w.project_id AND p.deleted_at IS NULL"
                " WHERE o.id = ? AND o.deleted_at IS NOT NULL LIMIT 1",
                (entity,),
            ).fetchone()
            if row is not None:
                found.append(rights.still_owner(kind, entity))
    return found
