"""Dividing a piece of land by straight lines without ever leaving a gap or an overlap.

Land starts as one convex face and is split again and again, so that every face stays convex. Each face
remembers on which line each of its edges lies, and each line remembers which corners lie on it. When the
faces are turned into polygons, all corners on a line are put into both faces beside it. So neighbours share
their boundary point by point, whatever bend (`warp`) is then applied to the corners.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Warp = Callable[[Floats, Floats], tuple[Floats, Floats]]

#: Corners on one line that are closer than this (metres) become one corner.
MERGE_WITHIN = 0.05
#: A straight stretch longer than this gets corners in between, so that a warp can bend it (metres).
LONGEST_STRETCH = 36.0


@dataclass(slots=True)
class Face:
    """A convex piece: corner numbers counter-clockwise, and for each the line of the edge that starts
    there.
    """

    nodes: list[int]
    lines: list[int]


class Partition:
    """The corners and lines of a division, and the splitting itself. Coordinates are metres in a plane of
    its own.
    """

    def __init__(self) -> None:
        self.x: list[float] = []
        self.y: list[float] = []
        self._ox: list[float] = []
        self._oy: list[float] = []
        self._dx: list[float] = []
        self._dy: list[float] = []
        # Which node lies on which line, and how far along it.
        self._on_line: list[int] = []
        self._on_node: list[int] = []
        self._on_t: list[float] = []
        self._bulges: list[tuple[int, float, float, float]] = []

    def line(self, x: float, y: float, dx: float, dy: float) -> int:
        """A new line through (x, y) in the direction (dx, dy), which is taken to length one."""
        length = (dx * dx + dy * dy) ** 0.5
        self._ox.append(x)
        self._oy.append(y)
        self._dx.append(dx / length)
        self._dy.append(dy / length)
        return len(self._ox) - 1

    def direction(self, line: int) -> tuple[float, float]:
        """The direction of a line, length one."""
        return self._dx[line], self._dy[line]

    def along(self, line: int, node: int) -> float:
        """How far along a line a corner lies, in metres from where the line was laid."""
        return (self.x[node] - self._ox[line]) * self._dx[line] + (self.y[node] - self._oy[line]) * self._dy[line]

    def at(self, line: int, t: float) -> tuple[float, float]:
        """The point `t` metres along a line."""
        return self._ox[line] + t * self._dx[line], self._oy[line] + t * self._dy[line]

    def start(self, points: Sequence[tuple[float, float]]) -> Face:
        """The first face, from the corners of a convex polygon, counter-clockwise."""
        count = len(points)
        lines = [
            self.line(x, y, points[(i + 1) % count][0] - x, points[(i + 1) % count][1] - y)
            for i, (x, y) in enumerate(points)
        ]
        return Face([self._node(*points[i], (lines[i - 1], lines[i])) for i in range(count)], lines)

    def bulge(self, line: int, t0: float, t1: float, height: float) -> None:
        """Bend the stretch of a line from t0 to t1 to the right (outwards of a face it bounds) by `height`
        metres.
        """
        self._bulges.append((line, t0, t1, height))

    def _node(self, x: float, y: float, lines: Iterable[int]) -> int:
        node = len(self.x)
        self.x.append(x)
        self.y.append(y)
        for line in lines:
            self._on_line.append(line)
            self._on_node.append(node)
            self._on_t.append(self.along(line, node))
        return node

    def split(self, face: Face, line: int) -> tuple[Face | None, Face | None]:
        """The part of a face to the left of a line and the part to the right; None where there is nothing,
        or only a thread narrower than MERGE_WITHIN, which then stays with the other part.
        """
        ox, oy, dx, dy = self._ox[line], self._oy[line], self._dx[line], self._dy[line]
        xs, ys = self.x, self.y
        side = [dx * (ys[n] - oy) - dy * (xs[n] - ox) for n in face.nodes]
        if min(side) >= -MERGE_WITHIN:
            return face, None
        if max(side) <= MERGE_WITHIN:
            return None, face
        left, right = Face([], []), Face([], [])
        for i, node in enumerate(face.nodes):
            here, there = side[i], side[i + 1 - len(side)]
            edge = face.lines[i]
            mine, other = (left, right) if here >= 0.0 else (right, left)
            mine.nodes.append(node)
            mine.lines.append(edge)
            if (here >= 0.0) != (there >= 0.0):
                follower = face.nodes[i + 1 - len(side)]
                share = here / (here - there)
                x = xs[node] + share * (xs[follower] - xs[node])
                y = ys[node] + share * (ys[follower] - ys[node])
                crossing = self._node(x, y, (edge, line))
                mine.nodes.append(crossing)
                mine.lines.append(line)
                other.nodes.append(crossing)
                other.lines.append(edge)
        return left, right

    def band(
        self, face: Face, x: float, y: float, dx: float, dy: float, width: float
    ) -> tuple[Face | None, Face | None, Face | None, int, int]:
        """Split by a strip of `width` metres centred on a line: left piece, strip, right piece, and the two
        lines.
        """
        length = (dx * dx + dy * dy) ** 0.5
        nx, ny = -dy / length * width / 2, dx / length * width / 2
        upper = self.line(x + nx, y + ny, dx, dy)
        lower = self.line(x - nx, y - ny, dx, dy)
        left, rest = self.split(face, upper)
        if rest is None:
            return left, None, None, upper, lower
        strip, right = self.split(rest, lower)
        return left, strip, right, upper, lower

    def area(self, face: Face) -> float:
        """The area of a face in m2, before any warp."""
        xs, ys, nodes = self.x, self.y, face.nodes
        return 0.5 * sum(xs[nodes[i - 1]] * ys[node] - xs[node] * ys[nodes[i - 1]] for i, node in enumerate(nodes))

    def centre(self, face: Face) -> tuple[float, float]:
        """The mean of the corners of a face: a point inside it."""
        count = len(face.nodes)
        return sum(self.x[n] for n in face.nodes) / count, sum(self.y[n] for n in face.nodes) / count

    # --- to polygons ----------------------------------------------------------------------------------------

    def polygons(self, faces: Sequence[Face], warp: Warp) -> tuple[NDArray[np.object_], Floats]:
        """The faces as polygons on a grid of 1 mm (counter-clockwise, sharing every boundary point), and
        the warped coordinates (n, 2) of all corners by number.
        """
        line, t, node = self._sorted_incidences()
        line, t, node = self._with_points_between(line, t, node)
        x, y = self._bulged(np.array(self.x), np.array(self.y), line, t, node)
        warped = np.column_stack(warp(x, y))
        points: Floats = np.round(warped, 3)[_merged(line, t, node, len(x))]

        start_node = np.fromiter(chain.from_iterable(f.nodes for f in faces), dtype=np.int64)
        start_line = np.fromiter(chain.from_iterable(f.lines for f in faces), dtype=np.int64)
        sizes = np.array([len(f.nodes) for f in faces])
        face_of = np.repeat(np.arange(len(faces)), sizes)
        first = np.concatenate([[0], np.cumsum(sizes)[:-1]])
        end_node = np.roll(start_node, -1)
        end_node[first + sizes - 1] = start_node[first]

        # The place of each edge's ends among the corners of its line; between them lies the chain to follow.
        key = line * np.int64(len(x)) + node
        order = np.argsort(key)
        begin = order[np.searchsorted(key, start_line * len(x) + start_node, sorter=order)]
        end = order[np.searchsorted(key, start_line * len(x) + end_node, sorter=order)]
        steps = np.abs(end - begin)
        sign = np.sign(end - begin)
        edge_of = np.repeat(np.arange(len(steps)), steps)
        within = np.arange(len(edge_of)) - np.repeat(np.cumsum(steps) - steps, steps)
        chain_nodes = node[begin[edge_of] + sign[edge_of] * within]

        coordinates, ring = points[chain_nodes], face_of[edge_of]
        fresh = np.ones(len(ring), dtype=bool)
        fresh[1:] = (ring[1:] != ring[:-1]) | (coordinates[1:] != coordinates[:-1]).any(axis=1)
        rings = shapely.linearrings(coordinates[fresh], indices=ring[fresh])
        return shapely.remove_repeated_points(shapely.polygons(rings), 0.0), points

    def _sorted_incidences(self) -> tuple[Ints, Floats, Ints]:
        line = np.array(self._on_line, dtype=np.int64)
        t = np.array(self._on_t)
        node = np.array(self._on_node, dtype=np.int64)
        order = np.lexsort((node, t, line))
        return line[order], t[order], node[order]

    def _with_points_between(self, line: Ints, t: Floats, node: Ints) -> tuple[Ints, Floats, Ints]:
        """Add corners on stretches longer than LONGEST_STRETCH. The new nodes are added to the partition."""
        gap = np.where(line[1:] == line[:-1], t[1:] - t[:-1], 0.0)
        extra = np.floor(gap / LONGEST_STRETCH).astype(np.int64)
        where = np.repeat(np.arange(len(extra)), extra)
        within = np.arange(len(where)) - np.repeat(np.cumsum(extra) - extra, extra) + 1
        new_t = t[where] + gap[where] * within / (extra[where] + 1)
        new_line = line[where]
        new_node = np.arange(len(where)) + len(self.x)
        ox, oy, dx, dy = (np.array(v) for v in (self._ox, self._oy, self._dx, self._dy))
        self.x.extend((ox[new_line] + new_t * dx[new_line]).tolist())
        self.y.extend((oy[new_line] + new_t * dy[new_line]).tolist())
        line, t, node = np.r_[line, new_line], np.r_[t, new_t], np.r_[node, new_node]
        order = np.lexsort((node, t, line))
        return line[order], t[order], node[order]

    def _bulged(self, x: Floats, y: Floats, line: Ints, t: Floats, node: Ints) -> tuple[Floats, Floats]:
        for number, t0, t1, height in self._bulges:
            inside = (line == number) & (t > t0) & (t < t1)
            push = height * np.sin(np.pi * (t[inside] - t0) / (t1 - t0))
            dx, dy = self.direction(number)
            x[node[inside]] += dy * push
            y[node[inside]] -= dx * push
        return x, y


def _merged(line: Ints, t: Floats, node: Ints, count: int) -> Ints:
    """For each corner the corner whose place it takes: itself, or one within MERGE_WITHIN on the same line."""
    near = np.flatnonzero((line[1:] == line[:-1]) & (t[1:] - t[:-1] < MERGE_WITHIN))
    stand_in = np.arange(count)
    pairs = np.column_stack([node[near], node[near + 1]])
    while True:
        both = np.minimum(stand_in[pairs[:, 0]], stand_in[pairs[:, 1]])
        previous = stand_in.copy()
        np.minimum.at(stand_in, pairs[:, 0], both)
        np.minimum.at(stand_in, pairs[:, 1], both)
        stand_in = stand_in[stand_in]
        if (stand_in == previous).all():
            return stand_in
