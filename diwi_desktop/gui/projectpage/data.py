"""What the project page shows, read from the store in one go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any

from diwi_desktop.model.codes import Phase, PlanStatus, ProjectStatus
from diwi_desktop.model.derive import homes_per_year, phase_on, project_status, status_on
from diwi_desktop.model.finding import Finding
from diwi_desktop.model.moment import Moment
from diwi_desktop.model.plan import Block, Milestone, Option, Plan
from diwi_desktop.quality.check import context_of
from diwi_desktop.quality.rules import findings
from diwi_desktop.store import Store, people, plans, queries

Row = dict[str, Any]


@dataclass
class PageData:
    """One project at one moment. Rows are in log shape with their `id`; findings are those on this project alone."""

    plan: Plan
    values: Row
    blocks: list[Row]
    options: Mapping[str, Option]
    findings: list[Finding]
    phase: Phase | None
    status: PlanStatus | None
    state: ProjectStatus
    writers: list[str]
    mother: tuple[str, str] | None
    daughters: list[tuple[str, str]]
    moment: Moment
    read_only: bool = False
    by_field: dict[tuple[str, str, str], list[Finding]] = field(default_factory=dict)

    def at(self, kind: str, entity: str) -> dict[str, list[Finding]]:
        """The findings on one entity by field."""
        return {key[2]: found for key, found in self.by_field.items() if key[:2] == (kind, entity)}

    def in_rows(self, kind: str) -> dict[tuple[str, str], list[Finding]]:
        """The findings on a kind of entity by (entity, field)."""
        return {key[1:]: found for key, found in self.by_field.items() if key[0] == kind}

    def block(self, entity: str) -> Block | None:
        """A block of the plan by its id."""
        return next((b for b in self.plan.blocks if b.id == entity), None)

    def years(self) -> dict[int, tuple[int, int]]:
        """(built, demolished) per delivery year."""
        return homes_per_year(self.plan.blocks)

    def undated(self) -> tuple[int, int]:
        """Homes (built, demolished) of blocks that have no delivery yet."""
        years = self.years().values()
        return self.plan.built - sum(y[0] for y in years), self.plan.demolished - sum(y[1] for y in years)

    def next_milestone(self) -> Milestone | None:
        """The first milestone still to come on the day shown."""
        coming = [
            m for m in self.plan.milestones if m.date > self.moment.on and m.state.value in ("VOORSPELD", "GEPLAND")
        ]
        return min(coming, key=lambda m: m.date, default=None)


def load(store: Store, project: str, moment: Moment) -> PageData | None:
    """Read a project; None when it does not exist at the moment."""
    found = plans.plans(store, moment, [project])
    values = queries.entity(store, "project", project, moment)
    if not found or values is None:
        return None
    plan = found[0]
    context = context_of(store, moment)
    blocks = queries.entities(store, "houseblock", project, moment)
    owners = people.names(store, moment) if plan.writers else {}
    mother, daughters = _family(store, plan, moment)
    data = PageData(
        plan=plan,
        values=values,
        blocks=blocks,
        options=context.options,
        findings=findings(plan, context),
        phase=phase_on(plan.milestones, moment.on, moment.today),
        status=status_on(plan.milestones, moment.on, moment.today),
        state=project_status(plan, moment.on),
        writers=sorted((owners[w.owner] for w in plan.writers if w.owner in owners), key=str.casefold),
        mother=mother,
        daughters=daughters,
        moment=moment,
    )
    for finding in data.findings:
        data.by_field.setdefault((finding.kind, finding.entity, finding.field), []).append(finding)
    return data


def _family(store: Store, plan: Plan, moment: Moment) -> tuple[tuple[str, str] | None, list[tuple[str, str]]]:
    """The mother plan and the sub-plans, as (id, name)."""
    above = queries.entity(store, "project", plan.parent, moment) if plan.parent else None
    where = "deleted_at IS NULL AND parent = :mother"
    below = store.tables.rows(store.read(), "project", where, {"mother": plan.id}, moment.seq)
    return (above["id"], above["name"]) if above else None, [(row["id"], row["name"]) for row in below]


def row_of(part: Any) -> Row:
    """A part of a plan (delivery, ownership, share, milestone ...) as a row in log shape."""
    if not is_dataclass(part):
        raise TypeError("a part of a plan is a dataclass")
    return {f.name: _log(getattr(part, f.name)) for f in fields(part)}


def _log(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def shares_of(block: Block, list_name: str, options: Mapping[str, Option]) -> dict[str, tuple[str, int]]:
    """The shares of a block in one list: (share id, number) by option."""
    return {
        s.option: (s.id, s.number) for s in block.shares if s.option in options and options[s.option].list == list_name
    }
