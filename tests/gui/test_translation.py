"""The English of the window: every text collected and translated, nothing lost on the way, nothing left in Dutch."""

import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QEvent, QObject, Qt, QTranslator
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QFileDialog,
    QGroupBox,
    QLabel,
    QLineEdit,
    QTabBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from diwi_desktop.gui import jobs, settings, theme
from diwi_desktop.gui.actnames import act_name
from diwi_desktop.gui.app import translate
from diwi_desktop.gui.calendar import Calendar
from diwi_desktop.gui.dialogs.keys import KeysDialog
from diwi_desktop.gui.dialogs.new_project import NewProjectDialog
from diwi_desktop.gui.dialogs.new_register import NewRegisterDialog
from diwi_desktop.gui.dialogs.settings import SettingsDialog
from diwi_desktop.gui.language import language
from diwi_desktop.gui.looks import key_rows
from diwi_desktop.gui.projectpage.page import Tab
from diwi_desktop.gui.state import AppState
from diwi_desktop.gui.wizards.export import CHECK, CHOOSE, LOOK, MAP, WRITE, ExportWizard
from diwi_desktop.gui.wizards.importing import ImportDialog
from diwi_desktop.gui.workspace import MainWindow
from diwi_desktop.store import Store, queries
from tests.exchange.excel.workbook import Homes, Template, project
from tests.gui import desk, exports

ROOT = Path(__file__).parents[2]
WORDS = ROOT / "resources" / "translations" / "diwi_en.ts"
PLACEHOLDER = re.compile(r"%\d+|%n|%L\d+|\{\w*\}")

# Words that Dutch sentences can hardly do without and English ones never hold.
DUTCH = re.compile(
    r"\b(de|het|een|van|voor|niet|geen|naar|met|aan|bij|uit|zonder|nog|alle|kies|zoek|toon|wijzigen|toevoegen"
    r"|verwijderen|opslaan|annuleren|sluiten|woning\w*|projecten|kaart|plannen|percelen|panden|mijlpa\w+|meldingen"
    r"|aanlever\w*|historie|beheer|peildatum|planstatus|vertrouwelijk\w*|oplever\w*|sloop|bouw|naam|waarde|keuze\w*"
    r"|velden|veld|bestand|jaar|vandaag|onbekend|ongedaan|opnieuw|instellingen)\b",
    re.IGNORECASE,
)
# The switch of language says so in both.
BILINGUAL = {"Nederlands", "De andere taal geldt als u het programma opnieuw start."}


def entries(path: Path = WORDS) -> list[tuple[str, str, ET.Element]]:
    """(context, source, translation) of every text."""
    found = []
    for context in ET.parse(path).getroot().iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            assert translation is not None
            found.append((context.findtext("name", ""), message.findtext("source", ""), translation))
    return found


def tool(name: str) -> str:
    """A Qt tool of the environment that runs the tests."""
    found = shutil.which(name, path=str(Path(sys.executable).parent))
    assert found, f"{name} comes with PySide6 but is not there"
    return found


def run(*command: str) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


# --- the files --------------------------------------------------------------------------------------------------------


def test_every_text_is_collected_and_translated(tmp_path: Path) -> None:
    fresh = tmp_path / "diwi_en.ts"
    sources = [*sorted((ROOT / "diwi_desktop" / "gui").rglob("*.py")), *sorted((ROOT / "ui" / "forms").glob("*.ui"))]
    languages = ["-source-language", "nl_NL", "-target-language", "en_GB"]
    run(tool("pyside6-lupdate"), *map(str, sources), *languages, "-locations", "none", "-ts", str(fresh))
    wanted = {(context, source) for context, source, _ in entries(fresh)}
    there = {(context, source) for context, source, _ in entries()}
    assert wanted - there == set(), "new texts: run ./dev words and translate them"
    assert there - wanted == set(), "texts that are gone: run ./dev words"
    unfinished = [(context, source) for context, source, words in entries() if words.get("type") or not words.text]
    assert unfinished == []


def test_the_compiled_words_are_those_of_the_source(tmp_path: Path, qapp: QApplication) -> None:
    fresh = tmp_path / "diwi_en.qm"
    run(tool("pyside6-lrelease"), str(WORDS), "-qm", str(fresh))
    assert WORDS.with_suffix(".qm").read_bytes() == fresh.read_bytes(), "run ./dev words"
    words = QTranslator()
    assert words.load(str(fresh))
    for context, source, translation in entries():
        assert words.translate(context, source) == translation.text


