"""How quarters of a Dutch town were built, by period."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Style:
    """How a quarter was built. Lengths in metres; shares are of blocks (green, flats, facility) or of lots
    (wide).
    """

    name: str
    years: tuple[int, int]
    depth: float  # of a block: two rows of lots
    length: float  # of a block along the street
    street: float
    widths: tuple[float, float]
    dwelling: str  # row, semi, detached, centre, industry
    setback: tuple[float, float]
    building_depth: tuple[float, float]
    alley: float = 0.0
    green: float = 0.0
    flats: float = 0.0
    facility: float = 0.0
    wide: float = 0.0


CENTRE = Style(
    "centrum", (1790, 1965), 46, 85, 8.5, (6.0, 12.0), "centre", (0.6, 1.5), (11, 17), facility=0.06, flats=0.04
)
GARDEN_CITY = Style(
    "tuindorp", (1918, 1940), 47, 115, 9.5, (5.6, 7.0), "row", (2.0, 3.5), (7.5, 9), 0.25, 0.06, 0.0, 0.04, 0.1
)
POST_WAR = Style("naoorlogs", (1950, 1968), 52, 140, 12.0, (5.8, 7.2), "row", (3.5, 6), (8, 9.5), 0.7, 0.1, 0.13, 0.05)
SEVENTIES = Style(
    "jaren zeventig", (1969, 1989), 49, 90, 9.0, (5.6, 7.6), "row", (2.5, 7), (9, 11), 0.6, 0.13, 0.03, 0.04, 0.12
)
NINETIES = Style(
    "vinex", (1994, 2016), 53, 125, 11.0, (5.4, 8.0), "row", (2.0, 4), (9.5, 11), 0.6, 0.08, 0.04, 0.04, 0.2
)
SEMI_DETACHED = Style(
    "twee-onder-een-kap", (1930, 2005), 62, 130, 10.0, (9.5, 13.5), "semi", (5, 8), (9, 12), 0.1, 0.06, 0.0, 0.03
)
VILLAS = Style("villawijk", (1905, 1995), 92, 200, 9.5, (19, 34), "detached", (9, 18), (10, 15), 0.0, 0.05)
BUSINESS = Style("bedrijventerrein", (1965, 2020), 130, 240, 15.0, (32, 75), "industry", (7, 12), (35, 48))
PARK = Style("park", (1900, 1990), 130, 220, 4.0, (50, 90), "none", (5, 9), (8, 12), green=1.0)
FARM = Style("buitengebied", (1850, 2010), 0, 0, 0, (40, 65), "farm", (10, 18), (12, 18))
