"""The demo municipality: repeatable, whole, with a past, and with exactly the faults that were put in."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
import shapely

from diwi_desktop.basedata.layers import counts
from diwi_desktop.demo import make_demo
from diwi_desktop.demo.faults import DOUBTFUL, REFUSED
from diwi_desktop.demo.stories import PHASE_SHARE, Step, make_story
from diwi_desktop.exchange import provinces
from diwi_desktop.model.clock import FixedClock
from diwi_desktop.model.codes import MilestoneState, Phase
from diwi_desktop.model.derive import LAPSED, status_on
from diwi_desktop.model.finding import Cancelled, Severity
from diwi_desktop.quality import check
from diwi_desktop.store import Device, Store, StoreError, queries
from diwi_desktop.store.plans import plans
from diwi_desktop.store.verify import verify

TODAY = date(2026, 11, 16)
CLOCK = FixedClock.on(TODAY)
PROJECTS, PARCELS = 120, 4_000


def make(path: Path, seed: int = 1, projects: int = 12, parcels: int = 600) -> Path:
    make_demo(path, projects=projects, parcels=parcels, seed=seed, clock=CLOCK)
    return path


def opened(path: Path) -> Store:
    return Store.open(path, author="test", clock=CLOCK, device=Device("d", "BCD"), read_only=True)


@pytest.fixture(scope="module")
def demo_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("demo") / "demo.diwi", 1, PROJECTS, PARCELS)


@pytest.fixture
def demo(demo_path: Path) -> Iterator[Store]:
    with opened(demo_path) as store:
        yield store


def test_it_holds_what_was_asked_for(demo: Store) -> None:
    rows = queries.project_rows(demo)
    assert len(rows) == PROJECTS
    assert counts(demo)["parcels"] == pytest.approx(PARCELS, rel=0.25)
    assert counts(demo)["buildings"] > 1000
    assert queries.municipality(demo).name == "Duinwijk"
    assert len({row.code for row in rows}) == PROJECTS
    assert all(row.code.startswith("DWK-") for row in rows)
    assert len(queries.people(demo)) == 9


def test_all_phases_are_there_and_plans_vary(demo: Store) -> None:
    rows = queries.project_rows(demo)
    phases = Counter(row.phase for row in rows if row.status == "ACTIVE")
    assert set(phases) == set(Phase)
    assert all(phases[phase] >= 0.6 * share * PROJECTS / 100 for phase, share in PHASE_SHARE.items())
    assert {row.status for row in rows} == {"ACTIVE", "REALIZED", "TERMINATED"}
    assert any(row.demolished for row in rows)
    assert any(row.parent for row in rows)
    found = plans(demo)
    assert any(o.price for p in found for b in p.blocks for o in b.ownerships)
    assert any(o.rent_option for p in found for b in p.blocks for o in b.ownerships)
    assert max(len({d.date.year for d in b.deliveries}) for p in found for b in p.blocks) > 1
    assert all(b.shares or b.number < 200 for p in found for b in p.blocks)


def test_plan_areas_are_valid_and_follow_the_parcels_they_name(demo: Store) -> None:
    shapes = {}
    for designation, geometry in demo.read().execute("SELECT designation, AsBinary(geometry) FROM parcel"):
        shapes[designation] = shapely.from_wkb(geometry)
    drawn = [plan for plan in plans(demo) if plan.areas]
    assert len(drawn) > 0.9 * PROJECTS
    for plan in drawn:
        area = shapely.from_wkb(plan.areas[0].geometry)
        assert area.geom_type == "MultiPolygon"
        assert shapely.get_srid(area) == 28992
        assert shapely.is_valid(area)
        assert area.area > 10
        named = shapely.union_all([shapes[p.designation] for p in plan.parcels])
        assert area.difference(named).area < 0.03 * area.area + 1, plan.name


def test_the_faults_are_the_ones_put_in(demo: Store) -> None:
    found = check(demo)
    expected = {
        "field_missing", "plan_type_several", "milestone_overdue", "delivery_overdue", "plans_overlap",
        "unlikely_density", "duplicate_name", *DOUBTFUL,
    }  # fmt: skip
    assert {f.code for f in found} <= expected
    assert set(DOUBTFUL) <= {f.code for f in found}
    late = {f.project for f in found if f.code.endswith("_overdue")}
    assert len(late) == PROJECTS // 11
    assert sum(f.code == "plans_overlap" for f in found) >= 4
    assert len([f for f in found if f.severity is Severity.ERROR]) == 2


def test_the_province_would_refuse_a_known_few(demo: Store) -> None:
    (profile,) = [p for p in provinces.profiles() if p.province == "Zuid-Holland"]
    found = provinces.check(demo, profile)
    errors = [f for f in found if f.severity is not Severity.WARNING]
    assert len({f.project for f in errors}) == len(errors) == len(REFUSED)
    assert {f.code for f in errors} == {
        "missing_mandatory_value", "multiple_single_select_values", "ownership_range_mapping_error",
    }  # fmt: skip


def test_every_profile_has_a_mapping_without_faults(demo: Store) -> None:
    register = provinces.register_of(demo)
    for profile in provinces.profiles():
        mapping = provinces.load_mapping(demo, profile)
        assert mapping
        assert provinces.check_mapping(profile, mapping, register) == []


def test_it_has_a_past(demo: Store) -> None:
    acts = queries.acts(demo, limit=10_000)
    days = [act.made_at for act in reversed(acts)]
    assert days == sorted(days)
    assert days[0][:7] == "2024-11"
    assert days[-1] < "2026-11-16T12"
    assert len({act.author for act in acts}) == 5
    assert {act.kind.value for act in acts} == {"system", "import", "user"}
    sizes = [len(queries.project_rows(demo, demo.moment(TODAY - timedelta(days=ago)))) for ago in (0, 300, 600, 800)]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] == 0
    assert sizes[-2] > PROJECTS / 3
    then = {row.id: row for row in queries.project_rows(demo, demo.moment(TODAY - timedelta(days=500)))}
    now = {row.id: row for row in queries.project_rows(demo)}
    moved = [id for id in then if then[id].phase != now[id].phase]
    later = [id for id in then if (then[id].last_delivery or "") < (now[id].last_delivery or "")]
    assert len(moved) > 10
    assert len(later) > 10


def test_what_was_known_on_any_day_was_consistent_then(demo: Store) -> None:
    for ago in (60, 200, 450, 700):
        moment = demo.moment(TODAY - timedelta(days=ago))
        codes = {f.code for f in check(demo, moment)}
        assert not codes & {
            "phase_order",
            "plan_status_order",
            "milestone_realised_in_future",
            "milestone_outside_project",
        }


def test_the_log_and_the_tables_agree(demo: Store) -> None:
    assert verify(demo) == []


def test_a_lapsed_plan_stays_in_the_register(demo: Store) -> None:
    lapsed = [p for p in plans(demo) if any(m.type == LAPSED for m in p.milestones)]
    assert lapsed
    assert all(status_on(p.milestones, TODAY, TODAY) is not None for p in lapsed)


def dump(path: Path) -> list[tuple[object, ...]]:
    with opened(path) as store:
        connection = store.read()
        acts = connection.execute("SELECT id, name, kind, author, device, made_at FROM act ORDER BY seq").fetchall()
        changes = connection.execute(
            "SELECT act_seq, n, kind, entity, field, old, new FROM change ORDER BY act_seq, n"
        ).fetchall()
        return [*acts, *changes]


def test_the_same_seed_gives_the_same_register_ids_included(tmp_path: Path) -> None:
    first, again = make(tmp_path / "a.diwi"), make(tmp_path / "b.diwi")
    assert dump(first) == dump(again)
    assert dump(make(tmp_path / "c.diwi", seed=2)) != dump(first)


@pytest.mark.parametrize(("projects", "parcels"), [(0, 100), (1, 100), (5, 120), (90, 300)])
def test_small_and_crowded_municipalities(tmp_path: Path, projects: int, parcels: int) -> None:
    with opened(make(tmp_path / "small.diwi", 3, projects, parcels)) as store:
        assert len(queries.project_rows(store)) == projects


def test_the_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "demo.diwi"
    asked = iter([False, False, True])
    with pytest.raises(Cancelled):
        make_demo(path, projects=3, parcels=100, clock=CLOCK, cancelled=lambda: next(asked))
    assert [p.name for p in tmp_path.iterdir() if p.name != "_home"] == []
    make(path, projects=1, parcels=100)
    with pytest.raises(StoreError) as error:
        make(path, projects=1, parcels=100)
    assert error.value.code == "store_exists"


def test_progress_runs_to_the_end(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    make_demo(
        tmp_path / "demo.diwi", projects=4, parcels=150, clock=CLOCK, progress=lambda done, of: seen.append((done, of))
    )
    assert seen == sorted(seen)
    assert seen[0] == (0, 100)
    assert seen[-1] == (100, 100)


def test_what_is_expected_slips_but_never_out_of_order() -> None:
    for seed in range(30):
        story = make_story(Phase.DESIGN, 80, TODAY, Random(seed))
        for ago in (700, 400, 90, 0):
            known = TODAY - timedelta(days=ago)
            days = [step.at(known, known - timedelta(days=30))[0] for step in story.steps]
            assert days == sorted(days)
            assert all(day <= step.day for day, step in zip(days, story.steps, strict=True))


def test_a_step_is_realised_only_once_its_day_has_come() -> None:
    step = Step("BOUWRIJP", date(2027, 3, 1), slip=200)
    assert step.at(date(2027, 3, 1), date(2026, 1, 1)) == (date(2027, 3, 1), MilestoneState.REALIZED)
    day, state = step.at(date(2026, 3, 2), date(2026, 3, 2))
    assert state is MilestoneState.PLANNED
    assert date(2026, 3, 2) < day < date(2027, 3, 1)
    stuck = Step("BOUWRIJP", date(2026, 1, 5), stuck=True)
    assert stuck.at(TODAY, TODAY) == (date(2026, 1, 5), MilestoneState.PLANNED)


def test_sub_plans_are_numbered_in_their_own_order(demo: Store) -> None:
    daughters = [row for row in queries.project_rows(demo) if row.parent]
    assert daughters
    for row in daughters:
        assert row.code.rpartition(".")[2] == row.name.rpartition(" ")[2]
