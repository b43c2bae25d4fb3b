"""One feature of DIWI GeoJSON to one draft: what stands about the project as a whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from diwi_desktop.exchange import cells, lookup
from diwi_desktop.exchange.drafts import Draft
from diwi_desktop.exchange.geojson.blocks import read_block
from diwi_desktop.exchange.geojson.parts import (
    Context,
    Json,
    WrongShape,
    coded,
    diwi_id,
    filled,
    given,
    iso_day,
    joined,
    list_of,
    object_in,
    step_of,
    unknown_type,
)
from diwi_desktop.exchange.messages import BadInput, Report
from diwi_desktop.exchange.register import Register
from diwi_desktop.model.codelists import code_list
from diwi_desktop.model.codes import (
    Confidentiality,
    OptionList,
    OwnFieldType,
    Phase,
    PlanStatus,
    PlanType,
    ProjectStatus,
)
from diwi_desktop.model.finding import Severity

Step = TypeVar("Step", Phase, PlanStatus)

BASE, GENERAL = "projectgegevens.basisgegevens", "projectgegevens.projectgegevens"
PHASES, STATUSES = "projectgegevens.projectfasen", "projectgegevens.planologische_planstatus"
DURATION, LOCATION = "projectgegevens.projectduur", "projectgegevens.locatie"
ROLES, OWN_PROJECT = "projectgegevens.rollen", "projectgegevens.maatwerk_projecteigenschappen"
_LABELS = {
    "name": f"{BASE}.naam",
    "start": f"{DURATION}.start_project",
    "end": f"{DURATION}.eind_project",
    "status": f"{GENERAL}.status",
    "confidentiality": f"{GENERAL}.vertrouwelijkheid",
    "owner": f"{GENERAL}.eigenaar",
    "municipality": f"{LOCATION}.gemeente",
    "district": f"{LOCATION}.wijk",
    "neighbourhood": f"{LOCATION}.buurt",
    **{phase.value: f"{PHASES}.{phase.value}" for phase in Phase},
    **{status.value: f"{STATUSES}.{status.value}" for status in PlanStatus},
}
# For files without the property: the strictest level that colleagues can still see.
_DEFAULT = Confidentiality.INTERNAL_CIVIL


def read_project(properties: Json, row: int, register: Register, report: Report) -> Draft:
    """The draft of a feature's properties. Raises WrongShape when it is no project at all."""
    if "projectgegevens" not in properties:
        raise WrongShape("properties", "'projectgegevens' ontbreekt.", "'projectgegevens' is missing.")
    data = object_in(properties, "projectgegevens")
    blocks = list_of(properties.get("woning_blokken"))
    exported = "diwi_id" in data or any(isinstance(b, dict) and ("diwi_id" in b or "naam" in b) for b in blocks)
    draft = Draft(row, labels=_LABELS, lenient=exported, status_of_then=True)
    context = Context(register, report, row, draft, exported)
    general = object_in(data, "projectgegevens")
    _base(context, data)
    _general(context, general)
    _dates(context, data)
    _location(context, object_in(data, "locatie"))
    for name, value in filled(object_in(data, "rollen")):
        context.cell(f"{ROLES}.{name}", _role, context, name, value)
    for name, value in filled(object_in(data, "maatwerk_projecteigenschappen")):
        context.cell(f"{OWN_PROJECT}.{name}", _own, context, name, value)
    programmed = context.truth(f"{GENERAL}.in_programmering", general.get("in_programmering"))
    for index, item in enumerate(blocks):
        draft.blocks.append(read_block(context, item, f"woning_blokken[{index}]", programmed))
    return draft


def _base(context: Context, data: Json) -> None:
    draft, base = context.draft, object_in(data, "basisgegevens")
    if given(base.get("naam")):
        draft.name = context.cell(draft.where("name"), cells.text, base["naam"], part="name") or ""
    draft.diwi_id = diwi_id(data)
    path = f"{BASE}.identificatie_nr"
    if given(base.get("identificatie_nr")):
        draft.source_id = context.cell(path, cells.identification, base["identificatie_nr"])
    elif not context.exported:
        context.add("no_project_identificationNo", path)


