"""Where the Tab key goes in the window."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QScrollArea, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from diwi_desktop.gui.links import LinkLabel
from diwi_desktop.gui.presets import PRESETS
from diwi_desktop.gui.projectpage.page import Tab
from diwi_desktop.gui.projecttable.filters import Contains
from diwi_desktop.gui.workspace import MainWindow
from tests.gui.registers import TODAY
from tests.gui.test_workspace import in_sight, settle


def stops(qtbot: QtBot, window: MainWindow, key: Qt.Key) -> list[QWidget]:
    """Where the keyboard comes from the search field on, once round, by real keys."""
    window.search.setFocus()
    found: list[QWidget] = []
    for _ in range(150):
        focused = QApplication.focusWidget()
        assert focused is not None
        assert focused.isVisible()
        assert not focused.visibleRegion().isEmpty(), f"{focused} cannot be seen"
        found.append(focused)
        qtbot.keyClick(focused, key)
        if QApplication.focusWidget() is window.search:
            return found
    raise AssertionError(f"Tab never comes back: {found[-3:]}")


def test_tab_goes_along_what_is_in_sight_in_the_order_of_the_screen(qtbot: QtBot, window: MainWindow) -> None:
    window.state.select([window.table.model.id_at(0)])
    window.table.model.set_filter("name", Contains("e"))
    settle(qtbot)
    there = stops(qtbot, window, Qt.Key.Key_Tab)
    table, tools = window.table, window.map.canvas.toolbox
    first = [window.search, window.top_bar.date_button, *window.rail.buttons.values()]
    first += [*table.chips.chips["name"].buttons, table.chips.add_button, table.columns_button, table.view]
    assert there[: len(first)] == first
    rest = there[len(first) :]
    of_map = [widget for widget in rest if window.panels["map"].isAncestorOf(widget)]
    assert [w.defaultAction() for w in of_map if isinstance(w, QToolButton)][:2] == [tools.tools[0], tools.tools[2]]
    assert of_map[-1] is window.map.canvas
    of_page = [widget for widget in rest if window.panels["page"].isAncestorOf(widget)]
    assert rest == [*of_map, *of_page, window.status_line.server]
    assert len(set(of_page)) >= 4
    back = stops(qtbot, window, Qt.Key.Key_Backtab)
    assert [back[0], *reversed(back[1:])] == there


@pytest.mark.parametrize("name", PRESETS)
def test_tab_comes_round_in_every_arrangement(qtbot: QtBot, window: MainWindow, name: str) -> None:
    window.state.select([window.table.model.id_at(0)])
    window.apply_preset(name)
    settle(qtbot)
    there = stops(qtbot, window, Qt.Key.Key_Tab)
    parts = [p for p, panel in window.panels.items() if any(panel.isAncestorOf(widget) for widget in there)]
    assert set(parts) == in_sight(window)
    back = stops(qtbot, window, Qt.Key.Key_Backtab)
    assert {id(widget) for widget in back} == {id(widget) for widget in there}


def test_tab_stays_in_a_panel_that_is_a_window_of_its_own(qtbot: QtBot, window: MainWindow) -> None:
    panel = window.panels["findings"]
    window.show_panel("findings")
    panel.setFloating(True)
    settle(qtbot)
    window.findings.tree.setFocus()
    for _ in range(12):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        assert panel.has_focus


def test_every_link_of_a_label_is_one_stop_both_ways(qtbot: QtBot) -> None:
    box = QWidget()
    qtbot.addWidget(box)
    before, label, after = QToolButton(box), LinkLabel(box), QToolButton(box)
    label.setText('<a href="1">een</a> en <a href="2">twee</a>')
    box.show()
    box.activateWindow()
    before.setFocus()
    qtbot.waitUntil(before.hasFocus)
    seen = []
    for key in (Qt.Key.Key_Tab, Qt.Key.Key_Tab, Qt.Key.Key_Tab, *[Qt.Key.Key_Backtab] * 3):
        qtbot.keyClick(QApplication.focusWidget(), key)
        seen.append(label.selectedText() if label.hasFocus() else QApplication.focusWidget())
    assert seen == ["een", "twee", after, "twee", "een", before]
    qtbot.keyClick(before, Qt.Key.Key_Tab)
    with qtbot.waitSignal(label.linkActivated) as followed:
        qtbot.keyClick(label, Qt.Key.Key_Return)
    assert followed.args == ["1"]


def test_a_key_that_goes_to_admin_goes_to_its_list(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_8, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.focusWidget() is window.admin.chooser


def test_the_way_back_to_today_comes_before_the_panels(qtbot: QtBot, window: MainWindow) -> None:
    window.state.set_moment(TODAY - timedelta(days=1))
    settle(qtbot)
    there = stops(qtbot, window, Qt.Key.Key_Tab)
    at = there.index(window.past_bar.back)
    assert there[at - 1] is window.top_bar.date_button
    assert there[at + 1] is window.rail.buttons["map"]


def test_a_window_without_panels_has_the_button_that_brings_them_back(qtbot: QtBot, window: MainWindow) -> None:
    for panel in window.panels.values():
        panel.close()
    qtbot.waitUntil(lambda: window.centralWidget() is not None and window.centralWidget().isVisible())
    there = stops(qtbot, window, Qt.Key.Key_Tab)
    assert there[-2:] == [*window.centralWidget().buttons, window.status_line.server]


def along(qtbot: QtBot, window: MainWindow) -> list[QWidget]:
    """The stops in the project page, from its first on."""
    panel = window.panels["page"]
    panel.first_stop(forward=True)
    found = []
    while panel.has_focus:
        found.append(QApplication.focusWidget())
        assert len(found) < 200
        qtbot.keyClick(found[-1], Qt.Key.Key_Tab)
    return found


def test_tab_goes_along_the_project_page_as_it_is_read(qtbot: QtBot, window: MainWindow) -> None:
    window.resize(1600, 1000)
    window.panels["map"].hide()
    window.state.select([window.table.model.id_at(0)])
    window.docks.go("page")
    page = window.page
    settle(qtbot)

    def in_order(tab: Tab, *wanted: QWidget) -> None:
        page.show_tab(tab)
        settle(qtbot)
        found = along(qtbot, window)
        assert [widget for widget in found if widget in wanted] == list(wanted)
        assert not [widget for widget in found if isinstance(widget, QScrollArea)]

    fields = page.details.form.editors
    colour = fields["color"].input
    in_order(
        Tab.DETAILS,
        fields["name"].input.control(),
        colour.edit,
        colour.button,
        *(fields[key].input.control() for key in ("description", "project_leader")),
        page.details.writers.input.control(),
        *(fields[key].input.control() for key in ("municipality", "plan_id")),
    )
    programme = page.programme
    detail = programme.detail
    in_order(
        Tab.PROGRAMME,
        programme.views.buttons()[0],
        programme.matrix.grid,
        programme.matrix.add_button,
        programme.copy_button,
        programme.matrix.delete_button,
        *(detail.form.editors[key].input.control() for key in ("name", "remarks") if key in detail.form.editors),
        detail.deliveries.grid,
        detail.ownership.grid,
        *(editor.input.control() for one in detail.divisions.values() for editor in one.editors.values()),
        next(iter(detail.more.editors.values())).input.control(),
    )
    page.show_tab(Tab.PLANNING)
    settle(qtbot)
    found = along(qtbot, window)
    canvas, grid = page.planning.timeline.canvas, page.planning.table.grid
    assert found.index(canvas) < found.index(grid) < found.index(page.planning.table.add_button)
