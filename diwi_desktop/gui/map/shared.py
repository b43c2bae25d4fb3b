"""Layers and finished tiles in memory that the window and its worker processes share."""

from dataclasses import dataclass
from multiprocessing.shared_memory import SharedMemory
from typing import Any

import numpy as np
import numpy.typing as npt

from diwi_desktop.geo.ragged import Ragged
from diwi_desktop.gui.map.paint import Layer
from diwi_desktop.gui.map.view import TILE

TILE_BYTES = TILE * TILE * 4


@dataclass(frozen=True)
class SharedLayer:
    """Where a layer lies in shared memory: per array its place, shape and type. `serial` counts the
    versions.
    """

    memory: str
    serial: int
    arrays: dict[str, tuple[int, tuple[int, ...], str]]
    typical_size: float


def share_layer(layer: Layer, serial: int) -> tuple[SharedMemory, SharedLayer]:
    """Copy a layer into new shared memory; the caller closes and unlinks it when every worker has let go."""
    shapes = layer.shapes
    arrays: dict[str, npt.NDArray[Any]] = {
        "xy": shapes.xy,
        "ring": shapes.ring,
        "part": shapes.part,
        "feature": shapes.feature,
        "bounds": shapes.bounds,
    }
    if layer.colour is not None and layer.dash is not None:
        arrays |= {"colour": layer.colour, "dash": layer.dash}
    places: dict[str, tuple[int, tuple[int, ...], str]] = {}
    size = 0
    for name, array in arrays.items():
        places[name] = (size, array.shape, array.dtype.str)
        size += -(-array.nbytes // 16) * 16
    memory = SharedMemory(create=True, size=max(1, size))
    for name, array in arrays.items():
        _view(memory, places[name])[...] = array
    return memory, SharedLayer(memory.name, serial, places, layer.typical_size)


def open_layer(shared: SharedLayer) -> tuple[SharedMemory, Layer]:
    """The layer as arrays on the shared memory; the caller drops the layer before closing the memory."""
    memory = SharedMemory(shared.memory)
    arrays = {name: _view(memory, place) for name, place in shared.arrays.items()}
    shapes = Ragged(arrays["xy"], arrays["ring"], arrays["part"], arrays["feature"], arrays["bounds"])
    return memory, Layer(shapes, arrays.get("colour"), arrays.get("dash"), shared.typical_size)


def tile_slot(memory: SharedMemory, slot: int) -> memoryview:
    """The bytes of tile slot `slot`."""
    if memory.buf is None:
        raise ValueError("the shared memory is closed")
    return memory.buf[slot * TILE_BYTES : (slot + 1) * TILE_BYTES]


def _view(memory: SharedMemory, place: tuple[int, tuple[int, ...], str]) -> npt.NDArray[Any]:
    offset, shape, kind = place
    return np.ndarray(shape, dtype=np.dtype(kind), buffer=memory.buf, offset=offset)
