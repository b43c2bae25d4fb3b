"""Checking a whole store."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from diwi_desktop.model.clock import FixedClock
from diwi_desktop.model.codes import MilestoneState, Phase
from diwi_desktop.model.derive import phase_type
from diwi_desktop.model.finding import Cancelled, Severity, UserError
from diwi_desktop.model.plan import Milestone, Municipality, Plan
from diwi_desktop.quality import check, check_plan
from diwi_desktop.store import Device, Store
from diwi_desktop.store.plans import write_plan


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.create(
        tmp_path / "test.diwi",
        municipality=Municipality("0999", "Duinwijk", "Zuid-Holland"),
        author="j.jansen",
        clock=FixedClock.on(date(2026, 9, 1)),
        device=Device("device", "BCD"),
    ) as made:
        yield made


def fill(store: Store) -> list[str]:
    late = Milestone(phase_type(Phase.CONCEPT), date(2026, 10, 1), MilestoneState.PLANNED)
    plans = [
        Plan("Zuidrand", date(2026, 1, 1), date(2030, 1, 1)),
        Plan("aan de Vaart", date(2026, 1, 1), date(2030, 1, 1), milestones=[late]),
    ]
    with store.act("Plannen toevoegen") as act:
        return [write_plan(act, plan) for plan in plans]


def test_errors_come_first_then_projects_by_name(store: Store) -> None:
    fill(store)
    found = check(store)
    assert [(f.project_name, f.code) for f in found if f.severity is Severity.ERROR] == [
        ("aan de Vaart", "field_missing"),
        ("Zuidrand", "field_missing"),
    ]
    warned = [f for f in found if f.severity is Severity.WARNING]
    assert found[2:] == warned
    assert [f.project_name for f in warned] == sorted((f.project_name for f in warned), key=str.casefold)


def test_a_past_day_is_checked_as_it_was_known_then(store: Store) -> None:
    fill(store)
    assert isinstance(store.clock, FixedClock)
    store.clock.moment = FixedClock.on(date(2026, 11, 1)).moment
    assert "milestone_overdue" in {f.code for f in check(store)}
    then = {f.code for f in check(store, store.moment(date(2026, 9, 15)))}
    assert "milestone_overdue" not in then
    assert "no_blocks" in then
    assert check(store, store.moment(date(2026, 8, 1))) == []


def test_one_plan_by_itself(store: Store) -> None:
    (first, _) = fill(store)
    assert {f.code for f in check_plan(store, first)} == {f.code for f in check(store) if f.project == first}
    with pytest.raises(UserError):
        check_plan(store, "nobody")


def test_progress_and_cancelling(store: Store) -> None:
    fill(store)
    seen: list[tuple[int, int]] = []
    check(store, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(0, 2), (2, 2)]
    with pytest.raises(Cancelled):
        check(store, cancelled=lambda: True)
