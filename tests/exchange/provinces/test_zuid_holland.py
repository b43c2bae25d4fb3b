"""The Zuid-Holland record of a project: every property, every error, every reason to leave a project out."""

from datetime import date

import pytest

from diwi_desktop.exchange.provinces import FieldMapping
from diwi_desktop.exchange.provinces.engine import Engine
from diwi_desktop.exchange.provinces.messages import MESSAGES
from diwi_desktop.model.codelists import code_list
from diwi_desktop.model.codes import Confidentiality, MilestoneState, OwnershipType, Phase, PlanStatus, PlanType
from diwi_desktop.model.derive import phase_type, status_type
from diwi_desktop.model.finding import Finding
from diwi_desktop.model.plan import Milestone, Option, Ownership, Range
from tests.exchange.provinces.samples import (
    BOTTLENECKS,
    CLIENT,
    DEGREE,
    DONE,
    FLEX,
    LIST,
    PLANNED,
    PZH,
    REMARK,
    STUDENTS,
    block,
    evaluate,
    mapping,
    plan,
    register,
)

HOMES = block(10, (date(2028, 6, 1), 10))


def codes(found: list[Finding]) -> list[str]:
    return [item.code for item in found]


def test_the_properties_of_a_project_in_order() -> None:
    found = evaluate(plan(HOMES))
    assert found.findings == []
    properties = dict(found.properties)
    assert properties.pop("year_properties")[0]["jaartal"] == 2028
    expected = {
        "plannaam": "De Hoek",
        "provincie": "Zuid-Holland",
        "regio": "Rijnmond",
        "gemeente": "Duinwijk",
        "woonplaats": "Duinwijk",
        "vertrouwelijkheid": "Provincie",
        "opdrachtgever_type": "Gemeente",
        "opdrachtgever_naam": None,
        "oplevering_eerste": 2028,
        "oplevering_laatste": 2028,
        "opmerkingen_basis": None,
        "plantype": "Verdichting",
        "masterplan": None,
        "bestemmingsplan": None,
        "projectfase": "3. Ontwerp",
        "status_planologisch": "3. In voorbereiding",
        "opmerkingen_status": None,
        "beoogd_woonmilieu_ABF5": None,
        "beoogd_woonmilieu_ABF13": None,
        "knelpunten_meerkeuze": None,
        "toelichting_knelpunten": None,
        "verhuurder_type": None,
        "opmerkingen_kwalitatief": None,
        "ph_text1": "1b kansrijke plannen",
        "ph_text3": None,
        "ph_short1": 2024,
        "ph_short2": 0,
        "ph_text4": None,
        "ph_text5": None,
        "ph_text6": None,
        "ph_text7": None,
        "ph_text8": None,
        "ph_text9": "0190aaaa-0000-7000-8000-000000000001",
        "ph_short3": 0,
        "ph_short4": 0,
        "ph_short7": None,
        "ph_short8": None,
        "ph_short9": None,
        "ph_date1": "2027-09-01",
        "ph_date2": "2027-03-01",
        "ph_date3": "2026-11-21",
    }
    assert properties == expected
    assert list(found.properties) == [*expected, "year_properties"]
    assert len(found.properties) == 42


# -- labels ---------------------------------------------------------------------------------------------------------

STATUS_LABELS = {
    PlanStatus.S4A: "4A. Visie",
    PlanStatus.S4B: "4B. Idee",
    PlanStatus.S3: "3. In voorbereiding",
    PlanStatus.S2A: "2A. Vastgesteld",
    PlanStatus.S2B: "2B. Vastgesteld, uitwerkingsplicht",
    PlanStatus.S2C: "2C. Vastgesteld, wijzigingsbevoegdheid",
    PlanStatus.S1A: "1A. Onherroepelijk",
    PlanStatus.S1B: "1B. Onherroepelijk, uitwerkingsplicht",
    PlanStatus.S1C: "1C. Onherroepelijk, wijzigingsbevoegdheid",
}
PHASE_LABELS = dict(
    zip(
        Phase,
        ("0. Studie", "1. Initiatief", "2. Definitie", "3. Ontwerp", "4. Voorbereiding", "5. Realisatie", "6. Nazorg"),
        strict=True,
    )
)
TYPE_LABELS = {
    PlanType.PAND_TRANSFORMATIE: "Pand Transformatie",
    PlanType.TRANSFORMATIEGEBIED: "Transformatiegebied",
    PlanType.HERSTRUCTURERING: "Herstructurering",
    PlanType.VERDICHTING: "Verdichting",
    PlanType.UITBREIDING_UITLEG: "Uitbreiding uitleg",
    PlanType.UITBREIDING_OVERIG: "Uitbreiding overig",
}


