"""What a document's file may be: its content is of the kind that its name says, and it is no program (ASVS 5.2.2).

Only the first bytes are looked at and nothing is interpreted. A name that says a kind which is not known here passes
as it is - planners keep files of many kinds - but a program does not, whatever it is called. Laptop and server use the
same rule: the laptop when a document is added, the server when its file is complete.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath

from diwi_desktop.model.finding import UserError

HEAD = 4_096  # bytes of a file that are looked at

# Programs, scripts and what starts them on a double click.
PROGRAMS = frozenset(
    ".app .appx .bat .cmd .com .command .cpl .desktop .dll .exe .gadget .hta .inf .jar .js .jse .lnk .msc .msi .msix"
    " .msp .pif .ps1 .psm1 .py .pyw .reg .scf .scr .sh .vb .vbe .vbs .wsc .wsf .wsh".split()
)

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLE = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",)  # Office up to 2003, and newer files with a password
_RTF = (b"{\\rtf",)
_TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_JPEG = (b"\xff\xd8\xff",)
# How a file of each kind begins; one of these.
_BEGINS: dict[str, tuple[bytes, ...]] = {
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".jpg": _JPEG,
    ".jpeg": _JPEG,
    ".gif": (b"GIF87a", b"GIF89a"),
    ".tif": _TIFF,
    ".tiff": _TIFF,
    ".bmp": (b"BM",),
    ".zip": _ZIP,
    **dict.fromkeys((".odt", ".ods", ".odp", ".odg", ".kmz", ".xlsb"), _ZIP),
    **dict.fromkeys((".docx", ".docm", ".dotx", ".xlsx", ".xlsm", ".xltx", ".pptx", ".pptm", ".vsdx"), _ZIP + _OLE),
    ".doc": _OLE + _RTF,
    ".xls": (*_OLE, b"\x09\x00", b"\x09\x02", b"\x09\x04", b"\x09\x08"),  # Excel 2, 3, 4 and 5
    **dict.fromkeys((".ppt", ".msg", ".vsd"), _OLE),
    ".rtf": _RTF,
    ".dwg": (b"AC1", b"AC2", b"MC0"),
    ".gpkg": (b"SQLite format 3\0",),
    ".shp": (b"\0\0\x27\x0a",),
    ".7z": (b"7z\xbc\xaf\x27\x1c",),
    ".rar": (b"Rar!\x1a\x07",),
    ".gz": (b"\x1f\x8b",),
}
# Where the mark does not stand at the very beginning.
_HOLDS: dict[str, Callable[[bytes], bool]] = {
    ".pdf": lambda head: b"%PDF-" in head[:1024],  # ISO 32000 readers take something before it
    ".webp": lambda head: head[:4] == b"RIFF" and head[8:12] == b"WEBP",
    **dict.fromkeys((".heic", ".heif", ".mp4", ".mov", ".m4a"), lambda head: head[4:8] in (b"ftyp", b"moov", b"mdat",
                                                                                         b"wide", b"free")),
}  # fmt: skip
_PROGRAM_BEGINS = (
    b"\x7fELF", b"#!/", b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe", b"\x4c\0\0\0\x01\x14\x02\0",
)  # fmt: skip  # ELF, scripts, Mach-O, Java, a Windows shortcut


class WrongKind(UserError):
    """A file that is not what its name says (`file_not_its_kind`), or a program (`file_program`)."""


def check(name: str, head: bytes) -> None:
    """Raises WrongKind for a file of this name that begins with these bytes: `HEAD` of them, or all there are."""
    ending = PurePath(name.rstrip(" .")).suffix.lower()
    if ending in PROGRAMS or _is_program(head):
        raise WrongKind(
            "Programma's en scripts horen niet bij de documenten; dit bestand wordt niet aangenomen.",
            "Programs and scripts do not belong with the documents; this file is not taken.",
            code="file_program",
        )
    begins, holds = _BEGINS.get(ending), _HOLDS.get(ending)
    if (begins and not head.startswith(begins)) or (holds and not holds(head)):
        raise WrongKind(
            f"De inhoud is geen {ending}-bestand, al zegt de naam van wel; geef het de naam die erbij hoort.",
            f"The content is no {ending} file, though the name says so; give it the name that belongs to it.",
            code="file_not_its_kind",
        )


def _is_program(head: bytes) -> bool:
    if head.startswith(_PROGRAM_BEGINS):
        return True
    # A program of Windows; its first two letters alone may begin a text.
    at = int.from_bytes(head[60:64], "little")
    return head.startswith(b"MZ") and head[at : at + 4] == b"PE\0\0"
