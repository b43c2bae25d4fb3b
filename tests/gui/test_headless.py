"""A window without a screen waits as one with a screen does: asleep."""

from __future__ import annotations

import time

import pytest
from PySide6.QtWidgets import QApplication

from diwi_desktop.gui import headless


def test_waiting_leaves_the_interpreter_to_others(qapp: QApplication) -> None:
    until, looked = time.monotonic() + 0.5, []

    def over() -> bool:
        looked.append(True)
        return time.monotonic() > until

    headless.wait(over)
    assert len(looked) < 300  # every 5 ms, where asking all the time makes it tens of thousands


def test_patience_ends(qapp: QApplication) -> None:
    with pytest.raises(TimeoutError):
        headless.wait(lambda: False, 50)
