"""What a rule is: a code, how much it weighs, what it asks, and a function that finds where a plan breaks it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from diwi_desktop.model.catalogue import Catalogue
from diwi_desktop.model.finding import Finding, Severity
from diwi_desktop.model.moment import Moment
from diwi_desktop.model.plan import Municipality, Option, Plan


@dataclass(frozen=True, slots=True)
class Context:
    """What a rule may know besides the plan. `catalogue` includes the municipality's own fields."""

    options: Mapping[str, Option]
    catalogue: Catalogue
    moment: Moment
    municipality: Municipality


@dataclass(frozen=True, slots=True)
class Hit:
    """One place where a rule is broken. Without `kind` and `field` it is about the rule's own kind and field."""

    nl: str
    en: str
    value: Any = None
    entity: str = ""
    kind: str = ""
    field: str = ""


PlanFunction = Callable[[Plan, Context], Iterable[Hit]]
RegisterFunction = Callable[[Sequence[Plan], Context], Iterable[tuple[Plan, Hit]]]


@dataclass(frozen=True, slots=True)
class Rule:
    """`nl` and `en` say in one sentence what should be so; `source` where that comes from."""

    code: str
    severity: Severity
    kind: str
    field: str
    nl: str
    en: str
    source: str

    def finding(self, plan: Plan, hit: Hit) -> Finding:
        """The finding for one hit in one plan."""
        return Finding(
            code=self.code,
            severity=self.severity,
            nl=hit.nl,
            en=hit.en,
            kind=hit.kind or self.kind,
            entity=hit.entity or plan.id,
            field=hit.field or self.field,
            value=hit.value,
            project=plan.id,
            project_name=plan.name,
            source=self.source,
        )


#: Rules on one plan at a time and rules on all plans together, in the order in which they are shown.
PLAN_RULES: dict[Rule, PlanFunction] = {}
REGISTER_RULES: dict[Rule, RegisterFunction] = {}


def plan_rule(
    code: str, severity: Severity, where: str, nl: str, en: str, source: str
) -> Callable[[PlanFunction], PlanFunction]:
    """Enter a rule on one plan. `where` is "kind.field", where its findings point by default."""

    def enter(function: PlanFunction) -> PlanFunction:
        kind, _, field = where.partition(".")
        PLAN_RULES[Rule(code, severity, kind, field, nl, en, source)] = function
        return function

    return enter


def register_rule(
    code: str, severity: Severity, where: str, nl: str, en: str, source: str
) -> Callable[[RegisterFunction], RegisterFunction]:
    """Enter a rule that needs all plans at once; its function gives (plan, hit) pairs."""

    def enter(function: RegisterFunction) -> RegisterFunction:
        kind, _, field = where.partition(".")
        REGISTER_RULES[Rule(code, severity, kind, field, nl, en, source)] = function
        return function

    return enter
