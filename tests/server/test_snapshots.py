"""The first fetch as a file, and repairs by digests."""

from __future__ import annotations

import gzip
import os
import time
from contextlib import ExitStack
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from diwi_desktop.changes.digest import text
from diwi_desktop.changes.messages import (
    DigestReply,
    DigestRequest,
    ScopeReply,
    ScopeRequest,
    SnapshotReply,
    WireAct,
)
from diwi_desktop.server import snapshots
from diwi_desktop.server.settings import Settings
from tests.server.harness import Laptop, Register
from tests.server.making import changed, project
from tests.server.test_pull import Copy


def fetch(laptop: Laptop) -> tuple[SnapshotReply, bytes]:
    """A snapshot and its file."""
    response = laptop.ask("POST", "/snapshots")
    assert response.status_code == 200, response.text
    reply = msgspec.json.decode(response.content, type=SnapshotReply)
    file = laptop.ask("GET", f"/snapshots/{reply.id}/content")
    assert file.status_code == 200
    assert file.headers["content-type"] == "application/gzip"
    return reply, file.content


def acts_of(file: bytes) -> list[WireAct]:
    return [msgspec.json.decode(line, type=WireAct) for line in gzip.decompress(file).splitlines()]


def test_a_snapshot_is_what_a_first_pull_gives(register: Register) -> None:
    jan, an, council = register.laptop(), register.laptop(name="An"), register.laptop(role="Council", name="Raad")
    for level in ("PUBLIC", "PRIVATE", "INTERNAL_CIVIL"):
        note = 'regel een\nmet "aanhaling", \\ en \t tab'
        jan.push(*project(jan, confidentiality=level, description=note).changes)
    for laptop in (an, council):
        reply, file = fetch(laptop)
        assert (len(file), sha256(file).hexdigest()) == (reply.size, reply.sha256)
        copy = Copy(laptop)
        told = copy.pull()
        assert acts_of(file) == told.acts
        assert (reply.digest, reply.seq) == (told.digest, told.seq)
        assert (reply.acts, reply.changes) == (len(told.acts), sum(len(act.changes) for act in told.acts))


def test_pulling_goes_on_from_a_snapshot(register: Register) -> None:
    jan, an = register.laptop(), register.laptop(name="An")
    one, two = project(jan), project(jan)
    first = jan.push(*one.changes).first
    reply, _ = fetch(an)
    jan.push(changed("project", one.id, one.id, "name", "De Hoek", "De Kade", base=first))
    jan.push(*two.changes)
    an.cursor = reply.cursor
    got = an.pull()
    assert [c.entity for act in got.acts for c in act.changes] == [one.id, *(c.entity for c in two.changes)]
    assert got.whole == [two.id]


def test_laptops_that_see_the_same_share_a_file_that_others_cannot_get(register: Register) -> None:
    jan, an, council = register.laptop(), register.laptop(name="An"), register.laptop(role="Council", name="Raad")
    one = project(jan)
    first = jan.push(*one.changes).first
    mine, _ = fetch(jan)
    jan.push(changed("project", one.id, one.id, "name", "De Hoek", "De Kade", base=first))
    theirs, _ = fetch(an)
    assert mine.id == theirs.id
    assert mine.cursor != theirs.cursor
    an.cursor = theirs.cursor
    assert [c.new for act in an.pull().acts for c in act.changes] == ["De Kade"]
    assert council.ask("GET", f"/snapshots/{mine.id}/content").status_code == 404
    assert jan.ask("GET", f"/snapshots/{uuid4()}/content").status_code == 404
    assert jan.ask("GET", "/snapshots/..%2f..%2fx/content").status_code in (400, 404)


def test_a_snapshot_is_fetched_in_pieces(register: Register) -> None:
    jan = register.laptop()
    jan.push(*project(jan).changes)
    reply, file = fetch(jan)
    path = f"/snapshots/{reply.id}/content"
    pieces = [
        jan.ask("GET", path, headers={"Range": f"bytes={start}-{start + 99}"}) for start in range(0, reply.size, 100)
    ]
    assert {piece.status_code for piece in pieces} == {206}
    assert b"".join(piece.content for piece in pieces) == file
    assert jan.ask("GET", path, headers={"Range": f"bytes={reply.size + 5}-"}).status_code == 416


def test_a_snapshot_with_something_that_was_taken_away_is_refused(register: Register) -> None:
    jan, council = register.laptop(), register.laptop(role="Council", name="Raad")
    one = project(jan, confidentiality="PUBLIC")
    first = jan.push(*one.changes).first
    reply, _ = fetch(council)
    jan.push(*project(jan, confidentiality="PUBLIC").changes)
    assert council.ask("GET", f"/snapshots/{reply.id}/content").status_code == 200
    jan.push(changed("project", one.id, one.id, "confidentiality", "PUBLIC", "PRIVATE", base=first))
    assert council.ask("GET", f"/snapshots/{reply.id}/content").status_code == 410


def test_old_snapshots_are_swept(register: Register) -> None:
    jan = register.laptop()
    old, _ = fetch(jan)
    register.server.clock.moment += timedelta(hours=7)
    new, _ = fetch(jan)
    assert new.id != old.id
    files = list((register.server.app.state.settings.data_dir / "snapshots" / register.id).iterdir())
    assert [path.stem for path in files] == [new.id]


