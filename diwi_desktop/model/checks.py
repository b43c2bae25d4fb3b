"""Rules that refuse: what may never be in the store, on one project row or one block.

The store calls them when an act is kept; doubts that only warn live in `quality.rules`. The numbers P1, P2,
H1, H4, H6, H8 and H11 are those of the functional reference (2.1 and 2.4); its gaps are closed here.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from diwi_desktop.model.catalogue import Field, catalogue
from diwi_desktop.model.codelists import code_list
from diwi_desktop.model.codes import MilestoneState, OptionList, OwnershipType
from diwi_desktop.model.finding import Finding, Severity
from diwi_desktop.model.notation import format_date, format_homes, format_number
from diwi_desktop.model.plan import Block, Option, Ownership


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refusing rule, for the table of codes in docs/rules.md."""

    code: str
    kind: str
    field: str
    nl: str
    en: str
    source: str


REFUSALS = (
    Refusal(
        "project_dates",
        "project",
        "end_date",
        "De einddatum ligt na de startdatum.",
        "The end date lies after the start date.",
        "functional reference 2.1, P1",
    ),
    Refusal(
        "project_name_blank",
        "project",
        "name",
        "De projectnaam is niet leeg.",
        "The project name is not blank.",
        "functional reference 2.1, P2",
    ),
    Refusal(
        "houseblock_name_blank",
        "houseblock",
        "name",
        "De naam van een woningblok is niet leeg.",
        "The name of a house block is not blank.",
        "functional reference 2.4, H1",
    ),
    Refusal(
        "houseblock_negative_number",
        "houseblock",
        "number",
        "Een aantal is niet negatief.",
        "A number is not negative.",
        "functional reference 2.4, H4",
    ),
    Refusal(
        "houseblock_ownership_total",
        "ownership",
        "number",
        "De aantallen bij eigendom en waarde zijn samen niet meer dan het aantal van het blok.",
        "The numbers by ownership together do not exceed the number of the block.",
        "functional reference 2.4, H6",
    ),
    Refusal(
        "houseblock_target_group_total",
        "share",
        "number",
        "De aantallen per doelgroep zijn samen niet meer dan het aantal van het blok.",
        "The numbers by target group together do not exceed the number of the block.",
        "functional reference 2.4, H11",
    ),
    Refusal(
        "houseblock_appearance_total",
        "share",
        "number",
        "De aantallen per verschijningsvorm zijn samen niet meer dan het aantal van het blok.",
        "The numbers by appearance together do not exceed the number of the block.",
        "functional reference 2.4, H11",
    ),
    Refusal(
        "houseblock_house_type_total",
        "houseblock",
        "single_family",
        "Eengezins- en meergezinswoningen zijn samen niet meer dan het aantal van het blok.",
        "Single-family and multi-family homes together do not exceed the number of the block.",
        "functional reference 2.4, H11",
    ),
    Refusal(
        "houseblock_ground_position_total",
        "houseblock",
        "ground_formal",
        "De aantallen per grondpositie zijn samen niet meer dan het aantal van het blok.",
        "The numbers by land position together do not exceed the number of the block.",
        "functional reference 2.4, H11",
    ),
    Refusal(
        "houseblock_special_total",
        "houseblock",
        "temporary",
        "Elk aantal bijzondere woningen is niet meer dan het aantal van het blok.",
        "Each number of special homes does not exceed the number of the block.",
        "as H11",
    ),
    Refusal(
        "houseblock_delivery_total",
        "delivery",
        "number",
        "De opleveringen zijn samen niet meer dan het aantal van het blok.",
        "The deliveries together do not exceed the number of the block.",
        "as H11",
    ),
    Refusal(
        "ownership_two_prices",
        "ownership",
        "price",
        "Een regel eigendom heeft hoogstens één koopprijs, huurbedrag of prijscategorie.",
        "A row of ownership has one purchase price, rent or price class at most.",
        "functional reference 2.4, H8",
    ),
    Refusal(
        "ownership_price_of_other_type",
        "ownership",
        "price",
        "Een koopwoning heeft geen huur en een huurwoning geen koopprijs.",
        "An owner-occupied home has no rent and a rented home no purchase price.",
        "functional reference 2.4, H8",
    ),
    Refusal(
        "project_parent_loop",
        "project",
        "parent",
        "Een project valt niet onder zichzelf.",
        "A project does not fall under itself.",
        "own rule: sub-plans form a tree",
    ),
    Refusal(
        "project_has_sub_plans",
        "project",
        "parent",
        "Een moederplan wordt niet verwijderd zolang er deelplannen onder vallen.",
        "A mother plan is not deleted while sub-plans fall under it.",
        "own rule: a sub-plan falls under a plan that exists",
    ),
    Refusal(
        "duplicate_name",
        "option",
        "name",
        "Een naam komt in een lijst of bij de eigen velden één keer voor, een e-mailadres ook.",
        "A name occurs once in a list or among the own fields, and so does an e-mail address.",
        "functional reference 2.6 and 2.8",
    ),
    Refusal(
        "option_without_level",
        "option",
        "level",
        "Een keuze van een gerangschikte lijst heeft een rang.",
        "An option of a ranked list has a level.",
        "functional reference 2.6",
    ),
    Refusal(
        "switched_off",
        "own_field",
        "disabled",
        "Een uitgezet veld krijgt geen nieuwe waarde en een uitgezette keuze wordt niet opnieuw gekozen.",
        "A field that is switched off gets no new value and an option that is switched off is not chosen anew.",
        "functional reference 2.3",
    ),
    Refusal(
        "own_field_limits",
        "own_field",
        "minimum",
        "De laagste waarde van een eigen veld is niet hoger dan de hoogste.",
        "The lowest value of an own field does not exceed the highest.",
        "functional reference 2.6",
    ),
    Refusal(
        "own_field_pattern",
        "own_field",
        "pattern",
        "Het patroon van een eigen veld is een geldige reguliere expressie.",
        "The pattern of an own field is a valid regular expression.",
        "own rule: a pattern that cannot be read would make the field unusable",
    ),
)

