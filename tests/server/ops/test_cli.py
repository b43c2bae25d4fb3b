"""`diwi-server`: each command does what it says, and what is wrong is one sentence."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from diwi_desktop.model.clock import FixedClock
from diwi_desktop.server.accounts import invitations, vault
from diwi_desktop.server.accounts.base import Accounts
from diwi_desktop.server.db import Database
from diwi_desktop.server.settings import Settings
from tests import postgres
from tests.server.accounts.smtp import MailServer, mail_server
from tests.server.harness import NOON
from tests.server.ops.conftest import Run

Sql = Callable[..., list[tuple[Any, ...]]]


def test_init_makes_everything_and_shows_an_invitation_that_works(
    run: Run, sql: Sql, empty_url: str, tmp_path: Path
) -> None:
    status, out, error = run(
        "init", "--code", "0999", "--name", "Duinwijk", "--email", "B@Duinwijk.nl", "--admin", "Bea"
    )
    assert (status, error) == (0, "")
    link = re.search(r"https://diwi\.example/#uitnodiging=(\S+)", out)
    assert link
    assert "28-11-2026" in out
    assert sql("SELECT email, name, role, state FROM diwi.membership") == [
        ("b@duinwijk.nl", "Bea", "Admin", "UITGENODIGD")
    ]
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
    settings = Settings(database_url=empty_url, data_dir=tmp_path / "data")
    database = Database(settings)
    database.open()
    try:
        started = invitations.start(Accounts(database, settings, FixedClock(NOON)), link[1])
    finally:
        database.close()
    assert (started.email, started.register_name) == ("b@duinwijk.nl", "Duinwijk")


def test_init_again_changes_nothing_and_says_so(ready: Run, tmp_path: Path) -> None:
    keys = (tmp_path / "data" / "keys").read_bytes()
    status, out, error = ready("init", "--code", "0999", "--name", "Duinwijk", "--email", "b@duinwijk.nl")
    assert (status, out) == (1, "")
    assert error == "diwi-server: Er is al een gemeente met code 0999.\n"
    assert (tmp_path / "data" / "keys").read_bytes() == keys


def test_a_second_municipality(ready: Run) -> None:
    assert ready("register", "add", "--code", "0998", "--name", "Elders", "--email", "e@elders.nl")[0] == 0
    _, out, _ = ready("register", "list")
    assert [line.split()[::2] for line in out.splitlines()] == [["0998", "Elders"], ["0999", "Duinwijk"]]


def test_people_are_added_invited_locked_and_let_in(ready: Run, sql: Sql) -> None:
    assert ready("user", "add", "anna@x.nl", "--register", "0999", "--name", "Anna", "--role", "UserPlus")[0] == 0
    assert "anna@x.nl" in ready("user", "invite", "anna@x.nl", "--register", "0999")[1]
    assert ready("user", "lock", "anna@x.nl", "--register", "0999")[1] == "anna@x.nl is geblokkeerd.\n"
    assert sql("SELECT count(*) FROM diwi.invitation WHERE email = 'anna@x.nl' AND used_at IS NULL") == [(0,)]
    assert "geef hem eerst vrij" in ready("user", "invite", "anna@x.nl", "--register", "0999")[2]
    assert ready("user", "unlock", "anna@x.nl", "--register", "0999", lang="en")[1] == "anna@x.nl is unlocked.\n"
    _, out, _ = ready("user", "list", "--register", "0999")
    assert [line.split()[:3] for line in out.splitlines()] == [
        ["anna@x.nl", "UserPlus", "ACTIEF"], ["b@duinwijk.nl", "Admin", "UITGENODIGD"]
    ]  # fmt: skip
    told = sql("SELECT action FROM diwi.audit WHERE actor LIKE 'diwi-server %%' ORDER BY id")
    assert [action for (action,) in told] == [
        "rights-change", "invite", "rights-change", "invite", "invite", "lock", "unlock"
    ]  # fmt: skip


@pytest.mark.parametrize(("arguments", "sentence"), [
    (["user", "add", "b@duinwijk.nl", "--register", "0999"], "Iemand heeft hier al het adres b@duinwijk.nl."),
    (["user", "add", "no address", "--register", "0999"], "Dit kan niet"),
    (["user", "invite", "x@y.nl", "--register", "0999"], "Niemand heeft hier het adres x@y.nl."),
    (["user", "list", "--register", "1111"], "Er is geen gemeente met code 1111."),
    (["restore", "/nowhere"], "/nowhere is geen reservekopie"),
])  # fmt: skip
def test_what_is_wrong_is_one_sentence(ready: Run, arguments: list[str], sentence: str) -> None:
    status, _, error = ready(*arguments)
    assert status == 1
    assert error.startswith(f"diwi-server: {sentence}")
    assert error.count("\n") == 1
    english = ready(*arguments, lang="en")[2]
    assert english.count("\n") == 1
    assert english != error


def test_before_init_and_without_a_database(run: Run, settings_file: Path) -> None:
    assert "begin met diwi-server init" in run("user", "list", "--register", "0999")[2]
    settings_file.write_text('database_url = "postgresql://nobody@127.0.0.1:1/none"\n', encoding="utf-8")
    for arguments in (["register", "list"], ["upgrade"], ["maintain"]):
        status, _, error = run(*arguments)
        assert (status, error.count("\n")) == (1, 1)
        assert "De database antwoordt niet" in error


@pytest.mark.parametrize("text", ["connections = 1\n", "access_minutes = 11\n", "not toml", 'log_level = "LOUD"\n'])
def test_a_wrong_setting_is_named(run: Run, settings_file: Path, text: str) -> None:
    settings_file.write_text(text, encoding="utf-8")
    status, _, error = run("doctor")
    assert (status, error.count("\n")) == (1, 1)
    assert text.split()[0] in error or "niet te lezen" in error


def test_wrong_use_has_status_two(run: Run) -> None:
    for arguments in ([], ["fly"], ["user"], ["user", "add"], ["serve", "--port", "0"], ["serve", "--workers", "x"]):
        assert run(*arguments)[0] == 2
    assert run("--settings", "/nowhere", "doctor")[0] == 1


def test_the_environment_goes_before_the_file(ready: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIWI_SERVER_PUBLIC_URL", "https://elders.example")
    assert "https://elders.example/#uitnodiging=" in ready("user", "invite", "b@duinwijk.nl", "--register", "0999")[1]


def test_the_audit_log_is_written_out_to_be_sent_on(ready: Run) -> None:
    ready("user", "add", "anna@x.nl", "--register", "0999")
    lines = [json.loads(line) for line in ready("audit")[1].splitlines()]
    assert [line["action"] for line in lines][-2:] == ["rights-change", "invite"]
    whole = "id at register account person device actor origin action object result count"
    assert set(lines[0]) == set(whole.split())
    assert [json.loads(line)["id"] for line in ready("audit", "--after", str(lines[-2]["id"]))[1].splitlines()] == [
        lines[-1]["id"]
    ]
    assert ready("audit", "--after", str(lines[-1]["id"])) == (0, "", "")


def test_a_line_that_is_stored_late_is_not_missed(ready: Run, sql: Sql, empty_url: str) -> None:
    """Its number was given first, its transaction ends last: what came between is not told before it."""
    insert = ("INSERT INTO diwi.audit (at, actor, origin, action, object, result) VALUES (now(), 'x', '', 'push', %s,"
              " 'done')")  # fmt: skip
    last = json.loads(ready("audit")[1].splitlines()[-1])["id"]
    with psycopg.connect(empty_url) as slow, ThreadPoolExecutor(1) as pool:
        slow.execute(insert, ("slow",))
        sql(insert, "quick")
        told = pool.submit(ready, "audit", "--after", str(last))
        waits = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'diwi.audit'::regclass"
        while sql(waits) == [(0,)]:
            assert not told.done()
        slow.commit()
        lines = [json.loads(line)["object"] for line in told.result(20)[1].splitlines()]
    assert lines == ["slow", "quick"]


def test_mail_is_tried(ready: Run, settings_file: Path) -> None:
    assert "smtp_host" in ready("try-mail", "a@b.nl")[2]
    with mail_server(MailServer()) as post:
        settings_file.write_text(
            settings_file.read_text(encoding="utf-8") + f'smtp_host = "127.0.0.1"\nsmtp_port = {post.port}\n'
            'smtp_security = "none"\nmail_from = "diwi@x.nl"\n', encoding="utf-8",
        )  # fmt: skip
        assert ready("try-mail", "a@b.nl") == (0, "Verstuurd naar a@b.nl.\n", "")
        assert "kan de server niets sturen" in ready("try-mail", "a@b.nl\nBcc: x@y.nl")[2]
        status, out, _ = ready("user", "add", "anna@x.nl", "--register", "0999")
        assert (status, "uitnodiging=" in out) == (0, False)
        assert "Verstuurd naar anna@x.nl" in out
        assert [one[1] for one in post.letters] == [["a@b.nl"], ["anna@x.nl"]]


@pytest.mark.parametrize("text", ['smtp_host = "mail.x.nl"\n', 'tls_key = "/x"\n'])
def test_settings_that_do_not_go_together_are_named(run: Run, settings_file: Path, text: str) -> None:
    settings_file.write_text(text, encoding="utf-8")
    status, _, error = run("doctor")
    assert (status, error.count("\n")) == (1, 1)
    assert "mail_from" in error or "tls_key" in error


def test_who_has_access_is_reset_and_not_invited(ready: Run, sql: Sql) -> None:
    out = ready("user", "add", "anna@x.nl", "--register", "0999")[1]
    assert "uitnodiging=" in out
    sql(
        "INSERT INTO diwi.account (id, email, password, active, made_at) VALUES (%s, 'anna@x.nl', 'x', true, now())",
        ACCOUNT,
    )
    sql("INSERT INTO diwi.account_access SELECT %s, register, person, 'password', now() FROM diwi.membership"
        " WHERE email = 'anna@x.nl'", ACCOUNT)  # fmt: skip
    assert "user reset" in ready("user", "invite", "anna@x.nl", "--register", "0999")[2]
    for what in ("password", "second-factor"):
        assert "uitnodiging=" in ready("user", "reset", "anna@x.nl", "--register", "0999", "--of", what)[1]
    assert "geef een uitnodiging" in ready("user", "reset", "anna@x.nl", "--register", "0999", "--of", "identity")[2]
    told = sql("SELECT object FROM diwi.audit WHERE action = 'sign-in-reset' ORDER BY id")
    assert [about.split()[-1] for (about,) in told] == ["password", "second-factor"]


# -- keys --


ACCOUNT, SESSION = "01900000-0000-7000-8000-000000000001", "01900000-0000-7000-8000-000000000002"


def test_a_new_key_takes_over_and_the_old_one_may_go(ready: Run, sql: Sql, empty_url: str, tmp_path: Path) -> None:
    path = tmp_path / "data" / "keys"
    box = vault.read(path)
    sealed = box.seal("geheim", f"totp of {ACCOUNT}")
    sql("INSERT INTO diwi.account (id, email, totp, made_at) VALUES (%s, 'a@b.nl', %s, now())", ACCOUNT, sealed)
    assert "; 1 geheim is ermee versleuteld." in ready("rotate-keys")[1]
    assert len(vault.read(path).keys) == 2
    ready("rotate-keys", "--forget-old")
    fresh = vault.read(path)
    assert len(fresh.keys) == 1
    [(sealed,)] = sql("SELECT totp FROM diwi.account")
    assert fresh.open(sealed, f"totp of {ACCOUNT}") == "geheim"
    with pytest.raises(vault.KeyTrouble):
        box.open(sealed, f"totp of {ACCOUNT}")


def test_keys_that_are_handed_over_are_replaced_where_they_come_from(
    run: Run, sql: Sql, settings_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "credentials"
    monkeypatch.setattr(vault, "HANDED_OVER", (place,))
    path = place / "diwi-keys"
    settings_file.write_text(settings_file.read_text("utf-8") + f'key_file = "{path}"\n', encoding="utf-8")
    assert run("init", "--code", "0999", "--name", "Duinwijk", "--email", "b@duinwijk.nl")[0] == 0
    assert not place.exists()
    assert not (tmp_path / "data" / "keys").exists()
    assert "aangereikt" in run("doctor")[1]

    place.mkdir()
    first, second = (run("new-key")[1] for _ in range(2))
    assert first != second
    path.write_text(first, encoding="ascii")
    path.chmod(0o400)
    sealed = vault.read(path).seal("geheim", f"totp of {ACCOUNT}")
    sql("INSERT INTO diwi.account (id, email, totp, made_at) VALUES (%s, 'a@b.nl', %s, now())", ACCOUNT, sealed)
    status, _, error = run("rotate-keys")
    assert (status, "--given" in error) == (1, True)
    path.chmod(0o600)
    path.write_text(second + first, encoding="ascii")
    assert run("rotate-keys", "--given")[1] == "Onder de eerste sleutel is 1 geheim opnieuw versleuteld.\n"
    path.write_text(second, encoding="ascii")
    [(sealed,)] = sql("SELECT totp FROM diwi.account")
    assert vault.read(path).open(sealed, f"totp of {ACCOUNT}") == "geheim"


# -- maintenance --


def test_what_has_expired_goes_and_the_rest_stays(ready: Run, sql: Sql) -> None:
    sql("INSERT INTO diwi.account (id, email, made_at) VALUES (%s, 'a@b.nl', now())", ACCOUNT)
    sql("INSERT INTO diwi.session (id, account, method, device, device_name, tag, made_at, last_at, origin)"
        " VALUES (%s, %s, 'password', %s, '', 'KTB', %s, %s, '')", SESSION, ACCOUNT, SESSION, NOON, NOON)  # fmt: skip
    for hash_, hours in ((b"old", -1), (b"new", 1)):
        until = NOON + timedelta(hours=hours)
        sql("INSERT INTO diwi.refresh_token VALUES (%s, %s, 1, %s)", hash_, SESSION, until)
        sql("INSERT INTO diwi.used_token VALUES (%s, %s)", hash_, until)
    for days in (729, 731):
        sql("INSERT INTO diwi.audit (at, actor, origin, action, object, result)"
            " VALUES (%s - make_interval(days => %s), 'x', '', 'push', '', 'done')", NOON, days)  # fmt: skip
    assert ready("maintain")[1] == "Opgeruimd: 3 verlopen regels en 0 half verstuurde bestanden.\n"
    assert sql("SELECT hash FROM diwi.refresh_token") == [(b"new",)]
    assert sql("SELECT hash FROM diwi.used_token") == [(b"new",)]
    assert sql("SELECT count(*) FROM diwi.audit WHERE action = 'push'") == [(1,)]
    assert sql("SELECT object, count FROM diwi.audit WHERE action = 'maintenance'") == [("audit expired", 1)]
    assert sql("SELECT count(*) FROM diwi.session") == [(1,)]


def test_uploads_that_nobody_goes_on_with_go(ready: Run, tmp_path: Path) -> None:
    folder = tmp_path / "data" / "documents" / SESSION / "ab"
    folder.mkdir(parents=True)
    for name, days in (("ab1.part", 31), ("ab2.part", 29), ("ab3", 400)):
        (folder / name).write_bytes(b"x")
        os.utime(folder / name, ((NOON - timedelta(days=days)).timestamp(),) * 2)
    assert ready("maintain")[1] == "Opgeruimd: 0 verlopen regels en 1 half verstuurde bestanden.\n"
    assert {path.name for path in folder.iterdir()} == {"ab2.part", "ab3"}


# -- the doctor --


@pytest.fixture
def healthy(ready: Run, sql: Sql, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The test's own cluster has no durability and its clock is not that of the tests; look past both."""
    from diwi_desktop.server.ops import doctor

    real = doctor._one

    def one(connection: Any, query: str, *given: Any) -> object:
        if given in (("fsync",), ("full_page_writes",)):
            return "on"
        return NOON if "clock_timestamp" in query else real(connection, query, *given)

    monkeypatch.setattr(doctor, "_one", one)
    return ready


