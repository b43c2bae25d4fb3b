"""The state machine with the real client: files, undo, the inbox, crashes, older copies, a server that is set back."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from pathlib import Path
from typing import Any, ClassVar

import httpx
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from diwi_desktop.server.ops.backup import NEW_INCARNATION
from diwi_desktop.store import Device
from tests.proof import checks
from tests.proof.faults import Faults, FaultTransport
from tests.proof.laptop import StoreLaptop
from tests.proof.machine import DEVICES, PEOPLE, WHO, Machine, laptop_
from tests.proof.world import Stage

TAGS = ("BCD", "FGH", "JKL")
MARK = re.compile(r"merk\d+z|[a-z]+@duinwijk\.nl")
# What a table really keeps: generated columns follow from it.
_COLUMNS = """
SELECT quote_ident(column_name) FROM information_schema.columns
WHERE table_schema = 'diwi' AND table_name = %(p0)s AND is_generated = 'NEVER'
"""
_KEPT = """
SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relnamespace = 'diwi'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    AND a.attname = 'register'
"""


class StoreMachine(Machine):
    """Three laptops with files in a folder of their own."""

    stage: ClassVar[Stage]
    laptops: list[StoreLaptop]

    def begin(self) -> None:
        self.world = self.stage.world()
        self.stack.callback(self.world.close)
        self.world.add_people(PEOPLE)
        # Memory, where there is such a folder: what is proven here is not what the disk does.
        shm = Path("/dev/shm")
        self.folder = Path(tempfile.mkdtemp(prefix="diwi-proof-", dir=shm if shm.is_dir() else None))
        self.stack.callback(shutil.rmtree, self.folder, ignore_errors=True)
        self.authors: dict[str, set[str]] = {}
        self.places: dict[str, str] = {f"{name}@duinwijk.nl": id for name, id in self.world.people.items()}
        self.copies: dict[int, Path] = {}
        self.misfortune = ""
        self.kept = False
        self.laptops, self.transports = [], []
        for n, (device, person) in enumerate(zip(DEVICES, WHO, strict=True)):
            bad = FaultTransport(self.stage.transport, Faults())
            self.transports.append(bad)
            laptop = StoreLaptop(
                self.folder / f"laptop{n}.diwi",
                httpx.Client(transport=bad, base_url="http://diwi", headers={"Accept-Encoding": "gzip"}),
                self.world.register,
                self.world.token(person, device),
                device=Device(device, TAGS[n]),
                person=person,
                clock=self.world.clock,
                diary=self.diary,
            )
            self.stack.callback(laptop.close)
            self.laptops.append(laptop)

    def synchronise(self, i: int, pieces: int = 0) -> bool:
        self.transports[i].faults = self.faults[i]
        ended = self.laptops[i].sync()
        self.trouble = repr(self.laptops[i].outcome)
        return ended

    def change(self, i: int, kind: str, entity: str, key: str, value: Any, project: str | None) -> None:
        for mark in MARK.findall(json.dumps(value)):
            self.authors.setdefault(mark, set()).add(self.laptops[i].device)
            self.places.setdefault(mark, entity)
        self.laptops[i].change(kind, entity, key, value)

    def confirmed(self, i: int) -> dict[str, str]:
        laptop = self.laptops[i]
        refused = checks.refused_creations(self.diary, laptop)
        held = {id: kind for id, (kind, _) in laptop.held().items() if id not in refused}
        waiting = {self.diary.notes[name].entity for name in laptop.waits() if name in self.diary.notes}
        return {id: kind for id, kind in held.items() if id not in waiting} | laptop.confirmed()

    def forbidden(self, i: int) -> list[str]:
        laptop = self.laptops[i]
        allowed = self.world.visible(laptop.person)
        found = super().forbidden(i)
        data = laptop.bytes_of_file().decode("latin-1")
        for mark in set(MARK.findall(data)):
            place = self.places.get(mark)
            if place and place not in allowed and laptop.device not in self.authors.get(mark, ()):
                found.append(f"{laptop.name}: the bytes of its file still hold {mark}, of {place}")
        return found

    def repairs(self) -> list[str]:
        if self.misfortune:
            return []
        return [f"{one.name}: digests differed {one.incidents()} times" for one in self.laptops if one.incidents()]

    def teardown(self) -> None:
        try:
            if hasattr(self, "faults"):
                for laptop in self.laptops:
                    found = laptop.sound()
                    assert not found, found
        finally:
            super().teardown()

    # -- what only a store can do -----------------------------------------------------------------------------------

    @rule(i=laptop_, redo=st.booleans())
    def undo(self, i: int, redo: bool) -> None:
        self.laptops[i].undo(redo)

    @rule(i=laptop_, mine=st.booleans())
    def settle(self, i: int, mine: bool) -> None:
        self.laptops[i].settle(mine)

    @rule(i=laptop_, after=st.integers(0, 5))
    def crash(self, i: int, after: int) -> None:
        self.transports[i].faults = self.faults[i]
        self.laptops[i].sync_and_crash(after)

    @precondition(lambda self: self.misfortune in ("", "laptop"))
    @rule(i=laptop_)
    def copy_store(self, i: int) -> None:
        if i not in self.copies:
            self.copies[i] = self.laptops[i].backup()

    @precondition(lambda self: self.misfortune in ("", "laptop") and self.copies)
    @rule(i=laptop_)
    def set_back_store(self, i: int) -> None:
        if i in self.copies:
            self.misfortune = "laptop"
            self.laptops[i].set_back(self.copies.pop(i))

    @precondition(lambda self: self.misfortune in ("", "server"))
    @rule(anew=st.booleans())
    def back_up_or_restore_server(self, anew: bool) -> None:
        """Restore the server if there is a back-up; else, and also `anew`, make one."""
        tables = sorted({name for (name,) in self.world.query(_KEPT)} - {"audit"})
        sql = self.world.connection.execute
        if anew or not self.kept:
            self.kept = True
            for table in ("", *(f"_{table}" for table in tables)):
                sql(f"DROP TABLE IF EXISTS pg_temp.kept{table}")
            for table in tables:
                sql(
                    f"CREATE TEMP TABLE kept_{table} AS SELECT * FROM {table} WHERE register = %s",
                    (self.world.register,),
                )
            sql(
                "CREATE TEMP TABLE kept AS SELECT seq, epoch, fields_seq, restored_seq FROM register WHERE id = %s",
                (self.world.register,),
            )
            return
        self.misfortune = "server"
        self.diary.unsure |= self.diary.notes.keys()
        with self.world.connection.transaction():
            for table in tables:
                sql(f"DELETE FROM {table} WHERE register = %s", (self.world.register,))
            for table in tables:
                columns = ", ".join(name for (name,) in self.world.query(_COLUMNS, table))
                sql(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM kept_{table} ON CONFLICT DO NOTHING")
            sql(
                "UPDATE register r SET seq = k.seq, epoch = k.epoch, fields_seq = k.fields_seq,"
                " restored_seq = k.restored_seq FROM kept k WHERE r.id = %s",
                (self.world.register,),
            )
            sql(f"{NEW_INCARNATION} WHERE id = %s", (self.world.register,))
