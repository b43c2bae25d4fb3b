"""Plans as a whole: reading many at once, and turning one into changes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields as dataclass_fields
from datetime import date
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from diwi_desktop.model.catalogue import OWN_PREFIX
from diwi_desktop.model.codes import (
    Confidentiality,
    MilestoneBasis,
    MilestoneState,
    Mutation,
    OwnershipType,
    PlanType,
)
from diwi_desktop.model.finding import UserError
from diwi_desktop.model.moment import Moment
from diwi_desktop.model.plan import (
    Block,
    Delivery,
    Milestone,
    Ownership,
    ParcelLink,
    Plan,
    PlanArea,
    Range,
    Share,
    Writer,
)
from diwi_desktop.store.act import Act
from diwi_desktop.store.apply import ewkb
from diwi_desktop.store.asof import source
from diwi_desktop.store.driver import Connection, Row
from diwi_desktop.store.options import range_of

if TYPE_CHECKING:
    from diwi_desktop.store.store import Store

# -- reading ------------------------------------------------------------------------------------------------------


def plans(store: Store, moment: Moment | None = None, ids: Sequence[str] | None = None) -> list[Plan]:
    """All plans (or those with the given ids) as known at the moment, by name then id."""
    with store.snapshot() as connection:
        return read_plans(connection, moment.seq if moment else None, ids)


def plan(store: Store, id: str, moment: Moment | None = None) -> Plan:
    """One plan. Raises UserError (unknown_project)."""
    found = plans(store, moment, [id])
    if not found:
        raise UserError("Dit project bestaat niet.", "This project does not exist.", code="unknown_project")
    return found[0]


def read_plans(connection: Connection, seq: int | None, ids: Sequence[str] | None = None) -> list[Plan]:
    """Plans with all their parts, in a fixed number of queries."""
    found: dict[str, Plan] = {}
    for r in _rows(connection, "project", _PROJECT, seq, "id", ids):
        found[r[0]] = Plan(
            id=r[0], code=r[1] or "", name=r[2], start_date=_day(r[3]), end_date=_day(r[4]), parent=r[5], color=r[6],
            confidentiality=Confidentiality(r[7]), plan_types=[PlanType(t) for t in _list(r[8])], description=r[9],
            priority=_pair(r[10]), municipality_roles=_list(r[11]), project_leader=r[12], municipality=r[13],
            districts=_list(r[14]), neighbourhoods=_list(r[15]), plan_id=r[16], plan_id_kind=r[17], source_id=r[18],
            own=json.loads(r[19]) if r[19] else {},
        )  # fmt: skip
    keys = ids if ids is not None else None
    for block, owner in _blocks(connection, seq, "project_id", keys):
        if owner in found:
            found[owner].blocks.append(block)
    for r in _rows(connection, "milestone", _MILESTONE, seq, "project_id", keys):
        if r[1] in found:
            found[r[1]].milestones.append(
                Milestone(
                    r[2],
                    _day(r[3]),
                    _STATE[r[4]],
                    _BASIS[r[5]] if r[5] else MilestoneBasis.HAND,
                    r[6],
                    r[7],
                    r[0],
                )
            )
    for r in _rows(connection, "plan_area", "id, project_id, AsBinary(geometry)", seq, "project_id", keys):
        if r[1] in found and r[2]:
            found[r[1]].areas.append(PlanArea(ewkb(r[2]), r[0]))
    for r in _rows(connection, "parcel_link", "id, project_id, designation, local_id", seq, "project_id", keys):
        if r[1] in found:
            found[r[1]].parcels.append(ParcelLink(r[2], r[3], r[0]))
    for r in _rows(connection, "writer", "id, project_id, person, user_group", seq, "project_id", keys):
        if r[1] in found:
            found[r[1]].writers.append(Writer(r[2], r[3], r[0]))
    for item in found.values():
        item.milestones.sort(key=lambda m: (m.date, m.type, m.id))
        item.parcels.sort(key=lambda p: p.designation)
    return sorted(found.values(), key=lambda p: (p.name.casefold(), p.id))


def read_blocks(connection: Connection, seq: int | None, ids: Sequence[str]) -> list[Block]:
    """The blocks with these ids, with their parts."""
    return [block for block, _ in _blocks(connection, seq, "id", ids)]


_PROJECT = (
    "id, code, name, start_date, end_date, parent, color, confidentiality, plan_types, description, priority,"
    " municipality_roles, project_leader, municipality, districts, neighbourhoods, plan_id, plan_id_kind, source_id,"
    " own"
)
_BLOCK = (
    "id, project_id, name, mutation, number, start_date, programming, size, single_family, multi_family, ground_formal,"
    " ground_intention, ground_none, temporary, step_free, clustered, care_suitable, student, note, own"
)
_MILESTONE = "id, project_id, type, date, state, basis, note, guard"
_STATE = {state.value: state for state in MilestoneState}
_BASIS = {basis.value: basis for basis in MilestoneBasis}
_TYPE = {kind.value: kind for kind in OwnershipType}


def _rows(
    connection: Connection, kind: str, columns: str, seq: int | None, key: str, ids: Sequence[str] | None
) -> Iterable[Row]:
    where = "deleted_at IS NULL"
    if ids is not None:
        where += f" AND {key} IN (SELECT value FROM json_each(:ids))"
    order = "" if kind == "project" else " ORDER BY id"  # ids sort by the time they were made
    return connection.execute(
        f"SELECT {columns} FROM {source(kind, seq)} WHERE {where}{order}",
        {"seq": seq, "ids": None if ids is None else json.dumps(list(ids))},
    )


def _blocks(connection: Connection, seq: int | None, key: str, ids: Sequence[str] | None) -> list[tuple[Block, str]]:
    found: dict[str, tuple[Block, str]] = {}
    for r in _rows(connection, "houseblock", _BLOCK, seq, key, ids):
        block = Block(
            r[2], Mutation(r[3]), r[4], _day(r[5]) if r[5] else None, None if r[6] is None else bool(r[6]),
            range_of(r[7]),
            r[8], r[9], r[10], r[11], r[12], r[13], r[14], r[15], r[16], r[17], r[18],
            own=json.loads(r[19]) if r[19] else {}, id=r[0],
        )  # fmt: skip
        found[r[0]] = (block, r[1])
    below = None if ids is None else list(found)
    for r in _rows(connection, "delivery", "id, houseblock_id, date, number, state", seq, "houseblock_id", below):
        if r[1] in found:
            found[r[1]][0].deliveries.append(Delivery(_day(r[2]), r[3], _STATE[r[4]], r[0]))
    columns = "id, houseblock_id, type, number, price, price_option, rent, rent_option"
    for r in _rows(connection, "ownership", columns, seq, "houseblock_id", below):
        if r[1] in found:
            found[r[1]][0].ownerships.append(
                Ownership(_TYPE[r[2]], r[3], range_of(r[4]), r[5], range_of(r[6]), r[7], r[0])
            )
    for r in _rows(connection, "share", "id, houseblock_id, option, number", seq, "houseblock_id", below):
        if r[1] in found:
            found[r[1]][0].shares.append(Share(r[2], r[3], r[0]))
    return list(found.values())


def block_of(entity: str, values: Mapping[str, Any]) -> Block:
    """A block from its values in log shape, still without its parts."""
    get = values.get
    return Block(
        get("name", ""), Mutation(values["mutation"]), get("number", 0), _day(d) if (d := get("start_date")) else None,
        get("programming"), Range(*s) if (s := get("size")) else None, get("single_family"), get("multi_family"),
        get("ground_formal"), get("ground_intention"), get("ground_none"), get("temporary"), get("step_free"),
        get("clustered"), get("care_suitable"), get("student"), get("note"), id=entity,
    )  # fmt: skip


def add_part(block: Block, kind: str, entity: str, values: Mapping[str, Any]) -> None:
    """Hang a delivery, ownership row or share, given in log shape, under its block."""
    get = values.get
    if kind == "delivery":
        block.deliveries.append(Delivery(_day(values["date"]), values["number"], _STATE[values["state"]], entity))
    elif kind == "share":
        block.shares.append(Share(values["option"], values["number"], entity))
    else:
        price, rent = (Range(*amount) if (amount := get(key)) else None for key in ("price", "rent"))
        block.ownerships.append(
            Ownership(
                _TYPE[values["type"]], values["number"], price, get("price_option"), rent, get("rent_option"), entity
            )
        )


_day = date.fromisoformat


def _list(text: str | None) -> list[str]:
    return json.loads(text) if text else []


def _pair(text: str | None) -> tuple[str, str] | None:
    if not text:
        return None
    low, high = json.loads(text)
    return low, high


# -- writing ------------------------------------------------------------------------------------------------------


class _Part(Protocol):
    id: str


T = TypeVar("T", bound=_Part)
# The lists of a plan or block: attribute, kind.
_PLAN_PARTS = (
    ("milestones", "milestone"),
    ("areas", "plan_area"),
    ("parcels", "parcel_link"),
    ("writers", "writer"),
)
_BLOCK_PARTS = (("deliveries", "delivery"), ("ownerships", "ownership"), ("shares", "share"))
_TOGETHER = 250  # new plans of which the parts are made at once; the log keeps what belongs together near each other
_NOT_FIELDS = {"id", "own", "blocks", *(name for name, _ in _PLAN_PARTS + _BLOCK_PARTS)}


def write_plan(act: Act, item: Plan, existing: Plan | None = None) -> str:
    """Put a plan into an act: make it, or set what differs from `existing`. Returns the project id.

    Parts of `existing` are matched by id, else by equal content, else blocks by name and kind and milestones by type;
    parts that `item` no longer has are deleted. Empty values of `item` do not erase the code.
    """
    project = _write(act, "project", item, existing, {})
    if not item.code and existing is not None and existing.code:
        act.put("project", project, "code", existing.code)
    _write_parts(act, item, existing, _PLAN_PARTS, {"project_id": project})
    for block, old in _matched(item.blocks, existing.blocks if existing else [], _block_key):
        if block is None:
            if old is not None:
                act.delete("houseblock", old.id)
            continue
        owner = _write(act, "houseblock", block, old, {"project_id": project})
        _write_parts(act, block, old, _BLOCK_PARTS, {"houseblock_id": owner})
    return project


def _write(act: Act, kind: str, item: Any, old: Any, parent: dict[str, str]) -> str:
    values = _values(item)
    if old is None:
        values.update(parent)
        entity = act.create(kind, values, id=item.id or None)
    else:
        entity = old.id
        before = _values(old)
        for key in sorted(values.keys() | before.keys()):
            if values.get(key) != before.get(key):
                act.set(kind, entity, key, values.get(key))
    item.id = entity
    return entity


def _write_parts(
    act: Act, item: Any, existing: Any, parts: tuple[tuple[str, str], ...], parent: dict[str, str]
) -> None:
    for name, kind in parts:
        before = [] if existing is None else getattr(existing, name)
        for new, old in _matched(getattr(item, name), before, _part_key):
            if new is None and old is not None:
                act.delete(kind, old.id)
            else:
                _write(act, kind, new, old, parent)


def write_plans(act: Act, items: Sequence[Plan], report: Callable[[int], None] | None = None) -> list[str]:
    """Make new plans, as `write_plan` does one by one, but many parts at once. Returns the project ids.

    `report` is called with the number of plans done, now and then, and may raise to stop.
    """
    for start in range(0, len(items), _TOGETHER):
        if report is not None:
            report(start)
        some = items[start : start + _TOGETHER]
        for item in some:
            _write(act, "project", item, None, {})
        blocks = [block for item in some for block in item.blocks]
        for name, kind in _PLAN_PARTS:
            _make_parts(act, kind, name, some, "project_id")
        _make_parts(act, "houseblock", "blocks", some, "project_id")
        for name, kind in _BLOCK_PARTS:
            _make_parts(act, kind, name, blocks, "houseblock_id")
    return [item.id for item in items]


def _make_parts(act: Act, kind: str, name: str, owners: Sequence[Any], above: str) -> None:
    """New parts of one kind: those in the list `name` of each of the owners, which have their ids."""
    lists = [(owner.id, getattr(owner, name)) for owner in owners]
    items = [item for _, parts in lists for item in parts]
    if not items:
        return
    names, read = _FIELDS[type(items[0])]
    columns: dict[str, Sequence[Any]] = dict(zip(names, zip(*map(read, items), strict=True), strict=True))
    columns[above] = [owner for owner, parts in lists for _ in parts]
    if kind == "houseblock":
        for key in {key for item in items for key in item.own}:
            columns[OWN_PREFIX + key] = [item.own.get(key) for item in items]
    ids = [item.id or None for item in items]
    for item, id in zip(items, act.create_many(kind, columns, ids if any(ids) else None), strict=True):
        item.id = id


def _values(item: Any) -> dict[str, Any]:
    names, read = _FIELDS[type(item)]
    found: dict[str, Any] = dict(zip(names, read(item), strict=True))
    if own := getattr(item, "own", None):
        found |= {OWN_PREFIX + key: value for key, value in own.items()}
    return found


def _readable(kind: type[Any]) -> tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]]:
    """The attributes of a class that are fields of its own, and what reads them all."""
    names = tuple(f.name for f in dataclass_fields(kind) if f.name not in _NOT_FIELDS)
    if len(names) == 1:  # attrgetter gives no tuple then
        (name,) = names
        return names, lambda item: (getattr(item, name),)
    return names, attrgetter(*names)


# The attributes of a plan, block or part that are fields of its own, by class.
_FIELDS = {
    kind: _readable(kind) for kind in (Plan, Block, Milestone, PlanArea, ParcelLink, Writer, Delivery, Ownership, Share)
}


def _block_key(block: Block) -> Any:
    return (block.mutation, block.name)


def _part_key(part: Any) -> Any:
    """What makes a part the same thing with other values: the type of a milestone, the day of a delivery."""
    match part:
        case Milestone():
            return part.type
        case Delivery():
            return part.date
        case Ownership():
            return (part.type, part.price, part.price_option, part.rent, part.rent_option)
        case Share():
            return part.option
        case ParcelLink():
            return part.designation
        case Writer():
            return part.owner
        case _:
            return "one"


def _matched(new: Sequence[T], old: Sequence[T], key: Any) -> list[tuple[T | None, T | None]]:
    """Pairs of new and old parts: by id, else by key in order; what is left is (new, None) or (None, old)."""
    if not old:
        return [(item, None) for item in new]
    left = {item.id: item for item in old}
    pairs: dict[int, T] = {}
    for item in new:
        found = left.pop(item.id, None)
        if found is not None:
            pairs[id(item)] = found
    by_key: dict[Any, list[T]] = {}
    for item in left.values():
        by_key.setdefault(key(item), []).append(item)
    for item in new:
        if id(item) not in pairs and by_key.get(key(item)):
            pairs[id(item)] = by_key[key(item)].pop(0)
    result: list[tuple[T | None, T | None]] = [(item, pairs.get(id(item))) for item in new]
    result += [(None, item) for rest in by_key.values() for item in rest]
    return result
