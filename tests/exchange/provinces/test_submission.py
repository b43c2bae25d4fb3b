"""Delivering from a store: one file and one record, or nothing. Files are read back with other people's readers."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import fiona
import pyogrio
import pytest
import shapely

from diwi_desktop.exchange.provinces import (
    Choice,
    ExportRefused,
    FieldMapping,
    check,
    export,
    load_mapping,
    prepare,
    save_mapping,
)
from diwi_desktop.exchange.provinces.submission import natural
from diwi_desktop.geo.shape import to_ewkb
from diwi_desktop.model.clock import FixedClock
from diwi_desktop.model.codes import Confidentiality, PlanType
from diwi_desktop.model.finding import Cancelled, UserError
from diwi_desktop.model.plan import Block, Delivery, Milestone, Plan, PlanArea
from diwi_desktop.store import Store, queries
from tests.exchange.provinces.samples import DONE, PZH
from tests.stores import TODAY, Later, add, new_store, square


@dataclass
class Register:
    """A store with own fields for the mandatory three, and the ids of their options."""

    store: Store
    clock: FixedClock
    client: str
    plan_list: str
    gemeente: str
    kansrijk: str
    town: str

    def plan(self, name: str, **changes: object) -> Plan:
        found = Plan(
            name=name,
            start_date=date(2024, 1, 15),
            end_date=date(2030, 12, 31),
            confidentiality=Confidentiality.EXTERNAL_GOVERNMENTAL,
            plan_types=[PlanType.VERDICHTING],
            municipality=self.town,
            blocks=[Block("A", number=10, multi_family=10, deliveries=[Delivery(date(2028, 6, 1), 10)])],
            milestones=[
                Milestone("PHASE_4_DESIGN", date(2024, 2, 1), DONE),
                Milestone("STATUS_3_IN_VOORBEREIDING", date(2024, 6, 1), DONE),
            ],
            areas=[PlanArea(square())],
            own={self.client: [self.gemeente], self.plan_list: [self.kansrijk]},
        )
        for key, value in changes.items():
            setattr(found, key, value)
        return found

    def add(self, name: str, **changes: object) -> str:
        return add(self.store, self.plan(name, **changes))


@pytest.fixture
def reg(tmp_path: Path) -> Iterator[Register]:
    clock = FixedClock.on(TODAY)
    store = new_store(tmp_path / "duinwijk.diwi", clock)
    with store.act("Eigen velden") as act:
        client = act.create("own_field", {"object": "project", "name": "Opdrachtgever", "type": "CATEGORY"})
        plan_list = act.create("own_field", {"object": "project", "name": "Planlijst", "type": "CATEGORY"})
        gemeente = act.create("option", {"list": client, "name": "Gemeente"})
        kansrijk = act.create("option", {"list": plan_list, "name": "1b kansrijke plannen"})
    town = queries.option_list(store, "municipality")[0].id
    save_mapping(
        store,
        PZH,
        {
            "opdrachtgever_type": FieldMapping("opdrachtgever_type", f"own:{client}", {gemeente: ("Gemeente",)}),
            "ph_text1": FieldMapping("ph_text1", f"own:{plan_list}", {kansrijk: ("1b kansrijke plannen",)}),
            "ph_short2": FieldMapping("ph_short2", constant="0"),
        },
    )
    yield Register(store, clock, client, plan_list, gemeente, kansrijk, town)
    store.close()


def features(path: Path) -> list[dict[str, object]]:
    data = json.loads(path.read_text(encoding="utf-8"))
    assert data["crs"] == {"type": "name", "properties": {"name": "EPSG:28992"}}
    found: list[dict[str, object]] = data["features"]
    return found


def test_the_file_as_other_readers_see_it(reg: Register, tmp_path: Path) -> None:
    hole = shapely.Polygon(
        [(107_000.123, 499_000.456), (107_200, 499_000), (107_200, 499_200), (107_000, 499_200)],
        [[(107_050, 499_050), (107_050, 499_100), (107_100, 499_100), (107_100, 499_050)]],
    )
    reg.add("Plan 10", areas=[PlanArea(to_ewkb(shapely.MultiPolygon([hole])))])
    reg.add("Plan 2", areas=[PlanArea(square(108_000)), PlanArea(square(109_000))])
    out = tmp_path / "duinwijk.pzh.geojson"
    result = export(reg.store, PZH, out)
    with fiona.open(out) as source:
        assert source.crs.to_epsg() == 28992
        assert [item.properties["plannaam"] for item in source] == ["Plan 2", "Plan 10"]
        assert list(source.schema["properties"])[:3] == ["plannaam", "provincie", "regio"]
    meta, _, geometry, _ = pyogrio.raw.read(out)
    assert (meta["crs"], meta["geometry_type"]) == ("EPSG:28992", "MultiPolygon")
    two, ten = shapely.from_wkb(geometry)
    boxes = [shapely.box(x, 499_000, x + 100, 499_100) for x in (108_000, 109_000)]
    assert two.equals(shapely.MultiPolygon(boxes))
    assert ten.equals(shapely.MultiPolygon([hole]))
    first = features(out)[1]
    ring = first["geometry"]["coordinates"][0][0]
    assert [107_000.123, 499_000.456] in ring
    assert shapely.LinearRing(ring).is_ccw
    assert not shapely.LinearRing(first["geometry"]["coordinates"][0][1]).is_ccw
    assert result.sha256 == hashlib.sha256(out.read_bytes()).hexdigest()


def test_overlapping_contours_of_one_plan_become_one_valid_geometry(reg: Register, tmp_path: Path) -> None:
    reg.add("Plan", areas=[PlanArea(square(107_000)), PlanArea(square(107_050))])
    export(reg.store, PZH, tmp_path / "a.geojson")
    found = shapely.from_geojson(json.dumps(features(tmp_path / "a.geojson")[0]["geometry"]))
    assert found.is_valid
    assert found.area == pytest.approx(15_000)


def test_a_plan_without_contour_has_no_geometry(reg: Register, tmp_path: Path) -> None:
    reg.add("Plan", areas=[])
    result = export(reg.store, PZH, tmp_path / "a.geojson")
    assert features(tmp_path / "a.geojson")[0]["geometry"] is None
    assert [found.code for found in result.findings] == ["project_does_not_have_geometry"]


def test_the_record_of_a_submission(reg: Register, tmp_path: Path) -> None:
    one = reg.add("Een")
    two = reg.add("Twee", plan_types=[])
    seq = reg.store.seq
    undo = reg.store.undo_name
    result = export(reg.store, PZH, tmp_path / "a.geojson", date=date(2026, 10, 1), leave_out_faulty=True)
    (record,) = queries.submissions(reg.store)
    assert record["id"] == result.submission
    assert (record["profile"], record["reference_date"]) == ("zuid_holland", "2026-10-01")
    assert record["min_confidentiality"] == "EXTERNAL_REGIONAL"
    assert (record["file_name"], record["sha256"]) == ("a.geojson", result.sha256)
    assert (record["log_seq"], record["projects"], record["author"]) == (seq, [one], "j.jansen")
    assert record["left_out"] == [{"project": two, "codes": ["missing_mandatory_value"]}]
    assert queries.history(reg.store)[0].act_name == "Aanlevering Zuid-Holland"
    assert reg.store.undo_name == undo  # a delivery that happened cannot be taken back


def test_a_long_log_makes_the_records_no_slower_to_read(reg: Register, tmp_path: Path) -> None:
    one = reg.add("Een")
    export(reg.store, PZH, tmp_path / "a.geojson")

    def steps() -> int:
        """How many steps of its machine SQLite takes."""
        taken: list[None] = []
        connection = reg.store.read()
        connection.set_progress_handler(lambda: taken.append(None), 1)
        assert len(queries.submissions(reg.store)) == 1
        connection.set_progress_handler(None, 1)
        return len(taken)

    short = steps()
    for number in range(200):
        with reg.store.act("Naam wijzigen") as act:
            act.set("project", one, "name", f"Plan {number}")
    assert steps() < short + 200


def test_the_same_input_gives_the_same_bytes(reg: Register, tmp_path: Path) -> None:
    for name in ("Zuid", "Noord", "Noord 2"):
        reg.add(name)
    one = export(reg.store, PZH, tmp_path / "a.geojson")
    reg.clock.moment = reg.clock.moment.replace(hour=15)
    two = export(reg.store, PZH, tmp_path / "b.geojson")
    assert (tmp_path / "a.geojson").read_bytes() == (tmp_path / "b.geojson").read_bytes()
    assert one.sha256 == two.sha256


# -- all or nothing -------------------------------------------------------------------------------------------------


def test_one_fault_blocks_everything_and_all_findings_are_told(reg: Register, tmp_path: Path) -> None:
    reg.add("Goed")
    reg.add("Fout", plan_types=[], municipality=None)
    out = tmp_path / "a.geojson"
    with pytest.raises(ExportRefused) as caught:
        export(reg.store, PZH, out)
    assert [(f.code, f.field, f.project_name) for f in caught.value.findings] == [
        ("missing_mandatory_value", "municipality", "Fout"),
        ("missing_mandatory_value", "plan_types", "Fout"),
    ]
    assert caught.value.findings == check(reg.store, PZH)
    assert "2 fouten" in caught.value.nl
    assert list(tmp_path.glob("*.geojson*")) == []
    assert queries.submissions(reg.store) == []


def test_faulty_projects_can_be_left_out(reg: Register, tmp_path: Path) -> None:
    good = reg.add("Goed")
    reg.add("Fout", plan_types=[])
    result = export(reg.store, PZH, tmp_path / "a.geojson", leave_out_faulty=True)
    assert result.projects == (good,)
    assert [(item.name, item.codes) for item in result.left_out] == [("Fout", ("missing_mandatory_value",))]


def test_a_faulty_mapping_blocks_even_then(reg: Register, tmp_path: Path) -> None:
    reg.add("Goed")
    with pytest.raises(ExportRefused) as caught:
        export(reg.store, PZH, tmp_path / "a.geojson", leave_out_faulty=True, mapping={})
    assert {found.code for found in caught.value.findings} == {"missing_custom_prop"}


def test_nothing_to_deliver(reg: Register, tmp_path: Path) -> None:
    reg.add("Geheim", confidentiality=Confidentiality.PRIVATE)
    with pytest.raises(UserError) as caught:
        export(reg.store, PZH, tmp_path / "a.geojson")
    assert caught.value.code == "nothing_to_export"


def test_a_file_that_cannot_be_written_leaves_no_record(reg: Register, tmp_path: Path) -> None:
    reg.add("Goed")
    with pytest.raises(UserError) as caught:
        export(reg.store, PZH, tmp_path / "bestaat niet" / "a.geojson")
    assert caught.value.code == "export_file"
    assert queries.submissions(reg.store) == []


def test_a_record_that_cannot_be_kept_leaves_the_old_file(
    reg: Register, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reg.add("Goed")
    out = tmp_path / "a.geojson"
    out.write_text("de vorige")

    def fail(*_: object, **__: object) -> None:
        raise UserError("De schijf is vol.", "The disk is full.", code="disk_full")

    monkeypatch.setattr(reg.store, "_commit", fail)
    with pytest.raises(UserError, match="vol"):
        export(reg.store, PZH, out)
    assert out.read_text() == "de vorige"
    assert [path.name for path in tmp_path.glob("*a.geojson*")] == ["a.geojson"]


def test_a_register_is_never_written_over(reg: Register) -> None:
    reg.add("Goed")
    before = reg.store.path.read_bytes()
    with pytest.raises(UserError) as caught:
        export(reg.store, PZH, reg.store.path)
    assert caught.value.code == "export_file"
    assert reg.store.path.read_bytes() == before
    assert queries.submissions(reg.store) == []


@pytest.mark.parametrize("links", [True, False])
def test_at_no_moment_is_there_no_file(
    links: bool, reg: Register, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reg.add("Goed")
    out = tmp_path / "a.geojson"
    out.write_text("de vorige")
    there: list[bool] = []
    replace = Path.replace

    def watched(self: Path, target: Path) -> Path:
        there.append(out.exists())
        return replace(self, target)

    def refused(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "replace", watched)
    if not links:
        monkeypatch.setattr(Path, "hardlink_to", refused)
    export(reg.store, PZH, out)
    assert there == [True]
    assert len(features(out)) == 1
    assert [path.name for path in tmp_path.glob("*a.geojson*")] == ["a.geojson"]


def test_an_export_sweeps_what_a_killed_one_left(reg: Register, tmp_path: Path) -> None:
    reg.add("De Hoek")
    gone = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    folder = tmp_path / "uit"
    folder.mkdir()
    (folder / f".anders.geojson.{int(gone.stdout)}.part").write_bytes(b"half")
    export(reg.store, PZH, folder / "pzh.geojson")
    assert [path.name for path in folder.iterdir()] == ["pzh.geojson"]


def test_a_cancelled_export_leaves_nothing(reg: Register, tmp_path: Path) -> None:
    reg.add("Goed")
    calls: list[None] = []

    def cancelled() -> bool:
        calls.append(None)
        return len(calls) > 1  # not while reading, but while writing

    with pytest.raises(Cancelled):
        export(reg.store, PZH, tmp_path / "a.geojson", cancelled=cancelled)
    assert list(tmp_path.glob("*geojson*")) == []
    assert queries.submissions(reg.store) == []


# -- which projects -------------------------------------------------------------------------------------------------


def names(store: Store, choice: Choice) -> list[str]:
    return [record.name for record in prepare(store, PZH, choice).faultless]


def test_the_choice_of_projects(reg: Register) -> None:
    regional = reg.add("Regio", confidentiality=Confidentiality.EXTERNAL_REGIONAL)
    reg.add("Openbaar", confidentiality=Confidentiality.PUBLIC)
    council = reg.add("Raad", confidentiality=Confidentiality.INTERNAL_COUNCIL)
    reg.add("Later", start_date=date(2029, 1, 1), end_date=date(2035, 1, 1))
    assert names(reg.store, Choice()) == ["Later", "Openbaar", "Regio"]
    assert names(reg.store, Choice(min_confidentiality=Confidentiality.PUBLIC)) == ["Openbaar"]
    assert names(reg.store, Choice(project_ids=[regional])) == ["Regio"]
    assert [f.code for f in check(reg.store, PZH, Choice(project_ids=[council]))] == ["min_confidentiality_error"]
    with pytest.raises(UserError) as caught:
        check(reg.store, PZH, Choice(min_confidentiality=Confidentiality.INTERNAL_COUNCIL))
    assert caught.value.code == "min_confidentiality_error"


def test_a_past_reference_date_sees_what_is_known_now_or_what_was_known_then(reg: Register) -> None:
    id = reg.add("Oude naam")
    Later(reg.clock).to(date(2026, 12, 10))
    with reg.store.act("Naam wijzigen") as act:
        act.set("project", id, "name", "Nieuwe naam")
    day = date(2026, 12, 1)
    now = prepare(reg.store, PZH, Choice(date=day))
    then = prepare(reg.store, PZH, Choice(date=day, as_known_then=True))
    assert [record.name for record in now.records] == ["Nieuwe naam"]
    assert [record.name for record in then.records] == ["Oude naam"]
    assert now.records[0].properties["ph_date3"] == then.records[0].properties["ph_date3"] == "2026-12-01"
    assert then.log_seq < now.log_seq


def test_numbers_in_names_sort_as_numbers() -> None:
    found = sorted(["Plan 10", "plan 2", "Plan", "1 Kade", "Achter"], key=natural)
    assert found == ["1 Kade", "Achter", "Plan", "plan 2", "Plan 10"]
    long = "9" * 6000  # more digits than Python reads as a number
    assert sorted([long, "3", "007", "Plan ٣", "Plan ²"], key=natural) == ["3", "007", long, "Plan ²", "Plan ٣"]


# -- the mapping in the store ---------------------------------------------------------------------------------------


def test_a_mapping_is_kept_in_one_act_and_only_what_differs(reg: Register) -> None:
    before = load_mapping(reg.store, PZH)
    assert save_mapping(reg.store, PZH, before) is None
    changed = {**before, "masterplan": FieldMapping("masterplan", "project.description")}
    del changed["ph_short2"]
    changed["ph_short2"] = FieldMapping("ph_short2")
    seq = reg.store.seq
    assert save_mapping(reg.store, PZH, changed) == seq + 1
    after = load_mapping(reg.store, PZH)
    assert after == {key: item for key, item in changed.items() if not item.empty}
    reg.store.undo()
    assert load_mapping(reg.store, PZH) == before
