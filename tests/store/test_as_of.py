"""Looking back: any view as it was known, and as it held, on any day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from diwi_desktop.model.clock import FixedClock
from diwi_desktop.model.codes import MilestoneState
from diwi_desktop.model.derive import phase_on, project_status, status_on
from diwi_desktop.model.moment import Moment
from diwi_desktop.store import queries
from diwi_desktop.store.plans import plan, plans
from diwi_desktop.store.search import search
from tests.stores import TODAY, Later, add, de_hoek, new_store, square


def test_each_day_shows_what_was_known_then(tmp_path: Path) -> None:
    clock = FixedClock.on(date(2026, 1, 5))
    later = Later(clock)
    with new_store(tmp_path / "a.diwi", clock) as store:
        later.to(date(2026, 2, 1))
        project = add(store, de_hoek())
        (area,) = plan(store, project).areas
        later.to(date(2026, 3, 1))
        with store.act("Naam") as act:
            act.set("project", project, "name", "Maartse Hoek")
            act.set("plan_area", area.id, "geometry", square(side=50))
        later.to(date(2026, 4, 1))
        with store.act("Weg") as act:
            act.delete("project", project)
        later.to(TODAY)

        def names(day: date) -> list[tuple[str, float | None]]:
            return [(r.name, r.area_m2) for r in queries.project_rows(store, store.moment(day))]

        assert names(date(2026, 1, 31)) == []
        assert names(date(2026, 2, 1)) == [("De Hoek", 10_000.0)]
        assert names(date(2026, 2, 28)) == [("De Hoek", 10_000.0)]
        assert names(date(2026, 3, 1)) == [("Maartse Hoek", 2_500.0)]
        assert names(date(2026, 4, 1)) == []
        assert names(TODAY) == []
        assert plan(store, project, store.moment(date(2026, 2, 1))).name == "De Hoek"
        assert len(queries.plan_areas(store, store.moment(date(2026, 3, 31)))) == 1
        assert [h.title for h in search(store, "maart", store.moment(date(2026, 3, 2)))] == ["Maartse Hoek"]
        assert search(store, "maart") == []


def test_a_day_ends_at_midnight_in_the_netherlands(tmp_path: Path) -> None:
    clock = FixedClock.on(date(2026, 7, 1))
    with new_store(tmp_path / "a.diwi", clock) as store:
        Later(clock).to(date(2026, 7, 1), hour=22)  # 0:00 on 2 July in Amsterdam (summer time)
        add(store, de_hoek())
        Later(clock).to(date(2026, 8, 1))
        assert queries.project_rows(store, store.moment(date(2026, 7, 1))) == []
        assert len(queries.project_rows(store, store.moment(date(2026, 7, 2)))) == 1


def test_a_clock_set_back_does_not_disturb_the_log(tmp_path: Path) -> None:
    clock = FixedClock.on(TODAY)
    with new_store(tmp_path / "a.diwi", clock) as store:
        add(store, de_hoek())
        Later(clock).to(date(2020, 1, 1))
        project = add(store, de_hoek())
        assert [entry.made_at[:4] for entry in queries.acts(store)][:2] == ["2020", str(TODAY.year)]
        assert store.moment(date(2019, 12, 31)).seq == 0
        Later(clock).to(TODAY)
        assert project in {r.id for r in queries.project_rows(store)}


def test_a_look_back_is_marked_as_past(tmp_path: Path) -> None:
    with new_store(tmp_path / "a.diwi") as store:
        assert not store.moment().past
        assert not store.moment(TODAY).past
        assert store.moment(date(2026, 1, 1)).past
        coming = store.moment(date(2030, 1, 1))
        assert (coming.past, coming.on, coming.today) == (False, date(2030, 1, 1), TODAY)


days = st.dates(date(2023, 1, 1), date(2032, 1, 1))


@given(on=days, today=days)
def test_the_table_derives_what_the_model_derives(tmp_path_factory, on: date, today: date) -> None:  # type: ignore[no-untyped-def]  # pytest's factory
    """The one pass in SQL and Python of project_rows gives the same as the rules of model.derive."""
    path = tmp_path_factory.getbasetemp() / "derive.diwi"
    if not path.exists():
        with new_store(path) as store:
            first = de_hoek()
            lapsed = de_hoek()
            lapsed.milestones[2].state = MilestoneState.ABORTED
            lapsed.milestones[3].type = "VERVALLEN"
            add(store, first)
            add(store, lapsed)
    from tests.stores import reopen

    with reopen(path) as store:
        moment = Moment(None, on, today)
        rows = {r.id: r for r in queries.project_rows(store, moment)}
        for item in plans(store):
            row = rows[item.id]
            assert row.phase == phase_on(item.milestones, on, today)
            assert row.plan_status == status_on(item.milestones, on, today)
            assert row.status == project_status(item, on)
            assert (row.built, row.demolished, row.net) == (item.built, item.demolished, item.net)
