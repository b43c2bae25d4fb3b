"""The menus with the mouse: what is chosen is marked, and a command is called and drawn as elsewhere in the window."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon, QImage
from PySide6.QtWidgets import QMenu, QToolButton
from pytestqt.qtbot import QtBot

from diwi_desktop.gui import settings
from diwi_desktop.gui.workspace import MainWindow

LEFT = Qt.MouseButton.LeftButton
OpenMenu = Callable[[str], QMenu]


@pytest.fixture
def open_menu(qtbot: QtBot, window: MainWindow) -> OpenMenu:
    """Opens a menu of the menu bar by a click."""

    def open_it(name: str) -> QMenu:
        bar = window.menuBar()
        action = next(action for action in bar.actions() if action.text().replace("&", "") == name)
        menu = action.menu()
        assert isinstance(menu, QMenu)
        qtbot.mouseClick(bar, LEFT, pos=bar.actionGeometry(action).center())
        qtbot.waitUntil(menu.isVisible)
        return menu

    return open_it


def marked(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions() if action.isChecked()]


def test_the_colours_in_use_are_marked(qtbot: QtBot, window: MainWindow, open_menu: OpenMenu) -> None:
    settings.set_theme_name("system")
    menu = open_menu("Beeld")
    assert marked(menu) == ["Kleuren van de computer"]
    qtbot.mouseClick(menu, LEFT, pos=menu.actionGeometry(window.commands["theme_dark"]).center())
    assert settings.theme_name() == "dark"
    assert marked(open_menu("Beeld")) == ["Donkere kleuren"]
    menu.close()
    settings.set_theme_name("high_contrast")  # as the dialog with the settings does
    assert marked(open_menu("Beeld")) == ["Hoog contrast"]
    menu.close()


def drawn(icon: QIcon) -> QImage:
    return icon.pixmap(24).toImage()


def test_the_tools_are_called_and_drawn_as_above_the_map(window: MainWindow, open_menu: OpenMenu) -> None:
    window.state.select([window.table.model.id_at(0)])
    menu = open_menu("Kaart")
    above = {button.text(): button for button in window.map.findChildren(QToolButton)}
    for name, words in (
        ("select", "Kiezen"),
        ("parcels", "Percelen kiezen"),
        ("contour", "Contour slepen"),
        ("draw", "Vlak tekenen"),
        ("cut", "Knippen"),
    ):
        action = window.commands[f"tool_{name}"]
        assert action in menu.actions()
        assert action.text().startswith(words)
        assert drawn(action.icon()) == drawn(above[words].defaultAction().icon()), words
    menu.close()
