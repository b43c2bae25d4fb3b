"""The drawing board: the land as divided so far, and the strokes that everything is drawn with."""

from __future__ import annotations

import math
from random import Random

from diwi_desktop.basedata.partition import Face, Partition
from diwi_desktop.basedata.town.plan import Lot, Quarter, Street, TownPlan
from diwi_desktop.basedata.town.styles import FARM, Style

PATH = 3  # rank of what has no houses along it


class Board:
    """`plan` is what is drawn so far on `ground`; `country` is the quarter of what belongs to no other."""

    def __init__(self, radius: float, random: Random) -> None:
        """`radius` is that of the town, in metres."""
        self.random = random
        self.radius = radius
        self.ground = Partition()
        self.plan = TownPlan(self.ground, radius)
        self.country = self.quarter(0.0, 0.0, FARM, rural=True)

    def between(self, low: float, high: float) -> float:
        """A number by chance, evenly."""
        return low + (high - low) * self.random.random()

    def chance(self, share: float) -> bool:
        """True in this share of cases."""
        return self.random.random() < share

    def quarter(self, x: float, y: float, style: Style, rural: bool = False) -> int:
        """A new quarter: its number."""
        self.plan.quarters.append(Quarter(x, y, style, rural))
        return len(self.plan.quarters) - 1

    def add(self, face: Face | None, kind: str, quarter: int, style: Style | None = None) -> None:
        """Make a face a lot on which nothing is built."""
        if face is not None:
            self.plan.lots.append(Lot(face, kind, quarter, style))

    def frame(self, face: Face) -> tuple[float, float, float, float, float, float, float, float]:
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

    def size(self, face: Face) -> float:
        """The length of a face, in metres."""
        return self.frame(face)[6]

    def street(self, quarter: int, rank: int) -> int:
        """A new street: its number."""
        self.plan.streets.append(Street(quarter, rank))
        return len(self.plan.streets) - 1

    def road(
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
            street = self.street(quarter, rank) if street is None else street
            self.pave(strip, quarter, street)
            if rank < PATH:
                for side, line in enumerate((upper, lower)):
                    self.plan.street_of_line[line] = street
                    self.plan.side_of_line[line] = side
        return [piece for piece in (left, right) if piece is not None]

    def pave(self, strip: Face, quarter: int, street: int) -> None:
        """Street land, in parcels of no more than a few hundred metres."""
        for part in self.stretches(strip):
            self.plan.lots.append(Lot(part, "straat", quarter, street=street, common=quarter == self.country))

    def stretches(self, strip: Face) -> list[Face]:
        if self.size(strip) < 420:
            return [strip]
        line = self.ground.line(*self.across(strip, self.between(0.45, 0.55), 0.0))
        return [part for half in self.ground.split(strip, line) if half is not None for part in self.stretches(half)]

    def across(self, face: Face, share: float, lean: float) -> tuple[float, float, float, float]:
        """A line across the long side of a face, at `share` of its length, leaning by `lean` radians."""
        ux, uy, u0, u1, v0, v1, _, _ = self.frame(face)
        u, v = u0 + share * (u1 - u0), (v0 + v1) / 2
        cos, sin = math.cos(lean), math.sin(lean)
        return ux * u - uy * v, uy * u + ux * v, -uy * cos - ux * sin, ux * cos - uy * sin

    def lengthwise(self, face: Face, share: float, lean: float) -> tuple[float, float, float, float]:
        """A line along the long side of a face, at `share` of its width."""
        ux, uy, u0, u1, v0, v1, _, _ = self.frame(face)
        u, v = (u0 + u1) / 2, v0 + share * (v1 - v0)
        cos, sin = math.cos(lean), math.sin(lean)
        return ux * u - uy * v, uy * u + ux * v, ux * cos - uy * sin, uy * cos + ux * sin

    def front(self, face: Face, along: tuple[float, float] | None = None) -> int:
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

    def offset(self, line: int, x: float, y: float) -> float:
        """How far a point lies beside a line; positive on its left."""
        dx, dy = self.ground.direction(line)
        ox, oy = self.ground.at(line, 0.0)
        return dx * (y - oy) - dy * (x - ox)

    def split(self, face: Face, line: int) -> list[Face]:
        """What is on both sides of a line."""
        return [piece for piece in self.ground.split(face, line) if piece is not None]
