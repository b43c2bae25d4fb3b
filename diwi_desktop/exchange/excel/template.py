"""An empty DIWI Excel template for this municipality: its own lists and fields as columns, drop-downs, explanation.

The layout is that of the national template (functional reference 3.1): row 2 sections, row 3 sub-sections, row 4
headers, row 5 sub-headers, data from row 6. It is read back by `reader`, and by any program that knows the
national template.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from diwi_desktop.exchange.excel.layout import PROJECT_HEADERS, Role
from diwi_desktop.model.codelists import code_list
from diwi_desktop.model.codes import OptionList
from diwi_desktop.store import queries

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from diwi_desktop.store import Store

SECTION_ROW, SUB_SECTION_ROW, HEADER_ROW, SUB_HEADER_ROW, FIRST_ROW = 2, 3, 4, 5, 6
FIRST_COLUMN = 2
LAST_LIST_ROW = 2_000  # how far down the drop-downs reach
YEARS_AHEAD = 10
# Empty columns to head oneself, as many as in the national template.
_AMOUNTS, _SIZES = [""] * 4, [""] * 6
_DATE_ROLES = frozenset({Role.START, Role.END, Role.PHASE, Role.PLAN_STATUS})


@dataclass(frozen=True, slots=True)
class _Column:
    section: str
    sub_section: str
    header: str
    sub_header: Any = ""
    choices: tuple[str, ...] = ()
    dated: bool = False


def write_template(store: Store, path: Path) -> None:
    """Write the template. Overwrites `path`. Raises OSError."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet: Any = book.worksheets[0]
    sheet.title = "Data"
    columns = list(_columns(store))
    _head(sheet, columns)
    _lists(book, sheet, columns)
    sheet.freeze_panes = sheet.cell(FIRST_ROW, FIRST_COLUMN + 2)
    book.save(path)


def _columns(store: Store) -> Iterator[_Column]:
    yield from _project(store)
    for header in ("Bouw", "Sloop"):
        yield _Column("Woning aantallen", "Mutatie gegevens", header)
    for section in ("Bouw gegevens", "Sloop gegevens"):
        for sub_section, header, sub_header in _block(store):
            yield _Column(section, sub_section, header, sub_header)
    yield _Column("Controle Bouw totalen", "Woning totalen", "Afwijkende totalen")


def _names(store: Store, name: OptionList) -> list[str]:
    return [option.ordinal_label for option in queries.option_list(store, name.value)]


def _project(store: Store) -> Iterator[_Column]:
    choices = {
        Role.CONFIDENTIALITY: _labels("confidentiality"),
        Role.PLAN_TYPE: _labels("plan_type"),
        Role.STATUS: _labels("project_status"),
        Role.PRIORITY: _names(store, OptionList.PRIORITY),
        Role.MUNICIPALITY_ROLE: _names(store, OptionList.MUNICIPALITY_ROLE),
        Role.MUNICIPALITY: _names(store, OptionList.MUNICIPALITY),
        Role.DISTRICT: _names(store, OptionList.DISTRICT),
        Role.NEIGHBOURHOOD: _names(store, OptionList.NEIGHBOURHOOD),
        Role.PROGRAMMING: ["1", "0"],
    }
    for header, (role, _) in PROJECT_HEADERS.items():
        part = _SUB_SECTIONS[role]
        if role is Role.CATEGORY:
            yield _Column("Projectgegevens", part, header)
        elif role is Role.OWN_PROJECT:
            for name in _own(store, "project") or [""]:
                yield _Column("Projectgegevens", part, header, name)
        else:
            yield _Column(
                "Projectgegevens", part, header, choices=tuple(choices.get(role, ())), dated=role in _DATE_ROLES
            )


_SUB_SECTIONS = {
    **dict.fromkeys((Role.ID, Role.NAME, Role.OWNER, Role.CONFIDENTIALITY), "Basisgegevens"),
    **dict.fromkeys((Role.PLAN_TYPE, Role.PROGRAMMING, Role.PRIORITY, Role.MUNICIPALITY_ROLE), "Project gegevens"),
    Role.CATEGORY: "Rollen",
    **dict.fromkeys((Role.STATUS, Role.START, Role.END), "Project status en duur"),
    Role.PHASE: "projectfasen",
    Role.PLAN_STATUS: "Planologische planstatus",
    **dict.fromkeys((Role.MUNICIPALITY, Role.DISTRICT, Role.NEIGHBOURHOOD), "Locatie"),
    Role.OWN_PROJECT: "Maatwerk project eigenschappen",
}


