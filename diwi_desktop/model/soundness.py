"""A quick yes for blocks that are sound, for an import of thousands; where it says no, `checks` tells what is wrong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from diwi_desktop.model.checks import counts_of_homes
from diwi_desktop.model.codes import MilestoneState, OwnershipType

Columns = Mapping[str, Sequence[Any]]


def surely_sound(
    values: Mapping[str, Any], parts: Iterable[tuple[str, str, Mapping[str, Any]]], lists: Mapping[str, str]
) -> bool:
    """A quick yes for a block in log shape with its parts (kind, id, values); False: let `checks.check_block` tell.

    For an import of thousands, nearly all of them sound. `lists` has the list of each option.
    """
    number = values.get("number", 0)
    if number < 0 or not values.get("name", "").strip():
        return False
    totals: dict[str, int] = {}
    for key, group in _count_groups():
        count = values.get(key)
        if count is not None:
            if count < 0:
                return False
            totals[group] = totals.get(group, 0) + count
    for kind, _, part in parts:
        count = part["number"]
        if kind == "share":
            kind = lists.get(part["option"], kind)
        elif kind == "delivery":
            if part["state"] == MilestoneState.ABORTED:
                kind = "none"
        elif not _price_fits(part):
            return False
        if count < 0:
            return False
        totals[kind] = totals.get(kind, 0) + count
    totals.pop("none", None)
    return all(total <= number for total in totals.values())


def _price_fits(part: Mapping[str, Any]) -> bool:
    """Whether an ownership row in log shape has one price at most, and of its own type."""
    bought = (part.get("price") is not None) + (part.get("price_option") is not None)
    rented = (part.get("rent") is not None) + (part.get("rent_option") is not None)
    return bought + rented < 2 and not (rented if part["type"] == OwnershipType.BUY else bought)


def surely_all_sound(
    blocks: Iterable[tuple[Sequence[str], Columns]], parts: Iterable[tuple[str, Columns]], lists: Mapping[str, str]
) -> bool:
    """`surely_sound` of many blocks at once: ids and values of blocks, and all their parts by kind, in columns.

    Values are in log shape. False says no more than that one of them is in doubt.
    """
    homes: dict[str, int] = {}
    totals: dict[str, dict[str, int]] = defaultdict(dict)
    for ids, columns in blocks:
        homes.update(zip(ids, columns["number"], strict=True))
        if not all(name.strip() for name in set(columns["name"])):
            return False
        for key, group in _count_groups():
            if not _tallied(totals[group], ids, columns.get(key, ())):
                return False
    for kind, columns in parts:
        above, numbers = columns["houseblock_id"], columns["number"]
        if kind == "share":
            groups = [lists.get(option, kind) for option in columns["option"]]
        elif kind == "delivery":
            aborted = {MilestoneState.ABORTED: "none"}
            groups = [aborted.get(state, kind) for state in columns["state"]]
        elif _prices_fit(columns):
            groups = [kind] * len(above)
        else:
            return False
        if min(numbers, default=0) < 0:
            return False
        for block, count, group in zip(above, numbers, groups, strict=True):
            total = totals[group]
            total[block] = total.get(block, 0) + count
    totals.pop("none", None)
    return all(total <= homes.get(block, -1) for group in totals.values() for block, total in group.items())


def _tallied(total: dict[str, int], ids: Sequence[str], counts: Sequence[int | None]) -> bool:
    """Add counts to the total of their block; False where one is negative."""
    for block, count in zip(ids, counts, strict=False):
        if count:
            if count < 0:
                return False
            total[block] = total.get(block, 0) + count
    return True


def _prices_fit(columns: Columns) -> bool:
    """Whether all ownership rows have one price at most, and of their own type."""
    keys = ("type", "price", "price_option", "rent", "rent_option")
    nothing = [None] * len(columns["type"])
    kinds = {
        (kind, price is None, price_option is None, rent is None, rent_option is None)
        for kind, price, price_option, rent, rent_option in zip(*(columns.get(k, nothing) for k in keys), strict=True)
    }
    return all(
        _price_fits({"type": kind[0]} | {key: 0 for key, none in zip(keys[1:], kind[1:], strict=True) if not none})
        for kind in kinds
    )


@cache
def _count_groups() -> tuple[tuple[str, str], ...]:
    """The counts of a block with what they are added up to; one that stands alone is its own sum."""
    return tuple((f.key, f.sum or f.key) for f in counts_of_homes())
