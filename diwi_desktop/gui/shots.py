"""Pictures of every main screen, in Dutch, at two sizes: `python -m diwi_desktop.gui.shots DIR`.

Draws the real window on the demo municipality in memory, with the clock stopped, so that one version gives the same
pictures every time.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication, QWidget

    from diwi_desktop.gui.wizards.export import ExportWizard
    from diwi_desktop.gui.workspace import MainWindow

SIZES = ((1600, 1000), (1280, 720))
_WIZARD = (1080, 640)
DAY = date(2026, 11, 20)
PAST = date(2026, 3, 31)
_REST_MS = 350


class Shots:
    """Takes the pictures of one size and theme."""

    def __init__(self, folder: Path, window: MainWindow, ending: str) -> None:
        self._folder = folder
        self._window = window
        self._ending = ending

    def take(self, name: str, widget: QWidget | None = None) -> None:
        """One picture of the window, or of a widget of its own."""
        from diwi_desktop.gui import headless

        headless.wait(self._window.map.canvas.is_settled)
        headless.idle(_REST_MS)
        path = self._folder / f"{name}-{self._ending}.png"
        if not (widget or self._window).grab().save(str(path)):
            raise OSError(f"cannot write {path}")
        print(path.name, flush=True)

    def all(self) -> None:
        """Every main screen."""
        window = self._window
        self.take("overzicht")
        self._project_tabs()
        window.apply_preset("drawing")
        window.going.to_selection()
        self.take("tekenen")
        window.going.map_tool("contour")
        self.take("contour-slepen")
        window.map.canvas.start_tool("select")
        window.apply_preset("meeting")
        self.take("overleg")
        window.apply_preset("overview")
        for panel in ("planning", "findings", "history", "submissions", "admin"):
            window.show_panel(panel)
            self.take(_PANELS[panel])
        window.apply_preset("overview")
        self._search()
        window.state.set_moment(PAST)
        self.take("peildatum")
        window.state.set_moment(None)
        self._dialogs()

    def workspace(self) -> None:
        """The window as it opens, for the other themes."""
        self._window.apply_preset("overview")
        self.take("overzicht")

    def together(self) -> None:
        """Connecting, people, conflicts and documents, on a store that may be changed."""
        from diwi_desktop.gui import headless, shots_inbox, shots_sync
        from diwi_desktop.gui.projectpage.page import Tab
        from diwi_desktop.store import queries

        window = self._window
        shots_sync.pictures(window, self.take)
        shots_sync.users(window, self.take)
        store, project = window.state.store, window.state.selection[0]
        other = next(row.id for row in queries.project_rows(store) if row.id != project)
        window.apply_preset("overview")
        shots_inbox.disagree(store, project, other)
        shots_inbox.attach(store, project)
        window.link.changed.emit(shots_inbox.connected(store))
        window.state.request("refresh_inbox")
        window.show_panel("conflicts")
        headless.idle(_REST_MS)
        conflicts = window.inbox.conflicts
        conflicts.tree.point_at(lambda entry: not entry.is_contour)
        self.take("sync-inbox")
        conflicts.tree.point_at(lambda entry: entry.is_contour)
        self.take("sync-conflict-map")
        window.inbox.show_refused()
        self.take("sync-not-accepted")
        window.show_panel("page")
        window.page.show_tab(Tab.DOCUMENTS)
        self.take("documents")

    def _project_tabs(self) -> None:
        from diwi_desktop.gui.projectpage.page import Tab

        window = self._window
        window.show_panel("page")
        for tab in Tab:
            window.page.show_tab(tab)
            self.take(f"project-{tab.name.lower()}")
        window.page.show_tab(next(iter(Tab)))

    def _search(self) -> None:
        from PySide6.QtTest import QTest

        field = self._window.search
        field.activate()
        QTest.keyClicks(field, "molen")
        self.take("zoeken")
        field.clear()
        field.results.hide()

    def _dialogs(self) -> None:
        from diwi_desktop.gui.wizards.export import ExportWizard
        from diwi_desktop.gui.wizards.importing import ImportDialog

        state = self._window.state
        importing = ImportDialog(state, self._window)
        importing.show()
        self.take("importeren", importing)
        importing.close()
        wizard = ExportWizard(state, self._window)
        wizard.resize(*_WIZARD)  # the screen that is not there is smaller than the window
        wizard.show()
        for step, name in enumerate(("kiezen", "koppelen", "controle", "voorbeeld", "schrijven")):
            self._reach(wizard, step)
            self.take(f"aanleveren-{step + 1}-{name}", wizard)
        wizard.close()

    @staticmethod
    def _reach(wizard: ExportWizard, step: int) -> None:
        from diwi_desktop.gui import headless

        headless.idle(_REST_MS)
        wizard.go(step)
        headless.idle(_REST_MS)
        headless.wait(lambda: not wizard.session.checking)
        headless.idle(_REST_MS)


_PANELS = {
    "planning": "planning",
    "findings": "meldingen",
    "history": "historie",
    "submissions": "aanleveringen",
    "admin": "beheer",
}


@contextmanager
def _window(app: QApplication, store_path: Path) -> Iterator[MainWindow]:
    from diwi_desktop.gui import headless
    from diwi_desktop.gui.workspace import MainWindow
    from diwi_desktop.model.clock import FixedClock
    from diwi_desktop.store import Store, queries

    with Store.open(store_path, author="a.devries", clock=FixedClock.on(DAY)) as store:
        window = MainWindow(store)
        window.show()
        try:
            headless.wait(lambda: window.is_ready and window.map.canvas.has_parcels)
            rows = sorted(queries.project_rows(store), key=lambda row: (-row.demolished, -row.built, row.name))
            window.state.select([rows[0].id])
            yield window
        finally:
            window.close()
            app.processEvents()


def take_all(folder: Path) -> None:
    """All pictures. Makes the folder; the demo municipality is made in a temporary one. Raises OSError."""
    from diwi_desktop.demo import make_demo
    from diwi_desktop.gui import headless, theme
    from diwi_desktop.gui.app import make_application
    from diwi_desktop.model.clock import FixedClock

    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="diwi-shots-") as made:
        os.environ["DIWI_DATA_DIR"] = made
        headless.own_settings(Path(made) / "settings")
        app = make_application()
        headless.keep_quiet()
        store_path = Path(made) / "duinwijk.diwi"
        make_demo(store_path, clock=FixedClock.on(DAY))
        for width, height in SIZES:
            theme.apply(app, "light")
            with _window(app, store_path) as window:
                window.resize(width, height)
                Shots(folder, window, f"{width}x{height}").all()
                for name, ending in (("dark", "donker"), ("high_contrast", "contrast")):
                    theme.apply(app, name)
                    Shots(folder, window, f"{ending}-{width}x{height}").workspace()
            theme.apply(app, "light")
            copy = Path(shutil.copy(store_path, Path(made) / f"samen-{width}.diwi"))
            with _window(app, copy) as window:
                window.resize(width, height)
                Shots(folder, window, f"{width}x{height}").together()


def main(arguments: Sequence[str]) -> int:
    """Exit status 0, or 2 when no folder is given."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if len(arguments) != 1:
        print("usage: python -m diwi_desktop.gui.shots DIR", file=sys.stderr)
        return 2
    take_all(Path(arguments[0]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
