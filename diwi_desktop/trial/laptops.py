"""The laptops of the trial: each a store, a folder of its own that makes it another device, and a signed-in person."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from diwi_desktop.store import Store
from diwi_desktop.store.device import Device
from diwi_desktop.sync import connect as connecting
from diwi_desktop.sync import invitations, known
from diwi_desktop.sync.account import Account, Register, TagTaken
from diwi_desktop.sync.credentials import Credentials
from diwi_desktop.sync.runner import Outcome, Runner
from diwi_desktop.sync.transport import Server, client
from diwi_desktop.trial.people import Someone


@dataclass(frozen=True, slots=True)
class Laptop:
    """A folder on this machine that stands for a laptop."""

    folder: Path
    someone: Someone

    @property
    def store(self) -> Path:
        return self.folder / "duinwijk.diwi"

    @property
    def environment(self) -> dict[str, str]:
        """What makes a process run on this laptop."""
        return {
            **os.environ,
            "DIWI_DATA_DIR": str(self.folder),
            "XDG_CONFIG_HOME": str(self.folder / "config"),
        }

    @contextmanager
    def signed_in(self, url: str) -> Iterator[Session]:
        """The person's session on this laptop. Raises Problem."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with client(url) as wire:
            account = Account(wire, url, self.someone.email, Device.of_this_machine(self.folder), Credentials())
            registers = _sign_in(account, self.someone, self.folder)
            known.remember(url, account.email, self.folder)
            yield Session(self, account, connecting.choose(registers))

    def open_window(self) -> subprocess.Popen[bytes]:
        """The program on this laptop, in a session of its own: Ctrl+C is for us."""
        return subprocess.Popen(
            [sys.executable, "-m", "diwi_desktop", str(self.store)], env=self.environment, start_new_session=True
        )


@dataclass(frozen=True, slots=True)
class Session:
    """A laptop on which somebody is signed in."""

    laptop: Laptop
    account: Account
    register: Register

    def fetch(self) -> Outcome:
        """Makes the store from the register. Raises UserError."""
        return _well(
            connecting.clone(
                self.laptop.store, self.account.url, self.register.id, self._server, author=self.laptop.someone.name,
                device=self.account.device,
            )
        )  # fmt: skip

    def bring(self) -> Outcome:
        """Sends the whole store to the register, which is empty. Raises UserError."""
        with self.opened() as store:
            connecting.connect(store, self.account.url, self.register.id, self._server, role=self.register.role)
            return self.sync(store)

    @contextmanager
    def opened(self) -> Iterator[Store]:
        with Store.open(self.laptop.store, author=self.laptop.someone.name, device=self.account.device) as store:
            yield store

    def sync(self, store: Store) -> Outcome:
        """One synchronisation. Raises UserError."""
        return _well(Runner(store, self._server).run())

    def invite(self, person: str) -> str:
        """The link of an invitation, which an administrator may give. Raises Problem."""
        return invitations.give(self.account, self.register.id, person).link

    @property
    def _server(self) -> Server:
        return Server(self.register.id, self.account, self.account.wire)


def _sign_in(account: Account, someone: Someone, folder: Path) -> list[Register]:
    """With other letters when another laptop has these, kept in the folder of this one."""
    for _ in range(connecting.MOST_DRAWS):
        try:
            return account.sign_in(someone.password, someone.code())
        except TagTaken:
            account.device = account.device.retagged(folder)
    return account.sign_in(someone.password, someone.code())


def _well(outcome: Outcome) -> Outcome:
    if outcome.problem is not None:
        raise outcome.problem
    return outcome


def program() -> str:
    """The `diwi` command beside this Python, as it can be typed."""
    beside = Path(sys.executable).with_name("diwi")
    return str(beside) if beside.exists() else shutil.which("diwi") or "diwi"
