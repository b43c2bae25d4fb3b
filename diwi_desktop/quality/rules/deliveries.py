"""House blocks and when they are delivered."""

from __future__ import annotations

from collections.abc import Iterator

from diwi_desktop.model.codes import Mutation, Phase
from diwi_desktop.model.derive import live_deliveries
from diwi_desktop.model.notation import format_date, format_homes
from diwi_desktop.model.plan import Plan
from diwi_desktop.quality.rule import ERROR, HELP, HOUSE, WARNING, Context, Hit, plan_rule
from diwi_desktop.quality.rules.facts import dated_hit, deliveries_of, in_period, late, start_of, too_early
from diwi_desktop.quality.rules.words import days_en, days_nl, period_en, period_nl


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
    for block, d in deliveries_of(plan):
        if not in_period(plan, d.date):
            yield dated_hit(
                d,
                f"Blok '{block.name}': oplevering {format_date(d.date)} ligt buiten de looptijd {period_nl(plan)}.",
                f"Block '{block.name}': delivery {format_date(d.date)} lies outside the project period "
                f"{period_en(plan)}.",
            )


@plan_rule(
    "delivery_before_realisation", WARNING, "delivery.date",
    "Nieuwe woningen worden niet opgeleverd voor de start van de realisatie.",
    "New homes are not delivered before the start of realisation.", HELP,
)  # fmt: skip
def _delivery_before_realisation(plan: Plan, context: Context) -> Iterator[Hit]:
    start = start_of(plan, Phase.REALIZATION)
    if start is None:
        return
    for block, d in deliveries_of(plan):
        if block.mutation is Mutation.CONSTRUCTION and d.date < start:
            yield dated_hit(
                d,
                f"Blok '{block.name}': oplevering {format_date(d.date)} ligt voor de start van de realisatie "
                f"({format_date(start)}).",
                f"Block '{block.name}': delivery {format_date(d.date)} lies before the start of realisation "
                f"({format_date(start)}).",
            )


@plan_rule(
    "delivery_after_aftercare", WARNING, "delivery.date",
    "De nazorg begint na de laatste oplevering.", "Aftercare starts after the last delivery.", HELP,
)  # fmt: skip
def _delivery_after_aftercare(plan: Plan, context: Context) -> Iterator[Hit]:
    start = start_of(plan, Phase.AFTERCARE)
    if start is None:
        return
    for block, d in deliveries_of(plan):
        if d.date > start:
            yield dated_hit(
                d,
                f"Blok '{block.name}': oplevering {format_date(d.date)} ligt na de start van de nazorg "
                f"({format_date(start)}).",
                f"Block '{block.name}': delivery {format_date(d.date)} lies after the start of aftercare "
                f"({format_date(start)}).",
            )


@plan_rule(
    "delivery_overdue", WARNING, "delivery.date",
    "Een oplevering waarvan de dag voorbij is, is gerealiseerd of verschoven.",
    "A delivery whose day has passed has been realised or moved.", HOUSE,
)  # fmt: skip
def _delivery_overdue(plan: Plan, context: Context) -> Iterator[Hit]:
    for block, d in deliveries_of(plan):
        if days := late(d, context):
            yield dated_hit(
                d,
                f"Blok '{block.name}': de oplevering van {format_date(d.date)} is {days_nl(days)} te laat.",
                f"Block '{block.name}': the delivery of {format_date(d.date)} is {days_en(days)} late.",
            )


@plan_rule(
    "delivery_realised_in_future", ERROR, "delivery.state",
    "Een gerealiseerde oplevering ligt niet in de toekomst.", "A realised delivery does not lie in the future.",
    "functional reference 11.3, 1",
)  # fmt: skip
def _delivery_realised_in_future(plan: Plan, context: Context) -> Iterator[Hit]:
    for block in plan.blocks:
        for d in block.deliveries:
            if too_early(d, context):
                yield dated_hit(
                    d,
                    f"Blok '{block.name}': de oplevering van {format_date(d.date)} staat op gerealiseerd, "
                    "maar die dag moet nog komen.",
                    f"Block '{block.name}': the delivery of {format_date(d.date)} is marked as realised, "
                    "but that day is still to come.",
                )


@plan_rule(
    "block_start_outside_project", WARNING, "houseblock.start_date",
    "Een woningblok begint binnen de looptijd van het project.",
    "A house block starts within the period of the project.", "functional reference 2.4, H3",
)  # fmt: skip
def _block_start_outside_project(plan: Plan, context: Context) -> Iterator[Hit]:
    for block in plan.blocks:
        start = block.start_date
        if start is not None and not in_period(plan, start):
            yield Hit(
                f"Blok '{block.name}': opvoerdatum {format_date(start)} ligt buiten de looptijd {period_nl(plan)}.",
                f"Block '{block.name}': entry date {format_date(start)} lies outside the project period "
                f"{period_en(plan)}.",
                start.isoformat(),
                entity=block.id,
            )  # fmt: skip
