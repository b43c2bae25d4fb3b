"""Odd names, folders without rights, two programs at once, and a store that is being made."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from diwi_desktop.model.finding import Refused
from diwi_desktop.model.plan import Municipality
from diwi_desktop.store import Store, StoreError, driver, queries, schema
from diwi_desktop.store import device as devices
from diwi_desktop.store.plans import plans
from diwi_desktop.store.verify import verify
from tests.stores import DEVICE, DUINWIJK, add, de_hoek, new_store, reopen


@pytest.mark.parametrize("name", ["a b.diwi", "é 😀.diwi", "100%41.diwi", "a#b.diwi", "a;b.diwi", "quo'te.diwi"])
def test_a_store_may_have_any_name(name: str, tmp_path: Path) -> None:
    folder = tmp_path / f"map {name}"
    folder.mkdir()
    with new_store(folder / name) as store:
        add(store, de_hoek())
        assert len(plans(store)) == 1
        assert verify(store) == []
    assert sorted(p.name for p in folder.iterdir()) == sorted([name, f"{name}.lock"])


@pytest.mark.skipif(os.name == "nt", reason="these names cannot exist on Windows")
@pytest.mark.parametrize("name", [":memory:", "file:x.diwi", "wat?mode=ro", "-x", "a\nb"])
def test_a_name_that_sqlite_would_take_for_something_else(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    new_store(Path(name)).close()
    assert Path(name).stat().st_size > 0
    with reopen(Path(name)) as store:
        add(store, de_hoek())
    with reopen(Path(name)) as store:
        assert len(plans(store)) == 1


def test_a_municipality_that_does_not_fit_leaves_no_store(tmp_path: Path) -> None:
    path = tmp_path / "a.diwi"
    with pytest.raises(Refused):
        Store.create(path, municipality=Municipality("abc", "X", "Y"), author="x", device=DEVICE)
    assert [p.name for p in tmp_path.glob("a.diwi*") if p.suffix != ".lock"] == []
    new_store(path).close()


def test_a_store_appears_with_its_municipality_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.diwi"

    def dies(*_: object) -> None:
        assert not path.exists()
        raise KeyboardInterrupt

    monkeypatch.setattr("diwi_desktop.store.seed._first_options", dies)
    with pytest.raises(KeyboardInterrupt):
        new_store(path)
    assert not path.exists()


def test_a_disk_that_is_full_before_the_first_table(tmp_path: Path) -> None:
    connection = driver.connect(tmp_path / "a.db")
    connection.execute("PRAGMA max_page_count=1")
    with pytest.raises(driver.module().OperationalError) as error:
        schema.create_tables(connection)
    connection.close()
    translated = driver.translate(error.value)
    assert isinstance(translated, StoreError)
    assert translated.code == "disk_full"


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as error:
        Store.create(tmp_path / "nergens" / "a.diwi", municipality=DUINWIJK, author="x", device=DEVICE)
    assert error.value.code == "folder_missing"


def test_the_same_store_by_another_name_is_locked_too(tmp_path: Path) -> None:
    path, other = tmp_path / "a.diwi", tmp_path / "b.diwi"
    with new_store(path):
        try:
            other.symlink_to(path)
        except OSError:
            pytest.skip("this system makes no links")
        with pytest.raises(StoreError) as error:
            reopen(other)
        assert error.value.code == "store_locked"


def test_a_store_where_nothing_may_be_written_can_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.diwi"
    with new_store(path) as store:
        add(store, de_hoek())
    lite = driver.module()
    asked: list[str] = []

    class Refusing:
        """A driver on a disc that takes no -shm file: what SQLite then says of a file in WAL mode."""

        OperationalError, Error = lite.OperationalError, lite.Error

        @staticmethod
        def connect(address: str, **how: object) -> driver.Connection:
            asked.append(address)
            if "immutable=1" not in address:
                raise lite.OperationalError("unable to open database file")
            return lite.connect(address, **how)

    monkeypatch.setattr(driver, "module", lambda: Refusing)
    monkeypatch.setattr(os, "access", lambda *_: False)
    with Store.open(path, author="x", read_only=True) as store:
        assert [p.name for p in plans(store)] == ["De Hoek"]
        assert verify_reads_only(store) == 1
    assert any("immutable=1" in address for address in asked)
    path.with_name("a.diwi-wal").touch()  # somebody works on it: then it is no file that nobody changes
    with pytest.raises(StoreError):
        Store.open(path, author="x", read_only=True)


def verify_reads_only(store: Store) -> int:
    return len(queries.project_rows(store))


def test_reading_needs_no_data_folder_and_writing_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.diwi"
    new_store(path).close()

    def nowhere() -> Path:
        raise PermissionError

    monkeypatch.setattr(devices.assets, "user_data_dir", nowhere)
    with Store.open(path, author="x", read_only=True) as store:
        assert plans(store) == []
    with pytest.raises(StoreError) as error:
        Store.open(path, author="x")
    assert error.value.code == "no_data_folder"


@pytest.mark.parametrize("content", ["", "[]", "1", "{}", '{"id": 1, "tag": "KTB"}', '{"id": "x", "tag": "KTB"}',
                                     '{"id": "11111111-1111-4111-8111-111111111111", "tag": "-"}', "\xff"])  # fmt: skip
def test_a_damaged_device_file_is_made_anew(content: str, tmp_path: Path) -> None:
    (tmp_path / "device.json").write_bytes(content.encode("latin-1"))
    made = devices.Device.of_this_machine(tmp_path)
    assert len(made.tag) == 3
    assert devices.Device.of_this_machine(tmp_path) == made


def test_checking_looks_at_one_moment_while_another_program_writes(tmp_path: Path) -> None:
    path = tmp_path / "a.diwi"
    with new_store(path) as writer:
        for _ in range(5):
            add(writer, de_hoek())
        stop = threading.Event()

        def write() -> None:
            while not stop.is_set():
                add(writer, de_hoek())

        thread = threading.Thread(target=write)
        thread.start()
        try:
            with Store.open(path, author="x", read_only=True) as reader:
                assert [verify(reader) for _ in range(3)] == [[]] * 3
        finally:
            stop.set()
            thread.join()


def test_what_is_read_together_is_of_one_moment(tmp_path: Path) -> None:
    with new_store(tmp_path / "a.diwi") as store, ThreadPoolExecutor(1) as pool:
        ids = [add(store, de_hoek()) for _ in range(30)]
        stop = threading.Event()

        def read() -> None:
            while not stop.is_set():
                assert all(row.built == 48 for row in queries.project_rows(store))
                assert all(plan.built == 48 and len(plan.milestones) == 4 for plan in plans(store))

        reading = pool.submit(read)
        for id in ids:
            with store.act("Verwijderen") as act:
                act.delete("project", id)
            store.undo()
        stop.set()
        reading.result()


def test_a_snapshot_stays_as_it_was_until_it_ends(tmp_path: Path) -> None:
    with new_store(tmp_path / "a.diwi") as store:
        with store.snapshot(), store.snapshot():
            before = store.seq
            add(store, de_hoek())
            assert (store.seq, plans(store)) == (before, [])
        assert len(plans(store)) == 1
