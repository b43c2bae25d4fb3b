"""Every address of the server, for random people, projects and levels: no answer goes beyond `visible(user)`.

The answers are searched as text: for the id of every entity in the register and for a word that stands in it and
nowhere else. So it does not matter in which field, count or message something would come out. An address without a
case here fails the first test.
"""

from __future__ import annotations

import gzip
import hashlib
import itertools
import json
import os
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from diwi_desktop.changes.messages import WireChange
from diwi_desktop.model.codes import Confidentiality, UserRole
from tests.proof.machine import project_values, square
from tests.proof.world import Entity, Stage, World

ROLES = {
    "ada": UserRole.ADMIN,
    "piet": UserRole.USER_PLUS,
    "bram": UserRole.USER,
    "mia": UserRole.MANAGEMENT,
    "rob": UserRole.COUNCIL,
    "els": UserRole.EXTERNAL,
    "jet": UserRole.EXTERNAL,
}
LEVELS = list(Confidentiality)
R = "/v1/registers/{register}"
Asked = tuple[str, str, dict[str, Any]]  # method, address, what else


@dataclass
class Town:
    """A register in which every text holds a word of its own."""

    world: World
    wires: dict[str, httpx.Client] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)  # word: entity in which it stands
    files: dict[str, bytes] = field(default_factory=dict)  # by hash
    totals: dict[str, int] = field(default_factory=dict)  # homes, by project

    def url(self, rest: str) -> str:
        return f"/v1/registers/{self.world.register}{rest}"

    def projects(self) -> list[str]:
        return sorted(one.id for one in self.world.entities().values() if one.kind == "project")


_numbers = itertools.count(1)


def build(stage: Stage, seed: int) -> Town:
    """Projects of every level, some with owners, with blocks, contours, milestones and documents of every level."""
    rng = random.Random(seed)
    town = Town(stage.world())
    world = town.world
    world.add_people(ROLES)
    for name, id in world.people.items():
        town.words[f"{name}@duinwijk.nl"] = id
    changes: list[WireChange] = []

    def add(kind: str, project: str | None, values: dict[str, Any], text: str = "") -> str:
        id = str(UUID(int=(rng.getrandbits(60) << 64) | 0x8000_0000_0000_0000 | next(_numbers)))
        if text:
            values[text] = word = f"woord{next(_numbers)}z"
            town.words[word] = id
        in_project = id if kind == "project" else project
        changes.append(WireChange(len(changes), kind, id, in_project, "", None, values))
        return id

    group = add("user_group", None, {}, "name")
    add("group_member", None, {"user_group_id": group, "person": world.people["jet"]})
    add("mapping", None, {"profile": "zuid-holland", "target": "naam"}, "source")
    for level in LEVELS:
        for owner in (None, rng.choice(["bram", "els", "group"])):
            project = add("project", None, project_values("", level) | {"code": f"DNW-{next(_numbers)}"}, "name")
            town.totals[project] = rng.randrange(1_000, 9_999_999)
            block = {"project_id": project, "mutation": "CONSTRUCTION", "number": town.totals[project]}
            made = add("houseblock", project, block, "name")
            add("delivery", project, {"houseblock_id": made, "date": "2029-01-01", "number": town.totals[project],
                                      "state": "GEPLAND"})  # fmt: skip
            add("milestone", project, {"project_id": project, "type": "PHASE_3_DEFINITION", "date": "2027-01-01",
                                       "state": "GEPLAND"}, "note")  # fmt: skip
            add("plan_area", project, {"project_id": project, "geometry": square(next(_numbers))})
            content = f"inhoud {next(_numbers)}.".encode()
            sha256 = hashlib.sha256(content).hexdigest()
            town.files[sha256] = content
            document: dict[str, Any] = {
                "project_id": project, "kind": "OVERIG", "sha256": sha256, "size": len(content),
            }  # fmt: skip
            if rng.random() < 0.6:
                document["confidentiality"] = rng.choice(LEVELS).value
            add("document", project, document, "name")
            if owner:
                whose = {"user_group": group} if owner == "group" else {"person": world.people[owner]}
                add("writer", project, {"project_id": project, **whose})
    world.seed(changes)
    edits = [
        WireChange(n, "project", id, id, "description", None, word, one.created)
        for n, (id, one) in enumerate(sorted(world.entities().items()))
        if one.kind == "project" and (word := f"oud{n}verhaal") and not town.words.update({word: id})
    ]
    world.seed(edits)  # so that there is a past to tell
    for name in ROLES:
        token = world.token(name, str(UUID(int=next(_numbers) << 64)))
        town.wires[name] = stage.client(token)
    _upload(town)
    return town


