"""What the map shows, read from the store; may be called from any thread."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from diwi_desktop.gui.language import translate
from diwi_desktop.gui.map.scene import BaseLayer, PlanShape
from diwi_desktop.model.codes import PlanStatus, ProjectStatus
from diwi_desktop.model.derive import is_hard
from diwi_desktop.model.moment import Moment
from diwi_desktop.store import Store, queries

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

Bounds = tuple[float, float, float, float]


def read_plans(store: Store, moment: Moment, ids: Collection[str] | None = None) -> list[PlanShape]:
    """All plans (or those of some projects) as of a moment, by name. Areas of one project are shown as one shape."""
    import shapely

    from diwi_desktop.geo.shape import from_ewkb

    areas: dict[str, list[Any]] = {}
    for _, project, ewkb in queries.plan_areas(store, moment, ids):
        areas.setdefault(project, []).append(from_ewkb(ewkb))
    parcels: dict[str, set[str]] = {}
    for link in _links(store, moment, ids):
        parcels.setdefault(link["project_id"], set()).add(link["designation"])
    shapes = []
    for row in queries.project_rows(store, moment, ids):
        parts = areas.get(row.id, [])
        shape = None
        if len(parts) == 1:
            shape = parts[0]
        elif parts:
            shape = shapely.MultiPolygon([p for part in parts for p in part.geoms])
        lapsed = row.status == ProjectStatus.TERMINATED
        label = translate("MapPanel", "{0} (afgebroken)").format(row.name) if lapsed else row.name
        status = "lapsed" if lapsed else _status(row.plan_status)
        shapes.append(PlanShape(row.id, shape, label, row.phase, status, frozenset(parcels.get(row.id, ()))))
    return shapes


def _links(store: Store, moment: Moment, ids: Collection[str] | None) -> list[dict[str, Any]]:
    if ids is None:
        return queries.entities(store, "parcel_link", moment=moment)
    return [link for project in ids for link in queries.entities(store, "parcel_link", project, moment)]


def read_base(store: Store) -> tuple[BaseLayer, BaseLayer]:
    """Parcels and buildings."""
    from diwi_desktop.basedata import layers

    parcels, buildings = layers.parcels(store), layers.buildings(store)
    return (
        BaseLayer(parcels.geometry, parcels.designation, parcels.source.attribution),
        BaseLayer(buildings.geometry, attribution=buildings.source.attribution),
    )


def read_parcel(store: Store, designation: str) -> BaseGeometry | None:
    """The area of a parcel in RD, None when there is no such parcel."""
    from diwi_desktop.basedata import layers

    found = layers.parcel_by_designation(store, designation)
    return None if found is None else found[2]


def bounds_of(shapes: Mapping[str, PlanShape], project: str) -> Bounds | None:
    """The bounds of a project's area in RD metres, None without area."""
    shape = shapes.get(project)
    if shape is None or shape.geometry is None or shape.geometry.is_empty:
        return None
    return shape.geometry.bounds


def _status(key: str | None) -> str | None:
    if key is None:
        return None
    return "hard" if is_hard(PlanStatus(key)) else "soft"
