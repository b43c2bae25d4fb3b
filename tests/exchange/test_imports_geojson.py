"""GeoJSON and base data into a store: recognised, updated, all or nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from diwi_desktop.basedata import layers
from diwi_desktop.exchange.imports import ImportFailed, import_file
from diwi_desktop.exchange.missing import create_missing
from diwi_desktop.exchange.sniff import kind_of
from diwi_desktop.geo.shape import from_ewkb
from diwi_desktop.model.clock import FixedClock
from diwi_desktop.model.finding import Cancelled
from diwi_desktop.store import Store, queries
from diwi_desktop.store.plans import plan, plans
from diwi_desktop.store.verify import verify
from tests.exchange.excel.workbook import Homes, Template
from tests.exchange.excel.workbook import project as excel_project
from tests.exchange.geojson.features import BLOCK_ID, PROJECT_ID, exported, feature, polygon_at, project, save
from tests.realdata import real_data
from tests.stores import new_store

TODAY = date(2025, 6, 1)
OTHER_ID = "0190ae5e-1111-7000-8000-000000000002"
# What the store of the tests lacks: everything of the municipality itself.
NO_LISTS: dict[str, Any] = {
    "projectgegevens__rollen": {},
    "projectgegevens__locatie": {},
    "projectgegevens__maatwerk_projecteigenschappen": {},
    "woning_blokken__0__maatwerk_woningeigenschappen": {},
}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = new_store(tmp_path / "town.diwi", FixedClock.on(TODAY))
    yield made
    made.close()


def exported_plain(**changes: Any) -> dict[str, Any]:
    properties = exported(**NO_LISTS, **changes)
    del properties["woning_blokken"][0]["waarde"][2]  # the price class that this store does not have
    return properties


def test_a_copied_project_of_which_only_the_id_was_changed_gets_blocks_of_its_own(store: Store, tmp_path: Path) -> None:
    copied = exported_plain()
    copied["projectgegevens"]["diwi_id"] = OTHER_ID
    result = import_file(store, save(tmp_path, feature(exported_plain()), feature(copied)))
    assert result.created == [PROJECT_ID, OTHER_ID]
    (first,), (second,) = (plan(store, one).blocks for one in result.created)
    assert first.id == BLOCK_ID != second.id
    assert first.number == second.number == 20
    assert verify(store) == []


def test_the_geometry_becomes_the_plan_area(store: Store, tmp_path: Path) -> None:
    path = save(tmp_path, feature(project(**NO_LISTS)))
    result = import_file(store, path)
    assert (result.kind, len(result.created)) == ("geojson", 1)
    (row,) = queries.project_rows(store)
    assert (row.name, row.area_m2, row.built) == ("Kade", 10_000.0, 12)
    assert row.plan_status == "_4A_OPGENOMEN_IN_VISIE"
    assert store.undo_name == "GeoJSON ingelezen: plannen.geojson"
    assert verify(store) == []


def test_the_number_and_the_name_recognise_a_project(store: Store, tmp_path: Path) -> None:
    path = save(tmp_path, feature(project(1, "Kade", **NO_LISTS)))
    (made,) = import_file(store, path).created
    assert import_file(store, path).skipped == [made]
    assert import_file(store, path, on_existing="update").unchanged == [made]
    other = save(tmp_path, feature(project(1, "Kolk", **NO_LISTS)))
    assert len(import_file(store, other).created) == 1


def test_the_id_of_diwi_recognises_a_project_whatever_its_name(store: Store, tmp_path: Path) -> None:
    first = import_file(store, save(tmp_path, feature(exported_plain())))
    assert first.created == [PROJECT_ID]
    assert plan(store, PROJECT_ID).blocks[0].id == BLOCK_ID
    changes = {
        "projectgegevens__basisgegevens__naam": "Nieuwe naam",
        "woning_blokken__0__naam": "Blok B",
        "woning_blokken__0__mutatiegegevens__aantal": 25,
    }
    seq = store.seq
    changed = save(tmp_path, feature(exported_plain(**changes), polygon_at(108_000, 499_000)))
    assert import_file(store, changed).skipped == [PROJECT_ID]
    assert store.seq == seq
    assert import_file(store, changed, on_existing="update").updated == [PROJECT_ID]
    found = plan(store, PROJECT_ID)
    (block,) = found.blocks
    assert (found.name, block.id, block.name, block.number) == ("Nieuwe naam", BLOCK_ID, "Blok B", 25)
    (area,) = found.areas
    assert from_ewkb(area.geometry).bounds[0] == 108_000
    seq = store.seq
    import_file(store, changed, on_existing="update")
    assert store.seq == seq


def test_a_deleted_project_is_made_anew(store: Store, tmp_path: Path) -> None:
    path = save(tmp_path, feature(exported_plain()))
    import_file(store, path)
    with store.act("Weg") as act:
        act.delete("project", PROJECT_ID)
    (made,) = import_file(store, path).created
    assert made != PROJECT_ID
    assert import_file(store, path).skipped == [made]
    assert plan(store, made).built == 20


def test_excel_and_geojson_do_not_take_each_others_numbers(store: Store, tmp_path: Path) -> None:
    import_file(store, save(tmp_path, feature(project(1, "Kade", **NO_LISTS))))
    template = Template.scratch()
    template.add(excel_project(1, "Iets anders"), (Homes(5), None))
    path = template.save(tmp_path / "a.xlsx")
    assert len(import_file(store, path).created) == 1
    assert len(import_file(store, path).skipped) == 1
    assert sorted(p.name for p in plans(store)) == ["Iets anders", "Kade"]


def test_one_bad_feature_stores_nothing(store: Store, tmp_path: Path) -> None:
    bad = project(2, "Fout", **NO_LISTS, projectgegevens__projectduur__eind_project="2020-01-01")
    path = save(tmp_path, feature(project(**NO_LISTS)), feature(bad))
    seq = store.seq
    with pytest.raises(ImportFailed) as failed:
        import_file(store, path)
    assert {f.row for f in failed.value.findings} == {2}
    assert store.seq == seq


def test_missing_options_are_made(store: Store, tmp_path: Path) -> None:
    other = project(2, "Kolk", projectgegevens__rollen={"Opdrachtgever": "Corporatie"})
    path = save(tmp_path, feature(project()), feature(other), feature(exported()))
    with pytest.raises(ImportFailed) as failed:
        import_file(store, path)
    create_missing(store, failed.value.findings)
    assert len(import_file(store, path).created) == 3
    (field,) = (f for f in queries.own_fields(store) if f.name == "Opdrachtgever")
    assert {o.name for o in queries.option_list(store, field.id)} == {"Gemeente", "Corporatie"}


def test_the_example_of_the_original(store: Store) -> None:
    path = real_data("diwi_import_example.geojson")
    (made,) = import_file(store, path).created
    assert import_file(store, path).skipped == [made]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.xlsx", b"rommel"), ("x.geojson", b"{"), ("x.txt", b"hallo"), ("x.gml", b"<a"), ("leeg.json", b""),
        ("x.gpkg", b"SQLite format 3\x00"),
    ],
)  # fmt: skip
def test_rubbish_gives_one_sentence(name: str, content: bytes, store: Store, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ImportFailed) as failed:
        import_file(store, path)
    assert failed.value.nl
    assert failed.value.findings


def test_a_wrong_choice_is_a_mistake_of_the_program(store: Store, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="kind"):
        import_file(store, tmp_path / "x", "word")
    with pytest.raises(ValueError, match="existing"):
        import_file(store, tmp_path / "x", "excel", "replace")


# --- base data --------------------------------------------------------------------------------------------------------


def parcels_file(folder: Path, *numbers: int) -> Path:
    features = [
        {
            "type": "Feature",
            "geometry": polygon_at(107_000 + 100 * n, 499_000),
            "properties": {
                "identificatieLokaalID": f"1234567800{n:02}", "AKRKadastraleGemeenteCodeWaarde": "OTL02", "sectie": "B",
                "perceelnummer": n, "kadastraleGrootteWaarde": 10_000,
            },
        }
        for n in numbers
    ]  # fmt: skip
    path = folder / "percelen.json"
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::28992"}}
    path.write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": features}))
    return path


def test_parcels(store: Store, tmp_path: Path) -> None:
    path = parcels_file(tmp_path, 1, 2, 3)
    assert kind_of(path) == "parcels"
    seen: list[tuple[int, int]] = []
    result = import_file(store, path, progress=lambda done, total: seen.append((done, total)))
    assert (result.kind, result.objects, result.findings) == ("parcels", 3, [])
    assert seen == sorted(seen)
    assert seen[-1] == (100, 100)
    assert layers.counts(store)["parcels"] == 3
    import_file(store, parcels_file(tmp_path, 3, 4))
    assert layers.counts(store)["parcels"] == 4


def test_cancelled_parcels(store: Store, tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        import_file(store, parcels_file(tmp_path, 1), cancelled=lambda: True)
    assert layers.counts(store)["parcels"] == 0


def test_real_parcels(store: Store) -> None:
    result = import_file(store, real_data("brk_v5_perceel_otterlo.gml"))
    assert (result.kind, result.objects) == ("parcels", layers.counts(store)["parcels"])
    assert result.objects > 0


def test_buildings(store: Store, tmp_path: Path) -> None:
    item = {
        "type": "Feature",
        "geometry": polygon_at(107_000, 499_000),
        "properties": {"identificatie": "0228100000012345", "bouwjaar": 1960, "status": "Pand in gebruik"},
    }
    path = save(tmp_path, item, name="panden.geojson")
    assert import_file(store, path).objects == 1
    assert layers.counts(store)["buildings"] == 1