def _block(store: Store) -> Iterator[tuple[str, str, Any]]:
    """(sub-section, header, sub-header) of the building and the demolition part."""
    year = store.clock.today().year
    buy = [*_names(store, OptionList.PRICE_BUY), "Onbekend"]
    rent = [*_names(store, OptionList.PRICE_RENT), "Onbekend"]
    groups: list[tuple[str, str, Iterable[Any]]] = [
        ("Oplevering", "Opleverdatum", [date(year + n, 12, 31) for n in range(-1, YEARS_AHEAD)]),
        ("Grootte", "Grootte categorie", [*_SIZES, "Onbekend"]),
        ("Eigendom type", "Koopwoning", [""]),
        ("Eigendom type", "Particuliere verhuurder", [""]),
        ("Eigendom type", "Huur woningcorporatie", [""]),
        ("Eigendom type", "Eigendom type onbekend", [""]),
        ("Woning waarde", "Koopprijs categorie", buy),
        ("Woning waarde", "Koopprijs waarde", [*_AMOUNTS, "Onbekend"]),
        ("Huurprijs particulier", "Huurprijs particuliere verhuurder categorie", rent),
        ("Huurprijs particulier", "Huurprijs particuliere verhuurder", [*_AMOUNTS, "Onbekend"]),
        ("Huurprijs woningcorporatie", "Huurprijs woningcorporatie categorie", rent),
        ("Huurprijs woningcorporatie", "Huurprijs woningcorporatie", [*_AMOUNTS, "Onbekend"]),
        ("Woning type", "Eengezins woning", [""]),
        ("Woning type", "Meergezins woning", [""]),
        ("Woning type", "Woning type onbekend", [""]),
        ("Fysiek voorkomen", "Fysiek voorkomen", _names(store, OptionList.APPEARANCE)),
        ("Doelgroep", "Doelgroep categorie", _names(store, OptionList.TARGET_GROUP)),
        ("Grondpositie", "Geen toestemming eigenaar", [""]),
        ("Grondpositie", "Intentie medewerking eigenaar", [""]),
        ("Grondpositie", "Formele toestemming eigenaar", [""]),
        ("Maatwerk woning eigenschappen", "Maatwerk woning eigenschap", _own(store, "houseblock") or [""]),
    ]
    for sub_section, header, sub_headers in groups:
        for sub_header in sub_headers:
            yield sub_section, header, sub_header


def _labels(name: str) -> list[str]:
    return [str(code.extra.get("excel", code.nl)) for code in code_list(name).codes]


def _own(store: Store, kind: str) -> list[str]:
    return [f.name for f in queries.own_fields(store) if f.object == kind and not f.disabled]


def _head(sheet: Worksheet, columns: list[_Column]) -> None:
    """The four header rows; a section and sub-section is named where it begins."""
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    before = ("", "")
    for place, column in enumerate(columns, start=FIRST_COLUMN):
        if column.section != before[0]:
            sheet.cell(SECTION_ROW, place, column.section).font = Font(bold=True, size=13)
        if (column.section, column.sub_section) != before:
            sheet.cell(SUB_SECTION_ROW, place, column.sub_section).font = Font(bold=True)
        before = (column.section, column.sub_section)
        header = sheet.cell(HEADER_ROW, place, column.header)
        header.font = Font(bold=True, color="FFFFFF")
        header.fill = PatternFill("solid", fgColor="0B5CAD")
        header.alignment = Alignment(wrap_text=True, vertical="top")
        sub = sheet.cell(SUB_HEADER_ROW, place, column.sub_header or None)
        sub.fill = PatternFill("solid", fgColor="D9E8F7")
        if isinstance(column.sub_header, date):
            sub.number_format = "dd-mm-yyyy"
        if column.dated:
            for row in range(FIRST_ROW, FIRST_ROW + 200):
                sheet.cell(row, place).number_format = "dd-mm-yyyy"
        sheet.column_dimensions[get_column_letter(place)].width = 28 if column.header == "Naam" else 15


def _lists(book: Any, sheet: Worksheet, columns: list[_Column]) -> None:
    """Drop-downs; their values stand on a second sheet, because a list in the cell itself holds 255 characters."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    values = book.create_sheet("Lijsten")
    at = 0
    for place, column in enumerate(columns, start=FIRST_COLUMN):
        if not column.choices:
            continue
        at += 1
        values.cell(1, at, column.header)
        for row, choice in enumerate(column.choices, start=2):
            values.cell(row, at, choice)
        letter = get_column_letter(at)
        rule = DataValidation(
            type="list", formula1=f"Lijsten!${letter}$2:${letter}${len(column.choices) + 1}", allow_blank=True
        )
        sheet.add_data_validation(rule)
        rule.add(f"{get_column_letter(place)}{FIRST_ROW}:{get_column_letter(place)}{LAST_LIST_ROW}")
