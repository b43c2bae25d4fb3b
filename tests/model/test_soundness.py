"""The quick look at blocks of an import says yes to sound ones and never to one that the rules refuse."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from diwi_desktop.model.checks import check_block
from diwi_desktop.model.codes import MilestoneState, OptionList, OwnershipType
from diwi_desktop.model.plan import Option
from diwi_desktop.model.soundness import surely_all_sound, surely_sound
from diwi_desktop.store.plans import add_part, block_of

OPTIONS = {
    "t": Option("t", OptionList.TARGET_GROUP.value, "Ouderen"),
    "a": Option("a", OptionList.APPEARANCE.value, "Hoekwoning"),
}
LISTS = {id: option.list for id, option in OPTIONS.items()}
counts = st.integers(-1, 6)
states = st.sampled_from(MilestoneState)
prices: dict[str, st.SearchStrategy[Any]] = {
    "price": st.just([1, 2]), "price_option": st.just("p"), "rent": st.just([3, 3]), "rent_option": st.just("r"),
}  # fmt: skip
parts = st.lists(
    st.one_of(
        st.fixed_dictionaries({"date": st.just("2027-01-01"), "number": counts, "state": states})
        .map(lambda values: ("delivery", "d", values)),
        st.fixed_dictionaries({"option": st.sampled_from(["t", "a", "?"]), "number": counts})
        .map(lambda values: ("share", "s", values)),
        st.fixed_dictionaries({"type": st.sampled_from(OwnershipType), "number": counts}, optional=prices)
        .map(lambda values: ("ownership", "o", values)),
    ),
    max_size=5,
)  # fmt: skip
blocks = st.fixed_dictionaries(
    {"name": st.sampled_from(["Blok", " "]), "mutation": st.just("CONSTRUCTION"), "number": st.integers(-1, 9)},
    optional=dict.fromkeys(("single_family", "multi_family", "ground_formal", "ground_none", "student"), counts),
)


@given(blocks, parts)
def test_a_quick_yes_is_a_yes_of_the_rules(values: dict[str, Any], hung: list[tuple[str, str, dict[str, Any]]]) -> None:
    block = block_of("b", values)
    for kind, entity, part in hung:
        add_part(block, kind, entity, part)
    sound = surely_sound(values, hung, LISTS)
    refused = check_block(block, OPTIONS)
    if sound:
        assert refused == []
    elif not refused:  # the only doubt that is none: more choices of no known list than homes
        assert sum(part["number"] for kind, _, part in hung if kind == "share" and part["option"] == "?") > block.number


def columns(rows: list[dict[str, Any]]) -> dict[str, list[Any]]:
    """Rows as columns, None where a row has no value."""
    return {key: [row.get(key) for row in rows] for row in rows for key in row}


@given(st.lists(st.tuples(blocks, parts), max_size=4))
def test_a_quick_yes_for_all_is_one_for_each(made: list[tuple[dict[str, Any], list[tuple[str, str, Any]]]]) -> None:
    ids = [str(number) for number in range(len(made))]
    hung: dict[str, list[dict[str, Any]]] = {}
    for id, (_, below) in zip(ids, made, strict=True):
        for kind, _, part in below:
            hung.setdefault(kind, []).append({**part, "houseblock_id": id})
    for_blocks = [(ids, columns([values for values, _ in made]))] if made else []
    all_sound = surely_all_sound(for_blocks, [(kind, columns(rows)) for kind, rows in hung.items()], LISTS)
    assert all_sound == all(surely_sound(values, below, LISTS) for values, below in made)
