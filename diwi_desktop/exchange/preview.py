"""What an import would do, before it is done. Reads the file like the import does and stores nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

from diwi_desktop.basedata.layer import ReadError
from diwi_desktop.changes.change import ActKind
from diwi_desktop.exchange.drafts import Draft
from diwi_desktop.exchange.imports import People, laid_over, plans_before, read_projects
from diwi_desktop.exchange.messages import Report, Unreadable
from diwi_desktop.exchange.recognise import Known
from diwi_desktop.exchange.sniff import BUILDINGS, EXCEL, PARCELS, kind_of
from diwi_desktop.model.finding import Cancelled, Finding, Refused, Severity
from diwi_desktop.model.plan import Plan
from diwi_desktop.model.work import CancelCheck, Progress
from diwi_desktop.store import Store
from diwi_desktop.store.act import Act


class Fate(Enum):
    """What becomes of a project of the file when known ones are brought up to date."""

    NEW = "new"
    CHANGED = "changed"
    EQUAL = "equal"


@dataclass(frozen=True, slots=True)
class Project:
    """A project in the file: what becomes of it, and its blocks and homes as the file has them."""

    name: str
    fate: Fate
    blocks: int
    built: int
    demolished: int


@dataclass(frozen=True, slots=True)
class LayerLook:
    """Parcels or buildings in a file: how many, how many of them are there already, the coordinate system of the file
    (one of `geo.crs.Crs`), the cadastral municipalities, and the extent in RD metres (west, south, east, north).
    """

    count: int
    known: int
    crs: str
    places: tuple[str, ...]
    extent: tuple[float, float, float, float]


@dataclass(slots=True)
class Preview:
    """What a file holds, what would become of it, and what is wrong.

    `findings` hold whatever is chosen for known projects, `when_updating` only when those are brought up to date.
    `layer` is there for parcels and buildings, the projects for Excel and GeoJSON.
    """

    kind: str
    findings: list[Finding] = field(default_factory=list)
    when_updating: list[Finding] = field(default_factory=list)
    projects: list[Project] = field(default_factory=list)
    areas: int = 0  # projects with a plan area
    layer: LayerLook | None = None
    refused: bool = False  # by the file as a whole, or by a project

    def count(self, fate: Fate) -> int:
        """How many projects of the file are new, changed or equal."""
        return sum(project.fate is fate for project in self.projects)


def look(
    store: Store, path: Path, kind: str | None, progress: Progress | None = None, cancelled: CancelCheck | None = None
) -> Preview:
    """Read a file without storing anything. Raises UserError (not recognised) and Cancelled."""
    kind = kind or kind_of(path)
    try:
        if kind in (PARCELS, BUILDINGS):
            return _layer(store, path, kind, progress, cancelled)
        return _projects(store, path, kind, progress, cancelled)
    except (Unreadable, ReadError) as error:
        found = [*error.findings, Finding(error.code, Severity.ERROR, error.nl, error.en)]
        return Preview(kind, findings=found, refused=True)
    except Refused as error:
        return Preview(kind, findings=error.findings, refused=True)


def _projects(store: Store, path: Path, kind: str, progress: Progress | None, cancelled: CancelCheck | None) -> Preview:
    report, later, preview = Report(), Report(), Preview(kind)
    drafts = read_projects(store, path, kind, report, progress, cancelled)
    known = Known.of(store, by_number=kind == EXCEL)
    pairs = [(draft, known.find(draft, report)) for draft in drafts]
    preview.refused = report.failed
    if not report.failed:
        people = People(store, _scratch(store))
        before = plans_before(store, [found for _, found in pairs])
        for draft in (draft for draft, found in pairs if found is None):
            people.ids(draft, report)
        for draft, found in pairs:
            if cancelled is not None and cancelled():
                raise Cancelled
            preview.projects.append(_project(store, draft, before.get(found or ""), people, later))
            preview.areas += draft.area is not None
    preview.findings, preview.when_updating = report.in_order(), later.in_order()
    return preview


def _scratch(store: Store) -> Act:
    """An act that is never stored: it only tells what an import would write."""
    return Act("", ActKind.IMPORT, store.catalogue, store.ids.series().__next__)


def _project(store: Store, draft: Draft, before: Plan | None, people: People, report: Report) -> Project:
    plan = draft.plan(store.clock.today())
    fate = Fate.NEW
    if before is not None:
        fate = Fate.CHANGED if laid_over(draft, before, people, report, store)[1] else Fate.EQUAL
    return Project(plan.name, fate, len(plan.blocks), plan.built, plan.demolished)


def _layer(store: Store, path: Path, kind: str, progress: Progress | None, cancelled: CancelCheck | None) -> Preview:
    """Parcels or buildings: what cannot be used is left out with a finding, which refuses nothing."""
    import shapely

    from diwi_desktop.basedata.readers import read_buildings, read_parcels

    table: Any
    if kind == PARCELS:
        table, findings = read_parcels(path, progress, cancelled)
        ids, sql = table.lokaal_id, "SELECT local_id FROM parcel"
    else:
        table, findings = read_buildings(path, progress, cancelled)
        ids, sql = table.identificatie, "SELECT identification FROM building"
    there = {row[0] for row in store.read().execute(sql)}
    west, south, east, north = (float(bound) for bound in shapely.total_bounds(table.geometry))
    found = LayerLook(
        len(table), sum(id in there for id in ids), table.source.crs, table.source.places, (west, south, east, north)
    )
    return Preview(kind, findings=findings, layer=found)
