"""The DIWI Excel template, built and filled with openpyxl: independent of the reader that is tested with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

SECTION_ROW, SUB_SECTION_ROW, HEADER_ROW, SUB_HEADER_ROW, FIRST_ROW = 2, 3, 4, 5, 6
PROJECT, NUMBERS, BUILD, DEMOLISH = "Projectgegevens", "Woning aantallen", "Bouw gegevens", "Sloop gegevens"

PHASES = ("1 Concept", "2 Initiatief", "3 Definitie", "4 Ontwerp", "5 Voorbereiding", "6 Realisatie", "7 Nazorg")
STATUSES = (
    "4a Opgenomen in de visie",
    "4b Niet opgenomen in de visie",
    "3 In voorbereiding",
    "2a Vastgesteld",
    "2b Vastgesteld uitwerking nodig",
    "2c Vastgesteld B&W nodig",
    "1a Onherroepelijk",
    "1b Onherroepelijk uitwerking nodig",
    "1c Onherroepelijk B&W nodig",
)

_PROJECT = [
    ("Basisgegevens", ["Identificatie nr", "Naam", "Eigenaar", "Vertrouwelijkheid"]),
    ("Project gegevens", ["Plan soort", "In programmering", "Priorisering", "Rol gemeente"]),
    ("Rollen", ["Rol type"] * 3),
    ("Project status en duur", ["Project status", "Start project", "Eind project"]),
    ("projectfasen", list(PHASES)),
    ("Planologische planstatus", list(STATUSES)),
    ("Locatie", ["Gemeente", "Wijk", "Buurt"]),
    ("Maatwerk project eigenschappen", ["Maatwerk project eigenschap"] * 6),
]
_BLOCK = [
    ("Oplevering", ["Opleverdatum"] * 10),
    ("Grootte", ["Grootte categorie"] * 7),
    ("Eigendom type", ["Koopwoning", "Particuliere verhuurder", "Huur woningcorporatie", "Eigendom type onbekend"]),
    ("Woning waarde", ["Koopprijs categorie"] * 4 + ["Koopprijs waarde"] * 4),
    (
        "Huurprijs particulier",
        ["Huurprijs particuliere verhuurder categorie"] * 4 + ["Huurprijs particuliere verhuurder"] * 4,
    ),
    ("Huurprijs woningcorporatie", ["Huurprijs woningcorporatie categorie"] * 4 + ["Huurprijs woningcorporatie"] * 4),
    ("Woning type", ["Eengezins woning", "Meergezins woning", "Woning type onbekend"]),
    ("Fysiek voorkomen", ["Fysiek voorkomen"] * 6),
    ("Doelgroep", ["Doelgroep categorie"] * 6),
    (
        "Grondpositie",
        ["Geen toestemming eigenaar", "Intentie medewerking eigenaar", "Formele toestemming eigenaar"],
    ),
    ("Maatwerk woning eigenschappen", ["Maatwerk woning eigenschap"] * 5),
]
# The demolition part as the shipped template has it: no columns for prices as amounts, "unknown" headed just Onbekend.
_OLD_DEMOLITION = [
    ("Oplevering", ["Opleverdatum"] * 10),
    ("Grootte", ["Grootte categorie"] * 7),
    ("Eigendom type", ["Koopwoning", "Particuliere verhuurder", "Huur woningcorporatie", "Onbekend"]),
    ("Woning waarde", ["Koopprijs categorie"] * 7),
    ("Huurprijs particulier", ["Huurprijs particuliere verhuurder"] * 7),
    ("Huurprijs woningcorporatie", ["Huurprijs woningcorporatie"] * 3),
    ("Woning type", ["Eengezins woning", "Meergezins woning", "Onbekend"]),
    *_BLOCK[7:],
]
_CONTROL = [("Woning totalen", ["Mutatie gegevens", "Oplevering", "Afwijkende totalen"])]


@dataclass
class Homes:
    """One row of the template: what is built or demolished. Keys of the dicts are sub-headers."""

    number: int | None = None
    deliveries: Mapping[Any, Any] = field(default_factory=dict)
    owners: Mapping[str, Any] = field(default_factory=dict)  # header -> number
    buy_classes: Mapping[Any, Any] = field(default_factory=dict)
    buy_prices: Mapping[Any, Any] = field(default_factory=dict)
    landlord_classes: Mapping[Any, Any] = field(default_factory=dict)
    landlord_prices: Mapping[Any, Any] = field(default_factory=dict)
    corporation_classes: Mapping[Any, Any] = field(default_factory=dict)
    corporation_prices: Mapping[Any, Any] = field(default_factory=dict)
    types: Mapping[str, Any] = field(default_factory=dict)  # header -> number
    appearances: Mapping[str, Any] = field(default_factory=dict)
    targets: Mapping[str, Any] = field(default_factory=dict)
    ground: Mapping[str, Any] = field(default_factory=dict)  # header -> number
    sizes: Mapping[Any, Any] = field(default_factory=dict)
    own: Mapping[str, Any] = field(default_factory=dict)


_BY_SUB = {
    "deliveries": "Opleverdatum",
    "buy_classes": "Koopprijs categorie",
    "buy_prices": "Koopprijs waarde",
    "landlord_classes": "Huurprijs particuliere verhuurder categorie",
    "landlord_prices": "Huurprijs particuliere verhuurder",
    "corporation_classes": "Huurprijs woningcorporatie categorie",
    "corporation_prices": "Huurprijs woningcorporatie",
    "appearances": "Fysiek voorkomen",
    "targets": "Doelgroep categorie",
    "sizes": "Grootte categorie",
    "own": "Maatwerk woning eigenschap",
}


class Template:
    """A template in memory. `put` and `put_sub` fill cells by the texts above them; columns are added where full."""

    def __init__(self, book: openpyxl.Workbook) -> None:
        self.book = book
        self.sheet: Worksheet = book.worksheets[0]
        self.next_row = FIRST_ROW
        self.columns: list[tuple[str, str, int]] = []  # section, header, column
        section = ""
        for cell in self.sheet[HEADER_ROW]:
            section = self.sheet.cell(SECTION_ROW, cell.column).value or section
            if cell.value:
                self.columns.append((section, str(cell.value), cell.column))

    @classmethod
    def real(cls, path: Path) -> Template:
        """The shipped template, its example sub-headers taken out."""
        template = cls(openpyxl.load_workbook(path))
        for section, header, column in template.columns:
            if section == BUILD and header.startswith("Koopprijs"):
                template.sheet.cell(SUB_HEADER_ROW, column).value = None
        return template

    @classmethod
    def scratch(
        cls, *, own_fields: int = 6, old_demolition: bool = True, without: tuple[str, ...] = (), sheet: str = "Data"
    ) -> Template:
        """The same layout made anew; `without` leaves headers out."""
        book = openpyxl.Workbook()
        data = book.worksheets[0]
        data.title = sheet
        column = 2
        project = [*_PROJECT[:-1], ("Maatwerk project eigenschappen", ["Maatwerk project eigenschap"] * own_fields)]
        parts = [
            (PROJECT, project),
            (NUMBERS, [("Mutatie gegevens", ["Bouw", "Sloop"])]),
            (BUILD, _BLOCK),
            (DEMOLISH, _OLD_DEMOLITION if old_demolition else _BLOCK),
            ("Controle Bouw totalen", _CONTROL),
        ]
        for section, groups in parts:
            data.cell(SECTION_ROW, column).value = section
            for group, headers in groups:
                data.cell(SUB_SECTION_ROW, column).value = group
                for header in headers:
                    if header not in without:
                        data.cell(HEADER_ROW, column).value = header
                        column += 1
            column += section in (PROJECT, NUMBERS)  # an empty column after these parts, as in the template
        return cls(book)

    def find(self, section: str, header: str) -> int:
        """The column of a header."""
        return next(c for s, h, c in self.columns if (s, h) == (section, header))

    def put(self, row: int, section: str, header: str, value: Any) -> None:
        """Fill a cell by its header."""
        self._write(row, self.find(section, header), value)

    def put_sub(self, row: int, section: str, header: str, sub: Any, value: Any) -> int:
        """Fill a cell by header and sub-header, taking a free column for a new sub-header. Returns the column."""
        free = None
        for s, h, column in self.columns:
            if (s, h) != (section, header):
                continue
            found = self.sheet.cell(SUB_HEADER_ROW, column).value
            if found == sub or (hasattr(found, "date") and found.date() == sub):
                self._write(row, column, value)
                return column
            if found is None and free is None:
                free = column
        assert free is not None, f"no free column {header} left for {sub}"
        self._write(SUB_HEADER_ROW, free, sub)
        self._write(row, free, value)
        return free

    def _write(self, row: int, column: int, value: Any) -> None:
        cell = self.sheet.cell(row, column)
        cell.value = value
        if isinstance(value, date):
            cell.number_format = "dd/mm/yyyy"

    def add(self, values: Mapping[str, Any], *rows: tuple[Homes | None, Homes | None]) -> int:
        """Add a project: cells by header (`roles` and `own` by sub-header), one row per pair of build and demolition.

        Returns its first row.
        """
        first = self.next_row
        for build, demolish in rows or [(None, None)]:
            row = self.next_row
            for header, value in values.items():
                if header == "roles":
                    for sub, item in value.items():
                        self.put_sub(row, PROJECT, "Rol type", sub, item)
                elif header == "own":
                    for sub, item in value.items():
                        self.put_sub(row, PROJECT, "Maatwerk project eigenschap", sub, item)
                else:
                    self.put(row, PROJECT, header, value)
            for section, header, homes in ((BUILD, "Bouw", build), (DEMOLISH, "Sloop", demolish)):
                if homes is not None:
                    self.homes(row, section, header, homes)
            self.next_row += 1
        return first

    def homes(self, row: int, section: str, header: str, homes: Homes) -> None:
        """Fill the part of a row about homes built or demolished."""
        if homes.number is not None:
            self.put(row, NUMBERS, header, homes.number)
        for group in (homes.owners, homes.types, homes.ground):
            for name, value in group.items():
                self.put(row, section, name, value)
        for name, name_of_header in _BY_SUB.items():
            for sub, value in getattr(homes, name).items():
                self.put_sub(row, section, name_of_header, sub, value)

    def save(self, path: Path) -> Path:
        self.book.save(path)
        return path


def project(number: Any, name: str = "", **changes: Any) -> dict[str, Any]:
    """The cells of a project that runs on 1 June 2025; `changes` by header with _ for spaces, None to leave out."""
    cells: dict[str, Any] = {
        "Identificatie nr": number,
        "Naam": name or f"Project {number}",
        "Eigenaar": "anna@voorbeeld.nl",
        "Vertrouwelijkheid": "Openbaar",
        "Project status": "Actief",
        "Start project": date(2024, 1, 1),
        "Eind project": date(2028, 12, 31),
    }
    cells |= {key.replace("_", " "): value for key, value in changes.items()}
    return {key: value for key, value in cells.items() if value is not None}
