"""Lots side by side along a street, for houses that were built in one go."""

from __future__ import annotations

from diwi_desktop.basedata.partition import Face
from diwi_desktop.basedata.town.board import PATH, Board
from diwi_desktop.basedata.town.plan import Lot
from diwi_desktop.basedata.town.styles import Style


def build_rows(board: Board, face: Face, style: Style, quarter: int) -> None:
    """Two rows of lots back to back, often with an alley between the gardens."""
    ux, uy, _, _, _, _, length, width = board.frame(face)
    if width < 0.72 * style.depth:
        build_row(board, face, style, quarter, board.front(face, (ux, uy)), length)
        return
    line = board.lengthwise(face, board.between(0.47, 0.53), 0.0)
    if board.chance(style.alley):
        halves = board.road(face, *line, 1.8, quarter, rank=PATH)
    else:
        halves = board.split(face, board.ground.line(*line))
    for half in halves:
        build_row(board, half, style, quarter, board.front(half, (ux, uy)), length)


def build_row(board: Board, face: Face, style: Style, quarter: int, front: int, length: float) -> None:
    """Lots side by side along a street. A row of houses is built in one go: one depth, one year, one
    front.
    """
    if front < 0 or board.ground.area(face) < 120:
        board.add(face, "park", quarter)
        return
    ground = board.ground
    ends = [
        ground.along(front, node)
        for i, edge in enumerate(face.lines)
        if edge == front
        for node in (face.nodes[i], face.nodes[i + 1 - len(face.nodes)])
    ]
    t, last = min(ends), max(ends)
    if style.depth and ground.area(face) > style.depth * (last - t):
        board.add(face, "park", quarter)  # it only touches the street with its short side
        return
    dx, dy = ground.direction(front)
    lean = board.between(-0.03, 0.03)
    cut_x, cut_y = -dy - dx * lean, dx - dy * lean
    run = 0
    position = 0
    template = Lot(face, "erf", quarter, style, style.dwelling, front)
    dwelling, width = style.dwelling, 0.0
    while True:
        if run <= 0:
            run = _begin_run(board, template, style)
            dwelling, width = template.dwelling, _lot_width(board, template.dwelling, style)
            position = 0
        wide = width if dwelling in ("row", "semi") else _lot_width(board, dwelling, style)
        if dwelling == "row" and run == 1:
            wide *= 1.35  # the end house has a side garden
        t += wide
        run -= 1
        if last - t < 0.75 * wide:
            break
        near, far = _cut(board, face, front, t, cut_x, cut_y)
        if near is None or far is None:
            continue
        _lot(board, near, template, dwelling, position)
        position += 1
        face = far
    _lot(board, face, template, dwelling, position)


def _begin_run(board: Board, template: Lot, style: Style) -> int:
    """Start a new run of like houses in a row: how many."""
    template.dwelling = style.dwelling
    if style.dwelling == "row" and board.chance(style.wide):
        template.dwelling = "semi"
    template.setback = board.between(*style.setback)
    template.building_depth = board.between(*style.building_depth)
    template.year = built_in(board, style)
    return {"row": 4 + int(6 * board.random.random()), "semi": 2}.get(template.dwelling, 1)


def built_in(board: Board, style: Style) -> int:
    """A year in the period of a style."""
    return round(board.between(*style.years))


def _lot_width(board: Board, dwelling: str, style: Style) -> float:
    if dwelling == "semi" and style.dwelling == "row":
        return board.between(8.5, 11.0)
    return board.between(*style.widths)


def _cut(board: Board, face: Face, front: int, t: float, dx: float, dy: float) -> tuple[Face | None, Face | None]:
    """Cut a row at `t` along its front: the piece before and the piece after."""
    ground = board.ground
    left, right = ground.split(face, ground.line(*ground.at(front, t), dx, dy))
    if left is None or right is None:
        return None, None
    # The cutting line is the front's direction turned to the left, so what lies before `t` is on its
    # left.
    return left, right


def _lot(board: Board, face: Face, template: Lot, dwelling: str, position: int) -> None:
    board.plan.lots.append(
        Lot(
            face, "erf", template.quarter, template.style, dwelling, template.front, template.setback,
            template.building_depth, template.year, position=position,
        )
    )  # fmt: skip
