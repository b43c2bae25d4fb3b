"""Making a project with the milestones that lead times give it, in one act."""

from __future__ import annotations

from datetime import date

from diwi_desktop.model.codes import OptionList, Phase
from diwi_desktop.model.plan import Plan
from diwi_desktop.planning.lead_times import expected_end, expected_milestones, table_on
from diwi_desktop.store import queries
from diwi_desktop.store.plans import write_plan
from diwi_desktop.store.store import Store


def create_project(
    store: Store, name: str, start: date, phase: Phase = Phase.CONCEPT, *, parent: str | None = None
) -> str:
    """Make a project that starts on `start` in `phase` and return its id. Raises Refused for a blank name.

    Its milestones and end date follow from the lead times in force today; the municipality is filled in when the list
    has one choice. A sub-plan takes over who it belongs to and how confidential it is from its mother.
    """
    today = store.clock.today()
    table = table_on(today)
    plan = Plan(name=name, start_date=start, end_date=expected_end(start, phase, table), parent=parent)
    choices = queries.option_list(store, OptionList.MUNICIPALITY.value)
    if len(choices) == 1:
        plan.municipality = choices[0].id
    if parent is not None:
        mother = queries.entity(store, "project", parent)
        if mother is not None:
            plan.confidentiality = mother["confidentiality"]
            plan.municipality = mother["municipality"]
    plan.milestones = expected_milestones(start, phase, today, table)
    with store.act("Nieuw project" if parent is None else "Nieuw deelplan") as act:
        return write_plan(act, plan)
