"""A server, or what stands between, that sends what cannot be: one sentence, and a store as it was."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
import shapely

from diwi_desktop.changes.messages import PullRequest
from diwi_desktop.model.clock import FixedClock
from diwi_desktop.store import Store, outbox, receive, syncstate
from diwi_desktop.store.plans import plans
from diwi_desktop.store.verify import verify
from diwi_desktop.sync import invitations, transport
from diwi_desktop.sync.problem import Obstacle, Problem
from diwi_desktop.sync.runner import Outcome, Runner
from diwi_desktop.sync.transport import Server
from tests.stores import TODAY, add, de_hoek, new_store, square
from tests.sync.real import Fixed

REGISTER = "99999999-9999-4999-8999-999999999999"
P, B, A = (f"cccccccc-0000-4000-8000-00000000000{n}" for n in range(3))
ACT, DEVICE = "dddddddd-0000-4000-8000-000000000001", "dddddddd-0000-4000-8000-000000000002"
NOON = "2026-11-21T12:00:00.000000Z"
MADE = {"code": "DNW-1", "name": "Hek", "start_date": "2026-01-15", "end_date": "2030-12-31", "color": "#FF5733",
        "confidentiality": "INTERNAL_CIVIL"}  # fmt: skip
BLOCK = {"project_id": P, "name": "Blok", "mutation": "CONSTRUCTION", "number": 4}
AREA = {"project_id": P, "geometry": square().hex()}

Answer = Callable[[httpx.Request], httpx.Response]


def wire(answer: Answer) -> httpx.Client:
    return httpx.Client(transport=httpx.MockTransport(answer), base_url="https://diwi.test")


def answering(response: httpx.Response) -> Answer:
    return lambda request: response


def server(answer: Answer) -> Server:
    return Server(REGISTER, Fixed("x"), wire(answer))


def act(*changes: Any, **other: Any) -> dict[str, Any]:
    return {"id": ACT, "name": "Wijziging", "kind": "user", "device": DEVICE, "made_at": NOON, "author": "Hek",
            "received": NOON, "changes": list(changes), **other}  # fmt: skip


def made(kind: str, entity: str, values: Any, n: int = 0, project: str | None = P) -> list[Any]:
    return [n, kind, entity, project, "", None, values, 0, None, n + 1]


def edit(field: str, value: Any, kind: str = "project", entity: str = P, n: int = 9) -> list[Any]:
    return [n, kind, entity, P, field, None, value, 0, None, n + 1]


BASE = [made("project", P, MADE), made("houseblock", B, BLOCK, 1), made("plan_area", A, AREA, 2)]


class Liar:
    """Gives these acts, as JSON, with so many changes: on a page of a pull or in a snapshot."""

    def __init__(self, acts: list[str], changes: int, *, as_snapshot: bool, **more: Any) -> None:
        self._page, self._as_snapshot, self._changes = f"[{','.join(acts)}]", as_snapshot, changes
        self._acts, self._file = len(acts), gzip.compress("\n".join(acts).encode())
        self._reply = {"seq": 99, "cursor": "c", "lease_until": "2026-12-05T12:00:00Z", "server_time": NOON, **more}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        name = request.url.path.rpartition("/")[2]
        if name == "pulls" and not self._as_snapshot:
            page = json.dumps({**self._reply, "more": False, "acts": "@"}).replace('"@"', self._page)
            return httpx.Response(200, content=page.encode())
        if name == "pulls":
            known = json.loads(request.content)["cursor"] == "c"  # what came after the snapshot: nothing
            return httpx.Response(200, json={**self._reply, "more": False, "snapshot": not known})
        if name == "snapshots":
            file = {"id": ACT, "size": len(self._file), "sha256": sha256(self._file).hexdigest(), "digest": ""}
            counts = {"acts": self._acts, "changes": self._changes}
            return httpx.Response(200, json={**self._reply, **file, **counts})
        if name == "content":
            return httpx.Response(200, content=self._file)
        return httpx.Response(500)


def liar(*acts: dict[str, Any], as_snapshot: bool = False, **more: Any) -> Liar:
    changes = sum(len(one["changes"]) for one in acts)
    return Liar([json.dumps(one) for one in acts], changes, as_snapshot=as_snapshot, **more)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store with a plan that waits to be sent."""
    with new_store(tmp_path / "a.diwi", FixedClock.on(TODAY)) as made:
        add(made, de_hoek())
        with made.transaction() as connection:
            syncstate.put(connection, {"register": REGISTER, "url": "https://diwi.test"})
        yield made


