"""Reading for other programs: plans, their history, totals and search, each within what the asking user sees."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from psycopg import Connection

from diwi_desktop.model.codes import MilestoneState
from diwi_desktop.model.derive import LAPSED
from diwi_desktop.model.rights import Right, Viewer, may, shown_total
from diwi_desktop.server import visibility
from diwi_desktop.server.problems import NoAccess, NotFound

# Live plans that the viewer sees; `e` is the project.
_SEEN = f"""
FROM diwi.entity e JOIN diwi.scope s ON s.register = e.register AND s.scope = e.scope
LEFT JOIN diwi.scope p ON false
WHERE e.register = %(register)s AND e.kind = 'project' AND NOT e.deleted AND ({visibility.CONDITION})
"""
# What had lapsed by a day, as `derive.project_status` has it, counts in no total.
_GOING = f"""
AND NOT EXISTS (
    SELECT FROM diwi.entity m WHERE m.register = e.register AND m.project = e.id AND m.kind = 'milestone'
      AND NOT m.deleted AND m.values->>'type' = '{LAPSED}' AND m.values->>'state' = '{MilestoneState.REALIZED}'
      AND diwi.as_date(m.values->>'date') <= %(today)s
)
"""
_PROJECTS = f"""
SELECT e.id::text, e.values, e.last,
    (SELECT a.received_at FROM diwi.change_log l JOIN diwi.act a ON a.register = l.register AND a.first_seq = l.part
     WHERE l.register = e.register AND l.seq = e.last)
{_SEEN} AND (%(after)s::uuid IS NULL OR e.id > %(after)s::uuid) ORDER BY e.id LIMIT %(limit)s
"""
_PARTS = f"""
SELECT e.kind, e.id::text, e.values, CASE WHEN e.kind = 'plan_area' THEN ST_AsGeoJSON(g.geom, 3, 0) END
FROM diwi.entity e JOIN diwi.scope s ON s.register = e.register AND s.scope = e.scope
LEFT JOIN diwi.scope p ON s.kind = 'document' AND p.register = s.register AND p.scope = s.project::text
LEFT JOIN diwi.plan_area_shape g ON g.register = e.register AND g.id = e.id
WHERE e.register = %(register)s AND e.project = %(project)s AND NOT e.deleted AND ({visibility.CONDITION})
ORDER BY e.kind, e.id
"""
_HISTORY = f"""
SELECT l.seq, l.act::text, a.name, a.author, a.made_at, a.received_at, l.kind, l.entity::text, l.field, l.old, l.new
FROM diwi.change_log l
JOIN diwi.act a ON a.register = l.register AND a.first_seq = l.part
JOIN diwi.scope s ON s.register = l.register AND s.scope = l.scope
LEFT JOIN diwi.scope p ON s.kind = 'document' AND p.register = s.register AND p.scope = s.project::text
WHERE l.register = %(register)s AND l.seq > %(after)s AND ({visibility.CONDITION})
    AND l.scope IN (SELECT scope FROM diwi.scope WHERE register = %(register)s
                    AND (scope = %(project)s OR (kind = 'document' AND project = %(project)s::uuid)))
ORDER BY l.seq LIMIT %(limit)s
"""
_SEARCH = f"""
SELECT e.id::text, e.values->>'code', e.values->>'name' {_SEEN}
    AND (e.values->>'name' ILIKE %(pattern)s OR e.values->>'code' ILIKE %(pattern)s
         OR e.values->>'description' ILIKE %(pattern)s OR e.values->>'project_leader' ILIKE %(pattern)s)
ORDER BY e.values->>'name', e.id LIMIT %(limit)s
"""


class Grouping(StrEnum):
    """By what totals can be told."""

    YEAR = "year"
    DISTRICT = "district"
    MUNICIPALITY = "municipality"
    PLAN_TYPE = "planType"


# Per grouping: one row per plan and group, with the homes that are built there.
_BLOCKS = """
LEFT JOIN LATERAL (
    SELECT coalesce(sum((b.values->>'number')::bigint), 0) AS homes FROM diwi.entity b
    WHERE b.register = v.register AND b.project = v.id AND b.kind = 'houseblock' AND NOT b.deleted
      AND b.values->>'mutation' = 'CONSTRUCTION'
) h ON true
"""
_NAME = "(SELECT o.values->>'name' FROM diwi.entity o WHERE o.register = v.register AND o.id::text = {id})"
_GROUPS: Mapping[Grouping, str] = {
    Grouping.YEAR: """
SELECT left(d.values->>'date', 4), v.id, (d.values->>'number')::bigint FROM v
JOIN diwi.entity d ON d.register = v.register AND d.project = v.id AND d.kind = 'delivery' AND NOT d.deleted
JOIN diwi.entity b ON b.register = v.register AND b.id = (d.values->>'houseblock_id')::uuid AND NOT b.deleted
WHERE b.values->>'mutation' = 'CONSTRUCTION' AND d.values->>'state' IS DISTINCT FROM 'AFGEBROKEN'
""",
    Grouping.DISTRICT: f"""
