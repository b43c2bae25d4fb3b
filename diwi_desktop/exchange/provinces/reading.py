"""Reading one field of a plan as what a province takes: choices, a text or a number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from diwi_desktop.exchange.provinces.register import NO, TEXT_TYPES, YES, Register
from diwi_desktop.model.catalogue import OWN_PREFIX, Field, FieldType
from diwi_desktop.model.codelists import code_list
from diwi_desktop.model.codes import Mutation
from diwi_desktop.model.plan import Block, Plan


@dataclass(slots=True)
class Reading:
    """A value read. `choices` are (key, own label); `ranged` says that the field holds a range of numbers."""

    choices: list[tuple[str, str]] = field(default_factory=list)
    text: str | None = None
    number: float | None = None
    ranged: bool = False

    @property
    def empty(self) -> bool:
        return not (self.choices or self.text or self.number is not None or self.ranged)


def read(plan: Plan, source: Field, register: Register) -> Reading:
    """The value of a field of the project, or of its construction blocks together.

    Numbers of the blocks are added up (None when no block has one), choices are joined.
    """
    if source.kind == "project":
        return _convert(source, _raw(plan, source), register)
    blocks = [block for block in plan.blocks if block.mutation is Mutation.CONSTRUCTION]
    return _joined(_convert(source, _raw(block, source), register) for block in blocks)


def _raw(item: Plan | Block, source: Field) -> Any:
    if source.own:
        return item.own.get(source.key.removeprefix(OWN_PREFIX))
    return getattr(item, source.key)


def _joined(parts: Iterable[Reading]) -> Reading:
    found = Reading()
    for part in parts:
        found.choices += [choice for choice in part.choices if choice not in found.choices]
        found.ranged |= part.ranged
        found.text = found.text or part.text
        if part.number is not None:
            found.number = (found.number or 0) + part.number
    return found


def _convert(source: Field, value: Any, register: Register) -> Reading:
    if value is None:
        return Reading()
    kind = source.type
    if kind in TEXT_TYPES:
        return Reading(text=str(value).strip())
    if kind is FieldType.BOOLEAN:
        return Reading(choices=[_yes_or_no(bool(value))])
    if kind in (FieldType.INTEGER, FieldType.NUMBER):
        return Reading(number=value)
    if kind is FieldType.RANGE_NUMBER:
        low, high = value
        return Reading(number=low) if low == high else Reading(ranged=True)
    if source.codelist:
        labels = code_list(source.codelist)
        return Reading(choices=[(str(key), labels.label(key)) for key in _listed(kind, value)])
    options = register.options
    keys = dict.fromkeys(_listed(kind, value))
    return Reading(choices=[(key, options[key].name) for key in keys if key in options])


def _listed(kind: FieldType, value: Any) -> list[str]:
    return [value] if kind in (FieldType.CODE, FieldType.OPTION) else list(value)


def _yes_or_no(value: bool) -> tuple[str, str]:
    return (YES, "Ja") if value else (NO, "Nee")


def as_choices(reading: Reading) -> list[tuple[str, str]]:
    """The choices of a reading; a count counts as yes when there is at least one home."""
    if reading.number is not None:
        return [_yes_or_no(reading.number > 0)]
    return reading.choices
