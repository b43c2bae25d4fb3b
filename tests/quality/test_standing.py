"""Findings that are kept up to date act by act are those of a check of everything."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from diwi_desktop.changes.change import ActInfo
from diwi_desktop.model.codes import MilestoneBasis, MilestoneState
from diwi_desktop.model.derive import LAPSED
from diwi_desktop.model.finding import Finding, Severity, UserError
from diwi_desktop.model.plan import Block, Plan, PlanArea
from diwi_desktop.quality import Standing, check
from diwi_desktop.store import Store
from diwi_desktop.store import plans as store_plans
from diwi_desktop.store.act import Act
from diwi_desktop.store.plans import write_plan
from tests.stores import new_store, square

PLACES = st.integers(0, 13)
NAMES = st.sampled_from(["De Hoek", "de  hoek", "Aan de Vaart", "Zuidrand"])
STEPS = st.one_of(
    st.tuples(st.just("rename"), PLACES, NAMES),
    st.tuples(st.just("describe"), PLACES, st.text("ab", max_size=3)),
    st.tuples(st.just("count"), PLACES, st.sampled_from([20, 50, 400, 9000])),
    st.tuples(st.just("move"), PLACES, st.integers(0, 8)),
    st.tuples(st.just("under"), PLACES, PLACES),
    st.tuples(st.just("lapse"), PLACES, st.none()),
    st.tuples(st.just("delete"), PLACES, st.none()),
    st.tuples(st.just("add"), NAMES, st.integers(0, 8)),
    st.tuples(st.just("option"), st.sampled_from(["Wijk", "Buurt"]), st.none()),
    st.tuples(st.just("undo"), st.none(), st.none()),
)


def shape(place: int) -> bytes:
    return square(107_000.0 + 60 * place)


def fill(store: Store) -> None:
    """Fourteen plans: enough for what is usual among them to be known."""
    with store.act("Plannen") as act:
        for n in range(14):
            areas = [PlanArea(shape(2 * n))]
            blocks = [Block("Blok A", number=40 + n)]
            write_plan(act, Plan(f"Plan {n}", date(2026, 1, 1), date(2030, 1, 1), blocks=blocks, areas=areas))


def do(store: Store, step: tuple[str, Any, Any]) -> None:
    what, which, value = step
    if what == "undo":
        if store.undo_name is not None:
            store.undo()
        return
    plans = store_plans.plans(store)
    with store.act("Wijziging") as act:
        if what == "add":
            blocks = [Block("Blok A", number=50)]
            areas = [PlanArea(shape(value))]
            write_plan(act, Plan(which, date(2026, 1, 1), date(2030, 1, 1), blocks=blocks, areas=areas))
        elif what == "option":
            act.create("option", {"list": "district", "name": f"{which} {store.seq}"})
        elif plans:
            _edit(act, what, plans[which % len(plans)], value, plans)


def _edit(act: Act, what: str, plan: Plan, value: Any, plans: list[Plan]) -> None:
    edits: dict[str, Callable[[], object]] = {
        "rename": lambda: act.set("project", plan.id, "name", value),
        "describe": lambda: act.set("project", plan.id, "description", value or None),
        "count": lambda: [act.set("houseblock", b.id, "number", value) for b in plan.blocks],
        "move": lambda: [act.set("plan_area", a.id, "geometry", shape(value)) for a in plan.areas],
        "under": lambda: _put_under(act, plan, plans[value % len(plans)]),
        "lapse": lambda: act.create("milestone", _lapsed(plan)),
        "delete": lambda: act.delete("project", plan.id),
    }
    edits[what]()


def _put_under(act: Act, plan: Plan, mother: Plan) -> None:
    children = mother.parent is None and plan.id != mother.id
    act.set("project", plan.id, "parent", mother.id if children else None)


def _lapsed(plan: Plan) -> dict[str, Any]:
    state, basis = MilestoneState.REALIZED.value, MilestoneBasis.HAND.value
    return {"project_id": plan.id, "type": LAPSED, "date": "2026-10-01", "state": state, "basis": basis}


def by_project(found: list[Finding]) -> dict[str, list[Finding]]:
    groups: dict[str, list[Finding]] = {}
    for finding in found:
        groups.setdefault(finding.project, []).append(finding)
    return groups


def weight(finding: Finding) -> int:
    return list(Severity).index(finding.severity)


class Followed:
    """A store with findings kept up to date after every act that its listeners are told of."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.acts: list[ActInfo] = []
        store.subscribe(self.acts.append)
        self.standing = Standing(store)
        self.checked_all = 0

    def renew(self) -> set[str] | None:
        """Take in the acts since; None when everything had to be checked."""
        touched = frozenset[str]().union(*(info.projects for info in self.acts))
        self.acts.clear()
        changed = self.standing.renew(touched)
        if changed is None:
            self.standing = Standing(self.store)
            self.checked_all += 1
        return changed


@settings(max_examples=30, deadline=None)
@given(st.lists(STEPS, max_size=8))
def test_findings_kept_up_to_date_are_those_of_a_check_of_everything(steps: list[tuple[str, Any, Any]]) -> None:
    with TemporaryDirectory() as folder, new_store(Path(folder) / "a.diwi") as store:
        fill(store)
        followed = Followed(store)
        before = check(store)
        for step in steps:
            with suppress(UserError):  # what is refused is stored nowhere
                do(store, step)
            changed = followed.renew()
            found = check(store)
            assert list(followed.standing) == found
            if changed is not None:
                was, now = by_project(before), by_project(found)
                assert changed == {id for id in was.keys() | now.keys() if was.get(id) != now.get(id)}
                assert all(sorted(followed.standing.of(id), key=weight) == some for id, some in now.items())
            before = found


def test_a_description_says_nothing_about_other_plans(tmp_path: Path) -> None:
    with new_store(tmp_path / "a.diwi") as store:
        fill(store)
        followed = Followed(store)
        do(store, ("describe", 3, "a"))
        assert followed.renew() == set()
        do(store, ("rename", 3, "Plan 4"))
        changed = followed.renew()
        plans = {plan.id for plan in store_plans.plans(store) if plan.name == "Plan 4"}
        assert len(plans) == 2
        assert changed == plans
        assert followed.checked_all == 0


def test_an_option_concerns_every_plan(tmp_path: Path) -> None:
    with new_store(tmp_path / "a.diwi") as store:
        fill(store)
        followed = Followed(store)
        do(store, ("option", "Wijk", None))
        assert followed.renew() is None
        assert followed.checked_all == 1
