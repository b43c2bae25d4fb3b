"""Dutch notation: the cases of the original's input field, the edges, and that all written is read back."""

import contextlib
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diwi_desktop.model.catalogue import Field, FieldType
from diwi_desktop.model.codelists import code_list
from diwi_desktop.model.codes import OptionList, PlanStatus, PlanType
from diwi_desktop.model.notation import (
    euro_range,
    format_date,
    format_homes,
    format_money,
    format_number,
    format_value,
    money_words,
    parse_boolean,
    parse_date,
    parse_money,
    parse_number,
    parse_range,
    parse_value,
    value_words,
)
from diwi_desktop.model.plan import Option, Range
from diwi_desktop.model.values import EARLIEST, LARGEST, LATEST, BadValue


def field(kind: FieldType, **values: Any) -> Field:
    return Field("project", "x", kind, "Veld", "Field", **values)


MONEY, SIZE = field(FieldType.RANGE_MONEY), field(FieldType.RANGE_NUMBER)
ID = "0199f000-0000-7000-8000-00000000000{}".format
OPTIONS = {
    option.id: option
    for option in (
        Option(ID(1), OptionList.PRIORITY, "Hoog", level=1),
        Option(ID(2), OptionList.PRIORITY, "Middel", level=2),
        Option(ID(3), OptionList.PRIORITY, "Laag - later", level=3),
        Option(ID(4), OptionList.DISTRICT, "Duinzicht"),
        Option(ID(5), OptionList.DISTRICT, "Kern, oud"),
        Option(ID(6), OptionList.DISTRICT, "Noord; haven, kade"),
        Option(ID(7), OptionList.DISTRICT, "Vervallen wijk", disabled=True),
        Option(ID(8), OptionList.NEIGHBOURHOOD, "Duinzicht"),
        Option(ID(9), OptionList.NEIGHBOURHOOD, "duinzicht"),
    )
}
PRIORITY = field(FieldType.ORDINAL, list="priority")
DISTRICTS = field(FieldType.OPTIONS, list="district")


def parse(of: Field, text: str) -> Any:
    return parse_value(of, text, OPTIONS)


# The unit tests of the original's money input (functional reference 2.5).
@pytest.mark.parametrize(
    ("text", "cents"),
    [("1", 100), ("1,1", 110), ("1,", 100), ("0,10", 10), ("100,00", 10000), ("1,234", 123),
     ("300000,50", 30000050), ("1.000.000,00", 100000000), ("€ 1.250,5", 125050), (",5", 50), ("0", 0),
     ("45035996273704,96", LARGEST)],
)  # fmt: skip
def test_money_is_read(text: str, cents: int) -> None:
    assert parse_money(text) == cents
    assert parse(MONEY, text) == [cents, cents]


@pytest.mark.parametrize(
    ("cents", "text"),
    [
        (100, "1,00"),
        (100000000, "1.000.000,00"),
        (0, "0,00"),
        (5, "0,05"),
        (LARGEST, "45.035.996.273.704,96"),
    ],
)
def test_money_is_written(cents: int, text: str) -> None:
    assert format_money(cents) == text


@pytest.mark.parametrize(
    ("text", "bounds", "written"),
    [
        ("10-20", [1000, 2000], "10,00-20,00"),
        ("10-", [1000, None], "10,00-"),
        ("-10", [1000, 1000], "10,00"),
        ("100.000,00-200.000,00", [10000000, 20000000], "100.000,00-200.000,00"),
        ("€ 10 – € 20", [1000, 2000], "10,00-20,00"),
    ],
)
def test_ranges_of_money(text: str, bounds: list[int | None], written: str) -> None:
    assert parse(MONEY, text) == bounds
    assert format_value(MONEY, bounds) == written
    assert format_value(MONEY, Range(*bounds)) == written