REFUSAL_CODES = {refusal.code: refusal for refusal in REFUSALS}

_NAMED = 5  # sub-plans that a sentence names
_SUMS = {"house_type": "houseblock_house_type_total", "ground_position": "houseblock_ground_position_total"}
_SHARE_LISTS = {
    OptionList.TARGET_GROUP: ("houseblock_target_group_total", "doelgroepen", "target groups"),
    OptionList.APPEARANCE: ("houseblock_appearance_total", "verschijningsvormen", "appearances"),
}


def _refusal(code: str, nl: str, en: str, *, entity: str, value: Any, kind: str = "", field: str = "") -> Finding:
    rule = REFUSAL_CODES[code]
    return Finding(
        code=code,
        severity=Severity.REFUSAL,
        nl=nl,
        en=en,
        kind=kind or rule.kind,
        entity=entity,
        field=field or rule.field,
        value=value,
        source=rule.source,
    )


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
            _refusal("project_name_blank", "Geef het project een naam.", "Give the project a name.",
                     entity=entity, value=name)
        )  # fmt: skip
    start, end = _day(values.get("start_date")), _day(values.get("end_date"))
    if start is not None and end is not None and end <= start:
        found.append(
            _refusal(
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
            _refusal(
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


def surely_sound(
    values: Mapping[str, Any], parts: Iterable[tuple[str, str, Mapping[str, Any]]], lists: Mapping[str, str]
) -> bool:
    """A quick yes for a block in log shape with its parts (kind, id, values); False: let `check_block` tell.

    For an import of thousands, nearly all of them sound. `lists` has the list of each option.
    """
    number = values.get("number", 0)
    if number < 0 or not values.get("name", "").strip():
        return False
    totals: dict[str, int] = {}
    for key, group in _count_groups():
        count = values.get(key)
        if count is not None:
            if count < 0:
                return False
            totals[group] = totals.get(group, 0) + count
    for kind, _, part in parts:
        count = part["number"]
        if kind == "share":
            kind = lists.get(part["option"], kind)
        elif kind == "delivery":
            if part["state"] == MilestoneState.ABORTED:
                kind = "none"
        elif not _price_fits(part):
            return False
        if count < 0:
            return False
        totals[kind] = totals.get(kind, 0) + count
    totals.pop("none", None)
    return all(total <= number for total in totals.values())


def _price_fits(part: Mapping[str, Any]) -> bool:
    """Whether an ownership row in log shape has one price at most, and of its own type."""
    bought = (part.get("price") is not None) + (part.get("price_option") is not None)
    rented = (part.get("rent") is not None) + (part.get("rent_option") is not None)
    return bought + rented < 2 and not (rented if part["type"] == OwnershipType.BUY else bought)


Columns = Mapping[str, Sequence[Any]]


def surely_all_sound(
    blocks: Iterable[tuple[Sequence[str], Columns]], parts: Iterable[tuple[str, Columns]], lists: Mapping[str, str]
) -> bool:
    """`surely_sound` of many blocks at once: ids and values of blocks, and all their parts by kind, in columns.

    Values are in log shape. False says no more than that one of them is in doubt.
    """
    homes: dict[str, int] = {}
    totals: dict[str, dict[str, int]] = defaultdict(dict)
    for ids, columns in blocks:
        homes.update(zip(ids, columns["number"], strict=True))
        if not all(name.strip() for name in set(columns["name"])):
            return False
        for key, group in _count_groups():
            if not _tallied(totals[group], ids, columns.get(key, ())):
                return False
    for kind, columns in parts:
        above, numbers = columns["houseblock_id"], columns["number"]
        if kind == "share":
            groups = [lists.get(option, kind) for option in columns["option"]]
        elif kind == "delivery":
            aborted = {MilestoneState.ABORTED: "none"}
            groups = [aborted.get(state, kind) for state in columns["state"]]
        elif _prices_fit(columns):
            groups = [kind] * len(above)
        else:
            return False
        if min(numbers, default=0) < 0:
            return False
        for block, count, group in zip(above, numbers, groups, strict=True):
            total = totals[group]
            total[block] = total.get(block, 0) + count
    totals.pop("none", None)
    return all(total <= homes.get(block, -1) for group in totals.values() for block, total in group.items())


def _tallied(total: dict[str, int], ids: Sequence[str], counts: Sequence[int | None]) -> bool:
    """Add counts to the total of their block; False where one is negative."""
    for block, count in zip(ids, counts, strict=False):
        if count:
            if count < 0:
                return False
            total[block] = total.get(block, 0) + count
    return True


def _prices_fit(columns: Columns) -> bool:
    """Whether all ownership rows have one price at most, and of their own type."""
    keys = ("type", "price", "price_option", "rent", "rent_option")
    nothing = [None] * len(columns["type"])
    kinds = {
        (kind, price is None, price_option is None, rent is None, rent_option is None)
        for kind, price, price_option, rent, rent_option in zip(*(columns.get(k, nothing) for k in keys), strict=True)
    }
    return all(
        _price_fits({"type": kind[0]} | {key: 0 for key, none in zip(keys[1:], kind[1:], strict=True) if not none})
        for kind in kinds
    )


@cache
def _count_groups() -> tuple[tuple[str, str], ...]:
    """The counts of a block with what they are added up to; one that stands alone is its own sum."""
    return tuple((f.key, f.sum or f.key) for f in _counts())


@cache
def _counts() -> tuple[Field, ...]:
    """The fields of a block that hold a number of homes."""
    fields = catalogue().kind("houseblock").fields
    return tuple(f for f in fields if f.key == "number" or f.sum or f.section == "special")


def _totals(block: Block, options: Mapping[str, Option]) -> Iterator[Finding]:
    """More homes in a division than the block has; points at the last row or field that has any."""
    for group, code in _SUMS.items():
        filled = [f for f in _counts() if f.sum == group and getattr(block, f.key)]
        total = sum(getattr(block, f.key) for f in filled)
        if total > block.number:
            nl = " en ".join(f.nl.lower() for f in filled)
            en = " and ".join(f.en.lower() for f in filled)
            yield _too_many(block, code, nl, en, total, block.id, filled[-1].key)
    for field in _counts():
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
    return _refusal(
        code,
        f"Blok '{block.name}': {nl} samen {homes_nl}, meer dan de {block.number} van het blok.",
        f"Block '{block.name}': {en} together {homes_en}, more than the {block.number} of the block.",
        entity=entity,
        value=total,
        field=field,
    )


def _numbers(block: Block) -> Iterable[tuple[str, str, str, int | None]]:
    """(kind, entity, field, number) of every count in the block."""
    for field in _counts():
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
            yield _refusal(
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
        yield _refusal(
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
            yield _refusal(
                "ownership_price_of_other_type",
                f"Blok '{block.name}': een {label.lower()} heeft geen {field.nl.lower()}.",
                f"Block '{block.name}': {field.en.lower()} does not belong to {label_en.lower()}.",
                entity=row.id,
                value=label,
                field=key,
            )


def loop_refusal(entity: str, name: str) -> Finding:
    """A project that would fall under itself, straight or by way of its sub-plans."""
    return _refusal(
        "project_parent_loop",
        f"'{name}' kan niet onder zichzelf of een van zijn deelplannen vallen.",
        f"'{name}' cannot fall under itself or one of its sub-plans.",
        entity=entity,
        value=name,
    )


def mother_refusal(entity: str, name: str, sub_plans: Sequence[str], unseen: int = 0) -> Finding:
    """A mother plan that would be gone while its sub-plans (their codes and names) are there.

    `unseen`: how many more there are that who asks may not see.
    """
    if not sub_plans:
        nl = f"'{name}' heeft deelplannen die u niet ziet; vraag een hoofdgebruiker ze los te maken."
        en = f"'{name}' has sub-plans that you do not see; ask a main user to release them."
    else:
        shown = ", ".join(sub_plans[:_NAMED])
        more = len(sub_plans) - _NAMED + unseen
        nl = f"'{name}' heeft deelplannen: {shown}{f' en nog {more}' if more > 0 else ''}."
        en = f"'{name}' has sub-plans: {shown}{f' and {more} more' if more > 0 else ''}."
        nl, en = f"{nl} Maak ze los of verwijder ze mee.", f"{en} Release them or delete them too."
    return _refusal("project_has_sub_plans", nl, en, entity=entity, value=len(sub_plans) + unseen)


def orphan_refusal(entity: str, name: str, mother: str) -> Finding:
    """A sub-plan that would come back while its mother plan is deleted."""
    return _refusal(
        "project_has_sub_plans",
        f"'{name}' valt onder '{mother}', en dat plan is verwijderd.",
        f"'{name}' falls under '{mother}', and that plan has been deleted.",
        entity=entity,
        value=mother,
    )


def level_refusal(entity: str, name: str) -> Finding:
    """An option of a ranked list without a place in it."""
    return _refusal(
        "option_without_level",
        f"Geef de keuze '{name}' een rang: de lijst is gerangschikt.",
        f"Give the option '{name}' a level: its list is ranked.",
        entity=entity,
        value=name,
    )


def field_off_refusal(field: Field, entity: str, value: Any) -> Finding:
    """A new value for an own field that is switched off."""
    return _refusal(
        "switched_off",
        f"Het veld '{field.nl}' is uitgezet en krijgt geen nieuwe waarden.",
        f"The field '{field.en}' is switched off and gets no new values.",
        entity=entity,
        value=value,
        kind=field.kind,
        field=field.key,
    )


def option_off_refusal(field: Field, entity: str, option: str, name: str) -> Finding:
    """A choice of an option (id and name) that is switched off."""
    return _refusal(
        "switched_off",
        f"{field.nl}: de keuze '{name}' is uitgezet.",
        f"{field.en}: the option '{name}' is switched off.",
        entity=entity,
        value=option,
        kind=field.kind,
        field=field.key,
    )


def duplicate_refusal(kind: str, field: str, entity: str, value: str) -> Finding:
    """A name or address that another entity has already."""
    return _refusal(
        "duplicate_name",
        f"'{value}' bestaat al; kies een andere naam.",
        f"'{value}' exists already; choose another name.",
        entity=entity,
        value=value,
        kind=kind,
        field=field,
    )


def check_own_field(values: Mapping[str, Any], entity: str) -> list[Finding]:
    """The refusals on the definition of an own field, in log shape."""
    found = []
    low, high, pattern = values.get("minimum"), values.get("maximum"), values.get("pattern")
    if low is not None and high is not None and low > high:
        found.append(
            _refusal(
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
            _refusal(
                "own_field_pattern",
                f"Het patroon '{pattern}' is geen geldige reguliere expressie.",
                f"The pattern '{pattern}' is not a valid regular expression.",
                entity=entity,
                value=pattern,
            )
        )
    return found