def _upload(town: Town) -> None:
    """Whoever may brings the files."""
    entities = town.world.entities()
    for one in entities.values():
        if one.kind == "document":
            sha256 = one.values["sha256"]
            for wire in town.wires.values():
                answer = wire.put(town.url(f"/documents/{sha256}/content"), content=town.files[sha256])
                if answer.status_code == 201:
                    break


# -- what is asked at each address ------------------------------------------------------------------------------------


def _each_project(rest: str) -> Callable[[Town], Iterator[Asked]]:
    def asked(town: Town) -> Iterator[Asked]:
        for id in town.projects():
            yield "GET", town.url(f"/projects/{id}{rest}"), {}

    return asked


def _search(town: Town) -> Iterator[Asked]:
    for word in ("woord", "oud", "DNW", *town.words):
        yield "GET", town.url("/search"), {"params": {"q": word, "limit": 1000}}


def _totals(town: Town) -> Iterator[Asked]:
    for grouping in ("year", "district", "municipality", "planType"):
        yield "GET", town.url("/totals"), {"params": {"groupBy": grouping}}


def _documents(method: str) -> Callable[[Town], Iterator[Asked]]:
    def asked(town: Town) -> Iterator[Asked]:
        for sha256, content in town.files.items():
            more = {"content": content} if method == "PUT" else {}
            yield method, town.url(f"/documents/{sha256}/content"), more

    return asked


def _json(method: str, rest: str, body: Any) -> Callable[[Town], Iterator[Asked]]:
    def asked(town: Town) -> Iterator[Asked]:
        yield method, town.url(rest), {"json": body}

    return asked


def _pushes(town: Town) -> Iterator[Asked]:
    """Trying to change whatever there is, to hang something under it, and to make what is there already."""
    for one in town.world.entities().values():
        changes: list[list[Any]] = [
            [0, one.kind, one.id, one.project, "name", None, "Gekaapt", 1, None],
            [1, one.kind, one.id, one.project, "deleted_at", None, "2026-11-21T12:00:00Z", 0, None],
            [2, one.kind, one.id, one.project, "", None, {"name": "Nog eens"}, 0, None],
        ]
        if one.kind == "project":
            part = {"project_id": one.id, "name": "x", "mutation": "CONSTRUCTION", "number": 1}
            changes.append([3, "houseblock", str(UUID(int=next(_numbers) << 64)), one.id, "", None, part, 0, None])
        act = {
            "id": str(UUID(int=next(_numbers) << 64)), "name": "Poging", "kind": "user",
            "device": str(UUID(int=7)), "made_at": "2026-11-21T12:00:00Z", "changes": changes,
        }  # fmt: skip
        yield "POST", town.url("/pushes"), {"json": {"schema": 2, "acts": [act]}}


def _presences(town: Town) -> Iterator[Asked]:
    for id in town.projects():
        yield "PUT", town.url("/presences"), {"json": {"project": id, "editing": True}}


def _plain(method: str, rest: str) -> Callable[[Town], Iterator[Asked]]:
    def asked(town: Town) -> Iterator[Asked]:
        yield method, town.url(rest), {}

    return asked


def _pages(town: Town) -> Iterator[Asked]:
    yield "GET", town.url("/projects"), {}
    for id in town.projects()[::3]:
        yield "GET", town.url("/projects"), {"params": {"after": id, "limit": 2}}


# What follows from an answer: a pull gives a cursor with which digests and whole scopes can be asked for.
def _with_cursor(where: str, rest: Callable[[Town], dict[str, Any]]) -> Callable[[Town], Iterator[Asked]]:
    def asked(town: Town) -> Iterator[Asked]:
        yield "CURSOR", town.url(f"/{where}"), {"json": rest(town)}

    return asked


def _scopes(town: Town) -> dict[str, Any]:
    return {"scopes": sorted({one.scope for one in town.world.entities().values()})[:200]}


def _digests(town: Town) -> dict[str, Any]:
    return {"scopes": {one.scope: "0" * 16 for one in town.world.entities().values()}}


def _snapshots(town: Town) -> Iterator[Asked]:
    yield "SNAPSHOT", town.url("/snapshots"), {"json": {}}


