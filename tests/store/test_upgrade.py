"""Stores of every released version still open, verify and tell the same. The files in frozen/ are never made anew."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from diwi_desktop.store import queries
from diwi_desktop.store.plans import plans
from diwi_desktop.store.verify import verify
from tests.stores import reopen

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
