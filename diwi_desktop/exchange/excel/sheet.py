"""The inside of an Excel file: the values of one sheet, with what the bulk reader leaves out put back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from diwi_desktop.exchange.cells import Broken, Cell
from diwi_desktop.exchange.excel.package import Book, Place, SheetScan, check_package, read_book, scan_sheet
from diwi_desktop.exchange.messages import Unreadable
from diwi_desktop.model.finding import Cancelled
from diwi_desktop.model.work import CancelCheck

if TYPE_CHECKING:
    from collections.abc import Callable

FIRST_SECTION = "projectgegevens"
SECTION_SEARCH = 50  # rows from the top in which the section row is looked for


@dataclass(slots=True)
class Sheet:
    """The values of a sheet, rows and columns from 0. `section_row` is the row that says "Projectgegevens"."""

    rows: list[list[Cell]]
    section_row: int
    hidden: list[int] = field(default_factory=list)
    merged: list[tuple[Place, Place]] = field(default_factory=list)


def read_sheet(path: Path, cancelled: CancelCheck | None = None) -> Sheet:
    """The first sheet that has the section row of the DIWI template.

    Raises Unreadable (code io_error or no_data_sheet), Cancelled.
    """
    parts = check_package(path)
    for number, part in enumerate(parts):
        if cancelled is not None and cancelled():
            raise Cancelled
        book = read_book(path, part, parts)
        with ThreadPoolExecutor(1) as beside:  # the bulk reader works without Python's lock, so both go on at once
            reading = beside.submit(_values, book, number)
            scan = scan_sheet(book.data)
        try:
            rows, merged = reading.result()
        except _Panic:
            rows, merged = _values_slowly(book), []
        section = _section_row(rows)
        if section is not None:
            _put_back(rows, scan)
            return Sheet(rows, section, scan.hidden, merged)
    raise Unreadable(
        "In dit bestand staat geen blad met de rij 'Projectgegevens'. Gebruik het DIWI-sjabloon.",
        "No sheet in this file has the row 'Projectgegevens'. Use the DIWI template.",
        code="no_data_sheet",
    )


class _Panic(Exception):
    """The bulk reader, which is written in Rust, gave up in the middle."""


def _guarded(read: Callable[[], Any]) -> Any:
    """Run a call into the bulk reader. Raises Unreadable, or _Panic where another reader may manage.

    A panic of Rust is no ordinary Exception and has no importable class.
    """
    from python_calamine import CalamineError

    try:
        return read()
    except (CalamineError, OSError, ValueError, OverflowError) as error:
        raise _unreadable() from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise _Panic from error


def _unreadable() -> Unreadable:
    return Unreadable(
        "Het Excel-bestand kan niet worden gelezen. Open het in Excel, sla het opnieuw op en probeer het nog eens.",
        "The Excel file cannot be read. Open it in Excel, save it again and retry.",
    )


def _values(book: Book, number: int) -> tuple[list[list[Cell]], list[tuple[Place, Place]]]:
    """The values of the worksheet with this number among the worksheets, and its merged ranges."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum

    opened: CalamineWorkbook = _guarded(lambda: CalamineWorkbook.from_filelike(book.file))
    names = [s.name for s in opened.sheets_metadata if s.typ is SheetTypeEnum.WorkSheet]
    if number >= len(names):
        return [], []
    sheet = _guarded(lambda: opened.get_sheet_by_name(names[number]))
    if sheet.total_height == 0:
        return [], []
    rows: list[list[Cell]] = _guarded(lambda: sheet.to_python(skip_empty_area=False))
    merged = [(Place(*first), Place(*last)) for first, last in sheet.merged_cell_ranges or ()]
    return rows, merged


def _values_slowly(book: Book) -> list[list[Cell]]:
    """The values of the worksheet by openpyxl, for the rare file on which the bulk reader panics.

    Known cause: a number far beyond any date in a cell with a date notation. openpyxl makes it an error cell.
    """
    import warnings

    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            opened = openpyxl.load_workbook(book.file, read_only=True, data_only=True)
            try:
                rows = opened.worksheets[0].iter_rows(values_only=True)
                return [["" if value is None else _slow_cell(value) for value in row] for row in rows]
            finally:
                opened.close()
    except Exception as error:
        # openpyxl lets through whatever its parsing of a malformed file runs into: of any kind, all of it the file's.
        raise _unreadable() from error


def _slow_cell(value: Any) -> Cell:
    return (
        Broken(value) if isinstance(value, str) and value.startswith("#") and value.endswith(("!", "?", "A")) else value
    )


def _section_row(rows: list[list[Cell]]) -> int | None:
    for number, row in enumerate(rows[:SECTION_SEARCH]):
        for value in row:
            if isinstance(value, str) and value.strip().casefold() == FIRST_SECTION:
                return number
    return None


def _put_back(rows: list[list[Cell]], scan: SheetScan) -> None:
    """Put error cells and formulas without result in the place where the reader left nothing."""
    broken = {place: Broken(text) for place, text in scan.errors.items()}
    broken |= {place: Broken("=", uncomputed=True) for place in scan.uncomputed}
    if not broken:
        return
    width = max(len(rows[0]) if rows else 0, 1 + max(place.column for place in broken))
    height = max(len(rows), 1 + max(place.row for place in broken))
    for row in rows:
        row.extend([""] * (width - len(row)))
    rows.extend([""] * width for _ in range(height - len(rows)))
    for place, value in broken.items():
        rows[place.row][place.column] = value
