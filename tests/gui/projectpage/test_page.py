"""The page as a whole: what it shows, when it reads the store, and going to what is wrong."""

from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from diwi_desktop.gui.fields.controls import Segments
from diwi_desktop.gui.projectpage import ProjectPage, data
from diwi_desktop.gui.projectpage.page import Tab
from diwi_desktop.gui.state import AppState
from diwi_desktop.quality.check import check_plan
from diwi_desktop.store import Store, queries
from tests.gui import desk

pytestmark = pytest.mark.qt_log_ignore("does not support raise", "grabbing the keyboard", "propagateSizeHints")


def fact(page: ProjectPage, key: str) -> str:
    return page.overview._values[key][1].toolTip()


def test_the_header_says_what_and_how(page: ProjectPage) -> None:
    assert page.header.name.toolTip() == "De Hoek"
    assert page.header.code.text().startswith("HMK-")
    assert page.header.phase.text == "4 Ontwerp"
    assert page.header.status.text == "3 In voorbereiding"
    assert "zacht plan" in page.header.status.toolTip()
    assert page.header.secrecy.text == "Intern raad"
    assert page.header.signals.text() == "1 signaal"
    assert not page.header.state.isVisible()


def test_the_overview_answers_in_one_screen(page: ProjectPage) -> None:
    page.resize(1100, 330)
    assert "Start voorbereiding" in fact(page, "next")
    assert "01-11-2026" in fact(page, "next")
    assert fact(page, "writers") == "Jan Jansen"
    assert fact(page, "where") == "Heemskerk, Broekpolder, De Vlotter"
    assert "De Hoek, fase 2" in fact(page, "daughters")
    assert page.overview.area.text() == "10.080 m²"
    assert "2027: bouw 24, sloop 0" in page.overview.chart.accessibleDescription()
    assert "2026: bouw 0, sloop 12" in page.overview.chart.accessibleDescription()
    assert "Aardgasvrij is niet ingevuld" in page.overview.list.text()
    assert page.overview.minimumSizeHint().height() <= 330


def test_a_small_panel_keeps_the_main_things(qtbot, page: ProjectPage) -> None:
    page.resize(686, 264)
    qtbot.waitUntil(lambda: not page.overview.side.isVisible())
    assert page.header.phase.isVisible()
    assert page.header.signals.isVisible()
    assert "+66" in page.totals.text()
    assert "+54" in page.totals.text()
    shown = [key for key, (_, text) in page.overview._values.items() if text.isVisible()]
    assert shown[:4] == ["next", "phase", "status", "period"]
    assert len(shown) < 10
    assert page.overview.chart.isVisible()


def test_totals_that_grow_leave_the_tabs_their_room(qtbot, page: ProjectPage) -> None:
    bar = page.tabs.tabBar()
    page._show_totals(17, 0)
    page.resize(bar.sizeHint().width() + page.totals.sizeHint().width() + 100, 264)
    page._show_totals(17, 0)
    page.resize(bar.sizeHint().width() + page.totals.sizeHint().width() + 2, 264)
    qtbot.waitUntil(lambda: page.totals.isVisible() and bar.width() >= bar.sizeHint().width())
    page._show_totals(12_200, 8_900)  # as another project, or what is typed, may have it
    qtbot.waitUntil(lambda: not page.totals.isVisible() and bar.width() >= bar.sizeHint().width())


def test_a_switch_is_as_wide_as_its_words_in_another_font(qtbot) -> None:
    holder = QWidget()
    row = QHBoxLayout(holder)
    switch = Segments(["Dit project", "Alle projecten"])
    row.addWidget(switch)
    row.addStretch(1)
    qtbot.addWidget(holder)
    holder.resize(600, 60)
    holder.show()
    font = switch.font()
    font.setPixelSize(font.pixelSize() + 8 if font.pixelSize() > 0 else 24)
    switch.setFont(font)
    qtbot.waitUntil(lambda: switch.width() == sum(button.sizeHint().width() for button in switch.buttons()))
    last = switch.buttons()[-1]
    assert last.geometry().right() < switch.width()
    for button in switch.buttons():
        larger = button.font()
        larger.setPixelSize(32)
        button.setFont(larger)
    qtbot.waitUntil(lambda: switch.width() == sum(button.sizeHint().width() for button in switch.buttons()))


