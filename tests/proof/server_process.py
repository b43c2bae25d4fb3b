"""A server in a process of its own: says its port, serves until it is ended. Started by `tests.proof.serving`."""

from __future__ import annotations

import json
import resource
import signal
import socket
import sys
from pathlib import Path

import uvicorn

from diwi_desktop.model.clock import FixedClock
from diwi_desktop.server.app import create_app
from diwi_desktop.server.ops.prompt import Prompt
from diwi_desktop.server.ops.serving import settle
from diwi_desktop.server.session import Session
from diwi_desktop.server.settings import Settings
from tests.proof.world import START, authenticate

if __name__ == "__main__":
    given = json.loads(sys.stdin.readline())
    if given["largest_file"]:  # beyond this the disk is full, so to speak
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (given["largest_file"], given["largest_file"]))
    settings = Settings(
        database_url=given["url"], data_dir=Path(given["folder"]), connections=40, requests_per_minute=1_000_000_000
    )
    app = create_app(settings, clock=FixedClock(START))
    app.state.sessions = {token: Session(**session) for token, session in given["sessions"].items()}
    app.state.authenticate = authenticate
    listener = socket.create_server(("127.0.0.1", given["port"]), backlog=200)
    print(listener.getsockname()[1], flush=True)
    settle()
    uvicorn.Server(uvicorn.Config(app, http=Prompt, log_level="critical", access_log=False)).run([listener])
