"""A new project with its milestones, as one act."""

from datetime import date
from pathlib import Path

import pytest

from diwi_desktop.model.codes import Confidentiality, MilestoneState, Phase
from diwi_desktop.model.finding import Refused
from diwi_desktop.model.plan import Plan
from diwi_desktop.planning.new_project import create_project
from diwi_desktop.store import plans, queries
from tests.stores import TODAY, add, new_store


def test_milestones_and_end_date_come_along_in_one_act(tmp_path: Path) -> None:
    store = new_store(tmp_path / "a.diwi")
    before = store.seq
    made = create_project(store, "De Hoek", date(2026, 11, 1), Phase.DESIGN)
    plan = plans.plan(store, made)
    assert {m.type: m.date for m in plan.milestones if m.state is MilestoneState.FORECAST} == {
        "STATUS_3_IN_VOORBEREIDING": date(2027, 5, 1),
        "ANTERIEURE_OVEREENKOMST": date(2027, 11, 1),
        "PHASE_5_PREPARATION": date(2029, 5, 1),
        "STATUS_2A_VASTGESTELD": date(2029, 5, 1),
        "VERGUNNING_AANGEVRAAGD": date(2029, 11, 1),
        "STATUS_1A_ONHERROEPELIJK": date(2029, 11, 1),
        "VERGUNNING_VERLEEND": date(2030, 5, 1),
        "PHASE_6_REALIZATION": date(2030, 11, 1),
        "START_BOUW": date(2030, 11, 1),
        "PHASE_7_AFTERCARE": date(2032, 4, 1),
    }
    assert plan.end_date == date(2032, 7, 1)
    assert plan.code
    assert {row.phase for row in queries.project_rows(store)} == {Phase.DESIGN}
    assert store.seq == before + 1
    assert store.undo_name == "Nieuw project"
    store.undo()
    assert plans.plans(store) == []
    assert queries.entities(store, "milestone") == []
    store.redo()
    assert len(plans.plan(store, made).milestones) == 11
    store.close()


def test_a_sub_plan_takes_over_from_its_mother(tmp_path: Path) -> None:
    store = new_store(tmp_path / "a.diwi")
    mother = add(store, Plan("Moeder", date(2025, 1, 1), date(2030, 1, 1), confidentiality=Confidentiality.PUBLIC))
    made = plans.plan(store, create_project(store, "Fase 2", TODAY, parent=mother))
    assert made.parent == mother
    assert made.confidentiality is Confidentiality.PUBLIC
    assert store.undo_name == "Nieuw deelplan"
    store.close()


def test_a_blank_name_is_refused_and_nothing_is_kept(tmp_path: Path) -> None:
    store = new_store(tmp_path / "a.diwi")
    with pytest.raises(Refused):
        create_project(store, "  ", TODAY)
    assert plans.plans(store) == []
    store.close()
