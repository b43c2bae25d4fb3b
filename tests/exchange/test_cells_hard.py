"""Values of import files beyond what a screen or a sum can hold."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from diwi_desktop.exchange import cells
from diwi_desktop.exchange.amounts import BadAmount, cents, money_range, number_range
from diwi_desktop.exchange.messages import BadInput

HUGE: list[Any] = [
    10**400, -(10**400), 1e308, float("inf"), float("nan"), Decimal("1e999999"), Decimal("1e900000"), Decimal("NaN"),
]  # fmt: skip


@pytest.mark.parametrize("value", HUGE, ids=range(len(HUGE)))
def test_numbers_beyond_all_bounds(value: Any) -> None:
    for read in (cells.number, cells.amount, cells.identification):
        with pytest.raises(BadInput) as error:
            read(value)
        assert error.value.code == "not_numeric"
    with pytest.raises(BadInput):
        cells.truth(value)
    with pytest.raises(BadAmount):
        cents(value)
    with pytest.raises(BadAmount):
        money_range(value)


def test_a_huge_number_as_text_is_text_or_told() -> None:
    assert cells.loose_text(1e308) == "1e+308"
    for value in (10**400, Decimal("1e900000"), float("nan")):
        with pytest.raises(BadInput):
            cells.loose_text(value)


@pytest.mark.parametrize("text", ["9" * 40_000, "0 - " + "9" * 40_000])
def test_amounts_of_thousands_of_digits(text: str) -> None:
    with pytest.raises(BadAmount):
        money_range(text)
    with pytest.raises(BadAmount):
        number_range(text)


@pytest.mark.parametrize(("given", "wanted"), [
    ("De\x85Hoek", "De Hoek"), ("De\x9bHoek", "De Hoek"), ("De\u2028Hoek", "De Hoek"), ("De \ud800Hoek", "De Hoek"),
    ("Haven\xadkade", "Havenkade"), ("\u202eHaven\u202c", "Haven"), ("👩\u200d👧", "👩\u200d👧"),
])  # fmt: skip
def test_signs_that_show_nothing(given: str, wanted: str) -> None:
    assert cells.text(given) == wanted


def test_a_text_longer_than_excel_itself_keeps() -> None:
    assert cells.text("x" * 32_767) == cells.loose_text("x" * 32_767)
    for read in (cells.text, cells.loose_text):
        with pytest.raises(BadInput) as error:
            read("x" * 32_768)
        assert error.value.code == "text_too_long"
