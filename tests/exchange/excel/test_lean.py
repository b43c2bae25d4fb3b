"""Leaving empty cells out of a worksheet changes nothing that is read from it."""

from __future__ import annotations

import io
import re
import zipfile
from itertools import pairwise
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Border, Side
from python_calamine import CalamineWorkbook

from diwi_desktop.exchange.excel import lean, package
from diwi_desktop.exchange.excel.package import check_package, read_book
from tests.exchange.excel.test_hostile import SHEET, changed

VALUES = st.sampled_from(
    ["", "", "", "formatted", "formatted", "formatted", 12, 1.5, "text", True, "a <b> & c", "=1+1"]
)


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that small sheets are cut too, in pieces that end anywhere."""
    monkeypatch.setattr(lean, "_AT_ONCE", 600)
    monkeypatch.setattr(package, "_PIECE", 70)


def written(path: Path, rows: list[list[Any]]) -> Path:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Data")
    empty = WriteOnlyCell(sheet)
    empty.border = Border(bottom=Side("thin"))
    for row in rows:
        sheet.append([empty if value == "formatted" else value or None for value in row])
    book.save(path)
    return path


def lean_book(path: Path) -> io.BytesIO:
    parts = check_package(path)
    return read_book(path, parts[0], parts).file


def values(file: Path | io.BytesIO) -> list[list[Any]]:
    """As openpyxl reads them, which is another reader than the program's."""
    sheet = openpyxl.load_workbook(file).worksheets[0]
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def trimmed(rows: list[list[Any]]) -> list[list[Any]]:
    """Without the empty ends of rows, and the empty rows at the end."""
    cut = [row[: 1 + max((n for n, v in enumerate(row) if v is not None), default=-1)] for row in rows]
    while cut and not cut[-1]:
        cut.pop()
    return cut


@given(rows=st.lists(st.lists(VALUES, max_size=30), max_size=12))
def test_all_values_stay_where_they_are(rows: list[list[Any]], tmp_path_factory: pytest.TempPathFactory) -> None:
    path = written(tmp_path_factory.mktemp("lean") / "file.xlsx", rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lean, "_AT_ONCE", 600)
        patch.setattr(package, "_PIECE", 70)
        assert trimmed(values(lean_book(path))) == trimmed(values(path))


def test_empty_cells_go(tmp_path: Path) -> None:
    path = written(tmp_path / "file.xlsx", [[1, *["formatted"] * 50, 2, *["formatted"] * 50, 3]] * 5)
    before = zipfile.ZipFile(path).read(SHEET)
    after = zipfile.ZipFile(lean_book(path)).read(SHEET)
    assert before.count(b"<c r=") == 5 * 103
    assert after.count(b"<c r=") <= 5 * (3 + 2 + 6)  # the last of a row of empty ones stays, here and where it was cut


def test_a_small_sheet_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lean, "_AT_ONCE", 1000)
    data = b'<sheetData><row r="1"><c r="A1"/><c r="B1"/><c r="C1"/></row></sheetData>'
    assert lean.without_empty_cells([data[:20], data[20:]]) == data


@given(at=st.lists(st.integers(0, 500), max_size=9), comment=st.integers(0, 12))
def test_however_the_sheet_comes_in_pieces(at: list[int], comment: int) -> None:
    cells = [b'<c r="%c1"%b' % (65 + n, b"><v>4</v></c>" if n % 5 == 0 else b' s="1"/>') for n in range(13)]
    cells.insert(comment, b'<!-- <c r="A1"/><c r="B1"/> -->')
    data = b'<sheetData><row r="1">' + b"".join(cells) + b"</row></sheetData>"
    cuts = [0, *sorted(min(n, len(data)) for n in at), len(data)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lean, "_AT_ONCE", 40)
        found = lean.without_empty_cells(data[one:other] for one, other in pairwise(cuts))
    assert re.findall(rb'<c r="\w+"><v>|<!--.*-->|</?\w+(?: r="1")?>', found) == re.findall(
        rb'<c r="\w+"><v>|<!--.*-->|</?\w+(?: r="1")?>', data
    )


def test_a_sheet_without_cells_is_not_looked_through_again_and_again() -> None:
    filler = [b"<row></row>" * 100] * 2_000
    assert lean.without_empty_cells(filler) == b"".join(filler)


@pytest.mark.parametrize(
    "cells",
    [
        b'<c r="A1"/><c r="B1"/><c r="C1"/><c><v>4</v></c>',  # its place follows from the cell before it
        b'<c r="A1"/>\n <c r="B1" s="1"/>\n <c r="C1"/><c r="D1"><v>4</v></c>',
        b'<c s="1" r="A1"/><c s="1" r="B1"/><c s="1" r="D1"><v>4</v></c>',
        b'<c r="A1"/><c r="B1"/><c r="D1" t="inlineStr"><is><t>a /&gt;&lt;c r="</t></is></c>',
        b'<c r="A1"/><c r="B1"/><c r="D1" t="inlineStr"><is><t><![CDATA[/><c r="E1"/><c r="F1"/>]]></t></is></c>',
        b'<c r="A1"/><!-- <c r="B1"/> --><c r="C1"/><c r="D1"><v>4</v></c>',
        b'<c r="A1"><f>1+1</f></c><c r="B1"/><c r="C1"/><c r="D1"><f t="shared" si="0"/><v>4</v></c>',
    ],
)
def test_cells_as_other_programs_write_them(cells: bytes, tmp_path: Path) -> None:
    path = written(tmp_path / "file.xlsx", [])
    body = b'<sheetData><row r="1">' + cells + b"</row></sheetData>"
    path = changed(path, SHEET, lambda _: b'<worksheet xmlns="%s">%s</worksheet>' % (_MAIN, body))

    def read(file: str | io.BytesIO) -> Any:
        return CalamineWorkbook.from_object(file).get_sheet_by_index(0).to_python(skip_empty_area=False)

    found = read(lean_book(path))
    assert found == read(str(path))
    assert len(found[0]) == 4


_MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def test_the_other_worksheets_are_not_unpacked(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.create_sheet("Two")["A1"] = 1
    path = tmp_path / "file.xlsx"
    book.save(path)
    parts = check_package(path)
    names = zipfile.ZipFile(read_book(path, parts[1], parts).file).namelist()
    assert SHEET not in names
    assert {parts[1], "xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels", "_rels/.rels"} < set(names)
