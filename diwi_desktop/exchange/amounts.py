"""Amounts in euros as text or number, exactly in cents; and the ranges of the Excel sub-headers."""

from __future__ import annotations

import re
from decimal import Decimal

from diwi_desktop.model.plan import Range
from diwi_desktop.model.values import LARGEST

# Digits with or without Dutch thousands points, then decimals after a comma. A point followed by one or two digits is
# taken as a decimal point, because it cannot be a thousands point.
_GROUPED = r"\d{1,3}(?:\.\d{3})+(?:,\d+)?"
_PLAIN = r"\d+(?:[.,]\d+)?"
_NUMBER = re.compile(rf"(?:{_GROUPED}|{_PLAIN})")
_OPEN_END = {"", "inf", "+inf", "infinity", "∞", "oneindig", "enmeer"}
_DASHES = str.maketrans("–—−", "---")  # a dash, typed or corrected by Excel
_NOISE = re.compile(r"€|eur|euro|\s", re.IGNORECASE)


class BadAmount(ValueError):
    """A text or number that is no amount or range."""


def _decimal(text: str) -> Decimal:
    if not _NUMBER.fullmatch(text):
        raise BadAmount(text)
    if re.fullmatch(_GROUPED, text):
        text = text.replace(".", "")
    return Decimal(text.replace(",", "."))


def cents(value: float | int | Decimal) -> int:
    """Euros as whole cents, exactly. Raises BadAmount for parts of a cent, negative or impossible amounts.

    A float is taken as the shortest decimal that it stands for, which is what the user typed.
    """
    try:
        amount = value if isinstance(value, Decimal) else Decimal(repr(value))
        if not 0 <= amount <= LARGEST:  # before the sum: it may have a million digits
            raise BadAmount(str(value))
        scaled = amount * 100
        whole = int(scaled)
    except ArithmeticError as error:
        raise BadAmount(str(value)) from error
    if whole != scaled or whole > LARGEST:
        raise BadAmount(str(value))
    return whole


def _parts(text: str) -> tuple[str, str | None]:
    """The text before and after the dash; None when there is no dash."""
    squeezed = _NOISE.sub("", text.translate(_DASHES)).casefold()
    low, dash, high = squeezed.partition("-")
    return low, high if dash else None


def money_range(value: str | float | int | Decimal) -> Range[int]:
    """`x`, `a - b` or `a - Inf` in euros as a range in cents; a single amount has twice the same bound.

    Raises BadAmount.
    """
    if isinstance(value, bool):
        raise BadAmount(str(value))
    if not isinstance(value, str):
        single = cents(value)
        return Range(single, single)
    low_text, high_text = _parts(value)
    low = cents(_decimal(low_text))
    if high_text is None:
        return Range(low, low)
    high = None if high_text in _OPEN_END else cents(_decimal(high_text))
    if high is not None and high < low:
        raise BadAmount(value)
    return Range(low, high)


def number_range(text: str) -> Range[float]:
    """`a - b` or `a - Inf` as a range of plain numbers. Raises BadAmount, also for a text without a dash."""
    low_text, high_text = _parts(text)
    if high_text is None:
        raise BadAmount(text)
    low = float(_decimal(low_text))
    high = None if high_text in _OPEN_END else float(_decimal(high_text))
    if low > LARGEST or (high is not None and (high < low or high > LARGEST)):
        raise BadAmount(text)
    return Range(low, high)
