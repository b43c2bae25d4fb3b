"""What kind of import a file is: by its content, and by its name only where the content does not tell."""

from __future__ import annotations

from pathlib import Path

from diwi_desktop.basedata import readers
from diwi_desktop.exchange.messages import Unreadable

EXCEL, GEOJSON, PARCELS, BUILDINGS = "excel", "geojson", "parcels", "buildings"
KINDS = (EXCEL, GEOJSON, PARCELS, BUILDINGS)

_BY_CONTENT = {"excel": EXCEL, "geojson-plans": GEOJSON, "parcels": PARCELS, "buildings": BUILDINGS}
# A file with one of these names is told what is wrong with it as a file of that kind.
_BY_NAME = {".xlsx": EXCEL, ".xlsm": EXCEL, ".xls": EXCEL, ".xlsb": EXCEL, ".ods": EXCEL, ".geojson": GEOJSON}


def kind_of(path: Path) -> str:
    """ "excel", "geojson", "parcels" or "buildings".

    Raises Unreadable when it is none of these, ReadError when it cannot be opened at all.
    """
    found = readers.sniff(path)
    kind = _BY_CONTENT[found] if found is not None else _BY_NAME.get(path.suffix.lower())
    if kind is None:
        raise Unreadable(
            "Dit bestand wordt niet herkend als Excel-sjabloon, DIWI-GeoJSON, percelen of panden.",
            "This file is not recognised as an Excel template, DIWI GeoJSON, parcels or buildings.",
        )
    return kind
