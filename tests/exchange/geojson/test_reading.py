"""DIWI GeoJSON: both dialects, wrong values, wrong coordinates, wrong files."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diwi_desktop.exchange.drafts import Draft
from diwi_desktop.exchange.geojson import read_geojson
from diwi_desktop.exchange.messages import Report, Unreadable
from diwi_desktop.geo.shape import from_ewkb
from diwi_desktop.model.codes import (
    Confidentiality,
    Mutation,
    OptionList,
    OwnershipType,
    Phase,
    PlanStatus,
    PlanType,
    ProjectStatus,
)
from diwi_desktop.model.finding import Finding, Severity
from diwi_desktop.model.plan import Range
from tests.exchange.excel.reading import register, uid
from tests.exchange.geojson.features import (
    ABSENT,
    BLOCK_ID,
    PROJECT_ID,
    block,
    collection,
    exported,
    feature,
    project,
    save,
)
from tests.realdata import real_data

D = date.fromisoformat


def read(path: Path) -> tuple[list[Draft], list[Finding]]:
    report = Report()
    return read_geojson(path, register(), report), report.in_order()


def of(
    properties: Any, folder: Path, geometry: Any = ABSENT, crs: str | None = "EPSG:28992"
) -> tuple[Draft, list[Finding]]:
    item = feature(properties) if geometry is ABSENT else feature(properties, geometry)
    drafts, findings = read(save(folder, item, crs=crs))
    return drafts[0], findings


def errors(findings: list[Finding]) -> list[str]:
    return [f.code for f in findings if f.severity is not Severity.WARNING]


def test_the_import_dialect(tmp_path: Path) -> None:
    draft, findings = of(project(), tmp_path)
    assert not findings
    assert (draft.source_id, draft.name, draft.diwi_id) == ("1", "Kade", "")
    assert (draft.start, draft.end) == (D("2024-01-01"), D("2028-12-31"))
    assert (draft.status, draft.confidentiality) == (ProjectStatus.ACTIVE, Confidentiality.PUBLIC)
    assert draft.plan_types == [PlanType.VERDICHTING]
    assert draft.priority == (uid("prio-1"), uid("prio-1"))
    assert draft.municipality_roles == [uid("role-1")]
    assert (draft.municipality, draft.districts, draft.neighbourhoods) == (uid("town"), [uid("north")], [])
    assert draft.owners == ["anna@voorbeeld.nl"]
    assert draft.phases == {Phase.CONCEPT: D("2024-01-01"), Phase.REALIZATION: D("2026-01-01")}
    assert draft.statuses == {PlanStatus.S4A: D("2024-02-01"), PlanStatus.S2A: D("2025-09-01")}
    assert draft.own == {uid("client"): [uid("client-1")], uid("key"): True, uid("sum"): [12.5, 12.5]}
    (found,) = draft.blocks
    assert (found.block.name, found.block.mutation, found.block.number) == ("Blok A", Mutation.CONSTRUCTION, 12)
    assert (found.block.single_family, found.block.multi_family, found.block.ground_formal) == (12, None, 12)
    assert [(x.date, x.number) for x in found.block.deliveries] == [(D("2027-06-01"), 12)]
    assert found.block.programming is True
    assert found.owners == {OwnershipType.BUY: 12}
    assert [p.amount for p in found.prices[OwnershipType.BUY]] == [Range(27_500_000, 38_999_999)]
    assert found.shares == {OptionList.APPEARANCE: 12, OptionList.TARGET_GROUP: 12}
    assert found.block.own == {uid("norm"): [1.4, 1.4]}
    assert draft.area is not None
    assert from_ewkb(draft.area).area == 10_000


def test_the_export_dialect(tmp_path: Path) -> None:
    draft, findings = of(exported(), tmp_path)
    assert [f.code for f in findings] == ["project_owner_missing"]
    assert (draft.diwi_id, draft.source_id) == (PROJECT_ID, None)
    assert draft.plan_types == [PlanType.PAND_TRANSFORMATIE]
    assert draft.confidentiality is Confidentiality.EXTERNAL_GOVERNMENTAL
    assert draft.phases == {Phase.CONCEPT: D("2024-01-01"), Phase.PREPARATION: D("2025-03-01")}
    assert draft.statuses == {PlanStatus.S4A: D("2024-02-01"), PlanStatus.S2A: D("2025-04-01")}
    assert draft.own == {uid("key"): True, uid("sum"): [12.5, 12.5], uid("text"): "Let op"}
    (found,) = draft.blocks
    content = found.block
    assert (found.diwi_id, content.name, content.number, content.programming) == (BLOCK_ID, "Blok A", 20, False)
    assert (content.single_family, content.multi_family, found.type_unknown) == (7, 8, 5)
    assert content.size == Range(70.5, 95)
    assert (content.ground_formal, content.ground_intention, content.ground_none) == (10, 4, None)
    assert [(p.number, p.amount, p.option) for p in found.prices[OwnershipType.BUY]] == [
        (6, Range(27_500_055, 27_500_055), None),
        (4, None, uid("starter")),
    ]
    assert [(p.number, p.amount) for p in found.prices[OwnershipType.RENT_CORPORATION]] == [(5, Range(69_000, None))]


def test_the_example_of_the_original(tmp_path: Path) -> None:
    drafts, findings = read(real_data("diwi_import_example.geojson"))
    assert errors(findings) == []
    (draft,) = drafts
    assert (draft.source_id, draft.name) == ("1", "geojson import nr 1")
    assert draft.confidentiality is Confidentiality.INTERNAL_CIVIL
    assert draft.area is not None


def test_a_file_of_before_confidentiality_gets_the_strict_default(tmp_path: Path) -> None:
    """The same as the example of the original, which lacks owner and confidentiality and has ended since."""
    general = "projectgegevens__projectgegevens__"
    properties = project(
        **{
            f"{general}vertrouwelijkheid": ABSENT,
            f"{general}eigenaar": ABSENT,
            "projectgegevens__projectduur__eind_project": "2024-12-31",
            "projectgegevens__projectfasen": {},
            "projectgegevens__planologische_planstatus": {},
            "woning_blokken__0__einddatum": None,
        }
    )
    draft, findings = of(properties, tmp_path)
    assert [f.code for f in findings] == [
        "no_project_confidentiality",
        "project_owner_missing",
        "project_dates_status_mismatch",
    ]
    assert errors(findings) == []
    assert draft.confidentiality is Confidentiality.INTERNAL_CIVIL


G = "projectgegevens__projectgegevens__"
B = "woning_blokken__0__"
WRONG: list[tuple[dict[str, Any], str, Any]] = [
    ({"projectgegevens__basisgegevens__identificatie_nr": None}, "no_project_identificationNo", None),
    ({"projectgegevens__basisgegevens__identificatie_nr": "een"}, "not_numeric", "een"),
    ({"projectgegevens__basisgegevens__naam": None}, "no_project_name", None),
    ({"projectgegevens__basisgegevens__naam": 7}, "not_string", 7),
    ({f"{G}status": None}, "no_project_status", None),
    ({f"{G}status": "RUNNING"}, "unknown_property_value", "RUNNING"),
    ({f"{G}vertrouwelijkheid": None}, "no_project_confidentiality", None),
    ({f"{G}plan_soort": "NIEUWBOUW"}, "invalid_plan_type", "NIEUWBOUW"),
    ({f"{G}in_programmering": "soms"}, "not_boolean", "soms"),
    ({f"{G}prioritering": "9 Ooit"}, "unknown_property_value", "9 Ooit"),
    ({f"{G}eigenaar": "anna"}, "project_owner_invalid", "anna"),
    ({"projectgegevens__projectduur__start_project": None}, "no_project_start_date", None),
    ({"projectgegevens__projectduur__start_project": "1 januari"}, "not_date", "1 januari"),
    ({"projectgegevens__projectduur__eind_project": 2028}, "not_date", 2028),
    ({"projectgegevens__projectfasen": {"_8_ONZIN": "2024-01-01"}}, "unknown_type", "_8_ONZIN"),
    ({"projectgegevens__locatie__gemeente": None}, "incomplete_project_location", "Noord"),
    ({"projectgegevens__locatie__wijk": "Verweg"}, "unknown_property_value", "Verweg"),
    ({"projectgegevens__rollen": {"Aannemer": "X"}}, "unknown_project_category_property", "Aannemer"),
    ({"projectgegevens__maatwerk_projecteigenschappen": {"Nieuw": 1}}, "unknown_project_property", "Nieuw"),
    ({f"{B}name": None}, "no_houseblock_name", None),
    ({f"{B}mutatiegegevens__mutatie_type": None}, "unknown_type", "leeg"),
    ({f"{B}mutatiegegevens__mutatie_type": "VERHUIZING"}, "unknown_type", "VERHUIZING"),
    ({f"{B}mutatiegegevens__eigendom_type": "KRAKEN"}, "unknown_type", "KRAKEN"),
    ({f"{B}mutatiegegevens__woning_type": "TENT"}, "unknown_type", "TENT"),
    ({f"{B}mutatiegegevens__aantal": None}, "no_houseblock_mutation", None),
    ({f"{B}waarde": {"laag": 2, "hoog": 1}}, "invalid_numeric_range", "2 - 1"),
    ({f"{B}waarde": {"laag": "veel"}}, "invalid_numeric_range", "veel"),
    ({f"{B}waarde__categorie": "Starter"}, "houseblock_ownership_multiple_types", None),
    ({f"{B}waarde": {"categorie": "Duur"}}, "unknown_price_buy_range_category", "Duur"),
    ({f"{B}doelgroep__0__aantal": 11}, "houseblock_target_group_total", 11),
    ({f"{B}doelgroep__0__doelgroep_categorie": "Mars"}, "unknown_property_value", "Mars"),
    ({f"{B}grondpositie": {"ERFPACHT": 12}}, "unknown_type", "ERFPACHT"),
    ({f"{B}maatwerk_woningeigenschappen": {"Nieuw": 1}}, "unknown_houseblock_property", "Nieuw"),
    ({f"{B}einddatum": "2029-06-01"}, "houseblock_delivery_date", D("2029-06-01")),
    ({f"{B}einddatum": "2025-06-01"}, "houseblock_delivery_phase", D("2025-06-01")),
    ({f"{B}einddatum": "ooit"}, "not_date", "ooit"),
    ({"projectgegevens__projectduur": 3}, "feature_error", None),
    ({"woning_blokken": [3]}, "feature_error", None),
    ({"projectgegevens": ABSENT}, "feature_error", None),
]


@pytest.mark.parametrize(("changes", "code", "value"), WRONG, ids=lambda x: x if isinstance(x, str) else "")
def test_a_wrong_value(changes: dict[str, Any], code: str, value: Any, tmp_path: Path) -> None:
    path = save(tmp_path, feature(project(**changes)))
    _, findings = read(path)
    (finding,) = (f for f in findings if f.severity is not Severity.WARNING)
    assert (finding.code, finding.row, finding.value) == (code, 1, value)
    assert finding.nl.endswith(".")


def test_numbers_of_homes(tmp_path: Path) -> None:
    bare = {"waarde": {}, "fysiek_voorkomen": [], "doelgroep": [], "grondpositie": {}}
    for number, code in ((0, "houseblock_housing_number"), (-4, "houseblock_housing_number"), (1.5, "not_numeric")):
        item = block(**bare, mutatiegegevens__aantal=number, mutatiegegevens__eigendom_type=None,
                     mutatiegegevens__woning_type=None)  # fmt: skip
        assert errors(of(project(woning_blokken=[item]), tmp_path)[1]) == [code]


def test_what_is_missing_can_be_made(tmp_path: Path) -> None:
    changes = {"projectgegevens__rollen": {"Aannemer": "Bouwer BV"}, "projectgegevens__locatie__wijk": "Verweg"}
    fixes = [f.fix for f in of(project(**changes), tmp_path)[1]]
    assert fixes == [
        {"create": "option", "list": "district", "name": "Verweg", "level": None},
        {
            "create": "own_field", "object": "project", "name": "Aannemer", "type_guess": "CATEGORY",
            "options": ["Bouwer BV"], "unfit": {"BOOLEAN": "", "NUMERIC": "", "ORDINAL": "", "TEXT": ""},
        },
    ]  # fmt: skip


def test_an_export_may_leave_part_of_the_homes_open_but_not_have_too_many(tmp_path: Path) -> None:
    few, many = exported(), exported(woning_blokken__0__woning_type={"eengezinswoning": 21})
    assert errors(of(few, tmp_path)[1]) == []
    assert errors(of(many, tmp_path)[1]) == ["houseblock_house_type_total"]


def test_an_export_calls_a_project_to_come_active(tmp_path: Path) -> None:
    duration = {"start_project": "2027-01-01", "eind_project": "2030-12-31"}
    properties = exported(
        projectgegevens__projectduur=duration,
        projectgegevens__projectfasen={},
        projectgegevens__planologische_planstatus={},
        woning_blokken=[],
    )
    assert errors(of(properties, tmp_path)[1]) == []


def test_an_export_may_have_a_block_without_a_number(tmp_path: Path) -> None:
    item = {"diwi_id": BLOCK_ID, "naam": "Later", "mutatiegegevens": {"mutatie_type": None, "aantal": None}}
    draft, findings = of(exported(woning_blokken=[item]), tmp_path)
    assert errors(findings) == []
    assert draft.blocks[0].block.number == 0


def test_the_same_project_twice(tmp_path: Path) -> None:
    _, findings = read(save(tmp_path, feature(project()), feature(project())))
    assert [(f.code, f.row) for f in findings] == [("feature_error", 2)]
    _, findings = read(save(tmp_path, feature(project(1, "Kade")), feature(project(1, "Kolk"))))
    assert findings == []


# --- geometry ---------------------------------------------------------------------------------------------------------

LONLAT = [[[5.6, 52.1], [5.61, 52.1], [5.61, 52.11], [5.6, 52.11], [5.6, 52.1]]]


def polygon(coordinates: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": coordinates}


def swapped(rings: list[list[list[float]]]) -> list[list[list[float]]]:
    return [[[y, x] for x, y in ring] for ring in rings]


def test_no_geometry_is_no_plan_area(tmp_path: Path) -> None:
    draft, findings = of(project(), tmp_path, geometry=None)
    assert (draft.area, findings) == (None, [])


def test_longitude_and_latitude(tmp_path: Path) -> None:
    for crs in (None, "urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326"):
        draft, findings = of(project(), tmp_path, polygon(LONLAT), crs=crs)
        assert findings == []
        assert draft.area is not None
        x, y = from_ewkb(draft.area).centroid.coords[0]
        assert 160_000 < x < 180_000
        assert 440_000 < y < 470_000


RD = [[[107000, 499000], [107100, 499000], [107100, 499100], [107000, 499100], [107000, 499000]]]


@pytest.mark.parametrize(
    ("geometry", "crs", "code"),
    [
        (polygon(swapped(RD)), "EPSG:28992", "axis_order"),
        (polygon(LONLAT), "EPSG:28992", "lonlat_as_rd"),
        (polygon(swapped(LONLAT)), None, "axis_order"),
        (polygon(RD), None, "rd_as_lonlat"),
    ],
)
def test_a_mix_up_of_coordinates_is_mended_and_told(geometry: Any, crs: str | None, code: str, tmp_path: Path) -> None:
    draft, findings = of(project(), tmp_path, geometry, crs=crs)
    assert [(f.code, f.severity) for f in findings] == [(code, Severity.WARNING)]
    assert draft.area is not None
    assert shapely.box(0, 300_000, 290_000, 630_000).contains(from_ewkb(draft.area))


@pytest.mark.parametrize(
    ("geometry", "code"),
    [
        (polygon([[[0, 0], [1, 0], [1, 1], [0, 0]]]), "outside_netherlands"),
        (polygon([]), "shape_empty"),
        ({"type": "Point", "coordinates": [107000, 499000]}, "shape_not_polygon"),
        ({"type": "Polygon"}, "feature_error"),
        ({"type": "Ster", "coordinates": []}, "feature_error"),
        (polygon([[[107000, 499000], [107100, 499000]]]), "feature_error"),
        (polygon([[["a", "b"], ["c", "d"], ["e", "f"], ["a", "b"]]]), "feature_error"),
        ("onzin", "feature_error"),
        (polygon([[[107000, 499000], [107100, 499100], [107100, 499000], [107000, 499100], [107000, 499000]]]),
         "shape_unclear"),
    ],
)  # fmt: skip
def test_a_geometry_that_is_refused(geometry: Any, code: str, tmp_path: Path) -> None:
    draft, findings = of(project(), tmp_path, geometry)
    assert errors(findings) == [code]
    assert draft.area is None


def test_a_small_self_crossing_is_mended_and_told(tmp_path: Path) -> None:
    ring = [[107000, 499000], [107100, 499000], [107100, 499100], [107050, 499100], [107051, 499101], [107051, 499100],
            [107050, 499101], [107000, 499100], [107000, 499000]]  # fmt: skip
    draft, findings = of(project(), tmp_path, polygon([ring]))
    assert [f.severity for f in findings] == [Severity.WARNING]
    assert draft.area is not None
    assert shapely.is_valid(from_ewkb(draft.area))


def test_an_unknown_coordinate_system(tmp_path: Path) -> None:
    _, findings = of(project(), tmp_path, crs="EPSG:31370")
    assert [(f.code, f.column) for f in findings] == [("crs_unknown", "crs")]


# --- files ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"type": "FeatureCollection"}',
        b'{"features": {}}',
        b'{"features": [NaN]}',
        b"\xff\xfe\x00",
        b"[" * 100_000,
        pytest.param(
            b'{"features": [' + b"1" * 10_000 + b"]}",
            marks=pytest.mark.skipif(
                not hasattr(sys, "get_int_max_str_digits"), reason="this Python reads numbers of any length"
            ),
        ),
    ],
)
def test_files_that_are_no_geojson(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.geojson"
    path.write_bytes(content)
    with pytest.raises(Unreadable):
        read(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Unreadable):
        read(tmp_path / "weg.geojson")


def test_a_byte_order_mark_and_a_lone_feature(tmp_path: Path) -> None:
    path = tmp_path / "x.geojson"
    item = feature(project()) | {"crs": collection()["crs"]}
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(item).encode())
    drafts, findings = read(path)
    assert len(drafts) == 1
    assert not findings


def test_halves_of_characters_and_steering_signs_do_no_harm(tmp_path: Path) -> None:
    changes: dict[str, Any] = {
        "projectgegevens__basisgegevens__naam": "Ka\ud800de\x1b[31m \u202eom",
        "projectgegevens__maatwerk_projecteigenschappen": {"\ud800\x07": "\udfff"},
    }
    draft, findings = of(project(**changes), tmp_path)
    assert draft.name == "Ka de [31m om"
    (finding,) = findings
    for text in (finding.nl, finding.column, str(finding.value), json.dumps(finding.as_json(), ensure_ascii=False)):
        assert text.isprintable()
        text.encode()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def paths(value: Any, path: str = "") -> list[str]:
    found = []
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        here = f"{path}__{key}" if path else str(key)
        found += [here, *paths(item, here)]
    return found


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    where=st.sampled_from(sorted(paths(project()))) | st.none(),
    other=st.sampled_from(sorted(paths(exported()))) | st.none(),
    value=JSON,
    geometry=JSON,
)
def test_any_content_is_read_or_told(
    where: str | None, other: str | None, value: Any, geometry: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    first = project(**({where: value} if where else {}))
    second = exported(**({other: value} if other else {}))
    path = save(tmp_path_factory.mktemp("any"), feature(first), feature(second, geometry), feature(value), value)
    for finding in read(path)[1]:
        assert finding.nl
        assert finding.as_json()
