"""What a rule is: a code, how much it weighs, what it asks, and a function that finds where a plan breaks it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from diwi_desktop.model.catalogue import Catalogue
from diwi_desktop.model.codes import Mutation
from diwi_desktop.model.finding import Finding, Severity
from diwi_desktop.model.moment import Moment
from diwi_desktop.model.plan import Municipality, Option, Plan, PlanArea

WARNING, ERROR = Severity.WARNING, Severity.ERROR

# Sources that many rules have.
HELP = "help texts of the original (functional reference, appendix D)"
HOUSE = "own rule"


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


class BlockOutline(NamedTuple):
    """What is kept of a block."""

    id: str
    name: str
    mutation: Mutation
    number: int


@dataclass(frozen=True, slots=True)
class Outline:
    """What rules on plans together know of one plan: little enough to keep for every plan of a register."""

    id: str
    name: str
    code: str
    parent: str | None
    blocks: tuple[BlockOutline, ...]
    areas: tuple[PlanArea, ...]

    @classmethod
    def of(cls, plan: Plan) -> Outline:
        blocks = tuple(BlockOutline(b.id, b.name, b.mutation, b.number) for b in plan.blocks)
        return cls(plan.id, plan.name, plan.code, plan.parent, blocks, tuple(plan.areas))

    @property
    def built(self) -> int:
        """Gross homes built."""
        return sum(b.number for b in self.blocks if b.mutation is Mutation.CONSTRUCTION)


PlanFunction = Callable[[Plan, Context], Iterable[Hit]]
RegisterFunction = Callable[[Sequence[Outline], Context], Iterable[tuple[Outline, Hit]]]


@dataclass(frozen=True, slots=True)
class Together:
    """How a rule on all plans finds where they break it, and which attributes of `Outline` that depends on."""

    reads: frozenset[str]
    function: RegisterFunction


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

    def finding(self, plan: Plan | Outline, hit: Hit) -> Finding:
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
REGISTER_RULES: dict[Rule, Together] = {}


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
    code: str, severity: Severity, where: str, nl: str, en: str, source: str, *, reads: str
) -> Callable[[RegisterFunction], RegisterFunction]:
    """Enter a rule that needs all plans at once; its function gives (plan, hit) pairs.

    `reads` names the attributes of `Outline` that it looks at, with spaces between: while those of all plans stay as
    they are, what it found stays too.
    """

    def enter(function: RegisterFunction) -> RegisterFunction:
        kind, _, field = where.partition(".")
        REGISTER_RULES[Rule(code, severity, kind, field, nl, en, source)] = Together(frozenset(reads.split()), function)
        return function

    return enter
