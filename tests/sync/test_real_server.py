"""Stores and the real server on PostgreSQL: a store goes up, comes down, meets others, and forgets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from diwi_desktop.model import filekinds
from diwi_desktop.store import blobs, inbox
from diwi_desktop.store.plans import plans
from diwi_desktop.sync import documents
from diwi_desktop.sync.runner import Runner
from tests.server.harness import Register
from tests.stores import add, de_hoek, square
from tests.sync.real import Desk, MakeDesk


def put(desk: Desk, entity: str, field: str, value: Any, kind: str = "project") -> None:
    with desk.store.act("Wijzigen") as act:
        act.set(kind, entity, field, value)


def names(desk: Desk) -> list[str]:
    return sorted(plan.name or "" for plan in plans(desk.store))


def test_a_store_goes_up_and_a_colleague_gets_it(desk: MakeDesk) -> None:
    anna = desk("Anna", filled=True)
    project = add(anna.store, de_hoek())
    anna.sync()
    assert anna.waiting == 0
    bram = desk("Bram")
    bram.sync()
    assert plans(bram.store) == plans(anna.store)
    put(bram, project, "name", "De Bocht")
    bram.sync()
    anna.sync()
    assert names(anna) == ["De Bocht"]
    assert anna.store.undo_name == "Nieuw project"


def test_a_conflict_on_a_fact_and_a_merge_of_notes(desk: MakeDesk) -> None:
    anna, bram = desk("Anna", filled=True), desk("Bram")
    plan = de_hoek()
    plan.blocks[0].note = "regel 1"
    project = add(anna.store, plan)
    for one in (anna, bram):
        one.sync()
    block = plans(anna.store)[0].blocks[0].id
    for one, word in ((anna, "Anna"), (bram, "Bram")):
        put(one, project, "name", f"Van {word}")
        put(one, str(block), "note", f"regel 1\n{word}", "houseblock")
    for one in (anna, bram, anna):
        one.sync()
    assert names(anna) == names(bram) == ["Van Anna"]
    [item] = inbox.conflicts(bram.store)
    assert (item.base, item.mine, item.theirs) == ("De Hoek", "Van Bram", "Van Anna")
    assert plans(anna.store)[0].blocks[0].note == plans(bram.store)[0].blocks[0].note == "regel 1\nAnna\nBram"
    inbox.settle(bram.store, [item.id])
    bram.sync()
    anna.sync()
    assert names(anna) == ["Van Bram"]


def test_two_contours_are_a_conflict(desk: MakeDesk) -> None:
    anna, bram = desk("Anna", filled=True), desk("Bram")
    add(anna.store, de_hoek())
    for one in (anna, bram):
        one.sync()
    area = str(plans(anna.store)[0].areas[0].id)
    put(anna, area, "geometry", square(side=120), "plan_area")
    put(bram, area, "geometry", square(side=80), "plan_area")
    for one in (anna, bram, anna):
        one.sync()
    assert plans(anna.store) == plans(bram.store)
    assert [item.field for item in inbox.conflicts(bram.store)] == ["geometry"]


def test_what_becomes_confidential_is_forgotten_and_comes_back(desk: MakeDesk) -> None:
    anna, raad = desk("Anna", filled=True), desk("Raad", "Council")
    project = add(anna.store, de_hoek())
    put(anna, project, "confidentiality", "EXTERNAL_REGIONAL")
    for one in (anna, raad):
        one.sync()
    assert names(raad) == ["De Hoek"]
    put(anna, project, "confidentiality", "INTERNAL_CIVIL")
    anna.sync()
    raad.sync()
    assert names(raad) == []
    with raad.store.inside() as connection:
        assert not connection.execute("SELECT 1 FROM change WHERE project = ?", (project,)).fetchall()
        assert not connection.execute("SELECT 1 FROM sync_entity WHERE scope = ?", (project,)).fetchall()
    raad.store.close()
    raad.store = type(raad.store).open(raad.path, author="r", clock=raad.store.clock, device=raad.store.device)
    left = b"".join(file.read_bytes() for file in raad.path.parent.glob("Raad.diwi*"))
    assert b"De Hoek" not in left
    assert b"Blok A" not in left
    put(anna, project, "confidentiality", "EXTERNAL_REGIONAL")
    anna.sync()
    raad.sync()
    assert names(raad) == ["De Hoek"]


def test_work_on_a_project_that_is_gone_keeps_its_text(desk: MakeDesk, register: Register) -> None:
    anna = desk("Anna", filled=True)
    project = add(anna.store, de_hoek())
    anna.sync()
    partner = desk("Partij", "External")
    partner.sync()
    anna.sync()
    assert names(partner) == []
    with anna.store.act("Schrijfrechten wijzigen") as act:
        act.create("writer", {"project_id": project, "person": anna.person})
        writer = act.create("writer", {"project_id": project, "person": partner.person})
    anna.sync()
    partner.sync()
    assert names(partner) == ["De Hoek"]
    put(partner, project, "end_date", date(2033, 1, 1))
    with anna.store.act("Schrijfrechten wijzigen") as act:
        act.delete("writer", writer)
    anna.sync()
    partner.sync()
    assert names(partner) == []
    assert {(item.field, item.mine) for item in inbox.not_accepted(partner.store)} == {("end_date", "2033-01-01")}


def test_many_changes_go_in_pieces_and_come_as_a_snapshot(
    desk: MakeDesk, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = desk("Anna", filled=True)
    for number in range(12):
        add(anna.store, de_hoek(), f"{number}")
    from diwi_desktop.store import outbox

    take = outbox.take
    monkeypatch.setattr(outbox, "take", lambda store, most=40: take(store, most=min(most, 40)))
    anna.sync()
    register.server.app.state.settings = register.server.app.state.settings.model_copy(update={"snapshot_above": 20})
    bram = desk("Bram")
    bram.sync()
    assert plans(bram.store) == plans(anna.store)
    put(anna, str(plans(anna.store)[0].id), "name", "Later")
    anna.sync()
    bram.sync()
    assert plans(bram.store) == plans(anna.store)


def test_a_file_goes_up_and_comes_down(desk: MakeDesk, tmp_path: Path) -> None:
    anna = desk("Anna", filled=True)
    project = add(anna.store, de_hoek())
    source = tmp_path / "../besluit.pdf"
    source.write_bytes(b"%PDF-1.7" + bytes(range(256)) * 9_000)
    document = documents.attach(anna.store, project, source)
    anna.sync()
    assert documents.state_of(anna.store, document) == blobs.HERE
    bram = desk("Bram")
    bram.sync()
    documents.pin(bram.store, project, on=True)
    bram.sync()
    assert documents.open_copy(bram.store, document, tmp_path / "x").read_bytes() == source.read_bytes()


def test_an_older_document_of_a_kind_that_is_not_taken_keeps_nothing_waiting(
    desk: MakeDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was added before there was such a rule: it stays here, and the others travel."""
    anna = desk("Anna", filled=True)
    project = add(anna.store, de_hoek())
    kinds = {"a.exe": b"MZ", "b.pdf": b"een brief", "c.pdf": b"%PDF-1.7 besluit", "notitie.txt": b"een notitie"}
    attached = {}
    with monkeypatch.context() as before:
        before.setattr(filekinds, "check", lambda _name, _head: None)
        for name, content in kinds.items():
            (tmp_path / name).write_bytes(content)
            attached[name] = documents.attach(anna.store, project, tmp_path / name)
    anna.sync()
    assert blobs.next_to_move(anna.store) == (None, 0)
    bram = desk("Bram")
    bram.sync()
    documents.pin(bram.store, project, on=True)
    bram.sync()
    arrived = {name for name, id in attached.items() if documents.state_of(bram.store, id) == blobs.HERE}
    assert arrived == {"c.pdf", "notitie.txt"}
    for name, id in attached.items():
        assert documents.open_copy(anna.store, id, tmp_path / "open").read_bytes() == kinds[name]


def test_nothing_to_do_is_one_small_question(desk: MakeDesk) -> None:
    anna = desk("Anna", filled=True)
    add(anna.store, de_hoek())
    anna.sync()
    asked: list[tuple[str, int]] = []
    wire: Any = anna.server._wire

    class Counting:
        @contextmanager
        def stream(self, method: str, path: str, **more: Any) -> Iterator[Any]:
            answer = wire.request(method, path, **more)
            asked.append((path.rpartition("/")[2], len(more.get("content") or b"") + len(answer.content)))
            yield answer

    anna.server._wire = Counting()  # type: ignore[assignment]  # has all that is asked of it
    assert Runner(anna.store, anna.server).run().problem is None
    assert [name for name, _ in asked] == ["pulls"]
    assert sum(size for _, size in asked) < 2_000
