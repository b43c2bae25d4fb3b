"""Small things that every screen shares: hover, toggles, icons beside words, lines of words."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage, QRegion, QStandardItemModel
from PySide6.QtWidgets import QApplication, QComboBox, QTableView, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from diwi_desktop.gui import theme
from diwi_desktop.gui.fields.controls import Combo
from diwi_desktop.gui.projectpage.overview import Fact
from diwi_desktop.gui.rowhover import RowHover
from diwi_desktop.gui.timeline.tools import Words
from diwi_desktop.gui.toggle import Toggle


@pytest.fixture(autouse=True)
def _dressed(qapp: QApplication) -> Iterator[None]:
    theme.apply(qapp, "light")
    yield
    theme.apply(qapp, "light")


@pytest.fixture
def table(qtbot: QtBot) -> QTableView:
    made = QTableView()
    model = QStandardItemModel(40, 3, made)
    made.setModel(model)
    made.setShowGrid(False)
    made.hover = RowHover(made)
    qtbot.addWidget(made)
    made.resize(400, 240)
    made.show()
    qtbot.waitExposed(made)
    return made


def ground(table: QTableView, row: int, column: int) -> QColor:
    """The colour of a cell in its corner."""
    cell = table.visualRect(table.model().index(row, column))
    return QColor(table.viewport().grab().toImage().pixelColor(cell.right() - 3, cell.bottom() - 3))


def point(table: QTableView, row: int) -> QPoint:
    return table.visualRect(table.model().index(row, 0)).center()


# --- hover --------------------------------------------------------------------------------------------------------


def test_the_whole_row_under_the_pointer_lights_up(qtbot: QtBot, table: QTableView) -> None:
    hover, plain = theme.colour("hover"), theme.colour("surface")
    qtbot.mouseMove(table.viewport(), point(table, 2))
    assert table.hover.row == 2
    assert [ground(table, 2, column) for column in range(3)] == [hover] * 3
    assert ground(table, 3, 1) == plain
    qtbot.mouseMove(table.viewport(), point(table, 3))
    assert (ground(table, 2, 1), ground(table, 3, 1)) == (plain, hover)


def test_a_chosen_row_keeps_its_own_colour(qtbot: QtBot, table: QTableView) -> None:
    table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
    table.selectRow(2)
    qtbot.mouseMove(table.viewport(), point(table, 2))
    assert ground(table, 2, 1) == theme.colour("chosen")


def test_what_scrolls_under_a_pointer_at_rest_lights_up(qtbot: QtBot, table: QTableView) -> None:
    qtbot.mouseMove(table.viewport(), point(table, 1))
    table.verticalScrollBar().setValue(5)
    assert table.hover.row == 6
    assert ground(table, 6, 2) == theme.colour("hover")


def test_below_the_last_row_nothing_lights_up(qtbot: QtBot, table: QTableView) -> None:
    table.model().removeRows(2, 38)
    qtbot.mouseMove(table.viewport(), QPoint(30, table.viewport().height() - 10))
    assert table.hover.row == -1
    assert ground(table, 1, 1) == theme.colour("surface")


# --- buttons ------------------------------------------------------------------------------------------------------


def inked(image: QImage) -> int:
    """How many pixels have ink, of whatever colour."""
    return sum(image.pixelColor(x, y).alpha() > 100 for x in range(image.width()) for y in range(image.height()))


def test_a_toggle_shows_that_it_is_on_without_colour(qtbot: QtBot) -> None:
    made = Toggle("Selectie")
    qtbot.addWidget(made)
    off = made.icon().pixmap(18).toImage()
    qtbot.mouseClick(made, Qt.MouseButton.LeftButton)
    assert made.isChecked()
    on = made.icon().pixmap(18).toImage()
    assert inked(on) > inked(off), "the box is ticked, not just of another colour"
    qtbot.keyClick(made, Qt.Key.Key_Space)
    assert not made.isChecked()
    assert made.icon().pixmap(18).toImage() == off


@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_words_stand_six_pixels_from_their_icon(qtbot: QtBot, qapp: QApplication, scale: float) -> None:
    theme.apply(qapp, "light", scale)
    made = QToolButton()
    made.setIcon(theme.icon("square"))
    made.setText("\u25a0")  # a block, so that where the words begin can be seen
    qtbot.addWidget(made)
    theme.words_beside(made)
    made.resize(made.sizeHint())
    image = QImage(made.size(), QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    made.render(image, QPoint(), QRegion(), QWidget.RenderFlag.DrawChildren)
    middle = image.height() // 2
    dark = [x for x in range(image.width()) if image.pixelColor(x, middle).lightness() < 128]
    gaps = [after - before - 1 for before, after in pairwise(dark) if after - before > 1]
    # The square of the set leaves an eighth of its side free at the right, the block of the font about a pixel.
    assert gaps
    assert 6 <= max(gaps) <= 6 + round(18 * scale / 8) + 3
    theme.words_beside(made, on=False)
    assert made.iconSize().width() == made.iconSize().height() == round(18 * scale)


def test_another_text_size_holds_for_buttons_that_are_there(qtbot: QtBot, qapp: QApplication) -> None:
    made = QToolButton()
    qtbot.addWidget(made)
    theme.words_beside(made)
    before = made.iconSize()
    theme.apply(qapp, "dark", 1.5)
    assert made.iconSize().height() == round(before.height() * 1.5)
    assert made.toolButtonStyle() is Qt.ToolButtonStyle.ToolButtonTextBesideIcon


# --- lines of words -----------------------------------------------------------------------------------------------


def test_words_take_a_second_line_before_they_are_shortened(qtbot: QtBot) -> None:
    made = Words()
    qtbot.addWidget(made)
    made.setText("10 andere schuiven mee  ·  Woningen 2027: 12 → 0")
    whole = made.fontMetrics().horizontalAdvance(made.text())
    made.resize(whole + 1, 30)
    assert made.lines() == [made.text()]
    made.resize(round(whole * 0.6), 30)
    first, second = made.lines()
    assert f"{first} {second}".split() == [part for part in made.text().split() if part != "·" or "·" in first + second]
    assert "…" not in first + second
    made.resize(round(whole * 0.3), 30)
    assert made.lines()[1].endswith("…")
    made.resize(4, 30)
    assert not made.grab().isNull()


@pytest.mark.qt_log_ignore("does not support raise", "grabbing the keyboard", "propagateSizeHints")
@pytest.mark.parametrize("scale", [1.0, 1.5])
@pytest.mark.parametrize("kind", [QComboBox, Combo])
def test_a_list_of_choices_shows_all_its_rows_and_marks_the_one_pointed_at(
    qtbot: QtBot, qapp: QApplication, kind: type[QComboBox], scale: float
) -> None:
    theme.apply(qapp, "light", scale)
    box = kind()
    qtbot.addWidget(box)
    box.addItems(["Ja/nee", "Getal", "Open tekstveld", "Categorie", "Rangorde met een lange naam erachter"])
    box.setCurrentIndex(2)
    box.resize(90 if kind is Combo else box.sizeHint().width(), box.sizeHint().height())
    box.show()
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton)
    view = box.view()
    qtbot.waitUntil(view.isVisible)
    rows = [view.visualRect(box.model().index(n, 0)) for n in range(box.count())]
    assert all(view.viewport().rect().contains(row.center()) for row in rows)
    assert rows[0].top() >= 0
    assert rows[-1].bottom() <= view.viewport().rect().bottom()
    qtbot.mouseMove(view.viewport(), rows[1].center())
    qtbot.waitUntil(lambda: view.currentIndex().row() == 1)
    picture = view.viewport().grab().toImage()
    ratio = picture.devicePixelRatio()

    def ground(row: int) -> QColor:
        at = rows[row].topRight() + QPoint(-3, 3)
        return picture.pixelColor(round(at.x() * ratio), round(at.y() * ratio))

    assert ground(1) == theme.colour("chosen")
    assert ground(0) == theme.colour("surface")
    if kind is Combo:
        assert view.viewport().width() >= view.sizeHintForColumn(0)
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=rows[1].center())
    qtbot.waitUntil(lambda: not view.isVisible())
    assert box.currentText() == "Getal"


def test_a_fact_goes_on_at_a_second_line_and_says_where_it_was_cut(qtbot: QtBot) -> None:
    fact = Fact(wraps=True)
    qtbot.addWidget(fact)
    fact.show()
    words = "23-04-2027 Planstatus 1A Onherroepelijk"
    fact.show_parts("Volgende stap", ((words, ""),))
    fact.resize(fact.fontMetrics().horizontalAdvance(words) + 4, 40)
    assert (fact.text(), fact.lines(fact.width())) == (words, 1)
    fact.resize(fact.fontMetrics().horizontalAdvance("23-04-2027 Planstatus 1A") + 4, 40)
    assert (fact.text(), fact.lines(fact.width())) == ("23-04-2027 Planstatus 1A<br>Onherroepelijk", 2)
    fact.resize(fact.fontMetrics().horizontalAdvance("Planstatus 1A On") + 4, 40)
    first, second = fact.text().split("<br>")
    assert first == "23-04-2027"
    assert second.startswith("Planstatus 1A")
    assert second.endswith("…"), "what has no room does not go unseen"
    assert fact.toolTip() == words
