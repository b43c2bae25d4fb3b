"""Rules that need all plans at once: doubles, overlap on the map, figures far from what is usual here."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from diwi_desktop.model.codes import Mutation, ProjectStatus
from diwi_desktop.model.derive import project_status
from diwi_desktop.model.notation import format_homes, format_number
from diwi_desktop.model.plan import Plan
from diwi_desktop.quality.rule import ERROR, WARNING, Context, Hit, Outline, register_rule

# Modified z-score of Iglewicz and Hoaglin (1993): above 3.5 a value is taken for an outlier.
OUTLIER = 3.5
_MAD_TO_SIGMA = 1.4826
# Below so many values "usual" says nothing; and where all are nearly equal, double is not yet unlikely.
ENOUGH = 12
_LEAST_SIGMA = math.log(2) / 2


def takes_part(plan: Plan, context: Context) -> bool:
    """Whether a plan counts among the others: not when it has lapsed."""
    return project_status(plan, context.moment.on) is not ProjectStatus.TERMINATED


def _same(plans: Sequence[Outline], key: Callable[[Outline], str]) -> list[list[Outline]]:
    groups: defaultdict[str, list[Outline]] = defaultdict(list)
    for plan in plans:
        if key(plan):
            groups[key(plan)].append(plan)
    return [group for group in groups.values() if len(group) > 1]


@register_rule(
    "duplicate_name", WARNING, "project.name",
    "Elk project heeft een eigen naam.", "Each project has a name of its own.",
    "functional reference 2.1 (gap: the original did not check)",
    reads="name code",
)  # fmt: skip
def _duplicate_name(plans: Sequence[Outline], context: Context) -> Iterator[tuple[Outline, Hit]]:
    for group in _same(plans, lambda plan: " ".join(plan.name.casefold().split())):
        for plan in group:
            others = ", ".join(other.code or other.name for other in group if other is not plan)
            yield (
                plan,
                Hit(
                    f"De naam '{plan.name}' komt {len(group)} keer voor (ook bij {others}).",
                    f"The name '{plan.name}' occurs {len(group)} times (also {others}).",
                    plan.name,
                ),
            )


@register_rule(
    "duplicate_code", ERROR, "project.code",
    "Elke projectcode komt één keer voor.", "Each project code occurs once.", "own rule",
    reads="name code",
)  # fmt: skip
def _duplicate_code(plans: Sequence[Outline], context: Context) -> Iterator[tuple[Outline, Hit]]:
    for group in _same(plans, lambda plan: plan.code):
        for plan in group:
            others = ", ".join(f"'{other.name}'" for other in group if other is not plan)
            yield (
                plan,
                Hit(
                    f"De code {plan.code} is ook die van {others}.",
                    f"The code {plan.code} is also that of {others}.",
                    plan.code,
                ),
            )


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual among positive figures, on a logarithmic scale: five times too many weighs like a fifth."""

    middle: float
    sigma: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Usual | None:
        """None when there are too few values to tell."""
        logs = [math.log(value) for value in values if value > 0]
        if len(logs) < ENOUGH:
            return None
        middle = median(logs)
        spread = _MAD_TO_SIGMA * median(abs(value - middle) for value in logs)
        return cls(middle, max(spread, _LEAST_SIGMA))

    def too_high(self, value: float) -> bool:
        return value > 0 and (math.log(value) - self.middle) / self.sigma > OUTLIER

    @property
    def typical(self) -> int:
        return round(math.exp(self.middle))


@register_rule(
    "unlikely_number", WARNING, "houseblock.number",
    "Het aantal woningen van een blok past bij dat van andere blokken in de gemeente.",
    "The number of homes of a block is in line with that of other blocks in the municipality.",
    "modified z-score over 3.5 (Iglewicz and Hoaglin 1993), on logarithms",
    reads="blocks",
)  # fmt: skip
def _unlikely_number(plans: Sequence[Outline], context: Context) -> Iterator[tuple[Outline, Hit]]:
    for mutation in Mutation:
        usual = Usual.of([b.number for p in plans for b in p.blocks if b.mutation is mutation])
        if usual is None:
            continue
        for plan in plans:
            for block in plan.blocks:
                if block.mutation is mutation and usual.too_high(block.number):
                    yield plan, Hit(
                        f"Blok '{block.name}' telt {format_homes(block.number)}; "
                        f"rond de {format_number(usual.typical)} is gebruikelijk.",
                        f"Block '{block.name}' counts {format_homes(block.number, 'en')}; "
                        f"around {format_number(usual.typical)} is usual.",
                        block.number,
                        entity=block.id,
                    )  # fmt: skip


