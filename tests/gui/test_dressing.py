"""Other colours for a window in use: in the end it looks as if it had been made in them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from diwi_desktop.gui import theme
from diwi_desktop.gui.dialogs.settings import SettingsDialog
from diwi_desktop.gui.dressing import dressing
from diwi_desktop.gui.workspace import MainWindow

PANELS = ("projects", "page", "planning", "findings", "submissions", "history", "admin", "conflicts")
PATIENCE_MS = 20_000  # all widgets of a window are dressed, which a busy machine does not do in five seconds


def pictures(qtbot: QtBot, window: MainWindow) -> dict[str, QImage]:
    """Every panel and every page of the project page, as they look now. The map draws itself, at its own pace."""
    found = {}
    for name in PANELS:
        window.show_panel(name)
        QApplication.processEvents()
        window.setFocus()
        tabs = window.page.tabs if name == "page" else None
        for place in range(tabs.count() if tabs is not None else 1):
            if tabs is not None:
                tabs.setCurrentIndex(place)
            QApplication.processEvents()
            found[f"{name} {place}"] = window.docks.panels[name].grab().toImage()
    return found


@pytest.fixture
def seen(qtbot: QtBot, window: MainWindow) -> MainWindow:
    """A window whose panels have all been looked at: from then on Qt dresses them."""
    window.state.select([window.table.model.shown[0].id])
    pictures(qtbot, window)
    return window


def change(qtbot: QtBot, qapp: QApplication, *names: str) -> None:
    for name in names:
        dressing(qapp).change(name, 1.0)
    qtbot.waitUntil(lambda: not dressing(qapp).busy, timeout=PATIENCE_MS)


def differing(one: dict[str, QImage], other: dict[str, QImage]) -> list[str]:
    return [name for name in one if one[name] != other[name]]


def test_all_that_is_dressed_later_looks_as_if_made_so(qtbot: QtBot, qapp: QApplication, seen: MainWindow) -> None:
    theme.apply(qapp, "dark")
    dark = pictures(qtbot, seen)
    theme.apply(qapp, "light")
    light = pictures(qtbot, seen)
    assert differing(light, dark) == list(light)
    change(qtbot, qapp, "dark")
    assert differing(pictures(qtbot, seen), dark) == []
    change(qtbot, qapp, "light")
    assert differing(pictures(qtbot, seen), light) == []
    change(qtbot, qapp, "high_contrast", "dark", "light", "dark")
    assert differing(pictures(qtbot, seen), dark) == []


def test_a_change_during_another_is_the_one_that_stays(qtbot: QtBot, qapp: QApplication, seen: MainWindow) -> None:
    theme.apply(qapp, "dark")
    dark = pictures(qtbot, seen)
    theme.apply(qapp, "light")
    dressing(qapp).change("high_contrast", 1.0)
    qtbot.waitUntil(lambda: theme.current().name == "high_contrast", timeout=PATIENCE_MS)
    assert dressing(qapp).busy
    seen.show_panel("admin")  # in sight before its turn came
    change(qtbot, qapp, "dark")
    assert differing(pictures(qtbot, seen), dark) == []


def test_the_window_lives_between_the_steps(qtbot: QtBot, qapp: QApplication, seen: MainWindow) -> None:
    steps: list[str] = []

    def look() -> None:
        step = f"{theme.current().name}, {'painted' if seen.updatesEnabled() else 'covered'}, told {len(told)}"
        if steps[-1:] != [step]:
            steps.append(step)

    told: list[bool] = []
    telling = theme.current().changed.connect(lambda: told.append(seen.updatesEnabled()))
    beat = QTimer(seen)
    beat.timeout.connect(look)
    beat.start(0)
    try:
        change(qtbot, qapp, "dark")
    finally:  # else it would look in every test after this one
        beat.stop()
        QObject.disconnect(telling)
    assert steps == [
        "light, covered, told 0",
        "dark, covered, told 0",
        "dark, covered, told 1",
        "dark, painted, told 1",
    ]


def test_nothing_is_painted_between_two_looks(qtbot: QtBot, qapp: QApplication, seen: MainWindow) -> None:
    dressing(qapp).change("dark", 1.0)
    assert not seen.updatesEnabled()
    assert theme.current().name == "light"
    qtbot.waitUntil(lambda: not dressing(qapp).busy, timeout=PATIENCE_MS)
    assert seen.updatesEnabled()
    assert theme.current().name == "dark"
    with pytest.raises(KeyError):
        dressing(qapp).change("plaid", 1.0)


class Looks(QObject):
    """In which looks a widget was painted."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.seen: list[str] = []
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.seen.append(theme.current().name)
        return super().eventFilter(watched, event)


def test_the_dialog_in_which_it_is_chosen_changes_too(qtbot: QtBot, qapp: QApplication, window: MainWindow) -> None:
    """What was chosen has still to be painted when the painting stops: Qt then asks for no other."""
    dialog = SettingsDialog(window)
    dialog.theme.setCurrentIndex(dialog.theme.findData("light"))
    dialog.look_changed.connect(lambda: dressing(qapp).change(dialog.theme.currentData(), 1.0))
    dialog.open()
    qtbot.waitExposed(dialog)
    dialog.theme.setFocus()
    QApplication.processEvents()
    looks = [Looks(dialog.theme), Looks(dialog.author), Looks(window.table)]
    for key, name in ((Qt.Key.Key_Down, "dark"), (Qt.Key.Key_Down, "high_contrast"), (Qt.Key.Key_Up, "dark")):
        qtbot.keyClick(dialog.theme, key)
        qtbot.waitUntil(lambda: not dressing(qapp).busy, timeout=PATIENCE_MS)
        qtbot.waitUntil(lambda name=name: all(look.seen[-1:] == [name] for look in looks), timeout=1000)
    dialog.reject()
