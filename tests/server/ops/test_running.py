"""A server that runs: its health, figures and bounds, a log without plans, and a stop that loses nothing."""

from __future__ import annotations

import io
import json
import logging
import os
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import msgspec
import psycopg
import pytest

from diwi_desktop.changes.messages import SCHEMA, Push
from diwi_desktop.server import audit
from diwi_desktop.server.ops import logs
from diwi_desktop.server.ops.limits import Buckets
from tests.server import making
from tests.server.accounts.signing import activated
from tests.server.accounts.test_mail import certificate
from tests.server.harness import Laptop, Register, Server
from tests.waiting import until

MARK = "Zeer-geheim-Plan-Q7"


# -- health --


def test_live_and_ready(server: Server) -> None:
    assert server.client.get("/health/live").json() == {"status": "ok"}
    ready = server.client.get("/health/ready")
    assert (ready.status_code, ready.json()) == (200, {"status": "ok"})


def test_not_ready_before_the_upgrade(server: Server) -> None:
    server.sql("UPDATE diwi.migration SET version_num = '0001'")
    ready = server.client.get("/health/ready")
    assert (ready.status_code, ready.json()) == (503, {"status": "upgrade"})
    assert server.client.get("/health/live").status_code == 200


def test_not_ready_without_a_database(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> Any:
        raise psycopg.OperationalError("connection refused for geheim")

    monkeypatch.setattr(server.app.state.database, "anywhere", gone)
    ready = server.client.get("/health/ready")
    assert (ready.status_code, ready.json()) == (503, {"status": "database"})


# -- figures --


def figures(server: Server) -> dict[str, float]:
    text = server.client.get("/metrics").text
    lines = [line.rsplit(" ", 1) for line in text.splitlines() if line and not line.startswith("#")]
    return {name: float(value) for name, value in lines}


def test_figures_count_requests_and_what_became_of_changes(register: Register) -> None:
    jan = register.laptop()
    made = making.project(jan, name=MARK)
    first = jan.push(*made.changes).first
    other = register.laptop(name="Piet")
    other.push(making.changed("project", made.id, made.id, "name", MARK, "Nieuw", base=first))
    jan.push(making.changed("project", made.id, made.id, "name", MARK, "Anders", base=first))
    found = figures(register.server)
    assert found['diwi_pushed_changes_total{result="applied"}'] == 3
    assert found['diwi_pushed_changes_total{result="conflict"}'] == 1
    route = "/v1/registers/{register}/pushes"
    assert found[f'diwi_requests_total{{method="POST",route="{route}",status="200"}}'] == 3
    assert found[f'diwi_request_seconds_count{{route="{route}"}}'] == 3
    assert found["diwi_database_connections"] >= 1
    assert found["diwi_database_waiting"] == 0


def test_figures_tell_nothing_of_registers_or_plans(register: Register) -> None:
    jan = register.laptop()
    jan.push(*making.project(jan, name=MARK).changes)
    server = register.server
    server.client.get(f"/v1/registers/{register.id}/search", params={"q": MARK})
    server.client.get(f"/{MARK}")
    server.client.request("BREW", f"/{MARK}")
    text = server.client.get("/metrics").text
    for secret in (MARK, register.id, register.id[:8], "Duinwijk", "0999", jan.session.person, "BREW"):
        assert secret not in text


def test_figures_are_for_the_places_that_may_see_them(server: Server) -> None:
    assert server.client.get("/metrics").status_code == 200
    server.app.state.settings = server.app.state.settings.model_copy(update={"metrics_from": ["10.0.0.1"]})
    assert server.client.get("/metrics").status_code == 404


# -- bounds --


def test_a_bucket_lets_a_burst_through_and_fills_by_the_clock() -> None:
    buckets = Buckets(600)  # ten a second, a hundred at once
    assert [buckets.wait("a", 0.0) for _ in range(100)] == [0.0] * 100
    assert buckets.wait("a", 0.0) == pytest.approx(0.1)
    assert buckets.wait("b", 0.0) == 0.0
    assert buckets.wait("a", 0.11) == 0.0
    assert buckets.wait("a", 0.11) > 0
    assert [buckets.wait("a", 999.0) for _ in range(101)].count(0.0) == 100


def test_too_many_requests_from_one_place_are_refused(settings: Any, clock: Any) -> None:
    from tests.server.harness import running

    with running(settings.model_copy(update={"requests_per_minute": 60}), clock) as server:
        answers = [server.client.get("/v1/sign-in-methods") for _ in range(12)]
        assert [answer.status_code for answer in answers][:10] == [200] * 10
        refused = answers[-1]
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "1")
        assert refused.json()["type"] == "urn:diwi:problem:too-many-requests"
        assert server.client.get("/health/live").status_code == 200
        assert figures(server)["diwi_requests_limited_total"] == 2


