"""The lay-out of a made-up Dutch municipality: roads, quarters, blocks and lots, as faces of a `Partition`.

The order is that of a real place: main roads, railway and canal first; then roads that divide town and
country into quarters; then streets that divide a quarter into blocks; then lots, two rows back to back in a
block. Each quarter was built in one period (`Style`), which decides street width, depth and width of lots
and what stands on them. The plan is straight; `warp` bends it afterwards, as land and history do.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

import numpy as np

from diwi_desktop.basedata.partition import Face, Floats, Partition

#: Metres squared of town, streets included, that a parcel takes on average; measured on the result.
_TOWN_AREA_PER_PARCEL = 352.0
_LAND_RADIUS = 1.95  # radius of the municipality in town radii
_PATH = 3  # rank of what has no houses along it


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


@dataclass(slots=True)
class Street:
    """A street: its theme for naming and whether houses are numbered along it."""

    quarter: int
    rank: int  # 0 main road, 1 road between quarters, 2 street, 3 path, alley or railway
    name: str = ""


@dataclass(slots=True)
class Lot:
    """One parcel of the plan."""

    face: Face
    kind: str  # erf, straat, water, akker, park
    quarter: int
    style: Style | None = None
    dwelling: str = ""  # what to build: a Style.dwelling, or flat, facility; "" for nothing
    front: int = -1  # line of the street it faces
    setback: float = 0.0
    building_depth: float = 0.0
    year: int = 0
    street: int = -1  # when the parcel is a street itself
    common: bool = False  # a main road or canal, which belongs to no quarter of its own
    position: int = 0  # place in its row: even and odd semis lean to each other


@dataclass(slots=True)
class Quarter:
    """A neighbourhood (buurt): where it is and how it was built."""

    x: float
    y: float
    style: Style
    rural: bool = False


@dataclass
class TownPlan:
    """The finished plan."""

    ground: Partition
    radius: float
    lots: list[Lot] = field(default_factory=list)
    streets: list[Street] = field(default_factory=list)
    quarters: list[Quarter] = field(default_factory=list)
    street_of_line: dict[int, int] = field(default_factory=dict)
    side_of_line: dict[int, int] = field(default_factory=dict)

    def outside(self, x: float, y: float) -> float:
        """How far a point lies outside the built-up area; negative inside."""
        r = self.radius
        distances = []
        for cx, cy, reach in ((0.0, 0.0, 0.975 * r), (1.3 * r, 0.75 * r, 0.22 * r)):
            angle = math.atan2(y - cy, x - cx)
            wave = 1 + 0.1 * math.sin(3 * angle + 0.6) + 0.07 * math.sin(5 * angle + 2.0)
            distances.append(math.hypot(x - cx, y - cy) - reach * wave)
        return min(distances)


def make_plan(parcels: int, seed: int) -> TownPlan:
    """Lay out a municipality of about `parcels` parcels; the same numbers give the same plan."""
    plan = _Planner(parcels, Random(seed)).plan
    for _ in range(3):  # how many fit depends on how the roads fall, the more so the smaller the place
        found = len(plan.lots)
        if abs(found - parcels) <= 0.1 * parcels:
            break
        other = _Planner(round(parcels * parcels / found), Random(seed)).plan
        if abs(len(other.lots) - parcels) >= abs(found - parcels):
            break
        plan = other
    return plan


def warp(radius: float) -> Callable[[Floats, Floats], tuple[Floats, Floats]]:
    """The bend that turns the straight plan into land: long waves, a short one, and a twist in two quarters.

    The slopes stay well below one, so that no face is ever turned inside out.
    """

    def bend(x: Floats, y: Floats) -> tuple[Floats, Floats]:
        for cx, cy, reach, angle in ((0.55, 0.5, 0.34, 0.55), (-0.5, -0.45, 0.3, -0.5), (0.1, -0.05, 0.2, 0.35)):
            rx, ry = x - cx * radius, y - cy * radius
            turn = angle * np.exp(-(rx**2 + ry**2) / (2 * (reach * radius) ** 2))
            cos, sin = np.cos(turn), np.sin(turn)
            x, y = cx * radius + rx * cos - ry * sin, cy * radius + rx * sin + ry * cos
        u = x + 85 * np.sin(y / 420 + 0.7) + 9 * np.sin(y / 95 + x / 300)
        v = y + 75 * np.sin(x / 460 + 2.1) + 8 * np.sin(x / 105 - y / 280 + 1.0)
        return 0.978 * u - 0.208 * v, 0.208 * u + 0.978 * v  # turned by 12 degrees

    return bend


class _Planner:
    def __init__(self, parcels: int, random: Random) -> None:
        self.random = random
        self.ground = Partition()
        radius = math.sqrt(parcels * 0.92 * _TOWN_AREA_PER_PARCEL / math.pi)
        self.plan = TownPlan(self.ground, radius)
        self.radius = radius
        self.country = self._quarter(0.0, 0.0, FARM, rural=True)
        self._lake_wanted = True
        self._park_wanted = True
        self._lay_out()

    # --- small helpers --------------------------------------------------------------------------------------

    def _between(self, low: float, high: float) -> float:
        return low + (high - low) * self.random.random()

    def _chance(self, share: float) -> bool:
        return self.random.random() < share

    def _quarter(self, x: float, y: float, style: Style, rural: bool = False) -> int:
        self.plan.quarters.append(Quarter(x, y, style, rural))
        return len(self.plan.quarters) - 1

    def _add(self, face: Face | None, kind: str, quarter: int, style: Style | None = None) -> None:
        if face is not None:
            self.plan.lots.append(Lot(face, kind, quarter, style))

    def _frame(self, face: Face) -> tuple[float, float, float, float, float, float, float, float]:
        """The direction of the longest side (ux, uy) and the extent of the face along it and across it:
        u0, u1, v0, v1 as positions relative to the origin, and length and width derived from them.
        """
        xs, ys, nodes = self.ground.x, self.ground.y, face.nodes
        best, ux, uy = 0.0, 1.0, 0.0
        for i, node in enumerate(nodes):
            follower = nodes[i + 1 - len(nodes)]
            dx, dy = xs[follower] - xs[node], ys[follower] - ys[node]
            length = dx * dx + dy * dy
            if length > best:
                best, ux, uy = length, dx, dy
        best = math.sqrt(best) or 1.0
        ux, uy = ux / best, uy / best
        along = [xs[n] * ux + ys[n] * uy for n in nodes]
        across = [ys[n] * ux - xs[n] * uy for n in nodes]
        u0, u1, v0, v1 = min(along), max(along), min(across), max(across)
        if u1 - u0 >= v1 - v0:
            return ux, uy, u0, u1, v0, v1, u1 - u0, v1 - v0
        return -uy, ux, v0, v1, -u1, -u0, v1 - v0, u1 - u0

    def _size(self, face: Face) -> float:
        frame = self._frame(face)
        return frame[6]

    def _street(self, quarter: int, rank: int) -> int:
        self.plan.streets.append(Street(quarter, rank))
        return len(self.plan.streets) - 1

    def _road(
        self,
        face: Face,
        x: float,
        y: float,
        dx: float,
        dy: float,
        width: float,
        quarter: int,
        rank: int,
        street: int | None = None,
    ) -> list[Face]:
        """Lay a street (a new one unless given) through a face: the pieces that remain on both sides."""
        left, strip, right, upper, lower = self.ground.band(face, x, y, dx, dy, width)
        if strip is not None:
            street = self._street(quarter, rank) if street is None else street
            self._pave(strip, quarter, street)
            if rank < _PATH:
                for side, line in enumerate((upper, lower)):
                    self.plan.street_of_line[line] = street
                    self.plan.side_of_line[line] = side
        return [piece for piece in (left, right) if piece is not None]

    def _pave(self, strip: Face, quarter: int, street: int) -> None:
        """Street land, in parcels of no more than a few hundred metres."""
        for part in self._stretches(strip):
            self.plan.lots.append(Lot(part, "straat", quarter, street=street, common=quarter == self.country))

    def _stretches(self, strip: Face) -> list[Face]:
        if self._size(strip) < 420:
            return [strip]
        line = self.ground.line(*self._across(strip, self._between(0.45, 0.55), 0.0))
        return [part for half in self.ground.split(strip, line) if half is not None for part in self._stretches(half)]

    def _water(self, face: Face, x: float, y: float, dx: float, dy: float, width: float, quarter: int) -> list[Face]:
        left, strip, right, _, _ = self.ground.band(face, x, y, dx, dy, width)
        if strip is not None:
            for part in self._stretches(strip):
                self._add(part, "water", quarter)
        return [piece for piece in (left, right) if piece is not None]

    def _across(self, face: Face, share: float, lean: float) -> tuple[float, float, float, float]:
        """A line across the long side of a face, at `share` of its length, leaning by `lean` radians."""
        ux, uy, u0, u1, v0, v1, _, _ = self._frame(face)
        u, v = u0 + share * (u1 - u0), (v0 + v1) / 2
        cos, sin = math.cos(lean), math.sin(lean)
        return ux * u - uy * v, uy * u + ux * v, -uy * cos - ux * sin, ux * cos - uy * sin

    def _lengthwise(self, face: Face, share: float, lean: float) -> tuple[float, float, float, float]:
        """A line along the long side of a face, at `share` of its width."""
        ux, uy, u0, u1, v0, v1, _, _ = self._frame(face)
        u, v = (u0 + u1) / 2, v0 + share * (v1 - v0)
        cos, sin = math.cos(lean), math.sin(lean)
        return ux * u - uy * v, uy * u + ux * v, ux * cos - uy * sin, uy * cos + ux * sin

    # --- the whole ------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        r = self.radius
        # Corners on an ellipse are convex however unevenly they lie, and uneven looks like a real border.
        gaps = [self._between(0.4, 1.6) for _ in range(10)]
        border, turned = [], 0.0
        for gap in gaps:
            turned += 2 * math.pi * gap / sum(gaps)
            border.append((_LAND_RADIUS * r * 1.18 * math.cos(turned), _LAND_RADIUS * r * 0.92 * math.sin(turned)))
        faces = [self.ground.start(border)]
        faces = self._through(faces, -1.32 * r, 0.0, 0.16, 1.0, 7.0, rank=_PATH)
        dunes = [f for f in faces if self.ground.centre(f)[0] < -1.35 * r]
        faces = [f for f in faces if f not in dunes]
        faces = self._through(faces, 0.62 * r, 0.0, -0.22, 1.0, 22.0, rank=0)
        faces = self._through(faces, 0.0, 0.12 * r, 1.0, 0.1, 15.0, rank=0)
        faces = self._through(faces, -0.42 * r, 0.0, 0.1, 1.0, 14.0, rank=_PATH)  # the railway
        faces = self._canal(faces, 0.0, -0.62 * r, 1.0, -0.12)
        for face in dunes:
            self._dunes(face, self._quarter(*self.ground.centre(face), PARK, rural=True))
        for face in faces:
            self._settle(face)

    def _through(
        self, faces: list[Face], x: float, y: float, dx: float, dy: float, width: float, rank: int
    ) -> list[Face]:
        street = self._street(self.country, rank)
        return [piece for face in faces for piece in self._road(face, x, y, dx, dy, width, self.country, rank, street)]

    def _canal(self, faces: list[Face], x: float, y: float, dx: float, dy: float) -> list[Face]:
        """A canal with a quay on both sides, right through."""
        pieces = []
        streets = self._street(self.country, 1), self._street(self.country, 1)
        for face in faces:
            left, water, right, upper, lower = self.ground.band(face, x, y, dx, dy, 26.0)
            for part in self._stretches(water) if water is not None else ():
                self.plan.lots.append(Lot(part, "water", self.country, common=True))
            pieces += [
                self._quay(left, upper, 9.0, streets[0]),
                self._quay(right, lower, -9.0, streets[1]),
            ]
        return [piece for piece in pieces if piece is not None]

    def _quay(self, face: Face | None, shore: int, width: float, street: int) -> Face | None:
        """Cut a street off a face along its shore line, to the left of that line when `width` is positive."""
        if face is None:
            return None
        dx, dy = self.ground.direction(shore)
        x, y = self.ground.at(shore, 0.0)
        line = self.ground.line(x - dy * width, y + dx * width, dx, dy)
        left, right = self.ground.split(face, line)
        land, quay = (left, right) if width > 0 else (right, left)
        if quay is not None:
            self._pave(quay, self.country, street)
            self.plan.street_of_line[line], self.plan.side_of_line[line] = street, 0 if width > 0 else 1
        return land

    def _settle(self, face: Face) -> None:
        """Divide by roads until a piece is a quarter of the town or open country."""
        x, y = self.ground.centre(face)
        size = self._size(face)
        outside = self.plan.outside(x, y)
        if outside > 0.4 * size or (size <= 560 and outside > 0.12 * size):
            self._countryside(face)
            return
        if size <= 560:
            self._town_quarter(face)
            return
        width, rank = (15.0, 0) if size > 1300 else (12.5, 1)
        line = self._across(face, self._between(0.42, 0.58), self._between(-0.16, 0.16))
        for piece in self._road(face, *line, width, self.country, rank):
            self._settle(piece)

    # --- quarters -------------------------------------------------------------------------------------------

    def _town_quarter(self, face: Face) -> None:
        x, y = self.ground.centre(face)
        style = self._style_at(x, y)
        quarter = self._quarter(x, y, style)
        first = len(self.plan.streets)
        if style is NINETIES and self._chance(0.6):
            line = self._lengthwise(face, self._between(0.4, 0.6), self._between(-0.05, 0.05))
            pieces = self._water(face, *line, 9.0, quarter)
        else:
            pieces = [face]
        for piece in pieces:
            self._blocks(piece, style, quarter)
        for street in self.plan.streets[first:]:
            street.quarter = quarter

    def _style_at(self, x: float, y: float) -> Style:
        share = math.hypot(x, y) / self.radius
        draw = self.random.random()
        if share > 1.2:  # the second village
            return SEMI_DETACHED if draw < 0.5 else CENTRE
        if share < 0.24:
            return CENTRE
        if self._park_wanted and 0.3 < share < 0.6:
            self._park_wanted = False
            return PARK
        if x > 0.62 * self.radius and y < 0.25 * self.radius and draw < 0.75:
            return BUSINESS
        if x < -0.62 * self.radius and draw < 0.62:
            return VILLAS
        ages = [(0.45, (GARDEN_CITY, CENTRE, POST_WAR)), (0.72, (POST_WAR, SEMI_DETACHED, GARDEN_CITY))]
        for limit, styles in ages:
            if share < limit:
                return styles[0] if draw < 0.6 else styles[1] if draw < 0.8 else styles[2]
        if draw < 0.36:
            return SEVENTIES
        if draw < 0.74:
            return NINETIES
        return SEMI_DETACHED if draw < 0.9 else PARK

    def _blocks(self, face: Face, style: Style, quarter: int) -> None:
        """Divide a quarter by streets into blocks."""
        _, _, _, _, _, _, length, width = self._frame(face)
        rows, columns = width / style.depth, length / style.length
        if rows < 1.5 and columns < 1.5:
            self._block(face, style, quarter)
            return
        lean = self._between(-0.05, 0.05)
        if columns >= 1.5 and columns * 0.7 > rows:
            count = max(2, round(columns))
            line = self._across(face, (count // 2) / count + self._between(-0.06, 0.06), lean)
        elif rows >= 1.5:
            count = max(2, round((width + style.street) / (style.depth + style.street)))
            line = self._lengthwise(face, (count // 2) / count + self._between(-0.02, 0.02), lean)
        else:
            line = self._across(face, 0.5 + self._between(-0.06, 0.06), lean)
        rank = _PATH if style is PARK else 2
        for piece in self._road(face, *line, style.street, quarter, rank):
            self._blocks(piece, style, quarter)

    def _block(self, face: Face, style: Style, quarter: int) -> None:
        draw = self.random.random()
        area = self.ground.area(face)
        if draw < style.green or area < 250:
            if style is PARK and self._chance(0.3) and area > 6000:
                self._lake(face, quarter, "park")
            else:
                self._add(face, "park", quarter)
            return
        draw -= style.green
        if draw < style.flats + style.facility:
            dwelling = "flat" if draw < style.flats else "facility"
            front = self._front(face)
            if front >= 0 and area > 1500:
                self._estate(face, style, quarter, dwelling, front)
                return
        self._rows(face, style, quarter)

    def _estate(self, face: Face, style: Style, quarter: int, dwelling: str, front: int) -> None:
        """A block with one large building: a block of flats in the green, a school, a church."""
        lot = Lot(face, "erf", quarter, style, dwelling, front, year=self._year(style))
        lot.setback, lot.building_depth = self._between(6, 10), self._between(11.5, 14)
        self.plan.lots.append(lot)

    def _year(self, style: Style) -> int:
        return round(self._between(*style.years))

    def _front(self, face: Face, along: tuple[float, float] | None = None) -> int:
        """The street line that a face has its longest side on (counting only sides along a direction); -1
        if none.
        """
        xs, ys = self.ground.x, self.ground.y
        best, front = 0.0, -1
        for i, line in enumerate(face.lines):
            if line not in self.plan.street_of_line:
                continue
            node, follower = face.nodes[i], face.nodes[i + 1 - len(face.nodes)]
            dx, dy = xs[follower] - xs[node], ys[follower] - ys[node]
            length = abs(dx * along[0] + dy * along[1]) if along else math.hypot(dx, dy)
            if length > best:
                best, front = length, line
        return front

    def _rows(self, face: Face, style: Style, quarter: int) -> None:
        """Two rows of lots back to back, often with an alley between the gardens."""
        ux, uy, _, _, _, _, length, width = self._frame(face)
        if width < 0.72 * style.depth:
            self._row(face, style, quarter, self._front(face, (ux, uy)), length)
            return
        line = self._lengthwise(face, self._between(0.47, 0.53), 0.0)
        if self._chance(style.alley):
            halves = self._road(face, *line, 1.8, quarter, rank=_PATH)
        else:
            halves = [half for half in self.ground.split(face, self.ground.line(*line)) if half is not None]
        for half in halves:
            self._row(half, style, quarter, self._front(half, (ux, uy)), length)

    def _row(self, face: Face, style: Style, quarter: int, front: int, length: float) -> None:
        """Lots side by side along a street. A row of houses is built in one go: one depth, one year, one
        front.
        """
        if front < 0 or self.ground.area(face) < 120:
            self._add(face, "park", quarter)
            return
        ground = self.ground
        ends = [
            ground.along(front, node)
            for i, edge in enumerate(face.lines)
            if edge == front
            for node in (face.nodes[i], face.nodes[i + 1 - len(face.nodes)])
        ]
        t, last = min(ends), max(ends)
        if style.depth and ground.area(face) > style.depth * (last - t):
            self._add(face, "park", quarter)  # it only touches the street with its short side
            return
        dx, dy = ground.direction(front)
        lean = self._between(-0.03, 0.03)
        cut_x, cut_y = -dy - dx * lean, dx - dy * lean
        run = 0
        position = 0
        template = Lot(face, "erf", quarter, style, style.dwelling, front)
        dwelling, width = style.dwelling, 0.0
        while True:
            if run <= 0:
                run = self._begin_run(template, style)
                dwelling, width = template.dwelling, self._lot_width(template.dwelling, style)
                position = 0
            wide = width if dwelling in ("row", "semi") else self._lot_width(dwelling, style)
            if dwelling == "row" and run == 1:
                wide *= 1.35  # the end house has a side garden
            t += wide
            run -= 1
            if last - t < 0.75 * wide:
                break
            near, far = self._cut(face, front, t, cut_x, cut_y)
            if near is None or far is None:
                continue
            self._lot(near, template, dwelling, position)
            position += 1
            face = far
        self._lot(face, template, dwelling, position)

    def _begin_run(self, template: Lot, style: Style) -> int:
        """Start a new run of like houses in a row: how many."""
        template.dwelling = style.dwelling
        if style.dwelling == "row" and self._chance(style.wide):
            template.dwelling = "semi"
        template.setback = self._between(*style.setback)
        template.building_depth = self._between(*style.building_depth)
        template.year = self._year(style)
        return {"row": 4 + int(6 * self.random.random()), "semi": 2}.get(template.dwelling, 1)

    def _lot_width(self, dwelling: str, style: Style) -> float:
        if dwelling == "semi" and style.dwelling == "row":
            return self._between(8.5, 11.0)
        return self._between(*style.widths)

    def _cut(self, face: Face, front: int, t: float, dx: float, dy: float) -> tuple[Face | None, Face | None]:
        """Cut a row at `t` along its front: the piece before and the piece after."""
        ground = self.ground
        left, right = ground.split(face, ground.line(*ground.at(front, t), dx, dy))
        if left is None or right is None:
            return None, None
        # The cutting line is the front's direction turned to the left, so what lies before `t` is on its
        # left.
        return left, right

    def _lot(self, face: Face, template: Lot, dwelling: str, position: int) -> None:
        self.plan.lots.append(
            Lot(
                face, "erf", template.quarter, template.style, dwelling, template.front, template.setback,
                template.building_depth, template.year, position=position,
            )
        )  # fmt: skip

    # --- country --------------------------------------------------------------------------------------------

    def _countryside(self, face: Face) -> None:
        x, y = self.ground.centre(face)
        area = self.ground.area(face)
        if self._lake_wanted and area > 90_000 and y < -0.7 * self.radius and x > 0:
            self._lake_wanted = False
            self._lake(face, self.country, "park")
            return
        if self.plan.outside(x, y) < 0.1 * self.radius and area < 160_000 and self._chance(0.3):
            self._sports(face)
            return
        if area < 260_000 and self._chance(0.12):
            self._dunes(face, self.country)  # a wood, divided like the dunes
            return
        width = self._between(65, 125)
        self._strips(face, width, self._between(330, 620))

    def _sports(self, face: Face) -> None:
        """Sports fields, allotments and such at the edge of the town."""
        quarter = self._quarter(*self.ground.centre(face), PARK)
        self._blocks(face, PARK, quarter)

    def _strips(self, face: Face, width: float, length: float) -> None:
        """The long strips of a reclaimed polder, some of them parted by a ditch of its own."""
        _, _, _, _, _, _, long, wide = self._frame(face)
        if wide > 1.6 * width:
            count = max(2, round(wide / width))
            line = self._lengthwise(face, (count // 2) / count + self._between(-0.03, 0.03), self._between(-0.02, 0.02))
        elif long > 1.6 * length:
            line = self._across(face, self._between(0.45, 0.55), self._between(-0.06, 0.06))
        else:
            self._field(face)
            return
        if self._chance(0.45):
            pieces = self._water(face, *line, self._between(2.5, 5.0), self.country)
        else:
            pieces = [piece for piece in self.ground.split(face, self.ground.line(*line)) if piece is not None]
        for piece in pieces:
            self._strips(piece, width, length)

    def _field(self, face: Face) -> None:
        """A field, now and then with a farm or a country house where it meets a road."""
        front = self._front(face)
        if front >= 0 and self.ground.area(face) > 9000 and self._chance(0.3):
            dx, dy = self.ground.direction(front)
            inward = -1.0 if self.plan.side_of_line[front] else 1.0
            depth = self._between(42, 68) * inward
            x, y = self.ground.at(front, 0.0)
            line = self.ground.line(x - dy * depth, y + dx * depth, dx, dy)
            left, right = self.ground.split(face, line)
            yard, rest = (right, left) if inward > 0 else (left, right)
            if yard is not None and rest is not None:
                self._add(rest, "akker", self.country)
                self._row(yard, FARM, self.country, front, 0.0)
                return
        self._add(face, "akker", self.country)

    def _dunes(self, face: Face, quarter: int) -> None:
        """Dunes: large irregular pieces with paths."""
        if self._size(face) < 520 or self.ground.area(face) < 60_000:
            self._add(face, "park", quarter)
            return
        line = self._across(face, self._between(0.36, 0.64), self._between(-0.5, 0.5))
        if self._chance(0.4):
            pieces = self._road(face, *line, 4.0, quarter, rank=_PATH)
        else:
            pieces = [piece for piece in self.ground.split(face, self.ground.line(*line)) if piece is not None]
        for piece in pieces:
            self._dunes(piece, quarter)

    def _offset(self, line: int, x: float, y: float) -> float:
        """How far a point lies beside a line; positive on its left."""
        dx, dy = self.ground.direction(line)
        ox, oy = self.ground.at(line, 0.0)
        return dx * (y - oy) - dy * (x - ox)

    def _lake(self, face: Face, quarter: int, shore: str) -> None:
        """Cut a round lake out of a face; what is left around it becomes shore."""
        cx, cy = self.ground.centre(face)
        room = min(abs(self._offset(line, cx, cy)) for line in face.lines)
        sides, reach = 9, 0.8 * room
        shores = set()
        for i in range(sides):
            angle = 2 * math.pi * (i + self._between(-0.15, 0.15)) / sides
            distance = reach * self._between(0.85, 1.1)
            nx, ny = math.cos(angle), math.sin(angle)
            line = self.ground.line(cx + nx * distance, cy + ny * distance, -ny, nx)
            shores.add(line)
            inner, outer = self.ground.split(face, line)
            self._add(outer, shore, quarter)
            if inner is None:
                return
            face = inner
        for i, line in enumerate(face.lines):
            t0 = self.ground.along(line, face.nodes[i])
            t1 = self.ground.along(line, face.nodes[i + 1 - len(face.nodes)])
            if line in shores:
                self.ground.bulge(line, min(t0, t1), max(t0, t1), 0.11 * abs(t1 - t0))
        self._add(face, "water", quarter)
