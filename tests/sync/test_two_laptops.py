"""Two stores and a server in memory: what the rules of synchronisation promise, one by one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from diwi_desktop.changes.change import CREATED
from diwi_desktop.model.clock import FixedClock
from diwi_desktop.store import inbox, outbox, receive, syncstate
from diwi_desktop.store.plans import plans
from diwi_desktop.store.verify import verify
from tests.stores import TODAY, add, de_hoek
from tests.sync.fake import FakeServer
from tests.sync.laptops import Laptop

ANNA, BRAM = "aaaaaaaa-0000-4000-8000-000000000001", "bbbbbbbb-0000-4000-8000-000000000002"


@pytest.fixture
def server() -> FakeServer:
    return FakeServer(FixedClock.on(TODAY), {ANNA: "Anna", BRAM: "Bram"})


@pytest.fixture
def pair(tmp_path: Path, server: FakeServer) -> Iterator[tuple[Laptop, Laptop]]:
    a = Laptop(tmp_path / "a.diwi", server, ANNA, "AAA", empty=False)
    b = Laptop(tmp_path / "b.diwi", server, BRAM, "BBB", empty=True)
    yield a, b
    a.store.close()
    b.store.close()


def settled(*laptops: Laptop) -> None:
    """Whoever knows least comes up to date; then all hold the same, as the server says, and every log replays."""
    for _ in range(2):
        for laptop in laptops:
            laptop.sync()
    for laptop in laptops:
        assert outbox.count(laptop.store) == 0
        assert verify(laptop.store) == []
        with laptop.store.inside() as connection:
            assert syncstate.whole_digest(connection) == laptop.server.digest(laptop.person)
            assert syncstate.recounted(connection) == syncstate.scope_digests(connection)
        assert content(laptop) == server_content(laptop)


def content(laptop: Laptop) -> dict[str, dict[str, Any]]:
    """All that is here, but for what the server did not take and so is deleted."""
    store = laptop.store
    found: dict[str, dict[str, Any]] = {}
    with store.inside() as connection:
        for kind in store.catalogue.kinds:
            ids = [row[0] for row in connection.execute(f'SELECT id FROM "{kind.kind}"')]
            for id, (values, _) in store.tables.present(connection, kind.kind, ids).items():
                refused = "SELECT 1 FROM change WHERE entity = ? AND field = '' AND result IS NOT NULL"
                if not (values.get("deleted_at") and connection.execute(refused, (id,)).fetchone()):
                    found[id] = values
    return found


def server_content(laptop: Laptop) -> dict[str, dict[str, Any]]:
    scopes = laptop.server.visible(laptop.person)
    seen = {row.change.entity for row in laptop.server.log if row.scope in scopes}
    heads = laptop.server.heads
    return {id: {k: v for k, v in heads[id].values.items() if v is not None} for id in seen}


def put(laptop: Laptop, entity: str, field: str, value: Any, kind: str = "project") -> None:
    with laptop.store.act("Wijzigen") as act:
        act.set(kind, entity, field, value)


def value(laptop: Laptop, entity: str, field: str, kind: str = "project") -> Any:
    with laptop.store.inside() as connection:
        row = laptop.store.tables.row(connection, kind, entity)
    return row and row[field]


def test_a_store_travels_whole(pair: tuple[Laptop, Laptop]) -> None:
    a, b = pair
    add(a.store, de_hoek())
    settled(a, b)
    assert plans(b.store) == plans(a.store)
    assert b.store.undo_name is None
    assert a.store.undo_name == "Nieuw project"


def test_pages_and_pieces_make_the_same(pair: tuple[Laptop, Laptop]) -> None:
    a, b = pair
    for number in range(3):
        add(a.store, de_hoek(), f"Project {number}")
    a.push(most=7)
    b.pull(limit=5)
    assert plans(b.store) == plans(a.store)
    assert verify(b.store) == []
    settled(a, b)


def test_different_fields_do_not_meet(pair: tuple[Laptop, Laptop]) -> None:
    a, b = pair
    project = add(a.store, de_hoek())
    settled(a, b)
    put(a, project, "name", "De Bocht")
    put(b, project, "end_date", date(2031, 1, 1))
    settled(a, b)
    assert value(b, project, "name") == "De Bocht"
    assert value(a, project, "end_date") == "2031-01-01"
    assert inbox.conflicts(a.store) == inbox.conflicts(b.store) == []


def test_the_same_field_is_a_conflict_that_is_settled_and_taken_back(pair: tuple[Laptop, Laptop]) -> None:
    a, b = pair
    project = add(a.store, de_hoek())
    settled(a, b)
    put(a, project, "name", "Van Anna")
    put(b, project, "name", "Van Bram")
    put(b, project, "name", "Van Bram 2")
    settled(a, b)
    assert value(b, project, "name") == "Van Anna"
    [item] = inbox.conflicts(b.store)
    assert (item.base, item.mine, item.theirs) == ("De Hoek", "Van Bram 2", "Van Anna")
    assert (item.theirs_author, item.field, len(item.superseded)) == ("Anna", "name", 1)
    assert inbox.conflicts(a.store) == []
    inbox.settle(b.store, [item.id])
    assert inbox.conflicts(b.store) == []
    assert value(b, project, "name") == "Van Bram 2"
    b.store.undo()
    assert len(inbox.conflicts(b.store)) == 1
    b.store.redo()
    assert inbox.conflicts(b.store) == []
    settled(a, b)
    assert value(a, project, "name") == "Van Bram 2"


def test_a_conflict_settled_by_theirs_or_another_value(pair: tuple[Laptop, Laptop]) -> None:
    a, b = pair
    project = add(a.store, de_hoek())
    settled(a, b)
    for laptop in pair:
        put(laptop, project, "name", f"Van {laptop.person[:1]}")
        put(laptop, project, "end_date", date(2032 if laptop is a else 2033, 1, 1))
    settled(a, b)
    name, end = sorted(inbox.conflicts(b.store), key=lambda item: item.field, reverse=True)
    assert inbox.settle(b.store, [name.id], inbox.THEIRS) is None
    inbox.reopen(b.store, [name.id])
    assert inbox.settle(b.store, {name.id: inbox.Value("Beiden"), end.id: inbox.MINE})
    settled(a, b)
    assert value(a, project, "name") == "Beiden"
    assert value(a, project, "end_date") == "2033-01-01"
    with b.store.inside() as connection:
        assert inbox.counts(connection) == (0, 0)


def test_notes_of_both_come_together(pair: tuple[Laptop, Laptop]) -> None:
    a, b = pair
    plan = de_hoek()
    plan.blocks[0].note = "regel 1"
    add(a.store, plan)
    settled(a, b)
    block = plans(a.store)[0].blocks[0].id
    put(a, block, "note", "regel 1\nvan Anna", "houseblock")
    put(b, block, "note", "van Bram\nregel 1", "houseblock")
    settled(a, b)
    for laptop in pair:
        assert value(laptop, block, "note", "houseblock") == "van Bram\nregel 1\nvan Anna"
        assert inbox.conflicts(laptop.store) == []


def test_own_edits_after_a_lost_answer_are_no_conflict(pair: tuple[Laptop, Laptop]) -> None:
    a, b = pair
    project = add(a.store, de_hoek())
    settled(a, b)
    put(b, project, "name", "Een")
    b.push(ack_lost=True)
    put(b, project, "name", "Twee")
    b.push(ack_lost=True)
    put(b, project, "name", "Drie")
    settled(b, a)
    assert value(a, project, "name") == "Drie"
    assert inbox.conflicts(b.store) == []


def test_an_edit_during_a_synchronisation_is_not_lost(pair: tuple[Laptop, Laptop]) -> None:
    a, b = pair
    project = add(a.store, de_hoek())
    settled(a, b)
    put(a, project, "name", "Van Anna")
    a.sync()
    b.push()
    put(b, project, "name", "Intussen")  # between push and pull
    b.pull()
    assert value(b, project, "name") == "Van Anna"
    settled(a, b)
    [item] = inbox.conflicts(b.store)
    assert item.mine == "Intussen"


def test_what_is_hidden_goes_and_own_work_on_it_keeps_its_text(pair: tuple[Laptop, Laptop]) -> None:
    a, b = pair
    secret = add(a.store, de_hoek())
    other = add(a.store, de_hoek())
    settled(a, b)
    put(b, secret, "name", "Getypt door Bram")
    a.server.hidden[BRAM] = {secret}
    b.pull()
    settled(a, b)
    assert [plan.id for plan in plans(b.store)] == [other]
    [item] = inbox.not_accepted(b.store)
    assert (item.mine, item.theirs, item.base, item.code) == ("Getypt door Bram", None, None, "purged")
    b.store.close()
    raw = b"".join(file.read_bytes() for file in b.path.parent.glob("b.diwi*"))
    assert secret.encode() not in raw.replace(item.id.encode(), b"") or raw.count(b"De Hoek") >= 1
    b.store = type(b.store).open(b.path, author="Bram", clock=b.store.clock, device=b.device)
    a.server.hidden[BRAM] = set()
    settled(a, b)
    assert len(plans(b.store)) == 2


def test_a_denied_project_disappears_into_the_drawer(pair: tuple[Laptop, Laptop]) -> None:
    a, b = pair
    settled(a, b)
    b.server.deny = set(b.store.catalogue.by_kind)
    add(b.store, de_hoek())
    settled(a, b)
    assert plans(b.store) == []
    items = inbox.not_accepted(b.store)
    assert {item.field for item in items} == {CREATED}
    assert b.store.undo_name is None
    b.server.deny = set()
    inbox.retry(b.store, [item.id for item in items if item.kind == "project"])
    settled(a, b)
    assert [plan.name for plan in plans(a.store)] == ["De Hoek"]


def test_a_snapshot_replaces_and_what_waits_stays_on_top(pair: tuple[Laptop, Laptop]) -> None:
    a, b = pair
    project = add(a.store, de_hoek())
    settled(a, b)
    put(a, project, "name", "Van Anna")
    put(a, project, "end_date", date(2032, 1, 1))
    a.sync()
    put(b, project, "name", "Van Bram")
    mine = add(b.store, de_hoek(), "Van mij")
    receive.new_cursor(b.store)
    b.snapshot()
    assert verify(b.store) == []
    assert value(b, project, "name") == "Van Bram"
    assert value(b, mine, "name") == "De Hoek"
    put(b, project, "name", "Van Bram, later")
    settled(a, b)
    assert [item.mine for item in inbox.conflicts(b.store)] == ["Van Bram, later"]
    assert value(a, mine, "name") == "De Hoek"


def test_a_server_that_was_set_back_gets_the_missing_again(pair: tuple[Laptop, Laptop]) -> None:
    a, b = pair
    project = add(a.store, de_hoek())
    settled(a, b)
    yesterday = a.server.seq
    put(a, project, "name", "Na de reservekopie")
    put(b, project, "end_date", date(2035, 1, 1))
    extra = add(b.store, de_hoek(), "Nieuw van Bram")
    settled(a, b)
    a.server.restore(yesterday)
    for laptop in (a, b):
        assert receive.set_back(laptop.store, yesterday)
        assert verify(laptop.store) == []
    settled(a, b)
    assert value(b, project, "name") == "Na de reservekopie"
    assert value(a, project, "end_date") == "2035-01-01"
    assert value(a, extra, "name") == "De Hoek"


def test_what_differs_is_noticed_and_repaired(pair: tuple[Laptop, Laptop]) -> None:
    a, b = pair
    project = add(a.store, de_hoek())
    settled(a, b)
    with b.store.transaction() as connection:  # as by an old fault
        connection.execute("DELETE FROM change WHERE entity = ? AND field = 'name'", (project,))
        syncstate.forget_entities(connection, [project])
    settled(a, b)
    with b.store.inside() as connection:
        standing = syncstate.standing(connection)
    assert standing is not None
    assert standing.incidents == 1


def test_deleting_what_another_changed_is_asked(pair: tuple[Laptop, Laptop]) -> None:
    a, b = pair
    project = add(a.store, de_hoek())
    settled(a, b)
    put(a, project, "name", "Toch door")
    with b.store.act("Verwijderen") as act:
        act.delete("project", project)
    a.sync()
    settled(b, a)
    assert value(b, project, "deleted_at") is None
    items = inbox.conflicts(b.store)
    assert [(item.kind, item.field, item.theirs) for item in items] == [("project", "deleted_at", None)]


def test_both_delete_and_nobody_is_asked(pair: tuple[Laptop, Laptop]) -> None:
    a, b = pair
    project = add(a.store, de_hoek())
    settled(a, b)
    assert isinstance(b.store.clock, FixedClock)
    b.store.clock.moment += timedelta(hours=3)
    for laptop in pair:
        with laptop.store.act("Verwijderen") as act:
            act.delete("project", project)
    settled(a, b)
    assert inbox.conflicts(b.store) == inbox.conflicts(a.store) == []


def test_older_values_that_come_behind_a_merge_do_not_win(pair: tuple[Laptop, Laptop]) -> None:
    """Found by the state machine: the merge gave what was sent, and what it was merged with was pulled afterwards."""
    a, b = pair
    add(a.store, de_hoek())
    settled(a, b)
    block = plans(a.store)[0].blocks[0].id
    put(a, block, "note", "a\nb", "houseblock")
    put(b, block, "note", "c\na", "houseblock")
    a.store.undo()
    settled(a, b)
    assert value(b, block, "note", "houseblock") == "c\na"


def test_a_later_change_of_ours_is_not_undone_by_the_answer_to_an_earlier(pair: tuple[Laptop, Laptop]) -> None:
    a, b = pair
    add(a.store, de_hoek())
    settled(a, b)
    block = plans(a.store)[0].blocks[0].id
    put(a, block, "note", "van Anna", "houseblock")
    a.sync()
    put(b, block, "note", "van Bram", "houseblock")
    put(b, block, "note", "van Bram\nen nog wat", "houseblock")
    settled(b, a)
    assert value(b, block, "note", "houseblock") == "van Anna\nvan Bram\nen nog wat"
