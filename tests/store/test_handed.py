"""Copies of documents that other programs opened do not outlive the right to see them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from diwi_desktop import assets
from diwi_desktop.store import Store, lease, purge, remains
from diwi_desktop.sync import documents
from tests.stores import add, de_hoek, new_store, reopen

WORDS = b"%PDF-1.7 De Hoek, vertrouwelijk"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_store(tmp_path / "a.diwi") as made:
        yield made


@pytest.fixture
def copies(store: Store, tmp_path: Path) -> dict[str, Path]:
    """Of two documents, as they were opened; the second twice."""
    project, found = add(store, de_hoek()), {}
    for name in ("besluit", "brief"):
        source = tmp_path / f"{name}.pdf"
        source.write_bytes(WORDS)
        document = documents.attach(store, project, source)
        found[document] = documents.open_copy(store, document)
    assert documents.open_copy(store, document) != found[document]
    return found


def left() -> list[Path]:
    return [one for one in (assets.user_data_dir() / "geopend").rglob("*") if one.is_file()]


def test_a_copy_is_for_this_user_only_and_not_to_be_written_to(copies: dict[str, Path]) -> None:
    for copy in copies.values():
        assert copy.read_bytes() == WORDS
        assert copy.stat().st_mode & 0o777 == 0o400
        assert copy.parent.stat().st_mode & 0o777 == 0o700


def test_a_purge_takes_the_copies_of_what_is_gone_and_no_others(store: Store, copies: dict[str, Path]) -> None:
    gone, stays = copies
    handle = copies[gone].open("rb")  # as who undeletes it would read the same place on the disk
    with store.transaction() as connection:
        connection.execute("DELETE FROM document WHERE id = ?", (gone,))
    purge.wipe(store)
    assert not copies[gone].exists()
    assert set(handle.read()) == {0}
    handle.close()
    assert copies[stays].read_bytes() == WORDS


def test_who_is_shut_out_keeps_none(store: Store, copies: dict[str, Path]) -> None:
    lease.end(store)
    assert left() == []


def test_what_was_opened_the_last_time_goes_and_what_another_store_has_open_stays(
    store: Store, copies: dict[str, Path], tmp_path: Path
) -> None:
    with new_store(tmp_path / "b.diwi"):
        assert len(left()) == 3
    store.close()
    with Store.open(tmp_path / "a.diwi", author="j.jansen", read_only=True):
        assert len(left()) == 3, "who only looks may do so beside who works in it"
    with reopen(tmp_path / "a.diwi"):
        assert not (assets.user_data_dir() / "geopend").exists()


def test_one_that_another_program_holds_goes_the_next_time(
    store: Store, copies: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def held(_: Path) -> None:
        raise PermissionError

    with monkeypatch.context() as windows:
        windows.setattr(remains, "overwrite", held)
        windows.setattr("shutil.rmtree", lambda *_given, **_more: None)
        lease.end(store)
    assert len(left()) == 3
    lease.end(store)
    assert left() == []
