"""A draft laid over a project that is in the register already.

The file speaks of what it fills in, and of nothing else: an empty cell erases nothing, blocks that the file does not
have stay (with a warning), and what people noted at a milestone or delivery of the same date remains.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from diwi_desktop.exchange.drafts import Draft
from diwi_desktop.exchange.messages import Report
from diwi_desktop.model.codes import MilestoneState
from diwi_desktop.model.plan import Block, Delivery, Milestone, Ownership, Plan, PlanArea, Share

_PROJECT_FIELDS = (
    "name",
    "start_date",
    "end_date",
    "source_id",
    "plan_types",
    "priority",
    "municipality_roles",
    "municipality",
    "districts",
    "neighbourhoods",
)
_BLOCK_FIELDS = (
    "number",
    "programming",
    "size",
    "single_family",
    "multi_family",
    "ground_formal",
    "ground_intention",
    "ground_none",
)


def merged(draft: Draft, before: Plan, today: date, report: Report) -> Plan:
    """The plan `before` with what the draft says, ready for `write_plan`. `before` stays as it is."""
    new = draft.plan(today)
    plan = copy.deepcopy(before)
    for name in _PROJECT_FIELDS:
        value = getattr(new, name)
        if value not in (None, []):
            setattr(plan, name, value)
    if draft.confidentiality is not None:
        plan.confidentiality = draft.confidentiality
    plan.own |= new.own
    plan.milestones = _milestones(plan.milestones, new.milestones)
    if new.areas and [area.geometry for area in plan.areas] != [area.geometry for area in new.areas]:
        plan.areas = [PlanArea(new.areas[0].geometry, plan.areas[0].id if plan.areas else "")]
    defaulted = {id(d.block) for d in draft.blocks if d.deliveries_defaulted}
    ids = {id(d.block): d.diwi_id for d in draft.blocks}
    plan.blocks = _blocks(draft, plan.blocks, new.blocks, ids, defaulted, report)
    return plan


def _milestones(old: list[Milestone], new: list[Milestone]) -> list[Milestone]:
    """Milestones of the same type are moved; on the same date everything people noted there stays, the state too."""
    left = {m.type: m for m in reversed(old)}
    result = list(old)
    for item in new:
        found = left.get(item.type)
        if found is None:
            result.append(item)
        elif found.date != item.date:
            found.date, found.state, found.basis = item.date, item.state, item.basis
    return result


def _blocks(
    draft: Draft,
    old: list[Block],
    new: list[Block],
    ids: dict[int, str],
    defaulted: set[int],
    report: Report,
) -> list[Block]:
    """Blocks are the same by id, else by kind and name, in order."""
    by_id = {block.id: block for block in old}
    pairs: list[tuple[Block, Block | None]] = [(block, by_id.pop(ids.get(id(block), ""), None)) for block in new]
    result = []
    for block, found in pairs:
        if found is None:
            key = (block.mutation, block.name)
            found = next((b for b in by_id.values() if (b.mutation, b.name) == key), None)
            if found is not None:
                del by_id[found.id]
        if found is None:
            result.append(block)
        else:
            result.append(_block(found, block, keep_deliveries=id(block) in defaulted))
    for block in by_id.values():
        report.add("block_not_in_file", row=draft.row, value=block.name, project=draft.name)
        result.append(block)
    return result


def _block(old: Block, new: Block, *, keep_deliveries: bool) -> Block:
    changed = {name: value for name in _BLOCK_FIELDS if (value := getattr(new, name)) is not None}
    block = replace(old, name=new.name, mutation=new.mutation, **changed)
    block.own = old.own | new.own
    live = sum(d.number for d in old.deliveries if d.state is not MilestoneState.ABORTED)
    if not (keep_deliveries and live == new.number):
        block.deliveries = _deliveries(old.deliveries, new.deliveries)
    if new.ownerships:
        block.ownerships = _ownerships(old.ownerships, new.ownerships)
    if new.shares:
        block.shares = _shares(old.shares, new.shares)
    return block


def _deliveries(old: Sequence[Delivery], new: Sequence[Delivery]) -> list[Delivery]:
    """The deliveries of the file; one of the same day keeps its id and its state."""
    left = {d.date: d for d in old}
    return [replace(left[d.date], number=d.number) if d.date in left else d for d in new]


def _ownerships(old: Sequence[Ownership], new: Sequence[Ownership]) -> list[Ownership]:
    """The ownership rows of the file; one with the same content keeps its id."""
    left = {_content(row): row.id for row in reversed(old)}
    return [replace(row, id=left.pop(_content(row), "")) for row in new]


def _content(row: Ownership) -> tuple[object, ...]:
    """The content of an ownership row without its id."""
    return (row.type, row.number, row.price, row.price_option, row.rent, row.rent_option)


def _shares(old: Sequence[Share], new: Sequence[Share]) -> list[Share]:
    left = {share.option: share.id for share in old}
    return [replace(share, id=left.pop(share.option, "")) for share in new]
