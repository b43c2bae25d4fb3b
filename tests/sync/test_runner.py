"""The runner with a server in memory, over a link that fails where it is told to."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diwi_desktop.changes.messages import DigestRequest, PullRequest, Push, ScopeRequest
from diwi_desktop.model.clock import FixedClock
from diwi_desktop.store import blobs, inbox, outbox, receive, syncstate
from diwi_desktop.store.driver import StoreError
from diwi_desktop.store.plans import plans
from diwi_desktop.sync import engine, shutout, status
from diwi_desktop.sync import runner as running
from diwi_desktop.sync.problem import Obstacle, Problem
from diwi_desktop.sync.runner import Runner
from diwi_desktop.sync.status import Running, State
from tests.stores import TODAY, add, de_hoek
from tests.sync.fake import FakeServer
from tests.sync.laptops import Laptop

ANNA, BRAM = "aaaaaaaa-0000-4000-8000-000000000001", "bbbbbbbb-0000-4000-8000-000000000002"


class Link:
    """A server as one laptop reaches it. `before` and `after` may raise for the numbered call."""

    def __init__(self, laptop: Laptop) -> None:
        self.server, self.person, self.device = laptop.server, laptop.person, laptop.device.id
        self.calls: list[str] = []
        self.before: Callable[[int, str], None] = lambda number, name: None
        self.after: Callable[[int, str], None] = lambda number, name: None
        self.restored: set[str] = set()
        self.piece = 700
        self.stored: dict[str, bytes] = {}

    def _call(self, name: str, work: Callable[[], Any]) -> Any:
        self.calls.append(name)
        number = len(self.calls)
        self.before(number, name)
        found = work()
        self.after(number, name)
        return found

    def sign_in(self, *, renew: bool = False) -> None:
        self._call("sign_in", lambda: None)

    def push(self, push: Push) -> Any:
        return self._call("push", lambda: self.server.push(self.person, msgspec.json.encode(push)))

    def pull(self, request: PullRequest) -> Any:
        if request.cursor and request.cursor not in self.server.views:
            raise Problem(Obstacle.RESTORED, seq=self.server.seq)
        return self._call("pull", lambda: self.server.pull(self.person, self.device, request))

    def snapshot(self) -> Any:
        return self._call("snapshot", lambda: self.server.snapshot(self.person, self.device))

    def snapshot_piece(self, snapshot: str, at: int, size: int) -> Any:
        return self._call("piece", lambda: self.server.files[snapshot][at : at + self.piece])

    def digests(self, request: DigestRequest) -> Any:
        return self._call("digests", lambda: self.server.digests(self.person, request))

    def scope_logs(self, request: ScopeRequest) -> Any:
        return self._call("scopes", lambda: self.server.scope_logs(self.person, request))

    def file_offset(self, sha: str) -> Any:
        return self._call("offset", lambda: len(self.server.files.get(sha, b"")))

    def send_file(self, sha: str, at: int, total: int, body: bytes) -> None:
        def work() -> None:
            had = self.server.files.get(sha, b"")
            if len(had) != at:
                raise Problem(Obstacle.RANGE)
            self.server.files[sha] = had + body

        self._call("send", work)

    def file_piece(self, sha: str, at: int, size: int) -> Any:
        if sha not in self.server.files:
            raise Problem(Obstacle.NOT_FOUND)
        return self._call("fetch", lambda: self.server.files[sha][at : at + blobs.PART])


class Pair:
    def __init__(self, folder: Path) -> None:
        self.server = FakeServer(FixedClock.on(TODAY), {ANNA: "Anna", BRAM: "Bram"})
        self.a = Laptop(folder / "a.diwi", self.server, ANNA, "AAA", empty=False)
        self.b = Laptop(folder / "b.diwi", self.server, BRAM, "BBB", empty=True)
        self.waits: list[float] = []
        self.links = {laptop.person: Link(laptop) for laptop in (self.a, self.b)}

    def runner(self, laptop: Laptop) -> Runner:
        clock = iter(range(10**9))
        return Runner(laptop.store, self.links[laptop.person], now=lambda: float(next(clock)), sleep=self.waits.append)

    def run(self, laptop: Laptop, **given: Any) -> running.Outcome:
        return self.runner(laptop).run(**given)

    def close(self) -> None:
        self.a.store.close()
        self.b.store.close()


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    made = Pair(tmp_path)
    yield made
    made.close()


def same(pair: Pair) -> None:
    for _ in range(2):
        for laptop in (pair.a, pair.b):
            assert pair.run(laptop).problem is None
    assert plans(pair.a.store) == plans(pair.b.store)


def test_a_store_goes_up_once_and_comes_down_elsewhere(pair: Pair) -> None:
    add(pair.a.store, de_hoek())
    outcome = pair.run(pair.a)
    assert outcome.sent > 20
    assert pair.links[ANNA].calls == ["sign_in", "pull", "push", "pull"]
    assert outcome.received == len(pair.server.people)  # not what it had just sent
    assert pair.run(pair.b).received == pair.server.seq
    assert plans(pair.a.store) == plans(pair.b.store)
    pair.links[BRAM].calls.clear()
    assert pair.run(pair.b).problem is None
    assert pair.links[BRAM].calls == ["sign_in", "pull"]
    assert status.look(pair.b.store).words() == "bijgewerkt"


def test_a_snapshot_comes_in_pieces_and_is_resumed(pair: Pair) -> None:
    for number in range(5):
        add(pair.a.store, de_hoek(), f"{number}")
    pair.run(pair.a)
    pair.server.most = 50
    link = pair.links[BRAM]

    def cut(number: int, name: str) -> None:
        if link.calls.count("piece") > 2:
            raise Problem(Obstacle.OFFLINE)

    link.before = cut
    assert pair.run(pair.b).problem is not None
    held = receive.staged_snapshot(pair.b.store)
    assert held is not None
    assert held[1] == 2 * link.piece
    link.before = lambda number, name: None
    link.calls.clear()
    assert pair.run(pair.b).problem is None
    assert "snapshot" not in link.calls
    assert plans(pair.a.store) == plans(pair.b.store)


def test_without_a_network_everything_stays_and_the_pauses_grow(pair: Pair) -> None:
    add(pair.a.store, de_hoek())

    def cut(number: int, name: str) -> None:
        raise Problem(Obstacle.OFFLINE)

    pair.links[ANNA].before = cut
    waiting = outbox.count(pair.a.store)
    outcome = pair.run(pair.a)
    assert outcome.problem is not None
    assert outcome.problem.obstacle is Obstacle.OFFLINE
    assert len(pair.waits) == engine.MOST_TRIES - 1
    assert all(0.5 * 2**n <= wait <= 2**n for n, wait in enumerate(pair.waits))
    assert outbox.count(pair.a.store) == waiting
    look = status.look(pair.a.store, Running(offline_since="2026-11-22T13:05:00+00:00"))
    assert look.words() == f"offline sinds 22-11-2026 14:05 · {waiting} wijzigingen wachten"


def test_cancelled_at_any_moment_it_goes_on_later(pair: Pair) -> None:
    for number in range(4):
        add(pair.a.store, de_hoek(), f"{number}")
    for moment in range(6):
        asked = [False] * moment
        outcome = pair.run(pair.a, cancelled=lambda asked=asked: not asked or asked.pop())
        assert outcome.problem is None
    same(pair)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_call_fails_before_or_after_the_server_did_it(tmp_path_factory: Any, data: st.DataObject) -> None:
    pair = Pair(tmp_path_factory.mktemp("p"))
    try:
        add(pair.a.store, de_hoek())
        project = plans(pair.a.store)[0].id
        assert project is not None
        same(pair)
        bad = data.draw(st.sets(st.integers(1, 20)), label="lost questions")
        lost = data.draw(st.sets(st.integers(1, 20)), label="lost answers")

        def trouble(numbers: set[int], obstacle: Obstacle) -> Callable[[int, str], None]:
            def maybe(number: int, name: str) -> None:
                if number in numbers:
                    raise Problem(obstacle)

            return maybe

        for laptop in (pair.a, pair.b):
            link = pair.links[laptop.person]
            link.calls.clear()
            link.before, link.after = trouble(bad, Obstacle.OFFLINE), trouble(lost, Obstacle.BUSY)
        for number in range(4):
            laptop = data.draw(st.sampled_from([pair.a, pair.b]))
            with laptop.store.act(f"{number}") as act:
                act.set("project", project, "name", f"Naam {number}")
            pair.run(data.draw(st.sampled_from([pair.a, pair.b])))
        for link in pair.links.values():
            link.before = link.after = lambda number, name: None
        same(pair)
        names = [row.change.new for row in pair.server.log if row.change.field == "name"]
        items = [item.mine for laptop in (pair.a, pair.b) for item in inbox.conflicts(laptop.store)]
        assert len(names) == len(set(names))
        assert names or items
    finally:
        pair.close()


def test_a_restored_server_gets_what_it_lost(pair: Pair) -> None:
    add(pair.a.store, de_hoek(), "oud")
    same(pair)
    yesterday = pair.server.seq
    add(pair.a.store, de_hoek(), "nieuw")
    same(pair)
    pair.server.restore(yesterday)
    assert pair.run(pair.a).problem is None
    same(pair)
    assert len(plans(pair.b.store)) == 2


def test_the_lease_ends_and_a_clock_set_back_does_not_lengthen_it(pair: Pair) -> None:
    add(pair.a.store, de_hoek())
    same(pair)
    store = pair.b.store
    clock: Any = store.clock
    clock.moment += timedelta(days=15)
    assert status.look(store).state is State.LEASE_ENDED
    with pytest.raises(StoreError) as error:
        plans(store)
    assert error.value.code == "lease_ended"
    clock.moment -= timedelta(days=10)
    with pytest.raises(StoreError):
        plans(store)
    store.close()
    pair.b.store = store = type(store).open(pair.b.path, author="b", clock=clock, device=pair.b.device)
    clock.moment += timedelta(days=12)
    pair.server.clock = clock
    assert pair.run(pair.b).problem is None
    assert len(plans(store)) == 1


def test_files_travel_and_a_missing_one_says_so(pair: Pair, tmp_path: Path) -> None:
    from diwi_desktop.sync import documents

    project = add(pair.a.store, de_hoek())
    body = b"%PDF-1.7" + bytes(range(256)) * 12_000
    source = tmp_path / "Besluit raad.pdf"
    source.write_bytes(body)
    document = documents.attach(pair.a.store, project, source)
    same(pair)
    assert pair.server.files[sha256(body).hexdigest()] == body
    assert documents.state_of(pair.b.store, document) == blobs.AWAY
    with pytest.raises(blobs.FileTrouble):
        documents.open_copy(pair.b.store, document, tmp_path / "uit")
    documents.pin(pair.b.store, document, on=True)
    assert pair.run(pair.b).files == 1
    copy = documents.open_copy(pair.b.store, document, tmp_path / "uit")
    assert copy.read_bytes() == body
    assert copy.name == "Besluit raad.pdf"
    documents.pin(pair.b.store, document, on=False)
    pair.server.files.clear()
    documents.fetch(pair.b.store, document)
    pair.run(pair.b)
    assert documents.state_of(pair.b.store, document) == blobs.LOST


def test_a_file_that_the_server_did_not_take_is_not_let_go_here(pair: Pair, tmp_path: Path) -> None:
    """A virus scanner, or a right that was lost: this is the only copy there is."""
    from diwi_desktop.sync import documents

    project = add(pair.a.store, de_hoek())
    source = tmp_path / "Besluit.pdf"
    source.write_bytes(b"%PDF-1.7 inhoud")
    document = documents.attach(pair.a.store, project, source)

    def refuse(_number: int, name: str) -> None:
        if name == "send":
            raise Problem(Obstacle.NO_ACCESS)

    pair.links[ANNA].before = refuse
    assert pair.run(pair.a).problem is None
    assert pair.server.files == {}
    for on in (True, False):
        documents.pin(pair.a.store, document, on=on)
    assert documents.open_copy(pair.a.store, document, tmp_path / "uit").read_bytes() == b"%PDF-1.7 inhoud"


def test_a_synchronisation_that_comes_between_a_file_and_its_document_leaves_the_file(
    pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cut forgets the files that no document has."""
    from diwi_desktop.sync import documents

    project = add(pair.a.store, de_hoek())
    same(pair)
    source = tmp_path / "Besluit.pdf"
    source.write_bytes(b"%PDF-1.7 inhoud")
    outcomes: list[running.Outcome] = []
    beside = threading.Thread(target=lambda: outcomes.append(pair.run(pair.a)))
    real = blobs.take_in

    def slowly(*given: Any) -> tuple[str, int]:
        found = real(*given)
        beside.start()
        beside.join(0.5)  # it waits for the document, or has been by then
        return found

    monkeypatch.setattr(blobs, "take_in", slowly)
    document = documents.attach(pair.a.store, project, source)
    beside.join(30)
    assert [outcome.problem for outcome in outcomes] == [None]
    assert documents.open_copy(pair.a.store, document, tmp_path / "uit").read_bytes() == b"%PDF-1.7 inhoud"
    same(pair)
    assert pair.server.files[sha256(b"%PDF-1.7 inhoud").hexdigest()] == b"%PDF-1.7 inhoud"


