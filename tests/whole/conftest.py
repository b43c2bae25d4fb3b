"""A window on a register, with a hand that works it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from diwi_desktop.gui import jobs, theme
from diwi_desktop.gui.workspace import MainWindow
from diwi_desktop.store import Store
from tests.whole.hand import PATIENCE_MS, Hand

Opener = Callable[..., Hand]


@pytest.fixture
def open_window(qtbot: QtBot, tmp_path: Path) -> Iterator[Opener]:
    """Opens the main window on a store, in the size of a small laptop, and waits until it can be used."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app, "light")
    opened: list[Hand] = []

    def make(store: Store, width: int = 1280, height: int = 720) -> Hand:
        window = MainWindow(store)
        qtbot.addWidget(window)
        window.resize(width, height)
        window.show()
        window.activateWindow()
        qtbot.waitActive(window)
        shots = tmp_path / "beelden"
        shots.mkdir()
        hand = Hand(qtbot, window, shots)
        opened.append(hand)
        qtbot.waitUntil(lambda: window.is_ready, timeout=PATIENCE_MS)
        hand.settle()
        return hand

    yield make
    for hand in opened:
        for other in QApplication.topLevelWidgets():
            if other is not hand.window and other.isVisible():
                other.close()
        hand.window.close()
        qtbot.waitUntil(lambda: jobs.busy() == 0, timeout=PATIENCE_MS)
        hand.store.close()
