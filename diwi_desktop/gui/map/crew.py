"""The worker processes, and the thread that deals with them.

Everything that could hold up the window happens in that thread: starting processes, copying layers into shared memory,
waiting for tiles. The window puts orders in a queue and is told what came of them.
"""

from __future__ import annotations

import atexit
import contextlib
import logging
import multiprocessing
import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from multiprocessing.shared_memory import SharedMemory
from typing import Any

from PySide6.QtGui import QImage

from diwi_desktop.gui.map import aside
from diwi_desktop.gui.map.paint import FORMAT, OPAQUE, Layer
from diwi_desktop.gui.map.shared import TILE_BYTES, SharedLayer, share_layer, tile_slot
from diwi_desktop.gui.map.spec import PaintSpec
from diwi_desktop.gui.map.view import TILE, TileKey

_log = logging.getLogger(__name__)

_AHEAD = 2  # tiles given to a worker at once, so that it need not wait
_PATIENCE_S = 5.0


@dataclass(eq=False)
class _Hand:
    """One worker process."""

    process: BaseProcess
    pipe: Connection
    slots: list[int]
    ready: bool = False
    drawing: set[TileKey] = field(default_factory=set)


@dataclass
class _Retired:
    """Memory of a replaced layer, kept until each of `holders` has taken a later version."""

    name: str
    serial: int
    memory: SharedMemory
    holders: set[_Hand]


