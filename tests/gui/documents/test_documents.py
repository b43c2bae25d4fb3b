"""Documents of a project: added, described, opened, saved and removed in the window; from one laptop to another."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QObject, QPoint, QPointF, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from diwi_desktop.gui import jobs
from diwi_desktop.gui.documents.model import place_words, size_words
from diwi_desktop.gui.documents.panel import Documents
from diwi_desktop.gui.fields.base import Input
from diwi_desktop.gui.projectpage.page import Tab
from diwi_desktop.gui.sync.link import Link
from diwi_desktop.gui.workspace import MainWindow
from diwi_desktop.store import blobs, queries
from diwi_desktop.sync import documents
from diwi_desktop.sync.documents import FileState
from tests.gui.conftest import OpenWindow
from tests.stores import add, de_hoek, new_store
from tests.sync.real import MakeDesk

pytestmark = pytest.mark.qt_log_ignore("does not support raise", "grabbing the keyboard", "propagateSizeHints")

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(autouse=True)
def by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test says when there is a synchronisation."""
    monkeypatch.setattr(Link, "start", lambda self, *_more, **_named: None)


class Opener(QObject):
    """Stands for the programs of the computer."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[Path] = []

    @Slot(QUrl)
    def open(self, url: QUrl) -> None:
        self.opened.append(Path(url.toLocalFile()))


@pytest.fixture
def opener() -> Iterator[Opener]:
    made = Opener()
    QDesktopServices.setUrlHandler("file", made, "open")
    yield made
    QDesktopServices.unsetUrlHandler("file")


def settled(qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: jobs.busy() == 0)
    QApplication.processEvents()
    qtbot.waitUntil(lambda: jobs.busy() == 0)
    QApplication.processEvents()


def tab_of(qtbot: QtBot, window: MainWindow, project: str) -> Documents:
    window.state.select([project])
    window.show_panel("page")
    window.page.show_tab(Tab.DOCUMENTS)
    settled(qtbot)
    found: Documents = window.page.documents
    return found


def column(panel: Documents, key: str) -> int:
    return [one.field for one in panel.model.columns].index(key)


def cell(panel: Documents, key: str, row: int = 0) -> str:
    return str(panel.model.index(row, column(panel, key)).data())


def middle(panel: Documents, key: str, row: int = 0) -> QPoint:
    return panel.table.grid.visualRect(panel.model.index(row, column(panel, key))).center()


def carried(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def drop(panel: Documents, data: QMimeData) -> None:
    at, copy, none = QPoint(80, 80), Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(at, copy, data, LEFT, none)
    QApplication.sendEvent(panel, enter)
    if enter.isAccepted():
        QApplication.sendEvent(panel, QDropEvent(QPointF(at), copy, data, LEFT, none))


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "overeenkomst.pdf").write_bytes(b"%PDF-1.7 anterieur " * 20_000)
    (folder / "tekening.dwg").write_bytes(b"AC1032 " * 300_000)
    (folder / "leeg.txt").write_bytes(b"")
    return folder


@pytest.fixture
def alone(tmp_path: Path, open_window: OpenWindow) -> tuple[MainWindow, str]:
    """A window on a register without a server."""
    store = new_store(tmp_path / "alleen.diwi")
    project = add(store, de_hoek())
    return open_window(store), project


def test_a_document_without_a_server(
    qtbot: QtBot, alone: tuple[MainWindow, str], papers: Path, opener: Opener, tmp_path: Path
) -> None:
    window, project = alone
    panel = tab_of(qtbot, window, project)
    assert panel.none.isVisible()
    assert panel.none.words.text() == "Er zijn nog geen documenten bij dit project."
    assert "100 MB" in panel.limits.text()
    assert not panel.keep.isVisible()
    qtbot.mouseClick(panel.add_button, LEFT)
    dialog = panel.findChild(QFileDialog)
    assert dialog is not None
    dialog.filesSelected.emit([str(papers / "overeenkomst.pdf")])
    dialog.close()
    settled(qtbot)
    assert [cell(panel, key) for key in ("name", "kind", "confidentiality", "size", "place")] == [
        "overeenkomst.pdf", "Overig", "als het project", "380 kB", "op deze computer",
    ]  # fmt: skip
    assert window.status_line.undo.text() == "Ctrl+Z: Document toevoegen"
    # Typed in the cell, stored when it is left.
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    grid = panel.table.grid
    grid.setFocus()
    grid.setCurrentIndex(panel.model.index(0, column(panel, "note")))
    qtbot.keyClick(grid, Qt.Key.Key_F2)
    editor = grid.findChild(Input, "cell.document.note")
    assert editor is not None
    qtbot.keyClicks(editor.control(), "getekend op 3 juni")
    qtbot.keyClick(editor.control(), Qt.Key.Key_Tab)
    settled(qtbot)
    [row] = queries.entities(window.state.store, "document", project)
    assert row["note"] == "getekend op 3 juni"
    grid.setFocus()
    qtbot.keyClick(grid, Qt.Key.Key_Escape)
    grid.setCurrentIndex(panel.model.index(0, 0))
    qtbot.keyClick(grid, Qt.Key.Key_Return)
    settled(qtbot)
    assert [path.name for path in opener.opened] == ["overeenkomst.pdf"]
    assert opener.opened[0].read_bytes() == (papers / "overeenkomst.pdf").read_bytes()
    qtbot.mouseDClick(grid.viewport(), LEFT, pos=middle(panel, "size"))
    settled(qtbot)
    assert len(opener.opened) == 2
    panel.save(row["id"], tmp_path / "elders.pdf")
    settled(qtbot)
    assert (tmp_path / "elders.pdf").read_bytes() == (papers / "overeenkomst.pdf").read_bytes()


def test_every_file_that_was_not_added_is_named_with_its_reason(
    qtbot: QtBot, alone: tuple[MainWindow, str], papers: Path
) -> None:
    window, project = alone
    panel = tab_of(qtbot, window, project)
    large = papers / "te-groot.tif"
    with large.open("wb") as handle:
        handle.write(b"II*\0")
        handle.truncate(blobs.LARGEST + 1)
    panel.attach([papers / "leeg.txt", papers / "overeenkomst.pdf", large, papers / "weg.pdf", papers / "tekening.dwg"])
    settled(qtbot)
    [box] = panel.findChildren(QMessageBox)
    head, _, *lines = box.text().split("\n")
    assert head == "3 bestanden zijn niet toegevoegd:"
    assert [line.partition(": ")[0] for line in lines] == ["leeg.txt", "te-groot.tif", "weg.pdf"]
    assert lines[0] == "leeg.txt: Het bestand is leeg."
    assert "100 MB" in lines[1]
    assert panel.model.rowCount() == 2
    box.close()
    (papers / "rekenblad.xlsx").write_bytes(b"<html>geen rekenblad</html>")
    (papers / "nuttig.exe").write_bytes(b"MZ")
    panel.attach([papers / "rekenblad.xlsx", papers / "nuttig.exe"])
    settled(qtbot)
    box = next(one for one in panel.findChildren(QMessageBox) if one.isVisible())
    _, _, sheet, program = box.text().split("\n")
    assert sheet.startswith("rekenblad.xlsx: De inhoud is geen .xlsx-bestand")
    assert program.startswith("nuttig.exe: Programma's en scripts")
    assert panel.model.rowCount() == 2
    box.close()
    panel.attach([papers / f"weg-{n}.pdf" for n in range(30)])
    settled(qtbot)
    box = next(one for one in panel.findChildren(QMessageBox) if one.isVisible())
    assert box.text().startswith("30 bestanden zijn niet toegevoegd:")
    assert len(box.text().split("\n")) < 16
    assert all(f"weg-{n}.pdf: " in box.detailedText() for n in range(30))
    box.close()


def test_files_are_dropped_and_removed(qtbot: QtBot, alone: tuple[MainWindow, str], papers: Path) -> None:
    window, project = alone
    panel = tab_of(qtbot, window, project)
    drop(panel, carried(papers / "overeenkomst.pdf", papers / "leeg.txt", papers / "tekening.dwg", papers))
    settled(qtbot)
    box = panel.findChild(QMessageBox)
    assert box is not None
    assert box.text() == "1 bestand is niet toegevoegd:\n\nleeg.txt: Het bestand is leeg."
    box.close()
    assert sorted(cell(panel, "name", row) for row in range(panel.model.rowCount())) == [
        "overeenkomst.pdf", "tekening.dwg",
    ]  # fmt: skip
    assert sorted(cell(panel, "size", row) for row in range(2)) == ["2,1 MB", "380 kB"]
    panel.table.grid.setFocus()
    panel.table.grid.selectAll()
    qtbot.keyClick(panel.table.grid, Qt.Key.Key_Delete)
    settled(qtbot)
    assert queries.entities(window.state.store, "document", project) == []
    assert panel.none.isVisible()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settled(qtbot)
    assert panel.model.rowCount() == 2


def test_a_past_day_adds_nothing(qtbot: QtBot, alone: tuple[MainWindow, str], papers: Path) -> None:
    window, project = alone
    panel = tab_of(qtbot, window, project)
    window.state.set_moment(window.state.store.clock.today().replace(year=2027))
    settled(qtbot)
    assert not panel.add_button.isEnabled()
    drop(panel, carried(papers / "overeenkomst.pdf"))
    settled(qtbot)
    assert queries.entities(window.state.store, "document", project) == []


def test_what_is_added_here_is_opened_there(
    qtbot: QtBot, open_window: OpenWindow, desk: MakeDesk, papers: Path, opener: Opener
) -> None:
    anna, bram = desk("Anna", filled=True), desk("Bram")
    project = add(anna.store, de_hoek())
    anna.sync()
    window = open_window(anna.store)
    panel = tab_of(qtbot, window, project)
    drop(panel, carried(papers / "tekening.dwg"))
    settled(qtbot)
    assert cell(panel, "place") == "nog te verzenden"
    anna.sync()
    window.state.request("refresh_files")
    assert cell(panel, "place") == "op deze computer"
    window.close()
    bram.sync()
    there = open_window(bram.store)
    panel = tab_of(qtbot, there, project)
    assert [cell(panel, key) for key in ("name", "place")] == ["tekening.dwg", "op de server"]
    grid = panel.table.grid
    grid.setFocus()
    qtbot.keyClick(grid, Qt.Key.Key_Return)
    settled(qtbot)
    box = panel.findChild(QMessageBox)
    assert box is not None
    assert "wordt bij de volgende synchronisatie opgehaald" in box.text()
    box.close()
    assert cell(panel, "place") == "wordt opgehaald"
    bram.sync()
    there.state.request("refresh_files")
    assert cell(panel, "place") == "op deze computer"
    qtbot.keyClick(grid, Qt.Key.Key_Return)
    settled(qtbot)
    assert opener.opened[-1].read_bytes() == (papers / "tekening.dwg").read_bytes()


def test_kept_on_this_computer(qtbot: QtBot, open_window: OpenWindow, desk: MakeDesk, papers: Path) -> None:
    anna, bram = desk("Anna", filled=True), desk("Bram", "User")
    project = add(anna.store, de_hoek())
    for name in ("overeenkomst.pdf", "tekening.dwg"):
        documents.attach(anna.store, project, papers / name)
    for one in (anna, bram):
        one.sync()
    window = open_window(bram.store)
    panel = tab_of(qtbot, window, project)
    box = panel.table.grid.visualRect(panel.model.index(0, column(panel, "offline")))
    qtbot.mouseClick(panel.table.grid.viewport(), LEFT, pos=QPoint(box.left() + 12, box.center().y()))
    settled(qtbot)
    states = [panel.model.files.get(row["id"]) for row in panel.model.rows]
    assert [state.state for state in states if state is not None] == [blobs.DOWN, blobs.AWAY]
    qtbot.mouseClick(panel.keep, LEFT)
    settled(qtbot)
    bram.sync()
    window.state.request("refresh_files")
    assert {cell(panel, "place", row) for row in range(2)} == {"op deze computer"}


@pytest.mark.parametrize(
    ("state", "share", "words"),
    [("up", 0.0, "nog te verzenden"), ("up", 0.4, "nog te verzenden, 40 %"), ("down", 0.25, "wordt opgehaald, 25 %"),
     ("here", 1.0, "op deze computer"), ("away", 0.0, "op de server"), ("lost", 0.0, "ontbreekt")],
)  # fmt: skip
def test_where_a_file_is_in_words(state: str, share: float, words: str) -> None:
    assert place_words(FileState(state, share, False)) == words


@pytest.mark.parametrize(
    ("size", "words"), [(1, "1 kB"), (340_400, "340 kB"), (999_999, "1.000 kB"), (1_240_000, "1,2 MB")]
)
def test_sizes_in_words(size: int, words: str) -> None:
    assert size_words(size) == words
