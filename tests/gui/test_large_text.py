"""At a text size of 130 %, from the start or chosen while the program runs, words have the room they need."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QImage, QPainter
from PySide6.QtWidgets import QApplication, QLineEdit, QTabBar, QToolButton
from pytestqt.qtbot import QtBot

from diwi_desktop.gui import theme
from diwi_desktop.gui.fields.colour import ColorInput
from diwi_desktop.gui.map.furniture import draw_furniture
from diwi_desktop.gui.map.style import map_style
from diwi_desktop.gui.projectpage.page import Tab
from diwi_desktop.gui.workspace import MainWindow
from diwi_desktop.model.catalogue import FieldType
from diwi_desktop.store import Store
from tests.gui import desk
from tests.gui.clipping import cut

pytestmark = pytest.mark.qt_log_ignore("does not support raise", "grabbing the keyboard", "propagateSizeHints")
OpenWindow = Callable[[Store], MainWindow]
LARGE = 1.3


@pytest.fixture(params=["from the start", "while it runs"])
def window(
    request: pytest.FixtureRequest, qtbot: QtBot, qapp: QApplication, open_window: OpenWindow, tmp_path: Path
) -> MainWindow:
    """The window in large text, with a project selected."""
    store = desk.new_store(tmp_path)
    mother, _ = desk.fill(store)
    if request.param == "from the start":
        theme.apply(qapp, "light", LARGE)
    opened = open_window(store)
    opened.resize(1600, 1000)
    opened.apply_preset("overview")
    opened.show_panel("page")
    opened.state.select([mother])
    for tab in Tab:
        opened.page.show_tab(tab)
    if request.param == "while it runs":
        theme.apply(qapp, "light", LARGE)
    return opened


def room_for(edit: QLineEdit, words: str) -> bool:
    """Whether words stand whole in a field of one line."""
    return edit.fontMetrics().horizontalAdvance(words) + 8 <= edit.width()


def test_dates_colours_and_labels_of_a_project_are_whole(qtbot: QtBot, window: MainWindow) -> None:
    window.page.show_tab(Tab.DETAILS)
    editors = window.page.details.form.editors.values()
    qtbot.waitUntil(lambda: not cut(window))
    dates = [e.input.findChild(QLineEdit) for e in editors if e.field.type is FieldType.DATE]
    assert dates
    assert all(room_for(edit, "30-12-2026") for edit in dates)
    colours = [e.input.edit for e in editors if isinstance(e.input, ColorInput)]
    assert colours
    assert all(room_for(edit, "#DDDDDD") for edit in colours)
    label = window.page.details.form.editors["confidentiality"].label
    assert label.height() < 2 * label.fontMetrics().height()  # on one line, with its star


def test_the_programme_is_whole(qtbot: QtBot, window: MainWindow) -> None:
    window.page.show_tab(Tab.PROGRAMME)
    qtbot.waitUntil(lambda: not cut(window))
    grid = window.page.programme.matrix.grid
    header = grid.horizontalHeader()
    for place in range(header.count()):
        if not grid.isColumnHidden(place):
            words = str(grid.model().headerData(place, Qt.Orientation.Horizontal))
            assert header.fontMetrics().horizontalAdvance(words) + 12 <= header.sectionSize(place)
    window.page.programme.choice.group.button(1).click()
    qtbot.waitUntil(lambda: not cut(window))


def test_a_period_is_whole_where_there_is_room(qtbot: QtBot, window: MainWindow) -> None:
    window.page.show_tab(Tab.OVERVIEW)
    _, period = window.page.overview._values["period"]
    qtbot.waitUntil(lambda: period.text() == "01-03-2024 t/m 31-12-2030")


def test_the_tabs_that_do_not_fit_are_reached_by_arrows_that_are_seen(qtbot: QtBot, window: MainWindow) -> None:
    window.resize(1280, 720)
    window.page.show_tab(Tab.OVERVIEW)
    tabs = window.page.findChild(QTabBar)
    arrows = tabs.findChildren(QToolButton)
    onward = next(arrow for arrow in arrows if arrow.arrowType() is Qt.ArrowType.RightArrow)
    qtbot.waitUntil(lambda: onward.isVisible() and onward.isEnabled())
    picture = onward.grab().toImage()
    ground = picture.pixelColor(0, 0)
    inked = [
        (x, y)
        for x in range(picture.width())
        for y in range(picture.height())
        if theme.contrast(picture.pixelColor(x, y), ground) > 3
    ]
    assert inked
    assert max(y for _, y in inked) - min(y for _, y in inked) >= 6


def test_no_part_of_a_sum_is_shown(qtbot: QtBot, window: MainWindow) -> None:
    table = window.docks.table
    header, totals = table.view.header, table.totals
    homes = [column.key for column in table.model.columns].index("homes")

    def inked() -> bool:
        """Whether anything is written at the right end of the row."""
        picture = totals.grab().toImage()
        middle = range(picture.height() // 4, picture.height() * 3 // 4)
        end = range(picture.width() - 12, picture.width())
        return any(theme.contrast(picture.pixelColor(x, y), theme.colour("raised")) > 4 for x in end for y in middle)

    for over in (16, 40, 64):
        header.resizeSection(0, 100)
        beyond = header.sectionViewportPosition(homes) + header.sectionSize(homes)
        header.resizeSection(0, 100 + totals.width() + over - beyond)
        assert not inked()
    assert totals.text("homes").startswith("+")


@pytest.mark.parametrize("width", [380, 480, 900])
def test_the_sources_of_the_map_are_whole_or_shortened_at_their_end(qapp: QApplication, width: int) -> None:
    theme.apply(qapp, "light", LARGE)
    picture = QImage(width, 200, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.white)
    painter = QPainter(picture)
    style = map_style(theme.tokens() | {"surface": "#000000"})
    font: QFont = theme.font("small")
    draw_furniture(painter, (width, 200), style, font, 2.0, (104_000, 503_000), "Kadaster · Kaartgegevens © Kadaster")
    painter.end()
    theme.apply(qapp, "light")
    dark = [x for x in range(width) for y in range(200) if picture.pixelColor(x, y).lightness() < 90]
    assert min(dark) >= 10
