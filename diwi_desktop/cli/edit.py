"""`diwi set`: one edit, the field by its name and the value as it would be typed in the form.

A field is named by its key or its Dutch or English label, or is one of the municipality's own. `Blok A/aantal` is a
field of a block. A milestone is a field too (`START_BOUW`, `Start bouw woningen`): its value is a day with, if wished,
a state. `fase` and `planstatus` set the step of today, and `percelen` draws the plan area as the union of parcels.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from diwi_desktop.cli.output import WrongUse
from diwi_desktop.model.catalogue import Field, FieldType
from diwi_desktop.model.codelists import Code, code_list
from diwi_desktop.model.codes import MilestoneState
from diwi_desktop.model.finding import Refused
from diwi_desktop.model.notation import format_date, parse_date, parse_value, value_words
from diwi_desktop.model.plan import Milestone, ParcelLink, Plan, PlanArea
from diwi_desktop.model.values import BadValue, finding_of
from diwi_desktop.store import Store, queries
from diwi_desktop.store.plans import plan as read_plan
from diwi_desktop.store.plans import write_plan

_PARCELS = frozenset({"percelen", "parcels", "plangebied", "plan_area", "plan area"})
_LANES = {"fase": "phase", "phase": "phase", "planstatus": "plan_status", "plan_status": "plan_status"}
_LANE_TYPE = {"phase": "PHASE", "plan_status": "STATUS"}


@dataclass(frozen=True, slots=True)
class Edited:
    """What changed, in words."""

    field: str
    old: str
    new: str


def set_field(store: Store, project: str, name: str, text: str) -> Edited:
    """Make one edit as one act. Raises WrongUse for an unknown field, Refused for a value that does not fit."""
    wanted = name.strip().casefold()
    if wanted in _PARCELS:
        return _set_parcels(store, project, text)
    if wanted in _LANES:
        return _set_lane(store, project, _LANES[wanted], text)
    block, slash, part = name.partition("/")
    if slash:
        return _set_block(store, project, block, part, text)
    field = find_field(store.catalogue.kind("project").fields, name)
    if field is None:
        step = code_list("milestone_type").find(name)
        if step is None:
            raise WrongUse(f"Er is geen veld '{name}'.", f"There is no field '{name}'.")
        return _set_milestone(store, project, step, text)
    return _set(store, "project", project, field, text)


def find_field(fields: Iterable[Field], name: str) -> Field | None:
    """The field with this key, label or own name, in any case."""
    wanted = name.strip().casefold()
    found = [f for f in fields if wanted in (f.key.casefold(), f.nl.casefold(), f.en.casefold())]
    return min(found, key=lambda f: f.own) if found else None


def _refused(field: Field, entity: str, text: str, error: BadValue) -> Refused:
    return Refused([finding_of(field, entity, text, error)])


def _set(store: Store, kind: str, entity: str, field: Field, text: str) -> Edited:
    if field.readonly or field.fixed:
        raise WrongUse(f"Het veld {field.nl} is niet te wijzigen.", f"The field {field.en} cannot be changed.")
    options = queries.options(store)
    if field.target == "project" and text.strip():
        text = queries.find_project(store, text)
    try:
        value = parse_value(field, text, options)
    except BadValue as error:
        raise _refused(field, entity, text, error) from error
    row = queries.entity(store, kind, entity) or {}
    with store.act(f"{field.nl} wijzigen") as act:
        act.set(kind, entity, field.key, value)
    return Edited(field.nl, _shown(store, field, row.get(field.key)), _shown(store, field, value))


def _shown(store: Store, field: Field, value: Any) -> str:
    if value is not None and field.type is FieldType.REFERENCE:
        other = queries.entity(store, field.target, value) or {}
        return str(other.get("name") or other.get("email") or value)
    return value_words(field, value, queries.options(store))


def _set_block(store: Store, project: str, block_name: str, name: str, text: str) -> Edited:
    blocks = queries.entities(store, "houseblock", parent=project)
    found = [b for b in blocks if block_name.strip().casefold() in (b["id"], b["name"].casefold())]
    if len(found) != 1:
        some = "meer dan één" if found else "geen"
        raise WrongUse(
            f"Er is {some} woningblok '{block_name}'.",
            f"There is {'more than one' if found else 'no'} house block '{block_name}'.",
        )
    field = find_field(store.catalogue.kind("houseblock").fields, name)
    if field is None:
        raise WrongUse(f"Een woningblok heeft geen veld '{name}'.", f"A house block has no field '{name}'.")
    return _set(store, "houseblock", found[0]["id"], field, text)


def _set_lane(store: Store, project: str, lane: str, text: str) -> Edited:
    """The phase or plan status from today on: the milestone that starts it, realised today."""
    code = code_list("phase" if lane == "phase" else "plan_status").find(text)
    if code is None:
        field = store.catalogue.field("milestone", "type")
        raise _refused(
            field,
            project,
            text,
            BadValue("unknown_code", f"'{text}' staat niet in de lijst.", f"'{text}' is not in the list."),
        )
    step = code_list("milestone_type").by_key[f"{_LANE_TYPE[lane]}{code.key}"]
    return _set_milestone(store, project, step, f"{format_date(store.clock.today())} gerealiseerd")


def _set_milestone(store: Store, project: str, step: Code, text: str) -> Edited:
    """Move a milestone (the latest of its type that is not aborted), or make it."""
    before = read_plan(store, project)
    same = [m for m in before.milestones if m.type == step.key and m.state is not MilestoneState.ABORTED]
    existing = max(same, key=lambda m: m.date, default=None)
    fields = store.catalogue.kind("milestone")
    day_text, _, state_text = text.strip().partition(" ")
    state = code_list("milestone_state").find(state_text) if state_text.strip() else None
    if state_text.strip() and state is None:
        error = BadValue(
            "unknown_code", f"'{state_text}' staat niet in de lijst.", f"'{state_text}' is not in the list."
        )
        raise _refused(fields.field("state"), project, text, error)
    if not day_text and existing is not None:
        with store.act(f"{step.nl} verwijderen") as act:
            act.delete("milestone", existing.id)
        return Edited(step.nl, _step(existing), "")
    try:
        day = parse_date(day_text)
    except BadValue as error:
        raise _refused(fields.field("date"), project, text, error) from error
    kept = existing.state if existing else MilestoneState.PLANNED
    new = Milestone(step.key, day, MilestoneState(state.key) if state else kept)
    with store.act(f"{step.nl} verplaatsen" if existing else f"{step.nl} toevoegen") as act:
        if existing is None:
            values = {"project_id": project, "type": new.type, "date": new.date, "state": new.state}
            act.create("milestone", values)
        else:
            act.set("milestone", existing.id, "date", new.date)
            act.set("milestone", existing.id, "state", new.state)
    return Edited(step.nl, _step(existing) if existing else "", _step(new))


def _step(milestone: Milestone) -> str:
    return f"{format_date(milestone.date)} {code_list('milestone_state').label(milestone.state).lower()}"


def _set_parcels(store: Store, project: str, text: str) -> Edited:
    """The plan area as the union of parcels, named by designation between semicolons or commas."""
    from diwi_desktop.basedata.layers import parcel_by_designation
    from diwi_desktop.geo.edit import union
    from diwi_desktop.geo.shape import to_ewkb

    before = read_plan(store, project)
    after: Plan = deepcopy(before)
    names = [part.strip() for part in text.replace(";", ",").split(",") if part.strip()]
    found = []
    for name in names:
        parcel = parcel_by_designation(store, name)
        if parcel is None:
            raise WrongUse(f"Het perceel '{name}' is niet ingelezen.", f"The parcel '{name}' has not been imported.")
        found.append(parcel)
    after.parcels = [ParcelLink(designation, local_id) for designation, local_id, _ in found]
    area = [PlanArea(to_ewkb(union([shape for _, _, shape in found])))] if found else []
    after.areas = [PlanArea(a.geometry, b.id) for a, b in zip(area, before.areas, strict=False)] or area
    with store.act("Plangebied uit percelen") as act:
        write_plan(act, after, before)
    return Edited("Plangebied", "; ".join(p.designation for p in before.parcels), "; ".join(names))
