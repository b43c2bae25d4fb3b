"""After an act only what it touched is read again, beside the window, and it shows the same as reading everything."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPersistentModelIndex
from pytestqt.qtbot import QtBot

from diwi_desktop.gui import mapsource
from diwi_desktop.gui.map.style import map_style
from diwi_desktop.gui.projecttable import panel as table_panel
from diwi_desktop.gui.projecttable.columns import Names, all_columns
from diwi_desktop.gui.projecttable.filters import Between
from diwi_desktop.gui.projecttable.model import ProjectTableModel
from diwi_desktop.gui.projecttable.panel import ProjectTable
from diwi_desktop.gui.scope import MANY, Scope
from diwi_desktop.gui.state import AppState
from diwi_desktop.gui.timeline.portfolio.lines import read, read_all
from diwi_desktop.model.catalogue import catalogue
from diwi_desktop.model.derive import LAPSED
from diwi_desktop.store import ActInfo, Store, queries
from diwi_desktop.store.queries import ProjectRow
from tests.gui.registers import make_register


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = make_register(tmp_path / "register.diwi", 12)
    yield made
    made.close()


def act_on(store: Store, count: int) -> ActInfo:
    """An act that renames so many projects."""
    infos: list[ActInfo] = []
    stop = store.subscribe(infos.append)
    with store.act("Naam wijzigen") as act:
        for row in queries.project_rows(store)[:count]:
            act.set("project", row.id, "name", row.name + " b")
    stop()
    return infos[0]


def test_a_scope_gathers_projects_until_there_are_too_many(store: Store) -> None:
    scope = Scope()
    assert not scope
    info = act_on(store, 2)
    scope.add(info)
    assert scope
    assert scope.take() == info.projects
    assert not scope
    scope.add(info)
    scope.add_all()
    scope.add(info)
    assert scope.all
    assert scope.take() is None
    many = ActInfo(
        1, "a", "Veel", info.kind, "b", "c", info.made_at, None, projects=frozenset(map(str, range(MANY + 1)))
    )
    scope.add(many)
    assert scope.take() is None


def test_rows_and_plans_of_some_projects_are_those_of_all(store: Store) -> None:
    now = store.moment()
    wanted = [row.id for row in queries.project_rows(store)][1:4]
    assert queries.project_rows(store, now, wanted) == [r for r in queries.project_rows(store, now) if r.id in wanted]
    assert queries.project_rows(store, now, []) == []
    every = {plan.id: plan for plan in mapsource.read_plans(store, now)}
    for plan in mapsource.read_plans(store, now, wanted):
        assert plan.label == every[plan.id].label
        assert plan.geometry == every[plan.id].geometry
        assert plan.parcels == every[plan.id].parcels


def test_what_was_given_up_says_so_on_the_map(store: Store) -> None:
    lapsed = queries.project_rows(store)[2]
    with store.act("Afblazen") as act:
        step = {"project_id": lapsed.id, "type": LAPSED, "date": "2026-01-01", "state": "GEREALISEERD"}
        act.create("milestone", step)
    shapes = {plan.id: plan for plan in mapsource.read_plans(store, store.moment())}
    assert shapes[lapsed.id].label == f"{lapsed.name} (afgebroken)"
    spec = map_style().paint_spec(
        "phase", parcels=True, buildings=True, plans=True, picture=False, photo=False, dpr=1.0
    )
    index = shapes[lapsed.id].phase_index
    assert spec.plan_fill[index][3] == 0, "an outline only"
    assert index == len(spec.plan_fill) - 1
    assert spec.dashes[shapes[lapsed.id].status_index]
    others = [plan for plan in shapes.values() if plan.id != lapsed.id]
    assert all(spec.plan_fill[plan.phase_index][3] for plan in others)


def test_an_edit_reads_the_row_it_touched_and_no_other(
    qtbot: QtBot, state: AppState, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = ProjectTable(state)
    qtbot.addWidget(table)
    table.show()
    asked: list[Collection[str] | None] = []
    real = table_panel.read

    def noted(store: Store, moment: Any, ids: frozenset[str] | None = None) -> Any:
        asked.append(ids)
        return real(store, moment, ids)

    monkeypatch.setattr(table_panel, "read", noted)
    row = table.model.shown[2]
    with state.store.act("Naam wijzigen") as act:
        act.set("project", row.id, "name", "Zuiderveld")
    qtbot.waitUntil(lambda: table.model.shown[-1].name == "Zuiderveld")
    assert asked == [frozenset({row.id})]
    with state.store.act("Verwijderen") as act:
        act.delete("project", row.id)
    qtbot.waitUntil(lambda: table.model.total_count == 11)
    assert table.model.place_of(row.id) is None
    assert table.count_text == "11 / 11"


def test_a_large_register_has_its_table_first_and_its_rows_soon_after(
    qtbot: QtBot, state: AppState, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_panel, "_AT_ONCE", 3)
    table = ProjectTable(state)
    qtbot.addWidget(table)
    table.show()
    assert table.count_text == ""
    assert table.view.isVisible()
    qtbot.waitUntil(lambda: table.model.total_count == 12)
    assert table.count_text == "12 / 12"
    assert table.view.isVisible()


def test_a_sub_plan_shows_the_new_name_of_its_mother(qtbot: QtBot, state: AppState) -> None:
    table = ProjectTable(state)
    qtbot.addWidget(table)
    mother, child = table.model.shown[0].id, table.model.shown[1].id
    with state.store.act("Moederplan wijzigen") as act:
        act.set("project", child, "parent", mother)
    column = next(c for c in table.model.columns if c.key == "parent")

    def shown() -> str:
        row = table.model.row_of(child)
        assert row is not None
        return column.text(row)

    qtbot.waitUntil(lambda: shown() != "")
    with state.store.act("Naam wijzigen") as act:
        act.set("project", mother, "name", "Anders")
    qtbot.waitUntil(lambda: shown() == "Anders")


def test_all_planning_after_an_act_is_that_of_reading_everything(store: Store) -> None:
    before = read_all(store, store.moment())
    with store.act("Van alles") as act:
        act.delete("project", before.lines[0].id)
        act.set("project", before.lines[3].id, "name", "Aa")
        block = queries.entities(store, "houseblock", parent=before.lines[5].id)[0]
        delivery = queries.entities(store, "delivery", parent=block["id"])[0]
        act.set("delivery", delivery["id"], "date", "2041-01-01")
    touched = frozenset(before.lines[n].id for n in (0, 3, 5))
    after = before.changed(touched, read(store, store.moment(), sorted(touched)))
    assert after == read_all(store, store.moment())
    assert 2041 in after.years


NAMES = st.sampled_from(["Aa", "Bb", "Plan 2", "Plan 10", "Zz"])


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[ProjectRow]]:
    made = make_register(tmp_path_factory.mktemp("rows") / "register.diwi", 9)
    yield queries.project_rows(made)
    made.close()


@given(data=st.data())
def test_changed_rows_stand_where_all_rows_would(data: st.DataObject, rows: list[ProjectRow]) -> None:
    names = Names()
    names.put(rows)
    columns = all_columns(catalogue().kind("project").by_key, {}, names)
    some, whole = ProjectTableModel(), ProjectTableModel()
    for model in (some, whole):
        model.set_columns(columns)
        model.set_rows(rows)
    sorting = [(data.draw(st.sampled_from(["name", "built", "phase", "parent"])), data.draw(st.booleans()))]
    least = data.draw(st.one_of(st.none(), st.integers(0, 3)))
    for model in (some, whole):
        model.set_sorting(sorting)
        model.set_filter("built", None if least is None else Between(least, None))
    held = {row.id: QPersistentModelIndex(some.index(place, 0)) for place, row in enumerate(some.shown)}
    touched = data.draw(st.lists(st.sampled_from(rows), unique_by=lambda row: row.id))
    new = [
        row._replace(name=data.draw(NAMES), built=data.draw(st.integers(0, 3)))
        for row in touched
        if data.draw(st.booleans())
    ]
    ids = {row.id for row in touched}
    some.change_rows(ids, new)
    whole.set_rows([row for row in rows if row.id not in ids] + new)
    assert list(some.shown) == list(whole.shown)
    assert [some.place_of(row.id) for row in rows] == [whole.place_of(row.id) for row in rows]
    if sorting[0][0] != "parent":  # else all are put in place anew
        for row in rows:  # who holds on to a row finds it where it went, or learns that it is gone
            place = some.place_of(row.id)
            assert row.id not in held or held[row.id].row() == (-1 if place is None else place)


def test_a_mother_that_is_called_otherwise_takes_her_sub_plans_along(rows: list[ProjectRow]) -> None:
    first, second, *others = rows
    named = [first._replace(name="Aa"), second._replace(name="Zz")]
    named += [row._replace(parent=(first if at % 2 else second).id) for at, row in enumerate(others)]
    names = Names()
    names.put(named)
    model = ProjectTableModel()
    model.set_columns(all_columns(catalogue().kind("project").by_key, {}, names))
    model.set_rows(named)
    model.set_sorting([("parent", False)])
    assert model.shown[0].parent == first.id
    renamed = first._replace(name="Zzz")
    names.put([renamed], {first.id})
    model.change_rows({first.id}, [renamed])
    assert model.shown[0].parent == second.id
