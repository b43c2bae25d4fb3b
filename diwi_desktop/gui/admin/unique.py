"""Names that may occur once, and price classes that should join up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from diwi_desktop.model.finding import Finding, Severity
from diwi_desktop.model.notation import format_euros
from diwi_desktop.model.plan import Option

Row = dict[str, Any]
CENT = 1


def same(text: Any) -> str:
    """A name as it is compared: case and spaces do not count."""
    return " ".join(str(text or "").casefold().split())


def taken(kind: str, field: str, row: Row, value: Any, others: Iterable[Row], what: tuple[str, str]) -> Finding | None:
    """The refusal of a value that another row has already. `what` is the Dutch and the English word for a row."""
    for other in others:
        if other["id"] != row["id"] and value and same(other.get(field)) == same(value):
            off = bool(other.get("disabled"))
            nl = f"Er is al een {what[0]} '{other[field]}'{' (uitgezet)' if off else ''}; kies een andere naam."
            en = (
                f"There is a {what[1]} '{other[field]}' already{' (switched off)' if off else ''}; choose another name."
            )
            return Finding("duplicate_name", Severity.REFUSAL, nl, en, kind, row["id"], field, value)
    return None


def class_findings(classes: Sequence[Option]) -> list[Finding]:
    """Classes without bounds, and gaps and overlaps between the others of one list, from low to high.

    Switched-off ones do not count.
    """
    found = [_without_bounds(option) for option in classes if option.bounds is None and not option.disabled]
    known = sorted((c for c in classes if c.bounds is not None and not c.disabled), key=_order)
    for lower, upper in pairwise(known):
        if lower.bounds is None or upper.bounds is None:
            continue
        end, start = lower.bounds.high, upper.bounds.low
        # A bound that two classes share is no overlap: the original kept classes half-open.
        if end is None or start < end:
            nl = f"'{lower.name}' en '{upper.name}' overlappen elkaar."
            en = f"'{lower.name}' and '{upper.name}' overlap."
            code = "price_class_overlap"
        elif start > end + CENT:
            hole, hole_en = (f"€ {format_euros(end)} {to} € {format_euros(start)}" for to in ("tot", "to"))
            nl = f"Tussen '{lower.name}' en '{upper.name}' zit een gat: {hole}."
            en = f"There is a gap between '{lower.name}' and '{upper.name}': {hole_en}."
            code = "price_class_gap"
        else:
            continue
        source = "own rule: every price belongs to exactly one class"
        found.append(Finding(code, Severity.WARNING, nl, en, "option", upper.id, "min", source=source))
    return found


def _without_bounds(option: Option) -> Finding:
    nl = f"'{option.name}' heeft geen grenzen; de woningen tellen als prijs onbekend."
    en = f"'{option.name}' has no bounds; its homes count as price unknown."
    source = "functional reference 4.2: the province takes homes of a class without bounds as price unknown"
    return Finding("price_class_without_bounds", Severity.WARNING, nl, en, "option", option.id, "min", source=source)


def _order(option: Option) -> tuple[int, str]:
    return (option.bounds.low if option.bounds else 0, option.name.casefold())
