"""Which column is what: the header rows of the template, read by their texts, so that the order is free.

Row (from the section row): 0 section, 1 sub-section, 2 header, 3 sub-header, data from 4. Layouts differ in how many
columns a group has, older ones lack the price columns that came later, and in the demolition part of the shipped
template the "unknown" columns are headed just `Onbekend` (functional reference 3.1 and appendix B).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from diwi_desktop.exchange.amounts import BadAmount, money_range, number_range
from diwi_desktop.exchange.cells import Cell, header_day, is_empty, loose_text
from diwi_desktop.exchange.excel.package import column_letters
from diwi_desktop.exchange.excel.sheet import Sheet
from diwi_desktop.exchange.lookup import missing_field, missing_option, missing_price_class, price_list_of
from diwi_desktop.exchange.messages import BadInput, Report
from diwi_desktop.exchange.register import Register, key_of
from diwi_desktop.model.catalogue import OwnField
from diwi_desktop.model.codes import Mutation, OptionList, OwnershipType, OwnFieldType, Phase, PlanStatus
from diwi_desktop.model.plan import Range


class Role(StrEnum):
    """What a column holds."""

    ID = "id"
    NAME = "name"
    OWNER = "owner"
    CONFIDENTIALITY = "confidentiality"
    PLAN_TYPE = "plan_type"
    PROGRAMMING = "programming"
    PRIORITY = "priority"
    MUNICIPALITY_ROLE = "municipality_role"
    STATUS = "status"
    START = "start"
    END = "end"
    PHASE = "phase"
    PLAN_STATUS = "plan_status"
    MUNICIPALITY = "municipality"
    DISTRICT = "district"
    NEIGHBOURHOOD = "neighbourhood"
    CATEGORY = "category"
    OWN_PROJECT = "own_project"
    NUMBER = "number"
    DELIVERY = "delivery"
    SIZE = "size"
    OWNER_TYPE = "owner_type"
    OWNER_UNKNOWN = "owner_unknown"
    PRICE_CLASS = "price_class"
    PRICE = "price"
    SINGLE = "single_family"
    MULTI = "multi_family"
    TYPE_UNKNOWN = "type_unknown"
    SHARE = "share"
    GROUND = "ground"
    OWN_BLOCK = "own_block"
    OTHER = "other"  # not of the template


# Roles whose sub-header says what the column is about; without one the column is left out.
BY_SUB_HEADER = frozenset(
    {
        Role.CATEGORY,
        Role.OWN_PROJECT,
        Role.DELIVERY,
        Role.SIZE,
        Role.PRICE_CLASS,
        Role.PRICE,
        Role.SHARE,
        Role.OWN_BLOCK,
    }
)
UNKNOWN = "onbekend"
_BUY, _LANDLORD, _CORPORATION = OwnershipType.BUY, OwnershipType.RENT_LANDLORD, OwnershipType.RENT_CORPORATION

Headers = dict[str, tuple[Role, Any]]

PROJECT_HEADERS: Headers = {
    "Identificatie nr": (Role.ID, None),
    "Naam": (Role.NAME, None),
    "Eigenaar": (Role.OWNER, None),
    "Vertrouwelijkheid": (Role.CONFIDENTIALITY, None),
    "Plan soort": (Role.PLAN_TYPE, None),
    "In programmering": (Role.PROGRAMMING, None),
    "Priorisering": (Role.PRIORITY, None),
    "Rol gemeente": (Role.MUNICIPALITY_ROLE, None),
    "Rol type": (Role.CATEGORY, None),
    "Project status": (Role.STATUS, None),
    "Start project": (Role.START, None),
    "Eind project": (Role.END, None),
    "1 Concept": (Role.PHASE, Phase.CONCEPT),
    "2 Initiatief": (Role.PHASE, Phase.INITIATIVE),
    "3 Definitie": (Role.PHASE, Phase.DEFINITION),
    "4 Ontwerp": (Role.PHASE, Phase.DESIGN),
    "5 Voorbereiding": (Role.PHASE, Phase.PREPARATION),
    "6 Realisatie": (Role.PHASE, Phase.REALIZATION),
    "7 Nazorg": (Role.PHASE, Phase.AFTERCARE),
    "4a Opgenomen in de visie": (Role.PLAN_STATUS, PlanStatus.S4A),
    "4b Niet opgenomen in de visie": (Role.PLAN_STATUS, PlanStatus.S4B),
    "3 In voorbereiding": (Role.PLAN_STATUS, PlanStatus.S3),
    "2a Vastgesteld": (Role.PLAN_STATUS, PlanStatus.S2A),
    "2b Vastgesteld uitwerking nodig": (Role.PLAN_STATUS, PlanStatus.S2B),
    "2c Vastgesteld B&W nodig": (Role.PLAN_STATUS, PlanStatus.S2C),
    "1a Onherroepelijk": (Role.PLAN_STATUS, PlanStatus.S1A),
    "1b Onherroepelijk uitwerking nodig": (Role.PLAN_STATUS, PlanStatus.S1B),
    "1c Onherroepelijk B&W nodig": (Role.PLAN_STATUS, PlanStatus.S1C),
    "Gemeente": (Role.MUNICIPALITY, None),
    "Wijk": (Role.DISTRICT, None),
    "Buurt": (Role.NEIGHBOURHOOD, None),
    "Maatwerk project eigenschap": (Role.OWN_PROJECT, None),
}
NUMBER_HEADERS: Headers = {
    "Bouw": (Role.NUMBER, Mutation.CONSTRUCTION),
    "Sloop": (Role.NUMBER, Mutation.DEMOLITION),
}
BLOCK_HEADERS: Headers = {
    "Opleverdatum": (Role.DELIVERY, None),
    "Grootte categorie": (Role.SIZE, None),
    "Koopwoning": (Role.OWNER_TYPE, _BUY),
    "Particuliere verhuurder": (Role.OWNER_TYPE, _LANDLORD),
    "Huur woningcorporatie": (Role.OWNER_TYPE, _CORPORATION),
    "Eigendom type onbekend": (Role.OWNER_UNKNOWN, None),
    "Koopprijs categorie": (Role.PRICE_CLASS, _BUY),
    "Koopprijs waarde": (Role.PRICE, _BUY),
    "Huurprijs particuliere verhuurder categorie": (Role.PRICE_CLASS, _LANDLORD),
    "Huurprijs particuliere verhuurder": (Role.PRICE, _LANDLORD),
    "Huurprijs woningcorporatie categorie": (Role.PRICE_CLASS, _CORPORATION),
    "Huurprijs woningcorporatie": (Role.PRICE, _CORPORATION),
    "Eengezins woning": (Role.SINGLE, None),
    "Meergezins woning": (Role.MULTI, None),
    "Woning type onbekend": (Role.TYPE_UNKNOWN, None),
    "Fysiek voorkomen": (Role.SHARE, OptionList.APPEARANCE),
    "Doelgroep categorie": (Role.SHARE, OptionList.TARGET_GROUP),
    "Geen toestemming eigenaar": (Role.GROUND, "ground_none"),
    "Intentie medewerking eigenaar": (Role.GROUND, "ground_intention"),
    "Formele toestemming eigenaar": (Role.GROUND, "ground_formal"),
    "Maatwerk woning eigenschap": (Role.OWN_BLOCK, None),
}
# Older layouts do without: prices as amounts came later, and "unknown" is what the other columns leave over.
NOT_REQUIRED = frozenset(
    {
        "Koopprijs waarde",
        "Huurprijs particuliere verhuurder categorie",
        "Huurprijs woningcorporatie categorie",
        "Eigendom type onbekend",
        "Woning type onbekend",
    }
)
# The original's spelling of priority is a slip of the pen; who mends it must not be punished.
_ALIASES = {"prioritering": "Priorisering"}
_SECTIONS: dict[str, tuple[Headers, Mutation | None]] = {
    "projectgegevens": (PROJECT_HEADERS, None),
    "woning aantallen": (NUMBER_HEADERS, None),
    "bouw gegevens": (BLOCK_HEADERS, Mutation.CONSTRUCTION),
    "sloop gegevens": (BLOCK_HEADERS, Mutation.DEMOLITION),
}
_CONTROL = "controle"
_BARE_UNKNOWN = {"eigendom type": Role.OWNER_UNKNOWN, "woning type": Role.TYPE_UNKNOWN}


@dataclass(slots=True)
class Column:
    """One column with data. `label` is how findings name it: "AI (Maatwerk project eigenschap: Energielabel)".

    `key` depends on the role: a phase, plan status, mutation, ownership type, option list or field name. `target` is
    what the sub-header stands for: a date, an own field, an option id, a price range; None on price and size columns
    means unknown. `usable` is False when the sub-header could not be read or looked up.
    """

    index: int
    label: str
    role: Role
    key: Any = None
    target: Any = None
    usable: bool = True
    mutation: Mutation | None = None


@dataclass(slots=True)
class Layout:
    """The columns of a sheet by part, and its first data row (from 0)."""

    first_row: int
    project: list[Column] = field(default_factory=list)
    numbers: list[Column] = field(default_factory=list)
    blocks: dict[Mutation, list[Column]] = field(default_factory=dict)
    ignored: list[tuple[str, Column]] = field(default_factory=list)  # finding code and column, told when it has values
    missing: list[str] = field(default_factory=list)

    @property
    def id_column(self) -> Column | None:
        return next((c for c in self.project if c.role is Role.ID), None)

    def all_columns(self) -> list[Column]:
        """Every column of the table itself, recognised or not."""
        known = [*self.project, *self.numbers, *(c for part in self.blocks.values() for c in part)]
        return known + [column for _, column in self.ignored]


def _folded(headers: Headers) -> dict[str, str]:
    return {key_of(name): name for name in headers}


_FOLDED = {name: _folded(headers) for name, (headers, _) in _SECTIONS.items()}


def _texts(sheet: Sheet, row: int) -> list[Cell]:
    return sheet.rows[row] if row < len(sheet.rows) else []


def _carried(cells: list[Cell], width: int, breaks: list[str] | None = None) -> list[str]:
    """The texts of a row, each carried on to the right until the next one; `breaks` are texts that end a carry."""
    found, current = [], ""
    for index in range(width):
        value = cells[index] if index < len(cells) else ""
        if breaks is not None and index and breaks[index] != breaks[index - 1]:
            current = ""
        if not is_empty(value):
            current = key_of(str(value))
        found.append(current)
    return found


def read_layout(sheet: Sheet) -> Layout:
    """Recognise the columns by their texts. Never raises; what is missing or not recognised is in the result."""
    top = sheet.section_row
    headers, sub_headers = _texts(sheet, top + 2), _texts(sheet, top + 3)
    width = len(headers)
    sections = _carried(_texts(sheet, top), width)
    sub_sections = _carried(_texts(sheet, top + 1), width, sections)
    layout = Layout(top + 4, blocks={mutation: [] for mutation in Mutation})
    seen: set[str] = set()
    for index in range(width):
        section, value = sections[index], headers[index]
        if section.startswith(_CONTROL) or is_empty(value):
            continue
        sub = sub_headers[index] if index < len(sub_headers) else ""
        header = " ".join(str(value).split())
        if section not in _SECTIONS:
            layout.ignored.append(("unknown_header", _column(index, header, sub, Role.OTHER, None, None)))
            continue
        name, role, key = _recognise(section, sub_sections[index], header)
        mutation = _SECTIONS[section][1]
        if role is None:
            layout.ignored.append(("unknown_header", _column(index, header, sub, Role.OTHER, None, mutation)))
            continue
        seen.add(name)
        column = _column(index, name, sub, role, key, mutation)
        if role in BY_SUB_HEADER and is_empty(sub):
            layout.ignored.append(("column_ignored", column))
        elif section == "projectgegevens":
            layout.project.append(column)
        elif mutation is None:
            layout.numbers.append(column)
        else:
            column.target = sub
            layout.blocks[mutation].append(column)
        if section == "projectgegevens" and role in BY_SUB_HEADER:
            column.target = sub
    layout.missing = [
        name
        for headers_of in (PROJECT_HEADERS, NUMBER_HEADERS, BLOCK_HEADERS)
        for name in headers_of
        if name not in seen and name not in NOT_REQUIRED
    ]
    return layout


def _recognise(section: str, sub_section: str, header: str) -> tuple[str, Role | None, Any]:
    """The template's name of a header, its role and key; no role when the section has no such header."""
    folded = key_of(header)
    if folded == UNKNOWN and sub_section in _BARE_UNKNOWN:
        return header, _BARE_UNKNOWN[sub_section], None
    name = _FOLDED[section].get(folded) or _ALIASES.get(folded, "")
    found = _SECTIONS[section][0].get(name)
    return (header, None, None) if found is None else (name, *found)


