"""The lay-out of a made-up Dutch municipality: roads, quarters, blocks and lots, as faces of a `Partition`.

The order is that of a real place: main roads, railway and canal first; then roads that divide town and
country into quarters; then streets that divide a quarter into blocks; then lots, two rows back to back in a
block. Each quarter was built in one period (`Style`), which decides street width, depth and width of lots
and what stands on them. The plan is straight; `bend_of` bends it afterwards, as land and history do.
"""

from __future__ import annotations

import math
from random import Random

from diwi_desktop.basedata.partition import Face
from diwi_desktop.basedata.town.board import PATH, Board
from diwi_desktop.basedata.town.country import Country
from diwi_desktop.basedata.town.plan import TownPlan
from diwi_desktop.basedata.town.quarters import Quarters
from diwi_desktop.basedata.town.styles import PARK
from diwi_desktop.basedata.town.water import canal

#: Metres squared of town, streets included, that a parcel takes on average; measured on the result.
_TOWN_AREA_PER_PARCEL = 352.0
_LAND_RADIUS = 1.95  # radius of the municipality in town radii


def make_plan(parcels: int, seed: int) -> TownPlan:
    """Lay out a municipality of about `parcels` parcels; the same numbers give the same plan."""
    plan = _planned(parcels, seed)
    for _ in range(3):  # how many fit depends on how the roads fall, the more so the smaller the place
        found = len(plan.lots)
        if abs(found - parcels) <= 0.1 * parcels:
            break
        other = _planned(round(parcels * parcels / found), seed)
        if abs(len(other.lots) - parcels) >= abs(found - parcels):
            break
        plan = other
    return plan


def _planned(parcels: int, seed: int) -> TownPlan:
    board = Board(math.sqrt(parcels * 0.92 * _TOWN_AREA_PER_PARCEL / math.pi), Random(seed))
    _Planner(board).lay_out()
    return board.plan


class _Planner:
    def __init__(self, board: Board) -> None:
        self._board = board
        self._quarters = Quarters(board)
        self._country = Country(board, self._quarters)

    def lay_out(self) -> None:
        board = self._board
        r = board.radius
        # Corners on an ellipse are convex however unevenly they lie, and uneven looks like a real border.
        gaps = [board.between(0.4, 1.6) for _ in range(10)]
        border, turned = [], 0.0
        for gap in gaps:
            turned += 2 * math.pi * gap / sum(gaps)
            border.append((_LAND_RADIUS * r * 1.18 * math.cos(turned), _LAND_RADIUS * r * 0.92 * math.sin(turned)))
        faces = [board.ground.start(border)]
        faces = self._through(faces, -1.32 * r, 0.0, 0.16, 1.0, 7.0, rank=PATH)
        dunes = [f for f in faces if board.ground.centre(f)[0] < -1.35 * r]
        faces = [f for f in faces if f not in dunes]
        faces = self._through(faces, 0.62 * r, 0.0, -0.22, 1.0, 22.0, rank=0)
        faces = self._through(faces, 0.0, 0.12 * r, 1.0, 0.1, 15.0, rank=0)
        faces = self._through(faces, -0.42 * r, 0.0, 0.1, 1.0, 14.0, rank=PATH)  # the railway
        faces = canal(board, faces, 0.0, -0.62 * r, 1.0, -0.12)
        for face in dunes:
            self._country.dunes(face, board.quarter(*board.ground.centre(face), PARK, rural=True))
        for face in faces:
            self._settle(face)

    def _through(
        self, faces: list[Face], x: float, y: float, dx: float, dy: float, width: float, rank: int
    ) -> list[Face]:
        board = self._board
        street = board.street(board.country, rank)
        return [piece for face in faces for piece in board.road(face, x, y, dx, dy, width, board.country, rank, street)]

    def _settle(self, face: Face) -> None:
        """Divide by roads until a piece is a quarter of the town or open country."""
        board = self._board
        x, y = board.ground.centre(face)
        size = board.size(face)
        outside = board.plan.outside(x, y)
        if outside > 0.4 * size or (size <= 560 and outside > 0.12 * size):
            self._country.divide(face)
            return
        if size <= 560:
            self._quarters.build(face)
            return
        width, rank = (15.0, 0) if size > 1300 else (12.5, 1)
        line = board.across(face, board.between(0.42, 0.58), board.between(-0.16, 0.16))
        for piece in board.road(face, *line, width, board.country, rank):
            self._settle(piece)