@pytest.mark.parametrize("status", list(STATUS_LABELS))
def test_plan_status(status: PlanStatus) -> None:
    steps = [
        Milestone(status_type(status), date(2025, 1, 1), DONE),
        Milestone(phase_type(Phase.DESIGN), date(2025, 1, 1), DONE),
    ]
    assert evaluate(plan(HOMES, milestones=steps)).properties["status_planologisch"] == STATUS_LABELS[status]


@pytest.mark.parametrize("phase", list(Phase))
def test_phase(phase: Phase) -> None:
    steps = [
        Milestone(phase_type(phase), date(2025, 1, 1), DONE),
        Milestone(status_type(PlanStatus.S3), date(2025, 1, 1), DONE),
    ]
    assert evaluate(plan(HOMES, milestones=steps)).properties["projectfase"] == PHASE_LABELS[phase]


@pytest.mark.parametrize("kind", list(PlanType))
def test_plan_type(kind: PlanType) -> None:
    assert evaluate(plan(HOMES, plan_types=[kind])).properties["plantype"] == TYPE_LABELS[kind]


@pytest.mark.parametrize(
    ("level", "label"),
    [
        (Confidentiality.EXTERNAL_REGIONAL, "Regio"),
        (Confidentiality.EXTERNAL_GOVERNMENTAL, "Provincie"),
        (Confidentiality.PUBLIC, "Openbaar"),
    ],
)
def test_confidentiality(level: Confidentiality, label: str) -> None:
    assert evaluate(plan(HOMES, confidentiality=level)).properties["vertrouwelijkheid"] == label


def test_noise_has_an_en_dash_and_procedures_a_hyphen() -> None:
    labels = PZH.field("knelpunten_meerkeuze").codes
    assert len(labels) == 21
    assert [label for label in labels if "\N{EN DASH}" in label] == [
        "Geluidhinder – industrie en bedrijven",
        "Geluidhinder – vliegverkeer",
        "Geluidhinder – weg- en railverkeer",
        "Geluidhinder – nestgeluid",
    ]
    assert [label for label in labels if " - " in label] == [
        "Procedures - Bezwaarprocedures",
        "Procedures - Beroepsprocedures",
    ]
    assert {item.name: len(item.codes) for item in PZH.fields if item.codes} == {
        "opdrachtgever_type": 7, "beoogd_woonmilieu_ABF5": 6, "beoogd_woonmilieu_ABF13": 14, "knelpunten_meerkeuze": 21,
        "verhuurder_type": 4, "ph_text1": 5, "ph_text3": 3, "ph_text4": 3, "ph_text5": 6, "ph_text6": 4, "ph_text7": 4,
        "ph_text8": 4,
    }  # fmt: skip
    assert {item.name for item in PZH.mapped if item.mandatory} == {"opdrachtgever_type", "ph_text1", "ph_short2"}
    assert len(PZH.mapped) == 23


# -- time -----------------------------------------------------------------------------------------------------------


def test_a_project_that_ended_is_finished_and_one_that_ends_today_is_not() -> None:
    ended = evaluate(plan(HOMES, end_date=date(2026, 11, 20))).properties["projectfase"]
    ends = evaluate(plan(HOMES, end_date=date(2026, 11, 21))).properties["projectfase"]
    assert (ended, ends) == ("7. Afgerond", "3. Ontwerp")


def test_a_project_still_to_start_goes_with_the_phase_and_status_it_starts_with() -> None:
    steps = [
        Milestone(phase_type(Phase.CONCEPT), date(2028, 1, 1), PLANNED),
        Milestone(phase_type(Phase.DESIGN), date(2029, 1, 1), PLANNED),
        Milestone(status_type(PlanStatus.S4B), date(2028, 1, 1), PLANNED),
    ]
    found = evaluate(plan(HOMES, start_date=date(2028, 1, 1), milestones=steps))
    assert found.findings == []
    assert found.properties["projectfase"] == "0. Studie"
    assert found.properties["status_planologisch"] == "4B. Idee"
    assert found.properties["ph_short1"] == 2028