def _column(index: int, header: str, sub: Cell, role: Role, key: Any, mutation: Mutation | None) -> Column:
    name = header
    if role in BY_SUB_HEADER and not is_empty(sub):
        try:
            name = f"{header}: {loose_text(sub)}"
        except BadInput:
            name = f"{header}: {sub}"
    return Column(index, f"{column_letters(index)} ({name})", role, key, mutation=mutation)


# --- what the sub-headers stand for --------------------------------------------------------------------------------


def resolve(layout: Layout, sheet: Sheet, register: Register, report: Report, used: set[int]) -> None:
    """Look up the sub-headers of the columns that hold values (`used`), and report those that cannot be.

    A column without values is left alone, however odd its heading: the shipped template has example headings in it.
    """
    header_row = layout.first_row  # as in Excel, from 1: the row just above the data
    for code, column in layout.ignored:
        if column.index in used:
            report.add(code, row=header_row, column=column.label, header_row=str(header_row))
    _duplicates(layout, used, report, header_row)
    resolver = _Resolver(layout, sheet, register, report, header_row)
    for column in (*layout.project, *(c for part in layout.blocks.values() for c in part)):
        if column.role in BY_SUB_HEADER:
            if column.index in used:
                resolver.resolve(column)
            else:
                column.usable = False


