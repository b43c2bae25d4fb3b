"""What goes wrong in every register: plans that are late, and plans with faults in their data, a known few of each.

The faults are put in before the history is written, so a look back sees them too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy
from datetime import date, timedelta
from random import Random

from diwi_desktop.demo.projects import DemoPlan
from diwi_desktop.demo.setting import Setting
from diwi_desktop.demo.stories import Step
from diwi_desktop.model.codes import OwnershipType, Phase, PlanType
from diwi_desktop.model.plan import Ownership, Range

#: One plan in so many is late.
PER_DELAY = 11
#: Plans that the province would refuse, and plans that only raise a question, are there once each from this many plans.
ENOUGH_PLANS = 60

Fault = Callable[[DemoPlan, "Faults"], None]


class Faults:
    """Puts the faults into plans; `refused` and `doubtful` hold the names of the plans by the name of the fault."""

    def __init__(self, plans: Sequence[DemoPlan], setting: Setting, today: date, random: Random) -> None:
        self.setting, self.today = setting, today
        self._random = random
        self._touched: set[int] = set()
        self.refused: dict[str, str] = {}
        self.doubtful: dict[str, str] = {}
        self.plans = plans
        self._delays()
        if len(plans) < ENOUGH_PLANS:
            return
        for name, refuse in REFUSED.items():
            self._put(name, refuse, self.refused, _goes_to_the_province)
        for name, doubt in DOUBTFUL.items():
            self._put(name, doubt, self.doubtful, SUITS.get(name, _adopted))
        self._put("duplicate_name", _name_of_another, self.doubtful, _running)

    def _put(self, name: str, fault: Fault, names: dict[str, str], suits: Callable[[DemoPlan], bool]) -> None:
        """Give the fault to a plan that it suits; a small municipality may have none."""
        left = [p for p in self.plans if p.number not in self._touched and suits(p)]
        if left:
            plan = self._random.choice(left)
            self._touched.add(plan.number)
            fault(plan, self)
            names[name] = plan.first.name

    def _delays(self) -> None:
        """Steps whose day has passed without anybody saying so."""
        running = [p for p in self.plans if _running(p) and p.story.next_step(self.today)]
        for plan in self._random.sample(running, min(len(running), len(self.plans) // PER_DELAY)):
            self._touched.add(plan.number)
            delay(plan, self.today, self._random)


def delay(plan: DemoPlan, today: date, random: Random) -> None:
    """Make the first step to come overdue: it should have been taken since the last one that was."""
    steps = [s for s in plan.story.steps if s.day > today]
    steps += [s for deliveries in plan.programme.deliveries for s, _ in deliveries if s.day > today]
    step: Step = min(steps, key=lambda s: s.day)
    done = [s.day for s in plan.story.steps if s.day <= today]
    done += [s.day for deliveries in plan.programme.deliveries for s, _ in deliveries if s.day <= today]
    since = (today - max(done)).days
    step.day = today - timedelta(days=random.randint(1, min(150, max(2, since - 1))))
    step.stuck = True


def _running(plan: DemoPlan) -> bool:
    return plan.lapsed is None and plan.mother is None and plan.story.phase is not None


def _adopted(plan: DemoPlan) -> bool:
    return _running(plan) and plan.story.phase in (Phase.REALIZATION, Phase.AFTERCARE)


def _goes_to_the_province(plan: DemoPlan) -> bool:
    return _running(plan) and plan.story.phase in (Phase.PREPARATION, Phase.REALIZATION)


# --- what the province refuses --------------------------------------------------------------------


def _no_list_category(plan: DemoPlan, faults: Faults) -> None:
    del plan.first.own[faults.setting.own["list_category"]]


def _two_types(plan: DemoPlan, faults: Faults) -> None:
    other = PlanType.VERDICHTING if plan.kind is not PlanType.VERDICHTING else PlanType.HERSTRUCTURERING
    plan.first.plan_types = [plan.kind, other]


def _wide_price(plan: DemoPlan, faults: Faults) -> None:
    block = plan.first.blocks[0]
    block.ownerships = [Ownership(OwnershipType.BUY, block.number, price=Range(25_000_000, 45_000_000))]


def _no_town(plan: DemoPlan, faults: Faults) -> None:
    plan.first.municipality = None
    plan.first.districts, plan.first.neighbourhoods = [], []


def _no_client(plan: DemoPlan, faults: Faults) -> None:
    del plan.first.own[faults.setting.own["client"]]


REFUSED: dict[str, Fault] = {
    "no_list_category": _no_list_category,
    "two_plan_types": _two_types,
    "price_over_two_classes": _wide_price,
    "no_town": _no_town,
    "no_client": _no_client,
}


# --- what raises a question -----------------------------------------------------------------------


def _never_drawn(plan: DemoPlan, faults: Faults) -> None:
    plan.drawn = False


def _closed(plan: DemoPlan, faults: Faults) -> None:
    plan.closed = True


def _no_plan_id(plan: DemoPlan, faults: Faults) -> None:
    plan.plan_id = False


def _plan_id_of_another(plan: DemoPlan, faults: Faults) -> None:
    plan.first.plan_id, plan.first.plan_id_kind = "NL.IMRO.0998.BP00017-VG01", "IMRO"


def _malformed_plan_id(plan: DemoPlan, faults: Faults) -> None:
    plan.first.plan_id, plan.first.plan_id_kind = "IMRO 0999 BP17", "IMRO"


def _too_many_homes(plan: DemoPlan, faults: Faults) -> None:
    """A zero too many, in the block and in its only delivery."""
    block = plan.first.blocks[0]
    step, _ = plan.programme.deliveries[0][-1]
    block.number = 2000
    plan.programme.deliveries[0] = [(step, 2000)]
    block.deliveries = [deepcopy(block.deliveries[-1])]
    block.deliveries[0].number = 2000


def _no_delivery(plan: DemoPlan, faults: Faults) -> None:
    plan.first.blocks[0].deliveries = []
    plan.programme.deliveries[0] = []


def _fewer_delivered(plan: DemoPlan, faults: Faults) -> None:
    plan.first.blocks[0].number += 4


def _no_district(plan: DemoPlan, faults: Faults) -> None:
    plan.first.districts = []


def _odd_price(plan: DemoPlan, faults: Faults) -> None:
    """Thousands of euros typed as euros."""
    block = plan.first.blocks[0]
    block.ownerships = [Ownership(OwnershipType.BUY, block.number, price=Range(32_500, 32_500))]


def _odd_size(plan: DemoPlan, faults: Faults) -> None:
    plan.first.blocks[0].size = Range(950, 1050)


def _too_small(plan: DemoPlan, faults: Faults) -> None:
    plan.first.plan_types = [PlanType.UITBREIDING_UITLEG]


def _early_delivery(plan: DemoPlan, faults: Faults) -> None:
    step, _ = plan.programme.deliveries[0][0]
    step.day = plan.story.starts[Phase.REALIZATION] - timedelta(days=40)


def _name_of_another(plan: DemoPlan, faults: Faults) -> None:
    plan.first.name = next(p.first.name for p in faults.plans if p is not plan and _running(p))


DOUBTFUL: dict[str, Fault] = {
    "no_plan_area": _never_drawn,
    "hard_plan_confidential": _closed,
    "plan_id_missing": _no_plan_id,
    "plan_id_municipality": _plan_id_of_another,
    "plan_id_form": _malformed_plan_id,
    "unlikely_number": _too_many_homes,
    "block_without_delivery": _no_delivery,
    "deliveries_below_number": _fewer_delivered,
    "neighbourhood_without_district": _no_district,
    "unlikely_price": _odd_price,
    "unlikely_size": _odd_size,
    "expansion_too_small": _too_small,
    "delivery_before_realisation": _early_delivery,
}
SUITS: dict[str, Callable[[DemoPlan], bool]] = {
    "expansion_too_small": lambda plan: _running(plan) and plan.first.built < 12,
    "delivery_before_realisation": lambda plan: (
        _running(plan) and plan.story.phase in (Phase.DESIGN, Phase.DEFINITION) and plan.first.blocks[0].sign > 0
    ),
    "unlikely_number": lambda plan: (
        _running(plan) and plan.story.phase is Phase.DESIGN and plan.kind is PlanType.VERDICHTING
    ),
    "unlikely_price": lambda plan: _running(plan) and plan.story.phase is Phase.DESIGN,
}
