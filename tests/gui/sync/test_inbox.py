"""Two people at one project, through the real server: what they disagree on is shown, settled and taken back."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMessageBox, QTreeWidgetItem
from pytestqt.qtbot import QtBot

from diwi_desktop.geo.shape import area_m2, from_ewkb
from diwi_desktop.gui import jobs
from diwi_desktop.gui.map import compare
from diwi_desktop.gui.sync.link import Link
from diwi_desktop.gui.sync.othervalue import OtherValueDialog
from diwi_desktop.gui.workspace import MainWindow
from diwi_desktop.store import inbox, plans
from tests.gui.conftest import OpenWindow
from tests.stores import add, de_hoek, square
from tests.sync.real import Desk, MakeDesk

pytestmark = pytest.mark.qt_log_ignore("does not support raise", "grabbing the keyboard", "propagateSizeHints")

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(autouse=True)
def by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test says when there is a synchronisation."""
    monkeypatch.setattr(Link, "start", lambda self, *_more, **_named: None)


def put(desk: Desk, kind: str, entity: str, **values: Any) -> None:
    with desk.store.act("Wijzigen") as act:
        for field, value in values.items():
            act.set(kind, entity, field, value)


@pytest.fixture
def quarrel(desk: MakeDesk) -> tuple[Desk, Desk, str]:
    """Anna and Bram changed the same name, the same end date and the same number of homes; Anna was first."""
    anna, bram = desk("Anna", filled=True), desk("Bram")
    project = add(anna.store, de_hoek())
    for one in (anna, bram):
        one.sync()
    block = str(plans.plan(anna.store, project).blocks[0].id)
    for one, name, end, homes in ((anna, "De Bocht", "2031-12-31", 50), (bram, "De Punt", "2032-06-30", 60)):
        put(one, "project", project, name=name, end_date=end)
        put(one, "houseblock", block, number=homes, multi_family=homes - 20)
    for one in (anna, bram):
        one.sync()
    return anna, bram, project


@pytest.fixture
def two_contours(desk: MakeDesk) -> tuple[Desk, Desk, str]:
    """Anna made the plan area larger, Bram smaller and elsewhere."""
    anna, bram = desk("Anna", filled=True), desk("Bram")
    project = add(anna.store, de_hoek())
    for one in (anna, bram):
        one.sync()
    area = str(plans.plan(anna.store, project).areas[0].id)
    put(anna, "plan_area", area, geometry=square(side=120))
    put(bram, "plan_area", area, geometry=square(x=106_950, side=80))
    for one in (anna, bram):
        one.sync()
    return anna, bram, project


def settled(qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: jobs.busy() == 0)
    QApplication.processEvents()
    qtbot.waitUntil(lambda: jobs.busy() == 0)


def opened(qtbot: QtBot, open_window: OpenWindow, desk: Desk) -> MainWindow:
    window = open_window(desk.store)
    window.show_panel("conflicts")
    settled(qtbot)
    return window


def lines(window: MainWindow) -> dict[str, QTreeWidgetItem]:
    tree = window.inbox.conflicts.tree
    found = {}
    for top in range(tree.topLevelItemCount()):
        group = tree.topLevelItem(top)
        found.update({group.child(n).text(0): group.child(n) for n in range(group.childCount())})
    return found


def point_at(qtbot: QtBot, window: MainWindow, what: str, *, more: bool = False) -> None:
    tree = window.inbox.conflicts.tree
    line = lines(window)[what]
    tree.scrollToItem(line)
    keys = Qt.KeyboardModifier.ControlModifier if more else Qt.KeyboardModifier.NoModifier
    qtbot.mouseClick(tree.viewport(), LEFT, keys, tree.visualItemRect(line).center())
    settled(qtbot)


