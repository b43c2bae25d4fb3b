"""How the municipality's own fields and options become those of the province.

A mapping says per field of the province: from which field (`own:<id>`, `project.<key>`, `houseblock.<key>`), which own
option is which option of the province, and a fixed value for projects that have none. An option of the same name as the
province's needs no line of its own. Kept as `mapping` entities, so changing one is an act like any other.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from diwi_desktop.exchange.provinces.messages import finding
from diwi_desktop.exchange.provinces.profile import OutputField, Profile
from diwi_desktop.exchange.provinces.register import (
    CHOICE_TYPES,
    NUMBER_TYPES,
    TEXT_TYPES,
    Register,
    label_en,
    source_of,
)
from diwi_desktop.model.catalogue import Field, FieldType
from diwi_desktop.model.finding import Finding, UserError
from diwi_desktop.model.notation import format_number
from diwi_desktop.store import Store, queries

#: An option for which the province is given nothing, on purpose.
NOTHING = ""

_ALIKE = 0.8  # how alike two names must be to be proposed (difflib ratio)


@dataclass(frozen=True, slots=True)
class FieldMapping:
    """Where one field of the province comes from. `options`: own option id or key -> labels of the province."""

    target: str
    source: str = ""
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    constant: str = ""

    @property
    def empty(self) -> bool:
        return not self.source and not self.constant

    def label(self, key: str, own_label: str, codes: tuple[str, ...]) -> str | None:
        """The province's label of an own option: as mapped, else the one of the same name. None when there is none,
        `NOTHING` when the option is mapped to nothing on purpose."""
        given = self.options.get(key)
        if given:
            return given[0]
        wanted = _plain(own_label)
        return next((code for code in codes if _plain(code) == wanted), None)


Mappings = dict[str, FieldMapping]


# -- in the store ---------------------------------------------------------------------------------------------------


def load_mapping(store: Store, profile: Profile) -> Mappings:
    """The mapping of a profile as the store has it."""
    found: Mappings = {}
    for row in queries.mappings(store, profile.key):
        options = {key: _labels(value) for key, value in row.options.items()}
        found[row.target] = FieldMapping(row.target, row.source or "", options, row.constant or "")
    return found


def save_mapping(store: Store, profile: Profile, mapping: Mappings) -> int | None:
    """Keep a mapping in one act; only what differs. Returns the log position, None when nothing changed."""
    rows = {row.target: row for row in queries.mappings(store, profile.key)}
    before = load_mapping(store, profile)
    with store.act(f"Koppeling {profile.nl} wijzigen") as act:
        for target, row in rows.items():
            if mapping.get(target, FieldMapping(target)).empty:
                act.delete("mapping", row.id)
        for target, item in mapping.items():
            if item.empty:
                continue
            options = {key: labels[0] if len(labels) == 1 else list(labels) for key, labels in item.options.items()}
            values = {"source": item.source or None, "options": options or None, "constant": item.constant or None}
            if target not in rows:
                act.create("mapping", {"profile": profile.key, "target": target, **values})
            elif item != before[target]:
                for key, value in values.items():
                    act.set("mapping", rows[target].id, key, value)
    return act.seq


def _labels(value: Any) -> tuple[str, ...]:
    return tuple(str(item) for item in value) if isinstance(value, (list, tuple)) else (str(value),)


# -- in a file ------------------------------------------------------------------------------------------------------


def read_mapping_file(path: Path, profile: Profile, register: Register) -> Mappings:
    """A mapping from a JSON file, with names instead of ids.

    The file holds one object: {"<province field>": {"source": "<own field name, own:<id>, project.<key> or
    houseblock.<key>>", "options": {"<own option>": "<province option>"}, "constant": "<fixed value>"}}. A plain text
    instead of the inner object is a fixed value. Raises UserError (mapping_file).
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise _file_error(path, "het is niet te lezen", "it cannot be read") from error
    except (ValueError, RecursionError) as error:
        raise _file_error(path, "het is geen JSON", "it is not JSON") from error
    if not isinstance(data, dict):
        raise _file_error(path, "er hoort één object in te staan", "it should hold one object")
    return {target: _from_file(path, target, value, profile, register) for target, value in data.items()}


def _from_file(path: Path, target: str, value: Any, profile: Profile, register: Register) -> FieldMapping:
    if target not in {item.name for item in profile.mapped}:
        raise _file_error(path, f"'{target}' is geen te koppelen veld", f"'{target}' is not a field to map")
    if isinstance(value, (str, int, float)) and not isinstance(value, bool):
        return FieldMapping(target, constant=str(value))
    options = value.get("options", {}) if isinstance(value, dict) else None
    if not isinstance(value, dict) or not isinstance(options, dict) or set(value) - {"source", "options", "constant"}:
        raise _file_error(path, f"'{target}' heeft niet de juiste vorm", f"'{target}' does not have the right form")
    source = _named_source(str(value.get("source") or ""), register)
    if source is None:
        name = value["source"]
        raise _file_error(path, f"het veld '{name}' bestaat niet", f"the field '{name}' does not exist")
    found = register.source(source)
    keys: dict[str, str] = {_plain(name): key for key, name in register.choices(found)} if found else {}
    named = {keys.get(_plain(str(name)), str(name)): _labels(labels) for name, labels in options.items()}
    constant = value.get("constant")
    return FieldMapping(target, source, named, "" if constant is None else str(constant))


def _named_source(text: str, register: Register) -> str | None:
    if not text or register.source(text) is not None:
        return text
    for kind in ("project", "houseblock"):
        for item in register.catalogue.kind(kind).fields:
            if item.own and _plain(item.nl) == _plain(text):
                return source_of(item)
    return None


def _file_error(path: Path, nl: str, en: str) -> UserError:
    return UserError(
        f"Het koppelbestand {path.name} is niet te gebruiken: {nl}.",
        f"The mapping file {path.name} cannot be used: {en}.",
        code="mapping_file",
    )


# -- what fits ------------------------------------------------------------------------------------------------------


def fits(target: OutputField, source: Field) -> bool:
    """Whether a field can be mapped to a field of the province. A count fits a yes-or-no list: some is yes."""
    if source.type in CHOICE_TYPES:
        return "category" in target.accepts
    if source.type in TEXT_TYPES:
        return "text" in target.accepts and source.kind == "project"
    if source.type in NUMBER_TYPES:
        yes_or_no = {"Ja", "Nee"} <= set(target.codes) and source.type is FieldType.INTEGER
        return "numeric" in target.accepts or yes_or_no
    return False


def candidates(target: OutputField, register: Register) -> list[Field]:
    """The fields that can be mapped to a field of the province: own fields first, then those of the catalogue."""
    found = [
        item
        for kind in ("project", "houseblock")
        for item in register.catalogue.kind(kind).fields
        if fits(target, item) and not item.disabled and item.key != "code"
    ]
    return sorted(found, key=lambda item: (not item.own, item.kind != "project"))


def is_choice(target: OutputField, source: Field) -> bool:
    """Whether the options of a source have to be mapped too."""
    return bool(target.codes) and (source.type in CHOICE_TYPES or source.type is FieldType.INTEGER)


def _plain(text: str) -> str:
    """A name without case, signs and spaces, to compare names by."""
    return re.sub(r"[^0-9a-zà-ÿ]+", "", text.casefold())


def suggest(profile: Profile, register: Register, mapping: Mappings) -> Mappings:
    """Proposals by name for the fields that have no mapping yet: the field, and which option is which.

    What has the very name goes before what resembles it, and an own field that is taken is not proposed again.
    """
    found: Mappings = {}
    taken = {item.source for item in mapping.values() if item.source}
    open_targets = [t for t in profile.mapped if mapping.get(t.name, FieldMapping(t.name)).empty]
    for exact in (True, False):
        for target in open_targets:
            source = None if target.name in found else _best_source(target, register, taken, exact=exact)
            if source is None:
                continue
            if source.own:
                taken.add(source_of(source))
            item = FieldMapping(target.name, source_of(source))
            found[target.name] = replace(item, options=suggest_options(target, source, register))
    return found


def _best_source(target: OutputField, register: Register, taken: Collection[str], *, exact: bool) -> Field | None:
    fields = [item for item in candidates(target, register) if source_of(item) not in taken or not item.own]
    wanted = (target.name, target.nl, *target.suggest)
    for name in wanted if exact else ():
        direct = next((item for item in fields if source_of(item) == name), None)
        alike = next((item for item in fields if item.own and _plain(item.nl) == _plain(name)), None)
        if direct or alike:
            return direct or alike
    own = {_plain(item.nl): item for item in fields if item.own}
    for name in () if exact else wanted:
        near = difflib.get_close_matches(_plain(name), own, 1, _ALIKE)
        if near:
            return own[near[0]]
    return None


def suggest_options(target: OutputField, source: Field, register: Register) -> dict[str, tuple[str, ...]]:
    """Own options with the province's option of the same or nearly the same name."""
    if not is_choice(target, source):
        return {}
    codes = {_plain(code): code for code in target.codes}
    found: dict[str, tuple[str, ...]] = {}
    for key, name in register.choices(source):
        near = difflib.get_close_matches(_plain(name), codes, 1, _ALIKE)
        if near:
            found[key] = (codes[near[0]],)
    return found


# -- checks ---------------------------------------------------------------------------------------------------------

_ASKED = {
    "category": ("een keuze", "a choice"),
    "text": ("een tekst", "a text"),
    "numeric": ("een getal", "a number"),
}


def check_mapping(profile: Profile, mapping: Mappings, register: Register) -> list[Finding]:
    """What is wrong with a mapping itself, in the order of the format; points at the province's field."""
    return [
        found
        for target in profile.mapped
        for found in _check(target, mapping.get(target.name, FieldMapping(target.name)), register)
    ]


def _check(target: OutputField, item: FieldMapping, register: Register) -> Iterator[Finding]:
    words = {"label": target.nl, "label_en": target.en, "target": target.name}
    if item.empty:
        if target.mandatory:
            yield _about("missing_custom_prop", target, words)
        return
    if item.constant and target.codes and item.constant not in target.codes:
        yield _about("mapping_unknown_label", target, words, item.constant)
    if "numeric" in target.accepts and item.constant:
        given = number(item.constant)
        if given is None:
            yield _about("mapping_wrong_type", target, {**words, **_asked(target), **_named(item.constant)})
        elif given < 0:
            yield _about("negative_value", target, {**words, **_named(target.nl, target.en)}, format_number(given))
    if not item.source:
        return
    source = register.source(item.source)
    if source is None or source.disabled:
        yield _about("missing_dataexchange_mapping", target, words, item.source)
        return
    words |= _named(source.nl, source.en)
    if not fits(target, source):
        yield _about("mapping_wrong_type", target, {**words, **_asked(target)})
    elif is_choice(target, source):
        yield from _check_options(target, item, source, register, words)


def _check_options(
    target: OutputField, item: FieldMapping, source: Field, register: Register, words: dict[str, str]
) -> Iterator[Finding]:
    for key, name in register.choices(source):
        given = item.options.get(key, ())
        named = {"option": name, "option_en": label_en(source, key, name)}
        for label in given:
            if label != NOTHING and label not in target.codes:
                yield _about("mapping_unknown_label", target, words, label)
        if len(set(given)) > 1:
            yield _about("option_mapped_multiple_times", target, {**words, **named}, name)
        elif item.label(key, name, target.codes) is None:
            yield _about("option_not_mapped", target, {**words, **named}, name)


def _asked(target: OutputField) -> dict[str, str]:
    pairs = [_ASKED[kind] for kind in target.accepts]
    return {"asked": " of ".join(nl for nl, _ in pairs), "asked_en": " or ".join(en for _, en in pairs)}


def _named(nl: str, en: str = "") -> dict[str, str]:
    return {"name": nl, "name_en": en or nl}


def _about(code: str, target: OutputField, words: Mapping[str, Any], value: Any = None) -> Finding:
    return finding(code, kind="mapping", field=target.name, value=value, words=words)


def number(text: str) -> float | None:
    """A number from a fixed value, with a decimal comma or point; None when it is none."""
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return int(value) if value.is_integer() else value
