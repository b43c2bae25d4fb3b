"""Back-up and restore: whole or not at all, and laptops notice."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from diwi_desktop.server.ops import postgres
from tests.server.ops.conftest import Run

Sql = Callable[..., list[tuple[Any, ...]]]


def document(data: Path, content: bytes) -> Path:
    name = sha256(content).hexdigest()
    path = data / "documents" / "register" / name[:2] / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def made(ready: Run, data: Path, tmp_path: Path) -> Path:
    """A back-up of a server with one municipality and a document."""
    document(data, b"een besluit")
    status, out, error = ready("backup", str(tmp_path / "backups"))
    assert (status, error) == (0, "")
    [folder] = (tmp_path / "backups").iterdir()
    assert str(folder) in out
    return folder


def test_a_back_up_has_database_documents_and_a_manifest_and_no_keys(made: Path, data: Path) -> None:
    manifest = json.loads((made / "manifest.json").read_text(encoding="utf-8"))
    files = {path.relative_to(made).as_posix() for path in made.rglob("*") if path.is_file()}
    assert {one["path"] for one in manifest["files"]} == files - {"manifest.json"}
    assert manifest["registers"] == 1
    assert manifest["roles"][:2] == ["diwi_accounts", "diwi_app"]
    secret = (data / "keys").read_bytes().split()[1]
    assert all(secret not in path.read_bytes() for path in made.rglob("*") if path.is_file())
    assert made.stat().st_mode & 0o777 == 0o700


def test_what_is_restored_is_what_was_and_every_register_begins_a_new_life(
    ready: Run, made: Path, data: Path, sql: Sql
) -> None:
    before = sql("SELECT id, incarnation, seq FROM diwi.register")[0]
    log = sql("SELECT * FROM diwi.change_log ORDER BY register, seq")
    ready("user", "add", "later@x.nl", "--register", "0999")
    for path in (data / "documents").rglob("*"):
        if path.is_file():
            path.write_bytes(b"")
    status, out, error = ready("restore", str(made), "--replace")
    assert (status, error) == (0, "")
    assert "Teruggezet: 1 gemeenten" in out
    id, incarnation, seq, restored = sql("SELECT id, incarnation, seq, restored_seq FROM diwi.register")[0]
    assert (id, seq, restored) == (before[0], before[2], before[2])
    assert incarnation != before[1]
    assert sql("SELECT * FROM diwi.change_log ORDER BY register, seq") == log
    assert sql("SELECT count(*) FROM diwi.membership") == [(1,)]
    assert [path.read_bytes() for path in (data / "documents").rglob("*") if path.is_file()] == [b"een besluit"]
    assert sql("SELECT count(*) FROM diwi.invitation") == [(0,)]
    assert "fout    rights" not in ready("doctor")[1]
    assert ready("user", "invite", "b@duinwijk.nl", "--register", "0999")[0] == 0


def test_sessions_of_then_do_not_come_back(ready: Run, sql: Sql, tmp_path: Path) -> None:
    account = "01900000-0000-7000-8000-000000000001"
    sql("INSERT INTO diwi.account (id, email, made_at) VALUES (%s, 'a@b.nl', now())", account)
    sql("INSERT INTO diwi.session (id, account, method, device, device_name, tag, made_at, last_at, origin)"
        " VALUES (%s, %s, 'password', %s, '', 'KTB', now(), now(), '')", account, account, account)  # fmt: skip
    ready("backup", str(tmp_path / "b"))
    [folder] = (tmp_path / "b").iterdir()
    assert ready("restore", str(folder), "--replace")[0] == 0
    assert sql("SELECT ended_why FROM diwi.session") == [("restored",)]


def test_a_database_with_municipalities_is_not_overwritten_unasked(ready: Run, made: Path, sql: Sql) -> None:
    before = sql("SELECT incarnation FROM diwi.register")
    status, _, error = ready("restore", str(made))
    assert status == 1
    assert "--replace" in error
    assert sql("SELECT incarnation FROM diwi.register") == before


@pytest.mark.parametrize("harm", ["changed", "missing", "extra", "manifest", "dump"])
def test_a_back_up_that_is_not_whole_is_not_restored(ready: Run, made: Path, sql: Sql, harm: str) -> None:
    [stored] = [path for path in (made / "documents").rglob("*") if path.is_file()]
    if harm == "changed":
        stored.write_bytes(b"een Besluit")
    elif harm == "missing":
        stored.unlink()
    elif harm == "extra":
        (made / "documents" / "extra").write_bytes(b"x")
    elif harm == "manifest":
        (made / "manifest.json").write_text("{}", encoding="utf-8")
    else:
        dump = made / "database.dump"
        dump.write_bytes(dump.read_bytes()[:-100])
    before = sql("SELECT incarnation FROM diwi.register")
    status, _, error = ready("restore", str(made), "--replace")
    assert (status, error.count("\n")) == (1, 1)
    assert sql("SELECT incarnation FROM diwi.register") == before


def test_a_dump_that_breaks_off_half_way_leaves_the_database_as_it_was(ready: Run, made: Path, sql: Sql) -> None:
    dump = made / "database.dump"
    content = dump.read_bytes()
    dump.write_bytes(content[: len(content) * 3 // 4])
    manifest = json.loads((made / "manifest.json").read_text(encoding="utf-8"))
    for one in manifest["files"]:
        if one["path"] == "database.dump":
            one |= {"size": dump.stat().st_size, "sha256": sha256(dump.read_bytes()).hexdigest()}
    (made / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    before = sql("SELECT * FROM diwi.change_log"), sql("SELECT incarnation FROM diwi.register")
    status, _, error = ready("restore", str(made), "--replace")
    assert (status, error.count("\n")) == (1, 1)
    assert "de database is zoals hij was" in error
    assert (sql("SELECT * FROM diwi.change_log"), sql("SELECT incarnation FROM diwi.register")) == before


def test_a_back_up_of_a_newer_server_is_refused(ready: Run, made: Path) -> None:
    manifest = json.loads((made / "manifest.json").read_text(encoding="utf-8"))
    (made / "manifest.json").write_text(json.dumps({**manifest, "revision": "9999"}), encoding="utf-8")
    assert "nieuwere versie" in ready("restore", str(made), "--replace")[2]


def test_a_damaged_document_stops_the_back_up_and_nothing_is_left(ready: Run, data: Path, tmp_path: Path) -> None:
    document(data, b"goed").write_bytes(b"slecht")
    status, _, error = ready("backup", str(tmp_path / "backups"))
    assert status == 1
    assert "beschadigd" in error
    assert list((tmp_path / "backups").iterdir()) == []


def test_two_back_ups_in_one_second_do_not_mix(ready: Run, made: Path) -> None:
    status, _, error = ready("backup", str(made.parent))
    assert status == 1
    assert "bestaat al" in error


def test_the_password_of_the_database_stands_in_no_command() -> None:
    found = postgres.surroundings("postgresql://diwi:geheim@db.example:5433/diwi?sslmode=verify-full")
    assert {key: found[key] for key in ("PGUSER", "PGPASSWORD", "PGHOST", "PGPORT", "PGDATABASE", "PGSSLMODE")} == {
        "PGUSER": "diwi", "PGPASSWORD": "geheim", "PGHOST": "db.example", "PGPORT": "5433", "PGDATABASE": "diwi",
        "PGSSLMODE": "verify-full",
    }  # fmt: skip