def test_a_conflict_is_settled_by_keyboard_and_taken_back(
    qtbot: QtBot, open_window: OpenWindow, quarrel: tuple[Desk, Desk, str]
) -> None:
    _, bram, project = quarrel
    window = opened(qtbot, open_window, bram)
    tree = window.inbox.conflicts.tree
    assert tree.topLevelItem(0).text(0) == "De Bocht  (4)"
    name = lines(window)["Projectnaam"]
    assert [name.text(column) for column in range(1, 5)] == ["De Punt", "De Bocht", "De Hoek", "Anna"]
    homes = lines(window)["Woningblok 'Blok A', Aantal"]
    assert [homes.text(column) for column in range(1, 4)] == ["60", "50", "48"]
    end = next(line for what, line in lines(window).items() if line.text(1) == "30-06-2032")
    assert [end.text(column) for column in range(2, 4)] == ["31-12-2031", "31-12-2030"]
    assert window.panels["conflicts"].windowTitle() == "Conflicten  4"
    assert window.rail.buttons["conflicts"].accessibleName() == "Conflicten 4"
    point_at(qtbot, window, "Projectnaam")
    assert window.inbox.conflicts.detail.mine.value.accessibleName() == "Mijn versie: De Punt"
    assert window.state.selection == [project]
    qtbot.keyClick(tree, Qt.Key.Key_M)
    settled(qtbot)
    assert plans.plan(bram.store, project).name == "De Punt"
    assert "Projectnaam" not in lines(window)
    assert window.status_line.currentMessage() == "1 conflict afgehandeld. Ctrl+Z maakt dit ongedaan."
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settled(qtbot)
    assert plans.plan(bram.store, project).name == "De Bocht"
    assert "Projectnaam" in lines(window)


def test_a_key_pressed_twice_settles_once(
    qtbot: QtBot, open_window: OpenWindow, quarrel: tuple[Desk, Desk, str]
) -> None:
    """The second came while the line still stood there, and was told that it had been settled already."""
    _, bram, _ = quarrel
    window = opened(qtbot, open_window, bram)
    view = window.inbox.conflicts
    point_at(qtbot, window, "Projectnaam")
    asked: list[dict[str, object]] = []
    view._settle, settle = lambda choices: (asked.append(choices), settle(choices)), view._settle
    qtbot.keyClick(view.tree, Qt.Key.Key_M)
    qtbot.keyClick(view.tree, Qt.Key.Key_M)
    qtbot.mouseClick(view.buttons[compare.MINE], LEFT)
    settled(qtbot)
    assert len(asked) == 1
    qtbot.keyClick(view.tree, Qt.Key.Key_M)
    settled(qtbot)
    assert len(asked) == 2, "the next one"


def test_the_count_is_there_before_anybody_looks(
    qtbot: QtBot, open_window: OpenWindow, quarrel: tuple[Desk, Desk, str]
) -> None:
    window = open_window(quarrel[1].store)
    settled(qtbot)
    assert not window.panels["conflicts"].isVisible()
    assert window.rail.buttons["conflicts"].accessibleName() == "Conflicten 4"


def test_theirs_is_no_act_and_yet_taken_back(
    qtbot: QtBot, open_window: OpenWindow, quarrel: tuple[Desk, Desk, str]
) -> None:
    _, bram, project = quarrel
    window = opened(qtbot, open_window, bram)
    point_at(qtbot, window, "Projectnaam")
    qtbot.keyClick(window.inbox.conflicts.tree, Qt.Key.Key_H)
    settled(qtbot)
    assert "Projectnaam" not in lines(window)
    assert window.status_line.undo.text() == "Ctrl+Z: Conflict afhandelen"
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settled(qtbot)
    assert "Projectnaam" in lines(window)
    # Once an act of one's own follows, that is what Ctrl+Z takes back.
    point_at(qtbot, window, "Projectnaam")
    qtbot.keyClick(window.inbox.conflicts.tree, Qt.Key.Key_H)
    settled(qtbot)
    put(bram, "project", project, description="Later")
    settled(qtbot)
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settled(qtbot)
    assert not plans.plan(bram.store, project).description
    assert "Projectnaam" not in lines(window)


