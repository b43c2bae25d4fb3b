"""What the store refuses whoever asks: switched-off fields and options, ranks without level, orphaned sub-plans."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from diwi_desktop.model.codes import OptionList
from diwi_desktop.model.finding import Finding, Refused
from diwi_desktop.model.plan import Share
from diwi_desktop.store import Store, queries
from diwi_desktop.store.act import Act
from diwi_desktop.store.plans import plan
from diwi_desktop.store.verify import verify
from tests.stores import add, de_hoek, new_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "a.diwi") as made:
        yield made


def make(store: Store, kind: str, **values: Any) -> str:
    with store.act("Maken") as act:
        return act.create(kind, values)


def own(store: Store, name: str, kind: str = "TEXT", **values: Any) -> str:
    return make(store, "own_field", object="project", name=name, type=kind, **values)


def project(store: Store, name: str, **values: Any) -> str:
    return make(store, "project", name=name, start_date=date(2025, 1, 1), end_date=date(2031, 1, 1), **values)


def change(store: Store, kind: str, id: str, field: str, value: Any) -> None:
    with store.act("Wijzigen") as act:
        act.set(kind, id, field, value)


def refused(store: Store, edit: Callable[[Act], object]) -> list[Finding]:
    """Why an act is refused; nothing of it is stored."""
    before = store.seq
    with pytest.raises(Refused) as error, store.act("Wijzigen") as act:
        edit(act)
    assert store.seq == before
    return error.value.findings


# --- switched off -------------------------------------------------------------------------------------------------


def test_a_field_that_is_switched_off_gets_no_new_value_but_keeps_its_old_one(store: Store) -> None:
    field = own(store, "Wethouder")
    one, other = project(store, "Een", **{f"own:{field}": "Jansen"}), project(store, "Ander")
    change(store, "own_field", field, "disabled", True)
    (found,) = refused(store, lambda act: act.set("project", other, f"own:{field}", "De Vries"))
    assert (found.code, found.field, found.entity) == ("switched_off", f"own:{field}", other)
    assert found.nl == "Het veld 'Wethouder' is uitgezet en krijgt geen nieuwe waarden."
    assert refused(store, lambda act: act.set("project", one, f"own:{field}", "De Vries"))
    dates = {"start_date": date(2025, 1, 1), "end_date": date(2031, 1, 1)}
    assert refused(store, lambda act: act.create("project", {"name": "Nieuw", **dates, f"own:{field}": "Bakker"}))
    change(store, "project", one, "name", "Een nieuwe naam")
    assert plan(store, one).own == {field: "Jansen"}
    change(store, "project", one, f"own:{field}", None)  # emptying is no new value
    change(store, "own_field", field, "disabled", False)
    change(store, "project", other, f"own:{field}", "De Vries")
    assert verify(store) == []


def test_an_option_that_is_switched_off_is_not_chosen_anew_but_stays_where_it_was(store: Store) -> None:
    first, second = (o.id for o in queries.option_list(store, OptionList.MUNICIPALITY_ROLE)[:2])
    one, other = project(store, "Een", municipality_roles=[first]), project(store, "Ander")
    change(store, "option", first, "disabled", True)
    (found,) = refused(store, lambda act: act.set("project", other, "municipality_roles", [first]))
    assert (found.code, found.value, found.field) == ("switched_off", first, "municipality_roles")
    assert found.nl.endswith("is uitgezet.")
    change(store, "project", one, "municipality_roles", [first, second])  # the old one stays beside a new one
    assert plan(store, one).municipality_roles == sorted([first, second])
    change(store, "project", one, "municipality_roles", [second])
    assert refused(store, lambda act: act.set("project", one, "municipality_roles", [first]))


def test_an_own_choice_and_a_share_of_a_block_mind_the_switch_too(store: Store) -> None:
    field = own(store, "Wijkteam", "CATEGORY")
    choice = make(store, "option", list=field, name="Noord")
    group = queries.option_list(store, OptionList.TARGET_GROUP)[0].id
    wanted = de_hoek()
    id = add(store, wanted)
    block = wanted.blocks[0].id
    with store.act("Uitzetten") as act:
        act.set("option", choice, "disabled", True)
        act.set("option", group, "disabled", True)
    assert refused(store, lambda act: act.set("project", id, f"own:{field}", [choice]))
    share = {"houseblock_id": block, "option": group, "number": 3}
    assert [f.code for f in refused(store, lambda act: act.create("share", share))] == ["switched_off"]
    with store.act("Aanzetten") as act:
        act.set("option", choice, "disabled", False)
        act.set("option", group, "disabled", False)
    change(store, "project", id, f"own:{field}", [choice])
    make(store, "share", **share)
    assert [(s.option, s.number) for s in plan(store, id).blocks[0].shares] == [(group, 3)]
    assert isinstance(plan(store, id).blocks[0].shares[0], Share)


def test_undo_brings_back_a_value_that_was_switched_off_since(store: Store) -> None:
    role = queries.option_list(store, OptionList.MUNICIPALITY_ROLE)[0].id
    one = project(store, "Een", municipality_roles=[role])
    with store.act("Uitzetten en leegmaken") as act:
        act.set("option", role, "disabled", True)
    change(store, "project", one, "municipality_roles", [])
    store.undo()
    assert plan(store, one).municipality_roles == [role]


# --- ranks --------------------------------------------------------------------------------------------------------


def test_an_option_of_a_ranked_list_has_a_level(store: Store) -> None:
    ranked, plain = own(store, "Haast", "ORDINAL"), own(store, "Wijkteam", "CATEGORY")
    (found,) = refused(store, lambda act: act.create("option", {"list": ranked, "name": "Veel"}))
    assert (found.code, found.kind, found.field) == ("option_without_level", "option", "level")
    assert found.nl == "Geef de keuze 'Veel' een rang: de lijst is gerangschikt."
    priority = {"list": OptionList.PRIORITY.value, "name": "Geen"}
    assert refused(store, lambda act: act.create("option", priority))
    made = make(store, "option", list=ranked, name="Veel", level=1)
    assert refused(store, lambda act: act.set("option", made, "level", None))
    make(store, "option", list=plain, name="Noord")
    change(store, "option", made, "level", 7)


# --- mother plans -------------------------------------------------------------------------------------------------


def test_a_mother_plan_is_not_deleted_while_it_has_sub_plans(store: Store) -> None:
    mother = project(store, "Waterrijk", code="DNW-2026-KTB-100")
    subs = [project(store, f"Deel {n}", parent=mother, code=f"DNW-2026-KTB-100.{n}") for n in (1, 2)]
    (found,) = refused(store, lambda act: act.delete("project", mother))
    assert found.code == "project_has_sub_plans"
    assert found.nl == (
        "'Waterrijk' heeft deelplannen: DNW-2026-KTB-100.1 Deel 1, DNW-2026-KTB-100.2 Deel 2. "
        "Maak ze los of verwijder ze mee."
    )
    assert len(queries.project_rows(store)) == 3
    with store.act("Losmaken en verwijderen") as act:
        act.set("project", subs[0], "parent", None)
        act.delete("project", mother)
        act.delete("project", subs[1])
    assert [row.id for row in queries.project_rows(store)] == [subs[0]]
    store.undo()
    assert plan(store, subs[0]).parent == mother
    assert verify(store) == []


def test_many_sub_plans_are_not_all_named(store: Store) -> None:
    mother = project(store, "Waterrijk")
    for number in range(8):
        project(store, f"Deel {number}", parent=mother)
    (found,) = refused(store, lambda act: act.delete("project", mother))
    assert "Deel 4 en nog 3. " in found.nl
    assert "Deel 4 and 3 more. " in found.en


def test_undo_leaves_no_sub_plan_without_its_mother(store: Store) -> None:
    mother = project(store, "Waterrijk")
    sub = project(store, "Deel", parent=mother)
    with store.act("Deel verwijderen") as act:
        act.delete("project", sub)
    with store.act("Moeder verwijderen") as act:
        act.delete("project", mother)
    store.undo()
    store.undo()
    assert plan(store, sub).parent == mother
    with store.act("Allebei") as act:
        act.delete("project", mother)
        act.delete("project", sub)
    (found,) = refused(store, lambda act: act.put("project", sub, "deleted_at", None))
    assert found.nl == "'Deel' valt onder 'Waterrijk', en dat plan is verwijderd."
