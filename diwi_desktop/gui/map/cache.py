"""Finished tiles, kept as long as there is room; and what to show while a tile is not there yet."""

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPixmap

from diwi_desktop.gui.map.view import STEPS, TILE, Bounds, TileKey, tile_bounds

# Tiles of 1 MB.
_ROOM = 160
# How much coarser or finer a tile may be to stand in for another, in steps. Finer ones come in numbers: two
# doublings finer means sixteen for each.
_COARSER, _FINER = 6 * STEPS, 2 * STEPS
# Of how many levels pieces are put together at most.
_LEVELS = 3


@dataclass
class Tile:
    """A drawn tile; not fresh when its data changed since."""

    picture: QPixmap
    fresh: bool


class TileCache:
    """Tiles by key; the least recently shown go first."""

    def __init__(self, room: int = _ROOM) -> None:
        self._tiles: OrderedDict[TileKey, Tile] = OrderedDict()
        self._room = room

    def __len__(self) -> int:
        return len(self._tiles)

    def get(self, key: TileKey) -> Tile | None:
        """The tile, counted as shown just now."""
        tile = self._tiles.get(key)
        if tile is not None:
            self._tiles.move_to_end(key)
        return tile

    def put(self, key: TileKey, picture: QPixmap, *, fresh: bool) -> None:
        """Keep a tile; the room grows with a screen that needs more than a third of it at once."""
        self._tiles[key] = Tile(picture, fresh)
        self._tiles.move_to_end(key)
        while len(self._tiles) > self._room:
            self._tiles.popitem(last=False)

    def make_room_for(self, in_view: int) -> None:
        """Hold at least three screens full."""
        self._room = max(_ROOM, 3 * in_view)

    def stale(self, bounds: Bounds | None = None) -> None:
        """The tiles that meet `bounds` (RD; None: all) are no longer right, but may be shown until
        replaced.
        """
        for key, tile in self._tiles.items():
            if bounds is None or _meet(tile_bounds(key), bounds):
                tile.fresh = False

    def clear(self) -> None:
        """Forget everything."""
        self._tiles.clear()

    def missing(self, keys: Iterable[TileKey]) -> list[TileKey]:
        """Those of `keys` that are not there or not fresh, in the same order."""
        return [key for key in keys if (tile := self._tiles.get(key)) is None or not tile.fresh]

    def stand_ins(self, key: TileKey) -> Iterator[tuple[QPixmap, QRectF, QRectF]]:
        """Pieces of tiles at other levels that show what `key` would: (picture, target, source) with the
        target in pixels of the tile and the source in those of the picture; to be drawn in this order.
        """
        level = key[0]
        levels = {other[0] for other in self._tiles if other[0] != level and -_COARSER <= other[0] - level <= _FINER}
        found: list[list[tuple[QPixmap, QRectF, QRectF]]] = []
        for other in sorted(levels, key=lambda candidate: (abs(candidate - level), candidate)):
            pieces, whole = self._pieces(key, other)
            if pieces:
                found.append(pieces)
            if whole or len(found) == _LEVELS:
                break
        for pieces in reversed(found):
            yield from pieces

    def _pieces(self, key: TileKey, other: int) -> tuple[list[tuple[QPixmap, QRectF, QRectF]], bool]:
        """The tiles of level `other` under tile `key`, and whether together they cover it."""
        level, column, row = key
        ratio = 2 ** ((other - level) / STEPS)  # pixels of the other level per pixel of this one
        left, top, side = column * TILE * ratio, row * TILE * ratio, TILE * ratio
        first_column, last_column = int(left // TILE), int((left + side - 1e-6) // TILE)
        first_row, last_row = int(top // TILE), int((top + side - 1e-6) // TILE)
        pieces: list[tuple[QPixmap, QRectF, QRectF]] = []
        whole = True
        for other_row in range(first_row, last_row + 1):
            for other_column in range(first_column, last_column + 1):
                tile = self._tiles.get((other, other_column, other_row))
                if tile is None:
                    whole = False
                    continue
                x0, x1 = max(left, other_column * TILE), min(left + side, (other_column + 1) * TILE)
                y0, y1 = max(top, other_row * TILE), min(top + side, (other_row + 1) * TILE)
                source = QRectF(x0 - other_column * TILE, y0 - other_row * TILE, x1 - x0, y1 - y0)
                target = QRectF((x0 - left) / ratio, (y0 - top) / ratio, (x1 - x0) / ratio, (y1 - y0) / ratio)
                pieces.append((tile.picture, target, source))
        return pieces, whole


def _meet(a: Bounds, b: Bounds) -> bool:
    return a[0] <= b[2] and a[2] >= b[0] and a[1] <= b[3] and a[3] >= b[1]
