"""The way out: what screens, reports, exports and the command line read. Every query takes a moment (None: now)."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from diwi_desktop.changes.change import ActInfo, ActKind
from diwi_desktop.model.catalogue import OwnField
from diwi_desktop.model.codes import MilestoneState, PersonState, UserRole
from diwi_desktop.model.derive import LAPSED, milestone_rank
from diwi_desktop.model.finding import UserError
from diwi_desktop.model.moment import Moment
from diwi_desktop.model.options import Municipality, Option
from diwi_desktop.store import own
from diwi_desktop.store.apply import ewkb
from diwi_desktop.store.asof import source
from diwi_desktop.store.driver import Connection
from diwi_desktop.store.options import read_options

if TYPE_CHECKING:
    from diwi_desktop.store.store import Store


class ProjectRow(NamedTuple):
    """One line of the project table. Codes as keys, dates as ISO text, option fields as ids, area in m2.

    `status` is NEW, ACTIVE, REALIZED or TERMINATED; `next_milestone` a milestone type still to come, with its date.
    """

    id: str
    code: str
    name: str
    phase: str | None
    plan_status: str | None
    confidentiality: str
    built: int
    demolished: int
    net: int
    area_m2: float | None
    start_date: str
    end_date: str
    plan_types: list[str]
    priority: list[str] | None
    municipality_roles: list[str]
    municipality: str | None
    districts: list[str]
    neighbourhoods: list[str]
    project_leader: str | None
    parent: str | None
    color: str
    first_delivery: str | None
    last_delivery: str | None
    next_milestone: str | None
    next_milestone_date: str | None
    status: str
    source_id: str | None
    plan_id: str | None
    own: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Person:
    id: str
    name: str
    email: str
    role: UserRole
    state: PersonState


@dataclass(frozen=True, slots=True)
class MappingRow:
    """How a field of a province is filled: from `source` (catalogue key), by `options`, or with `constant`."""

    id: str
    target: str
    source: str | None
    options: dict[str, str]
    constant: str | None


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One change as the log has it, with the act it belongs to. `field` is empty for the making of the entity."""

    seq: int
    act_id: str
    act_name: str
    act_kind: str
    author: str
    made_at: str
    kind: str
    entity: str
    project: str | None
    field: str
    old: Any
    new: Any


def project_rows(store: Store, moment: Moment | None = None, ids: Collection[str] | None = None) -> list[ProjectRow]:
    """All projects (or those with the given ids) as known and in force at the moment, by name."""
    with store.snapshot() as connection:
        return _project_rows(connection, moment or store.moment(), ids)


def count_projects(store: Store) -> int:
    """How many projects there are now."""
    return int(store.read().execute("SELECT count(*) FROM project WHERE deleted_at IS NULL").fetchone()[0])