def test_totals_stand_beside_the_tabs(page: ProjectPage) -> None:
    text = page.totals.text()
    assert all(part in text for part in ("Bouw", ">66<", "Sloop", ">12<", "Netto", ">+54<"))


def test_a_bar_leads_to_the_programme(qtbot, page: ProjectPage) -> None:
    chart = page.overview.chart
    chart.grab()
    box = chart._bars[2028]
    assert chart.year_at(box.center().x()) == 2028
    qtbot.mouseClick(chart, Qt.MouseButton.LeftButton, pos=QPoint(int(box.center().x()), 60))
    assert page.tabs.currentIndex() == Tab.PROGRAMME


def test_the_chart_by_keyboard(qtbot, page: ProjectPage) -> None:
    chart = page.overview.chart
    chart.setFocus()
    with qtbot.waitSignal(chart.year_chosen) as caught:
        qtbot.keyClick(chart, Qt.Key.Key_Right)
        qtbot.keyClick(chart, Qt.Key.Key_Right)
        qtbot.keyClick(chart, Qt.Key.Key_Return)
    assert caught.args == [2027]


def test_another_selection_shows_another_project(qtbot, page: ProjectPage, state: AppState, projects) -> None:
    state.select([projects[1]])
    qtbot.waitUntil(lambda: page.header.name.toolTip() == "De Hoek, fase 2")
    assert "De Hoek" in fact(page, "mother")
    assert "Nog geen opleveringen" in page.overview.chart.accessibleDescription()
    state.select([])
    qtbot.waitUntil(lambda: page.data is None)
    assert page._empty.isVisible()


def test_a_link_to_a_sub_plan_selects_it(qtbot, page: ProjectPage, state: AppState, projects) -> None:
    page.overview._values["daughters"][1].linkActivated.emit(f"project:{projects[1]}")
    assert state.project == projects[1]


def test_a_hidden_page_does_not_read_the_store(qtbot, page: ProjectPage, store: Store, projects, monkeypatch) -> None:
    reads: list[str] = []
    load = data.load
    monkeypatch.setattr(data, "load", lambda *given: reads.append("read") or load(*given))
    page.hide()
    for number in range(3):
        with store.act("Elders") as act:
            act.set("project", projects[0], "name", f"Naam {number}")
    qtbot.wait(20)
    assert reads == []
    page.show()
    assert reads == ["read"]
    assert page.header.name.toolTip() == "Naam 2"


def test_other_projects_do_not_disturb(qtbot, page: ProjectPage, store: Store, projects, monkeypatch) -> None:
    reads: list[str] = []
    load = data.load
    monkeypatch.setattr(data, "load", lambda *given: reads.append("read") or load(*given))
    with store.act("Mijlpaal elders") as act:
        values = {"project_id": projects[1], "type": "PHASE_1_CONCEPT", "date": "2026-01-01"}
        act.create("milestone", values)
    qtbot.wait(20)
    assert reads == []
    with store.act("Een deelplan erbij") as act:
        act.set("project", projects[1], "name", "Anders")
    qtbot.waitUntil(lambda: reads == ["read"])


def test_jump_to_a_finding_focuses_its_field(qtbot, page: ProjectPage, store: Store, projects) -> None:
    finding = next(f for f in check_plan(store, projects[0]) if f.code == "field_missing")
    assert page.jump(finding)
    assert page.tabs.currentIndex() == Tab.DETAILS
    editor = page.details.form.editors[finding.field]
    assert editor.input.control().hasFocus()
    assert editor.message.finding is not None


def test_jump_chooses_the_project(qtbot, page: ProjectPage, store: Store, state: AppState, projects) -> None:
    finding = next(f for f in check_plan(store, projects[1]) if f.code == "plan_type_missing")
    assert page.jump(finding)
    assert state.project == projects[1]
    assert page.details.form.editors["plan_types"].input.control().hasFocus()


def test_jump_by_name_and_to_nothing(page: ProjectPage) -> None:
    assert page.jump("plan_id")
    assert page.details.form.editors["plan_id"].input.control().hasFocus()
    assert page.jump("plan_area.geometry")
    assert page.tabs.currentIndex() == Tab.PLACE
    assert not page.jump("no_such_field")
    assert not page.jump("elsewhere.field")


