"""A server in a process of its own: says its port, serves until it is ended. Started by `tests.proof.serving`."""

from __future__ import annotations

import json
import socket
import sys
from pathlib import Path

import uvicorn

from diwi_desktop.model.clock import FixedClock
from diwi_desktop.server.app import create_app
from diwi_desktop.server.session import Session
from diwi_desktop.server.settings import Settings
from tests.proof.world import START, authenticate

if __name__ == "__main__":
    given = json.loads(sys.stdin.readline())
    settings = Settings(
        database_url=given["url"], data_dir=Path(given["folder"]), connections=40, requests_per_minute=1_000_000_000
    )
    app = create_app(settings, clock=FixedClock(START))
    app.state.sessions = {token: Session(**session) for token, session in given["sessions"].items()}
    app.state.authenticate = authenticate
    listener = socket.create_server(("127.0.0.1", given["port"]), backlog=200)
    print(listener.getsockname()[1], flush=True)
    uvicorn.Server(uvicorn.Config(app, log_level="critical", access_log=False)).run([listener])
