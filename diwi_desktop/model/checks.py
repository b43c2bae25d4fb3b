"""Rules that refuse: what may never be in the store, on one project row, one block or one own field.

The store calls them when an act is kept; doubts that only warn live in `quality.rules`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any

from diwi_desktop.model.catalogue import Field, catalogue
from diwi_desktop.model.codelists import code_list
from diwi_desktop.model.codes import MilestoneState, OptionList, OwnershipType
from diwi_desktop.model.finding import Finding
from diwi_desktop.model.notation import format_date, format_homes, format_number
from diwi_desktop.model.plan import Block, Option, Ownership
from diwi_desktop.model.refusals import refusal

_SUMS = {"house_type": "houseblock_house_type_total", "ground_position": "houseblock_ground_position_total"}
_SHARE_LISTS = {
    OptionList.TARGET_GROUP: ("houseblock_target_group_total", "doelgroepen", "target groups"),
    OptionList.APPEARANCE: ("houseblock_appearance_total", "verschijningsvormen", "appearances"),
}


def _day(value: Any) -> date | None:
    """A date of a log row; None when absent or not a date (which the field itself refuses)."""
    try:
        return value if isinstance(value, date) else date.fromisoformat(value)
    except (TypeError, ValueError):
        return None


def check_project(values: Mapping[str, Any], entity: str) -> list[Finding]:
    """The refusals on a project row in log shape. Absent mandatory fields are refused elsewhere."""
    found = []
    name = values.get("name")
    if name is not None and not str(name).strip():
        found.append(
            refusal(
                "project_name_blank", "Geef het project een naam.", "Give the project a name.",
                entity=entity, value=name,
            )
        )  # fmt: skip
    start, end = _day(values.get("start_date")), _day(values.get("end_date"))
    if start is not None and end is not None and end <= start:
        found.append(
            refusal(
                "project_dates",
                f"De einddatum {format_date(end)} ligt niet na de startdatum {format_date(start)}.",
                f"The end date {format_date(end)} does not lie after the start date {format_date(start)}.",
                entity=entity,
                value=end.isoformat(),
            )
        )
    return found


def check_block(block: Block, options: Mapping[str, Option]) -> list[Finding]:
    """The refusals on one block with its deliveries, ownership rows and shares.

    `options` holds the municipality's options by id: a share counts for the list its option belongs to.
    """
    found = []
    if not block.name.strip():
        found.append(
            refusal(
                "houseblock_name_blank",
                "Geef het woningblok een naam.",
                "Give the house block a name.",
                entity=block.id,
                value=block.name,
            )
        )
    for row in block.ownerships:
        found += _prices(block, row)
    negatives = list(_negatives(block))
    return found + (negatives or list(_totals(block, options)))  # sums with negative parts say nothing


@cache
def counts_of_homes() -> tuple[Field, ...]:
    """The fields of a block that hold a number of homes."""
    fields = catalogue().kind("houseblock").fields
    return tuple(f for f in fields if f.key == "number" or f.sum or f.section == "special")


def _totals(block: Block, options: Mapping[str, Option]) -> Iterator[Finding]:
    """More homes in a division than the block has; points at the last row or field that has any."""
    for group, code in _SUMS.items():
        filled = [f for f in counts_of_homes() if f.sum == group and getattr(block, f.key)]
        total = sum(getattr(block, f.key) for f in filled)
        if total > block.number:
            nl = " en ".join(f.nl.lower() for f in filled)
            en = " and ".join(f.en.lower() for f in filled)
            yield _too_many(block, code, nl, en, total, block.id, filled[-1].key)
    for field in counts_of_homes():
        number = getattr(block, field.key) or 0 if field.section == "special" else 0
        if number > block.number:
            nl, en = field.nl.lower(), field.en.lower()
            yield _too_many(block, "houseblock_special_total", nl, en, number, block.id, field.key)
    owned = [(o.id, o.number) for o in block.ownerships]
    divisions = [("houseblock_ownership_total", "eigendom en waarde", "ownership", owned)]
    for name, (code, nl, en) in _SHARE_LISTS.items():
        rows = [(s.id, s.number) for s in block.shares if s.option in options and options[s.option].list == name]
        divisions.append((code, nl, en, rows))
    live = [(d.id, d.number) for d in block.deliveries if d.state is not MilestoneState.ABORTED]
    divisions.append(("houseblock_delivery_total", "opleveringen", "deliveries", live))
    for code, nl, en, rows in divisions:
        total = sum(number for _, number in rows)
        if total > block.number:
            yield _too_many(block, code, nl, en, total, rows[-1][0])


def _too_many(block: Block, code: str, nl: str, en: str, total: int, entity: str, field: str = "") -> Finding:
    homes_nl, homes_en = format_homes(total), format_homes(total, "en")
    return refusal(
        code,
        f"Blok '{block.name}': {nl} samen {homes_nl}, meer dan de {block.number} van het blok.",
        f"Block '{block.name}': {en} together {homes_en}, more than the {block.number} of the block.",
        entity=entity,
        value=total,
        field=field,
    )


def _numbers(block: Block) -> Iterable[tuple[str, str, str, int | None]]:
    """(kind, entity, field, number) of every count in the block."""
    for field in counts_of_homes():
        yield "houseblock", block.id, field.key, getattr(block, field.key)
    for delivery in block.deliveries:
        yield "delivery", delivery.id, "number", delivery.number
    for row in block.ownerships:
        yield "ownership", row.id, "number", row.number
    for share in block.shares:
        yield "share", share.id, "number", share.number


def _negatives(block: Block) -> Iterator[Finding]:
    for kind, entity, field, number in _numbers(block):
        if number is not None and number < 0:
            yield refusal(
                "houseblock_negative_number",
                f"Blok '{block.name}': een aantal kan niet negatief zijn ({format_number(number)}).",
                f"Block '{block.name}': a number cannot be negative ({format_number(number)}).",
                entity=entity,
                value=number,
                kind=kind,
                field=field,
            )


def _prices(block: Block, row: Ownership) -> Iterator[Finding]:
    """H8: one way of pricing at most, and of the row's own type. No price at all means: price unknown."""
    filled = [key for key in ("price", "price_option", "rent", "rent_option") if getattr(row, key) is not None]
    rented = row.type is not OwnershipType.BUY
    if len(filled) < 2 and all(key.startswith("rent") == rented for key in filled):
        return
    kind = catalogue().kind("ownership")
    label = code_list("ownership_type").label(row.type)
    label_en = code_list("ownership_type").label(row.type, "en")
    if len(filled) > 1:
        nl = " en ".join(kind.field(key).nl.lower() for key in filled)
        en = " and ".join(kind.field(key).en.lower() for key in filled)
        yield refusal(
            "ownership_two_prices",
            f"Blok '{block.name}', {label}: kies één van {nl}.",
            f"Block '{block.name}', {label_en}: choose one of {en}.",
            entity=row.id,
            value=len(filled),
            field=filled[-1],
        )
    for key in filled:
        if key.startswith("rent") != rented:
            field = kind.field(key)
            yield refusal(
                "ownership_price_of_other_type",
                f"Blok '{block.name}': een {label.lower()} heeft geen {field.nl.lower()}.",
                f"Block '{block.name}': {field.en.lower()} does not belong to {label_en.lower()}.",
                entity=row.id,
                value=label,
                field=key,
            )


def check_own_field(values: Mapping[str, Any], entity: str) -> list[Finding]:
    """The refusals on the definition of an own field, in log shape."""
    found = []
    low, high, pattern = values.get("minimum"), values.get("maximum"), values.get("pattern")
    if low is not None and high is not None and low > high:
        found.append(
            refusal(
                "own_field_limits",
                f"De laagste waarde {format_number(low)} is hoger dan de hoogste {format_number(high)}.",
                f"The lowest value {format_number(low)} exceeds the highest {format_number(high)}.",
                entity=entity,
                value=low,
            )
        )
    try:
        re.compile(pattern or "")
    except (re.error, OverflowError, RecursionError):
        found.append(
            refusal(
                "own_field_pattern",
                f"Het patroon '{pattern}' is geen geldige reguliere expressie.",
                f"The pattern '{pattern}' is not a valid regular expression.",
                entity=entity,
                value=pattern,
            )
        )
    return found
