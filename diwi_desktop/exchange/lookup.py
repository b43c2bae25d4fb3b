"""Texts of an import file looked up in the register: options, own fields, people. What is missing tells its remedy."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any

from diwi_desktop.exchange import cells, hints
from diwi_desktop.exchange.amounts import BadAmount, money_range, number_range
from diwi_desktop.exchange.messages import BadInput, shown
from diwi_desktop.exchange.register import Register, key_of, split_level
from diwi_desktop.model.catalogue import OwnField, catalogue
from diwi_desktop.model.codes import OptionList, OwnershipType, OwnFieldType
from diwi_desktop.model.values import BadValue, to_log


def price_list_of(kind: OwnershipType) -> OptionList:
    """The list of price classes of an ownership type."""
    return OptionList.PRICE_BUY if kind is OwnershipType.BUY else OptionList.PRICE_RENT


def missing_price_class(kind: OwnershipType, name: str) -> BadInput:
    """The finding for a price class that is not in the list, with what would add it."""
    price_list = price_list_of(kind)
    word = "buy" if price_list is OptionList.PRICE_BUY else "rent"
    fix: dict[str, Any] = {"create": "option", "list": price_list.value, "name": name}
    try:
        fix["bounds"] = list(money_range(name))
    except BadAmount:
        fix["bounds"] = None
    return BadInput(f"unknown_price_{word}_range_category", name, fix=fix)


def missing_option(register: Register, list_name: str, text: str, *, ranked: bool = False) -> BadInput:
    """The finding for an option that is not in its list, with what would add it."""
    nl, en = register.list_labels(list_name)
    level, name = split_level(text) if ranked else (None, text)
    fix = {"create": "option", "list": str(list_name), "name": name, "level": level}
    hint_nl, hint_en = hints.of_names(text, register.option_names(list_name))
    return BadInput("unknown_property_value", text, fix=fix, list_nl=nl, list_en=en, hint_nl=hint_nl, hint_en=hint_en)


# Texts are a choice when few of them return time and again: "Gemeente", "Corporatie", "Ontwikkelaar".
_MOST_CHOICES = 8
_LEAST_REPEATS = 2
_LONGEST_CHOICE = 60  # characters


def guess_type(values: list[Any]) -> OwnFieldType:
    """What type a new own field probably has, by the values of its column."""
    if values and all(isinstance(v, bool) for v in values):
        return OwnFieldType.BOOLEAN
    if values and all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in values):
        return OwnFieldType.NUMERIC
    ranks = values and all(isinstance(v, str) and split_level(v)[0] is not None for v in values)
    if ranks and ambiguous_rank(values) is None:
        return OwnFieldType.ORDINAL
    if values and all(isinstance(v, str) and len(v) <= _LONGEST_CHOICE for v in values):
        different = {v.strip().casefold() for v in values}
        if len(different) <= _MOST_CHOICES and len(values) >= _LEAST_REPEATS * len(different):
            return OwnFieldType.CATEGORY
    return OwnFieldType.TEXT


def missing_field(
    code: str, kind: str, name: str, values: Sequence[cells.Cell], only: OwnFieldType | None = None
) -> BadInput:
    """The finding for an own field that is not there, with what would make it.

    `values` are all that the file has for it, each as it will be read; `only` is the one type its place allows.
    """
    texts = _texts(values)
    if only is None:
        unfit = {each.value: shown(value) for each in OwnFieldType for value in _misfit(each, values, texts)}
    else:
        unfit = {other.value: "" for other in OwnFieldType if other is not only}
    guess = only or guess_type(list(values))
    fix = {
        "create": "own_field",
        "object": kind,
        "name": name,
        "type_guess": (OwnFieldType.TEXT if guess.value in unfit else guess).value,
        "options": sorted(texts),
        "unfit": unfit,
    }
    return BadInput(code, name, fix=fix)


def _texts(values: Iterable[cells.Cell]) -> dict[str, None]:
    """Each different value as text; what cannot be text fits no type, so it tells nothing about the field."""
    found: dict[str, None] = {}
    for value in values:
        with suppress(BadInput):
            found.setdefault(cells.loose_text(value))
    return found


def _misfit(kind: OwnFieldType, values: Iterable[cells.Cell], texts: Iterable[str]) -> list[cells.Cell]:
    """The first value that a field of this type would refuse, if any."""
    if kind is OwnFieldType.ORDINAL:
        found = ambiguous_rank(texts)
        return [] if found is None else [found]
    read = {OwnFieldType.BOOLEAN: cells.truth, OwnFieldType.NUMERIC: _numeric}.get(kind)
    if read is None:
        return []
    for value in values:
        try:
            cells.loose_text(value)
        except BadInput:
            continue
        try:
            read(value)
        except BadInput:
            return [value]
    return []


def ambiguous_rank(texts: Iterable[str]) -> str | None:
    """The first text that gives a name another level than an earlier one did: as ranks they would become one."""
    levels: dict[str, int] = {}
    for text in texts:
        level, name = split_level(text)
        if level is not None and levels.setdefault(key_of(name), level) != level:
            return text
    return None


def emails(text: str) -> tuple[list[str], list[str]]:
    """The e-mail addresses in a text (lower case, comma or semicolon between them), and what is none."""
    pattern = catalogue().field("person", "email").pattern
    good: list[str] = []
    wrong: list[str] = []
    for part in re.split(r"[,;]", text):
        found = part.strip().lower()
        if found and found not in good:
            (good if re.fullmatch(pattern, found) else wrong).append(found)
    return good, wrong


def ordinal(register: Register, list_name: str, text: str) -> tuple[str, str]:
    """The rank shown as "<level> <name>", as lowest and highest option id. Raises BadInput unknown_property_value."""
    found = register.ordinal(list_name, text)
    if found is None:
        raise missing_option(register, list_name, text, ranked=True)
    return found.id, found.id


def options(register: Register, list_name: str, text: str, *, single: bool = False) -> list[str]:
    """The option with this name, or several with commas between them. Raises BadInput for the first that is missing."""
    whole = register.option(list_name, text)
    if whole is not None:
        return [whole.id]
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if single or len(parts) < 2:
        raise missing_option(register, list_name, text)
    return [option.id for option in (_must(register, list_name, part) for part in parts)]


def _must(register: Register, list_name: str, text: str) -> Any:
    found = register.option(list_name, text)
    if found is None:
        raise missing_option(register, list_name, text)
    return found


def own_value(register: Register, own: OwnField, value: cells.Cell) -> Any:
    """The value of an own field in log shape, read by the type of the field. Raises BadInput."""
    try:
        return to_log(register.field_of(own), _typed(register, own, value))
    except BadValue as bad:
        raise BadInput("invalid_own_value", value, name=own.name, hint_nl=bad.nl, hint_en=bad.en) from bad


def _typed(register: Register, own: OwnField, value: cells.Cell) -> Any:
    if own.type is OwnFieldType.BOOLEAN:
        return cells.truth(value)
    if own.type is OwnFieldType.NUMERIC:
        return _numeric(value)
    text = cells.loose_text(value)
    if own.type is OwnFieldType.ORDINAL:
        return ordinal(register, own.id, text)
    if own.type is OwnFieldType.CATEGORY:
        return options(register, own.id, text, single=own.single)
    return text


def _numeric(value: cells.Cell) -> Any:
    if isinstance(value, str):
        try:
            return number_range(value)
        except BadAmount:
            pass  # a single number as text, or no number at all: the reading of numbers tells which
    return cells.number(value)
