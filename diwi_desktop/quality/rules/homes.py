"""The homes of a block: price, rent, ownership and size."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from diwi_desktop.model.codelists import code_list
from diwi_desktop.model.notation import format_euros, format_homes, format_number
from diwi_desktop.model.plan import Plan, Range
from diwi_desktop.quality.rule import WARNING, Context, Hit, plan_rule

# Beyond these, a comma or a zero is more likely than such a home. Assumptions: no source gives bounds.
USUAL_PRICE = Range(5_000_000, 250_000_000)  # euro cents
USUAL_RENT = Range(15_000, 600_000)  # euro cents per month
USUAL_SIZE = Range(12.0, 500.0)  # m2 per home


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
