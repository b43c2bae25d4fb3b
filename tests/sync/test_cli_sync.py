"""diwi sync, login, connect and conflicts against the real server on a socket, with real sign-in."""

from __future__ import annotations

import io
import json
import threading
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from diwi_desktop.cli import main
from diwi_desktop.model.clock import FixedClock
from diwi_desktop.model.finding import UserError
from diwi_desktop.store import Store, syncstate
from diwi_desktop.store.plans import plans
from diwi_desktop.sync import session
from diwi_desktop.sync.account import Account
from diwi_desktop.sync.credentials import Credentials
from diwi_desktop.sync.known import email_at, server_url
from diwi_desktop.sync.problem import Obstacle, Problem
from tests.server.harness import Register, Server
from tests.stores import add, de_hoek, new_store
from tests.sync.test_encryption import Memory


@pytest.fixture
def signed(live_server: Server, register: Register, monkeypatch: pytest.MonkeyPatch) -> Any:
    """signed(name, role): from now on the command line works as somebody who is signed in."""

    def choose(name: str, role: str = "UserPlus", person: str = "") -> str:
        laptop = register.laptop(person or register.person(name, role), name=name)

        class Fixed(Account):
            def access(self, *, renewed: bool = False) -> str:
                return laptop.token

            def registers(self) -> Any:
                from diwi_desktop.sync.account import Register as Entry

                return [Entry(register.id, "0999", "Duinwijk", laptop.session.person, name, role, True)]

            @property
            def signed_in(self) -> bool:
                return True

        def account(url: str, email: str, device: Any) -> Account:
            from diwi_desktop.sync.transport import client

            return Fixed(client(url), url, email, device, Credentials(Memory()))

        monkeypatch.setattr(session, "account_at", account)
        return laptop.session.person

    return choose


def run(*arguments: str, clock: FixedClock) -> int:
    return main(list(arguments), clock=clock)


