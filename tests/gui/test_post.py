"""Other threads tell the window things, and never let go of anything of Qt."""

from __future__ import annotations

import gc
import threading
from concurrent.futures import ThreadPoolExecutor
from weakref import finalize

import pytest
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from diwi_desktop.gui import jobs, memory
from diwi_desktop.gui.post import Address, Errand

PATIENCE = 10.0


def _on_thread(work: object) -> None:
    thread = threading.Thread(target=work)  # type: ignore[arg-type]  # any callable
    thread.start()
    thread.join(PATIENCE)
    assert not thread.is_alive()


def _where(gone: list[str], thing: object) -> None:
    finalize(thing, lambda: gone.append(threading.current_thread().name))


def test_letters_arrive_in_order_in_the_windows_thread(qtbot: QtBot) -> None:
    came: list[tuple[object, bool]] = []
    address = Address(lambda *letter: came.append((letter, threading.current_thread() is threading.main_thread())))

    def send() -> None:
        for number in range(100):
            address(number, "text")

    _on_thread(send)
    assert came == []
    qtbot.waitUntil(lambda: len(came) == 100)
    assert came == [((number, "text"), True) for number in range(100)]
    address("here")
    assert came[-1] == (("here",), True)
    address.close()


def test_what_was_sent_to_a_closed_address_is_not_heard(qtbot: QtBot) -> None:
    came: list[object] = []
    closed, marker = Address(came.append), Address(came.append)

    def send() -> None:
        closed(1)
        marker(2)

    _on_thread(send)
    closed.close()
    closed.close()
    qtbot.waitUntil(lambda: came == [2])
    closed(3)
    assert came == [2]
    marker.close()


def test_an_address_does_not_keep_its_receiver_after_closing(qapp: QApplication) -> None:
    class Receiver:
        def hear(self) -> None:
            """Nothing comes."""

    receiver = Receiver()
    gone: list[str] = []
    _where(gone, receiver)
    address = Address(receiver.hear)
    address.close()
    del receiver
    assert gone == ["MainThread"]


@pytest.mark.parametrize("fails", [False, True])
@pytest.mark.parametrize("heard", [False, True])
def test_a_thread_does_not_hold_what_its_work_took_along(qtbot: QtBot, fails: bool, heard: bool) -> None:
    gone: list[str] = []
    seen: list[tuple[object, BaseException | None]] = []
    working, told, go, end = (threading.Event() for _ in range(4))

    def errand() -> Errand:
        widget = QObject()
        _where(gone, widget)

        def work() -> str:
            working.set()
            go.wait(PATIENCE)
            if fails:
                raise ValueError(widget.objectName())
            return widget.objectName() + "!"

        return Errand(work, lambda result, error: seen.append((result, error)))

    sent = errand()

    def run() -> None:
        sent.run()
        told.set()
        end.wait(PATIENCE)  # as long as it takes the thread to go on after telling

    thread = threading.Thread(target=run)
    thread.start()
    assert working.wait(PATIENCE)
    if not heard:
        sent.drop()
    go.set()
    assert told.wait(PATIENCE)
    assert gone == []
    if heard:
        qtbot.waitUntil(lambda: len(seen) == 1)
        result, error = seen.pop()
        assert (result, type(error)) == ((None, ValueError) if fails else ("!", type(None)))
        del error  # with it go the frames that it passed
    qtbot.waitUntil(lambda: len(gone) == 1)
    assert (gone, seen) == (["MainThread"], [])
    end.set()
    thread.join(PATIENCE)


def test_a_dropped_errand_is_not_begun(qtbot: QtBot) -> None:
    begun, came = list[int](), list[object]()
    dropped = Errand(lambda: begun.append(1), lambda result, error: came.append(result))
    heard = Errand(lambda: begun.append(2), lambda result, error: came.append(result))
    dropped.drop()
    with ThreadPoolExecutor(1) as pool:
        pool.submit(dropped.run)
        pool.submit(heard.run)
    qtbot.waitUntil(lambda: came == [None])
    assert begun == [2]


def test_jobs_go_in_the_windows_thread(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    gone: list[str] = []
    make = jobs.Job.__init__

    def watched(job: jobs.Job, *given: object) -> None:
        make(job, *given)  # type: ignore[arg-type]  # as they were given
        _where(gone, job)

    monkeypatch.setattr(jobs.Job, "__init__", watched)
    done: list[int] = []
    for round_ in range(50):
        for number in range(8):
            jobs.run_quietly(lambda p, c, n=number: n, done.append)  # type: ignore[misc]  # a default that mypy cannot see
        qtbot.waitUntil(lambda count=(round_ + 1) * 8: len(done) == count)
    qtbot.waitUntil(lambda: len(gone) == 400)
    assert set(gone) == {"MainThread"}


def test_garbage_is_only_looked_for_in_the_windows_thread(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    request.addfinalizer(gc.unfreeze)
    monkeypatch.setattr(memory, "_YOUNG_MS", 0)
    gone: list[str] = []

    class Ring:
        def __init__(self) -> None:
            self.me = self

    def litter() -> None:
        for _ in range(100):
            ring = Ring()
            _where(gone, ring)
        rubbish = [[] for _ in range(50_000)]  # enough for Python to look by itself
        rubbish.clear()

    owner, busy = QObject(), [1]
    memory.start(owner, lambda: busy[0])
    _on_thread(litter)
    passed: list[bool] = []
    QTimer.singleShot(20, lambda: passed.append(True))
    qtbot.waitUntil(lambda: bool(passed))
    assert gone == [], "not while there is work"
    busy[0] = 0
    qtbot.waitUntil(lambda: len(gone) == 100)
    assert set(gone) == {"MainThread"}
    owner.deleteLater()
