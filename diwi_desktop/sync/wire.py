"""The wire to a server, which can be hung up while an answer is awaited: a program that closes waits for no server."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import Any
from weakref import WeakSet

import httpx


class Wire(httpx.HTTPTransport):
    """Knows its sockets. `close` ends what is under way on them: it fails as with a network that is gone."""

    def __init__(self) -> None:
        super().__init__()
        self._mutex = threading.Lock()
        self._sockets: WeakSet[socket.socket] = WeakSet()
        self._closed = False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.extensions = {**request.extensions, "trace": self._follow}
        return super().handle_request(request)

    def close(self) -> None:
        with self._mutex:
            self._closed = True
            sockets = list(self._sockets)
        for one in sockets:
            with contextlib.suppress(OSError):  # it was closed already
                one.shutdown(socket.SHUT_RDWR)
        super().close()

    def _follow(self, event: str, info: dict[str, Any]) -> None:
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            found = info["return_value"].get_extra_info("socket")
            with self._mutex:
                self._sockets.add(found)
                late = self._closed
            if late:  # it was connecting when the wire was closed
                found.close()
                raise httpx.ConnectError("closed while it was connecting")