def test_connect_sync_and_conflicts(
    live_server: Server, signed: Any, clock: FixedClock, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = tmp_path / "a.diwi", tmp_path / "b.diwi"
    with new_store(first, clock) as store:
        project = add(store, de_hoek())
    anna = signed("Anna")
    assert run("sync", str(first), clock=clock) == 1
    told = capsys.readouterr().err
    assert "niet met een server verbonden" in told
    assert "'diwi connect'" in told
    assert run("connect", str(first), live_server.url, clock=clock) == 0
    assert capsys.readouterr().out.startswith("bijgewerkt\n")
    assert run("connect", str(second), live_server.url, "--json", clock=clock) == 0
    assert json.loads(capsys.readouterr().out)["waiting"] == 0
    for path, name in ((first, "Van A"), (second, "Van B")):
        with Store.open(path, author="x", clock=clock) as store:
            assert [plan.id for plan in plans(store)] == [project]
            with store.act("Wijzigen") as act:
                act.set("project", project, "name", name)
                act.set("project", project, "end_date", date(2032, 1, 1))
    assert run("sync", str(first), clock=clock) == 0
    capsys.readouterr()
    assert run("sync", str(second), "--json", clock=clock) == 1
    said = json.loads(capsys.readouterr().out)
    assert (said["state"], said["conflicts"], said["problem"]) == ("conflicts", 1, None)
    assert run("conflicts", str(second), "--json", clock=clock) == 1
    [item] = json.loads(capsys.readouterr().out)["conflicts"]
    assert (item["base"], item["mine"], item["theirs"]) == ("De Hoek", "Van B", "Van A")
    assert run("conflicts", str(second), clock=clock) == 1
    assert "mijn waarde" in capsys.readouterr().out
    assert run("conflicts", str(second), "--settle", "mine", item["id"], clock=clock) == 0
    assert run("sync", str(second), clock=clock) == 0
    assert run("sync", str(first), clock=clock) == 0
    with Store.open(first, author="x", clock=clock, read_only=True) as store:
        assert plans(store)[0].name == "Van B"
    capsys.readouterr()
    # A register that has data takes no second whole store, and nobody but a main user brings one.
    third = tmp_path / "c.diwi"
    new_store(third, clock).close()
    assert run("connect", str(third), live_server.url, clock=clock) == 1
    assert "heeft al gegevens" in capsys.readouterr().err
    signed("Raad", "Council")
    assert run("connect", str(third), live_server.url, clock=clock) == 1
    assert "hoofdgebruiker" in capsys.readouterr().err
    assert anna


def test_no_server_is_one_sentence(
    live_server: Server, signed: Any, clock: FixedClock, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    path = tmp_path / "a.diwi"
    new_store(path, clock).close()
    signed("Anna")
    assert run("connect", str(path), live_server.url, clock=clock) == 0
    from diwi_desktop.store import syncstate
    from diwi_desktop.sync import engine

    with Store.open(path, author="x", clock=clock) as store, store.transaction() as connection:
        syncstate.put(connection, {"url": "http://127.0.0.1:9"})
    monkeypatch.setattr(engine, "FIRST_WAIT", 0.0)
    capsys.readouterr()
    assert run("sync", str(path), clock=clock) == 1
    assert "niet te bereiken" in capsys.readouterr().err


def test_another_program_at_the_address_gets_no_password(
    clock: FixedClock, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    class Other(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.command)
            self.send_error(404)

        def do_POST(self) -> None:
            asked.append(self.command)
            self.send_error(501)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    monkeypatch.setattr("sys.stdin", io.StringIO("geheim\n123456\n"))
    with ThreadingHTTPServer(("127.0.0.1", 0), Other) as other:
        thread = threading.Thread(target=other.serve_forever)
        thread.start()
        address = f"http://127.0.0.1:{other.server_port}"
        try:
            words = ("connect", str(tmp_path / "a.diwi"), address, "--email", "jan@duinwijk.nl", "--password-stdin")
            assert run(*words, clock=clock) == 1
        finally:
            other.shutdown()
            thread.join()
    assert "staat geen DIWI-server" in capsys.readouterr().err
    assert asked == ["GET"]


def test_wrong_use(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    clock = FixedClock.on(date(2026, 11, 21))
    assert run("connect", str(tmp_path / "a.diwi"), "http://diwi.voorbeeld.nl", clock=clock) == 2
    assert "https" in capsys.readouterr().err
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert run("login", "https://diwi.voorbeeld.nl", clock=clock) == 2
    assert "--email" in capsys.readouterr().err
    path = tmp_path / "b.diwi"
    new_store(path).close()
    assert run("conflicts", str(path), "--settle", "x/1", clock=clock) == 2
    assert run("conflicts", str(path), clock=clock) == 0
    assert run("conflicts", str(path), "--settle", "mine", "x/1", clock=clock) == 1


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("diwi.nl", "https://diwi.nl"),
        (" https://diwi.nl:8443/ ", "https://diwi.nl:8443"),
        ("http://localhost:8000", "http://localhost:8000"),
        (str(Path("https://diwi.nl")), "https://diwi.nl"),  # as an argument of the command line that may be a file
    ],
)
def test_addresses(typed: str, url: str) -> None:
    assert server_url(typed) == url
    assert email_at(url) == ""


class Wire:
    """Stands for a connection; nothing goes over it."""

    def __enter__(self) -> Wire:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Nothing to hang up."""


def account(monkeypatch: pytest.MonkeyPatch, answer: Any, *, safe: bool) -> None:
    """The next sign-in gets this answer, on a computer with or without a key store."""

    def signed(account: Account, password: str, code: str) -> Any:
        if isinstance(answer, Exception):
            raise answer
        return answer

    def at(url: str, email: str, device: Any) -> Account:
        memory: Any = Memory()
        made = Account(
            Wire(), url, email, device, Credentials(memory, trusted=frozenset({Memory.__module__} if safe else ()))
        )  # type: ignore[arg-type]  # a wire that is never used
        monkeypatch.setattr(made, "methods", lambda: None)
        return made

    monkeypatch.setattr("diwi_desktop.sync.connect.sign_in", signed)
    monkeypatch.setattr(session, "account_at", at)
    monkeypatch.setattr("sys.stdin", io.StringIO("geheim\n123456\n"))


@pytest.mark.parametrize("safe", [True, False])
def test_without_a_key_store_the_sign_in_says_that_it_is_not_kept(
    safe: bool, clock: FixedClock, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    account(monkeypatch, [], safe=safe)
    assert run("login", "https://diwi.nl", "--email", "jan@x.nl", "--password-stdin", clock=clock) == 0
    said = capsys.readouterr()
    assert said.out == "Aangemeld als jan@x.nl.\n"
    assert ("geen veilige sleutelbewaarplaats" in said.err) is not safe
    assert said.err.count("\n") == (0 if safe else 1)


@pytest.mark.parametrize(("detail", "code"), [("403 no-access", "shut_out"), ("403", "")])
def test_a_sign_in_that_the_server_refuses_for_good_closes_the_file(
    detail: str, code: str, clock: FixedClock, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    path = tmp_path / "a.diwi"
    with new_store(path, clock) as store:
        add(store, de_hoek())
        with store.act("Jan") as act:
            jan = act.create("person", {"name": "Jan", "email": "jan@x.nl", "role": "UserPlus", "state": "ACTIEF"})
        with store.transaction() as connection:
            who = {"person": jan, "name": "Jan", "email": "jan@x.nl", "role": "UserPlus", "groups": []}
            syncstate.put(connection, {"url": "https://diwi.nl", "register": "r1", "viewer": json.dumps(who),
                                       "lease_until": "2999-01-01T00:00:00+00:00"})  # fmt: skip
    account(monkeypatch, Problem(Obstacle.NO_ACCESS, detail=detail), safe=True)
    assert run("login", str(path), "--email", "jan@x.nl", "--password-stdin", clock=clock) == 1
    said = capsys.readouterr().err
    with Store.open(path, author="", clock=clock) as store:
        assert store.lease_ended is bool(code)
    if code:
        assert "geen toegang meer" in said
        with Store.open(path, author="", clock=clock) as store, pytest.raises(UserError, match="geen toegang meer"):
            plans(store)
