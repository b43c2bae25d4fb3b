"""What a start loads before the window can be used: every module more is time that the user waits."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date

import pytest

from diwi_desktop.model.clock import FixedClock
from diwi_desktop.model.options import Municipality
from diwi_desktop.store import Device, Store

_PROGRAM = """
import json, sys
from pathlib import Path
from diwi_desktop import gui

def usable():
    import os
    Path(sys.argv[2]).write_text(json.dumps(sorted(sys.modules)))
    os._exit(0)

gui.run(Path(sys.argv[1]), on_usable=usable)
"""

_BESIDE = """
import json, os, sys, threading
from pathlib import Path

beside = []

class Finder:
    def find_spec(self, name, path=None, target=None):
        if name.startswith(("PySide6", "diwi_desktop")) and threading.current_thread() is not threading.main_thread():
            beside.append(name)

sys.meta_path.insert(0, Finder())
from diwi_desktop import gui

def usable():
    from PySide6.QtCore import QTimer
    from diwi_desktop.gui import loading

    def look():
        if all(f"diwi_desktop.gui.{name}" in sys.modules for name in loading.PANELS + loading.DIALOGS):
            Path(sys.argv[2]).write_text(json.dumps(beside))
            os._exit(0)

    keep.append(QTimer())
    keep[0].timeout.connect(look)
    keep[0].start(20)

keep = []
gui.run(Path(sys.argv[1]), on_usable=usable)
"""

# What only the network, files, maps, charts and other panels need, and what is needed for the first edit.
LATER = {
    "argon2", "asyncio", "cryptography", "defusedxml", "fastapi", "fiona", "hashlib", "httpx", "keyring", "msgspec",
    "multiprocessing", "numpy", "openpyxl", "platformdirs", "psycopg", "pydantic", "pyogrio", "pyproj", "pyqtgraph",
    "python_calamine", "qtawesome", "shapely", "ssl", "uuid", "xml", "PySide6.QtNetwork", "PySide6.QtOpenGL",
    "PySide6.QtOpenGLWidgets", "PySide6.QtSvg", "PySide6.QtUiTools",
    "diwi_desktop.changes.messages", "diwi_desktop.demo", "diwi_desktop.exchange", "diwi_desktop.model.checks",
    "diwi_desktop.model.plan", "diwi_desktop.planning", "diwi_desktop.quality", "diwi_desktop.server",
    "diwi_desktop.store.commit", "diwi_desktop.store.guard", "diwi_desktop.store.inbox", "diwi_desktop.store.plans",
    "diwi_desktop.store.search", "diwi_desktop.store.writer",
    "diwi_desktop.sync",
}  # fmt: skip
MOST_MODULES = 130  # of the program's own; there were some 90


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], list[str]]:
    """Start the program in a process of its own; the names that this tells."""
    folder = tmp_path_factory.mktemp("start")
    Store.create(
        folder / "register.diwi",
        municipality=Municipality("0228", "Ede", "Gelderland"),
        author="test",
        clock=FixedClock.on(date(2026, 1, 15)),
        device=Device.of_this_machine(folder),  # kept there, as on every start but the first
    ).close()
    environment = {
        **os.environ,
        "DIWI_DATA_DIR": str(folder),
        "XDG_CONFIG_HOME": str(folder),
        "QT_QPA_PLATFORM": "offscreen",
    }
    environment.pop("COVERAGE_PROCESS_START", None)

    def run(program: str) -> list[str]:
        told = folder / "modules.json"
        command = [sys.executable, "-c", program, str(folder / "register.diwi"), str(told)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
        assert told.exists(), done.stderr
        names: list[str] = json.loads(told.read_text())
        told.unlink()
        return names

    return run


@pytest.fixture(scope="module")
def loaded(start: Callable[[str], list[str]]) -> set[str]:
    """The modules that a start has loaded when the window can be used."""
    return set(start(_PROGRAM))


def test_the_window_can_be_used_before_heavy_modules_are_loaded(loaded: set[str]) -> None:
    assert {"diwi_desktop.gui.workspace", "diwi_desktop.store.store"} <= loaded
    assert sorted(LATER & loaded) == []


def test_a_start_loads_few_modules(loaded: set[str]) -> None:
    ours = {name for name in loaded if name.startswith("diwi_desktop")}
    assert len(ours) <= MOST_MODULES, sorted(ours)


def test_nothing_of_qt_is_loaded_beside_the_window(start: Callable[[str], list[str]]) -> None:
    """A class of a widget that another thread makes may end the program, see diwi_desktop/gui/loading.py."""
    beside = start(_BESIDE)
    assert "diwi_desktop.quality.rule" in beside, "what is heavy and knows no Qt"
    assert [name for name in beside if name.startswith(("PySide6", "diwi_desktop.gui"))] == []
