"""Milestones: their dates and how often each occurs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from diwi_desktop.model.notation import format_date
from diwi_desktop.model.plan import Plan
from diwi_desktop.quality.rule import ERROR, HOUSE, WARNING, Context, Hit, plan_rule
from diwi_desktop.quality.rules.facts import dated_hit, in_period, late, live_milestones, too_early
from diwi_desktop.quality.rules.words import days_en, days_nl, period_en, period_nl, step_en, step_nl


@plan_rule(
    "milestone_overdue", WARNING, "milestone.date",
    "Een mijlpaal waarvan de dag voorbij is, is gerealiseerd of verschoven.",
    "A milestone whose day has passed has been realised or moved.", HOUSE,
)  # fmt: skip
def _milestone_overdue(plan: Plan, context: Context) -> Iterator[Hit]:
    for m in live_milestones(plan):
        if days := late(m, context):
            yield dated_hit(
                m,
                f"'{step_nl(m)}' stond gepland op {format_date(m.date)} en is {days_nl(days)} te laat.",
                f"'{step_en(m)}' was planned on {format_date(m.date)} and is {days_en(days)} late.",
            )


@plan_rule(
    "milestone_realised_in_future", ERROR, "milestone.state",
    "Een gerealiseerde mijlpaal ligt niet in de toekomst.", "A realised milestone does not lie in the future.",
    "functional reference 11.3, 3",
)  # fmt: skip
def _milestone_realised_in_future(plan: Plan, context: Context) -> Iterator[Hit]:
    for m in plan.milestones:
        if too_early(m, context):
            yield dated_hit(
                m,
                f"'{step_nl(m)}' staat op gerealiseerd, maar {format_date(m.date)} moet nog komen.",
                f"'{step_en(m)}' is marked as realised, but {format_date(m.date)} is still to come.",
            )


@plan_rule(
    "milestone_outside_project", WARNING, "milestone.date",
    "Mijlpalen liggen binnen de looptijd van het project.", "Milestones lie within the period of the project.",
    "functional reference 1.3",
)  # fmt: skip
def _milestone_outside_project(plan: Plan, context: Context) -> Iterator[Hit]:
    for m in live_milestones(plan):
        if not in_period(plan, m.date):
            yield dated_hit(
                m,
                f"'{step_nl(m)}' op {format_date(m.date)} ligt buiten de looptijd {period_nl(plan)}.",
                f"'{step_en(m)}' on {format_date(m.date)} lies outside the project period {period_en(plan)}.",
            )


@plan_rule(
    "milestone_twice", WARNING, "milestone.type",
    "Elke mijlpaal komt één keer voor.", "Each milestone occurs once.", HOUSE,
)  # fmt: skip
def _milestone_twice(plan: Plan, context: Context) -> Iterator[Hit]:
    seen = Counter(m.type for m in live_milestones(plan))
    for kind, times in seen.items():
        if times > 1:
            last = max((m for m in live_milestones(plan) if m.type == kind), key=lambda m: m.date)
            yield Hit(
                f"'{step_nl(last)}' staat {times} keer in de planning.",
                f"'{step_en(last)}' is in the planning {times} times.",
                kind,
                entity=last.id,
            )
