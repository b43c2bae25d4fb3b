"""Putting together what a connected store needs to synchronise: wire, account, server, runner."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from diwi_desktop.store import syncstate
from diwi_desktop.sync import handover, invitations, known
from diwi_desktop.sync.account import Account
from diwi_desktop.sync.credentials import Credentials
from diwi_desktop.sync.problem import Obstacle, Problem
from diwi_desktop.sync.runner import Runner, not_connected
from diwi_desktop.sync.transport import Server, client

if TYPE_CHECKING:
    from diwi_desktop.store import Store
    from diwi_desktop.store.device import Device
    from diwi_desktop.sync.invitations import Given


def account_at(url: str, email: str, device: Device) -> Account:
    """An account at a server; without an address the one last used there."""
    return Account(client(url), url, email or known.email_at(url), device, Credentials())


class Line:
    """The account that a dialog speaks through: made on the thread that asks, hung up from any other.

    Whoever takes the account over forgets the line.
    """

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._over = False
        self.account: Account | None = None

    def dial(self, url: str, email: str, device: Device) -> Account:
        """An account at a server, see `account_at`. Raises Problem (OFFLINE) when it was hung up meanwhile."""
        made = account_at(url, email, device)
        with self._mutex:
            if not self._over:
                self.account = made
                return made
        made.wire.close()
        raise Problem(Obstacle.OFFLINE, detail="hung up")

    def hang_up(self) -> None:
        """A question that is under way fails at once; one that is still to come is not asked."""
        with self._mutex:
            self._over = True
        if self.account is not None:
            self.account.wire.close()


def server_of(account: Account, register: str) -> Server:
    """One register as an account reaches it."""
    return Server(register, account, account.wire)


class Session:
    """A connected store and its server. Raises UserError (not_connected) for any other store."""

    def __init__(self, store: Store, email: str = "", *, account: Account | None = None) -> None:
        """`account`: one that has just signed in, with a wire of its own; the session has that from now on."""
        with store.inside() as connection:
            standing = syncstate.standing(connection)
        if standing is None:
            raise not_connected()
        self._store = store
        self.url, self.register = standing.url, standing.register
        self.account = account or account_at(standing.url, email or standing.email, store.device)
        self.server = server_of(self.account, standing.register)

    def runner(self) -> Runner:
        """What performs one synchronisation after another."""
        return Runner(self._store, self.server)

    def invite(self, person: str) -> Given:
        """Give a person an invitation; from then on undo does not take him away. Raises as `invitations.give`."""
        return self._remembered(person, invitations.give(self.account, self.register, person))

    def reset(self, person: str, what: str) -> Given | None:
        """Have somebody choose anew what he lost, see `invitations.reset`; who gets a link is invited."""
        given = invitations.reset(self.account, self.register, person, what)
        return None if given is None else self._remembered(person, given)

    def _remembered(self, person: str, given: Given) -> Given:
        with self._store.transaction() as connection:
            syncstate.put_invited(connection, person)
        return given

    def hand_over(self, leaving: str, to: str, *, lock: bool = False) -> int:
        """Have the server let one person own what another owns; how many projects. Raises as `handover.by_server`."""
        return handover.by_server(self._store, self.account, self.register, leaving, to, lock=lock)

    def close(self) -> None:
        """Hang up: a request that is under way fails at once."""
        self.account.wire.close()
