"""Reading parcels and buildings: every format and spelling gives the same, doubts become findings, bad
files one sentence.
"""

import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
import shapely
from shapely import Polygon

from diwi_desktop.basedata.layer import ReadError
from diwi_desktop.basedata.readers import read_buildings, read_parcels, sniff
from diwi_desktop.geo import crs, shape
from diwi_desktop.model.finding import Cancelled, Severity
from tests.basedata import samples
from tests.basedata.samples import BUILDINGS, PARCELS, box, write_json, write_text
from tests.realdata import real_data


def parcels_file(folder: Path, form: str) -> Path:
    rows = [(samples.ogc_properties(local, number), area) for local, number, area in PARCELS]
    camel = [(samples.wfs_properties(local, number), area) for local, number, area in PARCELS]
    degrees = [(properties, crs.to_lonlat(area)) for properties, area in rows]
    makers = {
        "gml-v5": lambda: write_text(folder / "p.gml", samples.gml_v5()),
        "gml-v4": lambda: write_text(folder / "p.gml", samples.gml_v4()),
        "json-wfs": lambda: write_json(folder / "p.json", samples.parcels_wfs()),
        "json-ogc": lambda: write_json(folder / "p.geojson", samples.parcels_ogc()),
        "gpkg-snake": lambda: samples.write_geopackage(folder / "p.gpkg", rows),
        "gpkg-camel": lambda: samples.write_geopackage(folder / "p.gpkg", camel, layer="Perceel"),
        "gpkg-degrees": lambda: samples.write_geopackage(folder / "p.gpkg", degrees, system="EPSG:4258"),
        "wrong-name": lambda: samples.write_geopackage(folder / "p.gpkg", rows).rename(folder / "p.xlsx"),
    }
    return makers[form]()


FORMS = ["gml-v5", "gml-v4", "json-wfs", "json-ogc", "gpkg-snake", "gpkg-camel", "gpkg-degrees", "wrong-name"]


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_parcels_gives_the_same(tmp_path: Path, form: str) -> None:
    path = parcels_file(tmp_path, form)
    assert sniff(path) == "parcels"
    table, findings = read_parcels(path)
    assert findings == []
    assert table.designation == [f"HKK00-B-{number}" for _, number, _ in PARCELS]
    assert table.lokaal_id == [local for local, _, _ in PARCELS]
    assert (table.municipality_code[0], table.section[0], table.number[0]) == ("HKK00", "B", 100)
    assert table.registered_area == [float(number) for _, number, _ in PARCELS]
    for area, (_, _, expected) in zip(table.geometry, PARCELS, strict=True):
        assert shapely.hausdorff_distance(area, expected) < 0.0015
        assert len(area.geoms[0].interiors) == len(expected.interiors)
    again, repairs, refusals = shape.normalise_many(table.geometry)
    assert (repairs, refusals) == ([], [])
    assert shapely.equals_exact(again, table.geometry, tolerance=0).all()
    assert table.source.file == path.name


def buildings_file(folder: Path, form: str) -> Path:
    rows = [
        ({"identificatie": bag, "bouwjaar": year, "status": "Pand in gebruik", "gebruiksdoel": "woonfunctie"}, area)
        for bag, year, area in BUILDINGS
    ]
    if form == "gpkg":
        return samples.write_geopackage(folder / "b.gpkg", rows, layer="pand")
    if form == "json":
        return write_json(folder / "b.json", samples.buildings_json())
    text = samples.gml_wfs_buildings() if form == "gml-wfs" else samples.gml_bgt_buildings()
    return write_text(folder / "b.gml", text)


@pytest.mark.parametrize("form", ["gpkg", "json", "gml-wfs", "gml-bgt"])
def test_every_form_of_buildings_gives_the_same(tmp_path: Path, form: str) -> None:
    path = buildings_file(tmp_path, form)
    assert sniff(path) == "buildings"
    table, findings = read_buildings(path)
    assert findings == []
    assert table.identificatie == [bag for bag, _, _ in BUILDINGS]
    if form != "gml-bgt":  # the BGT knows no year
        assert table.bouwjaar == [1932, 2004]
        assert table.gebruiksdoel == ["woonfunctie", "woonfunctie"]
        assert table.status == ["Pand in gebruik", "Pand in gebruik"]
    assert [round(area.area) for area in table.geometry] == [80, 80]


