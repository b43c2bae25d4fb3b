"""Excel import of 2,000 rows (read, check, store) against python-calamine merely reading that file.

The file is the national template filled: 206 columns (the shipped one has 196), 33 of them filled in a row, four rows
to a project; cells that are empty are absent, although the shipped template has a formatted empty cell in every column,
which would double calamine's time. Storing it makes 25,500 entities, each a row in the log and one in its table:
putting just those rows there by bare `executemany` takes five times as long as calamine takes to read the file.
"""

from __future__ import annotations

import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import openpyxl

from bench.result import Result
from diwi_desktop.exchange.imports import import_file
from diwi_desktop.model.clock import FixedClock
from diwi_desktop.model.plan import Municipality
from diwi_desktop.store import Device, Store

ROWS = 2_000
TODAY = date(2026, 1, 15)
TIMES = 3

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
_DELIVERIES = [date(2027, 7, 1), date(2028, 7, 1), date(2029, 7, 1)]


def make_file(path: Path, rows: int = ROWS, rows_per_project: int = 4) -> None:
    """A filled template: projects of some blocks each, all groups of columns in use."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Data")
    sections: list[str] = []
    headers: list[str] = []
    for section, names in _SECTIONS.items():
        sections += [section, *[""] * (len(names) - 1)]
        headers += names
    subs: list[object] = [None] * len(headers)

    def column(section: str, header: str, number: int = 0) -> int:
        start = sections.index(section)
        return [i for i in range(start, len(headers)) if headers[i] == header][number]

    build = "Bouw gegevens"
    for number, day in enumerate(_DELIVERIES):
        subs[column(build, "Opleverdatum", number)] = day
    for number, text in enumerate(("200000 - 300000", "300000 - Inf")):
        subs[column(build, "Koopprijs waarde", number)] = text
    subs[column(build, "Huurprijs woningcorporatie", 0)] = "600 - 900"
    for number, text in enumerate(("Tussenwoning", "Hoekwoning")):
        subs[column(build, "Fysiek voorkomen", number)] = text
    for number, text in enumerate(("Regulier", "Ouderen")):
        subs[column(build, "Doelgroep categorie", number)] = text
    for line in ([], sections, [], headers, subs):
        sheet.append(list(line))
    for number in range(rows):
        project = number // rows_per_project
        cells: list[object] = [None] * len(headers)
        start = date(2024, 1, 1) + timedelta(days=project % 365)
        values: dict[str, object] = {
            "Identificatie nr": project + 1, "Naam": f"Plan {project + 1}", "Eigenaar": f"p{project % 9}@voorbeeld.nl",
            "Vertrouwelijkheid": "Openbaar", "Plan soort": "Verdichting", "In programmering": True,
            "Priorisering": "1 Hoog", "Rol gemeente": "Opdrachtgever", "Project status": "Actief",
            "Start project": start, "Eind project": date(2031, 12, 31), "1 Concept": start,
            "2 Initiatief": start + timedelta(days=90), "3 Definitie": start + timedelta(days=300),
            "4a Opgenomen in de visie": start, "3 In voorbereiding": start + timedelta(days=200),
            "Gemeente": "Ede",
        }  # fmt: skip
        for header, value in values.items():
            cells[headers.index(header)] = value
        cells[column("Woning aantallen", "Bouw")] = 60
        for place in range(3):
            cells[column(build, "Opleverdatum", place)] = 20
        homes = {"Koopwoning": 40, "Huur woningcorporatie": 20, "Eengezins woning": 30, "Meergezins woning": 30,
                 "Formele toestemming eigenaar": 60}  # fmt: skip
        for header, count in homes.items():
            cells[column(build, header)] = count
        for header, counts in {"Koopprijs waarde": (25, 15), "Huurprijs woningcorporatie": (20,),
                               "Fysiek voorkomen": (20, 40), "Doelgroep categorie": (35, 25)}.items():  # fmt: skip
            for place, count in enumerate(counts):
                cells[column(build, header, place)] = count
        sheet.append(cells)
    book.save(path)


def measure() -> list[Result]:
    """Both in the same run, the best of some; a fresh store for every import."""
    from python_calamine import CalamineWorkbook

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "plannen.xlsx"
        make_file(file)
        ours: list[float] = []
        theirs: list[float] = []
        for number in range(TIMES):
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
                start = time.perf_counter()
                import_file(store, file)
                ours.append(time.perf_counter() - start)
    return [Result("Excel import of 2,000 rows", min(ours) * 1e3, min(theirs) * 1e3, 3, "ms")]
