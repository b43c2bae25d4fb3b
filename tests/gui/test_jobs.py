"""Long work runs beside the window, can be stopped, and never loses an error."""

import gc
import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from diwi_desktop.gui import jobs
from diwi_desktop.gui.jobdialog import ProgressDialog
from diwi_desktop.model.finding import Cancelled, UserError

PATIENCE = 10.0  # seconds that a worker waits for the test at most


@pytest.fixture(autouse=True)
def _all_ended(qapp: QApplication):
    yield
    assert jobs.stop_all()


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    return widget


def _dialog(window: QWidget) -> QDialog | None:
    found = [d for d in window.findChildren(QDialog) if d.isVisible() and not isinstance(d, QMessageBox)]
    return found[0] if found else None


def _boxes() -> list[QMessageBox]:
    return [w for w in QApplication.topLevelWidgets() if isinstance(w, QMessageBox) and w.isVisible()]


def test_the_result_arrives_in_the_gui_thread(qtbot: QtBot, window: QWidget) -> None:
    seen: list[tuple[object, bool, bool]] = []
    threads: list[bool] = []

    def work(progress: jobs.Progress, cancelled: jobs.IsCancelled) -> int:
        threads.append(threading.current_thread() is threading.main_thread())
        return 42

    jobs.run_job(
        window, "Rekenen", work, lambda r: seen.append((r, threading.current_thread() is threading.main_thread(), True))
    )
    qtbot.waitUntil(lambda: bool(seen))
    assert threads == [False]
    assert seen == [(42, True, True)]
    assert _dialog(window) is None, "quick work shows no dialog"


@pytest.mark.parametrize("slow", [False, True])
def test_an_error_without_a_window_stays_until_it_is_read(qtbot: QtBot, qapp: QApplication, *, slow: bool) -> None:
    seen = threading.Event()

    def work(progress: jobs.Progress, cancelled: jobs.IsCancelled) -> None:
        if slow:
            seen.wait(PATIENCE)
        raise UserError("De schijf is vol.", "The disk is full.", code="disk_full")

    jobs.run_job(None, "Bezig", work)
    if slow:  # then the dialog of the work is the active window, and about to go
        qtbot.waitUntil(lambda: any(isinstance(w, ProgressDialog) and w.isVisible() for w in qapp.topLevelWidgets()))
        seen.set()
    qtbot.waitUntil(lambda: jobs.busy() == 0)
    qtbot.waitUntil(lambda: not any(isinstance(w, ProgressDialog) for w in qapp.topLevelWidgets()))
    gc.collect()
    QApplication.processEvents()
    [box] = _boxes()
    assert box.text() == "De schijf is vol."
    box.close()
    QApplication.processEvents()
    assert not _boxes()


def test_progress_is_shown_and_cancel_stops(qtbot: QtBot, window: QWidget) -> None:
    ended: list[str] = []
    pressed = threading.Event()

    def work(progress: jobs.Progress, cancelled: jobs.IsCancelled) -> None:
        progress(3, 10, "Rijen lezen")
        assert pressed.wait(PATIENCE)
        if cancelled():
            raise Cancelled

    jobs.run_job(window, "Importeren", work, on_cancel=lambda: ended.append("cancelled"))
    qtbot.waitUntil(lambda: _dialog(window) is not None)
    dialog = _dialog(window)
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.label.text() == "Rijen lezen" and dialog.bar.value() == 300)
    qtbot.mouseClick(dialog.button, Qt.MouseButton.LeftButton)
    pressed.set()
    qtbot.waitUntil(lambda: ended == ["cancelled"])
    qtbot.waitUntil(lambda: _dialog(window) is None)


def test_escape_cancels_too(qtbot: QtBot, window: QWidget) -> None:
    ended: list[str] = []
    pressed = threading.Event()

    def work(progress: jobs.Progress, cancelled: jobs.IsCancelled) -> None:
        assert pressed.wait(PATIENCE)
        if cancelled():
            raise Cancelled

    jobs.run_job(window, "Importeren", work, on_cancel=lambda: ended.append("cancelled"))
    qtbot.waitUntil(lambda: _dialog(window) is not None)
    qtbot.keyClick(_dialog(window), Qt.Key.Key_Escape)
    pressed.set()
    qtbot.waitUntil(lambda: ended == ["cancelled"])


def test_an_error_of_the_user_is_one_sentence(qtbot: QtBot, window: QWidget) -> None:
    def work(progress: jobs.Progress, cancelled: jobs.IsCancelled) -> None:
        raise UserError("Het bestand is leeg.", "The file is empty.")

    jobs.run_job(window, "Importeren", work)
    qtbot.waitUntil(lambda: len(_boxes()) == 1)
    assert _boxes()[0].text() == "Het bestand is leeg."
    qtbot.keyClick(_boxes()[0], Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not _boxes())


@pytest.mark.allow_error_log
def test_a_bug_is_logged_without_plan_content_and_said(
    qtbot: QtBot, window: QWidget, caplog: pytest.LogCaptureFixture
) -> None:
    content = "Plan De Hoek"

    def work(progress: jobs.Progress, cancelled: jobs.IsCancelled) -> None:
        raise ZeroDivisionError(content)

    jobs.run_job(window, "Importeren", work)
    qtbot.waitUntil(lambda: len(_boxes()) == 1)
    assert "ZeroDivisionError" in caplog.text
    assert "De Hoek" not in caplog.text + _boxes()[0].text() + _boxes()[0].informativeText()
    _boxes()[0].close()


def test_an_own_handler_takes_the_place_of_the_dialog(qtbot: QtBot, window: QWidget) -> None:
    seen: list[Exception] = []

    def work(progress: jobs.Progress, cancelled: jobs.IsCancelled) -> None:
        raise UserError("Dat kan niet.", "That is impossible.")

    jobs.run_quietly(work, on_error=seen.append)
    qtbot.waitUntil(lambda: bool(seen))
    assert not _boxes()


def test_a_thread_is_used_again(qtbot: QtBot) -> None:
    names: set[str] = set()
    done: list[None] = []
    for _ in range(20):
        jobs.run_quietly(lambda p, c: names.add(threading.current_thread().name), done.append)
    qtbot.waitUntil(lambda: len(done) == 20)
    assert len(names) <= 2


def test_nobody_hears_of_a_dropped_job(qtbot: QtBot) -> None:
    gate = threading.Event()
    seen: list[object] = []
    job = jobs.run_quietly(lambda p, c: gate.wait(5), seen.append)
    job.drop()
    with qtbot.waitSignal(job.finished):
        gate.set()
    assert not seen


def test_nobody_is_called_when_the_window_is_no_more(qtbot: QtBot) -> None:
    gate = threading.Event()
    seen: list[object] = []
    window = QWidget()
    job = jobs.run_quietly(lambda p, c: gate.wait(5), seen.append, parent=window)
    window.deleteLater()
    with qtbot.waitSignal(window.destroyed):
        pass
    with qtbot.waitSignal(job.finished):
        gate.set()
    assert not seen


def test_progress_is_shown_without_a_window_too(qtbot: QtBot) -> None:
    go = threading.Event()
    jobs.run_job(None, "Bezig", lambda p, c: go.wait(PATIENCE))

    def dialogs() -> list[ProgressDialog]:
        return [w for w in QApplication.topLevelWidgets() if isinstance(w, ProgressDialog) and w.isVisible()]

    qtbot.waitUntil(lambda: len(dialogs()) == 1)
    go.set()
    qtbot.waitUntil(lambda: not dialogs())