class Crew:
    """Draws tiles in other processes. Call `stop` before letting go of it; what ends by itself after that keeps nobody
    waiting.

    `tell`, on the crew's thread, is called with "ready" when the first worker is up, with "tile", its key, the version
    of the wish it was drawn for and its image, and with "lost" when there are no workers (any more): they could not be
    started, or the system ended them.
    """

    def __init__(self, size: int, tell: Callable[..., None]) -> None:
        self._tell = tell
        self._size = size
        self._orders: queue.SimpleQueue[tuple[Any, ...]] = queue.SimpleQueue()
        self._ear, self._bell = multiprocessing.get_context("spawn").Pipe(duplex=False)
        self._thread = threading.Thread(target=self._run, name="map-crew", daemon=True)
        self._stopping = False
        # From here on all belongs to the thread.
        self._hands: list[_Hand] = []
        self._tiles: SharedMemory | None = None
        self._spec: PaintSpec | None = None
        self._shared: dict[str, tuple[SharedMemory, SharedLayer]] = {}
        self._retired: list[_Retired] = []
        self._serial = 0
        self._wishes: list[TileKey] = []
        self._version = 0
        self._drawing: dict[TileKey, int] = {}
        atexit.register(self._leave)
        self._thread.start()

    # What the window calls

    def layer(self, name: str, layer: Layer) -> None:
        """Replace a layer."""
        self._order("layer", name, layer)

    def look(self, spec: PaintSpec) -> None:
        """Replace the look."""
        self._order("look", spec)

    def wish(self, keys: Sequence[TileKey], version: int) -> None:
        """Draw these tiles, most wanted first, with all layers and looks ordered before; earlier wishes not
        yet begun are dropped.
        """
        self._order("wish", list(keys), version)

    def stop(self) -> None:
        """End the processes and free the memory, without waiting until that is done. Idempotent."""
        if not self._stopping:
            self._stopping = True
            self._order("stop")

    def join(self) -> None:
        """Wait until all has ended after `stop`."""
        self._thread.join()

    @property
    def processes(self) -> list[BaseProcess]:
        """The worker processes that run now."""
        return [hand.process for hand in self._hands]

    def _leave(self) -> None:
        """The program ends: the processes and the memory of the last map may still have to go."""
        self.stop()
        self.join()

    def _order(self, *order: Any) -> None:
        self._orders.put(order)
        with contextlib.suppress(OSError):  # the thread has ended
            self._bell.send_bytes(b"!")

    # What happens in the thread

    def _run(self) -> None:
        try:
            self._hire()
            while self._hands and self._listen():
                self._deal()
        except (OSError, RuntimeError, ValueError):
            _log.warning("the map's drawing processes could not be used", exc_info=True)
        finally:
            self._dismiss()
            if not self._stopping:
                self._tell("lost")
            atexit.unregister(self._leave)

    def _hire(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._tiles = SharedMemory(create=True, size=TILE_BYTES * self._size * _AHEAD)
        for number in range(self._size):
            ours, theirs = context.Pipe()
            process = context.Process(
                target=aside.begin, args=(theirs, self._tiles.name), name=f"map-{number}", daemon=True
            )
            process.start()
            theirs.close()
            slots = list(range(number * _AHEAD, (number + 1) * _AHEAD))
            self._hands.append(_Hand(process, ours, slots))

    def _listen(self) -> bool:
        """Wait for and take what the window or a worker says; False when it is time to stop."""
        hands: dict[Any, _Hand] = {hand.pipe: hand for hand in self._hands}
        talking: list[Any] = wait([self._ear, *hands])
        for pipe in talking:
            if pipe is self._ear:
                pipe.recv_bytes()
                if not self._take_order(self._orders.get()):
                    return False
                continue
            try:
                message = pipe.recv()
            except (EOFError, OSError):
                self._lose(hands[pipe])
            else:
                self._take_message(hands[pipe], message)
        return True

    def _take_order(self, order: tuple[Any, ...]) -> bool:
        match order:
            case ("layer", str(name), Layer() as layer):
                self._share(name, layer)
            case ("look", PaintSpec() as spec):
                self._spec = spec
                for hand in self._hands:
                    self._send(hand, ("spec", spec))
            case ("wish", list(keys), int(version)):
                self._wishes, self._version = keys, version
            case ("stop",):
                return False
        return True

    def _take_message(self, hand: _Hand, message: tuple[Any, ...]) -> None:
        match message:
            case ("ready",):
                hand.ready = True
                if sum(other.ready for other in self._hands) == 1 and not self._stopping:
                    self._tell("ready")
            case ("holds", str(name), int(serial)):
                self._let_go(hand, name, serial)
            case ("tile", tuple(key), int(slot)):
                self._hand_over(hand, key, slot)

    def _deal(self) -> None:
        """Give wishes to whoever is free, evenly."""
        for _ in range(_AHEAD):
            for hand in self._hands:
                while self._wishes and self._drawing.get(self._wishes[0]) == self._version:
                    del self._wishes[0]
                # A tile being drawn for an older version waits, or the older picture might come last.
                if hand.ready and hand.slots and self._wishes and self._wishes[0] not in self._drawing:
                    key = self._wishes.pop(0)
                    self._drawing[key] = self._version
                    hand.drawing.add(key)
                    self._send(hand, ("tile", key, hand.slots.pop()))

    def _hand_over(self, hand: _Hand, key: TileKey, slot: int) -> None:
        hand.slots.append(slot)
        hand.drawing.discard(key)
        version = self._drawing.pop(key, 0)
        if self._tiles is None or self._spec is None:
            return
        kind = FORMAT if self._spec.over_picture else OPAQUE
        image = QImage(tile_slot(self._tiles, slot), TILE, TILE, TILE * 4, kind).copy()
        if not self._stopping:
            self._tell("tile", key, version, image)

    def _share(self, name: str, layer: Layer) -> None:
        if (old := self._shared.pop(name, None)) is not None:
            self._retired.append(_Retired(name, old[1].serial, old[0], set(self._hands)))
        self._serial += 1
        self._shared[name] = share_layer(layer, self._serial)
        for hand in self._hands:
            self._send(hand, ("layer", name, self._serial, self._shared[name][1]))

    def _let_go(self, hand: _Hand, name: str | None = None, serial: int = 0) -> None:
        """This worker holds version `serial` of a layer now, or (without a name) nothing any more."""
        for old in list(self._retired):
            if name is None or (old.name == name and old.serial < serial):
                old.holders.discard(hand)
                if not old.holders:
                    _free(old.memory)
                    self._retired.remove(old)

    def _lose(self, hand: _Hand) -> None:
        """A worker died (killed, out of memory): the others go on, and its tiles are wished for again."""
        self._hands.remove(hand)
        hand.pipe.close()
        self._let_go(hand)
        for key in hand.drawing:
            self._drawing.pop(key, None)
        self._wishes = [*hand.drawing, *self._wishes]

    def _dismiss(self) -> None:
        for hand in self._hands:
            self._send(hand, ("stop",))
        for hand in self._hands:
            hand.process.join(_PATIENCE_S)
            if hand.process.is_alive():
                hand.process.terminate()
                hand.process.join(_PATIENCE_S)
            hand.pipe.close()
        self._hands.clear()
        memories = [memory for memory, _ in self._shared.values()] + [old.memory for old in self._retired]
        for memory in (*memories, *([self._tiles] if self._tiles is not None else [])):
            _free(memory)
        self._shared.clear()
        self._retired.clear()
        self._tiles = None
        self._ear.close()
        self._bell.close()

    def _send(self, hand: _Hand, message: tuple[Any, ...]) -> None:
        with contextlib.suppress(OSError):  # a dead worker; the end of its pipe is noticed next
            hand.pipe.send(message)


def _free(memory: SharedMemory) -> None:
    memory.close()
    with contextlib.suppress(FileNotFoundError):
        memory.unlink()