def test_the_real_parcels_of_otterlo() -> None:
    path = real_data("brk_v5_perceel_otterlo.gml")
    assert sniff(path) == "parcels"
    table, findings = read_parcels(path)
    assert findings == []
    assert len(table) == 11
    assert table.designation[0] == "OTL02-B-2298"
    assert table.registered_area[0] == 222
    assert shapely.area(table.geometry).round(1).tolist()[:2] == [221.3, 222.3]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("diwi_excel_import_template.xlsx", "excel"),
        ("diwi_import_example.geojson", "geojson-plans"),
        ("brk_v5_kadastralegrens_otterlo.gml", None),
        ("gelderland_template.gdb.zip", None),
    ],
)
def test_what_the_real_files_are(name: str, kind: str | None) -> None:
    assert sniff(real_data(name)) == kind


def test_what_own_files_are(tmp_path: Path) -> None:
    plans = write_json(
        tmp_path / "a", {"type": "FeatureCollection", "features": [{"properties": {"projectgegevens": 1}}]}
    )
    assert sniff(plans) == "geojson-plans"
    with zipfile.ZipFile(tmp_path / "b", "w") as archive:
        archive.writestr("xl/workbook.xml", "x")
    assert sniff(tmp_path / "b") == "excel"
    with zipfile.ZipFile(tmp_path / "c", "w") as archive:
        archive.writestr("readme.txt", "x")
    assert sniff(tmp_path / "c") is None
    assert sniff(write_text(tmp_path / "d", '{"type": "FeatureCollection", "features": []}')) is None
    assert sniff(write_text(tmp_path / "e", "naam;plaats")) is None


# --- arcs and other ways to write a polygon
# -------------------------------------------------------------------


def arc_parcel(segments: str) -> str:
    body = (
        f'<gml:Surface srsName="{samples.RD_URN}"><gml:patches><gml:PolygonPatch><gml:exterior>{segments}'
        "</gml:exterior></gml:PolygonPatch></gml:patches></gml:Surface>"
    )
    return samples.gml_v5([("1", 1, box(0, 0, 1, 1))], lambda _shape: body)


def test_an_arc_becomes_a_line_within_two_millimetres(tmp_path: Path) -> None:
    half_disc = (
        "<gml:Ring><gml:curveMember><gml:Curve><gml:segments><gml:LineStringSegment><gml:posList>"
        "104000 503000 104020 503000</gml:posList></gml:LineStringSegment><gml:Arc><gml:posList>"
        "104020 503000 104010 503010 104000 503000</gml:posList></gml:Arc></gml:segments></gml:Curve>"
        "</gml:curveMember></gml:Ring>"
    )
    table, findings = read_parcels(write_text(tmp_path / "a.gml", arc_parcel(half_disc)))
    assert findings == []
    assert table.geometry[0].area == pytest.approx(np.pi * 100 / 2, abs=0.1)
    corners = shapely.get_coordinates(table.geometry[0])
    radius = np.hypot(corners[:, 0] - 104_010, corners[:, 1] - 503_000)
    assert radius.max() < 10.001


def test_a_whole_circle(tmp_path: Path) -> None:
    circle = (
        "<gml:Ring><gml:curveMember><gml:Curve><gml:segments><gml:Circle><gml:posList>"
        "104000 503000 104020 503000 104000 503000"
        "</gml:posList></gml:Circle></gml:segments></gml:Curve></gml:curveMember></gml:Ring>"
    )
    table, _ = read_parcels(write_text(tmp_path / "a.gml", arc_parcel(circle)))
    assert table.geometry[0].area == pytest.approx(np.pi * 100, abs=0.1)


