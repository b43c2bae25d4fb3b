"""The one way in: acts are whole or not at all, refused with reasons, undone and redone across restarts."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from diwi_desktop.model.finding import Cancelled, Refused, UserError
from diwi_desktop.model.plan import Block, Delivery
from diwi_desktop.store import queries
from diwi_desktop.store.plans import plan, plans, write_plan
from diwi_desktop.store.undo import UndoConflict
from diwi_desktop.store.verify import verify
from tests.stores import add, de_hoek, new_store, reopen, square


def test_a_plan_comes_back_as_it_was_written(tmp_path: Path) -> None:
    with new_store(tmp_path / "a.diwi") as store:
        wanted = de_hoek()
        project = add(store, wanted)
        wanted.code = "DNW-2026-KTB-001"
        found = plan(store, project)
        wanted.milestones.sort(key=lambda m: (m.date, m.type))
        assert found == wanted
        assert verify(store) == []


def test_an_act_that_fails_half_way_stores_nothing(tmp_path: Path) -> None:
    with new_store(tmp_path / "a.diwi") as store:
        before = store.seq

        def breaks() -> None:
            with store.act("Half werk") as act:
                write_plan(act, de_hoek())
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            breaks()
        assert (store.seq, plans(store)) == (before, [])


def test_a_refused_act_stores_nothing_and_says_why(tmp_path: Path) -> None:
    with new_store(tmp_path / "a.diwi") as store:
        bad = de_hoek()
        bad.blocks[0].number = 10
        before = store.seq
        with pytest.raises(Refused) as refused:
            add(store, bad)
        assert {"houseblock_ownership_total", "houseblock_house_type_total"} <= {f.code for f in refused.value.findings}
        assert (store.seq, plans(store)) == (before, [])


def test_a_value_that_does_not_fit_its_field_is_refused_at_once(tmp_path: Path) -> None:
    with new_store(tmp_path / "a.diwi") as store:
        project = add(store, de_hoek())
        with pytest.raises(Refused) as refused, store.act("Kleur") as act:
            act.set("project", project, "color", "rood")
        assert refused.value.findings[0].field == "color"
        with pytest.raises(Refused), store.act("Leeg") as act:
            act.set("project", project, "name", "   ")
        assert plan(store, project).name == "De Hoek"


def test_a_choice_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with new_store(tmp_path / "a.diwi") as store:
        project = add(store, de_hoek())
        with pytest.raises(Refused) as refused, store.act("Wijk") as act:
            act.set("project", project, "districts", ["00000000-0000-7000-8000-000000000000"])
        assert refused.value.findings[0].code == "unknown_reference"
        choice = queries.option_list(store, "municipalityRole")[0].id
        with store.act("Rol") as act:
            act.set("project", project, "municipality_roles", [choice])
        assert plan(store, project).municipality_roles == [choice]


def test_an_edit_without_effect_is_no_act(tmp_path: Path) -> None:
    with new_store(tmp_path / "a.diwi") as store:
        project = add(store, de_hoek())
        before = store.seq
        with store.act("Naam wijzigen") as act:
            act.set("project", project, "name", " De Hoek ")
        assert (act.seq, store.seq) == (None, before)


def test_undo_and_redo_go_on_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "a.diwi"
    with new_store(path) as store:
        project = add(store, de_hoek())
        for name in ("Een", "Twee"):
            with store.act(f"Naam {name}") as act:
                act.set("project", project, "name", name)
        store.undo()
    with reopen(path) as store:
        assert (store.undo_name, store.redo_name) == ("Naam Een", "Naam Twee")
        assert plan(store, project).name == "Een"
        store.undo()
        assert plan(store, project).name == "De Hoek"
        store.undo()
        assert plans(store) == []
    with reopen(path) as store:
        assert store.undo_name is None
        for _ in range(3):
            store.redo()
        assert plan(store, project).name == "Twee"
        assert store.redo_name is None
        assert verify(store) == []


def test_a_new_act_ends_redo(tmp_path: Path) -> None:
    with new_store(tmp_path / "a.diwi") as store:
        project = add(store, de_hoek())
        store.undo()
        assert store.redo_name == "Nieuw project"
        add(store, de_hoek())
        assert store.redo_name is None
        assert project not in {p.id for p in plans(store)}


def test_deleting_takes_what_hangs_under_it_and_undo_brings_all_back(tmp_path: Path) -> None:
    with new_store(tmp_path / "a.diwi") as store:
        project = add(store, de_hoek())
        whole = plan(store, project)
        with store.act("Project verwijderen") as act:
            act.delete("project", project)
        assert plans(store) == []
        assert queries.plan_areas(store) == []
        assert queries.entities(store, "delivery") == []
        store.undo()
        assert plan(store, project) == whole
        assert verify(store) == []


def test_undo_asks_when_somebody_else_changed_the_value_since(tmp_path: Path) -> None:
    with new_store(tmp_path / "a.diwi") as store:
        project = add(store, de_hoek())
        with store.act("Naam wijzigen") as act:
            act.set("project", project, "name", "Mijn naam")
        with store.act("Van de server", kind="system") as act:
            act.set("project", project, "name", "Andere naam")
        with pytest.raises(UndoConflict):
            store.undo()
        assert plan(store, project).name == "Andere naam"
        store.undo(force=True)
        assert plan(store, project).name == "De Hoek"


def test_a_cancelled_act_stores_nothing(tmp_path: Path) -> None:
    with new_store(tmp_path / "a.diwi") as store:
        seen: list[int] = []

        def imports() -> None:
            with store.act("Import", progress=lambda done, _: seen.append(done), cancelled=lambda: bool(seen)) as act:
                for _ in range(100):
                    write_plan(act, de_hoek())

        with pytest.raises(Cancelled):
            imports()
        assert seen
        assert plans(store) == []


def test_updating_a_plan_writes_only_what_differs(tmp_path: Path) -> None:
    with new_store(tmp_path / "a.diwi") as store:
        project = add(store, de_hoek())
        again = de_hoek()
        again.name = "De Nieuwe Hoek"
        again.blocks[0].deliveries[1] = Delivery(date(2029, 6, 1), 20)
        again.blocks.append(Block("Blok B", number=4))
        again.milestones.pop()
        with store.act("Bijwerken") as act:
            write_plan(act, again, plan(store, project))
        assert act.seq is not None
        changes = {(c.kind, c.field) for c in store.changes_of(act.seq)}
        assert changes == {("project", "name"), ("delivery", "number"), ("houseblock", ""), ("milestone", "deleted_at")}
        assert plan(store, project).code == "DNW-2026-KTB-001"


def test_listeners_hear_what_was_touched(tmp_path: Path) -> None:
    with new_store(tmp_path / "a.diwi") as store:
        heard = []
        stop = store.subscribe(heard.append)
        project = add(store, de_hoek())
        stop()
        add(store, de_hoek())
        assert [info.projects for info in heard] == [frozenset({project})]
        assert ("project", project) in heard[0].entities


def test_own_fields_join_the_catalogue_and_keep_their_rules(tmp_path: Path) -> None:
    with new_store(tmp_path / "a.diwi") as store:
        project = add(store, de_hoek())
        with store.act("Eigen veld") as act:
            number = act.create(
                "own_field", {"object": "project", "name": "Parkeerplaatsen", "type": "NUMERIC", "minimum": 0}
            )
        key = f"own:{number}"
        with store.act("Parkeerplaatsen wijzigen") as act:
            act.set("project", project, key, [12, 12])
        assert plan(store, project).own == {number: [12, 12]}
        with pytest.raises(Refused), store.act("Te laag") as act:
            act.set("project", project, key, [-1, -1])
        store.undo()
        assert plan(store, project).own == {}
        assert verify(store) == []


def test_geometry_is_kept_exactly(tmp_path: Path) -> None:
    with new_store(tmp_path / "a.diwi") as store:
        project = add(store, de_hoek())
        (area,) = plan(store, project).areas
        moved = square(107_000.001, 499_000.123, 55.555)
        with store.act("Contour slepen") as act:
            act.set("plan_area", area.id, "geometry", moved)
        assert plan(store, project).areas[0].geometry == moved
        assert queries.project_rows(store)[0].area_m2 == pytest.approx(55.555**2, abs=1e-3)
        store.undo()
        assert plan(store, project).areas[0].geometry == square()


def test_changing_what_is_not_there_gives_a_sentence(tmp_path: Path) -> None:
    with new_store(tmp_path / "a.diwi") as store, pytest.raises(UserError), store.act("Weg") as act:
        act.set("project", "00000000-0000-7000-8000-000000000000", "name", "X")
