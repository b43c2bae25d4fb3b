"""The plan on the map."""

from __future__ import annotations

from collections.abc import Iterator

from diwi_desktop.model.codes import PlanStatus
from diwi_desktop.model.plan import Plan
from diwi_desktop.quality.rule import WARNING, Context, Hit, plan_rule
from diwi_desktop.quality.rules.facts import status_of


@plan_rule(
    "no_plan_area", WARNING, "plan_area.geometry",
    "Een project heeft een plangebied, behalve zolang de locatie niet bekend is (5B).",
    "A project has a plan area, except while its location is unknown (5B).",
    "functional reference 4.3: the province takes features with a geometry",
)  # fmt: skip
def _no_plan_area(plan: Plan, context: Context) -> Iterator[Hit]:
    if not plan.areas and status_of(plan, context) is not PlanStatus.S5B:
        yield Hit(
            "Het plangebied is nog niet getekend op de kaart.",
            "The plan area has not been drawn on the map yet.",
        )
