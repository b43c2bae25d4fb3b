"""Refusing rules: for each one a block or project that passes and one that does not."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from diwi_desktop.model.catalogue import catalogue
from diwi_desktop.model.checks import check_block, check_project
from diwi_desktop.model.codes import MilestoneState, OptionList, OwnershipType
from diwi_desktop.model.finding import Severity
from diwi_desktop.model.plan import Block, Delivery, Option, Ownership, Range, Share
from diwi_desktop.model.refusals import REFUSAL_CODES

OPTIONS = {
    "g1": Option("g1", OptionList.TARGET_GROUP, "Ouderen"),
    "g2": Option("g2", OptionList.TARGET_GROUP, "Jongeren"),
    "a1": Option("a1", OptionList.APPEARANCE, "Vrijstaand"),
    "a2": Option("a2", OptionList.APPEARANCE, "Hoekwoning"),
}
BUY, RENT = OwnershipType.BUY, OwnershipType.RENT_CORPORATION
PRICE = Range(30_000_000, 40_000_000)


def block(**values: Any) -> Block:
    return Block(**{"name": "Blok A", "number": 10, "id": "b1", **values})


def codes(subject: Block) -> list[str]:
    return [finding.code for finding in check_block(subject, OPTIONS)]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"name": "Aan de Vaart", "start_date": "2026-01-01", "end_date": "2026-01-02"}, None),
        ({"name": "Aan de Vaart", "start_date": "2026-01-01", "end_date": None}, None),
        ({}, None),
        ({"name": "A", "start_date": "2026-01-01", "end_date": "2026-01-01"}, "project_dates"),
        ({"name": "A", "start_date": "2027-01-01", "end_date": "2026-01-01"}, "project_dates"),
        ({"name": " \t", "start_date": "2026-01-01", "end_date": "2027-01-01"}, "project_name_blank"),
    ],
)
def test_project(values: dict[str, Any], code: str | None) -> None:
    assert [f.code for f in check_project(values, "p1")] == ([code] if code else [])


def test_a_refusal_names_the_figures_and_the_place() -> None:
    (finding,) = check_project({"name": "A", "start_date": "2027-03-01", "end_date": "2026-12-31"}, "p1")
    assert finding.nl == "De einddatum 31-12-2026 ligt niet na de startdatum 01-03-2027."
    assert finding.en == "The end date 31-12-2026 does not lie after the start date 01-03-2027."
    assert (finding.kind, finding.entity, finding.field) == ("project", "p1", "end_date")
    assert finding.value == "2026-12-31"
    (finding,) = check_block(block(ownerships=[Ownership(BUY, 6, id="o1"), Ownership(RENT, 6, id="o2")]), OPTIONS)
    assert finding.nl == "Blok 'Blok A': eigendom en waarde samen 12 woningen, meer dan de 10 van het blok."
    assert (finding.kind, finding.entity, finding.field, finding.value) == ("ownership", "o2", "number", 12)


RULES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("houseblock_name_blank", {"name": "Blok"}, {"name": "  "}),
    ("houseblock_negative_number", {"number": 0}, {"number": -1}),
    ("houseblock_negative_number", {"student": 0}, {"student": -2}),
    ("houseblock_negative_number", {"shares": [Share("g1", 0)]}, {"shares": [Share("g1", -1)]}),
    (
        "houseblock_ownership_total",
        {"ownerships": [Ownership(BUY, 4), Ownership(RENT, 6)]},
        {"ownerships": [Ownership(BUY, 5), Ownership(RENT, 6)]},
    ),
    (
        "houseblock_target_group_total",
        {"shares": [Share("g1", 4), Share("g2", 6), Share("a1", 10)]},
        {"shares": [Share("g1", 5), Share("g2", 6), Share("a1", 1)]},
    ),
    (
        "houseblock_appearance_total",
        {"shares": [Share("a1", 10), Share("g1", 10)]},
        {"shares": [Share("a1", 1), Share("a2", 10)]},
    ),
    (
        "houseblock_house_type_total",
        {"single_family": 4, "multi_family": 6},
        {"single_family": 5, "multi_family": 6},
    ),
    (
        "houseblock_ground_position_total",
        {"ground_formal": 3, "ground_intention": 3, "ground_none": 4},
        {"ground_formal": 3, "ground_intention": 3, "ground_none": 5},
    ),
    (
        "houseblock_delivery_total",
        {
            "deliveries": [
                Delivery(date(2027, 1, 1), 4),
                Delivery(date(2028, 1, 1), 6),
                Delivery(date(2028, 1, 1), 6, MilestoneState.ABORTED),
            ]
        },
        {"deliveries": [Delivery(date(2027, 1, 1), 5), Delivery(date(2028, 1, 1), 6)]},
    ),
    (
        "ownership_two_prices",
        {
            "ownerships": [
                Ownership(BUY, 1, price=PRICE),
                Ownership(BUY, 1, price_option="k"),
                Ownership(RENT, 1),
            ]
        },
        {"ownerships": [Ownership(BUY, 1, price=PRICE, price_option="k")]},
    ),
    (
        "ownership_price_of_other_type",
        {"ownerships": [Ownership(RENT, 1, rent=PRICE), Ownership(RENT, 1, rent_option="k")]},
        {"ownerships": [Ownership(BUY, 1, rent=PRICE)]},
    ),
    (
        "ownership_price_of_other_type",
        {"ownerships": [Ownership(BUY, 1)]},
        {"ownerships": [Ownership(OwnershipType.RENT_LANDLORD, 1, price_option="k")]},
    ),
    *(
        ("houseblock_special_total", {field.key: 10}, {field.key: 11})
        for field in catalogue().kind("houseblock").fields
        if field.section == "special"
    ),
]


@pytest.mark.parametrize(("code", "good", "bad"), RULES)
def test_block(code: str, good: dict[str, Any], bad: dict[str, Any]) -> None:
    assert codes(block(**good)) == []
    assert codes(block(**bad)) == [code]
    finding = check_block(block(**bad), OPTIONS)[0]
    assert finding.severity is Severity.REFUSAL
    assert finding.nl.endswith(".")
    assert finding.en.endswith(".")
    assert finding.nl != finding.en
    assert catalogue().field(finding.kind, finding.field)


def test_every_refusal_has_a_test() -> None:
    tested = {code for code, _, _ in RULES} | {"project_dates", "project_name_blank"}
    in_the_store = {"project_parent_loop", "duplicate_name", "own_field_limits", "own_field_pattern"}
    in_the_store |= {"project_has_sub_plans", "option_without_level", "switched_off"}
    assert tested | in_the_store == set(REFUSAL_CODES)  # those of the store: test_acts_hard.py and test_refusals.py


def test_one_home_too_many_in_each_count_gives_each_refusal_once() -> None:
    full = block(single_family=10, ground_formal=10, temporary=10, ownerships=[Ownership(BUY, 10)])
    assert codes(full) == []
    assert codes(replace(full, number=9)) == [
        "houseblock_house_type_total",
        "houseblock_ground_position_total",
        "houseblock_special_total",
        "houseblock_ownership_total",
    ]
