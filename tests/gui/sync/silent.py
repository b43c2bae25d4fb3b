"""A server that takes a question and never answers."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class SilentServer:
    """`asked` counts the questions that wait for an answer."""

    url: str
    asked: int = 0


@contextmanager
def silent_server() -> Iterator[SilentServer]:
    """Until the block ends nobody gets an answer."""
    let_go = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.asked += 1
            let_go.wait(60)

        do_POST = do_PUT = do_GET

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    found = SilentServer(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        let_go.set()
        server.shutdown()
        server.server_close()
        thread.join()
