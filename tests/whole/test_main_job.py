"""The whole job through the window, with mouse and keys only: import, draw, plan, check, deliver, read back."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pyogrio
import pytest
import shapely
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QDialog, QMenu

from diwi_desktop.exchange.excel.template import write_template
from diwi_desktop.gui.wizards.export import CHECK, CHOOSE, LOOK, MAP, WRITE, ExportWizard
from diwi_desktop.gui.wizards.importing import ImportDialog
from diwi_desktop.model.codes import Phase
from diwi_desktop.store import Device, Store, queries
from diwi_desktop.store.plans import plan
from diwi_desktop.store.verify import verify
from tests.exchange.excel.workbook import Template
from tests.realdata import real_data
from tests.whole import town
from tests.whole.conftest import Opener
from tests.whole.ground import Ground, otterlo, own, read_rings
from tests.whole.hand import Hand, plain

TO = date(2027, 3, 1)  # where the start of construction goes
MONTHS = {2: "februari", 3: "maart"}


def new_register(folder: Path, *, key_field: bool) -> Store:
    store = Store.create(
        folder / "duinwijk.diwi", municipality=town.TOWN, author="j.jansen", clock=town.CLOCK, device=Device("d1", "1")
    )
    town.furnish(store, key_field=key_field)
    return store


def project_id(hand: Hand, name: str) -> str:
    return queries.find_project(hand.store, name)


# -- the steps ------------------------------------------------------------------------------------------------------


def choose_file(hand: Hand, path: Path) -> ImportDialog:
    """Ctrl+I, the button, the path in the file dialog's field."""
    hand.press("Ctrl+I")
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, ImportDialog)
    with hand.answering(path):
        hand.click(dialog.choose)
    hand.settle()
    assert dialog.file_name.text() == path.name
    return dialog


def import_plans(hand: Hand, path: Path, missing: int) -> None:
    """What is missing is told with its place; the buttons make it, and the file goes in; a second time nothing does."""
    dialog = choose_file(hand, path)
    hand.look("import-fouten")
    assert "er is niets ingelezen" in dialog.findings_title.text()
    assert dialog.table.model().rowCount() == missing
    places = {dialog.table.model().index(row, 2).data() for row in range(missing)}
    assert any("Wijk" in place for place in places)
    assert queries.project_rows(hand.store) == []
    hand.click(dialog.mending.all)
    hand.settle()
    hand.look("import-klaar-om-in-te-lezen")
    assert dialog.look_title.text() == f"{town.PROJECTS} projecten"
    hand.press("Return")
    hand.settle()
    hand.look("import-gedaan")
    assert dialog.done_text.text() == f"Projecten: {town.PROJECTS} nieuw."
    hand.click(dialog.show_projects)
    rows = {row.name: (row.built, row.demolished) for row in queries.project_rows(hand.store)}
    assert rows == town.BUILT
    hand.settle()
    assert len(hand.window.table.model.shown) == town.PROJECTS

    again = choose_file(hand, path)
    assert "0 nieuw, 0 anders dan in het register, 24 gelijk aan het register." in again.look_text.text()
    hand.press("Return")
    hand.settle()
    assert again.done_text.text() == f"Projecten: {town.PROJECTS} overgeslagen."
    hand.press("Escape")
    assert len(queries.project_rows(hand.store)) == town.PROJECTS


def import_parcels(hand: Hand, ground: Ground) -> None:
    dialog = choose_file(hand, ground.path)
    hand.press("Return")
    hand.settle()
    hand.look("percelen-ingelezen")
    assert "percelen ingelezen" in dialog.done_title.text()
    hand.click(dialog.show_map)
    hand.wait(lambda: hand.canvas.has_parcels)
    hand.settle()


def draw(hand: Hand, ground: Ground) -> None:
    """Three parcels by clicking them, then a vertex to the corner of a fourth."""
    hand.find("De Haven")
    hand.press("Ctrl+Shift+2")
    hand.find(ground.designations[1])
    hand.look("perceel-gevonden")
    hand.press("P")
    for place in ground.inside:
        hand.click(hand.canvas, hand.on_map(*place), words="klik perceel")
    hand.look("percelen-gekozen")
    assert "3 percelen gekozen" in hand.canvas.tool.description()
    before = hand.store.seq
    hand.press("Return")
    hand.wait(lambda: hand.store.seq > before)
    hand.settle()
    project = project_id(hand, "De Haven")
    (area,) = plan(hand.store, project).areas
    assert shapely.from_wkb(area.geometry).area == pytest.approx(ground.area, abs=0.01)
    assert sorted(p.designation for p in plan(hand.store, project).parcels) == ground.designations

    hand.press("C")
    start, end = hand.on_map(*ground.grip), hand.on_map(*ground.corner) + QPoint(3, -3)
    with hand.dragging(hand.canvas, start, end):
        hand.look("hoekpunt-slepen")
    hand.wait(lambda: hand.store.undo_name == "Contour slepen")
    hand.settle()
    hand.look("hoekpunt-aangehaakt")
    found = shapely.get_coordinates(shapely.from_wkb(plan(hand.store, project).areas[0].geometry))
    corners = read_rings(ground.path)[ground.target]
    assert ground.corner in corners
    assert min(abs(x - ground.corner[0]) + abs(y - ground.corner[1]) for x, y in found) < 0.001
    assert min(abs(x - ground.grip[0]) + abs(y - ground.grip[1]) for x, y in found) > 1
    (row,) = [row for row in queries.project_rows(hand.store) if row.id == project]
    assert row.area_m2 == pytest.approx(ground.area_dragged, abs=0.01)