def test_a_day_that_went_by_without_being_realised_is_no_date() -> None:
    steps = [
        Milestone(phase_type(Phase.DESIGN), date(2025, 1, 1), DONE),
        Milestone(phase_type(Phase.REALIZATION), date(2026, 5, 1), PLANNED),
        Milestone(status_type(PlanStatus.S3), date(2025, 1, 1), DONE),
        Milestone(status_type(PlanStatus.S1A), date(2026, 6, 1), MilestoneState.ABORTED),
        Milestone(status_type(PlanStatus.S1B), date(2027, 6, 1), PLANNED),
        Milestone(status_type(PlanStatus.S1C), date(2026, 8, 1), DONE),
    ]
    found = evaluate(plan(HOMES, milestones=steps)).properties
    assert found["ph_date1"] is None
    assert found["ph_date2"] == "2026-08-01"
    assert found["projectfase"] == "3. Ontwerp"


def test_the_reference_date_rules() -> None:
    found = evaluate(plan(HOMES), reg=register(on=date(2025, 1, 1))).properties
    assert found["projectfase"] == "1. Initiatief"
    assert found["ph_date3"] == "2025-01-01"


# -- mapped fields --------------------------------------------------------------------------------------------------


def mapped(target: str, source: str, **values: object) -> dict[str, FieldMapping]:
    return mapping(**{target: FieldMapping(target, source, **values)})


def test_a_multiple_choice_becomes_a_list_in_the_order_of_the_province() -> None:
    found = plan(HOMES)
    found.own[BOTTLENECKS] = ["b-park", "b-power", "b-noise"]
    options = {"b-noise": ("Geluidhinder – nestgeluid",)}
    record = evaluate(found, mapped=mapped("knelpunten_meerkeuze", f"own:{BOTTLENECKS}", options=options))
    assert record.properties["knelpunten_meerkeuze"] == ["Geluidhinder – nestgeluid", "Netcongestie", "Parkeren"]
    assert record.findings == []


def test_yes_and_no_rank_text_and_number() -> None:
    found = plan(HOMES, description=" Langs de dijk ", plan_id="NL.IMRO.0999.BP1-VG01")
    found.own |= {FLEX: False, DEGREE: ["d-2", "d-2"], REMARK: "Let op", STUDENTS: [4, 4]}
    mappings = mapping(
        ph_text3=FieldMapping("ph_text3", f"own:{FLEX}"),
        ph_text7=FieldMapping("ph_text7", f"own:{DEGREE}"),
        opmerkingen_basis=FieldMapping("opmerkingen_basis", f"own:{REMARK}"),
        opmerkingen_kwalitatief=FieldMapping("opmerkingen_kwalitatief", "project.description"),
        bestemmingsplan=FieldMapping("bestemmingsplan", "project.plan_id"),
        masterplan=FieldMapping("masterplan", constant="Visie 2040"),
        ph_short2=FieldMapping("ph_short2", f"own:{STUDENTS}"),
        opdrachtgever_naam=FieldMapping("opdrachtgever_naam", f"own:{CLIENT}"),
    )
    record = evaluate(found, mapped=mappings)
    assert record.findings == []
    wanted = {
        "ph_text3": "Nee",
        "ph_text7": "Ja, ruime aandacht",
        "opmerkingen_basis": "Let op",
        "opmerkingen_kwalitatief": "Langs de dijk",
        "bestemmingsplan": "NL.IMRO.0999.BP1-VG01",
        "masterplan": "Visie 2040",
        "ph_short2": 4,
        "opdrachtgever_naam": "De gemeente",  # a text field mapped to a choice gets the municipality's own label
    }
    assert {key: record.properties[key] for key in wanted} == wanted


def test_numbers_of_the_blocks_are_added_up() -> None:
    one, two = block(10, (date(2028, 6, 1), 10), clustered=4, temporary=0), block(5, (date(2029, 6, 1), 5), clustered=3)
    mappings = mapping(
        ph_short7=FieldMapping("ph_short7", "houseblock.clustered"),
        ph_short8=FieldMapping("ph_short8", "houseblock.step_free"),
        ph_text4=FieldMapping("ph_text4", "houseblock.temporary"),
    )
    found = evaluate(plan(one, two), mapped=mappings)
    assert found.findings == []
    assert [found.properties[key] for key in ("ph_short7", "ph_short8", "ph_text4")] == [7, None, "Nee"]


def test_a_fixed_value_stands_in_for_an_empty_field_only() -> None:
    mappings = mapped("opdrachtgever_type", f"own:{CLIENT}", options={"c-town": ("Gemeente",)}, constant="Onbekend")
    assert evaluate(plan(HOMES), mapped=mappings).properties["opdrachtgever_type"] == "Gemeente"
    empty = plan(HOMES)
    del empty.own[CLIENT]
    assert evaluate(empty, mapped=mappings).properties["opdrachtgever_type"] == "Onbekend"


