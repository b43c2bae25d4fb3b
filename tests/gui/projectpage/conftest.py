"""A project page on a small register, shown as in the window."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from diwi_desktop.gui import theme
from diwi_desktop.gui.projectpage import ProjectPage
from diwi_desktop.gui.state import AppState
from diwi_desktop.store import Store
from tests.gui import desk


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with desk.new_store(tmp_path) as made:
        yield made


@pytest.fixture
def projects(store: Store) -> tuple[str, str]:
    return desk.fill(store)


@pytest.fixture
def state(store: Store, projects: tuple[str, str]) -> Iterator[AppState]:
    made = desk.open_state(store, projects[0])
    yield made
    made.close()


@pytest.fixture
def page(qtbot, qapp: QApplication, state: AppState) -> ProjectPage:
    theme.apply(qapp, "light")
    made = ProjectPage(state)
    qtbot.addWidget(made)
    made.resize(1200, 900)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made
