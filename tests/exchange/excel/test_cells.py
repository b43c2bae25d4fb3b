"""Cells: what is read as what, and that no cell whatever stops the import without a finding."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils.exceptions import IllegalCharacterError

from diwi_desktop.exchange import cells, lookup
from diwi_desktop.exchange.amounts import BadAmount, cents, money_range, number_range
from diwi_desktop.exchange.cells import Broken
from diwi_desktop.exchange.messages import MESSAGES, BadInput, Report, shown
from diwi_desktop.model.finding import Severity
from diwi_desktop.model.plan import Range
from diwi_desktop.model.values import LARGEST
from tests.exchange.excel.reading import OWN, codes, read, register, uid
from tests.exchange.excel.workbook import NUMBERS, PROJECT, Homes, Template, project

# --- money ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("100000-200000", 10_000_000, 20_000_000),
        ("100000 - 200000", 10_000_000, 20_000_000),
        ("€ 100.000 – € 200.000,50", 10_000_000, 20_000_050),
        ("694,00 - 880", 69_400, 88_000),
        ("694.5 - 880.25", 69_450, 88_025),
        ("1.123 - Inf", 112_300, None),
        ("600000-inf", 60_000_000, None),
        ("250000", 25_000_000, 25_000_000),
        ("1.250.000", 125_000_000, 125_000_000),
        ("0 - 0", 0, 0),
        (250000, 25_000_000, 25_000_000),
        (694.55, 69_455, 69_455),
        (Decimal("1123.10"), 112_310, 112_310),
    ],
)
def test_amounts_and_ranges(text: Any, low: int, high: int | None) -> None:
    assert money_range(text) == Range(low, high)


@pytest.mark.parametrize(
    "text",
    ["", "-", "a - b", "200 - 100", "-5", "Inf", "Inf - 5", "1,234", "10-20-30", "1.23.4", "1e5", math.nan, math.inf,
     -1, 0.001, True],
)  # fmt: skip
def test_what_is_no_amount(text: Any) -> None:
    with pytest.raises(BadAmount):
        money_range(text)


def dutch(amount: int) -> str:
    """Cents as a Dutch amount with points and a comma."""
    return f"{amount // 100:,}".replace(",", ".") + f",{amount % 100:02}"


@given(st.integers(0, LARGEST), st.integers(0, LARGEST), st.booleans())
def test_amounts_come_back_to_the_cent(one: int, other: int, open_end: bool) -> None:
    low, high = sorted((one, other))
    assert cents(Decimal(low) / 100) == low
    assert money_range(dutch(low)) == Range(low, low)
    assert money_range(f"{low // 100},{low % 100:02} - {'Inf' if open_end else dutch(high)}") == Range(
        low, None if open_end else high
    )


@given(st.integers(0, 10**9))
def test_floats_of_excel_are_whole_cents(amount: int) -> None:
    assert cents(amount / 100) == amount


@given(st.floats(0, 1e6).map(lambda x: round(x, 2)), st.floats(0, 1e6).map(lambda x: round(x, 2)))
def test_number_ranges_come_back(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert number_range(f"{low:.2f} - {high:.2f}".replace(".", ",")) == Range(low, high)


@given(st.text())
def test_any_text_is_an_amount_or_refused(text: str) -> None:
    try:
        found = money_range(text)
    except BadAmount:
        return
    assert found.low >= 0
    assert found.high is None or found.high >= found.low


# --- single cells -----------------------------------------------------------------------------------------------------

ANYTHING = st.one_of(
    st.text(),
    st.floats(),
    st.integers(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
    st.decimals(allow_nan=False),
    st.builds(Broken, st.text(), st.booleans()),
)


def said(read_value: Callable[[], Any]) -> None:
    """A value is read, or refused with a finding that can be told."""
    bad = None
    try:
        read_value()
    except BadInput as error:
        bad = error
    if bad is not None:
        report = Report()
        report.add_bad(bad, row=1, column="A")
        assert report.findings[0].code in MESSAGES
        assert report.findings[0].as_json()["message"]


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(ANYTHING)
def test_any_cell_is_read_or_refused_with_a_known_code(value: Any) -> None:
    readers = (
        cells.text, cells.loose_text, cells.number, cells.amount, cells.day, cells.header_day, cells.truth,
        cells.identification,
    )  # fmt: skip
    for reader in readers:
        said(lambda reader=reader: reader(value))


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(ANYTHING, st.sampled_from(OWN))
def test_any_value_of_an_own_field_is_read_or_refused(value: Any, own: Any) -> None:
    said(lambda: lookup.own_value(register(), own, value))


@given(ANYTHING)
def test_any_value_can_be_shown(value: Any) -> None:
    assert "\n" not in shown(value)


def test_dates() -> None:
    assert cells.day(date(2026, 12, 31)) == date(2026, 12, 31)
    assert cells.day(datetime(2026, 12, 31, 13, 5, tzinfo=UTC)) == date(2026, 12, 31)
    for value in (46022.0, "2026-12-31", "31-12-2026", time(12), timedelta(1), date(1899, 12, 31), True):
        with pytest.raises(BadInput, match="not_date"):
            cells.day(value)


def test_truth_values() -> None:
    assert [cells.truth(v) for v in (True, 1, 1.0, "TRUE", "waar", "1")] == [True] * 6
    assert [cells.truth(v) for v in (False, 0, 0.0, "FALSE", "Onwaar", "0")] == [False] * 6
    for value in ("ja", 2, "", "x", date(2020, 1, 1)):
        with pytest.raises(BadInput, match="not_boolean"):
            cells.truth(value)


def test_amounts_of_homes() -> None:
    assert cells.amount(12.0) == 12
    for value, code in ((12.5, "not_numeric"), ("12", "not_numeric"), (-1, "negative_number"), (True, "not_numeric")):
        with pytest.raises(BadInput, match=code):
            cells.amount(value)


def test_identification_numbers() -> None:
    assert cells.identification(12.0) == "12"
    assert cells.identification("0012") == "12"
    assert cells.identification("0190AE5E-1111-7000-8000-000000000001") == "0190ae5e-1111-7000-8000-000000000001"
    for value in ("twaalf", 12.5, True, date(2020, 1, 1), "-3x"):
        with pytest.raises(BadInput, match="not_numeric"):
            cells.identification(value)


def test_texts_lose_line_ends_and_invisible_characters() -> None:
    assert cells.text(" De\nHoek\u200b \t2 ") == "De Hoek 2"


# --- cells in a file --------------------------------------------------------------------------------------------------

WRONG = {
    "Naam": ("not_string", 2024),
    "Vertrouwelijkheid": ("unknown_property_value", "Geheim"),
    "Plan soort": ("invalid_plan_type", "Nieuwbouw"),
    "In programmering": ("not_boolean", "misschien"),
    "Priorisering": ("unknown_property_value", "9 Ooit"),
    "Rol gemeente": ("unknown_property_value", "Toeschouwer"),
    "Project status": ("unknown_property_value", "Bezig"),
    "Start project": ("not_date", "2024-01-01"),
    "Eind project": ("not_date", 46000),
    "1 Concept": ("not_date", "ooit"),
    "4a Opgenomen in de visie": ("not_date", True),
    "Gemeente": ("unknown_property_value", "Atlantis"),
    "Eigenaar": ("project_owner_invalid", "anna"),
    "Identificatie nr": ("not_numeric", "een"),
}


@pytest.mark.parametrize("header", WRONG)
def test_a_cell_of_the_wrong_kind(header: str, tmp_path: Path) -> None:
    code, value = WRONG[header]
    template = Template.scratch()
    template.add(project(1) | {header: value}, (Homes(10), None))
    _, findings = read(template, tmp_path)
    (finding,) = findings
    assert (finding.code, finding.row, finding.value) == (code, 6, value)
    assert header in finding.column
    assert finding.severity is Severity.ERROR


@pytest.mark.parametrize("text", ["1 Hoog", "1  hoog", "Hoog", "3 Hoog"])
def test_a_rank_by_its_name(text: str, tmp_path: Path) -> None:
    template = Template.scratch()
    template.add(project(1, Priorisering=text), (Homes(10), None))
    drafts, findings = read(template, tmp_path)
    assert not findings
    assert drafts[0].priority == (uid("prio-1"), uid("prio-1"))


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("Opdrachtgever", "Gemeente", None),
        ("Opdrachtgever", "Ander", "unknown_property_value"),
        ("Kenmerken", "Water, Groen", None),
        ("Kenmerken", "Water, Lucht", "unknown_property_value"),
        ("Kans", "1 Klein", None),
        ("Kans", "2 Groot", "unknown_property_value"),
        ("Sleutel", True, None),
        ("Sleutel", "ja", "not_boolean"),
        ("Bedrag", 12.5, None),
        ("Bedrag", "10 - 20", None),
        ("Bedrag", "veel", "not_numeric"),
        ("Bedrag", -1, "invalid_own_value"),
        ("Toelichting", "tekst", None),
        ("Toelichting", 2024, None),
        ("Bestaat niet", 1, "unknown_project_property"),
    ],
)
def test_own_fields(name: str, value: Any, code: str | None, tmp_path: Path) -> None:
    template = Template.scratch()
    template.add(project(1, own={name: value}), (Homes(10), None))
    assert codes(template, tmp_path) == ([code] if code else [])


def test_what_is_missing_tells_how_to_make_it(tmp_path: Path) -> None:
    template = Template.scratch()
    template.add(
        project(1, own={"Nieuw veld": True}, roles={"Aannemer": "Bouwer BV"}, Wijk="Verweg", Gemeente="Ede"),
        (Homes(10, targets={"Marsbewoners": 10}, owners={"Koopwoning": 10}, buy_classes={"0 - 200000": 10},
               own={"Nieuw blokveld": 3}), None),
    )  # fmt: skip
    template.add(project(2, roles={"Aannemer": "Andere BV"}, Priorisering="7 Spoed"), (Homes(10), None))
    fixes = {f.value: f.fix for f in read(template, tmp_path)[1]}
    assert fixes == {
        "Aannemer": {
            "create": "own_field", "object": "project", "name": "Aannemer", "type_guess": "CATEGORY",
            "options": ["Andere BV", "Bouwer BV"],
            "unfit": {"BOOLEAN": "", "NUMERIC": "", "ORDINAL": "", "TEXT": ""},
        },
        "Nieuw veld": {
            "create": "own_field", "object": "project", "name": "Nieuw veld", "type_guess": "BOOLEAN",
            "options": ["WAAR"], "unfit": {"NUMERIC": "WAAR"},
        },
        "Nieuw blokveld": {
            "create": "own_field", "object": "houseblock", "name": "Nieuw blokveld", "type_guess": "NUMERIC",
            "options": ["3"], "unfit": {"BOOLEAN": "3"},
        },
        "Verweg": {"create": "option", "list": "district", "name": "Verweg", "level": None},
        "Marsbewoners": {"create": "option", "list": "targetGroup", "name": "Marsbewoners", "level": None},
        "0 - 200000": {
            "create": "option", "list": "priceRangeBuy", "name": "0 - 200000", "bounds": [0, 20_000_000],
        },
        "7 Spoed": {"create": "option", "list": "priority", "name": "Spoed", "level": 7},
    }  # fmt: skip


def test_a_role_of_another_type_cannot_be_made(tmp_path: Path) -> None:
    template = Template.scratch()
    template.add(project(1, roles={"Toelichting": "x"}), (Homes(10), None))
    (finding,) = read(template, tmp_path)[1]
    assert (finding.code, finding.fix) == ("unknown_project_category_property", {})


def test_price_classes_by_their_bounds(tmp_path: Path) -> None:
    """An export of the original writes the bounds of a price class, not its name."""
    template = Template.scratch()
    template.add(project(1), (Homes(10, owners={"Koopwoning": 10}, buy_classes={"0 - 280000": 10}), None))
    drafts, findings = read(template, tmp_path)
    assert not findings
    (prices,) = drafts[0].blocks[0].prices.values()
    assert prices[0].option == uid("starter")


@pytest.mark.parametrize("sub", ["duur", "300 - 200", "-"])
def test_a_price_that_is_none(sub: str, tmp_path: Path) -> None:
    template = Template.scratch()
    template.add(project(1), (Homes(10, owners={"Koopwoning": 10}, buy_prices={sub: 10}), None))
    (finding,) = read(template, tmp_path)[1]
    assert (finding.code, finding.row, finding.value) == ("invalid_numeric_range", 5, sub)


@pytest.mark.parametrize("sub", ["ooit", "2026", "31-02-2026"])
def test_a_delivery_column_without_a_date(sub: str, tmp_path: Path) -> None:
    template = Template.scratch()
    template.add(project(1), (Homes(10, {sub: 10}), None))
    assert codes(template, tmp_path) == ["not_date"]


@pytest.mark.parametrize(
    ("homes", "code"),
    [(Homes(-3), "houseblock_housing_number"), (Homes(10, owners={"Koopwoning": -10}), "negative_number")],
)
def test_negative_numbers(homes: Homes, code: str, tmp_path: Path) -> None:
    template = Template.scratch()
    template.add(project(1), (homes, None))
    assert codes(template, tmp_path) == [code]


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(changes=st.lists(st.tuples(st.sampled_from(sorted(WRONG)), ANYTHING), max_size=6), number=ANYTHING)
def test_any_file_is_read_or_refused(changes: list[tuple[str, Any]], number: Any, tmp_path_factory: Any) -> None:
    template = Template.scratch()
    template.add(project(1), (Homes(10), None))
    for header, value in changes:
        force(template, 6, PROJECT, header, value)
    force(template, 6, NUMBERS, "Bouw", number)
    for draft in read(template, tmp_path_factory.mktemp("any"))[0]:
        assert draft.row == 6


def force(template: Template, row: int, section: str, header: str, value: Any) -> None:
    """Put a value in a cell as far as the file format can hold it."""
    try:
        template.put(row, section, header, str(value) if isinstance(value, Broken) else value)
    except (ValueError, TypeError, IllegalCharacterError):
        template.put(row, section, header, "rommel")
