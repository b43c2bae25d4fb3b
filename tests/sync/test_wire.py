"""Hanging up: what is under way fails as with a network that is gone, and no socket stays behind."""

from __future__ import annotations

import socket
import threading
from typing import Any

import httpx
import pytest

from diwi_desktop.store import Device
from diwi_desktop.sync import session
from diwi_desktop.sync.problem import Obstacle, Problem
from diwi_desktop.sync.wire import Wire


def test_a_connection_that_comes_after_hanging_up_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    connecting, go = threading.Event(), threading.Event()
    made: list[socket.socket] = []
    real = socket.create_connection

    def slowly(*given: Any, **named: Any) -> socket.socket:
        connecting.set()
        assert go.wait(30)
        made.append(real(*given, **named))
        return made[-1]

    monkeypatch.setattr(socket, "create_connection", slowly)
    failed: list[Exception] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        wire = Wire()
        client = httpx.Client(transport=wire, timeout=30)

        def ask() -> None:
            try:
                client.get(f"http://127.0.0.1:{server.getsockname()[1]}/")
            except httpx.TransportError as error:
                failed.append(error)

        asking = threading.Thread(target=ask)
        asking.start()
        assert connecting.wait(30)
        wire.close()
        go.set()
        asking.join(30)
    assert len(failed) == 1
    assert [one.fileno() for one in made] == [-1]


def test_a_dialog_that_hung_up_before_it_dialled_leaves_no_account(monkeypatch: pytest.MonkeyPatch) -> None:
    """The account is made on a thread, which may come to it after the dialog is gone."""
    line = session.Line()
    line.hang_up()
    made: list[Any] = []
    real = session.account_at
    monkeypatch.setattr(session, "account_at", lambda *given: made.append(real(*given)) or made[-1])
    with pytest.raises(Problem) as problem:
        line.dial("http://127.0.0.1:1", "anna@diwi.test", Device.new())
    assert problem.value.obstacle is Obstacle.OFFLINE
    assert made[0].wire.is_closed
    assert line.account is None


def test_who_hangs_up_ends_what_was_dialled() -> None:
    line = session.Line()
    account = line.dial("http://127.0.0.1:1", "anna@diwi.test", Device.new())
    assert line.account is account
    assert not account.wire.is_closed
    line.hang_up()
    assert account.wire.is_closed
