"""Checking and delivering a selection of projects to a province: one file and one record, or nothing at all."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from diwi_desktop.exchange.leftovers import part_of, sweep
from diwi_desktop.exchange.provinces import geojson
from diwi_desktop.exchange.provinces.engine import Engine, Record
from diwi_desktop.exchange.provinces.mapping import Mappings, check_mapping, load_mapping
from diwi_desktop.exchange.provinces.profile import Profile
from diwi_desktop.exchange.provinces.register import Register, register_of
from diwi_desktop.model.codelists import code_list
from diwi_desktop.model.codes import Confidentiality
from diwi_desktop.model.finding import Cancelled, Finding, Severity, UserError
from diwi_desktop.model.moment import Moment
from diwi_desktop.model.plan import Plan
from diwi_desktop.model.rights import Right
from diwi_desktop.model.work import CancelCheck, Progress, without_collector
from diwi_desktop.store import Store, StoreError, queries
from diwi_desktop.store import plans as store_plans

Writer = Callable[[Sequence[Record]], Iterable[bytes]]

#: How a file is written, by the `writer` of the profile.
WRITERS: dict[str, Writer] = {"rd_geojson": geojson.write}

_DATABASE = b"SQLite format 3\0"  # how a register, a GeoPackage and other databases begin
_CHUNK = 500  # projects read at once, between two looks at progress and cancel


class ExportRefused(UserError):
    """The province would refuse what was chosen; nothing was written. `findings` are all of them."""

    code = "export_refused"


@dataclass(frozen=True, slots=True)
class Choice:
    """What is delivered: the reference date (None: today), and which projects.

    `project_ids` None: every project whose confidentiality is at least `min_confidentiality` (None: the profile's own).
    `as_known_then`: the register as it was known at the end of a past reference date, instead of what is known of that
    day now. What is known now is the rule, because a fault is mended after the reference date.
    """

    date: date | None = None
    min_confidentiality: Confidentiality | None = None
    project_ids: Sequence[str] | None = None
    as_known_then: bool = False


EVERYTHING = Choice()


@dataclass(slots=True)
class Prepared:
    """Everything that a submission would hold, before it is written. `records` are in the order of the file."""

    profile: Profile
    register: Register
    mapping: Mappings
    minimum: Confidentiality
    log_seq: int
    records: list[Record] = field(default_factory=list)

    @property
    def mapping_findings(self) -> list[Finding]:
        """What is wrong with the mapping itself, less the options that a project's own finding already names."""
        named = {
            (found.field, found.value)
            for record in self.records
            for found in record.findings
            if found.code == "option_not_mapped"
        }
        return [
            found
            for found in check_mapping(self.profile, self.mapping, self.register)
            if found.code != "option_not_mapped" or (found.field, found.value) not in named
        ]

    @property
    def findings(self) -> list[Finding]:
        """All findings: those on the mapping first, then those per project in the order of the file."""
        return [*self.mapping_findings, *(found for record in self.records for found in record.findings)]

    @property
    def mapping_faulty(self) -> bool:
        """Whether the mapping itself has an error, which every project would suffer from."""
        return any(found.severity is not Severity.WARNING for found in self.mapping_findings)

    @property
    def faultless(self) -> list[Record]:
        """The records that the province accepts."""
        return [record for record in self.records if not record.left_out and not record.faulty]

    @property
    def faulty(self) -> list[Record]:
        """The records that the province would refuse."""
        return [record for record in self.records if record.faulty]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A project that did not go, and the codes of the reasons."""

    project: str
    name: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExportResult:
    """A submission that was written. `projects` are ids in the order of the file, `submission` the id of its record."""

    path: Path
    sha256: str
    projects: tuple[str, ...]
    left_out: tuple[LeftOut, ...]
    findings: tuple[Finding, ...]
    submission: str
    log_seq: int
    reference_date: date


def natural(name: str) -> list[tuple[int, int, str]]:
    """A sorting key in which numbers in a name count as numbers: Blok 2 before Blok 10."""
    parts = re.split(r"([0-9]+)", name.casefold())
    digits = [part.lstrip("0") if part[:1].isdecimal() else "" for part in parts]
    # Of numbers without leading zeros the longer is the larger; a number itself may be too long to read.
    return [(1, len(d), d) if p[:1].isdecimal() else (0, 0, p) for p, d in zip(parts, digits, strict=True)]


def moment_of(store: Store, day: date | None, *, as_known_then: bool = False) -> Moment:
    """The moment of a reference date: what is known of that day now, or what was known then."""
    today = store.clock.today()
    if day is None or day == today or (as_known_then and day < today):
        return store.moment(day)
    return Moment(None, day, today)


def prepare(
    store: Store,
    profile: Profile,
    choice: Choice = EVERYTHING,
    *,
    mapping: Mappings | None = None,
    progress: Progress | None = None,
    cancelled: CancelCheck | None = None,
) -> Prepared:
    """Read and evaluate what was chosen. `mapping` None: the one in the store.

    Only what the viewer sees. Raises UserError (min_confidentiality_error) when the minimum is below the profile's,
    Refused for a viewer who may not look at submissions, and Cancelled.
    """
    store.require(Right.VIEW_EXCHANGE)
    minimum = choice.min_confidentiality or profile.min_confidentiality
    if minimum.rank < profile.min_confidentiality.rank:
        raise _below_minimum(profile)
    with without_collector(), store.snapshot():
        moment = moment_of(store, choice.date, as_known_then=choice.as_known_then)
        register = register_of(store, moment)
        known = store.seq if moment.seq is None else moment.seq
        found = Prepared(
            profile, register, mapping if mapping is not None else load_mapping(store, profile), minimum, known
        )
        engine = Engine(profile, register, found.mapping, minimum)
        for plan in _chosen(store, moment, choice, minimum, progress, cancelled):
            found.records.append(engine.evaluate(plan))
    found.records.sort(key=_order)
    return found


def renew(store: Store, prepared: Prepared, choice: Choice, projects: Collection[str]) -> Prepared:
    """What was prepared by the same choice, with some projects read anew: after an edit of those projects only."""
    wanted = choice.project_ids
    if wanted is None:
        moment = moment_of(store, choice.date, as_known_then=choice.as_known_then)
        wanted = _ids(store, moment, prepared.minimum)
    fresh = replace(choice, project_ids=[id for id in wanted if id in projects])
    found = prepare(store, prepared.profile, fresh, mapping=prepared.mapping)
    found.records += [record for record in prepared.records if record.project not in projects]
    found.records.sort(key=_order)
    return found


def _order(record: Record) -> tuple[list[tuple[int, int, str]], str]:
    return natural(record.name), record.project


def _chosen(
    store: Store,
    moment: Moment,
    choice: Choice,
    minimum: Confidentiality,
    progress: Progress | None,
    cancelled: CancelCheck | None,
) -> Iterator[Plan]:
    ids = choice.project_ids if choice.project_ids is not None else _ids(store, moment, minimum)
    # Looking back costs the same for one project as for all of them.
    size = _CHUNK if moment.seq is None else max(len(ids), 1)
    for start in range(0, len(ids), size):
        if cancelled is not None and cancelled():
            raise Cancelled
        yield from store_plans.plans(store, moment, ids[start : start + size])
        if progress is not None:
            progress(min(start + size, len(ids)), len(ids))


def _ids(store: Store, moment: Moment, minimum: Confidentiality) -> list[str]:
    return [
        row["id"]
        for row in queries.entities(store, "project", moment=moment)
        if Confidentiality(row["confidentiality"]).rank >= minimum.rank
    ]


def check(
    store: Store,
    profile: Profile,
    choice: Choice = EVERYTHING,
    *,
    mapping: Mappings | None = None,
    progress: Progress | None = None,
    cancelled: CancelCheck | None = None,
) -> list[Finding]:
    """All findings of a submission that is not written. Raises as `prepare` does."""
    return prepare(store, profile, choice, mapping=mapping, progress=progress, cancelled=cancelled).findings


def export(
    store: Store,
    profile: Profile,
    out: Path | str,
    *,
    date: date | None = None,
    min_confidentiality: Confidentiality | None = None,
    project_ids: Sequence[str] | None = None,
    as_known_then: bool = False,
    leave_out_faulty: bool = False,
    mapping: Mappings | None = None,
    progress: Progress | None = None,
    cancelled: CancelCheck | None = None,
) -> ExportResult:
    """Write a submission and keep its record, or do nothing at all.

    Raises ExportRefused when the province would refuse a project (unless `leave_out_faulty`, which leaves those out) or
    when the mapping has an error, UserError (nothing_to_export, export_file) and Cancelled.
    """
    choice = Choice(date, min_confidentiality, project_ids, as_known_then)
    found = prepare(store, profile, choice, mapping=mapping, progress=progress, cancelled=cancelled)
    return write(store, found, out, leave_out_faulty=leave_out_faulty, cancelled=cancelled)


def write(
    store: Store,
    prepared: Prepared,
    out: Path | str,
    *,
    leave_out_faulty: bool = False,
    cancelled: CancelCheck | None = None,
) -> ExportResult:
    """Write what was prepared, as `export` does. Raises Refused for a viewer who may not export."""
    store.require(Right.EXPORT)
    profile = prepared.profile
    records = prepared.faultless
    if prepared.mapping_faulty or (prepared.faulty and not leave_out_faulty):
        raise _refused(prepared)
    if not records:
        raise UserError(
            "Er is geen project om aan te leveren.",
            "There is no project to deliver.",
            code="nothing_to_export",
            findings=prepared.findings,
        )
    path = Path(out)
    if store.read_only:
        raise StoreError(
            "Aanleveren kan niet: het bestand is alleen te lezen, dus de aanlevering kan niet worden vastgelegd.",
            "Delivering is not possible: the store is read-only, so the submission cannot be recorded.",
            code="store_read_only",
        )
    _spare_stores(path)
    left_out = tuple(
        LeftOut(record.project, record.name, _reasons(record))
        for record in prepared.records
        if record.left_out or record.faulty
    )
    sweep(path.parent, {row["sha256"] for row in queries.entities(store, "submission")})
    part = part_of(path)
    try:
        sha256 = _write_part(part, WRITERS[profile.writer](records), cancelled)
        with _in_place(part, path), store.act(f"Aanlevering {profile.province}", kind="system") as act:
            submission = act.create(
                "submission",
                {
                    "profile": profile.key,
                    "reference_date": prepared.register.date,
                    "min_confidentiality": prepared.minimum,
                    "file_name": path.name,
                    "sha256": sha256,
                    "log_seq": prepared.log_seq,
                    "projects": [record.project for record in records],
                    # Without names: who sees the record need not see the projects.
                    "left_out": [{"project": item.project, "codes": item.codes} for item in left_out],
                },
            )
    except OSError as error:
        raise _file_error(path, error) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return ExportResult(
        path,
        sha256,
        tuple(record.project for record in records),
        left_out,
        tuple(prepared.findings),
        submission,
        prepared.log_seq,
        prepared.register.date,
    )


def _spare_stores(path: Path) -> None:
    """Refuse to write over a register, this one or another. Raises UserError (export_file)."""
    try:
        with path.open("rb") as file:
            head = file.read(len(_DATABASE))
    except OSError:  # not there yet; what else is wrong shows when it is written
        return
    if head == _DATABASE:
        raise UserError(
            f"{path.name} is een register of andere database en wordt niet overschreven; kies een andere naam.",
            f"{path.name} is a register or other database and is not overwritten; choose another name.",
            code="export_file",
        )


def _write_part(part: Path, pieces: Iterable[bytes], cancelled: CancelCheck | None) -> str:
    """Write a temporary file to disk for good; returns its SHA-256."""
    digest = hashlib.sha256()
    with part.open("wb") as file:
        for place, piece in enumerate(pieces):
            if cancelled is not None and place % 100 == 0 and cancelled():
                raise Cancelled
            digest.update(piece)
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


@contextmanager
def _in_place(part: Path, path: Path) -> Iterator[None]:
    """Put a finished file in its place; when what follows fails, the file that was there comes back."""
    before = part.with_suffix(".before")
    existed = path.exists()
    if existed:
        _second_name(path, before)  # the file keeps its own name too: at no moment is there none
    try:
        part.replace(path)
        yield
    except BaseException:
        path.unlink(missing_ok=True)
        if existed:
            before.replace(path)
        raise
    before.unlink(missing_ok=True)


def _second_name(path: Path, other: Path) -> None:
    """A hard link, or a copy where the disk knows no links."""
    other.unlink(missing_ok=True)
    try:
        other.hardlink_to(path)
    except OSError:
        shutil.copy2(path, other)


def _reasons(record: Record) -> tuple[str, ...]:
    if record.left_out:
        return (record.left_out,)
    return tuple(dict.fromkeys(f.code for f in record.findings if f.severity is not Severity.WARNING))


def _refused(prepared: Prepared) -> ExportRefused:
    errors = sum(found.severity is not Severity.WARNING for found in prepared.findings)
    label_nl, label_en = ("fout", "error") if errors == 1 else ("fouten", "errors")
    return ExportRefused(
        f"Er is geen bestand geschreven: de provincie zou het weigeren om {errors} {label_nl}.",
        f"No file was written: the province would refuse it for {errors} {label_en}.",
        findings=prepared.findings,
    )


def _below_minimum(profile: Profile) -> UserError:
    labels = code_list("confidentiality")
    least = profile.min_confidentiality
    return UserError(
        f"De provincie krijgt alleen projecten met vertrouwelijkheid '{labels.label(least)}' of opener.",
        f"The province only gets projects with confidentiality '{labels.label(least, 'en')}' or more open.",
        code="min_confidentiality_error",
    )


def _file_error(path: Path, error: OSError) -> UserError:
    return UserError(
        f"Het bestand {path.name} is niet te schrijven ({error.strerror}); kies een andere map of sluit het bestand.",
        f"The file {path.name} cannot be written ({error.strerror}); choose another folder or close the file.",
        code="export_file",
    )
