"""Locked, read-only, full, damaged, too new: one clear sentence, and nothing lost."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import threading
from pathlib import Path

import pytest
import shapely

from diwi_desktop.store import Store, StoreError, driver, schema
from diwi_desktop.store.plans import plans
from diwi_desktop.store.verify import verify
from tests import qgis
from tests.stores import DUINWIJK, add, de_hoek, new_store, reopen


def _code(path: Path, **how: bool) -> str:
    with pytest.raises(StoreError) as error:
        Store.open(path, author="x", **how)
    assert error.value.nl.endswith(".")
    assert "\n" not in error.value.nl
    return error.value.code


def test_a_store_that_is_open_elsewhere_is_refused_but_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "a.diwi"
    with new_store(path) as store:
        add(store, de_hoek())
        assert _code(path) == "store_locked"
        with Store.open(path, author="x", read_only=True) as reader:
            assert len(plans(reader)) == 1
            with pytest.raises(StoreError) as error:
                add(reader, de_hoek())
            assert error.value.code == "store_read_only"
    with reopen(path) as store:
        assert len(plans(store)) == 1


def test_a_closed_store_is_not_read_again(tmp_path: Path) -> None:
    """A connection made after the closing would be closed by nobody."""
    store = new_store(tmp_path / "a.diwi")
    store.close()
    for ask in (store.read, store.read_whole, lambda: store.seq):
        with pytest.raises(StoreError) as error:
            ask()
        assert error.value.code == "store_closed"


def test_who_reads_a_state_of_the_store_while_it_closes_reads_on(tmp_path: Path) -> None:
    """SQLite's module brings the program down when a connection is closed under a thread that is reading."""
    store = new_store(tmp_path / "a.diwi")
    reading, closed = threading.Event(), threading.Event()
    kept: list[driver.Connection] = []
    found: list[int] = []

    def read() -> None:
        with store.snapshot() as connection:
            kept.append(connection)
            reading.set()
            assert closed.wait(30)
            found.extend(row[0] for row in connection.execute("SELECT seq FROM main.act"))

    thread = threading.Thread(target=read)
    thread.start()
    assert reading.wait(30)
    store.close()
    closed.set()
    thread.join(30)
    assert found == [1]
    with pytest.raises(driver.module().ProgrammingError, match="closed"):
        kept[0].execute("SELECT 1")  # it went with its reader


def test_who_asks_one_thing_of_the_store_while_it_closes_gets_an_answer(tmp_path: Path) -> None:
    """As above, of a question that keeps no state: the thread is in the middle of SQLite when the store closes."""
    store = new_store(tmp_path / "a.diwi")
    reading, closed = threading.Event(), threading.Event()
    found: list[int] = []
    refused: list[str] = []

    def wait(_: int) -> int:
        if not reading.is_set():
            reading.set()
            assert closed.wait(30)
        return 1

    def read() -> None:
        store.read().create_function("wait", 1, wait)
        found.extend(store.read().execute("SELECT sum(wait(seq)) FROM main.act").fetchone())
        with pytest.raises(StoreError) as error:
            store.read()
        refused.append(error.value.code)
        refused.extend(_open_files(store.path))

    thread = threading.Thread(target=read)
    thread.start()
    assert reading.wait(30)
    store.close()
    closed.set()
    thread.join(30)
    assert found == [1]
    assert refused == ["store_closed"]  # and from then on it has the file no more


def test_what_a_thread_reads_through_goes_with_it(tmp_path: Path) -> None:
    def read() -> None:
        found.append(store.seq + store.read_whole().execute("SELECT 1").fetchone()[0])

    found: list[int] = []
    open_files: list[int] = []
    with new_store(tmp_path / "a.diwi") as store:
        for _ in range(5):
            thread = threading.Thread(target=read)
            thread.start()
            thread.join(30)
            open_files.append(len(_open_files(store.path)))
    assert found == [2] * 5
    assert len(set(open_files)) == 1


def _open_files(path: Path) -> list[str]:
    """The files of a store that this process has open; none where the system does not list them."""
    listed = Path("/proc/self/fd")
    links = [str(one.readlink()) for one in listed.iterdir() if one.is_symlink()] if listed.exists() else []
    return [link for link in links if link.startswith(str(path))]


