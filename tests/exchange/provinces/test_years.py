"""The table per delivery year: figures worked out by hand, and what holds for every input."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diwi_desktop.exchange.provinces.years import cross
from diwi_desktop.model.codes import MilestoneState, OwnershipType
from diwi_desktop.model.plan import Block, Delivery, Ownership, Plan, Range
from tests.exchange.provinces.samples import (
    DONE,
    PLANNED,
    PZH,
    block,
    demolition,
    evaluate,
    filled,
    plan,
    register,
)

BUY = OwnershipType.BUY
LANDLORD, CORPORATION = OwnershipType.RENT_LANDLORD, OwnershipType.RENT_CORPORATION
TABLE = PZH.tables["delivery_years"]
JUNE = {year: date(year, 6, 1) for year in range(2020, 2036)}


def bought(number: int, euros: int) -> Ownership:
    return Ownership(BUY, number, price=Range(euros * 100, euros * 100))


def rented(number: int, euros: int, kind: OwnershipType = CORPORATION) -> Ownership:
    return Ownership(kind, number, rent=Range(euros * 100, euros * 100))


def rows(found: Plan) -> list[dict[str, object]]:
    return list(evaluate(found).properties["year_properties"])


def test_one_block_over_two_years() -> None:
    # 28 flats and 20 houses; 30 sold at 350.000 (koop2), 18 unknown; half in each year: 14 + 10 homes, 15 + 9.
    # 24 homes: flats koop2 14*15/24 = 8,75; flats unknown 5,25; houses koop2 6,25; houses unknown 3,75.
    # Rounded down 8 + 5 + 6 + 3 = 22; the two that are left go to the two of ,75.
    one = block(
        48, (JUNE[2028], 24), (JUNE[2029], 24), multi_family=28, single_family=20, ownerships=[bought(30, 350_000)]
    )
    first, second = rows(plan(one))
    expected = {"meergezins_koop2": 9, "meergezins_onbekend": 5, "eengezins_koop2": 6, "eengezins_onbekend": 4}
    assert (first["jaartal"], second["jaartal"]) == (2028, 2029)
    assert filled(first) == filled(second) == expected


def test_an_odd_block_over_two_years_keeps_its_rows() -> None:
    # 5 homes, 2 + 3: 4 flats 1,6 + 2,4 and 1 house 0,4 + 0,6 (largest remainders: flats 2028, house 2029: 2+2, 0+1).
    one = block(5, (JUNE[2028], 2), (JUNE[2029], 3), multi_family=4, single_family=1, ownerships=[bought(5, 300_000)])
    first, second = rows(plan(one))
    assert filled(first) == {"meergezins_koop2": 2}
    assert filled(second) == {"meergezins_koop2": 2, "eengezins_koop2": 1}


def test_blocks_of_one_year_are_pooled() -> None:
    # 6 flats koop1 and 2 houses huur3 of a private landlord: 8 homes. flats koop1 6*6/8 = 4,5; flats huur3 1,5;
    # houses koop1 1,5; houses huur3 0,5. Down 4 + 1 + 1 + 0 = 6; all remainders equal, two homes left.
    # Short: flats 1, houses 1, koop1 1, huur3 1: flats koop1 lacks both, then houses huur3 lacks both.
    flats = block(6, (JUNE[2027], 6), multi_family=6, ownerships=[bought(6, 200_000)])
    houses = block(2, (date(2027, 12, 31), 2), single_family=2, ownerships=[rented(2, 900, LANDLORD)])
    (only,) = rows(plan(flats, houses))
    assert filled(only) == {
        "meergezins_koop1": 5,
        "meergezins_huur3": 1,
        "eengezins_koop1": 1,
        "eengezins_huur3": 1,
    }


def test_ties_are_settled_by_want_and_then_by_the_order_of_the_format() -> None:
    assert cross([1, 1, 0], [1, 1]) == [1, 0, 0, 1, 0, 0]
    # Three homes, one of each type, three classes of one: all cells 1/3; the diagonal lacks nothing twice.
    assert cross([1, 1, 1], [1, 1, 1]) == [1, 0, 0, 0, 1, 0, 0, 0, 1]


def test_the_largest_remainder_wins_over_the_order() -> None:
    # 3 flats, 4 houses; 5 koop1, 2 koop2: 15/7 = 2,14; 6/7 = 0,86; 20/7 = 2,86; 8/7 = 1,14: down 2+0+2+1 = 5, left 2.
    assert cross([3, 4], [5, 2]) == [2, 1, 3, 1]


def test_demolition_has_its_own_half_and_years() -> None:
    gone = demolition(10, (JUNE[2027], 10), multi_family=10, ownerships=[rented(10, 600)])
    new = block(4, (JUNE[2028], 4), single_family=4)
    first, second = rows(plan(gone, new))
    assert filled(first) == {"sloop_meergezins_huur1": 10}
    assert filled(second) == {"eengezins_onbekend": 4}
    assert evaluate(plan(gone, new)).properties["ph_short3"] == -10


def test_corporation_homes_are_net() -> None:
    new = block(
        30, (JUNE[2028], 30), ownerships=[rented(10, 600), rented(8, 800), rented(7, 1000), rented(5, 600, LANDLORD)]
    )
    gone = demolition(6, (JUNE[2027], 6), ownerships=[rented(4, 500), rented(2, 1100)])
    found = evaluate(plan(new, gone)).properties
    assert found["ph_short3"] == 10 + 8 - 4
    assert found["ph_short4"] == 7 - 2


def test_homes_without_type_or_ownership_are_unknown() -> None:
    (only,) = rows(plan(block(7, (JUNE[2028], 7))))
    assert filled(only) == {"onbekend_onbekend": 7}


def test_a_block_without_homes_gives_a_row_of_zeros() -> None:
    (only,) = rows(plan(block(0, (JUNE[2028], 0))))
    assert filled(only) == {}
    assert only["jaartal"] == 2028


def test_years_ascend_and_the_keys_are_in_the_order_of_the_format() -> None:
    found = rows(plan(block(3, (JUNE[2030], 1), (JUNE[2026], 2)), demolition(1, (JUNE[2025], 1))))
    assert [row["jaartal"] for row in found] == [2025, 2026, 2030]
    prices = "koop1 koop2 koop3 koop4 koop_onb huur1 huur2 huur3 huur4 huur_onb onbekend".split()
    cells = [f"{kind}_{price}" for kind in ("meergezins", "eengezins", "onbekend") for price in prices]
    expected = ["jaartal", *cells, "bouw_gerealiseerd", *(f"sloop_{c}" for c in cells), "sloop_gerealiseerd"]
    assert [list(row) for row in found] == [expected] * 3
    assert len(expected) == 69


# -- realised -------------------------------------------------------------------------------------------------------

ABORTED = MilestoneState.ABORTED


@pytest.mark.parametrize(
    ("deliveries", "expected"),
    [
        ([Delivery(date(2026, 11, 20), 5, DONE)], "Ja"),
        ([Delivery(date(2026, 11, 21), 5, DONE)], "Nee"),  # on the reference date itself: not before it
        ([Delivery(date(2026, 12, 1), 5, DONE)], "Nee"),
        ([Delivery(date(2026, 3, 1), 5, PLANNED)], "Nee"),  # its day went by, but nobody said that it happened
        ([Delivery(date(2026, 3, 1), 3, DONE), Delivery(date(2026, 9, 1), 2, DONE)], "Ja"),
        ([Delivery(date(2026, 3, 1), 3, DONE), Delivery(date(2026, 12, 1), 2, PLANNED)], "Nee"),
        ([Delivery(date(2026, 3, 1), 3, DONE)], "Nee"),  # two homes are still to come
        ([Delivery(date(2026, 3, 1), 5, DONE), Delivery(date(2026, 4, 1), 5, ABORTED)], "Ja"),
    ],
)
def test_realised_is_delivered_before_the_reference_date(deliveries: list[Delivery], expected: str) -> None:
    (only,) = rows(plan(block(5, *deliveries)))
    assert only["bouw_gerealiseerd"] == expected
    assert only["sloop_gerealiseerd"] == "Nee"


def test_each_kind_and_each_block_counts_for_realised() -> None:
    done, open_ = Delivery(date(2026, 3, 1), 5, DONE), Delivery(date(2026, 12, 1), 5, PLANNED)
    (only,) = rows(plan(block(5, open_), demolition(5, done)))
    assert (only["bouw_gerealiseerd"], only["sloop_gerealiseerd"]) == ("Nee", "Ja")
    (only,) = rows(plan(block(5, done), block(5, open_)))
    assert only["bouw_gerealiseerd"] == "Nee"


def test_realised_on_another_day() -> None:
    found = plan(block(5, Delivery(date(2026, 3, 1), 5, DONE)))
    before = evaluate(found, reg=register(on=date(2026, 2, 1)))
    assert before.properties["year_properties"][0]["bouw_gerealiseerd"] == "Nee"
    later = plan(block(5, Delivery(date(2028, 3, 1), 5, PLANNED)))
    after = evaluate(later, reg=register(on=date(2029, 1, 1)))
    assert after.properties["year_properties"][0]["bouw_gerealiseerd"] == "Ja"


# -- doubts ---------------------------------------------------------------------------------------------------------


def test_a_block_without_delivery_is_counted_in_the_last_year_with_a_warning() -> None:
    found = evaluate(plan(block(5, single_family=5)))
    assert [(f.code, f.severity.value, f.entity) for f in found.findings] == [
        ("houseblock_without_delivery", "warning", "block-a")
    ]
    assert found.properties["year_properties"][0]["jaartal"] == 2030
    assert found.properties["oplevering_laatste"] == 2030


def test_a_block_of_which_all_deliveries_were_aborted_does_not_count() -> None:
    found = evaluate(plan(block(5, Delivery(JUNE[2028], 5, ABORTED), ownerships=[rented(5, 600)])))
    assert [f.code for f in found.findings] == ["houseblock_deliveries_aborted"]
    assert found.properties["ph_short3"] == 0
    assert found.properties["year_properties"] == []
    assert found.properties["oplevering_eerste"] is None


def test_a_division_beyond_the_number_is_an_error_and_never_a_negative_number() -> None:
    found = evaluate(plan(block(5, (JUNE[2028], 5), single_family=6)))
    assert [f.code for f in found.findings] == ["houseblock_division_exceeds_number"]
    assert found.faulty
    found = evaluate(plan(block(5, (JUNE[2028], 5), ownerships=[bought(6, 300_000)])))
    assert [f.code for f in found.findings] == ["houseblock_division_exceeds_number"]


# -- for every input ------------------------------------------------------------------------------------------------


@st.composite
def blocks(draw: st.DrawFn) -> Block:
    number = draw(st.integers(0, 60))
    multi = draw(st.integers(0, number))
    single = draw(st.integers(0, number - multi))
    left, owned = number, []
    for _ in range(draw(st.integers(0, 4))):
        part = draw(st.integers(0, left))
        left -= part
        euros = draw(st.sampled_from([200_000, 300_000, 450_000, 700_000]))
        owned.append(draw(st.sampled_from([bought(part, euros), rented(part, euros // 500), Ownership(BUY, part)])))
    deliveries = draw(st.lists(st.tuples(st.sampled_from(sorted(JUNE.values())), st.integers(0, 40)), max_size=4))
    make = draw(st.sampled_from([block, demolition]))
    return make(number, *deliveries, multi_family=multi, single_family=single, ownerships=owned)


@given(st.lists(blocks(), max_size=5), st.randoms())
def test_what_holds_for_every_plan(found: list[Block], random: object) -> None:
    def table(items: list[Block]) -> list[dict[str, object]]:
        return rows(plan(*items))

    made = table(found)
    cells, half = list(TABLE.cells), ("", "sloop_")
    for row in made:
        assert list(row) == list(TABLE.keys)
        assert all(value >= 0 for value in row.values() if isinstance(value, int))
    # All homes are in the table: per kind, per house type and per price class the years add up as far as rounding goes.
    for prefix, sign in zip(half, (1, -1), strict=True):
        homes = sum(b.number for b in found if b.sign == sign)
        assert sum(int(str(row[prefix + cell])) for row in made for cell in cells) == homes
    random.shuffle(found)
    assert table(found) == made


@given(st.lists(st.integers(0, 40), min_size=3, max_size=3), st.lists(st.integers(0, 40), min_size=11, max_size=11))
def test_cells_are_the_exact_share_rounded_down_or_up(types: list[int], prices: list[int]) -> None:
    total = sum(types)
    prices[-1] += max(0, total - sum(prices))
    types[-1] += max(0, sum(prices) - total)
    total = sum(types)
    cells = cross(types, prices)
    assert sum(cells) == total
    for place, cell in enumerate(cells):
        exact = types[place // 11] * prices[place % 11]
        assert exact // max(total, 1) <= cell <= -(-exact // max(total, 1))
