"""The import dialog: choose or drop a file, see what will happen, mend what is missing, import, go to the result."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog

from diwi_desktop.gui import theme
from diwi_desktop.gui.state import AppState
from diwi_desktop.gui.wizards import importing
from diwi_desktop.gui.wizards.importfindings import FindingsModel
from diwi_desktop.gui.wizards.importing import ImportDialog
from diwi_desktop.model.finding import Cancelled, Finding, Severity
from diwi_desktop.store import Store, queries
from tests.basedata.samples import gml_v5
from tests.exchange.excel.workbook import Homes, Template, project
from tests.gui import desk

pytestmark = pytest.mark.qt_log_ignore("does not support raise", "grabbing the keyboard", "propagateSizeHints")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with desk.new_store(tmp_path) as made:
        yield made


@pytest.fixture
def state(store: Store) -> Iterator[AppState]:
    made = desk.open_state(store)
    yield made
    made.close()


@pytest.fixture
def dialog(qtbot, qapp: QApplication, state: AppState) -> ImportDialog:
    theme.apply(qapp, "light")
    made = ImportDialog(state)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    return made


def book(folder: Path, name: str = "plannen.xlsx", **changes: Any) -> Path:
    """A filled template with two projects."""
    template = Template.scratch()
    homes = Homes(number=12, deliveries={date(2028, 5, 1): 12}, owners={"Koopwoning": 12})
    template.add(project(1, "De Dam", Gemeente="Heemskerk", **changes), (homes, None))
    template.add(project(2, "De Dijk", Gemeente="Heemskerk"), (homes, None))
    return template.save(folder / name)


def page(dialog: ImportDialog) -> str:
    return dialog.pages.currentWidget().objectName()


def looked(qtbot, dialog: ImportDialog) -> None:
    qtbot.waitUntil(lambda: dialog._preview is not None and dialog.other.isEnabled(), timeout=15_000)


def lines(dialog: ImportDialog) -> list[tuple[str, ...]]:
    proxy = dialog._proxy
    return [
        tuple(str(proxy.index(r, c).data() or "") for c in range(proxy.columnCount())) for r in range(proxy.rowCount())
    ]


def test_first_it_asks_for_a_file(dialog: ImportDialog) -> None:
    assert page(dialog) == "choosePage"
    assert dialog.choose.isVisible()
    assert not dialog.go.isVisible()
    assert not dialog.findings_box.isVisible()


def test_a_chosen_file_is_looked_at_and_imported(
    qtbot, dialog: ImportDialog, state: AppState, store: Store, tmp_path: Path, monkeypatch
) -> None:
    path = book(tmp_path)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_given: (str(path), ""))
    before = store.seq
    qtbot.mouseClick(dialog.choose, Qt.MouseButton.LeftButton)
    looked(qtbot, dialog)
    assert dialog.kind.currentData() == "excel"
    assert dialog.look_title.text() == "2 projecten"
    assert dialog.look_text.text() == "2 nieuw.\n2 woningblokken, 24 woningen bouw."
    assert not dialog.skip.isVisible()
    assert store.seq == before, "looking stores nothing"
    qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page(dialog) == "donePage", timeout=15_000)
    assert dialog.done_text.text() == "Projecten: 2 nieuw."
    assert store.undo_name == "Excel ingelezen: plannen.xlsx"
    made = {row.name: row.id for row in queries.project_rows(store)}
    asked: list[tuple[str, Any]] = []
    state.requested.connect(lambda command, given: asked.append((command, given)))
    qtbot.mouseClick(dialog.show_projects, Qt.MouseButton.LeftButton)
    assert set(state.selection) == set(made.values())
    assert asked == [("show_panel", ("projects",))]
    assert not dialog.isVisible()


def test_the_result_on_the_map(qtbot, dialog: ImportDialog, state: AppState, tmp_path: Path) -> None:
    dialog.set_file(book(tmp_path))
    looked(qtbot, dialog)
    qtbot.keyClick(dialog.go, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: page(dialog) == "donePage", timeout=15_000)
    asked: list[str] = []
    state.requested.connect(lambda command, _given: asked.append(command))
    qtbot.mouseClick(dialog.show_map, Qt.MouseButton.LeftButton)
    assert asked == ["show_panel", "zoom_to_project"]


def test_known_projects_are_skipped_or_updated(qtbot, dialog: ImportDialog, store: Store, tmp_path: Path) -> None:
    from diwi_desktop.exchange.imports import import_file

    import_file(store, book(tmp_path))
    dialog.set_file(book(tmp_path, "weer.xlsx", Vertrouwelijkheid="Intern raad"))
    looked(qtbot, dialog)
    assert dialog.look_text.text().startswith("0 nieuw, 1 anders dan in het register, 1 gelijk aan het register.")
    assert [dialog._projects_model.item(row, 1).text() for row in (0, 1)] == [
        "bestaat al, anders",
        "bestaat al, gelijk",
    ]
    assert dialog.skip.isChecked()
    qtbot.mouseClick(dialog.update_existing, Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    assert dialog.update_existing.isChecked()
    qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page(dialog) == "donePage", timeout=15_000)
    assert dialog.done_text.text() == "Projecten: 1 gewijzigd, 1 gelijk gebleven."
    rows = {row.name: row.confidentiality for row in queries.project_rows(store)}
    assert rows == {"De Dam": "INTERNAL_COUNCIL", "De Dijk": "PUBLIC"}


def test_what_only_updating_would_tell_is_told_when_that_is_chosen(
    qtbot, dialog: ImportDialog, store: Store, tmp_path: Path
) -> None:
    from diwi_desktop.exchange.imports import import_file

    import_file(store, book(tmp_path))
    dialog.set_file(book(tmp_path, "weer.xlsx", Eigenaar="nieuw@voorbeeld.nl"))
    looked(qtbot, dialog)
    assert not dialog.findings_box.isVisible()
    qtbot.mouseClick(dialog.update_existing, Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    assert [line[1] for line in lines(dialog)] == ["De Dam"]
    assert "nieuw@voorbeeld.nl" in lines(dialog)[0][4]
    qtbot.mouseClick(dialog.skip, Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    assert not dialog.findings_box.isVisible()


def test_an_unknown_owner_is_told_before_importing(qtbot, dialog: ImportDialog, tmp_path: Path) -> None:
    dialog.set_file(book(tmp_path, Eigenaar="nieuw@voorbeeld.nl"))
    looked(qtbot, dialog)
    before = [line[4] for line in lines(dialog)]
    assert any("nieuw@voorbeeld.nl" in words for words in before)
    qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page(dialog) == "donePage", timeout=15_000)
    assert [line[4] for line in lines(dialog)] == before


def test_parcels_are_described_before_they_are_imported(qtbot, dialog: ImportDialog, tmp_path: Path) -> None:
    path = tmp_path / "percelen.gml"
    path.write_text(gml_v5(), encoding="utf-8")
    dialog.set_file(path)
    looked(qtbot, dialog)
    assert dialog.look_title.text() == "5 percelen"
    told = dialog.look_text.text().splitlines()
    assert told[:3] == ["5 nieuw.", "Kadastrale gemeente: Heemskerk (HKK00).", "Coördinaten: RD New (EPSG:28992)."]
    assert told[3].startswith("Gebied: 40 bij 60 m, rond RD 10")
    qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page(dialog) == "donePage", timeout=15_000)
    assert dialog.done_title.text() == "5 percelen ingelezen"


def test_errors_stand_in_a_table_and_nothing_is_stored(
    qtbot, dialog: ImportDialog, store: Store, tmp_path: Path
) -> None:
    before = store.seq
    dialog.set_file(book(tmp_path, Wijk="Noord", Buurt="Polder", Start_project="gisteren"))
    looked(qtbot, dialog)
    assert dialog.findings_box.isVisible()
    assert not dialog.go.isVisible()
    assert dialog.again.isVisible()
    assert "er is niets ingelezen" in dialog.findings_title.text()
    found = {(row, value, code) for row, _project, _column, value, _words, code in lines(dialog)}
    assert ("6", "gisteren", "not_date") in found
    assert ("6", "Noord", "unknown_property_value") in found
    assert store.seq == before


def test_the_errors_can_be_searched_and_copied(qtbot, dialog: ImportDialog, tmp_path: Path, qapp) -> None:
    dialog.set_file(book(tmp_path, Wijk="Noord", Start_project="gisteren"))
    looked(qtbot, dialog)
    everything = len(lines(dialog))
    qtbot.keyClicks(dialog.filter, "gisteren")
    assert len(lines(dialog)) == 1 < everything
    qtbot.keyClick(dialog.filter, Qt.Key.Key_Return)
    assert dialog.isVisible(), "Enter in the filter presses no button"
    qtbot.mouseClick(dialog.copy, Qt.MouseButton.LeftButton)
    text = qapp.clipboard().text().splitlines()
    assert text[0] == "Rij\tProject\tKolom\tWaarde\tWat is er mis\tCode"
    assert len(text) == 2
    assert text[1].startswith("6\t")


def test_a_missing_choice_is_made_and_the_file_tried_again(
    qtbot, dialog: ImportDialog, store: Store, tmp_path: Path
) -> None:
    dialog.set_file(book(tmp_path, Wijk="Noord"))
    looked(qtbot, dialog)
    assert dialog.mending.one.isVisible()
    assert dialog.mending.one.text() == "Keuze 'Noord' toevoegen"
    dialog._preview = None
    qtbot.mouseClick(dialog.mending.one, Qt.MouseButton.LeftButton)
    looked(qtbot, dialog)
    assert page(dialog) == "lookPage"
    assert dialog.go.isVisible()
    assert [o.name for o in queries.option_list(store, "district")] == ["Noord"]


def test_all_that_is_missing_is_made_at_once(qtbot, dialog: ImportDialog, store: Store, tmp_path: Path) -> None:
    dialog.set_file(book(tmp_path, Wijk="Noord", Buurt="Polder"))
    looked(qtbot, dialog)
    assert dialog.mending.all.text() == "Alle 2 ontbrekende maken"
    before = store.seq
    dialog._preview = None
    qtbot.mouseClick(dialog.mending.all, Qt.MouseButton.LeftButton)
    looked(qtbot, dialog)
    assert store.seq == before + 1
    assert dialog.go.isVisible()


def test_a_missing_own_field_gets_the_chosen_type(qtbot, dialog: ImportDialog, store: Store, monkeypatch) -> None:
    fix = {"create": "own_field", "object": "project", "name": "Bouwer", "type_guess": "CATEGORY", "options": []}
    finding = Finding(
        "unknown_project_property", Severity.ERROR, "Het eigen veld 'Bouwer' bestaat niet.", "No.",
        row=5, column="AK", value="Bouwer", fix=fix,
    )  # fmt: skip
    dialog._show_errors([finding])
    assert dialog.mending.one.text() == "Eigen veld 'Bouwer' maken"
    assert dialog.mending.type.isVisible()
    assert dialog.mending.type.currentData() == "CATEGORY"
    dialog.mending.type.setFocus()
    qtbot.keyClick(dialog.mending.type, Qt.Key.Key_End)
    qtbot.mouseClick(dialog.mending.one, Qt.MouseButton.LeftButton)
    assert [(f.name, f.type.value) for f in queries.own_fields(store)] == [("Bouwer", "TEXT")]


def types(dialog: ImportDialog) -> list[str]:
    return [dialog.mending.type.itemData(n) for n in range(dialog.mending.type.count())]


def test_only_types_that_the_values_allow_are_offered(
    qtbot, dialog: ImportDialog, store: Store, tmp_path: Path
) -> None:
    dialog.set_file(book(tmp_path, own={"Kansrijk": "waarschijnlijk"}, roles={"Bouwer": "Van Dam"}))
    looked(qtbot, dialog)
    wanted = {finding.fix["name"]: row for row, finding in enumerate(dialog._model.findings)}
    dialog.table.setCurrentIndex(dialog._proxy.mapFromSource(dialog._model.index(wanted["Kansrijk"], 0)))
    assert types(dialog) == ["ORDINAL", "CATEGORY", "TEXT"]
    assert dialog.mending.type.currentData() == "TEXT"
    qtbot.waitUntil(lambda: dialog.mending.type.width() >= dialog.mending.type.sizeHint().width())
    assert dialog.mending.note.isVisible()
    assert dialog.mending.note.text().startswith("Niet mogelijk: ")
    assert "'waarschijnlijk'" in dialog.mending.note.text()
    dialog.table.setCurrentIndex(dialog._proxy.mapFromSource(dialog._model.index(wanted["Bouwer"], 0)))
    assert types(dialog) == ["CATEGORY"]
    assert dialog.mending.note.text() == "Op deze plaats in het bestand kan alleen dit soort veld staan."
    dialog.table.setCurrentIndex(dialog._proxy.mapFromSource(dialog._model.index(wanted["Kansrijk"], 0)))
    dialog.mending.type.setFocus()
    qtbot.keyClick(dialog.mending.type, Qt.Key.Key_Home)
    dialog._preview = None
    qtbot.mouseClick(dialog.mending.one, Qt.MouseButton.LeftButton)
    looked(qtbot, dialog)
    assert [f.fix["name"] for f in dialog._model.findings if f.fix] == ["Bouwer"], "the check refuses nothing of it"
    assert [(f.name, f.type.value) for f in queries.own_fields(store)] == [("Kansrijk", "ORDINAL")]


def test_a_file_of_another_kind_is_refused_in_one_sentence(qtbot, dialog: ImportDialog, tmp_path: Path) -> None:
    path = tmp_path / "brief.txt"
    path.write_text("Geachte raad", encoding="utf-8")
    dialog.set_file(path)
    qtbot.waitUntil(dialog.problem.isVisible, timeout=15_000)
    assert "niet herkend" in dialog.problem.text()
    assert page(dialog) == "choosePage"


def mime(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def test_a_file_is_dropped(qtbot, dialog: ImportDialog, tmp_path: Path) -> None:
    data = mime(book(tmp_path))
    keys = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    enter = QDragEnterEvent(QPoint(50, 50), *keys)
    QApplication.sendEvent(dialog, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(dialog, QDropEvent(QPoint(50, 50), *keys, QEvent.Type.Drop))
    looked(qtbot, dialog)
    assert dialog.file_name.text() == "plannen.xlsx"


def test_two_files_at_once_are_not_taken(dialog: ImportDialog, tmp_path: Path) -> None:
    data = mime(tmp_path / "a.xlsx", tmp_path / "b.xlsx")
    enter = QDragEnterEvent(
        QPoint(50, 50), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    enter.ignore()
    dialog.dragEnterEvent(enter)
    assert not enter.isAccepted()


def test_a_cancelled_import_stores_nothing(
    qtbot, dialog: ImportDialog, store: Store, tmp_path: Path, monkeypatch
) -> None:
    dialog.set_file(book(tmp_path))
    looked(qtbot, dialog)
    before = store.seq
    jobs = []
    run = importing.run_job
    monkeypatch.setattr(importing, "run_job", lambda *given: jobs.append(run(*given)))

    def slow(_store: Store, _path: Path, _kind: str, _choice: str, progress: Any, cancelled: Any) -> Any:
        while not cancelled():
            progress(1, 100)
        raise Cancelled

    monkeypatch.setattr("diwi_desktop.exchange.imports.import_file", slow)
    qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    assert not dialog.go.isEnabled()
    jobs[0].cancel()
    qtbot.waitUntil(dialog.go.isEnabled, timeout=15_000)
    assert store.seq == before
    assert page(dialog) == "lookPage"


def test_a_past_day_imports_nothing(qtbot, dialog: ImportDialog, state: AppState, store: Store, tmp_path: Path) -> None:
    store.clock.moment = store.clock.moment.replace(month=8)
    state.set_moment(desk.TODAY)
    dialog.set_file(book(tmp_path))
    looked(qtbot, dialog)
    assert not dialog.go.isEnabled()


def test_dates_are_shown_as_everywhere_in_the_window(qapp) -> None:
    found = Finding("wrong_dates", Severity.ERROR, "Fout.", "Wrong.", value=date(2020, 12, 31), row=10)
    assert FindingsModel.texts(found)[:4] == ("10", "", "", "31-12-2020")


def test_what_imports_is_blue(qtbot, dialog: ImportDialog, tmp_path: Path) -> None:
    dialog.set_file(book(tmp_path))
    qtbot.waitUntil(dialog.look_text.isVisible, timeout=10_000)
    qtbot.waitUntil(dialog.go.isEnabled)
    assert dialog.go.grab().toImage().pixelColor(6, dialog.go.height() // 2) == theme.colour("accent")


def test_a_file_without_projects_says_so(qtbot, dialog: ImportDialog, tmp_path: Path) -> None:
    dialog.set_file(Template.scratch().save(tmp_path / "leeg.xlsx"))
    qtbot.waitUntil(dialog.look_text.isVisible, timeout=10_000)
    assert dialog.look_title.text() == "0 projecten"
    assert dialog.look_text.text() == "Er staan geen projecten in dit bestand; er is niets om in te lezen."
    assert not dialog.go.isEnabled()
