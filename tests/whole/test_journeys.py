"""The five journeys of the design within their budgets: done with mouse and keys on the demo municipality, counted."""

from __future__ import annotations

import itertools
import json
import shutil
import time
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
import shapely.ops
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QDialog
from shapely import MultiPolygon, Polygon

from diwi_desktop.basedata.layers import parcels
from diwi_desktop.demo import make_demo
from diwi_desktop.gui import settings
from diwi_desktop.gui.dialogs.new_project import NewProjectDialog
from diwi_desktop.gui.projectpage.page import ProjectPage, Tab
from diwi_desktop.gui.wizards.export import CHECK, WRITE, ExportWizard
from diwi_desktop.model.clock import FixedClock
from diwi_desktop.model.codes import MilestoneBasis
from diwi_desktop.model.derive import homes_per_year
from diwi_desktop.model.plan import Plan
from diwi_desktop.store import Store, queries
from diwi_desktop.store.plans import plan, plans
from tests.whole.conftest import Opener
from tests.whole.hand import Hand

TODAY = date(2026, 6, 15)
CLOCK = FixedClock.on(TODAY)
Point = tuple[float, float]


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small demo municipality, made once."""
    path = tmp_path_factory.mktemp("demo") / "duinwijk.diwi"
    make_demo(path, projects=40, parcels=2000, clock=CLOCK)
    return path


@pytest.fixture
def store(demo: Path, tmp_path: Path) -> Store:
    """A copy of it to work in; the window closes it."""
    path = tmp_path / "duinwijk.diwi"
    shutil.copy(demo, path)
    return Store.open(path, author="j.jansen", clock=CLOCK)


def page_of(hand: Hand) -> ProjectPage:
    found = hand.window.page
    assert isinstance(found, ProjectPage)
    return found


def plan_in_hand(hand: Hand) -> Plan:
    project = hand.window.state.project
    assert project is not None
    return plan(hand.store, project)


def count(hand: Hand, most: int) -> None:
    """The actions since the journey began, within its budget; the failure says which they were."""
    assert len(hand.actions) <= most, hand.actions


# -- a question in the council --------------------------------------------------------------------------------------


def test_a_council_question(open_window: Opener, store: Store) -> None:
    """How is plan X, and when are its homes delivered? Three actions, ten seconds."""
    hand = open_window(store)
    start = time.process_time()
    hand.find("sportpark")
    page = page_of(hand)
    hand.wait(lambda: page.header.name.accessibleName() == "Sportpark Beethovenstraat")
    taken = time.process_time() - start
    hand.look("vraag")
    assert page.isVisible()
    assert page.tabs.currentIndex() == Tab.OVERVIEW
    assert page.header.phase.text == "5 Voorbereiding"
    assert page.header.status.text == "2A Vastgesteld"
    # De Toren 24 + 28, Gebouw Zuid 18 + 21, Appartementen 36 + 30; in 2027 and 2029.
    words = page.overview.chart.accessibleDescription()
    assert "2027" in words
    assert "78" in words
    assert "2029" in words
    assert "79" in words
    assert page.overview.chart.isVisible()
    count(hand, 3)
    assert taken < 5  # the rest of the ten seconds is for reading and typing


# -- a new initiative -----------------------------------------------------------------------------------------------


def free_row(store: Store) -> list[tuple[str, Polygon]]:
    """Four parcels in a row that lie in no plan; a line from the first to the last crosses these and no other."""
    table = parcels(store)
    shapes = table.geometry
    taken = shapely.union_all([shapely.from_wkb(area) for _, _, area in queries.plan_areas(store)])
    sizes = shapely.area(shapes)
    usable = (sizes > 120) & (sizes < 500) & ~shapely.intersects(shapes, taken)
    middles = shapely.get_coordinates(shapely.centroid(shapes))
    tree = shapely.STRtree(shapes)
    for first in usable.nonzero()[0]:
        row = [first]
        while len(row) < 4:
            beside = [i for i in tree.query(shapes[row[-1]], predicate="touches") if usable[i] and i not in row]
            if not beside:
                break
            row.append(min(beside, key=lambda i: np.hypot(*(middles[i] - middles[row[-1]]))))
        way = shapely.linestrings(middles[[row[0], row[-1]]])
        if len(row) == 4 and set(tree.query(way, predicate="intersects")) == set(row):
            return [(table.designation[i], shapes[i]) for i in row]
    raise AssertionError("the demo has no four free parcels in a row")


def test_a_new_initiative(open_window: Opener, store: Store) -> None:
    """Name, four parcels, milestones by lead time, one block of 48 homes: fifteen actions."""
    row = free_row(store)
    hand = open_window(store)
    hand.find(row[1][0])
    hand.press("Ctrl+N")
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, NewProjectDialog)
    hand.type("Hof van Duinwijk")
    hand.look("initiatief-dialoog")
    hand.press("Return")
    hand.settle()
    hand.look("initiatief-percelen")
    first, last = (hand.on_map(*shapely.get_coordinates(shapely.centroid(row[n][1]))[0]) for n in (0, -1))
    with hand.dragging(hand.canvas, first, last):
        hand.look("initiatief-vegen")
    before = hand.store.seq
    hand.press("Return")
    hand.wait(lambda: hand.store.seq > before)
    hand.settle()
    page = page_of(hand)
    hand.tab(page.tabs, "Programma")
    hand.settle()
    hand.look("initiatief-programma")
    hand.click(page.programme.matrix.add_button)
    hand.wait(lambda: bool(plan_in_hand(hand).blocks))
    hand.settle()
    hand.look("initiatief-blok")
    hand.press("Tab")
    hand.press("Tab")
    hand.type("48")
    hand.press("Return")
    hand.wait(lambda: plan_in_hand(hand).built == 48)
    hand.settle()
    hand.look("initiatief-klaar")
    count(hand, 15)
    made = plan_in_hand(hand)
    assert made.name == "Hof van Duinwijk"
    assert sorted(p.designation for p in made.parcels) == sorted(name for name, _ in row)
    (area,) = made.areas
    assert shapely.from_wkb(area.geometry).area == pytest.approx(sum(shape.area for _, shape in row), abs=0.5)
    assert made.start_date == TODAY
    types = [m.type for m in made.milestones]
    assert "PHASE_2_INITIATIVE" in types
    assert "PHASE_6_REALIZATION" in types
    assert any(m.basis is MilestoneBasis.LEAD_TIME for m in made.milestones)


# -- a contour ------------------------------------------------------------------------------------------------------


def movable_edge(store: Store) -> tuple[str, Point, Point, Polygon]:
    """A plan, the middle of one of its edges, and a parcel corner that the edge can be moved out to.

    The last of it is the contour as it will be.
    """
    table = parcels(store)
    tree = shapely.STRtree(table.geometry)
    others = shapely.STRtree([shapely.from_wkb(area) for _, _, area in queries.plan_areas(store)])
    for found in plans(store):
        if len(found.areas) != 1:
            continue
        whole = shapely.from_wkb(found.areas[0].geometry)
        if len(whole.geoms) != 1 or not 800 < whole.area < 8000:
            continue
        ring = shapely.get_coordinates(shapely.normalize(whole.geoms[0]).exterior)[:-1]
        for n, (a, b) in enumerate(itertools.pairwise([*ring, ring[0]])):
            length = np.hypot(*(b - a))
            if length < 12:
                continue
            along = (b - a) / length
            out = np.array([-along[1], along[0]])  # a normalised ring runs clockwise
            near = tree.query(shapely.linestrings([a, b]), predicate="intersects")
            for corner in shapely.get_coordinates(table.geometry[near]):
                far, side = (corner - a) @ out, (corner - a) @ along
                moved = ring.copy()
                moved[[n, (n + 1) % len(ring)]] += far * out
                shape = Polygon(moved)
                ok = 4 < far < 9 and 0 < side < length and shape.is_valid and shape.area > whole.area + 30
                if ok and len(others.query(shape, predicate="intersects")) == 1:
                    return found.name, tuple((a + b) / 2), tuple(corner), shape
    raise AssertionError("the demo has no contour with an edge to move")


def corner_line(shape: Polygon, view: Polygon) -> tuple[Point, Point]:
    """A line that takes a corner off a contour, from outside to outside, in sight on the map."""
    ring = shapely.get_coordinates(shape.exterior)[:-1]
    best, line = 0.0, None
    for n in range(len(ring)):
        back, here, on = ring[n - 1], ring[n], ring[(n + 1) % len(ring)]
        sides = [np.hypot(*(back - here)), np.hypot(*(on - here))]
        p, q = here + (back - here) / sides[0] * 5, here + (on - here) / sides[1] * 5
        way = (q - p) / max(1e-9, np.hypot(*(q - p)))
        start, end = p - way * 4, q + way * 4
        square = abs((back - here) @ (on - here)) < 0.5 * sides[0] * sides[1]  # between 60 and 120 degrees
        knife = shapely.LineString([start, end])
        cut = shapely.ops.split(shape, knife)
        if (
            square
            and view.contains(knife)
            and min(sides) > best
            and len(cut.geoms) == 2
            and shape.contains(shapely.Point((p + q) / 2))
        ):
            best, line = min(sides), (tuple(start), tuple(end))
    assert line is not None
    return line


def test_a_contour_refined(open_window: Opener, store: Store) -> None:
    """An edge to the new parcel border, a corner split off: eight actions."""
    name, middle, corner, expected = movable_edge(store)
    hand = open_window(store)
    hand.find(name)
    hand.press("Ctrl+Shift+2")
    hand.press("Ctrl+J")
    hand.settle()
    hand.click(hand.canvas, QPoint(12, hand.canvas.height() - 60))  # beside the plan: nothing is in hand
    hand.actions.clear()
    hand.look("contour-begin")

    project = queries.find_project(hand.store, name)
    before = shapely.from_wkb(plan(hand.store, project).areas[0].geometry)
    inside = before.representative_point()
    hand.click(hand.canvas, hand.on_map(inside.x, inside.y))
    hand.press("C")
    with hand.dragging(hand.canvas, hand.on_map(*middle), hand.on_map(*corner)):
        hand.look("contour-grens-slepen")
    hand.wait(lambda: hand.store.undo_name == "Contour slepen")
    hand.settle()
    moved = contour(hand, project)
    assert moved.symmetric_difference(expected).area < 0.05
    assert moved.boundary.distance(shapely.Point(corner)) < 0.001

    start, end = corner_line(expected, shapely.box(*hand.canvas.view.bounds).buffer(-3))
    hand.press("K")
    hand.click(hand.canvas, hand.on_map(*start))
    hand.click(hand.canvas, hand.on_map(*end))
    hand.press("Return")
    hand.look("contour-hoek-afknippen")
    hand.press("Return")
    hand.wait(lambda: hand.store.undo_name == "Knippen")
    hand.settle()
    hand.look("contour-klaar")
    count(hand, 8)
    cut = contour(hand, project)
    assert 1 < moved.area - cut.area < 60
    assert cut.difference(moved).area < 0.01


def contour(hand: Hand, project: str) -> MultiPolygon:
    found = shapely.from_wkb(plan(hand.store, project).areas[0].geometry)
    assert isinstance(found, MultiPolygon)
    return found


# -- a meeting ------------------------------------------------------------------------------------------------------


def test_at_a_meeting(open_window: Opener, store: Store) -> None:
    """The permit slips four months; the homes per year change; and back: four actions."""
    name = "Kuipersstraat fabriekskwartier"
    before = homes_per_year(plan(store, queries.find_project(store, name)).blocks)
    # 31 on 16-11-2027, 29 on 28-01-2028, 29 on 24-12-2029, 17 on 09-01-2030
    assert before == {2027: (31, 0), 2028: (29, 0), 2029: (29, 0), 2030: (17, 0)}
    hand = open_window(store)
    hand.find(name)
    hand.actions.clear()
    hand.press("Ctrl+Shift+3")
    hand.settle()
    timeline = hand.timeline
    canvas = timeline.canvas
    permit = next(m for m in plan_in_hand(hand).milestones if m.type == "VERGUNNING_VERLEEND")
    spot = canvas.place_of(permit.id)
    to = spot + QPoint(round(121 * canvas.scale.per_day), 0)
    with hand.dragging(canvas, spot, to, shift=True):
        hand.look("overleg-slepen")
        # The one of 2027 moves into 2028, those around New Year 2030 into 2030.
        assert "2027" in timeline.hint.text()
        assert "schuiven mee" in timeline.hint.text()
    after = homes_per_year(plan_in_hand(hand).blocks)
    assert after == {2028: (60, 0), 2030: (46, 0)}
    hand.settle()
    hand.look("overleg-verschoven")
    assert "2028" in page_of(hand).overview.chart.accessibleDescription()
    assert "2027" not in page_of(hand).overview.chart.accessibleDescription()
    hand.press("Ctrl+Z")
    hand.wait(lambda: homes_per_year(plan_in_hand(hand).blocks) == before)
    hand.settle()
    hand.look("overleg-terug")
    count(hand, 4)


# -- a submission ---------------------------------------------------------------------------------------------------


def break_three(store: Store) -> list[str]:
    """Three plans that could go to the province lose something that it asks for."""
    client = next(f.id for f in queries.own_fields(store) if f.name == "Opdrachtgever")
    names = ["Hofje Orionstraat", "Lint Vennewaterweg", "Pastorie Weversstraat"]
    lost: tuple[tuple[str, Any], ...] = (("plan_types", []), ("municipality", None), (f"own:{client}", None))
    for name, (field, value) in zip(names, lost, strict=True):
        with store.act("Fout van een ander", kind="system") as act:
            act.set("project", queries.find_project(store, name), field, value)
    return names


def test_a_submission(open_window: Opener, store: Store, tmp_path: Path) -> None:
    """Three findings mended in place, the file written, the record kept: fifteen actions."""
    names = break_three(store)
    settings.set_value("folders/deliveries", str(tmp_path))  # where the last one went
    hand = open_window(store)
    hand.press("Ctrl+E")
    wizard = next(w for w in QApplication.topLevelWidgets() if isinstance(w, ExportWizard))
    hand.qtbot.waitActive(wizard)
    hand.click(wizard.forward)
    hand.click(wizard.forward)
    hand.settle()
    assert wizard.step == CHECK
    hand.look("aanleveren-fouten")
    assert refused(wizard) == names
    for left, (text, many) in enumerate((("Verdichting", True), ("Duinwijk", False), ("Gemeente", False))):
        editor = wizard.findings.editor
        assert editor is not None
        hand.click(editor.input.control())
        hand.choose_from_popup(text)
        if many:
            hand.press("Return")
        hand.wait(lambda left=left: refused(wizard) == names[left + 1 :])
        hand.settle()
    hand.click(wizard.forward)
    hand.look("aanleveren-bekijken")
    hand.click(wizard.forward)
    assert wizard.step == WRITE
    hand.click(wizard.forward)
    hand.wait(lambda: wizard.writing.result is not None)
    hand.settle()
    hand.look("aanleveren-klaar")
    count(hand, 15)
    result = wizard.writing.result
    assert result is not None
    assert result.path.parent == tmp_path
    features: list[Any] = json.loads(result.path.read_text(encoding="utf-8"))["features"]
    assert set(names) <= {f["properties"]["plannaam"] for f in features}
    record = queries.submissions(hand.store)[-1]
    assert record["file_name"] == result.path.name
    assert len(record["projects"]) == len(features)
    hand.press("Escape")
    assert not [w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible()]


def refused(wizard: ExportWizard) -> list[str]:
    return [f.project_name for f in wizard.findings.findings if f.severity.value == "error"]