READS: dict[str, Callable[[Town], Iterator[Asked]]] = {
    f"GET {R}/projects": _pages,
    f"GET {R}/projects/{{id}}": _each_project(""),
    f"GET {R}/projects/{{id}}/history": _each_project("/history"),
    f"GET {R}/totals": _totals,
    f"GET {R}/search": _search,
    f"GET {R}/documents/{{sha256}}/content": _documents("GET"),
    f"HEAD {R}/documents/{{sha256}}/content": _documents("HEAD"),
    f"PUT {R}/presences": _presences,
    f"GET {R}/presences": _plain("GET", "/presences"),
    f"POST {R}/pulls": _json("POST", "/pulls", {"schema": 2, "limit": 20_000}),
    f"POST {R}/digests": _with_cursor("digests", _digests),
    f"POST {R}/scope-logs": _with_cursor("scope-logs", _scopes),
    f"POST {R}/snapshots": _snapshots,
    f"GET {R}/snapshots/{{id}}/content": _snapshots,
    f"GET {R}/audit-entries": _plain("GET", "/audit-entries"),
}
# These change what is there, and come last.
WRITES: dict[str, Callable[[Town], Iterator[Asked]]] = {
    f"POST {R}/pushes": _pushes,
    f"PUT {R}/documents/{{sha256}}/content": _documents("PUT"),
}
# Of people and sessions; each has tests of its own in tests/server/accounts, and below for who may come in at all.
OF_PEOPLE = {
    f"POST {R}/people/{{id}}/invitations",
    f"POST {R}/people/{{id}}/resets",
    f"POST {R}/people/{{id}}/locks",
    f"POST {R}/people/{{id}}/handovers",
}
# Tell nothing of a register: who is signed in himself, or the server as such.
OF_NO_REGISTER = {
    "GET /v1/sign-in-methods", "POST /v1/sessions", "POST /v1/sessions/oidc", "POST /v1/sessions/refresh",
    "DELETE /v1/sessions/current", "GET /v1/me", "PUT /v1/me/password", "POST /v1/me/second-factors",
    "POST /v1/me/second-factors/confirmations", "GET /v1/devices", "POST /v1/devices/{id}/endings",
    "POST /v1/activations", "POST /v1/activations/confirmations", "GET /health/live", "GET /health/ready",
    "GET /metrics", "GET /v1/openapi.json", "HEAD /v1/openapi.json",
}  # fmt: skip


def addresses(routes: Any) -> Iterator[str]:
    """Method and path of every route, those of included routers too."""
    for route in routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from addresses(inner.routes)
        elif hasattr(route, "methods"):
            yield from (f"{method} {route.path}" for method in route.methods)


# -- the tests --------------------------------------------------------------------------------------------------------


SEEDS = range(11, 11 + int(os.environ.get("DIWI_PROOF_TOWNS", "1")))


@pytest.fixture(scope="module", params=SEEDS)
def town(request: pytest.FixtureRequest, proof_stage: Stage) -> Iterator[Town]:
    made = build(proof_stage, request.param)
    yield made
    for wire in made.wires.values():
        wire.close()
    made.world.close()


def test_every_address_has_a_case_here(proof_stage: Stage) -> None:
    known = READS.keys() | WRITES.keys() | OF_PEOPLE | OF_NO_REGISTER
    found = set(addresses(proof_stage.app.routes))
    assert found - known == set(), "say here what these addresses may tell"
    assert known - found == set(), "these addresses are gone"


def _ask(wire: httpx.Client, asked: Asked) -> list[httpx.Response]:
    """The answer, with those that follow from it."""
    method, url, more = asked
    if method == "CURSOR":
        pulled = wire.post(re.sub(r"/[a-z-]+$", "/pulls", url), json={"schema": 2, "limit": 20_000})
        if pulled.status_code != 200:
            return [pulled]
        return [wire.post(url, json={"cursor": pulled.json()["cursor"], **more["json"]})]
    if method == "SNAPSHOT":
        made = wire.post(url, json={})
        if made.status_code not in (200, 201):
            return [made]
        content = wire.get(f"{url}/{made.json()['id']}/content", headers={"Accept-Encoding": "identity"})
        assert content.status_code == 200
        return [made, httpx.Response(200, content=gzip.decompress(content.content))]
    return [wire.request(method, url, **more)]


def _allowed(town: Town, who: str, entities: dict[str, Entity]) -> set[str]:
    """What somebody may be told of: what he sees, who he is and in which groups."""
    viewer = town.world.viewer(who, entities)
    assert viewer is not None
    return town.world.visible(who, entities).keys() | viewer.ids


