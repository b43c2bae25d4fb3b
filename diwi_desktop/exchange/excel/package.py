"""The outside of an Excel file: is it one, is it safe to read, and what would the bulk reader silently lose?

An .xlsx file is a zip of XML and may come from anywhere. The bulk reader (calamine) keeps a sheet as one full
rectangle, so that one cell in the last row would take gigabytes; and it turns error cells and formulas without a result
into empty cells. So the sheet is looked at before it is read.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from diwi_desktop.exchange.excel.lean import without_empty_cells
from diwi_desktop.exchange.messages import Unreadable

LARGEST_FILE = 100 * 2**20  # bytes of the file itself
LARGEST_CONTENT = 400 * 2**20  # bytes of all parts together, unpacked
MOST_PARTS = 2_000
MOST_SHEETS = 50
_PIECE = 2**20  # bytes that are unpacked at once
MOST_CELLS = 12_000_000  # rows times columns of the rectangle that holds everything

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_WORKSHEET = "/worksheet"

# The parts that belong to the workbook as a whole: workbook, shared texts, styles, and what points at them.
_SHARED = re.compile(r"(?!docProps/)(?:[^/]+/)?(?:_rels/)?[^/]*\.(?:xml|rels)", re.IGNORECASE)

# In nearly every file a cell starts like this; anything else takes the slow road.
_USUAL_CELL = b'<c r="'
_FAR_USUAL = re.compile(rb'<c r="(?:[A-Z]{3}\d+|[A-Z]{1,2}\d{5,})"')
_FAR_OR_ODD = re.compile(rb'<c (?!r="[A-Z]{1,2}\d{1,4}")')
_REF_USUAL = re.compile(rb'<c r="([A-Z]+)(\d+)"')
_CELL_ANY = re.compile(rb"<(?:\w+:)?(?:c|row)\s([^>]*)>")
_REF_ANY = re.compile(rb"""(?:^|\s)r\s*=\s*["']([A-Za-z]*)(\d+)["']""")
_BROKEN_CELL = re.compile(
    rb"""<(?:\w+:)?c\s([^>]*)>                      # the attributes of the cell
    (?:<(?:\w+:)?f\b[^>]*?(?:/>|>[^<]*</(?:\w+:)?f>))?  # a formula
    (?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>([^<]*)</(?:\w+:)?v>)?\s*</(?:\w+:)?c>  # its value""",
    re.VERBOSE,
)
_TYPE = re.compile(rb"""\st\s*=\s*["'](\w+)["']""")
_HIDDEN_ROW = re.compile(rb"""<(?:\w+:)?row\s(?=[^>]*\bhidden\s*=\s*["'](?:1|true)["'])[^>]*?\br\s*=\s*["'](\d+)["']""")


class Place(NamedTuple):
    """A cell; both from 0."""

    row: int
    column: int


@dataclass(slots=True)
class SheetScan:
    """What the bulk reader does not tell: error cells ("#N/A"), formulas without a result, hidden rows (from 0)."""

    errors: dict[Place, str] = field(default_factory=dict)
    uncomputed: set[Place] = field(default_factory=set)
    hidden: list[int] = field(default_factory=list)


def column_number(letters: str | bytes) -> int:
    """The number, from 0, of a column by its letters: A is 0, AA is 26."""
    text = letters.decode("ascii") if isinstance(letters, bytes) else letters
    number = 0
    for letter in text.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def column_letters(number: int) -> str:
    """The letters of a column by its number from 0."""
    text = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(65 + rest) + text
    return text


def check_package(path: Path) -> list[str]:
    """Check that a file is a readable .xlsx of a sane size; the paths of its worksheets, in order.

    Raises Unreadable, whose sentence says what to do.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            head = stream.read(8)
            if head.startswith(_OLE):
                _refuse_ole(head + stream.read(LARGEST_FILE))
    except OSError as error:
        raise Unreadable(
            f"Het bestand kan niet worden geopend: {error.strerror or error}.",
            f"The file cannot be opened: {error.strerror or error}.",
        ) from error
    if size > LARGEST_FILE:
        raise Unreadable(
            f"Het bestand is te groot ({size // 2**20} MB; hoogstens {LARGEST_FILE // 2**20}).",
            f"The file is too large ({size // 2**20} MB; {LARGEST_FILE // 2**20} at most).",
        )
    if not head.startswith(_ZIP):
        raise _not_excel()
    try:
        with zipfile.ZipFile(path) as package:
            _check_parts(package)
            return list(_worksheets(package))
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError) as error:
        raise _damaged() from error


def _not_excel() -> Unreadable:
    return Unreadable(
        "Dit is geen Excel-bestand. Bewaar het in Excel als werkmap (.xlsx) en probeer het opnieuw.",
        "This is not an Excel file. Save it in Excel as a workbook (.xlsx) and try again.",
    )


def _damaged() -> Unreadable:
    return Unreadable(
        "Het Excel-bestand is beschadigd. Open het in Excel, sla het opnieuw op en probeer het nog eens.",
        "The Excel file is damaged. Open it in Excel, save it again and retry.",
    )


def _refuse_ole(data: bytes) -> None:
    if _ENCRYPTED in data:
        raise Unreadable(
            "Het bestand is beveiligd met een wachtwoord. Haal het wachtwoord eraf en probeer het opnieuw.",
            "The file is protected by a password. Remove the password and try again.",
        )
    raise Unreadable(
        "Dit is een oud Excel-bestand (.xls). Bewaar het als .xlsx en probeer het opnieuw.",
        "This is an old Excel file (.xls). Save it as .xlsx and try again.",
    )


def _check_parts(package: zipfile.ZipFile) -> None:
    """Sizes as the zip itself says; reading a part later fails when it turns out to be larger than it said."""
    parts = package.infolist()
    names = {part.filename for part in parts}
    if len(parts) > MOST_PARTS or len(names) < len(parts):
        raise _damaged()
    if sum(part.file_size for part in parts) > LARGEST_CONTENT:
        raise Unreadable(
            "Het bestand wordt na uitpakken te groot en is daarom niet gelezen.",
            "The file becomes too large when unpacked and was therefore not read.",
        )
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable(
            "Het bestand is beveiligd met een wachtwoord. Haal het wachtwoord eraf en probeer het opnieuw.",
            "The file is protected by a password. Remove the password and try again.",
        )
    if "xl/workbook.xml" not in names:
        raise _not_excel()


def _worksheets(package: zipfile.ZipFile) -> Iterator[str]:
    """The paths of the worksheets in the order of the tabs; chart sheets are left out."""
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        book = fromstring(package.read("xl/workbook.xml"))
        relations = fromstring(package.read("xl/_rels/workbook.xml.rels"))
    except (ParseError, DefusedXmlException, KeyError, ValueError) as error:
        raise _damaged() from error
    targets = {r.get("Id"): r.get("Target", "") for r in relations if str(r.get("Type", "")).endswith(_WORKSHEET)}
    names = set(package.namelist())
    sheets = [element for element in book.iter() if str(element.tag).endswith("}sheet")]
    for sheet in sheets[:MOST_SHEETS]:
        # The namespace of r:id differs between the two variants of the standard.
        relation = next((value for key, value in sheet.attrib.items() if str(key).endswith("}id")), None)
        target = targets.get(relation)
        if target:
            part = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
            if part in names:
                yield part


@dataclass(frozen=True, slots=True)
class Book:
    """One worksheet of an .xlsx file: its XML without empty cells, and an .xlsx file of it and what it needs."""

    data: bytes
    file: io.BytesIO


def read_book(path: Path, part: str, others: Collection[str] = ()) -> Book:
    """The worksheet in this part of the package, with what the whole workbook shares, as it was looked at here.

    What reads the result gets no byte that was not unpacked and measured before, whatever the zip claims, and whatever
    happens to the file meanwhile. `others` are the parts of the other worksheets. Raises Unreadable when it is damaged
    or claims more cells than can be read.
    """
    small = io.BytesIO()
    try:
        with zipfile.ZipFile(path) as package, zipfile.ZipFile(small, "w", zipfile.ZIP_STORED) as copy:
            _check_parts(package)  # the file may be another one by now
            data = without_empty_cells(_in_pieces(package, package.getinfo(part)))
            _check_extent(data)
            copy.writestr(part, data)
            for item in package.infolist():
                if item.filename not in others and item.filename != part and _SHARED.fullmatch(item.filename):
                    copy.writestr(item.filename, _unpacked(package, item))
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, KeyError) as error:
        raise _damaged() from error
    small.seek(0)
    return Book(data, small)


def _unpacked(package: zipfile.ZipFile, item: zipfile.ZipInfo) -> bytes:
    """The content of a part; never more than the size that the zip claims, which was checked."""
    with package.open(item) as stream:
        return stream.read(item.file_size)


def _in_pieces(package: zipfile.ZipFile, item: zipfile.ZipInfo) -> Iterator[bytes]:
    """The content of a part as `_unpacked` gives it; what comes next is unpacked while a piece is used."""
    left = item.file_size
    with package.open(item) as stream, ThreadPoolExecutor(1) as beside:  # unpacking does without Python's lock
        coming = beside.submit(stream.read, min(left, _PIECE))
        while piece := coming.result():
            left -= len(piece)
            coming = beside.submit(stream.read, min(left, _PIECE))
            yield piece


def scan_sheet(data: bytes) -> SheetScan:
    """Look through the XML of a worksheet for what the bulk reader leaves out."""
    scan = SheetScan()
    if b'hidden="' in data:
        scan.hidden = sorted({int(found[1]) - 1 for found in _HIDDEN_ROW.finditer(data)})
    if b'"e"' in data or _has(data, b"'", b"'e'") or b"<f" in data or (_may_be_prefixed(data) and b":f" in data):
        _find_broken(data, scan)
    return scan


def _may_be_prefixed(data: bytes) -> bool:
    """Whether elements may have a namespace before their name: there is a colon from where the cells begin."""
    return data.find(b":", max(data.find(b"sheetData"), 0)) >= 0


def _has(data: bytes, rare: bytes, text: bytes) -> bool:
    """Whether a text is there; looked for only where its rarest character is, which goes ten times as fast."""
    return rare in data and text in data


def _check_extent(data: bytes) -> None:
    """Refuse a sheet whose cells span more than can be kept as a rectangle."""
    rows, columns = _extent(data)
    if rows * columns > MOST_CELLS:
        rows, columns = _exact_extent(data)  # of many columns, or many rows, but not of both there may be room for all
    if rows * columns > MOST_CELLS:
        raise Unreadable(
            f"Het blad is te groot: er staat iets in rij {rows} of kolom {column_letters(columns - 1)}. "
            "Verwijder lege rijen en kolommen met inhoud ver buiten de tabel.",
            f"The sheet is too large: there is something in row {rows} or column {column_letters(columns - 1)}. "
            "Remove rows and columns with content far outside the table.",
        )


def _extent(data: bytes) -> tuple[int, int]:
    """Upper bounds of the rows and columns that hold something; (9999, 702) for all usual files."""
    if b"<row>" in data or (_may_be_prefixed(data) and (b":c " in data or b":row" in data)):
        return _exact_extent(data)
    rows, columns = 9_999, 702  # column ZZ
    if _FAR_OR_ODD.search(data) is None:
        return rows, columns
    if data.count(_USUAL_CELL) != data.count(b"<c "):
        return _exact_extent(data)
    for found in _FAR_USUAL.finditer(data):
        close = data.find(b">", found.end())
        if data[close - 1 : close] != b"/" and (ref := _REF_USUAL.match(data, found.start())):
            rows = max(rows, int(ref[2]))
            columns = max(columns, column_number(ref[1]) + 1)
    return rows, columns


def _exact_extent(data: bytes) -> tuple[int, int]:
    """The last row and column that hold something, cell by cell."""
    rows = columns = 1
    for found in _CELL_ANY.finditer(data):
        if not found[1].endswith(b"/") and (ref := _REF_ANY.search(found[1])):
            rows = max(rows, int(ref[2]))
            columns = max(columns, column_number(ref[1]) + 1)
    return rows, columns


def _find_broken(data: bytes, scan: SheetScan) -> None:
    for found in _BROKEN_CELL.finditer(data):
        ref = _REF_ANY.search(found[1])
        if ref is None or not ref[1]:
            continue
        place = Place(int(ref[2]) - 1, column_number(ref[1]))
        kind = _TYPE.search(found[1])
        value = found[2] or b""
        if kind and kind[1] == b"e":
            scan.errors[place] = value.decode("utf-8", "replace") or "#N/A"
        elif not value and not kind and b"<f" in found[0].replace(b":f", b"<f"):
            scan.uncomputed.add(place)
