"""Excel import of 2,000 rows (read, check, store) against python-calamine merely reading that file.

The file is the national template filled in, as users have it: 206 columns (the shipped one has 196), 33 of them filled
in a row, four rows to a project, and every other cell of those rows a formatted empty one: the shipped template has one
in each column of a row, and copying a row down copies them. The bar is on that file. The same rows in a bare file,
without the empty cells, which calamine reads in less than half the time, are given as information. Storing them makes
25,500 entities, each a row in the log and one in its table.
"""

from __future__ import annotations

import gc
import math
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Border, Side

from bench.result import Result
from diwi_desktop.exchange.imports import import_file
from diwi_desktop.model.clock import FixedClock
from diwi_desktop.model.plan import Municipality
from diwi_desktop.store import Device, Store

ROWS = 2_000
TODAY = date(2026, 1, 15)
TIMES = 7

# The template of the original in short: section, headers. Sub-headers follow in `_SUBS`.
_PHASES = ["1 Concept", "2 Initiatief", "3 Definitie", "4 Ontwerp", "5 Voorbereiding", "6 Realisatie", "7 Nazorg"]
_STATUSES = [
    "4a Opgenomen in de visie", "4b Niet opgenomen in de visie", "3 In voorbereiding", "2a Vastgesteld",
    "2b Vastgesteld uitwerking nodig", "2c Vastgesteld B&W nodig", "1a Onherroepelijk",
    "1b Onherroepelijk uitwerking nodig", "1c Onherroepelijk B&W nodig",
]  # fmt: skip
_BLOCK = [
    *["Opleverdatum"] * 10, *["Grootte categorie"] * 7, "Koopwoning", "Particuliere verhuurder",
    "Huur woningcorporatie", "Eigendom type onbekend", *["Koopprijs categorie"] * 4, *["Koopprijs waarde"] * 4,
    *["Huurprijs particuliere verhuurder categorie"] * 4, *["Huurprijs particuliere verhuurder"] * 4,
    *["Huurprijs woningcorporatie categorie"] * 4, *["Huurprijs woningcorporatie"] * 4, "Eengezins woning",
    "Meergezins woning", "Woning type onbekend", *["Fysiek voorkomen"] * 6, *["Doelgroep categorie"] * 6,
    "Geen toestemming eigenaar", "Intentie medewerking eigenaar", "Formele toestemming eigenaar",
    *["Maatwerk woning eigenschap"] * 5,
]  # fmt: skip
_SECTIONS = {
    "Projectgegevens": [
        "Identificatie nr", "Naam", "Eigenaar", "Vertrouwelijkheid", "Plan soort", "In programmering", "Priorisering",
        "Rol gemeente", *["Rol type"] * 3, "Project status", "Start project", "Eind project", *_PHASES, *_STATUSES,
        "Gemeente", "Wijk", "Buurt", *["Maatwerk project eigenschap"] * 6,
    ],
    "Woning aantallen": ["Bouw", "Sloop"],
    "Bouw gegevens": _BLOCK,
    "Sloop gegevens": _BLOCK,
}  # fmt: skip
_BUILD = "Bouw gegevens"
_DELIVERIES = [date(2027, 7, 1), date(2028, 7, 1), date(2029, 7, 1)]


