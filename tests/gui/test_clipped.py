"""On the smallest screen that counts (1280 by 720), in both languages, no words are cut off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt, QTranslator
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from diwi_desktop.gui import jobs, settings, theme
from diwi_desktop.gui.app import translate
from diwi_desktop.gui.dialogs.keys import KeysDialog
from diwi_desktop.gui.dialogs.new_project import NewProjectDialog
from diwi_desktop.gui.dialogs.new_register import NewRegisterDialog
from diwi_desktop.gui.dialogs.settings import SettingsDialog
from diwi_desktop.gui.language import language
from diwi_desktop.gui.looks import key_rows
from diwi_desktop.gui.projectpage.page import Tab
from diwi_desktop.gui.state import AppState
from diwi_desktop.gui.wizards.export import CHECK, CHOOSE, LOOK, MAP, WRITE, ExportWizard
from diwi_desktop.gui.wizards.importing import ImportDialog
from diwi_desktop.gui.workspace import MainWindow
from diwi_desktop.store import Store
from tests.gui import desk, exports
from tests.gui.clipping import cut

pytestmark = pytest.mark.qt_log_ignore("does not support raise", "grabbing the keyboard", "propagateSizeHints")
OpenWindow = Callable[[Store], MainWindow]


@pytest.fixture(params=["nl", "en"])
def spoken(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[str]:
    """The language of the window in this test."""
    settings.set_language(request.param)
    language.cache_clear()
    translate(qapp, request.param)
    theme.apply(qapp, "light")
    yield request.param
    for words in qapp.findChildren(QTranslator):
        qapp.removeTranslator(words)
        words.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    language.cache_clear()


@pytest.fixture
def size() -> tuple[int, int]:
    """Of the window, in pixels."""
    return 1280, 720


@pytest.fixture
def window(spoken: str, size: tuple[int, int], open_window: OpenWindow, tmp_path: Path) -> MainWindow:
    """The window on a register with one well-filled project, which is selected."""
    store = desk.new_store(tmp_path)
    mother, _ = desk.fill(store)
    with store.act("Lange namen") as act:
        act.create("own_field", {"object": "project", "name": "Aantal studentenwoningen", "type": "NUMERIC"})
        act.create("own_field", {"object": "houseblock", "name": "Klimaatadaptatiemaatregelen", "type": "TEXT"})
    opened = open_window(store)
    opened.resize(*size)
    opened.state.select([mother])
    return opened


def whole(qtbot: QtBot, widget: QWidget, where: str) -> None:
    """Wait until everything has its place; what is cut then fails the test."""
    try:
        qtbot.waitUntil(lambda: not cut(widget), timeout=1_000)
    except qtbot.TimeoutError:
        pytest.fail(f"{where}: {sorted(cut(widget))}")


@pytest.mark.parametrize("preset", ["overview", "meeting", "drawing"])
def test_the_window_as_it_opens(qtbot: QtBot, window: MainWindow, preset: str) -> None:
    window.apply_preset(preset)
    whole(qtbot, window, preset)


@pytest.mark.parametrize("size", [(1280, 720), (1600, 1000)])
def test_every_tab_of_the_project_page(qtbot: QtBot, window: MainWindow) -> None:
    window.apply_preset("overview")
    window.show_panel("page")
    for tab in Tab:
        window.page.show_tab(tab)
        whole(qtbot, window, tab.name)
    window.page.show_tab(Tab.PROGRAMME)
    window.page.programme.choice.group.button(1).click()
    whole(qtbot, window, "one block")
    window.apply_preset("meeting")
    window.page.show_tab(Tab.PROGRAMME)
    whole(qtbot, window, "programme, in a meeting")


@pytest.mark.parametrize("panel", ["planning", "findings", "history", "submissions", "admin", "conflicts"])
def test_every_panel(qtbot: QtBot, window: MainWindow, panel: str) -> None:
    window.apply_preset("overview")
    window.show_panel(panel)
    whole(qtbot, window, panel)


def test_every_page_of_the_administration(qtbot: QtBot, window: MainWindow) -> None:
    window.apply_preset("overview")
    window.show_panel("admin")
    admin = window.admin
    for page in (admin.own_fields, admin.lists, admin.prices, admin.people, admin.groups, admin.municipality):
        admin.show_page(page)
        whole(qtbot, admin, type(page).__name__)


def test_the_submission_wizard(spoken: str, qtbot: QtBot, tmp_path: Path) -> None:
    with exports.new_register(tmp_path) as store:
        exports.fill(store)
        state = AppState(store)
        wizard = ExportWizard(state)
        wizard.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        qtbot.addWidget(wizard)
        wizard.resize(1080, 640)
        wizard.show()
        for step in (CHOOSE, MAP, CHECK, LOOK, WRITE):
            if step == LOOK:
                wizard.findings.leave_out.click()
            if step != CHOOSE:
                qtbot.mouseClick(wizard.forward, Qt.MouseButton.LeftButton)
            qtbot.waitUntil(lambda: not wizard.session.checking and jobs.busy() == 0, timeout=20_000)
            whole(qtbot, wizard, f"step {step}")
        wizard.reject()
        qtbot.waitUntil(lambda: jobs.busy() == 0, timeout=20_000)
        state.close()


def test_the_dialogs(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    for dialog in (
        NewRegisterDialog(tmp_path, window),
        NewProjectDialog(window.state, parent=window),
        SettingsDialog(window),
        ImportDialog(window.state, window),
        KeysDialog(key_rows(window.commands), window),
    ):
        dialog.show()
        whole(qtbot, dialog, type(dialog).__name__)
        dialog.close()
