"""Every business rule of the import, once kept and once broken, through a real file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from diwi_desktop.exchange.messages import MESSAGES
from diwi_desktop.model.finding import Severity
from tests.exchange.excel.reading import codes, read, warnings
from tests.exchange.excel.workbook import Homes, Template, project

D = date.fromisoformat
Build = Callable[[Template], Any]


def one(homes: Homes | None = None, demolish: Homes | None = None, **cells: Any) -> Build:
    """A file with one project and one row."""
    headers = {key.replace("_", " "): value for key, value in cells.items()}
    return lambda t: t.add(project(1) | headers, (homes if homes or demolish else Homes(10), demolish))


def dated(**cells: Any) -> Build:
    """One project with other dates and steps; keys p1..p7 and s0..s8 are phases and plan statuses in order."""
    from tests.exchange.excel.workbook import PHASES, STATUSES

    names = {f"p{n}": header for n, header in enumerate(PHASES, start=1)}
    names |= {f"s{n}": header for n, header in enumerate(STATUSES)}
    names |= {"status": "Project status", "start": "Start project", "end": "Eind project"}
    named = {names[key]: D(value) if value[:2] == "20" else value for key, value in cells.items()}
    return lambda t: t.add(project(1) | named, (Homes(10), None))


def two(first: dict[str, Any], second: dict[str, Any]) -> Build:
    """Two rows of project 1 with these cells."""

    def build(t: Template) -> None:
        t.add(project(1, "Kade") | first, (Homes(5), None))
        t.add(project(1, "Kade") | second, (Homes(5), None))

    return build


OWNED = {"Koopwoning": 10}
RENTED = {"Particuliere verhuurder": 10}
SOCIAL = {"Huur woningcorporatie": 10}

# code: (a file that breaks the rule, files that keep it)
RULES: dict[str, tuple[Build, list[Build]]] = {
    "no_project_name": (lambda t: t.add(project(1, Naam=None), (Homes(1), None)), [one()]),
    "no_project_status": (lambda t: t.add(project(1, Project_status=None), (Homes(1), None)), [one()]),
    "no_project_start_date": (lambda t: t.add(project(1, Start_project=None), (Homes(1), None)), [one()]),
    "no_project_end_date": (lambda t: t.add(project(1, Eind_project=None), (Homes(1), None)), [one()]),
    "no_project_confidentiality": (lambda t: t.add(project(1, Vertrouwelijkheid=None), (Homes(1), None)), [one()]),
    "project_dates_error": (
        dated(start="2025-01-01", end="2025-01-01"),
        [dated(start="2025-06-01", end="2025-06-02")],
    ),
    "project_dates_status_mismatch": (
        dated(status="Actief", end="2025-05-31"),
        [
            dated(status="Actief", start="2025-06-01"),
            dated(status="Actief", end="2025-06-01"),
            dated(status="Nieuw", start="2025-06-01"),
            dated(status="Afgerond", end="2025-06-01"),
            dated(status="Afgebroken", end="2025-06-01"),
        ],
    ),
    "wrong_project_phase_dates": (
        dated(p2="2025-01-01", p3="2025-01-01"),
        [dated(p1="2024-01-01", p3="2025-01-01", p7="2028-12-31")],
    ),
    "wrong_project_plan_status_dates": (
        dated(s0="2025-02-01", s1="2025-01-01"),
        [dated(s0="2024-01-01", s2="2025-01-01", s8="2028-12-31")],
    ),
    "incomplete_project_location": (
        one(Wijk="Noord"),
        [one(Wijk="Noord", Gemeente="Ede"), one(Gemeente="Ede"), one(Gemeente="Ede", Wijk="Noord", Buurt="Haven")],
    ),
    "houseblock_delivery_date": (
        one(Homes(10, {D("2029-01-01"): 10})),
        [one(Homes(10, {D("2028-12-31"): 10}))],
    ),
    "houseblock_delivery_phase": (
        lambda t: t.add(project(1) | {"6 Realisatie": D("2026-01-01")}, (Homes(10, {D("2025-12-31"): 10}), None)),
        [
            lambda t: t.add(project(1) | {"6 Realisatie": D("2026-01-01")}, (Homes(10, {D("2026-01-01"): 10}), None)),
            one(Homes(10, {D("2024-01-02"): 10})),
        ],
    ),
    "houseblock_housing_number": (one(Homes(0)), [one(Homes(1)), one(Homes(0), Homes(4))]),
    "no_houseblock_mutation": (one(Homes(owners=OWNED)), [one(Homes(10, owners=OWNED)), lambda t: t.add(project(1))]),
    "houseblock_delivery_total": (
        one(Homes(10, {D("2026-01-01"): 4, D("2027-01-01"): 5})),
        [one(Homes(10, {D("2026-01-01"): 4, D("2027-01-01"): 6})), one(Homes(10))],
    ),
    "houseblock_ownership_total": (
        one(Homes(10, owners={"Koopwoning": 4, "Huur woningcorporatie": 7})),
        [one(Homes(10, owners={"Koopwoning": 4, "Eigendom type onbekend": 6}))],
    ),
    "houseblock_house_type_total": (
        one(Homes(10, types={"Eengezins woning": 9})),
        [one(Homes(10, types={"Eengezins woning": 9, "Woning type onbekend": 1})), one(Homes(10))],
    ),
    "houseblock_physical_appearance_total": (
        one(Homes(10, appearances={"Tussenwoning": 11})),
        [one(Homes(10, appearances={"Tussenwoning": 10}))],
    ),
    "houseblock_target_group_total": (
        one(Homes(10, targets={"Ouderen": 3})),
        [one(Homes(10, targets={"Ouderen": 10}))],
    ),
    "houseblock_ground_position_total": (
        one(Homes(10, ground={"Formele toestemming eigenaar": 3, "Geen toestemming eigenaar": 6})),
        [one(Homes(10, ground={"Formele toestemming eigenaar": 4, "Geen toestemming eigenaar": 6}))],
    ),
    "houseblock_ownership_owner_total": (
        one(Homes(10, owners=OWNED, buy_classes={"Starter": 9})),
        [one(Homes(10, owners=OWNED, buy_classes={"Starter": 9, "Onbekend": 1})), one(Homes(10, owners=OWNED))],
    ),
    "houseblock_ownership_landlord_total": (
        one(Homes(10, owners=RENTED, landlord_prices={"700 - 900": 11})),
        [one(Homes(10, owners=RENTED, landlord_prices={"700 - 900": 10}))],
    ),
    "houseblock_ownership_housing_assoc_total": (
        one(Homes(10, corporation_classes={"Sociaal": 10})),
        [one(Homes(10, owners=SOCIAL, corporation_classes={"Sociaal": 10}))],
    ),
    "houseblock_ownership_owner_multiple_types": (
        one(Homes(10, owners=OWNED, buy_classes={"Starter": 4}, buy_prices={300000: 6})),
        [one(Homes(10, owners=OWNED, buy_prices={300000: 4, "400000 - Inf": 6}))],
    ),
    "houseblock_ownership_landlord_multiple_types": (
        one(Homes(10, owners=RENTED, landlord_classes={"Sociaal": 4}, landlord_prices={1000: 6})),
        [one(Homes(10, owners=RENTED, landlord_classes={"Sociaal": 4, "Onbekend": 6}))],
    ),
    "houseblock_ownership_housing_assoc_multiple_types": (
        one(Homes(10, owners=SOCIAL, corporation_classes={"Sociaal": 4}, corporation_prices={650: 6})),
        [one(Homes(10, owners=SOCIAL, corporation_prices={650: 4, "Onbekend": 6}))],
    ),
    "project_level_data_invalid": (
        two({}, {"Naam": "Kolk"}),
        [two({}, {}), two({}, {"Naam": " Kade "})],
    ),
}


@pytest.mark.parametrize("code", RULES)
def test_broken(code: str, tmp_path: Path) -> None:
    template = Template.scratch(old_demolition=False)
    RULES[code][0](template)
    _, findings = read(template, tmp_path)
    assert [f.code for f in findings if f.severity is not Severity.WARNING] == [code]
    (finding,) = (f for f in findings if f.code == code)
    assert finding.row in (6, 7)
    assert finding.column
    assert finding.nl.endswith(".")
    assert finding.en.endswith(".")


@pytest.mark.parametrize(("code", "number"), [(code, n) for code, (_, good) in RULES.items() for n in range(len(good))])
def test_kept(code: str, number: int, tmp_path: Path) -> None:
    template = Template.scratch(old_demolition=False)
    RULES[code][1][number](template)
    assert codes(template, tmp_path) == []


@pytest.mark.parametrize(
    ("cells", "broken"),
    [
        ({"status": "Nieuw", "start": "2025-05-31"}, True),
        ({"status": "Afgerond", "end": "2025-06-02"}, True),
        ({"status": "Afgebroken", "end": "2025-06-02"}, True),
        ({"status": "Actief", "start": "2025-06-02"}, True),
        ({"status": "Actief"}, False),
    ],
)
def test_status_and_dates(cells: dict[str, str], broken: bool, tmp_path: Path) -> None:
    template = Template.scratch()
    dated(**cells)(template)
    assert codes(template, tmp_path) == (["project_dates_status_mismatch"] if broken else [])


@pytest.mark.parametrize(
    "cells",
    [{"p1": "2023-12-31"}, {"p7": "2029-01-01"}, {"p1": "2025-01-01", "p3": "2026-01-01", "p4": "2025-06-01"}],
)
def test_phases_outside_the_project_or_out_of_order(cells: dict[str, str], tmp_path: Path) -> None:
    template = Template.scratch()
    dated(**cells)(template)
    _, findings = read(template, tmp_path)
    assert [f.code for f in findings] == ["wrong_project_phase_dates"]
    assert findings[0].value == D(list(cells.values())[-1])


@pytest.mark.parametrize(
    ("header", "first", "second"),
    [
        ("Eigenaar", "anna@voorbeeld.nl", "bert@voorbeeld.nl"),
        ("Vertrouwelijkheid", "Openbaar", "Prive"),
        ("Eind project", D("2028-12-31"), D("2029-12-31")),
        ("Start project", D("2024-01-01"), D("2024-02-01")),
        ("Plan soort", "Verdichting", "Herstructurering"),
        ("In programmering", True, False),
        ("Wijk", "Noord", None),
    ],
)
def test_all_project_cells_agree_between_rows(header: str, first: Any, second: Any, tmp_path: Path) -> None:
    """The original left owner, confidentiality and end date out and silently took the first row's."""
    template = Template.scratch()
    extra = {"Gemeente": "Ede"} if header == "Wijk" else {}
    two({header: first} | extra, {header: second} | extra)(template)
    _, findings = read(template, tmp_path)
    (finding,) = (f for f in findings if f.severity is not Severity.WARNING)
    assert (finding.code, finding.row) == ("project_level_data_invalid", 7)
    assert header in finding.column


