"""Who draws the tiles: worker processes once there is much to draw, else the window itself in small bites.

Python threads would not do: QPainter keeps the interpreter's lock, and the window would stand still
meanwhile.
"""

import contextlib
import multiprocessing
import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from multiprocessing.shared_memory import SharedMemory
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from diwi_desktop.gui.map import worker
from diwi_desktop.gui.map.paint import FORMAT, OPAQUE, Layer, paint_tile
from diwi_desktop.gui.map.shared import TILE_BYTES, SharedLayer, share_layer, tile_slot
from diwi_desktop.gui.map.spec import PaintSpec
from diwi_desktop.gui.map.view import TILE, Bounds, TileKey, tile_bounds

# Below this many features the window draws a neighbourhood within a frame or two and needs no help.
WORKERS_FROM = 4_000
# What the window may draw in one bite while the workers are still starting.
_BITE = 1_500
_AHEAD = 2  # tiles given to a worker at once, so that it need not wait for the window
_PATIENCE_S = 2.0


@dataclass
class _Hand:
    """One worker process, seen from the window."""

    process: BaseProcess
    pipe: Connection
    ready: bool = False
    slots: list[int] = field(default_factory=list)


@dataclass
class _Retired:
    """Memory of a replaced layer, kept until each of `holders` has taken a later version."""

    name: str
    serial: int
    memory: SharedMemory
    holders: set[int]


