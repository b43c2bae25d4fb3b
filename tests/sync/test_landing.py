"""However much is landed at once and however few rows are kept meanwhile, the same comes of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from diwi_desktop.model.clock import FixedClock
from diwi_desktop.store import Store, held, receive, syncstate
from diwi_desktop.store.driver import StoreError
from diwi_desktop.store.plans import plans
from diwi_desktop.store.verify import verify
from tests.stores import TODAY, add, de_hoek
from tests.sync.fake import FakeServer
from tests.sync.laptops import Laptop

ANNA, BRAM = "aaaaaaaa-0000-4000-8000-000000000001", "bbbbbbbb-0000-4000-8000-000000000002"


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[Laptop, Laptop]]:
    """Anna has sent plans and edits of them, Bram has nothing yet."""
    server = FakeServer(FixedClock.on(TODAY), {ANNA: "Anna", BRAM: "Bram"})
    a = Laptop(tmp_path / "a.diwi", server, ANNA, "AAA", empty=False)
    b = Laptop(tmp_path / "b.diwi", server, BRAM, "BBB", empty=True)
    for number in range(3):
        add(a.store, de_hoek(), f"{number}")
    edits(a)
    a.sync()
    yield a, b
    a.store.close()
    b.store.close()


def edits(laptop: Laptop) -> None:
    """Every plan gets three names and loses a milestone."""
    for plan in plans(laptop.store):
        for name in ("Kade", "Hof", "Wal"):
            with laptop.store.act("Naam") as act:
                act.set("project", plan.id, "name", f"{name} {plan.id[-4:]}")
        with laptop.store.act("Mijlpaal") as act:
            act.delete("milestone", plan.milestones[0].id)


def indexes(store: Store) -> list[tuple[str, str]]:
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY name"
    return store.read_whole().execute(query).fetchall()


def sound(laptop: Laptop) -> None:
    assert verify(laptop.store) == []
    with laptop.store.inside() as connection:
        assert syncstate.recounted(connection) == syncstate.scope_digests(connection)
        assert syncstate.whole_digest(connection) == laptop.server.digest(laptop.person)


@pytest.mark.parametrize("rows", [1, 7])
def test_rows_that_are_written_in_between_are_read_again(
    pair: tuple[Laptop, Laptop], monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    a, b = pair
    monkeypatch.setattr(held, "MOST_ROWS", rows)
    monkeypatch.setattr(receive, "_BATCH", 5)
    b.snapshot()
    sound(b)
    edits(a)
    a.sync()
    b.pull(limit=4)  # and what comes later, onto rows that are there
    sound(b)
    assert plans(b.store) == plans(a.store)


def test_contours_are_not_all_kept_at_once(pair: tuple[Laptop, Laptop], monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = pair
    monkeypatch.setattr(held, "MOST_BYTES", 10)
    monkeypatch.setattr(receive, "_BATCH", 5)
    b.snapshot()
    sound(b)
    assert plans(b.store) == plans(a.store)


def test_indexes_are_there_again_whatever_happened(
    pair: tuple[Laptop, Laptop], monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b = pair
    monkeypatch.setattr(receive, "_MUCH", 0)
    before = indexes(b.store)
    row = a.server.log[-1]
    a.server.log[-1] = type(row)(
        row.seq, row.act, type(row.change)(0, "municipality", "x", None, "", None, 7), row.scope
    )
    with pytest.raises(StoreError, match="kloppen"):
        b.snapshot()
    assert indexes(b.store) == before
    a.server.log[-1] = row
    b.snapshot()
    assert indexes(b.store) == before
    sound(b)
    plan = b.store.read_whole().execute(
        "EXPLAIN QUERY PLAN SELECT 1 FROM change WHERE entity = ? AND field = ?", ("x", "y")
    )
    assert "change_entity" in json.dumps(plan.fetchall())
