"""Both logins come in at PostgreSQL without a password, by the lines of docs/beheer-server.md (ASVS 13.2.1)."""

from __future__ import annotations

import getpass
import os
import re
import shlex
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from diwi_desktop.model.clock import FixedClock
from diwi_desktop.server import cli
from diwi_desktop.server.ops import doctor
from diwi_desktop.server.ops.doctor import Weight
from diwi_desktop.server.settings import Settings
from tests import postgres
from tests.server.harness import NOON

BOOK = (Path(__file__).resolve().parents[3] / "docs" / "beheer-server.md").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Machine:
    """A PostgreSQL that is set up as the page says, and the certificate of the owner of the tables."""

    folder: Path
    port: int

    @property
    def server_url(self) -> str:
        [url] = re.findall(r'database_url = "(postgresql:\S+)"\n', BOOK)
        return f"{url}&host={self.folder}&port={self.port}"

    @property
    def owner_url(self) -> str:
        [url] = re.findall(r"DIWI_SERVER_OWNER_URL=(postgresql:[^`]+)`", BOOK)
        return url.replace("127.0.0.1", f"127.0.0.1:{self.port}").replace("/etc/diwi-server", str(self.folder))

    def execute(self, *statements: str) -> None:
        """As who runs PostgreSQL."""
        for statement in statements:
            command = ["psql", "-qX", "-h", str(self.folder), "-p", str(self.port), "-d", "diwi", "-c", statement]
            postgres._as_postgres(*command)


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    programs = postgres.programs()
    if programs is None:
        pytest.skip(postgres.SKIP)
    folder = Path(tempfile.mkdtemp(prefix="diwipg", dir="/tmp"))  # the path of a socket must be short
    folder.chmod(0o755)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    for name in ("owner", "server"):
        certificate(folder, name, "diwi_owner" if name == "owner" else "localhost")
    if os.geteuid() == 0:
        for path in (folder, folder / "server.key"):
            shutil.chown(path, "postgres", "postgres")
    data, me = folder / "data", getpass.getuser()
    runs = "postgres" if os.geteuid() == 0 else me
    postgres._as_postgres(str(programs / "initdb"), "--no-sync", "-A", "peer", "-U", runs, "-E", "UTF8",
                          "--locale=C.UTF-8", "-D", str(data))  # fmt: skip
    chapter = BOOK.partition("**Zonder wachtwoord bij de database.**")[2]
    rules = re.findall(r"^    ((?:local|hostssl) .*)$", chapter, re.MULTILINE)
    [ident] = re.findall(r"^    (diwi +diwi +diwi_server)$", chapter, re.MULTILINE)
    assert len(rules) == 2
    with (data / "pg_ident.conf").open("a") as file:
        file.write(re.sub(r"^(diwi +)diwi ", rf"\1{me} ", ident) + "\n")
    hba = data / "pg_hba.conf"
    hba.write_text("\n".join([*rules, hba.read_text(encoding="utf-8")]), encoding="utf-8")
    with (data / "postgresql.conf").open("a") as file:
        file.write(f"ssl = on\nssl_ca_file = '{folder}/owner.crt'\nssl_cert_file = '{folder}/server.crt'\n"
                   f"ssl_key_file = '{folder}/server.key'\nlisten_addresses = '127.0.0.1'\nport = {port}\n"
                   f"unix_socket_directories = '{folder}'\nfsync = off\n")  # fmt: skip
    control = [str(programs / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log")]
    postgres._as_postgres(*control, "start")
    try:
        made = Machine(folder, port)
        command = ["psql", "-qX", "-h", str(folder), "-p", str(port), "-d", "postgres", "-c"]
        for statement in ("CREATE ROLE diwi_owner LOGIN CREATEROLE", "CREATE ROLE diwi_server LOGIN",
                          "CREATE DATABASE diwi OWNER diwi_owner"):  # fmt: skip
            postgres._as_postgres(*command, statement)
        made.execute("CREATE EXTENSION postgis")
        yield made
    finally:
        postgres._as_postgres(*control, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def certificate(folder: Path, name: str, subject: str) -> None:
    """With the command of the page; there its key goes on to systemd, here into a file."""
    [line] = re.findall(r"^    (openssl req .*?) \|", BOOK, re.MULTILINE)
    command = [
        {"/CN=diwi_owner": f"/CN={subject}", "/etc/diwi-server/owner.crt": str(folder / f"{name}.crt")}.get(word, word)
        for word in shlex.split(line)
    ]
    done = subprocess.run(command, capture_output=True, check=True)
    assert b"PRIVATE KEY" in done.stdout
    key = folder / f"{name}.key"
    key.write_bytes(done.stdout)
    key.chmod(0o600)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl here to make a certificate with")
def test_both_logins_come_in_without_a_password(
    machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DIWI_SERVER_SETTINGS", str(tmp_path / "none.toml"))
    monkeypatch.setenv("DIWI_SERVER_DATABASE_URL", machine.server_url)
    monkeypatch.setenv("DIWI_SERVER_OWNER_URL", machine.owner_url)
    monkeypatch.setenv("DIWI_SERVER_DATA_DIR", str(tmp_path / "data"))
    given = ["init", "--login", "diwi_server", "--code", "0999", "--name", "Duinwijk", "--email", "b@duinwijk.nl"]
    assert cli.main(given, clock=FixedClock(NOON)) == 1  # without the key nobody is the owner
    monkeypatch.setenv("PGSSLKEY", str(machine.folder / "owner.key"))
    assert cli.main(given, clock=FixedClock(NOON)) == 0, capsys.readouterr().err
    with psycopg.connect(machine.server_url) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("diwi_server",)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DELETE FROM diwi.audit")
    with psycopg.connect(machine.owner_url) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("diwi_owner",)
    for wrong in (machine.server_url.replace("diwi_server", "diwi_owner"),  # the server is not its owner
                  machine.owner_url.replace("diwi_owner@", "diwi_server@"),
                  machine.owner_url.replace("sslcert=", "application_name=")):  # fmt: skip
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(wrong)
    cli.main(["doctor"], clock=FixedClock(NOON))
    told = capsys.readouterr().out
    assert "wachtwoord" not in told
    assert re.search(r"^goed +rights", told, re.MULTILINE)
    cli.main(["backup", str(tmp_path)], clock=FixedClock(NOON))  # pg_dump comes in the same way
    assert "Reservekopie gemaakt" in capsys.readouterr().out


@pytest.mark.parametrize(("settings", "named"), [
    (Settings(), []),
    (Settings(database_url="postgresql://x:geheim@/diwi"), ["database_url"]),
    (Settings(database_url="postgresql:///diwi?user=x&password=geheim"), ["database_url"]),
    (Settings(owner_url="postgresql://x:geheim@db/diwi"), ["owner_url"]),
    (Settings(database_url="postgresql://diwi@database/diwi?passfile=/run/secrets/pgpass"), []),
])  # fmt: skip
def test_the_doctor_says_it_when_there_is_a_password_in_the_settings(settings: Settings, named: list[str]) -> None:
    found = list(doctor._passwords(settings))
    assert [(one.name, one.weight) for one in found] == [(name, Weight.DOUBTFUL) for name in named]
    assert not any("geheim" in one.nl for one in found)
