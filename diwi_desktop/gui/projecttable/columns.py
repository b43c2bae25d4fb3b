"""The columns of the project table: those of ProjectRow and the municipality's own fields."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from enum import Enum
from operator import attrgetter
from types import MappingProxyType
from typing import Any, NamedTuple

from diwi_desktop.gui.language import language, translate
from diwi_desktop.gui.projecttable.ordering import natural
from diwi_desktop.model.catalogue import Field, FieldType
from diwi_desktop.model.codelists import code_list
from diwi_desktop.model.notation import (
    format_boolean,
    format_date,
    format_number,
    format_range,
)
from diwi_desktop.model.options import Option
from diwi_desktop.store.queries import ProjectRow

SEPARATOR = "; "


class ColumnKind(Enum):
    """What a column holds, and so how it is filtered and aligned."""

    TEXT = "text"
    CHOICE = "choice"  # one or more keys out of a list
    NUMBER = "number"
    DATE = "date"
    RANGE = "range"  # (low, high or None)


class Names(Mapping[str, str]):
    """The names of projects by id, as they are now, listed by name."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def put(self, rows: Iterable[ProjectRow], ids: Collection[str] | None = None) -> None:
        """Take the names of these rows in the place of those of the projects `ids`, or of all."""
        self._names = {} if ids is None else {id: name for id, name in self._names.items() if id not in ids}
        self._names.update((row.id, row.name) for row in rows)

    def __getitem__(self, project: str) -> str:
        return self._names[project]

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._names, key=self._names.__getitem__))

    def __len__(self) -> int:
        return len(self._names)


class Column(NamedTuple):
    """One column. `value` gives what filters compare: text, a tuple of keys, a number, an ISO date, (low,
    high), or None when empty. `text` is what the cell shows, `sort` what it is ordered by. `labels` names the
    keys of a choice, in their own order. `total` columns are added up. The order of one that is `of_others` hangs on
    other rows too.
    """

    key: str
    title: str
    kind: ColumnKind
    value: Callable[[ProjectRow], Any]
    text: Callable[[ProjectRow], str]
    sort: Callable[[ProjectRow], Any]
    help: str = ""
    width: int = 120
    labels: Mapping[str, str] = MappingProxyType({})
    total: bool = False
    visible: bool = False
    of_others: bool = False

    @property
    def numeric(self) -> bool:
        return self.kind in (ColumnKind.NUMBER, ColumnKind.RANGE)


def all_columns(fields: Mapping[str, Field], options: Mapping[str, Option], names: Mapping[str, str]) -> list[Column]:
    """Every column that can be shown. `fields` are the catalogue's fields of a project (own fields too),
    `options` the options by id, `names` the names of projects by id, which may change afterwards.
    """
    columns = [
        _text("name", translate("ProjectTable", "Naam"), width=192, visible=True),
        _code("phase", translate("ProjectTable", "Fase"), "phase", width=144, visible=True),
        _code("plan_status", translate("ProjectTable", "Planstatus"), "plan_status", width=152, visible=True),
        _homes(),
        _date("first_delivery", translate("ProjectTable", "Eerste oplevering"), visible=True),
        _text("code", translate("ProjectTable", "Code"), width=144, visible=True),
        _number(
            "built",
            translate("ProjectTable", "Bouw (won.)"),
            total=True,
            help=translate("ProjectTable", "Te bouwen woningen, bruto"),
        ),
        _number(
            "demolished",
            translate("ProjectTable", "Sloop (won.)"),
            total=True,
            help=translate("ProjectTable", "Te slopen woningen"),
        ),
        _number(
            "net",
            translate("ProjectTable", "Netto (won.)"),
            total=True,
            help=translate("ProjectTable", "Bouw min sloop"),
        ),
        _date("last_delivery", translate("ProjectTable", "Laatste oplevering")),
        _code("next_milestone", translate("ProjectTable", "Volgende mijlpaal"), "milestone_type", width=176),
        _date("next_milestone_date", translate("ProjectTable", "Datum volgende mijlpaal")),
        _code("status", translate("ProjectTable", "Projectstatus"), "project_status", width=112),
        _code("confidentiality", translate("ProjectTable", "Vertrouwelijkheid"), "confidentiality", width=160),
        _number("area_m2", translate("ProjectTable", "Oppervlakte (m²)"), total=True, width=120),
        _date("start_date", translate("ProjectTable", "Startdatum")),
        _date("end_date", translate("ProjectTable", "Einddatum")),
        _code("plan_types", translate("ProjectTable", "Plantype"), "plan_type", width=160),
        _option("priority", translate("ProjectTable", "Prioriteit"), "priority", options, width=96),
        _option(
            "municipality_roles", translate("ProjectTable", "Rol gemeente"), "municipalityRole", options, width=160
        ),
        _text("project_leader", translate("ProjectTable", "Projectleider"), width=144),
        _option("municipality", translate("ProjectTable", "Gemeente"), "municipality", options),
        _option("districts", translate("ProjectTable", "Wijk"), "district", options),
        _option("neighbourhoods", translate("ProjectTable", "Buurt"), "neighbourhood", options),
        _mother("parent", translate("ProjectTable", "Moederplan"), names, width=160),
        _text("source_id", translate("ProjectTable", "Identificatie nr"), width=112),
        _text("plan_id", translate("ProjectTable", "Plan-id"), width=144),
    ]
    columns += [_own(f, options) for f in fields.values() if f.own and not f.disabled]
    return columns


