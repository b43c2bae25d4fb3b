"""Homes per delivery year, by house type and price class: the table that provinces ask for.

House type and price are known per block only as two separate divisions. How they become one table:

1. Every block gets its two divisions: the types with what is left as unknown, and the price classes with what has no
   ownership row as unknown.
2. A block delivered over several years has both divisions spread over its years by `apportion_table`, so that the years
   of a type or class add up to the block's number for it, and the types and the classes of a year both add up to
   the homes that the block delivers in it.
3. Per year, construction and demolition apart, the divisions of all blocks are added up. With N homes in the year a
   cell is type x class / N, rounded down; the homes left over go one by one to the cells with the largest remainder.
   Equal remainders: first the cells whose type and class both still lack homes, then those that lack one of the two,
   and then in the order of the format (meergezins, eengezins, onbekend; within a type koop1 to onbekend). So the order
   of blocks or rows never matters. Source: functional reference 4.2; the tie rule is ours, it left ties to chance.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import Any

from diwi_desktop.exchange.provinces.prices import Period, Scale
from diwi_desktop.exchange.provinces.profile import YearTable
from diwi_desktop.model.apportion import apportion_table
from diwi_desktop.model.codes import Mutation, OwnershipType
from diwi_desktop.model.derive import counts, live_deliveries, per_year
from diwi_desktop.model.moment import Moment
from diwi_desktop.model.plan import Block, Option, Ownership, Plan, Range


@dataclass(slots=True)
class Side:
    """Construction or demolition in one year."""

    types: list[int]
    classes: list[int]
    homes: int = 0
    realised: bool = True


@dataclass(slots=True)
class Counted:
    """What was counted of a plan's blocks. `owned`: (+1 or -1, ownership type, class, homes) per ownership row.

    `years`: construction and demolition per year, ascending. Then what could not be counted well: ownership rows whose
    price covers several classes, price classes (ids) without bounds, blocks whose divisions exceed their number, blocks
    without any delivery (counted in the last year of the project) and blocks of which every delivery was aborted (not
    counted).
    """

    years: dict[int, tuple[Side, Side]] = field(default_factory=dict)
    owned: list[tuple[int, OwnershipType, str, int]] = field(default_factory=list)
    spanning: list[tuple[Block, Ownership, dict[str, Range[int]]]] = field(default_factory=list)
    unbounded: list[str] = field(default_factory=list)
    exceeding: list[Block] = field(default_factory=list)
    undated: list[Block] = field(default_factory=list)
    aborted: list[Block] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PriceClass:
    """The class of an ownership row. `spans` names the classes when the price covers more than one.

    `unbounded` is the id of a class of the municipality that has no bounds, so that its homes count as unknown.
    """

    name: str
    spans: tuple[str, ...] = ()
    unbounded: str = ""


def scale_of(row: Ownership, period: Period) -> Scale:
    """The classes that an ownership row is counted in."""
    return period.buy if row.type is OwnershipType.BUY else period.rent


def price_class(
    row: Ownership, period: Period, table: YearTable, options: Callable[[str], Option | None]
) -> PriceClass:
    """The class of one ownership row (functional reference 4.2).

    An amount is looked up; a range has to lie in one class, an end on a bound left out; a price class of the
    municipality counts as the range of its bounds; no price at all, or a class that is gone, is unknown.
    """
    bought = row.type is OwnershipType.BUY
    scale = scale_of(row, period)
    unknown = table.buy_unknown if bought else table.rent_unknown
    amounts: Range[int] | None = row.price if bought else row.rent
    chosen = row.price_option if bought else row.rent_option
    unbounded = ""
    if amounts is None and chosen is not None:
        option = options(chosen)
        if option is not None and not option.disabled:
            amounts = option.bounds
            unbounded = chosen if amounts is None else ""
    if amounts is None:
        return PriceClass(unknown, unbounded=unbounded)
    low, high = scale.span(amounts)
    return PriceClass(low) if low == high else PriceClass(unknown, scale.between(low, high))


def count(
    plan: Plan,
    table: YearTable,
    moment: Moment,
    period: Callable[[Block], Period],
    options: Callable[[str], Option | None],
) -> Counted:
    """Count the blocks of a plan per delivery year. `period` gives the price bounds that hold for a block."""
    found = Counted()
    place = {name: index for index, name in enumerate(table.classes)}
    for block in plan.blocks:
        classes = [0] * len(table.classes)
        owned = []
        bounds = period(block)
        for row in block.ownerships:
            if not row.number:
                continue
            price = price_class(row, bounds, table, options)
            if price.spans:
                scale = scale_of(row, bounds)
                found.spanning.append((block, row, {name: scale.bounds_of(name) for name in price.spans}))
            if price.unbounded and price.unbounded not in found.unbounded:
                found.unbounded.append(price.unbounded)
            classes[place[price.name]] += row.number
            owned.append((block.sign, row.type, price.name, row.number))
        types = _types(block, table)
        classes[-1] = block.number - sum(classes)
        if min(*types, classes[-1]) < 0:
            found.exceeding.append(block)
            continue
        years = _years(block, plan.end_date, found)
        if years:  # what is never delivered counts nowhere
            found.owned += owned
        _spread(found, block, years, types, classes, moment)
    found.years = dict(sorted(found.years.items()))
    return found


def _types(block: Block, table: YearTable) -> list[int]:
    types = [(getattr(block, key) or 0) if key else 0 for _, key in table.types]
    left = block.number - sum(types)
    return [left if not key else number for number, (_, key) in zip(types, table.types, strict=True)]


def _years(block: Block, end: date, found: Counted) -> dict[int, int]:
    years = per_year(block)
    if years or not block.number:
        return years
    if block.deliveries:
        found.aborted.append(block)
        return {}
    # The original counted a block without delivery date in the last year of its project (functional reference 3.2).
    found.undated.append(block)
    return {end.year: block.number}


def _spread(
    found: Counted, block: Block, years: dict[int, int], types: list[int], classes: list[int], moment: Moment
) -> None:
    if len(years) > 1:
        numbers = list(years.values())
        by_type = _over_years(types, numbers)
        by_class = _over_years(classes, numbers)
    else:
        by_type, by_class = [types], [classes]
    open_years = _open_years(block, moment)
    for index, (year, number) in enumerate(years.items()):
        pair = found.years.get(year)
        if pair is None:
            pair = found.years[year] = (
                Side([0] * len(types), [0] * len(classes)),
                Side([0] * len(types), [0] * len(classes)),
            )
        side = pair[0 if block.mutation is Mutation.CONSTRUCTION else 1]
        side.homes += number
        side.types = [one + other for one, other in zip(side.types, by_type[index], strict=True)]
        side.classes = [one + other for one, other in zip(side.classes, by_class[index], strict=True)]
        if number and (open_years is None or year in open_years):
            side.realised = False


def _over_years(rows: list[int], years: list[int]) -> list[list[int]]:
    """Per year the part of every row; rows without homes take no part."""
    filled = [i for i, value in enumerate(rows) if value]
    cells = apportion_table([rows[i] for i in filled], years) if len(filled) > 1 else [years]
    result = [[0] * len(rows) for _ in years]
    for line, i in enumerate(filled):
        for year, value in enumerate(cells[line]):
            result[year][i] = value
    return result


def _open_years(block: Block, moment: Moment) -> set[int] | None:
    """The years in which not all homes of a block were delivered before the reference date; None for all years.

    Delivered: realised with a date before it; or, for a reference date still to come, planned before it and still to
    come today. A planned delivery whose day went by without being realised did not happen. A block whose deliveries do
    not cover its number is not delivered.
    """
    live = live_deliveries(block)
    dated = sum(d.number for d in live)
    if not live or 0 < dated < block.number:
        return None
    eve = moment.on - timedelta(days=1)
    return {d.date.year for d in live if (d.number or not dated) and not counts(d.state, d.date, eve, moment.today)}


def cross(types: Sequence[int], classes: Sequence[int]) -> list[int]:
    """The cells of types x classes, row by row, in proportion to both; they add up to the homes.

    Largest remainder, with the tie rule above. Both divisions have the same sum and no negative numbers.
    """
    total = sum(types)
    width = len(classes)
    cells = [0] * (len(types) * width)
    if not total:
        return cells
    rest: list[tuple[int, int]] = []
    left = total
    filled = [(j, price) for j, price in enumerate(classes) if price]
    for i, kind in enumerate(types):
        if not kind:
            continue
        for j, price in filled:
            whole, remainder = divmod(kind * price, total)
            cells[i * width + j] = whole
            left -= whole
            if remainder:
                rest.append((-remainder, i * width + j))
    if left:
        rest.sort()
        last = rest[left - 1][0]
        certain = [cell for remainder, cell in rest if remainder < last]
        for cell in certain:
            cells[cell] += 1
        _settle(cells, [cell for remainder, cell in rest if remainder == last], left - len(certain), types, classes)
    return cells


def _settle(cells: list[int], tied: list[int], left: int, types: Sequence[int], classes: Sequence[int]) -> None:
    """Give the last homes to cells of equal remainder, in the order of the format within each degree of want."""
    width = len(classes)
    if left < len(tied):
        short = [kind - sum(cells[i * width : (i + 1) * width]) for i, kind in enumerate(types)]
        lacks = [price - sum(cells[j::width]) for j, price in enumerate(classes)]
        for want in (2, 1):
            for cell in list(tied):
                i, j = divmod(cell, width)
                if left and (short[i] > 0) + (lacks[j] > 0) >= want:
                    cells[cell] += 1
                    tied.remove(cell)
                    left, short[i], lacks[j] = left - 1, short[i] - 1, lacks[j] - 1
    for cell in tied[:left]:
        cells[cell] += 1


@cache
def _names(table: YearTable) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return table.cells, tuple(table.demolition_prefix + name for name in table.cells)


def rows(counted: Counted, table: YearTable) -> list[dict[str, Any]]:
    """One row per delivery year, ascending, with the keys in the order of the format."""
    built, gone = _names(table)
    result = []
    for year, (up, down) in counted.years.items():
        row: dict[str, Any] = {table.year: year}
        row.update(zip(built, cross(up.types, up.classes), strict=True))
        row[table.realised] = table.yes if up.homes and up.realised else table.no
        row.update(zip(gone, cross(down.types, down.classes), strict=True))
        row[table.demolition_realised] = table.yes if down.homes and down.realised else table.no
        result.append(row)
    return result