def run(store: Store, answer: Answer) -> Outcome:
    return Runner(store, server(answer), now=lambda: 0.0, sleep=lambda _: None).run()


def crossing() -> str:
    bow = shapely.MultiPolygon([shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])])
    return str(shapely.to_wkb(shapely.set_srid(bow, 28992), hex=True, include_srid=True, byte_order=1)).lower()


NONSENSE: dict[str, Any] = {
    "text as number": edit("name", 7),
    "text as list": edit("name", ["De", "Hoek"]),
    "text with a NUL": edit("name", "De\x00Hoek"),
    "number as text": edit("number", "veel", "houseblock", B),
    "number as truth": edit("number", True, "houseblock", B),
    "number without end": edit("number", 10**40, "houseblock", B),
    "truth as text": edit("programming", "ja", "houseblock", B),
    "date": edit("start_date", "gisteren"),
    "date of no month": edit("start_date", "2026-13-01"),
    "time of deletion": edit("deleted_at", 5),
    "area that is no hexadecimal": edit("geometry", "zz", "plan_area", A),
    "area that breaks off": edit("geometry", square().hex()[:60], "plan_area", A),
    "area that crosses itself": edit("geometry", crossing(), "plan_area", A),
    "area that is a point": edit("geometry", "0101000020407100000000000000000000000000000000f03f", "plan_area", A),
    "area of another kind": edit("geometry", {"type": "Polygon"}, "plan_area", A),
    "own field as an object": edit("own:" + ACT, {"a": 1}),
    "later field, deep": edit("later", json.loads("[" * 200 + "]" * 200)),
    "later field, without end": edit("later", [10**40]),
    "the values of a new one are a list": made("project", B, ["naam"], 9),
    "the values of a new one are nothing": made("project", ACT, None, 9),
    "a value of a new one": made("houseblock", ACT, {**BLOCK, "number": "veel"}, 9),
    "no id": made("project", "de-hoek", MADE, 9),
    "no id of a project": [9, "project", ACT, "x", "", None, MADE, 0, None, 10],
    "an id of two kinds": made("houseblock", P, BLOCK, 9),
    "no sequence": [9, "project", P, P, "name", None, "Hoek", 0, None, 0],
    "twice the same change": edit("name", "Hoek", n=1),
    "a kind that stays here": made("base_layer", ACT, {"name": "x"}, 9),
}


def unharmed(store: Store, before: list[Any], waits: int) -> None:
    assert plans(store) == before
    assert outbox.count(store) == waits


@pytest.mark.parametrize("as_snapshot", [False, True], ids=["page", "snapshot"])
def test_what_cannot_be_changes_nothing(store: Store, as_snapshot: bool) -> None:
    before, waits = plans(store), outbox.count(store)
    for what, change in NONSENSE.items():
        outcome = run(store, liar(act(*BASE, change), as_snapshot=as_snapshot))
        assert outcome.problem is not None, what
        assert outcome.problem.code == ("sync_offline" if "no id" in what and not as_snapshot else "bad_message"), what
        unharmed(store, before, waits)
        assert receive.staged_snapshot(store) is None
    assert verify(store) == []
    assert run(store, liar(act(*BASE), as_snapshot=as_snapshot)).received == len(BASE)  # a right one after all those
    assert verify(store) == []


@pytest.mark.parametrize("as_snapshot", [False, True], ids=["page", "snapshot"])
def test_what_is_no_message_changes_nothing(store: Store, as_snapshot: bool) -> None:
    before, waits = plans(store), outbox.count(store)
    for value in ("1e400", "NaN", '"\\ud800"', "[" * 9_000 + "]" * 9_000, '"x', "{", "\\u0000"):
        broken = json.dumps(act(*BASE, edit("later", "@"))).replace('"@"', value)
        outcome = run(store, Liar([broken], len(BASE) + 1, as_snapshot=as_snapshot))
        assert outcome.problem is not None, value[:9]
        assert outcome.problem.code in ("bad_message", "sync_offline")
        unharmed(store, before, waits)
    assert verify(store) == []


