"""Real stores and the real server in bad times: a bad network at every place, full disks, clocks that are years off."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import httpx
import psycopg
import pytest

from diwi_desktop.model.clock import Clock, FixedClock
from diwi_desktop.model.codes import UserRole
from diwi_desktop.server.push import take, write
from diwi_desktop.store import Device, blobs
from diwi_desktop.sync import documents
from diwi_desktop.sync.problem import Obstacle
from tests.proof import checks
from tests.proof.checks import Diary
from tests.proof.faults import AT_ANY_BYTE, Fault, FaultProxy, Faults, FaultTransport
from tests.proof.laptop import StoreLaptop
from tests.proof.machine import DEVICES, SHARED, shared
from tests.proof.serving import ServerProcess
from tests.proof.world import Stage, World

BLOCK = SHARED[:-1] + "b"


class Two:
    """Two laptops of main users on one register; `wire` says how each reaches the server."""

    def __init__(self, stage: Stage, folder: Path, wire: Callable[[], httpx.Client], clocks: list[Clock] | None = None):
        self.stage, self.world = stage, stage.world()
        self.world.add_people({"anna": UserRole.USER_PLUS, "bram": UserRole.USER_PLUS})
        self.world.seed(shared())
        self.diary = Diary()
        self.clocks = clocks or [self.world.clock, self.world.clock]
        self.folder, self.wire = folder, wire
        self.laptops: list[StoreLaptop] = []

    def open(self) -> list[StoreLaptop]:
        for n, person in enumerate(("anna", "bram")):
            device = Device(DEVICES[n], ("BCD", "FGH")[n])
            self.laptops.append(
                StoreLaptop(
                    self.folder / f"laptop{n}.diwi",
                    self.wire(),
                    self.world.register,
                    self.world.token(person, device.id),
                    device=device,
                    person=person,
                    clock=self.clocks[n],
                    diary=self.diary,
                )
            )
        return self.laptops

    def equal(self) -> None:
        """In fair weather all come to the same, and nothing was lost."""
        for _ in range(2):
            for one in self.laptops:
                assert one.sync(), one.outcome
        found = checks.all_of(self.world, self.diary, self.laptops)
        for one in self.laptops:
            found += one.sound()
        assert found == []

    def close(self) -> None:
        for one in self.laptops:
            one.close()
        self.world.close()


@pytest.fixture
def two(proof_stage: Stage, tmp_path: Path) -> Iterator[Two]:
    """In this process; `two.faults` is the network of the first laptop."""
    made = Two(proof_stage, tmp_path, lambda: proof_stage.client(""))
    yield made
    made.close()


def _work(one: StoreLaptop, other: StoreLaptop) -> None:
    """Edits on both sides, some of which meet, and new things with a contour."""
    assert one.change("project", SHARED, "description", "van een")
    assert other.change("project", SHARED, "description", "van twee")
    assert one.change("houseblock", BLOCK, "number", 11)
    assert other.change("houseblock", BLOCK, "number", 12)
    assert one.change("houseblock", BLOCK, "number", 13)


@pytest.mark.parametrize("at", range(3))
@pytest.mark.parametrize("fault", list(Fault))
def test_whatever_breaks_in_a_synchronisation(two: Two, fault: Fault, at: int) -> None:
    """At the first, second or third request: the run goes on, or the next one does; nothing is lost or done twice."""
    faults = Faults(random.Random(at))
    two.wire = lambda: httpx.Client(
        transport=FaultTransport(two.stage.client("")._transport, faults), base_url="http://diwi"
    )
    one, other = two.open()
    assert one.sync()
    assert other.sync()
    _work(one, other)
    faults.plan = [*[None] * at, fault]
    other.sync()
    one.sync()
    faults.plan = []
    two.equal()


@pytest.fixture
def socket_two(proof_stage: Stage, tmp_path: Path) -> Iterator[tuple[Two, FaultProxy, ServerProcess]]:
    """Over real sockets, through a proxy that cuts."""
    with ExitStack() as stack:
        made = Two(proof_stage, tmp_path, lambda: stack.enter_context(httpx.Client(base_url=proxy.url, timeout=20)))
        stack.callback(made.close)
        for n, person in enumerate(("anna", "bram")):
            made.world.token(person, DEVICES[n])
        server = stack.enter_context(
            ServerProcess(made.world.url, tmp_path / "server", made.world.state.sessions, largest_file=2_500_000)
        )
        proxy = stack.enter_context(FaultProxy(server.port, Faults(random.Random(3))))
        yield made, proxy, server


def test_cut_at_every_place_of_every_message(socket_two: tuple[Two, FaultProxy, ServerProcess]) -> None:
    two, proxy, _ = socket_two
    one, other = two.open()
    for at in range(3):
        for fault in AT_ANY_BYTE:
            one.change("project", SHARED, "project_leader", f"{fault.name} {at} van een")
            other.change("project", SHARED, "name", f"{fault.name} {at} van twee")
            one.change("houseblock", BLOCK, "note", f"{fault.name} {at} van een")
            proxy.faults.plan = [*[None] * at, fault]
            one.sync()
            other.sync()
            proxy.faults.plan = []
    assert len(proxy.faults.happened) >= 2 * len(AT_ANY_BYTE)
    two.equal()


def test_a_file_arrives_however_often_it_is_cut_and_when_the_servers_disk_was_full(
    socket_two: tuple[Two, FaultProxy, ServerProcess], tmp_path: Path
) -> None:
    two, proxy, server = socket_two
    one, other = two.open()
    assert one.sync()
    content = b"%PDF-1.7" + random.Random(5).randbytes(3_600_000)
    path = tmp_path / "tekening.pdf"
    path.write_bytes(content)
    document = documents.attach(one.store, SHARED, path)
    one.sync()  # the server's disk is full: the change is there, the file is not
    assert document in two.world.visible("bram")
    assert documents.state_of(one.store, document) == blobs.UP
    server.more_room()
    server.start()
    for fault in AT_ANY_BYTE:
        proxy.faults.plan = [None, None, fault]
        one.sync()
    proxy.faults.plan = []
    assert one.sync(), one.outcome
    assert documents.state_of(one.store, document) == blobs.HERE
    assert other.sync()
    documents.fetch(other.store, document)
    for fault in AT_ANY_BYTE:
        proxy.faults.plan = [None, fault]
        other.sync()
    proxy.faults.plan = []
    assert other.sync(), other.outcome
    assert documents.open_copy(other.store, document, tmp_path / "open").read_bytes() == content


def test_a_full_disk_on_the_laptop_stops_it_and_loses_nothing(two: Two) -> None:
    one, other = two.open()
    assert one.sync()
    assert other.sync()
    for number in range(200):
        part = {"project_id": SHARED, "name": "x" * 150, "mutation": "CONSTRUCTION", "number": number}
        one.change("houseblock", f"{number:08x}-3333-4333-8333-333333333333", "", part)
    assert one.sync()
    assert other.change("houseblock", BLOCK, "number", 77)
    pages = other.store._connection.execute("PRAGMA page_count").fetchone()[0]
    other.store._connection.execute(f"PRAGMA max_page_count={pages}")
    assert not other.sync()
    assert other.outcome is not None
    assert other.outcome.problem is not None
    assert other.outcome.problem.obstacle is Obstacle.LOCAL
    assert other.sound() == []
    other.store._connection.execute("PRAGMA max_page_count=1000000")
    two.equal()


@pytest.mark.allow_error_log
def test_a_full_disk_under_the_database_undoes_the_whole_push(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = two.open()
    assert one.sync()
    assert other.sync()
    _work(one, other)
    before = two.world.log()
    real = write.write

    def full(*given: object, **more: object) -> None:
        real(*given, **more)  # type: ignore[arg-type]  # whatever it takes
        raise psycopg.errors.DiskFull("could not extend file: No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(take, "write", full)
        assert not one.sync()
        assert one.outcome is not None
        assert one.outcome.problem is not None
        assert one.outcome.problem.obstacle is Obstacle.BUSY
    assert two.world.log() == before
    two.equal()


@pytest.mark.parametrize(("first", "second", "server"), [(1996, 2056, 2026), (2056, 1996, 2026), (2026, 2026, 1996)])
def test_clocks_that_are_years_off_decide_nothing(
    proof_stage: Stage, tmp_path: Path, first: int, second: int, server: int
) -> None:
    """Who comes first at the server is first, whatever his clock says; and all is told and nothing lost."""
    clocks: list[Clock] = [FixedClock(datetime(year, 3, 1, tzinfo=UTC)) for year in (first, second)]
    two = Two(proof_stage, tmp_path, lambda: proof_stage.client(""), clocks)
    before = proof_stage.app.state.clock.moment
    proof_stage.app.state.clock.moment = datetime(server, 3, 1, tzinfo=UTC)
    try:
        one, other = two.open()
        assert one.sync()
        assert other.sync()
        _work(one, other)
        assert other.sync()
        two.equal()
        assert _number(two.world) == 12
        assert "conflict" in one.fates().values()
        assert "conflict" not in other.fates().values()
    finally:
        proof_stage.app.state.clock.moment = before
        two.close()


def _number(world: World) -> int:
    found: int = world.entities()[BLOCK].values["number"]
    return found