def _project_rows(connection: Connection, moment: Moment, ids: Collection[str] | None) -> list[ProjectRow]:
    seq = moment.seq
    on = moment.on.isoformat()
    given = {"seq": seq, "on": moment.on.isoformat(), "today": moment.today.isoformat()}
    some = ""
    if ids is not None:
        given["ids"] = json.dumps(list(ids))
        some = " AND {} IN (SELECT value FROM json_each(:ids))"
    below, beside = some.format("project_id"), some.format("b.project_id")
    phases, statuses, coming, lapsed = _milestones(connection, given, seq, below)
    homes = {
        r[0]: r[1:]
        for r in connection.execute(
            "SELECT project_id, sum(CASE WHEN mutation = 'CONSTRUCTION' THEN number ELSE 0 END),"
            " sum(CASE WHEN mutation = 'DEMOLITION' THEN number ELSE 0 END)"
            f" FROM {source('houseblock', seq)} WHERE deleted_at IS NULL{below} GROUP BY project_id",
            given,
        )
    }
    dates = {
        r[0]: r[1:]
        for r in connection.execute(
            f"SELECT b.project_id, min(d.date), max(d.date) FROM {source('delivery', seq)} d"
            f" JOIN {source('houseblock', seq)} b ON b.id = d.houseblock_id"
            " WHERE d.deleted_at IS NULL AND b.deleted_at IS NULL AND d.state <> 'AFGEBROKEN'"
            f"{beside} GROUP BY b.project_id",
            given,
        )
    }
    areas = dict(
        connection.execute(
            f"SELECT project_id, sum(ST_Area(geometry)) FROM {source('plan_area', seq)}"
            f" WHERE deleted_at IS NULL{below} GROUP BY project_id",
            given,
        ).fetchall()
    )
    rows = []
    no_homes, no_dates = (0, 0), (None, None)
    for r in connection.execute(
        "SELECT id, code, name, confidentiality, start_date, end_date, plan_types, priority, municipality_roles,"
        " municipality, districts, neighbourhoods, project_leader, parent, color, source_id, plan_id, own"
        f" FROM {source('project', seq)} WHERE deleted_at IS NULL{some.format('id')} ORDER BY name COLLATE NOCASE, id",
        given,
    ):
        id = r[0]
        built, demolished = homes.get(id, no_homes)
        first, last = dates.get(id, no_dates)
        upcoming = coming.get(id)
        rows.append(
            ProjectRow(
                id, r[1], r[2], phases.get(id), statuses.get(id), r[3], built, demolished, built - demolished,
                areas.get(id), r[4], r[5], _list(r[6]), _list(r[7]) if r[7] else None, _list(r[8]), r[9],
                _list(r[10]), _list(r[11]), r[12], r[13], r[14], first, last,
                upcoming[1] if upcoming else None, upcoming[0] if upcoming else None,
                _status(r[4], r[5], on, lapsed.get(id)), r[15], r[16], json.loads(r[17]) if r[17] else {},
            )
        )  # fmt: skip
    return rows


def _milestones(
    connection: Any, given: Mapping[str, Any], seq: int | None, some: str
) -> tuple[dict[str, str], dict[str, str], dict[str, tuple[str, str]], dict[str, str]]:
    """Per project: phase and plan status in force, the next milestone to come, and the day it lapsed.

    The same rule as derive.counts, in one pass: realised ones up to `on`, planned ones only between today and `on`.
    """
    on, today = given["on"], given["today"]
    best: tuple[dict[str, tuple[tuple[str, int], str]], dict[str, tuple[tuple[str, int], str]]] = ({}, {})
    coming: dict[str, tuple[str, str]] = {}
    lapsed: dict[str, str] = {}
    realised, aborted = MilestoneState.REALIZED.value, MilestoneState.ABORTED.value
    ranks = milestone_rank()
    for project, kind, day, state in connection.execute(
        f"SELECT project_id, type, date, state FROM {source('milestone', seq)} WHERE deleted_at IS NULL{some}",
        given,
    ):
        if state == aborted:
            continue
        lane, order, value = ranks[kind]
        if state != realised and day > on:
            if project not in coming or (day, kind) < coming[project]:
                coming[project] = (day, kind)
            continue
        if day > on or not (state == realised or day > today):
            continue
        if lane < 2:
            found = best[lane].get(project)
            if found is None or (day, order) >= found[0]:
                best[lane][project] = ((day, order), value)
        elif kind == LAPSED and state == realised:
            lapsed[project] = day
    phases = {project: value for project, (_, value) in best[0].items()}
    statuses = {project: value for project, (_, value) in best[1].items()}
    return phases, statuses, coming, lapsed


def _status(start: str, end: str, on: str, lapsed: str | None) -> str:
    """derive.project_status on ISO dates, which sort as text."""
    if lapsed is not None:
        return "TERMINATED"
    if on < start:
        return "NEW"
    return "REALIZED" if end < on else "ACTIVE"


