"""The import of any file: what kind it is, all of it or nothing, once and not twice.

Excel and GeoJSON become drafts; drafts without errors become plans, and those are stored in one act, so that one undo
takes the whole import back. A project that is in the register already is recognised and skipped or brought up to date.
Parcels and buildings are base data and go by another road.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from diwi_desktop.basedata.layer import ReadError
from diwi_desktop.basedata.layers import write_buildings, write_parcels
from diwi_desktop.basedata.readers import read_buildings, read_parcels
from diwi_desktop.exchange.drafts import Draft
from diwi_desktop.exchange.merge import merged
from diwi_desktop.exchange.messages import Report, Unreadable
from diwi_desktop.exchange.recognise import Known
from diwi_desktop.exchange.register import Register
from diwi_desktop.exchange.sniff import BUILDINGS, EXCEL, GEOJSON, KINDS, PARCELS, kind_of
from diwi_desktop.model.codes import PersonState
from diwi_desktop.model.finding import Cancelled, Finding, Refused, Severity, UserError
from diwi_desktop.model.plan import Plan, Writer
from diwi_desktop.model.rights import Right
from diwi_desktop.model.work import CancelCheck, Progress, without_collector
from diwi_desktop.store import Store, queries
from diwi_desktop.store.act import Act
from diwi_desktop.store.plans import plans, write_plan, write_plans

SKIP, UPDATE = "skip", "update"
_ACT_NAMES = {EXCEL: "Excel ingelezen", GEOJSON: "GeoJSON ingelezen"}
# Reading is this share of the work on a file, storing the rest; progress runs over both.
_READ_SHARE, _LAYER_READ_SHARE, _STEPS = 30, 60, 100


@dataclass(slots=True)
class ImportResult:
    """What an import did. Project ids for Excel and GeoJSON: made, changed, known and the same as in the file, and
    known and left alone. `objects` counts the parcels or buildings read.
    """

    kind: str
    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    objects: int = 0


class ImportFailed(UserError):
    """A file with errors: nothing was stored. `findings` holds all of them, warnings included, in file order."""

    code = "import_failed"


def import_file(
    store: Store,
    path: Path | str,
    kind: str | None = None,
    on_existing: str = SKIP,
    progress: Progress | None = None,
    cancelled: CancelCheck | None = None,
) -> ImportResult:
    """Import a file: "excel", "geojson", "parcels" or "buildings"; without `kind` the file itself tells.

    `on_existing`: "skip" leaves projects that are known alone, "update" writes what differs. All or nothing. Raises
    ImportFailed (the file has errors, or cannot be read at all), Cancelled, StoreError, and Refused for a viewer who
    may not import projects; base data are the laptop's own.
    """
    path = Path(path)
    if kind is not None and kind not in KINDS:
        raise ValueError(f"unknown kind of import: {kind}")
    if on_existing not in (SKIP, UPDATE):
        raise ValueError(f"unknown choice for existing projects: {on_existing}")
    report = Report()
    try:
        kind = kind or kind_of(path)
        if kind in (PARCELS, BUILDINGS):
            return _import_layer(store, path, kind, progress, cancelled)
        store.require(Right.IMPORT)
        with without_collector():
            return _import_projects(store, path, kind, on_existing, report, progress, cancelled)
    except (Unreadable, ReadError) as error:
        report.findings += [*error.findings, Finding(error.code, Severity.ERROR, error.nl, error.en)]
        raise ImportFailed(error.nl, error.en, findings=report.in_order()) from error


def register_of(store: Store) -> Register:
    """The look-ups of an import as the store is now."""
    return Register.of(store.clock.today(), queries.options(store).values(), queries.own_fields(store))


def _part(progress: Progress | None, start: int, end: int) -> Progress | None:
    """Progress of one part of the work as progress of the whole, in steps of one per cent."""
    if progress is None:
        return None
    last = -1

    def advance(done: int, total: int) -> None:
        nonlocal last
        now = start + (end - start) * done // max(total, 1)
        if now != last:
            last = now
            progress(now, _STEPS)

    return advance


def _import_projects(
    store: Store,
    path: Path,
    kind: str,
    on_existing: str,
    report: Report,
    progress: Progress | None,
    cancelled: CancelCheck | None,
) -> ImportResult:
    drafts = read_projects(store, path, kind, report, _part(progress, 0, _READ_SHARE), cancelled)
    if report.failed:
        raise _failed(report)
    return _store(store, path, kind, drafts, on_existing, report, _part(progress, _READ_SHARE, _STEPS), cancelled)


def read_projects(
    store: Store,
    path: Path,
    kind: str,
    report: Report,
    progress: Progress | None,
    cancelled: CancelCheck | None,
) -> list[Draft]:
    """The projects of an Excel or GeoJSON file, with what is wrong in the report. Raises Unreadable, Cancelled."""
    if kind == EXCEL:
        from diwi_desktop.exchange.excel import read_excel

        return read_excel(path, register_of(store), report, progress, cancelled)
    from diwi_desktop.exchange.geojson import read_geojson

    return read_geojson(path, register_of(store), report, progress, cancelled)


def _failed(report: Report) -> ImportFailed:
    findings = report.in_order()
    errors = [f for f in findings if f.severity is not Severity.WARNING]
    if len(errors) == 1:
        return ImportFailed(errors[0].nl, errors[0].en, findings=findings)
    return ImportFailed(
        f"Het bestand heeft {len(errors)} fouten; er is niets ingelezen.",
        f"The file has {len(errors)} errors; nothing was imported.",
        findings=findings,
    )


# --- projects ---------------------------------------------------------------------------------------------------------


def _store(
    store: Store,
    path: Path,
    kind: str,
    drafts: list[Draft],
    on_existing: str,
    report: Report,
    progress: Progress | None,
    cancelled: CancelCheck | None,
) -> ImportResult:
    result = ImportResult(kind)
    known = Known.of(store, by_number=kind == EXCEL)
    existing = [known.find(draft, report) for draft in drafts]
    before = plans_before(store, existing) if on_existing == UPDATE else {}
    today = store.clock.today()
    written: list[tuple[Draft, Plan]] = []
    new: list[Plan] = []
    try:
        with store.act(
            f"{_ACT_NAMES[kind]}: {path.name}", kind="import", progress=progress, cancelled=cancelled
        ) as act:
            people = People(store, act)
            for number, (draft, found) in enumerate(zip(drafts, existing, strict=True)):
                if number % 64 == 0:
                    _stop_if(cancelled)
                if found is None:
                    new_id = known.keep_ids(draft)
                    plan = draft.plan(today)
                    plan.id = new_id
                    plan.writers = [Writer(person) for person in people.ids(draft, report)]
                    written.append((draft, plan))
                    new.append(plan)
                elif on_existing == SKIP:
                    result.skipped.append(found)
                else:
                    plan, changes = laid_over(draft, before[found], people, report, store)
                    written.append((draft, plan))
                    (result.updated if changes else result.unchanged).append(found)
            result.created = write_plans(act, new, lambda _: _stop_if(cancelled))
    except Refused as refused:
        raise _refused(refused, report, written) from refused
    result.findings = report.in_order()
    return result


def _stop_if(cancelled: CancelCheck | None) -> None:
    if cancelled is not None and cancelled():
        raise Cancelled


def plans_before(store: Store, existing: Iterable[str | None]) -> dict[str, Plan]:
    """The projects that a file is about and that are in the register already, by id."""
    return {plan.id: plan for plan in plans(store, ids=sorted({e for e in existing if e is not None}))}


def laid_over(draft: Draft, before: Plan, people: People, report: Report, store: Store) -> tuple[Plan, bool]:
    """Put what a draft says of a known project into the act of `people`: the plan as it becomes, and whether that
    differs from what it was.
    """
    plan = merged(draft, before, store.clock.today(), report)
    have = {writer.person for writer in plan.writers}
    plan.writers += [Writer(person) for person in people.ids(draft, report) if person not in have]
    size = people.act.size
    write_plan(people.act, plan, before)
    return plan, people.act.size > size


def _refused(refused: Refused, report: Report, written: Iterable[tuple[Draft, Plan]]) -> ImportFailed:
    """What the store refuses although the rules of the import let it pass: told like the errors of the file."""
    owners = {entity: draft for draft, plan in written for entity in _ids_of(plan)}
    for found in refused.findings:
        draft = owners.get(found.entity)
        report.findings.append(found if draft is None else replace(found, row=draft.row, project_name=draft.name))
    return _failed(report)


def _ids_of(plan: Plan) -> Iterator[str]:
    """The ids of a plan and all its parts."""
    yield plan.id
    for parts in (plan.milestones, plan.areas, plan.parcels, plan.writers, plan.blocks):
        yield from (part.id for part in parts)
    for block in plan.blocks:
        for rows in (block.deliveries, block.ownerships, block.shares):
            yield from (row.id for row in rows)


@dataclass(slots=True)
class People:
    """The people of the register by e-mail address; unknown ones are added to the act, to be invited."""

    store: Store
    act: Act
    known: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.known = {p.email.lower(): p.id for p in queries.people(self.store)}

    def ids(self, draft: Draft, report: Report) -> list[str]:
        """The person ids of a draft's owners. Warns once for each person that was not known."""
        found = []
        for email in draft.owners:
            if email not in self.known:
                values = {"email": email, "state": PersonState.INVITED.value}
                self.known[email] = self.act.create("person", values)
                report.add(
                    "project_owner_unknown",
                    row=draft.row,
                    column=draft.where("owner"),
                    value=email,
                    project=draft.name,
                )
            found.append(self.known[email])
        return found


# --- base data --------------------------------------------------------------------------------------------------------


def _import_layer(
    store: Store, path: Path, kind: str, progress: Progress | None, cancelled: CancelCheck | None
) -> ImportResult:
    """Parcels or buildings: what cannot be used is left out, with a finding; objects known already are replaced."""
    reading, writing = _part(progress, 0, _LAYER_READ_SHARE), _part(progress, _LAYER_READ_SHARE, _STEPS)
    findings: list[Finding]
    if kind == PARCELS:
        parcels, findings = read_parcels(path, reading, cancelled)
        count = write_parcels(store, parcels, source=path.name, progress=writing, cancelled=cancelled)
    else:
        buildings, findings = read_buildings(path, reading, cancelled)
        count = write_buildings(store, buildings, source=path.name, progress=writing, cancelled=cancelled)
    return ImportResult(kind, findings=findings, objects=count)
