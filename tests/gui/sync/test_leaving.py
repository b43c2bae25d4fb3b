"""A register that is left while its server does not answer: the window goes on, and the file is let go afterwards."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from diwi_desktop.gui import app as gui_app
from diwi_desktop.gui import jobs
from diwi_desktop.gui.sync.link import Link
from diwi_desktop.store import Store, syncstate
from diwi_desktop.store.driver import StoreError
from diwi_desktop.sync import agent as agents
from diwi_desktop.sync.runner import Outcome
from tests.gui.registers import make_register


class Stubborn:
    """A session whose synchronisation ends when the test lets it, whatever is asked of it."""

    def __init__(self) -> None:
        self.busy, self.go = threading.Event(), threading.Event()
        self.server = self.account = self

    def runner(self) -> Any:
        return self

    def run(self, *_: object) -> Outcome:
        self.busy.set()
        assert self.go.wait(60)
        return Outcome()

    def presences(self) -> list[Any]:
        return []

    def say_presence(self, *_: object, **__: object) -> None:
        """Nobody listens."""

    def wake(self) -> None:
        """Does not hear."""

    def close(self) -> None:
        """Stays."""


def test_another_register_opens_without_waiting_for_a_server(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agents, "PATIENCE", 3600.0)
    one, two = tmp_path / "een.diwi", tmp_path / "twee.diwi"
    with make_register(one, 1) as store, store.transaction() as connection:
        syncstate.put(connection, {"register": "00000000-0000-4000-8000-000000000001", "url": "https://diwi.test"})
    make_register(two, 1).close()
    session: Any = Stubborn()
    start = Link.start
    monkeypatch.setattr(Link, "start", lambda self, *_a, **_n: start(self, lambda _store: session))
    desk = gui_app.Desk(qapp)
    assert desk.open(one)
    qtbot.waitUntil(session.busy.is_set, timeout=20_000)
    first = desk.window
    assert first is not None

    first.files.open_path(two)  # with that patience it would never come back
    second = desk.window
    assert second is not None
    assert second is not first
    with pytest.raises(StoreError) as still:
        Store.open(one, author="x")
    assert still.value.code == "store_locked"
    session.go.set()
    qtbot.waitUntil(lambda: jobs.busy() == 0 and second.is_ready, timeout=20_000)
    second.close()
    assert jobs.stop_all()
    desk.end()
    Store.open(one, author="x").close()


def test_a_window_that_closes_is_gone_before_what_ends_behind_it(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = gui_app.Desk(qapp)
    make_register(tmp_path / "een.diwi", 1).close()
    assert desk.open(tmp_path / "een.diwi")
    window = desk.window
    assert window is not None
    qtbot.waitUntil(lambda: window.is_ready, timeout=20_000)
    seen: list[bool] = []
    close = Link.close

    def ends(link: Link) -> None:
        seen.append(window.isVisible())
        close(link)

    monkeypatch.setattr(Link, "close", ends)
    window.close()
    assert seen == [False]
    assert jobs.stop_all()
    window.state.store.close()
