"""Encrypting the register at hand from the window: all of it or nothing, and one sentence when it cannot be."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from diwi_desktop.gui import app as gui_app
from diwi_desktop.gui import jobs
from diwi_desktop.gui.jobdialog import ProgressDialog
from diwi_desktop.gui.workspace import MainWindow
from diwi_desktop.model.finding import UserError
from diwi_desktop.store import Store, cipher
from diwi_desktop.store.verify import verify
from diwi_desktop.sync import encryption
from diwi_desktop.sync.credentials import Credentials
from tests.stores import add, de_hoek, new_store
from tests.sync.test_encryption import Memory

pytest.importorskip("sqlcipher3")
pytestmark = pytest.mark.qt_log_ignore("does not support raise", "grabbing the keyboard", "propagateSizeHints")

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> Memory:
    """A key store that passes for the system's own, from which keys are taken as the program does."""
    found = Memory()
    monkeypatch.setattr(
        encryption, "Credentials", lambda: Credentials(found, trusted=frozenset({"tests.sync.test_encryption"}))
    )
    monkeypatch.setattr(cipher, "keys", lambda _salt: next(iter(found.kept.values()), None))
    return found


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with new_store(tmp_path / "plan.diwi") as store:
        add(store, de_hoek())
    return tmp_path / "plan.diwi"


@pytest.fixture
def desk(qtbot: QtBot, qapp: QApplication, path: Path) -> Iterator[gui_app.Desk]:
    made = gui_app.Desk(qapp)
    assert made.open(path)
    yield made
    if made.window is not None:
        made.window.close()
        made.window.state.store.close()
    for box in boxes():
        box.close()
    assert jobs.stop_all()


def boxes() -> list[QMessageBox]:
    return [w for w in QApplication.topLevelWidgets() if isinstance(w, QMessageBox) and w.isVisible()]


def box(qtbot: QtBot, name: str = "") -> QMessageBox:
    qtbot.waitUntil(lambda: any(one.objectName() == name for one in boxes()), timeout=20_000)
    return next(one for one in boxes() if one.objectName() == name)


def ready(qtbot: QtBot, desk: gui_app.Desk) -> MainWindow:
    qtbot.waitUntil(lambda: desk.window is not None and desk.window.is_ready and jobs.busy() == 0, timeout=20_000)
    assert desk.window is not None
    return desk.window


def press(qtbot: QtBot, shown: QMessageBox, words: str) -> None:
    qtbot.mouseClick(next(b for b in shown.buttons() if b.text().replace("&", "") == words), LEFT)


def test_a_register_is_encrypted_and_opened_by_a_new_process(
    qtbot: QtBot, desk: gui_app.Desk, path: Path, keys: Memory
) -> None:
    window = ready(qtbot, desk)
    started: list[Path] = []
    desk.restart = started.append
    window.commands["encrypt"].trigger()
    asked = box(qtbot, "EncryptBox")
    assert "QGIS niet" in asked.informativeText()
    assert "het staat nergens anders" in asked.informativeText()
    press(qtbot, asked, "Versleutelen")
    again = box(qtbot, "RestartBox")
    assert encryption.is_encrypted(path)
    assert sorted(one.name for one in path.parent.glob("plan.diwi*")) == ["plan.diwi", "plan.diwi.lock"]
    assert again.text() == "plan.diwi is versleuteld. Het programma start opnieuw om het te openen."
    press(qtbot, again, "Opnieuw starten")
    assert started == [path]
    [key] = keys.kept.values()
    command = [sys.executable, "-m", "tests.sync.encrypted_work", str(path), key]
    assert subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip() == "done"


def test_who_thinks_better_of_it_has_everything_as_it_was(
    qtbot: QtBot, desk: gui_app.Desk, path: Path, keys: Memory
) -> None:
    window = ready(qtbot, desk)
    window.commands["encrypt"].trigger()
    qtbot.keyClick(box(qtbot, "EncryptBox"), Qt.Key.Key_Escape)
    assert desk.window is window
    assert not encryption.is_encrypted(path)


def test_cancelled_half_way_the_plain_register_opens_again(
    qtbot: QtBot, desk: gui_app.Desk, path: Path, keys: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = ready(qtbot, desk)
    export = cipher.export

    def slowly(source: Path, target: Path, key: str, progress: Any, cancelled: Any) -> str:
        progress(0.3)
        for _ in range(2000):
            if cancelled():
                break
            threading.Event().wait(0.01)
        return export(source, target, key, progress, cancelled)

    monkeypatch.setattr(cipher, "export", slowly)
    first.commands["encrypt"].trigger()
    press(qtbot, box(qtbot, "EncryptBox"), "Versleutelen")

    def progress() -> list[ProgressDialog]:
        return [w for w in QApplication.topLevelWidgets() if isinstance(w, ProgressDialog) and w.isVisible()]

    qtbot.waitUntil(lambda: bool(progress()), timeout=20_000)
    qtbot.keyClick(progress()[0], Qt.Key.Key_Escape)
    second = ready(qtbot, desk)
    assert second is not first
    assert not encryption.is_encrypted(path)
    assert [one.name for one in path.parent.glob("plan.diwi.vers*")] == []
    assert verify(second.state.store) == []
    assert keys.kept == {}


def test_a_full_disk_is_said_and_nothing_is_lost(
    qtbot: QtBot, desk: gui_app.Desk, path: Path, keys: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready(qtbot, desk).commands["encrypt"].trigger()

    def full(*_: object) -> str:
        raise cipher.module().OperationalError("database or disk is full")

    monkeypatch.setattr(cipher, "export", full)
    press(qtbot, box(qtbot, "EncryptBox"), "Versleutelen")
    said = box(qtbot)
    assert "schijf" in said.text()
    said.close()
    assert not encryption.is_encrypted(path)
    assert ready(qtbot, desk).table.count_text == "1 / 1"


def test_a_register_that_cannot_be_opened_again_leaves_no_program_without_a_window(
    qtbot: QtBot, qapp: QApplication, desk: gui_app.Desk, path: Path, keys: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready(qtbot, desk).commands["encrypt"].trigger()
    said: list[str] = []
    quits: list[bool] = []

    def fails(_: Path) -> Store:
        raise UserError("De schijf is weg.", "The disk is gone.", code="store_missing")

    monkeypatch.setattr(desk, "_opened", fails)
    monkeypatch.setattr(desk, "_say", lambda error: said.append(error.nl))
    monkeypatch.setattr(qapp, "quit", lambda: quits.append(True))
    press(qtbot, box(qtbot, "EncryptBox"), "Versleutelen")
    qtbot.waitUntil(lambda: bool(quits), timeout=20_000)
    assert said == ["De schijf is weg."]
    assert qapp.quitOnLastWindowClosed()


def test_without_a_safe_key_store_it_is_one_sentence_and_the_window_stays(
    qtbot: QtBot, desk: gui_app.Desk, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encryption, "Credentials", lambda: Credentials(Memory()))
    window = ready(qtbot, desk)
    window.commands["encrypt"].trigger()
    said = box(qtbot)
    assert said.text() == (
        "Deze computer heeft geen veilige sleutelbewaarplaats; het bestand kan niet versleuteld worden."
    )
    said.close()
    assert desk.window is window
    Store.open(path, author="x", read_only=True).close()
