"""`./dev server`: the real thing once, headless, and what can be tested without it."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pyotp
import pytest

from diwi_desktop.model.finding import UserError
from diwi_desktop.trial import __main__ as trial
from diwi_desktop.trial import cluster, people, serving
from diwi_desktop.trial.cluster import Cluster, NoPostgres
from diwi_desktop.trial.people import People, Someone
from diwi_desktop.trial.serving import ServerTrouble
from tests import postgres
from tests.waiting import until

ROOT = Path(__file__).resolve().parents[2]
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder for a trial, which leaves no PostgreSQL behind."""
    if postgres.programs() is None:
        if os.environ.get("DIWI_NO_POSTGRES") == "1":
            pytest.skip(postgres.SKIP)
        pytest.fail("PostgreSQL with PostGIS is missing; DIWI_NO_POSTGRES=1 leaves these tests out", pytrace=False)
    yield tmp_path / "run"
    Cluster(tmp_path / "run").remove()


def command(folder: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "diwi_desktop.trial", "--folder", str(folder), *arguments]


@pytest.mark.slow
def test_the_whole_round_headless_and_how_it_stops(folder: Path, tmp_path: Path) -> None:
    said = tmp_path / "said.txt"
    with said.open("w", encoding="utf-8") as out:
        process = subprocess.Popen(command(folder, "--headless", "--projects", "8"), cwd=ROOT, stdout=out, stderr=out)
    try:

        def runs() -> bool:
            assert process.poll() is None, said.read_text(encoding="utf-8")
            return "Alles draait" in said.read_text(encoding="utf-8")

        until(runs, patience=600, every=0.2)
        text = said.read_text(encoding="utf-8")
        assert "Jeroen krijgt een conflict. Stand: 1 conflict." in text
        assert "de controlegetallen zijn gelijk" in text
        assert {file.name for file in folder.glob("*/duinwijk.diwi")} == {"duinwijk.diwi"}
        tags = {json.loads(file.read_text(encoding="utf-8"))["tag"] for file in folder.glob("laptop-*/device.json")}
        assert len(tags) == 2

        url = f"http://127.0.0.1:{(folder / 'port').read_text(encoding='ascii')}"
        assert httpx.get(f"{url}/health/ready").status_code == 200
        second = subprocess.run(command(folder), cwd=ROOT, capture_output=True, text=True, check=False)
        assert second.returncode == 1
        assert "draait al" in second.stderr
        codes = subprocess.run(command(folder, "--codes"), cwd=ROOT, capture_output=True, text=True, check=False)
        assert "m.verhagen@duinwijk.example.org" in codes.stdout
        assert "otpauth://totp/" in codes.stdout

        stopped = subprocess.run(command(folder, "--stop"), cwd=ROOT, capture_output=True, text=True, check=False)
        assert stopped.returncode == 0, stopped.stderr
        assert process.wait(30) == 0
        assert not Cluster(folder).is_running
        with pytest.raises(httpx.TransportError):
            httpx.get(f"{url}/health/live")
    finally:
        process.kill()
        process.wait()


def test_a_cluster_starts_stops_and_keeps_what_it_holds(folder: Path) -> None:
    import psycopg

    made = Cluster(folder)
    made.start()
    with psycopg.connect(made.url("postgres"), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (n int)")
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    made.stop()
    assert not made.is_running
    made.start()
    made.start()  # it runs already
    with psycopg.connect(made.url("postgres")) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)
    made.remove()
    assert not made.folder.exists()


def test_without_postgresql_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "programs", lambda: None)
    made = Cluster(tmp_path)
    assert not made.is_running
    made.stop()
    with pytest.raises(NoPostgres, match="postgresql-postgis"):
        made.start()


def test_the_socket_of_a_long_path_stands_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert Cluster(Path("/home/u/diwi/.run")).folder == Path("/home/u/diwi/.run/postgres")
    long = Cluster(tmp_path / ("x" * 100))
    assert len(str(long.folder)) < 80
    assert long.folder != Cluster(tmp_path / ("y" * 100)).folder


def test_two_trials_in_one_folder_do_not_run_at_once(tmp_path: Path) -> None:
    with trial._alone(tmp_path), pytest.raises(UserError, match="draait al"), trial._alone(tmp_path):
        pass
    with trial._alone(tmp_path):
        pass


def test_codes_before_there_is_a_trial(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert trial.main(["--folder", str(tmp_path), "--codes"]) == 1
    assert "nog geen proef" in capsys.readouterr().err


# -- people ---------------------------------------------------------------------------------------------------------


def someone(step: int = 0) -> Someone:
    return Someone("Anna", "anna@duinwijk.example.org", "UserPlus", "een twee drie vier", SECRET, step)


def test_no_code_is_given_twice_and_none_that_the_server_would_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_000_000
    monkeypatch.setattr(Someone, "now", staticmethod(lambda: now))
    monkeypatch.setattr(time, "sleep", lambda _seconds: pytest.fail("it had to wait"))
    anna = someone(now - 2)
    codes, steps = set(), []
    for _ in range(3):
        codes.add(anna.code())
        steps.append(anna.step - now)
    assert steps == [-1, 0, 1]
    assert len(codes) == 3

    waited: list[float] = []

    def sleep(seconds: float) -> None:
        nonlocal now
        waited.append(seconds)
        now += 1

    monkeypatch.setattr(time, "sleep", sleep)
    anna.code()
    assert waited
    assert anna.step == now + 1


def test_the_code_that_is_shown_is_one_that_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Someone, "now", staticmethod(lambda: 1_000_000))
    totp = pyotp.TOTP(SECRET)
    assert someone(0).shown_code() == totp.generate_otp(1_000_000)
    assert someone(1_000_000).shown_code() == totp.generate_otp(1_000_001)
    assert someone(1_000_001).shown_code() == "even wachten"


def test_people_are_kept_where_only_their_owner_reads(tmp_path: Path) -> None:
    path = tmp_path / "people.json"
    kept = People(path)
    kept._all["anna@duinwijk.example.org"] = someone()
    kept.keep()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    again = People(path)
    assert again["anna@duinwijk.example.org"] == someone()
    heading, row = again.table()
    assert heading.split() == ["naam", "rol", "e-mailadres", "wachtwoord", "code", "nu"]
    assert row.startswith("Anna  UserPlus  anna@duinwijk.example.org  een twee drie vier  ")


def test_passwords_are_four_words_and_differ() -> None:
    drawn = {people.new_password() for _ in range(20)}
    assert len(drawn) > 15
    assert all(len(password.split()) == 4 and len(password) >= 12 for password in drawn)


class Window:
    """A window of the trial that stays open for some looks."""

    def __init__(self, looks: int) -> None:
        self.looks = looks

    def poll(self) -> int | None:
        self.looks -= 1
        return None if self.looks > 0 else 0


def died() -> None:
    raise ServerTrouble("De server is gestopt (status 1); zie server.log.", "The server has stopped.")


def test_a_server_that_died_is_told_once_and_the_windows_go_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(trial.time, "sleep", lambda _seconds: None)
    window: Any = Window(4)
    trial._wait([window], died)
    assert capsys.readouterr().out.count("De server is gestopt") == 1
    with pytest.raises(ServerTrouble):
        trial._wait([], died)


def test_a_server_that_runs_says_nothing(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE)
    serving._see(process, tmp_path / "server.log")
    process.communicate()
    with pytest.raises(ServerTrouble, match=r"status 0.*server\.log"):
        serving._see(process, tmp_path / "server.log")
