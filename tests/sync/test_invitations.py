"""Giving and using an invitation against the real server: by the core and by the command line."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pyotp
import pytest

from diwi_desktop.cli import main
from diwi_desktop.model.clock import FixedClock
from diwi_desktop.model.finding import Refused, UserError
from diwi_desktop.server import registers
from diwi_desktop.server.accounts import sessions
from diwi_desktop.server.accounts.passwords import Passwords
from diwi_desktop.store import Device, Store
from diwi_desktop.sync import invitations
from diwi_desktop.sync.account import Account
from diwi_desktop.sync.credentials import Credentials
from diwi_desktop.sync.invitations import InvitationTrouble, Received
from diwi_desktop.sync.known import email_at
from diwi_desktop.sync.problem import Problem
from diwi_desktop.sync.transport import client
from tests.server.accounts.signing import PASSWORD, activated, invitation
from tests.server.harness import Register, Server
from tests.sync.test_encryption import Memory

DEVICE = Device("d0000000-0000-4000-8000-000000000001", "KTB")


@pytest.fixture
def real(live_server: Server) -> Server:
    """The server with its own accounts, on a socket; cheap hashes."""
    live_server.app.state.authenticate = sessions.authenticate
    live_server.app.state.accounts.passwords = Passwords(memory_kib=64, rounds=1)
    return live_server


def link(register: Register, person: str) -> str:
    return f"{register.server.url}/#uitnodiging={invitation(register, person)}"


def code(server: Server, secret: str) -> str:
    return str(pyotp.TOTP(secret).at(server.clock.now()))


def test_from_invited_to_inviting(real: Server, register: Register) -> None:
    admin, anna = register.admin, register.person("Anna", "User", state="UITGENODIGD")
    received = invitations.look(link(register, admin))
    assert (received.name, received.register_name, received.known) == ("Beheer", "Duinwijk", False)
    assert received.address.startswith("otpauth://totp/")
    codes = invitations.use(received, PASSWORD, code(real, received.secret))
    assert len(codes) == 10

    with client(real.url) as wire:
        account = Account(wire, real.url, received.email, DEVICE, Credentials(Memory()))
        account.sign_in(PASSWORD, codes[0])
        given = invitations.give(account, register.id, anna)
        assert given.until > real.clock.now()
        token = given.link.partition("=")[2]
        assert invitations.look(f" {real.url}/#uitnodiging={token}\n").name == "Anna"
        with pytest.raises(Problem):
            invitations.give(account, register.id, "00000000-0000-4000-8000-000000000000")


def test_what_is_wrong_is_said(real: Server, register: Register) -> None:
    anna = register.person("Anna", "User", state="UITGENODIGD")
    for text in ("", "https://diwi.nl/", f"{real.url}/#uitnodiging="):
        with pytest.raises(InvitationTrouble) as trouble:
            invitations.look(text)
        assert trouble.value.code == "bad_link"
    with pytest.raises(UserError) as refused:
        invitations.look("http://elders.nl/#uitnodiging=abc")
    assert refused.value.code == "bad_url"
    with pytest.raises(InvitationTrouble) as gone:
        invitations.look(f"{real.url}/#uitnodiging=nooit-gegeven")
    assert gone.value.code == "invitation_gone"

    received = invitations.look(link(register, anna))
    with pytest.raises(InvitationTrouble) as wrong:
        invitations.use(received, PASSWORD, "000000")
    assert wrong.value.code == "sign_in_failed"
    with pytest.raises(InvitationTrouble, match="ten minste 12 tekens") as short:
        invitations.use(received, "kort", code(real, received.secret))
    assert short.value.code == "bad_password"
    invitations.use(received, PASSWORD, code(real, received.secret))
    with pytest.raises(InvitationTrouble) as used:
        invitations.use(received, PASSWORD, code(real, received.secret))
    assert used.value.code == "invitation_gone"


def test_an_administrator_resets_what_somebody_lost(real: Server, register: Register) -> None:
    anna = register.person("Anna", "User", state="UITGENODIGD")
    boss = invitations.look(link(register, register.admin))
    codes = invitations.use(boss, PASSWORD, code(real, boss.secret))
    hers = invitations.look(link(register, anna))
    recovery = invitations.use(hers, PASSWORD, code(real, hers.secret))
    with client(real.url) as wire:
        account = Account(wire, real.url, boss.email, DEVICE, Credentials(Memory()))
        account.sign_in(PASSWORD, codes[0])
        with pytest.raises(InvitationTrouble, match="heeft al toegang") as there:
            invitations.give(account, register.id, anna)
        assert there.value.code == "has_access"
        with pytest.raises(InvitationTrouble) as nothing:
            invitations.reset(account, register.id, anna, "identity")
        assert nothing.value.code == "no_access_yet"
        given = invitations.reset(account, register.id, anna, "password")
        assert given is not None
        received = invitations.look(f"{real.url}/{given.link[given.link.index('#') :]}")
        assert (received.purpose, received.secret, received.keeps_factor) == ("password", "", True)
        with pytest.raises(InvitationTrouble) as wrong:
            invitations.use(received, "een heel ander zinnetje", "000000")
        assert wrong.value.code == "sign_in_failed"
        assert invitations.use(received, "een heel ander zinnetje", recovery[0]) == []
        bram = register.person("Bram", "User")  # made active in the list of people
        never = invitations.reset(account, register.id, bram, "second-factor")
        assert never is not None
        link_ = f"{real.url}/{never.link[never.link.index('#') :]}"
        assert invitations.look(link_).purpose == "invitation"
        with pytest.raises(InvitationTrouble, match="vraag het een andere beheerder") as refused:
            invitations.reset(account, register.id, register.admin, "password")
        assert refused.value.code == "no_access"


def test_an_account_that_is_there_is_kept(real: Server, register: Register, make_register: Any) -> None:
    other = make_register("0998", "Elders")
    anna = register.person("Anna", "User", state="UITGENODIGD")
    hers = invitations.look(link(register, anna))
    codes = invitations.use(hers, PASSWORD, code(real, hers.secret))
    there = registers.add_person(real.app.state.database, other.id, name="Anna", email=hers.email, role="User",
                                 state="UITGENODIGD", now=real.clock.now())  # fmt: skip
    received = invitations.look(f"{real.url}/#uitnodiging={invitation(other, there, sure=False)}")
    assert received.known
    with pytest.raises(InvitationTrouble, match="er al een account") as known:
        invitations.use(received, "een heel ander zinnetje", code(real, received.secret))
    assert known.value.code == "account_known"
    assert invitations.use(received, PASSWORD, codes[0], existing=True) == []


def test_a_server_that_does_not_answer(tmp_path: Path) -> None:
    with pytest.raises(Problem):
        invitations.look("http://127.0.0.1:1/#uitnodiging=abc")


def test_by_command_line(
    real: Server, register: Register, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    anna = register.person("Anna", "User", state="UITGENODIGD")
    seen: list[Received] = []
    looked = invitations.look

    def look(text: str) -> Any:
        """As a phone does: read the secret off the screen, and have a code ready."""
        seen.append(looked(text))
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n{code(real, seen[0].secret)}\n"))
        return seen[0]

    monkeypatch.setattr(invitations, "look", look)
    arguments = ["activate", link(register, anna), "--password-stdin"]
    assert main(arguments, clock=FixedClock(real.clock.now())) == 0
    said = capsys.readouterr().out
    assert f"Uitnodiging voor Anna ({seen[0].email}) bij Duinwijk." in said
    assert seen[0].secret in said
    assert f"diwi connect STORE {real.url}" in said
    assert said.count("-") >= 50  # ten recovery codes
    assert PASSWORD not in said
    assert email_at(real.url) == seen[0].email
    monkeypatch.undo()
    assert main(arguments, clock=FixedClock(real.clock.now())) == 1
    assert "geldt niet meer" in capsys.readouterr().err


def test_an_administrator_invites_by_command_line(
    real: Server,
    register: Register,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    anna = register.person("Anna", "User", state="UITGENODIGD")
    received = invitations.look(link(register, register.admin))
    codes = invitations.use(received, PASSWORD, code(real, received.secret))
    store = tmp_path / "duinwijk.diwi"
    clock = FixedClock(real.clock.now())

    def diwi(*arguments: str) -> int:
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n{codes.pop()}\n"))
        return main([*arguments, "--password-stdin"], clock=clock)

    assert diwi("connect", str(store), real.url, "--email", received.email) == 0
    capsys.readouterr()
    assert diwi("invite", str(store), "Anna") == 0
    said, given = capsys.readouterr().out.splitlines()
    assert said.startswith("Uitnodiging voor anna@")
    assert invitations.look(f"{real.url}/{given[given.index('#') :]}").name == "Anna"
    assert diwi("invite", str(store), "Niemand") == 2
    activated(register, anna, given.partition("=")[2])
    assert diwi("invite", str(store), "Anna") == 1
    assert "heeft al toegang" in capsys.readouterr().err
    assert diwi("reset-access", str(store), "Anna", "--of", "second-factor") == 0
    assert "#uitnodiging=" in capsys.readouterr().out


def test_who_was_invited_by_command_line_is_not_taken_away_by_an_undo(
    real: Server,
    register: Register,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    received = invitations.look(link(register, register.admin))
    codes = invitations.use(received, PASSWORD, code(real, received.secret))
    path, clock = tmp_path / "duinwijk.diwi", FixedClock(real.clock.now())

    def diwi(*arguments: str) -> int:
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n{codes.pop()}\n"))
        return main([*arguments, "--password-stdin"], clock=clock)

    assert diwi("connect", str(path), real.url, "--email", received.email) == 0
    for email in ("tess@duinwijk.nl", "ton@duinwijk.nl"):
        assert main(["users", str(path), "add", email, "--role", "User"], clock=clock) == 0
    assert diwi("sync", str(path)) == 0
    assert diwi("invite", str(path), "tess@duinwijk.nl") == 0
    capsys.readouterr()
    with Store.open(path, author="", clock=clock) as store:
        store.undo()  # ton, who was not invited
        with pytest.raises(Refused) as refused:
            store.undo()
        assert [found.code for found in refused.value.findings] == ["already_let_in"]