UUIDS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def _told(town: Town, answer: httpx.Response, asked: Asked, entities: dict[str, Entity]) -> set[str]:
    """The entities of which an answer tells, apart from what was asked with."""
    given = asked[1] + json.dumps(asked[2].get("json", asked[2].get("params", "")))
    text = answer.text
    found = {id for id in UUIDS.findall(text) if id in entities and id not in given}
    found |= {id for word, id in town.words.items() if word in text and word not in given}
    found |= {id for id, homes in town.totals.items() if re.search(rf"\b{homes}\b", text)}
    by_hash = {one.values.get("sha256"): one.id for one in entities.values() if one.kind == "document"}
    for sha256, content in town.files.items():
        if content in answer.content:
            found.add(by_hash[sha256])
    return found


@pytest.mark.parametrize("who", ROLES)
@pytest.mark.parametrize("address", READS)
def test_no_answer_goes_beyond_what_may_be_seen(town: Town, who: str, address: str) -> None:
    entities = town.world.entities()
    allowed = _allowed(town, who, entities)
    if address == f"GET {R}/presences":  # who works on a project is told to who sees it, as in its history
        allowed |= set(town.world.people.values())
    for asked in READS[address](town):
        for answer in _ask(town.wires[who], asked):
            assert answer.status_code < 500, (asked, answer.text)
            beyond = _told(town, answer, asked, entities) - allowed
            assert not beyond, (asked, {id: entities[id].kind for id in beyond}, answer.text[:300])


@pytest.mark.parametrize("who", ROLES)
def test_what_may_be_seen_is_given(town: Town, who: str) -> None:
    """Else a server that always says no would pass."""
    entities = town.world.entities()
    allowed = town.world.visible(who, entities)
    wire = town.wires[who]
    answer = wire.post(town.url("/pulls"), json={"schema": 2, "limit": 20_000})
    told = {change[2] for act in answer.json()["acts"] for change in act["changes"]}
    assert told == allowed.keys()
    projects = {id for id, one in allowed.items() if one.kind == "project"}
    reads = ROLES[who] in (UserRole.ADMIN, UserRole.USER_PLUS)  # the others may not use this part of the API at all
    for id in town.projects():
        expected = 403 if not reads else 200 if id in projects else 404
        assert wire.get(town.url(f"/projects/{id}")).status_code == expected
    for one in entities.values():
        if one.kind == "document":
            status = wire.get(town.url(f"/documents/{one.values['sha256']}/content")).status_code
            assert (status == 200) is (one.id in allowed), (who, one)


def _shape(answer: httpx.Response) -> Any:
    """An answer without the name of the request."""
    body = re.sub(r"urn:request:[0-9a-zA-Z-]*", "urn:request", answer.text)
    return answer.status_code, UUIDS.sub("id", re.sub(r"[0-9a-f]{64}", "hash", body))


@pytest.mark.parametrize("who", ROLES)
def test_a_denial_does_not_tell_whether_there_is_something(town: Town, who: str) -> None:
    """What is hidden is answered exactly as what never was."""
    entities = town.world.entities()
    allowed = town.world.visible(who, entities)
    wire = town.wires[who]
    nothing = "0badc0de-0000-4000-8000-000000000000"
    hidden = [one for one in entities.values() if one.id not in allowed and one.kind in ("project", "document")]
    for one in hidden:
        if one.kind == "project":
            for rest in ("", "/history"):
                assert _shape(wire.get(town.url(f"/projects/{one.id}{rest}"))) == _shape(
                    wire.get(town.url(f"/projects/{nothing}{rest}"))
                )
        else:
            for method in ("GET", "HEAD"):
                here = wire.request(method, town.url(f"/documents/{one.values['sha256']}/content"))
                gone = wire.request(method, town.url(f"/documents/{'0' * 64}/content"))
                assert _shape(here) == _shape(gone)
        assert _denied(town, wire, one.kind, one.id) == _denied(town, wire, one.kind, nothing)