def faults(source: str, text: str) -> Iterator[str]:
    """What a translation lost on the way, or added."""
    if sorted(PLACEHOLDER.findall(text)) != sorted(PLACEHOLDER.findall(source)):
        yield "places to fill"
    if ("&" in text) != ("&" in source):
        yield "letter for Alt"
    if text.count("\n") != source.count("\n"):
        yield "lines"
    if text.endswith("…") != source.endswith("…"):
        yield "dots"
    if text[:1].isspace() != source[:1].isspace() or text[-1:].isspace() != source[-1:].isspace():
        yield "space around it"
    if "!" in text:
        yield "exclamation mark"


def test_a_translation_holds_what_its_source_holds() -> None:
    found = {(source, fault) for _, source, words in entries() for fault in faults(source, words.text or "")}
    assert found == set()


@pytest.mark.parametrize(
    ("source", "text", "fault"),
    [
        ("%1 van %2", "%1 of %1", "places to fill"),
        ("{0} van {1}", "{0} of 1", "places to fill"),
        ("&Bestand", "File", "letter for Alt"),
        ("Importeren…", "Import", "dots"),
        (" of ", "or", "space around it"),
        ("Klaar", "Done!", "exclamation mark"),
    ],
)
def test_what_got_lost_is_found(source: str, text: str, fault: str) -> None:
    assert list(faults(source, text)) == [fault]


@pytest.mark.parametrize("form", sorted((ROOT / "ui" / "forms").glob("*.ui")), ids=lambda path: path.stem)
def test_names_for_the_style_sheet_are_not_translated(form: Path) -> None:
    for prop in ET.parse(form).getroot().iter("property"):
        if prop.get("name") == "role":
            text = prop.find("string")
            assert text is not None
            assert text.get("notr") == "true", text.text


def test_what_qt_lacks_in_dutch_is_compiled(tmp_path: Path) -> None:
    source, fresh = WORDS.with_name("qt_nl.ts"), tmp_path / "qt_nl.qm"
    run(tool("pyside6-lrelease"), str(source), "-qm", str(fresh))
    assert source.with_suffix(".qm").read_bytes() == fresh.read_bytes(), "run ./dev words"


def test_the_dialog_for_files_speaks_dutch(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> None:
    before = qapp.findChildren(QTranslator)
    translate(qapp, "nl")
    dialog = QFileDialog(None, "Openen", str(tmp_path))
    qtbot.addWidget(dialog)
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    texts = {label.text() for label in dialog.findChildren(QLabel)}
    assert texts == {"&Zoeken in:", "Bestands&naam:", "Bestands&type:"}
    for words in qapp.findChildren(QTranslator):
        if words not in before:
            qapp.removeTranslator(words)
            words.deleteLater()


# --- the window -------------------------------------------------------------------------------------------------------


@pytest.fixture
def english(qapp: QApplication) -> Iterator[None]:
    """The window speaks English in this test."""
    settings.set_language("en")
    language.cache_clear()
    assert language() == "en"
    translate(qapp, "en")
    theme.apply(qapp, "light")
    yield
    for words in qapp.findChildren(QTranslator):
        qapp.removeTranslator(words)
        words.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    language.cache_clear()


def from_model(model: QAbstractItemModel | None) -> Iterator[str]:
    """The headings and cells of a model, tool tips included."""
    if model is None:
        return
    roles = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole)
    columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount()
    for column in range(columns):
        yield from (str(model.headerData(column, Qt.Orientation.Horizontal, role) or "") for role in roles)
    parents = [model.index(-1, -1)]
    while parents:
        parent = parents.pop()
        for row in range(min(model.rowCount(parent), 200)):
            parents.append(model.index(row, 0, parent))
            for column in range(columns):
                yield from (str(model.index(row, column, parent).data(role) or "") for role in roles)


