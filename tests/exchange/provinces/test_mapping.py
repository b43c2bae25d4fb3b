"""Mapping own fields to those of the province: what is wrong with it, proposals, and the file."""

import json
from pathlib import Path

import pytest

from diwi_desktop.exchange.provinces import FieldMapping, check_mapping, read_mapping_file, suggest
from diwi_desktop.exchange.provinces.mapping import candidates
from diwi_desktop.model.finding import UserError
from tests.exchange.provinces.samples import (
    BOTTLENECKS,
    CLIENT,
    DEGREE,
    FLEX,
    LIST,
    PZH,
    REMARK,
    STUDENTS,
    mapping,
    register,
)


def codes(**changes: FieldMapping | None) -> list[tuple[str, str]]:
    return [(found.code, found.field) for found in check_mapping(PZH, mapping(**changes), register())]


def test_the_mandatory_three_are_enough() -> None:
    assert codes() == []


@pytest.mark.parametrize("target", ["opdrachtgever_type", "ph_text1", "ph_short2"])
def test_a_mandatory_field_that_is_not_mapped(target: str) -> None:
    assert codes(**{target: None}) == [("missing_custom_prop", target)]


def test_a_fixed_value_is_a_mapping_too() -> None:
    assert codes(ph_text1=FieldMapping("ph_text1", constant="1b kansrijke plannen")) == []
    assert codes(ph_text1=FieldMapping("ph_text1", constant="1z")) == [("mapping_unknown_label", "ph_text1")]
    assert codes(ph_short2=FieldMapping("ph_short2", constant="veel")) == [("mapping_wrong_type", "ph_short2")]
    assert codes(ph_short2=FieldMapping("ph_short2", constant="-1")) == [("negative_value", "ph_short2")]
    assert codes(ph_short2=FieldMapping("ph_short2", constant="0")) == []


def test_a_field_that_is_gone_or_does_not_fit() -> None:
    assert codes(ph_text8=FieldMapping("ph_text8", "own:gone")) == [("missing_dataexchange_mapping", "ph_text8")]
    assert codes(ph_text8=FieldMapping("ph_text8", f"own:{REMARK}")) == [("mapping_wrong_type", "ph_text8")]
    assert codes(ph_short7=FieldMapping("ph_short7", f"own:{REMARK}")) == [("mapping_wrong_type", "ph_short7")]


def test_options_without_and_with_two_values() -> None:
    source = f"own:{BOTTLENECKS}"
    target = "knelpunten_meerkeuze"
    assert codes(**{target: FieldMapping(target, source)}) == [("option_not_mapped", target)]
    named = {"b-noise": ("Geluidhinder – nestgeluid",)}
    assert codes(**{target: FieldMapping(target, source, named)}) == []
    twice = {"b-noise": ("Anders", "Geen")}
    assert codes(**{target: FieldMapping(target, source, twice)}) == [("option_mapped_multiple_times", target)]
    unknown = {"b-noise": ("Herrie",)}
    assert codes(**{target: FieldMapping(target, source, unknown)}) == [("mapping_unknown_label", target)]


def test_proposals_by_name() -> None:
    found = suggest(PZH, register(), {})
    sources = {target: item.source for target, item in found.items()}
    assert sources == {
        "opdrachtgever_type": f"own:{CLIENT}",
        "opmerkingen_basis": f"own:{REMARK}",
        "bestemmingsplan": "project.plan_id",
        "knelpunten_meerkeuze": f"own:{BOTTLENECKS}",
        "ph_text1": f"own:{LIST}",
        "ph_text3": f"own:{FLEX}",
        "ph_short2": f"own:{STUDENTS}",
        "ph_text4": "houseblock.temporary",
        "ph_text7": f"own:{DEGREE}",
        "ph_short7": "houseblock.clustered",
        "ph_short8": "houseblock.step_free",
        "ph_short9": "houseblock.care_suitable",
    }
    assert found["opdrachtgever_type"].options == {"c-town": ("Gemeente",), "c-corp": ("Woningcorporatie",)}
    assert found["knelpunten_meerkeuze"].options == {"b-power": ("Netcongestie",), "b-park": ("Parkeren",)}
    assert found["ph_text3"].options == {"true": ("Ja",), "false": ("Nee",)}


def test_one_own_field_is_not_proposed_for_two() -> None:
    """The kind of client has its very name; that of the client itself only resembles it, and it is taken."""
    found = suggest(PZH, register(), {})
    own = [item.source for item in found.values() if (item.source or "").startswith("own:")]
    assert len(own) == len(set(own))
    by_hand = {"opdrachtgever_naam": FieldMapping("opdrachtgever_naam", f"own:{CLIENT}")}
    assert "opdrachtgever_type" not in suggest(PZH, register(), by_hand)


def test_no_proposal_for_what_is_mapped() -> None:
    assert "ph_text1" not in suggest(PZH, register(), mapping())


def test_what_can_be_mapped_to_a_field() -> None:
    names = [item.key for item in candidates(PZH.field("ph_short7"), register())]
    assert names[0] == f"own:{STUDENTS}"
    assert {"clustered", "step_free", "care_suitable", "student"} <= set(names)
    assert "name" not in names


def test_a_mapping_file_speaks_in_names(tmp_path: Path) -> None:
    path = tmp_path / "koppeling.json"
    data = {
        "opdrachtgever_type": {
            "source": "Opdrachtgever",
            "options": {"De gemeente": "Gemeente"},
            "constant": "Onbekend",
        },
        "ph_text1": "1b kansrijke plannen",
        "ph_short2": {"source": "houseblock.student", "constant": 0},
    }
    path.write_text(json.dumps(data), encoding="utf-8")
    assert read_mapping_file(path, PZH, register()) == {
        "opdrachtgever_type": FieldMapping(
            "opdrachtgever_type", f"own:{CLIENT}", {"c-town": ("Gemeente",)}, "Onbekend"
        ),
        "ph_text1": FieldMapping("ph_text1", constant="1b kansrijke plannen"),
        "ph_short2": FieldMapping("ph_short2", "houseblock.student", constant="0"),
    }


@pytest.mark.parametrize(
    "text",
    ["niet", "[]", '{"plannaam": "x"}', '{"ph_text1": {"source": "Bestaat niet"}}', '{"ph_text1": {"bron": "x"}}',
     '{"ph_text1": ["x"]}'],
)  # fmt: skip
def test_a_mapping_file_that_cannot_be_used(tmp_path: Path, text: str) -> None:
    path = tmp_path / "koppeling.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UserError) as caught:
        read_mapping_file(path, PZH, register())
    assert caught.value.code == "mapping_file"
    assert "koppeling.json" in caught.value.nl