def options(store: Store, moment: Moment | None = None) -> dict[str, Option]:
    """All options by id, switched-off ones too."""
    return read_options(store.read(), moment.seq if moment else None)


def option_list(store: Store, name: str, moment: Moment | None = None) -> list[Option]:
    """The options of one list that are in use: ranked lists by rank, price classes by lower bound, others by name."""
    found = [o for o in options(store, moment).values() if o.list == name and not o.disabled]
    return sorted(found, key=lambda o: (o.level or 0, o.bounds.low if o.bounds else 0, o.name.casefold(), o.id))


def own_fields(store: Store, moment: Moment | None = None) -> list[OwnField]:
    """The municipality's own fields, switched-off ones too, by name."""
    return own.own_fields_of(store.read(), moment.seq if moment else None)


def people(store: Store, moment: Moment | None = None) -> list[Person]:
    """Everybody in the register, by name."""
    return [
        Person(row["id"], row["name"] or "", row["email"], UserRole(row["role"]), PersonState(row["state"]))
        for row in sorted(
            entities(store, "person", moment=moment),
            key=lambda r: ((r["name"] or r["email"]).casefold(), r["id"]),
        )
    ]


def municipality(store: Store) -> Municipality:
    """The municipality of the register."""
    row = entities(store, "municipality")[0]
    return Municipality(row["code"], row["name"], row["province"], row["region"] or "", row["prefix"] or "", row["id"])


def mappings(store: Store, profile: str, moment: Moment | None = None) -> list[MappingRow]:
    """The mapping of one province profile, by target field."""
    rows = [r for r in entities(store, "mapping", moment=moment) if r["profile"] == profile]
    return [
        MappingRow(r["id"], r["target"], r["source"], r["options"] or {}, r["constant"])
        for r in sorted(rows, key=lambda r: (r["target"], r["id"]))
    ]


def submissions(store: Store) -> list[dict[str, Any]]:
    """The records of all submissions, latest first, each with its act's `author` and `made_at`."""
    with store.snapshot() as connection:
        rows = entities(store, "submission")
        # By entity, which has an index: the log may be half a million changes long.
        acts = {
            r[0]: (r[1], r[2])
            for r in connection.execute(
                "SELECT c.entity, a.author, a.made_at FROM change c JOIN act a ON a.seq = c.act_seq"
                " WHERE c.entity IN (SELECT value FROM json_each(?)) AND c.field = ''",
                (json.dumps([row["id"] for row in rows]),),
            )
        }
    for row in rows:
        row["author"], row["made_at"] = acts[row["id"]]
    return sorted(rows, key=lambda r: r["made_at"], reverse=True)


def plan_areas(
    store: Store, moment: Moment | None = None, projects: Collection[str] | None = None
) -> list[tuple[str, str, bytes]]:
    """(area id, project id, EWKB) of all plan areas, or of those of some projects."""
    seq = moment.seq if moment else None
    some = "" if projects is None else " AND project_id IN (SELECT value FROM json_each(:projects))"
    rows = store.read().execute(
        f"SELECT id, project_id, AsBinary(geometry) FROM {source('plan_area', seq)}"
        f" WHERE deleted_at IS NULL{some} ORDER BY id",
        {"seq": seq, "projects": json.dumps(list(projects or ()))},
    )
    return [(r[0], r[1], ewkb(r[2])) for r in rows]


def entity(store: Store, kind: str, id: str, moment: Moment | None = None) -> dict[str, Any] | None:
    """One entity in log shape with its `id`; None when it does not exist or is deleted."""
    found = entities(store, kind, moment=moment, ids=[id])
    return found[0] if found else None


