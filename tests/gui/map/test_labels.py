"""Labels never overlap and never blink."""

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QColor, QFont, QImage, QPainter
from PySide6.QtWidgets import QApplication

from diwi_desktop.gui.map.fabric import unpack
from diwi_desktop.gui.map.labels import LabelPainter, ParcelNumbers, PlacedLabels, place, short_number
from diwi_desktop.gui.map.scene import BaseLayer
from diwi_desktop.gui.map.view import View

_SCALES = [64, 32, 16, 8, 4, 3, 2, 1.5, 1, 0.7, 0.5, 0.25, 0.1]


@st.composite
def towns(draw: st.DrawFn) -> PlacedLabels:
    count = draw(st.integers(1, 25))
    anchors = draw(st.lists(st.tuples(st.integers(0, 900), st.integers(0, 900)), min_size=count, max_size=count))
    widths = draw(st.lists(st.integers(20, 160), min_size=count, max_size=count))
    extents = draw(st.lists(st.integers(5, 400), min_size=count, max_size=count))
    sizes = np.column_stack([np.array(widths, float), np.full(count, 16.0)])
    names = [f"{n}" for n in range(count)]
    return place(names, names, np.array(anchors, float), sizes, np.array(extents, float))


@given(towns())
def test_labels_never_overlap(labels: PlacedLabels) -> None:
    for scale in _SCALES:
        shown = np.flatnonzero(labels.shows_to >= scale)
        for n, a in enumerate(shown):
            for b in shown[n + 1 :]:
                away = np.abs(labels.anchors[a] - labels.anchors[b]) / scale
                need = (labels.sizes[a] + labels.sizes[b]) / 2
                assert (away >= need - 1e-9).any()


@given(towns())
def test_zooming_in_only_adds_labels(labels: PlacedLabels) -> None:
    shown: set[int] = set()
    for scale in _SCALES:
        now = set(np.flatnonzero(labels.shows_to >= scale).tolist())
        assert shown <= now
        shown = now


@given(towns(), st.integers(-300, 300), st.integers(-300, 300))
def test_panning_changes_no_label_that_stays_in_view(labels: PlacedLabels, dx: int, dy: int) -> None:
    view = View(48, 0, 0, 1200, 1200).centred(450, 450)
    places, shown = labels.on_screen(view)
    moved_places, moved = labels.on_screen(view.panned(dx, dy))
    half = labels.sizes / 2
    inside = ((moved_places + half > 0) & (moved_places - half < 1200)).all(axis=1)
    inside &= ((places + half > 0) & (places - half < 1200)).all(axis=1)
    assert (shown[inside] == moved[inside]).all()


def test_other_colours_leave_labels_as_large_as_they_were(qapp: QApplication) -> None:
    black, white = QColor("black"), QColor("white")
    painter = LabelPainter(QFont(), black, white, 1.0)
    size = painter.size("Duinzicht")
    painter = painter.in_colours(white, black, 1.0)
    assert painter.size("Duinzicht") is size  # measuring thousands again would keep the window waiting
    image = QImage(120, 60, QImage.Format.Format_RGB32)
    image.fill(black)
    ink = QPainter(image)
    painter.start_frame()
    painter.draw(ink, 60, 30, "Duinzicht")
    ink.end()
    assert any(image.pixelColor(x, y) == white for x in range(120) for y in range(60))


def test_the_larger_plan_keeps_its_label() -> None:
    anchors = np.array([[0.0, 0.0], [10.0, 0.0]])
    labels = place(["1", "2"], ["groot", "klein"], anchors, np.full((2, 2), 40.0), np.array([90.0, 50.0]))
    assert labels.shows_to[0] > labels.shows_to[1]


def test_a_parcel_number_shows_once_it_fits() -> None:
    numbers = ParcelNumbers(unpack(BaseLayer([shapely.box(0, 0, 20, 20)], ["OTL02-B-2298"]), snapping=False))
    size = (30.0, 16.0)
    shown = {
        level: list(numbers.visible(View(level, 0, 0, 800, 600).centred(10, 10), lambda _: size, np.zeros((0, 4))))
        for level in (44, 48, 52)
    }
    assert shown[44] == []
    assert [text for *_, text in shown[52]] == ["2298"]


def test_numbers_wait_until_most_parcels_are_large_enough() -> None:
    numbers = ParcelNumbers(
        unpack(BaseLayer([shapely.box(0, 0, 20, 20)] * 9 + [shapely.box(0, 0, 900, 900)], ["A-1"] * 10), snapping=False)
    )
    assert not numbers.may_show(1.0)
    assert numbers.may_show(0.3)


def test_a_parcel_number_makes_way_for_a_plan_name() -> None:
    numbers = ParcelNumbers(unpack(BaseLayer([shapely.box(0, 0, 20, 20)], ["OTL02-B-2298"]), snapping=False))
    view = View(56, 0, 0, 800, 600).centred(10, 10)
    taken = np.array([[300.0, 290.0, 500.0, 310.0]])
    assert list(numbers.visible(view, lambda _: (30.0, 16.0), taken)) == []


def test_short_numbers() -> None:
    assert short_number("OTL02-B-2298") == "2298"
    assert short_number("2298") == "2298"