# -- shut out ---------------------------------------------------------------------------------------------------------


def refused(outcome: running.Outcome) -> bool:
    return outcome.problem is not None and outcome.problem.obstacle is Obstacle.NO_ACCESS


@pytest.mark.parametrize("at", ["sign_in", "push", "pull"])
def test_who_is_locked_out_sees_nothing_from_then_on(pair: Pair, at: str) -> None:
    """Whatever he sets his clock to; what he made waits, and counts once he is let in again."""
    pair.run(pair.a)
    add(pair.a.store, replace(de_hoek(), name="Nog te sturen"))
    copy = pair.a.path.with_name("a.versie-1.diwi")
    copy.write_bytes(b"De Hoek")

    def shut(_number: int, name: str) -> None:
        if name == at:
            raise Problem(Obstacle.NO_ACCESS, detail="403 no-access")

    pair.links[ANNA].before = shut
    assert refused(pair.run(pair.a))
    assert not copy.exists()
    for back in (0, 400):
        pair.a.store.clock.moment -= timedelta(days=back)
        with pytest.raises(StoreError) as ended:
            plans(pair.a.store)
        assert ended.value.code == "shut_out"
    pair.a.store.clock.moment += timedelta(days=400)
    pair.links[ANNA].before = lambda number, name: None
    assert pair.run(pair.a).problem is None
    assert "Nog te sturen" in {plan.name for plan in plans(pair.a.store)}


