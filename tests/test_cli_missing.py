"""`diwi import --create-missing`: own fields that a file names are made, of the type that was asked for."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from diwi_desktop.cli import main
from diwi_desktop.cli.missing import separated
from diwi_desktop.model.clock import FixedClock
from diwi_desktop.store import Store, queries
from tests.exchange.excel.workbook import Homes, Template, project

CLOCK = FixedClock.on(date(2025, 6, 1))
CLIENTS = ("Gemeente Duinwijk", "Van Dam Bouw", "Corporatie De Kade")


class Import:
    """Imports one file into one store."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.store = folder / "duinwijk.diwi"
        self.capsys = capsys
        template = Template.scratch()
        for number, client in enumerate(CLIENTS, start=1):
            own = {"Opdrachtgever": client, "Toelichting": f"Zin {number}"}
            template.add(project(number, f"Plan {number}", own=own), (Homes(5), None))
        self.file = str(template.save(folder / "plannen.xlsx"))
        place = ("--municipality-code", "0999", "--municipality", "Duinwijk", "--province", "Zuid-Holland")
        assert main(["init", str(self.store), *place], clock=CLOCK) == 0
        self.out = self.err = ""

    def __call__(self, *arguments: str) -> int:
        status = main(["import", str(self.store), *arguments], clock=CLOCK)
        self.out, self.err = self.capsys.readouterr()
        return status

    def fields(self) -> dict[str, tuple[str, set[str]]]:
        """Per own field its type and its choices."""
        with Store.open(self.store, author="", clock=CLOCK, read_only=True) as store:
            return {
                own.name: (own.type.value, {o.name for o in queries.option_list(store, own.id)})
                for own in queries.own_fields(store)
            }

    def projects(self) -> int:
        with Store.open(self.store, author="", clock=CLOCK, read_only=True) as store:
            return len(queries.project_rows(store))


@pytest.fixture
def importing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Import:
    return Import(tmp_path, capsys)


def test_the_refusal_names_the_option(importing: Import) -> None:
    assert importing(importing.file) == 1
    assert "2 fouten; er is niets ingelezen." in importing.err
    assert "--create-missing 'Opdrachtgever=categorie'" in importing.err
    assert "gerangschikt, getal, ja/nee, tekst" in importing.err
    assert importing.fields() == {}


def test_without_a_name_all_are_made_as_they_look(importing: Import) -> None:
    assert importing("--create-missing", importing.file) == 0, importing.err
    assert importing.fields() == {"Opdrachtgever": ("TEXT", set()), "Toelichting": ("TEXT", set())}


def test_a_type_is_chosen_beside_the_guess_of_the_others(importing: Import) -> None:
    assert importing(importing.file, "--create-missing", "opdrachtgever=Categorie", "--create-missing") == 0
    assert importing.fields() == {"Opdrachtgever": ("CATEGORY", set(CLIENTS)), "Toelichting": ("TEXT", set())}
    assert importing.projects() == 3
    again = ("--create-missing", "Opdrachtgever=categorie", importing.file)
    assert importing(*again) == 0
    assert "3 overgeslagen" in importing.out


def test_the_option_is_repeatable(importing: Import) -> None:
    wanted = ("--create-missing", "Opdrachtgever=categorie", "--create-missing=Toelichting=tekst")
    assert importing(*wanted, importing.file) == 0, importing.err
    assert importing.fields() == {"Opdrachtgever": ("CATEGORY", set(CLIENTS)), "Toelichting": ("TEXT", set())}


def test_only_what_was_named_is_made_and_nothing_when_more_is_missing(importing: Import) -> None:
    assert importing(importing.file, "--create-missing", "Opdrachtgever=categorie") == 1
    assert "--create-missing" in importing.err
    assert (importing.fields(), importing.projects()) == ({}, 0)


def test_a_type_that_the_values_do_not_fit_leaves_nothing_behind(importing: Import) -> None:
    assert importing(importing.file, "--create-missing", "Opdrachtgever=getal", "--create-missing") == 2
    assert "Opdrachtgever" in importing.err
    assert (importing.fields(), importing.projects()) == ({}, 0)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("Opdrachtgever=lijstje", "'lijstje' is geen soort veld; kies uit categorie"),
        ("=categorie", "geen NAAM=SOORT"),
        ("Opdrachtgver=categorie", "het bestand vraagt geen eigen veld 'Opdrachtgver'"),
    ],
)
def test_wrong_use(importing: Import, given: str, words: str) -> None:
    assert importing(importing.file, "--create-missing", given) == 2
    assert words in importing.err
    assert (importing.fields(), importing.projects()) == ({}, 0)


def test_two_types_for_one_field(importing: Import) -> None:
    wanted = ("--create-missing", "Toelichting=tekst", "--create-missing", "toelichting=getal")
    assert importing(importing.file, *wanted) == 2
    assert "twee soorten" in importing.err


def test_a_field_that_is_there_keeps_its_type(importing: Import) -> None:
    assert importing(importing.file, "--create-missing") == 0
    assert importing(importing.file, "--create-missing", "Opdrachtgever=categorie") == 2
    assert "is er al, met de soort Open tekstveld" in importing.err


def test_a_category_of_the_file_is_nothing_else(importing: Import, tmp_path: Path) -> None:
    template = Template.scratch()
    template.add(project(1, "Kade", roles={"Bouwer": "Van Dam"}), (Homes(5), None))
    file = str(template.save(tmp_path / "rollen.xlsx"))
    assert importing(file, "--create-missing", "Bouwer=tekst") == 2
    assert "als categorie" in importing.err
    assert importing.fields() == {}
    assert importing(file, "--create-missing", "Bouwer=categorie") == 0, importing.err
    assert importing.fields() == {"Bouwer": ("CATEGORY", {"Van Dam"})}


def test_the_help_lists_the_types(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "--help"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "--create-missing [NAAM=SOORT]" in out
    assert "categorie, gerangschikt, getal, ja/nee, tekst" in out


def test_the_option_takes_no_file_for_a_name() -> None:
    assert separated(["import", "a", "--create-missing", "b.xlsx"]) == ["import", "a", "--create-missing=", "b.xlsx"]
    assert separated(["--create-missing", "--mapping=x"]) == ["--create-missing=", "--mapping=x"]
    assert separated(["--create-missing", "A=getal"]) == ["--create-missing", "A=getal"]
    assert separated(["--create-missing"]) == ["--create-missing="]


def test_a_type_that_the_values_refuse_is_told_with_an_example(importing: Import) -> None:
    assert importing(importing.file, "--create-missing", "Opdrachtgever=getal") == 2
    assert "'Opdrachtgever' kan niet de soort Getal krijgen" in importing.err
    assert "'Gemeente Duinwijk'" in importing.err
    assert importing.fields() == {}