def test_truth_values_and_their_numbers_agree(tmp_path: Path) -> None:
    template = Template.scratch()
    two({"In programmering": True}, {"In programmering": 1})(template)
    assert codes(template, tmp_path) == []


def test_a_cell_that_cannot_be_read_gives_no_second_finding(tmp_path: Path) -> None:
    template = Template.scratch()
    template.add(
        project(1), (Homes(10, {D("2026-01-01"): "vier", D("2027-01-01"): 6}, owners={"Koopwoning": 10}), None)
    )
    template.add(project(2), (Homes("tien", owners={"Koopwoning": 10}, types={"Eengezins woning": 3}), None))  # type: ignore[arg-type]  # the point
    template.add(project(3, Eind_project="straks"), (Homes(10), None))
    template.add(project(4), (Homes(10, owners={"Koopwoning": 10}, buy_classes={"Onbekende klasse": 10}), None))
    assert sorted(codes(template, tmp_path)) == sorted(
        ["unknown_price_buy_range_category", "not_numeric", "not_numeric", "not_date"]
    )


def test_all_three_levels_are_reported_together(tmp_path: Path) -> None:
    template = Template.scratch(without=("Rol gemeente",))
    template.add(project(1, own={"Bestaat niet": "x"}), (Homes(10), None))
    template.add(project(2, Start_project="gisteren"), (Homes(10), None))
    template.add(project(3), (Homes(10, owners={"Koopwoning": 9}), None))
    assert codes(template, tmp_path) == [
        "missing_headers",
        "unknown_project_property",
        "not_date",
        "houseblock_ownership_total",
    ]


def test_the_place_of_a_finding(tmp_path: Path) -> None:
    template = Template.scratch()
    template.add(project(1), (Homes(10), None))
    row = template.add(project(2, "Kade"), (Homes(10, {D("2026-01-01"): 3.5}), None))
    _, findings = read(template, tmp_path)
    (finding,) = findings
    assert (finding.code, finding.row, finding.value, finding.project_name) == ("not_numeric", row, 3.5, "Kade")
    assert finding.column == "AS (Opleverdatum: 01-01-2026)"


def test_a_project_without_an_owner_is_a_doubt(tmp_path: Path) -> None:
    template = Template.scratch()
    template.add(project(1, Eigenaar=None), (Homes(10), None))
    assert codes(template, tmp_path) == []
    assert warnings(template, tmp_path) == ["project_owner_missing"]


def test_every_sentence_can_be_said() -> None:
    """No sentence names an argument that is not there under that name in the other language."""
    import string

    for code, message in MESSAGES.items():
        nl = {name for _, name, _, _ in string.Formatter().parse(message.nl) if name}
        en = {name for _, name, _, _ in string.Formatter().parse(message.en) if name}
        assert {n.removesuffix("_nl") for n in nl} == {n.removesuffix("_en") for n in en}, code
