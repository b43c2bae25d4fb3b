"""Arrangements of the panels for a kind of work; all can be changed by hand and are remembered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMainWindow

from diwi_desktop.gui.panels import Panel


class Preset(NamedTuple):
    """Panels that share a place as tabs stand in one tuple, the one in front first. `left` is the share of
    the width of the left column, `top` the share of the height of the upper place at the right. Places not
    used are empty.
    """

    left: tuple[str, ...]
    upper: tuple[str, ...]
    lower: tuple[str, ...]
    left_share: float
    upper_share: float


PRESETS: Mapping[str, Preset] = {
    "overview": Preset(("projects",), ("map",), ("page", "planning", "findings", "history"), 0.44, 0.52),
    "drawing": Preset(("projects",), ("map",), (), 0.22, 1.0),
    "meeting": Preset(("projects",), ("page", "map"), ("planning",), 0.24, 0.52),
    "submitting": Preset(("projects",), ("page", "map"), ("findings", "submissions"), 0.36, 0.5),
}


def arrange(window: QMainWindow, panels: Mapping[str, Panel], preset: Preset) -> None:
    """Put the panels in the places of a preset; those it does not name are hidden."""
    left = Qt.DockWidgetArea.LeftDockWidgetArea
    for panel in panels.values():
        panel.setFloating(False)
        window.removeDockWidget(panel)
    places = [place for place in (preset.left, preset.upper, preset.lower) if place]
    first: list[Panel] = []
    for number, place in enumerate(places):
        front = panels[place[0]]
        if number == 0:
            window.addDockWidget(left, front)
        else:
            turn = Qt.Orientation.Horizontal if number == 1 else Qt.Orientation.Vertical
            window.splitDockWidget(first[-1], front, turn)
        first.append(front)
        front.show()
    for place, front in zip(places, first, strict=True):
        for name in place[1:]:
            window.tabifyDockWidget(front, panels[name])
            panels[name].show()
        front.raise_()
    named = {name for place in places for name in place}
    for name, panel in panels.items():
        if name not in named:
            # A hidden panel needs a place to come back to.
            window.addDockWidget(left, panel)
            window.tabifyDockWidget(first[-1], panel)
            panel.hide()
    _resize(window, first, preset)


def _resize(window: QMainWindow, first: Sequence[Panel], preset: Preset) -> None:
    width, height = max(800, window.width() - 90), max(500, window.height() - 110)
    columns = [round(width * preset.left_share), round(width * (1 - preset.left_share))]
    window.resizeDocks(list(first[:2]), columns, Qt.Orientation.Horizontal)
    if len(first) > 2:
        rows = [round(height * preset.upper_share), round(height * (1 - preset.upper_share))]
        window.resizeDocks(list(first[1:3]), rows, Qt.Orientation.Vertical)
