"""A made-up municipality, whole: parcels with shared boundaries, buildings, addresses, districts and
neighbourhoods.

For the demo, for tests and for benchmarks; nothing in it is real. The same numbers always give the same
place. Lies around RD (107000, 499000).
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

import numpy as np
import shapely
from numpy.typing import NDArray

from diwi_desktop.basedata.partition import Floats, Ints
from diwi_desktop.basedata.records import AddressTable, AreaTable, BuildingTable, Geometries, ParcelTable, SourceFacts
from diwi_desktop.basedata.town import names as townnames
from diwi_desktop.basedata.town import styles
from diwi_desktop.basedata.town.plan import Lot, TownPlan, bend_of
from diwi_desktop.basedata.town.planner import make_plan

CENTRE_RD = (107_000.0, 499_000.0)
_PARCELS_PER_SECTION = 2_500
_SOURCE = SourceFacts("Demogemeente", format="gegenereerd", attribution="Demogegevens, niet echt")


@dataclass
class Fabric:
    """A municipality. `kinds` says per parcel what it is: erf, straat, water, akker or park."""

    municipality: str
    municipality_code: str
    parcels: ParcelTable
    buildings: BuildingTable
    addresses: AddressTable
    districts: AreaTable
    neighbourhoods: AreaTable
    kinds: NDArray[np.str_]
    neighbourhood_of: Ints  # per parcel the row in `neighbourhoods`


def make_fabric(parcels: int = 20_000, seed: int = 1) -> Fabric:
    """A municipality of about `parcels` parcels (within 10 percent for thousands; small ones vary more).

    The parcels cover the municipality without gap or overlap and share every point of their boundaries.
    Takes about a second for 20,000 parcels. ValueError for fewer than 100.
    """
    if parcels < 100:
        raise ValueError("a municipality has at least 100 parcels")
    plan = make_plan(parcels, seed)
    bend = bend_of(plan.radius)

    def warp(x: Floats, y: Floats) -> tuple[Floats, Floats]:
        x, y = bend(x, y)
        return x + CENTRE_RD[0], y + CENTRE_RD[1]

    polygons, points = plan.ground.polygons([lot.face for lot in plan.lots], warp)
    geometry = shapely.multipolygons(polygons, indices=np.arange(len(polygons)))
    random = Random(seed)
    quarter = _quarter_of(plan)
    order, districts, neighbourhoods = _areas(plan, geometry, quarter, random)
    neighbourhood_of = order[quarter]
    _name_streets(plan, quarter, random)
    buildings, addresses = _built(plan, points, np.random.default_rng(seed))
    return Fabric(
        townnames.MUNICIPALITY,
        townnames.MUNICIPALITY_CODE,
        _parcel_table(geometry, neighbourhood_of, np.random.default_rng(seed + 1)),
        buildings,
        addresses,
        districts,
        neighbourhoods,
        np.array([lot.kind for lot in plan.lots]),
        neighbourhood_of,
    )


# --- neighbourhoods, districts, sections
# ----------------------------------------------------------------------


def _quarter_of(plan: TownPlan) -> Ints:
    """The quarter of each lot; main roads and canals inside the town fall to the quarter they lie nearest
    to.
    """
    quarter = np.array([lot.quarter for lot in plan.lots])
    town = np.array([i for i, q in enumerate(plan.quarters) if not q.rural], dtype=np.int64)
    common = np.flatnonzero([lot.common for lot in plan.lots])
    if len(town):
        here = np.array([plan.ground.centre(plan.lots[i].face) for i in common]).reshape(-1, 2)
        there = np.array([(plan.quarters[i].x, plan.quarters[i].y) for i in town])
        distance = np.hypot(here[:, None, 0] - there[None, :, 0], here[:, None, 1] - there[None, :, 1])
        inside = np.array([plan.outside(x, y) < 20.0 for x, y in here.tolist()], dtype=bool)
        quarter[common[inside]] = town[distance[inside].argmin(axis=1)]
    return quarter


def _areas(plan: TownPlan, geometry: Geometries, quarter: Ints, random: Random) -> tuple[Ints, AreaTable, AreaTable]:
    """Districts and neighbourhoods with names and codes, and for each quarter its row among the
    neighbourhoods.
    """
    district_names = [_district(plan, index) for index in range(len(plan.quarters))]
    present = np.unique(quarter)
    themes = townnames.themes(random)
    names = _neighbourhood_names(plan, district_names, themes)
    row_of = np.full(len(plan.quarters), -1)
    districts, neighbourhoods = AreaTable(), AreaTable()
    shapes: list[shapely.MultiPolygon] = []
    district_shapes: list[shapely.MultiPolygon] = []
    for number, name in enumerate(sorted({district_names[i] for i in present}, key=_DISTRICTS.index), start=1):
        members = [int(i) for i in present if district_names[i] == name]
        districts.code.append(f"WK{townnames.MUNICIPALITY_CODE}{number:02d}")
        districts.name.append(name)
        districts.parent.append(f"GM{townnames.MUNICIPALITY_CODE}")
        district_shapes.append(_whole(geometry[np.isin(quarter, members)]))
        for place, member in enumerate(members, start=1):
            row_of[member] = len(neighbourhoods.code)
            neighbourhoods.code.append(f"BU{townnames.MUNICIPALITY_CODE}{number:02d}{place:02d}")
            neighbourhoods.name.append(names[member])
            neighbourhoods.parent.append(districts.code[-1])
            shapes.append(_whole(geometry[quarter == member]))
    districts.geometry = np.array(district_shapes, dtype=object)
    neighbourhoods.geometry = np.array(shapes, dtype=object)
    return row_of, districts, neighbourhoods


def _whole(geometries: Geometries) -> shapely.MultiPolygon:
    """Parcels that share their boundaries, as one area."""
    union = shapely.orient_polygons(shapely.coverage_union_all(geometries), exterior_cw=False)
    return union if isinstance(union, shapely.MultiPolygon) else shapely.MultiPolygon([union])


_DISTRICTS = (
    "Centrum",
    "Noorderwijk",
    "Oosterwijk",
    "Zuiderwijk",
    "Westerwijk",
    "Noorddorp",
    "Duinen",
    "Buitengebied",
)


def _district(plan: TownPlan, index: int) -> str:
    quarter = plan.quarters[index]
    share_x, share_y = quarter.x / plan.radius, quarter.y / plan.radius
    if index == 0:
        return "Buitengebied"
    if quarter.rural:
        return "Duinen"
    distance = np.hypot(share_x, share_y)
    if distance > 1.2 and share_x > 0:
        return "Noorddorp"
    if distance < 0.3:
        return "Centrum"
    if abs(share_x) > abs(share_y):
        return "Oosterwijk" if share_x > 0 else "Westerwijk"
    return "Noorderwijk" if share_y > 0 else "Zuiderwijk"


def _neighbourhood_names(plan: TownPlan, districts: list[str], themes: list[str]) -> list[str]:
    """A name per quarter by what it is; a second one of the same name is told apart by number."""
    given: dict[str, int] = {}
    names = []
    themed = 0
    for index, quarter in enumerate(plan.quarters):
        style = quarter.style
        if index == 0:
            name = "Buitengebied"
        elif quarter.rural:
            name = "Duinen"
        elif style in (styles.CENTRE, styles.PARK, styles.BUSINESS, styles.VILLAS):
            name = {
                styles.CENTRE: "Oude kern" if districts[index] == "Centrum" else f"{districts[index]} kern",
                styles.PARK: "Park",
                styles.BUSINESS: "Bedrijventerrein",
                styles.VILLAS: "Duinrand",
            }[style]
        else:
            name = themes[themed % len(themes)]
            themed += 1
        given[name] = given.get(name, 0) + 1
        names.append(name if given[name] == 1 else f"{name} {given[name]}")
    return names


def _parcel_table(geometry: Geometries, neighbourhood_of: Ints, rng: np.random.Generator) -> ParcelTable:
    """Designations: sections of neighbouring neighbourhoods with at most some thousands of parcels,
    numbered through.
    """
    count = len(geometry)
    sizes = np.bincount(neighbourhood_of)
    before = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    section = before // _PARCELS_PER_SECTION
    section_of = section[neighbourhood_of]
    order = np.lexsort((np.arange(count), neighbourhood_of, section_of))
    starts = np.searchsorted(section_of[order], np.arange(section.max() + 2))
    number = np.empty(count, dtype=np.int64)
    number[order] = np.arange(count) - starts[section_of[order]] + 1
    letters = [_section_name(i) for i in range(int(section.max()) + 1)]
    sections = [letters[i] for i in section_of]
    # The legal size was measured once and rounded; it may differ a little from the drawn area.
    legal = np.maximum(1, np.round(shapely.area(geometry) + rng.choice([0, 0, 0, 0, 1, -1, 2], count)))
    code = townnames.CADASTRAL_CODE
    return ParcelTable(
        designation=[f"{code}-{s}-{n}" for s, n in zip(sections, number.tolist(), strict=True)],
        municipality_code=[code] * count,
        section=sections,
        number=number.tolist(),
        lokaal_id=[f"{9_990_000_000 + i}0000" for i in range(count)],
        registered_area=legal.tolist(),
        geometry=geometry,
        source=_SOURCE,
    )


def _section_name(index: int) -> str:
    letters = "ABCDEFGHIKLMNOPRST"
    first, second = divmod(index, len(letters))
    return letters[second] if first == 0 else letters[first - 1] + letters[second]


# --- streets
# --------------------------------------------------------------------------------------------------


def _name_streets(plan: TownPlan, quarter: Ints, random: Random) -> None:
    """Give every street with houses a name that suits its neighbourhood."""
    names = townnames.StreetNames()
    themes = townnames.themes(random)
    theme_of: dict[int, str] = {}
    used = {plan.street_of_line[lot.front] for lot in plan.lots if lot.front in plan.street_of_line}
    where = {lot.street: int(quarter[i]) for i, lot in enumerate(plan.lots) if lot.street >= 0}
    for number, street in enumerate(plan.streets):
        if number not in used:
            continue
        home = where.get(number, street.quarter)
        style = plan.quarters[home].style
        if street.rank < 2:
            theme = "land" if plan.quarters[home].rural else "main"
        elif style is styles.CENTRE:
            theme = "centre"
        elif style is styles.BUSINESS:
            theme = "business"
        elif plan.quarters[home].rural:
            theme = "land"
        else:
            theme = theme_of.setdefault(home, themes[len(theme_of) % len(themes)])
        street.name = names.next(theme)


# --- buildings and addresses
# ------------------------------------------------------------------------------------


@dataclass
class _Sites:
    """The lots to build on, in columns. Corners in RD metres: a and b on the street, c and d behind b and
    a.
    """

    lots: list[Lot]
    a: Floats
    b: Floats
    c: Floats
    d: Floats
    start_is_a: NDArray[np.bool_]  # whether positions along the street grow from a to b

    @property
    def width(self) -> Floats:
        return _lengths(self.b - self.a)

    @property
    def depth(self) -> Floats:
        shortest: Floats = np.minimum(_lengths(self.d - self.a), _lengths(self.c - self.b))
        return shortest

    def point(self, across: Floats, back: Floats) -> Floats:
        """The point at a share `across` of the width (0 at a) and `back` metres behind the street side."""
        left_length = np.maximum(_lengths(self.d - self.a), 1e-6)
        right_length = np.maximum(_lengths(self.c - self.b), 1e-6)
        left: Floats = self.a + (self.d - self.a) * (back / left_length)[:, None]
        right: Floats = self.b + (self.c - self.b) * (back / right_length)[:, None]
        return left + (right - left) * across[:, None]


def _lengths(vectors: Floats) -> Floats:
    lengths: Floats = np.hypot(vectors[:, 0], vectors[:, 1])
    return lengths


def _sites(plan: TownPlan, points: Floats) -> _Sites:
    lots, corners, forward = [], [], []
    for lot in plan.lots:
        if not lot.dwelling or lot.dwelling == "none" or lot.front not in lot.face.lines:
            continue
        nodes = lot.face.nodes
        i = lot.face.lines.index(lot.front)
        count = len(nodes)
        lots.append(lot)
        corners.append((nodes[i], nodes[(i + 1) % count], nodes[(i + 2) % count], nodes[i - 1]))
        forward.append(plan.ground.along(lot.front, nodes[i]) < plan.ground.along(lot.front, nodes[(i + 1) % count]))
    index = np.array(corners, dtype=np.int64).reshape(-1, 4)
    a, b, c, d = (points[index[:, k]] for k in range(4))
    return _Sites(lots, a, b, c, d, np.array(forward, dtype=bool))


# What stands on a lot, by kind: the widest house (m), the least side garden (m), the share of the depth it
# may take.
_WIDEST = {"row": 7.4, "semi": 8.5, "detached": 16.0, "centre": 14.0, "industry": 60.0, "farm": 17.0, "flat": 95.0}
_GARDEN = {"semi": 2.4, "detached": 3.2, "industry": 4.0, "farm": 5.0, "flat": 6.0, "facility": 7.0}
_PURPOSE = {"industry": "industriefunctie", "facility": "onderwijsfunctie"}


def _built(plan: TownPlan, points: Floats, rng: np.random.Generator) -> tuple[BuildingTable, AddressTable]:
    """Put houses on the lots, with extensions and sheds behind them, and number them along their streets."""
    sites = _sites(plan, points)
    kind = np.array([lot.dwelling for lot in sites.lots], dtype=object)
    width, depth = sites.width, sites.depth
    widest = np.array([_WIDEST.get(k, 40.0) for k in kind])
    garden = np.array([_GARDEN.get(k, 0.0) for k in kind])
    setback = np.array([lot.setback for lot in sites.lots])
    deep = np.array([lot.building_depth for lot in sites.lots])
    most = np.where(kind == "centre", 0.85, 0.68) * depth
    setback = np.minimum(setback, 0.35 * depth)
    back = np.minimum(setback + deep, np.maximum(most, setback + 0.1))
    good = (width > 4.2) & (back - setback > 4.5) & (back < 0.9 * depth)

    low, high = _span(sites, kind, width, widest, garden)
    extended = np.isin(kind, ["row", "semi", "centre", "detached"]) & (rng.random(len(kind)) < 0.33)
    extended &= depth > back + 7.5
    rear = back + np.where(extended, 2.4 + 1.6 * rng.random(len(kind)), 0.0)
    split = low + (high - low) * np.where(rng.random(len(kind)) < 0.5, 0.45, 0.6)
    plain, wing = good & ~extended, good & extended
    main = np.concatenate([np.flatnonzero(plain), np.flatnonzero(wing)])
    outlines = np.concatenate(
        [
            _outline(sites, plain, [(low, setback), (high, setback), (high, back), (low, back)]),
            _outline(
                sites,
                wing,
                [(low, setback), (high, setback), (high, back), (split, back), (split, rear), (low, rear)],
            ),
        ]
    )
    shed = good & np.isin(kind, ["row", "semi", "detached", "farm"]) & (rng.random(len(kind)) < 0.5)
    shed &= depth > rear + np.where(kind == "farm", 12.0, 6.5)
    edge = np.where(rng.random(len(kind)) < 0.5, 0.04, 0.5)
    wide = np.where(kind == "farm", 0.44, np.minimum(0.42, 3.2 / np.maximum(width, 1.0)))
    long = np.where(kind == "farm", np.minimum(22.0, 0.3 * depth), 2.8)
    sheds = _outline(
        sites,
        shed,
        [
            (edge, depth - 0.7 - long),
            (edge + wide, depth - 0.7 - long),
            (edge + wide, depth - 0.7),
            (edge, depth - 0.7),
        ],
    )
    behind = np.flatnonzero(shed)[shapely.area(sheds) > 4.0]
    sheds = sheds[shapely.area(sheds) > 4.0]
    site = np.concatenate([main, behind])
    geometry = np.concatenate([outlines, sheds])
    year = np.array([lot.year for lot in sites.lots])[site]
    year[len(main) :] += rng.integers(0, 25, len(sheds))
    purpose = [_PURPOSE.get(kind[i], "woonfunctie") for i in main] + [""] * len(sheds)
    shop = rng.random(len(main))
    purpose[: len(main)] = [
        "winkelfunctie,woonfunctie" if kind[i] == "centre" and shop[n] < 0.16 else purpose[n]
        for n, i in enumerate(main)
    ]
    state = rng.choice(4, len(site), p=[0.985, 0.005, 0.006, 0.004])
    words = ("Pand in gebruik", "Bouw gestart", "Verbouwing pand", "Sloopvergunning verleend")
    code = townnames.MUNICIPALITY_CODE
    buildings = BuildingTable(
        identificatie=[f"{code}10{i + 1:010d}" for i in range(len(site))],
        bouwjaar=[min(int(y), 2024) for y in year],
        status=[words[s] for s in state],
        gebruiksdoel=purpose,
        geometry=geometry,
        source=_SOURCE,
    )
    return buildings, _addresses(plan, sites, main, shapely.centroid(outlines))


def _span(
    sites: _Sites, kind: NDArray[np.object_], width: Floats, widest: Floats, garden: Floats
) -> tuple[Floats, Floats]:
    """From where to where a house reaches across its lot, as shares of the width. Houses in a row touch;
    two semis lean on each other; others stand free.
    """
    safe = np.maximum(width, 1.0)
    room = np.where(np.isin(kind, ["row", "centre"]), width, np.maximum(width - 2 * garden, 0.55 * width))
    room = np.where(kind == "semi", np.maximum(width - garden, 0.6 * width), room)
    share = np.minimum(np.minimum(room, widest) / safe, 1.0)
    position = np.array([lot.position for lot in sites.lots])
    # The first of a row has its neighbour further on; later ones have it before them. a is where the lot
    # begins when positions grow from a to b.
    neighbour_further = position == 0
    at_b = neighbour_further == sites.start_is_a
    free = ~np.isin(kind, ["row", "semi", "centre"])
    low = np.where(free, (1 - share) / 2, np.where(at_b, 1 - share, 0.0))
    return low, low + share


def _outline(sites: _Sites, chosen: NDArray[np.bool_], corners: list[tuple[Floats, Floats]]) -> Geometries:
    """Polygons on the chosen lots from corners given as (share of the width, metres behind the street)."""
    part = _Sites([], sites.a[chosen], sites.b[chosen], sites.c[chosen], sites.d[chosen], sites.start_is_a[chosen])
    rings = np.stack([part.point(across[chosen], back[chosen]) for across, back in corners], axis=1)
    polygons = shapely.polygons(np.round(rings, 3))
    if not len(polygons):
        return np.empty(0, dtype=object)
    shapes: Geometries = shapely.multipolygons(
        shapely.orient_polygons(polygons, exterior_cw=False), indices=np.arange(len(polygons))
    )
    return shapes


def _addresses(plan: TownPlan, sites: _Sites, main: Ints, middle: Geometries) -> AddressTable:
    """House numbers: odd on one side of a street, even on the other, growing along it; flats take a run of
    them.
    """
    fronts = [sites.lots[i].front for i in main]
    street = np.array([plan.street_of_line.get(line, -1) for line in fronts], dtype=np.int64)
    side = np.array([plan.side_of_line.get(line, 0) for line in fronts], dtype=np.int64)
    along = np.array(
        [plan.ground.along(line, sites.lots[i].face.nodes[0]) for line, i in zip(fronts, main, strict=True)]
    )
    homes = np.array([24 + 8 * (i % 4) if sites.lots[i].dwelling == "flat" else 1 for i in main], dtype=np.int64)
    numbered = np.flatnonzero((street >= 0) & np.array([bool(plan.streets[s].name) for s in street]))
    order = numbered[np.lexsort((along[numbered], side[numbered], street[numbered]))]
    group = street[order] * 2 + side[order]
    before = np.cumsum(homes[order]) - homes[order]
    first = np.concatenate([[True], group[1:] != group[:-1]]) if len(group) else np.empty(0, dtype=bool)
    start = np.maximum.accumulate(np.where(first, before, 0))
    building = np.repeat(order, homes[order])
    rank = np.repeat(before - start, homes[order]) + (
        np.arange(len(building)) - np.repeat(np.cumsum(homes[order]) - homes[order], homes[order])
    )
    number = 2 * rank + 1 + side[building]
    points = shapely.get_coordinates(middle[building])
    streets = [plan.streets[s] for s in street[building]]
    codes = {s: townnames.postcode(i) for i, s in enumerate(np.unique(street[building]).tolist())}
    town = [
        "Noorddorp" if _district(plan, sites.lots[i].quarter) == "Noorddorp" else "Duinwijk" for i in main[building]
    ]
    return AddressTable(
        text=[f"{s.name} {n}" for s, n in zip(streets, number.tolist(), strict=True)],
        postcode=[codes[s] for s in street[building].tolist()],
        town=town,
        x=np.round(points[:, 0], 3),
        y=np.round(points[:, 1], 3),
    )
