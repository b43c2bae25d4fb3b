"""The real server for tests of the window: in the test's own process, on PostgreSQL, with accounts to sign in with."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from diwi_desktop.gui import folders
from diwi_desktop.gui.sync.link import Link
from diwi_desktop.gui.workspace import MainWindow
from diwi_desktop.sync import session
from diwi_desktop.sync import session as sessions_here
from diwi_desktop.sync.credentials import Credentials
from diwi_desktop.sync.problem import Obstacle, Problem
from diwi_desktop.sync.runner import Runner
from tests.gui.conftest import OpenWindow
from tests.gui.sync.silent import SilentServer, silent_server
from tests.server.accounts.signing import Someone, activated, sign_in_for_real
from tests.server.conftest import (
    clock,
    cluster,
    database_url,
    live_server,
    make_register,
    make_session,
    register,
    server,
    settings,
)
from tests.server.harness import Register, Server
from tests.stores import add, de_hoek
from tests.sync.real import Desk, MakeDesk, desk
from tests.sync.test_encryption import Memory

__all__ = [
    "clock",
    "cluster",
    "database_url",
    "desk",
    "live_server",
    "make_register",
    "make_session",
    "register",
    "server",
    "settings",
]

Accounts = Callable[..., Someone]


@pytest.fixture(autouse=True)
def _no_key_store(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of a test comes in the key store of whoever runs it."""
    monkeypatch.setattr(sessions_here, "Credentials", lambda: Credentials(Memory()))


@pytest.fixture(autouse=True)
def _registers_here(_own_folders: None, tmp_path: Path) -> None:
    """A register that is fetched is proposed in the folder of the test."""
    folders.remember(folders.REGISTERS, tmp_path / "any.diwi")


@pytest.fixture
def accounts(server: Server, register: Register) -> Accounts:
    """accounts(name, role): a person with an account at the server, who signs in with password and code."""
    sign_in_for_real(server)

    def make(name: str, role: str = "UserPlus") -> Someone:
        return activated(register, register.person(name, role))

    return make


@pytest.fixture
def silent() -> Iterator[SilentServer]:
    with silent_server() as found:
        yield found


class Wire:
    """The way to the server, which the test cuts."""

    def __init__(self, whole: Any) -> None:
        self.whole = whole
        self.trouble: Obstacle | None = None
        self.said = ""  # by the server itself, with the trouble

    def __getattr__(self, name: str) -> Any:
        if self.trouble is not None and name != "close":
            raise Problem(self.trouble, detail=self.said)
        return getattr(self.whole, name)


class Session(session.Session):
    """A session of a desk of the tests, with a wire that can be cut."""

    def __init__(self, desk: Desk) -> None:
        self._store = desk.store
        self.desk, self.wire = desk, Wire(desk.server)
        self.server: Any = self.wire
        self.account: Any = None

    def runner(self) -> Runner:
        return Runner(self.desk.store, self.server)

    def close(self) -> None:
        """There is no socket."""


@pytest.fixture
def two(desk: MakeDesk) -> tuple[Desk, Desk, str]:
    """Anna and Bram, both with the project De Hoek."""
    anna, bram = desk("Anna", filled=True), desk("Bram")
    project = add(anna.store, de_hoek())
    for one in (anna, bram, anna):
        one.sync()
    return anna, bram, project


def started_by(monkeypatch: pytest.MonkeyPatch, session: Session) -> None:
    """Every link goes over this session, and synchronises only when asked."""
    start = Link.start
    found: Any = session
    monkeypatch.setattr(Link, "start", lambda self, *_a, **_n: start(self, lambda _store: found, automatic=False))


@pytest.fixture
def opened(qtbot: QtBot, open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch) -> Callable[[Desk], Any]:
    """opened(desk) -> (window, session): the window on a desk's store, which synchronises only when asked."""

    def make(desk: Desk) -> tuple[MainWindow, Session]:
        session = Session(desk)
        started_by(monkeypatch, session)
        window = open_window(desk.store)
        qtbot.waitUntil(lambda: window.link.running)
        return window, session

    return make
