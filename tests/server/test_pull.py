"""What a device gets, forgets and gets anew."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import pytest

from diwi_desktop.changes import digest
from diwi_desktop.changes.messages import SCHEMA, PullReply, PullRequest
from diwi_desktop.model.rights import scope_of
from tests.server.harness import Laptop, Register
from tests.server.making import changed, made, project


class Copy:
    """What a laptop holds, by the rules of a pull: the least client there can be."""

    def __init__(self, laptop: Laptop) -> None:
        self.laptop = laptop
        self.log: dict[str, dict[int, Any]] = {}  # scope: sequence: change
        self.told: PullReply | None = None

    def pull(self, **more: Any) -> PullReply:
        reply = self.laptop.pull(**more)
        assert not reply.snapshot
        for scope in reply.purge + reply.whole:
            self.log.pop(scope, None)
        for act in reply.acts:
            for change in act.changes:
                scope = scope_of(change.kind, change.entity, change.project)
                self.log.setdefault(scope, {})[change.seq] = change
        assert self.digest == reply.digest, "the server counts otherwise"
        return reply

    @property
    def digest(self) -> str:
        scopes = []
        for scope, changes in self.log.items():
            last: dict[str, int] = {}
            for seq, change in changes.items():
                last[change.entity] = max(seq, last.get(change.entity, 0))
            total = 0
            for entity, seq in last.items():
                total ^= digest.mark(entity, seq)
            scopes.append((scope, total))
        return digest.text(digest.whole(scopes))

    def entities(self) -> set[str]:
        return {change.entity for changes in self.log.values() for change in changes.values()}


def test_a_pull_gives_what_came_since_the_last(register: Register) -> None:
    jan, an = register.laptop(), register.laptop(name="An")
    mine, theirs = Copy(jan), Copy(an)
    theirs.pull()
    one = project(jan)
    first = jan.push(*one.changes).first
    assert theirs.pull().whole == [one.id]
    jan.push(changed("project", one.id, one.id, "name", "De Hoek", "De Kade", base=first))
    reply = theirs.pull()
    assert [(c.field, c.new) for act in reply.acts for c in act.changes] == [("name", "De Kade")]
    assert (reply.whole, reply.purge) == ([], [])
    assert reply.acts[0].author == "Jan"
    assert reply.acts[0].received == "2026-11-21T12:00:00.000000Z"
    mine.pull()
    assert mine.log == theirs.log
    assert theirs.pull().acts == []


def test_what_the_device_got_from_its_own_push_is_not_sent_again(register: Register) -> None:
    jan = register.laptop()
    jan.pull()
    one = project(jan)
    reply = jan.push(*one.changes)
    got = jan.pull(have=[(reply.first, reply.last)])
    assert (got.acts, got.whole, got.purge) == ([], [], [])
    assert jan.pull().acts == []


def test_without_the_answer_to_its_push_it_gets_its_own_changes(register: Register) -> None:
    jan = register.laptop()
    jan.pull()
    one = project(jan)
    jan.push(*one.changes)
    assert [c.entity for act in jan.pull().acts for c in act.changes] == [c.entity for c in one.changes]


def test_losing_sight_purges_and_gaining_it_gives_all(register: Register) -> None:
    jan, council = register.laptop(), register.laptop(role="Council", name="Raad")
    theirs = Copy(council)
    theirs.pull()
    one = project(jan)
    first = jan.push(*one.changes).first
    assert one.id not in theirs.pull().whole
    level = "INTERNAL_CIVIL"
    jan.push(changed("project", one.id, one.id, "name", "De Hoek", "De Kade", base=first))
    for wanted, gain, lose in [
        ("PUBLIC", [one.id], []),
        ("INTERNAL_MANAGEMENT", [], [one.id]),
        ("PUBLIC", [one.id], []),
    ]:
        first = jan.push(changed("project", one.id, one.id, "confidentiality", level, wanted, base=first)).last
        level = wanted
        reply = theirs.pull()
        assert (reply.whole, reply.purge) == (gain, lose)
        assert (one.id in theirs.entities()) == bool(gain)


def test_what_a_device_made_itself_is_purged_too(register: Register) -> None:
    jan, boss = register.laptop(role="User"), register.laptop(name="Chef")
    mine = Copy(jan)
    mine.pull()
    one = project(jan, owner=boss.session.person, confidentiality="INTERNAL_CIVIL")
    first = jan.push(*one.changes).first
    boss.push(changed("project", one.id, one.id, "confidentiality", "INTERNAL_CIVIL", "PRIVATE", base=first))
    reply = mine.pull(have=[(first, first + 1)])
    assert (reply.purge, reply.acts) == ([one.id], [])


def test_who_takes_the_id_of_anothers_device_learns_nothing_of_it(register: Register) -> None:
    """Ids of devices travel with acts; what such a device made is not told to forget to who only says it is his."""
    jan, thief = register.laptop(), register.laptop(name="An", role="Council")
    thief.session = replace(thief.session, device=jan.session.device)
    thief.token = register.server.sign_in(thief.session)
    thief.pull()
    secret = project(jan, confidentiality="PRIVATE")
    jan.push(*secret.changes)
    assert thief.pull().purge == []


def test_a_lost_answer_is_made_good(register: Register) -> None:
    """The device comes back with the cursor it had: the same purges and wholes come again."""
    jan, council = register.laptop(), register.laptop(role="Council", name="Raad")
    theirs = Copy(council)
    one = project(jan, confidentiality="PUBLIC")
    first = jan.push(*one.changes).first
    theirs.pull()
    before = council.cursor
    jan.push(changed("project", one.id, one.id, "confidentiality", "PUBLIC", "PRIVATE", base=first))
    two = project(jan, confidentiality="PUBLIC")
    jan.push(*two.changes)
    lost = council.pull()
    council.cursor = before
    again = theirs.pull()
    assert (again.purge, again.whole) == (lost.purge, lost.whole) == ([one.id], [two.id])


def test_pages_are_whole_acts_within_one_cut(register: Register) -> None:
    jan, an = register.laptop(), register.laptop(name="An")
    mine = Copy(an)
    mine.pull()
    plans = [project(jan) for _ in range(5)]
    for one in plans:
        jan.push(*one.changes)
    request = PullRequest(SCHEMA, an.cursor, limit=3)
    first = msgspec.json.decode(an.send("/pulls", request).content, type=PullReply)
    assert first.more
    assert [len(act.changes) for act in first.acts] == [2]
    late = project(jan)
    jan.push(*late.changes)
    pages = [first]
    while pages[-1].more:
        request = msgspec.structs.replace(request, page=pages[-1].page)
        pages.append(msgspec.json.decode(an.send("/pulls", request).content, type=PullReply))
    got = [c.entity for page in pages for act in page.acts for c in act.changes]
    assert got == [c.entity for one in plans for c in one.changes]
    assert {page.seq for page in pages} == {first.seq}
    an.cursor = pages[-1].cursor
    assert an.pull().whole == [late.id]


@pytest.mark.parametrize("limit", [1, 2, 3, 7])
def test_any_size_of_page_gives_the_same(register: Register, limit: int) -> None:
    jan, an = register.laptop(), register.laptop(name="An")
    for size in (1, 4, 2):
        one = project(jan)
        blocks = [
            made("houseblock", jan.new_id(), one.id,
                 {"project_id": one.id, "name": str(n), "mutation": "CONSTRUCTION", "number": n}, n=n + 2)
            for n in range(size)
        ]  # fmt: skip
        jan.push(*one.changes, *blocks)
    whole, pages = Copy(jan), Copy(an)
    whole.pull()
    pages.pull(limit=limit)
    assert pages.log == whole.log


def test_a_page_shows_nothing_that_was_taken_away_meanwhile(register: Register) -> None:
    jan, council = register.laptop(), register.laptop(role="Council", name="Raad")
    council.pull()
    plans = [project(jan, confidentiality="PUBLIC") for _ in range(3)]
    firsts = [jan.push(*one.changes).first for one in plans]
    request = PullRequest(SCHEMA, council.cursor, limit=2)
    first = msgspec.json.decode(council.send("/pulls", request).content, type=PullReply)
    last = plans[2].id
    jan.push(changed("project", last, last, "confidentiality", "PUBLIC", "PRIVATE", base=firsts[2]))
    seen = []
    while first.more:
        request = msgspec.structs.replace(request, page=first.page)
        first = msgspec.json.decode(council.send("/pulls", request).content, type=PullReply)
        seen += [c.project for act in first.acts for c in act.changes]
    assert last not in seen
    council.cursor = first.cursor
    assert council.pull().purge == [last]


def test_an_external_partner_sees_his_own_projects_and_himself_only(register: Register) -> None:
    jan = register.laptop()
    partner = register.laptop(role="External", name="Bouwer")
    group = jan.new_id()
    jan.push(
        made("user_group", group, None, {"name": "Bouwers"}),
        made("group_member", jan.new_id(), None, {"user_group_id": group, "person": partner.session.person}, n=1),
    )
    mine, ours, other = project(jan, owner=partner.session.person), project(jan, owner=None), project(jan)
    row = {"project_id": ours.id, "user_group": group}
    jan.push(*mine.changes)
    jan.push(*ours.changes, made("writer", jan.new_id(), ours.id, row, n=1))
    jan.push(*other.changes)
    copy = Copy(partner)
    reply = copy.pull()
    assert set(reply.whole) == {mine.id, ours.id, partner.session.person}
    assert reply.viewer is not None
    assert (reply.viewer.role, reply.viewer.groups) == ("External", [group])


def test_a_document_can_be_stricter_than_its_project_but_not_more_open(register: Register) -> None:
    jan, council = register.laptop(), register.laptop(role="Council", name="Raad")
    public, secret = project(jan, confidentiality="PUBLIC"), project(jan, confidentiality="INTERNAL_CIVIL")
    papers = {}
    for plan in (public, secret):
        jan.push(*plan.changes)
        for level in ("PUBLIC", "INTERNAL_CIVIL", None):
            id = papers[plan.id, level] = jan.new_id()
            row = {"project_id": plan.id, "name": "Brief", "kind": "OVERIG", "sha256": "ab" * 32, "size": 3}
            jan.push(made("document", id, plan.id, row | ({"confidentiality": level} if level else {})))
    copy = Copy(council)
    copy.pull()
    assert copy.entities() & set(papers.values()) == {papers[public.id, "PUBLIC"], papers[public.id, None]}
    assert jan.session.person in copy.entities()


def test_the_stricter_level_holds_while_people_disagree(register: Register) -> None:
    jan, an = register.laptop(), register.laptop(name="An")
    council = register.laptop(role="Council", name="Raad")
    one = project(jan, confidentiality="PUBLIC")
    first = jan.push(*one.changes).first
    theirs = Copy(council)
    theirs.pull()
    to = changed("project", one.id, one.id, "confidentiality", "PUBLIC", "EXTERNAL_REGIONAL", base=first)
    head = jan.push(to).last
    mine = changed("project", one.id, one.id, "confidentiality", "PUBLIC", "INTERNAL_MANAGEMENT", base=first)
    assert an.push(mine).acts[0].others[0].result == "conflict"
    assert theirs.pull().purge == [one.id]
    # Who has seen the head and keeps it settles it too.
    keep = changed("project", one.id, one.id, "confidentiality", "x", "EXTERNAL_REGIONAL", base=head)
    assert an.push(keep).acts[0].others[0].result == "same"
    assert theirs.pull().whole == [one.id]


def test_a_change_of_role_changes_what_is_there(register: Register) -> None:
    jan = register.laptop()
    admin = register.laptop(register.admin)
    an = register.person("An", "UserPlus")
    laptop = register.laptop(an)
    one = project(jan)
    jan.push(*one.changes)
    copy = Copy(laptop)
    reply = copy.pull()
    seq = max(copy.log[an])
    admin.push(changed("person", an, None, "role", "UserPlus", "Council", base=seq))
    after = copy.pull()
    assert set(after.purge) == {one.id, "exchange"} & (set(reply.whole) | {one.id})
    assert after.epoch > reply.epoch


def test_too_much_is_better_fetched_as_a_snapshot(register: Register) -> None:
    jan = register.laptop()
    object.__setattr__(register.server.app.state.settings, "snapshot_above", 3)
    one = project(jan)
    jan.push(*one.changes)
    reply = jan.pull()
    assert reply.snapshot
    assert (reply.acts, reply.cursor) == ([], "")


@pytest.mark.parametrize("cursor", ["x", "a.b.c", "{inc}.5.1", "{inc}.{view}.9999", "{inc}.{view}.0"])
def test_a_cursor_the_server_did_not_give_is_unknown(register: Register, cursor: str) -> None:
    jan = register.laptop()
    jan.pull()
    incarnation, view, _ = jan.cursor.split(".")
    given = cursor.format(inc=incarnation, view=view)
    response = jan.send("/pulls", PullRequest(SCHEMA, given))
    assert response.status_code == 410
    assert response.json()["type"] == "urn:diwi:problem:cursor-unknown"


def test_a_cursor_of_an_earlier_life_says_what_survived(register: Register) -> None:
    jan = register.laptop()
    jan.pull()
    register.server.sql("UPDATE diwi.register SET incarnation = gen_random_uuid(), restored_seq = 1")
    response = jan.send("/pulls", PullRequest(SCHEMA, jan.cursor))
    assert response.status_code == 410
    assert response.json()["type"] == "urn:diwi:problem:restored"
    assert response.json()["seq"] == 1


def test_a_page_of_a_pull_that_was_replaced_is_refused(register: Register) -> None:
    jan = register.laptop()
    jan.push(*project(jan).changes)
    request = PullRequest(SCHEMA, "", limit=1)
    first = msgspec.json.decode(jan.send("/pulls", request).content, type=PullReply)
    page = msgspec.structs.replace(request, page=first.page)
    for _ in range(2):
        jan.send("/pulls", request)
    assert jan.send("/pulls", page).status_code == 200  # late copies of a request take nothing away
    jan.send("/pulls", request)
    response = jan.send("/pulls", page)
    assert response.status_code == 409
    assert response.json()["type"] == "urn:diwi:problem:page-unknown"


def test_locked_people_get_nothing(register: Register) -> None:
    locked = register.laptop(register.person("Weg", "UserPlus", "GEBLOKKEERD"))
    assert locked.send("/pulls", PullRequest(SCHEMA)).status_code == 403
    assert locked.send("/pushes", {"schema": SCHEMA, "acts": []}).status_code == 403