def start_of_building(hand: Hand) -> date:
    found = plan(hand.store, project_id(hand, "De Haven"))
    return next(m.date for m in found.milestones if m.type == f"PHASE{Phase.REALIZATION.value}")


def undone(hand: Hand, keys: str) -> None:
    """Undo or redo, and wait for it."""
    before = hand.store.seq
    hand.press(keys)
    hand.wait(lambda: hand.store.seq > before)
    hand.settle()


def move_milestone(hand: Hand) -> None:
    """Drag, read where it came, go on by the arrow keys to the very day; take both back and do them again."""
    hand.press("Ctrl+Shift+3")
    hand.settle()
    timeline = hand.timeline
    canvas = timeline.canvas
    assert canvas.accessibleName() == "Tijdlijn van De Haven"
    assert canvas.accessibleDescription() == "0 mijlpalen, 60 woningen in 2 opleveringen"
    item = next(i for i in canvas.items if i.date == date(2027, 1, 1))
    spot = canvas.place_of(item.id)
    to = spot + QPoint(round((TO - item.date).days * canvas.scale.per_day), 0)
    with hand.dragging(canvas, spot, to):
        hand.look("mijlpaal-slepen")
        assert "Woningen per jaar blijven gelijk" in timeline.hint.text()
    hand.wait(lambda: hand.store.undo_name == "Mijlpaal verplaatsen: Start realisatie")
    dragged = start_of_building(hand)
    assert canvas.accessibleDescription() == f"Start realisatie, gepland, {dragged.day} {MONTHS[dragged.month]} 2027"
    assert abs((dragged - TO).days) <= 1 / canvas.scale.per_day
    key = "Right" if dragged < TO else "Left"
    for _ in range(abs((TO - dragged).days)):
        hand.press(key)
    if dragged != TO:
        assert "1 maart 2027" in canvas.accessibleDescription()
        hand.press("Return")
        hand.wait(lambda: start_of_building(hand) == TO)
        undone(hand, "Ctrl+Z")
        assert start_of_building(hand) == dragged
    undone(hand, "Ctrl+Z")
    assert start_of_building(hand) == date(2027, 1, 1)
    hand.settle()
    assert "1 januari 2027" in canvas.accessibleDescription()
    undone(hand, "Ctrl+Shift+Z")
    if dragged != TO:
        undone(hand, "Ctrl+Shift+Z")
    assert start_of_building(hand) == TO
    assert "1 maart 2027" in canvas.accessibleDescription()
    hand.look("mijlpaal-verplaatst")


def undo_through_the_menu(hand: Hand) -> None:
    """The Edit menu names what would be undone."""
    name = hand.store.undo_name
    hand.menu("Bewerken")
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert f"Ongedaan maken: {name}" in [plain(a.text()) for a in menu.actions()]
    hand.look("menu-bewerken")
    hand.press("Escape")


def submit(hand: Hand, out: Path) -> None:
    """Three faults mended where they stand; the file and its record."""
    hand.press("Ctrl+E")
    wizard = next(w for w in QApplication.topLevelWidgets() if isinstance(w, ExportWizard))
    hand.qtbot.waitActive(wizard)
    hand.look("aanleveren-kiezen")
    assert wizard.step == CHOOSE
    hand.click(wizard.forward)
    assert wizard.step == MAP
    hand.pick(wizard.mapping.fields, "Aantal studentenwoningen *")
    hand.click(wizard.mapping.constant_text)
    hand.type("0")
    hand.look("aanleveren-koppelen")
    hand.click(wizard.forward)
    hand.settle()
    assert wizard.step == CHECK
    hand.look("aanleveren-controleren")
    assert refused(wizard) == list(town.REFUSED)
    assert not wizard.forward.isEnabled()
    # Kade lacks a kind of plan.
    mend_choice(hand, wizard, "Verdichting", many=True)
    assert refused(wizard) == ["Molenhof", "Polder"]
    # Molenhof lacks a town.
    mend_choice(hand, wizard, "Duinwijk")
    assert refused(wizard) == ["Polder"]
    # The price range of Polder covers two classes.
    editor = wizard.findings.editor
    assert editor is not None
    hand.look("aanleveren-prijs")
    hand.click(editor.input.control())
    hand.press("Ctrl+A")
    hand.type("300000")
    hand.press("Return")
    hand.wait(lambda: refused(wizard) == [])
    hand.settle()
    hand.look("aanleveren-hersteld")
    hand.click(wizard.forward)
    assert wizard.step == LOOK
    hand.look("aanleveren-bekijken")
    hand.click(wizard.forward)
    assert wizard.step == WRITE
    hand.click(wizard.writing.path)
    hand.press("Ctrl+A")
    hand.type(str(out))
    hand.click(wizard.forward)
    hand.wait(lambda: wizard.writing.result is not None)
    hand.settle()
    hand.look("aanleveren-gedaan")
    hand.press("Escape")


