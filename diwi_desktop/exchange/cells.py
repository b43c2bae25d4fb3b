"""One value of an import file to what it should be. What does not fit raises BadInput with the code of the finding."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from diwi_desktop.exchange.messages import BadInput
from diwi_desktop.model.ids import is_id
from diwi_desktop.model.values import EARLIEST, LARGEST, LATEST, LONGEST

_BOOLEANS = {"true": True, "waar": True, "1": True, "false": False, "onwaar": False, "0": False}
# As in model.values, which refuses the first and leaves out the second.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
_UNSEEN = re.compile("[\xad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_TEXT_DATE = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})|(\d{4})-(\d{1,2})-(\d{1,2})")


Cell = Any  # "" or None when empty, else str, float, int, Decimal, bool, date, datetime, time, timedelta or Broken


@dataclass(frozen=True, slots=True)
class Broken:
    """A cell without a usable value: an error such as #N/A, or (`uncomputed`) a formula that was never calculated."""

    text: str
    uncomputed: bool = False

    def __str__(self) -> str:
        return self.text


def is_empty(value: Cell) -> bool:
    """Whether a cell holds nothing, or nothing but white space."""
    return value is None or value == "" or (isinstance(value, str) and not value.strip())


def _whole(value: Cell, code: str) -> None:
    if isinstance(value, Broken) and value.uncomputed:
        raise BadInput("formula_without_value", value)
    if isinstance(value, Broken):
        raise BadInput(code, value)


@lru_cache(4096)
def tidy(text: str) -> str:
    """Text in one line: line ends, tabs and control characters become single spaces, signs without width go."""
    return " ".join(_CONTROL.sub(" ", _UNSEEN.sub("", text)).split())


def text(value: Cell) -> str:
    """A text cell. Raises BadInput not_string for a number, date or truth value, and text_too_long."""
    _whole(value, "not_string")
    if not isinstance(value, str):
        raise BadInput("not_string", value)
    return _short(tidy(value))


def _short(text: str) -> str:
    if len(text) > LONGEST:
        raise BadInput("text_too_long", text)
    return text


def loose_text(value: Cell) -> str:
    """A cell as text, whatever it holds: what the user sees is what is meant. Raises BadInput not_string for errors."""
    _whole(value, "not_string")
    if isinstance(value, str):
        return _short(tidy(value))
    if isinstance(value, bool):
        return "WAAR" if value else "ONWAAR"
    if isinstance(value, (int, float, Decimal)):
        return _number_text(value)
    if isinstance(value, (date, datetime)):
        return f"{value.day:02}-{value.month:02}-{value.year}"
    return tidy(str(value))


def _size(value: float | Decimal) -> float:
    """A number as float; infinite or no number when it is beyond what one can hold."""
    try:
        return float(value)
    except (OverflowError, ValueError):
        return math.inf


def _number_text(value: float | Decimal) -> str:
    size = _size(value)
    if not math.isfinite(size):
        raise BadInput("not_string", value)
    if abs(size) < 1e15 and value == int(value):
        return str(int(value))
    return str(value).replace(".", ",")


def number(value: Cell) -> float:
    """A number cell. Raises BadInput not_numeric, also for a number that is stored as text."""
    _whole(value, "not_numeric")
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        nl, en = _text_hint(value)
        raise BadInput("not_numeric", value, hint_nl=nl, hint_en=en)
    if not abs(_size(value)) <= LARGEST:  # not a number fails every comparison
        raise BadInput("not_numeric", value)
    return float(value) if isinstance(value, Decimal) else value


def _text_hint(value: Cell) -> tuple[str, str]:
    """What to do about a number that is stored as text; empty for anything else."""
    if isinstance(value, str) and re.fullmatch(r"\s*-?\d+(?:[.,]\d+)*\s*", value):
        return (
            " Het getal staat als tekst in de cel; zet de celnotatie op Getal.",
            " The number is stored as text; set the cell format to Number.",
        )
    return "", ""


def amount(value: Cell) -> int:
    """A number of homes: whole and not negative. Raises BadInput not_numeric or negative_number."""
    if type(value) is float and 0 <= value <= LARGEST and value == (whole := int(value)):
        return whole  # nearly every cell; not a number fails the comparison
    found = number(value)
    if found != int(found):
        raise BadInput(
            "not_numeric",
            value,
            hint_nl=" Een aantal is een heel getal.",
            hint_en=" A number of homes is a whole number.",
        )
    if found < 0:
        raise BadInput("negative_number", value)
    return int(found)


def day(value: Cell) -> date:
    """A cell with a date notation; a time of day is dropped. Raises BadInput not_date."""
    _whole(value, "not_date")
    found = value.date() if isinstance(value, datetime) else value
    if not isinstance(found, date) or not EARLIEST <= found <= LATEST:
        raise BadInput("not_date", value)
    return found


def header_day(value: Cell) -> date:
    """The date above a delivery column: a date cell, or the same as text (31-12-2026 or 2026-12-31)."""
    if not isinstance(value, str):
        return day(value)
    found = _TEXT_DATE.fullmatch(value.strip())
    if found is None:
        raise BadInput("not_date", value)
    year, month, of_month = (found[3], found[2], found[1]) if found[3] else (found[4], found[5], found[6])
    try:
        return day(date(int(year), int(month), int(of_month)))
    except ValueError:
        raise BadInput("not_date", value) from None


def truth(value: Cell) -> bool:
    """TRUE, FALSE, 1 or 0. Raises BadInput not_boolean."""
    _whole(value, "not_boolean")
    if isinstance(value, bool):
        return value
    if isinstance(value, (int, float, Decimal)) and value in (0, 1):
        return bool(value)
    if isinstance(value, str) and (found := _BOOLEANS.get(value.strip().casefold())) is not None:
        return found
    raise BadInput("not_boolean", value)


def identification(value: Cell) -> str:
    """The "Identificatie nr": a whole number, or the UUID that an export of the original writes there."""
    if isinstance(value, str):
        found = value.strip()
        if found.isascii() and found.isdigit():
            return found.lstrip("0") or "0"
        if is_id(found.lower()):
            return found.lower()
    plain = number(value)
    if plain != int(plain):
        raise BadInput("not_numeric", value)
    return str(int(plain))
