"""Water: ditches and broad cuts, the canal, lakes."""

from __future__ import annotations

import math

from diwi_desktop.basedata.partition import Face
from diwi_desktop.basedata.town.board import Board
from diwi_desktop.basedata.town.plan import Lot


def ditch(board: Board, face: Face, x: float, y: float, dx: float, dy: float, width: float, quarter: int) -> list[Face]:
    """Dig water through a face: the pieces that remain on both sides."""
    left, strip, right, _, _ = board.ground.band(face, x, y, dx, dy, width)
    if strip is not None:
        for part in board.stretches(strip):
            board.add(part, "water", quarter)
    return [piece for piece in (left, right) if piece is not None]


def canal(board: Board, faces: list[Face], x: float, y: float, dx: float, dy: float) -> list[Face]:
    """A canal with a quay on both sides, right through."""
    pieces = []
    streets = board.street(board.country, 1), board.street(board.country, 1)
    for face in faces:
        left, water, right, upper, lower = board.ground.band(face, x, y, dx, dy, 26.0)
        for part in board.stretches(water) if water is not None else ():
            board.plan.lots.append(Lot(part, "water", board.country, common=True))
        pieces += [
            _quay(board, left, upper, 9.0, streets[0]),
            _quay(board, right, lower, -9.0, streets[1]),
        ]
    return [piece for piece in pieces if piece is not None]


def _quay(board: Board, face: Face | None, shore: int, width: float, street: int) -> Face | None:
    """Cut a street off a face along its shore line, to the left of that line when `width` is positive."""
    if face is None:
        return None
    dx, dy = board.ground.direction(shore)
    x, y = board.ground.at(shore, 0.0)
    line = board.ground.line(x - dy * width, y + dx * width, dx, dy)
    left, right = board.ground.split(face, line)
    land, quay = (left, right) if width > 0 else (right, left)
    if quay is not None:
        board.pave(quay, board.country, street)
        board.plan.street_of_line[line], board.plan.side_of_line[line] = street, 0 if width > 0 else 1
    return land


def lake(board: Board, face: Face, quarter: int, shore: str) -> None:
    """Cut a round lake out of a face; what is left around it becomes shore."""
    cx, cy = board.ground.centre(face)
    room = min(abs(board.offset(line, cx, cy)) for line in face.lines)
    sides, reach = 9, 0.8 * room
    shores = set()
    for i in range(sides):
        angle = 2 * math.pi * (i + board.between(-0.15, 0.15)) / sides
        distance = reach * board.between(0.85, 1.1)
        nx, ny = math.cos(angle), math.sin(angle)
        line = board.ground.line(cx + nx * distance, cy + ny * distance, -ny, nx)
        shores.add(line)
        inner, outer = board.ground.split(face, line)
        board.add(outer, shore, quarter)
        if inner is None:
            return
        face = inner
    for i, line in enumerate(face.lines):
        t0 = board.ground.along(line, face.nodes[i])
        t1 = board.ground.along(line, face.nodes[i + 1 - len(face.nodes)])
        if line in shores:
            board.ground.bulge(line, min(t0, t1), max(t0, t1), 0.11 * abs(t1 - t0))
    board.add(face, "water", quarter)
