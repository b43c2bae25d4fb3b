"""Rules on a single plan that warn, by subject. What may not be stored at all is refused by `model.checks`.

A plan that has lapsed is left alone: nobody delivers it and nobody needs to mend it.
"""

from __future__ import annotations

from diwi_desktop.model.codes import ProjectStatus
from diwi_desktop.model.derive import project_status
from diwi_desktop.model.finding import Finding
from diwi_desktop.model.plan import Plan
from diwi_desktop.quality.rule import PLAN_RULES, Context

# Importing a subject enters its rules; they are shown in this order.
# isort: off
from diwi_desktop.quality.rules import fields, phases, milestones, deliveries, homes, area

# isort: on

SUBJECTS = (fields, phases, milestones, deliveries, homes, area)


def findings(plan: Plan, context: Context) -> list[Finding]:
    """What is wrong or doubtful in one plan, in the order of the rules."""
    if project_status(plan, context.moment.on) is ProjectStatus.TERMINATED:
        return []
    return [rule.finding(plan, hit) for rule, function in PLAN_RULES.items() for hit in function(plan, context)]
