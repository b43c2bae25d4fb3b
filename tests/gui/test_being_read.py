"""While a large register is being read, nothing says that it is empty."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from diwi_desktop.gui import jobs, mappanel, mapsource
from diwi_desktop.gui.map import foreground
from diwi_desktop.gui.map.canvas import MapCanvas
from diwi_desktop.gui.projecttable import panel as table_panel
from diwi_desktop.gui.projecttable.panel import ProjectTable
from diwi_desktop.gui.state import AppState
from diwi_desktop.store import Store
from tests.gui.registers import make_register

BEING_READ = "Wordt geladen …"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = make_register(tmp_path / "register.diwi", 12)
    yield made
    made.close()


class Gate:
    """Holds what is read until the test lets it through."""

    def __init__(self) -> None:
        self._open = threading.Event()

    def held(self, read: Callable[..., Any]) -> Callable[..., Any]:
        def wait(*args: Any) -> Any:
            self._open.wait(20)
            return read(*args)

        return wait

    def open(self) -> None:
        self._open.set()


@pytest.fixture
def gate() -> Iterator[Gate]:
    made = Gate()
    yield made
    made.open()


@pytest.fixture
def words_on_map(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What has been written in the middle of the map."""
    written: list[str] = []
    monkeypatch.setattr(foreground, "paint_words", lambda _painter, _canvas, words: written.append(words))
    monkeypatch.setattr(mappanel, "MapCanvas", partial(MapCanvas, workers=0))
    return written


def shown_map(qtbot: QtBot, state: AppState) -> mappanel.MapPanel:
    made = mappanel.MapPanel(state)
    qtbot.addWidget(made)
    made.resize(800, 500)
    made.show()
    made.grab()
    return made


@pytest.mark.parametrize("part", ["read_base", "read_plans"])
def test_the_map_says_that_it_is_being_read(
    qtbot: QtBot,
    state: AppState,
    gate: Gate,
    words_on_map: list[str],
    monkeypatch: pytest.MonkeyPatch,
    part: str,
) -> None:
    monkeypatch.setattr(mapsource, part, gate.held(getattr(mapsource, part)))
    made = shown_map(qtbot, state)
    assert set(words_on_map) == {BEING_READ}
    gate.open()
    qtbot.waitUntil(lambda: jobs.busy() == 0 and bool(made.plans) and made.canvas.is_settled())
    words_on_map.clear()
    made.grab()
    assert words_on_map == []
    made.canvas.shutdown()


def test_an_empty_map_says_so_once_it_has_been_read(qtbot: QtBot, tmp_path: Path, words_on_map: list[str]) -> None:
    with make_register(tmp_path / "empty.diwi", 0) as empty:
        state = AppState(empty)
        made = shown_map(qtbot, state)
        assert words_on_map[-1] == BEING_READ
        qtbot.waitUntil(lambda: jobs.busy() == 0 and words_on_map[-1].startswith("Nog niets op de kaart."))
        made.canvas.shutdown()
        state.close()


def test_the_table_counts_no_projects_before_they_have_been_read(
    qtbot: QtBot, state: AppState, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_panel, "_AT_ONCE", 3)
    monkeypatch.setattr(table_panel, "read", gate.held(table_panel.read))
    table = ProjectTable(state)
    qtbot.addWidget(table)
    table.resize(1000, 500)
    table.show()
    assert table.totals.accessibleName() == BEING_READ
    gate.open()
    qtbot.waitUntil(lambda: "12 projecten" in table.totals.accessibleName())
