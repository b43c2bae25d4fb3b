"""Hanging up: what is under way fails as with a network that is gone, and no socket stays behind."""

from __future__ import annotations

import socket
import threading
from typing import Any

import httpx
import pytest

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
