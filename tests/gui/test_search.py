"""Ctrl+K: everything is found while typing, and Enter goes there."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from diwi_desktop.basedata.layers import write_addresses, write_parcels
from diwi_desktop.basedata.records import AddressTable, ParcelTable, SourceFacts
from diwi_desktop.gui import jobs, theme
from diwi_desktop.gui.workspace import MainWindow

CTRL = Qt.KeyboardModifier.ControlModifier


def ask(qtbot: QtBot, window: MainWindow, text: str) -> list[tuple[str, str]]:
    """Type after Ctrl+K; what is offered, as (group, title)."""
    qtbot.keyClick(window, Qt.Key.Key_K, CTRL)
    assert window.focusWidget() is window.search
    qtbot.keyClicks(window.search, text)
    qtbot.waitUntil(lambda: not window.search.busy, timeout=5000)
    return [(entry.group, entry.title) for entry in window.search.entries()]


def test_a_plan_is_found_by_part_of_its_name_and_enter_goes_there(qtbot: QtBot, window: MainWindow) -> None:
    found = ask(qtbot, window, "lage l")
    assert found[0] == ("Plannen", "Het Lage Land")
    qtbot.keyClick(window.search, Qt.Key.Key_Return)
    project = window.state.project
    assert project is not None
    assert window.map.plans[project].label == "Het Lage Land"
    qtbot.waitUntil(lambda: window.page.data is not None and window.page.data.plan.id == project)
    assert window.search.text() == ""
    assert window.search.entries() == []
    bounds = window.map.canvas.view.bounds
    shape = window.map.plans[project].geometry
    assert shape is not None
    assert bounds[0] < shape.bounds[0] < shape.bounds[2] < bounds[2], "the map shows it whole"


def test_enter_may_come_before_the_answer(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_K, CTRL)
    qtbot.keyClicks(window.search, "slotpark")
    qtbot.keyClick(window.search, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.state.project is not None)
    assert window.map.plans[window.state.project].label == "Slotpark"


def test_a_plan_is_found_by_code_and_by_any_field(qtbot: QtBot, window: MainWindow) -> None:
    code = window.table.model.shown[0].code
    assert ask(qtbot, window, code.lower())[0][1] == window.table.model.shown[0].name
    found = ask(qtbot, window, "f. de boer")
    assert {group for group, _ in found} == {"Plannen"}
    assert len(found) == 4


def test_names_stand_in_natural_order(qtbot: QtBot, window: MainWindow) -> None:
    titles = [title for group, title in ask(qtbot, window, "plan") if group == "Plannen"]
    assert titles == ["Plan 2", "Plan 9", "Plan 10", "Plan 10", "Plan 11"]


def test_commands_are_found_by_name_and_run(qtbot: QtBot, window: MainWindow) -> None:
    found = ask(qtbot, window, "indeling tek")
    assert found == [("Opdrachten", "Indeling Tekenen")]
    qtbot.keyClick(window.search, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert not window.panels["page"].in_sight


def test_without_words_commands_are_offered_and_arrows_walk(qtbot: QtBot, window: MainWindow) -> None:
    offered = ask(qtbot, window, "")
    assert {group for group, _ in offered} == {"Opdrachten"}
    qtbot.keyClick(window.search, Qt.Key.Key_Down)
    qtbot.keyClick(window.search, Qt.Key.Key_Down)
    qtbot.keyClick(window.search, Qt.Key.Key_Up)
    assert window.search.results.view.currentIndex().row() == 1


def test_escape_closes_and_forgets(qtbot: QtBot, window: MainWindow) -> None:
    ask(qtbot, window, "plan")
    qtbot.keyClick(window.search, Qt.Key.Key_Escape)
    assert window.search.text() == ""
    assert not window.search.results.isVisible()


def test_nothing_found_says_so(qtbot: QtBot, window: MainWindow) -> None:
    assert ask(qtbot, window, "xyzzy")[0][0] == "Niets gevonden"
    qtbot.keyClick(window.search, Qt.Key.Key_Return)
    assert window.state.selection == []


def test_a_click_goes_there(qtbot: QtBot, window: MainWindow) -> None:
    ask(qtbot, window, "plan")
    view = window.search.results.view
    place = view.visualRect(view.model().index(1, 0)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert window.state.project is not None


def test_parcels_and_addresses_are_found_and_shown_on_the_map(qtbot: QtBot, window: MainWindow) -> None:
    import numpy as np
    import shapely

    store = window.state.store
    shape = shapely.MultiPolygon([shapely.box(105_000, 503_000, 105_030, 503_040)])
    parcels = ParcelTable(
        ["HMK00-A-1234"], ["HMK00"], ["A"], [1234], ["12345678901234"], [1200.0],
        np.array([shape], dtype=object), SourceFacts("Kadastrale kaart"),
    )  # fmt: skip
    write_parcels(store, parcels)
    write_addresses(
        store,
        AddressTable(["Dorpsstraat 12"], ["1969 AB"], ["Heemskerk"], np.array([105_500.0]), np.array([503_500.0])),
    )
    qtbot.waitUntil(lambda: jobs.busy() == 0)
    assert ask(qtbot, window, "hmk00-a-12") == [("Percelen", "HMK00-A-1234")]
    assert window.search.entries()[0].detail == "1.200 m²"
    qtbot.keyClick(window.search, Qt.Key.Key_Return)
    x, y = window.map.canvas.view.centre
    assert abs(x - 105_015) < 5
    assert abs(y - 503_020) < 5
    found, canvas = window.map.found, window.map.canvas
    assert found.words == "HMK00-A-1234"
    assert accent_at(window, 105_000, 503_020), "the border of the parcel"
    assert ask(qtbot, window, "dorpss") == [("Adressen", "Dorpsstraat 12")]
    qtbot.keyClick(window.search, Qt.Key.Key_Return)
    assert abs(canvas.view.centre[0] - 105_500) < 5
    assert found.words == "Dorpsstraat 12"
    assert window.map.hint.text() == "Adres Dorpsstraat 12"
    ring = 9 * canvas.view.metres_per_pixel
    assert accent_at(window, 105_500 + ring, 503_500)
    canvas.pan(40, 0)
    assert accent_at(window, 105_500 + ring, 503_500), "it stays where it is on the map"
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(30, canvas.height() // 2))
    assert not found.isVisible(), "whoever chooses something else is done with it"


def test_a_whole_address_comes_before_plans_with_its_words(qtbot: QtBot, window: MainWindow) -> None:
    import numpy as np

    store = window.state.store
    write_addresses(
        store,
        AddressTable(["Dorpsstraat 12"], ["1969 AB"], ["Heemskerk"], np.array([105_500.0]), np.array([503_500.0])),
    )
    project = window.table.model.id_at(0)
    with store.act("Naam wijzigen") as act:
        act.set("project", project, "name", "Dorpsstraat 12 en verder")
    qtbot.waitUntil(lambda: jobs.busy() == 0)
    plan, address = ("Plannen", "Dorpsstraat 12 en verder"), ("Adressen", "Dorpsstraat 12")
    assert ask(qtbot, window, "dorpsstraat") == [plan, address]
    window.search.clear()
    assert ask(qtbot, window, "dorpsstraat 12") == [address, plan]
    qtbot.keyClick(window.search, Qt.Key.Key_Return)
    assert window.map.found.words == "Dorpsstraat 12"


def accent_at(window: MainWindow, x: float, y: float) -> bool:
    """Whether a line in the accent colour, its edges softened, is within three pixels of an RD point."""
    seen, accent = window.map.found.grab().toImage(), theme.colour("accent")
    px, py = (round(place) for place in window.map.canvas.view.to_screen(x, y))
    inks = [seen.pixelColor(px + dx, py) for dx in range(-3, 4)]
    return any(
        max(abs(i.red() - accent.red()), abs(i.green() - accent.green()), abs(i.blue() - accent.blue())) < 40
        for i in inks
    )


def test_a_plan_found_by_a_field_says_by_which(qtbot: QtBot, window: MainWindow) -> None:
    ask(qtbot, window, "f. de boer")
    assert window.search.entries()[0].detail == "Projectleider: F. de Boer"


def test_while_drawing_a_plan_found_does_not_cover_the_map(qtbot: QtBot, window: MainWindow) -> None:
    window.apply_preset("drawing")
    QApplication.processEvents()
    ask(qtbot, window, "lage land")
    qtbot.keyClick(window.search, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert window.panels["map"].in_sight
    assert window.panels["map"].has_focus
    window.apply_preset("overview")
    ask(qtbot, window, "slotpark")
    qtbot.keyClick(window.search, Qt.Key.Key_Return)
    assert window.panels["page"].has_focus


def test_the_results_stay_inside_the_window(qtbot: QtBot, window: MainWindow) -> None:
    window.resize(1000, 620)
    ask(qtbot, window, "plan")
    results = window.search.results
    assert window.rect().contains(results.geometry())
