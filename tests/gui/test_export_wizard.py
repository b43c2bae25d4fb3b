"""The submission wizard with real mouse and keys: the whole journey, and each page by itself."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pyogrio
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from diwi_desktop.exchange.provinces import FieldMapping, load_mapping, profile
from diwi_desktop.gui import jobs, theme
from diwi_desktop.gui.fields.choice import ChoicePopup
from diwi_desktop.gui.state import AppState
from diwi_desktop.gui.wizards import export_write
from diwi_desktop.gui.wizards.export import CHECK, CHOOSE, LOOK, MAP, WRITE, ExportWizard
from diwi_desktop.model.codes import OwnershipType
from diwi_desktop.model.finding import Finding
from diwi_desktop.store import Store, queries
from diwi_desktop.store.plans import plans
from tests.gui.exports import CLIENTS, GOOD, TODAY, fill, new_register

PZH = profile("zuid_holland")
LEFT = Qt.MouseButton.LeftButton


@dataclass
class Desk:
    """A register with the wizard open on it; counts the actions of the user."""

    qtbot: QtBot
    store: Store
    state: AppState
    wizard: ExportWizard
    ids: dict[str, str]
    actions: int = 0

    def click(self, widget: QWidget, place: QPoint | None = None) -> None:
        self.actions += 1
        self.qtbot.mouseClick(widget, LEFT, pos=place or widget.rect().center())

    def key(self, widget: QWidget, key: Qt.Key, mods: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.actions += 1
        self.qtbot.keyClick(widget, key, mods)

    def settled(self) -> None:
        self.qtbot.waitUntil(lambda: not self.wizard.session.checking and jobs.busy() == 0, timeout=20_000)

    def errors(self) -> list[Finding]:
        return [finding for finding in self.wizard.findings.findings if finding.severity.value == "error"]


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app, "light")
    store = new_register(tmp_path)
    ids = fill(store)
    state = AppState(store)
    wizard = ExportWizard(state)
    wizard.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(wizard)
    wizard.show()
    qtbot.waitExposed(wizard)
    found = Desk(qtbot, store, state, wizard, ids)
    assert wizard.choosing.count.text() == "De projecten worden gelezen…"
    assert wizard.forward.isEnabled()
    found.settled()
    yield found
    if wizard.isVisible():
        wizard.reject()
    qtbot.waitUntil(lambda: jobs.busy() == 0, timeout=20_000)
    state.close()
    store.close()


def to_check(desk: Desk) -> None:
    desk.click(desk.wizard.forward)
    desk.click(desk.wizard.forward)
    desk.settled()
    assert desk.wizard.step == CHECK


def choose_from_list(desk: Desk, text: str) -> None:
    """Open the choice in hand with the keyboard and take an entry by typing."""
    editor = desk.wizard.findings.editor
    assert editor is not None
    desk.click(editor.input.control())
    desk.qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
    popup = QApplication.activePopupWidget()
    assert isinstance(popup, ChoicePopup)
    index = next(
        popup.list.model().index(row, 0)
        for row in range(popup.list.model().rowCount())
        if popup.list.model().index(row, 0).data() == text
    )
    popup.list.scrollTo(index)
    place = popup.list.visualRect(index).center()
    if popup._many:
        popup.list.setCurrentIndex(index)
        desk.qtbot.keyClick(popup.list, Qt.Key.Key_Space)
        desk.key(popup.list, Qt.Key.Key_Return)
    else:
        desk.click(popup.list.viewport(), place)
    desk.settled()


def test_three_faults_mended_in_place_file_written_record_kept(desk: Desk, tmp_path: Path) -> None:
    to_check(desk)
    wizard = desk.wizard
    assert [f.project_name for f in desk.errors()] == ["Zonder opdrachtgever", "Zonder plantype", "Zonder woonplaats"]
    assert not wizard.forward.isEnabled()
    for text in ("Gemeente", "Verdichting", "Duinwijk"):
        choose_from_list(desk, text)
        if desk.errors():
            assert wizard.findings.editor is not None
            assert wizard.focusWidget() is wizard.findings.editor.input.control(), "the next fault can be typed at"
    assert desk.errors() == []
    assert wizard.forward.isEnabled()
    desk.click(wizard.forward)
    assert wizard.step == LOOK
    desk.click(wizard.forward)
    assert wizard.step == WRITE
    out = tmp_path / "duinwijk.pzh.geojson"
    wizard.writing.path.selectAll()
    desk.qtbot.keyClicks(wizard.writing.path, str(out))
    desk.actions += 1
    desk.click(wizard.forward)
    desk.qtbot.waitUntil(lambda: wizard.writing.result is not None, timeout=20_000)
    desk.settled()
    assert desk.actions <= 15

    meta, _, _, columns = pyogrio.raw.read(out, columns=["plannaam", "plantype", "woonplaats"])
    assert meta["crs"] == "EPSG:28992"
    table = dict(zip(meta["fields"], columns, strict=True))
    assert list(table["plannaam"]) == [*GOOD, "Zonder opdrachtgever", "Zonder plantype", "Zonder woonplaats"]
    assert table["plantype"][7] == "Verdichting"
    assert set(table["woonplaats"]) == {"Duinwijk"}
    (record,) = queries.submissions(desk.store)
    result = wizard.writing.result
    assert result is not None
    assert (record["sha256"], record["file_name"]) == (result.sha256, out.name)
    assert "Het bestand is geschreven: 9 projecten" in wizard.writing.done.text()
    assert record["author"] in wizard.writing.record.text()


def price_over_classes(desk: Desk, name: str, **price: Any) -> str:
    """Give the homes for sale of a project a price that lies in several classes; the id of their row."""
    (found,) = plans(desk.store, ids=[desk.ids[name]])
    (row,) = (r for block in found.blocks for r in block.ownerships if r.type is OwnershipType.BUY)
    with desk.store.act("Prijs") as act:
        for field, value in {"price": None, **price}.items():
            act.set("ownership", row.id, field, value)
    return row.id


def amounts(desk: Desk, row: str) -> tuple[Any, Any]:
    found = queries.entity(desk.store, "ownership", row) or {}
    return found.get("price"), found.get("price_option")


def test_the_classes_of_the_province_are_choices_where_a_price_lies_in_several(desk: Desk) -> None:
    row = price_over_classes(desk, GOOD[0], price=[25_000_000, 45_000_000])
    to_check(desk)
    page = desk.wizard.findings
    (fault,) = (f for f in desk.errors() if f.code == "ownership_range_mapping_error")
    page._select(fault, 0)
    assert [b.text() for b in page.classes.buttons] == [
        "koop1 tot € 280.000", "koop2 € 280.000 – 390.000", "koop3 € 390.000 – 600.000",
    ]  # fmt: skip
    assert all(button.isVisible() for button in page.classes.buttons)
    desk.click(page.classes.buttons[1])
    desk.settled()
    assert amounts(desk, row) == ([28_000_000, 39_000_000], None)
    assert "ownership_range_mapping_error" not in {f.code for f in desk.errors()}
    assert not page.classes.isVisible(), "another fault has no classes to choose from"


def test_a_class_in_place_of_one_of_the_municipality(desk: Desk) -> None:
    with desk.store.act("Prijscategorie") as act:
        wide = act.create("option", {"list": "priceRangeBuy", "name": "Alles", "bounds": [0, 45_000_000]})
    row = price_over_classes(desk, GOOD[0], price_option=wide)
    to_check(desk)
    page = desk.wizard.findings
    page._select(next(f for f in desk.errors() if f.code == "ownership_range_mapping_error"), 0)
    desk.key(page.classes.buttons[2], Qt.Key.Key_Space)
    desk.settled()
    assert amounts(desk, row) == ([39_000_000, 60_000_000], None)


def test_the_same_by_keyboard_with_the_faulty_ones_left_out(desk: Desk, tmp_path: Path) -> None:
    wizard = desk.wizard
    alt = Qt.KeyboardModifier.AltModifier
    desk.key(wizard, Qt.Key.Key_Right, alt)
    desk.key(wizard, Qt.Key.Key_Right, alt)
    desk.settled()
    assert wizard.step == CHECK
    desk.key(wizard, Qt.Key.Key_Right, alt)
    assert wizard.step == CHECK  # the faults hold it back
    wizard.findings.leave_out.setFocus()
    desk.key(wizard.findings.leave_out, Qt.Key.Key_Space)
    desk.key(wizard, Qt.Key.Key_Right, alt)
    desk.key(wizard, Qt.Key.Key_Right, alt)
    assert wizard.step == WRITE
    assert "Zonder plantype" in wizard.writing.left_out.text()
    out = tmp_path / "b.geojson"
    wizard.writing.path.selectAll()
    desk.qtbot.keyClicks(wizard.writing.path, str(out))
    desk.key(wizard.writing.path, Qt.Key.Key_Return)  # the default button
    desk.qtbot.waitUntil(lambda: wizard.writing.result is not None, timeout=20_000)
    names = [f["properties"]["plannaam"] for f in json.loads(out.read_text(encoding="utf-8"))["features"]]
    assert names == list(GOOD)
    (record,) = queries.submissions(desk.store)
    called = {row.id: row.name for row in queries.project_rows(desk.store)}
    assert {called[item["project"]] for item in record["left_out"]} == {
        "Zonder opdrachtgever", "Zonder plantype", "Zonder woonplaats",
    }  # fmt: skip


def test_enter_once_too_often_does_not_close_while_the_file_is_written(desk: Desk, tmp_path: Path) -> None:
    wizard = desk.wizard
    to_check(desk)
    desk.key(wizard.findings.leave_out, Qt.Key.Key_Space)
    desk.click(wizard.forward)
    desk.click(wizard.forward)
    assert wizard.step == WRITE
    assert wizard.focusWidget() is wizard.writing.path
    wizard.writing.path.setText(str(tmp_path / "c.geojson"))
    wizard.forward.setFocus()
    desk.key(wizard.forward, Qt.Key.Key_Return)
    assert not wizard.forward.isEnabled()
    assert wizard.focusWidget() is wizard.writing.path
    desk.key(wizard.writing.path, Qt.Key.Key_Return)
    assert wizard.isVisible()
    desk.qtbot.waitUntil(lambda: wizard.writing.result is not None, timeout=20_000)
    assert wizard.focusWidget() is wizard.leave


def test_a_folder_that_nothing_can_show(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wizard = desk.wizard
    to_check(desk)
    desk.key(wizard.findings.leave_out, Qt.Key.Key_Space)
    desk.click(wizard.forward)
    desk.click(wizard.forward)
    wizard.writing.path.setText(str(tmp_path / "d.geojson"))
    desk.click(wizard.forward)
    desk.qtbot.waitUntil(lambda: wizard.writing.result is not None, timeout=20_000)
    asked: list[str] = []
    monkeypatch.setattr(export_write.QDesktopServices, "openUrl", lambda url: asked.append(url.toLocalFile()))
    desk.click(wizard.writing.open_folder)
    assert asked == [str(tmp_path)]
    assert "geen programma" in wizard.writing.path_hint.text()


def test_nothing_is_offered_before_there_is_a_finding(qtbot: QtBot, tmp_path: Path) -> None:
    store = new_register(tmp_path)
    fill(store)
    state = AppState(store)
    wizard = ExportWizard(state)
    wizard.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(wizard)
    wizard.show()
    wizard.go(CHECK)
    assert not wizard.findings.findings
    assert not wizard.findings.jump.isVisible()
    qtbot.waitUntil(wizard.findings.jump.isVisible, timeout=20_000)
    wizard.reject()
    qtbot.waitUntil(lambda: jobs.busy() == 0, timeout=20_000)
    state.close()
    store.close()


def test_only_the_button_that_goes_on_is_blue(desk: Desk) -> None:
    """In a dialog Qt takes the button with the focus for the default one; it does not become a second blue one."""
    wizard, accent = desk.wizard, theme.colour("accent")

    def is_blue(button: QWidget) -> bool:
        return bool(button.grab().toImage().pixelColor(6, button.height() // 2) == accent)

    assert is_blue(wizard.forward)
    wizard.leave.setFocus()
    QApplication.processEvents()
    assert wizard.leave.isDefault()
    assert not is_blue(wizard.leave)
    assert is_blue(wizard.forward)


# -- choosing -------------------------------------------------------------------------------------------------------


def test_what_can_be_chosen_and_what_never_goes(desk: Desk) -> None:
    page = desk.wizard.choosing
    assert [row.name for row in page.model.shown] == [
        "De Hoek", "Kadeplein", "Molenwerf 2", "Molenwerf 10", "Stationsstraat", "Tuinzicht",
        "Zonder opdrachtgever", "Zonder plantype", "Zonder woonplaats",
    ]  # fmt: skip
    assert page.count.text() == "9 van 9 projecten gaan mee, 450 woningen netto"
    assert (
        page.left_out.text()
        == "Gaat nooit mee: 1 strenger dan 'Extern woonregio', 1 met planstatus 5A of 5B, 1 vervallen."
    )


def test_ticks_by_mouse_key_and_button(desk: Desk) -> None:
    page, session = desk.wizard.choosing, desk.wizard.session
    first = page.model.index(0, 0)
    box = page.table.visualRect(first)
    desk.click(page.table.viewport(), QPoint(box.left() + 12, box.center().y()))
    assert desk.ids["De Hoek"] not in session.ticked
    page.table.setCurrentIndex(page.model.index(1, 0))
    desk.key(page.table, Qt.Key.Key_Space)
    assert desk.ids["Kadeplein"] not in session.ticked
    desk.click(page.none)
    assert session.chosen == []
    assert not desk.wizard.forward.isEnabled()
    desk.qtbot.keyClicks(page.filter, "molenwerf")
    desk.click(page.all)
    assert [row.name for row in session.chosen] == ["Molenwerf 10", "Molenwerf 2"]
    assert page.count.text().startswith("2 van 9")
    assert not page.selection.isEnabled()
    desk.state.select([desk.ids["Tuinzicht"]])
    desk.click(page.selection)
    assert [row.name for row in session.chosen] == ["Tuinzicht"]


def test_who_is_fast_waits_for_the_projects_at_the_check(desk: Desk) -> None:
    session = desk.wizard.session
    session.read_rows()
    desk.click(desk.wizard.forward)
    desk.click(desk.wizard.forward)
    assert desk.wizard.step == CHECK
    assert session.checking
    assert not desk.wizard.forward.isEnabled()
    desk.settled()
    assert session.prepared is not None
    assert len(session.prepared.records) == len(session.chosen)


def test_a_stricter_minimum_and_another_day(desk: Desk) -> None:
    page, session = desk.wizard.choosing, desk.wizard.session
    page.minimum.setFocus()
    desk.key(page.minimum, Qt.Key.Key_End)
    assert {row.confidentiality for row in session.rows} == {"PUBLIC"}
    assert page.minimum.count() == 3  # nothing below what the province takes
    assert not page.known_then.isVisible()
    page.day.setFocus()
    page.day.setCurrentSectionIndex(2)
    desk.key(page.day, Qt.Key.Key_Down)
    assert session.day == date(2025, 11, 21)
    assert session.reading
    desk.settled()
    assert page.known_then.isVisible()
    desk.click(page.known_then, QPoint(8, page.known_then.height() // 2))
    desk.settled()
    assert session.rows == []  # nothing was known of them then


# -- mapping --------------------------------------------------------------------------------------------------------


def test_proposals_by_name_are_kept_in_one_act(desk: Desk) -> None:
    seq = desk.store.seq
    desk.click(desk.wizard.forward)
    assert desk.wizard.step == MAP
    assert "voorstellen op naam" in desk.wizard.message.text()
    assert load_mapping(desk.store, PZH) == {}
    desk.click(desk.wizard.forward)
    desk.settled()
    assert desk.store.seq == seq + 1
    stored = load_mapping(desk.store, PZH)
    assert stored["ph_short2"] == FieldMapping("ph_short2", "houseblock.student")
    assert set(stored["opdrachtgever_type"].options.values()) == {("Gemeente",), ("Woningcorporatie",)}
    assert desk.store.undo_name == "Koppeling Provincie Zuid-Holland wijzigen"


def test_mapping_a_field_an_option_and_a_fixed_value(desk: Desk) -> None:
    desk.click(desk.wizard.forward)
    page, session = desk.wizard.mapping, desk.wizard.session
    assert page.current.name == "opdrachtgever_type"
    assert "Ontwikkelaar" in page.problem.text()
    box = next(
        page.options.cellWidget(row, 1).findChild(type(page.source))
        for row in range(page.options.rowCount())
        if page.options.item(row, 0).text() == "Ontwikkelaar"
    )
    box.setFocus()
    desk.qtbot.keyClicks(box, "Proj")
    assert box.currentText() == "Projectontwikkelaar"
    assert ("Projectontwikkelaar",) in session.mapping["opdrachtgever_type"].options.values()
    assert not page.problem.isVisible()

    page.select("ph_short2")
    page.source.setFocus()
    desk.key(page.source, Qt.Key.Key_Home)
    assert session.mapping["ph_short2"].empty
    assert "kies het veld" in page.problem.text()
    page.constant_text.setFocus()
    desk.qtbot.keyClicks(page.constant_text, "0")
    desk.key(page.constant_text, Qt.Key.Key_Tab)
    assert session.mapping["ph_short2"] == FieldMapping("ph_short2", constant="0")
    assert not page.problem.isVisible()


def test_a_faulty_mapping_holds_back_and_leads_back(desk: Desk) -> None:
    wizard = desk.wizard
    desk.click(wizard.forward)
    wizard.mapping.select("ph_text1")
    wizard.mapping.source.setFocus()
    desk.key(wizard.mapping.source, Qt.Key.Key_Home)
    desk.click(wizard.forward)
    desk.settled()
    assert wizard.message.text() == "De koppeling heeft nog een fout."
    assert not wizard.forward.isEnabled()
    assert not wizard.findings.leave_out.isVisible()
    page = wizard.findings
    row = next(row for row in page._items if row.data(0, Qt.ItemDataRole.UserRole).code == "missing_custom_prop")
    page.tree.setCurrentItem(row)
    desk.key(page.tree, Qt.Key.Key_Return)
    assert wizard.step == MAP
    assert wizard.mapping.current.name == "ph_text1"
    assert wizard.session.proposed == set()  # what a person left empty stays empty
    desk.click(wizard.mapping.propose)
    assert wizard.session.proposed == {"ph_text1"}
    desk.click(wizard.forward)
    desk.settled()
    assert not wizard.session.prepared.mapping_faulty


# -- checking -------------------------------------------------------------------------------------------------------


def test_a_jump_shows_the_field_in_the_window_and_the_wizard_stays(desk: Desk) -> None:
    to_check(desk)
    asked: list[Finding] = []
    desk.state.register("jump", asked.append)
    desk.click(desk.wizard.findings.jump)
    (only,) = asked
    assert (only.code, only.project_name) == ("missing_mandatory_value", "Zonder opdrachtgever")
    assert desk.state.selection == [desk.ids["Zonder opdrachtgever"]]
    assert desk.wizard.isVisible()


def test_a_fault_mended_elsewhere_disappears(desk: Desk) -> None:
    to_check(desk)
    with desk.store.act("Gemeente wijzigen") as act:
        town = queries.option_list(desk.store, "municipality")[0].id
        act.set("project", desk.ids["Zonder woonplaats"], "municipality", town)
    desk.qtbot.waitUntil(lambda: len(desk.errors()) == 2, timeout=20_000)
    with desk.store.act("Plantype wijzigen") as act:
        act.set("project", desk.ids["De Hoek"], "plan_types", [])
    desk.qtbot.waitUntil(lambda: len(desk.errors()) == 3, timeout=20_000)
    assert "De Hoek" in {f.project_name for f in desk.errors()}
    desk.settled()


def test_grouped_by_kind_of_finding(desk: Desk) -> None:
    to_check(desk)
    page = desk.wizard.findings
    page.grouping.setFocus()
    desk.key(page.grouping, Qt.Key.Key_End)
    heads = [page.tree.topLevelItem(n).childCount() for n in range(page.tree.topLevelItemCount())]
    assert heads == [3, 1]
    assert page.tree.topLevelItem(0).child(0).text(0).startswith("Zonder opdrachtgever: Vul")


def test_preview_shows_what_goes(desk: Desk) -> None:
    to_check(desk)
    desk.click(desk.wizard.findings.leave_out, QPoint(8, desk.wizard.findings.leave_out.height() // 2))
    desk.click(desk.wizard.forward)
    page = desk.wizard.preview
    model = page.model
    assert desk.wizard.step == LOOK
    assert model.rowCount() == 6
    assert model.columnCount() == 42
    assert [model.headerData(n, Qt.Orientation.Horizontal) for n in (0, 41)] == ["plannaam", "year_properties"]
    assert model.index(0, 41).data() == "2 jaren"
    years = [[page.years.item(row, column).text() for column in range(4)] for row in range(page.years.rowCount())]
    assert years == [["2028", "12", "Nee", "0"], ["2029", "12", "Nee", "0"]]
    shown = page.map.grab().toImage()
    centre = shown.pixelColor(shown.width() // 2, shown.height() // 2)
    assert centre != theme.colour("sunken")


def test_house_types_that_rounding_changes_stand_beside_those_of_the_blocks(desk: Desk) -> None:
    to_check(desk)
    desk.click(desk.wizard.findings.leave_out, QPoint(8, desk.wizard.findings.leave_out.height() // 2))
    desk.click(desk.wizard.forward)
    page, table = desk.wizard.preview, desk.wizard.session.profile.tables["delivery_years"]
    for place, record in enumerate(page._records):
        page.table.selectRow(place)
        assert (record.types["meergezins"], record.types["eengezins"]) == (14 + 6 * place, 10), "as in the block"
        rows = record.properties["year_properties"]
        filed = {name: sum(row[f"{name}_{price}"] for row in rows for price in table.classes) for name in record.types}
        assert page.rounding.isVisible() is (filed != record.types)
        if filed != record.types:
            assert f"{filed['eengezins']} (in de blokken 10)".replace("eengezins ", "") in page.rounding.text()
    assert page.rounding.text() == "" or page.rounding.isVisible()


def test_a_project_without_contour_is_not_shown_as_others(desk: Desk) -> None:
    to_check(desk)
    desk.click(desk.wizard.findings.leave_out, QPoint(8, desk.wizard.findings.leave_out.height() // 2))
    desk.click(desk.wizard.forward)
    view = desk.wizard.preview.map
    records = desk.wizard.preview._records
    view.show_records([*records[:2], replace(records[2], areas=[])])
    muted = QColor(theme.colour("muted"))

    def outlines() -> int:
        """Pixels of contours that are not in hand: a soft fill of the muted colour."""
        image = view.grab().toImage()
        ground = QColor(theme.colour("sunken"))
        soft = [round(0.25 * m + 0.75 * g) for m, g in zip(muted.getRgb()[:3], ground.getRgb()[:3], strict=True)]
        return sum(
            all(abs(have - want) < 4 for have, want in zip(image.pixelColor(x, y).getRgb()[:3], soft, strict=True))
            for x in range(0, image.width(), 3)
            for y in range(0, image.height(), 3)
        )

    view.choose(None)
    assert outlines() > 40
    view.choose(2)
    assert outlines() < 10, "only the edges of letters may have that colour"


def test_the_table_of_choices_is_as_high_as_its_rows(desk: Desk) -> None:
    desk.click(desk.wizard.forward)
    options = desk.wizard.mapping.options
    rows = options.rowCount()
    assert rows == len(CLIENTS)
    assert options.viewport().height() == rows * options.verticalHeader().defaultSectionSize()
    assert not options.verticalScrollBar().isVisible()


# -- writing --------------------------------------------------------------------------------------------------------


def test_a_folder_that_is_not_there_and_a_file_that_is(desk: Desk, tmp_path: Path) -> None:
    to_check(desk)
    desk.wizard.findings.leave_out.setChecked(True)
    desk.wizard.go(WRITE)
    desk.settled()
    page = desk.wizard.writing
    assert page.path.text().endswith(f"duinwijk-{TODAY.isoformat()}.pzh.geojson")
    page.path.setText(str(tmp_path / "nergens" / "a.geojson"))
    assert "bestaat niet" in page.path_hint.text()
    assert not desk.wizard.forward.isEnabled()
    there = tmp_path / "er al.geojson"
    there.write_text("oud")
    page.path.setText(str(there))
    assert "vervangen" in page.path_hint.text()
    assert desk.wizard.forward.isEnabled()


def test_every_control_has_a_name_for_a_screen_reader(desk: Desk) -> None:
    from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QComboBox, QDateEdit, QLineEdit

    for kind in (QLineEdit, QComboBox, QDateEdit, QAbstractItemView, QAbstractButton):
        for widget in desk.wizard.findChildren(kind):
            inside = widget.parent()
            if isinstance(inside, (QDateEdit, QAbstractItemView, QComboBox)) or "qt_" in widget.objectName():
                continue
            text = widget.text() if isinstance(widget, QAbstractButton) else ""
            assert widget.accessibleName() or text or not widget.isVisibleTo(desk.wizard), (kind, widget.objectName())


def test_escape_closes_and_keeps_the_mapping(desk: Desk) -> None:
    desk.click(desk.wizard.forward)
    desk.key(desk.wizard, Qt.Key.Key_Escape)
    assert not desk.wizard.isVisible()
    assert "ph_text1" in load_mapping(desk.store, PZH)
    assert desk.wizard.steps.currentRow() == MAP != CHOOSE


def test_a_wizard_that_is_gone_hears_nothing_of_the_window(qtbot: QtBot, desk: Desk) -> None:
    """What goes wrong in a slot fails the test."""
    another = ExportWizard(desk.state)
    another.show()
    desk.qtbot.waitUntil(lambda: not another.session.reading, timeout=20_000)
    with qtbot.waitSignal(another.destroyed):
        desk.click(another.leave)
    desk.state.select([desk.ids[GOOD[0]]])
    assert desk.wizard.choosing.selection.isEnabled()