def from_widget(widget: QWidget) -> Iterator[str]:
    """What a widget says, to eye and ear."""
    yield from (widget.toolTip(), widget.statusTip(), widget.accessibleName(), widget.accessibleDescription())
    if isinstance(widget, QAbstractButton | QLabel):
        yield widget.text()
    elif isinstance(widget, QLineEdit):
        yield widget.placeholderText()
        yield widget.text()
    elif isinstance(widget, QGroupBox):
        yield widget.title()
    elif isinstance(widget, QComboBox):
        yield from (widget.itemText(place) for place in range(widget.count()))
    elif isinstance(widget, QTabBar):
        yield from (widget.tabText(place) for place in range(widget.count()))
        yield from (widget.tabToolTip(place) for place in range(widget.count()))
    elif isinstance(widget, QAbstractItemView):
        yield from from_model(widget.model())


def spoken(root: QWidget) -> set[str]:
    """Every text on and behind the widgets of a window."""
    found = {root.windowTitle()}
    for child in [root, *root.findChildren(QObject)]:
        if isinstance(child, QWidget):
            found.update(from_widget(child))
        elif isinstance(child, QAction):
            found.update((child.text(), child.toolTip()))
    return {re.sub(r"<[^>]+>", " ", text).strip() for text in found} - {""}


_TYPED = ("name", "description", "province", "region", "project_leader")
# What only the registers of the tests say: names of acts, and the leader of before a change.
_OF_THE_TESTS = ("Beheer", "Eigen velden", "Project maken", "Deelplan maken", "N. de Wit")


def names_in(store: Store) -> list[str]:
    """The names that people gave, which stay as they are; the longest first."""
    found = {store.path.name, *_OF_THE_TESTS}
    for kind in ("project", "houseblock", "option", "own_field", "person", "municipality"):
        for row in queries.entities(store, kind):
            found.update(str(row[key]) for key in _TYPED if row.get(key))
    for row in queries.entities(store, "milestone"):
        found.update(str(row[key]) for key in ("note", "guard") if row.get(key))
    return sorted(found, key=len, reverse=True)


def dutch_in(root: QWidget, store: Store, *given_besides: str) -> set[str]:
    """The texts that are a Dutch source or hold a Dutch word; the names of the register left out of account."""
    sources = {source for _, source, translation in entries() if translation.text != source}
    english_too = {translation.text for _, _, translation in entries()}
    given = [name for name in (*names_in(store), *sorted(given_besides, key=len, reverse=True)) if len(name) > 2]
    found = set()
    for text in spoken(root):
        if text in BILINGUAL or any(text.endswith(words) for words in BILINGUAL):
            continue
        bare = re.sub(r"Source: .*", "", text)  # a document is cited by its own name
        for name in given:
            bare = bare.replace(name, "·")
        if (text in sources and text not in english_too and text not in given) or DUTCH.search(bare):
            found.add(text)
    return found


OpenWindow = Callable[[Store], MainWindow]


@pytest.fixture
def window(english: None, open_window: OpenWindow, tmp_path: Path) -> MainWindow:
    """The window in English on a register with one well-filled project, which is selected."""
    store = desk.new_store(tmp_path)
    mother, _ = desk.fill(store)
    with store.act("Projectleider wijzigen") as act:
        act.set("project", mother, "project_leader", "N. de Wit-Bos")
    opened = open_window(store)
    opened.state.select([mother])
    return opened


