"""Quarters of the town: streets that divide them into blocks, and what a block becomes."""

from __future__ import annotations

import math

from diwi_desktop.basedata.partition import Face
from diwi_desktop.basedata.town.board import PATH, Board
from diwi_desktop.basedata.town.plan import Lot
from diwi_desktop.basedata.town.rows import build_rows, built_in
from diwi_desktop.basedata.town.styles import (
    BUSINESS,
    CENTRE,
    GARDEN_CITY,
    NINETIES,
    PARK,
    POST_WAR,
    SEMI_DETACHED,
    SEVENTIES,
    VILLAS,
    Style,
)
from diwi_desktop.basedata.town.water import ditch, lake


class Quarters:
    """Builds the quarters, each in the style of the place where it lies."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._park_wanted = True

    def build(self, face: Face) -> None:
        """Build a quarter on a face."""
        board = self._board
        x, y = board.ground.centre(face)
        style = self._style_at(x, y)
        quarter = board.quarter(x, y, style)
        first = len(board.plan.streets)
        if style is NINETIES and board.chance(0.6):
            line = board.lengthwise(face, board.between(0.4, 0.6), board.between(-0.05, 0.05))
            pieces = ditch(board, face, *line, 9.0, quarter)
        else:
            pieces = [face]
        for piece in pieces:
            self.blocks(piece, style, quarter)
        for street in board.plan.streets[first:]:
            street.quarter = quarter

    def _style_at(self, x: float, y: float) -> Style:
        board = self._board
        share = math.hypot(x, y) / board.radius
        draw = board.random.random()
        if share > 1.2:  # the second village
            return SEMI_DETACHED if draw < 0.5 else CENTRE
        if share < 0.24:
            return CENTRE
        if self._park_wanted and 0.3 < share < 0.6:
            self._park_wanted = False
            return PARK
        if x > 0.62 * board.radius and y < 0.25 * board.radius and draw < 0.75:
            return BUSINESS
        if x < -0.62 * board.radius and draw < 0.62:
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

    def blocks(self, face: Face, style: Style, quarter: int) -> None:
        """Divide a quarter by streets into blocks."""
        board = self._board
        _, _, _, _, _, _, length, width = board.frame(face)
        rows, columns = width / style.depth, length / style.length
        if rows < 1.5 and columns < 1.5:
            self._block(face, style, quarter)
            return
        lean = board.between(-0.05, 0.05)
        if columns >= 1.5 and columns * 0.7 > rows:
            count = max(2, round(columns))
            line = board.across(face, (count // 2) / count + board.between(-0.06, 0.06), lean)
        elif rows >= 1.5:
            count = max(2, round((width + style.street) / (style.depth + style.street)))
            line = board.lengthwise(face, (count // 2) / count + board.between(-0.02, 0.02), lean)
        else:
            line = board.across(face, 0.5 + board.between(-0.06, 0.06), lean)
        rank = PATH if style is PARK else 2
        for piece in board.road(face, *line, style.street, quarter, rank):
            self.blocks(piece, style, quarter)

    def _block(self, face: Face, style: Style, quarter: int) -> None:
        board = self._board
        draw = board.random.random()
        area = board.ground.area(face)
        if draw < style.green or area < 250:
            if style is PARK and board.chance(0.3) and area > 6000:
                lake(board, face, quarter, "park")
            else:
                board.add(face, "park", quarter)
            return
        draw -= style.green
        if draw < style.flats + style.facility:
            dwelling = "flat" if draw < style.flats else "facility"
            front = board.front(face)
            if front >= 0 and area > 1500:
                self._estate(face, style, quarter, dwelling, front)
                return
        build_rows(board, face, style, quarter)

    def _estate(self, face: Face, style: Style, quarter: int, dwelling: str, front: int) -> None:
        """A block with one large building: a block of flats in the green, a school, a church."""
        board = self._board
        lot = Lot(face, "erf", quarter, style, dwelling, front, year=built_in(board, style))
        lot.setback, lot.building_depth = board.between(6, 10), board.between(11.5, 14)
        board.plan.lots.append(lot)