def test_many_are_settled_at_once_and_reach_the_other(
    qtbot: QtBot, open_window: OpenWindow, quarrel: tuple[Desk, Desk, str]
) -> None:
    anna, bram, project = quarrel
    window = opened(qtbot, open_window, bram)
    tree = window.inbox.conflicts.tree
    rect = tree.visualItemRect(tree.topLevelItem(0))
    qtbot.mouseClick(tree.viewport(), LEFT, pos=QPoint(60, rect.center().y()))
    qtbot.mouseClick(window.inbox.conflicts.buttons[compare.MINE], LEFT)
    settled(qtbot)
    assert inbox.conflicts(bram.store) == []
    assert window.inbox.conflicts.none.isVisible()
    assert window.panels["conflicts"].windowTitle() == "Conflicten"
    for one in (bram, anna):
        one.sync()
    found = plans.plan(anna.store, project)
    assert (found.name, found.blocks[0].number) == ("De Punt", 60)


def test_enter_goes_to_the_field(qtbot: QtBot, open_window: OpenWindow, quarrel: tuple[Desk, Desk, str]) -> None:
    window = opened(qtbot, open_window, quarrel[1])
    window.apply_preset("overview")
    window.show_panel("conflicts")
    point_at(qtbot, window, "Projectnaam")
    qtbot.keyClick(window.inbox.conflicts.tree, Qt.Key.Key_Return)
    settled(qtbot)
    control = window.page.details.form.editors["name"].input.control()
    qtbot.waitUntil(control.hasFocus)


def test_a_third_value(qtbot: QtBot, open_window: OpenWindow, quarrel: tuple[Desk, Desk, str]) -> None:
    _, bram, project = quarrel
    window = opened(qtbot, open_window, bram)
    point_at(qtbot, window, "Projectnaam")
    qtbot.keyClick(window.inbox.conflicts.tree, Qt.Key.Key_W)
    dialog = window.findChild(OtherValueDialog)
    assert dialog is not None
    edit = dialog.input.control()
    edit.selectAll()
    qtbot.keyClick(edit, Qt.Key.Key_Delete)
    qtbot.mouseClick(dialog.use, LEFT)
    assert dialog.wrong.text() == "Dit moet ingevuld zijn."
    qtbot.keyClicks(edit, "De Hoek van Anna en Bram")
    qtbot.mouseClick(dialog.use, LEFT)
    settled(qtbot)
    assert plans.plan(bram.store, project).name == "De Hoek van Anna en Bram"
    assert "Projectnaam" not in lines(window)


def test_a_past_day_settles_nothing(qtbot: QtBot, open_window: OpenWindow, quarrel: tuple[Desk, Desk, str]) -> None:
    window = opened(qtbot, open_window, quarrel[1])
    window.state.set_moment(quarrel[1].store.clock.today().replace(year=2025))
    point_at(qtbot, window, "Projectnaam")
    assert not window.inbox.conflicts.buttons[compare.MINE].isEnabled()
    qtbot.keyClick(window.inbox.conflicts.tree, Qt.Key.Key_M)
    settled(qtbot)
    assert len(inbox.conflicts(quarrel[1].store)) == 4


def contour_line(window: MainWindow) -> str:
    return next(iter(lines(window)))