def _plain_text(value: Any) -> str:
    return "" if value is None else str(value)


def _text(key: str, title: str, **more: Any) -> Column:
    get = attrgetter(key)

    def sort(row: ProjectRow) -> Any:
        value = get(row)
        return natural(value) if value else None

    return Column(key, title, ColumnKind.TEXT, get, lambda row: _plain_text(get(row)), sort, **more)


def _number(key: str, title: str, *, width: int = 102, **more: Any) -> Column:
    get = attrgetter(key)

    def text(row: ProjectRow) -> str:
        value = get(row)
        return "" if value is None else format_number(round(value))

    return Column(key, title, ColumnKind.NUMBER, get, text, get, width=width, **more)


def _homes() -> Column:
    """Construction and demolition in one figure, "+48 / −12"; what filters, adds up and sorts is the net number."""
    return Column(
        "homes", translate("ProjectTable", "Woningen"), ColumnKind.NUMBER, attrgetter("net"),
        lambda row: built_and_demolished(row.built, row.demolished), attrgetter("net"),
        help=translate("ProjectTable", "Bouw en sloop; filteren en sorteren gaat op het netto aantal"),
        width=104, visible=True,
    )  # fmt: skip


def built_and_demolished(built: float, demolished: float) -> str:
    """Homes in and out: "+48 / −12", "+48", "−12" or "0"."""
    parts = [f"+{format_number(round(built))}"] if built else []
    parts += [format_number(-round(demolished))] if demolished else []
    return " / ".join(parts) or "0"


def _date(key: str, title: str, *, width: int = 136, **more: Any) -> Column:
    get = attrgetter(key)
    return Column(key, title, ColumnKind.DATE, get, lambda row: format_date(get(row)), get, width=width, **more)


def _keys(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(dict.fromkeys(value))


def _choice(
    key: str, title: str, labels: Mapping[str, str], get: Callable[[ProjectRow], Any] | None = None, **more: Any
) -> Column:
    read = get or attrgetter(key)
    order = {} if isinstance(labels, Names) else {name: place for place, name in enumerate(labels)}

    def value(row: ProjectRow) -> tuple[str, ...]:
        return _keys(read(row))

    def text(row: ProjectRow) -> str:
        return SEPARATOR.join(labels.get(name, name) for name in value(row))

    def sort(row: ProjectRow) -> Any:
        return tuple(order.get(name, len(order)) for name in value(row)) or None

    return Column(key, title, ColumnKind.CHOICE, value, text, sort, labels=labels, **more)


def _mother(key: str, title: str, names: Mapping[str, str], **more: Any) -> Column:
    """Ordered by the name of the mother as it is then: `names` may change, and needs no other columns for it."""
    plain = _choice(key, title, names, **more)

    def sort(row: ProjectRow) -> Any:
        name = names.get(row.parent, row.parent) if row.parent else None
        return natural(name) if name else None

    return plain._replace(sort=sort, of_others=True)


def _code(key: str, title: str, name: str, **more: Any) -> Column:
    words = language()
    return _choice(key, title, {c.key: c.label(words) for c in code_list(name).codes}, **more)


def _in_order(options: Mapping[str, Option], name: str) -> dict[str, str]:
    found = sorted((o for o in options.values() if o.list == name), key=lambda o: (o.level or 0, natural(o.name), o.id))
    return {o.id: o.ordinal_label for o in found}


def _option(key: str, title: str, name: str, options: Mapping[str, Option], **more: Any) -> Column:
    return _choice(key, title, _in_order(options, name), **more)


def _own(f: Field, options: Mapping[str, Option]) -> Column:
    own_id = f.key.partition(":")[2]
    title = f.label(language())

    def get(row: ProjectRow) -> Any:
        return row.own.get(own_id)

    more: dict[str, Any] = {"help": f.help(language())}
    if f.type is FieldType.BOOLEAN:
        labels = {key: format_boolean(key == "true", language()) for key in ("true", "false")}
        return _choice(f.key, title, labels, lambda row: None if get(row) is None else str(get(row)).lower(), **more)
    if f.type in (FieldType.OPTIONS, FieldType.ORDINAL):
        return _choice(f.key, title, _in_order(options, own_id), get, **more)
    if f.type is FieldType.RANGE_NUMBER:
        return Column(
            f.key, title, ColumnKind.RANGE, get, lambda row: format_range(get(row)) if get(row) else "",
            lambda row: tuple(get(row)[:1]) if get(row) else None, **more,
        )  # fmt: skip
    return Column(
        f.key, title, ColumnKind.TEXT, get, lambda row: _plain_text(get(row)),
        lambda row: natural(str(get(row))) if get(row) else None, **more,
    )  # fmt: skip
