"""What someone who works in the window all day must not stumble over."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QRadioButton, QToolButton
from pytestqt.qtbot import QtBot

from diwi_desktop.gui import settings, theme
from diwi_desktop.gui.calendar import Calendar
from diwi_desktop.gui.navigation import NavRail
from diwi_desktop.gui.toolrow import ToolRow
from diwi_desktop.gui.wizards.export import CHECK, ExportWizard
from diwi_desktop.gui.wizards.export_back import BackBar
from diwi_desktop.gui.workspace import MainWindow

LEFT = Qt.MouseButton.LeftButton
WORDS = Qt.ToolButtonStyle.ToolButtonTextBesideIcon
SIGN = Qt.ToolButtonStyle.ToolButtonIconOnly


def test_without_a_server_nothing_waits_for_one(window: MainWindow) -> None:
    assert window.status_line.server.text() == "alleen op deze computer"
    with window.state.store.act("Naam wijzigen") as act:
        act.set("project", window.table.model.id_at(0), "name", "Anders")
    assert "wacht" not in window.status_line.server.text()
    assert window.top_bar.server.text() == "Op deze computer"


def test_one_button_shows_the_layers(qtbot: QtBot, window: MainWindow) -> None:
    named = [button for button in window.map.findChildren(QToolButton) if button.text() == "Lagen"]
    assert named == [window.map.layers]
    panel = window.map.canvas.panel
    assert not panel.isVisible()
    qtbot.mouseClick(window.map.layers, LEFT)
    assert panel.isVisible()
    assert window.map.canvas.rect().contains(panel.geometry())
    qtbot.mouseClick(panel.findChild(QCheckBox, "buildings"), LEFT)
    qtbot.mouseClick(panel.findChild(QRadioButton, "status"), LEFT)
    assert settings.value("map/buildings") == "false"
    assert settings.value("map/colour") == "status"
    qtbot.mouseClick(window.map.layers, LEFT)
    assert not panel.isVisible()


def test_the_layers_panel_fits_a_low_map(qtbot: QtBot, window: MainWindow) -> None:
    window.resize(1280, 720)
    qtbot.mouseClick(window.map.layers, LEFT)
    QApplication.processEvents()
    assert window.map.canvas.rect().contains(window.map.canvas.panel.geometry())


def test_all_plans_stay_in_sight_when_the_map_gets_another_size(qtbot: QtBot, window: MainWindow) -> None:
    canvas = window.map.canvas
    canvas.zoom_to_all()
    window.apply_preset("drawing")
    qtbot.waitUntil(lambda: canvas.width() > 900)
    wide = canvas.view.metres_per_pixel
    window.apply_preset("overview")
    qtbot.waitUntil(lambda: canvas.width() < 900)
    assert canvas.view.metres_per_pixel > wide, "the same area on a smaller map"
    canvas.pan(40, 0)
    chosen = canvas.view.metres_per_pixel
    window.apply_preset("drawing")
    qtbot.waitUntil(lambda: canvas.width() > 900)
    assert canvas.view.metres_per_pixel == chosen, "who moved the map himself keeps his scale"


def test_submitting_opens_the_wizard(qtbot: QtBot, window: MainWindow) -> None:
    window.commands["submit"].trigger()
    wizard = window.findChild(ExportWizard)
    assert wizard is not None
    assert wizard.isVisible()
    wizard.close()


@pytest.fixture
def row(qtbot: QtBot, qapp: QApplication) -> ToolRow:
    theme.apply(qapp, "light")
    made = ToolRow()
    qtbot.addWidget(made)
    for words in ("Kiezen", "Percelen kiezen", "Vlak tekenen"):
        button = QToolButton()
        button.setText(words)
        button.setIcon(theme.icon("map"))
        made.add(button)
    made.add_stretch()
    made.show()
    return made


def styles(row: ToolRow) -> list[Qt.ToolButtonStyle]:
    return [button.toolButtonStyle() for button in row.findChildren(QToolButton)]


def test_a_narrow_row_of_tools_drops_words_and_cuts_none(qtbot: QtBot, row: ToolRow) -> None:
    row.resize(600, 32)
    qtbot.waitUntil(lambda: styles(row) == [WORDS, WORDS, WORDS])
    row.resize(220, 32)
    qtbot.waitUntil(lambda: styles(row) == [WORDS, SIGN, SIGN])
    qtbot.waitUntil(lambda: all(b.width() >= b.sizeHint().width() for b in row.findChildren(QToolButton)))
    row.resize(600, 32)
    qtbot.waitUntil(lambda: styles(row) == [WORDS, WORDS, WORDS])


def test_a_tool_that_comes_in_view_takes_its_room(qtbot: QtBot, row: ToolRow) -> None:
    buttons = row.findChildren(QToolButton)
    buttons[1].hide()
    row.resize(340, 32)
    qtbot.waitUntil(lambda: buttons[2].toolButtonStyle() is WORDS)
    buttons[1].show()
    qtbot.waitUntil(lambda: buttons[2].toolButtonStyle() is SIGN)


def test_the_rail_has_room_for_its_words_at_every_text_size(qtbot: QtBot, qapp: QApplication) -> None:
    rail = NavRail((("projects", "Projecten", "map", ""), ("submissions", "Aanleveren", "map", "")), None)
    qtbot.addWidget(rail)
    rail.show()
    for scale in (1.0, 1.5):
        theme.apply(qapp, "light", scale)
        for button in rail.buttons.values():
            assert button.fontMetrics().horizontalAdvance(button.text()) + 8 <= button.width()
    theme.apply(qapp, "light")


def test_a_calendar_begins_on_monday_and_is_not_red(qtbot: QtBot) -> None:
    calendar = Calendar()
    qtbot.addWidget(calendar)
    assert calendar.firstDayOfWeek() is Qt.DayOfWeek.Monday
    sunday = calendar.weekdayTextFormat(Qt.DayOfWeek.Sunday).foreground().color()
    assert theme.contrast(sunday, theme.colour("surface")) >= 4.5
    assert sunday == theme.colour("muted")


def test_going_to_a_field_gets_the_wizard_out_of_the_way(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    wizard = window.findChild(ExportWizard)
    assert wizard is not None
    assert not wizard.isModal(), "the window can be worked in"
    qtbot.waitUntil(lambda: not wizard.session.reading)
    wizard.go(CHECK)
    qtbot.waitUntil(lambda: not wizard.session.checking and bool(wizard.findings.findings), timeout=20_000)
    page = wizard.findings
    row = next(row for row in page._items if row.data(0, Qt.ItemDataRole.UserRole).project)
    page.tree.setCurrentItem(row)
    qtbot.mouseClick(page.jump, Qt.MouseButton.LeftButton)
    assert not wizard.isVisible()
    bar = window.findChild(BackBar)
    assert bar is not None
    qtbot.waitUntil(bar.isVisible)
    assert bar.words.text() == page.summary.text()
    assert window.state.project == row.data(0, Qt.ItemDataRole.UserRole).project
    with window.state.store.act("Naam wijzigen") as act:
        act.set("project", window.state.project, "name", "Nieuwe naam")
    qtbot.waitUntil(lambda: not wizard.session.checking, timeout=20_000)
    qtbot.mouseClick(bar.back, Qt.MouseButton.LeftButton)
    assert wizard.isVisible()
    assert wizard.step == CHECK
    qtbot.waitUntil(lambda: window.findChild(BackBar) is None)
    qtbot.mouseClick(page.jump, Qt.MouseButton.LeftButton)
    assert not wizard.isVisible()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    assert wizard.isVisible(), "the key of submitting leads back too"
    assert window.findChildren(ExportWizard) == [wizard]
    wizard.reject()
