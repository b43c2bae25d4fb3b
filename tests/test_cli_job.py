"""The main job by the command line only: import, draw, plan, check, deliver; every step as a user would type it."""

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from diwi_desktop.cli import main
from diwi_desktop.model.clock import FixedClock
from tests.basedata.samples import gml_v5, write_text
from tests.exchange.excel.town import EXPECTED, TODAY, fill
from tests.exchange.excel.workbook import Template
from tests.realdata import real_data

MAPPING = {
    "opdrachtgever_type": "Onbekend",
    "ph_text1": {"constant": "1b kansrijke plannen"},
    "ph_short2": {"source": "houseblock.student", "constant": "0"},
    "opmerkingen_basis": {"source": "Toelichting"},
}


class Cli:
    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.store = folder / "duinwijk.diwi"
        self._capsys = capsys

    def __call__(self, command: str, *arguments: str, status: int = 0) -> str:
        found = main([command, str(self.store), *arguments], clock=FixedClock.on(TODAY))
        out, err = self._capsys.readouterr()
        assert found == status, out + err
        return out

    def json(self, command: str, *arguments: str, status: int = 0) -> Any:
        return json.loads(self(command, *arguments, "--json", status=status))


@pytest.fixture
def cli(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Cli:
    run = Cli(tmp_path, capsys)
    run("init", "--municipality-code", "0999", "--municipality", "Duinwijk", "--province", "Zuid-Holland")
    return run


def town(template: Template, folder: Path) -> str:
    fill(template)
    return str(template.save(folder / "plannen.xlsx"))


def counted(row: dict[str, Any], *parts: str) -> int:
    """The homes of a year in the cells whose name holds all parts."""
    return sum(n for key, n in row.items() if isinstance(n, int) and key != "jaartal" and all(p in key for p in parts))


def the_job(cli: Cli, excel: str, parcels: str, designations: list[str], area: float) -> None:
    # Import: what is missing is told with its place, made, and the same file goes in; a second time it does nothing.
    errors = cli.json("import", excel, status=1)["errors"]
    assert all(error["row"] and error["column"] and error["message"] for error in errors)
    assert cli.json("projects") == []
    done = cli.json("import", excel, "--create-missing")
    assert (done["created"], done["errors"]) == (22, [])
    again = cli.json("import", excel)
    assert (again["created"], again["skipped"]) == (0, 22)
    rows = {row["name"]: row for row in cli.json("projects")}
    for expected in EXPECTED.values():
        row = rows[expected.name]
        assert (row["built"], row["demolished"], row["phase"]) == (expected.built, expected.demolished, expected.phase)

    # Draw: parcels from the cadastre, three of them as the plan area.
    assert cli.json("import", parcels)["objects"] >= 3
    cli("set", "De Haven", "percelen", "; ".join(designations))
    assert cli.json("show", "De Haven")["area_m2"] == pytest.approx(area, abs=0.1)

    # Plan: move a milestone; the figures stay.
    cli("set", "De Haven", "Start realisatie", "01-03-2026")
    shown = cli.json("show", "De Haven")
    assert ("PHASE_6_REALIZATION", "2026-03-01") in [(m["type"], m["date"]) for m in shown["milestones"]]
    assert shown["per_year"] == [{"year": 2026 + n, "built": 10 * (n + 1), "demolished": 0} for n in range(3)]

    # Check and mend: the province asks for more than the register does.
    mapping = cli.folder / "koppeling.json"
    mapping.write_text(json.dumps(MAPPING), encoding="utf-8")
    out = cli.folder / "duinwijk.pzh.geojson"
    deliver = ("--to", "zuid-holland", "--out", str(out), "--mapping", str(mapping))
    refused = cli.json("export", *deliver, status=1)["errors"]
    assert {"De Haven", "Bosrand"} & {error["project_name"] for error in refused} == {"Bosrand"}
    assert not out.exists()
    cli("set", "Bosrand", "planstatus", "3 In voorbereiding")

    # Deliver: the faultless ones go, the others are named; read back with nothing but the json module.
    done = cli.json("export", *deliver, "--leave-out-faulty")
    left_out = {item["name"] for item in done["left_out"]}
    data = json.loads(out.read_text(encoding="utf-8"))
    features = {feature["properties"]["plannaam"]: feature for feature in data["features"]}
    assert {"De Haven", "Bosrand"} <= set(features)
    assert not left_out & set(features)
    assert data["crs"]["properties"]["name"] == "EPSG:28992"
    haven = features["De Haven"]
    assert haven["geometry"]["type"] == "MultiPolygon"
    assert haven["properties"]["ph_text9"] == rows["De Haven"]["id"]
    assert haven["properties"]["ph_date1"] == "2026-03-01"
    years = {row["jaartal"]: row for row in haven["properties"]["year_properties"]}
    assert {year: counted(row) for year, row in years.items()} == {2026: 10, 2027: 20, 2028: 30}
    (row,) = features["Bosrand"]["properties"]["year_properties"]
    assert {key: n for key, n in row.items() if isinstance(n, int) and n} == {
        "jaartal": 2028, "onbekend_koop1": 10, "onbekend_koop2": 15, "onbekend_koop4": 5,
    }  # fmt: skip

    # Account for it: the submission is in the log, and the tables follow from the log.
    assert "anlever" in cli.json("history")[0]["name"]
    assert cli.json("history", "Bosrand")[0]["act_name"].startswith("Planstatus")
    cli("verify")


def test_the_whole_job(cli: Cli) -> None:
    parcels = write_text(cli.folder / "percelen.gml", gml_v5())
    excel = town(Template.scratch(), cli.folder)
    rows = [f"HKK00-B-{number}" for number in (100, 101, 102)]
    the_job(cli, excel, str(parcels), rows, 600.0)


def test_the_whole_job_with_the_real_template_and_real_parcels(cli: Cli) -> None:
    excel = town(Template.real(real_data("diwi_excel_import_template.xlsx")), cli.folder)
    parcels = real_data("brk_v5_perceel_otterlo.gml")
    the_job(cli, excel, str(parcels), [f"OTL02-B-{number}" for number in (2298, 2299, 2300)], 1028.53)


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONIOENCODING": "utf-8", **environment}
    return subprocess.run(
        [sys.executable, "-m", "diwi_desktop", *arguments],
        capture_output=True,
        encoding="utf-8",
        env=env,
        timeout=120,
        check=False,
    )


def test_as_a_program(tmp_path: Path) -> None:
    store = str(tmp_path / "demo.diwi")
    made = run("demo", store, "--projects", "3", "--parcels", "120", "--seed", "7")
    assert (made.returncode, made.stderr) == (0, "")
    listed = run("projects", store, "--json")
    assert len(json.loads(listed.stdout)) == 3
    assert run("verify", store).returncode == 0
    assert run("demo", store).returncode == 2
    wrong = run("projects")
    assert wrong.returncode == 2
    assert "gebruik: " in wrong.stderr
    none = run(str(tmp_path / "niets.diwi"))
    assert none.returncode == 2
    assert none.stderr.count("\n") == 1


def test_reading_commands_load_neither_qt_nor_the_map_libraries(tmp_path: Path) -> None:
    code = (
        "import sys; from diwi_desktop.cli import main; status = main(['projects', sys.argv[1]]);"
        "heavy = [m for m in ('PySide6', 'shapely', 'numpy', 'openpyxl', 'pyproj') if m in sys.modules];"
        "print(status, heavy, file=sys.stderr)"
    )
    store = tmp_path / "leeg.diwi"
    main(["init", str(store), "--municipality-code", "0999", "--municipality", "X", "--province", "Y"])
    done = subprocess.run(
        [sys.executable, "-c", code, str(store)], capture_output=True, encoding="utf-8", timeout=60, check=False
    )
    assert done.stderr.splitlines()[-1] == "0 []"


def test_a_demo_of_any_day_starts_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = str(tmp_path / "demo.diwi")
    clock = FixedClock.on(date(2027, 3, 1))
    assert main(["demo", store, "--projects", "4", "--parcels", "150"], clock=clock) == 0
    assert "4 projecten in Duinwijk" in capsys.readouterr().out
    assert main(["check", store, "--for", "onbekend"], clock=clock) == 2
    assert "zuid_holland" in capsys.readouterr().err
