"""Where plans lie in the demo municipality: clusters of real parcels that belong together, and names that fit there."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from itertools import pairwise
from random import Random

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon

from diwi_desktop.basedata.fabric import Fabric
from diwi_desktop.basedata.records import Geometries
from diwi_desktop.demo.spots import FreeList, Nearest
from diwi_desktop.geo import shape
from diwi_desktop.model.codes import PlanType

#: Which parcels a plan of a type is made of, and how many m2 it takes per home.
GROUND = {
    PlanType.PAND_TRANSFORMATIE: ("erf", 75.0),
    PlanType.VERDICHTING: ("erf", 120.0),
    PlanType.HERSTRUCTURERING: ("erf", 135.0),
    PlanType.TRANSFORMATIEGEBIED: ("erf", 110.0),
    PlanType.UITBREIDING_UITLEG: ("akker", 290.0),
    PlanType.UITBREIDING_OVERIG: ("akker", 900.0),
}
_SHARED_EDGE = 0.5  # metres of boundary that make two parcels neighbours
_TOUCHED = 1.0  # m2 of a parcel that a plan must take to name it
_MOST_PARCELS = 40  # of one plan
_TRIES = 25
_NAMED_BY = 60  # addresses around a place that give it its streets
_HALVINGS = 8  # within half a percent of the width of a field
_HOUSE = re.compile(r"(.*\D) (\d+)\D*")


@dataclass(slots=True)
class Place:
    """The ground of a plan: rows of parcels, their union as drawn (RD), and what is near."""

    parcels: list[int]
    area: MultiPolygon
    street: str
    cross: str
    number: str
    quarter: str  # without a number behind it, for use in a name
    neighbourhood: str
    district: str

    @property
    def square_metres(self) -> float:
        return float(self.area.area)


class Ground:
    """The parcels of a fabric, which of them are taken, and the addresses to name places by."""

    def __init__(self, fabric: Fabric, plans: int, random: Random) -> None:
        self._fabric = fabric
        self._random = random
        self._shapes = fabric.parcels.geometry
        self._size: NDArray[np.float64] = shapely.area(self._shapes)
        self._centre = shapely.get_coordinates(shapely.centroid(self._shapes))
        self._neighbours = _neighbours(self._shapes)
        self._taken = np.zeros(len(self._shapes), dtype=bool)
        self._nearest = Nearest(np.asarray(fabric.addresses.x), np.asarray(fabric.addresses.y))
        middle = self._centre[fabric.kinds == "erf"].mean(axis=0)
        self._far = np.hypot(*(self._centre - middle).T)
        plots = int((fabric.kinds == "erf").sum())
        self._most = max(1, min(_MOST_PARCELS, plots // (2 * max(plans, 1))))
        self._districts = dict(zip(fabric.districts.code, fabric.districts.name, strict=True))
        self._free = {surface: self._all_of(surface, fabric.kinds == surface) for surface in ("erf", "akker")}
        self._spare = {surface: self._all_of(surface, ~self._public()) for surface in self._free}

    def find(self, kind: PlanType, homes: int) -> Place:
        """Ground for a plan of this type with so many homes; ground of another plan only when nothing else is left."""
        surface, each = GROUND[kind]
        wanted = homes * each
        seeds = self._seeds(surface)
        best: list[int] = []
        for _ in range(_TRIES):
            cluster = self._grow(self._pick(seeds, surface), wanted, surface)
            if abs(self._size[cluster].sum() - wanted) < 0.35 * wanted:
                best = cluster
                break
            if not best or self._misfit(cluster, wanted) < self._misfit(best, wanted):
                best = cluster
        self._take(best)
        area = self._union(best)
        if area.area > 1.5 * wanted and surface == "akker":
            area = self._part(area, wanted)
        return self._place(best, area)

    def beside(self, place: Place, share: int = 1) -> Place:
        """Ground next to a place that also takes some of its parcels, so that two plans overlap."""
        around = {i for p in place.parcels for i in self._neighbours[p]} - set(place.parcels)
        usable = sorted(i for i in around if self._fabric.kinds[i] not in ("straat", "water"))[:3]
        parcels = [*place.parcels[:share], *usable]
        self._take(parcels)
        return self._place(parcels, self._union(parcels))

    def strips(self, place: Place, count: int) -> list[Place]:
        """A place divided into strips side by side, for the sub-plans of a mother plan."""
        left, bottom, right, top = place.area.bounds
        edges = np.linspace(left, right, count + 1)
        strips = []
        for west, east in pairwise(edges.tolist()):
            piece = shapely.intersection(place.area, shapely.box(west, bottom, east, top), grid_size=shape.GRID)
            if not piece.is_empty and piece.area > 1.0:
                strips.append(self._place(place.parcels, shape.normalise(piece)[0]))
        return strips

    def designations(self, place: Place) -> list[tuple[str, str]]:
        """(designation, cadastral id) of the parcels that the area really touches."""
        table = self._fabric.parcels
        shared = shapely.area(shapely.intersection(self._shapes[place.parcels], place.area))
        return [
            (table.designation[p], table.lokaal_id[p])
            for p, m2 in zip(place.parcels, shared, strict=True)
            if m2 > _TOUCHED
        ]

    # -- choosing parcels ---------------------------------------------------------------------------------------

    def _public(self) -> NDArray[np.bool_]:
        """Which parcels are street or water."""
        return np.isin(self._fabric.kinds, ["straat", "water"])

    def _all_of(self, surface: str, which: NDArray[np.bool_]) -> FreeList:
        parcels = np.flatnonzero(which)
        # A town grows at its edge: the fields nearest to it come first.
        order = parcels[np.argsort(self._far[parcels])] if surface == "akker" else parcels
        return FreeList(order, len(self._shapes))

    def _take(self, parcels: list[int]) -> None:
        self._taken[parcels] = True
        for free in self._free.values():
            free.take(parcels)

    def _seeds(self, surface: str) -> FreeList:
        """Free parcels of this surface; when there are none, all that a plan can lie on."""
        return self._free[surface] if len(self._free[surface]) else self._spare[surface]

    def _pick(self, seeds: FreeList, surface: str) -> int:
        reach = max(1, len(seeds) // 3) if surface == "akker" else len(seeds)
        return seeds[self._random.randrange(reach)]

    def _grow(self, seed: int, wanted: float, surface: str) -> list[int]:
        """Parcels around a seed, the nearest first, until there is enough ground."""
        cluster, total = [seed], float(self._size[seed])
        edge = set(self._neighbours[seed])
        seen = {seed} | edge
        while total < wanted and len(cluster) < self._most:
            fitting = [p for p in edge if self._fabric.kinds[p] == surface and not self._taken[p]]
            if not fitting:
                break
            nearest = min(fitting, key=lambda p: (self._apart(seed, p), p))
            edge.discard(nearest)
            cluster.append(nearest)
            total += float(self._size[nearest])
            fresh = self._neighbours[nearest] - seen
            seen |= fresh
            edge |= fresh
        return cluster

    def _apart(self, one: int, other: int) -> float:
        return math.dist(self._centre[one], self._centre[other])

    def _misfit(self, cluster: list[int], wanted: float) -> float:
        return abs(math.log(float(self._size[cluster].sum()) / wanted))

    # -- shapes -------------------------------------------------------------------------------------------------

    def _union(self, parcels: list[int]) -> MultiPolygon:
        union = shapely.union_all(self._shapes[parcels], grid_size=shape.GRID)
        return shape.normalise(union)[0]

    @staticmethod
    def _part(area: MultiPolygon, wanted: float) -> MultiPolygon:
        """The western part of a field that is larger than the plan needs."""
        west, bottom, east, top = area.bounds
        left, right = west, east
        for _ in range(_HALVINGS):
            edge = (left + right) / 2
            piece = shapely.intersection(area, shapely.box(west, bottom, edge, top), grid_size=shape.GRID)
            left, right = (edge, right) if piece.area < wanted else (left, edge)
        return area if piece.is_empty else shape.normalise(piece)[0]

    # -- names --------------------------------------------------------------------------------------------------

    def _place(self, parcels: list[int], area: MultiPolygon) -> Place:
        x, y = area.centroid.coords[0]
        texts = [self._fabric.addresses.text[i] for i in self._nearest(x, y, _NAMED_BY)]
        found = [match for text in texts if (match := _HOUSE.fullmatch(text))]
        streets = list(dict.fromkeys(match[1] for match in found)) or ["Duinweg"]
        number = next((match[2] for match in found), "1")
        row = int(self._fabric.neighbourhood_of[parcels[0]])
        name = self._fabric.neighbourhoods.name[row]
        return Place(
            parcels=parcels,
            area=area,
            street=streets[0],
            cross=streets[1] if len(streets) > 1 else "het spoor",
            number=number,
            quarter=re.sub(r" \d+$", "", name),
            neighbourhood=name,
            district=self._districts[self._fabric.neighbourhoods.parent[row]],
        )


def _neighbours(shapes: Geometries) -> list[set[int]]:
    """Per parcel those it shares a piece of boundary with. The fabric has the same points on both sides of a border."""
    points, owner = shapely.get_coordinates(shapes, return_index=True)
    millimetres = np.round(points * 1000).astype(np.int64)
    node = (millimetres[:, 0] << 32) + millimetres[:, 1]
    same_ring = owner[:-1] == owner[1:]
    long = np.hypot(*(points[1:] - points[:-1]).T) > _SHARED_EDGE
    first, second, parcel = (part[same_ring & long] for part in (node[:-1], node[1:], owner[:-1]))
    low, high = np.minimum(first, second), np.maximum(first, second)
    order = np.lexsort((high, low))
    low, high, parcel = low[order], high[order], parcel[order]
    twice = np.flatnonzero((low[:-1] == low[1:]) & (high[:-1] == high[1:]))
    found: list[set[int]] = [set() for _ in shapes]
    for one, other in zip(parcel[twice].tolist(), parcel[twice + 1].tolist(), strict=True):
        if one != other:
            found[one].add(other)
            found[other].add(one)
    return found
