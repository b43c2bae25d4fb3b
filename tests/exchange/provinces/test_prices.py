"""Price bounds: on the bound, between, over a bound, and by date."""

from datetime import date

import pytest

from diwi_desktop.exchange.provinces.prices import Period, PriceTable, Scale, price_table
from diwi_desktop.exchange.provinces.years import price_class
from diwi_desktop.model.codes import OwnershipType
from diwi_desktop.model.plan import Ownership, Range
from tests.exchange.provinces.samples import PZH, register

BUY, RENT = OwnershipType.BUY, OwnershipType.RENT_CORPORATION
PERIOD = price_table("zuid_holland").on(date(2026, 10, 1))
TABLE = PZH.tables["delivery_years"]


@pytest.mark.parametrize(
    ("cents", "expected"),
    [(0, "koop1"), (27_999_999, "koop1"), (28_000_000, "koop2"), (38_999_999, "koop2"), (39_000_000, "koop3"),
     (59_999_999, "koop3"), (60_000_000, "koop4"), (999_999_999, "koop4")],
)  # fmt: skip
def test_a_purchase_price_on_a_bound_belongs_above_it(cents: int, expected: str) -> None:
    assert PERIOD.buy.of(cents) == expected


@pytest.mark.parametrize(
    ("cents", "expected"),
    [
        (69_399, "huur1"),
        (69_400, "huur2"),
        (87_999, "huur2"),
        (88_000, "huur3"),
        (112_299, "huur3"),
        (112_300, "huur4"),
    ],
)
def test_a_rent_on_a_bound_belongs_above_it(cents: int, expected: str) -> None:
    assert PERIOD.rent.of(cents) == expected


def test_upper_bounds_inclusive() -> None:
    scale = Scale(("huur1", "huur2"), (73_100,), lower=False)
    assert scale.of(73_100) == "huur1"
    assert scale.of(73_101) == "huur2"
    assert scale.span(Range(73_100, 80_000)) == ("huur2", "huur2")
    assert scale.span(Range(60_000, 73_100)) == ("huur1", "huur1")
    assert scale.span(Range(60_000, 73_101)) == ("huur1", "huur2")


def row(kind: OwnershipType, **values: object) -> Ownership:
    return Ownership(kind, 1, **values)


@pytest.mark.parametrize(
    ("ownership", "expected"),
    [
        (row(BUY), "koop_onb"),
        (row(RENT), "huur_onb"),
        (row(OwnershipType.RENT_LANDLORD, rent=Range(90_000, 90_000)), "huur3"),
        (row(BUY, price=Range(28_000_000, 38_999_999)), "koop2"),
        (row(BUY, price=Range(28_000_000, 39_000_000)), "koop2"),  # "280.000-390.000": its end is where the next begins
        (row(BUY, price=Range(39_000_000, 60_000_000)), "koop3"),
        (row(BUY, price=Range(39_000_000, 39_000_000)), "koop3"),
        (row(BUY, price=Range(65_000_000, None)), "koop4"),
        (row(BUY, price_option="p-cheap"), "koop1"),  # "tot 280.000": its upper end is the next class's
        (row(BUY, price_option="p-dear"), "koop4"),
        (row(BUY, price_option="p-off"), "koop_onb"),
        (row(BUY, price_option="gone"), "koop_onb"),
    ],
)
def test_class_of_an_ownership_row(ownership: Ownership, expected: str) -> None:
    found = price_class(ownership, PERIOD, TABLE, register().options.get)
    assert (found.name, found.spans) == (expected, ())


@pytest.mark.parametrize(
    ("ownership", "spans"),
    [
        (row(BUY, price=Range(25_000_000, 45_000_000)), ("koop1", "koop2", "koop3")),
        (row(BUY, price=Range(28_000_000, 39_000_001)), ("koop2", "koop3")),
        (row(BUY, price=Range(39_000_000, None)), ("koop3", "koop4")),
        (row(RENT, rent=Range(60_000, 70_000)), ("huur1", "huur2")),
        (row(BUY, price_option="p-wide"), ("koop1", "koop2", "koop3")),
    ],
)
def test_a_price_over_several_classes_is_not_guessed(ownership: Ownership, spans: tuple[str, ...]) -> None:
    assert price_class(ownership, PERIOD, TABLE, register().options.get).spans == spans


def test_periods_are_chosen_by_day() -> None:
    scale = Scale(("a",), (), lower=True)
    old = Period(date(2024, 1, 1), date(2024, 12, 31), scale, scale, "old")
    new = Period(date(2025, 1, 1), None, scale, scale, "new")
    table = PriceTable("x", by_delivery=False, periods=(old, new))
    days = (date(2024, 12, 31), date(2025, 1, 1), date(2040, 1, 1), date(2020, 1, 1))
    assert [table.on(day).source for day in days] == ["old", "new", "new", "old"]
