"""A province's format as data: resources/provinces/<key>.toml.

A profile lists the output fields in their order. `source` says where a value comes from:

| source | value |
|---|---|
| `project.<field>` | a field of the catalogue; `labels` turns its keys into the province's labels |
| `register.<province, region, name or code>` | the municipality itself |
| `figure.<name>` | a derived figure (figures.py), with `params` |
| `constant` | always `constant` |
| `mapped` | what the municipality maps to it (mapping.py); `accepts`: which fields fit (category, text, numeric) |
| `table.<name>` | rows per delivery year, described under [table.<name>] |

`codes` names the province's own list of exact labels, `mandatory` makes an empty value an error, `expected` a warning,
`at_most = "built"` holds a number below the homes built, `jump` names the catalogue field that a screen should show
(kind.field) for a derived value, and `suggest` lists names by which a field to map is recognised. Price bounds are
dated data of their own (prices.py).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from diwi_desktop import assets
from diwi_desktop.exchange.provinces.prices import PriceTable, price_table
from diwi_desktop.model.codes import Confidentiality
from diwi_desktop.model.finding import UserError

TYPES = ("string", "integer", "number", "date", "list", "table")
ACCEPTS = ("category", "text", "numeric")


@dataclass(frozen=True, slots=True)
class OutputField:
    """One field of the province's format."""

    name: str
    type: str
    source: str
    nl: str
    en: str
    mandatory: bool = False
    expected: bool = False
    accepts: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict, hash=False)
    params: Mapping[str, Any] = field(default_factory=dict, hash=False)
    at_most: str = ""
    jump: str = ""
    suggest: tuple[str, ...] = ()
    constant: str | None = None

    @property
    def mapped(self) -> bool:
        """Whether the municipality says where the value comes from."""
        return self.source == "mapped"

    @property
    def area(self) -> str:
        """The part of the source before the dot."""
        return self.source.partition(".")[0]

    @property
    def key(self) -> str:
        """The part of the source after the dot."""
        return self.source.partition(".")[2]

    def label(self, language: str = "nl") -> str:
        return self.en if language == "en" else self.nl


@dataclass(frozen=True, slots=True)
class YearTable:
    """Rows per delivery year: every house type by every class, for construction and for demolition.

    `types` are pairs of the province's name and the field of the block that holds the number ("" for the homes that are
    left). The last class holds the homes without ownership row.
    """

    year: str
    types: tuple[tuple[str, str], ...]
    classes: tuple[str, ...]
    buy_unknown: str
    rent_unknown: str
    realised: str
    demolition_prefix: str
    demolition_realised: str
    yes: str
    no: str

    @property
    def cells(self) -> tuple[str, ...]:
        """The names of the cells in the order of the format, which is also the order in which ties are settled."""
        return tuple(f"{name}_{price}" for name, _ in self.types for price in self.classes)

    @property
    def keys(self) -> tuple[str, ...]:
        """All keys of a row in the order of the format."""
        built = self.cells
        gone = (self.demolition_prefix + cell for cell in built)
        return (self.year, *built, self.realised, *gone, self.demolition_realised)


@dataclass(frozen=True, slots=True)
class Profile:
    """What one province wants to receive."""

    key: str
    aliases: tuple[str, ...]
    nl: str
    en: str
    province: str
    writer: str
    suffix: str
    min_confidentiality: Confidentiality
    geometry_mandatory: bool
    source: str
    fields: tuple[OutputField, ...]
    tables: Mapping[str, YearTable] = field(hash=False)
    prices: PriceTable = field(hash=False)

    def field(self, name: str) -> OutputField:
        """The output field with this name. Raises KeyError."""
        for item in self.fields:
            if item.name == name:
                return item
        raise KeyError(name)

    @property
    def mapped(self) -> tuple[OutputField, ...]:
        """The fields that the municipality maps."""
        return tuple(item for item in self.fields if item.mapped)

    def label(self, language: str = "nl") -> str:
        return self.en if language == "en" else self.nl


def _table(data: Mapping[str, Any]) -> YearTable:
    values = {key: value for key, value in data.items() if key not in ("type", "classes")}
    types = tuple((row["name"], row["field"]) for row in data["type"])
    return YearTable(types=types, classes=tuple(data["classes"]), **values)


def _field(data: Mapping[str, Any], codes: Mapping[str, list[str]]) -> OutputField:
    values = dict(data)
    values["codes"] = tuple(codes[values["codes"]]) if "codes" in values else ()
    for name in ("accepts", "suggest"):
        values[name] = tuple(values.get(name, ()))
    found = OutputField(**values)
    if found.type not in TYPES or not set(found.accepts) <= set(ACCEPTS) or found.mapped != bool(found.accepts):
        raise ValueError(f"field {found.name} of the profile has an unknown type or accepts nothing")
    return found


def parse(text: str) -> Profile:
    """A profile from TOML. Raises ValueError or KeyError when it is not complete."""
    data = tomllib.loads(text)
    return Profile(
        key=data["key"],
        aliases=tuple(data["aliases"]),
        nl=data["nl"],
        en=data["en"],
        province=data["province"],
        writer=data["writer"],
        suffix=data["suffix"],
        min_confidentiality=Confidentiality(data["min_confidentiality"]),
        geometry_mandatory=data["geometry"] == "mandatory",
        source=data["source"],
        fields=tuple(_field(row, data["codes"]) for row in data["field"]),
        tables={name: _table(table) for name, table in data["table"].items()},
        prices=price_table(data["price_table"]),
    )


@cache
def profiles() -> tuple[Profile, ...]:
    """All shipped profiles, by Dutch name."""
    folder = assets.resource("provinces")
    found = [parse(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.toml"))]
    return tuple(sorted(found, key=lambda item: item.nl))


def profile(name: str) -> Profile:
    """The profile with this key or alias. Raises UserError (unknown_profile)."""
    wanted = name.strip().casefold()
    for item in profiles():
        if wanted in (item.key, *item.aliases, item.province.casefold()):
            return item
    known = ", ".join(item.key for item in profiles())
    raise UserError(
        f"Het provincieprofiel '{name}' bestaat niet; kies uit: {known}.",
        f"There is no province profile '{name}'; choose from: {known}.",
        code="unknown_profile",
    )


def profile_for(province: str) -> Profile | None:
    """The profile of a province by its name; None when there is none."""
    wanted = province.strip().casefold()
    return next((item for item in profiles() if item.province.casefold() == wanted), None)
