"""The catalogue, the code lists, the enumerations and the Plan describe the same things."""

from __future__ import annotations

import dataclasses
from enum import StrEnum

import pytest

from diwi_desktop.model import codes, plan
from diwi_desktop.model.catalogue import FieldType, OwnField, catalogue
from diwi_desktop.model.codelists import code_list
from diwi_desktop.model.codes import OwnFieldType

LISTS: dict[str, type[StrEnum]] = {
    "phase": codes.Phase,
    "plan_status": codes.PlanStatus,
    "plan_type": codes.PlanType,
    "confidentiality": codes.Confidentiality,
    "ownership_type": codes.OwnershipType,
    "mutation": codes.Mutation,
    "milestone_state": codes.MilestoneState,
    "milestone_basis": codes.MilestoneBasis,
    "project_status": codes.ProjectStatus,
    "own_field_type": codes.OwnFieldType,
    "user_role": codes.UserRole,
    "person_state": codes.PersonState,
    "option_list": codes.OptionList,
}
CLASSES = {
    "project": plan.Plan,
    "houseblock": plan.Block,
    "delivery": plan.Delivery,
    "ownership": plan.Ownership,
    "share": plan.Share,
    "milestone": plan.Milestone,
    "plan_area": plan.PlanArea,
    "parcel_link": plan.ParcelLink,
    "writer": plan.Writer,
}
PARTS = {"id", "own", "blocks", "milestones", "areas", "parcels", "writers", "deliveries", "ownerships", "shares"}


@pytest.mark.parametrize("name", LISTS)
def test_lists_and_enumerations_agree_in_keys_and_order(name: str) -> None:
    assert [code.key for code in code_list(name).codes] == [member.value for member in LISTS[name]]


def test_hard_statuses_are_those_of_the_list() -> None:
    hard = {code.key for code in code_list("plan_status").codes if code.extra["hard"]}
    assert hard == codes.HARD_STATUSES
    municipal = {code.key for code in code_list("plan_status").codes if code.extra["municipal"]}
    assert municipal == codes.MUNICIPAL_STATUSES


def test_every_phase_and_status_has_a_milestone() -> None:
    types = code_list("milestone_type").by_key
    for phase in codes.Phase:
        assert types[f"PHASE{phase}"].extra["value"] == phase
    for status in codes.PlanStatus:
        assert types[f"STATUS{status}"].extra["value"] == status


@pytest.mark.parametrize("kind", CLASSES)
def test_the_plan_has_the_fields_of_the_catalogue(kind: str) -> None:
    described = {f.key for f in catalogue().kind(kind).fields} - {catalogue().kind(kind).parent_key}
    assert {f.name for f in dataclasses.fields(CLASSES[kind])} - PARTS == described


@pytest.mark.parametrize("kind", [k.kind for k in catalogue().kinds])
def test_every_field_is_said_in_both_languages_with_help(kind: str) -> None:
    described = catalogue().kind(kind)
    sections = {section.key for section in described.sections}
    for field in described.fields:
        assert field.nl
        assert field.en
        if field.key != described.parent_key:
            assert field.help_nl.endswith(".")
            assert field.help_en.endswith(".")
        assert not field.section or field.section in sections
        if field.codelist:
            assert code_list(field.codelist).codes
        if field.target:
            catalogue().kind(field.target)
        if field.type in (FieldType.CODE, FieldType.CODES):
            assert field.codelist


def test_parents_come_before_children() -> None:
    seen: set[str] = {""}
    for kind in catalogue().kinds:
        assert kind.parent in seen
        seen.add(kind.kind)


def test_own_fields_join_their_kind() -> None:
    own = OwnField(
        "6f9619ff-8b86-4d01-b42d-00cf4fc964ff", "project", "Opdrachtgever", OwnFieldType.CATEGORY, mandatory=True
    )
    joined = catalogue().with_own_fields([own])
    field = joined.field("project", "own:6f9619ff-8b86-4d01-b42d-00cf4fc964ff")
    assert (field.type, field.expected, field.nl, field.own) == (FieldType.OPTIONS, True, "Opdrachtgever", True)
    assert joined.kind("project").sections[-1].key == "own"
    assert joined.kind("houseblock") == catalogue().kind("houseblock")
    with pytest.raises(KeyError):
        catalogue().field("project", field.key)


def test_codes_are_found_by_any_of_their_names() -> None:
    levels = code_list("confidentiality")
    for text in ("PRIVATE", "prive", "Privé", "private"):
        code = levels.find(text)
        assert code is not None
        assert code.key == "PRIVATE"
    assert levels.find("geheim") is None
    assert levels.find("") is None
    assert (levels.label("PUBLIC"), levels.label("PUBLIC", "en"), levels.label(None)) == ("Openbaar", "Public", "")
