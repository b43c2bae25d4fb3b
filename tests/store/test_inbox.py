"""The inbox with much in it: counted alike as it is listed, and as quickly as every act of the user asks."""

from __future__ import annotations

from pathlib import Path

import pytest

from diwi_desktop.changes.change import DELETED
from diwi_desktop.store import Store, inbox
from diwi_desktop.store.plans import write_plan
from tests.stores import de_hoek, new_store

PLANS = 60


def not_taken(store: Store, result: str) -> int:
    """Delete all plans in one act of which the server takes nothing over; how many items that gives."""
    with store.act("Weg") as act:
        for (project,) in store.read().execute("SELECT id FROM project WHERE deleted_at IS NULL").fetchall():
            act.delete("project", project)
    with store.transaction() as connection:
        rows = connection.execute(
            "SELECT a.id, c.n, ?, c.kind, c.entity, c.project, c.field, c.old, c.new, NULL, '', '', 0, '', '', '',"
            " a.made_at FROM change c JOIN act a ON a.seq = c.act_seq WHERE a.seq = ?",
            (result, act.seq),
        ).fetchall()
        assert {row[6] for row in rows} == {DELETED}
        inbox.add(connection, rows)
    return len(rows)


@pytest.mark.parametrize("result", ["conflict", "denied"])
def test_many_plans_that_were_deleted_as_trees_are_counted_at_once(tmp_path: Path, result: str) -> None:
    with new_store(tmp_path / "a.diwi") as store:
        with store.act("Plannen") as act:
            for _ in range(PLANS):
                write_plan(act, de_hoek())
        items = not_taken(store, result)
        assert items > 8 * PLANS
        connection, thousands = store.read(), []
        connection.set_progress_handler(lambda: thousands.append(1), 1_000)
        counts = inbox.counts(connection)
        connection.set_progress_handler(None, 0)
        listed = len(inbox.conflicts(store)), len(inbox.not_accepted(store))
    assert counts == listed == ((PLANS, 0) if result == "conflict" else (0, PLANS))
    assert len(thousands) < items / 5  # steps of SQLite: in proportion to what there is, not to its square