@pytest.mark.parametrize("as_snapshot", [False, True], ids=["page", "snapshot"])
def test_times_that_cannot_be_read_stop_nobody(store: Store, as_snapshot: bool) -> None:
    """What the server says of when it had it is shown instead; when that is no time either, now."""
    odd = ["", "gisteren", "0001-01-01T00:00:00+23:00", "2026-11-21T10:00:00", "9999-12-31"]
    acts = [act(*BASE)]
    for number, given in enumerate(odd):
        acts += [
            act(edit("name", f"Hoek {number}", n=number), id=f"{ACT[:-2]}{number}a", made_at=given),
            act(
                edit("name", f"Kade {number}", n=number + 10), id=f"{ACT[:-2]}{number}b", made_at=given, received=given
            ),
        ]
    assert run(store, liar(*acts, as_snapshot=as_snapshot)).received == len(BASE) + 2 * len(odd)
    times = dict(store.read_whole().execute("SELECT id, made_at FROM act").fetchall())
    received, *other = "2026-11-21T12:00:00.000000+00:00", "2026-11-21T10:00:00.000000+00:00"
    assert [times[f"{ACT[:-2]}{number}a"] for number in range(4)] == [received, received, received, *other]
    assert all(datetime.fromisoformat(one).tzinfo for one in times.values())
    assert verify(store) == []


def test_a_lease_that_cannot_be_read_changes_nothing(store: Store) -> None:
    before, waits = plans(store), outbox.count(store)
    for more in (
        {"lease_until": "morgen"},
        {"lease_until": "9999-12-31T23:59:59Z", "server_time": "2020-01-01T00:00:00Z"},
        {"server_time": "straks"},
    ):
        outcome = run(store, liar(act(*BASE), as_snapshot=False, **more))
        assert outcome.problem is not None
        assert outcome.problem.code == "bad_message"
        unharmed(store, before, waits)


def test_a_snapshot_that_is_longer_or_shorter_than_was_said_is_not_taken(store: Store) -> None:
    before, waits = plans(store), outbox.count(store)
    for changes in (len(BASE) - 1, len(BASE) + 1):
        outcome = run(store, Liar([json.dumps(act(*BASE))], changes, as_snapshot=True))
        assert outcome.problem is not None
        assert outcome.problem.code == "bad_message"
    unharmed(store, before, waits)


@pytest.mark.parametrize("as_snapshot", [False, True], ids=["page", "snapshot"])
def test_of_a_later_server_everything_but_kinds_is_taken(store: Store, as_snapshot: bool) -> None:
    """A field that this version does not know stays in the log; at a kind it says that it is too old."""
    before, waits = plans(store), outbox.count(store)
    later = [made("orchard", ACT, {"project_id": P, "trees": 40}, 3), edit("trees", 41, "orchard", ACT)]
    outcome = run(store, liar(act(*BASE, *later), as_snapshot=as_snapshot))
    assert outcome.problem is not None
    assert outcome.problem.obstacle is Obstacle.TOO_OLD
    assert outcome.problem.nl == "Dit programma is te oud voor de server; werk het bij. Uw werk blijft bewaard."
    unharmed(store, before, waits)
    assert (receive.staged_snapshot(store) is not None) is as_snapshot  # for after the upgrade
    receive.unstage_snapshot(store)
    fields = [
        made("project", P, {**MADE, "shade": ["elm", {"of": 3}]}),
        edit("shade", ["oak"]),
        edit("light", 0.5, n=10),
    ]
    assert run(store, liar(act(*fields, kind="blessing", later=True), as_snapshot=as_snapshot)).received == 3
    assert verify(store) == []
    kept = store.read_whole().execute("SELECT field, new FROM change WHERE entity = ? AND field <> ''", (P,)).fetchall()
    assert dict(kept) == {"shade": '["oak"]', "light": "0.5"}