@pytest.mark.parametrize(
    ("said", "closes"), [("403 no-access", True), ("403", False), ("403 html", False), ("401 sign-in-failed", False)]
)
def test_a_refused_sign_in_closes_the_store_of_that_person_only(pair: Pair, said: str, closes: bool) -> None:
    pair.run(pair.a)
    with pair.a.store.transaction() as connection:
        who = json.loads(syncstate.get(connection, "viewer"))
        syncstate.put(connection, {"viewer": json.dumps({**who, "email": "Anna@Duinwijk.nl"})})
    problem = Problem(Obstacle.NO_ACCESS, detail=said)
    for other in ("bram@duinwijk.nl", ""):
        assert not shutout.at_sign_in(pair.a.store, other, problem)
    assert not pair.a.store.lease_ended
    assert shutout.at_sign_in(pair.a.store, " anna@duinwijk.nl", problem) is closes
    assert pair.a.store.lease_ended is closes


def test_a_session_that_is_over_locks_nobody_out(pair: Pair) -> None:
    pair.run(pair.a)

    def over(_number: int, name: str) -> None:
        if name == "sign_in":
            raise Problem(Obstacle.SIGNED_OUT, detail="401 signed-out")

    pair.links[ANNA].before = over
    assert pair.run(pair.a).problem is not None
    plans(pair.a.store)


@pytest.mark.parametrize("at", ["sign_in", "pull"])
@pytest.mark.parametrize("detail", ["403", "403 html", ""])
def test_a_proxy_that_refuses_locks_nobody_out(pair: Pair, detail: str, at: str) -> None:
    pair.run(pair.a)

    def shut(_number: int, name: str) -> None:
        if name == at:
            raise Problem(Obstacle.NO_ACCESS, detail=detail)

    pair.links[ANNA].before = shut
    assert refused(pair.run(pair.a))
    assert not pair.a.store.lease_ended
    plans(pair.a.store)


def test_after_a_cut_no_copy_of_an_older_file_is_left(pair: Pair) -> None:
    copy = pair.a.path.with_name("a.versie-1.diwi")
    copy.write_bytes(b"De Hoek")
    pair.run(pair.a)
    assert not copy.exists()