@register_rule(
    "unlikely_density", WARNING, "plan_area.geometry",
    "Het aantal woningen per hectare past bij dat van andere plannen in de gemeente.",
    "The number of homes per hectare is in line with that of other plans in the municipality.",
    "modified z-score over 3.5 (Iglewicz and Hoaglin 1993), on logarithms",
    reads="blocks areas",
)  # fmt: skip
def _unlikely_density(plans: Sequence[Outline], context: Context) -> Iterator[tuple[Outline, Hit]]:
    import shapely

    drawn = [plan for plan in plans if plan.areas and plan.built]
    area = [shapely.area(shapely.from_wkb([a.geometry for a in plan.areas])).sum() for plan in drawn]
    density = [plan.built * 10_000 / m2 if m2 > 0 else 0.0 for plan, m2 in zip(drawn, area, strict=True)]
    usual = Usual.of(density)
    if usual is None:
        return
    for plan, m2, value in zip(drawn, area, density, strict=True):
        if usual.too_high(value):
            homes, metres, each = format_number(plan.built), format_number(round(m2)), format_number(round(value))
            yield (
                plan,
                Hit(
                    f"{homes} woningen op {metres} m² is {each} per hectare; rond de {usual.typical} is gebruikelijk.",
                    f"{homes} homes on {metres} m² is {each} per hectare; around {usual.typical} is usual.",
                    round(value),
                ),
            )


@register_rule(
    "plans_overlap", WARNING, "plan_area.geometry",
    "Plangebieden overlappen elkaar niet, behalve een moederplan en zijn deelplannen.",
    "Plan areas do not overlap, except a mother plan and its sub-plans.",
    "functional reference 2.8 (gap: the original did not check)",
    reads="name parent areas",
)  # fmt: skip
def _plans_overlap(plans: Sequence[Outline], context: Context) -> Iterator[tuple[Outline, Hit]]:
    by_id = {plan.id: plan for plan in plans}
    for plan, others in overlaps(plans).items():
        sizes = sorted(others.items(), key=lambda item: (-item[1], by_id[item[0]].name))
        nl = ", ".join(f"{format_number(round(m2))} m² met '{by_id[other].name}'" for other, m2 in sizes)
        en = ", ".join(f"{format_number(round(m2))} m² with '{by_id[other].name}'" for other, m2 in sizes)
        yield (
            by_id[plan],
            Hit(
                f"Het plangebied overlapt {nl}.",
                f"The plan area overlaps {en}.",
                round(sum(others.values())),
                entity=by_id[plan].areas[0].id,
            ),
        )


def overlaps(plans: Sequence[Outline]) -> dict[str, dict[str, float]]:
    """For each plan id that overlaps others: their ids with the shared area in m2.

    Plans of one family (mother and sub-plan) are not compared; less than `geo.edit.SLIVER_AREA` does not count.
    """
    import numpy as np
    import shapely

    from diwi_desktop.geo.edit import SLIVER_AREA

    rows = [(plan, area.geometry) for plan in plans for area in plan.areas]
    if len(rows) < 2:
        return {}
    shapes = shapely.from_wkb([geometry for _, geometry in rows])
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    once = first < second
    first, second = first[once], second[once]
    shared = shapely.area(shapely.intersection(shapes[first], shapes[second]))
    found: defaultdict[str, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
    for i, j, m2 in zip(first, second, np.asarray(shared), strict=True):
        one, other = rows[i][0], rows[j][0]
        if m2 < SLIVER_AREA or one.id in (other.id, other.parent) or other.id == one.parent:
            continue
        found[one.id][other.id] += float(m2)
        found[other.id][one.id] += float(m2)
    return {plan: dict(others) for plan, others in found.items()}
