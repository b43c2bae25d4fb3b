"""The plans of the demo: a story, a place, a programme and the fields that a municipality fills in."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from random import Random
from typing import Any

import shapely

from diwi_desktop.basedata.fabric import Fabric
from diwi_desktop.demo.places import GROUND, Ground, Place
from diwi_desktop.demo.programme import Programme, homes_of, make_programme
from diwi_desktop.demo.setting import Setting, data
from diwi_desktop.demo.stories import PHASE_SHARE, Story, make_story
from diwi_desktop.geo import shape
from diwi_desktop.model.codes import Confidentiality, MilestoneState, OptionList, Phase, PlanStatus, PlanType
from diwi_desktop.model.derive import LAPSED, status_type
from diwi_desktop.model.plan import Milestone, ParcelLink, Plan, PlanArea
from diwi_desktop.quality.rules.fields import EXPANSION_HOMES

#: How many of a hundred plans are of which type.
TYPE_SHARE = {
    PlanType.PAND_TRANSFORMATIE: 18, PlanType.VERDICHTING: 34, PlanType.HERSTRUCTURERING: 15,
    PlanType.TRANSFORMATIEGEBIED: 11, PlanType.UITBREIDING_UITLEG: 12, PlanType.UITBREIDING_OVERIG: 10,
}  # fmt: skip
_COLOURS = ("#B5651D", "#3E7CB1", "#6A994E", "#BC4B51", "#8E6C8A", "#D9A441", "#2A9D8F", "#5C677D")
_TIGHT = 1.6  # times the usual homes on a place, at most
_PER_MOTHER = 30  # plans for each mother plan
_PER_OVERLAP = 40
_OPEN = {1: (6, 7, 7), 2: (6, 6, 7), 3: (5, 6), 4: (3, 4, 5), 5: (1, 2, 2, 3)}  # rank of confidentiality by status
_IN_TOWN = (PlanType.VERDICHTING, PlanType.PAND_TRANSFORMATIE, PlanType.HERSTRUCTURERING)
_ENVIRONMENT_ACT = date(2024, 1, 1)


@dataclass
class DemoPlan:
    """One plan of the demo. `first` holds what does not change; `current` what the store holds."""

    story: Story
    programme: Programme
    place: Place
    parcels: list[tuple[str, str]]
    first: Plan
    openness: int
    number: int
    kind: PlanType
    mother: DemoPlan | None = None
    entered: date = date.min
    lapsed: date | None = None
    plan_id: bool = True  # whether the id of the plan is filled in once it is adopted
    drawn: bool = True
    closed: bool = False  # whether it stays more confidential than it should
    _current: Plan | None = field(default=None, repr=False)

    @property
    def current(self) -> Plan:
        """What the store holds. Only after the plan has been entered."""
        if self._current is None:
            raise RuntimeError("the plan has not been entered yet")
        return self._current

    @current.setter
    def current(self, plan: Plan) -> None:
        self._current = plan

    def at(self, day: date) -> Plan:
        """The plan as the register should hold it on a day."""
        plan = copied(self._current or self.first)
        revised = self.story.revised(day)
        for step, milestone in zip(self.story.steps, plan.milestones, strict=False):
            milestone.date, milestone.state = step.at(day, revised)
        for block, deliveries in zip(plan.blocks, self.programme.deliveries, strict=True):
            for delivery, (step, _) in zip(block.deliveries, deliveries, strict=True):
                delivery.date, delivery.state = step.at(day, revised)
        level = self.story.status_level(day)
        ranks = _OPEN[level]
        plan.confidentiality = list(Confidentiality)[ranks[self.openness % len(ranks)] - 1]
        if self.closed:
            plan.confidentiality = Confidentiality.INTERNAL_COUNCIL
        if level <= 2 and self.plan_id and plan.plan_id is None:
            self._adopt(plan)
        if self.drawn and not plan.areas and self._located(day):
            plan.areas = [PlanArea(shape.to_ewkb(self.place.area))]
            plan.parcels = [ParcelLink(name, local) for name, local in self.parcels]
        if self.lapsed is not None and self.lapsed <= day and not any(m.type == LAPSED for m in plan.milestones):
            plan.milestones.append(Milestone(LAPSED, self.lapsed, MilestoneState.REALIZED))
        return plan

    def _located(self, day: date) -> bool:
        """A plan of status 5B has no location yet."""
        nowhere = any(s.type == status_type(PlanStatus.S5B) for s in self.story.steps)
        return not nowhere or self.story.status_level(day) < 5

    def _adopt(self, plan: Plan) -> None:
        adopted = min(s.day for s in self.story.steps if s.type.startswith("STATUS_2"))
        if adopted < _ENVIRONMENT_ACT:
            plan.plan_id, plan.plan_id_kind = f"NL.IMRO.0999.BP{self.number:05}-VG01", "IMRO"
        else:
            plan.plan_id = f"/akn/nl/act/gm0999/{adopted.year}/omgevingsplan-{self.number:03}"
            plan.plan_id_kind = "OMGEVINGSWET"


def copied(plan: Plan) -> Plan:
    """The plan with blocks, deliveries and milestones of its own; all else is shared. Much faster than deepcopy."""
    blocks = [replace(block, deliveries=[replace(d) for d in block.deliveries]) for block in plan.blocks]
    return replace(plan, blocks=blocks, milestones=[replace(m) for m in plan.milestones])


def make_plans(fabric: Fabric, setting: Setting, count: int, today: date, random: Random) -> list[DemoPlan]:
    """`count` plans, mother plans and sub-plans among them."""
    return _Maker(fabric, setting, count, today, random).make()


class _Maker:
    def __init__(self, fabric: Fabric, setting: Setting, count: int, today: date, random: Random) -> None:
        self._setting, self._count, self._today, self._random = setting, count, today, random
        self._ground = Ground(fabric, count, random)
        self._names: set[str] = set()
        self._numbers: dict[str, int] = {}  # the highest number behind a name so far
        self._plans: list[DemoPlan] = []
        self._in_town: list[DemoPlan] = []
        self._phases = _shuffled(PHASE_SHARE, count, random)

    def make(self) -> list[DemoPlan]:
        for _ in range(self._count // _PER_MOTHER):
            self._family()
        overlaps = self._count // _PER_OVERLAP
        while len(self._plans) < self._count:
            if overlaps and len(self._plans) > self._count // 2:
                overlaps -= 1
                self._beside(self._random.choice(self._in_town))
            else:
                self._single()
        return self._plans

    def _room(self) -> int:
        return self._count - len(self._plans)

    def _single(self) -> None:
        kind = self._random.choices(list(TYPE_SHARE), list(TYPE_SHARE.values()))[0]
        homes = homes_of(kind, self._random)
        place = self._ground.find(kind, homes)
        homes = min(homes, max(2, round(_TIGHT * place.square_metres / GROUND[kind][1])))
        if kind is PlanType.UITBREIDING_UITLEG and homes < EXPANSION_HOMES:
            kind = PlanType.UITBREIDING_OVERIG
        self._add(kind, homes, place)

    def _beside(self, other: DemoPlan) -> None:
        """A plan that was drawn over a part of another one."""
        place = self._ground.beside(other.place)
        self._add(PlanType.VERDICHTING, max(3, min(60, round(place.square_metres / 130))), place)

    def _family(self) -> None:
        """A mother plan on one site, with sub-plans on parts of it."""
        kind = self._random.choice([PlanType.UITBREIDING_UITLEG, PlanType.TRANSFORMATIEGEBIED])
        parts = self._random.randint(3, 4)
        site = self._ground.find(kind, 90 * parts)
        strips = self._ground.strips(site, parts)
        if len(strips) < 2 or self._room() < len(strips):
            return
        homes = [max(12, round(strip.square_metres / (290 if kind is PlanType.UITBREIDING_UITLEG else 110)))
                 for strip in strips]  # fmt: skip
        mother = self._add(kind, min(homes[-1], 150), site)
        name = mother.first.name
        for number, (strip, each) in enumerate(zip(strips[:-1], homes, strict=False), start=1):
            daughter = self._add(kind, min(each, 150), strip, f"{name} deelplan {number}")
            daughter.mother = mother

    def _add(self, kind: PlanType, homes: int, place: Place, name: str = "") -> DemoPlan:
        phase = self._phases[len(self._plans)]
        story = make_story(phase, homes, self._today, self._random)
        programme = make_programme(kind, homes, story, self._setting, self._random)
        number = len(self._plans) + 1
        first = Plan(
            name=name or self._name(kind, place),
            start_date=story.start,
            end_date=story.end,
            color=_COLOURS[number % len(_COLOURS)],
            plan_types=[kind],
            blocks=programme.blocks,
            milestones=[Milestone(step.type, step.day) for step in story.steps],
        )
        made = DemoPlan(
            story, programme, place, self._ground.designations(place), first, self._random.randrange(12), number, kind
        )
        self._fill(made)
        self._names.add(first.name)
        self._plans.append(made)
        if made.kind in _IN_TOWN:
            self._in_town.append(made)
        return made

    # -- names ----------------------------------------------------------------------------------------------------

    def _name(self, kind: PlanType, place: Place) -> str:
        patterns: list[str] = list(data()["names"][kind])
        self._random.shuffle(patterns)
        words = {"street": place.street, "cross": place.cross, "number": place.number, "quarter": place.quarter}
        names = [pattern.format(**words) for pattern in patterns]
        for name in names:
            if name not in self._names:
                return name
        number = self._numbers.get(names[0], 1) + 1
        while f"{names[0]} {number}" in self._names:
            number += 1
        self._numbers[names[0]] = number
        return f"{names[0]} {number}"

    # -- fields ---------------------------------------------------------------------------------------------------

    def _fill(self, made: DemoPlan) -> None:
        plan, place, pick = made.first, made.place, self._random
        setting = self._setting
        homes = plan.built
        plan.description = (
            f"{_KIND_WORDS[made.kind]} bij {place.street}: {homes} woningen in {len(plan.blocks)} "
            f"{'blok' if len(plan.blocks) == 1 else 'blokken'}."
        )
        plan.municipality = setting.option(OptionList.MUNICIPALITY, "Duinwijk")
        plan.districts = [setting.option(OptionList.DISTRICT, place.district)]
        plan.neighbourhoods = [setting.option(OptionList.NEIGHBOURHOOD, place.neighbourhood)]
        plan.project_leader = pick.choice(data()["words"]["leads"])
        ranks = [setting.option(OptionList.PRIORITY, name) for name in ("Hoog", "Middel", "Laag")]
        low = pick.randrange(3)
        plan.priority = (ranks[low], ranks[min(2, low + pick.choice([0, 0, 0, 1]))])
        roles = setting.names(OptionList.MUNICIPALITY_ROLE)
        plan.municipality_roles = [
            setting.option(OptionList.MUNICIPALITY_ROLE, role) for role in pick.sample(roles, pick.choice([1, 1, 2]))
        ]
        plan.own = self._own(made)
        if made.story.phase in (Phase.CONCEPT, Phase.INITIATIVE, Phase.DEFINITION) and pick.random() < 0.06:
            made.lapsed = self._today.replace(day=1)

    def _own(self, made: DemoPlan) -> dict[str, Any]:
        pick, setting = self._random, self._setting
        found: dict[str, Any] = {}

        def put(key: str, value: Any) -> None:
            found[setting.own[key]] = value

        def choose(key: str, *names: str) -> None:
            put(key, sorted(setting.option(key, name) for name in names))

        client = pick.choices(setting.names("client"), [2, 4, 6, 2, 1])[0]
        choose("client", client)
        words = data()["words"]
        if client != "Gemeente":
            corporation = words["clients"][0]
            put("client_name", corporation if client == "Corporatie" else pick.choice(words["clients"][1:]))
        choose("environment", _environment(made.kind, made.place, pick))
        late = made.story.phase in (None, Phase.PREPARATION, Phase.REALIZATION, Phase.AFTERCARE)
        choose("list_category", "1a Hard plan" if late else pick.choice(setting.names("list_category")[1:]))
        level = "Zeker" if made.story.phase in (None, Phase.REALIZATION) else pick.choice(setting.names("chance"))
        put("chance", [setting.option("chance", level)] * 2)
        if pick.random() < 0.7:
            names = setting.names("bottlenecks")
            troubles = pick.sample(names[:-1], pick.randint(1, 3)) if pick.random() < 0.75 else [names[-1]]
            choose("bottlenecks", *troubles)
            if troubles != [names[-1]] and pick.random() < 0.6:
                put("bottleneck_note", pick.choice(words["notes"]))
        for key in ("energy", "heat", "climate"):
            if pick.random() < 0.8:
                choose(key, pick.choice(setting.names(key)))
        put("deal", pick.random() < 0.4)
        if pick.random() < 0.15:
            put("flex", pick.random() < 0.3)
        if pick.random() < 0.3:
            cost = round(pick.uniform(0.2, 18.0), 1)
            put("cost", [cost, round(cost * 1.4, 1)] if pick.random() < 0.4 else [cost, cost])
        return found


_KIND_WORDS = {
    PlanType.PAND_TRANSFORMATIE: "Verbouwing van een leegstaand pand",
    PlanType.VERDICHTING: "Nieuwbouw op een open plek",
    PlanType.HERSTRUCTURERING: "Vervanging van verouderde woningen",
    PlanType.TRANSFORMATIEGEBIED: "Van werken naar wonen",
    PlanType.UITBREIDING_UITLEG: "Nieuwe buurt aan de rand van de stad",
    PlanType.UITBREIDING_OVERIG: "Enkele woningen in het buitengebied",
}


def _environment(kind: PlanType, place: Place, random: Random) -> str:
    if kind is PlanType.UITBREIDING_OVERIG:
        return "Landelijk wonen"
    if kind is PlanType.UITBREIDING_UITLEG:
        return random.choice(["Groene wijk", "Dorps wonen"])
    if place.district == "Centrum":
        return random.choice(["Centrum", "Rand van het centrum"])
    return random.choice(["Rand van het centrum", "Groene wijk", "Dorps wonen"])


def _shuffled(shares: dict[Phase, int], count: int, random: Random) -> list[Phase | None]:
    """A phase for every plan, in the given shares as exactly as whole plans allow; the rest is finished."""
    phases: list[Phase | None] = []
    for phase, share in shares.items():
        phases += [phase] * max(1, round(share * count / 100))
    phases = (phases + [None] * count)[: max(count, 1)]
    random.shuffle(phases)
    return phases


def clipped(plan: DemoPlan, metres: float) -> bytes:
    """The contour with a strip taken off its east side, as EWKB: what somebody draws who moves a border."""
    left, bottom, right, top = plan.place.area.bounds
    piece = shapely.intersection(
        plan.place.area, shapely.box(left, bottom, max(right - metres, left + 1.0), top), grid_size=shape.GRID
    )
    return shape.to_ewkb(shape.normalise(piece)[0]) if piece.area > 1.0 else shape.to_ewkb(plan.place.area)