def test_separate_positions_heights_and_gml_2_coordinates(tmp_path: Path) -> None:
    corners = ("104000 503000", "104010 503000", "104010 503010", "104000 503000")
    loose = "".join(f"<gml:pos>{corner}</gml:pos>" for corner in corners)
    heights = " ".join(f"{corner} {height}" for height, corner in enumerate(corners))
    high = f'<gml:posList srsDimension="3">{heights}</gml:posList>'
    old = "<gml:coordinates>104000,503000 104010,503000 104010,503010 104000,503000</gml:coordinates>"
    for number, points in enumerate((loose, high, old)):
        text = arc_parcel(f"<gml:LinearRing>{points}</gml:LinearRing>")
        table, findings = read_parcels(write_text(tmp_path / f"{number}.gml", text))
        assert findings == []
        assert table.geometry[0].area == 50


# --- doubts become findings
# ------------------------------------------------------------------------------------


def test_an_object_that_comes_twice_is_read_once(tmp_path: Path) -> None:
    path = write_json(tmp_path / "p.json", samples.parcels_wfs([*PARCELS, PARCELS[0]]))
    table, findings = read_parcels(path)
    assert len(table) == len(PARCELS)
    assert [(f.code, f.severity) for f in findings] == [("feature_double", Severity.WARNING)]
    assert findings[0].nl.startswith("1 perceel staat meer dan eens in het bestand en is één keer ingelezen (")
    assert "HKK00-B-100" in findings[0].nl


def test_of_two_versions_the_newest_stays(tmp_path: Path) -> None:
    data = samples.parcels_wfs([PARCELS[0], ("12345670" + "0000", 100, box(0, 0, 10, 25))])
    data["features"][0]["properties"]["identificatieLokaalID"] = "7"
    data["features"][1]["properties"] |= {"identificatieLokaalID": "7", "volgnummer": 3}
    table, findings = read_parcels(write_json(tmp_path / "p.json", data))
    assert table.geometry[0].area == 250
    assert [f.code for f in findings] == ["feature_double_differs"]


def test_parts_of_one_building_become_one_building(tmp_path: Path) -> None:
    twice = [BUILDINGS[0], (BUILDINGS[0][0], 1932, box(9, 2, 12, 12))]
    table, findings = read_buildings(write_text(tmp_path / "b.gml", samples.gml_bgt_buildings(twice)))
    assert table.identificatie == [BUILDINGS[0][0]]
    assert table.geometry[0].area == 110
    assert {f.code for f in findings} >= {"feature_double_differs"}
    assert all(f.severity is Severity.WARNING for f in findings)


def _flip(area):
    return shapely.transform(area, lambda points: points[:, ::-1])


@pytest.mark.parametrize(
    ("change", "system", "code"),
    [
        (_flip, samples.RD_URN, "axis_order"),
        (crs.to_lonlat, samples.RD_URN, "lonlat_as_rd"),
        (lambda area: area, None, "rd_as_lonlat"),
        (lambda area: _flip(crs.to_lonlat(area)), None, "axis_order"),
    ],
)
def test_a_mix_up_of_coordinates_is_undone_with_one_warning(tmp_path: Path, change, system, code: str) -> None:
    data = samples.parcels_wfs([(local, number, change(area)) for local, number, area in PARCELS], system)
    table, findings = read_parcels(write_json(tmp_path / "p.json", data))
    assert [(f.code, f.severity) for f in findings] == [(code, Severity.WARNING)]
    assert "5 percelen" in findings[0].nl
    for area, (_, _, expected) in zip(table.geometry, PARCELS, strict=True):
        assert shapely.hausdorff_distance(area, expected) < 0.0015


def test_gml_in_degrees_has_latitude_first(tmp_path: Path) -> None:
    def body(area):
        return samples.polygon(_flip(crs.to_lonlat(area)), "urn:ogc:def:crs:EPSG::4258")

    parcels = [("1", 1, box(0, 0, 1000, 1000))]  # three decimals of a degree are coarse
    table, findings = read_parcels(write_text(tmp_path / "p.gml", samples.gml_v5(parcels, body)))
    assert findings == []
    assert table.geometry[0].centroid.distance(box(0, 0, 1000, 1000).centroid) < 100


