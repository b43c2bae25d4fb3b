"""The catalogue: every kind of entity and every field, described once, in resources/catalogue/.

Forms, tables, filters, import, export, messages, search and the database columns follow from it. A municipality's own
fields join as fields with the key `own:<id>` (see `Catalogue.with_own_fields`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache
from typing import Any

from diwi_desktop import assets
from diwi_desktop.model.codes import OwnFieldType

OWN_PREFIX = "own:"
FILES = ("project", "houseblock", "parts", "register")


class FieldType(StrEnum):
    """Types of values. In parentheses: the shape in the log (JSON)."""

    TEXT = "text"  # one line of text
    LONGTEXT = "longtext"  # text
    COLOR = "color"  # "#rrggbb"
    INTEGER = "integer"  # whole number
    NUMBER = "number"  # decimal number
    BOOLEAN = "boolean"  # true, false
    DATE = "date"  # "yyyy-mm-dd"
    CODE = "code"  # key of a code list
    CODES = "codes"  # list of keys, in list order, without repeats
    OPTION = "option"  # id of an option
    OPTIONS = "options"  # list of option ids, without repeats
    ORDINAL = "ordinal"  # [lowest, highest] option ids; the same twice for a single value
    RANGE_MONEY = "range_money"  # [low, high] euro cents; equal for a single amount, high null for "and more"
    RANGE_NUMBER = "range_number"  # [low, high] numbers, likewise
    REFERENCE = "reference"  # id of another entity
    GEOMETRY = "geometry"  # MultiPolygon in RD New, EWKB in hexadecimal
    JSON = "json"  # anything


class Merge(StrEnum):
    """How two people's changes to one field meet (architecture, Synchronisation)."""

    FREE = "free"
    FACT = "fact"
    CONTROLLED = "controlled"
    GEOMETRY = "geometry"


LIST_TYPES = frozenset({FieldType.CODES, FieldType.OPTIONS})
RANGE_TYPES = frozenset({FieldType.RANGE_MONEY, FieldType.RANGE_NUMBER})


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `codelist` names a file under resources/codelists, `list` an option list of the municipality."""

    kind: str
    key: str
    type: FieldType
    nl: str
    en: str
    help_nl: str = ""
    help_en: str = ""
    section: str = ""
    unit: str = ""
    codelist: str = ""
    list: str = ""
    target: str = ""
    mandatory: bool = False  # empty is refused
    expected: bool = False  # empty gives a warning
    readonly: bool = False  # given by the program, not typed
    fixed: bool = False  # only set when the entity is made
    merge: Merge = Merge.FACT
    default: Any = None
    minimum: float | None = None
    maximum: float | None = None
    pattern: str = ""
    sum: str = ""  # fields of one entity with the same `sum` divide its number between them
    single: bool = True
    disabled: bool = False

    @property
    def own(self) -> bool:
        """Whether it is a field of the municipality itself."""
        return self.key.startswith(OWN_PREFIX)

    def label(self, language: str = "nl") -> str:
        return self.en if language == "en" else self.nl

    def help(self, language: str = "nl") -> str:
        return self.help_en if language == "en" else self.help_nl


@dataclass(frozen=True, slots=True)
class Section:
    key: str
    nl: str
    en: str

    def label(self, language: str = "nl") -> str:
        return self.en if language == "en" else self.nl


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of entity. `parent` is the kind it hangs under (its table has a column `<parent>_id`), or empty."""

    kind: str
    nl: str
    en: str
    plural_nl: str
    plural_en: str
    parent: str
    sections: tuple[Section, ...]
    fields: tuple[Field, ...]
    by_key: Mapping[str, Field] = field(hash=False, compare=False, repr=False)

    @property
    def parent_key(self) -> str:
        """The field that holds the id of the parent, for instance `project_id`; empty at the top."""
        return f"{self.parent}_id" if self.parent else ""

    @property
    def geometry(self) -> Field | None:
        return next((f for f in self.fields if f.type is FieldType.GEOMETRY), None)

    def field(self, key: str) -> Field:
        """The field with this key. Raises KeyError when the kind has no such field."""
        return self.by_key[key]

    def label(self, language: str = "nl") -> str:
        return self.en if language == "en" else self.nl


