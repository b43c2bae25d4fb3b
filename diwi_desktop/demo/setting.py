"""What the demo municipality keeps itself: people, options, own fields and the mapping to its province."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from diwi_desktop import assets
from diwi_desktop.basedata.fabric import Fabric
from diwi_desktop.exchange import provinces
from diwi_desktop.model.catalogue import OWN_PREFIX
from diwi_desktop.model.codes import OptionList
from diwi_desktop.model.plan import Municipality
from diwi_desktop.store import Store, queries


@cache
def data() -> dict[str, Any]:
    """resources/demo/duinwijk.toml."""
    return tomllib.loads(assets.resource("demo", "duinwijk.toml").read_text(encoding="utf-8"))


def municipality() -> Municipality:
    """Duinwijk."""
    return Municipality(**data()["municipality"])


@dataclass
class Setting:
    """Ids by name of what was made in the store. `own` by the key in the data file, its options by name."""

    people: list[str] = field(default_factory=list)
    own: dict[str, str] = field(default_factory=dict)
    options: dict[str, dict[str, str]] = field(default_factory=dict)

    def option(self, name: str, text: str) -> str:
        """The id of an option of a fixed list or of an own field (by its key)."""
        return self.options[name][text]

    def names(self, name: str) -> list[str]:
        """The options of a list, in the order of the data file."""
        return list(self.options[name])


def make_setting(store: Store, fabric: Fabric) -> Setting:
    """Add people, options and own fields to a new store, in one act."""
    made = Setting()
    for known in queries.options(store).values():
        made.options.setdefault(known.list, {})[known.name] = known.id
    with store.act("Gemeente inrichten", kind="system") as act:

        def option(name: str, text: str, **values: Any) -> None:
            listed = made.options.setdefault(name, {})
            listed[text] = act.create("option", {"list": made.own.get(name, name), "name": text, **values})

        for row in data()["person"]:
            made.people.append(act.create("person", {"state": "ACTIEF", **row}))
        for row in data()["price"]:
            low, *high = row["bounds"]
            option(row["list"], row["name"], bounds=[low, high[0] if high else None])
        for name in dict.fromkeys(fabric.districts.name):
            option(OptionList.DISTRICT, name)
        for name in dict.fromkeys(fabric.neighbourhoods.name):
            option(OptionList.NEIGHBOURHOOD, name)
        for row in data()["own_field"]:
            values = {key: value for key, value in row.items() if key not in ("key", "options")}
            made.own[row["key"]] = act.create("own_field", values)
            for level, text in enumerate(row.get("options", ()), start=1):
                ranked = {"level": level} if row["type"] == "ORDINAL" else {}
                option(row["key"], text, **ranked)
    return made


def make_mappings(store: Store, setting: Setting) -> None:
    """The ready mapping for each province profile; what the data file does not say is proposed by name."""
    register = provinces.register_of(store)
    for profile in provinces.profiles():
        mapping = {
            target: _mapping(target, row, setting) for target, row in data()["mapping"].get(profile.key, {}).items()
        }
        mapping |= provinces.suggest(profile, register, mapping)
        provinces.save_mapping(store, profile, mapping)


def _mapping(target: str, row: Mapping[str, Any], setting: Setting) -> provinces.FieldMapping:
    source: str = row["source"]
    own = setting.own.get(source)
    options: dict[str, Sequence[str]] = row.get("options", {})
    return provinces.FieldMapping(
        target,
        source if own is None else OWN_PREFIX + own,
        {setting.option(source, name): (str(label),) for name, label in options.items()},
        row.get("constant", ""),
    )
