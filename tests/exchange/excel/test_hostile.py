"""Files that are no template, or mean harm: one clear sentence, quickly, and never a wrong figure."""

from __future__ import annotations

import io
import shutil
import struct
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from diwi_desktop.exchange.excel import package as outside
from diwi_desktop.exchange.excel import read_excel
from diwi_desktop.exchange.messages import Report, Unreadable
from tests.exchange.excel.reading import codes, read, register, warnings
from tests.exchange.excel.workbook import (
    BUILD,
    FIRST_ROW,
    NUMBERS,
    PROJECT,
    SECTION_ROW,
    Homes,
    Template,
    project,
)

SHEET = "xl/worksheets/sheet1.xml"


def refused(path: Path) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        read_excel(path, register(), Report())
    assert caught.value.nl.endswith(".")
    assert "Traceback" not in caught.value.nl
    return caught.value


def plain(path: Path) -> Path:
    template = Template.scratch()
    template.add(project(1), (Homes(10), None))
    return template.save(path)


def changed(path: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    """The same package with one part changed."""
    result = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, change(data) if name == part else data)
    path.write_bytes(result.getvalue())
    return path


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "geen Excel"),
        (b"hallo", "geen Excel"),
        (b"PK\x03\x04" + b"rommel" * 100, "beschadigd"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(5000), ".xls"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512) + "EncryptedPackage".encode("utf-16-le"), "wachtwoord"),
    ],
)
def test_files_that_are_no_workbook(content: bytes, word: str, tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(content)
    error = refused(path)
    assert word in error.nl
    assert error.code == "io_error"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert "geopend" in refused(tmp_path / "weg.xlsx").nl


def test_another_office_document(tmp_path: Path) -> None:
    path = tmp_path / "brief.xlsx"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("word/document.xml", "<w/>")
    assert "geen Excel" in refused(path).nl


def test_a_workbook_that_is_not_the_template(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["Naam", "Aantal"])
    book.save(tmp_path / "x.xlsx")
    assert refused(tmp_path / "x.xlsx").code == "no_data_sheet"


def test_a_workbook_without_sheets(tmp_path: Path) -> None:
    path = changed(
        plain(tmp_path / "x.xlsx"), "xl/workbook.xml", lambda xml: xml[: xml.find(b"<sheets>")] + b"</workbook>"
    )
    assert refused(path).code in ("io_error", "no_data_sheet")


def test_the_template_on_another_sheet_than_the_first(tmp_path: Path) -> None:
    template = Template.scratch()
    template.add(project(1), (Homes(10), None))
    template.book.create_sheet("Voorblad", 0).append(["Plannen van de gemeente"])
    drafts, findings = read(template, tmp_path)
    assert [d.source_id for d in drafts] == ["1"]
    assert not findings


def test_a_zip_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small outside, large inside."""
    monkeypatch.setattr(outside, "LARGEST_CONTENT", 20 * 2**20)
    path = plain(tmp_path / "x.xlsx")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as package, package.open("xl/media/x.bin", "w") as part:
        for _ in range(30):
            part.write(bytes(2**20))
    assert path.stat().st_size < 2**18
    assert "te groot" in refused(path).nl


def test_a_zip_that_lies_about_its_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outside, "LARGEST_CONTENT", 20 * 2**20)
    path = plain(tmp_path / "x.xlsx")
    big = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(big, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name) + (b" " * 30 * 2**20 if name == SHEET else b""))
        info = new.getinfo(SHEET)
        real = info.file_size
    # Every place that holds the real size now says 1000.
    path.write_bytes(big.getvalue().replace(struct.pack("<I", real), struct.pack("<I", 1000)))
    refused(path)


def test_xml_entities_are_refused(tmp_path: Path) -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    path = changed(
        plain(tmp_path / "x.xlsx"), "xl/workbook.xml", lambda xml: xml.replace(b"<workbook", bomb + b"<workbook", 1)
    )
    assert "beschadigd" in refused(path).nl


@pytest.mark.parametrize("cell", [b'<c r="B1048576"><v>1</v></c>', b'<c t="n" r="XFD1048576"><v>1</v></c>'])
def test_one_cell_at_the_far_end_does_not_eat_the_memory(cell: bytes, tmp_path: Path) -> None:
    row = b'<row r="1048576">' + cell + b"</row></sheetData>"
    path = changed(plain(tmp_path / "x.xlsx"), SHEET, lambda xml: xml.replace(b"</sheetData>", row))
    assert ("rij 1048576" in refused(path).nl) or ("XFD" in refused(path).nl)


def test_a_million_empty_rows_are_no_problem(tmp_path: Path) -> None:
    rows = b"".join(b'<row r="%d"><c r="A%d" s="0"/></row>' % (n, n) for n in range(100, 1_048_577, 4))
    path = changed(plain(tmp_path / "x.xlsx"), SHEET, lambda xml: xml.replace(b"</sheetData>", rows + b"</sheetData>"))
    report = Report()
    assert len(read_excel(path, register(), report)) == 1
    assert not report.findings


def test_too_large_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outside, "LARGEST_FILE", 1000)
    assert "te groot" in refused(plain(tmp_path / "x.xlsx")).nl


def test_a_cut_off_file(tmp_path: Path) -> None:
    path = plain(tmp_path / "x.xlsx")
    data = path.read_bytes()
    for part in (10, 100, len(data) // 2, len(data) - 30):
        path.write_bytes(data[:part])
        refused(path)


@given(at=st.integers(0, 20_000), garbage=st.binary(min_size=1, max_size=8))
def test_any_damage_is_told_or_harmless(at: int, garbage: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    path = plain(folder / "x.xlsx")
    data = bytearray(path.read_bytes())
    at %= len(data)
    data[at : at + len(garbage)] = garbage
    path.write_bytes(data)
    report = Report()
    try:
        drafts = read_excel(path, register(), report)
    except Unreadable:
        drafts = []
    assert len(drafts) <= 1
    shutil.rmtree(folder)


# --- what the bulk reader would lose in silence -----------------------------------------------------------------------


def with_cell(header: str, value: object, section: str = PROJECT) -> Template:
    template = Template.scratch()
    template.add(project(1), (Homes(10), None))
    template.put(FIRST_ROW, section, header, value)
    return template


def test_a_formula_that_was_never_calculated(tmp_path: Path) -> None:
    template = with_cell("Bouw", "=5+5", NUMBERS)
    _, findings = read(template, tmp_path)
    (finding,) = findings
    assert (finding.code, finding.row) == ("formula_without_value", FIRST_ROW)
    assert finding.column == "AP (Bouw)"


def test_a_formula_with_its_result(tmp_path: Path) -> None:
    template = Template.scratch()
    template.add(project(1), (Homes(10), None))
    path = changed(
        template.save(tmp_path / "x.xlsx"),
        SHEET,
        lambda xml: xml.replace(b'<c r="AP6" t="n"><v>10</v></c>', b'<c r="AP6"><f>5+6</f><v>11</v></c>'),
    )
    report = Report()
    drafts = read_excel(path, register(), report)
    assert not report.findings
    assert drafts[0].blocks[0].block.number == 11


def test_a_formula_that_gives_an_empty_text(tmp_path: Path) -> None:
    path = changed(
        plain(tmp_path / "x.xlsx"),
        SHEET,
        lambda xml: xml.replace(b'<c r="AP6"', b'<c r="AF6" t="str"><f>""</f><v></v></c><c r="AP6"'),
    )
    report = Report()
    read_excel(path, register(), report)
    assert not report.findings


def test_error_cells(tmp_path: Path) -> None:
    template = Template.scratch()
    template.add(project(1), (Homes(10, {date(2026, 1, 1): 10}), None))
    for section, header in ((PROJECT, "Naam"), (PROJECT, "Start project"), (BUILD, "Opleverdatum")):
        cell = template.sheet.cell(FIRST_ROW, template.find(section, header))
        cell.value, cell.data_type = "#N/A", "e"
    _, findings = read(template, tmp_path)
    assert [(f.code, f.value) for f in findings] == [
        ("not_string", "#N/A"),
        ("not_date", "#N/A"),
        ("not_numeric", "#N/A"),
    ]


def test_an_error_in_the_number_of_the_project(tmp_path: Path) -> None:
    template = Template.scratch()
    template.add(project(1), (Homes(10), None))
    cell = template.sheet.cell(FIRST_ROW, template.find(PROJECT, "Identificatie nr"))
    cell.value, cell.data_type = "#REF!", "e"
    assert codes(template, tmp_path) == ["not_numeric"]


def test_a_number_beyond_any_date(tmp_path: Path) -> None:
    """The bulk reader panics on it; the other reader says which cell it is."""
    template = with_cell("Eind project", -106751991169.0)
    template.sheet.cell(FIRST_ROW, template.find(PROJECT, "Eind project")).number_format = "dd/mm/yyyy"
    _, findings = read(template, tmp_path)
    assert [(f.code, f.column) for f in findings] == [("not_date", "O (Eind project)")]


def test_hidden_rows_are_read_and_told(tmp_path: Path) -> None:
    template = Template.scratch()
    template.add(project(1), (Homes(10), None))
    template.add(project(2), (Homes(10), None))
    template.sheet.row_dimensions[FIRST_ROW + 1].hidden = True
    drafts, findings = read(template, tmp_path)
    assert len(drafts) == 2
    assert [(f.code, f.row, f.value) for f in findings] == [("hidden_rows", FIRST_ROW + 1, "7")]


def test_project_cells_merged_over_rows_hold_for_all_of_them(tmp_path: Path) -> None:
    template = Template.scratch()
    template.add(project(1), (Homes(10), None))
    template.homes(FIRST_ROW + 1, BUILD, "Bouw", Homes(5))
    for header in project(1):
        column = template.find(PROJECT, header)
        template.sheet.merge_cells(start_row=FIRST_ROW, end_row=FIRST_ROW + 1, start_column=column, end_column=column)
    drafts, findings = read(template, tmp_path)
    assert not findings
    assert [b.block.number for b in drafts[0].blocks] == [10, 5]


def test_numbers_of_homes_merged_over_rows_are_refused(tmp_path: Path) -> None:
    template = Template.scratch()
    for _ in range(2):
        template.add(project(1), (Homes(10), None))
    column = template.find(NUMBERS, "Bouw")
    template.sheet.merge_cells(start_row=FIRST_ROW, end_row=FIRST_ROW + 1, start_column=column, end_column=column)
    assert "merged_cells" in codes(template, tmp_path)


def test_dates_counted_from_1904(tmp_path: Path) -> None:
    template = Template.scratch()
    template.book.epoch = CALENDAR_MAC_1904
    template.add(project(1), (Homes(10, {date(2026, 1, 1): 10}), None))
    drafts, findings = read(template, tmp_path)
    assert not findings
    assert drafts[0].end == date(2028, 12, 31)
    assert drafts[0].blocks[0].block.deliveries[0].date == date(2026, 1, 1)


# --- headings ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("header", ["Plan soort", "Identificatie nr", "Bouw", "7 Nazorg", "Doelgroep categorie"])
def test_a_missing_heading(header: str, tmp_path: Path) -> None:
    template = Template.scratch(without=(header,))
    cells = {key: value for key, value in project(1).items() if key != header}
    template.add(cells, (Homes(None if header == "Bouw" else 10), None))
    _, findings = read(template, tmp_path)
    assert [(f.code, f.value, f.row) for f in findings] == [("missing_headers", header, 4)]


def test_several_missing_headings_in_one_finding(tmp_path: Path) -> None:
    template = Template.scratch(without=("Naam", "Gemeente", "Buurt"))
    template.add({"Identificatie nr": 1}, (None, None))
    assert [f.value for f in read(template, tmp_path)[1] if f.code == "missing_headers"] == ["Naam, Gemeente, Buurt"]


def test_columns_of_later_layouts_are_not_missed(tmp_path: Path) -> None:
    later = (
        "Koopprijs waarde",
        "Huurprijs particuliere verhuurder categorie",
        "Huurprijs woningcorporatie categorie",
        "Eigendom type onbekend",
        "Woning type onbekend",
    )
    template = Template.scratch(without=later)
    template.add(project(1), (Homes(10, owners={"Particuliere verhuurder": 10}), None))
    assert codes(template, tmp_path) == []


def test_rent_columns_of_the_older_layout_hold_price_classes(tmp_path: Path) -> None:
    template = Template.scratch()
    row = template.add(project(1), (None, Homes(10, owners={"Particuliere verhuurder": 10})))
    template.put_sub(row, "Sloop gegevens", "Huurprijs particuliere verhuurder", "Sociaal", 10)
    drafts, findings = read(template, tmp_path)
    assert not findings
    (prices,) = drafts[0].blocks[0].prices.values()
    assert prices[0].option is not None


def test_bare_unknown_columns_count(tmp_path: Path) -> None:
    template = Template.scratch()
    row = template.add(project(1), (None, Homes(10, owners={"Koopwoning": 4}, types={"Eengezins woning": 3})))
    unknown = [c for s, h, c in template.columns if (s, h) == ("Sloop gegevens", "Onbekend")]
    template.sheet.cell(row, unknown[0]).value = 6
    template.sheet.cell(row, unknown[1]).value = 7
    assert codes(template, tmp_path) == []


def test_the_order_of_columns_is_free(tmp_path: Path) -> None:
    template = Template.scratch()
    first, last = template.find(PROJECT, "Identificatie nr"), template.find(PROJECT, "Buurt")
    for row in (4, 5):
        a, b = template.sheet.cell(row, first), template.sheet.cell(row, last)
        a.value, b.value = b.value, a.value
    template.sheet.cell(SECTION_ROW, first).value = PROJECT
    swapped = Template(template.book)
    swapped.add(project(1), (Homes(10), None))
    drafts, findings = read(swapped, tmp_path)
    assert not findings
    assert drafts[0].source_id == "1"


def test_rows_above_the_headings_do_not_matter(tmp_path: Path) -> None:
    template = Template.scratch()
    template.add(project(1), (Homes(0), None))
    template.sheet.insert_rows(1, 3)
    _, findings = read(template, tmp_path)
    assert [(f.code, f.row) for f in findings] == [("houseblock_housing_number", FIRST_ROW + 3)]


def test_a_row_without_a_number_is_left_out_and_told(tmp_path: Path) -> None:
    template = Template.scratch()
    template.add(project(1), (Homes(10), None))
    template.add(project(None), (Homes("onzin"), None))  # type: ignore[arg-type]  # it may hold anything
    drafts, findings = read(template, tmp_path)
    assert len(drafts) == 1
    assert [(f.code, f.value) for f in findings] == [("rows_skipped", "7")]


def test_what_is_not_of_the_template_is_told(tmp_path: Path) -> None:
    template = Template.scratch()
    template.add(project(1), (Homes(10), None))
    sheet, column = template.sheet, template.find(PROJECT, "Maatwerk project eigenschap")
    sheet.cell(4, column).value = "Eigen aantekening"
    sheet.cell(6, column).value = "let op"
    sheet.cell(6, column + 1).value = "zonder naam"
    assert warnings(template, tmp_path) == ["unknown_header", "column_ignored"]


def test_the_same_column_twice(tmp_path: Path) -> None:
    template = Template.scratch()
    template.add(project(1), (Homes(10), None))
    sheet, column = template.sheet, template.find(PROJECT, "Maatwerk project eigenschap")
    sheet.cell(4, column).value = "Naam"
    assert codes(template, tmp_path) == []
    sheet.cell(6, column).value = "Andere naam"
    assert codes(template, tmp_path) == ["duplicate_header"]


def test_delivery_columns_of_the_same_day_add_up(tmp_path: Path) -> None:
    template = Template.scratch()
    row = template.add(project(1), (Homes(10, {date(2026, 1, 1): 4, "2026-01-01": 6}), None))
    drafts, findings = read(template, tmp_path)
    assert not findings
    assert [(d.date, d.number) for d in drafts[0].blocks[0].block.deliveries] == [(date(2026, 1, 1), 10)]
    assert drafts[0].row == row


def test_reading_is_not_quadratic(tmp_path: Path) -> None:
    """Ten times the rows takes about ten times as long, not a hundred, errors and all."""
    import time

    def seconds(rows: int) -> float:
        template = Template.scratch()
        for number in range(rows):
            template.add(project(number % 5, Wijk="Verweg"), (Homes(10, owners={"Koopwoning": 3}), None))
        path = template.save(tmp_path / f"{rows}.xlsx")
        best = 9e9
        for _ in range(3):
            start = time.perf_counter()
            read_excel(path, register(), Report())
            best = min(best, time.perf_counter() - start)
        return best

    assert seconds(2000) < 40 * seconds(200)


def test_thousands_of_columns_on_few_rows_are_read(tmp_path: Path) -> None:
    template = Template.scratch()
    template.add(project(1), (Homes(10), None))
    last = template.sheet.max_column
    for column in range(last + 1, last + 2_000):
        template.sheet.cell(FIRST_ROW, column).value = 1
    drafts, _ = read(template, tmp_path)
    assert [draft.name for draft in drafts] == ["Project 1"]


def test_a_cell_far_away_is_told_where_it_is(tmp_path: Path) -> None:
    template = Template.scratch()
    template.add(project(1), (Homes(10), None))
    template.sheet.cell(1_000_000, 30).value = 1
    sentence = refused(template.save(tmp_path / "x.xlsx")).nl
    assert "rij 1000000" in sentence
    assert "kolom ZZ" not in sentence


def test_a_file_that_is_replaced_after_the_first_look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = plain(tmp_path / "file.xlsx")
    parts = outside.check_package(path)
    changed(path, "xl/styles.xml", lambda data: data + b" " * 2**20)
    monkeypatch.setattr(outside, "LARGEST_CONTENT", 2**20)
    with pytest.raises(Unreadable, match="te groot"):
        outside.read_book(path, parts[0], parts)
