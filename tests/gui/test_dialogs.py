"""A new project, a new register, settings, and opening registers: small dialogs and what they lead to."""

from __future__ import annotations

import gc
import os
import threading
import weakref
from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QStandardPaths, Qt, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from diwi_desktop.gui import app as gui_app
from diwi_desktop.gui import folders, jobs, mappanel, settings, theme
from diwi_desktop.gui.dialogs.new_project import NewProjectDialog
from diwi_desktop.gui.dialogs.new_register import NewRegisterDialog
from diwi_desktop.gui.dialogs.settings import SettingsDialog
from diwi_desktop.gui.map.canvas import MapCanvas
from diwi_desktop.gui.projectpage.page import Tab
from diwi_desktop.gui.workspace import MainWindow
from diwi_desktop.model.codes import MilestoneBasis
from diwi_desktop.store import Store, StoreError, plans, queries
from tests.gui.clipping import cut
from tests.gui.registers import make_register

LEFT = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier


def dialog_of(window: MainWindow, kind: type[NewProjectDialog]) -> NewProjectDialog:
    return next(d for d in window.findChildren(kind) if d.isVisible())


@pytest.mark.parametrize("command", ["new_project", "new_register", "connect", "invitation"])
def test_the_button_that_goes_on_is_the_blue_one(qtbot: QtBot, window: MainWindow, command: str) -> None:
    window.commands[command].trigger()
    found: list[QDialog] = []

    def there() -> bool:
        found[:] = [one for one in window.findChildren(QDialog) if one.isVisible()]
        return bool(found)

    qtbot.waitUntil(there)
    accent = theme.colour("accent")
    buttons = [button for button in found[-1].findChildren(QPushButton) if button.isVisible() and button.isEnabled()]
    blue = [b for b in buttons if b.grab().toImage().pixelColor(6, b.height() // 2) == accent]
    assert len(blue) == 1
    assert blue[0].isDefault()
    found[-1].reject()


def test_messages_look_like_the_rest(qtbot: QtBot, window: MainWindow) -> None:
    window.commands["about"].trigger()
    qtbot.waitUntil(lambda: any(box.isVisible() for box in window.findChildren(QMessageBox)))
    box = window.findChild(QMessageBox)
    (button,) = box.buttons()
    assert button.icon().isNull()
    assert box.fontMetrics().horizontalAdvance(box.windowTitle()) + 120 < box.width()  # the buttons of the frame
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert not box.isVisible()


def test_a_new_project_has_its_milestones_and_is_in_hand(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_N, CTRL)
    dialog = dialog_of(window, NewProjectDialog)
    assert dialog.start.text() == "21-11-2026"
    assert dialog.phase.currentText() == "2 Initiatief"
    assert "mijlpalen" in dialog.outlook.text()
    qtbot.keyClicks(dialog.name, "De Nieuwe Hoek")
    qtbot.keyClick(dialog.name, Qt.Key.Key_Return)
    project = window.state.project
    assert project is not None
    plan = plans.plan(window.state.store, project)
    assert plan.name == "De Nieuwe Hoek"
    assert plan.start_date == date(2026, 11, 21)
    assert len(plan.milestones) > 3
    assert any(m.basis is MilestoneBasis.LEAD_TIME for m in plan.milestones)
    qtbot.waitUntil(lambda: window.table.model.place_of(project) is not None)
    assert window.state.store.undo_name == "Nieuw project"


def test_a_project_needs_a_name_and_a_real_date(qtbot: QtBot, window: MainWindow) -> None:
    before = window.state.store.seq
    window.projects.new()
    dialog = dialog_of(window, NewProjectDialog)
    qtbot.mouseClick(dialog.ok, LEFT)
    assert dialog.problem.text() == "Geef het project een naam."
    qtbot.waitUntil(lambda: not cut(dialog))
    qtbot.waitUntil(lambda: dialog.start.height() >= dialog.start.sizeHint().height())
    qtbot.keyClicks(dialog.name, "Plan")
    assert not dialog.problem.isVisible()
    dialog.start.setText("31-02-2026")
    assert dialog.outlook.text() == ""
    qtbot.mouseClick(dialog.ok, LEFT)
    assert "geen datum" in dialog.problem.text()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert window.state.store.seq == before


def test_a_sub_plan_hangs_under_the_project_in_hand(qtbot: QtBot, window: MainWindow) -> None:
    mother = window.table.model.id_at(0)
    window.state.select([mother])
    window.commands["new_sub_plan"].trigger()
    dialog = dialog_of(window, NewProjectDialog)
    assert dialog.windowTitle() == f"Nieuw deelplan van {window.table.model.row_of(mother).name}"
    qtbot.keyClicks(dialog.name, "Deel A")
    qtbot.keyClick(dialog.name, Qt.Key.Key_Return)
    project = window.state.project
    assert project is not None
    found = queries.entity(window.state.store, "project", project)
    assert found is not None
    assert found["parent"] == mother


def test_a_new_register_is_made_where_asked(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = NewRegisterDialog(tmp_path)
    qtbot.addWidget(dialog)
    made: list[Path] = []
    dialog.created.connect(made.append)
    dialog.show()
    dialog.accept()
    assert "naam van de gemeente" in dialog.problem.text()
    qtbot.keyClicks(dialog.name, "Wijk aan Zee")
    dialog.accept()
    assert "vier cijfers" in dialog.problem.text()
    qtbot.keyClicks(dialog.code, "0396")
    assert Path(dialog.path.text()).parent == tmp_path
    dialog.accept()
    assert made == [tmp_path / "wijkaanzee.diwi"]
    with Store.open(made[0], author="x") as store:
        assert queries.municipality(store).name == "Wijk aan Zee"
        assert queries.municipality(store).province == "Zuid-Holland"


def test_a_register_never_takes_the_place_of_another(qtbot: QtBot, tmp_path: Path) -> None:
    make_register(tmp_path / "heemskerk.diwi", 1).close()
    dialog = NewRegisterDialog(tmp_path)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.keyClicks(dialog.name, "Heemskerk")
    qtbot.keyClicks(dialog.code, "0396")
    dialog.accept()
    assert "bestaat al" in dialog.problem.text()
    assert dialog.isVisible()


def test_settings_hold_at_once(qtbot: QtBot) -> None:
    dialog = SettingsDialog()
    qtbot.addWidget(dialog)
    changes: list[None] = []
    dialog.look_changed.connect(lambda: changes.append(None))
    dialog.show()
    dialog.theme.setCurrentIndex(dialog.theme.findData("dark"))
    dialog.text_size.setCurrentIndex(2)
    assert len(changes) == 2
    assert (settings.theme_name(), settings.text_scale()) == ("dark", 1.3)
    assert not dialog.restart.isVisible()
    dialog.language.setCurrentIndex(1)
    assert settings.language() == "en"
    assert dialog.restart.isVisible()
    dialog.author.clear()
    qtbot.keyClicks(dialog.author, "Noor de Wit")
    qtbot.keyClick(dialog.author, Qt.Key.Key_Escape)
    assert settings.author() == "Noor de Wit"


def test_settings_of_another_version_do_no_harm() -> None:
    settings.set_value("view/language", "tlh")
    settings.set_value("view/theme", "neon")
    settings.set_value("view/text_scale", "groot")
    settings.set_value("stores/recent", "weg.diwi")
    assert (settings.language(), settings.theme_name(), settings.text_scale()) == ("nl", "system", 1.0)
    assert settings.recent_stores() == []


@pytest.fixture
def desk(qtbot: QtBot, qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[gui_app.Desk]:
    monkeypatch.setattr(mappanel, "MapCanvas", partial(MapCanvas, workers=0))
    made = gui_app.Desk(qapp)
    yield made
    if made.window is not None:
        store = made.window.state.store
        made.window.close()
        store.close()
        made.window.deleteLater()
    assert jobs.stop_all()
    theme.apply(qapp, "light")


def two_registers(folder: Path) -> tuple[Path, Path]:
    """One with two projects, one with three."""
    paths = folder / "een.diwi", folder / "twee.diwi"
    for path, projects in zip(paths, (2, 3), strict=True):
        make_register(path, projects).close()
    return paths


def shown(desk: gui_app.Desk) -> MainWindow:
    assert desk.window is not None
    return desk.window


def boxes() -> list[QMessageBox]:
    return [w for w in QApplication.topLevelWidgets() if isinstance(w, QMessageBox) and w.isVisible()]


def test_another_register_takes_the_place_of_the_first(qtbot: QtBot, desk: gui_app.Desk, tmp_path: Path) -> None:
    one, two = two_registers(tmp_path)
    assert desk.open(one)
    first = shown(desk)
    qtbot.waitUntil(lambda: first.is_ready, timeout=20_000)
    first.files.open_path(two)
    second = shown(desk)
    assert second is not first
    assert second.table.count_text == "3 / 3"
    qtbot.waitUntil(lambda: second.is_ready, timeout=20_000)
    assert settings.recent_stores()[:2] == [two, one]
    Store.open(one, author="x").close()  # the first was let go
    second.files.open_path(two)
    assert desk.window is second, "the same register is not opened twice"


def test_another_register_does_not_wait_for_what_is_read_of_the_first(
    qtbot: QtBot, desk: gui_app.Desk, tmp_path: Path
) -> None:
    one, two = two_registers(tmp_path)
    assert desk.open(one)
    first = shown(desk)
    qtbot.waitUntil(lambda: first.is_ready and jobs.busy() == 0, timeout=20_000)
    go, store, read = threading.Event(), first.state.store, list[int]()

    def work(_progress: jobs.Progress, _cancelled: jobs.IsCancelled) -> None:
        assert go.wait(60)
        read.append(len(queries.project_rows(store)))

    jobs.run_quietly(work, parent=first)
    assert desk.open(two)
    second = shown(desk)
    qtbot.waitUntil(lambda: second.isVisible() and second.is_ready, timeout=20_000)
    with pytest.raises(StoreError) as still:
        Store.open(one, author="x")
    assert still.value.code == "store_locked"
    assert desk.open(one), "it is opened once it has been closed"
    assert second.status_line.currentMessage().startswith("een.diwi gaat open zodra het is gesloten")
    assert shown(desk) is second
    go.set()
    qtbot.waitUntil(lambda: shown(desk).state.store.path == one, timeout=20_000)
    assert read == [2], "what was being read found its register open"
    qtbot.waitUntil(lambda: shown(desk).is_ready, timeout=20_000)
    Store.open(two, author="x").close()


def test_who_changes_his_mind_at_once_gets_the_first_register_back(
    qtbot: QtBot, desk: gui_app.Desk, tmp_path: Path
) -> None:
    one, two = two_registers(tmp_path)
    assert desk.open(one)
    qtbot.waitUntil(lambda: shown(desk).is_ready, timeout=20_000)
    assert desk.open(two)
    assert desk.open(one), "its window has not even been closed yet"
    qtbot.waitUntil(lambda: shown(desk).state.store.path == one and shown(desk).is_ready, timeout=20_000)
    assert not boxes()


def test_what_was_asked_for_last_counts(qtbot: QtBot, desk: gui_app.Desk, tmp_path: Path) -> None:
    one, two = two_registers(tmp_path)
    assert desk.open(one)
    qtbot.waitUntil(lambda: shown(desk).is_ready, timeout=20_000)
    go = threading.Event()
    jobs.run_quietly(lambda _p, _c: go.wait(60), parent=shown(desk))
    assert desk.open(two)
    second = shown(desk)
    qtbot.waitUntil(lambda: second.is_ready, timeout=20_000)
    assert desk.open(one)
    assert desk.open(two), "he stays after all"
    go.set()

    def free() -> bool:
        try:
            Store.open(one, author="x").close()
        except StoreError:
            return False
        return True

    qtbot.waitUntil(free, timeout=20_000)
    qtbot.waitUntil(lambda: jobs.busy() == 0)
    assert shown(desk) is second


def test_a_register_that_does_not_close_can_be_asked_for_again(
    qtbot: QtBot, desk: gui_app.Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = two_registers(tmp_path)
    assert desk.open(one)
    store = shown(desk).state.store
    qtbot.waitUntil(lambda: shown(desk).is_ready and jobs.busy() == 0, timeout=20_000)
    close = store.close

    def fails() -> None:
        close()
        raise OSError("the disk is gone")

    monkeypatch.setattr(store, "close", fails)
    with qtbot.captureExceptions() as raised:
        assert desk.open(two)
        qtbot.waitUntil(lambda: bool(raised), timeout=20_000)
    assert desk.open(one)
    qtbot.waitUntil(lambda: shown(desk).state.store.path == one and shown(desk).is_ready, timeout=20_000)


def test_a_program_that_ends_waits_for_what_is_still_read(
    qtbot: QtBot, desk: gui_app.Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = two_registers(tmp_path)
    assert desk.open(one)
    qtbot.waitUntil(lambda: shown(desk).is_ready, timeout=20_000)
    go = threading.Event()
    jobs.run_quietly(lambda _p, _c: go.wait(60), parent=shown(desk))
    assert desk.open(two)
    second = shown(desk)
    qtbot.waitUntil(lambda: second.is_ready, timeout=20_000)
    second.leave()
    join = threading.Thread.join

    def joined(thread: threading.Thread, timeout: float | None = None) -> None:
        go.set()  # it is read for as long as nobody waits for it
        join(thread, timeout)

    monkeypatch.setattr(threading.Thread, "join", joined)
    desk.end()
    for path in (one, two):
        Store.open(path, author="x").close()


def all_seen(qtbot: QtBot, window: MainWindow, ended: list[str]) -> dict[str, weakref.ref[QObject]]:
    """Look at everything in a window. What it is made of, and in `ended` what of it has ended."""
    qtbot.waitUntil(lambda: window.is_ready, timeout=20_000)
    window.state.select([window.table.model.shown[0].id])
    for name in window.panels:
        window.show_panel(name)
    for tab in Tab:
        window.page.show_tab(tab)
    qtbot.waitUntil(lambda: jobs.busy() == 0, timeout=20_000)
    parts = window.docks.parts()
    parts[-1].destroyed.connect(lambda: ended.append("a panel"))
    window.destroyed.connect(lambda: ended.append("the window"))
    return {type(part).__name__: weakref.ref(part) for part in [window, window.table.model, *parts]}


def test_a_window_ends_in_turns_and_leaves_nothing_behind(qtbot: QtBot, desk: gui_app.Desk, tmp_path: Path) -> None:
    one, two = two_registers(tmp_path)
    assert desk.open(one)
    ended: list[str] = []
    known = all_seen(qtbot, shown(desk), ended)
    beat = QTimer()
    beat.timeout.connect(lambda: ended.append("a turn") if ended[-1:] == ["a panel"] else None)
    beat.start(0)
    gc.collect()
    gc.disable()  # looking at all there is would keep the new window waiting
    try:
        assert desk.open(two)
        assert not shown(desk).isVisible(), "made in one turn, shown in the next"
        qtbot.waitUntil(lambda: "the window" in ended and shown(desk).is_ready, timeout=20_000)
        assert [name for name, part in known.items() if part() is not None] == []
    finally:
        gc.enable()
        beat.stop()
    assert ended == ["a panel", "a turn", "the window"]


def test_a_register_takes_over_the_place_of_the_window(qtbot: QtBot, desk: gui_app.Desk, tmp_path: Path) -> None:
    one, two = two_registers(tmp_path)
    assert desk.open(one)
    first = shown(desk)
    assert first.isMaximized(), "the screen of the tests is smaller than the window would like to be"
    first.showNormal()
    first.resize(960, 633)
    first.files.open_path(two)
    second = shown(desk)
    qtbot.waitUntil(second.isVisible)
    assert not second.isMaximized()
    assert (second.width(), second.height()) == (960, 633)
    second.showMaximized()
    second.files.open_path(one)
    assert shown(desk).isMaximized()


def test_a_register_is_looked_for_where_the_last_one_was(
    qtbot: QtBot, desk: gui_app.Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents, elsewhere = tmp_path / "Documenten", tmp_path / "elders"
    documents.mkdir()
    elsewhere.mkdir()
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _: str(documents))
    one, two = tmp_path / "een.diwi", elsewhere / "twee.diwi"
    make_register(one, 2).close()
    make_register(two, 3).close()
    assert desk.open(one)
    assert _asked_in(shown(desk), two) == documents
    assert desk.store is not None
    assert desk.store.path == two
    assert _asked_in(shown(desk), one) == elsewhere
    assert folders.start(folders.IMPORTS) == documents
    folders.remember(folders.IMPORTS, tmp_path / "weg" / "a.xlsx")
    assert folders.start(folders.IMPORTS) == documents, "a folder that is gone"


def _asked_in(window: MainWindow, chosen: Path) -> Path:
    """Open another register by the dialog; the folder in which that began."""
    window.files.ask_open()
    dialog = window.findChild(QFileDialog)
    folder = Path(dialog.directory().absolutePath())
    dialog.fileSelected.emit(str(chosen))
    dialog.reject()
    return folder


@pytest.mark.parametrize("trouble", ["locked", "newer", "damaged", "missing", "no register"])
def test_a_register_that_does_not_open_gives_one_sentence(
    qtbot: QtBot, desk: gui_app.Desk, tmp_path: Path, trouble: str
) -> None:
    good, bad = tmp_path / "goed.diwi", tmp_path / "fout.diwi"
    make_register(good, 1).close()
    made = make_register(bad, 1)
    if trouble != "locked":
        made.close()
    if trouble == "newer":
        import sqlite3

        connection = sqlite3.connect(bad)
        connection.execute("PRAGMA user_version = 9999")
        connection.close()
    elif trouble == "damaged":
        with bad.open("r+b") as handle:
            handle.seek(1000)
            handle.write(os.urandom(60_000))
    elif trouble == "missing":
        bad.unlink()
    elif trouble == "no register":
        bad.write_text("geen register", encoding="utf-8")
    assert desk.open(good)
    window = shown(desk)
    qtbot.waitUntil(lambda: window.is_ready, timeout=20_000)
    window.files.open_path(bad)
    qtbot.waitUntil(lambda: len(boxes()) == 1)
    sentence = boxes()[0].text()
    assert sentence.endswith(".")
    assert "Traceback" not in sentence
    qtbot.keyClick(boxes()[0], Qt.Key.Key_Return)
    assert desk.window is window
    assert window.isVisible(), "the program stays alive"
    made.close()


def test_the_first_start_makes_the_demo_and_opens_it(
    qtbot: QtBot, desk: gui_app.Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from diwi_desktop import demo

    monkeypatch.setattr(demo, "make_demo", partial(demo.make_demo, projects=6, parcels=200))
    assert desk.start(None)
    qtbot.waitUntil(lambda: desk.window is not None, timeout=30_000)
    window = shown(desk)
    assert window.state.store.path == gui_app.demo_path()
    assert window.table.model.total_count == 6
    qtbot.waitUntil(lambda: window.is_ready, timeout=20_000)


def test_the_next_start_opens_what_was_used_last(qtbot: QtBot, desk: gui_app.Desk, tmp_path: Path) -> None:
    path = tmp_path / "laatst.diwi"
    make_register(path, 4).close()
    settings.remember_store(path)
    assert desk.start(None)
    assert shown(desk).state.store.path == path
    qtbot.waitUntil(lambda: shown(desk).is_ready, timeout=20_000)


def test_when_the_last_register_is_gone_the_demo_opens(qtbot: QtBot, desk: gui_app.Desk, tmp_path: Path) -> None:
    make_register(tmp_path / "weg.diwi", 3).close()
    settings.remember_store(tmp_path / "weg.diwi")
    (tmp_path / "weg.diwi").unlink()
    make_register(gui_app.demo_path(), 5).close()
    assert desk.start(None)
    assert shown(desk).state.store.path == gui_app.demo_path()
    qtbot.waitUntil(lambda: shown(desk).is_ready, timeout=20_000)


def test_a_register_that_may_not_be_written_can_be_looked_at(
    qtbot: QtBot, desk: gui_app.Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.diwi"
    make_register(path, 5).close()
    path.chmod(0o444)
    may = os.access
    if may(path, os.W_OK):  # the superuser may write to it all the same
        monkeypatch.setattr(os, "access", lambda at, mode: may(at, mode) and (at != path or mode != os.W_OK))
    assert desk.open(path)
    window = shown(desk)
    qtbot.waitUntil(lambda: window.is_ready and jobs.busy() == 0, timeout=20_000)
    assert window.state.store.read_only
    assert window.table.count_text == "5 / 5"
    assert window.past_bar.isVisible()
    assert window.past_bar.words.text().startswith("Alleen lezen")
    assert not window.past_bar.back.isVisible()
    assert window.past_frame.isVisible()
    assert not window.commands["new_project"].isEnabled()


def test_a_register_that_is_open_elsewhere_is_not_replaced_by_the_demo(
    desk: gui_app.Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = make_register(tmp_path / "open.diwi", 3)
    settings.remember_store(store.path)
    said: list[str] = []
    monkeypatch.setattr(QMessageBox, "exec", lambda box: said.append(box.text()))
    assert not desk.start(None)
    assert desk.window is None
    assert "in een ander venster van DIWI Desktop" in said[0]
    store.close()


def test_a_window_that_cannot_be_made_is_told_and_keeps_the_register_from_nobody(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.diwi"
    make_register(path, 3).close()

    def fails(_store: Store) -> MainWindow:
        raise AttributeError("no such command")

    said: list[str] = []
    monkeypatch.setattr(gui_app, "MainWindow", fails)
    monkeypatch.setattr(gui_app, "make_application", lambda _arguments: qapp)
    monkeypatch.setattr(QMessageBox, "exec", lambda box: said.append(box.text()))
    with pytest.raises(AttributeError, match="no such command"):
        gui_app.run(path)
    assert said[0].startswith("DIWI Desktop kan niet starten")
    Store.open(path, author="x").close()
