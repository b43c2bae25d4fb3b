"""The login that serves: enough for everything the server does, and not enough to change what was written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from diwi_desktop.server import cli
from diwi_desktop.server.accounts import sessions
from diwi_desktop.server.accounts.passwords import Passwords
from diwi_desktop.server.settings import Settings
from tests.server import making
from tests.server.accounts.signing import activated
from tests.server.harness import Register, Server, running


@pytest.fixture
def login(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A login of PostgreSQL without any rights but those that `init --login` gives."""
    name = f"diwi_test_{uuid4().hex[:8]}"
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {name} LOGIN".encode())
        monkeypatch.setenv("DIWI_SERVER_DATABASE_URL", database_url)
        monkeypatch.setenv("DIWI_SERVER_DATA_DIR", str(tmp_path / "server-data"))
        given = ["--code", "0998", "--name", "Elders", "--email", "e@elders.nl"]
        assert cli.main(["init", "--login", name, *given]) == 0
        yield name
        connection.execute(f"DROP OWNED BY {name}".encode())
        connection.execute(f"DROP ROLE {name}".encode())


@pytest.fixture
def limited(login: str, settings: Settings, clock: Any) -> Iterator[Server]:
    """A server that has only that login."""
    url = settings.database_url.replace("postgres@", f"{login}@")
    assert url != settings.database_url
    with running(settings.model_copy(update={"database_url": url}), clock) as server:
        server.app.state.accounts.passwords = Passwords(memory_kib=64, rounds=1)
        server.database_url = settings.database_url
        yield server


def test_the_limited_login_serves_everything(limited: Server, register: Register) -> None:
    mine = Register(limited, register.id, register.ids, register.admin)
    laptop = mine.laptop(register.person("Jan", "UserPlus"))
    laptop.push(*making.project(laptop).changes)
    assert laptop.pull().acts
    assert laptop.ask("POST", "/snapshots").status_code == 200
    assert limited.client.get("/health/ready").json() == {"status": "ok"}
    limited.app.state.authenticate = sessions.authenticate
    admin = activated(mine, register.admin).sign_in()
    person = register.person("Bram", "User", state="UITGENODIGD")
    activated(mine, person).sign_in()
    address = f"/v1/registers/{register.id}/people/{person}"
    assert admin.ask("POST", f"{address}/locks", json={"locked": True}).status_code == 200
    assert admin.ask("GET", f"/v1/registers/{register.id}/audit-entries").status_code == 200


@pytest.mark.parametrize("statement", [
    "UPDATE diwi.change_log SET new = 'null'", "DELETE FROM diwi.change_log", "DELETE FROM diwi.act",
    "TRUNCATE diwi.audit", "UPDATE diwi.audit SET actor = ''", "DROP TABLE diwi.change_log",
    "ALTER TABLE diwi.change_log DISABLE ROW LEVEL SECURITY",
    "UPDATE diwi.register SET incarnation = gen_random_uuid()",
])  # fmt: skip
def test_it_cannot_change_what_was_written_even_out_of_its_role(limited: Server, statement: str) -> None:
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        limited.app.state.database.anywhere() as connection,
    ):
        connection.execute(statement.encode())


def test_out_of_its_role_it_still_sees_no_register_that_it_does_not_name(limited: Server, register: Register) -> None:
    with limited.app.state.database.anywhere() as connection:
        assert connection.execute("SELECT count(*) FROM diwi.entity").fetchone() == (0,)
        connection.execute("SELECT set_config('diwi.register', %s, true)", (register.id,))
        found = connection.execute("SELECT DISTINCT register::text FROM diwi.entity").fetchall()
        assert found == [(register.id,)]
