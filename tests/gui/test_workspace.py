"""The main window: panels, presets, one selection, undo by name, and what is remembered."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from diwi_desktop.gui import jobs, settings
from diwi_desktop.gui.presets import PRESETS
from diwi_desktop.gui.workspace import MainWindow
from diwi_desktop.model.finding import Finding, Severity
from diwi_desktop.store import queries
from tests.gui.conftest import OpenWindow
from tests.gui.registers import make_register

LEFT = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def in_sight(window: MainWindow) -> set[str]:
    QApplication.processEvents()
    return {name for name, panel in window.panels.items() if panel.in_sight}


def settle(qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: jobs.busy() == 0, timeout=10_000)
    QApplication.processEvents()


def test_it_opens_with_list_map_and_page(window: MainWindow) -> None:
    assert in_sight(window) == {"projects", "map", "page"}
    assert "Heemskerk" in window.windowTitle()
    assert window.top_bar.municipality.text() == "Heemskerk"
    assert window.panels["projects"].windowTitle() == "Projecten  12 / 12"


def test_one_selection_for_the_whole_window(qtbot: QtBot, window: MainWindow) -> None:
    project = window.table.model.id_at(4)
    window.state.select([project])
    settle(qtbot)
    assert [i.row() for i in window.table.view.selectionModel().selectedRows()] == [4]
    assert window.map.canvas.plan_in_hand.id == project
    assert window.page.data.plan.id == project
    other = next(iter(window.map.plans.values()))
    window.map.canvas.plan_clicked.emit(other.id)
    settle(qtbot)
    assert window.state.selection == [other.id]
    assert window.page.data.plan.id == other.id


def test_what_is_in_sight_is_what_the_rail_marks(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.mouseClick(window.rail.buttons["findings"], LEFT)
    assert in_sight(window) == {"projects", "map", "findings"}
    qtbot.waitUntil(window.rail.buttons["findings"].isChecked)
    assert not window.rail.buttons["history"].isChecked()
    for panel in window.panels.values():
        assert panel.in_sight == (panel.isVisible() and not panel.visibleRegion().isEmpty())
    qtbot.mouseClick(window.rail.buttons["findings"], LEFT)
    assert "findings" not in in_sight(window), "a second click hides it"
    qtbot.mouseClick(window.rail.buttons["admin"], LEFT)
    assert "admin" in in_sight(window)


@pytest.mark.parametrize("name", PRESETS)
def test_presets_show_their_panels(qtbot: QtBot, window: MainWindow, name: str) -> None:
    preset = PRESETS[name]
    window.apply_preset(name)
    fronts = {place[0] for place in (preset.left, preset.upper, preset.lower) if place}
    assert in_sight(window) == fronts
    for panel in fronts:
        assert window.panels[panel].width() > 150
        assert window.panels[panel].height() > 100


def test_panels_have_keys(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_7, CTRL)
    assert "history" in in_sight(window)
    qtbot.keyClick(window, Qt.Key.Key_1, CTRL | SHIFT)
    assert in_sight(window) == {"projects", "map", "page"}


def test_the_layout_is_remembered(open_window: OpenWindow, window: MainWindow, tmp_path: Path) -> None:
    window.apply_preset("submitting")
    window.resize(1300, 800)
    QApplication.processEvents()
    shown = in_sight(window)
    share = window.table.width() / window.page.width()
    window.close()
    again = open_window(make_register(tmp_path / "other.diwi", 3))
    assert in_sight(again) == shown
    assert again.table.width() / again.page.width() == pytest.approx(share, abs=0.03), "the screen may be smaller"


def test_damaged_layout_settings_give_the_usual_layout(open_window: OpenWindow, tmp_path: Path) -> None:
    settings.set_value("layout/panels", "rommel")
    settings.set_value("layout/geometry", 7)
    window = open_window(make_register(tmp_path / "register.diwi", 1))
    assert in_sight(window) == {"projects", "map", "page"}


def test_undo_and_redo_say_what_they_do(qtbot: QtBot, window: MainWindow) -> None:
    store = window.state.store
    project = window.table.model.id_at(0)
    undo, redo = window.commands["undo"], window.commands["redo"]
    assert not undo.isEnabled()
    with store.act("Naam wijzigen") as act:
        act.set("project", project, "name", "Aaa anders")
    qtbot.waitUntil(lambda: undo.text() == "Ongedaan maken: Naam wijzigen")
    assert window.status_line.undo.text() == "Ctrl+Z: Naam wijzigen"
    qtbot.keyClick(window, Qt.Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: redo.text() == "Opnieuw: Naam wijzigen")
    assert queries.entity(store, "project", project) != {}
    assert not undo.isEnabled()
    assert not window.status_line.undo.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_Z, CTRL | SHIFT)
    qtbot.waitUntil(lambda: undo.text() == "Ongedaan maken: Naam wijzigen")
    found = queries.entity(store, "project", project)
    assert found is not None
    assert found["name"] == "Aaa anders"


def test_deleting_needs_no_question_because_undo_answers_it(qtbot: QtBot, window: MainWindow) -> None:
    project = window.table.model.id_at(2)
    window.state.select([project])
    qtbot.keyClick(window, Qt.Key.Key_Delete, CTRL)
    qtbot.waitUntil(lambda: window.table.count_text == "11 / 11")
    assert window.state.selection == []
    assert "Ctrl+Z" in window.status_line.currentMessage()
    qtbot.keyClick(window, Qt.Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: window.table.count_text == "12 / 12")
    assert window.table.model.place_of(project) == 2
    assert window.state.selection == [project], "what comes back is in hand again"
    view = window.table.view
    qtbot.waitUntil(lambda: [index.row() for index in view.selectionModel().selectedRows()] == [2])
    with window.state.store.act("Naam wijzigen") as act:
        act.set("project", project, "name", "Anders")
    window.state.select([])
    qtbot.keyClick(window, Qt.Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: window.commands["redo"].isEnabled() and window.state.undo_name != "Naam wijzigen")
    assert window.state.selection == [], "another undo chooses nothing"


def test_a_large_count_is_written_as_numbers_are(window: MainWindow) -> None:
    window.findings.counted.emit(154_377)
    assert window.panels["findings"].windowTitle() == "Meldingen  154.377"
    window.findings.counted.emit(0)
    assert window.panels["findings"].windowTitle() == "Meldingen"


def test_a_window_that_is_closed_prepares_nothing_more(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    window.close()
    monkeypatch.setattr(window.docks, "content", asked.append)
    window.docks.prepare()
    assert asked == []


def test_an_undo_that_would_overwrite_asks(qtbot: QtBot, window: MainWindow) -> None:
    store = window.state.store
    project = window.table.model.id_at(0)
    with store.act("Naam wijzigen") as act:
        act.set("project", project, "name", "Mijn naam")
    with store.act("Van een ander", kind="system") as act:
        act.set("project", project, "name", "Hun naam")
    qtbot.keyClick(window, Qt.Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: bool(window.findChildren(QMessageBox)))
    box = window.findChildren(QMessageBox)[0]
    assert "Naam wijzigen" in box.text()
    go = next(button for button in box.buttons() if button.text() == "Toch ongedaan maken")
    qtbot.mouseClick(go, LEFT)
    qtbot.waitUntil(lambda: (queries.entity(store, "project", project) or {})["name"] not in ("Hun naam", "Mijn naam"))


def test_every_edit_is_stored_and_the_status_line_says_when(qtbot: QtBot, window: MainWindow) -> None:
    with window.state.store.act("Naam wijzigen") as act:
        act.set("project", window.table.model.id_at(0), "name", "Nieuwe naam")
    qtbot.waitUntil(lambda: window.status_line.saved.text() == "opgeslagen 13:00")


def test_walking_through_the_list_from_anywhere(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    qtbot.keyClick(window, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert window.state.project == window.table.model.id_at(1)
    qtbot.keyClick(window, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert window.state.project == window.table.model.id_at(0)


def test_a_finding_is_one_jump_away_from_its_field(qtbot: QtBot, window: MainWindow) -> None:
    project = window.table.model.id_at(3)
    finding = Finding("x", Severity.WARNING, "Zin.", "Sentence.", kind="project", entity=project, field="plan_id",
                      project=project)  # fmt: skip
    window.apply_preset("submitting")
    window.state.request("jump", finding)
    settle(qtbot)
    assert window.state.project == project
    assert "page" in in_sight(window)
    focus = window.focusWidget()
    assert focus is not None
    assert window.page.isAncestorOf(focus)


def test_a_price_class_without_bounds_is_one_jump_away(qtbot: QtBot, window: MainWindow) -> None:
    store = window.state.store
    with store.act("Klasse") as act:
        bare = act.create("option", {"list": "priceRangeRent", "name": "Onbegrensd"})
    finding = Finding("price_class_without_bounds", Severity.WARNING, "Zin.", "Sentence.", kind="option", entity=bare,
                      field="bounds", project=str(window.table.model.id_at(3)))  # fmt: skip
    window.state.request("jump", finding)
    settle(qtbot)
    assert "admin" in in_sight(window)
    assert window.admin.prices.rent.chosen() == bare
    focus = window.focusWidget()
    assert focus is not None
    assert window.admin.prices.rent.isAncestorOf(focus)
    qtbot.keyClicks(focus, "0")
    row = next(r for r in window.admin.prices.rent.model.rows if r["id"] == bare)
    assert [f.code for f in window.admin.prices.rent.model.problem(window.admin.prices.rent.model.index(0, 1))]
    assert row["min"] is None


def test_themes_and_text_size_change_at_once(qtbot: QtBot, window: MainWindow) -> None:
    asked: list[None] = []
    window.look_changed.connect(lambda: asked.append(None))
    window.commands["theme_dark"].trigger()
    window.commands["bigger"].trigger()
    assert len(asked) == 2
    assert (settings.theme_name(), settings.text_scale()) == ("dark", 1.15)


def test_every_command_has_words_and_keys_are_not_double(window: MainWindow) -> None:
    keys = [a.shortcut().toString() for a in window.commands if not a.shortcut().isEmpty()]
    assert len(keys) == len(set(keys))
    assert all(action.text() for action in window.commands)


def test_everything_has_a_name_for_a_screen_reader(window: MainWindow) -> None:
    for button in window.rail.buttons.values():
        assert button.text()
    for panel in window.panels.values():
        assert panel.windowTitle()
    assert window.search.accessibleName()
    assert window.table.view.accessibleName()


def test_the_list_of_keys(qtbot: QtBot, window: MainWindow) -> None:
    window.looks.show_keys()
    dialog = next(d for d in window.children() if type(d).__name__ == "KeysDialog")
    words = [dialog.list.topLevelItem(n).text(0) for n in range(dialog.list.topLevelItemCount())]
    assert "Nieuw project" in words
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)


def test_a_key_goes_to_a_panel_and_hides_the_one_it_is_in(qtbot: QtBot, window: MainWindow) -> None:
    keys = [Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_4, Qt.Key.Key_5, Qt.Key.Key_6, Qt.Key.Key_7]
    keys += [Qt.Key.Key_8, Qt.Key.Key_9]
    for (name, panel), key in zip(window.panels.items(), keys, strict=True):
        other = window.search if name == "projects" else window.table.view
        other.setFocus()
        qtbot.keyClick(window, key, CTRL)
        assert name in in_sight(window), "what is in sight stays so"
        assert panel.has_focus, name
    qtbot.keyClick(window, Qt.Key.Key_2, CTRL)
    qtbot.keyClicks(QApplication.focusWidget(), "bloem")
    assert window.state.selection == [] or "projects" in in_sight(window)
    qtbot.keyClick(window, Qt.Key.Key_2, CTRL)
    assert "projects" not in in_sight(window)


def test_a_window_without_panels_says_how_to_get_them_back(qtbot: QtBot, window: MainWindow) -> None:
    for panel in window.panels.values():
        panel.close()
    assert not in_sight(window)
    qtbot.waitUntil(lambda: window.centralWidget() is not None and window.centralWidget().isVisible())
    button = window.centralWidget().findChild(QPushButton)
    assert button is not None
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Return)
    assert in_sight(window) == {"projects", "map", "page"}
    qtbot.waitUntil(lambda: not window.centralWidget().isVisible())


def test_enter_presses_the_button_that_has_the_focus(qtbot: QtBot, window: MainWindow) -> None:
    button = window.rail.buttons["history"]
    button.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(button, Qt.Key.Key_Return)
    assert "history" in in_sight(window)
    history = window.docks.content("history")
    history.view_day.setEnabled(True)
    history.view_day.setFocus()
    with qtbot.waitSignal(history.view_day.clicked):
        qtbot.keyClick(history.view_day, Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier)


def test_a_panel_that_goes_behind_another_lets_go_of_the_keyboard(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_4, CTRL)
    assert window.panels["planning"].has_focus
    window.show_panel("page")
    qtbot.waitUntil(lambda: not window.panels["planning"].has_focus)


def test_redo_has_the_key_of_excel_too(qtbot: QtBot, window: MainWindow) -> None:
    project = window.table.model.id_at(0)
    with window.state.store.act("Naam wijzigen") as act:
        act.set("project", project, "name", "Aardenburg")
    redo, undo = window.commands["redo"], window.commands["undo"]
    qtbot.waitUntil(undo.isEnabled)
    qtbot.keyClick(window, Qt.Key.Key_Z, CTRL)
    qtbot.waitUntil(redo.isEnabled)
    qtbot.keyClick(window, Qt.Key.Key_Y, CTRL)
    qtbot.waitUntil(undo.isEnabled)
    assert queries.project_rows(window.state.store, ids=[project])[0].name == "Aardenburg"


def test_the_tools_of_the_map_have_their_keys_where_one_draws(qtbot: QtBot, window: MainWindow) -> None:
    window.table.view.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_2, CTRL | SHIFT)
    assert window.panels["map"].has_focus
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_T)
    assert window.map.canvas.tool.name == "draw"


def test_a_tool_that_is_chosen_has_the_keys_and_the_map_shows_it(qtbot: QtBot, window: MainWindow) -> None:
    drawn = next(iter(window.map.plans))
    window.state.select([drawn])
    settle(qtbot)
    canvas = window.map.canvas
    window.table.view.setFocus()
    assert [name for name, panel in window.panels.items() if panel.marked] == ["projects"]
    qtbot.keyClick(window.table.view, Qt.Key.Key_T)
    assert canvas.tool.name == "select", "letters are for finding a project in the table"
    button = next(b for b in window.map.findChildren(QToolButton) if b.text() == "Contour slepen")
    assert "(C op de kaart; Ctrl+1 gaat erheen)" in button.toolTip()
    qtbot.mouseClick(button, LEFT)
    assert canvas.tool.name == "contour"
    assert QApplication.focusWidget() is canvas
    assert [name for name, panel in window.panels.items() if panel.marked] == ["map"]
    qtbot.keyClick(canvas, Qt.Key.Key_T)
    assert canvas.tool.name == "draw"


@pytest.mark.parametrize("place", ["map", "table", "rail"])
def test_escape_ends_a_tool_wherever_the_keyboard_is(qtbot: QtBot, window: MainWindow, place: str) -> None:
    drawn = next(iter(window.map.plans))
    window.state.select([drawn])
    settle(qtbot)
    canvas = window.map.canvas
    canvas.start_tool("contour")
    where = {"map": canvas, "table": window.table.view, "rail": window.rail.buttons["map"]}[place]
    where.setFocus()
    qtbot.keyClick(canvas, Qt.Key.Key_Tab)  # a corner
    qtbot.keyClick(canvas, Qt.Key.Key_Right)  # and moves it
    assert canvas.tool.can_confirm()
    qtbot.keyClick(where, Qt.Key.Key_Escape)
    assert canvas.tool.name == "contour", "what was dragged is put back first"
    assert not canvas.tool.can_confirm()
    qtbot.keyClick(where, Qt.Key.Key_Escape)
    assert canvas.tool.name == "select"
    qtbot.keyClick(where, Qt.Key.Key_Escape)
    assert canvas.tool.name == "select"
    assert window.state.selection == [drawn]


def test_a_message_under_a_field_is_seen_whole(qtbot: QtBot, window: MainWindow) -> None:
    window.resize(1400, 980)
    window.state.select([window.table.model.id_at(0)])
    window.apply_preset("meeting")
    settle(qtbot)
    window.page.jump("project.municipality")
    settle(qtbot)
    message = window.page.details.form.editors["municipality"].message
    assert "niet ingevuld" in message.text.text()
    qtbot.waitUntil(lambda: message.text.height() >= message.text.heightForWidth(message.text.width()))