def test_a_body_may_not_go_on_for_ever(server: Server) -> None:
    large = server.client.post("/v1/sessions", content=b"x" * 100_001)
    assert large.status_code == 413

    async def pieces() -> Any:
        for _ in range(200):
            yield b"x" * 1000

    endless = server.client.post("/v1/sessions", content=pieces())
    assert endless.status_code in (400, 413)


def test_the_method_trace_is_not_known(server: Server) -> None:
    for path in ("/v1/sign-in-methods", "/health/live", "/metrics"):
        assert server.client.request("TRACE", path).status_code == 405


# -- the log --


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the server writes, by its own configuration."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    stream = io.StringIO()
    handler = logs.configure("DEBUG", stream)
    root.handlers = [*before[0], handler]
    yield stream
    root.handlers, level = before
    root.setLevel(level)


@pytest.mark.allow_error_log
def test_the_log_is_json_and_has_nothing_of_plans_people_or_keys(
    register: Register, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    from diwi_desktop.server import pull
    from diwi_desktop.server.accounts import sessions

    server = register.server
    jan = register.laptop()
    made = making.project(jan, name=MARK)
    jan.push(*made.changes)
    jan.pull()
    jan.ask("GET", "/search", params={"q": MARK})
    bad = Push(SCHEMA, [jan.act(making.changed("project", made.id, made.id, "start_date", None, MARK))])
    jan.send("/pushes", bad)
    jan.ask("POST", "/pushes", content=f'{{"schema": {SCHEMA}, "acts": "{MARK}"}}'.encode())
    server.client.post("/v1/sessions", json={"email": f"{MARK}@x.nl", "password": MARK, "code": MARK, "device": MARK})

    def broken(*_: Any, **__: Any) -> Any:
        raise ValueError(f"could not parse {MARK}")

    monkeypatch.setattr(pull, "run", broken)
    assert jan.send("/pulls", {"schema": SCHEMA}).status_code == 500
    server.app.state.authenticate = sessions.authenticate
    bram = activated(register, register.person("Bram", "User")).sign_in()
    bram.try_sign_in(code="000000")
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    assert {line["route"] for line in lines if "route" in line} >= {"/v1/registers/{register}/pushes", "/v1/sessions"}
    [bug] = [line for line in lines if line["level"] == "ERROR" and "error" in line]
    assert bug["error"] == "ValueError"
    assert any(place.endswith("broken") for place in bug["where"])
    text = log.getvalue()
    for secret in (
        MARK,
        bram.password,
        bram.secret,
        bram.tokens["access_token"],
        bram.tokens["refresh_token"],
        bram.email,
    ):
        assert secret not in text
    told = str(server.sql("SELECT * FROM diwi.audit"))
    assert MARK not in told.replace(f"{MARK.lower()}@x.nl", "")


# -- lines of the audit log that come by themselves --


def told(server: Server) -> list[tuple[Any, ...]]:
    return server.sql("SELECT action, result, person::text, object, count FROM diwi.audit ORDER BY id")


def test_pushes_pulls_and_changes_of_rights_are_written_down(register: Register) -> None:
    jan = register.laptop()
    made = making.project(jan)
    jan.push(*made.changes)
    jan.pull()
    who = jan.session.person
    writer = made.changes[1].entity
    assert told(register.server) == [
        ("rights-change", "done", who, f"writer {writer} made", None),
        ("push", "done", who, "", 2),
        ("pull", "done", who, "", None),
    ]
    jan.push(*made.changes)  # the same once more: nothing was changed
    assert told(register.server)[-1] == ("push", "done", who, "", 0)


class Town:
    """A project with a document, a group with a member and owners, all made by one main user."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self.chef, self.admin = register.laptop(name="Chef"), register.laptop(register.admin)
        self.user, self.other = register.person("Jan", "User"), register.person("Piet", "User")
        made, new = making.project(self.chef), self.chef.new_id
        self.project, self.writer = made.id, made.changes[1].entity
        self.group, self.member, self.team, self.paper = new(), new(), new(), new()
        self.chef.push(
            *made.changes,
            making.made("user_group", self.group, None, {"name": "G"}, n=2),
            making.made("group_member", self.member, None, {"user_group_id": self.group, "person": self.user}, n=3),
            making.made("writer", self.team, self.project, {"project_id": self.project, "user_group": self.group}, n=4),
            making.made("document", self.paper, self.project, {
                "project_id": self.project, "name": "B", "kind": "OVERIG", "sha256": "ab" * 32, "size": 1}, n=5),
        )  # fmt: skip

    def told(self, laptop: Laptop, kind: str, entity: str, field: str, new: Any, *, base: int = -1) -> list[Any]:
        """What the audit log says of one change: action, object, result, actor."""
        project = self.project if kind in ("project", "writer", "document") else None
        sql = self.register.server.sql
        if base < 0:
            base = sql("SELECT last FROM diwi.entity WHERE id = %s", entity)[0][0]
        last = sql("SELECT coalesce(max(id), 0) FROM diwi.audit")[0][0]
        laptop.push(making.changed(kind, entity, project, field, None, new, base=base))
        return sql(
            "SELECT object, result, actor FROM diwi.audit WHERE action = 'rights-change' AND id > %s"
            " AND at = %s AND origin = '127.0.0.1' AND person::text = %s AND device::text = %s ORDER BY id",
            last, self.register.server.clock.now(), laptop.session.person, laptop.session.device,
        )  # fmt: skip


GONE = "2026-11-21T11:00:00.000000Z"


@pytest.mark.parametrize(("kind", "what", "field", "new"), [
    ("person", "user", "role", "External"), ("person", "user", "state", "GEBLOKKEERD"),
    ("person", "user", "email", "jan@new.nl"), ("person", "other", "deleted_at", GONE),
    ("group_member", "member", "deleted_at", GONE), ("user_group", "group", "deleted_at", GONE),
    ("writer", "writer", "person", "other"), ("writer", "team", "deleted_at", GONE),
    ("project", "project", "confidentiality", "PUBLIC"),
    ("document", "paper", "confidentiality", "PRIVATE"),
])  # fmt: skip
def test_every_change_of_rights_by_a_push_is_a_line(
    register: Register, kind: str, what: str, field: str, new: str
) -> None:
    """BIO2 8.15.01: action, object, result, origin, actor, time; of what was denied too."""
    town = Town(register)
    entity, value = getattr(town, what), getattr(town, new, new)
    by = town.admin if kind == "person" else town.chef
    council = register.laptop(role="Council", name="Raad")
    assert town.told(council, kind, entity, field, value) == [(f"{kind} {entity} {field}", "denied", "Raad")]
    name = "Beheer" if kind == "person" else "Chef"
    told = town.told(by, kind, entity, field, value)
    assert [line[:2] for line in told] == [(f"{kind} {entity} {field}", "done")]
    assert told[0][2] in (name, by.session.name)
    assert town.told(by, kind, entity, field, value) == []  # the same: nothing was changed


def test_a_level_that_two_disagree_on_is_a_line_too(register: Register) -> None:
    """The stricter one holds meanwhile, so that somebody may have lost sight."""
    town = Town(register)
    base = register.server.sql("SELECT last FROM diwi.entity WHERE id = %s", town.project)[0][0]
    assert town.told(town.chef, "project", town.project, "confidentiality", "PUBLIC", base=base)[0][1] == "done"
    other = register.laptop(name="Ander")
    told = town.told(other, "project", town.project, "confidentiality", "INTERNAL_MANAGEMENT", base=base)
    assert [line[:2] for line in told] == [(f"project {town.project} confidentiality", "failed")]


def test_what_gives_no_rights_is_no_line(register: Register) -> None:
    town = Town(register)
    assert town.told(town.chef, "project", town.project, "name", "De Kade") == []
    assert town.told(town.chef, "user_group", town.group, "name", "H") == []
    assert town.told(town.admin, "person", town.user, "name", "Johan") == []


def test_the_addresses_that_are_written_down_exist(server: Server) -> None:
    from diwi_desktop.server.ops.around import _TOLD

    paths = server.app.openapi()["paths"]
    assert [route for method, route in _TOLD if method.lower() not in paths.get(route, {})] == []


def test_what_is_denied_is_written_down(register: Register) -> None:
    council = register.laptop(role="Council")
    council.push(*making.project(council).changes)
    council.ask("GET", "/audit-entries")
    who = council.session.person
    lines = told(register.server)
    assert [line[:2] for line in lines[:3]] == [("rights-change", "denied"), ("push", "done"), ("denied", "denied")]
    assert lines[0][3].startswith("writer ")
    assert lines[0][3].endswith(" made")
    assert lines[-1] == ("audit-read", "denied", who, "", 0)
    origins = register.server.sql("SELECT DISTINCT origin FROM diwi.audit")
    assert origins == [("127.0.0.1",)]


def test_the_push_and_its_line_are_one_transaction(register: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    jan = register.laptop()

    def fail(*_: Any, **__: Any) -> None:
        raise psycopg.OperationalError("disk full")

    monkeypatch.setattr(audit, "record_push", fail)
    message = Push(SCHEMA, [jan.act(*making.project(jan).changes)])
    assert jan.send("/pushes", message).status_code == 503
    assert register.server.sql("SELECT count(*) FROM diwi.entity WHERE kind = 'project'") == [(0,)]


# -- a process --


@contextmanager
def serving(settings: Any, *, verify: Any = True, **more: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """`diwi-server serve` as its own process; `more` are settings, `verify` whom to believe for its certificate."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    env = {
        **os.environ,
        "DIWI_SERVER_DATABASE_URL": settings.database_url,
        "DIWI_SERVER_DATA_DIR": str(settings.data_dir),
        "DIWI_SERVER_SETTINGS": str(settings.data_dir / "none.toml"),
        **{f"DIWI_SERVER_{name.upper()}": value for name, value in more.items()},
    }
    command = [sys.executable, "-m", "diwi_desktop.server.cli", "serve", "--port", str(port)]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as running:
        url = f"{'https' if more else 'http'}://127.0.0.1:{port}"

        def ready() -> bool:
            assert running.poll() is None, "the server ended"
            try:
                return httpx.get(f"{url}/health/ready", verify=verify).status_code == 200
            except httpx.TransportError:
                return False

        try:
            until(ready)
            yield running, url
        finally:
            running.kill()