def test_jump_into_a_block(qtbot, page: ProjectPage, store: Store, projects) -> None:
    blocks = queries.entities(store, "houseblock", projects[0])
    owned = queries.entities(store, "ownership", blocks[1]["id"])
    with store.act("Onwaarschijnlijk") as act:
        act.set("ownership", owned[0]["id"], "price_option", None)
        act.set("ownership", owned[0]["id"], "price", [100, 100])
    finding = next(f for f in check_plan(store, projects[0]) if f.code == "unlikely_price")
    assert page.jump(finding)
    assert page.tabs.currentIndex() == Tab.PROGRAMME
    assert page.programme.matrix.chosen() == blocks[1]["id"]
    assert page.programme.detail.ownership.grid.hasFocus()
    assert "koopprijs" in page.programme.detail.ownership.message.text.text().lower()


def test_the_signals_menu_leads_there(qtbot, page: ProjectPage) -> None:
    actions = page.header._menu.actions()
    assert [a.text() for a in actions] == ["Aardgasvrij is niet ingevuld."]
    actions[0].trigger()
    assert page.tabs.currentIndex() == Tab.DETAILS


def test_why_opens_rule_and_source_in_place(qtbot, page: ProjectPage, store: Store, projects) -> None:
    page.show_tab(Tab.DETAILS)
    own = next(f.key for f in store.catalogue.kind("project").fields if f.nl == "Aardgasvrij")
    message = page.details.form.editors[own].message
    message.text.linkActivated.emit("why")
    assert message.why.isVisible()
    assert message.why.text().startswith("Velden die de gemeente verplicht stelt, zijn ingevuld.")
    assert message.why.text().endswith("(Regel field_missing)")
    assert "functionele beschrijving" in message.why.text()
    message.text.linkActivated.emit("why")
    assert not message.why.isVisible()


def test_a_finding_is_mended_by_its_link(qtbot, page: ProjectPage, store: Store, projects) -> None:
    status = next(
        m for m in queries.entities(store, "milestone", projects[0]) if m["type"] == "STATUS_3_IN_VOORBEREIDING"
    )
    with store.act("Hard plan") as act:
        act.set("milestone", status["id"], "type", "STATUS_2A_VASTGESTELD")
        act.set("project", projects[0], "plan_id", "NL.IMRO.0396.BP00012-VG01")
    page.show_tab(Tab.DETAILS)
    editor = page.details.form.editors["confidentiality"]
    qtbot.waitUntil(editor.message.isVisible)
    assert "Zet op Extern mede-overheden" in editor.message.text.text()
    before = store.seq
    editor.message.text.linkActivated.emit("fix")
    assert store.seq == before + 1
    row = queries.entity(store, "project", projects[0])
    assert row is not None
    assert row["confidentiality"] == "EXTERNAL_GOVERNMENTAL"
    qtbot.waitUntil(lambda: not editor.message.isVisible())


def test_a_new_own_field_appears_in_the_form(qtbot, page: ProjectPage, store: Store) -> None:
    page.show_tab(Tab.DETAILS)
    with store.act("Eigen veld") as act:
        made = act.create("own_field", {"object": "project", "name": "Bouwer", "type": "TEXT", "help": "Wie bouwt."})
    qtbot.waitUntil(lambda: f"own:{made}" in page.details.form.editors)
    assert page.details.form.editors[f"own:{made}"].help.toolTip() == "Wie bouwt."
    with store.act("Uit") as act:
        act.set("own_field", made, "disabled", True)
    qtbot.waitUntil(lambda: f"own:{made}" not in page.details.form.editors)


def test_large_tabs_are_prepared_in_pieces(qtbot, page: ProjectPage) -> None:
    form, grew = page.page(Tab.DETAILS).form, []
    while page.prepare_next():
        grew.append(len(form.cards))
    assert grew == sorted(grew)
    assert all(after - before <= 1 for before, after in pairwise([0, *grew]))
    prepared = list(form.editors)
    page.show_tab(Tab.DETAILS)
    assert list(form.editors) == prepared
    assert sorted(prepared) == sorted(field.key for field in form.fields())
    assert all(card.isVisible() for card in form.cards.values())
    assert not page.prepare_next()


