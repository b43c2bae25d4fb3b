"""What kind of import a file is, by its content, not by its name alone."""

from __future__ import annotations

import re
from pathlib import Path

from diwi_desktop.exchange.messages import Unreadable

EXCEL, GEOJSON, PARCELS, BUILDINGS = "excel", "geojson", "parcels", "buildings"
KINDS = (EXCEL, GEOJSON, PARCELS, BUILDINGS)
_HEAD = 256 * 1024

# Words that tell buildings (BAG panden) from parcels (BRK) in GML, GeoJSON and GeoPackage alike.
_BUILDING = re.compile(rb"bouwjaar|pandstatus|bag:pand|bag_pand|\"pand\"|oorspronkelijkbouwjaar", re.IGNORECASE)
_PARCEL = re.compile(rb"perceelnummer|kadastralegrootte|kadastrale_grootte|perceel", re.IGNORECASE)


def kind_of(path: Path) -> str:
    """ "excel", "geojson", "parcels" or "buildings". Raises Unreadable when it is none of these."""
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
    except OSError as error:
        raise Unreadable(
            f"Het bestand kan niet worden geopend: {error.strerror or error}.",
            f"The file cannot be opened: {error.strerror or error}.",
        ) from error
    suffix = path.suffix.lower()
    if suffix in (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"):
        return EXCEL
    if head.startswith(b"PK\x03\x04") and b"xl/" in head:
        return EXCEL
    if b"woning_blokken" in head or b"projectgegevens" in head:
        return GEOJSON
    if _BUILDING.search(head):
        return BUILDINGS
    if _PARCEL.search(head):
        return PARCELS
    if suffix in (".geojson", ".json"):
        return GEOJSON
    raise Unreadable(
        "Dit bestand wordt niet herkend als Excel-sjabloon, DIWI-GeoJSON, percelen of panden.",
        "This file is not recognised as an Excel template, DIWI GeoJSON, parcels or buildings.",
    )
