"""What the pictures of working together show: a colleague who changed the same things, and a change that was denied.

Made without a server: the items are put in the inbox as a synchronisation does.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from datetime import UTC, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from diwi_desktop.store import queries

if TYPE_CHECKING:
    from diwi_desktop.store import Store
    from diwi_desktop.sync.status import Status

_COLLEAGUE = "Noor de Wit"
_DENIED = (
    "not_yours",
    "U kunt dit project bekijken; alleen een eigenaar of een hoofdgebruiker kan het wijzigen.",
    "You can look at this project; only an owner or a main user can change it.",
)
_PAPERS = (
    ("Anterieure overeenkomst.pdf", "OVEREENKOMST", "2026-03-12", "Getekend door beide partijen", 1_240_000),
    ("Stedenbouwkundig plan v3.dwg", "TEKENING", "2026-06-01", "", 18_300_000),
    ("Raadsvoorstel.docx", "BESLUIT", "2026-10-29", "Concept, nog niet openbaar", 84_000),
)
_BEGINS = {".pdf": b"%PDF-1.7", ".dwg": b"AC1032", ".docx": b"PK\x03\x04"}


def disagree(store: Store, project: str, other: str) -> None:
    """Conflicts about a project's name, end, homes and contour, and changes to another project that were denied."""
    from shapely.affinity import scale, translate

    from diwi_desktop.geo.shape import from_ewkb, normalise, to_ewkb_hex

    row = queries.entity(store, "project", project) or {}
    area = queries.entities(store, "plan_area", parent=project)[0]
    block = queries.entities(store, "houseblock", parent=project)[0]
    shape = from_ewkb(area["geometry"])
    mine = normalise(translate(scale(shape, 0.85, 0.9), -12, 6))[0]
    theirs = normalise(scale(shape, 1.12, 1.05))[0]
    end = str(row["end_date"])
    rows = [
        _row("conflict", "project", project, project, "name", row["name"], f"{row['name']} Zuid", f"{row['name']}hof"),
        _row("conflict", "project", project, project, "end_date", end, _later(end, 1), _later(end, 2)),
        _row("conflict", "houseblock", block["id"], project, "number", block["number"], block["number"] + 6,
             block["number"] - 4),
        _row("conflict", "plan_area", area["id"], project, "geometry", to_ewkb_hex(shape), to_ewkb_hex(mine),
             to_ewkb_hex(theirs)),
        _row("denied", "project", other, other, "project_leader", None, "A. de Vries", None, _DENIED),
        _row("denied", "project", other, other, "end_date", None, "2033-06-30", None, _DENIED),
    ]  # fmt: skip
    _put(store, rows)


def _later(day: str, years: int) -> str:
    return f"{int(day[:4]) + years}{day[4:]}"


def _row(
    result: str, kind: str, entity: str, project: str, field: str, base: Any, mine: Any, theirs: Any,
    why: tuple[str, str, str] = ("", "", ""),
) -> list[Any]:  # fmt: skip
    values = [None if value is None else json.dumps(value) for value in (base, mine, theirs)]
    return [result, kind, entity, project, field, *values, *why]


def _put(store: Store, rows: list[list[Any]]) -> None:
    """In the inbox, as changes of the last own act."""
    from diwi_desktop.store import inbox

    act = queries.acts(store, limit=1)[0].id
    now = store.clock.now().astimezone(UTC)
    theirs = (now - timedelta(hours=2, minutes=17)).isoformat(timespec="microseconds")
    with store.transaction() as connection:
        inbox.add(connection, [
            (act, -1 - n, *row[:8], _COLLEAGUE, theirs, 1, *row[8:], now.isoformat(timespec="microseconds"))
            for n, row in enumerate(rows)
        ])  # fmt: skip


def attach(store: Store, project: str) -> None:
    """Three documents: one here, one that is being sent, one at the server."""
    from diwi_desktop.store import blobs
    from diwi_desktop.sync import documents

    with tempfile.TemporaryDirectory(prefix="diwi-shots-") as folder:
        for place, (name, kind, day, note, size) in enumerate(_PAPERS):
            path = Path(folder) / name
            path.write_bytes(_BEGINS[path.suffix].ljust(size, bytes([place])))
            values = {"kind": kind, "date": day, "note": note or None}
            id = documents.attach(store, project, path, values)
            sha256 = str((queries.entity(store, "document", id) or {})["sha256"])
            state, share = ((blobs.HERE, 0.0), (blobs.UP, 0.4), (blobs.AWAY, 0.0))[place]
            blobs.mark(store, sha256, state, round(size * share))


def connected(store: Store) -> Status:
    """The store as one that has a server, without asking any; how it stands then."""
    from diwi_desktop.store import syncstate
    from diwi_desktop.sync import status

    with store.transaction() as connection:
        now = store.clock.now().astimezone(UTC).isoformat(timespec="microseconds")
        syncstate.put(connection, {"register": str(UUID(int=1)), "url": "https://diwi.duinwijk.example",
                                   "last_full_at": now})  # fmt: skip
    # The demo was never sent anywhere; after a first synchronisation little waits.
    return replace(status.look(store), waiting=3)
