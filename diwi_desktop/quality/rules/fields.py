"""What is filled in of a project: required fields, plan type, location and plan id."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diwi_desktop.model.codelists import code_list
from diwi_desktop.model.codes import PlanStatus, PlanType
from diwi_desktop.model.notation import format_homes
from diwi_desktop.model.plan import Plan
from diwi_desktop.quality.rule import ERROR, HELP, WARNING, Context, Hit, plan_rule
from diwi_desktop.quality.rules.facts import status_of

# From how many homes an expansion counts as uitleg (functional reference 1.12, plan type).
EXPANSION_HOMES = 12
# IMRO identification (standards, section 6: STRI/IMRO schematron).
IMRO = re.compile(r"NL\.IMRO\.([0-9]{4})\.[A-Za-z0-9]{1,18}-[A-Za-z0-9]{4}")


@plan_rule(
    "field_missing", ERROR, "project.municipality",
    "Velden die de gemeente verplicht stelt, zijn ingevuld.",
    "Fields that the municipality requires are filled in.",
    "functional reference 2.1, P9 and P10",
)  # fmt: skip
def _field_missing(plan: Plan, context: Context) -> Iterator[Hit]:
    for field in context.catalogue.kind("project").fields:
        if field.expected and not field.disabled:
            value = plan.own.get(field.key.removeprefix("own:")) if field.own else getattr(plan, field.key)
            if value in (None, "", []):
                yield Hit(f"{field.nl} is niet ingevuld.", f"{field.en} is not filled in.", field=field.key)
    for field in context.catalogue.kind("houseblock").fields:
        if not (field.expected and field.own) or field.disabled:
            continue
        for block in plan.blocks:
            if block.own.get(field.key.removeprefix("own:")) in (None, "", []):
                yield Hit(
                    f"{field.nl} is niet ingevuld bij blok '{block.name}'.",
                    f"{field.en} is not filled in for block '{block.name}'.",
                    entity=block.id, kind="houseblock", field=field.key,
                )  # fmt: skip


@plan_rule(
    "plan_type_missing", WARNING, "project.plan_types",
    "Een project heeft een plantype.", "A project has a plan type.",
    "functional reference 4.2: provinces require exactly one",
)  # fmt: skip
def _plan_type_missing(plan: Plan, context: Context) -> Iterator[Hit]:
    if not plan.plan_types:
        yield Hit("Het plantype is niet gekozen.", "No plan type has been chosen.")


@plan_rule(
    "plan_type_several", WARNING, "project.plan_types",
    "Een project heeft niet meer dan één plantype.", "A project has one plan type at most.", HELP,
)  # fmt: skip
def _plan_type_several(plan: Plan, context: Context) -> Iterator[Hit]:
    if len(plan.plan_types) > 1:
        names = [code_list("plan_type").label(key) for key in plan.plan_types]
        english = [code_list("plan_type").label(key, "en") for key in plan.plan_types]
        yield Hit(
            f"Er zijn {len(names)} plantypen gekozen ({', '.join(names)}); kies het type dat het meest voorkomt.",
            f"{len(names)} plan types have been chosen ({', '.join(english)}); choose the dominant one.",
            "; ".join(names),
        )


@plan_rule(
    "expansion_too_small", WARNING, "project.plan_types",
    f"Uitbreiding uitleg telt ten minste {EXPANSION_HOMES} woningen.",
    f"Expansion on new land counts {EXPANSION_HOMES} homes at least.",
    "functional reference 1.12, plan type",
)  # fmt: skip
def _expansion_too_small(plan: Plan, context: Context) -> Iterator[Hit]:
    if PlanType.UITBREIDING_UITLEG in plan.plan_types and 0 < plan.built < EXPANSION_HOMES:
        yield Hit(
            f"Uitbreiding uitleg begint bij {EXPANSION_HOMES} woningen; dit plan bouwt {format_homes(plan.built)}.",
            f"Expansion on new land starts at {EXPANSION_HOMES} homes; "
            f"this plan builds {format_homes(plan.built, 'en')}.",
            plan.built,
        )  # fmt: skip


@plan_rule(
    "expansion_too_large", WARNING, "project.plan_types",
    f"Uitbreiding overig telt ten hoogste {EXPANSION_HOMES - 1} woningen.",
    f"Other expansion counts {EXPANSION_HOMES - 1} homes at most.",
    "functional reference 1.12, plan type",
)  # fmt: skip
def _expansion_too_large(plan: Plan, context: Context) -> Iterator[Hit]:
    if PlanType.UITBREIDING_OVERIG in plan.plan_types and plan.built >= EXPANSION_HOMES:
        yield Hit(
            f"Uitbreiding overig gaat tot {EXPANSION_HOMES - 1} woningen; dit plan bouwt {format_homes(plan.built)}.",
            f"Other expansion goes up to {EXPANSION_HOMES - 1} homes; "
            f"this plan builds {format_homes(plan.built, 'en')}.",
            plan.built,
        )  # fmt: skip


@plan_rule(
    "district_without_municipality", WARNING, "project.municipality",
    "Bij een wijk hoort een gemeente.", "A district comes with a municipality.",
    "functional reference 1.6 and 3.3",
)  # fmt: skip
def _district_without_municipality(plan: Plan, context: Context) -> Iterator[Hit]:
    if plan.districts and plan.municipality is None:
        yield Hit("Er is een wijk ingevuld, maar geen gemeente.", "A district is filled in, but no municipality.")


@plan_rule(
    "neighbourhood_without_district", WARNING, "project.districts",
    "Bij een buurt hoort een wijk.", "A neighbourhood comes with a district.",
    "functional reference 1.6 and 3.3",
)  # fmt: skip
def _neighbourhood_without_district(plan: Plan, context: Context) -> Iterator[Hit]:
    if plan.neighbourhoods and not plan.districts:
        yield Hit("Er is een buurt ingevuld, maar geen wijk.", "A neighbourhood is filled in, but no district.")


@plan_rule(
    "plan_id_form", WARNING, "project.plan_id",
    "Een IMRO-code heeft de vorm NL.IMRO.0999.BP00012-VG01.",
    "An IMRO code has the form NL.IMRO.0999.BP00012-VG01.",
    "standards, IMRO identification (STRI)",
)  # fmt: skip
def _plan_id_form(plan: Plan, context: Context) -> Iterator[Hit]:
    if plan.plan_id and plan.plan_id_kind == "IMRO" and IMRO.fullmatch(plan.plan_id) is None:
        yield Hit(
            f"'{plan.plan_id}' is geen geldige IMRO-code.", f"'{plan.plan_id}' is not a valid IMRO code.", plan.plan_id
        )


@plan_rule(
    "plan_id_municipality", WARNING, "project.plan_id",
    "De cijfers in een IMRO-code zijn die van de gemeente.",
    "The digits in an IMRO code are those of the municipality.",
    "standards, IMRO identification (STRI)",
)  # fmt: skip
def _plan_id_municipality(plan: Plan, context: Context) -> Iterator[Hit]:
    found = IMRO.fullmatch(plan.plan_id or "")
    code = context.municipality.code
    # 99xx is a province, which may make a plan on municipal ground.
    if found and found[1] != code and not found[1].startswith("99"):
        yield Hit(
            f"De IMRO-code {plan.plan_id} is van gemeente {found[1]}, niet van {context.municipality.name} ({code}).",
            f"The IMRO code {plan.plan_id} is of municipality {found[1]}, "
            f"not of {context.municipality.name} ({code}).",
            plan.plan_id,
        )  # fmt: skip


@plan_rule(
    "plan_id_missing", WARNING, "project.plan_id",
    "Een plan dat onherroepelijk is, heeft een plan-ID.", "A plan that is irrevocable has a plan id.", HELP,
)  # fmt: skip
def _plan_id_missing(plan: Plan, context: Context) -> Iterator[Hit]:
    status = status_of(plan, context)
    if not plan.plan_id and status in (PlanStatus.S1A, PlanStatus.S1B, PlanStatus.S1C):
        label, english = (code_list("plan_status").label(status, language) for language in ("nl", "en"))
        yield Hit(
            f"Het plan is {label[3:].lower()}, maar de plan-ID ontbreekt.",
            f"The plan is {english[3:].lower()}, but the plan id is missing.",
        )