def test_bad_shapes_are_refused_or_repaired_by_name_and_the_rest_is_kept(tmp_path: Path) -> None:
    knot = Polygon([(104_000, 503_000), (104_010, 503_010), (104_010, 503_000), (104_000, 503_009)])
    nearly = Polygon(
        [
            (104_100, 503_000), (104_200, 503_000), (104_200, 503_100), (104_198, 503_100), (104_199, 503_101),
            (104_199, 503_099), (104_197, 503_100), (104_100, 503_100),
        ]
    )  # fmt: skip
    abroad = shapely.box(150_000, 100_000, 150_010, 100_010)
    data = samples.parcels_wfs(
        [PARCELS[0], ("2", 2, knot), ("3", 3, nearly), ("4", 4, abroad), ("5", 5, PARCELS[1][2])]
    )
    data["features"][4]["geometry"] = None
    data["features"].append(
        {
            "type": "Feature",
            "properties": samples.wfs_properties("6", 6),
            "geometry": {"type": "Point", "coordinates": [1, 2]},
        }
    )
    table, findings = read_parcels(write_json(tmp_path / "p.json", data))
    assert table.designation == ["HKK00-B-100", "HKK00-B-3"]
    by_code = {f.code: f for f in findings}
    assert set(by_code) == {
        "shape_unclear", "self_crossing_repaired", "outside_netherlands", "shape_empty", "geometry_unreadable",
    }  # fmt: skip
    assert by_code["shape_unclear"].row == 2
    assert "HKK00-B-2" in by_code["shape_unclear"].nl
    assert by_code["self_crossing_repaired"].severity is Severity.WARNING
    assert {
        by_code[c].severity for c in ("shape_unclear", "outside_netherlands", "shape_empty", "geometry_unreadable")
    } == {Severity.REFUSAL}


@pytest.mark.parametrize("value", ['"104000"', "null", "true", "[1]", "{}", "1e999"])
def test_what_is_no_number_is_no_coordinate(tmp_path: Path, value: str) -> None:
    text = json.dumps(samples.parcels_wfs(PARCELS[:2]))
    spoiled = text.replace("104020.0", value, 1)
    assert spoiled != text
    table, findings = read_parcels(write_text(tmp_path / "p.json", spoiled))
    assert len(table) == 1
    assert [(f.code, f.severity) for f in findings] == [("geometry_unreadable", Severity.REFUSAL)]


def test_a_parcel_without_number_is_left_out(tmp_path: Path) -> None:
    data = samples.parcels_wfs()
    data["features"][1]["properties"]["perceelnummer"] = None
    table, findings = read_parcels(write_json(tmp_path / "p.json", data))
    assert len(table) == 4
    assert [(f.code, f.row) for f in findings] == [("parcel_without_designation", 2)]
    assert findings[0].nl == "1 perceel heeft geen gemeentecode, sectie of nummer en is weggelaten."


def test_one_is_not_many(tmp_path: Path) -> None:
    data = samples.parcels_wfs([("1", 1, crs.to_lonlat(PARCELS[0][2]))], samples.RD_URN)
    _, findings = read_parcels(write_json(tmp_path / "p.json", data))
    assert "1 perceel is daarom anders gelezen dan het bestand zegt; controleer het op de kaart (" in findings[0].nl
    assert "1 parcel was therefore read differently" in findings[0].en
    buildings = samples.buildings_json()
    buildings["features"][0]["properties"]["identificatie"] = None
    _, findings = read_buildings(write_json(tmp_path / "b.json", buildings))
    assert [f.nl for f in findings] == ["1 pand heeft geen identificatie en is weggelaten."]


def test_a_building_id_that_lost_its_leading_zero_gets_it_back(tmp_path: Path) -> None:
    data = samples.buildings_json()
    data["features"][0]["properties"]["identificatie"] = 396100000000001
    data["features"][1]["properties"] |= {"identificatie": "NL.IMBAG.Pand.0396100000000002", "bouwjaar": 1005}
    table, _ = read_buildings(write_json(tmp_path / "b.json", data))
    assert table.identificatie == ["0396100000000001", "0396100000000002"]
    assert table.bouwjaar == [1932, None]


# --- hostile and broken files
# ----------------------------------------------------------------------------------

LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;">]>'
    "<x><Perceel>&lol2;</Perceel></x>"
)
FETCHER = '<?xml version="1.0"?><!DOCTYPE x SYSTEM "file:///etc/passwd"><x><Perceel/></x>'


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"\x00" * 100, "file_empty"),
        (bytes(range(256)) * 20, "file_unknown"),
        (b"sectie;perceelnummer\nB;1\n", "file_unknown"),
        (LAUGHS.encode(), "file_unsafe"),
        (FETCHER.encode(), "file_unsafe"),
        (samples.gml_v5().encode()[:3000], "file_damaged"),
        (samples.gml_v5().replace("oz:sectie>B", "oz:sectie>&B;").encode(), "file_damaged"),
        (b"<x>" + b"<a>" * 5000, "file_too_deep"),
        (b'{"type": "FeatureCollection", "features": [' + b"[" * 200_000, "file_too_deep"),
        (json.dumps(samples.parcels_wfs()).encode()[:-40], "file_damaged"),
        (json.dumps(samples.parcels_wfs()).replace("104020.0", "NaN").encode(), "file_damaged"),
        (b"\xff\xfe\xfa{", "file_unknown"),
        (b'{"type": "FeatureCollection"}', "file_unknown"),
        (b"[1, 2]", "file_unknown"),
        (json.dumps(samples.buildings_json()).encode(), "no_features"),
        (samples.gml_wfs_buildings().encode(), "no_features"),
        (json.dumps(samples.parcels_wfs(system="EPSG:31370")).encode(), "crs_unknown"),
        (samples.gml_v5().replace(samples.RD_URN, "urn:ogc:def:crs:EPSG::31370").encode(), "crs_unknown"),
        (samples.gml_v5().replace(samples.RD_URN, "urn:ogc:def:crs:EPSG::4326", 1).encode(), "crs_mixed"),
        (json.dumps(samples.parcels_wfs([("1", 1, shapely.box(0, 0, 1, 1))])).encode(), "nothing_usable"),
        (b"SQLite format 3\x00" + b"\x01" * 4000, "file_damaged"),
    ],
)
def test_a_bad_file_is_one_sentence(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "percelen.gml"
    path.write_bytes(content)
    with pytest.raises(ReadError) as caught:
        read_parcels(path)
    assert caught.value.code == code
    assert caught.value.nl.endswith(".")
    assert caught.value.en.endswith(".")
    assert "Traceback" not in caught.value.nl


def test_a_geopackage_cut_short(tmp_path: Path) -> None:
    rows = [(samples.ogc_properties(str(n), n), box(n, 0, n + 1, 1)) for n in range(3000)]
    path = samples.write_geopackage(tmp_path / "p.gpkg", rows)
    content = path.read_bytes()
    (tmp_path / "half.gpkg").write_bytes(content[: len(content) // 2])
    with pytest.raises(ReadError) as caught:
        read_parcels(tmp_path / "half.gpkg")
    assert caught.value.code == "file_damaged"


def test_a_missing_file(tmp_path: Path) -> None:
    for read in (read_parcels, read_buildings, sniff):
        with pytest.raises(ReadError) as caught:
            read(tmp_path / "weg.gml")
        assert caught.value.code == "file_missing"


@pytest.mark.parametrize("content", [b"", LAUGHS.encode(), FETCHER.encode()])
def test_sniffing_says_so_too(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x"
    path.write_bytes(content)
    with pytest.raises(ReadError):
        sniff(path)


# --- progress and cancel
# ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["gml-v5", "json-wfs", "gpkg-snake"])
def test_progress_grows_to_the_end(tmp_path: Path, form: str) -> None:
    steps: list[tuple[int, int]] = []
    read_parcels(parcels_file(tmp_path, form), lambda done, total: steps.append((done, total)))
    assert [done for done, _ in steps] == sorted(done for done, _ in steps)
    assert steps[-1] == (1000, 1000)


@pytest.mark.parametrize("form", ["gml-v5", "json-wfs", "gpkg-snake"])
def test_cancelling_raises(tmp_path: Path, form: str) -> None:
    calls = iter([False, True, True, True, True, True])
    with pytest.raises(Cancelled):
        read_parcels(parcels_file(tmp_path, form), cancelled=lambda: next(calls))
