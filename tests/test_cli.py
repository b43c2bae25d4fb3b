"""The command line, in process: what it prints, what it changes, and its exit status."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely
from shapely import MultiPolygon, box

from diwi_desktop.basedata.layers import write_parcels
from diwi_desktop.basedata.records import ParcelTable
from diwi_desktop.cli import main
from diwi_desktop.model.clock import FixedClock
from diwi_desktop.model.codes import Confidentiality, MilestoneState, OwnershipType, Phase, PlanStatus, PlanType
from diwi_desktop.model.derive import phase_type, status_type
from diwi_desktop.model.plan import (
    Block,
    Delivery,
    Milestone,
    Ownership,
    Plan,
    PlanArea,
    Range,
)
from diwi_desktop.store import Store, queries
from diwi_desktop.store.plans import write_plan

CLOCK = FixedClock.on(date(2026, 11, 1))
DONE = MilestoneState.REALIZED


class Cli:
    """Runs commands on one store and keeps what they print."""

    def __init__(self, store: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.store = store
        self._capsys = capsys
        self.out = self.err = ""

    def __call__(self, command: str, *arguments: str, clock: FixedClock = CLOCK) -> int:
        status = main([command, str(self.store), *arguments], clock=clock)
        self.out, self.err = self._capsys.readouterr()
        return status

    def json(self, command: str, *arguments: str, status: int = 0) -> Any:
        assert self(command, *arguments, "--json") == status, self.err
        return json.loads(self.out)


@pytest.fixture
def cli(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Cli:
    run = Cli(tmp_path / "duinwijk.diwi", capsys)
    place = ("--municipality-code", "0999", "--municipality", "Duinwijk", "--province", "Zuid-Holland")
    assert run("init", *place, clock=FixedClock.on(date(2026, 5, 1))) == 0
    return run


def a_plan(store: Store) -> Plan:
    (town,) = queries.option_list(store, "municipality")
    shape = shapely.set_srid(MultiPolygon([box(107000, 499000, 107100, 499050)]), 28992)
    return Plan(
        "Aan de Vaart",
        date(2025, 1, 1),
        date(2031, 12, 31),
        confidentiality=Confidentiality.PUBLIC,
        plan_types=[PlanType.VERDICHTING],
        municipality=town.id,
        areas=[PlanArea(shapely.to_wkb(shape, include_srid=True))],
        milestones=[
            Milestone(phase_type(Phase.DESIGN), date(2026, 1, 1), DONE),
            Milestone(status_type(PlanStatus.S3), date(2025, 6, 1), DONE),
        ],
        blocks=[
            Block(
                "Blok A",
                number=30,
                size=Range(70, 95.5),
                deliveries=[Delivery(date(2028, 6, 1), 10), Delivery(date(2029, 6, 1), 20)],
                ownerships=[Ownership(OwnershipType.BUY, 20, price=Range(30_000_000, 39_000_000))],
            )
        ],
    )


@pytest.fixture
def filled(cli: Cli) -> Cli:
    with Store.open(cli.store, author="a.jansen", clock=FixedClock.on(date(2026, 6, 1))) as store:
        with store.act("Project toevoegen") as act:
            write_plan(act, a_plan(store))
        squares = [MultiPolygon([box(x, 0, x + 10, 10)]) for x in (0, 10, 50)]
        write_parcels(
            store,
            ParcelTable(
                [f"DMO00-A-{n}" for n in (1, 2, 3)], ["DMO00"] * 3, ["A"] * 3, [1, 2, 3], ["1", "2", "3"], [100.0] * 3,
                shapely.from_wkb(shapely.to_wkb(squares)),
            ),
        )  # fmt: skip
    return cli


def test_init_makes_a_store_and_never_writes_over_one(cli: Cli) -> None:
    assert cli("projects") == 0
    assert cli.out.splitlines()[-1] == "0 projecten"
    assert cli("init", "--municipality-code", "0999", "--municipality", "X", "--province", "Y") == 2
    assert "bestaat al" in cli.err
    assert not cli.out


def test_projects(filled: Cli) -> None:
    (row,) = filled.json("projects")
    assert list(row) == [
        "id", "code", "name", "phase", "plan_status", "status", "confidentiality", "built", "demolished", "net",
        "area_m2",
    ]  # fmt: skip
    assert row["name"] == "Aan de Vaart"
    assert (row["phase"], row["plan_status"]) == (Phase.DESIGN, PlanStatus.S3)
    assert (row["built"], row["demolished"], row["net"], row["area_m2"]) == (30, 0, 30, 5000.0)
    assert filled("projects") == 0
    head, _, line, total = filled.out.splitlines()
    assert head.split() == ["code", "naam", "fase", "planstatus", "vertrouwelijkheid", "bouw", "sloop", "netto", "m²"]
    assert line.endswith("5.000")
    assert head.index("planstatus") == line.index("3 In voorbereiding")
    assert total == "1 project"


def test_projects_of_a_past_day(filled: Cli) -> None:
    assert filled.json("projects", "--as-of", "31-05-2026") == []
    assert len(filled.json("projects", "--as-of", "2026-06-01")) == 1
    assert filled("set", "Aan de Vaart", "name", "Vaartzicht") == 0
    assert filled.json("projects", "--as-of", "31-10-2026")[0]["name"] == "Aan de Vaart"
    assert filled.json("projects")[0]["name"] == "Vaartzicht"
    assert filled("projects", "--as-of", "gisteren") == 2
    assert filled.err.startswith("'gisteren' is geen datum")


def test_show_holds_everything_and_what_follows_from_it(filled: Cli) -> None:
    found = filled.json("show", "aan de vaart")
    assert (found["phase"], found["status"], found["net"]) == ("_4_DESIGN", "ACTIVE", 30)
    assert found["municipality"] == "Duinwijk"
    assert found["per_year"] == [
        {"year": 2028, "built": 10, "demolished": 0},
        {"year": 2029, "built": 20, "demolished": 0},
    ]
    (block,) = found["blocks"]
    assert block["size"] == [70, 95.5]
    assert block["ownerships"][0]["price"] == [30_000_000, 39_000_000]
    assert [d["date"] for d in block["deliveries"]] == ["2028-06-01", "2029-06-01"]
    assert found["plan_areas"][0]["geometry"]["type"] == "MultiPolygon"
    assert [f["code"] for f in found["findings"]] == []
    assert filled("show", found["code"]) == 0
    for line in (
        "Projectfase         4 Ontwerp",
        "Gemeente            Duinwijk",
        "Blok 'Blok A': bouw, 30",
        "  Woonoppervlak: 70-95,5",
        "  eigendom en waarde: Koopwoning, 20, € 300.000 – 390.000",
    ):
        assert line in filled.out.splitlines()
    assert filled("show", "Nergens") == 2
    assert filled.err == "Er is geen project met de naam, de code of het nummer 'Nergens'.\n"


@pytest.mark.parametrize(
    ("field", "value", "printed"),
    [
        ("name", "Vaartzicht", "Projectnaam: Aan de Vaart → Vaartzicht"),
        ("Einddatum", "1-2-2032", "Einddatum: 31-12-2031 → 01-02-2032"),
        ("Plantype", "Herstructurering", "Plantype: Verdichting → Herstructurering"),
        ("Rol gemeente", "opdrachtgever; vergunningverlener",
         "Rol gemeente: (leeg) → Opdrachtgever; Vergunningverlener"),
        ("prioriteit", "1-2", "Prioriteit: (leeg) → 1 Hoog - 2 Middel"),
        ("gemeente", "", "Gemeente: Duinwijk → (leeg)"),
        ("confidentiality", "Openbaar", "Vertrouwelijkheid: was al Openbaar"),
        ("Blok A/aantal", "32", "Aantal: 30 → 32"),
        ("blok a/Woonoppervlak", "60-", "Woonoppervlak: 70-95,5 → 60-"),
        ("Start bouw woningen", "01-03-2027", "Start bouw woningen: (leeg) → 01-03-2027 gepland"),
        ("PHASE_4_DESIGN", "01-02-2026", "Start ontwerp: 01-01-2026 gerealiseerd → 01-02-2026 gerealiseerd"),
        ("start ontwerp", "01-02-2027 gepland", "Start ontwerp: 01-01-2026 gerealiseerd → 01-02-2027 gepland"),
        ("start ontwerp", "", "Start ontwerp: 01-01-2026 gerealiseerd → (leeg)"),
        ("fase", "5 Voorbereiding", "Start voorbereiding: (leeg) → 01-11-2026 gerealiseerd"),
    ],
)  # fmt: skip
def test_set_is_one_edit_that_can_be_seen(filled: Cli, field: str, value: str, printed: str) -> None:
    before = filled.json("history")[0]["seq"]
    assert filled("set", "Aan de Vaart", field, value) == 0, filled.err
    assert filled.out.strip() == printed
    assert filled.json("history")[0]["seq"] - before == ("was al" not in printed)
    assert filled("verify") == 0


def test_set_moves_the_phase(filled: Cli) -> None:
    assert filled("set", "Aan de Vaart", "fase", "_5_PREPARATION") == 0
    assert filled.json("projects")[0]["phase"] == "_5_PREPARATION"


def test_set_draws_the_plan_area_from_parcels(filled: Cli) -> None:
    assert filled("set", "Aan de Vaart", "percelen", "DMO00-A-1; DMO00-A-2") == 0
    found = filled.json("show", "Aan de Vaart")
    assert found["area_m2"] == 200.0
    assert [p["designation"] for p in found["parcels"]] == ["DMO00-A-1", "DMO00-A-2"]
    assert len(found["plan_areas"]) == 1
    assert filled("set", "Aan de Vaart", "percelen", "DMO00-A-9") == 2
    assert filled("set", "Aan de Vaart", "percelen", "") == 0
    assert filled.json("show", "Aan de Vaart")["plan_areas"] == []


@pytest.mark.parametrize(
    ("field", "value", "status", "sentence"),
    [
        ("name", "", 1, "Projectnaam moet ingevuld zijn."),
        ("end_date", "01-01-2024", 1, "De einddatum 01-01-2024 ligt niet na de startdatum 01-01-2025."),
        ("end_date", "morgen", 1, "Einddatum: 'morgen' is geen datum; typ bijvoorbeeld 31-12-2026."),
        ("gemeente", "Utrecht", 1, "Gemeente: 'Utrecht' staat niet in de lijst."),
        ("Blok A/aantal", "19", 1, "Blok 'Blok A': eigendom en waarde samen 20 woningen, meer dan de 19 van het blok."),
        ("start ontwerp", "straks", 1, "Datum: 'straks' is geen datum; typ bijvoorbeeld 31-12-2026."),
        ("start ontwerp", "01-02-2026 ooit", 1, "Stand: 'ooit' staat niet in de lijst."),
        ("fase", "9", 1, "Mijlpaal: '9' staat niet in de lijst."),
        ("code", "X", 2, "Het veld Projectcode is niet te wijzigen."),
        ("kleurtje", "rood", 2, "Er is geen veld 'kleurtje'."),
        ("Blok B/aantal", "1", 2, "Er is geen woningblok 'Blok B'."),
        ("Blok A/kleur", "1", 2, "Een woningblok heeft geen veld 'kleur'."),
    ],
)
def test_set_refuses_in_one_sentence_and_changes_nothing(
    filled: Cli, field: str, value: str, status: int, sentence: str
) -> None:
    before = filled.json("history")
    assert filled("set", "Aan de Vaart", field, value) == status
    assert filled.err.startswith(sentence)
    assert filled.json("history") == before


def test_check_tells_errors_by_its_exit_status(filled: Cli) -> None:
    assert filled.json("check") == {"errors": [], "warnings": []}
    filled("set", "Aan de Vaart", "plantype", "")
    found = filled.json("check")
    assert [w["code"] for w in found["warnings"]] == ["plan_type_missing"]
    filled("set", "Aan de Vaart", "gemeente", "")
    found = filled.json("check", status=1)
    assert [e["code"] for e in found["errors"]] == ["field_missing"]
    assert set(found["errors"][0]) >= {"code", "row", "column", "value", "message"}
    assert filled("check") == 1
    assert filled.out.splitlines()[-1] == "1 fout, 1 waarschuwing"
    assert "Gemeente is niet ingevuld." in filled.out


def test_history(filled: Cli) -> None:
    filled("set", "Aan de Vaart", "projectleider", "J. de Boer")
    acts = filled.json("history")
    assert acts[0]["name"] == "Projectleider wijzigen"
    assert acts[-1]["name"] == "Gemeente aanmaken"
    assert filled("history", "Aan de Vaart") == 0
    last = filled.out.splitlines()[2]
    assert last.startswith("01-11-2026 13:00")
    assert last.endswith("  J. de Boer")
    assert "Project: Projectleider" in last
    entry = filled.json("history", "Aan de Vaart")[0]
    assert (entry["field"], entry["old"], entry["new"]) == ("project_leader", None, "J. de Boer")


def test_history_says_which_part_it_is_about(filled: Cli) -> None:
    filled("set", "Aan de Vaart", "START_BOUW", "01-05-2028 gepland")
    filled("set", "Aan de Vaart", "START_BOUW", "01-06-2028")
    assert filled("history", "Aan de Vaart") == 0
    told = [" ".join(line.split()) for line in filled.out.splitlines()]
    assert any("Mijlpaal 'Start bouw woningen' gemaakt 01-05-2028, Gepland" in line for line in told), filled.out
    assert any("Mijlpaal 'Start bouw woningen': Datum 01-05-2028 01-06-2028" in line for line in told), filled.out
    assert any("Oplevering '01-06-2028' gemaakt 10" in line for line in told)


def test_verify(filled: Cli) -> None:
    assert filled("verify") == 0
    assert filled.out == "Het bestand is in orde: de tabellen volgen uit het logboek.\n"
    with Store.open(filled.store, author="x", clock=CLOCK) as store:
        store._connection.execute("UPDATE project SET name = 'Anders'")
    assert filled("verify") == 1
    assert "wijkt op 1 plaatsen af" in filled.out


@pytest.mark.parametrize(
    "arguments",
    [
        ["projecten"],
        ["set", "x.diwi", "a"],
        ["import", "x.diwi", "y.xlsx", "--as", "word"],
        ["demo", "x.diwi", "--projects", "veel"],
        ["export", "x.diwi", "--out", "y"],
        ["projects", "x.diwi"],
        ["--nonsense"],
    ],
)
def test_wrong_use_is_two(arguments: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    arguments = [str(tmp_path / a) if a == "x.diwi" else a for a in arguments]
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert not out
    assert err
    assert "Traceback" not in err


def test_a_file_that_is_not_there_or_not_a_store(cli: Cli, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert cli("import", str(tmp_path / "geen.xlsx")) == 2
    assert "is er niet" in cli.err
    other = tmp_path / "tekst.diwi"
    other.write_text("geen register", encoding="utf-8")
    assert main(["projects", str(other)]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_reading_goes_on_while_the_window_has_the_store_but_writing_does_not(filled: Cli) -> None:
    with Store.open(filled.store, author="venster", clock=CLOCK):
        assert filled("projects") == 0
        assert filled("set", "Aan de Vaart", "name", "Anders") == 1
        assert len(filled.err.splitlines()) == 1


def test_version_and_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("diwi ")
    assert main(["--help"]) == 0
    assert "OPDRACHT" in capsys.readouterr().out


def test_what_is_switched_off_gets_no_new_value_here_either(filled: Cli) -> None:
    with Store.open(filled.store, author="t", clock=CLOCK) as store:
        with store.act("Veld") as act:
            field = act.create("own_field", {"object": "project", "name": "Wethouder", "type": "TEXT"})
        role = queries.option_list(store, "municipalityRole")[0]
    assert filled("set", "Aan de Vaart", "Wethouder", "Jansen") == 0
    with Store.open(filled.store, author="t", clock=CLOCK) as store, store.act("Uitzetten") as act:
        act.set("own_field", field, "disabled", True)
        act.set("option", role.id, "disabled", True)
    assert filled("set", "Aan de Vaart", "Wethouder", "De Vries") == 1
    assert "Het veld 'Wethouder' is uitgezet en krijgt geen nieuwe waarden." in filled.err
    assert filled("set", "Aan de Vaart", "Rol gemeente", role.name) == 1
    assert "is uitgezet" in filled.err
    assert filled.json("show", "Aan de Vaart")["own"]["Wethouder"] == "Jansen"
    assert filled("set", "Aan de Vaart", "Wethouder", "") == 0


def test_without_a_command_the_window_opens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from diwi_desktop.gui import app

    opened: list[Path | None] = []

    def run(path: Path | None = None, *_: object) -> int:
        opened.append(path)
        return 0

    monkeypatch.setattr(app, "run", run)
    store = tmp_path / "duinwijk.diwi"
    assert main([str(store)]) == 2
    assert "geen opdracht en geen bestand" in capsys.readouterr().err
    store.touch()
    assert main([str(store)]) == 0
    assert main([]) == 0
    assert opened == [store, None]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["set"], "hier ontbreekt: STORE, PROJECT, VELD, WAARDE"),
        (["projects", "a.diwi", "b.diwi"], "dit hoort er niet bij: b.diwi"),
        (["import", "a.diwi", "b.xlsx", "--as", "pdf"], "--as: 'pdf' kan niet; kies uit "),
        (["demo", "a.diwi", "--seed", "x"], "--seed: 'x' is geen getal dat hier kan"),
        (["demo", "a.diwi", "--seed"], "--seed: hier hoort één waarde bij"),
        (["check", "a.diwi", "--json=ja"], "--json: hier hoort geen waarde bij, ook niet 'ja'"),
    ],
)
def test_complaints_are_in_dutch(arguments: list[str], complaint: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments, clock=CLOCK) == 2
    said = capsys.readouterr().err
    assert f"verkeerd gebruik: {complaint}" in said
    assert said.startswith("gebruik: diwi ")


def test_help_is_in_dutch(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["set", "--help"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("gebruik: diwi set ")
    for heading in ("wat u opgeeft:", "opties:", "toon deze uitleg"):
        assert heading in said
    for word in ("usage", "positional", "options", "show this"):
        assert word not in said


def test_the_number_in_the_file_finds_a_project_where_no_name_does(filled: Cli) -> None:
    with Store.open(filled.store, author="x", clock=CLOCK) as store, store.act("Nummers") as act:
        project = queries.find_project(store, "Aan de Vaart")
        act.set("project", project, "source_id", "103")
    assert filled("set", "103", "projectleider", "J. de Boer") == 0
    assert filled.json("show", "Aan de Vaart")["project_leader"] == "J. de Boer"
    assert filled("show", "104") == 2
    assert "de naam, de code of het nummer '104'" in filled.err
    with Store.open(filled.store, author="x", clock=CLOCK) as store, store.act("Dubbel") as act:
        other = write_plan(act, replace(a_plan(store), name="Tweede", source_id="103"))
    assert filled("show", "103") == 2
    assert "Er zijn 2 projecten met nummer '103'; gebruik de projectcode." in filled.err
    with Store.open(filled.store, author="x", clock=CLOCK) as store, store.act("Naam") as act:
        act.set("project", other, "name", "103")
    assert filled.json("show", "103")["id"] == other, "a name goes before a number"
