"""Checking a register: all rules on all its plans, at any moment, and after an act only what it touched."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from diwi_desktop.model.finding import Cancelled, Finding, Severity
from diwi_desktop.model.moment import Moment
from diwi_desktop.model.plan import Plan
from diwi_desktop.model.work import CancelCheck, Progress
from diwi_desktop.quality.rule import REGISTER_RULES, Context, Hit, Outline, Rule
from diwi_desktop.quality.rules import findings
from diwi_desktop.quality.together import takes_part
from diwi_desktop.store import Store, queries
from diwi_desktop.store import plans as store_plans

_STEP = 50  # plans between two reports of progress


def context_of(store: Store, moment: Moment | None = None) -> Context:
    """What the rules need to know of a store besides its plans."""
    return Context(
        options=queries.options(store, moment),
        catalogue=store.catalogue,
        moment=moment or store.moment(),
        municipality=queries.municipality(store),
    )


def check_plan(store: Store, project: str, moment: Moment | None = None) -> list[Finding]:
    """The findings on one plan by itself: what a project page shows after every edit. Raises UserError."""
    with store.snapshot():
        return findings(store_plans.plan(store, project, moment), context_of(store, moment))


def check(
    store: Store,
    moment: Moment | None = None,
    *,
    progress: Progress | None = None,
    cancelled: CancelCheck | None = None,
) -> list[Finding]:
    """All findings on all plans, errors first, then by project name. Raises Cancelled."""
    return list(Standing(store, moment, progress=progress, cancelled=cancelled))


class Standing:
    """The findings of a register at a moment, kept up to date: `renew` reads no more than what acts touched.

    A rule on one plan runs for the plans that were touched; a rule on plans together when something that it looks at
    changed. Iterating gives all findings, errors first, then by project name. For one thread at a time. What raised
    halfway is of no use any more.
    """

    def __init__(
        self,
        store: Store,
        moment: Moment | None = None,
        *,
        progress: Progress | None = None,
        cancelled: CancelCheck | None = None,
    ) -> None:
        """Check everything. Raises Cancelled."""
        self._store = store
        self._moment = moment
        self._viewer = store.viewer
        self._own: dict[str, list[Finding]] = {}
        self._outlines: dict[str, Outline] = {}  # of the plans that take part
        self._names: dict[str, str] = {}
        self._hits: dict[Rule, list[tuple[str, Hit]]] = {}
        self._together: dict[str, list[Finding]] = {}
        with store.snapshot():
            self._context = context_of(store, moment)
            plans = store_plans.plans(store, moment)
        total = len(plans)
        for done, plan in enumerate(plans):
            if done % _STEP == 0:
                if cancelled is not None and cancelled():
                    raise Cancelled
                if progress is not None:
                    progress(done, total)
            self._take(plan)
        # Bit by bit: letting go of 5,000 plans at once keeps Python's lock from every other thread for a tenth of a
        # second.
        while plans:
            del plans[-_STEP:]
        self._look_together(REGISTER_RULES)
        if progress is not None:
            progress(total, total)

    def __iter__(self) -> Iterator[Finding]:
        projects = self.projects
        for severity in Severity:
            for project in projects:
                for finding in self.of(project):
                    if finding.severity is severity:
                        yield finding

    @property
    def projects(self) -> list[str]:
        """The ids of all plans, by name."""
        return sorted(self._names, key=lambda project: (self._names[project].casefold(), project))

    def of(self, project: str) -> list[Finding]:
        """The findings of one plan, those by itself first; none for a plan that is not there."""
        return self._own.get(project, []) + self._together.get(project, [])

    def renew(self, touched: Collection[str]) -> set[str] | None:
        """Check again after acts that touched these projects (`ActInfo.projects`).

        Gives the projects whose findings are others now, which may be more than were touched. None, and nothing done,
        when something changed that all plans depend on: options, own fields, the municipality, or who looks.
        """
        with self._store.snapshot():
            context = context_of(self._store, self._moment)
            if context != self._context or self._store.viewer != self._viewer:
                return None
            plans = store_plans.plans(self._store, self._moment, list(touched)) if touched else []
        before = {project: self.of(project) for project in touched}
        outlines = {project: self._outlines.get(project) for project in touched}
        for project in touched:
            self._forget(project)
        for plan in plans:
            self._take(plan)
        changed = set().union(*(_differences(old, self._outlines.get(id)) for id, old in outlines.items()))
        others = self._look_together([rule for rule, how in REGISTER_RULES.items() if how.reads & changed])
        return others | {project for project, was in before.items() if was != self.of(project)}

    def let_go(self) -> None:
        """Forget everything bit by bit: 150,000 findings at once would keep other threads waiting."""
        for some in (self._own, self._together, self._outlines):
            while some:
                some.popitem()

    def _take(self, plan: Plan) -> None:
        self._names[plan.id] = plan.name
        if found := findings(plan, self._context):
            self._own[plan.id] = found
        if takes_part(plan, self._context):
            self._outlines[plan.id] = Outline.of(plan)

    def _forget(self, project: str) -> None:
        self._names.pop(project, None)
        self._own.pop(project, None)
        self._outlines.pop(project, None)

    def _look_together(self, rules: Iterable[Rule]) -> set[str]:
        """Run rules on plans together; the projects whose findings of that sort are others now."""
        again = list(rules)
        if not again:
            return set()
        live = [self._outlines[project] for project in self.projects if project in self._outlines]
        for rule in again:
            self._hits[rule] = [(plan.id, hit) for plan, hit in REGISTER_RULES[rule].function(live, self._context)]
        found: dict[str, list[Finding]] = {}
        for rule in REGISTER_RULES:
            for project, hit in self._hits[rule]:
                found.setdefault(project, []).append(rule.finding(self._outlines[project], hit))
        before, self._together = self._together, found
        return {project for project in before.keys() | found.keys() if before.get(project) != found.get(project)}


def _differences(one: Outline | None, other: Outline | None) -> frozenset[str]:
    """The attributes in which two outlines of a plan differ; all of them when it came or went."""
    names = Outline.__slots__
    if one is None or other is None:
        return frozenset(names) if one is not other else frozenset()
    return frozenset(name for name in names if getattr(one, name) != getattr(other, name))
