"""What a document's file may be, by its name and first bytes."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest

from diwi_desktop.model.filekinds import HEAD, PROGRAMS, WrongKind, check

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100)


def windows_program() -> bytes:
    """As short as one can be: a header that says where the rest begins."""
    return b"MZ" + bytes(58) + (128).to_bytes(4, "little") + bytes(64) + b"PE\0\0" + bytes(100)


@pytest.mark.parametrize(("name", "head"), [
    ("brief.pdf", b"%PDF-1.7\n"), ("scan.PDF", b"\xef\xbb\xbf\r\n%PDF-1.4"), ("foto.jpg", b"\xff\xd8\xff\xe0"),
    ("foto.jpeg", b"\xff\xd8\xff\xe1"), ("kaart.png", b"\x89PNG\r\n\x1a\n"), ("kaart.tif", b"II*\0"),
    ("kaart.tiff", b"MM\0*"), ("groot.tif", b"II+\0"), ("beweegt.gif", b"GIF89a"), ("plan.docx", b"PK\x03\x04"),
    ("geheim.xlsx", OLE), ("model.xlsm", b"PK\x03\x04"), ("nota.odt", b"PK\x03\x04"), ("leeg.zip", b"PK\x05\x06"),
    ("oud.doc", OLE), ("oud.doc", b"{\\rtf1"), ("oud.xls", OLE), ("heel oud.xls", b"\x09\x08\x10\0"), ("mail.msg", OLE),
    ("tekening.dwg", b"AC1032"), ("tekening.dxf", b"  0\nSECTION"), ("data.gpkg", b"SQLite format 3\0"),
    ("foto.webp", b"RIFF\x10\0\0\0WEBPVP8 "), ("foto.heic", b"\0\0\0\x18ftypheic"),
    ("notitie.txt", b"MZ is een afkorting"), ("zonder ending", b"iets"), ("plan.iets", b"\x01\x02"),
    ("pagina.html", b"<html>"), (".pdf", b"een naam zonder ending"),
])  # fmt: skip
def test_what_is_taken(name: str, head: bytes) -> None:
    check(name, head[:HEAD])


@pytest.mark.parametrize(("name", "head"), [
    ("brief.pdf", b"PK\x03\x04"), ("brief.pdf", b""), ("brief.pdf", b" " * 1020 + b"%PDF-1.7"), ("foto.jpg", b"GIF89a"),
    ("kaart.PNG", b"%PDF-1.7"), ("kaart.png ", b"%PDF-1.7"), ("kaart.png.", b"%PDF-1.7"), ("plan.docx", b"<html>"),
    ("plan.doc", b"<html>"), ("oud.xls", b"a\tb\n"), ("nota.odt", OLE), ("data.zip", b"Rar!\x1a\x07"),
    ("tekening.dwg", b"  0\nSECTION"), ("foto.webp", b"RIFF\x10\0\0\0WAVEfmt "), ("foto.heic", b"\0\0\0\x18"),
])  # fmt: skip
def test_what_is_not_what_its_name_says(name: str, head: bytes) -> None:
    with pytest.raises(WrongKind) as told:
        check(name, head)
    assert told.value.code == "file_not_its_kind"
    assert told.value.nl != told.value.en


@pytest.mark.parametrize(("name", "head"), [
    *((f"hulp{ending}", b"tekst") for ending in sorted(PROGRAMS)), ("FACTUUR.PDF.EXE", b"%PDF-1.7"),
    ("zonder ending", windows_program()), ("plan.txt", windows_program()), ("plan", b"\x7fELF\x02"),
    ("plan.csv", b"#!/bin/sh\n"), ("plan", b"\x4c\0\0\0\x01\x14\x02\0"), ("brief.pdf", windows_program()),
    ("hulp.exe. ", b"tekst"),
])  # fmt: skip
def test_programs_are_not_taken_whatever_they_are_called(name: str, head: bytes) -> None:
    with pytest.raises(WrongKind) as told:
        check(name, head)
    assert told.value.code == "file_program"


def test_files_as_programs_write_them() -> None:
    book, packed = io.BytesIO(), io.BytesIO()
    openpyxl.Workbook().save(book)
    with zipfile.ZipFile(packed, "w"):
        pass
    check("blad.xlsx", book.getvalue()[:HEAD])
    check("leeg.zip", packed.getvalue())
