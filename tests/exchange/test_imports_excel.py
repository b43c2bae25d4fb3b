"""The whole Excel import into a store: twenty-two varied projects, once, twice, changed, cancelled, undone."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from diwi_desktop.exchange.imports import ImportFailed, import_file
from diwi_desktop.exchange.missing import create_missing
from diwi_desktop.model.clock import FixedClock
from diwi_desktop.model.codes import MilestoneState, OptionList
from diwi_desktop.model.derive import homes_per_year, phase_on, project_status, status_on
from diwi_desktop.model.finding import Cancelled, Finding, Refused, Severity
from diwi_desktop.model.plan import Ownership, Plan
from diwi_desktop.store import Store, queries
from diwi_desktop.store.plans import plans
from diwi_desktop.store.verify import verify
from tests.exchange.excel.town import EXPECTED, TODAY, d, fill, furnish
from tests.exchange.excel.workbook import BUILD, PROJECT, SUB_HEADER_ROW, Homes, Template, project
from tests.realdata import real_data
from tests.stores import new_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = new_store(tmp_path / "town.diwi", FixedClock.on(TODAY))
    yield made
    made.close()


def by_number(store: Store) -> dict[str, Plan]:
    return {plan.source_id or "": plan for plan in plans(store)}


def prices(plan: Plan, store: Store) -> set[tuple[object, ...]]:
    names = {key: option.name for key, option in queries.options(store).items()}

    def price(row: Ownership) -> tuple[object, ...]:
        option, amount = row.price_option or row.rent_option, row.price or row.rent
        if option:
            return (names[option],)
        return (None,) if amount is None else (amount.low, amount.high)

    return {(o.type.value, o.number, *price(o)) for b in plan.blocks for o in b.ownerships}


def check_town(store: Store) -> None:
    """All projects against the figures worked out by hand."""
    found = by_number(store)
    assert set(found) == set(EXPECTED)
    for number, expected in EXPECTED.items():
        plan = found[number]
        assert plan.name == expected.name
        assert (plan.built, plan.demolished, len(plan.blocks)) == (expected.built, expected.demolished, expected.blocks)
        assert homes_per_year(plan.blocks) == expected.years, number
        assert phase_on(plan.milestones, TODAY, TODAY) == expected.phase, number
        assert status_on(plan.milestones, TODAY, TODAY) == expected.status, number
        assert project_status(plan, TODAY) == expected.state, number
        assert prices(plan, store) >= expected.prices, number


@pytest.mark.parametrize("layout", ["real", "scratch", "older", "more own fields"])
def test_a_filled_template_becomes_projects(layout: str, store: Store, tmp_path: Path) -> None:
    if layout == "real":
        template = Template.real(real_data("diwi_excel_import_template.xlsx"))
    else:
        template = Template.scratch(
            own_fields=9 if layout == "more own fields" else 6, old_demolition=layout == "older"
        )
    furnish(store)
    fill(template)
    result = import_file(store, template.save(tmp_path / "plannen.xlsx"))
    assert len(result.created) == len(EXPECTED)
    assert not result.updated
    assert not result.skipped
    assert {f.code for f in result.findings} == {"project_owner_unknown", "size_classes"}
    assert all(f.severity is Severity.WARNING for f in result.findings)
    check_town(store)
    assert store.undo_name == "Excel ingelezen: plannen.xlsx"
    assert verify(store) == []


@pytest.fixture
def town(store: Store, tmp_path: Path) -> Path:
    """The file of the town, with the store furnished for it."""
    furnish(store)
    template = Template.scratch()
    fill(template)
    return template.save(tmp_path / "plannen.xlsx")


def test_details_of_one_project(store: Store, town: Path) -> None:
    import_file(store, town)
    plan = by_number(store)["1"]
    names = {key: option.name for key, option in queries.options(store).items()}
    own = {field.id: field.name for field in queries.own_fields(store)}
    values = {own[key]: value for key, value in plan.own.items()}
    assert names[values.pop("Opdrachtgever")[0]] == "Gemeente"
    assert [names[option] for option in values.pop("Realisatiekans")] == ["Groot", "Groot"]
    assert values == {"Sleutelproject": True, "Grondopbrengst": [12.5, 12.5], "Toelichting": "Oude haven"}
    assert names[plan.municipality or ""] == "Duinwijk"
    assert [names[o] for o in (*plan.districts, *plan.neighbourhoods)] == ["Noord", "Havenbuurt"]
    assert plan.priority is not None
    assert names[plan.priority[0]] == "Hoog"
    assert [names[o] for o in plan.municipality_roles] == ["Opdrachtgever"]
    (block,) = plan.blocks
    assert (block.name, block.number, block.programming) == ("Bouw", 60, True)
    assert (block.single_family, block.multi_family, block.ground_formal) == (35, 25, 60)
    assert {own[key]: value for key, value in block.own.items()} == {"Aardgasvrij": True, "Parkeernorm": [1.4, 1.4]}
    shares = {names[share.option]: share.number for share in block.shares}
    assert shares == {"Hoekwoning": 60, "Ouderen": 24, "Regulier": 36}
    states = {m.date: m.state for m in plan.milestones}
    assert states[d("2024-06-01")] is MilestoneState.REALIZED  # the original had these two the wrong way round
    assert states[d("2026-01-01")] is MilestoneState.PLANNED


def test_states_of_deliveries(store: Store, town: Path) -> None:
    import_file(store, town)
    found = by_number(store)
    assert {x.state for b in found["20"].blocks for x in b.deliveries} == {MilestoneState.REALIZED}
    assert {x.state for b in found["8"].blocks for x in b.deliveries} == {MilestoneState.PLANNED}
    assert {x.state for b in found["7"].blocks for x in b.deliveries} == {MilestoneState.ABORTED}
    (lapsed,) = found["7"].milestones
    assert (lapsed.type, lapsed.date, lapsed.state) == ("VERVALLEN", d("2023-02-01"), MilestoneState.REALIZED)


def test_owners_that_are_not_known_are_kept_to_be_invited(store: Store, town: Path) -> None:
    with store.act("Persoon") as act:
        bert = act.create("person", {"email": "bert@voorbeeld.nl", "state": "ACTIEF"})
    result = import_file(store, town)
    people = {p.email: p for p in queries.people(store)}
    assert {email: p.state for email, p in people.items()} == {
        "anna@voorbeeld.nl": "UITGENODIGD",
        "bert@voorbeeld.nl": "ACTIEF",
        "carla@voorbeeld.nl": "UITGENODIGD",
    }
    warned = [f.value for f in result.findings if f.code == "project_owner_unknown"]
    assert warned == ["anna@voorbeeld.nl", "carla@voorbeeld.nl"]
    found = by_number(store)
    assert [w.person for w in found["10"].writers] == [bert]
    assert len(found["12"].writers) == 2


def test_a_second_import_skips_what_is_known(store: Store, town: Path) -> None:
    first = import_file(store, town)
    seq = store.seq
    again = import_file(store, town)
    assert (again.created, again.updated) == ([], [])
    assert again.skipped == first.created
    assert store.seq == seq  # nothing changed, so there is no act either


def test_a_second_import_of_the_same_file_updates_nothing(store: Store, town: Path) -> None:
    first = import_file(store, town)
    seq = store.seq
    again = import_file(store, town, on_existing="update")
    assert (again.updated, again.unchanged) == ([], first.created)
    assert store.seq == seq
    check_town(store)


def test_update_writes_only_what_differs(store: Store, tmp_path: Path) -> None:
    rows = Homes(10, {d("2026-06-01"): 4, d("2027-06-01"): 6}, owners={"Koopwoning": 10})
    first = Template.scratch()
    first.add(project(1, "Kade", **{"2 Initiatief": d("2024-06-01")}), (rows, None))
    (made,) = import_file(store, first.save(tmp_path / "a.xlsx")).created
    with store.act("Omschrijving") as act:
        act.set("project", made, "description", "Met de hand")
    (milestone,) = by_number(store)["1"].milestones
    with store.act("Notitie") as act:
        act.set("milestone", milestone.id, "note", "Besluit van het college")
    second = Template.scratch()
    rows = Homes(12, {d("2026-06-01"): 4, d("2028-06-01"): 8}, owners={"Koopwoning": 12})
    second.add(
        project(1, "Kade en Kolk", **{"2 Initiatief": d("2024-08-01"), "3 Definitie": d("2025-02-01")}), (rows, None)
    )
    result = import_file(store, second.save(tmp_path / "b.xlsx"), on_existing="update")
    assert result.updated == [made]
    assert [f.code for f in result.findings] == ["recognised_by_number"]
    plan = by_number(store)["1"]
    assert (plan.name, plan.description, plan.built) == ("Kade en Kolk", "Met de hand", 12)
    assert homes_per_year(plan.blocks) == {2026: (4, 0), 2028: (8, 0)}
    assert [(m.type, m.date, m.note) for m in plan.milestones] == [
        ("PHASE_2_INITIATIVE", d("2024-08-01"), "Besluit van het college"),
        ("PHASE_3_DEFINITION", d("2025-02-01"), None),
    ]
    changed = {(e.kind, e.field) for e in queries.history(store, project=made, limit=500) if e.seq == store.seq}
    assert ("project", "name") in changed
    assert ("project", "end_date") not in changed
    assert ("houseblock", "name") not in changed


def test_a_block_that_the_file_does_not_have_stays(store: Store, tmp_path: Path) -> None:
    template = Template.scratch()
    template.add(project(1), (Homes(5), None))
    path = template.save(tmp_path / "a.xlsx")
    (made,) = import_file(store, path).created
    with store.act("Blok") as act:
        act.create("houseblock", {"project_id": made, "name": "Zelf gemaakt", "number": 3})
    result = import_file(store, path, on_existing="update")
    assert [(f.code, f.value) for f in result.findings] == [("block_not_in_file", "Zelf gemaakt")]
    assert by_number(store)["1"].built == 8


def test_the_same_number_in_a_file_of_another_kind_is_another_project(store: Store, tmp_path: Path) -> None:
    with store.act("Met de hand") as act:
        values = {"name": "Iets anders", "source_id": "1", "start_date": d("2024-01-01"), "end_date": d("2027-01-01")}
        act.create("project", values)
    template = Template.scratch()
    template.add(project(1, "Kade"), (Homes(5), None))
    assert len(import_file(store, template.save(tmp_path / "a.xlsx")).created) == 1


def test_undo_takes_the_whole_import_back(store: Store, town: Path) -> None:
    import_file(store, town)
    store.undo()
    assert plans(store) == []
    assert queries.people(store) == []
    store.redo()
    check_town(store)


def test_errors_store_nothing(store: Store, tmp_path: Path) -> None:
    template = Template.scratch()
    template.add(project(1), (Homes(5), None))
    template.add(project(2, Eind_project=date(2020, 1, 1)), (Homes(5), None))
    seq = store.seq
    with pytest.raises(ImportFailed) as failed:
        import_file(store, template.save(tmp_path / "a.xlsx"))
    assert [f.code for f in failed.value.findings] == ["project_dates_error"]
    assert store.seq == seq
    assert plans(store) == []


@pytest.mark.parametrize("running", [True, False])
def test_the_garbage_collector_is_as_it_was_after_an_import(
    running: bool, store: Store, town: Path, tmp_path: Path
) -> None:
    before = gc.isenabled()
    (tmp_path / "kapot.xlsx").write_bytes(b"PK\x03\x04")
    try:
        (gc.enable if running else gc.disable)()
        import_file(store, town)
        assert gc.isenabled() is running
        with pytest.raises(ImportFailed):
            import_file(store, tmp_path / "kapot.xlsx")
        assert gc.isenabled() is running
    finally:
        (gc.enable if before else gc.disable)()


@pytest.mark.parametrize("after", [0, 1, 2, 5])
def test_cancelling_stores_nothing(after: int, store: Store, town: Path) -> None:
    calls = 0

    def cancelled() -> bool:
        nonlocal calls
        calls += 1
        return calls > after

    seq = store.seq
    with pytest.raises(Cancelled):
        import_file(store, town, cancelled=cancelled)
    assert store.seq == seq
    assert plans(store) == []


def test_progress_runs_up_to_the_end(store: Store, town: Path) -> None:
    seen: list[tuple[int, int]] = []
    import_file(store, town, progress=lambda done, total: seen.append((done, total)))
    assert seen == sorted(seen)
    assert {total for _, total in seen} == {100}


def test_a_missing_rank_comes_after_the_others(store: Store, tmp_path: Path) -> None:
    template = Template.scratch()
    for number, wish in enumerate(("Ooit", "9 Nooit", "1 Hoog"), start=1):
        template.add(project(number, Priorisering=wish), (Homes(5), None))
    path = template.save(tmp_path / "a.xlsx")
    with pytest.raises(ImportFailed) as failed:
        import_file(store, path)
    create_missing(store, failed.value.findings)
    ranks = [(o.level, o.name) for o in queries.option_list(store, OptionList.PRIORITY)]
    assert ranks == [(1, "Hoog"), (2, "Middel"), (3, "Laag"), (4, "Ooit"), (9, "Nooit")]
    assert len(import_file(store, path).created) == 3


def test_one_name_for_a_field_of_projects_and_of_blocks_is_refused(store: Store) -> None:
    wanted = [
        Finding("unknown", Severity.ERROR, "", "", fix={"create": "own_field", "object": kind, "name": "Parkeren"})
        for kind in ("project", "houseblock")
    ]
    with pytest.raises(Refused) as error:
        create_missing(store, wanted)
    assert {f.code for f in error.value.findings} == {"duplicate_name"}
    assert create_missing(store, wanted[:1]) == 1


def test_a_choice_that_is_switched_off_is_refused_by_its_row(store: Store, tmp_path: Path) -> None:
    template = Template.scratch()
    template.add(project(1, "Kade"), (Homes(5), None))
    row = template.add(project(2, "Werf", Priorisering="Hoog"), (Homes(5), None))
    path = template.save(tmp_path / "a.xlsx")
    high = queries.option_list(store, OptionList.PRIORITY)[0].id

    def switch(off: bool) -> None:
        with store.act("Hoog aan of uit") as act:
            act.set("option", high, "disabled", off)

    switch(True)
    with pytest.raises(ImportFailed) as failed:
        import_file(store, path)
    (found,) = (f for f in failed.value.findings if f.severity is not Severity.WARNING)
    assert (found.code, found.row, found.project_name) == ("switched_off", row, "Werf")
    assert plans(store) == []
    switch(False)
    assert len(import_file(store, path).created) == 2
    switch(True)
    assert len(import_file(store, path, on_existing="update").unchanged) == 2  # what was chosen stays


def test_missing_fields_and_options_are_made_and_the_import_then_succeeds(
    store: Store, town: Path, tmp_path: Path
) -> None:
    bare = new_store(tmp_path / "bare.diwi", FixedClock.on(TODAY))
    with pytest.raises(ImportFailed) as failed:
        import_file(bare, town)
    codes = {f.code for f in failed.value.findings if f.severity is not Severity.WARNING}
    assert codes == {
        "unknown_project_category_property",
        "unknown_project_property",
        "unknown_houseblock_property",
        "unknown_price_buy_range_category",
        "unknown_price_rent_range_category",
        "unknown_property_value",
    }
    assert all(f.fix for f in failed.value.findings if f.code in codes)
    seq = bare.seq
    assert create_missing(bare, failed.value.findings) > 0
    assert bare.seq == seq + 1
    assert create_missing(bare, failed.value.findings) == 0
    import_file(bare, town)
    check_town(bare)
    types = {field.name: field.type.value for field in queries.own_fields(bare)}
    assert types["Opdrachtgever"] == "CATEGORY"
    assert types["Sleutelproject"] == "BOOLEAN"
    assert types["Grondopbrengst"] == "NUMERIC"
    assert types["Toelichting"] == "TEXT"
    assert types["Realisatiekans"] == "ORDINAL"
    bare.close()


def test_a_delivery_column_with_a_date_as_text(store: Store, tmp_path: Path) -> None:
    template = Template.scratch()
    template.add(project(1), (Homes(5, {"31-12-2026": 5}), None))
    import_file(store, template.save(tmp_path / "a.xlsx"))
    assert by_number(store)["1"].blocks[0].deliveries[0].date == d("2026-12-31")


def test_example_headings_without_values_do_no_harm(store: Store, tmp_path: Path) -> None:
    template = Template.scratch()
    template.add(project(1), (Homes(5), None))
    template.sheet.cell(SUB_HEADER_ROW, template.find(BUILD, "Koopprijs categorie")).value = "Bestaat niet"
    template.sheet.cell(SUB_HEADER_ROW, template.find(PROJECT, "Maatwerk project eigenschap")).value = "Bestaat niet"
    assert len(import_file(store, template.save(tmp_path / "a.xlsx")).created) == 1
