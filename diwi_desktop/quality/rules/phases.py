"""Phase and plan status: whether there are any, their order, and what they say of each other."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from diwi_desktop.model.codelists import code_list
from diwi_desktop.model.codes import MUNICIPAL_STATUSES, Confidentiality, Phase, PlanStatus
from diwi_desktop.model.derive import is_hard, lane
from diwi_desktop.model.notation import format_date
from diwi_desktop.model.plan import Plan
from diwi_desktop.quality.rule import HELP, WARNING, Context, Hit, plan_rule
from diwi_desktop.quality.rules.facts import dated_hit, in_period, phase_of, status_of
from diwi_desktop.quality.rules.words import step_en, step_nl


@plan_rule(
    "phase_missing", WARNING, "milestone.date",
    "Een lopend project heeft een fase.", "A running project has a phase.",
    "functional reference 2.1, P4",
)  # fmt: skip
def _phase_missing(plan: Plan, context: Context) -> Iterator[Hit]:
    if in_period(plan, context.moment.on) and phase_of(plan, context) is None:
        yield Hit("Het project loopt, maar heeft nog geen fase.", "The project is running, but has no phase yet.")


@plan_rule(
    "plan_status_missing", WARNING, "milestone.date",
    "Een lopend project heeft een planologische planstatus.", "A running project has a planning status.",
    "functional reference 4.3: the province requires it",
)  # fmt: skip
def _plan_status_missing(plan: Plan, context: Context) -> Iterator[Hit]:
    if in_period(plan, context.moment.on) and status_of(plan, context) is None:
        yield Hit("De planologische planstatus ontbreekt.", "The planning status is missing.")


@plan_rule(
    "phase_order", WARNING, "milestone.date",
    "Fasen volgen elkaar op in hun eigen volgorde.", "Phases follow each other in their own order.",
    "functional reference 1.12, project phase",
)  # fmt: skip
def _phase_order(plan: Plan, context: Context) -> Iterator[Hit]:
    yield from _order(plan, "phase", {phase.value: rank for rank, phase in enumerate(Phase)})


@plan_rule(
    "plan_status_order", WARNING, "milestone.date",
    "Planstatussen volgen elkaar op van 5 naar 1.", "Planning statuses follow each other from 5 to 1.",
    "functional reference 1.12, planning status",
)  # fmt: skip
def _plan_status_order(plan: Plan, context: Context) -> Iterator[Hit]:
    # "_2A_..." -> 2; the letters of one digit say what is still needed and may follow each other freely.
    yield from _order(plan, "status", {status.value: -int(status.value[1]) for status in PlanStatus})


def _order(plan: Plan, name: str, rank: dict[str, int]) -> Iterator[Hit]:
    steps = lane(plan.milestones, name)
    for before, step in pairwise(steps):
        if rank[step.value] < rank[before.value]:
            first, later = before.milestone, step.milestone
            yield dated_hit(
                later,
                f"'{step_nl(later)}' op {format_date(later.date)} komt na '{step_nl(first)}' op "
                f"{format_date(first.date)}, maar hoort ervoor.",
                f"'{step_en(later)}' on {format_date(later.date)} comes after '{step_en(first)}' on "
                f"{format_date(first.date)}, but belongs before it.",
            )


@plan_rule(
    "phase_without_hard_status", WARNING, "milestone.date",
    "Een project in realisatie of nazorg heeft een harde planstatus (1A, 1B, 2A of 2B).",
    "A project in realisation or aftercare has a hard planning status (1A, 1B, 2A or 2B).",
    "functional reference 1.12 and appendix D",
)  # fmt: skip
def _phase_without_hard_status(plan: Plan, context: Context) -> Iterator[Hit]:
    phase, status = phase_of(plan, context), status_of(plan, context)
    if phase in (Phase.REALIZATION, Phase.AFTERCARE) and status is not None and not is_hard(status):
        yield Hit(
            f"De fase is {code_list('phase').label(phase)}, maar de planstatus is nog zacht: "
            f"{code_list('plan_status').label(status)}.",
            f"The phase is {code_list('phase').label(phase, 'en')}, but the planning status is still soft: "
            f"{code_list('plan_status').label(status, 'en')}.",
            status.value,
        )


@plan_rule(
    "municipal_status_late", WARNING, "milestone.date",
    "Planstatus 5A of 5B hoort bij de fase concept of initiatief.",
    "Planning status 5A or 5B belongs to the phase concept or initiative.", HELP,
)  # fmt: skip
def _municipal_status_late(plan: Plan, context: Context) -> Iterator[Hit]:
    phase, status = phase_of(plan, context), status_of(plan, context)
    if status in MUNICIPAL_STATUSES and phase not in (None, Phase.CONCEPT, Phase.INITIATIVE):
        yield Hit(
            f"Planstatus {code_list('plan_status').label(status)} past niet bij de fase "
            f"{code_list('phase').label(phase)}.",
            f"Planning status {code_list('plan_status').label(status, 'en')} does not fit the phase "
            f"{code_list('phase').label(phase, 'en')}.",
            status.value,
        )


@plan_rule(
    "hard_plan_confidential", WARNING, "project.confidentiality",
    "Een hard plan is ten minste zichtbaar voor mede-overheden.",
    "A hard plan is visible to other governments at least.", HELP,
)  # fmt: skip
def _hard_plan_confidential(plan: Plan, context: Context) -> Iterator[Hit]:
    if is_hard(status_of(plan, context)) and plan.confidentiality.rank < Confidentiality.EXTERNAL_GOVERNMENTAL.rank:
        yield Hit(
            f"Het plan is hard, maar de vertrouwelijkheid is "
            f"'{code_list('confidentiality').label(plan.confidentiality)}'.",
            f"The plan is hard, but its confidentiality is "
            f"'{code_list('confidentiality').label(plan.confidentiality, 'en')}'.",
            plan.confidentiality.value,
        )
