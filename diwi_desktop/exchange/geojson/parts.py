"""Reading values out of a GeoJSON feature: shapes that may differ, and findings that name the path."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from diwi_desktop.exchange import cells, hints, lookup
from diwi_desktop.exchange.drafts import Draft
from diwi_desktop.exchange.messages import BadInput, Report
from diwi_desktop.exchange.register import Register, key_of
from diwi_desktop.model.catalogue import OwnField
from diwi_desktop.model.codelists import Code, code_list
from diwi_desktop.model.codes import OwnFieldType
from diwi_desktop.model.ids import is_id

Json = dict[str, Any]
T = TypeVar("T")


class WrongShape(ValueError):
    """A part of a feature that is not an object or list where one must be."""

    def __init__(self, path: str, nl: str, en: str) -> None:
        super().__init__(path)
        self.path, self.nl, self.en = path, nl, en


def object_at(value: Any, path: str) -> Json:
    """The value itself when it is an object. Raises WrongShape."""
    if not isinstance(value, dict):
        raise WrongShape(path, f"'{path}' is geen object.", f"'{path}' is not an object.")
    return value


def object_in(value: Any, key: str) -> Json:
    """The object under a key, {} when absent or null. Raises WrongShape."""
    found = object_at(value, key).get(key)
    return {} if found is None else object_at(found, key)


def list_of(value: Any) -> list[Any]:
    """A list; null is empty, anything else stands alone."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def given(value: Any) -> bool:
    """Whether a value says anything: null, an empty text, list or object does not."""
    return value is not None and value != "" and value != [] and value != {}


def filled(values: Json) -> Iterator[tuple[str, Any]]:
    """The pairs of an object that say something."""
    return ((name, value) for name, value in values.items() if given(value))


def diwi_id(values: Json) -> str:
    """The id that DIWI gave; empty when there is none."""
    found = values.get("diwi_id")
    text = found.strip().lower() if isinstance(found, str) else ""
    return text if is_id(text) else ""


def iso_day(value: Any) -> date:
    """A date as text, yyyy-mm-dd. Raises BadInput not_date."""
    if isinstance(value, str):
        try:
            return cells.day(date.fromisoformat(value.strip()[:10]))
        except ValueError as error:
            raise BadInput("not_date", value) from error
    raise BadInput("not_date", value)


def joined(value: Any) -> str:
    """A text, or a list of texts with commas between them. Raises BadInput not_string."""
    return ", ".join(cells.text(item) for item in list_of(value) if given(item))


def step_of(list_name: str, key: str) -> Code | None:
    """The phase or plan status of a key, of its label, or of its label without the number in front."""
    found = code_list(list_name).find(key)
    if found is None:
        wanted = key_of(key)
        for code in code_list(list_name).codes:
            if key_of(code.nl.partition(" ")[2]) == wanted:
                return code
    return found


def coded(list_name: str, value: Any, code: str = "unknown_property_value") -> str:
    """The key of a code by key or label. Raises BadInput with this code."""
    text = cells.text(value)
    listed = code_list(list_name)
    found = listed.find(text)
    if found is None:
        nl, en = hints.of_codes(text, listed)
        raise BadInput(code, text, hint_nl=nl, hint_en=en, list_nl=listed.nl, list_en=listed.en)
    return found.key


def unknown_type(value: Any, names: str) -> BadInput:
    """The finding for a value that is none of these names."""
    return BadInput("unknown_type", value, hint_nl=f"Kies uit: {names}.", hint_en=f"Choose from: {names}.")


@dataclass(slots=True)
class Context:
    """What reading one feature needs. `exported`: the export dialect, in which every own value is text."""

    register: Register
    report: Report
    row: int
    draft: Draft
    exported: bool

    def told(self, bad: BadInput, path: str) -> None:
        """Report a value that does not fit."""
        self.report.add_bad(bad, row=self.row, column=path, project=self.draft.name)

    def add(self, code: str, path: str, **arguments: Any) -> None:
        """Report a finding of this feature."""
        self.report.add(code, row=self.row, column=path, project=self.draft.name, **arguments)

    def cell(self, path: str, read: Callable[..., T], *values: Any, part: str = "") -> T | None:
        """What `read` makes of the values; None, with a finding and the part marked as bad, when they do not fit."""
        try:
            return read(*values)
        except BadInput as bad:
            self.draft.bad.add(part or path)
            self.told(bad, path)
            return None

    def truth(self, path: str, value: Any) -> bool | None:
        """A truth value; None when there is none."""
        return self.cell(path, cells.truth, value) if given(value) else None

    def own_field(self, kind: str, name: str, value: Any, code: str, only: OwnFieldType | None = None) -> OwnField:
        """The own field of this name, of the type `only` where given. Raises BadInput with what would make it."""
        found = self.register.own_field(kind, name)
        if found is not None and only in (None, found.type):
            return found
        if found is not None:  # of that name but another type: to be renamed by hand
            raise BadInput(code, name)
        raise self._missing(kind, name, value, code, only)

    def _missing(self, kind: str, name: str, value: Any, code: str, only: OwnFieldType | None) -> BadInput:
        read = _as_read(value)
        bad = lookup.missing_field(code, kind, name, [] if isinstance(read, dict) else [read], only)
        fix = bad.fix or {}
        if isinstance(value, list) and len(value) > 1:  # several choices, or one text
            fix["several"], fix["options"] = True, [part.strip() for part in read.split(",") if part.strip()]
            fix["unfit"].setdefault(OwnFieldType.ORDINAL.value, read)
        elif self.exported and isinstance(read, str) and isinstance(_number(read), float):
            with suppress(BadInput):
                cells.number(_number(read))
                fix["unfit"].pop(OwnFieldType.NUMERIC.value, None)
        return bad

    def own_value(self, own: OwnField, value: Any) -> Any:
        """The value of an own field in log shape. Raises BadInput."""
        read = _as_read(value)
        if isinstance(read, dict):
            raise BadInput("not_string", str(read))
        if self.exported and own.type is OwnFieldType.NUMERIC and isinstance(read, str):
            read = _number(read)
        return lookup.own_value(self.register, own, read)


def _as_read(value: Any) -> Any:
    """The value of an own field as it is read: a list as one text."""
    return ", ".join(cells.loose_text(item) for item in value) if isinstance(value, list) else value


def _number(text: str) -> Any:
    """A number written as text with a decimal point; the text itself when it is none."""
    try:
        return float(text)
    except ValueError:
        return text