SELECT {_NAME.format(id="t.id")}, v.id, h.homes FROM v
LEFT JOIN LATERAL jsonb_array_elements_text(CASE jsonb_typeof(v.values->'districts') WHEN 'array'
    THEN v.values->'districts' ELSE '[null]' END) AS t(id) ON true {_BLOCKS}
""",
    Grouping.MUNICIPALITY: f"""
SELECT {_NAME.format(id="v.values->>'municipality'")}, v.id, h.homes FROM v {_BLOCKS}
""",
    Grouping.PLAN_TYPE: f"""
SELECT t.id, v.id, h.homes FROM v
LEFT JOIN LATERAL jsonb_array_elements_text(CASE jsonb_typeof(v.values->'plan_types') WHEN 'array'
    THEN v.values->'plan_types' ELSE '[null]' END) AS t(id) ON true {_BLOCKS}
""",
}


@dataclass(frozen=True, slots=True)
class Total:
    """A number of homes to be built, and of plans; both None when they are made of too few plans to be told."""

    group: str | None
    plans: int | None
    homes: int | None


def ask(viewer: Viewer, right: Right) -> None:
    """Raises NoAccess."""
    if not may(viewer, right):
        raise NoAccess


def projects(
    connection: Connection[Any], register: str, viewer: Viewer, after: str | None, limit: int
) -> Sequence[tuple[Any, ...]]:
    """(id, values, sequence, when it last changed) of plans in the order of their ids. Raises NoAccess."""
    ask(viewer, Right.VIEW_API)
    given = {**visibility.parameters(register, viewer), "after": after, "limit": limit}
    return connection.execute(_PROJECTS, given).fetchall()


def project(connection: Connection[Any], register: str, viewer: Viewer, id: str) -> dict[str, list[dict[str, Any]]]:
    """All live parts of a plan by kind, itself included; contours as GeoJSON in RD. Raises NoAccess and NotFound."""
    ask(viewer, Right.VIEW_API)
    rows = connection.execute(_PARTS, {**visibility.parameters(register, viewer), "project": id})
    found: dict[str, list[dict[str, Any]]] = {}
    for kind, entity, values, shape in rows:
        if shape is not None:
            values["geometry"] = json.loads(shape)
        found.setdefault(kind, []).append({"id": entity, "values": values})
    if "project" not in found:
        raise NotFound
    if not may(viewer, Right.VIEW_GROUPS):
        found.pop("writer", None)
    return found


def history(
    connection: Connection[Any], register: str, viewer: Viewer, id: str, after: int, limit: int
) -> Sequence[tuple[Any, ...]]:
    """The changes of a plan and the documents under it that the viewer sees. Raises NoAccess and NotFound."""
    ask(viewer, Right.VIEW_API)
    if not visibility.among(connection, register, viewer, [id]):
        raise NotFound
    given = {**visibility.parameters(register, viewer), "project": id, "after": after, "limit": limit}
    return connection.execute(_HISTORY, given).fetchall()


def search(
    connection: Connection[Any], register: str, viewer: Viewer, words: str, limit: int
) -> Sequence[tuple[Any, ...]]:
    """(id, code, name) of plans in which the words occur as they stand. Raises NoAccess."""
    ask(viewer, Right.VIEW_API)
    escaped = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    given = {**visibility.parameters(register, viewer), "pattern": f"%{escaped}%", "limit": limit}
    return connection.execute(_SEARCH, given).fetchall()


def totals(connection: Connection[Any], register: str, viewer: Viewer, grouping: Grouping, today: date) -> list[Total]:
    """Homes to be built by group, over the plans that the viewer sees and that had not lapsed today. Raises NoAccess.

    Who may not fetch the plans themselves here is not told numbers that stand for fewer than `SMALL_NUMBER` plans, nor
    one more when a single hidden number would follow from the others.
    """
    ask(viewer, Right.VIEW_DASHBOARDS)
    rows = connection.execute(
        f"WITH v AS MATERIALIZED (SELECT e.register, e.id, e.values {_SEEN}{_GOING}), g(name, plan, homes) AS"
        f" ({_GROUPS[grouping]}) SELECT name, count(DISTINCT plan), sum(homes)::bigint FROM g GROUP BY name"
        " ORDER BY name NULLS LAST",
        {**visibility.parameters(register, viewer), "today": today},
    ).fetchall()
    if may(viewer, Right.VIEW_API):
        return [Total(*row) for row in rows]
    return suppressed([Total(*row) for row in rows])


def suppressed(exact: list[Total]) -> list[Total]:
    """Without what stands for too few plans, and without a single gap that the sum of all would fill."""
    told = [_shown(one) for one in exact]
    hidden = [index for index, one in enumerate(told) if one.plans is None]
    shown = [index for index, one in enumerate(told) if one.plans]
    if len(hidden) == 1 and shown:
        least = min(shown, key=lambda index: exact[index].plans or 0)
        told[least] = Total(exact[least].group, None, None)
    return told


def _shown(one: Total) -> Total:
    plans = one.plans or 0
    if shown_total(plans, plans) is None:
        return Total(one.group, None, None)
    return one
