"""How long the window stands still: the longest gap between two turns of its event loop, for each main act of a user.

The real window, without a screen, on the demo municipality (250 plans, 20,000 parcels) and on 5,000 projects x 10
blocks with an area each. A timer asks for a turn every 5 ms; the gap is counted on the thread of the window, from the
first key or click of an act until everything that follows from it (reading, checking, drawing) has come to rest. What
other threads do counts only as far as it keeps the window waiting. The second figure is the processor time which that
thread took within the gap, the third how often it had to give the processor away to wait for something, mostly for
Python's lock: little work and few waits in a long gap mean that the machine was busy with something else. The last is
the most processor time in any gap of the act, which need not be the longest one.

What goes wrong in the window, in a slot, a thread or a job, or what it says in a message, ends the bench with the act
in which it happened; so does a window that does not come to rest, which tells what it waits for.

`python -m bench.stalls [demo|large] [--where]` prints every act; `--where` tells which lines the window stood in.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import astuple
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from bench.heartbeat import BAR_MS, PATIENCE_MS, Faults, Heart, Stall
from bench.register import TODAY, open_register, register
from bench.result import Result

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from diwi_desktop.gui.app import Desk
    from diwi_desktop.gui.workspace import MainWindow
    from diwi_desktop.store import Store

_SIDE_M, _PITCH_M = 60.0, 90.0


def measure() -> list[Result]:
    """The three worst acts of each register, each in a process of its own; every act is told by `python -m`."""
    found = []
    for size, words in (("demo", "demo"), ("large", "5,000 x 10")):
        command = [sys.executable, "-m", "bench.stalls", size, "--json"]
        told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
        stalls = [Stall(*item) for item in json.loads(told.splitlines()[-1])]
        worst = sorted(stalls, key=lambda stall: stall.wall, reverse=True)[:3]
        found += [Result(f"longest stall, {words}: {stall.act}", stall.wall, 0, BAR_MS, "ms") for stall in worst]
    return found


def run(size: str, *, where: bool = False) -> list[Stall]:
    """Every act in turn on a fresh copy of the register "demo" or "large"; opening comes first."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from diwi_desktop.gui import headless, memory
    from diwi_desktop.gui.app import Desk, make_application
    from diwi_desktop.gui.jobs import busy

    with tempfile.TemporaryDirectory(prefix="diwi-stalls-") as folder:
        os.environ["DIWI_DATA_DIR"] = folder
        headless.own_settings(Path(folder) / "settings")
        application = make_application()
        headless.keep_quiet()
        path = Path(folder) / "register.diwi"
        _make(size, path)
        other = path.with_stem("other")
        shutil.copy(path, other)
        with (
            open_register(path, read_only=False) as store,
            Faults() as faults,
            Heart(faults, where=where) as heart,
        ):
            memory.start(application, busy)
            user = _User(heart, Desk(application), store, other)
            for name, do in user.acts():
                heart.act(name, do, user.awaits)
            user.close()
            faults.check()
    return heart.stalls


# -- registers --------------------------------------------------------------------------------------------------------


def _make(size: str, path: Path) -> None:
    from diwi_desktop.store import schema

    owner = os.getuid() if hasattr(os, "getuid") else 0
    kept = Path(tempfile.gettempdir()) / f"diwi-bench-stalls-{owner}-{size}-{schema.VERSION}.diwi"
    if not kept.exists():
        # In a folder of its own, for there may be another bench that makes it at this moment.
        with tempfile.TemporaryDirectory(prefix="diwi-stalls-", dir=kept.parent) as folder:
            fresh = Path(folder) / kept.name
            if size == "demo":
                from diwi_desktop.demo import make_demo
                from diwi_desktop.model.clock import FixedClock

                make_demo(fresh, clock=FixedClock.on(TODAY))
            else:
                shutil.copy(register(), fresh)
                _add_areas(fresh)
            fresh.replace(kept)
    shutil.copy(kept, path)


