"""The BAG extract: a building once per occurrence, three coordinates, and what a hostile one tries."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely

from diwi_desktop.basedata.layer import ReadError
from diwi_desktop.basedata.readers import read_buildings, sniff
from tests.basedata.samples import BUILDINGS, box, lvbag, lvbag_pand

(FIRST, _, AREA), (SECOND, _, OTHER) = BUILDINGS
GOOD = lvbag_pand(FIRST, AREA)


def write(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "9999PND08112026-000001.xml"
    path.write_text(text, encoding=encoding)
    return path


def test_buildings_with_year_status_and_outline(tmp_path: Path) -> None:
    path = write(tmp_path, lvbag(GOOD, lvbag_pand(SECOND, OTHER, year=2004, status="Verbouwing pand")))
    assert sniff(path) == "buildings"
    table, findings = read_buildings(path)
    assert findings == []
    assert table.identificatie == [FIRST, SECOND]
    assert table.bouwjaar == [1932, 2004]
    assert table.status == ["Pand in gebruik", "Verbouwing pand"]
    assert [found.equals(area) for found, area in zip(table.geometry, (AREA, OTHER), strict=True)] == [True, True]
    assert not shapely.has_z(table.geometry).any()


def test_of_several_occurrences_the_one_in_force_counts(tmp_path: Path) -> None:
    wide = box(1, 2, 15, 12)
    path = write(
        tmp_path,
        lvbag(
            lvbag_pand(FIRST, wide, status="Bouw gestart", until="2014-05-01"),
            lvbag_pand(FIRST, wide, occurrence=2, until="2020-01-01"),
            lvbag_pand(FIRST, box(0, 0, 1, 1), occurrence=3, corrected="2020-02-01T10:00:00.000"),
            lvbag_pand(FIRST, AREA, occurrence=3),
        ),
    )
    table, findings = read_buildings(path)
    assert findings == []
    assert table.identificatie == [FIRST]
    assert table.geometry[0].equals(AREA), "not the union with what it was"


@pytest.mark.parametrize("status", ["Pand gesloopt", "Niet gerealiseerd pand", "Pand ten onrechte opgevoerd"])
def test_what_is_no_building_any_more_is_left_out(tmp_path: Path, status: str) -> None:
    gone = lvbag_pand(SECOND, OTHER, status=status, occurrence=2)
    table, findings = read_buildings(write(tmp_path, lvbag(GOOD, lvbag_pand(SECOND, OTHER, until="2024-01-01"), gone)))
    assert (table.identificatie, findings) == ([FIRST], [])


@pytest.mark.parametrize(
    "status", ["Bouwvergunning verleend", "Pand in gebruik (niet ingemeten)", "Pand buiten gebruik"]
)
def test_what_is_or_will_be_a_building_stays(tmp_path: Path, status: str) -> None:
    table, _ = read_buildings(write(tmp_path, lvbag(lvbag_pand(FIRST, AREA, status=status))))
    assert table.status == [status]


@pytest.mark.parametrize(
    ("coordinates", "why"),
    [
        ("1 2 0 3 4", "not a multiple of three"),
        ("1 2 0 3 4 0 x y z 1 2 0", "no numbers"),
        ("", "an empty list"),
        ("nan nan 0 1 1 0 2 2 0 nan nan 0", "not a number"),
        ("inf inf 0 1 1 0 2 2 0 inf inf 0", "endless"),
        ("104000 503000 0 104010 503000 0", "two points"),
        ("104000 503000 0 104010 503000 0 104020 503000 0 104000 503000 0", "no area"),
        ("1e300 1e300 0 2e300 1e300 0 2e300 2e300 0 1e300 1e300 0", "beyond the earth"),
    ],
)
def test_an_outline_that_is_none_is_left_out_with_a_finding(tmp_path: Path, coordinates: str, why: str) -> None:
    bad = lvbag_pand(SECOND, OTHER, coordinates=coordinates or " ")
    table, findings = read_buildings(write(tmp_path, lvbag(GOOD, bad)))
    assert table.identificatie == [FIRST], why
    assert findings


@pytest.mark.parametrize("bag", ["", "   ", "<Objecten:leeg/>"])
def test_a_building_without_identification_is_left_out(tmp_path: Path, bag: str) -> None:
    table, findings = read_buildings(write(tmp_path, lvbag(GOOD, lvbag_pand(bag, OTHER))))
    assert table.identificatie == [FIRST]
    assert [f.code for f in findings] == ["building_without_id"]


BOMB = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9))
HOSTILE = [
    ("a bomb of entities", f'<!DOCTYPE x [<!ENTITY a0 "ha">{BOMB}]>', "", "file_unsafe"),
    ("a file of somebody else", '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>', "", "file_unsafe"),
    ("a document type from elsewhere", '<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd">', "", "file_unsafe"),
    ("a tower of elements", "", "<a>" * 400 + "</a>" * 400, "file_too_deep"),
    ("an element that does not end", "", "<Objecten:Pand>", "file_damaged"),
]


@pytest.mark.parametrize(("before", "inside", "code"), [row[1:] for row in HOSTILE], ids=[row[0] for row in HOSTILE])
def test_a_hostile_file_is_refused_with_a_sentence(tmp_path: Path, before: str, inside: str, code: str) -> None:
    with pytest.raises(ReadError) as error:
        read_buildings(write(tmp_path, lvbag(GOOD, inside, before=before)))
    assert error.value.code == code
    assert error.value.nl.endswith(".")


def test_a_file_that_was_cut_off_is_refused_whole(tmp_path: Path) -> None:
    text = lvbag(*(lvbag_pand(f"039610000000{n:04}", box(10 * n, 0, 10 * n + 8, 8)) for n in range(50)))
    for size in (len(text) // 3, len(text) // 2, len(text) - 20):
        with pytest.raises(ReadError) as error:
            read_buildings(write(tmp_path, text[:size]))
        assert error.value.code == "file_damaged"


def test_another_coordinate_system_is_converted_or_refused(tmp_path: Path) -> None:
    text = lvbag(lvbag_pand(FIRST, AREA, coordinates="52.51 4.66 0 52.51 4.67 0 52.52 4.67 0 52.51 4.66 0"))
    table, _ = read_buildings(write(tmp_path, text.replace("EPSG::28992", "EPSG::4258")))
    x, y = shapely.get_coordinates(table.geometry[0])[0]
    assert (100_000 < x < 110_000, 495_000 < y < 510_000) == (True, True)
    with pytest.raises(ReadError):
        read_buildings(write(tmp_path, text.replace("EPSG::28992", "EPSG::99999")))
