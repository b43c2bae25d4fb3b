"""The whole job by the command line only: each command a process of its own, as in a script."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyogrio
import pytest
import shapely

from tests.exchange.excel.workbook import Template
from tests.realdata import real_data
from tests.whole import town
from tests.whole.ground import Ground, otterlo, own

MAPPING = {
    "opdrachtgever_type": {"source": "Opdrachtgever"},
    "ph_text1": {"source": "Categorie planlijst"},
    "ph_short2": {"source": "houseblock.student", "constant": "0"},
}
# A program reads the day from the machine; this gives it the day of the test.
CLOCK = f"""
import datetime, diwi_desktop.model.clock as clock
clock.SystemClock.now = lambda self: datetime.datetime({town.TODAY:%Y, %-m, %-d}, 12, tzinfo=datetime.timezone.utc)
"""
ERROR_KEYS = {"code", "row", "column", "value", "message"}


@dataclass
class Diwi:
    """`diwi COMMAND STORE ...` in a folder, on the day of the test."""

    folder: Path

    def __post_init__(self) -> None:
        clock = self.folder / "klok"
        clock.mkdir()
        (clock / "sitecustomize.py").write_text(CLOCK, encoding="utf-8")
        path = os.pathsep.join([str(clock), str(Path(__file__).resolve().parents[2])])
        self.environment = {**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"}

    @property
    def store(self) -> Path:
        return self.folder / "duinwijk.diwi"

    def run(self, command: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "diwi_desktop", command, str(self.store), *arguments],
            capture_output=True, encoding="utf-8", env=self.environment, timeout=60, check=False,
        )  # fmt: skip

    def __call__(self, command: str, *arguments: str, status: int = 0) -> str:
        done = self.run(command, *arguments)
        assert done.returncode == status, f"status {done.returncode}\n{done.stdout}{done.stderr}"
        assert "Traceback" not in done.stderr
        return done.stdout

    def json(self, command: str, *arguments: str, status: int = 0) -> Any:
        return json.loads(self(command, *arguments, "--json", status=status))


@pytest.fixture
def diwi(tmp_path: Path) -> Diwi:
    return Diwi(tmp_path)


def import_plans(diwi: Diwi, excel: str) -> dict[str, dict[str, Any]]:
    """Refused with every error in its place; with what is missing made it goes in; a second time nothing happens."""
    errors = diwi.json("import", excel, status=1)["errors"]
    assert {e["code"] for e in errors} == {
        "unknown_project_category_property", "unknown_project_property", "unknown_property_value",
        "unknown_price_buy_range_category",
    }  # fmt: skip
    for error in errors:
        assert error.keys() >= ERROR_KEYS
        assert isinstance(error["row"], int)
        assert error["column"]
        assert error["message"].endswith(".")
    assert {e["value"] for e in errors} >= {"Noord", "Havenbuurt", "Sleutelproject"}
    assert diwi.json("projects") == []
    done = diwi.json("import", excel, "--create-missing")
    assert (done["kind"], done["created"], done["updated"], done["skipped"], done["errors"]) == (
        "excel", town.PROJECTS, 0, 0, []
    )  # fmt: skip
    assert {w["code"] for w in done["warnings"]} == {"project_owner_unknown"}
    again = diwi.json("import", excel)
    assert (again["created"], again["skipped"]) == (0, town.PROJECTS)
    rows = {row["name"]: row for row in diwi.json("projects")}
    assert {name: (row["built"], row["demolished"]) for name, row in rows.items()} == town.BUILT
    assert all(row["net"] == row["built"] - row["demolished"] for row in rows.values())
    assert list(rows["De Haven"]) == [
        "id", "code", "name", "phase", "plan_status", "status", "confidentiality", "built", "demolished", "net",
        "area_m2",
    ]  # fmt: skip
    return rows


def draw(diwi: Diwi, ground: Ground) -> None:
    assert diwi.json("import", str(ground.path))["objects"] >= 5
    diwi("set", "De Haven", "percelen", "; ".join(ground.designations))
    shown = diwi.json("show", "De Haven")
    assert shown["area_m2"] == pytest.approx(ground.area, abs=0.1)
    assert sorted(p["designation"] for p in shown["parcels"]) == ground.designations
    corners = shown["plan_areas"][0]["geometry"]["coordinates"][0][0]
    assert min(abs(x - ground.grip[0]) + abs(y - ground.grip[1]) for x, y in corners) < 0.001
    refused = diwi.run("set", "De Haven", "percelen", "XXX00-Z-1")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "XXX00-Z-1" in refused.stderr


def plan(diwi: Diwi) -> None:
    """Move a milestone, read it back; what does not fit is refused and changes nothing."""
    said = diwi("set", "De Haven", "Start realisatie", "01-03-2027")
    assert said == "Start realisatie: 01-01-2027 gepland → 01-03-2027 gepland\n"
    shown = diwi.json("show", "De Haven")
    dates = {m["type"]: (m["date"], m["state"]) for m in shown["milestones"]}
    assert dates["PHASE_6_REALIZATION"] == ("2027-03-01", "GEPLAND")
    assert dates["PHASE_2_INITIATIVE"] == ("2024-02-01", "GEREALISEERD")
    assert (shown["phase"], shown["plan_status"]) == ("_4_DESIGN", "_3_IN_VOORBEREIDING")
    assert shown["per_year"] == [
        {"year": 2027, "built": 20, "demolished": 0}, {"year": 2028, "built": 40, "demolished": 0}
    ]  # fmt: skip
    assert diwi.run("set", "De Haven", "Start realisatie", "31-02-2027").returncode == 1
    assert diwi.run("set", "De Haven", "Bouw/aantal", "-1").returncode == 1
    assert diwi.run("set", "De Haven", "geen veld", "1").returncode == 2
    assert diwi.run("set", "Niemandsland", "naam", "x").returncode == 2
    assert diwi.json("show", "De Haven") == shown


def check_and_mend(diwi: Diwi, deliver: tuple[str, ...], out: Path) -> None:
    """The province refuses three; nothing is written until they are mended or left out."""
    own_rules = diwi.json("check", status=1)
    assert [(e["code"], e["project_name"]) for e in own_rules["errors"]] == [("field_missing", "Molenhof")]
    assert "no_plan_area" in {w["code"] for w in own_rules["warnings"]}
    refused = diwi.json("export", *deliver, status=1)
    assert [e["project_name"] for e in refused["errors"]] == list(town.REFUSED)
    # The price classes that were made because the file names them have a name but no bounds.
    assert {w["code"] for w in refused["warnings"]} == {
        "project_does_not_have_geometry",
        "project_lapsed",
        "price_class_without_bounds",
    }
    assert not out.exists()
    table = diwi.run("export", *deliver)
    assert table.returncode == 1
    assert all(name in table.stdout for name in town.REFUSED)
    assert diwi.run("export", "--to", "atlantis", "--out", str(out)).returncode == 2
    assert diwi.run("export", "--to", "zuid-holland").returncode == 2
    assert diwi.run("export", *deliver, "--min-confidentiality", "PRIVATE").returncode == 1
    assert not out.exists()
    diwi("set", "Kade", "Plantype", "Verdichting")
    diwi("set", "Molenhof", "Gemeente", "Duinwijk")
    assert diwi.json("check")["errors"] == []
    errors = diwi.json("check", "--for", "zuid-holland", status=1)["errors"]
    assert {e["code"] for e in errors} >= {"missing_custom_prop"}  # without a mapping
    errors = diwi.json("export", *deliver, status=1)["errors"]
    assert [(e["project_name"], e["code"]) for e in errors] == [("Polder", "ownership_range_mapping_error")]


def deliver_and_read_back(diwi: Diwi, deliver: tuple[str, ...], out: Path, ground: Ground, haven: str) -> None:
    done = diwi.json("export", *deliver, "--leave-out-faulty")
    left_out = {item["name"]: item["codes"] for item in done["left_out"]}
    assert left_out == {"Polder": ["ownership_range_mapping_error"], "Luchtkasteel": ["project_lapsed"]}
    assert (done["file"], done["date"], done["errors"]) == (str(out), town.TODAY.isoformat(), [])
    data = json.loads(out.read_text(encoding="utf-8"))
    features: dict[str, Any] = {f["properties"]["plannaam"]: f for f in data["features"]}
    assert set(features) == set(town.BUILT) - set(town.NEVER) - {"Polder"}
    assert [f["properties"]["ph_text9"] for f in data["features"]] == done["projects"]
    town.compare(features, kavels=town.KAVELS_WITHOUT_BOUNDS)
    assert features["De Haven"]["properties"]["ph_date1"] == "2027-03-01"
    assert features["De Haven"]["properties"]["ph_text9"] == haven

    meta, _, geometry, columns = pyogrio.raw.read(out, columns=["plannaam"])
    assert meta["crs"] == "EPSG:28992"
    shape = shapely.from_wkb(geometry[list(columns[0]).index("De Haven")])
    assert shape.area == pytest.approx(ground.area, abs=0.01)


def account(diwi: Diwi) -> None:
    """Every act is in the log, latest first, and the tables follow from it."""
    acts = diwi.json("history")
    assert [act["name"] for act in acts[:4]] == [
        "Aanlevering Zuid-Holland", "Gemeente wijzigen", "Plantype wijzigen", "Start realisatie verplaatsen"
    ]  # fmt: skip
    assert [act["seq"] for act in acts] == sorted((act["seq"] for act in acts), reverse=True)
    entries = diwi.json("history", "Kade")
    assert (entries[0]["field"], entries[0]["new"]) == ("plan_types", ["VERDICHTING"])
    assert "Kade" in diwi("history", "Kade")
    assert "in orde" in diwi("verify")


def the_job(diwi: Diwi, excel: Path, ground: Ground) -> None:
    diwi(
        "init", "--municipality-code", town.TOWN.code, "--municipality", town.TOWN.name,
        "--province", town.TOWN.province, "--region", town.TOWN.region,
    )  # fmt: skip
    rows = import_plans(diwi, str(excel))
    draw(diwi, ground)
    plan(diwi)
    mapping = diwi.folder / "koppeling.json"
    mapping.write_text(json.dumps(MAPPING), encoding="utf-8")
    out = diwi.folder / "duinwijk.pzh.geojson"
    deliver = ("--to", "zuid-holland", "--out", str(out), "--mapping", str(mapping))
    check_and_mend(diwi, deliver, out)
    deliver_and_read_back(diwi, deliver, out, ground, rows["De Haven"]["id"])
    account(diwi)


def test_the_whole_job(diwi: Diwi) -> None:
    template = Template.scratch()
    town.fill(template)
    the_job(diwi, template.save(diwi.folder / "plannen.xlsx"), own(diwi.folder))


def test_the_whole_job_with_the_real_template_and_real_parcels(diwi: Diwi) -> None:
    template = Template.real(real_data("diwi_excel_import_template.xlsx"))
    ground = otterlo(real_data("brk_v5_perceel_otterlo.gml"))
    town.fill(template)
    the_job(diwi, template.save(diwi.folder / "plannen.xlsx"), ground)


def test_wrong_use(diwi: Diwi) -> None:
    """Status 2 and one sentence; a table that cannot be read is status 1."""
    assert diwi.run("projects").returncode == 2  # no such register
    assert diwi.run("vernieuw").returncode == 2  # no such command
    diwi("init", "--municipality-code", "0999", "--municipality", "Duinwijk", "--province", "Zuid-Holland")
    again = diwi.run("init", "--municipality-code", "0999", "--municipality", "X", "--province", "Y")
    assert (again.returncode, again.stderr.count("\n")) == (2, 1)
    assert diwi.run("import", str(diwi.folder / "niets.xlsx")).returncode == 2
    broken = diwi.folder / "stuk.xlsx"
    broken.write_bytes(b"geen zip")
    done = diwi.run("import", str(broken), "--json")
    assert done.returncode == 1
    (error,) = json.loads(done.stdout)["errors"]
    assert error.keys() >= ERROR_KEYS
    assert diwi.json("projects") == []
