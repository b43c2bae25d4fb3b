"""Tiles that come out stale are drawn again, also when nobody wishes anew."""

from __future__ import annotations

from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from diwi_desktop.gui.map.paint import OPAQUE
from diwi_desktop.gui.map.pool import TilePool
from diwi_desktop.gui.map.view import TILE

KEY, OTHER = (49, 1080, 1117), (49, 1081, 1117)


class _Crew:
    """Stands in for the worker processes: keeps what is asked of it."""

    def __init__(self) -> None:
        self.wishes: list[tuple[list[tuple[int, int, int]], int]] = []

    def wish(self, keys: list[tuple[int, int, int]], version: int) -> None:
        self.wishes.append((list(keys), version))

    def stop(self) -> None:
        """Nothing runs."""


def _pool() -> tuple[TilePool, _Crew]:
    pool, crew = TilePool(workers=0), _Crew()
    pool.crew, pool._crew_ready = crew, True  # type: ignore[assignment]  # a stand-in without processes
    return pool, crew


def test_a_stale_tile_is_wished_for_again(qtbot: QtBot) -> None:
    pool, crew = _pool()
    pool.request([KEY, OTHER])
    pool.invalidate(None)
    with qtbot.waitSignal(pool.tile_ready) as told:
        pool._deliver(KEY, 0, QImage(TILE, TILE, OPAQUE))
    assert told.args[2] is False
    assert crew.wishes == [([KEY, OTHER], 0), ([KEY, OTHER], 1)]
    pool.shutdown()


def test_a_fresh_tile_is_not(qtbot: QtBot) -> None:
    pool, crew = _pool()
    pool.request([KEY, OTHER])
    with qtbot.waitSignal(pool.tile_ready) as told:
        pool._deliver(KEY, 0, QImage(TILE, TILE, OPAQUE))
    assert told.args[2] is True
    assert len(crew.wishes) == 1
    pool.shutdown()