class TilePool(QObject):
    """Draws wished-for tiles and hands them over one by one.

    `tile_ready(key, image, fresh)`: `fresh` is False when the data changed while the tile was being drawn, so
    that it may be shown but must be asked for again. The image belongs to the receiver.
    """

    tile_ready = Signal(object, QImage, bool)
    _heard = Signal(object, object)

    def __init__(self, workers: int | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        cores = os.cpu_count() or 1
        self._size = max(1, min(4, cores)) if workers is None else workers
        self._layers: dict[str, Layer] = {}
        self._shared: dict[str, tuple[SharedMemory, SharedLayer]] = {}
        self._retired: list[_Retired] = []
        self._serial = 0
        self._spec: PaintSpec | None = None
        self._wishes: list[TileKey] = []
        self._busy: dict[TileKey, bool] = {}  # tile being drawn -> whether it will still be right
        self._hands: list[_Hand] = []
        self._tiles: SharedMemory | None = None
        self._listener: threading.Thread | None = None
        self._wake: Connection | None = None
        self._closed = False
        self._bite = QTimer(self)
        self._bite.setSingleShot(True)
        self._bite.setInterval(0)
        self._bite.timeout.connect(self._draw_here)
        self._heard.connect(self._on_message)

    @property
    def working(self) -> bool:
        """Whether tiles are wished for or being drawn."""
        return bool(self._wishes or self._busy)

    @property
    def workers_ready(self) -> int:
        """How many worker processes are up."""
        return sum(hand.ready for hand in self._hands)

    def set_layer(self, name: str, layer: Layer | None) -> None:
        """Replace a layer ("parcels", "buildings" or "plans"); what is being drawn keeps its old data."""
        if layer is None:
            self._layers.pop(name, None)
        else:
            self._layers[name] = layer
        if self._hands:
            self._share(name)

    def set_spec(self, spec: PaintSpec) -> None:
        """Replace the look."""
        self._spec = spec
        for hand in self._hands:
            self._send(hand, ("spec", spec))

    def invalidate(self, bounds: Bounds | None) -> None:
        """Tiles being drawn that meet `bounds` (RD; None: all) will come out stale."""
        for key in self._busy:
            if bounds is None or _meet(tile_bounds(key), bounds):
                self._busy[key] = False

    def request(self, keys: Sequence[TileKey]) -> None:
        """Wish for these tiles, most wanted first; earlier wishes not yet begun are dropped."""
        self._wishes = [key for key in keys if key not in self._busy]
        if self._wishes and not self._hands and self._many() and self._size:
            self._start_workers()
        self._deal()

    def shutdown(self) -> None:
        """End the worker processes and free the shared memory. Idempotent."""
        if self._closed:
            return
        self._closed = True
        self._bite.stop()
        self._wishes.clear()
        for hand in self._hands:
            self._send(hand, ("stop",))
        if self._wake is not None:
            self._wake.close()
        if self._listener is not None:
            self._listener.join(_PATIENCE_S)
        for hand in self._hands:
            hand.process.join(_PATIENCE_S)
            if hand.process.is_alive():
                hand.process.terminate()
                hand.process.join(_PATIENCE_S)
            hand.pipe.close()
        self._hands.clear()
        for memory, _ in self._shared.values():
            _free(memory)
        for retired in self._retired:
            _free(retired.memory)
        self._shared.clear()
        self._retired.clear()
        if self._tiles is not None:
            _free(self._tiles)
            self._tiles = None

    # Drawing in the window

    def _draw_here(self) -> None:
        if self._closed or self._spec is None or self.workers_ready:
            return
        for at, key in enumerate(self._wishes):
            if not self._hands or self._weight(key) <= _BITE:
                del self._wishes[at]
                image = QImage(TILE, TILE, self._format())
                paint_tile(image, key, self._layers, self._spec)
                self.tile_ready.emit(key, image, True)
                break
        else:
            return
        if self._wishes:
            self._bite.start()

    def _weight(self, key: TileKey) -> int:
        box = tile_bounds(key)
        return sum(len(layer.shapes.touching(*box)) for layer in self._layers.values())

    def _many(self) -> bool:
        return sum(len(layer.shapes) for layer in self._layers.values()) >= WORKERS_FROM

    def _format(self) -> QImage.Format:
        return FORMAT if self._spec is not None and self._spec.over_picture else OPAQUE

    # Worker processes

    def _start_workers(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._tiles = SharedMemory(create=True, size=TILE_BYTES * self._size * _AHEAD)
        for number in range(self._size):
            ours, theirs = context.Pipe()
            process = context.Process(
                target=worker.serve, args=(theirs, self._tiles.name), name=f"map-{number}", daemon=True
            )
            process.start()
            theirs.close()
            slots = list(range(number * _AHEAD, (number + 1) * _AHEAD))
            self._hands.append(_Hand(process, ours, slots=slots))
        stop, self._wake = context.Pipe(duplex=False)
        self._listener = threading.Thread(target=self._listen, args=(stop,), name="map-listener", daemon=True)
        self._listener.start()
        for name in self._layers:
            self._share(name)
        if self._spec is not None:
            self.set_spec(self._spec)

    def _listen(self, stop: Connection) -> None:
        """In a thread of its own: pass on what the workers say. Waiting does not hold the interpreter's
        lock.
        """
        pipes: dict[Any, _Hand] = {hand.pipe: hand for hand in self._hands}
        while pipes:
            talking: list[Any] = wait([stop, *pipes])
            for pipe in talking:
                if pipe is stop:
                    stop.close()
                    return
                try:
                    message = pipe.recv()
                except (EOFError, OSError):
                    message = ("gone",)
                hand = pipes[pipe]
                if message[0] == "gone":
                    del pipes[pipe]
                self._heard.emit(hand, message)
        stop.close()

    def _on_message(self, hand: _Hand, message: tuple[Any, ...]) -> None:
        if self._closed:
            return
        match message:
            case ("ready",):
                hand.ready = True
            case ("holds", str(name), int(serial)):
                self._let_go(hand, name, serial)
            case ("tile", key, int(slot)):
                hand.slots.append(slot)
                self._hand_over(key, slot)
            case ("gone",):
                self._lose(hand)
        self._deal()

    def _hand_over(self, key: TileKey, slot: int) -> None:
        if self._tiles is None:
            return
        fresh = self._busy.pop(key, False)
        view = tile_slot(self._tiles, slot)
        image = QImage(view, TILE, TILE, TILE * 4, self._format()).copy()
        view.release()
        self.tile_ready.emit(key, image, fresh)

    def _deal(self) -> None:
        """Give wishes to whoever is free."""
        if self._closed:
            return
        ready = [hand for hand in self._hands if hand.ready]
        for _ in range(_AHEAD):
            for hand in ready:
                if self._wishes and hand.slots:
                    key = self._wishes.pop(0)
                    self._busy[key] = True
                    self._send(hand, ("tile", key, hand.slots.pop()))
        if self._wishes and not ready:
            self._bite.start()

    def _lose(self, hand: _Hand) -> None:
        """A worker died (killed, out of memory): go on with the others, or in the window without any."""
        self._hands.remove(hand)
        hand.pipe.close()
        self._let_go(hand)
        # Which tiles it had is not kept; all those under way are wished for again and may come twice.
        self._wishes = [*self._busy, *self._wishes]
        self._busy.clear()
        if not self._hands:
            self._size = 0

    def _share(self, name: str) -> None:
        if (old := self._shared.pop(name, None)) is not None:
            holders = {id(hand) for hand in self._hands}
            self._retired.append(_Retired(name, old[1].serial, old[0], holders))
        self._serial += 1
        shared: SharedLayer | None = None
        if name in self._layers:
            self._shared[name] = share_layer(self._layers[name], self._serial)
            shared = self._shared[name][1]
        for hand in self._hands:
            self._send(hand, ("layer", name, self._serial, shared))

    def _let_go(self, hand: _Hand, name: str | None = None, serial: int = 0) -> None:
        """This worker holds version `serial` of a layer now, or (without a name) nothing any more."""
        for old in list(self._retired):
            if name is None or (old.name == name and old.serial < serial):
                old.holders.discard(id(hand))
                if not old.holders:
                    _free(old.memory)
                    self._retired.remove(old)

    def _send(self, hand: _Hand, message: tuple[Any, ...]) -> None:
        with contextlib.suppress(OSError):  # a dead worker; its "gone" is on the way
            hand.pipe.send(message)


def _free(memory: SharedMemory) -> None:
    memory.close()
    with contextlib.suppress(FileNotFoundError):
        memory.unlink()


def _meet(a: Bounds, b: Bounds) -> bool:
    return a[0] <= b[2] and a[2] >= b[0] and a[1] <= b[3] and a[3] >= b[1]