@pytest.mark.parametrize(
    ("text", "code"),
    [("abc", "not_number"), ("1,2,3", "not_number"), ("1.5", "not_number"), ("1.0000", "not_number"),
     ("-", "not_range"), ("1-2-3", "not_range"), ("20-10", "range_order"), ("45035996273704,97", "too_large"),
     ("\N{MINUS SIGN}5", "negative_amount"), (",", "not_number"), ("1 000", "not_number"),
     ("1e3", "not_number")],
)  # fmt: skip
def test_money_is_refused(text: str, code: str) -> None:
    with pytest.raises(BadValue) as error:
        parse(MONEY, text)
    assert error.value.code == code
    assert error.value.nl != error.value.en


def test_numbers_that_are_not_money_go_up_to_their_own_limit_and_keep_their_decimals() -> None:
    assert parse(SIZE, "4503599627370496") == [LARGEST, LARGEST]
    with pytest.raises(BadValue, match="te groot"):
        parse(SIZE, "4503599627370497")
    assert parse(SIZE, "70,125-95") == [70.125, 95]
    assert parse(SIZE, "\N{MINUS SIGN}5-\N{MINUS SIGN}2,5") == [-5, -2.5]
    assert format_value(SIZE, [-5, -2.5]) == "\N{MINUS SIGN}5-\N{MINUS SIGN}2,5"


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [(1234.5, None, "1.234,5"), (0, None, "0"), (-48, None, "\N{MINUS SIGN}48"), (1234567, None, "1.234.567"),
     (1.0, None, "1"), (0.1, None, "0,1"), (2.345, 1, "2,3"), (-0.01, 1, "0,0"), (1e-7, None, "0,0000001"),
     (Decimal("12.50"), 2, "12,50")],
)  # fmt: skip
def test_numbers_are_written(value: float | Decimal, decimals: int | None, text: str) -> None:
    assert format_number(value, decimals) == text


def test_negative_numbers_are_read_with_a_hyphen_or_a_minus() -> None:
    assert parse_number("-1.234,5") == parse_number("\N{MINUS SIGN}1234,5") == -1234.5
    assert parse(field(FieldType.INTEGER), "1.250") == 1250
    with pytest.raises(BadValue, match="heel getal"):
        parse(field(FieldType.INTEGER), "1,5")


@pytest.mark.parametrize("text", ["31-12-2026", "31/12/2026", "31.12.2026", "31-12-26", "2026-12-31", " 31-12-2026 "])
def test_dates_are_read(text: str) -> None:
    assert parse_date(text) == date(2026, 12, 31)
    assert parse(field(FieldType.DATE), text) == "2026-12-31"


def test_dates_may_leave_out_leading_zeros() -> None:
    assert parse_date("1-2-2027") == date(2027, 2, 1)
    assert format_date(date(2027, 2, 1)) == format_date("2027-02-01") == "01-02-2027"
    assert format_date(None) == ""


@pytest.mark.parametrize("text", ["31-02-2026", "2026-31-12", "morgen", "12-2026", "31-12-202", "0-1-2026", "2026"])
def test_dates_are_refused(text: str) -> None:
    with pytest.raises(BadValue) as error:
        parse_date(text)
    assert error.value.code == "not_date"


def test_a_year_outside_the_calendar_of_the_register_is_refused() -> None:
    with pytest.raises(BadValue, match="1900"):
        parse(field(FieldType.DATE), "01-01-1899")


def test_homes() -> None:
    assert [format_homes(n) for n in (1, 48, 1250, -3)] == [
        "1 woning", "48 woningen", "1.250 woningen", "\N{MINUS SIGN}3 woningen",
    ]  # fmt: skip
    assert format_homes(1, "en") == "1 home"
    assert format_homes(0, "en") == "0 homes"


def test_booleans() -> None:
    yes = field(FieldType.BOOLEAN)
    assert [parse_boolean(text) for text in ("ja", "Nee", "TRUE", "no")] == [True, False, True, False]
    assert [format_value(yes, value) for value in (True, False, None)] == ["ja", "nee", ""]
    assert format_value(yes, True, language="en") == "yes"
    with pytest.raises(BadValue, match="misschien"):
        parse(yes, "misschien")