def entities(
    store: Store,
    kind: str,
    parent: str | None = None,
    moment: Moment | None = None,
    ids: list[str] | None = None,
) -> list[dict[str, Any]]:
    """The entities of a kind in log shape with their `id`, in the order in which they were made."""
    where = "deleted_at IS NULL"
    given: dict[str, Any] = {}
    if parent is not None:
        where += f" AND {store.catalogue.kind(kind).parent_key} = :parent"
        given["parent"] = parent
    if ids is not None:
        where += " AND id IN (SELECT value FROM json_each(:ids))"
        given["ids"] = json.dumps(ids)
    return store.tables.rows(store.read(), kind, where, given, moment.seq if moment else None)


def history(
    store: Store,
    project: str | None = None,
    entity: str | None = None,
    field: str | None = None,
    limit: int = 500,
    before: int | None = None,
) -> list[HistoryEntry]:
    """The log, latest act first, narrowed to a project, an entity or a field; `before` pages by log position."""
    where = ["1 = 1"]
    given: dict[str, Any] = {"limit": limit}
    for name, column, value in (
        ("project", "c.project", project),
        ("entity", "c.entity", entity),
        ("field", "c.field", field),
    ):
        if value is not None:
            where.append(f"{column} = :{name}")
            given[name] = value
    if before is not None:
        where.append("a.seq < :before")
        given["before"] = before
    rows = store.read().execute(
        "SELECT a.seq, a.id, a.name, a.kind, a.author, a.made_at, c.kind, c.entity, c.project, c.field, c.old, c.new"
        " FROM change c JOIN act a ON a.seq = c.act_seq"
        f" WHERE {' AND '.join(where)} ORDER BY a.seq DESC, c.n LIMIT :limit",
        given,
    )
    return [
        HistoryEntry(r[0], r[1], r[2], r[3], r[4], r[5], r[6], r[7], r[8], r[9], _json(r[10]), _json(r[11]))
        for r in rows
    ]


def acts(store: Store, limit: int = 500, before: int | None = None) -> list[ActInfo]:
    """The acts, latest first."""
    rows = store.read().execute(
        "SELECT seq, id, name, kind, author, device, made_at, undoes FROM act WHERE seq < ? ORDER BY seq DESC LIMIT ?",
        (before if before is not None else 2**62, limit),
    )
    return [ActInfo(r[0], r[1], r[2], ActKind(r[3]), r[4], r[5], r[6], r[7]) for r in rows]


def find_project(store: Store, text: str) -> str:
    """The id of the project with this id, code or name, or else with this number in the file it was imported from.

    Raises UserError: unknown_project, ambiguous_project.
    """
    wanted = {"t": text.strip().encode(errors="replace").decode()}
    connection, called = store.read(), "de naam"
    rows = connection.execute(
        "SELECT id FROM project WHERE deleted_at IS NULL AND (id = :t OR code = :t COLLATE NOCASE)"
        " UNION SELECT id FROM project WHERE deleted_at IS NULL AND name = :t COLLATE NOCASE",
        wanted,
    ).fetchall()
    if not rows:
        called = "nummer"
        rows = connection.execute(
            "SELECT id FROM project WHERE deleted_at IS NULL AND source_id = :t", wanted
        ).fetchall()
    if not rows:
        raise UserError(
            f"Er is geen project met de naam, de code of het nummer '{text}'.",
            f"There is no project with the name, code or number '{text}'.",
            code="unknown_project",
        )
    if len(rows) > 1:
        raise UserError(
            f"Er zijn {len(rows)} projecten met {called} '{text}'; gebruik de projectcode.",
            f"There are {len(rows)} projects with the {'number' if called == 'nummer' else 'name'} '{text}'; use the"
            " project code.",
            code="ambiguous_project",
        )
    return str(rows[0][0])


def _list(text: str | None) -> list[str]:
    return list(_items(text)) if text else []


@lru_cache(4_096)
def _items(text: str) -> tuple[str, ...]:
    """What a list holds; the same few are met in every project."""
    return tuple(json.loads(text))


def _json(text: str | None) -> Any:
    return None if text is None else json.loads(text)
