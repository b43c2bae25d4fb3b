"""The real client: a store in a file and the runner that synchronises it, as the checks and the machine see it."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpx

from diwi_desktop.changes.change import DELETED, Change
from diwi_desktop.model.clock import Clock
from diwi_desktop.model.finding import Cancelled, Refused, UserError
from diwi_desktop.model.rights import LOCAL_KINDS
from diwi_desktop.store import Device, Store, StoreError, UndoConflict, inbox, syncstate
from diwi_desktop.store.verify import verify
from diwi_desktop.sync.runner import Outcome, Runner
from diwi_desktop.sync.transport import Server
from tests.proof.checks import Diary, Note
from tests.proof.paper import below

_TEMPLATES: dict[int, Path] = {}
REFUSED = ("conflict", "denied", "invalid")


class Crash(BaseException):
    """The program is gone."""


class Token:
    """A token that holds for ever."""

    def __init__(self, token: str) -> None:
        self._token = token

    def access(self, *, renewed: bool = False) -> str:
        return self._token


def empty_store(path: Path, **given: Any) -> Store:
    """A store that waits for a server; made once per process and copied from then on."""
    template = _TEMPLATES.get(os.getpid())
    if template is None or not template.exists():
        template = path.with_name(f"template-{os.getpid()}.diwi")
        Store.empty(template, **given).close()
        _TEMPLATES[os.getpid()] = template
    shutil.copy(template, path)
    return Store.open(path, **given)


class StoreLaptop:
    """One device of one person."""

    def __init__(
        self,
        path: Path,
        wire: httpx.Client,
        register: str,
        token: str,
        *,
        device: Device,
        person: str,
        clock: Clock,
        diary: Diary,
        synchronous: bool = False,
    ) -> None:
        self.path, self.device, self.person = path, device.id, person
        self.name = f"{path.stem} of {person}"
        self.diary = diary
        self._given: dict[str, Any] = {"author": person, "clock": clock, "device": device}
        self._server = Server(register, Token(token), wire)
        self._fates: dict[str, str] = {}
        self._told: set[str] = set()
        self._synchronous = synchronous
        if path.exists():
            self.store = Store.open(path, **self._given)
        else:
            self.store = empty_store(path, **self._given)
            with self.store.transaction() as connection:
                syncstate.put(connection, {"register": register, "url": "http://diwi"})
        self._opened()
        self.outcome: Outcome | None = None

    def _opened(self) -> None:
        if not self._synchronous:  # kills are tried elsewhere; here nobody pulls the plug
            self.store._connection.execute("PRAGMA synchronous=OFF")
        self.runner = Runner(self.store, self._server, now=lambda: 0.0, sleep=lambda _: None)

    # -- what its user does -----------------------------------------------------------------------------------------

    def act(self, work: Callable[[Any], object], name: str = "Wijziging") -> bool:
        """An act of its user; whether the store took it."""
        before = self.held()
        try:
            with self.store.act(name) as act:
                work(act)
        except (Refused, UserError, StoreError):  # a rule, or the store is closed to whoever was locked out
            return False
        if act.seq is not None:
            self._note(act.seq, before)
        return act.seq is not None

    def change(self, kind: str, entity: str, key: str, value: Any) -> bool:
        """One change; `key` is empty for a new entity."""

        def work(act: Any) -> None:
            if not key:
                act.create(kind, value, id=entity)
            elif key == DELETED:
                act.delete(kind, entity)
            else:
                act.set(kind, entity, key, value)

        return self.act(work)

    def undo(self, redo: bool = False) -> bool:
        """Take the last act back, or the last undo."""
        before = self.held()
        try:
            info = self.store.redo() if redo else self.store.undo()
        except (UndoConflict, Refused, UserError, StoreError):
            return False
        if info is not None:
            self._note(info.seq, before)
        return info is not None

    def settle(self, mine: bool) -> bool:
        """Settle the first conflict."""
        before = self.held()
        try:
            open_ = inbox.conflicts(self.store)
            if not open_:
                return False
            seq = inbox.settle(self.store, [open_[0].id], inbox.MINE if mine else inbox.THEIRS)
        except (Refused, UserError, StoreError):
            return False
        if seq is not None:
            self._note(seq, before)
        return True

    def _note(self, seq: int, before: Mapping[str, tuple[str, Mapping[str, Any]]]) -> None:
        connection = self.store.read_whole()
        id = connection.execute("SELECT id FROM act WHERE seq = ?", (seq,)).fetchone()[0]
        for change in self._changes(connection, seq):
            gone = change.field == DELETED and change.new is not None and change.entity in before
            whole = dict(before[change.entity][1]) if gone else None
            note = Note(self.name, self.device, change.kind, change.entity, change.field, change.old, change.new, whole)
            if gone:
                note.below = frozenset(below(before, change.entity))
            self.diary.write(f"{id}/{change.n}", note)

    @staticmethod
    def _changes(connection: Any, seq: int) -> list[Change]:
        """Of an act, also when the store is closed to its user by now."""
        rows = connection.execute(
            "SELECT n, kind, entity, field, old, new FROM change WHERE act_seq = ? ORDER BY n", (seq,)
        )
        return [Change(*row[:4], *(None if text is None else json.loads(text) for text in row[4:])) for row in rows]

    # -- synchronising ----------------------------------------------------------------------------------------------

    def sync(self) -> bool:
        """Whether it came to its end."""
        self.outcome = self.runner.run()
        self._harvest()
        return self.outcome.problem is None

    def _harvest(self) -> None:
        connection = self.store.read_whole()
        rows = connection.execute(
            "SELECT a.id || '/' || c.n, c.server_seq, c.result FROM change c JOIN act a ON a.seq = c.act_seq"
            " WHERE a.device = ? AND (c.server_seq IS NOT NULL OR c.result IS NOT NULL)",
            (self.device,),
        )
        for name, seq, result in rows:
            if result != "local":
                self._fates[name] = result or ("applied" if seq else "")
        self._told |= {name for (name,) in connection.execute("SELECT act || '/' || n FROM inbox")}

    # -- what the checks ask ----------------------------------------------------------------------------------------

    def held(self) -> dict[str, tuple[str, dict[str, Any]]]:
        """Kind and values of everything in the tables that travels."""
        found: dict[str, tuple[str, dict[str, Any]]] = {}
        connection = self.store.read_whole()
        for kind in self.store.catalogue.kinds:
            if kind.kind not in LOCAL_KINDS:
                for row in self.store.tables.rows(connection, kind.kind, "1", {}, None):
                    values = {key: value for key, value in row.items() if key != "id" and value is not None}
                    found[row["id"]] = kind.kind, values
        return found

    def fates(self) -> dict[str, str]:
        return self._fates

    def told(self) -> set[str]:
        """The changes that ever stood in the inbox."""
        return self._told

    def waits(self) -> set[str]:
        rows = self.store.read_whole().execute(
            "SELECT a.id || '/' || c.n FROM (SELECT act_seq, n FROM change"
            f" WHERE {syncstate.WAITING}) c JOIN act a ON a.seq = c.act_seq"
        )
        return {name for (name,) in rows}

    def confirmed(self) -> dict[str, str]:
        """Kind by id of what came from the server or was taken by it."""
        return dict(self.store.read_whole().execute("SELECT entity, kind FROM sync_entity").fetchall())

    def incidents(self) -> int:
        """How often the digests did not agree."""
        return int(syncstate.get(self.store.read_whole(), "incidents", "0"))

    def sound(self) -> list[str]:
        """What verifying finds, and digests that are not what the entities say."""
        found = [f"{self.name}: {line}" for line in verify(self.store)]
        connection = self.store.read_whole()
        if syncstate.recounted(connection) != {k: v for k, v in syncstate.scope_digests(connection).items() if v}:
            found.append(f"{self.name}: the digests are not those of the entities")
        return found

    def bytes_of_file(self) -> bytes:
        """All that stands in the file and the files beside it."""
        return b"".join(path.read_bytes() for path in sorted(self.path.parent.glob(f"{self.path.name}*")))

    # -- misfortune -------------------------------------------------------------------------------------------------

    @contextmanager
    def crashing(self, after: int) -> Iterator[None]:
        """The program is gone after so many transactions; the last one just before or just after it is committed."""
        real = Store.transaction
        left = after // 2

        @contextmanager
        def transaction(store: Store) -> Iterator[Any]:
            nonlocal left
            with real(store) as connection:
                yield connection
                if left == 0 and after % 2 == 0:
                    raise Crash
            if left == 0:
                raise Crash
            left -= 1

        with patch.object(Store, "transaction", transaction):
            yield

    def sync_and_crash(self, after: int) -> bool:
        """Synchronise, and be gone after so many half transactions; whether it came that far."""
        try:
            with self.crashing(after):
                self.runner.run()
        except Crash:
            self.reopen()
            return True
        finally:
            self._harvest()
        return False

    def reopen(self) -> None:
        self.store.close()
        self.store = Store.open(self.path, **self._given)
        self._opened()

    def backup(self) -> Path:
        """A copy of the store, put aside."""
        target = self.path.with_suffix(".copy")
        self.store.close()
        shutil.copy(self.path, target)
        self.reopen()
        return target

    def set_back(self, copy: Path) -> None:
        """The copy takes the place of the store. What was made since and not sent is gone with it."""
        waiting = self.waits()
        self.store.close()
        for path in self.path.parent.glob(f"{self.path.name}-*"):
            path.unlink()
        shutil.copy(copy, self.path)
        self.store = Store.open(self.path, **self._given)
        self._opened()
        self.diary.gone |= waiting - self.waits()
        self.diary.forgiven.add(self.device)

    def close(self) -> None:
        self.store.close()


__all__ = ["Cancelled", "Crash", "StoreError", "StoreLaptop"]
