"""The whole window on a small register."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from diwi_desktop.gui import jobs, mappanel, theme
from diwi_desktop.gui.map.canvas import MapCanvas
from diwi_desktop.gui.state import AppState
from diwi_desktop.gui.workspace import MainWindow
from diwi_desktop.store import Store
from tests.gui.registers import make_register

OpenWindow = Callable[[Store], MainWindow]


@pytest.fixture
def state(qapp: QApplication, store: Store) -> Iterator[AppState]:
    """What the panels share, on the `store` of the test file."""
    made = AppState(store)
    yield made
    made.close()
    assert jobs.stop_all()


@pytest.fixture
def open_window(qtbot: QtBot, qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenWindow]:
    """Opens a window on a store and waits until all panels stand. The map draws in the window, without processes."""
    monkeypatch.setattr(mappanel, "MapCanvas", partial(MapCanvas, workers=0))
    theme.apply(qapp, "light")
    opened: list[MainWindow] = []

    def open_it(store: Store) -> MainWindow:
        window = MainWindow(store)
        opened.append(window)
        qtbot.addWidget(window)
        window.show()
        qtbot.waitUntil(lambda: window.is_ready and jobs.busy() == 0, timeout=20_000)
        return window

    yield open_it
    for window in opened:
        window.close()
    assert jobs.stop_all()
    for window in opened:
        window.state.store.close()
    theme.apply(qapp, "light")


@pytest.fixture
def window(open_window: OpenWindow, tmp_path: Path) -> MainWindow:
    """The window on a register of twelve projects."""
    return open_window(make_register(tmp_path / "register.diwi", 12))
