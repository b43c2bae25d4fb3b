"""What the pages of the submission wizard share: what was chosen, the mapping in hand, and what the check found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from diwi_desktop.changes.change import ActInfo
from diwi_desktop.exchange import provinces
from diwi_desktop.exchange.provinces import Choice, ExportResult, FieldMapping, Mappings, Prepared, Profile, Register
from diwi_desktop.gui import jobs
from diwi_desktop.gui.fields.words import code_label
from diwi_desktop.gui.projecttable.ordering import fold, natural
from diwi_desktop.model.codes import Confidentiality, PlanStatus, ProjectStatus
from diwi_desktop.model.notation import format_number
from diwi_desktop.store import queries
from diwi_desktop.store.queries import ProjectRow

if TYPE_CHECKING:
    from diwi_desktop.gui.state import AppState

REST_MS = 150  # a burst of edits is checked once

#: Acts on these kinds change nothing but the projects they name.
_OF_PROJECTS = frozenset(
    {"project", "houseblock", "delivery", "ownership", "share", "milestone", "plan_area", "parcel_link", "writer"}
)
#: Acts on these kinds change nothing of a submission.
_BESIDE = frozenset({"submission", "base_layer", "person", "municipality"})
_NEVER = {PlanStatus.S5A.value, PlanStatus.S5B.value}
_RANK = {level.value: level.rank for level in Confidentiality}


@dataclass(frozen=True, slots=True)
class Words:
    """A project as it is shown in the list: name, code, phase, plan status, confidentiality, homes.

    `searched` is the text in which is searched, `order` what sorts by name.
    """

    columns: tuple[str, ...]
    searched: str
    order: Any

    @classmethod
    def of(cls, row: ProjectRow) -> Words:
        columns = (
            row.name,
            row.code,
            code_label("phase", row.phase),
            code_label("plan_status", row.plan_status),
            code_label("confidentiality", row.confidentiality),
        )
        return cls((*columns, format_number(row.net)), fold(" ".join(columns)), natural(row.name))


class Session(QObject):
    """One submission in the making. Projects are read beside the window, and so runs the check, which follows every
    act while it is wanted.
    """

    reading_started = Signal()
    rows_changed = Signal()  # the projects to choose from
    mapping_changed = Signal()
    check_started = Signal()
    progressed = Signal(float)
    checked = Signal()  # `prepared` is new
    failed = Signal(object)  # Exception

    def __init__(self, state: AppState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state = state
        store = state.store
        place = queries.municipality(store).province
        self.profile: Profile = provinces.profile_for(place) or provinces.profiles()[0]
        self.day: date = store.clock.today()
        self.known_then = False
        self.minimum: Confidentiality = self.profile.min_confidentiality
        self.rows: list[ProjectRow] = []
        self.words: dict[str, Words] = {}  # by project
        self.left_behind = (0, 0, 0)  # how many never go: too confidential, plan status 5A or 5B, lapsed
        self.ticked: set[str] = set()
        self.mapping: Mappings = {}
        self.proposed: set[str] = set()
        self.leave_out = False
        self.prepared: Prepared | None = None
        self._all: list[ProjectRow] | None = None  # None until they have been read
        self._reading: jobs.Job | None = None
        self._read_again = False
        self._job: jobs.Job | None = None
        self._wanted = False
        self._checked_choice: Choice | None = None
        self._stale: set[str] | None = set()  # projects to read anew; None: everything
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REST_MS)
        self._timer.timeout.connect(self._start)
        state.store_changed.connect(self._stored)
        self.read_rows()
        self.read_mapping()

    # -- choosing -------------------------------------------------------------------------------------------------

    def read_rows(self) -> None:
        """Read the projects of the reference date again; `rows_changed` comes when they are there."""
        if self._reading is not None:
            self._read_again = True
            return
        store, day, known_then = self.state.store, self.day, self.known_then

        def work(progress: jobs.Progress, cancelled: jobs.IsCancelled) -> tuple[list[ProjectRow], dict[str, Words]]:
            rows = queries.project_rows(store, provinces.moment_of(store, day, as_known_then=known_then))
            return rows, {row.id: Words.of(row) for row in rows}

        self._reading = jobs.run_quietly(work, self._read, self._not_read)
        self.reading_started.emit()

    @property
    def reading(self) -> bool:
        """Whether the projects are being read."""
        return self._reading is not None

    def _read(self, found: tuple[list[ProjectRow], dict[str, Words]]) -> None:
        self._reading = None
        if self._read_again:
            self._read_again = False
            self.read_rows()
            return
        first = self._all is None
        self._all, self.words = found
        self._sift(tick=first)
        if self._wanted and not self._timer.isActive():
            self._start()

    def _not_read(self, error: Exception) -> None:
        self._reading = None
        self._read_again = False
        self.failed.emit(error)

    def _sift(self, *, tick: bool = False) -> None:
        before = {row.id for row in self.rows}
        every = self._all or []
        fitting = [row for row in every if _RANK[row.confidentiality] >= self.minimum.rank]
        self.rows = [row for row in fitting if not self._never(row)]
        municipal = sum(row.plan_status in _NEVER for row in fitting)
        self.left_behind = (len(every) - len(fitting), municipal, len(fitting) - len(self.rows) - municipal)
        if before or tick:
            # What has become eligible since (a fault mended, a project made) goes along unless it is unticked.
            self.ticked |= {row.id for row in self.rows} - before
        self.rows_changed.emit()

    @staticmethod
    def _never(row: ProjectRow) -> bool:
        return row.plan_status in _NEVER or row.status == ProjectStatus.TERMINATED.value

    @property
    def chosen(self) -> list[ProjectRow]:
        """The ticked projects."""
        return [row for row in self.rows if row.id in self.ticked]

    @property
    def choice(self) -> Choice:
        """What is chosen, as the engine takes it."""
        return Choice(self.day, self.minimum, [row.id for row in self.chosen], self.known_then)

    def tick(self, projects: Iterable[str], on: bool = True) -> None:
        """Take projects along or not."""
        found = set(projects)
        self.ticked = self.ticked | found if on else self.ticked - found

    def set_day(self, day: date) -> None:
        """Another reference date."""
        self.day = day
        self.known_then = self.known_then and day < self.state.store.clock.today()
        self.read_rows()

    def set_known_then(self, on: bool) -> None:
        """The register as known on the reference date, or as known now."""
        self.known_then = on
        self.read_rows()

    def set_minimum(self, level: Confidentiality) -> None:
        """Another minimum confidentiality."""
        self.minimum = level
        self._sift()

    def set_profile(self, profile: Profile) -> None:
        """Another province."""
        self.profile = profile
        self.minimum = profile.min_confidentiality
        self._sift()
        self.read_mapping()

    # -- mapping --------------------------------------------------------------------------------------------------

    @property
    def register(self) -> Register:
        """The register of now, which the mapping is about."""
        return provinces.register_of(self.state.store)

    def read_mapping(self) -> None:
        """The mapping from the store; proposals by name when there is none yet."""
        self.mapping = provinces.load_mapping(self.state.store, self.profile)
        self.proposed = set()
        if self.mapping:
            # What a person left empty stays empty.
            self.mapping_changed.emit()
        else:
            self.propose()

    def propose(self) -> None:
        """Complete the mapping with proposals by name; they are stored with the rest."""
        found = {} if self.state.store.read_only else provinces.suggest(self.profile, self.register, self.mapping)
        self.proposed |= set(found)
        self.mapping = {**self.mapping, **found}
        self.mapping_changed.emit()

    def put_mapping(self, item: FieldMapping) -> None:
        """Map one field; it is stored with the others when the page is left."""
        self.mapping[item.target] = item
        self.proposed.discard(item.target)
        self.mapping_changed.emit()

    def save_mapping(self) -> None:
        """Store the mapping in one act, when it differs. Raises UserError."""
        if not self.state.store.read_only:
            provinces.save_mapping(self.state.store, self.profile, self.mapping)
        self.proposed = set()

    # -- checking -------------------------------------------------------------------------------------------------

    def want_check(self, on: bool) -> None:
        """Check now and after every act, or not any more."""
        self._wanted = on
        if on:
            if self._checked_choice != self.choice:
                self._stale = None
            self._start()
        elif self._job is not None:
            self.stop()

    def stop(self) -> None:
        """Give up the check that runs."""
        self._timer.stop()
        if self._job is not None:
            self._job.drop()
            self._job = None
            self._stale = None

    @property
    def checking(self) -> bool:
        """Whether a check runs or is about to."""
        waits = self._wanted and self.reading
        return self._job is not None or self._timer.isActive() or waits

    def _stored(self, info: ActInfo) -> None:
        kinds = {kind for kind, _ in info.entities}
        if kinds <= _BESIDE:
            return
        if kinds <= _OF_PROJECTS:
            if self._stale is not None:
                self._stale |= info.projects
        else:
            self._stale = None
        if "mapping" in kinds:
            self.mapping = provinces.load_mapping(self.state.store, self.profile)
        if kinds & {"mapping", "own_field", "option"}:
            self.mapping_changed.emit()
        if kinds & _OF_PROJECTS:
            self.read_rows()
        if self._wanted:
            self._timer.start()

    def _start(self) -> None:
        if not self._wanted or self.reading:
            return
        if self._job is not None:
            self._timer.start()
            return
        choice, store, profile, mapping = self.choice, self.state.store, self.profile, dict(self.mapping)
        before, stale = self.prepared, self._stale
        whole = before is None or stale is None or before.profile is not profile or self._checked_choice is None
        if not whole and not stale and choice == self._checked_choice:
            self.checked.emit()
            return
        self._stale = set()
        self._checked_choice = choice

        def work(progress: jobs.Progress, cancelled: jobs.IsCancelled) -> Prepared:
            if whole or before is None or stale is None:
                return provinces.prepare(
                    store, profile, choice, mapping=mapping, progress=progress, cancelled=cancelled
                )
            return provinces.renew(store, before, choice, stale)

        self.check_started.emit()
        self._job = jobs.run_quietly(work, self._done, self._failed, None)
        self._job.progressed.connect(lambda share, _: self.progressed.emit(share))

    def _done(self, prepared: Prepared) -> None:
        self._job = None
        self.prepared = prepared
        self.checked.emit()
        if self._stale is None or self._stale:
            self._timer.start()

    def _failed(self, error: Exception) -> None:
        self._job = None
        self._stale = None
        self.failed.emit(error)

    # -- the outcome ----------------------------------------------------------------------------------------------

    @property
    def ready(self) -> bool:
        """Whether the file may be written."""
        found = self.prepared
        if found is None or self.checking or found.mapping_faulty or not found.faultless:
            return False
        return self.leave_out or not found.faulty

    def file_name(self) -> str:
        """A name for the file: municipality, reference date and the province's own ending."""
        place = queries.municipality(self.state.store).name.lower().replace(" ", "-")
        return f"{place}-{self.day.isoformat()}{self.profile.suffix}"

    def work_of_writing(self, out: Path) -> jobs.Work:
        """The work that reads once more, writes the file and keeps the record; gives an ExportResult."""
        choice, store, profile = self.choice, self.state.store, self.profile
        mapping, leave_out = dict(self.mapping), self.leave_out

        def work(progress: jobs.Progress, cancelled: jobs.IsCancelled) -> ExportResult:
            return provinces.export(
                store,
                profile,
                out,
                date=choice.date,
                min_confidentiality=choice.min_confidentiality,
                project_ids=choice.project_ids,
                as_known_then=choice.as_known_then,
                leave_out_faulty=leave_out,
                mapping=mapping,
                progress=progress,
                cancelled=cancelled,
            )

        return work

    def close(self) -> None:
        """Stop following the store."""
        self.want_check(False)
        if self._reading is not None:
            self._reading.drop()
        self.state.store_changed.disconnect(self._stored)
