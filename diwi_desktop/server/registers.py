"""Making registers, and the people that the server itself puts in them."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from diwi_desktop.changes.messages import SCHEMA, Push, WireAct, WireChange
from diwi_desktop.model.clock import FixedClock
from diwi_desktop.model.ids import Ids
from diwi_desktop.server.db import Database
from diwi_desktop.server.push.take import run_as_server
from diwi_desktop.server.session import Session

# Who makes what the server makes itself: no person and no laptop.
SERVER = "00000000-0000-0000-0000-000000000000"


def create(database: Database, *, code: str, name: str, id: str = "") -> str:
    """A new, empty register; its id. `code` is the municipality's and occurs once."""
    made = id or str(uuid4())
    with database.anywhere() as connection:
        connection.execute("INSERT INTO diwi.register (id, code, name) VALUES (%s, %s, %s)", (made, code, name))
    return made


def add_person(
    database: Database, register: str, *, name: str, email: str, role: str, state: str, now: datetime
) -> str:
    """Put a person in a register, outside the rights of any user: the first administrator. His id.

    Raises ValueError for values that do not fit.
    """
    ids = Ids(FixedClock(now))
    person = ids.new()
    values = {"name": name, "email": email, "role": role, "state": state}
    change(database, register, [WireChange(0, "person", person, None, "", None, values)], "Persoon toevoegen", now)
    return person


def change(database: Database, register: str, changes: list[WireChange], name: str, now: datetime) -> None:
    """Changes by the server itself, as one act of the log. Raises ValueError when one is not applied."""
    act = WireAct(Ids(FixedClock(now)).new(), name, "system", SERVER, "", changes)
    session = Session(SERVER, SERVER, register, SERVER, "DIWI")
    reply = run_as_server(database, session, Push(SCHEMA, [act]), now)
    wrong = [f"{one.result} {one.code} {one.en}".strip() for one in reply.acts[0].others if one.result != "same"]
    if wrong:
        raise ValueError("; ".join(wrong))
