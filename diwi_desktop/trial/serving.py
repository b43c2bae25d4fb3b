"""The real server of the trial: `diwi-server` in a process of its own, on a free port of this machine only."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from diwi_desktop.model.finding import UserError
from diwi_desktop.trial.cluster import Cluster

if TYPE_CHECKING:
    import httpx

CODE, NAME = "0999", "Duinwijk"
ADMIN = ("beheerder@duinwijk.example.org", "Bea Beheerder", "Admin")
# Brings the demo municipality; who pushes a thing is the author of it.
FILLER = ("vulling@duinwijk.example.org", "Eerste vulling", "UserPlus")
_DATABASE = "diwi"
_PATIENCE = 60.0  # seconds to start
_LINK = re.compile(r"https?://\S+#\S+")


class ServerTrouble(UserError):
    """The server does not start."""

    code = "server_trouble"


class Server:
    """`diwi-server` with the settings of a trial in `folder`."""

    def __init__(self, folder: Path, cluster: Cluster) -> None:
        self._folder, self._cluster = folder, cluster
        self._port_file = folder / "port"

    @property
    def url(self) -> str:
        """The same at every start, because stores keep it."""
        if not self._port_file.exists():
            with socket.create_server(("127.0.0.1", 0)) as free:
                self._port_file.write_text(str(free.getsockname()[1]), encoding="ascii")
        return f"http://127.0.0.1:{self._port_file.read_text(encoding='ascii')}"

    @property
    def is_filled(self) -> bool:
        """Whether the register was made."""
        with psycopg.connect(self._cluster.url("postgres"), autocommit=True) as connection:
            made = connection.execute("SELECT FROM pg_database WHERE datname = %s", (_DATABASE,)).fetchone()
            if made is None:
                connection.execute(f"CREATE DATABASE {_DATABASE}")
                return False
        with psycopg.connect(self._cluster.url(_DATABASE)) as connection:
            there = connection.execute("SELECT to_regclass('diwi.register') IS NOT NULL").fetchone()
            if there is None or not there[0]:
                return False
            return connection.execute("SELECT FROM diwi.register WHERE code = %s", (CODE,)).fetchone() is not None

    def make(self) -> dict[str, str]:
        """Makes the register with its first two people; their invitations, by e-mail address. Raises ServerTrouble."""
        email, name, _ = ADMIN
        links = {email: self.invited("init", "--code", CODE, "--name", NAME, "--email", email, "--admin", name)}
        email, name, role = FILLER
        links[email] = self.invited("user", "add", email, "--register", CODE, "--name", name, "--role", role)
        return links

    def invited(self, *command: str) -> str:
        """The link that a command of `diwi-server` gives. Raises ServerTrouble."""
        done = subprocess.run(
            self._command(*command), env=self.environment, capture_output=True, text=True, check=False
        )
        found = _LINK.search(done.stdout)
        if done.returncode != 0 or found is None:
            raise _trouble((done.stdout + done.stderr).strip())
        return found[0]

    @contextmanager
    def serving(self) -> Iterator[Callable[[], None]]:
        """The server, while it runs; what is given raises ServerTrouble once it has died. Raises ServerTrouble."""
        import httpx

        log = self._folder / "server.log"
        port = self.url.rpartition(":")[2]
        # A session of its own: Ctrl+C is for us, and the server stops after the windows.
        with log.open("ab") as out:
            process = subprocess.Popen(
                self._command("serve", "--port", port),
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        try:
            with httpx.Client(base_url=self.url, timeout=_PATIENCE) as client:
                _wait(client, process, log)
            yield lambda: _see(process, log)
        finally:
            process.terminate()
            process.wait()

    @property
    def environment(self) -> dict[str, str]:
        """The settings of the server, as its processes get them."""
        return {
            **os.environ,
            "DIWI_SERVER_SETTINGS": str(self._folder / "no-settings.toml"),
            "DIWI_SERVER_DATABASE_URL": self._cluster.url(_DATABASE),
            "DIWI_SERVER_DATA_DIR": str(self._folder / "server"),
            "DIWI_SERVER_PUBLIC_URL": self.url,
            "DIWI_SERVER_LOG_LEVEL": "WARNING",
        }

    def _command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "diwi_desktop.server.cli", *arguments]


def _wait(client: httpx.Client, process: subprocess.Popen[bytes], log: Path) -> None:
    import httpx

    until = time.monotonic() + _PATIENCE
    while True:
        if process.poll() is not None:
            raise _trouble(f"zie {log}")
        try:
            if client.get("/health/ready").is_success:
                return
        except httpx.TransportError:
            pass  # it does not listen yet
        if time.monotonic() > until:
            raise _trouble(f"zie {log}")
        time.sleep(0.1)


def _see(process: subprocess.Popen[bytes], log: Path) -> None:
    """Raises ServerTrouble when the server is no more."""
    if process.poll() is not None:
        raise ServerTrouble(
            f"De server is gestopt (status {process.returncode}); zie {log}. Begin opnieuw met ./dev server.",
            f"The server has stopped (status {process.returncode}); see {log}. Start again with ./dev server.",
        )


def _trouble(why: str) -> ServerTrouble:
    return ServerTrouble(f"De server start niet: {why}", f"The server does not start: {why}")