@pytest.mark.parametrize("said", [{}, {"email": "a@b.nl", "link": None, "expires_at": "morgen"}])
def test_an_answer_that_is_no_invitation_is_said_in_words(said: dict[str, Any]) -> None:
    account: Any = SimpleNamespace(ordered=lambda *_, **__: said)
    with pytest.raises(Problem) as caught:
        invitations.give(account, "00000000-0000-4000-8000-000000000001", P)
    assert caught.value.obstacle is Obstacle.OFFLINE


# -- what is larger than it can be ----------------------------------------------------------------------------------


class Endless(httpx.SyncByteStream):
    """Counts what was read of it."""

    def __init__(self, piece: bytes) -> None:
        self._piece, self.read = piece, 0

    def __iter__(self) -> Iterator[bytes]:
        while True:
            self.read += len(self._piece)
            yield self._piece


ASKED: dict[str, tuple[int, Callable[[Server], Any]]] = {
    "presences": (transport.LIST, lambda server: server.presences()),
    "pull": (transport.PAGE, lambda server: server.pull(PullRequest(2))),
    "snapshot": (transport.SMALL, lambda server: server.snapshot()),
    "another": (transport.LIST, lambda server: server.get("/projects")),
}


def test_no_more_is_read_than_can_be_right() -> None:
    for most, ask in ASKED.values():
        stream = Endless(b" " * 60_000)
        with pytest.raises(Problem) as caught:
            ask(server(answering(httpx.Response(200, stream=stream))))
        assert caught.value.obstacle is Obstacle.ANSWER_TOO_LARGE
        assert caught.value.nl.startswith("De server stuurt meer dan dit programma aanneemt")
        assert stream.read < most + 2 * 60_000


class Pieces(httpx.SyncByteStream):
    """As a socket gives it."""

    def __init__(self, body: bytes) -> None:
        self._body, self.read = body, 0

    def __iter__(self) -> Iterator[bytes]:
        for at in range(0, len(self._body), 65_536):
            self.read = at + 65_536
            yield self._body[at : at + 65_536]


def test_a_small_answer_that_unpacks_to_a_large_one_is_not_unpacked() -> None:
    packed = gzip.compress(b" " * 400_000_000, 1)
    assert len(packed) < 2_000_000
    stream = Pieces(packed)
    once = server(lambda _: httpx.Response(200, stream=stream, headers={"Content-Encoding": "gzip"}))
    with pytest.raises(Problem) as caught:
        once.pull(PullRequest(2))
    assert caught.value.obstacle is Obstacle.ANSWER_TOO_LARGE
    assert stream.read < len(packed) / 2
    twice = Pieces(gzip.compress(packed))
    asked = server(lambda _: httpx.Response(200, stream=twice, headers={"Content-Encoding": "gzip, gzip"}))
    with pytest.raises(Problem) as caught:
        asked.pull(PullRequest(2))
    assert caught.value.obstacle is Obstacle.OFFLINE
    assert twice.read == 0


def test_of_a_file_no_more_is_read_than_the_piece_that_was_asked() -> None:
    stream = Endless(b"abcdefghij" * 1_000)
    whole = server(lambda _: httpx.Response(200, stream=stream))  # a proxy that knows no ranges
    assert whole.file_piece("0" * 64, 5, 30) == b"fghijabcdefghijabcdefghij"
    assert stream.read < 20_000
    long = server(lambda _: httpx.Response(206, stream=stream, headers={"Content-Range": "bytes 0-9/10"}))
    assert long.file_piece("0" * 64, 0, 10) == b"abcdefghij"


def test_a_long_or_deep_page_of_a_proxy_says_only_that_it_is_busy() -> None:
    for content in (b"<html>" + b"x" * 3_000_000, b"[" * 500_000):
        with pytest.raises(Problem) as caught:
            server(answering(httpx.Response(502, content=content))).snapshot()
        assert caught.value.obstacle is Obstacle.BUSY


def test_a_page_that_is_too_large_is_asked_in_smaller_parts(store: Store) -> None:
    limits: list[int] = []
    giver = liar(act(*BASE))

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/pulls"):
            asked = gzip.decompress(request.content) if request.content[:1] != b"{" else request.content
            limits.append(json.loads(asked)["limit"])
            if limits[-1] > 100:
                return httpx.Response(200, stream=Endless(b" " * 1_000_000))
        return giver(request)

    assert run(store, answer).received == len(BASE)
    assert limits == [5000, 625, 78]
