"""The table of codes in docs/rules.md, written from the rules themselves: python -m diwi_desktop.quality.table"""

from __future__ import annotations

import sys
from collections.abc import Iterable

from diwi_desktop.model.catalogue import catalogue
from diwi_desktop.model.checks import REFUSALS
from diwi_desktop.model.finding import Severity
from diwi_desktop.quality import rules, together
from diwi_desktop.quality.rule import PLAN_RULES, REGISTER_RULES, Rule

HEAD = """# Rules and their codes

Written by `python -m diwi_desktop.quality.table`; a test keeps it equal to the rules. A code never changes its meaning.

- **refusal**: is not stored at all.
- **error**: is stored, but a receiver must not get it; `diwi check` then ends with status 1.
- **warning**: doubtful, a person has to look.

Rules on a plan are not applied to a plan that has lapsed. "Functional reference" is the description of the original
web application, with the number of its section or rule; "standards" that of the public standards; "assumption"
means that no source was found.
"""


def markdown() -> str:
    """The whole page."""
    refusals = [Rule(r.code, Severity.REFUSAL, r.kind, r.field, r.nl, r.en, r.source) for r in REFUSALS]
    return "\n".join(
        [
            HEAD,
            *_table("What may not be stored", refusals),
            *_table("Doubts about one plan", PLAN_RULES),
            *_table("Doubts about plans together", REGISTER_RULES),
        ]
    )


def _table(title: str, entries: Iterable[Rule]) -> list[str]:
    lines = [f"## {title}", "", "| Code | Weight | Field | What should be so | Source |", "|---|---|---|---|---|"]
    for rule in entries:
        field = f"{catalogue().kind(rule.kind).en}: {catalogue().field(rule.kind, rule.field).en}"
        lines.append(f"| `{rule.code}` | {rule.severity.value} | {field} | {rule.en} <br> {rule.nl} | {rule.source} |")
    return [*lines, ""]


#: The modules that hold the rules; importing them enters the rules.
SOURCES = (rules, together)

if __name__ == "__main__":
    sys.stdout.write(markdown())