def test_contours_lie_over_each_other_on_the_map(
    qtbot: QtBot, open_window: OpenWindow, two_contours: tuple[Desk, Desk, str]
) -> None:
    _, bram, project = two_contours
    window = opened(qtbot, open_window, bram)
    point_at(qtbot, window, contour_line(window))
    bar = window.map.compared
    assert bar.isVisible()
    assert [bar.lines[which][1].text() for which in (compare.THEIRS, compare.MINE, compare.BASE)] == [
        "14.400 m²", "6.400 m²", "10.000 m²",
    ]  # fmt: skip
    assert bar.lines[compare.MINE][2].text() == "\u22123.600 m²"
    assert bar.lines[compare.THEIRS][2].text() == "+4.400 m²"
    assert window.map.canvas.contours is not None
    x0, y0, x1, y1 = window.map.canvas.contours.bounds
    assert (x0, y0, x1, y1) == (106_950, 499_000, 107_120, 499_120)
    qtbot.mouseClick(bar.buttons[compare.UNION], LEFT)
    settled(qtbot)
    merged = plans.plan(bram.store, project).areas[0].geometry
    assert area_m2(from_ewkb(merged)) == 14_400 + 50 * 80
    assert not bar.isVisible()
    assert window.map.canvas.contours is None
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settled(qtbot)
    assert area_m2(from_ewkb(plans.plan(bram.store, project).areas[0].geometry)) == 14_400
    assert bar.isVisible()


def test_a_contour_is_drawn_anew(qtbot: QtBot, open_window: OpenWindow, two_contours: tuple[Desk, Desk, str]) -> None:
    _, bram, project = two_contours
    window = opened(qtbot, open_window, bram)
    point_at(qtbot, window, contour_line(window))
    canvas = window.map.canvas
    qtbot.waitUntil(canvas.is_settled, timeout=20_000)
    qtbot.mouseClick(window.map.compared.buttons[compare.DRAW], LEFT)
    settled(qtbot)
    assert canvas.tool.name == "contour"
    corner = canvas.overlay.point(107_120, 499_120).toPoint()
    to = canvas.overlay.point(107_140, 499_140).toPoint()
    qtbot.mouseMove(canvas, corner)
    qtbot.mousePress(canvas, LEFT, pos=corner)
    qtbot.mouseMove(canvas, (corner + to) / 2)
    qtbot.mouseMove(canvas, to)
    qtbot.mouseRelease(canvas, LEFT, Qt.KeyboardModifier.AltModifier, to)
    settled(qtbot)
    assert area_m2(from_ewkb(plans.plan(bram.store, project).areas[0].geometry)) > 14_400
    assert inbox.conflicts(bram.store) == []
    assert not window.map.compared.isVisible()


@pytest.fixture
def denied(desk: MakeDesk) -> tuple[Desk, Desk, str]:
    """Anna took away what Bram may do while he was at it."""
    anna, bram = desk("Anna", filled=True), desk("Bram", "External")
    project = add(anna.store, de_hoek())
    for one in (anna, bram, anna):
        one.sync()
    with anna.store.act("Schrijfrechten wijzigen") as act:
        act.create("writer", {"project_id": project, "person": anna.person})
        writer = act.create("writer", {"project_id": project, "person": bram.person})
    for one in (anna, bram):
        one.sync()
    with anna.store.act("Schrijfrechten wijzigen") as act:
        act.delete("writer", writer)
    put(bram, "project", project, end_date="2033-01-01")
    put(bram, "project", project, name="De Punt")
    for one in (anna, bram):
        one.sync()
    return anna, bram, project


def test_what_was_denied_is_in_the_drawer(
    qtbot: QtBot, open_window: OpenWindow, denied: tuple[Desk, Desk, str]
) -> None:
    _, bram, _ = denied
    window = opened(qtbot, open_window, bram)
    assert window.inbox.tabs.tabText(1) == "Niet geaccepteerd (2)"
    window.state.request("not_accepted")
    view = window.inbox.refused
    group = view.tree.topLevelItem(0)
    assert group.text(0) == "Een project dat u niet (meer) ziet  (2)"
    first = group.child(0)
    qtbot.mouseClick(view.tree.viewport(), LEFT, pos=view.tree.visualItemRect(first).center())
    assert first.text(0) == "Projectnaam"
    assert first.text(1) == "De Punt"
    assert "project" in view.reason.text()
    qtbot.mouseClick(view.copy_button, LEFT)
    assert "Projectnaam: De Punt" in QGuiApplication.clipboard().text()
    qtbot.keyClick(view.tree, Qt.Key.Key_Delete)
    box = window.findChild(QMessageBox)
    assert box is not None
    qtbot.mouseClick(next(b for b in box.buttons() if b.text() == "Weggooien"), LEFT)
    settled(qtbot)
    assert len(inbox.not_accepted(bram.store)) == 1
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settled(qtbot)
    assert len(inbox.not_accepted(bram.store)) == 2