def weights(out: str) -> dict[str, str]:
    return {line[8:25].strip(): line[:7].strip() for line in out.splitlines()}


@pytest.mark.skipif(0 < postgres.version() < 15, reason="PostgreSQL here is older than 15, which the doctor says")
def test_the_doctor_finds_a_good_server_good(healthy: Run) -> None:
    status, out, _ = healthy("doctor")
    found = weights(out)
    assert status == 0
    assert set(found.values()) <= {"goed", "let op"}
    for name in ("data_dir", "keys", "public_url", "postgresql", "postgis", "upgrade", "rights", "clock"):
        assert found[name] == "goed", out
    assert "Er is 1 sleutel; die versleutelt." in out


_OPEN_PART = """
DO $$ BEGIN
    EXECUTE 'GRANT SELECT ON diwi.' || (SELECT diwi.part_of_log(id) FROM diwi.register LIMIT 1) || ' TO diwi_app';
END $$
"""


@pytest.mark.parametrize(("statement", "name"), [
    ("GRANT UPDATE ON diwi.change_log TO diwi_app", "rights"),
    ("GRANT DELETE ON diwi.audit TO diwi_accounts", "rights"),
    ("GRANT SELECT ON diwi.entity TO diwi_accounts", "rights"),
    ("ALTER TABLE diwi.entity DISABLE ROW LEVEL SECURITY", "rights"),
    (_OPEN_PART, "rights"),
    ("UPDATE diwi.migration SET version_num = '0001'", "upgrade"),
])  # fmt: skip
def test_the_doctor_finds_what_is_wrong_in_the_database(healthy: Run, sql: Sql, statement: str, name: str) -> None:
    sql(statement)
    status, out, _ = healthy("doctor")
    assert (status, weights(out)[name]) == (1, "fout")