def make_file(path: Path, rows: int = ROWS, rows_per_project: int = 4, *, bare: bool = False) -> None:
    """A filled template: projects of some blocks each, all groups of columns in use.

    Cells that are not filled in are formatted empty cells, or absent when `bare`.
    """
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Data")
    sections: list[str] = []
    headers: list[str] = []
    for section, names in _SECTIONS.items():
        sections += [section, *[""] * (len(names) - 1)]
        headers += names

    def column(section: str, header: str, number: int = 0) -> int:
        start = sections.index(section)
        return [i for i in range(start, len(headers)) if headers[i] == header][number]

    empty = None if bare else WriteOnlyCell(sheet)
    if empty is not None:
        empty.border = Border(bottom=Side("thin"))
    for line in ([], sections, [], headers, _sub_headers(len(headers), column)):
        sheet.append(list(line))
    for number in range(rows):
        cells: list[object] = [empty] * len(headers)
        for header, value in _project(number // rows_per_project).items():
            cells[headers.index(header)] = value
        _homes(cells, column)
        sheet.append(cells)
    book.save(path)


# The place of the nth column with a header in a section.
Place = Callable[..., int]


def _sub_headers(width: int, column: Place) -> list[object]:
    subs: list[object] = [None] * width
    texts: dict[str, tuple[object, ...]] = {
        "Opleverdatum": tuple(_DELIVERIES),
        "Koopprijs waarde": ("200000 - 300000", "300000 - Inf"),
        "Huurprijs woningcorporatie": ("600 - 900",),
        "Fysiek voorkomen": ("Tussenwoning", "Hoekwoning"),
        "Doelgroep categorie": ("Regulier", "Ouderen"),
    }
    for header, values in texts.items():
        for number, value in enumerate(values):
            subs[column(_BUILD, header, number)] = value
    return subs


def _project(project: int) -> dict[str, object]:
    start = date(2024, 1, 1) + timedelta(days=project % 365)
    return {
        "Identificatie nr": project + 1, "Naam": f"Plan {project + 1}", "Eigenaar": f"p{project % 9}@voorbeeld.nl",
        "Vertrouwelijkheid": "Openbaar", "Plan soort": "Verdichting", "In programmering": True,
        "Priorisering": "1 Hoog", "Rol gemeente": "Opdrachtgever", "Project status": "Actief",
        "Start project": start, "Eind project": date(2031, 12, 31), "1 Concept": start,
        "2 Initiatief": start + timedelta(days=90), "3 Definitie": start + timedelta(days=300),
        "4a Opgenomen in de visie": start, "3 In voorbereiding": start + timedelta(days=200),
        "Gemeente": "Ede",
    }  # fmt: skip


def _homes(cells: list[object], column: Place) -> None:
    """60 homes built, divided in every way that the template knows."""
    cells[column("Woning aantallen", "Bouw")] = 60
    divided = {
        "Opleverdatum": (20, 20, 20), "Koopwoning": (40,), "Huur woningcorporatie": (20,), "Eengezins woning": (30,),
        "Meergezins woning": (30,), "Formele toestemming eigenaar": (60,), "Koopprijs waarde": (25, 15),
        "Huurprijs woningcorporatie": (20,), "Fysiek voorkomen": (20, 40), "Doelgroep categorie": (35, 25),
    }  # fmt: skip
    for header, counts in divided.items():
        for place, count in enumerate(counts):
            cells[column(_BUILD, header, place)] = count


def measure() -> list[Result]:
    return [
        _measured("Excel import of 2,000 rows", 3, bare=False),
        _measured("  the same rows without formatted empty cells", math.inf, bare=True),
    ]


def _measured(what: str, bar: float, *, bare: bool) -> Result:
    """Medians of both in the same run, in turns; a fresh store for every import."""
    from python_calamine import CalamineWorkbook

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "plannen.xlsx"
        make_file(file, bare=bare)
        ours: list[float] = []
        theirs: list[float] = []
        for number in range(TIMES):
            gc.collect()
            start = time.perf_counter()
            CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0).to_python()
            theirs.append(time.perf_counter() - start)
            store = Store.create(
                Path(folder) / f"{number}.diwi",
                municipality=Municipality("0228", "Ede", "Gelderland"),
                author="bench",
                clock=FixedClock.on(TODAY),
                device=Device("11111111-1111-4111-8111-111111111111", "KTB"),
            )
            with store:
                gc.collect()
                start = time.perf_counter()
                import_file(store, file)
                ours.append(time.perf_counter() - start)
    return Result(what, statistics.median(ours) * 1e3, statistics.median(theirs) * 1e3, bar, "ms")