def test_an_empty_inbox_says_so(qtbot: QtBot, open_window: OpenWindow, desk: MakeDesk) -> None:
    window = opened(qtbot, open_window, desk("Anna", filled=True))
    assert window.inbox.conflicts.none.isVisible()
    assert window.inbox.conflicts.none.words.text() == "Er zijn geen conflicten."
    assert not window.inbox.conflicts.row.isVisible()


def test_a_removal_meets_a_change(qtbot: QtBot, open_window: OpenWindow, desk: MakeDesk) -> None:
    """Anna removed the block that Bram changed, and changed the milestone that Bram removed."""
    anna, bram = desk("Anna", filled=True), desk("Bram")
    project = add(anna.store, de_hoek())
    for one in (anna, bram):
        one.sync()
    plan = plans.plan(anna.store, project)
    block, stone = str(plan.blocks[0].id), str(plan.milestones[2].id)
    with anna.store.act("Blok verwijderen") as act:
        act.delete("houseblock", block)
    put(anna, "milestone", stone, note="uitgesteld")
    put(bram, "houseblock", block, name="Blok B")
    with bram.store.act("Mijlpaal verwijderen") as act:
        act.delete("milestone", stone)
    for one in (anna, bram):
        one.sync()
    window = opened(qtbot, open_window, bram)
    found = {line.text(0): [line.text(1), line.text(2)] for line in lines(window).values()}
    assert sorted(found.values()) == [
        ["Blok B", "verwijderd"],
        ["verwijderd", "Anna wijzigde Notitie (21-11-2026 13:00)"],
    ]
    removal = next(what for what, values in found.items() if values[0] == "verwijderd")
    assert removal == "Mijlpaal 'Start definitie' verwijderen"
    point_at(qtbot, window, removal)
    assert not window.inbox.conflicts.buttons["other"].isEnabled()
    qtbot.keyClick(window.inbox.conflicts.tree, Qt.Key.Key_M)
    settled(qtbot)
    assert len(plans.plan(bram.store, project).milestones) == 3
    other = next(iter(lines(window)))
    point_at(qtbot, window, other)
    qtbot.keyClick(window.inbox.conflicts.tree, Qt.Key.Key_H)
    settled(qtbot)
    assert inbox.conflicts(bram.store) == []


def test_a_plan_that_was_deleted_is_one_line_settled_by_one_key(
    qtbot: QtBot, open_window: OpenWindow, desk: MakeDesk
) -> None:
    anna, bram = desk("Anna", filled=True), desk("Bram")
    project = add(anna.store, de_hoek())
    for one in (anna, bram):
        one.sync()
    put(anna, "project", project, description="Toch door")
    with bram.store.act("Verwijderen") as act:
        act.delete("project", project)
    for one in (anna, bram):
        one.sync()
    window = opened(qtbot, open_window, bram)
    ((what, line),) = lines(window).items()
    assert what == "Project verwijderen"
    assert line.text(1) == "verwijderd"
    assert line.text(2).startswith("Anna wijzigde Omschrijving (")
    assert window.panels["conflicts"].windowTitle() == "Conflicten  1"
    point_at(qtbot, window, what)
    qtbot.keyClick(window.inbox.conflicts.tree, Qt.Key.Key_M)
    settled(qtbot)
    assert lines(window) == {}
    assert plans.plans(bram.store) == []
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settled(qtbot)
    assert list(lines(window)) == ["Project verwijderen"]
    assert [str(plan.id) for plan in plans.plans(bram.store)] == [project]