def _duplicates(layout: Layout, used: set[int], report: Report, header_row: int) -> None:
    """Two columns for the same thing are refused when the second one holds values, unless they add up (sub-headers)."""
    seen: set[tuple[Any, ...]] = set()
    for columns in (layout.project, layout.numbers, *layout.blocks.values()):
        for column in list(columns):
            if column.role in BY_SUB_HEADER and column.role not in (Role.CATEGORY, Role.OWN_PROJECT, Role.OWN_BLOCK):
                continue
            target = key_of(str(column.target)) if column.role in BY_SUB_HEADER else None
            role = Role.OWN_PROJECT if column.role is Role.CATEGORY else column.role
            key = (role, column.key, column.mutation, target)
            if key in seen:
                columns.remove(column)
                if column.index in used:
                    report.add("duplicate_header", row=header_row, column=column.label)
            seen.add(key)


@dataclass(slots=True)
class _Resolver:
    layout: Layout
    sheet: Sheet
    register: Register
    report: Report
    header_row: int

    def resolve(self, column: Column) -> None:
        """Turn the sub-header of a column into what it stands for; report it and mark it unusable when that fails."""
        try:
            column.target = {
                Role.CATEGORY: self._category,
                Role.OWN_PROJECT: self._own_project,
                Role.OWN_BLOCK: self._own_block,
                Role.DELIVERY: self._delivery,
                Role.SIZE: self._size,
                Role.SHARE: self._share,
                Role.PRICE_CLASS: self._price_class,
                Role.PRICE: self._price,
            }[column.role](column, column.target)
        except BadInput as bad:
            column.usable = False
            self.report.add_bad(bad, row=self.header_row, column=column.label)

    def _values(self, column: Column) -> list[Cell]:
        rows = self.sheet.rows[self.layout.first_row :]
        return [row[column.index] for row in rows if column.index < len(row) and not is_empty(row[column.index])]

    def _missing_field(
        self, code: str, kind: str, column: Column, name: str, only: OwnFieldType | None = None
    ) -> BadInput:
        return missing_field(code, kind, name, self._values(column), only)

    def _category(self, column: Column, sub: Cell) -> OwnField:
        name = loose_text(sub)
        found = self.register.own_field("project", name)
        if found is None or found.type is not OwnFieldType.CATEGORY:
            bad = self._missing_field(
                "unknown_project_category_property", "project", column, name, OwnFieldType.CATEGORY
            )
            if found is not None:
                bad.fix = None  # a field of that name but another type: to be renamed by hand
            raise bad
        return found

    def _own_project(self, column: Column, sub: Cell) -> OwnField:
        name = loose_text(sub)
        found = self.register.own_field("project", name)
        if found is None:
            raise self._missing_field("unknown_project_property", "project", column, name)
        return found

    def _own_block(self, column: Column, sub: Cell) -> OwnField:
        name = loose_text(sub)
        found = self.register.own_field("houseblock", name)
        if found is None:
            raise self._missing_field("unknown_houseblock_property", "houseblock", column, name)
        return found

    def _delivery(self, column: Column, sub: Cell) -> date:
        return header_day(sub)

    def _size(self, column: Column, sub: Cell) -> Range[float] | None:
        name = loose_text(sub)
        if key_of(name) == UNKNOWN:
            return None
        try:
            return number_range(name.replace("m2", "").replace("m²", ""))
        except BadAmount:
            column.usable = False
            self.report.add("value_without_place", row=self.header_row, column=column.label, value=name)
            return None

    def _share(self, column: Column, sub: Cell) -> str:
        name = loose_text(sub)
        found = self.register.option(column.key, name)
        if found is None:
            raise missing_option(self.register, column.key, name)
        return found.id

    def _price_class(self, column: Column, sub: Cell) -> str | None:
        name = loose_text(sub)
        if key_of(name) == UNKNOWN:
            return None
        found = self._class_of(column, name)
        if found is None:
            raise missing_price_class(column.key, name)
        return found

    def _class_of(self, column: Column, name: str) -> str | None:
        price_list = price_list_of(column.key)
        found = self.register.option(price_list, name)
        if found is None:
            try:
                found = self.register.price_class(price_list, money_range(name))
            except BadAmount:
                return None
        return None if found is None else found.id

    def _price(self, column: Column, sub: Cell) -> Range[int] | str | None:
        """A range in cents; in an older layout, which has no column for price classes, also the id of a class."""
        if isinstance(sub, str) and key_of(sub) == UNKNOWN:
            return None
        try:
            return money_range(sub if isinstance(sub, (str, float, int)) else loose_text(sub))
        except BadAmount:
            pass
        name = loose_text(sub)
        if not self._without_classes(column):
            raise BadInput("invalid_numeric_range", name)
        found = self._class_of(column, name)
        if found is None:
            raise missing_price_class(column.key, name)
        column.role = Role.PRICE_CLASS
        return found

    def _without_classes(self, column: Column) -> bool:
        """Whether this part of the sheet has no column for price classes of the same ownership type."""
        columns = [*self.layout.blocks[column.mutation or Mutation.CONSTRUCTION]]
        columns += [c for _, c in self.layout.ignored if c.mutation is column.mutation]
        return not any(c.role is Role.PRICE_CLASS and c.key is column.key for c in columns)
