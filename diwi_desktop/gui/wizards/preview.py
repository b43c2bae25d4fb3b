"""What an import would do, before it is done. Reads the file like the import does and stores nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from diwi_desktop.exchange.drafts import Draft
from diwi_desktop.exchange.imports import register_of
from diwi_desktop.exchange.messages import Report, Unreadable
from diwi_desktop.exchange.recognise import Known
from diwi_desktop.exchange.sniff import EXCEL, GEOJSON, kind_of
from diwi_desktop.model.finding import Finding, Severity
from diwi_desktop.model.work import CancelCheck
from diwi_desktop.store import Store

Progress = Callable[..., None]


@dataclass(frozen=True, slots=True)
class Project:
    """A project in the file, as the dialog lists it."""

    name: str
    known: bool
    blocks: int
    built: int
    demolished: int


@dataclass(slots=True)
class Preview:
    """How many projects are new and how many known, and what is wrong. Parcels and buildings are not counted ahead."""

    kind: str
    new: int = 0
    existing: int = 0
    blocks: int = 0
    findings: list[Finding] = field(default_factory=list)
    projects: list[Project] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        """Whether the import would refuse the file."""
        return any(f.severity is not Severity.WARNING for f in self.findings)


def look(store: Store, path: Path, kind: str | None, progress: Progress, cancelled: CancelCheck) -> Preview:
    """Read a file without storing anything. Raises UserError (not recognised, unreadable) and Cancelled."""
    kind = kind or kind_of(path)
    preview = Preview(kind)
    if kind not in (EXCEL, GEOJSON):
        return preview
    report = Report()
    try:
        drafts = _drafts(store, path, kind, report, progress, cancelled)
    except Unreadable as error:
        report.findings.append(Finding(error.code, Severity.ERROR, error.nl, error.en))
        drafts = []
    known = Known.of(store, by_number=kind == EXCEL)
    for draft in drafts:
        found = known.find(draft, report) is not None
        if not report.failed:
            preview.projects.append(_project(draft, found, store.clock.today()))
        preview.new += not found
        preview.existing += found
        preview.blocks += len(draft.blocks)
    preview.findings = report.in_order()
    return preview


def _project(draft: Draft, known: bool, today: date) -> Project:
    plan = draft.plan(today)
    return Project(plan.name, known, len(plan.blocks), plan.built, plan.demolished)


def _drafts(
    store: Store, path: Path, kind: str, report: Report, progress: Progress, cancelled: CancelCheck
) -> list[Draft]:
    if kind == EXCEL:
        from diwi_desktop.exchange.excel import read_excel

        return read_excel(path, register_of(store), report, progress, cancelled)
    from diwi_desktop.exchange.geojson import read_geojson

    return read_geojson(path, register_of(store), report, progress, cancelled)