@pytest.fixture
def synced(register: Register) -> tuple[Register, Copy, str, str]:
    jan, council = register.laptop(), register.laptop(role="Council", name="Raad")
    one, secret = project(jan, confidentiality="PUBLIC"), project(jan)
    jan.push(*one.changes)
    jan.push(*secret.changes)
    copy = Copy(council)
    copy.pull()
    return register, copy, one.id, secret.id


def scope_digests(copy: Copy) -> dict[str, str]:
    found = {}
    for scope, changes in copy.log.items():
        only = Copy(copy.laptop)
        only.log = {scope: changes}
        total = 0
        from diwi_desktop.changes.digest import mark

        last: dict[str, int] = {}
        for seq, change in changes.items():
            last[change.entity] = max(seq, last.get(change.entity, 0))
        for entity, seq in last.items():
            total ^= mark(entity, seq)
        found[scope] = text(total)
    return found


def compare(copy: Copy, scopes: dict[str, str]) -> DigestReply:
    response = copy.laptop.send("/digests", DigestRequest(copy.laptop.cursor, scopes))
    assert response.status_code == 200, response.text
    return msgspec.json.decode(response.content, type=DigestReply)


def test_equal_digests_need_nothing(synced: tuple[Register, Copy, str, str]) -> None:
    register, copy, one, _ = synced
    assert compare(copy, scope_digests(copy)) == DigestReply([], [])
    # Also when the server has gone on since.
    jan = register.laptop(name="Later")
    first = max(copy.log[one]) - 1
    jan.push(changed("project", one, one, "name", "De Hoek", "De Kade", base=first))
    assert compare(copy, scope_digests(copy)) == DigestReply([], [])


def test_what_differs_is_fetched_and_what_is_forbidden_purged(synced: tuple[Register, Copy, str, str]) -> None:
    _, copy, one, secret = synced
    given = scope_digests(copy)
    people = next(scope for scope in given if scope not in (one, "people", "register"))
    broken: dict[str, Any] = {**given, one: text(5), secret: text(7)}
    del broken[people]
    assert compare(copy, broken) == DigestReply(sorted([one, people]), [secret])
    response = copy.laptop.send("/scope-logs", ScopeRequest(copy.laptop.cursor, [one, secret]))
    acts = msgspec.json.decode(response.content, type=ScopeReply).acts
    assert {c.project for act in acts for c in act.changes} == {one}
    assert {c.seq for act in acts for c in act.changes} == set(copy.log[one])


def folder_of(register: Register) -> list[str]:
    settings: Settings = register.server.app.state.settings
    return sorted(path.stem for path in (settings.data_dir / "snapshots" / register.id).iterdir())


def test_nobody_has_snapshots_made_over_and_over(register: Register) -> None:
    """Each new plan of his own makes that he sees something else, so that no file that is there will do."""
    jan, an = register.laptop(), register.laptop(name="An")
    other = register.laptop(jan.session.person)
    made = set()
    for _ in range(snapshots._MOST_MADE):
        jan.push(*project(jan).changes)
        made.add(fetch(jan)[0].id)
    assert len(made) == snapshots._MOST_MADE
    assert fetch(jan)[0].id in made  # what is there may be had again
    jan.push(*project(jan).changes)
    refused = jan.ask("POST", "/snapshots")
    assert (refused.status_code, refused.json()["type"]) == (503, "urn:diwi:problem:busy")
    assert refused.headers["retry-after"] == "3600"
    assert other.ask("POST", "/snapshots").status_code == 503  # nor on another device
    assert fetch(an)[0].id not in made
    register.server.clock.moment += timedelta(minutes=61)
    jan.push(*project(jan).changes)
    assert fetch(jan)[0].id not in made


def test_a_register_keeps_few_snapshots_and_nothing_that_a_crash_left(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "_MOST_KEPT", 3)
    jan = register.laptop()
    made = []
    for _ in range(5):
        jan.push(*project(jan).changes)
        made.append(fetch(jan)[0].id)
        register.server.clock.moment += timedelta(seconds=1)
    assert folder_of(register) == sorted(made[-3:])
    assert jan.ask("GET", f"/snapshots/{made[0]}/content").status_code == 404
    place = register.server.app.state.settings.data_dir / "snapshots" / register.id
    left, busy = place / f"{uuid4()}.gz", place / f"{uuid4()}.gz"
    for path, hours in ((left, 2), (busy, 0)):
        path.write_bytes(b"half")
        os.utime(path, (time.time() - 3600 * hours,) * 2)
    jan.push(*project(jan).changes)
    made.append(fetch(jan)[0].id)
    assert folder_of(register) == sorted([*made[-3:], busy.stem])


def test_only_so_many_are_made_at_once(register: Register) -> None:
    jan = register.laptop()
    jan.push(*project(jan).changes)
    with ExitStack() as stack:
        for _ in range(snapshots._AT_ONCE):
            stack.enter_context(snapshots._places)
        assert jan.ask("POST", "/snapshots").status_code == 503
    assert jan.ask("POST", "/snapshots").status_code == 200
