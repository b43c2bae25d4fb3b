"""What stays in a laptop's file of what its user may not see any more, and who sees what he typed himself."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from diwi_desktop.model.clock import FixedClock
from diwi_desktop.model.codes import UserRole
from diwi_desktop.store import Store, StoreError, driver, inbox, purge
from diwi_desktop.sync import status
from tests.stores import TODAY, add, de_hoek
from tests.sync.fake import FakeServer
from tests.sync.laptops import Laptop

ANNA, BRAM = "aaaaaaaa-0000-4000-8000-000000000001", "bbbbbbbb-0000-4000-8000-000000000002"


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[Laptop, Laptop]]:
    server = FakeServer(FixedClock.on(TODAY), {ANNA: "Anna", BRAM: "Bram"})
    a = Laptop(tmp_path / "a.diwi", server, ANNA, "AAA", empty=False)
    b = Laptop(tmp_path / "b.diwi", server, BRAM, "BBB", empty=True)
    with a.store.act("Mensen") as act:
        for id, name in server.people.items():
            values = {"name": name, "email": f"{name}@duinwijk.nl", "role": "UserPlus", "state": "ACTIEF"}
            act.create("person", values, id=id)
    for laptop in (a, b):
        laptop.sync()
    yield a, b
    a.store.close()
    b.store.close()


def bytes_of(laptop: Laptop) -> bytes:
    return b"".join(file.read_bytes() for file in laptop.path.parent.glob(f"{laptop.path.name}*"))


def test_an_act_on_several_plans_loses_its_name_with_one_of_them(pair: tuple[Laptop, Laptop]) -> None:
    """The name of an import is that of a file, which may well be that of a plan."""
    a, b = pair
    secret, other = add(a.store, de_hoek()), add(a.store, de_hoek())
    with a.store.act("Excel ingelezen: plan Zilvermeeuw.xlsx", kind="import") as act:
        for plan in (secret, other):
            act.set("project", plan, "priority", None)
            act.set("project", plan, "description", "uit het bestand")
    with a.store.act("Kleur wijzigen") as act:
        act.set("project", other, "color", "#112233")
    a.sync()
    b.sync()
    assert b"Zilvermeeuw" in bytes_of(b)
    a.server.hidden[BRAM] = {secret}
    b.sync()
    names = {name for (name,) in b.store.read_whole().execute("SELECT name FROM act")}
    assert "Projecten wijzigen" in names
    assert "Kleur wijzigen" in names
    assert b"Zilvermeeuw" not in bytes_of(b)


def _conflict(a: Laptop, b: Laptop) -> str:
    project = add(a.store, de_hoek())
    a.sync()
    b.sync()
    for laptop, name in ((a, "Van Anna"), (b, "Van Bram")):
        with laptop.store.act("Naam wijzigen") as act:
            act.set("project", project, "name", name)
        laptop.sync()
    return project


def _role(laptop: Laptop, person: str, role: UserRole) -> None:
    with laptop.store.act("Rol wijzigen") as act:
        act.set("person", person, "role", role.value)
    laptop.sync()


def test_what_a_reader_kept_from_being_wiped_goes_with_the_next_synchronisation(pair: tuple[Laptop, Laptop]) -> None:
    a, b = pair
    secret = add(a.store, replace(de_hoek(), name="Plan Zilvermeeuw"))
    a.sync()
    b.sync()
    a.server.hidden[BRAM] = {secret}
    with b.store.snapshot(whole=True) as reader:
        assert reader.execute("SELECT count(*) FROM project").fetchone() == (1,)
        b.sync()
        assert b"Zilvermeeuw" in bytes_of(b)  # the file stays as this reader sees it
        started = time.monotonic()
        purge.wipe(b.store)
        assert time.monotonic() - started < driver.BUSY_MS / 2_000  # whoever wants to store something waits as long
    b.sync()
    assert b"Zilvermeeuw" not in bytes_of(b)


def test_what_came_in_is_told_when_the_disk_is_too_full_to_wipe(
    pair: tuple[Laptop, Laptop], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The window would go on showing what was there before: the next synchronisation brings nothing."""
    a, b = pair
    project = add(a.store, de_hoek())
    a.sync()
    told: list[tuple[str, str]] = []
    b.store.subscribe(lambda info: told.extend(info.entities))

    def full(_: Store) -> None:
        raise StoreError("De schijf is vol.", "The disk is full.", code="disk_full")

    with monkeypatch.context() as patched:
        patched.setattr(purge, "wipe", full)
        with pytest.raises(StoreError):
            b.sync()
    assert ("project", project) in told


def test_the_inbox_shows_what_its_user_sees(pair: tuple[Laptop, Laptop]) -> None:
    """A conflict holds what another wrote, and stayed in sight when the rights were gone."""
    a, b = pair
    _conflict(a, b)
    assert [item.theirs for item in inbox.conflicts(b.store)] == ["Van Anna"]
    assert status.look(b.store).conflicts == 1
    _role(a, BRAM, UserRole.EXTERNAL)
    b.sync()
    assert inbox.conflicts(b.store) == []
    assert status.look(b.store).conflicts == 0
    _role(a, BRAM, UserRole.USER)
    b.sync()
    assert len(inbox.conflicts(b.store)) == 1


def test_what_somebody_typed_is_for_him_alone(pair: tuple[Laptop, Laptop]) -> None:
    a, b = pair
    secret = add(a.store, de_hoek())
    a.sync()
    b.sync()
    with b.store.act("Naam wijzigen") as act:
        act.set("project", secret, "name", "Getypt door Bram")
    a.server.hidden[BRAM] = {secret}
    b.pull()
    assert [item.mine for item in inbox.not_accepted(b.store)] == ["Getypt door Bram"]
    b.person = ANNA  # she signs in on his laptop
    b.sync()
    assert inbox.not_accepted(b.store) == []
    mine = add(b.store, de_hoek())
    b.sync()
    a.server.hidden[ANNA] = {mine}
    with b.store.act("Naam wijzigen") as act:
        act.set("project", mine, "name", "Getypt door Anna")
    b.pull()
    assert [item.mine for item in inbox.not_accepted(b.store)] == ["Getypt door Anna"]
    b.store.close()
    b.store = type(b.store).open(b.path, author="Anna", clock=b.store.clock, device=b.device)
    assert b"Getypt door Bram" not in bytes_of(b)
