"""diwi devices: where one is signed in, and the end of a session elsewhere for who proves who he is."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from diwi_desktop.cli import main
from diwi_desktop.model.clock import FixedClock
from diwi_desktop.store import syncstate
from diwi_desktop.store.device import Device
from diwi_desktop.sync import connect, session
from diwi_desktop.sync.account import Account
from diwi_desktop.sync.signin import Identity
from tests.server.accounts.signing import Someone, activated, sign_in_for_real
from tests.server.harness import Register, Server
from tests.stores import new_store


@pytest.fixture
def anna(live_server: Server, register: Register) -> Someone:
    """Signed in on a laptop that is lost."""
    sign_in_for_real(live_server)
    someone = activated(register, register.person("Anna", "UserPlus"))
    return someone.sign_in(device={"id": "0b1c6d9e-1111-4222-8333-944445555666", "tag": "XWZ", "name": "Oude laptop"})


@pytest.fixture
def path(live_server: Server, register: Register, anna: Someone, clock: FixedClock, tmp_path: Path) -> Iterator[Path]:
    """A file of the register, with Anna signed in on this laptop too."""
    place = tmp_path / "a.diwi"
    with new_store(place, clock) as store:
        with store.transaction() as connection:
            syncstate.put(connection, {"register": register.id, "url": live_server.url})
        account = session.account_at(live_server.url, anna.email, Device.of_this_machine())
    with account.wire:
        connect.sign_in(account, anna.password, anna.code())
        yield place


def run(path: Path, anna: Someone, clock: FixedClock, *more: str) -> int:
    return main(["devices", str(path), "--email", anna.email, *more], clock=clock)


def test_a_lost_laptop_is_signed_out_with_the_password(
    path: Path, anna: Someone, clock: FixedClock, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(path, anna, clock) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["letters", "computer", "laatst", "gezien", "stand"]
    assert sum("deze computer" in line for line in lines) == 1
    [lost] = [line for line in lines if line.startswith("XWZ")]
    assert "Oude laptop" in lost

    assert run(path, anna, clock, "--end", "XWZ") == 2  # nobody to ask for the password
    assert "--password-stdin" in capsys.readouterr().err
    monkeypatch.setattr("sys.stdin", io.StringIO("verkeerd\n"))
    assert run(path, anna, clock, "--end", "XWZ", "--password-stdin") == 1
    assert "wachtwoord klopt niet" in capsys.readouterr().err
    assert anna.ask("GET", "/v1/me").status_code == 200
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{anna.password}\n"))
    assert run(path, anna, clock, "--end", "xwz", "--password-stdin") == 0
    assert capsys.readouterr().out == "Afgemeld: Oude laptop (XWZ).\n"
    assert anna.ask("GET", "/v1/me").status_code == 401

    assert run(path, anna, clock, "--end", "XWZ") == 2
    assert "niet aangemeld op een computer met de letters XWZ" in capsys.readouterr().err
    assert run(path, anna, clock, "--json") == 0
    [here] = json.loads(capsys.readouterr().out)["devices"]
    assert here["current"]
    assert run(path, anna, clock, "--end", here["tag"]) == 0  # this one needs no proof
    capsys.readouterr()
    assert run(path, anna, clock) == 1
    assert "niet aangemeld" in capsys.readouterr().err


def test_with_single_sign_on_it_goes_by_the_browser(
    path: Path, anna: Someone, clock: FixedClock, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[Any] = []
    devices = Account.devices
    monkeypatch.setattr(Account, "devices", lambda self: [one | {"method": "oidc"} for one in devices(self)])
    monkeypatch.setattr(Account, "end_device", lambda _self, id, **proof: ended.append(proof))
    monkeypatch.setattr(connect, "prove_in_browser", lambda _account: Identity("token", "nonce"))
    assert run(path, anna, clock, "--end", "XWZ") == 0
    assert ended == [{"identity": Identity("token", "nonce")}]
    assert "browser" in capsys.readouterr().err
