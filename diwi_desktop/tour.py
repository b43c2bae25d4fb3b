"""The main job without a screen: import, draw, plan, check, deliver on the demo municipality.

The real window draws in memory; the steps on the map are real mouse and key events. Leaves screenshots, the province
file and a short log in a folder, and says which. `./dev run` starts it when there is no display.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from diwi_desktop import assets
from diwi_desktop.model.finding import UserError
from diwi_desktop.store import Store, queries

REST_MS = 400
SIZE = (1600, 1000)
PROVINCE = "zuid-holland"
# What the tour imports: number, name, homes.
IMPORTED = (
    (900_001, "Tuinen van Duinwijk", 48),
    (900_002, "Werf aan de Vaart", 120),
    (900_003, "Hof van de Molen", 22),
)


class Tour:
    """Walks through the steps and keeps the log."""

    def __init__(self, folder: Path, projects: int = 250, parcels: int = 20_000) -> None:
        self.folder = folder
        self.projects = projects
        self.parcels = parcels
        self.lines: list[str] = []
        self.store_path = folder / "rondleiding.diwi"

    def say(self, text: str) -> None:
        """One line of the log, on the screen too."""
        self.lines.append(text)
        print(text, flush=True)

    def run(self) -> None:
        """The whole tour. Raises UserError, TimeoutError."""
        from diwi_desktop.gui import headless
        from diwi_desktop.gui.app import make_application

        self.folder.mkdir(parents=True, exist_ok=True)
        headless.own_settings(self.folder / "instellingen")
        make_application()
        headless.keep_quiet()
        self._make_store()
        with Store.open(self.store_path, author="rondleiding") as store:
            from diwi_desktop.gui.workspace import MainWindow

            window = MainWindow(store)
            window.resize(*SIZE)
            window.show()
            try:
                headless.wait(lambda: window.is_ready and window.map.canvas.has_parcels)
                self._shot(window, "1-overzicht")
                project = self._import(window)
                self._draw(window, project)
                self._plan(window, project)
                self._check(window)
                self._deliver(window)
            finally:
                window.close()
        (self.folder / "verslag.txt").write_text("\n".join(self.lines) + "\n", encoding="utf-8")

    # -- the steps ----------------------------------------------------------------------------------------------

    def _make_store(self) -> None:
        from diwi_desktop.demo import make_demo

        for old in self.folder.glob(self.store_path.name + "*"):
            old.unlink()
        make_demo(self.store_path, projects=self.projects, parcels=self.parcels)
        self.say("Voorbeeldgemeente Duinwijk gemaakt.")

    def _import(self, window: Any) -> str:
        """Fill the program's own Excel template with three projects and import it."""
        from diwi_desktop.exchange.imports import import_file

        store = window.state.store
        path = self.folder / "nieuwe-plannen.xlsx"
        _fill_template(store, path)
        result = import_file(store, path)
        self.say(f"Ingelezen uit {path.name}: {len(result.created)} projecten, {len(result.findings)} signalen.")
        project: str = queries.find_project(store, IMPORTED[0][1])
        window.state.select([project])
        window.show_panel("page")
        self._shot(window, "2-ingelezen")
        return project

    def _draw(self, window: Any, project: str) -> None:
        """Choose parcels with the mouse and confirm with the keyboard."""
        from PySide6.QtCore import QPoint, Qt
        from PySide6.QtTest import QTest

        from diwi_desktop.gui import headless

        window.apply_preset("drawing")
        canvas = window.map.canvas
        chosen = _free_parcels(window.state.store)
        x0, y0, x1, y1 = _bounds([geometry for _, geometry in chosen])
        canvas.zoom_to((x0 - 60, y0 - 60, x1 + 60, y1 + 60))
        headless.wait(canvas.is_settled)
        canvas.setFocus()
        window.going.map_tool("parcels")
        for _, geometry in chosen:
            point = geometry.representative_point()
            x, y = canvas.view.to_screen(point.x, point.y)
            QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(round(x), round(y)))
        self._shot(window, "3-percelen-kiezen")
        before = window.state.store.seq
        QTest.keyClick(canvas, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        headless.wait(lambda: window.state.store.seq > before)
        (row,) = (r for r in queries.project_rows(window.state.store) if r.id == project)
        names = ", ".join(designation for designation, _ in chosen)
        self.say(f"Plangebied getekend uit de percelen {names}: {row.area_m2 or 0:.0f} m².")
        self._shot(window, "4-plangebied")

    def _plan(self, window: Any, project: str) -> None:
        """Let the start of construction slip four months, with what follows; look; take it back and do it again."""
        from diwi_desktop.planning import shift
        from diwi_desktop.store.plans import plan

        store = window.state.store
        window.apply_preset("meeting")
        found = plan(store, project)
        start = next(m for m in found.milestones if m.type == "PHASE_6_REALIZATION")
        moves = shift.shift(found, start.id, start.date + timedelta(days=122), follow=True)
        with store.act("Start realisatie vier maanden later") as act:
            shift.apply(act, moves)
        store.undo()
        store.redo()
        self.say(f"Start realisatie vier maanden later: {len(moves)} datums schuiven mee; teruggedraaid en hersteld.")
        window.show_panel("planning")
        self._shot(window, "5-planning")

    def _check(self, window: Any) -> None:
        from diwi_desktop.quality.check import check

        found = check(window.state.store)
        window.apply_preset("submitting")
        window.show_panel("findings")
        self.say(f"Gecontroleerd: {len(found)} meldingen.")
        self._shot(window, "6-meldingen")

    def _deliver(self, window: Any) -> None:
        from diwi_desktop.exchange.provinces import export, profile

        store = window.state.store
        out = self.folder / "zuid-holland.geojson"
        result = export(store, profile(PROVINCE), out, leave_out_faulty=True)
        self.say(
            f"Aangeleverd aan Zuid-Holland: {len(result.projects)} projecten in {out.name},"
            f" {len(result.left_out)} weggelaten; vastgelegd bij plaats {result.log_seq} van het logboek."
        )
        window.show_panel("submissions")
        self._shot(window, "7-aangeleverd")

    def _shot(self, window: Any, name: str) -> None:
        from diwi_desktop.gui import headless

        headless.wait(window.map.canvas.is_settled)
        headless.idle(REST_MS)
        window.grab().save(str(self.folder / f"{name}.png"))


def _fill_template(store: Store, path: Path) -> None:
    import openpyxl

    from diwi_desktop.exchange.excel.template import FIRST_ROW, HEADER_ROW, write_template

    write_template(store, path)
    book = openpyxl.load_workbook(path)
    sheet: Any = book["Data"]
    place: dict[str, int] = {}
    own: dict[str, int] = {}
    for column in range(2, sheet.max_column + 1):
        header = sheet.cell(HEADER_ROW, column).value
        place.setdefault(header, column)
        if header == "Maatwerk project eigenschap":
            own[sheet.cell(HEADER_ROW + 1, column).value] = column
    start = store.clock.today() - timedelta(days=200)
    for row, (number, name, homes) in enumerate(IMPORTED, start=FIRST_ROW):
        for header, value in {
            "Identificatie nr": number,
            "Naam": name,
            "Vertrouwelijkheid": "Extern mede-overheden",
            "Plan soort": "Verdichting",
            "Project status": "Actief",
            "Start project": start,
            "Eind project": start + timedelta(days=2900),
            "2 Initiatief": start,
            "6 Realisatie": start + timedelta(days=1800),
            "7 Nazorg": start + timedelta(days=2800),
            "4a Opgenomen in de visie": start + timedelta(days=30),
            "Gemeente": queries.municipality(store).name,
            "Bouw": homes,
            "Eengezins woning": homes // 2,
            "Meergezins woning": homes - homes // 2,
            "Koopwoning": homes // 3,
            "Eigendom type onbekend": homes - homes // 3,
        }.items():
            sheet.cell(row, place[header], value)
        sheet.cell(row, place["Opleverdatum"] + 6, homes)
    # The last one lacks what the province asks for, so that there is something to leave out.
    for row in range(FIRST_ROW, FIRST_ROW + len(IMPORTED) - 1):
        sheet.cell(row, own["Opdrachtgever"], "Gemeente")
        sheet.cell(row, own["Categorie planlijst"], "1b Kansrijk")
    book.save(path)


def _free_parcels(store: Store) -> list[tuple[str, Any]]:
    """Four neighbouring parcels of ordinary size that lie in no plan: (designation, geometry in RD)."""
    import shapely

    from diwi_desktop.basedata.layers import parcels
    from diwi_desktop.geo.shape import from_ewkb

    table = parcels(store)
    taken = shapely.union_all([from_ewkb(area) for _, _, area in queries.plan_areas(store)])
    shapely.prepare(taken)
    sizes = shapely.area(table.geometry)
    compact = sizes / shapely.length(table.geometry) ** 2 > 0.04  # no paths or alleys
    usable = compact & (sizes > 150) & (sizes < 600) & ~shapely.intersects(table.geometry, taken)
    tree = shapely.STRtree(table.geometry)
    for first in usable.nonzero()[0]:
        near = [i for i in tree.query(table.geometry[first], predicate="touches") if usable[i]]
        if len(near) >= 3:
            return [(table.designation[i], table.geometry[i]) for i in (first, *sorted(near)[:3])]
    raise UserError("Er zijn geen vrije percelen.", "There are no free parcels.", code="no_parcels")


def _bounds(geometries: Sequence[Any]) -> tuple[float, float, float, float]:
    import shapely

    x0, y0, x1, y1 = shapely.total_bounds(geometries)
    return float(x0), float(y0), float(x1), float(y1)


def main(arguments: Sequence[str] | None = None) -> int:
    """Do the tour in the given folder, or one in the user's data folder. Exit status 0, or 1 with a sentence."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    parser = argparse.ArgumentParser(prog="diwi_desktop.tour", description="De rondleiding zonder scherm.")
    parser.add_argument("folder", metavar="MAP", type=Path, nargs="?", default=assets.user_data_dir() / "rondleiding")
    parser.add_argument("--projects", metavar="N", type=int, default=250, help="aantal projecten (250)")
    parser.add_argument("--parcels", metavar="N", type=int, default=20_000, help="aantal percelen (20000)")
    given = parser.parse_args(arguments)
    folder: Path = given.folder
    tour = Tour(folder, given.projects, given.parcels)
    try:
        tour.run()
    except UserError as error:
        print("\n".join([error.nl, *(finding.nl for finding in error.findings)]), file=sys.stderr)
        return 1
    print(f"Schermbeelden, het bestand voor de provincie en het verslag staan in {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
