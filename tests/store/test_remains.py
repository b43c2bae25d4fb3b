"""Copies beside a store: made before a step of the file format, gone when what they hold may no longer be here."""

from __future__ import annotations

import sqlite3
import tempfile
from pathlib import Path
from typing import Any

import pytest

from diwi_desktop.store import Store, purge, remains, schema
from diwi_desktop.store.plans import plans
from diwi_desktop.store.verify import verify
from tests.stores import add, de_hoek, new_store, reopen


def stepped(path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store that was made by an older version and has just been brought up to date."""
    with new_store(path) as store:
        add(store, de_hoek())
    version = schema.VERSION
    monkeypatch.setattr(schema, "VERSION", version + 1)
    monkeypatch.setitem(schema.STEPS, version, lambda connection: connection.execute("CREATE TABLE nieuw (a)"))
    return reopen(path)


def test_after_a_purge_no_older_copy_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with stepped(tmp_path / "a.diwi", monkeypatch) as store:
        [copy] = remains.of(store.path)
        assert b"De Hoek" in copy.read_bytes()
        handle = copy.open("rb")  # as who undeletes it would read the same place on the disk
        purge.wipe(store)
        assert remains.of(store.path) == []
        assert b"De Hoek" not in handle.read()
        handle.close()
        assert verify(store) == []


def test_what_is_somebody_elses_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.diwi"
    new_store(path).close()
    mine = ["a.versie-1.diwi", "a.versie-12.diwi", "a.versie-1.diwi-wal", "a.versie-2.diwi.part", "a.diwi.open"]
    theirs = ["b.versie-1.diwi", "a.versie-1.txt", "a.versie-x.diwi", "ab.versie-1.diwi", "a.versie-1.diwi.bak",
              "a.diwi-oud", "mijn a.versie-1.diwi", "a kopie.diwi"]  # fmt: skip
    for name in [*mine, *theirs]:
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "a.versie-3.diwi").mkdir()
    assert {one.name for one in remains.of(path)} == set(mine)
    remains.remove(path)
    assert {one.name for one in tmp_path.iterdir()} >= {"a.diwi", "a.versie-3.diwi", *theirs}
    assert remains.of(path) == []
    assert remains.of(tmp_path / "nergens" / "a.diwi") == []


def test_a_name_with_signs_of_patterns(tmp_path: Path) -> None:
    path = tmp_path / "plan [1].*.diwi"
    for name in ("plan [1].*.versie-1.diwi", "plan 1.x.versie-1.diwi"):
        (tmp_path / name).write_bytes(b"x")
    assert [one.name for one in remains.of(path)] == ["plan [1].*.versie-1.diwi"]


def test_a_link_goes_and_what_it_points_at_stays(tmp_path: Path) -> None:
    keep = tmp_path / "keep"
    keep.write_bytes(b"keep")
    (tmp_path / "a.versie-1.diwi").symlink_to(keep)
    remains.remove(tmp_path / "a.diwi")
    assert not (tmp_path / "a.versie-1.diwi").is_symlink()
    assert keep.read_bytes() == b"keep"


def test_the_store_itself_under_another_name_is_not_overwritten(tmp_path: Path) -> None:
    """What encrypting left when the computer stopped."""
    path = tmp_path / "a.diwi"
    with new_store(path) as store:
        add(store, de_hoek())
    (tmp_path / "a.diwi.open").hardlink_to(path)
    remains.remove(path)
    assert remains.of(path) == []
    with reopen(path) as store:
        assert verify(store) == []
        assert len(plans(store)) == 1


def test_a_copy_that_somebody_works_in_goes_when_he_is_done(tmp_path: Path) -> None:
    path = tmp_path / "a.diwi"
    with new_store(tmp_path / "a.versie-1.diwi") as copy:
        add(copy, de_hoek())
        remains.remove(path)
        assert len(plans(copy)) == 1
        assert verify(copy) == []
    remains.remove(path)
    assert remains.of(path) == []


def test_one_that_is_held_goes_next_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in (1, 2):
        (tmp_path / f"a.versie-{number}.diwi").write_bytes(b"x")
    unlink = Path.unlink

    def held(self: Path, missing_ok: bool = False) -> None:
        if self.name == "a.versie-1.diwi":
            raise PermissionError(13, "in use")
        unlink(self, missing_ok)

    monkeypatch.setattr(Path, "unlink", held)
    remains.remove(tmp_path / "a.diwi")
    assert [one.name for one in remains.of(tmp_path / "a.diwi")] == ["a.versie-1.diwi"]
    monkeypatch.undo()
    remains.remove(tmp_path / "a.diwi")
    assert remains.of(tmp_path / "a.diwi") == []


def test_verifying_writes_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It rebuilds the whole register; of an encrypted store that would be a plain copy."""
    with new_store(tmp_path / "a.diwi") as store:
        add(store, de_hoek())
        before = sorted(tmp_path.iterdir())
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nergens"))
        opened: list[str] = []
        connect = sqlite3.connect

        def noted(name: str, *given: Any, **more: Any) -> sqlite3.Connection:
            opened.append(name)
            return connect(name, *given, **more)

        monkeypatch.setattr(sqlite3, "connect", noted)
        assert verify(store) == []
        assert sorted(tmp_path.iterdir()) == before
        assert all(name == ":memory:" or name.startswith(store.path.as_uri()) for name in opened)


def test_who_only_reads_follows_the_rights_that_another_process_brings(tmp_path: Path) -> None:
    path = tmp_path / "a.diwi"
    with new_store(path) as store:
        add(store, de_hoek())
        with store.act("Wie") as act:
            anna = act.create("person", {"email": "a@x.nl", "role": "User", "state": "ACTIEF"})
        with Store.open(path, author="x", read_only=True) as reader:
            reader.act_as(anna)
            count = "SELECT count(*) FROM project"
            assert reader.read().execute(count).fetchone() == (1,)
            with store.act("Rol") as act:
                act.set("person", anna, "role", "External")
            assert reader.read().execute(count).fetchone() == (0,)
            assert reader.viewer.role == "External"
            with store.act("Rol") as act:
                act.set("person", anna, "role", "User")
            assert reader.read().execute(count).fetchone() == (1,)
            with store.act("Weg") as act:
                act.set("person", anna, "state", "GEBLOKKEERD")
            assert reader.read().execute(count).fetchone() == (0,)
