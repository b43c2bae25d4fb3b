"""The page of codes, docs/rules.md, written from the rules and messages themselves: python -m diwi_desktop.cli.codes"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from typing import Any

from diwi_desktop.exchange import messages as imports
from diwi_desktop.exchange.provinces import messages as provinces
from diwi_desktop.model.catalogue import catalogue
from diwi_desktop.model.denials import DENIALS
from diwi_desktop.model.finding import Severity
from diwi_desktop.model.refusals import REFUSALS
from diwi_desktop.quality import rules, together
from diwi_desktop.quality.rule import PLAN_RULES, REGISTER_RULES, Rule

HEAD = """# Rules and their codes

Written by `python -m diwi_desktop.cli.codes`; a test keeps it equal to the program. A code never changes its meaning.

- **refusal**: is not stored at all.
- **error**: is stored, but a receiver must not get it; `diwi check` then ends with status 1. In an import or a delivery
  to a province it stops the whole file.
- **warning**: doubtful, a person has to look.

Rules on a plan are not applied to a plan that has lapsed. "Functional reference" is the description of the original
web application, with the number of its section or rule; "standards" that of the public standards; "assumption"
means that no source was found.
"""

PROVINCE = """### How a province counts

- **Prices.** An amount on a bound belongs to the class that begins there. Of a range an end that lies on a bound is not
  part of it, because bounds are written as the end of one class and the start of the next: "280.000-390.000" is the
  class below 390.000 and "390.000-600.000" the one from it. So it is for an amount, a price class of the municipality
  and the heading of an Excel column alike. This is our decision; the original refused such a range.
- **House types by price.** Of a block the program knows how many homes there are of each type and of each price, and
  not how many of a type have which price. Per delivery year a cell is type x price / homes, rounded down; the homes
  left over go to the cells with the largest remainder. The homes per year and per price are exact; added up over the
  cells, a house type can differ a few homes from the blocks. The wizard shows both.
"""


def rules_part() -> str:
    """The rules of the register itself."""
    refusals, denials = (
        [Rule(r.code, Severity.REFUSAL, r.kind, r.field, r.nl, r.en, r.source) for r in listed]
        for listed in (REFUSALS, DENIALS)
    )
    return "\n".join(
        [
            *_rules("What may not be stored", refusals),
            *_rules("Who may not", denials),
            *_rules("Doubts about one plan", PLAN_RULES),
            *_rules("Doubts about plans together", REGISTER_RULES),
        ]
    )


def messages_part() -> str:
    """What imports and provinces say; braces stand for what is filled in."""
    return "\n".join(
        [
            *_messages("What an import says", imports.MESSAGES),
            *_messages("What a delivery to a province says", provinces.MESSAGES),
            PROVINCE,
        ]
    )


def markdown() -> str:
    """The whole page."""
    return f"{HEAD}\n{rules_part()}\n{messages_part()}"


def _rules(title: str, entries: Iterable[Rule]) -> list[str]:
    lines = [f"## {title}", "", "| Code | Weight | Field | What should be so | Source |", "|---|---|---|---|---|"]
    for rule in entries:
        field = f"{catalogue().kind(rule.kind).en}: {catalogue().field(rule.kind, rule.field).en}"
        lines.append(f"| `{rule.code}` | {rule.severity.value} | {field} | {rule.en} <br> {rule.nl} | {rule.source} |")
    return [*lines, ""]


def _messages(title: str, entries: Mapping[str, Any]) -> list[str]:
    lines = [f"## {title}", "", "| Code | Weight | Sentence |", "|---|---|---|"]
    lines += [f"| `{code}` | {item.severity.value} | {item.en} <br> {item.nl} |" for code, item in entries.items()]
    return [*lines, ""]


#: The modules that hold the rules; importing them enters the rules.
SOURCES = (rules, together)

if __name__ == "__main__":
    sys.stdout.write(markdown())
