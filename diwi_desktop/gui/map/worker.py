"""A worker process: draws the tiles it is asked for into shared memory. Imports no widgets."""

from multiprocessing.connection import Connection
from multiprocessing.shared_memory import SharedMemory
from typing import Any

from PySide6.QtGui import QImage

from diwi_desktop.gui.map.paint import FORMAT, Layer, paint_tile
from diwi_desktop.gui.map.shared import SharedLayer, open_layer, tile_slot
from diwi_desktop.gui.map.spec import PaintSpec
from diwi_desktop.gui.map.view import TILE


def serve(pipe: Connection, tiles: str) -> None:
    """Answer messages until told to stop or until the window is gone.

    In: ("layer", name, serial, SharedLayer | None), ("spec", PaintSpec), ("tile", key, slot), ("stop",).
    Out: ("ready",), ("holds", name, serial) once older versions of that layer are let go, ("tile", key,
    slot).
    """
    worker = _Worker(SharedMemory(tiles))
    try:
        pipe.send(("ready",))
        while worker.answer(pipe, pipe.recv()):
            pass
    except (EOFError, OSError, KeyboardInterrupt):
        pass  # the window has gone; nothing is left to draw for
    finally:
        worker.close()
        pipe.close()


class _Worker:
    def __init__(self, tiles: SharedMemory) -> None:
        self._tiles = tiles
        self._image = QImage(TILE, TILE, FORMAT)
        self._layers: dict[str, Layer] = {}
        self._memories: dict[str, SharedMemory] = {}
        self._spec: PaintSpec | None = None

    def answer(self, pipe: Connection, message: tuple[Any, ...]) -> bool:
        """Do what a message says; False when it was the last."""
        match message:
            case ("layer", str(name), int(serial), shared):
                self._take(name, shared)
                pipe.send(("holds", name, serial))
            case ("spec", PaintSpec() as spec):
                self._spec = spec
            case ("tile", key, int(slot)):
                if self._spec is not None:
                    paint_tile(self._image, key, self._layers, self._spec)
                    tile_slot(self._tiles, slot)[:] = self._image.constBits()
                pipe.send(("tile", key, slot))
            case ("stop",):
                return False
        return True

    def _take(self, name: str, shared: SharedLayer | None) -> None:
        self._layers.pop(name, None)
        if (old := self._memories.pop(name, None)) is not None:
            old.close()
        if shared is not None:
            self._memories[name], self._layers[name] = open_layer(shared)

    def close(self) -> None:
        self._layers.clear()
        for memory in (*self._memories.values(), self._tiles):
            memory.close()
