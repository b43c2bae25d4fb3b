"""Acts that make many things: written in batches, checked from their own values, and as strict as small ones."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diwi_desktop.model.clock import FixedClock
from diwi_desktop.model.finding import Finding, Refused
from diwi_desktop.model.ids import Ids, is_id
from diwi_desktop.model.plan import Block, Range
from diwi_desktop.store import Store, schema, writer
from diwi_desktop.store.act import Act
from diwi_desktop.store.plans import plans, write_plan, write_plans
from diwi_desktop.store.verify import verify
from tests.stores import TODAY, add, de_hoek, new_store

DATES = {"start_date": date(2025, 1, 1), "end_date": date(2031, 1, 1)}
NOBODY = "00000000-0000-7000-8000-000000000000"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "a.diwi") as made:
        yield made


def block(act: Act, **values: Any) -> str:
    """A block of ten homes in a project of its own."""
    project = act.create("project", {"name": "Plan", **DATES})
    return act.create("houseblock", {"project_id": project, "name": "Blok", "number": 10, **values})


def delivery(act: Act, block: str, number: int, **values: Any) -> str:
    return act.create("delivery", {"houseblock_id": block, "date": date(2027, 1, 1), "number": number, **values})


def write(store: Store, fill: Callable[[Act], object]) -> None:
    """One act with what `fill` puts into it."""
    with store.act("Veel") as act:
        fill(act)


def refused(store: Store, fill: Callable[[Act], object]) -> list[Finding]:
    """What an act is refused for. Nothing of it is stored."""
    before = store.seq
    with pytest.raises(Refused) as error:
        write(store, fill)
    assert store.seq == before
    return error.value.findings


def test_many_batches_are_one_act(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "_BATCH", 7)
    with store.act("Veel") as act:
        for number in range(30):
            plan = de_hoek()
            plan.name = f"Plan {number:02}"
            write_plan(act, plan)
    assert [p.name for p in plans(store)] == [f"Plan {n:02}" for n in range(30)]
    assert sorted(p.code for p in plans(store)) == [f"DNW-2026-KTB-{n:03}" for n in range(1, 31)]
    assert verify(store) == []
    store.undo()
    assert plans(store) == []
    assert verify(store) == []


def test_a_refusal_in_the_last_of_many_stores_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "_BATCH", 7)

    def fill(act: Act) -> None:
        for number in (10,) * 20 + (11,):
            delivery(act, block(act), number)

    assert [f.code for f in refused(store, fill)] == ["houseblock_delivery_total"]
    assert plans(store) == []


def test_parts_count_wherever_they_were_made(store: Store) -> None:
    """A part of a block that was there, a part before its block, and a number that is changed in the same act."""
    with store.act("Blok") as act:
        old = block(act)
        delivery(act, old, 6)

    def before_its_block(act: Act) -> None:
        project = act.create("project", {"name": "Plan", **DATES})
        delivery(act, NOBODY, 6)
        act.create("houseblock", {"project_id": project, "name": "Blok", "number": 10}, id=NOBODY)
        delivery(act, NOBODY, 5)

    def lowered(act: Act) -> None:
        new = block(act)
        delivery(act, new, 10)
        act.set("houseblock", new, "number", 9)

    for fill in (lambda act: delivery(act, old, 5), before_its_block, lowered):
        assert [f.code for f in refused(store, fill)] == ["houseblock_delivery_total"]
    write(store, lambda act: delivery(act, old, 4))


def test_a_part_that_is_deleted_again_does_not_count(store: Store) -> None:
    with store.act("Bedacht") as act:
        new = block(act)
        delivery(act, new, 10)
        act.delete("delivery", delivery(act, new, 5))
    (plan,) = plans(store)
    assert [d.number for d in plan.blocks[0].deliveries] == [10]
    assert verify(store) == []


def test_prices_of_a_new_block_are_checked(store: Store) -> None:
    def fill(act: Act) -> None:
        row = {"houseblock_id": block(act), "type": "KOOPWONING", "number": 5}
        act.create("ownership", {**row, "rent": (60_000, 80_000)})
        act.create("ownership", {**row, "price": 30_000_000})

    assert [f.code for f in refused(store, fill)] == ["ownership_price_of_other_type"]


def test_new_things_do_not_point_at_nothing(store: Store) -> None:
    def unknown(act: Act) -> None:
        for _ in range(2):
            act.create("share", {"houseblock_id": block(act), "option": NOBODY, "number": 1})

    def family(act: Act) -> str:
        mother = act.create("project", {"name": "Moeder", **DATES})
        act.create("project", {"name": "Dochter", "parent": mother, **DATES})
        return mother

    assert [f.code for f in refused(store, unknown)] == ["unknown_reference"] * 2
    orphaned = refused(store, lambda act: act.delete("project", family(act)))
    assert [f.code for f in orphaned] == ["unknown_reference", "project_has_sub_plans"]
    write(store, family)
    assert sorted(p.code for p in plans(store)) == ["DNW-2026-KTB-001", "DNW-2026-KTB-001.1"]


def test_codes_within_one_act_mind_those_given(store: Store) -> None:
    add(store, de_hoek())
    with store.act("Codes") as act:
        for code in (None, "DNW-2026-KTB-007", None, None):
            act.create("project", {"name": "Plan", "code": code, **DATES})
    assert sorted(p.code for p in plans(store)) == [f"DNW-2026-KTB-{n:03}" for n in (1, 2, 7, 8, 9)]


def test_empty_values_are_not_in_the_log(store: Store) -> None:
    with store.act("Leeg") as act:
        made = act.create("project", {"name": "Plan", "description": None, "plan_types": [], **DATES})
        act.set("project", made, "source_id", "x")
        act.set("project", made, "source_id", "")
    (change,) = store.changes_of(store.seq)
    assert not {"description", "plan_types", "source_id"} & change.new.keys()
    assert None not in change.new.values()
    assert verify(store) == []


@pytest.mark.parametrize("values", [{"color": None}, {"name": " "}, {"start_date": None}])
def test_an_empty_value_takes_the_place_of_a_default(values: dict[str, Any], store: Store) -> None:
    (finding,) = refused(store, lambda act: act.create("project", {"name": "Plan", **DATES, **values}))
    assert (finding.code, finding.field) == ("mandatory", *values)


def test_an_unknown_field_is_a_mistake_even_when_empty(store: Store) -> None:
    with pytest.raises(KeyError):
        write(store, lambda act: act.create("project", {"name": "Plan", "onbekend": None, **DATES}))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(JSON)
def test_the_log_is_plain_json(value: Any) -> None:
    assert schema.encode(value) == json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def test_ids_are_uuids_of_version_7_in_order_and_all_different() -> None:
    clock = FixedClock.on(TODAY)
    ids = Ids(clock)
    made = [ids.new() for _ in range(10_000)]
    assert made == sorted(set(made))
    assert all(is_id(id) and id[14] == "7" and id[19] in "89ab" for id in made)
    milliseconds = int(clock.now().timestamp() * 1000)
    assert int(made[0].replace("-", "")[:12], 16) == milliseconds
    assert len({id[19:] for id in made}) == len(made)
    assert Ids(clock, lambda count: 2**count - 1).new().endswith("-bfff-ffffffffffff")


# -- many parts in columns -----------------------------------------------------------------------------------------


def blocks_of(act: Act, count: int, **columns: Any) -> list[str]:
    """Blocks of ten homes in one project, made at once."""
    project = act.create("project", {"name": "Plan", **DATES})
    given = {"project_id": [project] * count, "name": ["Blok"] * count, "number": [10] * count}
    return act.create_many("houseblock", given | columns)


def deliveries(act: Act, blocks: list[str], numbers: list[Any], **columns: Any) -> list[str]:
    given = {"houseblock_id": blocks, "date": [date(2027, 1, 1)] * len(blocks), "number": numbers}
    return act.create_many("delivery", given | columns)


def contents(store: Store) -> list[tuple[Any, ...]]:
    """What the last act says in the log, without ids."""
    changes = store.changes_of(store.seq)
    numbers = {change.entity: str(n) for n, change in enumerate(changes)}
    text = [(c.kind, c.field, numbers[c.entity], numbers.get(c.project or ""), json.dumps(c.new)) for c in changes]
    for id, number in numbers.items():
        text = [(*rest, values.replace(id, number)) for *rest, values in text]
    return text


def test_plans_made_together_are_those_made_one_by_one(store: Store) -> None:
    with store.act("Veld") as act:
        own = act.create("own_field", {"object": "houseblock", "name": "Laadpalen", "type": "NUMERIC"})
    made = [de_hoek() for _ in range(3)]
    made[0].blocks[0].own = {own: 3}
    made[1].blocks[0].size = Range(60.5, None)
    made[2].blocks.append(Block("Blok B", number=0, programming=True))
    with store.act("Samen") as act:
        ids = write_plans(act, made)
    together, said = plans(store), contents(store)
    assert sorted(p.id for p in together) == ids == [p.id for p in made]
    assert verify(store) == []
    store.undo()
    assert plans(store) == []
    assert verify(store) == []
    store.redo()
    assert plans(store) == together
    with store.act("Een voor een") as act:
        for plan in made:
            plan.id = ""
            plan.code = ""
            for part in (*plan.milestones, *plan.areas, *plan.blocks):
                part.id = ""
            for block in plan.blocks:
                for row in (*block.deliveries, *block.ownerships):
                    row.id = ""
            write_plan(act, plan)
    values = [(kind, field, re.sub(r'"(code|houseblock_id|project_id)": "[^"]*",? ?', "", new))
              for kind, field, _, _, new in said]  # fmt: skip
    alone = [(kind, field, re.sub(r'"(code|houseblock_id|project_id)": "[^"]*",? ?', "", new))
             for kind, field, _, _, new in contents(store)]  # fmt: skip
    assert sorted(alone) == sorted(values)


def test_what_is_made_in_columns_may_be_changed_in_the_same_act(store: Store) -> None:
    with store.act("Bedacht") as act:
        made = blocks_of(act, 3)
        rows = deliveries(act, made, [10, 5, 7])
        act.set("delivery", rows[1], "number", 6)
        act.delete("delivery", rows[2])
        assert act.size == 8
    (plan,) = plans(store)
    assert [[d.number for d in b.deliveries] for b in plan.blocks] == [[10], [6], []]
    assert verify(store) == []


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({"numbers": [10, 11]}, "houseblock_delivery_total"),
        ({"numbers": [10, -1]}, "below_minimum"),
        ({"numbers": [10, True]}, "not_integer"),
        ({"numbers": [10, None]}, "mandatory"),
        ({"numbers": [1, 2], "state": ["GEPLAND", "ooit"]}, "unknown_code"),
        ({"numbers": [1, 2], "state": ["GEPLAND", ["GEPLAND"]]}, "unknown_code"),
        ({"numbers": [1, 2], "state": [None, None]}, "mandatory"),
    ],
)
def test_columns_are_refused_like_single_parts(columns: dict[str, Any], code: str, store: Store) -> None:
    assert {f.code for f in refused(store, lambda act: deliveries(act, blocks_of(act, 2), **columns))} == {code}
    assert plans(store) == []


def test_columns_do_not_point_at_nothing(store: Store) -> None:
    def share(act: Act) -> None:
        blocks = blocks_of(act, 2)
        act.create_many("share", {"houseblock_id": blocks, "option": [NOBODY] * 2, "number": [1, 2]})

    def block(act: Act) -> None:
        deliveries(act, [NOBODY] * 2, [1, 2])

    assert [f.code for f in refused(store, share)] == ["unknown_reference"] * 2
    assert [f.code for f in refused(store, block)] == ["unknown_reference"] * 2
    with pytest.raises(KeyError):
        write(store, lambda act: blocks_of(act, 2, onbekend=[None, None]))


def test_parts_in_columns_count_with_those_that_were_there(store: Store) -> None:
    with store.act("Blok") as act:
        old = blocks_of(act, 2)
        deliveries(act, old, [6, 10])

    def beside(act: Act) -> None:
        new = blocks_of(act, 1)
        deliveries(act, new, [6])
        delivery(act, new[0], 5)

    def double_price(act: Act) -> None:
        (new,) = blocks_of(act, 1)
        row = {"houseblock_id": [new], "type": ["KOOPWONING"], "number": [5], "rent": [(60_000, 80_000)]}
        act.create_many("ownership", row)

    assert [f.code for f in refused(store, lambda act: deliveries(act, old, [5, 0]))] == ["houseblock_delivery_total"]
    assert [f.code for f in refused(store, beside)] == ["houseblock_delivery_total"]
    assert [f.code for f in refused(store, double_price)] == ["ownership_price_of_other_type"]
    write(store, lambda act: deliveries(act, old, [4, 0]))
    assert verify(store) == []


def test_a_choice_that_is_switched_off_is_refused_in_columns_too(store: Store) -> None:
    with store.act("Keuzes") as act:
        on, off = (act.create("option", {"list": "targetGroup", "name": name}) for name in ("Jong", "Oud"))
    with store.act("Uit") as act:
        act.set("option", off, "disabled", True)

    def shares(act: Act, *options: str) -> None:
        blocks = blocks_of(act, len(options))
        act.create_many("share", {"houseblock_id": blocks, "option": options, "number": [1] * len(options)})

    assert [f.code for f in refused(store, lambda act: shares(act, on, off))] == ["switched_off"]
    write(store, lambda act: shares(act, on, on))


def test_an_id_given_twice_is_one_thing(store: Store) -> None:
    with store.act("Dubbel") as act:
        project = act.create("project", {"name": "Plan", **DATES})
        given = {"project_id": [project] * 2, "name": ["A", "B"], "number": [1, 2]}
        assert act.create_many("houseblock", given, [NOBODY, NOBODY]) == [NOBODY, NOBODY]
    (plan,) = plans(store)
    assert [b.name for b in plan.blocks] == ["B"]
    assert verify(store) == []
