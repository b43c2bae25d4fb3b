"""A past day: every panel shows it, nothing can be edited, nobody can miss it, and one click goes back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QDialog, QPushButton
from pytestqt.qtbot import QtBot

from diwi_desktop.gui import jobs, theme
from diwi_desktop.gui.datechooser import DateChooser
from diwi_desktop.gui.workspace import MainWindow
from diwi_desktop.model.clock import FixedClock
from tests.gui.registers import TODAY

LEFT = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def changed(qtbot: QtBot, window: MainWindow) -> MainWindow:
    """A week after the register was made one project got another name and one was deleted."""
    clock = window.state.store.clock
    assert isinstance(clock, FixedClock)
    clock.moment += timedelta(days=7)
    first, second = window.table.model.id_at(0), window.table.model.id_at(1)
    with window.state.store.act("Wijzigen") as act:
        act.set("project", first, "name", "Aaa nieuw")
        act.delete("project", second)
    qtbot.waitUntil(lambda: window.table.count_text == "11 / 11")
    window.state.select([first])
    return window


def settle(qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: jobs.busy() == 0, timeout=10_000)
    QApplication.processEvents()


def test_a_typed_day_turns_everything_into_that_day(qtbot: QtBot, changed: MainWindow) -> None:
    window = changed
    project = window.state.project
    qtbot.keyClick(window, Qt.Key.Key_D, CTRL)
    chooser = window.findChild(DateChooser)
    chooser.field.clear()
    qtbot.keyClicks(chooser.field, "23-11-2026")
    qtbot.keyClick(chooser.field, Qt.Key.Key_Return)
    settle(qtbot)
    assert window.state.moment.on == date(2026, 11, 23)
    assert window.table.count_text == "12 / 12"
    assert project is not None
    assert window.table.model.shown[0].name == "Bloemenveld"
    assert window.page.data.plan.name == "Bloemenveld"
    assert window.map.plans[project].label == "Bloemenveld"
    assert window.state.selection == [project], "the selection stays"


def test_it_cannot_be_missed_and_one_click_goes_back(qtbot: QtBot, changed: MainWindow) -> None:
    window = changed
    assert not window.past_bar.isVisible()
    window.state.set_moment(TODAY + timedelta(days=2))
    settle(qtbot)
    assert window.past_bar.words.text() == "Peildatum 23 november 2026 – alleen lezen"
    assert window.top_bar.date_button.text().startswith("Peildatum: 23 november 2026")
    assert window.status_line.saved.text() == "alleen lezen"
    picture = window.grab().toImage()
    for x, y in ((1, 300), (picture.width() - 2, 300), (600, picture.height() - 2)):
        assert picture.pixelColor(x, y) == QColor(theme.tokens()["past"])
    qtbot.mouseClick(window.past_bar.back, LEFT)
    settle(qtbot)
    assert not window.state.past
    assert not window.past_bar.isVisible()
    assert not window.past_frame.isVisible()
    assert window.table.model.shown[0].name == "Aaa nieuw"


def test_nothing_can_be_edited(qtbot: QtBot, changed: MainWindow) -> None:
    window = changed
    store = window.state.store
    window.state.set_moment(TODAY)
    settle(qtbot)
    before = store.seq
    assert window.state.read_only
    for name in ("new_project", "new_sub_plan", "delete_project", "import", "undo", "redo"):
        assert not window.commands[name].isEnabled()
    assert window.commands["today"].isEnabled()
    qtbot.keyClick(window, Qt.Key.Key_Z, CTRL)
    window.projects.delete()
    window.projects.new()
    window.undoing.undo()
    assert window.map.canvas.read_only
    drawing = next(action for action in window.map.canvas.toolbox.tools if action.data() == "draw")
    assert not drawing.isEnabled()
    assert "ga terug naar vandaag" in drawing.toolTip()
    assert store.seq == before


def test_the_calendar_offers_days_that_are_asked_for_often(qtbot: QtBot, changed: MainWindow) -> None:
    chooser = changed.top_bar.date_button.choose()
    qtbot.mouseClick(chooser.quick["week"], LEFT)
    settle(qtbot)
    assert changed.state.moment.on == TODAY
    assert changed.state.past
    chooser = changed.top_bar.date_button.choose()
    qtbot.mouseClick(chooser.quick["today"], LEFT)
    assert not changed.state.past


def test_a_typing_mistake_is_marked(qtbot: QtBot, window: MainWindow) -> None:
    chooser = window.top_bar.date_button.choose()
    chooser.field.clear()
    qtbot.keyClicks(chooser.field, "31-02-2026")
    qtbot.keyClick(chooser.field, Qt.Key.Key_Return)
    assert chooser.field.property("wrong") is True
    assert chooser.problem.isVisible()
    assert "is geen datum" in chooser.problem.text()
    assert not window.state.past
    chooser.close()


def test_a_day_before_the_first_project_says_so(qtbot: QtBot, window: MainWindow) -> None:
    window.state.set_moment(date(2020, 1, 1))
    settle(qtbot)
    assert window.table.not_yet.isVisible()
    qtbot.mouseClick(window.table.not_yet.buttons[0], LEFT)
    settle(qtbot)
    assert window.table.count_text == "12 / 12"


def test_a_day_to_come_shows_what_is_expected(qtbot: QtBot, window: MainWindow) -> None:
    project = next(row.id for row in window.table.model.shown if row.phase == "_1_CONCEPT")
    window.state.set_moment(date(2034, 6, 1))
    settle(qtbot)
    assert "zoals nu verwacht" in window.past_bar.words.text()
    row = next(row for row in window.table.model.shown if row.id == project)
    assert row.phase == "_7_AFTERCARE"
    assert window.state.read_only


@pytest.mark.parametrize("place", ["table", "map", "rail"])
def test_a_key_that_edits_says_why_nothing_happens(qtbot: QtBot, changed: MainWindow, place: str) -> None:
    window = changed
    window.state.set_moment(TODAY + timedelta(days=2))
    settle(qtbot)
    where = {"table": window.table.view, "map": window.map.canvas, "rail": window.rail.buttons["map"]}[place]
    why = "U kijkt naar een eerdere dag en kunt alleen lezen. Ga terug naar vandaag (Ctrl+Shift+D)."
    for key in (Qt.Key.Key_N, Qt.Key.Key_Delete, Qt.Key.Key_Z):
        where.setFocus()
        window.status_line.clearMessage()
        qtbot.keyClick(where, key, CTRL)
        assert window.status_line.currentMessage() == why
    qtbot.keyClick(window.map.canvas, Qt.Key.Key_T)
    assert "ga terug naar vandaag" in window.map.hint.text()
    qtbot.keyClick(where, Qt.Key.Key_D, CTRL | Qt.KeyboardModifier.ShiftModifier)
    settle(qtbot)
    assert not window.state.past
    window.state.select([])
    window.status_line.clearMessage()
    qtbot.keyClick(where, Qt.Key.Key_Delete, CTRL)
    assert window.status_line.currentMessage() == "Kies eerst een project."


def test_fields_look_as_if_they_can_only_be_read(qtbot: QtBot, changed: MainWindow) -> None:
    window = changed
    window.show_panel("page")
    window.page.jump("project.name")
    settle(qtbot)
    editors = window.page.details.form.editors
    grounds = {}
    for past in (False, True):
        window.state.set_moment(TODAY + timedelta(days=2) if past else None)
        settle(qtbot)
        for key in ("name", "description"):
            control = editors[key].input.control()
            picture = control.grab().toImage()
            ratio = picture.devicePixelRatio()
            grounds[key, past] = picture.pixelColor(round(4 * ratio), round((control.height() - 5) * ratio)).name()
    tokens = theme.tokens()
    assert {grounds[key, False] for key in ("name", "description")} == {tokens["surface"]}
    assert {grounds[key, True] for key in ("name", "description")} == {tokens["raised"]}


@pytest.mark.parametrize("words", ["Nieuw project", "Importeren"])
def test_what_cannot_be_done_on_a_past_day_says_why(qtbot: QtBot, window: MainWindow, words: str) -> None:
    window.state.set_moment(TODAY - timedelta(days=30))
    settle(qtbot)
    window.show_panel("page")
    button = next(b for b in window.page.findChildren(QPushButton) if b.text() == words and b.isVisible())
    qtbot.mouseClick(button, LEFT)
    assert "Ga terug naar vandaag" in window.status_line.currentMessage()
    assert not any(dialog.isVisible() for dialog in window.findChildren(QDialog))
