"""Readable project codes that stay unique when several laptops make projects without a network.

`HMK-2026-KTB-017`: the municipality's letters, the year, the three letters of the laptop, and a number that the laptop
counts itself. Two laptops have different letters, so they cannot give the same code. A sub-plan gets the code of its
mother with a number, `HMK-2026-KTB-017.2`; when another laptop than the mother's makes it, its letters come along:
`HMK-2026-KTB-017.WXZ1`.
"""

from __future__ import annotations

from typing import Any

from diwi_desktop.store.device import Device
from diwi_desktop.store.driver import Connection


def prefix_of(name: str) -> str:
    """Three capitals of a municipality's name for its project codes: the first consonants, filled up with X."""
    letters = [c for c in name.upper() if c.isascii() and c.isalpha()]
    first = letters[:1] + [c for c in letters[1:] if c not in "AEIOUY"]
    return "".join([*first, "X", "X", "X"][:3])


def next_code(
    connection: Connection, project: dict[str, Any], device: Device, year: int, used: dict[str, int] | None = None
) -> str:
    """The code for a new project, given the rows that are in the store.

    `used` keeps the highest number per start between calls, for an act that makes many projects.
    """
    known = {} if used is None else used
    if project.get("parent"):
        mother = connection.execute("SELECT code FROM project WHERE id = ?", (project["parent"],)).fetchone()
        if mother is not None:
            own = mother[0].split("-")[2:3] == [device.tag]
            return _next(connection, f"{mother[0]}.{'' if own else device.tag}", 0, known)
    prefix = connection.execute("SELECT prefix FROM municipality WHERE deleted_at IS NULL LIMIT 1").fetchone()
    return _next(connection, f"{prefix[0] if prefix else 'PLN'}-{year}-{device.tag}-", 3, known)


def _next(connection: Connection, start: str, width: int, known: dict[str, int]) -> str:
    """The lowest number above all that are or were in use with this start (deleted projects keep their code)."""
    if start not in known:
        rows = connection.execute(
            "SELECT code FROM project WHERE code >= ? AND code < ?", (start, start + "\U0010ffff")
        )
        known[start] = max((int(code[len(start) :]) for (code,) in rows if code[len(start) :].isdecimal()), default=0)
    known[start] += 1
    return f"{start}{known[start]:0{width}d}"
