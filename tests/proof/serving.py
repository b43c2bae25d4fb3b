"""The server as a process that can be killed and comes back at the same address."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from diwi_desktop.server.session import Session


class ServerProcess:
    """Serves a database to these sessions. `port` stays the same over restarts.

    `largest_file`: bytes that a file of it can have before the disk is full; 0: as many as there are.
    """

    def __init__(self, url: str, folder: Path, sessions: dict[str, Session], *, largest_file: int = 0) -> None:
        self._given: dict[str, Any] = {
            "url": url,
            "folder": str(folder),
            "port": 0,
            "largest_file": largest_file,
            "sessions": {
                token: {"account": one.account, "person": one.person, "register": one.register, "device": one.device,
                        "name": one.name} for token, one in sessions.items()
            },
        }  # fmt: skip
        self._process: subprocess.Popen[str] | None = None
        self._lock = threading.Lock()
        self.port = 0
        self.start()

    def more_room(self) -> None:
        """Without a bound on files from the next start on."""
        self._given["largest_file"] = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def running(self) -> bool:
        with self._lock:
            return self._process is not None and self._process.poll() is None

    @property
    def ready(self) -> bool:
        """Whether it can serve: it reaches its database."""
        try:
            return httpx.get(f"{self.address}/health/ready", timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    def start(self) -> None:
        """Start it, again too; it answers when this returns."""
        with self._lock:
            self._end(lambda process: process.terminate())
            self._process = process = subprocess.Popen(
                [sys.executable, "-m", "tests.proof.server_process"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(json.dumps(self._given) + "\n")
            process.stdin.flush()
            self.port = self._given["port"] = int(process.stdout.readline())

    def kill(self) -> None:
        """SIGKILL: nothing is finished, nothing is said."""
        with self._lock:
            self._end(lambda process: process.kill())

    def stop(self) -> None:
        """End it as an administrator does."""
        with self._lock:
            self._end(lambda process: process.terminate())

    def _end(self, how: Callable[[subprocess.Popen[str]], None]) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        how(process)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()

    def __enter__(self) -> ServerProcess:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
