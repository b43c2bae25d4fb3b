"""Which piece of the country the canvas shows, in whole device pixels.

Zoom goes in steps of a fourth of a doubling, on the tile grid of the Dutch base maps (NetherlandsRDNewQuad:
origin -285401.92, 903401.92; 3440.64 m per pixel at zoom 0). So every fourth step shows a base map pixel for
pixel, and a tile drawn once fits again whenever the view comes back to that step. The corner of the view is a
whole number of pixels from the origin: panning is copying.
"""

import math
from dataclasses import dataclass, replace

ORIGIN_X = -285401.92
ORIGIN_Y = 903401.92
COARSEST = 3440.64
STEPS = 4
TILE = 512

MIN_LEVEL = 3 * STEPS
MAX_LEVEL = 18 * STEPS

Bounds = tuple[float, float, float, float]
TileKey = tuple[int, int, int]


def resolution(level: int) -> float:
    """Metres per device pixel at a zoom level."""
    return float(COARSEST / 2 ** (level / STEPS))


def tile_bounds(key: TileKey) -> Bounds:
    """xmin, ymin, xmax, ymax in RD metres of tile (level, column, row); rows count from the north."""
    level, column, row = key
    side = TILE * resolution(level)
    return (
        ORIGIN_X + column * side,
        ORIGIN_Y - (row + 1) * side,
        ORIGIN_X + (column + 1) * side,
        ORIGIN_Y - row * side,
    )


@dataclass(frozen=True)
class View:
    """The level, the device pixel of the top left corner counted from the grid's origin, and the size in
    device pixels. `dpr` is the number of device pixels per pixel of the window (2 on a fine screen); points
    of the window and of `to_screen` are in the latter.
    """

    level: int
    left: int
    top: int
    width: int
    height: int
    dpr: float = 1.0

    @property
    def metres_per_pixel(self) -> float:
        """Metres per window pixel."""
        return resolution(self.level) * self.dpr

    @property
    def centre(self) -> tuple[float, float]:
        """The RD point in the middle of the view."""
        return self.to_world(self.width / 2 / self.dpr, self.height / 2 / self.dpr)

    @property
    def bounds(self) -> Bounds:
        """The part of the country in view, in RD metres."""
        cell = resolution(self.level)
        return (
            ORIGIN_X + self.left * cell,
            ORIGIN_Y - (self.top + self.height) * cell,
            ORIGIN_X + (self.left + self.width) * cell,
            ORIGIN_Y - self.top * cell,
        )

    def to_world(self, px: float, py: float) -> tuple[float, float]:
        """The RD point under a point of the window."""
        cell = resolution(self.level)
        return (
            ORIGIN_X + (self.left + px * self.dpr) * cell,
            ORIGIN_Y - (self.top + py * self.dpr) * cell,
        )

    def to_screen(self, x: float, y: float) -> tuple[float, float]:
        """Where in the window an RD point lies."""
        cell = resolution(self.level)
        return (
            ((x - ORIGIN_X) / cell - self.left) / self.dpr,
            ((ORIGIN_Y - y) / cell - self.top) / self.dpr,
        )

    def resized(self, width: int, height: int, dpr: float) -> "View":
        """The same middle at another size in device pixels."""
        return View(self.level, self.left, self.top, self.width, self.height, dpr)._around(
            width, height, self.left + self.width / 2, self.top + self.height / 2
        )

    def panned(self, dx: float, dy: float) -> "View":
        """The view after its content moved by (dx, dy) window pixels."""
        return replace(self, left=self.left - round(dx * self.dpr), top=self.top - round(dy * self.dpr))

    def zoomed(self, steps: int, px: float, py: float) -> "View":
        """`steps` finer (negative: coarser), the point of the window (px, py) staying where it is."""
        level = min(MAX_LEVEL, max(MIN_LEVEL, self.level + steps))
        factor = 2 ** ((level - self.level) / STEPS)
        at_x, at_y = px * self.dpr, py * self.dpr
        return replace(
            self,
            level=level,
            left=round((self.left + at_x) * factor - at_x),
            top=round((self.top + at_y) * factor - at_y),
        )

    def centred(self, x: float, y: float, level: int | None = None) -> "View":
        """The view with an RD point in the middle, at another level when given."""
        level = self.level if level is None else min(MAX_LEVEL, max(MIN_LEVEL, level))
        cell = resolution(level)
        moved = replace(self, level=level)
        return moved._around(self.width, self.height, (x - ORIGIN_X) / cell, (ORIGIN_Y - y) / cell)

    def fitting(self, bounds: Bounds, margin: float = 0.06) -> "View":
        """The finest level at which `bounds` (RD) fit, with a margin as a share of the view on every side."""
        xmin, ymin, xmax, ymax = bounds
        room = 1 - 2 * margin
        need = max((xmax - xmin) / max(1.0, self.width * room), (ymax - ymin) / max(1.0, self.height * room))
        level = MAX_LEVEL if need <= 0 else math.floor(STEPS * math.log2(COARSEST / need))
        return self.centred((xmin + xmax) / 2, (ymin + ymax) / 2, level)

    def tiles(self) -> list[TileKey]:
        """The tiles in view, those nearest the middle first."""
        columns = range(self.left // TILE, (self.left + self.width - 1) // TILE + 1)
        rows = range(self.top // TILE, (self.top + self.height - 1) // TILE + 1)
        middle = ((self.left + self.width / 2) / TILE - 0.5, (self.top + self.height / 2) / TILE - 0.5)
        keys = [(self.level, column, row) for row in rows for column in columns]
        return sorted(keys, key=lambda key: (key[1] - middle[0]) ** 2 + (key[2] - middle[1]) ** 2)

    def _around(self, width: int, height: int, middle_x: float, middle_y: float) -> "View":
        return replace(
            self,
            width=width,
            height=height,
            left=round(middle_x - width / 2),
            top=round(middle_y - height / 2),
        )
