"""From a field of the catalogue to the input that belongs to its type."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from diwi_desktop.gui.fields.base import Input
from diwi_desktop.gui.fields.choice import ChoiceInput
from diwi_desktop.gui.fields.code import BooleanInput, CodeInput, OrdinalInput
from diwi_desktop.gui.fields.colour import ColorInput
from diwi_desktop.gui.fields.editing import Editing
from diwi_desktop.gui.fields.line import NUMBERS, DateInput, LineInput, LongTextInput, NumberInput
from diwi_desktop.model.catalogue import Field, FieldType

# Code lists longer than this are searched rather than scrolled.
LONG_LIST = 16


def make_input(field: Field, editing: Editing, parent: QWidget | None = None) -> Input:
    """The input for a field. Raises KeyError for a type that is drawn or computed, not typed (geometry, json)."""
    kind = field.type
    if kind in NUMBERS:
        return NumberInput(field, parent)
    if kind is FieldType.CODE and len(editing.choices(field)) <= LONG_LIST:
        return CodeInput(field, editing.choices, parent)
    if kind in (FieldType.CODE, FieldType.CODES, FieldType.REFERENCE):
        return ChoiceInput(field, editing.choices, names=editing.names, parent=parent)
    if kind in (FieldType.OPTION, FieldType.OPTIONS):
        # A new price class needs bounds, and a share picks from two lists: those are made elsewhere.
        can_add = "|" not in field.list and not field.list.startswith("priceRange")
        return ChoiceInput(field, editing.choices, can_add=can_add, parent=parent)
    if kind is FieldType.ORDINAL:
        return OrdinalInput(field, editing.choices, parent)
    return _SIMPLE[kind](field, parent)


_SIMPLE: dict[FieldType, type[Input]] = {
    FieldType.TEXT: LineInput,
    FieldType.LONGTEXT: LongTextInput,
    FieldType.COLOR: ColorInput,
    FieldType.BOOLEAN: BooleanInput,
    FieldType.DATE: DateInput,
}
