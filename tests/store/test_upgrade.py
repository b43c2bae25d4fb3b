"""Stores of every released version still open, verify and tell the same. The files in frozen/ are never made anew."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from diwi_desktop.store import driver, queries
from diwi_desktop.store.plans import plans
from diwi_desktop.store.verify import verify
from tests.stores import new_store, reopen

FROZEN = sorted((Path(__file__).parent / "frozen").glob("version-*.diwi"))


def test_there_are_frozen_stores() -> None:
    assert [path.stem for path in FROZEN][:1] == ["version-1"]


@pytest.mark.parametrize("frozen", FROZEN, ids=lambda path: path.stem)
def test_a_frozen_store_opens_and_tells_the_same(frozen: Path, tmp_path: Path) -> None:
    path = tmp_path / "oud.diwi"
    shutil.copy(frozen, path)
    with reopen(path) as store:
        assert verify(store) == []
        (found,) = plans(store)
        assert (found.name, found.code, found.built, len(found.milestones)) == ("De Hoek", "DNW-2026-KTB-001", 48, 4)
        assert list(found.own.values()) == [[12, 12]]
        assert store.redo_name == "Naam wijzigen"
        (row,) = queries.project_rows(store, store.moment(date(2026, 2, 2)))
        assert (row.area_m2, row.own) == (10_000.0, {})


def test_the_changes_of_a_version_1_store_keep_their_order_and_get_numbers(tmp_path: Path) -> None:
    path = tmp_path / "oud.diwi"
    shutil.copy(FROZEN[0], path)
    connection = driver.connect(path)
    columns = "act_seq, kind, entity, project, field, old, new"
    before = connection.execute(f"SELECT {columns} FROM change ORDER BY act_seq, id").fetchall()
    acts = connection.execute("SELECT seq, id, name, undoes, made_at FROM act ORDER BY seq").fetchall()
    connection.close()
    with reopen(path) as store:
        log = store.read()
        assert log.execute(f"SELECT {columns} FROM change ORDER BY act_seq, n").fetchall() == before
        assert log.execute("SELECT seq, id, name, undoes, made_at FROM act ORDER BY seq").fetchall() == acts
        assert log.execute("SELECT DISTINCT part FROM act").fetchall() == [(0,)]
        assert log.execute("PRAGMA foreign_key_check").fetchall() == []
        for seq, *_ in acts:
            numbers = [change.n for change in store.changes_of(seq)]
            assert numbers == list(range(len(numbers)))
        assert store.undo() is not None
        assert store.seq == acts[-1][0] + 1
        assert verify(store) == []


def test_an_upgraded_store_has_the_tables_of_a_new_one(tmp_path: Path) -> None:
    path = tmp_path / "oud.diwi"
    shutil.copy(FROZEN[0], path)
    reopen(path).close()
    new_store(tmp_path / "nieuw.diwi").close()
    assert tables(path) == tables(tmp_path / "nieuw.diwi")


def tables(path: Path) -> dict[str, tuple[str, list[tuple[object, ...]]]]:
    """Columns of every table and index of a store, by name; without one that SpatiaLite makes by its own version."""
    connection = driver.connect(path, read_only=True)
    try:
        names = connection.execute(
            "SELECT name, type FROM sqlite_master WHERE type IN ('table', 'index') AND name NOT LIKE 'KNN%'"
        ).fetchall()
        pragma = {"table": "table_xinfo", "index": "index_xinfo"}
        return {name: (kind, connection.execute(f'PRAGMA {pragma[kind]}("{name}")').fetchall()) for name, kind in names}
    finally:
        connection.close()
