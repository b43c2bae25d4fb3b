"""The empty Excel template from the File menu."""

from __future__ import annotations

from pathlib import Path

import openpyxl
from pytestqt.qtbot import QtBot

from diwi_desktop.gui.workspace import MainWindow


def test_the_menu_offers_the_template(window: MainWindow) -> None:
    assert any("sjabloon" in action.text() for action in window.commands)


def test_a_template_is_written_and_said(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "sjabloon.xlsx"
    window.files.write_template(path)
    qtbot.waitUntil(path.exists, timeout=20_000)
    qtbot.waitUntil(lambda: "sjabloon.xlsx" in window.status_line.currentMessage(), timeout=20_000)
    assert openpyxl.load_workbook(path)["Data"].cell(4, 3).value == "Naam"
