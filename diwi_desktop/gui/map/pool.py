"""Who draws the tiles: worker processes once there is much to draw, else the window itself in small bites.

Python threads would not do: QPainter keeps the interpreter's lock, and the window would stand still
meanwhile.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from diwi_desktop.gui.map.crew import Crew
from diwi_desktop.gui.map.paint import FORMAT, OPAQUE, Layer, paint_tile
from diwi_desktop.gui.map.spec import PaintSpec
from diwi_desktop.gui.map.view import TILE, Bounds, TileKey, tile_bounds
from diwi_desktop.gui.post import Address

# Below this many features the window draws a neighbourhood within a frame or two and needs no help.
WORKERS_FROM = 4_000
# How many features the window draws in one bite while the workers are still starting.
_BITE = 500
_REMEMBERED = 256


class TilePool(QObject):
    """Draws wished-for tiles and hands them over one by one.

    `tile_ready(key, image, fresh)`: `fresh` is False when the data changed while the tile was being drawn, so
    that it may be shown but must be asked for again. The image belongs to the receiver.
    """

    tile_ready = Signal(object, QImage, bool)

    def __init__(self, workers: int | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._size = max(1, min(4, os.cpu_count() or 1)) if workers is None else workers
        self._layers: dict[str, Layer] = {}
        self._spec: PaintSpec | None = None
        self._wishes: list[TileKey] = []
        self._later: frozenset[TileKey] = frozenset()
        self._version = 0
        self._changes: deque[tuple[int, Bounds | None]] = deque(maxlen=_REMEMBERED)
        self.crew: Crew | None = None
        self._crew_ready = False
        self._closed = False
        self._bite = QTimer(self)
        self._bite.setSingleShot(True)
        self._bite.setInterval(0)
        self._bite.timeout.connect(self._draw_here)

    @property
    def working(self) -> bool:
        """Whether tiles are still to come."""
        return bool(self._wishes)

    @property
    def crew_ready(self) -> bool:
        """Whether worker processes draw."""
        return self._crew_ready

    def set_layer(self, name: str, layer: Layer) -> None:
        """Replace a layer ("parcels", "buildings" or "plans"). Tiles stay as they are until `invalidate`."""
        self._layers[name] = layer
        if self.crew is not None:
            self.crew.layer(name, layer)

    def set_spec(self, spec: PaintSpec) -> None:
        """Replace the look."""
        self._spec = spec
        if self.crew is not None:
            self.crew.look(spec)

    def invalidate(self, bounds: Bounds | None) -> None:
        """Tiles that were wished for before and meet `bounds` (RD; None: all) will come out stale."""
        self._version += 1
        self._changes.append((self._version, bounds))

    def prepare(self, features: int) -> None:
        """So many features are on their way: when that is much, worker processes start now, while they are
        unpacked and the window is still small (starting a process copies its page tables).
        """
        if not self._closed and self.crew is None and self._size and features >= WORKERS_FROM:
            self._hire()

    def request(self, keys: Sequence[TileKey], later: Sequence[TileKey] = ()) -> None:
        """Wish for these tiles, most wanted first, and then for those that may be wanted `later`; earlier
        wishes not yet begun are dropped.
        """
        if self._closed:
            return
        self._wishes = [*keys, *later]
        self._later = frozenset(later)
        if self._wishes:
            self.prepare(sum(len(layer.shapes) for layer in self._layers.values()))
        if self.crew is not None and self._crew_ready:
            self.crew.wish(self._wishes, self._version)
        elif self._wishes:
            self._bite.start()

    def shutdown(self) -> None:
        """End the worker processes. Idempotent."""
        self._closed = True
        self._bite.stop()
        self._wishes.clear()
        if self.crew is not None:
            self.crew.stop()

    # Drawing in the window

    def _draw_here(self) -> None:
        if self._closed or self._spec is None or self._crew_ready:
            return
        for key in self._wishes:
            # What is too much for a bite or in no hurry is left to the workers that are on their way.
            if self.crew is None or (key not in self._later and self._weight(key) <= _BITE):
                image = QImage(TILE, TILE, FORMAT if self._spec.over_picture else OPAQUE)
                paint_tile(image, key, self._layers, self._spec)
                self._deliver(key, self._version, image)
                if self._wishes:
                    self._bite.start()
                return

    def _weight(self, key: TileKey) -> int:
        box = tile_bounds(key)
        return sum(len(layer.shapes.touching(*box)) for layer in self._layers.values())

    # Worker processes

    def _hire(self) -> None:
        address = Address(self._hear)
        self.crew = Crew(self._size, address)
        # A window that is deleted does not always close its parts first.
        self.destroyed.connect(address.close)
        self.destroyed.connect(self.crew.stop)
        for name, layer in self._layers.items():
            self.crew.layer(name, layer)
        if self._spec is not None:
            self.crew.look(self._spec)

    def _hear(self, what: str, *rest: Any) -> None:
        match what:
            case "ready":
                self._on_ready()
            case "tile":
                self._deliver(*rest)
            case "lost":
                self._on_lost()

    def _on_ready(self) -> None:
        self._crew_ready = True
        if self.crew is not None and not self._closed:
            self.crew.wish(self._wishes, self._version)

    def _on_lost(self) -> None:
        self.crew = None
        self._crew_ready = False
        self._size = 0
        self.request(self._wishes, ())

    def _deliver(self, key: TileKey, version: int, image: QImage) -> None:
        if self._closed:
            return
        fresh = self._is_fresh(key, version)
        if fresh and key in self._wishes:
            self._wishes.remove(key)
        elif not fresh and key in self._wishes and self.crew is not None and self._crew_ready:
            # Drawn before the data changed, and nobody may have wished since: without this it would never come.
            self.crew.wish(self._wishes, self._version)
        self.tile_ready.emit(key, image, fresh)

    def _is_fresh(self, key: TileKey, version: int) -> bool:
        if version == self._version:
            return True
        if not self._changes or version < self._changes[0][0] - 1:
            return False
        box = tile_bounds(key)
        return not any(later > version and (bounds is None or _meet(box, bounds)) for later, bounds in self._changes)


def _meet(a: Bounds, b: Bounds) -> bool:
    return a[0] <= b[2] and a[2] >= b[0] and a[1] <= b[3] and a[3] >= b[1]