def test_codes_by_key_and_label() -> None:
    status = field(FieldType.CODE, codelist="plan_status")
    assert parse(status, "1a onherroepelijk") == PlanStatus.S1A
    assert parse(status, PlanStatus.S1A) == PlanStatus.S1A
    assert format_value(status, PlanStatus.S1A, language="en") == "1A Irrevocable"
    types = field(FieldType.CODES, codelist="plan_type")
    both = [PlanType.HERSTRUCTURERING, PlanType.VERDICHTING]
    for text in (
        "Verdichting; Herstructurering",
        "VERDICHTING, herstructurering;",
        "Verdichting,Herstructurering",
    ):
        assert parse(types, text) == both
    assert format_value(types, both) == "Herstructurering; Verdichting"
    for bad in ("sloop", "Verdichting; sloop"):
        with pytest.raises(BadValue, match="'sloop' staat niet in de lijst"):
            parse(types, bad)


def test_options_by_name_level_or_id() -> None:
    assert parse(DISTRICTS, "duinzicht") == [ID(4)]
    assert parse(DISTRICTS, ID(4)) == [ID(4)]
    assert parse(DISTRICTS, "Kern, oud") == [ID(5)]
    assert parse(DISTRICTS, "Kern, oud, Duinzicht") == [ID(4), ID(5)]
    assert parse(DISTRICTS, "Duinzicht; Noord; haven, kade; Kern, oud") == [ID(4), ID(5), ID(6)]
    assert format_value(DISTRICTS, [ID(4), ID(6)], OPTIONS) == "Duinzicht; Noord; haven, kade"
    assert format_value(DISTRICTS, [ID(0)], OPTIONS) == "onbekende keuze"
    assert format_value(DISTRICTS, [ID(0)], OPTIONS, "en") == "unknown option"


@pytest.mark.parametrize(
    ("of", "text", "code"),
    [
        (DISTRICTS, "Nergens", "unknown_option"),
        (DISTRICTS, "Vervallen wijk", "option_disabled"),
        (field(FieldType.OPTION, list="neighbourhood"), "Duinzicht", "ambiguous_option"),
        (field(FieldType.OPTION, list="district"), "Hoog", "unknown_option"),
        (PRIORITY, "2 Middel - 1 Hoog", "range_order"),
        (PRIORITY, "4", "unknown_option"),
        (field(FieldType.GEOMETRY), "POLYGON", "not_typed"),
        (field(FieldType.JSON), "{", "not_json"),
        (field(FieldType.COLOR), "rood", "color"),
        (field(FieldType.REFERENCE, target="project"), "Aan de Vaart", "unknown_option"),
    ],
)
def test_refusals(of: Field, text: str, code: str) -> None:
    with pytest.raises(BadValue) as error:
        parse(of, text)
    assert error.value.code == code


@pytest.mark.parametrize(
    ("text", "ids"),
    [("1 Hoog", (1, 1)), ("hoog", (1, 1)), ("2", (2, 2)), ("1 Hoog - 2 Middel", (1, 2)), ("1-2", (1, 2)),
     ("3 Laag - later", (3, 3)), ("2 Middel - 3 Laag - later", (2, 3))],
)  # fmt: skip
def test_ranks(text: str, ids: tuple[int, int]) -> None:
    assert parse(PRIORITY, text) == [ID(n) for n in ids]


def test_ranks_are_written_with_their_level() -> None:
    assert format_value(PRIORITY, [ID(1), ID(1)], OPTIONS) == "1 Hoog"
    assert format_value(PRIORITY, (ID(2), ID(3)), OPTIONS) == "2 Middel - 3 Laag - later"


def test_empty_text_is_no_value_and_no_value_is_empty_text() -> None:
    for kind in FieldType:
        of = field(kind, codelist="plan_type", list="district")
        assert parse(of, "  ") is None
        assert format_value(of, None) == ""


def test_a_geometry_is_named_not_shown() -> None:
    assert format_value(field(FieldType.GEOMETRY), "0106") == "vlak op de kaart"


