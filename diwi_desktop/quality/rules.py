"""Rules on a single plan that warn. What may not be stored at all is refused by `model.checks`.

A plan that has lapsed is left alone: nobody delivers it and nobody needs to mend it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from diwi_desktop.model.codelists import code_list
from diwi_desktop.model.codes import (
    MUNICIPAL_STATUSES,
    Confidentiality,
    MilestoneState,
    Mutation,
    Phase,
    PlanStatus,
    PlanType,
    ProjectStatus,
)
from diwi_desktop.model.derive import (
    is_hard,
    lane,
    live_deliveries,
    phase_on,
    phase_type,
    project_status,
    status_on,
)
from diwi_desktop.model.finding import Finding, Severity
from diwi_desktop.model.notation import format_date, format_euros, format_homes, format_number
from diwi_desktop.model.plan import Milestone, Plan, Range
from diwi_desktop.quality.rule import PLAN_RULES, Context, Hit, plan_rule

__all__ = ["Context", "findings"]

HELP = "help texts of the original (functional reference, appendix D)"
HOUSE = "own rule"

# From how many homes an expansion counts as uitleg (functional reference 1.12, plan type).
EXPANSION_HOMES = 12
# IMRO identification (standards, section 6: STRI/IMRO schematron).
IMRO = re.compile(r"NL\.IMRO\.([0-9]{4})\.[A-Za-z0-9]{1,18}-[A-Za-z0-9]{4}")
# Beyond these, a comma or a zero is more likely than such a home. Assumptions: no source gives bounds.
USUAL_PRICE = Range(5_000_000, 250_000_000)  # euro cents
USUAL_RENT = Range(15_000, 600_000)  # euro cents per month
USUAL_SIZE = Range(12.0, 500.0)  # m2 per home

WARNING, ERROR = Severity.WARNING, Severity.ERROR


def findings(plan: Plan, context: Context) -> list[Finding]:
    """What is wrong or doubtful in one plan, in the order of the rules."""
    if project_status(plan, context.moment.on) is ProjectStatus.TERMINATED:
        return []
    return [rule.finding(plan, hit) for rule, function in PLAN_RULES.items() for hit in function(plan, context)]


def step_nl(milestone: Milestone) -> str:
    return code_list("milestone_type").label(milestone.type)


def step_en(milestone: Milestone) -> str:
    return code_list("milestone_type").label(milestone.type, "en")


def _phase(plan: Plan, context: Context) -> Phase | None:
    return phase_on(plan.milestones, context.moment.on, context.moment.today)


def _status(plan: Plan, context: Context) -> PlanStatus | None:
    return status_on(plan.milestones, context.moment.on, context.moment.today)


def _live(plan: Plan) -> list[Milestone]:
    return [m for m in plan.milestones if m.state is not MilestoneState.ABORTED]


def _start_of(plan: Plan, phase: Phase) -> date | None:
    """The first day of a phase as far as it is known."""
    days = [m.date for m in _live(plan) if m.type == phase_type(phase)]
    return min(days) if days else None


# --- Fields ---------------------------------------------------------------------------------------


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
    status = _status(plan, context)
    if not plan.plan_id and status in (PlanStatus.S1A, PlanStatus.S1B, PlanStatus.S1C):
        label, english = (code_list("plan_status").label(status, language) for language in ("nl", "en"))
        yield Hit(
            f"Het plan is {label[3:].lower()}, maar de plan-ID ontbreekt.",
            f"The plan is {english[3:].lower()}, but the plan id is missing.",
        )


# --- Phase and plan status ------------------------------------------------------------------------


@plan_rule(
    "phase_missing", WARNING, "milestone.date",
    "Een lopend project heeft een fase.", "A running project has a phase.",
    "functional reference 2.1, P4",
)  # fmt: skip
def _phase_missing(plan: Plan, context: Context) -> Iterator[Hit]:
    if plan.start_date <= context.moment.on <= plan.end_date and _phase(plan, context) is None:
        yield Hit("Het project loopt, maar heeft nog geen fase.", "The project is running, but has no phase yet.")


@plan_rule(
    "plan_status_missing", WARNING, "milestone.date",
    "Een lopend project heeft een planologische planstatus.", "A running project has a planning status.",
    "functional reference 4.3: the province requires it",
)  # fmt: skip
def _plan_status_missing(plan: Plan, context: Context) -> Iterator[Hit]:
    if plan.start_date <= context.moment.on <= plan.end_date and _status(plan, context) is None:
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
            yield Hit(
                f"'{step_nl(later)}' op {format_date(later.date)} komt na '{step_nl(first)}' op "
                f"{format_date(first.date)}, maar hoort ervoor.",
                f"'{step_en(later)}' on {format_date(later.date)} comes after '{step_en(first)}' on "
                f"{format_date(first.date)}, but belongs before it.",
                later.date.isoformat(),
                entity=later.id,
            )


@plan_rule(
    "phase_without_hard_status", WARNING, "milestone.date",
    "Een project in realisatie of nazorg heeft een harde planstatus (1A, 1B, 2A of 2B).",
    "A project in realisation or aftercare has a hard planning status (1A, 1B, 2A or 2B).",
    "functional reference 1.12 and appendix D",
)  # fmt: skip
def _phase_without_hard_status(plan: Plan, context: Context) -> Iterator[Hit]:
    phase, status = _phase(plan, context), _status(plan, context)
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
    phase, status = _phase(plan, context), _status(plan, context)
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
    if is_hard(_status(plan, context)) and plan.confidentiality.rank < Confidentiality.EXTERNAL_GOVERNMENTAL.rank:
        yield Hit(
            f"Het plan is hard, maar de vertrouwelijkheid is "
            f"'{code_list('confidentiality').label(plan.confidentiality)}'.",
            f"The plan is hard, but its confidentiality is "
            f"'{code_list('confidentiality').label(plan.confidentiality, 'en')}'.",
            plan.confidentiality.value,
        )


# --- Milestones -----------------------------------------------------------------------------------


@plan_rule(
    "milestone_overdue", WARNING, "milestone.date",
    "Een mijlpaal waarvan de dag voorbij is, is gerealiseerd of verschoven.",
    "A milestone whose day has passed has been realised or moved.", HOUSE,
)  # fmt: skip
def _milestone_overdue(plan: Plan, context: Context) -> Iterator[Hit]:
    for m in _live(plan):
        if m.state is not MilestoneState.REALIZED and m.date < context.moment.today:
            late = (context.moment.today - m.date).days
            yield Hit(
                f"'{step_nl(m)}' stond gepland op {format_date(m.date)} en is {_days_nl(late)} te laat.",
                f"'{step_en(m)}' was planned on {format_date(m.date)} and is {_days_en(late)} late.",
                m.date.isoformat(),
                entity=m.id,
            )


def _days_nl(days: int) -> str:
    return f"{format_number(days)} {'dag' if days == 1 else 'dagen'}"


def _days_en(days: int) -> str:
    return f"{format_number(days)} {'day' if days == 1 else 'days'}"


@plan_rule(
    "milestone_realised_in_future", ERROR, "milestone.state",
    "Een gerealiseerde mijlpaal ligt niet in de toekomst.", "A realised milestone does not lie in the future.",
    "functional reference 11.3, 3",
)  # fmt: skip
def _milestone_realised_in_future(plan: Plan, context: Context) -> Iterator[Hit]:
    for m in plan.milestones:
        if m.state is MilestoneState.REALIZED and m.date > context.moment.today:
            yield Hit(
                f"'{step_nl(m)}' staat op gerealiseerd, maar {format_date(m.date)} moet nog komen.",
                f"'{step_en(m)}' is marked as realised, but {format_date(m.date)} is still to come.",
                m.date.isoformat(),
                entity=m.id,
            )


@plan_rule(
    "milestone_outside_project", WARNING, "milestone.date",
    "Mijlpalen liggen binnen de looptijd van het project.", "Milestones lie within the period of the project.",
    "functional reference 1.3",
)  # fmt: skip
def _milestone_outside_project(plan: Plan, context: Context) -> Iterator[Hit]:
    for m in _live(plan):
        if not plan.start_date <= m.date <= plan.end_date:
            yield Hit(
                f"'{step_nl(m)}' op {format_date(m.date)} ligt buiten de looptijd {_period_nl(plan)}.",
                f"'{step_en(m)}' on {format_date(m.date)} lies outside the project period {_period_en(plan)}.",
                m.date.isoformat(),
                entity=m.id,
            )


def _period_nl(plan: Plan) -> str:
    return f"({format_date(plan.start_date)} tot en met {format_date(plan.end_date)})"


def _period_en(plan: Plan) -> str:
    return f"({format_date(plan.start_date)} to {format_date(plan.end_date)})"


@plan_rule(
    "milestone_twice", WARNING, "milestone.type",
    "Elke mijlpaal komt één keer voor.", "Each milestone occurs once.", HOUSE,
)  # fmt: skip
def _milestone_twice(plan: Plan, context: Context) -> Iterator[Hit]:
    seen = Counter(m.type for m in _live(plan))
    for kind, times in seen.items():
        if times > 1:
            last = max((m for m in _live(plan) if m.type == kind), key=lambda m: m.date)
            yield Hit(
                f"'{step_nl(last)}' staat {times} keer in de planning.",
                f"'{step_en(last)}' is in the planning {times} times.",
                kind,
                entity=last.id,
            )


# --- Blocks and deliveries ------------------------------------------------------------------------


@plan_rule(
    "no_blocks", WARNING, "houseblock.name",
    "Een project heeft ten minste één woningblok.", "A project has one house block at least.",
    "functional reference 4.2: a project without blocks is not delivered",
)  # fmt: skip
def _no_blocks(plan: Plan, context: Context) -> Iterator[Hit]:
    if not plan.blocks:
        yield Hit("Het project heeft nog geen woningblok.", "The project has no house block yet.")


@plan_rule(
    "block_without_delivery", WARNING, "delivery.date",
    "Een woningblok heeft ten minste één oplevering.", "A house block has one delivery at least.",
    "functional reference 2.4, H1 (delivery date)",
)  # fmt: skip
def _block_without_delivery(plan: Plan, context: Context) -> Iterator[Hit]:
    for block in plan.blocks:
        if block.number and not live_deliveries(block):
            yield Hit(
                f"Blok '{block.name}' ({format_homes(block.number)}) heeft geen oplevering.",
                f"Block '{block.name}' ({format_homes(block.number, 'en')}) has no delivery.",
                block.number,
                entity=block.id,
                kind="houseblock",
                field="number",
            )


@plan_rule(
    "deliveries_below_number", WARNING, "delivery.number",
    "De opleveringen tellen op tot het aantal van het blok.",
    "The deliveries add up to the number of the block.", HOUSE,
)  # fmt: skip
def _deliveries_below_number(plan: Plan, context: Context) -> Iterator[Hit]:
    for block in plan.blocks:
        live = live_deliveries(block)
        total = sum(d.number for d in live)
        if live and total < block.number:
            yield Hit(
                f"Blok '{block.name}': {total} van de {format_homes(block.number)} hebben een oplevering.",
                f"Block '{block.name}': {total} of {format_homes(block.number, 'en')} have a delivery.",
                total,
                entity=live[-1].id,
            )


@plan_rule(
    "delivery_outside_project", WARNING, "delivery.date",
    "Opleveringen liggen binnen de looptijd van het project.",
    "Deliveries lie within the period of the project.", "functional reference 2.4, H3",
)  # fmt: skip
def _delivery_outside_project(plan: Plan, context: Context) -> Iterator[Hit]:
    for block in plan.blocks:
        for d in live_deliveries(block):
            if not plan.start_date <= d.date <= plan.end_date:
                yield Hit(
                    f"Blok '{block.name}': oplevering {format_date(d.date)} ligt buiten de looptijd "
                    f"{_period_nl(plan)}.",
                    f"Block '{block.name}': delivery {format_date(d.date)} lies outside the project period "
                    f"{_period_en(plan)}.",
                    d.date.isoformat(),
                    entity=d.id,
                )  # fmt: skip


@plan_rule(
    "delivery_before_realisation", WARNING, "delivery.date",
    "Nieuwe woningen worden niet opgeleverd voor de start van de realisatie.",
    "New homes are not delivered before the start of realisation.", HELP,
)  # fmt: skip
def _delivery_before_realisation(plan: Plan, context: Context) -> Iterator[Hit]:
    start = _start_of(plan, Phase.REALIZATION)
    if start is None:
        return
    for block in plan.blocks:
        for d in live_deliveries(block):
            if block.mutation is Mutation.CONSTRUCTION and d.date < start:
                yield Hit(
                    f"Blok '{block.name}': oplevering {format_date(d.date)} ligt voor de start van de realisatie "
                    f"({format_date(start)}).",
                    f"Block '{block.name}': delivery {format_date(d.date)} lies before the start of realisation "
                    f"({format_date(start)}).",
                    d.date.isoformat(),
                    entity=d.id,
                )


@plan_rule(
    "delivery_after_aftercare", WARNING, "delivery.date",
    "De nazorg begint na de laatste oplevering.", "Aftercare starts after the last delivery.", HELP,
)  # fmt: skip
def _delivery_after_aftercare(plan: Plan, context: Context) -> Iterator[Hit]:
    start = _start_of(plan, Phase.AFTERCARE)
    if start is None:
        return
    for block in plan.blocks:
        for d in live_deliveries(block):
            if d.date > start:
                yield Hit(
                    f"Blok '{block.name}': oplevering {format_date(d.date)} ligt na de start van de nazorg "
                    f"({format_date(start)}).",
                    f"Block '{block.name}': delivery {format_date(d.date)} lies after the start of aftercare "
                    f"({format_date(start)}).",
                    d.date.isoformat(),
                    entity=d.id,
                )


@plan_rule(
    "delivery_overdue", WARNING, "delivery.date",
    "Een oplevering waarvan de dag voorbij is, is gerealiseerd of verschoven.",
    "A delivery whose day has passed has been realised or moved.", HOUSE,
)  # fmt: skip
def _delivery_overdue(plan: Plan, context: Context) -> Iterator[Hit]:
    for block in plan.blocks:
        for d in live_deliveries(block):
            if d.state is not MilestoneState.REALIZED and d.date < context.moment.today:
                late = (context.moment.today - d.date).days
                yield Hit(
                    f"Blok '{block.name}': de oplevering van {format_date(d.date)} is {_days_nl(late)} te laat.",
                    f"Block '{block.name}': the delivery of {format_date(d.date)} is {_days_en(late)} late.",
                    d.date.isoformat(),
                    entity=d.id,
                )


@plan_rule(
    "delivery_realised_in_future", ERROR, "delivery.state",
    "Een gerealiseerde oplevering ligt niet in de toekomst.", "A realised delivery does not lie in the future.",
    "functional reference 11.3, 1",
)  # fmt: skip
def _delivery_realised_in_future(plan: Plan, context: Context) -> Iterator[Hit]:
    for block in plan.blocks:
        for d in block.deliveries:
            if d.state is MilestoneState.REALIZED and d.date > context.moment.today:
                yield Hit(
                    f"Blok '{block.name}': de oplevering van {format_date(d.date)} staat op gerealiseerd, "
                    "maar die dag moet nog komen.",
                    f"Block '{block.name}': the delivery of {format_date(d.date)} is marked as realised, "
                    "but that day is still to come.",
                    d.date.isoformat(),
                    entity=d.id,
                )


@plan_rule(
    "block_start_outside_project", WARNING, "houseblock.start_date",
    "Een woningblok begint binnen de looptijd van het project.",
    "A house block starts within the period of the project.", "functional reference 2.4, H3",
)  # fmt: skip
def _block_start_outside_project(plan: Plan, context: Context) -> Iterator[Hit]:
    for block in plan.blocks:
        start = block.start_date
        if start is not None and not plan.start_date <= start <= plan.end_date:
            yield Hit(
                f"Blok '{block.name}': opvoerdatum {format_date(start)} ligt buiten de looptijd {_period_nl(plan)}.",
                f"Block '{block.name}': entry date {format_date(start)} lies outside the project period "
                f"{_period_en(plan)}.",
                start.isoformat(),
                entity=block.id,
            )  # fmt: skip


@plan_rule(
    "unlikely_price", WARNING, "ownership.price",
    f"Een koopprijs ligt tussen € {format_euros(USUAL_PRICE.low)} en € {format_euros(USUAL_PRICE.high or 0)}, "
    f"een huur tussen € {format_euros(USUAL_RENT.low)} en € {format_euros(USUAL_RENT.high or 0)} per maand.",
    f"A purchase price lies between € {format_euros(USUAL_PRICE.low)} and € {format_euros(USUAL_PRICE.high or 0)}, "
    f"a rent between € {format_euros(USUAL_RENT.low)} and € {format_euros(USUAL_RENT.high or 0)} per month.",
    "assumption",
)  # fmt: skip
def _unlikely_price(plan: Plan, context: Context) -> Iterator[Hit]:
    kind = context.catalogue.kind("ownership")
    for block in plan.blocks:
        for row in block.ownerships:
            for key, usual in (("price", USUAL_PRICE), ("rent", USUAL_RENT)):
                amount: Range[int] | None = getattr(row, key)
                odd = None if amount is None else _outside(amount, usual)
                if odd is not None:
                    field, euros = kind.field(key), format_euros(int(odd))
                    yield Hit(
                        f"Blok '{block.name}': {field.nl.lower()} € {euros} is onwaarschijnlijk.",
                        f"Block '{block.name}': {field.en.lower()} € {euros} is unlikely.",
                        euros, entity=row.id, field=key,
                    )  # fmt: skip


def _outside(value: Range[int] | Range[float], usual: Range[int] | Range[float]) -> float | None:
    """The bound of a range that lies outside what is usual; None when both lie inside (0 as low bound is open)."""
    if value.low < usual.low and not (value.low == 0 and not value.single):
        return value.low
    high = value.low if value.high is None else value.high
    return high if usual.high is not None and high > usual.high else None


@plan_rule(
    "price_class_without_bounds", WARNING, "option.bounds",
    "Een prijscategorie die woningen heeft, heeft grenzen.", "A price class that has homes has bounds.",
    "functional reference 4.2: the province takes homes of a class without bounds as price unknown",
)  # fmt: skip
def _price_class_without_bounds(plan: Plan, context: Context) -> Iterator[Hit]:
    rows = [row for block in plan.blocks for row in block.ownerships if row.number]
    chosen: Counter[str] = Counter()
    for row in rows:
        chosen.update({option: row.number for option in (row.price_option, row.rent_option) if option})
    for key, homes in chosen.items():
        option = context.options.get(key)
        if option is not None and option.bounds is None:
            yield Hit(
                f"De prijscategorie '{option.name}' heeft geen grenzen; {format_homes(homes)} tellen als prijs "
                "onbekend.",
                f"The price class '{option.name}' has no bounds; {format_homes(homes, 'en')} count as price unknown.",
                option.name,
                entity=key,
            )


@plan_rule(
    "ownership_without_homes", WARNING, "ownership.number",
    "Een regel eigendom telt ten minste één woning.", "A row of ownership counts one home at least.",
    "functional reference 2.4, H14",
)  # fmt: skip
def _ownership_without_homes(plan: Plan, context: Context) -> Iterator[Hit]:
    types = code_list("ownership_type")
    for block in plan.blocks:
        for row in block.ownerships:
            if not row.number:
                yield Hit(
                    f"Blok '{block.name}': de regel {types.label(row.type)} telt geen woningen.",
                    f"Block '{block.name}': the row {types.label(row.type, 'en')} counts no homes.",
                    0,
                    entity=row.id,
                )


@plan_rule(
    "unlikely_size", WARNING, "houseblock.size",
    f"Een woning is {format_number(USUAL_SIZE.low)} tot {format_number(USUAL_SIZE.high or 0)} m² groot.",
    f"A home measures {format_number(USUAL_SIZE.low)} to {format_number(USUAL_SIZE.high or 0)} m².",
    "assumption",
)  # fmt: skip
def _unlikely_size(plan: Plan, context: Context) -> Iterator[Hit]:
    for block in plan.blocks:
        odd = None if block.size is None else _outside(block.size, USUAL_SIZE)
        if odd is not None:
            yield Hit(
                f"Blok '{block.name}': {format_number(odd)} m² per woning is onwaarschijnlijk.",
                f"Block '{block.name}': {format_number(odd)} m² per home is unlikely.",
                odd,
                entity=block.id,
            )


# --- Map ------------------------------------------------------------------------------------------


@plan_rule(
    "no_plan_area", WARNING, "plan_area.geometry",
    "Een project heeft een plangebied, behalve zolang de locatie niet bekend is (5B).",
    "A project has a plan area, except while its location is unknown (5B).",
    "functional reference 4.3: the province takes features with a geometry",
)  # fmt: skip
def _no_plan_area(plan: Plan, context: Context) -> Iterator[Hit]:
    if not plan.areas and _status(plan, context) is not PlanStatus.S5B:
        yield Hit(
            "Het plangebied is nog niet getekend op de kaart.",
            "The plan area has not been drawn on the map yet.",
        )
