"""What a file asks for that the register does not have: own fields and choices, told by the `fix` of findings.

One field or choice may be missed in many places; `wanted` puts together what is known of it, `create_missing` makes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from diwi_desktop.exchange.imports import register_of
from diwi_desktop.exchange.lookup import ambiguous_rank
from diwi_desktop.exchange.register import key_of, split_level
from diwi_desktop.model.codelists import code_list
from diwi_desktop.model.codes import OptionList, OwnFieldType
from diwi_desktop.model.finding import Finding
from diwi_desktop.store import Store, queries
from diwi_desktop.store.act import Act

Fix = Mapping[str, Any]
Key = tuple[str, str, str]  # "own_field" or "option", the object or the list, the name as names are compared


def key_of_fix(fix: Fix) -> Key | None:
    """What a finding misses; None for one that misses nothing."""
    if fix.get("create") == "own_field":
        return "own_field", fix["object"], key_of(fix["name"])
    if fix.get("create") == "option":
        return "option", fix["list"], key_of(fix["name"])
    return None


def wanted(findings: Iterable[Finding]) -> dict[Key, dict[str, Any]]:
    """What is missing, each once. Of an own field the choices of all its values, and per type that one of them refuses
    an example of such a value (`unfit`); a type guessed from some values and refused by others gives way to text.
    """
    found: dict[Key, dict[str, Any]] = {}
    for finding in findings:
        key = key_of_fix(finding.fix)
        if key is None:
            continue
        before = found.get(key)
        if before is None:
            found[key] = {**finding.fix}
        elif key[0] == "own_field":
            found[key] = _joined(before, finding.fix)
    return found


def _joined(one: Fix, other: Fix) -> dict[str, Any]:
    options = list(dict.fromkeys([*one.get("options", ()), *other.get("options", ())]))
    unfit = {**other.get("unfit", {}), **one.get("unfit", {})}
    ambiguous = ambiguous_rank(options)
    if ambiguous is not None:
        unfit.setdefault(OwnFieldType.ORDINAL.value, ambiguous)
    guesses = {fix["type_guess"] for fix in (one, other) if "type_guess" in fix}
    joined = {**other, **one, "options": options, "unfit": unfit}
    joined["several"] = bool(one.get("several") or other.get("several"))
    if len(guesses) > 1 or guesses & unfit.keys():
        joined["type_guess"] = OwnFieldType.TEXT.value
    return joined


def types_of(fix: Fix) -> list[OwnFieldType]:
    """The types that an own field can have with all the values that the file has for it, in the order of the list."""
    return [OwnFieldType(c.key) for c in code_list("own_field_type").codes if c.key not in fix.get("unfit", {})]


def guess_of(fix: Fix) -> OwnFieldType:
    """The type that was chosen for an own field, else the one it probably has."""
    return OwnFieldType(fix.get("type") or fix.get("type_guess") or OwnFieldType.TEXT)


def create_missing(
    store: Store, findings: Iterable[Finding], name: str = "Ontbrekende velden en keuzes toevoegen"
) -> int:
    """Make the own fields and options that the `fix` of these findings asks for, in one act. Returns how many.

    After that the same import no longer fails on them. A finding without `fix`, or whose remedy is in the register
    already, is left alone. An option of a ranked list without a level comes after the others. Raises Refused, for an
    own field of a project that has the name of one of a house block.
    """
    register = register_of(store)
    levels = _Levels(store)
    made = 0
    with store.act(name, kind="user") as act:
        for (kind, owner, _), fix in wanted(findings).items():
            if kind == "own_field" and register.own_field(owner, fix["name"]) is None:
                made += _make_field(act, fix, levels)
            elif kind == "option" and register.option(owner, fix["name"]) is None:
                level = levels.of(owner, fix.get("level"))
                values = {"list": owner, "name": fix["name"], "level": level, "bounds": fix.get("bounds")}
                act.create("option", values)
                made += 1
    return made


class _Levels:
    """Places in ranked lists: the one that was given, else the one after the highest."""

    def __init__(self, store: Store) -> None:
        self._highest: dict[str, int] = {OptionList.PRIORITY.value: 0}
        self._highest |= {own.id: 0 for own in queries.own_fields(store) if own.type is OwnFieldType.ORDINAL}
        for option in queries.options(store).values():
            if option.list in self._highest:
                self._highest[option.list] = max(self._highest[option.list], option.level or 0)

    def rank(self, name: str) -> None:
        """Count a new list among the ranked ones."""
        self._highest[name] = 0

    def of(self, name: str, given: int | None) -> int | None:
        """The level of a new option; None in a list without ranks."""
        if name not in self._highest:
            return None
        level = self._highest[name] + 1 if given is None else given
        self._highest[name] = max(self._highest[name], level)
        return level


def _make_field(act: Act, fix: Fix, levels: _Levels) -> int:
    """Make an own field with the options its column holds."""
    kind = guess_of(fix)
    values: dict[str, Any] = {"object": fix["object"], "name": fix["name"], "type": kind.value}
    if kind is OwnFieldType.CATEGORY and fix.get("several"):
        values["single"] = False
    own = act.create("own_field", values)
    made = 1
    if kind is OwnFieldType.ORDINAL:
        levels.rank(own)
        ranks: dict[str, tuple[int | None, str]] = {}
        for level, name in sorted(map(split_level, fix.get("options", ())), key=lambda rank: rank[0] is None):
            ranks.setdefault(key_of(name), (level, name))
        for level, name in ranks.values():
            act.create("option", {"list": own, "name": name, "level": levels.of(own, level)})
            made += 1
    elif kind is OwnFieldType.CATEGORY:
        for text in {key_of(text): text for text in reversed(fix.get("options", ()))}.values():
            act.create("option", {"list": own, "name": text})
            made += 1
    return made
