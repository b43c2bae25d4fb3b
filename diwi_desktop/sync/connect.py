"""A store and a server become one register: a whole store goes up, or a whole register comes down.

Nothing is decided here that the synchronisation decides: `connect` writes down which register a store belongs to, and
the first synchronisation does the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from diwi_desktop.model.clock import Clock
from diwi_desktop.model.codes import UserRole
from diwi_desktop.model.finding import UserError
from diwi_desktop.model.work import CancelCheck
from diwi_desktop.store import syncstate
from diwi_desktop.store.device import Device
from diwi_desktop.store.driver import StoreError
from diwi_desktop.sync.account import Account, Register, TagTaken
from diwi_desktop.sync.runner import Outcome, Progress, Runner, SyncServer

if TYPE_CHECKING:
    from diwi_desktop.store import Store
    from diwi_desktop.sync.signin import Identity

MOST_DRAWS = 20


class NotConnected(UserError):
    """A store and a register that do not belong together. `code`: other_register, register_filled,
    no_register, no_right, no_single_sign_on."""


def choose(registers: list[Register], wanted: str = "") -> Register:
    """The register of an account to work with: the one whose id, code or name is `wanted`, or the only one.

    Raises NotConnected (no_register) with the names to choose from.
    """
    open_ = [one for one in registers if one.open]
    names = {one.id: {text.casefold() for text in (one.id, one.code, one.name)} for one in open_}
    found = [one for one in open_ if not wanted or wanted.casefold() in names[one.id]]
    if len(found) == 1:
        return found[0]
    listed = ", ".join(f"{one.name} ({one.code})" for one in open_)
    if not open_:
        raise NotConnected(
            "Uw account hoort bij geen enkel register; vraag de beheerder om een uitnodiging.",
            "Your account belongs to no register; ask the administrator for an invitation.",
            code="no_register",
        )
    raise NotConnected(f"Kies een register: {listed}.", f"Choose a register: {listed}.", code="no_register")


def connect(store: Store, url: str, register: str, server: SyncServer, *, role: str) -> None:
    """Make a store part of a register; the next synchronisation sends all of it.

    A store that was made here goes to a register that has no municipality yet. Connecting again to the same register,
    at another address for instance, changes only the address. Raises NotConnected (other_register: the store belongs to
    another; register_filled: make a new store from the server instead; no_right: `role`, the user's on the server, may
    not bring a whole register), Problem, StoreError.
    """
    with store.inside() as connection:
        standing = syncstate.standing(connection)
    if standing is not None:
        if standing.register != register:
            raise NotConnected(
                "Dit bestand hoort bij een ander register; maak een nieuw bestand vanaf deze server.",
                "This file belongs to another register; make a new file from this server.",
                code="other_register",
            )
        with store.transaction() as connection:
            syncstate.put(connection, {"url": url})
        return
    if role != UserRole.USER_PLUS:  # anybody else's projects and lists would be refused one by one
        raise NotConnected(
            "Alleen een hoofdgebruiker kan een bestand naar een leeg register brengen; vraag die het te doen.",
            "Only a main user can bring a file to an empty register; ask one to do it.",
            code="no_right",
        )
    if _filled(server):
        raise NotConnected(
            "Dit register heeft al gegevens; maak een nieuw bestand vanaf de server in plaats van dit te verbinden.",
            "This register has data already; make a new file from the server instead of connecting this one.",
            code="register_filled",
        )
    with store.transaction() as connection:
        syncstate.put(connection, {"url": url, "register": register})


def _filled(server: SyncServer) -> bool:
    """Whether the register has a municipality already: only the first laptop brings one."""
    from diwi_desktop.changes.messages import SCHEMA, PullRequest

    page = ""
    while True:
        reply = server.pull(PullRequest(SCHEMA, "", page))
        if reply.snapshot:
            return True
        if any(change.kind == "municipality" for act in reply.acts for change in act.changes):
            return True
        if not reply.more:
            return False
        page = reply.page


def clone(
    path: Path,
    url: str,
    register: str,
    server: SyncServer,
    *,
    author: str,
    device: Device | None = None,
    clock: Clock | None = None,
    progress: Progress | None = None,
    cancelled: CancelCheck = lambda: False,
) -> Outcome:
    """Make a new store from a register. The file appears whole or not at all; what was fetched is kept to go on with.

    Raises StoreError (store_exists, folder_missing, disk_full, store_read_only). Problems of the network come in the
    outcome, and then there is no file yet: doing it once more goes on where it stopped.
    """
    from diwi_desktop.store import Store, opening

    opening.check_free(path)
    partial = path.with_name(f"{path.name}.deel")
    if partial.exists() and _register_of(partial, author, clock, device) != register:
        opening.discard(partial)  # the beginning of something else
    if not partial.exists():
        with (
            Store.empty(partial, author=author, clock=clock, device=device) as store,
            store.transaction() as connection,
        ):
            syncstate.put(connection, {"url": url, "register": register})
    with Store.open(partial, author=author, clock=clock, device=device) as store:
        outcome = Runner(store, server).run(progress, cancelled)
    if outcome.problem is None and not outcome.cancelled:
        opening.check_free(path)  # nobody made one in the minutes that this took
        opening.put_in_place(partial, path)
        with suppress(StoreError):  # it is there
            opening.discard(partial)
    return outcome


def _register_of(partial: Path, author: str, clock: Clock | None, device: Device | None) -> str:
    from diwi_desktop.store import Store

    try:
        with Store.open(partial, author=author, clock=clock, device=device) as store, store.inside() as connection:
            return syncstate.get(connection, "register")
    except StoreError as error:
        if error.code in ("store_damaged", "not_a_store"):
            return ""
        raise


def sign_in(account: Account, password: str, code: str) -> list[Register]:
    """Sign in; when another laptop has this one's three letters, others are drawn and kept.

    Raises Problem, TagTaken after many draws, and StoreError (no_data_folder) when the letters cannot be kept.
    """
    return _tagged(account, lambda: account.sign_in(password, code))


def sign_in_in_browser(account: Account, cancelled: CancelCheck = lambda: False) -> list[Register]:
    """The same by the single sign-on of the organisation. Raises Problem, SignInTrouble, Cancelled, NotConnected."""
    identity = _in_browser(account, cancelled)
    return _tagged(account, lambda: account.sign_in_with(identity))


def prove_in_browser(account: Account, cancelled: CancelCheck = lambda: False) -> Identity:
    """What shows that the user has just signed in anew at his organisation, for `Account.end_device`.

    Raises Problem, SignInTrouble, Cancelled, NotConnected.
    """
    return _in_browser(account, cancelled, again=True)


def _in_browser(account: Account, cancelled: CancelCheck, *, again: bool = False) -> Identity:
    from diwi_desktop.sync.signin import sign_in as in_browser

    methods = account.methods()
    if not methods.issuer:
        raise NotConnected(
            "Deze server kent geen aanmelding in de browser; meld u aan met wachtwoord en code.",
            "This server knows no sign-in in the browser; sign in with password and code.",
            code="no_single_sign_on",
        )
    return in_browser(methods.issuer, methods.client_id, methods.scopes, cancelled=cancelled, again=again)


def _tagged(account: Account, attempt: Callable[[], list[Register]]) -> list[Register]:
    for _ in range(MOST_DRAWS):
        try:
            return attempt()
        except TagTaken:
            account.device = account.device.retagged()
    return attempt()
