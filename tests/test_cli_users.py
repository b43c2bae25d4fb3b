"""diwi users, and every command in somebody's name."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from diwi_desktop.cli import main
from diwi_desktop.model.clock import FixedClock
from diwi_desktop.model.codes import Confidentiality
from diwi_desktop.model.finding import UserError
from diwi_desktop.model.plan import Writer
from diwi_desktop.store import people, queries, syncstate
from tests.stores import TODAY, add, de_hoek, new_store, reopen

CLOCK = FixedClock.on(TODAY)


class Cli:
    def __init__(self, path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.path, self._capsys = path, capsys
        self.out = self.err = ""

    def __call__(self, command: str, *arguments: str) -> int:
        status = main([command, str(self.path), *arguments], clock=CLOCK)
        self.out, self.err = self._capsys.readouterr()
        return status

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def cli(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Cli:
    with new_store(tmp_path / "a.diwi") as store:
        with store.act("Mensen") as act:
            sanne = act.create(
                "person", {"name": "Sanne", "email": "sanne@x.nl", "role": "UserPlus", "state": "ACTIEF"}
            )
            act.create("person", {"name": "Rik", "email": "rik@x.nl", "role": "User", "state": "ACTIEF"})
        add(store, replace(de_hoek(), writers=[Writer(sanne)]))
        add(store, replace(de_hoek(), name="Stil", confidentiality=Confidentiality.PRIVATE, writers=[Writer(sanne)]))
    return Cli(tmp_path / "a.diwi", capsys)


def test_the_list_as_text_and_as_json(cli: Cli) -> None:
    assert cli("users") == 0
    assert cli.out.splitlines() == [
        "naam   e-mailadres  rol             stand   projecten",
        "-----  -----------  --------------  ------  ---------",
        "Rik    rik@x.nl     Gebruiker       Actief          0",
        "Sanne  sanne@x.nl   Hoofdgebruiker  Actief          2",
        "2 personen, 0 groepen",
    ]
    assert cli("users", "--json", "--as", "sanne@x.nl") == 0
    assert [(p["name"], p["role"], p["projects"]) for p in cli.json["people"]] == [
        ("Rik", "User", 0), ("Sanne", "UserPlus", 2),
    ]  # fmt: skip


def test_a_life_from_invitation_to_leaving(cli: Cli) -> None:
    assert cli("users", "add", "nieuw@x.nl", "--name", "Nieuw", "--role", "Raadslid") == 0
    assert cli.out == "nieuw@x.nl: uitgenodigd als Raadslid\n"
    assert cli("projects", "--as", "nieuw@x.nl") == 1
    assert cli.err == "U heeft geen toegang; vraag een beheerder om u actief te maken.\n"
    assert cli("users", "unlock", "nieuw@x.nl") == 0
    assert cli("users", "role", "nieuw@x.nl", "User") == 0
    assert cli.out == "nieuw@x.nl: Raadslid → Gebruiker\n"
    assert cli("projects", "--as", "nieuw@x.nl", "--json") == 0
    assert [p["name"] for p in cli.json] == ["De Hoek"]
    assert cli("users", "group", "Team", "--add", "nieuw@x.nl", "--add", "rik@x.nl") == 0
    assert cli.out == "Team: 2 leden\n"
    assert cli("users", "handover", "sanne@x.nl", "Team", "--lock") == 0
    assert cli.out == "sanne@x.nl → Team: 2 projecten overgedragen\n"
    assert cli("projects", "--as", "nieuw@x.nl", "--json") == 0
    assert [p["name"] for p in cli.json] == ["De Hoek", "Stil"]
    assert cli("projects", "--as", "sanne@x.nl") == 1
    assert cli("users", "group", "Team", "--remove", "nieuw@x.nl") == 0
    assert cli("users", "group", "Team", "--delete") == 1  # it owns projects
    assert cli("users", "lock", "rik@x.nl") == 0
    assert cli("users", "remove", "sanne@x.nl") == 0
    with reopen(cli.path) as store:
        assert [p.name for p in queries.people(store)] == ["Nieuw", "Rik"]
        assert [len(g.members) for g in people.groups(store)] == [1]
        assert queries.acts(store)[0].name == "Sanne verwijderen"


def test_in_the_name_of(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cli("set", "De Hoek", "description", "Nieuw", "--as", "rik@x.nl") == 1
    assert cli.err == "U heeft geen recht om dit te wijzigen; vraag het de eigenaar of een hoofdgebruiker.\n"
    assert cli("show", "Stil", "--as", "rik@x.nl") == 2
    assert cli("set", "Stil", "description", "Nieuw", "--user", "sanne@x.nl") == 0
    monkeypatch.setenv("DIWI_USER", "rik@x.nl")
    assert cli("projects", "--json") == 0
    assert [p["name"] for p in cli.json] == ["De Hoek"]
    assert cli("history", "--json") == 0
    assert "Stil" not in cli.out
    assert cli("history", "De Hoek", "--as", "sanne@x.nl", "--json") == 0
    assert cli("check", "--for", "zuid-holland") == 1
    assert "hoofdgebruiker" in cli.err
    assert cli("users") == 1
    assert cli("users", "role", "rik@x.nl", "UserPlus") == 1
    monkeypatch.setenv("DIWI_USER", "")
    assert cli("history", "Stil", "--json") == 0
    assert cli.json[0]["author"] == "Sanne"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("projects", "--as", "wie@x.nl"), "Er is geen persoon"),
        (("users", "role", "rik@x.nl", "Baas"), "De rol 'Baas' bestaat niet"),
        (("users", "lock", "wie@x.nl"), "Er is geen persoon"),
        (("users", "group", "Weg", "--delete"), "Er is geen groep"),
        (("users", "group", "Team", "--remove", "rik@x.nl"), "zit niet in deze groep"),
        (("users", "handover", "rik@x.nl", "wie"), "Er is geen persoon"),
    ],
)
def test_wrong_use(cli: Cli, arguments: tuple[str, ...], said: str) -> None:
    assert cli(*arguments) == 2
    assert said in cli.err


def test_an_address_that_is_taken_or_none(cli: Cli) -> None:
    assert cli("users", "add", "rik@x.nl") == 1
    assert cli("users", "add", "geen adres") == 1


def test_import_reads_in_somebodys_name(cli: Cli, tmp_path: Path) -> None:
    from diwi_desktop.exchange.excel.template import write_template

    with reopen(cli.path) as store:
        write_template(store, tmp_path / "leeg.xlsx")
    assert cli("import", str(tmp_path / "leeg.xlsx"), "--as", "excel", "--user", "rik@x.nl") == 1
    assert cli.err == "Met uw rol kunt u geen bestanden inlezen; vraag het een hoofdgebruiker.\n"
    assert cli("import", str(tmp_path / "leeg.xlsx"), "--user", "sanne@x.nl") == 0


def test_an_administrator_of_a_connected_register_is_not_told_that_nobody_has_projects(cli: Cli) -> None:
    with reopen(cli.path) as store, store.act("Beheerder") as act:
        act.create("person", {"name": "Bea", "email": "bea@x.nl", "role": "Admin", "state": "ACTIEF"})
    assert cli("users", "--as", "bea@x.nl") == 0
    assert "Hoofdgebruiker  Actief          2" in cli.out, "alone he has the whole register"
    with reopen(cli.path) as store:
        bea = people.find_person(store, "bea@x.nl").id
        with store.transaction() as connection:
            who = {"person": bea, "name": "Bea", "email": "bea@x.nl", "role": "Admin", "groups": []}
            syncstate.put(connection, {"url": "https://diwi.nl", "register": "r1", "viewer": json.dumps(who),
                                       "lease_until": "2999-01-01T00:00:00+00:00"})  # fmt: skip
    assert cli("users") == 0
    assert "Hoofdgebruiker  Actief          –" in cli.out
    assert cli.out.splitlines()[-1].startswith("projecten: –, want een beheerder krijgt geen projecten")
    assert cli("users", "--json") == 0
    assert {p["projects"] for p in cli.json["people"]} == {None}
    assert cli("users", "handover", "sanne@x.nl", "rik@x.nl") == 1
    assert cli.err == (
        "U bent niet aangemeld bij de server en die draagt de projecten over; meld u aan en probeer het opnieuw.\n"
    )
    with reopen(cli.path) as store, pytest.raises(UserError) as refused:
        people.hand_over(store, bea, people.find_person(store, "rik@x.nl").id)
    assert refused.value.code == "owners_not_here"