def _general(context: Context, general: Json) -> None:
    draft, register = context.draft, context.register
    readers: dict[str, tuple[str, Callable[[Any], Any]]] = {
        "plan_soort": ("plan_types", _plan_types),
        "prioritering": ("priority", lambda v: lookup.ordinal(register, OptionList.PRIORITY, joined(v))),
        "rol_gemeente": (
            "municipality_roles",
            lambda v: lookup.options(register, OptionList.MUNICIPALITY_ROLE, joined(v)),
        ),
        "status": ("status", lambda v: ProjectStatus(coded("project_status", v))),
        "vertrouwelijkheid": ("confidentiality", lambda v: Confidentiality(coded("confidentiality", v))),
        "eigenaar": ("owners", _owners),
    }
    for key, (part, read) in readers.items():
        if given(general.get(key)):
            found = context.cell(f"{GENERAL}.{key}", read, general[key], part=part)
            if found is not None:
                setattr(draft, part, found)
    if "vertrouwelijkheid" not in general or (context.exported and not given(general["vertrouwelijkheid"])):
        # Files of before there was confidentiality, among them the example of the original.
        draft.confidentiality = _DEFAULT
        label = code_list("confidentiality").by_key[_DEFAULT.value]
        context.add(
            "no_project_confidentiality",
            draft.where("confidentiality"),
            severity=Severity.WARNING,
            hint_nl=f" Het project wordt '{label.nl}'.",
            hint_en=f" The project becomes '{label.en}'.",
        )
    if not draft.owners and "owners" not in draft.bad:
        context.add("project_owner_missing", draft.where("owner"))


def _plan_types(value: Any) -> list[PlanType]:
    return [PlanType(coded("plan_type", item, "invalid_plan_type")) for item in list_of(value)]


def _owners(value: Any) -> list[str]:
    good, wrong = lookup.emails(joined(value))
    if wrong:
        raise BadInput("project_owner_invalid", wrong[0])
    return good


def _dates(context: Context, data: Json) -> None:
    draft, duration = context.draft, object_in(data, "projectduur")
    if given(duration.get("start_project")):
        draft.start = context.cell(draft.where("start"), iso_day, duration["start_project"], part="start")
    if given(duration.get("eind_project")):
        draft.end = context.cell(draft.where("end"), iso_day, duration["eind_project"], part="end")
    draft.phases = _steps(context, object_in(data, "projectfasen"), PHASES, "phase", Phase)
    draft.statuses = _steps(context, object_in(data, "planologische_planstatus"), STATUSES, "plan_status", PlanStatus)


def _steps(context: Context, values: Json, path: str, list_name: str, kind: type[Step]) -> dict[Step, date]:
    found: dict[Step, date] = {}
    for key, value in filled(values):
        where = f"{path}.{key}"
        code = step_of(list_name, key)
        if code is None:
            context.told(unknown_type(key, ", ".join(c.nl for c in code_list(list_name).codes)), where)
            continue
        day = context.cell(where, iso_day, value, part=code.key)
        if day is not None:
            found[kind(code.key)] = day
    return found


def _location(context: Context, location: Json) -> None:
    draft = context.draft
    for key, part, name in (
        ("gemeente", "municipality", OptionList.MUNICIPALITY),
        ("wijk", "district", OptionList.DISTRICT),
        ("buurt", "neighbourhood", OptionList.NEIGHBOURHOOD),
    ):
        if not given(location.get(key)):
            continue
        text = context.cell(draft.where(part), joined, location[key], part=part)
        if not text:
            continue
        draft.location[part] = text
        found = context.cell(draft.where(part), lookup.options, context.register, name, text, part=part)
        if found and part == "municipality":
            draft.municipality = found[0]
        elif found:
            setattr(draft, f"{part}s", found)


def _role(context: Context, name: str, value: Any) -> None:
    code = "unknown_project_category_property"
    own = context.own_field("project", name, value, code, OwnFieldType.CATEGORY)
    context.draft.own[own.id] = context.own_value(own, value)


def _own(context: Context, name: str, value: Any) -> None:
    own = context.own_field("project", name, value, "unknown_project_property")
    context.draft.own[own.id] = context.own_value(own, value)
