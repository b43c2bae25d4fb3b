"""Acts that come out of order, twice, on what is gone, or with rubbish."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from diwi_desktop.model.codes import OptionList
from diwi_desktop.model.finding import Refused, UserError
from diwi_desktop.model.moment import Moment
from diwi_desktop.store import Store, queries
from diwi_desktop.store.plans import plans
from diwi_desktop.store.search import search
from diwi_desktop.store.verify import verify
from tests.stores import TODAY, add, de_hoek, new_store, square


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "a.diwi") as made:
        yield made


def project(store: Store, name: str, **values: Any) -> str:
    dates = {"start_date": date(2025, 1, 1), "end_date": date(2031, 1, 1)}
    with store.act("Project maken") as act:
        return act.create("project", {"name": name, **dates, **values})


def own(store: Store, name: str, **values: Any) -> str:
    with store.act("Veld maken") as act:
        return act.create("own_field", {"object": "project", "name": name, "type": "TEXT", **values})


def change(store: Store, kind: str, id: str, field: str, value: Any) -> None:
    with store.act("Wijzigen") as act:
        act.set(kind, id, field, value)


def codes(store: Store, kind: str, id: str, field: str, value: Any) -> list[str]:
    """The codes with which a change is refused."""
    before = store.seq
    with pytest.raises(Refused) as error:
        change(store, kind, id, field, value)
    assert store.seq == before
    return [f.code for f in error.value.findings]


def sound(store: Store) -> None:
    """The tables follow from the log, and every moment can be looked at."""
    assert verify(store) == []
    for seq in range(store.seq + 1):
        moment = Moment(seq, TODAY, TODAY)
        assert len(plans(store, moment)) == len(queries.project_rows(store, moment))


# --- twice in one act ---------------------------------------------------------------------------------------------


def test_an_act_that_changes_and_deletes_the_same_thing(store: Store) -> None:
    id = add(store, de_hoek())
    with store.act("Opruimen") as act:
        act.set("project", id, "name", "Weg ermee")
        act.delete("project", id)
    for _ in range(2):
        assert plans(store) == []
        sound(store)
        store.undo()
        assert [p.name for p in plans(store)] == ["De Hoek"]
        sound(store)
        store.redo()


def test_an_act_that_makes_and_deletes_the_same_thing(store: Store) -> None:
    with store.act("Bedacht") as act:
        id = act.create("project", {"name": "x", "start_date": date(2025, 1, 1), "end_date": date(2026, 1, 1)})
        act.delete("project", id)
    assert plans(store) == []
    store.undo()
    store.redo()
    store.undo()
    assert plans(store) == []
    sound(store)


# --- on what is gone ----------------------------------------------------------------------------------------------


def test_what_is_deleted_is_not_changed_and_gets_no_parts(store: Store) -> None:
    id = add(store, de_hoek())
    with store.act("Verwijderen") as act:
        act.delete("project", id)
    with pytest.raises(UserError) as error:
        change(store, "project", id, "name", "spook")
    assert error.value.code == "unknown_entity"
    with pytest.raises(Refused), store.act("Blok") as act:
        act.create("houseblock", {"project_id": id, "name": "spook", "number": 1})
    with pytest.raises(Refused):
        project(store, "dochter", parent=id)


def test_deleting_twice_is_deleting_once(store: Store) -> None:
    id = add(store, de_hoek())
    with store.act("Verwijderen") as act:
        act.delete("project", id)
    before = store.seq
    with store.act("Nogmaals") as act:
        act.delete("project", id)
    assert (act.seq, store.seq) == (None, before)
    store.undo()
    assert len(plans(store)) == 1


def test_an_own_field_that_is_deleted_comes_back_with_its_values(store: Store) -> None:
    id = add(store, de_hoek())
    field = own(store, "Wethouder")
    change(store, "project", id, f"own:{field}", "Jansen")
    with store.act("Veld verwijderen") as act:
        act.delete("own_field", field)
    assert f"own:{field}" not in store.catalogue.kind("project").by_key
    change(store, "project", id, "name", "Anders")
    sound(store)
    store.undo()
    store.undo()
    assert plans(store)[0].own == {field: "Jansen"}
    assert f"own:{field}" in store.catalogue.kind("project").by_key
    sound(store)


# --- references ---------------------------------------------------------------------------------------------------


def test_a_project_does_not_fall_under_itself(store: Store) -> None:
    mother = project(store, "moeder")
    daughter = project(store, "dochter", parent=mother)
    grandchild = project(store, "kleindochter", parent=daughter)
    assert codes(store, "project", mother, "parent", mother) == ["project_parent_loop"]
    assert codes(store, "project", mother, "parent", grandchild) == ["project_parent_loop"]
    change(store, "project", grandchild, "parent", mother)


def test_an_option_comes_from_the_list_of_its_field(store: Store) -> None:
    id = add(store, de_hoek())
    group = queries.option_list(store, OptionList.TARGET_GROUP)[0].id
    place = queries.option_list(store, OptionList.MUNICIPALITY)[0].id
    assert codes(store, "project", id, "municipality", group) == ["unknown_reference"]
    assert codes(store, "project", id, "districts", [place]) == ["unknown_reference"]
    change(store, "project", id, "municipality", place)


def test_ranks_stand_in_order(store: Store) -> None:
    id = add(store, de_hoek())
    high, middle, low = (o.id for o in queries.option_list(store, OptionList.PRIORITY))
    assert codes(store, "project", id, "priority", [low, high]) == ["range_order"]
    change(store, "project", id, "priority", [high, middle])


# --- the register -------------------------------------------------------------------------------------------------


def test_names_occur_once(store: Store) -> None:
    group = queries.option_list(store, OptionList.TARGET_GROUP)[0]
    other = queries.option_list(store, OptionList.TARGET_GROUP)[1]
    assert codes(store, "option", other.id, "name", f" {group.name.upper()} ") == ["duplicate_name"]
    with store.act("Andere lijst") as act:
        act.create("option", {"list": OptionList.DISTRICT.value, "name": group.name})
    own(store, "Wethouder")
    with pytest.raises(Refused):
        own(store, "wethouder")
    with pytest.raises(Refused):  # of a house block neither
        own(store, "Wethouder", object="houseblock")
    own(store, "Architect", object="houseblock")
    with store.act("Persoon") as act:
        act.create("person", {"email": "a@b.nl"})
    with pytest.raises(Refused), store.act("Dezelfde") as act:
        act.create("person", {"email": "A@B.nl"})
    with store.act("Verwijderen") as act:
        act.delete("option", group.id)
    change(store, "option", other.id, "name", group.name)


def test_an_own_field_has_limits_and_a_pattern_that_can_be_met(store: Store) -> None:
    number = own(store, "Getal", type="NUMERIC", minimum=1)
    assert codes(store, "own_field", number, "maximum", 0) == ["own_field_limits"]
    change(store, "own_field", number, "maximum", 1)
    text = own(store, "Tekst")
    assert codes(store, "own_field", text, "pattern", "(a") == ["own_field_pattern"]
    change(store, "own_field", text, "pattern", "(a)")


def test_the_type_of_an_own_field_does_not_change(store: Store) -> None:
    field = own(store, "Veld")
    assert codes(store, "own_field", field, "type", "NUMERIC") == ["fixed_field"]
    assert codes(store, "own_field", field, "object", "houseblock") == ["fixed_field"]


# --- areas --------------------------------------------------------------------------------------------------------


def ring(*points: tuple[float, float]) -> str:
    """EWKB of a MultiPolygon of one ring, whatever it is worth."""
    head = struct.pack("<BIII", 1, 0x20000006, 28992, 1) + struct.pack("<BIII", 1, 3, 1, len(points))
    return (head + b"".join(struct.pack("<dd", *p) for p in points)).hex()


NAN = float("nan")


@pytest.mark.parametrize(
    "area",
    [
        "010600002040710000",
        "010600002040710000zz",
        square().hex()[:-16],
        "01060000204071000000000000",
        ring((0, 0), (1, 1)),
        ring((0, 0), (10, 0), (10, 10)),  # not closed: SpatiaLite would bring the program down
        ring((0, 0), (10, 10), (10, 0), (0, 10), (0, 0)),
        ring((NAN, NAN), (1, 0), (1, 1), (NAN, NAN)),
        ring((float("inf"), 0), (1, 0), (1, 1), (float("inf"), 0)),
    ],
)
def test_an_area_that_is_none_is_refused(area: str, store: Store) -> None:
    id = add(store, de_hoek())
    before = store.seq
    with pytest.raises(Refused), store.act("Tekenen") as act:
        act.create("plan_area", {"project_id": id, "geometry": area})
    assert store.seq == before


def test_what_follows_an_area_is_left_out(store: Store) -> None:
    id = add(store, de_hoek())
    change(store, "plan_area", plans(store)[0].areas[0].id, "geometry", square(side=50) + b"\0\0")
    assert [a.geometry for a in plans(store, ids=[id])[0].areas] == [square(side=50)]
    sound(store)


# --- words --------------------------------------------------------------------------------------------------------


def test_the_name_of_an_act_may_come_from_a_file_name_that_is_no_text(store: Store) -> None:
    with store.act("Excel ingelezen: \udcff.xlsx", kind="import") as act:
        act.create("project", {"name": "x", "start_date": date(2025, 1, 1), "end_date": date(2026, 1, 1)})
    assert store.undo_name == "Excel ingelezen: ?.xlsx"


@pytest.mark.parametrize("text", ["\ud800", "a " * 3000, "%", "'", "x" * 100_000, "\0"])
def test_searching_for_rubbish_finds_nothing(text: str, store: Store) -> None:
    add(store, de_hoek())
    assert [hit for hit in search(store, text) if hit.kind != "project"] == []
    with pytest.raises(UserError) as error:
        queries.find_project(store, text)
    assert error.value.code == "unknown_project"