@pytest.fixture
def process(register: Register, settings: Any) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """On the database of this test."""
    with serving(settings) as made:
        yield made


def test_between_proxy_and_server_it_is_encrypted_too(register: Register, settings: Any, tmp_path: Path) -> None:
    """With a certificate of its own, which the proxy is told to believe and nobody else does."""
    _, file = certificate(tmp_path)
    trusted = ssl.create_default_context(cafile=str(file))
    key = file.with_suffix(".key")
    with serving(settings, verify=trusted, tls_certificate=str(file), tls_key=str(key)) as (_, url):
        assert httpx.get(f"{url}/health/live", verify=trusted).status_code == 200
        with pytest.raises(httpx.TransportError):
            httpx.get(f"{url}/health/live")
        with pytest.raises(httpx.TransportError):
            httpx.get(f"{url.replace('https', 'http')}/health/live")


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health/live").status_code == 200
    except httpx.TransportError:
        return False


def test_a_stop_lets_a_push_finish(process: tuple[subprocess.Popen[bytes], str], register: Register) -> None:
    running, url = process
    from datetime import UTC, datetime

    register.server.clock.moment = datetime.now(UTC)  # the process has the real time
    person = register.person("Bram", "UserPlus")
    bram = activated(register, person).sign_in()
    laptop = register.laptop(person)
    message = Push(SCHEMA, [laptop.act(*making.project(laptop).changes)])
    headers = {"Authorization": f"Bearer {bram.tokens['access_token']}"}
    address = f"{url}/v1/registers/{register.id}/pushes"

    def send() -> httpx.Response:
        return httpx.post(address, content=msgspec.json.encode(message), headers=headers, timeout=60)

    with ThreadPoolExecutor(1) as pool, psycopg.connect(register.server.database_url) as holding:
        holding.execute("SELECT FROM diwi.register WHERE id = %s FOR UPDATE", (register.id,))
        sent = pool.submit(send)
        waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        until(lambda: register.server.sql(waits) != [(0,)])
        running.send_signal(signal.SIGTERM)
        until(lambda: not _answers(url))  # nothing new is taken
        assert not sent.done()
        holding.rollback()
        assert sent.result().status_code == 200
    assert running.wait(30) == 0
    assert register.server.sql("SELECT count(*) FROM diwi.entity WHERE kind = 'project'") == [(1,)]
    assert running.stdout is not None
    for line in running.stdout.read().splitlines():
        assert json.loads(line)["level"] in ("INFO", "WARNING")