def test_the_doctor_finds_what_is_wrong_on_the_machine(healthy: Run, settings_file: Path, tmp_path: Path) -> None:
    (tmp_path / "data").chmod(0o755)
    (tmp_path / "data" / "keys").chmod(0o644)
    settings_file.chmod(0o644)
    text = settings_file.read_text(encoding="utf-8").replace("https://diwi.example", "http://diwi.example")
    settings_file.write_text(text + 'oidc_issuer = "https://login.example"\n', encoding="utf-8")
    status, out, _ = healthy("doctor")
    found = weights(out)
    assert status == 1
    for name in ("data_dir", "keys", "settings", "public_url", "oidc"):
        assert found[name] == "fout", out
    assert "rights" in healthy("doctor", lang="en")[1]


def test_the_doctor_wants_encryption_to_a_database_elsewhere() -> None:
    from types import SimpleNamespace

    from diwi_desktop.server.ops import doctor

    def connection(host: str, encrypted: bool) -> Any:
        return SimpleNamespace(info=SimpleNamespace(host=host), pgconn=SimpleNamespace(ssl_in_use=encrypted))

    for host, encrypted, private in (("/run/postgresql", False, True), ("127.0.0.1", False, True),
                                     ("db.example", False, False), ("db.example", True, True)):  # fmt: skip
        assert doctor._private(connection(host, encrypted)) is private


def test_the_doctor_notices_clocks_and_a_database_without_durability(ready: Run) -> None:
    found = weights(ready("doctor")[1])
    assert found["fsync"] == "fout"
    assert found["clock"] == "let op"  # the clock of the tests stands still