def refused(wizard: ExportWizard) -> list[str]:
    return [f.project_name for f in wizard.findings.findings if f.severity.value == "error"]


def mend_choice(hand: Hand, wizard: ExportWizard, text: str, *, many: bool = False) -> None:
    before = len(refused(wizard))
    editor = wizard.findings.editor
    assert editor is not None
    hand.click(editor.input.control())
    hand.choose_from_popup(text)
    if many:
        hand.press("Return")
    hand.wait(lambda: len(refused(wizard)) < before)
    hand.settle()


# -- reading back ---------------------------------------------------------------------------------------------------


def read_back(hand: Hand, out: Path, ground: Ground) -> None:
    """With the json module and with GDAL, neither of which knows this program."""
    data = json.loads(out.read_text(encoding="utf-8"))
    assert data["crs"]["properties"]["name"] == "EPSG:28992"
    features: dict[str, Any] = {f["properties"]["plannaam"]: f for f in data["features"]}
    assert len(features) == town.PROJECTS - len(town.NEVER)
    assert not set(features) & set(town.NEVER)
    town.compare(features, kavels=town.KAVELS)
    assert town.cells(features["Polder"]) == town.POLDER_MENDED
    assert features["Molenhof"]["properties"]["woonplaats"] == "Duinwijk"
    assert features["Kade"]["properties"]["plantype"] == "Verdichting"
    haven = features["De Haven"]
    assert haven["properties"]["ph_date1"] == TO.isoformat()
    assert haven["properties"]["ph_text9"] == project_id(hand, "De Haven")
    assert [f for f in features.values() if f["geometry"]] == [haven]

    meta, _, geometry, columns = pyogrio.raw.read(out, columns=["plannaam", "ph_short3"])
    assert meta["crs"] == "EPSG:28992"
    names = list(columns[0])
    assert names == sorted(names, key=lambda name: (name.split()[0], len(name), name))  # Laan 2 before Laan 10
    shape = shapely.from_wkb(geometry[names.index("De Haven")])
    assert shape.geom_type == "MultiPolygon"
    assert shape.is_valid
    assert shape.area == pytest.approx(ground.area_dragged, abs=0.01)
    corners = shapely.get_coordinates(shape).tolist()
    assert min(abs(x - ground.corner[0]) + abs(y - ground.corner[1]) for x, y in corners) < 0.001

    (record,) = queries.submissions(hand.store)
    assert (record["file_name"], record["author"]) == (out.name, "j.jansen")
    assert len(record["projects"]) == len(features)


def the_job(hand: Hand, excel: Path, ground: Ground, missing: int, out: Path) -> None:
    hand.look("leeg")
    import_plans(hand, excel, missing)
    import_parcels(hand, ground)
    draw(hand, ground)
    move_milestone(hand)
    undo_through_the_menu(hand)
    submit(hand, out)
    read_back(hand, out, ground)
    assert not [w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible()]
    assert verify(hand.store) == []


def test_the_whole_job(open_window: Opener, tmp_path: Path) -> None:
    """On a template that the program wrote itself and parcels of our own."""
    store = new_register(tmp_path, key_field=True)
    write_template(store, tmp_path / "sjabloon.xlsx")
    template = town.OwnTemplate(openpyxl.load_workbook(tmp_path / "sjabloon.xlsx"))
    town.fill(template)
    excel = template.save(tmp_path / "plannen.xlsx")
    the_job(open_window(store), excel, own(tmp_path), 5, tmp_path / "duinwijk.pzh.geojson")


def test_the_whole_job_with_the_real_template_and_real_parcels(open_window: Opener, tmp_path: Path) -> None:
    template = Template.real(real_data("diwi_excel_import_template.xlsx"))
    ground = otterlo(real_data("brk_v5_perceel_otterlo.gml"))
    store = new_register(tmp_path, key_field=False)
    town.fill(template)
    excel = template.save(tmp_path / "plannen.xlsx")
    the_job(open_window(store), excel, ground, 6, tmp_path / "duinwijk.pzh.geojson")
