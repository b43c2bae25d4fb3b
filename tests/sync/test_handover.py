"""Handing over by the real server, for an administrator who has no projects: by the core and by the command line."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from diwi_desktop.cli import main
from diwi_desktop.model.clock import FixedClock
from diwi_desktop.model.codes import Confidentiality, PersonState
from diwi_desktop.model.finding import Refused, UserError
from diwi_desktop.model.plan import Writer
from diwi_desktop.store import Device, Store, people
from diwi_desktop.store.plans import plans
from diwi_desktop.sync import handover
from diwi_desktop.sync.account import Account
from diwi_desktop.sync.credentials import Credentials
from diwi_desktop.sync.handover import HandoverTrouble
from diwi_desktop.sync.session import Session
from diwi_desktop.sync.transport import client
from tests.server.accounts.signing import Someone, activated, sign_in_for_real
from tests.server.harness import Register, Server
from tests.stores import add, de_hoek
from tests.sync.real import Desk, MakeDesk
from tests.sync.test_encryption import Memory

DEVICE = Device("d0000000-0000-4000-8000-000000000001", "KTB")


@dataclass
class Office:
    """Anna has two projects, one of them private; Bram has none; Petra looks after people and sees no project."""

    register: Register
    anna: Desk
    bram: Desk
    petra: Desk
    someone: Someone
    session: Session
    sign_in: Callable[[Someone], Account]

    def owners(self) -> set[str]:
        rows = self.register.server.sql(
            "SELECT values->>'person' FROM diwi.entity WHERE kind = 'writer' AND NOT deleted"
        )
        return {row[0] for row in rows}


@pytest.fixture
def office(live_server: Server, register: Register, desk: MakeDesk) -> Iterator[Office]:
    sign_in_for_real(live_server)
    anna, bram = desk("Anna", filled=True), desk("Bram", "User")
    anna.sync()
    for name, level in (("De Hoek", Confidentiality.EXTERNAL_REGIONAL), ("Stil", Confidentiality.PRIVATE)):
        add(anna.store, replace(de_hoek(), name=name, confidentiality=level, writers=[Writer(anna.person)]))
    anna.sync()
    someone = activated(register, register.person("Petra", "Admin"))
    petra = desk("Petra", person=someone.person)
    petra.sync()
    with ExitStack() as stack:

        def sign_in(who: Someone) -> Account:
            wire = stack.enter_context(client(live_server.url))
            account = Account(wire, live_server.url, who.email, DEVICE, Credentials(Memory()))
            account.sign_in(who.password, who.code())
            return account

        session = Session(petra.store, account=sign_in(someone))
        yield Office(register, anna, bram, petra, someone, session, sign_in)


# -- the core -------------------------------------------------------------------------------------------------------


def test_the_server_hands_over_what_an_administrator_does_not_see(office: Office) -> None:
    store, anna, bram = office.petra.store, office.anna.person, office.bram.person
    assert plans(store) == []
    assert people.asks_server(store)
    assert not people.asks_server(office.anna.store), "who has the projects does it himself"
    with pytest.raises(UserError) as here:
        people.hand_over(store, anna, bram)
    assert here.value.code == "owners_not_here"
    with store.act("Groep") as act:
        group = act.create("user_group", {"name": "Wonen"})
        act.create("group_member", {"user_group_id": group, "person": anna})
    office.petra.sync()

    assert bram in {one.id for one in handover.heirs(store, anna)}
    assert anna not in {one.id for one in handover.heirs(store, anna)}
    assert office.session.hand_over(anna, bram, lock=True) == 2
    assert office.owners() == {bram}
    assert people.find_person(store, "Anna").state is PersonState.LOCKED
    assert people.groups(store)[0].members == {}
    office.petra.sync()
    assert office.register.server.sql("SELECT state FROM diwi.membership WHERE person = %s", anna) == [("GEBLOKKEERD",)]
    office.bram.sync()
    assert {plan.name for plan in plans(office.bram.store)} == {"De Hoek", "Stil"}
    assert office.session.hand_over(anna, bram) == 0, "once more does no harm"


def test_where_the_projects_are_it_is_an_act_of_this_store(office: Office, desk: MakeDesk) -> None:
    """Of a main user, as far as he sees them: not what is private."""
    main_user = desk("Wim")
    main_user.sync()
    assert not people.asks_server(main_user.store)
    assert people.hand_over(main_user.store, office.anna.person, office.bram.person) == 1
    assert office.owners() == {office.anna.person}
    main_user.sync()
    assert office.owners() == {office.anna.person, office.bram.person}


def test_who_cannot_own_is_not_offered_and_not_taken(office: Office) -> None:
    council = office.register.person("Raad", "Council")
    invited = office.register.person("Straks", "User", state="UITGENODIGD")
    office.petra.sync()
    offered = {one.id for one in handover.heirs(office.petra.store, office.anna.person)}
    assert office.bram.person in offered
    assert not offered & {council, invited, office.petra.person}
    with pytest.raises(HandoverTrouble, match="kies een actieve gebruiker") as trouble:
        office.session.hand_over(office.anna.person, council)
    assert trouble.value.code == "not_an_owner"
    assert office.owners() == {office.anna.person}


def test_groups_are_for_a_main_user(office: Office) -> None:
    with office.petra.store.act("Groep") as act:
        group = act.create("user_group", {"name": "Wonen"})
    for leaving, to in ((office.anna.person, group), (group, office.bram.person)):
        with pytest.raises(HandoverTrouble, match="van persoon aan persoon") as trouble:
            office.session.hand_over(leaving, to)
        assert trouble.value.code == "of_group"


def test_nothing_is_handed_over_when_the_lock_cannot_be(office: Office) -> None:
    with pytest.raises(Refused) as refused:
        office.session.hand_over(office.petra.person, office.bram.person, lock=True)
    assert [found.code for found in refused.value.findings] == ["own_role"]
    assert people.find_person(office.petra.store, "Petra").state is PersonState.ACTIVE


def test_who_was_only_just_entered_is_known_after_a_synchronisation(office: Office) -> None:
    with office.petra.store.act("Persoon") as act:
        new = act.create("person", {"name": "Tess", "email": "tess@x.nl", "role": "User", "state": "ACTIEF"})
    with pytest.raises(HandoverTrouble, match="kent deze persoon nog niet"):
        office.session.hand_over(new, office.bram.person)
    office.petra.sync()
    assert office.session.hand_over(office.anna.person, new) == 2
    assert office.owners() == {new}


def test_no_right_offline_and_signed_out_are_said_in_one_sentence(office: Office) -> None:
    store, leaving, to = office.petra.store, office.anna.person, office.bram.person
    nobody = office.sign_in(activated(office.register, to))
    with pytest.raises(HandoverTrouble, match="U mag op de server geen projecten overdragen") as no_right:
        handover.by_server(store, nobody, office.register.id, leaving, to, lock=True)
    assert no_right.value.code == "sync_no_access"
    office.session.close()
    with pytest.raises(HandoverTrouble, match="De server antwoordt niet") as offline:
        office.session.hand_over(leaving, to, lock=True)
    assert offline.value.code == "sync_offline"
    office.session.account.sign_out()
    with pytest.raises(HandoverTrouble, match="U bent niet aangemeld") as signed_out:
        office.session.hand_over(leaving, to, lock=True)
    assert signed_out.value.code == "sync_signed_out"
    assert office.owners() == {leaving}
    assert people.find_person(store, "Anna").state is PersonState.ACTIVE, "no lock without the handover"


# -- the command line -----------------------------------------------------------------------------------------------


def test_by_command_line(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    server, petra = office.register.server, office.someone
    office.session.account.sign_out()  # she works from another computer now
    path, clock = tmp_path / "kantoor.diwi", FixedClock(server.clock.now())
    codes = list(petra.recovery)

    def diwi(*arguments: str) -> int:
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{petra.password}\n{codes.pop()}\n"))
        return main([*arguments, "--password-stdin"], clock=clock)

    def users(*arguments: str) -> int:
        return main(["users", str(path), *arguments], clock=clock)

    assert diwi("connect", str(path), server.url, "--email", petra.email) == 0
    # Tess is entered here and nowhere else yet: she is sent first.
    assert users("add", "tess@duinwijk.nl", "--name", "Tess") == 0
    assert users("unlock", "tess@duinwijk.nl") == 0
    capsys.readouterr()
    assert users("handover", "Anna", "Raad van Elf") == 2
    assert "Er is geen persoon" in capsys.readouterr().err
    assert diwi("users", str(path), "handover", "Anna", "tess@duinwijk.nl", "--lock") == 0
    assert capsys.readouterr().out == "Anna → tess@duinwijk.nl: 2 projecten overgedragen\n"
    state = server.sql("SELECT state FROM diwi.membership WHERE person = %s", office.anna.person)
    assert state == [("GEBLOKKEERD",)], "what is done here goes along at once"
    with Store.open(path, author="", clock=clock) as store:
        assert office.owners() == {people.find_person(store, "Tess").id}

    assert main(["login", str(path), "--logout"], clock=clock) == 0
    capsys.readouterr()
    assert users("handover", "Tess", "Bram") == 1
    assert capsys.readouterr().err.startswith("U bent niet aangemeld bij de server en die draagt de projecten over")
