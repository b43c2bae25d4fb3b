"""A store with the real server behind it, in the test's own process, on PostgreSQL."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from diwi_desktop.model.clock import FixedClock
from diwi_desktop.server.session import Session
from diwi_desktop.store import Device, Store, outbox, syncstate
from diwi_desktop.store.verify import verify
from diwi_desktop.sync.runner import Outcome, Runner
from diwi_desktop.sync.transport import Server
from tests.server.harness import Register
from tests.stores import new_store


class Fixed:
    """A token that is always good."""

    def __init__(self, token: str) -> None:
        self.token = token

    def access(self, *, renewed: bool = False) -> str:
        return self.token


class Desk:
    """A person with a store. `filled`: a store that was in use already; else an empty one."""

    def __init__(self, register: Register, path: Path, person: str, tag: str, *, filled: bool = False) -> None:
        device = Device(str(uuid.uuid5(uuid.NAMESPACE_DNS, tag + register.id)), tag)
        self.person, self.path, self.register = person, path, register
        clock = FixedClock(register.server.clock.now())
        make = new_store if filled else None
        if make:
            self.store = make(path, clock, device, tag)
        else:
            self.store = Store.empty(path, author=tag, clock=clock, device=device)
        with self.store.transaction() as connection:
            syncstate.put(connection, {"register": register.id, "url": "https://diwi.test"})
        session = Session(str(uuid.uuid4()), person, register.id, device.id, tag)
        wire: Any = register.server.client
        self.server = Server(register.id, Fixed(register.server.sign_in(session)), wire)
        self.pauses: list[float] = []

    def sync(self) -> Outcome:
        """One synchronisation that must go well, after which the log still replays."""
        outcome = Runner(self.store, self.server, sleep=self.pauses.append).run()
        assert outcome.problem is None, outcome.problem.detail or outcome.problem.code
        assert verify(self.store) == []
        with self.store.inside() as connection:
            assert syncstate.recounted(connection) == syncstate.scope_digests(connection)
            standing = syncstate.standing(connection)
        assert standing is not None
        assert standing.incidents == 0
        return outcome

    def close(self) -> None:
        """The store that it has by now: a test may have opened it anew."""
        self.store.close()

    @property
    def waiting(self) -> int:
        return outbox.count(self.store)


MakeDesk = Callable[..., Desk]


@pytest.fixture
def desk(register: Register, tmp_path: Path) -> Iterator[MakeDesk]:
    """desk(name, role): a person of the register, `person` for one who is there already, with a store of his own."""
    with ExitStack() as stack:

        def make(name: str, role: str = "UserPlus", *, filled: bool = False, person: str = "") -> Desk:
            who = person or register.person(name, role)
            made = Desk(register, tmp_path / f"{name}.diwi", who, name[:3].upper(), filled=filled)
            stack.callback(made.close)
            return made

        yield make