def _add_areas(path: Path) -> None:
    """A square area for every project, side by side."""
    import shapely

    from diwi_desktop.geo.shape import to_ewkb
    from diwi_desktop.store import queries

    with open_register(path, read_only=False) as store:
        ids = [row.id for row in queries.project_rows(store)]
        with store.act("Plangebieden", kind="import") as act:
            for n, project in enumerate(ids):
                x, y = 104_000 + _PITCH_M * (n % 70), 500_000 + _PITCH_M * (n // 70)
                shape = shapely.MultiPolygon([shapely.box(x, y, x + _SIDE_M, y + _SIDE_M)])
                act.create("plan_area", {"project_id": project, "geometry": to_ewkb(shape)})


# -- the user ---------------------------------------------------------------------------------------------------------


class _User:
    """Does with mouse and keys, or with the command behind a menu, what a user does."""

    def __init__(self, heart: Heart, desk: Desk, store: Store, other: Path) -> None:
        self._heart = heart
        self._desk = desk
        self._store, self._other = store, other
        self._dialog: Any = None

    @property
    def window(self) -> MainWindow:
        assert self._desk.window is not None
        return self._desk.window

    def acts(self) -> Iterator[tuple[str, Callable[[], object]]]:
        """Name and deed, in an order that makes sense."""
        yield "start: after the first paint", self._open
        yield "select a project in the table", lambda: self._pick_row(3)
        yield "select the next project", lambda: self._pick_row(4)
        yield "select a project on the map", self._pick_on_map
        yield "search everywhere", lambda: self._search("plan 12")
        yield "go to the project found", self._go_to_found
        yield "filter the table", self._filter
        yield "take the filter away", self.window.going.clear_filters
        yield "sort the table", self._sort
        yield "sort by name again", lambda: self.window.table.model.set_sorting([("name", False)])
        for panel in ("planning", "findings", "history", "submissions", "admin", "page", "map", "projects"):
            yield f"show the panel {panel}", partial(self._show_panel, panel)
        for tab in range(6):
            yield f"project page, tab {tab + 1}", partial(self._tab, tab)
        yield "edit a field", self._edit
        yield "undo", self.window.undoing.undo
        yield "redo", self.window.undoing.redo
        yield "planning of the project", lambda: self._planning(0)
        yield "drag a milestone", self._drag_milestone
        yield "planning of all projects", lambda: self._planning(1)
        yield "edit with all planning shown", self._edit
        yield "show the findings", lambda: self.window.show_panel("findings")
        yield "unfold the findings", self.window.findings.focus_first
        yield "search in the findings", lambda: self._type(self.window.findings.filter, "oplevering")
        yield "all findings again", self.window.findings.filter.clear
        yield "findings per project", lambda: self.window.findings.grouping.setCurrentIndex(1)
        yield "edit with findings shown", self._edit
        yield "show the history", lambda: self.window.show_panel("history")
        yield "search in the history", lambda: self._type(self._panel("history").filter, "naam")
        yield "edit with history shown", self._edit
        yield "layout drawing", lambda: self.window.apply_preset("drawing")
        yield "zoom to the project", self.window.going.to_selection
        yield "take up the contour tool", lambda: self.window.going.map_tool("contour")
        yield "drag a corner of the area", self._drag_corner
        yield "undo the drag", self.window.undoing.undo
        yield "whole map", self.window.going.to_all
        yield "colour by plan status", lambda: self.window.going.colour_map("status")
        yield "layout overview", lambda: self.window.apply_preset("overview")
        yield "a past day", lambda: self.window.state.set_moment(TODAY - timedelta(days=150))
        yield "back to today", lambda: self.window.state.set_moment(None)
        yield "a past day with history shown", self._past_with_history
        yield "back to today with history", lambda: self.window.state.set_moment(None)
        yield "layout meeting", lambda: self.window.apply_preset("meeting")
        yield "layout submitting", lambda: self.window.apply_preset("submitting")
        yield "dark colours", lambda: self.window.looks.choose_theme("dark")
        yield "light colours", lambda: self.window.looks.choose_theme("light")
        yield "open the import", self._open_import
        yield "close the import", self._close_dialog
        yield "open the submission wizard", self._open_export
        yield "close the submission wizard", self._close_dialog
        yield "open another register", lambda: self._desk.open(self._other)

    def awaits(self) -> list[str]:
        """What is still to be done or drawn of all that was asked."""
        from PySide6.QtWidgets import QApplication

        from diwi_desktop.gui import jobs
        from diwi_desktop.gui.dressing import dressing

        window, running = self.window, jobs.busy()
        waiting = {
            "other colours": dressing(QApplication.instance()).busy,
            "panels": not window.is_ready,
            f"jobs ({running})": running > 0,
            "the search": window.search.busy,
            "the map": window.is_ready and window.map.isVisible() and not window.map.canvas.is_settled(),
        }
        return [what for what, waits in waiting.items() if waits]

    def close(self) -> None:
        """Close window and register. What still runs has ended when the folder of the registers goes."""
        from diwi_desktop.gui import headless, jobs

        self.window.close()
        headless.wait(lambda: not jobs.busy(), PATIENCE_MS)
        if self._desk.store is not None:
            self._desk.store.close()

    def _open(self) -> None:
        """Counted from the first paint on: before it there is no window to stand still, and `start_up` has the time."""
        self._desk.show(self._store)
        from diwi_desktop.gui import headless

        painted: list[bool] = []
        self.window.usable.connect(lambda: painted.append(True))
        headless.wait(lambda: bool(painted), PATIENCE_MS)
        self._heart.restart()

    def _panel(self, name: str) -> Any:
        return self.window.panels[name].content

    # -- mouse and keys

    def _pause(self) -> None:
        from diwi_desktop.gui import headless

        headless.idle(12)

    def _type(self, field: QWidget, text: str) -> None:
        from PySide6.QtTest import QTest

        for letter in text:
            QTest.keyClicks(field, letter)
            self._pause()

    def _click(self, widget: QWidget, x: float, y: float) -> None:
        self._drag(widget, (x, y), (x, y), steps=0)

    def _drag(self, widget: QWidget, start: tuple[float, float], end: tuple[float, float], steps: int = 12) -> None:
        """Press, move in steps with pauses in which the window lives, and let go."""
        from PySide6.QtCore import QEvent, QPointF, Qt

        left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
        begin, final = QPointF(*start), QPointF(*end)
        self._mouse(widget, QEvent.Type.MouseMove, begin, none, none)
        self._mouse(widget, QEvent.Type.MouseButtonPress, begin, left, left)
        for step in range(1, steps + 1):
            self._mouse(widget, QEvent.Type.MouseMove, begin + (final - begin) * (step / steps), none, left)
            self._pause()
        self._mouse(widget, QEvent.Type.MouseButtonRelease, final, left, none)

    @staticmethod
    def _mouse(widget: QWidget, kind: Any, place: Any, button: Any, held: Any) -> None:
        from PySide6.QtCore import Qt
        from PySide6.QtGui import QMouseEvent
        from PySide6.QtWidgets import QApplication

        none = Qt.KeyboardModifier.NoModifier
        QApplication.sendEvent(widget, QMouseEvent(kind, place, widget.mapToGlobal(place), button, held, none))

    # -- acts

    def _pick_row(self, row: int) -> None:
        view = self.window.table.view
        self._click(view.viewport(), 40, view.rowViewportPosition(row) + 8)

    def _pick_on_map(self) -> None:
        panel = self.window.map
        selected = self.window.state.project
        bounds = next(p.geometry.bounds for p in panel.plans.values() if p.id != selected and p.geometry is not None)
        view = panel.canvas.view
        x, y = view.to_screen((bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2)
        self._click(panel.canvas, x, y)

    def _search(self, text: str) -> None:
        self.window.search.activate()
        self._type(self.window.search, text)

    def _go_to_found(self) -> None:
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        QTest.keyClick(self.window.search, Qt.Key.Key_Return)

    def _filter(self) -> None:
        popover = self.window.table.edit_filter("name")
        self._type(cast("QWidget", popover.editor.focusProxy()), "an 1")
        popover.close()

    def _sort(self) -> None:
        self.window.table.model.sort_by("first_delivery", add=False)

    def _show_panel(self, name: str) -> None:
        self.window.show_panel(name)

    def _tab(self, place: int) -> None:
        self.window.show_panel("page")
        self.window.page.tabs.setCurrentIndex(place)

    def _edit(self) -> None:
        """As a form or table does when a field is left."""
        from diwi_desktop.model.catalogue import catalogue

        editing = self.window.page.editing
        field = catalogue().kind("project").field("name")
        editing.set(field, self.window.state.project, f"Plan {len(self._heart.stalls)}")

    def _planning(self, page: int) -> None:
        self.window.show_panel("planning")
        self._panel("planning").show_page(page)

    def _drag_milestone(self) -> None:
        canvas = self._panel("planning").project.canvas
        item = next(item for item in canvas.order() if item.kind == "milestone" and item.state.value != "GEREALISEERD")
        canvas.show_day(item.date)
        place = canvas.mapFromGlobal(canvas.mapToGlobal(canvas.place_of(item.id)))
        self._drag_to_store(canvas, (place.x(), place.y()), (place.x() + 40, place.y()))

    def _drag_corner(self) -> None:
        canvas = self.window.map.canvas
        x, y = canvas.plan_in_hand.geometry.geoms[0].exterior.coords[0]
        px, py = canvas.view.to_screen(x, y)
        self._drag_to_store(canvas, (px, py), (px + 25, py + 15))

    def _drag_to_store(self, widget: QWidget, start: tuple[float, float], end: tuple[float, float]) -> None:
        before = self._store.seq
        self._drag(widget, start, end)
        if self._store.seq == before:
            raise RuntimeError("what was dragged stayed where it was")

    def _past_with_history(self) -> None:
        self.window.show_panel("history")
        self.window.state.set_moment(TODAY - timedelta(days=300))

    def _open_import(self) -> None:
        from diwi_desktop.gui.wizards.importing import ImportDialog

        self._dialog = ImportDialog(self.window.state, self.window)
        self._dialog.open()

    def _open_export(self) -> None:
        from diwi_desktop.gui.wizards.export import ExportWizard

        self._dialog = ExportWizard(self.window.state, self.window)
        self._dialog.open()

    def _close_dialog(self) -> None:
        self._dialog.close()
        self._dialog.deleteLater()


def main() -> int:
    """Measure one size or both and print every act."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("size", nargs="?", choices=("demo", "large"))
    parser.add_argument("--where", action="store_true", help="tell which lines the window stood in")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON, for the table of all")
    chosen = parser.parse_args()
    if chosen.json:
        print(json.dumps([astuple(stall) for stall in run(chosen.size or "demo")]))
        return 0
    for size in (chosen.size,) if chosen.size else ("demo", "large"):
        stalls = run(size, where=chosen.where)
        print(f"{size:<34} {'longest stall':>14} {'at work':>9} {'waits':>6} {'most work':>10}   bar {BAR_MS:.0f} ms")
        print(*stalls, sep="\n", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
