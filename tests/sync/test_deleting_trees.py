"""A plan that one deletes and another changes, through the real server: one question, one answer, for all of it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from diwi_desktop.cli import main
from diwi_desktop.store import inbox, plans
from diwi_desktop.store.inbox import MINE, THEIRS
from diwi_desktop.sync import status
from tests.stores import add, de_hoek
from tests.sync.real import Desk, MakeDesk, desk

__all__ = ["desk"]


def put(desk: Desk, kind: str, entity: str, **values: Any) -> None:
    with desk.store.act("Wijzigen") as act:
        for field, value in values.items():
            act.set(kind, entity, field, value)


def delete(desk: Desk, kind: str, entity: str) -> None:
    with desk.store.act("Verwijderen") as act:
        act.delete(kind, entity)


def living(desk: Desk, project: str) -> int:
    """How much there is of a plan."""
    row = desk.store.read().execute(
        "SELECT count(*) FROM (SELECT id FROM project WHERE id = :p AND deleted_at IS NULL"
        " UNION ALL SELECT id FROM houseblock WHERE project_id = :p AND deleted_at IS NULL"
        " UNION ALL SELECT id FROM milestone WHERE project_id = :p AND deleted_at IS NULL"
        " UNION ALL SELECT id FROM plan_area WHERE project_id = :p AND deleted_at IS NULL"
        " UNION ALL SELECT id FROM writer WHERE project_id = :p AND deleted_at IS NULL"
        " UNION ALL SELECT d.id FROM delivery d JOIN houseblock b ON b.id = d.houseblock_id"
        " WHERE b.project_id = :p AND d.deleted_at IS NULL)",
        {"p": project},
    )
    return int(row.fetchone()[0])


@pytest.fixture
def pair(desk: MakeDesk) -> tuple[Desk, Desk, str]:
    anna, bram = desk("Anna", filled=True), desk("Bram")
    project = add(anna.store, de_hoek())
    for one in (anna, bram):
        one.sync()
    return anna, bram, project


@pytest.fixture
def refused(pair: tuple[Desk, Desk, str]) -> tuple[Desk, Desk, str]:
    """Anna changed the description, and then Bram's deletion of the plan came."""
    anna, bram, project = pair
    put(anna, "project", project, description="Toch door")
    delete(bram, "project", project)
    anna.sync()
    bram.sync()
    return pair


def counted(desk: Desk) -> int:
    found = inbox.counts(desk.store.read())[0]
    assert found == len(inbox.conflicts(desk.store)) == status.look(desk.store).conflicts
    return found


def test_a_plan_is_one_conflict(refused: tuple[Desk, Desk, str]) -> None:
    _, bram, project = refused
    (item,) = inbox.conflicts(bram.store)
    assert (item.kind, item.entity, item.field, item.theirs) == ("project", project, "deleted_at", None)
    assert len(item.below) == living(bram, project) - 1 + links(bram, project)
    assert len(item.ids) == len(item.below) + 1
    assert [(one.kind, one.entity, one.field, one.author) for one in item.since] == [
        ("project", project, "description", "Anna")
    ]
    assert (item.theirs_author, item.theirs_at) == ("Anna", item.since[0].at)
    assert counted(bram) == 1


def links(desk: Desk, project: str) -> int:
    """What `living` does not count of a plan."""
    row = desk.store.read().execute(
        "SELECT count(*) FROM (SELECT id FROM parcel_link WHERE project_id = :p UNION ALL SELECT id FROM document"
        " WHERE project_id = :p UNION ALL SELECT s.id FROM (SELECT id, houseblock_id FROM share"
        " UNION ALL SELECT id, houseblock_id FROM ownership) s JOIN houseblock b ON b.id = s.houseblock_id"
        " WHERE b.project_id = :p)",
        {"p": project},
    )
    return int(row.fetchone()[0])


def test_mine_deletes_all_of_it_and_is_taken_back(refused: tuple[Desk, Desk, str]) -> None:
    anna, bram, project = refused
    whole = living(bram, project)
    (item,) = inbox.conflicts(bram.store)
    inbox.settle(bram.store, [item.id], MINE)
    assert counted(bram) == 0
    assert living(bram, project) == 0
    bram.store.undo()
    assert living(bram, project) == whole
    assert counted(bram) == 1
    assert inbox.conflicts(bram.store) == [item]
    bram.store.redo()
    bram.sync()
    anna.sync()
    assert living(bram, project) == living(anna, project) == counted(bram) == 0


