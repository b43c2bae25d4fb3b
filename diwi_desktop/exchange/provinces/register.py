"""What the engine needs to know besides the plans themselves: municipality, options, own fields and the moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from diwi_desktop.model.catalogue import OWN_PREFIX, Catalogue, Field, FieldType
from diwi_desktop.model.codelists import code_list
from diwi_desktop.model.moment import Moment
from diwi_desktop.model.plan import Municipality, Option
from diwi_desktop.store import Store, queries

CHOICE_TYPES = frozenset(
    {
        FieldType.BOOLEAN,
        FieldType.CODE,
        FieldType.CODES,
        FieldType.OPTION,
        FieldType.OPTIONS,
        FieldType.ORDINAL,
    }
)
TEXT_TYPES = frozenset({FieldType.TEXT, FieldType.LONGTEXT})
NUMBER_TYPES = frozenset({FieldType.INTEGER, FieldType.NUMBER, FieldType.RANGE_NUMBER})
YES, NO = "true", "false"


@dataclass(frozen=True)
class Register:
    """The register of one municipality at one moment. `moment.on` is the reference date of the submission."""

    municipality: Municipality
    options: Mapping[str, Option]
    catalogue: Catalogue
    moment: Moment

    @property
    def date(self) -> date:
        """The reference date."""
        return self.moment.on

    @cached_property
    def lists(self) -> dict[str, list[Option]]:
        """The options in use per list: ranked lists by rank, others by name."""
        found: dict[str, list[Option]] = {}
        for option in sorted(self.options.values(), key=lambda o: (o.level or 0, o.name.casefold(), o.id)):
            if not option.disabled:
                found.setdefault(option.list, []).append(option)
        return found

    def source(self, text: str) -> Field | None:
        """The field of a mapping (`own:<id>`, `project.<key>`, `houseblock.<key>`); None when it is gone."""
        if text.startswith(OWN_PREFIX):
            for kind in ("project", "houseblock"):
                field = self.catalogue.kind(kind).by_key.get(text)
                if field is not None:
                    return field
            return None
        kind, _, key = text.partition(".")
        if kind not in ("project", "houseblock"):
            return None
        return self.catalogue.kind(kind).by_key.get(key)

    def choices(self, field: Field) -> list[tuple[str, str]]:
        """(key, label) of everything that can be chosen in a field; a count can be more than nothing or nothing."""
        if field.type is FieldType.BOOLEAN or field.type is FieldType.INTEGER:
            return [(YES, "Ja"), (NO, "Nee")]
        if field.codelist:
            return [(code.key, code.nl) for code in code_list(field.codelist).codes]
        return [(o.id, o.name) for name in field.list.split("|") for o in self.lists.get(name, ())]


def label_en(field: Field, key: str, label: str) -> str:
    """The English of a Dutch label in `Register.choices`; the municipality's own options are as they are."""
    if field.codelist:
        return code_list(field.codelist).label(key, "en")
    return {YES: "yes", NO: "no"}.get(key, label)


def source_of(field: Field) -> str:
    """How a mapping names a field."""
    return field.key if field.own else f"{field.kind}.{field.key}"


def register_of(store: Store, moment: Moment | None = None) -> Register:
    """The register in a store at a moment (None: now)."""
    moment = moment or store.moment()
    catalogue = store.catalogue
    if moment.seq is not None:
        from diwi_desktop.model.catalogue import catalogue as shipped

        catalogue = shipped().with_own_fields(queries.own_fields(store, moment))
    return Register(queries.municipality(store), queries.options(store, moment), catalogue, moment)
