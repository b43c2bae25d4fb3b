"""Parts of sentences that several rules say, in both languages."""

from __future__ import annotations

from diwi_desktop.model.codelists import code_list
from diwi_desktop.model.notation import format_date, format_number
from diwi_desktop.model.plan import Milestone, Plan


def step_nl(milestone: Milestone) -> str:
    return code_list("milestone_type").label(milestone.type)


def step_en(milestone: Milestone) -> str:
    return code_list("milestone_type").label(milestone.type, "en")


def days_nl(days: int) -> str:
    return f"{format_number(days)} {'dag' if days == 1 else 'dagen'}"


def days_en(days: int) -> str:
    return f"{format_number(days)} {'day' if days == 1 else 'days'}"


def period_nl(plan: Plan) -> str:
    return f"({format_date(plan.start_date)} tot en met {format_date(plan.end_date)})"


def period_en(plan: Plan) -> str:
    return f"({format_date(plan.start_date)} to {format_date(plan.end_date)})"