def test_dutch_is_found(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = NewRegisterDialog(tmp_path)
    qtbot.addWidget(dialog)
    with desk.new_store(tmp_path) as store:
        assert {"&Gemeente", "Bladeren…", "Register maken"} <= dutch_in(dialog, store)


def test_the_main_window(window: MainWindow, qtbot: QtBot) -> None:
    for name in window.panels:
        window.show_panel(name)
        qtbot.waitUntil(lambda: window.map.canvas.is_settled() and jobs.busy() == 0, timeout=20_000)
        assert dutch_in(window, window.state.store) == set(), name
    texts = spoken(window)
    assert {"&File", "Findings", "Reference date", "Submissions"} <= texts
    assert "Ctrl+Z: Change project leader" in texts


@pytest.mark.parametrize("tab", Tab, ids=lambda tab: tab.name.lower())
def test_the_tabs_of_the_project_page(window: MainWindow, qtbot: QtBot, tab: Tab) -> None:
    window.show_panel("page")
    window.page.show_tab(tab)
    qtbot.waitUntil(lambda: jobs.busy() == 0, timeout=20_000)
    assert dutch_in(window.page, window.state.store) == set()


def test_an_earlier_day(window: MainWindow, qtbot: QtBot) -> None:
    window.state.set_moment(desk.TODAY.replace(year=2025))
    qtbot.waitUntil(lambda: window.map.canvas.is_settled() and jobs.busy() == 0, timeout=20_000)
    assert "15 June 2025" in " ".join(spoken(window))
    assert dutch_in(window, window.state.store) == set()


def test_the_submission_wizard(english: None, qtbot: QtBot, tmp_path: Path) -> None:
    with exports.new_register(tmp_path) as store:
        exports.fill(store)
        state = AppState(store)
        wizard = ExportWizard(state)
        # The options of the province stand in its file as they are.
        theirs = {text for field in wizard.session.profile.fields for text in field.codes}
        wizard.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        qtbot.addWidget(wizard)
        wizard.show()
        for step in (CHOOSE, MAP, CHECK, LOOK, WRITE):
            if step == LOOK:
                wizard.findings.leave_out.click()
            if step != CHOOSE:
                qtbot.mouseClick(wizard.forward, Qt.MouseButton.LeftButton)
            qtbot.waitUntil(lambda: not wizard.session.checking and jobs.busy() == 0, timeout=20_000)
            assert wizard.step == step
            prepared = wizard.session.prepared
            records = prepared.records if step == LOOK and prepared is not None else []
            written = {str(text) for record in records for pair in record.properties.items() for text in pair}
            assert dutch_in(wizard.pages.currentWidget(), store, *theirs, *written) == set(), step
        wizard.reject()
        qtbot.waitUntil(lambda: jobs.busy() == 0, timeout=20_000)
        state.close()


def test_the_import_dialog(english: None, qtbot: QtBot, tmp_path: Path) -> None:
    template = Template.scratch()
    homes = Homes(number=12, owners={"Koopwoning": 11})
    template.add(project(1, "Kadeplein", Gemeente="Elders"), (homes, None))
    path = template.save(tmp_path / "list.xlsx")
    with desk.new_store(tmp_path) as store:
        state = desk.open_state(store)
        dialog = ImportDialog(state)
        qtbot.addWidget(dialog)
        dialog.show()
        assert "Drag a file here" in spoken(dialog)
        assert dutch_in(dialog, store) == set()
        dialog.set_file(path)
        qtbot.waitUntil(lambda: jobs.busy() == 0, timeout=20_000)
        assert dutch_in(dialog, store) == set()
        dialog.close()
        state.close()


@pytest.mark.parametrize(
    "make",
    [
        lambda window, _: SettingsDialog(window),
        lambda window, folder: NewRegisterDialog(folder, window),
        lambda window, _: NewProjectDialog(window.state, window),
        lambda window, _: KeysDialog(key_rows(window.commands), window),
    ],
    ids=["settings", "new register", "new project", "keys"],
)
def test_the_small_dialogs(window: MainWindow, tmp_path: Path, make: Callable[[MainWindow, Path], QWidget]) -> None:
    dialog = make(window, tmp_path)
    assert len(spoken(dialog)) > 5
    assert dutch_in(dialog, window.state.store) == set()


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        ("Projectnaam wijzigen", "Change project name"),
        ("3 woningblokken verwijderen", "Delete 3 house blocks"),
        ("Mijlpaal verplaatsen: Grond verworven", "Move milestone: Land acquired"),
        ("Keuze 'Broekpolder' uitzetten", "Switch off option 'Broekpolder'"),
        ("Excel ingelezen: plannen.xlsx", "Excel imported: plannen.xlsx"),
        ("Iets wat niemand voorzag", "Iets wat niemand voorzag"),
    ],
)
def test_the_name_of_an_act(english: None, stored: str, said: str) -> None:
    assert act_name(stored) == said


def test_the_name_of_an_act_in_dutch_is_what_the_log_holds() -> None:
    assert act_name("Projectnaam wijzigen") == "Projectnaam wijzigen"


def test_another_language_holds_from_the_next_start(english: None) -> None:
    settings.set_language("nl")
    assert language() == "en"
    language.cache_clear()
    assert language() == "nl"


def test_the_calendar(english: None, qtbot: QtBot) -> None:
    """Numbers stay Dutch; months and days are words."""
    calendar = Calendar(date(2026, 10, 5))
    qtbot.addWidget(calendar)
    shown = set(spoken(calendar))
    assert {"October", "2026", "Mon", "Sun"} <= shown
    assert not shown & {"oktober", "ma", "zo"}
