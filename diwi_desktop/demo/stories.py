"""How a plan of the demo came to be: when its steps really happened, and what was expected of them earlier on.

A story knows the true day of every step. On any day it tells what the register held then: steps of the past as
realised, later ones as planned on the day that was expected, which slips as time goes by. That gives the demo a past
worth looking back at.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from diwi_desktop.model.codes import MilestoneState, Phase, PlanStatus
from diwi_desktop.model.derive import phase_type, status_type

#: Months that a phase takes: from, to. Assumptions for the demo only.
MONTHS = {
    Phase.CONCEPT: (5, 14),
    Phase.INITIATIVE: (5, 12),
    Phase.DEFINITION: (7, 15),
    Phase.DESIGN: (8, 18),
    Phase.PREPARATION: (10, 22),
    Phase.REALIZATION: (14, 22),
    Phase.AFTERCARE: (8, 15),
}
#: How many of a hundred plans are in which phase; the rest is finished.
PHASE_SHARE = {
    Phase.CONCEPT: 12, Phase.INITIATIVE: 14, Phase.DEFINITION: 14, Phase.DESIGN: 16, Phase.PREPARATION: 15,
    Phase.REALIZATION: 17, Phase.AFTERCARE: 7,
}  # fmt: skip
#: Steps within a phase: at which share of it.
STEPS = {
    Phase.INITIATIVE: (("INITIATIEF_INGEDIEND", 0.1), ("PRINCIPEAKKOORD", 0.9)),
    Phase.DEFINITION: (("INTENTIEOVEREENKOMST", 0.5), ("GROND_VERWORVEN", 0.9)),
    Phase.DESIGN: (("ANTERIEURE_OVEREENKOMST", 0.3), ("ONDERZOEKEN_AFGEROND", 0.8)),
    Phase.PREPARATION: (("VERGUNNING_AANGEVRAAGD", 0.45), ("VERGUNNING_VERLEEND", 0.75), ("AANNEMER_GEGUND", 0.95)),
    Phase.REALIZATION: (("START_BOUW", 0.05),),
    Phase.AFTERCARE: (("WOONRIJP", 0.5),),
}
_MONTH = 30.44
_WEEKEND = 5


def workday(day: date) -> date:
    """The day itself, or the Monday after a weekend."""
    late = day.weekday() - _WEEKEND
    return day + timedelta(days=2 - late) if late >= 0 else day


def months(number: float) -> timedelta:
    return timedelta(days=round(number * _MONTH))


@dataclass(slots=True)
class Step:
    """One dated thing of a plan. `slip`: how many days too early it was once expected. `stuck`: it is overdue and
    nobody has entered why."""

    type: str
    day: date
    slip: int = 0
    stuck: bool = False

    def at(self, known: date, revised: date) -> tuple[date, MilestoneState]:
        """Day and state as known on a day; expectations date from `revised`, the last time somebody thought of them."""
        if self.stuck:
            return self.day, MilestoneState.PLANNED
        if self.day <= known:
            return self.day, MilestoneState.REALIZED
        # The further ahead, the more optimistic; but something is always expected to take a while yet.
        early = round(self.slip * min(1.0, max(0, (self.day - revised).days) / 720))
        soon = known + timedelta(days=(self.day - known).days // 4 + 1)
        return min(self.day, workday(max(self.day - timedelta(days=early), soon))), MilestoneState.PLANNED


@dataclass(slots=True)
class Story:
    """The life of a plan. `phase` None: finished, with its end date in the past."""

    phase: Phase | None
    starts: dict[Phase, date]
    start: date
    end: date
    slip: int = 0
    steps: list[Step] = field(default_factory=list)
    revisions: list[date] = field(default_factory=list)

    def revised(self, known: date) -> date:
        """The last time before `known` that expectations were looked at."""
        return max((day for day in self.revisions if day <= known), default=self.start)

    def status_level(self, known: date) -> int:
        """The digit of the plan status in force on a day, 5 (municipal) to 1 (irrevocable)."""
        passed = [s for s in self.steps if s.type.startswith("STATUS") and s.day <= known and not s.stuck]
        return min((int(s.type[len("STATUS_")]) for s in passed), default=5)

    def next_step(self, today: date) -> Step | None:
        """The first step that is still to come."""
        return min((s for s in self.steps if s.day > today), key=lambda s: s.day, default=None)


def make_story(phase: Phase | None, homes: int, today: date, random: Random) -> Story:
    """A life in which `today` falls somewhere within `phase`."""
    length = {p: random.uniform(*MONTHS[p]) for p in Phase}
    length[Phase.REALIZATION] += min(30.0, homes / 8)
    order = list(Phase)
    if phase is None:
        begin = today - months(sum(length.values()) + random.uniform(1, 20))
    else:
        before = sum(length[p] for p in order[: order.index(phase)])
        begin = today - months(before + length[phase] * random.uniform(0.08, 0.92))
    starts, day = {}, begin
    for p in order:
        starts[p] = workday(day)
        day += months(length[p])
    story = Story(phase, starts, starts[Phase.CONCEPT], workday(day))
    story.steps = [Step(phase_type(p), starts[p]) for p in order]
    for p, inner in STEPS.items():
        for name, share in inner:
            if random.random() < 0.8:
                story.steps.append(Step(name, workday(starts[p] + months(length[p] * share))))
    story.steps += _statuses(starts, length, random)
    # One slip for all steps of a plan keeps what is expected in order.
    story.slip = random.randrange(0, 240)
    for step in story.steps:
        step.slip = story.slip
    story.steps.sort(key=lambda s: (s.day, s.type))
    return story


def _statuses(starts: dict[Phase, date], length: dict[Phase, float], random: Random) -> list[Step]:
    """From municipal idea to irrevocable, the procedure within design and preparation."""
    vision = random.choice([PlanStatus.S4A, PlanStatus.S4A, PlanStatus.S4B])
    letter = random.choices(["A", "B", "C"], [90, 8, 2])[0]
    adopted = {"A": PlanStatus.S2A, "B": PlanStatus.S2B, "C": PlanStatus.S2C}[letter]
    final = {"A": PlanStatus.S1A, "B": PlanStatus.S1B, "C": PlanStatus.S1A}[letter]
    preparation = starts[Phase.PREPARATION]
    days = {
        random.choice([PlanStatus.S5A, PlanStatus.S5B]): starts[Phase.CONCEPT],
        vision: starts[Phase.INITIATIVE],
        PlanStatus.S3: starts[Phase.DEFINITION] + months(length[Phase.DEFINITION] * random.uniform(0.2, 0.9)),
        adopted: preparation + months(length[Phase.PREPARATION] * random.uniform(0.15, 0.4)),
        final: preparation + months(length[Phase.PREPARATION] * random.uniform(0.6, 0.9)),
    }
    return [Step(status_type(status), workday(day)) for status, day in days.items()]