def test_a_connection_that_is_made_while_the_store_closes_is_let_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = new_store(tmp_path / "a.diwi")
    real, made = driver.connect, []

    def slowly(path: Path, *, read_only: bool) -> driver.Connection:
        made.append(real(path, read_only=read_only))
        store.close()
        return made[-1]

    monkeypatch.setattr(driver, "connect", slowly)
    with pytest.raises(StoreError) as error:
        store.read_whole()
    assert error.value.code == "store_closed"
    with pytest.raises(driver.module().ProgrammingError, match="closed"):
        made[0].execute("SELECT 1")


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="this system does not list open files")
@pytest.mark.parametrize("read_only", [False, True])
def test_a_file_that_does_not_open_is_let_go(tmp_path: Path, read_only: bool) -> None:
    text = tmp_path / "tekst.diwi"
    text.write_text("geen database " * 1000, encoding="utf-8")
    with pytest.raises(StoreError) as error:
        driver.connect(text, read_only=read_only)
    open_files = [str(one.readlink()) for one in Path("/proc/self/fd").iterdir() if one.is_symlink()]
    assert error.value.code == "not_a_store"
    assert str(text) not in open_files


def test_a_read_only_file_is_refused_for_writing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.diwi"
    new_store(path).close()
    path.chmod(0o444)
    if os.access(path, os.W_OK):  # the superuser may write to it all the same
        monkeypatch.setattr(os, "access", lambda *_: False)
    assert _code(path) == "store_read_only"


def test_other_files_are_refused(tmp_path: Path) -> None:
    assert _code(tmp_path / "nergens.diwi") == "store_missing"
    text = tmp_path / "tekst.diwi"
    text.write_text("geen database", encoding="utf-8")
    assert _code(text) == "not_a_store"
    empty = tmp_path / "leeg.diwi"
    empty.touch()
    assert _code(empty) == "not_a_store"
    other = tmp_path / "ander.diwi"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE x (a)")
    connection.close()
    assert _code(other) == "not_a_store"


def test_a_newer_store_is_refused_untouched(tmp_path: Path) -> None:
    path = tmp_path / "a.diwi"
    new_store(path).close()
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version={schema.VERSION + 1}")
    connection.commit()
    connection.close()
    before = path.read_bytes()
    assert _code(path) == "store_newer"
    assert path.read_bytes() == before