# -- errors ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "field", "kind"),
    [
        ({"municipality": None}, "municipality", "project"),
        ({"plan_types": []}, "plan_types", "project"),
        ({"milestones": [Milestone("PHASE_4_DESIGN", date(2025, 1, 1), DONE)]}, "type", "milestone"),
        ({"own": {LIST: ["l-1b"]}}, f"own:{CLIENT}", "project"),
    ],
)
def test_a_missing_mandatory_value(changes: dict[str, object], field: str, kind: str) -> None:
    found = evaluate(plan(HOMES, **changes))
    (only,) = found.findings
    assert (only.code, only.severity.value) == ("missing_mandatory_value", "error")
    assert (only.kind, only.field, only.project_name) == (kind, field, "De Hoek")
    assert only.entity == (found.project if kind == "project" else "")
    assert found.faulty


def test_a_missing_number_of_the_blocks_points_at_the_first_block() -> None:
    (only,) = evaluate(plan(HOMES), mapped=mapped("ph_short2", "houseblock.student")).findings
    assert (only.code, only.kind, only.entity, only.field) == (
        "missing_mandatory_value", "houseblock", "block-a", "student",
    )  # fmt: skip


def test_no_phase_is_a_warning() -> None:
    steps = [Milestone("STATUS_3_IN_VOORBEREIDING", date(2024, 6, 1), DONE)]
    found = evaluate(plan(HOMES, milestones=steps))
    assert codes(found.findings) == ["missing_expected_value"]
    assert not found.faulty


def test_two_values_where_one_fits() -> None:
    two = plan(HOMES, plan_types=[PlanType.VERDICHTING, PlanType.HERSTRUCTURERING])
    two.own[LIST] = ["l-1a", "l-1b"]
    found = evaluate(two)
    assert codes(found.findings) == ["multiple_single_select_values"] * 2
    assert [f.field for f in found.findings] == ["plan_types", f"own:{LIST}"]
    assert found.properties["plantype"] is None


@pytest.mark.parametrize(("number", "fault"), [(10, False), (11, True)])
def test_more_than_the_homes_built(number: int, fault: bool) -> None:
    found = plan(HOMES)
    found.own[STUDENTS] = [number, number]
    record = evaluate(found, mapped=mapped("ph_short2", f"own:{STUDENTS}"))
    assert codes(record.findings) == (["value_larger_than_construction_houseblocks"] if fault else [])


@pytest.mark.parametrize(("number", "fault"), [(0, False), (-1, True), (-0.5, True)])
def test_a_mapped_number_is_not_negative(number: float, fault: bool) -> None:
    found = plan(HOMES)
    found.own[STUDENTS] = [number, number]
    record = evaluate(found, mapped=mapped("ph_short2", f"own:{STUDENTS}"))
    assert codes(record.findings) == (["negative_value"] if fault else [])
    assert record.faulty is fault


@pytest.mark.parametrize(("bounds", "fault"), [(None, True), (Range(0, 20_000_000), False)])
def test_homes_of_a_price_class_without_bounds_are_told(bounds: Range[int] | None, fault: bool) -> None:
    rows = [Ownership(OwnershipType.BUY, 2, price_option="p-bare", id=key) for key in ("row-1", "row-2")]
    options = [*register().options.values(), Option("p-bare", "priceRangeBuy", "Betaalbaar", bounds=bounds)]
    found = plan(block(5, (date(2028, 6, 1), 5), ownerships=rows))
    record = Engine(PZH, register(options=options), mapping()).evaluate(found)
    assert not record.faulty
    told = [(f.kind, f.entity, f.field) for f in record.findings if f.code == "price_class_without_bounds"]
    assert told == ([("option", "p-bare", "bounds")] if fault else [])


def test_a_range_where_a_number_is_asked() -> None:
    found = plan(HOMES)
    found.own[STUDENTS] = [2, 5]
    record = evaluate(found, mapped=mapped("ph_short2", f"own:{STUDENTS}"))
    assert codes(record.findings) == ["numeric_range_value"]
    assert record.properties["ph_short2"] is None


