"""The catalogue of base maps: `maps/basemaps.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache

from diwi_desktop import assets


@dataclass(frozen=True)
class BaseMap:
    """A tile service in RD (see the catalogue for what the fields mean)."""

    key: str
    nl: str
    en: str
    help_nl: str
    help_en: str
    url: str
    attribution: str
    licence: str
    deepest: int
    photo: bool
    days: int

    def address(self, z: int, x: int, y: int) -> str:
        """Where a tile is fetched."""
        return self.url.format(z=z, x=x, y=y)


@cache
def base_maps() -> tuple[BaseMap, ...]:
    """All base maps, in the order of the file."""
    with assets.map_file("basemaps.toml").open("rb") as file:
        return tuple(BaseMap(key, **entry) for key, entry in tomllib.load(file).items())


def base_map(key: str) -> BaseMap:
    """One base map; KeyError for an unknown key."""
    for candidate in base_maps():
        if candidate.key == key:
            return candidate
    raise KeyError(key)
