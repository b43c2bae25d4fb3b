"""Base data in columns: parcels, buildings, addresses and areas, ready for the store and the map.

Columns rather than objects, because a municipality has a hundred thousand parcels. All columns of a table
are equally long and row i of each belongs together. Geometries are normalised MultiPolygons in RD New (see
`geo.shape`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Geometries = NDArray[np.object_]


def no_geometries() -> Geometries:
    """An empty column of geometries."""
    return np.empty(0, dtype=object)


@dataclass(frozen=True)
class SourceFacts:
    """Where a table comes from: `register` in Dutch ("Kadastrale kaart v5"), the file's name, its format,
    the coordinate system it was in, and the name that has to be shown with it on a map. `places`: the cadastral
    municipalities, "Otterlo (OTL02)", that with the most objects first.
    """

    register: str
    file: str = ""
    format: str = ""
    crs: str = "EPSG:28992"
    attribution: str = "Kadaster"
    places: tuple[str, ...] = ()


@dataclass
class ParcelTable:
    """Cadastral parcels (percelen).

    `designation` is "OTL02-B-2298": AKR code of the cadastral municipality, section, number. `lokaal_id` is
    the register's own identification (14 digits). `registered_area` is the legal size in m2, which may
    differ from the area of the geometry.
    """

    designation: list[str] = field(default_factory=list)
    municipality_code: list[str] = field(default_factory=list)
    section: list[str] = field(default_factory=list)
    number: list[int] = field(default_factory=list)
    lokaal_id: list[str] = field(default_factory=list)
    registered_area: list[float | None] = field(default_factory=list)
    geometry: Geometries = field(default_factory=no_geometries)
    source: SourceFacts = SourceFacts("Kadastrale kaart")

    def __len__(self) -> int:
        return len(self.designation)


@dataclass
class BuildingTable:
    """Buildings (BAG panden): identification (16 digits), year built, status and purposes as the register
    words them.
    """

    identificatie: list[str] = field(default_factory=list)
    bouwjaar: list[int | None] = field(default_factory=list)
    status: list[str] = field(default_factory=list)
    gebruiksdoel: list[str] = field(default_factory=list)
    geometry: Geometries = field(default_factory=no_geometries)
    source: SourceFacts = SourceFacts("BAG")

    def __len__(self) -> int:
        return len(self.identificatie)


@dataclass
class AddressTable:
    """Addresses: "Dorpsstraat 12", postcode "1969 AB", town, and a point in RD metres."""

    text: list[str] = field(default_factory=list)
    postcode: list[str] = field(default_factory=list)
    town: list[str] = field(default_factory=list)
    x: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    y: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))

    def __len__(self) -> int:
        return len(self.text)


@dataclass
class AreaTable:
    """Districts (wijken, code WK099901) or neighbourhoods (buurten, BU09990101) with the code of what they
    lie in.
    """

    code: list[str] = field(default_factory=list)
    name: list[str] = field(default_factory=list)
    parent: list[str] = field(default_factory=list)
    geometry: Geometries = field(default_factory=no_geometries)

    def __len__(self) -> int:
        return len(self.code)