def _denied(town: Town, wire: httpx.Client, kind: str, id: str) -> Any:
    changes: list[list[Any]] = [
        [0, kind, id, id, "name", None, "Gekaapt", 1, None],
        [1, kind, id, id, "deleted_at", None, "2026-11-21T12:00:00Z", 0, None],
        [2, kind, id, id, "confidentiality", None, "PUBLIC", 2**40, None],
    ]
    if kind == "project":
        part = {"project_id": id, "name": "x", "mutation": "CONSTRUCTION", "number": 1}
        changes.append([3, "houseblock", str(UUID(int=next(_numbers) << 64)), id, "", None, part, 0, None])
    act = {
        "id": str(UUID(int=next(_numbers) << 64)), "name": "Poging", "kind": "user", "device": str(UUID(int=7)),
        "made_at": "2026-11-21T12:00:00Z", "changes": changes,
    }  # fmt: skip
    answer = wire.post(town.url("/pushes"), json={"schema": 2, "acts": [act]})
    assert answer.status_code == 200
    reply = answer.json()["acts"][0]
    return reply[1], reply[2]


@pytest.mark.parametrize("address", sorted(READS.keys() | WRITES.keys() | OF_PEOPLE))
def test_without_a_session_of_this_register_nothing_is_told(town: Town, proof_stage: Stage, address: str) -> None:
    """No session, one that has ended, one of another municipality, one of a person who was locked out."""
    other = proof_stage.world()
    other.add_people({"vreemd": UserRole.USER_PLUS})
    method, path = address.split(" ")
    id = town.projects()[0]
    path = path.replace("{register}", town.world.register).replace("{id}", id)
    path = path.replace("{sha256}", next(iter(town.files)))
    tokens = ["", "verlopen", other.token("vreemd", str(UUID(int=next(_numbers) << 64)))]
    words = list(town.words)
    for token in tokens:
        with proof_stage.client(token) as wire:
            answer = wire.request(method, path, json={} if method == "POST" else None)
        assert answer.status_code == (403 if token.endswith(other.register) else 401), answer.text
        assert not any(word in answer.text for word in words)
    other.close()


@pytest.mark.parametrize("address", sorted(READS.keys() | WRITES.keys()))
def test_who_is_locked_out_gets_nothing(proof_stage: Stage, address: str) -> None:
    world = proof_stage.world()
    world.add_people({"piet": UserRole.USER_PLUS})
    person = world.people["piet"]
    created = world.entities()[person].created
    world.seed([WireChange(0, "person", person, None, "state", None, "GEBLOKKEERD", created)])
    method, path = address.split(" ")
    path = path.replace("{register}", world.register).replace("{id}", person).replace("{sha256}", "0" * 64)
    token = world.token("piet", str(UUID(int=next(_numbers) << 64)))
    bodies: dict[str, Any] = {
        "pushes": {"schema": 2, "acts": []}, "pulls": {"schema": 2}, "presences": {"project": person},
        "digests": {"cursor": "", "scopes": {}}, "scope-logs": {"cursor": "", "scopes": []}, "snapshots": {},
    }  # fmt: skip
    body = bodies.get(path.rpartition("/")[2], {}) if method in ("POST", "PUT") else None
    query = {"q": "iets"} if path.endswith("search") else {}
    with proof_stage.client(token) as wire:
        answer = wire.request(method, path, json=body, params=query)
    assert answer.status_code == 403, answer.text
    world.close()


@pytest.mark.parametrize("who", ROLES)
def test_writing_tells_no_more_than_reading_and_changes_nothing_hidden(
    proof_stage: Stage, who: str, town: Town
) -> None:
    """Last: it changes what may be changed."""
    before = town.world.entities()
    may_not = before.keys() - _allowed(town, who, before)
    for address, cases in WRITES.items():
        for asked in cases(town):
            entities = town.world.entities()
            allowed = _allowed(town, who, entities)
            for answer in _ask(town.wires[who], asked):
                assert answer.status_code < 500, (address, answer.text)
                beyond = _told(town, answer, asked, entities) - allowed
                assert not beyond, (asked, answer.text[:300])
    for id, one in town.world.entities().items():
        # An administrator changes owners without seeing plans, and groups.
        if id in may_not and who != "ada":
            assert one == before[id], (one, before[id])


def test_time_passes_and_nothing_opens(town: Town) -> None:
    """Years later, by the server's clock, the same person sees the same: rights do not hang on a clock."""
    clock = town.world.clock
    now = clock.moment
    try:
        for years in (-30, 30):
            clock.moment = now + timedelta(days=365 * years)
            answer = town.wires["rob"].post(town.url("/pulls"), json={"schema": 2, "limit": 20_000})
            told = {change[2] for act in answer.json()["acts"] for change in act["changes"]}
            assert told == town.world.visible("rob").keys()
    finally:
        clock.moment = now