def test_a_price_over_several_classes() -> None:
    row = Ownership(OwnershipType.BUY, 4, price=Range(25_000_000, 45_000_000), id="row-1")
    (only,) = evaluate(plan(block(10, (date(2028, 6, 1), 10), ownerships=[row]))).findings
    assert (only.code, only.kind, only.entity, only.field) == (
        "ownership_range_mapping_error", "ownership", "row-1", "price",
    )  # fmt: skip
    assert "€ 250.000 – 450.000" in only.nl
    assert "koop1 tot € 280.000, koop2 € 280.000 – 390.000, koop3 € 390.000 – 600.000." in only.nl
    assert "koop1 under € 280.000, koop2 € 280.000 – 390.000" in only.en


def test_english_sentences_have_english_labels() -> None:
    many = evaluate(plan(HOMES, plan_types=[PlanType.VERDICHTING, PlanType.HERSTRUCTURERING])).findings[0]
    assert "(nu: Herstructurering, Verdichting)" in many.nl or "(nu: Verdichting, Herstructurering)" in many.nl
    labels = code_list("plan_type")
    for key in (PlanType.VERDICHTING, PlanType.HERSTRUCTURERING):
        assert labels.label(key, "en") in many.en
        assert labels.label(key) not in many.en
    early = [Milestone(status_type(PlanStatus.S5A), date(2024, 6, 1), DONE)]
    (left_out,) = evaluate(plan(HOMES, milestones=early)).findings
    status = code_list("plan_status")
    assert status.label(PlanStatus.S5A) in left_out.nl
    assert status.label(PlanStatus.S5A, "en") in left_out.en
    row = Ownership(OwnershipType.BUY, 4, price=Range(25_000_000, None), id="row-1")
    (wide,) = evaluate(plan(block(10, (date(2028, 6, 1), 10), ownerships=[row]))).findings
    assert "€ 250.000 en meer" in wide.nl
    assert "€ 250.000 and more" in wide.en


def test_a_yes_or_no_that_is_not_mapped_is_named_in_english() -> None:
    found = plan(HOMES)
    found.own[FLEX] = True
    record = evaluate(found, mapped=mapped("knelpunten_meerkeuze", f"own:{FLEX}"))
    (only,) = record.findings
    assert "'Ja'" in only.nl
    assert "'yes'" in only.en


def test_an_option_that_is_mapped_to_nothing() -> None:
    found = plan(HOMES)
    found.own[BOTTLENECKS] = ["b-noise"]
    record = evaluate(found, mapped=mapped("knelpunten_meerkeuze", f"own:{BOTTLENECKS}"))
    assert [(f.code, f.severity.value, f.value) for f in record.findings] == [("option_not_mapped", "error", "Lawaai")]
    on_purpose = mapped("knelpunten_meerkeuze", f"own:{BOTTLENECKS}", options={"b-noise": ("",)})
    record = evaluate(found, mapped=on_purpose)
    assert record.findings == []
    assert record.properties["knelpunten_meerkeuze"] is None


def test_no_contour_is_a_warning() -> None:
    found = evaluate(plan(HOMES, areas=[]))
    assert [(f.code, f.severity.value) for f in found.findings] == [("project_does_not_have_geometry", "warning")]


# -- who never goes -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [PlanStatus.S5A, PlanStatus.S5B])
def test_municipal_preparation_never_goes(status: PlanStatus) -> None:
    found = evaluate(plan(HOMES, milestones=[Milestone(status_type(status), date(2025, 1, 1), DONE)]))
    assert found.left_out == "municipal_plan_status"
    assert not found.faulty
    assert found.properties == {}


@pytest.mark.parametrize("level", [level for level in Confidentiality if level.rank < 5])
def test_what_is_too_confidential_never_goes(level: Confidentiality) -> None:
    found = evaluate(plan(HOMES, confidentiality=level))
    assert found.left_out == "min_confidentiality_error"
    assert found.faulty
    assert found.properties == {}


def test_a_lapsed_project_does_not_go() -> None:
    steps = [*plan().milestones, Milestone("VERVALLEN", date(2026, 1, 1), DONE)]
    assert evaluate(plan(HOMES, milestones=steps)).left_out == "project_lapsed"
    still_planned = [*plan().milestones, Milestone("VERVALLEN", date(2026, 1, 1), PLANNED)]
    assert evaluate(plan(HOMES, milestones=still_planned)).left_out == ""


def test_every_message_is_a_sentence_in_two_languages() -> None:
    for code, message in MESSAGES.items():
        for text in (message.nl, message.en):
            assert text[0] in "'ABCDEFGHIJKLMNOPQRSTUVWXYZ", code
            assert text.endswith("."), code
            assert "!" not in text, code
        assert message.source