def test_theirs_keeps_all_of_it(refused: tuple[Desk, Desk, str]) -> None:
    _, bram, project = refused
    whole = living(bram, project)
    (item,) = inbox.conflicts(bram.store)
    assert inbox.settle(bram.store, [item.id], THEIRS) is None
    assert counted(bram) == 0
    assert living(bram, project) == whole
    inbox.reopen(bram.store, item.ids)
    assert inbox.conflicts(bram.store) == [item]


def test_what_hangs_under_it_is_not_settled_by_itself(refused: tuple[Desk, Desk, str]) -> None:
    _, bram, _ = refused
    (item,) = inbox.conflicts(bram.store)
    with pytest.raises(inbox.UserError):
        inbox.settle(bram.store, [item.superseded[0]], MINE)
    assert counted(bram) == 1


def test_what_another_added_is_told_and_goes_too(pair: tuple[Desk, Desk, str]) -> None:
    anna, bram, project = pair
    with anna.store.act("Blok toevoegen") as act:
        block = act.create("houseblock", {"project_id": project, "name": "Blok Z", "number": 4})
    delete(bram, "project", project)
    anna.sync()
    bram.sync()
    (item,) = inbox.conflicts(bram.store)
    assert [(one.kind, one.entity, one.field) for one in item.since] == [("houseblock", block, "")]
    inbox.settle(bram.store, [item.id], MINE)
    bram.sync()
    assert living(bram, project) == counted(bram) == 0


def test_a_block_is_one_conflict_and_another_plan_has_nothing_to_do_with_it(pair: tuple[Desk, Desk, str]) -> None:
    anna, bram, project = pair
    block = str(plans.plan(anna.store, project).blocks[0].id)
    other = add(anna.store, de_hoek())
    put(anna, "houseblock", block, name="Blok N")
    put(anna, "project", project, description="Zegt niets over het blok")
    delete(bram, "houseblock", block)
    anna.sync()
    bram.sync()
    (item,) = inbox.conflicts(bram.store)
    assert (item.kind, item.entity) == ("houseblock", block)
    assert item.below
    assert [(one.entity, one.field) for one in item.since] == [(block, "name")]
    assert counted(bram) == 1
    put(anna, "project", other, name="Van Anna")
    put(bram, "project", other, name="Van Bram")
    anna.sync()
    bram.sync()
    assert counted(bram) == 2


def test_two_plans_of_one_act_are_two_conflicts(pair: tuple[Desk, Desk, str]) -> None:
    anna, bram, project = pair
    other = add(anna.store, de_hoek())
    anna.sync()
    bram.sync()
    for one in (project, other):
        put(anna, "project", one, description="Toch door")
    with bram.store.act("Verwijderen") as act:
        act.delete("project", project)
        act.delete("project", other)
    anna.sync()
    bram.sync()
    assert {item.entity for item in inbox.conflicts(bram.store)} == {project, other}
    assert counted(bram) == 2


def test_deleted_twice_is_still_one_conflict(refused: tuple[Desk, Desk, str]) -> None:
    anna, bram, project = refused
    put(anna, "project", project, description="Nog eens gewijzigd")
    delete(bram, "project", project)
    anna.sync()
    bram.sync()
    (item,) = inbox.conflicts(bram.store)
    assert counted(bram) == 1
    inbox.settle(bram.store, [item.id], MINE)
    assert living(bram, project) == counted(bram) == 0


def test_the_command_line_says_the_same(refused: tuple[Desk, Desk, str], capsys: pytest.CaptureFixture[str]) -> None:
    _, bram, project = refused
    bram.store.close()
    assert main(["conflicts", str(bram.path), "--json"]) == 1
    (item,) = json.loads(capsys.readouterr().out)["conflicts"]
    assert item["entity"] == project
    assert item["with_it"] > 1
    assert [(one["field"], one["author"]) for one in item["since"]] == [("description", "Anna")]
    assert main(["conflicts", str(bram.path)]) == 1
    words = capsys.readouterr().out
    assert "Project: Omschrijving" in words
    assert "onderdelen" in words
    assert "1 conflict, 0 niet geaccepteerd" in words
    assert main(["conflicts", str(bram.path), "--settle", "theirs"]) == 0