def test_a_tab_that_is_asked_for_halfway_is_whole(qtbot, page: ProjectPage) -> None:
    form = page.page(Tab.DETAILS).form
    while len(form.cards) < 2:
        page.prepare_next()
    page.show_tab(Tab.DETAILS)
    assert sorted(form.editors) == sorted(field.key for field in form.fields())
    assert all(card.isVisible() for card in form.cards.values())


def test_a_past_day_shows_what_was_known(qtbot, page: ProjectPage, state: AppState, store: Store, projects) -> None:
    store.clock.moment = store.clock.moment.replace(month=8)
    with store.act("Later") as act:
        act.set("project", projects[0], "name", "Nieuwe naam")
    qtbot.waitUntil(lambda: page.header.name.toolTip() == "Nieuwe naam")
    state.set_moment(desk.TODAY)
    qtbot.waitUntil(lambda: page.header.name.toolTip() == "De Hoek")
    page.show_tab(Tab.PROGRAMME)
    assert not page.programme.matrix.add_button.isEnabled()
    page.show_tab(Tab.HISTORY)
    assert not any("Nieuwe naam" in line.what for line in page.history.model.lines)
    state.set_moment(None)
    qtbot.waitUntil(lambda: page.header.name.toolTip() == "Nieuwe naam")


def test_history_in_sentences(qtbot, page: ProjectPage, store: Store, projects) -> None:
    with store.act("Projectnaam wijzigen") as act:
        act.set("project", projects[0], "name", "De Kade")
    store.undo()
    page.show_tab(Tab.HISTORY)
    lines = page.history.model.lines
    assert lines[0].act == "Ongedaan: Projectnaam wijzigen"
    assert lines[0].what == "Projectnaam: De Kade → De Hoek"
    assert lines[1].what == "Projectnaam: De Hoek → De Kade"
    assert lines[0].when == "15-06-2026 10:00"
    assert lines[0].who == "j.jansen"
    assert any(line.what == "Mijlpaal gemaakt: Start concept, 01-03-2024, Gerealiseerd" for line in lines)
    assert any(line.what == "Woningblok gemaakt: Rijwoningen, 18" for line in lines)
    assert any(line.what == "Oplevering 'Rijwoningen' gemaakt: 01-06-2028, 18, Gepland" for line in lines)
    qtbot.keyClicks(page.history.filter, "kade")
    assert page.history.count.text() == "2 wijzigingen"


def test_history_copies_to_excel(qtbot, page: ProjectPage, qapp) -> None:
    page.show_tab(Tab.HISTORY)
    grid = page.history.grid
    grid.setFocus()
    grid.selectRow(0)
    qtbot.keyClick(grid, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert qapp.clipboard().text().startswith("Wanneer\tWie\tHandeling\tWat er veranderde\n15-06-2026 10:00\tj.jansen")


def test_place_shows_area_and_parcels(qtbot, page: ProjectPage, state: AppState, projects) -> None:
    page.show_tab(Tab.PLACE)
    assert page.place.area.text() == "10.080 m²"
    assert page.place.homes.text() == "65 woningen per hectare"
    assert [row["designation"] for row in page.place.parcels.model.rows] == ["HMK00-B-2298", "HMK00-B-2301"]
    with qtbot.waitSignal(state.requested) as caught:
        qtbot.mouseClick(page.place.button, Qt.MouseButton.LeftButton)
    assert caught.args == ["zoom_to_project", (projects[0],)]


@pytest.mark.parametrize("tab", [Tab.OVERVIEW, Tab.DETAILS, Tab.PROGRAMME, Tab.PLACE, Tab.HISTORY])
def test_everything_with_a_keyboard_has_a_name(page: ProjectPage, tab: Tab) -> None:
    page.show_tab(tab)
    inside = [page.header, page.page(tab)]
    for widget in (w for top in inside for w in top.findChildren(QWidget)):
        if not widget.isVisible() or not widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            continue
        text = widget.text() if hasattr(widget, "text") and callable(widget.text) else ""
        named = widget.accessibleName() or text or widget.inherits("QScrollArea") or widget.inherits("QTabBar")
        assert named, f"{type(widget).__name__} {widget.objectName()} in {widget.parentWidget()}"