def subsets(keys: list[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(keys), unique=True, min_size=1)


money = st.integers(0, LARGEST)
number = st.one_of(st.integers(-LARGEST, LARGEST), st.floats(-1e9, 1e9).map(lambda x: int(x) if x == int(x) else x))
text = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), min_size=1).map(str.strip)
plan_types = [code.key for code in code_list("plan_type").codes]


def bounds(values: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    pair = st.lists(values, min_size=2, max_size=2).map(sorted)
    return st.one_of(pair, values.map(lambda v: [v, None]), values.map(lambda v: [v, v]))


@given(
    st.one_of(
        st.tuples(st.just(MONEY), bounds(money)),
        st.tuples(st.just(SIZE), bounds(number)),
        st.tuples(st.just(field(FieldType.INTEGER)), st.integers(-LARGEST, LARGEST)),
        st.tuples(st.just(field(FieldType.NUMBER)), number),
        st.tuples(st.just(field(FieldType.DATE)), st.dates(EARLIEST, LATEST).map(date.isoformat)),
        st.tuples(st.just(field(FieldType.BOOLEAN)), st.booleans()),
        st.tuples(st.just(field(FieldType.TEXT)), text.filter(bool)),
        st.tuples(st.just(field(FieldType.COLOR)), st.from_regex(r"#[0-9a-fA-F]{6}", fullmatch=True)),
        st.tuples(
            st.just(field(FieldType.CODES, codelist="plan_type")),
            subsets(plan_types).map(lambda keys: sorted(keys, key=plan_types.index)),
        ),
        st.tuples(st.just(DISTRICTS), subsets([ID(4), ID(5), ID(6)]).map(sorted)),
        st.tuples(
            st.just(PRIORITY),
            st.lists(st.sampled_from([ID(1), ID(2), ID(3)]), min_size=2, max_size=2).map(sorted),
        ),
        st.tuples(st.just(field(FieldType.REFERENCE, target="project")), st.uuids().map(str)),
    ),
    st.sampled_from(["nl", "en"]),
)
def test_what_is_written_is_read_back(case: tuple[Field, Any], language: str) -> None:
    of, value = case
    assert parse_value(of, format_value(of, value, OPTIONS, language), OPTIONS) == value


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused(typed: str) -> None:
    for kind in FieldType:
        with contextlib.suppress(BadValue):
            parse(field(kind, codelist="plan_type", list="priority"), typed)


@pytest.mark.parametrize(
    ("bounds", "nl", "en"),
    [
        ((39_000_000, 39_000_000), "€ 390.000", "€ 390.000"),
        ((25_000_000, 45_000_000), "€ 250.000 – 450.000", "€ 250.000 – 450.000"),
        ((0, 40_500_050), "€ 0 – 405.000,50", "€ 0 – 405.000,50"),
        ((80_806, None), "€ 808,06 en meer", "€ 808,06 and more"),
        ((5, 5), "€ 0,05", "€ 0,05"),
    ],
)
def test_amounts_for_reading(bounds: tuple[int, int | None], nl: str, en: str) -> None:
    assert (money_words(bounds), money_words(bounds, "en")) == (nl, en)
    assert f"€ {euro_range(bounds)}" == nl
    price = Field("ownership", "price", FieldType.RANGE_MONEY, "Koopprijs", "Purchase price")
    assert (value_words(price, bounds), value_words(price, bounds, {}, "en")) == (nl, en)
    assert value_words(price, None) == ""


def test_what_is_no_amount_reads_as_it_is_typed() -> None:
    size = Field("houseblock", "size", FieldType.RANGE_NUMBER, "Grootte", "Size")
    assert value_words(size, [70, 95]) == format_value(size, [70, 95]) == "70-95"


@given(st.integers(0, LARGEST), st.one_of(st.none(), st.integers(0, LARGEST)))
def test_an_amount_for_reading_can_be_typed_back(low: int, more: int | None) -> None:
    bounds = (low, None if more is None else min(LARGEST, low + more))
    text = money_words(bounds).removesuffix(" en meer") + (" -" if more is None else "")
    assert parse_range(text, parse_money) == list(bounds)