def test_damage_is_told_and_the_file_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.diwi"
    with new_store(path) as store:
        for _ in range(20):
            add(store, de_hoek())
    data = bytearray(path.read_bytes())
    for page in range(3, len(data) // 4096):
        data[page * 4096 + 100 : page * 4096 + 3000] = b"\xa5" * 2900
    path.write_bytes(data)

    def look() -> list[str]:
        with reopen(path) as store:
            return verify(store)

    try:
        said = look()
    except StoreError as error:
        said = [error.code]
    assert said
    assert said != ["not_a_store"]
    assert path.stat().st_size == len(data)


def test_an_existing_file_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "a.diwi"
    path.write_text("van mij", encoding="utf-8")
    with pytest.raises(StoreError) as error:
        Store.create(path, municipality=DUINWIJK, author="x")
    assert error.value.code == "store_exists"
    assert path.read_text(encoding="utf-8") == "van mij"


def test_a_full_disk_gives_a_sentence_and_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.diwi"
    with new_store(path) as store:
        add(store, de_hoek())
        pages = store._connection.execute("PRAGMA page_count").fetchone()[0]
        store._connection.execute(f"PRAGMA max_page_count={pages}")  # what SQLite then reports is "disk is full"

        def fill() -> None:
            for _ in range(200):
                add(store, de_hoek())

        with pytest.raises(StoreError) as error:
            fill()
        assert error.value.code == "disk_full"
        kept = len(plans(store))
        store._connection.execute("PRAGMA max_page_count=1000000")
        assert verify(store) == []
        add(store, de_hoek())
        assert len(plans(store)) == kept + 1


def test_each_schema_step_is_preceded_by_a_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, version = tmp_path / "a.diwi", schema.VERSION
    with new_store(path) as store:
        add(store, de_hoek())
    monkeypatch.setattr(schema, "VERSION", version + 1)
    monkeypatch.setitem(schema.STEPS, version, lambda c: c.execute("CREATE TABLE nieuw (a)"))
    with reopen(path) as store:
        assert store.read().execute("SELECT count(*) FROM nieuw").fetchone() == (0,)
        assert len(plans(store)) == 1
    copy = tmp_path / f"a.versie-{version}.diwi"
    monkeypatch.undo()
    with reopen(copy) as store:
        assert len(plans(store)) == 1


def test_a_failing_schema_step_leaves_the_old_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, version = tmp_path / "a.diwi", schema.VERSION
    new_store(path).close()

    def breaks(connection: driver.Connection) -> None:
        connection.execute("CREATE TABLE half (a)")
        raise RuntimeError("step breaks")

    monkeypatch.setattr(schema, "VERSION", version + 1)
    monkeypatch.setitem(schema.STEPS, version, breaks)
    with pytest.raises(RuntimeError):
        reopen(path)
    monkeypatch.undo()
    with reopen(path) as store:
        assert store.read().execute("SELECT count(*) FROM sqlite_master WHERE name = 'half'").fetchone() == (0,)


def test_verify_finds_what_bypassed_the_log(tmp_path: Path) -> None:
    with new_store(tmp_path / "a.diwi") as store:
        add(store, de_hoek())
        assert verify(store) == []
        store._connection.execute("UPDATE project SET name = 'stiekem'")
        assert any("Tabel project " in line for line in verify(store))


def test_gis_programs_see_the_layers(tmp_path: Path) -> None:
    import pyogrio

    path = tmp_path / "a.diwi"
    with new_store(path) as store:
        add(store, de_hoek())
    layers = dict(pyogrio.list_layers(path))
    assert layers["plan_area"] == "MultiPolygon"
    assert layers["parcel"] == "MultiPolygon"
    info = pyogrio.read_info(path, layer="plan")
    assert (info["features"], info["crs"]) == (1, "EPSG:28992")


def test_ogrinfo_sees_the_layers(tmp_path: Path) -> None:
    program = shutil.which("ogrinfo")
    if program is None:
        pytest.skip("ogrinfo (package gdal-bin) is not here")
    path = tmp_path / "a.diwi"
    with new_store(path) as store:
        add(store, de_hoek())
    said = subprocess.run([program, "-so", str(path), "plan_area"], capture_output=True, text=True, check=True)
    assert "Feature Count: 1" in said.stdout


def test_qgis_sees_the_layers(tmp_path: Path) -> None:
    """While the program has the store open, with what is not yet in the file itself (WAL)."""
    path = tmp_path / "a.diwi"
    with new_store(path) as store:
        add(store, de_hoek())
        layers = [f"dbname='{path}' table=\"{name}\" (geometry)" for name in ("plan_area", "plan", "parcel")]
        area, plan, parcel = qgis.opened(tmp_path, *((layer, "spatialite") for layer in layers))
    assert (area["valid"], area["crs"], len(area["features"])) == (True, "EPSG:28992", 1)
    assert area["box"] == list(shapely.from_wkb(area["features"][0][0]).bounds)
    assert (plan["valid"], plan["crs"]) == (True, "EPSG:28992")
    assert dict(zip(plan["fields"], plan["features"][0][1], strict=True))["name"] == "De Hoek"
    assert (parcel["valid"], parcel["features"]) == (True, [])


def test_a_disk_that_is_full_during_a_step_of_the_format_is_told_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite has ended the transaction by itself then."""
    path = tmp_path / "a.diwi"
    new_store(path).close()

    def step(connection: driver.Connection) -> None:
        connection.execute("ROLLBACK")
        raise driver.module().OperationalError("database or disk is full")

    version = schema.VERSION
    monkeypatch.setattr(schema, "VERSION", version + 1)
    monkeypatch.setitem(schema.STEPS, version, step)
    assert _code(path) == "disk_full"
