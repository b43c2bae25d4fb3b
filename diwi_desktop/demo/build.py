"""Building the demo store: the municipality first, then two years of work on its plans, act by act."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random

from diwi_desktop.basedata.fabric import make_fabric
from diwi_desktop.basedata.layers import write_addresses, write_buildings, write_parcels
from diwi_desktop.demo.faults import Faults
from diwi_desktop.demo.projects import DemoPlan, clipped, copied, make_plans
from diwi_desktop.demo.setting import Setting, data, make_mappings, make_setting, municipality
from diwi_desktop.model.clock import Clock, FixedClock, SystemClock
from diwi_desktop.model.finding import Cancelled
from diwi_desktop.model.ids import Ids
from diwi_desktop.model.plan import Plan, Writer
from diwi_desktop.model.work import CancelCheck, Progress
from diwi_desktop.store import Device, Store, StoreError, opening, queries
from diwi_desktop.store.act import Act
from diwi_desktop.store.plans import write_plan

#: How far back the register of the demo goes.
YEARS_BACK = 2
_AUTHORS = ("m.verhagen", "j.deboer", "f.elamrani", "s.kuipers", "r.vanommeren")
_STEPS = 100  # of progress


def make_demo(
    path: Path | str,
    *,
    projects: int = 250,
    parcels: int = 20_000,
    seed: int = 1,
    clock: Clock | None = None,
    progress: Progress | None = None,
    cancelled: CancelCheck | None = None,
) -> None:
    """Make the demo municipality as a new store: the file appears whole or not at all.

    The same numbers on the same day give the same register, ids included; phases, delays and history lie around the
    day of `clock` (now: the machine's). Raises StoreError (store_exists, folder_missing, disk_full, store_read_only),
    Cancelled.
    """
    path = Path(path)
    opening.check_free(path)
    partial = path.with_name(f"{path.name}.bezig")
    opening.discard(partial)
    try:
        _Builder(partial, projects, parcels, seed, (clock or SystemClock()).today(), progress, cancelled).build()
        opening.put_in_place(partial, path)
    finally:
        with suppress(StoreError):
            opening.discard(partial)


@dataclass(slots=True)
class _Builder:
    path: Path
    projects: int
    parcels: int
    seed: int
    today: date
    progress: Progress | None
    cancelled: CancelCheck | None
    random: Random = field(init=False)
    clock: FixedClock = field(init=False)
    store: Store = field(init=False)
    setting: Setting = field(init=False)

    def build(self) -> None:
        self.random = Random(self.seed)
        first = self.today.replace(year=self.today.year - YEARS_BACK, day=1)
        self.clock = FixedClock.on(first)
        self._step(0)
        fabric = make_fabric(self.parcels, self.seed)
        self._step(12)
        self.store = Store.create(
            self.path,
            municipality=municipality(),
            author=_AUTHORS[0],
            clock=self.clock,
            device=Device("00000000-0000-4000-8000-000000000999", "DMR"),
            ids=Ids(self.clock, Random(self.seed).getrandbits),
        )
        with self.store:
            write_parcels(self.store, fabric.parcels, source="Demogemeente")
            self._step(22)
            write_buildings(self.store, fabric.buildings, source="Demogemeente")
            write_addresses(self.store, fabric.addresses, source="Demogemeente")
            self._step(32)
            self.setting = make_setting(self.store, fabric)
            make_mappings(self.store, self.setting)
            plans = make_plans(fabric, self.setting, self.projects, self.today, self.random)
            Faults(plans, self.setting, self.today, self.random)
            self._step(45)
            self._history(plans, first)
        self._step(_STEPS)

    def _step(self, done: int) -> None:
        if self.cancelled is not None and self.cancelled():
            raise Cancelled
        if self.progress is not None:
            self.progress(done, _STEPS)

    # -- the past -------------------------------------------------------------------------------------------------

    def _history(self, plans: list[DemoPlan], first: date) -> None:
        """The first import, then month by month: new plans, steps that were taken, and single edits in between."""
        entry = first + timedelta(days=6)
        latest: dict[int, date] = {}
        for plan in plans:
            plan.entered = max(entry, plan.story.start + timedelta(days=self.random.randint(5, 60)))
            if plan.mother is not None:
                # Sub-plans follow their mother in their own order, which is also that of their codes.
                latest[plan.mother.number] = max(plan.entered, latest[plan.mother.number])
                plan.entered = latest[plan.mother.number]
            plan.entered = min(plan.entered, self.today - timedelta(days=1))
            latest.setdefault(plan.number, plan.entered)
            plan.story.revisions = [
                plan.entered, *(first + timedelta(days=self.random.randint(90, 700)) for _ in range(2))
            ]  # fmt: skip
        months = list(_months(entry, self.today))
        before = date.min
        for number, day in enumerate(months):
            new = [plan for plan in plans if before < plan.entered <= day]
            self._enter(new, imported=number == 0)
            known = [plan for plan in plans if plan.entered <= before]
            self._round(known, day)
            if known:
                self._single_edits(known)
            before = day
            self._step(45 + 45 * (number + 1) // len(months))

    def at(self, day: date, hour: int = 0) -> None:
        """Set the clock to a working hour of a day and somebody to the keyboard."""
        moment = datetime.combine(day, time(hour or self.random.randint(7, 15), self.random.randrange(60)))
        later = self.clock.moment + timedelta(minutes=self.random.randint(1, 6))
        self.clock.moment = max(moment.replace(tzinfo=self.clock.moment.tzinfo), later)
        self.store.author = self.random.choice(_AUTHORS)

    def _enter(self, new: list[DemoPlan], *, imported: bool) -> None:
        """Plans that come into the register: the first ones by an import, later ones one by one."""
        new.sort(key=lambda plan: (plan.entered, plan.mother is not None, plan.number))
        if imported and new:
            self.at(new[0].entered, 8)
            with self.store.act("Excel ingelezen", kind="import") as act:
                for number, plan in enumerate(new, start=1):
                    self._write(act, plan, plan.entered, f"P-{number:03}")
        elif not imported:
            for plan in new:
                self.at(plan.entered)
                with self.store.act("Project toevoegen") as act:
                    self._write(act, plan, plan.entered, None)
        codes = {row["id"]: row["code"] for row in queries.entities(self.store, "project")} if new else {}
        for plan in new:
            plan.current.code = codes[plan.current.id]

    def _write(self, act: Act, plan: DemoPlan, day: date, source_id: str | None) -> None:
        first = plan.at(day)
        first.source_id = source_id
        first.parent = plan.mother.current.id if plan.mother else None
        first.writers = [Writer(person) for person in self.random.sample(self.setting.people[:5], 2)]
        write_plan(act, first)
        plan.current = first

    def _round(self, plans: list[DemoPlan], day: date) -> None:
        """One act a month in which everybody enters what was done and what is expected now."""
        self.at(day)
        with self.store.act(f"Voortgang bijwerken {_MONTH_NAMES[day.month - 1]} {day.year}") as act:
            for plan in plans:
                known = plan.at(day)
                if known != plan.current:
                    write_plan(act, known, plan.current)
                    plan.current = known

    def _single_edits(self, plans: list[DemoPlan]) -> None:
        """Some of what colleagues do in a month besides."""
        for _ in range(self.random.randint(1, 3)):
            plan = self.random.choice(plans)
            after = copied(plan.current)
            name = self.random.choice(list(_EDITS))
            _EDITS[name](plan, after, self.random)
            self.clock.moment += timedelta(minutes=self.random.randint(4, 50))
            with self.store.act(name) as act:
                write_plan(act, after, plan.current)
            plan.current = after


def _new_leader(plan: DemoPlan, after: Plan, random: Random) -> None:
    after.project_leader = random.choice(data()["words"]["leads"])


def _new_priority(plan: DemoPlan, after: Plan, random: Random) -> None:
    if after.priority is not None:
        after.priority = (after.priority[0], after.priority[0])


def _new_contour(plan: DemoPlan, after: Plan, random: Random) -> None:
    after.areas = [replace(area, geometry=clipped(plan, random.uniform(1.5, 6.0))) for area in after.areas]


def _new_note(plan: DemoPlan, after: Plan, random: Random) -> None:
    after.blocks[0].note = random.choice(data()["words"]["notes"])


_EDITS: dict[str, Callable[[DemoPlan, Plan, Random], None]] = {
    "Projectleider wijzigen": _new_leader,
    "Prioriteit wijzigen": _new_priority,
    "Contour aanpassen": _new_contour,
    "Opmerking wijzigen": _new_note,
}


_MONTH_NAMES = (
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november",
    "december",
)  # fmt: skip


def _months(first: date, today: date) -> Iterator[date]:
    """The first day, then the 20th of every month before today, and the day before today."""
    yield first
    year, month = first.year, first.month
    while True:
        day = date(year, month, 20)
        if day >= today - timedelta(days=3):
            break
        if day > first:
            yield day
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    yield today - timedelta(days=1)
