"""A window on a register, with a hand that works it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QDialog, QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from diwi_desktop.gui import jobs, theme
from diwi_desktop.gui.workspace import MainWindow
from diwi_desktop.store import Store
from tests.whole.hand import PATIENCE_MS, Hand

Opener = Callable[..., Hand]


class Strays(QObject):
    """Widgets that were shown as a window of their own by mistake: on a real screen they flash and take the keys."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            meant = isinstance(watched, (QMainWindow, QDialog)) or watched.windowType() is not Qt.WindowType.Window
            if not meant:
                self.found.append(f"{type(watched).__name__} {watched.objectName()}")
        return False


@pytest.fixture
def open_window(qtbot: QtBot, tmp_path: Path) -> Iterator[Opener]:
    """Opens the main window on a store, in the size of a small laptop, and waits until it can be used."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app, "light")
    opened: list[Hand] = []
    strays = Strays()
    app.installEventFilter(strays)

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
    app.removeEventFilter(strays)
    assert strays.found == []
