"""From the start of the process to a usable window on the demo municipality, against a bare window with one table.

Usable: the window has been painted with the project table in it, its menus and search field work, and it has handled
the events that came meanwhile. Both programs are started in turns, each in a process of its own, and tell by a line
on their standard output when they are there.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.result import Result

TIMES = 12
_SCREEN = {"name": "bench", "x": 0, "y": 0, "width": 1920, "height": 1080, "logicalDpi": 96, "dpr": 1}

_BARE = """
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow, QTableWidget, QTableWidgetItem

app = QApplication([])

class Window(QMainWindow):
    told = False

    def paintEvent(self, event):
        super().paintEvent(event)
        if not self.told:
            self.told = True
            QTimer.singleShot(0, lambda: print("usable", flush=True))

window = Window()
table = QTableWidget(250, 8)
for row in range(250):
    for column in range(8):
        table.setItem(row, column, QTableWidgetItem(f"{row} {column}"))
window.setCentralWidget(table)
window.resize(1600, 1000)
window.show()
app.exec()
"""

_OURS = """
import sys
from pathlib import Path
from diwi_desktop import gui

gui.run(Path(sys.argv[1]), on_usable=lambda: print("usable", flush=True))
"""


def measure() -> list[Result]:
    """The start, measured in turns; the quickest of each, as whatever else runs can only make a start slower."""
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "demo.diwi"
        _make_demo(store)
        environment = {**os.environ, "DIWI_DATA_DIR": folder, "XDG_CONFIG_HOME": folder}
        if sys.platform == "linux" and environment.get("QT_QPA_PLATFORM", "offscreen") == "offscreen":
            # Qt's own stand-in for a screen is too small for either window.
            screen = Path(folder) / "screen.json"
            screen.write_text(json.dumps({"screens": [_SCREEN]}), encoding="utf-8")
            environment["QT_QPA_PLATFORM"] = f"offscreen:configfile={screen}"
        # As on a user's machine the modules are compiled once; the bytecode stays out of the checkout.
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        environment["PYTHONPYCACHEPREFIX"] = str(Path(folder) / "bytecode")
        scripts = {}
        for name, text in (("bare", _BARE), ("ours", _OURS)):
            scripts[name] = Path(folder) / f"{name}.py"
            scripts[name].write_text(text, encoding="utf-8")
        bare: list[float] = []
        ours: list[float] = []
        for number in range(TIMES + 1):
            one = _start([str(scripts["bare"])], environment)
            other = _start([str(scripts["ours"]), str(store)], environment)
            if number:  # the first start of each reads the files from disk
                bare.append(one)
                ours.append(other)
    return [Result("start: process start to usable window", min(ours), min(bare), 2.5)]


def _make_demo(path: Path) -> None:
    from diwi_desktop.demo import make_demo

    kept = Path(tempfile.gettempdir()) / f"diwi-bench-demo-{os.getuid() if hasattr(os, 'getuid') else 0}.diwi"
    if not kept.exists():
        make_demo(kept)
    shutil.copy(kept, path)


def _start(arguments: list[str], environment: dict[str, str]) -> float:
    """Seconds from the start of the process to its line "usable"."""
    started = time.perf_counter()
    command = [sys.executable, *arguments]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment, cwd=Path.cwd()
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        taken = time.perf_counter() - started
        process.kill()
    if line.strip() != "usable":
        raise RuntimeError(f"{Path(arguments[0]).name} did not get to a usable window")
    return taken