@dataclass(frozen=True, slots=True)
class OwnField:
    """A municipality's own field, as its row in the store says."""

    id: str
    object: str  # "project" or "houseblock"
    name: str
    type: OwnFieldType
    mandatory: bool = False
    single: bool = True
    help: str = ""
    minimum: float | None = None
    maximum: float | None = None
    pattern: str = ""
    disabled: bool = False


OWN_TYPES = {
    OwnFieldType.BOOLEAN: FieldType.BOOLEAN,
    OwnFieldType.NUMERIC: FieldType.RANGE_NUMBER,
    OwnFieldType.ORDINAL: FieldType.ORDINAL,
    OwnFieldType.CATEGORY: FieldType.OPTIONS,
    OwnFieldType.TEXT: FieldType.TEXT,
}


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All kinds, in an order in which parents come before children."""

    kinds: tuple[Kind, ...]
    by_kind: Mapping[str, Kind] = field(hash=False, compare=False, repr=False)

    def kind(self, name: str) -> Kind:
        """Raises KeyError for an unknown kind."""
        return self.by_kind[name]

    def field(self, kind: str, key: str) -> Field:
        """Raises KeyError for an unknown kind or field."""
        return self.by_kind[kind].by_key[key]

    def children(self, kind: str) -> tuple[Kind, ...]:
        return tuple(k for k in self.kinds if k.parent == kind)

    def with_own_fields(self, own: Iterable[OwnField]) -> Catalogue:
        """The same catalogue with the municipality's own fields as fields of their kind."""
        extra: dict[str, list[Field]] = {}
        for item in own:
            extra.setdefault(item.object, []).append(_own_field(item))
        kinds = tuple(_extend(kind, extra.get(kind.kind, ())) for kind in self.kinds)
        return Catalogue(kinds, {kind.kind: kind for kind in kinds})


def _own_field(item: OwnField) -> Field:
    return Field(
        kind=item.object,
        key=OWN_PREFIX + item.id,
        type=OWN_TYPES[item.type],
        nl=item.name,
        en=item.name,
        help_nl=item.help,
        help_en=item.help,
        section="own",
        list=item.id if item.type in (OwnFieldType.ORDINAL, OwnFieldType.CATEGORY) else "",
        expected=item.mandatory,
        single=item.single,
        minimum=item.minimum,
        maximum=item.maximum,
        pattern=item.pattern,
        disabled=item.disabled,
    )


def _extend(kind: Kind, extra: Iterable[Field]) -> Kind:
    fields = (*kind.fields, *extra)
    sections = kind.sections
    if len(fields) > len(kind.fields):
        sections = (*sections, Section("own", "Eigen velden", "Own fields"))
    return replace(kind, fields=fields, sections=sections, by_key={f.key: f for f in fields})


def _kind(data: dict[str, Any]) -> Kind:
    name = data["kind"]
    fields = []
    parent = data.get("parent", "")
    if parent:
        fields.append(
            Field(name, f"{parent}_id", FieldType.REFERENCE, "Hoort bij", "Belongs to", target=parent,
                  mandatory=True, readonly=True, fixed=True)
        )  # fmt: skip
    for row in data.get("field", []):
        values = dict(row)
        values["type"] = FieldType(values["type"])
        values["merge"] = Merge(values.get("merge", "fact"))
        fields.append(Field(kind=name, **values))
    sections = tuple(Section(**row) for row in data.get("section", []))
    return Kind(
        kind=name,
        nl=data["nl"],
        en=data["en"],
        plural_nl=data["plural_nl"],
        plural_en=data["plural_en"],
        parent=parent,
        sections=sections,
        fields=tuple(fields),
        by_key={f.key: f for f in fields},
    )


@cache
def catalogue() -> Catalogue:
    """The catalogue as shipped, without a municipality's own fields."""
    kinds: list[Kind] = []
    for name in FILES:
        data = assets.toml(assets.resource("catalogue", f"{name}.toml"))
        kinds.extend(_kind(row) for row in (data["kind"] if isinstance(data["kind"], list) else [data]))
    return Catalogue(tuple(kinds), {kind.kind: kind for kind in kinds})
