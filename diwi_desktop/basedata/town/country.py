"""The country around the town: polder, woods, dunes, a lake, and sports fields at the edge."""

from __future__ import annotations

from diwi_desktop.basedata.partition import Face
from diwi_desktop.basedata.town.board import PATH, Board
from diwi_desktop.basedata.town.quarters import Quarters
from diwi_desktop.basedata.town.rows import build_row
from diwi_desktop.basedata.town.styles import FARM, PARK
from diwi_desktop.basedata.town.water import ditch, lake


class Country:
    """Divides what is not built on."""

    def __init__(self, board: Board, quarters: Quarters) -> None:
        self._board = board
        self._quarters = quarters
        self._lake_wanted = True

    def divide(self, face: Face) -> None:
        """Open country becomes a lake, sports fields, a wood or fields."""
        board = self._board
        x, y = board.ground.centre(face)
        area = board.ground.area(face)
        if self._lake_wanted and area > 90_000 and y < -0.7 * board.radius and x > 0:
            self._lake_wanted = False
            lake(board, face, board.country, "park")
            return
        if board.plan.outside(x, y) < 0.1 * board.radius and area < 160_000 and board.chance(0.3):
            self._sports(face)
            return
        if area < 260_000 and board.chance(0.12):
            self.dunes(face, board.country)  # a wood, divided like the dunes
            return
        width = board.between(65, 125)
        self._strips(face, width, board.between(330, 620))

    def _sports(self, face: Face) -> None:
        """Sports fields, allotments and such at the edge of the town."""
        board = self._board
        quarter = board.quarter(*board.ground.centre(face), PARK)
        self._quarters.blocks(face, PARK, quarter)

    def _strips(self, face: Face, width: float, length: float) -> None:
        """The long strips of a reclaimed polder, some of them parted by a ditch of its own."""
        board = self._board
        _, _, _, _, _, _, long, wide = board.frame(face)
        if wide > 1.6 * width:
            count = max(2, round(wide / width))
            line = board.lengthwise(face, (count // 2) / count + board.between(-0.03, 0.03), board.between(-0.02, 0.02))
        elif long > 1.6 * length:
            line = board.across(face, board.between(0.45, 0.55), board.between(-0.06, 0.06))
        else:
            self._field(face)
            return
        if board.chance(0.45):
            pieces = ditch(board, face, *line, board.between(2.5, 5.0), board.country)
        else:
            pieces = board.split(face, board.ground.line(*line))
        for piece in pieces:
            self._strips(piece, width, length)

    def _field(self, face: Face) -> None:
        """A field, now and then with a farm or a country house where it meets a road."""
        board = self._board
        front = board.front(face)
        if front >= 0 and board.ground.area(face) > 9000 and board.chance(0.3):
            dx, dy = board.ground.direction(front)
            inward = -1.0 if board.plan.side_of_line[front] else 1.0
            depth = board.between(42, 68) * inward
            x, y = board.ground.at(front, 0.0)
            line = board.ground.line(x - dy * depth, y + dx * depth, dx, dy)
            left, right = board.ground.split(face, line)
            yard, rest = (right, left) if inward > 0 else (left, right)
            if yard is not None and rest is not None:
                board.add(rest, "akker", board.country)
                build_row(board, yard, FARM, board.country, front, 0.0)
                return
        board.add(face, "akker", board.country)

    def dunes(self, face: Face, quarter: int) -> None:
        """Dunes: large irregular pieces with paths."""
        board = self._board
        if board.size(face) < 520 or board.ground.area(face) < 60_000:
            board.add(face, "park", quarter)
            return
        line = board.across(face, board.between(0.36, 0.64), board.between(-0.5, 0.5))
        if board.chance(0.4):
            pieces = board.road(face, *line, 4.0, quarter, rank=PATH)
        else:
            pieces = board.split(face, board.ground.line(*line))
        for piece in pieces:
            self.dunes(piece, quarter)
