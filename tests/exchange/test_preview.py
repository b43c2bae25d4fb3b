"""What an import would do is told before it is done, and is then what it does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from diwi_desktop.exchange.imports import UPDATE, import_file
from diwi_desktop.exchange.messages import MESSAGES, Report, gathered
from diwi_desktop.exchange.preview import Fate, look
from diwi_desktop.model.clock import FixedClock
from diwi_desktop.store import Store
from tests.basedata.samples import BUILDINGS, PARCELS, collection, gml_v5, gml_wfs_buildings, wfs_properties
from tests.exchange.excel.town import TODAY, fill, furnish
from tests.exchange.excel.workbook import Homes, Template, project
from tests.exchange.geojson.features import feature, save
from tests.exchange.geojson.features import project as geo_project
from tests.realdata import real_data
from tests.stores import new_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = new_store(tmp_path / "s.diwi", FixedClock.on(TODAY))
    yield made
    made.close()


def book(folder: Path, *changes: dict[str, object], name: str = "plannen.xlsx") -> Path:
    template = Template.scratch()
    for number, change in enumerate(changes, start=1):
        homes = Homes(number=12, deliveries={date(2028, 5, 1): 12}, owners={"Koopwoning": 12})
        template.add(project(number, f"Plan {number}", **change), (homes, None))
    return template.save(folder / name)


def test_new_changed_and_equal_projects_are_counted_as_the_import_will(store: Store, tmp_path: Path) -> None:
    first = book(tmp_path, {}, {})
    before = store.seq
    seen = look(store, first, None)
    assert store.seq == before
    assert [seen.count(fate) for fate in Fate] == [2, 0, 0]
    import_file(store, first)
    second = book(tmp_path, {}, {"Vertrouwelijkheid": "Intern raad"}, {}, name="weer.xlsx")
    seen = look(store, second, None)
    assert [(p.name, p.fate) for p in seen.projects] == [
        ("Plan 1", Fate.EQUAL), ("Plan 2", Fate.CHANGED), ("Plan 3", Fate.NEW),
    ]  # fmt: skip
    done = import_file(store, second, on_existing=UPDATE)
    assert [len(ids) for ids in (done.created, done.updated, done.unchanged)] == [1, 1, 1]


def test_a_whole_town_read_twice_is_equal(store: Store, tmp_path: Path) -> None:
    furnish(store)
    template = Template.scratch()
    fill(template)
    path = template.save(tmp_path / "a.xlsx")
    made = import_file(store, path).created
    seen = look(store, path, None)
    seq = store.seq
    done = import_file(store, path, on_existing=UPDATE)
    assert store.seq == seq, "nothing was written"
    assert done.unchanged == made
    assert {p.fate for p in seen.projects} == {Fate.EQUAL}
    assert (done.updated, done.created) == ([], [])


def test_owners_that_are_not_known_are_told_beforehand(store: Store, tmp_path: Path) -> None:
    import_file(store, book(tmp_path, {}))
    again = book(tmp_path, {"Eigenaar": "wil@voorbeeld.nl"}, {"Eigenaar": "jo@voorbeeld.nl"}, name="b.xlsx")
    seen = look(store, again, None)
    assert [(f.code, f.value, f.project_name) for f in seen.findings] == [
        ("project_owner_unknown", "jo@voorbeeld.nl", "Plan 2")
    ]
    assert [(f.code, f.value) for f in seen.when_updating] == [("project_owner_unknown", "wil@voorbeeld.nl")]
    told = {f.value for f in import_file(store, again, on_existing=UPDATE).findings}
    assert told == {"wil@voorbeeld.nl", "jo@voorbeeld.nl"}


def test_a_block_that_the_file_lacks_is_told_for_an_update(store: Store, tmp_path: Path) -> None:
    import_file(store, save(tmp_path, feature(geo_project(projectgegevens__rollen={}, **_PLAIN))))
    bare = feature(geo_project(projectgegevens__rollen={}, **{**_PLAIN, "woning_blokken": []}))
    seen = look(store, save(tmp_path, bare, name="b.geojson"), None)
    assert [f.code for f in seen.when_updating] == ["block_not_in_file"]
    assert (seen.projects[0].fate, seen.areas) == (Fate.EQUAL, 1)


_PLAIN = {
    "projectgegevens__projectgegevens__prioritering": None,
    "projectgegevens__projectgegevens__rol_gemeente": None,
    "projectgegevens__locatie": {},
    "projectgegevens__maatwerk_projecteigenschappen": {},
    "woning_blokken__0__maatwerk_woningeigenschappen": {},
}


def test_parcels(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "p.gml"
    path.write_text(gml_v5(PARCELS[:2]), encoding="utf-8")
    import_file(store, path)
    path.write_text(gml_v5(), encoding="utf-8")
    found = look(store, path, None).layer
    assert found is not None
    assert (found.count, found.known, found.crs, found.places) == (5, 2, "EPSG:28992", ("Heemskerk (HKK00)",))
    west, south, east, north = found.extent
    assert (east - west, north - south) == (40, 60)


def test_parcels_of_a_file_in_degrees(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "p.geojson"
    path.write_text(json.dumps(collection([(wfs_properties(*PARCELS[0][:2]), PARCELS[0][2])])), encoding="utf-8")
    found = look(store, path, None).layer
    assert found is not None
    assert (found.count, found.crs) == (1, "EPSG:28992")


def test_buildings(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "b.gml"
    path.write_text(gml_wfs_buildings(), encoding="utf-8")
    found = look(store, path, None).layer
    assert found is not None
    assert (found.count, found.known, found.places) == (len(BUILDINGS), 0, ())


def test_a_file_without_use_is_refused_with_its_findings(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "p.gml"
    path.write_text(gml_v5().replace("<oz:sectie>B</oz:sectie>", ""), encoding="utf-8")
    seen = look(store, path, None)
    assert seen.refused
    assert [f.code for f in seen.findings] == ["parcel_without_designation", "nothing_usable"]


def test_parcels_of_otterlo(store: Store) -> None:
    found = look(store, real_data("brk_v5_perceel_otterlo.gml"), None).layer
    assert found is not None
    assert (found.count, found.places) == (11, ("Otterlo (OTL02)",))


def test_the_same_warning_time_and_again_is_told_once() -> None:
    report = Report()
    for row in (6, 7, 8, 12):
        report.add("project_owner_missing", row=row, column="Eigenaar", project=f"Plan {row}")
    report.add("no_project_name", row=9)
    report.add("hidden_rows", row=3, value="3")
    found = gathered(report.in_order())
    assert [(f.code, f.row) for f in found] == [
        ("hidden_rows", 3), ("project_owner_missing", None), ("no_project_name", 9),
    ]  # fmt: skip
    assert found[1].nl.startswith("4 projecten hebben geen eigenaar")
    assert found[1].nl.endswith("(rij 6-8, 12).")
    assert found[1].en.endswith("(rows 6-8, 12).")


def test_two_of_them_and_errors_stay_apart() -> None:
    report = Report()
    for row in (6, 7):
        report.add("project_owner_missing", row=row)
    for row in (8, 9, 10):
        report.add("no_project_name", row=row)
    assert gathered(report.in_order()) == report.in_order()
    assert "{sentence}" in MESSAGES["no_project_name"].many_nl
